"""What a press desk's pages show of portals: all by name, or one, what it was offered and what is new; only reads."""

from __future__ import annotations

from typing import NamedTuple

from sqlite_utils import Database

from kwri_crawler.archive.desk_queries import WHEN
from kwri_crawler.archive.health import read_reasons
from kwri_crawler.archive.release_tables import portal_releases
from kwri_crawler.health import Reason


class PortalName(NamedTuple):
    """What a portal is called, and where it is."""

    portal: str
    name: str
    region: str | None


class PortalLine(NamedTuple):
    """A portal among others."""

    portal: str
    name: str
    region: str | None
    articles: int
    copied_share: float
    word: str | None  # its health; None if nobody judged it
    last_at: str | None  # UTC: its newest article


class PortalAlone(NamedTuple):
    """One portal."""

    portal: str
    name: str
    home: str
    region: str | None
    articles: int
    alone: int
    originals: int
    copies: int
    repeats: int
    word: str | None
    since: str | None  # UTC
    why: str | None  # in English
    reasons: tuple[Reason, ...]
    last_crawl_at: str | None


class Offered(NamedTuple):
    """A release that a portal carried, or could have."""

    release: int
    name: str
    title: str
    unit: str | None
    day: str
    carried: bool
    first_hours: float | None  # to its first copy; None if none, or where an hour is not known


class ArticleLine(NamedTuple):
    """An article on one line."""

    article: int
    story: int | None
    title: str
    url: str
    published_local: str | None  # the day alone where the hour is not known


def name_portals(db: Database) -> list[PortalName]:
    """Return what all portals are called, by name."""
    rows = db.conn.execute("SELECT id, name, region FROM portals ORDER BY lower(name), id")
    return [PortalName(*row) for row in rows.fetchall()]


def list_portals(db: Database) -> list[PortalLine]:
    """Return all portals by name."""
    rows = db.conn.execute(
        "SELECT portals.id, portals.name, region, coalesce(shares.articles, 0), coalesce(copied_share, 0.0), word,"
        " (SELECT max(published_at) FROM articles WHERE articles.portal = portals.id)"
        " FROM portals LEFT JOIN portal_shares AS shares ON shares.portal = portals.id"
        " LEFT JOIN portal_health AS health ON health.portal = portals.id"
        " ORDER BY lower(portals.name), portals.id"
    )
    return [PortalLine(*row) for row in rows.fetchall()]


def read_portal(db: Database, portal: str) -> PortalAlone | None:
    """Return one portal; None if there is no such portal."""
    row = db.conn.execute(
        "SELECT portals.id, portals.name, home, region, coalesce(articles, 0), coalesce(alone, 0),"
        " coalesce(originals, 0), coalesce(copies, 0), coalesce(repeats, 0), word, at, why, reasons,"
        " (SELECT started_at FROM crawls WHERE crawls.portal = portals.id ORDER BY started_at DESC LIMIT 1)"
        " FROM portals LEFT JOIN portal_shares AS shares ON shares.portal = portals.id"
        " LEFT JOIN events ON events.id = (SELECT max(id) FROM events WHERE events.portal = portals.id)"
        " WHERE portals.id = ?",
        (portal,),
    ).fetchone()
    if row is None:
        return None
    *values, reasons, crawled = row
    return PortalAlone._make((*values, read_reasons(reasons), crawled))


def offered_to(db: Database, portal: str, limit: int) -> list[Offered]:
    """Return those of the last releases that a portal carried or could have carried, the newest first."""
    newest = "release IN (SELECT id FROM releases ORDER BY released_at DESC, id DESC LIMIT :limit)"
    rows = db.conn.execute(
        "SELECT releases.id, name, title, releases.unit, day, carried, first_hours"  # noqa: S608 - our own words
        f" FROM ({portal_releases(newest)}) AS pairs JOIN releases ON releases.id = pairs.release"
        " WHERE pairs.portal = :portal ORDER BY released_at DESC, releases.id DESC",
        {"portal": portal, "limit": limit},
    )
    return [Offered(*row)._replace(carried=bool(row[5])) for row in rows.fetchall()]


def latest_of(db: Database, portal: str, limit: int) -> list[ArticleLine]:
    """Return a portal's newest articles by publication."""
    rows = db.conn.execute(
        f"SELECT id, story, title, url, {WHEN} FROM articles WHERE portal = ? AND published_at IS NOT NULL"  # noqa: S608
        " ORDER BY published_at DESC, id DESC LIMIT ?",
        (portal, limit),
    )
    return [ArticleLine(*row) for row in rows.fetchall()]
