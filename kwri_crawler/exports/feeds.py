"""Write articles as an Atom or RSS 2.0 feed; only the lead, because the full text belongs to the portal.

An entry's id is made of its article's own address: the same in every archive.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import BinaryIO
from urllib.parse import quote
from xml.etree.ElementTree import Element, ElementTree, SubElement

from kwri_crawler.archive.extracts import Extract
from kwri_crawler.clock import utc_text

_TAG = "tag:kwri-crawler,2024:"
_ATOM = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_atom(articles: Sequence[Extract], out: BinaryIO, title: str, generated_at: datetime) -> int:
    """Write Atom (RFC 4287); generated_at (aware) dates a feed without entries."""
    feed = Element("feed", {"xmlns": _ATOM})
    _add(feed, "id", f"{_TAG}{quote(title)}")
    _add(feed, "title", title)
    _add(feed, "updated", max((_changed(one) for one in articles), default=utc_text(generated_at)))
    _add(feed, "generator", "kwri-crawler")
    for one in articles:
        entry = SubElement(feed, "entry")
        _add(entry, "id", _id(one))
        _add(entry, "title", one.title)
        if one.url.startswith(("http://", "https://")):
            SubElement(entry, "link", {"rel": "alternate", "href": _clean(one.url)})
        _add(SubElement(entry, "author"), "name", one.author or one.portal_name)
        if one.published_at:
            _add(entry, "published", one.published_at)
        _add(entry, "updated", _changed(one))
        for term in _terms(one):
            SubElement(entry, "category", {"term": _clean(term)})
        _add(entry, "summary", _summary(one))
    return _write(feed, out, len(articles))


def write_rss(articles: Sequence[Extract], out: BinaryIO, title: str, generated_at: datetime) -> int:
    """Write RSS 2.0; generated_at (aware) dates a feed without items."""
    rss = Element("rss", {"version": "2.0"})
    channel = SubElement(rss, "channel")
    _add(channel, "title", title)
    _add(channel, "link", _home(articles))
    _add(channel, "description", title)
    _add(channel, "lastBuildDate", _rfc822(max((_changed(one) for one in articles), default=utc_text(generated_at))))
    _add(channel, "generator", "kwri-crawler")
    for one in articles:
        item = SubElement(channel, "item")
        _add(item, "title", one.title)
        if one.url.startswith(("http://", "https://")):
            _add(item, "link", one.url)
        _add(item, "guid", _id(one)).set("isPermaLink", "false")
        if one.published_at:
            _add(item, "pubDate", _rfc822(one.published_at))
        for term in _terms(one):
            _add(item, "category", term)
        # RSS descriptions are HTML: what is text must be escaped in the text itself as well.
        _add(item, "description", _escaped(_summary(one)))
    return _write(rss, out, len(articles))


def _id(one: Extract) -> str:
    return _TAG + quote(one.url, safe=":/?&=%~")


def _terms(one: Extract) -> list[str]:
    return list(dict.fromkeys(filter(None, (one.section, *one.tags))))


def _summary(one: Extract) -> str:
    return one.lead or one.body.partition("\n\n")[0]


def _changed(one: Extract) -> str:
    return max(filter(None, (one.published_at or one.first_seen_at, one.updated_at)))


def _home(articles: Sequence[Extract]) -> str:
    """Return the address that RSS wants of a channel: the portal's, where all is of one."""
    homes = {"/".join(one.url.split("/", 3)[:3]) + "/" for one in articles}
    return homes.pop() if len(homes) == 1 else "about:blank"


def _rfc822(at: str) -> str:
    return format_datetime(datetime.fromisoformat(at).astimezone(UTC))


def _add(parent: Element, tag: str, text: str) -> Element:
    element = SubElement(parent, tag)
    element.text = _clean(text)
    return element


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)


def _write(root: Element, out: BinaryIO, number: int) -> int:
    ElementTree(root).write(out, encoding="utf-8", xml_declaration=True)
    out.write(b"\n")
    return number
