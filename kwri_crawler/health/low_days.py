"""List the days with few articles for a good reason: holidays, and days on which most portals publish less."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from statistics import median_high

from kwri_crawler.health.past import Past

LOW = 0.7  # of what is usual
LEAST_PORTALS = 5  # fewer say nothing about the country
# Homeward travel and leave around Idul Fitri: newsrooms are empty from two days before until a week after.
_LEBARAN = range(-2, 9)


@lru_cache(maxsize=32)
def known_low_days(year: int) -> frozenset[date]:
    """Return Indonesia's public holidays of a year, with the days of leave around Idul Fitri."""
    import holidays  # seldom asked for, and slow to load

    days: set[date] = set()
    for day, name in holidays.country_holidays("ID", years=year, language="en_US").items():
        if "Eid al-Fitr" in name:
            days.update(day + timedelta(days=offset) for offset in _LEBARAN)
        days.add(day)
    return frozenset(days)


def shared_low_days(pasts: Iterable[Past], now: datetime) -> frozenset[date]:
    """Return the complete days on which the middle portal published far less than it does on that weekday."""
    shares: dict[date, list[float]] = defaultdict(list)
    for past in pasts:
        counts = Counter(past.per_day)
        today = past.today(now)
        observed = sorted({crawl.day for crawl in past.crawls if crawl.day < today})
        if len(observed) < 21:
            continue
        by_weekday: dict[int, list[float]] = defaultdict(list)
        for day in observed:
            by_weekday[day.weekday()].append(counts[day])
        usual = {weekday: median_high(values) for weekday, values in by_weekday.items()}
        for day in observed:
            if usual[day.weekday()] >= 1:
                shares[day].append(counts[day] / usual[day.weekday()])
    return frozenset(day for day, all_ in shares.items() if len(all_) >= LEAST_PORTALS and median_high(all_) < LOW)
