"""robots.txt as the middleware takes it: what each answer means, what is remembered, and whom it holds up."""

import asyncio
import time
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request, Spider, signals
from scrapy.exceptions import CannotResolveHostError, DownloadTimeoutError, IgnoreRequest
from scrapy.http import HtmlResponse, TextResponse
from scrapy.utils.test import get_crawler

from kwri_crawler.causes import Cause
from kwri_crawler.web.middlewares import Decompress, Guard
from kwri_crawler.web.pace import Pace
from kwri_crawler.web.refusals import (
    AskedToWait,
    NotAsked,
    RedirectedWithoutEnd,
    Refused,
    RobotsForbids,
    RobotsUnavailable,
)
from kwri_crawler.web.robots import RobotsTxt

URL, HOST = "https://contoh.id/a", "contoh.id"
RULES = b"User-agent: *\nDisallow: /rahasia\nCrawl-delay: 7\n"


class Memory:
    """What earlier crawls were told, in a dict."""

    def __init__(self, **kept: bytes) -> None:
        self.kept = {name.replace("_", "."): body for name, body in kept.items()}
        self.asked: list[str] = []

    async def read(self, host: str) -> bytes | None:
        self.asked.append(host)
        return self.kept.get(host)

    async def keep(self, host: str, body: bytes) -> None:
        self.kept[host] = body


class _Portal(Spider):
    name = "uji"
    robots: Memory | None = None

    def refuse(self, url: str) -> str | None:
        return None if url.startswith("https://contoh.id/") else "another host"


def middleware(answer: Any = None, memory: Memory | None = None, spider: Spider | None = None) -> RobotsTxt:
    """Make the middleware on an engine that answers robots.txt; an error is raised instead."""

    async def download(request: Request) -> Any:
        made.asked.append(request.url)  # type: ignore[attr-defined]
        if isinstance(answer, Exception):
            raise answer
        return answer

    crawler = get_crawler(Spider, {"ROBOTSTXT_OBEY": True, "USER_AGENT": "kwri"})
    crawler.spider = spider or _Portal()
    crawler.spider.robots = memory  # type: ignore[attr-defined]
    crawler.engine = SimpleNamespace(download_async=download)  # type: ignore[assignment]
    made = RobotsTxt(crawler)
    made.asked = []  # type: ignore[attr-defined]
    return made


def ask(robots: RobotsTxt, url: str = URL) -> Exception | None:
    """Ask for an address; return what is raised."""

    async def scenario() -> None:
        await robots.process_request(Request(url))

    try:
        asyncio.run(scenario())
    except NotAsked as error:
        return error
    return None


def said(body: bytes, status: int = 200, **headers: str) -> HtmlResponse:
    url = "https://contoh.id/robots.txt"
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return HtmlResponse(url, status, named, body, request=Request(url))


@pytest.mark.parametrize(("answer", "cause", "words"), [
    (said(b"", 429), Cause.BLOCK, "robots.txt answered HTTP 429: not now"),
    (said(RULES, 500), Cause.ROBOTS_UNREACHABLE, "robots.txt answered HTTP 500: not now"),
    (said(b"", 503, cf_mitigated="challenge"), Cause.BLOCK, "robots.txt answered HTTP 503: not now"),
    (DownloadTimeoutError(), Cause.TIME_OUT, "robots.txt could not be fetched: no answer in time"),
    (Refused(Cause.MOVED, "redirected away"), Cause.MOVED, "robots.txt: redirected away"),
    (IgnoreRequest("not now"), Cause.ROBOTS_UNREACHABLE, "robots.txt: not now"),
    (said(b"", 599), Cause.ROBOTS_UNREACHABLE, "robots.txt answered HTTP 599: not now"),
], ids=["429", "500", "challenge", "time-out", "redirect", "ignored", "599"])  # fmt: skip
def test_without_robots_txt_everything_is_disallowed_for_now(answer: Any, cause: Cause, words: str) -> None:
    memory = Memory()
    robots = middleware(answer, memory)
    for _ in range(2):
        error = ask(robots)
        assert isinstance(error, RobotsUnavailable)
        assert (error.cause, str(error)) == (cause, words)
    assert robots.asked == ["https://contoh.id/robots.txt"], "once a crawl"  # type: ignore[attr-defined]
    assert memory.kept == {}, "the next crawl asks again"
    assert memory.asked == [HOST], "and the memory too"


def test_a_wait_that_is_asked_for_instead_of_rules_is_kept_with_its_moment() -> None:
    until = datetime(2030, 1, 1, tzinfo=UTC)
    error = ask(middleware(AskedToWait(until, Cause.BLOCK, "HTTP 429: the portal asks to wait 3600 s")))
    assert isinstance(error, AskedToWait)
    assert (error.until, str(error)) == (until, "robots.txt: HTTP 429: the portal asks to wait 3600 s")


def test_a_host_that_is_not_known_is_named_without_its_port() -> None:
    error = ask(middleware(CannotResolveHostError()), "https://contoh.id:8080/a")
    assert str(error) == "robots.txt could not be fetched: contoh.id is not known to the name servers"


def test_rules_that_are_redirected_without_end_are_none() -> None:
    """RFC 9309, 2.3.1.2."""
    assert ask(middleware(RedirectedWithoutEnd(), Memory()), "https://contoh.id/rahasia") is None


@pytest.mark.parametrize("memory", [None, {}, {"contoh_id": RULES}])
def test_requests_at_once_ask_for_the_rules_once(memory: dict[str, bytes] | None) -> None:
    kept = None if memory is None else Memory(**memory)
    robots = middleware(said(RULES), kept)

    async def scenario() -> list[BaseException | None]:
        asked = (robots.process_request(Request(URL + str(n))) for n in range(3))
        return list(await asyncio.gather(*asked, return_exceptions=True))

    assert asyncio.run(scenario()) == [None] * 3
    assert robots.asked == ([] if memory else ["https://contoh.id/robots.txt"])  # type: ignore[attr-defined]
    assert kept is None or kept.asked == [HOST]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 428, 430, 451, 499])
def test_a_portal_without_rules_allows_all(status: int) -> None:
    memory = Memory()
    assert ask(middleware(said(RULES, status), memory), "https://contoh.id/rahasia") is None
    assert memory.kept == {HOST: b""}


def test_rules_are_followed_and_remembered() -> None:
    memory = Memory()
    robots = middleware(said(RULES), memory)
    assert ask(robots) is None
    assert isinstance(ask(robots, "https://contoh.id/rahasia/a"), RobotsForbids)
    assert memory.kept[HOST].splitlines() == RULES.splitlines()


def test_what_an_earlier_crawl_was_told_is_not_asked_for_again() -> None:
    robots = middleware(said(b"", 500), Memory(contoh_id=RULES))
    assert ask(robots) is None
    assert isinstance(ask(robots, "https://contoh.id/rahasia/a"), RobotsForbids)
    assert robots.asked == []  # type: ignore[attr-defined]
    assert isinstance(ask(robots, "https://contoh.id:8080/a"), RobotsUnavailable), "a port has rules of its own"


def test_a_spider_without_memory_asks_each_time_anew() -> None:
    assert ask(middleware(said(RULES), None)) is None
    plain = middleware(said(RULES), None, Spider("shell"))
    assert isinstance(ask(plain, "https://contoh.id/rahasia"), RobotsForbids)


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_rules_are_read_in_every_unicode(charset: str) -> None:
    body = "User-agent: *\nDisallow: /rahasia\n".encode(charset)
    assert isinstance(ask(middleware(said(body)), "https://contoh.id/rahasia"), RobotsForbids)


@pytest.mark.parametrize(("more", "forbidden"), [(0, True), (1, False)])
def test_of_rules_half_a_megabyte_is_read(more: int, forbidden: bool) -> None:
    """RFC 9309: a crawler must read so much, and need not read more; a line that is cut names another path."""
    head, last = b"User-agent: *\n", b"Disallow: /rahasia"
    filler = b"# catatan catatan catatan\n"
    room = 524_288 - len(head) - len(last) + more
    body = head + filler * (room // len(filler)) + b"#" * (room % len(filler) - 1) + b"\n" + last
    assert len(body) == 524_288 + more
    error = ask(middleware(said(body)), "https://contoh.id/rahasia")
    assert isinstance(error, RobotsForbids), "also the cut line forbids what it begins"
    assert (ask(middleware(said(body)), "https://contoh.id/rahasi") is None) is forbidden


# ---------------------------------------------------------------------- the pace that is asked for


@pytest.mark.parametrize(("asked", "delay"), [(7, 7.0), (0.5, 1.0), (90, 30.0), (None, None), (0, None)])
@pytest.mark.parametrize("resting", [True, False])
def test_a_crawl_delay_is_kept_between_ours_and_the_most(
    asked: float | None, delay: float | None, resting: bool
) -> None:
    crawler = get_crawler(Spider, {"CRAWL_DELAY_MAX_S": 30, "DOWNLOAD_DELAY": 1, "USER_AGENT": "kwri"})
    slot = SimpleNamespace(delay=1.0)
    downloader = SimpleNamespace(per_slot_settings={}, slots={} if resting else {HOST: slot})
    crawler.engine = SimpleNamespace(downloader=downloader)  # type: ignore[assignment]
    pace = Pace.from_crawler(crawler)
    rules: Any = SimpleNamespace(crawl_delay=lambda agent: asked if agent == "kwri" else 99)
    assert pace.crawler is crawler
    told = crawler.signals.send_catch_log(signals.robots_parsed, robotparser=rules, request=Request(URL))
    assert [result for _, result in told] == [None], "it is told, and makes no error"
    assert downloader.per_slot_settings == ({} if delay is None else {HOST: {"delay": delay}})
    assert slot.delay == (1.0 if resting or delay is None else delay)


def test_a_request_waits_until_its_host_may_be_asked_and_others_do_not() -> None:
    pace = Pace(get_crawler(Spider))
    until = time.monotonic() + 0.1
    pace._not_before[HOST] = until

    async def scenario() -> tuple[float, float]:
        await pace.process_request(Request("https://lain.id/a"))
        other = time.monotonic()
        await pace.process_request(Request(URL))
        return other, time.monotonic()

    began = time.monotonic()
    other, own = asyncio.run(scenario())
    assert own >= until
    assert other < until or other - began > 0.1, "another host waited"


# ---------------------------------------------------------------------- what is built, and whom it asks


@pytest.mark.parametrize("kind", [Guard, Pace, Decompress])
def test_scrapy_builds_each_with_its_crawler(kind: Any) -> None:
    crawler = get_crawler(Spider)
    made = kind.from_crawler(crawler)
    assert type(made) is kind
    assert made.crawler is crawler


def test_the_guard_lets_robots_txt_be_followed_to_another_public_host_and_nothing_else() -> None:
    crawler = get_crawler(Spider)
    crawler.spider = _Portal()
    guard = Guard(crawler)
    with pytest.raises(Refused, match=r"^another host$"):
        guard.process_request(Request("https://lain.id/a"))
    followed = {"dont_obey_robotstxt": True, "redirect_times": 1}
    guard.process_request(Request("https://lain.id/robots.txt", meta=followed))
    for url in ("https://10.0.0.1/robots.txt", "ftp://lain.id/robots.txt"):
        with pytest.raises(Refused, match="redirected to"):
            guard.process_request(Request(url, meta=followed))
    with pytest.raises(Refused):
        guard.process_request(Request("https://lain.id/robots.txt", meta={"dont_obey_robotstxt": True}))
    with pytest.raises(Refused):
        guard.process_request(Request("https://lain.id/a", meta={"redirect_times": 1}))


@pytest.mark.parametrize(("request_", "error", "said_"), [
    (Request(URL), RobotsForbids(), True), (Request(URL), Refused(Cause.RULE, "another host"), True),
    (Request(URL, callback=print, errback=print), RobotsForbids(), False),
    (Request(URL), DownloadTimeoutError(), False),
    (Request(URL, meta={"dont_obey_robotstxt": True}), Refused(Cause.MOVED, "redirected away"), False),
])  # fmt: skip
def test_what_is_not_asked_for_is_said_where_nobody_else_says_it(
    request_: Request, error: Exception, said_: bool, caplog: pytest.LogCaptureFixture
) -> None:
    guard = Guard(get_crawler(Spider))
    caplog.clear()  # What Scrapy says of its crawler is seen too where an earlier test let the log through.
    guard.process_exception(request_, error)
    assert caplog.messages == ([f"{URL}: not asked for: {error}"] if said_ else [])


@pytest.mark.parametrize(("body", "status", "flags", "meta", "taken"), [
    (b"<html></html>", 200, ["dataloss"], {}, True), (b"<html>", 200, ["dataloss"], {}, False),
    (b"<html>", 200, [], {}, True),
    (b"<html>", 404, ["dataloss"], {}, True), (b"<html>", 299, ["dataloss"], {}, False),
    (b"<html>", 300, ["dataloss"], {}, True),
    (b"User-agent: *\n", 200, ["dataloss"], {"dont_obey_robotstxt": True}, True), (b"", 200, ["dataloss"], {}, True),
    (b"User-agent: *", 200, ["dataloss"], {"dont_obey_robotstxt": True}, False),
    (b"User-agent: *", 200, ["dataloss"], {"dont_obey_robotstxt": True, "retry_times": 2}, True),
    (b"User-agent: *", 200, ["dataloss"], {"dont_obey_robotstxt": True, "retry_times": 1}, False),
    (b"\nUser-agent: *", 200, ["dataloss"], {"dont_obey_robotstxt": True}, False),
    (b"<html>", 199, ["dataloss"], {}, True), (b"<html>", 200, ["cached"], {}, True),
])  # fmt: skip
def test_an_answer_shorter_than_announced_is_taken_when_it_is_whole(
    body: bytes, status: int, flags: list[str], meta: dict[str, Any], taken: bool
) -> None:
    assert is_taken(body, status, flags, meta, 2) is taken


@pytest.mark.parametrize(("retries", "taken"), [(0, True), (1, False)])
def test_rules_that_break_off_are_taken_at_once_where_nothing_is_retried(retries: int, taken: bool) -> None:
    assert is_taken(b"User-agent: *", 200, ["dataloss"], {"dont_obey_robotstxt": True}, retries) is taken


def is_taken(body: bytes, status: int, flags: list[str], meta: dict[str, Any], retries: int) -> bool:
    """Return whether the answer is taken; else it is asked for again, unpacked."""
    crawler = get_crawler(Spider, {"RETRY_TIMES": retries, "DOWNLOAD_MAXSIZE": 1 << 20})
    crawler.spider = crawler._create_spider("uji")
    request = Request(URL, meta=meta)
    response = TextResponse(URL, status, {}, body, flags, request)
    found = Decompress(crawler).process_response(request, response)
    if isinstance(found, Request):
        assert found.headers["Accept-Encoding"] == b"identity"
    return not isinstance(found, Request)
