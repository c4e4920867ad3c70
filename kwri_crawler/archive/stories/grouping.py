"""Connected copies to stories: all in one, unless two of them are templates of each other; pure.

A cut copy without a number ("page 1 of 2") is a copy of two templates alike and would join what must stay apart. Then
the likest copies are joined first, and no join puts two templates into one story.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple


class Member(NamedTuple):
    """An article that copies connect with the others."""

    id: int
    portal: str
    story: int | None  # the story that it belongs to until now; null if none
    out_at: str
    first_seen_at: str
    url_key: str


def group(
    members: list[Member], copies: Iterable[tuple[int, int, float]], apart: Iterable[tuple[int, int]]
) -> list[list[Member]]:
    """Part connected members into stories; copies as (article, other, Jaccard), apart as pairs of templates."""
    enemies: dict[int, set[int]] = defaultdict(set)
    for one, other in apart:
        enemies[one].add(other)
        enemies[other].add(one)
    if not enemies:
        return [members]
    together = {member.id: {member.id} for member in members}
    for one, other in _likest_first(members, list(copies)):
        ours, theirs = together[one], together[other]
        if ours is theirs or any(not enemies[member].isdisjoint(theirs) for member in ours):
            continue
        ours |= theirs
        for member in theirs:
            together[member] = ours
    by_id = {member.id: member for member in members}
    return [[by_id[each] for each in sorted(ids)] for ids in {id(ids): ids for ids in together.values()}.values()]


def _likest_first(members: list[Member], copies: list[tuple[int, int, float]]) -> list[tuple[int, int]]:
    """Order copies by likeness, then by how many articles are copies of both, then by address: never by arrival."""
    neighbours: dict[int, set[int]] = defaultdict(set)
    for one, other, _ in copies:
        neighbours[one].add(other)
        neighbours[other].add(one)
    keys = {member.id: member.url_key for member in members}

    def rank(copy: tuple[int, int, float]) -> tuple[float, int, list[str]]:
        one, other, jaccard = copy
        return -round(jaccard, 2), -len(neighbours[one] & neighbours[other]), sorted((keys[one], keys[other]))

    return [(one, other) for one, other, _ in sorted(copies, key=rank)]
