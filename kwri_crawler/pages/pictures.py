"""The address of an article's main picture: of one that is loaded late the real one; no icon, no portrait, no logo."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kwri_crawler.pages.places import is_of_article
from kwri_crawler.pages.source import Source

_LATE = ("data-src", "data-lazy-src", "data-lazy", "data-ll-src", "data-original", "data-original-src")
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_NO_PICTURE = re.compile(
    r"(?:^|[/_.-])(?:blank|spacer|placeholder|loading|loader|pixel|transparent|lazy|zoom(?:-in)?|lens|magnif\w*|icon|logo"
    r"|avatar|gravatar|favicon|default-?user|1x1|sprite|ads?)(?=[/_.\d-]|$)|\.svg$|gravatar\.com",
    re.IGNORECASE,
)
_NOTHING = frozenset(("null", "undefined", "false", "true", "none", "#", "[object object]", "[object%20object]", ""))
_SIZE = re.compile(r"(?:-\d{2,4}x\d{2,4}|-scaled)?\.\w{2,5}$|=[a-z]\d{2,4}[\w-]{0,40}$", re.IGNORECASE)
_MOST = 30  # images of a page that are looked at


def picture_of(source: Source, node: LexborNode | None) -> str | None:
    """Return the absolute address of the picture that a node shows; null where it is none."""
    for link in _links(node) if node is not None else ():
        if (url := absolute(source, link)) and not _NO_PICTURE.search(urlsplit(url).path):
            return url
    inner = _unscripted(node) if node is not None else None
    return picture_of(source, inner) if inner is not None else None


def told_picture(source: Source) -> tuple[str, str]:
    """Return the picture that a page's metadata name, and where; empty when they name none."""
    meta = source.metadata
    for name in ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"):
        if url := absolute(source, meta.first(name)):
            where = "meta og:image" if name.startswith("og:") else f"meta {name}"
            return url, where
    for link in _told(meta.article.get("image"), meta.named):
        if url := absolute(source, link):
            return url, "json-ld"
    return "", ""


def shown_picture(source: Source) -> str | None:
    """Return the first picture in the article's own part of a page; null when it shows none."""
    for node in source.tree.css("article img, main img, figure img, h1 ~ * img, amp-img")[:_MOST]:
        if is_of_article(node) and (url := picture_of(source, node)):
            return url
    return None


def _unscripted(node: LexborNode) -> LexborNode | None:
    """Return the image in the <noscript> right behind one that a script loads."""
    behind = node.next
    while behind is not None and behind.tag == "-text":
        behind = behind.next
    if behind is None or behind.tag != "noscript":
        return None
    return behind.css_first("img") or LexborHTMLParser(behind.text()).css_first("img")


def is_same(one: str, other: str) -> bool:
    """Say whether two addresses are of one picture, perhaps in two sizes."""
    return _name(one) == _name(other)


def absolute(source: Source, link: str | None) -> str | None:
    """Resolve a picture's address; null for what is none: "null", "#", the portal's home."""
    link = (link or "").strip()
    if link.casefold() in _NOTHING or link.startswith(("data:", "#")) or link.rstrip("/") in ("http:", "https:"):
        return None
    url = source.absolute(link)
    if url is None or urlsplit(url).path.rstrip("/").rpartition("/")[2].casefold() in _NOTHING:
        return None
    return None if url == source.url else url


def _name(url: str) -> str:
    return _SIZE.sub("", urlsplit(url).path.rpartition("/")[2].casefold())


def _links(node: LexborNode) -> Iterator[str]:
    """Yield the addresses of an image, the likeliest first."""
    attributes = node.attributes
    for name in _LATE:
        if link := attributes.get(name):
            yield link
    for name in _SETS:
        yield from _of_set(attributes.get(name) or "")
    if link := attributes.get("src") or attributes.get("content"):
        yield link
    parent = node.parent
    if parent is not None and parent.tag == "picture":
        for one in parent.css("source")[:5]:
            for name in _SETS:
                yield from _of_set(one.attributes.get(name) or "")


def _of_set(text: str) -> Iterator[str]:
    """Yield the address of the widest picture of a srcset."""
    found: list[tuple[float, str]] = []
    for part in re.split(r",\s", text[:5_000].strip().rstrip(",")):
        link, _, size = part.strip().partition(" ")
        number = re.match(r"\d{1,5}(?:\.\d{1,3})?", size.strip())
        if link:
            found.append((float(number[0]) if number else 0.0, link))
    if found:
        yield max(found, key=lambda one: one[0])[1]


def _told(image: object, named: dict[str, dict[str, object]]) -> Iterator[str]:
    for one in (image if isinstance(image, list) else [image])[:3]:
        if isinstance(one, dict):
            one = {**named.get(str(one.get("@id")), {}), **one}.get("url") or one.get("contentUrl")
        if isinstance(one, str):
            yield one
