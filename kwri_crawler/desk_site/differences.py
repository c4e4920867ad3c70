"""What one text changed of another, word by word, as pieces for a page; pure, and bounded whatever the texts are."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

MOST_WORDS = 1_200  # of a stretch that is compared word by word
MOST_PAIRS = 20_000  # of equal words in it: what the comparison looks at again and again
_SHOWN = 12  # words before and after a change; what lies between is left out


class Kind(StrEnum):
    """What a piece of the two texts is."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"
    GAP = "gap"  # more of the same, left out


class Piece(NamedTuple):
    """A stretch of words."""

    kind: Kind
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """Return what became of a text: what is equal, gone and new, in order; long equal stretches are left out."""
    runs = list(_merged(_runs(before.split(), after.split())))
    pieces: list[Piece] = []
    for place, (kind, words) in enumerate(runs):
        if kind is Kind.SAME and len(words) > 2 * _SHOWN + 4:
            head = words[:_SHOWN] if place else []
            tail = words[-_SHOWN:] if place < len(runs) - 1 else []
            parts = [(Kind.SAME, head), (Kind.GAP, words[len(head) : len(words) - len(tail)]), (Kind.SAME, tail)]
            pieces += [Piece(each, " ".join(some)) for each, some in parts if some]
        else:
            pieces.append(Piece(kind, " ".join(words)))
    return pieces


def changed_words(pieces: Sequence[Piece]) -> int:
    """Return how many words are gone or new."""
    return sum(len(text.split()) for kind, text in pieces if kind in (Kind.GONE, Kind.NEW))


def _runs(before: list[str], after: list[str]) -> Iterator[tuple[Kind, list[str]]]:
    """Yield runs of words; equal ends are taken off first, which is all that most copies need."""
    shortest = min(len(before), len(after))
    head = next((n for n in range(shortest) if before[n] != after[n]), shortest)
    most = shortest - head
    tail = next((n for n in range(most) if before[-1 - n] != after[-1 - n]), most)
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    yield Kind.SAME, before[:head]
    if _is_cheap(old, new):
        for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag == "equal":
                yield Kind.SAME, old[a:b]
            else:
                yield Kind.GONE, old[a:b]
                yield Kind.NEW, new[c:d]
    else:
        yield Kind.GONE, old
        yield Kind.NEW, new
    yield Kind.SAME, before[len(before) - tail :] if tail else []


def _is_cheap(old: list[str], new: list[str]) -> bool:
    if max(len(old), len(new)) > MOST_WORDS:
        return False
    numbers = Counter(new)
    return sum(number * numbers[word] for word, number in Counter(old).items()) <= MOST_PAIRS


def _merged(runs: Iterator[tuple[Kind, list[str]]]) -> Iterator[tuple[Kind, list[str]]]:
    """Yield runs of which none is empty; changes that one equal word parts are one: that word is there by chance."""
    parts = [(kind, words) for kind, words in runs if words]
    gone: list[str] = []
    new: list[str] = []
    for place, (kind, words) in enumerate(parts):
        is_between = 0 < place < len(parts) - 1 and len(words) == 1 and len(gone) + len(new) > 2
        if kind is Kind.SAME and not is_between:
            yield from ((each, some) for each, some in ((Kind.GONE, gone), (Kind.NEW, new)) if some)
            gone, new = [], []
            yield kind, words
            continue
        if kind is not Kind.NEW:
            gone += words
        if kind is not Kind.GONE:
            new += words
    yield from ((each, some) for each, some in ((Kind.GONE, gone), (Kind.NEW, new)) if some)
