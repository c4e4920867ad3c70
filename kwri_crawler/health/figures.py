"""Compute a portal's figures of the last week and its usual ones, for a person who asks what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_high

from kwri_crawler.causes import Cause
from kwri_crawler.health.past import Arrival, CrawlEnd, Past


@dataclass(frozen=True, slots=True)
class Figures:
    """One span of time; null where nothing came that could be measured."""

    articles_a_day: float | None
    author: float | None  # shares, 0 to 1
    section: float | None
    image: float | None
    to_the_minute: float | None
    words: float | None  # of the middle article
    lag_h: float | None  # of the middle article, from publication until we knew of it
    lost: float | None  # share of pages that brought no article
    crawls_unread: float | None  # share of crawls that did not read the portal whole


@dataclass(frozen=True, slots=True)
class Portrait:
    """All that is told of a portal."""

    week: Figures
    usual: Figures  # the eight weeks before
    weekdays: tuple[float | None, ...]  # articles on each, Monday first, over both
    lost_by_cause: tuple[tuple[Cause | None, int], ...]  # of the last week, the most frequent first; None is unknown


def portray(past: Past, now: datetime) -> Portrait:
    """Measure the last seven days and the eight weeks before them."""
    week, before = now - timedelta(days=7), now - timedelta(days=63)
    counts = Counter(past.per_day)
    days = {crawl.day for crawl in past.crawls if crawl.at > before and crawl.day < past.today(now)}
    weekdays = []
    for number in range(7):
        same = [counts[day] for day in days if day.weekday() == number]
        weekdays.append(sum(same) / len(same) if same else None)
    causes = Counter(loss.cause for loss in past.losses)
    return Portrait(
        _figures([a for a in past.arrivals if a.at > week], [c for c in past.crawls if c.at > week]),
        _figures(
            [a for a in past.arrivals if before < a.at <= week], [c for c in past.crawls if before < c.at <= week]
        ),
        tuple(weekdays),
        tuple(causes.most_common()),
    )


def _figures(arrivals: Sequence[Arrival], crawls: Sequence[CrawlEnd]) -> Figures:
    number = len(arrivals)
    days = len({crawl.day for crawl in crawls})
    lost = sum(crawl.lost for crawl in crawls)
    lags = [arrival.lag_h for arrival in arrivals if arrival.lag_h is not None]
    return Figures(
        articles_a_day=number / days if days else None,
        author=sum(a.author for a in arrivals) / number if number else None,
        section=sum(a.section for a in arrivals) / number if number else None,
        image=sum(a.image for a in arrivals) / number if number else None,
        to_the_minute=sum(a.minute for a in arrivals) / number if number else None,
        words=median_high([a.words for a in arrivals]) if number else None,
        lag_h=median_high(lags) if lags else None,
        lost=lost / (lost + number) if lost + number else None,
        crawls_unread=sum(not crawl.well for crawl in crawls) / len(crawls) if crawls else None,
    )
