"""The portal's pace: Crawl-delay, Retry-After, and a growing pause after errors."""

from __future__ import annotations

import asyncio
import logging
import math
import re
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.utils.httpobj import urlparse_cached

from kwri_crawler import clock
from kwri_crawler.causes import Cause, cause_of_status
from kwri_crawler.web.bounded import OfCrawler
from kwri_crawler.web.refusals import AskedToWait

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

logger = logging.getLogger(__name__)

TOO_BUSY = frozenset((429, 503))
STUMBLED = frozenset((500, 502, 504, 522, 524, 408))
LONGEST_WAIT_S = 30 * 86400.0  # whatever a portal asks for: the clock of many a server is wrong by years
# Scripts of Cloudflare, cloudProtector and JSL. A title ("Harap tunggu") or a captcha may be on a page of maintenance.
_CHALLENGE_MARKS = (b"_cf_chl_opt", b"cf-browser-verification", b"slowAES.decrypt", b"__jsl_clearance")


class Pace(OfCrawler):
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
        asked = retry_after_s(response.headers.get("Retry-After"), clock.now())
        if asked is not None and asked > self._wait_max:
            until = clock.now() + timedelta(seconds=asked)
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
