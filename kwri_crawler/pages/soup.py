"""Markup as it comes -> what can be relied on, by Beautiful Soup: a home page's head and links, a body to print.

Here its tolerance matters more than its speed: one page a portal, one clipping a print. Whatever reads pages by the
thousand uses lexbor, index pages too: of 15,300 articles on 900 broken ones lexbor found two fewer. Refuses scripts,
styles, forms, and every attribute but a link's http address.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from bs4 import BeautifulSoup, Comment
from bs4.element import Tag

from kwri_crawler.pages.blocks import UNSEEN
from kwri_crawler.pages.text import fold

LONGEST = 4 << 20  # characters of a page that are read
MOST_LINKS = 3_000
_PARSER = "lxml"  # the most tolerant of what is installed: closes what is open, and reads on behind what is broken
_SAME = ("p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "table", "tr", "td", "th", "br", "em", "a")
_KEPT = {tag: tag for tag in (*_SAME, "strong")}  # tag -> as what it is printed
_KEPT |= {"h1": "h2", "h5": "h4", "h6": "h4", "b": "strong", "i": "em"}
_BLOCKS = ("p", "div", "section", "article", "li", "blockquote", "h1", "h2", "h3", "h4", "ul", "ol", "table")
_DROPPED = [*UNSEEN - {"head", "title"}, "form", "nav", "aside", "figcaption"]


@dataclass(frozen=True, slots=True)
class Home:
    """What a portal's home page says to machines."""

    title: str  # what <title> says; empty when there is none
    site_name: str  # og:site_name
    generator: str  # in lower case
    api: str | None  # the address of WordPress's REST API
    feeds: tuple[tuple[str, str], ...]  # the (type in lower case, address) of each alternate
    links: tuple[str, ...]  # of its <a>, as written


@lru_cache(maxsize=4)  # a look at a portal asks for its name and for its listings, one after the other
def read_home(html: str) -> Home:
    """Read a home page, however malformed it is."""
    soup = BeautifulSoup(html[:LONGEST], _PARSER)
    named = soup.find("meta", attrs={"property": "og:site_name"})
    generators = soup.find_all("meta", attrs={"name": "generator"})
    api = soup.find("link", attrs={"rel": "https://api.w.org/"})
    alternates = soup.find_all("link", rel="alternate", href=True)[:MOST_LINKS]
    title = soup.find("title")
    return Home(
        fold(title.get_text().partition("<")[0]) if title is not None else "",
        fold(_text(named, "content")),
        " ".join(_text(node, "content") for node in generators).lower(),
        _text(api, "href") if api is not None else None,
        tuple((_text(node, "type").lower(), _text(node, "href")) for node in alternates),
        tuple(_text(node, "href") for node in soup.find_all("a", href=True)[:MOST_LINKS]),
    )


def as_html(paragraphs: Sequence[str], marks: Sequence[tuple[str, str]]) -> str:
    """Return an article's paragraphs as clean HTML, its headings, lists and quotes told apart."""
    kinds = dict(marks)
    lines: list[str] = []
    before = ""
    for text in paragraphs:
        kind = kinds.get(text, "p")
        lines += ["</ul>"] * (before == "li" != kind) + ["<ul>"] * (kind == "li" != before)
        said = escape(text)
        lines.append(f"<blockquote><p>{said}</p></blockquote>" if kind == "quote" else f"<{kind}>{said}</{kind}>")
        before = kind
    return printable("\n".join(lines))


def printable(html: str) -> str:
    """Return a body that was cut out of a page as clean HTML: headings, lists, quotes, emphasis and links, no more."""
    soup = BeautifulSoup(html[:LONGEST], _PARSER)
    root = soup.body or soup
    for comment in root.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for dropped in root.find_all(_DROPPED):
        dropped.decompose()
    for node in root.find_all(True):
        if isinstance(node, Tag):
            _clean(node)
    for node in reversed(root.find_all(list(_KEPT))):
        if isinstance(node, Tag) and node.name not in ("br", "td", "th") and not node.get_text(strip=True):
            node.decompose()
    return "".join(str(node) for node in root.contents).strip()


def _clean(node: Tag) -> None:
    """Give an element the name that it is printed under; one that is none of those leaves its content."""
    kept = _KEPT.get(node.name)
    href = _text(node, "href")
    node.attrs = {}
    if kept == "a" and not href.startswith(("http://", "https://")):
        kept = None
    if kept is not None:
        node.name = kept
        if kept == "a":
            node["href"] = href
    elif node.name in _BLOCKS and node.find(_BLOCKS) is None:
        node.name = "p"
    else:
        node.unwrap()


def _text(node: object, name: str) -> str:
    """Return an attribute of an element as text; empty when it, or the element, is not there."""
    value = node.get(name) if isinstance(node, Tag) else None
    return " ".join(value) if isinstance(value, list) else value or ""
