"""Each way to get no page is told in words that a person understands, never in those of a library."""

from datetime import UTC, datetime

import pytest
from OpenSSL import SSL
from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import HtmlResponse
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost, NoRouteError
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from kwri_crawler.archive import ArchiveError
from kwri_crawler.catalogue import ListingKind, Portal
from kwri_crawler.causes import Cause
from kwri_crawler.items import Outcome
from kwri_crawler.pages.moved import A_STUB
from kwri_crawler.spiders.answers import explain_failure, judge_answer, kept_page, page_of, refresh_of
from kwri_crawler.spiders.entries import sent_on
from kwri_crawler.web.network import PublicOnlyResolver
from kwri_crawler.web.refusals import AskedToWait, RedirectedWithoutEnd, Refused, RobotsForbids, RobotsUnavailable

URL = "https://kabar.co.id/pompa"
PORTAL = Portal("kabar", "Kabar", "https://kabar.co.id/", "general", None, "Asia/Jakarta", ())
CERTIFICATE = SSL.Error([("SSL routines", "", "certificate verify failed")])
NO_HTTP = "the answer is no HTTP that we understand: x"
NO_WAY = ConnectError(string="no way")
OLD_TLS = SSL.Error([("SSL routines", "", "unsupported protocol")])


def broken(*causes: Exception) -> DownloadFailedError:
    """Make what Scrapy makes of Twisted's ResponseFailed."""
    error = DownloadFailedError("[<twisted.python.failure.Failure ...>]")
    error.__cause__ = ResponseFailed([Failure(cause) for cause in causes])
    return error


@pytest.mark.parametrize(
    ("error", "outcome", "cause", "reason"),
    [
        (
            RobotsUnavailable(Cause.ROBOTS_UNREACHABLE, "robots.txt answered HTTP 500: not now"),
            "failed",
            "robots unreachable",
            "robots.txt answered HTTP 500: not now",
        ),
        (RobotsUnavailable(Cause.DNS, "no such host"), "failed", "dns", "no such host"),
        (Refused(Cause.RULE, "private host"), "refused", "rule", "private host"),
        (RobotsForbids(), "refused", "robots", "Forbidden by robots.txt"),
        (RedirectedWithoutEnd(), "failed", "moved", "redirected without end"),
        (IgnoreRequest(), "refused", "rule", "not asked for"),
        (
            DownloadCancelledError("..."),
            "refused",
            "not taken",
            "larger than DOWNLOAD_MAXSIZE allows",
        ),
        (CannotResolveHostError("..."), "failed", "dns", "kabar.co.id is not known to the name servers"),
        (DownloadTimeoutError("..."), "failed", "time-out", "no answer in time"),
        (DownloadConnectionRefusedError("..."), "failed", "connection refused", "the connection was refused"),
        (UnsupportedURLSchemeError("gopher"), "refused", "rule", "not http"),
        (ResponseDataLossError(), "failed", "cut off", "the answer was cut off"),
        (ResponseDataLossError("br: early"), "failed", "cut off", "the answer was cut off: br: early"),
        (broken(ConnectionLost()), "failed", "no connection", "the connection was lost before the answer began"),
        (broken(ConnectionDone()), "failed", "no connection", "the connection was lost before the answer began"),
        (
            broken(ValueError("x")),
            "failed",
            "no connection",
            "the answer is no HTTP that we understand: x",
        ),
        (
            broken(ConnectionDone(), ValueError("x")),
            "failed",
            "no connection",
            "the answer is no HTTP that we understand: x",
        ),
        (broken(CERTIFICATE), "failed", "tls", "no TLS connection: its certificate is not valid for it"),
        (broken(OLD_TLS), "failed", "tls", "no TLS connection: unsupported protocol"),
        (broken(SSL.Error()), "failed", "tls", "no TLS connection: the portal hung up"),
        (DownloadFailedError("why ever"), "failed", "no connection", "the download failed: why ever"),
        (ConnectionLost(), "failed", "no connection", "the connection was lost"),
        (
            ConnectError(string="no way"),
            "failed",
            "no connection",
            f"no connection: {NO_WAY}",
        ),
        (NoRouteError(), "failed", "no connection", "no connection: No route to host."),
        (RuntimeError("unforeseen " + "x" * 1000), "failed", "ours", ("RuntimeError: unforeseen " + "x" * 1000)[:300]),
    ],
)
def test_a_failure_is_explained(error: Exception, outcome: str, cause: str, reason: str) -> None:
    settlement = explain_failure(Failure(error), Request(URL))
    assert (settlement.outcome, settlement.cause, settlement.reason) == (Outcome(outcome), Cause(cause), reason)
    assert settlement.next_try_at is None, "the ledger's own delays count"


def test_the_moment_that_a_portal_names_is_kept_for_the_next_try() -> None:
    until = datetime(2026, 7, 1, 12, tzinfo=UTC)
    settlement = explain_failure(Failure(AskedToWait(until, Cause.BLOCK, "HTTP 429: wait")), Request(URL))
    assert (settlement.outcome, settlement.next_try_at) == (Outcome.FAILED, until)
    assert settlement.cause is Cause.BLOCK


def answer(status: int, body: bytes = b"<p>x</p>", **headers: str) -> HtmlResponse:
    return HtmlResponse(URL, status=status, body=body, headers=headers)


@pytest.mark.parametrize(
    ("response", "outcome", "cause"),
    [
        *((answer(status), "failed", "block") for status in (401, 402, 403, 406, 407, 418, 429, 451)),
        *((answer(status), "failed", "server error") for status in (500, 502, 503, 504, 520, 521, 522, 530)),
        *((answer(status), "gone", "gone") for status in (404, 410)),
        (answer(408), "failed", "time-out"),
        *((answer(status), "failed", "unread") for status in (302, 304, 400, 405)),
        (answer(503, b"<script>window._cf_chl_opt={}</script>"), "failed", "block"),
        (answer(503, b"<title>Harap tunggu</title>Sedang pemeliharaan."), "failed", "server error"),
        (answer(503, b"<script src='https://www.google.com/recaptcha/api.js'></script>"), "failed", "server error"),
        (answer(200, **{"cf-mitigated": "challenge"}), "failed", "block"),
        (answer(200, b"  \n"), "unreadable", "unread"),
        (answer(200, **{"Content-Type": "application/pdf"}), "refused", "not taken"),
        (answer(200, b"%PDF-1.7"), "refused", "not taken"),
    ],
    ids=lambda value: (
        f"HTTP {value.status} {value.body[9:20]!r} {dict(value.headers)}"
        if isinstance(value, HtmlResponse)
        else str(value)
    ),
)
def test_an_answer_that_is_no_page_has_its_cause(response: HtmlResponse, outcome: str, cause: str) -> None:
    settlement = judge_answer(response, PORTAL)
    assert settlement is not None
    assert (settlement.outcome, settlement.cause) == (Outcome(outcome), Cause(cause))


def test_a_redirect_to_the_home_page_says_that_the_address_moved() -> None:
    request = Request(PORTAL.home, meta={"redirect_times": 1})
    settlement = judge_answer(HtmlResponse(PORTAL.home, body=b"<p>x</p>", request=request), PORTAL)
    assert settlement is not None
    assert (settlement.outcome, settlement.cause) == (Outcome.GONE, Cause.MOVED)


@pytest.mark.parametrize(
    "content_type",
    ["application/pdf; charset=x", "IMAGE/png", "application/vnd.ms-excel", "application/json", "video/mp4"],
)
def test_a_file_is_no_page_and_json_is_one_of_the_api_alone(content_type: str) -> None:
    response = answer(200, **{"Content-Type": content_type})
    settlement = judge_answer(response, PORTAL)
    assert settlement is not None
    assert settlement.reason == f"not a page: {content_type.lower()}"
    assert judge_answer(response, PORTAL, ListingKind.WORDPRESS) is None


@pytest.mark.parametrize("content_type", ["text/html", "", "text/plain; x=application/pdf", "application/xhtml+xml"])
def test_what_may_be_a_page_is_read(content_type: str) -> None:
    assert judge_answer(answer(200, **{"Content-Type": content_type}), PORTAL) is None


def test_an_archive_that_takes_no_more_says_so_of_the_address_that_robots_txt_held_up() -> None:
    settlement = explain_failure(Failure(ArchiveError("the disk is full", Cause.DISK)), Request(URL))
    assert (settlement.outcome, settlement.cause, settlement.reason) == (Outcome.FAILED, Cause.DISK, "the disk is full")


def test_a_name_that_leads_into_a_network_is_refused_and_one_that_is_unknown_failed() -> None:
    missing = Failure(CannotResolveHostError("..."))
    PublicOnlyResolver.refused["kabar.co.id"] = "10.0.0.1"
    try:
        assert explain_failure(missing, Request(URL)).outcome is Outcome.REFUSED
        assert explain_failure(missing, Request("https://lain.co.id/")).outcome is Outcome.FAILED
    finally:
        PublicOnlyResolver.refused.clear()


def test_the_header_refresh_is_read_like_one_in_a_page() -> None:
    assert refresh_of(answer(200, Refresh="0; url=/baru")) == "https://kabar.co.id/baru"
    assert refresh_of(answer(200)) is None


def test_a_page_is_kept_as_it_came_with_the_address_that_was_asked() -> None:
    request = Request(URL + "/baru", meta={"redirect_urls": [URL, URL + "/dua"]})
    headers = [("X-A", "1"), ("X-A", "2"), ("Content-Type", "text/html")]
    response = HtmlResponse(URL + "/baru", 200, headers, b"<p>x", request=request)
    page = page_of(response)
    assert (page.url, page.body, page.content_type, page.packed) == (URL + "/baru", b"<p>x", "text/html", ())
    kept = kept_page(response, page, PORTAL)
    assert (kept.portal, kept.asked_url, kept.url, kept.status) == ("kabar", URL, URL + "/baru", 200)
    assert sorted(kept.headers) == [("Content-Type", "text/html"), ("X-A", "1"), ("X-A", "2")]
    assert (kept.body, kept.received_at) == (b"<p>x", page.fetched_at)
    alone = HtmlResponse(URL, body=b"<p>x")
    assert kept_page(alone, page_of(alone), PORTAL).asked_url == URL


@pytest.mark.parametrize(
    ("headers", "size", "expected"),
    [
        ({}, A_STUB, "https://kabar.co.id/baru"),
        ({}, A_STUB + 1, None),  # to parse what is 50 MB of broken entries holds up all other portals for seconds
        ({"Refresh": "0; url=/lain"}, A_STUB + 1, "https://kabar.co.id/lain"),
    ],
)
def test_a_list_that_names_nothing_is_looked_into_for_a_move_only_where_it_is_small(
    headers: dict[str, str], size: int, expected: str | None
) -> None:
    body = b'<meta http-equiv="refresh" content="0; url=/baru">'
    assert sent_on(HtmlResponse(URL, headers=headers, body=body.ljust(size))) == expected
