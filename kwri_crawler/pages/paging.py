"""The further pages of an article that lies on several; takes no pager of a listing, of comments, of related articles.

A link counts when it stands where themes put an article's pages, and its address is the article's own but for a page's
number: the same host, the same path, the same query.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from kwri_crawler.items import Paging
from kwri_crawler.pages.source import Source, text_of
from kwri_crawler.urls import canonical, url_key

MOST_NUMBER = 99  # what a link calls page 2024 is a year

# Where themes put the pages of an article: WordPress's own, JNews, Newspaper; ProMedia and Kompas; detik; Tribun.
_PAGERS = (
    ".page-links a, a.post-page-numbers, .jeg_pagelinks a, .page-nav-post a, .pagelink a, .post-pagination a,"
    " .paging__link, .read__paging a, .detail__multiple a, .detail__long-nav a, .detail__anchor-numb a,"
    " a.detail__anchor-numb, .txt-article .paging a"
)
_NEXT = "link[rel~='next'], link[rel~='prev'], a[rel~='next'], a[rel~='prev']"
_ALL = "a[href*='page=all'], a[href*='single=1']"
_SAYS_NEXT = re.compile(r"halaman\s(?:selanjutnya|berikutnya)\W*", re.IGNORECASE)
_SAID = "a[href*='page=']"
_NOT_OF_ARTICLE = re.compile(r"comment|komentar|respond|related|terkait|sidebar", re.IGNORECASE)
# Of these families a page for all is known, though not every page links to it.
_WHOLE = {"tribun": "page=all", "promedia": "page=all", "detik": "single=1"}
_ALL_PAIRS = frozenset(("page=all", "single=1"))

_COUNTER = re.compile(r"(\d{1,3})\s*/\s*(\d{1,3})")
_PAIR = re.compile(r"page=(\d{1,2})")
_PAIR_OF_GALLERY = re.compile(r"p=(\d{1,3})")
_NUMBER_AT_END = re.compile(r"/([1-9]\d?)(/?)$")
_SIGNS = ("page=", "single=1", "post-item-count", "post-page-numbers", 'rel="next"', "rel='next'", "detail__")
_NAMES_ARTICLE = re.compile(r"[^/]-[^/]|\d{4}")


class _Form(NamedTuple):
    """How a portal writes the number of an article's page into its address."""

    first: str  # the address of the first page
    in_path: bool  # /slug/2 in place of /slug?page=2
    name: str = "page"

    def number(self, url: str | None) -> int | None:
        """Return the number of the page that an address leads to; 0 for all on one; null for another article."""
        if not url:
            return None
        key = url_key(self.first)
        if url_key(url) == key:
            return 1
        form = (_gallery if self.name == "p" else _query)(url)
        if form is not None and url_key(form[0]) == key:
            return form[1] if not (self.in_path and form[1]) else None
        found = _path(url)
        return found[1] if self.in_path and found is not None and url_key(found[0]) == key else None

    def address(self, number: int) -> str:
        """Return the address of a page from the second on."""
        if self.in_path:
            slash = "/" if self.first.endswith("/") else ""
            return f"{self.first.rstrip('/')}/{number}{slash}"
        return with_pair(self.first, f"{self.name}={number}")


def with_pair(url: str, pair: str) -> str:
    """Return an address with one more name and value in its query."""
    return f"{url}{'&' if '?' in url else '?'}{pair}"


def paging_of(source: Source, family: str) -> Paging | None:
    """Return where a page stands among the pages of its article; null when the article has this page alone."""
    url = canonical(source.url)
    if family == "varient":
        return _of_gallery(source, url)
    own_all = _query(url)
    if own_all is not None and own_all[1] == 0 and _names_article(own_all[0]):
        return Paging(0, own_all[0], ())
    if not _may_have_pages(source.text, url):
        return None
    pagers = [link for node in source.tree.css(_PAGERS) if (link := _link(source, node))]
    named = [*pagers, *_links_elsewhere(source)]
    for form, links in _forms(url, pagers, named):
        numbers = {found for link in links if (found := form.number(link)) is not None}
        own = form.number(url) or 1
        if not numbers - {own, 0} and not (0 in numbers and own == 1):
            continue
        last = max(numbers | {own})
        further = tuple(form.address(number) for number in range(2, last + 1))
        whole = _whole_link(source, form)
        if not further and whole is None:
            continue
        if whole is None and family in _WHOLE:
            whole = with_pair(form.first, _WHOLE[family])
        return Paging(own, form.first, further, whole)
    return None


def _may_have_pages(text: str, url: str) -> bool:
    """Say by a page's text alone whether it is worth looking for links, which takes a twentieth of reading it."""
    slug = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    if any(sign in text for sign in _SIGNS) or (slug.isdigit() and len(slug) < 3):
        return True
    return bool(slug) and re.search(rf"{re.escape(slug)}/\d", text) is not None


def _forms(url: str, pagers: list[str], named: list[str]) -> Iterator[tuple[_Form, list[str]]]:
    """Yield the ways in which the pages may be numbered, each with the links that count for it."""
    query = _query(url)
    first = query[0] if query is not None else url
    if _names_article(first):
        yield _Form(first, in_path=False), named
        yield _Form(first, in_path=True), named
    # A path's last number may be an article's own: of such an address only what surely is a pager counts.
    inner = _path(url)
    if inner is not None and inner[1] > 1 and _names_article(inner[0]):
        yield _Form(inner[0], in_path=True), pagers


def _of_gallery(source: Source, url: str) -> Paging | None:
    """Read the counter of Varient's gallery: "2 / 7"."""
    counter = source.tree.css_first(".gallery-post-item .post-item-count")
    found = _COUNTER.search(text_of(counter)) if counter is not None else None
    if found is None:
        return None
    number, last = int(found[1]), int(found[2])
    if last < 2 or not 1 <= number <= last or last > MOST_NUMBER:
        return None
    own = _gallery(url)
    form = _Form(own[0] if own is not None else url, in_path=False, name="p")
    return Paging(number, form.first, tuple(form.address(each) for each in range(2, last + 1)))


def _links_elsewhere(source: Source) -> Iterator[str]:
    for node in source.tree.css(f"{_NEXT}, {_ALL}"):
        if not _is_foreign(node) and (link := _link(source, node)):
            yield link
    for node in source.tree.css(_SAID):
        if _SAYS_NEXT.fullmatch(text_of(node)) and not _is_foreign(node) and (link := _link(source, node)):
            yield link


def _whole_link(source: Source, form: _Form) -> str | None:
    """Return the page for all that a link names, spelt without its place on that page."""
    for node in source.tree.css(_ALL):
        link = _link(source, node)
        if form.number(link) == 0 and not _is_foreign(node):
            return link
    return None


def _link(source: Source, node: LexborNode) -> str | None:
    link = source.absolute(node.attributes.get("href"))
    return canonical(link) if link else None


def _is_foreign(node: LexborNode) -> bool:
    """Say whether a link stands among comments, related articles or beside the article."""
    parent = node.parent
    while parent is not None and parent.tag not in ("body", "head", "html", "article"):
        attributes = parent.attributes
        if parent.tag in ("aside", "footer") or _NOT_OF_ARTICLE.search(
            f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        ):
            return True
        parent = parent.parent
    return False


def _query(url: str) -> tuple[str, int] | None:
    """Take the number out of ?page=2, 0 out of ?page=all; null when there is none."""
    base, _, query = url.partition("?")
    pairs = query.split("&") if query else []
    for pair in pairs:
        found = _PAIR.fullmatch(pair)
        if found or pair in _ALL_PAIRS:
            return _joined(base, [other for other in pairs if other != pair]), int(found[1]) if found else 0
    return None


def _gallery(url: str) -> tuple[str, int] | None:
    base, _, query = url.partition("?")
    pairs = query.split("&") if query else []
    for pair in pairs:
        if found := _PAIR_OF_GALLERY.fullmatch(pair):
            return _joined(base, [other for other in pairs if other != pair]), int(found[1])
    return None


def _path(url: str) -> tuple[str, int] | None:
    base, _, query = url.partition("?")
    found = _NUMBER_AT_END.search(base)
    return (_joined(base[: found.start()] + found[2], [query]), int(found[1])) if found else None


def _joined(base: str, pairs: list[str]) -> str:
    query = "&".join(filter(None, pairs))
    return f"{base}?{query}" if query else base


def _names_article(url: str) -> bool:
    """Say whether an address without its page's number can be an article's: not a section's, not /index.php."""
    parts = urlsplit(url)
    return bool(_NAMES_ARTICLE.search(parts.path) or re.search(r"\d", parts.query))
