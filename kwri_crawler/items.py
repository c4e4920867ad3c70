"""What travels between the rooms: a page as it was received, and the article that was read from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


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


class Precision(StrEnum):
    """How exactly a date is known."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    APPROXIMATE = "approximate"  # "3 bulan yang lalu"


@dataclass(frozen=True, slots=True)
class DateText:
    """One date as the portal printed it, and where; nothing is read into it yet."""

    kind: DateKind
    source: DateSource
    text: str  # as printed, white space folded, at most 200 characters


@dataclass(frozen=True, slots=True)
class Moment:
    """A printed date that was read."""

    at: datetime  # aware, UTC; local midnight when only the day is known
    local: datetime  # the same moment, aware, in the zone it was printed in
    precision: Precision
    text: str  # as printed
    source: DateSource | None = None  # null when it was read outside a page
    flags: tuple[str, ...] = ()  # what a person should know: "weekday disagrees", "month first", ...


@dataclass(frozen=True, slots=True)
class Page:
    """The HTML of one article as it was received."""

    url: str  # the address that answered, after redirects
    body: bytes  # content-encoding undone, charset not
    content_type: str  # the header as sent; empty when there was none
    fetched_at: datetime  # aware, UTC


@dataclass(frozen=True, slots=True)
class Article:
    """What a page says; each stage returns a new one with its own group filled."""

    # set by the page's reader
    portal: str  # the catalogue's id: "kwri-jatim"
    zone: str  # the portal's IANA zone: "Asia/Jakarta"
    url: str  # the article's own address: canonical where that is believable
    title: str
    paragraphs: tuple[str, ...]  # the body in order, one block each, white space folded
    fetched_at: datetime  # aware, UTC
    reader: str  # which reader read it: "varient", "general"
    author: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    lead: str | None = None  # the portal's own summary; null when it prints none
    image_url: str | None = None
    language: str | None = None  # ISO 639-1
    dates: tuple[DateText, ...] = field(default=(), repr=False)
    evidence: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # (field, where it was read)

    # set by the spider
    url_id: int | None = None  # the ledger's row of the address that led here
    crawl_id: int | None = None
    revisits: int | None = None  # the archive's row, when its article is read again to see whether it was edited

    # set by the stage clean
    word_count: int = 0

    # set by the stage dates
    published: Moment | None = None
    published_reason: str | None = None  # why published is null
    updated: Moment | None = None

    # set by the stage dedupe
    text_hash: str = ""  # of the normalised body: equal for the same text on any portal
