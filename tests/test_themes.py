"""Pages as themes print them, general reader: each holds one trap, or a control that a clumsy mend would break."""

from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from kwri_crawler import ReadArticle, read_article
from kwri_crawler.pages.header import name_beside_date
from kwri_crawler.pages.source import text_of

TITLE = "Petani Wuluhan Panen Jeruk Lebih Awal"
TEXT = (
    "Petani jeruk di Kecamatan Wuluhan memanen kebun mereka dua pekan lebih awal karena hujan berhenti akhir bulan.",
    "Ketua kelompok tani menyebut hasil setiap hektare naik menjadi delapan belas ton dibandingkan musim sebelumnya.",
    "Pengepul dari tiga kabupaten sudah menunggu di tepi jalan desa dengan truk yang disewa bersama sejak pagi buta.",
    "Dinas pertanian meminta petani tidak memetik buah yang masih hijau supaya harga di pasar induk tidak jatuh lagi.",
    "Sebagian hasil panen akan dikirim ke pabrik minuman yang baru dibuka di kota dan membeli buah yang terlalu kecil.",
)
OTHER = "Harga Jeruk di Pasar Induk Naik Lagi"


def p(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def read(body: str, head: str = "", url: str = "https://kabarwuluhan.example/berita/panen-jeruk") -> ReadArticle:
    html = (
        f'<!DOCTYPE html><html lang="id"><head><title>{TITLE} - Kabar Wuluhan</title><meta property="og:title"'
        f' content="{TITLE}"><meta property="og:site_name" content="Kabar Wuluhan">{head}</head>'
        f"<body>{body}</body></html>"
    )
    return read_article(html.encode(), url, fetched_at=datetime(2025, 9, 1, tzinfo=UTC))


def day(found: ReadArticle) -> str | None:
    published = found.article.published
    return published.local.date().isoformat() if published else None


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<b>K</b>abupaten", "Kabupaten"),
        ("<span class=dropcap>K</span>abupaten", "Kabupaten"),
        ("ka<b>bu</b>paten", "kabupaten"),
        ("Panen <em>Jeruk</em>, Lalu <a href=/>Apel</a>.", "Panen Jeruk, Lalu Apel."),
        ("<span>Penulis: <a>Rina</a></span><span>Minggu</span>", "Penulis: Rina Minggu"),
        ("<span>oleh</span><span>rina</span>", "oleh rina"),
        ("<a>beranda</a><a>ekonomi</a>", "beranda ekonomi"),
        ("<span>10</span>menit", "10 menit"),
        ("<p>satu</p><p>dua</p>tiga<br>empat", "satu dua tiga empat"),
    ],
)
def test_markup_of_letters_parts_no_word_and_elements_side_by_side_are_parted(markup: str, text: str) -> None:
    assert text_of(LexborHTMLParser(markup).body) == text


@pytest.mark.parametrize(
    "opened",
    ["<div><a href=/><img src=/logo.png></div><div>", "<div><a name=atas>", "<div><a href=/beranda>Beranda<div>"],
)
def test_a_link_that_nobody_closed_makes_no_text_a_link(opened: str) -> None:
    found = read(f"{opened}<h1>{TITLE}</h1><p>3 Agustus 2025</p>{p(*TEXT)}</div>")
    assert (found.article.paragraphs, day(found)) == (TEXT, "2025-08-03")


@pytest.mark.parametrize(
    ("below", "due"),
    [
        ("<footer>Diterbitkan 3 Agustus 2025</footer></main>", "2025-08-03"),
        ("</main><footer>Diterbitkan 3 Agustus 2025</footer>", None),  # the site's
        ("<footer>© Kabar Wuluhan, 3 Agustus 2025</footer></main>", None),
        ("<h3>2 Komentar</h3><div><p>Bagus</p><i>3 Agustus 2025</i></div></main>", None),
    ],
)
def test_the_footer_of_the_article_s_part_dates_it_and_no_comment_and_no_site_s_footer_does(
    below: str, due: str | None
) -> None:
    assert day(read(f"<main><h1>{TITLE}</h1>{p(*TEXT)}{below}", '<meta property="og:type" content="article">')) == due


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Rina Wati - 3 Agustus 2025", "Rina Wati"),
        ("I Ketut Arya – Minggu, 3 Agustus 2025 | 10:12 WIB", "I Ketut Arya"),
        ("August 3, 2025 · 3 min · Rina Wati", "Rina Wati"),
        ("3 Agustus 2025 | 650 kata | Rina Wati", "Rina Wati"),
        ("Hukum Kriminal - 3 Agustus 2025", None),
        ("3 Agustus 2025 · 2 menit · Kabar Daerah", None),
        ("Bandar Lampung - 3 Agustus 2025", None),
        ("Kabar Wuluhan - 3 Agustus 2025", None),
        ("Products Liability | August 3, 2025", None),
        ("Rina Wati - 3 menit baca", None),
    ],
)
def test_a_name_before_a_date_or_behind_a_reading_time_is_the_author_s(line: str, author: str | None) -> None:
    assert name_beside_date([line], ("Kabar Wuluhan",), ["Hukum & Kriminal", "Daerah", "Baca"]) == author


@pytest.mark.parametrize(
    "line", ["2025年8月3日 10:15", "公開日:2025年8月3日", "3 августа 2025, 10:15", "3 de agosto de 2025"]
)
def test_a_date_line_of_any_script_is_no_first_paragraph(line: str) -> None:
    assert read(f"<article><h1>{TITLE}</h1>{p(line, *TEXT)}</article>").article.paragraphs == TEXT


def test_a_first_line_that_only_holds_numbers_and_a_year_is_text() -> None:
    line = "3 Kebun dan Panen 2025"
    assert read(f"<article><h1>{TITLE}</h1>{p(line, *TEXT)}</article>").article.paragraphs == (line, *TEXT)


@pytest.mark.parametrize("family", ["", '<link href="/wp-content/a.css">'], ids=["general", "wordpress"])
@pytest.mark.parametrize(
    ("between", "kept"),
    [
        (f"<p><a href=/berita/harga-jeruk>{OTHER}</a></p>", ()),
        (f"<p><strong><a href=/berita/harga-jeruk>{OTHER}</a></strong></p>", ()),
        (f"<p><a href=https://lain.example/harga>{OTHER}</a></p>", (OTHER,)),
        (f"<p><a href=/berkas/edaran.pdf>{OTHER}</a></p>", (OTHER,)),
        (f"<p>Selengkapnya di sini:</p><p><a href=/berita/harga>{OTHER}</a></p>", ("Selengkapnya di sini:", OTHER)),
        (f"<h3><a href=/kebun/induk>{OTHER}</a></h3>", (OTHER,)),
    ],
)  # fmt: skip
def test_a_linked_headline_alone_among_the_text_leads_elsewhere(
    between: str, kept: tuple[str, ...], family: str
) -> None:
    text = f"{p(*TEXT[:2])}{between}{p(*TEXT[2:])}"
    found = read(f"<article class=hentry><h1>{TITLE}</h1><div class=entry-content>{text}</div></article>", family)
    assert found.article.paragraphs == (*TEXT[:2], *kept, *TEXT[2:])


def test_linked_headlines_in_a_row_are_the_text_s_list() -> None:
    row = "".join(f"<p><a href=/berita/harga-{day}>{OTHER} {day}</a></p>" for day in ("Besok", "Lusa"))
    body = f"<h1>{TITLE}</h1><div class=entry-content>{p(*TEXT[:2])}{row}{p(*TEXT[2:])}</div>"
    found = read(f"<article class=hentry>{body}</article>", '<link href="/wp-content/a.css">')
    assert found.article.paragraphs[2:4] == (f"{OTHER} Besok", f"{OTHER} Lusa")
