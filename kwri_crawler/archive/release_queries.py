"""A desk's releases for a person to read: which ran, where, how fast; units, portals and reported links; only reads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from sqlite_utils import Database

from kwri_crawler.archive.release_tables import portal_league


class Asked(NamedTuple):
    """Which releases are asked for; every bound may be None."""

    since: str | None = None  # local day of the release, itself included
    until: str | None = None
    unit: str | None = None
    uncarried: bool = False  # only those that ran nowhere


class ReleaseLine(NamedTuple):
    """A release on one line."""

    release: int
    name: str
    unit: str | None
    title: str
    released_at: str  # UTC
    released_local: str
    released_precision: str  # minute, day
    articles: int
    portals: int
    parts: int  # roundups and articles with some of its passages
    first_portal: str | None  # None if it ran nowhere
    first_at: str | None  # UTC
    first_hours: float | None  # None if it ran nowhere, or where the hour of either is not known


class Carrier(NamedTuple):
    """An article that carries a release."""

    article: int
    kind: str  # copy, contains, part
    portal: str
    out_at: str  # UTC
    published_local: str | None
    lag_hours: float | None  # None where the hour of either is not known
    lag_days: int  # from local day to local day
    same_title: bool
    share: float | None  # of the release's passages that it has; None where it carries it by its story alone
    own: float | None  # of its passages that are not the release's
    reason: str
    title: str
    url: str
    body: str


class By(StrEnum):
    """How long the spans of a league are."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Order(StrEnum):
    """What a league goes by."""

    ARTICLES = "articles"
    CARRIED = "carried"
    RELEASES = "releases"
    FASTEST = "fastest"


class UnitLine(NamedTuple):
    """A unit in the league."""

    span: str | None  # its day, the Monday of its week, or its month; None for all that was asked for
    unit: str | None  # None: releases of which nobody said whose they are
    releases: int
    carried: int
    nowhere: int
    articles: int
    widest_portals: int
    mean_first_hours: float | None


class PortalLine(NamedTuple):
    """A portal, and the releases that it could have carried."""

    span: str | None
    portal: str
    releases: int
    carried: int
    share: float
    first: int  # releases that it was the first to carry
    mean_first_hours: float | None  # from a release to its first copy, where the hours are known


class State(StrEnum):
    """What a reported link is."""

    CARRIES = "carries it"
    PART = "has some of it"
    OTHER = "archived, carries no release"
    OWN = "archived, of a desk's own portal"
    KNOWN = "known, not archived"
    UNKNOWN = "not archived"


class Link(NamedTuple):
    """A reported link, and what the archive has of it."""

    url: str
    state: State
    release: str | None  # its name
    title: str | None  # of the article
    reason: str | None  # why it is not archived


class Unreported(NamedTuple):
    """A carrier that nobody reported."""

    release: str  # its name
    portal: str
    out_at: str
    title: str
    url: str


_LINE = ", ".join(ReleaseLine._fields)
_SPANS = {
    None: "NULL",
    By.DAY: "day",
    By.WEEK: "date(day, 'weekday 0', '-6 days')",
    By.MONTH: "substr(day, 1, 7)",
}
_ORDERS = {
    Order.ARTICLES: "articles DESC, carried DESC, releases DESC",
    Order.CARRIED: "carried DESC, articles DESC, releases DESC",
    Order.RELEASES: "releases DESC, articles DESC",
    Order.FASTEST: "hours IS NULL, hours, articles DESC",
}
_CONDITIONS = {"since": "day >= :since", "until": "day <= :until", "unit": "unit = :unit"}


def list_releases(db: Database, asked: Asked) -> list[ReleaseLine]:
    """Return the releases in the order in which they were sent, those that ran nowhere among them."""
    where, values = _where(asked)
    nowhere = " AND articles = 0" if asked.uncarried else ""
    rows = db.conn.execute(
        f"SELECT {_LINE} FROM releases_overview WHERE {where}{nowhere} ORDER BY released_at, release",  # noqa: S608
        values,
    )
    return [ReleaseLine(*row) for row in rows.fetchall()]


def find_release(db: Database, named: str) -> tuple[ReleaseLine, str] | None:
    """Return a release by its name, or else by its number, with its text; None if there is none."""
    row = db.conn.execute(
        "SELECT id FROM releases WHERE name = :named OR (id = :named AND :named NOT GLOB '*[^0-9]*')"
        " ORDER BY name = :named DESC LIMIT 1",
        {"named": named},
    ).fetchone()
    return None if row is None else read_release(db, row[0])


def read_release(db: Database, release: int) -> tuple[ReleaseLine, str] | None:
    """Return a release by its number, with its text; None if there is none."""
    row = db.conn.execute("SELECT body FROM releases WHERE id = ?", (release,)).fetchone()
    if row is None:
        return None
    line = db.conn.execute(f"SELECT {_LINE} FROM releases_overview WHERE release = ?", (release,)).fetchone()  # noqa: S608
    return ReleaseLine(*line), row[0]


def carriers_of(db: Database, release: int) -> list[Carrier]:
    """Return who carries a release: copies first, each kind in the order in which they were out."""
    names = ", ".join("found." + name for name in Carrier._fields[:-1])
    rows = db.conn.execute(
        f"SELECT {names}, articles.body FROM release_articles AS found JOIN articles ON articles.id = found.article"  # noqa: S608
        " WHERE found.release = ? ORDER BY found.kind <> 'copy', found.kind, found.out_at, found.url",
        (release,),
    )
    return [Carrier(*row)._replace(same_title=bool(row[7])) for row in rows.fetchall()]


def list_units(db: Database, asked: Asked, by: By | None = None, order: Order = Order.ARTICLES) -> list[UnitLine]:
    """Return the league of units, one for each span; the view unit_league is that of all time."""
    where, values = _where(asked)
    rows = db.conn.execute(
        f"SELECT {_SPANS[by]} AS span, unit, count(*) AS releases, sum(articles > 0) AS carried,"  # noqa: S608
        " sum(articles = 0), sum(articles) AS articles, max(portals), round(avg(first_hours), 2) AS hours"
        f" FROM releases_overview WHERE {where} GROUP BY span, unit ORDER BY span, {_ORDERS[order]}, unit",
        values,
    )
    return [UnitLine(*row) for row in rows.fetchall()]


def list_portals(db: Database, asked: Asked, by: By | None = None, order: Order = Order.CARRIED) -> list[PortalLine]:
    """Return portals for each span, those that carried none last; the view portal_reach is that of all time."""
    where, values = _where(asked)
    rows = db.conn.execute(
        f"{portal_league(_SPANS[by], where)} ORDER BY span, {_ORDERS[order]}, portal",
        values,
    )
    return [PortalLine(*row[:-1]) for row in rows.fetchall()]


def check_link(db: Database, url: str, key: str) -> list[Link]:
    """Return what a reported address is: a line for each release that its article carries, else one; key is url_key().

    An address that led to an article under another one counts as that article's.
    """
    addressed = db.conn.execute(
        "SELECT article, outcome, reason FROM urls WHERE portal IN (SELECT id FROM portals) AND key = ?"
        " ORDER BY article IS NULL LIMIT 1",
        (key,),
    ).fetchone()
    found = db.conn.execute(
        "SELECT id, title, portal IN (SELECT portal FROM releases WHERE portal IS NOT NULL) FROM articles"
        " WHERE url_key = ? OR id = ?",
        (key, addressed and addressed[0]),
    ).fetchone()
    if found is None:
        known = State.UNKNOWN if addressed is None else State.KNOWN
        return [Link(url, known, None, None, addressed and (addressed[2] or addressed[1]))]
    article, title, is_own = found
    carried = db.conn.execute(
        "SELECT releases.name, kind FROM release_articles JOIN releases ON releases.id = release"
        " WHERE release_articles.article = ? ORDER BY kind <> 'copy', releases.released_at, releases.id",
        (article,),
    ).fetchall()
    if carried:
        states = {"copy": State.CARRIES}
        return [Link(url, states.get(kind, State.PART), name, title, None) for name, kind in carried]
    return [Link(url, State.OWN if is_own else State.OTHER, None, title, None)]


def unreported(db: Database, asked: Asked, names: Sequence[str] = ()) -> list[Unreported]:
    """Return the carriers that no reported address leads to: of these releases, of all that are asked for if none."""
    where, values = _where(asked)
    rows = db.conn.execute(
        "SELECT overview.name, found.portal, found.out_at, found.title, found.url"  # noqa: S608
        f" FROM (SELECT release, name FROM releases_overview WHERE {where}) AS overview"
        " JOIN release_articles AS found ON found.release = overview.release AND found.kind = 'copy'"
        " JOIN articles ON articles.id = found.article"
        " WHERE (:names = '[]' OR overview.name IN (SELECT value FROM json_each(:names)))"
        " AND articles.url_key NOT IN (SELECT url_key FROM reported_links)"
        " AND NOT EXISTS (SELECT 1 FROM urls JOIN reported_links ON reported_links.url_key = urls.key"
        " WHERE urls.article = found.article)"
        " ORDER BY overview.name, found.out_at, found.url",
        {**values, "names": json.dumps(list(names))},
    )
    return [Unreported(*row) for row in rows.fetchall()]


def _where(asked: Asked) -> tuple[str, dict[str, Any]]:
    given = {name: getattr(asked, name) for name in _CONDITIONS if getattr(asked, name) is not None}
    return " AND ".join(_CONDITIONS[name] for name in given) or "true", given
