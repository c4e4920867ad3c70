"""Read kept pages again with today's readers and stages; asks no portal for anything, and leaves alone what it cannot
better: an article whose page is no longer readable, that was read from another reception of its page, or of whose pages
one is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from kwri_crawler import kept
from kwri_crawler.archive import forgetting, rereads, transaction
from kwri_crawler.archive.rereads import Change, Entry
from kwri_crawler.catalogue import Portal
from kwri_crawler.causes import Cause
from kwri_crawler.items import Article, KeptPage, Outcome
from kwri_crawler.pages import Joining, PageError
from kwri_crawler.reading.kept_reader import FurtherPage, Job, Read, Readers, Unread

if TYPE_CHECKING:
    from kwri_crawler.archive import Database

# A crawl asks for an article's pages one after the other; what came later belongs to another look at it.
ONE_LOOK = timedelta(hours=1)
SLICE = 100  # pages a transaction: a crawl beside this one waits for milliseconds, and a kill costs no more than these


class Verdict(StrEnum):
    """What reading a kept page again came to."""

    SAME = "same"  # today's code reads what the archive holds
    CHANGED = "changed"
    NEW = "new"  # no article was read from it before
    UNREADABLE = "unreadable"  # then and now
    LOST = "no longer readable"  # its article stays as it is
    OTHER = "not the page"  # of the archived article: an earlier or later reception, or a copy's
    PART = "further page"  # of an article: read again with its first page
    FORGOTTEN = "taken down"  # by scrapy forget: nothing of it comes back
    INCOMPLETE = "pages missing"  # a further page is not kept or not readable; its article stays as it is


@dataclass(frozen=True, slots=True)
class Reread:
    """One kept page, read again."""

    row: int  # of the file of kept pages
    page: KeptPage
    verdict: Verdict
    reason: str | None = None  # why it could not be read
    title: str | None = None  # of a new article
    changes: tuple[Change, ...] = ()


class Rereader:
    """Reads the pages of some portals; all that it writes passes through one open archive."""

    def __init__(
        self,
        archive: Database,
        pages: Database,
        portals: Iterable[Portal],
        readers: Readers,
    ) -> None:
        """Have pages read by `readers`, which close() ends."""
        self._archive = archive
        self._pages = pages
        self._portals = {portal.id: portal for portal in portals}
        self._readers = readers
        self._parts: set[tuple[str, str]] = set()  # (portal, address asked for) of what was joined to a first page

    def close(self) -> None:
        """End the processes that read."""
        self._readers.close()

    def read_all(self, *, after: int, apply: bool) -> Iterator[Reread]:
        """Yield every kept page, read again, from behind a row of the file; what changes is written with `apply`.

        Without it the same is done and undone, so that what is shown is what would be written. Each slice is a
        transaction of its own: no article depends on another's, and one transaction over all would hold up every crawl
        for as long as the reading takes.
        """
        for jobs, answers in self._readers.read_slices(self._slices(after)):
            read = [self._join(job, answer) for job, answer in zip(jobs, answers, strict=True)]
            with transaction(self._archive, commit=apply, what="the archive takes no more"):
                done = [self._settle(job.row, job.page, one) for job, one in zip(jobs, read, strict=True)]
            yield from done

    def _slices(self, after: int) -> Iterator[list[Job]]:
        kept_pages = ((row, page) for row, page in kept.read(self._pages, after=after) if page.portal in self._portals)
        while jobs := [self._job(row, page) for row, page in islice(kept_pages, SLICE)]:
            yield jobs

    def _job(self, row: int, page: KeptPage) -> Job:
        entry = rereads.entry_of(self._archive, page)
        return Job(row, page, self._portals[page.portal], None if entry is None else entry.due)

    def _join(self, job: Job, read: Read) -> Article | Verdict | str:
        """Return the article with its further pages as they were kept beside the first, or why there is none."""
        if isinstance(read, Unread):
            return read.reason
        if isinstance(read, FurtherPage) or (job.page.portal, job.page.asked_url) in self._parts:
            return Verdict.PART
        try:
            while isinstance(read, Joining):
                read = self._with_next(read, job)
        except PageError:  # it is not kept
            return Verdict.INCOMPLETE
        if isinstance(read, Unread):
            return Verdict.INCOMPLETE if read.is_missing else read.reason
        return Verdict.PART if isinstance(read, FurtherPage) else read

    def _with_next(self, read: Joining, job: Job) -> Read:
        """Join the page behind those that are read; raises PageError when it is not kept, and nothing stands for it."""
        page, url = job.page, read.next_url or ""
        further = kept.first_since(self._pages, page.portal, url, page.received_at, page.received_at + ONE_LOOK)
        if further is None:
            return read.failed("not kept")
        self._parts.add((further.portal, further.asked_url))
        return self._readers.read_alone(job._replace(page=further, before=read))

    def _settle(self, row: int, page: KeptPage, article: Article | Verdict | str) -> Reread:
        if forgetting.is_page_forgotten(self._archive, page):
            return Reread(row, page, Verdict.FORGOTTEN)
        if isinstance(article, Verdict):
            return Reread(row, page, article)
        entry = rereads.entry_of(self._archive, page)
        urls = (page.asked_url, page.url) if isinstance(article, str) else (article.url, page.asked_url, page.url)
        article_id = rereads.article_of(self._archive, entry, urls)
        if article_id is None:
            return self._settle_new(row, page, article, entry)
        was_known = entry is not None and entry.outcome == Outcome.KNOWN
        if was_known and not isinstance(article, str) and rereads.is_another(self._archive, article):
            return self._settle_new(row, page, article, entry)
        is_copy = entry is not None and entry.outcome != Outcome.STORED
        if is_copy or not rereads.was_read_from(self._archive, article_id, page):
            return Reread(row, page, Verdict.OTHER)
        if isinstance(article, str):
            return Reread(row, page, Verdict.LOST, article)
        changed = rereads.changes(self._archive, article_id, article)
        if not changed:
            return Reread(row, page, Verdict.SAME)
        rereads.correct(self._archive, article_id, article, changed)
        return Reread(row, page, Verdict.CHANGED, changes=changed)

    def _settle_new(self, row: int, page: KeptPage, article: Article | str, entry: Entry | None) -> Reread:
        # What is pending lies outside the bounds of the crawl that fetched it: another crawl may bring it.
        left = entry is not None and entry.outcome == Outcome.PENDING
        if left or not kept.is_newest(self._pages, page):
            return Reread(row, page, Verdict.OTHER)
        if isinstance(article, str):
            return Reread(row, page, Verdict.UNREADABLE, article)
        settlement = rereads.add(self._archive, self._portals[page.portal], entry, article)
        other = Verdict.FORGOTTEN if settlement.cause is Cause.FORGOTTEN else Verdict.OTHER
        verdict = Verdict.NEW if settlement.outcome is Outcome.STORED else other
        return Reread(row, page, verdict, title=article.title)
