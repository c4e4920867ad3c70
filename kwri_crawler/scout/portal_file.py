"""A portal's file, written from what was found, each line with where that was; what was not found is said."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from kwri_crawler.catalogue import json_api, read_portal
from kwri_crawler.scout.scouted import Found, Scouted, api_of
from kwri_crawler.web.addresses import join
from kwri_crawler.web.hosts import bare_host
from kwri_crawler.whole_file import whole_file


def toml_of(scouted: Scouted, asked: str, day: str) -> str:
    """Write the portal's file."""
    lines = [
        f"# Added on {day} by: scrapy addportal {_comment(asked)}",
        *([f"# It takes the place of {scouted.entry.id} in a network's file."] if scouted.entry else []),
        _line("name", scouted.name),
        f"home = {_quoted(scouted.home)}",
        _line("family", scouted.family),
        _line("region", scouted.region) if scouted.region else "# no region: neither host nor name tells one",
        _line("zone", scouted.zone),
        *([_line("network", scouted.network)] if scouted.network else []),
        *([f"active = false  # check {_comment(scouted.check)}; then remove this line"] if scouted.check else []),
        *_own_hosts(scouted),
        "listings = [",
    ]
    root = join(scouted.home, "/").rstrip("/")
    for candidate, count in scouted.listings:
        api = api_of(candidate, scouted.entry)
        whole = api.template if api else candidate.url
        path = whole.removeprefix(root)
        url = path if path.startswith("/") and not path.startswith("//") else whole  # "//a" would be a host
        lines.append(
            f"    {{ kind = {_quoted(candidate.kind.value)}, url = {_quoted(url)} }},"
            f"  # {_comment(candidate.where)}; {count} addresses"
        )
    lines.append("]")
    lines += [f"# not found: {_comment(missing)}" for missing in scouted.missing]
    return "\n".join([*lines, *_tables(scouted)]) + "\n"


def check_file(path: Path, text: str) -> None:
    """Read a portal's file as the catalogue would, before it is written; raises CatalogueError when that fails."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / path.name
        trial.write_text(text, encoding="utf-8")
        read_portal(trial)


def write_file(path: Path, text: str) -> None:
    """Write a portal's file, whole or not at all; raises NotWritten."""
    with whole_file(str(path)) as out:
        out.write(text.encode())


def _own_hosts(scouted: Scouted) -> list[str]:
    """Return the line for hosts beside the home's, which a network's file names."""
    if scouted.entry is None:
        return []
    of_home = replace(scouted.entry, home=scouted.home, hosts=()).hosts
    others = [host for host in scouted.entry.hosts if host not in of_home and host == bare_host(host)]
    return [f"hosts = {_spelt(tuple(others))}"] if others else []


def _tables(scouted: Scouted) -> Iterator[str]:
    """Yield the tables of a network's file, by which its portals' pages and listings are read."""
    entry = scouted.entry
    if entry is None:
        return
    if entry.selectors:
        yield from ("", "[selectors]", *(f"{name} = {_quoted(css)}" for name, css in entry.selectors))
    if entry.clocks:
        yield from ("", "[dates]", *(f"{source.value} = {_quoted(clock.value)}" for source, clock in entry.clocks))
    api = next((found for one, _ in scouted.listings if (found := api_of(one, entry)) is not None), None)
    if api is not None:
        yield from ("", "[api]")
        for key, value in json_api.description_of(api).items():
            yield f"{key} = {_spelt(value)}"


def _line(key: str, found: Found) -> str:
    return f"{key} = {_quoted(found.value)}  # {_comment(found.where)}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in escaped) + '"'


def _spelt(value: str | int | tuple[str, ...]) -> str:
    """Return a value as TOML spells it."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_quoted, value))}]"
    return _quoted(value) if isinstance(value, str) else str(value)


def _comment(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)[:200]
