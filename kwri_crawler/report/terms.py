"""Find the words that rose in a month against the months before; each story counts once, so copies add nothing.

The measure is the log-odds ratio with an informative Dirichlet prior, in standard errors (Monroe, Colaresi and Quinn,
"Fightin' Words", 2008), on how many stories hold a word: rare words need a large rise, and frequent ones a sure rise.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

FEWEST = 5  # stories of the month that hold a term
LEAST_Z = 3.0  # standard errors: some ten thousand words are compared, and chance alone gives 2 of them often
FEWEST_STORIES = 100  # of a period whose terms are compared: of fewer, chance alone lets words rise
TOGETHER = 0.4  # share of the stories with either of two terms that hold both, from which they speak of one matter
MOST_BESIDE = 4  # further terms of one matter
_MOST_PLACES = 100  # stories of a term that are compared with those of another
PRIOR = 20.0  # stories' worth of belief that nothing changed
_WORD = re.compile(r"[^\W\d_]{3,}(?:-[^\W\d_]{2,})*")
_NAMES = re.compile(r"\b[A-Z][^\W\d_]{2,}(?: [A-Z][^\W\d_]{2,}\b)+")
# In UTF-8, what is no letter of ASCII and no hyphen parts words; what is beyond ASCII is left to _WORD.
_PARTED = bytes(byte if byte >= 128 or chr(byte).isalpha() or byte == ord("-") else ord(" ") for byte in range(256))


@dataclass(frozen=True, slots=True)
class Risen:
    """A term that rose."""

    term: str
    stories: int  # of the month that hold it
    share: float  # ... of all its stories
    share_before: float  # of the stories of the months before
    z: float  # standard errors above no change
    beside: tuple[str, ...] = ()  # terms of the same stories, which rose too


@cache
def stop_words() -> frozenset[str]:
    """Return the words that are in every text: function words, reporting verbs, days and months."""
    text = files("kwri_crawler.report").joinpath("stopwords.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def terms_of(title: str, body: str) -> set[str]:
    """Return a text's different terms: words in small letters, and names of two words as they are written."""
    stop = stop_words()
    terms = _words(f"{title}\n{body}".casefold()) - stop
    # Headlines write Every Word Large; only the body tells names, and each pair of a longer one.
    for names in set(_NAMES.findall(body)):
        words = names.split(" ")
        terms.update(
            f"{a} {b}" for a, b in itertools.pairwise(words) if a.casefold() not in stop and b.casefold() not in stop
        )
    return terms


def _words(text: str) -> set[str]:
    """Return what _WORD finds in a text, sooner: nearly all words are letters of ASCII."""
    pieces = set(text.encode("utf-8", "surrogatepass").translate(_PARTED).decode("utf-8", "surrogatepass").split())
    odd = {piece for piece in pieces if "-" in piece or not piece.isascii()}
    words = {piece for piece in pieces - odd if len(piece) > 2}
    return words.union(*map(_WORD.findall, odd))


class TermCounter:
    """Counts in how many stories each term is; of a story's articles the first that comes counts."""

    def __init__(self, only: frozenset[str] | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self.places: defaultdict[str, list[int]] = defaultdict(list)  # the first stories of a term, from 1
        self.stories = 0
        self._only = only
        self._seen: set[int] = set()

    def add(self, story: int | None, title: str, body: str) -> None:
        """Count an article, unless its story was counted."""
        if story is not None:
            if story in self._seen:
                return
            self._seen.add(story)
        self.stories += 1
        terms = terms_of(title, body)
        self.counts.update(terms if self._only is None else terms & self._only)
        for term in terms if self._only is None else ():
            if len(places := self.places[term]) < _MOST_PLACES:
                places.append(self.stories)

    def frequent(self) -> frozenset[str]:
        """Return the terms that are in enough stories to be compared."""
        return frozenset(term for term, number in self.counts.items() if number >= FEWEST)


def risen(now: TermCounter, before: TermCounter, most: int = 20) -> tuple[Risen, ...]:
    """Return the terms that rose, the surest first and those of the same stories beside it.

    None without stories before, or where there are fewer than FEWEST_STORIES now.
    """
    if not before.stories or now.stories < FEWEST_STORIES:
        return ()
    found = []
    for term in now.frequent():
        one, other = now.counts[term], before.counts[term]
        prior = PRIOR * (one + other) / (now.stories + before.stories)
        z = _z(one, now.stories, other, before.stories, prior)
        if z >= LEAST_Z:
            found.append(Risen(term, one, one / now.stories, other / before.stories, z))
    found.sort(key=lambda risen: (-risen.z, risen.term))
    return tuple(_by_matter(_without_parts(found, now.counts), now.places, most))


def _by_matter(found: Iterable[Risen], places: Mapping[str, Sequence[int]], most: int) -> list[Risen]:
    """Put terms that stand in the same stories beside the surest of them: one release would fill the list."""
    kept: list[Risen] = []
    for one in found:
        other = next((n for n, two in enumerate(kept) if _is_together(places[one.term], places[two.term])), None)
        if other is not None:
            kept[other] = replace(kept[other], beside=(*kept[other].beside, one.term)[:MOST_BESIDE])
        elif len(kept) < most:
            kept.append(one)
    return kept


def _is_together(one: Sequence[int], other: Sequence[int]) -> bool:
    """Say whether two terms stand in the same stories, as far as both lists of them reach."""
    ends = [places[-1] for places in (one, other) if len(places) == _MOST_PLACES]
    first, second = ({place for place in places if place <= min(ends, default=place)} for places in (one, other))
    return len(first & second) >= TOGETHER * len(first | second)


def _z(one: int, all_one: int, other: int, all_other: int, prior: float) -> float:
    odds = math.log((one + prior) / (all_one + PRIOR - one - prior)) if one < all_one else math.inf
    odds_before = math.log((other + prior) / (all_other + PRIOR - other - prior)) if other < all_other else math.inf
    if math.isinf(odds) or math.isinf(odds_before):  # in every story: furniture, not news
        return 0.0
    return (odds - odds_before) / math.sqrt(1 / (one + prior) + 1 / (other + prior))


def _without_parts(found: Iterable[Risen], counts: Counter[str]) -> Iterable[Risen]:
    """Leave out the words of a name that hardly stand without it: "Persela Lamongan" says it, not "persela" too."""
    found = list(found)
    names = [risen.term for risen in found if " " in risen.term]
    for one in found:
        longer = [name for name in names if one.term in name.casefold().split()]
        if not any(counts[name] >= 0.7 * one.stories for name in longer):
            yield one
