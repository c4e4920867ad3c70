"""What a reader of the page sees around its title: its dates, found by their form where no class name tells."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from selectolax.lexbor import LexborNode

from kwri_crawler.items import DateKind, DateSource, DateText
from kwri_crawler.pages.authors import is_name
from kwri_crawler.pages.credits import is_copyright
from kwri_crawler.pages.date_forms import BARS, PRINTED_DATE, is_date
from kwri_crawler.pages.metadata import date_text
from kwri_crawler.pages.source import text_of
from kwri_crawler.pages.text import fold, squeezed, words
from kwri_crawler.pages.writers import author_in

_UPDATED = re.compile(
    r"(?:updated?|diperba(?:ha)?rui|perba(?:ha)?rui|di-?update|pemba(?:ha)?ruan|dimutakhirkan|(?:di)?revisi|diubah"
    r"|di-?edit|disunting|edited|modified)(?:\sterakhir)?\W{0,5}(?:at|on|pada|tanggal)?\W{0,5}$",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?:oleh|penulis|editor|reporter|by|foto)\s?:\s?\S.{0,60}|\d{1,2}[.:]\d{2}(?:\s?wi(?:b|ta|t))?", re.IGNORECASE
)
_IS_UPDATE = re.compile(r"^(?:last\s)?(?:updated?|diperbarui|pembaruan)\s{0,3}(?:pada|on|:)\s{0,3}", re.IGNORECASE)
_IS_PUBLICATION = re.compile(r"^(?:published|diterbitkan)\s{0,3}(?:pada|on|:)\s{0,3}", re.IGNORECASE)
_POSTED = re.compile(
    r"(?:posted|published|written|di(?:posting|terbitkan|publikasikan|unggah|tulis|muat|buat)|terbit|tayang|ver.{1,2}ffentlicht)\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"(?:(?:related|popular)(?: \w{3,10})?|(?:(?:berita|artikel) )?(?:terkait|terpopuler|lainnya)|baca juga"
    r"|(?:\d{1,4} )?(?:komentar|comments?)(?: ?\(?\d{1,4}\)?)?|(?:tinggalkan|beri|tulis) (?:komentar|balasan)"
    r"|leave a (?:comment|reply))\W{0,3}",
    re.IGNORECASE,
)
_TODAY = re.compile(r"(?:hari\sini|today|kemarin|yesterday)\W{0,2}", re.IGNORECASE)  # a whole line
_SMALL_WORDS = 4  # beside a date, of which a byline has fewer
_DASHES = frozenset("-–—")
LINES = 12  # after the title
_LINES_ABOVE = 3
_A_CARD = 5  # lines of one, at most
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
        said = squeezed(title)  # a kicker in the heading may be glued to it
        near = ((i, line) for i, line in enumerate(lines) if len(line) <= 2 * len(title))
        starts = [i for i, line in near if line.endswith(title) or squeezed(line) == said][:1]
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


def above(lines: Sequence[str], title: str, linked: Collection[str] = ()) -> list[str]:
    """Return the few short lines right above the title; none when the title does not stand there.

    Nor below another article's headline, which is among the texts of links: they are of its card.
    """
    starts = [i for i, line in enumerate(lines) if line == title]
    start = max((at for at in starts if at - starts[0] <= _A_CARD), default=0)  # a breadcrumb may end with the title
    found = lines[max(0, start - _LINES_ABOVE) : start]
    near = map(undated, lines[max(0, start - _A_CARD) : start])
    is_card = any(line in linked and len(line.split()) > _A_TAG for line in near)
    return [] if is_card else _short(found)


def below(lines: Sequence[str], paragraphs: Sequence[str], linked: Collection[str] = ()) -> list[str]:
    """Return the few short lines right below a text; none when its end does not stand there.

    They end before the line above another article's headline, which is among the texts of links: it may date that.
    """
    end = next((i for i in range(len(lines) - 1, -1, -1) if paragraphs and lines[i] == paragraphs[-1]), len(lines))
    found = lines[end + 1 : end + 1 + _LINES_BELOW]
    for at, line in enumerate(found):
        bare = undated(line)
        if _OTHERS.fullmatch(line):
            return _short(found[:at])
        if bare and bare in linked and (bare != line or len(line.split()) > _A_TAG):
            return _short(found[: max(0, at - 1)])
    return _short(found)


def undated(line: str) -> str:
    """Return a line without the dates that it prints, and the marks beside them."""
    return PRINTED_DATE.sub("", line).strip(" |-–•·,")


def _short(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if len(line) <= LONGEST]


def says_when(line: str) -> bool:
    """Say whether a line below a text dates it: by itself, behind "Posted", or behind a name or a place.

    What else has a date there is a seal of the press council, a firm's founding, a claim of rights.
    """
    if is_copyright(line):
        return False
    dated = (part for part in BARS.split(line) if PRINTED_DATE.search(part))
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
        whole = _TODAY.fullmatch(line)
        for found in (whole,) if whole else PRINTED_DATE.finditer(line[: LONGEST * 2]):
            before = line[: found.start()] or (lines[i - 1] if i else "")  # "Diperbarui:" may stand on its own line
            kind = DateKind.UPDATED if _UPDATED.search(before[-40:]) else DateKind.PUBLISHED
            date = date_text(kind, DateSource.BYLINE, found[0])
            if date and kind not in seen and not _is_in_sentence(line, found):
                seen.add(kind)
                yield date


def _is_in_sentence(line: str, found: re.Match[str]) -> bool:
    """Say whether a date in a line is an event's: in a sentence, a caption, or at a text's beginning."""
    before, after = BARS.split(line[: found.start()])[-1].strip(), BARS.split(line[found.end() :])[0].strip()
    if not before or _POSTED.search(before) or _UPDATED.search(before) or author_in([before]):
        return False
    small = sum(word[0].islower() for word in f"{before} {after}".split())
    is_text = small >= _SMALL_WORDS or (small > 1 and after.endswith((".", "!", "?")))
    is_event = before.endswith("(") and after.startswith(")") and not is_name(before.strip(" ("))  # "Kamis (2/5/2024)"
    return is_text or is_event or after.strip(" )") in _DASHES


def without_header(paragraphs: tuple[str, ...], title: str, decks: Collection[str] = ()) -> tuple[str, ...]:
    """Return a body without the title, and the byline and the date above or below it.

    `decks` are headings: one above the byline is the article's deck, and no text.
    """
    head = paragraphs[:_HEADER_LINES]
    start = head.index(title) if title in head else 0  # what stands above it is a section, a date
    while start < min(_HEADER_LINES, len(paragraphs) - 1):
        line = paragraphs[start]
        is_deck = line in decks and start + 2 < len(paragraphs) and _is_of_header(paragraphs[start + 1])
        if line != title and not (is_deck or _is_of_header(line)):
            break
        start += 1
    return paragraphs[start:]


def _is_of_header(line: str) -> bool:
    """Say whether a line only says who wrote an article, or when."""
    if len(line) > _A_BYLINE:
        return False
    return bool(_BYLINE.fullmatch(line) or author_in([line]) or is_date(line) or is_header_line(line))


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


def without_label(text: str, kind: DateKind) -> str:
    """Return a printed date without the label that its kind says already; another is read with it."""
    return (_IS_UPDATE if kind is DateKind.UPDATED else _IS_PUBLICATION).sub("", fold(text))
