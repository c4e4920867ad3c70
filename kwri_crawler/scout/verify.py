"""Check whether portals can still be read: one listing and one article each, as politely as a crawl; stores nothing."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import DropItem

from kwri_crawler.archive.verifications import FAILED, PASSED, SKIPPED, Verified
from kwri_crawler.catalogue import Portal
from kwri_crawler.causes import Cause
from kwri_crawler.items import Article
from kwri_crawler.pages import PageError, read_page
from kwri_crawler.reading.stages import passed
from kwri_crawler.scout.asker import Asker
from kwri_crawler.scout.report import Unanswered
from kwri_crawler.scout.scouted import Candidate
from kwri_crawler.scout.verdicts import SILENT
from kwri_crawler.spiders.answers import judge_answer, page_of

TRIES = 3  # articles of a listing: one may be a film, or be gone
_LEAST_ASKED = 3  # portals, from which on none that answered is our own network's fault

Verify = Callable[[Portal], Awaitable[Verified]]


class VerifySpider(Asker):
    """Asks one portal for its first listing and for an article that this names."""

    name = "verify"

    def __init__(self, portal: Portal, stages: list[Any]) -> None:
        super().__init__(portal, lambda _: None)
        self.verified: Verified | None = None  # None until it has ended
        self._stages = stages

    async def look(self) -> None:
        """Ask for the listing and for the first article of it that can be read; `verified` says what came of it."""
        listing = self.portal.listings[0]
        answer = await self.listing(Candidate(listing.kind, listing.url, ""), listing.api)
        if isinstance(answer, Unanswered):
            self.verified = self._failed("listing", answer, listing.url)
            return
        urls = [entry.url for entry in answer[0].entries if self.refuse(entry.url) is None][:TRIES]
        if not urls and answer[0].more:  # of an index of sitemaps
            urls = [one.url for page in await self.child_sitemaps([answer[0]]) for one in page.entries][:TRIES]
        trouble = Unanswered("its listing names no article of this portal", Cause.UNREAD)
        for url in urls:
            article = await self._article(url)
            if isinstance(article, Article):
                self.verified = await self._judge(article, listing.url, url)
                return
            trouble = article
        self.verified = self._failed("article", trouble, listing.url, urls[-1] if urls else None)

    async def _article(self, url: str) -> Article | Unanswered:
        """Return the article at an address as its portal's reader reads it."""
        response = await self.get(url)
        if isinstance(response, Unanswered):
            return response
        trouble = judge_answer(response, self.portal)
        if trouble is not None:
            return Unanswered(trouble.reason or "", trouble.cause)
        try:
            return read_page(page_of(response), self.portal)
        except PageError as error:
            return Unanswered(error.reason, error.cause)

    async def _judge(self, article: Article, listing: str, url: str) -> Verified:
        try:
            article = await passed(article, self._stages)
        except (DropItem, PageError) as error:
            return self._failed("body", Unanswered(str(error), getattr(error, "cause", None)), listing, url)
        if article.published is None:
            return self._failed("date", Unanswered(article.published_reason or "it prints none", None), listing, url)
        return Verified(self.portal.id, PASSED, None, None, None, listing, url)

    def _failed(self, field: str, why: Unanswered, listing: str, article: str | None = None) -> Verified:
        """Return what failed; what robots.txt forbids is skipped: it says nothing of whether it could be read."""
        result = SKIPPED if why.cause is Cause.ROBOTS else FAILED
        cause = why.cause.value if why.cause is not None else None
        return Verified(self.portal.id, result, field, " ".join(why.reason.split())[:300], cause, listing, article)


class Verifier:
    """Verifies portals in Scrapy's process, each by a spider of its own."""

    def __init__(self, process: AsyncCrawlerProcess, stages: list[Any]) -> None:
        self._process, self._stages = process, stages

    async def verify(self, portal: Portal) -> Verified:
        """Return what was found of a portal; skipped where an error of ours ended it."""
        crawler = self._process.create_crawler(VerifySpider)
        arguments: dict[str, Any] = {"portal": portal, "stages": self._stages}
        await self._process.crawl(crawler, **arguments)
        spider = crawler.spider
        found = spider.verified if isinstance(spider, VerifySpider) else None
        why = "an error of ours, or a signal, ended it"
        return found or Verified(portal.id, SKIPPED, None, why, Cause.OURS.value, None, None)


async def verify_all(
    portals: Iterable[Portal], verify: Verify, told: Callable[[Verified], None], at_once: int = 32
) -> list[Verified]:
    """Verify portals, `at_once` together, each told() as it ends; where none answered, all are skipped."""
    waiting = deque(portals)
    found: list[Verified] = []

    async def work() -> None:
        while waiting:
            one = await verify(waiting.popleft())
            found.append(one)
            told(one)

    await asyncio.gather(*(work() for _ in range(min(at_once, len(waiting)))))
    return without_network(sorted(found))


def without_network(found: Sequence[Verified]) -> list[Verified]:
    """Return what was found; with all skipped where no portal answered at all: that is this machine's fault."""
    silent = [one for one in found if one.cause in SILENT]
    if len(found) < _LEAST_ASKED or len(silent) < len(found):
        return list(found)
    why = "no portal answered: is this machine's network up?"
    return [one._replace(result=SKIPPED, why=f"{why} {one.why}") for one in found]


def sample(portals: Sequence[Portal], last: dict[str, datetime], most: int | None) -> list[Portal]:
    """Return `most` portals, those first that were never verified or whose verification is longest ago; None is all."""
    never = datetime.min.replace(tzinfo=UTC)
    return sorted(portals, key=lambda portal: (last.get(portal.id, never), portal.id))[:most]
