"""Markup as it comes: a broken home page still names its feeds, a body to print holds nothing that acts."""

import pytest

from kwri_crawler.pages.soup import as_html, printable, read_home
from kwri_crawler.scout.candidates import candidates
from kwri_crawler.scout.naming import name_of

BROKEN = (
    "<html><head><title>Kabar Rembang<meta property='og:site_name' content='Kabar Rembang'></title>"
    "<link rel='alternate' type='application/rss+xml' href='/umpan.xml'>"
    "<div><a href=/indeks>Indeks</div></a><p>x</body>"
    "<a href='/berita'>Berita"
)


def test_a_broken_home_page_still_names_its_feed_and_its_links() -> None:
    home = read_home(BROKEN)
    assert home.feeds == (("application/rss+xml", "/umpan.xml"),)
    assert home.links == ("/indeks", "/berita")
    found = {one.url: one.where for one in candidates(BROKEN, "https://kabar.example/", "")}
    assert found["https://kabar.example/umpan.xml"] == "named in the head of the home page"
    assert found["https://kabar.example/indeks"] == "linked from the home page"
    assert name_of(BROKEN, "kabar.example").value == "Kabar Rembang"


@pytest.mark.parametrize(
    ("html", "printed"),
    [
        ("<p>Satu<p>Dua", "<p>Satu</p><p>Dua</p>"),
        ("<h1>Judul</h1><div>Isi <b>tebal</b></div>", "<h2>Judul</h2><p>Isi <strong>tebal</strong></p>"),
        ("<ul class=x><li onclick=a()>Satu<li>Dua</ul>", "<ul><li>Satu</li><li>Dua</li></ul>"),
        ("<blockquote style='x'><p>Kata</p></blockquote>", "<blockquote><p>Kata</p></blockquote>"),
        ('<p><a href="https://a.id/" onclick=x>ke sana</a></p>', '<p><a href="https://a.id/">ke sana</a></p>'),
        ('<p><a href="javascript:alert(1)">ke sana</a></p>', "<p>ke sana</p>"),
        ("<p>Satu<script>alert(1)</script><!-- x --></p><p> </p><iframe src=x></iframe>", "<p>Satu</p>"),
        ("<p>1 < 2 &amp; 3</p>", "<p>1 &lt; 2 &amp; 3</p>"),
    ],
)  # fmt: skip
def test_a_body_to_print_keeps_its_structure_and_nothing_that_acts(html: str, printed: str) -> None:
    assert printable(html) == printed


def test_an_article_s_marks_become_headings_a_list_and_a_quote() -> None:
    paragraphs = ("Awal <b>", "Judul kecil", "Satu", "Dua", "Kata orang", "Akhir")
    marks = (("Judul kecil", "h3"), ("Satu", "li"), ("Dua", "li"), ("Kata orang", "quote"))
    assert as_html(paragraphs, marks).replace("\n", "") == (
        "<p>Awal &lt;b&gt;</p><h3>Judul kecil</h3><ul><li>Satu</li><li>Dua</li></ul>"
        "<blockquote><p>Kata orang</p></blockquote><p>Akhir</p>"
    )
