"""Write kept pages from one thread while a crawl runs; if it falls behind, it drops and counts pages."""

from __future__ import annotations

import contextlib
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlite_utils import Database

from kwri_crawler import clock
from kwri_crawler.archive.cures import ArchiveError
from kwri_crawler.items import KeptPage
from kwri_crawler.kept import file
from kwri_crawler.web.addresses import url_key

logger = logging.getLogger(__name__)

WAITING = 256  # pages that may wait for the disk, some 4 MB; a disk that is slower than the crawl costs pages, not RAM
GROUP = 50  # pages a commit
LINGER_S = 0.25  # a page waits so long for neighbours to share its commit; a crawl that is killed loses those
LEAST_PRUNED = 1_000  # a crawl forgets at least so many old pages if there are, or twice what it kept
CLOSE_TIMEOUT_S = 60.0


class Keeper:
    """Keeps pages in the background; nothing that goes wrong here concerns the crawl."""

    def __init__(self, path: Path, days: float, on_opened: Callable[[Path], None] | None = None) -> None:
        self._path = path
        self._on_opened = on_opened
        self._days = days
        self._pages: queue.Queue[KeptPage | None] = queue.Queue(WAITING)
        self._lost = 0
        self._broken = False
        self._unwanted: set[tuple[str, str]] = set()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="page-keeper", daemon=True)
        self._thread.start()

    def keep(self, page: KeptPage) -> None:
        """Take a page to be written soon; never waits."""
        if self._broken:
            self._lost += 1
            return
        try:
            self._pages.put_nowait(page)
        except queue.Full:
            self._lost += 1

    def forget(self, portal: str, url: str) -> None:
        """Have the pages of an address deleted when the crawl ends: its article was taken down, and met again."""
        self._unwanted.add((portal, url_key(url)))

    def close(self) -> None:
        """Write what is waiting, forget what is too old, close the file; waits for the disk, so call it in a thread."""
        self._closing.set()
        with contextlib.suppress(queue.Full):
            self._pages.put(None, timeout=CLOSE_TIMEOUT_S)
            self._thread.join(CLOSE_TIMEOUT_S)
        if self._lost:
            logger.warning("%s: %d pages of this crawl were not kept", self._path, self._lost)

    def _run(self) -> None:
        db: Database | None = None
        group: list[KeptPage] = []
        added, open_ = 0, True
        try:
            db = file.open_pages(self._path)
            if self._on_opened is not None:
                self._on_opened(self._path)
            while open_:
                group, open_ = self._take()
                added += file.add(db, group) if group else 0
                group.clear()
            if self._unwanted:
                file.forget(db, self._unwanted)
            file.prune(db, clock.now() - timedelta(days=self._days), max(LEAST_PRUNED, 2 * added))
        except (ArchiveError, sqlite3.Error) as error:
            self._broken = True
            logger.warning("%s: pages are no longer kept in this crawl: %s", self._path, error)
            self._lost += len(group)
            self._drain(open_)
        finally:
            if db is not None:
                with contextlib.suppress(sqlite3.Error):
                    db.close()

    def _take(self) -> tuple[list[KeptPage], bool]:
        """Wait for a page, then take its neighbours; False with them when the crawl is over."""
        page = self._pages.get()
        group: list[KeptPage] = []
        if self._pages.qsize() < GROUP:
            self._closing.wait(LINGER_S)
        while page is not None:
            group.append(page)
            if len(group) == GROUP:
                return group, True
            try:
                page = self._pages.get_nowait()
            except queue.Empty:
                return group, True
        return group, False

    def _drain(self, open_: bool) -> None:
        """Count what will not be written, until the crawl is over."""
        while open_ and self._pages.get() is not None:
            self._lost += 1
