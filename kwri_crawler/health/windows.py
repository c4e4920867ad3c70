"""Split a portal's articles into present and past; a problem that is over belongs to neither."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime, timedelta

from kwri_crawler.health.chance import SURE
from kwri_crawler.health.past import BAD, Arrival, Past, State, Word

MEMORY = timedelta(days=56)  # what is usual; and after so long a changed portal's present is its new usual
RECENT_DAYS = (1, 2, 4, 7)  # windows: a large portal is judged by its last day, a small one by its last week
LEAST = 8  # articles in a window, and
LEAST_USUAL = 40  # articles before it: fewer prove nothing
HELD = 0.01  # a word that was given stays until its cause is gone: less evidence keeps it than gave it


def level(state: State | None, *words: Word) -> float:
    """Return how unlikely chance must be for one of these words."""
    return HELD if state is not None and state.word in words else SURE


def bad_since(state: State | None, now: datetime) -> datetime | None:
    """Return when the trouble of now began: what came since is no measure. Null when there is none, or it is old."""
    return state.since if state is not None and state.word in BAD and now - state.since < MEMORY else None


def well_since(state: State | None) -> datetime | None:
    """Return when the last trouble was over: a window begins no sooner. Null in trouble, and for a new portal."""
    return state.since if state is not None and state.word is Word.WELL else None


def begin(past: Past, now: datetime, days: int) -> datetime:
    """Return where the window of the last days begins."""
    start, healed = now - timedelta(days=days), well_since(past.state)
    return start if healed is None else max(start, healed)


def usual(past: Past, now: datetime) -> tuple[Arrival, ...]:
    """Return the articles that show what is usual."""
    end = bad_since(past.state, now) or now
    end = min(end, now) - timedelta(days=2)
    return past.arrivals[after(past, end - MEMORY) : after(past, end)]


def recent(past: Past, now: datetime) -> Iterator[tuple[int, tuple[Arrival, ...]]]:
    """Yield windows that hold enough articles, the shortest first."""
    for days in RECENT_DAYS:
        window = past.arrivals[after(past, begin(past, now, days)) :]
        if len(window) >= LEAST:
            yield days, window


def after(past: Past, moment: datetime) -> int:
    """Return the place of the first article that came after a moment: they are in the order of their coming."""
    return bisect_right(past.arrivals, moment, key=lambda arrival: arrival.at)
