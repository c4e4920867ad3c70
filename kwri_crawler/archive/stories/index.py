"""The index of sketches: by the hashes that an article shares with others, those that may carry its text are found.

Rows stand by the week in which an article was out, so that a look-up reads the weeks around it and nothing else of the
archive, and a back-fill meets its contemporaries.
"""

from __future__ import annotations

import json
import struct
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlite_utils import Database

from kwri_crawler.items import ComparedText

# The likest are judged. A text with more than this many in its weeks is a template, or a release that everybody ran:
# each of its copies is then tied to others that are tied to the rest.
MOST_CANDIDATES = 50
_FEWEST_SHARED = 2  # hashes


class Placed(NamedTuple):
    """An article as the index and the stories see it."""

    id: int
    portal: str
    title: str
    body: str
    text_hash: str
    story: int | None
    out_at: str
    first_seen_at: str
    url_key: str

    @property
    def told(self) -> ComparedText:
        return ComparedText(self.portal, self.title, self.body)

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.out_at)

    @property
    def order(self) -> tuple[str, str, str]:
        return self.out_at, self.first_seen_at, self.url_key


_COLUMNS = ", ".join(Placed._fields)
# One statement, not one for each hash or question: at each step of one the thread lets go of the interpreter.
_CANDIDATES = f"""
SELECT {_COLUMNS} FROM articles WHERE id <> :id AND id IN (
    SELECT id FROM (SELECT id FROM articles WHERE text_hash = :text_hash AND id <> :id ORDER BY out_at LIMIT :most)
    UNION ALL
    SELECT article FROM (
        SELECT article FROM marks
        WHERE week IN (SELECT value FROM json_each(:weeks)) AND hash IN (SELECT value FROM json_each(:hashes))
            AND article <> :id
        GROUP BY article HAVING count(*) >= :fewest ORDER BY count(*) DESC, article LIMIT :most
    )
)
"""  # noqa: S608 - names of ours
_INSERT_MARKS = "INSERT OR IGNORE INTO marks SELECT :week, value, :article FROM json_each(:hashes)"
ORDER = ("out_at", "first_seen_at", "url_key")


def read(db: Database, article: int) -> Placed:
    """Return an article as it is stored now; raises LookupError."""
    row = find(db, article)
    if row is None:
        raise LookupError(f"article {article} is not in the archive")
    return row


def find(db: Database, article: int) -> Placed | None:
    """Return an article as it is stored now; None if it is not."""
    row = db.conn.execute(f"SELECT {_COLUMNS} FROM articles WHERE id = ?", (article,)).fetchone()  # noqa: S608
    return None if row is None else Placed(*row)


def candidates(
    db: Database, row: Placed, sketch: tuple[int, ...], window_days: int, most: int = MOST_CANDIDATES
) -> list[Placed]:
    """Return the articles that share hashes within the window, the `most` likest, and those of identical text."""
    window = timedelta(days=window_days)
    values = {**near_values(row, sketch, window), "id": row.id, "most": most}
    near = (Placed(*other) for other in db.conn.execute(_CANDIDATES, values).fetchall())
    return [other for other in near if other.text_hash == row.text_hash or abs(other.at - row.at) <= window]


def near_values(row: Placed, sketch: tuple[int, ...], window: timedelta) -> dict[str, object]:
    """Return what a statement is asked with that looks for texts near one: by its hash, by its sketch in its weeks."""
    return {
        "text_hash": row.text_hash,
        "weeks": json.dumps([*range(week_of(row.at - window), week_of(row.at + window) + 1)]),
        "hashes": json.dumps(sketch),
        "fewest": _FEWEST_SHARED,
    }


def enter(db: Database, row: Placed, sketch: tuple[int, ...], version: int) -> None:
    """Enter an article that is not in the index."""
    week = week_of(row.at)
    db.conn.execute(
        "INSERT INTO sketches (article, method, week, hashes) VALUES (?, ?, ?, ?)",
        (row.id, version, week, _packed(sketch)),
    )
    db.conn.execute(_INSERT_MARKS, {"week": week, "hashes": json.dumps(sketch), "article": row.id})


def enter_again(db: Database, row: Placed, sketch: tuple[int, ...], version: int) -> None:
    """Enter an article in place of what the index has of it, if it has; most often nothing of that changes."""
    kept = db.conn.execute("SELECT week, hashes FROM sketches WHERE article = ?", (row.id,)).fetchone()
    if kept == (week_of(row.at), _packed(sketch)):
        db.conn.execute("UPDATE sketches SET method = ? WHERE article = ?", (version, row.id))
        return
    leave(db, row.id)
    enter(db, row, sketch, version)


def _packed(sketch: tuple[int, ...]) -> bytes:
    return struct.pack(f"<{len(sketch)}i", *sketch)


def leave(db: Database, article: int) -> None:
    """Take an article out of the index, whatever its text and dates have become since."""
    kept = db.conn.execute("SELECT week, hashes FROM sketches WHERE article = ?", (article,)).fetchone()
    if kept is not None:
        week, hashes = kept
        db.conn.executemany(
            "DELETE FROM marks WHERE week = ? AND hash = ? AND article = ?",
            [(week, mark, article) for (mark,) in struct.iter_unpack("<i", hashes)],
        )
        db.conn.execute("DELETE FROM sketches WHERE article = ?", (article,))


def week_of(at: datetime) -> int:
    """Return the week of a moment, counted from 1 January 1970, UTC."""
    return (at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)).days // 7
