"""The CMS families that a portal's file may name: those that are built in, and those of other packages.

The latter are found by their entry points in the group `kwri_crawler.families`. One that cannot be loaded costs the
portals that name it, and no others: its fault says why.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, NamedTuple

# Those that are built in: a module each, which is not loaded to know its name.
_MODULES = (Path(__file__).parent.parent / "pages" / "families").glob("[a-z]*.py")
FAMILIES = (*sorted(module.stem for module in _MODULES), "general")
GROUP = "kwri_crawler.families"
_NEEDED = ("knows", "read")  # of kwri_crawler.pages.family.Family


class Plugin(NamedTuple):
    """One family of another package."""

    name: str  # as portals' files write it, and as the family itself is called
    package: str  # "kwri-warta 1.0"
    family: Any  # what has the methods of Family; None when it could not be loaded
    fault: str | None  # why not


def family_names() -> tuple[str, ...]:
    """Return what a portal's file may name as its family."""
    return (*FAMILIES, *(plugin.name for plugin in plugged_in() if plugin.fault is None))


@cache
def plugged_in() -> tuple[Plugin, ...]:
    """Return the families of other packages by name, those that could not be loaded too.

    None takes the name of another or of one that is built in.
    """
    found = sorted(entry_points(group=GROUP), key=lambda point: (point.name, _package(point)))
    times = Counter(point.name for point in found)
    return tuple(_load(point, times[point.name]) for point in found)


def _load(point: EntryPoint, times: int) -> Plugin:
    family, fault = None, None
    if point.name in FAMILIES:
        fault = "a family of this name is built in"
    elif times > 1:
        fault = "two packages have a family of this name"
    else:
        try:
            family = point.load()
            family = family() if isinstance(family, type) else family
        except Exception as error:  # whatever another package's code raises
            family, fault = None, f"it cannot be loaded: {type(error).__name__}: {error}"
        else:
            if getattr(family, "name", None) != point.name or not all(hasattr(family, name) for name in _NEEDED):
                family, fault = None, f"it is no Family called {point.name!r}"
    return Plugin(point.name, _package(point), family, fault)


def _package(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist is not None else point.value
