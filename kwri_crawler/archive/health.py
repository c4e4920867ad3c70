"""What portals' health is judged by, out of the archive; and its changes, into the archive."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from kwri_crawler.archive.ledger import LOST
from kwri_crawler.catalogue import Portal
from kwri_crawler.causes import Cause
from kwri_crawler.clock import utc_text
from kwri_crawler.dates.faces import IN_THE_FUTURE
from kwri_crawler.health import (
    Arrival,
    CrawlEnd,
    ListingState,
    Loss,
    Past,
    Reason,
    Says,
    State,
    Verdict,
    Word,
    judge_all,
)
from kwri_crawler.health.past import BAD
from kwri_crawler.health.windows import bad_since

MEMORY = timedelta(days=135)  # two blocks of eight weeks, and the three weeks that are judged
DETAIL = timedelta(days=64)  # eight weeks of what is usual, until now or until a trouble began, and a week
NEWS = "-3 days"  # an article that was published earlier than so before it was found is no news: back-fill
PER_DAY = """
    SELECT date(fetched_at, :zone), count(*)
    FROM articles
    WHERE portal = :portal AND fetched_at > :from AND fetched_at <= :now
        AND (published_at IS NULL OR published_at > strftime('%Y-%m-%dT%H:%M:%SZ', first_seen_at, :news))
    GROUP BY 1
"""
LOSSES = 500  # the newest of the last week are enough to see what is wrong


def only_authors(db: Database, least: int = 20) -> dict[str, str]:
    """Return by portal the author of each of its newest `least` articles; none where these have two, or none."""
    found = db.execute(
        """
        SELECT
            portals.id,
            (
                SELECT CASE WHEN count(author) = :least AND min(author) = max(author) THEN min(author) END
                FROM (SELECT author FROM articles WHERE portal = portals.id ORDER BY articles.id DESC LIMIT :least)
            )
        FROM portals
        """,
        {"least": least},
    )
    return {portal: author for portal, author in found.fetchall() if author is not None}


@dataclass(frozen=True, slots=True)
class Change:
    """A portal's health changed."""

    portal: str
    at: datetime  # aware, UTC
    was: Word | None  # null when the portal was never judged before
    verdict: Verdict

    @property
    def is_news(self) -> bool:
        """Whether a person wants to hear of it: a portal's first word is none unless it is bad."""
        return self.was is not None or self.verdict.word in BAD


def read_pasts(db: Database, portals: Iterable[Portal], now: datetime) -> list[Past]:
    """Read what each portal is judged by; a few milliseconds a portal."""
    known = states(db)
    return [_read_past(db, portal, known.get(portal.id), now) for portal in portals]


def _read_past(db: Database, portal: Portal, state: State | None, now: datetime) -> Past:
    offset = ZoneInfo(portal.zone).utcoffset(now.replace(tzinfo=None))
    hours = f"{(offset or timedelta()).total_seconds() / 3600:+g} hours"
    given = {"portal": portal.id, "from": utc_text(now - MEMORY), "now": utc_text(now), "zone": hours, "news": NEWS}
    began, has_articles = db.conn.execute(
        "SELECT (SELECT min(started_at) FROM crawls WHERE portal = :portal),"
        " EXISTS (SELECT 1 FROM articles WHERE articles.portal = :portal)",
        {"portal": portal.id},
    ).fetchone()
    return Past(
        portal.id,
        portal.zone,
        datetime.fromisoformat(began) if began else None,
        _per_day(db, given),
        _arrivals(db, {**given, "from": utc_text((bad_since(state, now) or now) - DETAIL)}),
        _crawls(db, given),
        _losses(db, portal, now),
        tuple(
            ListingState(kind, url, status, reason, _cause(cause), datetime.fromisoformat(oldest) if oldest else None)
            for kind, url, status, reason, cause, oldest in db.conn.execute(
                "SELECT kind, url, status, reason, cause, oldest_at FROM listings"
                " WHERE portal = ? AND (found_on IS NULL OR status = 'read')",
                (portal.id,),
            )
        ),
        bool(has_articles),
        state,
    )


def _per_day(db: Database, given: dict[str, str]) -> dict[date, int]:
    return {date.fromisoformat(day): count for day, count in db.conn.execute(PER_DAY, given)}


def _arrivals(db: Database, given: dict[str, str]) -> tuple[Arrival, ...]:
    rows = db.conn.execute(
        "SELECT fetched_at, date(fetched_at, :zone), word_count, author IS NOT NULL, section IS NOT NULL,"
        " image_url IS NOT NULL, coalesce(published_precision IN ('second', 'minute'), 0),"
        " strftime('%s', first_seen_at) - strftime('%s', published_at),"
        " published_at IS NULL AND EXISTS (SELECT 1 FROM dates"
        " WHERE article = articles.id AND judged IS NOT 'updated' AND reason = :future)"
        " FROM articles WHERE portal = :portal AND fetched_at > :from AND fetched_at <= :now"
        " AND (published_at IS NULL OR published_at > strftime('%Y-%m-%dT%H:%M:%SZ', first_seen_at, :news))"
        " ORDER BY fetched_at",
        {**given, "future": IN_THE_FUTURE},
    )
    return tuple(
        Arrival(
            datetime.fromisoformat(at),
            date.fromisoformat(day),
            words,
            bool(author),
            bool(section),
            bool(image),
            bool(minute),
            lag / 3600 if minute and lag is not None else None,
            bool(future),
        )
        for at, day, words, author, section, image, minute, lag, future in rows
    )


def _crawls(db: Database, given: dict[str, str]) -> tuple[CrawlEnd, ...]:
    rows = db.conn.execute(
        "SELECT started_at, date(started_at, :zone), finish IN ('finished', 'limit', 'time', 'partial', 'nothing'),"
        " finish, reason,"
        " coalesce(stored, 0), coalesce(unreadable + refused + gone + failed, 0), cause"
        " FROM crawls WHERE portal = :portal AND started_at > :from AND started_at <= :now"
        " AND finish <> 'imported'"  # and not null: it has ended
        " ORDER BY started_at",
        given,
    )
    return tuple(
        CrawlEnd(
            datetime.fromisoformat(at), date.fromisoformat(day), bool(well), finish, reason, stored, lost, _cause(cause)
        )
        for at, day, well, finish, reason, stored, lost, cause in rows
    )


def _losses(db: Database, portal: Portal, now: datetime) -> tuple[Loss, ...]:
    rows = db.conn.execute(
        "SELECT tried_at, url, outcome, coalesce(reason, outcome), cause FROM urls"  # noqa: S608 - our own condition
        f" WHERE portal = ? AND {LOST} AND tried_at > ? AND tried_at <= ? ORDER BY tried_at DESC LIMIT ?",
        (portal.id, utc_text(now - timedelta(days=7)), utc_text(now), LOSSES),
    ).fetchall()
    return tuple(
        Loss(datetime.fromisoformat(at), url, outcome, reason, _cause(cause))
        for at, url, outcome, reason, cause in reversed(rows)
    )


def _cause(code: str | None) -> Cause | None:
    return Cause(code) if code is not None else None


def read_reasons(column: str | None) -> tuple[Reason, ...]:
    """Return the reasons that an event's row holds; none for a row of older code."""
    return tuple(
        Reason(Says(one["says"]), one["figures"], _cause(one["cause"]), one["told"], tuple(one["examples"]))
        for one in json.loads(column or "[]")
    )


def _write_reasons(reasons: Iterable[Reason]) -> str | None:
    rows = [asdict(reason) for reason in reasons]
    return json.dumps(rows, ensure_ascii=False) if rows else None


def states(db: Database) -> dict[str, State]:
    """Return how each portal is by its newest event."""
    rows = db.conn.execute(
        "SELECT portal, word, at FROM portals"
        " JOIN events ON events.id = (SELECT max(id) FROM events WHERE portal = portals.id)"
    )
    return {portal: State(Word(word), datetime.fromisoformat(at)) for portal, word, at in rows}


def review(db: Database, portals: Iterable[Portal], now: datetime) -> tuple[list[Verdict], list[Change]]:
    """Judge portals and enter what changed; return how all are, and what changed."""
    verdicts = judge_all(read_pasts(db, portals, now), now)
    return verdicts, record(db, verdicts, now)


def record(db: Database, verdicts: Iterable[Verdict], now: datetime) -> list[Change]:
    """Enter what changed as events, and return it; what is as it was leaves no trace."""
    before = states(db)
    changes = []
    for verdict in verdicts:
        state = before.get(verdict.portal)
        if state is not None and state.word is verdict.word:
            continue
        if verdict.since is None:  # never crawled: the archive does not know the portal yet
            continue
        examples = [url for reason in verdict.reasons for url in reason.examples][:5]
        db.conn.execute(
            "INSERT INTO events (portal, at, word, was, why, examples, reasons) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                verdict.portal,
                utc_text(now),
                verdict.word.value,
                state.word.value if state else None,
                verdict.why or None,
                json.dumps(examples) if examples else None,
                _write_reasons(verdict.reasons),
            ),
        )
        changes.append(Change(verdict.portal, now, state.word if state else None, verdict))
    return changes
