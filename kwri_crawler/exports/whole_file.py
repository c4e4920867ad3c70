"""A file that is whole or not there: written under a temporary name beside its place, renamed when it is done."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


class NotWritten(Exception):
    """The file could not be written; what stood there before still does."""


@contextmanager
def whole_file(name: str) -> Iterator[BinaryIO]:
    """Give a file to write to, and put it in its place at the end; `-` is standard output."""
    if name == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    place = Path(name)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent)
    except OSError as error:
        raise NotWritten(f"{name}: cannot be written: {error.strerror}; choose another --out") from error
    try:
        try:
            with os.fdopen(handle, "wb") as out:
                yield out
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(temporary, 0o666 & ~mask)  # mkstemp lets nobody else read it
            os.replace(temporary, place)
        except OSError as error:
            cure = "free some disk space or choose another --out"
            raise NotWritten(f"{name}: cannot be written: {error.strerror}; {cure}") from error
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
