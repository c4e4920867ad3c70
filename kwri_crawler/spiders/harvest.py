"""Many portals' spiders in one process, a few at a time; one that cannot start or dies leaves the others alone."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler

from kwri_crawler.catalogue import Portal
from kwri_crawler.causes import Cause
from kwri_crawler.spiders.crawl import Summary
from kwri_crawler.spiders.loader import spider_class
from kwri_crawler.spiders.open_files import as_many_as_may
from kwri_crawler.spiders.portal import PortalSpider
from kwri_crawler.spiders.process import run_to_end
from kwri_crawler.spiders.turns import Turns

logger = logging.getLogger(__name__)

_WAIT_S = 0.2  # until a host that is asked is looked at again


async def crawl_one(
    process: AsyncCrawlerProcess, crawler: Crawler, portal: str, archive: Path, arguments: Mapping[str, str]
) -> Summary:
    """Crawl one portal to its end and return how it ended, whatever it died of; archive is what the summary names."""
    began = time.monotonic()
    try:
        await process.crawl(crawler, **arguments)
    except Exception as error:  # whatever one portal's crawl dies of, the others go on
        summary = Summary.of_error(portal, archive, error, time.monotonic() - began)
        if summary.finish == "error":
            logger.exception("%s: the crawl could not be set up", portal)
            if isinstance(crawler.spider, PortalSpider) and crawler.spider.crawl is not None:
                await crawler.spider.crawl.abandon(summary.reason)
        return summary
    if isinstance(crawler.spider, PortalSpider) and crawler.spider.summary is not None:
        return crawler.spider.summary
    silent = "the crawl ended without a word"
    return Summary(portal, archive, "error", silent, seconds=time.monotonic() - began, cause=Cause.OURS)


class Harvest:
    """Crawls the given portals, `at_once` of them together, until all are done, time is over or a signal comes.

    Each portal keeps its own pace: Scrapy's delays count per host and crawl, and one crawl has one portal.
    """

    def __init__(
        self,
        process: AsyncCrawlerProcess,
        portals: Iterable[Portal],
        *,
        archive: Path,
        at_once: int,
        within_s: float | None,
        grace_s: float,
        give_up: Callable[[], None],
        arguments: Mapping[str, str] | None = None,
    ) -> None:
        self.process = process
        self._turns = Turns(portals)
        self._crawlers: dict[str, Crawler] = {}
        self.ended: list[Summary] = []
        self.stopped: str | None = None  # the signal that ended it; null if none did
        self._archive = archive
        self._at_once = as_many_as_may(at_once)
        self._within_s = within_s
        self._grace_s = grace_s
        self._give_up = give_up
        self._arguments = dict(arguments or {})  # of each crawl, as -a gives them
        self._time_over = False

    @property
    def running(self) -> Collection[str]:
        """Return the portals that are crawled now."""
        return self._crawlers.keys()

    @property
    def not_begun(self) -> tuple[str, ...]:
        """Return the portals for which there was no time."""
        return self._turns.waiting

    def run(self, meanwhile: Callable[[], Any]) -> None:
        """Crawl; `meanwhile()` is a coroutine that runs beside it, for whoever watches."""
        run_to_end(self.process, lambda: self._all(meanwhile), self._on_signal)

    async def _all(self, meanwhile: Callable[[], Any]) -> None:
        watcher = asyncio.ensure_future(meanwhile())
        alarm = asyncio.get_running_loop().call_later(self._within_s, self._end_in_time) if self._within_s else None
        try:
            await asyncio.gather(*(self._worker() for _ in range(self._at_once)))
        finally:
            watcher.cancel()
            if alarm is not None:
                alarm.cancel()

    async def _worker(self) -> None:
        while self._turns.waiting and not self._time_over and self.stopped is None:
            portal = self._turns.next(self._crawlers)
            if portal is None:
                await asyncio.sleep(_WAIT_S)
            else:
                self.ended.append(await self._one(portal))

    async def _one(self, portal: Portal) -> Summary:
        crawler = self._crawlers[portal.id] = self.process.create_crawler(spider_class(portal))
        try:
            return await crawl_one(self.process, crawler, portal.id, self._archive, self._arguments)
        finally:
            del self._crawlers[portal.id]

    def _spiders(self) -> list[PortalSpider]:
        return [c.spider for c in self._crawlers.values() if isinstance(c.spider, PortalSpider)]

    def pages(self) -> int:
        """Count the pages of the crawls that run now."""
        return sum(sum(spider.counts.values()) for spider in self._spiders())

    def _end_in_time(self) -> None:
        self._time_over = True
        for spider in self._spiders():
            spider.end_in_time()

    def _on_signal(self, name: str) -> None:
        if self.stopped is not None:  # asked twice
            self._give_up()
            return
        logger.info("%s: ending %d crawls; again to end at once", name, len(self._crawlers))
        self.stopped = name
        self._stopping = asyncio.ensure_future(self.process.stop())
        asyncio.get_running_loop().call_later(self._grace_s, self._give_up)
