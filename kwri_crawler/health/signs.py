"""What the archive's reasons are signs of: a block, silence, a page that changed; and what an operator would try."""

from __future__ import annotations

import re
from enum import StrEnum

from kwri_crawler.health.past import Word


class Sign(StrEnum):
    """What stands behind a reason that the ledger, a listing or a crawl gives."""

    BLOCK = "it refuses us"
    ROBOTS = "its robots.txt forbids it"
    SILENT = "it does not answer"
    MOVED = "an address is no longer there"
    UNREAD = "pages come, and no article can be read from them"


_SIGNS = (
    (Sign.ROBOTS, re.compile(r"forbidden by robots|robots\.txt", re.IGNORECASE)),
    (Sign.BLOCK, re.compile(r"HTTP (?:401|403|407|429|451)\b|challenge|asks to wait", re.IGNORECASE)),
    (Sign.MOVED, re.compile(r"HTTP (?:404|410)\b|no longer there|not there|redirected to the portal's home")),
    (
        Sign.SILENT,
        re.compile(
            r"HTTP 5\d\d\b|no answer|refused|cut off|name servers|not a public|Error|lost|redirected without end"
        ),
    ),
)
WORDS = {
    Sign.BLOCK: Word.BLOCKED,
    Sign.ROBOTS: Word.BLOCKED,
    Sign.SILENT: Word.BROKEN,
    Sign.MOVED: Word.BROKEN,
    Sign.UNREAD: Word.BROKEN,
}
CURES = {
    Sign.BLOCK: "open an address in a browser; ask the portal to let our user agent in; raise DOWNLOAD_DELAY",
    Sign.ROBOTS: "read its robots.txt; respect it, and ask the portal, or set active = false in its file",
    Sign.SILENT: "wait a day; if it stays so, see whether the portal has moved to another host",
    Sign.MOVED: "find the listing's new address on the portal's home page and write it into its file",
    Sign.UNREAD: "look at an address: if the portal was redesigned, override [selectors] or change family in its file",
}


def sign_of(reason: str) -> Sign:
    """Say what a reason is a sign of; what is nothing else is a page that was not read."""
    for sign, pattern in _SIGNS:
        if pattern.search(reason):
            return sign
    return Sign.UNREAD
