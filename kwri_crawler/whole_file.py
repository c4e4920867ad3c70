"""A file that is whole or not there: written under a temporary name beside its place, renamed when it is done.

The temporary file is locked while it is written. The kernel frees a dead writer's lock, so the next writer knows what
one that was killed left, and removes it.
"""

from __future__ import annotations

import fcntl
import os
import re
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


class NotWritten(Exception):
    """The file could not be written; what stood there before still does."""


@contextmanager
def whole_file(name: str, mode: int | None = None) -> Iterator[BinaryIO]:
    """Give a file to write to, and put it in its place at the end; `-` is standard output.

    `mode` is its permissions; None for those of any new file. A link stays a link. A pipe or a device, /dev/null among
    them, is written to: a rename would replace it. Raises BrokenPipeError when whoever reads a pipe has seen enough.
    """
    place = Path(os.path.realpath(name))
    try:
        if name == "-":
            with _standard_output() as out:
                yield out
            return
        if _is_special(place):
            with place.open("wb") as out:
                yield out
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        prefix = f".{place.name[:200]}."
        _remove_left(place.parent, prefix)
        handle, temporary = _make_locked(place.parent, prefix)
        with os.fdopen(handle, "wb") as out:  # the lock is held until it is renamed
            try:
                yield out
                out.flush()
                os.chmod(temporary, _usual_mode() if mode is None else mode)  # mkstemp lets nobody else read it
                os.replace(temporary, place)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
    except BrokenPipeError:
        raise
    except OSError as error:
        cure = "free some disk space or choose another --out, or FILE"
        raise NotWritten(f"{name}: cannot be written: {error.strerror}; {cure}") from error


@contextmanager
def _standard_output() -> Iterator[BinaryIO]:
    """Give standard output, past what commands put before it to outlive a reader: a long file ends with its reader."""
    sys.stdout.flush()
    try:
        handle = os.dup(sys.stdout.fileno())
    except (OSError, ValueError):  # of a test
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    out = os.fdopen(handle, "wb")
    try:
        yield out
        out.flush()
    finally:
        with suppress(BrokenPipeError):
            out.close()


def _usual_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _make_locked(folder: Path, prefix: str) -> tuple[int, str]:
    """Make a temporary file and lock it; return its handle and path."""
    while True:
        handle, path = tempfile.mkstemp(prefix=prefix, suffix=".part", dir=folder)
        with suppress(OSError):  # a file system that knows no locks: then nothing that is left is removed either
            fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:
            return handle, path
        os.close(handle)  # another writer took it for one that was left, before it was locked


def _remove_left(folder: Path, prefix: str) -> None:
    """Remove what writers of the same name left that were killed."""
    ours = re.compile(re.escape(prefix) + r"[a-z0-9_]{8}\.part")  # as mkstemp names them
    for path in [path for path in folder.iterdir() if ours.fullmatch(path.name)]:
        with suppress(OSError), path.open("rb") as left:  # in use, not ours, or removed by another writer just now
            fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


def let_group_read(path: Path) -> None:
    """Let a file's group read it, and what SQLite keeps beside it; nothing that is not there or not ours."""
    for each in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        with suppress(OSError):
            each.chmod(each.stat().st_mode & 0o777 | 0o040)


def _is_special(place: Path) -> bool:
    try:
        mode = place.stat().st_mode
    except FileNotFoundError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
