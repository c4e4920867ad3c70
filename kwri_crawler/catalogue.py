"""The portals we crawl, one TOML file each; refuses unknown keys and wrong values, naming file and key."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ListingKind(StrEnum):
    FEED = "feed"
    SITEMAP = "sitemap"
    INDEX = "index"


@dataclass(frozen=True, slots=True)
class Listing:
    kind: ListingKind
    url: str  # absolute


@dataclass(frozen=True, slots=True)
class Portal:
    id: str  # the file's name without .toml: "kwri-jatim"; also the spider's name
    name: str  # "KWRI Jawa Timur"
    home: str  # "https://jatim.kwri.or.id/"
    family: str  # the CMS: "varient", or "general" for a make we do not know
    region: str | None
    zone: str  # IANA: "Asia/Jakarta"
    listings: tuple[Listing, ...]
    selectors: tuple[tuple[str, str], ...] = ()  # (field, CSS selector) that override the family's own
    active: bool = True
