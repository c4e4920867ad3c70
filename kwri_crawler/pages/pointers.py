"""A body without the lines that lead to other articles, and without a header's line above its text."""

from __future__ import annotations

import re

from kwri_crawler.pages.header import is_header_line
from kwri_crawler.pages.source import Source, text_of

_LABEL = re.compile(
    r"(?:baca|simak|lihat)\s(?:juga|pula|selengkapnya)\W{0,3}|(?:berita|artikel)\s(?:terkait|lainnya|pilihan)\W{0,3}"
    r"|(?:read|see)\s(?:also|more)\W{0,3}|related(?:\s(?:stories|articles|posts))?\W{0,3}",
    re.IGNORECASE,
)
_MOST_LINKS = 3_000


def without_pointers(source: Source, paragraphs: tuple[str, ...]) -> tuple[str, ...]:
    """Return a body without "Baca juga" that stands alone, and the headlines of other articles right below it."""
    while len(paragraphs) > 1 and is_header_line(paragraphs[0]):
        paragraphs = paragraphs[1:]
    if not any(_LABEL.fullmatch(line) for line in paragraphs):
        return paragraphs
    linked = {text_of(node) for node in source.tree.css("a[href]")[:_MOST_LINKS]}
    kept: list[str] = []
    is_below = False
    for line in paragraphs:
        is_below = bool(_LABEL.fullmatch(line)) or (is_below and line.strip("-•» ") in linked)
        if not is_below:
            kept.append(line)
    return tuple(kept) or paragraphs
