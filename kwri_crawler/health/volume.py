"""Check whether a portal publishes as much as it used to, by weekday; without low days and days without a crawl."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kwri_crawler.health.chance import SURE, at_most
from kwri_crawler.health.low_days import known_low_days
from kwri_crawler.health.past import Past, Reason, Word
from kwri_crawler.health.sentences import Says
from kwri_crawler.health.windows import bad_since, well_since

# (complete days that are looked at, the share of the usual below which a portal is quiet). A few days may fall to a
# third by the mood of a newsroom alone (seen in a simulated year: 0.35 of what was taken for usual, in three days).
# A window of n days is a new one only every n days, so it may err n times as often to raise as few alarms a year. These
# raised 3 alarms by chance in 904 simulated portal-years, and named 100 of 125 slow declines within two days of losing
# half; at twice the level and without the three weeks it was 5, and 95 (`make trial-volume`).
WINDOWS = ((2, 0.25), (3, 0.25), (4, 0.25), (7, 0.6), (14, 0.65), (21, 0.7))
SURE_A_DAY = SURE / WINDOWS[0][0]
MOOD = 0.25  # days of one newsroom differ at least by so much of their mean, however even a short past looks
AGAIN = 0.75  # of the usual in the last three days: it is back
BLOCK_DAYS = 56  # what is usual is learned from so many days
LEAST_DAYS = 14


def find(past: Past, now: datetime, low: frozenset[date]) -> Iterator[tuple[Word, Reason]]:
    """Find that a portal publishes far less than it used to; a word that was given stays on less evidence."""
    today, trouble, healed = past.today(now), bad_since(past.state, now), well_since(past.state)
    held = past.state is not None and past.state.word is Word.QUIET
    first = healed.astimezone(ZoneInfo(past.zone)).date() if healed else date.min
    counts = Counter(past.per_day)
    lost = Counter[date]()
    for crawl in past.crawls:
        lost[crawl.day] += crawl.lost
    read = {crawl.day for crawl in past.crawls if crawl.well or crawl.stored}
    days = sorted(
        day for day in read
        if day < today and day not in low and day not in known_low_days(day.year) and lost[day] <= counts[day] + 2
    )  # fmt: skip
    last = days[-3:]
    usual = Usual(days, counts, before=last[0] if last else today, bad_since=trouble)
    if usual.of(last) and sum(counts[day] for day in last) >= AGAIN * usual.of(last):
        return
    for length, share in WINDOWS:
        window = days[-length:]
        if len(window) < length or window[0] < first or (today - window[-1]).days > 14:
            continue
        usual = Usual(days, counts, before=window[0], bad_since=trouble)
        expected, came = usual.of(window), sum(counts[day] for day in window)
        level = SURE_A_DAY * length
        if came < share * expected and (held or at_most(came, expected, usual.spread_over(length)) < level):
            yield Word.QUIET, Reason(Says.FEWER, {"came": came, "days": length, "usual": round(expected, 1)})
            return


class Usual:
    """What a portal publishes on each weekday: the better of its last eight weeks and the eight before.

    The memory is long so that a decline over months is not taken for what is usual.
    """

    def __init__(self, days: list[date], counts: Counter[date], before: date, bad_since: datetime | None) -> None:
        end = min(before, bad_since.date()) if bad_since else before
        block = timedelta(days=BLOCK_DAYS)
        blocks = [[day for day in days if end - (n + 1) * block <= day < end - n * block] for n in (0, 1)]
        enough = [found for found in blocks if len(found) >= LEAST_DAYS]
        best = max(enough, key=lambda found: sum(counts[day] for day in found) / len(found), default=[])
        self._mean: dict[int, float] = {}
        self._days = len(best)
        self.spread = 1.0
        if not best:
            return
        overall = sum(counts[day] for day in best) / len(best)
        for weekday in range(7):
            same = [counts[day] for day in best if day.weekday() == weekday]
            # One day of the overall mean steadies a weekday that was seen a few times only.
            self._mean[weekday] = (sum(same) + overall) / (len(same) + 1)
        squares = [(counts[day] - self._mean[day.weekday()]) ** 2 / max(self._mean[day.weekday()], 0.2) for day in best]
        self.spread = max(1 + MOOD**2 * overall, sum(squares) / (len(best) - 7))

    def spread_over(self, length: int) -> float:
        """Return the variance of the sum of so many days over its mean: theirs, and that of what is taken for usual."""
        return self.spread * (1 + length / max(1, self._days))

    def of(self, days: list[date]) -> float:
        """Return how many articles these days would bring."""
        return sum(self._mean.get(day.weekday(), 0.0) for day in days)
