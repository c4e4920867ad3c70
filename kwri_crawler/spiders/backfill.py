"""Walks a portal's past between two days, by the listing that can, in slices that a crawl may be cut short in.

A listing that can be asked for a span of days is read a month at a time; any other one once, from its top. Each slice
is noted in the archive with the page to go on with. Known ground is no end: what is missing may lie below it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from scrapy import Request

from kwri_crawler import clock
from kwri_crawler.archive import backfills, listings
from kwri_crawler.archive.ledger import ListedUrl
from kwri_crawler.archive.listings import PageOfListing
from kwri_crawler.catalogue import Listing
from kwri_crawler.listings import ListingPage, can_slice, first_pages, seen_before
from kwri_crawler.spiders import decide
from kwri_crawler.spiders.listings import Walker, headers_of
from kwri_crawler.spiders.walk import Walk, Why

if TYPE_CHECKING:
    from kwri_crawler.spiders.articles import Fetcher
    from kwri_crawler.spiders.crawl import Crawl

logger = logging.getLogger("kwri_crawler.spiders.portal")


def months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield the months between two days, newest first, the outer ones cut: (2023-12-01, 2023-12-31), ..."""
    end = last
    while end >= first:
        start = max(end.replace(day=1), first)
        yield start, end
        end = start - timedelta(days=1)


class Backfiller(Walker):
    """Reads one listing for a span of days; the next one if that cannot be read."""

    def __init__(self, crawl: Crawl, fetcher: Fetcher) -> None:
        super().__init__(crawl, fetcher)
        bounds = crawl.bounds
        if bounds.since is None or bounds.until is None:
            raise AssertionError("a back-fill has two bounds")
        self._first, self._last = bounds.since, bounds.until
        self._slices: list[tuple[date, date]] = []
        self._slice = (self._first, self._last)
        self._of = 0  # slices that this crawl set out to read
        self._listing: Listing | None = None

    async def begin(self) -> list[Request]:
        """Return the request for the first slice that is not read yet."""
        portal = self._crawl.portal
        self._states = await self._crawl.writer.do(listings.states, portal, None)
        self._to_read = decide.order_for_span(portal.listings, self._states)
        return await self.next_listing()

    async def next_listing(self) -> list[Request]:
        """Go on to the next listing, after one that could not be read."""
        self._look_at_home()
        if not self._to_read or self._crawl.is_over or (self._home.is_read and self.course.reached):
            self._set_out(None)
            self._crawl.note_change()
            return []
        self._listing = self._to_read.pop(0)
        whole = [(self._first, self._last)]
        self._slices = list(months(self._first, self._last)) if can_slice(self._listing) else whole
        self._of = len(self._slices)
        return await self._next_slice(self._listing)

    async def _next_slice(self, listing: Listing) -> list[Request]:
        crawl = self._crawl
        row, newest = await crawl.writer.do(listings.begin_listing, crawl.portal.id, listing)
        while self._slices:
            self._slice = first, last = self._slices.pop(0)
            done, go_on_at = await crawl.writer.do(backfills.begin, crawl.portal.id, first, last, row)
            if done:
                logger.info("%s to %s: read by an earlier back-fill", first, last)
                continue
            state = self._states.get(listing.url)
            walk = Walk(listing, row, newest, state)
            walk.tells = state.tells if state else None
            walk.suspected = True
            top = first_pages(listing, after=self._moment(first) - _SECOND, before=self._moment(last + _DAY))[0]
            page = go_on_at or top
            walk.met, walk.skipped = {page}, seen_before(page)
            self._set_out(walk)
            logger.info("%s to %s: reading %s", first, last, page)
            return [await self.ask(walk, page, first=True)]
        self._set_out(None)
        self._to_read = []
        self.course.read += 1
        self.course.reached = True
        crawl.note_change()
        return []

    def _moment(self, day: date) -> datetime:
        midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self._crawl.portal.zone))
        return midnight.astimezone(UTC)

    async def ask(self, walk: Walk, url: str, first: bool) -> Request:
        """Ask in full: what is unchanged may still be unread."""
        request = await super().ask(walk, url, first)
        walk.condition = None
        first_day, last_day = self._slice
        await self._crawl.writer.do(backfills.go_on_at, self._crawl.portal.id, first_day, last_day, walk.row, url)
        return request.replace(headers=headers_of(walk))

    async def _after_page(
        self, page: ListingPage, entries: list[ListedUrl], recorded: PageOfListing, walk: Walk
    ) -> list[Request]:
        dates = [entry.listed_at for entry in entries if entry.listed_at]
        if dates:
            logger.info("%s: down to %s", walk.listing.url, min(dates).date())
        # the page is read: a crawl that is cut short now goes on with the one after it
        return await super()._after_page(page, entries, replace(recorded, known_ground=False, meets_ground=False), walk)

    async def _end(self, walk: Walk, why: Why) -> list[Request]:
        first, last = self._slice
        if walk.listing.found_on is not None:
            self.course.note_end(walk, why, self._moment(first))
            if not self.course.reached:  # a section, say: what it names is taken, and the span stays open
                await self._crawl.writer.do(
                    backfills.fall_short, self._crawl.portal.id, first, last, walk.row, walk.oldest
                )
                return await self.next_listing()
        elif not walk.reaches(why, self._moment(first)):
            return await self._fall_short(walk)
        over = clock.now() > self._moment(last + _DAY)
        articles = await self._crawl.writer.do(
            backfills.finish, self._crawl.portal.id, first, last, walk.row, for_good=over
        )
        left = len(self._slices)
        logger.info(
            "%s to %s: read; %d of its articles are archived; %d of %d spans left",
            first,
            last,
            articles,
            left,
            self._of,
        )
        return await self._next_slice(walk.listing)

    async def _fall_short(self, walk: Walk) -> list[Request]:
        """Note that a listing does not lead as far back as the span; another one may."""
        first, last = self._slice
        await self._crawl.writer.do(backfills.fall_short, self._crawl.portal.id, first, last, walk.row, walk.oldest)
        logger.warning(
            "%s to %s: not read: %s leads back to %s only",
            first,
            last,
            walk.listing.url,
            walk.oldest.date() if walk.oldest else "an unknown day",
        )
        self.course.note_short(walk)
        return await self.next_listing()


_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
