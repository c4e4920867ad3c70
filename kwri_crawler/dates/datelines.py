"""The place and the days that an article's opening names; drops portals' names and refuses what is only a sentence.

"TRIBUNJATENG.COM, SLAWI - ...", "JAKARTA, KOMPAS.com\\n-\\n...", "Ngawi (beritajatim.com) - ..." and
"SURABAYA - ..." are datelines; "POSMETRO MEDAN- ..." is a portal's name.
"""

from __future__ import annotations

import re
from datetime import datetime

from kwri_crawler.dates.faces import zone_info
from kwri_crawler.dates.places import ABROAD, PLACES, PROVINCES, is_brand
from kwri_crawler.dates.running import LONGEST_TEXT, find_days
from kwri_crawler.dates.words import MONTH, clean
from kwri_crawler.items import EventDate

_LONGEST_HEAD = 110  # characters before the dash; the longest seen has 80
_DASHES = re.compile("[‐‑‒–—―−﹘﹣－_]")
_WRITER = re.compile(
    r"(?:laporan|oleh|penulis|reporter|editor|pewarta|wartawan|jurnalis|kontributor|foto)\b[^\n]{0,120}\n", re.I
)
_WRITERS_LINE = re.compile(rf"\s*{_WRITER.pattern}", re.I)
_DASH = re.compile(r"\s*-+\s*")
_OTHER_END = re.compile(
    r"\s*(?:\|+|//+|:|(?P<stop>\.))\s+|(?<=\))\s+|:(?=[A-Z])|(?<=[a-z])(?P<glued>(?=[A-Z]))"
    r"|(?<=\.(?i:com|net))\s(?=[A-Z])|(?<=\.(?i:id|co))\s(?=[A-Z])"
)
_PARTS = re.compile(r"[,|:()/\[\]]+|\s-+\s")
_FURNITURE_LINES = 4
_LONGEST_LINE = 60  # characters of a line of furniture before the dateline: "Scroll untuk lanjut membaca"
_DAY_IN_HEAD = re.compile(
    rf"[0-9]{{1,2}}\s*(?:{MONTH}|[/-])|\b(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad)\b", re.I
)
_RANK_BEFORE = re.compile(r"(?:kota(?! agung\b)|kab(?:upaten)?\b\.?|dki|kotamadya|kecamatan|kec\.)\s*(?=\w)", re.I)
_SMALL_WORDS = {"di", "de", "la", "le", "el", "al", "of", "and", "dan", "aan", "den", "der", "upon", "del", "the"}
_KEEP_CAPITALS = {"OKU", "OKI", "PALI", "PPU", "DIY", "NTB", "NTT", "AS", "DC", "DKI", "DI", "UEA", "UK", "USA"}
# Words that begin a sentence or name an office, never a place.
_NO_PLACE = re.compile(
    r"\b(?:pol(?:isi|da|res|resta|restabes|sek|ri|tabes)|kapol\w*|waka\w*|kasat\w*|kodim|korem|kodam|dandim|satreskrim|satlantas"
    r"|tni|polri|kpk|kpu|bawaslu|dpr\w*|mpr|pemkab|pemkot|pemprov|pemerintah|pt|cv|presiden|wakil|gubernur|bupati|wali"
    r"|walikota|menteri|kementerian|ketua|kepala|direktur|anggota|tim|timnas|warga|sebanyak|seorang|sejumlah|kasus|video"
    r"|foto|breaking|update|ini|itu|para|dalam|untuk|dengan|pada|setelah|usai|jelang|akibat|dugaan|seperti|menurut|yang"
    r"|dinas|badan|bmkg|bnpb|bpbd|rsud|rs|smp|sma|smk|sd|universitas|pengadilan|kejaksaan|kejari|kejati|jaksa|hakim"
    r"|jalan|tol|gunung|sungai|bandara|pasar|partai|pdip|golkar|gerindra|liga|piala|klub|pemain|pelatih|artis|hari|baca"
    r"|juga|simak|komisi|desa|kelurahan|camat|lurah|ustaz|kh|dr|ir|haji|bank|indeks|harga|gempa|banjir|kebakaran"
    r"|scroll|advertisement|advertorial|iklan|share|copyright|dari|rute|ke|opini|kolom|tajuk|editorial|olahraga|ekonomi"
    r"|politik|galeri|infografis|wawancara|profil|sosok|oleh|editor|reporter|penulis|pewarta|laporan|wartawan|jurnalis"
    r"|kontributor)\b",
    re.I,
)


def read_dateline(opening: str) -> str | None:
    """Return the place that an opening begins with, "KOTA MADIUN" as "Madiun"; null when it begins with none."""
    text = opening[: 4 * _LONGEST_HEAD]
    # With white space before it, it is looked for five times as long; it ends a line.
    if _WRITER.search(text, 0, text.rfind("\n") + 1):
        text = _WRITERS_LINE.sub("", text, count=3)
    text = _DASHES.sub("-", text).strip()
    place = _read_head(text)
    for _ in range(_FURNITURE_LINES):
        line, _, text = text.partition("\n")
        if place or not text or len(line) > _LONGEST_LINE or line.rstrip().endswith("."):
            break
        place = _read_head(text.strip())
        if place and not _is_known(place):
            return None
    return place


def _read_head(text: str) -> str | None:
    first_line = text.split("\n", 1)[0].strip()
    alone = "\n" in text and bool(re.match(r"[^\n]*\n\s*-", text))  # detik prints the place on a line of its own
    if "\n" in text and _is_writer_of_brand(first_line):
        return _read_head(text.split("\n", 1)[1].strip())
    text = " ".join(text.split())
    for end in _DASH.finditer(text, 0, _LONGEST_HEAD + 3):
        head = text[: end.start()]
        if not head or not _ends_a_head(head, end[0], text[end.end() :]):
            continue
        place = _place_of(head)
        if place and (alone or _is_certain(head, text[end.end() :])):
            return place
        if place or not _is_only_brand(head):
            break
    for end in _OTHER_END.finditer(text, 0, _LONGEST_HEAD):
        head = text[: end.start()]
        if end["stop"] and not ("-" in head and _has_brand(head)):  # "KONTAN.CO.ID - JAKARTA. ..."
            continue
        if end["glued"] is not None and not ("," in head and is_brand(head.split(",")[0])):  # "X.com, JakartaWarga ..."
            continue
        place = _place_of(head)
        if place and place.lower() in PLACES:
            return place
    if first_line == text:
        return None
    place = _place_of(first_line) if len(first_line) <= _LONGEST_LINE else None
    return place if place and place.lower() in PLACES and (_has_brand(first_line) or "," not in first_line) else None


def _is_known(place: str) -> bool:
    return any(place.lower() in names for names in (PLACES, PROVINCES, ABROAD))


def _is_certain(head: str, rest: str) -> bool:
    """Tell whether a head is a dateline and no sentence's beginning.

    It is when a place in it is known, a portal stands beside it, or it is in capitals ("ALCANIZ - ..."); of names that
    are not known only single words before a new sentence are believed: "Ahmad Yani - ..." is a person.
    """
    parts = [part.strip() for part in _PARTS.split(head)]
    if any(_is_known(_without_rank(part)) or _RANK_BEFORE.match(part) for part in parts):
        return True
    return head.isupper() or _has_brand(head) or (" " not in head.strip() and not rest[:1].islower())


def _has_brand(head: str) -> bool:
    return any(is_brand(part) for part in _PARTS.split(head) if part.strip())


def _is_writer_of_brand(line: str) -> bool:
    """Tell whether a line is "Budi Santoso - detikJatim"."""
    name, dash, brand = line.rpartition(" - ")
    return bool(dash) and not any(c in line for c in ",(:") and is_brand(brand) and not _is_known(name.strip())


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
    if (
        head.isupper()
        and _is_known(_without_rank(head))
        and following[:1].isupper()
        and not following.isupper()
        and not _is_known(following)
    ):
        return True  # "SURABAYA-Warga ..."
    if word.lower() == following.lower() or (is_brand(following) and "." in following):
        return False
    return following[:1].isupper() and any(is_brand(part) for part in _PARTS.split(head))


def _is_only_brand(head: str) -> bool:
    return all(is_brand(part) for part in _PARTS.split(head) if part.strip())


def _place_of(head: str) -> str | None:
    """Return the place among the parts of a head; null when a part is neither a name nor a portal."""
    parts = [part.strip(" .-\"'*_") for part in _PARTS.split(head)]
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
    if _is_known(name):
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
    known = next((names[name.lower()] for names in (PLACES, PROVINCES, ABROAD) if name.lower() in names), None)
    if known:
        return known
    if not name.isupper():
        return name
    words = re.sub(r"[^\s-]+", lambda word: word[0] if word[0] in _KEEP_CAPITALS else word[0].capitalize(), name)
    return re.sub(r"(?<=\s)\w+", lambda word: word[0].lower() if word[0].lower() in _SMALL_WORDS else word[0], words)
