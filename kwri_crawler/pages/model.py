"""Passages -> which of them are the article's text: a small linear model in two looks; knows no site and no language.

Its numbers (`model.json`) come from `python -m tests.train_bodies`. On publishers that it was not trained on (each
fifth of 496 pages read by what the other four teach): F1 .950, where trafilatura has .942.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from math import exp
from pathlib import Path

from kwri_crawler.pages.clue_groups import Group, clues_in
from kwri_crawler.pages.clues import groups_of_neighbours, groups_of_passages
from kwri_crawler.pages.counted import Told
from kwri_crawler.pages.passages import Passage

NUMBERS = Path(__file__).with_name("model.json")
TEXT = 0.5  # chance above which a passage is taken for text
_REPEATED = 8  # words of a passage that no text says twice
_SURELY = 0.8  # chance above which it is even in a part of the page that seldom holds any
_OUTSIDE = frozenset(("footer", "aside"))  # elements
_ARTICLE = frozenset(("article", "main"))
_A_LINE = 12  # words of a footer's line about rights and addresses
_DOUBT = (0.2, 0.8)
_MOST_WEIGHED = 50_000  # groups of clues kept, some 10 MB; news pages of a hundred publishers show 20,000
_weighed: dict[Group, tuple[float, float]] = {}


@cache
def _numbers() -> tuple[dict[str, tuple[float, float]], tuple[float, float]]:
    """Return the weights of each clue at the first and the second look, and what each look starts from."""
    told = json.loads(NUMBERS.read_text("utf-8"))
    looks = told["first"], told["second"]
    clues = {**looks[0], **looks[1]}
    return {clue: (looks[0].get(clue, 0.0), looks[1].get(clue, 0.0)) for clue in clues}, tuple(told["start"])


def chances_of(passages: Sequence[Passage], told: Told) -> list[float]:
    """Return for each passage the chance, 0 to 1, that it is of the article's text."""
    _, (first, second) = _numbers()
    one, two = [], []
    for groups in groups_of_passages(passages, told):
        at_first, then = first, second
        for group in groups:
            found = _weighed.get(group) or _weigh(group)
            at_first += found[0]
            then += found[1]
        one.append(_chance(at_first))
        two.append(then)
    for i, groups in enumerate(groups_of_neighbours(passages, one)):
        for group in groups:
            two[i] += (_weighed.get(group) or _weigh(group))[1]
    return list(map(_chance, two))


def _weigh(group: Group) -> tuple[float, float]:
    """Return what a group's clues weigh together at the first and the second look, and keep it."""
    weights, _ = _numbers()
    known = [found for clue in clues_in(group) if (found := weights.get(clue)) is not None]
    if len(_weighed) >= _MOST_WEIGHED:
        _weighed.clear()
    _weighed[group] = found = (sum(pair[0] for pair in known), sum(pair[1] for pair in known))
    return found


def chosen(passages: Sequence[Passage], chances: Sequence[float]) -> list[Passage]:
    """Return the passages that are text; of a longer one that the page shows twice, as for phones, the first."""
    kept: dict[str, Passage] = {}
    found = []
    for passage, chance in zip(passages, chances, strict=True):
        is_text = chance > TEXT and not is_outside(passage, chance)
        if is_text and not (passage.words >= _REPEATED and passage.text in kept):
            kept[passage.text] = passage
            found.append(passage)
    return found


def is_outside(passage: Passage, chance: float) -> bool:
    """Say whether a passage lies in a part of the page that seldom holds text, and is not surely text."""
    parts = passage.names | passage.around
    if "box" in parts:  # which offers the text to other portals
        return True
    if "footer" in parts and passage.words <= _A_LINE and _ARTICLE.isdisjoint(parts):
        return True
    return chance < _SURELY and not _OUTSIDE.isdisjoint(parts)


def is_bio(passage: Passage, chance: float) -> bool:
    """Say whether a passage lies in what is called an author's, and is more likely no text."""
    return chance < TEXT and ("author" in passage.names or "author" in passage.around)


def doubt(passages: Sequence[Passage], chances: Sequence[float]) -> float:
    """Return how many words are neither surely text nor surely none, as a share of those that are taken for text."""
    low, high = _DOUBT
    unsure = sum(one.words for one, chance in zip(passages, chances, strict=True) if low < chance < high)
    return unsure / max(1, sum(one.words for one, chance in zip(passages, chances, strict=True) if chance > TEXT))


def _chance(score: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, score))))
