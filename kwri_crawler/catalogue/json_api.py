"""How a portal's file describes a JSON API: by paths into its answers. Refuses what no answer could be read by; pure.

A path is names parted by dots ("data.posts"), or a number for a place in a list; a name asked of a list is asked of
each of its objects ("tags.name"). Of several paths the first that is there counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

MOST_STEPS = 12  # of one path
MOST_PATHS = 8  # of one key
MOST_TEXT = 2_000  # characters of one value in an address
THE_ANSWER = "."  # the path of what came itself
PLACES = {name: f"%7B{name}%7D" for name in ("page", "seen", "next")}  # {page}, as a canonical address spells it

_PATH = re.compile(rf"\.|[\w$@-]{{1,60}}(?:\.[\w$@-]{{1,60}}){{0,{MOST_STEPS - 1}}}")  # "@graph" of JSON-LD
_HOLE = re.compile(r"\{([^{}]{0,800})\}")

Paths = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JsonApi:
    """What lies where in the answers of one API; an empty tuple for what they do not have."""

    items: Paths  # the list of articles
    address: str  # of an article, its paths in braces: "/{category.slug}/{id}/{slug}"; relative to the portal's home
    date: Paths = ()
    title: Paths = ()
    updated: Paths = ()
    body: Paths = ()  # HTML of the whole text
    author: Paths = ()
    section: Paths = ()
    tags: Paths = ()
    lead: Paths = ()
    image: Paths = ()
    more: Paths = ()  # whether there are further pages
    next: Paths = ()  # the next page's address, or what takes the place of {next} in the listing's
    total: Paths = ()  # how many articles there are in all
    first: int = 1  # the number of the first page
    template: str = ""  # the listing's address, absolute, with PLACES in it

    @property
    def is_paged(self) -> bool:
        """Whether its answers can lead from page to page."""
        return bool(self.next) or PLACES["page"] in self.template or PLACES["seen"] in self.template

    def url(self, *, page: int | None = None, seen: int = 0, token: str = "") -> str:
        """Return the address of a page, of the first where nothing is given; token is spelt as in an address."""
        filled = self.template.replace(PLACES["page"], str(self.first if page is None else page))
        return filled.replace(PLACES["seen"], str(seen)).replace(PLACES["next"], token)


_OF_PATHS = tuple(name for name, kind in JsonApi.__annotations__.items() if kind == "Paths")
KEYS = (*_OF_PATHS, "address", "first")


def read_description(table: dict[str, Any]) -> JsonApi:
    """Check the table of a portal's file, whose keys are known; raises ValueError that names key and cure."""
    for key in ("items", "address"):
        if key not in table:
            raise ValueError(f'{key!r} is missing; write items = "data.posts", address = "/{{slug}}"')
    address = table["address"]
    holes = _HOLE.findall(address) if isinstance(address, str) else []
    if not holes or len(holes) > MOST_PATHS or "{" in _HOLE.sub("", address) or "}" in _HOLE.sub("", address):
        raise ValueError(f'address {address!r} needs paths in braces: "{{link}}", "/{{category.slug}}/{{id}}"')
    for hole in holes:
        _check(hole, "address")
    first = table.get("first", 1)
    if not isinstance(first, int) or isinstance(first, bool) or not 0 <= first <= 1:
        raise ValueError(f"first must be 0 or 1, the number of the first page, not {first!r}")
    paths = {key: _paths(key, table[key]) for key in _OF_PATHS if key in table}
    return JsonApi(address=address, first=first, **paths)  # type: ignore[arg-type]


def description_of(api: JsonApi) -> dict[str, str | int | Paths]:
    """Return what a portal's file says of an API, as read_description() takes it."""
    of_paths = {key: paths for key in _OF_PATHS if (paths := getattr(api, key))}
    return {"address": api.address, "first": api.first, **of_paths}


def values_at(value: Any, path: str) -> Iterator[Any]:
    """Yield what lies at a path, from a list of objects of each; nothing where it does not lead."""
    if path == THE_ANSWER:
        yield value
        return
    found = [value]
    for step in path.split("."):
        found = [inner for one in found for inner in _step(one, step)]
    yield from found


def value_at(value: Any, paths: Paths) -> Any:
    """Return what lies at the first path that leads to anything but null; None where none does."""
    return next((one for path in paths for one in values_at(value, path) if one is not None), None)


def address_of(item: Any, address: str) -> tuple[str, str | None]:
    """Return an article's address before it is resolved, and which path leads to no value; None where all do.

    A value within an address is spelt as one piece of it; one that is the whole of it stays as it is.
    """
    missing: list[str] = []
    whole = _HOLE.fullmatch(address) is not None

    def fill(hole: re.Match[str]) -> str:
        text = text_at(item, (hole[1],))
        if not text:
            missing.append(hole[1])
            return hole[0]
        return text if whole else quote(text[:MOST_TEXT], safe="")

    filled = _HOLE.sub(fill, address)
    return filled, missing[0] if missing else None


def text_at(value: Any, paths: Paths) -> str:
    """Return a text or a whole number that lies at the first path which leads to one; "" for all else."""
    for path in paths:
        for one in values_at(value, path):
            if text := text_of(one):
                return text
    return ""


def text_of(value: Any) -> str:
    """Return a JSON value as text, if it is a text or a whole number; else ""."""
    if isinstance(value, str):
        return value.strip()
    is_number = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18
    return str(value) if is_number else ""


def _step(value: Any, step: str) -> Iterator[Any]:
    if isinstance(value, dict):
        if step in value:
            yield value[step]
    elif isinstance(value, list) and step.isdecimal():
        if int(step) < len(value):
            yield value[int(step)]
    elif isinstance(value, list):
        yield from (one[step] for one in value if isinstance(one, dict) and step in one)


def _paths(key: str, value: Any) -> Paths:
    paths = value if isinstance(value, list) else [value]
    if not 0 < len(paths) <= MOST_PATHS:
        raise ValueError(f"{key} must be a path or a list of at most {MOST_PATHS}")
    for path in paths:
        _check(path, key)
    return tuple(paths)


def _check(path: Any, key: str) -> None:
    if not isinstance(path, str) or not _PATH.fullmatch(path):
        raise ValueError(
            f'{key}: {path!r} is no path; write names parted by dots, at most {MOST_STEPS}: "data.posts",'
            f' and "{THE_ANSWER}" for the answer itself'
        )
