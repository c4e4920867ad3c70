"""An extension that dies for one portal as its crawl is set up, as a broken plug-in would."""

from __future__ import annotations

from scrapy.crawler import Crawler


class CrashOn:
    """Raises for the portal that CRASH_ON names."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CrashOn:
        if crawler.spidercls.name == crawler.settings["CRASH_ON"]:
            raise RuntimeError("this portal's crawl dies at once")
        return cls()
