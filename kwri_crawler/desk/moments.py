"""Find when a release was sent: from an option, a list, the file's name or the date in its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from kwri_crawler.clock import now
from kwri_crawler.dates import Refused, read_date
from kwri_crawler.items import Moment, Precision

_OPENING = 3  # paragraphs of running text that name the day of what they tell
_SHORT = 14  # words: a line that says place and day, or the day of the letter
_COMPACT = re.compile(r"(?<![0-9])(20[0-9]{2})(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])(?![0-9])")
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::\d\d)?(Z|[+-]\d\d:\d\d)?)?")
_FULL = re.compile(r"[0-9]{1,2}(?:/[0-9]{1,2}/|-[0-9]{1,2}-| [A-Za-z]{3,9} )(?:20)?[0-9]{2}(?![0-9])")
_PLACE_AND_DAY = re.compile(
    r"(?:[^\W\d][\w.]*[ ]){0,3}[^\W\d][\w.]* ?[,:] ?(?:[a-z']+,? )?[0-9]{1,2} [a-z]+ 20[0-9]{2}\.?", re.I
)
_YEAR = re.compile(r"[0-9]{4}|[0-9]/[0-9]{2}(?![0-9])")
_PAPER = re.compile(r"(?:nomor|no\.|uu|undang|perda|pp|perpres|lahir)\b", re.IGNORECASE)


class At(NamedTuple):
    """A moment and how exactly it is known."""

    local: datetime  # aware; of a day its midnight
    precision: Precision  # MINUTE or DAY


def read_moment(text: str, zone: str) -> At | Refused:
    """Return the moment that a person wrote: 2024-06-27T14:10, 2024-06-27, "27 Juni 2024 14.10"; zone is IANA's."""
    found = _read(text.strip().replace("T", " ") if _ISO.fullmatch(text.strip()) else text, zone)
    return found if isinstance(found, Refused) else _at(found)


def _read(text: str, zone: str) -> Moment | Refused:
    """Return the moment that a text prints with its year: "kemarin" counts from a day that nobody knows later."""
    return read_date(text, zone, now()) if _YEAR.search(text) else Refused("no date with day, month and year")


def _at(found: Moment) -> At:
    precise = found.precision in (Precision.SECOND, Precision.MINUTE)
    return At(found.local, Precision.MINUTE if precise else Precision.DAY)


def day_of_name(name: str, zone: str) -> At | None:
    """Return the day that stands in a file's name: 2024-06-27, 20240627, 27-06-2024, "27 Juni 2024"; None if none."""
    if compact := _COMPACT.search(name):
        name = "-".join(compact.groups())
    found = _read(re.sub(r"[_\s]+", " ", name), zone)
    return None if isinstance(found, Refused) else _at(found)


def printed_day(paragraphs: Sequence[str], zone: str) -> At | tuple[date, ...]:
    """Return the day that a paper prints; all days where it prints several, none where none.

    A line of place and day goes first ("Ngawi, 27 Juni 2024"), then other short lines, then what its opening names with
    the year ("Kamis (27/6/2024)").
    """
    short = [line for line in paragraphs if len(line.split()) <= _SHORT and not _PAPER.match(line)]
    days = _days(short, zone)
    dated = _days([line for line in short if _PLACE_AND_DAY.fullmatch(line)], zone)
    if len(dated) == 1:
        return days[next(iter(dated))]
    if days:
        return next(iter(days.values())) if len(days) == 1 else tuple(sorted(days))
    opening = [line for line in paragraphs if len(line.split()) > _SHORT][:_OPENING]
    days = _days([each[0] for line in opening for each in _FULL.finditer(line)], zone)
    return next(iter(days.values())) if len(days) == 1 else tuple(sorted(days))


def _days(texts: Iterable[str], zone: str) -> dict[date, At]:
    """Return the days that texts print, each as exactly as one of them does."""
    days: dict[date, At] = {}
    for text in texts:
        found = _read(text, zone)
        if isinstance(found, Refused) or found.precision is Precision.APPROXIMATE:
            continue
        known = days.get(found.local.date())
        if known is None or known.precision is Precision.DAY:
            days[found.local.date()] = _at(found)
    return days
