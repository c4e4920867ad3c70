"""Where to go next in one portal: its listings from the top, and every address that the ledger holds unsettled.

The archive is the memory that a crawl resumes from: a listing's page goes into the ledger before its articles are
asked for, and an address is settled in the transaction that stores its article. So a crawl may die at any moment.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import scrapy
from scrapy import signals

from kwri_crawler import clock
from kwri_crawler.archive import (
    ArchiveError,
    Writer,
    ledger,
    lock_portal,
    plan,
)
from kwri_crawler.archive.ledger import Settlement
from kwri_crawler.catalogue import Portal
from kwri_crawler.items import Outcome
from kwri_crawler.kept import Keeper, pages_path
from kwri_crawler.reading.processes import PageReaders
from kwri_crawler.reading.stages import pure_stages
from kwri_crawler.spiders.arguments import ArgumentError, read_bounds
from kwri_crawler.spiders.articles import Fetcher
from kwri_crawler.spiders.backfill import Backfiller
from kwri_crawler.spiders.listings import Walker
from kwri_crawler.spiders.pages import ArticlePages
from kwri_crawler.version import __version__
from kwri_crawler.web.addresses import host_of, refuse_reason
from kwri_crawler.web.hosts import is_public_host

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure


logger = logging.getLogger(__name__)

WELL = frozenset(("finished", "limit", "time"))  # ways to end with everything done that was to be done


@dataclass(frozen=True, slots=True)
class Summary:
    """How a crawl ended."""

    portal: str
    archive: Path
    finish: str
    reason: str | None
    counts: dict[str, int]  # by outcome, their sum as "found", edits as "edited"; empty if the archive took none
    requests: int
    seconds: float

    @property
    def well(self) -> bool:
        """Whether everything was done that was to be done."""
        return self.finish in WELL


class PortalSpider(scrapy.Spider):
    """Crawls one portal of the catalogue into the archive."""

    portal: ClassVar[Portal]
    summary: Summary | None = None

    def __init__(self, **arguments: str) -> None:
        super().__init__(self.name)
        self.bounds = read_bounds(arguments)
        self.since = self.bounds.since_moment(self.portal.zone)
        self.before = self.bounds.before_moment(self.portal.zone)
        self.counts: Counter[str] = Counter()  # by outcome, in this crawl so far; for whoever watches
        self.left = self.bounds.limit  # articles that may still be asked for; null for no bound
        self.changed = asyncio.Event()
        self._own_errors: list[asyncio.Task[None]] = []  # held, or the loop would forget them
        self.finish: str | None = None  # why the crawl ends early; null while it goes on
        self._finish_reason: str | None = None

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Say who we are, with the operator's contact."""
        super().update_settings(settings)
        contact = settings.get("CONTACT") or "no contact set"
        agent = f"kwri-crawler/{__version__} (archive of the Indonesian regional press; {contact})"
        settings.set("USER_AGENT", agent, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Lock the portal and open the archive; raises ArgumentError, PortalBusy, ArchiveError."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider._open(crawler)
        return spider

    def _open(self, crawler: Crawler) -> None:
        settings = crawler.settings
        if settings.get("JOBDIR") or settings.getbool("HTTPCACHE_ENABLED"):
            raise ArgumentError(
                "JOBDIR and HTTPCACHE_ENABLED make later crawls find nothing new; leave them off:"
                " the archive is the memory, and a killed crawl goes on by itself"
            )
        try:
            clock.set_clock(settings.get("NOW") or "")
        except ValueError as error:
            raise ArgumentError(str(error)) from error
        self._began = clock.now()
        self.archive_path = Path(settings["ARCHIVE_PATH"]).absolute()
        try:
            self._lock = lock_portal(self.archive_path, self.portal.id)
        except OSError as error:
            raise ArchiveError(f"{self.archive_path}: the archive's folder cannot be written: {error}") from error
        since = self.bounds.since.isoformat() if self.bounds.since else None
        until = self.bounds.until.isoformat() if self.bounds.until else None
        self.writer = Writer.share(self.archive_path)
        try:
            self.crawl_id = self.writer.do_now(ledger.begin_crawl, self.portal, since, self.bounds.limit, until)
        except Exception as error:
            self.writer.close()
            raise ArchiveError(f"{self.archive_path}: the archive cannot be written: {error}") from error
        self.readers = PageReaders.share(
            pure_stages(settings), settings.getint("DOWNLOAD_MAXSIZE"), settings.getint("READ_BESIDE_FROM")
        )
        days = settings.getfloat("KEEP_PAGES_DAYS")
        pages = pages_path(settings.get("PAGES_PATH"), self.archive_path)
        self.keeper = Keeper(pages, days) if days > 0 else None
        self.fetcher = Fetcher(self)
        self.article_pages = ArticlePages(self, self.fetcher)
        self.walker = Walker(self) if self.bounds.until is None else Backfiller(self)
        for handler, signal in (
            (self.fetcher.on_stored, signals.item_scraped),
            (self.fetcher.on_dropped, signals.item_dropped),
            (self.fetcher.on_stage_error, signals.item_error),
            (self._on_own_error, signals.spider_error),
            (self._on_closed, signals.spider_closed),
        ):
            crawler.signals.connect(handler, signal)
        if not settings.get("CONTACT"):
            logger.warning("CONTACT is not set: portals cannot tell you when a crawl troubles them")

    # ------------------------------------------------------------------ what is asked for

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the first listing, then for what the ledger holds, until neither brings more."""
        try:
            await self.fetcher.begin()
            for request in await self.walker.begin():
                yield request
            while batch := await self.fetcher.next_batch():
                for due in batch:
                    yield self.article_pages.request(due)
        except ArchiveError as error:
            self.stop("archive", str(error))

    def refuse(self, url: str) -> str | None:
        """Say why an address is not asked for; null when it may be."""
        return refuse_reason(url, self.portal.hosts, private=self._is_private)

    @cached_property
    def _is_private(self) -> bool:
        """Whether the portal itself is in the operator's own network: such a one may be crawled."""
        return not is_public_host(host_of(self.portal.home))

    def is_inside(self, moment: datetime) -> bool:
        """Tell whether a moment of publication lies within the bounds of this crawl."""
        return (self.since is None or moment >= self.since) and (self.before is None or moment < self.before)

    def ask(self, requests: list[scrapy.Request]) -> None:
        """Send requests that no callback can yield."""
        for request in requests if self.crawler.engine is not None else ():
            self.crawler.engine.crawl(request)

    def note_change(self) -> None:
        """Wake whoever waits for room or for the end of a listing."""
        self.changed.set()

    def _on_own_error(self, failure: Failure, response: Response) -> None:
        """Settle the address whose page our own code could not bear; Scrapy awaits no handler of this signal."""
        self._own_errors.append(asyncio.ensure_future(self._settle_own_error(failure, response)))

    async def _settle_own_error(self, failure: Failure, response: Response) -> None:
        due = response.request.cb_kwargs.get("due") if response is not None and response.request else None
        if due is not None:
            await self.fetcher.settle(due, Settlement(Outcome.FAILED, f"our own error: {failure.value!r}"[:300]))
        elif self.walker.walk is not None:
            self.ask(await self.walker.leave(self.walker.walk, "failed", f"our own error: {failure.value!r}"[:300]))

    # ------------------------------------------------------------------ the end

    def end_in_time(self) -> None:
        """End the crawl because its time is over; what is left stays pending for the next one."""
        self.stop("time", "the time that was given is over; the next crawl goes on from here")

    async def abandon(self, reason: str) -> None:
        """Close the books of a crawl that was set up and could not begin."""
        if self.summary is not None:
            return
        with contextlib.suppress(ArchiveError):
            await self.writer.do(ledger.end_crawl, self.crawl_id, self.portal.id, "error", reason, 0, 0)
        await self._let_go()

    async def _let_go(self) -> None:
        if self.keeper is not None:
            await asyncio.to_thread(self.keeper.close)
        self.readers.close()
        self.writer.close()
        self._lock.close()

    def stop(self, finish: str, reason: str | None) -> None:
        """End the crawl early, once; requests under way are waited for."""
        if self.finish is not None:
            return
        self.finish, self._finish_reason = finish, reason
        self.changed.set()
        engine = self.crawler.engine
        if engine is not None:
            self._stopping = asyncio.ensure_future(engine.close_spider_async(reason=finish))

    async def _on_closed(self, reason: str) -> None:
        """Close the crawl's books and the archive."""
        finish, why = self._judge_finish(reason)
        stats = self.crawler.stats
        requests = int(stats.get_value("downloader/request_count", 0) or 0)
        received = int(stats.get_value("downloader/response_bytes", 0) or 0)
        counts: dict[str, int] = {}
        try:
            counts = await self.writer.do(
                ledger.end_crawl, self.crawl_id, self.portal.id, finish, why, requests, received
            )
            await self.writer.do(plan.plan_next, self.portal.id, well=finish in WELL)
        except ArchiveError as error:
            finish, why = "archive", str(error)
        if finish == "finished" and counts["failed"] and not counts["stored"] + counts["known"]:
            finish, why = "incomplete", "no page that was asked for came whole"
        seconds = (clock.now() - self._began).total_seconds()
        self.summary = Summary(self.portal.id, self.archive_path, finish, why, counts, requests, seconds)
        await self._let_go()

    def _judge_finish(self, reason: str) -> tuple[str, str | None]:
        if self.finish is not None:
            return self.finish, self._finish_reason
        if reason != "finished":
            return "stopped", f"stopped by the operator or the system ({reason})"
        walker = self.walker
        trouble = "; ".join(f"{', '.join(urls)}: {why}" for why, urls in walker.trouble.items()) or None
        if not walker.read:
            trouble = trouble or "; ".join(walker.fell_back) or None
            return "no listing", trouble or "none of its listings is there any more"
        if trouble:
            return "incomplete", trouble
        fell_back = "other listings were read in place of " + "; ".join(walker.fell_back) if walker.fell_back else None
        return ("limit" if self.left == 0 else "finished"), fell_back
