"""What Scrapy counts of a crawl, at less cost than by its own class."""

from __future__ import annotations

from scrapy.statscollectors import MemoryStatsCollector


class Stats(MemoryStatsCollector):
    """Scrapy's own; that one wraps its methods at each use, to warn of an argument that nobody gives any more."""

    __getattribute__ = object.__getattribute__
