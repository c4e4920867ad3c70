"""RSS 0.9-2.0 and Atom: each item's link and date; items without a link name no article and are passed over."""

from __future__ import annotations

from kwri_crawler.catalogue import Portal
from kwri_crawler.listings.listed import Gatherer, ListingError, ListingPage
from kwri_crawler.listings.xml import Element, Walk, local, text_of

_DATES = ("pubDate", "published", "issued", "date", "updated", "modified")  # the first that is printed counts
_ROOTS = ("rss", "RDF", "feed")


def read_feed(body: bytes, url: str, portal: Portal) -> ListingPage:
    """Read one feed; its own "next" link (RFC 5005) leads to older items."""
    found = Gatherer(portal, url)
    walk = Walk(body, ("item", "entry"))
    for item in walk:
        link = _link(item)
        if link:
            found.add(link, _date(item))
    if walk.root not in _ROOTS:
        raise ListingError(f"no feed: <{walk.root[:40]}>")
    heads = [child for part in walk.root_children for child in (part, *part)]
    for head in heads:
        if local(head) == "link" and head.get("rel") == "next" and head.get("href"):
            found.add_more(head.get("href"))
    return found.page(complete=walk.complete)


def _link(item: Element) -> str | None:
    """Prefer the portal's own address to a feed service's, and a link to a permanent id."""
    found: dict[str, str] = {}
    for child in item:
        name = local(child)
        if name == "link":
            if child.get("href"):  # Atom, also inside RSS
                found.setdefault(f"link-{child.get('rel', 'alternate')}", child.get("href"))
            elif text_of(child):
                found.setdefault("link", text_of(child))
        elif (name == "guid" and child.get("isPermaLink") != "false") or name == "origLink":
            found.setdefault(name, text_of(child))
    guid = found.get("guid", "")
    permanent = guid if guid.startswith(("http://", "https://")) else None
    return found.get("origLink") or found.get("link") or found.get("link-alternate") or permanent


def _date(item: Element) -> str | None:
    printed = {local(child): text_of(child) for child in item if local(child) in _DATES}
    return next((printed[name] for name in _DATES if printed.get(name)), None)
