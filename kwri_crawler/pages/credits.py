"""Who did what, from one line: author, editor, source, a caption's credit; says nothing of a line of free text."""

from __future__ import annotations

import re

from kwri_crawler.pages.text import fold, labelled_person, person

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
        (found := roles_in(paragraphs[-1])) or is_copyright(paragraphs[-1]) or is_sign(paragraphs[-1])
    ):
        roles = found | roles
        paragraphs = paragraphs[:-1]
    return paragraphs, roles


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
