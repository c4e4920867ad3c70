"""Index pages: the main column's articles in printed order, and the next page; leaves out side column and related."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from kwri_crawler.catalogue import Portal
from kwri_crawler.listings.listed import Gatherer, ListingError, ListingPage
from kwri_crawler.listings.shell import read_shell
from kwri_crawler.listings.xml import unpack
from kwri_crawler.pages.shells import is_shell
from kwri_crawler.web.addresses import join, url_key

# Varient 2.x classic; its magazine and news themes and 3.0, with and without a side column; custom themes. The first
# that is there counts even if it is empty: beyond the last page the side column still has items.
_COLUMNS = ("#content", ".section-page .col-lg-8", ".section-page", "main", "#wrapper", "body")
_ITEMS = ".post-item, .post-item-horizontal, .post-item-boxed, .post-item-small"
_TITLE_LINKS = ("h3.title a[href]", "h2.title a[href]", ".title a[href]", "h3 a[href], h2 a[href]")
_ASIDE_VARIENT = "#sidebar, .sidebar, .section-related-posts, .post-item-mid, .random-posts, #footer"
_ASIDE = (
    "nav, header, footer, aside, .sidebar, #sidebar, .widget, [class*=related], [class*=popular], [class*=terpopuler]"
)

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

# "/page/2", "/page-2", and "/page2" as Jekyll's pager has it
_PAGE = re.compile(
    r"([?&](?:page|paged|pg|halaman|hal|laman)=|/(?:page|halaman|hal|laman)/"
    r"|/(?:page|halaman|hal|laman)-?(?=\d{1,9}/?(?:$|[?&])))(\d{1,9})(?!\d)"
)
_PAGE_STEP = re.compile(r"/(?:page|halaman|hal|laman)(?:/\d+|-?\d+(?=/?$))")
# Where the next page's number cannot be told from ours: a count of articles, or a number with no name to it.
_OFFSET = re.compile(r"([?&](?:p|start|offset|from|mulai)=|/)(\d{1,9})(?=/?(?:$|[?&]))")
_NEXT = re.compile(
    r"(?:(?:halaman|laman)\s)?(?:selanjutnya|berikutnya|next(?: page)?|older posts)[\s\W]{0,5}", re.IGNORECASE
)
MAX_LINKS = 5000
_PAGERS = (
    ".pagination, .nav-links, .pagination-container, .paging, .page-nav, .pager, [class*=pagination], [class*=halaman],"
    " nav[aria-label*=agination]"
)


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
            for link in _next_page(tree, found.base, url):
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
    aside = _ids(tree, _ASIDE)
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
            yield _above(node, "article") or _item_of(node), href


def _item_of(heading: LexborNode) -> LexborNode:
    """Return what is around a heading and around no other one, at most five steps up: it holds its date."""
    item = heading.parent or heading
    for _ in range(5):
        around = item.parent
        if around is None or around.tag in ("body", "main") or len(around.css("h2, h3")) > 1:
            break
        item = around
    return item


def _headlines(tree: LexborHTMLParser) -> Iterator[tuple[LexborNode, str]]:
    """Find the links that say a headline and lead to an article by their looks, where a page has no headings."""
    aside = _ids(tree, _ASIDE)
    for node in tree.css("a[href]")[:MAX_LINKS]:
        href = _href(node)
        if href and _LOOKS_LIKE_ARTICLE.search(href[:2_000].partition("?")[0]) and not _is_inside(node, aside):
            words = node.text(deep=True, separator=" ")[:1_000].split()
            if len(words) >= _HEADLINE:
                yield node, href


def _next_page(tree: LexborHTMLParser, base: str, url: str) -> list[str]:
    """Give the next page if the page's own pagination shows a later one.

    CodeIgniter 4's "next" leads to the next group of numbers, and "last" to the end: the address is made from theirs.
    """
    here = _page_of(url) or 1
    links = [link for pager in tree.css(_PAGERS) for link in pager.css("a[href]")]
    links += tree.css("a[rel~=next][href], link[rel~=next][href], a.next[href], a[aria-label=next][href]")
    if _page_of(url) is None and (zero := _second_of_zero_based(links, base, url)):
        return [zero]
    later: list[tuple[int, str]] = []
    for node in links:
        link = _resolve(node, base)
        page = _page_of(link)
        if page is not None and page > here and _same_listing(link, url):
            later.append((page, link))
    if later:
        _, nearest = min(later)
        return [_PAGE.sub(lambda match: f"{match[1]}{here + 1}", nearest, count=1)]
    others = [_resolve(node, base) for node in links if "next" in (node.attributes.get("rel") or "").split()]
    found = [link for link in others if _page_of(link) is None and url_key(link) != url_key(url)]
    return (found or _by_word_or_offset(tree, links, base, url))[:1]


def _second_of_zero_based(links: list[LexborNode], base: str, url: str) -> str | None:
    """Return the second page's address where the first page's number is 0, as Drupal's is: "?page=1" is called next."""
    pages = {_page_of(link): link for node in links if _same_listing(link := _resolve(node, base), url)}
    return pages.get(1) if 0 in pages else None


def _by_word_or_offset(tree: LexborHTMLParser, links: list[LexborNode], base: str, url: str) -> list[str]:
    """Find what is called the next page, or else the least offset beyond ours: "/kategori/1/30", "?p=2"."""
    own, key = _Numbered.of(url), url_key(url)
    for node in tree.css("a[href]")[:MAX_LINKS]:
        if _NEXT.fullmatch(node.text(deep=True, strip=True)):
            link = _resolve(node, base)
            # ours, or ours with another number at its end
            if url_key(link) != key and (_Numbered.of(link).rest in (key, own.rest) or _same_listing(link, url)):
                return [link]
    printed = [_Numbered.of(_resolve(node, base)) for node in links[:MAX_LINKS]]
    # "/kategori/1" may end in a page or in a section: what only adds a number to our address comes first.
    added = [one for one in printed if one.number > 1 and one.rest == key]
    after = [one for one in printed if one.number > (own.number or 1) and one.rest == own.rest]
    return [one.url for one in sorted(added or after)]


class _Numbered(NamedTuple):
    """An address by its last number."""

    number: int  # 0 where there is none
    rest: str  # url_key of the address without it
    url: str

    @classmethod
    def of(cls, url: str) -> _Numbered:
        *_, last = (None, *_OFFSET.finditer(url))
        if last is None:
            return cls(0, url_key(url), url)
        return cls(int(last[2]), url_key(url[: last.start()] + url[last.end() :]), url)


def _page_of(url: str) -> int | None:
    split = urlsplit(url)
    found = _PAGE.search(f"{split.path}?{split.query}")
    return int(found[2]) if found else None


def _same_listing(link: str, url: str) -> bool:
    """Tell whether two addresses differ in the page number only, as far as their paths go."""
    one, other = (_PAGE_STEP.sub("", urlsplit(each).path).rstrip("/") for each in (link, url))
    return one == other


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
    return url if node is None else _resolve(node, url)


def _resolve(link: LexborNode, base: str) -> str:
    return join(base, link.attributes.get("href") or "")


def _href(link: LexborNode) -> str | None:
    href = (link.attributes.get("href") or "").strip()
    return href if href and not href.startswith("#") else None


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
