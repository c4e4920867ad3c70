"""What every request and answer passes: the guard, robots.txt, the portal's pace, decompression.

Refuses other hosts and private addresses, what robots.txt forbids, answers larger than DOWNLOAD_MAXSIZE and answers
that were cut off on the way.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable
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
from kwri_crawler.web.network import explain_no_answer
from kwri_crawler.web.unpacking import CutOff, NotTaken, encodings_in, is_whole, unpack, unpack_announced_or_not

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)

ROBOTS_MAX_BYTES = 512 << 10  # RFC 9309: a crawler must read this much, and need not read more
TOO_BUSY = frozenset((429, 503))
STUMBLED = frozenset((500, 502, 504, 522, 524, 408))
# Scripts of Cloudflare, cloudProtector and JSL. A title ("Harap tunggu") or a captcha may be on a page of maintenance.
_CHALLENGE_MARKS = (b"_cf_chl_opt", b"cf-browser-verification", b"slowAES.decrypt", b"__jsl_clearance")
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


@runtime_checkable
class Bounded(Protocol):
    """A spider that says where it may go. For any other, as in `scrapy shell URL`, nothing is refused or remembered."""

    def refuse(self, url: str) -> str | None:
        """Say why an address is not asked for; None when it may be."""

    @property
    def robots(self) -> RobotsMemory | None:
        """Return the memory; None for a spider that keeps nothing."""


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
        spider = self.crawler.spider
        reason = spider.refuse(request.url) if isinstance(spider, Bounded) else None
        if reason is not None:
            hops = request.meta.get("redirect_times", 0)
            if hops:
                raise Refused(Cause.MOVED, f"redirected to {request.url[:200]}: {reason}")
            raise Refused(Cause.RULE, reason)


class Redirect(RedirectMiddleware):
    """Scrapy's own, with an exception of its own for the end of its patience."""

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
        spider = self.crawler.spider
        return spider.robots if isinstance(spider, Bounded) else None

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """Return the host's rules; an earlier crawl's when they are young enough (RFC 9309: a day at most)."""
        url = urlparse_cached(request)
        async with self._one_at_a_time:
            if url.netloc not in self._parsers:
                body = await self._memory.read(url.netloc) if self._memory is not None else None
                if body is not None:
                    self._parsers[url.netloc] = Deferred()  # what Scrapy's own puts there before it parses
                    kept = TextResponse(f"{url.scheme}://{url.netloc}/robots.txt", body=body)
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
        elif len(response.body) > ROBOTS_MAX_BYTES:
            response = response.replace(body=response.body[:ROBOTS_MAX_BYTES])
        if self._memory is not None:
            await self._memory.keep(netloc, response.body)
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if not isinstance(exc, IgnoreRequest):
            why = explain_no_answer(exc, urlsplit(f"//{netloc}").hostname or "")
            self._closed[netloc] = RobotsUnavailable(why.cause, f"robots.txt could not be fetched: {why.text}")
        elif isinstance(exc, AskedToWait):
            self._closed[netloc] = AskedToWait(exc.until, exc.cause, f"robots.txt: {exc}")
        else:
            cause = exc.cause if isinstance(exc, NotAsked) else Cause.ROBOTS_UNREACHABLE
            self._closed[netloc] = RobotsUnavailable(cause, str(exc))
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
        if not self._not_before:
            return
        host = urlparse_cached(request).hostname or ""
        while (wait := self._not_before.get(host, 0.0) - time.monotonic()) > 0:
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
        self._not_before[host] = max(self._not_before.get(host, 0.0), time.monotonic() + asked)
        return response

    def _read_crawl_delay(self, robotparser: RobotParser, request: Request) -> None:
        asked = robotparser.crawl_delay(self.crawler.settings["USER_AGENT"])
        host = urlparse_cached(request).hostname or ""
        if not asked or self.crawler.engine is None:
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
