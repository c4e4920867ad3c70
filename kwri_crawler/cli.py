"""The command `kwri`: every command of this project, and Scrapy's own, from any folder."""

from __future__ import annotations

import os
import pkgutil
import sys
from collections.abc import Iterator
from importlib import import_module

import scrapy.commands
from scrapy.cmdline import execute
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from kwri_crawler import commands
from kwri_crawler.nearest import nearest
from kwri_crawler.version import __version__

_LIST = "List the portals of the catalogue"  # it is Scrapy's, which calls them spiders


def main() -> None:
    """Run one command, as `scrapy` does in a checkout; ends the process with its exit code."""
    # Also where another project's scrapy.cfg or settings module is at hand.
    os.environ["SCRAPY_SETTINGS_MODULE"] = "kwri_crawler.settings"
    args = sys.argv[1:]
    if not args or args[0] in ("-h", "--help", "help"):
        print("\n".join(overview()))
        return
    if args[0] in ("-V", "--version"):
        print(f"kwri-crawler {__version__}")
        return
    own = set(_names(commands.__path__))
    names = {*own, *_names(scrapy.commands.__path__)}
    if args[0] not in names:
        near = nearest(args[0], names)
        hint = f"did you mean `kwri {near}`?" if near else "`kwri --help` names those that there are"
        print(f"kwri {args[0]}: there is no such command; {hint}", file=sys.stderr)
        sys.exit(2)
    settings: Settings | None = None  # Scrapy's
    if args[0] in own:  # where it would look for it, Scrapy loads all commands and the libraries of each
        settings = get_project_settings()
        settings.set("COMMANDS_MODULE", f"{commands.__name__}.{args[0]}", priority="project")
    execute(["kwri", *args], settings)


def overview() -> Iterator[str]:
    """Yield the lines of `kwri --help`."""
    own = {
        name: import_module(f"{commands.__name__}.{name}").Command().short_desc() for name in _names(commands.__path__)
    }
    yield f"kwri-crawler {__version__}: an archive of Indonesia's regional press"
    yield ""
    yield "usage: kwri COMMAND [options] [arguments]"
    yield ""
    for name, does in sorted({**own, "list": _LIST}.items()):
        yield f"  {name:12} {does}"
    yield ""
    yield f"Scrapy's own: {', '.join(sorted(set(_names(scrapy.commands.__path__)) - {*own, 'list'}))}"
    yield "`kwri COMMAND --help` has examples and exit codes; `kwri doctor` says where the archive is."


def _names(path: list[str]) -> list[str]:
    """Return the commands of a package: each is a module."""
    return [module.name for module in pkgutil.iter_modules(path) if not module.name.startswith("_")]
