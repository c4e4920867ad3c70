"""Judge what two articles are to each other: copy, container, follow-up, template or nothing; pure, and symmetrical.

Copies keep their numbers: in 136 pairs of real copies no number stood in the same five words with another value, in
templates (gold prices, eruptions, budgets) nearly all have some. Within one portal copies are rare and follow-ups and
templates many, so it is judged more strictly there. Measured with `make score-stories`.
"""

from __future__ import annotations

import re

from kwri_crawler.copies.sketch import SHORTEST
from kwri_crawler.copies.texts import DAY, NUMBER, Text, is_slip, kept_text, longest_gap, places_of_numbers, tokens_of
from kwri_crawler.items import ComparedText, Figures, Likeness, TieKind

SHORTEST_IDENTICAL = 20  # words, and half of the headline; "Foto: istimewa" stands under a thousand articles

RELATED = 0.25  # containment; below, two texts have nothing to do with each other
COPIED = 0.45  # containment of a copy; the lowest of a real one was .48
COPIED_IF_BEGUN_ANEW = 0.60  # ... where the openings differ
SAME_OPENING = 0.15
MOST_NEW_WORDS = 0.30
MOST_CHANGED = 1 / 3  # of the numbers that stand in the same words; a slip of the pen is one in three at most
FEWEST_NUMBERS, FEWEST_KEPT = 4, 0.5  # of four numbers or more, half must be the other's too
OWN_DAY = 2  # days: each portal names the day on which it heard the statement

# Within one portal.
JACCARD_AT_HOME = 0.50  # then at least two thirds of the shorter text are shared
SAME_OPENING_AT_HOME = 0.30
ALIKE_AT_HOME = 0.80  # Jaccard at which the opening may be new
MOST_ADDED_AT_HOME = 50  # words in a row: a passage of its own makes a follow-up
MOST_CHANGED_AT_HOME = 0.20

ROUNDUP_LENGTH = 0.35  # a text three times as long with another opening is a roundup, whatever its title says
TITLED_ROUNDUP_LENGTH = 0.75
_ROUNDUP = re.compile(
    r"\b(?:top \d+|terpopuler|populer|kumpulan|rangkuman|sepekan|kaleidoskop|\d+ (?:berita|hoaks|fakta) )", re.I
)


def judge(one: ComparedText, other: ComparedText) -> Likeness | None:
    """Return what two articles are to each other; null if nothing."""
    short, long = sorted((one, other), key=_size)
    a, b = kept_text(short.body), kept_text(long.body)
    if a.tokens == b.tokens:
        return _identical(a, short.title, long.title)
    if len(a.tokens) < SHORTEST or len(b.tokens) < SHORTEST:
        return None
    shared = a.different & b.different
    if len(shared) < RELATED * len(a.different):
        return None
    figures = _measure(short, long, a, b, shared)
    kind, reason = _verdict(short, long, a, b, figures)
    return Likeness(kind, reason, figures) if kind else None


def _identical(text: Text, title: str, other: str) -> Likeness | None:
    """Return what one text on two addresses is: a copy, if it is no stub that stands under all sorts of headlines."""
    if len(text.tokens) < SHORTEST and (len(text.tokens) < SHORTEST_IDENTICAL or not titles_meet(title, other)):
        return None
    numbers = sum(token[0] in (NUMBER, DAY) for token in text.tokens)
    return Likeness(TieKind.COPY, "the same text", Figures(1, 1, 1, 1, 0, 0, numbers, 0))


def titles_meet(title: str, other: str) -> bool:
    """Tell whether two headlines share half of the words of the one with fewer."""
    words, others = set(tokens_of(title)), set(tokens_of(other))
    return 2 * len(words & others) >= min(len(words), len(others))


def _size(told: ComparedText) -> tuple[int, str, str]:
    return len(kept_text(told.body).different), told.body, told.title


def _measure(short: ComparedText, long: ComparedText, a: Text, b: Text, shared: frozenset[int]) -> Figures:
    opening_a, opening_b = a.opening, b.opening
    kept, changed = _numbers_in_place(short.body, long.body, 0 if short.portal == long.portal else OWN_DAY)
    return Figures(
        containment=round(len(shared) / len(a.different), 3),
        jaccard=round(len(shared) / (len(a.different) + len(b.different) - len(shared)), 3),
        length_ratio=round(len(a.different) / len(b.different), 3),
        opening=round(len(opening_a & opening_b) / max(1, min(len(opening_a), len(opening_b))), 3),
        new_words=round(len(a.words - b.words) / len(a.words), 3),
        added=longest_gap(b, shared),
        numbers_kept=kept,
        numbers_changed=changed,
    )


def _verdict(short: ComparedText, long: ComparedText, a: Text, b: Text, f: Figures) -> tuple[TieKind | None, str]:
    at_home = short.portal == long.portal
    numbers = f.numbers_kept + f.numbers_changed
    if f.numbers_changed and f.numbers_changed >= (MOST_CHANGED_AT_HOME if at_home else MOST_CHANGED) * numbers:
        return (TieKind.TEMPLATE if f.containment >= COPIED else None), "other numbers in the same words"
    if f.containment < COPIED:
        return TieKind.FOLLOW_UP, "some passages are shared"
    if _days_differ(short.title, long.title):
        return TieKind.TEMPLATE, "the headlines name other days"
    if f.new_words > MOST_NEW_WORDS:
        return TieKind.FOLLOW_UP, "too many new words"
    if _few_numbers_kept(a, b):
        return TieKind.FOLLOW_UP, "too few of the numbers are shared"
    if _is_roundup(long.title, f):
        return TieKind.CONTAINS, "a roundup"
    if at_home:
        return _verdict_at_home(f)
    if f.opening < SAME_OPENING and f.containment < COPIED_IF_BEGUN_ANEW:
        return TieKind.FOLLOW_UP, "another beginning"
    return TieKind.COPY, "the text is shared"


def _verdict_at_home(f: Figures) -> tuple[TieKind, str]:
    if f.jaccard < JACCARD_AT_HOME:
        return TieKind.FOLLOW_UP, "one portal, and too much of its own"
    if f.opening < SAME_OPENING_AT_HOME and f.jaccard < ALIKE_AT_HOME:
        return TieKind.FOLLOW_UP, "one portal, and another beginning"
    if f.added > MOST_ADDED_AT_HOME:
        return TieKind.FOLLOW_UP, "one portal, and a passage of its own"
    return TieKind.COPY, "one portal, and nearly all of the text is shared"


def _is_roundup(title: str, f: Figures) -> bool:
    if f.opening >= SAME_OPENING:
        return False
    return f.length_ratio < (TITLED_ROUNDUP_LENGTH if _ROUNDUP.search(title) else ROUNDUP_LENGTH)


def _numbers_in_place(short: str, long: str, own_day: int) -> tuple[int, int]:
    """Return how many of the shorter text's numbers and days stand in the same words with the same, another value.

    A day that is mistyped in one of the two counts as neither.
    """
    there = places_of_numbers(long)
    kept: dict[str, bool] = {}
    for place, values in places_of_numbers(short).items():
        others = there.get(place, set())
        for value in values if others else ():
            same = value in others or any(_same(value, other, own_day) for other in others)
            if same or not any(is_slip(value, other) for other in others):
                number = value.partition(" ")[0]
                kept[number] = kept.get(number, False) or same
    return sum(kept.values()), len(kept) - sum(kept.values())


def _same(value: str, other: str, within: int) -> bool:
    """Say whether two numbers are the same, or two days no more days apart than `within`; weekdays do not count."""
    one, two = value.partition(" ")[0], other.partition(" ")[0]
    return one == two or (one[0] == two[0] == DAY and abs(int(one[1:]) - int(two[1:])) <= within)


def _few_numbers_kept(a: Text, b: Text) -> bool:
    fewer, more = sorted(({t for t in text.tokens if t[0] == NUMBER} for text in (a, b)), key=len)
    return len(fewer) >= FEWEST_NUMBERS and len(fewer & more) < FEWEST_KEPT * len(fewer)


def _days_differ(title: str, other: str) -> bool:
    days, others = ({token for token in tokens_of(text) if token[0] == DAY} for text in (title, other))
    return bool(days and others and not days & others)
