"""Which portals are due, and in which order; pure, with the time passed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kwri_crawler.catalogue import Portal

# What lies farther ahead was written by a clock that was ahead: between two crawls of a portal, and between two clocks.
LONGEST_PAUSE = timedelta(hours=12)
CLOCKS_DIFFER = timedelta(minutes=5)
SELDOM = timedelta(days=7)  # between two crawls of a portal in quarantine
# A crawl that ended so left addresses in the ledger that nobody has asked for: it goes on at once.
UNDONE = frozenset(("time", "limit", "stopped", "killed"))

# One that ended so read nothing: a portal that does not answer keeps its place for a minute and a half.
_READ_NOTHING = "no listing"


@dataclass(frozen=True, slots=True)
class LastCrawl:
    """How a portal's last crawl went."""

    started_at: datetime  # aware, UTC
    finish: str | None  # null while it runs, and when its process died
    due_at: datetime | None = None  # aware, UTC; by the portal's own pace, see archive/plan.py; null in old archives
    seldom: bool = False  # it is in quarantine


def next_due(last: LastCrawl | None, interval: timedelta, now: datetime) -> datetime:
    """Return when a portal is to be crawled next; `now` when it never was, or was not done when it ended.

    `interval` is for a portal whose pace is not known. What lies too far ahead is not believed: it is due now.
    """
    if last is None or last.started_at > now + CLOCKS_DIFFER:
        return now
    if last.seldom:
        return max(last.started_at + SELDOM, now)
    if last.finish is None or last.finish in UNDONE:
        return now
    due = last.due_at or last.started_at + interval
    return now if due > now + max(interval, LONGEST_PAUSE) else due


def due_portals(
    portals: Iterable[Portal], last: Mapping[str, LastCrawl], interval: timedelta, now: datetime
) -> list[Portal]:
    """Return the portals to crawl now: those with news, those that did not answer, those with a backlog, eldest first.

    A portal's first crawls may take days; were they first, they would hold every place while the news waits. So would
    many that hang, all of one failed network.
    """
    due = [portal for portal in portals if next_due(last.get(portal.id), interval, now) <= now]

    def rank(portal: Portal) -> tuple[bool, bool, str, str]:
        crawl = last.get(portal.id)
        backlog = crawl is None or crawl.finish is None or crawl.finish in UNDONE
        silent = crawl is not None and crawl.finish == _READ_NOTHING
        return backlog, silent, crawl.started_at.isoformat() if crawl else "", portal.id

    return sorted(due, key=rank)
