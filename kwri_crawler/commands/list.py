"""`scrapy list`: the catalogue's portals; the files that are wrong on standard error."""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from kwri_crawler.archive import crawls, open_archive
from kwri_crawler.catalogue import Portal
from kwri_crawler.command import Exit, ProjectCommand, no_arguments
from kwri_crawler.command.choosing import add_choice, choice_of, choose, words_now
from kwri_crawler.screen import say, table

_HELP = """\
examples:
  scrapy list                          on a terminal: name, region, network, family and state of each
  scrapy list | wc -l                  in a pipe: an id a line
  scrapy list --long --network Tribun | less
  scrapy list --province "Jawa Timur" --word broken

states:
  proven     the archive holds articles of it
  inferred   its file was written from what others saw of it; no article of it was read yet
  off        its file says active = false: it is crawled only where it is named
"""
_HEADS = ("portal", "name", "region", "network", "family", "state")


class Command(ProjectCommand):
    """List the catalogue."""

    takes = "[options]"
    does = "List the portals of the catalogue"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "every portal's file is right",
        Exit.SETUP: "a portal's file is wrong: the others are listed, and standard error says what is wrong",
        Exit.ARCHIVE: "the archive cannot be opened or read; only asked where states or words are",
    }

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add what to show, and of which portals."""
        super().add_options(parser)
        parser.add_argument("--long", action="store_true", help="a table also where the output is no terminal")
        add_choice(parser)

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print an id a line, or a table."""
        no_arguments("list", args)
        portals, faults = self.read_catalogue()
        choice = choice_of(opts)
        shown = choose(portals, choice, words_now(self.archive_path, choice))
        if opts.long or sys.stdout.isatty():
            proven = self._proven()
            states = {portal.id: _state(portal, proven) for portal in shown}
            rows = ((p.id, p.name, p.region or "", p.network or "", p.family, states[p.id]) for p in shown)
            counts = Counter(state for said in states.values() for state in said.split(", "))
            of = f" of {len(portals)}" if len(shown) < len(portals) else ""
            say(f"{len(shown)}{of} portals: " + ", ".join(f"{counts[state]} {state}" for state in sorted(counts)))
            say(table(_HEADS, rows, _HEADS))
        else:
            say(*(portal.id for portal in shown))
        self.name_faults(faults)

    def _proven(self) -> frozenset[str]:
        """Return the portals of which the archive holds an article; an archive is not made by a question."""
        if not self.archive_path.exists():
            return frozenset()
        db = open_archive(self.archive_path)
        try:
            return crawls.proven_ids(db)
        finally:
            db.close()


def _state(portal: Portal, proven: frozenset[str]) -> str:
    state = "proven" if portal.id in proven else "inferred"
    return state if portal.active else f"{state}, off"
