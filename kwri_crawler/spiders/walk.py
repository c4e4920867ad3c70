"""One listing being read, what became of those before it, and the steps that may follow; values, and how they grow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import islice

from kwri_crawler.archive.answers import Condition
from kwri_crawler.archive.ledger import ListedUrl
from kwri_crawler.archive.listings import State
from kwri_crawler.catalogue import Listing, ListingKind
from kwri_crawler.causes import Cause
from kwri_crawler.listings import ListingPage, can_slice, is_of_all_news, lists_newest

MOST_COMPARED = 5000  # addresses of the file's listings that are looked for in those linked from the home page


@dataclass(slots=True)
class Walk:
    """One listing being read from its top."""

    listing: Listing
    row: int
    began: int  # the newest row of the ledger when it began
    state: State | None  # what was known of it before; None if it was never tried
    tells: bool | None = None
    pages: int = 0
    to_read: list[str] = field(default_factory=list)  # further pages of it that are known
    met: set[str] = field(default_factory=set)  # pages of it that were asked for
    named: set[str] = field(default_factory=set)  # keys of all that its pages named
    known: int = 0  # of these that were known when it was last read to its end
    skipped: int = 0  # entries before the first page that this walk asked for
    refused: int = 0  # that its pages named
    total: int = 0  # articles that it says it has; 0 when it does not say
    barren: int = 0  # its last pages that named nothing that those before did not
    first: int = 0  # how many addresses its first page named
    loops: bool = False  # its further pages are the first one again: their number is not looked at
    leads_on: bool = False  # a page of it names further ones
    on_ground: bool = False  # it met known ground
    paged: bool = False  # its pages lead to every article
    changed_at: datetime | None = None  # the newest change that it told
    url: str = ""  # of the request under way
    condition: Condition | None = None  # of that request
    unchanged: bool = False  # an answer said that its page is as it was
    oldest: datetime | None = None  # the earliest publication that it named; null where it prints none
    listed: set[str] = field(default_factory=set)  # keys that its pages of the newest named
    uncounted: int = 0  # archived articles that its total does not count, and that are looked for
    suspected: bool = False  # its first page of the newest was compared with the archive
    names_own: bool = False  # a page of it named an address that is not left out by our own rule

    def note_entries(self, page: ListingPage, entries: Iterable[ListedUrl]) -> None:
        """Note what one more page named."""
        entries = tuple(entries)
        keys = {entry.key for entry in entries}
        self.barren = 0 if keys - self.named else self.barren + 1
        self.first = self.first or len(keys)
        self.loops = self.loops or self._is_first_again(keys)
        self.leads_on = self.leads_on or bool(page.more)
        self.paged = (self.paged or page.paged) and not self.loops
        self.named |= keys
        self.refused += len(page.refused)
        kept = any(entry.refused is None for entry in entries)
        self.names_own = self.names_own or kept or any(bad.cause is not Cause.RULE for bad in page.refused)
        if self.listing.kind is not ListingKind.SITEMAP:  # which prints changes
            self._note_oldest(min((entry.listed_at for entry in entries if entry.listed_at), default=None))
        if lists_newest(self.url):
            self.listed |= keys
            self.total = max(self.total, page.total or 0)
        changes = [entry.changed_at for entry in entries if entry.changed_at]
        self.changed_at = max([*changes, *([self.changed_at] if self.changed_at else [])], default=None)

    @property
    def is_home(self) -> bool:
        """Whether it is the home page itself, which was asked for as no listing of the portal's file was enough."""
        return self.listing.found_on == self.listing.url

    def _is_first_again(self, keys: set[str]) -> bool:
        """Tell whether a page shows that numbers of pages are not looked at, as by a cache.

        WordPress's feed ends in 404. An index may show its last page again behind the end, but not for the second.
        """
        if self.pages < 2 or not self.barren or len(keys) < self.first:
            return False
        kind = self.listing.kind
        return kind in (ListingKind.FEED, ListingKind.API) or (kind is ListingKind.INDEX and self.pages == 2)

    @property
    def is_shallow(self) -> bool:
        """Whether it holds the newest articles alone: an index without a pager, or one whose numbers nobody looks at.

        What it names may be known ground; what is older is not by that.
        """
        return self.loops or (self.listing.kind is ListingKind.INDEX and not self.leads_on and self.pages < 2)

    def note_unchanged(self) -> None:
        """Note that a page is as it was: it names what it named before."""
        self.unchanged = True
        self.leads_on = self.leads_on or (self.condition is not None and self.condition.on_ground)
        self._note_oldest(self.state.oldest if self.state else None)

    def _note_oldest(self, at: datetime | None) -> None:
        self.oldest = min((one for one in (at, self.oldest) if one), default=None)

    def reaches(self, why: Why, since: datetime | None) -> bool:
        """Tell whether all is read down to `since` (null: down to the first article), by why the reading ended.

        A feed, or an index page without a pager, holds so many of the newest: its end says nothing of older ones.
        """
        kind = self.listing.kind
        if since is not None and self.oldest is not None and self.oldest < since:
            return True
        if self.is_shallow and (kind is ListingKind.INDEX or not self.on_ground):
            return False
        if self.on_ground or why in (Why.GROUND, Why.SINCE) or can_slice(self.listing):
            return True
        if why is Why.UNCHANGED:
            return False
        if kind is ListingKind.SITEMAP:
            return "news" not in self.listing.url.rpartition("/")[2]  # a news sitemap holds two days
        return self.paged or (kind is ListingKind.INDEX and self.pages > 1)

    def note_further(self, urls: Sequence[str], pages_max: int) -> None:
        """Note the pages that a page leads to, before those that are known; a page may name 50,000.

        One more is kept than may still be asked for: it tells that there are more.
        """
        known = [*(url for url in urls if url not in self.met), *self.to_read]
        room = pages_max - self.pages + 1
        self.to_read = known[:room]
        self.met.update(urls)
        self.met.difference_update(known[room:])


@dataclass(frozen=True, slots=True)
class Trouble:
    """A listing that was not read to its end."""

    url: str
    reason: str
    cause: Cause | None


@dataclass(slots=True)
class Course:
    """What became of the listings of one crawl so far."""

    read: int = 0
    named: int = 0  # addresses that they named; none of a listing that names other hosts and no articles alone
    reached: bool = False  # one of them was read down to the crawl's bound, or to the first article
    oldest: datetime | None = None  # the earliest publication that one of them named; null where none prints any
    fresh: set[str] = field(default_factory=set)  # keys of feeds that were read before, and name new articles only
    own: set[str] = field(default_factory=set)  # keys that those of the portal's file named
    linked: set[str] = field(default_factory=set)  # keys that those linked from the home page named
    led: bool = False  # one of the latter, not the home page, leads far enough
    short: bool = False  # one of them does not
    unchanged: bool = False  # one of them is as it was: it names nothing, and is not empty
    reached_all: bool = False  # one of them reached all that there is
    feeds: list[bool] = field(default_factory=list)  # for each feed that was read: whether it met known ground
    trouble: list[Trouble] = field(default_factory=list)
    fell_back: list[Trouble] = field(default_factory=list)  # APIs in whose place other listings were read

    @property
    def gap(self) -> bool:
        """Whether there may be more articles before those that a feed names."""
        return bool(self.fresh)

    def note_end(self, walk: Walk, why: Why, since: datetime | None) -> None:
        """Note that a listing was read to where it was meant to be; since is the crawl's bound, null for none."""
        self._note_named(walk)
        if walk.listing.found_on is not None:
            self._note_linked(walk, reaches=walk.reaches(why, since) or (since is None and walk.on_ground))
            return
        self.unchanged = self.unchanged or walk.unchanged
        self.reached = self.reached or walk.reaches(why, since)
        self.read += 1
        is_empty = not (walk.named or walk.refused or walk.unchanged)  # such a one may stand beside a full feed
        if walk.paged and (since is not None or not is_empty):
            self.reached_all = True
        elif walk.listing.kind in (ListingKind.FEED, ListingKind.API):
            self.feeds.append(walk.on_ground)
            before = walk.state is not None and walk.state.read_at is not None
            if before and why is Why.LAST_PAGE and walk.named and not walk.known:
                self.fresh |= walk.named

    def _note_linked(self, walk: Walk, *, reaches: bool) -> None:
        self.read += 1
        if reaches and self._is_all(walk.named, all_news=is_of_all_news(walk.listing.url)):
            self.reached = True
        self.led = self.led or (reaches and not walk.is_home)
        self.short = self.short or not (reaches or walk.is_home)

    def settle_linked(self) -> None:
        """Believe the sections together, when all of them led far enough."""
        if self.led and not self.short and self._is_all(self.linked, all_news=False):
            self.reached = True

    def _is_all(self, named: set[str], *, all_news: bool) -> bool:
        """Tell by what the file's listings named whether linked ones name all that there is; some may be too new."""
        return len(self.own - named) <= len(self.own) // 10 if self.own else all_news

    def note_short(self, walk: Walk) -> None:
        """Note that a listing was read to its end, and does not lead as far back as was asked."""
        self._note_named(walk)
        self.read += 1

    def _note_named(self, walk: Walk) -> None:
        self.named += (len(walk.named) + walk.refused) * walk.names_own
        keys = self.own if walk.listing.found_on is None else self.linked
        keys.update(islice(walk.named, max(0, MOST_COMPARED - len(keys))) if keys is self.own else walk.named)
        self.oldest = min((at for at in (self.oldest, walk.oldest) if at), default=None)

    def note_left(self, walk: Walk, leave: Leave, *, never_there: bool) -> None:
        """Note that a listing was left; one that never was there is no trouble."""
        self._note_named(walk)
        trouble = Trouble(walk.listing.url, leave.reason, leave.cause)
        if walk.listing.found_on is not None:
            self.short = self.short or bool(walk.named)  # else it is no listing
        elif leave.status == "read":
            self.read += 1
        elif walk.listing.kind is ListingKind.WORDPRESS:
            self.fell_back.append(trouble)
        elif not never_there:
            self.trouble.append(trouble)


# ---------------------------------------------------------------------- steps


class Why(StrEnum):
    """What a page says of how much of its listing is read."""

    GROUND = "it met known ground"
    SINCE = "all of the page was published before the crawl's bound"
    UNCHANGED = "the page is as it was, and what it names is not known ground"
    PAST_THE_END = "the page behind the last one is not there"
    LAST_PAGE = "the page leads to no further one"


class Skip(StrEnum):
    """Why a listing need not be read in this crawl."""

    REACHED_ALL = "a listing before it reached all that there is"
    FEEDS_SUFFICE = "all feeds met known ground, and it had its turn not long ago"


@dataclass(frozen=True, slots=True)
class Turn:
    """What one answer means for the reading of its listing."""

    why: Why  # what is proven of the listing, when no page is left
    stop: bool = False  # no page of it is read any more, whatever is left
    follow: bool = False  # the pages to which it leads are read too


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask for a page of the listing."""

    url: str


@dataclass(frozen=True, slots=True)
class End:
    """The listing is read to where it was meant to be."""

    why: Why


@dataclass(frozen=True, slots=True)
class Leave:
    """The listing is not read to its end; the next crawl begins at its top again."""

    status: str  # as listings.status: read (in part), gone, unreadable, refused, failed
    reason: str
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class Finish:
    """How a crawl ends."""

    word: str  # as crawls.finish
    reason: str | None = None
    cause: Cause | None = None
