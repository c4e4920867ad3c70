"""What our commands share: their arguments, exit codes and complaints, and where the archive is.

A command says what it takes, does and ends with, and act()s; what goes wrong becomes an exit code here and nowhere
else. Scrapy takes for a command what a module in commands/ defines, so this stands beside them.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from kwri_crawler import clock
from kwri_crawler.archive import ArchiveError, open_archive, portal_ids, reading
from kwri_crawler.catalogue import Catalogue, CatalogueError, Fault, read_catalogue
from kwri_crawler.command.choosing import check_portals
from kwri_crawler.command.exits import ENDS, HARVEST, MEANINGS, Exit
from kwri_crawler.command.helps import as_typed, name_program
from kwri_crawler.command.options import (
    add_cluster,
    add_days,
    add_lang,
    add_portal,
    add_readers,
    add_zone,
    count,
    day,
    days_of,
    no_arguments,
    row,
    speaking,
    zone,
)
from kwri_crawler.kept.file import pages_path
from kwri_crawler.missing import LibraryMissing
from kwri_crawler.nearest import nearest
from kwri_crawler.own_settings import fault_of_text, files_of
from kwri_crawler.screen import complain, outlive_readers
from kwri_crawler.web.hosts import is_loopback, is_public_host
from kwri_crawler.web.network import read_connect_to

if TYPE_CHECKING:
    from scrapy.settings import Settings

    from kwri_crawler.archive import Database

__all__ = [
    "HARVEST",
    "MEANINGS",
    "Exit",
    "ProjectCommand",
    "ScreenCommand",
    "add_cluster",
    "add_days",
    "add_lang",
    "add_portal",
    "add_readers",
    "add_zone",
    "as_typed",
    "check_portals",
    "count",
    "day",
    "days_of",
    "name_program",
    "no_arguments",
    "row",
    "speaking",
    "zone",
]


class ProjectCommand(ScrapyCommand):
    """A command of this project; a subclass says what it takes and does, and acts."""

    takes: ClassVar[str]  # what follows the command's name
    does: ClassVar[str]  # the line that `scrapy -h` shows
    about: ClassVar[str]  # examples, below the options
    ends: ClassVar[Mapping[int, str]]  # what its exit codes mean here; that of a wrong argument need not be said
    codes: ClassVar[Mapping[int, int]] = {}  # what it says in place of an Exit: `harvest` alone has such
    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012 - Scrapy's own name and form

    def __init__(self) -> None:
        """Let `| head` close the pipe of any command: Scrapy makes all of ours before it runs one, its own too."""
        super().__init__()
        outlive_readers()

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Do what the command is for; what it raises becomes an exit code."""
        raise NotImplementedError

    def syntax(self) -> str:
        """Return what follows the command's name."""
        return self.takes

    def short_desc(self) -> str:
        """Return the line that `scrapy -h` shows."""
        return self.does

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add Scrapy's options and our text below them; a subclass adds its own."""
        super().add_options(parser)
        ends = {Exit.ARGUMENT.value: MEANINGS[Exit.ARGUMENT], **self.ends}
        codes = "\n".join(f"  {int(code)}  {ends[code]}" for code in sorted(ends))
        name_program(parser, f"{self.about.rstrip()}\n\nexit codes:\n{codes}\n")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Take the settings, and refuse options that nobody knows: Scrapy hands them on as arguments."""
        pidfile, opts.pidfile = opts.pidfile, None  # Scrapy would write it before it may be looked at
        super().process_options(args, opts)
        for name in (pidfile, opts.profile, *files_of(self.given)):
            if name:
                self.check_out(name)
        if pidfile:
            Path(pidfile).write_text(f"{os.getpid()}\n", encoding="utf-8")
        from kwri_crawler import settings as package_settings  # not before Scrapy: it reads settings.toml

        for setting in opts.set:
            name, _, value = setting.partition("=")
            if fault := fault_of_text(name, value, vars(package_settings)):
                raise UsageError(f"-s {name}={value}: {name} must be {fault}", print_help=False)
        for arg in args:
            if arg.startswith("-") and len(arg) > 1 and not arg.startswith("---"):
                known = [name for name in vars(opts) if name != "set"]
                near = nearest(arg.lstrip("-").partition("=")[0].replace("-", "_"), known)
                hint = f"; did you mean --{near.rstrip('_').replace('_', '-')}?" if near else ""
                raise UsageError(f"{arg}: no such option{hint}")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Act, and turn what goes wrong into a message and an exit code."""
        try:
            self.set_clock()
            with reading(self.archive_path):
                self.act(args, opts)
        except KeyboardInterrupt:
            self.fail("stopped", Exit.PART)
        except BrokenPipeError:  # `| head` has seen enough
            return
        except UsageError as error:
            raise UsageError(as_typed(str(error)), print_help=error.print_help) from error
        except tuple(kind for kind, _ in ENDS) as error:
            self.fail(error, next(code for kind, code in ENDS if isinstance(error, kind)))

    def set_clock(self) -> None:
        """Let all that a command does go by NOW, where that is set; raises UsageError."""
        try:
            clock.set_clock(self.given["NOW"] or "")
        except ValueError as error:
            raise UsageError(str(error)) from error

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

    def places(self) -> dict[str, str]:
        """Return what CONNECT_TO says, host -> address:port; raises UsageError."""
        try:
            given = self.given.getdict("CONNECT_TO")
        except ValueError as error:
            raise UsageError(f"CONNECT_TO: {error}") from error
        try:
            return read_connect_to(given)
        except ValueError as error:
            raise UsageError(str(error)) from error

    def cluster(self, opts: argparse.Namespace) -> str | None:
        """Return the address of --cluster or CLUSTER, checked; None without one. Raises UsageError, LibraryMissing."""
        address: str = opts.cluster if opts.cluster is not None else self.given["CLUSTER"]
        if not address:
            return None
        from kwri_crawler.cluster.address import AddressRefused, read_cluster

        try:
            read_cluster(address)
        except AddressRefused as error:
            raise UsageError(f"--cluster {error}", print_help=False) from error
        if find_spec("distributed") is None:
            raise LibraryMissing("--cluster needs distributed; run: pip install 'kwri-crawler[cluster]'")
        return address

    def cluster_to_use(self, opts: argparse.Namespace) -> str | None:
        """Return the same for what is to talk to it now; raises UsageError too where Dask's certificates do not do."""
        address = self.cluster(opts)
        if address is not None:
            from kwri_crawler.cluster.address import AddressRefused
            from kwri_crawler.cluster.reach import check_security

            try:
                check_security(address)
            except AddressRefused as error:
                raise UsageError(f"--cluster {error}", print_help=False) from error
        return address

    def cluster_to_crawl(self, opts: argparse.Namespace) -> str | None:
        """Return the same for crawls; raises UsageError too where articles are to be written to a file on the way."""
        address = self.cluster_to_use(opts)
        if address is not None and (feeds := self.given["FEEDS"]):
            raise UsageError(
                f"--cluster with {', '.join(map(str, feeds))}: what other machines crawl comes into the archive alone;"
                " leave -o and FEEDS away, and write the file with `scrapy export`",
                print_help=False,
            )
        return address

    def readers(self, opts: argparse.Namespace, many: bool = True) -> int:
        """Return how many processes read: --readers, else READERS where there is much to be read, else 1."""
        asked: int | None = opts.readers
        return asked or (max(1, self.given.getint("READERS")) if many else 1)

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

    def check_out(self, name: str | Path) -> None:
        """Raise UsageError for a file to write that is the archive, the kept pages or what SQLite keeps beside them."""
        if str(name) == "-":
            return
        target = Path(os.path.realpath(name))
        for kept in (self.archive_path, pages_path(self.given["PAGES_PATH"], self.archive_path)):
            for path in {kept, Path(os.path.realpath(kept))}:
                for own in (path.with_name(path.name + end) for end in ("", "-wal", "-shm", "-journal")):
                    if own == target or (own.exists() and target.exists() and own.samefile(target)):
                        raise UsageError(f"{name}: this is {own}, of the archive; write to another file")

    def check_portal(self, name: str | None, db: Database | None = None) -> Catalogue:
        """Return the catalogue, after a look for a portal in it, and in the archive where one is given.

        Raises UsageError for one that is in neither, and CatalogueError for one whose file is wrong, unless the archive
        has it.
        """
        of_archive = portal_ids(db) if db is not None else ()
        try:
            catalogue = self.read_catalogue()
        except CatalogueError:
            if db is None:
                raise
            catalogue = Catalogue((), ())
        if name is not None and name not in of_archive:
            check_portals([name], catalogue, of_archive)
            for fault in catalogue.faults:
                if fault.portal == name:
                    raise fault.error
        return catalogue

    def name_faults(self, faults: Iterable[Fault]) -> None:
        """Say which portals' files are wrong: the exit code is 1 if nothing worse happened."""
        for fault in faults:
            self.fail(fault.error, self.exitcode or Exit.SETUP)

    def fail(self, error: object, code: int) -> None:
        """Say what is wrong, and end with this exit code."""
        complain(as_typed(str(error)))
        self.exitcode = self.codes.get(code, int(code))


class ScreenCommand(ProjectCommand):
    """A command that may ask a portal, by Scrapy's own process, and shows a person what it found."""

    requires_crawler_process = True
    default_settings = {}  # noqa: RUF012 - Scrapy's own name and form

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Leave the screen to what was found, unless a log was asked for."""
        super().process_options(args, opts)
        if not opts.loglevel:
            self.given.set("LOG_LEVEL", "ERROR", priority="cmdline")

    def fault_of_host(self, private: bool) -> Callable[[str], str | None]:
        """Return what says of a host why it may not be looked at; None if it may. Raises UsageError for CONNECT_TO."""
        places = self.places()

        def fault(host: str) -> str | None:
            if private or is_public_host(host) or is_loopback(host) or host in places or "*" in places:
                return None
            return f"{host}: not a public host; if it is in a network of your own, add --private"

        return fault
