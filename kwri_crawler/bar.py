"""How far many crawls are: one bar for a person who watches, lines for a log without what Scrapy says of itself."""

from __future__ import annotations

import argparse
import asyncio
import logging
from collections.abc import Collection
from typing import Any, Protocol

from tqdm import tqdm

from kwri_crawler.extensions import past_the_bar
from kwri_crawler.spiders.crawl import Summary

logger = logging.getLogger(__name__)

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
