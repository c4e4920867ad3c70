"""How dates stand printed on pages of many languages: the whole of one, with its clock and zone, or none."""

from __future__ import annotations

import re

_MONTH = r"(?:jan|feb|mar|mär|apr|mei|may|mai|jun|jul|ag[ust]|aug|sep|okt|oct|nov|nop|des|dec|dez)[a-z]{0,6}\.?"
_MONTH_ABROAD = (
    r"(?:janvier|février|avril|juin|juillet|août|décembre|enero|abril|mayo|agosto|diciembre|gennaio|febbraio|maggio|giugno"
    r"|luglio|settembre|ottobre|dicembre|fevereiro|março|maio|setembro|outubro|dezembro|setiembre|ogos|disember)"
)
_DAY_NAME = r"(?:sen|sel|rab|kam|jum|sab|min|ming|ahad|mon|tue|wed|thu|fri|sat|sun)[a-z'’]{0,6},?\s{1,3}"
_WEEKDAY = rf"(?:{_DAY_NAME})?"
# An element's end without a blank: "14:05 WIBPenulis", "3.54 soreOleh".
_END = r"(?:\b|(?-i:(?=[A-Z][a-z])))"
# Names that the room `dates` reads: a clock cut off from its zone is another moment.
_ZONE = (
    rf"(?:\s?\(?(?:wib|wita|wit|(?:utc|gmt)(?:\s?[+-]\d{{1,2}}(?::?\d{{2}})?)?"
    rf"|[pmce][sd]t|cest|cet|bst|sgt|myt|jst|kst|ict|ist|hkt|pht|bnt|msk|eest|aest|aedt|awst|nzst|nzdt){_END}\)?)?"
)
# The whole clock, or none: "3:54" cut out of "3:54 p.m." or "3.54 sore" is another moment.
_PART = r"(?:dini\s?hari|subuh|pagi|siang|sore|petang|ptg|malam|mlm)"
_A_CLOCK = (
    r"(?:(?:[\s,|–—•·@()/-]{1,5}(?:(?:pukul|pkl|jam|at|pada|um|à|às|a las|alle|ore|lúc)\b\.?)?\s{0,2}"
    r"|(?:t|wib|wita|wit)(?=\d))"
    r"\d{1,2}(?:[.:]\d{2}(?:[.:]\d{2})?|h\d{2}\b)(?:\s?[ap]\.?\s?m\b\.?)?"
    rf"(?:\s?\(?{_PART}{_END}\)?)?"
    rf"(?:\s?(?:[+-]\d{{2}}:?\d{{2}}\b|z\b))?{_ZONE})"
)
_CLOCK = f"{_A_CLOCK}?"
_CLOCK_BEFORE = (
    rf"(?:(?<![\w.:])\d{{1,2}}[.:]\d{{2}}(?:\s?[ap]\.?\s?m\b\.?)?(?:\s?{_PART}\b)?(?:\s?(?:wib|wita|wit|[pmce][sd]?t)\b)?"
    r"[\s,|–—•·@-]{1,5})?"
)
PRINTED_DATE = re.compile(
    # What begins each of them first: most signs of a line do not.
    rf"(?<!\w)(?=\w)(?:(?<!/){_CLOCK_BEFORE}(?:{_WEEKDAY}(?:\d{{1,2}}\.?(?:[\s/-]{{1,3}}|\sde\s)(?:{_MONTH}|{_MONTH_ABROAD})(?:[\s,/-]{{1,3}}|\sde\s)\d{{4}}"
    rf"|{_MONTH}\s{{1,3}}\d{{1,2}}(?:st|nd|rd|th)?,?\s{{1,3}}\d{{4}}"
    rf"|\d{{1,2}}-{_MONTH}-\d{{2}}|\d{{1,2}}(?P<sign>[/.-])\d{{1,2}}(?P=sign)\d{{4}}"
    r"|\d{4}(?P<mark>[/.-])\d{2}(?P=mark)\d{2}"
    # "25.04.24 | 14:07"
    r"|\d{1,2}(?P<tiny>[/.])\d{1,2}(?P=tiny)\d{2}(?=[\s,|–-]{1,4}\d{1,2}[.:]\d{2}(?![\d.:])))"
    rf"|{_DAY_NAME}\d{{1,2}}(?:(?P<short>[/.-])\d{{1,2}}(?P=short)\d{{2}}(?!\d)"
    # two digits are a year behind a weekday or before a clock: "Jumat, 3 Mei 24", "3 Mei 24 14:05"
    rf"|\s{_MONTH}\s\d{{2}}(?=\s?(?:$|[|,•·()–-])|\s\d{{1,2}}[.:]\d{{2}}(?!\d)))"
    rf"|\d{{1,2}}\s{_MONTH}\s\d{{2}}(?=[\s,|–-]{{1,4}}\d{{1,2}}[.:]\d{{2}}(?![\d.:]))){_CLOCK}(?!\d)"
    rf"|(?:hari\sini|today|kemarin|yesterday){_A_CLOCK}(?!\d)"
    rf"|(?:\d{{1,3}}|se)\s?(?:detik|menit|jam|hari|minggu|pekan|bulan|tahun)\s(?:yang\s|yg\s)?lalu{_END})",
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
