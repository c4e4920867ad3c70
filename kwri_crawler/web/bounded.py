"""What the middlewares ask of a spider: where it may go, and what robots.txt said before. They do without it, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class RobotsMemory(Protocol):
    """What hosts' robots.txt said to earlier crawls; a host is named with its port."""

    async def read(self, host: str) -> bytes | None:
        """Return a host's robots.txt if it is young enough; None if not."""

    async def keep(self, host: str, body: bytes) -> None:
        """Keep a host's robots.txt as it came now."""


class Bounded(Protocol):
    """A spider that says where it may go. For any other, as in `scrapy shell URL`, nothing is refused or remembered."""

    def refuse(self, url: str) -> str | None:
        """Say why an address is not asked for; None when it may be."""

    @property
    def robots(self) -> RobotsMemory | None:
        """Return the memory; None for a spider that keeps nothing."""


def bounds_of(spider: object) -> Bounded | None:
    """Return a spider that is Bounded; null for any other. Asked twice a request, so without typing's slow check."""
    kind = type(spider)
    return cast("Bounded", spider) if hasattr(kind, "refuse") and hasattr(kind, "robots") else None


class OfCrawler:
    """A middleware that knows its crawler."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> OfCrawler:
        """Build it as Scrapy does."""
        return cls(crawler)
