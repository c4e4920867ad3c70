"""`scrapy crawl PORTAL`: Scrapy's own, with a summary at the end and exit codes that tell the truth."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from typing import Any

from scrapy.commands.crawl import Command as CrawlCommand
from scrapy.exceptions import UsageError

from kwri_crawler.archive import ArchiveError, PortalBusy, Writer, lock_harvest
from kwri_crawler.catalogue import Portal
from kwri_crawler.command import Exit, ProjectCommand, add_cluster, add_days, as_typed, check_portals, count
from kwri_crawler.command.any_harvest import Elsewhere, harvest_by
from kwri_crawler.items import Outcome
from kwri_crawler.screen import one_line, say
from kwri_crawler.screen.log import log_asked, quieten
from kwri_crawler.screen.progress import watch, watched
from kwri_crawler.spiders.arguments import ArgumentError, read_bounds
from kwri_crawler.spiders.crawl import Summary
from kwri_crawler.spiders.ending import in_words
from kwri_crawler.spiders.portal import PortalSpider

_BOUNDS = ("since", "until", "limit")
_WORST = (Exit.DONE, Exit.BUSY, Exit.PART, Exit.ARCHIVE)  # of several crawls' codes the last counts

_HELP = """\
examples:
  scrapy crawl kwri-jatim
  scrapy crawl kwri-jatim beritaterbaru --since 2026-01-01
  scrapy crawl kwri-jatim --since 2024-06-01 --limit 200
  scrapy crawl kwri-jatim --since 2023-01-01 --until 2023-12-31
  scrapy crawl kwri-jatim beritaterbaru --since 2023-01-01 --cluster local:2      docs/cluster.md
  scrapy crawl kwri-jatim -s ARCHIVE_PATH=/srv/press/kwri.sqlite

Days are local to the portal. With --until a crawl is a back-fill of the days between, in slices that may be cut short
and continued. Several portals are crawled together; the exit code is the worst of theirs. The options may also be
written -a since=DAY, -a until=DAY, -a limit=N.
"""


class Command(ProjectCommand, CrawlCommand):
    """Scrapy's crawl, for the portals of the catalogue."""

    takes = "[options] PORTAL ..."
    does = "Crawl portals of the catalogue into the archive"
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

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the bounds."""
        super().add_options(parser)
        add_days(parser, "nothing published before this day", "with --since: nothing published after this day")
        parser.add_argument("--limit", type=count, metavar="N", help="ask for at most N article pages")
        add_cluster(parser, "crawl on the workers of this cluster")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Leave a terminal to the bar and to what went wrong, unless a log was asked for."""
        super().process_options(args, opts)
        if watched(self.given) and not log_asked(opts):
            self.given.set("LOG_LEVEL", "WARNING", priority="cmdline")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl, print the summary."""
        portals = list(dict.fromkeys(args))
        if not portals:
            raise UsageError("scrapy crawl takes a portal, or several; `scrapy list` names them")
        catalogue = self.check_portal(portals[0])
        check_portals(portals, catalogue)
        for fault in catalogue.faults:
            if fault.portal in portals:
                raise fault.error
        bounds = bounds_of(opts)
        self.places()  # Scrapy would say it with a traceback
        quieten()
        # CLUSTER alone sends no crawl away: who names a portal has it asked from here, as ever.
        cluster = self.cluster_to_crawl(opts) if opts.cluster is not None else None
        if len(portals) > 1 or cluster is not None:
            known = {portal.id: portal for portal in catalogue.portals}
            self.crawl_all([known[name] for name in portals], bounds, cluster)
            return
        process: Any = self.crawler_process
        crawler = self._create_crawler(portals[0])
        result: Any = process.crawl(crawler, **bounds)
        process.start()
        spider = crawler.spider
        if isinstance(spider, PortalSpider) and spider.summary is not None:
            say(as_typed(describe(spider.summary)))
            self.exitcode = exit_code(spider.summary)
            return
        error = result.exception() if result.done() and not result.cancelled() else None
        if isinstance(error, (PortalBusy, ArchiveError)):
            raise error
        if isinstance(error, ArgumentError):
            raise UsageError(str(error)) from error
        self.fail(f"scrapy crawl {portals[0]}: the crawl could not be set up: {error!r}", Exit.SETUP)

    def crawl_all(self, portals: list[Portal], bounds: dict[str, str], cluster: str | None) -> None:
        """Crawl several portals together, print a summary of each as they were named, end with the worst code.

        On a cluster it is a harvest for what other machines crawl: raises Busy beside one.
        """
        settings, archive, names = self.given, self.archive_path, [portal.id for portal in portals]
        settings.set("PROGRESS_INTERVAL_S", 0, priority="cmdline")  # one bar for all

        def finish() -> None:
            ended = {summary.portal: summary for summary in harvest.ended}
            for name in names:
                say(as_typed(describe(ended[name])) if name in ended else f"{name}: not begun")
            sys.stdout.flush()
            codes = [exit_code(ended[name]) if name in ended else Exit.PART for name in names]
            self.exitcode = max(codes, key=_WORST.index)

        def give_up() -> None:  # a crawl hangs although it was asked to end; all that was committed is safe
            finish()
            os._exit(int(self.exitcode))

        with contextlib.ExitStack() as ends:
            who: Any = self.crawler_process
            if cluster is not None:
                ends.enter_context(lock_harvest(archive))
                who = Elsewhere(cluster, ends.enter_context(contextlib.closing(Writer.share(archive))))
            harvest = harvest_by(
                who, portals, settings, archive=archive, within_s=None, give_up=give_up, arguments=bounds
            )
            harvest.run(lambda: watch(harvest, len(portals), watched=watched(settings), what="crawl"))
        finish()


def bounds_of(opts: argparse.Namespace) -> dict[str, str]:
    """Return a crawl's bounds as `-a` gives them, options too; raises UsageError for one that is given twice."""
    given = {name: str(value) for name in _BOUNDS if (value := getattr(opts, name)) is not None}
    for name, value in given.items():
        if opts.spargs.get(name, value) != value:
            raise UsageError(f"--{name} {value} and -a {name}={opts.spargs[name]}: which of them?")
    bounds = {**opts.spargs, **given}
    try:
        read_bounds(bounds)
    except ArgumentError as wrong:
        raise UsageError(str(wrong)) from wrong
    return bounds


def exit_code(summary: Summary) -> Exit:
    """Return what cron is told."""
    if summary.finish == "busy":
        return Exit.BUSY
    if summary.well:
        return Exit.DONE
    return Exit.ARCHIVE if summary.finish == "archive" else Exit.PART


def describe(summary: Summary) -> str:
    """Write the crawl's end for a person."""
    counts = summary.counts
    lines = [f"{summary.portal}: {summary.finish}" + (f": {one_line(summary.reason)}" if summary.reason else "")]
    if counts:
        named = {outcome.value: outcome.value for outcome in Outcome} | {"left_out": "left out by rule"}
        parts = [f"{counts[name]} {words}" for name, words in named.items() if counts[name]]
        lines.append(f"  found {counts['found']} addresses: {', '.join(parts) or 'none'}")
        if counts["pending"] and summary.finish == "finished" and summary.since is not None:
            lines.append(f"  the {counts['pending']} pending ones lie outside of the days that were asked for")
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
