"""Stories for a person to read: the largest and fastest of a period, and one whole; only reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from kwri_crawler.archive.searching import phrase
from kwri_crawler.items import TieKind


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
    source: str | None  # whom its page names as the text's origin: "Sumber: ..."


@dataclass(frozen=True, slots=True)
class RelatedArticle:
    """An article outside of a story that shares passages with one of the story's."""

    kind: TieKind  # contains, follow-up
    takes: bool  # the story's article is the roundup, or the later one; else this one is
    article: int  # of the story
    id: int
    portal: str
    out_at: str  # UTC
    title: str
    url: str
    containment: float
    reason: str


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
        # first_at is UTC and indexed; a local day begins at most 14 hours off it
        "since": f"largest.first_at >= date(:since, '-2 days') AND {day} >= :since",
        "until": f"largest.first_at < date(:until, '+3 days') AND {day} <= :until",
        "portal": "largest.story IN (SELECT story FROM articles WHERE portal = :portal)",
        "naming": "largest.story IN (SELECT story FROM articles_fts JOIN articles ON articles.id = articles_fts.rowid"
        " WHERE articles_fts MATCH :naming)",
    }
    naming = None if period.naming is None else phrase(period.naming)
    values = {"since": period.since, "until": period.until, "portal": period.portal, "naming": naming}
    asked = {name: value for name, value in values.items() if value is not None}
    return " AND ".join(conditions[name] for name in asked) or "true", asked


def number_of(db: Database, story: int) -> int | None:
    """Return a story's number by any number that it had: of one that was merged, that of an article; None if none."""
    row = db.conn.execute(
        "SELECT coalesce((SELECT id FROM stories WHERE id = :story), (SELECT story FROM articles WHERE id = :story))",
        {"story": story},
    ).fetchone()
    return row[0]  # type: ignore[no-any-return]


def story_of(db: Database, story: int) -> list[StoryArticle]:
    """Return a story's articles in the order in which they came out; of a merged one by any of its numbers."""
    rows = db.conn.execute(
        "SELECT place, role, s.id, s.portal, s.out_at, s.published_local, s.published_precision, lag_hours,"
        " s.first_seen_at, s.title, s.url, articles.body, ties.containment, ties.jaccard, ties.reason, articles.source"
        " FROM story_articles AS s JOIN articles ON articles.id = s.id JOIN stories ON stories.id = s.story"
        " LEFT JOIN ties ON ties.kind = 'copy' AND ties.article = s.id AND ties.other = stories.original"
        # the number alone reaches into the view; a sub-query would let it order all stories of the archive first
        " WHERE s.story = ? ORDER BY place",
        (number_of(db, story),),
    )
    return [StoryArticle(*row) for row in rows]


def related_articles(db: Database, story: int) -> list[RelatedArticle]:
    """Return what is related to a story's articles without being a copy of them, by article, then as it came out."""
    rows = db.conn.execute(
        "SELECT kind, true, article, other, other_portal, other_out_at, other_title, other_url, containment, reason"
        " FROM related_articles WHERE article IN (SELECT id FROM articles WHERE story = :story)"
        " AND other_story IS NOT :story UNION ALL"
        " SELECT kind, false, other, article, portal, out_at, title, url, containment, reason"
        " FROM related_articles WHERE other IN (SELECT id FROM articles WHERE story = :story)"
        " AND story IS NOT :story ORDER BY 3, 6, 4",
        {"story": number_of(db, story)},
    )
    return [RelatedArticle(TieKind(kind), bool(takes), *others) for kind, takes, *others in rows]
