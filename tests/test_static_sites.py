"""Sites of static-site generators: every article, and what a sitemap names beside them refused with its reason."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kwri_crawler.catalogue import Portal
from kwri_crawler.items import Page
from kwri_crawler.pages import PageError, read_page
from tests.crawling import IMPATIENT, assert_sound, crawl, rows, run
from tests.sites.corpus import ARTICLES
from tests.sites.static import BASE, HOST, StaticSite

SOME = tuple(one for one in ARTICLES if one.post_type == "article" and not one.source_url)[:30]
PORTAL = Portal("desa", "Desa", f"{BASE}/", "general", None, "Asia/Jakarta", ())
AT = datetime(2024, 12, 1, tzinfo=UTC)


def read(html: str, path: str) -> str:
    return read_page(Page(BASE + path, html.encode(), "text/html; charset=utf-8", AT), PORTAL).title


# ------------------------------------------------------------------ crawls


@pytest.mark.parametrize("how", [
    {}, {"feed_length": None}, {"sitemap": False}, {"jekyll": True, "feed_length": 10},
    {"jekyll": True, "feed_length": 10, "sitemap": False},
    {"jekyll": True, "feed_length": 10, "sitemap": False, "each": 99},
], ids=["hugo", "hugo, sitemap alone", "hugo, feed alone", "jekyll", "jekyll, a pager",
        "jekyll, all at home"])  # fmt: skip
def test_every_article_is_stored_and_no_section_and_no_page_about_the_portal(
    how: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "portals").mkdir()
    archive, given = tmp_path / "a.sqlite", {**IMPATIENT, "PORTALS_PATH": str(tmp_path / "portals")}
    with StaticSite(SOME, **how) as site:
        places = {HOST: site.address}
        added = run("addportal", f"{BASE}/", "--id", "desa", CONNECT_TO=json.dumps(places), **given)
        assert added.code == 0, added.out + added.log
        done = crawl(archive, places, portal="desa", **given)
    assert done.code == 0, done.out + done.log
    stored = {row["title"]: row["published_local"] for row in rows(archive, "SELECT * FROM articles")}
    assert stored == {one.title: f"{one.created_at.isoformat()}+07:00" for one in SOME}
    assert_sound(archive)  # which finds every address with its reason


# ------------------------------------------------------------------ pages

HUGO = StaticSite(SOME).files()
SECTION = next(path for path in HUGO if path.startswith("/categories/") and HUGO[path].count("<h2>") > 2)


@pytest.mark.parametrize("path", ["/berita/", "/berita/page/2/", SECTION, SECTION.replace("categories", "kabar")])
def test_a_section_that_prints_the_beginnings_of_articles_is_no_article(path: str) -> None:
    html = HUGO[path if path in HUGO else SECTION]
    with pytest.raises(PageError, match="a list page"):
        read(html, path)


def test_an_article_with_headings_that_lead_elsewhere_is_an_article() -> None:
    article = SOME[0]
    related = "".join(f'<h3><a href="/berita/{one.slug}/">{one.title}</a></h3>' for one in SOME[1:5])
    html = HUGO[f"/berita/{article.slug}/"].replace("</article>", f"{related}</article>")
    assert read(html, f"/berita/{article.slug}/") == article.title


def test_an_article_whose_headings_lead_to_places_on_it_is_an_article() -> None:
    article = SOME[0]
    path = f"/berita/{article.slug}/"
    for number, text in enumerate(article.expected):
        heading = f'<h2><a href="{path if number % 2 else ""}#b{number}">Bagian yang bernomor {number}</a></h2>'
        html = HUGO[path].replace(f"<p>{text[:20]}", f"{heading}<p>{text[:20]}")
    assert read(html, path) == article.title


def test_a_short_page_that_prints_no_real_date_is_no_article() -> None:
    with pytest.raises(PageError, match="no article: a short text"):
        read(HUGO["/tentang/"].replace("Tentang Kami", "Peta Kebun"), "/peta-kebun/")


@pytest.mark.parametrize("printed", ["2024-06-27T14:10:00+07:00", "2 jam lalu"])
def test_the_same_short_page_with_a_real_date_is_one(printed: str) -> None:
    html = HUGO["/tentang/"].replace("0001-01-01T00:00:00Z", printed).replace("1/1/0001", printed)
    assert read(html.replace("Tentang Kami", "Peta Kebun"), "/peta-kebun/") == "Peta Kebun"


@pytest.mark.parametrize("path", ["/tentang/", "/tentang-kami.html", "/redaksi", "/pedoman-media-siber"])
def test_an_undated_page_whose_address_says_only_what_portals_have_is_no_article(path: str) -> None:
    long = "".join(f"<p>{text}</p>" for text in SOME[0].expected)
    html = HUGO["/tentang/"].replace("<p>Warga", f"{long}<p>Warga")
    with pytest.raises(PageError, match=r"about the portal|a list page|no article"):
        read(html, path)
    assert read(html, f"/tentang-{SOME[0].slug}/") == "Tentang Kami", "more words are an article's"
    dated = replace(SOME[0], slug="x")
    assert read(html.replace("0001-01-01T00:00:00Z", f"{dated.created_at.isoformat()}+07:00"), path) == "Tentang Kami"


@pytest.mark.parametrize(("title", "heading", "refused"), [
    ("Desa", "", True), ("desa", "", True), ("Desa", "<h1>Desa</h1>", False), ("Desa Wisata", "", False),
])  # fmt: skip
def test_the_portals_name_alone_is_no_title_where_nothing_else_is_printed(
    title: str, heading: str, refused: bool
) -> None:
    text = "".join(f"<p>{one}</p>" for one in SOME[0].expected)
    html = f"<html><head><title>{title}</title></head><body><article>{heading}{text}</article></body></html>"
    if refused:
        with pytest.raises(PageError, match="no title"):
            read(html, "/berita/tanpa-judul/")
    else:
        assert read(html, "/berita/tanpa-judul/") == title
