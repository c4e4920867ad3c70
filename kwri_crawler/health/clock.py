"""Detect that a portal's clock has jumped: its articles come hours earlier or later than before, all at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median_high

from kwri_crawler.health import windows
from kwri_crawler.health.chance import at_least, quantile
from kwri_crawler.health.past import Arrival, Past, Reason, Word
from kwri_crawler.health.sentences import Says

CLOCK_H = 2.0  # hours by which all lags of a portal must move at once
SHARED_H = 1.0  # hours by which the lags of most portals must move to be nobody's fault
# Shares of the usual lags that lie beyond an edge: the outer edge shows a jump in fewer articles, the inner one a jump
# that is not much wider than the usual lags are.
EDGES = (0.05, 0.01)
_END = datetime.max.replace(tzinfo=UTC)


def lag_shift(past: Past, now: datetime) -> float | None:
    """Return by how many hours the portal's lag differs from its own usual; null when too little is known."""
    pauses = _pauses(past)
    usual = _lags(windows.usual(past, now), pauses)
    recent = _lags(past.arrivals[windows.after(past, now - timedelta(days=2)) :], pauses)
    return median_high(recent) - median_high(usual) if len(usual) >= windows.LEAST_USUAL and len(recent) >= 3 else None


def find(past: Past, now: datetime, shared_h: float) -> Iterator[tuple[Word, Reason]]:
    """Find that all publications moved by hours at once."""
    pauses = _pauses(past)
    usual = windows.usual(past, now)
    before = _lags(usual, pauses)
    if len(before) < windows.LEAST_USUAL:
        return
    future = sum(arrival.future for arrival in usual) / len(usual)
    level = windows.level(past.state, Word.BROKEN)
    for days, window in windows.recent(past, now):
        ahead = sum(arrival.future for arrival in window)
        if ahead > len(window) / 2 and at_least(ahead, len(window), max(0.05, future)) < level:
            yield Word.BROKEN, Reason(Says.FUTURE, {"ahead": ahead, "total": len(window), "days": days})
            return
        lags = _lags(window, pauses)
        if len(lags) < windows.LEAST:
            continue
        if abs(shared_h) >= SHARED_H:  # we came late to all of them: the machine was off, or the network
            return
        shift = median_high(lags) - median_high(before)
        if abs(shift) >= CLOCK_H and _chance(lags, before, later=shift > 0) < level:
            says = Says.EARLIER if shift > 0 else Says.LATER
            yield Word.BROKEN, Reason(says, {"days": days, "hours": round(abs(shift), 1)})
            return
        if level == windows.HELD:  # the shortest window says whether it is mended: a longer one remembers the jump
            return


def _chance(lags: Sequence[float], before: Sequence[float], *, later: bool) -> float:
    """Return how likely chance alone puts so many lags beyond an edge of the usual ones."""
    found = 1.0
    for share in EDGES:
        edge = quantile(before, 1 - share if later else share)
        usual, now = (sum(lag > edge if later else lag < edge for lag in some) for some in (before, lags))
        found = min(found, at_least(now, len(lags), (usual + 1) / (len(before) + 2)) * len(EDGES))
    return found


def _pauses(past: Past) -> list[tuple[datetime, datetime]]:
    """Return the spans of crawls that caught up after a pause or a block: what they found late, we were late to find.

    A span lasts from the beginning of such a crawl to that of the next.
    """
    well = [crawl.at for crawl in past.crawls if crawl.well]
    gaps = [later - earlier for earlier, later in pairwise(well)]
    if not gaps:
        return []
    longest = quantile([gap.total_seconds() for gap in gaps], 0.9) + CLOCK_H * 3600
    starts = {later for (_, later), gap in zip(pairwise(well), gaps, strict=True) if gap.total_seconds() > longest}
    moments = [crawl.at for crawl in past.crawls]
    return [(at, end) for at, end in zip(moments, [*moments[1:], _END], strict=True) if at in starts]


def _lags(arrivals: Sequence[Arrival], pauses: Sequence[tuple[datetime, datetime]]) -> list[float]:
    """Return the lags that are the portal's own, hours."""
    return [
        arrival.lag_h
        for arrival in arrivals
        if arrival.lag_h is not None and not any(start <= arrival.at < end for start, end in pauses)
    ]
