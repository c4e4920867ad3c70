"""What travels between the rooms: a page as it was received, and the article that was read from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import Any


class _Travels:
    """Lets a frozen dataclass go to another process as its values in order: half the time of dataclasses' own way."""

    __slots__ = ()

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        kind: Any = type(self)
        return kind, _values_of(kind)(self)


@cache
def _values_of(kind: Any) -> Callable[[object], tuple[Any, ...]]:
    return attrgetter(*kind.__match_args__)


class Outcome(StrEnum):
    """What became of one address that a portal named; the ledger counts each address under exactly one."""

    PENDING = "pending"  # found, and not yet settled
    STORED = "stored"  # its article is in the archive
    KNOWN = "known"  # another address already brought this article
    UNREADABLE = "unreadable"  # a page came, and no article could be read from it
    REFUSED = "refused"  # not asked for, or not taken: robots.txt, another host, not a page, too large
    GONE = "gone"  # the portal says that it is not there (404, 410)
    FAILED = "failed"  # no whole answer came; asked for again in a later crawl until given up


class DateKind(StrEnum):
    """What a printed date claims to be the date of."""

    PUBLISHED = "published"
    UPDATED = "updated"


class DateSource(StrEnum):
    """Where a date was printed."""

    JSON_LD = "json-ld"
    META = "meta"
    TIME = "time"  # <time datetime="...">
    BYLINE = "byline"  # the date that a reader of the page sees
    FEED = "feed"
    SITEMAP = "sitemap"
    INDEX = "index"
    URL = "url"


class Clock(StrEnum):
    """How the clock of one source of a portal is to be read, where the general rule would not judge it rightly."""

    LOCAL = "local"  # its face is the portal's local time, whatever zone is printed
    UTC = "utc"  # its face is UTC, whatever zone is printed
    PRINTED = "printed"  # the zone is right as printed, however odd
    IGNORED = "ignored"  # its dates are kept and never counted


class Precision(StrEnum):
    """How exactly a date is known."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    APPROXIMATE = "approximate"  # "3 bulan yang lalu"


@dataclass(frozen=True, slots=True)
class DateText(_Travels):
    """One date as the portal printed it, and where; nothing is read into it yet."""

    kind: DateKind
    source: DateSource
    text: str  # as printed, white space folded, at most 200 characters


@dataclass(frozen=True, slots=True)
class Moment(_Travels):
    """A printed date that was read."""

    at: datetime  # aware, UTC; local midnight when only the day is known
    local: datetime  # the same moment, aware, in the zone it was printed in
    precision: Precision
    text: str  # as printed
    source: DateSource | None = None  # null when it was read outside a page
    flags: tuple[str, ...] = ()  # what a person should know: "weekday disagrees", "month first", ...


@dataclass(frozen=True, slots=True)
class DateEvidence(_Travels):
    """What one printed date said, beside the date that was chosen for the article."""

    printed: DateText
    kind: DateKind  # as judged: what stands behind "Diperbarui" is an update wherever it was printed
    at: datetime | None  # aware, UTC: the moment it was read as; null when it was refused or set aside
    reason: str | None  # why at is null
    precision: Precision | None  # null when at is
    won: bool  # the article's date is this one
    offset_s: int | None  # seconds after the chosen date, whole days where either knows no clock; null when at is
    printed_offset_s: int | None  # the same, had every zone been believed as it was printed
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EventDate(_Travels):
    """A day that an article names as that of its event."""

    day: str  # ISO 8601, on the portal's calendar
    flags: tuple[str, ...]  # "weekday disagrees", "repaired", "year inferred", "range"


@dataclass(frozen=True, slots=True)
class Link(_Travels):
    """A link in an article's body."""

    url: str  # absolute
    text: str  # as shown, white space folded; empty when it shows an image


@dataclass(frozen=True, slots=True)
class Page(_Travels):
    """The HTML of one article as it was received."""

    url: str  # the address that answered, after redirects
    body: bytes  # as it was sent
    content_type: str  # the header as sent; empty when there was none
    fetched_at: datetime  # aware, UTC
    packed: tuple[str, ...] = ()  # the content-encodings of body that are not undone yet, in the order applied


@dataclass(frozen=True, slots=True)
class Paging(_Travels):
    """Where a page stands among the pages of one article."""

    number: int  # of this page, from 1; 0 for a page that shows all of them
    first: str  # the address of the first page
    further: tuple[str, ...]  # the addresses of the second page to the last, as far as this page tells; at most 99
    whole: str | None = None  # the address that shows all pages on one; null when none is known


@dataclass(frozen=True, slots=True)
class KeptPage:
    """An answer as it came from the wire, to be read again by later code."""

    portal: str  # the catalogue's id: "kwri-jatim"
    asked_url: str  # the address that was asked for
    url: str  # the address that answered, after redirects
    status: int
    headers: tuple[tuple[str, str], ...]  # (name, value), as received
    body: bytes  # content-encoding not undone
    received_at: datetime  # aware, UTC, whole seconds

    def header(self, name: str) -> str:
        """Return a header's values, joined by commas; empty when there is none."""
        return ", ".join(value for known, value in self.headers if known.lower() == name.lower())


@dataclass(frozen=True, slots=True)
class Article(_Travels):
    """What a page says; each stage returns a new one with its own group filled."""

    # set by the page's reader
    portal: str  # the catalogue's id: "kwri-jatim"
    zone: str  # the portal's IANA zone: "Asia/Jakarta"
    url: str  # the article's own address: the page's rel=canonical where that is proven, else what answered
    title: str
    paragraphs: tuple[str, ...]  # the body in order, one block each, white space folded
    fetched_at: datetime  # aware, UTC
    reader: str  # which reader read it: "varient", "general"
    subtitle: str | None = None
    author: str | None = None
    editor: str | None = None
    source: str | None = None  # whom the page names as the text's origin: an agency, a press office
    section: str | None = None
    tags: tuple[str, ...] = ()
    lead: str | None = None  # the portal's own summary; null when it prints none
    image_url: str | None = None
    image_caption: str | None = None  # without its credit
    image_credit: str | None = None
    links: tuple[Link, ...] = field(default=(), repr=False)  # in the body, in order
    page_url: str | None = None  # the address that answered; None if no page was read
    named_url: str | None = None  # what the page names as its own without proof; None if it names no such address
    access: str | None = None  # "paywall" where the page says that its text is not free: it may be cut; else null
    marks: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # (paragraph, h2 to h4, li or quote)
    amp_url: str | None = None
    print_url: str | None = None
    language: str | None = None  # ISO 639-1
    dates: tuple[DateText, ...] = field(default=(), repr=False)
    clocks: tuple[tuple[DateSource, Clock], ...] = ()  # what the portal's file declares of its clocks
    # (field, where it was read: json-ld, selector, meta or general; then a blank and which)
    evidence: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    paging: Paging | None = None  # of an article that is not whole: what was read is one of its pages

    # set by the spider
    url_id: int | None = None  # the ledger's row of the address that led here
    crawl_id: int | None = None
    revisits: int | None = None  # the archive's row, when its article is read again to see whether it was edited

    # set by the stage clean
    word_count: int = 0

    # set by the stage dates
    published: Moment | None = None
    published_reason: str | None = None  # why published is null
    updated: Moment | None = None  # null when it was never edited, as far as the page says
    date_evidence: tuple[DateEvidence, ...] = field(default=(), repr=False)  # every date that was printed, judged
    dateline: str | None = None  # the place that the text begins with: "Kayong Utara"; null when with none
    event_dates: tuple[EventDate, ...] = ()  # the days that the opening names, in its order

    # set by the stage dedupe
    text_hash: str = ""  # of the normalised body: equal for the same text on any portal
    sketch: tuple[int, ...] = ()  # hashes by which near copies meet; empty for a text too short to compare


_LISTED_SOURCES = {
    # a sitemap's lastmod is the moment of a change, or of the file's making; never of publication
    "wordpress": (DateKind.PUBLISHED, DateSource.FEED),
    "feed": (DateKind.PUBLISHED, DateSource.FEED),
    "api": (DateKind.PUBLISHED, DateSource.FEED),
    "index": (DateKind.PUBLISHED, DateSource.INDEX),
    "sitemap": (DateKind.UPDATED, DateSource.SITEMAP),
}


@dataclass(frozen=True, slots=True)
class Due(_Travels):
    """An address that the ledger hands out, to be asked for now."""

    id: int  # of its row; 0 for an article that is asked for again by its own address
    url: str
    listed_text: str | None = None  # its date as a listing printed it; None if none did
    listing_kind: str | None = None  # of the listing that named it first; None if the listing tells it itself
    facts: str | None = None  # what a listing told of it, as listings.facts_of writes it
    crawl: int | None = None  # to which it is handed out; None outside of a crawl
    revisits: int | None = None  # the archived article that is asked for again; None for an address without one
    etag: str | None = None  # of that article's page when it came the last time
    last_modified: str | None = None

    @property
    def key(self) -> int:
        """Tell an address that is asked for from every other in one crawl."""
        return self.id if self.revisits is None else -self.revisits

    @property
    def dates(self) -> tuple[DateText, ...]:
        """Return the date that the listing printed, as evidence beside the page's own."""
        if self.listed_text is None or self.listing_kind is None:
            return ()
        kind, source = _LISTED_SOURCES[self.listing_kind]
        return (DateText(kind, source, self.listed_text),)


class TieKind(StrEnum):
    """What one article's text is to another's."""

    COPY = "copy"  # one text, perhaps edited, cut or extended: both belong to one story
    CONTAINS = "contains"  # a roundup that carries the other among others
    FOLLOW_UP = "follow-up"  # passages of the other under a new beginning
    TEMPLATE = "template"  # the other's mould with other numbers or another day: never in one story with it


@dataclass(frozen=True, slots=True)
class ComparedText:
    """An article as the judge of copies sees it."""

    portal: str
    title: str
    body: str  # the paragraphs, parted by empty lines


@dataclass(frozen=True, slots=True)
class Figures:
    """How alike two texts are; the same whichever of the two comes first."""

    containment: float  # share of the shorter text's passages of five words that the longer one has
    jaccard: float  # shared passages by all passages
    length_ratio: float  # the shorter text by the longer, in passages
    opening: float  # share of the opening that both have, of their first 60 words
    new_words: float  # share of the shorter text's different words that the longer one lacks
    added: int  # the most words in a row that only the longer text has
    numbers_kept: int  # numbers and days that stand in the same words in both
    numbers_changed: int  # ... with another value


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two articles are to each other, and why."""

    kind: TieKind
    reason: str  # the rule that decided, in words
    figures: Figures
