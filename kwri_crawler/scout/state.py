"""The state file of `addportal` for many: one JSON object a line, a verdict each; the last line of a portal counts.

A line is written whole, by one call, and is on the disk before the portal's file is: whoever is killed loses the looks
under way and nothing else. A torn last line, of a machine that lost its power, is passed over.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from kwri_crawler.archive import Busy
from kwri_crawler.scout.newsrooms import Newsroom
from kwri_crawler.scout.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided of an address, as it is kept."""

    key: str  # Entry.key
    host: str
    address: str  # of its home page; of a portal that was added, where redirects ended
    verdict: Verdict
    of: str  # of CHECK the field, of KNOWN and SAME the portal, of MOVED the host
    why: str
    at: str  # "2026-11-28T14:10:00Z"
    portal: str = ""  # its id, where a file was written
    listings: tuple[str, ...] = ()  # their kinds
    leads_to: str = ""  # the address to which it moved
    names: tuple[int, ...] = ()  # of its newest articles, see newsrooms.py
    texts: tuple[tuple[int, str], ...] = ()

    @property
    def word(self) -> str:
        """Return the verdict with what it is said of: "same as kwri-jatim"."""
        return f"{self.verdict} {self.of}" if self.of and self.verdict is not Verdict.KNOWN else self.verdict.value

    @property
    def newsroom(self) -> Newsroom:
        """Return what its newsroom is known again by."""
        return Newsroom(self.portal, frozenset(self.names), dict(self.texts))


class StateFile:
    """Verdicts of this run and of those before; held by one process at a time."""

    def __init__(self, path: Path) -> None:
        """Open and read the file, and make it if there is none; raises Busy, OSError."""
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._handle)
            raise Busy(f"{path}: another addportal is writing it; wait for its end") from error
        body = path.read_bytes()
        self.decided: dict[str, Decided] = {}
        for line in body.split(b"\n"):
            if (one := _read(line)) is not None:
                self.decided[one.key] = one
        self._is_torn = bool(body) and not body.endswith(b"\n")

    def add(self, decided: Decided) -> None:
        """Keep a verdict; it is on the disk when this returns. Raises OSError."""
        line = json.dumps(asdict(decided), ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        line = (b"\n" if self._is_torn else b"") + line
        written = os.write(self._handle, line)
        self._is_torn = written < len(line)
        if self._is_torn:
            raise OSError(f"{self.path}: the disk took {written} of {len(line)} bytes")
        os.fsync(self._handle)
        self.decided[decided.key] = decided

    def close(self) -> None:
        """Let others have the file."""
        os.close(self._handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _read(line: bytes) -> Decided | None:
    """Return a line's verdict; None for what is none, as the torn end of a file."""
    try:
        value = json.loads(line)
        return _decided(value) if isinstance(value, dict) else None
    except (ValueError, TypeError, KeyError):
        return None


def _decided(value: Mapping[str, Any]) -> Decided:
    return Decided(
        **{name: str(value[name]) for name in ("key", "host", "address", "of", "why", "at")},
        verdict=Verdict(value["verdict"]),
        portal=str(value.get("portal", "")),
        listings=tuple(map(str, value.get("listings", ()))),
        leads_to=str(value.get("leads_to", "")),
        names=tuple(map(int, value.get("names", ()))),
        texts=tuple((int(name), str(text)) for name, text in value.get("texts", ())),
    )
