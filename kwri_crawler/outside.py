"""`scrapy NAME` outside of this project: says where the project is, or to type `kwri NAME`; does nothing else.

Scrapy knows these by the entry points of pyproject.toml; inside of the project its real commands take their place.
"""

from __future__ import annotations

import argparse
import sys

from scrapy.commands import ScrapyCommand

from kwri_crawler.home import checkout


class Elsewhere(ScrapyCommand):
    """Stands for each command of ours where Scrapy finds no project."""

    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012 - Scrapy's own name and form

    def short_desc(self) -> str:
        """Return the line that `scrapy -h` shows."""
        return "Of kwri-crawler: type kwri in place of scrapy"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002 - Scrapy calls it so
        """Say what to type, and end with the code of a wrong argument."""
        name = sys.argv[1] if len(sys.argv) > 1 else "NAME"
        project = checkout()
        or_else = f", or `scrapy {name}` in {project}" if project else ""
        print(f"scrapy {name}: this folder is no project of kwri-crawler; type `kwri {name}`{or_else}", file=sys.stderr)
        self.exitcode = 2
