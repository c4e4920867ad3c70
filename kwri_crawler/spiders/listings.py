"""Reads a portal's listings, the cheapest first, each down to known ground; skips those that can say nothing new.

What is done next is decided in decide.py. A listing's page goes into the ledger before its articles are asked for, and
a listing counts as read only when all that it named is there: so a crawl may die at any moment.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.exceptions import CloseSpider

from kwri_crawler import clock
from kwri_crawler.archive import ArchiveError, answers, counted, listings, visits
from kwri_crawler.archive.ledger import ListedUrl
from kwri_crawler.archive.listings import PageOfListing, State
from kwri_crawler.catalogue import Listing, ListingKind
from kwri_crawler.clock import is_within
from kwri_crawler.listings import ListingPage, can_slice, last_in, reader_of, wordpress
from kwri_crawler.spiders import decide
from kwri_crawler.spiders.answers import explain_failure, follow, judge_answer
from kwri_crawler.spiders.beside import Ending, beside
from kwri_crawler.spiders.entries import listed_urls, names_nothing, read_answer, refused_urls, sent_on
from kwri_crawler.spiders.home import HomePage
from kwri_crawler.spiders.sample import Sampler
from kwri_crawler.spiders.walk import Ask, Course, Leave, Turn, Walk, Why

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from kwri_crawler.spiders.articles import Fetcher
    from kwri_crawler.spiders.crawl import Crawl

logger = logging.getLogger("kwri_crawler.spiders.portal")

Found = AsyncIterator[Request]

# A GraphQL server may answer a browser with a page to try queries on.
_ACCEPTS = {ListingKind.API: {"Accept": "application/json, text/html;q=0.8, */*;q=0.5"}}


def headers_of(walk: Walk) -> dict[str, str]:
    """Return what a listing's requests say beside what all do."""
    return _ACCEPTS.get(walk.listing.kind, {})


class Walker:
    """Reads the listings of one crawl, one after another."""

    def __init__(self, crawl: Crawl, fetcher: Fetcher) -> None:
        self._crawl = crawl
        self._fetcher = fetcher
        self.walk: Walk | None = None
        self.course = Course()
        self._states: dict[str, State] = {}
        self._to_read: list[Listing] = []
        self._home = HomePage(crawl.portal)
        settings = crawl.settings
        self._sampler = Sampler(crawl, self._after_sample)
        self._all_every = timedelta(hours=settings.getfloat("ALL_LISTINGS_EVERY_H"))
        self._full_every_h = settings.getfloat("ASK_IN_FULL_EVERY_H")
        self._pages_max = settings.getint("LISTING_PAGES_MAX")
        self._has_no_pause = not settings.getfloat("DOWNLOAD_DELAY")
        self._since = crawl.bounds.since.isoformat() if crawl.bounds.since else None

    async def begin(self) -> list[Request]:
        """Return the request for the first listing."""
        portal = self._crawl.portal
        self._states = await self._crawl.writer.do(listings.states, portal, self._since)
        self._to_read = decide.order(portal.listings, self._states, bounded=self._since is not None)
        return await self.next_listing()

    def _set_out(self, walk: Walk | None) -> None:
        """Begin a walk; None when the listings are done."""
        self.walk = walk
        self._crawl.reading = walk.listing.kind if walk is not None else None

    async def next_listing(self) -> list[Request]:
        """Return the request for the next listing that may say something new; none when there is no such."""
        # The walk before stands until the next one does: without any walk the crawl counts as done.
        crawl = self._crawl
        self._look_at_home()
        while self._to_read and not crawl.is_over:
            listing = self._to_read.pop(0)
            if listing.found_on is not None and self.course.reached:
                continue
            state = self._states.get(listing.url)
            joined = await crawl.writer.do(listings.is_joined, crawl.portal.id)
            if decide.may_skip(listing, state, self.course, joined=joined, now=clock.now(), all_every=self._all_every):
                logger.debug("%s: not read: cheaper listings told all", listing.url)
                continue
            row, newest = await crawl.writer.do(listings.begin_listing, crawl.portal.id, listing)
            walk = Walk(listing, row, newest, state)
            if state is not None:
                walk.tells, walk.paged = state.tells, bool(state.paged)
            first, *rest = decide.first_urls(listing, state, crawl.since)
            walk.to_read, walk.met = rest, {first, *rest}
            self._set_out(walk)
            return [await self.ask(walk, first, first=True)]
        if not crawl.is_over:
            await crawl.writer.do(listings.join_feeds, crawl.portal.id, crawl.id)
        self._set_out(None)
        crawl.note_change()
        return []

    def _look_at_home(self) -> None:
        """Have the home page read, and then what it links, where the listings of the portal's file are not enough."""
        if self._to_read or self._crawl.is_over or self._crawl.left == 0:
            return
        if self._home.is_read:
            self.course.settle_linked()
            return
        state = self._states.get(self._crawl.portal.home)
        lately = state is not None and state.tried_at and is_within(state.tried_at, self._all_every, clock.now())
        if decide.asks_home(self.course, bounded=self._since is not None, lately=bool(lately)):
            self._to_read = self._home.begin()
            logger.info("%s: looking for listings there: those that are known are not enough", self._to_read[0].url)

    async def ask(self, walk: Walk, url: str, first: bool) -> Request:
        """Make the request for a page of a listing, conditional where that is safe."""
        walk.url = url
        if walk.listing.found_on is None:  # of a linked one all is wanted
            walk.condition = await self._crawl.writer.do(answers.condition, walk.row, url, self._full_every_h)
        # Further pages wait until the articles of those before are fetched: new articles come first.
        return Request(
            url,
            self._read_listing,
            errback=self._no_listing,
            headers={**headers_of(walk), **(walk.condition.headers if walk.condition else {})},
            cb_kwargs={"walk": walk},
            priority=10 if first else -10,
            dont_filter=True,
        )

    # ------------------------------------------------------------------ what an answer is

    async def _read_listing(self, response: Response, walk: Walk) -> Found:
        """Enter what one page of a listing names in the ledger, pass on what it tells, go on to the next page."""
        try:
            walk.pages += 1
            trouble = judge_answer(response, self._crawl.portal, listing=walk.listing.kind)
            refuses_size = walk.listing.kind is ListingKind.WORDPRESS and wordpress.refuses_size(response.body)
            step = decide.after_answer(response.status, trouble, walk, refuses_size=refuses_size)
            if response.status == 304:
                walk.note_unchanged()
            if isinstance(step, Ask):
                logger.info("%s: %s: asking for smaller pages", walk.url, trouble.reason if trouble else "")
                walk.pages -= 1
                yield await self.ask(walk, step.url, first=True)
                return
            page: Turn | Leave | ListingPage | None = step
            if page is None:
                page = await beside(self._crawl, response, read_answer, response, walk, self._crawl.portal)
                moved = follow(sent_on(response), response, self._crawl.refuse) if names_nothing(page) else None
                if moved is not None:
                    walk.pages -= 1
                    yield moved
                    return
                if walk.listing.found_on is not None:
                    page = await self._read_linked(page, response, walk)
            if isinstance(page, Turn | Leave):
                for request in await self._take_step(walk, page):
                    yield request
            elif (sample := self._sampler.choose(page, walk)) is not None:
                yield self._sampler.ask(sample, response, walk)
            else:
                if self._has_no_pause:
                    self._crawl.readers.expect(len(page.entries))
                async for found in self._take(page, response, walk):
                    yield found
        except Ending:
            logger.info("%s: not read, as the crawl ends; the next one asks for it again", walk.url)
        except ArchiveError as error:
            self._crawl.stop_for_archive(error)
            raise CloseSpider("archive") from error

    async def _read_linked(self, page: ListingPage | Leave, response: Response, walk: Walk) -> ListingPage | Leave:
        """Return what a page of a linked listing names without sections, or why it is none; note what home links."""
        if walk.is_home and walk.pages == 1:
            self._to_read += await beside(self._crawl, response, self._home.read, response)
        return page if isinstance(page, Leave) else self._home.only_articles(page, walk, self.course)

    async def _after_sample(self, listing: Response, walk: Walk) -> Found:
        """Take a feed's page once its texts were compared with a page."""
        try:
            page = await beside(self._crawl, listing, read_answer, listing, walk, self._crawl.portal)
            if isinstance(page, Leave):
                raise AssertionError(page.reason)  # it was parsed before
            async for found in self._take(page, listing, walk):
                yield found
        except Ending:
            logger.info("%s: not read, as the crawl ends; the next one asks for it again", walk.url)
        except ArchiveError as error:
            self._crawl.stop_for_archive(error)

    # ------------------------------------------------------------------ what a page names

    async def _take(self, page: ListingPage, response: Response, walk: Walk) -> Found:
        """Enter a page, pass its told articles through the stages, and only then go on or end the listing."""
        crawl = self._crawl
        crawl.count_answer(None)
        tells = walk.listing.kind is ListingKind.WORDPRESS or bool(walk.tells)
        entries = await beside(self._crawl, response, listed_urls, page, crawl, walk.listing, tells=tells)
        refused = refused_urls(page)
        recorded = await crawl.writer.do(
            listings.record_page, crawl.portal.id, walk.row, crawl.id, [*entries, *refused], self._since, crawl.left
        )
        logger.debug("%s: %d entries, %d new", response.url, len(entries) + len(refused), recorded.new)
        walk.note_entries(page, entries)
        walk.known += recorded.known
        await self._remember(response, page, walk)
        at = clock.now()
        tellings = [
            self._fetcher.take_told(due, told, at, entries[place].changed_at)
            for place, due in recorded.told
            if (told := page.entries[place].told) is not None
        ]
        articles = [article for article in await asyncio.gather(*tellings) if article is not None]
        await crawl.sender.pass_on(articles, response)
        await self._fetcher.settled([due for _, due in recorded.told])
        crawl.note_change()
        for request in await self._after_page(page, entries, recorded, walk):
            yield request

    async def _remember(self, response: Response, page: ListingPage, walk: Walk) -> None:
        if (
            self._crawl.bounds.until is not None
            or walk.listing.found_on is not None
            or (walk.pages == 1 and not walk.names_own)  # the next crawl is to see by itself that nothing is there
            or (walk.listing.kind is ListingKind.SITEMAP and page.more)
        ):
            return  # its children are asked for each by itself, and only it names them
        validators = [response.headers.get(name) for name in ("ETag", "Last-Modified")]
        etag, modified = (value.decode("latin-1") if value else None for value in validators)
        await self._crawl.writer.do(
            answers.remember, walk.row, walk.url, self._crawl.id, etag, modified, leads_on=bool(page.more)
        )

    async def _after_page(
        self, page: ListingPage, entries: list[ListedUrl], recorded: PageOfListing, walk: Walk
    ) -> list[Request]:
        oldest = decide.suspects_since(page, entries, walk)
        walk.suspected = walk.suspected or decide.is_newest_first(walk)
        if oldest is not None:
            keys = [entry.key for entry in entries]
            await self._crawl.writer.do(visits.suspect, self._crawl.portal.id, keys, oldest)
        turn = decide.after_page(page, entries, recorded, walk, self._crawl.since)
        if decide.may_look_for_removed(turn, walk, bounded=self._since is not None) and await self._misses_some(walk):
            turn = Turn(Why.GROUND, follow=True)
        elif decide.asks_for_last_in(turn, walk, bounded=self._since is not None):
            walk.note_further((last_in(walk.listing),), self._pages_max)
        if isinstance(turn, Turn) and turn.follow:
            self._crawl.abroad.note(page.more)
            walk.note_further(page.more, self._pages_max)
        return await self._take_step(walk, turn)

    async def _misses_some(self, walk: Walk) -> bool:
        """Tell whether a listing counts fewer posts than are archived, and its pages so far do not show which.

        Or so many more than it did that not all of them were found yet.
        """
        do, portal, reader = self._crawl.writer.do, self._crawl.portal.id, reader_of(walk.listing)
        if await do(counted.grown, portal, walk.row, walk.total) > decide.MAY_WITHHOLD:
            return True
        if not walk.uncounted:
            walk.uncounted = await do(visits.uncounted, portal, walk.row, walk.total, reader)
        return walk.uncounted > 0 and await do(visits.left_out, portal, walk.listed, reader, walk.row) < walk.uncounted

    # ------------------------------------------------------------------ what follows

    async def _take_step(self, walk: Walk, turn: Turn | Leave) -> list[Request]:
        """Ask for the next page of a listing, or end it, or leave it."""
        crawl = self._crawl
        if isinstance(turn, Leave):
            return await self.leave(walk, turn)
        walk.on_ground = walk.on_ground or turn.why is Why.GROUND
        step = decide.next_step(
            walk,
            turn,
            left=crawl.left,
            limit=crawl.bounds.limit,
            pages_max=self._pages_max,
            refuse=crawl.refuse,
        )
        if isinstance(step, Ask):
            walk.to_read.remove(step.url)
            return [await self.ask(walk, step.url, first=False)]
        if isinstance(step, Leave):
            return await self.leave(walk, step)
        return await self._end(walk, step.why)

    async def _end(self, walk: Walk, why: Why) -> list[Request]:
        if walk.total and can_slice(walk.listing) and self._since is None:
            await self._crawl.writer.do(counted.note_total, self._crawl.portal.id, walk.row, walk.total)
        await self._crawl.writer.do(
            listings.end_listing,
            walk.row,
            self._crawl.id,
            walk.began,
            self._since,
            walk.on_ground,
            paged=walk.paged,
            shallow=walk.is_shallow,
            changed_at=walk.changed_at,
            oldest=walk.oldest,
        )
        if walk.uncounted:
            count = await self._crawl.writer.do(
                visits.suspect_missing, self._crawl.portal.id, walk.listed, missing=walk.uncounted
            )
            if count < visits.SUSPECTS_MAX:  # else the next crawl asks for the others
                await self._crawl.writer.do(visits.note_uncounted, walk.row, walk.uncounted)
            logger.info(
                "%s: counts %d fewer than are archived; %d are asked for", walk.listing.url, walk.uncounted, count
            )
        if decide.names_all(walk, why):
            await self._crawl.writer.do(visits.suspect_missing, self._crawl.portal.id, walk.named)
        self.course.note_end(walk, why, self._crawl.since)
        return await self.next_listing()

    async def leave(self, walk: Walk, leave: Leave) -> list[Request]:
        """Note why a listing was not read to its end, and go on to the next one."""
        worked_before = await self._crawl.writer.do(
            listings.leave_listing, walk.row, leave.status, leave.reason, leave.cause
        )
        never_there = decide.is_never_there(leave, walk, worked_before=worked_before)
        if leave.status != "read":
            found = walk.listing.found_on is not None
            level = logging.INFO if never_there or found else logging.WARNING
            rest = f"; falling back to {self._to_read[0].url}" if self._to_read else ""
            kind = walk.listing.kind.value
            logger.log(level, "%s: the %s was not read: %s%s", walk.listing.url, kind, leave.reason, rest)
        if walk.listing.found_on is not None and not walk.named and (self._since is not None or not walk.is_home):
            await self._crawl.writer.do(listings.drop_linked, walk.row)
        self.course.note_left(walk, leave, never_there=never_there)
        return await self.next_listing()

    async def _no_listing(self, failure: Failure) -> AsyncIterator[Request]:
        walk: Walk = failure.request.cb_kwargs["walk"]  # type: ignore[attr-defined]
        trouble = explain_failure(failure, failure.request)  # type: ignore[attr-defined]
        try:
            step = decide.after_no_answer(trouble, walk)
            if isinstance(step, Ask):
                logger.info("%s: %s: asking for smaller pages", walk.url, trouble.reason)
                yield await self.ask(walk, step.url, first=False)
                return
            for request in await self.leave(walk, step):
                yield request
        except ArchiveError as error:
            self._crawl.stop_for_archive(error)
