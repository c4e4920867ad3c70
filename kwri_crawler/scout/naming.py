"""What a portal is called: its name, the id of its file, the family of its pages; no network."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from kwri_crawler.scout.scouted import Found
from kwri_crawler.web.hosts import bare_host

_TITLE_PARTS = re.compile(r"\s+[-–|•»:]\s+")
_NO_NAME_SAID = "its host: the home page names none"
_NO_NAME = re.compile(r"(?:home|beranda|berita(?: terkini| terbaru)?|index|halaman utama|depan)", re.IGNORECASE)
# What stands under .id, and hosts that lend sub-domains: the label before it is the portal's own.
_LONGEST_ID = 30  # characters of an id that people still type
_SUFFIX = re.compile(r"\.(?:(?:co|or|go|ac|sch|my|web|biz|desa|net|mil|ponpes)\.id|(?:blogspot|wordpress)\.\w+|\w+)$")


def name_of(html: str, host: str, hint: str = "") -> Found:
    """Return what the portal calls itself; where it is silent, what others call it."""
    from kwri_crawler.pages.soup import read_home  # with Beautiful Soup, which no other command needs

    page = read_home(html)
    if page.site_name:
        return Found(page.site_name[:100], "og:site_name of the home page")
    for part in _TITLE_PARTS.split(page.title):
        if part and not _NO_NAME.fullmatch(part):
            return Found(part[:100], "<title> of the home page")
    return Found(hint, "the directory: the home page names none") if hint else Found(host, _NO_NAME_SAID)


def id_of(host: str, path: str = "") -> str:
    """Return the id that the catalogue's files follow: jatim.kwri.or.id -> kwri-jatim; a channel's path follows it."""
    bare = bare_host(host.lower())
    parts = [bare] if _is_address(bare) else reversed(_SUFFIX.sub("", bare).split("."))
    return _as_id("-".join((*parts, path)))


def id_for(plain: str, host: str, name: str) -> str:
    """Return the id that a person would choose: the portal's name where the host is a number, or very long."""
    named = _as_id(name)[:_LONGEST_ID].strip("-")
    is_odd = _is_address(host.lower()) or len(plain) > _LONGEST_ID
    return named if is_odd and name != host and re.search(r"[a-z]{3}", named) else plain


def whole_id_of(host: str, path: str = "") -> str:
    """Return an id that no other host has: kabar.co.id -> kabar-co-id."""
    return _as_id(f"{bare_host(host.lower())}-{path}")


def family_of(families: Iterable[str | None], known: Iterable[str]) -> Found:
    """Return the family that most of the articles show."""
    shown = Counter(families)
    total = shown.total()
    for family, count in shown.most_common():
        if family is not None and family in tuple(known):
            return Found(family, f"{count} of {total} articles show it")
    return Found("general", "none of the articles shows a family that we know")


def _is_address(host: str) -> bool:
    return host.replace(".", "").isdecimal() or ":" in host


def _as_id(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
