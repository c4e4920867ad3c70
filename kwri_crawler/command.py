"""What our commands share: how they describe themselves, where the archive is, and how they complain.

Scrapy takes for a command what a module in commands/ defines, so this stands beside them.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from scrapy.commands import ScrapyCommand

from kwri_crawler.archive import ArchiveError, open_archive
from kwri_crawler.catalogue import Catalogue, Fault, read_catalogue

if TYPE_CHECKING:
    from scrapy.settings import Settings

    from kwri_crawler.archive import Database


def as_typed(text: str) -> str:
    """Return a text that names commands as `scrapy NAME`, with `kwri NAME` where this run was started so."""
    started = Path(sys.argv[0])
    is_kwri = started.stem == "kwri" or started.parent.name == "kwri_crawler"  # or python -m kwri_crawler
    return re.sub(r"\bscrapy (?=[a-z])", "kwri ", text) if is_kwri else text


def name_program(parser: argparse.ArgumentParser, about: str) -> None:
    """Put examples and exit codes below a command's options, and its name as it was typed above them."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = as_typed(about)
    parser.usage = as_typed(parser.usage or "") or None


class ProjectCommand(ScrapyCommand):
    """A command of this project; a subclass says what it takes and does, and runs."""

    takes: ClassVar[str]  # what follows the command's name
    does: ClassVar[str]  # the line that `scrapy -h` shows
    about: ClassVar[str]  # examples and exit codes, below the options
    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012 - Scrapy's own name and form

    def syntax(self) -> str:
        """Return what follows the command's name."""
        return self.takes

    def short_desc(self) -> str:
        """Return the line that `scrapy -h` shows."""
        return self.does

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add Scrapy's options and our text below them; a subclass adds its own."""
        super().add_options(parser)
        name_program(parser, self.about)

    @property
    def given(self) -> Settings:
        """The project's settings with those of the command line."""
        if self.settings is None:
            raise AssertionError("Scrapy sets a command's settings before it runs")
        return self.settings

    @property
    def archive_path(self) -> Path:
        """Where the archive is, or is to be."""
        return Path(self.given["ARCHIVE_PATH"]).absolute()

    def read_catalogue(self) -> Catalogue:
        """Return the catalogue; raises CatalogueError when its folder is not there."""
        return read_catalogue(self.given["PORTALS_PATH"])

    def open_archive(self) -> Database:
        """Open the archive that is there; raises ArchiveError."""
        path = self.archive_path
        if not path.exists():
            raise ArchiveError(
                f"{path}: there is no archive; `scrapy crawl PORTAL` makes one, -s ARCHIVE_PATH= names it"
            )
        return open_archive(path)

    def name_faults(self, faults: Iterable[Fault]) -> None:
        """Say which portals' files are wrong: the exit code is 1 if nothing worse happened."""
        for fault in faults:
            self.fail(fault.error, self.exitcode or 1)

    def fail(self, error: object, code: int) -> None:
        """Say what is wrong, and end with this exit code."""
        print(as_typed(str(error)), file=sys.stderr)
        self.exitcode = code


class ScreenCommand(ProjectCommand):
    """A command that may ask a portal, by Scrapy's own process, and shows a person what it found."""

    requires_crawler_process = True
    default_settings = {}  # noqa: RUF012 - Scrapy's own name and form

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Leave the screen to what was found, unless a log was asked for."""
        super().process_options(args, opts)
        if not opts.loglevel:
            self.given.set("LOG_LEVEL", "ERROR", priority="cmdline")
