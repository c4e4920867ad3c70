"""Code that fails as a broken plug-in would: as a portal's crawl is set up, or over each listing that it reads."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from scrapy.crawler import Crawler
from scrapy.http import Response


class CrashOn:
    """Raises for the portal that CRASH_ON names."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CrashOn:
        if crawler.spidercls.name == crawler.settings["CRASH_ON"]:
            raise RuntimeError("this portal's crawl dies at once")
        return cls()


class CrashOnListings:
    """Raises TypeError over each listing, before anything is made of it."""

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        if "due" not in response.cb_kwargs:
            raise TypeError("this listing is more than I can bear")
        async for one in result:
            yield one
