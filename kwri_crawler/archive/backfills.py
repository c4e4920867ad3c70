"""Spans of a portal's past that were asked for: which slices are read, and where to go on in the one that is not."""

from __future__ import annotations

from datetime import date, datetime

from sqlite_utils import Database

from kwri_crawler.clock import now_text, utc_text


def begin(db: Database, portal: str, first: date, last: date, listing: int) -> tuple[bool, str | None]:
    """Enter a slice (local days, inclusive) unless it is known; return whether it is done, and where to go on."""
    db.conn.execute(
        "INSERT OR IGNORE INTO backfills (portal, first_day, last_day, listing) VALUES (?, ?, ?, ?)",
        (portal, first.isoformat(), last.isoformat(), listing),
    )
    row = db.conn.execute(
        "SELECT done_at, next_url FROM backfills WHERE portal = ? AND first_day = ? AND last_day = ? AND listing = ?",
        (portal, first.isoformat(), last.isoformat(), listing),
    ).fetchone()
    return row[0] is not None, row[1]


def go_on_at(db: Database, portal: str, first: date, last: date, listing: int, url: str) -> None:
    """Note the page of a slice to go on with when the crawl is cut short."""
    db.conn.execute(
        "UPDATE backfills SET next_url = ? WHERE portal = ? AND first_day = ? AND last_day = ? AND listing = ?",
        (url, portal, first.isoformat(), last.isoformat(), listing),
    )


def fall_short(db: Database, portal: str, first: date, last: date, listing: int, reached_at: datetime | None) -> None:
    """Note that a listing does not lead back to a slice's first day; the slice stays unread."""
    db.conn.execute(
        "UPDATE backfills SET next_url = NULL, done_at = NULL, reached_at = ?"
        " WHERE portal = ? AND first_day = ? AND last_day = ? AND listing = ?",
        (utc_text(reached_at) if reached_at else None, portal, first.isoformat(), last.isoformat(), listing),
    )


def finish(db: Database, portal: str, first: date, last: date, listing: int, *, for_good: bool) -> int:
    """Note that a slice was read to its end, for good when its last day is over; return how many articles it holds."""
    db.conn.execute(
        "UPDATE backfills SET next_url = NULL, done_at = ?, reached_at = NULL"
        " WHERE portal = ? AND first_day = ? AND last_day = ? AND listing = ?",
        (now_text() if for_good else None, portal, first.isoformat(), last.isoformat(), listing),
    )
    (articles,) = db.conn.execute(
        "SELECT count(*) FROM articles WHERE portal = :portal"
        # published_at is UTC and indexed; a local day begins at most 14 hours off it
        " AND published_at >= date(:first, '-1 day') AND published_at < date(:last, '+2 days')"
        " AND substr(published_local, 1, 10) BETWEEN :first AND :last",
        {"portal": portal, "first": first.isoformat(), "last": last.isoformat()},
    ).fetchone()
    return int(articles)
