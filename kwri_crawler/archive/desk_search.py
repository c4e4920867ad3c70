"""A search as a person reads it: one line a story, by the article that the words fit best, with what they stand in."""

from __future__ import annotations

import json
from typing import NamedTuple

from sqlite_utils import Database

from kwri_crawler.archive.desk_queries import WHEN
from kwri_crawler.archive.searching import expression, searching

MOST_FOUND = 300  # articles, the last archived, of which the lines are made: a common word has a tenth of the archive
_WORDS = 28  # of a snippet
_BEGIN, _END = "\x02", "\x03"


class Asked(NamedTuple):
    """What is looked for; every bound may be None."""

    words: str
    since: str | None = None  # local day of publication, itself included
    until: str | None = None
    portal: str | None = None
    region: str | None = None


class Piece(NamedTuple):
    """A part of a text; what fits the search is marked."""

    text: str
    is_hit: bool


class FoundStory(NamedTuple):
    """A story, or an article that stands alone, of which an article was found."""

    article: int  # that the words fit best
    story: int | None
    portal: str
    url: str
    published_local: str | None  # the day alone where the hour is not known
    found: int  # of its articles
    portals: int  # on which it stands
    title: tuple[Piece, ...]
    snippet: tuple[Piece, ...]


class Found(NamedTuple):
    """What was found."""

    stories: list[FoundStory]
    articles: int
    has_more: bool  # only the last archived articles were looked at


_CONDITIONS = {
    "since": "published_at >= date(:since, '-1 day') AND local_day >= :since",
    "until": "published_at < date(:until, '+2 days') AND local_day <= :until",
    "portal": "articles.portal = :portal",
    "region": "articles.portal IN (SELECT id FROM portals WHERE region = :region)",
}


def search(db: Database, asked: Asked, limit: int) -> Found:
    """Return up to `limit` stories, those with the newest article found first; raises SearchError."""
    with searching(db, asked.words):
        return _search(db, asked, limit)


def _search(db: Database, asked: Asked, limit: int) -> Found:
    values = {"search": expression(asked.words), "most": MOST_FOUND, "limit": limit}
    values |= {name: getattr(asked, name) for name in _CONDITIONS if getattr(asked, name) is not None}
    where = "".join(f" AND {condition}" for name, condition in _CONDITIONS.items() if name in values)
    # By rowid the index goes on where it was, however many articles a search finds.
    rows = db.conn.execute(
        "WITH found AS MATERIALIZED ("  # noqa: S608 - conditions of ours
        " SELECT articles.id, coalesce(story, -articles.id) AS text,"
        " coalesce(published_at, first_seen_at) AS at, rank AS fit"
        " FROM articles_fts CROSS JOIN articles ON articles.id = articles_fts.rowid"
        f" WHERE articles_fts MATCH :search{where} ORDER BY articles_fts.rowid DESC LIMIT :most"
        # beside min(fit), max(at) would choose whose id stands there: SQLite takes it from the last of both
        "), dated AS (SELECT id, text, fit, max(at) OVER (PARTITION BY text) AS at FROM found"
        "), best AS ("
        " SELECT id, min(fit), at, count(*) AS found, sum(count(*)) OVER () AS number"
        " FROM dated GROUP BY text ORDER BY at DESC, id DESC LIMIT :limit"
        f") SELECT articles.id, articles.story, articles.portal, url, {WHEN}, found,"
        " coalesce(stories.portals, 1), number FROM best JOIN articles USING (id)"
        " LEFT JOIN stories ON stories.id = articles.story ORDER BY best.at DESC, best.id DESC",
        values,
    ).fetchall()
    marked = _marked(db, str(values["search"]), [row[0] for row in rows])
    stories = [FoundStory._make((*line, *marked[line[0]])) for *line, _ in rows]
    number = rows[0][7] if rows else 0
    return Found(stories, number, number == MOST_FOUND)


def _marked(db: Database, words: str, ids: list[int]) -> dict[int, tuple[tuple[Piece, ...], tuple[Piece, ...]]]:
    rows = db.conn.execute(
        "SELECT rowid, highlight(articles_fts, 0, ?, ?), snippet(articles_fts, 1, ?, ?, ' … ', ?)"
        # +rowid: by each rowid alone the index begins a search anew, 45 ms each for one of "a*"
        " FROM articles_fts WHERE articles_fts MATCH ? AND rowid BETWEEN ? AND ?"
        " AND +rowid IN (SELECT value FROM json_each(?))",
        (_BEGIN, _END, _BEGIN, _END, _WORDS, words, min(ids, default=0), max(ids, default=0), json.dumps(ids)),
    ).fetchall()
    return {article: (_pieces(title), _pieces(snippet)) for article, title, snippet in rows}


def _pieces(text: str) -> tuple[Piece, ...]:
    """Part a text at its marks; whoever shows it escapes each piece, so that a text with marks of its own is inert."""
    pieces = []
    for place, part in enumerate(text.split(_BEGIN)):
        hit, is_marked, rest = part.partition(_END)
        both = (Piece(hit, True), Piece(rest, False)) if place and is_marked else (Piece(part, False),)
        pieces += [piece for piece in both if piece.text]
    return tuple(pieces)
