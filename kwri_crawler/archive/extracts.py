"""Archived articles, filtered and in order, for whoever takes them elsewhere; only reads, a few at a time.

Each batch is a short transaction: an export of a million articles neither fills the memory nor holds a crawl's log.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from kwri_crawler.archive.searching import expression, searching
from kwri_crawler.items import Article
from kwri_crawler.web.addresses import url_key

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles are asked for; every bound may be null."""

    since: str | None = None  # local day of publication, itself included; leaves undated articles out
    until: str | None = None  # the same
    portal: str | None = None
    story: int | None = None
    search: str | None = None  # words, or what SQLite's full-text search understands
    release: int | None = None  # articles that carry this release's text
    unit: str | None = None  # articles that carry a release of this unit
    press: bool = False  # none of a desk's own portals
    starred: bool = False  # that somebody of the desk gave a star
    watch: str | None = None  # articles of the stories that this watch told


@dataclass(frozen=True, slots=True)
class Extract:
    """An archived article with what hangs on it; times in UTC end in Z."""

    id: int
    portal: str
    portal_name: str
    url: str
    title: str
    subtitle: str | None
    author: str | None
    editor: str | None
    source: str | None  # whom the page names as the text's origin
    section: str | None
    published_at: str | None  # UTC
    published_local: str | None  # the same moment on the portal's clock
    published_precision: str | None
    published_reason: str | None  # why published_at is null
    updated_at: str | None  # UTC
    dateline: str | None
    event_days: tuple[str, ...]  # ISO 8601
    tags: tuple[str, ...]
    lead: str | None
    body: str  # paragraphs, parted by an empty line
    access: str | None  # "paywall" where the page says that its text is not free, and so may be cut
    marks: str | None  # JSON: [paragraph of the body from 0, h2 h3 h4 li or quote], in order; null if all are plain
    image_url: str | None
    image_caption: str | None
    image_credit: str | None
    link_urls: tuple[str, ...]  # the addresses that the body links to, in order
    word_count: int
    language: str | None
    story: int | None  # null if its text stands nowhere else
    role: str | None  # original, copy; null without a story
    text_hash: str
    first_seen_at: str  # UTC
    fetched_at: str  # UTC


_SELECT = """
    SELECT
        articles.id, articles.portal, portals.name, articles.url, title, subtitle, author, editor, source, section,
        published_at, published_local, published_precision, published_reason, updated_at, dateline,
        (SELECT json_group_array(day) FROM (SELECT day FROM event_dates WHERE article = articles.id ORDER BY day)),
        (SELECT json_group_array(tag) FROM (SELECT tag FROM tags WHERE article = articles.id ORDER BY tag)),
        lead, body, access, marks, image_url, image_caption, image_credit,
        (SELECT json_group_array(json_extract(value, '$[0]')) FROM json_each(articles.links)),
        word_count, language, story,
        CASE
            WHEN stories.id IS NULL THEN NULL
            WHEN stories.original = articles.id THEN 'original'
            ELSE 'copy'
        END,
        text_hash, first_seen_at, fetched_at
    FROM articles
    JOIN portals ON portals.id = articles.portal
    LEFT JOIN stories ON stories.id = articles.story
    WHERE articles.id IN (SELECT value FROM json_each(?))
"""
PRESS = "articles.portal NOT IN (SELECT portal FROM releases WHERE portal IS NOT NULL)"  # none of a desk's own
_CONDITIONS = {
    # published_at is UTC and indexed; a local day begins at most 14 hours off it
    "since": "published_at >= date(:since, '-1 day') AND substr(published_local, 1, 10) >= :since",
    "until": "published_at < date(:until, '+2 days') AND substr(published_local, 1, 10) <= :until",
    "portal": "articles.portal = :portal",
    # of a story that became part of another, its old number is one of its articles'
    "story": "story = coalesce((SELECT id FROM stories WHERE id = :story),"
    " (SELECT story FROM articles WHERE id = :story))",
    "release": "articles.id IN (SELECT article FROM release_articles WHERE release = :release AND kind = 'copy')",
    "unit": "articles.id IN (SELECT found.article FROM release_articles AS found"
    " JOIN releases ON releases.id = found.release WHERE releases.unit = :unit AND found.kind = 'copy')",
    "starred": "articles.id IN (SELECT article FROM notes WHERE starred)",
    "watch": "articles.id IN (SELECT article FROM alerts WHERE watch = :watch AND portals > 0"
    " UNION SELECT others.id FROM alerts JOIN articles AS one ON one.id = alerts.article"
    " JOIN articles AS others ON others.story = one.story WHERE alerts.watch = :watch AND alerts.portals > 0)",
    "press": PRESS,
}


def extracts(db: Database, wanted: Wanted) -> Iterator[Extract]:
    """Yield the articles in the order in which they were archived; raises SearchError."""
    after = 0
    while ids := _ids(db, wanted, "articles.id > :after", "articles.id", {"after": after}, _CHUNK):
        yield from _read(db, ids)
        after = ids[-1]


def newest(db: Database, wanted: Wanted, limit: int) -> list[Extract]:
    """Return up to `limit` articles, the newest first by publication, undated ones by when they were first seen."""
    order = "coalesce(published_at, first_seen_at) DESC, articles.id DESC"
    return by_ids(db, _ids(db, wanted, "true", order, {}, limit))


def stored_as(db: Database, item: Article) -> Extract | None:
    """Return an article that a crawl just stored, by its ledger's row, else by its address; None if it is not there."""
    row = db.conn.execute("SELECT article FROM urls WHERE id = ? AND article IS NOT NULL", (item.url_id,)).fetchone()
    keys = [url_key(url) for url in (item.url, item.page_url) if url]
    row = (
        row
        or db.conn.execute(
            "SELECT id FROM articles WHERE url_key IN (SELECT value FROM json_each(?)) LIMIT 1", (json.dumps(keys),)
        ).fetchone()
    )
    return next(_read(db, [row[0]]), None) if row else None


def ids_of(db: Database, wanted: Wanted) -> list[int]:
    """Return the articles' ids in the order in which they were archived; raises SearchError."""
    return _ids(db, wanted, "true", "articles.id", {}, -1)


def _ids(db: Database, wanted: Wanted, bound: str, order: str, values: dict[str, Any], limit: int) -> list[int]:
    asked = {name: getattr(wanted, name) for name in _CONDITIONS if getattr(wanted, name) not in (None, False)}
    conditions = [bound, *(_CONDITIONS[name] for name in asked)]
    source = "articles"
    if wanted.search is not None:
        # By rowid the index goes on where it was, however many articles a search finds.
        source = "articles_fts CROSS JOIN articles ON articles.id = articles_fts.rowid"
        conditions.append("articles_fts MATCH :search")
        conditions = [condition.replace("articles.id", "articles_fts.rowid", 1) for condition in conditions]
        order = order.replace("articles.id", "articles_fts.rowid")
    sql = f"SELECT articles.id FROM {source} WHERE {' AND '.join(conditions)} ORDER BY {order} LIMIT :limit"  # noqa: S608
    with searching(db, wanted.search):
        search = None if wanted.search is None else expression(wanted.search)
        rows = db.conn.execute(sql, {**asked, **values, "search": search, "limit": limit}).fetchall()
    return [number for (number,) in rows]


def by_ids(db: Database, ids: list[int]) -> list[Extract]:
    """Return articles by their ids, in the order in which those are given; one that is gone by now is left out."""
    found = {one.id: one for one in _read(db, ids)}
    return [found[number] for number in ids if number in found]


def _read(db: Database, ids: list[int]) -> Iterator[Extract]:
    names = tuple(Extract.__slots__)
    lists = [names.index(name) for name in ("event_days", "tags", "link_urls")]
    for row in db.conn.execute(_SELECT + " ORDER BY articles.id", (json.dumps(ids),)).fetchall():
        values = list(row)
        for place in lists:
            values[place] = tuple(json.loads(row[place]))
        yield Extract(*values)
