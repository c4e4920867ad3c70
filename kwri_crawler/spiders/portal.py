"""Where to go next in one portal: its listings from the top, and every address that the ledger holds unsettled.

The archive is the memory that a crawl resumes from: a listing's page goes into the ledger before its articles are
asked for, and an address is settled in the transaction that stores its article. So a crawl may die at any moment.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

import scrapy
from scrapy import Request, signals

from kwri_crawler.archive import ArchiveError
from kwri_crawler.archive.ledger import Settlement
from kwri_crawler.catalogue import Portal
from kwri_crawler.causes import Cause
from kwri_crawler.items import Article, Outcome
from kwri_crawler.pages import PageError, read_page
from kwri_crawler.reading.stages import load_stages, pass_stages
from kwri_crawler.spiders import ending
from kwri_crawler.spiders.answers import judge_answer, page_of
from kwri_crawler.spiders.arguments import read_bounds
from kwri_crawler.spiders.articles import VANISHED, Fetcher
from kwri_crawler.spiders.backfill import Backfiller
from kwri_crawler.spiders.crawl import Crawl, KeptRobots, Summary, refuse_address
from kwri_crawler.spiders.listings import Walker
from kwri_crawler.spiders.pages import ArticlePages
from kwri_crawler.spiders.walk import Leave
from kwri_crawler.version import __version__
from kwri_crawler.web.middlewares import ask_plainly

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

logger = logging.getLogger(__name__)


class PortalSpider(scrapy.Spider):
    """Crawls one portal of the catalogue into the archive."""

    portal: ClassVar[Portal]
    crawl: Crawl | None = None  # None for Scrapy's tools that only fetch

    def __init__(self, **arguments: str) -> None:
        """Check the arguments of `scrapy crawl PORTAL -a name=value`; raises ArgumentError."""
        super().__init__(self.name)
        self.bounds = read_bounds(arguments)
        self._tasks: list[asyncio.Task[None]] = []  # held, or the loop would forget them

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Say who we are, with the operator's contact."""
        super().update_settings(settings)
        contact = settings.get("CONTACT") or "no contact set"
        agent = f"kwri-crawler/{__version__} (archive of the Indonesian regional press; {contact})"
        settings.set("USER_AGENT", agent, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Lock the portal and open the archive for a crawl; raises ArgumentError, PortalBusy, ArchiveError.

        Not for Scrapy's tools that only fetch, and enter no crawl into the archive: fetch, view, parse and check put a
        start() of their own in this one's place, and the shell makes a spider whose crawler does not crawl.
        """
        spider = super().from_crawler(crawler, *args, **kwargs)
        if crawler.crawling and cls.start is PortalSpider.start:
            spider._begin(crawler)
        return spider

    def _begin(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.crawl = Crawl(self.portal, self.bounds, settings, self)
        self.fetcher = Fetcher(self.crawl)
        self.article_pages = ArticlePages(self.crawl, self.fetcher)
        self.walker = (Walker if self.bounds.until is None else Backfiller)(self.crawl, self.fetcher)
        for handler, signal in (
            (self.fetcher.on_stored, signals.item_scraped),
            (self.fetcher.on_dropped, signals.item_dropped),
            (self.fetcher.on_stage_error, signals.item_error),
            (self._on_own_error, signals.spider_error),
            (self._on_closed, signals.spider_closed),
        ):
            crawler.signals.connect(handler, signal)
        if not settings.get("CONTACT"):
            _miss_contact()

    # ------------------------------------------------------------------ for the middlewares and for whoever watches

    def refuse(self, url: str) -> str | None:
        """Say why an address is not asked for; None when it may be."""
        return self.crawl.refuse(url) if self.crawl is not None else refuse_address(url, self.portal)

    @property
    def robots(self) -> KeptRobots | None:
        """What earlier crawls were told by robots.txt; None for whoever does not crawl."""
        return self.crawl.robots if self.crawl is not None else None

    def check_hold(self) -> None:
        """Raise ArchiveError when the portal may be another crawl's by now: nothing may be sent to it."""
        if self.crawl is not None:
            self.crawl.access.check()

    @property
    def counts(self) -> Counter[str]:
        """Addresses by outcome, in this crawl so far."""
        return self.crawl.counts if self.crawl is not None else Counter()

    @property
    def summary(self) -> Summary | None:
        """How the crawl ended; None while it goes on, and if none began."""
        return self.crawl.summary if self.crawl is not None else None

    # ------------------------------------------------------------------ what is asked for

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the first listing, then for what the ledger holds, until neither brings more."""
        if self.crawl is None:
            return
        try:
            await self.fetcher.begin()
            for request in await self.walker.begin():
                yield request
            while (batch := await self.fetcher.next_batch()) is not None:
                for due in batch:
                    yield self.article_pages.request(due)
                if not batch and self._is_idle():
                    await self.fetcher.settle_vanished()
                    for request in await self._leave_listing(VANISHED):
                        yield request
        except ArchiveError as error:
            self.crawl.stop_for_archive(error)

    def _is_idle(self) -> bool:
        """Tell whether Scrapy holds neither a request nor an answer of ours."""
        engine = self.crawler.engine
        if engine is None or engine.scraper.slot is None or engine.scheduler is None:
            return False
        busy = engine.downloader.active or engine.scheduler.has_pending_requests() or not engine.scraper.slot.is_idle()
        return not busy

    async def _leave_listing(self, reason: str) -> list[Request]:
        """Give up the listing under way; return the request for the next one."""
        walk = self.walker.walk
        return await self.walker.leave(walk, Leave("failed", reason, Cause.OURS)) if walk is not None else []

    def end(self, finish: str) -> None:
        """Send nothing new, and close the crawl once the requests under way are answered."""
        if self.crawler.engine is not None:
            self._stopping = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=finish))

    @property
    def is_ending(self) -> bool:
        """Whether Scrapy was asked to end."""
        return self.crawler.engine is not None and not self.crawler.engine.running

    def again(self, request: Request, reason: str) -> Request | None:
        """Return a request to make anew for an answer that was cut off; None when it was tried often enough."""
        return ask_plainly(request, self, reason)

    async def pass_on(self, articles: list[Article], response: Response) -> None:
        """Send what one answer told through the stages together; yielded, each would wait for the last one's commit."""
        if self.crawler.engine is not None:
            through = self.crawler.engine.scraper.start_itemproc_async
            await asyncio.gather(*(through(article, response=response) for article in articles))

    def _on_own_error(self, failure: Failure, response: Response) -> None:
        """Settle the address whose page our own code could not bear; Scrapy awaits no handler of this signal."""
        self._tasks.append(asyncio.ensure_future(self._settle_own_error(failure, response)))

    async def _settle_own_error(self, failure: Failure, response: Response) -> None:
        due = response.request.cb_kwargs.get("due") if response is not None and response.request else None
        reason = f"our own error: {failure.value!r}"[:300]
        if due is not None:
            await self.fetcher.settle(due, Settlement(Outcome.FAILED, reason, cause=Cause.OURS))
            return
        for request in await self._leave_listing(reason):
            if self.crawler.engine is not None:
                self.crawler.engine.crawl(request)

    def parse(self, response: Response, **_: Any) -> Iterator[Article]:
        """Read an article's page for `scrapy parse`, as a crawl would, but for further pages; log why there is none."""
        trouble = judge_answer(response, self.portal)
        try:
            if trouble is not None:
                raise PageError(trouble.outcome, trouble.reason or "", trouble.cause)
            article = read_page(page_of(response), self.portal)
            yield pass_stages(article, load_stages(self.crawler.settings))
        except PageError as error:
            logger.warning("%s: %s: %s", response.url, error.outcome.value, error.reason)

    # ------------------------------------------------------------------ the end

    def end_in_time(self) -> None:
        """End the crawl because its time is over; what is left stays pending for the next one."""
        if self.crawl is not None:
            self.crawl.stop(ending.TIME_OVER.word, ending.TIME_OVER.reason)

    async def _on_closed(self, reason: str) -> None:
        if self.crawl is None:
            raise AssertionError("no crawl began")
        bounded = self.bounds.since is not None
        finish = self.crawl.finish or ending.finish(self.walker.course, reason, left=self.crawl.left, bounded=bounded)
        stats = self.crawler.stats
        requests = int(stats.get_value("downloader/request_count", 0) or 0)
        received = int(stats.get_value("downloader/response_bytes", 0) or 0)
        await self.crawl.close(finish, self.walker.course, requests, received)


@cache
def _miss_contact() -> None:
    """Say it once: a harvest makes a spider for each of hundreds of portals."""
    logger.warning("CONTACT is not set: portals cannot tell you when a crawl troubles them")
