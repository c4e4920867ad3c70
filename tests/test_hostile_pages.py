"""Pages that would choke a reader, and pages that are no article: each ends soon, in a PageError that says why."""

import contextlib
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kwri_crawler.catalogue import Portal
from kwri_crawler.causes import Cause
from kwri_crawler.items import Article, Outcome, Page
from kwri_crawler.pages import PageError, read_page
from kwri_crawler.pages.inline import without_inline
from tests.crawling import PROJECT, peak_mb

PORTAL = Portal("contoh", "Contoh", "https://contoh.co.id/", "general", None, "Asia/Jakarta", ())
TITLE = "Warga Sumberagung Perbaiki Jembatan Bambu"
SENTENCES = (
    "Warga Desa Sumberagung memperbaiki jembatan bambu yang rusak diterjang banjir pekan lalu. "
    "Pekerjaan itu dilakukan bergotong royong sejak pagi dan dipimpin kepala dusun setempat. "
)
ARTICLE = (
    f"<article><h1>{TITLE}</h1><p>Kamis, 27 Juni 2024 14:10 WIB</p>"
    f"<p>{SENTENCES * 3}</p><p>{SENTENCES * 2}</p><p>{SENTENCES}</p></article>"
)


def page(inner: str, head: str = f"<title>{TITLE}</title>", tail: str = "</body></html>") -> str:
    return f'<!DOCTYPE html><html lang="id"><head>{head}</head><body>{inner}{tail}'


def read(html: str | bytes) -> Article:
    body = html.encode("utf-8", "surrogatepass") if isinstance(html, str) else html
    return read_page(Page("https://contoh.co.id/berita/jembatan-bambu", body, "text/html", datetime.now(UTC)), PORTAL)


def test_the_plain_article_behind_these_pages_is_read() -> None:
    article = read(page(ARTICLE))
    assert article.title == TITLE
    assert len(article.paragraphs) >= 3


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<rss version='2.0'><channel><title>Kabar</title></channel></rss>", "a feed"),
        (page("<h1>Halaman tidak ditemukan</h1>", "<title>404</title>"), "not there"),
        (page("", "<title>Just a moment...</title><script>window._cf_chl_opt={}</script>"), "challenge"),
        (page("<div id=root></div><script></script>"), "JavaScript shell"),
        (page(f"<article><h1>{TITLE}</h1><p>Silakan login untuk membaca berita ini sampai selesai, khusus pelanggan "
              "kami di seluruh kota dan desa yang sudah terdaftar.</p></article>"), "login or paywall"),
        (page(f"<h1>{TITLE}</h1><p>Kami memakai cookie. Pilih terima semua cookie atau atur privasi Anda di sini agar "
              "halaman ini dapat ditampilkan dengan baik.</p>"), "cookie wall"),
        (page(ARTICLE, tail="")[:-60], "cut off"),
        (page(f"<h1>{TITLE}</h1><p>Segera.</p>"), "no body|too short|short text"),
        (page("".join(f"<h2><a href=/berita/{n}>Kabar desa nomor {n} tentang panen jagung</a></h2>" for n in range(40)),
              "<title>Indeks Berita</title>"), "list page"),
        (page('<form><input type="password"></form>', "<title>Masuk</title>"), "login"),
    ],
    ids=["feed", "soft 404", "challenge", "shell", "paywall", "cookies", "cut off", "too short", "list", "login"],
)  # fmt: skip
def test_what_is_no_article_is_refused_by_name(html: str, reason: str) -> None:
    with pytest.raises(PageError, match=reason):
        read(html)


HOSTILE = {
    "deep divs": "<div>" * 50_000 + ARTICLE,
    "deep lists": "<ul><li>" * 40_000 + ARTICLE,
    "deep inline": "<b><i><span>" * 20_000 + ARTICLE,
    "unknown deep elements": "<x-a>" * 11_000 + ARTICLE,
    "a 10 MB attribute": f"<p class='{'x ' * 5_000_000}'>{ARTICLE}",
    "44,000 attributes": f"<p {' '.join(f'a{n}=1' for n in range(44_000))}>{ARTICLE}",
    "entities": "&amp;&lt;&#x41;" * 200_000 + ARTICLE,
    "broken JSON-LD": '<script type="application/ld+json">' + '{"a":[' * 50_000 + "</script>" + ARTICLE,
    "deep JSON-LD": '<script type="application/ld+json">' + "[" * 100_000 + "]" * 100_000 + "</script>" + ARTICLE,
    "many paragraphs": "<p>kata satu dua tiga empat lima " * 11_000,
    "many links": "<a href=/x>kabar satu dua tiga</a> " * 30_000 + ARTICLE,
    "an unclosed comment": "<!--" + "- " * 500_000 + ARTICLE,
    "a title of 1.6 MB": f"<title>{'a b ' * 400_000}</title><p>{SENTENCES * 9}",
    "many beginnings of a paragraph": "<div>" + "<a href=/x>War</a> " * 2_500 + f"{SENTENCES}<p>{SENTENCES * 3}</div>",
    "a table of tables": "<table><tr><td>" * 8_000 + ARTICLE,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_takes_two_seconds_at_most(name: str) -> None:
    read_once()
    start = time.process_time()
    with contextlib.suppress(PageError):
        read(page(HOSTILE[name]))
    took = time.process_time() - start
    assert took < 2, f"{name}: {took:.1f} s of CPU"


def read_once() -> None:
    """Load the extractors, which takes a second, once in a process."""
    with contextlib.suppress(PageError):
        read(page(ARTICLE))


def test_hostile_pages_stay_below_300_mb() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.test_hostile_pages"], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert float(done.stdout) < 300, f"{done.stdout} MB"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.sampled_from([ARTICLE, SENTENCES, "<div>", "</p>", "<!--", "<script>", "\x00", "<table><tr>", "<p a='"])
        | st.text(max_size=50),
        max_size=12,
    ),
    st.integers(0, 400),
)  # fmt: skip
def test_nothing_but_a_page_error_is_raised(parts: list[str], cut: int) -> None:
    html = "".join(parts).encode("utf-8", "surrogatepass")
    with contextlib.suppress(PageError):
        read(html[: len(html) - cut] if cut < len(html) else html)


if __name__ == "__main__":
    for hostile in HOSTILE.values():
        with contextlib.suppress(PageError):
            read(page(hostile))
    print(peak_mb("self"))


INLINE = "R0lG" * 1_100_000  # 4.4 MB of base64
UNDER_TITLE = ARTICLE.partition("</h1>")


def under_title(inner: str) -> str:
    return page(f"{UNDER_TITLE[0]}</h1>{inner}{UNDER_TITLE[2]}")


LARGE = {
    "a picture": under_title(f'<img alt="" src="data:image/png;base64,{INLINE}">'),
    "a picture without quotes": under_title(f"<img src=data:image/png;base64,{INLINE}>"),
    "a picture loaded late": under_title(f"<img data-src='data:image/webp;base64,{INLINE}'>"),
    "a picture in lines": under_title('<img src="data:image/png;base64,' + f"{INLINE[:76]}\n" * 60_000 + '">'),
    "a picture in UTF-16": under_title(f'<img src="data:image/png;base64,{INLINE[:2_500_000]}">').encode("utf-16"),
    "a drawing in an address": under_title('<img src="data:image/svg+xml,<svg>' + "<path d='M 1 2'/>" * 270_000 + '">'),
    "a drawing": under_title("<svg>" + "<path d='M 1 2'/>" * 270_000 + "</svg>"),
    "a drawing of one line": under_title(f'<svg><path d="{"M 1 2 " * 740_000}"/></svg>'),
    "a background": under_title(f'<div style="background:url(data:image/png;base64,{INLINE})"></div>'),
    "a font": page(ARTICLE, f"<title>{TITLE}</title><style>a{{src:url(data:font/woff2;base64,{INLINE})}}</style>"),
    "a program": page(ARTICLE, f"<title>{TITLE}</title><script>{'var a = 1; ' * 400_000}</script>"),
    "many small pictures": under_title(f'<img src="data:image/png;base64,{INLINE[:480]}">' * 10_000),
    "blanks": page(" \n" * 2_200_000 + ARTICLE),
    "a template": page(ARTICLE + "<template>" + "<p>x</p>" * 600_000 + "</template>"),
    "a comment": page(ARTICLE, f"<title>{TITLE}</title><!-- {'a b ' * 1_100_000} -->"),
}


@pytest.mark.parametrize("name", LARGE)
def test_a_page_that_is_large_by_what_stands_inside_it_is_read(name: str) -> None:
    assert len(LARGE[name]) > 4 << 20
    article = read(LARGE[name])
    assert article.title == TITLE
    assert article.paragraphs == read(page(ARTICLE)).paragraphs
    assert article.image_url is None


def test_the_text_of_a_large_page_is_no_inline_data() -> None:
    words = "Jalan desa itu dilebarkan dua meter. " * 60
    html = f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{words}"}}</script>'
    article = read(page(f"<h1>{TITLE}</h1>{html}<img src='data:image/png;base64,{INLINE}'>"))
    assert "dilebarkan dua meter" in article.paragraphs[0]


def test_a_page_of_too_much_text_is_refused_as_too_large() -> None:
    with pytest.raises(PageError, match="larger than 4 MiB without") as raised:
        read(page("<p>" + "kata yang tak berujung " * 200_000 + "</p>" + ARTICLE))
    assert raised.value.outcome is Outcome.REFUSED
    assert raised.value.cause is Cause.NOT_TAKEN


@pytest.mark.parametrize("unit", [b"<svg ", b"<!--", b"<script ", b'"data:image/', b'="', b"a", b"x ", b" "])
def test_sixteen_megabytes_of_one_sign_are_searched_for_inline_data_in_seconds(unit: bytes) -> None:
    began = time.process_time()
    without_inline(unit * ((16 << 20) // len(unit)), 1 << 20)
    assert time.process_time() - began < 8
