"""A page's own address: what answered, or the rel=canonical that proves to be the same article's.

Themes print one canonical on many pages. What is not proven is returned as a mere claim, which the archive compares
with what stands under that address.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kwri_crawler.pages.source import Source
from kwri_crawler.web.addresses import canonical, host_of, url_key
from kwri_crawler.web.hosts import bare_host, is_of_domain
from kwri_crawler.web.same_article import is_same_article, may_be_own

_ABSOLUTE = re.compile(r"(?:https?:)?//|/", re.IGNORECASE)


class OwnAddress(NamedTuple):
    """The address that an article is archived under, and what else its page said of it."""

    url: str  # canonical spelling
    where: str  # where it was read
    named_url: str | None = None  # what the page names as its own without proof; None if it names no such address


def own_address(source: Source) -> OwnAddress:
    """Return a page's own address; a rel=canonical counts only where the two addresses prove it."""
    answered = canonical(source.url)
    link = _link_of(source)
    if link is None:
        return OwnAddress(answered, "response")
    if is_same_article(link, answered):
        return OwnAddress(_as_safe(link, answered), "selector link[rel=canonical]")
    return OwnAddress(answered, "response", link if may_be_own(link, answered) else None)


def _as_safe(link: str, answered: str) -> str:
    """Return a canonical with https where that answered: many a portal moved to it and left http in its templates."""
    if answered.startswith("https:") and link.startswith("http:"):
        return f"https:{link.removeprefix('http:')}"
    return link


def claimed_address(source: Source) -> str | None:
    """Return what a page names as its own, proven or not; None if it names no address of its host but the home."""
    link = _link_of(source)
    return link if link is not None and may_be_own(link, source.url) else None


def named_host(source: Source) -> str | None:
    """Return the host of a page's rel=canonical where it is not the one that answered: a mirror says whose it is."""
    link = _link_of(source)
    host = host_of(link) if link is not None else ""
    return host if host and bare_host(host) != bare_host(host_of(source.url)) else None


def is_of(source: Source, domain: str) -> bool:
    """Say whether a page is of a domain or one below it, by the address that it names as its own, else by the asked."""
    return is_of_domain(host_of(_link_of(source) or source.url), domain)


def _link_of(source: Source) -> str | None:
    """Return the address in the page's one rel=canonical; None for none, for several, and for half an address."""
    head, selector = source.tree.head, 'link[rel="canonical"]'
    nodes = (head.css(selector) if head is not None else ()) or source.tree.css(selector)
    links = {node.attributes.get("href") or "" for node in nodes}
    found = {canonical(url) for link in links if _ABSOLUTE.match(link.strip()) and (url := source.absolute(link))}
    if len(found) > 1:
        found = {url for url in found if url_key(url) == url_key(source.url)}
    return min(found) if found else None
