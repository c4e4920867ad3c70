"""RSS 0.9-2.0 and Atom: each item's link, date and, where it is whole, its text; passes over items without a link."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from kwri_crawler.catalogue import Portal
from kwri_crawler.listings.listed import Gatherer, ListingError, ListingPage, ToldArticle, shows_pager
from kwri_crawler.listings.xml import Element, Walk, address_in, local, text_of
from kwri_crawler.pages.sections import section_among

BLOGGER = "blogger-feed"  # the reader of what a Blogger tells
_DATES = ("pubDate", "published", "issued", "date", "updated", "modified")  # the first that is printed counts
_CHANGES = ("updated", "modified")
_ROOTS = ("rss", "RDF", "feed")
_FOREIGN = ("media", "mrss", "itunes", "podcast", "georss", "slash", "sy", "thr", "gd")  # their "title" is another

# An excerpt ends so, whoever made it; an article that ends in dots only costs the request of its page.
_CUT_END = re.compile(
    r"(?:\[\s*(?:…|\.{3})\s*\]|…|\.{3}"
    r"|(?:baca |lihat )?selengkapnya|(?:halaman|laman) (?:selanjutnya|berikutnya)"
    r"|lanjut(?:kan)? (?:mem)?baca|continue reading|read (?:more|the rest)|keep reading)"
    r"[\s\W]{0,5}$",
    re.IGNORECASE,
)
_CUT_MARK = re.compile(r"class=[\"'][^\"']{0,100}\b(?:more-link|read-more|readmore)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^>]{0,2000}>")
_PARAGRAPH = re.compile(r"<(?:p|br|div)\b", re.IGNORECASE)
# "The post X appeared first on Y.": an SEO plugin's line below every text.
_CREDIT = re.compile(
    r"<p>(?:(?!</p>).){0,1000}?"
    r"(?:appeared first on|pertama kali (?:tampil|muncul) (?:di|pada)|muncul pertama (?:kali )?di)"
    r"(?:(?!</p>).){0,600}</p>\s*$",
    re.IGNORECASE | re.DOTALL,
)
_MAIL_AND_NAME = re.compile(r"[^\s()]{3,100}@[^\s()]{3,100}\s\(([^()]{2,100})\)")
_DIGITS = re.compile(r"[0-9]{1,9}")
_INNER = re.compile(r"/(https?)(?::|%3A)(?:/|%2F){1,2}([^/].*)", re.IGNORECASE)  # "/ke/https://portal.id/warta"
BLOGGER_MOST = 150  # items that Blogger gives at once


def read_feed(body: bytes, url: str, portal: Portal) -> ListingPage:
    """Read one feed; WordPress's and Blogger's lead on to older items, as does a "next" link (RFC 5005)."""
    found = Gatherer(portal, url)
    walk = Walk(body, ("item", "entry"), found.begin_again)
    generators: list[str] = []
    reader = BLOGGER if is_blogger(url) else "feed"
    sections: set[str] = set()  # what any item is filed under first: WordPress prints tags behind all sections
    for item in walk:
        link = _link(item, found)
        if not link:
            walk.note_nameless()
            continue
        told = _told(item, reader)
        if told is not None and "post-password-form" in told.html:
            found.refuse_protected(link)
            continue
        if told is not None and told.section:
            sections |= {told.section, *(told.tags if is_blogger(url) else ())}  # Blogger's labels are all one kind
        found.add(link, _date(item), changed=_printed(item, _CHANGES), told=told)
    found.retell(lambda told: _filed(told, sections))
    if walk.root not in _ROOTS:
        raise ListingError(f"no feed: <{walk.root[:40]}>")
    heads = [child for part in walk.root_children for child in (part, *part)]
    total = 0
    for head in heads:
        if local(head) == "link" and head.get("rel") == "next" and head.get("href") and not is_blogger(url):
            found.add_more(head.get("href"))
        elif local(head) == "generator":
            generators.append(f"{text_of(head)} {head.get('uri') or ''}".lower())
        elif local(head) == "totalResults":
            total = _number(text_of(head)) or total
    made_by = " ".join(generators)
    if "wordpress" in made_by:
        if walk.count:
            found.add_more(_wordpress_page(url))
        return found.page(walk.reason, paged=True)
    if is_blogger(url):
        asked = _asked(url)
        seen = (_number(asked.get("start-index")) or 1) - 1 + walk.count
        # A cache drops the total or keeps another request's: the end is proven where all was seen, or by an empty page.
        if walk.count and seen != total:
            found.add_more(_with(url, {"start-index": str(seen + 1)}))
        of_all = not asked.keys() & {"published-min", "published-max"}
        return found.page(walk.reason, paged=True, total=total if total and of_all else None)
    return found.page(walk.reason)


def is_blogger(url: str) -> bool:
    """Tell Blogger's own feed by its path."""
    return urlsplit(url).path.rstrip("/").endswith("/feeds/posts/default")


def blogger_url(
    url: str,
    *,
    after: datetime | None = None,
    before: datetime | None = None,
    changed_after: datetime | None = None,
    most: int = BLOGGER_MOST,
) -> str:
    """Spell a request for Blogger's posts: newest first, or those changed after a moment, last changed first."""
    query = {"max-results": str(most), "orderby": "updated" if changed_after else "published"}
    for name, moment in (("published-min", after), ("published-max", before), ("updated-min", changed_after)):
        if moment is not None:
            query[name] = f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return _with(url, query)


def smaller_pages(url: str) -> str | None:
    """Spell a request of Blogger's again for fewer posts at once; null when it asks for few already."""
    size = (_number(_asked(url).get("max-results")) or 0) // 5
    return _with(url, {"max-results": str(size)}) if size >= 5 and is_blogger(url) else None


def _wordpress_page(url: str) -> str:
    page = _number(_asked(url).get("paged")) or 1
    return _with(url, {"paged": str(page + 1)})


def _asked(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and _DIGITS.fullmatch(text) else None


def _with(url: str, query: dict[str, str]) -> str:
    split = urlsplit(url)
    asked = dict(parse_qsl(split.query, keep_blank_values=True)) | query
    return urlunsplit(split._replace(query=urlencode(asked, safe=":")))


def _link(item: Element, found: Gatherer) -> str | None:
    """Choose the address on the portal's own hosts among all that an item prints; without one, its plain link."""
    printed = [(rank, found.resolve(text, base)) for rank, text, base in _links(item)]
    own = [address for address in sorted(printed) if found.portal.owns(address[1])]
    hidden = [(9, url) for _, address in sorted(printed) for url in _carried_by(address) if found.portal.owns(url)]
    plain = [address for address in sorted(printed) if address[0] < _PLAIN]
    return next((url for _, url in (*own, *hidden, *plain)), None)


_PLAIN = 4  # ranks below it are addresses of the article for everybody; the others only where they are the portal's own


def _links(item: Element) -> Iterator[tuple[int, str, str | None]]:
    """Yield what may be the article's address: its rank, as printed, and the xml:base that it is relative to."""
    for child in item:
        name, text, base = local(child), address_in(child), child.base
        if name == "origLink":
            yield 0, text, base
        elif name == "link" and child.get("href"):  # Atom, also inside RSS
            rank = {"alternate": 2, "canonical": 4, "via": 5, "related": 6}.get(child.get("rel", "alternate"))
            if rank is not None:
                yield rank, child.get("href"), base
        elif name == "link" and text:
            yield 1, text, base
        elif name in ("guid", "id") and text.startswith(("http://", "https://")):
            yield 3 if name == "guid" and child.get("isPermaLink") != "false" else 7, text, base
        elif name == "guid" and text.startswith("/") and child.get("isPermaLink") != "false":
            yield 7, text, base
        elif name == "comments" and text.startswith(("http://", "https://")):
            yield 8, text, base


def _carried_by(url: str) -> list[str]:
    """Return the addresses that a service's own address carries: "https://layanan.net/go?url=https://portal.id/warta"."""
    try:
        split = urlsplit(url)
    except ValueError:  # "https://[permalink]/": a template that nobody filled in
        return []
    asked = [value for _, value in parse_qsl(split.query) if value.startswith(("http://", "https://"))]
    return [*(f"{found[1]}://{found[2]}" for found in _INNER.finditer(split.path)), *asked]


def _date(item: Element) -> str | None:
    return _printed(item, _DATES)


def _printed(item: Element, names: tuple[str, ...]) -> str | None:
    printed = {local(child): text_of(child) for child in item if local(child) in names}
    return next((printed[name] for name in names if printed.get(name)), None)


def _told(item: Element, reader: str) -> ToldArticle | None:
    """Take what an item tells, its text only when that is not plainly an excerpt; null when it has no title."""
    parts: dict[str, list[Element]] = {}
    for child in item:
        if child.prefix not in _FOREIGN:
            parts.setdefault(local(child), []).append(child)
    titles = parts.get("title")
    html = _html(parts)
    if not titles:
        return None
    if is_excerpt(html) or shows_pager(html):
        html = ""
    names = [child.get("term") or text_of(child) for child in parts.get("category", ())]
    child = next(iter(parts.get("author", ())), None)
    if child is not None:  # an element without children is false
        inner = next((text_of(part) for part in child if local(part) == "name"), "")
        named = _MAIL_AND_NAME.fullmatch(text_of(child))  # RSS 2.0: redaksi@portal.id (Dewi Lestari)
        author = inner or (named[1] if named else "" if "@" in text_of(child) else text_of(child))
    else:
        author = text_of(parts["creator"][0]) if "creator" in parts else ""
    if not (html or names or author):
        return None
    return ToldArticle(
        title=text_of(titles[0]),
        html=html,
        published=_date(item),
        updated=_printed(item, _CHANGES),
        author=author or None,
        section=names[0] if names else None,
        tags=tuple(names[1:]),
        image_url=next((child.get("url") for child in item if local(child) == "thumbnail" and child.get("url")), None),
        reader=reader,
    )


def _filed(told: ToldArticle, sections: Collection[str]) -> ToldArticle:
    """Return what an item tells with the section that its page would have of all that it is filed under."""
    names = (told.section or "", *told.tags)
    section = section_among(name for name in names if name in sections)
    if section == names[0]:
        return told
    return replace(told, section=section or None, tags=tuple(name for name in told.tags if name != section))


def _html(parts: dict[str, list[Element]]) -> str:
    whole = [child for name in ("encoded", "content") for child in parts.get(name, ()) if not child.get("url")]
    if whole:
        if whole[0].get("type") == "xhtml":
            from lxml.html import tostring  # rare

            return str(tostring(whole[0], encoding="unicode"))
        return _CREDIT.sub("", text_of(whole[0]))
    # Varient 2.2 prints the body here when its feed is set to "content".
    described = text_of(parts["description"][0]) if "description" in parts else ""
    return described if len(_PARAGRAPH.findall(described[:20_000])) > 1 else ""


def is_excerpt(html: str) -> bool:
    """Tell a text that was cut for the feed by how it ends."""
    text = " ".join(unescape(_TAG.sub(" ", html[-3000:])).split())
    return not text or bool(_CUT_END.search(text[-60:]) or _CUT_MARK.search(html[-2000:]))
