"""What the archive knows of past crawls, for who plans the next ones."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from kwri_crawler.archive.verifications import quarantined
from kwri_crawler.plan import LastCrawl


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
