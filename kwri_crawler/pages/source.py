"""A page, decoded and parsed once, for whoever reads from it; refuses nothing, tames what would choke the parser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kwri_crawler.items import Outcome, Page
from kwri_crawler.pages.decode import decode
from kwri_crawler.pages.metadata import Metadata, read_metadata
from kwri_crawler.pages.text import fold

# Lexbor's time grows with the square of the depth of nesting and of one tag's attributes: 20,000 nested <ul><li>
# take 0.5 s, 80,000 take 14 s; 44,000 attributes 3.3 s. The 130 news pages at hand have at most 3,194 tags, 344 deep.
MAX_TAGS = 12_000
MAX_ATTRIBUTES = 300
_SMALL = 90_000  # characters: even if they are one tag's attributes they take 0.5 s
_ATTRIBUTE = r"[\s/]*+=?[^\s/>=]++(?:\s*+=\s*+(?:\"[^\"]*+\"?|'[^']*+'?|[^\s>\"'][^\s>]*+)?)?"
# A comment; or a tag with its attributes, and for a tag whose content is no markup that content too.
_MARKUP = re.compile(
    r"<!--(?:[^-]++|-(?!->))*+|<(?:(script|style|textarea|title|iframe)(?=[\s/>])|[a-z][^\s/>]*+)"
    rf"((?:{_ATTRIBUTE})*+)(?(1)[\s/]*+>?(?:[^<]++|<(?!/\1))*+)",
    re.IGNORECASE,
)
_ATTRIBUTES = re.compile(_ATTRIBUTE)


class PageError(Exception):
    """Raised when no article can be read from a page; says what becomes of its address."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(outcome, reason)  # both, or it could not be sent to another process
        self.outcome = outcome
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


def unreadable(reason: str) -> PageError:
    return PageError(Outcome.UNREADABLE, reason)


@dataclass(frozen=True)
class Source:
    """One page, ready to be read."""

    url: str
    text: str
    tree: LexborHTMLParser

    @classmethod
    def of(cls, page: Page) -> Source:
        text = tame(decode(page.body, page.content_type))
        return cls(page.url, text, LexborHTMLParser(text))

    @cached_property
    def metadata(self) -> Metadata:
        return read_metadata(self.tree)

    @cached_property
    def head_title(self) -> str:
        """What <title> says; empty when there is none."""
        return text_of(self.tree.css_first("title"))

    def absolute(self, link: str | None) -> str | None:
        """Resolve a link of this page; null when it is no http address."""
        try:
            url = urljoin(self.url, fold(link or ""))
            parts = urlsplit(url)
        except ValueError:
            return None
        return url if link and parts.scheme in ("http", "https") and parts.hostname else None


def text_of(node: LexborNode | None) -> str:
    """Return a node's text on one line; empty when there is no node."""
    return "" if node is None else fold(node.text(separator=" "))


def tame(text: str) -> str:
    """Cut what is past MAX_TAGS tags, and drop tags of more than MAX_ATTRIBUTES attributes."""
    if text.count("<") > MAX_TAGS:
        end = 0
        for _ in range(MAX_TAGS):
            end = text.index("<", end) + 1
        text = text[:end]
    if len(text) <= _SMALL:
        return text
    kept: list[str] = []
    done = 0
    for found in _MARKUP.finditer(text):
        if len(found[2] or "") > 2 * MAX_ATTRIBUTES and _is_crowded(found[2]):
            kept.append(text[done : found.start()])
            done = found.end()
    return "".join((*kept, text[done:]))


def _is_crowded(attributes: str) -> bool:
    return any(i >= MAX_ATTRIBUTES for i, _ in enumerate(_ATTRIBUTES.finditer(attributes)))
