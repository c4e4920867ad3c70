"""The keys of a portal's file, each checked; refuses one that nobody knows, and a value that cannot be meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from kwri_crawler.catalogue import json_api
from kwri_crawler.catalogue.families import FAMILIES, family_names, plugged_in
from kwri_crawler.catalogue.json_api import JsonApi
from kwri_crawler.catalogue.portal import Listing, ListingKind, Portal
from kwri_crawler.items import Clock, DateSource
from kwri_crawler.nearest import nearest
from kwri_crawler.web.addresses import canonical, http_fault, join
from kwri_crawler.web.hosts import plain_host

SELECTOR_FIELDS = (
    "title", "author", "date", "section", "summary", "body", "image", "tags", "listing_item", "listing_link"
)  # fmt: skip

_REQUIRED = ("name", "home", "family", "zone", "listings")
_KNOWN = (*_REQUIRED, "region", "network", "active", "from", "hosts", "selectors", "dates", "api")
OF_A_NETWORK = ("portals", *(key for key in _KNOWN if key not in ("name", "home")))  # for all its portals
_LISTING_KEYS = ("kind", "url")
_zones = cache(available_timezones)  # it looks through the machine's files: 12 ms at each call


class CatalogueError(ValueError):
    """A portal's file says something we do not understand; the message names file, key and cure."""


class Table:
    """One portal's keys; knows the file's name for its complaints."""

    def __init__(self, file: str, table: dict[str, Any]) -> None:
        self.file = file
        self.table = table

    def portal(self, portal_id: str) -> Portal:
        self.check_keys(self.table, _KNOWN, "key")
        for key in _REQUIRED:
            if key not in self.table:
                raise self.error(f"key {key!r} is missing; required: {', '.join(_REQUIRED)}")
        home = canonical(self.text("home"))
        if http_fault(home) is not None:
            raise self.error(f'home {self.text("home")!r} is not an http(s) address; write "https://host/"')
        family = self.text("family")
        self.check_family(family)
        zone = self.text("zone")
        if zone not in _zones():
            zones = [known for known in _zones() if known.startswith("Asia/")]
            raise self.error(f'unknown zone {zone!r}; write an IANA name: "Asia/Jakarta"{_hint(zone, zones)}')
        active = self.table.get("active", True)
        if not isinstance(active, bool):
            raise self.error(f"active must be true or false, not {active!r}")
        portal = Portal(
            id=portal_id,
            name=self.text("name"),
            home=home,
            family=family,
            region=self.text("region") if "region" in self.table else None,
            network=self.text("network") if "network" in self.table else None,
            zone=zone,
            listings=(),
            selectors=self.selectors(),
            clocks=self.clocks(),
            active=active,
            place=self.text("from") if "from" in self.table else None,
            hosts=self.hosts(),
        )
        return replace(portal, listings=self.listings(portal))

    def check_family(self, family: str) -> None:
        if family in FAMILIES:
            return
        for plugin in plugged_in():
            if plugin.name == family and plugin.fault is not None:
                raise self.error(f"family {family!r} of {plugin.package}: {plugin.fault}")
        known = family_names()
        if family not in known:
            raise self.error(f"unknown family {family!r}; known: {', '.join(known)}{_hint(family, known)}")

    def hosts(self) -> tuple[str, ...]:
        values = self.table.get("hosts", [])
        if not isinstance(values, list):
            raise self.error(f"hosts must be a list of host names, not {values!r}")
        for value in values:
            if not isinstance(value, str) or not value or plain_host(value) != value:
                raise self.error(
                    f'hosts: {value!r} is not a host; write it in lower case without scheme: "foto.kwri.or.id"'
                )
        return tuple(values)

    def listings(self, portal: Portal) -> tuple[Listing, ...]:
        rows = self.table["listings"]
        if not isinstance(rows, list) or not rows:
            raise self.error('listings must hold at least one table: { kind = "feed", url = "/rss/latest-posts" }')
        found: list[Listing] = []
        for row in rows:
            if not isinstance(row, dict):
                raise self.error(f'listings: {row!r} is not a table; write {{ kind = "feed", url = "/path" }}')
            self.check_keys(row, _LISTING_KEYS, "listing key")
            kind, url = row.get("kind"), row.get("url")
            kinds = tuple(ListingKind)
            if kind not in kinds:
                raise self.error(f"unknown listing kind {kind!r}; known: {', '.join(kinds)}{_hint(kind, kinds)}")
            if not isinstance(url, str) or not url.strip():
                raise self.error(f'listing url {url!r} is not an address; write "/path" or "https://host/path"')
            absolute = join(portal.home, url)
            api = self.api(absolute) if kind == ListingKind.API else None
            absolute = api.url() if api is not None else absolute
            if http_fault(absolute) is not None:
                raise self.error(f"listing url {url!r} is not an http(s) address")
            if not portal.owns(absolute):
                raise self.error(f"listing url {url!r} is on another host; add it to hosts if it is the portal's own")
            listing = Listing(ListingKind(kind), absolute, api=api)
            if listing in found:
                raise self.error(f"listing url {url!r} is named twice")
            found.append(listing)
        return tuple(found)

    def api(self, template: str) -> JsonApi:
        """Return how the answers of the API at an address are read; the table [api] says it."""
        table = self.table.get("api")
        if not isinstance(table, dict):
            raise self.error('a listing of kind "api" needs a table [api]: items = "data.posts", address = "/{slug}"')
        self.check_keys(table, json_api.KEYS, "key of api")
        try:
            return replace(json_api.read_description(table), template=template)
        except ValueError as error:
            raise self.error(f"api: {error}") from error

    def selectors(self) -> tuple[tuple[str, str], ...]:
        table = self.table.get("selectors", {})
        if not isinstance(table, dict):
            raise self.error("selectors must be a table: [selectors]")
        self.check_keys(table, SELECTOR_FIELDS, "selector")
        for name, selector in table.items():
            if not isinstance(selector, str) or not selector.strip():
                raise self.error(f"selector {name!r} must be a CSS selector, not {selector!r}")
            if fault := _css_fault(selector):
                raise self.error(f"selector {name!r} is not CSS: {selector!r} ({fault})")
        return tuple(sorted(table.items()))

    def clocks(self) -> tuple[tuple[DateSource, Clock], ...]:
        table = self.table.get("dates", {})
        if not isinstance(table, dict):
            raise self.error('dates must be a table: [dates], then json-ld = "local"')
        sources, clocks = tuple(DateSource), tuple(Clock)
        self.check_keys(table, sources, "date source")
        for source, clock in table.items():
            if clock not in clocks:
                raise self.error(
                    f"dates: unknown clock {clock!r} of {source}; known: {', '.join(clocks)}{_hint(clock, clocks)}"
                )
        return tuple((DateSource(source), Clock(clock)) for source, clock in sorted(table.items()))

    def text(self, key: str) -> str:
        value = self.table[key]
        if not isinstance(value, str) or not value.strip():
            raise self.error(f"{key} must be a text, not {value!r}")
        return value.strip()

    def check_keys(self, table: dict[str, Any], known: tuple[str, ...], word: str) -> None:
        for key in table:
            if key not in known:
                raise self.error(f"unknown {word} {key!r}; known: {', '.join(sorted(known))}{_hint(key, known)}")

    def error(self, message: str) -> CatalogueError:
        return CatalogueError(f"{self.file}: {message}")


def _hint(word: object, known: Iterable[str]) -> str:
    found = nearest(str(word), known)
    return f"; did you mean '{found}'?" if found else ""


def _css_fault(selector: str) -> str | None:
    try:
        LexborHTMLParser("").css(selector)
    except (SelectolaxError, ValueError) as error:
        return str(error).rstrip(".")
    return None
