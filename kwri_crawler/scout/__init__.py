"""From a portal's home page and a few articles to its catalogue file, each line with where it was found; no network.

Claims nothing that it did not see: what is missing is left out, and said with the line to add by hand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kwri_crawler import json_api
from kwri_crawler.catalogue import Listing, ListingKind, Portal
from kwri_crawler.items import Article
from kwri_crawler.json_api import JsonApi
from kwri_crawler.pages import families
from kwri_crawler.pages.family import Family
from kwri_crawler.scout.regions import REGIONS, WIB, ZONE_WORDS, ZONES, find_region
from kwri_crawler.web.addresses import join, url_key
from kwri_crawler.web.hosts import bare_host

if TYPE_CHECKING:
    from kwri_crawler.pages.soup import Home

_MOST_MAKES = 3  # whose listings are tried: a home page links other networks, and shows their marks so
_WORDPRESS = "wordpress"  # the kind of WordPress's own interface, where the catalogue has it
_FEED_TYPES = ("application/rss+xml", "application/atom+xml")
_NO_FEED = re.compile(r"/comments?/feed|/comments/default|alt=json|oembed", re.IGNORECASE)
_OFFSET = re.compile(r"\d{2}:?\d{2}(?::?\d{2}(?:\.\d+)?)?\s?([+-])(\d{2}):?(00)\b")
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?\+\d\d:?\d\d")
_ZONE_WORD = re.compile(r"\b(WIB|WITA|WIT)\b", re.IGNORECASE)
_TITLE_PARTS = re.compile(r"\s+[-–|•»:]\s+")
_DIRECTORY = "named in the directory"
_ENTRY = "named in its network's file"
_HOME = "its home page, as nothing else was found: it names the newest alone"
_NO_NAME_SAID = "its host: the home page names none"
_NO_NAME = re.compile(r"(?:home|beranda|berita(?: terkini| terbaru)?|index|halaman utama|depan)", re.IGNORECASE)
# What stands under .id, and hosts that lend sub-domains: the label before it is the portal's own.
_LONGEST_ID = 30  # characters of an id that people still type
_SUFFIX = re.compile(r"\.(?:(?:co|or|go|ac|sch|my|web|biz|desa|net|mil|ponpes)\.id|(?:blogspot|wordpress)\.\w+|\w+)$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a listing, and why we think so."""

    kind: ListingKind
    url: str
    where: str  # "named in robots.txt"

    @property
    def is_told(self) -> bool:
        """Whether somebody who knows the portal names it: of these there may be several of a kind."""
        return self.where == _ENTRY or "robots.txt" in self.where


@dataclass(frozen=True, slots=True)
class Found:
    """A value for the portal's file, and where it was found."""

    value: str
    where: str
    is_guess: bool = False  # nothing on the portal says it


@dataclass(frozen=True, slots=True)
class Hints:
    """What others say of a portal, as a row of the directory: it is tried first; empty where nobody says anything."""

    home: str = ""  # with the path of a channel; empty for the root of the address that was given
    listings: tuple[tuple[str, str], ...] = ()  # (kind, address)
    article: str = ""  # an article's address
    name: str = ""
    region: str = ""  # "Jawa Timur"
    network: str = ""
    portal: Portal | None = None  # as a network's file has it, not active: how its pages and listings are read


NO_HINTS = Hints()


def with_portal(hints: Hints, portal: Portal) -> Hints:
    """Return the hints with what a network's file says of the portal, which counts before the directory."""
    listings = tuple((listing.kind.value, listing.url) for listing in portal.listings)
    return replace(
        hints,
        home=portal.home,
        listings=tuple(dict.fromkeys((*listings, *hints.listings))),
        region=portal.region or hints.region,
        network=portal.network or hints.network,
        portal=portal,
    )


@dataclass(slots=True)
class Scouted:
    """All that was found out about a portal."""

    id: str
    home: str
    name: Found
    family: Found
    zone: Found
    region: Found | None
    listings: list[tuple[Candidate, int]] = field(default_factory=list)  # with how many articles each names
    missing: list[str] = field(default_factory=list)  # what could not be found, with the line to add by hand
    network: Found | None = None
    check: str = ""  # the field that a person has to look at before it is crawled, and why; empty if there is none
    entry: Portal | None = None  # of a network's file, whose place this one takes; its own tables are kept

    def portal(self) -> Portal:
        """Return the portal as the catalogue would."""
        return Portal(
            id=self.id,
            name=self.name.value,
            home=self.home,
            family=self.family.value,
            region=self.region.value if self.region else None,
            network=self.network.value if self.network else None,
            active=not self.check,
            zone=self.zone.value,
            listings=tuple(Listing(one.kind, one.url, api=api_of(one, self.entry)) for one, _ in self.listings),
            selectors=self.entry.selectors if self.entry else (),
            clocks=self.entry.clocks if self.entry else (),
            hosts=self.entry.hosts if self.entry else (),
        )


def api_of(candidate: Candidate, entry: Portal | None) -> JsonApi | None:
    """Return how a JSON API's answers are read, as a network's file says it; None for other kinds."""
    if entry is None or candidate.kind is not ListingKind.API:
        return None
    return next((one.api for one in entry.listings if one.url == candidate.url or one.api is not None), None)


def candidates(
    html: str, home: str, robots: str, hints: Hints = NO_HINTS, api: str | None = None
) -> Iterator[Candidate]:
    """Yield what may be the portal's listings: those hinted at, then the cheapest kind first, the surest of each first.

    `api` is WordPress's interface where a header names it. Of a host's channel, a home page with a path, only what is
    under that path and what was hinted at: the host's own listings name all its channels.
    """
    seen: set[str] = set()
    told = {listing.url for listing in hints.portal.listings} if hints.portal else frozenset()
    hinted = [(kind.rstrip("?"), url, _ENTRY if url in told else _DIRECTORY) for kind, url in hints.listings]
    path = urlsplit(home).path
    # A home page names the newest alone: it is the last to try, whoever names it.
    of_home = [("index", home, _HOME) for kind, url, _ in hinted if kind == "index" and url_key(url) == url_key(home)]
    hinted = [one for one in hinted if url_key(one[1]) != url_key(home)]
    for kind, link, where in (*hinted, *_candidates(_home(html), html, robots, api), *of_home):
        url = join(home, link.lstrip("/") if path != "/" and link.startswith("/") and "tried" in where else link)
        if url_key(url) in seen or kind not in tuple(ListingKind):
            continue
        if path == "/" or where in (_ENTRY, _DIRECTORY, _HOME) or urlsplit(url).path.startswith(path):
            seen.add(url_key(url))
            yield Candidate(ListingKind(kind), url, where)


def _candidates(page: Home, html: str, robots: str, api: str | None) -> Iterator[tuple[str, str, str]]:
    head = "named in the head of the home page"
    blogger = "blogger" in page.generator or "blogger.com/static" in html
    wordpress = page.api is not None or "wordpress" in page.generator or "/wp-content/" in html
    if page.api is not None:
        yield _WORDPRESS, page.api + "wp/v2/posts", head
    if api is not None:
        yield _WORDPRESS, api + "wp/v2/posts", "named in a header of the home page"
    if wordpress:
        yield _WORDPRESS, "/wp-json/wp/v2/posts", "tried, as WordPress has it"
        yield _WORDPRESS, "/?rest_route=/wp/v2/posts", "tried, as WordPress has it"
    elif not blogger and "VrConfig" not in html:
        yield _WORDPRESS, "/wp-json/wp/v2/posts", "tried, as a theme may hide that it is WordPress"
    if blogger:
        yield "feed", "/feeds/posts/default?alt=rss", "tried, as Blogger has it"
    for kind, link in page.feeds:
        if kind in _FEED_TYPES and not _NO_FEED.search(link):
            yield "feed", link, head
    for make in islice((one for one in families().values() if _shows(html, one)), _MOST_MAKES):
        for kind, link in make.lists_of(filter(None, page.links)):
            yield kind, link, f"tried, as {make.name} has it"
    if wordpress:
        yield "feed", "/feed/", "tried, as WordPress has it"
    elif not blogger:
        for link, owner in (("/rss/latest-posts", "Varient"), ("/rss-feeds/feed/latest", "Varient")):
            yield "feed", link, f"tried, as {owner} has it"
        for link in ("/feed/", "/rss", "/rss.xml", "/rss/terkini.xml"):
            yield "feed", link, "tried, as many portals have it"
    if not (wordpress or blogger):
        for link in ("/posts", "/indeks", "/indeks-berita", "/index-news", "/terkini", "/berita"):
            linked = any(_path(href) == link for href in page.links)
            yield "index", link, "linked from the home page" if linked else "tried, as many portals have it"
    for link in re.findall(r"(?im)^\s*sitemap:\s*(\S+)", robots):
        yield "sitemap", link, "named in robots.txt"
    for link in ("/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml"):
        yield "sitemap", link, "tried, as many portals have it"


def _home(html: str) -> Home:
    from kwri_crawler.pages.soup import read_home  # with Beautiful Soup, which no other command needs

    return read_home(html)


def _shows(html: str, make: Family) -> bool:
    return any(mark in html for mark in make.marks)


def name_of(html: str, host: str, hint: str = "") -> Found:
    """Return what the portal calls itself; where it is silent, what others call it."""
    page = _home(html)
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


def _is_address(host: str) -> bool:
    return host.replace(".", "").isdecimal() or ":" in host


def _as_id(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def whole_id_of(host: str, path: str = "") -> str:
    """Return an id that no other host has: kabar.co.id -> kabar-co-id."""
    return _as_id(f"{bare_host(host.lower())}-{path}")


def zone_of(
    articles: Iterable[Article],
    api_zone: str | None,
    host: str,
    name: str,
    pages: Iterable[str] = (),
    hint: str = "",
) -> tuple[Found, Found | None]:
    """Return the portal's zone, and its region where host or name tell one; pages are the articles' markup.

    A clock that a page prints counts before a region's: the portal of a region may keep Jakarta's time. `hint` is the
    region as others say, for a portal whose host and name tell none.
    """
    region = find_region(host, name)
    told = f'"{region[1]}" in its host or name' if region else "the directory says so"
    if region is None:
        region = next(((one, hint) for one in REGIONS if one.name == hint), None)
    found_region = Found(region[0].name, told) if region else None
    if api_zone in ZONES.values():
        return Found(str(api_zone), "timezone_string of WordPress's interface"), found_region
    said: Counter[tuple[str, str]] = Counter()
    for article in articles:
        texts = {(said_date.source.value, said_date.text) for said_date in article.dates}
        said.update({hint for source, text in texts for hint in _zones_in(source, text)})
    if not said:  # a date that no reader knows yet still has its offset
        said.update(
            hint for page in pages for hint in {h for t in _STAMP.findall(page) for h in _zones_in("markup", t)}
        )
    if said:
        (zone, hint), count = said.most_common(1)[0]
        return Found(zone, f"{hint} on {count} of the articles"), found_region
    if region:
        return Found(region[0].zone, f"{told}; no page prints an offset"), found_region
    return Found(
        WIB, "a guess: no page prints an offset, and neither host nor name tells a region", is_guess=True
    ), None


def _zones_in(source: str, text: str) -> Iterator[tuple[str, str]]:
    if (word := _ZONE_WORD.search(text)) is not None:
        yield ZONE_WORDS[word[1].upper()], f"{word[1].upper()} ({source})"
    elif (offset := _OFFSET.search(text)) is not None and offset[1] == "+" and int(offset[2]) in ZONES:
        yield ZONES[int(offset[2])], f"+{offset[2]}:00 ({source})"


def family_of(families: Iterable[str | None], known: Iterable[str]) -> Found:
    """Return the family that most of the articles show."""
    shown = Counter(families)
    total = shown.total()
    for family, count in shown.most_common():
        if family is not None and family in tuple(known):
            return Found(family, f"{count} of {total} articles show it")
    return Found("general", "none of the articles shows a family that we know")


def toml_of(scouted: Scouted, asked: str, day: str) -> str:
    """Write the portal's file."""
    lines = [
        f"# Added on {day} by: scrapy addportal {_comment(asked)}",
        *([f"# It takes the place of {scouted.entry.id} in a network's file."] if scouted.entry else []),
        _line("name", scouted.name),
        f"home = {_quoted(scouted.home)}",
        _line("family", scouted.family),
        _line("region", scouted.region) if scouted.region else "# no region: neither host nor name tells one",
        _line("zone", scouted.zone),
        *([_line("network", scouted.network)] if scouted.network else []),
        *([f"active = false  # check {_comment(scouted.check)}; then remove this line"] if scouted.check else []),
        *_own_hosts(scouted),
        "listings = [",
    ]
    root = join(scouted.home, "/").rstrip("/")
    for candidate, count in scouted.listings:
        api = api_of(candidate, scouted.entry)
        whole = api.template if api else candidate.url
        path = whole.removeprefix(root)
        url = path if path.startswith("/") and not path.startswith("//") else whole  # "//a" would be a host
        lines.append(
            f"    {{ kind = {_quoted(candidate.kind.value)}, url = {_quoted(url)} }},"
            f"  # {_comment(candidate.where)}; {count} addresses"
        )
    lines.append("]")
    lines += [f"# not found: {_comment(missing)}" for missing in scouted.missing]
    return "\n".join([*lines, *_tables(scouted)]) + "\n"


def _own_hosts(scouted: Scouted) -> list[str]:
    """Return the line for hosts beside the home's, which a network's file names."""
    if scouted.entry is None:
        return []
    of_home = replace(scouted.entry, home=scouted.home, hosts=()).hosts
    others = [host for host in scouted.entry.hosts if host not in of_home and host == bare_host(host)]
    return [f"hosts = {_spelt(tuple(others))}"] if others else []


def _tables(scouted: Scouted) -> Iterator[str]:
    """Yield the tables of a network's file, by which its portals' pages and listings are read."""
    entry = scouted.entry
    if entry is None:
        return
    if entry.selectors:
        yield from ("", "[selectors]", *(f"{name} = {_quoted(css)}" for name, css in entry.selectors))
    if entry.clocks:
        yield from ("", "[dates]", *(f"{source.value} = {_quoted(clock.value)}" for source, clock in entry.clocks))
    api = next((found for one, _ in scouted.listings if (found := api_of(one, entry)) is not None), None)
    if api is not None:
        yield from ("", "[api]")
        for key, value in json_api.description_of(api).items():
            yield f"{key} = {_spelt(value)}"


def _line(key: str, found: Found) -> str:
    return f"{key} = {_quoted(found.value)}  # {_comment(found.where)}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in escaped) + '"'


def _spelt(value: str | int | tuple[str, ...]) -> str:
    """Return a value as TOML spells it."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_quoted, value))}]"
    return _quoted(value) if isinstance(value, str) else str(value)


def _comment(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)[:200]


def _path(link: str | None) -> str:
    try:
        return urlsplit(link or "").path.rstrip("/")
    except ValueError:
        return ""
