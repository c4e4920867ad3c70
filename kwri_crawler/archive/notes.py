"""What the people of a desk note about an article by hand: tone, topic, words, a star; no program sets any of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from sqlite_utils import Database

from kwri_crawler.archive.cures import archive_error

TABLE = """
CREATE TABLE notes (
    -- what a person noted about an article; edits, reread and restory keep it, and it is deleted with the article
    article INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
    tone TEXT                    -- its tone towards the desk, set by a person; null if nobody set it
        CHECK (tone IN ('positif', 'netral', 'negatif')),
    topic TEXT,                  -- in the desk's own words; null if none
    note TEXT,                   -- null if none
    starred INTEGER NOT NULL DEFAULT 0 CHECK (starred IN (0, 1)),
    by_whom TEXT NOT NULL,       -- who noted it last
    at TEXT NOT NULL             -- when
) STRICT
"""


class Tone(StrEnum):
    """How an article speaks of whoever keeps the archive."""

    POSITIVE = "positif"
    NEUTRAL = "netral"
    NEGATIVE = "negatif"


class Note(NamedTuple):
    """What is noted about one article."""

    tone: Tone | None = None
    topic: str | None = None
    note: str | None = None
    starred: bool = False

    @classmethod
    def of(cls, tone: str | None, topic: str | None, note: str | None, starred: int) -> Note:
        """Make it of the columns of a row."""
        return cls(Tone(tone) if tone else None, topic, note, bool(starred))


def set_note(db: Database, article: int, note: Note, by_whom: str, at: str) -> bool:
    """Note something about an article, an empty note for nothing; False if there is no such article.

    Inside the caller's transaction; at is UTC.
    """
    if db.conn.execute("SELECT 1 FROM articles WHERE id = ?", (article,)).fetchone() is None:
        return False
    if note == Note():
        db.conn.execute("DELETE FROM notes WHERE article = ?", (article,))
        return True
    db.conn.execute(
        "INSERT INTO notes (article, tone, topic, note, starred, by_whom, at) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (article) DO UPDATE SET tone = excluded.tone, topic = excluded.topic, note = excluded.note,"
        " starred = excluded.starred, by_whom = excluded.by_whom, at = excluded.at",
        (article, note.tone, note.topic, note.note, int(note.starred), by_whom, at),
    )
    return True


def note_down(connection: sqlite3.Connection, article: int, changes: Mapping[str, Any], by_whom: str, at: str) -> bool:
    """Change some of what is noted about an article, in a transaction; False if there is no such article.

    Raises ArchiveError, also where another process has been writing for too long.
    """
    db = Database(connection)
    try:
        with connection:
            return set_note(db, article, _note_of(db, article)._replace(**changes), by_whom, at)
    except sqlite3.Error as error:
        raise archive_error("it was not noted", error) from error


def _note_of(db: Database, article: int) -> Note:
    row = db.conn.execute("SELECT tone, topic, note, starred FROM notes WHERE article = ?", (article,)).fetchone()
    return Note() if row is None else Note.of(*row)


def take_over(db: Database, into: int, other: int) -> None:
    """Give an article what was noted about another that proved to be the same; its own words stay before those."""
    db.conn.execute(
        "INSERT INTO notes (article, tone, topic, note, starred, by_whom, at)"
        " SELECT ?, tone, topic, note, starred, by_whom, at FROM notes WHERE article = ?"
        " ON CONFLICT (article) DO UPDATE SET tone = coalesce(tone, excluded.tone),"
        " topic = coalesce(topic, excluded.topic), starred = max(starred, excluded.starred),"
        " note = CASE WHEN note <> excluded.note THEN note || char(10) || excluded.note"
        " ELSE coalesce(note, excluded.note) END",
        (into, other),
    )
