"""What reading a listing yields: addresses in the order printed, each once; what no crawl can ask for is set apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from kwri_crawler.catalogue import Portal
from kwri_crawler.urls import MAX_LENGTH, TOO_LONG, http_fault, join, url_key

MAX_ENTRIES = 50_000  # the most that a sitemap may hold by sitemaps.org; a page beyond it is not read on
NOT_AN_ARTICLE = "not an article's address"

# Stock words of Varient's router, renameable by the portal: no article lives there, yet 2.x's sitemap lists each tag.
_VARIENT_ROUTES = re.compile(
    r"/(?:[a-z]{2}/)?(?:(?:tag|profile|rss|rss-feeds|gallery-album)/.+|(?:posts|search|rss-feeds|gallery|reading-list)/?)"
)


class ListingError(Exception):
    """A listing that cannot be read at all; the message says what came instead."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Listed:
    url: str  # absolute, canonical
    printed_date: str | None  # as printed beside it, white space folded; null when none was


@dataclass(frozen=True, slots=True)
class Refused:
    url: str  # as far as it could be resolved, cut at MAX_LENGTH
    reason: str  # a fixed phrase


@dataclass(frozen=True, slots=True)
class ListingPage:
    entries: tuple[Listed, ...]
    more: tuple[str, ...]  # further pages of the same listing: the next index page, child sitemaps
    complete: bool = True  # False when the body was cut or too large: what was readable is here
    refused: tuple[Refused, ...] = ()  # named by the listing, and nothing that a crawl could ask for


class Gatherer:
    """Collect what one page of a listing names; base is what its links are relative to."""

    def __init__(self, portal: Portal, base: str) -> None:
        self.portal = portal
        self.base = base
        self.full = False
        self._entries: dict[str, Listed] = {}  # by key
        self._refused: dict[str, Refused] = {}  # by address
        self._more: dict[str, None] = {}

    def add(self, link: str, printed_date: str | None = None) -> None:
        """Take one link as printed; a second one to the same article only brings its date."""
        url = join(self.base, link[: 4 * MAX_LENGTH])  # what is longer is refused all the same
        reason = http_fault(url) or self._fault(url)
        if len(self._entries) + len(self._refused) >= MAX_ENTRIES:
            self.full = True
        elif reason is not None:
            self._refused.setdefault(url, Refused(url[:MAX_LENGTH], reason))
        else:
            key, date = url_key(url), fold(printed_date)
            known = self._entries.get(key)
            if known is None or (known.printed_date is None and date is not None):
                self._entries[key] = Listed(known.url if known else url, date)

    def add_more(self, link: str) -> None:
        """Take a link to a further page of the same listing; only the portal's own hosts are followed."""
        url = join(self.base, link)
        reason = http_fault(url) or (None if self.portal.owns(url) else "a listing on another host")
        if len(self._more) + len(self._refused) >= MAX_ENTRIES:
            self.full = True
        elif reason is not None:
            self._refused.setdefault(url, Refused(url[:MAX_LENGTH], reason))
        else:
            self._more.setdefault(url)

    @property
    def has_entries(self) -> bool:
        return bool(self._entries)

    def page(self, *, complete: bool = True) -> ListingPage:
        return ListingPage(
            tuple(self._entries.values()), tuple(self._more), complete and not self.full, tuple(self._refused.values())
        )

    def _fault(self, url: str) -> str | None:
        if len(url) > MAX_LENGTH:
            return TOO_LONG
        if not self.portal.owns(url):
            return None  # whose it is, the ledger settles
        split = urlsplit(url)
        front = split.path == "/" and not split.query
        routed = self.portal.family == "varient" and _VARIENT_ROUTES.fullmatch(split.path)
        return NOT_AN_ARTICLE if front or routed else None


def fold(text: str | None) -> str | None:
    """Fold white space and cut at 200 characters; null when nothing is left."""
    return " ".join((text or "")[:1000].split())[:200] or None
