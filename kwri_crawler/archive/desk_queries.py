"""What a press desk's pages show of a day: stories, what watches found, an article, the releases in it; only reads."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from sqlite_utils import Database

from kwri_crawler.archive.stories import StoryArticle

_Read = TypeVar("_Read")
# the day alone where the hour is not known
WHEN = "CASE WHEN published_precision IN ('second', 'minute') THEN published_local ELSE local_day END"
# of articles; published_at is UTC and indexed, and a local day begins at most 14 hours off it
_OF_DAY = "published_at >= date(:day, '-1 day') AND published_at < date(:day, '+2 days') AND local_day = :day"
_STEPS = 2_000  # of SQLite, between two looks at the clock


class TooLong(Exception):
    """A look at the archive took longer than it may."""


class Day(NamedTuple):
    """What was published on a local day."""

    day: str
    articles: int
    portals: int
    texts: int  # different ones
    before: str | None  # the last day before it that has articles
    after: str | None


class DayStory(NamedTuple):
    """A story whose original is of a day."""

    story: int
    title: str
    portal: str
    published_local: str | None  # the day alone where the hour is not known
    articles: int
    portals: int
    is_ours: bool  # carries a release


class WatchHit(NamedTuple):
    """A story that a watch found."""

    article: int  # that it found first
    story: int | None
    title: str
    url: str
    portal: str
    published_local: str | None  # the day alone where the hour is not known
    portals: int  # on which it stands now
    found_at: str  # UTC
    sent_at: str | None  # UTC; None if nobody was told
    waiting: str | None  # who is still to be told; None if nobody


class Sent(NamedTuple):
    """A release that a text carries."""

    release: int
    name: str
    title: str


def look(connection: sqlite3.Connection, seconds: float, read: Callable[[Database], _Read]) -> _Read:
    """Return what a function reads of one moment of the archive, for no longer than that; raises TooLong."""
    end = time.monotonic() + seconds
    connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    try:
        connection.execute("BEGIN")
        return read(Database(connection))
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise TooLong from error
        raise
    finally:
        connection.set_progress_handler(None, 0)
        connection.rollback()


def newest_day(db: Database, now: str) -> str | None:
    """Return the local day of the newest article that is not ahead of a moment (UTC); None in an empty archive."""
    row = db.conn.execute(
        "SELECT local_day FROM articles WHERE published_at <= ? ORDER BY published_at DESC LIMIT 1", (now,)
    ).fetchone()
    return row[0] if row else None


def read_day(db: Database, day: str, now: str) -> Day:
    """Count a local day; the days beside it end at a moment (UTC), so that a clock that is ahead leads nowhere."""
    articles, portals, texts = db.conn.execute(
        f"SELECT count(*), count(DISTINCT portal), count(DISTINCT coalesce(story, -id)) FROM articles WHERE {_OF_DAY}",  # noqa: S608
        {"day": day},
    ).fetchone()
    before, after = db.conn.execute(
        "SELECT (SELECT local_day FROM articles WHERE published_at < date(:day, '+1 day') AND local_day < :day"
        " ORDER BY published_at DESC LIMIT 1),"
        " (SELECT local_day FROM articles WHERE published_at > date(:day) AND published_at <= :now"
        " AND local_day > :day ORDER BY published_at LIMIT 1)",
        {"day": day, "now": now},
    ).fetchone()
    return Day(day, articles, portals, texts, before, after)


def stories_of_day(db: Database, day: str, limit: int) -> list[DayStory]:
    """Return the largest stories of a local day."""
    rows = db.conn.execute(
        f"SELECT stories.id, first.title, first.portal, {WHEN}, stories.articles, stories.portals,"  # noqa: S608
        " EXISTS (SELECT 1 FROM articles AS one JOIN carried ON carried.article = one.id AND carried.kind = 'copy'"
        " WHERE one.story = stories.id)"
        " FROM stories JOIN articles AS first ON first.id = stories.original"
        " WHERE first_at >= date(:day, '-2 days') AND first_at < date(:day, '+3 days')"
        " AND coalesce(first.local_day, substr(first.out_at, 1, 10)) = :day"
        " ORDER BY stories.portals DESC, stories.articles DESC, first_at DESC, stories.id LIMIT :limit",
        {"day": day, "limit": limit},
    )
    return [DayStory(*row)._replace(is_ours=bool(row[-1])) for row in rows.fetchall()]


def hits_of_watch(db: Database, watch: str, limit: int) -> list[WatchHit]:
    """Return the stories that a watch found, the last found first; those on too few portals to be told are left out."""
    rows = db.conn.execute(
        f"SELECT articles.id, articles.story, articles.title, articles.url, articles.portal, {WHEN},"  # noqa: S608 - ours
        " coalesce(stories.portals, 1), found_at, sent_at, waiting"
        " FROM alerts JOIN articles ON articles.id = alerts.article LEFT JOIN stories ON stories.id = articles.story"
        " WHERE watch = ? AND alerts.portals > 0 ORDER BY found_at DESC, articles.id DESC LIMIT ?",
        (watch, limit),
    )
    return [WatchHit(*row) for row in rows.fetchall()]


def watches_of_day(db: Database, day: str) -> list[tuple[str, int]]:
    """Return the watches that found stories of a local day, and how many."""
    return [
        tuple(row)
        for row in db.conn.execute(
            "SELECT watch, count(*) FROM alerts JOIN articles ON articles.id = alerts.article"  # noqa: S608 - ours
            f" WHERE alerts.portals > 0 AND {_OF_DAY} GROUP BY watch ORDER BY watch",
            {"day": day},
        ).fetchall()
    ]


def article_alone(db: Database, article: int) -> tuple[int | None, StoryArticle] | None:
    """Return an article as a story of itself, and the story that it is in; None if there is no such article."""
    row = db.conn.execute(
        "SELECT story, 1, 'original', id, portal, out_at, published_local, published_precision, 0.0, first_seen_at,"
        " title, url, body, NULL, NULL, NULL, source FROM articles WHERE id = ?",
        (article,),
    ).fetchone()
    return None if row is None else (row[0], StoryArticle(*tuple(row)[1:]))


def releases_in(db: Database, articles: Sequence[int]) -> list[Sent]:
    """Return the releases that one of the articles is a copy of."""
    rows = db.conn.execute(
        "SELECT DISTINCT releases.id, name, title FROM carried JOIN releases ON releases.id = carried.release"
        " WHERE kind = 'copy' AND carried.article IN (SELECT value FROM json_each(?)) ORDER BY released_at",
        (json.dumps(list(articles)),),
    )
    return [Sent(*row) for row in rows.fetchall()]
