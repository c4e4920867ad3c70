"""One printed date among those of its article: what it means beside the others, by rules 2 to 4 of choice.py.

A witness is never dropped: it is understood otherwise, with a flag, or set aside, with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from functools import cached_property

from kwri_crawler.dates.faces import Face, Refused, place, place_by, zone_info
from kwri_crawler.items import DateKind, DateSource, DateText, Moment

INDONESIAN = {timedelta(hours=7), timedelta(hours=8), timedelta(hours=9)}  # Keputusan Presiden 41/1987
SAME_MOMENT = timedelta(minutes=15)  # mediaindonesia's two dates of one article lie 3 minutes apart
A_DAY = timedelta(days=1)
ABROAD = "zone left abroad"
_OF_THIS_ARTICLE = {DateSource.JSON_LD, DateSource.META, DateSource.FEED, DateSource.URL}
MACHINES = {DateSource.JSON_LD, DateSource.META}
_SAME_FACE = timedelta(minutes=2)
_A_MINUTE = timedelta(minutes=1)
_HALF_AN_HOUR = timedelta(minutes=30)
_FARTHEST = timedelta(hours=14)  # tz database, Pacific/Kiritimati
_JUST_FETCHED = timedelta(minutes=10)


@dataclass(frozen=True)  # without slots: what is cached is asked for a dozen times
class Witness:
    """One printed date while it is being judged; it has a reading or a reason."""

    printed: DateText
    kind: DateKind  # as judged
    zone: str
    fetched_at: datetime
    reading: Face | None
    reason: str | None
    ruled: bool = False  # the portal's file declares how its clock is to be read
    literal: Face | None = None  # the reading before its zone or its order was judged

    @property
    def source(self) -> DateSource:
        """Where it was printed."""
        return self.printed.source

    @cached_property
    def moment(self) -> Moment | None:
        """The moment as it is understood so far; null when it does not count."""
        if self.reading is None or self.reason:
            return None
        moment = place_by(self.reading, self.printed.text, self.zone, self.fetched_at, self.source)
        return None if isinstance(moment, Refused) else moment

    @cached_property
    def day(self) -> date | None:
        """The day of the moment on the portal's calendar."""
        moment = self.moment
        return self._day_of(moment) if moment else None

    def _day_of(self, moment: Moment) -> date:
        return moment.at.astimezone(zone_info(self.zone)).date()

    def seconds_after(self, other: Witness, literally: bool = False) -> int | None:
        """Return the seconds from another witness to this one: whole days where either knows no clock.

        Literally: had this one's zone been believed as printed. Null when either does not count.
        """
        moment, theirs = self.moment, other.moment
        if not (moment and theirs and self.reading and other.reading):
            return None
        if literally and self.literal and self.literal is not self.reading:
            moment = place(self.literal, "", self.zone)
        if self.reading.has_clock and other.reading.has_clock:
            return round((moment.at - theirs.at).total_seconds())
        return (self._day_of(moment) - self._day_of(theirs)).days * 86400

    def read_as(self, reading: Face) -> Witness:
        """Return the witness with its words understood otherwise."""
        return replace(self, reading=reading)


def settle_order(witness: Witness, heard: Iterable[Witness]) -> Witness:
    """Read 05/06/2024 month first where another source names that day and none the day-first one."""
    reading = witness.reading
    if reading is None or reading.swapped is None:
        return witness
    days = [other.day for other in heard if other.reading and not other.reading.swapped]
    flags = tuple(flag for flag in reading.flags if flag != "day first assumed")
    if any(day and abs(day - reading.naive.date()) <= A_DAY for day in days):
        return witness.read_as(replace(reading, flags=flags))
    if reading.swapped not in days:
        return witness
    face = datetime.combine(reading.swapped, reading.naive.time())
    return witness.read_as(replace(reading, naive=face, flags=(*flags, "month first")))


def settle_zone(witness: Witness, heard: Iterable[Witness]) -> Witness:
    """Read the face in the zone that the page as a whole supports."""
    reading, moment = witness.reading, witness.moment
    if reading is None or moment is None or not reading.has_clock or witness.ruled:
        return witness
    offset = _offset(reading)
    if offset in INDONESIAN:
        return witness
    beside = [
        (other, other.reading, other.moment)
        for other in heard
        if other is not witness and other.kind is witness.kind and other.reading and other.reading.has_clock
    ]
    if offset is None:
        for other, theirs, their_moment in beside:
            if _offset(theirs) in INDONESIAN and _same_face(reading, theirs) and their_moment:
                if their_moment.at == moment.at.replace(second=their_moment.at.second):
                    return witness
                zoned = replace(reading, offset=theirs.offset)
                return witness.read_as(zoned.flagged(f"zone from {other.source}"))
        return _in_a_machine_s_zone(witness, reading, beside)
    certain = [r for o, r, _ in beside if o.source is DateSource.BYLINE or _offset(r) in INDONESIAN]
    local = certain or [r for _, r, _ in beside if r.offset is None]
    confirmed = any(m and abs(m.at - moment.at) <= SAME_MOMENT for _, r, m in beside if _offset(r) != offset)
    if offset:
        return witness if confirmed else witness.read_as(replace(reading, offset=None).flagged(ABROAD))
    false = any(_same_face(reading, r) for r in local) and not confirmed and not _is_zoned(witness, heard)
    if false or moment.at > witness.fetched_at + SAME_MOMENT:
        return witness.read_as(replace(reading, offset=None).flagged("false Z"))
    return witness


def _in_a_machine_s_zone(
    witness: Witness, reading: Face, beside: Sequence[tuple[Witness, Face, Moment | None]]
) -> Witness:
    """Read a byline's face in the zone that the metadata imply, which print the same minute with an offset.

    A page that prints its clock in WITA, of a portal that is taken for Jakarta's, is an hour off everywhere.
    """
    exact = {
        moment.at.replace(second=0)
        for other, theirs, moment in beside
        if other.source in MACHINES and theirs.offset is not None and moment
    }
    if witness.source is not DateSource.BYLINE or len(exact) != 1 or (moment := witness.moment) is None:
        return witness
    implied = reading.naive.replace(second=0, microsecond=0) - exact.pop().replace(tzinfo=None)
    usual = moment.local.utcoffset()
    is_zone = (
        implied in INDONESIAN
        if usual in INDONESIAN
        else implied % _HALF_AN_HOUR == timedelta() and abs(implied) <= _FARTHEST
    )
    if implied == usual or not implied or not is_zone:
        return witness
    return witness.read_as(replace(reading, offset=timezone(implied)).flagged("zone implied by the metadata"))


def _is_zoned(witness: Witness, heard: Iterable[Witness]) -> bool:
    """Say whether a source's Z is a true one: read as local, another date of it would lie ahead of the fetch."""
    zoned = (
        (other.zone, other.reading)
        for other in heard
        if other.source is witness.source and other.reading and other.reading.has_clock
    )
    latest = witness.fetched_at + SAME_MOMENT
    return any(
        place(replace(reading, offset=None), "", zone).at > latest
        for zone, reading in zoned
        if _offset(reading) == timedelta()
    )


def settle_kind(witness: Witness, heard: Iterable[Witness]) -> Witness:
    """Take a byline for an update where it is the minute of the change that the metadata tell, not of publication."""
    moment = witness.moment
    if witness.source is not DateSource.BYLINE or witness.kind is DateKind.UPDATED or moment is None:
        return witness
    if not (witness.reading and witness.reading.has_clock):
        return witness
    told = [
        (other.kind, other.moment.at)
        for other in heard
        if other.source in MACHINES and other.moment and other.reading and other.reading.has_clock
    ]
    changed = any(kind is DateKind.UPDATED and abs(at - moment.at) < _A_MINUTE for kind, at in told)
    published = [at for kind, at in told if kind is DateKind.PUBLISHED]
    if changed and published and all(moment.at - at > _SAME_FACE for at in published):
        return replace(witness, kind=DateKind.UPDATED)
    return witness


def _offset(reading: Face) -> timedelta | None:
    return reading.offset.utcoffset(None) if reading.offset else None


def _same_face(one: Face, other: Face) -> bool:
    return "relative" not in other.flags and abs(one.naive - other.naive) <= _SAME_FACE


def set_aside_fetch_time(witness: Witness, heard: Iterable[Witness]) -> Witness:
    """Set aside the clock in a page's head and the date of a list's making."""
    moment, reading = witness.moment, witness.reading
    if moment is None or reading is None:
        return witness
    if reading.has_clock:
        is_now = abs(witness.fetched_at - moment.at) <= _JUST_FETCHED
    else:
        is_now = witness.day == witness.fetched_at.astimezone(zone_info(witness.zone)).date()
    if not is_now:
        return witness
    sources = _OF_THIS_ARTICLE - {witness.source}
    older = (o.moment for o in heard if o.source in sources and o.kind is DateKind.PUBLISHED)
    if any(other and moment.at - other.at > 2 * A_DAY for other in older):
        return replace(witness, reason="the time of the fetch")
    return witness
