"""`scrapy warc export FILE` and `scrapy warc import FILE`: kept pages for archivists' tools, and theirs for us."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from scrapy.exceptions import UsageError
from tqdm import tqdm

from kwri_crawler import kept
from kwri_crawler.archive import ArchiveError
from kwri_crawler.catalogue import CatalogueError, Portal
from kwri_crawler.clock import read_day
from kwri_crawler.command import ProjectCommand
from kwri_crawler.items import KeptPage
from kwri_crawler.kept.warc import WarcError, read_warc, write_warc
from kwri_crawler.whole_file import NotWritten, whole_file

WELL, SETUP_TROUBLE, FILE_TROUBLE, ARCHIVE_TROUBLE = 0, 1, 3, 5  # 2 is Scrapy's own, for a wrong argument
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

exit codes:
  0  done
  1  a portal's file is wrong
  2  a wrong argument
  3  the WARC file cannot be read or written; what was imported before stays
  5  the kept pages cannot be opened or written
"""


class Command(ProjectCommand):
    """Writes and reads WARC files."""

    takes = "export|import FILE [--portal ID] [--since DAY]"
    does = "Write kept pages to a WARC file, or take a WARC file's pages in"
    about = _HELP

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our options, examples and exit codes."""
        super().add_options(parser)
        parser.add_argument("--portal", metavar="ID", help="only this portal's pages")
        parser.add_argument("--since", metavar="DAY", help="export only: pages received on this day or later")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Export or import, say what was done, set the exit code."""
        if len(args) != 2 or args[0] not in ("export", "import"):
            raise UsageError("write: scrapy warc export FILE, or: scrapy warc import FILE")
        try:
            catalogue, faults = self.read_catalogue()
            portals = {portal.id: portal for portal in catalogue}
            for fault in faults:
                if fault.portal == opts.portal:
                    raise fault.error
            if opts.portal and opts.portal not in portals:
                raise UsageError(f"{opts.portal}: no such portal; `scrapy list` names those that we know")
            pages_path = kept.pages_path(self.given.get("PAGES_PATH"), self.archive_path)
            if args[0] == "export":
                self._export(Path(args[1]), pages_path, portals, opts)
            elif opts.since:
                raise UsageError("--since is for export; an import takes all pages of a file")
            else:
                wanted = [portals[opts.portal]] if opts.portal else list(portals.values())
                self._import(Path(args[1]), pages_path, wanted, self.given.getint("DOWNLOAD_MAXSIZE"))
                self.name_faults(faults if not opts.portal else ())
        except CatalogueError as error:
            self.fail(error, SETUP_TROUBLE)
        except NotWritten as error:
            self.fail(error, FILE_TROUBLE)
        except (WarcError, OSError) as error:
            self.fail(f"{args[1]}: {error}", FILE_TROUBLE)
        except ArchiveError as error:
            self.fail(error, ARCHIVE_TROUBLE)

    def _export(self, path: Path, pages_path: Path, portals: dict[str, Portal], opts: argparse.Namespace) -> None:
        since = _since(opts.since, portals[opts.portal].zone if opts.portal else "UTC") if opts.since else None
        if path.exists():
            raise UsageError(f"{path}: there is such a file already; name another, or remove it")
        db = kept.open_pages(pages_path, make=False)
        pages = (page for _, page in kept.read(db, opts.portal, since=since))
        try:
            with whole_file(str(path.absolute())) as file:
                count = write_warc(_watched(pages), file, path.name, gzip=path.suffix == ".gz")
        finally:
            db.close()
        print(f"{path}: {count} pages")

    def _import(self, path: Path, pages_path: Path, portals: list[Portal], maximum: int) -> None:
        left_out: Counter[str] = Counter()

        def pages(records: Iterator[KeptPage | str]) -> Iterator[KeptPage]:
            for record in records:
                if isinstance(record, str):
                    left_out[record] += 1
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
                print(f"{path}: {taken} pages were taken in, {known} were there already")
                for reason, count in left_out.most_common():
                    print(f"  left out: {count} {reason}")
        if taken:
            print("now see what they hold: scrapy reread; and make articles of them: scrapy reread --apply")


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


def _since(text: str, zone: str) -> datetime:
    try:
        day = read_day(text)
    except ValueError as error:
        raise UsageError(f"--since {text}: {error}") from None
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
