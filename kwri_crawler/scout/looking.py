"""Looks at portals in Scrapy's process, each by a spider of its own: by https, else by http, with or without "www."."""

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
from kwri_crawler.web.hosts import bare_host


class Looker:
    """Looks at one portal, or at several at once; each look is a crawl with its own robots.txt and its own pace."""

    def __init__(self, process: AsyncCrawlerProcess, given: dict[str, str | None], told: Callable[[str], None]) -> None:
        self._process = process
        self._given = given  # name, zone, id, family: what the operator knows better
        self._told = told  # is called with what is being done

    async def look(self, address: str, hints: Hints) -> Report:
        """Return what a look at an address found; one that was stopped, or failed by our fault, has not `ended`."""
        report = await self._look(address, hints)
        for change, causes in ((_plain, NO_TLS), (_other_www, NOT_THERE)):
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


def _other_www(url: str) -> str:
    """Return an address with "www." before its host, or without where it has that; an IP address unchanged."""
    host = host_of(url)
    other = bare_host(host) if bare_host(host) != host else f"www.{host}"
    return url.replace(f"://{host}", f"://{other}", 1) if host.rpartition(".")[2].isalpha() else url
