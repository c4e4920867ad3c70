"""Compute how likely a change is by chance alone: tails of two distributions, and quantiles."""

from __future__ import annotations

import math
from collections.abc import Sequence

# A portal is tested several times a day for years. At this level chance alone raises an alarm in a few of a thousand
# portals a year (see volume.WINDOWS), and a tenfold drop of a portal with ten articles a day is certain after two days.
SURE = 1e-6


def at_most(observed: int, expected: float, spread: float) -> float:
    """Return the probability of so few or fewer events: negative binomial with variance `spread` * `expected`."""
    if expected <= 0:
        return 1.0
    spread = max(spread, 1.05)  # 1 is Poisson; no newsroom is more even than chance
    size = expected / (spread - 1)
    log_q, log_p = -math.log(spread), math.log(1 - 1 / spread)
    terms = [
        math.lgamma(k + size) - math.lgamma(size) - math.lgamma(k + 1) + size * log_q + k * log_p
        for k in range(observed + 1)
    ]
    return min(1.0, _sum_of_logs(terms))


def at_least(hits: int, tries: int, share: float) -> float:
    """Return the probability of so many or more hits: binomial."""
    if hits <= 0:
        return 1.0
    share = min(max(share, 1e-9), 1 - 1e-9)
    log_p, log_q = math.log(share), math.log(1 - share)
    terms = [
        math.lgamma(tries + 1) - math.lgamma(k + 1) - math.lgamma(tries - k + 1) + k * log_p + (tries - k) * log_q
        for k in range(hits, tries + 1)
    ]
    return min(1.0, _sum_of_logs(terms))


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of the others lies; the values need no order."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _sum_of_logs(terms: Sequence[float]) -> float:
    top = max(terms)
    return math.exp(top) * math.fsum(math.exp(term - top) for term in terms)
