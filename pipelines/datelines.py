"""The place and the days that an article's opening names; drops portals' names and refuses what is only a sentence.

"TRIBUNJATENG.COM, SLAWI - ...", "JAKARTA, KOMPAS.com\\n-\\n...", "Ngawi (beritajatim.com) - ..." and
"SURABAYA - ..." are datelines; "POSMETRO MEDAN- ..." is a portal's name.
"""

from __future__ import annotations

import re
from datetime import datetime

from kwri_crawler.items import EventDate
from pipelines.date_words import MONTH, clean
from pipelines.places import PLACES, PROVINCES, is_brand
from pipelines.readings import zone_info
from pipelines.running_dates import LONGEST_TEXT, find_days

_LONGEST_HEAD = 110  # characters before the dash; the longest seen has 80
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹘﹣－_", "-"))
_WRITERS_LINE = re.compile(r"\s*(?:laporan|oleh|penulis|reporter|editor|pewarta|wartawan|foto)\b[^\n]{0,120}\n", re.I)
_DASH = re.compile(r"\s*-+\s*")
_OTHER_END = re.compile(r"\s*(?:\|+|//+|:)\s+|(?<=\))\s+")
_PARTS = re.compile(r"[,|:()/\[\]]+")
_DAY_IN_HEAD = re.compile(
    rf"[0-9]{{1,2}}\s*(?:{MONTH}|[/-])|\b(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad)\b", re.I
)
_RANK_BEFORE = re.compile(r"(?:kota(?! agung\b)|kab(?:upaten)?\b\.?|dki|kotamadya|kecamatan|kec\.)\s*(?=\w)", re.I)
_SMALL_WORDS = {"di", "de", "la", "le", "el", "al", "of", "and", "dan", "aan", "den", "der", "upon", "del", "the"}
_KEEP_CAPITALS = {"OKU", "OKI", "PALI", "PPU", "DIY", "NTB", "NTT", "AS", "DKI", "DI", "UEA", "UK", "USA"}
# Words that begin a sentence or name an office, never a place.
_NO_PLACE = re.compile(
    r"\b(?:pol(?:isi|da|res|resta|restabes|sek|ri|tabes)|kapol\w*|waka\w*|kasat\w*|kodim|korem|kodam|dandim|satreskrim|satlantas"
    r"|tni|polri|kpk|kpu|bawaslu|dpr\w*|mpr|pemkab|pemkot|pemprov|pemerintah|pt|cv|presiden|wakil|gubernur|bupati|wali"
    r"|walikota|menteri|kementerian|ketua|kepala|direktur|anggota|tim|timnas|warga|sebanyak|seorang|sejumlah|kasus|video"
    r"|foto|breaking|update|ini|itu|para|dalam|untuk|dengan|pada|setelah|usai|jelang|akibat|dugaan|seperti|menurut|yang"
    r"|dinas|badan|bmkg|bnpb|bpbd|rsud|rs|smp|sma|smk|sd|universitas|pengadilan|kejaksaan|kejari|kejati|jaksa|hakim"
    r"|jalan|tol|gunung|sungai|bandara|pasar|partai|pdip|golkar|gerindra|liga|piala|klub|pemain|pelatih|artis|hari|baca"
    r"|juga|simak|komisi|desa|kelurahan|camat|lurah|ustaz|kh|dr|ir|haji|bank|indeks|harga|gempa|banjir|kebakaran"
    r"|scroll|advertisement|iklan|share|copyright)\b",
    re.I,
)


def read_dateline(opening: str) -> str | None:
    """Return the place that an opening begins with, "KOTA MADIUN" as "Madiun"; null when it begins with none."""
    text = _WRITERS_LINE.sub("", opening[: 4 * _LONGEST_HEAD], count=1).translate(_DASHES).strip()
    first_line = text.split("\n", 1)[0].strip()
    text = " ".join(text.split())
    for end in _DASH.finditer(text, 0, _LONGEST_HEAD + 3):
        head = text[: end.start()]
        if not head or not _ends_a_head(head, end[0], text[end.end() :]):
            continue
        place = _place_of(head)
        if place or not _is_only_brand(head):
            return place
    for end in _OTHER_END.finditer(text, 0, _LONGEST_HEAD):
        place = _place_of(text[: end.start()])
        if place and place.lower() in PLACES:
            return place
    return PLACES.get(_without_rank(first_line).lower()) if first_line != text else None


def read_event_dates(text: str, published: datetime, zone: str) -> tuple[EventDate, ...]:
    """Return the days that a text names, in its order, each once; zone is the portal's, published the article's."""
    cleaned = clean(text, LONGEST_TEXT)
    days: dict[str, EventDate] = {}
    for found in find_days(cleaned, published.astimezone(zone_info(zone)).date()):
        day = found.day.isoformat()
        days.setdefault(day, EventDate(day, found.flags))
    return tuple(days.values())


def _ends_a_head(head: str, dash: str, rest: str) -> bool:
    """Tell whether a dash parts a dateline from its text: "Jakarta-Bogor" and "TRIBUN-BALI.COM" hold none."""
    if dash != "-":
        return True
    word = re.split(r"[\s,(-]", head)[-1]
    following = re.split(r"[\s,-]", rest, maxsplit=1)[0]
    if word.lower() == following.lower() or (is_brand(following) and "." in following):
        return False
    return following[:1].isupper() and any(is_brand(part) for part in _PARTS.split(head))


def _is_only_brand(head: str) -> bool:
    return all(is_brand(part) for part in _PARTS.split(head) if part.strip())


def _place_of(head: str) -> str | None:
    """Return the place among the parts of a head; null when a part is neither a name nor a portal."""
    parts = [part.strip(" .-\"'") for part in _PARTS.split(head)]
    parts = [part for part in parts if part and not _DAY_IN_HEAD.search(part)]
    parts = [_without_repeated(part, parts) for part in parts]
    brands = [part for part in parts if is_brand(part)]
    names = [_without_rank(part) for part in parts if part not in brands]
    if not all(_is_name(name) for name in names):
        return None
    provinces = [name for name in names if name.lower() in PROVINCES and name.lower() not in PLACES]
    places = [name for name in names if name not in provinces]
    if len(places) > 1 and brands and len(set(places)) > 1:
        places = [name for name in places if name.lower() in PLACES] or places
    if places:
        return _written(places[0])
    if provinces and brands and (ending := _place_at_the_end(brands[0])):
        return ending
    return _written(provinces[0]) if provinces else None


def _without_repeated(part: str, parts: list[str]) -> str:
    """Return "Jayapura" for "Jubi Jayapura" where "Jubi" stands elsewhere in the head."""
    for other in parts:
        if part.startswith(other + " "):
            return part[len(other) + 1 :]
    return part


def _without_rank(name: str) -> str:
    return _RANK_BEFORE.sub("", name, count=1) if _RANK_BEFORE.match(name) else name


def _is_name(name: str) -> bool:
    words = name.split()
    if name.lower() in PLACES or name.lower() in PROVINCES:
        return True
    if not 1 <= len(words) <= 4 or len(name) > 40 or _NO_PLACE.search(name):
        return False
    return all(word[0].isupper() or word.lower() in _SMALL_WORDS for word in words)


def _place_at_the_end(brand: str) -> str | None:
    words = brand.split()
    for count in (3, 2, 1):
        if len(words) > count and (place := PLACES.get(" ".join(words[-count:]).lower())):
            return place
    return None


def _written(name: str) -> str:
    """Return a name as it is written in a sentence: "KAYONG UTARA" as "Kayong Utara"."""
    known = PLACES.get(name.lower()) or PROVINCES.get(name.lower())
    if known:
        return known
    if not name.isupper():
        return name
    return re.sub(r"[^\s-]+", lambda word: word[0] if word[0] in _KEEP_CAPITALS else word[0].capitalize(), name)
