"""What a page says of its article as a whole: language, AMP and print addresses; guesses only what is certain."""

from __future__ import annotations

import re
from functools import lru_cache

from selectolax.lexbor import LexborNode

from kwri_crawler.pages.source import Source
from kwri_crawler.pages.text import words

_LANGUAGE = re.compile(r"[a-z]{2}(?=$|[-_])", re.IGNORECASE)
# The commonest words that the other language lacks.
_INDONESIAN = frozenset(
    words("yang dan di dengan untuk dari ini itu pada dalam tidak akan oleh juga ke sebagai adalah")
)
_ENGLISH = frozenset(words("the of and to that was for with his from are were has this which have been by"))
_NEAR = frozenset(("ms", "jv", "su"))  # share many of the Indonesian words: who declares one of these is believed
_STOP_WORDS = _INDONESIAN | _ENGLISH
_ENOUGH_WORDS = 30
_CERTAIN_SHARE = 0.08  # of all words; 26 Indonesian pages have 0.10-0.19, and at most 0.01 of English ones
_PRINT_LINKS = 'a[href*="/print/"], a[href$="/print"], a[href*="?print="], a[href*="&print="]'
_KINDS = ("json-ld", "selector", "meta", "general")
_META = re.compile(r"(?:og|article|twitter|dc|dcterms):\S+|meta\b.*|description|author", re.IGNORECASE)
_GENERAL = frozenset(("byline", "trafilatura", "vote", "response"))


def language_of(source: Source, paragraphs: tuple[str, ...]) -> tuple[str | None, str]:
    """Return the page's language (ISO 639-1) and where it was read: declared, unless its words deny it; or null.

    8 of 23 real pages declare lang="en" over an Indonesian text. og:locale is not asked, since Varient 2.2 prints en_US
    for every language.
    """
    root = source.tree.css_first("html")
    lang = (root.attributes.get("lang") or "") if root is not None else ""
    told = language_by_words(paragraphs)
    for declared, where in ((lang, "selector html[lang]"), (source.metadata.text("inLanguage"), "json-ld")):
        if found := _LANGUAGE.match(declared.strip()):
            language = found[0].lower()
            if told in (None, language) or language in _NEAR:
                return language, where
            break
    return told, "general words"


def is_of_indonesia(language: str | None, paragraphs: tuple[str, ...]) -> bool:
    """Say whether a text may be in a language of Indonesia: themes declare English that nobody wrote."""
    return language in (None, "id", *_NEAR) or (language == "en" and language_by_words(paragraphs) != "en")


def language_by_words(paragraphs: tuple[str, ...]) -> str | None:
    """Return "id" or "en" when the commonest words leave no doubt, else null."""
    found = words("\n\n".join(paragraphs)[:20_000])
    common = list(filter(_STOP_WORDS.__contains__, found))  # no word is of both
    indonesian = sum(map(_INDONESIAN.__contains__, common))
    (fewer, _), (most, language) = sorted(((indonesian, "id"), (len(common) - indonesian, "en")))
    certain = len(found) >= _ENOUGH_WORDS and most >= _CERTAIN_SHARE * len(found) and most >= 5 * fewer
    return language if certain else None


def amp_address(source: Source) -> str | None:
    """Return the address of the page's AMP form; null when its head names none."""
    return _linked(source, source.tree.head, 'link[rel="amphtml"]')


def print_address(source: Source, within: LexborNode | None) -> str | None:
    """Return the address of the page's form for printing, as its head or a link in a part of it names it; else null."""
    declared = _linked(source, source.tree.head, 'link[rel="alternate"][media="print"]')
    return declared or _linked(source, within, _PRINT_LINKS)


def _linked(source: Source, within: LexborNode | None, selector: str) -> str | None:
    # Never the whole page for each: on a page of 80 KB that alone is a twentieth of reading it.
    node = within.css_first(selector) if within is not None else None
    return source.absolute(node.attributes.get("href")) if node is not None else None


@lru_cache(maxsize=512)  # each family names a few dozen places
def kind_of(where: str) -> str:
    """Return where a field was read as "<kind>" or "<kind> <which>", kind one of json-ld, selector, meta, general."""
    kind = where.partition(" ")[0]
    if kind in _KINDS:
        return where
    if kind in _GENERAL:
        return f"general {where}"
    return f"meta {where}" if _META.fullmatch(where) else f"selector {where}"
