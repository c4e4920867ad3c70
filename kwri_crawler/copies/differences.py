"""What one text changed of another, word by word, as pairs or as pieces for a page; pure, and bounded for any texts."""

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


_Run = tuple[Kind, list[str]]


class Comparison(NamedTuple):
    """What became of a text: what is equal, gone and new, in order; long equal stretches are left out."""

    pieces: tuple[Piece, ...]
    is_coarse: bool  # the changes lie too far apart to be compared word by word: all between first and last is one


class Differences(NamedTuple):
    """What differs between two texts, in order, as words that were removed and words in their place."""

    pairs: list[tuple[str, str]]
    is_coarse: bool


def compare(before: str, after: str) -> Comparison:
    """Compare two texts for a page."""
    found, is_coarse = _runs(before.split(), after.split())
    runs = list(_merged(found))
    pieces: list[Piece] = []
    for place, (kind, words) in enumerate(runs):
        if kind is Kind.SAME and len(words) > 2 * _SHOWN + 4:
            head = words[:_SHOWN] if place else []
            tail = words[-_SHOWN:] if place < len(runs) - 1 else []
            parts = [(Kind.SAME, head), (Kind.GAP, words[len(head) : len(words) - len(tail)]), (Kind.SAME, tail)]
            pieces += [Piece(each, " ".join(some)) for each, some in parts if some]
        else:
            pieces.append(Piece(kind, " ".join(words)))
    return Comparison(tuple(pieces), is_coarse)


def differences(before: str, after: str) -> Differences:
    """Return the words that differ between two texts."""
    runs, is_coarse = _runs(before.split(), after.split())
    changed = [" ".join(words) for kind, words in runs if kind is not Kind.SAME]
    return Differences([pair for pair in zip(changed[::2], changed[1::2], strict=True) if any(pair)], is_coarse)


def changed_words(pieces: Sequence[Piece]) -> int:
    """Return how many words are gone or new."""
    return sum(len(text.split()) for kind, text in pieces if kind in (Kind.GONE, Kind.NEW))


def _runs(before: list[str], after: list[str]) -> tuple[list[_Run], bool]:
    """Return runs of words, what is gone always followed by what is new, and whether they are coarse.

    Equal ends are taken off first, which is all that most copies need.
    """
    shortest = min(len(before), len(after))
    head = next((n for n in range(shortest) if before[n] != after[n]), shortest)
    most = shortest - head
    tail = next((n for n in range(most) if before[-1 - n] != after[-1 - n]), most)
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    is_cheap = _is_cheap(old, new)
    runs: list[_Run] = [(Kind.SAME, before[:head])]
    codes = (
        difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if is_cheap
        else [("replace", 0, len(old), 0, len(new))]
    )
    for tag, a, b, c, d in codes:
        runs += [(Kind.SAME, old[a:b])] if tag == "equal" else [(Kind.GONE, old[a:b]), (Kind.NEW, new[c:d])]
    return [*runs, (Kind.SAME, before[len(before) - tail :])], not is_cheap


def _is_cheap(old: list[str], new: list[str]) -> bool:
    if max(len(old), len(new)) > MOST_WORDS:
        return False
    numbers = Counter(new)
    return sum(number * numbers[word] for word, number in Counter(old).items()) <= MOST_PAIRS


def _merged(runs: list[_Run]) -> Iterator[_Run]:
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
