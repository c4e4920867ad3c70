"""A home page -> what it links that may be listings: pages of all news first, then sections; pure, claims nothing.

Whether an address is a listing shows only when it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from kwri_crawler.catalogue import Portal
from kwri_crawler.listings.index import MAX_DEPTH, depth
from kwri_crawler.listings.pager import MAX_LINKS
from kwri_crawler.listings.xml import unpack
from kwri_crawler.web.addresses import http_fault, join, url_key

MOST = 16  # addresses: a portal of more sections keeps its news on some page of all
_ALL_NEWS = re.compile(
    r"(?:/[\w-]{1,30})?/(?:(?:indeks|index|arsip|archives?|semua|all|daftar)(?:[-_](?:semua[-_])?(?:berita|news|artikel|posts?))?"
    r"|(?:berita|news|artikel|posts?)[-_](?:indeks|index|terkini|terbaru)|terkini|terbaru|latest|posts)"
    r"(?:\.html?|\.php)?/?",
    re.IGNORECASE,
)
_FRONT = re.compile(r"(?P<of>/[\w-]{1,30})?/index\.(?:html?|php)/?", re.IGNORECASE)  # of the portal, or of a section
_SECTION = re.compile(r"/(?:category|kategori|kanal|rubrik|section|channel)/[^/]+(?:/[^/]+)?/?", re.IGNORECASE)
_SECTION_ASKED = re.compile(r"(?:cat|category|kategori|kanal|rubrik)(?:_?id)?=[\w-]{1,60}", re.IGNORECASE)
_SECTION_PAGE = re.compile(r"/(?:[\w-]{1,30}/)?(?:category|kategori|kanal|rubrik|section|channel)\.(?:php|html?|aspx?)")
_MENUS = "nav, header, [role=navigation], [id*=menu], [class*=menu], [id*=nav], [class*=nav]"
_IN_MENU = re.compile(r"/[a-z][a-z0-9]*(?:-[a-z0-9]+){0,2}(?:\.html?|\.php)?/?", re.IGNORECASE)
_ABOUT = re.compile(
    r"redaksi|tentang|about|kontak|contact|hubungi|pedoman|kode|etik|privacy|privasi|kebijakan|disclaimer|terms|syarat|iklan"
    r"|advertis|kari[er]|career|sitemap|peta|login|masuk|daftar$|register|search|cari|rss|feed|struktur|visi|profil|foto$"
    r"|video$|galeri|tag|author|penulis|wp-|cdn-|download|donasi|langganan|subscribe|faq|bantuan|help|home|beranda",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{3}")


def linked_listings(body: bytes, url: str, portal: Portal) -> tuple[str, ...]:
    """Return addresses that a page links and that may be listings, the likeliest first; none for what is no HTML."""
    body, _ = unpack(body)
    if b"<" not in body or depth(body) > MAX_DEPTH:
        return ()
    try:
        tree = LexborHTMLParser(body)
        menus = {node.mem_id for menu in tree.css(_MENUS)[:MAX_LINKS] for node in menu.css("a[href]")[:MAX_LINKS]}
        ranked = sorted(_ranked(tree.css("a[href]")[:MAX_LINKS], menus, url, portal), key=lambda one: one[0])
    except (SelectolaxError, UnicodeError, ValueError):
        return ()
    found: dict[str, str] = {}
    for _, link in ranked:
        found.setdefault(url_key(link), link)
    found.pop(url_key(url), None)
    return tuple(found.values())[:MOST]


def is_of_all_news(url: str) -> bool:
    """Tell by its address a page that lists all of a portal's news: "/indeks", "/berita/terbaru"."""
    path = urlsplit(url).path
    return _ALL_NEWS.fullmatch(path) is not None and _FRONT.fullmatch(path) is None


def _ranked(links: list[LexborNode], menus: set[int], base: str, portal: Portal) -> Iterator[tuple[int, str]]:
    for node in links:
        link = join(base, (node.attributes.get("href") or "").strip()).partition("#")[0]
        if http_fault(link) is None and portal.owns(link) and (rank := _rank(link, node.mem_id in menus)):
            yield rank, link


def _rank(link: str, in_menu: bool) -> int:
    """Return how likely an address is a listing, 1 the likeliest; 0 for one that is none by its looks."""
    split = urlsplit(link)
    if front := _FRONT.fullmatch(split.path):
        split = split._replace(path=front["of"] or "/")
    if is_of_all_news(link) and not split.query:
        return 1
    if (
        _SECTION.fullmatch(split.path)
        or _SECTION_ASKED.fullmatch(split.query)
        or (_SECTION_PAGE.fullmatch(split.path) and split.query)
    ):
        return 2
    is_short = _IN_MENU.fullmatch(split.path) and not split.query and not _NUMBER.search(split.path)
    return 3 if in_menu and is_short and not _ABOUT.match(split.path.strip("/")) else 0
