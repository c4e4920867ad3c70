"""Boosted decision trees, as numbers in JSON -> a score; knows nothing of what is asked.

A tree is [which measure, threshold, tree where the measure is at most that, tree where it is more], or what it adds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp
from typing import Any

Tree = tuple[int, float, "Tree", "Tree"] | float


def grown(numbers: Any) -> Tree:
    """Return a tree as it is asked, of what JSON holds; raise ValueError for what is none."""
    if isinstance(numbers, int | float):
        return float(numbers)
    if not isinstance(numbers, list) or len(numbers) != 4:
        raise ValueError(f"no tree: {numbers!r:.80}")
    which, threshold, low, high = numbers
    return int(which), float(threshold), grown(low), grown(high)


def score(trees: Iterable[Tree], measures: Sequence[float]) -> float:
    """Return what trees add up to, as log odds."""
    total = 0.0
    for tree in trees:
        while type(tree) is tuple:  # twice as fast as isinstance(), and this is the reader's innermost loop
            tree = tree[2] if measures[tree[0]] <= tree[1] else tree[3]
        total += tree  # type: ignore[operator]
    return total


def chance(odds: float) -> float:
    """Return log odds as a chance, 0 to 1."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, odds))))
