"""What a page shows of its kind: its own statements, its address, its passages, its links; each clue a short name.

A clue that ends in a colon and a number is a measure: how much there is of something.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from urllib.parse import urlsplit

from kwri_crawler.pages.model import TEXT
from kwri_crawler.pages.passages import Passage
from kwri_crawler.pages.source import Source
from kwri_crawler.pages.text import words

A_HEADLINE = 3  # words
_STEPS = (1, 2, 4, 8, 15, 30, 60, 120, 250, 500, 1000, 2000, 4000)
_TENTHS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
_TYPE = re.compile(r'"@type"\s{0,5}:\s{0,5}\[?\s{0,5}"([A-Za-z]{3,30})"')
_FURTHER = re.compile(r"/(?:page|halaman|hal)/\d|[?&](?:page|paged|p|start|offset)=\d", re.IGNORECASE)
_MOST_LINKS = 1_500
_LONGEST = 500  # characters of an address
_A_SLUG = 2  # hyphens of an address's last part, as a headline's has
_MOST_TYPES = 60
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
    r"(?P<price>[$€£]\s?\d|\brp\.?\s?\d|\d\s?(?:€|usd|eur)\b)"
    r"|(?P<cart>add to (?:cart|bag|basket)|in stock|out of stock|sold out|free shipping|quantity|keranjang"
    r"|beli sekarang|buy now|checkout|sku\b|size guide)|(?P<review>\breviews?\b|\bratings?\b|stars?\b)"
    r"|(?P<forum>\brepl(?:y|ies)\b|\bposts?\b|joined|\bquote\b|\bthreads?\b|topic|\bmembers?\b|\bviews?\b|likes?\b|solved"
    r"|moderator)|(?P<filter>\bsort\b|filter|show(?:ing)? \d|results?\b|load more|view all|see all|next page|page \d"
    r"|selengkapnya)|(?P<more>read (?:more|article|story)|learn more|continue reading|find out more)"
    r"|(?P<read>min(?:ute)?s? read|written by|by [a-z]|published|updated|oleh |penulis|editor|reporter)"
)  # of a text in lower case
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


def clues_of(source: Source, passages: Sequence[Passage], chances: Sequence[float]) -> Iterator[str]:
    """Yield what a page shows of its kind, each clue a short name."""
    yield from _told(source)
    yield from of_address(source.url)
    yield from _shown(passages, chances)
    yield from _built(source, passages)
    yield from _linked(source)


def measures_of(clues: Iterable[str]) -> dict[str, int]:
    """Return how much there is of what each clue names; 1 where it only says that it is there."""
    found: dict[str, int] = {}
    for clue in clues:
        name, _, number = clue.rpartition(":")
        found[name if name and number.isdigit() else clue] = int(number) if name and number.isdigit() else 1
    return found


def types_of(source: Source) -> Iterator[re.Match[str]]:
    """Yield the first names of types in a page's JSON-LD."""
    for script in source.tree.css('script[type="application/ld+json"]')[:20]:
        for i, found in enumerate(_TYPE.finditer(script.text()[:200_000])):
            if i >= _MOST_TYPES:
                break
            yield found


def teasers(passages: Sequence[Passage]) -> list[Passage]:
    """Return the passages that stand below a linked headline and are no longer than an excerpt."""
    return [
        below
        for one, below in pairwise(passages)
        if one.linked * 2 > one.words >= A_HEADLINE and 8 <= below.words < 60 and below.linked * 3 < below.words
    ]


def _told(source: Source) -> Iterator[str]:
    meta = source.metadata
    yield f"og:{meta.first('og:type').casefold()[:20] or '-'}"
    types = Counter(found[1] for found in types_of(source))
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


def of_address(url: str) -> Iterator[str]:
    """Yield what a page's address tells of its kind."""
    parts = urlsplit(url)
    host, path = parts.hostname or "", parts.path.strip("/")
    if not path:
        yield "path:none"
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
    of = min(3, bisect_left(_STEPS, len(headed)) // 2)
    yield f"heads:{bisect_left(_STEPS, linked)}"
    yield f"headings:{of}"
    yield f"heads{bisect_left(_STEPS, linked)}of{of}"
    homes = Counter(id(one.block.block) for one in text if one.words >= 20)
    yield f"home:{bisect_left(_TENTHS, max(homes.values(), default=0) / max(1, sum(homes.values())))}"
    yield f"homes:{bisect_left(_STEPS, len(homes))}"
    found: Counter[str] = Counter()
    for one in passages:
        if one.words <= 40:
            found.update({match.lastgroup or "" for match in _SAYS.finditer(one.text[:200].lower())})
    for name, times in found.items():
        yield f"says {name}:{bisect_left(_STEPS, times)}"
        if times >= 8:
            yield f"says+ {name}"


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
    yield f"teasers:{bisect_left(_STEPS, len(teasers(passages)))}"
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
    cut = sum(1 for one in passages if one.text[-3:] in ("...", "[…]") or one.text[-1] == "…")
    yield f"cut:{bisect_left(_STEPS, cut)}"
    head = next((one for one in passages if one.block.tag == "h1"), None)
    yield f"h1words:{bisect_left((1, 2, 3, 4, 6, 9, 13), head.words) if head is not None else 0}"
    following = next((i for i, one in enumerate(passages) if one is head), len(passages)) + 1
    behind = passages[following : following + 6]
    yield f"behind:{bisect_left(_STEPS, sum(one.words for one in behind if one.linked * 3 < one.words))}"
    yield f"linkedbehind:{sum(one.linked * 2 > one.words for one in behind)}"
    cards = sum("card" in one.names or "card" in one.around for one in passages)
    yield f"cards:{bisect_left(_TENTHS, cards / max(1, len(passages)))}"


def _linked(source: Source) -> Iterator[str]:
    """Yield where a page's links lead: to addresses below its own and beside it, to its further pages."""
    path = urlsplit(source.url[:_LONGEST]).path.rstrip("/")
    beside = path.rpartition("/")[0]
    homes: Counter[str] = Counter()
    below: set[str] = set()
    further: set[str] = set()
    with_picture = 0
    for node in source.tree.css("a[href]")[:_MOST_LINKS]:
        link = (node.attributes.get("href") or "")[:_LONGEST]
        if _FURTHER.search(link):
            further.add(link)
        link = link.partition("?")[0].partition("#")[0].rstrip("/")
        there = link.partition("://")[2].partition("/")[2] if "://" in link else link.lstrip("/")
        home, _, last = f"/{there}".rpartition("/")
        if last.count("-") < _A_SLUG:
            continue
        homes[home] += 1
        with_picture += node.css_first("img") is not None
        if path and home.startswith(path):
            below.add(there)
    yield f"below:{bisect_left(_STEPS, len(below))}"
    yield f"beside:{bisect_left(_STEPS, homes[beside])}"
    yield f"onehome:{bisect_left(_STEPS, max(homes.values(), default=0))}"
    yield f"pictured:{bisect_left(_STEPS, with_picture)}"
    yield f"further:{bisect_left(_STEPS, len(further))}"
    if source.tree.css_first("link[rel=next], a[rel=next]") is not None:
        yield "relnext"
