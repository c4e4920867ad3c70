"""`scrapy list`: the catalogue's portals, an id a line; the files that are wrong on standard error."""

from __future__ import annotations

import argparse

from scrapy.exceptions import UsageError

from kwri_crawler.catalogue import CatalogueError
from kwri_crawler.command import ProjectCommand

_HELP = """\
examples:
  scrapy list
  scrapy list | wc -l

exit codes:
  0  every portal's file is right
  1  a portal's file is wrong: the others are listed, and standard error says what is wrong
  2  a wrong argument
"""


class Command(ProjectCommand):
    """List the catalogue."""

    takes = "[options]"
    does = "List the portals of the catalogue"
    about = _HELP

    def run(self, args: list[str], _: argparse.Namespace) -> None:
        """Print an id a line, set the exit code."""
        if args:
            raise UsageError(f"scrapy list takes no {args[0]!r}", print_help=False)
        try:
            portals, faults = self.read_catalogue()
        except CatalogueError as error:
            self.fail(error, 1)
            return
        print("\n".join(portal.id for portal in portals))
        self.name_faults(faults)
