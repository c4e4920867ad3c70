"""What a person sees while a crawl runs: a bar on a terminal, a line a minute in a log."""

from __future__ import annotations

import asyncio
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Self, TextIO

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.logformatter import LogFormatter
from scrapy.statscollectors import MemoryStatsCollector
from tqdm import tqdm

from kwri_crawler.items import Article, Outcome
from kwri_crawler.screen import one_line

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


_OURS = re.compile(r"(?:kwri_crawler|pipelines|__main__)\b")


def is_for_people(record: logging.LogRecord) -> bool:
    """Tell whether a record is for the log: a library's only if it is Scrapy's or Twisted's and an error."""
    engine = record.name.startswith(("scrapy", "twisted", "asyncio"))
    return bool(_OURS.match(record.name)) or record.levelno >= (logging.ERROR if engine else logging.CRITICAL)


class OneLineLog(logging.Filter):
    """Makes every record of a crawl one line, and indents tracebacks: no word of theirs can begin a line.

    Unless the log is at DEBUG, libraries do not speak in it.
    """

    def __init__(self, level: str = "DEBUG") -> None:
        super().__init__()
        self._is_for_us_alone = level != "DEBUG"

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> OneLineLog:
        """Wait for the engine: Scrapy makes the log's handler anew after it has made the extensions."""
        self = cls(crawler.settings["LOG_LEVEL"])
        crawler.signals.connect(self._put_before_handlers, signals.engine_started)
        return self

    def _put_before_handlers(self) -> None:
        for handler in logging.getLogger().handlers:
            handler.addFilter(self)

    def filter(self, record: logging.LogRecord) -> bool:
        """Let a record pass, made safe; not a library's."""
        if self._is_for_us_alone and not is_for_people(record):
            return False
        record.msg, record.args = one_line(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            trace = logging.Formatter().formatException(record.exc_info)
            record.exc_text = "\n".join(f"  {one_line(line)}" for line in trace.splitlines())
        return True


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


class QuietLogFormatter(LogFormatter):
    """Leaves what becomes of an article to the spider, which logs every loss once, with its address and reason."""

    def __init__(self, level: str) -> None:
        self._is_shown = level == "DEBUG"  # else a line a page is made and thrown away

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it as Scrapy does."""
        return cls(crawler.settings["LOG_LEVEL"])

    def crawled(self, *about: Any) -> Any:
        """Say that an answer came."""
        return super().crawled(*about) if self._is_shown else None

    def dropped(self, *_: Any, **__: Any) -> Any:
        """Say nothing: the ledger has it."""
        return None

    def scraped(self, item: Any, response: Any, *_: Any) -> Any:
        """Name the address, not the whole text."""
        if not self._is_shown:
            return None
        address = item.url if isinstance(item, Article) else response
        return {"level": logging.DEBUG, "msg": "%(url)s: stored", "args": {"url": address}}


class Stats(MemoryStatsCollector):
    """Scrapy's own; that one wraps its methods at each use, to warn of an argument that nobody gives any more."""

    __getattribute__ = object.__getattribute__
