"""The body of a page of unknown make: by the model of passages; where that is in doubt, by a vote with extractors.

Measured on 406 pages of publishers that the model was not trained on (tests/train_bodies.py): the model alone F1 .9485,
where trafilatura has .942 and takes three times as long. Where more than DOUBT of the words are doubtful, one page in
four, that of it, trafilatura with favor_precision and readability is taken which agrees most with the other two; where
the first two agree nobody asks the third: F1 .9541. Asked twice as often the three add nothing, nor does jusText as a
fourth voice, for a quarter of the time that the vote takes; it is asked where nobody else found a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache, partial
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from kwri_crawler.pages.blocks import paragraphs_of
from kwri_crawler.pages.counted import Told
from kwri_crawler.pages.model import TEXT, chances_of, chosen, doubt, is_bio, is_outside
from kwri_crawler.pages.own_part import own_part, short_text, teasers_in
from kwri_crawler.pages.passages import Passage, passages_of
from kwri_crawler.pages.source import Source
from kwri_crawler.pages.text import fold

DOUBT = 0.14  # words of which the model is not sure, as a share of those that it takes for text
SURE = 0.95  # chance above which the model's text is not to be skipped
ALIKE = 0.9  # two bodies that agree so far need no third voice: two votes in three, at the same F1
DEEPEST = 250  # elements inside of each other; libxml2 gives up at 256, and extractors recurse. News pages: 40 and less
MOST_MARKS = (
    7_000  # "<" in a page that is voted on: opening and closing, of the 3,194 tags that news pages have at most
)
LONGEST = 400_000  # characters of a page with more than that which are read
MOST_WORDS = 20_000  # of a body that are compared
_SHARES = {"stopwords_low": 0.1, "stopwords_high": 0.2, "max_link_density": 0.25}  # as trafilatura sets them
_VAST_TITLE = re.compile(r"<title[^<>]{0,200}>[^<]{10000}[^<]*", re.IGNORECASE)
_A_LONG_ROW = 100  # characters, without which it holds no two paragraphs
_MENU = 6  # times its links has a row at most as words, of which a menu is a cell
_RULE = re.compile(r"^[|\s:-]+$")  # below a table's head
_WORD = re.compile(r"\w+")
_A_PARAGRAPH = 12  # words; what has less above a text may be its title, date and byline
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


class Vote(NamedTuple):
    """A page's main text."""

    paragraphs: Body  # none when nobody found any
    reader: str  # who read them: "general model"
    passages: Sequence[Passage] = ()  # all that the page shows
    chances: Sequence[float] = ()  # for each that it is of the text


def vote(source: Source) -> Vote:
    """Return a page's main text."""
    if source.tree.body is None or is_too_deep(source.text):
        return Vote((), "general")
    passages = passages_of(source.tree.body)
    told = told_by(source)
    chances = chances_of(passages, told)
    if short := short_text(source, passages, chances, told):
        return Vote(short, "general model", passages, chances)
    body, reader = _elect(source, passages, chances, told)
    teasers = {passages[i].text for i in teasers_in(source, passages, chances, told)}
    return Vote(tuple(line for line in body if line not in teasers), reader, passages, chances)


def _elect(source: Source, passages: Sequence[Passage], chances: Sequence[float], told: Told) -> tuple[Body, str]:
    """Return the text of the page's own part, and who read it."""
    text = source.text
    part = own_part(passages, chances, told)
    own_passages, own_chances = [passages[i] for i in part], [chances[i] for i in part]
    captions = captions_above(own_passages, own_chances)
    of_others = lines_of_others(passages, chances, part) | captions
    text_of_own = [one for one in chosen(own_passages, own_chances) if one.text not in captions]
    first = tuple(one.text for one in _without_lead(text_of_own))
    if text.count("<") > MOST_MARKS or (first and doubt(own_passages, own_chances) <= DOUBT):
        return first, "general model"

    def own(body: Body) -> Body:
        return tuple(line for line in body if line not in of_others)

    bodies = {"model": own(first), "trafilatura": own(as_shown(_safely(by_trafilatura, text), own_passages))}
    if (alike := likeness(*bodies.values())) >= ALIKE:
        nearer = "model" if alike == 1 else "trafilatura"
        return bodies[nearer], f"general {nearer}"
    bodies["readability"] = own(_safely(by_readability, text))
    if not any(bodies.values()):
        bodies["justext"] = own(_safely(partial(by_justext, language=_language(source)), text))
    sure = tuple(one.text for one, chance in zip(own_passages, own_chances, strict=True) if chance > SURE)
    best = elected(bodies, sure)
    return (bodies[best], f"general {best}") if best is not None else ((), "general")


def lines_of_others(passages: Sequence[Passage], chances: Sequence[float], own: Sequence[int]) -> set[str]:
    """Return what no extractor's text may hold: what is not of the own part, a page's parts, an author's box."""
    found = {one.text for one in passages} - {passages[i].text for i in own}
    both = zip(passages, chances, strict=True)
    return found | {one.text for one, chance in both if is_outside(one, chance) or is_bio(one, chance)}


def elected(bodies: Mapping[str, Body], sure: Body = ()) -> str | None:
    """Return whose body agrees most with all others; None where nobody found any.

    Two that skip the same parts agree too: whoever has less than half of what is sure is not taken while the model's
    text is there.
    """
    said = {name: body for name, body in bodies.items() if body}
    alike = {name: sum(likeness(said[name], said[other]) for other in said if other != name) for name in said}
    best = max(alike, key=alike.__getitem__, default=None)
    due = _runs(sure)
    return "model" if best is not None and "model" in said and 2 * len(due & _runs(said[best])) < len(due) else best


def as_shown(voice: Body, passages: Sequence[Passage]) -> Body:
    """Return a text whose tables' rows stand as the page shows them; none where such a row is a whole page.

    A row that holds paragraphs is that layout: it stands as its paragraphs, unless many of its words are links.
    """
    shown: list[str] = []
    for line in voice:
        is_long = line[:1] == "|" and len(line) > _A_LONG_ROW
        inside = [one for one in passages if one.text in line] if is_long else []
        if sum(one.words >= _A_PARAGRAPH for one in inside) > 1:
            if _MENU * sum(one.linked for one in inside) > sum(one.words for one in inside):
                return ()
            shown += [one.text for one in inside]
        else:
            shown.append(_RULE.sub("", line).replace("\\|", "|").strip("| ") if line[:1] == "|" else line)
    return tuple(line for line in shown if line)


def captions_above(passages: Sequence[Passage], chances: Sequence[float]) -> set[str]:
    """Return what is called a caption above a text's first paragraph; nothing where the text is called so too."""
    both = enumerate(zip(passages, chances, strict=True))
    is_first = (i for i, (one, chance) in both if chance > TEXT and one.words >= _A_PARAGRAPH and not _is_caption(one))
    return {one.text for one in passages[: next(is_first, 0)] if _is_caption(one)}


def _is_caption(passage: Passage) -> bool:
    return "caption" in passage.names


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


def _language(source: Source) -> str:
    root = source.tree.css_first("html")
    return ((root.attributes.get("lang") if root is not None else None) or "id")[:2].lower()


def by_justext(text: str, language: str | None) -> Body:
    """Read with jusText; by the commonest words of all languages where it has no list of this one's."""
    from justext import justext

    text = _VAST_TITLE.sub("<title>", text)  # it takes it for text, and two seconds for a megabyte
    paragraphs = justext(text, _stop_words(language), 50, 150, **_SHARES)
    return tuple(line for one in paragraphs if not one.is_boilerplate and (line := fold(one.text)))


@cache
def _stop_words(language: str | None) -> frozenset[str]:
    from justext import get_stoplist, get_stoplists
    from trafilatura.settings import JUSTEXT_LANGUAGES

    names = (JUSTEXT_LANGUAGES[language],) if language in JUSTEXT_LANGUAGES else get_stoplists()
    return frozenset(word for name in names for word in get_stoplist(name))


def likeness(one: Body, other: Body) -> float:
    """Return the F1 of two bodies' runs of four words, 0 to 1; 0 where both are empty."""
    mine, theirs = _runs(one), _runs(other)
    return 2 * len(mine & theirs) / ((len(mine) + len(theirs)) or 1)


@lru_cache(maxsize=4)  # a page's bodies are compared with each other
def _runs(body: Body) -> frozenset[tuple[str, ...]]:
    """Return the runs of four words in a body; of a shorter one all its words."""
    found = _WORD.findall(" ".join(body))[:MOST_WORDS]
    if len(found) < 4:
        return frozenset([tuple(found)][: len(found)])
    return frozenset(zip(found, found[1:], found[2:], found[3:], strict=False))


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
