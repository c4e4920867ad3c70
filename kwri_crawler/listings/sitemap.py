"""Sitemaps and sitemap indexes: each address with its news date or else its lastmod; names child sitemaps to follow."""

from __future__ import annotations

import re
from dataclasses import replace

from kwri_crawler.catalogue import Portal
from kwri_crawler.listings.feed import read_feed
from kwri_crawler.listings.listed import Gatherer, ListingError, ListingPage, seen_before
from kwri_crawler.listings.mending import as_utf_8
from kwri_crawler.listings.xml import Element, Walk, address_in, local, root_of, text_of, unpack
from kwri_crawler.web.addresses import MAX_LENGTH

# Files that name pages, sections, tags, people and pictures: WordPress's own, Yoast's and RankMath's, Varient 3's.
_NO_ARTICLES = re.compile(
    r"/(?:wp-sitemap-(?:posts-(?:page|attachment)|taxonomies|users)-[^/]*"
    r"|(?:page|category|post_tag|tag|author|attachment|post_format|product|product_cat|elementor_library)s?-sitemap\d*"
    r"|sitemap-(?:pages?|categor(?:y|ies)|tags?|authors?|users?)(?:-\d+)?)\.xml(?:\.gz)?(?:$|\?)"
    r"|[?&]sitemap=(?:taxonomies|users)\b|[?&]sitemap-subtype=(?:page|attachment)\b"
)


_IS_SITEMAP = re.compile(r"\.xml(?:\.gz)?$", re.IGNORECASE)  # no article ends so: some print an index as a urlset
_BEHIND = re.compile(r"(?:\t|[ ]{1,9}(?=\d{4}-\d\d)).*")  # a date that some write behind an address
_A_LINE = re.compile(r"https?://\S+|(?:[\w-]{1,63}\.){1,9}[a-z]{2,20}(?:/\S*)?", re.IGNORECASE)


def read_sitemap(body: bytes, url: str, portal: Portal) -> ListingPage:
    """Read one sitemap file, gzipped or not: XML, or what sitemaps.org allows beside it: a feed, an address a line."""
    found = Gatherer(portal, url)
    found.skip = seen_before(url)
    body, whole = unpack(body)
    plain = as_utf_8(body)
    if root_of(plain) in ("rss", "feed", "rdf"):
        return read_feed(body, url, portal)
    if b"<" not in plain[:1024]:
        return _read_lines(plain, found, whole)
    walk = Walk(plain, ("url", "sitemap"), found.begin_again)
    for element in walk:
        location, date, changed = _read(element)
        if not location:
            walk.note_nameless()
            continue
        if local(element) == "sitemap" or _IS_SITEMAP.search(location):
            if not _NO_ARTICLES.search(location):
                found.add_more(location, abroad=True)
        else:
            found.add(location, date, changed=changed)
        if found.full:
            break
    if not found.full and walk.root not in ("urlset", "sitemapindex"):
        raise ListingError(f"no sitemap: <{walk.root[:40]}>")
    if found.full and not found.leads_on:
        found.go_on_at(url, found.added)
    page = found.page(walk.reason if whole else "it was cut off")
    if _are_true([entry.changed for entry in page.entries]):
        return page
    return replace(page, entries=tuple(replace(entry, changed=None) for entry in page.entries))


def _read_lines(body: bytes, found: Gatherer, whole: bool) -> ListingPage:
    lines = [_BEHIND.sub("", line.strip()) for line in body.decode("utf-8", "replace").splitlines()]
    places = [line for line in lines if _A_LINE.fullmatch(line[:MAX_LENGTH])]
    if not body.strip():
        raise ListingError("empty")
    if len(places) * 2 <= sum(bool(line) and not line.startswith("#") for line in lines):
        raise ListingError("no sitemap: neither XML nor an address a line")
    for place in places:
        if _IS_SITEMAP.search(place):
            found.add_more(place, abroad=True)
        else:
            found.add(place)
        if found.full:
            found.go_on_at(found.base, found.added)
            break
    return found.page(None if whole else "it was cut off")


def _are_true(changes: list[str | None]) -> bool:
    """Believe lastmod only where it has a clock and differs: Varient 2.2 prints the day of the file's making."""
    clocks = {changed for changed in changes if changed and "T" in changed}
    return len(clocks) > 1 and len(clocks) * 2 > len([changed for changed in changes if changed])


def _read(element: Element) -> tuple[str | None, str | None, str | None]:
    location = changed = published = None
    for child in element:
        name = local(child).lower()
        if name == "loc":
            location = location or address_in(child)
        elif name == "lastmod":
            changed = changed or text_of(child)
        elif name == "news":
            published = next((text_of(part) for part in child if local(part) == "publication_date"), None)
    return location, published or changed, changed
