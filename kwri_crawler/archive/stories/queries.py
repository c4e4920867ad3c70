"""Stories for a person to read: the largest and fastest of a period, and one whole; only reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Period:
    """Which stories are asked for; every bound may be null."""

    since: str | None = None  # local day of the original, itself included
    until: str | None = None  # local day of the original, itself included
    portal: str | None = None  # that ran it, first or not
    naming: str | None = None  # words in a row that one of its texts holds


@dataclass(frozen=True, slots=True)
class StoryLine:
    """A story on one line."""

    story: int
    articles: int
    portals: int
    portals_6h: int  # other portals within six hours of the original
    first_copy_hours: float | None  # null if it stands on one portal only
    hours: float  # from the original to the last copy
    first_portal: str
    first_at: str  # UTC
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """An article of a story, with what it shares with the original."""

    place: int  # 1 is the original
    role: str  # original, copy
    id: int
    portal: str
    out_at: str  # UTC
    published_local: str | None
    published_precision: str | None
    lag_hours: float
    first_seen_at: str  # UTC
    title: str
    url: str
    body: str
    containment: float | None  # null for the original, and for a copy of a copy that was not compared with it
    jaccard: float | None
    reason: str | None


def list_stories(db: Database, period: Period, fastest: bool, limit: int) -> list[StoryLine]:
    """Return the largest stories of a period, or those that reached most other portals within six hours."""
    where, values = _conditions(period)
    order = (
        "coalesce(fastest.portals_6h, 0) DESC, fastest.first_copy_hours IS NULL, fastest.first_copy_hours"
        if fastest
        else "largest.articles DESC, largest.portals DESC"
    )
    rows = db.conn.execute(
        "SELECT largest.story, largest.articles, largest.portals, coalesce(fastest.portals_6h, 0),"  # noqa: S608
        " fastest.first_copy_hours, largest.hours, largest.first_portal, largest.first_at, largest.title, largest.url"
        " FROM largest_stories AS largest LEFT JOIN fastest_stories AS fastest USING (story)"
        f" WHERE {where} ORDER BY {order}, largest.first_at DESC, largest.story LIMIT :limit",
        {**values, "limit": limit},
    )
    return [StoryLine(*row) for row in rows]


def _conditions(period: Period) -> tuple[str, dict[str, Any]]:
    day = (
        "(SELECT substr(coalesce(articles.published_local, articles.out_at), 1, 10) FROM stories"
        " JOIN articles ON articles.id = stories.original WHERE stories.id = largest.story)"
    )
    conditions = {
        "since": f"{day} >= :since",
        "until": f"{day} <= :until",
        "portal": "largest.story IN (SELECT story FROM articles WHERE portal = :portal)",
        "naming": "largest.story IN (SELECT story FROM articles_fts JOIN articles ON articles.id = articles_fts.rowid"
        " WHERE articles_fts MATCH :naming)",
    }
    values = {"since": period.since, "until": period.until, "portal": period.portal, "naming": _phrase(period.naming)}
    asked = {name: value for name, value in values.items() if value is not None}
    return " AND ".join(conditions[name] for name in asked) or "true", asked


def _phrase(words: str | None) -> str | None:
    return None if words is None else '"' + words.replace('"', " ") + '"'


def story_of(db: Database, story: int) -> list[StoryArticle]:
    """Return a story's articles in the order in which they came out; of a merged one by any of its numbers."""
    rows = db.conn.execute(
        "SELECT place, role, s.id, s.portal, s.out_at, s.published_local, s.published_precision, lag_hours,"
        " s.first_seen_at, s.title, s.url, articles.body, ties.containment, ties.jaccard, ties.reason"
        " FROM story_articles AS s JOIN articles ON articles.id = s.id JOIN stories ON stories.id = s.story"
        " LEFT JOIN ties ON ties.kind = 'copy' AND ties.article = s.id AND ties.other = stories.original"
        " WHERE s.story = coalesce((SELECT id FROM stories WHERE id = :story),"
        " (SELECT story FROM articles WHERE id = :story)) ORDER BY place",
        {"story": story},
    )
    return [StoryArticle(*row) for row in rows]
