"""`scrapy directory [WORD ...]`: what is known of Indonesia's portals, whether we crawl them or not."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Container, Mapping, Sequence

from kwri_crawler.catalogue.directory import Row, portals_by_row, read_directory, search
from kwri_crawler.command import Exit, ProjectCommand, as_typed
from kwri_crawler.command.choosing import check_field
from kwri_crawler.screen import say, say_json, table

_HELP = """\
examples:
  scrapy directory                                 how many portals are known, by province, network and family
  scrapy directory madiun                          those whose host, name or place says so
  scrapy directory --province "Jawa Timur" --network disway
  scrapy directory tribratanews --json             one JSON object a line, with the evidence

Each row is a hint from public sources: nobody of this project has visited the portal. "sure" says how much it is worth:
  read    a public project read the listing that is named
  named   a repository that can be looked up, or a saved page, names the portal
  hint    public code names it, no more
`scrapy addportal HOME` tries one, and writes its file when it works.
"""
_HEADS = ("host", "name", "province", "network", "family", "listing", "sure", "seen", "portal")
_NONE = "none, or not known"
_FILTERS = ("province", "network", "family")


class Command(ProjectCommand):
    """Search the directory."""

    takes = "[options] [WORD ...]"
    does = "Search the portals that are known of, whether they are crawled or not"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "portals were found",
        Exit.SETUP: "a portal's file is wrong; the rest was shown",
        Exit.PART: "none was found",
    }

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add what may be asked for."""
        super().add_options(parser)
        parser.add_argument("--province", "--region", metavar="NAME", help='as "Jawa Timur"')
        parser.add_argument("--network", metavar="NAME", help="whose portals: Disway, Tribun, Polri ...")
        parser.add_argument("--family", metavar="NAME", help="of which CMS: wordpress, varient ...")
        parser.add_argument("--json", action="store_true", help="print one JSON object a line, one line a portal")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Search, and say what of it the catalogue has."""
        rows = read_directory()
        asked = {name: getattr(opts, name) or "" for name in _FILTERS}
        for name, value in asked.items():
            if value:
                check_field(name, value, (getattr(row, name) for row in rows))
        found = search(rows, args, **asked)
        portals, faults = self.read_catalogue()
        ids = portals_by_row(found, portals)
        off = {portal.id for portal in portals if not portal.active}
        if opts.json:
            for row in found:
                say_json(
                    {**row._asdict(), "sure": row.sure, "portal": ids.get(row), "active": _is_active(row, ids, off)}
                )
        elif not args and not any(asked.values()):
            say(*_counts(rows, len(ids)))
        elif len(found) == 1:
            say(*_in_full(found[0], ids.get(found[0]), off))
        elif found:
            say(table(_HEADS, (_in_a_line(row, ids.get(row), off) for row in found), _HEADS))
            switched_off = sum(portal in off for portal in ids.values())
            say(
                f"{len(found)} of {len(rows):,} portals; {len(ids)} are in the catalogue"
                + (f", {switched_off} of them off" if switched_off else "")
            )
        if not found:
            self.fail("no portal of the directory is so; `scrapy addportal ADDRESS` tries any address", Exit.PART)
        self.name_faults(faults)


def _counts(rows: Sequence[Row], in_catalogue: int) -> list[str]:
    """Return how many portals each province, network and family has."""
    lines = [f"{len(rows):,} portals are known; {in_catalogue} of them are in the catalogue"]
    for name in _FILTERS:
        counts = Counter(getattr(row, name) or _NONE for row in rows)
        shown = sorted(counts.items(), key=lambda one: (one[0] == _NONE, -one[1], one[0].casefold()))
        lines += ["", f"by {name}:", *(f"  {count:5}  {value}" for value, count in shown)]
    return [*lines, "", 'search: a word, --province "Jawa Timur", --network Disway, --family wordpress; see --help']


def _is_active(row: Row, ids: Mapping[Row, str], off: Container[str]) -> bool | None:
    """Return whether harvests crawl a row's portal; None where the catalogue has none."""
    return ids[row] not in off if row in ids else None


def _in_a_line(row: Row, portal: str | None, off: Container[str]) -> tuple[str, ...]:
    return (
        row.host, row.name[:40], row.province, row.network[:20], row.family, row.state or row.listing_kind, row.sure,
        row.last_seen, f"{portal}, off" if portal in off else portal or "",
    )  # fmt: skip


def _in_full(row: Row, portal: str | None, off: Container[str]) -> list[str]:
    """Return all that is known of one portal, and what to do next."""
    cells = {name.replace("_", " "): value for name, value in row._asdict().items() if value}
    lines = [f"{name:16} {value}" for name, value in {**cells, "sure": row.sure}.items()]
    if portal:
        lines.append(f"{'portal':16} {portal}{', off' if portal in off else ''}")
    if portal and portal not in off:
        return lines
    return lines if row.state else [*lines, as_typed(f"try it: scrapy addportal {row.home}")]
