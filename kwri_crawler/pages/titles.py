"""Which of a page's headings is its title: the one that the page's own statements agree with; makes none up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from kwri_crawler.pages.header import title_among
from kwri_crawler.pages.source import Source, text_of
from kwri_crawler.pages.text import fold, squeezed, words

SPEAKS_OF_IT = 0.3  # of a heading's and a statement's words, as F1: an h1 may put it in other words
IS_IT = 0.6  # ... of a heading that is no h1, or of a selector's: a subheading shares half of them
SAYS_IT = 0.9  # ... of a selector's, where an h1 speaks of it
_MOST_HEADINGS = 30
_LONGEST = 400  # characters
_MARK = re.compile(r"\s+[|–—·•»:~/-]+\s+|\s*\|\s*|\s+::\s+")
Statement = tuple[str, str]  # what it says, and where it was read


def statements(source: Source) -> tuple[Statement, ...]:
    """Return what a page says to machines that its article is called, without the portal's name."""
    meta = source.metadata
    told = (
        (meta.first("og:title"), "meta og:title"),
        (meta.text("headline"), "json-ld"),
        (meta.first("twitter:title"), "meta twitter:title"),
        (source.head_title, "meta title"),
    )
    sites = (meta.first("og:site_name"), meta.first("application-name"))
    stripped = ((without_portal(text[:_LONGEST], sites, source.url), where) for text, where in told)
    return tuple((text, where) for text, where in stripped if text and not _is_portal(text, sites))


def title_of(source: Source, own: Sequence[Statement] = (), lines: Iterable[str] = ()) -> Statement:
    """Return a page's title and where it was read; `own` are headings that a family's selectors found, the best first.

    `lines` are what the page shows, for a page without headings. Empty when the page names none.
    """
    if own and own[0][0] and own[0][0] == source.metadata.first("og:title"):
        return own[0]  # as on most pages of a known make: nothing agrees more
    told = statements(source)
    sites = (source.metadata.first("og:site_name"), source.metadata.first("application-name"))
    heads = [text_of(node)[:_LONGEST] for node in source.tree.css("h1")[:_MOST_HEADINGS]]
    heads = list(dict.fromkeys(text for text in heads if text and not _is_portal(text, sites)))
    # Blogger's classic template: <title> is "Portal: Headline", the h1 the portal, the h3 in the post its headline.
    whole = squeezed(source.head_title)
    heads = [text for text in heads if not any(squeezed(text + said) == whole != squeezed(said) for said, _ in own)]
    found = [(agreement(text, told) + 0.2, (text, "general h1")) for text in heads]
    least = SAYS_IT if any(agreed >= SPEAKS_OF_IT + 0.2 for agreed, _ in found) else 0.0
    other = ((agreement(text, told), (text, where)) for text, where in own if text and text not in heads)
    found += [(agreed + 0.1, one) for agreed, one in other if agreed >= least]
    best = max(found, key=lambda one: one[0], default=(0.0, ("", "")))
    is_own = best[1] in own and best[1][0] not in heads
    if best[0] >= (IS_IT if is_own else SPEAKS_OF_IT + 0.2):
        where = next((where for text, where in own if text == best[1][0]), best[1][1])
        return best[1][0], where
    for text, where in own:  # nobody contradicts it
        if text and not told:
            return text, where
    others = [text_of(node) for node in source.tree.css("h2, [itemprop=headline]")[:_MOST_HEADINGS]]
    near = max(((agreement(text, told), text) for text in others if len(text) <= _LONGEST), default=(0.0, ""))
    if near[0] >= IS_IT:  # less a date or a tag that it prints behind the title
        return next((one for one in told if near[1].startswith(f"{one[0]} ")), (near[1], "general h2"))
    if shown := title_among(lines, source.metadata.first("og:title") or source.head_title):
        return shown, "general line"
    if told:
        return told[0]
    return (heads[0], "general h1") if heads else ("", "")


def agreement(title: str, told: Iterable[Statement]) -> float:
    """Return how far a title says what any statement says, 0 to 1: the F1 of their words."""
    mine = set(words(title))
    best = 0.0
    for text, _ in told:
        theirs = set(words(text))
        if mine and theirs:
            best = max(best, 2 * len(mine & theirs) / (len(mine) + len(theirs)))
    return best


def without_portal(title: str, sites: Sequence[str], url: str) -> str:
    """Return a title without the portal's name behind it, or before it, as its host or og:site_name spell that."""
    host = squeezed(urlsplit(url).hostname or "") if "://" in url else ""
    names = [name for site in sites if (name := squeezed(site))]
    parts = list(_MARK.finditer(title))
    while parts and _names_portal(title[parts[-1].end() :], names, host):
        title = title[: parts[-1].start()]
        parts = list(_MARK.finditer(title))
    if parts and squeezed(title[: parts[0].start()]) in names:
        title = title[parts[0].end() :]
    return fold(title)


def _names_portal(text: str, names: Sequence[str], host: str) -> bool:
    said = squeezed(text)
    if len(said) < 2:
        return False
    return said in names or (len(said) > 3 and (said in host or any(said in name or name in said for name in names)))


def _is_portal(text: str, sites: Sequence[str]) -> bool:
    return squeezed(text) in {squeezed(site) for site in sites if site}
