"""When each portal is worth crawling again: often where news is frequent, seldom where it is not or where it fails."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlite_utils import Database

from kwri_crawler.archive.clock import moment_of, now, utc_text

SOONEST = timedelta(minutes=30)
LATEST = timedelta(days=1)
NEW_ARTICLES = 3  # that a crawl should find on average
_LOOK_BACK = timedelta(days=14)


def plan_next(db: Database, portal: str, *, well: bool) -> None:
    """Plan a portal's next crawl at the end of one; after one that went wrong the pause doubles."""
    at = now()
    (found, first) = db.conn.execute(
        "SELECT count(*), min(published_at) FROM articles WHERE portal = ? AND published_at > ? AND published_at <= ?",
        (portal, utc_text(at - _LOOK_BACK), utc_text(at)),
    ).fetchone()
    every = LATEST
    if found:
        span = max(at - moment_of(first), timedelta(days=1))
        every = min(max(span / found * NEW_ARTICLES, SOONEST), LATEST)
    if not well:
        (before,) = db.conn.execute("SELECT every_s FROM portals WHERE id = ?", (portal,)).fetchone()
        every = min(max(timedelta(seconds=2 * (before or 0)), SOONEST), LATEST)
    db.conn.execute(
        "UPDATE portals SET every_s = ?, next_due_at = ? WHERE id = ?",
        (int(every.total_seconds()), utc_text(at + every), portal),
    )


def next_due(db: Database, portal: str) -> datetime | None:
    """Return when a portal is worth crawling again, aware, UTC; null when it was never crawled: now."""
    row = db.conn.execute("SELECT next_due_at FROM portals WHERE id = ?", (portal,)).fetchone()
    return moment_of(row[0]) if row and row[0] else None


def due_portals(db: Database, at: datetime) -> tuple[str, ...]:
    """Return the portals that were crawled before and are due at a moment, the longest overdue first."""
    rows = db.conn.execute(
        "SELECT id FROM portals WHERE next_due_at IS NULL OR next_due_at <= ? ORDER BY next_due_at, id", (utc_text(at),)
    )
    return tuple(portal for (portal,) in rows)
