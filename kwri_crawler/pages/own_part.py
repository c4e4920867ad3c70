"""Which of a page's passages may be its article's: from the headline to the next article, without cards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from kwri_crawler.pages.counted import Told
from kwri_crawler.pages.header import is_header_line
from kwri_crawler.pages.model import TEXT
from kwri_crawler.pages.passages import Holder, Passage, article_of
from kwri_crawler.pages.places import link_around
from kwri_crawler.pages.source import Source
from kwri_crawler.pages.writers import author_in
from kwri_crawler.web.addresses import url_key

_A_WHOLE = 60  # words behind a title that make an article, behind which another may begin
_A_SHARE = 0.3  # of the words behind it: before less, the heading is that of an article's own part
_HEADINGS = ("h1", "h2", "h3")
_CARD_HEADINGS = (*_HEADINGS, "h4", "h5", "h6")
_MOST_IN_CARD = 8  # passages
_LINK_AROUND = 5  # elements around a linked headline's text
_A_PARAGRAPH = 12  # words
_FEW_PARAGRAPHS = 2
_A_LABEL = 3  # words: "Baca juga"
_FEW_IN_CARDS = 2  # times as much text stands beside them
_FEW_ABOVE = 2  # passages above an article's heading: its section, its date
_FEW_HEADS = 2  # h1 behind the title; of more each heads a part of one article
_NEXT = re.compile(
    r"(?:(?:berita|artikel)\s)?(?:berikutnya|selanjutnya)\W{0,3}|baca\s(?:berita\s)?(?:berikutnya|selanjutnya)\W{0,3}"
    r"|(?:next|up\snext|read\snext)(?:\s(?:article|story|post|up))?\W{0,3}",
    re.IGNORECASE,
)


def own_part(passages: Sequence[Passage], chances: Sequence[float], told: Told) -> list[int]:
    """Return which passages lie in the article's own part of a page, in order."""
    in_cards = cards(passages, chances, told)
    begin = headline(passages, chances, told)
    part = range(begin, next_article(passages, told))
    named = passages[begin].names | passages[begin].around if passages else frozenset()
    own = [i for i in part if i not in in_cards and ("comment" in named or not _is_comment(passages[i]))]
    return own if any(chances[i] > TEXT for i in own) else [i for i in part if i not in in_cards]


def _is_comment(passage: Passage) -> bool:
    return "comment" in passage.names or "comment" in passage.around


def headline(passages: Sequence[Passage], chances: Sequence[float], told: Told) -> int:
    """Return where the h1 stands that is the title, below which the text is; 0 where there is none, or no text below.

    Of 415 pages at hand that have one, a single one has its text above: what else stands there is a card's.
    """
    titles = told.keys()
    at = next((i for i, one in enumerate(passages) if one.block.tag == "h1" and one.key in titles), 0)
    said = [one.words if chance > TEXT else 0 for one, chance in zip(passages, chances, strict=True)]
    above, below = sum(said[:at]), sum(said[at:])
    return at if 3 * below >= above else 0


def cards(passages: Sequence[Passage], chances: Sequence[float], told: Told) -> set[int]:
    """Return which passages lie in an <article> whose heading is a link; none where the page says too little else.

    A list of the best has its parts in such, and next to nothing beside them: it keeps them.
    """
    titles = told.keys()
    lying = [article_of(one) for one in passages]
    heads: dict[int, bool] = {}  # by the id of an <article>: whether its first heading is a link elsewhere
    for one, article in zip(passages, lying, strict=True):
        if article is not None and one.block.tag in ("h1", "h2", "h3", "h4"):
            heads.setdefault(id(article), one.linked * 2 > one.words and one.key not in titles)
    found = {i for i, article in enumerate(lying) if article is not None and heads.get(id(article))}
    inside = sum(passages[i].words for i in found if chances[i] > TEXT)
    said = sum(one.words for one, chance in zip(passages, chances, strict=True) if chance > TEXT)
    return found if said - inside >= max(_A_WHOLE, _A_SHARE * inside) else set()


def teasers_in(source: Source, passages: Sequence[Passage], chances: Sequence[float], told: Told) -> set[int]:
    """Return which passages are teasers in a text, as items_in() finds them.

    None where they are more than half of what else is text: a list of the best has its parts in such.
    """
    found = items_in(source, passages, told)
    inside = sum(passages[i].words for i in found if chances[i] > TEXT)
    said = sum(one.words for one, chance in zip(passages, chances, strict=True) if chance > TEXT)
    return found if said - inside >= max(_A_WHOLE, _FEW_IN_CARDS * inside) else set()


def items_in(source: Source, passages: Sequence[Passage], told: Told) -> set[int]:
    """Return which passages lie in an element that begins with the headline of another page of the site, linked."""
    titles = told.keys()
    found: set[int] = set()
    for i, one in enumerate(passages):
        if one.block.tag in _CARD_HEADINGS and one.words > 2 and one.linked == one.words and one.key not in titles:
            element = one.block.block
            inner = [each for each in passages[i + 1 : i + _MOST_IN_CARD] if element in _around(each)]
            is_first = not i or element not in _around(passages[i - 1]) or passages[i - 1].words <= _A_LABEL
            is_short = len(inner) < _MOST_IN_CARD - 1 and sum(each.words for each in inner) < _A_WHOLE
            if is_first and is_short and _is_of_site(source, one):
                found |= {*range(i, i + 1 + len(inner))}
    return found


def short_text(source: Source, passages: Sequence[Passage], chances: Sequence[float], told: Told) -> tuple[str, ...]:
    """Return the few paragraphs between an article's headline and the cards of others, which say all else on its page.

    None where the page does not say that it is an article, where they are long, where any text stands beside both, and
    where the cards lie in the element of the paragraphs.
    """
    items = items_in(source, passages, told) if source.metadata.is_article else set()
    titles = told.keys()
    begin = next((i for i, one in enumerate(passages) if one.words > 2 and one.key in titles), len(passages))
    end = min((i for i in items if i > begin), default=begin)
    own = [
        i
        for i in range(begin, end)
        if passages[i].words >= _A_PARAGRAPH and passages[i].linked * 4 <= passages[i].words
    ]
    text = {i for i, chance in enumerate(chances) if chance > TEXT}
    is_all = len(items & text) > 1 and text <= items | set(range(begin, end))
    if not is_all or len(own) < _FEW_PARAGRAPHS or sum(passages[i].words for i in own) >= _A_WHOLE:
        return ()
    holder = passages[own[0]].block.block  # a list of the best has its parts where its introduction is
    return () if any(holder in _around(passages[i]) for i in items) else tuple(passages[i].text for i in own)


def _is_of_site(source: Source, passage: Passage) -> bool:
    """Say whether a passage links to another page of the page's own site."""
    link = link_around(passage.node, _LINK_AROUND)
    href = (link.attributes.get("href") or "") if link is not None else ""
    url = source.absolute(href) if not href.startswith("#") else None
    return (
        url is not None and urlsplit(url).netloc == urlsplit(source.url).netloc and url_key(url) != url_key(source.url)
    )


def next_article(passages: Sequence[Passage], told: Told) -> int:
    """Return where the next article of an endless page begins; behind the last passage where there is none.

    It begins with a heading of the title's rank, with a line that only says so, in an <article> of its own, or in a
    part that is built as the title's and is dated as that.
    """
    titles = told.keys()
    heads = [i for i, one in enumerate(passages) if one.block.tag == "h1"]
    start = next((i for i, one in enumerate(passages) if one.words > 2 and one.key in titles), None)
    start = next((i for i in heads if passages[i].key in titles), start)
    if start is None:
        return len(passages)
    following = [i for i in heads if i > start and passages[i].words > 2]
    is_dated = _is_dated(passages, start)
    own = article_of(passages[start])
    title_in = passages[start].names | passages[start].around
    said = 0
    for i in range(start + 1, len(passages)):
        one = passages[i]
        if said >= _A_WHOLE:
            if is_dated and one.block.tag in _HEADINGS and (begin := _begin_alike(passages, start, i)) is not None:
                return begin
            is_head = i in following and len(following) <= _FEW_HEADS and one.key not in titles
            is_other = own is not None and (other := article_of(one)) is not None and other is not own
            is_called = "related" in one.names | one.around and "related" not in title_in and one.linked * 2 < one.words
            is_head |= is_called and one.block.tag in _HEADINGS and one.words > 2 and _is_dated(passages, i)
            if is_head or is_other or (_NEXT.fullmatch(one.text) and _is_headed(passages, i)):
                behind = sum(one.words for one in passages[i:] if one.linked * 3 <= one.words)
                return i if said > _A_SHARE * behind else len(passages)
        if one.linked * 3 <= one.words:
            said += one.words
    return len(passages)


def _is_headed(passages: Sequence[Passage], at: int) -> bool:
    return any(one.block.tag in _HEADINGS for one in passages[at : at + 4])


def _is_dated(passages: Sequence[Passage], at: int) -> bool:
    """Say whether a date or a byline stands right above or below a heading."""
    near = (one.text for one in (*passages[max(0, at - 1) : at], *passages[at + 1 : at + 4]) if one.words < _A_WHOLE)
    return any(is_header_line(text) or author_in([text]) for text in near)


def _begin_alike(passages: Sequence[Passage], title: int, heading: int) -> int | None:
    """Return where the part begins that a dated heading stands in, if it lies beside the title's, built as that."""
    mine, theirs = _around(passages[title]), _around(passages[heading])
    level = next((i for i, (one, other) in enumerate(zip(mine, theirs, strict=False)) if one is other), 0)
    built = [[(one.tag, one.own) for one in holders[:level]] for holders in (mine, theirs)]
    if not level or built[0] != built[1] or not _is_dated(passages, heading):
        return None
    part = theirs[level - 1]
    begin = heading
    while begin > title and any(one is part for one in (passages[begin - 1].block, *_around(passages[begin - 1]))):
        begin -= 1
    return begin if heading - begin <= _FEW_ABOVE else None


def _around(passage: Passage) -> list[Holder]:
    """Return the elements around the block of a passage, the innermost first."""
    found: list[Holder] = []
    holder = passage.block.block
    while holder is not None:
        found.append(holder)
        holder = holder.block
    return found
