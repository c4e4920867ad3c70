"""How a crawl ended: by its listings, by what its addresses brought, and by how far back they led.

Pure: reads no clock and no archive. Each returns the word with its reason and cause.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from kwri_crawler.archive.crawls import Lost
from kwri_crawler.causes import Cause
from kwri_crawler.items import Outcome
from kwri_crawler.spiders.walk import Course, Finish, Trouble

TIME_OVER = Finish("time", "the time that was given is over; the next crawl goes on from here")
MANY = 2  # addresses; a single one that is lost makes no crawl a bad one


def finish(course: Course, closed: str, *, left: int | None, bounded: bool = False) -> Finish:
    """Decide how a crawl ends that nothing of ours ended; closed is the reason that Scrapy gives.

    bounded is True with `-a since`: days without an article are nothing strange.
    """
    if closed != "finished":
        return Finish("stopped", f"stopped by the operator or the system ({closed})", Cause.STOPPED)
    if not course.read:
        left_out = course.trouble or course.fell_back
        reason = _by_reason(course.trouble) or _each(course.fell_back)
        return Finish("no listing", reason or "none of its listings is there any more", _cause(left_out, Cause.GONE))
    if course.trouble:
        return Finish("incomplete", _by_reason(course.trouble), _cause(course.trouble, None))
    if not course.named and not course.unchanged and not bounded:
        return Finish("nothing", "its listings name no article of this portal", Cause.UNREAD)
    instead = f"other listings were read in place of {_each(course.fell_back)}" if course.fell_back else None
    return Finish("limit" if left == 0 else "finished", instead)


def finish_by_counts(finish: Finish, counts: Mapping[str, int], lost: Sequence[Lost], *, has_articles: bool) -> Finish:
    """Decide by what became of its addresses whether a crawl that reached its end brought anything.

    has_articles: the portal has brought an article, in this crawl or before. A quiet portal, or one page that is lost,
    is nothing to look at.
    """
    if finish.word not in ("finished", "limit") or not lost:
        return finish
    now = [some for some in lost if some.now]
    first = [some for some in now if some.first]
    if now and all(some.outcome is Outcome.FAILED for some in now) and not counts["stored"] + counts["known"]:
        return Finish("incomplete", f"no page that was asked for came whole: {in_words(now)}", now[0].cause)
    if not has_articles:
        reason = f"none of the addresses that were found brought an article: {in_words(lost)}"
        return Finish("nothing", reason, (now or lost)[0].cause)
    if _sum(first) >= MANY and not counts["stored"]:
        return Finish("partial", f"none of the new addresses brought an article: {in_words(first)}", first[0].cause)
    unread = [some for some in first if some.outcome in (Outcome.UNREADABLE, Outcome.FAILED)]
    if _sum(unread) > max(MANY, counts["stored"]):
        reason = f"most new pages brought no article: {in_words(unread)}, {counts['stored']} stored"
        return Finish("partial", reason, unread[0].cause)
    return finish


def finish_by_reach(finish: Finish, course: Course, since: datetime | None, *, held_back: int) -> Finish:
    """Decide by how far the listings led whether a crawl is done.

    since is None without one; held_back are the addresses that were found and lie outside of the bounds: older ones.
    Without a bound it has to lead to what was known before.
    """
    if finish.word != "finished" or course.reached:
        return finish
    if since is None:
        reason = "a feed names only new articles, and no listing leads from them to those that were known"
        return Finish("partial", f"{reason}: some may be missing", Cause.OUT_OF_REACH) if course.gap else finish
    if held_back:
        return finish
    if course.oldest is None:
        return Finish("partial", "no listing is known to lead as far back as -a since asks", Cause.OUT_OF_REACH)
    if course.oldest < since:
        return finish
    oldest = f"the oldest article that one names is of {course.oldest.astimezone(since.tzinfo):%Y-%m-%d}"
    return Finish("partial", f"no listing leads as far back as -a since asks: {oldest}", Cause.OUT_OF_REACH)


def in_words(lost: Iterable[Lost]) -> str:
    """Write how many addresses brought no article, by outcome."""
    counts: Counter[str] = Counter()
    for some in lost:
        counts[some.outcome.value] += some.number
    return ", ".join(f"{count} {outcome}" for outcome, count in counts.items())


def _sum(lost: Iterable[Lost]) -> int:
    return sum(some.number for some in lost)


def _by_reason(troubles: Iterable[Trouble]) -> str:
    urls: dict[str, list[str]] = {}
    for trouble in troubles:
        urls.setdefault(trouble.reason, []).append(trouble.url)
    return "; ".join(f"{', '.join(named)}: {reason}" for reason, named in urls.items())


def _each(troubles: Iterable[Trouble]) -> str:
    return "; ".join(f"{trouble.url}: {trouble.reason}" for trouble in troubles)


def _cause(troubles: Sequence[Trouble], otherwise: Cause | None) -> Cause | None:
    """Return the commonest cause; of several as common the first."""
    return Counter(trouble.cause for trouble in troubles).most_common(1)[0][0] if troubles else otherwise
