"""Decide whether two portals are the same newsroom, from the names and texts of their newest articles."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple
from urllib.parse import urlsplit
from zlib import crc32

from kwri_crawler.archive import Database
from kwri_crawler.archive.newest import newest_of_carriers
from kwri_crawler.web.addresses import url_key

MOST_NAMES = 40  # of the newest articles that are kept of a portal
_LEAST_NAMES = 5  # in common, where no text of both is at hand
_RELEASES = 2  # texts that two newsrooms may have in common among their newest: both ran them
_UNEVEN = 2  # times as many texts of the one: three texts of a newsroom may be among the many of one that carries all
_SHARE = 0.6  # of the shorter list's names
_A_SLUG = 2  # hyphens: words that another newsroom would not choose


class Newsroom(NamedTuple):
    """A portal's newest articles, as far as it takes to know them again."""

    portal: str  # its id
    names: frozenset[int]  # of the last parts of their addresses; short ones and numbers are left out
    texts: dict[int, str]  # an article's name -> its text's hash, of those that were read


def newsroom_of(portal: str, urls: Iterable[str], texts: Iterable[tuple[str, str]]) -> Newsroom:
    """Return a newsroom by the addresses of its newest articles, and (address, hash) of those that were read."""
    names = [name for name in map(slug_of, urls) if _is_telling(name)][:MOST_NAMES]
    read = {_number(_name_of(url)): text for url, text in texts if text}
    return Newsroom(portal, frozenset(map(_number, names)), read)


def newsrooms_in(db: Database, text_hashes: Iterable[str], known: Collection[str]) -> tuple[Newsroom, ...]:
    """Return the archive's newsrooms, of those portals that are known, that carry a text among their articles."""
    found = newest_of_carriers(db, text_hashes, MOST_NAMES)
    return tuple(
        newsroom_of(portal, (one.url for one in newest), ((one.url, one.text_hash) for one in newest))
        for portal, newest in found.items()
        if portal in known
    )


def slug_of(url: str) -> str:
    """Return the last part of an address's path, without its ending; empty for a home page."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    last = path.rstrip("/").rpartition("/")[2]
    return (last.rpartition(".")[0] or last).lower()


def _name_of(url: str) -> str:
    """Return what names an article on its portal: its slug, or its whole address without the host."""
    slug = slug_of(url)
    return slug if _is_telling(slug) else url_key(url).partition("/")[2] or url_key(url).partition("?")[2]


def _is_telling(slug: str) -> bool:
    return slug.count("-") >= _A_SLUG


def twin_of(one: Newsroom, others: Iterable[Newsroom]) -> Newsroom | None:
    """Return the first newsroom whose articles are those of `one`; None if there is none.

    A release stands on many portals, so a text or two in common is not enough; an edition of a network carries its
    main portal's articles among its own.
    """
    return next((other for other in others if _are_one(one, other)), None)


def _are_one(one: Newsroom, other: Newsroom) -> bool:
    shorter = min(len(one.names), len(other.names))
    common = len(one.names & other.names)
    is_much = common >= _LEAST_NAMES and common >= shorter * _SHARE
    both = one.texts.keys() & other.texts.keys()
    equal = sum(one.texts[name] == other.texts[name] for name in both)
    if 2 * equal < len(both):  # articles of one name and other texts: two newsrooms of one model
        return False
    least = min(len(one.texts), len(other.texts))
    same_texts = len(set(one.texts.values()) & set(other.texts.values()))
    is_even = max(len(one.texts), len(other.texts)) <= _UNEVEN * least
    if is_even and least > 1 and same_texts == least:  # all that were read of the one are those of the other
        return common > 0 or (least > _RELEASES and shorter < _LEAST_NAMES)
    return is_much


def _number(name: str) -> int:
    return crc32(name.encode("utf-8", "replace"))
