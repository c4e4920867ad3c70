"""`scrapy redate`: reads every stored date string again with today's code; asks no portal for anything."""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from typing import Any

from scrapy.exceptions import UsageError

from kwri_crawler.archive import ArchiveError, dates
from kwri_crawler.archive.dates import Redating
from kwri_crawler.catalogue import Catalogue, CatalogueError
from kwri_crawler.command import ProjectCommand

WELL, CATALOGUE_TROUBLE, ARCHIVE_TROUBLE = 0, 1, 5  # as `scrapy crawl` has them
ASPECTS = ("published", "updated", "dateline", "event days", "evidence")
EXAMPLES = 3  # of each aspect and portal

_HELP = """\
examples:
  scrapy redate                             what would change, as a table with examples
  scrapy redate --portal kwri-jatim --json
  scrapy redate --apply                     write it, in one transaction

The archive keeps every date as it was printed, and when its page was read. After a new release, or after a change of
[dates] in a portal's file, this reads all of them again: publication, update, dateline and event days. Nothing is
written without --apply, and a second --apply changes nothing.

exit codes: 0 done, 1 a portal's file is wrong, 2 a wrong argument, 5 the archive cannot be opened or written
"""


class Command(ProjectCommand):
    """Reads the archive's dates again."""

    takes = "[--apply] [--portal ID] [--json]"
    does = "Read all stored dates again with today's code"
    about = _HELP

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our options, examples and exit codes."""
        super().add_options(parser)
        parser.add_argument("--apply", action="store_true", help="write what changes; else it is only shown")
        parser.add_argument("--portal", metavar="ID", help="only this portal's articles")
        parser.add_argument("--json", action="store_true", help="print what changes as one JSON object")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Show what changes, and write it where asked."""
        if args:
            raise UsageError(f"scrapy redate takes no {args[0]!r}; for one portal write --portal {args[0]}")
        try:
            portals, faults = self.read_catalogue()
            db = self.open_archive()
        except CatalogueError as error:
            self.fail(error, CATALOGUE_TROUBLE)
            return
        except ArchiveError as error:
            self.fail(error, ARCHIVE_TROUBLE)
            return
        try:
            self._redate(db, Catalogue(portals, faults), opts)
        finally:
            db.close()
        self.name_faults(faults)

    def _redate(self, db: Any, catalogue: Catalogue, opts: argparse.Namespace) -> None:
        if opts.portal and not dates.has_portal(db, opts.portal):
            raise UsageError(f"{opts.portal}: the archive has no such portal; `scrapy list` names those that we know")
        known = {portal.id: (portal.zone, portal.clocks) for portal in catalogue.portals}
        left_out = {fault.portal for fault in catalogue.faults}  # how their clocks are to be read is not known
        read: Counter[str] = Counter()
        changes: list[Redating] = []
        for one in dates.read_again(db, known, opts.portal):
            portal = one if isinstance(one, str) else one.portal
            if portal in left_out:
                continue
            read[portal] += 1
            if isinstance(one, Redating):
                changes.append(one)
        report = describe(read, changes)
        print(json.dumps(report, ensure_ascii=False, indent=2) if opts.json else as_table(report))
        written = None
        if opts.apply:
            try:
                written = dates.apply(db, changes)
            except ArchiveError as error:
                self.fail(error, ARCHIVE_TROUBLE)
                return
        if not opts.json:
            print(ending(len(changes), written))


def describe(read: Counter[str], changes: list[Redating]) -> dict[str, Any]:
    """Return, by portal, how many articles were read and how many change in which aspect, with examples."""
    report: dict[str, Any] = {
        portal: {"articles": articles, **dict.fromkeys(ASPECTS, 0), "examples": []}
        for portal, articles in sorted(read.items())
    }
    shown: defaultdict[tuple[str, str], int] = defaultdict(int)
    for change in changes:
        for aspect, before, after in differences(change):
            row = report[change.portal]
            row[aspect] += 1
            shown[change.portal, aspect] += 1
            if aspect != "evidence" and shown[change.portal, aspect] <= EXAMPLES:
                row["examples"].append({"aspect": aspect, "url": change.url, "before": before, "after": after})
    return report


def differences(change: Redating) -> list[tuple[str, str, str]]:
    """Return what differs between two datings of an article: aspect, before, after."""
    before, after = change.before, change.after
    found = []
    for aspect, shown in (
        ("published", ("published_local", "published_precision", "published_source")),
        ("updated", ("updated_local",)),
        ("dateline", ("dateline",)),
    ):
        names = [name for name in before.columns if name.startswith(aspect)]
        if any(before.columns[name] != after.columns[name] for name in names):
            then, now = (" ".join(dating.columns[n] or "-" for n in shown) for dating in (before, after))
            found.append((aspect, then, now))
    if before.event_dates != after.event_dates:
        then, now = (", ".join(event.day for event in dating.event_dates) or "-" for dating in (before, after))
        found.append(("event days", then, now))
    if before.dates != after.dates:
        found.append(("evidence", "", ""))
    return found


def as_table(report: dict[str, Any]) -> str:
    """Write the report for a person."""
    width = max((len(portal) for portal in report), default=6)
    lines = [f"{'portal':{width}}  articles" + "".join(f"{aspect:>12}" for aspect in ASPECTS)]
    for portal, row in report.items():
        lines.append(f"{portal:{width}}  {row['articles']:8}" + "".join(f"{row[aspect]:12}" for aspect in ASPECTS))
    for portal, row in report.items():
        for one in row["examples"]:
            lines += [f"{portal}: {one['aspect']}: {one['before']} -> {one['after']}", f"    {one['url']}"]
    return "\n".join(lines)


def ending(changes: int, written: int | None) -> str:
    """Say what became of the changes."""
    if not changes:
        return "nothing changes: every date is what today's code reads"
    if written is None:
        return f"{changes} articles would change; nothing was written: add --apply"
    left = f"; {changes - written} were fetched again meanwhile and left" if written < changes else ""
    return f"{written} articles changed{left}"
