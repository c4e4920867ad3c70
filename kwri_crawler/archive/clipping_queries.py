"""What a clipping shows: one article a story with its carriers, or every copy; only reads."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlite_utils import Database

from kwri_crawler.archive.extracts import PRESS, Wanted, ids_of
from kwri_crawler.web.addresses import url_key


class Shown(NamedTuple):
    """When and where an article stands."""

    portal: str
    portal_name: str
    zone: str  # IANA, of the portal's clock
    title: str
    url: str
    out_at: str  # UTC
    published_local: str | None  # None without a date
    published_precision: str | None
    first_seen_at: str  # UTC
    gone_at: str | None  # UTC, when the portal was found to have removed it; None if it is there


class Clip(NamedTuple):
    """An article of a clipping."""

    article: int
    shown: Shown
    subtitle: str | None
    author: str | None
    lead: str | None
    body: str  # paragraphs, parted by an empty line
    marks: tuple[tuple[int, str], ...]  # paragraph of the body from 0, h2 h3 h4 li or quote
    access: str | None
    fetched_at: str  # UTC
    page_keys: tuple[str, ...]  # url_key of the addresses that its page may be kept under
    story: int | None
    carriers: tuple[Shown, ...]  # the others of its story, in the order in which they were out


_SHOWN = (
    "articles.portal, portals.name, portals.zone, articles.title, articles.url, articles.out_at,"
    " articles.published_local, articles.published_precision, articles.first_seen_at, articles.gone_at"
)


def choose(db: Database, wanted: Wanted, every_copy: bool) -> list[int]:
    """Return the ids of the articles to print, by when they were out; raises SearchError.

    Of a story only the first of those that are wanted, unless every copy is asked for.
    """
    rows = db.conn.execute(
        "SELECT id, coalesce(story, -id) FROM articles WHERE id IN (SELECT value FROM json_each(?))"
        " ORDER BY out_at, first_seen_at, id",
        (json.dumps(ids_of(db, wanted)),),
    ).fetchall()
    if every_copy:
        return [article for article, _ in rows]
    first: dict[int, int] = {}
    for article, story in rows:
        first.setdefault(story, article)
    return list(first.values())


def read_clips(db: Database, ids: Sequence[int], with_carriers: bool = True, with_own: bool = False) -> list[Clip]:
    """Return articles to print, in the order of their ids; carriers of a desk's own portals only `with_own`."""
    rows = db.conn.execute(
        f"SELECT articles.id, {_SHOWN}, subtitle, author, lead, body, marks, access, fetched_at, url_key, page_url,"  # noqa: S608
        " (SELECT json_group_array(key) FROM urls WHERE urls.article = articles.id), story"
        " FROM articles JOIN portals ON portals.id = articles.portal"
        " WHERE articles.id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    ).fetchall()
    size = len(Shown._fields)
    stories = {row[-1] for row in rows} - {None}
    others = _carriers(db, sorted(stories), with_own) if with_carriers else {}
    clips = {}
    for article, *fields in rows:
        shown, rest = Shown(*fields[:size]), fields[size:]
        subtitle, author, lead, body, marks, access, fetched_at, key, page_url, keys, story = rest
        page_keys = dict.fromkeys((key, *([url_key(page_url)] if page_url else []), *json.loads(keys)))
        carriers = tuple(other for of, other in others.get(story, ()) if of != article)
        read = tuple((int(place), str(kind)) for place, kind in json.loads(marks or "[]"))
        clips[article] = Clip(
            article, shown, subtitle, author, lead, body, read, access, fetched_at, tuple(page_keys), story, carriers
        )
    return [clips[article] for article in ids if article in clips]


def _carriers(db: Database, stories: Sequence[int], with_own: bool) -> dict[int, list[tuple[int, Shown]]]:
    """Return the articles of each story with their ids, in the order in which they were out."""
    found: dict[int, list[tuple[int, Shown]]] = defaultdict(list)
    rows = db.conn.execute(
        f"SELECT story, articles.id, {_SHOWN} FROM articles JOIN portals ON portals.id = articles.portal"  # noqa: S608
        f" WHERE story IN (SELECT value FROM json_each(?)) AND ({'true' if with_own else PRESS})"
        " ORDER BY out_at, first_seen_at, articles.id",
        (json.dumps(list(stories)),),
    )
    for story, article, *fields in rows.fetchall():
        found[story].append((article, Shown(*fields)))
    return found


def tones(db: Database, ids: Sequence[int]) -> dict[int, str]:
    """Return the tone that a person set of each article that has one."""
    rows = db.conn.execute(
        "SELECT article, tone FROM notes WHERE tone IS NOT NULL AND article IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )
    return dict(rows.fetchall())


def units(db: Database) -> list[str]:
    """Return the units that sent releases."""
    return [unit for (unit,) in db.conn.execute("SELECT DISTINCT unit FROM releases WHERE unit IS NOT NULL ORDER BY 1")]


def watches(db: Database) -> list[str]:
    """Return the names of the watches."""
    return [name for (name,) in db.conn.execute("SELECT name FROM watches ORDER BY 1")]


def portal_name(db: Database, portal: str) -> str:
    """Return a portal's name, its id where it was never crawled."""
    row = db.conn.execute("SELECT name FROM portals WHERE id = ?", (portal,)).fetchone()
    return str(row[0]) if row else portal
