"""A page, decoded and parsed once, for whoever reads from it; refuses nothing, tames what would choke the parser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kwri_crawler.causes import Cause
from kwri_crawler.items import Outcome, Page
from kwri_crawler.pages.decode import to_utf8
from kwri_crawler.pages.metadata import Metadata, objects_of, read_metadata
from kwri_crawler.pages.text import fold

# Lexbor's time grows with the square of the depth of nesting and of one tag's attributes: 20,000 nested <ul><li>
# take 0.5 s, 80,000 take 14 s; 44,000 attributes 3.3 s. The 130 news pages at hand have at most 3,194 tags, 344 deep.
MAX_TAGS = 12_000
MAX_ATTRIBUTES = 300
MOST_LINK_TEXTS = 3_000
_OPENS_LINK, _CLOSES_LINK = re.compile(rb"<[aA]\s"), re.compile(rb"</[aA]>")
_MORE_THAN_A_LINK = 60  # words: a card has fewer
_SMALL = 90_000  # characters: even if they are one tag's attributes they take 0.5 s
_ATTRIBUTE = r"[\s/]*+=?[^\s/>=]++(?:\s*+=\s*+(?:\"[^\"]*+\"?|'[^']*+'?|[^\s>\"'][^\s>]*+)?)?"
# A comment; or a tag with its attributes, and for a tag whose content is no markup that content too.
_MARKUP = re.compile(
    r"<!--(?:[^-]++|-(?!->))*+|<(?:(script|style|textarea|title|iframe)(?=[\s/>])|[a-z][^\s/>]*+)"
    rf"((?:{_ATTRIBUTE})*+)(?(1)[\s/]*+>?(?:[^<]++|<(?!/\1))*+)",
    re.IGNORECASE,
)
_ATTRIBUTES = re.compile(_ATTRIBUTE)

_CUT = "\x00"  # no text of a parsed page holds it
_OF_LETTERS = frozenset(("b", "strong", "i", "em", "u", "font", "big", "mark"))
_INLINE = _OF_LETTERS | {"a", "span"}
_MARKS = frozenset(",.;:!?")
_MAY_BE_GLUED = re.compile(rf"{_CUT}(?<=[^\W\d_].)[,.;:!?a-zà-öø-ÿ]")  # behind a letter

# Joined with any other, such an address is itself.
_BASE = re.compile(rb"<base\s", re.IGNORECASE)
_PLAIN_ADDRESS = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::[0-9]{1,5})?/[\w~%/-]+(?:\.[\w~%/-]+)*", re.ASCII)


class PageError(Exception):
    """Raised when no article can be read from a page; says what becomes of its address, and why."""

    leads_to: str | None = None  # where the page sends its reader, in full; None if it stays
    is_no_page = False  # it is a file, or too large: no later code reads an article from it

    def __init__(self, outcome: Outcome, reason: str, cause: Cause | None = None) -> None:
        super().__init__(outcome, reason, cause)  # all, or it could not be sent to another process
        self.outcome = outcome
        self.reason = reason
        self.cause = cause or _USUAL[outcome]

    def __str__(self) -> str:
        return self.reason


_USUAL = {
    Outcome.UNREADABLE: Cause.UNREAD,
    Outcome.REFUSED: Cause.NOT_TAKEN,
    Outcome.GONE: Cause.GONE,
    Outcome.FAILED: Cause.CUT_OFF,
}


def unreadable(reason: str, cause: Cause = Cause.UNREAD) -> PageError:
    return PageError(Outcome.UNREADABLE, reason, cause)


@dataclass(frozen=True)
class Source:
    """One page, ready to be read."""

    url: str
    html: bytes  # in UTF-8, whatever it was sent in: the parser's own encoding, and searched in half a string's time
    tree: LexborHTMLParser

    @classmethod
    def of(cls, page: Page) -> Source:
        html = tame(to_utf8(page.body, page.content_type))
        return cls(page.url, html, LexborHTMLParser(html))

    @cached_property
    def text(self) -> str:
        return self.html.decode()

    @property
    def start(self) -> str:
        """Its first 1,000 characters, each of which has at most 4 bytes."""
        return self.html[:4_000].decode(errors="ignore")[:1_000]

    @property
    def end(self) -> str:
        """Its last 2,000 characters."""
        return self.html[-8_003:].decode(errors="ignore")[-2_000:]

    @cached_property
    def metadata(self) -> Metadata:
        return read_metadata(self.tree, self.url)

    @cached_property
    def head_title(self) -> str:
        """What <title> says; empty when there is none."""
        return text_of(self.tree.css_first("title"))

    def objects(self, kind: str) -> Iterator[dict[str, Any]]:
        """Yield the JSON-LD objects of a type, wherever they stand; read when asked for."""
        if kind.encode() in self.html:
            yield from objects_of(self.tree, kind)

    @cached_property
    def link_texts(self) -> frozenset[str]:
        """What its links say, the first MOST_LINK_TEXTS of them."""
        return frozenset(text_of(node) for node in self.tree.css("a[href]")[:MOST_LINK_TEXTS])

    @cached_property
    def base(self) -> str:
        """What its links are relative to: its own address, unless <base> names another."""
        node = self.tree.css_first("base[href]") if _BASE.search(self.html) else None
        link = (node.attributes.get("href") or "").strip() if node is not None else ""
        try:
            base = urljoin(self.url, link)
            return base if urlsplit(base).scheme in ("http", "https") else self.url
        except ValueError:
            return self.url

    def absolute(self, link: str | None) -> str | None:
        """Resolve a link of this page; null when it is no http address."""
        if link and _PLAIN_ADDRESS.fullmatch(link):
            return link
        try:
            url = urljoin(self.base, fold(link or ""))
            parts = urlsplit(url)
        except ValueError:
            return None
        return url if link and parts.scheme in ("http", "https") and parts.hostname else None


def unwrap_open_links(source: Source) -> None:
    """Take off links that nobody closed: the parser puts all text behind one into it, or into a copy for each block."""
    if len(_OPENS_LINK.findall(source.html)) <= len(_CLOSES_LINK.findall(source.html)):
        return
    copies: dict[tuple[tuple[str, str | None], ...], list[LexborNode]] = {}
    for node in source.tree.css("a")[:MOST_LINK_TEXTS]:
        copies.setdefault(tuple(node.attributes.items()), []).append(node)
    for nodes in copies.values():
        if sum(len(node.text(separator=" ").split()) for node in nodes) >= _MORE_THAN_A_LINK:
            for node in nodes:
                node.unwrap()


def text_of(node: LexborNode | None) -> str:
    """Return a node's text on one line; empty when there is no node.

    Elements are parted by a blank, of which a page that lays out by its style sheet has none; a word that markup for
    some of its letters splits is not, nor is a mark from the word before it.
    """
    if node is None:
        return ""
    text = node.text(separator=_CUT)
    return fold(text.replace(_CUT, " ") if _MAY_BE_GLUED.search(text) is None else " ".join(pieces_of(node)))


def pieces_of(node: LexborNode) -> list[str]:
    """Return the pieces of text in a node, as its own markup parts them, but for what parts a word."""
    text = node.text(separator=_CUT)
    pieces = text.split(_CUT)
    glued = {found.start() for found in _MAY_BE_GLUED.finditer(text)}
    texts = [piece for piece in node.traverse(include_text=True) if piece.tag == "-text"] if glued else []
    if len(texts) != len(pieces):
        return pieces
    whole = pieces[:1]
    end = len(pieces[0])
    for before, piece, node in zip(pieces, pieces[1:], texts[1:], strict=False):
        is_loose = piece[:1] in _MARKS or len(before.strip()) == 1  # of an initial a <span> may be the markup too
        if end in glued and _is_glued(node, _INLINE if is_loose else _OF_LETTERS):
            whole[-1] += piece
        else:
            whole.append(piece)
        end += len(piece) + 1
    return whole


def _is_glued(text: LexborNode, tags: frozenset[str]) -> bool:
    """Say whether between a piece of text and the one before it only elements of these tags begin or end."""
    node = text
    while node.prev is None and node.parent is not None and node.parent.tag in tags:
        node = node.parent
    before = node.prev
    while before is not None and before.tag in tags:
        before = before.last_child
    return before is not None and before.tag == "-text"


def tame(html: bytes) -> bytes:
    """Cut what is past MAX_TAGS tags, and drop tags of more than MAX_ATTRIBUTES attributes; html is UTF-8."""
    if html.count(b"<") > MAX_TAGS:
        end = 0
        for _ in range(MAX_TAGS):
            end = html.index(b"<", end) + 1
        html = html[:end]
    if len(html) <= _SMALL or len(text := html.decode()) <= _SMALL:
        return html
    kept: list[str] = []
    done = 0
    for found in _MARKUP.finditer(text):
        start, end = found.span(2)
        if end - start > 2 * MAX_ATTRIBUTES and _is_crowded(found[2]):
            kept.append(text[done : found.start()])
            done = found.end()
    return "".join((*kept, text[done:])).encode() if kept else html


def _is_crowded(attributes: str) -> bool:
    return any(i >= MAX_ATTRIBUTES for i, _ in enumerate(_ATTRIBUTES.finditer(attributes)))
