"""The portals we crawl, a TOML file each or a network's in one; refuses unknown keys and wrong values, naming both.

A file that is wrong costs its own portal only, and so does a wrong entry of a network's file: the catalogue holds the
others, and says what is wrong with this one.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from kwri_crawler import home
from kwri_crawler.catalogue.families import FAMILIES, family_names, plugged_in
from kwri_crawler.catalogue.keys import OF_A_NETWORK, SELECTOR_FIELDS, CatalogueError, Table
from kwri_crawler.catalogue.portal import Listing, ListingKind, Portal

__all__ = [
    "FAMILIES",
    "PORTALS",
    "SELECTOR_FIELDS",
    "Catalogue",
    "CatalogueError",
    "Fault",
    "Listing",
    "ListingKind",
    "Portal",
    "family_names",
    "plugged_in",
    "portal_folders",
    "read_catalogue",
    "read_portal",
]

PORTALS = Path(__file__).parent.parent / "portals"

_ID = re.compile(r"[a-z0-9-]+")


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
                    found[file.stem] = Table(file.name, table).portal(file.stem)
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
    return Table(path.name, _read_table(path)).portal(path.stem)


def _read_table(path: Path) -> dict[str, Any]:
    if not _ID.fullmatch(path.stem):
        raise CatalogueError(f"{path.name}: the file's name is the spider's; write [a-z0-9-]+.toml")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))  # some editors begin a file with a mark
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise CatalogueError(f"{path.name}: cannot be read as TOML: {error}") from error


def _read_network(file: str, table: dict[str, Any]) -> Iterator[tuple[str, Portal | CatalogueError]]:
    """Yield the portals of a network's file by id, what the file says for all of them in each; wrong ones as errors."""
    whole = Table(file, table)
    whole.check_keys(table, OF_A_NETWORK, "key of a network")
    entries = table["portals"]
    if not isinstance(entries, list) or not entries:
        raise whole.error('portals must hold at least one table: [[portals]], then id = "tribun-jatim"')
    for_all = {key: value for key, value in table.items() if key != "portals"}
    for place, entry in enumerate(entries, 1):
        named = entry.get("id") if isinstance(entry, dict) else None
        if not isinstance(named, str) or not _ID.fullmatch(named):
            nameless = f"{file.removesuffix('.toml')}-{place}"
            yield nameless, whole.error(f'entry {place} of portals needs an id of [a-z0-9-]: id = "tribun-jatim"')
            continue
        own = {key: value for key, value in entry.items() if key != "id"}
        try:
            yield named, replace(Table(f"{file}: {named}", {**for_all, **own}).portal(named), is_entry=True)
        except CatalogueError as error:
            yield named, error
