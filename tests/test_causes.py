"""Each cause is the outcome of something real, and leads to the right word, cure and exit code."""

import errno
import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from kwri_crawler.archive import ArchiveError, Writer, ledger, listings, open_archive
from kwri_crawler.archive.cures import archive_error
from kwri_crawler.archive.ledger import ListedUrl, Settlement
from kwri_crawler.archive.schema import migrations
from kwri_crawler.catalogue import Listing, ListingKind, Portal
from kwri_crawler.causes import Cause
from kwri_crawler.items import Outcome

FEED = Listing(ListingKind.FEED, "https://kabar.example.id/feed/")
PORTAL = Portal("kabar", "Kabar", "https://kabar.example.id/", "general", None, "Asia/Jakarta", (FEED,))


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return open_archive(tmp_path / "kwri.sqlite")


# ---------------------------------------------------------------------- the archive keeps them


def test_the_archive_keeps_the_cause_of_an_address_a_listing_and_a_crawl(db: Database) -> None:
    crawl = ledger.begin_crawl(db, PORTAL, None, None)
    row, _ = listings.begin_listing(db, PORTAL.id, FEED)
    entries = [
        ListedUrl("a", "https://kabar.example.id/a"),
        ListedUrl("b", "https://kabar.example.id/b"),
        ListedUrl("c", "https://lain.example.id/c", refused="another host"),
        ListedUrl("d", "https://kabar.example.id/d", refused="a password", cause=Cause.PROTECTED),
    ]
    listings.record_page(db, PORTAL.id, row, crawl, entries, None)
    first, second = ledger.take_due(db, PORTAL.id, crawl, 9, None)
    ledger.settle(db, first.id, crawl, Settlement(Outcome.FAILED, "HTTP 403", 403, cause=Cause.BLOCK))
    ledger.put_back(db, second.id, "published before -a since")
    causes = {row["key"]: row["cause"] for row in db.query("SELECT key, cause FROM urls")}
    assert causes == {"a": "block", "b": "bounds", "c": "rule", "d": "protected"}
    ledger.settle(db, first.id, crawl, Settlement(Outcome.STORED))
    assert [row["cause"] for row in db.query("SELECT cause FROM urls WHERE key = 'a'")] == [None]
    listings.leave_listing(db, row, "failed", "no answer in time", Cause.TIME_OUT)
    assert [row["cause"] for row in db.query("SELECT cause FROM listings")] == ["time-out"]
    listings.end_listing(db, row, crawl, 0, None, on_known_ground=False)
    assert [row["cause"] for row in db.query("SELECT cause FROM listings")] == [None], "it was read after all"
    ledger.end_crawl(db, crawl, PORTAL.id, "no listing", "no answer in time", 1, 1, Cause.TIME_OUT)
    killed = ledger.begin_crawl(db, PORTAL, None, None)
    ledger.begin_crawl(db, PORTAL, None, None)
    found = {row["id"]: row["cause"] for row in db.query("SELECT id, cause FROM crawls")}
    assert (found[crawl], found[killed]) == ("time-out", "stopped")


@pytest.mark.parametrize(
    ("outcome", "status", "reason", "cause"),
    [
        ("failed", 403, "HTTP 403", "block"),
        ("failed", 503, "HTTP 503: a challenge to browsers (Cloudflare)", "block"),
        ("unreadable", 200, "a challenge instead of the page: 'Just a moment...'", "block"),
        ("gone", 404, "HTTP 404", "gone"),
        ("failed", 502, "HTTP 502", "server error"),
        ("failed", None, "robots.txt answered HTTP 503: not now", "robots unreachable"),
        ("failed", None, "robots.txt could not be fetched: the connection was refused", "connection refused"),
        ("refused", None, "Forbidden by robots.txt", "robots"),
        ("failed", None, "kabar.example.id is not known to the name servers", "dns"),
        ("failed", None, "no TLS connection: its certificate is not valid for it", "tls"),
        ("failed", None, "our own error: ValueError('HTTP 403')", "ours"),
        ("unreadable", 200, "no body", "unread"),
        ("failed", None, "a sentence that nobody ever wrote", None),
    ],
)
def test_what_older_code_settled_gets_its_cause_once(
    outcome: str, status: int | None, reason: str, cause: str | None, tmp_path: Path
) -> None:
    old = Database(sqlite3.connect(tmp_path / "old.sqlite", isolation_level=None))
    migrations.apply(old, stop_before="causes")
    old.execute(
        "INSERT INTO portals (id, name, home, family, zone)"
        " VALUES ('kabar', 'K', 'https://k/', 'general', 'Asia/Jakarta')"
    )
    old.execute(
        "INSERT INTO crawls (portal, started_at, version, finish, reason)"
        " VALUES ('kabar', '2026-01-01T00:00:00Z', '0', 'no listing', ?)",
        [f"https://k/feed: {reason}"],
    )
    old.execute(
        "INSERT INTO urls (portal, key, url, found_at, found_crawl, seen_crawl, tried_at, outcome, status, reason)"
        " VALUES ('kabar', 'a', 'https://k/a', '2026-01-01T00:00:00Z', 1, 1, '2026-01-01T00:00:00Z', ?, ?, ?)",
        [outcome, status, reason],
    )
    migrations.apply(old)
    assert [row["cause"] for row in old.query("SELECT cause FROM urls")] == [cause]
    assert [row["cause"] for row in old.query("SELECT cause FROM lost_urls")] == [cause]
    if outcome in ("failed", "refused"):  # what stands in a listing's and a crawl's reason too
        assert [row["cause"] for row in old.query("SELECT cause FROM crawls")] == [cause]


# ---------------------------------------------------------------------- what is wrong with the file, by its code


def of_sqlite(code: int, text: str) -> sqlite3.Error:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "cause", "cure"),
    [
        (OSError(errno.ENOSPC, "no room"), "disk", "free some disk space"),
        (OSError(errno.EDQUOT, "no room"), "disk", "raise its quota"),
        (of_sqlite(sqlite3.SQLITE_FULL, "x"), "disk", "free some disk space"),
        (of_sqlite(sqlite3.SQLITE_IOERR_SHMSIZE, "disk I/O error"), "disk", "free some disk space"),
        (of_sqlite(sqlite3.SQLITE_IOERR_WRITE, "disk I/O error"), "disk", "the disk is failing"),
        (
            PermissionError(errno.EACCES, "full: malformed"),
            "archive",
            "let this user write the folder",
        ),
        (of_sqlite(sqlite3.SQLITE_READONLY_DIRECTORY, "database is full"), "archive", "let this user write the file"),
        (of_sqlite(sqlite3.SQLITE_CANTOPEN, "full"), "archive", "or choose another PAGES_PATH"),
        (of_sqlite(sqlite3.SQLITE_NOTADB, "full"), "archive", "restore the file from a backup"),
        (of_sqlite(sqlite3.SQLITE_CORRUPT_INDEX, "full"), "archive", "restore it from a backup"),
        (of_sqlite(sqlite3.SQLITE_BUSY, "full"), "archive", "another program holds the file"),
        (OSError("disk full"), "archive", "look at the disk"),
        (sqlite3.ProgrammingError("database or disk is full"), "archive", "look at the disk"),
    ],
    ids=str,
)
def test_a_cure_goes_by_the_code_and_not_by_words_of_the_message_or_the_path(
    error: Exception, cause: str, cure: str
) -> None:
    found = archive_error("/srv/full/readonly/locked.sqlite: it failed", error, "PAGES_PATH")
    assert found.cause is Cause(cause)
    assert cure in str(found)
    assert ("free some" in str(found)) == (found.cause is Cause.DISK)
    assert str(found).startswith("/srv/full/readonly/locked.sqlite: it failed: ")


@pytest.mark.parametrize("name", ["full", "malformed", "Permission denied", "locked"])
def test_a_file_that_is_no_archive_gets_its_cure_whatever_its_folder_is_called(name: str, tmp_path: Path) -> None:
    path = tmp_path / name / "kwri.sqlite"
    path.parent.mkdir()
    path.write_bytes(b"not a database at all " * 100)
    with pytest.raises(ArchiveError, match="choose another ARCHIVE_PATH, or restore the file from a backup"):
        open_archive(path)


def test_a_full_disk_is_a_full_disk_in_a_folder_called_readonly(tmp_path: Path) -> None:
    path = tmp_path / "readonly, unable to open" / "kwri.sqlite"
    db = open_archive(path)
    db.execute("PRAGMA max_page_count = 1")  # what SQLite then raises is what a full disk raises
    writer = Writer(db, path)
    with pytest.raises(ArchiveError, match="free some disk space") as raised:
        writer.do_now(lambda db: db.conn.execute("INSERT INTO robots VALUES ('h', '2026', zeroblob(9000000))"))
    writer.close()
    assert raised.value.cause is Cause.DISK
