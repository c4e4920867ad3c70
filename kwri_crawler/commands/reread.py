"""`scrapy reread`: reads all kept pages again with today's code, shows what would change, applies it when told to."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from scrapy.exceptions import UsageError
from scrapy.utils.log import configure_logging
from tqdm import tqdm

from kwri_crawler import kept
from kwri_crawler.archive import ArchiveError, PortalBusy, lock_portal, open_archive
from kwri_crawler.catalogue import CatalogueError, Portal
from kwri_crawler.command import ProjectCommand
from kwri_crawler.reading.kept_pages import Reread, Rereader, Verdict

WELL, SETUP_TROUBLE, STOPPED, BUSY, ARCHIVE_TROUBLE = 0, 1, 3, 4, 5  # as `scrapy crawl` has them
EXAMPLES = 2  # of each portal and field
_AROUND = 60  # characters that an example shows on either side of the first difference

_HELP = """\
examples:
  scrapy reread                              what would change, as a table with examples
  scrapy reread --portal kwri-jatim --json
  scrapy reread --apply                      write it

Every page that a crawl received is kept as it came (KEEP_PAGES_DAYS). After a new release, or a change of a portal's
selectors, this reads them again. No portal is asked for anything. What changes is written over what our code had
read before: it is no revision, since the portal changed nothing. Pages that could not be read then and can be now
become articles; an article whose page can no longer be read stays as it is, and is counted. So does an article on
several pages of which one was not kept.

--apply writes a hundred pages at a time, and may be stopped and begun again: what was written is found unchanged.

exit codes:
  0  done
  1  a portal's file is wrong
  2  a wrong argument
  3  stopped; the message says how to go on
  4  some portals were left out: a crawl of them is running
  5  the archive or the kept pages cannot be opened or written
"""


class Command(ProjectCommand):
    """Reads kept pages again."""

    takes = "[--apply] [--portal ID] [--json]"
    does = "Read all kept pages again with today's code"
    about = _HELP

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our options, examples and exit codes."""
        super().add_options(parser)
        parser.add_argument("--apply", action="store_true", help="write what changes; else it is only shown")
        parser.add_argument("--portal", metavar="ID", help="only this portal's pages")
        parser.add_argument("--after", metavar="ROW", type=int, default=0, help="go on behind this row of kept pages")
        parser.add_argument("--json", action="store_true", help="print the report as one JSON object")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Read, report, set the exit code."""
        if args:
            raise UsageError(f"scrapy reread takes no {args[0]!r}; for one portal write --portal {args[0]}")
        configure_logging(self.given)  # the stages speak of single articles; the report has them all
        path = self.archive_path
        try:
            portals_read, faults = self.read_catalogue()
            catalogue = {portal.id: portal for portal in portals_read}
            faults = tuple(fault for fault in faults if opts.portal in (None, fault.portal))
            if opts.portal and opts.portal not in catalogue and not faults:
                raise UsageError(f"{opts.portal}: no such portal; `scrapy list` names those that we know")
            pages = kept.open_pages(kept.pages_path(self.given.get("PAGES_PATH"), path), make=False)
            archive = open_archive(path)
        except CatalogueError as error:
            self.fail(error, SETUP_TROUBLE)
            return
        except ArchiveError as error:
            self.fail(error, ARCHIVE_TROUBLE)
            return
        wanted = [opts.portal] if opts.portal else list(kept.portals(pages))
        locks = self._lock(path, wanted) if opts.apply else dict.fromkeys(wanted)
        portals = [catalogue[portal] for portal in wanted if portal in catalogue and portal in locks]
        wrong = {fault.portal for fault in faults}
        report = Report([portal for portal in wanted if portal not in wrong], catalogue)
        try:
            self._read(Rereader(archive, pages, portals, self.given), report, kept.portals(pages), portals, opts)
        except ArchiveError as error:
            self.fail(error, ARCHIVE_TROUBLE)
        finally:
            archive.close()
            pages.close()
            for lock in filter(None, locks.values()):
                lock.close()
        print(json.dumps(report.as_json(opts.apply), ensure_ascii=False, indent=2) if opts.json else report.as_text())
        if not opts.json and self.exitcode in (WELL, BUSY):
            print(report.ending(opts.apply))
        self.name_faults(faults)

    def _read(
        self,
        rereader: Rereader,
        report: Report,
        kept_pages: dict[str, int],
        portals: list[Portal],
        opts: argparse.Namespace,
    ) -> None:
        row = opts.after
        total = sum(kept_pages.get(portal.id, 0) for portal in portals) if not row else None
        try:
            for done in tqdm(
                rereader.read_all(after=row, apply=opts.apply),
                total=total, unit=" pages", dynamic_ncols=True, leave=False, disable=not sys.stderr.isatty(),
            ):  # fmt: skip
                report.add(done)
                row = done.row
        except KeyboardInterrupt:
            option = f" --portal {opts.portal}" if opts.portal else ""
            self.fail(f"stopped; go on with: scrapy reread{option}{' --apply' * opts.apply} --after {row}", STOPPED)

    def _lock(self, path: Path, portals: Iterable[str]) -> dict[str, IO[str] | None]:
        locks: dict[str, IO[str] | None] = {}
        for portal in portals:
            try:
                locks[portal] = lock_portal(path, portal)
            except PortalBusy as error:
                self.fail(f"left out: {error}", BUSY)
        return locks


class Report:
    """Counts by portal what reading again came to, and keeps a few examples of each field."""

    def __init__(self, kept_of: Iterable[str], catalogue: dict[str, Portal]) -> None:
        self.strangers = [portal for portal in kept_of if portal not in catalogue]
        self.verdicts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.fields: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.examples: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)

    def add(self, done: Reread) -> None:
        """Count one page."""
        portal, url = done.page.portal, done.page.url
        self.verdicts[portal][done.verdict.value] += 1
        fields = self.fields[portal]
        for change in done.changes:
            fields[change.field] += 1
            if fields[change.field] <= EXAMPLES:
                self._example(portal, field=change.field, url=url, before=change.before, after=change.after)
        if done.verdict is Verdict.NEW and self.verdicts[portal][Verdict.NEW.value] <= EXAMPLES:
            self._example(portal, field=Verdict.NEW.value, url=url, before=None, after=done.title)
        if done.verdict is Verdict.LOST and self.verdicts[portal][Verdict.LOST.value] <= EXAMPLES:
            self._example(portal, field=Verdict.LOST.value, url=url, before=None, after=done.reason)

    def _example(self, portal: str, **facts: Any) -> None:
        self.examples[portal].append(facts)

    def as_json(self, applied: bool) -> dict[str, Any]:
        """Return the report for a program."""
        return {
            "applied": applied,
            "portals": {
                portal: {
                    "pages": counts.total(),
                    **{verdict.value.replace(" ", "_"): counts[verdict.value] for verdict in Verdict},
                    "fields": dict(self.fields[portal].most_common()),
                    "examples": self.examples[portal],
                }
                for portal, counts in sorted(self.verdicts.items())
            },
            "not_in_the_catalogue": self.strangers,
        }

    def as_text(self) -> str:
        """Write the report for a person."""
        width = max((len(portal) for portal in self.verdicts), default=6)
        lines = ["  ".join([f"{'portal':{width}}", "pages", *(verdict.value for verdict in Verdict)])]
        for portal, counts in sorted(self.verdicts.items()):
            numbers = [f"{counts[verdict.value]:{len(verdict.value)}}" for verdict in Verdict]
            lines.append("  ".join([f"{portal:{width}}", f"{counts.total():5}", *numbers]))
        for portal in sorted(self.verdicts):
            if self.fields[portal]:
                fields = ", ".join(f"{field} {count}" for field, count in self.fields[portal].most_common())
                lines += ["", f"{portal} changes in: {fields}"]
            for example in self.examples[portal]:
                lines += ["", f"{portal}: {example['field']}: {example['url']}"]
                lines += [f"  {sign} {text}" for sign, text in zip("-+", shown(**example), strict=True) if text]
        lines += [f"{portal}: its pages are kept, and it is not in the catalogue" for portal in self.strangers]
        return "\n".join(lines)

    def ending(self, applied: bool) -> str:
        """Say what became of it."""
        total: Counter[str] = sum(self.verdicts.values(), Counter())
        changed, new = total[Verdict.CHANGED.value], total[Verdict.NEW.value]
        if not changed + new:
            return "\nnothing changes: the archive holds what today's code reads"
        if applied:
            return f"\n{changed} articles changed, {new} are new"
        return f"\n{changed} articles would change, {new} would be new; nothing was written: add --apply"


def shown(before: Any, after: Any, **_: Any) -> tuple[str, str]:
    """Return two values as a line each, cut to where they first differ; empty for null."""
    old, new = ("" if value is None else " ".join(str(value).split()) for value in (before, after))
    first = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(0, first - _AROUND)
    return _cut(old, start), _cut(new, start)


def _cut(text: str, start: int) -> str:
    end = start + 2 * _AROUND
    return ("..." if start and text else "") + text[start:end] + ("..." if end < len(text) else "")
