"""Read kept pages again with today's readers and stages; asks no portal for anything, and leaves alone what it cannot
better: an article whose page is no longer readable, that was read from another reception of its page, or of whose pages
one is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from scrapy.exceptions import DropItem

from kwri_crawler import kept
from kwri_crawler.archive import forgetting, rereads, transaction
from kwri_crawler.archive.rereads import Change, Entry
from kwri_crawler.catalogue import Portal
from kwri_crawler.causes import Cause
from kwri_crawler.items import Article, KeptPage, Outcome, Page
from kwri_crawler.pages import Joining, PageError, read_further, read_page, with_facts
from kwri_crawler.reading.stages import load_stages, pass_stages
from kwri_crawler.web.unpacking import CutOff, NotTaken, encodings_in, unpacked

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

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

    def __init__(self, archive: Database, pages: Database, portals: Iterable[Portal], settings: BaseSettings) -> None:
        self._archive = archive
        self._pages = pages
        self._portals = {portal.id: portal for portal in portals}
        self._settings = settings
        self._stages = load_stages(settings)
        self._parts: set[tuple[str, str]] = set()  # (portal, address asked for) of what was joined to a first page

    def read_all(self, *, after: int, apply: bool) -> Iterator[Reread]:
        """Yield every kept page, read again, from behind a row of the file; what changes is written with `apply`.

        Without it the same is done and undone, so that what is shown is what would be written. Each slice is a
        transaction of its own: no article depends on another's, and one transaction over all would hold up every crawl
        for as long as the reading takes.
        """
        kept_pages = ((row, page) for row, page in kept.read(self._pages, after=after) if page.portal in self._portals)
        while read := [(row, page, self._read(page)) for row, page in islice(kept_pages, SLICE)]:
            with transaction(self._archive, commit=apply, what="the archive takes no more"):
                done = [self._settle(row, page, article) for row, page, article in read]
            yield from done

    def _read(self, page: KeptPage) -> Article | Verdict | str:
        """Return the article as it leaves the stages, or why there is none."""
        portal = self._portals[page.portal]
        try:
            article = read_page(self._unpacked(page), portal)
            entry = rereads.entry_of(self._archive, page)
            paging = article.paging
            is_part = paging is not None and (paging.number > 1 or (paging.number == 0 and entry is None))
            if is_part or (page.portal, page.asked_url) in self._parts:
                return Verdict.PART
            joined = self._join(article, page, portal)
            if joined is None:
                return Verdict.INCOMPLETE
            article = joined
            if entry is not None:
                article = with_facts(article, entry.due.facts)
                article = replace(article, dates=tuple(dict.fromkeys((*article.dates, *entry.due.dates))))
            return pass_stages(article, self._stages)
        except (PageError, DropItem, NotTaken, CutOff) as error:
            return str(error)

    def _unpacked(self, page: KeptPage) -> Page:
        encodings = encodings_in(page.header("Content-Encoding"))
        packed = Page(page.url, page.body, page.header("Content-Type"), page.received_at, encodings)
        return unpacked(packed, self._settings.getint("DOWNLOAD_MAXSIZE"))

    def _join(self, article: Article, page: KeptPage, portal: Portal) -> Article | None:
        """Return the article with its further pages as they were kept beside the first; null when one is missing."""
        read = Joining.of(article)
        try:
            while (url := read.next_url) is not None:
                further = kept.first_since(self._pages, page.portal, url, page.received_at, page.received_at + ONE_LOOK)
                if further is None:
                    read = read.failed("not kept")
                    continue
                self._parts.add((further.portal, further.asked_url))
                read = read_further(read, self._unpacked(further), portal)
        except PageError as error:
            if error.outcome is Outcome.FAILED:
                return None
            raise
        return read.result()

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
