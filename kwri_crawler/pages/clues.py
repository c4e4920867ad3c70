"""Passages -> the clues by which a text is told from furniture, each a short name; weighs nothing, is of no language.

`of_passages` looks at a passage, its place and its neighbours; `of_neighbours` at what is thought of those; both name
clues for whoever trains the model. Who only weighs them asks for their groups.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from kwri_crawler.pages import clue_groups as named
from kwri_crawler.pages.clue_groups import Group, clues_in
from kwri_crawler.pages.counted import Counted, Told, holders_of
from kwri_crawler.pages.passages import Passage

_FAR = 20  # passages
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
    page = Counted.of(passages, told)
    for i, passage in enumerate(passages):
        groups = _of_text(passage, *page.sizes[i])
        groups += _of_place(page, passage, i)
        groups += _of_order(page, i)
        yield groups


def groups_of_neighbours(passages: Sequence[Passage], chances: Sequence[float]) -> Iterator[list[Group]]:
    """Yield the groups of clues of each passage that lie in the chances of it and of those around it."""
    around = [holders_of(passage) for passage in passages]
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


def _of_place(page: Counted, passage: Passage, i: int) -> list[Group]:
    """Return what the elements around a passage tell."""
    tag = _HEADINGS.get(passage.block.tag, passage.block.tag)
    size = page.sizes[i][0]
    held = page.held[id(holders_of(passage)[0])]
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


def _of_order(page: Counted, i: int) -> list[Group]:
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
