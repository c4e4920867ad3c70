"""robots.txt as RFC 9309 has it: what it forbids is not asked for; while it cannot be had, nothing is."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import TextResponse
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred

from kwri_crawler.causes import Cause
from kwri_crawler.web.bounded import RobotsMemory, bounds_of
from kwri_crawler.web.network import explain_no_answer
from kwri_crawler.web.pace import is_challenge
from kwri_crawler.web.refusals import AskedToWait, NotAsked, RedirectedWithoutEnd, RobotsForbids, RobotsUnavailable
from kwri_crawler.web.unpacking import CutOff, NotTaken, unpack_announced_or_not

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

ROBOTS_MAX_BYTES = 512 << 10  # RFC 9309: a crawler must read this much, and need not read more


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
        bounds = bounds_of(self.crawler.spider)
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
    """Return a robots.txt in UTF-8 without a mark, also where it came in UTF-16 or UTF-32, or packed unsaid."""
    with contextlib.suppress(NotTaken, CutOff):
        body = unpack_announced_or_not(body, (), 16 * ROBOTS_MAX_BYTES)
    for mark, charset in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if body.startswith(mark):
            return body[2:].decode(charset, "replace").replace("\0", "").encode()
    if b"\0" in body[:2]:
        charset = "utf-16-be" if body[:1] == b"\0" else "utf-16-le"
        return body.decode(charset, "replace").replace("\0", "").encode()
    return body.removeprefix(b"\xef\xbb\xbf")
