"""Lines of a text that was wrapped, joined to paragraphs."""

from __future__ import annotations

from collections.abc import Iterable

FULL = 0.75  # of the longest line: one that is shorter ends its paragraph


def joined(lines: Iterable[str]) -> list[str]:
    """Return paragraphs: a blank line parts them, and so does a line that is short for its text."""
    stripped = [" ".join(line.split()) for line in lines]
    lengths = sorted(len(line) for line in stripped if line)
    full = FULL * lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0  # a single long line is a table's
    paragraphs: list[str] = []
    goes_on = False
    for line in stripped:
        if line and goes_on:
            paragraphs[-1] = _together(paragraphs[-1], line)
        elif line:
            paragraphs.append(line)
        goes_on = len(line) >= full if line else False
    return paragraphs


def _together(before: str, line: str) -> str:
    """Join two lines; of a word that was parted the hyphen goes, of one that is said twice (anak-anak) it stays."""
    last, word = before.rpartition(" ")[2], line.partition(" ")[0]
    if not last.endswith("-") or len(last) < 3 or not word[0].islower():
        return f"{before} {line}"
    return before + line if word.startswith(last[:-1].casefold()) else before[:-1] + line
