"""A second process that reads pages beside the crawl, once they come faster than one process can bear; else none.

To read a page costs more than to fetch it, and Python has one core a process. Nothing is lost with that process: it
holds nothing, and of what it was asked only the page over which it died is given up, as one that failed.
"""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from typing import Any, ClassVar, Protocol

from kwri_crawler.causes import Cause
from kwri_crawler.items import Outcome
from kwri_crawler.pages import PageError
from kwri_crawler.reading.reader import HEAD, PageReader, spare_the_collector

logger = logging.getLogger(__name__)

MANY = 500  # pages; the second process has to load what reading them takes

_Job = tuple[str, tuple[Any, ...], "asyncio.Future[Any]"]  # the method of PageReader, its arguments, who waits


class PageReaders(Protocol):
    """Who runs the methods of PageReader for the crawls of one process: all that they know of it."""

    async def run(self, method: str, *arguments: Any) -> Any:
        """Return what a method of PageReader returns, or raise what it raises."""

    def expect(self, pages: int) -> None:
        """Be ready for so many pages that will come without a pause."""

    def close(self) -> None:
        """Leave it; each crawl does so once."""


def share_readers(stages: Sequence[str], maximum: int, pages_a_second: int) -> PageReaders:
    """Return this process's one, which each user closes once.

    A page has at most `maximum` bytes; with 0 pages a second there never is a second process.
    """
    return SecondProcess.share(stages, maximum, pages_a_second)


class SecondProcess(asyncio.Protocol):
    """Runs the methods of PageReader here or in the second process; the crawls of one process share it."""

    _shared: ClassVar[SecondProcess | None] = None

    def __init__(self, stages: Sequence[str], maximum: int, pages_a_second: int) -> None:
        self._first = (tuple(stages), maximum)  # what PageReader is made of
        self._reading = PageReader(*self._first)
        self._from = pages_a_second
        self._users = 1
        self._second, self._pages = 0.0, 0  # when the second that is being counted began, and what came in it
        self._process: subprocess.Popen[bytes] | None = None
        self._transport: asyncio.WriteTransport | None = None
        self._tasks: set[asyncio.Future[Any]] = set()  # held, or the loop would forget them
        self._received = bytearray()
        self._is_ready = False  # it has answered, and takes jobs
        self._jobs: deque[_Job] = deque()  # asked for, in the order of their answers

    @classmethod
    def share(cls, stages: Sequence[str], maximum: int, pages_a_second: int) -> SecondProcess:
        """Return this process's one."""
        if cls._shared is None:
            cls._shared = cls(stages, maximum, pages_a_second)
        else:
            cls._shared._users += 1
        return cls._shared

    async def run(self, method: str, *arguments: Any) -> Any:
        """Return what a method of PageReader returns, or raise what it raises."""
        if not self._is_ready:
            if self._is_busy() and self._process is None:
                self._start()
            return getattr(self._reading, method)(*arguments)
        future = asyncio.get_running_loop().create_future()
        self._jobs.append((method, arguments, future))
        self._send((method, arguments))
        return await future

    def expect(self, pages: int) -> None:
        """Make the second process ready for pages that will come without a pause, if they are worth one."""
        if self._from and pages >= MANY and self._process is None:
            self._start()

    def close(self) -> None:
        """Leave it; with its last user the second process ends."""
        self._users -= 1
        if self._users == 0:
            type(self)._shared = None
            self._end()
            for *_, future in self._jobs:  # of a crawl that was broken off
                future.cancel()

    def _is_busy(self) -> bool:
        now = asyncio.get_running_loop().time()
        if now - self._second >= 1:
            self._second, self._pages = now, 0
        self._pages += 1
        return 0 < self._from <= self._pages

    def _start(self) -> None:
        """Start the second process, if there is one to be had."""
        spare_the_collector()  # here too: it is a busy crawl
        ours, theirs = socket.socketpair()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "kwri_crawler.reading.reader"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the crawl, which ends in its own time
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        except OSError as error:  # out of memory or of processes
            logger.warning("No second process to read pages: %s", error)
            self._from = 0
            ours.close()
            return
        finally:
            theirs.close()
        self._hold(asyncio.get_running_loop().create_connection(lambda: self, sock=ours))

    def _end(self) -> int | None:
        process, self._process = self._process, None
        transport, self._transport = self._transport, None
        self._is_ready = False
        if transport is not None:
            transport.abort()
        if process is None:
            return None
        process.kill()
        return process.wait()

    def _hold(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _send(self, message: object) -> None:
        if self._transport is not None:
            data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
            self._transport.write(HEAD.pack(len(data)) + data)

    # ------------------------------------------------------------------ what asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say which stages there are; once they are loaded the other one reads."""
        if self._process is None:  # closed meanwhile
            transport.close()
            return
        self._transport = transport  # type: ignore[assignment]
        self._send(self._first)

    def data_received(self, data: bytes) -> None:
        """Hand each whole answer to whoever waits for it."""
        self._received += data
        while len(self._received) >= HEAD.size:
            end = HEAD.size + HEAD.unpack_from(self._received)[0]
            if len(self._received) < end:
                return
            result, error = pickle.loads(self._received[HEAD.size : end])  # noqa: S301 - from our own process
            del self._received[:end]
            if self._is_ready:
                self._answer(result, error)
            self._is_ready = True

    def connection_lost(self, _: Exception | None) -> None:
        """Give up the page over which the process died, and read those behind it again."""
        if self._process is None:
            return  # it was ended from here
        was_ready = self._is_ready
        status = self._end()
        self._received.clear()
        if not was_ready:
            self._from = 0  # it cannot even begin
        elif self._jobs:
            reason = f"the process that read it died (exit status {status})"
            self._answer(None, PageError(Outcome.FAILED, reason, Cause.OURS))
        logger.error("The process that reads pages died (exit status %s)", status)
        jobs, self._jobs = self._jobs, deque()
        for job in jobs:
            self._hold(self._run_again(*job))

    async def _run_again(self, method: str, arguments: tuple[Any, ...], future: asyncio.Future[Any]) -> None:
        try:
            result = await self.run(method, *arguments)
        except Exception as error:  # for whoever waits
            _tell(future, None, error)
        else:
            _tell(future, result, None)

    def _answer(self, result: Any, error: BaseException | None) -> None:
        *_, future = self._jobs.popleft()
        _tell(future, result, error)


def _tell(future: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if future.done():
        return  # its waiter was cancelled
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)
