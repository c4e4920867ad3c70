"""`scrapy reread`: reads all kept pages again with today's code, shows what would change, applies it when told to."""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from scrapy.utils.log import configure_logging
from tqdm import tqdm

from kwri_crawler import kept
from kwri_crawler.archive import ArchiveError, PortalBusy, lock_portal, open_archive
from kwri_crawler.catalogue import Portal
from kwri_crawler.command import Exit, ProjectCommand, add_cluster, add_portal, add_readers, no_arguments, row
from kwri_crawler.command.changes import Changes
from kwri_crawler.reading.kept_pages import Reread, Rereader, Verdict
from kwri_crawler.reading.kept_reader import ReaderPool, Readers, ReadersLost
from kwri_crawler.screen import say, say_json

EXAMPLES = 2  # of each portal and field

_HELP = """\
examples:
  scrapy reread                              what would change, as a table with examples
  scrapy reread --portal kwri-jatim --json
  scrapy reread --apply                      write it
  scrapy reread --cluster tls://10.0.0.5:8786    read on other machines; docs/cluster.md

Every page that a crawl received is kept as it came (KEEP_PAGES_DAYS). After a new release, or a change of a portal's
selectors, this reads them again. No portal is asked for anything. What changes is written over what our code had
read before: it is no revision, since the portal changed nothing. Pages that could not be read then and can be now
become articles; an article whose page can no longer be read stays as it is, and is counted. So does an article on
several pages of which one was not kept.

--apply writes a hundred pages at a time, and may be stopped and begun again: what was written is found unchanged.
"""


class Command(ProjectCommand):
    """Reads kept pages again."""

    takes = "[--apply] [--portal ID] [--readers N | --cluster ADDRESS] [--json]"
    does = "Read all kept pages again with today's code"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "done",
        Exit.SETUP: "a portal's file is wrong; the others' pages were read",
        Exit.PART: "stopped; the message says how to go on",
        Exit.BUSY: "some portals were left out: a crawl of them is running",
        Exit.ARCHIVE: "the archive or the kept pages cannot be opened or written",
    }

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our options, examples and exit codes."""
        super().add_options(parser)
        parser.add_argument("--apply", action="store_true", help="write what changes; else it is only shown")
        add_portal(parser, "only this portal's pages")
        parser.add_argument("--after", metavar="ROW", type=row, default=0, help="go on behind this row of kept pages")
        add_readers(parser)
        add_cluster(parser, "have the workers of this cluster read")
        parser.add_argument("--json", action="store_true", help="print the report as one JSON object")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Read, report."""
        no_arguments("reread", args, f"for one portal write --portal {args[0]}" if args else "")
        try:
            readers = self._readers(opts)
        except ReadersLost as error:
            self.fail(error, Exit.SETUP)
            return
        configure_logging(self.given)  # the stages speak of single articles; the report has them all
        path = self.archive_path
        portals, faults = self.check_portal(opts.portal)
        catalogue = {portal.id: portal for portal in portals}
        pages = kept.open_pages(kept.pages_path(self.given.get("PAGES_PATH"), path), make=False)
        archive = open_archive(path)
        wanted = [opts.portal] if opts.portal else list(kept.portals(pages))
        locks = self._lock(path, wanted) if opts.apply else dict.fromkeys(wanted)
        read = [catalogue[portal] for portal in wanted if portal in catalogue and portal in locks]
        known = {*catalogue, *(fault.portal for fault in faults)}
        report = Report([portal for portal in wanted if portal not in known])
        rereader = Rereader(archive, pages, read, readers)
        try:
            self._read(rereader, report, kept.portals(pages), read, opts)
        except ArchiveError as error:
            self.fail(error, Exit.ARCHIVE)
        finally:
            rereader.close()
            archive.close()
            pages.close()
            for lock in filter(None, locks.values()):
                lock.close()
        if opts.json:
            say_json(report.as_object(opts.apply), indent=2)
        else:
            say(*report.as_lines())
            if self.exitcode in (Exit.DONE, Exit.BUSY):
                say("", report.ending(opts.apply))
        self.name_faults(fault for fault in faults if opts.portal is None)

    def _read(
        self,
        rereader: Rereader,
        report: Report,
        kept_pages: dict[str, int],
        portals: list[Portal],
        opts: argparse.Namespace,
    ) -> None:
        last = opts.after
        total = sum(kept_pages.get(portal.id, 0) for portal in portals) if not last else None
        try:
            for done in tqdm(
                rereader.read_all(after=last, apply=opts.apply),
                total=total, unit=" pages", dynamic_ncols=True, leave=False, disable=not sys.stderr.isatty(),
            ):  # fmt: skip
                report.add(done)
                last = done.row
        except (KeyboardInterrupt, ReadersLost) as error:
            option = f" --portal {opts.portal}" if opts.portal else ""
            line = f"scrapy reread{option}{' --apply' * opts.apply} --after {last}"
            self.fail(f"{str(error) or 'stopped'}; go on with: {line}", Exit.PART)

    def _readers(self, opts: argparse.Namespace) -> Readers:
        """Return who reads: processes of this machine, one at least, or a cluster's.

        Raises ReadersLost when the cluster cannot be reached.
        """
        cluster = self.cluster_to_use(opts)
        if cluster is not None and opts.readers is None:
            from kwri_crawler.cluster.readers import ClusterReaders

            return ClusterReaders(cluster, self.given)
        return ReaderPool(self.given, self.readers(opts))

    def _lock(self, path: Path, portals: Iterable[str]) -> dict[str, IO[str] | None]:
        locks: dict[str, IO[str] | None] = {}
        for portal in portals:
            try:
                locks[portal] = lock_portal(path, portal)
            except PortalBusy as error:
                self.fail(f"left out: {error}", Exit.BUSY)
        return locks


class Report:
    """Counts by portal what reading again came to, and keeps a few examples of each field."""

    def __init__(self, strangers: list[str]) -> None:
        self.strangers = strangers  # portals with kept pages that are not in the catalogue
        self.read = Changes("pages", [verdict.value for verdict in Verdict], EXAMPLES)
        self.fields: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, done: Reread) -> None:
        """Count one page."""
        portal, url = done.page.portal, done.page.url
        self.read.add(portal)
        self.read.change(portal, done.verdict.value)
        for change in done.changes:
            self.fields[portal][change.field] += 1
            self.read.example(portal, change.field, url, change.before, change.after)
        if done.verdict in (Verdict.NEW, Verdict.LOST):
            told = done.title if done.verdict is Verdict.NEW else done.reason
            self.read.example(portal, done.verdict.value, url, None, told)

    def as_object(self, applied: bool) -> dict[str, Any]:
        """Return the report for a program."""
        return {
            "applied": applied,
            "portals": {
                portal: {
                    "pages": self.read.counts[portal]["pages"],
                    **{verdict.value.replace(" ", "_"): self.read.counts[portal][verdict.value] for verdict in Verdict},
                    "fields": dict(self.fields[portal].most_common()),
                    "examples": [
                        {"field": one["kind"], "url": one["url"], "before": one["before"], "after": one["after"]}
                        for one in self.read.examples[portal]
                    ],
                }
                for portal in self.read.portals()
            },
            "not_in_the_catalogue": self.strangers,
        }

    def as_lines(self) -> Iterator[str]:
        """Yield the report for a person."""
        yield self.read.as_table()
        for portal in self.read.portals():
            if self.fields[portal]:
                fields = ", ".join(f"{field} {count}" for field, count in self.fields[portal].most_common())
                yield from ("", f"{portal} changes in: {fields}")
            yield from self.read.as_lines(portal)
        yield from (f"{portal}: its pages are kept, and it is not in the catalogue" for portal in self.strangers)

    def ending(self, applied: bool) -> str:
        """Say what became of it."""
        changed, new = self.read.total(Verdict.CHANGED.value), self.read.total(Verdict.NEW.value)
        if not changed + new:
            return "nothing changes: the archive holds what today's code reads"
        if applied:
            return f"{changed} articles changed, {new} are new"
        return f"{changed} articles would change, {new} would be new; nothing was written: add --apply"
