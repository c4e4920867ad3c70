"""`scrapy restory`: sketches and stories made anew from the stored texts; asks no portal for anything."""

from __future__ import annotations

import argparse
import sys
import time

from kwri_crawler import copies
from kwri_crawler.archive import Database, articles, stories
from kwri_crawler.archive.each import Each
from kwri_crawler.command import Exit, ProjectCommand, add_readers, no_arguments
from kwri_crawler.command.changes import Changes
from kwri_crawler.reading.shared import in_processes
from kwri_crawler.screen import say, say_json

BATCH = 100  # articles a transaction: a crawl that writes meanwhile waits for a fraction of a second
TELL_EVERY_S = 5.0
BESIDE_FROM = 5_000  # articles: fewer are settled sooner than other processes begin

_HELP = """\
examples:
  scrapy restory             articles that were never settled, or by an older method
  scrapy restory --again     all articles
  scrapy restory --readers 4 sketch the texts in four processes (READERS: by default one less than the cores)

Stop it when you like: the next run continues. Crawls may run at the same time.
"""


class Command(ProjectCommand):
    """Settle stored articles again."""

    takes = "[--again] [--readers N] [--json]"
    does = "Find the stories of stored articles anew, from their texts alone"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "done",
        Exit.PART: "stopped; what was settled stays",
        Exit.ARCHIVE: "the archive cannot be opened or written",
    }

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our option and examples."""
        super().add_options(parser)
        parser.add_argument("--again", action="store_true", help="also what the present method settled already")
        add_readers(parser)
        parser.add_argument("--json", action="store_true", help="print the report as one JSON object")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Settle batch by batch, tell how far it is and what came of it."""
        no_arguments("restory", args)
        db = self.open_archive()
        try:
            if opts.again:
                stories.unsettle_all(db)
            many = len(stories.unsettled(db, BESIDE_FROM)) == BESIDE_FROM
            with in_processes(self.readers(opts, many)) as each:
                read = settle_all(db, each, quiet=opts.json)
            number = stories.count(db)
        finally:
            db.close()
        settled = read.total("articles")
        if opts.json:
            by_portal = {portal: {"articles": read.counts[portal]["articles"]} for portal in read.portals()}
            say_json({"method": copies.VERSION, "settled": settled, "stories": number, "portals": by_portal}, indent=2)
            return
        if settled:
            say(read.as_table(), "")
        say(f"{settled} articles settled by method {copies.VERSION}; {number} stories")


def settle_all(db: Database, each: Each, quiet: bool) -> Changes:
    """Settle all that is unsettled, print how far it is, and return how many articles of each portal."""
    read = Changes("articles", (), 0)
    told = time.monotonic()
    for settled in stories.rebuild(db, BATCH, each):
        for portal, number in articles.portals_of(db, settled).items():
            read.add(portal, number)
        if not quiet and time.monotonic() - told > TELL_EVERY_S:
            say(f"{read.total('articles')} articles settled")
            sys.stdout.flush()
            told = time.monotonic()
    return read
