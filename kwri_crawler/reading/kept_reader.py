"""Read kept pages to articles that have passed the stages: in as many processes as READERS says, or elsewhere.

A kept page is asked for, and its archive entry looked up, in one process; what costs, the reading, may be done in
others. Their answers come in the order of the pages, so that it makes no difference how many there are.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import get_context
from typing import Any, NamedTuple

from scrapy.exceptions import DropItem
from scrapy.settings import BaseSettings, Settings

from kwri_crawler.catalogue import Portal
from kwri_crawler.items import Article, Due, KeptPage, Outcome, Page
from kwri_crawler.pages import Joining, PageError, read_further, read_page, with_facts
from kwri_crawler.reading.limit import PAGE_CPU_S, limited
from kwri_crawler.reading.reader import spare_the_collector
from kwri_crawler.reading.shared import begin_beside
from kwri_crawler.reading.stages import load_stages, pass_stages
from kwri_crawler.web.unpacking import CutOff, NotTaken, encodings_in, unpacked

logger = logging.getLogger(__name__)

AT_ONCE = 5  # pages a message to another process: one a message takes a third more CPU on a family's pages


class Job(NamedTuple):
    """A kept page to be read."""

    row: int  # of the file of kept pages
    page: KeptPage
    portal: Portal
    due: Due | None  # what the ledger says of its address; None for one that no listing named
    before: Joining | None = None  # the article whose next page this is; None for a first page


class FurtherPage(NamedTuple):
    """What a page was read to that is no first page: it is read with the article that it continues."""


class Unread(NamedTuple):
    """Why there is no article."""

    reason: str
    is_missing: bool = False  # the page is none, or half of one: the article itself may be as it was


class _Asked(NamedTuple):
    jobs: list[Job]
    answers: Future[list[Read]] | None  # None: no process was there to be asked


Read = Article | Joining | FurtherPage | Unread  # a Joining waits for the pages behind the first


class KeptPageReader:
    """The readers and the stages of a project's settings, for kept pages."""

    def __init__(self, settings: BaseSettings) -> None:
        self._stages = load_stages(settings)
        self._maximum = settings.getint("DOWNLOAD_MAXSIZE")

    def read(self, job: Job) -> Read:
        """Read one page; it raises nothing for what stands in it."""
        _, page, portal, due, before = job
        try:
            if before is not None:
                joining = read_further(before, self._unpacked(page), portal)
            else:
                article = read_page(self._unpacked(page), portal)
                paging = article.paging
                if paging is not None and (paging.number > 1 or (paging.number == 0 and due is None)):
                    return FurtherPage()
                joining = Joining.of(article)
            return joining if joining.next_url is not None else self._pass(joining.result(), due)
        except PageError as error:
            return Unread(str(error), error.outcome is Outcome.FAILED)
        except (DropItem, NotTaken, CutOff) as error:
            return Unread(str(error))

    def read_some(self, jobs: Iterable[Job]) -> list[Read]:
        """Read some pages; the process ends where one takes longer than PAGE_CPU_S."""
        read = []
        for job in jobs:
            with limited():
                read.append(self.read(job))
        return read

    def _unpacked(self, page: KeptPage) -> Page:
        encodings = encodings_in(page.header("Content-Encoding"))
        packed = Page(page.url, page.body, page.header("Content-Type"), page.received_at, encodings)
        return unpacked(packed, self._maximum)

    def _pass(self, article: Article, due: Due | None) -> Article:
        if due is not None:
            article = with_facts(article, due.facts)
            article = replace(article, dates=tuple(dict.fromkeys((*article.dates, *due.dates))))
        return pass_stages(article, self._stages)


class ReadersLost(Exception):
    """Nobody is left to read; the message says why."""


class Readers(ABC):
    """Reads kept pages in other processes; close it when done.

    A process that dies costs the page over which it died, and that page is known: all pages that were under way are
    read again, one at a time.
    """

    ahead = 1  # slices that are read while one is waited for

    def read_slices(self, slices: Iterable[list[Job]]) -> Iterator[tuple[list[Job], Iterable[Read]]]:
        """Yield each slice of pages and what they were read to, in their order; the next ones are read meanwhile."""
        asked: deque[tuple[list[Job], list[_Asked]]] = deque()
        for jobs in slices:
            asked.append((jobs, self._ask(jobs)))
            if len(asked) > self.ahead:
                yield asked[0][0], self._answers(asked.popleft()[1])
        for jobs, parts in asked:
            yield jobs, self._answers(parts)

    @abstractmethod
    def close(self) -> None:
        """End the processes, or leave them."""

    @abstractmethod
    def _submit(self, jobs: list[Job]) -> Future[list[Read]] | None:
        """Ask for some pages; None when a process died that has to be replaced first."""

    @abstractmethod
    def _result(self, asked: Future[list[Read]]) -> list[Read] | None:
        """Return what pages were read to; None when the process that read them died. Raises ReadersLost."""

    @abstractmethod
    def _begin_anew(self) -> None:
        """Replace a process that died."""

    def _ask(self, jobs: list[Job]) -> list[_Asked]:
        parts = [jobs[i : i + AT_ONCE] for i in range(0, len(jobs), AT_ONCE)]
        return [_Asked(part, self._submit(part)) for part in parts]

    def _answers(self, parts: list[_Asked]) -> Iterator[Read]:
        for jobs, future in parts:
            answers = self._result(future) if future is not None else None
            yield from answers if answers is not None else map(self.read_alone, jobs)

    def read_alone(self, job: Job) -> Read:
        """Read a page that is waited for; where a process dies, it is known whether it was this page that ended it."""
        for _ in range(2):  # the first time it may be the pool that was broken before
            future = self._submit([job])
            answers = self._result(future) if future is not None else None
            if answers is not None:
                return answers[0]
            self._begin_anew()
        logger.error("%s: reading it ends the process that reads it", job.page.asked_url)
        return Unread(f"the process that read it died, or would have read it for more than {PAGE_CPU_S:g} s")


class ReaderPool(Readers):
    """So many processes of this machine."""

    def __init__(self, settings: BaseSettings, count: int) -> None:
        self._settings = settings.copy_to_dict()
        self._count = count
        self._pool = self._start()

    def close(self) -> None:
        """End the processes, whatever they read."""
        processes = list(self._pool._processes.values())  # as kill_workers() does from Python 3.14 on
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.kill()

    def _start(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self._count, get_context("spawn"), _begin, (self._settings,))

    def _submit(self, jobs: list[Job]) -> Future[list[Read]] | None:
        try:
            return self._pool.submit(_read, jobs)
        except BrokenProcessPool:  # a process died after the last answer that was waited for
            return None

    def _result(self, asked: Future[list[Read]]) -> list[Read] | None:
        try:
            return asked.result()
        except BrokenProcessPool:
            return None

    def _begin_anew(self) -> None:
        self._pool.shutdown(wait=False)
        self._pool = self._start()


# ---------------------------------------------------------------------- in the other process

_reader: KeptPageReader | None = None


def _begin(settings: dict[str, Any]) -> None:
    """Make ready to read."""
    global _reader
    begin_beside()
    logging.disable(logging.WARNING)  # the stages speak of single articles; the report has them all
    _reader = KeptPageReader(Settings(settings))
    spare_the_collector()


def _read(jobs: list[Job]) -> list[Read]:
    if _reader is None:
        raise AssertionError("not begun")
    return _reader.read_some(jobs)
