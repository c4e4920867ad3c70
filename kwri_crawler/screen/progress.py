"""How far a crawl is, or many: a bar for a person who watches, lines in a log for nobody."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from scrapy import signals
from scrapy.exceptions import NotConfigured
from tqdm import tqdm

from kwri_crawler.items import Outcome

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler

    from kwri_crawler.spiders.crawl import Summary

logger = logging.getLogger(__name__)


def watched(settings: Any) -> bool:
    """Tell whether a person sees the standard error."""
    return sys.stderr.isatty() and not settings.get("LOG_FILE")


class _Past:
    """A standard error that writes above the bars of another stream."""

    def __init__(self, screen: TextIO) -> None:
        self._screen = screen

    def write(self, text: str) -> int:
        tqdm.write(text, file=self._screen, end="")
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._screen, name)


@contextmanager
def past_the_bar() -> Iterator[TextIO]:
    """Let all that is written to standard error stand above the bar; yield the stream for the bar itself.

    Not the log's handlers alone: Scrapy makes them anew with each crawler.
    """
    screen = sys.stderr
    past: Any = _Past(screen)
    sys.stderr = past
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler) and handler.stream is screen:
            handler.setStream(past)
    try:
        yield screen
    finally:
        sys.stderr = screen
        for handler in logging.getLogger().handlers:
            if isinstance(handler, logging.StreamHandler) and handler.stream is past:
                handler.setStream(screen)


class Progress:
    """Shows how far the crawl is: a bar when a person watches, else a line every PROGRESS_INTERVAL_S."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._interval_s = crawler.settings.getfloat("PROGRESS_INTERVAL_S")
        if self._interval_s <= 0:
            raise NotConfigured
        self._bar: tqdm[Any] | None = None
        self._above = ExitStack()
        self._task: asyncio.Task[None] | None = None
        crawler.signals.connect(self._on_opened, signals.spider_opened)
        crawler.signals.connect(self._on_closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Progress:
        """Build it as Scrapy does."""
        return cls(crawler)

    def _on_opened(self, spider: Spider) -> None:
        if not hasattr(spider, "counts"):
            return  # `scrapy shell URL` and the like: no portal's spider
        is_watched = watched(self._crawler.settings)
        if is_watched:
            screen = self._above.enter_context(past_the_bar())
            self._bar = tqdm(desc=spider.name, unit=" pages", dynamic_ncols=True, leave=False, file=screen)
        self._task = asyncio.ensure_future(self._watch(spider, 0.5 if is_watched else self._interval_s))

    async def _watch(self, spider: Spider, every_s: float) -> None:
        while True:
            await asyncio.sleep(every_s)
            counts = spider.counts  # type: ignore[attr-defined]
            done = sum(counts.values())
            text = ", ".join(f"{counts[outcome.value]} {outcome.value}" for outcome in Outcome if counts[outcome.value])
            if self._bar is not None:
                self._bar.set_postfix_str(text, refresh=False)
                self._bar.update(done - self._bar.n)
            else:
                logger.info("%s: %d pages: %s", spider.name, done, text or "reading listings")

    def _on_closed(self) -> None:
        if self._task is not None:
            self._task.cancel()
        if self._bar is not None:
            self._bar.close()
        self._above.close()


class Watched(Protocol):
    """A harvest, here or on other machines."""

    ended: list[Summary]

    @property
    def running(self) -> Collection[str]:
        """Return the portals that are crawled now."""

    def pages(self) -> int:
        """Count the pages of the crawls that run now."""


async def watch(harvest: Watched, total: int, watched: bool, every_s: float = 60.0, what: str = "harvest") -> None:
    """Show how far the harvest is: a bar on a terminal, a line for each portal and each minute in a log."""
    if not watched:
        await _tell(harvest, total, None, every_s)
        return
    with (
        past_the_bar() as screen,
        tqdm(total=total, desc=what, unit=" portals", dynamic_ncols=True, leave=False, file=screen) as bar,
    ):
        await _tell(harvest, total, bar, every_s)


async def _tell(harvest: Watched, total: int, bar: tqdm[Any] | None, every_s: float) -> None:
    told = ticks = 0
    try:
        while True:
            await asyncio.sleep(0.5)
            ticks += 1
            for summary in harvest.ended[told:]:
                told += 1
                logger.info("%s", one_line(summary))
            running = ", ".join(list(harvest.running)[:4])
            if bar is not None:
                bar.set_postfix_str(f"{harvest.pages()} pages open; {running}", refresh=False)
                bar.update(told - bar.n)
                bar.refresh()
            elif ticks % max(1, int(every_s * 2)) == 0:
                logger.info("%d of %d portals done, %d running: %s", told, total, len(harvest.running), running)
    finally:
        for summary in harvest.ended[told:]:
            logger.info("%s", one_line(summary))


def one_line(summary: Summary) -> str:
    """Write a crawl's end in one line of a log."""
    counts = summary.counts
    said = f": {summary.reason}" if summary.reason else ""
    edits = f", {counts['edited']} edited" if counts.get("edited") else ""
    new = f"{counts.get('stored', 0)} new of {counts.get('found', 0)} found"
    return f"{summary.portal}: {summary.finish}, {new}{edits}{said}"
