"""`scrapy reread`: kept pages read again by other code: no request, no revision, and as often as one likes."""

import functools
import gzip
import json
import os
import pty
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import termios
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kwri_crawler import kept
from kwri_crawler.archive import lock_portal
from tests.crawling import (
    HOST,
    PORTAL,
    PROJECT,
    Crawled,
    assert_sound,
    contents,
    crawl,
    rows,
    run_here,
    scrapy,
    value,
)
from tests.sites.corpus import ARTICLES
from tests.sites.varient import VarientPortal

SOME = ARTICLES[:12]
BLIND = 'body = ".breadcrumb a"'  # one word, and so no article


def reread(archive: Path, *options: str, **settings: str) -> Crawled:
    return run_here("reread", *options, ARCHIVE_PATH=str(archive), **settings)


def report_of(done: Crawled) -> dict[str, Any]:
    """Return what `reread --json` says of the portal."""
    report: dict[str, Any] = json.loads(done.out)["portals"][PORTAL]
    return report


def started(archive: Path, *options: str, **streams: Any) -> "subprocess.Popen[str]":
    """Start a reread in a process of its own, which hears Ctrl-C even where these tests run in the background."""
    command = scrapy("reread", *options, ARCHIVE_PATH=str(archive))
    heard = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    return subprocess.Popen(command, cwd=PROJECT, preexec_fn=heard, text=True, **streams)


def portals_with(folder: Path, selectors: str) -> str:
    """Write a catalogue whose one portal reads its pages by other selectors: code of another day."""
    folder.mkdir(exist_ok=True)
    file = (PROJECT / "kwri_crawler" / "portals" / f"{PORTAL}.toml").read_text(encoding="utf-8")
    (folder / f"{PORTAL}.toml").write_text(f"{file}\n[selectors]\n{selectors}\n", encoding="utf-8")
    return str(folder)


@pytest.fixture
def site() -> Iterator[VarientPortal]:
    with VarientPortal(articles=SOME) as portal:
        yield portal


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an archive of the demo portal, crawled once for all tests."""
    folder = tmp_path_factory.mktemp("crawled")
    with VarientPortal(articles=SOME) as site:
        assert crawl(folder / "kwri.sqlite", {HOST: site.address}).code == 0
    return folder


@pytest.fixture
def archive(tmp_path: Path, crawled: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an archive of the demo portal; from here on nobody may be asked for anything."""

    def connect(*_: object) -> None:
        raise AssertionError("a portal was asked for something")

    monkeypatch.setattr(socket.socket, "connect", connect)
    shutil.copytree(crawled, tmp_path, dirs_exist_ok=True)
    return tmp_path / "kwri.sqlite"


def change(archive: Path, sql: str, *values: object) -> None:
    with sqlite3.connect(archive) as connection:
        assert connection.execute(sql, values).rowcount > 0
    connection.close()


def everything(archive: Path, *but: str) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table, but for some tables, the search index's own, and the versions of months.

    These are random numbers, new with each change.
    """
    tables = [row["name"] for row in rows(archive, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    tables.remove("month_versions")  # drawn at random at each change
    return {
        name: rows(archive, f"SELECT * FROM [{name}]")
        for name in tables
        if name not in (*but, "month_versions") and not name.startswith("articles_fts")
    }


def test_the_code_that_read_the_pages_finds_nothing_to_change(archive: Path) -> None:
    before = everything(archive)
    done = reread(archive)
    assert done.code == 0, done.log
    assert "nothing changes" in done.out
    assert reread(archive, "--apply").code == 0
    assert everything(archive) == before


def test_what_would_change_is_shown_field_by_field_and_written_only_when_asked(
    archive: Path,
) -> None:
    right = everything(archive)
    change(archive, "UPDATE articles SET author = 'Oleh: ' || author, section = NULL")
    change(archive, "UPDATE articles SET body = body || char(10, 10) || 'Bagikan ke Facebook' WHERE id = 1")
    change(archive, "DELETE FROM tags")
    wrong = everything(archive)
    shown = reread(archive, "--json")
    assert shown.code == 0, shown.log
    report = report_of(shown)
    assert report["changed"] == len(right["articles"])
    for field in ("author", "section"):
        # the demo's newsroom signs some of its articles, which is no author
        assert report["fields"][field] == sum(row[field] is not None for row in right["articles"]) > len(SOME) // 2
    assert report["fields"]["body"] == 1
    assert report["fields"]["tags"] > 0
    author = next(example for example in report["examples"] if example["field"] == "author")
    assert author["before"] == f"Oleh: {author['after']}"
    assert everything(archive) == wrong, "it wrote without --apply"
    text = reread(archive)
    assert "add --apply" in text.out
    assert "- Oleh: " in text.out
    assert reread(archive, "--apply").code == 0
    assert everything(archive) == right
    assert "nothing changes" in reread(archive, "--apply").out
    assert_sound(archive)


def test_many_readers_write_what_one_does(archive: Path) -> None:
    right = everything(archive)
    change(archive, "UPDATE articles SET author = 'Oleh: ' || author, section = NULL")
    one, two = (reread(archive, "--json", "--readers", number) for number in "12")
    assert one.code == two.code == 0, two.log
    assert report_of(one) == report_of(two)
    assert reread(archive, "--apply", "--readers", "2").code == 0
    assert everything(archive) == right


def test_what_our_code_changes_is_no_revision(archive: Path) -> None:
    change(archive, "UPDATE articles SET title = 'Judul Lama', body = 'Isi lama.', text_hash = 'x'")
    before = everything(archive, "articles", "tags", "dates", "sketches")
    stays = rows(archive, "SELECT id, url, url_key, first_seen_at, fetched_at, crawl FROM articles")
    assert reread(archive, "--apply").code == 0
    assert value(archive, "SELECT count(*) FROM articles WHERE title = 'Judul Lama'") == 0
    assert everything(archive, "articles", "tags", "dates", "sketches") == before, (
        "a table beside the article's own was touched"
    )
    assert rows(archive, "SELECT id, url, url_key, first_seen_at, fetched_at, crawl FROM articles") == stays


def test_the_search_index_follows(archive: Path) -> None:
    change(archive, "UPDATE articles SET title = 'Zyzzogeton'")
    assert reread(archive, "--apply").code == 0
    search = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?"
    assert value(archive, search, "zyzzogeton") == 0
    assert value(archive, search, ARTICLES[0].title.split()[0]) > 0


def test_pages_that_could_not_be_read_become_articles(site: VarientPortal, tmp_path: Path) -> None:
    blind = portals_with(tmp_path / "then", BLIND)
    archive, straight = tmp_path / "kwri.sqlite", tmp_path / "straight" / "kwri.sqlite"
    crawl(archive, {HOST: site.address}, PORTALS_PATH=blind)
    lost = value(archive, "SELECT count(*) FROM urls WHERE outcome = 'unreadable'")
    assert lost >= len(SOME)
    assert value(archive, "SELECT count(*) FROM articles") == 0
    assert crawl(straight, {HOST: site.address}).code == 0
    site.requests.clear()
    assert report_of(reread(archive, "--json"))["new"] >= len(SOME)
    assert value(archive, "SELECT count(*) FROM articles") == 0, "it wrote without --apply"
    assert reread(archive, "--apply").code == 0
    assert contents(archive) == contents(straight), "not what a crawl with today's code brings"
    assert value(archive, "SELECT count(*) FROM urls WHERE outcome = 'stored'") == len(contents(archive))
    assert_sound(archive)
    assert not site.requests
    assert "nothing changes" in reread(archive, "--apply").out


def test_an_article_whose_page_is_no_longer_readable_is_left_alone_and_reported(archive: Path, tmp_path: Path) -> None:
    before = everything(archive)
    blind = portals_with(tmp_path / "today", BLIND)
    done = reread(archive, "--apply", "--json", PORTALS_PATH=blind)
    report = report_of(done)
    assert report["no_longer_readable"] >= len(SOME)
    assert any(example["field"] == "no longer readable" and example["after"] for example in report["examples"])
    assert everything(archive) == before


def test_an_article_is_only_compared_with_the_page_that_it_was_read_from(archive: Path) -> None:
    change(archive, "UPDATE articles SET title = 'Judul Lain', fetched_at = '2030-01-01T00:00:00Z' WHERE id = 1")
    before = everything(archive)
    done = reread(archive, "--apply", "--json")
    assert report_of(done)["not_the_page"] == 1
    assert everything(archive) == before, "a page of another day overwrote the article"


def test_the_latest_page_of_an_address_is_the_one_that_becomes_an_article(site: VarientPortal, tmp_path: Path) -> None:
    blind = portals_with(tmp_path / "then", BLIND)
    archive = tmp_path / "kwri.sqlite"
    crawl(archive, {HOST: site.address}, PORTALS_PATH=blind)
    pages = tmp_path / "kwri-pages.sqlite"
    with sqlite3.connect(pages) as connection:
        connection.execute("UPDATE pages SET received_at = '2020-01-01T00:00:00Z'")
    connection.close()
    change(archive, "UPDATE urls SET next_try_at = '2020-01-01T00:00:00Z' WHERE outcome = 'unreadable'")
    crawl(archive, {HOST: site.address}, PORTALS_PATH=blind)
    assert value(pages, "SELECT count(*) FROM (SELECT 1 FROM pages GROUP BY key HAVING count(*) = 2)") >= len(SOME)
    assert reread(archive, "--apply").code == 0
    brought = rows(archive, "SELECT fetched_at FROM articles WHERE id IN (SELECT article FROM urls WHERE tries > 2)")
    assert len(brought) >= len(SOME)
    assert all(row["fetched_at"] > "2021" for row in brought)


def test_a_portal_that_is_being_crawled_is_left_out_and_said_so(archive: Path) -> None:
    change(archive, "UPDATE articles SET section = NULL")
    with lock_portal(archive, PORTAL):
        shown, applied = reread(archive), reread(archive, "--apply")
    assert shown.code == 0, "looking needs no lock"
    assert applied.code == 4
    assert "left out" in applied.log
    assert value(archive, "SELECT count(*) FROM articles WHERE section IS NOT NULL") == 0


def test_a_stopped_reread_says_how_to_go_on_and_can_be_begun_again(archive: Path) -> None:
    # Enough pages for several slices: later receptions of the same addresses, which cost reading and change nothing.
    db = kept.open_pages(archive.with_name("kwri-pages.sqlite"))
    for number in range(60):
        db.execute(
            "INSERT INTO pages SELECT NULL, portal, key || ?, asked_url || ?, url, status, headers, body, received_at,"
            " kept_at FROM pages WHERE id <= 12",
            (f"-{number}", f"-{number}"),
        )
    db.close()
    change(archive, "UPDATE articles SET section = NULL")
    process = started(archive, "--apply", stderr=subprocess.PIPE)
    while value(archive, "SELECT count(*) FROM articles WHERE section IS NOT NULL") == 0:
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, log = process.communicate(timeout=30)
    assert process.returncode == 3, log
    assert "go on with: scrapy reread --apply --after " in log
    assert "Traceback" not in log
    after = log.split("--after ")[1].split()[0]
    assert int(after) >= 12
    assert reread(archive, "--apply", "--after", after).code == 0
    assert value(archive, "SELECT count(*) FROM articles WHERE section IS NULL AND reader = 'varient'") == 0


def test_a_person_at_a_terminal_sees_a_bar(archive: Path) -> None:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    process = started(archive, stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    seen = b""
    while True:
        try:
            seen += os.read(ours, 4096)
        except OSError:
            break
    assert process.wait() == 0
    os.close(ours)
    assert b" pages" in seen
    assert "pages" not in reread(archive).log, "a bar in a log"


def test_a_page_that_no_decoder_takes_is_unreadable_and_stops_nothing(archive: Path) -> None:
    pages = archive.with_name("kwri-pages.sqlite")
    change(pages, "UPDATE pages SET body = substr(body, 1, 200) WHERE id = 1")
    change(pages, """UPDATE pages SET headers = '[["Content-Encoding","rot13"]]', body = x'00ff10' WHERE id = 2""")
    done = reread(archive, "--json")
    assert done.code == 0, done.log
    reasons = [e["after"] for e in report_of(done)["examples"] if e["field"] == "no longer readable"]
    assert any("not whole" in reason for reason in reasons)
    assert any("rot13" in reason for reason in reasons)


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--portal", "kwri-jatm"), 2, "no such portal"),
        (("kwri-jatim",), 2, "write --portal kwri-jatim"),
        ((), 5, "no pages are kept there"),
    ],
)
def test_what_cannot_be_done_is_explained(options: tuple[str, ...], code: int, words: str, tmp_path: Path) -> None:
    done = reread(tmp_path / "kwri.sqlite", *options)
    assert done.code == code
    assert words in done.out + done.log
    assert "Traceback" not in done.log


def test_stories_follow_a_corrected_text(archive: Path) -> None:
    one, other = [row["id"] for row in rows(archive, "SELECT id FROM articles WHERE reader = 'varient' LIMIT 2")]
    told = "SELECT story FROM articles WHERE id = ?"
    assert value(archive, told, one) is None or value(archive, told, one) != value(archive, told, other)
    copied = (
        "body = (SELECT body FROM articles WHERE id = ?), text_hash = (SELECT text_hash FROM articles WHERE id = ?)"
    )
    change(archive, f"UPDATE articles SET {copied} WHERE id = ?", one, one, other)
    assert run_here("restory", "--again", ARCHIVE_PATH=str(archive)).code == 0
    assert value(archive, told, one) == value(archive, told, other) is not None, "the misreading made no copy"
    assert reread(archive, "--apply").code == 0
    assert value(archive, told, one) is None or value(archive, told, one) != value(archive, told, other)


def test_what_only_a_listing_told_stays(archive: Path) -> None:
    """A page without tags gets those that its feed told: when it is crawled, and when it is read again."""
    pages = archive.with_name("kwri-pages.sqlite")
    with sqlite3.connect(pages) as connection:
        row, body, url = connection.execute("SELECT rowid, body, url FROM pages ORDER BY rowid LIMIT 1").fetchone()
        html = gzip.decompress(body).decode()
        tags = r'<meta property="article:tag"[^>]*>|(?s:<div class="post-tags">.*?</div>)|"keywords": "[^"]*",'
        bare = re.sub(tags, "", html)
        assert bare != html
        connection.execute("UPDATE pages SET body = ? WHERE rowid = ?", (gzip.compress(bare.encode()), row))
    connection.close()
    change(archive, "UPDATE urls SET listed_facts = ? WHERE url = ?", '{"tags": ["Dari Umpan"]}', url)
    assert reread(archive, "--apply").code == 0
    tags = rows(archive, "SELECT tag FROM tags JOIN articles ON articles.id = tags.article WHERE url = ?", url)
    assert [tag["tag"] for tag in tags] == ["Dari Umpan"]


def listed_as_known(archive: Path, name: str, article: int) -> None:
    """Have the ledger hold an address as older code left it whose page named another one's as its own."""
    change(
        archive,
        "INSERT INTO urls (portal, key, url, listing, found_at, found_crawl, seen_crawl, outcome, cause, reason,"
        " status, settled_crawl, article, tries)"
        " SELECT portal, ?, ?, listing, found_at, found_crawl, seen_crawl, 'known', 'known',"
        " 'the archive has it as ' || url, 200, settled_crawl, article, 1 FROM urls WHERE article = ? LIMIT 1",
        f"{HOST}/{name}", f"https://{HOST}/{name}", article,
    )  # fmt: skip


def test_articles_that_older_code_took_for_the_one_whose_address_they_named_come_back(archive: Path) -> None:
    before = value(archive, "SELECT count(*) FROM articles")
    url, title = rows(archive, "SELECT url, title FROM articles WHERE id = 1")[0].values()
    pages = kept.open_pages(archive.with_name("kwri-pages.sqlite"))
    (first,) = [page for _, page in kept.read(pages) if page.asked_url == url]
    html = gzip.decompress(first.body) if first.header("Content-Encoding") else first.body
    others = {"lain-1": (b"Kabar yang lain sama sekali", b"jembatan"), "salinan": (title.encode(), b"")}
    for name, (headline, more) in others.items():
        body = html.replace(title.encode(), headline)
        body = body.replace(b"<p>", b"<p>" + more * 3 + b" ") if more else body
        kept.add(pages, [replace(first, asked_url=f"https://{HOST}/{name}", url=f"https://{HOST}/{name}",
                                 headers=(("Content-Type", "text/html"),), body=body)])  # fmt: skip
        listed_as_known(archive, name, 1)
    assert report_of(reread(archive, "--json"))["new"] == 1
    assert reread(archive, "--apply").code == 0
    assert value(archive, "SELECT count(*) FROM articles") == before + 1
    assert value(archive, "SELECT title FROM articles WHERE url LIKE '%/lain-1'") == "Kabar yang lain sama sekali"
    assert value(archive, "SELECT outcome FROM urls WHERE key LIKE '%/lain-1'") == "stored"
    assert value(archive, "SELECT outcome FROM urls WHERE key LIKE '%/salinan'") == "known"
    assert value(archive, "SELECT title FROM articles WHERE id = 1") == title
    assert value(archive, "SELECT count(*) FROM revisions") == 0
    assert_sound(archive)
