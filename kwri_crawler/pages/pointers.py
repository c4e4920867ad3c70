"""A body without the lines that lead to other articles, and without a header's line above its text."""

from __future__ import annotations

import re

from kwri_crawler.pages.header import is_header_line
from kwri_crawler.pages.source import Source, text_of

_LABEL = re.compile(
    r"(?:(?:baca|simak|lihat)\s(?:juga|pula|selengkapnya)|(?:berita|artikel)\s(?:terkait|lainnya|pilihan)"
    r"|(?:read|see)\s(?:also|more)|related(?:\s(?:stories|articles|posts|content))?|you\s(?:may|might)\salso\s(?:like|enjoy)"
    r"|more\son\s(?:the|this)\stopic|mehr\szum\sthema|(?:das\skönnte\ssie\s)?auch\sinteress(?:ant|ieren)|lesen\ssie\sauch"
    r"|schon\sgelesen|ähnliche\s(?:beiträge|artikel))(?:\W{0,3}$|\s?:\s(?P<headline>.{10,200})$)",
    re.IGNORECASE,
)
_MOST_LINKS = 3_000


def without_pointers(source: Source, paragraphs: tuple[str, ...]) -> tuple[str, ...]:
    """Return a body without "Baca juga", and the linked headlines of other articles right behind and below it."""
    while len(paragraphs) > 1 and is_header_line(paragraphs[0]):
        paragraphs = paragraphs[1:]
    labels = [_LABEL.match(line) for line in paragraphs]
    if not any(labels):
        return paragraphs
    linked = {text_of(node) for node in source.tree.css("a[href]")[:_MOST_LINKS]}
    kept: list[str] = []
    is_below = False
    for line, label in zip(paragraphs, labels, strict=True):
        if label is not None and (headline := label["headline"]):
            is_below = headline in linked or line in linked
        else:
            is_below = label is not None or (is_below and line.strip("-•» ") in linked)
        if not is_below:
            kept.append(line)
    return tuple(kept) or paragraphs
