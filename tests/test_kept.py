"""Kept pages: as they came from the wire, for as long as a setting says, and never at the crawl's expense."""

import gzip
import json
import logging
import os
import resource
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotli
import pytest

from kwri_crawler import kept
from kwri_crawler.archive.cures import ArchiveError
from kwri_crawler.items import KeptPage
from kwri_crawler.kept import Keeper
from tests.crawling import HOST, PORTAL, PROJECT, command, crawl, finish, rows, run_here, start, value
from tests.sites.corpus import ARTICLES
from tests.sites.server import Answer, Request, redirect
from tests.sites.varient import VarientPortal

SOME = ARTICLES[:12]


class TricksterPortal(VarientPortal):
    """The demo portal with some answers of its own."""

    def __init__(self, tricks: dict[str, Answer]) -> None:
        super().__init__(articles=SOME)
        self.tricks = tricks

    def answer(self, request: Request) -> Answer:
        return self.tricks.get(request.route) or super().answer(request)


@pytest.fixture
def site() -> Iterator[VarientPortal]:
    with VarientPortal(articles=SOME) as portal:
        yield portal


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "kwri.sqlite"


def places(site: VarientPortal) -> dict[str, str]:
    return {HOST: site.address}


def pages_of(archive: Path) -> Path:
    return archive.with_name("kwri-pages.sqlite")


def all_stored(archive: Path) -> bool:
    stored = {row["url"].rpartition("/")[2] for row in rows(archive, "SELECT url FROM articles")}
    return stored >= {article.slug for article in SOME}


def page(number: int = 1, **facts: object) -> KeptPage:
    url = f"https://{HOST}/artikel-{number}"
    given = {
        "portal": PORTAL,
        "asked_url": url,
        "url": url,
        "status": 200,
        "headers": (("Content-Type", "text/html"), ("Content-Encoding", "gzip")),
        "body": gzip.compress(b"<p>Isi berita</p>" * 50),
        "received_at": datetime(2026, 11, 1, 3, 4, 5, tzinfo=UTC),
        **facts,
    }
    return KeptPage(**given)  # type: ignore[arg-type]


def test_every_article_page_is_kept_with_the_bytes_and_headers_of_the_wire(site: VarientPortal, archive: Path) -> None:
    assert crawl(archive, places(site)).code == 0
    kept_pages = rows(pages_of(archive), "SELECT * FROM pages")
    articles = {row["url"]: row for row in rows(archive, "SELECT url, fetched_at FROM articles")}
    assert {row["url"] for row in kept_pages} >= set(articles)
    for row in kept_pages:
        headers = dict(json.loads(row["headers"]))
        assert headers["Content-Encoding"] == "gzip"
        assert headers["Content-Length"] == str(len(row["body"]))
        assert headers["Server"] == "Apache"
        assert "Set-Cookie" in headers
        assert gzip.decompress(row["body"]).rstrip().endswith(b"</html>")
        assert row["status"] == 200
        if row["url"] in articles:
            assert row["received_at"] == articles[row["url"]]["fetched_at"], "the page cannot be told from a later one"
    listing = value(pages_of(archive), "SELECT count(*) FROM pages WHERE url LIKE '%/posts%' OR url LIKE '%rss%'")
    assert listing == 0


def test_pages_that_could_not_be_read_are_kept_and_what_is_no_page_is_not(archive: Path) -> None:
    slugs = [article.slug for article in SOME]
    tricks = {
        f"/{slugs[0]}": Answer("<html><body><div id='root'></div><script></script></body></html>"),
        f"/{slugs[1]}": Answer(b"%PDF-1.7 ...", content_type="application/pdf"),
        f"/{slugs[2]}": Answer("gone", status=404),
        f"/{slugs[3]}": redirect(f"/berita/{slugs[3]}"),
        f"/berita/{slugs[3]}": Answer("<html><body><p>Pendek.</p></body></html>"),
    }
    with TricksterPortal(tricks) as site:
        crawl(archive, places(site))
    kept_pages = {row["asked_url"].rpartition("/")[2]: row for row in rows(pages_of(archive), "SELECT * FROM pages")}
    assert set(slugs[:4]) & set(kept_pages) == {slugs[0], slugs[3]}
    assert kept_pages[slugs[3]]["url"] == f"https://{HOST}/berita/{slugs[3]}", "the address that answered"
    assert value(archive, "SELECT outcome FROM urls WHERE url LIKE '%' || ?", slugs[0]) == "unreadable"


def test_a_refused_page_is_kept_and_later_code_makes_an_article_of_it(archive: Path) -> None:
    with VarientPortal(articles=SOME) as plain:
        html = plain.answer(Request("GET", f"/{SOME[0].slug}", {"Host": HOST})).body
    whole = html.encode() if isinstance(html, str) else html
    tricks = {
        f"/{SOME[0].slug}": Answer(brotli.compress(whole), headers=(("Content-Encoding", "x-br"),), compress=False),
        f"/{SOME[1].slug}": Answer(b"<p>" + b"a" * (17 << 20)),
        f"/{SOME[2].slug}": Answer(b"\x89PNG\r\n\x1a\n" * 9),
    }
    with TricksterPortal(tricks) as strange:
        crawl(archive, places(strange))
    outcome = "SELECT outcome FROM urls WHERE url LIKE '%' || ?"
    assert [value(archive, outcome, article.slug) for article in SOME[:3]] == ["refused"] * 3
    kept_pages = {row["asked_url"].rpartition("/")[2] for row in rows(pages_of(archive), "SELECT asked_url FROM pages")}
    assert {article.slug for article in SOME[:3]} & kept_pages == {SOME[0].slug}, "a file, or too large"
    # Later code knows this name for the coding.
    with sqlite3.connect(pages_of(archive)) as db:
        db.execute("UPDATE pages SET headers = replace(headers, 'x-br', 'br')")
    done = run_here("reread", "--apply", ARCHIVE_PATH=str(archive))
    assert done.code == 0, done.log
    assert value(archive, outcome, SOME[0].slug) == "stored"


@pytest.mark.parametrize(("asked", "mode"), [("False", 0o600), ("True", 0o640)])
def test_the_group_may_read_archive_kept_pages_and_backups_when_asked(
    site: VarientPortal, archive: Path, asked: str, mode: int
) -> None:
    assert crawl(archive, {HOST: site.address}, GROUP_MAY_READ=asked).code == 0
    assert run_here("backup", ARCHIVE_PATH=str(archive)).code == 0
    found = [*archive.parent.glob("*.sqlite"), *archive.parent.glob("backups/*.sqlite")]
    assert {path.stat().st_mode & 0o777 for path in found} == {mode}
    assert len(found) == 3


def test_zero_days_keep_nothing(site: VarientPortal, archive: Path) -> None:
    assert crawl(archive, places(site), KEEP_PAGES_DAYS="0").code == 0
    assert not pages_of(archive).exists()


def test_the_pages_lie_where_the_setting_says(site: VarientPortal, archive: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "big disk" / "pages.db"
    assert crawl(archive, places(site), "-a", "limit=2", PAGES_PATH=str(elsewhere)).code == 0
    assert value(elsewhere, "SELECT count(*) FROM pages") == 2
    assert not pages_of(archive).exists()


def test_two_crawls_at_once_keep_all_their_pages(archive: Path) -> None:
    other = "indonesiasatu.co.id"
    with VarientPortal(articles=SOME) as site, VarientPortal(host=other, articles=SOME) as sibling:
        both = [start(archive, places(site)), start(archive, {other: sibling.address}, portal="indonesiasatu")]
        for process in both:
            done = finish(process)
            assert done.code == 0, done.log
            assert "not kept" not in done.log
    found = rows(pages_of(archive), "SELECT portal, count(*) n FROM pages WHERE url NOT LIKE '%/page/%' GROUP BY 1")
    assert [row["n"] >= len(SOME) for row in found] == [True, True]


class HeavyPortal(VarientPortal):
    """The demo portal, with pages that no compression makes small."""

    def answer(self, request: Request) -> Answer:
        answer = super().answer(request)
        if not isinstance(answer.body, str) or request.route.strip("/") not in {article.slug for article in SOME}:
            return answer
        return replace(answer, body=answer.body.replace("</body>", f"<!-- {os.urandom(800_000).hex()} --></body>"))


def test_a_full_disk_of_the_pages_costs_one_warning_and_no_article(archive: Path) -> None:
    # The limit holds for each file by itself: the archive of twelve articles and its log stay below it, pages do not.
    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (5_000_000, 5_000_000))

    with HeavyPortal(articles=SOME) as site:
        done = subprocess.run(
            command(archive, places(site)),
            cwd=PROJECT, capture_output=True, text=True, preexec_fn=small_files, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("pages are no longer kept by the crawls that run now") == 1
    assert "of this crawl were not kept" in done.stderr
    assert "Traceback" not in done.stderr
    assert all_stored(archive)


@pytest.mark.parametrize("trouble", ["not a database", "a folder", "another program's"])
def test_a_file_that_cannot_hold_pages_costs_one_warning_and_no_article(
    trouble: str, site: VarientPortal, archive: Path
) -> None:
    path = pages_of(archive)
    if trouble == "a folder":
        path.mkdir()
    elif trouble == "not a database":
        path.write_bytes(b"no database at all " * 999)
    else:
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE pages (book TEXT)")
        connection.close()
    done = crawl(archive, places(site))
    assert done.code == 0
    assert done.log.count("pages are no longer kept by the crawls that run now") == 1
    assert "PAGES_PATH" in done.log
    assert "Traceback" not in done.log
    assert all_stored(archive)


def test_old_pages_are_forgotten_at_the_end_of_a_crawl_and_their_space_is_given_back(
    site: VarientPortal, archive: Path
) -> None:
    db = kept.open_pages(pages_of(archive))
    kept.add(db, [page(number, body=os.urandom(20_000)) for number in range(700)])
    db.execute("UPDATE pages SET kept_at = '2020-01-01T00:00:00Z'")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    db.close()
    full = pages_of(archive).stat().st_size
    assert crawl(archive, places(site), KEEP_PAGES_DAYS="30").code == 0
    assert value(pages_of(archive), "SELECT count(*) FROM pages WHERE kept_at < '2021'") == 0
    assert value(pages_of(archive), "SELECT count(*) FROM pages") >= len(SOME)
    assert pages_of(archive).stat().st_size < full / 5


def test_pruning_is_bounded_and_goes_by_when_a_page_was_kept(tmp_path: Path) -> None:
    db = kept.open_pages(tmp_path / "pages.sqlite")
    ancient = datetime(1999, 1, 1, tzinfo=UTC)
    kept.add(db, [page(number, received_at=ancient) for number in range(20)])
    assert kept.prune(db, datetime.now(UTC) - timedelta(days=1), 100) == 0, "imported today, whatever its age"
    assert kept.prune(db, datetime.now(UTC) + timedelta(days=1), 8) == 8
    assert kept.portals(db) == {PORTAL: 12}


def test_a_page_reads_back_as_it_was_kept_and_each_reception_is_kept_once(tmp_path: Path) -> None:
    db = kept.open_pages(tmp_path / "pages.sqlite")
    first, later = page(), page(received_at=datetime(2026, 11, 2, tzinfo=UTC))
    assert kept.add(db, [first, later]) == 2
    assert kept.add(db, [first]) == 0
    assert [each for _, each in kept.read(db)] == [first, later]
    assert (kept.is_newest(db, first), kept.is_newest(db, later)) == (False, True)
    assert [each for _, each in kept.read(db, since=datetime(2026, 11, 2, tzinfo=UTC))] == [later]


def test_a_slow_disk_costs_pages_but_neither_time_nor_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept.file, "BUSY_TIMEOUT_S", 0.3)
    path = tmp_path / "pages.sqlite"
    kept.open_pages(path).close()
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")  # another program writes, for ever
    begun = datetime.now(UTC)
    keeper = Keeper(path, days=1)
    for number in range(1000):
        keeper.keep(page(number))
    assert datetime.now(UTC) - begun < timedelta(seconds=1), "it waited for the disk"
    with caplog.at_level(logging.WARNING):
        keeper.close()
    holder.close()
    assert "1000 pages of this crawl were not kept" in caplog.text


def keepers() -> int:
    return sum(thread.name == "page-keeper" for thread in threading.enumerate())


def test_crawls_of_one_process_share_one_thread_and_each_waits_for_its_own_pages(tmp_path: Path) -> None:
    path = tmp_path / "pages.sqlite"
    before = keepers()
    many = [Keeper(path, days=1) for _ in range(40)]
    assert keepers() == before + 1
    for number, keeper in enumerate(many):
        for turn in range(3):
            keeper.keep(page(100 * number + turn))
    for closed, keeper in enumerate(many[:-1], 1):
        keeper.close()
        assert value(path, "SELECT count(*) FROM pages") >= 3 * closed
    assert keepers() == before + 1
    many[-1].keep(page(99_999))
    many[-1].close()
    assert keepers() == before
    assert value(path, "SELECT count(*) FROM pages") == 121


def test_a_crawl_begins_anew_with_a_file_that_broke_under_another(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "pages.sqlite"
    path.mkdir()
    first = Keeper(path, days=1)
    eventually = time.monotonic() + 10
    while "no longer kept" not in caplog.text and time.monotonic() < eventually:
        time.sleep(0.01)
    path.rmdir()
    second = Keeper(path, days=1)
    first.keep(page(1))
    second.keep(page(2))
    second.close()
    first.close()
    assert value(path, "SELECT group_concat(asked_url) FROM pages") == page(2).asked_url
    assert caplog.text.count("1 pages of this crawl were not kept") == 1, "of the first"


def test_pages_that_cannot_be_forgotten_cost_no_other_crawl_its_own(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept.file, "BUSY_TIMEOUT_S", 1.0)
    path = tmp_path / "pages.sqlite"
    one, other = Keeper(path, days=1), Keeper(path, days=1)
    one.keep(page(1))
    other.keep(page(2))
    time.sleep(0.5)
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM pages").fetchone()  # the log cannot be emptied while it reads
    one.forget(PORTAL, page(1).asked_url)
    one.close()
    assert "pages that should go are still there" in caplog.text
    reader.close()
    other.keep(page(3))
    other.close()
    assert value(path, "SELECT group_concat(id) FROM pages") == "2,3"
    assert "were not kept" not in caplog.text


def test_kept_pages_that_are_not_there_are_explained(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="no pages are kept there"):
        kept.open_pages(tmp_path / "pages.sqlite", make=False)
