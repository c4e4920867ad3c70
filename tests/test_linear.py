"""A megabyte of one sign costs each reader of raw text seconds at most: no pattern grows with the square of it."""

import contextlib
import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kwri_crawler.catalogue import ListingKind, Portal
from kwri_crawler.copies import hash_text, judge, sketch_text
from kwri_crawler.copies.likeness import titles_meet
from kwri_crawler.dates import read_date
from kwri_crawler.items import ComparedText, Page
from kwri_crawler.listings import ListingError, read_listing
from kwri_crawler.pages import PageError, read_page
from kwri_crawler.scout.golden import FACTS, PAGE
from tests.golden_cases import FOLDER, cases

NOW = datetime(2026, 11, 1, tzinfo=UTC)
PORTAL = Portal("jahat", "Jahat", "https://jahat.example.id/", "general", None, "Asia/Jakarta", ())
TEXT = "Warga memperbaiki tanggul yang retak di kampung. " * 20
MOST_S = 8.0  # of CPU; a pattern that backtracks takes minutes


def listing(kind: ListingKind, body: str) -> None:
    with contextlib.suppress(ListingError):
        read_listing(kind, body.encode(), "https://jahat.example.id/feed/", PORTAL)


def page(head: str, title: str, text: str) -> None:
    html = f"<html><head>{head}</head><body><article><h1>{title}</h1><p>{text}</p></article></body></html>"
    with contextlib.suppress(PageError):
        read_page(Page("https://jahat.example.id/a", html.encode(), "text/html", NOW), PORTAL)


def item(title: str, date: str) -> str:
    link = "<link>https://jahat.example.id/a</link>"
    return f"<rss><channel><item><title>{title}</title>{link}<pubDate>{date}</pubDate></item></channel></rss>"


READERS: dict[str, Callable[[str], object]] = {
    "date": lambda run: read_date(f"2 {run}x", PORTAL.zone, NOW),
    **{f"{kind.value} as it is": lambda run, kind=kind: listing(kind, run) for kind in ListingKind},  # type: ignore[misc]
    **{f"{kind.value} with an item": lambda run, kind=kind: listing(kind, item(run, run)) for kind in ListingKind},  # type: ignore[misc]
    "page's text": lambda run: page("<title>J</title>", "Judul", f"{TEXT}{run}x"),
    "page's title": lambda run: page(f"<title>a{run}x</title>", f"a{run}x", TEXT),
    "page's author": lambda run: page(f"<meta name=author content='a{run}x'>", "Judul", TEXT),
}


SIGNS = (" ", "-", "&", "1", "9/")


def compared(title: str, body: str) -> None:
    hash_text((body,))
    sketch_text(body)
    one, other = (ComparedText(portal, title + portal, body) for portal in ("satu", "dua"))
    judge(one, replace(other, body=f"{body} {TEXT}"))
    titles_meet(title, f"{title} lain")


READERS |= {
    "copy's text": lambda run: compared("Judul", f"{TEXT}{run}x"),
    "copy's title": lambda run: compared(f"a{run}x", TEXT),
}
FAMILY_PAGES = {name.partition("/")[0]: FOLDER / name for name in reversed(cases())}  # one of each


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("family", FAMILY_PAGES)
def test_a_megabyte_of_one_sign_in_a_familys_fields_is_read_in_seconds(family: str, sign: str) -> None:
    html = (FAMILY_PAGES[family] / PAGE).read_text(encoding="utf-8")
    told = json.loads((FAMILY_PAGES[family] / FACTS).read_text(encoding="utf-8"))
    run = f" {sign * ((240 << 10) // len(sign))}x "
    endings = [text[-15:] for text in told["paragraphs"] if text[-15:] in html]
    printed = [text.strip(" -") for _, _, text in told["dates"] if text.strip(" -") in html]
    assert endings
    assert told["title"] in html
    for text in filter(None, (told["title"], told["author"], *printed[:1], endings[0])):
        before, found, behind = html.rpartition(text)  # the last one: the page's own, not the head's
        html = f"{before}{found}{run}{behind}"
    began = time.process_time()
    with contextlib.suppress(PageError):
        read_page(Page("https://jahat.example.id/a", html.encode(), "text/html", NOW), replace(PORTAL, family=family))
    assert time.process_time() - began < MOST_S


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("name", READERS)
def test_a_megabyte_of_one_sign_is_read_in_seconds(name: str, sign: str) -> None:
    began = time.process_time()
    READERS[name](sign * ((1 << 20) // len(sign)))
    assert time.process_time() - began < MOST_S
