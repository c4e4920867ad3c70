"""A body without the lines that lead to other articles, and without a header's line above its text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from kwri_crawler.items import Link
from kwri_crawler.pages.header import is_header_line, posted_at_end
from kwri_crawler.pages.source import Source, text_of

_LABEL = re.compile(
    r"(?:(?:baca|simak|lihat)\s(?:juga|pula|selengkapnya)|(?:berita|artikel)\s(?:terkait|lainnya|pilihan)|pilihan\s(?:redaksi|editor)"
    r"|(?:read|see)\s(?:also|more|next)|(?:also|now)\sread|les\sogså|related(?:\s(?:stories|articles|posts|content))?|you\s(?:may|might)\salso\s(?:like|enjoy)"
    r"|more\son\s(?:the|this)\stopic|mehr\szum\sthema|(?:das\skönnte\ssie\s)?auch\sinteress(?:ant|ieren)|lesen\ssie\sauch"
    r"|schon\sgelesen|ähnliche\s(?:beiträge|artikel))(?:\W{0,3}$|\s?:\s(?P<headline>.{10,200})$)",
    re.IGNORECASE,
)
_A_HEADLINE = 25  # characters of a link that is one
_LONGEST_LABEL = 40  # characters
_LONGEST_LINE = 250
_MOST = 2_000
_HEADINGS = frozenset(("h2", "h3", "h4", "h5"))
_WORDS_OF_ONE = 4  # of a headline, at least
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|zip|jpe?g|png|mp[34])$|#", re.IGNORECASE)


def without_pointers(source: Source, paragraphs: tuple[str, ...], links: Iterable[Link] = ()) -> tuple[str, ...]:
    """Return a body without "Baca juga", and the linked headlines of other articles right behind and below it.

    `links` are the body's own: what stands before several of them, and nothing else, is such a label in any language.
    """
    pointers = _labelled_alike(source, paragraphs, links) | _alone(source, paragraphs, links)
    if pointers:
        paragraphs = tuple(line for line in paragraphs if line not in pointers) or paragraphs
    while len(paragraphs) > 1 and is_header_line(paragraphs[0]):
        paragraphs = paragraphs[1:]
    paragraphs = paragraphs[: len(paragraphs) - len(posted_at_end(paragraphs))]
    labels = [_LABEL.match(line) for line in paragraphs]
    if not any(labels):
        return paragraphs
    linked = source.link_texts
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


def _labelled_alike(source: Source, paragraphs: tuple[str, ...], links: Iterable[Link]) -> frozenset[str]:
    """Return the lines that are a short label and a link of the portal's own, where others have the same label."""
    host = urlsplit(source.url).netloc
    told = tuple(link.text for link in links if len(link.text) >= _A_HEADLINE and urlsplit(link.url).netloc == host)
    found = tuple(_labelled(paragraphs, told)) if len(told) > 1 else ()
    times = Counter(label for label, _ in found)
    return frozenset(line for label, line in found if times[label] > 1)


def _alone(source: Source, paragraphs: tuple[str, ...], links: Iterable[Link]) -> frozenset[str]:
    """Return the lines among a text that are nothing but one link to another page of the portal: headlines.

    Several in a row are a list, one behind a colon is announced, a heading has its text below: these stay.
    """
    host = urlsplit(source.url).netloc
    told = {link.text for link in links if urlsplit(link.url).netloc == host and not _FILE.search(link.url)}
    is_link = [line.strip("»›>→ ") in told and len(line.split()) >= _WORDS_OF_ONE for line in paragraphs]
    around = zip(paragraphs, is_link, ("", *paragraphs), (False, *is_link), (*is_link[1:], False), strict=False)
    found = {
        line: before
        for line, is_one, before, *beside in around
        if is_one and before and not (any(beside) or before.endswith(":") or line.endswith((".", ":")))
    }
    own = source.tree.css("h2 a, h3 a, h4 a, h5 a, li a")[:_MOST] if found else ()
    return frozenset(found).difference(text for node in own if _is_heading(node, found.get(text := text_of(node))))


def _is_heading(link: LexborNode, before: str | None) -> bool:
    """Say whether a link is a list's item, or a heading beside the paragraph before it; none in a box of its own is."""
    heading = link.parent
    if before is None or heading is None or heading.parent is None:
        return False
    around = heading.parent if heading.tag in _HEADINGS else heading.parent.parent
    return around is not None and any(text_of(node) == before for node in around.iter())


def _labelled(paragraphs: tuple[str, ...], told: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for line in paragraphs:
        if len(line) <= _LONGEST_LINE and line.endswith(told):
            label = line[: -max(len(text) for text in told if line.endswith(text))]
            if 2 < len(label) <= _LONGEST_LABEL and label[0].isalpha():
                yield label, line
