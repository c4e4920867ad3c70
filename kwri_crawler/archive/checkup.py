"""What the archive's file says of itself; changes nothing, and makes no archive where there is none."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from kwri_crawler.archive.connection import QUICK_CHECK_BYTES
from kwri_crawler.archive.cures import ArchiveError, archive_error
from kwri_crawler.archive.schema import migrations

LEAST_SQLITE = (3, 38, 0)  # STRICT tables are of 3.37
FTS = "INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)"


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
    search: str | None = None  # damage of the search index; null when it is whole, or was not looked at


def check_up(path: Path, full: bool) -> Checkup:
    """Read the file through; `full` also compares every index with its table, minutes a gigabyte.

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
        small = path.stat().st_size <= QUICK_CHECK_BYTES
        damage = _damage(conn, full)
        search = search_damage(conn) if not damage and (full or small) else None
        db = Database(conn)
        applied = {migration.name for migration in migrations.applied(db)}
        known = [migration.name for migration in migrations.pending(Database(memory=True))]
        if not applied:
            return Checkup(damage or "it is not an archive of kwri-crawler", (), (), 0, 0, None, None, 0)
        (articles, newest) = conn.execute("SELECT count(*), max(fetched_at) FROM articles").fetchone()
        (portals,) = conn.execute("SELECT count(*) FROM portals").fetchone()
        (last,) = conn.execute("SELECT max(started_at) FROM crawls").fetchone()
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
        )


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
    """Return how the search index differs from the articles; None when it is whole, is not there, or is in use."""
    if conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'articles_fts'").fetchone() is None:
        return None
    try:
        conn.execute("BEGIN IMMEDIATE")  # FTS5's check is an INSERT, though it writes nothing
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            return None
        raise
    try:
        conn.execute(FTS)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CORRUPT:
            return str(error)
        raise
    finally:
        conn.execute("ROLLBACK")
    return None


def sqlite_version() -> tuple[int, ...]:
    """Return the version of the SQLite library that Python uses."""
    return sqlite3.sqlite_version_info
