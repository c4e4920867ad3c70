"""`scrapy desk`: the press desk in a browser, from the archive; on this machine, or elsewhere with a password."""

from __future__ import annotations

import argparse
import errno
import getpass
import secrets
import sys
from pathlib import Path

from scrapy.exceptions import UsageError

from kwri_crawler.archive.describe import describe
from kwri_crawler.command import Exit, ProjectCommand, add_lang, no_arguments
from kwri_crawler.commands.datasette import metadata
from kwri_crawler.screen import say
from kwri_crawler.web.hosts import is_loopback

SHORTEST = 12  # characters of a password
PORT = 8001

_HELP = """\
examples:
  scrapy desk                            then open the address that it prints
  scrapy desk --port 8080 --lang en
  scrapy desk --host 0.0.0.0 --password-file desk.password

It reads the archive, also while a crawl writes to it, and writes only what somebody notes by hand. Without a password
only this machine reaches it, and whoever came by the printed key may note something. With a password the browser asks
for it and for a name, under which notes are kept; put TLS before it where the network is not your own.
"""


class Command(ProjectCommand):
    """Serve the desk's pages."""

    takes = "[--port N] [--host HOST --password-file FILE] [--lang id|en]"
    does = "Serve a press desk's pages in the browser"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "it was stopped",
        Exit.SETUP: "what serves pages is not installed: pip install 'kwri-crawler[desk]'",
        Exit.BUSY: "another program has the port",
        Exit.ARCHIVE: "the archive cannot be opened or read",
    }

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our options and examples."""
        super().add_options(parser)
        parser.add_argument("--port", type=port, default=PORT, metavar="N", help=f"({PORT}); 0 is any free one")
        parser.add_argument("--host", default="127.0.0.1", help="where to listen; another than this machine's needs")
        parser.add_argument("--password-file", type=Path, metavar="FILE", help="whose first line is the password")
        add_lang(parser, "of who has chosen none (id)", "id")
        parser.add_argument("--template-dir", type=Path, metavar="FOLDER", help="your own templates, before ours")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Open the archive once, for its migrations, then serve until somebody stops it."""
        no_arguments("desk", args)
        password = None if opts.password_file is None else read_password(opts.password_file)
        if opts.template_dir is not None and not opts.template_dir.is_dir():
            raise UsageError(f"--template-dir {opts.template_dir}: no such folder")
        try:
            from kwri_crawler import desk_site
            from kwri_crawler.desk_site import guard, server
        except ImportError as error:
            if (error.name or "").startswith("kwri_crawler"):
                raise
            self.fail(f"{error.name} is not installed; pip install 'kwri-crawler[desk]'", Exit.SETUP)
            return
        if password is None and not is_loopback(opts.host):
            raise UsageError(f"--host {opts.host}: others reach this address; add --password-file FILE")
        db = self.open_archive()
        try:
            told = metadata(self.archive_path.stem, describe(db))
        finally:
            db.close()
        options = guard.Options(opts.lang, user_name(), secrets.token_urlsafe(24), password)
        site = desk_site.make_site(self.archive_path, options, told, opts.template_dir)
        try:
            listening = server.listen(opts.host, opts.port)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                self.fail(f"port {opts.port} of {opts.host} is in use; choose another with --port", Exit.BUSY)
                return
            raise UsageError(f"--host {opts.host} --port {opts.port}: {error.strerror or error}") from error
        address = server.address_of(listening)
        if password is None:
            say(f"{address}/desk/enter?key={options.key}", "", "This address lets you in to note something; keep it to")
            say(f"yourself. Others on this machine may read {address}/desk.")
        else:
            say(f"{address}/desk")
        say("Ctrl+C stops it.")
        sys.stdout.flush()
        server.serve(site.app(), listening)


def read_password(path: Path) -> str:
    """Return the first line of a file; raises UsageError where it cannot be read or is too short."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--password-file {path}: {getattr(error, 'strerror', None) or 'not UTF-8'}") from error
    password = lines[0].strip() if lines else ""
    if len(password) < SHORTEST:
        raise UsageError(f"--password-file {path}: its first line has under {SHORTEST} characters")
    return password


def user_name() -> str:
    """Return under which name notes of who came by the key are kept."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no entry for this user
        return "desk"


def port(text: str) -> int:
    """Read an option's port."""
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) < 65_536):
        raise argparse.ArgumentTypeError(f"{text}: not a port; write a number up to 65535")
    return int(text)
