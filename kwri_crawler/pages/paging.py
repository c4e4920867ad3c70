"""The further pages of an article that lies on several; takes no pager of a listing, of comments, of related articles.

A link counts when it stands where themes put an article's pages, and its address is the article's own but for a page's
number: the same host, the same path, the same query.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import gcd
from typing import NamedTuple
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from kwri_crawler.items import Paging
from kwri_crawler.pages.family import Family
from kwri_crawler.pages.source import Source, text_of
from kwri_crawler.web.addresses import WORDPRESS_PAGERS, canonical, url_key

MOST_NUMBER = 99  # what a link calls page 2024 is a year
# So many links are looked at, and so many steps up from each: pagers are found by then, and a trap costs nothing.
_MOST_LINKS, _MOST_STEPS, _STEPS_TO_PAGER = 200, 100, 6

# Where themes put the pages of an article: WordPress's own, JNews, Newspaper; ProMedia and Kompas; detik.
_PAGERS = frozenset((
    *WORDPRESS_PAGERS, "pagelink", "post-pagination",
    "paging__link", "read__paging", "detail__multiple", "detail__long-nav", "detail__anchor-numb",
))  # fmt: skip
_SAYS_NEXT = re.compile(r"halaman\s(?:selanjutnya|berikutnya)\W*", re.IGNORECASE)
_NOT_OF_ARTICLE = re.compile(r"comment|komentar|respond|related|terkait|sidebar", re.IGNORECASE)
_ALL_PAIRS = frozenset(("page=all", "single=1"))

_COUNTER = re.compile(r"(\d{1,3})\s*/\s*(\d{1,3})")
_PAIR = re.compile(r"page=(\d{1,2})")
_PAIR_OF_GALLERY = re.compile(r"p=(\d{1,3})")
_NUMBER_AT_END = re.compile(r"/([1-9]\d?)(/?)$")
_PARAGRAPH_AT_END = re.compile(r"/([1-9]\d{0,2})(/?)$")
_START = re.compile(r"(?:limit)?start=(\d{0,2})|showall=([01]?)")
_SIGNS = (b"page=", b"single=1", b"post-item-count", b"post-page-numbers", b'rel="next"', b"rel='next'", b"detail__")
_NAMES_ARTICLE = re.compile(r"[^/]-[^/]|\d{4}")


class _Form(NamedTuple):
    """How a portal writes the number of an article's page into its address."""

    first: str  # the address of the first page
    in_path: bool  # /slug/2 in place of /slug?page=2
    name: str = "page"
    step: int = 1  # what a page's number grows by: 15 where pages are numbered by their first paragraph, from 0

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
            return f"{self.first.rstrip('/')}/{number if self.step == 1 else (number - 1) * self.step}{slash}"
        return with_pair(self.first, f"{self.name}={number}")


def with_pair(url: str, pair: str) -> str:
    """Return an address with one more name and value in its query."""
    return f"{url}{'&' if '?' in url else '?'}{pair}"


class _PageLink(NamedTuple):
    """A link that may lead to a page of this article."""

    url: str
    in_pager: bool  # it stands where themes put an article's pages
    is_named: bool  # by itself as the page before or behind, in the article or the page's head
    is_foreign: bool  # it stands among comments or related articles, or beside the article


def paging_of(source: Source, family: Family | None) -> Paging | None:
    """Return where a page stands among the pages of its article; null when the article has this page alone.

    family is the one that read the page; null for none.
    """
    url = canonical(source.url)
    if family is not None and family.has_galleries:
        return _of_gallery(source, url)
    if family is not None and family.counts_from_start:
        return _by_start(source, url)
    if family is not None and family.counts_paragraphs:
        return _by_paragraphs(source, url)
    own_all = _query(url)
    if own_all is not None and own_all[1] == 0 and _names_article(own_all[0]):
        return Paging(0, own_all[0], ())
    if not _may_have_pages(source, url):
        return None
    links = tuple(_links(source, url))
    for form, strict in _forms(url):
        found: set[int] = set()
        whole: str | None = None
        for link in links:
            number = form.number(link.url)
            if number == 0 and (link.in_pager or not link.is_foreign):
                whole = whole or link.url
            elif number and (link.in_pager or (link.is_named and not strict and not link.is_foreign)):
                found.add(number)
        own = form.number(url) or 1
        if not found - {own} and not (whole and own == 1):
            continue
        further = tuple(form.address(number) for number in range(2, max(found | {own}) + 1))
        if whole is None and family is not None and family.whole:
            whole = with_pair(form.first, family.whole)
        return Paging(own, form.first, further, whole)
    return None


def _may_have_pages(source: Source, url: str) -> bool:
    """Say by a page's bytes alone whether it is worth looking for links, which takes a twentieth of reading it."""
    slug = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    if any(sign in source.html for sign in _SIGNS) or (slug.isdigit() and len(slug) < 3):
        return True
    return bool(slug) and _is_numbered(source.html, f"{slug}/".encode(errors="replace"))


def _is_numbered(html: bytes, sign: bytes) -> bool:
    """Say whether a digit follows a sign anywhere."""
    return any(behind[:1].isdigit() for behind in html.split(sign)[1:])


def _forms(url: str) -> Iterator[tuple[_Form, bool]]:
    """Yield the ways in which the pages may be numbered, each with whether only links in a pager count for it."""
    query = _query(url)
    first = query[0] if query is not None else url
    if _names_article(first):
        yield _Form(first, in_path=False), False
        yield _Form(first, in_path=True), False
    # A path's last number may be an article's own: of such an address only what surely is a pager counts.
    inner = _path(url)
    if inner is not None and inner[1] > 1 and _names_article(inner[0]):
        yield _Form(inner[0], in_path=True), True


def _by_start(source: Source, url: str) -> Paging | None:
    """Read Joomla's pager of an article: ?start=1 is its second page, ?showall=1 all of it."""
    first, own = _without_start(url)
    if own == 0 and _names_article(first):
        return Paging(0, first, ())
    if not _names_article(first) or not any(sign in source.html for sign in (b"start=", b"showall=")):
        return None
    key = url_key(first)
    found, whole = {own}, None
    for link in _links(source, first):
        base, number = _without_start(link.url)
        if link.is_foreign or url_key(base) != key:
            continue
        if number == 0:
            whole = whole or link.url
        else:
            found.add(number)
    if max(found) == 1 and whole is None:
        return None
    further = tuple(with_pair(first, f"start={number - 1}") for number in range(2, max(found) + 1))
    return Paging(own, first, further, whole)


def _without_start(url: str) -> tuple[str, int]:
    """Return an address without Joomla's number of a page, and that page, from 1; 0 for all pages on one."""
    base, _, query = url.partition("?")
    number, others = 1, []
    for pair in query.split("&"):
        found = _START.fullmatch(pair)
        if found is None:
            others.append(pair)
        elif found[2] == "1":
            number = 0
        elif number and found[1]:
            number = int(found[1]) + 1
    return _joined(base, others), number


def _by_paragraphs(source: Source, url: str) -> Paging | None:
    """Read a pager whose numbers are those of paragraphs: /slug, /slug/15, /slug/30; the step shows in them."""
    inner = _path(url, _PARAGRAPH_AT_END)
    first, own = inner if inner is not None and _names_article(inner[0]) else (url, 0)
    key = url_key(first)
    links = (_path(link.url, _PARAGRAPH_AT_END) for link in _links(source, first) if not link.is_foreign)
    found = {link[1] for link in links if link is not None and url_key(link[0]) == key} | ({own} if own else set())
    if not found:
        return None
    form = _Form(first, in_path=True, step=gcd(*found))
    further = tuple(form.address(number) for number in range(2, max(found) // form.step + 2))
    return Paging(own // form.step + 1, first, further)


def _of_gallery(source: Source, url: str) -> Paging | None:
    """Read the counter of Varient's gallery: "2 / 7"."""
    # Not in the whole page, if the article shows where it lies: it would be walked through to its end.
    article = source.tree.css_first(".post-content") or source.tree
    counter = article.css_first(".gallery-post-item .post-item-count")
    found = _COUNTER.search(text_of(counter)) if counter is not None else None
    if found is None:
        return None
    number, last = int(found[1]), int(found[2])
    if last < 2 or not 1 <= number <= last or last > MOST_NUMBER:
        return None
    own = _gallery(url)
    form = _Form(own[0] if own is not None else url, in_path=False, name="p")
    return Paging(number, form.first, tuple(form.address(each) for each in range(2, last + 1)))


def _links(source: Source, url: str) -> Iterator[_PageLink]:
    """Yield the links whose address begins as the article's own, or is only a query."""
    # Selectors without ancestors: lexbor's time for others grows with the square of the depth of nesting.
    inner = _path(url)
    slug = urlsplit(inner[0] if inner is not None else url).path.rstrip("/").rpartition("/")[2]
    left = _MOST_LINKS
    for node in source.tree.css("a[href], link[href]"):
        href = node.attributes.get("href") or ""
        if not (href.startswith("?") or (slug in href if slug else "page=" in href)):
            continue
        link = source.absolute(href)
        if link is None:
            continue
        rel = (node.attributes.get("rel") or "").split()
        is_named = "next" in rel or "prev" in rel or _SAYS_NEXT.fullmatch(text_of(node)) is not None
        in_pager, is_foreign = _place(node)
        yield _PageLink(canonical(link), in_pager, is_named, is_foreign)
        left -= 1
        if not left:
            return


def _place(node: LexborNode) -> tuple[bool, bool]:
    """Say whether a link stands in an article's pager, and whether among what is not the article's."""
    parent: LexborNode | None = node
    in_pager = False
    for steps in range(_MOST_STEPS):
        if parent is None or parent.tag in ("body", "head", "html"):
            return in_pager, False
        named = parent.attributes.get("class") or ""
        if steps < _STEPS_TO_PAGER and not _PAGERS.isdisjoint(named.split()):
            in_pager = True
        if parent.tag == "article":
            return in_pager, False
        if parent.tag in ("aside", "footer") or _NOT_OF_ARTICLE.search(f"{named} {parent.attributes.get('id') or ''}"):
            return in_pager, True
        parent = parent.parent
    return in_pager, True


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


def _path(url: str, at_end: re.Pattern[str] = _NUMBER_AT_END) -> tuple[str, int] | None:
    base, _, query = url.partition("?")
    found = at_end.search(base)
    return (_joined(base[: found.start()] + found[2], [query]), int(found[1])) if found else None


def _joined(base: str, pairs: list[str]) -> str:
    query = "&".join(filter(None, pairs))
    return f"{base}?{query}" if query else base


def _names_article(url: str) -> bool:
    """Say whether an address without its page's number can be an article's: not a section's, not /index.php."""
    parts = urlsplit(url)
    return bool(_NAMES_ARTICLE.search(parts.path) or re.search(r"\d", parts.query))
