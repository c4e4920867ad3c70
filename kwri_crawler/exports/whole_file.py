"""A file that is whole or not there: written under a temporary name beside its place, renamed when it is done."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_SUFFIX = ".part"


class NotWritten(Exception):
    """The file could not be written; what stood there before still does."""


@contextlib.contextmanager
def whole_file(name: str) -> Iterator[BinaryIO]:
    """Give a file to write to, and put it in its place at the end; `-` is standard output.

    A link stays a link. A pipe or a device, /dev/null among them, is written to: a rename would replace it.
    Raises BrokenPipeError when whoever reads a pipe has seen enough.
    """
    place = Path(os.path.realpath(name))
    try:
        if name == "-":
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
            return
        if _is_special(place):
            with place.open("wb") as out:
                yield out
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        prefix = f".{place.name[:200]}."
        _remove_abandoned(place.parent, prefix)
        handle, temporary = tempfile.mkstemp(prefix=prefix, suffix=_SUFFIX, dir=place.parent)
        try:
            with os.fdopen(handle, "wb") as out:
                fcntl.flock(out, fcntl.LOCK_EX)
                yield out
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(temporary, 0o666 & ~mask)  # mkstemp lets nobody else read it
            os.replace(temporary, place)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except BrokenPipeError:
        if name == "-":  # Python flushes it once more at the end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise
    except OSError as error:
        cure = "free some disk space or choose another --out"
        raise NotWritten(f"{name}: cannot be written: {error.strerror}; {cure}") from error


def _remove_abandoned(folder: Path, prefix: str) -> None:
    """Remove what killed exports of this name left behind; whoever still writes holds a lock."""
    for path in folder.iterdir():
        if path.name.startswith(prefix) and path.name.endswith(_SUFFIX):
            with contextlib.suppress(OSError), path.open("rb") as left:
                fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()


def _is_special(place: Path) -> bool:
    try:
        mode = place.stat().st_mode
    except FileNotFoundError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
