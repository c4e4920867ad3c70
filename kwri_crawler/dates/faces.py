"""What a printed date says (a clock face, perhaps a zone) and its place on the time line; refuses the future."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from kwri_crawler.dates.words import LONGEST, read_offset
from kwri_crawler.items import DateSource, Moment, Precision

EARLIEST_YEAR = 1990  # before it there was no Indonesian news on the web; 1970 and 0000 are programs' zeros
IN_THE_FUTURE = "in the future"  # why a date is none, wherever that is found
AHEAD = timedelta(days=1)  # a portal's clock may be wrong by this much; anything later is no publication
_CLOCKS = (Precision.SECOND, Precision.MINUTE)
_AFTERNOON = {  # "07.30 malam"
    "siang": range(1, 5),
    **dict.fromkeys(("sore", "petang", "ptg"), range(1, 8)),
    **dict.fromkeys(("malam", "mlm"), range(6, 12)),
}


@dataclass(frozen=True, slots=True)
class Refused:
    """A text from which no moment was read."""

    reason: str


@dataclass(frozen=True, slots=True)
class Face:
    """A date as printed, before it is placed on the time line."""

    naive: datetime  # naive, what the clock on the page shows; midnight when only the day is known. Moments are without
    # its fraction of a second, which says that a clock's ":00" is no padding
    precision: Precision
    offset: timezone | None = None  # null when no zone was printed
    flags: tuple[str, ...] = ()
    is_update: bool = False  # printed behind "Diperbarui", "Last updated", ...
    swapped: date | None = None  # the other day that 05/06/2024 could be

    @property
    def has_clock(self) -> bool:
        return self.precision in _CLOCKS

    def flagged(self, *flags: str) -> Face:
        """Return the reading with more flags."""
        return replace(self, flags=(*self.flags, *flags))

    def at_clock(self, printed: dict[str, str | None]) -> Face:
        """Return the reading at the clock and in the zone that CLOCK and ZONE matched."""
        hour, second = int(printed["h"] or 0), printed["s"]
        half, part = printed.get("half"), printed.get("part") or printed.get("early") or ""
        if hour == 12 and part in ("malam", "mlm"):  # of this night or of the last: two days, and never noon
            return self.flagged("clock cannot be read")
        if half and hour <= 12:
            hour = hour % 12 + (12 if half[0] == "p" else 0)
        elif hour in _AFTERNOON.get(part, ()):
            hour += 12
        elif hour == 12 and part.startswith("dini"):
            hour = 0
        second_ = min(int(second or 0), 59)  # 60 and 61 are leap seconds in C and Java, which Python has no face for
        fraction = int((printed.get("fraction") or "0")[:6].ljust(6, "0"))
        face = datetime.combine(self.naive, time(hour, int(printed["min"] or 0), second_, fraction))
        precision = Precision.SECOND if second else Precision.MINUTE
        return Face(face, precision, read_offset(printed), self.flags, self.is_update, self.swapped)


def day_face(day: date, flags: tuple[str, ...] = (), precision: Precision = Precision.DAY) -> Face:
    """Return a reading of the day alone."""
    return Face(datetime.combine(day, time()), precision, None, flags)


@lru_cache
def zone_info(zone: str) -> ZoneInfo:
    """Return the IANA zone; raises for a name that does not exist, which is a fault of the catalogue."""
    return ZoneInfo(zone)


def place(reading: Face, text: str, zone: str, source: DateSource | None = None) -> Moment:
    """Return the moment of a reading; a face without a printed zone is in the portal's."""
    local = reading.naive.replace(microsecond=0, tzinfo=reading.offset or zone_info(zone))
    shown = " ".join(text[:LONGEST].split())[:200]
    flags = (*reading.flags, "printed as an update") if reading.is_update else reading.flags
    return Moment(local.astimezone(UTC), local, reading.precision, shown, source, flags)


def place_by(
    reading: Face, text: str, zone: str, read_at: datetime, source: DateSource | None = None
) -> Moment | Refused:
    """Return the moment of a reading that cannot lie ahead of the time at which it was read."""
    moment = place(reading, text, zone, source)
    return Refused(IN_THE_FUTURE) if moment.at > read_at + AHEAD else moment
