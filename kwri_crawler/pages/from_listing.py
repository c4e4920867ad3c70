"""An article that a listing told whole -> Article, by the same reading of blocks as a page; refuses what is no text."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kwri_crawler.catalogue import Portal
from kwri_crawler.dates import Refused, read_date
from kwri_crawler.items import Article, DateKind, DateSource, Precision
from kwri_crawler.pages.authors import author_of, host_name
from kwri_crawler.pages.blocks import paragraphs_of
from kwri_crawler.pages.credits import without_sign_off
from kwri_crawler.pages.metadata import date_text
from kwri_crawler.pages.refuse import MIN_WORDS_FAMILY, refuse_too_short
from kwri_crawler.pages.sections import unique
from kwri_crawler.pages.source import tame, unreadable
from kwri_crawler.pages.stamps import date_in_url
from kwri_crawler.pages.text import fold

if TYPE_CHECKING:
    from kwri_crawler.listings import ToldArticle

_TAG = re.compile(r"</?[a-zA-Z][^>]{0,500}>")
_INDONESIAN = (timedelta(hours=7), timedelta(hours=8), timedelta(hours=9))


def read_told(told: ToldArticle, url: str, portal: Portal, fetched_at: datetime) -> Article:
    """Make an article of what a listing told at fetched_at (aware, UTC); raises PageError when it holds no article."""
    tree = LexborHTMLParser(tame(told.html.encode(errors="ignore")))
    paragraphs = paragraphs_of(tree.body) if tree.body is not None else ()
    title = plain(told.title)
    if not paragraphs:
        raise unreadable("no body")
    if not title:
        raise unreadable("no title")
    refuse_too_short(paragraphs, MIN_WORDS_FAMILY)
    paragraphs, roles = without_sign_off(paragraphs)  # as of a page, or one article had two texts
    published = date_text(DateKind.PUBLISHED, DateSource.FEED, as_moment(told.published, portal.zone, fetched_at))
    updated = date_text(DateKind.UPDATED, DateSource.FEED, as_moment(told.updated, portal.zone, fetched_at))
    return Article(
        portal=portal.id,
        zone=portal.zone,
        url=url,
        title=title,
        paragraphs=paragraphs,
        fetched_at=fetched_at,
        reader=told.reader,
        author=author_of(plain(told.author or ""), (portal.name, host_name(url))) or roles.get("author"),
        editor=roles.get("editor"),
        source=roles.get("source"),
        section=plain(told.section or "") or None,
        tags=unique(tuple(map(plain, told.tags))),
        lead=plain(told.lead or "") or None,
        image_url=told.image_url or _image(tree.css_first("img")),
        dates=tuple(date for date in (published, updated, *date_in_url(url)) if date is not None),
    )


def _image(node: LexborNode | None) -> str | None:
    """Return the address of an image in a listing's text; of one that is loaded late the real one."""
    names = ("data-src", "data-lazy-src", "data-original", "src")
    links = (node.attributes.get(name) for name in names) if node is not None else ()
    return next((link for link in links if link and not link.startswith("data:")), None)


def plain(text: str) -> str:
    """Return told text without tags, its entities undone: "Tani &#038; Nelayan" is "Tani & Nelayan"."""
    return fold(html.unescape(_TAG.sub(" ", text)))


def with_facts(article: Article, facts: str | None) -> Article:
    """Return an article with what a listing told of it (facts_of) where its page did not say it."""
    if facts is None:
        return article
    told = json.loads(facts)
    return replace(
        article,
        author=article.author or author_of(plain(told.get("author", "")), (host_name(article.url),)),
        section=article.section or plain(told.get("section", "")) or None,
        tags=article.tags or unique(tuple(map(plain, told.get("tags", ())))),
    )


def as_moment(printed: str | None, zone: str, read_at: datetime) -> str:
    """Return a machine's date in the portal's zone, when it was printed in UTC or in a zone abroad; else as printed.

    A feed prints a moment; where it prints UTC, the day that readers saw is another for seven hours of each day.
    """
    moment = read_date(printed or "", zone, read_at)
    if isinstance(moment, Refused) or moment.precision not in (Precision.SECOND, Precision.MINUTE):
        return printed or ""
    offset = moment.local.utcoffset()
    return printed or "" if offset in _INDONESIAN else moment.at.astimezone(ZoneInfo(zone)).isoformat()
