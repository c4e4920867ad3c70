"""`scrapy crawl PORTAL`: Scrapy's own, with a summary at the end and exit codes that tell the truth."""

from __future__ import annotations

import argparse
import logging
from typing import Any

from scrapy.commands.crawl import Command as CrawlCommand
from scrapy.exceptions import UsageError

from kwri_crawler.archive import ArchiveError, PortalBusy
from kwri_crawler.command import Exit, ProjectCommand
from kwri_crawler.items import Outcome
from kwri_crawler.screen import one_line, say
from kwri_crawler.spiders.arguments import ArgumentError, read_bounds
from kwri_crawler.spiders.crawl import Summary
from kwri_crawler.spiders.ending import in_words
from kwri_crawler.spiders.portal import PortalSpider

# What Scrapy says at INFO about itself; a log is read for what happened to the portal.
_CHATTER = ("scrapy.utils.log", "scrapy.crawler", "scrapy.middleware", "scrapy.addons", "scrapy.extensions.memusage",
            "scrapy.core.engine", "asyncio")  # fmt: skip

_HELP = """\
examples:
  scrapy crawl kwri-jatim
  scrapy crawl kwri-jatim -a since=2024-06-01 -a limit=200
  scrapy crawl kwri-jatim -a since=2023-01-01 -a until=2023-12-31
  scrapy crawl kwri-jatim -s ARCHIVE_PATH=/srv/press/kwri.sqlite

bounds:
  -a since=DAY    nothing published before this day (local to the portal)
  -a until=DAY    with since: a back-fill of the days between, in slices that may be cut short and gone on with
  -a limit=N      ask for at most N article pages
"""


class Command(ProjectCommand, CrawlCommand):
    """Scrapy's crawl, for the portals of the catalogue."""

    takes = "[options] PORTAL"
    does = "Crawl one portal of the catalogue into the archive"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "the portal was read, to its end or to the bounds",
        Exit.SETUP: "the crawl could not be set up (a setting or a catalogue file is wrong; see the message)",
        Exit.ARGUMENT: "a wrong argument or an unknown portal; nothing was asked for",
        Exit.PART: "not read, or not all: no listing, refusals, failures, stopped, articles lost or out of reach",
        Exit.BUSY: "another crawl of this portal is running",
        Exit.ARCHIVE: "the archive cannot be opened or written: disk, permissions, damage, newer schema",
    }
    requires_crawler_process = True
    default_settings = {}  # noqa: RUF012 - Scrapy's own name and form

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl, print the summary."""
        if len(args) != 1:
            raise UsageError("scrapy crawl takes one portal; `scrapy list` names them")
        self.check_portal(args[0])
        try:
            read_bounds(opts.spargs)
        except ArgumentError as wrong:
            raise UsageError(str(wrong)) from wrong
        process: Any = self.crawler_process
        quieten()
        crawler = self._create_crawler(args[0])
        result: Any = process.crawl(crawler, **opts.spargs)
        process.start()
        spider = crawler.spider
        if isinstance(spider, PortalSpider) and spider.summary is not None:
            say(describe(spider.summary))
            self.exitcode = exit_code(spider.summary)
            return
        error = result.exception() if result.done() and not result.cancelled() else None
        if isinstance(error, (PortalBusy, ArchiveError)):
            raise error
        if isinstance(error, ArgumentError):
            raise UsageError(str(error)) from error
        self.fail(f"scrapy crawl {args[0]}: the crawl could not be set up: {error!r}", Exit.SETUP)


def quieten() -> None:
    """Keep what Scrapy says about itself out of the log."""
    for name in _CHATTER:
        logging.getLogger(name).setLevel(logging.WARNING)


def exit_code(summary: Summary) -> Exit:
    """Return what cron is told."""
    if summary.well:
        return Exit.DONE
    return Exit.ARCHIVE if summary.finish == "archive" else Exit.PART


def describe(summary: Summary) -> str:
    """Write the crawl's end for a person."""
    counts = summary.counts
    lines = [f"{summary.portal}: {summary.finish}" + (f": {one_line(summary.reason)}" if summary.reason else "")]
    if counts:
        parts = [f"{counts[outcome.value]} {outcome.value}" for outcome in Outcome if counts[outcome.value]]
        lines.append(f"  found {counts['found']} addresses: {', '.join(parts) or 'none'}")
        before = [some for some in summary.lost if not some.now]
        if not counts["stored"] + counts["edited"] + counts["pending"] and counts["known"] and summary.well:
            every = "" if summary.lost else ": every article that was found is in the archive already"
            lines.append(f"  nothing new{every}")
        if before:
            lines.append(f"  of these brought no article before: {in_words(before)}; the view lost_urls says why")
        if counts["edited"]:
            lines.append(f"  {counts['edited']} edited: the texts before are kept; `scrapy revisions URL` shows them")
        if summary.oldest is not None and not summary.reached:
            older = (
                "none leads to what is older" if summary.since else "-a since=DAY looks for older ones, also at home"
            )
            lines.append(f"  its listings lead back to {summary.oldest}; {older}")
        elif summary.oldest is not None and summary.since is not None and summary.oldest > summary.since:
            lines.append(f"  its listings lead back to {summary.oldest}, and end there")
        if not counts["found"] and summary.well:
            lines.append("  nothing new: its listings are as they were")
    lines.append(f"  {summary.requests} requests in {summary.seconds:.0f} s; archive: {summary.archive}")
    return "\n".join(lines)
