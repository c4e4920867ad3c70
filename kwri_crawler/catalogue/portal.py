"""A portal and its listings, as the other rooms are given them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from kwri_crawler.catalogue.json_api import JsonApi
from kwri_crawler.items import Clock, DateSource
from kwri_crawler.web.addresses import canonical, host_of, http_fault
from kwri_crawler.web.hosts import bare_host


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
