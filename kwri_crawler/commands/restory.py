"""`scrapy restory`: sketches and stories made anew from the stored texts; asks no portal for anything."""

from __future__ import annotations

import argparse
import time
from typing import Any

from scrapy.exceptions import UsageError

from kwri_crawler import copies
from kwri_crawler.archive import ArchiveError, stories
from kwri_crawler.command import ProjectCommand

ARCHIVE_TROUBLE = 5
BATCH = 100  # articles a transaction: a crawl that writes meanwhile waits for a fraction of a second
TELL_EVERY_S = 5.0

_HELP = """\
examples:
  scrapy restory             settle what no story was looked for yet, or by an older method
  scrapy restory --again     settle everything anew

Stop it whenever you like: it goes on where it was. Crawls may run meanwhile.
"""


class Command(ProjectCommand):
    """Settle stored articles again."""

    takes = "[options]"
    does = "Find the stories of stored articles anew, from their texts alone"
    about = _HELP

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our option and examples."""
        super().add_options(parser)
        parser.add_argument("--again", action="store_true", help="also what the present method settled already")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Settle batch by batch, tell how far it is, set the exit code."""
        if args:
            raise UsageError("scrapy restory takes no argument", print_help=False)
        try:
            settle_all(self.open_archive(), opts.again)
        except ArchiveError as error:
            self.fail(error, ARCHIVE_TROUBLE)


def settle_all(db: Any, again: bool) -> None:
    """Settle all that is unsettled, and print how far it is and what came of it."""
    if again:
        stories.unsettle_all(db)
    done, last, told = 0, 0, time.monotonic()
    while settled := stories.rebuild(db, BATCH, after=last):
        done, last = done + len(settled), settled[-1]
        if time.monotonic() - told > TELL_EVERY_S:
            print(f"{done} articles settled", flush=True)
            told = time.monotonic()
    print(f"{done} articles settled by method {copies.VERSION}; {stories.count(db)} stories")
    db.close()
