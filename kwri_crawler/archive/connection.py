"""Open the archive safely: whole, of our schema, durable; refuses what is not ours or newer than our code."""

from __future__ import annotations

import glob
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from kwri_crawler.archive import sampling
from kwri_crawler.archive.cures import ArchiveError, archive_error
from kwri_crawler.archive.lock import alone
from kwri_crawler.archive.schema import migrations

BUSY_TIMEOUT_S = 60.0  # other writers commit in milliseconds; a copy or a long report may hold the file for longer
FOLD_PAGES = 8_000  # 32 MB of log, before it is folded into the file
_ANALYSED_ROWS = 400  # an index: what SQLite recommends; without it statistics read the whole archive


def open_archive(path: Path) -> Database:
    """Open the archive at `path`, made and migrated when needed; raises ArchiveError.

    The connection may be handed to another thread, and must be used by one thread at a time.
    """
    if (lost := lost_archive(path)) is not None:
        raise ArchiveError(f"{lost}; restore a backup: scrapy backup --help (a crawl would begin anew)")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # a new one is its owner's alone; SQLite gives -wal and -shm the same mode
        # sqlite-utils wants the old transaction control, in which nothing begins by itself on DDL or SELECT.
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
        db = Database(connection)
        with alone(path):  # of crawls that started at once on a new archive, 7 in 320 saw half a schema
            check(db, path)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")  # NORMAL lost acknowledged rows in 77 of 200 simulated power cuts
            db.execute("PRAGMA foreign_keys = ON")
            # A big crawl writes the same pages of its indexes again and again; each fold copies them all.
            db.execute(f"PRAGMA wal_autocheckpoint = {FOLD_PAGES}")
            db.execute(f"PRAGMA analysis_limit = {_ANALYSED_ROWS}")
            migrate(db, path)
    except (sqlite3.Error, OSError) as error:
        raise archive_error(f"{path}: the archive cannot be opened", error) from error
    except UnicodeDecodeError as error:
        raise _damaged(path, error) from error
    return db


def lost_archive(path: Path) -> str | None:
    """Say that an archive is empty beside what only one with articles leaves; None where that is not so."""
    if not path.exists() or path.stat().st_size:
        return None
    left = [path.with_name(f"{path.stem}-pages{path.suffix}")]
    left += sorted((path.parent / "backups").glob(f"{glob.escape(path.stem)}-*Z{glob.escape(path.suffix)}"))
    beside = next((one for one in left if one.exists()), None)
    return f"{path} is empty (0 bytes), and {beside} lies beside it: the archive was lost" if beside else None


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Raise what SQLite says about the archive at `path`, in the middle of reading it, as an ArchiveError."""
    try:
        yield
    except sqlite3.Error as error:
        raise archive_error(f"{path}: the archive cannot be read", error) from error
    except UnicodeDecodeError as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: UnicodeDecodeError) -> ArchiveError:
    """Return what a schema or a text with other bytes in it means."""
    return ArchiveError(f"{path}: the archive is damaged: {error}; restore it from a backup")


def check(db: Database, path: Path) -> None:
    """Raise ArchiveError for a file that has tables of others but none of ours, sqlite3.DatabaseError for damage.

    However large the file, it is only touched: doctor and backup read it.
    """
    sampling.touch(db.conn)
    applied = {migration.name for migration in migrations.applied(db)}
    newer = sorted(applied - {migration.name for migration in migrations.pending(Database(memory=True))})
    if newer:
        raise ArchiveError(
            f"{path}: the archive was written by a newer kwri-crawler (it has {', '.join(newer)}); upgrade kwri-crawler"
        )
    if not applied and any(name in db.table_names() for name in ("articles", "urls", "portals")):
        raise ArchiveError(f"{path}: this SQLite file belongs to another program; choose another ARCHIVE_PATH")


def migrate(db: Database, path: Path) -> None:
    """Bring the schema up to date, one process at a time."""
    if not migrations.pending(db):
        return
    # One transaction: a crawl that is killed here leaves the old schema or the new one.
    db.execute("BEGIN IMMEDIATE")
    try:
        check(db, path)
        is_new = not migrations.applied(db)
        migrations.apply(db)
        db.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise
    if not is_new:  # an index without statistics, beside others that have them, is taken for the best there is
        _analyse(db)


def _analyse(db: Database) -> None:
    """Gather statistics of our own tables; to count the index of words alone, SQLite reads all of it."""
    for table in db.table_names():
        if not table.startswith(("sqlite_", "articles_fts")):
            db.execute(f"ANALYZE {table}")


@contextmanager
def transaction(db: Database, *, commit: bool = True, what: str = "the archive could not be written") -> Iterator[None]:
    """Run a block as one transaction, and undo it in the end unless asked to commit; raises ArchiveError."""
    try:
        db.execute("BEGIN IMMEDIATE")
        yield
        db.execute("COMMIT" if commit else "ROLLBACK")
    except sqlite3.Error as error:
        raise archive_error(what, error) from error
    finally:
        if db.conn.in_transaction:
            db.rollback()


def insert_all(db: Database, into: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert a few rows of equal length by one statement; `into` is what stands before its VALUES.

    executemany() would let go of the interpreter at each row, and wait for the crawl to hand it back.
    """
    if rows:
        holes = f"(?{', ?' * (len(rows[0]) - 1)})"
        db.conn.execute(f"{into} VALUES {', '.join([holes] * len(rows))}", [value for row in rows for value in row])
