"""A megabyte of one sign costs each reader of raw text seconds at most: no pattern grows with the square of it."""

import contextlib
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from kwri_crawler.catalogue import ListingKind, Portal
from kwri_crawler.dates import read_date
from kwri_crawler.items import Page
from kwri_crawler.listings import ListingError, read_listing
from kwri_crawler.pages import PageError, read_page

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


@pytest.mark.parametrize("sign", [" ", "-", "&", "1"])
@pytest.mark.parametrize("name", READERS)
def test_a_megabyte_of_one_sign_is_read_in_seconds(name: str, sign: str) -> None:
    began = time.process_time()
    READERS[name](sign * (1 << 20))
    assert time.process_time() - began < MOST_S
