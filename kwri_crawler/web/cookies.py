"""Cookies that a portal sets while it redirects, brought back to its host for one crawl; all others are left alone.

Some portals answer the first visit by a redirect to the same address, and whoever does not bring the cookie back is
redirected without end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from kwri_crawler.web.addresses import host_of

MAX_COOKIES = 20  # of one host
MAX_LENGTH = 4096  # bytes of one, as browsers allow
_PAIR = re.compile(rb"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]{1,256})\s*=\s*([\x21-\x7e][\x20-\x3a\x3c-\x7e]*|)\s*(?:;|\Z)")
_ENDED = re.compile(rb";\s*(?:max-age\s*=\s*(?:0|-\d+)\s*(?:;|\Z)|expires\s*=[^;]*\b(?:19\d\d|200\d)\b)", re.IGNORECASE)


class Cookies:
    """What each host set; one with "www." and one without are the same."""

    def __init__(self) -> None:
        self._of: dict[str, dict[bytes, bytes]] = {}

    def keep(self, url: str, headers: Iterable[bytes]) -> None:
        """Keep what an answer's Set-Cookie headers set, and forget what they end; at most MAX_COOKIES of a host."""
        for header in headers:
            found = _PAIR.match(header) if len(header) <= MAX_LENGTH else None
            if found is None:
                continue
            kept = self._of.setdefault(_host(url), {})
            if _ENDED.search(header):
                kept.pop(found[1], None)
            elif len(kept) < MAX_COOKIES or found[1] in kept:
                kept[found[1]] = found[2].rstrip()

    def header(self, url: str) -> bytes | None:
        """Return the Cookie header for an address; null for none."""
        kept = self._of.get(_host(url))
        return b"; ".join(b"%b=%b" % pair for pair in kept.items()) if kept else None


def _host(url: str) -> str:
    return host_of(url).removeprefix("www.")
