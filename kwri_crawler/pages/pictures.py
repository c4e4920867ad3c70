"""The address of an article's main picture: of one that is loaded late the real one; no icon, no portrait, no logo."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kwri_crawler.pages.cards import is_own
from kwri_crawler.pages.places import elements_around, is_of_article, link_around, names_of
from kwri_crawler.pages.source import Source, text_of

_LATE = (
    "data-src",
    "data-lazy-src",
    "data-lazy",
    "data-ll-src",
    "data-original",
    "data-original-src",
)
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_NO_PICTURE = re.compile(
    r"(?:^|[/_.-])(?:blank|spacer|placeholder|loading|loader|pixel|transparent|lazy(?:-?load\w{0,5})?|zoom(?:-in)?|lens|magnif\w*|icon|logo"
    r"|avatar|gravatar|favicon|default-?user|1x1|sprite|ads?)(?=[/_.\d-]|$)|\.svg$|gravatar\.com",
    re.IGNORECASE,
)
_LOGO = re.compile(  # what a page names where it has no picture
    r"(?:^|[/_.-])(?:logos?|favicon|site-icon|blank|placeholder|spacer)(?=[/_.\d-]|$)|\.svg$", re.IGNORECASE
)
_NOTHING = frozenset(("null", "undefined", "false", "true", "none", "#", "[object object]", "[object%20object]", ""))
_STANDS_IN = re.compile(r"^(?:data:|$)|\.(?:gif|svg)$|blank|placeholder|loading|lazy", re.IGNORECASE)
_SIZE = re.compile(r"(?:-e\d{10,13})?(?:-\d{2,4}x\d{2,4}|-scaled)?\.\w{2,5}$|=[a-z]\d{2,4}[\w-]{0,40}$", re.IGNORECASE)
_MOST = 30  # images of a page that are looked at
_NEAR = 8  # elements around an image that are looked at
_MOST_NODES = 400  # between a headline and its picture
_A_TEXT = 30  # words of paragraphs, before which the main picture stands
_A_LINE = 8  # words of a piece of text that may be a paragraph's
_AN_ICON = 100  # pixels
_NEAR_PERSON = 3  # elements around a portrait
_NARROW = 300  # pixels; what says that it is less wide is a portrait or a card
_PERSON = re.compile(
    r"author|autor|byline|penulis|profile|avatar|journalist|person|bio(?![a-z])|portrait|newsletter", re.IGNORECASE
)
_AD = r"(?:^|[\s_-])(?:ads?|iklan|adsense|advert\w{0,10})(?=$|[\s_-])"
_NOT_MAIN = re.compile(f"{_PERSON.pattern}|{_AD}", re.IGNORECASE)
_IS_FILE = re.compile(r"\.(?:jpe?g|png|webp|avif)(?:$|\?)", re.IGNORECASE)


def picture_of(source: Source, node: LexborNode | None) -> str | None:
    """Return the absolute address of the picture that a node shows; null where it is none."""
    for link in _links(node) if node is not None else ():
        if (url := absolute(source, link)) and not _NO_PICTURE.search(urlsplit(url).path):
            return url
    inner = _unscripted(node) if node is not None else None
    return picture_of(source, inner) if inner is not None else None


def told_picture(source: Source) -> tuple[str, str]:
    """Return the picture that a page's metadata name, and where; empty when they name none, or the portal's logo."""
    meta = source.metadata
    for name in ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"):
        if (url := absolute(source, meta.first(name))) and not _LOGO.search(urlsplit(url).path):
            where = "meta og:image" if name.startswith("og:") else f"meta {name}"
            return url, where
    for link in _told(meta.article.get("image"), meta.named):
        if (url := absolute(source, link)) and not _LOGO.search(urlsplit(url).path):
            return url, "json-ld"
    return "", ""


def lead_picture(source: Source, title: str) -> str | None:
    """Return the picture in the first <figure> between a page's headline and its text; null when there is none.

    It outranks og:image, which may be made for sharing. A card's leads elsewhere and a portrait says so: they are none.
    """
    heads = source.tree.css("h1")[:_MOST]
    head = next((one for one in heads if text_of(one) == title), heads[0] if heads else None)
    for image in _images_below(head):
        if _is_in_figure(image) and is_of_article(image) and not _is_small(image):
            url = picture_of(source, image)
            if url and not _PERSON.search(urlsplit(url).path):
                return url
    return None


def picture_below(source: Source, title: str) -> str | None:
    """Return the first picture between a headline of any rank and its text, in no figure either; None without one."""
    heads = source.tree.css("h1, h2, h3, h4")[:_MOST]
    head = next((one for one in heads if text_of(one) == title), None)
    own = (one for one in _images_below(head) if is_own(source, one) and is_main(one) and not _is_small(one))
    return next((url for image in own if not _is_link(image) and (url := picture_of(source, image))), None)


def _images_below(head: LexborNode | None) -> Iterator[LexborNode]:
    """Yield the images from a heading to its text."""
    node, said = head, 0
    for _ in range(_MOST_NODES):
        node = _behind(node) if node is not None else None
        said += _words_of_text(node) if node is not None and node.tag == "-text" else 0
        if node is None or said >= _A_TEXT:
            return
        if node.tag in ("img", "amp-img"):
            yield node


def _is_link(image: LexborNode) -> bool:
    """Say whether an image leads to another page than a larger one of itself."""
    link = link_around(image, _NEAR_PERSON)
    return link is not None and _IS_FILE.search(link.attributes.get("href") or "") is None


def _behind(node: LexborNode) -> LexborNode | None:
    """Return the node that follows in the page's order; a script's text and the like is passed over."""
    here: LexborNode | None = node
    if node.tag not in ("script", "style", "noscript", "h1") and node.first_child is not None:
        return node.first_child
    while here is not None and here.next is None:
        here = here.parent
    return here.next if here is not None else None


def _words_of_text(node: LexborNode) -> int:
    """Return how many words of a paragraph a piece of text has; a few are none: a date, a byline; nor is a deck's."""
    around = node.parent.tag if node.parent is not None else ""
    count = len((node.text_content or "")[:1_000].split()) if around in ("p", "div") else 0
    return count if count >= _A_LINE and not _is_in_header(node) else 0


def _is_in_header(node: LexborNode) -> bool:
    return any(around.tag == "header" for around in elements_around(node, _NEAR + 1))


def _is_in_figure(image: LexborNode) -> bool:
    """Say whether an image of its <figure>, or of its <picture> in a <header>, is no link, not narrow, no person's."""
    width = image.attributes.get("width") or ""
    if width.isdigit() and int(width[:6]) < _NARROW:
        return False
    is_figure = False
    for around in (image, *elements_around(image, _NEAR - 1)):
        if around.tag == "body":
            break
        is_figure |= around.tag == "figure" or (around.tag == "picture" and _is_in_header(image))
        if _PERSON.search(names_of(around)):
            return False
        if around.tag == "a" and not _IS_FILE.search(around.attributes.get("href") or ""):
            return False
    return is_figure


def shown_picture(source: Source) -> str | None:
    """Return the first picture in the article's own part of a page; null when it shows none."""
    for node in source.tree.css("article img, main img, figure img, h1 ~ * img, amp-img")[:_MOST]:
        if is_own(source, node) and is_main(node) and not _is_small(node) and (url := picture_of(source, node)):
            return url
    return None


def is_main(image: LexborNode) -> bool:
    """Say whether an image that stands where a theme has its main picture may be it: no portrait and no ad."""
    for around in elements_around(image, _NEAR_PERSON):
        if around.tag in ("body", "article", "main"):
            break
        if _NOT_MAIN.search(names_of(around)):
            return False
    return True


def _is_small(image: LexborNode) -> bool:
    """Say whether an image says that it is no larger than an icon or a portrait."""
    sizes = (image.attributes.get(name) or "" for name in ("width", "height"))
    return any(size.isdigit() and int(size[:6]) < _AN_ICON for size in sizes)


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
    if "{{" in link or not ("." in link or link.startswith("/")):
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
    if _STANDS_IN.search(attributes.get("src") or ""):  # every lazy loader has a name of its own
        late = (value or "" for name, value in attributes.items() if name.startswith("data-"))
        yield from filter(_IS_FILE.search, late)
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
