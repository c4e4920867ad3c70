"""What is in a crawl's log: one line a record, of what happened to the portal; libraries are quiet unless at DEBUG."""

from __future__ import annotations

import argparse
import logging
import re
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals
from scrapy.logformatter import LogFormatter

from kwri_crawler.items import Article
from kwri_crawler.screen import one_line

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

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


# What Scrapy says at INFO about itself; a log is read for what happened to the portal.
_CHATTER = ("scrapy.utils.log", "scrapy.crawler", "scrapy.middleware", "scrapy.addons", "scrapy.extensions.memusage",
            "scrapy.core.engine", "asyncio")  # fmt: skip


def quieten() -> None:
    """Keep what Scrapy says about itself out of the log: by its loggers, for it says most before an engine has started.

    Only then can OneLineLog stand before the log's handlers, and at DEBUG that one lets libraries speak.
    """
    for name in _CHATTER:
        logging.getLogger(name).setLevel(logging.WARNING)


def log_asked(opts: argparse.Namespace) -> bool:
    """Tell whether the command line says how much is logged."""
    return bool(opts.loglevel) or any(pair.startswith("LOG_LEVEL=") for pair in opts.set)


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
