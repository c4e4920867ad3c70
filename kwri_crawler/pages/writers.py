"""Who wrote it, by the form of a line of the header: a label, a job, the portal or a date beside a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from kwri_crawler.dates.places import PLACES, PROVINCES
from kwri_crawler.pages.authors import is_job, is_name
from kwri_crawler.pages.credits import roles_in
from kwri_crawler.pages.date_forms import BARS, PRINTED_DATE
from kwri_crawler.pages.portal_names import is_portal
from kwri_crawler.pages.text import labelled_person, person, words

_ROLE = r"(?:penulis|reporter|pewarta|wartawan|jurnalis|koresponden|kontributor|fotografer|rep)"
_DONE = r"(?:di(?:tulis|posting|unggah|kirim|muat|buat|terbitkan|publikasikan)|posted|written|submitted|published)"
_AUTHOR = re.compile(
    rf"^(?:{_ROLE}|laporan|(?:{_DONE}\s)?(?:oleh|by))\s{{0,3}}:\s{{0,3}}(\S.{{1,80}})$"
    r"|^((?-i:[A-Z])\S{0,30}(?:\s(?-i:[A-Z])\S{0,30}){1,4})\s(?:jurnalis|reporter|wartawan|pewarta|kontributor)$"
    r"|^(\S.{1,60}?)(?:\s[-–|]|,)\s(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,12}(?=\s|$)"
    rf"|^(?:{_DONE}\s)?(?:oleh|by)\s(\S{{1,40}}(?:\s\S{{1,40}}){{1,4}})$"
    # "Laporan Wartawan Kabar Puger, Rina Wati"
    rf"|^\(?(?:laporan\s)?(?:{_ROLE}\s){{1,2}}(?:[^,:|]{{2,40}},|(?-i:[A-Z])[^,:|]{{1,40}}:)\s"
    r"(\S{1,40}(?:\s\S{1,40}){1,4}?)\)?$",
    re.IGNORECASE,
)
_WHO = re.compile(rf"\b(?:{_ROLE}|laporan|oleh|by|von|par|por)\b|\s[-–—|(]|\D/\D|\w,\s\w|\.[a-z]{{2}}", re.IGNORECASE)
_OTHERS = re.compile(r"[\s|/,]{0,3}(?<!\w)(?:editor|redaktur|penyunting|red|foto(?:grafer)?)\s?:", re.IGNORECASE)
_ROLES = re.compile(rf"(?:{_ROLE}|laporan)\b", re.IGNORECASE)
_ROLE_BEFORE = re.compile(rf"(?:{_ROLE}|von:?|par:?|por:?)\s(?=\S)", re.IGNORECASE)  # "Wartawan Rina Wati"
_BEFORE_DATE = re.compile(
    r"(?:[\s,|–-]|\s(?:on|at|pada|(?:last\s)?updated|published|diperbarui)\W{0,2}(?=\s*$)){1,9}$", re.IGNORECASE
)
_LABEL_ALONE = re.compile(rf"(?:{_ROLE}|(?:ditulis\s)?oleh|(?:written\s)?by|von)\s?:?", re.IGNORECASE)
_BESIDE_PORTAL = re.compile(r"([^,(]{3,60}?)(?:\s[-–—|]\s|\s?/\s?|,\s|\s\()([^,()]{3,60})\)?")
_JOB_BEHIND = re.compile(r",\s|\s\((?=[^()]+\)$)")  # "Rina Wati, Kontributor Jember", "Rina Wati (Reporter Senior)"
_LABEL_CELL = re.compile(r"\s\|\s:\s(?:\|\s)?|:\s\|\s")  # "Penulis | : | Rina Wati" in a table
_KIND_OF_PLACE = re.compile(r"^(?:kota|kabupaten|kab\.|provinsi|kecamatan|desa)\s")
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


def author_in(lines: Sequence[str], sites: tuple[str, ...] = ()) -> str | None:
    """Return the author that a line of the header names by its form; null when none does."""
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        if _WHO.search(line) and (who := _author_in_line(line, following, sites)):
            return who
    return None


def in_byline(said: str, sites: tuple[str, ...] = ()) -> str:
    """Return the author in a byline's own element, which may name others beside: "Rep: X/ Red: Y"; empty for none."""
    own = _OTHERS.split(said, maxsplit=1)[0].strip()
    return (author_in([own], sites) or own) if own and _ROLES.match(own) else own


def _author_in_line(line: str, following: str, sites: tuple[str, ...]) -> str | None:
    """Return the author whom a line names, alone or beside its date: "27 Juni 2024 | 14:10 WIB | Oleh : Rina Wati"."""
    if who := roles_in(_LABEL_CELL.sub(": ", line)).get("author"):
        return _without_job(BARS.split(who)[0])
    parts = [part for around in BARS.split(line) for part in PRINTED_DATE.sub("\n", around).split("\n")]
    parts = [said for part in parts if (said := _BEFORE_DATE.sub("", part).strip())]
    for said, behind in zip(parts, (*parts[1:], following), strict=False):
        if _LABEL_ALONE.fullmatch(said) and is_name(behind):
            return person(behind)
        if found := _AUTHOR.match(said):
            name = _CUT.split(next(group for group in found.groups() if group))[0]
            if who := labelled_person(name) if found[1] else person(name):
                return _without_job(who)
        elif _ROLE_BEFORE.match(said) and is_name(name := _ROLE_BEFORE.sub("", said, count=1)):
            return name
        name, *job = _JOB_BEHIND.split(said, maxsplit=1)
        if job and is_name(name) and is_job(job[0]):
            return name
    for said in (line, *parts):  # "Rina Wati - Kabar Puger", "Rina Wati, Kabar Puger"
        beside = _BESIDE_PORTAL.fullmatch(said.lstrip(" -–|,"))
        if beside and is_portal(beside[2], sites) and not is_portal(beside[1], sites) and _is_person(beside[1]):
            return beside[1]
    return None


def _without_job(who: str) -> str:
    """Return a name without the job or the place behind it: "Rina Wati, Jember"."""
    name, *behind = _JOB_BEHIND.split(who, maxsplit=1)
    return name if behind and is_name(name) and (is_job(behind[0]) or behind[0].casefold() in PLACES) else who


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
