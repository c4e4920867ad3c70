"""`scrapy list`: the catalogue's portals; the files that are wrong on standard error."""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from kwri_crawler.archive import crawls, open_archive
from kwri_crawler.catalogue import Portal
from kwri_crawler.command import Exit, ProjectCommand, no_arguments
from kwri_crawler.screen import say, table

_HELP = """\
examples:
  scrapy list                          on a terminal: name, region, network, family and state of each
  scrapy list | wc -l                  in a pipe: an id a line
  scrapy list --long --network Tribun | less

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
        Exit.ARCHIVE: "the archive cannot be opened or read; only asked where states are shown",
    }

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add what to show, and of which portals."""
        super().add_options(parser)
        parser.add_argument("--long", action="store_true", help="a table also where the output is no terminal")
        parser.add_argument("--region", metavar="NAME", help='only portals of a region: "Jawa Timur"')
        parser.add_argument("--network", metavar="NAME", help="only portals of a network: Tribun")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print an id a line, or a table."""
        no_arguments("list", args)
        portals, faults = self.read_catalogue()
        shown = [portal for portal in portals if _is_of(portal, opts.region, opts.network)]
        if opts.long or sys.stdout.isatty():
            proven = self._proven()
            states = {portal.id: _state(portal, proven) for portal in shown}
            rows = ((p.id, p.name, p.region or "", p.network or "", p.family, states[p.id]) for p in shown)
            say(table(_HEADS, rows, _HEADS))
            counts = Counter(state for said in states.values() for state in said.split(", "))
            say(f"{len(shown)} portals: " + ", ".join(f"{counts[state]} {state}" for state in sorted(counts)))
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


def _is_of(portal: Portal, region: str | None, network: str | None) -> bool:
    asked = ((region, portal.region), (network, portal.network))
    return all(name is None or (has or "").casefold() == name.casefold() for name, has in asked)


def _state(portal: Portal, proven: frozenset[str]) -> str:
    state = "proven" if portal.id in proven else "inferred"
    return state if portal.active else f"{state}, off"
