"""Whether a feed's texts are whole: one of them beside its page tells, once a feed; stores nothing itself."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from scrapy import Request

from kwri_crawler import clock
from kwri_crawler.archive import ArchiveError, listings
from kwri_crawler.catalogue import ListingKind
from kwri_crawler.listings import Listed, ListingPage
from kwri_crawler.pages import PageError
from kwri_crawler.spiders.answers import judge_answer, page_of
from kwri_crawler.spiders.beside import Ending, in_reader

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from kwri_crawler.spiders.crawl import Crawl
    from kwri_crawler.spiders.walk import Walk

logger = logging.getLogger("kwri_crawler.spiders.portal")

CUT_SHARE = 0.8  # a feed's text with fewer of its page's words than this was cut

Found = AsyncIterator[Request]


class Sampler:
    """Asks for the page of one item; go_on(feed's answer, walk) then takes the feed's page."""

    def __init__(self, crawl: Crawl, go_on: Callable[[Response, Walk], Found]) -> None:
        self._crawl = crawl
        self._go_on = go_on

    def choose(self, page: ListingPage, walk: Walk) -> Listed | None:
        """Choose the item with the longest text; null when it is known whether the feed's texts are whole."""
        if walk.tells is not None or walk.listing.kind not in (ListingKind.FEED, ListingKind.API):
            return None
        told = [entry for entry in page.entries if entry.told and entry.told.html]
        told = [entry for entry in told if not self._crawl.refuse(entry.url)]
        return max(told, key=lambda entry: len(entry.told.html) if entry.told else 0, default=None)

    def ask(self, entry: Listed, listing: Response, walk: Walk) -> Request:
        """Make the request for the item's page."""
        return Request(
            entry.url,
            self._compare,
            errback=self._no_page,
            cb_kwargs={"walk": walk, "entry": entry, "listing": listing},
            priority=10,
            dont_filter=True,
        )

    async def _compare(self, response: Response, walk: Walk, entry: Listed, listing: Response) -> Found:
        portal = self._crawl.portal
        try:
            if judge_answer(response, portal) is None and entry.told is not None:
                told, page, is_paged = await in_reader(
                    self._crawl, "compare", entry.told, entry.url, page_of(response), portal, clock.now()
                )
                # WordPress's feed holds the first page of an article on several, and nothing in it says so.
                walk.tells = not is_paged and told >= CUT_SHARE * page
                await self._crawl.writer.do(listings.compared, walk.row, whole=walk.tells)
                if is_paged:
                    logger.info("%s: the portal has articles on several pages: asking for them", walk.listing.url)
                elif not walk.tells:
                    logger.info(
                        "%s: the feed's texts are cut (%d of %d words): asking for the pages",
                        walk.listing.url, told, page,
                    )  # fmt: skip
        except Ending:
            logger.info("%s: not read, as the crawl ends; the next one asks for it again", entry.url)
            return
        except PageError as error:
            logger.info("%s: the feed's texts cannot be compared with a page: %s", walk.listing.url, error)
        except ArchiveError as error:
            self._crawl.stop_for_archive(error)
            return
        async for found in self._go_on(listing, walk):
            yield found

    async def _no_page(self, failure: Failure) -> Found:
        arguments = failure.request.cb_kwargs  # type: ignore[attr-defined]
        async for found in self._go_on(arguments["listing"], arguments["walk"]):
            yield found
