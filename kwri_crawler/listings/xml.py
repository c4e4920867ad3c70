"""XML as portals send it: walks its elements through cuts, bare ampersands and gzip; fetches and expands no entity."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from html.entities import name2codepoint
from io import BytesIO
from typing import Any

from lxml import etree

from kwri_crawler.listings.listed import ListingError

MAX_BYTES = 50 * 1024 * 1024  # unpacked: the most that a sitemap may be by sitemaps.org
_CHUNK = 64 * 1024

# PHP prints its warnings and blank lines before the document: reading starts where the document does.
_START = re.compile(rb"<(?:\?xml|!DOCTYPE|rss|feed|rdf:RDF|(?:\w+:)?urlset|(?:\w+:)?sitemapindex)[\s>]", re.IGNORECASE)
_HTML = re.compile(rb"<(?:!DOCTYPE\s+html|html|head|body)[\s>]", re.IGNORECASE)
# libxml2 drops a bare "&" with the name after it ("?a=1&b=2" becomes another address), and after one undeclared name
# like "&nbsp;" every "&amp;" that follows. So all names become numbers, and what a document declares is never expanded.
_AMPERSAND = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)?", re.DOTALL
)
_DECLARATION = re.compile(r"^\ufeff?\s*<\?xml[^>]{0,200}>")

Element = Any  # lxml ships no types


class Walk:
    """Yield each wanted element once it is whole, then forget it; root and complete are known when the walk is over."""

    def __init__(self, body: bytes, wanted: tuple[str, ...]) -> None:
        body, whole = unpack(body)
        body = _as_utf_8(body)
        start = _START.search(body, 0, 4096)
        html = _HTML.search(body, 0, 1024)
        if html is not None and (start is None or html.start() <= start.start() or start[0][:2] == b"<!"):
            raise ListingError("HTML in place of XML")
        self._body = _AMPERSAND.sub(_mend, body[start.start() :] if start else body.strip())
        self._wanted = wanted
        self.root = ""  # local name
        self.root_children: list[Element] = []
        self.complete = whole

    def __iter__(self) -> Iterator[Element]:
        if not self._body:
            raise ListingError("empty")
        tags = tuple(f"{{*}}{name}" for name in self._wanted)
        try:
            events = etree.iterparse(
                BytesIO(self._body),
                events=("end",),
                tag=tags,
                recover=True,
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                huge_tree=False,
            )
            # One element is held back: of a document that was cut, the last one may hold half an address.
            held: Element = None
            for _, element in events:
                if held is not None:
                    yield held
                    held.clear()
                held = element
            self._end(events)
            if held is not None and (self.complete or self._was_closed(held)):
                yield held
        except (etree.LxmlError, LookupError, ValueError) as error:
            raise ListingError(f"not XML: {error}"[:200]) from error

    def _end(self, events: Any) -> None:
        root = events.root
        if root is None:
            raise ListingError("not XML")
        self.root = local(root)
        tail = self._body[-4096:]
        closed = re.search(rb"</(?:[\w.-]+:)?" + re.escape(self.root.encode()) + rb"\s*>", tail) is not None
        stopped = any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in events.error_log)
        self.complete = self.complete and closed and not stopped
        self.root_children = list(root)

    def _was_closed(self, element: Element) -> bool:
        name = f"{element.prefix}:{local(element)}" if element.prefix else local(element)
        return self._body.rfind(b"<" + name.encode()) < self._body.rfind(b"</" + name.encode())


def local(element: Element) -> str:
    """Name an element without its namespace; "" for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def text_of(element: Element) -> str:
    return "".join(element.itertext()).strip()


def unpack(body: bytes) -> tuple[bytes, bool]:
    """Undo gzip, as far as it is whole and no larger than MAX_BYTES; tell whether that was all of it."""
    if body[:2] != b"\x1f\x8b":
        return (body, True) if len(body) <= MAX_BYTES else (body[:MAX_BYTES], False)
    out = bytearray()
    inflate = zlib.decompressobj(wbits=31)
    try:
        for at in range(0, len(body), _CHUNK):
            out += inflate.decompress(body[at : at + _CHUNK], MAX_BYTES - len(out) + 1)
            if len(out) > MAX_BYTES:
                return bytes(out[:MAX_BYTES]), False
    except zlib.error as error:
        if not out:
            raise ListingError("broken gzip") from error
        return bytes(out), False
    return bytes(out), inflate.eof


def _mend(match: re.Match[bytes]) -> bytes:
    if match[0][:1] == b"<":  # CDATA
        return match[0]
    name = (match[1] or b"").decode()
    if name.startswith("#"):
        return match[0]
    code = 39 if name == "apos;" else name2codepoint.get(name[:-1])
    return f"&#{code};".encode() if code else b"&#38;" + name.encode()


def _as_utf_8(body: bytes) -> bytes:
    """Recode UTF-16, whose bytes cannot be searched for ASCII; its declaration would then be wrong and goes."""
    if body[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return body
    return _DECLARATION.sub("", body.decode("utf-16", "replace")).encode("utf-8", "replace")
