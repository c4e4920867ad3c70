"""One plain word for each portal, with reasons; a portal is compared with nothing but its own past.

The tests, the worst first: is it read at all (crawls), are pages read (losses), is its clock right (lags), does it
publish (arrivals), are its articles as full as they were (shares, words). Each needs an effect that a desk would care
about and one that chance does not explain.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from kwri_crawler.health import volume
from kwri_crawler.health.chance import SURE, at_least, median, quantile
from kwri_crawler.health.low_days import shared_low_days
from kwri_crawler.health.past import BAD, Arrival, CrawlEnd, Past, Reason, State, Verdict, Word
from kwri_crawler.health.signs import CURES, WORDS, Sign, sign_of

YOUNG = timedelta(days=14)
MEMORY = timedelta(days=56)  # what is usual; and after so long a changed portal's present is its new usual
UNREAD_FOR = timedelta(hours=20)  # a portal that no crawl could read for so long is not having a bad hour
RECENT_DAYS = (1, 2, 4, 7)  # windows: a large portal is judged by its last day, a small one by its last week
LEAST = 8  # articles in a window, and
LEAST_USUAL = 40  # articles before it: fewer prove nothing
CLOCK_H = 2.0  # hours by which all lags of a portal must move at once
HELD = 0.01  # a word that was given stays until its cause is gone: less evidence keeps it than gave it
SHARED_H = 1.0  # hours by which the lags of most portals must move to be nobody's fault


def judge_all(pasts: Iterable[Past], now: datetime) -> list[Verdict]:
    """Judge portals together: days and delays that most of them share are nobody's fault."""
    pasts = list(pasts)
    low = shared_low_days(pasts, now)
    shifts = [shift for past in pasts if (shift := _lag_shift(past, now)) is not None]
    shared_h = median(shifts) if len(shifts) >= 5 else 0.0
    return [judge(past, now, low, shared_h) for past in pasts]


def judge(past: Past, now: datetime, low: frozenset[date] = frozenset(), shared_lag_h: float = 0.0) -> Verdict:
    """Judge one portal; on the days `low` most portals fell, and lags moved by `shared_lag_h` hours for most."""
    found = list(_find(past, now, low, shared_lag_h))
    order = list(Word)
    word = min((word for word, _ in found), key=order.index, default=Word.WELL)
    reasons = tuple(reason for w, reason in sorted(found, key=lambda pair: order.index(pair[0])))
    if past.state is not None and past.state.word is word:
        since: datetime | None = past.state.since
    elif past.state is None and word not in BAD:
        since = past.began_at
    else:
        since = now
    return Verdict(past.portal, word, since, reasons)


def _find(past: Past, now: datetime, low: frozenset[date], shared_lag_h: float) -> Iterator[tuple[Word, Reason]]:
    unread = list(_unread_crawls(past, now))
    lost = [] if any(word is Word.BLOCKED for word, _ in unread) else list(_lost_pages(past, now))
    yield from unread
    yield from lost
    if past.began_at is None or now - past.began_at < YOUNG:
        yield Word.NEW, Reason("it was never crawled" if past.began_at is None else "crawled for less than two weeks",
                               "nothing: it is judged by its past once it has one")  # fmt: skip
        return
    usual = _usual(past, now)
    yield from _clock(past, usual, now, shared_lag_h)
    if not unread and not lost:
        held = past.state is not None and past.state.word is Word.QUIET
        yield from volume.find(past, past.today(now), low, bad_since(past.state, now), held)
    yield from _thin(past, usual, now)


# ---------------------------------------------------------------------- is it read at all?


def _unread_crawls(past: Past, now: datetime) -> Iterator[tuple[Word, Reason]]:
    """Find that no crawl of the last day ended well."""
    failed: list[CrawlEnd] = []
    for crawl in reversed(past.crawls):
        if crawl.finish in ("stopped", "killed", "archive", "error"):
            continue  # ours, not the portal's
        if crawl.well:
            break
        failed.append(crawl)
    if len(failed) < 2 or failed[0].at - failed[-1].at < UNREAD_FOR or now - failed[0].at > timedelta(days=7):
        return
    recent = [crawl for crawl in failed if failed[0].at - crawl.at <= timedelta(days=2)]
    signs = Counter(sign_of(crawl.reason or "") for crawl in recent)
    sign = signs.most_common(1)[0][0]
    since = failed[-1].at
    trouble = tuple(listing.url for listing in past.listings if listing.status not in ("read", None))
    stored = sum(crawl.stored for crawl in recent)
    # A block lets nothing through. Where articles come all the same, one listing of several is at fault.
    word = WORDS[sign] if not stored or WORDS[sign] is not Word.BLOCKED else Word.BROKEN
    still = f"; {stored} articles came by its other listings" if stored else ""
    text = f"no crawl read it whole since {since:%Y-%m-%d %H:%M} UTC ({failed[0].reason or failed[0].finish}){still}"
    yield word, Reason(text[:400], CURES[sign], trouble[:3])


def _lost_pages(past: Past, now: datetime) -> Iterator[tuple[Word, Reason]]:
    """Find that far more pages than usual brought no article."""
    usual = [crawl for crawl in past.crawls if now - MEMORY < crawl.at <= now - timedelta(days=7)]
    lost, stored = sum(crawl.lost for crawl in usual), sum(crawl.stored for crawl in usual)
    share = max(0.05, 1.5 * lost / max(1, lost + stored)) if lost + stored >= LEAST_USUAL else 0.1
    level = _level(past.state, Word.BROKEN, Word.BLOCKED)
    for days in RECENT_DAYS:
        begin = now - timedelta(days=days)
        losses = [loss for loss in past.losses if loss.at > begin]
        came = len(past.arrivals) - _after(past, begin)
        total = len(losses) + came
        # More than half: a portal that loses less is still being read.
        if len(losses) < 5 or len(losses) <= came or at_least(len(losses), total, share) > level:
            continue
        sign = Counter(sign_of(loss.reason) for loss in losses).most_common(1)[0][0]
        if sign is Sign.MOVED:  # listings name what was taken down: nothing that a person could mend
            continue
        of_sign = [loss for loss in losses if sign_of(loss.reason) is sign]
        text = f"{len(losses)} of {total} pages brought no article in {days} days: {of_sign[-1].reason}"
        yield WORDS[sign], Reason(text[:400], CURES[sign], tuple(loss.url for loss in of_sign[-3:]))
        return


# ---------------------------------------------------------------------- are its articles as they were?


def _level(state: State | None, *words: Word) -> float:
    """Return how unlikely chance must be for one of these words."""
    return HELD if state is not None and state.word in words else SURE


def bad_since(state: State | None, now: datetime) -> datetime | None:
    """Return when the trouble of now began: what came since is no measure. Null when there is none, or it is old."""
    return state.since if state is not None and state.word in BAD and now - state.since < MEMORY else None


def _usual(past: Past, now: datetime) -> tuple[Arrival, ...]:
    """Return the articles that show what is usual."""
    end = bad_since(past.state, now) or now
    end = min(end, now) - timedelta(days=2)
    return past.arrivals[_after(past, end - MEMORY) : _after(past, end)]


def _after(past: Past, moment: datetime) -> int:
    """Return the place of the first article that came after a moment: they are in the order of their coming."""
    return bisect_right(past.arrivals, moment, key=lambda arrival: arrival.at)


def _recent(past: Past, now: datetime) -> Iterator[tuple[int, tuple[Arrival, ...]]]:
    """Yield windows that hold enough articles, the shortest first."""
    for days in RECENT_DAYS:
        window = past.arrivals[_after(past, now - timedelta(days=days)) :]
        if len(window) >= LEAST:
            yield days, window


def _lag_shift(past: Past, now: datetime) -> float | None:
    """Return by how many hours the portal's lag differs from its own usual; null when too little is known."""
    usual = [arrival.lag_h for arrival in _usual(past, now) if arrival.lag_h is not None]
    recent = [a.lag_h for a in past.arrivals[_after(past, now - timedelta(days=2)) :] if a.lag_h is not None]
    return median(recent) - median(usual) if len(usual) >= LEAST_USUAL and len(recent) >= 3 else None


def _clock(past: Past, usual: tuple[Arrival, ...], now: datetime, shared_h: float) -> Iterator[tuple[Word, Reason]]:
    """Find that all publications moved by hours at once."""
    before = [arrival.lag_h for arrival in usual if arrival.lag_h is not None]
    if len(before) < LEAST_USUAL:
        return
    low, middle, high = quantile(before, 0.05), median(before), quantile(before, 0.95)
    future = sum(arrival.future for arrival in usual) / max(1, len(usual))
    cure = "compare a page's date with your clock; set the portal's zone, or tell the portal that its clock is wrong"
    for days, window in _recent(past, now):
        ahead = sum(arrival.future for arrival in window)
        if ahead > len(window) / 2 and at_least(ahead, len(window), max(0.05, future)) < _level(
            past.state, Word.BROKEN
        ):
            text = f"its clock jumped: {ahead} of {len(window)} articles in {days} days are dated in the future"
            yield Word.BROKEN, Reason(text, cure)
            return
        lags = [arrival.lag_h for arrival in window if arrival.lag_h is not None]
        if len(lags) < LEAST:
            continue
        if abs(shared_h) >= SHARED_H:  # we came late to all of them: the machine was off, or the network
            return
        shift = median(lags) - middle
        outside = sum(lag > high for lag in lags) if shift > 0 else sum(lag < low for lag in lags)
        level = _level(past.state, Word.BROKEN)
        if abs(shift) >= CLOCK_H and at_least(outside, len(lags), 0.05) < level:
            way = "earlier" if shift > 0 else "later"
            text = f"its clock jumped: articles of {days} days are dated {abs(shift):.1f} hours {way} than they come"
            yield Word.BROKEN, Reason(text, cure)
        return  # the shortest window that holds enough: a longer one may remember a delay of ours


_SHARES = {
    "author": "an author",
    "section": "a section",
    "image": "an image",
    "minute": "a date to the minute",
}


def _thin(past: Past, usual: tuple[Arrival, ...], now: datetime) -> Iterator[tuple[Word, Reason]]:
    """Find that articles are poorer than they were."""
    if len(usual) < LEAST_USUAL:
        return
    level = _level(past.state, Word.THIN)
    cure = "look at a page: if it still prints what is missing, override [selectors] in the portal's file"
    for name, words in _SHARES.items():
        before = (sum(getattr(arrival, name) for arrival in usual) + 1) / (len(usual) + 2)  # never quite 0 or 1
        if before < 0.3:
            continue
        for days, window in _recent(past, now):
            have = sum(getattr(arrival, name) for arrival in window)
            if have < len(window) * before / 2 and at_least(len(window) - have, len(window), 1 - before) < level:
                text = f"{have} of {len(window)} articles in {days} days have {words}; usual is {before:.0%}"
                yield Word.THIN, Reason(text, cure)
                break
    lengths = [arrival.words for arrival in usual]
    quarter, middle = quantile(lengths, 0.25), median(lengths)
    for days, window in _recent(past, now):
        short = sum(arrival.words < quarter for arrival in window)
        now_middle = median([arrival.words for arrival in window])
        if now_middle < 0.6 * middle and at_least(short, len(window), 0.27) < level:
            text = f"the middle article in {days} days has {now_middle:.0f} words; usual is {middle:.0f}"
            yield Word.THIN, Reason(text, cure)
            break
