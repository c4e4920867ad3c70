"""Passages -> the clues by which a text is told from furniture, each a short name; weighs nothing, is of no language.

`of_passages` looks at a passage, its place and its neighbours; `of_neighbours` at what is thought of those; both name
clues for whoever trains the model. Who only weighs them asks for their groups.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kwri_crawler.pages import clue_groups as named
from kwri_crawler.pages.clue_groups import Group, clues_in
from kwri_crawler.pages.passages import Holder, Passage, article_of
from kwri_crawler.pages.text import words

_LENGTHS = (2, 4, 8, 15, 25, 50, 100)  # words
_SHARES = (0.02, 0.1, 0.3, 0.6, 0.9)
_LINKED = (0.001, 0.25, 0.5, 0.9)
_A_TEXT = 8  # words of a passage that counts as plain text, when at most a third of them are links
_LONG = 20  # words of a passage that is surely no menu, when at most a quarter of them are links
_FAR = 20  # passages
_LEAST_ARTICLE = 80  # words of an <article> that may be the page's own
_LEAST_TOLD = 400  # characters of an articleBody that can be the whole text
_DIGIT = re.compile(r"\d")
_HEADINGS = {"h5": "h4", "h6": "h4"}
_END = re.compile(r"[.!?…。！？][\"”’»')\]]?\s?(?:\[\d{1,3}\]\s?)?$")
_SAYS = re.compile(
    r"\b(?:(?P<more>read (?:more|next|also)|see also|related|recommended|you may (?:also )?like|baca juga|lihat juga"
    r"|simak|mehr zum thema|lesen sie|more (?:from|on)|next article|up next|popular|trending|terkait|artikel lain)"
    r"|(?P<ask>subscri|sign up|newsletter|log ?in|register|abonn|langganan|donate|our app|whatsapp channel|google news)"
    r"|(?P<share>share|tweet|facebook|whatsapp|copy link|bagikan|teilen|pinterest|follow (?:us|me)|ikuti)"
    r"|(?P<ad>advertis|anzeige|iklan|sponsor|affiliate|commission)"
    r"|(?P<rights>copyright|all rights|hak cipta|rights reserved)"
    r"|(?P<picture>photo|foto|image|getty|credit|source:|sumber)"
    r"|(?P<by>by |von |oleh |written|author|penulis|editor|reviewed|reporter)"
    r"|(?P<when>updated|published|posted|min(?:ute)?s? read|last modified|diperbarui|stand:|\d{1,2}[:.]\d\d)"
    r"|(?P<comments>comments?|repl(?:y|ies)|komentar|kommentar)"
    r"|(?P<contents>table of contents|in this article|contents|jump to|daftar isi|inhalt)"
    r"|(?P<offer>get started|learn more|contact us|book a|free (?:trial|demo|quote)|download|click here"
    r"|shop now|buy now))"
)  # of a text in lower case: asked so it takes half the time


@dataclass(frozen=True, slots=True)
class Told:
    """What a page says of its article outside of the text that it shows."""

    titles: tuple[str, ...] = ()
    lead: str = ""
    body: str = ""  # JSON-LD's articleBody

    def keys(self) -> set[str]:
        """Return the titles as Passage.key spells what a page shows."""
        return {" ".join(words(title)) for title in self.titles} - {""}


def of_passages(passages: Sequence[Passage], told: Told) -> Iterator[list[str]]:
    """Yield the clues of each passage in turn."""
    for groups in groups_of_passages(passages, told):
        yield [clue for group in groups for clue in clues_in(group)]


def of_neighbours(passages: Sequence[Passage], chances: Sequence[float]) -> Iterator[list[str]]:
    """Yield the clues of each passage that lie in the chances, 0 to 1, that it and those around it are text."""
    for groups in groups_of_neighbours(passages, chances):
        yield [clue for group in groups for clue in clues_in(group)]


def groups_of_passages(passages: Sequence[Passage], told: Told) -> Iterator[list[Group]]:
    """Yield the groups of clues of each passage in turn."""
    page = _Page.of(passages, told)
    for i, passage in enumerate(passages):
        groups = _of_text(passage, *page.sizes[i])
        groups += _of_place(page, passage, i)
        groups += _of_order(page, i)
        yield groups


def groups_of_neighbours(passages: Sequence[Passage], chances: Sequence[float]) -> Iterator[list[Group]]:
    """Yield the groups of clues of each passage that lie in the chances of it and of those around it."""
    around = [_around(passage) for passage in passages]
    weighed: dict[int, float] = {}
    total: dict[int, int] = {}
    for passage, holders, chance in zip(passages, around, chances, strict=True):
        for which in map(id, holders):
            weighed[which] = weighed.get(which, 0.0) + chance * passage.words
            total[which] = total.get(which, 0) + passage.words
    shares = {which: int(5.999 * weighed[which] / max(1, total[which])) for which in total}
    sure = [i for i, chance in enumerate(chances) if chance > 0.7 and passages[i].words >= 10]
    first, last = (sure[0], sure[-1]) if sure else (0, len(passages))
    step = [int(chance * 5.999) for chance in chances]
    beside = (9, 9, 9, *step, 9, 9, 9)
    for i, (holder, outer) in enumerate(around):
        left, right = (int(sum(part) * 5.999 / 6) for part in (chances[max(0, i - 6) : i], chances[i + 1 : i + 7]))
        side = "in" if first <= i <= last else "above" if i < first else "below"
        yield [
            (named.chances_in, int(chances[i] * 9.99), step[i], shares[id(holder)], shares[id(outer)]),
            (named.chances_around, left, right),
            (named.side_of_text, side, step[i]),
            (named.chances_near, -3, *beside[i : i + 3]),
            (named.chances_near, 1, *beside[i + 4 : i + 7]),
        ]


def _around(passage: Passage) -> tuple[Holder, Holder]:
    """Return the element that holds a passage's block, and the one around that."""
    holder = passage.block.block or passage.block
    return holder, holder.block or holder


def _of_text(passage: Passage, size: int, linked: int) -> list[Group]:
    """Return what lies in a passage itself."""
    text, tag = passage.text, passage.block.tag
    end = "." if _END.search(text[-12:]) else ":" if text[-1] == ":" else "-"
    is_digits = 4 * len(_DIGIT.findall(text[:400])) > min(len(text), 400)
    groups: list[Group] = [
        (named.form, _HEADINGS.get(tag, tag), size, linked, end),
        (named.names, "n", passage.names),
        (named.names, "a", passage.around),
        (named.writing, size, passage.bold, "," in text, text.isupper(), "©" in text, is_digits),
    ]
    for found in _SAYS.finditer(text[:200].lower()):
        groups.append((named.says, found.lastgroup, size, found.start() < 3))
    return groups


class _Held(NamedTuple):
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
class _Page:
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
    held: dict[int, _Held]  # by the id of each holder
    articles: dict[int, int]  # id of the <article> that each passage lies in, by the passage's number
    main: int | None  # id of the first <article> that may be the page's own
    order: dict[int, int]  # which <article> it is
    before: list[int]  # passages since the last long one
    after: list[int]
    places: list[int]  # how much of the page's words stand above, in eighths
    shaped: dict[int, int] = field(default_factory=dict)  # by the id of a block: the share of its shape, in steps

    @classmethod
    def of(cls, passages: Sequence[Passage], told: Told) -> _Page:
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
            holder = _around(one)[0]
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


def _held_by(holder: Holder, said: int, linked: int, count: int, best: int, total: int) -> _Held:
    """Return what a holder of so many words, linked words and passages tells, on a page of so many."""
    outer = holder.block or holder
    right = _share(holder.right / best)
    plain, wider, widest = (_share(one.plain / total) for one in (holder, outer, outer.block or outer))
    usual = bisect_left(_LENGTHS, said / count)
    return _Held(
        right, plain, wider, widest, holder.tag, _share(linked / max(1, said)), usual, min(6, count.bit_length())
    )


def _of_place(page: _Page, passage: Passage, i: int) -> list[Group]:
    """Return what the elements around a passage tell."""
    tag = _HEADINGS.get(passage.block.tag, passage.block.tag)
    size = page.sizes[i][0]
    held = page.held[id(_around(passage)[0])]
    groups: list[Group] = [
        (named.holder, *held),
        (named.tag_in_holder, tag, held.tag, held.right),
        (named.size_in_holder, size, held.right, held.usual),
        (named.shape, page.shape_of(passage), size),
    ]
    if page.order:
        article = page.articles.get(i)
        if article is None:
            groups.append((named.clue, "noart"))
        elif article == page.main:
            groups.append((named.clue, "art1"))
        else:
            groups.append((named.clue, "artB" if page.main and page.order[article] < page.order[page.main] else "artA"))
    return groups


def _of_order(page: _Page, i: int) -> list[Group]:
    """Return what stands before and behind a passage, and what the page's own statements say of it."""
    passage = page.passages[i]
    key = passage.key
    groups: list[Group] = []
    if key in page.titles:
        groups.append((named.clue, "title"))
    if page.times[key] > 1:
        groups += [(named.clue, "dup"), (named.clue, f"dup{min(page.sizes[i][0], 4)}")]
    if key in page.seen:
        groups.append((named.clue, "dup2"))
    page.seen.add(key)
    behind = i - page.title_at
    where = (
        "nott" if page.title_at < 0 else "pre" if behind < 0 else "at" if not behind else f"post{min(3, behind // 3)}"
    )
    heads_above, heads = min(bisect_right(page.heads, i), 3), min(len(page.heads), 3)
    groups.append((named.place, where, page.places[i], heads_above, heads))
    if page.body:
        groups.append((named.clue, "js" if len(key) <= 25 else "J+" if key in page.body else "J-"))
    if page.lead and key.startswith(page.lead):
        groups.append((named.clue, "desc"))
    before, after = page.before[i], page.after[i]
    far = (min(before, 8) if before < _FAR else 9, min(after, 8) if after < _FAR else 9)
    groups.append((named.distances, *far, min(before, 4), min(after, 4), passage.block.tag))
    holder, last = passage.block.block, len(page.passages) - 1
    for at, side in ((i - 1, "p"), (i + 1, "x")):
        if 0 <= at <= last:
            block = page.passages[at].block
            groups.append((named.beside, side, *page.sizes[at], block.block is holder, block.tag))
        else:
            groups.append((named.clue, f"{side}none"))
    groups.append((named.further, "pp", *page.sizes[i - 2]) if i > 1 else (named.clue, "ppnone"))
    groups.append((named.further, "xx", *page.sizes[i + 2]) if i + 2 <= last else (named.clue, "xxnone"))
    return groups


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
