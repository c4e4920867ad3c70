"""What one answer of a listing names, as the ledger takes it; asks for nothing and writes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kwri_crawler import clock
from kwri_crawler.archive.ledger import ListedUrl
from kwri_crawler.causes import Cause
from kwri_crawler.dates import read_date
from kwri_crawler.items import Moment
from kwri_crawler.listings import Listed, ListingError, ListingPage, can_slice, facts_of, read_listing
from kwri_crawler.pages.moved import A_STUB, sent_to
from kwri_crawler.pages.refuse import shows_challenge
from kwri_crawler.pages.source import Source
from kwri_crawler.spiders.answers import page_of, refresh_of
from kwri_crawler.spiders.walk import Leave, Walk
from kwri_crawler.web.addresses import url_key

if TYPE_CHECKING:
    from scrapy.http import Response

    from kwri_crawler.catalogue import Listing, Portal
    from kwri_crawler.spiders.crawl import Crawl

CHALLENGED = Leave("unreadable", "a challenge instead of the listing", Cause.BLOCK)


def read_answer(response: Response, walk: Walk, portal: Portal) -> ListingPage | Leave:
    """Return what an answer names, or why the listing is to be left."""
    listing, fragment = walk.listing, urlsplit(walk.url).fragment  # which Scrapy keeps from the answer
    url = f"{response.url.partition('#')[0]}#{fragment}" if fragment else response.url
    headers = {
        name.decode("latin-1").lower(): b",".join(values).decode("latin-1") for name, values in response.headers.items()
    }
    try:
        page = read_listing(listing.kind, response.body, url, portal, headers, listing.api)
    except ListingError as error:
        return CHALLENGED if _is_challenge(response) else Leave("unreadable", str(error), Cause.UNREAD)
    return CHALLENGED if names_nothing(page) and _is_challenge(response) else page


def names_nothing(page: ListingPage | Leave) -> bool:
    """Say whether an answer names neither articles nor further pages, and is no challenge."""
    if isinstance(page, Leave):
        return page is not CHALLENGED
    return not (page.entries or page.refused or page.more)


def sent_on(response: Response) -> str | None:
    """Return the address to which an answer sends its reader at once; None if it stays.

    What it calls its canonical is not meant: the pages of a list often name the first one.
    """
    if (header := refresh_of(response)) is not None or len(response.body) > A_STUB:
        return header
    return sent_to(Source.of(page_of(response)))


def listed_urls(page: ListingPage, crawl: Crawl, listing: Listing, *, tells: bool) -> list[ListedUrl]:
    """Return a page's entries, in its order; tells is True for a listing that brings whole articles."""
    return [_listed_url(entry, crawl, tells=tells, stamps=can_slice(listing)) for entry in page.entries]


def refused_urls(page: ListingPage) -> list[ListedUrl]:
    """Return what a page names that is no address of an article."""
    return [ListedUrl(url_key(bad.url), bad.url, refused=bad.reason, cause=bad.cause) for bad in page.refused]


def _listed_url(entry: Listed, crawl: Crawl, *, tells: bool, stamps: bool) -> ListedUrl:
    listed_at = _read_moment(entry.printed_date, crawl.portal)
    same = entry.changed == entry.printed_date  # a sitemap has one date
    inside = listed_at is None or crawl.is_inside(listed_at)
    told = tells and entry.told is not None and bool(entry.told.html) and inside
    # Plug-ins and hand-made feeds leave `updated` as it was; a whole text is compared whatever its stamp says.
    trusted = stamps or not told
    return ListedUrl(
        entry.key,
        entry.url,
        listed_text=entry.printed_date,
        listed_at=listed_at,
        refused=crawl.refuse(entry.url),
        changed_at=(listed_at if same else _read_moment(entry.changed, crawl.portal)) if trusted else None,
        told=told,
        facts=facts_of(entry.told),
    )


def _read_moment(printed: str | None, portal: Portal) -> datetime | None:
    """Return a date that a listing printed, aware; None for none and for one that cannot be read."""
    if printed is None:
        return None
    moment = read_date(printed, portal.zone, clock.now())
    return moment.at if isinstance(moment, Moment) else None


def _is_challenge(response: Response) -> bool:
    return shows_challenge(response.body[:200_000].decode("latin-1"))
