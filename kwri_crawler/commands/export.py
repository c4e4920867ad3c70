"""`scrapy export`: articles of a period, portal, story or search, as tables, lines or feeds; reads the archive only."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Any, BinaryIO

from scrapy.exceptions import UsageError

from kwri_crawler import exports
from kwri_crawler.archive.extracts import Wanted, extracts, newest
from kwri_crawler.command import Exit, ProjectCommand, add_days, add_portal, count, days_of, no_arguments
from kwri_crawler.screen import complain, shown_file

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
before it, so that no spreadsheet runs it; the other formats hold the text as it is. On a terminal control characters
are spelt out. A file is whole or not there: it is written beside its place and renamed.
"""


class Command(ProjectCommand):
    """Write articles for other programs."""

    takes = "--format FORMAT [options]"
    does = "Write archived articles as CSV, JSON Lines, Parquet, Atom or RSS"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "written",
        Exit.SETUP: "Parquet is not installed",
        Exit.ARGUMENT: "a wrong argument or search; nothing was written",
        Exit.ARCHIVE: "the archive cannot be read, or the file not be written",
    }

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our options and examples."""
        super().add_options(parser)
        parser.add_argument("--format", choices=FORMATS, default="csv", help="what to write (csv)")
        add_days(parser, "published on this day or later", "published on this day or earlier")
        add_portal(parser, "of this portal")
        parser.add_argument("--story", type=count, metavar="N", help="of this story")
        parser.add_argument("--search", metavar="QUERY", help="whose title or body holds this, by full-text search")
        parser.add_argument("--limit", type=count, metavar="N", help=f"entries of a feed ({ENTRIES})")
        parser.add_argument("--bom", action="store_true", help="begin a CSV with the mark by which Excel knows UTF-8")
        parser.add_argument("--out", metavar="FILE", default="-", help="where to write it; - is standard output (-)")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write what is asked for."""
        no_arguments("export", args, "name the file with --out")
        if opts.bom and opts.format != "csv":
            raise UsageError("--bom is for CSV")
        if opts.limit is not None and opts.format not in ("atom", "rss"):
            raise UsageError("--limit is for feeds")
        if opts.format == "parquet" and opts.out == "-" and sys.stdout.isatty():
            raise UsageError("Parquet is no text: name a file with --out")
        wanted = Wanted(*days_of(opts), opts.portal, opts.story, opts.search)
        self.check_out(opts.out)
        db = self.open_archive()
        try:
            self.check_portal(opts.portal, db)
            with exports.whole_file(opts.out) as out:
                number = write(db, wanted, opts, shown_file(out) if opts.out == "-" else out)
        finally:
            db.close()
        complain(f"{number} articles" + ("" if opts.out == "-" else f" in {opts.out}"))


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
