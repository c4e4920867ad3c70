"""Which articles carry one text, and who was first: settled in the transaction that stores or changes an article.

Ties are a function of two articles alone, and stories one of the ties, so the order of arrival changes nothing. What a
copy is, the caller's StoryMethod says; this room finds the candidates, keeps the ties and draws the stories.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlite_utils import Database

from kwri_crawler.archive.grouping import Member, group
from kwri_crawler.items import Likeness, StoryMethod, TieKind, Told

# The likest candidates are judged. A text with more than this many in its weeks is a template, or a release that
# everybody ran: each of its copies is then tied to others that are tied to the rest.
MOST_CANDIDATES = 50
_FEWEST_SHARED = 2  # hashes
_HASHES_A_STATEMENT = 12  # sketches are padded to a multiple, so that few statements have to be prepared


class _Article(NamedTuple):
    id: int
    portal: str
    title: str
    body: str
    text_hash: str
    out_at: str
    first_seen_at: str
    url_key: str

    @property
    def told(self) -> Told:
        return Told(self.portal, self.title, self.body)

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.out_at)

    @property
    def order(self) -> tuple[str, str, str]:
        return self.out_at, self.first_seen_at, self.url_key


_COLUMNS = ", ".join(_Article._fields)


def settle(db: Database, article: int, method: StoryMethod, sketch: tuple[int, ...] = ()) -> None:
    """Find what a new article shares with those of its weeks, and draw its story; inside the caller's transaction.

    `sketch` is method.sketch() of the stored text, for a caller that has it already.
    """
    row = _read(db, article)
    sketch = sketch or method.sketch(row.body)
    candidates = _candidates(db, row, sketch, method.window_days)
    _enter(db, row, sketch, method.version)
    ties = [(other, found) for other in candidates if (found := method.judge(row.told, other.told))]
    db.conn.executemany(_INSERT_TIE, [_tie(row, other, found, method.version) for other, found in ties])
    if any(found.kind is TieKind.COPY for _, found in ties):
        _draw(db, article)


def resettle(db: Database, article: int, method: StoryMethod) -> None:
    """Settle an article again after its text, title, portal or a date of it changed; inside the caller's transaction.

    Stories may gain it, lose it, merge or part, and change their original.
    """
    before = forget(db, article)
    settle(db, article, method)
    drawn: set[int] = set()
    for other in before:
        if other not in drawn:
            drawn |= _draw(db, other)
    if article not in drawn:
        _draw(db, article)


def forget(db: Database, article: int) -> list[int]:
    """Take an article out of the index and out of all ties; return those that it was a copy of, to be drawn anew."""
    kept = db.conn.execute("SELECT week, hashes FROM sketches WHERE article = ?", (article,)).fetchone()
    if kept is not None:
        week, hashes = kept
        db.conn.executemany(
            "DELETE FROM marks WHERE week = ? AND hash = ? AND article = ?",
            [(week, mark, article) for (mark,) in struct.iter_unpack("<i", hashes)],
        )
        db.conn.execute("DELETE FROM sketches WHERE article = ?", (article,))
    copies = db.conn.execute(
        "SELECT other FROM ties WHERE article = :article AND kind = 'copy'"
        " UNION SELECT article FROM ties WHERE other = :article AND kind = 'copy' ORDER BY 1",
        {"article": article},
    ).fetchall()
    db.conn.execute("DELETE FROM ties WHERE article = :article OR other = :article", {"article": article})
    return [other for (other,) in copies]


def unsettled(db: Database, method: StoryMethod, limit: int) -> list[int]:
    """Return up to `limit` articles that were never settled, or by another version of the method."""
    found = db.conn.execute(
        "SELECT id FROM articles LEFT JOIN sketches ON sketches.article = articles.id"
        " WHERE sketches.method IS NOT ? ORDER BY id LIMIT ?",
        (method.version, limit),
    )
    return [article for (article,) in found]


def _read(db: Database, article: int) -> _Article:
    row = db.conn.execute(f"SELECT {_COLUMNS} FROM articles WHERE id = ?", (article,)).fetchone()  # noqa: S608
    if row is None:
        raise LookupError(f"article {article} is not in the archive")
    return _Article(*row)


def _candidates(db: Database, row: _Article, sketch: tuple[int, ...], window_days: int) -> list[_Article]:
    """Return the articles that share hashes within the window, the likest first, and those of identical text."""
    window = timedelta(days=window_days)
    same_text = "SELECT id FROM articles WHERE text_hash = ? AND id <> ? ORDER BY out_at LIMIT ?"
    ids = [found for (found,) in db.conn.execute(same_text, (row.text_hash, row.id, MOST_CANDIDATES))]
    if sketch:
        weeks = range(_week(row.at - window), _week(row.at + window) + 1)
        padded = sketch + sketch[-1:] * (-len(sketch) % _HASHES_A_STATEMENT)
        shared = (
            f"SELECT article FROM marks WHERE week IN ({_holes(weeks)}) AND hash IN ({_holes(padded)})"  # noqa: S608
            " GROUP BY article HAVING count(*) >= ? ORDER BY count(*) DESC, article LIMIT ?"
        )
        found = db.conn.execute(shared, (*weeks, *padded, _FEWEST_SHARED, MOST_CANDIDATES))
        ids += [article for (article,) in found if article != row.id]
    if not ids:
        return []
    read = f"SELECT {_COLUMNS} FROM articles WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608
    near = (_Article(*other) for other in db.conn.execute(read, (json.dumps(ids),)))
    return [other for other in near if other.text_hash == row.text_hash or abs(other.at - row.at) <= window]


def _enter(db: Database, row: _Article, sketch: tuple[int, ...], version: int) -> None:
    week = _week(row.at)
    db.conn.execute(
        "INSERT INTO sketches (article, method, week, hashes) VALUES (?, ?, ?, ?)",
        (row.id, version, week, struct.pack(f"<{len(sketch)}i", *sketch)),
    )
    db.conn.executemany("INSERT INTO marks VALUES (?, ?, ?)", [(week, mark, row.id) for mark in set(sketch)])


_INSERT_TIE = "INSERT INTO ties VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def _tie(row: _Article, other: _Article, found: Likeness, version: int) -> tuple[Any, ...]:
    """Return the tie's row: a roundup before what it contains, else the later article before the earlier."""
    if found.kind is TieKind.CONTAINS:
        second, first = sorted((row, other), key=lambda article: (len(article.body), article.url_key))
    else:
        second, first = sorted((row, other), key=lambda article: article.order)
    f = found.figures
    return (
        first.id, second.id, found.kind.value, found.reason, f.containment, f.jaccard, f.length_ratio, f.opening,
        f.new_words, f.added, f.numbers_kept, f.numbers_changed, version,
    )  # fmt: skip


def _draw(db: Database, article: int) -> set[int]:
    """Draw the stories of all articles that copies connect with one; return these articles."""
    members = [
        Member(*row)
        for row in db.conn.execute(
            "WITH RECURSIVE reached (id) AS (SELECT ?"
            " UNION SELECT other FROM reached JOIN ties ON ties.article = reached.id WHERE kind = 'copy'"
            " UNION SELECT article FROM reached JOIN ties ON ties.other = reached.id WHERE kind = 'copy')"
            " SELECT id, portal, story, out_at, first_seen_at, url_key FROM reached JOIN articles USING (id)",
            (article,),
        )
    ]
    ids = json.dumps([member.id for member in members])
    among = (
        "SELECT article, other, jaccard FROM ties WHERE kind = ? AND article IN (SELECT value FROM json_each(?))"
        " AND other IN (SELECT value FROM json_each(?))"
    )
    apart = db.conn.execute(among, ("template", ids, ids)).fetchall()
    copies = db.conn.execute(among, ("copy", ids, ids)).fetchall() if apart else []
    for together in group(members, copies, [(one, other) for one, other, _ in apart]):
        _write_story(db, together)
    _drop_empty(db, {member.story for member in members if member.story is not None})
    return {member.id for member in members}


def _write_story(db: Database, members: list[Member]) -> None:
    """Give these articles one story, numbered as the lowest of them; none to an article alone."""
    story = min(member.id for member in members) if len(members) > 1 else None
    if story is not None:
        original = min(members, key=lambda member: (member.out_at, member.first_seen_at, member.url_key))
        seen = min(members, key=lambda member: (member.first_seen_at, member.out_at, member.url_key))
        db.conn.execute(
            "INSERT INTO stories VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            " original = excluded.original, first_seen = excluded.first_seen, first_at = excluded.first_at,"
            " last_at = excluded.last_at, articles = excluded.articles, portals = excluded.portals",
            (
                story, original.id, seen.id, original.out_at, max(member.out_at for member in members),
                len(members), len({member.portal for member in members}),
            ),
        )  # fmt: skip
    moved = [(story, member.id) for member in members if member.story != story]
    db.conn.executemany("UPDATE articles SET story = ? WHERE id = ?", moved)


def _drop_empty(db: Database, stories: Iterable[int]) -> None:
    db.conn.executemany(
        "DELETE FROM stories WHERE id = ? AND NOT EXISTS (SELECT 1 FROM articles WHERE story = stories.id)",
        [(story,) for story in stories],
    )


def _week(at: datetime) -> int:
    return (at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)).days // 7


def _holes(values: Iterable[object]) -> str:
    return ", ".join("?" for _ in values)


def rebuild(db: Database, method: StoryMethod, limit: int) -> int:
    """Settle up to `limit` articles that this version of the method did not, in a transaction; return how many."""
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        articles = unsettled(db, method, limit)
        for article in articles:
            resettle(db, article, method)
        db.conn.execute("COMMIT")
    except BaseException:
        db.conn.execute("ROLLBACK")
        raise
    return len(articles)


def unsettle_all(db: Database) -> None:
    """Have rebuild() settle every article anew, whatever version settled it; stories stay until then."""
    db.conn.execute("UPDATE sketches SET method = 0")


def count(db: Database) -> int:
    """Return how many stories there are."""
    (number,) = db.conn.execute("SELECT count(*) FROM stories").fetchone()
    return int(number)
