"""The listings that a portal's file does not name, and its home page links; for crawls that the named ones fail."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from kwri_crawler.catalogue import Listing, ListingKind, Portal
from kwri_crawler.listings import ListingPage, linked_listings
from kwri_crawler.spiders import decide
from kwri_crawler.spiders.walk import Course, Leave, Walk
from kwri_crawler.web.addresses import url_key

if TYPE_CHECKING:
    from scrapy.http import Response

logger = logging.getLogger("kwri_crawler.spiders.portal")


class HomePage:
    """A portal's home page: a listing itself, perhaps, and what it links."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._named = {url_key(listing.url) for listing in portal.listings}
        self._linked: frozenset[str] = frozenset()  # keys of what it links: no articles
        self.is_read = False  # or asked for: once a crawl

    def begin(self) -> list[Listing]:
        """Return the home page as the first of the linked listings."""
        self.is_read = True
        return [Listing(ListingKind.INDEX, self._portal.home, self._portal.home)]

    def read(self, response: Response) -> list[Listing]:
        """Return the listings that the home page links, the likeliest first, without those of the portal's file."""
        found = linked_listings(response.body, response.url, self._portal)
        self._linked = frozenset(map(url_key, found))
        return [Listing(ListingKind.INDEX, url, self._portal.home) for url in found if url_key(url) not in self._named]

    def only_articles(self, page: ListingPage, walk: Walk, course: Course) -> ListingPage | Leave:
        """Return a page of a linked listing without the sections among its headings, or why it is no listing."""
        page = replace(page, entries=tuple(entry for entry in page.entries if entry.key not in self._linked))
        no_list = decide.refuse_linked(page, (entry.key for entry in page.entries), course) if walk.pages == 1 else None
        if no_list is None and walk.pages == 1:
            logger.info("%s: read as a listing, as the portal's home page links it", walk.listing.url)
        return no_list or page
