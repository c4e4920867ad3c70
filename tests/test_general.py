"""The general reader: who wrote it, where its text begins and ends, and that each block stays a paragraph."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from kwri_crawler.catalogue import Portal
from kwri_crawler.items import Article, Page
from kwri_crawler.pages import read_page
from tests.test_families import newkarma

TITLE = "Warga Sumberagung perbaiki jembatan bambu"
FIRST, SECOND, THIRD = (
    "Jembatan bambu di Desa Sumberagung diperbaiki warga setelah rusak diterjang banjir pekan lalu, kata kepala desa.",
    "Pekerjaan itu dimulai sejak pagi dan melibatkan empat puluh orang dari dua dusun yang dihubungkan jembatan itu.",
    "Pemerintah kabupaten menjanjikan bantuan semen dan besi supaya jembatan yang baru tahan sampai sepuluh tahun.",
)
BLOCKS = (
    FIRST, "Gotong royong dua dusun", SECOND, "Bambu petung dari hutan desa", "Tali ijuk dari Pasar Induk",
    "Kami tidak mau anak-anak terlambat ke sekolah lagi, ujar seorang warga.", "Menunggu janji kabupaten",
    "Semen dikirim bulan depan.", THIRD,
)  # fmt: skip
MARKED_UP = (
    f"<p>{BLOCKS[0]}</p><h2>{BLOCKS[1]}</h2><p>{BLOCKS[2]}</p><ul><li>{BLOCKS[3]}</li><li>{BLOCKS[4]}</li></ul>"
    '<figure><img src="/j.jpg"><figcaption>Jembatan itu sesudah banjir, Kamis</figcaption></figure>'
    f"<blockquote><p>{BLOCKS[5]}</p></blockquote><h3>{BLOCKS[6]}</h3><ol><li>{BLOCKS[7]}</li></ol><p>{BLOCKS[8]}</p>"
)


def read(html: str) -> Article:
    portal = Portal("x", "X", "https://portal.example/", "general", None, "Asia/Jakarta", ())
    url = "https://portal.example/berita/jembatan-bambu"
    return read_page(Page(url, html.encode(), "text/html", datetime(2024, 6, 28, tzinfo=UTC)), portal)


def page(text: str, *, above: str = "", below: str = "", head: str = "") -> str:
    return (
        f'<html lang="id"><head><title>{TITLE}</title><meta property="og:type" content="article">{head}</head><body>'
        f'<div class="isi"><h1>{TITLE}</h1>{above}<div class="teks">{text}</div>{below}</div></body></html>'
    )


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def json_ld(author: str) -> str:
    return (
        '<script type="application/ld+json">{"@type": "NewsArticle", '
        f'"author": {{"@type": "Person", "name": "{author}"}}}}</script>'
    )


@pytest.mark.parametrize("make", [page, lambda text: newkarma(text=text)], ids=["general", "family"])
def test_headings_list_items_and_quotes_are_paragraphs_in_order_and_captions_are_none(
    make: Callable[[str], str],
) -> None:
    assert read(make(MARKED_UP)).paragraphs == BLOCKS


def test_a_first_paragraph_that_stands_bare_is_not_lost() -> None:
    html = page(
        f"<b>Portal.com</b> - <a href=/desa>{FIRST}</a><p>{SECOND}<p>{THIRD}", above="<p>Kamis, 27 Juni 2024</p>"
    )
    assert read(html).paragraphs == (f"Portal.com - {FIRST}", SECOND, THIRD)


def test_a_summary_of_its_own_above_the_text_is_no_first_paragraph() -> None:
    summary = (
        "Ringkasan panjang yang berdiri sendiri di atas isi berita, lebih dari seratus huruf, dan bukan bagian isi."
    )
    html = page(paragraphs(FIRST, SECOND, THIRD), above=f'<div class="ringkas">{summary}</div>')
    assert read(html).paragraphs[0] == FIRST


def test_who_is_named_below_the_text_signed_it() -> None:
    table = "<table><tr><td>Penulis</td><td>: Rina Wati</td></tr></table>"
    below = f"<div>Ikuti topik ini:</div>{table}<div>Editor : Joko</div>"
    article = read(page(paragraphs(FIRST, SECOND, THIRD), below=below))
    assert (article.author, article.editor) == ("Rina Wati", "Joko")
    assert article.paragraphs == (FIRST, SECOND, THIRD)


def test_an_editor_whom_json_ld_calls_the_author_is_none() -> None:
    html = page(paragraphs(FIRST, SECOND, THIRD), below="<div>Editor : Joko Susilo</div>", head=json_ld("Joko Susilo"))
    assert (read(html).author, read(html).editor) == (None, "Joko Susilo")


@pytest.mark.parametrize(
    ("above", "head", "author"),
    [
        ("<div>Rina Wati</div><span>20/1/2026 18:30</span>", "", "Rina Wati"),
        ("<div>Ekonomi Desa</div><div>Bagikan</div><span>20/1/2026 18:30</span>", "", None),
        ("", '<meta name="content_author" content="Rina Wati">', "Rina Wati"),
    ],
)  # fmt: skip
def test_the_author_is_found_elsewhere_then(above: str, head: str, author: str | None) -> None:
    below = "<div>Editor : Joko Susilo</div>"
    html = page(paragraphs(FIRST, SECOND, THIRD), above=above, below=below, head=json_ld("Joko Susilo") + head)
    assert read(html).author == author


def test_titles_and_dates_of_the_page_and_of_other_articles_are_no_text() -> None:
    text = paragraphs("Foto Desa", TITLE, "Selasa, 23/02/2016 15:32 WIB", FIRST, SECOND, THIRD)
    others = "".join(f"<li>Selasa, 23/02/2016 1{hour}:10 WIB</li>" for hour in range(5))
    assert read(page(f"{text}<ul>{others}</ul>")).paragraphs == (FIRST, SECOND, THIRD)


@pytest.mark.parametrize(
    ("head", "shown"),
    [
        (f"{TITLE} - Kabar Desa", TITLE),
        (f"{TITLE} | Berita Jawa Timur Terkini dan Terpercaya Hari Ini", TITLE),
        (f"Kabar Desa: {TITLE}", TITLE),
    ],
)
@pytest.mark.parametrize("family", ["general", "wordpress"])
def test_a_title_without_a_heading_is_what_the_page_shows_of_its_head(head: str, shown: str, family: str) -> None:
    text = paragraphs(FIRST, SECOND, THIRD)
    html = page(text) if family == "general" else newkarma(text=text).replace("</head>", "<title></title></head>")
    html = re.sub(r"<h1[^>]*>.*?</h1>", f"<div>Kabar Desa</div><div>{TITLE}</div>", html)
    html = re.sub(r"<title>.*?</title>", f"<title>{head}</title>", html)
    article = read(html)
    assert (article.title, article.reader) == (shown, family)
    assert article.paragraphs == (FIRST, SECOND, THIRD)


@pytest.mark.parametrize(
    ("line", "is_text"),
    [
        ("COPYRIGHT © ANTARA 2017", False),
        ("Copyright @ 2026 Kabar Desa. All Rights Reserved", False),
        ("Hak cipta dilindungi undang-undang", False),
        ("Hak cipta lagu itu tetap di tangan keluarga, kata pengacaranya.", True),
    ],
)
@pytest.mark.parametrize("make", [page, lambda text: newkarma(text=text)], ids=["general", "family"])
def test_a_line_that_says_whose_the_text_is_is_no_text(make: Callable[[str], str], line: str, is_text: bool) -> None:
    article = read(make(paragraphs(FIRST, SECOND, THIRD, "Editor: Joko", line)))
    assert (line in article.paragraphs) is is_text


def test_a_byline_ends_where_the_editors_begins() -> None:
    above = "<div><span>Penulis: Rina Wati</span><span>Editor: Joko Susilo</span></div>"
    assert read(page(paragraphs(FIRST, SECOND, THIRD), above=above)).author == "Rina Wati"


@pytest.mark.parametrize(
    ("line", "is_text"),
    [
        ('Related: <a href="/lain">Semen untuk jembatan dikirim</a>', False),
        ('<a href="/lain">Read also: Semen untuk jembatan dikirim</a>', False),
        ('Mehr zum Thema:</p><p><a href="/lain">Semen untuk jembatan dikirim</a>', False),
        ("Related: semen untuk jembatan dikirim bulan depan.", True),
        ('Related work was done in <a href="/lain">another village</a>.', True),
    ],
)
def test_a_pointer_to_another_article_is_no_text_and_its_words_alone_are_no_pointer(line: str, is_text: bool) -> None:
    body = newkarma(text=f"<p>{FIRST}</p><p>{SECOND}</p><p>{line}</p><p>{THIRD}</p>")
    page = Page("https://portal.example/berita/x", body.encode(), "", datetime(2024, 6, 28, tzinfo=UTC))
    found = read_page(page, Portal("x", "X", "https://portal.example/", "wordpress", None, "Asia/Jakarta", ()))
    assert len(found.paragraphs) == 3 + is_text


@pytest.mark.parametrize(("way", "said"), [("latin-1", "“Kami” — kafé"), ("cp1252", "“Kami — kafé")])
def test_a_text_that_was_encoded_twice_is_read_as_it_was_written(way: str, said: str) -> None:
    twice = newkarma(text=f"<p>{FIRST} {said}</p><p>{SECOND}</p>").encode().decode(way).encode()
    page = Page("https://portal.example/berita/x", twice, "", datetime(2024, 6, 28, tzinfo=UTC))
    found = read_page(page, Portal("x", "X", "https://portal.example/", "wordpress", None, "Asia/Jakarta", ()))
    assert found.paragraphs[0] == f"{FIRST} {said}"
