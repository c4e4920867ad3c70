"""`scrapy revisions URL`: what an archived article said before it was edited."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from itertools import pairwise

from scrapy.exceptions import UsageError

from kwri_crawler.archive import revisions
from kwri_crawler.clock import local_text, moment_of
from kwri_crawler.command import Exit, ProjectCommand
from kwri_crawler.screen import say, say_json

_HELP = """\
examples:
  scrapy revisions https://jatim.kwri.or.id/gelar-rakernis-bidhumas-polda-jatim
  scrapy revisions --json https://jatim.kwri.or.id/gelar-rakernis-bidhumas-polda-jatim
"""


class Command(ProjectCommand):
    """Shows an article's edits, paragraph by paragraph."""

    takes = "[options] URL"
    does = "Show how an archived article was edited"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "the article is in the archive; its texts were printed",
        Exit.PART: "no article of the archive has this address",
        Exit.ARCHIVE: "the archive cannot be opened or read",
    }

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add ours, with examples."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="every text, whole, as JSON")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print the article's texts, or what each edit changed."""
        if len(args) != 1:
            raise UsageError("scrapy revisions takes the address of one article")
        db = self.open_archive()
        texts = revisions.history(db, args[0])
        db.close()
        if not texts:
            why = "no article of the archive has this address; the table urls may say why"
            self.fail(f"{args[0]}: {why}", Exit.PART)
        elif opts.json:
            say_json([asdict(text) for text in texts], indent=2)
        else:
            say(*describe(texts))


def describe(texts: tuple[revisions.Revision, ...]) -> list[str]:
    """Write an article's history for a person."""
    lines = [texts[-1].title, f"  {len(texts) - 1} edits; first read {local_text(moment_of(texts[0].received_at))}"]
    for old, new in pairwise(texts):
        span = " and ".join(local_text(moment_of(text.received_at)) for text in (old, new))
        lines += ["", f"edited between {span}: {old.words_changed or 0:.0%} of the words"]
        lines += [f"  {line}" for line in revisions.difference(old, new)]
    return lines
