"""Where to go next in one portal: its listings from the top, and every address that the ledger holds unsettled.

The archive is the memory that a crawl resumes from: a listing's page goes into the ledger before its articles are
asked for, and an address is settled in the transaction that stores its article. So a crawl may die at any moment.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import scrapy
from scrapy import Request, signals
from scrapy.exceptions import CloseSpider, IgnoreRequest
from scrapy.utils.misc import load_object

from kwri_crawler import __version__
from kwri_crawler.addresses import is_public_host
from kwri_crawler.archive import ArchiveError, Writer, ledger, lock_portal
from kwri_crawler.archive.ledger import Due, ListedUrl, Settlement
from kwri_crawler.catalogue import Listing, ListingKind, Portal
from kwri_crawler.items import Article, DateKind, DateSource, DateText, Moment, Outcome, Page
from kwri_crawler.listings import Listed, ListingError, ListingPage, read_listing
from kwri_crawler.pages import PageError, read_page
from kwri_crawler.pages.refuse import shows_challenge
from kwri_crawler.spiders.answers import explain_failure, judge_answer
from kwri_crawler.spiders.arguments import ArgumentError, read_bounds
from kwri_crawler.urls import host_of, refuse_reason, url_key

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure


IN_FLIGHT = 64  # addresses that are asked for at once; the rest wait in the ledger, so memory stays flat
MAX_LISTING_PAGES = 10_000  # of one listing in one crawl: an endless calendar or a growing sitemap index ends here
WELL = frozenset(("finished", "limit", "time"))  # ways to end with everything done that was to be done


@dataclass(slots=True)
class Walk:
    """One listing being read from its top."""

    listing: Listing
    row: int
    began: int  # the newest row of the ledger when it began
    pages: int = 0
    to_read: list[str] = field(default_factory=list)  # further pages of it that are known
    met: set[str] = field(default_factory=set)  # pages of it that were asked for
    last_keys: frozenset[str] = frozenset()  # what the page before named


@dataclass(frozen=True, slots=True)
class Summary:
    """How a crawl ended."""

    portal: str
    archive: Path
    finish: str
    reason: str | None
    counts: dict[str, int]  # by outcome, and their sum as "found"; empty if the archive could not be written
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
        self.counts: Counter[str] = Counter()  # by outcome, in this crawl so far; for whoever watches
        self._asked_for: dict[int, Due] = {}  # addresses without an outcome yet
        self._walk: Walk | None = None
        self._listings_to_read = self._listings()
        self._listings_read = 0
        self._listing_trouble: dict[str, list[str]] = {}  # reason -> listings
        self._left = self.bounds.limit
        self._bad_answers = 0  # in a row
        self._changed = asyncio.Event()
        self._own_errors: list[asyncio.Task[None]] = []  # held, or the loop would forget them
        self._finish: str | None = None
        self._finish_reason: str | None = None
        self._began = datetime.now(UTC)

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
        self._read_date: Callable[[str, str, datetime], Any] = load_object(settings["DATE_READER"])
        self._give_up_after = settings.getint("GIVE_UP_AFTER")
        self.archive_path = Path(settings["ARCHIVE_PATH"]).absolute()
        try:
            self._lock = lock_portal(self.archive_path, self.portal.id)
        except OSError as error:
            raise ArchiveError(f"{self.archive_path}: the archive's folder cannot be written: {error}") from error
        since = self.bounds.since.isoformat() if self.bounds.since else None
        self.writer = Writer.share(self.archive_path)
        try:
            self.crawl_id = self.writer.do_now(ledger.begin_crawl, self.portal, since, self.bounds.limit)
        except Exception as error:
            self.writer.close()
            raise ArchiveError(f"{self.archive_path}: the archive cannot be written: {error}") from error
        for handler, signal in (
            (self._on_stored, signals.item_scraped),
            (self._on_dropped, signals.item_dropped),
            (self._on_stage_error, signals.item_error),
            (self._on_own_error, signals.spider_error),
            (self._on_closed, signals.spider_closed),
        ):
            crawler.signals.connect(handler, signal)
        if not settings.get("CONTACT"):
            self._log.warning("CONTACT is not set: portals cannot tell you when a crawl troubles them")

    def refuse(self, url: str) -> str | None:
        """Say why an address is not asked for; null when it may be."""
        return refuse_reason(url, self.portal.hosts, private=self._is_private)

    @cached_property
    def _is_private(self) -> bool:
        """Whether the portal itself is in the operator's own network: such a one may be crawled."""
        return not is_public_host(host_of(self.portal.home))

    @property
    def _log(self) -> logging.Logger:
        return logging.getLogger("kwri_crawler.spiders.portal")

    # ------------------------------------------------------------------ what is asked for

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the first listing, then for what the ledger holds, until neither brings more."""
        try:
            for request in await self._next_listing():
                yield request
            while batch := await self._next_batch():
                for due in batch:
                    yield Request(
                        due.url, self._read_article, errback=self._no_article, cb_kwargs={"due": due}, dont_filter=True
                    )
        except ArchiveError as error:
            self._stop("archive", str(error))

    async def _next_batch(self) -> list[Due]:
        """Wait until there is room, then take what is due; empty when the crawl has nothing more to do."""
        while self._finish is None:
            self._changed.clear()
            room = IN_FLIGHT - len(self._asked_for)
            if self._left is not None:
                room = min(room, self._left)
            if room >= IN_FLIGHT // 4 or (room > 0 and not self._asked_for):
                batch = await self.writer.do(ledger.take_due, self.portal.id, self.crawl_id, room, self.since)
                if batch:
                    self._asked_for.update((due.id, due) for due in batch)
                    if self._left is not None:
                        self._left -= len(batch)
                    return batch
            if not self._asked_for and (self._walk is None or self._left == 0):
                return []
            await self._wait_for_change()
        return []

    async def _wait_for_change(self) -> None:
        try:
            await asyncio.wait_for(self._changed.wait(), timeout=5)
        except TimeoutError:
            await self._settle_vanished()

    async def _settle_vanished(self) -> None:
        """Give an outcome to addresses whose request Scrapy dropped without a word, as it does with some."""
        engine = self.crawler.engine
        if engine is None or engine.scraper.slot is None or engine.scheduler is None:
            return
        busy = engine.downloader.active or engine.scheduler.has_pending_requests() or not engine.scraper.slot.is_idle()
        if not busy and self._walk is not None:
            self._ask(await self._leave_listing(self._walk, "failed", "its request vanished inside Scrapy"))
        for due in () if busy else list(self._asked_for.values()):
            await self._settle(due, Settlement(Outcome.FAILED, "its request vanished inside Scrapy"))

    def _ask(self, requests: list[Request]) -> None:
        """Ask for what no callback of Scrapy's can yield."""
        if self.crawler.engine is not None:
            for request in requests:
                self.crawler.engine.crawl(request)

    # ------------------------------------------------------------------ listings

    def _listings(self) -> list[Listing]:
        """Return the listings to read; a sitemap says nothing of publication, so with `since` index pages do."""
        kinds = {listing.kind for listing in self.portal.listings}
        return [
            listing
            for listing in self.portal.listings
            if not (self.since and listing.kind is ListingKind.SITEMAP and ListingKind.INDEX in kinds)
        ]

    async def _next_listing(self) -> list[Request]:
        # The walk before stands until the next one does: without any walk the crawl counts as done.
        if not self._listings_to_read or self._finish is not None:
            self._walk = None
            self._changed.set()
            return []
        listing = self._listings_to_read.pop(0)
        row, newest = await self.writer.do(ledger.begin_listing, self.portal.id, listing)
        self._walk = Walk(listing, row, began=newest, met={listing.url})
        return [self._ask_listing(listing.url, first=True)]

    def _ask_listing(self, url: str, first: bool) -> Request:
        # Further pages wait until the articles of those before are fetched: new articles come first.
        return Request(
            url,
            self._read_listing,
            errback=self._no_listing,
            cb_kwargs={"walk": self._walk},
            priority=10 if first else -10,
            dont_filter=True,
        )

    async def _read_listing(self, response: Response, walk: Walk) -> AsyncIterator[Request]:
        """Enter what one page of a listing names in the ledger, then go on to its next page or the next listing."""
        try:
            for request in await self._after_listing_page(response, walk):
                yield request
        except ArchiveError as error:
            self._stop("archive", str(error))
            raise CloseSpider("archive") from error

    async def _after_listing_page(self, response: Response, walk: Walk) -> list[Request]:
        walk.pages += 1
        trouble = judge_answer(response, self.portal)
        if trouble is not None and response.status in (404, 410):
            return await self._leave_listing(walk, "gone", trouble.reason or "")
        if trouble is not None:
            return await self._leave_listing(walk, "failed", trouble.reason or "")
        try:
            page = read_listing(walk.listing.kind, response.body, response.url, self.portal)
        except ListingError as error:
            challenge = shows_challenge(response.body[:200_000].decode("latin-1"))
            reason = "a challenge instead of the listing" if challenge else str(error)
            return await self._leave_listing(walk, "unreadable", reason)
        self._bad_answers = 0
        entries = [self._listed(entry) for entry in page.entries]
        entries += [ListedUrl(url_key(bad.url), bad.url, refused=bad.reason) for bad in page.refused]
        since = self.bounds.since.isoformat() if self.bounds.since else None
        recorded = await self.writer.do(ledger.record_page, self.portal.id, walk.row, self.crawl_id, entries, since)
        self._log.debug("%s: %d entries, %d new", response.url, len(entries), recorded.new)
        self._changed.set()
        if not entries and not page.more and walk.pages == 1:
            challenge = shows_challenge(response.body[:200_000].decode("latin-1"))
            reason = "a challenge instead of the listing" if challenge else "it names no article"
            return await self._leave_listing(walk, "unreadable", reason)
        if walk.listing.kind is ListingKind.INDEX and recorded.known_ground:
            return await self._end_listing(walk, None, on_known_ground=True)
        if walk.listing.kind is ListingKind.INDEX and self._all_before_since(entries):
            return await self._end_listing(walk, since)
        # An index page without its end may only be written so; but then it cannot be trusted to be the last one.
        if not page.complete and not (walk.listing.kind is ListingKind.INDEX and page.more):
            return await self._leave_listing(walk, "failed", "it was cut off; what it named so far was taken")
        return await self._next_page(walk, page, frozenset(entry.key for entry in entries))

    async def _next_page(self, walk: Walk, page: ListingPage, keys: frozenset[str]) -> list[Request]:
        if self._left == 0:
            return await self._leave_listing(walk, "read", f"read in part: -a limit={self.bounds.limit} was reached")
        repeated = bool(keys) and keys == walk.last_keys  # the same page for every number: paging without end
        walk.last_keys = keys
        if not repeated:
            walk.to_read += [url for url in page.more if url not in walk.met]
            walk.met.update(page.more)
        if not walk.to_read:
            return await self._end_listing(walk, None)
        if walk.pages >= MAX_LISTING_PAGES:
            return await self._leave_listing(walk, "failed", f"it has more than {MAX_LISTING_PAGES} pages")
        url = walk.to_read.pop(0)
        reason = self.refuse(url)
        if reason is not None:
            return await self._leave_listing(walk, "refused", f"its page {url[:200]}: {reason}")
        return [self._ask_listing(url, first=False)]

    async def _end_listing(self, walk: Walk, since: str | None, on_known_ground: bool = False) -> list[Request]:
        await self.writer.do(ledger.end_listing, walk.row, self.crawl_id, walk.began, since, on_known_ground)
        self._listings_read += 1
        return await self._next_listing()

    async def _leave_listing(self, walk: Walk, status: str, reason: str) -> list[Request]:
        """Note why a listing was not read to its end, and go on to the next one."""
        worked_before = await self.writer.do(ledger.leave_listing, walk.row, status, reason)
        if status == "read":
            self._listings_read += 1
        else:
            # A portal of unknown version names the feeds of several; those that were never there are no news.
            never_there = status == "gone" and walk.pages <= 1 and not worked_before
            level = logging.INFO if never_there else logging.WARNING
            self._log.log(level, "%s: the %s was not read: %s", walk.listing.url, walk.listing.kind.value, reason)
            if not never_there:
                self._listing_trouble.setdefault(reason, []).append(walk.listing.url)
        return await self._next_listing()

    async def _no_listing(self, failure: Failure) -> AsyncIterator[Request]:
        walk: Walk = failure.request.cb_kwargs["walk"]  # type: ignore[attr-defined]
        settlement = explain_failure(failure, failure.request)  # type: ignore[attr-defined]
        status = "refused" if settlement.outcome is Outcome.REFUSED else "failed"
        try:
            for request in await self._leave_listing(walk, status, settlement.reason or ""):
                yield request
        except ArchiveError as error:
            self._stop("archive", str(error))

    def _listed(self, entry: Listed) -> ListedUrl:
        return ListedUrl(
            url_key(entry.url),
            entry.url,
            listed_text=entry.printed_date,
            listed_at=self._listed_at(entry.printed_date),
            refused=self.refuse(entry.url),
        )

    def _listed_at(self, printed: str | None) -> datetime | None:
        if printed is None:
            return None
        moment = self._read_date(printed, self.portal.zone, datetime.now(UTC))
        return moment.at if isinstance(moment, Moment) else None

    def _all_before_since(self, entries: list[ListedUrl]) -> bool:
        dates = [entry.listed_at for entry in entries]
        return self.since is not None and bool(dates) and all(date and date < self.since for date in dates)

    # ------------------------------------------------------------------ articles

    async def _read_article(self, response: Response, due: Due) -> AsyncIterator[Article]:
        """Read one page; it ends stored by the stages or settled here with a reason."""
        trouble = judge_answer(response, self.portal)
        self._count_answer(trouble)
        if trouble is not None:
            await self._settle(due, trouble)
            return
        page = Page(
            response.url,
            response.body,
            (response.headers.get("Content-Type") or b"").decode("latin-1"),
            fetched_at=response.meta.get("received_at") or datetime.now(UTC),  # the kept page has the same moment
        )
        try:
            article = read_page(page, self.portal)
        except PageError as error:
            await self._settle(due, Settlement(error.outcome, error.reason, response.status))
            return
        yield replace(article, url_id=due.id, crawl_id=self.crawl_id, dates=(*article.dates, *listed_dates(due)))

    async def _no_article(self, failure: Failure) -> None:
        due: Due = failure.request.cb_kwargs["due"]  # type: ignore[attr-defined]
        settlement = explain_failure(failure, failure.request)  # type: ignore[attr-defined]
        if not isinstance(failure.value, IgnoreRequest):
            self._count_answer(settlement)
        await self._settle(due, settlement)
        if settlement.next_try_at is not None:
            self._stop("blocked", settlement.reason)

    def _count_answer(self, trouble: Settlement | None) -> None:
        """Leave the portal alone after too many refusals or failures in a row."""
        if trouble is None or trouble.outcome is not Outcome.FAILED:
            self._bad_answers = 0
            return
        self._bad_answers += 1
        if self._bad_answers >= self._give_up_after:
            self._stop("blocked", f"{self._bad_answers} answers in a row were no pages; the last: {trouble.reason}")

    async def _settle(self, due: Due, settlement: Settlement) -> None:
        try:
            await self.writer.do(ledger.settle, due.id, self.crawl_id, settlement)
        except ArchiveError as error:
            self._stop("archive", str(error))
            return
        self._log.log(
            logging.DEBUG if settlement.outcome is Outcome.KNOWN else logging.WARNING,
            "%s: %s: %s", due.url, settlement.outcome.value, settlement.reason,
        )  # fmt: skip
        self._release(due.id, settlement.outcome)

    def _release(self, url_id: int | None, outcome: Outcome) -> None:
        if url_id is not None and self._asked_for.pop(url_id, None) is not None:
            self.counts[outcome.value] += 1
        self._changed.set()

    # ------------------------------------------------------------------ what the stages made of an article

    def _on_stored(self, item: Article) -> None:
        self._release(item.url_id, Outcome.STORED)

    async def _on_dropped(self, item: Article, exception: BaseException) -> None:
        due = self._asked_for.get(item.url_id or 0)
        if isinstance(exception.__cause__, ArchiveError):
            self._stop("archive", str(exception))
            return
        if due is None:
            return
        outcome = getattr(exception, "outcome", Outcome.UNREADABLE)
        if outcome is Outcome.KNOWN:  # the archive settled it in the look-up's own transaction
            self._release(due.id, outcome)
        elif outcome is Outcome.PENDING:
            listed_at = item.published.at if item.published else None
            await self.writer.do(ledger.put_back, due.id, str(exception), listed_at)
            self._release(due.id, outcome)
        else:
            await self._settle(due, Settlement(outcome, str(exception), 200))

    async def _on_stage_error(self, item: Article, failure: Failure) -> None:
        due = self._asked_for.get(item.url_id or 0)
        if due is not None:
            await self._settle(due, Settlement(Outcome.FAILED, f"a stage failed: {failure.value!r}"[:300]))

    def _on_own_error(self, failure: Failure, response: Response) -> None:
        """Settle the address whose page our own code could not bear; Scrapy awaits no handler of this signal."""
        self._own_errors.append(asyncio.ensure_future(self._settle_own_error(failure, response)))

    async def _settle_own_error(self, failure: Failure, response: Response) -> None:
        due = response.request.cb_kwargs.get("due") if response is not None and response.request else None
        if due is not None:
            await self._settle(due, Settlement(Outcome.FAILED, f"our own error: {failure.value!r}"[:300]))
        elif self._walk is not None:
            self._ask(await self._leave_listing(self._walk, "failed", f"our own error: {failure.value!r}"[:300]))

    # ------------------------------------------------------------------ the end

    def end_in_time(self) -> None:
        """End the crawl because its time is over; what is left stays pending for the next one."""
        self._stop("time", "the time that was given is over; the next crawl goes on from here")

    async def abandon(self, reason: str) -> None:
        """Close the books of a crawl that was set up and could not begin."""
        if self.summary is not None:
            return
        with contextlib.suppress(ArchiveError):
            await self.writer.do(ledger.end_crawl, self.crawl_id, self.portal.id, "error", reason, 0, 0)
        self.writer.close()
        self._lock.close()

    def _stop(self, finish: str, reason: str | None) -> None:
        """End the crawl early, once; requests under way are waited for."""
        if self._finish is not None:
            return
        self._finish, self._finish_reason = finish, reason
        self._changed.set()
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
        except ArchiveError as error:
            finish, why = "archive", str(error)
        if finish == "finished" and counts["failed"] and not counts["stored"] + counts["known"]:
            finish, why = "incomplete", "no page that was asked for came whole"
        seconds = (datetime.now(UTC) - self._began).total_seconds()
        self.summary = Summary(self.portal.id, self.archive_path, finish, why, counts, requests, seconds)
        self.writer.close()
        self._lock.close()

    def _judge_finish(self, reason: str) -> tuple[str, str | None]:
        if self._finish is not None:
            return self._finish, self._finish_reason
        if reason != "finished":
            return "stopped", f"stopped by the operator or the system ({reason})"
        trouble = "; ".join(f"{', '.join(urls)}: {why}" for why, urls in self._listing_trouble.items()) or None
        if not self._listings_read:
            return "no listing", trouble or "none of its listings is there any more"
        if trouble:
            return "incomplete", trouble
        return ("limit" if self._left == 0 else "finished"), None


_LISTED_SOURCES = {
    # a sitemap's lastmod is the moment of a change, or of the file's making; never of publication
    "feed": (DateKind.PUBLISHED, DateSource.FEED),
    "index": (DateKind.PUBLISHED, DateSource.INDEX),
    "sitemap": (DateKind.UPDATED, DateSource.SITEMAP),
}


def listed_dates(due: Due) -> tuple[DateText, ...]:
    """Return the date that the listing printed, as evidence beside the page's own."""
    if due.listed_text is None or due.listing_kind is None:
        return ()
    kind, source = _LISTED_SOURCES[due.listing_kind]
    return (DateText(kind, source, due.listed_text),)
