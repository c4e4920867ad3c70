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
from kwri_crawler.items import Article, Page
from kwri_crawler.pages import PageError, read_page
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
