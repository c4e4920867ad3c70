"""XML as portals send it: walks its entries through cuts, faults and gzip; fetches and expands no entity."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from io import BytesIO
from typing import Any

from lxml import etree

from kwri_crawler.listings.broken import MAX_BLOCKS, WALLS, Blocks
from kwri_crawler.listings.listed import ListingError
from kwri_crawler.listings.mending import as_utf_8, mend
from kwri_crawler.listings.spelling import in_small_letters, without_blanks
from kwri_crawler.web.unpacking import GZIP, MAX_LAYERS, gunzip

MAX_BYTES = 52_428_800  # unpacked: the most that a sitemap may be by sitemaps.org

# PHP prints its warnings and blank lines before the document: reading starts where the document does. What stands in a
# comment, in CDATA or in a processing instruction is none.
_START = rb"<(?:\?xml|!DOCTYPE|(?P<root>(?:\w{1,20}:)?(?:rss|feed|RDF|urlset|sitemapindex)))[\s>]"
_UNCLOSED_START = re.compile(_START, re.IGNORECASE)
_MARK = re.compile(
    rb"(?P<passed><!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?(?!xml[\s?]).*?(?:\?>|\Z))"
    rb"|(?P<html><(?:!DOCTYPE\s{1,99}html|html|head|body)[\s>])|(?P<start>" + _START + rb")",
    re.IGNORECASE | re.DOTALL,
)
_JUNK, _JUNK_BEFORE_HTML = 4096, 1024  # bytes before the document, what is passed over left out

_ANCHOR = re.compile(
    r"<a\s[^<>]{0,500}?\bhref\s{0,9}=\s{0,9}(?:\"([^\"]{1,4096})\"|'([^']{1,4096})'|([^\s<>\"']{1,4096}))",
    re.IGNORECASE,
)
_BEFORE_A_NAME = re.compile(r".*[}:]")  # a namespace, or a prefix that was not declared

Element = Any  # lxml ships no types


class Walk:
    """Yield each wanted element once it is whole, then forget it; the fields are known when the walk is over.

    Where the document is broken its entries are yielded from the first again, one by one, after a call of begin_again.
    """

    def __init__(self, body: bytes, wanted: tuple[str, ...], begin_again: Callable[[], None]) -> None:
        body, whole = unpack(body)
        self._body = in_small_letters(mend(_document(as_utf_8(body))))
        self._wanted = wanted
        self._begin_again = begin_again
        self.root = ""  # local name
        self.root_children: list[Element] = []
        self.count = 0  # elements yielded
        self.reason = None if whole else "it was cut off"  # why something may be missing; null when nothing is
        self._nameless = 0  # entries without an address, of a broken document

    def note_nameless(self) -> None:
        """Note that the entry at hand has no address: where the document is broken, it may have lost it by that."""
        self._nameless += 1

    def __iter__(self) -> Iterator[Element]:
        if not self._body:
            raise ListingError("empty")
        try:
            yield from self._strictly()
        except (etree.LxmlError, LookupError, ValueError) as error:
            yield from self._one_by_one(error)
        tail = self._body[-4096:]
        closed = re.search(rb"</(?:[\w.-]+:)?" + re.escape(self.root.encode()) + rb"\s*>", tail) is not None
        if not closed:
            self.reason = self.reason or "it was cut off"

    def _strictly(self) -> Iterator[Element]:
        events = etree.iterparse(
            BytesIO(self._body),
            events=("end",),
            tag=tuple(f"{{*}}{name}" for name in self._wanted),
            encoding="utf-8",
            **WALLS,
        )
        for self.count, (_, element) in enumerate(events, 1):
            yield element
            element.clear()
        self.root = local(events.root)
        self.root_children = list(events.root)

    def _one_by_one(self, error: Exception) -> Iterator[Element]:
        if self._body.count(b"<") > max(len(self._body), 1_048_576) / 6:
            raise ListingError("not XML: it is made of signs")
        try:
            blocks = Blocks(in_small_letters(without_blanks(self._body)), self._wanted)
        except ValueError:
            raise ListingError(f"not XML: {error}"[:200]) from error
        self._begin_again()
        self._nameless = 0
        for self.count, element in enumerate(blocks, 1):
            yield element
        self.root = blocks.root
        self.root_children = blocks.head
        if lost := blocks.lost + self._nameless:
            self.reason = self.reason or f"{lost} of its entries cannot be read"
        if blocks.cut:
            self.reason = self.reason or f"it holds more than {MAX_BLOCKS} entries"


def root_of(body: bytes) -> str:
    """Return the local name of a listing's root, in lower case, by the element alone; empty where there is none."""
    found = next((mark["root"] for mark in _marks(body) if mark["root"]), b"")
    return str(found.rpartition(b":")[2].lower().decode())


def _document(body: bytes) -> bytes:
    """Return a document from where it begins; raises ListingError for HTML."""
    begin = last = None
    for last in _marks(body):
        if last["html"]:
            raise ListingError("HTML in place of XML")
        begin = begin or (last if last["start"] else None)
        if last["root"]:
            break
    if begin is None and last is not None and last.end() == len(body):  # a comment without end, before all else
        begin = _UNCLOSED_START.search(body[:_JUNK])
    return body[begin.start() :] if begin else body.strip()


def _marks(body: bytes) -> Iterator[re.Match[bytes]]:
    """Yield what a document may begin with, and what is passed over on the way there."""
    if b"<" not in body[:_JUNK]:  # a list of addresses as plain text: 30 ms a MB to find nothing
        return
    passed = 0
    for mark in _MARK.finditer(body):
        end = mark.end() - passed
        if mark["passed"]:
            passed += len(mark[0])
        elif end > _JUNK:
            return
        elif mark["html"] and end > _JUNK_BEFORE_HTML:
            continue
        yield mark


def local(element: Element) -> str:
    """Name an element without its namespace; "" for comments and the like."""
    tag = element.tag
    return _BEFORE_A_NAME.sub("", tag) if isinstance(tag, str) else ""


def text_of(element: Element) -> str:
    return "".join(element.itertext()).strip()


def address_in(element: Element) -> str:
    """Return the address that an element holds; an editor may have made a link of it: <link><a href="...">."""
    text = text_of(element)
    for part in element.iter() if len(element) else ():
        if local(part).lower() == "a" and part.get("href"):
            return str(part.get("href"))
    found = _ANCHOR.match(text) if text.startswith("<") else None
    return unescape(found[1] or found[2] or found[3]) if found else text


def unpack(body: bytes) -> tuple[bytes, bool]:
    """Undo gzip, also where it was packed twice, as far as it is whole and no larger than MAX_BYTES; whether it was."""
    whole = len(body) <= MAX_BYTES
    body = body[:MAX_BYTES]
    for _ in range(MAX_LAYERS):
        if not body.startswith(GZIP):
            break
        body, unpacked = gunzip(body, MAX_BYTES)
        if not body and not unpacked:
            raise ListingError("broken gzip")
        whole = whole and unpacked
    return body, whole
