"""What a press desk's pages show, beside releases and stories: a day, an article alone, a portal, notes; only reads."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from sqlite_utils import Database

from kwri_crawler.archive.health import read_reasons
from kwri_crawler.archive.notes import Note, Tone
from kwri_crawler.archive.release_tables import portal_releases
from kwri_crawler.archive.stories import StoryArticle
from kwri_crawler.health import Reason

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


class Noted(NamedTuple):
    """What was noted about an article, and by whom."""

    note: Note
    by_whom: str
    at: str  # UTC


class NotedArticle(NamedTuple):
    """An article that somebody noted something about."""

    article: int
    story: int | None
    portal: str
    title: str
    url: str
    published_local: str | None  # the day alone where the hour is not known
    noted: Noted


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


def notes_about(db: Database, articles: Sequence[int]) -> dict[int, Noted]:
    """Return what is noted about articles, by article."""
    rows = db.conn.execute(
        "SELECT article, tone, topic, note, starred, by_whom, at FROM notes"
        " WHERE article IN (SELECT value FROM json_each(?))",
        (json.dumps(list(articles)),),
    )
    return {article: _noted(*rest) for article, *rest in rows.fetchall()}


def list_notes(db: Database, tone: Tone | None, topic: str | None, starred: bool, limit: int) -> list[NotedArticle]:
    """Return noted articles, those noted last first."""
    rows = db.conn.execute(
        f"SELECT articles.id, story, portal, title, url, {WHEN}, tone, topic, note, starred, by_whom, at"  # noqa: S608
        " FROM notes JOIN articles ON articles.id = notes.article"
        " WHERE (:tone IS NULL OR tone = :tone) AND (:topic IS NULL OR topic = :topic) AND starred >= :starred"
        " ORDER BY at DESC, articles.id DESC LIMIT :limit",
        {"tone": tone, "topic": topic, "starred": int(starred), "limit": limit},
    )
    return [NotedArticle._make((*tuple(row)[:6], _noted(*tuple(row)[6:]))) for row in rows.fetchall()]


def tones(db: Database) -> dict[Tone, int]:
    """Return how many articles each tone was noted of."""
    rows = db.conn.execute("SELECT tone, count(*) FROM notes WHERE tone IS NOT NULL GROUP BY tone").fetchall()
    return {Tone(tone): number for tone, number in rows}


def topics(db: Database) -> list[str]:
    """Return the topics that were noted, in their order."""
    rows = db.conn.execute("SELECT DISTINCT topic FROM notes WHERE topic IS NOT NULL ORDER BY topic").fetchall()
    return [topic for (topic,) in rows]


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


def _noted(tone: str | None, topic: str | None, note: str | None, starred: int, by_whom: str, at: str) -> Noted:
    return Noted(Note.of(tone, topic, note, starred), by_whom, at)
