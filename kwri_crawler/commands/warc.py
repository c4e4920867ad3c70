"""`scrapy warc export FILE` and `scrapy warc import FILE`: kept pages for archivists' tools, and theirs for us."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from scrapy.exceptions import UsageError
from tqdm import tqdm

from kwri_crawler import kept
from kwri_crawler.archive import forgetting
from kwri_crawler.catalogue import Portal
from kwri_crawler.command import Exit, ProjectCommand, add_portal, as_typed, day
from kwri_crawler.items import KeptPage
from kwri_crawler.kept.warc import DAMAGED, WarcError, read_warc, write_warc
from kwri_crawler.screen import say
from kwri_crawler.whole_file import whole_file

TAKEN_DOWN = "taken down by scrapy forget"
SLICE = 100  # imported pages a transaction

_HELP = """\
examples:
  scrapy warc export press-2026.warc.gz
  scrapy warc export jatim.warc.gz --portal kwri-jatim --since 2026-11-01
  scrapy warc import old-captures.warc.gz

export writes the kept pages (KEEP_PAGES_DAYS) as response records with digests, a gzip member each if the file's name
ends in .gz; --since is a day in the portal's zone, or in UTC without --portal.

import keeps the pages of a file, ours or wget's, Heritrix's, Browsertrix's, for the portals of the catalogue whose
hosts they are of; it says how many records it left out and why. `scrapy reread --apply` then makes articles of them.
"""


class Command(ProjectCommand):
    """Writes and reads WARC files."""

    takes = "export|import FILE [--portal ID] [--since DAY]"
    does = "Write kept pages to a WARC file, or take a WARC file's pages in"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "done",
        Exit.SETUP: "a portal's file is wrong; an import took the others' pages",
        Exit.PART: "the WARC file cannot be read, or is damaged in parts; what was imported stays",
        Exit.ARCHIVE: "the kept pages cannot be opened or written, or the WARC file not be written",
    }

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our options, examples and exit codes."""
        super().add_options(parser)
        add_portal(parser, "only this portal's pages")
        parser.add_argument("--since", metavar="DAY", type=day, help="export only: pages received on this day or later")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Export or import, say what was done."""
        if len(args) != 2 or args[0] not in ("export", "import"):
            raise UsageError("write: scrapy warc export FILE, or: scrapy warc import FILE")
        catalogue, faults = self.check_portal(opts.portal)
        portals = {portal.id: portal for portal in catalogue}
        pages_path = kept.pages_path(self.given.get("PAGES_PATH"), self.archive_path)
        path = Path(args[1])
        if args[0] == "export":
            self.check_out(path)
            self._export(path, pages_path, portals, opts)
            return
        if opts.since:
            raise UsageError("--since is for export; an import takes all pages of a file")
        wanted = [portals[opts.portal]] if opts.portal else list(portals.values())
        try:
            self._import(path, pages_path, wanted, self.given.getint("DOWNLOAD_MAXSIZE"))
        except (WarcError, OSError) as error:
            self.fail(f"{path}: {error}", Exit.PART)
            return
        self.name_faults(faults if not opts.portal else ())

    def _export(self, path: Path, pages_path: Path, portals: dict[str, Portal], opts: argparse.Namespace) -> None:
        zone = ZoneInfo(portals[opts.portal].zone if opts.portal else "UTC")
        since = datetime.combine(opts.since, time.min, zone) if opts.since else None
        if path.exists():
            raise UsageError(f"{path}: there is such a file already; name another, or remove it")
        db = kept.open_pages(pages_path, make=False)
        pages = (page for _, page in kept.read(db, opts.portal, since=since))
        try:
            with whole_file(str(path.absolute())) as file:
                count = write_warc(_watched(pages), file, path.name, gzip=path.suffix == ".gz")
        finally:
            db.close()
        say(f"{path}: {count} pages")

    def _import(self, path: Path, pages_path: Path, portals: list[Portal], maximum: int) -> None:
        left_out: Counter[str] = Counter()
        archive = self.open_archive() if self.archive_path.exists() else None  # without one nothing was forgotten

        def pages(records: Iterator[KeptPage | str]) -> Iterator[KeptPage]:
            for record in records:
                if isinstance(record, str):
                    left_out[record] += 1
                elif archive is not None and forgetting.is_page_forgotten(archive, record):
                    left_out[TAKEN_DOWN] += 1
                else:
                    yield record

        taken = known = 0
        with path.open("rb") as file:
            db = kept.open_pages(pages_path)
            try:
                found = pages(read_warc(file, portals, maximum))
                for page_slice in _slices(_watched(found)):
                    added = kept.add(db, page_slice)
                    taken, known = taken + added, known + len(page_slice) - added
            finally:
                db.close()
                if archive is not None:
                    archive.close()
                say(f"{path}: {taken} pages were taken in, {known} were there already")
                for reason, count in left_out.most_common():
                    say(f"  left out: {count} {reason}")
        if left_out[DAMAGED]:
            self.fail(f"{path}: parts of the file are damaged; `warcio recompress` mends some", Exit.PART)
        if taken:
            say(as_typed("now see what they hold: scrapy reread; and make articles of them: scrapy reread --apply"))


def _slices(pages: Iterator[KeptPage]) -> Iterator[list[KeptPage]]:
    """Yield slices to commit; what came before a fault in the file is in them."""
    while True:
        done: list[KeptPage] = []
        try:
            done.extend(islice(pages, SLICE))
        except WarcError:
            if done:
                yield done
            raise
        if not done:
            return
        yield done


def _watched(pages: Iterator[KeptPage]) -> Iterator[KeptPage]:
    """Pass pages on, with a count of them on a terminal."""
    bar = tqdm(pages, unit=" pages", dynamic_ncols=True, leave=False, disable=not sys.stderr.isatty())
    return iter(bar)
