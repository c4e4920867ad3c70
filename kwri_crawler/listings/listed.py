"""What reading a listing yields: addresses in the order printed, each once; what no crawl can ask for is set apart."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from kwri_crawler.catalogue import Portal
from kwri_crawler.causes import Cause
from kwri_crawler.web.addresses import (
    MAX_LENGTH,
    TOO_LONG,
    WORDPRESS_PAGERS,
    host_of,
    http_fault,
    join,
    refuse_reason,
    url_key,
)

MAX_ENTRIES = 50_000  # the most that a sitemap may hold by sitemaps.org; a page beyond it is not read on
NOT_AN_ARTICLE = "not an article's address"

# Stock words of Varient's router, renameable by the portal: no article lives there, yet 2.x's sitemap lists each tag.
_VARIENT_ROUTES = re.compile(
    r"/(?:[a-z]{2}/)?(?:(?:tag|profile|rss|rss-feeds|gallery-album)/.+|(?:posts|search|rss-feeds|gallery|reading-list)/?)"
)
# What WordPress and most other makes keep lists, people and searches under; pages too, where permalinks are plain.
_ROUTES = re.compile(
    r"/(?:tags?|category|categories|author|label|page|search)/[^/]+(?:/page/\d+)?/?|/search/label/[^/]+/?"
)
_PAGER = re.compile(rf"class=[\"'][^\"']{{0,100}}\b(?:{'|'.join(WORDPRESS_PAGERS)})\b")
_PLAIN_ROUTES = re.compile(r"(?:cat|tag|author|s|m|paged|page_id|feed|attachment_id)=.*")

_AROUND = " \t\r\n\f\v\u00a0\u200b\u200e\u200f\u2060\ufeff"  # blanks, and signs without width
_HAS_SCHEME = re.compile(r"https?://[^/:]+(?:[/?#]|:\d|$)|/", re.IGNORECASE)
_HOST_FIRST = re.compile(
    r"(?:https?[:/]{1,5}){0,2}(?P<host>[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,9})(?=[:/?#]|$)", re.IGNORECASE
)


class ListingError(Exception):
    """A listing that cannot be read at all; the message says what came instead."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ToldArticle:
    """What a listing tells of an article: the whole, so that its page need not be asked for, or a few facts."""

    title: str  # as told: HTML or text, entities not undone
    html: str  # the body; empty when the listing has only an excerpt of it, or none
    published: str | None  # as printed
    updated: str | None
    author: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    lead: str | None = None  # HTML; null when the listing has none but the body's beginning
    image_url: str | None = None
    reader: str = "feed"


@dataclass(frozen=True, slots=True)
class Listed:
    key: str  # urls.url_key of url
    url: str  # absolute, canonical
    printed_date: str | None  # as printed beside it, white space folded; null when none was
    changed: str | None = None  # the moment of its last change, machine-printed; null when the listing knows none
    told: ToldArticle | None = None  # null when the listing names addresses only


@dataclass(frozen=True, slots=True)
class Refused:
    url: str  # as far as it could be resolved, cut at MAX_LENGTH
    reason: str  # a fixed phrase
    cause: Cause = Cause.RULE


@dataclass(frozen=True, slots=True)
class ListingPage:
    entries: tuple[Listed, ...]
    more: tuple[str, ...]  # where it goes on: the next index page, child sitemaps; "#seen=200" says how much is read
    incomplete: str | None = None  # why something that it should name may be missing: what was readable is here
    refused: tuple[Refused, ...] = ()  # named by the listing, and nothing that a crawl could ask for
    paged: bool = False  # it leads, page by page, to every article of the portal
    total: int | None = None  # articles that the whole listing says it has; null when it does not say

    @property
    def complete(self) -> bool:
        """Whether nothing that this page should name is missing; where it goes on stands in `more`."""
        return self.incomplete is None


def shows_pager(html: str) -> bool:
    """Tell a text that is the first page of several by its end, where a theme put the links to the others."""
    return _PAGER.search(html[-3000:]) is not None


def facts_of(told: ToldArticle | None) -> str | None:
    """Write down what a listing told beside the text, for a page that does not say it; null if nothing."""
    facts = {"author": told.author, "section": told.section, "tags": told.tags} if told else {}
    facts = {name: value for name, value in facts.items() if value}
    return json.dumps(facts, ensure_ascii=False) if facts else None


class Gatherer:
    """Collect what one page of a listing names; base is what its links are relative to."""

    def __init__(self, portal: Portal, base: str) -> None:
        self.portal = portal
        self.base = base
        self.full = False
        self.added = 0  # links that were taken
        self.skip = 0  # links at the beginning that an earlier page took
        self._entries: dict[str, Listed] = {}  # by key
        self._refused: dict[str, Refused] = {}  # by address
        self._more: dict[str, None] = {}

    def add(
        self, link: str, printed_date: str | None = None, *, changed: str | None = None, told: ToldArticle | None = None
    ) -> None:
        """Take one link as printed; a second one to the same article only brings its date, or its plain form."""
        self.added += not self.full
        if self.added <= self.skip:
            return
        url = self.resolve(link)
        reason = http_fault(url) or self._fault(url)
        if len(self._entries) + len(self._refused) >= MAX_ENTRIES:
            self.added -= not self.full
            self.full = True
        elif reason is not None:
            self._refused.setdefault(url, Refused(url[:MAX_LENGTH], reason))
        else:
            key, date = url_key(url), fold(printed_date)
            known = self._entries.get(key)
            if known is None or (known.printed_date is None and date is not None):
                known = self._entries[key] = Listed(key, known.url if known else url, date, fold(changed), told)
            if len(url) < len(known.url) and known.url.startswith(
                url.rstrip("/")
            ):  # "/warta/7/amp", and then "/warta/7"
                self._entries[key] = replace(known, url=url)

    def retell(self, change: Callable[[ToldArticle], ToldArticle]) -> None:
        """Change what entries tell by what only the whole page showed."""
        for key, one in self._entries.items():
            if one.told is not None and (told := change(one.told)) is not one.told:
                self._entries[key] = replace(one, told=told)

    def resolve(self, link: str, base: str | None = None) -> str:
        """Resolve a printed link against base (null: the listing's own); it may lack its scheme, or half of it.

        "portal.id/warta" and "https//portal.id/warta" are the portal's, and no paths below the listing.
        """
        link = link[: 4 * MAX_LENGTH].strip(_AROUND)  # what is longer is refused all the same
        if not _HAS_SCHEME.match(link) and (found := _HOST_FIRST.match(link)) is not None:
            host = found["host"].lower()
            if host.startswith("www.") or self.portal.owns(f"https://{host}"):
                link = f"{urlsplit(self.base).scheme}://{link[found.start('host') :]}"
        return join(join(self.base, base) if base else self.base, link)

    def refuse_protected(self, link: str) -> None:
        """Set a link apart that leads to an article behind a password."""
        url = self.resolve(link)[:MAX_LENGTH]
        self._refused.setdefault(url, Refused(url, "protected by a password", Cause.PROTECTED))

    def add_more(self, link: str, *, abroad: bool = False) -> None:
        """Take a link to a further page of the same listing, on the portal's own hosts; abroad: on any public host.

        From there nothing leads further abroad.
        """
        url = self.resolve(link)
        reason = http_fault(url)
        if reason is None and not self.portal.owns(url):
            led = abroad and self.portal.owns(self.base)
            reason = refuse_reason(url, (host_of(url),)) if led else "a listing on another host"
        if len(self._more) + len(self._refused) >= MAX_ENTRIES:
            self.full = True
        elif reason is not None:
            self._refused.setdefault(url, Refused(url[:MAX_LENGTH], reason))
        else:
            self._more.setdefault(url)

    def refuse(self, link: str, reason: str, cause: Cause) -> None:
        """Set apart what the listing names and no crawl could ask for."""
        url = self.resolve(link)[:MAX_LENGTH]
        if len(self._entries) + len(self._refused) >= MAX_ENTRIES:
            self.full = True
        else:
            self._refused.setdefault(url, Refused(url, reason, cause))

    def go_on_at(self, url: str, seen: int, *, page: int | None = None) -> None:
        """Name the listing's own next page: its number, if it has one, and how many entries were seen until there."""
        self.full = False
        number = "" if page is None else f"&page={page}"
        self._more.setdefault(f"{url.partition('#')[0]}#seen={seen}{number}")

    def begin_again(self) -> None:
        """Forget all that was gathered."""
        self.full = False
        self.added = 0
        for gathered in (self._entries, self._refused, self._more):
            gathered.clear()

    @property
    def leads_on(self) -> bool:
        return bool(self._more)

    @property
    def has_entries(self) -> bool:
        return bool(self._entries)

    def page(self, incomplete: str | None = None, *, paged: bool = False, total: int | None = None) -> ListingPage:
        """Return what was gathered; incomplete is why something may be missing."""
        if self.full:
            incomplete = incomplete or f"it names more than {MAX_ENTRIES} addresses"
        return ListingPage(
            tuple(self._entries.values()), tuple(self._more), incomplete, tuple(self._refused.values()), paged, total
        )

    def _fault(self, url: str) -> str | None:
        if len(url) > MAX_LENGTH:
            return TOO_LONG
        if not self.portal.owns(url):
            return None  # whose it is, the ledger settles
        split = urlsplit(url)
        front = split.path == "/" and not split.query
        if self.portal.family == "varient":
            routed = _VARIENT_ROUTES.fullmatch(split.path)
        else:
            plain = _PLAIN_ROUTES.fullmatch(split.query) if split.path == "/" else None
            routed = _ROUTES.fullmatch(split.path) or plain
        return NOT_AN_ARTICLE if front or routed else None


def seen_before(url: str) -> int:
    """Return how many entries of a listing the pages before this one brought, as go_on_at wrote it; 0 for the first."""
    return mark_of(url, "seen") or 0


def mark_of(url: str, name: str) -> int | None:
    """Return a number that go_on_at wrote into a page's address; None for none."""
    found = re.search(rf"(?:^|&){name}=([0-9]{{1,9}})(?:&|$)", urlsplit(url).fragment)
    return int(found[1]) if found else None


def fold(text: str | None) -> str | None:
    """Fold white space and cut at 200 characters; null when nothing is left."""
    return " ".join((text or "")[:1000].split())[:200] or None
