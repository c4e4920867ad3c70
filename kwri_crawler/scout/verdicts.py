"""The fixed set of words for what a look at a portal found, each with reason and next step; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from kwri_crawler.causes import Cause
from kwri_crawler.clock import local_text
from kwri_crawler.items import Article, Precision


class Verdict(StrEnum):
    """What became of an address. State files keep these values, so none is ever renamed."""

    ADDED = "added"  # its file is written, and harvests crawl it
    CHECK = "added, check"  # its file is written with active = false: a person has to look at one field
    KNOWN = "known"  # the catalogue has it
    SAME = "same as"  # another address of a newsroom that is known, or was added
    MOVED = "moved to"  # its home page sends readers to another host
    DEAD = "dead"  # no whole answer came, or its server fails
    BLOCKED = "blocked"  # it refuses us, or asks for a log-in
    ROBOTS = "closed by robots"  # its robots.txt forbids what is needed
    NO_LISTING = "no listing"
    NO_ARTICLE = "no article"  # listings are there, and no article could be read
    NOT_NEWS = "not news"  # something else lives there: bets, most often; a shop, a forum, a page on a social network
    PARKED = "parked"  # for sale, suspended, or as its server or CMS was installed: nothing was put there


# What cannot be tried again to any use without a change of the world, and what can.
WRITTEN = frozenset((Verdict.ADDED, Verdict.CHECK))
SETTLED = frozenset((*WRITTEN, Verdict.KNOWN, Verdict.SAME, Verdict.MOVED))
# What nobody has to look at.
WELL = SETTLED - {Verdict.CHECK}

CURES = {
    Verdict.ADDED: "scrapy harvest crawls it; scrapy portals says how it is",
    Verdict.CHECK: "look at that field, correct it in its file, try scrapy crawl ID --limit 10, remove active = false",
    Verdict.KNOWN: "nothing; scrapy portals ID says how it is",
    Verdict.SAME: "nothing; if it is a newsroom of its own: scrapy addportal ADDRESS writes its file",
    Verdict.MOVED: "nothing; its new address was tried, or is known",
    Verdict.DEAD: "try again in some days with --again; mark it in the directory if it stays so",
    Verdict.BLOCKED: "ask the portal, saying who you are (CONTACT); do not go round it",
    Verdict.ROBOTS: "respect it, or ask the portal; --again asks once more",
    Verdict.NO_LISTING: "look on the portal for RSS or a page of all news, and write its file by hand",
    Verdict.NO_ARTICLE: "scrapy readpage ADDRESS says what one of its pages shows",
    Verdict.NOT_NEWS: "nothing; mark it in the directory",
    Verdict.PARKED: "nothing; --again in some months",
}

SILENT = frozenset(
    (
        Cause.DNS, Cause.CONNECTION_REFUSED, Cause.TIME_OUT, Cause.TLS, Cause.NO_CONNECTION, Cause.CUT_OFF,
        Cause.SERVER_ERROR, Cause.ROBOTS_UNREACHABLE,
    )
)  # fmt: skip
# An https address that ends so may speak plain HTTP.
NO_TLS = frozenset((Cause.TLS, Cause.CONNECTION_REFUSED, Cause.NO_CONNECTION))
# In which Indonesia's portals write, and None: no page says which, and its words do not either.
_LANGUAGES = frozenset(("id", "en", "ms", "jv", "su", "in", None))
# A host that is not there without "www." may be with it, and the other way round.
NOT_THERE = frozenset(
    (Cause.DNS, Cause.CONNECTION_REFUSED, Cause.NO_CONNECTION, Cause.TLS, Cause.TIME_OUT, Cause.CUT_OFF)
)
_DORMANT = timedelta(days=365)  # without an article: harvests would ask in vain
_STAMPED = 3  # articles, from which on one moment of all is no publication's


class Judged(NamedTuple):
    """A verdict with its object and its reason."""

    verdict: Verdict
    why: str  # a sentence for a person
    of: str = ""  # of CHECK the field, of KNOWN and SAME the portal, of MOVED the host


def verdict_of(cause: Cause | None) -> Verdict:
    """Return what it means for a portal that its home page was not given, and this was why."""
    if cause is Cause.BLOCK or cause is Cause.PROTECTED:
        return Verdict.BLOCKED
    if cause is Cause.ROBOTS:
        return Verdict.ROBOTS
    return Verdict.DEAD


def verdict_of_all(causes: Iterable[Cause | None], otherwise: Verdict) -> Verdict:
    """Return what the failures of all that was tried mean; `otherwise` where most of them say nothing of refusal.

    That an address is not there says nothing: most of those that are tried are guesses.
    """
    told = Counter(cause for cause in causes if cause not in (Cause.GONE, Cause.MOVED))
    total = told.total()
    if total and 2 * told[Cause.BLOCK] > total:
        return Verdict.BLOCKED
    if total and 2 * told[Cause.ROBOTS] > total:
        return Verdict.ROBOTS
    return Verdict.DEAD if total > 1 and SILENT.issuperset(told) else otherwise


def field_to_check(
    read: Sequence[Article], dropped: Sequence[str], now: datetime, *, zone_guessed: bool
) -> Judged | None:
    """Return the field of a portal's file that a person has to look at, and why; None if there is none.

    `read` are its articles behind the stages, `dropped` why stages dropped others; `now` is aware.
    """
    if dropped and len(dropped) >= len(read):
        return Judged(Verdict.CHECK, f"the stages drop most of its articles: {dropped[0]}", "body")
    if _are_one([article.title for article in read]):
        return Judged(Verdict.CHECK, f"its articles all have one title: {read[0].title[:80]}", "title")
    if _are_one([article.text_hash for article in read]):
        return Judged(Verdict.CHECK, "its articles all have one text", "body")
    moments = [article.published.at for article in read if article.published is not None]
    if not moments:
        return Judged(Verdict.CHECK, f"none of its articles has a date: {read[0].published_reason}", "date")
    precisions = {article.published.precision for article in read if article.published is not None}
    if len(moments) >= _STAMPED and _are_one(moments) and Precision.DAY not in precisions:
        return Judged(Verdict.CHECK, f"its articles all have one date, {local_text(moments[0])}", "date")
    if (why := dormant(read, now)) is not None:
        return Judged(Verdict.CHECK, why, "date")
    languages = {article.language for article in read}
    if languages and languages.isdisjoint(_LANGUAGES):
        return Judged(
            Verdict.CHECK, f"its articles are in another language: {', '.join(map(str, languages))}", "language"
        )
    if zone_guessed:
        return Judged(
            Verdict.CHECK, "its zone is a guess: no page prints an offset, and nothing names a region", "zone"
        )
    return None


def dormant(read: Sequence[Article], now: datetime) -> str | None:
    """Say of a portal's newest articles that all are old; None where one is not, or none has a date; `now` is aware."""
    moments = [article.published.at for article in read if article.published is not None]
    if not moments or now - max(moments) <= _DORMANT:
        return None
    return f"no article newer than {max(moments):%Y-%m-%d} was found: has it ended, or do its news stand elsewhere?"


def _are_one(values: Sequence[object]) -> bool:
    return len(values) > 1 and len(set(values)) == 1
