"""One crawl a portal, one harvest and one opening of an archive at a time; the kernel frees a dead holder's lock."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


class Busy(Exception):
    """Another process does this already; the message names it."""


class PortalBusy(Busy):
    """Another process is crawling this portal into this archive."""


@contextmanager
def alone(archive_path: Path) -> Iterator[None]:
    """Wait until no other process is looking at or migrating the schema of this archive, and keep others waiting."""
    path = archive_path.with_name(f".{archive_path.name}.lock")
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def lock_portal(archive_path: Path, portal: str) -> IO[str]:
    """Take the portal's lock beside the archive; hold the returned file open for as long as the crawl runs."""
    handle, holder = _lock(archive_path.with_name(f".{archive_path.name}.{portal}.lock"))
    if handle is None:
        raise PortalBusy(
            f"{portal}: another crawl of this portal is running (process {holder}); wait for it to end, or stop it"
        )
    return handle


def lock_harvest(archive_path: Path) -> IO[str]:
    """Take the lock of the one harvest into this archive; hold the returned file open for as long as it runs."""
    # No portal's id holds a dot: this can never be a portal's lock.
    handle, holder = _lock(archive_path.with_name(f".{archive_path.name}.harvest..lock"))
    if handle is None:
        raise Busy(f"{archive_path}: another harvest is running (process {holder}); nothing was done")
    return handle


def _lock(path: Path) -> tuple[IO[str] | None, str]:
    """Return the locked file, or null and who holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = path.open("a+", encoding="utf-8")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.seek(0)
        holder = handle.read(20).strip() or "unknown"
        handle.close()
        return None, holder
    handle.truncate(0)
    handle.write(str(os.getpid()))
    handle.flush()
    return handle, ""
