"""Crawls: their books, opened, counted and closed; and what is known of past ones, for who plans the next."""

from __future__ import annotations

import json
from datetime import datetime
from typing import NamedTuple

from sqlite_utils import Database

from kwri_crawler.archive.ledger import LEFT_OUT, LONGEST_PAUSE, LOST, OUTCOMES, row_id
from kwri_crawler.archive.verifications import quarantined
from kwri_crawler.catalogue import Portal
from kwri_crawler.causes import Cause
from kwri_crawler.clock import now, now_text, utc_text
from kwri_crawler.items import Outcome
from kwri_crawler.plan import LastCrawl
from kwri_crawler.version import __version__


class Lost(NamedTuple):
    """So many addresses that a crawl met, and that brought no article."""

    outcome: Outcome
    cause: Cause | None  # null in rows of older code
    now: bool  # this crawl settled them
    first: bool  # for the first time
    number: int


def begin(
    db: Database,
    portal: Portal,
    since: str | None,
    max_pages: int | None,
    until: str | None = None,
    place: str | None = None,
) -> int:
    """Enter a crawl, and close the books of those that were killed; the caller holds the portal's lock.

    place is where the portal is asked from; null for this machine.
    """
    crawl = _enter(db, portal, since, max_pages, until, place)
    db.conn.execute("UPDATE portals SET last_crawl = ? WHERE id = ?", (crawl, portal.id))
    return crawl


def begin_knowing(
    db: Database, portal: Portal, since: str | None, max_pages: int | None, until: str | None, place: str | None
) -> tuple[int, bool]:
    """Do as begin() and was_killed() do, in one call: a worker's goes to another machine."""
    return begin(db, portal, since, max_pages, until, place), was_killed(db, portal.id)


def begin_import(db: Database, portal: Portal) -> int:
    """Enter a crawl that asks for nothing, as that of imported pages; it is not the portal's last one."""
    return _enter(db, portal, None, None, None)


def _enter(
    db: Database,
    portal: Portal,
    since: str | None,
    max_pages: int | None,
    until: str | None,
    place: str | None = None,
) -> int:
    db.conn.execute(
        "INSERT INTO portals (id, name, home, family, region, zone, clocks) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, home = excluded.home, family = excluded.family,"
        " region = excluded.region, zone = excluded.zone, clocks = excluded.clocks",
        (
            portal.id,
            portal.name,
            portal.home,
            portal.family,
            portal.region,
            portal.zone,
            json.dumps(dict(portal.clocks)) if portal.clocks else None,
        ),
    )
    killed = db.conn.execute("SELECT id FROM crawls WHERE portal = ? AND finish IS NULL", (portal.id,)).fetchall()
    for (crawl,) in killed:
        _close_books(db, crawl, portal.id, ended_at=None, finish="killed", reason="the process ended without a word",
                     cause=Cause.STOPPED)  # fmt: skip
    cursor = db.conn.execute(
        "INSERT INTO crawls (portal, started_at, since, until, max_pages, version, place) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (portal.id, now_text(), since, until, max_pages, __version__, place),
    )
    return row_id(cursor.lastrowid)


def was_killed(db: Database, portal: str) -> bool:
    """Tell whether a crawl of a portal was killed while pages that it was to ask for may still be asked for again."""
    (killed,) = db.conn.execute(
        "SELECT EXISTS (SELECT 1 FROM crawls WHERE portal = ? AND finish = 'killed' AND started_at > ?)",
        (portal, utc_text(now() - LONGEST_PAUSE)),
    ).fetchone()
    return bool(killed)


def lost_in(db: Database, crawl: int, portal: str) -> tuple[tuple[Lost, ...], bool]:
    """Return what a crawl met and what is LOST of it, and whether any address of its portal ever brought an article."""
    rows = db.conn.execute(
        "SELECT outcome, cause, settled_crawl IS :crawl, tries <= 1, count(*) FROM urls INDEXED BY urls_seen"  # noqa: S608
        f" WHERE portal = :portal AND seen_crawl = :crawl AND {LOST}"
        " GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 1, 2, 3, 4",
        {"crawl": crawl, "portal": portal},
    ).fetchall()
    (has_articles,) = db.conn.execute(
        # or another portal's, that its listings named: the ledger of one without any is not read through
        "SELECT EXISTS (SELECT 1 FROM articles WHERE portal = :portal) OR EXISTS (SELECT 1 FROM listings"
        " CROSS JOIN urls INDEXED BY urls_listing ON urls.listing = listings.id AND urls.article > 0"
        " WHERE listings.portal = :portal)",
        {"portal": portal},
    ).fetchone()
    lost = (
        Lost(Outcome(outcome), Cause(cause) if cause else None, bool(now), bool(first), number)
        for outcome, cause, now, first, number in rows
    )
    return tuple(lost), bool(has_articles)


def count_in(db: Database, crawl: int, portal: str) -> dict[str, int]:
    """Return a crawl's counts by outcome, those `left_out`, the sum as `found`, and the edits that it saw."""
    return _with_edits(db, crawl, _counts(db, crawl, portal))


def _with_edits(db: Database, crawl: int, counts: dict[str, int]) -> dict[str, int]:
    (edited,) = db.conn.execute("SELECT count(*) FROM revisions WHERE crawl = ?", (crawl,)).fetchone()
    return {**counts, "edited": edited}


def end(
    db: Database,
    crawl: int,
    portal: str,
    finish: str,
    reason: str | None,
    requests: int,
    received: int,
    cause: Cause | None = None,
) -> dict[str, int]:
    """Close a crawl's books; return its counts by outcome, their sum as `found`, and the edits that it saw.

    The cause says why it ended before everything was done; None when all was done.
    """
    db.conn.execute("UPDATE crawls SET requests = ?, bytes = ? WHERE id = ?", (requests, received, crawl))
    counts = _close_books(db, crawl, portal, ended_at=now_text(), finish=finish, reason=reason, cause=cause)
    return _with_edits(db, crawl, counts)


def _close_books(
    db: Database, crawl: int, portal: str, ended_at: str | None, finish: str, reason: str | None, cause: Cause | None
) -> dict[str, int]:
    counts = _counts(db, crawl, portal)
    db.conn.execute(
        "UPDATE crawls SET ended_at = :ended_at, finish = :finish, reason = :reason, cause = :cause, found = :found,"
        " pending = :pending, stored = :stored, known = :known, unreadable = :unreadable, refused = :refused,"
        " gone = :gone, failed = :failed, left_out = :left_out WHERE id = :crawl",
        {
            **counts,
            "crawl": crawl,
            "ended_at": ended_at,
            "finish": finish,
            "reason": reason,
            "cause": cause,
        },
    )
    return counts


def _counts(db: Database, crawl: int, portal: str) -> dict[str, int]:
    counts = dict.fromkeys((*(outcome.value for outcome in OUTCOMES), "left_out"), 0)
    counts |= dict(
        db.conn.execute(
            "SELECT CASE WHEN outcome IN ('pending', 'failed') THEN outcome"  # noqa: S608 - our own condition
            f" WHEN {LEFT_OUT} THEN 'left_out' WHEN settled_crawl IS NOT :crawl THEN 'known' ELSE outcome END, count(*)"
            " FROM urls INDEXED BY urls_seen WHERE portal = :portal AND seen_crawl = :crawl GROUP BY 1",
            {"crawl": crawl, "portal": portal},
        )
    )
    counts["found"] = sum(counts.values())
    return counts


def last_crawls(db: Database) -> dict[str, LastCrawl]:
    """Return each portal's last crawl, by the portal's id; however many went before, they are not read."""
    rows = db.conn.execute(
        "SELECT portals.id, started_at, finish, next_due_at FROM portals JOIN crawls ON crawls.id = last_crawl"
    )
    seldom = quarantined(db)
    return {
        portal: LastCrawl(
            datetime.fromisoformat(started), finish, datetime.fromisoformat(due) if due else None, portal in seldom
        )
        for portal, started, finish, due in rows
    }


def portal_ids(db: Database) -> tuple[str, ...]:
    """Return the ids of all portals that were ever crawled into this archive."""
    return tuple(row[0] for row in db.conn.execute("SELECT id FROM portals ORDER BY id"))


def proven_ids(db: Database) -> frozenset[str]:
    """Return the ids of the portals of which the archive holds an article."""
    rows = db.conn.execute("SELECT id FROM portals WHERE EXISTS (SELECT 1 FROM articles WHERE portal = portals.id)")
    return frozenset(row[0] for row in rows)
