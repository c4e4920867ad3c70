"""What every request and answer passes: the guard, robots.txt, the portal's pace, decompression.

Refuses other hosts and private addresses, what robots.txt forbids, answers larger than DOWNLOAD_MAXSIZE and answers
that were cut off on the way.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import re
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Protocol, cast
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest, ResponseDataLossError
from scrapy.http import TextResponse
from scrapy.responsetypes import responsetypes
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred

from kwri_crawler.causes import Cause, cause_of_status
from kwri_crawler.web.addresses import host_of, refuse_reason
from kwri_crawler.web.cookies import Cookies
from kwri_crawler.web.network import explain_no_answer
from kwri_crawler.web.unpacking import CutOff, NotTaken, encodings_in, is_whole, unpack, unpack_announced_or_not

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)

ROBOTS_MAX_BYTES = 512 << 10  # RFC 9309: a crawler must read this much, and need not read more
TOO_BUSY = frozenset((429, 503))
STUMBLED = frozenset((500, 502, 504, 522, 524, 408))
# Scripts of Cloudflare, cloudProtector and JSL. A title ("Harap tunggu") or a captcha may be on a page of maintenance.
_CHALLENGE_MARKS = (b"_cf_chl_opt", b"cf-browser-verification", b"slowAES.decrypt", b"__jsl_clearance")
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_WEB = frozenset(("http", "https"))
LONGEST_WAIT_S = 30 * 86400.0  # whatever a portal asks for: the clock of many a server is wrong by years


class NotAsked(IgnoreRequest):
    """A request that gets no answer to read; the cause is for programs, the message for people."""

    def __init__(self, cause: Cause, message: str) -> None:
        super().__init__(message)
        self.cause = cause


class Refused(NotAsked):
    """We do not ask for this, or do not take it."""


class RobotsForbids(NotAsked):
    """robots.txt forbids this address."""

    def __init__(self) -> None:
        super().__init__(Cause.ROBOTS, "Forbidden by robots.txt")


class RedirectedWithoutEnd(NotAsked):
    """Redirected more than REDIRECT_MAX_TIMES."""

    def __init__(self) -> None:
        super().__init__(Cause.MOVED, "redirected without end")


class AskedToWait(NotAsked):
    """The portal wants no request before `until`, and that is longer than a crawl waits."""

    def __init__(self, until: datetime, cause: Cause, message: str) -> None:
        super().__init__(cause, message)
        self.until = until


class RobotsUnavailable(NotAsked):
    """robots.txt is unavailable; RFC 9309: treat everything as disallowed for now."""


class RobotsMemory(Protocol):
    """What hosts' robots.txt said to earlier crawls; a host is named with its port."""

    async def read(self, host: str) -> bytes | None:
        """Return a host's robots.txt if it is young enough; None if not."""

    async def keep(self, host: str, body: bytes) -> None:
        """Keep a host's robots.txt as it came now."""


class Bounded(Protocol):
    """A spider that says where it may go. For any other, as in `scrapy shell URL`, nothing is refused or remembered."""

    def refuse(self, url: str) -> str | None:
        """Say why an address is not asked for; None when it may be."""

    @property
    def robots(self) -> RobotsMemory | None:
        """Return the memory; None for a spider that keeps nothing."""


def _bounds_of(spider: object) -> Bounded | None:
    """Return a spider that is Bounded; null for any other. Asked twice a request, so without typing's slow check."""
    kind = type(spider)
    return cast("Bounded", spider) if hasattr(kind, "refuse") and hasattr(kind, "robots") else None


class _OfCrawler:
    """A middleware that knows its crawler."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> _OfCrawler:
        """Build it as Scrapy does."""
        return cls(crawler)


class Guard(_OfCrawler):
    """Lets requests go to the portal's own hosts only, redirects and start requests too."""

    def process_request(self, request: Request) -> None:
        """Raise Refused for any other address."""
        bounds = _bounds_of(self.crawler.spider)
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


class RobotsTxt(RobotsTxtMiddleware):
    """Scrapy's own, but a robots.txt that cannot be had forbids everything for this crawl."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._one_at_a_time = asyncio.Lock()
        self._closed: dict[str, IgnoreRequest] = {}  # host and port -> why its robots.txt could not be had
        # Scrapy logs a traceback for a portal that is down; the spider says it in a line, with the listing's address.
        logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)

    @property
    def _memory(self) -> RobotsMemory | None:
        bounds = _bounds_of(self.crawler.spider)
        return bounds.robots if bounds is not None else None

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """Return the host's rules; an earlier crawl's when they are young enough (RFC 9309: a day at most)."""
        url = urlparse_cached(request)
        async with self._one_at_a_time:
            if url.netloc not in self._parsers:
                body = await self._memory.read(url.netloc) if self._memory is not None else None
                if body is not None:
                    self._parsers[url.netloc] = Deferred()  # what Scrapy's own puts there before it parses
                    kept = TextResponse(f"{url.scheme}://{url.netloc}/robots.txt", body=plain_rules(body))
                    await super()._parse_robots(kept, url.netloc, request)
            return await super().robot_parser(request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            cause = Cause.ROBOTS_UNREACHABLE
            if response.status == 429 or is_challenge(response):
                cause = Cause.BLOCK
            raise RobotsUnavailable(cause, f"robots.txt answered HTTP {response.status}: not now")
        if response.status >= 400:
            response = response.replace(body=b"")  # RFC 9309: there are no rules
        response = response.replace(body=plain_rules(response.body)[:ROBOTS_MAX_BYTES])
        if self._memory is not None:
            await self._memory.keep(netloc, response.body)
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if not isinstance(exc, IgnoreRequest):
            why = explain_no_answer(exc, urlsplit(f"//{netloc}").hostname or "")
            self._closed[netloc] = RobotsUnavailable(why.cause, f"robots.txt could not be fetched: {why.text}")
        elif isinstance(exc, AskedToWait):
            self._closed[netloc] = AskedToWait(exc.until, exc.cause, f"robots.txt: {exc}")
        elif not isinstance(exc, RedirectedWithoutEnd):  # RFC 9309, 2.3.1.2: after five redirects there are no rules
            cause = exc.cause if isinstance(exc, NotAsked) else Cause.ROBOTS_UNREACHABLE
            said = str(exc)
            said = said if said.startswith("robots.txt") else f"robots.txt: {said}"
            self._closed[netloc] = RobotsUnavailable(cause, said)
        super()._robots_error(exc, netloc)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Raise RobotsUnavailable, AskedToWait or RobotsForbids for what may not be asked for."""
        reason = self._closed.get(urlparse_cached(request).netloc)
        if reason is not None:
            raise reason.with_traceback(None)
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise RobotsForbids from error


def plain_rules(body: bytes) -> bytes:
    """Return a robots.txt in UTF-8 without a mark, also where it came in UTF-16, or packed without a header."""
    with contextlib.suppress(NotTaken, CutOff):
        body = unpack_announced_or_not(body, (), 16 * ROBOTS_MAX_BYTES)
    for mark, charset in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if body.startswith(mark):
            return body[2:].decode(charset, "replace").encode()
    if b"\0" in body[:2]:
        return body.decode("utf-16-be" if body[:1] == b"\0" else "utf-16-le", "replace").encode()
    return body.removeprefix(b"\xef\xbb\xbf")


class Pace(_OfCrawler):
    """Waits when a portal asks for it: Crawl-delay, Retry-After, and a growing pause after errors."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self._crawl_delay_max = settings.getfloat("CRAWL_DELAY_MAX_S")
        self._wait_max = settings.getfloat("RETRY_AFTER_MAX_S")
        self._back_off = settings.getfloat("BACK_OFF_S")
        self._not_before: dict[str, float] = {}  # host -> monotonic seconds
        crawler.signals.connect(self._read_crawl_delay, signals.robots_parsed)

    async def process_request(self, request: Request) -> None:
        """Hold the request until its host may be asked again."""
        host = urlparse_cached(request).hostname or ""
        while (wait := self._not_before.get(host, -math.inf) - time.monotonic()) > 0:
            await asyncio.sleep(wait)

    def process_response(self, request: Request, response: Response) -> Response:
        """Remember a pause that the answer asks for; raises AskedToWait for one that a crawl does not sit out."""
        if response.status not in TOO_BUSY and response.status not in STUMBLED:
            return response
        host = urlparse_cached(request).hostname or ""
        asked = retry_after_s(response.headers.get("Retry-After"), datetime.now(UTC))
        if asked is not None and asked > self._wait_max:
            until = datetime.now(UTC) + timedelta(seconds=asked)
            cause = Cause.BLOCK if is_challenge(response) else cause_of_status(response.status)
            raise AskedToWait(until, cause, f"HTTP {response.status}: the portal asks to wait {asked:.0f} s")
        if asked is None:
            asked = min(self._back_off * 2 ** request.meta.get("retry_times", 0), self._wait_max)
        logger.info("%s: HTTP %d, waiting %.1f s", request.url, response.status, asked)
        self._not_before[host] = max(self._not_before.get(host, -math.inf), time.monotonic() + asked)
        return response

    def _read_crawl_delay(self, robotparser: RobotParser, request: Request) -> None:
        asked = robotparser.crawl_delay(self.crawler.settings["USER_AGENT"])
        host = urlparse_cached(request).hostname or ""
        if not asked:
            return
        delay = max(min(float(asked), self._crawl_delay_max), self.crawler.settings.getfloat("DOWNLOAD_DELAY"))
        downloader = self.crawler.engine.downloader
        downloader.per_slot_settings[host] = {"delay": delay}  # slots that rest are made anew from this
        if host in downloader.slots:
            downloader.slots[host].delay = delay
        logger.info("%s: robots.txt asks for a delay of %s s; using %.1f s", host, asked, delay)


def is_challenge(response: Response) -> bool:
    """Return whether an answer with an HTTP error is a challenge to browsers, by what only a challenge has."""
    start = response.body[:200_000]
    return "cf-mitigated" in response.headers or any(mark in start for mark in _CHALLENGE_MARKS)


def retry_after_s(header: bytes | None, now: datetime) -> float | None:
    """Read a Retry-After header, seconds or an HTTP date, as seconds from `now`, at most LONGEST_WAIT_S.

    Null if it says nothing: absent, unreadable, or a moment that is over, as a server says whose clock is wrong.
    """
    if header is None:
        return None
    text = header.decode("latin-1").strip()
    if re.fullmatch(r"[0-9]+(?:\.[0-9]*)?", text):
        return min(float(text), LONGEST_WAIT_S)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = (moment - now).total_seconds()
    return min(seconds, LONGEST_WAIT_S) if seconds > 0 else None


class Decompress(_OfCrawler):
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
