"""`scrapy export`: articles of a period, portal, story or search, as tables, lines or feeds; reads the archive only."""

from __future__ import annotations

import argparse
import sys
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

from scrapy.exceptions import UsageError

from kwri_crawler import clock, exports
from kwri_crawler.archive import month_versions, portal_ids
from kwri_crawler.archive.extracts import Wanted, extracts, newest
from kwri_crawler.command import Exit, ProjectCommand, add_days, add_portal, count, days_of, no_arguments
from kwri_crawler.nearest import did_you_mean
from kwri_crawler.screen import complain, shown_file
from kwri_crawler.whole_file import whole_file

FORMATS = ("csv", "xlsx", "jsonl", "parquet", "atom", "rss")
FEEDS = ("atom", "rss")
ENTRIES = 50  # of a feed
TEXTS = ("body", "marks")  # what --no-text leaves out

_HELP = """\
examples:
  scrapy export --format csv --since 2024-06-01 --until 2024-06-30 --out june.csv
  scrapy export --format csv --bom --portal kwri-jatim --out for-excel.csv
  scrapy export --format csv --columns published_local,portal,title,url --one-line --out list.csv
  scrapy export --format xlsx --sheets portal --no-text --out june.xlsx
  scrapy export --format jsonl --search 'pilkada AND surabaya' --out - | jq .title
  scrapy export --format parquet --out everything.parquet
  scrapy export --format parquet --partition month,portal --into dataset
  scrapy export --format jsonl --story 512
  scrapy export --format atom --portal kwri-jatim --limit 100 --out feed.xml

Articles come in the order in which they were archived; in a feed the newest first. Days are local to the portal, and a
bound leaves undated articles out. In a CSV, a cell that begins with = + - @, a tab or a line's end has an apostrophe
before it, so that no spreadsheet runs it; the other formats keep the text as it is. In an XLSX moments are dates
(*_at in UTC, *_local on the portal's clock), and a text of over 32,767 characters is cut, and says so: a cell holds no
more. On a terminal, control characters are spelt out. A file is written whole or not at all.

With --partition the whole archive becomes a Hive-partitioned data set that DuckDB, Polars, pandas and Spark read as one
table: dataset/month=2024-06/portal=kwri-jatim/articles.parquet. Undated articles have the month null. The same command
again writes only the files of which any article changed, came or went, and goes on where it was killed.
"""


class Command(ProjectCommand):
    """Write articles for other programs."""

    takes = "--format FORMAT [options]"
    does = "Write archived articles as CSV, XLSX, JSON Lines, Parquet, Atom or RSS"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "written",
        Exit.SETUP: "what writes XLSX or Parquet is not installed",
        Exit.ARGUMENT: "a wrong argument or search; nothing was written",
        Exit.BUSY: "another export is writing this data set",
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
        parser.add_argument("--columns", type=columns, metavar="NAME,...", help="these columns, in this order (all)")
        parser.add_argument("--no-text", action="store_true", help=f"without {' and '.join(TEXTS)}")
        parser.add_argument(
            "--one-line", action="store_true", help="CSV: no cell has several lines; ¶ parts paragraphs"
        )
        parser.add_argument(
            "--sheets", choices=("one", "portal"), help="XLSX: all on one sheet, or one for each portal (one)"
        )
        parser.add_argument("--bom", action="store_true", help="write a byte-order mark, so that Excel detects UTF-8")
        parser.add_argument("--out", metavar="FILE", help="where to write it; - is standard output (-)")
        parser.add_argument(
            "--partition", type=partition, metavar="KEY,...", help="Parquet: a file for each month, portal or both"
        )
        parser.add_argument("--into", metavar="FOLDER", help="Parquet: where these files are, or are to be")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write what is asked for."""
        no_arguments("export", args, "name the file with --out")
        check_partition(opts)
        opts.out = opts.out or "-"
        check_format(opts, not opts.partition and opts.out == "-" and sys.stdout.isatty())
        if opts.partition:
            self.extend(opts)
            return
        wanted = Wanted(*days_of(opts), opts.portal, opts.story, opts.search)
        self.check_out(opts.out)
        db = self.open_archive()
        try:
            self.check_portal(opts.portal, db)
            with whole_file(opts.out) as out:
                number = write(db, wanted, opts, shown_file(out) if opts.out == "-" else out)
        finally:
            db.close()
        complain(f"{number} articles" + ("" if opts.out == "-" else f" in {opts.out}"))

    def extend(self, opts: argparse.Namespace) -> None:
        """Bring a partitioned data set up to date."""
        if opts.into in ("", "-"):
            raise UsageError(f"--into {opts.into!r}: a data set is a folder; name one")
        folder = Path(opts.into)
        self.check_out(folder)
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"--into {folder}: this is no folder")
        if folder.resolve() in {self.archive_path.parent.resolve(), self.archive_path.resolve().parent}:
            raise UsageError(f"--into {folder}: this is the archive's own folder; name one for the data set alone")
        db = self.open_archive()
        try:
            exports.check_dataset(folder, opts.partition, portal_ids(db))
            with exports.lock_dataset(folder):
                months = month_versions.portal_months(db)
                done = exports.extend_dataset(
                    months,
                    lambda one: month_versions.articles_of(db, one),
                    folder,
                    opts.partition,
                    wanted_columns(opts),
                )
        except exports.NotThisDataSet as error:
            raise UsageError(f"--into {folder}: {error}; name a folder for this data set alone") from error
        finally:
            db.close()
        complain(
            f"{done.articles} articles in {done.written} files written, {done.unchanged} files unchanged,"
            f" {done.removed} removed, in {folder}"
        )


def columns(text: str) -> tuple[str, ...]:
    """Read the option --columns."""
    names = tuple(name.strip() for name in text.split(","))
    for place, name in enumerate(names):
        if name not in exports.COLUMNS:
            hint = did_you_mean(name.lower(), exports.COLUMNS, f"there are {', '.join(exports.COLUMNS)}")
            raise argparse.ArgumentTypeError(f"{name or repr(text)}: no such column; {hint}")
        if name in names[:place]:
            raise argparse.ArgumentTypeError(f"{name}: named twice")
    return names


def partition(text: str) -> tuple[str, ...]:
    """Read the option --partition."""
    names = tuple(name.strip() for name in text.split(","))
    if not set(names) <= set(exports.PARTITIONS) or len(set(names)) < len(names):
        raise argparse.ArgumentTypeError(f"{text}: write month, portal or month,portal")
    return names


def check_partition(opts: argparse.Namespace) -> None:
    """Raise UsageError for an option that is missing beside --partition, or that it does not have."""
    if (opts.partition is None) != (opts.into is None):
        missing, given = ("--into FOLDER", "--partition") if opts.into is None else ("--partition", "--into")
        raise UsageError(f"{given} wants {missing} too")
    if opts.partition is None:
        return
    for option in ("out", "since", "until", "portal", "story", "search"):
        if getattr(opts, option) is not None:
            raise UsageError(
                f"--{option}: a partitioned data set is of the whole archive, in files with names of their own"
            )


def wanted_columns(opts: argparse.Namespace) -> tuple[str, ...]:
    """Return the columns that are asked for."""
    return tuple(name for name in opts.columns or exports.COLUMNS if not (opts.no_text and name in TEXTS))


def check_format(opts: argparse.Namespace, on_screen: bool) -> None:
    """Raise UsageError for an option that its format does not have."""
    tables = tuple(name for name in FORMATS if name not in FEEDS)
    for option, is_given, formats, named in (
        ("--bom", opts.bom, ("csv",), "CSV"),
        ("--one-line", opts.one_line, ("csv",), "CSV"),
        ("--sheets", opts.sheets is not None, ("xlsx",), "XLSX"),
        ("--limit", opts.limit is not None, FEEDS, "feeds"),
        ("--columns", opts.columns is not None, tables, "what is no feed"),
        ("--no-text", opts.no_text, tables, "what is no feed"),
        ("--partition", opts.partition is not None, ("parquet",), "Parquet"),
    ):
        if is_given and opts.format not in formats:
            raise UsageError(f"{option} is for {named}")
    if not set(wanted_columns(opts)) - set(opts.partition or ()):
        raise UsageError(f"{'--no-text' if opts.no_text else '--partition'}: it leaves none of these --columns")
    if on_screen and opts.format in ("parquet", "xlsx"):
        raise UsageError(f"{opts.format} is no text: name a file with --out")
    if opts.format == "xlsx":
        exports.check_sheets()


def write(db: Any, wanted: Wanted, opts: argparse.Namespace, out: BinaryIO) -> int:
    """Write the wanted articles in the format asked for; return how many."""
    if opts.format in FEEDS:
        write_feed = exports.write_atom if opts.format == "atom" else exports.write_rss
        found = newest(db, wanted, opts.limit or ENTRIES)
        asked = [
            str(value) for value in (wanted.portal, wanted.search, wanted.story, wanted.since, wanted.until) if value
        ]
        return write_feed(found, out, ": ".join(("kwri-crawler", ", ".join(asked) or "all")), clock.now())
    rest = extracts(db, wanted)
    articles = chain(list(islice(rest, 1)), rest)  # a search that is not understood fails before a head is written
    names = wanted_columns(opts)
    if opts.format == "csv":
        return exports.write_csv(articles, out, opts.bom, names, opts.one_line)
    if opts.format == "xlsx":
        return exports.write_xlsx(articles, out, names, opts.sheets == "portal")
    return (exports.write_jsonl if opts.format == "jsonl" else exports.write_parquet)(articles, out, names)
