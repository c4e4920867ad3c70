"""One crawl a portal, one harvest and one opening of an archive at a time; the kernel frees a dead holder's lock."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

logger = logging.getLogger(__name__)


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
    left = far_crawls_left_s(archive_path)
    if left:
        raise PortalBusy(
            f"{portal}: other machines crawled for a harvest that ended without a word, and may not have heard of it:"
            f" wait {left:.0f} s"
        )
    handle, holder = _lock(archive_path.with_name(f".{archive_path.name}.{portal}.lock"))
    if handle is None:
        raise PortalBusy(
            f"{portal}: another crawl of this portal is running (process {holder}); wait for it to end, or stop it"
        )
    return handle


def lock_harvest(archive_path: Path) -> IO[str]:
    """Take the lock of the one harvest into this archive; hold the returned file open for as long as it runs.

    Waits until what other machines crawled for a harvest that was killed is over.
    """
    # No portal's id holds a dot: this can never be a portal's lock.
    handle, holder = _lock(archive_path.with_name(f".{archive_path.name}.harvest..lock"))
    if handle is None:
        raise Busy(f"{archive_path}: another harvest is running (process {holder}); nothing was done")
    left = far_crawls_left_s(archive_path)
    if left:
        logger.warning("A harvest with other machines ended without a word; waiting %.0f s for their crawls", left)
        time.sleep(left)
    return handle


def begin_far_crawls(archive_path: Path, lease_s: float) -> IO[str]:
    """Note that other machines crawl for this process, each for so long after it was last heard of.

    The kernel frees the locks of a process that dies, and says nothing to other machines. Touch the returned file, held
    open and locked, while they are heard of; empty it when none of them crawls any more.
    """
    handle = _far_crawls(archive_path).open("a+", encoding="utf-8")
    fcntl.flock(handle, fcntl.LOCK_EX)
    handle.truncate(0)
    handle.write(f"{lease_s}")
    handle.flush()
    return handle


def far_crawls_left_s(archive_path: Path) -> float:
    """Return for how long crawls of other machines may go on whose harvest died; 0 where there are none."""
    try:
        handle = _far_crawls(archive_path).open(encoding="utf-8")
    except FileNotFoundError:
        return 0.0
    with handle, contextlib.suppress(BlockingIOError, ValueError):  # it lives; or it emptied the file at its end
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        lease_s = float(handle.read(20))
        return min(max(0.0, os.fstat(handle.fileno()).st_mtime + lease_s - time.time()), lease_s)
    return 0.0


def _far_crawls(archive_path: Path) -> Path:
    return archive_path.with_name(f".{archive_path.name}.far..lock")


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
