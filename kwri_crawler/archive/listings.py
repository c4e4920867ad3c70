"""How far each listing was read: what may be skipped next time, and what must not, so that no reading leaves a hole.

Known ground is what was found before a finished reading of the same listing began, or by it. A feed of the newest
articles finishes only where its oldest entry stands on the ground of all listings that reach back to the first article.
A listing that a crawl found by itself never finishes, and stands for no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlite_utils import Database

from kwri_crawler.archive import visits
from kwri_crawler.archive.ledger import ListedUrl, claim, enter, is_due, row_id
from kwri_crawler.catalogue import Listing, ListingKind, Portal
from kwri_crawler.causes import Cause
from kwri_crawler.clock import moment_of, now_text, utc_text
from kwri_crawler.items import Due, Outcome


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
    oldest: datetime | None = None  # the earliest publication that its last reading named; null if it names none


@dataclass(frozen=True, slots=True)
class PageOfListing:
    """What one page of a listing added to the ledger."""

    new: int  # addresses that were not in it
    known_ground: bool  # all that it named stands on known ground
    meets_ground: bool = False  # its last entry does
    known: int = 0  # articles' addresses that were known when the listing was last read to its end
    told: tuple[tuple[int, Due], ...] = ()  # entries whose told article is wanted, by their place in the page


class _Listing(NamedTuple):
    """How far a listing was read, as its row says."""

    id: int
    url: str
    kind: str
    status: str | None
    tried_at: str | None
    read_at: str | None
    paged: int | None
    tells: int | None
    changed_at: str | None
    oldest_at: str | None
    complete_crawl: int | None  # of the finished reading that stands; null if none
    complete_from: int | None  # the newest row of the ledger when that began
    complete_since: str | None  # the bound down to which it read, a local day; null: to its end
    found_on: str | None  # the page that links it; null if the portal's file names it

    def is_finished(self, since: str | None) -> bool:
        """Tell whether a finished reading stands, down to a bound (null: to its end)."""
        depth = self.complete_since
        return self.complete_crawl is not None and (depth is None or (since is not None and since >= depth))


class _Named(NamedTuple):
    """What the ledger holds of an address that a listing names again."""

    id: int
    listing: int | None  # that named it first
    found_crawl: int
    found_at: str
    outcome: str
    next_try_at: str | None
    tried_crawl: int | None
    changed_at: str | None
    article: int | None
    url: str


# Unless their pages lead to every article they hold the newest alone.
_OF_THE_NEWEST = (ListingKind.FEED, ListingKind.API)
# The newest row of the ledger before a running crawl found its first: ids rise, and a portal has one crawl at a time.
_BEFORE = """
    SELECT coalesce(
        (
            SELECT id - 1 FROM urls INDEXED BY urls_seen
            WHERE seen_crawl = :crawl AND found_crawl = :crawl ORDER BY id LIMIT 1
        ),
        (SELECT max(id) FROM urls),
        -1
    )
"""
_LISTING, _NAMED = ", ".join(_Listing._fields), ", ".join(_Named._fields)


def states(db: Database, portal: Portal, since: str | None) -> dict[str, State]:
    """Return what is known of each listing of a portal that was ever tried, by its address."""
    return {
        row.url: State(
            row.status,
            moment_of(row.tried_at) if row.tried_at else None,
            moment_of(row.read_at) if row.read_at else None,
            row.is_finished(since),
            None if row.paged is None else bool(row.paged),
            None if row.tells is None else bool(row.tells),
            moment_of(row.changed_at) if row.changed_at else None,
            moment_of(row.oldest_at) if row.oldest_at else None,
        )
        for row in _listings(db, "portal = ?", portal.id)
    }


def begin_listing(db: Database, portal: str, listing: Listing) -> tuple[int, int]:
    """Note that a listing is being read from its top; return its row and the newest row of the ledger."""
    db.conn.execute(
        "INSERT INTO listings (portal, kind, url, tried_at, found_on) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (portal, url) DO UPDATE SET kind = excluded.kind, tried_at = excluded.tried_at, pages = 0,"
        " entries = 0, found_on = CASE WHEN found_on IS NULL THEN NULL ELSE excluded.found_on END",
        (portal, listing.kind.value, listing.url, now_text(), listing.found_on),
    )
    (row,) = db.conn.execute("SELECT id FROM listings WHERE portal = ? AND url = ?", (portal, listing.url)).fetchone()
    (newest,) = db.conn.execute("SELECT coalesce(max(id), 0) FROM urls").fetchone()
    return row_id(row), row_id(newest)


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
    ground = _Ground(db, portal, listing, since, crawl)
    new = known = 0
    on_ground: list[bool] = []
    told: list[tuple[int, Due]] = []
    now = now_text()
    for place, entry in enumerate(entries):
        row = _named(db, portal, entry.key)
        revisits: int | None = None
        if row is None:
            new += 1
            url_id = enter(db, portal, listing, crawl, entry, now)
            on_ground.append(False)
            (outcome,) = db.conn.execute("SELECT outcome FROM urls WHERE id = ?", (url_id,)).fetchone()
            wanted = outcome == Outcome.PENDING
        else:
            url_id = row.id
            on_ground.append(ground.holds(row))
            known += entry.refused is None and ground.was_there(row)
            db.conn.execute(
                "UPDATE urls SET seen_crawl = ?, listed_at = coalesce(listed_at, ?) WHERE id = ?",
                (crawl, utc_text(entry.listed_at) if entry.listed_at else None, url_id),
            )
            due = row.outcome == Outcome.PENDING or is_due(row.next_try_at)
            wanted = due and row.tried_crawl != crawl and entry.refused is None
            if row.changed_at is None:
                note_change(db, url_id, entry.changed_at)
            # A feed that names no changes shows an edit in the text alone.
            edited = _is_later(entry.changed_at, row.changed_at) or (entry.told and entry.changed_at is None)
            if row.article is not None and edited:
                if entry.told:
                    revisits = row.article
                else:
                    visits.ask_now(db, portal, row.article)
                    note_change(db, url_id, entry.changed_at)
        if entry.told and (wanted or revisits is not None) and (room is None or len(told) < room):
            if revisits is None:
                claim(db, crawl, [url_id])
            told.append((place, Due(url_id, entry.url, entry.listed_text, crawl=crawl, revisits=revisits)))
    db.conn.execute(
        "UPDATE listings SET pages = pages + 1, entries = entries + ? WHERE id = ?", (len(on_ground), listing)
    )
    return PageOfListing(
        new,
        known_ground=bool(on_ground) and all(on_ground),
        meets_ground=bool(on_ground) and on_ground[-1],
        told=tuple(told),
        known=known,
    )


def note_change(db: Database, url_id: int, changed_at: datetime | None) -> None:
    """Note that a change of an address's article was taken into account."""
    if changed_at is not None:
        db.conn.execute("UPDATE urls SET changed_at = ? WHERE id = ?", (utc_text(changed_at), url_id))


class _Ground:
    """What counts as known while one listing is read."""

    def __init__(self, db: Database, portal: str, listing: int, since: str | None, crawl: int) -> None:
        self._by: dict[int, int] = {}  # listing -> the crawl of its finished reading
        self._from = -1
        (own,) = _listings(db, "id = ?", listing)
        self._own, self._crawl = own, crawl
        if own.is_finished(since):
            self._add(own)
        if own.kind in _OF_THE_NEWEST and not own.paged:
            whole = _reaching_back(db, portal)
            if whole and all(row.is_finished(since) for row in whole):
                self._add(*whole)
        if own.found_on is not None and since is None:  # it is to fill what the feed left out since the last crawl
            (self._from,) = db.conn.execute(_BEFORE, {"crawl": crawl}).fetchone()

    def _add(self, *rows: _Listing) -> None:
        self._by |= {row.id: row.complete_crawl for row in rows if row.complete_crawl is not None}
        self._from = max(self._from, min(row.complete_from or 0 for row in rows))

    def holds(self, row: _Named) -> bool:
        """Tell whether a row of the ledger is known ground."""
        return row.id <= self._from or (row.listing in self._by and row.found_crawl <= self._by[row.listing])

    def was_there(self, row: _Named) -> bool:
        """Tell whether a row was known before: not what this listing named after it was last read to its end.

        A crawl may have died in between; what another listing of this crawl named is known by that.
        """
        if row.found_crawl == self._crawl:
            return row.listing != self._own.id
        return self._own.read_at is None or row.found_at <= self._own.read_at


def _listings(db: Database, where: str, value: object) -> list[_Listing]:
    return [_Listing(*row) for row in db.conn.execute(f"SELECT {_LISTING} FROM listings WHERE {where}", (value,))]  # noqa: S608


def _named(db: Database, portal: str, key: str) -> _Named | None:
    row = db.conn.execute(f"SELECT {_NAMED} FROM urls WHERE portal = ? AND key = ?", (portal, key)).fetchone()  # noqa: S608
    return None if row is None else _Named(*row)


def _reaching_back(db: Database, portal: str) -> list[_Listing]:
    """Return the listings that reach back to a portal's first article."""
    rows = _listings(db, "portal = ? AND status IS NOT 'gone' AND found_on IS NULL", portal)
    deep = [row for row in rows if row.kind != ListingKind.INDEX or row.complete_crawl is not None or not row.read_at]
    best = [row for row in deep if row.kind in (ListingKind.INDEX, ListingKind.WORDPRESS) or row.paged]
    return best or [row for row in rows if row.kind == ListingKind.SITEMAP]


def end_listing(
    db: Database,
    listing: int,
    crawl: int,
    began: int,
    since: str | None,
    on_known_ground: bool,
    *,
    paged: bool = False,
    shallow: bool = False,
    changed_at: datetime | None = None,
    oldest: datetime | None = None,
) -> None:
    """Note that a listing was read down to known ground, to `since` or to its end.

    Nothing in it can be missing; only a feed that ends after the newest articles says nothing of older ones, nor does
    a shallow listing: an index without a pager, or whose every page is the first one again.
    """
    db.conn.execute(
        "UPDATE listings SET status = 'read', reason = NULL, cause = NULL, read_at = :now,"
        " paged = CASE WHEN :shallow THEN 0 ELSE :paged OR coalesce(paged, 0) END,"
        " oldest_at = coalesce(:oldest, oldest_at),"
        " changed_at = CASE WHEN :changed_at IS NULL OR changed_at > :changed_at THEN changed_at ELSE :changed_at END"
        " WHERE id = :id",
        {
            "now": now_text(),
            "paged": paged,
            "shallow": shallow,
            "changed_at": utc_text(changed_at) if changed_at else None,
            "oldest": utc_text(oldest) if oldest else None,
            "id": listing,
        },
    )
    if shallow and not on_known_ground:
        return
    db.conn.execute(
        "UPDATE listings SET complete_since ="
        " CASE WHEN :known AND (complete_since IS NULL OR complete_since < :since) THEN complete_since ELSE :since END,"
        " complete_crawl = :crawl, complete_from = :began"
        " WHERE id = :id AND (:known OR paged OR kind NOT IN ('feed', 'api')) AND NOT (:shallow AND kind = 'index')"
        " AND found_on IS NULL",
        {"known": on_known_ground, "shallow": shallow, "since": since, "crawl": crawl, "began": began, "id": listing},
    )
    if shallow:  # older code took an index without a pager for one that was read to the first article
        db.conn.execute(
            "UPDATE listings SET complete_crawl = NULL, complete_from = NULL, complete_since = NULL"
            " WHERE id = ? AND kind = 'index'",
            (listing,),
        )


def join_feeds(db: Database, portal: str, crawl: int) -> None:
    """Count this crawl's feeds as finished once all that reaches back was read to known ground after them."""
    whole = _reaching_back(db, portal)
    if not whole or any(row.complete_crawl != crawl for row in whole):
        return
    began = min(row.complete_from or 0 for row in whole)
    depths = [row.complete_since for row in whole if row.complete_since is not None]
    db.conn.execute(
        "UPDATE listings SET complete_crawl = ?, complete_from = ?, complete_since = ? WHERE portal = ?"
        " AND kind IN ('feed', 'api') AND coalesce(paged, 0) = 0 AND status = 'read' AND complete_crawl IS NOT ?"
        " AND read_at >= (SELECT started_at FROM crawls WHERE id = ?)",
        (crawl, began, max(depths, default=None), portal, crawl, crawl),
    )


def is_joined(db: Database, portal: str) -> bool:
    """Tell whether all that reaches back has a finished reading, so that a feed can say that nothing is missing."""
    whole = _reaching_back(db, portal)
    return bool(whole) and all(row.complete_crawl is not None for row in whole)


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


def drop_linked(db: Database, listing: int) -> None:
    """Forget a page that a crawl tried as a listing, and that is none; one that ever named an address stays."""
    unused = "found_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM urls WHERE listing = listings.id)"
    ids = f"SELECT id FROM listings WHERE id = ? AND {unused}"  # noqa: S608
    db.conn.execute(f"DELETE FROM backfills WHERE listing IN ({ids})", (listing,))  # noqa: S608
    db.conn.execute(f"DELETE FROM listings WHERE id IN ({ids})", (listing,))  # noqa: S608


def compared(db: Database, listing: int, *, whole: bool) -> None:
    """Note whether a feed's items are whole texts, as the page of one of them showed."""
    db.conn.execute("UPDATE listings SET tells = ? WHERE id = ?", (whole, listing))


def _is_later(changed_at: datetime | None, known: str | None) -> bool:
    return changed_at is not None and known is not None and utc_text(changed_at) > known
