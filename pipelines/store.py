"""Articles into the archive, durable when this stage is done; drops what lies outside the crawl's bounds."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy.exceptions import DropItem

from kwri_crawler.archive import ArchiveError, articles
from kwri_crawler.causes import Cause
from kwri_crawler.items import Article, Outcome

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from kwri_crawler.spiders.crawl import Crawl

logger = logging.getLogger(__name__)


class Known(DropItem):
    """The archive has this article already; its address is settled. The cause says whether its text was edited."""

    outcome = Outcome.KNOWN
    is_settled = True

    def __init__(self, message: str, cause: Cause) -> None:
        super().__init__(message)
        self.cause = cause


class TakenDown(DropItem):
    """An operator had this article forgotten; its address is settled."""

    outcome = Outcome.REFUSED
    is_settled = True


class OutsideBounds(DropItem):
    """Published before `-a since` or after `-a until`; its address stays pending, for a crawl with other bounds."""

    outcome = Outcome.PENDING


class NotWritten(DropItem):
    """The archive takes no more; the crawl ends, and the address stays pending."""


class StoreStage:
    """Hands each article to the archive and waits for the commit."""

    stores = True  # into the archive of a running crawl: `scrapy reread` passes articles through the stages before it

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StoreStage:
        """Build it as Scrapy does."""
        return cls(crawler)

    async def process_item(self, item: Article) -> Article:
        """Return the article once it is on the disk; raises Known, TakenDown, OutsideBounds, NotWritten.

        Without a crawl, as in `scrapy parse --pipelines`, it is returned and nothing is written.
        """
        crawl: Crawl | None = getattr(self._crawler.spider, "crawl", None)
        if crawl is None:
            return item
        if item.published is not None and not crawl.is_inside(item.published.at):
            bounds = crawl.bounds
            side = f"after -a until={bounds.until}"
            if crawl.since is not None and item.published.at < crawl.since:
                side = f"before -a since={bounds.since}"
            raise OutsideBounds(f"published {item.published.local.date()}, {side}")
        try:
            settlement = await crawl.writer.do_patiently(articles.store, item)
        except ArchiveError as error:
            raise NotWritten(str(error)) from error  # a drop: Scrapy logs any other error with the whole article
        if settlement.outcome is Outcome.KNOWN:
            raise Known(settlement.reason or "", settlement.cause or Cause.KNOWN)
        if settlement.outcome is Outcome.REFUSED:
            raise TakenDown(settlement.reason or "")
        if item.published is None:
            logger.warning("No publication date: %s: %s", item.url, item.published_reason)
        return item
