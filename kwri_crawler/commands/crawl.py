"""`scrapy crawl PORTAL`: Scrapy's own, with a summary at the end and exit codes that tell the truth."""

from __future__ import annotations

import argparse
import logging
import sys
from typing import Any

from scrapy.commands.crawl import Command as CrawlCommand
from scrapy.exceptions import UsageError

from kwri_crawler.archive import ArchiveError, PortalBusy
from kwri_crawler.command import name_program
from kwri_crawler.extensions import one_line
from kwri_crawler.items import Outcome
from kwri_crawler.nearest import nearest
from kwri_crawler.spiders.arguments import ArgumentError
from kwri_crawler.spiders.crawl import Summary
from kwri_crawler.spiders.portal import PortalSpider

WELL, SETUP_TROUBLE, WRONG_ARGUMENT, PORTAL_TROUBLE, BUSY, ARCHIVE_TROUBLE = 0, 1, 2, 3, 4, 5

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

exit codes:
  0  the portal was read, to its end or to the bounds
  1  the crawl could not be set up (a setting or a catalogue file is wrong; see the message)
  2  a wrong argument or an unknown portal; nothing was asked for
  3  the portal was not read: no listing, refusals, failures, or the crawl was stopped
  4  another crawl of this portal is running
  5  the archive cannot be opened or written: disk, permissions, damage, newer schema
"""


class Command(CrawlCommand):
    """Scrapy's crawl, for the portals of the catalogue."""

    def syntax(self) -> str:
        """Return what follows the command's name."""
        return "[options] PORTAL"

    def short_desc(self) -> str:
        """Return the line that `scrapy -h` shows."""
        return "Crawl one portal of the catalogue into the archive"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our examples and exit codes to the help text."""
        super().add_options(parser)
        name_program(parser, _HELP)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl, print the summary, set the exit code."""
        if len(args) != 1:
            raise UsageError("scrapy crawl takes one portal; `scrapy list` names them")
        process: Any = self.crawler_process
        known = process.spider_loader.list()
        for fault in process.spider_loader.faults:
            if fault.portal == args[0]:
                print(fault.error, file=sys.stderr)
                self.exitcode = SETUP_TROUBLE
                return
        if args[0] not in known:
            near = nearest(args[0], known)
            hint = f"did you mean {near}?" if near else "`scrapy list` names those that we know"
            raise UsageError(f"{args[0]}: no such portal; {hint}", print_help=False)
        quieten()
        crawler = self._create_crawler(args[0])
        result: Any = process.crawl(crawler, **opts.spargs)
        process.start()
        spider = crawler.spider
        if isinstance(spider, PortalSpider) and spider.summary is not None:
            print(describe(spider.summary))
            self.exitcode = exit_code(spider.summary)
        else:
            self.exitcode = explain(result, args[0])


def quieten() -> None:
    """Keep what Scrapy says about itself out of the log."""
    for name in _CHATTER:
        logging.getLogger(name).setLevel(logging.WARNING)


def exit_code(summary: Summary) -> int:
    """Return what cron is told."""
    if summary.well:
        return WELL
    return ARCHIVE_TROUBLE if summary.finish == "archive" else PORTAL_TROUBLE


def explain(result: Any, portal: str) -> int:
    """Print why no crawl began, and return its exit code."""
    error = result.exception() if result.done() and not result.cancelled() else None
    if isinstance(error, ArgumentError):
        print(f"scrapy crawl {portal}: {error}", file=sys.stderr)
        return WRONG_ARGUMENT
    if isinstance(error, PortalBusy):
        print(error, file=sys.stderr)
        return BUSY
    if isinstance(error, ArchiveError):
        print(error, file=sys.stderr)
        return ARCHIVE_TROUBLE
    print(f"scrapy crawl {portal}: the crawl could not be set up: {error!r}", file=sys.stderr)
    return SETUP_TROUBLE


def describe(summary: Summary) -> str:
    """Write the crawl's end for a person."""
    counts = summary.counts
    lines = [f"{summary.portal}: {summary.finish}" + (f": {one_line(summary.reason)}" if summary.reason else "")]
    if counts:
        parts = [f"{counts[outcome.value]} {outcome.value}" for outcome in Outcome if counts[outcome.value]]
        lines.append(f"  found {counts['found']} addresses: {', '.join(parts) or 'none'}")
        if not counts["stored"] + counts["edited"] and counts["known"] and summary.well:
            lines.append("  nothing new: every article that was found is in the archive already")
        if counts["edited"]:
            lines.append(f"  {counts['edited']} edited: the texts before are kept; `scrapy revisions URL` shows them")
        if not counts["found"] and summary.well:
            lines.append("  nothing new: its listings are as they were")
    lines.append(f"  {summary.requests} requests in {summary.seconds:.0f} s; archive: {summary.archive}")
    return "\n".join(lines)
