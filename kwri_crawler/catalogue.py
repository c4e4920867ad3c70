"""The portals we crawl, a TOML file each or a network's in one; refuses unknown keys and wrong values, naming both.

A file that is wrong costs its own portal only, and so does a wrong entry of a network's file: the catalogue holds the
others, and says what is wrong with this one.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from kwri_crawler import home, json_api, plugins
from kwri_crawler.items import Clock, DateSource
from kwri_crawler.json_api import JsonApi
from kwri_crawler.nearest import nearest
from kwri_crawler.web.addresses import canonical, host_of, http_fault, join
from kwri_crawler.web.hosts import bare_host, plain_host

PORTALS = Path(__file__).parent / "portals"
# Those that are built in: a module each, which is not loaded to know its name.
_MODULES = (Path(__file__).parent / "pages" / "families").glob("[a-z]*.py")
FAMILIES = (*sorted(module.stem for module in _MODULES), "general")
SELECTOR_FIELDS = (
    "title", "author", "date", "section", "summary", "body", "image", "tags", "listing_item", "listing_link"
)  # fmt: skip

_REQUIRED = ("name", "home", "family", "zone", "listings")
_KNOWN = (*_REQUIRED, "region", "network", "active", "from", "hosts", "selectors", "dates", "api")
_OF_A_NETWORK = ("portals", *(key for key in _KNOWN if key not in ("name", "home")))  # for all its portals
_LISTING_KEYS = ("kind", "url")
_zones = cache(available_timezones)  # it looks through the machine's files: 12 ms at each call
_ID = re.compile(r"[a-z0-9-]+")


def plugged_in() -> tuple[plugins.Plugin, ...]:
    """Return the families of other packages, those that could not be loaded too."""
    return plugins.families(FAMILIES)


def family_names() -> tuple[str, ...]:
    """Return what a portal's file may name as its family."""
    return (*FAMILIES, *(plugin.name for plugin in plugged_in() if plugin.fault is None))


class CatalogueError(ValueError):
    """A portal's file says something we do not understand; the message names file, key and cure."""


class ListingKind(StrEnum):
    WORDPRESS = "wordpress"  # its public REST API, /wp-json/wp/v2/posts
    FEED = "feed"
    SITEMAP = "sitemap"
    INDEX = "index"
    API = "api"  # JSON, as the portal's file describes it


@dataclass(frozen=True, slots=True)
class Listing:
    kind: ListingKind
    url: str  # absolute
    found_on: str | None = None  # the page that links it, where no portal's file names it; null for one of the file
    api: JsonApi | None = None  # how an API's answers are read; null for the other kinds


@dataclass(frozen=True, slots=True)
class Portal:
    id: str  # the file's name without .toml, or what a network's file says: "kwri-jatim"; also the spider's name
    name: str  # "KWRI Jawa Timur"
    home: str  # "https://jatim.kwri.or.id/"
    family: str  # the CMS: "varient", or "general" for a make we do not know
    region: str | None
    zone: str  # IANA: "Asia/Jakarta"
    listings: tuple[Listing, ...]
    selectors: tuple[tuple[str, str], ...] = ()  # (field, CSS selector) that override the family's own
    clocks: tuple[tuple[DateSource, Clock], ...] = ()  # how a source's clock is to be read; the rest is judged
    active: bool = True
    network: str | None = None  # whose portal it is: "Tribun"
    hosts: tuple[str, ...] = ()  # lower-case, with and without "www."; the home's are always among them
    place: str | None = None  # "from": the workers of a cluster that may ask it, as Dask names a resource; None: all
    is_entry: bool = False  # of a network's file, which a file of its own takes the place of

    def __post_init__(self) -> None:
        object.__setattr__(self, "hosts", _with_and_without_www((*_hosts_of_home(self.home), *self.hosts)))

    def owns(self, url: str) -> bool:
        """Tell whether an address is on one of the portal's own hosts."""
        return host_of(url) in self.hosts


class Fault(NamedTuple):
    """A portal's file, or an entry of a network's, that is wrong."""

    portal: str  # its id; of a whole file its name without .toml
    error: CatalogueError


class Catalogue(NamedTuple):
    """What the folders of portal files hold."""

    portals: tuple[Portal, ...]  # sorted by id
    faults: tuple[Fault, ...]  # the files that are wrong, sorted too: their portals are in no tuple above


def read_catalogue(path: Path | str = PORTALS) -> Catalogue:
    """Read every portal file of a folder, or of several as portal_folders() takes them, sorted by id.

    Of two portals of one id the first folder's is read, and in a folder the one with a file of its own: so a file of
    the operator's takes the place of a shipped one. Raises CatalogueError when a folder is not there; that of own
    portals need not be.
    """
    found: dict[str, Portal | CatalogueError] = {}
    for folder in portal_folders(path):
        if not folder.is_dir() and folder != home.own_portals():
            raise CatalogueError(f"{folder}: no such folder of portal files")
        networks: list[tuple[str, Portal | CatalogueError]] = []
        for file in sorted(folder.glob("*.toml")):
            try:
                table = _read_table(file)
                if "portals" in table:
                    networks += _read_network(file.name, table)
                elif file.stem not in found:
                    found[file.stem] = _Reader(file.name, table).portal(file.stem)
            except CatalogueError as error:
                found.setdefault(file.stem, error)
        own: dict[str, Portal | CatalogueError] = {}
        for id_, portal in networks:
            twice = CatalogueError(f"portal {id_!r} stands in two entries of the networks in {folder}; keep one")
            own[id_] = twice if id_ in own else portal
        found = {**own, **found}
    return Catalogue(
        tuple(portal for _, portal in sorted(found.items()) if isinstance(portal, Portal)),
        tuple(Fault(id_, error) for id_, error in sorted(found.items()) if isinstance(error, CatalogueError)),
    )


def portal_folders(path: Path | str) -> tuple[Path, ...]:
    """Return the folders that PORTALS_PATH names, parted by os.pathsep; raises CatalogueError when it names none."""
    folders = tuple(Path(part) for part in str(path).split(os.pathsep) if part)
    if not folders:
        raise CatalogueError("PORTALS_PATH names no folder of portal files")
    return folders


def read_portal(path: Path) -> Portal:
    """Read the file of one portal and check every key and value of it; raises CatalogueError."""
    return _Reader(path.name, _read_table(path)).portal(path.stem)


def _read_table(path: Path) -> dict[str, Any]:
    if not _ID.fullmatch(path.stem):
        raise CatalogueError(f"{path.name}: the file's name is the spider's; write [a-z0-9-]+.toml")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))  # some editors begin a file with a mark
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise CatalogueError(f"{path.name}: cannot be read as TOML: {error}") from error


def _read_network(file: str, table: dict[str, Any]) -> Iterator[tuple[str, Portal | CatalogueError]]:
    """Yield the portals of a network's file by id, what the file says for all of them in each; wrong ones as errors."""
    reader = _Reader(file, table)
    reader.check_keys(table, _OF_A_NETWORK, "key of a network")
    entries = table["portals"]
    if not isinstance(entries, list) or not entries:
        raise reader.error('portals must hold at least one table: [[portals]], then id = "tribun-jatim"')
    for_all = {key: value for key, value in table.items() if key != "portals"}
    for place, entry in enumerate(entries, 1):
        named = entry.get("id") if isinstance(entry, dict) else None
        if not isinstance(named, str) or not _ID.fullmatch(named):
            nameless = f"{file.removesuffix('.toml')}-{place}"
            yield nameless, reader.error(f'entry {place} of portals needs an id of [a-z0-9-]: id = "tribun-jatim"')
            continue
        own = {key: value for key, value in entry.items() if key != "id"}
        try:
            yield named, replace(_Reader(f"{file}: {named}", {**for_all, **own}).portal(named), is_entry=True)
        except CatalogueError as error:
            yield named, error


class _Reader:
    """Take values out of one file's table, each checked; knows the file's name for its complaints."""

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


def _hosts_of_home(home: str) -> tuple[str, ...]:
    host = host_of(home)
    port = urlsplit(canonical(home)).port if http_fault(home) is None else None
    return (host,) if port is None else (host, f"{host}:{port}")


def _with_and_without_www(hosts: tuple[str, ...]) -> tuple[str, ...]:
    both: dict[str, None] = {}
    for host in filter(None, hosts):
        bare = bare_host(host)
        both[bare] = None
        if bare[0].isalpha():  # an IP address has no www
            both[f"www.{bare}"] = None
    return tuple(both)


def _hint(word: object, known: Iterable[str]) -> str:
    found = nearest(str(word), known)
    return f"; did you mean '{found}'?" if found else ""


def _css_fault(selector: str) -> str | None:
    try:
        LexborHTMLParser("").css(selector)
    except (SelectolaxError, ValueError) as error:
        return str(error).rstrip(".")
    return None
