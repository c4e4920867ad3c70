"""What a page that we write may link to and load: addresses of the web, its own style sheet, and nothing else."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import urlsplit


def web_link(url: str) -> str | None:
    """Return an address that may be a link: http or https with a host; None for javascript:, file: and the rest."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def policy_of(style: str) -> str:
    """Return a page's Content-Security-Policy: its own style sheet is let in, by its hash, and no script or host."""
    sha256 = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{sha256}'; img-src data:; base-uri 'none'; form-action 'none'"
