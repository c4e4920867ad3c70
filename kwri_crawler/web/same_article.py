"""Whether two addresses are one article's: by what stands in them alone, without asking for either.

It counts that they are the same but for noise, or that both carry the article's own id: never a year, the number of a
section or a topic, or words of a headline that they share.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from kwri_crawler.web.addresses import url_key
from kwri_crawler.web.hosts import bare_host

_EXTENSION = re.compile(r"(?:\.amp)?\.(?:s?html?|php\d?|aspx?|jsp|cgi|do|cfm)$", re.IGNORECASE)
_SCRIPT = re.compile(r"\.(?:php\d?|aspx?|jsp|cgi|do|cfm)$", re.IGNORECASE)
_VIEWS = frozenset(("amp", "print", "cetak", "lite", "mobile"))  # segments that choose how a page looks
_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY_IN_ONE = re.compile(r"(?:19|20)\d\d-?(?:0[1-9]|1[0-2])(?:-?(?:0[1-9]|[12]\d|3[01]))?")
_MONTH = re.compile(r"0?[1-9]|1[0-2]")
_DAY = re.compile(r"0?[1-9]|[12]\d|3[01]")
_OUTER_NUMBER = re.compile(r"^(\d{4,})(?=[-_.])|(?<=[-_.])(\d{4,})$")  # of a slug: "warga-menanam-1002", "d-7719034"
_PART = re.compile(r"[-_.]")

# A parameter chooses the article by its name, or by a value that is a long number or the words of a slug.
_CHOOSES = re.compile(
    r"p|id|.*[_-]?id|id.*|no|nomor|kode|artikel|article|berita|news|post|read|baca|judul|title|slug|item|story|content|"
    r"detail|url|q|s|k|n|a|x",
    re.IGNORECASE,
)
_CHOOSING_VALUE = re.compile(r"\d{3,}|[^-_=]+[-_][^-_=]+[-_].*")
_ID_NAME = re.compile(
    r"(?!cat|kat|kanal|rubrik|section|sub|tag|topi[ck]|user|author|page|menu|lang)"
    r"(?:p|n|no|nomor|kode|(?:.*[_-])?id|id[_-]?\w*|artikel|article|berita|news|post|story)",
    re.IGNORECASE,
)
_LONG_ID = 4  # digits; a section has fewer
_SLUG_WORDS = 2  # a last segment of so many words is one article's, in whichever section it is shown


def is_same_article(link: str, asked: str) -> bool:
    """Say whether two canonical addresses prove to be one article's: alike but for noise, or by the article's id."""
    if url_key(link) == url_key(asked):
        return True
    if not may_be_own(link, asked):
        return False
    theirs, ours = _split(link), _split(asked)
    if theirs.path == ours.path:
        return _drops_only_noise(theirs, ours) or _has_ids_of(theirs.query, ours.query)
    number, own_number = article_id(link), article_id(asked)
    if number is not None and own_number is not None:
        return number == own_number and not f"{ours.path}/".startswith(f"{theirs.path}/")
    if own_number is not None and own_number == _query_id(ours.query):
        return own_number in _PART.split(_EXTENSION.sub("", theirs.path.rpartition("/")[2]))
    if own_number is not None or number is not None or theirs.day != ours.day:
        return False
    slug = _words(theirs.slug)
    return slug == _words(ours.slug) and (len(slug) >= _SLUG_WORDS or (theirs.parts == ours.parts and bool(slug)))


def article_id(url: str) -> str | None:
    """Return the number that a portal gave an article, from its address; None where the address shows none.

    It is the last number that is no part of a date, nor of the words: 48213 in /berita/48213/jalan-desa-rusak.
    """
    split = _split(url)
    return _query_id(split.query) or next((found for part in reversed(split.parts) if (found := _number(part))), None)


def may_be_own(link: str, asked: str) -> bool:
    """Say whether a link leads to an address of the same host that is not its home page."""
    theirs, ours = urlsplit(link), urlsplit(asked)
    same_host = bare_host(theirs.hostname or "") == bare_host(ours.hostname or "")
    return same_host and (theirs.path.strip("/") != "" or _query_id(theirs.query) is not None)


class _Split(NamedTuple):
    """An address's path without dates, and its query."""

    path: str  # without the final slash
    parts: tuple[str, ...]  # its segments without dates, the last without its extension
    day: str  # the date in its path: "2026/03/10"; empty if there is none
    slug: str  # the last segment without extension
    query: str


def _split(url: str) -> _Split:
    split = urlsplit(url)
    path = split.path.rstrip("/")
    segments = [_EXTENSION.sub("", segment) for segment in path.split("/") if segment]
    segments = [segment for segment in segments if segment.lower() not in _VIEWS]
    start = next((i for i, segment in enumerate(segments) if _YEAR.fullmatch(segment)), len(segments))
    end = min(start + 1, len(segments))
    while start < end < min(start + 3, len(segments)) and (_MONTH, _DAY)[end - start - 1].fullmatch(segments[end]):
        end += 1
    parts = tuple(part for part in (*segments[:start], *segments[end:]) if not _DAY_IN_ONE.fullmatch(part))
    return _Split(path, parts, "/".join(segments[start:end]), segments[-1] if segments else "", split.query)


def _words(slug: str) -> list[str]:
    return [word for word in _PART.split(slug.casefold()) if word]


def _number(part: str) -> str | None:
    if part.isdecimal():
        return part
    for found in _OUTER_NUMBER.finditer(part):
        number = found[1] or found[2]
        if not _YEAR.fullmatch(number) and not _DAY_IN_ONE.fullmatch(number):
            return number
    return None


def _query_id(query: str) -> str | None:
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if value.isdecimal() and _ID_NAME.fullmatch(name):
            return value
    return None


def _has_ids_of(query: str, other: str) -> bool:
    """Say whether two queries carry the same numbers, one of them as long as an article's: "id=48213&t=slug"."""
    ids, others = (
        {(name, value) for name, _, value in (pair.partition("=") for pair in each.split("&"))
         if value.isdecimal() and _CHOOSES.fullmatch(name)}
        for each in (query, other)
    )  # fmt: skip
    return ids == others and len(_query_id(query) or "") >= _LONG_ID


def _drops_only_noise(theirs: _Split, ours: _Split) -> bool:
    """Say whether a canonical of the same path leaves out only parameters that cannot choose the article."""
    pairs, kept = ours.query.split("&"), {pair for pair in theirs.query.split("&") if pair}
    shows_article = not _SCRIPT.search(theirs.path) and (
        len(_words(theirs.slug)) > 1 or any(map(_number, theirs.parts))
    )
    if not kept <= set(pairs) or not (shows_article or _query_id(theirs.query)):
        return False
    dropped = [pair.partition("=") for pair in pairs if pair and pair not in kept]
    return not any(_CHOOSES.fullmatch(name) or _CHOOSING_VALUE.fullmatch(value) for name, _, value in dropped)
