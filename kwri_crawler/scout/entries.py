"""The addresses that are to be brought up: from a file, from the command line, from the directory; asks nobody.

A file holds an address a line, or a table as the directory's: a first line of column names, of which `home` or `host`
must be one, and cells parted by tabs. What stands in the other columns is tried first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from kwri_crawler.catalogue import Portal
from kwri_crawler.catalogue.directory import Row
from kwri_crawler.scout.scouted import NO_HINTS, Hints
from kwri_crawler.web.addresses import canonical, host_of, http_fault, url_key

_LONGEST = 50_000  # lines


class EntryError(ValueError):
    """A file that is no list of addresses; names the lines."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A portal that is to be looked at."""

    address: str  # of any of its pages, canonical
    hints: Hints = NO_HINTS

    @property
    def home(self) -> str:
        """Return its home page: the hinted one, or the root of its host."""
        split = urlsplit(self.address)
        return self.hints.home or f"{split.scheme}://{split.netloc}/"

    @property
    def key(self) -> str:
        """Return the name under which its verdict is kept: equal for http and https, with and without "www."."""
        return url_key(self.home)

    @property
    def host(self) -> str:
        """Return its host."""
        return host_of(self.home)


def entry_of_address(text: str) -> Entry:
    """Return an entry by an address as a person types it; raises ValueError with what is wrong."""
    address = canonical(text if "://" in text else f"https://{text}")
    if fault := http_fault(address):
        raise ValueError(f"{text[:100]}: {fault}")
    return Entry(address)


def entry_of_row(row: Row) -> Entry:
    """Return an entry by a row of the directory; raises ValueError for one without an address."""
    home = entry_of_address(row.home or row.host).address
    listings = ((row.listing_kind, row.listing_url),) if row.listing_url and row.listing_kind else ()
    return Entry(home, Hints(home, listings, row.article_url, row.name, row.province, row.network))


def entry_of_portal(portal: Portal) -> Entry:
    """Return an entry by a portal of the catalogue."""
    return Entry(portal.home, Hints(portal.home, (), "", portal.name, portal.region or "", portal.network or ""))


def entries_known(
    rows: Iterable[Row], portals: Iterable[Portal], province: str | None, network: str | None
) -> list[Entry]:
    """Return entries by the directory's rows that are portals now, and by those portals that are of both, or of one."""
    found = [entry_of_row(row) for row in rows if not row.state]
    return found + [
        entry_of_portal(one) for one in portals if _is_of(one.region, province) and _is_of(one.network, network)
    ]


def _is_of(value: str | None, wanted: str | None) -> bool:
    return not wanted or (value or "").casefold() == wanted.casefold()


def read_entries(text: str, is_allowed: Callable[[str], str | None]) -> list[Entry]:
    """Read a file's text; `is_allowed` says of a host why it may not be looked at, None if it may.

    Raises EntryError that names the lines that are wrong.
    """
    lines = [(number, line.rstrip("\r")) for number, line in enumerate(text.split("\n"), 1)]
    lines = [(number, line) for number, line in lines if line.strip() and not line.lstrip().startswith("#")]
    if len(lines) > _LONGEST:
        raise EntryError(f"{len(lines):,} lines; {_LONGEST:,} are the most")
    make: Callable[[str], Entry] = entry_of_address
    if lines and {"home", "host"} & set(heads := lines[0][1].split("\t")):
        make = _of_table(heads)
        lines = lines[1:]
    found: list[Entry] = []
    wrong: list[str] = []
    for number, line in lines:
        try:
            entry = make(line.strip(" "))
            if reason := is_allowed(entry.host):
                raise ValueError(reason)
            found.append(entry)
        except ValueError as error:
            wrong.append(f"line {number}: {error}")
    if wrong:
        more = f"; and {len(wrong) - 5} more" if len(wrong) > 5 else ""
        raise EntryError("; ".join(wrong[:5]) + more)
    return found


def _of_table(heads: list[str]) -> Callable[[str], Entry]:
    empty = Row(*[""] * len(Row._fields))

    def make(line: str) -> Entry:
        cells = {name: cell.strip() for name, cell in zip(heads, line.split("\t"), strict=False) if name in Row._fields}
        return entry_of_row(empty._replace(**cells))

    return make


def once_each(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries in their order, the first of each portal."""
    found: dict[str, Entry] = {}
    for entry in entries:
        found.setdefault(entry.key, entry)
    return list(found.values())
