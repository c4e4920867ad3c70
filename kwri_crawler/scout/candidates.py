"""List addresses that may be a portal's listings: from its home page, robots.txt and other sources; no network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kwri_crawler.catalogue import ListingKind
from kwri_crawler.pages import families
from kwri_crawler.pages.family import Family
from kwri_crawler.scout.scouted import NO_HINTS, OF_ENTRY, Candidate, Hints
from kwri_crawler.web.addresses import join, url_key

if TYPE_CHECKING:
    from kwri_crawler.pages.soup import Home

_MOST_MAKES = 3  # whose listings are tried: a home page links other networks, and shows their marks so
_WORDPRESS = "wordpress"  # the kind of WordPress's own interface, where the catalogue has it
_FEED_TYPES = ("application/rss+xml", "application/atom+xml")
_NO_FEED = re.compile(r"/comments?/feed|/comments/default|alt=json|oembed", re.IGNORECASE)
_DIRECTORY = "named in the directory"
_HOME = "its home page, as nothing else was found: it names the newest alone"


def candidates(
    html: str, home: str, robots: str, hints: Hints = NO_HINTS, api: str | None = None
) -> Iterator[Candidate]:
    """Yield what may be the portal's listings: those hinted at, then the cheapest kind first, the surest of each first.

    `api` is WordPress's interface where a header names it. Of a host's channel, a home page with a path, only what is
    under that path and what was hinted at: the host's own listings name all its channels.
    """
    from kwri_crawler.pages.soup import read_home  # with Beautiful Soup, which no other command needs

    seen: set[str] = set()
    told = {listing.url for listing in hints.portal.listings} if hints.portal else frozenset()
    hinted = [(kind.rstrip("?"), url, OF_ENTRY if url in told else _DIRECTORY) for kind, url in hints.listings]
    path = urlsplit(home).path
    # A home page names the newest alone: it is the last to try, whoever names it.
    of_home = [("index", home, _HOME) for kind, url, _ in hinted if kind == "index" and url_key(url) == url_key(home)]
    hinted = [one for one in hinted if url_key(one[1]) != url_key(home)]
    for kind, link, where in (*hinted, *_candidates(read_home(html), html, robots, api), *of_home):
        url = join(home, link.lstrip("/") if path != "/" and link.startswith("/") and "tried" in where else link)
        if url_key(url) in seen or kind not in tuple(ListingKind):
            continue
        if path == "/" or where in (OF_ENTRY, _DIRECTORY, _HOME) or urlsplit(url).path.startswith(path):
            seen.add(url_key(url))
            yield Candidate(ListingKind(kind), url, where)


def _candidates(page: Home, html: str, robots: str, api: str | None) -> Iterator[tuple[str, str, str]]:
    head = "named in the head of the home page"
    blogger = "blogger" in page.generator or "blogger.com/static" in html
    wordpress = page.api is not None or "wordpress" in page.generator or "/wp-content/" in html
    if page.api is not None:
        yield _WORDPRESS, page.api + "wp/v2/posts", head
    if api is not None:
        yield _WORDPRESS, api + "wp/v2/posts", "named in a header of the home page"
    if wordpress:
        yield _WORDPRESS, "/wp-json/wp/v2/posts", "tried, as WordPress has it"
        yield _WORDPRESS, "/?rest_route=/wp/v2/posts", "tried, as WordPress has it"
    elif not blogger and "VrConfig" not in html:
        yield _WORDPRESS, "/wp-json/wp/v2/posts", "tried, as a theme may hide that it is WordPress"
    if blogger:
        yield "feed", "/feeds/posts/default?alt=rss", "tried, as Blogger has it"
    for kind, link in page.feeds:
        if kind in _FEED_TYPES and not _NO_FEED.search(link):
            yield "feed", link, head
    for make in islice((one for one in families().values() if _shows(html, one)), _MOST_MAKES):
        for kind, link in make.lists_of(filter(None, page.links)):
            yield kind, link, f"tried, as {make.name} has it"
    if wordpress:
        yield "feed", "/feed/", "tried, as WordPress has it"
    elif not blogger:
        for link, owner in (("/rss/latest-posts", "Varient"), ("/rss-feeds/feed/latest", "Varient")):
            yield "feed", link, f"tried, as {owner} has it"
        for link in ("/feed/", "/rss", "/rss.xml", "/rss/terkini.xml"):
            yield "feed", link, "tried, as many portals have it"
    if not (wordpress or blogger):
        for link in ("/posts", "/indeks", "/indeks-berita", "/index-news", "/terkini", "/berita"):
            linked = any(_path(href) == link for href in page.links)
            yield "index", link, "linked from the home page" if linked else "tried, as many portals have it"
    for link in re.findall(r"(?im)^\s*sitemap:\s*(\S+)", robots):
        yield "sitemap", link, "named in robots.txt"
    for link in ("/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml"):
        yield "sitemap", link, "tried, as many portals have it"


def _shows(html: str, make: Family) -> bool:
    return any(mark in html for mark in make.marks)


def _path(link: str | None) -> str:
    try:
        return urlsplit(link or "").path.rstrip("/")
    except ValueError:
        return ""
