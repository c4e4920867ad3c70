"""What every request and answer passes: the guard, robots.txt, the portal's pace, decompression.

Refuses other hosts and private addresses, what robots.txt forbids, answers larger than DOWNLOAD_MAXSIZE and answers
that were cut off on the way.
"""

from __future__ import annotations

import asyncio
import logging
import time
import zlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Protocol

import brotli
from scrapy import signals
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest, ResponseDataLossError
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

try:
    from compression import zstd  # type: ignore[import-not-found, unused-ignore]  # Python 3.14
except ImportError:
    from backports import zstd  # what Scrapy itself requires before 3.14

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from kwri_crawler.spiders.portal import PortalSpider

logger = logging.getLogger(__name__)

ROBOTS_MAX_BYTES = 512 << 10  # RFC 9309: a crawler must read this much, and need not read more
TOO_BUSY = frozenset((429, 503))
STUMBLED = frozenset((500, 502, 504, 522, 524, 408))


class Refused(IgnoreRequest):
    """We do not ask for this, or do not take it; the message says why."""


class AskedToWait(IgnoreRequest):
    """The portal wants no request before `until`, and that is longer than a crawl waits."""

    def __init__(self, until: datetime, message: str) -> None:
        super().__init__(message)
        self.until = until


class RobotsUnavailable(IgnoreRequest):
    """robots.txt could not be had: RFC 9309 reads that as: not now."""


class _OfCrawler:
    """A middleware that knows its crawler."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> _OfCrawler:
        """Build it as Scrapy does."""
        return cls(crawler)

    @property
    def spider(self) -> PortalSpider:
        spider: PortalSpider = self.crawler.spider  # type: ignore[assignment]
        return spider


class Guard(_OfCrawler):
    """Lets requests go to the portal's own hosts only, redirects and start requests too."""

    def process_request(self, request: Request) -> None:
        """Raise Refused for any other address."""
        reason = self.spider.refuse(request.url)
        if reason is not None:
            hops = request.meta.get("redirect_times", 0)
            raise Refused(f"redirected to {request.url[:200]}: {reason}" if hops else reason)


class RobotsTxt(RobotsTxtMiddleware):
    """Scrapy's own, but a robots.txt that cannot be had forbids everything for this crawl."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._closed: dict[str, str] = {}  # host and port -> why its robots.txt could not be had
        # Scrapy logs a traceback for a portal that is down; the spider says it in a line, with the listing's address.
        logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            raise RobotsUnavailable(f"robots.txt answered HTTP {response.status}: not now")
        if response.status >= 400:
            response = response.replace(body=b"")  # RFC 9309: there are no rules
        elif len(response.body) > ROBOTS_MAX_BYTES:
            response = response.replace(body=response.body[:ROBOTS_MAX_BYTES])
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        known = isinstance(exc, IgnoreRequest)
        self._closed[netloc] = str(exc) if known else f"robots.txt could not be fetched: {exc}"
        super()._robots_error(exc, netloc)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Raise RobotsUnavailable or IgnoreRequest for what may not be asked for."""
        reason = self._closed.get(urlparse_cached(request).netloc)
        if reason is not None:
            raise RobotsUnavailable(reason)
        super().process_request_2(rp, request)


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
            until = datetime.now(UTC) + timedelta(seconds=min(asked, 30 * 86400))
            raise AskedToWait(until, f"HTTP {response.status}: the portal asks to wait {asked:.0f} s")
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


def retry_after_s(header: bytes | None, now: datetime) -> float | None:
    """Read a Retry-After header, seconds or an HTTP date, as seconds from `now`; null if it says nothing."""
    if header is None:
        return None
    text = header.decode("latin-1").strip()
    if text.isdecimal() and len(text) < 10:
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


class Decompress(_OfCrawler):
    """Undoes Content-Encoding, and says so when the answer was cut off: Scrapy's own takes half a page as a page."""

    def process_request(self, request: Request) -> None:
        """Say what we can read."""
        request.headers.setdefault("Accept-Encoding", b"gzip, deflate, br, zstd")

    def process_response(self, request: Request, response: Response) -> Response:
        """Return the answer decompressed; raises Refused when too large, ResponseDataLossError when not whole."""
        if not response.body or request.method == "HEAD":
            return response
        encodings = b",".join(response.headers.getlist("Content-Encoding")).lower().split(b",")
        names = [name for name in (encoding.strip().decode("latin-1") for encoding in encodings) if name]
        if not names:
            return response
        maximum = self.crawler.settings.getint("DOWNLOAD_MAXSIZE")
        response = response.replace(body=decompress(response.body, names, maximum))
        del response.headers["Content-Encoding"]
        return response


def decompress(body: bytes, encodings: Iterable[str], maximum: int) -> bytes:
    """Undo encodings, named in the order applied; raises Refused when too large, ResponseDataLossError when cut."""
    for name in reversed([name for name in encodings if name != "identity"]):
        decoder = _DECODERS.get(name)
        if decoder is None:
            raise Refused(f"the answer is encoded as {name[:40]!r}, which we cannot read")
        try:
            body = decoder(body, maximum)
        except (zlib.error, brotli.error, zstd.ZstdError, EOFError) as error:
            raise ResponseDataLossError(f"the {name} answer is not whole: {error}") from error
    return body


class _Decoder(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def _undo(make: Callable[[], _Decoder], body: bytes, maximum: int) -> bytes:
    """Decompress one stream or several in a row, at most `maximum` bytes, each to its end."""
    whole = b""
    while True:
        decoder = make()
        whole += decoder.decompress(body, maximum + 1 - len(whole))
        if len(whole) > maximum:
            raise Refused(f"larger than {maximum >> 20} MiB when decompressed")
        if not decoder.eof:
            raise EOFError("it ends too early")
        body = decoder.unused_data
        if not body.strip(b"\0"):
            return whole


def _gzip(body: bytes, maximum: int) -> bytes:
    return _undo(lambda: zlib.decompressobj(zlib.MAX_WBITS | 16), body, maximum)


def _deflate(body: bytes, maximum: int) -> bytes:
    try:
        return _undo(zlib.decompressobj, body, maximum)
    except zlib.error:
        return _undo(lambda: zlib.decompressobj(-zlib.MAX_WBITS), body, maximum)  # some servers send it bare


def _zstd(body: bytes, maximum: int) -> bytes:
    return _undo(zstd.ZstdDecompressor, body, maximum)


def _brotli(body: bytes, maximum: int) -> bytes:
    decoder = brotli.Decompressor()
    whole: bytes = decoder.process(body, output_buffer_limit=maximum + 1)
    while not decoder.is_finished() and not decoder.can_accept_more_data() and len(whole) <= maximum:
        whole += decoder.process(b"", output_buffer_limit=maximum + 1 - len(whole))
    if len(whole) > maximum:
        raise Refused(f"larger than {maximum >> 20} MiB when decompressed")
    if not decoder.is_finished():
        raise EOFError("it ends too early")
    return whole


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
