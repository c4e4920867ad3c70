"""`scrapy revisions URL`: what an archived article said before it was edited."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from kwri_crawler.archive import ArchiveError, open_archive, revisions

_HELP = """\
examples:
  scrapy revisions https://jatim.kwri.or.id/gelar-rakernis-bidhumas-polda-jatim
  scrapy revisions --json https://jatim.kwri.or.id/gelar-rakernis-bidhumas-polda-jatim

exit codes:
  0  the article is in the archive; its texts were printed
  2  no address was given, or no article of the archive has it
  5  the archive cannot be opened
"""


class Command(ScrapyCommand):
    """Shows an article's edits, paragraph by paragraph."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012 - as Scrapy declares it

    def syntax(self) -> str:
        """Return what follows the command's name."""
        return "[options] URL"

    def short_desc(self) -> str:
        """Return the line that `scrapy -h` shows."""
        return "Show how an archived article was edited"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add ours, with examples."""
        super().add_options(parser)
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.epilog = _HELP
        parser.add_argument("--json", action="store_true", help="every text, whole, as JSON")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print the article's texts, or what each edit changed."""
        if len(args) != 1:
            raise UsageError("scrapy revisions takes the address of one article")
        if self.settings is None:
            raise AssertionError("Scrapy gives every command its settings")
        path = Path(self.settings["ARCHIVE_PATH"]).absolute()
        try:
            if not path.exists():
                raise ArchiveError(f"{path}: there is no archive yet; crawl a portal first, or set ARCHIVE_PATH")
            db = open_archive(path)
        except ArchiveError as error:
            print(error, file=sys.stderr)
            self.exitcode = 5
            return
        texts = revisions.history(db, args[0])
        db.close()
        if not texts:
            print(
                f"{args[0]}: no article of the archive has this address; the view lost_urls may say why",
                file=sys.stderr,
            )
            self.exitcode = 2
        elif opts.json:
            print(json.dumps([asdict(text) for text in texts], ensure_ascii=False, indent=2))
        else:
            print("\n".join(describe(texts)))


def describe(texts: tuple[revisions.Revision, ...]) -> list[str]:
    """Write an article's history for a person."""
    lines = [texts[-1].title, f"  {len(texts) - 1} edits; first read {texts[0].received_at}"]
    for old, new in pairwise(texts):
        lines += [
            "",
            f"edited between {old.received_at} and {new.received_at}: {old.words_changed or 0:.0%} of the words",
        ]
        lines += [f"  {line}" for line in revisions.difference(old, new)]
    return lines
