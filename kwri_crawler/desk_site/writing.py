"""Set up the templates of the desk's pages; a user's own template folder takes precedence."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined

from kwri_crawler.archive.notes import Tone
from kwri_crawler.own_pages import web_link
from kwri_crawler.version import __version__

_CLOCKS = {"+00:00": "UTC", "+07:00": "WIB", "+08:00": "WITA", "+09:00": "WIT"}


def write(template: str, values: Mapping[str, Any], folder: Path | None) -> str:
    """Write a page: every text in it is escaped, and what a template asks for and is not there is an error."""
    return _environment(folder).get_template(f"desk/{template}").render(values)


def address(path: str, /, **args: str | None) -> str:
    """Return an address with those of its arguments that are not empty."""
    given = {name: value for name, value in args.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def clock_of(local: str) -> str:
    """Return the clock that a moment is told by: WIB, WITA, WIT, another offset, or nothing for none."""
    offset = local[19:]
    return _CLOCKS.get(offset, offset)


@cache
def _environment(folder: Path | None) -> Environment:
    ours: BaseLoader = PackageLoader("kwri_crawler.desk_site", "templates")
    environment = Environment(
        loader=ours if folder is None else ChoiceLoader([FileSystemLoader(folder), ours]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "web_link": web_link,
        "address": address,
        "clock_of": clock_of,
        "quoted": lambda name: quote(name, safe=""),
        "tones": tuple(Tone),
        "version": __version__,
    }
    return environment
