"""Find the web addresses in text pasted from a messenger, and count the lines that have none."""

from __future__ import annotations

import re

MOST_LINES = 20_000
_ADDRESS = re.compile(
    r"https?://[^\s<>\"|]{4,2000}|(?<![\w@./-])(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,10}/[^\s<>\"|]{1,2000}", re.IGNORECASE
)
_BEHIND = ".,;:!?*_~'\u2019\u201d)]}"  # what stands behind an address, and is none of it


def read_addresses(text: str) -> tuple[list[str], int]:
    """Return the addresses in order, each once, with https:// where none was written; and how many lines have none."""
    found: dict[str, None] = {}
    without = 0
    for line in text.splitlines()[:MOST_LINES]:
        addresses = [_trimmed(each[0]) for each in _ADDRESS.finditer(line)]
        without += bool(line.strip()) and not addresses
        found |= dict.fromkeys(each if "://" in each else f"https://{each}" for each in addresses)
    return list(found), without


def _trimmed(address: str) -> str:
    kept = address.rstrip(_BEHIND)
    closed = address[len(kept) :].startswith(")") and "(" in kept  # .../berita_(1)
    return f"{kept})" if closed else kept
