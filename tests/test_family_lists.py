"""Index pages as the families print them: which articles they name, with which dates, and where they go on."""

import pytest

from kwri_crawler.catalogue import PORTALS, ListingKind, Portal, read_catalogue
from kwri_crawler.listings import ListingPage, read_listing

HOME = "https://kabar.example.id"
SIDE = '<aside><h3><a href="/terpopuler/kabar-lama-sekali">Kabar lama sekali</a></h3></aside>'


def page(column: str) -> bytes:
    menu = "<nav><a href='/'>Beranda</a><a href='/tentang-kami-dan-redaksi'>Tentang kami dan redaksi portal</a></nav>"
    return (
        f"<!DOCTYPE html><html lang=id><head><title>x</title></head><body>{menu}{column}{SIDE}</body></html>".encode()
    )


def read(column: str, at: str, of: Portal | None = None) -> ListingPage:
    portal = of or Portal("x", "X", f"{HOME}/", "general", None, "Asia/Jakarta", ())
    return read_listing(ListingKind.INDEX, page(column), f"{portal.home.rstrip('/')}{at}", portal)


DISWAY = """<div class="col-sm-8"><div class="media"><div class="media-body"><h2 class="media-heading">
<a href="https://kabar.example.id/read/672134/sumur-bor">Sumur Bor</a></h2><p class="date">
<a href="/kategori/12/desa">Desa</a>
<span>Senin 23-02-2026,17:18 WIB</span></p></div></div><ul class="pagination"><li class="active"><a>1</a></li>
<li><a href="/kategori/12/desa/30" data-ci-pagination-page="2">2</a></li>
<li><a href="/kategori/12/desa/60" data-ci-pagination-page="3">3</a></li></ul></div>"""
RMOL = """<div class="bussiness-post-item mb-40"><div class="bussiness-post-content"><h3 class="title">
<a href="/jalan-kebun">
Jalan Kebun</a></h3><div class="meta-date-link"><span>Jumat, 25 Juli 2025</span></div></div></div>
<ul class="pagination">
<li><a href="/category/daerah?page=2" data-ci-pagination-page="2">2</a></li>
<li><a href="/category/daerah?page=803" data-ci-pagination-page="803">Last</a></li></ul>"""
ODOO = """<div id="o_wblog_posts_loop"><article name="blog_post" class="o_wblog_post">
<a class="badge" href="/blog/nasional-3">
Nasional</a><a href="/blog/nasional-3/posko-106038"><h2 class="o_blog_post_title">Posko</h2></a>
<div class="o_wblog_post_list_author"><time>17 Sep 2026</time></div></article></div>
<ul class="pagination"><li><a href="/blog">1</a></li><li><a href="/blog/page/2">2</a></li></ul>"""
POPOJI = """<div id="posts"><div class="entry clearfix"><div class="entry-image"><a href="/po-content/uploads/a.jpg">
<img src="a.jpg"></a></div><div class="entry-c"><div class="entry-title"><h2>
<a href="/detailpost/bibit-kopi">Bibit Kopi</a></h2>
</div><ul class="entry-meta clearfix"><li><i class="icon-calendar3"></i> 09 Maret 2022</li></ul></div></div>
<div class="entry clearfix"><div class="entry-title"><h2><a href="/detailpost/pos-ronda">Pos Ronda</a></h2></div>
</div></div>
<ul class="pagination"><li class="active"><a>1</a></li><li><a href="/category/all/2">2</a></li></ul>"""
KOMPAS = """<div class="articleItem"><a class="article-link" href="/read/2026/01/02/101010178/dermaga-kayu">
<h2 class="articleTitle">
Dermaga Kayu</h2><div class="articlePost-date">2 Januari 2026</div></a></div>
<div class="paging__wrap"><a class="paging__link paging__link--next" href="?page=2" rel="next">Next</a></div>"""
JOOMLA = """<div class="com-content-category-blog"><div class="blog-item"><div class="page-header">
<h2 itemprop="name">
<a href="/berita/perpustakaan-keliling">Perpustakaan</a></h2></div><dl class="article-info"><dd class="published">
<time>
05 Oktober 2021</time></dd></dl></div><div class="blog-item"><h2><a href="/berita/jalan-lingkar">Jalan</a></h2>
</div></div>
<ul class="pagination"><li><a href="/berita?start=5">2</a></li><li><a href="/berita?start=10">3</a></li></ul>"""
DRUPAL = """<div class="views-row"><article class="node node--type-article"><h2>
<a href="/berita/kapal-riset">Kapal</a></h2>
<div class="node__submitted"><time datetime="2025-03-11T14:45:00+08:00">Sel, 11/03/2025 - 14:45</time></div>
</article></div>
<nav class="pager"><ul><li class="is-active"><a href="?page=0">1</a></li><li><a href="?page=1">2</a></li>
<li><a href="?page=1" rel="next">Next ›</a></li></ul></nav>"""
SUARA = """<div class="item"><div class="description"><h2>
<a href="/read/2024/05/14/083512/halte-kayu">Halte Kayu</a></h2>
<span class="date">14 Mei 2024 | 08:35 WIB</span></div></div><ul class="pagination"><li>
<a href="/indeks?page=2">2</a></li></ul>"""
INEWS = """<div class="widgetListArticle__body"><article class="cardArticle"><a href="/berita/jembatan-apung">
<h3 class="cardTitle">
Jembatan Apung</h3><span class="postTime">6 Januari 2026</span></a></article></div>"""


@pytest.mark.parametrize(
    ("column", "at", "named", "more"),
    [
        (DISWAY, "/kategori/12/desa", [("/read/672134/sumur-bor", "23-02-2026")], "/kategori/12/desa/30"),
        (DISWAY, "/kategori/12/desa/30", [("/read/672134/sumur-bor", "23-02-2026")], "/kategori/12/desa/60"),
        (RMOL, "/category/daerah", [("/jalan-kebun", "25 Juli 2025")], "/category/daerah?page=2"),
        (ODOO, "/blog", [("/blog/nasional-3/posko-106038", "17 Sep 2026")], "/blog/page/2"),
        (
            POPOJI, "/category/all",
            [("/detailpost/bibit-kopi", "09 Maret 2022"), ("/detailpost/pos-ronda", None)], "/category/all/2",
        ),
        (KOMPAS, "/indeks", [("/read/2026/01/02/101010178/dermaga-kayu", "2 Januari 2026")], "/indeks?page=2"),
        (
            JOOMLA, "/berita",
            [("/berita/perpustakaan-keliling", "05 Oktober 2021"), ("/berita/jalan-lingkar", None)], "/berita?start=5",
        ),
        (DRUPAL, "/berita", [("/berita/kapal-riset", "11/03/2025")], "/berita?page=1"),
        (DRUPAL, "/berita?page=1", [("/berita/kapal-riset", "11/03/2025")], None),
        (SUARA, "/indeks", [("/read/2024/05/14/083512/halte-kayu", "14 Mei 2024")], "/indeks?page=2"),
        (INEWS, "/indeks", [("/berita/jembatan-apung", "6 Januari 2026")], None),
    ],
)  # fmt: skip
def test_an_index_page_names_its_articles_their_dates_and_the_next_page(
    column: str, at: str, named: list[tuple[str, str | None]], more: str | None
) -> None:
    found = read(column, at)
    assert [(entry.url, entry.printed_date) for entry in found.entries] == [(HOME + url, date) for url, date in named]
    assert found.more == ((HOME + more,) if more else ())


VIVA = "".join(
    f'<div class="article-list-row"><div class="article-list-info"><a class="article-list-cate" href="/{section}"><h3>'
    f'{section}</h3></a><a class="article-list-title" href="/{section}/{number}-kabar"><h2>Kabar {number}</h2></a>'
    f'<div class="article-list-date"><span>{ago} hari lalu</span></div></div></div>'
    for section, number, ago in (("berita", 6192, 1), ("ragam", 6180, 2))
)


def test_the_section_above_a_headline_is_no_article() -> None:
    assert [entry.url for entry in read(VIVA, "/indeks").entries] == [
        f"{HOME}/berita/6192-kabar",
        f"{HOME}/ragam/6180-kabar",
    ]


def test_vivas_file_says_where_an_item_begins_so_that_its_date_is_found() -> None:
    (viva,) = (one for one in read_catalogue(PORTALS).portals if one.id == "viva-lampung")
    found = read(VIVA, "/indeks", viva)
    assert [(entry.url, entry.printed_date) for entry in found.entries] == [
        ("https://lampung.viva.co.id/berita/6192-kabar", "1 hari lalu"),
        ("https://lampung.viva.co.id/ragam/6180-kabar", "2 hari lalu"),
    ]


def test_a_date_is_taken_from_the_headlines_own_item_alone() -> None:
    column = (
        '<div class="daftar"><div><h2><a href="/kabar-satu-desa">Satu</a></h2></div>'
        '<div><h2><a href="/kabar-dua-desa">Dua</a></h2><p>2 Mei 2026</p></div></div><p>9 Juni 2026</p>'
    )
    assert [entry.printed_date for entry in read(column, "/indeks").entries] == [None, "2 Mei 2026"]
