"""Each cause is the outcome of something real, and leads to the right word, cure and exit code."""

import ast
import errno
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from kwri_crawler.archive import ArchiveError, Writer, articles, crawls, health, ledger, listings, open_archive
from kwri_crawler.archive.cures import archive_error
from kwri_crawler.archive.ledger import ListedUrl, Settlement
from kwri_crawler.archive.schema import migrations
from kwri_crawler.catalogue import Listing, ListingKind, Portal
from kwri_crawler.causes import Cause
from kwri_crawler.dates import with_dates
from kwri_crawler.items import Article, DateKind, DateSource, DateText, Outcome
from tests.archives import new_archive

FEED = Listing(ListingKind.FEED, "https://kabar.example.id/feed/")
PORTAL = Portal("kabar", "Kabar", "https://kabar.example.id/", "general", None, "Asia/Jakarta", (FEED,))


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new_archive(tmp_path / "kwri.sqlite")


# ---------------------------------------------------------------------- the archive keeps them


def test_the_archive_keeps_the_cause_of_an_address_a_listing_and_a_crawl(db: Database) -> None:
    crawl = crawls.begin(db, PORTAL, None, None)
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
    crawls.end(db, crawl, PORTAL.id, "no listing", "no answer in time", 1, 1, Cause.TIME_OUT)
    killed = crawls.begin(db, PORTAL, None, None)
    crawls.begin(db, PORTAL, None, None)
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
        (of_sqlite(sqlite3.SQLITE_ERROR, "full"), "archive", "`scrapy doctor` says what"),
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


def test_an_article_dated_in_the_future_is_found_by_the_evidence_of_its_date(db: Database) -> None:
    now = datetime(2026, 11, 25, 3, tzinfo=UTC)
    crawl = crawls.begin(db, PORTAL, None, None)
    printed = {"ahead": "2026-12-24T03:00:00Z", "silent": "kemarin lusa", "dated": "2026-11-25T02:00:00Z"}
    for number, (name, text) in enumerate(printed.items()):
        article = Article(
            portal=PORTAL.id, zone=PORTAL.zone, url=f"https://kabar.example.id/{name}", title=name,
            paragraphs=(name,), fetched_at=now - timedelta(hours=9 - number), reader="general", crawl_id=crawl,
            dates=(DateText(DateKind.PUBLISHED, DateSource.META, text),), text_hash=name,
        )  # fmt: skip
        assert articles.store(db, with_dates(article)).outcome is Outcome.STORED
    (past,) = health.read_pasts(db, [PORTAL], now)
    assert [arrival.future for arrival in past.arrivals] == [True, False, False]


# ---------------------------------------------------------------------- no sentence is taken apart

PROJECT = Path(__file__).resolve().parent.parent
# What is met by people, and writes the words: these rooms may cut a reason to a line's length.
MEET_PEOPLE = ("kwri_crawler/commands/", "kwri_crawler/report/", "kwri_crawler/notify/")
SENTENCES = {"reason", "told", "why", "published_reason", "finish_reason"}
PATTERNS = {"search", "match", "fullmatch", "finditer", "findall"}
METHODS = {"startswith", "endswith", "find", "index", "count", "split", "partition", "rpartition", "removeprefix"}


def taken_apart(tree: ast.AST) -> Iterator[int]:
    """Yield the lines that compare, search or split a reason, or the text of an error."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            literal = any(isinstance(side, ast.Constant) and isinstance(side.value, str) for side in sides)
            if literal and any(map(is_sentence, sides)):
                yield node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            # split() without an argument only folds white space
            asks_it = node.func.attr in METHODS and bool(node.args) and is_sentence(node.func.value)
            if asks_it or (node.func.attr in PATTERNS and any(map(is_sentence, node.args))):
                yield node.lineno
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "reason LIKE" in node.value:
            yield node.lineno


def is_sentence(node: ast.AST) -> bool:
    """Tell `x.reason`, `reason` and `str(error)`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "str" and node.args:
        return isinstance(node.args[0], ast.Name) and node.args[0].id in ("error", "exception", "exc")
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else None
    return name in SENTENCES


@pytest.mark.parametrize(
    "code",
    [
        "if 'HTTP 403' in crawl.reason: pass", "if error.reason == 'gone': pass", "reason.startswith('HTTP')",
        "str(exception).startswith('edited')", "PATTERN.search(loss.reason)", "if 'full' in str(error): pass",
        "db.execute(\"SELECT 1 FROM crawls WHERE reason LIKE '%robots%'\")",
    ],
)  # fmt: skip
def test_the_rule_below_sees_a_sentence_that_is_taken_apart(code: str) -> None:
    assert list(taken_apart(ast.parse(code)))


def test_no_room_finds_out_what_happened_by_looking_into_a_sentence() -> None:
    found = []
    for path in (*PROJECT.glob("kwri_crawler/**/*.py"), *PROJECT.glob("pipelines/*.py")):
        name = path.relative_to(PROJECT).as_posix()
        # The one-time migration of older archives reads the sentences that older code wrote.
        if not name.startswith((*MEET_PEOPLE, "kwri_crawler/archive/schema.py")):
            found += [f"{name}:{line}" for line in taken_apart(ast.parse(path.read_text(encoding="utf-8")))]
    assert not found, "pass a Cause or another value instead"
