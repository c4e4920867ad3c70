"""Who wrote it, as elements and meta tags name them: people; no system, no portal, no button."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from kwri_crawler.pages.metadata import Metadata
from kwri_crawler.pages.places import is_of_article
from kwri_crawler.pages.source import Source, text_of
from kwri_crawler.pages.text import person, words

_AUTHOR = (
    "[rel~=author], [itemprop=author] [itemprop=name], [itemprop=author]",
    ".author-name, .byline-name, .byline a, .author a",
    "a[href*='/author/'], a[href*='/authors/'], a[href*='/penulis/'], a[href*='/profile/'], a[href*='/profil/']",
    ".byline, .author, .penulis, [class*=byline], [class*=author-name], [class*=authorName]",
)
_LONGEST_BYLINE = 300  # characters
_MOST_AUTHORS = 8  # elements of one selector
_NO_PERSON = re.compile(
    r"\.(?:com?|id|net|org)\b|\bcyber media\b|^(?:(?:super)?admin\w{0,3}|(?:tim\s)?redaksi|administrator|webmaster"
    r"|editor|staff|user|author|guest|wordpress\s?admin|root|operator|humas)$|://|@\S+\.|popojicms|wordpress$|joomla|drupal"
    r"|\bcms$"
    r"|^(?:member\s)?(?:log\s?in|view|follow|share|read|subscribe|contact)\b|bearbeiten$"
    r"|^\(?\s?(?:image|foto|photo|picture|gambar)\b|getty images|^page\.|^pin for later|\{\{",
    re.IGNORECASE,
)
_MONTHS = "jan|feb|mar|mär|apr|mei|may|mai|jun|jul|ag|aug|sep|okt|oct|nov|des|dec|dez"
# "Tomas Spahn Fr, 18. Oktober 2019", "Sofia Gonzalez December 2, 2025"
_DATE_BEHIND = re.compile(
    rf"\s(?:(?:{_MONTHS})[a-z]{{0,7}}\.?\s\d|[A-Z][a-z]{{1,8}},\s\d|\d{{1,4}}[./ -]\s?\w)", re.IGNORECASE
)
_WRITTEN_BY = frozenset(("written by", "ditulis oleh", "penulis", "verfasst von", "geschrieben von", "autor", "author"))


def written_by(meta: Metadata) -> str:
    """Return whom the card for Twitter names as the writer, as WordPress's plugins print it; empty when it does not."""
    for number in "12":
        if meta.first(f"twitter:label{number}").casefold() in _WRITTEN_BY:
            return meta.first(f"twitter:data{number}")
    return ""


def host_name(url: str) -> str:
    """Return the portal's name as its host spells it: "lestimes" of www.lestimes.com."""
    parts = (urlsplit(url).hostname or "").removeprefix("www.").split(".")
    return parts[0] if len(parts) <= 2 else ""


def shown_author(source: Source, sites: tuple[str, ...]) -> str | None:
    """Return the author whom an element in the article's own part names by its class or link; null when none does."""
    for selector in _AUTHOR:
        for node in source.tree.css(selector)[:_MOST_AUTHORS]:
            said = text_of(node)
            if 3 <= len(said) <= 80 and is_of_article(node) and (who := author_of(said, sites)) and _is_name(who):
                return who
    return None


def author_of(name: str, sites: tuple[str, ...] = ()) -> str | None:
    """Return a name that a page gives as its author's; null for the portal's own, a system's and for a role."""
    return _author_of(name[:_LONGEST_BYLINE], sites)


@lru_cache(maxsize=256)  # a portal has few authors
def _author_of(name: str, sites: tuple[str, ...]) -> str | None:
    who = person(_DATE_BEHIND.split(name, maxsplit=1)[0])
    if who is None or _NO_PERSON.search(who) or not re.search(r"[^\W\d]{2}", who):
        return None
    return None if "".join(words(who)) in {"".join(words(site)) for site in sites if site} else who


def _is_name(who: str) -> bool:
    """Say whether a text is no longer than names are and holds no date, no sentence."""
    return len(who.split()) <= 6 and not re.search(r"\d|[.:!?]\s", who) and who[0].isupper()
