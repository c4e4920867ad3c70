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
from itertools import pairwise
from zoneinfo import ZoneInfo

from kwri_crawler.archive.health import MEMORY
from kwri_crawler.health import Word, volume
from kwri_crawler.health.low_days import shared_low_days
from kwri_crawler.health.past import CrawlEnd, Past, State
from tests.trials.year import FIRST, ZONE, Fault, Newsroom, befallen_by, newsrooms, onset

LEARNING = 35  # days at the beginning on which nobody is judged
DECLINE = Fault("a slow decline", Word.QUIET, FIRST + timedelta(days=214), 75, least_rate=15.0)
SIZES = (15, 20, 30, 100)  # articles a day: the declines are told of by the size of the portal


@dataclass(frozen=True)
class Judged:
    """What the judge of volume made of one country of newsrooms."""

    portal_days: int
    false_alarms: tuple[str, ...]
    declines: tuple[tuple[float, int | None], ...]  # articles a day, and days from the day on which half is gone to the
    # word: below 0 sooner, null if never


def live(seed: int, portals: int = 40, days: int = 365, declining: int = 5) -> Judged:
    """Live through a year of counts, judging every evening; some portals decline, the others are as they ever were."""
    chance = random.Random(seed)
    rooms = newsrooms(portals, chance, (), FIRST + timedelta(days=200))
    for _ in range(declining):
        if fits := befallen_by(DECLINE, rooms):  # a country may have fewer that are large enough
            chance.choice(fits).fault = DECLINE
    past = {room.portal.id: Past(room.portal.id, ZONE, None, {}) for room in rooms}
    false: list[str] = []
    judged = 0
    named: dict[str, int] = {}  # by portal
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
                    named.setdefault(room.portal.id, (day - onset(DECLINE)).days)
                else:
                    false.append(f"seed {seed}, {room.portal.id} ({room.rate:.0f} a day), {day}: {found[0].text}")
            if bool(found) is not was:
                past[room.portal.id] = _with(before, state=State(Word.QUIET if found else Word.WELL, now))
    declines = tuple((room.rate, named.get(room.portal.id)) for room in rooms if room.fault)
    return Judged(judged, tuple(false), declines)


def _declines(room: Newsroom, day: date) -> bool:
    return room.fault is not None and DECLINE.begins <= day < DECLINE.begins + timedelta(days=DECLINE.days + 14)


def _add(past: Past, day: date, now: datetime, count: int) -> Past:
    first = day - MEMORY
    per_day = {known: value for known, value in past.per_day.items() if known >= first} | {day: count}
    crawl = CrawlEnd(now, day, well=True, finish="finished", reason=None, stored=count, lost=0)
    crawls = (*past.crawls[1 - MEMORY.days :], crawl)
    return Past(past.portal, past.zone, past.began_at or now, per_day, crawls=crawls, state=past.state)


def _with(past: Past, state: State) -> Past:
    return Past(past.portal, past.zone, past.began_at, past.per_day, crawls=past.crawls, state=state)


def lines(years: Iterable[Judged]) -> list[str]:
    """Write the figures for a person."""
    years = list(years)
    false = [alarm for year in years for alarm in year.false_alarms]
    declines = [decline for year in years for decline in year.declines]
    portal_years = sum(year.portal_days for year in years) / 365
    return [
        *false,
        f"{len(false)} false alarms in {portal_years:.0f} portal-years",
        *(_promptness(declines, least, most) for least, most in pairwise(SIZES)),
        _promptness(declines, SIZES[0], SIZES[-1]),
    ]


def _promptness(declines: Iterable[tuple[float, int | None]], least: float, most: float) -> str:
    days = sorted(999 if after is None else after for rate, after in declines if least <= rate < most)
    in_time = sum(after <= 2 for after in days)
    middle = f", the middle one after {days[len(days) // 2]}, the last after {days[-1]}" if days else ""
    return (
        f"of {len(days)} slow declines of portals with {least} to {most} articles a day {in_time} were named within two"
        f" days of losing half{middle}"
    )


def main() -> int:
    """Run the trial and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=25, help="countries of 40 newsrooms (25)")
    parser.add_argument("--first", type=int, default=1, help="the first of them (1)")
    options = parser.parse_args()
    print("\n".join(lines([live(options.first + number) for number in range(options.seeds)])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
