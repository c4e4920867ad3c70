"""One crawl's state with a real archive: what is opened, counted and closed; no engine, no request."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from kwri_crawler import clock
from kwri_crawler.archive import ArchiveError, PortalBusy
from kwri_crawler.archive.ledger import Settlement
from kwri_crawler.catalogue import Listing, ListingKind, Portal
from kwri_crawler.causes import Cause
from kwri_crawler.items import Article, Outcome
from kwri_crawler.spiders.access import LocalAccess
from kwri_crawler.spiders.arguments import ArgumentError, Bounds
from kwri_crawler.spiders.articles import level_of
from kwri_crawler.spiders.crawl import Crawl, refuse_address
from kwri_crawler.spiders.walk import Course, Finish
from kwri_crawler.web.addresses import ANOTHER_HOST, PRIVATE_HOST
from tests.crawling import rows

HOME = "https://kabar.example.id/"
PORTAL = Portal("kabar", "Kabar", HOME, "general", None, "Asia/Makassar", (Listing(ListingKind.FEED, f"{HOME}feed/"),))


class Engine:
    """Stands for Scrapy: notes how it was asked to end."""

    def __init__(self) -> None:
        self.ended: list[str] = []

    def end(self, finish: str) -> None:
        self.ended.append(finish)

    is_ending = False

    def again(self, request: Request, reason: str) -> Request | None:
        return request if reason else None

    async def pass_on(self, articles: list[Article], response: Response) -> None:
        raise AssertionError(f"nothing is told here: {articles} by {response}")


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    settings = get_project_settings()
    settings.setdict({"ARCHIVE_PATH": str(tmp_path / "kwri.sqlite"), "GIVE_UP_AFTER": 3}, priority="cmdline")
    yield settings
    clock.set_clock("")


@contextmanager
def opened(settings: Settings, bounds: Bounds | None = None, engine: Engine | None = None) -> Iterator[Crawl]:
    crawl = Crawl(PORTAL, bounds or Bounds(), settings, engine or Engine())
    try:
        yield crawl
    finally:
        crawl.readers.close()
        assert isinstance(crawl.access, LocalAccess)
        crawl.writer.close()
        crawl.access._lock.close()


FAILED = Settlement(Outcome.FAILED, "HTTP 503", 503, cause=Cause.SERVER_ERROR)


@pytest.mark.parametrize(
    ("answers", "ended"),
    [
        ([FAILED, FAILED], []),
        ([FAILED, FAILED, FAILED], ["unavailable"]),
        ([FAILED, FAILED, None, FAILED, FAILED], []),
        ([FAILED, FAILED, Settlement(Outcome.GONE, "HTTP 404", 404), FAILED], []),
        ([FAILED, FAILED, FAILED, FAILED], ["unavailable"]),
    ],
)
def test_a_portal_is_left_alone_after_so_many_failures_in_a_row(
    answers: list[Settlement | None], ended: list[str], settings: Settings
) -> None:
    engine = Engine()
    with opened(settings, engine=engine) as crawl:
        for answer in answers:
            crawl.count_answer(answer)
        assert engine.ended == ended
        assert crawl.is_over == bool(ended)
        if ended:
            assert crawl.finish is not None
            assert crawl.finish.reason == "3 answers in a row were no pages; the last: HTTP 503"


def test_the_first_reason_to_end_a_crawl_stands(settings: Settings) -> None:
    engine = Engine()
    with opened(settings, engine=engine) as crawl:
        crawl.stop("time", "the time is over")
        crawl.stop("blocked", "HTTP 403")
        assert crawl.finish is not None
        assert (crawl.finish.word, crawl.finish.reason, engine.ended) == ("time", "the time is over", ["time"])
        assert crawl.changed.is_set(), "whoever waits for room waits on"


@pytest.mark.parametrize(
    ("moment", "inside"),
    [
        (datetime(2024, 5, 31, 15, 59, 59, tzinfo=UTC), False),  # the day begins at 16:00 UTC in Makassar
        (datetime(2024, 5, 31, 16, 0, tzinfo=UTC), True),
        (datetime(2024, 6, 2, 15, 59, 59, tzinfo=UTC), True),
        (datetime(2024, 6, 2, 16, 0, tzinfo=UTC), False),
    ],
)
def test_the_bounds_are_days_of_the_portals_clock(moment: datetime, inside: bool, settings: Settings) -> None:
    with opened(settings, Bounds(date(2024, 6, 1), date(2024, 6, 2))) as crawl:
        assert crawl.is_inside(moment) is inside


@pytest.mark.parametrize(
    ("home", "url", "reason"),
    [
        (HOME, f"{HOME}berita-1/", None),
        (HOME, "https://lain.example.id/berita-1/", ANOTHER_HOST),
        (HOME, "http://10.0.0.7/", PRIVATE_HOST),
        ("http://10.0.0.7/", "http://10.0.0.7/berita-1/", None),  # a portal in the operator's own network
        ("http://10.0.0.7/", "http://10.0.0.8/berita-1/", ANOTHER_HOST),
    ],
)
def test_only_the_portals_own_hosts_are_asked(home: str, url: str, reason: str | None) -> None:
    refused = refuse_address(url, Portal("kabar", "Kabar", home, "general", None, "Asia/Jakarta", ()))
    assert refused == reason


def test_books_are_opened_and_closed_once_and_a_second_crawl_finds_the_portal_busy(settings: Settings) -> None:
    async def scenario() -> None:
        crawl = Crawl(PORTAL, Bounds(date(2024, 6, 1), None, 7), settings, Engine())
        with pytest.raises(PortalBusy):
            Crawl(PORTAL, Bounds(), settings, Engine())
        crawl.counts["stored"] += 1
        await crawl.close(Finish("finished"), Course(reached=True), 12, 3456)
        await crawl.abandon("too late: the books are closed")
        (row,) = rows(crawl.access.path, "SELECT * FROM crawls")
        assert (row["since"], row["max_pages"], row["finish"], row["reason"]) == ("2024-06-01", 7, "finished", None)
        assert (row["requests"], row["bytes"]) == (12, 3456)
        assert crawl.summary is not None
        assert crawl.summary.well
        again = Crawl(PORTAL, Bounds(), settings, Engine())  # lock and archive were let go
        await again.abandon("no engine")
        assert again.summary is None
        assert rows(crawl.access.path, "SELECT finish, reason FROM crawls WHERE id = 2") == [
            {"finish": "error", "reason": "no engine"}
        ]

    asyncio.run(scenario())


def test_robots_txt_is_kept_for_later_crawls_and_no_longer_than_so_many_hours(settings: Settings) -> None:
    async def scenario() -> None:
        settings.set("ROBOTS_KEPT_H", 6.0, priority="cmdline")
        settings.set("NOW", "2024-06-27T08:00:00+07:00", priority="cmdline")
        with opened(settings) as crawl:
            assert await crawl.robots.read("kabar.example.id:8080") is None
            await crawl.robots.keep("kabar.example.id:8080", b"User-agent: *\nDisallow: /wp-admin/")
            assert await crawl.robots.read("kabar.example.id:8080") == b"User-agent: *\nDisallow: /wp-admin/"
            assert await crawl.robots.read("kabar.example.id") is None
        for now, found in (("2024-06-27T13:59:00+07:00", True), ("2024-06-27T14:01:00+07:00", False)):
            settings.set("NOW", now, priority="cmdline")
            with opened(settings) as crawl:
                assert (await crawl.robots.read("kabar.example.id:8080") is not None) is found

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"JOBDIR": "jobs"}, ArgumentError, "leave them off"),
        ({"HTTPCACHE_ENABLED": True}, ArgumentError, "leave them off"),
        ({"NOW": "yesterday"}, ArgumentError, "yesterday"),
        ({"ARCHIVE_PATH": "/proc/kwri/kwri.sqlite"}, ArchiveError, "cannot be written"),
    ],
)
def test_a_crawl_that_cannot_be_opened_says_why(
    given: dict[str, object], error: type[Exception], message: str, settings: Settings, tmp_path: Path
) -> None:
    settings.setdict(given, priority="cmdline")
    with pytest.raises(error, match=message):
        Crawl(PORTAL, Bounds(), settings, Engine())
    assert not (tmp_path / "kwri.sqlite").exists()


@pytest.mark.parametrize(("settlement", "level"), [
    (Settlement(Outcome.KNOWN, "x", cause=Cause.KNOWN), logging.DEBUG),
    (Settlement(Outcome.UNREADABLE, "a list page", cause=Cause.RULE), logging.INFO),
    (Settlement(Outcome.UNREADABLE, "no body", cause=Cause.UNREAD), logging.WARNING),
    (Settlement(Outcome.FAILED, "no answer", cause=Cause.TIME_OUT), logging.WARNING),
])  # fmt: skip
def test_only_what_may_be_lost_is_a_warning(settlement: Settlement, level: int) -> None:
    assert level_of(settlement) == level
