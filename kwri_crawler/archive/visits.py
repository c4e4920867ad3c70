"""Which articles are asked for again: young ones on a schedule that thins out, others when a listing gives reason."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta

from sqlite_utils import Database

from kwri_crawler.archive.revisions import TELL_CHANGES, look_again, newer_address
from kwri_crawler.clock import moment_of, now, now_text, utc_text
from kwri_crawler.items import Due

MISSED_AGAIN_H = 1.0  # a page that was not there is asked for once more after this
SUSPECTS_MAX = 50  # articles that one reading of a sitemap has asked for
SUSPECT_OLD_EVERY_H = 720.0  # of those: what is there and not in the sitemap never was in it
FEW = 3
SUSPECT_EVERY_H = 24.0  # an article that stands on its page but not in the listing where it should be

# Two branches, as SQLite reads all that a portal ever published for a coalesce() or an OR. They and `visits` are read
# before `articles`: a row of that is a page of its own, and nearly all young ones have their visit.
UNPLANNED = """
    SELECT articles.id, young.at, articles.fetched_at
    FROM (
        SELECT id, published_at AS at
        FROM articles INDEXED BY articles_portal_published
        WHERE portal = :portal AND published_at > :oldest
        UNION ALL
        SELECT id, first_seen_at AS at
        FROM articles INDEXED BY articles_undated
        WHERE portal = :portal AND published_at IS NULL AND first_seen_at > :oldest
    ) AS young
    LEFT JOIN visits ON visits.article = young.id
    CROSS JOIN articles ON articles.id = young.id
    WHERE gone_at IS NULL
        AND reader NOT IN (SELECT value FROM json_each(:told))
        AND (visits.article IS NULL OR visited_at > :now OR (visited_at IS NULL AND next_at IS NULL))
"""
POSTS = {  # by reader: its name stands in the condition of the index
    reader: "SELECT count(*) FROM articles INDEXED BY articles_posts"  # noqa: S608 - a constant of ours
    f" WHERE portal = ? AND reader = '{reader}' AND gone_at IS NULL"
    for reader in TELL_CHANGES
}
_IS_IN_LEDGER = "EXISTS (SELECT 1 FROM urls WHERE urls.article = articles.id AND urls.portal = articles.portal)"


def schedule(db: Database, portal: str, after_h: Sequence[float]) -> None:
    """Give every young article without a visit its first one; after_h are hours since publication, ascending.

    What a clock that was ahead looked at, or planned no look for, is planned anew.
    """
    if not after_h:
        return
    oldest = utc_text(now() - timedelta(hours=after_h[-1]))
    values = {"portal": portal, "oldest": oldest, "now": now_text(), "told": json.dumps(TELL_CHANGES)}
    rows = db.conn.execute(UNPLANNED, values).fetchall()
    for article, published_at, fetched_at in rows:
        next_at = _next(moment_of(published_at), min(moment_of(fetched_at), now()), after_h)
        db.conn.execute(
            "INSERT OR REPLACE INTO visits (article, portal, next_at) VALUES (?, ?, ?)", (article, portal, next_at)
        )


def take(db: Database, portal: str, crawl: int, count: int) -> list[Due]:
    """Take articles to ask for again now, none twice in one crawl.

    One that was not there is asked for by the newer address that the archive knows of it, where there is one.
    """
    rows = db.conn.execute(
        "SELECT article, articles.url, etag, last_modified, missed_at IS NOT NULL"
        " FROM visits JOIN articles ON articles.id = article"
        " WHERE visits.portal = ? AND next_at <= ? AND visited_crawl IS NOT ? ORDER BY next_at LIMIT ?",
        (portal, now_text(), crawl, count),
    ).fetchall()
    dues: list[Due] = []
    for article, url, etag, last_modified, was_missed in rows:
        db.conn.execute("UPDATE visits SET visited_crawl = ? WHERE article = ?", (crawl, article))
        db.conn.execute("UPDATE urls SET seen_crawl = ? WHERE article = ? AND portal = ?", (crawl, article, portal))
        newer = newer_address(db, article) if was_missed else None
        due = Due(0, newer or url, crawl=crawl, revisits=article)
        dues.append(due if newer else replace(due, etag=etag, last_modified=last_modified))
    return dues


def done(
    db: Database, article: int, after_h: Sequence[float], etag: str | None, last_modified: str | None, *, there: bool
) -> None:
    """Note a visit and plan the next; there is false when the page did not come."""
    row = db.conn.execute(
        "SELECT coalesce(published_at, first_seen_at), gone_at FROM articles WHERE id = ?", (article,)
    ).fetchone()
    next_at = _next(moment_of(row[0]), now(), after_h) if row else None
    if row and row[1]:  # what answers may be no article: "this article was removed", served as a page
        next_at = look_again(row[1], now_text())
    if not there:
        soon = utc_text(now() + timedelta(hours=MISSED_AGAIN_H))
        next_at = min(next_at, soon) if next_at else soon
    db.conn.execute(
        "UPDATE visits SET visited_at = ?, next_at = ?, etag = coalesce(?, etag),"
        " last_modified = coalesce(?, last_modified), missed_at = CASE WHEN ? THEN NULL ELSE missed_at END"
        " WHERE article = ?",
        (now_text(), next_at, etag, last_modified, there, article),
    )


def ask_now(db: Database, portal: str, article: int) -> None:
    """Have an article asked for by this crawl: a listing says that it changed."""
    db.conn.execute(
        "INSERT INTO visits (article, portal, next_at) VALUES (?, ?, ?) ON CONFLICT (article)"
        " DO UPDATE SET next_at = excluded.next_at",
        (article, portal, now_text()),
    )


def suspect(db: Database, portal: str, keys: Iterable[str], oldest: datetime) -> int:
    """Ask for the articles younger than `oldest` that a list of all younger ones leaves out: they may be removed."""
    named = set(keys)
    rows = db.conn.execute(
        "SELECT articles.id, url_key, missed_at FROM articles LEFT JOIN visits ON article = articles.id"
        " WHERE articles.portal = ? AND published_at > ? AND gone_at IS NULL"
        " AND (missed_at IS NOT NULL OR visited_at IS NULL OR visited_at < ? OR visited_at > ?)",
        (portal, utc_text(oldest), utc_text(now() - timedelta(hours=SUSPECT_EVERY_H)), now_text()),
    ).fetchall()
    left_out = [article for article, key, _ in rows if key not in named]
    for article in left_out:
        other = db.conn.execute("SELECT key FROM urls WHERE article = ?", (article,)).fetchall()
        if not named.intersection(key for (key,) in other):
            ask_now(db, portal, article)
    return len(left_out)


def uncounted(db: Database, portal: str, listing: int, total: int, reader: str) -> int:
    """Return how many more posts the archive holds of a listing than it counts; 0 where that was looked into before.

    Those that a look missed are left out: they are asked for once more anyway.
    """
    (others,) = db.conn.execute(  # behind a password, say: they are counted too
        "SELECT count(*) FROM urls INDEXED BY urls_listing"
        " WHERE portal = ? AND listing = ? AND article IS NULL AND outcome <> 'gone'",
        (portal, listing),
    ).fetchone()
    more = max(_told(db, portal, reader), _found(db, portal, listing)) + int(others) - total
    db.conn.execute("UPDATE listings SET uncounted = min(uncounted, ?) WHERE id = ?", (max(more, 0), listing))
    (known,) = db.conn.execute("SELECT coalesce(uncounted, 0) FROM listings WHERE id = ?", (listing,)).fetchone()
    return more if more > known else 0


def _told(db: Database, portal: str, reader: str) -> int:
    """Count the posts that are there and were last read from what a listing told of them."""
    (held,) = db.conn.execute(POSTS[reader], (portal,)).fetchone()
    (missed,) = db.conn.execute(
        "SELECT count(*) FROM visits INDEXED BY visits_missed JOIN articles ON articles.id = article"
        " WHERE visits.portal = ? AND missed_at IS NOT NULL AND reader = ? AND gone_at IS NULL",
        (portal, reader),
    ).fetchone()
    return int(held) - int(missed)


def _found(db: Database, portal: str, listing: int) -> int:
    """Count the posts that are there and were found by a listing: after a crawl was killed some are read from pages."""
    (held,) = db.conn.execute(
        "SELECT count(DISTINCT article) FROM urls INDEXED BY urls_listing WHERE listing = ? AND article > 0", (listing,)
    ).fetchone()
    (lost,) = db.conn.execute(
        """
        SELECT count(*)
        FROM (
            SELECT id FROM articles INDEXED BY articles_gone WHERE portal = :portal AND gone_at IS NOT NULL
            UNION
            SELECT article FROM visits INDEXED BY visits_missed WHERE portal = :portal AND missed_at IS NOT NULL
        ) AS lost
        WHERE EXISTS (SELECT 1 FROM urls INDEXED BY urls_article WHERE article = lost.id AND listing = :listing)
        """,
        {"portal": portal, "listing": listing},
    ).fetchone()
    return int(held) - int(lost)


def note_uncounted(db: Database, listing: int, count: int) -> None:
    """Note that what a listing does not count was looked for."""
    db.conn.execute("UPDATE listings SET uncounted = ? WHERE id = ?", (count, listing))


def left_out(db: Database, portal: str, keys: Set[str], reader: str, listing: int) -> int:
    """Return how many posts of a listing are younger than the oldest of some addresses, and not among them."""
    named = _named(db, portal, keys)
    if not named:
        return 0
    rows = db.conn.execute(
        "SELECT id FROM articles INDEXED BY articles_portal_published"  # noqa: S608 - our own words
        " LEFT JOIN visits ON article = id"
        " WHERE articles.portal = ? AND published_at > ? AND gone_at IS NULL AND missed_at IS NULL"
        f" AND {_IS_IN_LEDGER} AND (reader = ? OR EXISTS (SELECT 1 FROM urls WHERE article = id AND listing = ?))",
        (portal, min(named.values()), reader, listing),
    )
    return sum(article not in named for (article,) in rows)


def suspect_missing(db: Database, portal: str, keys: Set[str], missing: int = 0) -> int:
    """Ask for the articles that a listing of all leaves out; return how many, at most SUSPECTS_MAX.

    Only younger ones than the oldest that it names, and only where they are few, or no more than the listing's own
    count says are missing: a sitemap may hold the newest alone, or some sections. Each is asked for once in
    SUSPECT_OLD_EVERY_H, and again when it was not there.
    """
    named = _named(db, portal, keys)
    if not named:
        return 0
    rows = db.conn.execute(
        "SELECT id, missed_at IS NOT NULL OR visited_at IS NULL OR visited_at < ? OR visited_at > ?"  # noqa: S608 - our own words
        " FROM articles INDEXED BY articles_portal_published LEFT JOIN visits ON article = id"
        f" WHERE articles.portal = ? AND published_at > ? AND gone_at IS NULL AND {_IS_IN_LEDGER}",
        (utc_text(now() - timedelta(hours=SUSPECT_OLD_EVERY_H)), now_text(), portal, min(named.values())),
    )
    few = max(FEW, len(named) // 20, missing)
    left_out: list[tuple[int, bool]] = []
    for article, is_due in rows:
        if article not in named:
            left_out.append((article, bool(is_due)))
        if len(left_out) > few:
            rows.close()
            return 0
    asked = [article for article, is_due in left_out if is_due][:SUSPECTS_MAX]
    for article in asked:
        ask_now(db, portal, article)
    return len(asked)


def _named(db: Database, portal: str, keys: Set[str]) -> dict[int, str]:
    """Return when each dated article was published to which some addresses (url_key()) of its portal lead."""
    return dict(
        db.conn.execute(
            "SELECT articles.id, published_at FROM json_each(:keys) AS named"
            " CROSS JOIN urls ON urls.portal = :portal AND urls.key = named.value"
            " CROSS JOIN articles ON articles.id = article"
            " WHERE articles.portal = :portal AND published_at IS NOT NULL",
            {"keys": json.dumps(sorted(keys)), "portal": portal},
        ).fetchall()
    )


def _next(published: datetime, last: datetime, after_h: Sequence[float]) -> str | None:
    """Return the first step of the schedule that lies after the last look; null when it has run out."""
    steps = (published + timedelta(hours=hours) for hours in after_h)
    return next((utc_text(step) for step in steps if step > last), None)
