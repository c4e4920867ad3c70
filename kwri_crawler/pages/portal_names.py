"""Which part of a title is the portal's own name, as its host or og:site_name spell it; cuts nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate
from urllib.parse import urlsplit

from kwri_crawler.pages.text import fold, squeezed, words

MARK = re.compile(r"\s+[|–—·•»:~/-]+\s+|\s*\|\s*|\s+::\s+")  # what stands between a title and a name
_A_NAME = 4  # letters that are no chance part of a host
_A_BRAND = 6  # letters of a host's name that are no common word
_A_SLOGAN = 5  # words of "Kabarlereng Terkini Hari Ini"


def without_portal(title: str, sites: Sequence[str], url: str) -> str:
    """Return a title without the portal's name behind it, or before it, as its host or og:site_name spell that."""
    host = urlsplit(url).hostname or "" if "://" in url else ""
    names = [name for site in sites for name in (squeezed(site), _initials(site)) if name]
    parts = list(MARK.finditer(title))
    while parts and _names_portal(title[parts[-1].end() :], names, host):
        title = title[: parts[-1].start()]
        parts = list(MARK.finditer(title))
    if parts and _stands_before(title[: parts[0].start()], parts[0][0], names, host):
        title = title[parts[0].end() :]
    return fold(title)


def is_portal(text: str, sites: Sequence[str]) -> bool:
    """Say whether a text is one of the names that a page gives its portal, and nothing else."""
    return squeezed(text) in {squeezed(site) for site in sites if site}


def _names_portal(text: str, names: Sequence[str], host: str) -> bool:
    said, label = squeezed(text), squeezed(host)
    if len(said) < 2:
        return False
    if said in names:
        return True
    if len(said) >= _A_NAME and (said in label or any(said in name or name in said for name in names)):
        return True
    return _begins_with_brand(text, host)


def _stands_before(text: str, mark: str, names: Sequence[str], host: str) -> bool:
    """Say whether a title begins with the portal's name; by the host alone where the mark is none of a dateline's."""
    said = squeezed(text)
    is_brand = len(said) >= _A_BRAND and said == _brand(host) and mark.strip() in ("|", "»", "::")
    return said in names or is_brand


def _brand(host: str) -> str:
    return max((squeezed(part) for part in host.split(".")), key=len)


def _begins_with_brand(text: str, host: str) -> bool:
    """Say whether a few words begin with the longest part of a host: a subdomain may be a town that titles name."""
    brand, said = _brand(host), words(text)
    return len(brand) >= _A_BRAND and len(said) <= _A_SLOGAN and brand in accumulate(said)


def _initials(site: str) -> str:
    """Return the initials of a name of three words or more; empty for a shorter one."""
    found = words(site)
    return "".join(word[0] for word in found) if len(found) > 2 else ""
