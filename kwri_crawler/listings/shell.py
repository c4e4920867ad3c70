"""An index page that shows nothing without JavaScript: its articles from the data that it carries, where these have
their addresses; else what its operator may describe. Runs no script, and makes up no address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from kwri_crawler.catalogue.json_api import Paths, text_at, values_at
from kwri_crawler.listings.listed import Gatherer, ListingError
from kwri_crawler.pages.embedded import data_of, json_ld_of
from kwri_crawler.pages.shells import SHELL, TRY
from kwri_crawler.pages.stated import PUBLISHED, TITLE

MOST_OBJECTS = 50_000  # of a page's data that are looked at
LEAST = 3  # articles of a list
_ADDRESS: Paths = ("url", "link", "permalink", "href", "canonical_url", "full_url", "path")
_ITEM_LISTS = (".", "mainEntity", "@graph", "@graph.mainEntity")
_OF_ELEMENT: Paths = ("url", "item.url", "item.@id")
_PLAIN = re.compile(r"[\w$-]{1,60}")  # a name that a path may hold
TRY_DATA = 'say with kind = "api" how their addresses are made (docs/json-api.md)'
_NAMES = 8  # of an object's keys that are shown


class _List(NamedTuple):
    path: str  # "props.pageProps.articles"
    items: list[dict[str, Any]]


def read_shell(body: bytes, found: Gatherer) -> None:
    """Gather the articles of the longest list in a page's data; raises ListingError where it has no addresses."""
    for link in (links := _item_list(body)):
        found.add(link)
    if links:
        return
    lists = sorted(_lists(body), key=lambda one: len(one.items), reverse=True)
    for one in lists:
        links = [text_at(item, _ADDRESS) for item in one.items]
        if all(link.startswith(("http://", "https://", "/")) for link in links):
            for item, link in zip(one.items, links, strict=True):
                found.add(link, text_at(item, PUBLISHED) or None)
            return
    raise ListingError(f"{SHELL}; {_described(lists[0]) if lists else TRY}"[:400])


def _item_list(body: bytes) -> list[str]:
    """Return the addresses of schema.org's ItemList, where a page has one; breadcrumbs are none."""
    values = [found for one in json_ld_of(body) for path in _ITEM_LISTS for found in values_at(one, path)]
    for one in (inner for value in values for inner in (value if isinstance(value, list) else [value])):
        elements = one.get("itemListElement") if isinstance(one, dict) else None
        if isinstance(elements, list) and "ItemList" in str(one.get("@type"))[:100]:
            links = [link for element in elements if (link := text_at(element, _OF_ELEMENT))]
            if len(links) >= LEAST:
                return links
    return []


def _described(one: _List) -> str:
    names = ", ".join(sorted(filter(_PLAIN.fullmatch, one.items[0]), key=len)[:_NAMES])
    return f"its data have {len(one.items)} articles at {one.path} ({names}); {TRY_DATA}"


def _lists(body: bytes) -> Iterator[_List]:
    """Yield the lists of objects that all have a title and a date, with where they lie."""
    waiting: list[tuple[str, Any]] = [("", one) for one in data_of(body)]
    for _ in range(MOST_OBJECTS):
        if not waiting:
            return
        path, one = waiting.pop()
        if isinstance(one, list) and len(one) >= LEAST and all(map(_is_article, one)):
            yield _List(path.lstrip(".")[:200], one)
        elif isinstance(one, dict | list):
            named = one.items() if isinstance(one, dict) else ((str(place), inner) for place, inner in enumerate(one))
            waiting += [(f"{path}.{name}", inner) for name, inner in named if _PLAIN.fullmatch(name)]


def _is_article(item: Any) -> bool:
    return isinstance(item, dict) and bool(text_at(item, TITLE) and text_at(item, PUBLISHED))
