"""One thread that owns the archive's connection and commits in groups; a job is done only after its commit.

The crawls of one process share one writer: forty connections would wait for each other's locks and commits.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, ClassVar, Concatenate, ParamSpec, Self, TypeVar

from sqlite_utils import Database

from kwri_crawler.archive import search_index
from kwri_crawler.archive.connection import open_archive
from kwri_crawler.archive.cures import ArchiveError, archive_error

P = ParamSpec("P")
T = TypeVar("T")

GROUP = 100  # jobs a commit; ten times more gained nothing, one at a time cost 4 to 25 times
# A job that nobody is in a hurry for waits this long for company, on the side of the event loop: with 1 to 3 articles a
# commit the search index alone, which writes a segment at each, took 1 ms of CPU an article. Twice as long as before
# saves 0.17 ms.
PATIENCE_S = 0.1
# What a single row can be guilty of; anything else that SQLite raises concerns the whole file.
ROW_ERRORS = (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError, sqlite3.InterfaceError)

_Waiter = asyncio.Future[Any] | Future[Any]
_Job = tuple[Callable[[Database], Any], _Waiter]  # what, and for whom
_Done = tuple[Any, Any, BaseException | None]  # who waits, the job's result, its error


class Writer:
    """Runs functions of the ledger on the archive, each in a transaction that it shares with its neighbours."""

    _shared: ClassVar[dict[Path, Any]] = {}  # archive -> its Writer

    def __init__(self, db: Database, path: Path) -> None:
        self._db = db
        self._path = path
        self._patient: list[_Job] = []
        self._timer: asyncio.TimerHandle | None = None  # that hands over what is patient
        self._groups: queue.SimpleQueue[list[_Job] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="archive-writer", daemon=True)
        self._broken: ArchiveError | None = None
        self._users = 1
        self._thread.start()

    @classmethod
    def share(cls, path: Path) -> Self:
        """Return this process's one writer of an archive, opened by its first user; each user closes it once."""
        writer = cls._shared.get(path)
        if writer is None:
            writer = cls._shared[path] = cls(open_archive(path), path)
        else:
            writer._users += 1
        return writer

    async def do(self, job: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `job(db, ...)` and return its result once it is on the disk.

        Raises ArchiveError when the archive can take nothing any more, or what the job itself raised; its own
        rows are then rolled back and its neighbours' kept. A job changes nothing but the archive: it is run anew where
        a neighbour failed.
        """
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._patient.append((lambda db: job(db, *args, **kwargs), future))
        self._hand_over()
        return await future

    async def do_patiently(self, job: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do the same, in no hurry: the job may wait PATIENCE_S for others to share its commit."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._patient.append((lambda db: job(db, *args, **kwargs), future))
        if len(self._patient) == 1:
            self._timer = loop.call_later(PATIENCE_S, self._hand_over)
        elif len(self._patient) >= GROUP:
            self._hand_over()
        return await future

    def do_now(self, job: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do the same where nothing can be awaited: block until it is on the disk, for milliseconds."""
        future: Future[T] = Future()
        self._patient.append((lambda db: job(db, *args, **kwargs), future))
        self._hand_over()
        return future.result()

    def _hand_over(self) -> None:
        """Give the thread what has gathered, in order."""
        if self._timer is not None:
            self._timer.cancel()  # or it would cut the next group's wait short
            self._timer = None
        if self._patient:
            self._groups.put(self._patient)
            self._patient = []

    def close(self) -> None:
        """Leave the writer; its last user finishes what is queued, folds the log into the file and closes it."""
        self._users -= 1
        if self._users:
            return
        if self._shared.get(self._path) is self:
            del self._shared[self._path]
        self._hand_over()
        self._groups.put(None)
        self._thread.join()
        with contextlib.suppress(sqlite3.Error):  # a reader holds the log, or the disk is full: the next crawl will
            self._db.execute("PRAGMA busy_timeout = 1000")  # a long report would hold the crawl's end up for a minute
            self._db.execute("PRAGMA optimize")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with contextlib.suppress(sqlite3.Error):
            self._db.close()

    def _run(self) -> None:
        open_ = True
        while open_:
            more = self._groups.get()
            group: list[_Job] = []
            while more is not None:
                group += more
                if len(group) >= GROUP:
                    break
                try:
                    more = self._groups.get_nowait()
                except queue.Empty:
                    break
            open_ = more is not None
            if group:
                self._commit(group)

    def _commit(self, group: list[_Job]) -> None:
        """Run the group in one transaction, then tell every waiter."""
        try:
            if self._broken is not None:
                raise self._broken
            self._begin(group)
            done = self._run_all(group)
            if len(group) > 1:
                search_index.catch_up(self._db)
            self._db.execute("COMMIT")
        except (sqlite3.Error, ArchiveError) as error:
            with contextlib.suppress(sqlite3.Error):  # the transaction may be gone already
                self._db.rollback()
            if self._broken is None:
                self._broken = archive_error(f"{self._path}: the archive takes no more", error)
            done = [(future, None, self._broken) for _, future in group]
        _tell([entry for entry in done if isinstance(entry[0], Future)])
        awaited = [entry for entry in done if isinstance(entry[0], asyncio.Future)]
        if awaited:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                awaited[0][0].get_loop().call_soon_threadsafe(_tell, awaited)

    def _begin(self, group: list[_Job]) -> None:
        self._db.execute("BEGIN IMMEDIATE")  # plain BEGIN fails at once when another writer came between
        if len(group) > 1:
            search_index.put_off(self._db)

    def _run_all(self, group: list[_Job]) -> list[_Done]:
        """Run each job; where one fails, all again, each so that it can be undone alone.

        Savepoints for all, which hardly any job needs, took a twelfth of the thread's time.
        """
        try:
            return [(future, job(self._db), None) for job, future in group]
        except Exception:  # the second run hands it to whoever waits for the job
            self._db.rollback()
            self._begin(group)
            return [(future, *self._attempt(job)) for job, future in group]

    def _attempt(self, job: Callable[[Database], Any]) -> tuple[Any, BaseException | None]:
        self._db.conn.execute("SAVEPOINT job")
        try:
            result = job(self._db)
        except Exception as error:  # handed to whoever waits for the job
            if isinstance(error, sqlite3.Error) and not isinstance(error, ROW_ERRORS):
                raise
            self._db.conn.execute("ROLLBACK TO job")
            self._db.conn.execute("RELEASE job")
            return None, error
        self._db.conn.execute("RELEASE job")
        return result, None


def _tell(done: list[_Done]) -> None:
    for future, result, error in done:
        if future.done():
            continue  # its waiter was cancelled
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)
