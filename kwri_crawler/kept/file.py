"""Pages as they came from the wire, in a SQLite file of their own beside the archive; never asks for one again.

The file is disposable: articles do not depend on it, and losing its last pages in a crash is tolerable.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database, Migrations

from kwri_crawler.archive.cures import ArchiveError, archive_error
from kwri_crawler.clock import now_text, utc_text
from kwri_crawler.items import KeptPage
from kwri_crawler.web.addresses import url_key

BUSY_TIMEOUT_S = 10.0  # neighbours commit in milliseconds; whoever holds the file for longer costs a crawl its pages
PRUNED_AT_ONCE = 500  # pages a transaction, so that a crawl beside this one is not held up

migrations = Migrations("kwri_crawler_pages")


@migrations()
def first_pages(db: Database) -> None:
    """Create the one table."""
    db.execute("""
CREATE TABLE pages (
    -- the answers that crawls got for articles' addresses, and pages that were imported from WARC files
    id INTEGER PRIMARY KEY,
    portal TEXT NOT NULL,      -- the catalogue's id: kwri-jatim
    key TEXT NOT NULL,         -- of asked_url, without scheme, www. and final slash: urls.key in the archive
    asked_url TEXT NOT NULL,   -- the address that was asked for
    url TEXT NOT NULL,         -- the address that answered, after redirects
    status INTEGER NOT NULL,   -- of the HTTP answer
    headers TEXT NOT NULL,     -- JSON array of [name, value], as received
    body BLOB NOT NULL,        -- as received: Content-Encoding not undone, chunked transfer undone
    received_at TEXT NOT NULL, -- UTC, ending in Z; equals articles.fetched_at of the article that was read from it
    kept_at TEXT NOT NULL,     -- UTC; later than received_at for imported pages; what pruning goes by
    UNIQUE (portal, key, received_at)
) STRICT
""")
    db.execute("CREATE INDEX pages_kept ON pages (kept_at)")


def pages_path(setting: str | None, archive_path: Path) -> Path:
    """Return where the pages are kept: PAGES_PATH, else beside the archive as `<archive>-pages.sqlite`."""
    if setting:
        return Path(setting).absolute()
    return archive_path.with_name(f"{archive_path.stem}-pages{archive_path.suffix}")


def open_pages(path: Path, *, make: bool = True) -> Database:
    """Open the file of kept pages, made when needed; raises ArchiveError.

    The connection may be handed to another thread, and must be used by one thread at a time.
    """
    if not make and not path.exists():
        raise ArchiveError(f"{path}: no pages are kept there; crawl with KEEP_PAGES_DAYS above 0, or set PAGES_PATH")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
        db = Database(connection)
        db.execute("PRAGMA auto_vacuum = INCREMENTAL")  # only heeded while the file is empty
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")  # a power cut may take the last pages; the archive has their articles
        _migrate(db, path)
    except (sqlite3.Error, OSError) as error:
        raise archive_error(f"{path}: the kept pages cannot be opened", error, "PAGES_PATH") from error
    return db


def damage(path: Path, *, through: bool) -> str | None:
    """Return what is wrong with the file of kept pages; None where it is sound or not there. Changes nothing.

    It is read through where `through` is True, and else asked for its newest page.
    """
    if not path.exists() or not path.stat().st_size:
        return None
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY_TIMEOUT_S)) as conn:
            if through:
                (verdict,) = conn.execute("PRAGMA quick_check(1)").fetchone()
                if verdict != "ok":
                    return str(verdict)
            if conn.execute("SELECT 1 FROM sqlite_master").fetchone():  # else a crawl is just making it
                conn.execute("SELECT max(id) FROM pages").fetchone()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return str(error)
    return None


def _migrate(db: Database, path: Path) -> None:
    if not migrations.pending(db):
        return
    db.execute("BEGIN IMMEDIATE")  # two crawls may start at once
    try:
        if "pages" in db.table_names() and not migrations.applied(db):
            raise ArchiveError(f"{path}: this SQLite file belongs to another program; choose another PAGES_PATH")
        migrations.apply(db)
        db.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise


def add(db: Database, pages: Iterable[KeptPage]) -> int:
    """Keep pages in one transaction, each reception once; return how many were new. Raises ArchiveError."""
    now = now_text()
    try:
        db.execute("BEGIN IMMEDIATE")
        before = db.conn.total_changes
        db.conn.executemany(
            "INSERT OR IGNORE INTO pages (portal, key, asked_url, url, status, headers, body, received_at, kept_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    page.portal, url_key(page.asked_url), page.asked_url, page.url, page.status,
                    json.dumps(page.headers, ensure_ascii=False, separators=(",", ":")), page.body,
                    utc_text(page.received_at), now,
                )
                for page in pages
            ),
        )  # fmt: skip
        added = db.conn.total_changes - before
        db.execute("COMMIT")
    except sqlite3.Error as error:
        if db.conn.in_transaction:
            db.rollback()
        raise archive_error("the pages were not written", error, "PAGES_PATH") from error
    return added


def prune(db: Database, before: datetime, at_most: int) -> int:
    """Forget pages that were kept before a moment, oldest first and at most so many; give their space back."""
    forgotten = 0
    while forgotten < at_most:
        gone = db.execute(
            "DELETE FROM pages WHERE id IN (SELECT id FROM pages WHERE kept_at < ? ORDER BY kept_at LIMIT ?)",
            (utc_text(before), min(PRUNED_AT_ONCE, at_most - forgotten)),
        ).rowcount
        db.conn.executescript("PRAGMA incremental_vacuum")  # execute() would step once, which frees one page
        forgotten += gone
        if gone < PRUNED_AT_ONCE:
            break
    return forgotten


def forget(db: Database, keys: Iterable[tuple[str, str]], portal: str | None = None) -> int:
    """Delete all pages of some addresses, (portal, url_key), or of a portal, for good; return how many there were.

    An address's further pages go too ("?page=2", "/2"). The file is made anew, so that nothing of them is left in it.
    Raises ArchiveError.
    """
    try:
        db.execute("PRAGMA secure_delete = ON")
        db.execute("BEGIN IMMEDIATE")
        if portal is not None:  # whose pages are all of them: to look for each address took the square of their number
            rows = db.execute("SELECT id FROM pages WHERE portal = ?", (portal,)).fetchall()
        else:
            rows = [(number,) for of, key in keys for number in _pages_of(db, of, key)]
        db.conn.executemany("DELETE FROM pages WHERE id = ?", rows)
        db.execute("COMMIT")
        if rows:
            db.execute("VACUUM")
            (busy, *_) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                raise ArchiveError(
                    "another process reads the kept pages: they still stand in its log; run it again later"
                )
    except sqlite3.Error as error:
        raise archive_error("the kept pages could not be deleted", error, "PAGES_PATH") from error
    finally:
        if db.conn.in_transaction:
            db.rollback()
    return len(set(rows))


def _pages_of(db: Database, portal: str, key: str) -> list[int]:
    """Return the rows of an address's pages, and of those that continue it or were redirected to it."""
    path, _, query = key.partition("?")
    pairs = set(filter(None, query.split("&")))
    rows = db.execute("SELECT id, key, url FROM pages WHERE portal = ?", (portal,)).fetchall()
    return [
        number
        for number, *addresses in ((number, own, url_key(url)) for number, own, url in rows)
        if any(_continues(other, path, pairs) for other in addresses)
    ]


def _continues(key: str, path: str, pairs: set[str]) -> bool:
    other, _, query = key.partition("?")
    return pairs <= set(query.split("&")) and (other == path or (not pairs and other.startswith(f"{path}/")))


def portals(db: Database) -> dict[str, int]:
    """Return how many pages are kept of each portal."""
    return dict(db.execute("SELECT portal, count(*) FROM pages GROUP BY portal ORDER BY portal").fetchall())


def read(
    db: Database, portal: str | None = None, *, after: int = 0, since: datetime | None = None
) -> Iterator[tuple[int, KeptPage]]:
    """Yield kept pages with their ids, oldest row first, from behind the row `after`, received since a moment."""
    # A slice at a time: an open SELECT would keep the write-ahead log of a running crawl from being folded in.
    while True:
        rows = db.execute(
            "SELECT id, portal, asked_url, url, status, headers, body, received_at FROM pages"
            " WHERE id > :after AND (:portal IS NULL OR portal = :portal) AND (:since IS NULL OR received_at >= :since)"
            " ORDER BY id LIMIT 100",
            {"after": after, "portal": portal, "since": utc_text(since) if since else None},
        ).fetchall()
        for after, *page in rows:
            yield after, _page(*page)
        if len(rows) < 100:
            return


def first_since(db: Database, portal: str, asked_url: str, since: datetime, until: datetime) -> KeptPage | None:
    """Return the first reception of an address between two moments; null when none is kept."""
    row = db.execute(
        "SELECT portal, asked_url, url, status, headers, body, received_at FROM pages"
        " WHERE portal = ? AND key = ? AND received_at BETWEEN ? AND ? ORDER BY received_at LIMIT 1",
        (portal, url_key(asked_url), utc_text(since), utc_text(until)),
    ).fetchone()
    return None if row is None else _page(*row)


def page_of(db: Database, portal: str, keys: Iterable[str], at: datetime) -> KeptPage | None:
    """Return the reception of one of these addresses (url_key) at a moment, else their newest; None if none is kept."""
    row = db.execute(
        "SELECT portal, asked_url, url, status, headers, body, received_at FROM pages"
        " WHERE portal = ? AND key IN (SELECT value FROM json_each(?))"
        " ORDER BY received_at = ? DESC, received_at DESC LIMIT 1",
        (portal, json.dumps(list(keys)), utc_text(at)),
    ).fetchone()
    return None if row is None else _page(*row)


def is_newest(db: Database, page: KeptPage) -> bool:
    """Tell whether no later reception of the page's address is kept."""
    (newest,) = db.execute(
        "SELECT max(received_at) FROM pages WHERE portal = ? AND key = ?", (page.portal, url_key(page.asked_url))
    ).fetchone()
    return bool(newest == utc_text(page.received_at))


def _page(portal: str, asked_url: str, url: str, status: int, headers: str, body: bytes, received_at: str) -> KeptPage:
    return KeptPage(
        portal=portal,
        asked_url=asked_url,
        url=url,
        status=status,
        headers=tuple((name, value) for name, value in json.loads(headers)),
        body=body,
        received_at=datetime.fromisoformat(received_at).astimezone(UTC),
    )
