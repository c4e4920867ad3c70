"""What verifications of portals found, and the quarantine of those that keep failing; events, never edits of a file.

A portal whose listing or articles failed twice in a row, most of a day apart, is asked once a week (plan.py of the
package), until a verification passes or a crawl goes well. Articles that come and lack a date are no waste of requests.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlite_utils import Database

from kwri_crawler.clock import now, utc_text

APART = timedelta(hours=20)  # between two failures that count: an outage of an evening is one
NOT_COMING = ("listing", "article")  # fields whose failure leads to quarantine
BEGUN, ENDED = "begun", "ended"
PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


class Verified(NamedTuple):
    """What one verification found."""

    portal: str
    result: str  # passed, failed, skipped
    field: str | None  # what failed: listing, article, date ...; None if it passed
    why: str | None
    cause: str | None
    listing: str | None  # the address that was asked for
    article: str | None


def record(db: Database, found: Iterable[Verified], at: datetime) -> list[tuple[str, str]]:
    """Keep what was found of portals that the archive knows; return whose quarantine changed, and to what."""
    changes: list[tuple[str, str]] = []
    known = {row[0] for row in db.conn.execute("SELECT id FROM portals")}
    for one in found:
        if one.portal not in known:
            continue
        db.conn.execute(
            "INSERT INTO verifications (portal, at, result, field, reason, cause, listing, article)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (one.portal, utc_text(at), one.result, one.field, one.why, one.cause, one.listing, one.article),
        )
        if one.result == PASSED and end(db, one.portal, at, "a verification passed"):
            changes.append((one.portal, ENDED))
        elif one.field in NOT_COMING and one.result == FAILED and _is_to_begin(db, one.portal, at):
            _enter(db, one.portal, at, BEGUN, f"{one.field}: {one.why}")
            changes.append((one.portal, BEGUN))
    return changes


def _is_to_begin(db: Database, portal: str, at: datetime) -> bool:
    """Return whether a portal failed APART ago or earlier too, and neither passed nor was crawled well since."""
    (failed,) = db.conn.execute(
        "SELECT max(at) FROM verifications"
        " WHERE portal = ? AND result = 'failed' AND field IN ('listing', 'article') AND at <= ?",
        (portal, utc_text(at - APART)),
    ).fetchone()
    if failed is None or is_quarantined(db, portal):
        return False
    (passed,) = db.conn.execute(
        "SELECT EXISTS (SELECT 1 FROM verifications WHERE portal = :portal AND result = 'passed' AND at > :failed)"
        " OR EXISTS (SELECT 1 FROM crawls WHERE portal = :portal AND started_at > :failed"
        " AND finish IN ('finished', 'limit', 'time') AND found > 0)",
        {"portal": portal, "failed": failed},
    ).fetchone()
    return not passed


def end(db: Database, portal: str, at: datetime, why: str) -> bool:
    """Let a portal out of its quarantine; return whether it was in it."""
    if not is_quarantined(db, portal):
        return False
    _enter(db, portal, at, ENDED, why)
    return True


def end_by_crawl(db: Database, portal: str) -> None:
    """Let a portal out that was crawled well just now."""
    end(db, portal, now(), "a crawl of it went well")


def _enter(db: Database, portal: str, at: datetime, word: str, why: str) -> None:
    db.conn.execute(
        "INSERT INTO quarantines (portal, at, word, why) VALUES (?, ?, ?, ?)", (portal, utc_text(at), word, why[:300])
    )


def is_quarantined(db: Database, portal: str) -> bool:
    """Return whether a portal is in quarantine by its newest event."""
    row = db.conn.execute(
        "SELECT word FROM quarantines WHERE portal = ? ORDER BY id DESC LIMIT 1", (portal,)
    ).fetchone()
    return row is not None and row[0] == BEGUN


def quarantined(db: Database) -> frozenset[str]:
    """Return the portals that are in quarantine."""
    rows = db.conn.execute(
        "SELECT portal FROM quarantines WHERE word = 'begun'"
        " AND id IN (SELECT max(id) FROM quarantines GROUP BY portal)"
    )
    return frozenset(portal for (portal,) in rows)


def last_verified(db: Database) -> dict[str, datetime]:
    """Return when each portal was verified last."""
    rows = db.conn.execute("SELECT portal, max(at) FROM verifications GROUP BY portal")
    return {portal: datetime.fromisoformat(at) for portal, at in rows}
