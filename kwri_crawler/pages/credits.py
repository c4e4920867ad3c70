"""Who did what, from one line: author, editor, source, a caption's credit; says nothing of a line of free text."""

from __future__ import annotations

import re

from kwri_crawler.dates.places import PLACES, PROVINCES
from kwri_crawler.pages.authors import is_name
from kwri_crawler.pages.text import fold, labelled_person, person, words

LONGEST = 200  # characters of a line that only names people
_LABEL = re.compile(
    r"(?<!\w)(?P<author>penulis|reporter|pewarta|wartawan|writer|jurnalis|kontributor|laporan|rep(?=\s?:))"
    r"|(?:(?<!\w)|(?-i:(?<=[a-z])(?=E)))(?P<editor>editor|penyunting|redaktur|red(?=\s?:))|(?<!\w)(?P<source>sumber(?:\sberita)?|source)",
    re.IGNORECASE,
)
_AFTER_LABEL = re.compile(r"(?:/\w{1,20})?\s{0,3}:\s{0,3}")
_COPYRIGHT = re.compile(r"\s{0,3}(?:copyright\b|hak cipta\b|©).*$", re.IGNORECASE)
_COPYRIGHT_LINE = re.compile(
    r"copyright\b.{0,80}|hak cipta\s{0,3}(?:©|@|\(c\)|\d{4}|dilindungi|:).{0,80}|©.{0,80}", re.IGNORECASE
)
_SIGN = re.compile(
    r"\*{0,3}[(\[]\s?(?:\*{1,3}|(?:red|Red|RED)(?:aksi)?|[a-z]{2,5}|(?:\*{1,3}|[A-Za-z]{2,9})(?:\s?[/-]\s?[A-Za-z]{2,9}){1,3})\s?[)\]]\*{0,3}"
    r"|[a-z]{2,5}(?:/[a-z]{2,5}){1,3}|\*{1,3}|[Rr]ed\.",
)
_IN_BRACKETS = re.compile(r"\*{0,3}[(\[]\s?([^()\[\]]{5,60}?)\s?[)\]]\*{0,3}")
_BESIDE = re.compile(r"\s?/\s?|\s[-–]\s|,\s")
_MARK = re.compile(r"[A-Za-z]{2,9}|\*{1,3}")  # of a desk or a person, beside a name: "red", "ant"
_NAME_IN_BRACKETS = 4  # words; what has more is a title of something
_NO_NAME = frozenset(
    words(
        "bagian bersambung tamat selesai habis lanjutan seri edisi tulisan hari bulan tahun halaman jilid foto dok"
        " sumber amin aamiin catatan red ed update ralat koreksi versi rubrik kolom advertorial adv iklan antara"
        " reuters afp"
    )
)
_CREDIT = re.compile(
    r"[\s.]{0,3}[(\[]?\s{0,2}(?:(?:sumber\s)?(?:foto|photo|gambar)|photo\sby|kredit|credit|dok(?:\.|umentasi))"
    r"\s{0,2}[:/]\s{0,2}([^()\[\]]{2,80}?)\s{0,2}[)\]]?\.?$"
    r"|[\s.]{0,3}\(?\s{0,2}((?:antara\sfoto|antara)\s{0,2}/[^()]{2,80}?)\)?\.?$",
    re.IGNORECASE,
)


def roles_in(line: str) -> dict[str, str]:
    """Return author, editor and source of a line that says nothing else; empty for any other line."""
    if len(line) > LONGEST or ":" not in line:
        return {}
    line = _COPYRIGHT.sub("", line).strip(" ()[]|-–*")
    found: list[tuple[str, int, int]] = []
    for label in _LABEL.finditer(line):
        colon = _AFTER_LABEL.match(line, label.end())
        if colon is not None:
            found.append((label.lastgroup or "", label.start(), colon.end()))
    if not found or found[0][1] != 0:
        return {}
    roles: dict[str, str] = {}
    for (role, _, start), following in zip(found, [*(at for _, at, _ in found[1:]), len(line)], strict=True):
        said = line[start:following].strip(" |,;/-–")
        name = person(said)
        if name is None or len(name) > 80 or len(name.split()) > 8:
            return {}
        if labelled_person(said) is not None:
            roles.setdefault(role, name)
    return roles


def without_sign_off(paragraphs: tuple[str, ...]) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return a text without the last lines that only sign it, and who is named in them: author, editor, source."""
    roles: dict[str, str] = {}
    while len(paragraphs) > 1 and (
        (found := roles_of_sign_off(paragraphs[-1])) or is_copyright(paragraphs[-1]) or is_sign(paragraphs[-1])
    ):
        roles = found | roles
        paragraphs = paragraphs[:-1]
    return paragraphs, roles


def roles_of_sign_off(line: str) -> dict[str, str]:
    """Return who did what, of a line under a text that says nothing else: "Editor: X", "(Rina Wati)"."""
    name = _signature(line) if line[:1] in "([*" else None
    return {"author": name} if name else roles_in(line)


def _signature(line: str) -> str | None:
    """Return the name that a line in brackets is, perhaps beside a desk's mark: "(Rina Wati/red)"; None for any other.

    A place is none, nor is what parts of a series and notes of a desk are called.
    """
    found = _IN_BRACKETS.fullmatch(line)
    parts = _BESIDE.split(found[1]) if found else []
    names = [part for part in parts if not _MARK.fullmatch(part)]
    if not names or not all(map(_is_full_name, names)):
        return None
    return names[0].title() if names[0].isupper() else names[0]


def _is_full_name(said: str) -> bool:
    told = words(said)
    is_place = said.casefold() in PLACES or said.casefold() in PROVINCES
    return 2 <= len(told) <= _NAME_IN_BRACKETS and is_name(said) and not is_place and _NO_NAME.isdisjoint(told)


def is_sign(line: str) -> bool:
    """Say whether a line is a desk's sign under a text and nothing else: "(Cas/Isk)", "(red)", "(*)"."""
    return _SIGN.fullmatch(line) is not None


def is_copyright(line: str) -> bool:
    """Say whether a line only says whose the text is: "COPYRIGHT © ANTARA 2017"."""
    return _COPYRIGHT_LINE.fullmatch(line) is not None


def split_caption(caption: str) -> tuple[str | None, str | None]:
    """Return a caption without its credit, and the credit; null for what it does not say."""
    caption = fold(caption)[:1_000]
    found = _CREDIT.search(caption[-160:])
    if found is None:
        return caption or None, None
    start = max(0, len(caption) - 160) + found.start()
    credit = found[1] or found[2]
    left = caption[:start]
    if caption[start : start + 1] == ".":
        left += "."
    return left.strip() or None, credit.strip()
