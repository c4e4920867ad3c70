"""When each portal is worth crawling again: often where news is frequent, seldom where it is not or where it fails.

kwri_crawler/plan.py reads what is written here.
"""

from __future__ import annotations

from datetime import timedelta

from sqlite_utils import Database

from kwri_crawler.clock import moment_of, now, utc_text
from kwri_crawler.plan import LONGEST_PAUSE

SOONEST = timedelta(minutes=30)
# Also for a portal that fails: two crawls that failed, 20 hours apart, are what its health is told by, and that must be
# within two days however the crawls fell. An hourly harvest adds an hour to each pause.
LATEST = LONGEST_PAUSE
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
