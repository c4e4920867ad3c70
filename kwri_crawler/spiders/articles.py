"""Articles on their way into the archive: those that the ledger holds unsettled, those that a listing told, and visits.

Each ends in exactly one outcome: stored by the stages, or settled here with a reason.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from typing import TYPE_CHECKING

from kwri_crawler import clock
from kwri_crawler.archive import ArchiveError, ledger, listings, revisions, visits
from kwri_crawler.archive.ledger import Settlement
from kwri_crawler.causes import Cause
from kwri_crawler.items import Article, Due, Outcome
from kwri_crawler.listings import ToldArticle
from kwri_crawler.pages import PageError
from kwri_crawler.spiders.beside import in_reader

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from kwri_crawler.spiders.crawl import Crawl

logger = logging.getLogger("kwri_crawler.spiders.portal")

IN_FLIGHT = 128  # addresses that are asked for at once; the rest wait in the ledger, so memory stays flat
VANISHED = "its request vanished inside Scrapy"
PATIENCE_S = 5.0  # without an outcome, and it is looked whether anything is under way at all


class Fetcher:
    """Brings the articles of one crawl."""

    def __init__(self, crawl: Crawl) -> None:
        self._crawl = crawl
        self.asked_for: dict[int, Due] = {}  # by Due.key: without an outcome yet
        self._changed_at: dict[int, datetime] = {}  # by Due.key: the change that a told article carries
        self._visit_after_h = [float(hours) for hours in crawl.settings.getlist("VISIT_AFTER_H")]

    async def begin(self) -> None:
        """Plan the visits of young articles."""
        crawl = self._crawl
        await crawl.writer.do(visits.schedule, crawl.portal.id, self._visit_after_h)

    async def next_batch(self) -> list[Due] | None:
        """Wait until there is room, then take what is due; None when the crawl has nothing more to do.

        Empty when nothing ended for some seconds: what is under way may have vanished.
        """
        crawl = self._crawl
        while not crawl.is_over:
            crawl.changed.clear()
            room = IN_FLIGHT - len(self.asked_for)
            if crawl.left is not None:
                room = min(room, crawl.left)
            if not crawl.listing_tells and (room >= IN_FLIGHT // 4 or (room > 0 and not self.asked_for)):
                batch = await crawl.writer.do(
                    ledger.take_due, crawl.portal.id, crawl.id, room, crawl.since, crawl.before
                )
                if not batch and crawl.reading is None:
                    batch = await crawl.writer.do(visits.take, crawl.portal.id, crawl.id, room)
                if batch:
                    self._take_in_hand(batch)
                    return batch
            if not self.asked_for and (crawl.reading is None or (crawl.left == 0 and not crawl.listing_tells)):
                return None
            try:
                await asyncio.wait_for(crawl.changed.wait(), timeout=PATIENCE_S)
            except TimeoutError:
                return []
        return None

    def _take_in_hand(self, batch: list[Due]) -> None:
        self.asked_for.update((due.key, due) for due in batch)
        if self._crawl.left is not None:
            self._crawl.left = max(0, self._crawl.left - len(batch))

    async def settle_vanished(self) -> None:
        """Give an outcome to addresses whose request Scrapy dropped without a word, as it does with some."""
        for due in list(self.asked_for.values()):
            await self.settle(due, Settlement(Outcome.FAILED, VANISHED, cause=Cause.OURS))

    # ------------------------------------------------------------------ what a listing told

    async def take_told(self, due: Due, told: ToldArticle, at: datetime, changed_at: datetime | None) -> Article | None:
        """Take an article that a listing told at a moment in hand; null when it holds none, which is settled here.

        Raises Ending.
        """
        self._take_in_hand([due])
        if changed_at is not None and due.revisits is not None:
            self._changed_at[due.key] = changed_at
        try:
            article: Article = await in_reader(self._crawl, "read_told", told, due.url, self._crawl.portal, at, due)
        except PageError as error:
            await self.settle(due, Settlement(error.outcome, error.reason, cause=error.cause))
            return None
        return article

    async def settled(self, dues: list[Due]) -> None:
        """Wait until the stages are done with these."""
        keys = {due.key for due in dues}
        while keys & self.asked_for.keys() and not self._crawl.is_over:
            self._crawl.changed.clear()
            await asyncio.wait([asyncio.ensure_future(self._crawl.changed.wait())], timeout=1)

    # ------------------------------------------------------------------ outcomes

    async def settle(self, due: Due, settlement: Settlement) -> None:
        """Give an address its outcome, or end a visit."""
        if due.revisits is not None:
            await self.end_visit(due, settlement, None)
            return
        try:
            await self._crawl.writer.do(ledger.settle, due.id, self._crawl.id, settlement)
        except ArchiveError as error:
            self._crawl.stop_for_archive(error)
            return
        logger.log(level_of(settlement), "%s: %s: %s", due.url, settlement.outcome.value, settlement.reason)
        self.release(due.key, settlement.outcome)

    async def end_visit(self, due: Due, settlement: Settlement, response: Response | None) -> None:
        """Note what a visit found: gone, or not now, or nothing new."""
        if due.revisits is None:
            raise AssertionError("no visit")
        outcome = settlement.outcome
        try:
            if outcome is Outcome.GONE:
                await self.note_visit(due, response, there=False)
                outcome = await self._crawl.writer.do(
                    revisions.missed, due.revisits, clock.now_text(), for_good=settlement.final, url=due.url
                )
            else:
                await self.note_visit(due, response, there=outcome is not Outcome.FAILED)
        except ArchiveError as error:
            self._crawl.stop_for_archive(error)
            return
        level = logging.INFO if outcome is Outcome.GONE else logging.DEBUG
        logger.log(level, "%s: asked for again: %s", due.url, settlement.reason)
        self.release(due.key, Outcome.KNOWN)

    async def note_visit(self, due: Due, response: Response | None, *, there: bool) -> None:
        """Note that an article was looked at, and when it is to be looked at next."""
        if due.revisits is None:
            raise AssertionError("no visit")
        named = [response.headers.get(name) if response is not None else None for name in ("ETag", "Last-Modified")]
        etag, modified = (value.decode("latin-1") if value else None for value in named)
        await self._crawl.writer.do(visits.done, due.revisits, self._visit_after_h, etag, modified, there=there)

    def release(self, key: int, outcome: Outcome) -> None:
        """Count an address that has its outcome now."""
        if self.asked_for.pop(key, None) is not None:
            self._crawl.counts[outcome.value] += 1
        self._crawl.note_change()

    # ------------------------------------------------------------------ what the stages made of an article

    def on_stored(self, item: Article) -> None:
        """Count a stored article."""
        self.release(_key(item), Outcome.STORED)

    async def on_dropped(self, item: Article, exception: BaseException) -> None:
        """Settle what a stage dropped, unless the archive did that already."""
        due = self.asked_for.get(_key(item))
        if isinstance(exception.__cause__, ArchiveError):
            self._crawl.stop_for_archive(exception.__cause__)
            return
        if due is None:
            return
        outcome = getattr(exception, "outcome", Outcome.UNREADABLE)
        cause = getattr(exception, "cause", Cause.UNREAD)
        if cause is Cause.FORGOTTEN and self._crawl.keeper is not None:
            self._crawl.keeper.forget(self._crawl.portal.id, due.url)
        if due.revisits is not None:
            if cause is Cause.EDITED:
                logger.info("%s: %s", due.url, exception)
            if due.id:
                await self._crawl.writer.do(listings.note_change, due.id, self._changed_at.pop(due.key, None))
            self.release(due.key, Outcome.KNOWN)
        elif getattr(exception, "is_settled", False):  # by the archive, in the look-up's own transaction
            self.release(due.key, outcome)
        elif outcome is Outcome.PENDING:
            listed_at = item.published.at if item.published else None
            await self._crawl.writer.do(ledger.put_back, due.id, str(exception), listed_at)
            self.release(due.key, outcome)
        else:
            await self.settle(due, Settlement(outcome, str(exception), 200, cause=cause))

    async def on_stage_error(self, item: Article, failure: Failure) -> None:
        """Settle an article that a stage could not bear."""
        due = self.asked_for.get(_key(item))
        if due is not None:
            reason = f"a stage failed: {failure.value!r}"[:300]
            await self.settle(due, Settlement(Outcome.FAILED, reason, cause=Cause.OURS))


def _key(item: Article) -> int:
    return -item.revisits if item.revisits is not None else item.url_id or 0


def level_of(settlement: Settlement) -> int:
    """Return how loud the log says that an address brought no article: a warning only where one may be lost."""
    if settlement.outcome is Outcome.KNOWN:
        return logging.DEBUG
    return logging.INFO if settlement.cause is Cause.RULE else logging.WARNING
