"""`scrapy list`: the catalogue's portals, an id a line; the files that are wrong on standard error."""

from __future__ import annotations

import argparse

from kwri_crawler.command import Exit, ProjectCommand, no_arguments
from kwri_crawler.screen import say

_HELP = """\
examples:
  scrapy list
  scrapy list | wc -l
"""


class Command(ProjectCommand):
    """List the catalogue."""

    takes = "[options]"
    does = "List the portals of the catalogue"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "every portal's file is right",
        Exit.SETUP: "a portal's file is wrong: the others are listed, and standard error says what is wrong",
    }

    def act(self, args: list[str], _: argparse.Namespace) -> None:
        """Print an id a line."""
        no_arguments("list", args)
        portals, faults = self.read_catalogue()
        say(*(portal.id for portal in portals))
        self.name_faults(faults)
