"""`make trial-volume`: how often chance alone makes a portal "quiet", and how soon a slow decline is named.

The newsrooms are those of the simulated year, by their daily counts alone: hundreds of portal-years in minutes, where
`make trial-year` writes every row that a crawl would, for a few.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from kwri_crawler.health import Word, volume
from kwri_crawler.health.low_days import shared_low_days
from kwri_crawler.health.past import CrawlEnd, Past, State
from tests.trials.year import FIRST, ZONE, Fault, Newsroom, newsrooms, onset

LEARNING = 35  # days at the beginning on which nobody is judged
DECLINE = Fault("a slow decline", Word.QUIET, FIRST + timedelta(days=214), 75, least_rate=15.0)


@dataclass(frozen=True)
class Judged:
    """What the judge of volume made of one country of newsrooms."""

    portal_days: int
    false_alarms: tuple[str, ...]
    rate: float  # articles a day of the portal that declines
    named_after: int | None  # days from the day on which half of it is gone, below 0 sooner; null if never


def live(seed: int, portals: int = 40, days: int = 365) -> Judged:
    """Live through a year of counts, judging every evening."""
    chance = random.Random(seed)
    rooms = newsrooms(portals, chance, [DECLINE], FIRST + timedelta(days=200))
    past = {room.portal.id: Past(room.portal.id, ZONE, None, {}) for room in rooms}
    false: list[str] = []
    judged = 0
    named: int | None = None
    for number in range(days):
        day = FIRST + timedelta(days=number)
        now = datetime(day.year, day.month, day.day, 21, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
        for room in rooms:
            if day >= room.born:
                past[room.portal.id] = _add(past[room.portal.id], day, now, len(room.publish(day, chance)))
        if number < LEARNING:
            continue
        low = shared_low_days(past.values(), now)
        for room in rooms:
            before = past[room.portal.id]
            found = [reason for _, reason in volume.find(before, now, low)]
            was = before.state is not None and before.state.word is Word.QUIET
            judged += 1
            if found and not was:
                if _declines(room, day):
                    named = (day - onset(DECLINE)).days if named is None else named
                else:
                    false.append(f"seed {seed}, {room.portal.id} ({room.rate:.0f} a day), {day}: {found[0].text}")
            if bool(found) is not was:
                past[room.portal.id] = _with(before, state=State(Word.QUIET if found else Word.WELL, now))
    (declining,) = (room for room in rooms if room.fault)
    return Judged(judged, tuple(false), declining.rate, named)


def _declines(room: Newsroom, day: date) -> bool:
    return room.fault is not None and DECLINE.begins <= day < DECLINE.begins + timedelta(days=DECLINE.days + 14)


def _add(past: Past, day: date, now: datetime, count: int) -> Past:
    first = day - timedelta(days=120)
    per_day = {known: value for known, value in past.per_day.items() if known >= first} | {day: count}
    crawls = (*past.crawls[-119:], CrawlEnd(now, day, well=True, finish="finished", reason=None, stored=count, lost=0))
    return Past(past.portal, past.zone, past.began_at or now, per_day, crawls=crawls, state=past.state)


def _with(past: Past, state: State) -> Past:
    return Past(past.portal, past.zone, past.began_at, past.per_day, crawls=past.crawls, state=state)


def lines(years: Iterable[Judged]) -> list[str]:
    """Write the figures for a person."""
    years = list(years)
    false = [alarm for year in years for alarm in year.false_alarms]
    named = sorted(year.named_after if year.named_after is not None else 999 for year in years)
    portal_years = sum(year.portal_days for year in years) / 365
    return [
        *false,
        f"{len(false)} false alarms in {portal_years:.0f} portal-years",
        f"of {len(named)} slow declines {sum(days <= 2 for days in named)} were named within two days of losing half,"
        f" the middle one after {named[len(named) // 2]}, the last after {named[-1]}",
    ]


def main() -> int:
    """Run the trial and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=25, help="countries of 40 newsrooms (25)")
    options = parser.parse_args()
    print("\n".join(lines([live(seed) for seed in range(1, options.seeds + 1)])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
