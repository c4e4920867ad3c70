"""`scrapy portals --verify`: one listing and one article a portal; one that keeps failing is asked seldom."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from scrapy.utils.project import get_project_settings

from kwri_crawler.archive import Database, crawls, open_archive, verifications
from kwri_crawler.archive.verifications import BEGUN, ENDED, FAILED, PASSED, SKIPPED, Verified
from kwri_crawler.catalogue import Listing, ListingKind, Portal
from kwri_crawler.catalogue.json_api import JsonApi
from kwri_crawler.causes import Cause
from kwri_crawler.clock import utc_text
from kwri_crawler.plan import SELDOM, LastCrawl, next_due
from kwri_crawler.reading.stages import load_stages
from kwri_crawler.scout.verify import VerifySpider, sample, verify_all, without_network
from tests.crawling import run, run_here
from tests.offline import Offline, run_scout
from tests.sites.province import News, WordPress, news
from tests.sites.server import Answer, LocalServer, Request

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PORTAL = Portal(
    "kabar", "Kabar", "https://kabar.example.id/", "general", None, "Asia/Jakarta",
    (Listing(ListingKind.FEED, "https://kabar.example.id/feed/"),),
)  # fmt: skip


class Site(WordPress):
    """A portal whose answers can be spoilt."""

    has_api = False

    def __init__(self, spoil: dict[str, Answer] | None = None, page: Callable[[News], str] | None = None) -> None:
        super().__init__(news(3, 6, NOW - 3 * HOUR), "Kabar")
        self.spoil, self.own_page = spoil or {}, page

    def answer(self, request: Request) -> Answer:
        return self.spoil.get(request.route) or self(request)

    def page(self, article: News) -> str:
        return self.own_page(article) if self.own_page else super().page(article)


def verify(site: Site, portal: Portal = PORTAL) -> Verified:
    spider = VerifySpider(portal, load_stages(get_project_settings()))
    asyncio.run(run_scout(spider, site))
    assert spider.verified is not None
    return spider.verified


def undated(article: News) -> str:
    return f'<html><body><h1>{article.title}</h1><div class="entry-content">{article.html * 4}</div></body></html>'


FIRST = f"/{news(3, 6, NOW - 3 * HOUR)[0].slug}/"


@pytest.mark.parametrize(
    ("site", "result", "field", "cause"),
    [
        (Site(), PASSED, None, None),
        (Site({"/feed/": Answer("no", 404)}), FAILED, "listing", Cause.GONE),
        (Site({"/feed/": Answer("no", 403)}), FAILED, "listing", Cause.BLOCK),
        (Site({"/feed/": Answer("<html>Beranda</html>")}), FAILED, "listing", Cause.UNREAD),
        (Site({FIRST: Answer("no", 404)}), PASSED, None, None),  # one may be gone: the next is tried
        (Site(page=lambda _: "<html><body>Masuk</body></html>"), FAILED, "article", None),
        (Site(page=undated), FAILED, "date", None),
        (Site({"/robots.txt": Answer("User-agent: *\nDisallow: /feed", content_type="text/plain")}), SKIPPED, "listing",
         Cause.ROBOTS),
    ],
)  # fmt: skip
def test_what_a_portal_fails_in_is_named(site: Site, result: str, field: str | None, cause: Cause | None) -> None:
    found = verify(site)
    assert (found.result, found.field) == (result, field), found
    assert cause is None or found.cause == cause.value
    assert found.listing == "https://kabar.example.id/feed/"


def test_a_page_that_prints_no_date_says_so() -> None:
    assert verify(Site(page=undated)).why == "no date on the page"


def test_an_api_is_read_as_the_portals_file_says() -> None:
    slugs = [one.slug for one in Site().articles]
    site = Site({"/api/": Answer(json.dumps({"data": [{"slug": slug} for slug in slugs]}))})
    api = JsonApi(items=("data",), address="/{slug}/", template="https://kabar.example.id/api/")
    found = verify(
        site, replace(PORTAL, listings=(Listing(ListingKind.API, "https://kabar.example.id/api/", api=api),))
    )
    assert (found.result, found.article) == (PASSED, f"https://kabar.example.id/{slugs[0]}/"), found


def test_a_verification_asks_for_one_listing_and_one_article() -> None:
    asked: list[str] = []
    site = Site()
    whole = site.answer
    site.answer = lambda request: (asked.append(request.route), whole(request))[1]  # type: ignore[method-assign]
    assert verify(site).result == PASSED
    assert asked == ["/robots.txt", "/feed/", FIRST]


def test_where_no_portal_answers_it_is_this_machines_network() -> None:
    failed = [Verified(str(n), FAILED, "listing", "x", Cause.DNS.value, None, None) for n in range(3)]
    assert {one.result for one in without_network(failed)} == {SKIPPED}
    assert {one.result for one in without_network(failed[:2])} == {FAILED}
    one_refuses = failed[0]._replace(cause=Cause.BLOCK.value)
    assert {one.result for one in without_network([*failed, one_refuses])} == {FAILED}


def test_a_sample_takes_those_first_that_were_verified_longest_ago() -> None:
    portals = [replace(PORTAL, id=name) for name in ("a", "b", "c", "d")]
    last = {"a": NOW, "b": NOW - HOUR, "d": NOW - 2 * HOUR}
    assert [one.id for one in sample(portals, last, 2)] == ["c", "d"]
    assert [one.id for one in sample(portals, last, None)] == ["c", "d", "b", "a"]


def test_many_are_verified_together_each_once() -> None:
    portals = [replace(PORTAL, id=f"p{n}") for n in range(9)]
    under_way = most = 0

    async def one(portal: Portal) -> Verified:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        return Verified(portal.id, PASSED, None, None, None, None, None)

    told: list[str] = []
    found = asyncio.run(verify_all(portals, one, lambda v: told.append(v.portal), at_once=4))
    assert [v.portal for v in found] == sorted(told) == [portal.id for portal in portals]
    assert most == 4


# ---------------------------------------------------------------- quarantine


@pytest.fixture
def db(tmp_path: Path) -> Database:
    """An archive that knows one portal, by a crawl that failed ten days ago."""
    db = open_archive(tmp_path / "kwri.sqlite")
    crawl = crawls.begin(db, PORTAL, None, None)
    db.conn.execute(
        "UPDATE crawls SET started_at = ?, finish = 'no listing', found = 0 WHERE id = ?",
        (utc_text(NOW - timedelta(days=10)), crawl),
    )
    return db


def found(result: str, field: str | None = "listing") -> Verified:
    return Verified("kabar", result, field, "HTTP 404", Cause.GONE.value, None, None)


@pytest.mark.parametrize(
    ("past", "changes"),
    [
        ([(0, FAILED, "listing")], []),
        ([(0, FAILED, "listing"), (19, FAILED, "listing")], []),  # one evening's outage
        ([(0, FAILED, "listing"), (20, FAILED, "article")], [BEGUN]),
        ([(0, FAILED, "listing"), (20, FAILED, "listing"), (40, FAILED, "listing")], [BEGUN]),  # once
        ([(0, FAILED, "date"), (20, FAILED, "date")], []),  # its articles come: to ask is no waste
        ([(0, FAILED, "listing"), (20, FAILED, "date")], []),
        ([(0, FAILED, "listing"), (10, PASSED, None), (30, FAILED, "listing")], []),
        ([(0, FAILED, "listing"), (10, PASSED, None), (30, FAILED, "listing"), (55, FAILED, "listing")], [BEGUN]),
        ([(0, FAILED, "listing"), (10, SKIPPED, None), (30, FAILED, "listing")], [BEGUN]),
        ([(0, FAILED, "listing"), (20, FAILED, "listing"), (30, PASSED, None)], [BEGUN, ENDED]),
        ([(0, FAILED, "listing"), (20, FAILED, "listing"), (30, SKIPPED, None)], [BEGUN]),
        ([(0, PASSED, None)], []),
    ],
)
def test_a_portal_that_keeps_failing_is_put_into_quarantine_and_let_out(
    past: list[tuple[int, str, str | None]], changes: list[str], db: Database
) -> None:
    told = [verifications.record(db, [found(result, field)], NOW + hours * HOUR) for hours, result, field in past]
    assert [word for one in told for _, word in one] == changes
    assert [row[0] for row in db.conn.execute("SELECT word FROM quarantines ORDER BY id")] == changes
    assert verifications.is_quarantined(db, "kabar") is (changes[-1:] == [BEGUN])
    assert db.conn.execute("SELECT count(*) FROM verifications").fetchone() == (len(past),)
    assert verifications.last_verified(db) == {"kabar": NOW + past[-1][0] * HOUR}


def test_a_portal_that_the_archive_does_not_know_leaves_no_trace(db: Database) -> None:
    assert verifications.record(db, [found(FAILED)._replace(portal="tiada")], NOW) == []
    assert verifications.last_verified(db) == {}


def test_a_crawl_that_went_well_between_two_failures_counts(db: Database) -> None:
    verifications.record(db, [found(FAILED)], NOW)
    db.conn.execute("UPDATE crawls SET started_at = ?, finish = 'finished', found = 3", (utc_text(NOW + HOUR),))
    assert verifications.record(db, [found(FAILED)], NOW + 30 * HOUR) == []


def test_a_portal_in_quarantine_is_due_once_a_week(db: Database) -> None:
    last = LastCrawl(NOW, "no listing", NOW + HOUR, seldom=True)
    assert next_due(last, HOUR, NOW + HOUR) == NOW + SELDOM
    assert next_due(last, HOUR, NOW + SELDOM) == NOW + SELDOM
    assert next_due(replace(last, finish="time"), HOUR, NOW + HOUR) == NOW + SELDOM, "a backlog is no haste"
    assert next_due(replace(last, seldom=False), HOUR, NOW) == NOW + HOUR
    ahead = replace(last, started_at=NOW + timedelta(days=300))
    assert next_due(ahead, HOUR, NOW) == NOW, "a clock that was ahead holds nothing up"
    for hours in (0, 20):
        verifications.record(db, [found(FAILED)], NOW + hours * HOUR)
    assert crawls.last_crawls(db)["kabar"].seldom


@pytest.mark.parametrize(("spoil", "is_out"), [({}, True), ({"/feed/": Answer("no", 404)}, False)])
def test_a_crawl_ends_a_quarantine_where_it_goes_well(
    spoil: dict[str, Answer], is_out: bool, db: Database, tmp_path: Path
) -> None:
    for hours in (0, 20):
        verifications.record(db, [found(FAILED)], NOW + hours * HOUR)
    db.close()
    Offline(Site(spoil), PORTAL, tmp_path / "kwri.sqlite").crawl()
    db = open_archive(tmp_path / "kwri.sqlite")
    assert verifications.is_quarantined(db, "kabar") is not is_out
    assert len(db.conn.execute("SELECT 1 FROM quarantines").fetchall()) == 1 + is_out
    db.close()


# ---------------------------------------------------------------- the command


class Two(LocalServer):
    """A portal that is well and one whose feed is gone."""

    def answer(self, request: Request) -> Answer:
        return Site({"/feed/": Answer("no", 404)} if request.host.startswith("lama") else None).answer(request)


def test_the_command_says_which_passed_and_keeps_what_it_found(tmp_path: Path) -> None:
    folder, archive = tmp_path / "portals", tmp_path / "kwri.sqlite"
    folder.mkdir()
    for name in ("baru", "lama"):
        (folder / f"{name}.toml").write_text(
            f'name = "{name}"\nhome = "https://{name}.example.id/"\nfamily = "general"\nzone = "Asia/Jakarta"\n'
            'listings = [{ kind = "feed", url = "/feed/" }]\n'
        )
    db = open_archive(archive)
    crawls.begin(db, replace(PORTAL, id="lama"), None, None)
    for hours in (40, 30):
        verifications.record(db, [found(FAILED)._replace(portal="lama")], datetime.now(UTC) - hours * HOUR)
    db.close()
    with Two() as server:
        done = run(
            "portals", "--verify", PORTALS_PATH=str(folder), ARCHIVE_PATH=str(archive), CONTACT="a@example.invalid",
            CONNECT_TO=json.dumps({"*": server.address}), DOWNLOAD_DELAY="0",
        )  # fmt: skip
    assert done.code == 3, done.log
    lines = done.out.splitlines()
    assert lines[0] == "2 portals: 1 failed, 0 skipped, 1 passed"
    assert lines[2].split()[:3] == ["lama", "FAILED", "listing"]
    assert lines[3].split()[:2] == ["baru", "PASSED"]
    assert lines[4] == "lama: quarantine begins: it is asked once a week"
    shown = run_here("portals", "lama", PORTALS_PATH=str(folder), ARCHIVE_PATH=str(archive))
    assert "quarantine: it failed its verifications" in shown.out


def test_a_sample_without_verify_is_a_wrong_argument(tmp_path: Path) -> None:
    assert run_here("portals", "--sample", "5", ARCHIVE_PATH=str(tmp_path / "a.sqlite")).code == 2
