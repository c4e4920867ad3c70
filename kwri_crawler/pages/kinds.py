"""What kind a page of unknown make is: an article, a list of others, a forum's thread or a shop's page.

For each kind a linear model and boosted trees over what the page shows; their numbers (`kinds.json`) come from
`python -m tests.train_kinds`, which prints what they are worth on publishers that they were not trained on.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kwri_crawler.pages.header import is_header_line
from kwri_crawler.pages.model import TEXT
from kwri_crawler.pages.page_clues import A_HEADLINE, clues_of, measures_of, teasers, types_of
from kwri_crawler.pages.passages import Passage
from kwri_crawler.pages.places import link_around
from kwri_crawler.pages.source import Source
from kwri_crawler.pages.text import words
from kwri_crawler.pages.trees import Tree, chance, grown, score
from kwri_crawler.web.addresses import url_key

NUMBERS = Path(__file__).with_name("kinds.json")
_ARTICLE_TYPE = re.compile(r"Article|BlogPosting|Report")
_FORUM = re.compile(r"discourse|phpbb|xenforo|vbulletin|flarum|nodebb|mybb|simple machines|invision", re.IGNORECASE)
_A_TEXT = 50  # words beside the excerpts; an introduction is shorter
_LEAST_DIGESTED = 3  # articles, whose beginnings are all the prose of a page
_PROSE = 10  # words of a passage that is prose
_A_PARAGRAPH = 12  # words
_LEAST_PARAGRAPHS = 3  # below a dated headline, which make an article
_LEAST_HEADLINES = 5  # linked ones, without which nothing is a list of articles
_LINK_AROUND = 5  # elements around a linked excerpt's text
_A_LIST = 25  # passages that each of the 180 lists, threads and shop pages at hand shows
LEAST = 0.6  # share of the chances below which a page is no article


class Kind(StrEnum):
    """What a page is; the words of a refusal."""

    ARTICLE = "article"
    LIST = "a list page"
    FORUM = "a forum's thread"
    SHOP = "a shop's page"


class Numbers(NamedTuple):
    """What tells pages of one kind from all others."""

    start: float
    weights: dict[str, float]
    trees: tuple[Tree, ...]
    trees_start: float


def kind_of_page(source: Source, passages: Sequence[Passage], chances: Sequence[float]) -> Kind:
    """Return the likeliest kind of a page; an article unless another kind is much likelier."""
    meta = source.metadata
    if (told := _kind_told(source)) is not None:
        return told
    if not meta.is_article and (_is_teasers(passages, chances) or _is_digest(source, passages)):
        return Kind.LIST
    if len(passages) < _A_LIST:
        return Kind.ARTICLE
    if _ARTICLE_TYPE.search(str(meta.article.get("@type"))) and "datePublished" in meta.article:
        return Kind.ARTICLE
    linked = sum(1 for one in passages if one.words >= A_HEADLINE and one.linked * 2 > one.words)
    shares = shares_of(tuple(dict.fromkeys(clues_of(source, passages, chances))), *_numbers())
    found = max((kind for kind in shares if kind is not Kind.ARTICLE), key=shares.__getitem__)
    if shares[Kind.ARTICLE] > LEAST:
        return Kind.ARTICLE
    is_none = found is Kind.LIST and (linked < _LEAST_HEADLINES or _is_headed(source, passages))
    return Kind.ARTICLE if is_none else found


def _is_headed(source: Source, passages: Sequence[Passage]) -> bool:
    """Say whether paragraphs, not parted by other headlines, stand below a dated h1 that the page's title repeats.

    So does an article under a menu of hundreds of links; of 120 lists at hand none.
    """
    title = " ".join(words(source.head_title))
    at = next((i for i, one in enumerate(passages) if one.block.tag == "h1" and one.key and one.key in title), None)
    if at is None or not any(is_header_line(one.text) for one in passages[at + 1 : at + 4]):
        return False
    run = 0
    for one in passages[at + 1 :]:
        if one.words >= A_HEADLINE and one.linked * 2 > one.words:
            break
        run += one.words >= _A_PARAGRAPH and one.linked * 4 <= one.words
    return run >= _LEAST_PARAGRAPHS


def shares_of(clues: Sequence[str], measures: Sequence[str], kinds: dict[Kind, Numbers]) -> dict[Kind, float]:
    """Return how likely a page that shows these clues is of each kind; together 1."""
    found = measures_of(clues)
    measured = [float(found.get(name, 0)) for name in measures]
    linear = {kind: chance(n.start + sum(n.weights.get(clue, 0.0) for clue in clues)) for kind, n in kinds.items()}
    grown = {kind: chance(n.trees_start + score(n.trees, measured)) for kind, n in kinds.items()}
    return {kind: (linear[kind] / sum(linear.values()) + grown[kind] / sum(grown.values())) / 2 for kind in kinds}


def _kind_told(source: Source) -> Kind | None:
    """Return the kind that a page says that it is, a forum's or a shop's; null where it says neither."""
    meta = source.metadata
    if "headline" in meta.article and _ARTICLE_TYPE.search(str(meta.article.get("@type"))):
        return None
    types = {found[1] for found in types_of(source)}
    if types & {"DiscussionForumPosting", "QAPage"} or _FORUM.search(meta.first("generator")):
        return Kind.FORUM
    is_sold = "Product" in types and b'"offers"' in source.html and not meta.is_article
    is_sold = is_sold or meta.first("og:type").casefold() in ("product", "product.item", "og:product")
    return Kind.SHOP if is_sold else None


@cache
def _numbers() -> tuple[list[str], dict[Kind, Numbers]]:
    """Return the names of what the trees measure, and the numbers of each kind."""
    told = json.loads(NUMBERS.read_text("utf-8"))
    return told["measures"], {
        Kind(name): Numbers(one["start"], one["weights"], tuple(map(grown, one["trees"])), one["trees_start"])
        for name, one in told["kinds"].items()
    }


def _is_teasers(passages: Sequence[Passage], chances: Sequence[float]) -> bool:
    """Say whether most of what would be the text are excerpts below headlines that lead elsewhere."""
    found = teasers(passages)
    excerpts = {id(one) for one in found}
    said = sum(one.words for one, chance in zip(passages, chances, strict=True) if chance > TEXT)
    prose = sum(one.words for one in passages if one.words >= 10 and not one.linked and id(one) not in excerpts)
    return prose < _A_TEXT and len(found) >= _LEAST_HEADLINES and sum(one.words for one in found) > 0.6 * said


def _is_digest(source: Source, passages: Sequence[Passage]) -> bool:
    """Say whether the prose stands below headings that lead to other pages: beginnings of articles, however long.

    As static-site generators print a section: each article's headline, and 70 words of it or all.
    """
    below: Counter[str | None] = Counter()  # words of prose by where the heading above leads; None: nowhere
    at = None
    for one in passages:
        if one.block.tag in ("h2", "h3", "h4"):
            at = _linked_page(source, one) if one.linked * 2 > one.words else None
        elif one.words >= _PROSE and one.linked * 3 < one.words:
            below[at] += one.words
    elsewhere, said = below.pop(None, 0), below.total()
    return len(below) >= _LEAST_DIGESTED and elsewhere < min(_A_TEXT, said) and max(below.values()) < 0.6 * said


def _linked_page(source: Source, passage: Passage) -> str | None:
    """Return the page that a passage links to; None where that is the page itself, or a place on it."""
    link = link_around(passage.node, _LINK_AROUND)
    href = (link.attributes.get("href") or "") if link is not None else ""
    url = source.absolute(href) if href and not href.startswith("#") else None
    return None if url is None or url_key(url) == url_key(source.url) else url_key(url)
