"""Watches: saved searches over new articles, and the stories that they find.

A watch looks once at each new article, after the commit that stored it. Whether its story is known is asked by the
present story of what was told, so stories that become one or part need no care. What it finds waits in alerts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from sqlite_utils import Database

from kwri_crawler.archive import alerts
from kwri_crawler.archive.connection import transaction
from kwri_crawler.archive.extracts import Extract, by_ids
from kwri_crawler.archive.searching import SearchError, expression, searching
from kwri_crawler.clock import now_text, utc_text

NEWS = timedelta(days=30)  # an article that was out before that is history, which a new portal brings by the thousand
ENTRIES = 50  # of a feed


class Watch(NamedTuple):
    """A saved search."""

    name: str
    query: str
    portal: str | None = None
    region: str | None = None
    least_portals: int = 1
    again_at: int | None = None  # None: a story is told once
    send: tuple[str, ...] = ()  # names of the setting NOTIFY
    active: bool = True


class WatchLine(NamedTuple):
    """A watch on one line of a list."""

    watch: Watch
    stories: int  # that it found
    waiting: int  # ... of which somebody has not been told yet
    last_at: str | None  # when the last message was taken, UTC; None if none was


_WATCH = "name, query, portal, region, least_portals, again_at, send, active"
# New articles are looked at in an index of their own: in that of all, a word's beginning (`pol*`) first reads each
# place where such a word ever stood. Its tokens are those that the first migration gave articles_fts.
# Beside it stand the columns that are asked for: those of the archive lie behind the article's body.
_NEW = """
    CREATE VIRTUAL TABLE temp.new_fts
    USING fts5(title, body, content='', tokenize='unicode61 remove_diacritics 2')
"""
_NEW_ARTICLES = "CREATE TABLE temp.new_articles (id INTEGER PRIMARY KEY, story, portal, portals)"
_FILL = """
    INSERT INTO new_articles
    SELECT articles.id, story, portal, coalesce(stories.portals, 1)
    FROM articles LEFT JOIN stories ON stories.id = story
    WHERE articles.id > ? AND out_at >= ?
"""
_OF_WATCH = """
        AND (:portal IS NULL OR found.portal = :portal)
        AND (:region IS NULL OR found.portal IN (SELECT id FROM portals WHERE lower(region) = lower(:region)))
"""
_HITS = f"""
    SELECT found.id, found.story
    FROM articles_fts
    CROSS JOIN articles AS found ON found.id = articles_fts.rowid
    LEFT JOIN stories ON stories.id = found.story
    WHERE articles_fts MATCH :query AND articles_fts.rowid > :after AND found.out_at >= :since
        AND coalesce(stories.portals, 1) >= :least {_OF_WATCH}
    ORDER BY articles_fts.rowid DESC
"""  # noqa: S608 - our own text
# The first article of each story that is not known.
_FIND = f"""
    INSERT OR IGNORE INTO alerts (watch, article, found_at, portals, waiting)
    SELECT :name, article, :now, iif(portals >= :least, portals, 0), iif(portals >= :least, :send, NULL)
    FROM (
        SELECT min(found.id) AS article, found.story AS story, found.portals AS portals
        FROM new_fts
        CROSS JOIN new_articles AS found ON found.id = new_fts.rowid
        WHERE new_fts MATCH :query AND new_fts.rowid > :after {_OF_WATCH}
        GROUP BY coalesce(found.story, -found.id)
    ) AS one
    WHERE one.story IS NULL OR NOT EXISTS (
        SELECT 1
        FROM articles AS told
        CROSS JOIN alerts ON alerts.watch = :name AND alerts.article = told.id
        WHERE told.story = one.story
    )
"""  # noqa: S608 - our own text


def add(db: Database, watch: Watch) -> bool:
    """Enter a watch, which looks at what is stored from now on; return False where its name is taken.

    Raises SearchError for a search that the index does not understand, and ArchiveError.
    """
    with transaction(db):
        _match(db, "SELECT 1 FROM articles_fts WHERE articles_fts MATCH :query LIMIT 1", watch.query)
        values = (*watch[:6], " ".join(watch.send), _top(db), int(watch.active), now_text())
        return bool(
            db.conn.execute("INSERT OR IGNORE INTO watches VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values).rowcount
        )


def remove(db: Database, name: str) -> bool:
    """Remove a watch and what it found; return whether there was one; raises ArchiveError."""
    with transaction(db):
        return bool(db.conn.execute("DELETE FROM watches WHERE name = ?", (name,)).rowcount)


def find(db: Database, name: str) -> Watch | None:
    """Return a watch by its name; None if there is none."""
    row = db.conn.execute(f"SELECT {_WATCH} FROM watches WHERE name = ?", (name,)).fetchone()  # noqa: S608 - our columns
    return None if row is None else _watch(row)


def list_watches(db: Database) -> list[WatchLine]:
    """Return all watches by name."""
    rows = db.conn.execute(
        f"SELECT {_WATCH}, count(portals), count(waiting), max(sent_at) FROM watches"  # noqa: S608 - our columns
        " LEFT JOIN (SELECT watch, nullif(portals, 0) AS portals, waiting, sent_at FROM alerts) ON watch = name"
        " GROUP BY name ORDER BY name"
    )
    return [WatchLine(_watch(row), *row[-3:]) for row in rows.fetchall()]


def regions(db: Database) -> set[str | None]:
    """Return the regions of the portals that were ever crawled."""
    return {region for (region,) in db.conn.execute("SELECT DISTINCT region FROM portals").fetchall()}


def receivers(db: Database) -> dict[str, tuple[str, ...]]:
    """Return the names of NOTIFY that active watches send to, by watch."""
    rows = db.conn.execute("SELECT name, send FROM watches WHERE active AND send <> '' ORDER BY name").fetchall()
    return {name: tuple(send.split()) for name, send in rows}


def look(db: Database, now: datetime) -> list[tuple[str, SearchError]]:
    """Let each active watch look at the articles that it has not seen; return those whose search is not understood.

    Only writes down what is to be told: alerts.waiting() returns it. Call it in a transaction.
    """
    rows = db.conn.execute(f"SELECT {_WATCH}, seen_article FROM watches WHERE active").fetchall()  # noqa: S608
    if not rows:
        return []
    top, since, at = _top(db), utc_text(now - NEWS), utc_text(now)
    db.conn.execute(_NEW)
    watches, faults = [], []
    for row in rows:
        watch = _watch(row)
        try:
            _match(db, "SELECT 1 FROM new_fts WHERE new_fts MATCH :query", watch.query)
        except SearchError as error:  # written by another program, for `add` refuses it
            faults.append((watch.name, error))
        else:
            watches.append((watch, row[-1]))
    first = min((seen for _, seen in watches), default=top)
    _tell_grown(db, {watch.name: watch for watch, _ in watches}, first, at)
    db.conn.execute(_NEW_ARTICLES)
    db.conn.execute(_FILL, (first, since))
    db.conn.execute(
        "INSERT INTO new_fts (rowid, title, body)"
        " SELECT id, title, body FROM articles WHERE id IN (SELECT id FROM new_articles)"
    )
    for watch, seen in watches:
        if seen < top:
            _search(db, _FIND, watch, seen, name=watch.name, now=at, send=" ".join(watch.send) or None)
            db.conn.execute("UPDATE watches SET seen_article = ? WHERE name = ?", (top, watch.name))
    db.conn.execute("DROP TABLE new_fts")
    db.conn.execute("DROP TABLE new_articles")
    return faults


def would_tell(db: Database, watch: Watch, since: datetime) -> list[alerts.Story]:
    """Return what a watch would have told of the articles that were out since a moment (aware), the newest first.

    Raises SearchError.
    """
    (first,) = db.conn.execute(
        "SELECT min(id) FROM articles WHERE coalesce(published_at, first_seen_at) >= ?", (utc_text(since),)
    ).fetchone()
    return alerts.describe(db, _found(db, watch, first, utc_text(since))) if first is not None else []


def newest(db: Database, watch: Watch, limit: int = ENTRIES) -> list[Extract]:
    """Return the articles that a watch finds, one a story, those that were stored last first; raises SearchError."""
    return by_ids(db, _found(db, watch, 0, "", limit))


def _next(watch: Watch, told: int) -> int | None:
    """Return on how many portals a story is told (again) that was told on so many, 0 for never; None for no more."""
    if not told:
        return watch.least_portals
    return watch.again_at if watch.again_at is not None and told < watch.again_at else None


def _tell_grown(db: Database, watches: dict[str, Watch], seen: int, now: str) -> None:
    """Have the stories told (again) that new articles made large enough.

    Asked from the new articles, of which there are few; a story grows by nothing else, but for an edit now and then.
    """
    rows = db.conn.execute(
        "SELECT alerts.watch, one.story, stories.portals, article, alerts.portals, waiting"
        " FROM (SELECT DISTINCT story FROM articles WHERE id > ? AND story IS NOT NULL) AS grown"
        " CROSS JOIN stories ON stories.id = grown.story"
        " CROSS JOIN articles AS one ON one.story = stories.id"
        " CROSS JOIN alerts INDEXED BY alerts_article ON alerts.article = one.id"
        " ORDER BY alerts.watch, one.story, alerts.portals DESC, article",
        (seen,),
    ).fetchall()
    for (name, _, portals), found in groupby(rows, key=lambda row: row[:3]):
        watch = watches.get(name)
        *_, article, before, names = next(found)  # the one that was told last; stories that became one may have several
        if watch is None or portals < (_next(watch, before) or portals + 1):
            continue
        is_first = not before or set((names or "").split()) >= set(watch.send)  # nobody took the message before
        db.conn.execute(
            "UPDATE alerts SET found_at = ?, portals = ?, portals_before = CASE WHEN ? THEN portals_before ELSE portals"
            " END, waiting = ? WHERE watch = ? AND article = ?",
            (now, portals, is_first, " ".join(watch.send) or None, name, article),
        )


def _found(db: Database, watch: Watch, first: int, since: str, limit: int | None = None) -> list[int]:
    """Return the newest article of each story that a watch finds, from an id on, the newest first."""
    ids: list[int] = []
    stories: set[int | None] = set()
    for article, story in _search(db, _HITS, watch, first - 1, since=since):
        if story not in stories:
            ids.append(article)
            stories |= {story} - {None}
        if limit is not None and len(ids) >= limit:
            break
    return ids


def _search(db: Database, sql: str, watch: Watch, after: int, **values: object) -> Iterable[Any]:
    return _match(db, sql, watch.query, after=after, portal=watch.portal, region=watch.region,
                  least=watch.least_portals, **values)  # fmt: skip


def _match(db: Database, sql: str, query: str, **values: object) -> Iterable[Any]:
    """Run a statement that looks for :query; raises SearchError."""
    with searching(db, query):
        return db.conn.execute(sql, {"query": expression(query), **values})


def _top(db: Database) -> int:
    return int(db.conn.execute("SELECT coalesce(max(id), 0) FROM articles").fetchone()[0])


def _watch(row: Sequence[Any]) -> Watch:
    return Watch._make((*row[:6], tuple(row[6].split()), bool(row[7])))
