"""Limit what reading one file may cost (bytes, unpacked bytes, seconds); refuse larger files before they are read.

A .docx of 328 kB took 710 MB before its parser gave up: a zip says beforehand how large its parts are, and is read
through once, a megabyte at a time, to see that this is true.
"""

from __future__ import annotations

import io
import signal
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from types import FrameType

MOST_BYTES = 20_000_000  # of a file
MOST_UNPACKED = 50_000_000  # of all parts of a zip; most are pictures
MOST_XML = 8_000_000  # of one part that is parsed: some 160 MB of memory at worst; 100 pages of text have 2 MB
MOST_PARTS = 2_000
MOST_SECONDS = 20  # for one paper


class Fault(StrEnum):
    """Why a paper was not read."""

    OLD_WORD = "old word"
    RICH_TEXT = "rich text"
    PASSWORD = "password"  # noqa: S105 - no secret
    SCAN = "scan"
    EMPTY = "empty"
    OTHER_ZIP = "other zip"
    SPREADSHEET = "spreadsheet"
    PACKED = "packed"
    OTHER_KIND = "other kind"
    NOT_TEXT = "not text"
    TOO_LARGE = "too large"
    TOO_SLOW = "too slow"
    DAMAGED = "damaged"


class Unread(Exception):
    """A paper that was not read."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


class _TimeIsOver(BaseException):  # libraries catch Exception, and go on
    pass


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes; raises Unread for one that is too large, a pipe or a device, and OSError."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise Unread(Fault.OTHER_KIND)  # a pipe would be waited for
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Unread(Fault.TOO_LARGE)
    return data


def open_zip(data: bytes) -> zipfile.ZipFile:
    """Return a zip whose parts are as small as they should be; raises Unread."""
    try:
        packed = zipfile.ZipFile(io.BytesIO(data))
        parts = packed.infolist()
        if any(part.flag_bits & 1 for part in parts):
            raise Unread(Fault.PASSWORD)
        if (
            len(parts) > MOST_PARTS
            or sum(part.file_size for part in parts) > MOST_UNPACKED
            or any(part.file_size > MOST_XML for part in parts if part.filename.endswith((".xml", ".rels")))
        ):
            raise Unread(Fault.TOO_LARGE)
        # others are unpacked in one go, however large they are
        if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
            raise Unread(Fault.DAMAGED)
        if packed.testzip() is not None:
            raise Unread(Fault.DAMAGED)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError) as error:
        raise Unread(Fault.DAMAGED) from error
    return packed


@contextmanager
def within_seconds(most: float) -> Iterator[None]:
    """Raise Unread when what is inside takes longer; without a bound in threads, which get no signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _TimeIsOver

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, most, 1)  # again each second, if a library swallowed it
    try:
        yield
    except _TimeIsOver:
        raise Unread(Fault.TOO_SLOW) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
