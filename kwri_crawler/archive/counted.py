"""How many articles a listing counts, crawl after crawl: more of them than were found are older ones that it got since.

An import into WordPress brings hundreds of posts at once, dated years back and never changed, so that neither what is
newest nor what changed last names one of them.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlite_utils import Database

_STALE = 20  # new articles that a cached total may not count yet


class _Before(NamedTuple):
    """What a listing counted when it was last read to known ground or to its end."""

    total: int | None  # null if that is unknown
    crawl: int | None  # by which that was; null if never
    newest: int | None  # row of the ledger when that began


def grown(db: Database, portal: str, listing: int, total: int) -> int:
    """Return by how many articles a listing's total grew beyond the addresses that were found since; 0 if unknown."""
    before = _before(db, listing)
    return 0 if before.total is None else max(0, total - before.total - _found_since(db, portal, before))


def note_total(db: Database, portal: str, listing: int, total: int) -> None:
    """Note what a listing counts, before its reading is noted; what was found and is not counted yet is added."""
    before = _before(db, listing)
    expected = total if before.total is None else before.total + _found_since(db, portal, before)
    total = max(total, min(expected, total + _STALE))
    db.conn.execute("UPDATE listings SET total = ? WHERE id = ?", (total, listing))


def _before(db: Database, listing: int) -> _Before:
    row = db.conn.execute("SELECT total, complete_crawl, complete_from FROM listings WHERE id = ?", (listing,))
    return _Before(*row.fetchone())


def _found_since(db: Database, portal: str, before: _Before) -> int:
    (found,) = db.conn.execute(
        "SELECT count(*) FROM urls WHERE id > ? AND +portal = ? AND found_crawl > ?",
        (before.newest or 0, portal, before.crawl or 0),
    ).fetchone()
    return int(found)
