"""HTML -> Article, without network or Scrapy; refuses, with a PageError, every page that carries no article."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from kwri_crawler.catalogue import Portal
from kwri_crawler.items import Article, Page
from kwri_crawler.pages import general
from kwri_crawler.pages.family import Reading
from kwri_crawler.pages.refuse import (
    MIN_WORDS_FAMILY,
    MIN_WORDS_GENERAL,
    refuse_cut_off,
    refuse_early,
    refuse_list,
    refuse_too_short,
    why_no_body,
)
from kwri_crawler.pages.source import PageError, Source, unreadable
from kwri_crawler.pages.text import words
from kwri_crawler.pages.told import read_told, with_facts
from kwri_crawler.pages.varient import Varient
from kwri_crawler.urls import canonical

__all__ = ["FAMILIES", "PageError", "read_page", "read_told", "recognise", "with_facts"]

Reader = Callable[[Source, Mapping[str, str]], Reading | None]
FAMILIES: dict[str, Reader] = {
    "varient": Varient().read
}  # a family added = one line; all else goes to the general reader

_LANGUAGE = re.compile(r"[a-z]{2}(?=$|[-_])", re.IGNORECASE)
_NUMBER = re.compile(r"\d{4,}")


def recognise(source: Source) -> str | None:
    """Name the family whose structure an article's page shows; null for one that none knows."""
    for name, read in FAMILIES.items():
        reading = read(source, {})
        if reading is not None and reading.paragraphs:
            return name
    return None


def read_page(page: Page, portal: Portal) -> Article:
    """Read the article from a page; raise PageError, and nothing else, when it carries none."""
    if not page.body.strip():
        raise unreadable("empty page")
    source = Source.of(page)
    refuse_early(source)
    selectors = dict(portal.selectors)
    family = FAMILIES.get(portal.family)
    reading = family(source, selectors) if family else None
    least = MIN_WORDS_FAMILY
    if reading is None or not reading.paragraphs:
        reading, least = general.read(source, selectors), MIN_WORDS_GENERAL
    if not reading.paragraphs:
        raise unreadable(why_no_body(source))
    if least == MIN_WORDS_GENERAL:
        refuse_list(source, reading.paragraphs)
    if not reading.title:
        raise unreadable("no title")
    refuse_too_short(reading.paragraphs, least)
    refuse_cut_off(source)
    url, url_at = _own_address(source, reading.title)
    return Article(
        portal=portal.id,
        zone=portal.zone,
        url=url,
        title=reading.title,
        paragraphs=reading.paragraphs,
        fetched_at=page.fetched_at,
        reader=reading.reader,
        author=reading.author,
        section=reading.section,
        tags=reading.tags,
        lead=reading.lead,
        image_url=reading.image_url,
        language=_language(source),
        dates=tuple(dict.fromkeys(reading.dates)),
        clocks=portal.clocks,
        evidence=(*reading.evidence, ("url", url_at)),
    )


def _language(source: Source) -> str | None:
    """Return the page's language; og:locale is not asked, since Varient 2.2 prints en_US for every language."""
    root = source.tree.css_first("html")
    declared = (root.attributes.get("lang") if root is not None else None) or source.metadata.text("inLanguage")
    found = _LANGUAGE.match(declared.strip())
    return found[0].lower() if found else None


def _own_address(source: Source, title: str) -> tuple[str, str]:
    """Return the article's address and where it was read: a believable rel=canonical, else what answered."""
    node = source.tree.css_first('link[rel="canonical"]')
    link = source.absolute(node.attributes.get("href")) if node is not None else None
    if link and _is_believable(link, source.url, title):
        return canonical(link), "rel=canonical"
    return canonical(source.url), "response"


def _is_believable(link: str, asked: str, title: str) -> bool:
    """Say whether link may be the address of the page at asked: on its host, not its home, and not another article."""
    try:
        theirs, ours = urlsplit(link), urlsplit(asked)
        same_host = (theirs.hostname or "").removeprefix("www.") == (ours.hostname or "").removeprefix("www.")
    except ValueError:
        return False
    path, own = theirs.path.strip("/"), ours.path.strip("/")
    if not same_host or not path:
        return False
    if path == own:
        return True
    slug, own_slug = words(path.rpartition("/")[2].replace("_", "-")), words(own.rpartition("/")[2].replace("_", "-"))
    if slug == own_slug or set(_NUMBER.findall(path)) & set(_NUMBER.findall(own)):
        return True
    told = [word for word in slug if len(word) > 2]
    return bool(told) and len(set(told) & set(words(title))) * 2 >= len(set(told))
