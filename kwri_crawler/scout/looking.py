"""Looks at portals in Scrapy's process, each by a spider of its own: by https, else by http or with "www."."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess

from kwri_crawler.scout.report import Report
from kwri_crawler.scout.scouted import Hints
from kwri_crawler.scout.spider import ScoutSpider
from kwri_crawler.scout.verdicts import NO_TLS, NOT_THERE
from kwri_crawler.web.addresses import host_of


class Looker:
    """Looks at one portal, or at several at once; each look is a crawl with its own robots.txt and its own pace."""

    def __init__(self, process: AsyncCrawlerProcess, given: dict[str, str | None], told: Callable[[str], None]) -> None:
        self._process = process
        self._given = given  # name, zone, id, family: what the operator knows better
        self._told = told  # is called with what is being done

    async def look(self, address: str, hints: Hints) -> Report:
        """Return what a look at an address found; one that was stopped, or failed by our fault, has not `ended`."""
        report = await self._look(address, hints)
        for change, causes in ((_plain, NO_TLS), (_with_www, NOT_THERE)):
            other = change(address)
            if report.cause in causes and other != address:
                found = await self._look(other, replace(hints, home=change(hints.home) if hints.home else ""))
                if found.ended and found.cause is None:
                    return found
        return report

    async def _look(self, address: str, hints: Hints) -> Report:
        crawler = self._process.create_crawler(ScoutSpider)
        arguments: dict[str, Any] = {"address": address, "given": self._given, "told": self._told, "hints": hints}
        await self._process.crawl(crawler, **arguments)
        return crawler.spider.report if isinstance(crawler.spider, ScoutSpider) else Report()


def _plain(url: str) -> str:
    return url.replace("https://", "http://", 1)


def _with_www(url: str) -> str:
    """Return an address with "www." before its host; unchanged where it has that, and for an IP address."""
    host = host_of(url)
    is_name = host.rpartition(".")[2].isalpha() and not host.startswith("www.")
    return url.replace(f"://{host}", f"://www.{host}", 1) if is_name else url
