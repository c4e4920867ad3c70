"""The body of a page of unknown make: by the model of passages; where that is in doubt, by a vote with extractors.

Measured on 406 pages of publishers that the model was not trained on (tests/train_bodies.py): the model alone F1 .950,
where trafilatura has .942 and takes three times as long. Where more than DOUBT of the words are doubtful, three pages
in ten, the medoid of it, trafilatura with favor_precision, readability and jusText lifts that to .953; asked always
they add nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import cache, partial

from selectolax.lexbor import LexborHTMLParser

from kwri_crawler.pages.blocks import paragraphs_of
from kwri_crawler.pages.clues import Told
from kwri_crawler.pages.model import chances_of, chosen, doubt
from kwri_crawler.pages.passages import Passage, passages_of
from kwri_crawler.pages.source import Source
from kwri_crawler.pages.text import fold

DOUBT = 0.1  # words of which the model is not sure, as a share of those that it takes for text
DEEPEST = 250  # elements inside of each other; libxml2 gives up at 256, and extractors recurse. News pages: 40 and less
MOST_MARKS = (
    7_000  # "<" in a page that is voted on: opening and closing, of the 3,194 tags that news pages have at most
)
LONGEST = 400_000  # characters of a page with more than that which are read
MOST_WORDS = 20_000  # of a body that are compared
_SHARES = {"stopwords_low": 0.1, "stopwords_high": 0.2, "max_link_density": 0.25}  # as trafilatura sets them
_WORD = re.compile(r"\w+")
_SITE = re.compile(r"\s[|–—·»:-]\s")  # parts a title from the portal's name
_OPENS = re.compile(
    r"<(/?)(div|section|article|main|span|ul|ol|li|table|tbody|tr|td|b|i|font|blockquote)\b", re.IGNORECASE
)

Body = tuple[str, ...]


def told_by(source: Source) -> Told:
    """Return what a page says of its article outside of the text that it shows."""
    meta = source.metadata
    titles = (meta.text("headline"), meta.first("og:title"), source.head_title)
    return Told(
        (*titles, *(_SITE.split(title, 1)[0] for title in titles)),
        meta.first("og:description", "description"),
        meta.text("articleBody"),
    )


def vote(source: Source) -> tuple[Body, str]:
    """Return the paragraphs of a page's main text, and who read them; none when nobody found any."""
    text = source.text
    if source.tree.body is None or is_too_deep(text):
        return (), "general"
    passages = passages_of(source.tree.body)
    chances = chances_of(passages, told_by(source))
    first = tuple(passage.text for passage in _without_lead(chosen(passages, chances)))
    if text.count("<") > MOST_MARKS or (first and doubt(passages, chances) <= DOUBT):
        return first, "general model"
    root = source.tree.css_first("html")
    language = ((root.attributes.get("lang") if root is not None else None) or "id")[:2].lower()
    bodies = {
        "model": first,
        "trafilatura": _safely(by_trafilatura, text),
        "readability": _safely(by_readability, text),
        "justext": _safely(partial(by_justext, language=language), text),
    }
    said = {name: shingles(body) for name, body in bodies.items() if body}
    if not said:
        return (), "general"
    best = max(said, key=lambda name: sum(_alike(said[name], said[other]) for other in said if other != name))
    return bodies[best], f"general {best}"


def _without_lead(text: list[Passage]) -> list[Passage]:
    """Return a text without a summary that stands above it in an element of its own: it is the article's lead."""
    if len(text) > 2 and "lead" in text[0].names and text[0].block.block is not text[1].block.block:
        return text[1:]
    return text


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
    return _alike(shingles(one), shingles(other))


def _alike(mine: Counter[tuple[str, ...]], theirs: Counter[tuple[str, ...]]) -> float:
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
