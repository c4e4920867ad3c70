"""Which portals a command is asked for: by id, region, network, CMS family and health, with one check for all commands.

A name that no portal has is a wrong argument, and the nearest one that some portal has is named.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from scrapy.exceptions import UsageError

from kwri_crawler.archive import health, open_archive
from kwri_crawler.catalogue import Catalogue, Portal
from kwri_crawler.health import Word
from kwri_crawler.nearest import did_you_mean, nearest

_MOST_NAMED = 20  # known names, where none is like the one that was asked for
# behind the name of a portal that is like none of ours
_UNKNOWN = (
    "`scrapy list` names those that we know, `scrapy directory` those that are known of, `scrapy addportal` adds one"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked for; nothing of a kind is all of it."""

    regions: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    words: tuple[str, ...] = ()  # of health: "broken"

    def __bool__(self) -> bool:
        return bool(self.regions or self.networks or self.families or self.words)


def add_choice(parser: argparse.ArgumentParser, network: str = "--network") -> None:
    """Add --region, --network, --family and --word; `network` is another name for an option that has that one."""
    parser.add_argument(
        "--region", "--province", action="append", default=[], metavar="NAME", help='portals of this region: "Bali"'
    )
    parser.add_argument(
        network, action="append", default=[], dest="of_network", metavar="NAME", help="portals of this network: Tribun"
    )
    parser.add_argument("--family", action="append", default=[], metavar="NAME", help="portals of this CMS: varient")
    parser.add_argument(
        "--word",
        action="append",
        default=[],
        choices=[word.value for word in Word],
        help="only portals with this status",
    )


def choice_of(opts: argparse.Namespace) -> Choice:
    """Return what the options of add_choice() ask for."""
    return Choice(tuple(opts.region), tuple(opts.of_network), tuple(opts.family), tuple(opts.word))


def choose(portals: Iterable[Portal], choice: Choice, words: Mapping[str, str] | None = None) -> tuple[Portal, ...]:
    """Return the portals that were asked for, in their order; raises UsageError for a name that none of them has.

    `words` is how each portal is, by its id; None where the caller sees to `choice.words` itself.
    """
    portals = found = tuple(portals)
    for name, asked in (("region", choice.regions), ("network", choice.networks), ("family", choice.families)):
        for value in asked:
            check_field(name, value, (getattr(portal, name) for portal in portals))
        wanted = {value.casefold() for value in asked}
        found = tuple(one for one in found if not wanted or (getattr(one, name) or "").casefold() in wanted)
    if words is None or not choice.words:
        return found
    return tuple(portal for portal in found if words.get(portal.id) in choice.words)


def named_or_active(portals: Iterable[Portal], named: Collection[str]) -> list[Portal]:
    """Return the portals that were named by their ids, active or not; where none was named, the active ones."""
    return [portal for portal in portals if (portal.id in named if named else portal.active)]


def check_portals(names: Iterable[str], catalogue: Catalogue, others: Iterable[str] = ()) -> None:
    """Raise UsageError for a portal that nobody knows; one whose file is wrong is known."""
    known = {*(portal.id for portal in catalogue.portals), *(fault.portal for fault in catalogue.faults), *others}
    for name in names:
        if name not in known:
            hint = did_you_mean(name.strip().lower(), sorted(known), _UNKNOWN)  # ids are in small letters
            raise UsageError(f"{name}: no such portal; {hint}")


def check_field(name: str, value: str, known: Iterable[str | None]) -> None:
    """Raise UsageError for a value of a field that is none of those known, whatever its case; names the nearest."""
    names = sorted({*filter(None, known)})
    if value.casefold() in map(str.casefold, names):
        return
    near = nearest(value.casefold(), map(str.casefold, names))
    meant = next((one for one in names if one.casefold() == near), None)
    listed = ", ".join(names[:_MOST_NAMED]) + (", ..." if len(names) > _MOST_NAMED else "")
    hint = f"did you mean {meant}?" if meant else f"known: {listed or 'none'}"
    raise UsageError(f"{value}: no portal is of this {name}; {hint}")


def words_now(archive: Path, choice: Choice) -> dict[str, str]:
    """Return how each portal is by its newest event, where the choice asks; an archive is not made by a question."""
    if not choice.words or not archive.exists():
        return {}
    db = open_archive(archive)
    try:
        return {portal: state.word.value for portal, state in health.states(db).items()}
    finally:
        db.close()
