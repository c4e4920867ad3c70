"""An article that a listing told whole -> Article, by the same reading of blocks as a page; refuses what is no text."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta

from selectolax.lexbor import LexborHTMLParser

from kwri_crawler.catalogue import Portal
from kwri_crawler.items import Article, DateKind, DateSource
from kwri_crawler.listings import Told
from kwri_crawler.pages.blocks import paragraphs_of
from kwri_crawler.pages.family import date_in_url, image_link, unique
from kwri_crawler.pages.metadata import date_text
from kwri_crawler.pages.refuse import MIN_WORDS_FAMILY, refuse_too_short
from kwri_crawler.pages.source import tame, unreadable
from kwri_crawler.pages.text import fold, person

_TAG = re.compile(r"</?[a-zA-Z][^>]{0,500}>")
_INDONESIAN = (timedelta(hours=7), timedelta(hours=8), timedelta(hours=9))


def read_told(told: Told, url: str, portal: Portal, fetched_at: datetime) -> Article:
    """Make an article of what a listing told at fetched_at (aware, UTC); raises PageError when it holds no article."""
    tree = LexborHTMLParser(tame(told.html))
    paragraphs = paragraphs_of(tree.body) if tree.body is not None else ()
    title = plain(told.title)
    if not paragraphs:
        raise unreadable("no body")
    if not title:
        raise unreadable("no title")
    refuse_too_short(paragraphs, MIN_WORDS_FAMILY)
    published = date_text(DateKind.PUBLISHED, DateSource.FEED, as_moment(told.published))
    updated = date_text(DateKind.UPDATED, DateSource.FEED, as_moment(told.updated))
    return Article(
        portal=portal.id,
        zone=portal.zone,
        url=url,
        title=title,
        paragraphs=paragraphs,
        fetched_at=fetched_at,
        reader=told.reader,
        author=person(plain(told.author or "")),
        section=plain(told.section or "") or None,
        tags=unique(tuple(map(plain, told.tags))),
        lead=plain(told.lead or "") or None,
        image_url=told.image_url or image_link(tree.css_first("img")),
        dates=tuple(date for date in (published, updated, *date_in_url(url)) if date is not None),
    )


def plain(text: str) -> str:
    """Return told text without tags, its entities undone: "Tani &#038; Nelayan" is "Tani & Nelayan"."""
    return fold(html.unescape(_TAG.sub(" ", text)))


def as_moment(printed: str | None) -> str:
    """Return a machine's date; of one in a zone abroad the same moment in UTC.

    A machine prints a moment, while a zone abroad beside a clock on a page is mostly a forgotten setting.
    """
    try:
        moment = datetime.fromisoformat(printed or "")
    except ValueError:
        return printed or ""
    if moment.tzinfo is None or moment.utcoffset() in (*_INDONESIAN, timedelta(0)):
        return printed or ""
    return moment.astimezone(UTC).isoformat()
