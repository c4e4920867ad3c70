"""Reads a portal's listings, the cheapest first, each down to known ground; skips those that can tell nothing new.

A listing's page goes into the ledger before its articles are asked for, and a listing counts as read only when all that
it named is there: so a crawl may die at any moment.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.exceptions import CloseSpider

from kwri_crawler import clock
from kwri_crawler.archive import ArchiveError, answers, listings, visits
from kwri_crawler.archive.ledger import ListedUrl
from kwri_crawler.archive.listings import State
from kwri_crawler.catalogue import Listing, ListingKind
from kwri_crawler.dates import read_date
from kwri_crawler.items import Article, Moment, Outcome
from kwri_crawler.listings import (
    Listed,
    ListingError,
    ListingPage,
    can_slice,
    facts_of,
    first_pages,
    read_listing,
    tells_changes,
)
from kwri_crawler.pages.refuse import shows_challenge
from kwri_crawler.spiders.answers import explain_failure, judge_answer
from kwri_crawler.spiders.decide import Walk
from kwri_crawler.spiders.sample import Sampler
from kwri_crawler.web.addresses import url_key

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from kwri_crawler.spiders.articles import Fetcher
    from kwri_crawler.spiders.crawl import Crawl

logger = logging.getLogger("kwri_crawler.spiders.portal")

MAX_BARREN_PAGES = 50  # in a row: a sitemap index that leads to ever new ones, a calendar
MIN_SUSPECT = 20  # entries; a shorter list of the newest says too little about what it leaves out
CHALLENGE = "a challenge instead of the listing"


class Walker:
    """Reads the listings of one crawl, one after another."""

    def __init__(self, crawl: Crawl, fetcher: Fetcher) -> None:
        self._crawl = crawl
        self._fetcher = fetcher
        self.walk: Walk | None = None
        self.read = 0  # listings
        self.trouble: dict[str, list[str]] = {}  # reason -> listings
        self.fell_back: list[str] = []  # APIs in whose place other listings were read, each with the reason
        self._states: dict[str, State] = {}
        self._to_read: list[Listing] = []
        self._told_all = False  # one listing reached all that there is
        self._feeds_met: list[bool] = []  # for each feed that was read: whether it met known ground
        settings = crawl.settings
        self._sampler = Sampler(crawl, self._after_sample)
        self._all_every = timedelta(hours=settings.getfloat("ALL_LISTINGS_EVERY_H"))
        self._full_every_h = settings.getfloat("ASK_IN_FULL_EVERY_H")
        self._pages_max = settings.getint("LISTING_PAGES_MAX")
        self._has_no_pause = not settings.getfloat("DOWNLOAD_DELAY")
        self.since = crawl.bounds.since.isoformat() if crawl.bounds.since else None

    async def begin(self) -> list[Request]:
        """Return the request for the first listing."""
        portal = self._crawl.portal
        self._states = await self._crawl.writer.do(listings.states, portal, self.since)
        kinds = {listing.kind for listing in portal.listings}
        wanted = [
            listing
            for listing in portal.listings
            # a sitemap says nothing of publication, so with `since` index pages do
            if not (self.since and listing.kind is ListingKind.SITEMAP and ListingKind.INDEX in kinds)
        ]
        # The cheapest first; and what was not there the last time is tried only if all else leaves a question.
        order = {ListingKind.WORDPRESS: 0, ListingKind.FEED: 1}
        self._to_read = sorted(wanted, key=lambda one: (self._was_gone(one), order.get(one.kind, 2)))
        return await self.next_listing()

    def _set_out(self, walk: Walk | None) -> None:
        """Begin a walk; None when the listings are done."""
        self.walk = walk
        self._crawl.reading = walk.listing.kind if walk is not None else None

    def _was_gone(self, listing: Listing) -> bool:
        """Tell whether a listing was not there the last time; an API that refused us is as good as not there."""
        state = self._states.get(listing.url)
        closed = ("gone", "refused", "unreadable") if listing.kind is ListingKind.WORDPRESS else ("gone",)
        return state is not None and state.status in closed

    async def next_listing(self) -> list[Request]:
        """Return the request for the next listing that may tell something; none when there is no such."""
        # The walk before stands until the next one does: without any walk the crawl counts as done.
        crawl = self._crawl
        while self._to_read and not crawl.is_over:
            listing = self._to_read.pop(0)
            if await self._may_skip(listing):
                logger.debug("%s: not read: cheaper listings told all", listing.url)
                continue
            state = self._states.get(listing.url)
            row, newest = await crawl.writer.do(listings.begin_listing, crawl.portal.id, listing)
            walk = Walk(listing, row, newest, state)
            if state is not None:
                walk.tells, walk.paged = state.tells, bool(state.paged)
            again = state is not None and state.complete and state.status == "read"
            pages = first_pages(
                listing,
                changed_after=state.changed_at - timedelta(minutes=5) if again and state and state.changed_at else None,
                after=crawl.since,
            )
            walk.to_read = list(pages[1:])
            walk.met = set(pages)
            self._set_out(walk)
            return [await self.ask(walk, pages[0], first=True)]
        if not crawl.is_over:
            await crawl.writer.do(listings.join_feeds, crawl.portal.id, crawl.id)
        self._set_out(None)
        crawl.note_change()
        return []

    async def _may_skip(self, listing: Listing) -> bool:
        """Tell whether a listing need not be read: cheaper ones told all, and it had its turn not long ago."""
        state = self._states.get(listing.url)
        if state is None or state.tried_at is None:
            return self._told_all
        at = state.tried_at if self._was_gone(listing) else state.read_at
        lately = at is not None and clock.now() - at < self._all_every
        if self._told_all:
            return lately or not self._was_gone(listing)
        if listing.kind in (ListingKind.FEED, ListingKind.WORDPRESS) and not self._was_gone(listing):
            return False
        met = bool(self._feeds_met) and all(self._feeds_met)
        return lately and met and await self._crawl.writer.do(listings.is_joined, self._crawl.portal.id)

    async def ask(self, walk: Walk, url: str, first: bool) -> Request:
        """Make the request for a page of a listing, conditional where that is safe."""
        walk.url = url
        walk.condition = await self._crawl.writer.do(answers.condition, walk.row, url, self._full_every_h)
        # Further pages wait until the articles of those before are fetched: new articles come first.
        return Request(
            url,
            self._read_listing,
            errback=self._no_listing,
            headers=walk.condition.headers if walk.condition else None,
            cb_kwargs={"walk": walk},
            priority=10 if first else -10,
            dont_filter=True,
        )

    async def _read_listing(self, response: Response, walk: Walk) -> AsyncIterator[Request | Article]:
        """Enter what one page of a listing names in the ledger, pass on what it tells, go on to the next page."""
        crawl = self._crawl
        try:
            requests = await self._judge(response, walk)
            if requests is None:
                page = self._parse(response, walk)
                if isinstance(page, str):
                    requests = await self.leave(walk, "unreadable", page)
                elif (sample := self._sampler.choose(page, walk)) is not None:
                    yield self._sampler.ask(sample, response, walk)
                    return
                else:
                    if self._has_no_pause:
                        crawl.readers.expect(len(page.entries))
                    async for found in self._take(page, response, walk):
                        yield found
                    return
            for request in requests:
                yield request
        except ArchiveError as error:
            crawl.stop("archive", str(error))
            raise CloseSpider("archive") from error

    async def _judge(self, response: Response, walk: Walk) -> list[Request] | None:
        """Deal with an answer that is no page of the listing; null when it is one."""
        walk.pages += 1
        if response.status == 304 and walk.condition is not None:
            return await self._go_on(walk, on_ground=walk.condition.on_ground)
        trouble = judge_answer(response, self._crawl.portal, listing=walk.listing.kind)
        if trouble is None:
            return None
        past_the_end = response.status in (400, 404) and walk.paged and walk.pages > 1
        if past_the_end:
            return await self._go_on(walk)
        status = "gone" if response.status in (404, 410) else "failed"
        if response.status in (401, 403) and walk.listing.kind is ListingKind.WORDPRESS:
            status = "refused"
        return await self.leave(walk, status, trouble.reason or "")

    def _parse(self, response: Response, walk: Walk) -> ListingPage | str:
        headers = {
            name.decode("latin-1").lower(): b",".join(values).decode("latin-1")
            for name, values in response.headers.items()
        }
        try:
            page = read_listing(walk.listing.kind, response.body, response.url, self._crawl.portal, headers)
        except ListingError as error:
            return CHALLENGE if _is_challenge(response) else str(error)
        empty = not page.entries and not page.refused and not page.more
        return CHALLENGE if empty and _is_challenge(response) else page

    async def _after_sample(self, listing: Response, walk: Walk) -> AsyncIterator[Request | Article]:
        """Take a feed's page once its texts were compared with a page."""
        page = self._parse(listing, walk)
        if isinstance(page, str):
            raise AssertionError(page)  # it was parsed before
        try:
            async for found in self._take(page, listing, walk):
                yield found
        except ArchiveError as error:
            self._crawl.stop("archive", str(error))

    # ------------------------------------------------------------------ what a page names

    async def _take(self, page: ListingPage, response: Response, walk: Walk) -> AsyncIterator[Request | Article]:
        """Enter a page, pass its told articles through the stages, and only then go on or end the listing."""
        crawl = self._crawl
        crawl.count_answer(None)
        kind = walk.listing.kind
        tells = kind is ListingKind.WORDPRESS or bool(walk.tells)
        entries = [self._listed(entry, tells) for entry in page.entries]
        named = len(entries)
        entries += [ListedUrl(url_key(bad.url), bad.url, refused=bad.reason) for bad in page.refused]
        recorded = await crawl.writer.do(
            listings.record_page, crawl.portal.id, walk.row, crawl.id, entries, self.since, crawl.left
        )
        logger.debug("%s: %d entries, %d new", response.url, len(entries), recorded.new)
        walk.paged = walk.paged or page.paged
        changes = [entry.changed_at for entry in entries if entry.changed_at]
        walk.changed_at = max([*changes, *([walk.changed_at] if walk.changed_at else [])], default=None)
        await self._remember(response, page, walk)
        at = clock.now()
        tellings = [
            self._fetcher.take_told(due, told, at, entries[place].changed_at)
            for place, due in recorded.told
            if (told := page.entries[place].told) is not None
        ]
        for article in await asyncio.gather(*tellings):
            if article is not None:
                yield article
        await self._fetcher.settled([due for _, due in recorded.told])
        crawl.note_change()
        for request in await self._after_page(page, entries[:named], recorded, walk):
            yield request

    async def _remember(self, response: Response, page: ListingPage, walk: Walk) -> None:
        if self._crawl.bounds.until is not None or (walk.listing.kind is ListingKind.SITEMAP and page.more):
            return  # its children are asked for each by itself, and only it names them
        validators = [response.headers.get(name) for name in ("ETag", "Last-Modified")]
        etag, modified = (value.decode("latin-1") if value else None for value in validators)
        await self._crawl.writer.do(
            answers.remember, walk.row, walk.url, self._crawl.id, etag, modified, leads_on=bool(page.more)
        )

    async def _after_page(
        self, page: ListingPage, entries: list[ListedUrl], recorded: listings.PageOfListing, walk: Walk
    ) -> list[Request]:
        kind = walk.listing.kind
        if not entries and not page.refused and not page.more and walk.pages == 1 and kind is not ListingKind.WORDPRESS:
            return await self.leave(walk, "unreadable", "it names no article")
        newest_first = kind is not ListingKind.SITEMAP and not tells_changes(walk.url)
        if newest_first and kind is not ListingKind.INDEX:
            await self._suspect(page, entries, walk)
        if kind is ListingKind.INDEX and recorded.known_ground:
            return await self._go_on(walk, stop=True, on_ground=True)
        if newest_first and kind is not ListingKind.INDEX and recorded.meets_ground:
            return await self._go_on(walk, on_ground=True)
        if newest_first and self._all_before_since(entries):
            return await self._go_on(walk, stop=not can_slice(walk.listing))  # its changes are still to be read
        # An index page without its end may only be written so; but then it cannot be trusted to be the last one.
        if not page.complete and not (kind is ListingKind.INDEX and page.more):
            return await self.leave(walk, "failed", "it was cut off; what it named so far was taken")
        keys = {entry.key for entry in entries}
        walk.barren = 0 if keys - walk.named else walk.barren + 1
        walk.named |= keys
        if walk.barren >= MAX_BARREN_PAGES:
            return await self.leave(walk, "failed", f"{walk.barren} of its pages in a row named nothing new")
        repeated = bool(keys) and walk.barren > 0  # the same articles for every number: paging without end
        if not repeated or kind is ListingKind.SITEMAP or can_slice(walk.listing):
            known = [*(url for url in page.more if url not in walk.met), *walk.to_read]
            # One more than may still be asked for tells that there are more; a page may name 50,000.
            room = self._pages_max - walk.pages + 1
            walk.to_read = known[:room]
            walk.met.update(page.more)
            walk.met.difference_update(known[room:])
        return await self._go_on(walk)

    async def _suspect(self, page: ListingPage, entries: list[ListedUrl], walk: Walk) -> None:
        """Have the articles asked for again that the first page of a list of the newest leaves out."""
        if walk.suspected:
            return
        walk.suspected = True
        dates = [entry.listed_at for entry in entries if entry.listed_at]
        if len(dates) == len(entries) >= MIN_SUSPECT and page.complete and dates == sorted(dates, reverse=True):
            keys = [entry.key for entry in entries]
            await self._crawl.writer.do(visits.suspect, self._crawl.portal.id, keys, dates[-1])

    async def _go_on(self, walk: Walk, *, stop: bool = False, on_ground: bool = False) -> list[Request]:
        """Ask for the next page of a listing, or end it."""
        crawl = self._crawl
        walk.on_ground = walk.on_ground or on_ground
        if not stop and crawl.left == 0:
            return await self.leave(walk, "read", f"read in part: -a limit={crawl.bounds.limit} was reached")
        if stop or not walk.to_read:
            return await self._end(walk)
        if walk.pages >= self._pages_max:
            return await self.leave(walk, "failed", f"it has more than {self._pages_max} pages (LISTING_PAGES_MAX)")
        url = walk.to_read.pop(0)
        reason = crawl.refuse(url)
        if reason is not None:
            return await self.leave(walk, "refused", f"its page {url[:200]}: {reason}")
        return [await self.ask(walk, url, first=False)]

    async def _end(self, walk: Walk) -> list[Request]:
        crawl = self._crawl
        await crawl.writer.do(
            listings.end_listing,
            walk.row,
            crawl.id,
            walk.began,
            self.since,
            walk.on_ground,
            paged=walk.paged,
            changed_at=walk.changed_at,
        )
        self.read += 1
        if walk.paged:
            self._told_all = True
        elif walk.listing.kind is ListingKind.FEED:
            self._feeds_met.append(walk.on_ground)
        return await self.next_listing()

    async def leave(self, walk: Walk, status: str, reason: str) -> list[Request]:
        """Note why a listing was not read to its end, and go on to the next one."""
        worked_before = await self._crawl.writer.do(listings.leave_listing, walk.row, status, reason)
        if status == "read":
            self.read += 1
        else:
            # A portal of unknown version names the feeds of several; those that were never there are no news.
            never_there = status == "gone" and walk.pages <= 1 and not worked_before
            level = logging.INFO if never_there else logging.WARNING
            rest = f"; falling back to {self._to_read[0].url}" if self._to_read else ""
            logger.log(level, "%s: the %s was not read: %s%s", walk.listing.url, walk.listing.kind.value, reason, rest)
            if walk.listing.kind is ListingKind.WORDPRESS:
                self.fell_back.append(f"{walk.listing.url}: {reason}")
            elif not never_there:
                self.trouble.setdefault(reason, []).append(walk.listing.url)
        return await self.next_listing()

    async def _no_listing(self, failure: Failure) -> AsyncIterator[Request]:
        walk: Walk = failure.request.cb_kwargs["walk"]  # type: ignore[attr-defined]
        settlement = explain_failure(failure, failure.request)  # type: ignore[attr-defined]
        status = "refused" if settlement.outcome is Outcome.REFUSED else "failed"
        try:
            for request in await self.leave(walk, status, settlement.reason or ""):
                yield request
        except ArchiveError as error:
            self._crawl.stop("archive", str(error))

    def _listed(self, entry: Listed, tells: bool) -> ListedUrl:
        listed_at = self._read_moment(entry.printed_date)
        same = entry.changed == entry.printed_date  # a sitemap has one date
        inside = listed_at is None or self._crawl.is_inside(listed_at)
        return ListedUrl(
            entry.key,
            entry.url,
            listed_text=entry.printed_date,
            listed_at=listed_at,
            refused=self._crawl.refuse(entry.url),
            changed_at=listed_at if same else self._read_moment(entry.changed),
            told=tells and entry.told is not None and bool(entry.told.html) and inside,
            facts=facts_of(entry.told),
        )

    def _read_moment(self, printed: str | None) -> datetime | None:
        if printed is None:
            return None
        moment = read_date(printed, self._crawl.portal.zone, clock.now())
        return moment.at if isinstance(moment, Moment) else None

    def _all_before_since(self, entries: list[ListedUrl]) -> bool:
        since = self._crawl.since
        dates = [entry.listed_at for entry in entries]
        return since is not None and bool(dates) and all(date and date < since for date in dates)


def _is_challenge(response: Response) -> bool:
    return shows_challenge(response.body[:200_000].decode("latin-1"))
