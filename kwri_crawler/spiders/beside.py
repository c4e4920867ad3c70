"""Reads large answers of listings in threads, so that one portal's listing never holds up the crawls of the others,
and ends the waiting for a page when the crawl is to end.

To read 45 MB of broken entries took 18 s, in which no other portal was asked for anything and no signal was heard.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from concurrent.futures import Future
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.http import Response

    from kwri_crawler.spiders.crawl import Crawl

SMALL = 64 << 10  # bytes; read at once, in milliseconds
LARGE = 2 << 20  # bytes; more than an honest feed or API sends at once, less than some sitemaps
LOOK_S = 0.25  # so often it is looked whether the crawl is to end
LAST_PAGES_S = 3.0  # for the pages that are read when it is to end; honest ones take milliseconds

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


class Ending(Exception):
    """The crawl is to end: an answer is not read any more, and the next crawl asks for it again."""


class _Threads:
    """Threads that read, and that nobody waits for when the process ends: what they do changes nothing."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._jobs: SimpleQueue[tuple[Callable[[], Any], Future[Any]]] = SimpleQueue()
        self._started = False

    def submit(self, job: Callable[[], _Result]) -> Future[_Result]:
        """Have a function called by the next thread that is free."""
        future: Future[_Result] = Future()
        self._jobs.put((job, future))
        for number in range(0 if self._started else self._number):
            threading.Thread(target=self._work, name=f"listing-{number}", daemon=True).start()
        self._started = True
        return future

    def _work(self) -> None:
        while True:
            job, future = self._jobs.get()
            if not future.set_running_or_notify_cancel():
                continue
            with contextlib.suppress(RuntimeError):  # the loop that waited is closed
                try:
                    result = job()
                except BaseException as error:  # for whoever waits
                    future.set_exception(error)
                else:
                    future.set_result(result)


# One thread for large ones: Python runs one at a time anyway, and each more takes from the crawls.
_large = _Threads(1)
_others = _Threads(4)


async def beside(
    crawl: Crawl, response: Response, read: Callable[_Given, _Result], *given: _Given.args, **named: _Given.kwargs
) -> _Result:
    """Return what a pure function makes of an answer, or raise what it raises; here when the answer is small.

    Raises Ending when the crawl is to end before that.
    """
    size = len(response.body)
    if size < SMALL:
        return read(*given, **named)
    threads = _large if size >= LARGE else _others
    return await _until_ending(crawl, asyncio.wrap_future(threads.submit(partial(read, *given, **named))), 0)


async def in_reader(crawl: Crawl, method: str, *arguments: Any) -> Any:
    """Return what a method of PageReader makes of a page, or raise what it raises.

    Raises Ending when the crawl is to end, and some seconds later the page is not read.
    """
    return await _until_ending(crawl, asyncio.ensure_future(crawl.readers.run(method, *arguments)), LAST_PAGES_S)


async def _until_ending(crawl: Crawl, reading: asyncio.Future[_Result], patience_s: float) -> _Result:
    loop = asyncio.get_running_loop()
    until: float | None = None
    while not reading.done():
        await asyncio.wait({reading}, timeout=LOOK_S)
        if crawl.is_ending and not reading.done():
            until = until or loop.time() + patience_s
            if loop.time() >= until:
                reading.cancel()
                raise Ending
    return reading.result()
