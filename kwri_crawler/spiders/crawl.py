"""The state of one crawl: its bounds, what it holds open, what it counted, and why it ends.

Opens and closes the archive's books; sends no request, reads nothing, and decides nothing of listings.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from scrapy.utils.misc import load_object

from kwri_crawler import clock
from kwri_crawler.archive import ArchiveError, PortalBusy, answers, crawls, ledger, plan, verifications
from kwri_crawler.archive.crawls import Lost
from kwri_crawler.archive.cures import archive_error
from kwri_crawler.archive.ledger import Settlement
from kwri_crawler.catalogue import ListingKind, Portal
from kwri_crawler.causes import REFUSALS, Cause
from kwri_crawler.items import Article, Outcome
from kwri_crawler.reading.processes import PageReaders, share_readers
from kwri_crawler.reading.stages import pure_stages
from kwri_crawler.spiders.abroad import SitemapsAbroad
from kwri_crawler.spiders.access import Access, ArchiveWriter
from kwri_crawler.spiders.arguments import ArgumentError, Bounds
from kwri_crawler.spiders.ending import finish_by_counts, finish_by_reach
from kwri_crawler.spiders.walk import Course, Finish
from kwri_crawler.web.addresses import host_of, refuse_reason
from kwri_crawler.web.hosts import is_public_host

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response
    from scrapy.settings import BaseSettings

logger = logging.getLogger("kwri_crawler.spiders.portal")

WELL = frozenset(("finished", "limit", "time"))  # ways to end with everything done that was to be done
ANSWERED = frozenset(("partial", "nothing"))  # the portal answered, and brought less than it named


@dataclass(frozen=True, slots=True)
class Summary:
    """How a crawl ended."""

    portal: str
    archive: Path
    finish: str
    reason: str | None
    # by outcome, their sum as "found", edits as "edited"; empty if the archive took none
    counts: dict[str, int] = field(default_factory=dict)
    requests: int = 0
    seconds: float = 0.0
    cause: Cause | None = None  # why not everything was done; None when it was
    lost: tuple[Lost, ...] = ()  # of what was found: addresses that brought no article, in this crawl or before
    since: date | None = None  # the bound
    oldest: date | None = None  # the portal's local day of the oldest article that its listings named; null if unknown
    reached: bool = True  # its listings led to the bound, to known ground, or to the first article

    @classmethod
    def of_error(cls, portal: str, archive: Path, error: Exception, seconds: float = 0.0) -> Summary:
        """Return how a crawl ended that an error kept from beginning, or from its end."""
        cause: Cause | None = None
        finish, reason = "busy", str(error)
        if isinstance(error, ArchiveError):
            finish, cause = "archive", error.cause
        elif not isinstance(error, PortalBusy):
            finish, reason, cause = "error", f"{type(error).__name__}: {error}"[:300], Cause.OURS
        return cls(portal, archive, finish, reason, seconds=seconds, cause=cause)

    @property
    def well(self) -> bool:
        """Whether everything was done that was to be done."""
        return self.finish in WELL


class Sender(Protocol):
    """What a crawl asks of whoever sends its requests: its spider."""

    def end(self, finish: str) -> None:
        """Send nothing new, and close the crawl once the requests under way are answered."""

    @property
    def is_ending(self) -> bool:
        """Whether it was asked to end by a signal, say."""

    def again(self, request: Request, reason: str) -> Request | None:
        """Return a request to make anew for an answer that was cut off; None when it was tried often enough."""

    async def pass_on(self, articles: list[Article], response: Response) -> None:
        """Send what one answer told through the stages together, and wait until all are through."""


class Crawl:
    """One crawl of one portal, from the entry in the archive's books to the last line in them."""

    def __init__(self, portal: Portal, bounds: Bounds, settings: BaseSettings, sender: Sender) -> None:
        """Lock the portal and open the archive; raises ArgumentError, PortalBusy, ArchiveError."""
        self.portal = portal
        self.abroad = SitemapsAbroad(portal)
        self.bounds = bounds
        self.settings = settings
        self.sender = sender
        self.since = bounds.since_moment(portal.zone)
        self.before = bounds.before_moment(portal.zone)
        self.left = bounds.limit  # articles that may still be asked for; None for no bound
        self.counts: Counter[str] = Counter()  # by outcome, in this crawl so far; for whoever watches
        self.changed = asyncio.Event()  # something came to an end: there may be room, or nothing left to wait for
        self.reading: ListingKind | None = None  # of the listing under way; None when there is none any more
        self.finish: Finish | None = None  # why the crawl ends early; None while it goes on
        self.summary: Summary | None = None  # once it is closed
        self._bad_answers: list[Cause | None] = []  # in a row, why
        self._give_up_after = settings.getint("GIVE_UP_AFTER")
        self._set_clock()
        self._began = clock.now()
        self._open()

    def _set_clock(self) -> None:
        settings = self.settings
        if settings.get("JOBDIR") or settings.getbool("HTTPCACHE_ENABLED"):
            raise ArgumentError(
                "JOBDIR and HTTPCACHE_ENABLED make later crawls find nothing new; leave them off:"
                " the archive is the memory, and a killed crawl goes on by itself"
            )
        try:
            clock.set_clock(settings.get("NOW") or "")
        except ValueError as error:
            raise ArgumentError(str(error)) from error

    def _open(self) -> None:
        settings, bounds = self.settings, self.bounds
        self.access: Access = load_object(settings["ARCHIVE_ACCESS"])(self.portal, settings, self.stop)
        self.writer: ArchiveWriter = self.access.writer
        since = bounds.since.isoformat() if bounds.since else None
        until = bounds.until.isoformat() if bounds.until else None
        place = self.access.place
        try:
            self.id, wary = self.writer.do_now(crawls.begin_knowing, self.portal, since, bounds.limit, until, place)
        except Exception as error:
            self.writer.close()
            raise archive_error(f"{self.access.path}: the archive cannot be written", error) from error
        self.robots = KeptRobots(self.writer, settings.getfloat("ROBOTS_KEPT_H"))
        self.readers: PageReaders = share_readers(
            pure_stages(settings),
            settings.getint("DOWNLOAD_MAXSIZE"),
            settings.getint("READ_BESIDE_FROM"),
            max(1, settings.getint("READERS")),
            wary=wary,  # a page may have ended it
        )
        self.keeper = self.access.open_keeper()

    # ------------------------------------------------------------------ what belongs to it

    def refuse(self, url: str) -> str | None:
        """Say why an address is not asked for; None when it may be."""
        reason = refuse_address(url, self.portal)
        return None if reason is not None and self.abroad.allow(url) else reason

    def is_inside(self, moment: datetime) -> bool:
        """Tell whether a moment of publication lies within the bounds of this crawl."""
        return (self.since is None or moment >= self.since) and (self.before is None or moment < self.before)

    # ------------------------------------------------------------------ what happens to it

    @property
    def is_over(self) -> bool:
        """Whether it was ended early: what is not begun yet waits for the next crawl."""
        return self.finish is not None

    @property
    def is_ending(self) -> bool:
        """Whether what is read now is of no use any more: it was ended early, or by a signal."""
        return self.is_over or self.sender.is_ending

    @property
    def listing_tells(self) -> bool:
        """Whether the listing under way brings whole articles, so that asking for their pages would be too early."""
        return self.reading is ListingKind.WORDPRESS

    def note_change(self) -> None:
        """Wake whoever waits for room or for the end of a listing."""
        self.changed.set()

    def count_answer(self, trouble: Settlement | None) -> None:
        """Leave the portal alone after too many refusals or failures in a row; trouble is None for a page."""
        if trouble is None or trouble.outcome is not Outcome.FAILED:
            self._bad_answers.clear()
            return
        self._bad_answers.append(trouble.cause)
        if len(self._bad_answers) >= self._give_up_after:
            cause = Counter(self._bad_answers).most_common(1)[0][0]
            self.leave_alone(
                f"{len(self._bad_answers)} answers in a row were no pages; the last: {trouble.reason}", cause
            )

    def leave_alone(self, reason: str | None, cause: Cause | None) -> None:
        """End the crawl because the portal refuses us, or cannot answer."""
        self.stop("blocked" if cause in REFUSALS else "unavailable", reason, cause)

    def stop_for_archive(self, error: ArchiveError) -> None:
        """End the crawl because the archive takes no more."""
        self.stop("archive", str(error), error.cause)

    def stop(self, finish: str, reason: str | None, cause: Cause | None = None) -> None:
        """End the crawl early, once; requests under way are waited for."""
        if self.finish is not None:
            return
        self.finish = Finish(finish, reason, cause)
        self.changed.set()
        self.sender.end(finish)

    # ------------------------------------------------------------------ the end

    async def close(self, finish: Finish, course: Course, requests: int, received: int) -> None:
        """Close the crawl's books and the archive; received are the bytes of all answers."""
        counts: dict[str, int] = {}
        lost: tuple[Lost, ...] = ()
        try:
            counts = await self.writer.do(crawls.count_in, self.id, self.portal.id)
            lost, has_articles = await self.writer.do(crawls.lost_in, self.id, self.portal.id)
            finish = finish_by_counts(finish, counts, lost, has_articles=has_articles)
            if course.gap and await self.writer.do(ledger.has_known, self.portal.id, course.fresh, self.id):
                course.fresh.clear()  # an article that only moved was known before
            finish = finish_by_reach(finish, course, self.since, held_back=0 if self.before else counts["pending"])
            await self.writer.do(
                crawls.end,
                self.id,
                self.portal.id,
                finish.word,
                finish.reason,
                requests,
                received,
                finish.cause,
            )
            await self.writer.do(plan.plan_next, self.portal.id, well=finish.word in WELL | ANSWERED)
            if finish.word in WELL and counts["found"]:
                await self.writer.do(verifications.end_by_crawl, self.portal.id)
        except ArchiveError as error:
            finish = Finish("archive", str(error), error.cause)
        seconds = (clock.now() - self._began).total_seconds()
        oldest = course.oldest.astimezone(ZoneInfo(self.portal.zone)).date() if course.oldest else None
        self.summary = Summary(
            self.portal.id, self.access.path, finish.word, finish.reason, counts, requests, seconds, finish.cause,
            lost, self.bounds.since, oldest, course.reached,
        )  # fmt: skip
        await self._let_go()

    async def abandon(self, reason: str | None) -> None:
        """Close the books of a crawl that was opened and could not begin."""
        if self.summary is not None:
            return
        with contextlib.suppress(ArchiveError):
            await self.writer.do(crawls.end, self.id, self.portal.id, "error", reason, 0, 0, Cause.OURS)
        await self._let_go()

    async def _let_go(self) -> None:
        self.readers.close()
        await self.access.close()


class KeptRobots:
    """What earlier crawls were told by robots.txt, by host and port."""

    def __init__(self, writer: ArchiveWriter, hours: float) -> None:
        self._writer = writer
        self._hours = hours

    async def read(self, host: str) -> bytes | None:
        """Return a host's robots.txt if it is young enough; None if not."""
        return await self._writer.do(answers.robots_of, host, self._hours)

    async def keep(self, host: str, body: bytes) -> None:
        """Keep a host's robots.txt as it came now."""
        await self._writer.do(answers.keep_robots, host, body, clock.now())


def refuse_address(url: str, portal: Portal) -> str | None:
    """Say why an address is not asked for in a portal's name; None when it may be.

    A portal that is itself in the operator's own network may be crawled.
    """
    return refuse_reason(url, portal.hosts, private=_is_private(portal.home))


@lru_cache(maxsize=4096)
def _is_private(home: str) -> bool:
    return not is_public_host(host_of(home))
