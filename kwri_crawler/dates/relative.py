"""Phrases such as "2 jam yang lalu" and "Kemarin, 10.00" to a clock face; refuses durations and other sentences.

Indonesian phrases are rewritten to the one English shape that dateparser reads without a guess ("2 hours ago").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from kwri_crawler.dates.faces import EARLIEST_YEAR, Face, Refused, day_face
from kwri_crawler.dates.patterns import CLOCK_AFTER
from kwri_crawler.dates.printed import NO_DATE, clock_of, label_before
from kwri_crawler.dates.words import any_of
from kwri_crawler.items import Precision

_UNITS = {
    word: unit
    for unit, words in {
        "second": "detik dtk second seconds sec secs",
        "minute": "menit mnt minute minutes min mins",
        "hour": "jam hour hours hr hrs",
        "day": "hari day days",
        "week": "minggu mgg pekan week weeks",
        "month": "bulan bln month months",
        "year": "tahun thn year years yr yrs",
    }.items()
    for word in words.split()
}
_SHORT_UNITS = {"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week", "y": "year"}  # "5m ago"
_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "satu one a an",
            "dua two",
            "tiga three",
            "empat four",
            "lima five",
            "enam six",
            "tujuh seven",
            "delapan eight",
            "sembilan nine",
            "sepuluh ten",
            "sebelas eleven",
            "dua belas twelve",
        ),
        start=1,
    )
    for word in (("dua belas", "twelve") if words.startswith("dua belas") else words.split())
}
_PART = (
    rf"(?:(?P<se>(?<![a-z])se)|(?P<n>(?<![0-9.,])[0-9]{{1,3}}|(?<![a-z]){any_of(_NUMBERS)}(?= ))\s*)"
    rf"(?:(?P<unit>{any_of(_UNITS)})|(?P<short>(?<=[0-9])[smhdwy]))(?![a-z])"
)
_NEXT_PART = re.compile(r"\s*(?:,|dan|and)?\s*" + _PART)
_FIRST_PART = re.compile(_PART)
_AGO = re.compile(r"\s*(?:y(?:an)?g\s*)?(?:lalu|ago|silam|lewat)(?![a-z])")
_HALF_HOUR = re.compile(
    r"(?<![a-z0-9] )(?:setengah jam|half an hour)(?=\s*(?:y(?:an)?g\s*)?(?:lalu|ago|silam)(?![a-z]))"
)
_ONE_AND_A_HALF = re.compile(rf"(?<![a-z0-9.,])({any_of(_NUMBERS)}|[0-9]{{1,2}}) setengah jam(?![a-z])")
_DURATION_BEFORE = re.compile(r"(?<![a-z])(?:baca|membaca|selama|dalam|durasi)\s*:?\s*$")  # "baca 5 menit lalu tidur"
_JUST_NOW = re.compile(r"(?<![a-z])(?:baru saja|barusan|just now|beberapa (?:detik|saat) (?:yang )?lalu)(?![a-z])")
_TODAY = re.compile(
    r"(?<![a-z])(?:(?P<today>hari ini|today)|(?P<before>kemarin (?:lusa|dulu)|selumbari)"
    r"|(?P<yesterday>kemarin|kmrn|yesterday))(?![a-z])"
)
_BESIDE = re.compile(  # what may stand beside "kemarin" in a line that is a date and not a sentence
    r"(?:[\s,:;|@()/-]|(?:di)?(?:perba(?:ha)?ru|posting|post|terbit|publikasi|publis|tulis|update|upload)\w*|posted|published|on|at|pada|wib|wita|wit)*"
)
_MANY_WORDS = 6  # more words than these around a phrase make it a sentence


def read_relative(text: str, now: datetime, update: bool) -> Face | Refused:
    """Return the face of a clean relative phrase; now is naive, the portal's clock when the page was read.

    Of two phrases the one labelled as update where asked, else the other.
    """
    ago = list(_read_ago(text, now))
    for reading in ago:
        if reading.is_update == update:
            return reading
    return (ago[0] if ago else None) or _read_just_now(text, now) or _read_today(text, now) or NO_DATE


def _read_ago(text: str, now: datetime) -> Iterator[Face]:
    text = _ONE_AND_A_HALF.sub(r"\1 jam 30 menit", _HALF_HOUR.sub("30 menit", text))
    end = 0
    for first in _FIRST_PART.finditer(text):
        before = text[end : first.start()]
        if _DURATION_BEFORE.search(before):
            continue
        parts = [first]
        while (following := _NEXT_PART.match(text, parts[-1].end())) and _size(following) < _size(parts[-1]):
            parts.append(following)
        ago = _AGO.match(text, parts[-1].end())
        if ago is None:
            continue
        if _words(text[: first.start()]) + _words(text[ago.end() :]) > _MANY_WORDS:
            return
        amounts = [_amount(part) for part in parts]
        if "ago" not in ago[0]:  # "3 hr lalu" are days, "3 hr ago" hours
            amounts = [
                (n, "day" if part["unit"] == "hr" else unit) for part, (n, unit) in zip(parts, amounts, strict=True)
            ]
        end = ago.end()
        if reading := _before(now, amounts):
            yield replace(reading, is_update=label_before(before) == "update")


def _size(part: re.Match[str]) -> int:
    """Return the rank of a part's unit: "1 jam 5 menit" is one span, "3 menit, 2 jam" are two."""
    return list(_UNITS.values()).index(_amount(part)[1])


def _amount(part: re.Match[str]) -> tuple[int, str]:
    unit = _UNITS[part["unit"]] if part["unit"] else _SHORT_UNITS[part["short"]]
    if part["se"]:
        return 1, unit
    return (int(part["n"]) if part["n"].isdigit() else _NUMBERS[part["n"]]), unit


def _before(now: datetime, amounts: list[tuple[int, str]]) -> Face | None:
    import dateparser  # type: ignore[import-untyped]  # here: 0.1 s and 20 MB that most crawls never need

    phrase = " ".join(f"{number} {unit}s" for number, unit in amounts) + " ago"
    face = dateparser.parse(
        phrase, languages=["en"], settings={"RELATIVE_BASE": now, "PARSERS": ["relative-time"], "TIMEZONE": "UTC"}
    )
    if face is None or face.year < EARLIEST_YEAR:
        return None
    units = {unit for _, unit in amounts}
    if units & {"second", "minute"}:
        return Face(face, Precision.MINUTE, flags=("relative",))
    if "hour" in units:
        return Face(face, Precision.MINUTE, flags=("relative", "known to the hour"))
    return day_face(face.date(), ("relative",), Precision.DAY if units & {"day", "week"} else Precision.APPROXIMATE)


def _read_just_now(text: str, now: datetime) -> Face | None:
    found = _JUST_NOW.search(text)
    if found is None or _words(text[: found.start()]) + _words(text[found.end() :]) > _MANY_WORDS:
        return None
    is_update = label_before(text[: found.start()]) == "update"
    return Face(now, Precision.MINUTE, flags=("relative",), is_update=is_update)


def _read_today(text: str, now: datetime) -> Face | None:
    found = _TODAY.search(text)
    if found is None or not _BESIDE.fullmatch(text[: found.start()]):
        return None
    day = now.date() - timedelta(days=2 if found["before"] else 1 if found["yesterday"] else 0)
    is_update = label_before(text[: found.start()]) == "update"
    reading = replace(day_face(day, ("relative",)), is_update=is_update)
    if clock := CLOCK_AFTER.match(text, found.end()):
        return reading.at_clock(clock_of(clock))
    rest = re.split(r"\b(?:oleh|by)\b", text[found.end() :])[0]
    return reading if _BESIDE.fullmatch(rest) else None


def _words(text: str) -> int:
    return len(re.findall(r"[a-z]+", text))
