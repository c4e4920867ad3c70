"""Chooses one publication date among all that were printed for an article; drops no evidence, only sets it aside.

The rule:

1.  A date counts as what it says it is: one printed behind "Diperbarui" is an update wherever it stood, and an update
    never becomes a publication, nor the reverse. Sitemaps' and index pages' updates are evidence only: many are the
    time at which the list was made.
2.  A machine's date without a zone is the portal's local time (Varient, okezone, liputan6's <time>). "Z" is believed
    (kompas, liputan6, WordPress) unless the same face stands on the page as local time, or it lies after the moment
    at which the page was read (detik): then it is local, flagged. An offset that is neither Indonesian nor UTC is
    believed only where another source confirms the moment (Blogger); else the face is local, flagged (a Varient site
    left at America/New_York). A face without a zone takes the Indonesian offset that another source prints beside it.
3.  D/M/Y is day first; where only the other order agrees with another source it is month first, flagged.
4.  A date that is the moment of the fetch, while JSON-LD, meta, feed or address say an earlier day, is a clock in the
    page's head and does not count.
5.  Then the order is byline, JSON-LD, meta, <time>, feed, index, sitemap, the day in the address; relative dates after
    exact ones. Two other sources that agree with each other outvote a first one that none supports.
6.  A winner that knows only the day yields to the first source that knows the clock on that day, and one that knows
    only the minute to JSON-LD or meta that agree and know a second (":00" is as often padding).
7.  The winner is flagged when any other source is more than a day away. An update not later than the publication is
    null: the article was never edited.
8.  A moment printed in UTC or in a zone abroad is shown on the portal's clock: its local day is the portal's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from kwri_crawler.dates.faces import IN_THE_FUTURE, zone_info
from kwri_crawler.dates.witnesses import (
    A_DAY,
    ABROAD,
    INDONESIAN,
    MACHINES,
    SAME_MOMENT,
    Witness,
    set_aside_fetch_time,
    settle_kind,
    settle_order,
    settle_zone,
)
from kwri_crawler.items import DateEvidence, DateKind, DateSource, Moment, Precision

_ORDER = (
    DateSource.BYLINE,
    DateSource.JSON_LD,
    DateSource.META,
    DateSource.TIME,
    DateSource.FEED,
    DateSource.INDEX,
    DateSource.SITEMAP,
    DateSource.URL,
)
_NOT_FOR_UPDATES = {DateSource.SITEMAP, DateSource.INDEX, DateSource.URL}
_DAY_IN_ADDRESS = re.compile(r"/((?:19|20)[0-9]{2}/(?:0?[1-9]|1[0-2])/(?:[12][0-9]|3[01]|0?[1-9]))(?:/|$)")


@dataclass(frozen=True, slots=True)
class Dated:
    """The dates of an article, and what every source said."""

    published: Moment | None
    reason: str | None  # why published is null
    updated: Moment | None
    evidence: tuple[DateEvidence, ...]


def day_in_address(url: str) -> str | None:
    """Return "2024/06/27" of an address that carries it; null for any other."""
    found = _DAY_IN_ADDRESS.search(url)
    return found[1] if found else None


def choose(heard: Sequence[Witness]) -> Dated:
    """Return the publication and the update that the witnesses support, by the rule on top."""
    for settle in (settle_order, settle_zone, settle_kind, set_aside_fetch_time):
        heard = [settle(witness, heard) for witness in heard]
    updates = [witness for witness in heard if witness.kind is DateKind.UPDATED]
    first, published = _winner([witness for witness in heard if witness.kind is DateKind.PUBLISHED])
    last, updated = _winner([witness for witness in updates if witness.source not in _NOT_FOR_UPDATES])
    if published and updated and not _is_later(updated, published):
        updated = None
    evidence = tuple(
        _evidence(w, first, w is first) if w.kind is DateKind.PUBLISHED else _evidence(w, last, w is last and updated)
        for w in heard
    )
    return Dated(published, None if published else _why_none(heard), updated, evidence)


def _winner(witnesses: Sequence[Witness]) -> tuple[Witness | None, Moment | None]:
    """Return the first witness in order and its moment, made exact and flagged by the others."""
    ranked = sorted((w for w in witnesses if w.moment), key=_rank)
    if not ranked:
        return None, None
    first = _outvote(ranked)
    flags: tuple[str, ...] = () if first is ranked[0] else (f"{ranked[0].source} outvoted",)
    best = first
    if first.reading and not first.reading.has_clock:
        best = next((w for w in ranked if w.reading and w.reading.has_clock and _same_day(w, first)), first)
    if best.reading and best.reading.precision is Precision.MINUTE:
        best = next((w for w in ranked if _knows_the_second(w) and _agree(w, best)), best)
    if any(_far_apart(best, other) for other in ranked if _is_exact(other)):
        flags += ("sources disagree by more than a day",)
    if any(w.reading and ABROAD in w.reading.flags and best.reading and w.day == best.day for w in ranked):
        flags += (ABROAD,)
    moment = best.moment
    if moment is None:
        return None, None
    if moment.local.utcoffset() not in INDONESIAN:
        moment = replace(moment, local=moment.at.astimezone(zone_info(best.zone)))
    return best, replace(moment, flags=tuple(dict.fromkeys((*moment.flags, *flags))))


def _same_day(clock: Witness, day: Witness) -> bool:
    """Tell whether a clock is of the day that another names: by the portal's calendar, or by the one of its own zone.

    "13 September" beside 00:43 at +08:00 is that night, though a portal that is taken for Jakarta's has the 12th.
    """
    if clock.day == day.day:
        return True
    if clock.reading is None or day.reading is None or clock.reading.offset is None:
        return False
    is_local = bool(clock.reading.offset.utcoffset(None))  # a zone that was not believed is none by now
    return is_local and clock.reading.naive.date() == day.reading.naive.date()


def _knows_the_second(witness: Witness) -> bool:
    face = witness.reading.naive if witness.reading else None
    return witness.source in MACHINES and face is not None and bool(face.second or face.microsecond)


def _agree(one: Witness, other: Witness) -> bool:
    apart = one.seconds_after(other)
    return apart is not None and abs(apart) <= SAME_MOMENT.total_seconds()


def _rank(witness: Witness) -> tuple[bool, bool, int]:
    flags = witness.reading.flags if witness.reading else ()
    return not _is_exact(witness), "relative" in flags, _ORDER.index(witness.source)


def _is_exact(witness: Witness) -> bool:
    return witness.reading is not None and witness.reading.precision is not Precision.APPROXIMATE


def _far_apart(one: Witness, other: Witness) -> bool:
    """Tell whether two witnesses are more than a day apart: by the clock where both know it, else by the calendar."""
    return abs(one.seconds_after(other) or 0) > A_DAY.total_seconds()


def _outvote(ranked: Sequence[Witness]) -> Witness:
    """Return the first witness, or the first of two other sources that agree where nothing supports it."""
    first = ranked[0]
    others = [w for w in ranked if w.source is not first.source and _is_exact(w)]
    if all(_far_apart(first, other) for other in others):
        for number, one in enumerate(others):
            for other in others[number + 1 :]:
                if other.source is not one.source and not _far_apart(one, other):
                    return one
    return first


def _is_later(updated: Moment, published: Moment) -> bool:
    if Precision.DAY in (updated.precision, published.precision):
        return updated.local.date() > published.local.date()
    return updated.at - published.at >= timedelta(minutes=1)


def _evidence(witness: Witness, chosen: Witness | None, won: object) -> DateEvidence:
    moment = witness.moment
    return DateEvidence(
        printed=witness.printed,
        kind=witness.kind,
        at=moment.at if moment else None,
        reason=None if moment else witness.reason or IN_THE_FUTURE,
        precision=moment.precision if moment else None,
        won=bool(won),
        offset_s=witness.seconds_after(chosen) if chosen else None,
        printed_offset_s=witness.seconds_after(chosen, literally=True) if chosen else None,
        flags=moment.flags if moment else (),
    )


def _why_none(heard: Sequence[Witness]) -> str:
    if not heard:
        return "no date on the page"
    said = [witness for witness in heard if witness.kind is DateKind.PUBLISHED]
    if not said:
        return "only an update is dated"
    return "; ".join(f"{w.source}: {w.reason or IN_THE_FUTURE}" for w in said)[:200]
