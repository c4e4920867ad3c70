"""`scrapy backup [FILE]`: a checked copy of the archive, also while crawls run."""

from __future__ import annotations

import argparse
from pathlib import Path

from scrapy.exceptions import UsageError

from kwri_crawler import clock
from kwri_crawler.archive.backup import back_up
from kwri_crawler.command import Exit, ProjectCommand, as_typed, count
from kwri_crawler.kept.file import pages_path
from kwri_crawler.screen import say, say_json

_HELP = """\
examples:
  scrapy backup                                  into backups/ beside the archive, named by the moment
  scrapy backup /mnt/usb/kwri.sqlite             replaces the file, once the new copy was checked
  scrapy backup --keep 14                        and removes all but the newest 14 of backups/

To restore: stop the harvest, then
  rm -f output/kwri.sqlite-wal output/kwri.sqlite-shm
  cp output/backups/kwri-20260302T120000Z.sqlite output/kwri.sqlite
  scrapy doctor

The pages as they were received (output/kwri-pages.sqlite, or PAGES_PATH) are not in the copy: the archive does
without them, and only `scrapy reread` needs them. To copy them, also while crawls run (some 15 KB a page):
  sqlite3 output/kwri-pages.sqlite "VACUUM INTO '/mnt/usb/kwri-pages.sqlite'"
"""


class Command(ProjectCommand):
    """Copy the archive."""

    takes = "[options] [FILE]"
    does = "Copy the archive while crawls run, and check the copy"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "the copy is whole and on the disk",
        Exit.ARCHIVE: "it was not made (disk, permissions, damage); a copy that was there before is untouched",
    }

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options and examples."""
        super().add_options(parser)
        parser.add_argument("--keep", type=count, metavar="N", help="remove all but the newest N of the dated copies")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Make the copy, print where it is."""
        if len(args) > 1 or (opts.keep is not None and args):
            raise UsageError("scrapy backup takes at most one file; --keep goes without a file")
        archive = self.archive_path
        folder = archive.parent / "backups"
        dated = folder / f"{archive.stem}-{clock.now():%Y%m%dT%H%M%SZ}{archive.suffix}"
        if args:
            self.check_out(args[0])
        made = back_up(archive, Path(args[0]).absolute() if args else dated)
        removed = []
        if opts.keep is not None:
            copies = sorted(folder.glob(f"{archive.stem}-????????T??????Z{archive.suffix}"))
            for old in copies[: -opts.keep]:
                old.unlink()
                removed.append(str(old))
        pages = pages_path(self.given["PAGES_PATH"], archive)
        left_out = str(pages) if pages.exists() else None
        if opts.json:
            told = {"file": str(made.path), "bytes": made.size, "articles": made.articles, "removed": removed}
            say_json({**told, "not_copied": left_out})
        else:
            say(f"{made.path}: {made.articles} articles, {made.size / 1e6:.1f} MB, checked")
            if removed:
                say(f"removed {len(removed)} older copies")
            if left_out:
                say(as_typed(f"{left_out}: not copied, the archive does without it; see `scrapy backup --help`"))
