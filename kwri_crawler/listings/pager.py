"""Where an index page goes on: the next number of its pager, what calls itself the next page, or a further offset.

Never back, and to no other list: a link counts where it is the page's own address with another number, or its pager's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kwri_crawler.web.addresses import http_fault, join, url_key

MAX_LINKS = 5000

# "/page/2", "/page-2", and "/page2" as Jekyll's pager has it
_PAGE = re.compile(
    r"([?&](?:page|paged|pg|halaman|hal|laman)=|/(?:page|halaman|hal|laman)/"
    r"|/(?:page|halaman|hal|laman)-?(?=\d{1,9}(?:\.html?)?/?(?:$|[?&])))(\d{1,9})(?!\d)"
)
_PAGE_STEP = re.compile(r"/(?:page|halaman|hal|laman)(?:/\d+|-?\d+(?=(?:\.html?)?/?$))")
_FILE = re.compile(r"\.(?:html?|php)(?=/?$)")
_NUMBERED_FILE = re.compile(r"(.{0,500}[^\W\d])(\d{1,5})?\.html?")
# Where the next page's number cannot be told from ours: a count of articles, or a number with no name to it.
_OFFSET = re.compile(
    r"([?&](?:p|start|limitstart|offset|from|mulai|per_page|row)=|/|(?<=\w)[-_](?=\d{1,4}\.html?))"
    r"(\d{1,9})(?=(?:\.html?)?/?(?:$|[?&]))"
)
_NEXT = re.compile(
    r"[\s\W]{0,5}(?:(?:go to |ke )?(?:(?:halaman|laman)\s)?(?:selanjutnya|berikutnya|next(?: page)?)"
    r"|older(?: (?:posts?|entries|articles?|news))?|lebih lama"
    r"|(?:berita|artikel|kabar|pos(?:tingan|t)?|entri|tulisan) (?:lama|selanjutnya|berikutnya))[\s\W]{0,5}",
    re.IGNORECASE,
)
# These stand above other lists too: the link must have a number.
_MORE = re.compile(
    r"[\s\W]{0,5}(?:(?:lihat|muat|tampilkan|baca)(?: (?:berita|artikel))? (?:lebih banyak|lainnya|lagi)"
    r"|(?:berita|artikel|kabar) lainnya|(?:(?:load|show|view|see) )?more(?: (?:posts?|articles?|news))?)[\s\W]{0,5}",
    re.IGNORECASE,
)
_ARROW = re.compile(r"\s{0,5}(?:[»›→⟩❯▸►]|>{1,2})\s{0,5}")
_NAMES = (_NEXT, _MORE, _ARROW)
_PAGERS = (
    ".pagination, .nav-links, .pagination-container, .paging, .page-nav, .pager, [class*=paginat], [class*=halaman],"
    " nav[aria-label*=agination], nav[aria-label*=alaman], nav[aria-label*='age nav'], ul.page-numbers"
)
_SAYS_NEXT = "a[rel~=next][href], link[rel~=next][href], a.next[href], a[aria-label=next][href], a.page-numbers[href]"


def next_page(tree: LexborHTMLParser, base: str, url: str) -> list[str]:
    """Return the next page's address if the page's own pagination shows a later one; empty where it does not.

    CodeIgniter 4's "next" leads to the next group of numbers, and "last" to the end: the address is made from theirs.
    """
    links = [link for pager in tree.css(_PAGERS) for link in pager.css("a[href]")]
    links += tree.css(_SAYS_NEXT)
    resolved = [(node, link) for node in links[:MAX_LINKS] if http_fault(link := resolve(node, base)) is None]
    paged = [
        (page, link, node) for node, link in resolved if (page := _page_of(link)) is not None and _is_of(link, url)
    ]
    own = _page_of(url)
    here = own if own is not None else int(not _counts_from_zero(paged))
    later = [(page, link) for page, link, _ in paged if page > here]
    if later:
        _, nearest = min(later)
        return [_PAGE.sub(lambda match: f"{match[1]}{here + 1}", nearest, count=1)]
    found = [
        link
        for node, link in resolved
        if _says(node, "rel", "next") and _page_of(link) is None and url_key(link) != url_key(url)
    ]
    shown = [link for _, link in resolved]
    return (found or _by_word(tree, base, url, here) or _by_offset(shown, url) or _by_file(shown, url))[:1]


def resolve(link: LexborNode, base: str) -> str:
    """Return the address to which a link leads, in full."""
    return join(base, link.attributes.get("href") or "")


def _counts_from_zero(paged: list[tuple[int, str, LexborNode]]) -> bool:
    """Tell by a first page's links whether page 1 is the second, as Drupal's is."""
    texts = {(page, node.text(deep=True, strip=True)) for page, _, node in paged}
    if (1, "2") in texts or any(page == 0 for page, _ in texts):
        return True
    says_next = any(page == 1 and _says(node, "rel", "next") for page, _, node in paged)
    return says_next and not any(text == str(page) for page, text in texts if page > 1)


def _by_word(tree: LexborHTMLParser, base: str, url: str, here: int) -> list[str]:
    """Find what is called the next page; an arrow alone is it where it leads to the next number."""
    own, key = _Numbered.of(url), url_key(url)
    for node in tree.css("a[href]")[:MAX_LINKS]:
        said = {sure for words in _words_of(node) for sure in _NAMES if sure.fullmatch(words)}
        if not said:
            continue
        link = resolve(node, base)
        if http_fault(link) is not None:
            continue
        numbered, page = _Numbered.of(link), _page_of(link)
        back = (page is not None and page <= here) or (numbered.rest == own.rest and numbered.number < own.number)
        if back or url_key(link) == key:
            continue
        # ours, or ours with another number at its end
        is_next = page == here + 1 and _is_of(link, url)
        with_number = numbered.number > 0 and numbered.rest in (key, own.rest)
        if is_next or (said != {_ARROW} and with_number) or (_NEXT in said and _is_of(link, url)):
            return [link]
    return []


def _by_offset(links: list[str], url: str) -> list[str]:
    """Find the least offset beyond ours: "/kategori/1/30", "?p=2"."""
    own, key = _Numbered.of(url), _without_file(url)
    printed = [_Numbered.of(link) for link in links]
    # "/kategori/1" may end in a page or in a section: what only adds a number to our address comes first.
    added = [one for one in printed if one.number > 1 and one.rest == key]
    after = [one for one in printed if one.number > (own.number or 1) and one.rest == own.rest]
    return [one.url for one in sorted(added or after)]


def _by_file(links: list[str], url: str) -> list[str]:
    """Find the next number behind our file's name, as Pelican writes it: "/index2.html", "/category/desa3.html"."""
    here = _numbered_file(url)
    return [link for link in links if here is not None and _numbered_file(link) == (here[0], here[1] + 1)]


def _numbered_file(url: str) -> tuple[str, int] | None:
    """Return an address to its number, and the number, 1 where it has none; None where it ends in no file."""
    split = urlsplit(url)
    found = _NUMBERED_FILE.fullmatch(f"{split.path}index.html" if split.path.endswith("/") else split.path)
    return None if found is None or split.query else (f"{split.netloc}{found[1]}", int(found[2] or 1))


class _Numbered(NamedTuple):
    """An address by its last number."""

    number: int  # 0 where there is none
    rest: str  # url_key of the address without it, and without a file's ending
    url: str

    @classmethod
    def of(cls, url: str) -> _Numbered:
        """Take an address apart."""
        *_, last = (None, *_OFFSET.finditer(url))
        if last is None:
            return cls(0, _without_file(url), url)
        return cls(int(last[2]), _without_file(url[: last.start()] + url[last.end() :]), url)


def _without_file(url: str) -> str:
    """Return an address's url_key without a file's ending."""
    return _FILE.sub("", url_key(url))


def _page_of(url: str) -> int | None:
    split = urlsplit(url)
    found = _PAGE.search(f"{split.path}?{split.query}")
    return int(found[2]) if found else None


def _is_of(link: str, url: str) -> bool:
    """Tell whether two addresses differ in the page number only, as far as their paths go."""
    one, other = (_FILE.sub("", _PAGE_STEP.sub("", urlsplit(each).path)).rstrip("/") for each in (link, url))
    return one == other


def _words_of(node: LexborNode) -> Iterator[str]:
    """Yield what a link is called: by its text, and by its labels where it shows a sign alone."""
    yield node.text(deep=True, strip=True)
    for name in ("aria-label", "title"):
        yield " ".join((node.attributes.get(name) or "").split())[:100]


def _says(node: LexborNode, name: str, word: str) -> bool:
    return word in (node.attributes.get(name) or "").split()
