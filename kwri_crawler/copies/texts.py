"""A text as the search for copies reads it: words, numbers and days as tokens, passages of five of them as hashes.

Nothing here knows what a copy is. A day ("9 Juni 2025", "9/6") is one token and so is a number ("1.500" is "1500"),
so that two texts can be asked whether they say the same words with other numbers in them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import xxhash

from kwri_crawler.pages.text import casefolded, split

PASSAGE = 5  # words; shorter ones are chance, longer ones break at every edit
NUMBER, DAY, WEEKDAY = "\x01", "\x02", "\x03"  # the first character of a token that is one
OPENING = 60  # words
LONGEST = 60_000  # characters, some 8,000 words: of a longer text only that much is compared

_MONTHS = ("jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des")
# It begins with a digit that is no alternative's own: only so does `re` skip what holds none.
_NUMERIC = re.compile(
    r"(?P<first>\d)(?:(?P<second>\d?)\s*(?:/\s*(?P<month>\d{1,2})(?:\s*/\s*\d{2,4})?\b|(?:[-–]\s*\d{1,2}\s+)?"
    r"(?P<name>jan(?:uari)?|feb(?:ruari)?|mar(?:et)?|apr(?:il)?|mei|juni?|juli?|agu(?:stus)?|ags|sep(?:tember)?"
    r"|okt(?:ober)?|nov(?:ember)?|des(?:ember)?)\b(?:\s+(?:19|20)\d\d\b)?)|\d*(?:[.,]\d+)*)"
)
_THOUSANDS = re.compile(r"[.,](?=\d{3}(?!\d))")
_YEAR = re.compile(r"(?:19|20)\d\d")
_TOKEN = re.compile(r"[\x01\x02]?[^\W_]+")
_WEEKDAYS = frozenset(("senin", "selasa", "rabu", "kamis", "jumat", "jum", "sabtu", "minggu", "ahad"))
_PLAIN_NEEDED = 3  # words that are no numbers, for a passage to say where a number stands

Place = tuple[str, ...]  # a passage around a number, the number's own place and every number masked


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """A text's tokens in order, and the 64-bit hashes of its passages: in order, and as a set."""

    tokens: tuple[str, ...]
    passages: tuple[int, ...]
    different: frozenset[int]

    @property
    def words(self) -> frozenset[str]:
        """Return its different tokens."""
        return frozenset(self.tokens)

    @property
    def opening(self) -> frozenset[tuple[str, ...]]:
        """Return its first words, three by three."""
        first = self.tokens[:OPENING]
        return frozenset(zip(first, first[1:], first[2:], strict=False))


def tokens_of(text: str) -> tuple[str, ...]:
    """Return the tokens of a text; a number's begins with NUMBER, a day's with DAY and goes on as 31 a month."""
    return split(_NUMERIC.sub(_mark, fold(text)), _TOKEN)


def fold(text: str) -> str:
    """Return a text as all comparing takes it: NFKC, and case-folded."""
    return casefolded(unicodedata.normalize("NFKC", text))


def _mark(found: re.Match[str]) -> str:
    first, second, month, name = found.groups()
    if month or name:
        return f" {DAY}{int(first + second) + 31 * (int(month) if month else _month_number(name))} "
    number = _THOUSANDS.sub("", found[0])
    if _YEAR.fullmatch(number):
        return f" {number} "  # the same in all of a year's texts: it tells no two apart
    return f" {NUMBER}{number.replace(',', 'p').replace('.', 'p').lstrip('0') or '0'} "


def _month_number(name: str) -> int:
    return 8 if name == "ags" else _MONTHS.index(name[:3]) + 1


def read_text(body: str) -> Text:
    """Read a text."""
    tokens = tokens_of(body[:LONGEST])
    passages = passages_of(tokens)
    return Text(tokens, passages, frozenset(passages))


def passages_of(tokens: Sequence[str]) -> tuple[int, ...]:
    """Return the 64-bit hashes of all runs of five tokens, in order; empty for fewer tokens."""
    words = " ".join(tokens).encode("utf-8", "replace").split(b" ")
    runs = zip(*(words[shift:] for shift in range(PASSAGE)), strict=False)
    return tuple(map(xxhash.xxh64_intdigest, map(b" ".join, runs)))


@lru_cache(maxsize=128)  # some 50 kB each
def kept_text(body: str) -> Text:
    """Read a text that is compared, and keep it: it has several neighbours, and they have it."""
    return read_text(body)


@lru_cache(maxsize=64)
def places_of_numbers(body: str) -> dict[Place, set[str]]:
    """Return the passages around each number and day, with what stands there."""
    tokens = kept_text(body).tokens
    places: dict[Place, set[str]] = {}
    for first, place in places_in(tokens):
        places.setdefault(place, set()).add(_with_weekday(tokens, first + int(place[0])))
    return places


def places_in(tokens: Sequence[str]) -> Iterator[tuple[int, Place]]:
    """Yield the passages around each number and day, and where each begins."""
    masked = [_masked(token) for token in tokens]
    plain = [mask not in (NUMBER, DAY, WEEKDAY) for mask in masked]
    for index, mask in enumerate(masked):
        if mask not in (NUMBER, DAY):
            continue
        for first in range(max(0, index - PASSAGE + 1), min(index, len(tokens) - PASSAGE) + 1):
            if sum(plain[first : first + PASSAGE]) >= _PLAIN_NEEDED:
                yield first, (str(index - first), *masked[first : first + PASSAGE])


def _with_weekday(tokens: tuple[str, ...], index: int) -> str:
    """Return a number's token; a day's with the weekday that stands before it: "Rabu (18/6)"."""
    before = tokens[index - 1] if index else ""
    return f"{tokens[index]} {before}" if tokens[index][0] == DAY and before in _WEEKDAYS else tokens[index]


def is_slip(day: str, other: str) -> bool:
    """Say whether two days with one weekday, as places_of_numbers() has them, cannot both be right in any year.

    "Rabu (18/5)" beside "Rabu (18/6)": one is mistyped.
    """
    (one, _, weekday), (two, _, weekday_too) = day.partition(" "), other.partition(" ")
    if not weekday or weekday != weekday_too or one == two:
        return False
    return all(_weeks_apart(one, two, year) is not True for year in (2023, 2024))  # one without a leap day, one with it


def _weeks_apart(one: str, other: str, year: int) -> bool | None:
    """Say whether whole weeks lie between two days' tokens; None where one is no day of the calendar."""
    try:
        first, second = (date(year, (n - 1) // 31, (n - 1) % 31 + 1) for n in (int(one[1:]), int(other[1:])))
    except ValueError:
        return None
    return (first - second).days % 7 == 0


def _masked(token: str) -> str:
    if token[0] in (NUMBER, DAY):
        return token[0]
    return WEEKDAY if token in _WEEKDAYS else token


def longest_gap(text: Text, shared: frozenset[int]) -> int:
    """Return the most tokens in a row that lie in no shared passage."""
    lying = bytearray(len(text.tokens))
    for index, passage in enumerate(text.passages):
        if passage in shared:
            lying[index : index + PASSAGE] = b"\x01" * PASSAGE
    return max(map(len, bytes(lying).split(b"\x01")))
