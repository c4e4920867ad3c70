"""One portal's spider in this process, its requests answered by a demo site at once: no engine, no socket, no waiting.

What Scrapy's engine does is done plainly here: the guard, redirects, callbacks and errbacks, the storing stage, the
signals, the end. robots.txt, pauses and retries are whole processes' business (test_faults.py).
"""

from __future__ import annotations

import asyncio
import heapq
import inspect
from collections.abc import AsyncIterator, Callable, Iterable
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.http import HtmlResponse, Response
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.settings import Settings
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.project import get_project_settings
from twisted.internet.error import ConnectionLost
from twisted.python.failure import Failure

from kwri_crawler import clock
from kwri_crawler.catalogue import Portal
from kwri_crawler.causes import Cause
from kwri_crawler.items import Article
from kwri_crawler.scout.looking import Looker
from kwri_crawler.scout.report import Report
from kwri_crawler.scout.scouted import Hints
from kwri_crawler.scout.spider import ScoutSpider
from kwri_crawler.spiders.crawl import Summary
from kwri_crawler.spiders.loader import spider_class
from kwri_crawler.spiders.portal import PortalSpider
from kwri_crawler.web.refusals import RedirectedWithoutEnd, Refused, RobotsForbids, RobotsUnavailable
from kwri_crawler.web.robots import plain_rules
from pipelines.store import StoreStage
from tests.sites.server import Answer
from tests.sites.server import Request as Asked

MOST_REDIRECTS = 5


class Site(Protocol):
    """What answers: a demo site, which need not be served."""

    def answer(self, request: Asked) -> Answer: ...


class _Engine:
    """Holds the requests that wait, and the end that was asked for."""

    def __init__(self) -> None:
        self.waiting: list[tuple[int, int, Request]] = []
        self.order = count()
        self.busy = False
        self.running = True
        self.reason: str | None = None
        self.downloader = SimpleNamespace(active=())
        self.scraper = SimpleNamespace(slot=SimpleNamespace(is_idle=lambda: not self.busy))
        self.scheduler = SimpleNamespace(has_pending_requests=lambda: bool(self.waiting))

    def crawl(self, request: Request) -> None:
        heapq.heappush(self.waiting, (-request.priority, next(self.order), request))

    async def close_spider_async(self, reason: str) -> None:
        self.reason = reason


class Offline:
    """Crawls a portal whose pages a site answers."""

    def __init__(self, site: Site, portal: Portal, archive: Path) -> None:
        self.site, self.portal, self.archive = site, portal, archive
        self.asked: list[str] = []  # paths with their queries, in order, of the last crawl

    def crawl(self, settings: dict[str, Any] | None = None, **arguments: str) -> Summary:
        """Run one crawl to its end, as `scrapy crawl PORTAL -a name=value -s NAME=value` does."""
        try:
            return asyncio.run(self._crawl(settings or {}, arguments))
        finally:
            clock.set_clock("")

    async def _crawl(self, changed: dict[str, Any], arguments: dict[str, str]) -> Summary:
        settings: Settings = get_project_settings()
        given = {"ARCHIVE_PATH": str(self.archive), "READ_BESIDE_FROM": 0, "KEEP_PAGES_DAYS": 0, "CONTACT": "a@b.id"}
        settings.setdict({**given, **changed}, priority="cmdline")
        crawler = Crawler(spider_class(self.portal), settings)
        crawler.crawling, crawler.stats, crawler.engine = True, MemoryStatsCollector(crawler), _Engine()  # type: ignore[assignment]
        spider = crawler.spider = PortalSpider.from_crawler.__func__(crawler.spidercls, crawler, **arguments)  # type: ignore[attr-defined]
        self.asked, self._spider, self._store = [], spider, StoreStage(crawler)
        self._engine: Any = crawler.engine
        self._engine.scraper.start_itemproc_async = lambda article, **_: self._take_one(article)
        start = asyncio.create_task(self._pull(spider.start()))
        while not start.done() or (self._engine.waiting and self._engine.reason is None):
            if self._engine.waiting and self._engine.reason is None:
                self._engine.busy = True
                await self._handle(heapq.heappop(self._engine.waiting)[2])
                self._engine.busy = False
            else:
                await asyncio.sleep(0.001)
        await start
        await asyncio.gather(*spider._tasks)
        await spider._on_closed(self._engine.reason or "finished")
        if spider.summary is None:
            raise AssertionError("the crawl has no end")
        return spider.summary

    async def _pull(self, requests: AsyncIterator[Request]) -> None:
        async for request in requests:
            self._engine.crawl(request)

    async def _handle(self, request: Request) -> None:
        try:
            response = self._fetch(request)
        except Exception as error:
            failure = Failure(error)
            failure.request = request  # type: ignore[attr-defined]
            await self._take(request.errback(failure) if request.errback else None)
            return
        try:
            callback: Any = request.callback
            await self._take(callback(response, **request.cb_kwargs))
        except Exception as error:
            self._spider._on_own_error(Failure(error), response)

    def _fetch(self, request: Request) -> Response:
        return fetch(self.site, request, self._spider.refuse, self.asked)

    async def _take(self, result: Any) -> None:
        """Take what a callback yields: requests wait, articles are stored."""
        if inspect.isasyncgen(result):
            async for found in result:
                await self._take_one(found)
            return
        found = await result if inspect.isawaitable(result) else result
        for one in found if isinstance(found, Iterable) else ():
            await self._take_one(one)

    async def _take_one(self, found: Any) -> None:
        if isinstance(found, Request):
            self._engine.crawl(found)
        elif isinstance(found, Article):
            try:
                await self._store.process_item(found)
            except DropItem as error:
                await self._spider.fetcher.on_dropped(found, error)
            else:
                self._spider.fetcher.on_stored(found)


def fetch(site: Site, request: Request, refuse: Callable[[str], str | None], asked: list[str]) -> Response:
    """Return the answer after its redirects; raises as Scrapy's downloader and our middlewares do."""
    url, met = request.url, []
    while True:
        if reason := refuse(url):
            raise Refused(Cause.MOVED if met else Cause.RULE, reason)
        split = urlsplit(url)
        path = split.path + (f"?{split.query}" if split.query else "")
        asked.append(path)
        sent = {name.decode(): values[0].decode() for name, values in request.headers.items() if values}
        headers = {"Host": split.netloc, "X-Scheme": split.scheme, **sent}
        answer = site.answer(Asked("GET", path, headers))
        if answer.raw is not None:
            raise ConnectionLost
        location = dict(answer.headers).get("Location")
        if location is None or not 300 <= answer.status < 400:
            break
        met.append(url)
        url = location if "://" in location else f"{split.scheme}://{split.netloc}{location}"
        if len(met) > MOST_REDIRECTS:
            raise RedirectedWithoutEnd
    body = answer.body.encode() if isinstance(answer.body, str) else answer.body
    meta = {**request.meta, **({"redirect_times": len(met), "redirect_urls": met} if met else {})}
    return HtmlResponse(
        url, answer.status, [*answer.headers, ("Content-Type", answer.content_type)], body,
        request=request.replace(url=url, meta=meta),
    )  # fmt: skip


class OfflineLooks(Looker):
    """Looks at portals as `scrapy addportal` does, their pages answered by a site at once."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.asked: list[str] = []  # the hosts that were looked at, in order
        self.most = 0  # looks that were under way together
        self._under_way = 0

    async def look(self, address: str, hints: Hints) -> Report:
        """Return what a look found."""
        self.asked.append(urlsplit(address).hostname or "")
        self._under_way += 1
        self.most = max(self.most, self._under_way)
        report = await super().look(address, hints)
        self._under_way -= 1
        return report

    async def _look(self, address: str, hints: Hints) -> Report:
        spider = ScoutSpider(address, {}, lambda _: None, hints)
        await run_scout(spider, self.site)
        return spider.report


async def run_scout(spider: ScoutSpider, site: Site) -> None:
    """Run a spider that asks for its answers itself, to its end; robots.txt is obeyed, nothing is waited for."""
    rules: dict[str, ProtegoRobotParser] = {}

    async def download(request: Request) -> Response:
        await asyncio.sleep(0)  # others have their turn
        netloc = urlsplit(request.url).netloc
        if netloc not in rules:
            asked = Request(f"{urlsplit(request.url).scheme}://{netloc}/robots.txt")
            robots = fetch(site, asked, lambda _: None, [])
            if robots.status >= 500:
                raise RobotsUnavailable(Cause.ROBOTS_UNREACHABLE, f"robots.txt answered HTTP {robots.status}: not now")
            body = plain_rules(robots.body) if robots.status == 200 else b""
            rules[netloc] = ProtegoRobotParser(body, None)
            await spider.robots.keep(netloc, body)
        if not rules[netloc].allowed(request.url, "kwri-crawler"):
            raise RobotsForbids
        return fetch(site, request, spider.refuse, [])

    engine: Any = SimpleNamespace(download_async=download)
    spider.crawler = SimpleNamespace(engine=engine)  # type: ignore[assignment]
    async for _ in spider.start():
        pass
