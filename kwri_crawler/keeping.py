"""Keep each article's page as it came from the wire; takes no listing, no redirect and nothing that is no page."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import NotConfigured

from kwri_crawler.archive import Keeper, clock
from kwri_crawler.archive.kept import pages_path
from kwri_crawler.items import KeptPage
from kwri_crawler.spiders.answers import judge_answer

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from kwri_crawler.spiders.portal import PortalSpider


class KeepPages:
    """Catches each answer before it is decompressed, and keeps it once it has proved to be a whole page.

    Recompressing would cost CPU time; the bytes from the wire are compressed already and cost none.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._days = crawler.settings.getfloat("KEEP_PAGES_DAYS")
        if self._days <= 0:
            raise NotConfigured
        self._keeper: Keeper | None = None
        crawler.signals.connect(self._on_opened, signals.spider_opened)
        crawler.signals.connect(self._on_response, signals.response_received)
        crawler.signals.connect(self._on_closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> KeepPages:
        """Build it as Scrapy does."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Note the answer as it came, and when."""
        request.meta["as_received"] = response
        request.meta["received_at"] = clock.now().replace(microsecond=0)
        return response

    def _on_opened(self) -> None:
        settings = self._crawler.settings
        path = pages_path(settings.get("PAGES_PATH"), Path(settings["ARCHIVE_PATH"]).absolute())
        self._keeper = Keeper(path, self._days)

    def _on_response(self, response: Response, request: Request) -> None:
        raw: Response | None = request.meta.pop("as_received", None)
        spider: PortalSpider = self._crawler.spider  # type: ignore[assignment]
        is_article = "due" in request.cb_kwargs
        if raw is None or not is_article or self._keeper is None or judge_answer(response, spider.portal) is not None:
            return
        self._keeper.keep(
            KeptPage(
                portal=spider.portal.id,
                asked_url=request.meta.get("redirect_urls", [request.url])[0],
                url=response.url,
                status=raw.status,
                headers=tuple(
                    (name.decode("latin-1"), value.decode("latin-1"))
                    for name, values in raw.headers.items()
                    for value in values
                ),
                body=raw.body,
                received_at=request.meta["received_at"],
            )
        )

    async def _on_closed(self) -> None:
        if self._keeper is not None:
            await asyncio.to_thread(self._keeper.close)
