"""What a reader of the page sees around its title: author and dates, found by their form where no class name tells."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import zip_longest

from selectolax.lexbor import LexborNode

from kwri_crawler.dates.places import PLACES, PROVINCES
from kwri_crawler.items import DateKind, DateSource, DateText
from kwri_crawler.pages.authors import is_job, is_name
from kwri_crawler.pages.credits import is_copyright, roles_in
from kwri_crawler.pages.date_forms import PRINTED_DATE, is_date
from kwri_crawler.pages.metadata import date_text
from kwri_crawler.pages.portal_names import is_portal
from kwri_crawler.pages.source import text_of
from kwri_crawler.pages.text import fold, labelled_person, person, words

_UPDATED = re.compile(
    r"(?:updated?|diperba(?:ha)?rui|perba(?:ha)?rui|di-?update|pemba(?:ha)?ruan|dimutakhirkan|(?:di)?revisi|diubah"
    r"|di-?edit|disunting|edited|modified)(?:\sterakhir)?\W{0,5}(?:at|on|pada|tanggal)?\W{0,5}$",
    re.IGNORECASE,
)
_ROLE = r"(?:penulis|reporter|pewarta|wartawan|jurnalis|koresponden|kontributor|fotografer|rep)"
_AUTHOR = re.compile(
    rf"^(?:{_ROLE}|laporan|(?:(?:ditulis|diposting|diunggah|posted|written)\s)?(?:oleh|by))\s{{0,3}}:\s{{0,3}}(\S.{{1,80}})$"
    r"|^((?-i:[A-Z])\S{0,30}(?:\s(?-i:[A-Z])\S{0,30}){1,4})\s(?:jurnalis|reporter|wartawan|pewarta|kontributor)$"
    r"|^(\S.{1,60}?)(?:\s[-–|]|,)\s(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,12}(?=\s|$)"
    r"|^(?:(?:ditulis|diposting|diunggah|posted|written)\s)?(?:oleh|by)\s(\S{1,40}(?:\s\S{1,40}){1,4})$"
    # "Laporan Wartawan Kabar Puger, Rina Wati"
    rf"|^\(?(?:laporan\s)?(?:{_ROLE}\s){{1,2}}[^,:|]{{2,40}},\s(\S{{1,40}}(?:\s\S{{1,40}}){{1,4}}?)\)?$",
    re.IGNORECASE,
)
_WHO = re.compile(rf"\b(?:{_ROLE}|laporan|oleh|by|von|par|por)\b|\s[-–—/|(]|\w,\s\w|\.[a-z]{{2}}", re.IGNORECASE)
_ROLE_BEFORE = re.compile(rf"(?:{_ROLE}|von:?|par:?|por:?)\s(?=\S)", re.IGNORECASE)  # "Wartawan Rina Wati"
_BEFORE_DATE = re.compile(
    r"(?:[\s,|–-]|\s(?:on|at|pada|(?:last\s)?updated|published|diperbarui)\W{0,2}(?=\s*$)){1,9}$", re.IGNORECASE
)
_POSTED = re.compile(
    r"(?:posted|published|written|di(?:posting|terbitkan|publikasikan|unggah|tulis|muat|buat)|terbit|tayang|ver.{1,2}ffentlicht)\b",
    re.IGNORECASE,
)
_LABEL_ALONE = re.compile(rf"(?:{_ROLE}|(?:ditulis\s)?oleh|(?:written\s)?by|von)\s?:?", re.IGNORECASE)
_BESIDE_PORTAL = re.compile(r"([^,(]{3,60}?)(?:\s[-–—/|]\s|,\s|\s\()([^,()]{3,60})\)?")
_LABEL_CELL = re.compile(r"\s\|\s:\s(?:\|\s)?|:\s\|\s")  # "Penulis | : | Rina Wati" in a table
_KIND_OF_PLACE = re.compile(r"^(?:kota|kabupaten|kab\.|provinsi|kecamatan|desa)\s")
_BARS = re.compile(r"\s?[|•·]\s?")
_NAME = re.compile(r"[A-Z][\w'’.]{0,20}(?: [A-Z][\w'’.]{0,20}){1,4}")
_NAME_BEFORE_DATE = re.compile(rf"([^|•·,]{{3,60}}?)\s[-–—]\s(?={PRINTED_DATE.pattern})", re.IGNORECASE)
_NAME_BEHIND_TIME = re.compile(
    r"[|•·]\s?\d{1,5}\s?(?:min(?:ute)?s?|menit|words|kata)(?:\s(?:read|baca))?\s?[|•·]\s?([^|•·,\d]{3,60})$",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"\s(?-i:in|on|at|pada)\s|\s[|•·]\s|\s-\s(?=\D{0,12}\d)|,?\s(?=(?:editor|senin|selasa|rabu|kamis|jum.?at|sabtu|minggu)\b)|(?=editor\s?:)|\s?/\s?(?=red\s?:)",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"(?:(?:related|popular)(?: \w{3,10})?|(?:(?:berita|artikel) )?(?:terkait|terpopuler|lainnya)|baca juga"
    r"|(?:\d{1,4} )?(?:komentar|comments?)(?: ?\(?\d{1,4}\)?)?|(?:tinggalkan|beri|tulis) (?:komentar|balasan)"
    r"|leave a (?:comment|reply))\W{0,3}",
    re.IGNORECASE,
)
LINES = 12  # after the title
_LINES_ABOVE = 3
_FAR_ABOVE = 20  # lines between a headline and its text
_A_BYLINE = 80  # characters of a line that may be one, though the text holds it
_LINES_BELOW = 5
_A_NAME = 3  # words of who or where, beside a date below a text
_A_TAG = 3  # words of a link that is a tag, a section or a person: a headline has more
LONGEST_HEADER = 120  # characters of a line that is a date and a byline
_LEAST_OF_HEADLINE = 20  # characters of a title that may stand behind a kicker
LONGEST = 160  # characters of a line that is still a header's
_HEADER_LINES = 4  # that may stand before the text: section, date, title, byline


def around(lines: Sequence[str], title: str, text: Sequence[str] = ()) -> list[str]:
    """Return the short lines from the title's to the text; none when the title does not stand there.

    A list of the latest articles above may hold the title too: that right above the text is the headline.
    """
    starts = [i for i, line in enumerate(lines) if line == title]
    if (
        not starts and len(title) >= _LEAST_OF_HEADLINE
    ):  # "Banjir di Jember: Tiga Desa Terendam", told without its kicker
        starts = [i for i, line in enumerate(lines) if line.endswith(title) and len(line) <= 2 * len(title)][:1]
    if not starts:
        return []
    start = starts[0]
    if len(starts) > 1 and text and text[0] in lines:
        text_at = lines.index(text[0])
        if text_at - start > _FAR_ABOVE:
            start = next((at for at in reversed(starts) if at < text_at), start)
    header: list[str] = []
    for at in range(start + 1, min(len(lines), start + 1 + LINES)):
        line = lines[at]
        if (
            len(line) > LONGEST
            and at == start + 1
            and (line not in text[:1] or is_header_line(" ".join(lines[at + 1 : at + 2])))
        ):
            continue  # what the article is about, between the headline and the byline
        if len(line) > LONGEST or (len(line) > _A_BYLINE and line in text) or _OTHERS.fullmatch(line):
            break
        header.append(line)
    return header


def above(lines: Sequence[str], title: str) -> list[str]:
    """Return the few short lines right above the title; none when the title does not stand there."""
    start = next((i for i, line in enumerate(lines) if line == title), 0)
    return _short(lines[max(0, start - _LINES_ABOVE) : start])


def below(lines: Sequence[str], paragraphs: Sequence[str], linked: Collection[str] = ()) -> list[str]:
    """Return the few short lines right below a text; none when its end does not stand there.

    They end before the line above another article's headline, which is among the texts of links: it may date that.
    """
    end = next((i for i in range(len(lines) - 1, -1, -1) if paragraphs and lines[i] == paragraphs[-1]), len(lines))
    found = lines[end + 1 : end + 1 + _LINES_BELOW]
    for at, line in enumerate(found):
        undated = PRINTED_DATE.sub("", line).strip(" |-–•·,")
        if _OTHERS.fullmatch(line):
            return _short(found[:at])
        if undated and undated in linked and (undated != line or len(line.split()) > _A_TAG):
            return _short(found[: max(0, at - 1)])
    return _short(found)


def _short(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if len(line) <= LONGEST]


def says_when(line: str) -> bool:
    """Say whether a line below a text dates it: by itself, behind "Posted", or behind a name or a place.

    What else has a date there is a seal of the press council, a firm's founding, a claim of rights.
    """
    if is_copyright(line):
        return False
    dated = (part for part in _BARS.split(line) if PRINTED_DATE.search(part))
    return any(_dates_a_text(PRINTED_DATE.sub(" ", part).strip(" ,.:;()-–")) for part in dated)


def _dates_a_text(beside: str) -> bool:
    """Say whether what stands in one line with a date leaves that the text's."""
    is_label = _POSTED.match(beside) or _UPDATED.search(beside) or author_in([beside])
    return not beside or bool(is_label) or (len(words(beside)) <= _A_NAME and is_name(beside, least=1))


def posted_at_end(paragraphs: Sequence[str]) -> list[str]:
    """Return a text's last line where it only says when it was posted; else nothing."""
    last = paragraphs[-1] if len(paragraphs) > 1 else ""
    return [last] if _POSTED.match(last) and is_header_line(last) else []


def dates_in(lines: Sequence[str]) -> Iterator[DateText]:
    """Yield the first published and the first updated date that lines print."""
    seen: set[DateKind] = set()
    for i, line in enumerate(lines):
        for found in PRINTED_DATE.finditer(line[: LONGEST * 2]):
            before = line[: found.start()] or (lines[i - 1] if i else "")  # "Diperbarui:" may stand on its own line
            kind = DateKind.UPDATED if _UPDATED.search(before[-40:]) else DateKind.PUBLISHED
            date = date_text(kind, DateSource.BYLINE, found[0])
            if date and kind not in seen:
                seen.add(kind)
                yield date


def author_in(lines: Sequence[str], sites: tuple[str, ...] = ()) -> str | None:
    """Return the author that a line of the header names by its form; null when none does."""
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        if _WHO.search(line) and (who := _author_in_line(line, following, sites)):
            return who
    return None


def _author_in_line(line: str, following: str, sites: tuple[str, ...]) -> str | None:
    """Return the author whom a line names, alone or beside its date: "27 Juni 2024 | 14:10 WIB | Oleh : Rina Wati"."""
    if who := roles_in(_LABEL_CELL.sub(": ", line)).get("author"):
        return _BARS.split(who)[0]
    parts = [part for around in _BARS.split(line) for part in PRINTED_DATE.sub("\n", around).split("\n")]
    parts = [said for part in parts if (said := _BEFORE_DATE.sub("", part).strip())]
    for said, behind in zip(parts, (*parts[1:], following), strict=False):
        if _LABEL_ALONE.fullmatch(said) and is_name(behind):
            return person(behind)
        if found := _AUTHOR.match(said):
            name = _CUT.split(next(group for group in found.groups() if group))[0]
            if who := labelled_person(name) if found[1] else person(name):
                return who
        elif _ROLE_BEFORE.match(said) and is_name(name := _ROLE_BEFORE.sub("", said, count=1)):
            return name
        name, comma, job = said.partition(", ")
        if comma and is_name(name) and is_job(job):
            return name
    for said in (line, *parts):  # "Rina Wati - Kabar Puger", "Rina Wati, Kabar Puger"
        beside = _BESIDE_PORTAL.fullmatch(said.lstrip(" -–|,"))
        if beside and is_portal(beside[2], sites) and not is_portal(beside[1], sites) and _is_person(beside[1]):
            return beside[1]
    return None


def _is_person(name: str) -> bool:
    """Say whether a name beside the portal's is a writer's, and no dateline's place: "BANDAR LAMPUNG, KABAR PUGER"."""
    place = _KIND_OF_PLACE.sub("", name.casefold())
    return is_name(name) and not name.isupper() and place not in PLACES and place not in PROVINCES


def name_above_date(lines: Sequence[str]) -> str | None:
    """Return the name that the header's first line is, when it holds nothing else and the date stands below it."""
    if len(lines) < 2 or not _NAME.fullmatch(lines[0]) or not PRINTED_DATE.match(lines[1]):
        return None
    return person(lines[0])


def name_beside_date(lines: Sequence[str], sites: tuple[str, ...], others: Iterable[str]) -> str | None:
    """Return the name before a date, or behind how long its text takes: "3 Mei 2024 · 3 menit · Rina Wati".

    None for a place's and the portal's, and where a word of it is one of `others`, which may be sections: "Kabar Desa".
    """
    for line in lines:
        found = _NAME_BEFORE_DATE.match(line) or _NAME_BEHIND_TIME.search(line)
        if found is None or not PRINTED_DATE.search(line) or is_portal(found[1], sites) or not _is_person(found[1]):
            continue
        name = words(found[1])
        told = {tuple(word for word in words(text) if word != "dan") for text in others}  # "Hukum & Kriminal"
        return None if told.intersection((name, *((word,) for word in name))) else found[1]
    return None


def without_header(paragraphs: tuple[str, ...], title: str) -> tuple[str, ...]:
    """Return a body without the title, and the byline and the date above or below it."""
    head = paragraphs[:_HEADER_LINES]
    start = head.index(title) if title in head else 0  # what stands above it is a section, a date
    while start < min(_HEADER_LINES, len(paragraphs) - 1):
        line = paragraphs[start]
        if line != title and not (len(line) <= 80 and (author_in([line]) or is_date(line) or is_header_line(line))):
            break
        start += 1
    return paragraphs[start:]


def is_header_line(line: str) -> bool:
    """Say whether a line only prints a date, perhaps with who wrote it: "Ayu - Kabar | Rabu, 7 Oktober 2026 09:15"."""
    found = PRINTED_DATE.search(line) if len(line) <= LONGEST_HEADER else None
    rest = "" if found is None else f"{line[: found.start()]}{line[found.end() :]}"
    return found is not None and len(rest) <= 60 and not line.endswith((".", "!", "?")) and ". " not in rest


def is_labelled_update(node: LexborNode) -> bool:
    """Say whether its markup or the words right before a date call it an update: "Diperbarui: <time>"."""
    its_class, is_of = (node.attributes.get(name) or "" for name in ("class", "itemprop"))
    if is_of.casefold() == "datemodified" and "publish" not in its_class:  # Newkarma calls a publication both
        return True
    parent = node.parent
    if parent is None:
        return False
    before = text_of(parent)[:300].partition(text_of(node))[0] if text_of(node) else ""
    return _UPDATED.search(before[-40:]) is not None


def without_label(text: str) -> str:
    """Return a printed date without the "Updated:" that its kind says already."""
    return re.sub(
        r"^(?:last\s)?(?:updated?|diperbarui|pembaruan|published|diterbitkan)\s{0,3}(?:pada|on|:)\s{0,3}",
        "",
        fold(text),
        flags=re.I,
    )
