"""The values that describe a portal's past, and the verdict on its present."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kwri_crawler.causes import NOT_THE_PORTALS, Cause
from kwri_crawler.health.sentences import Figure, Piece, Says, cure_of, sentence


class Word(StrEnum):
    """How a portal is, in one plain word; the worse ones first."""

    BLOCKED = "blocked"  # it refuses us: 403, 429, a challenge to browsers, robots.txt
    BROKEN = "broken"  # it does not answer, or its listings, pages or dates are no longer read rightly
    QUIET = "quiet"  # it is read well, and publishes far less than it used to
    THIN = "thin"  # articles come, poorer than before: shorter, or without author, section, image, minute
    NEW = "new"  # too young to be judged by its past
    WELL = "well"


BAD = frozenset((Word.BLOCKED, Word.BROKEN, Word.QUIET, Word.THIN))


class Arrival(NamedTuple):  # a dataclass takes six times as long to make, and there are thousands
    """One article that came while it was news: first seen within three days of its publication, or undated."""

    at: datetime  # when its page was received; aware, UTC
    day: date  # the same, the portal's local day
    words: int
    author: bool
    section: bool
    image: bool
    minute: bool  # its publication is known to the minute
    lag_h: float | None  # from publication to the listing's first naming it, hours; null when not known to the minute
    future: bool  # it has no date, because the printed one lies in the future


@dataclass(frozen=True, slots=True)
class CrawlEnd:
    """One crawl that ended."""

    at: datetime  # when it began; aware, UTC
    day: date  # the same, the portal's local day
    well: bool  # everything was done that was to be done
    finish: str
    reason: str | None
    stored: int
    lost: int  # unreadable, refused, gone or failed
    cause: Cause | None = None  # why not all was done; null when it was, or is unknown

    @property
    def tells(self) -> bool:
        """Whether it says anything of its portal: not one that we could not begin, write down or go on with."""
        return self.finish != "error" and self.cause not in NOT_THE_PORTALS


@dataclass(frozen=True, slots=True)
class Loss:
    """An address that brought no article."""

    at: datetime  # aware, UTC
    url: str
    outcome: str
    reason: str
    cause: Cause | None = None  # null when it is unknown


@dataclass(frozen=True, slots=True)
class ListingState:
    """How the last reading of a listing went."""

    kind: str
    url: str
    status: str | None  # "read", or what went wrong
    reason: str | None
    cause: Cause | None = None  # null when it was read, or when it is unknown
    oldest: datetime | None = None  # the earliest publication that it names, aware; null where it prints none


@dataclass(frozen=True, slots=True)
class State:
    """The word that the archive holds for a portal."""

    word: Word
    since: datetime  # aware, UTC


@dataclass(frozen=True, slots=True)
class Past:
    """All that a portal is judged by, the eldest first."""

    portal: str
    zone: str  # the portal's IANA zone
    began_at: datetime | None  # its first crawl; null if it was never crawled
    per_day: Mapping[date, int] = field(default_factory=dict, repr=False)  # arrivals by local day, of four months
    arrivals: tuple[Arrival, ...] = field(default=(), repr=False)  # of the last nine weeks
    crawls: tuple[CrawlEnd, ...] = field(default=(), repr=False)  # of four months
    losses: tuple[Loss, ...] = field(default=(), repr=False)  # of the last week
    listings: tuple[ListingState, ...] = ()
    has_articles: bool = False  # an article of it is in the archive, of whatever age
    state: State | None = None

    def today(self, now: datetime) -> date:
        """Return the portal's local day; it is not over yet."""
        return now.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a portal got its word: what was found, where to look, what to try."""

    says: Says
    figures: Mapping[str, Figure] = field(default_factory=dict)
    cause: Cause | None = None  # null when it is unknown, and for what has none
    told: str | None = None  # what a crawl or the ledger noted, for people; null when nothing
    examples: tuple[str, ...] = ()  # addresses

    def pieces(self, lang: str) -> list[Piece]:
        """Return what was found as a sentence, in pieces."""
        return sentence(self.says, self.figures, self.told, self.cause, lang)

    @property
    def text(self) -> str:
        """What was found, in English."""
        return "".join(text for text, _ in self.pieces("en"))

    @property
    def cure(self) -> str:
        """What to try, in English."""
        return cure_of(self.says, self.cause)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a portal is now."""

    portal: str
    word: Word
    since: datetime | None  # aware, UTC; null if it was never judged before
    reasons: tuple[Reason, ...] = ()

    @property
    def why(self) -> str:
        """Return all reasons in one line; empty for a portal that is well."""
        return "; ".join(reason.text for reason in self.reasons)
