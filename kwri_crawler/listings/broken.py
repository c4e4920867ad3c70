"""XML that no parser takes whole -> its entries one by one, and an entry that is broken field by field.

A bare "<", a comment without end, a second document behind the first: each costs the field or the entry it stands in.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from lxml import etree

Element = Any  # lxml ships no types

MAX_BLOCKS = 60_000  # entries: more than any listing may hold
MAX_TAGS = 20_000  # in one entry
MAX_MENDED = 8 << 20  # bytes of entries that are read field by field, half a second each MiB
_COMMENT = re.compile(rb"<!--(?:(?!<!--|-->).){0,100000}-->", re.DOTALL)
_TAG = re.compile(
    rb"<(/?)([^\W\d][^\s<>/=\"'&]{0,60})(\s[^<>]{0,5000})?>|<!\[CDATA\[(?:(?!\]\]>|<!\[CDATA\[).)*", re.DOTALL
)
_NO_TAG = re.compile(rb"<(?![A-Za-z_/])|<(?=[^<>]*(?:<|\Z))")  # "harga < 5 ribu", "<3", "suhu <dari"
_ANY_TAG = re.compile(rb"<")
_WHOLE_CDATA = re.compile(rb"(<!\[CDATA\[(?:(?!\]\]>|<!\[CDATA\[).)*\]\]>)", re.DOTALL)
_PREFIX = re.compile(rb"[</\s]([A-Za-z_][\w.-]{0,40}):[A-Za-z_]")
_DECLARES = re.compile(rb"\sxmlns:([\w.-]{1,40})\s{0,9}=")
_ROOT = re.compile(
    rb"<((?:[A-Za-z_][\w.-]{0,40}:)?(?:rss|feed|RDF|urlset|sitemapindex))(?:\s[^<>]{0,5000})?>", re.IGNORECASE
)


class Blocks:
    """The entries of a broken document; root, head and lost are known once they were walked through."""

    def __init__(self, body: bytes, wanted: tuple[str, ...]) -> None:
        self._body = _COMMENT.sub(b"", body) if b"<!--" in body else body
        self._starts = re.compile(rb"<((?:[A-Za-z_][\w.-]{0,40}:)?(?:%s))(?=[\s>])" % "|".join(wanted).encode())
        root = _ROOT.search(self._body, 0, 65536)
        self.root = root[1].rpartition(b":")[2].decode() if root else ""
        self._root_tag = root[0] if root else b"<root>"
        self._begins = root.start() if root else 0
        self._declared = set(_DECLARES.findall(self._root_tag))
        self._may_mend = MAX_MENDED
        self.lost = 0  # entries of which nothing could be read
        self.cut = False  # there were more than MAX_BLOCKS

    def __iter__(self) -> Iterator[Element]:
        body, name, at = self._body, b"", -1
        for count, match in enumerate(self._starts.finditer(body)):
            if at >= 0:
                yield from self._read(body[at : match.start()], name)
            name, at = match[1], match.start()
            if count >= MAX_BLOCKS:
                self.cut = True
                return
        if at >= 0 and (end := body.find(b"</" + name, at)) >= 0:  # else it was cut in the middle of it
            yield from self._read(body[at : end + len(name) + 3], name)

    @property
    def head(self) -> list[Element]:
        """The children of the root that stand before the first entry."""
        first = self._starts.search(self._body)
        head = self._body[self._begins : first.start() if first else None][:1_000_000]
        try:
            root = etree.fromstring(head, _parser(recover=True))
        except (etree.LxmlError, ValueError):
            return []
        return list(root) if root is not None else []

    def _read(self, block: bytes, name: bytes) -> Iterator[Element]:
        end = block.find(b"</" + name)
        inner = block[block.find(b">") + 1 : end if end >= 0 else None]
        begin = block[: block.find(b">") + 1]
        close = b"</" + name + b">"
        element = self._parse(begin + inner + close)
        if element is None and len(inner) <= self._may_mend:
            self._may_mend -= len(inner)
            element = self._parse(b"".join((begin, *self._fields(inner), close)))
        if element is None:
            self.lost += 1
        else:
            yield element

    def _fields(self, inner: bytes) -> Iterator[bytes]:
        """Yield what can be read of each element at the top of an entry; a bare "<" in its text becomes text."""
        tags = [match for _, match in zip(range(MAX_TAGS), _TAG.finditer(inner), strict=False) if match[2]]
        ends: dict[bytes, list[int]] = {}
        for place, tag in enumerate(tags):
            if tag[1]:
                ends.setdefault(tag[2], []).append(place)
        place = 0
        while place < len(tags):
            tag = tags[place]
            place += 1
            if tag[1]:
                continue
            if (tag[3] or b"").endswith(b"/"):
                yield from self._field(tag[0], b"", b"")
                continue
            closing = ends.get(tag[2], [])
            index = bisect_right(closing, place - 1)
            if index < len(closing):
                close = tags[closing[index]]
                yield from self._field(tag[0], inner[tag.end() : close.start()], close[0])
                place = closing[index] + 1

    def _field(self, begin: bytes, text: bytes, end: bytes) -> Iterator[bytes]:
        for inside in (text, _as_text(text, _NO_TAG), _as_text(text, _ANY_TAG)):
            if self._parse(begin + inside + end) is not None:
                yield begin + inside + end
                return

    def _parse(self, text: bytes) -> Element:
        """Parse one element below the root's own tag, which has its namespaces and xml:base; null if it is broken."""
        prefixes = set(_PREFIX.findall(text)) - self._declared - {b"xml", b"xmlns"}
        extra = b"".join(b' xmlns:%b="urn:unknown:%b"' % (prefix, prefix) for prefix in sorted(prefixes)[:50])
        name = re.match(rb"<([^\s>]+)", self._root_tag)
        tag = self._root_tag.rstrip(b"/>") + extra + b">"
        try:
            root = etree.fromstring(tag + text + b"</" + (name[1] if name else b"root") + b">", _parser(recover=False))
        except (etree.LxmlError, ValueError):
            return None
        return root[0] if len(root) == 1 and not (root.text or "").strip() else None


def _as_text(inside: bytes, no_tag: re.Pattern[bytes]) -> bytes:
    """Make text of what matches no_tag, and of the ends of CDATA that never began; CDATA stays."""
    parts = _WHOLE_CDATA.split(inside)
    parts[::2] = [no_tag.sub(b"&lt;", part).replace(b"]]>", b"]]&gt;") for part in parts[::2]]
    return b"".join(parts)


def _parser(*, recover: bool) -> Any:
    return etree.XMLParser(
        encoding="utf-8", recover=recover, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
