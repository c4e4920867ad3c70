"""One printed date to a clock face and the zone printed beside it; refuses what holds no day, month and year.

Finds the date first, by anchored patterns, and reads the clock and the zone only next to it. Labels before it and text
after it do not count, except that a date behind "Diperbarui" or "Last updated" is taken only when there is no other.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from itertools import islice

from kwri_crawler.dates.abroad import month_abroad
from kwri_crawler.dates.faces import EARLIEST_YEAR, IN_THE_FUTURE, Face, Refused, day_face
from kwri_crawler.dates.patterns import (
    ABROAD,
    BASIC,
    BROKEN_CLOCK,
    CLOCK_AFTER,
    CLOCK_BEFORE,
    DATE,
    EPOCH_FRACTION,
    ISO_CLOCK,
    LABEL,
    MACHINE,
    MISSPELT,
    NUMBER_OF_A_PAPER,
    PARTS_OF_DAY,
    RANGE_AFTER,
    RANGE_BEFORE,
    WEEKDAY_AFTER,
    WEEKDAY_BEFORE,
)
from kwri_crawler.dates.words import CLOCK, ZONE, month_number, read_offset, weekday_number
from kwri_crawler.items import Precision

NO_DATE = Refused("no date with day, month and year")

_PLACEHOLDERS = {"1234567890", "1234567890123"}


def read_printed(text: str, last_day: date, update: bool = False) -> Face | Refused:
    """Return the one date that a clean text prints, not after last_day; the one labelled as update where asked."""
    if text.isdigit() and text not in _PLACEHOLDERS:
        return _read_digits(text, last_day)
    if machine := MACHINE.fullmatch(text):
        try:
            face = datetime.fromisoformat(f"{machine[1]} {machine[2]}")
        except ValueError:
            return Refused("no such day in the calendar")
        return _within(Face(face, Precision.SECOND, read_offset(machine.groupdict())), last_day)
    if text[:8].isdigit():
        if epoch := EPOCH_FRACTION.fullmatch(text):
            return _read_digits(epoch[1], last_day)
        if basic := BASIC.fullmatch(text):
            seconds = "" if basic[6] is None else f":{basic[6]}"
            text = f"{basic[1]}-{basic[2]}-{basic[3]}t{basic[4]}:{basic[5]}{seconds}{basic[7] or ''}"
    found: list[Face] = []
    refused: Refused | None = None
    end = 0
    matches = _without_clocks(list(DATE.finditer(text)), text)
    for number, match in enumerate(matches):
        following = matches[number + 1] if number + 1 < len(matches) else None
        if _is_range(match, following, text):
            return Refused("a range of days")
        reading = _read_match(match, text, end, last_day)
        end = match.end()
        if isinstance(reading, Refused):
            refused = refused or reading
        else:
            found.append(reading)
    for reading in found:
        if reading.is_update == update:
            return reading
    if found:
        return found[0]
    return refused or _read_by_word(text, last_day)


def _read_digits(text: str, last_day: date) -> Face | Refused:
    """Read a bare number: 20240627, 20240627141000, or seconds or milliseconds since 1970."""
    if not text.isascii():
        return NO_DATE
    try:
        if len(text) in (8, 12, 14):
            form = "%Y%m%d%H%M%S"[: len(text) - 2]
            face = datetime.strptime(text, form)
            precision = {8: Precision.DAY, 12: Precision.MINUTE, 14: Precision.SECOND}[len(text)]
            return _within(Face(face, precision), last_day)
        if len(text) in (10, 13) and text[0] in "123":
            at = datetime.fromtimestamp(int(text[:10]), UTC)
            return _within(Face(at.replace(tzinfo=None), Precision.SECOND, UTC), last_day)
    except ValueError:
        pass
    return NO_DATE


def _within(reading: Face, last_day: date) -> Face | Refused:
    if reading.naive.year < EARLIEST_YEAR:
        return Refused(f"before {EARLIEST_YEAR}")
    return reading if reading.naive.date() <= last_day else Refused(IN_THE_FUTURE)


def _read_match(match: re.Match[str], text: str, previous_end: int, last_day: date) -> Face | Refused:
    """Read the date that DATE matched with the weekday, the clock, the zone and the label around it."""
    before = text[max(previous_end, match.start() - 60) : match.start()]
    form = match.lastgroup or ""
    if form in ("dmy", "ymd") and NUMBER_OF_A_PAPER.search(before):
        return NO_DATE
    weekday = find_weekday(before, text, match.end())
    day = _day_of(match, form, weekday, text)
    if isinstance(day, Refused):
        return day
    printed, swapped, flags = day
    if weekday is not None and printed.weekday() != weekday:
        flags += ("weekday disagrees",)
    label = label_before(before)
    reading = Face(datetime.combine(printed, time()), Precision.DAY, None, flags, label == "update", swapped)
    within = _within(reading, last_day)
    return within if isinstance(within, Refused) else _with_clock(within, match, form, before, text)


def find_weekday(before: str, text: str, end: int) -> int | None:
    """Return 0 (Monday) to 6 of the weekday printed next to a date; null when there is none."""
    found = WEEKDAY_BEFORE.search(before) or WEEKDAY_AFTER.match(text, end)
    return weekday_number(found[1]) if found else None


def label_before(before: str) -> str | None:
    """Return "update" or "other" for the last label in the text before a date; null when there is none."""
    kind = None
    for label in LABEL.finditer(before):
        kind = label.lastgroup
    return kind


def _day_of(
    match: re.Match[str], form: str, weekday: int | None, text: str
) -> tuple[date, date | None, tuple[str, ...]] | Refused:
    """Return the day, the other day it could be, and flags; a weekday settles which number is the month."""
    number = {"ymd": 1, "ynd": 2, "dny": 3, "ndy": 4, "dmy": 5, "ctime": 6}[form]
    year = full_year(match[f"y{number}"])
    day = int(match[f"d{number}"])
    if form not in ("ymd", "dmy"):
        return make_day(year, month_number(match[f"n{number}"]) or 0, day, ())
    month = int(match[f"m{number}"])
    if form == "ymd":
        return make_day(year, month, day, ())
    bare = len(match["y5"]) == 2 and match["p5"] != "/" and weekday is None and not CLOCK_AFTER.match(text, match.end())
    if bare and match[0] != text:
        return NO_DATE  # "12-10-20" is as often a score or a telephone number
    if bare and match["p5"] == "." and day < 24:
        return NO_DATE  # "10.11.12" is as often a clock
    if month > 12:
        return make_day(year, day, month, ("month first",))
    printed = make_day(year, month, day, ())
    if day > 12 or day == month or isinstance(printed, Refused):
        return printed
    other = date(year, day, month)
    if weekday is not None and printed[0].weekday() != weekday == other.weekday():
        return other, None, ("month first",)  # a page's weekday is made by a program from the same date
    return printed[0], (other if weekday is None else None), ("day first assumed",) if weekday is None else ()


def full_year(printed: str) -> int:
    """Return a year of two digits as 1970-2069; any other as it is."""
    digits = int(printed.lstrip("'"))
    if digits > 99:
        return digits
    return digits + (2000 if digits < 70 else 1900)


def make_day(
    year: int, month: int, day: int, flags: tuple[str, ...]
) -> tuple[date, date | None, tuple[str, ...]] | Refused:
    try:
        return date(year, month, day), None, flags
    except ValueError:
        return Refused("no such day in the calendar")


def _with_clock(reading: Face, match: re.Match[str], form: str, before: str, text: str) -> Face | Refused:
    """Add the clock and the zone printed after the date, else before it; a clock elsewhere in the text is not its."""
    if form == "ctime":
        found = re.match(rf"{CLOCK}(?P<zoned>{ZONE})?", match["c6"] + (match["z6"] or ""))
        return reading.at_clock(found.groupdict()) if found else reading
    iso = ISO_CLOCK.match(text, match.end()) if form == "ymd" else None
    if iso and (iso["odd"] or iso["lost"] or iso["offset"] or iso["gmt"] or iso["zone"] or iso["between"]):
        return Refused("no such zone") if iso["odd"] else _with_iso_clock(reading, iso)
    after = CLOCK_AFTER.match(text, match.end())
    if after:  # a machine's date may have a clock for people behind it: "2024-06-27 02:10 pm"
        if after["elsewhere"]:
            return reading.flagged("clock of another place")
        return reading.at_clock(clock_of(after, before))
    if iso:
        return _with_iso_clock(reading, iso)
    if form == "ymd" and text[match.end() : match.end() + 2].strip().startswith("t"):
        return Refused("the clock cannot be read")
    if BROKEN_CLOCK.match(text, match.end()):
        return reading.flagged("clock cannot be read")
    found = CLOCK_BEFORE.search(before) if ":" in before or "." in before else None
    if not found or not (found["label"] or found["zoned"] or ":" in found["sign"] or found[0] == text[: match.start()]):
        return reading  # "1.20 27 Juni" is as often a number of readers
    return (
        reading.flagged("clock of another place") if found["elsewhere"] else reading.at_clock(clock_of(found, before))
    )


def clock_of(found: re.Match[str], before: str = "") -> dict[str, str | None]:
    """Return what CLOCK_AFTER or CLOCK_BEFORE matched, with the part of the day that is named anywhere beside the date.

    "Jumat sore, 3 Mei 2024 pukul 04.15" is 16.15; `before` is the text before the date.
    """
    printed = found.groupdict()
    if not (printed["half"] or printed.get("part") or printed.get("early")):
        weekday = WEEKDAY_BEFORE.search(before)
        part = PARTS_OF_DAY.search(printed["around"]) or (PARTS_OF_DAY.search(weekday[0]) if weekday else None)
        printed["part"] = part[0] if part else None
    return printed


def _with_iso_clock(reading: Face, iso: re.Match[str]) -> Face:
    """Add the clock of a machine's form; "Z" behind a malformed one comes of programs that write local time."""
    printed = iso.groupdict()
    if printed["lost"]:  # a "+" that became a space on its way through an address
        printed["offset"] = "+" + printed["lost"]
    if iso["between"] and not (iso["offset"] or iso["gmt"] or iso["zone"]):  # "2024-06-27WIB14:10:33"
        printed["zone"] = iso["between"]
    if iso["zone"] == "z" and (iso["sign"] == "-" or iso["gap"] in (" t", "t ")):
        return reading.flagged("false Z").at_clock({**printed, "zone": None})
    return reading.at_clock(printed)


def _without_clocks(matches: list[re.Match[str]], text: str) -> list[re.Match[str]]:
    """Return the dates without those that are the clock of the one before: "2024-06-27 - 14.10.12"."""
    dates: list[re.Match[str]] = []
    for match in matches:
        clock = CLOCK_AFTER.match(text, dates[-1].end()) if dates else None
        if clock is None or clock.end() <= match.start():
            dates.append(match)
    return dates


def _is_range(match: re.Match[str], following: re.Match[str] | None, text: str) -> bool:
    """Tell whether the date is one end of "27-28 Juni 2024" or "27 Juni 2024 - 1 Juli 2024"."""
    earlier = RANGE_BEFORE.search(text[max(0, match.start() - 30) : match.start()])
    if earlier and match.lastgroup in ("dny", "dmy"):
        return True
    if following is None or following[0] == match[0]:
        return False
    clock = CLOCK_AFTER.match(text, match.end())
    between = text[clock.end() if clock else match.end() : following.start()]
    return RANGE_AFTER.fullmatch(between) is not None


def _read_by_word(text: str, last_day: date) -> Face | Refused:
    """Read a date whose month is misspelt, or of a language that is not ours; flagged."""
    for pattern, number_of, flag in (
        (MISSPELT, month_number, "month misspelt"),
        (ABROAD, month_abroad, "month of another language"),
    ):
        for match in islice(pattern.finditer(text), 3):  # each word that is no month costs 10 ms
            month = number_of(match["n3"])
            if month is None:
                continue
            day = make_day(int(match["y3"]), month, int(match["d3"]), (flag,))
            if isinstance(day, Refused):
                return day
            within = _within(day_face(day[0], day[2]), last_day)
            clock = CLOCK_AFTER.match(text, match.end())
            if isinstance(within, Refused) or clock is None:
                return within
            return within.at_clock(clock_of(clock))
    return NO_DATE
