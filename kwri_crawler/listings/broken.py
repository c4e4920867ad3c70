"""XML that no parser takes whole -> its entries one by one, and an entry that is broken field by field.

A bare "<", a comment without end, a second document behind the first: each costs the field or the entry it stands in.
An attribute without quotes or value, or one that is there twice, costs nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import Any

from lxml import etree

from kwri_crawler.listings.spelling import CDATA, PREFIX

Element = Any  # lxml ships no types

# Of every parser here. Nothing is behind them: references are characters before a parser sees them. A comment in an
# entry is an element to lxml, but has no text, and whoever asks for it loses the listing.
WALLS = {
    "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False, "remove_comments": True,
    "remove_pis": True,
}  # fmt: skip
MAX_BLOCKS = 60_000  # entries: more than any listing may hold
MAX_TAGS = 20_000  # in one entry
MAX_MENDED = 8_388_608  # bytes of entries that are read field by field, half a second each MiB
MAX_HEAD = 1_000_000  # bytes before the first entry
MAX_COMMENT = 100_000  # bytes; what is longer is one without an end, and the next one's end
_COMMENT = re.compile(rb"<!--(?:[^<-]++|<(?!!--)|-(?!->))*+-->")  # in a breath: what it holds up is the whole process
_TAG = re.compile(
    rb"<(/?)([^\W\d][^\s<>/=\"'&]{0,60})(\s[^<>]{0,5000})?>|<!\[CDATA\[(?:(?!\]\]>|<!\[CDATA\[).)*", re.DOTALL
)
# Atom's link as HTML writes it: never closed, though nothing stands in it.
_OPEN_LINK = re.compile(rb"<(%slink\s[^<>]{0,5000}+)(?<!/)>(?=\s{0,99}<[^!/])" % PREFIX)
_NO_TAG = re.compile(rb"<(?![A-Za-z_/])|<(?=[^<>]*(?:<|\Z))")  # "harga < 5 ribu", "<3", "suhu <dari"
_ANY_TAG = re.compile(rb"<")
_BEGINS = re.compile(rb"\s*<[A-Za-z]")
_HAS_LINK = re.compile(rb"<%s(?:link|loc)[\s>]" % PREFIX)
_WHOLE_CDATA = re.compile(rb"(%s)" % CDATA, re.DOTALL)
_NAME = re.compile(rb"<[^\s/>]{1,100}")
_ATTRIBUTE = re.compile(
    rb"(?<![^\s\"'])([A-Za-z_][\w:.-]{0,60})(?:\s{0,9}=\s{0,9}(?:\"([^\"]{0,5000})\"|'([^']{0,5000})'|([^\s\"'>]{1,5000})))?"
)
_PREFIX = re.compile(rb"[</\s]([A-Za-z_][\w.-]{0,40}):[A-Za-z_]")
_DECLARES = re.compile(rb"\sxmlns:([\w.-]{1,40})\s{0,9}=")
_ROOT = re.compile(rb"<(%s(?:rss|feed|RDF|urlset|sitemapindex))(?:\s[^<>]{0,5000})?>" % PREFIX, re.IGNORECASE)


class Blocks:
    """The entries of a broken document; lost and cut are known once they were walked through.

    Raises ValueError for a document without the root of a listing.
    """

    def __init__(self, body: bytes, wanted: tuple[str, ...]) -> None:
        self._body = _COMMENT.sub(lambda found: found[0] if len(found[0]) > MAX_COMMENT else b"", body)
        self._body = _OPEN_LINK.sub(_close_link, self._body)
        entry = rb"%s(?:%s)" % (PREFIX, "|".join(wanted).encode())
        self._starts = re.compile(rb"<(%s)(?=[\s>])" % entry)
        self._ends = re.compile(rb"%s|</(%s)\s*>" % (CDATA, entry), re.DOTALL)
        root = _ROOT.search(self._body[:65536])
        if root is None:
            raise ValueError("it has no root of a listing")
        self._root_tag, self._root_name = _mend_tag(root[0]), root[1]
        self._begins = root.start()
        self.root = self._root_name.rpartition(b":")[2].decode()
        self._declared = set(_DECLARES.findall(self._root_tag))
        self._may_mend = MAX_MENDED
        self.lost = 0  # entries of which nothing could be read
        self.cut = False  # there were more than MAX_BLOCKS

    def __iter__(self) -> Iterator[Element]:
        starts = list(islice(self._starts.finditer(self._body), MAX_BLOCKS + 1))
        for start, following in pairwise(starts):
            yield from self._read(self._body[start.start() : following.start()], start[1])
        self.cut = len(starts) > MAX_BLOCKS
        if starts and not self.cut:
            last = self._body[starts[-1].start() :]
            if b"</" + starts[-1][1] in last:  # else it was cut in the middle of it
                yield from self._read(last, starts[-1][1], is_last=True)

    @property
    def head(self) -> list[Element]:
        """The children of the root that stand before the first entry."""
        first = self._starts.search(self._body)
        head = self._body[self._begins : first.start() if first else None][:MAX_HEAD]
        try:
            return list(etree.fromstring(head, _parser(recover=True)))
        except (etree.LxmlError, ValueError):
            return []

    def _read(self, block: bytes, name: bytes, *, is_last: bool = False) -> Iterator[Element]:
        """Read an entry, and each behind it whose first tag is missing; count what has no tag of an entry at all."""
        for one in self._apart(block, name):
            yield from self._read_one(one, name)
        behind = block[block.rfind(b"</" + name) :]
        self.lost += not is_last and _HAS_LINK.search(behind) is not None  # behind the last one stands the portal's

    def _apart(self, block: bytes, name: bytes) -> Iterator[bytes]:
        sign, begin = b"", 0
        ends = [end for end in self._ends.finditer(block) if end[1] == name]
        for end, following in pairwise(ends):
            if _BEGINS.match(block, end.end(), following.start()):  # a title may hold "</item>"
                yield sign + block[begin : end.end()]
                sign, begin = b"<%b>" % name, end.end()
        yield sign + block[begin:]

    def _read_one(self, block: bytes, name: bytes) -> Iterator[Element]:
        begin, sign, rest = block.partition(b">")
        inner = rest.rpartition(b"</" + name)[0] or rest  # a title may hold "</item>"
        begin, closing = begin + sign, b"</%b>" % name
        element = self._parse(begin, inner, closing)
        if element is None and len(block) <= self._may_mend:
            self._may_mend -= len(block)
            begin = _mend_tag(begin.rstrip(b"/>") + b">")  # also of <item rdf:about=https://kabar.id/1/>
            element = self._parse(begin, *self._fields(inner), closing)
        if element is None:
            self.lost += 1
        else:
            yield element

    def _fields(self, inner: bytes) -> Iterator[bytes]:
        """Yield what can be read of each element at the top of an entry; a bare "<" in its text becomes text."""
        tags = [match for match in islice(_TAG.finditer(inner), MAX_TAGS) if match[2]]
        ends: dict[bytes, list[int]] = {}
        for place, tag in enumerate(tags):
            if tag[1]:
                ends.setdefault(tag[2], []).append(place)
        read = 0  # tags before this one stand in fields that were read
        for place, tag in enumerate(tags):
            if place < read or tag[1]:
                continue
            if (tag[3] or b"").endswith(b"/"):
                yield from self._field(tag[0], b"", b"")
                continue
            closing = ends.get(tag[2], [])
            index = bisect_right(closing, place)
            if index < len(closing):
                close = tags[closing[index]]
                yield from self._field(tag[0], inner[tag.end() : close.start()], close[0])
                read = closing[index]

    def _field(self, begin: bytes, text: bytes, end: bytes) -> Iterator[bytes]:
        for inside in (text, _as_text(text, _NO_TAG), _as_text(text, _ANY_TAG)):
            for tag in (begin, _mend_tag(begin)):
                if self._parse(tag, inside, end) is not None:
                    yield from (tag, inside, end)
                    return

    def _parse(self, *parts: bytes) -> Element:
        """Parse one element below the root's own tag, which has its namespaces and xml:base; null if it is broken."""
        text = b"".join(parts)
        prefixes = set(_PREFIX.findall(text)) - self._declared - {b"xml", b"xmlns"}
        extra = b"".join(b' xmlns:%b="urn:unknown:%b"' % (prefix, prefix) for prefix in sorted(prefixes)[:50])
        tag = self._root_tag.rstrip(b"/>")
        try:
            (element,) = etree.fromstring(b"%b%b>%b</%b>" % (tag, extra, text, self._root_name), _parser(recover=False))
        except (etree.LxmlError, ValueError):
            return None
        return element


def _mend_tag(tag: bytes) -> bytes:
    """Write a tag again with each of its attributes once and in quotes, one without a value as an empty one."""
    name = _NAME.match(tag)
    if name is None:
        return tag
    is_empty = tag.endswith(b"/>")
    given = tag[name.end() : -2 if is_empty else -1]
    attributes: dict[bytes, bytes] = {}
    for found in _ATTRIBUTE.finditer(given):
        value = next((part for part in found.groups()[1:] if part is not None), b"")
        attributes.setdefault(found[1], value.replace(b"<", b"&lt;").replace(b'"', b"&quot;"))
    written = b"".join(b' %b="%b"' % pair for pair in attributes.items())
    return b"%b%b%b" % (name[0], written, b"/>" if is_empty else b">")


def _close_link(tag: re.Match[bytes]) -> bytes:
    return b"<%b/>" % tag[1] if b"href" in tag[1] else tag[0]


def _as_text(inside: bytes, no_tag: re.Pattern[bytes]) -> bytes:
    """Make text of what matches no_tag, and of the ends of CDATA that never began; CDATA stays."""
    parts = _WHOLE_CDATA.split(inside)
    parts[::2] = [no_tag.sub(b"&lt;", part).replace(b"]]>", b"]]&gt;") for part in parts[::2]]
    return b"".join(parts)


def _parser(*, recover: bool) -> Any:
    return etree.XMLParser(encoding="utf-8", recover=recover, **WALLS)
