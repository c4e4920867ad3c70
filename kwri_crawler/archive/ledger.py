"""The ledger: every address that portals named, and its one outcome with a cause; when it is asked for again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from kwri_crawler.causes import Cause
from kwri_crawler.clock import now, now_text, utc_text
from kwri_crawler.items import Due, Outcome

# Days until an address is asked for again, by outcome and number of tries; after the last, never.
# A failure is mostly the portal's bad hour; an unreadable page may have been half published; a 404 may be a slip,
# and is believed when seen twice; robots.txt may change.
TRY_AGAIN_DAYS: dict[Outcome, tuple[float, ...]] = {
    Outcome.FAILED: (0, 1 / 24, 1 / 4, 1, 3, 10, 10),
    Outcome.UNREADABLE: (1, 10),
    Outcome.GONE: (1,),
    Outcome.REFUSED: (10, 30),
}
LONGEST_PAUSE = timedelta(days=31)  # until an address is tried again; a later moment comes of a clock that was ahead
OUTCOMES = tuple(Outcome)
# Not asked for by our own rule (another host, no article's address) or taken down: nothing is lost by it.
LEFT_OUT = "coalesce(cause, '') IN ('rule', 'forgotten')"
LOST = f"outcome IN ('unreadable', 'refused', 'gone', 'failed') AND NOT {LEFT_OUT}"  # brought no article


@dataclass(frozen=True, slots=True)
class ListedUrl:
    """An address to enter in the ledger."""

    key: str
    url: str
    listed_text: str | None = None  # its date as the listing printed it; null if none
    listed_at: datetime | None = None  # aware; null if there was none to read
    refused: str | None = None  # why it will never be asked for; null if it may be
    cause: Cause = Cause.RULE  # the same as a code; of no meaning while refused is null
    changed_at: datetime | None = None  # aware; its last change as the listing knows it; null if it knows none
    told: bool = False  # the listing tells the whole article
    facts: str | None = None  # what the listing told beside the text, as listings.facts_of writes it


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of an address."""

    outcome: Outcome
    reason: str | None = None
    status: int | None = None  # of the HTTP answer
    article: int | None = None
    final: bool = False  # not to be asked for again whatever TRY_AGAIN_DAYS says
    next_try_at: datetime | None = None  # aware; when the portal itself said when to come back
    cause: Cause | None = None  # why it brought no article; null when it did


def has_known(db: Database, portal: str, keys: Iterable[str], crawl: int) -> bool:
    """Tell whether one of some addresses (url_key) leads to an article that an earlier crawl brought."""
    row = db.conn.execute(
        "SELECT 1 FROM urls JOIN articles ON articles.id = urls.article WHERE urls.portal = ? AND articles.crawl < ?"
        " AND key IN (SELECT value FROM json_each(?)) LIMIT 1",
        (portal, crawl, json.dumps(list(keys))),
    ).fetchone()
    return row is not None


def enter(db: Database, portal: str, listing: int, crawl: int, entry: ListedUrl, now: str) -> int:
    """Enter an address that is new to the ledger; return its row."""
    (known,) = db.conn.execute("SELECT (SELECT id FROM articles WHERE url_key = ?)", (entry.key,)).fetchone()
    if entry.refused is not None:
        known, outcome, reason, cause = None, Outcome.REFUSED, entry.refused, entry.cause
    elif known is not None:
        outcome, reason, cause = Outcome.KNOWN, "the archive had it under another listed address", Cause.KNOWN
    else:
        outcome, reason, cause = Outcome.PENDING, None, None
    cursor = db.conn.execute(
        "INSERT INTO urls (portal, key, url, listing, found_at, found_crawl, listed_text, listed_at, seen_crawl,"
        " outcome, reason, cause, settled_crawl, article, changed_at, listed_facts)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            portal,
            entry.key,
            entry.url,
            listing,
            now,
            crawl,
            entry.listed_text,
            utc_text(entry.listed_at) if entry.listed_at else None,
            crawl,
            outcome.value,
            reason,
            cause,
            None if outcome is Outcome.PENDING else crawl,
            known,
            utc_text(entry.changed_at) if entry.changed_at else None,
            entry.facts,
        ),
    )
    return row_id(cursor.lastrowid)


def take_due(
    db: Database, portal: str, crawl: int, count: int, since: datetime | None, before: datetime | None = None
) -> list[Due]:
    """Take addresses to ask for now, this crawl's finds first.

    None is taken twice in one crawl. Those that a listing dated outside of `since` and `before` stay pending.
    """
    rows = db.conn.execute(
        "SELECT id, url, listed_text, (SELECT kind FROM listings WHERE id = urls.listing), listed_facts"
        " FROM urls WHERE portal = :portal"
        " AND (outcome = 'pending' OR next_try_at IS NOT NULL)"
        " AND (outcome = 'pending' OR next_try_at <= :now OR next_try_at > :never)"
        " AND tried_crawl IS NOT :crawl"
        " AND (:since IS NULL OR listed_at IS NULL OR listed_at >= :since)"
        " AND (:before IS NULL OR listed_at IS NULL OR listed_at < :before)"
        " ORDER BY found_crawl DESC, id LIMIT :count",
        {
            "portal": portal,
            "now": now_text(),
            "never": utc_text(now() + LONGEST_PAUSE),
            "crawl": crawl,
            "since": utc_text(since) if since else None,
            "before": utc_text(before) if before else None,
            "count": count,
        },
    ).fetchall()
    found = [Due(url_id, url, text, kind, facts, crawl) for url_id, url, text, kind, facts in rows]
    claim(db, crawl, [due.id for due in found])
    return found


def is_due(next_try_at: str | None) -> bool:
    """Tell whether an address with an outcome is to be tried again now."""
    if next_try_at is None:
        return False
    return next_try_at <= now_text() or next_try_at > utc_text(now() + LONGEST_PAUSE)


def claim(db: Database, crawl: int, url_ids: Iterable[int]) -> None:
    """Note that a crawl takes addresses in hand, so that it takes none of them twice."""
    now = now_text()
    db.conn.executemany(
        "UPDATE urls SET tried_at = ?, tried_crawl = ?, seen_crawl = ? WHERE id = ?",
        [(now, crawl, crawl, url_id) for url_id in url_ids],
    )


def settle(db: Database, url_id: int, crawl: int, settlement: Settlement) -> None:
    """Give an address its outcome, and say when it is to be asked for again, if ever."""
    outcome = settlement.outcome
    next_try_at = None
    if settlement.next_try_at is not None:
        next_try_at = utc_text(settlement.next_try_at)
    elif not settlement.final and outcome in TRY_AGAIN_DAYS:
        (tries,) = db.conn.execute("SELECT tries FROM urls WHERE id = ?", (url_id,)).fetchone()
        delays = TRY_AGAIN_DAYS[outcome]
        if tries < len(delays):
            next_try_at = utc_text(now() + timedelta(days=delays[tries]))
    db.conn.execute(
        "UPDATE urls SET outcome = ?, reason = ?, cause = ?, status = ?, article = coalesce(?, article),"
        " next_try_at = ?, settled_crawl = ?, tries = tries + 1 WHERE id = ?",
        (
            outcome.value,
            settlement.reason,
            settlement.cause,
            settlement.status,
            settlement.article,
            next_try_at,
            None if outcome is Outcome.PENDING else crawl,
            url_id,
        ),
    )


def put_back(db: Database, url_id: int, reason: str, listed_at: datetime | None = None) -> None:
    """Leave an address that lies outside of this crawl's bounds pending, with the date that its page told."""
    db.conn.execute(
        "UPDATE urls SET outcome = 'pending', reason = ?, cause = ?, listed_at = coalesce(?, listed_at) WHERE id = ?",
        (reason, Cause.BOUNDS, utc_text(listed_at) if listed_at else None, url_id),
    )


def row_id(value: Any) -> int:
    """Return what SQLite gave as a row's id."""
    if not isinstance(value, int):
        raise AssertionError(f"SQLite gave no row id: {value!r}")
    return value
