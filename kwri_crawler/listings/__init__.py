"""What a portal publishes about its articles, read into where they are; pure; refuses what is no listing."""

from __future__ import annotations

from kwri_crawler.catalogue import ListingKind, Portal
from kwri_crawler.listings.feed import read_feed
from kwri_crawler.listings.index import read_index
from kwri_crawler.listings.listed import MAX_ENTRIES, Listed, ListingError, ListingPage, Refused
from kwri_crawler.listings.sitemap import read_sitemap

__all__ = ["MAX_ENTRIES", "Listed", "ListingError", "ListingPage", "Refused", "read_listing"]

_READERS = {ListingKind.FEED: read_feed, ListingKind.SITEMAP: read_sitemap, ListingKind.INDEX: read_index}


def read_listing(listing_kind: ListingKind, body: bytes, url: str, portal: Portal) -> ListingPage:
    """Read one page of a listing as received from url; whatever the bytes, raises ListingError and nothing else."""
    return _READERS[listing_kind](body, url, portal)
