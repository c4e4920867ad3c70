"""Write kept pages from one thread while crawls run; if it falls behind, it drops and counts pages.

The crawls of one process share the thread and its connection: hundreds of each would cost descriptors and memory.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from sqlite_utils import Database

from kwri_crawler import clock
from kwri_crawler.archive.cures import ArchiveError
from kwri_crawler.items import KeptPage
from kwri_crawler.kept import file
from kwri_crawler.web.addresses import url_key

logger = logging.getLogger(__name__)

WAITING = 1_024  # pages that may wait for the disk, some 16 MB; a disk slower than the crawls costs pages, not memory
GROUP = 50  # pages a commit
LINGER_S = 0.25  # a page waits so long for neighbours to share its commit; a crawl that is killed loses those
LEAST_PRUNED = 1_000  # a crawl forgets at least so many old pages if there are, or twice what was kept since the last
CLOSE_TIMEOUT_S = 60.0


class Keeper:
    """Keeps one crawl's pages in the background; nothing that goes wrong here concerns the crawl."""

    def __init__(self, path: Path, days: float, on_opened: Callable[[Path], None] | None = None) -> None:
        self._days = days
        self._refused = 0  # pages that found no room
        self._unwanted: set[tuple[str, str]] = set()
        self.failed = 0  # pages that could not be written; of the file's thread alone
        self.ended = threading.Event()  # all that this crawl gave is on the disk, or was counted as failed
        self._file = _File.share(path, on_opened)

    def keep(self, page: KeptPage) -> None:
        """Take a page to be written soon; never waits."""
        if not self._file.take(self, page):
            self._refused += 1

    def forget(self, portal: str, url: str) -> None:
        """Have the pages of an address deleted when the crawl ends: its article was taken down, and met again."""
        self._unwanted.add((portal, url_key(url)))

    def close(self) -> None:
        """Write what is waiting, forget what is too old; waits for the disk, so call it in a thread.

        The last crawl of the process closes the file.
        """
        self._file.leave(self)
        if lost := self._refused + self.failed:
            logger.warning("%s: %d pages of this crawl were not kept", self._file.path, lost)

    def tidy(self, db: Database, added: int) -> None:
        """Forget what is unwanted, and pages that are too old, at most twice as many as were added."""
        try:
            if self._unwanted:
                file.forget(db, self._unwanted)
            file.prune(db, clock.now() - timedelta(days=self._days), max(LEAST_PRUNED, 2 * added))
        except (ArchiveError, sqlite3.Error) as error:  # other crawls' pages are kept on
            logger.warning("%s: pages that should go are still there: %s", self._file.path, error)


class _File:
    """The thread that writes one file of kept pages, for all crawls of this process."""

    _shared: ClassVar[dict[Path, _File]] = {}
    _lock: ClassVar = threading.Lock()  # crawls leave in threads of their own

    def __init__(self, path: Path, on_opened: Callable[[Path], None] | None) -> None:
        self.path = path
        self._on_opened = on_opened
        self._users = 0
        self._waiting: queue.Queue[tuple[Keeper, KeptPage | None] | None] = queue.Queue(WAITING)
        self._hurry = threading.Event()  # a crawl waits for its last pages
        self._broken = False
        self._thread = threading.Thread(target=self._run, name="page-keeper", daemon=True)
        self._thread.start()

    @classmethod
    def share(cls, path: Path, on_opened: Callable[[Path], None] | None) -> _File:
        """Return this process's one writer of a file; another one where that one is broken."""
        with cls._lock:
            found = cls._shared.get(path)
            if found is None or found._broken:
                found = cls._shared[path] = cls(path, on_opened)
            found._users += 1
            return found

    def take(self, keeper: Keeper, page: KeptPage) -> bool:
        """Take a page to be written; False where there is no room, or the file takes nothing any more."""
        if self._broken:
            return False
        try:
            self._waiting.put_nowait((keeper, page))
        except queue.Full:
            return False
        return True

    def leave(self, keeper: Keeper) -> None:
        """Wait until all that this crawl gave is written; its last crawl closes the file."""
        self._hurry.set()
        with contextlib.suppress(queue.Full):
            self._waiting.put((keeper, None), timeout=CLOSE_TIMEOUT_S)
            keeper.ended.wait(CLOSE_TIMEOUT_S)
        with self._lock:
            self._users -= 1
            if self._users:
                return
            if self._shared.get(self.path) is self:
                del self._shared[self.path]
        with contextlib.suppress(queue.Full):
            self._waiting.put(None, timeout=CLOSE_TIMEOUT_S)
            self._thread.join(CLOSE_TIMEOUT_S)

    def _run(self) -> None:
        db: Database | None = None
        group: list[tuple[Keeper, KeptPage]] = []
        ending: Keeper | None = None
        open_ = True
        added = 0  # since old pages were forgotten
        try:
            db = file.open_pages(self.path)
            if self._on_opened is not None:
                self._on_opened(self.path)
            while open_:
                ending, open_ = self._gather(group)
                added += file.add(db, [page for _, page in group]) if group else 0
                group.clear()
                if ending is not None:
                    ending.tidy(db, added)
                    ending.ended.set()
                    ending, added = None, 0
        except Exception as error:  # pages are disposable: whatever it is, the crawls go on
            self._broken = True
            logger.warning("%s: pages are no longer kept by the crawls that run now: %s", self.path, error)
            self._give_up(group, ending, open_)
        finally:
            if db is not None:
                with contextlib.suppress(Exception):
                    db.close()

    def _gather(self, group: list[tuple[Keeper, KeptPage]]) -> tuple[Keeper | None, bool]:
        """Wait for a page, then put it and its neighbours into the group.

        Return the crawl that ends with them, if one does, and False where the file is to be closed.
        """
        one = self._waiting.get()
        if self._waiting.qsize() < GROUP:
            self._hurry.wait(LINGER_S)
        while one is not None:
            keeper, page = one
            if page is None:
                self._hurry.clear()  # a crawl that has just set it waits LINGER_S
                return keeper, True
            group.append((keeper, page))
            if len(group) == GROUP:
                return None, True
            try:
                one = self._waiting.get_nowait()
            except queue.Empty:
                return None, True
        return None, False

    def _give_up(self, group: list[tuple[Keeper, KeptPage]], ending: Keeper | None, open_: bool) -> None:
        """Count what will not be written, until all crawls are over."""
        for keeper, _ in group:
            keeper.failed += 1
        if ending is not None:
            ending.ended.set()
        while open_ and (one := self._waiting.get()) is not None:
            keeper, page = one
            if page is None:
                keeper.ended.set()
            else:
                keeper.failed += 1
