"""What is known of a portal that is being looked at, each value with where it was found; and what others say of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from kwri_crawler.catalogue import Listing, ListingKind, Portal
from kwri_crawler.catalogue.json_api import JsonApi

OF_ENTRY = "named in its network's file"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a listing, and why we think so."""

    kind: ListingKind
    url: str
    where: str  # "named in robots.txt"

    @property
    def is_told(self) -> bool:
        """Whether somebody who knows the portal names it: of these there may be several of a kind."""
        return self.where == OF_ENTRY or "robots.txt" in self.where


@dataclass(frozen=True, slots=True)
class Found:
    """A value for the portal's file, and where it was found."""

    value: str
    where: str
    is_guess: bool = False  # nothing on the portal says it


@dataclass(frozen=True, slots=True)
class Hints:
    """What others say of a portal, as a row of the directory: it is tried first; empty where nobody says anything."""

    home: str = ""  # with the path of a channel; empty for the root of the address that was given
    listings: tuple[tuple[str, str], ...] = ()  # (kind, address)
    article: str = ""  # an article's address
    name: str = ""
    region: str = ""  # "Jawa Timur"
    network: str = ""
    portal: Portal | None = None  # as a network's file has it, not active: how its pages and listings are read


NO_HINTS = Hints()


def with_portal(hints: Hints, portal: Portal) -> Hints:
    """Return the hints with what a network's file says of the portal, which counts before the directory."""
    listings = tuple((listing.kind.value, listing.url) for listing in portal.listings)
    return replace(
        hints,
        home=portal.home,
        listings=tuple(dict.fromkeys((*listings, *hints.listings))),
        region=portal.region or hints.region,
        network=portal.network or hints.network,
        portal=portal,
    )


@dataclass(slots=True)
class Scouted:
    """All that was found out about a portal."""

    id: str
    home: str
    name: Found
    family: Found
    zone: Found
    region: Found | None
    listings: list[tuple[Candidate, int]] = field(default_factory=list)  # with how many articles each names
    missing: list[str] = field(default_factory=list)  # what could not be found, with the line to add by hand
    network: Found | None = None
    check: str = ""  # the field that a person has to look at before it is crawled, and why; empty if there is none
    entry: Portal | None = None  # of a network's file, whose place this one takes; its own tables are kept

    def portal(self) -> Portal:
        """Return the portal as the catalogue would."""
        return Portal(
            id=self.id,
            name=self.name.value,
            home=self.home,
            family=self.family.value,
            region=self.region.value if self.region else None,
            network=self.network.value if self.network else None,
            active=not self.check,
            zone=self.zone.value,
            listings=tuple(Listing(one.kind, one.url, api=api_of(one, self.entry)) for one, _ in self.listings),
            selectors=self.entry.selectors if self.entry else (),
            clocks=self.entry.clocks if self.entry else (),
            hosts=self.entry.hosts if self.entry else (),
        )


def api_of(candidate: Candidate, entry: Portal | None) -> JsonApi | None:
    """Return how a JSON API's answers are read, as a network's file says it; None for other kinds."""
    if entry is None or candidate.kind is not ListingKind.API:
        return None
    return next((one.api for one in entry.listings if one.url == candidate.url or one.api is not None), None)
