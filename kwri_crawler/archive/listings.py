"""How far each listing was read: what may be skipped next time, and what must not, so that no reading leaves a hole.

Known ground is what was found before a finished reading of the same listing began, or by it. A feed of the newest
articles finishes only where its oldest entry stands on the ground of all listings that reach back to the first article.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from kwri_crawler.archive import visits
from kwri_crawler.archive.ledger import Due, ListedUrl, claim, enter, is_due, row_id
from kwri_crawler.archive.visits import Visit
from kwri_crawler.catalogue import Listing, ListingKind, Portal
from kwri_crawler.causes import Cause
from kwri_crawler.clock import moment_of, now_text, utc_text
from kwri_crawler.items import Outcome


@dataclass(frozen=True, slots=True)
class State:
    """What is known of a listing before it is read again."""

    status: str | None  # of the last try: read, gone, unreadable, refused, failed; null if never tried
    tried_at: datetime | None
    read_at: datetime | None
    complete: bool  # a finished reading stands, down to the bound of this crawl
    paged: bool | None  # its pages lead to every article; null if it never was read
    tells: bool | None  # its items are whole texts; null if that was not compared yet
    changed_at: datetime | None  # the newest change that a finished reading saw


@dataclass(frozen=True, slots=True)
class PageOfListing:
    """What one page of a listing added to the ledger."""

    new: int  # addresses that were not in it
    known_ground: bool  # all that it named stands on known ground
    meets_ground: bool = False  # its last entry does
    told: tuple[tuple[int, Due], ...] = ()  # entries whose told article is wanted, by their place in the page


def states(db: Database, portal: Portal, since: str | None) -> dict[str, State]:
    """Return what is known of each listing of a portal that was ever tried, by its address."""
    rows = db.conn.execute(
        "SELECT url, status, tried_at, read_at, complete_crawl, complete_since, paged, tells, changed_at"
        " FROM listings WHERE portal = ?",
        (portal.id,),
    )
    return {
        row[0]: State(
            row[1],
            moment_of(row[2]) if row[2] else None,
            moment_of(row[3]) if row[3] else None,
            _is_deep_enough(row[4], row[5], since),
            None if row[6] is None else bool(row[6]),
            None if row[7] is None else bool(row[7]),
            moment_of(row[8]) if row[8] else None,
        )
        for row in rows
    }


def begin_listing(db: Database, portal: str, listing: Listing) -> tuple[int, int]:
    """Note that a listing is being read from its top; return its row and the newest row of the ledger."""
    db.conn.execute(
        "INSERT INTO listings (portal, kind, url, tried_at) VALUES (?, ?, ?, ?) ON CONFLICT (portal, url)"
        " DO UPDATE SET kind = excluded.kind, tried_at = excluded.tried_at, pages = 0, entries = 0",
        (portal, listing.kind.value, listing.url, now_text()),
    )
    row = db.conn.execute("SELECT id FROM listings WHERE portal = ? AND url = ?", (portal, listing.url)).fetchone()
    (newest,) = db.conn.execute("SELECT coalesce(max(id), 0) FROM urls").fetchone()
    return row_id(row[0]), row_id(newest)


def record_page(
    db: Database,
    portal: str,
    listing: int,
    crawl: int,
    entries: Sequence[ListedUrl],
    since: str | None,
    room: int | None = None,
) -> PageOfListing:
    """Enter everything that one page of a listing named; all of it or none.

    Entries that tell their article are taken in hand, at most `room` of them (null: all), when the ledger wants it:
    the address has no outcome yet, or its article changed. What changed and is not told is asked for as a visit.
    """
    ground = _Ground(db, portal, listing, since)
    new = 0
    on_ground: list[bool] = []
    told: list[tuple[int, Due]] = []
    now = now_text()
    for place, entry in enumerate(entries):
        row = db.conn.execute(
            "SELECT id, listing, found_crawl, outcome, next_try_at, tried_crawl, changed_at, article, url, listed_text"
            " FROM urls WHERE portal = ? AND key = ?",
            (portal, entry.key),
        ).fetchone()
        wanted = False
        visit: Visit | None = None
        if row is None:
            new += 1
            url_id = enter(db, portal, listing, crawl, entry, now)
            on_ground.append(False)
            (outcome,) = db.conn.execute("SELECT outcome FROM urls WHERE id = ?", (url_id,)).fetchone()
            wanted = outcome == Outcome.PENDING
        else:
            url_id = row[0]
            on_ground.append(ground.holds(row[0], row[1], row[2]))
            db.conn.execute(
                "UPDATE urls SET seen_crawl = ?, listed_at = coalesce(listed_at, ?) WHERE id = ?",
                (crawl, utc_text(entry.listed_at) if entry.listed_at else None, url_id),
            )
            due = row[3] == Outcome.PENDING or is_due(row[4])
            wanted = due and row[5] != crawl and entry.refused is None
            if row[6] is None:
                note_change(db, url_id, entry.changed_at)
            # A feed that names no changes shows an edit in the text alone.
            edited = _is_later(entry.changed_at, row[6]) or (entry.told and entry.changed_at is None)
            if row[7] is not None and edited:
                if entry.told:
                    visit = Visit(row[7], row[8], None, None)
                else:
                    visits.ask_now(db, portal, row[7])
                    note_change(db, url_id, entry.changed_at)
        if entry.told and (wanted or visit) and (room is None or len(told) < room):
            if visit is None:
                claim(db, crawl, [url_id])
            told.append((place, Due(url_id, entry.url, entry.listed_text, None, visits=visit)))
    db.conn.execute(
        "UPDATE listings SET pages = pages + 1, entries = entries + ? WHERE id = ?", (len(on_ground), listing)
    )
    return PageOfListing(
        new,
        known_ground=bool(on_ground) and all(on_ground),
        meets_ground=bool(on_ground) and on_ground[-1],
        told=tuple(told),
    )


def note_change(db: Database, url_id: int, changed_at: datetime | None) -> None:
    """Note that a change of an address's article was taken into account."""
    if changed_at is not None:
        db.conn.execute("UPDATE urls SET changed_at = ? WHERE id = ?", (utc_text(changed_at), url_id))


class _Ground:
    """What counts as known while one listing is read."""

    def __init__(self, db: Database, portal: str, listing: int, since: str | None) -> None:
        kind, paged, crawl, from_, depth = db.conn.execute(
            "SELECT kind, paged, complete_crawl, complete_from, complete_since FROM listings WHERE id = ?", (listing,)
        ).fetchone()
        self._by: dict[int, int] = {}  # listing -> the crawl of its finished reading
        self._from = -1
        if _is_deep_enough(crawl, depth, since):
            self._by[listing] = crawl
            self._from = from_
        if kind == ListingKind.FEED and not paged:
            whole = _reaching_back(db, portal)
            if whole and all(_is_deep_enough(row[1], row[3], since) for row in whole):
                self._by |= {row[0]: row[1] for row in whole if row[1] is not None}
                self._from = max(self._from, min(row[2] for row in whole))

    def holds(self, url_id: int, found_by: int | None, found_crawl: int) -> bool:
        """Tell whether a row of the ledger is known ground."""
        return url_id <= self._from or (found_by in self._by and found_crawl <= self._by[found_by])


def _reaching_back(db: Database, portal: str) -> list[tuple[int, int | None, int, str | None]]:
    """Return the listings that reach back to a portal's first article: row, crawl, first unknown row and depth."""
    rows = db.conn.execute(
        "SELECT id, complete_crawl, complete_from, complete_since, kind, paged FROM listings"
        " WHERE portal = ? AND status IS NOT 'gone'",
        (portal,),
    ).fetchall()
    best = [row for row in rows if row[4] in (ListingKind.INDEX, ListingKind.WORDPRESS) or row[5]]
    return [tuple(row[:4]) for row in best or [row for row in rows if row[4] == ListingKind.SITEMAP]]


def end_listing(
    db: Database,
    listing: int,
    crawl: int,
    began: int,
    since: str | None,
    on_known_ground: bool,
    *,
    paged: bool = False,
    changed_at: datetime | None = None,
) -> None:
    """Note that a listing was read down to known ground, to `since` or to its end.

    Nothing in it can be missing; only a feed that ends after the newest articles says nothing of older ones.
    """
    db.conn.execute(
        "UPDATE listings SET status = 'read', reason = NULL, cause = NULL, read_at = :now,"
        " paged = :paged OR coalesce(paged, 0),"
        " changed_at = CASE WHEN :changed_at IS NULL OR changed_at > :changed_at THEN changed_at ELSE :changed_at END"
        " WHERE id = :id",
        {
            "now": now_text(),
            "paged": paged,
            "changed_at": utc_text(changed_at) if changed_at else None,
            "id": listing,
        },
    )
    db.conn.execute(
        "UPDATE listings SET complete_since ="
        " CASE WHEN :known AND (complete_since IS NULL OR complete_since < :since) THEN complete_since ELSE :since END,"
        " complete_crawl = :crawl, complete_from = :began"
        " WHERE id = :id AND (:known OR paged OR kind <> 'feed')",
        {"known": on_known_ground, "since": since, "crawl": crawl, "began": began, "id": listing},
    )


def join_feeds(db: Database, portal: str, crawl: int) -> None:
    """Count this crawl's feeds as finished once all that reaches back was read to known ground after them."""
    whole = _reaching_back(db, portal)
    if not whole or any(row[1] != crawl for row in whole):
        return
    began = min(row[2] for row in whole)
    depths = [row[3] for row in whole if row[3] is not None]
    db.conn.execute(
        "UPDATE listings SET complete_crawl = ?, complete_from = ?, complete_since = ? WHERE portal = ?"
        " AND kind = 'feed' AND coalesce(paged, 0) = 0 AND status = 'read' AND complete_crawl IS NOT ?"
        " AND read_at >= (SELECT started_at FROM crawls WHERE id = ?)",
        (crawl, began, max(depths, default=None), portal, crawl, crawl),
    )


def is_joined(db: Database, portal: str) -> bool:
    """Tell whether all that reaches back has a finished reading, so that a feed can say that nothing is missing."""
    whole = _reaching_back(db, portal)
    return bool(whole) and all(row[1] is not None for row in whole)


def leave_listing(db: Database, listing: int, status: str, reason: str, cause: Cause | None = None) -> bool:
    """Note why a listing could not be read to where it was meant to be; the next crawl starts again at its top.

    Return whether it was ever read: then something at the portal has changed.
    """
    read_at, complete = db.conn.execute(
        "SELECT read_at, complete_crawl FROM listings WHERE id = ?", (listing,)
    ).fetchone()
    db.conn.execute(
        "UPDATE listings SET status = ?, reason = ?, cause = ? WHERE id = ?", (status, reason, cause, listing)
    )
    return read_at is not None or complete is not None


def compared(db: Database, listing: int, *, whole: bool) -> None:
    """Note whether a feed's items are whole texts, as the page of one of them showed."""
    db.conn.execute("UPDATE listings SET tells = ? WHERE id = ?", (whole, listing))


def _is_deep_enough(crawl: int | None, depth: str | None, since: str | None) -> bool:
    return crawl is not None and (depth is None or (since is not None and since >= depth))


def _is_later(changed_at: datetime | None, known: str | None) -> bool:
    return changed_at is not None and known is not None and utc_text(changed_at) > known
