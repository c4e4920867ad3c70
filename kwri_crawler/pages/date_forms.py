"""How dates stand printed on pages of many languages: the whole of one, with its clock and zone, or none."""

from __future__ import annotations

import re

_MONTH = r"(?:jan|feb|mar|mär|apr|mei|may|mai|jun|jul|ag[ust]|aug|sep|okt|oct|nov|nop|des|dec|dez)[a-z]{0,6}\.?"
_DAY_NAME = r"(?:sen|sel|rab|kam|jum|sab|min|ming|ahad|mon|tue|wed|thu|fri|sat|sun)[a-z'’]{0,6},?\s{1,3}"
_WEEKDAY = rf"(?:{_DAY_NAME})?"
# Names that the room `dates` reads: a clock cut off from its zone is another moment.
_ZONE = (
    r"(?:\s?\(?(?:wib|wita|wit|(?:utc|gmt)(?:\s?[+-]\d{1,2}(?::?\d{2})?)?"
    r"|[pmce][sd]t|cest|cet|bst|sgt|myt|jst)\b\)?)?"
)
# The whole clock, or none: "3:54" cut out of "3:54 p.m." or "3.54 sore" is another moment.
_CLOCK = (
    r"(?:(?:[\s,|–—•·@()/-]{1,5}(?:(?:pukul|pkl|jam|at|pada|um)\b\.?)?\s{0,2}|(?:t|wib|wita|wit)(?=\d))"
    r"\d{1,2}[.:]\d{2}(?:[.:]\d{2})?(?:\s?[ap]\.?\s?m\b\.?)?"
    r"(?:\s?\(?(?:dini\s?hari|subuh|pagi|siang|sore|petang|malam)\b\)?)?"
    rf"(?:\s?(?:[+-]\d{{2}}:?\d{{2}}\b|z\b))?{_ZONE})?"
)
_CLOCK_BEFORE = (
    r"(?:(?<![\w.:])\d{1,2}[.:]\d{2}(?:\s?[ap]\.?\s?m\b\.?)?(?:\s?(?:wib|wita|wit|[pmce][sd]?t)\b)?[\s,|–—•·@-]{1,5})?"
)
PRINTED_DATE = re.compile(
    rf"(?<![\w/]){_CLOCK_BEFORE}(?:{_WEEKDAY}(?:\d{{1,2}}\.?[\s/-]{{1,3}}{_MONTH}[\s,/-]{{1,3}}\d{{4}}"
    rf"|{_MONTH}\s{{1,3}}\d{{1,2}}(?:st|nd|rd|th)?,?\s{{1,3}}\d{{4}}"
    rf"|\d{{1,2}}-{_MONTH}-\d{{2}}|\d{{1,2}}(?P<sign>[/.-])\d{{1,2}}(?P=sign)\d{{4}}"
    r"|\d{4}(?P<mark>[/.-])\d{2}(?P=mark)\d{2}"
    # "25.04.24 | 14:07"
    r"|\d{1,2}(?P<tiny>[/.])\d{1,2}(?P=tiny)\d{2}(?=[\s,|–-]{1,4}\d{1,2}[.:]\d{2}(?![\d.:])))"
    rf"|{_DAY_NAME}\d{{1,2}}(?P<short>[/.-])\d{{1,2}}(?P=short)\d{{2}}(?!\d)){_CLOCK}(?!\d)"
    r"|(?<!\w)(?:\d{1,3}|se)\s?(?:detik|menit|jam|hari|minggu|pekan|bulan|tahun)\s(?:yang\s|yg\s)?lalu\b",
    re.IGNORECASE,
)
BARS = re.compile(r"\s?[|•·]\s?")  # what stands between the parts of a line
# What our patterns do not read as a date, and what is nothing else: "2024年5月3日 10:15", "3 мая 2024".
_ABROAD = re.compile(
    r"(?:\w{2,6}\s?[:：]\s?)?(?:\d{4}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]|\d{1,2}\.?\s(?:de\s)?[^\d\s.,]{3,12}\.?,?\s(?:de\s)?\d{4})"
    r"[^\w.!?]{0,6}(?:\(?\w{1,3}\)?\s)?(?:\d{1,2}[:.時시]\s?\d{2}\D{0,6})?"
)


def is_date(line: str) -> bool:
    """Say whether a line is a date, perhaps with what is counted beside it: "... 18:43 WIB | 41 Views"."""
    said = line.partition("|")[0].strip()
    return len(line) <= 80 and bool(PRINTED_DATE.fullmatch(said) or _ABROAD.fullmatch(said))
