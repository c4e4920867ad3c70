"""What a portal publishes about its articles, read into where they are; pure; refuses what is no listing."""

from __future__ import annotations

from datetime import datetime, timedelta

from kwri_crawler.catalogue import Listing, ListingKind, Portal
from kwri_crawler.catalogue.json_api import JsonApi
from kwri_crawler.listings import feed, wordpress
from kwri_crawler.listings.feed import read_feed
from kwri_crawler.listings.index import read_index
from kwri_crawler.listings.json_api import read_api
from kwri_crawler.listings.linked import is_of_all_news, linked_listings
from kwri_crawler.listings.listed import (
    MAX_ENTRIES,
    Listed,
    ListingError,
    ListingPage,
    Refused,
    ToldArticle,
    facts_of,
    seen_before,
)
from kwri_crawler.listings.sitemap import read_sitemap

__all__ = [
    "MAX_ENTRIES",
    "Listed",
    "ListingError",
    "ListingPage",
    "Refused",
    "ToldArticle",
    "can_slice",
    "facts_of",
    "first_pages",
    "is_of_all_news",
    "last_in",
    "linked_listings",
    "lists_last_in",
    "lists_newest",
    "read_listing",
    "reader_of",
    "seen_before",
    "smaller_pages",
]

_READERS = {ListingKind.FEED: read_feed, ListingKind.SITEMAP: read_sitemap, ListingKind.INDEX: read_index}


def read_listing(
    listing_kind: ListingKind,
    body: bytes,
    url: str,
    portal: Portal,
    headers: dict[str, str] | None = None,
    api: JsonApi | None = None,
) -> ListingPage:
    """Read one page of a listing as received from url; whatever the bytes, raises ListingError and nothing else.

    url keeps the fragment that the page before wrote into `more`: it says how much of the listing is read.
    headers are the answer's, their names in lower case; only WordPress's API says anything there. api says how a JSON
    API's answers are read.
    """
    if listing_kind is ListingKind.API:
        if api is None:
            raise ListingError("nothing says how its answers are to be read")
        return read_api(body, url, api, portal)
    if listing_kind is ListingKind.WORDPRESS:
        return wordpress.read_posts(body, url, portal, headers or {})
    return _READERS[listing_kind](body, url, portal)


def first_pages(
    listing: Listing,
    *,
    changed_after: datetime | None = None,
    after: datetime | None = None,
    before: datetime | None = None,
) -> tuple[str, ...]:
    """Name the pages that a reading of a listing begins with; moments are aware, the first and the one past the last.

    changed_after is null for a reading of the whole; else the moment of the last change that an earlier reading down to
    known ground saw. A listing that cannot be asked so (can_slice) begins at its top.
    """
    after = after and after - timedelta(seconds=1)  # WordPress leaves the moment itself out
    if listing.kind is ListingKind.WORDPRESS:
        if changed_after is None:
            return (wordpress.posts_url(listing.url, after=after, before=before),)
        # A post that was scheduled appears without being changed: what is newest is asked for too, by name only.
        changed = wordpress.posts_url(listing.url, changed_after=changed_after)
        return (changed, wordpress.posts_url(listing.url, names_only=True))
    if can_slice(listing):
        if changed_after is None:
            return (feed.blogger_url(listing.url, after=after, before=before),)
        return (feed.blogger_url(listing.url, most=25), feed.blogger_url(listing.url, changed_after=changed_after))
    return (listing.url,)


def can_slice(listing: Listing) -> bool:
    """Tell whether a listing can be asked for the articles of a span of days, and for what changed."""
    return listing.kind is ListingKind.WORDPRESS or (listing.kind is ListingKind.FEED and feed.is_blogger(listing.url))


def reader_of(listing: Listing) -> str:
    """Name the reader of the articles that a listing brings which can be asked for changes (can_slice)."""
    return wordpress.READER if listing.kind is ListingKind.WORDPRESS else feed.BLOGGER


def smaller_pages(listing: Listing, url: str) -> str | None:
    """Spell a page of a listing that was too large again, for fewer articles at once; null where none can be asked."""
    if listing.kind is ListingKind.WORDPRESS:
        return wordpress.smaller_pages(url)
    return feed.smaller_pages(url) if listing.kind is ListingKind.FEED else None


def lists_newest(url: str) -> bool:
    """Tell whether a page lists what is newest, rather than what changed last or came last into WordPress."""
    return not ("modified_after=" in url or "updated-min=" in url or lists_last_in(url))


def last_in(listing: Listing) -> str:
    """Spell the request for the names of the posts that came last into a WordPress: an import's are years old."""
    return wordpress.posts_url(listing.url, names_only=True, by_number=True)


def lists_last_in(url: str) -> bool:
    """Tell whether a page is one of last_in()."""
    return "orderby=id" in url
