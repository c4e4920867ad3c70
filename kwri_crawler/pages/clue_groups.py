"""The clues that go together: functions that name them, each of a few numbers, tags or names; knows no page.

A group is such a function and what it is asked. Passages that agree in that share the group's clues, so whoever weighs
them does so once for all pages: a page's chances take 6 ms so, and took 13 when each clue was named and weighed anew.
"""

from __future__ import annotations

from typing import Any

Group = tuple[Any, ...]  # a function of this module, and what it is asked; hashable, and without a page's words


def clues_in(group: Group) -> list[str]:
    """Return the clues of a group."""
    name, *of = group
    found: list[str] = name(*of)
    return found


def chances_in(tenth: int, own: int, in_holder: int, in_outer: int) -> list[str]:
    return [f"S{tenth}", f"M{in_holder}", f"G{in_outer}", f"SM{own}{in_holder}"]


def chances_around(left: int, right: int) -> list[str]:
    return [f"WL{left}", f"WR{right}", f"WW{left}{right}"]


def side_of_text(side: str, own: int) -> list[str]:
    return [side, f"{side}{own}"]


def chances_near(first: int, *steps: int) -> list[str]:
    return [f"P{first + i}:{step}" for i, step in enumerate(steps)]


def form(tag: str, size: int, linked: int, end: str) -> list[str]:
    alone = [f"w{size}", f"l{linked}", f"t:{tag}", f"e{end}"]
    return [*alone, f"tw:{tag}{size}", f"tl:{tag}{linked}", f"wl:{size}{linked}", f"we:{size}{end}"]


def names(where: str, said: frozenset[str]) -> list[str]:
    return [f"{where}:{name}" for name in said]


def writing(size: int, bold: bool, *said: bool) -> list[str]:
    found = [clue for clue, is_so in zip(("comma", "upper", "(c)", "digits"), said, strict=True) if is_so]
    return [*found, "bold", f"bold{size}"] if bold else found


def says(what: str, size: int, is_first: bool) -> list[str]:
    return [f"F{what}", f"F{what}{size}", *([f"^{what}"] if is_first else ())]


def holder(right: int, plain: int, wider: int, widest: int, tag: str, linked: int, usual: int, many: int) -> list[str]:
    shares = [f"cs{right}", f"cp{plain}", f"gp{wider}", f"ggp{widest}"]
    return [*shares, f"ct:{tag}", f"cl{linked}", f"mw{usual}", f"nn{many}"]


def tag_in_holder(tag: str, outer: str, right: int) -> list[str]:
    return [f"tcs:{tag}{right}", f"tct:{tag}>{outer}"]


def size_in_holder(size: int, right: int, usual: int) -> list[str]:
    return [f"wcs:{size}{right}", f"wmw:{size}{usual}"]


def shape(share: int, size: int) -> list[str]:
    return [f"sig{share}", f"sigw{share}{size}"]


def clue(name: str) -> list[str]:
    return [name]


def place(where: str, eighth: int, head: int, heads: int) -> list[str]:
    return [where, f"pos{eighth}", f"h{head}of{heads}"]


def distances(before: int, after: int, near_before: int, near_after: int, tag: str) -> list[str]:
    near = f"{near_before}{near_after}"
    return [f"db{before}", f"da{after}", f"db:{near_before}da:{near_after}", f"dbda:{near}{tag}"]


def further(side: str, size: int, linked: int) -> list[str]:
    return [f"{side}w{size}", f"{side}l{linked}"]


def beside(side: str, size: int, linked: int, is_beside: bool, tag: str) -> list[str]:
    return [*further(side, size, linked), f"{side}same{int(is_beside)}", f"{side}t:{tag}"]
