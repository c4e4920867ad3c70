"""Sitemaps and sitemap indexes: each address with its news date or else its lastmod; names child sitemaps to follow."""

from __future__ import annotations

import re
from dataclasses import replace

from kwri_crawler.catalogue import Portal
from kwri_crawler.listings.listed import Gatherer, ListingError, ListingPage
from kwri_crawler.listings.xml import Element, Walk, local, text_of

# Files that name pages, sections, tags, people and pictures: WordPress's own, Yoast's and RankMath's, Varient 3's.
_NO_ARTICLES = re.compile(
    r"/(?:wp-sitemap-(?:posts-(?:page|attachment)|taxonomies|users)-[^/]*"
    r"|(?:page|category|post_tag|tag|author|attachment|post_format|product|product_cat|elementor_library)s?-sitemap\d*"
    r"|sitemap-(?:pages?|categor(?:y|ies)|tags?|authors?|users?)(?:-\d+)?)\.xml(?:\.gz)?(?:$|\?)"
    r"|[?&]sitemap=(?:taxonomies|users)\b|[?&]sitemap-subtype=(?:page|attachment)\b"
)


def read_sitemap(body: bytes, url: str, portal: Portal) -> ListingPage:
    """Read one sitemap file, gzipped or not."""
    found = Gatherer(portal, url)
    walk = Walk(body, ("url", "sitemap"), found.begin_again)
    for element in walk:
        location, date, changed = _read(element)
        if not location:
            continue
        if local(element) == "sitemap":
            if not _NO_ARTICLES.search(location):
                found.add_more(location)
        else:
            found.add(location, date, changed=changed)
        if found.full:
            break
    if not found.full and walk.root not in ("urlset", "sitemapindex"):
        raise ListingError(f"no sitemap: <{walk.root[:40]}>")
    page = found.page(walk.reason)
    if _are_true([entry.changed for entry in page.entries]):
        return page
    return replace(page, entries=tuple(replace(entry, changed=None) for entry in page.entries))


def _are_true(changes: list[str | None]) -> bool:
    """Believe lastmod only where it has a clock and differs: Varient 2.2 prints the day of the file's making."""
    clocks = {changed for changed in changes if changed and "T" in changed}
    return len(clocks) > 1 and len(clocks) * 2 > len([changed for changed in changes if changed])


def _read(element: Element) -> tuple[str | None, str | None, str | None]:
    location = changed = published = None
    for child in element:
        name = local(child)
        if name == "loc":
            location = location or text_of(child)
        elif name == "lastmod":
            changed = changed or text_of(child)
        elif name == "news":
            published = next((text_of(part) for part in child if local(part) == "publication_date"), None)
    return location, published or changed, changed
