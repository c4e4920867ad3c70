"""Sitemaps and sitemap indexes: each address with its news date or else its lastmod; names child sitemaps to follow."""

from __future__ import annotations

from kwri_crawler.catalogue import Portal
from kwri_crawler.listings.listed import Gatherer, ListingError, ListingPage
from kwri_crawler.listings.xml import Element, Walk, local, text_of


def read_sitemap(body: bytes, url: str, portal: Portal) -> ListingPage:
    """Read one sitemap file, gzipped or not."""
    found = Gatherer(portal, url)
    walk = Walk(body, ("url", "sitemap"))
    for element in walk:
        location, date = _read(element)
        if not location:
            continue
        if local(element) == "sitemap":
            found.add_more(location)
        else:
            found.add(location, date)
        if found.full:
            break
    if not found.full and walk.root not in ("urlset", "sitemapindex"):
        raise ListingError(f"no sitemap: <{walk.root[:40]}>")
    return found.page(complete=walk.complete)


def _read(element: Element) -> tuple[str | None, str | None]:
    location = changed = published = None
    for child in element:
        name = local(child)
        if name == "loc":
            location = location or text_of(child)
        elif name == "lastmod":
            changed = changed or text_of(child)
        elif name == "news":
            published = next((text_of(part) for part in child if local(part) == "publication_date"), None)
    return location, published or changed
