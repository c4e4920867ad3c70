"""What a Dask worker runs: Scrapy's reactor in a thread of its own, and a portal's crawl as a task; keeps no file."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from distributed import get_worker
from distributed.core import ConnectionPool
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from kwri_crawler.archive import ArchiveError, PortalBusy
from kwri_crawler.catalogue import Portal
from kwri_crawler.cluster.far import FarAccess
from kwri_crawler.cluster.given import settings_here
from kwri_crawler.cluster.lent import CONNECT_S, Ending, FarHead
from kwri_crawler.screen.log import quieten
from kwri_crawler.spiders.crawl import Summary
from kwri_crawler.spiders.harvest import crawl_one
from kwri_crawler.spiders.loader import spider_class
from kwri_crawler.spiders.turns import hosts_asked

logger = logging.getLogger(__name__)

_OF_A_CRAWL = {
    "ARCHIVE_ACCESS": f"{FarAccess.__module__}.{FarAccess.__qualname__}",
    "SPIDER_LOADER_CLASS": "scrapy.spiderloader.DummySpiderLoader",  # the head sends each portal with its crawl
    "PAGES_PATH": "",
    "LOG_FILE": None,
    "PROGRESS_INTERVAL_S": 0,
}
START_S = 60.0  # for the reactor's start


@dataclass(frozen=True, slots=True)
class Order:
    """A portal to be crawled, as the head sends it."""

    portal: Portal
    head: str  # its address
    place: str | None  # that its file names; None where any will do
    is_local: bool  # the workers are processes of the head's machine
    settings: dict[str, Any]
    arguments: dict[str, str] = field(default_factory=dict)  # of the crawl, as -a gives them


async def crawl(order: Order) -> Summary | None:
    """Crawl a portal for the head, in Scrapy's loop; None when the harvest ended before the crawl began.

    The task of a Dask worker.
    """
    worker = get_worker()
    crew = await asyncio.to_thread(Crew.share)
    place = order.place or (None if order.is_local else str(worker.name))
    crawling = crew.crawl(order, worker.connection_args, place)
    # A task that Dask cancels leaves its crawl alone: it ends in its own time, and gives the portal back behind it.
    return await asyncio.shield(asyncio.wrap_future(asyncio.run_coroutine_threadsafe(crawling, crew.loop)))


def crawl_settings(sent: dict[str, Any]) -> Settings:
    """Return the settings of a crawl on this worker."""
    settings = settings_here(sent)
    settings.setdict(_OF_A_CRAWL, priority="cmdline")
    return settings


class Crew:
    """Scrapy in this process: a second reactor cannot be had."""

    _shared: ClassVar[Crew | None] = None
    _lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self) -> None:
        self._pool: ConnectionPool | None = None
        ready: Future[asyncio.AbstractEventLoop] = Future()
        threading.Thread(target=self._run, args=(ready,), daemon=True, name="scrapy").start()
        self.loop = ready.result(START_S)

    @classmethod
    def share(cls) -> Crew:
        """Return this process's one, made for its first crawl."""
        with cls._lock:
            if cls._shared is None:
                cls._shared = cls()
            return cls._shared

    def _run(self, ready: Future[asyncio.AbstractEventLoop]) -> None:
        try:
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
            quieten()
            self._process = AsyncCrawlerProcess(crawl_settings({}))
            quieten()  # again: the process sets levels of its own
            loop.call_soon(ready.set_result, loop)
            self._process.start(stop_after_crawl=False, install_signal_handlers=False)
        except BaseException as error:
            if ready.done():
                raise
            ready.set_exception(error)

    async def crawl(self, order: Order, connection_args: dict[str, Any], place: str | None) -> Summary | None:
        """Crawl a portal once the head lends it, and give it back."""
        began = time.monotonic()
        portal, archive = order.portal, Path(order.settings["ARCHIVE_PATH"])
        if self._pool is None:
            self._pool = await ConnectionPool(connection_args=connection_args, timeout=CONNECT_S)
        try:
            lent = await FarHead(order.head, self._pool).lend(portal, hosts_asked(portal), place)
        except Ending:
            return None
        except (PortalBusy, ArchiveError, RuntimeError) as error:
            logger.warning("%s: not crawled: %s", portal.id, error)
            return Summary.of_error(portal.id, archive, error, time.monotonic() - began)
        try:
            with FarAccess.of(lent) as of_lease:
                crawler = Crawler(spider_class(portal), crawl_settings({**order.settings, **of_lease}))
                return await crawl_one(
                    self._process, self._process.create_crawler(crawler), portal.id, archive, order.arguments
                )
        finally:
            await lent.leave()
