"""`scrapy doctor`: is this installation fit to run unattended? Each line ok, warn or fail, with a cure."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapy.exceptions import UsageError

from kwri_crawler import clock
from kwri_crawler.archive import checkup, search_index
from kwri_crawler.catalogue import CatalogueError, Portal, plugged_in, read_catalogue
from kwri_crawler.command import Exit, ProjectCommand, add_cluster, as_typed, check_portals
from kwri_crawler.command.checks import (
    FAIL,
    OK,
    WARN,
    Check,
    check_archive,
    check_backups,
    check_clock,
    check_disk,
    check_harvest,
    check_home,
    check_open_files,
    check_pages,
    check_settings,
    check_versions,
    version_of,
    where_settings_come_from,
)
from kwri_crawler.command.choosing import Choice, add_choice, choice_of, choose, named_or_active, words_now
from kwri_crawler.kept.file import pages_path
from kwri_crawler.screen import say, say_json
from kwri_crawler.version import __version__
from kwri_crawler.web.reachability import check_reachability

ROBOTS = "robots"  # the name of what web/reachability.py says of a portal
MOST_SHOWN = 20  # portals that are ok, a line each

_HELP = """\
examples:
  scrapy doctor                  seconds, without the network
  scrapy doctor --full           also compares every index of the archive with its table: minutes a gigabyte
  scrapy doctor --mend-search    makes the search index anew
  scrapy doctor --network        also asks each active portal for its robots.txt, and compares the clock
  scrapy doctor --network kwri-jatim
  scrapy doctor --network --region "Jawa Timur" --of-network Tribun --word broken
  scrapy doctor --cluster tls://10.0.0.5:8786   also compares versions, clocks and places of a cluster's workers
  scrapy doctor --json           one JSON object

Above 256 MB the archive and its search index are sampled; --full reads all.
"""


class Command(ProjectCommand):
    """Examine the installation."""

    takes = "[options] [PORTAL ...]"
    does = "Check versions, settings, catalogue, archive, disk, clock and backups"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "nothing failed; warnings may be there",
        Exit.SETUP: "something failed, and its line says what to do",
    }

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options and examples."""
        super().add_options(parser)
        parser.add_argument("--full", action="store_true", help="check the archive's every index")
        parser.add_argument("--mend-search", action="store_true", help="make the search index anew, then check")
        parser.add_argument("--network", action="store_true", help="ask portals for robots.txt (those named, or all)")
        add_choice(parser, "--of-network")
        add_cluster(parser, "look at the workers of this cluster, too")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Look at everything, print a line each."""
        choice = choice_of(opts)
        if (args or choice) and not opts.network:
            raise UsageError("scrapy doctor asks portals with --network only")
        if args:
            check_portals(args, self.read_catalogue())
        if opts.mend_search:
            db = self.open_archive()
            search_index.mend(db)
            db.close()
        cluster = self.cluster(opts)
        checks = list(examine(self.given, args, opts.network, opts.full, clock.now(), choice))
        if cluster is not None:
            from kwri_crawler.cluster.examine import examine as examine_cluster

            checks += (Check(*found) for found in examine_cluster(cluster, self.given))
        if opts.json:
            say_json({"version": __version__, "checks": [asdict(check) for check in checks]})
        else:
            counts = Counter(check.verdict for check in checks)
            say(f"{len(checks)} checks: " + ", ".join(f"{counts[word]} {word}" for word in (OK, WARN, FAIL)))
            for check in few(checks):
                say(f"{check.verdict:5} {check.name:10} {check.text}")
                if check.cure:
                    say(as_typed(f"{'':16} -> {check.cure}"))
        self.exitcode = Exit.SETUP if any(check.verdict == FAIL for check in checks) else Exit.DONE


def few(checks: list[Check]) -> Iterator[Check]:
    """Yield the checks, with one line in place of many portals that are ok."""
    fine = sum(check.name == ROBOTS and check.verdict == OK for check in checks)
    told = False
    for check in checks:
        if fine <= MOST_SHOWN or check.name != ROBOTS or check.verdict != OK:
            yield check
        elif not told:
            told = True
            yield Check(ROBOTS, OK, f"{fine} portals let us in; --json names them")


def examine(
    settings: Any, named: list[str], network: bool, full: bool, now: datetime, choice: Choice | None = None
) -> Iterator[Check]:
    """Yield what each check found; raises UsageError for a choice that no portal answers to."""
    archive = Path(settings["ARCHIVE_PATH"]).absolute()
    yield check_versions(sys.version_info[:3], checkup.sqlite_version(), version_of)
    yield check_home()
    yield from where_settings_come_from(settings)
    yield from check_settings(settings)
    portals: tuple[Portal, ...] = ()
    try:
        portals, faults = read_catalogue(settings["PORTALS_PATH"])
        active = sum(portal.active for portal in portals)
        empty = "write a portal's file, or set active = true in one" if not active else ""
        yield Check("catalogue", OK if active else WARN, f"{len(portals)} portals, {active} active", empty)
        for fault in faults:
            yield Check("catalogue", FAIL, str(fault.error), "correct the file; its portal is not crawled until then")
    except CatalogueError as error:
        yield Check("catalogue", FAIL, str(error), "set PORTALS_PATH to the folder; nothing is crawled until then")
    for plugin in plugged_in():
        what = f"family {plugin.name} of {plugin.package}"
        cure = "upgrade or remove that package; portals of this family are not crawled until then"
        yield Check("families", FAIL, f"{what}: {plugin.fault}", cure) if plugin.fault else Check("families", OK, what)
    found, checks = check_archive(archive, full)
    yield from checks
    yield from check_pages(pages_path(settings["PAGES_PATH"], archive), full)
    yield check_disk(archive, settings.getint("MIN_FREE_MB"))
    yield check_open_files(max(1, settings.getint("HARVEST_AT_ONCE")))
    if found is not None:
        yield check_clock(found, now)
        yield check_harvest(found, now)
        yield check_backups(archive, now)
    if network:
        asked = choice or Choice()
        chosen = named_or_active(choose(portals, asked, words_now(archive, asked)), named)
        for reached in check_reachability(chosen, settings):
            yield Check(*reached)
