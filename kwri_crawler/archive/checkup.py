"""What the archive's file says of itself; changes nothing, and makes no archive where there is none."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from kwri_crawler.archive import sampling
from kwri_crawler.archive.cures import ArchiveError, archive_error
from kwri_crawler.archive.schema import migrations

LEAST_SQLITE = (3, 38, 0)  # STRICT tables are of 3.37
FTS = "INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)"

QUICK_CHECK_BYTES = 256 << 20  # larger archives are sampled
SAMPLE = 200  # articles that are looked up in the search index of an archive too large to compare it whole
ROOM = 64 << 20  # bytes that a copy of the archive leaves free
# By portal, from the ends of indexes.
_NEWEST = """
    SELECT
        count(*),
        max((SELECT max(fetched_at) FROM articles WHERE articles.portal = portals.id)),
        max((SELECT max(started_at) FROM crawls WHERE crawls.portal = portals.id))
    FROM portals
"""
_A_WORD = re.compile(r"\b[A-Za-z]{4,40}\b")
_WORDS = 8


@dataclass(frozen=True, slots=True)
class Checkup:
    """What was found in the file."""

    damage: str | None  # null when it is whole
    pending: tuple[str, ...]  # migrations that the next writer will apply
    newer: tuple[str, ...]  # migrations that this code does not know
    articles: int
    portals: int
    newest_fetch: datetime | None  # aware, UTC; null for an empty archive
    last_crawl: datetime | None  # aware, UTC; null if none ever began
    wal_bytes: int
    search: str | None = None  # damage of the search index; null when none was found
    looked_up: int | None = None  # articles that were looked up in it; null when it was compared whole, or is not there
    sampled: int | None = (
        None  # rows that were read and looked up by their indexes; null when the file was read through
    )
    latest_crawl: datetime | None = None  # when the crawl that began last did so, by the clock that it had; aware, UTC


def is_small(path: Path) -> bool:
    """Tell whether a SQLite file can be read through in about a second."""
    return path.stat().st_size <= QUICK_CHECK_BYTES


def check_up(path: Path, full: bool) -> Checkup:
    """Read a small file through and sample a large one; `full` compares every index with its table, minutes a gigabyte.

    Raises ArchiveError for what is no SQLite file or cannot be opened.
    """
    try:
        return _check_up(path, full)
    except (sqlite3.Error, OSError) as error:
        raise archive_error(f"{path}: the archive cannot be opened", error) from error
    except UnicodeDecodeError as error:  # what SQLite says of a damaged schema quotes its bytes
        raise ArchiveError(f"{path}: the archive is damaged: {error}") from error


def _check_up(path: Path, full: bool) -> Checkup:
    with contextlib.closing(
        sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=10, isolation_level=None)
    ) as conn:
        through = full or is_small(path)
        damage, sampled = (_damage(conn, full), None) if through else _sampled(conn)
        search, looked_up = (None, None) if damage else _search(conn, path, whole=through)
        db = Database(conn)
        applied = {migration.name for migration in migrations.applied(db)}
        fresh = Database(memory=True)
        migrations.apply(fresh)
        known = [migration.name for migration in migrations.applied(fresh)]
        if not applied:
            return Checkup(damage or "it is not an archive of kwri-crawler", (), (), 0, 0, None, None, 0)
        missing = sorted(_parts(fresh) - _parts(db))
        if missing and applied == set(known):  # one of other code has other parts
            _, kind, name = missing[0]
            return Checkup(f"it has no {kind} {name}", (), (), 0, 0, None, None, 0)
        (articles,) = conn.execute("SELECT count(*) FROM articles").fetchone()
        portals, newest, last = conn.execute(_NEWEST).fetchone()
        (latest,) = conn.execute("SELECT (SELECT started_at FROM crawls ORDER BY id DESC LIMIT 1)").fetchone()
        wal = path.with_name(f"{path.name}-wal")
        return Checkup(
            damage,
            tuple(name for name in known if name not in applied),
            tuple(sorted(applied - set(known))),
            articles,
            portals,
            datetime.fromisoformat(newest) if newest else None,
            datetime.fromisoformat(last) if last else None,
            wal.stat().st_size if wal.exists() else 0,
            search,
            looked_up,
            sampled,
            datetime.fromisoformat(latest) if latest else None,
        )


def _sampled(conn: sqlite3.Connection) -> tuple[str | None, int]:
    try:
        return sampling.sample(conn)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CORRUPT:
            return str(error), 0
        raise


def _damage(conn: sqlite3.Connection, full: bool) -> str | None:
    try:
        (verdict,) = conn.execute(f"PRAGMA {'integrity_check' if full else 'quick_check'}(1)").fetchone()
        if verdict != "ok":
            return str(verdict)
        if full:
            broken = conn.execute("PRAGMA foreign_key_check").fetchone()
            if broken is not None:
                return f"a row of {broken[0]} refers to a row of {broken[2]} that is not there"
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CORRUPT:
            return str(error)
        raise
    return None


def search_damage(conn: sqlite3.Connection) -> str | None:
    """Return how the search index differs from the articles; None when it is whole or not there.

    For a copy that nobody else has: FTS5's check is an INSERT, though it writes nothing, and locks the file.
    """
    if not _has_search(conn):
        return None
    try:
        conn.execute("BEGIN IMMEDIATE")
        conn.execute(FTS)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CORRUPT:
            return str(error)
        raise
    finally:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
    return None


def _search(conn: sqlite3.Connection, path: Path, *, whole: bool) -> tuple[str | None, int | None]:
    """Return what search_damage() finds in a copy, so that crawls go on; else how many articles were looked up."""
    if not _has_search(conn):
        return None, None
    size = path.stat().st_size
    if not whole or shutil.disk_usage(path.parent).free < 2 * size + ROOM:
        return _sampled_damage(conn)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".check", dir=path.parent)
    os.close(handle)
    try:
        with contextlib.closing(sqlite3.connect(name, isolation_level=None)) as copy:
            conn.backup(copy)  # in one step: a snapshot, which holds no writer up
            copy.execute("PRAGMA journal_mode = MEMORY")
            return search_damage(copy), None
    finally:
        for left in (name, f"{name}-wal", f"{name}-shm"):
            Path(left).unlink(missing_ok=True)


def _sampled_damage(conn: sqlite3.Connection) -> tuple[str | None, int]:
    """Look SAMPLE articles up by words of theirs; return which one is not found, and how many were looked up."""
    first, last = conn.execute("SELECT coalesce(min(id), 1), coalesce(max(id), 0) FROM articles").fetchone()
    looked_up = 0
    try:
        for id_ in sorted({first + (last - first) * step // SAMPLE for step in range(SAMPLE + 1)}):
            row = conn.execute(
                "SELECT id, title, body FROM articles WHERE id >= ? ORDER BY id LIMIT 1", (id_,)
            ).fetchone()
            if row is None:
                break
            looked_up += 1
            for column, text in zip(("title", "body"), row[1:], strict=True):
                words = _A_WORD.findall(text)[-_WORDS:]
                asked = f"{column} : ({' AND '.join(words)})"
                found = "SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? AND rowid = ?"
                if words and conn.execute(found, (asked, row[0])).fetchone() is None:
                    return f"article {row[0]} is not found by the words of its {column}", looked_up
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CORRUPT:
            return str(error), looked_up
        raise
    return None, looked_up


def _parts(db: Database) -> set[tuple[bool, str, str]]:
    """Return what a schema has by kind and name, tables first in order: what hangs on one is gone with it."""
    rows = db.conn.execute("SELECT type <> 'table', type, name FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {(bool(other), kind, name) for other, kind, name in rows}


def _has_search(conn: sqlite3.Connection) -> bool:
    return conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'articles_fts'").fetchone() is not None


def sqlite_version() -> tuple[int, ...]:
    """Return the version of the SQLite library that Python uses."""
    return sqlite3.sqlite_version_info
