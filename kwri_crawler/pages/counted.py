"""What is counted once of a page's passages: where words and links lie, in steps; names no clue and weighs nothing."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kwri_crawler.pages.passages import Holder, Passage, article_of
from kwri_crawler.pages.text import words

_LENGTHS = (2, 4, 8, 15, 25, 50, 100)  # words
_SHARES = (0.02, 0.1, 0.3, 0.6, 0.9)
_LINKED = (0.001, 0.25, 0.5, 0.9)
_A_TEXT = 8  # words of a passage that counts as plain text, when at most a third of them are links
_LONG = 20  # words of a passage that is surely no menu, when at most a quarter of them are links
_LEAST_ARTICLE = 80  # words of an <article> that may be the page's own
_LEAST_TOLD = 400  # characters of an articleBody that can be the whole text


@dataclass(frozen=True, slots=True)
class Told:
    """What a page says of its article outside of the text that it shows."""

    titles: tuple[str, ...] = ()
    lead: str = ""
    body: str = ""  # JSON-LD's articleBody

    def keys(self) -> set[str]:
        """Return the titles as Passage.key spells what a page shows."""
        return {" ".join(words(title)) for title in self.titles} - {""}


def holders_of(passage: Passage) -> tuple[Holder, Holder]:
    """Return the element that holds a passage's block, and the one around that."""
    holder = passage.block.block or passage.block
    return holder, holder.block or holder


class Held(NamedTuple):
    """What the element that holds passages tells of each: shares and counts in steps."""

    right: int  # words of plain text right in it, beside the holder that has the most
    plain: int  # ... at any depth, of all plain text
    wider: int  # ... in the element around it
    widest: int  # ... in that around that
    tag: str
    linked: int
    usual: int  # words of a passage in it
    many: int  # passages in it, in powers of two


@dataclass(slots=True)
class Counted:
    """What is counted once a page."""

    passages: Sequence[Passage]
    sizes: list[tuple[int, int]]  # of each passage: its length and the share of its words that are links, in steps
    times: Counter[str]  # by the words of a passage
    seen: set[str]
    titles: set[str]
    title_at: int  # -1 where it is not shown
    heads: list[int]  # where each h1 stands
    lead: str
    body: str
    shapes: dict[tuple[object, ...], int]  # words of plain text in blocks of one shape
    most: int  # words of plain text in blocks of the commonest shape
    held: dict[int, Held]  # by the id of each holder
    articles: dict[int, int]  # id of the <article> that each passage lies in, by the passage's number
    main: int | None  # id of the first <article> that may be the page's own
    order: dict[int, int]  # which <article> it is
    before: list[int]  # passages since the last long one
    after: list[int]
    places: list[int]  # how much of the page's words stand above, in eighths
    shaped: dict[int, int] = field(default_factory=dict)  # by the id of a block: the share of its shape, in steps

    @classmethod
    def of(cls, passages: Sequence[Passage], told: Told) -> Counted:
        keys = [one.key for one in passages]
        titles = told.keys()
        heads = [i for i, one in enumerate(passages) if one.block.tag == "h1"]
        shown = [i for i, key in enumerate(keys) if key in titles]
        first = next((i for i in shown if passages[i].block.tag == "h1"), shown[0] if shown else -1)
        title_at = heads[0] if heads and (not shown or heads[0] in shown) else first
        shapes: dict[tuple[object, ...], int] = {}
        inside: dict[int, tuple[Holder, int, int, int]] = {}
        total = 0
        for one in passages:
            if one.linked * 3 <= one.words:
                shape = _shape(one)
                shapes[shape] = shapes.get(shape, 0) + one.words
                if one.words >= _A_TEXT:
                    total += one.words
                    _count(one)
            holder = holders_of(one)[0]
            had = inside.get(id(holder), (holder, 0, 0, 0))
            inside[id(holder)] = (holder, had[1] + one.words, had[2] + one.linked, had[3] + 1)
        articles, order, main = _articles(passages)
        body = " ".join(words(told.body)) if told.body else ""
        lead = " ".join(words(told.lead))
        said = sum(one.words for one in passages) or 1
        places, above = [], 0
        for one in passages:
            places.append(8 * above // said)
            above += one.words
        best = max((holder.right for holder, *_ in inside.values()), default=0) or 1
        return cls(
            passages,
            [(_length(one), _linked(one)) for one in passages],
            Counter(keys),
            set(),
            titles,
            title_at,
            heads,
            lead[:50] if len(lead) > 30 else "",
            body if len(body) > _LEAST_TOLD else "",
            shapes,
            max(1, max(shapes.values(), default=1)),
            {which: _held_by(*found, best, total or 1) for which, found in inside.items()},
            articles,
            main,
            order,
            *_distances(passages),
            places,
        )

    def shape_of(self, passage: Passage) -> int:
        """Return how common a passage's shape is among blocks of plain text, in steps."""
        found = self.shaped.get(id(passage.block))
        if found is None:
            found = self.shaped[id(passage.block)] = _share(self.shapes.get(_shape(passage), 0) / self.most)
        return found


def _held_by(holder: Holder, said: int, linked: int, count: int, best: int, total: int) -> Held:
    """Return what a holder of so many words, linked words and passages tells, on a page of so many."""
    outer = holder.block or holder
    right = _share(holder.right / best)
    plain, wider, widest = (_share(one.plain / total) for one in (holder, outer, outer.block or outer))
    usual = bisect_left(_LENGTHS, said / count)
    return Held(
        right, plain, wider, widest, holder.tag, _share(linked / max(1, said)), usual, min(6, count.bit_length())
    )


def _count(passage: Passage) -> None:
    """Add a plain passage's words to those of the elements around it."""
    holder: Holder | None = passage.block
    for depth in range(10_000):
        if holder is None:
            return
        holder.plain += passage.words
        holder.right += passage.words if depth < 2 else 0
        holder = holder.block


def _articles(passages: Sequence[Passage]) -> tuple[dict[int, int], dict[int, int], int | None]:
    """Return the outermost <article> of each passage, the order of them, and which may be the page's own."""
    of: dict[int, int] = {}
    size: Counter[int] = Counter()
    known: dict[int, int | None] = {}
    for i, passage in enumerate(passages):
        start = id(passage.block)
        if start not in known:
            article = article_of(passage)
            known[start] = None if article is None else id(article)
        if (found := known[start]) is not None:
            of[i] = found
            size[found] += passage.words
    order = {article: number for number, article in enumerate(size)}
    largest = max(size.values(), default=0)
    main = next((article for article in size if 3 * size[article] >= largest and size[article] > _LEAST_ARTICLE), None)
    return of, order, main


def _distances(passages: Sequence[Passage]) -> tuple[list[int], list[int]]:
    """Return how many passages lie between each and the nearest long one above it, and below it."""
    is_long = [one.words >= _LONG and 4 * one.linked <= one.words for one in passages]
    count = len(passages)
    before, after = [0] * count, [0] * count
    last = -99
    for i in range(count):
        before[i] = i - last
        last = i if is_long[i] else last
    last = count + 99
    for i in range(count - 1, -1, -1):
        after[i] = last - i
        last = i if is_long[i] else last
    return before, after


def _shape(passage: Passage) -> tuple[object, ...]:
    block = passage.block
    return (block.tag, block.own, block.block.tag, block.block.own) if block.block else (block.tag, block.own)


def _length(passage: Passage) -> int:
    return bisect_left(_LENGTHS, passage.words)


def _linked(passage: Passage) -> int:
    return bisect_left(_LINKED, passage.linked / passage.words) if passage.words else 0


def _share(part: float) -> int:
    return bisect_left(_SHARES, part)
