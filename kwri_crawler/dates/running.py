"""Dates in running text, read with the publication as referee; refuses what it cannot place near it.

"Rabu (26/6)" takes the year nearest to publication. A printed weekday is the referee: 4.4% of 5,283 printed
"Weekday (d/m/y)" disagree with their own weekday, so a date within 10 days of publication stands as
printed and is flagged, and one farther away is repaired only if exactly one reading within 10 days fits the weekday.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from kwri_crawler.dates.faces import EARLIEST_YEAR, Face, Refused, day_face, place, zone_info
from kwri_crawler.dates.patterns import CLOCK_AFTER, CLOCK_BEFORE
from kwri_crawler.dates.printed import clock_of, find_weekday, full_year
from kwri_crawler.dates.words import (
    DAY,
    MONTH,
    MONTHS,
    NOT_CUT,
    PART_OF_DAY,
    RANGE_SIGN,
    WEEKDAY,
    YEAR,
    clean,
    month_number,
    weekday_number,
)
from kwri_crawler.items import Moment

LONGEST_TEXT = 5000  # characters of running text that are read
_NEAR = timedelta(days=10)  # a repair reaches no farther from the publication
_AHEAD = timedelta(days=400)  # events are announced at most this long before
_YEARLESS_REACH = timedelta(days=120)  # a day without weekday and year, farther away, may be of another year

_AND = rf"(?:\s*(?:{RANGE_SIGN}|&|dan(?![a-z]))\s*)"
_IN_TEXT = re.compile(
    rf"(?=[0-9])(?:(?P<ymd>(?<![0-9])(?P<y1>{YEAR})-(?P<m1>1[0-2]|0[1-9])-(?P<d1>{DAY}))"
    rf"|(?P<named>(?<![0-9])(?<![0-9][.,/:]){NOT_CUT}(?:(?P<from2>{DAY})(?:\s*(?P<fromn>{MONTH}))?{_AND})?(?P<d2>{DAY})(?:\s?|[/-])"
    rf"(?:bulan )?(?P<n2>{MONTH})\.?(?:(?:,?\s?(?:tahun )?|[/-])"
    rf"(?P<y2>[12][0-9]{{3}}(?![0-9])|(?<=-)[0-9]{{2}}(?![0-9:.-]))|(?!,?\s?[0-9]{{3}}))?)"
    rf"|(?P<numeric>(?<![0-9/])(?<![0-9][.,:-]){NOT_CUT}(?:(?P<from4>{DAY})(?:/[0-9]{{1,2}})?{_AND})?(?P<d4>{DAY})\s?(?P<p4>[/.-])(?P=p4)?"
    rf"\s?(?P<m4>{DAY})(?:\s?(?P=p4){{1,2}}\s?(?P<y4>[0-9]{{2,5}})(?![0-9]))?(?![/-]?[0-9]|\.[0-9]))"
    # signs mistyped or mixed: only its weekday makes it a date
    rf"|(?P<odd>(?<![0-9/])(?<![0-9][.,:-])(?P<d5>{DAY})[\s/\\.,|'-]{{1,2}}(?P<m5>{DAY})[\s/\\.,|'-]{{1,2}}(?P<y5>20[0-9]{{2}})(?![0-9/-])))"
    rf"|(?P<monthfirst>(?<![a-z])(?=[adfjmnos])(?P<n3>{MONTH})\.? (?P<d3>{DAY})(?:st|nd|rd|th)?,? (?P<y3>{YEAR}))"
)
_DIGITS = re.compile(r"[0-9]+")
_MONTH_BEFORE = re.compile(rf"(?<![a-z])(?=[adfjmnos]){MONTH}\.? $")
_LONGEST_MONTH = max(map(len, MONTHS)) + len(". ")
# A day and a month alone are a date only behind one of these words.
_POINTS_AT_A_DAY = re.compile(
    r"(?<![a-z])(?:tanggal|tgl|pada|per|sejak|mulai|hingga|sampai|dari|hari ini|kemarin|semalam"
    r"|(?:pagi|siang|sore|petang|malam|subuh|dini hari) (?:tadi|ini)|tadi (?:pagi|siang|sore|petang|malam|subuh))"
    r"[\s.,(]*$"
)
_LIFE = re.compile(r"(?<![a-z])(?:lahir|kelahiran|ttl|born)(?![a-z])[^.;]{0,40}$")
_PAPER = re.compile(r"(?<![a-z])(?:nomor|nomer|no|pasal|ayat|perda|uu|pp|perpres|sk|skor|rt|rw|km|rp)[\s.:/]*$")
_WEEKDAY_GONE = re.compile(
    rf"(?P<weekday>{WEEKDAY})(?:\s+(?P<part>{PART_OF_DAY}))?\s*\(?\s*"
    r"(?:(?:yang )?(?:lalu|kemarin)|(?P<today>tadi))(?![a-z])"
)
# "SURABAYA, 1 Juli - ...", "Jakarta (3 Maret): ...": a dateline's day needs neither weekday nor year.
_DATELINE_BEFORE = re.compile(r"(?:[^.;:!?0-9]{0,40}[,(] ?)?")
_DATELINE_AFTER = re.compile(r" ?(?:,|:|\)|--? )")
_ELSEWHERE = re.compile(r"\s*\(?waktu (?:setempat|lokal)")


@dataclass(frozen=True, slots=True)
class DayInText:
    """One day that a running text names."""

    day: date
    flags: tuple[str, ...]
    start: int = 0  # of the date in the clean text
    end: int = 0


def find_days(text: str, published: date) -> Iterator[DayInText]:
    """Yield the days that a clean running text names, as printed from left to right; both ends of a range."""
    previous_end = 0
    for match in _dates_in(text):
        before = text[max(previous_end, match.start() - 60) : match.start()]
        previous_end = match.end()
        if _LIFE.search(before) or _PAPER.search(before):
            continue
        yield from _days_of(match, before, text, published)


def _dates_in(text: str) -> Iterator[re.Match[str]]:
    """Yield all matches of _IN_TEXT, which is tried only where one can begin: at digits, or at a month before them."""
    end = 0
    for digits in _DIGITS.finditer(text):
        start = digits.start()
        month = _MONTH_BEFORE.search(text, max(end, start - _LONGEST_MONTH), start)
        match = (month and _IN_TEXT.match(text, month.start())) or (start >= end and _IN_TEXT.match(text, start))
        if match:
            yield match
            end = match.end()


def read_date_in_text(text: str, zone: str, published: datetime) -> Moment | Refused:
    """Return the first moment that a running text names; published is the article's, zone the portal's."""
    cleaned = clean(text, LONGEST_TEXT)
    today = published.astimezone(zone_info(zone)).date()
    for found in find_days(cleaned, today):
        reading = _with_clock(day_face(found.day, found.flags), cleaned, found)
        return place(reading, text, zone)
    found_weekday = _weekday_gone(cleaned, today)
    if found_weekday is None:
        return Refused("no date that can be placed")
    return place(_with_clock(day_face(found_weekday.day, found_weekday.flags), cleaned, found_weekday), text, zone)


def _weekday_gone(text: str, today: date) -> DayInText | None:
    """Return the day of "Rabu kemarin" or "Minggu pagi tadi"; None for "minggu lalu": last Sunday, or last week."""
    gone = _WEEKDAY_GONE.search(text)
    if gone is None or (gone["weekday"] == "minggu" and not (gone["part"] or gone["today"])):
        return None
    back = (today.weekday() - weekday_number(gone["weekday"])) % 7
    if back == 0 and not gone["today"]:
        back = 7
    return DayInText(today - timedelta(days=back), ("weekday only",), gone.start(), gone.end())


def _days_of(match: re.Match[str], before: str, text: str, published: date) -> Iterator[DayInText]:
    form = match.lastgroup or ""
    number = {"ymd": 1, "named": 2, "monthfirst": 3, "numeric": 4, "odd": 5}[form]
    printed_year = match[f"y{number}"]
    weekday = find_weekday(before, text, match.end())
    if (
        printed_year is None
        and weekday is None
        and not (_POINTS_AT_A_DAY.search(before) or (form == "named" and _is_dateline(match, text)))
    ):
        return
    is_odd = form == "odd"
    if form == "numeric" and match["p4"] != "/" and (printed_year is None or len(printed_year) != 4):
        # "3-1" and "10.30" are scores, clocks and amounts; "Rabu (20-08)" is a day where that is a Wednesday
        if printed_year is not None or match["p4"] != "-" or before[-1:] not in ("(", "["):
            return
        is_odd = True
    day = int(match[f"d{number}"])
    month = int(match[f"m{number}"]) if form in ("ymd", "numeric", "odd") else month_number(match[f"n{number}"]) or 0
    is_swapped = month > 12
    if is_swapped:
        day, month = month, day
    last = resolve(day, month, printed_year, weekday, published)
    if isinstance(last, Refused) or (is_odd and not _is_sure(last, weekday, published)):
        return
    if is_swapped and "repaired" in last.flags:  # "Rabu (8/15/2024)": two errors in one date
        return
    first = (match["from2"] or match["from4"]) if form in ("named", "numeric") else None
    if first:
        month = month_number(match["fromn"]) or month if match["fromn"] else month
        earlier = resolve(int(first), month, str(last.day.year), None, published)
        if isinstance(earlier, DayInText) and earlier.day < last.day:
            yield replace(earlier, flags=(*earlier.flags, "range"), start=match.start(), end=match.end())
            last = replace(last, flags=(*last.flags, "range"))
    yield replace(last, start=match.start(), end=match.end())


def _is_sure(found: DayInText, weekday: int | None, published: date) -> bool:
    """Say whether a day near publication falls on the weekday that is printed beside it."""
    return found.day.weekday() == weekday and abs(found.day - published) <= _NEAR and "repaired" not in found.flags


def _is_dateline(match: re.Match[str], text: str) -> bool:
    """Tell whether a day stands where a dateline has it: at the text's start, alone or behind the place."""
    start, end = match.span()
    return bool(_DATELINE_BEFORE.fullmatch(text, 0, start) and _DATELINE_AFTER.match(text, end))


def resolve(
    day: int, month: int, printed_year: str | None, weekday: int | None, published: date
) -> DayInText | Refused:
    """Return the day meant by a day, a month, perhaps a year and a weekday, in an article of that publication day."""
    if printed_year is None:
        return _resolve_without_year(day, month, weekday, published)
    year = full_year(printed_year)
    printed = _make(year, month, day)
    believable = printed is not None and printed.year >= EARLIEST_YEAR and printed - published <= _AHEAD
    if printed is not None and believable:
        if weekday is None or printed.weekday() == weekday:
            return DayInText(printed, ())
        if abs(printed - published) <= _NEAR:
            return DayInText(printed, ("weekday disagrees",))
    repaired = _repair(day, month, year, weekday, published)
    if repaired is not None:
        return DayInText(repaired, ("repaired",))
    if printed is not None and believable and printed <= published:
        return DayInText(printed, ("weekday disagrees",))
    return Refused("no such day, or too far ahead")


def _resolve_without_year(day: int, month: int, weekday: int | None, published: date) -> DayInText | Refused:
    candidates = [_make(published.year + step, month, day) for step in (-1, 0, 1)]
    days = sorted((found for found in candidates if found), key=lambda found: abs(found - published))
    if not days:
        return Refused("no such day in the calendar")
    nearest = days[0]
    if weekday is None:
        near = abs(nearest - published) <= _YEARLESS_REACH
        return DayInText(nearest, ("year inferred",)) if near else Refused("its year is open")
    if nearest.weekday() != weekday and abs(nearest - published) <= _NEAR:
        return DayInText(nearest, ("year inferred", "weekday disagrees"))
    fitting = [found for found in days if found.weekday() == weekday]
    if fitting:
        return DayInText(fitting[0], ("year inferred",))
    repaired = _repair(day, month, published.year, weekday, published)
    return DayInText(repaired, ("year inferred", "repaired")) if repaired else Refused("its weekday fits no year")


def _repair(day: int, month: int, year: int, weekday: int | None, published: date) -> date | None:
    """Return the only day near publication that fits the weekday with another year or another month printed."""
    near = (published + timedelta(days=step) for step in range(-_NEAR.days, _NEAR.days + 1))
    fitting = [
        found
        for found in near
        if found.weekday() == weekday and found.day == day and (found.month == month or found.year == year)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _with_clock(reading: Face, text: str, found: DayInText) -> Face:
    """Add a clock that stands beside the day with "pukul" or a zone; other numbers in a sentence are no clocks."""
    end = found.end
    while end < len(text) and text[end] in ")] ":
        end += 1
    if _ELSEWHERE.match(text, end):
        return reading
    before = text[max(0, found.start - 60) : found.start]
    for clock in (CLOCK_AFTER.match(text, found.end), CLOCK_BEFORE.search(before)):
        if clock and (clock["label"] or clock["zoned"]):
            if clock["elsewhere"]:
                return reading.flagged("clock of another place")
            return reading.at_clock(clock_of(clock, before))
    return reading
