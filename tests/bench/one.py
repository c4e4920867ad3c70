"""One run of one spider against the benchmark's server, in a process of its own; prints its figures as JSON."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings


class FetchOnly(scrapy.Spider):
    """What Scrapy alone costs: every page of the sitemap is fetched, and nothing is done with it."""

    name = "fetch-only"
    home = ""

    async def start(self) -> AsyncIterator[Any]:
        yield scrapy.Request(f"{self.home}sitemap.xml", self.parse_sitemap)

    def parse_sitemap(self, response: Response) -> Any:
        for url in response.xpath("//*[local-name()='url']/*[local-name()='loc']/text()").getall():  # type: ignore[no-untyped-call]
            yield scrapy.Request(url, self.parse)

    def parse(self, response: Response, **_: Any) -> Any:
        del response


def run(kind: str, home: str, folder: Path, portals: Path) -> dict[str, float]:
    """Run "fetch" (default settings), "full" (the project's own) or "unkept" (the same, pages not kept).

    Return pages, requests, seconds and CPU seconds.
    """
    figures: dict[str, float] = {}

    def opened() -> None:
        figures["wall_s"], figures["cpu_s"] = time.perf_counter(), time.process_time()

    def closed() -> None:
        figures["wall_s"] = time.perf_counter() - figures["wall_s"]
        helper = resource.getrusage(resource.RUSAGE_CHILDREN)  # the second process, which has ended by now
        figures["cpu_s"] = time.process_time() - figures["cpu_s"] + helper.ru_utime + helper.ru_stime

    if kind == "fetch":
        settings = Settings({"LOG_LEVEL": "WARNING", "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False})
        process = AsyncCrawlerProcess(settings)
        crawler = process.create_crawler(FetchOnly)
        arguments = {"home": home}
    else:
        os.environ["SCRAPY_SETTINGS_MODULE"] = "kwri_crawler.settings"
        settings = get_project_settings()
        # Everything on; only the politeness that would measure waiting is off, and concurrency is Scrapy's default.
        settings.setdict(
            {
                "PORTALS_PATH": str(portals),
                "ARCHIVE_PATH": str(folder / "bench.sqlite"),
                "DOWNLOAD_DELAY": 0,
                "CONCURRENT_REQUESTS": 16,
                "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
                "READERS": 1,  # as on two cores, for which the targets are meant
                "LOG_LEVEL": "WARNING",
                "CONTACT": "bench",
                "KEEP_PAGES_DAYS": 0 if kind == "unkept" else 365,
            },
            priority="cmdline",
        )
        process = AsyncCrawlerProcess(settings)
        from kwri_crawler.catalogue import read_catalogue
        from kwri_crawler.spiders.loader import spider_class

        crawler = process.create_crawler(spider_class(read_catalogue(portals).portals[0]))
        arguments = {}
    crawler.signals.connect(opened, signals.spider_opened)
    crawler.signals.connect(closed, signals.engine_stopped)
    process.crawl(crawler, **arguments)
    process.start()
    stats = crawler.stats.get_stats()
    stored: Any = getattr(crawler.spider, "counts", {})  # the archive's own count, not Scrapy's
    figures["pages"] = stored["stored"] if kind != "fetch" else stats["downloader/response_count"] - 1
    figures["requests"] = stats["downloader/request_count"]
    return figures


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))))
