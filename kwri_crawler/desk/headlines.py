"""Put a PDF's lines together by their type: headlines, larger or bolder than the text, running text, small print."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from kwri_crawler.desk.lines import joined

LARGER = 1.1  # than the text's type
MOST_SPACING = 1.8  # from line to line of one headline, in sizes of its type
FULL = 0.9  # of a headline's longest line; characters are not of one width
_BOLD = re.compile(r"bold|black|heavy", re.IGNORECASE)


class Line(NamedTuple):
    """A line of a page, and the type in which all of it is set."""

    text: str
    size: float = 0  # in points; 0 where the line has several
    font: str = ""  # empty where the line has several
    height: float = 0  # at which it stands on the page
    is_headline: bool = False


def with_headlines(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a page; those of a headline as one."""
    size, font = _type_of_text(lines)
    found: list[Line] = []
    for is_headline, run in groupby(lines, key=lambda line: _stands_out(line, size, font)):
        some = list(run)
        found += _headlines(some) if is_headline else some
    return found


def paragraphs_of(lines: Sequence[Line]) -> list[str]:
    """Return the paragraphs of all pages: a headline is one, and small print, as beside the text, comes last.

    Each size of type has its own length of line.
    """
    sized: list[Line] = []
    for line in lines:
        sized.append(line if line.size or not sized else line._replace(size=sized[-1].size))
    small = _type_of_text(sized)[0] / LARGER
    sized.sort(key=lambda line: line.size < small)
    paragraphs: list[str] = []
    for (_, is_headline), run in groupby(sized, key=lambda line: (line.size, line.is_headline)):
        texts = [line.text for line in run]
        paragraphs += [" ".join(text.split()) for text in texts] if is_headline else joined(texts)
    return paragraphs


def _type_of_text(lines: Iterable[Line]) -> tuple[float, str]:
    """Return the size and the font in which most of the text is set."""
    characters: Counter[tuple[float, str]] = Counter()
    for line in lines:
        characters[line.size, line.font] += len(line.text)
    return max(characters, key=characters.__getitem__, default=(0.0, ""))


def _stands_out(line: Line, size: float, font: str) -> bool:
    if line.size > LARGER * size:
        return True
    return line.size >= size > 0 and bool(_BOLD.search(line.font)) and not _BOLD.search(font)


def _headlines(lines: Sequence[Line]) -> list[Line]:
    """Join lines of one type that lie close, where the next one's first word had no room on the line before."""
    blocks: list[list[Line]] = []
    for line in lines:
        if blocks and _is_next(blocks[-1][-1], line):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    found: list[Line] = []
    for block in blocks:
        full = FULL * max(len(line.text) for line in block)
        found.append(block[0]._replace(is_headline=True))
        for line, below in pairwise(block):
            if len(line.text) + 1 + len(below.text.partition(" ")[0]) > full:
                found[-1] = found[-1]._replace(text=f"{found[-1].text} {below.text}")
            else:
                found.append(below._replace(is_headline=True))
    return found


def _is_next(line: Line, below: Line) -> bool:
    same = (line.size, line.font, line.text.isupper()) == (below.size, below.font, below.text.isupper())
    return same and 0 < line.height - below.height <= MOST_SPACING * line.size
