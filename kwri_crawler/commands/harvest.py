"""`scrapy harvest`: what cron runs; every portal that is due, several at once, one table and one code at the end."""

from __future__ import annotations

import argparse
import logging
import os
import re
import shutil
import sys
from datetime import datetime, timedelta
from pathlib import Path

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import UsageError
from scrapy.utils.log import configure_logging

from kwri_crawler import clock
from kwri_crawler.archive import ArchiveError, Writer, crawls, health, lock_harvest
from kwri_crawler.archive.health import Change
from kwri_crawler.catalogue import Catalogue, CatalogueError, Portal
from kwri_crawler.causes import Cause
from kwri_crawler.command import HARVEST, Exit, ProjectCommand, add_cluster, check_portals
from kwri_crawler.command.any_harvest import Elsewhere, harvest_by
from kwri_crawler.command.choosing import Choice, add_choice, choice_of, choose, words_now
from kwri_crawler.command.harvest_report import NOTHING_DONE, SOME_FAILED, WELL, Report, screen_width
from kwri_crawler.home import settings_path
from kwri_crawler.missing import LibraryMissing
from kwri_crawler.notify import messages, monitors, watching
from kwri_crawler.notify.messages import AddressError
from kwri_crawler.notify.monitors import Channels, read_channels
from kwri_crawler.notify.watching import Told
from kwri_crawler.plan import due_portals
from kwri_crawler.screen import complain, say, say_json
from kwri_crawler.screen.log import log_asked, quieten
from kwri_crawler.screen.progress import watch, watched
from kwri_crawler.spiders.crawl import Summary

logger = logging.getLogger(__name__)

_HELP = """\
examples:
  scrapy harvest                                     every active portal that is due
  scrapy harvest --within 50m                        what an hourly cron line wants
  scrapy harvest --region "Jawa Timur" --family varient
  scrapy harvest kwri-jatim beritaterbaru            these, due or not
  scrapy harvest --cluster local:4                   in four processes of this machine
  scrapy harvest --cluster tls://10.0.0.5:8786       on other machines; docs/cluster.md
  scrapy harvest -L INFO                             with the log; on a terminal only bar and table are shown
"""


class Command(ProjectCommand):
    """Crawl all that is due."""

    takes = "[options] [PORTAL ...]"
    does = "Crawl every portal that is due, or those named: what cron runs"
    about = _HELP
    ends = HARVEST
    codes = {Exit.SETUP: NOTHING_DONE, Exit.ARCHIVE: NOTHING_DONE, Exit.PART: SOME_FAILED}  # noqa: RUF012
    default_settings = {}  # noqa: RUF012 - Scrapy's own name and form

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options, examples and exit codes."""
        super().add_options(parser)
        add_choice(parser)
        parser.add_argument("--all", action="store_true", dest="all_", help="active portals that are not due, too")
        parser.add_argument("--within", metavar="TIME", help="end after this time: 90s, 50m, 2h; what is left waits")
        add_cluster(parser, "crawl on the workers of this cluster")
        parser.add_argument("--json", action="store_true", help="print the table as one JSON object")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Harvest, print the table."""
        settings = self.given
        archive = self.archive_path
        within = read_duration(opts.within) if opts.within else None
        cluster = self.cluster_to_crawl(opts)
        self.places()  # Scrapy would say it of each portal, with a traceback
        settings.set("PROGRESS_INTERVAL_S", 0, priority="cmdline")  # one bar for all, not one a portal
        if watched(settings):
            self.leave_the_screen_to_the_bar(opts)
        try:
            catalogue = self.read_catalogue()
            choice = choice_of(opts)
            portals = choose_named(catalogue, args, choice, words_now(archive, choice))
            if catalogue.faults and not catalogue.portals:
                raise catalogue.faults[0].error
            active = [portal for portal in catalogue.portals if portal.active]
            self.check_disk(archive, settings.getint("MIN_FREE_MB"))
            addresses = messages.addresses_of(settings)
            lock = lock_harvest(archive)
            writer = Writer.share(archive)  # held to the end, so that the file is not closed and opened in between
            watching.check(writer, addresses)
        except (CatalogueError, ArchiveError, AddressError, LibraryMissing, OSError) as error:
            self.fail(f"scrapy harvest: nothing was done: {error}", Exit.ARCHIVE)
            return
        faults = tuple(fault for fault in catalogue.faults if not args or fault.portal in args)
        if not args and not opts.all_:
            interval = timedelta(minutes=settings.getfloat("HARVEST_INTERVAL_MIN"))
            portals = due_portals(portals, writer.do_now(crawls.last_crawls), interval, clock.now())
        elsewhere = [portal for portal in portals if portal.place is not None and cluster is None]
        portals = [portal for portal in portals if portal not in elsewhere]
        began = clock.now()
        channels = read_channels(settings)
        monitors.ping(channels, "/start")

        def finish() -> None:
            now = clock.now()
            report = Report(harvest.ended, harvest.not_begun, harvest.stopped, began, now, faults)
            changes = self.review(writer, active, channels, report, now)
            report.told = self.tell(writer, addresses, clock.now())
            writer.close()
            if opts.json:
                say_json(report.as_object(changes))
            else:
                say(report.as_table(changes, screen_width()))
            sys.stdout.flush()
            self.exitcode = report.exit_code()
            monitors.ping(channels, "" if self.exitcode == WELL else "/fail", report.as_table(changes))

        def give_up() -> None:  # a crawl hangs although it was asked to end; all that was committed is safe
            finish()
            os._exit(self.exitcode)

        who = self.who_crawls(cluster, writer)
        harvest = harvest_by(who, portals, settings, archive=archive, within_s=within, give_up=give_up, arguments={})
        harvest.ended += [left_to(portal, archive) for portal in elsewhere]
        if portals:
            harvest.run(lambda: watch(harvest, len(portals), watched=watched(settings)))
        finish()
        lock.close()

    def who_crawls(self, cluster: str | None, writer: Writer) -> AsyncCrawlerProcess | Elsewhere:
        """Return this process or the cluster, with the log as it is to be."""
        quieten()
        who: AsyncCrawlerProcess | Elsewhere
        if cluster is None:
            who = AsyncCrawlerProcess(self.given)
        else:
            who = Elsewhere(cluster, writer)
            configure_logging(self.given)
        quieten()  # again: Scrapy sets levels of its own
        return who

    def leave_the_screen_to_the_bar(self, opts: argparse.Namespace) -> None:
        """Show no log below ERROR, unless one was asked for; what it would say of CONTACT is said once."""
        if log_asked(opts):
            return
        self.given.set("LOG_LEVEL", "ERROR", priority="cmdline")
        if not self.given["CONTACT"]:
            complain(f"CONTACT is not set: portals cannot reach you; write CONTACT = ... into {settings_path()}")

    def review(
        self, writer: Writer, portals: list[Portal], channels: Channels, report: Report, now: datetime
    ) -> list[Change]:
        """Judge every portal, keep and send what changed; the crawls are safe whatever becomes of this."""
        try:
            verdicts, changes = writer.do_now(health.review, portals, now)
        except ArchiveError as error:
            logger.error("the portals' health could not be judged: %s", error)
            return []
        monitors.send_changes(channels, changes)
        monitors.write_prometheus(channels, verdicts, now, report.exit_code(), report.seconds, report.totals["stored"])
        return changes

    def tell(self, writer: Writer, addresses: dict[str, str], now: datetime) -> list[Told]:
        """Let the watches look at what was archived, and tell who waits; the crawls are safe whatever becomes of it."""
        try:
            return watching.run(writer, addresses, now, self.given["NOTIFY_LANG"])[0]
        except ArchiveError as error:
            logger.error("the watches could not look: %s", error)
            return []

    def check_disk(self, archive: Path, least_mb: int) -> None:
        """Raise ArchiveError when the archive's disk is nearly full: a crawl would be for nothing."""
        archive.parent.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(archive.parent).free >> 20
        if free < least_mb:
            raise ArchiveError(
                f"{archive.parent}: {free} MB are free, and MIN_FREE_MB asks for {least_mb}; free some disk space",
                Cause.DISK,
            )


def choose_named(catalogue: Catalogue, named: list[str], choice: Choice, words: dict[str, str]) -> list[Portal]:
    """Return the portals that were asked for: those named, active or not, else the active ones; raises UsageError."""
    check_portals(named, catalogue)
    known = {portal.id: portal for portal in choose(catalogue.portals, choice, words)}
    if named:
        return [known[name] for name in dict.fromkeys(named) if name in known]
    return [portal for portal in known.values() if portal.active]


def read_duration(text: str) -> float:
    """Read 90s, 50m, 2h or 1h30m as seconds; raises UsageError."""
    match = re.fullmatch(r"(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s)?", text.strip())
    hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    total = hours * 3600 + minutes * 60 + seconds
    if total <= 0:
        raise UsageError(f"--within {text}: not a time; write 90s, 50m, 2h or 1h30m", print_help=False)
    return float(total)


def left_to(portal: Portal, archive: Path) -> Summary:
    """Return why a portal is not crawled here that only some place's workers may ask."""
    reason = f'its file says from = "{portal.place}": it is asked by workers of that place (--cluster)'
    return Summary(portal.id, archive, "waiting", reason)
