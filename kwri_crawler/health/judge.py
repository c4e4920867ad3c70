"""Give each portal one plain word with reasons; a portal is compared only with its own past.

The tests, the worst first: is it read at all (crawls), are pages read (losses), is its clock right (lags), does it
publish (arrivals), are its articles as full as they were (shares, words). Each needs an effect that a desk would care
about and one that chance does not explain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from statistics import median_high, mode

from kwri_crawler.causes import NOT_THERE, REFUSALS, Cause
from kwri_crawler.clock import utc_text
from kwri_crawler.health import clock, volume
from kwri_crawler.health.chance import at_least, quantile
from kwri_crawler.health.low_days import shared_low_days
from kwri_crawler.health.past import BAD, Arrival, CrawlEnd, Loss, Past, Reason, Verdict, Word
from kwri_crawler.health.sentences import Figure, Says
from kwri_crawler.health.windows import LEAST_USUAL, MEMORY, RECENT_DAYS, after, begin, level, recent, usual

YOUNG = timedelta(days=14)
UNREAD_FOR = timedelta(hours=20)  # a portal that no crawl could read for so long is not having a bad hour
TOLD = 300  # characters of what a crawl or the ledger told


def judge_all(pasts: Iterable[Past], now: datetime) -> list[Verdict]:
    """Judge portals together: days and delays that most of them share are nobody's fault."""
    pasts = list(pasts)
    low = shared_low_days(pasts, now)
    shifts = [shift for past in pasts if (shift := clock.lag_shift(past, now)) is not None]
    shared_h = median_high(shifts) if len(shifts) >= 5 else 0.0
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
    never = list(_never_read(past))
    unread = never or list(_unread_crawls(past, now))
    is_told = never or any(word is Word.BLOCKED for word, _ in unread)
    lost = [] if is_told else list(_lost_pages(past, now))
    yield from unread
    yield from lost
    if past.began_at is None or now - past.began_at < YOUNG:
        yield Word.NEW, Reason(Says.NEVER if past.began_at is None else Says.YOUNG)
        return
    yield from clock.find(past, now, shared_lag_h)
    if not unread and not lost:
        yield from volume.find(past, now, low)
    yield from _thin(past, usual(past, now), now)


# ---------------------------------------------------------------------- is it read at all?


def _word_of(cause: Cause | None) -> Word:
    """Return the word for a portal that is not read: only a refusal is a block, an outage is not."""
    return Word.BLOCKED if cause in REFUSALS else Word.BROKEN


def _never_read(past: Past) -> Iterator[tuple[Word, Reason]]:
    """Find that a portal never worked: its first crawl may say so, as there is no past to wait for."""
    crawls = [crawl for crawl in past.crawls if crawl.tells]
    if not crawls or past.has_articles or past.arrivals or any(crawl.stored for crawl in crawls):
        return
    last, since = crawls[-1], {"since": utc_text(crawls[0].at)}
    if not last.well:
        told = (last.reason or last.finish)[:TOLD]
        yield _word_of(last.cause), Reason(Says.NEVER_READ, since, last.cause, told, _unread_listings(past))
        return
    losses = [loss for loss in past.losses if loss.cause not in NOT_THERE]
    if not losses or not last.lost or last.finish == "time":  # it had nothing, or its articles have not had their turn
        return
    cause, told, examples = _commonest(losses)
    yield _word_of(cause), Reason(Says.NEVER_READ, since, cause, told, examples)


def _unread_crawls(past: Past, now: datetime) -> Iterator[tuple[Word, Reason]]:
    """Find that no crawl of the last day ended well."""
    failed: list[CrawlEnd] = []
    for crawl in reversed(past.crawls):
        if not crawl.tells:
            continue
        if crawl.well:
            break
        failed.append(crawl)
    if len(failed) < 2 or failed[0].at - failed[-1].at < UNREAD_FOR or now - failed[0].at > timedelta(days=7):
        return
    recent = [crawl for crawl in failed if failed[0].at - crawl.at <= timedelta(days=2)]
    cause = mode(crawl.cause for crawl in recent)
    figures: dict[str, Figure] = {"since": utc_text(failed[-1].at)}
    says = Says.UNREAD
    if stored := sum(crawl.stored for crawl in recent):
        says, figures["stored"] = Says.READ_IN_PART, stored
    # A block lets nothing through. Where articles come all the same, one listing of several is at fault.
    word = Word.BROKEN if stored else _word_of(cause)
    told = next(crawl.reason or crawl.finish for crawl in recent if crawl.cause is cause)[:TOLD]
    yield word, Reason(says, figures, cause, told, _unread_listings(past))


def _unread_listings(past: Past) -> tuple[str, ...]:
    return tuple(listing.url for listing in past.listings if listing.status not in ("read", None))[:3]


def _lost_pages(past: Past, now: datetime) -> Iterator[tuple[Word, Reason]]:
    """Find that far more pages than usual brought no article."""
    before = [crawl for crawl in past.crawls if now - MEMORY < crawl.at <= now - timedelta(days=7)]
    lost, stored = sum(crawl.lost for crawl in before), sum(crawl.stored for crawl in before)
    share = 0.1
    if lost + stored >= LEAST_USUAL:
        share = max(0.05, 1.5 * lost / (lost + stored))
    sure = level(past.state, Word.BROKEN, Word.BLOCKED)
    for days in RECENT_DAYS:
        start = begin(past, now, days)
        losses = [loss for loss in past.losses if loss.at > start]
        came = len(past.arrivals) - after(past, start)
        total = len(losses) + came
        # More than half: a portal that loses less is still being read.
        if len(losses) < 5 or len(losses) <= came or at_least(len(losses), total, share) > sure:
            continue
        cause, told, examples = _commonest(losses)
        if cause in NOT_THERE:  # listings name what was taken down: nothing that a person could mend
            continue
        figures = {"lost": len(losses), "total": total, "days": days}
        yield _word_of(cause), Reason(Says.LOST, figures, cause, told, examples)
        return


def _commonest(losses: Sequence[Loss]) -> tuple[Cause | None, str, tuple[str, ...]]:
    """Return the commonest cause of losses, what was noted at the last of them, and addresses to look at."""
    cause = mode(loss.cause for loss in losses)
    of_cause = [loss for loss in losses if loss.cause is cause]
    return cause, of_cause[-1].reason[:TOLD], tuple(loss.url for loss in of_cause[-3:])


# ---------------------------------------------------------------------- are its articles as they were?


_SHARES = {
    "author": Says.AUTHORS,
    "section": Says.SECTIONS,
    "image": Says.IMAGES,
    "minute": Says.MINUTES,
}


def _thin(past: Past, before: tuple[Arrival, ...], now: datetime) -> Iterator[tuple[Word, Reason]]:
    """Find that articles are poorer than they were."""
    if len(before) < LEAST_USUAL:
        return
    sure = level(past.state, Word.THIN)
    for name, says in _SHARES.items():
        share = (sum(getattr(arrival, name) for arrival in before) + 1) / (len(before) + 2)  # never quite 0 or 1
        if share < 0.3:
            continue
        for days, window in recent(past, now):
            have = sum(getattr(arrival, name) for arrival in window)
            if have < len(window) * share / 2 and at_least(len(window) - have, len(window), 1 - share) < sure:
                figures = {"have": have, "total": len(window), "days": days, "usual": round(share, 4)}
                yield Word.THIN, Reason(says, figures)
                break
    lengths = [arrival.words for arrival in before]
    quarter, middle = quantile(lengths, 0.25), median_high(lengths)
    for days, window in recent(past, now):
        short = sum(arrival.words < quarter for arrival in window)
        now_middle = median_high([arrival.words for arrival in window])
        if now_middle < 0.6 * middle and at_least(short, len(window), 0.27) < sure:
            yield Word.THIN, Reason(Says.SHORTER, {"days": days, "words": now_middle, "usual": middle})
            break
