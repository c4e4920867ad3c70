"""`scrapy export`: articles of a period, portal, story or search, as tables, lines or feeds; reads the archive only."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Any, BinaryIO

from scrapy.exceptions import UsageError

from kwri_crawler import exports
from kwri_crawler.archive import ArchiveError
from kwri_crawler.archive.extracts import SearchError, Wanted, extracts, has_portal, newest
from kwri_crawler.clock import read_day
from kwri_crawler.command import ProjectCommand

MISSING, WRONG_ARGUMENT, ARCHIVE_TROUBLE = 1, 2, 5
FORMATS = ("csv", "jsonl", "parquet", "atom", "rss")
ENTRIES = 50  # of a feed

_HELP = """\
examples:
  scrapy export --format csv --since 2024-06-01 --until 2024-06-30 --out june.csv
  scrapy export --format csv --bom --portal kwri-jatim --out for-excel.csv
  scrapy export --format jsonl --search 'pilkada AND surabaya' --out - | jq .title
  scrapy export --format parquet --out everything.parquet
  scrapy export --format jsonl --story 512
  scrapy export --format atom --portal kwri-jatim --limit 100 --out feed.xml

Articles come in the order in which they were archived; in a feed the newest first. Days are local to the portal, and a
bound leaves undated articles out. In a CSV, a cell that begins with = + - @, a tab or a line's end has an apostrophe
before it, so that no spreadsheet runs it; the other formats hold the text as it is. A file is whole or not there: it is
written beside its place and renamed.

exit codes: 0 done, 1 Parquet is not installed, 2 a wrong argument or search, 5 the archive cannot be read, or the file
not be written
"""


class Command(ProjectCommand):
    """Write articles for other programs."""

    takes = "--format FORMAT [options]"
    does = "Write archived articles as CSV, JSON Lines, Parquet, Atom or RSS"
    about = _HELP

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our options and examples."""
        super().add_options(parser)
        parser.add_argument("--format", choices=FORMATS, default="csv", help="what to write (csv)")
        parser.add_argument("--since", metavar="DAY", help="published on this day or later")
        parser.add_argument("--until", metavar="DAY", help="published on this day or earlier")
        parser.add_argument("--portal", metavar="ID", help="of this portal")
        parser.add_argument("--story", type=int, metavar="N", help="of this story")
        parser.add_argument("--search", metavar="QUERY", help="whose title or body holds this, by full-text search")
        parser.add_argument("--limit", type=int, metavar="N", help=f"entries of a feed ({ENTRIES})")
        parser.add_argument("--bom", action="store_true", help="begin a CSV with the mark by which Excel knows UTF-8")
        parser.add_argument("--out", metavar="FILE", default="-", help="where to write it; - is standard output (-)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write what is asked for, set the exit code."""
        check(args, opts)
        wanted = Wanted(opts.since, opts.until, opts.portal, opts.story, opts.search)
        try:
            db = self.open_archive()
            try:
                if opts.portal and not has_portal(db, opts.portal):
                    raise UsageError(f"{opts.portal}: the archive has no such portal", print_help=False)
                with exports.whole_file(opts.out) as out:
                    number = write(db, wanted, opts, out)
            finally:
                db.close()
        except BrokenPipeError:  # `| head` has seen enough
            return
        except (ArchiveError, exports.NotWritten) as error:
            self.fail(error, ARCHIVE_TROUBLE)
        except SearchError as error:
            self.fail(error, WRONG_ARGUMENT)
        except exports.ParquetMissing as error:
            self.fail(error, MISSING)
        else:
            print(f"{number} articles" + ("" if opts.out == "-" else f" in {opts.out}"), file=sys.stderr)


def check(args: list[str], opts: argparse.Namespace) -> None:
    """Raise UsageError for what cannot be meant."""
    if args:
        raise UsageError(f"scrapy export takes no {args[0]!r}; name the file with --out", print_help=False)
    for day in (day for day in (opts.since, opts.until) if day is not None):
        try:
            read_day(day)
        except ValueError as error:
            raise UsageError(f"{day}: {error}", print_help=False) from None
    if opts.bom and opts.format != "csv":
        raise UsageError("--bom is for CSV", print_help=False)
    if opts.limit is not None and (opts.format not in ("atom", "rss") or opts.limit < 1):
        raise UsageError("--limit is for feeds, and at least 1", print_help=False)


def write(db: Any, wanted: Wanted, opts: argparse.Namespace, out: BinaryIO) -> int:
    """Write the wanted articles in the format asked for; return how many."""
    if opts.format in ("atom", "rss"):
        write_feed = exports.write_atom if opts.format == "atom" else exports.write_rss
        found = newest(db, wanted, opts.limit or ENTRIES)
        asked = [
            str(value) for value in (wanted.portal, wanted.search, wanted.story, wanted.since, wanted.until) if value
        ]
        return write_feed(found, out, ": ".join(("kwri-crawler", ", ".join(asked) or "all")), datetime.now(UTC))
    rest = extracts(db, wanted)
    articles = chain(list(islice(rest, 1)), rest)  # a search that is not understood fails before a head is written
    if opts.format == "csv":
        return exports.write_csv(articles, out, opts.bom)
    return (exports.write_jsonl if opts.format == "jsonl" else exports.write_parquet)(articles, out)
