"""Which addresses of portals a page may link to."""

from __future__ import annotations

from urllib.parse import urlsplit


def web_link(url: str) -> str | None:
    """Return an address that may be a link: http or https with a host; null for javascript:, data: and the rest."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None
