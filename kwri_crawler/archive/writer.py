"""One thread that owns the archive's connection and commits in groups; a job is done only after its commit."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlite_utils import Database

from kwri_crawler.archive.connection import ArchiveError, cure

P = ParamSpec("P")
T = TypeVar("T")

GROUP = 100  # jobs a commit; ten times more gained nothing, one at a time cost 4 to 25 times
# A job that nobody is in a hurry for waits this long for company: with 1 to 3 articles a commit the search index
# alone, which writes a segment at each, took 1 ms of CPU an article.
PATIENCE_S = 0.05
# What a single row can be guilty of; anything else that SQLite raises concerns the whole file.
ROW_ERRORS = (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError, sqlite3.InterfaceError)

_Job = tuple[Callable[[Database], Any], "asyncio.Future[Any]", bool]  # what, for whom, whether it can wait


class Writer:
    """Runs functions of the ledger on the archive, each in a transaction that it shares with its neighbours."""

    def __init__(self, db: Database, path: Path) -> None:
        self._db = db
        self._path = path
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="archive-writer", daemon=True)
        self._broken: ArchiveError | None = None
        self._thread.start()

    async def do(self, job: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `job(db, ...)` and return its result once it is on the disk.

        Raises ArchiveError when the archive can take nothing any more, or what the job itself raised; its own
        rows are then rolled back and its neighbours' kept.
        """
        return await self._queue(lambda db: job(db, *args, **kwargs), patient=False)

    async def do_patiently(self, job: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do the same, in no hurry: the job may wait PATIENCE_S for others to share its commit."""
        return await self._queue(lambda db: job(db, *args, **kwargs), patient=True)

    async def _queue(self, job: Callable[[Database], T], patient: bool) -> T:
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.put((job, future, patient))
        return await future

    def close(self) -> None:
        """Finish what is queued, fold the log into the file, close it."""
        self._jobs.put(None)
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
            job = self._jobs.get()
            group: list[_Job] = []
            until = time.monotonic() + PATIENCE_S
            while job is not None:
                group.append(job)
                left = until - time.monotonic() if all(patient for *_, patient in group) else 0.0
                if len(group) == GROUP:
                    break
                try:
                    job = self._jobs.get(timeout=left) if left > 0 else self._jobs.get_nowait()
                except queue.Empty:
                    break
            open_ = job is not None
            if group:
                self._commit(group)

    def _commit(self, group: list[_Job]) -> None:
        """Run the group in one transaction, then tell every waiter."""
        done: list[tuple[asyncio.Future[Any], Any, BaseException | None]] = []
        try:
            if self._broken is not None:
                raise self._broken
            self._db.execute("BEGIN IMMEDIATE")  # plain BEGIN fails at once when another writer came between
            for job, future, _ in group:
                done.append((future, *self._attempt(job)))
            self._db.execute("COMMIT")
        except (sqlite3.Error, ArchiveError) as error:
            with contextlib.suppress(sqlite3.Error):  # the transaction may be gone already
                self._db.rollback()
            if self._broken is None:
                self._broken = ArchiveError(f"{self._path}: the archive takes no more: {error}; {cure(error)}")
            done = [(future, None, self._broken) for _, future, _ in group]
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            group[0][1].get_loop().call_soon_threadsafe(_tell, done)

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


def _tell(done: list[tuple[asyncio.Future[Any], Any, BaseException | None]]) -> None:
    for future, result, error in done:
        if future.done():
            continue  # its waiter was cancelled
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)
