"""What kind a page of unknown make is: an article, a list of others, a forum's thread or a shop's page.

A small linear model for each kind over what the page shows; its numbers (`kinds.json`) come from
`python -m tests.train_kinds`. On publishers that it was not trained on it refuses 78% of lists, 83% of threads, 90% of
shop pages, and 1.6% of articles; none that JSON-LD calls an article and dates.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cache
from itertools import pairwise
from math import exp
from pathlib import Path
from urllib.parse import urlsplit

from kwri_crawler.pages.model import TEXT
from kwri_crawler.pages.passages import Passage
from kwri_crawler.pages.source import Source
from kwri_crawler.pages.text import words
from kwri_crawler.web.addresses import url_key

NUMBERS = Path(__file__).with_name("kinds.json")
_STEPS = (1, 2, 4, 8, 15, 30, 60, 120, 250, 500, 1000, 2000, 4000)
_TENTHS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
_TYPE = re.compile(r'"@type"\s{0,5}:\s{0,5}\[?\s{0,5}"([A-Za-z]{3,30})"')
_ARTICLE_TYPE = re.compile(r"Article|BlogPosting|Report")
_FORUM = re.compile(r"discourse|phpbb|xenforo|vbulletin|flarum|nodebb|mybb|simple machines|invision", re.IGNORECASE)
_MOST_TYPES = 60
_A_HEADLINE = 3  # words
_A_TEXT = 50  # words beside the excerpts; an introduction is shorter
_LEAST_DIGESTED = 3  # articles, whose beginnings are all the prose of a page
_PROSE = 10  # words of a passage that is prose
_LEAST_HEADLINES = 5  # linked ones, without which nothing is a list of articles
_A_LIST = 25  # passages that each of the 180 lists, threads and shop pages at hand shows
_IN_PATH = re.compile(
    r"(?P<tag>tags?|topics?|topik|label)(?=/|$)|(?P<category>categor(?:y|ies)|kategori|kanal|section|rubrik)(?=/|$)"
    r"|(?P<shop>products?|shop|store|collections?|cart|p|dp)(?=/|$)"
    r"|(?P<forum>forums?|threads?|topic|t|community|boards?|viewtopic|showthread|discussion|questions|talk|d|bbs)(?=/|\.|$)"
    r"|(?P<page>page|halaman|hal)(?=/\d)|(?P<search>search|cari)"
    r"|(?P<author>authors?|penulis|profile|profil|users?)(?=/)|(?P<blog>blogs?|news|berita|articles?|artikel|post|story|stories)"
    r"(?=/[^/]|$)|(?P<index>index(?:es)?|indeks|archives?|arsip|all|latest|terbaru|directory|library|resources)(?=/|$|\.)",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"(?P<price>[$€£]\s?\d|\bRp\.?\s?\d|\d\s?(?:€|usd|eur)\b)"
    r"|(?P<cart>add to (?:cart|bag|basket)|in stock|out of stock|sold out|free shipping|quantity|keranjang"
    r"|beli sekarang|buy now|checkout|sku\b|size guide)|(?P<review>\breviews?\b|\bratings?\b|stars?\b)"
    r"|(?P<forum>\brepl(?:y|ies)\b|\bposts?\b|joined|\bquote\b|\bthreads?\b|topic|\bmembers?\b|\bviews?\b|likes?\b|solved"
    r"|moderator)|(?P<filter>\bsort\b|filter|show(?:ing)? \d|results?\b|load more|view all|see all|next page|page \d"
    r"|selengkapnya)|(?P<more>read (?:more|article|story)|learn more|continue reading|find out more)"
    r"|(?P<read>min(?:ute)?s? read|written by|by [A-Z]|published|updated|oleh |penulis|editor|reporter)",
    re.IGNORECASE,
)
_IN_HTML = {
    "discourse": b"discourse",
    "phpbb": b"phpbb",
    "xenforo": b"xenforo",
    "vbulletin": b"vbulletin",
    "shopify": b"cdn.shopify",
    "woocommerce": b"woocommerce",
    "flarum": b"flarum",
    "buy": b"add-to-cart",
    "amount": b"product:price:amount",
}


LEAST = 0.45  # chance below which a page is no article


class Kind(StrEnum):
    """What a page is; the words of a refusal."""

    ARTICLE = "article"
    LIST = "a list page"
    FORUM = "a forum's thread"
    SHOP = "a shop's page"


def clues_of(source: Source, passages: Sequence[Passage], chances: Sequence[float]) -> Iterator[str]:
    """Yield what a page shows of its kind, each clue a short name."""
    yield from _told(source)
    yield from _named(source.url)
    yield from _shown(passages, chances)
    yield from _built(source, passages)


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
    clues = tuple(dict.fromkeys(clues_of(source, passages, chances)))
    linked = sum(1 for one in passages if one.words >= _A_HEADLINE and one.linked * 2 > one.words)
    scores = {
        kind: start + sum(weights.get(clue, 0.0) for clue in clues) for kind, (start, weights) in _numbers().items()
    }
    found = max((kind for kind in scores if kind is not Kind.ARTICLE), key=scores.__getitem__)
    if _chance(scores[Kind.ARTICLE]) > LEAST and (found is Kind.LIST or scores[found] < 0):
        return Kind.ARTICLE
    return Kind.ARTICLE if found is Kind.LIST and linked < _LEAST_HEADLINES else found


def _kind_told(source: Source) -> Kind | None:
    """Return the kind that a page says that it is, a forum's or a shop's; null where it says neither."""
    meta = source.metadata
    if "headline" in meta.article and _ARTICLE_TYPE.search(str(meta.article.get("@type"))):
        return None
    types = {found[1] for found in _types(source)}
    if types & {"DiscussionForumPosting", "QAPage"} or _FORUM.search(meta.first("generator")):
        return Kind.FORUM
    return Kind.SHOP if meta.first("og:type").casefold() in ("product", "product.item", "og:product") else None


@cache
def _numbers() -> dict[Kind, tuple[float, dict[str, float]]]:
    told = json.loads(NUMBERS.read_text("utf-8"))
    return {Kind(name): (one["start"], one["weights"]) for name, one in told.items()}


def _told(source: Source) -> Iterator[str]:
    meta = source.metadata
    yield f"og:{meta.first('og:type').casefold()[:20] or '-'}"
    types = Counter(found[1] for found in _types(source))
    for name, times in types.items():
        yield f"ld:{name}"
        if times > 3:
            yield f"ld+:{name}"
    yield f"isarticle:{int(meta.is_article)}"
    yield f"published:{int('article:published_time' in meta.meta or 'datePublished' in meta.article)}"
    yield f"author:{int(bool(meta.author or meta.first('author', 'article:author')))}"
    yield f"dates:{min(3, len(meta.dates))}"
    title = len(words(source.head_title))
    yield f"title:{bisect_left(_STEPS, title)}"
    yield f"desc:{bisect_left(_STEPS, len(words(meta.first('og:description', 'description'))))}"
    for name, mark in _IN_HTML.items():
        if mark in source.html:
            yield f"html:{name}"


def _types(source: Source) -> Iterator[re.Match[str]]:
    """Yield the first names of types in a page's JSON-LD."""
    for script in source.tree.css('script[type="application/ld+json"]')[:20]:
        for i, found in enumerate(_TYPE.finditer(script.text()[:200_000])):
            if i >= _MOST_TYPES:
                break
            yield found


def _named(url: str) -> Iterator[str]:
    parts = urlsplit(url)
    host, path = parts.hostname or "", parts.path.strip("/")
    if not path or host.endswith("example.org"):
        yield "path:none" if not path else "path:unknown"
        return
    steps = path.split("/")
    yield f"depth:{min(5, len(steps))}"
    last = words(steps[-1].replace("-", " ").replace("_", " "))
    yield f"slug:{bisect_left((1, 2, 3, 4, 6, 9), len(last))}"
    numbers = (word for step in steps for word in words(step.replace("-", " ")) if word.isdigit())
    yield f"digits:{int(any(len(number) > 3 for number in numbers))}"
    for i, step in enumerate(steps):
        if found := _IN_PATH.match(step):
            yield f"in:{found.lastgroup}"
            if i == len(steps) - 1:
                yield f"ends:{found.lastgroup}"
    if found := re.match(r"(?:www\.)?(forums?|community|shop|store|boards?|bbs|discuss|answers|users|blog)\.", host):
        yield f"host:{found[1]}"
    if parts.query:
        yield "query"


def _shown(passages: Sequence[Passage], chances: Sequence[float]) -> Iterator[str]:
    text = [one for one, chance in zip(passages, chances, strict=True) if chance > TEXT]
    said, total = sum(one.words for one in text), sum(one.words for one in passages) or 1
    yield f"text:{bisect_left(_STEPS, said)}"
    yield f"passages:{bisect_left(_STEPS, len(text))}"
    yield f"share:{bisect_left(_TENTHS, said / total)}"
    unsure = sum(one.words for one, chance in zip(passages, chances, strict=True) if 0.2 < chance < 0.8)
    yield f"doubt:{bisect_left(_TENTHS, unsure / max(1, said))}"
    long = sorted((one.words for one in text), reverse=True)
    yield f"longest:{bisect_left(_STEPS, long[0] if long else 0)}"
    yield f"many:{bisect_left(_STEPS, sum(size >= 30 for size in long))}"
    yield f"linked:{bisect_left(_TENTHS, sum(one.linked for one in text) / max(1, said))}"
    yield f"alllinked:{bisect_left(_TENTHS, sum(one.linked for one in passages) / total)}"
    headlines = sum(1 for one in passages if one.words >= 4 and one.linked == one.words)
    yield f"headlines:{bisect_left(_STEPS, headlines)}"
    headed = [one for one in passages if one.block.tag in ("h2", "h3", "h4")]
    linked = sum(1 for one in headed if one.linked * 2 > one.words)
    yield f"heads:{bisect_left(_STEPS, linked)}of{min(3, bisect_left(_STEPS, len(headed)) // 2)}"
    homes = Counter(id(one.block.block) for one in text if one.words >= 20)
    yield f"home:{bisect_left(_TENTHS, max(homes.values(), default=0) / max(1, sum(homes.values())))}"
    yield f"homes:{bisect_left(_STEPS, len(homes))}"
    found: Counter[str] = Counter()
    for one in passages:
        if one.words <= 40:
            found.update({match.lastgroup or "" for match in _SAYS.finditer(one.text[:200])})
    for name, times in found.items():
        yield f"says:{name}{bisect_left(_STEPS, times)}"
        if times >= 8:
            yield f"says+:{name}"


def _built(source: Source, passages: Sequence[Passage]) -> Iterator[str]:
    tree = source.tree
    yield f"h1:{min(3, len(tree.css('h1')))}"
    yield f"times:{bisect_left(_STEPS, len(tree.css('time')))}"
    yield f"articles:{bisect_left(_STEPS, len(tree.css('article')))}"
    shapes = Counter(
        (one.block.tag, one.block.block.own, one.block.block.block.own)
        for one in passages
        if one.words >= 4 and one.linked * 2 > one.words and one.block.block and one.block.block.block
    )
    yield f"alike:{bisect_left(_STEPS, max(shapes.values(), default=0))}"
    teasers = len(_teasers(passages))
    yield f"teasers:{bisect_left(_STEPS, teasers)}"
    body = tree.body
    named = ((body.attributes.get("class") or "") if body is not None else "").lower()[:500]
    for name in (
        "single",
        "archive",
        "category",
        "home",
        "page",
        "product",
        "blog",
        "tag",
        "post",
        "search",
        "collection",
    ):
        if name in words(named.replace("-", " ").replace("_", " ")):
            yield f"body:{name}"
    comments = sum("comment" in one.names or "comment" in one.around for one in passages)
    yield f"comments:{bisect_left(_STEPS, comments)}"
    cards = sum("card" in one.names or "card" in one.around for one in passages)
    yield f"cards:{bisect_left(_TENTHS, cards / max(1, len(passages)))}"


def _teasers(passages: Sequence[Passage]) -> list[Passage]:
    """Return the passages that stand below a linked headline and are no longer than an excerpt."""
    return [
        below
        for one, below in pairwise(passages)
        if one.linked * 2 > one.words >= _A_HEADLINE and 8 <= below.words < 60 and below.linked * 3 < below.words
    ]


def _is_teasers(passages: Sequence[Passage], chances: Sequence[float]) -> bool:
    """Say whether most of what would be the text are excerpts below headlines that lead elsewhere."""
    found = _teasers(passages)
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
            at = _link_around(source, one) if one.linked * 2 > one.words else None
        elif one.words >= _PROSE and one.linked * 3 < one.words:
            below[at] += one.words
    elsewhere, said = below.pop(None, 0), below.total()
    return len(below) >= _LEAST_DIGESTED and elsewhere < min(_A_TEXT, said) and max(below.values()) < 0.6 * said


def _link_around(source: Source, passage: Passage) -> str | None:
    """Return the page that a passage links to; None where that is the page itself, or a place on it."""
    node = passage.node.parent
    for _ in range(4):
        if node is None or node.tag == "a":
            break
        node = node.parent
    href = (node.attributes.get("href") or "") if node is not None and node.tag == "a" else ""
    url = source.absolute(href) if href and not href.startswith("#") else None
    return None if url is None or url_key(url) == url_key(source.url) else url_key(url)


def _chance(score: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, score))))
