"""What a reader found on a page, before it is checked."""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from kwri_crawler.items import DateText, Link
from kwri_crawler.pages.kinds import Kind


@dataclass(slots=True)
class Fields:
    """What a reader found, before it is checked."""

    reader: str
    title: str = ""
    paragraphs: tuple[str, ...] = ()
    subtitle: str | None = None
    author: str | None = None
    editor: str | None = None
    source: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    lead: str | None = None
    image_url: str | None = None
    image_caption: str | None = None
    image_credit: str | None = None
    links: tuple[Link, ...] = ()
    print_url: str | None = None
    dates: tuple[DateText, ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()
    kind: Kind = Kind.ARTICLE  # what the page looks like
    part: LexborNode | None = None  # of the page, which the article lies in; None for anywhere
