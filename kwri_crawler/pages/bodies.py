"""The body of a page of unknown make, by a vote of extractors; what one of them cannot bear is no voice of its.

Measured on 90 pages of the public article-extraction-benchmark: trafilatura with favor_precision F1 .9695, readability
.9575, jusText .834; where the first two agree (F1 >= .9, nine pages in ten) the first scores .978, and where they do
not, the medoid of all three lifts the whole to .9756. A vote of five, or of lines, was worse.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import cache, partial

from selectolax.lexbor import LexborHTMLParser

from kwri_crawler.pages.blocks import paragraphs_of
from kwri_crawler.pages.text import fold

AGREE = 0.9  # F1 of two bodies' shingles: above it a third voice changes nothing for the better
DEEPEST = 250  # elements inside of each other; libxml2 gives up at 256, and extractors recurse. News pages: 40 and less
MOST_MARKS = (
    7_000  # "<" in a page that is voted on: opening and closing, of the 3,194 tags that news pages have at most
)
LONGEST = 400_000  # characters of a page with more than that which are read
MOST_WORDS = 20_000  # of a body that are compared
_SHARES = {"stopwords_low": 0.1, "stopwords_high": 0.2, "max_link_density": 0.25}  # as trafilatura sets them
_WORD = re.compile(r"\w+")
_OPENS = re.compile(
    r"<(/?)(div|section|article|main|span|ul|ol|li|table|tbody|tr|td|b|i|font|blockquote)\b", re.IGNORECASE
)

Body = tuple[str, ...]


def vote(text: str, language: str | None) -> tuple[Body, str]:
    """Return the paragraphs of a page's main text, and who read them; none when nobody found any."""
    if is_too_deep(text):
        return (), "general"
    if text.count("<") > MOST_MARKS:
        return _safely(partial(by_trafilatura, fast=True), text[:LONGEST]), "general trafilatura"
    first = _safely(by_trafilatura, text)
    second = _safely(by_readability, text)
    if likeness(first, second) >= AGREE:
        return first, "general trafilatura"
    third = _safely(partial(by_justext, language=language), text)
    bodies = {"trafilatura": first, "readability": second, "justext": third}
    said = {name: body for name, body in bodies.items() if body}
    if not said:
        return (), "general"
    if len(said) == 2 and first:
        return first, "general trafilatura"
    best = max(said, key=lambda name: sum(likeness(said[name], said[other]) for other in said if other != name))
    return said[best], f"general {best}"


def by_trafilatura(text: str, fast: bool = False) -> Body:
    from trafilatura import bare_extraction
    from trafilatura.settings import Document  # here: 0.4 s and 40 MB that a family's page never needs

    found = bare_extraction(text, favor_precision=True, include_comments=False, include_tables=True, fast=fast)
    if not isinstance(found, Document):
        return ()
    # It marks list items with a hyphen that the page does not print.
    items = {fold(" ".join(item.itertext())) for item in found.body.iter("item")}
    return tuple(line[2:] if line[:2] == "- " and line[2:] in items else line for line in _lines(found.text or ""))


def by_readability(text: str) -> Body:
    from readability import Document

    body = LexborHTMLParser(Document(text).summary(html_partial=True)).body
    return () if body is None else paragraphs_of(body)


def by_justext(text: str, language: str | None) -> Body:
    """Read with jusText; by the commonest words of all languages where it has no list of this one's."""
    from justext import justext

    paragraphs = justext(text, _stop_words(language), 50, 150, **_SHARES)
    return tuple(line for one in paragraphs if not one.is_boilerplate and (line := fold(one.text)))


@cache
def _stop_words(language: str | None) -> frozenset[str]:
    from justext import get_stoplist, get_stoplists
    from trafilatura.settings import JUSTEXT_LANGUAGES

    names = (JUSTEXT_LANGUAGES[language],) if language in JUSTEXT_LANGUAGES else get_stoplists()
    return frozenset(word for name in names for word in get_stoplist(name))


def likeness(one: Body, other: Body) -> float:
    """Return the F1 of two bodies' 4-word shingles, 0 to 1."""
    mine, theirs = shingles(one), shingles(other)
    total = mine.total() + theirs.total()
    return 2 * (mine & theirs).total() / total if total else 0.0


def shingles(body: Body) -> Counter[tuple[str, ...]]:
    """Return how often each run of four words stands in a body; of a shorter one all its words."""
    words = _WORD.findall(" ".join(body))[:MOST_WORDS]
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3)) if words)


def is_too_deep(text: str) -> bool:
    """Say whether elements are nested deeper than any page of news does, as far as their tags tell."""
    depth = 0
    for found in _OPENS.finditer(text):
        depth = max(0, depth - 1) if found[1] else depth + 1
        if depth > DEEPEST:
            return True
    return False


def _safely(read: Callable[[str], Body], text: str) -> Body:
    try:
        return read(text)
    except Exception:  # a stranger's code on a stranger's page: it fails in its own ways, and has then said nothing
        return ()


def _lines(text: str) -> Body:
    return tuple(line for raw in text.split("\n") if (line := fold(raw)))
