"""Whole crawls, each a process of its own against a real server: nothing lost, nothing twice, the truth at the end."""

import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.crawling import (
    HOST,
    PORTAL,
    PROJECT,
    assert_sound,
    command,
    contents,
    crawl,
    finish,
    rows,
    start,
    value,
)
from tests.sites.corpus import ARTICLES, DemoArticle
from tests.sites.varient import VarientPortal
from tests.trials.kills import kill_and_resume

SOME = ARTICLES[-64:]  # more than the portal's feed holds, and than two pages of its index
SEED = "gelar-rakernis-bidhumas-polda-jatim-siap-kawal-pilkada-2024"


@pytest.fixture
def site() -> Iterator[VarientPortal]:
    with VarientPortal(articles=SOME) as portal:
        yield portal


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "output" / "kwri.sqlite"


def places(site: VarientPortal) -> dict[str, str]:
    return {HOST: f"127.0.0.1:{site.port}"}


def asked_for(site: VarientPortal) -> list[str]:
    """Return the paths of the articles that were asked for since the last clear."""
    slugs = {f"/{article.slug}" for article in site.articles}
    return [path for _, path, *_ in site.requests if path.partition("?")[0] in slugs]


def five_new(site: VarientPortal) -> list[DemoArticle]:
    """Publish five articles that the portal did not have."""
    newest = max(site.articles, key=lambda article: article.created_at)
    new = [
        replace(
            newest,
            slug=f"kabar-baru-nomor-{number}",
            title=f"Kabar Baru Nomor {number} dari Kota",
            created_at=newest.created_at + timedelta(minutes=number),
            paragraphs=(f"Kabar nomor {number} ini baru terbit hari ini.", *newest.paragraphs),
        )
        for number in range(1, 6)
    ]
    for article in new:
        site.publish(article)
    return new


@pytest.mark.parametrize("view", ["classic", "magazine", "v3"])
def test_every_article_of_the_demo_portal_is_archived_as_it_was_printed(view: str, archive: Path) -> None:
    with VarientPortal(view=view) as site:
        done = crawl(archive, places(site))
    assert done.code == 0, done.log
    stored = {row["url"].rpartition("/")[2]: row for row in contents(archive)}
    assert set(stored) == {article.slug for article in ARTICLES}
    for article in ARTICLES:
        row = stored[article.slug]
        assert row["title"] == article.title
        assert row["section"] == article.section
        assert row["author"] == article.person
        assert row["published_local"] == f"{article.created_at.isoformat(timespec='seconds')}+07:00"
        assert set((row["tags"] or "").split("|")) - {""} == set(article.tags)
        assert row["body"].split("\n\n") == list(article.expected), article.slug
    assert_sound(archive)


def test_the_seed_article_is_whole_and_dated_in_its_zone(site: VarientPortal, archive: Path) -> None:
    assert crawl(archive, places(site)).code == 0
    (row,) = rows(archive, "SELECT * FROM articles WHERE url = ?", f"https://{HOST}/{SEED}")
    text = (PROJECT / "tests" / "sites" / "seed_article.txt").read_text(encoding="utf-8")
    blocks = [" ".join(block.split()) for block in text.split("\n\n") if block.strip()]
    assert blocks[:2] == ["KWRI", "Gelar Rakernis Bidhumas Polda Jatim Siap Kawal Pilkada 2024"]
    assert row["title"] == blocks[1]
    assert row["author"] == "Achmad Sarjono"
    assert row["portal"] == PORTAL
    assert row["section"] == "KWRI"
    assert row["published_local"] == "2024-06-27T14:10:00+07:00"
    assert row["published_at"] == "2024-06-27T07:10:00Z"
    assert row["published_precision"] == "minute"
    assert row["body"].split("\n\n") == blocks[4:]


def test_twice_is_once_and_five_new_articles_are_five_pages(site: VarientPortal, archive: Path) -> None:
    assert crawl(archive, places(site)).code == 0
    before = contents(archive)
    site.requests.clear()
    second = crawl(archive, places(site))
    assert second.code == 0
    assert asked_for(site) == []
    assert "nothing new" in second.out
    assert contents(archive) == before
    new = five_new(site)
    site.requests.clear()
    assert crawl(archive, places(site)).code == 0
    assert sorted(asked_for(site)) == sorted(f"/{article.slug}" for article in new)
    assert value(archive, "SELECT stored FROM crawls ORDER BY id DESC LIMIT 1") == 5
    assert_sound(archive)


def test_more_new_articles_than_a_page_of_the_index_holds_leave_no_hole(archive: Path) -> None:
    early, late = SOME[:12], SOME[12:]
    with VarientPortal(articles=early, per_page=5) as site:
        assert crawl(archive, places(site)).code == 0
        for article in late:
            site.publish(article)
        assert crawl(archive, places(site)).code == 0
    assert len(contents(archive)) == len(SOME)


@pytest.mark.parametrize(
    "switch", [{"JOBDIR": "{tmp}/job"}, {"HTTPCACHE_ENABLED": "True"}], ids=["a kept JOBDIR", "the HTTP cache"]
)
def test_switches_that_find_nothing_new_for_ever_are_refused(
    switch: dict[str, str], site: VarientPortal, archive: Path, tmp_path: Path
) -> None:
    settings = {name: text.format(tmp=tmp_path) for name, text in switch.items()}
    done = crawl(archive, places(site), **settings)
    assert done.code == 2
    assert "find nothing new" in done.log
    assert not site.requests


def test_a_resumed_crawl_also_finds_what_was_published_since(site: VarientPortal, archive: Path) -> None:
    site.latency_s = 0.02
    process = start(archive, places(site))
    wait_until(lambda: archive.exists() and stored_so_far(archive) > 20, process)
    process.kill()
    process.communicate()
    new = five_new(site)
    site.latency_s = 0
    assert crawl(archive, places(site)).code == 0
    stored = {row["url"].rpartition("/")[2] for row in contents(archive)}
    assert stored == {article.slug for article in (*SOME, *new)}
    assert value(archive, "SELECT finish FROM crawls WHERE id = 1") == "killed"
    assert_sound(archive)


def stored_so_far(archive: Path) -> int:
    try:
        return int(value(archive, "SELECT count(*) FROM articles"))
    except sqlite3.OperationalError:
        return 0  # the schema is not there yet


def wait_until(happened: object, process: "subprocess.Popen[str]", timeout_s: float = 60) -> None:
    """Wait for a condition while a crawl runs; a crawl that ended before is a fault of the test's timing."""
    until = time.monotonic() + timeout_s
    while not happened():  # type: ignore[operator]
        assert process.poll() is None, "the crawl ended before the test could step in"
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def test_killed_crawls_lose_nothing(tmp_path: Path) -> None:
    """The short form of `make kills`."""
    figures = kill_and_resume(4, tmp_path, seed=2024)
    assert figures.kills >= 4


def test_a_second_crawl_of_the_same_portal_ends_at_once(site: VarientPortal, archive: Path) -> None:
    site.latency_s = 0.5
    first = start(archive, places(site))
    wait_until(lambda: len(site.requests) > 3, first)
    second = crawl(archive, places(site))
    assert first.poll() is None, "it waited for the first one's end"
    assert second.code == 4
    assert "another crawl of this portal is running" in second.log
    first.terminate()
    finish(first)


def test_two_portals_at_once_share_a_new_archive(site: VarientPortal, archive: Path) -> None:
    other = "indonesiasatu.co.id"
    with VarientPortal(host=other, articles=ARTICLES[:40]) as sibling:
        both = [
            start(archive, places(site)),
            start(archive, {other: f"127.0.0.1:{sibling.port}"}, portal="indonesiasatu"),
        ]
        for process in both:
            done = finish(process)
            assert done.code == 0, done.log
    by_portal = {row["portal"]: row["n"] for row in rows(archive, "SELECT portal, count(*) n FROM articles GROUP BY 1")}
    assert by_portal == {PORTAL: len(SOME), "indonesiasatu": 40}
    assert_sound(archive)


def test_a_reader_and_a_crawl_do_not_hold_each_other_up(site: VarientPortal, archive: Path) -> None:
    with VarientPortal(articles=SOME[:20]) as small:
        assert crawl(archive, places(small)).code == 0
    reader = sqlite3.connect(f"file:{archive}?mode=ro", uri=True, isolation_level=None)
    reader.execute("BEGIN")
    cursor = reader.execute("SELECT * FROM articles, (SELECT 1 UNION SELECT 2)")
    cursor.fetchone()  # a long SELECT: under way for the whole crawl
    done = crawl(archive, places(site))
    assert done.code == 0, done.log
    assert len(cursor.fetchall()) == 2 * 20 - 1, "the reader's snapshot changed under it"
    reader.execute("ROLLBACK")
    assert reader.execute("SELECT count(*) FROM articles").fetchone() == (len(SOME),)
    reader.close()


def test_a_signal_ends_a_crawl_gracefully_and_the_next_goes_on(site: VarientPortal, archive: Path) -> None:
    site.latency_s = 0.02
    process = start(archive, places(site))
    wait_until(lambda: archive.exists() and stored_so_far(archive) > 10, process)
    process.send_signal(signal.SIGTERM)
    done = finish(process)
    assert done.code == 3
    assert "stopped" in done.out
    assert value(archive, "SELECT finish FROM crawls") == "stopped"
    assert crawl(archive, places(site)).code == 0
    assert len(contents(archive)) == len(SOME)
    assert_sound(archive)


# ---------------------------------------------------------------- bounds and arguments


def test_limit_bounds_the_pages_that_are_asked_for(site: VarientPortal, archive: Path) -> None:
    done = crawl(archive, places(site), "-a", "limit=7")
    assert done.code == 0
    assert len(asked_for(site)) == 7
    assert value(archive, "SELECT finish FROM crawls") == "limit"
    assert crawl(archive, places(site)).code == 0
    assert len(contents(archive)) == len(SOME), "the limit left a hole"


def test_since_bounds_what_is_archived_and_a_wider_crawl_brings_the_rest(site: VarientPortal, archive: Path) -> None:
    day = datetime(2024, 6, 1)
    young = {article.slug for article in SOME if article.created_at >= day}
    assert 5 < len(young) < len(SOME) - 5
    assert crawl(archive, places(site), "-a", "since=2024-06-01").code == 0
    assert {row["url"].rpartition("/")[2] for row in contents(archive)} == young
    assert len(asked_for(site)) <= len(young) + 2, "pages of old articles were asked for"
    assert crawl(archive, places(site)).code == 0
    assert len(contents(archive)) == len(SOME)
    assert_sound(archive)


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ("sicne=2024-06-01", "unknown argument; known: limit, since, until; did you mean since?"),
        ("since=01-06-2024", "not a day; write it as 2024-06-27"),
        ("since=2024-02-30", "not a day; write it as 2024-06-27"),
        ("since=2999-01-01", "this day is yet to come"),
        ("limit=0", "not a number of pages; write 1 or more"),
        ("limit=many", "not a number of pages; write 1 or more"),
    ],
)
def test_a_wrong_argument_is_explained_before_anything_is_asked_for(
    argument: str, words: str, site: VarientPortal, archive: Path
) -> None:
    done = crawl(archive, places(site), "-a", argument)
    assert done.code == 2
    assert words in done.log
    assert "Traceback" not in done.log
    assert not site.requests
    assert not archive.exists()


def test_an_unknown_portal_is_explained(archive: Path) -> None:
    done = crawl(archive, {}, portal="kwri-jatm")
    assert done.code == 2
    assert "did you mean kwri-jatim?" in done.log
    assert "Traceback" not in done.log


def test_a_wrong_catalogue_file_is_named(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "contoh.toml").write_text('name = "Contoh"\nselector = 1\n', encoding="utf-8")
    done = crawl(archive, {}, portal="contoh", PORTALS_PATH=str(tmp_path))
    assert done.code == 1
    assert "contoh.toml" in done.log
    assert "selector" in done.log
    assert "Traceback" not in done.log


# ---------------------------------------------------------------- the archive in trouble


def test_a_full_disk_ends_the_crawl_and_loses_nothing_that_was_stored(site: VarientPortal, archive: Path) -> None:
    archive.parent.mkdir(parents=True)

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (900_000, 900_000))

    done = subprocess.run(
        command(archive, places(site)), cwd=PROJECT, capture_output=True, text=True, preexec_fn=small_files, check=False
    )
    assert done.returncode == 5, done.stderr
    assert "the archive takes no more" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    kept = len(contents(archive))
    assert 0 < kept < len(SOME)
    assert crawl(archive, places(site)).code == 0
    assert len(contents(archive)) == len(SOME)
    assert_sound(archive)


def test_a_file_that_is_no_archive_is_refused_and_nothing_is_asked_for(site: VarientPortal, archive: Path) -> None:
    archive.parent.mkdir(parents=True)
    archive.write_bytes(b"not a database at all" * 1000)
    done = crawl(archive, places(site))
    assert done.code == 5
    assert "not a database" in done.log
    assert "Traceback" not in done.log
    assert not site.requests


def test_an_archive_written_by_newer_code_is_refused(site: VarientPortal, archive: Path) -> None:
    assert crawl(archive, places(site), "-a", "limit=1").code == 0
    with sqlite3.connect(archive) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('kwri_crawler', 'later', 'x')"
        )
    done = crawl(archive, places(site))
    assert done.code == 5
    assert "newer kwri-crawler" in done.log


# ---------------------------------------------------------------- what an operator sees


def test_progress_is_a_line_in_a_log(site: VarientPortal, archive: Path) -> None:
    site.latency_s = 0.02
    done = crawl(archive, places(site), PROGRESS_INTERVAL_S="0.5")
    assert f"{PORTAL}: " in done.log
    assert " stored" in done.log
    assert "\r" not in done.log


def test_our_user_agent_says_who_we_are_and_where_to_complain(site: VarientPortal, archive: Path) -> None:
    crawl(archive, places(site), "-a", "limit=1", CONTACT="redaksi@example.org")
    agents = {headers["User-Agent"] for *_, headers in site.requests}
    assert len(agents) == 1
    assert agents.pop().startswith("kwri-crawler/")
    assert all("redaksi@example.org" in headers["User-Agent"] for *_, headers in site.requests)


def test_the_default_settings_are_polite() -> None:
    code = (
        "import json; from scrapy.utils.project import get_project_settings as s; s = s();"
        "print(json.dumps([s[n] for n in ('ROBOTSTXT_OBEY', 'DOWNLOAD_DELAY', 'CONCURRENT_REQUESTS_PER_DOMAIN')]))"
    )
    environment = {**os.environ, "SCRAPY_SETTINGS_MODULE": "kwri_crawler.settings"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [True, 1.0, 1]


def test_an_error_of_our_own_code_ends_a_listing_at_once_and_is_named(site: VarientPortal, archive: Path) -> None:
    broken = json.dumps({"tests.sites.crash.CrashOnListings": 1})
    done = crawl(archive, places(site), SPIDER_MIDDLEWARES=broken)
    assert done.code == 3
    reasons = [row["reason"] for row in rows(archive, "SELECT reason FROM listings WHERE status = 'failed'")]
    assert len(reasons) == 4
    assert all("our own error: TypeError" in reason for reason in reasons), "one was given up when nothing happened"
