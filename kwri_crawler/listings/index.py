"""Index pages: the main column's articles in printed order, and the next page; leaves out side column and related."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from kwri_crawler.catalogue import Portal
from kwri_crawler.listings.listed import Gatherer, ListingError, ListingPage
from kwri_crawler.listings.pager import MAX_LINKS, next_page, resolve
from kwri_crawler.listings.shell import read_shell
from kwri_crawler.listings.xml import unpack
from kwri_crawler.pages.shells import is_shell

# Varient 2.x classic; its magazine and news themes and 3.0, with and without a side column; custom themes. The first
# that is there counts even if it is empty: beyond the last page the side column still has items.
_COLUMNS = ("#content", ".section-page .col-lg-8", ".section-page", "main", "#wrapper", "body")
_ITEMS = ".post-item, .post-item-horizontal, .post-item-boxed, .post-item-small"
_TITLE_LINKS = ("h3.title a[href]", "h2.title a[href]", ".title a[href]", "h3 a[href], h2 a[href]")
_ASIDE_VARIENT = "#sidebar, .sidebar, .section-related-posts, .post-item-mid, .random-posts, #footer"
_ASIDE = (
    "nav, header, footer, aside, .sidebar, #sidebar, .widget, [class*=related], [class*=popular], [class*=terpopuler]"
)

_OWN_HEADER = "article header, .hentry header, .post header"  # an item's own, as HTML has it, is no part of the page's

# "Jun 27, 2024", "27 Juni 2024", "27/06/2024", "2024-06-27": a day with its year, wherever a theme prints it
_DATE = re.compile(
    r"\b(?:\w{3,9}\.? \d{1,2}, \d{4}|\d{1,2} \w{3,9}\.? \d{4}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d\d-\d\d)\b"
)
_AGO = re.compile(r"\b\d+ \w+ (?:yang )?lalu\b|\bkemarin\b", re.IGNORECASE)
_DATE_PLACES = ("time", ".post-meta span", "[class*=date]", "[class*=time]", "span, small, p, div")

# Selecting in deeply nested HTML costs its depth cubed: 115 kB of nested items took 133 s. Real pages stay below 150.
MAX_DEPTH = 500
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)")
_NEVER_NESTED = frozenset(
    b"area base br col embed hr img input link meta source track wbr p li dt dd tr td th tbody thead tfoot option "
    b"path circle rect line polygon polyline ellipse use stop".split()
)

# "/news/detail/2454574-polisi-antar-warga", "/berita/polisi-antar-warga": words parted by hyphens, or a number first
_LOOKS_LIKE_ARTICLE = re.compile(r"/(?:\d+-[^/-]+|[^/-]+(?:-[^/-]+){2})[^/]*/?$")
_LABEL = re.compile(r"(?:^|[\s_-])(?:cate?|category|kategori|kanal|rubrik)(?:$|[\s_-])", re.IGNORECASE)  # of a section
_HEADLINE = 4  # words; a menu's link has fewer


def read_index(body: bytes, url: str, portal: Portal) -> ListingPage:
    """Read one index page: Varient's own markup, or a portal's selectors, or the headings that link."""
    body, whole = unpack(body)
    if not body.strip(b"\0 \t\r\n\f"):
        raise ListingError("empty")
    if b"<" not in body:
        raise ListingError("not HTML")
    if depth(body) > MAX_DEPTH:
        raise ListingError("HTML nested too deep")
    try:
        tree = LexborHTMLParser(body)
        if tree.root is None:
            raise ListingError("not HTML")
        found = Gatherer(portal, _base(tree, url))
        _gather(tree, found, dict(portal.selectors), portal)
        if found.has_entries:
            for link in next_page(tree, found.base, url):
                found.add_more(link)
        elif is_shell(tree):
            read_shell(body, found)
    except (SelectolaxError, UnicodeError, ValueError) as error:
        raise ListingError(f"not HTML: {error}"[:200]) from error
    return found.page(None if whole and _is_whole(body) else "it was cut off")


def _gather(tree: LexborHTMLParser, found: Gatherer, selectors: dict[str, str], portal: Portal) -> None:
    if "listing_item" in selectors or "listing_link" in selectors:
        for item, link in _chosen(tree, selectors):
            found.add(link, _date(item))
    elif portal.family == "varient":
        for item, link in _varient(tree):
            found.add(link, _date(item))
    else:
        for item, link in _headings(tree):
            if portal.owns(found.resolve(link)):
                found.add(link, _date(item))
        if not found.has_entries:
            for item, link in _headlines(tree):
                if portal.owns(found.resolve(link)):
                    found.add(link, _date(item))


def _chosen(tree: LexborHTMLParser, selectors: dict[str, str]) -> Iterator[tuple[LexborNode, str]]:
    link_selector = selectors.get("listing_link", "a[href]")
    if "listing_item" not in selectors:
        for link in tree.css(link_selector):
            if href := _href(link):
                yield link.parent or link, href
        return
    for item in tree.css(selectors["listing_item"]):
        link_in_item = item if item.tag == "a" else item.css_first(link_selector)
        if link_in_item is not None and (href := _href(link_in_item)):
            yield item, href


def _varient(tree: LexborHTMLParser) -> Iterator[tuple[LexborNode, str]]:
    aside = _ids(tree, _ASIDE_VARIENT)
    parts: list[LexborNode] = next(filter(None, map(tree.css, _COLUMNS)), [])
    for item in (item for part in parts for item in part.css(_ITEMS)):
        if not _is_inside(item, aside) and (link := _title_link(item)) is not None:
            yield item, link


def _title_link(item: LexborNode) -> str | None:
    for selector in _TITLE_LINKS:
        link = item.css_first(selector)
        if link is not None:
            return _href(link)
    return None


def _headings(tree: LexborHTMLParser) -> Iterator[tuple[LexborNode, str]]:
    """Find the linked headings, and the first link of an <article> that has none, in document order."""
    aside = _aside(tree)
    crowded: dict[int, bool] = {}  # by mem_id: whether an element holds several headings
    for node in tree.css("article, h2, h3"):
        if _is_inside(node, aside):
            continue
        if node.tag == "article":
            if node.css_first("h2 a[href], h3 a[href], a[href] h2, a[href] h3") is None:
                link = node.css_first("h1 a[href], h4 a[href], a[href]")
                if link is not None and (href := _href(link)):
                    yield node, href
            continue
        link = node.css_first("a[href]") or _above(node, "a")
        if link is not None and (href := _href(link)) and not _LABEL.search(link.attributes.get("class") or ""):
            yield _above(node, "article") or _item_of(node, crowded), href


def _item_of(heading: LexborNode, crowded: dict[int, bool]) -> LexborNode:
    """Return what is around a heading and around no other one, at most five steps up: it holds its date.

    `crowded` keeps which elements were looked into: the one that holds a whole list is around each of its headings.
    """
    item = heading.parent or heading
    for _ in range(5):
        around = item.parent
        if around is None or around.tag in ("body", "main"):
            break
        if around.mem_id not in crowded:
            crowded[around.mem_id] = len(around.css("h2, h3")) > 1
        if crowded[around.mem_id]:
            break
        item = around
    return item


def _headlines(tree: LexborHTMLParser) -> Iterator[tuple[LexborNode, str]]:
    """Find the links that say a headline and lead to an article by their looks, where a page has no headings."""
    aside = _aside(tree)
    for node in tree.css("a[href]")[:MAX_LINKS]:
        href = _href(node)
        if href and _LOOKS_LIKE_ARTICLE.search(href[:2_000].partition("?")[0]) and not _is_inside(node, aside):
            words = node.text(deep=True, separator=" ")[:1_000].split()
            if len(words) >= _HEADLINE:
                yield node, href


def _date(item: LexborNode) -> str | None:
    """Find the date printed in an item; the machine-readable one when there is no other."""
    for place in _DATE_PLACES:
        for node in item.css(place):
            text = " ".join(node.text(deep=True, separator=" ")[:400].split())
            match = _DATE.search(text) or _AGO.search(text)
            if match:
                return match[0]
    stamped = item.css_first("time[datetime]")
    return stamped.attributes.get("datetime") if stamped is not None else None


def _base(tree: LexborHTMLParser, url: str) -> str:
    node = tree.css_first("base[href]")
    return url if node is None else resolve(node, url)


def _href(link: LexborNode) -> str | None:
    href = (link.attributes.get("href") or "").strip()
    return href if href and not href.startswith("#") else None


def _aside(tree: LexborHTMLParser) -> frozenset[int]:
    return _ids(tree, _ASIDE) - _ids(tree, _OWN_HEADER)


def _ids(tree: LexborHTMLParser, selector: str) -> frozenset[int]:
    return frozenset(node.mem_id for node in tree.css(selector))


def _is_inside(node: LexborNode, outer: frozenset[int]) -> bool:
    step: LexborNode | None = node
    while step is not None:
        if step.mem_id in outer:
            return True
        step = step.parent
    return False


def _above(node: LexborNode, tag: str) -> LexborNode | None:
    """Find the nearest ancestor of a tag, at most six steps up: further up it is no longer the item."""
    step = node.parent
    for _ in range(6):
        if step is None or step.tag == tag:
            return step
        step = step.parent
    return None


def depth(body: bytes) -> int:
    """Estimate how deep the tags nest: how many were open at once, each name counted by itself."""
    opened: Counter[bytes] = Counter()
    depth = deepest = 0
    for match in _TAG.finditer(body):
        name = match[2].lower()
        if name in _NEVER_NESTED:
            continue
        if not match[1]:
            opened[name] += 1
            depth += 1
            deepest = max(deepest, depth)
        elif opened[name]:
            opened[name] -= 1
            depth -= 1
    return deepest


def _is_whole(body: bytes) -> bool:
    return b"</html" in body[-4096:].replace(b"\0", b"").lower()
