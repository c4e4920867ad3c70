"""The words and signs that Indonesian portals write dates with; knows nothing of sentences."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta, timezone
from difflib import get_close_matches
from urllib.parse import unquote

LONGEST = 300  # characters of one printed date that are read; real ones end before 120

# Names and misspellings seen on real pages (2024-2026), and those of English-language themes.
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan januar januwari",
            "februari february feb febr pebruari peb febuari febuary pebuari",
            "maret march mar mrt maart",
            "april apr apil aprl aprill",
            "mei may mey",
            "juni june jun juny",
            "juli july jul julai",
            "agustus august aug agu agt ags agst agust agus agts augustus ogos",
            "september sept sep sepember",
            "oktober october okt oct",
            "november nopember nov nop",
            "desember december des dec disember",
        ),
        start=1,
    )
    for name in names.split()
}
_LONG_MONTHS = tuple(name for name in MONTHS if len(name) >= 7)  # only these are told apart when misspelt

# Indonesian, English, Malay, Javanese, Sundanese and Balinese names (KBBI; Bausastra Jawa; Kamus Bali-Indonesia).
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "senin senen sinen isnin monday mon soma",
            "selasa slasa salasa tuesday tues tue anggara",
            "rabu rebo robo wednesday wed buda",
            "kamis kemis khamis thursday thurs thur thu wraspati respati",
            "jumat jumaat jumah jumaah jemuah jemuwah friday fri sukra",
            "sabtu saptu setu saturday sat saniscara",
            "minggu ahad akad sunday sun redite mgg",
        )
    )
    for name in names.split()
}
# Cut short before a comma, as Drupal prints them: Indonesian, Malay, German, French, Spanish.
_SHORT_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "sen isn mo lun",
            "sel di mar",
            "rab mi mer mie",
            "kam kha do jeu jue",
            "jum fr ven vie",
            "sab sa sam",
            "min ming ahd so dim dom",
        )
    )
    for name in names.split()
}

# WIB, WITA and WIT: Keputusan Presiden 41/1987. The others: RFC 822 section 5.1 and the tz database.
_ZONE_HOURS = {
    "wib": 7, "wita": 8, "wit": 9, "z": 0, "utc": 0, "gmt": 0, "ut": 0,
    "pst": -8, "pdt": -7, "mst": -7, "mdt": -6, "cst": -6, "cdt": -5, "est": -5, "edt": -4,
    "sgt": 8, "myt": 8, "jst": 9, "kst": 9, "ict": 7, "cet": 1, "cest": 2, "was": 3, "bst": 1,
    "hkt": 8, "pht": 8, "bnt": 8, "msk": 3, "eest": 3, "aest": 10, "aedt": 11, "awst": 8, "nzst": 12, "nzdt": 13,
}  # fmt: skip
_ZONE_REGIONS = {"barat": 7, "tengah": 8, "timur": 9}  # "Waktu Indonesia Barat"


def any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))) + ")"


MONTH = any_of(MONTHS) + r"(?![a-z])"
WEEKDAY = (
    rf"(?<![a-z])(?:{any_of(_WEEKDAYS)}|ju[mn][' ]{{1,2}}a+[' ]?[th]|juma'[th]|jemu'w?ah"
    rf"|(?<![0-9])(?<![0-9] ){any_of(_SHORT_WEEKDAYS)}(?=\.?,))(?![a-z])"  # but "2 min, 3/5/2024"
)
YEAR = r"(?:19|20)[0-9]{2}(?![0-9])"
DAY = r"(?:3[01]|[12][0-9]|0?[1-9])(?![0-9])"
# Not right behind a sign or a single letter: "!2/6" and "l2/6" are "12/6" mistyped, and "2/6" is another day.
NOT_CUT = r"(?<![!@#$%^&?~])(?<!(?<![a-z])[a-z])"
PART_OF_DAY = r"(?:dini ?hari|pagi|siang|sore|petang|ptg|malam|mlm|subuh)(?![a-z])"
PASARAN = r"(?:legi|pahing|paing|pon|wage|kliwon)(?![a-z])"  # the five days of the Javanese market week
RANGE_SIGN = r"(?:-+|s\.?/?d\.?(?![a-z])|sampai(?: dengan)?(?![a-z])|hingga(?![a-z])|until(?![a-z])|to(?![a-z]))"

# The numbered groups are read by read_clock; a dot parts hours and minutes as often as a colon.
CLOCK = (
    r"(?P<h>2[0-3]|[01]?[0-9])(?P<sign>\s?:\s?|\.|h(?=[0-5][0-9](?![0-9a-z]))|[,;](?=[0-5][0-9]\s?wi(?:b|ta|t)(?![a-z])))(?P<min>[0-5][0-9])(?:(?P=sign)(?P<s>[0-6][0-9])(?:[.,][0-9]+)?)?(?![0-9])"
    r"(?!\s*(?:menit|mins?(?![a-z])|juta|jt(?![a-z])|ribu|rb(?![a-z])|miliar|triliun|persen|%|k(?![a-z])|km|kali|views?|pembaca|detik|jam|[km]b))"
    r"\s*(?P<half>[ap]\.?\s?m(?![a-z])\.?)?"
)
ZONE = (
    r"(?:\s*[-,(\[|/]{0,2}\s*(?:waktu indonesia (?:bagian )?(?P<region>barat|tengah|timur)"
    rf"|(?:utc|gmt)(?P<gmt>(?:[+-]\s?|\s[+-])[0-9]{{1,2}}(?::?[0-9]{{2}})?)(?![0-9])"
    rf"|(?P<zone>{any_of(_ZONE_HOURS)})(?![a-z]))"
    r"|\s*\(?(?P<offset>\+(?:0[0-9]|1[0-4]):?(?:00|30|45)|(?<=\s)-(?:0[0-9]|1[0-2])(?:00|30))(?![0-9:]))"
)

_LIKE = {
    **dict.fromkeys("‘’‚‛′ʼʻʽˈ´`＇՚‹›“”\"", "'"),
    **dict.fromkeys("‐‑‒–—―−﹘﹣－⁃", "-"),
    **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad", ""),
    **dict.fromkeys("•·∙●▪│¦‖", "|"),
}  # fmt: skip
# Not str.translate, which looks each character up and takes five times as long.
_UNLIKE = re.compile(f"[{''.join(map(re.escape, _LIKE))}]")

# "19 Juni 2025WIB14:10:33": the zone glued between the day and its clock
_ZONE_FIRST = re.compile(
    r"(?<=(?:19|20)[0-9]{2})\s?(wib|wita|wit)\s?([0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2})?)(?![0-9]|\s?(?:wi[bt]|[+-]))"
)


def clean(text: str, longest: int = LONGEST) -> str:
    """Return the text in lower case with one kind of apostrophe, dash, bullet and white space; never raises."""
    text = text[:longest]
    if "&" in text:
        text = html.unescape(text)
    if "%" in text:
        text = unquote(text)
    if not text.isascii():
        text = _alike(text)  # mostly all that it takes, and ten times faster than what follows
    if not text.isascii():
        text = _alike(unicodedata.normalize("NFKD", text))
        text = "".join(char for char in text if not unicodedata.combining(char))
    text = " ".join(text.replace("`", "'").replace('"', "'").replace("\x00", " ").lower().split())
    return _ZONE_FIRST.sub(r" \2 \1", text) if "wi" in text else text


def _alike(text: str) -> str:
    return _UNLIKE.sub(lambda sign: _LIKE[sign[0]], text)


def month_number(word: str) -> int | None:
    """Return 1-12 for a month's name or one misspelt beyond the table; null for any other word."""
    if word in MONTHS:
        return MONTHS[word]
    if len(word) < 6:  # "market" is near "maret"
        return None
    near = get_close_matches(word, [name for name in _LONG_MONTHS if name[0] == word[0]], n=1, cutoff=0.8)
    return MONTHS[near[0]] if near else None


def weekday_number(word: str) -> int:
    """Return 0 (Monday) to 6 for what WEEKDAY matched."""
    letters = "".join(char for char in word if char.isalpha())
    return _WEEKDAYS.get(letters, _SHORT_WEEKDAYS.get(letters, 4))  # only Friday has spellings beyond the tables


def read_offset(printed: dict[str, str | None]) -> timezone | None:
    """Return the zone that ZONE matched; null when none was printed or it cannot be."""
    if name := printed.get("zone"):
        hours, minutes = _ZONE_HOURS[name], 0
    elif region := printed.get("region"):
        hours, minutes = _ZONE_REGIONS[region], 0
    elif sign := printed.get("gmt") or printed.get("offset"):
        digits = re.sub(r"[^0-9]", "", sign)
        hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
        if sign.lstrip().startswith("-"):
            hours, minutes = -hours, -minutes
    else:
        return None
    if abs(hours) > 14 or abs(minutes) > 59:  # zones end at +14 (tz database, Pacific/Kiritimati)
        return None
    return timezone(timedelta(hours=hours, minutes=minutes))
