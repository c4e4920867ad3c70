"""Passages -> the clues by which a text is told from furniture, each a short name; weighs nothing, is of no language.

`of_passages` looks at a passage, its place and its neighbours; `of_neighbours` at what is thought of those.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kwri_crawler.pages.passages import Holder, Passage
from kwri_crawler.pages.text import words

_LENGTHS = (2, 4, 8, 15, 25, 50, 100)  # words
_SHARES = (0.02, 0.1, 0.3, 0.6, 0.9)
_LINKED = (0.001, 0.25, 0.5, 0.9)
_A_TEXT = 8  # words of a passage that counts as plain text, when at most a third of them are links
_LONG = 20  # words of a passage that is surely no menu, when at most a quarter of them are links
_FAR = 20  # passages
_LEAST_ARTICLE = 80  # words of an <article> that may be the page's own
_LEAST_TOLD = 400  # characters of an articleBody that can be the whole text
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
    r"|shop now|buy now))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a page says of its article outside of the text that it shows."""

    titles: tuple[str, ...] = ()
    lead: str = ""
    body: str = ""  # JSON-LD's articleBody


def of_passages(passages: Sequence[Passage], told: Told) -> Iterator[list[str]]:
    """Yield the clues of each passage in turn."""
    page = _Page.of(passages, told)
    for i, passage in enumerate(passages):
        clues = _of_text(passage)
        clues += _of_place(page, passage, i)
        clues += _of_order(page, i)
        yield clues


def of_neighbours(passages: Sequence[Passage], chances: Sequence[float]) -> Iterator[list[str]]:
    """Yield the clues of each passage that lie in the chances, 0 to 1, that it and those around it are text."""
    weighed: Counter[int] = Counter()
    total: Counter[int] = Counter()
    for passage, chance in zip(passages, chances, strict=True):
        for holder in _around(passage):
            weighed[id(holder)] += chance * passage.words  # type: ignore[assignment]
            total[id(holder)] += passage.words
    sure = [i for i, chance in enumerate(chances) if chance > 0.7 and passages[i].words >= 10]
    first, last = (sure[0], sure[-1]) if sure else (0, len(passages))
    step = [int(chance * 5.999) for chance in chances]
    for i, passage in enumerate(passages):
        in_holder, in_outer = (int(5.999 * weighed[id(one)] / max(1, total[id(one)])) for one in _around(passage))
        own = step[i]
        left, right = (int(sum(part) * 5.999 / 6) for part in (chances[max(0, i - 6) : i], chances[i + 1 : i + 7]))
        side = "in" if first <= i <= last else "above" if i < first else "below"
        near = (f"P{by}:{step[i + by] if 0 <= i + by < len(step) else 9}" for by in (-3, -2, -1, 1, 2, 3))
        yield [
            f"S{int(chances[i] * 9.99)}",
            f"M{in_holder}",
            f"G{in_outer}",
            f"SM{own}{in_holder}",
            f"WL{left}",
            f"WR{right}",
            f"WW{left}{right}",
            side,
            f"{side}{own}",
            *near,
        ]


def _around(passage: Passage) -> tuple[Holder, Holder]:
    """Return the element that holds a passage's block, and the one around that."""
    holder = passage.block.block or passage.block
    return holder, holder.block or holder


def _of_text(passage: Passage) -> list[str]:
    """Return what lies in a passage itself."""
    text, tag = passage.text, passage.block.tag
    tag = "h4" if tag in ("h5", "h6") else tag
    size, linked = _length(passage), _linked(passage)
    end = "." if _END.search(text[-12:]) else ":" if text[-1] == ":" else "-"
    clues = [
        f"w{size}",
        f"l{linked}",
        f"t:{tag}",
        f"tw:{tag}{size}",
        f"tl:{tag}{linked}",
        f"wl:{size}{linked}",
        f"e{end}",
        f"we:{size}{end}",
    ]
    clues += [f"n:{name}" for name in passage.names]
    clues += [f"a:{name}" for name in passage.around]
    if passage.bold:
        clues += ["bold", f"bold{size}"]
    if "," in text:
        clues.append("comma")
    if text.isupper():
        clues.append("upper")
    if "©" in text:
        clues.append("(c)")
    if 4 * sum(map(str.isdigit, text[:400])) > min(len(text), 400):
        clues.append("digits")
    for found in _SAYS.finditer(text[:200]):
        clues += [f"F{found.lastgroup}", f"F{found.lastgroup}{size}"]
        if found.start() < 3:
            clues.append(f"^{found.lastgroup}")
    return clues


@dataclass(slots=True)
class _Page:
    """What is counted once a page."""

    passages: Sequence[Passage]
    keys: list[str]  # the words of each passage
    times: Counter[str]
    seen: set[str]
    titles: set[str]
    title_at: int  # -1 where it is not shown
    heads: list[int]  # where each h1 stands
    lead: str
    body: str
    best: int  # words right in the holder that has the most
    total: int  # words of plain text
    shapes: Counter[tuple[object, ...]]  # words of plain text in blocks of one shape
    inside: dict[int, tuple[int, int, int]]  # of each holder: words, linked words, passages
    articles: dict[int, int]  # id of the <article> that each passage lies in, by the passage's number
    main: int | None  # id of the first <article> that may be the page's own
    order: dict[int, int]  # which <article> it is
    before: list[int]  # passages since the last long one
    after: list[int]
    places: list[int]  # how much of the page's words stand above, in eighths

    @classmethod
    def of(cls, passages: Sequence[Passage], told: Told) -> _Page:
        keys = [" ".join(words(one.text)) for one in passages]
        titles = {" ".join(words(title)) for title in told.titles} - {""}
        heads = [i for i, one in enumerate(passages) if one.block.tag == "h1"]
        shown = [i for i, key in enumerate(keys) if key in titles]
        first = next((i for i in shown if passages[i].block.tag == "h1"), shown[0] if shown else -1)
        title_at = heads[0] if heads and (not shown or heads[0] in shown) else first
        shapes: Counter[tuple[object, ...]] = Counter()
        inside: dict[int, tuple[int, int, int]] = {}
        total = 0
        for one in passages:
            if one.linked * 3 <= one.words:
                shapes[_shape(one)] += one.words
                if one.words >= _A_TEXT:
                    total += one.words
                    _count(one)
            holder = id(_around(one)[0])
            had = inside.get(holder, (0, 0, 0))
            inside[holder] = (had[0] + one.words, had[1] + one.linked, had[2] + 1)
        articles, order, main = _articles(passages)
        body = " ".join(words(told.body)) if told.body else ""
        lead = " ".join(words(told.lead))
        said = sum(one.words for one in passages) or 1
        places, above = [], 0
        for one in passages:
            places.append(8 * above // said)
            above += one.words
        return cls(
            passages,
            keys,
            Counter(keys),
            set(),
            titles,
            title_at,
            heads,
            lead[:50] if len(lead) > 30 else "",
            body if len(body) > _LEAST_TOLD else "",
            max((_around(one)[0].right for one in passages), default=0) or 1,
            total or 1,
            shapes,
            inside,
            articles,
            main,
            order,
            *_distances(passages),
            places,
        )


def _of_place(page: _Page, passage: Passage, i: int) -> list[str]:
    """Return what the elements around a passage tell."""
    holder, outer = _around(passage)
    tag = "h4" if passage.block.tag in ("h5", "h6") else passage.block.tag
    size = _length(passage)
    right, plain = _share(holder.right / page.best), _share(holder.plain / page.total)
    wider, widest = _share(outer.plain / page.total), _share((outer.block or outer).plain / page.total)
    words_in, linked_in, count = page.inside[id(holder)]
    usual = bisect_left(_LENGTHS, words_in / count)
    shape = _share(page.shapes[_shape(passage)] / max(1, max(page.shapes.values(), default=1)))
    clues = [
        f"cs{right}",
        f"cp{plain}",
        f"gp{wider}",
        f"ggp{widest}",
        f"tcs:{tag}{right}",
        f"wcs:{size}{right}",
        f"ct:{holder.tag}",
        f"tct:{tag}>{holder.tag}",
        f"cl{_share(linked_in / max(1, words_in))}",
        f"mw{usual}",
        f"nn{min(6, count.bit_length())}",
        f"wmw:{size}{usual}",
        f"sig{shape}",
        f"sigw{shape}{size}",
    ]
    if page.order:
        article = page.articles.get(i)
        if article is None:
            clues.append("noart")
        elif article == page.main:
            clues.append("art1")
        else:
            clues.append("artB" if page.main and page.order[article] < page.order[page.main] else "artA")
    return clues


def _of_order(page: _Page, i: int) -> list[str]:
    """Return what stands before and behind a passage, and what the page's own statements say of it."""
    key, passage = page.keys[i], page.passages[i]
    clues: list[str] = []
    if key in page.titles:
        clues.append("title")
    if page.times[key] > 1:
        clues += ["dup", f"dup{min(_length(passage), 4)}"]
    if key in page.seen:
        clues.append("dup2")
    page.seen.add(key)
    behind = i - page.title_at
    clues.append(
        "nott" if page.title_at < 0 else "pre" if behind < 0 else "at" if not behind else f"post{min(3, behind // 3)}"
    )
    clues.append(f"pos{page.places[i]}")
    clues.append(f"h{min(sum(at <= i for at in page.heads[:4]), 3)}of{min(len(page.heads), 3)}")
    if page.body:
        clues.append("js" if len(key) <= 25 else "J+" if key in page.body else "J-")
    if page.lead and key.startswith(page.lead):
        clues.append("desc")
    before, after = page.before[i], page.after[i]
    clues += [
        f"db{min(before, 8) if before < _FAR else 9}",
        f"da{min(after, 8) if after < _FAR else 9}",
        f"db:{min(before, 4)}da:{min(after, 4)}",
        f"dbda:{min(before, 4)}{min(after, 4)}{passage.block.tag}",
    ]
    for by, side in ((-1, "p"), (1, "x"), (-2, "pp"), (2, "xx")):
        if not 0 <= i + by < len(page.passages):
            clues.append(f"{side}none")
            continue
        other = page.passages[i + by]
        clues += [f"{side}w{_length(other)}", f"{side}l{_linked(other)}"]
        if abs(by) == 1:
            clues += [f"{side}same{int(other.block.block is passage.block.block)}", f"{side}t:{other.block.tag}"]
    return clues


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
            known[start] = None
            holder: Holder | None = passage.block
            while holder is not None:
                known[start] = id(holder) if holder.tag == "article" else known[start]
                holder = holder.block
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
