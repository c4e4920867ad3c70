"""`scrapy redate`: reads every stored date string again with today's code; asks no portal for anything."""

from __future__ import annotations

import argparse
from typing import Any

from kwri_crawler.archive import dates
from kwri_crawler.archive.dates import Redating
from kwri_crawler.archive.each import Each
from kwri_crawler.catalogue import Catalogue
from kwri_crawler.command import Exit, ProjectCommand, add_portal, add_readers, no_arguments
from kwri_crawler.command.changes import Changes
from kwri_crawler.reading.shared import in_processes
from kwri_crawler.screen import say, say_json

ASPECTS = ("published", "updated", "dateline", "event days", "evidence")
EXAMPLES = 3  # of each aspect and portal
BESIDE_FROM = 5_000  # articles: fewer are read sooner than other processes begin

_HELP = """\
examples:
  scrapy redate                             what would change, as a table with examples
  scrapy redate --portal kwri-jatim --json
  scrapy redate --apply                     write it, in one transaction
  scrapy redate --readers 4                 read in four processes (READERS: by default one less than the cores)

The archive keeps every date as it was printed, and when its page was read. After a new release, or after a change of
[dates] in a portal's file, this reads all of them again: publication, update, dateline and event days. Nothing is
written without --apply, and a second --apply changes nothing.
"""


class Command(ProjectCommand):
    """Reads the archive's dates again."""

    takes = "[--apply] [--portal ID] [--readers N] [--json]"
    does = "Read all stored dates again with today's code"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "done",
        Exit.SETUP: "a portal's file is wrong; the others' articles were read",
        Exit.ARCHIVE: "the archive cannot be opened or written",
    }

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our options, examples and exit codes."""
        super().add_options(parser)
        parser.add_argument("--apply", action="store_true", help="write what changes; else it is only shown")
        add_portal(parser, "only this portal's articles")
        add_readers(parser)
        parser.add_argument("--json", action="store_true", help="print what changes as one JSON object")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Show what changes, and write it where asked."""
        no_arguments("redate", args, f"for one portal write --portal {args[0]}" if args else "")
        self.read_catalogue()  # without one nothing is read by other clocks than its own
        db = self.open_archive()
        try:
            catalogue = self.check_portal(opts.portal, db)
            many = dates.count(db, opts.portal) >= BESIDE_FROM
            with in_processes(self.readers(opts, many)) as each:
                read, changes = read_again(db, catalogue, opts.portal, each)
            written = dates.apply(db, changes) if opts.apply else None
        finally:
            db.close()
        if opts.json:
            say_json(as_object(read), indent=2)
        else:
            say(read.as_table(), *(line for portal in read.portals() for line in read.as_lines(portal)))
            say("", ending(len(changes), written))
        self.name_faults(fault for fault in catalogue.faults if opts.portal in (None, fault.portal))


def read_again(db: Any, catalogue: Catalogue, portal: str | None, each: Each) -> tuple[Changes, list[Redating]]:
    """Return what reading the dates again comes to, and what would be written; portals with a wrong file are left."""
    known = {one.id: (one.zone, one.clocks) for one in catalogue.portals}
    left_out = {fault.portal for fault in catalogue.faults}  # how their clocks are to be read is not known
    read = Changes("articles", ASPECTS, EXAMPLES)
    changes: list[Redating] = []
    for one in dates.read_again(db, known, portal, each):
        of = one if isinstance(one, str) else one.portal
        if of in left_out:
            continue
        read.add(of)
        if isinstance(one, str):
            continue
        changes.append(one)
        for aspect, before, after in differences(one):
            read.change(of, aspect)
            if aspect != "evidence":
                read.example(of, aspect, one.url, before, after)
    return read, changes


def as_object(read: Changes) -> dict[str, Any]:
    """Return, by portal, how many articles were read and how many change in which aspect, with examples."""
    return {
        portal: {
            "articles": read.counts[portal]["articles"],
            **{aspect: read.counts[portal][aspect] for aspect in ASPECTS},
            "examples": [
                {"aspect": one["kind"], "url": one["url"], "before": one["before"], "after": one["after"]}
                for one in read.examples[portal]
            ],
        }
        for portal in read.portals()
    }


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


def ending(changes: int, written: int | None) -> str:
    """Say what became of the changes."""
    if not changes:
        return "nothing changes: every date is what today's code reads"
    if written is None:
        return f"{changes} articles would change; nothing was written: add --apply"
    left = f"; {changes - written} were fetched again meanwhile and left" if written < changes else ""
    return f"{written} articles changed{left}"
