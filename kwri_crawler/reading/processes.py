"""Processes that read pages beside the crawls of this one, once pages come faster than it can bear; else none.

To read a page costs more than to fetch it, and Python has one core a process. Nothing is lost with such a process: it
holds nothing, and of what it was asked only the page over which it died is given up, as one that failed. It dies over a
page that takes longer than reading.limit allows, too. Why it is none of the standard library's pools: their threads
take turns with the event loop, for 13% more CPU a page.
"""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Protocol

from kwri_crawler.causes import Cause
from kwri_crawler.items import Outcome
from kwri_crawler.pages import PageError
from kwri_crawler.reading import limit
from kwri_crawler.reading.reader import HEAD, PageReader, spare_the_collector

logger = logging.getLogger(__name__)

MANY = 500  # pages; another process has to load what reading them takes
WAITING = 8  # pages that wait in each process before there is one more

_Job = tuple[str, tuple[Any, ...], "asyncio.Future[Any]"]  # the method of PageReader, its arguments, who waits


class PageReaders(Protocol):
    """Who runs the methods of PageReader for the crawls of one process: all that they know of it."""

    async def run(self, method: str, *arguments: Any) -> Any:
        """Return what a method of PageReader returns, or raise what it raises."""

    def expect(self, pages: int) -> None:
        """Be ready for so many pages that will come without a pause."""

    def close(self) -> None:
        """Leave it; each crawl does so once."""


def share_readers(
    stages: Sequence[str], maximum: int, pages_a_second: int, most: int, *, wary: bool = False
) -> PageReaders:
    """Return this process's one, which each user closes once.

    A page has at most `maximum` bytes; from so many pages a second on other processes read, never more than `most` of
    them, and with 0 pages a second none. If one user is wary, other processes read every page from then on.
    """
    shared = SharedReaders.share(stages, maximum, pages_a_second, most)
    shared.wary |= wary
    return shared


class SharedReaders:
    """Runs the methods of PageReader here or in other processes; the crawls of one process share it."""

    _shared: ClassVar[SharedReaders | None] = None

    def __init__(self, stages: Sequence[str], maximum: int, pages_a_second: int, most: int) -> None:
        self._first = (tuple(stages), maximum)  # what PageReader is made of
        self._reading = PageReader(*self._first)
        self._from = pages_a_second
        self._most = most if pages_a_second else 0  # processes
        self.wary = False  # a page may end the process that reads it: none is read here
        self._users = 1
        self._second, self._pages = 0.0, 0  # when the second that is being counted began, and what came in it
        self._others: list[ReaderProcess] = []

    @classmethod
    def share(cls, stages: Sequence[str], maximum: int, pages_a_second: int, most: int) -> SharedReaders:
        """Return this process's one."""
        if cls._shared is None:
            cls._shared = cls(stages, maximum, pages_a_second, most)
        else:
            cls._shared._users += 1
        return cls._shared

    async def run(self, method: str, *arguments: Any) -> Any:
        """Return what a method of PageReader returns, or raise what it raises."""
        if not self._others and (self._is_busy() or self.wary):
            self._start()
        ready = [other for other in self._others if other.is_ready or self.wary]
        if not ready:
            with limit.limited():
                return getattr(self._reading, method)(*arguments)
        least = ready[0] if len(ready) == 1 else min(ready, key=lambda other: other.waiting)
        if least.waiting >= WAITING and all(other.is_ready for other in self._others):
            self._start()
        return await least.ask(method, arguments)

    def expect(self, pages: int) -> None:
        """Make a process ready for pages that will come without a pause, if they are worth one."""
        if pages >= MANY and not self._others:
            self._start()

    def close(self) -> None:
        """Leave it; with its last user the other processes end."""
        self._users -= 1
        if self._users == 0:
            type(self)._shared = None
            others, self._others = self._others, []
            for other in others:
                other.end()
                for *_, future in other.jobs:  # of a crawl that was broken off
                    future.cancel()

    def _is_busy(self) -> bool:
        now = asyncio.get_running_loop().time()
        if now - self._second >= 1:
            self._second, self._pages = now, 0
        self._pages += 1
        return self._from <= self._pages

    def _start(self) -> None:
        """Start one more process, if there is one to be had."""
        if len(self._others) >= self._most:
            return
        spare_the_collector()  # here too: it is a busy crawl
        try:
            self._others.append(ReaderProcess(self._first, self._take_back))
        except OSError as error:  # out of memory or of processes
            logger.warning("No more processes to read pages: %s", error)
            self._most = len(self._others)

    def _take_back(self, other: ReaderProcess) -> None:
        """Have the pages of a process that died read again: by another one, or here."""
        self._others.remove(other)
        if other.is_ready:
            self.wary = True
        else:
            self._most = len(self._others)  # it cannot even begin
        for method, arguments, future in other.jobs:
            if not future.done():  # else nobody waits for it
                _hold(self._run_again(method, arguments, future))

    async def _run_again(self, method: str, arguments: tuple[Any, ...], future: asyncio.Future[Any]) -> None:
        try:
            result = await self.run(method, *arguments)
        except Exception as error:  # for whoever waits
            _tell(future, None, error)
        else:
            _tell(future, result, None)


class ReaderProcess(asyncio.Protocol):
    """One process that runs the methods of PageReader, in the order in which it was asked."""

    def __init__(self, first: tuple[Any, ...], died: Callable[[ReaderProcess], None]) -> None:
        """Start it; raises OSError. `first` says what PageReader is made of; `died` is called when it ended alone."""
        self.is_ready = False  # it has answered, and takes jobs
        self.jobs: deque[_Job] = deque()  # asked for, in the order of their answers
        self._first, self._died = first, died
        self._received = bytearray()
        self._transport: asyncio.WriteTransport | None = None
        ours, theirs = socket.socketpair()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "kwri_crawler.reading.reader"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the crawl, which ends in its own time
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        self._is_ended = False
        _hold(asyncio.get_running_loop().create_connection(lambda: self, sock=ours))

    @property
    def waiting(self) -> int:
        """How many of its answers are waited for."""
        return len(self.jobs)

    def ask(self, method: str, arguments: tuple[Any, ...]) -> asyncio.Future[Any]:
        """Return what the method will return or raise."""
        future = asyncio.get_running_loop().create_future()
        self.jobs.append((method, arguments, future))
        self._send((method, arguments))
        return future

    def end(self) -> int:
        """End it; return its exit status."""
        self._is_ended = True
        if self._transport is not None:
            self._transport.abort()
        self._process.kill()
        return self._process.wait()

    def _send(self, message: object) -> None:
        if self._transport is not None:
            data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
            self._transport.write(HEAD.pack(len(data)) + data)

    # ------------------------------------------------------------------ what asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say which stages there are; once they are loaded the other one reads."""
        if self._is_ended:  # meanwhile
            transport.close()
            return
        self._transport = transport  # type: ignore[assignment]
        self._send(self._first)
        for method, arguments, _ in self.jobs:
            self._send((method, arguments))

    def data_received(self, data: bytes) -> None:
        """Hand each whole answer to whoever waits for it."""
        self._received += data
        while len(self._received) >= HEAD.size:
            end = HEAD.size + HEAD.unpack_from(self._received)[0]
            if len(self._received) < end:
                return
            result, error = pickle.loads(self._received[HEAD.size : end])  # noqa: S301 - from our own process
            del self._received[:end]
            if self.is_ready:
                self._answer(result, error)
            self.is_ready = True

    def connection_lost(self, _: Exception | None) -> None:
        """Give up the page over which the process died; those behind it are read again."""
        if self._is_ended:
            return
        status = self.end()
        if self.jobs and self.is_ready:
            reason = f"the process that read it died (exit status {status})"
            if status == -signal.SIGPROF:
                reason = f"to read it takes more than {limit.PAGE_CPU_S:g} s"
            self._answer(None, PageError(Outcome.FAILED, reason, Cause.OURS))
        logger.error("The process that reads pages died (exit status %s)", status)
        self._died(self)

    def _answer(self, result: Any, error: BaseException | None) -> None:
        *_, future = self.jobs.popleft()
        _tell(future, result, error)


_tasks: set[asyncio.Future[Any]] = set()  # held, or the loop would forget them


def _hold(work: Any) -> None:
    task = asyncio.ensure_future(work)
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


def _tell(future: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if future.done():
        return  # its waiter was cancelled
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)
