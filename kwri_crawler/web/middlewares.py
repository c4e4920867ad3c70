"""What every request and answer passes beside robots.txt and pace: the guard, redirects, decompression.

Refuses other hosts and private addresses, answers larger than DOWNLOAD_MAXSIZE and answers that were cut off.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest, ResponseDataLossError
from scrapy.responsetypes import responsetypes

from kwri_crawler.causes import Cause
from kwri_crawler.web.addresses import host_of, refuse_reason
from kwri_crawler.web.bounded import OfCrawler, bounds_of
from kwri_crawler.web.cookies import Cookies
from kwri_crawler.web.refusals import NotAsked, RedirectedWithoutEnd, Refused
from kwri_crawler.web.unpacking import CutOff, NotTaken, encodings_in, is_whole, unpack, unpack_announced_or_not

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.http import Response
    from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_WEB = frozenset(("http", "https"))


class Guard(OfCrawler):
    """Lets requests go to the portal's own hosts only, redirects and start requests too."""

    def process_request(self, request: Request) -> None:
        """Raise Refused for any other address."""
        bounds = bounds_of(self.crawler.spider)
        reason = bounds.refuse(request.url) if bounds is not None else None
        if reason is not None and request.meta.get("dont_obey_robotstxt") and request.meta.get("redirect_times"):
            # RFC 9309, 2.3.1.2: robots.txt is followed to another host, and what stands there holds for this one.
            reason = refuse_reason(request.url, (host_of(request.url),))
        if reason is not None:
            hops = request.meta.get("redirect_times", 0)
            if hops:
                raise Refused(Cause.MOVED, f"redirected to {request.url[:200]}: {reason}")
            raise Refused(Cause.RULE, reason)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Say why a request of `scrapy fetch` and the like is not sent: Scrapy drops it without a word, and exits 0.

        Ours have an errback, which says it in the ledger; robots.txt is explained by the request that waits for it.
        """
        if isinstance(exception, NotAsked) and request.errback is None and not request.meta.get("dont_obey_robotstxt"):
            logger.warning("%s: not asked for: %s", request.url, exception)


class Redirect(RedirectMiddleware):
    """Scrapy's own; brings back the cookies of a redirect, and says when it leads nowhere or without end."""

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self._cookies = Cookies()

    def process_request(self, request: Request) -> None:
        """Add the cookies that the host set in a redirect."""
        cookie = self._cookies.header(request.url)
        if cookie is not None:
            request.headers["Cookie"] = cookie

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Return the request that a redirect asks for; raises Refused for one to what is no web address."""
        if 300 <= response.status < 400:
            self._cookies.keep(request.url, response.headers.getlist("Set-Cookie"))
        place = (response.headers.get("Location") or b"").decode("latin-1").strip()
        scheme = re.match(r"([a-z][a-z0-9+.-]{1,20}):(?!\d)", place, re.IGNORECASE)
        if response.status in _REDIRECTS and scheme and scheme[1].lower() not in _WEB:
            raise Refused(Cause.MOVED, f"redirected to {place[:200]!a}: not http")
        try:
            followed: Request | Response = super().process_response(request, response)
        except ValueError as error:
            raise Refused(Cause.MOVED, f"redirected to {place[:200]!a}: not an address") from error
        return followed

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        try:
            return super()._redirect(redirected, request, reason)
        except IgnoreRequest as error:  # the only reason for which it raises one
            raise RedirectedWithoutEnd from error


class Decompress(OfCrawler):
    """Undoes Content-Encoding, and says so when the answer was cut off: Scrapy's own takes half a page as a page."""

    def process_request(self, request: Request) -> None:
        """Say what we can read."""
        request.headers.setdefault("Accept-Encoding", b"gzip, deflate, br, zstd")

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Return the answer decompressed, or the request again when it is not whole.

        An article's page (`meta["packed"]`) stays as it came: it is unpacked where it is read, and kept as it is.
        Content-Length may be larger than what came, or the last chunk missing: a document that is whole is taken.
        Raises Refused when it is too large, ResponseDataLossError when it was not whole however often it was tried.
        """
        encodings = encodings_of(response)
        short = "dataloss" in response.flags and 200 <= response.status < 300  # fewer bytes than its head announced
        if (
            not response.body
            or request.method == "HEAD"
            or not (short or (encodings and not request.meta.get("packed")))
        ):
            return response
        maximum = self.crawler.settings.getint("DOWNLOAD_MAXSIZE")
        try:
            if short and not self._is_whole(request, unpack_announced_or_not(response.body, encodings, maximum)):
                raise CutOff(f"{len(response.body)} bytes came, and fewer than were announced")
            if request.meta.get("packed"):
                return response
            body = unpack(response.body, encodings, maximum)
        except NotTaken as error:
            raise Refused(Cause.NOT_TAKEN, str(error)) from error
        except CutOff as error:
            again = ask_plainly(request, self.crawler.spider, str(error)) if self.crawler.spider is not None else None
            if again is None:
                raise ResponseDataLossError(str(error)) from error
            return again
        response.headers.pop("Content-Encoding", None)
        kind = responsetypes.from_args(headers=response.headers, url=response.url, body=body)
        return response.replace(body=body, cls=kind)  # text: what was packed, Scrapy takes for bytes

    def _is_whole(self, request: Request, body: bytes) -> bool:
        """Tell a whole document; rules that break off are taken where no better ones come, for the portal's sake."""
        if request.meta.get("dont_obey_robotstxt"):  # robots.txt itself: nothing marks its end
            tried = request.meta.get("retry_times", 0) >= self.crawler.settings.getint("RETRY_TIMES")
            return body.endswith(b"\n") or tried
        return is_whole(body)


def encodings_of(response: Response) -> tuple[str, ...]:
    """Return how an answer is packed, in the order applied."""
    return encodings_in(b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1"))


def ask_plainly(request: Request, spider: Spider, reason: str) -> Request | None:
    """Make a request again whose answer was cut off; null when it was tried often enough."""
    again = get_retry_request(request, spider=spider, reason=reason)  # Scrapy retries nothing behind the download
    if again is not None:
        again.headers["Accept-Encoding"] = b"identity"  # for a server that lies about its encoding
    return again
