"""Join the lines of a wrapped text into paragraphs."""

from __future__ import annotations

from collections.abc import Iterable

FULL = 0.9  # of the longest line; characters are not of one width


def joined(lines: Iterable[str]) -> list[str]:
    """Return paragraphs: a blank line parts them, and so does a line on which the next one's first word had room."""
    stripped = [" ".join(line.split()) for line in lines]
    lengths = sorted(len(line) for line in stripped if line)
    full = FULL * lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0  # a single long line is a table's
    paragraphs: list[str] = []
    before = ""
    for line in stripped:
        if line and before and len(before) + 1 + len(line.partition(" ")[0]) > full:
            paragraphs[-1] = _together(paragraphs[-1], line)
        elif line:
            paragraphs.append(line)
        before = line
    return paragraphs


def _together(before: str, line: str) -> str:
    """Join two lines; of a word that was parted the hyphen goes, of one that is said twice (anak-anak) it stays."""
    last, word = before.rpartition(" ")[2], line.partition(" ")[0]
    if not last.endswith("-") or len(last) < 3 or not word[0].islower():
        return f"{before} {line}"
    return before + line if word.startswith(last[:-1].casefold()) else before[:-1] + line
