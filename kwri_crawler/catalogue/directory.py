"""What is known of Indonesia's portals, whether we crawl them or not: a table that ships; asks no portal anything.

Every row is a hint with its evidence. Who wants a portal tries it: `scrapy addportal HOME`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from kwri_crawler.catalogue.portal import Portal
from kwri_crawler.web.addresses import url_key
from kwri_crawler.web.hosts import plain_host

DIRECTORY = Path(__file__).parent.parent / "directory.tsv"
PUBLIC_CODE = "public code"  # as a source: somebody's program names the host, and it is not known which
_WEAK = frozenset((PUBLIC_CODE, "no trace in public code", "named where this project began", ""))


class Sure(StrEnum):
    """How much a row is worth."""

    HINT = "hint"  # public code alone names the portal
    NAMED = "named"  # a repository that can be looked up, or a saved page, names it
    READ = "read"  # and one of its listings was read


class State(StrEnum):
    """What became of a portal's host."""

    DEAD = "dead"  # it no longer answers
    GAMBLING = "gambling"  # its name lapsed, and somebody sells bets there
    OTHER = "other"  # it serves something else that is no news


class Row(NamedTuple):
    """A portal of the directory; a column's name is its field's, and an empty cell is unknown."""

    host: str  # "tribratanews.sumut.polri.go.id"; several rows may share one, as channels of www.detik.com do
    name: str
    home: str  # absolute: "https://www.detik.com/jatim/"
    province: str  # as the catalogue writes regions: "Jawa Timur"; empty for all of Indonesia too
    regency: str
    network: str  # whose portal it is: "Disway"
    family: str  # its CMS; of some there is no reader of their own yet, and the general one is used
    family_evidence: str  # what shows that it is this CMS
    listing_kind: str  # feed, sitemap, wordpress, index or api; with "?" where nobody is known to have read it
    listing_url: str  # absolute
    article_url: str  # of one article, as an example
    last_seen: str  # "2026", "~2026" or a day: when the evidence is from
    state: str  # a State; empty as long as nothing is known against it
    sources: str  # repositories (owner/name), "a saved page" or "public code", parted by "; "

    @property
    def sure(self) -> Sure:
        """How much the row is worth."""
        if _WEAK.issuperset(self.sources.split("; ")):
            return Sure.HINT
        return Sure.READ if self.listing_url and not self.listing_kind.endswith("?") else Sure.NAMED


class DirectoryError(Exception):
    """Raised when the table is not in its form; says the line and what is wrong."""


@cache
def read_directory(path: Path = DIRECTORY) -> tuple[Row, ...]:
    """Read the table, in its order: by host; raises DirectoryError."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        heads = tuple(next(rows, ()))
        if heads != Row._fields:
            raise DirectoryError(f"{path.name}: line 1 must name the columns {', '.join(Row._fields)}")
        found: list[Row] = []
        for line, cells in enumerate(rows, 2):
            if len(cells) != len(heads):
                raise DirectoryError(f"{path.name}: line {line} has {len(cells)} cells, not {len(heads)}")
            found.append(Row(*cells))
    return tuple(found)


def search(
    rows: Iterable[Row], words: Iterable[str] = (), *, province: str = "", network: str = "", family: str = ""
) -> tuple[Row, ...]:
    """Return the rows that hold every word in their host, name, place or network, and are what else is asked for.

    Case does not count; `province`, `network` and `family` are the whole of a cell.
    """
    wanted = [word.casefold() for word in words]
    cells = {"province": province, "network": network, "family": family}
    return tuple(
        row
        for row in rows
        if all(getattr(row, name).casefold() == value.casefold() for name, value in cells.items() if value)
        and all(word in _said(row) for word in wanted)
    )


def _said(row: Row) -> str:
    return "\n".join((row.host, row.home, row.name, row.province, row.regency, row.network)).casefold()


def portals_by_row(rows: Iterable[Row], portals: Iterable[Portal]) -> dict[Row, str]:
    """Return the catalogue's id of each row that the catalogue has; a channel of a host is a portal of its own."""
    hosts: dict[str, str] = {}
    homes: dict[str, str] = {}
    for portal in portals:
        homes[url_key(portal.home)] = portal.id
        if urlsplit(portal.home).path.strip("/") == "":
            hosts.update((host, portal.id) for host in portal.hosts)
    found: dict[Row, str] = {}
    for row in rows:
        known = homes.get(url_key(row.home))
        if known is None and urlsplit(row.home).path.strip("/") == "":
            known = hosts.get(plain_host(row.host))
        if known is not None:
            found[row] = known
    return found
