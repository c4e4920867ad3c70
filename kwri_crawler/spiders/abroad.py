"""Sitemaps on other hosts, such as a CDN, that the portal's own sitemap names; the only addresses asked for there."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from kwri_crawler.catalogue import Portal


class SitemapsAbroad:
    """What one crawl was led to."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._named: set[str] = set()

    def note(self, urls: Iterable[str]) -> None:
        """Take the further pages of a listing, those of other hosts with the robots.txt that is asked before them."""
        for url in urls:
            if not self._portal.owns(url):
                split = urlsplit(url)
                self._named |= {_plain(url), f"{split.scheme}://{split.netloc}/robots.txt"}

    def allow(self, url: str) -> bool:
        """Tell whether an address of another host is one of them."""
        return _plain(url) in self._named


def _plain(url: str) -> str:
    return url.partition("#")[0]
