"""What a press desk noted about articles; only reads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from sqlite_utils import Database

from kwri_crawler.archive.desk_queries import WHEN
from kwri_crawler.archive.notes import Note, Tone


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


def _noted(tone: str | None, topic: str | None, note: str | None, starred: int, by_whom: str, at: str) -> Noted:
    return Noted(Note.of(tone, topic, note, starred), by_whom, at)
