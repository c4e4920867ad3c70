"""The families that are built in: a module each, named as the family, with one class over Family and nothing to enrol.

A module is loaded when a page of its family is read, or when a page of unknown make is to be recognised.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from kwri_crawler.catalogue import FAMILIES
from kwri_crawler.pages.family import Family


@cache
def built_in(name: str) -> Family | None:
    """Return the family of a name; None where no module has it."""
    if name not in FAMILIES or name == "general":
        return None
    module = import_module(f"{__name__}.{name}")
    found = [one for one in vars(module).values() if isinstance(one, type) and one.__module__ == module.__name__]
    (family,) = (one for one in found if issubclass(one, Family))
    return family()


@cache
def all_built_in() -> dict[str, Family]:
    """Return all by name, in the order in which a page is tried: a CMS of everybody's after those of one network."""
    found = (built_in(name) for name in FAMILIES)
    return {one.name: one for one in sorted(filter(None, found), key=lambda one: one.is_for_all)}
