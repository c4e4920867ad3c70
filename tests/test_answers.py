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
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost, NoRouteError
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from kwri_crawler.items import Outcome
from kwri_crawler.spiders.answers import explain_failure
from kwri_crawler.web.middlewares import AskedToWait, Refused, RobotsUnavailable

URL = "https://kabar.co.id/pompa"
CERTIFICATE = SSL.Error([("SSL routines", "", "certificate verify failed")])
OLD_TLS = SSL.Error([("SSL routines", "", "unsupported protocol")])


def broken(*causes: Exception) -> DownloadFailedError:
    """Make what Scrapy makes of Twisted's ResponseFailed."""
    error = DownloadFailedError("[<twisted.python.failure.Failure ...>]")
    error.__cause__ = ResponseFailed([Failure(cause) for cause in causes])
    return error


@pytest.mark.parametrize(
    ("error", "outcome", "reason"),
    [
        (RobotsUnavailable("robots.txt answered HTTP 500: not now"), "failed", "robots.txt answered HTTP 500: not now"),
        (Refused("private host"), "refused", "private host"),
        (IgnoreRequest("Forbidden by robots.txt"), "refused", "Forbidden by robots.txt"),
        (IgnoreRequest("max redirections reached"), "failed", "redirected without end"),
        (IgnoreRequest(), "refused", "not asked for"),
        (DownloadCancelledError("Expected to receive ..."), "refused", "larger than DOWNLOAD_MAXSIZE allows"),
        (CannotResolveHostError("..."), "failed", "kabar.co.id is not known to the name servers"),
        (DownloadTimeoutError("..."), "failed", "no answer in time"),
        (DownloadConnectionRefusedError("..."), "failed", "the connection was refused"),
        (UnsupportedURLSchemeError("gopher"), "refused", "not http"),
        (ResponseDataLossError(), "failed", "the answer was cut off"),
        (ResponseDataLossError("br: early"), "failed", "the answer was cut off: br: early"),
        (broken(ConnectionLost()), "failed", "the connection was lost before the answer began"),
        (broken(ConnectionDone()), "failed", "the connection was lost before the answer began"),
        (broken(ValueError("two lengths")), "failed", "the answer is no HTTP that we understand: two lengths"),
        (broken(ConnectionDone(), ValueError("x")), "failed", "the answer is no HTTP that we understand: x"),
        (broken(CERTIFICATE), "failed", "no TLS connection: its certificate is not valid for it"),
        (broken(OLD_TLS), "failed", "no TLS connection: unsupported protocol"),
        (broken(SSL.Error()), "failed", "no TLS connection: the portal hung up"),
        (DownloadFailedError("why ever"), "failed", "the download failed: why ever"),
        (ConnectionLost(), "failed", "the connection was lost"),
        (ConnectError(string="no way"), "failed", "no connection: An error occurred while connecting: no way."),
        (NoRouteError(), "failed", "no connection: No route to host."),
        (RuntimeError("unforeseen " + "x" * 1000), "failed", ("RuntimeError: unforeseen " + "x" * 1000)[:300]),
    ],
)
def test_a_failure_is_explained(error: Exception, outcome: str, reason: str) -> None:
    settlement = explain_failure(Failure(error), Request(URL))
    assert (settlement.outcome, settlement.reason) == (Outcome(outcome), reason)
    assert settlement.next_try_at is None, "the ledger's own delays count"


def test_the_moment_that_a_portal_names_is_kept_for_the_next_try() -> None:
    until = datetime(2026, 7, 1, 12, tzinfo=UTC)
    settlement = explain_failure(Failure(AskedToWait(until, "HTTP 429: wait")), Request(URL))
    assert (settlement.outcome, settlement.next_try_at) == (Outcome.FAILED, until)
