"""What a page shows of other articles stays theirs: their text, author, date and picture become none of this one's."""

import json
from datetime import UTC, datetime
from urllib.parse import urljoin

import pytest

from kwri_crawler.catalogue import Portal
from kwri_crawler.dates import with_dates
from kwri_crawler.items import Article, Page
from kwri_crawler.pages import read_page
from kwri_crawler.pages.authors import author_of

URL = "https://kabarmuara.example/daerah/warga-tolak-tambang-pasir"
TITLE = "Warga muara menolak tambang pasir laut"
TEXT = (
    "Puluhan nelayan dari tiga kampung di muara menolak rencana tambang pasir laut yang dimulai pada bulan depan.",
    "Mereka mendatangi kantor kecamatan dengan jaring yang robek dan hasil tangkapan yang terus menyusut tahun ini.",
    "Ketua rukun nelayan mengatakan air laut keruh dan udang tidak lagi masuk ke muara pada pagi hari.",
    "Camat berjanji menyampaikan keberatan itu kepada dinas kelautan dan meminta dokumen dampak lingkungannya.",
)
OTHER_TITLE = "Lapak pasar rakyat ditata ulang"
OTHER = (
    "Panitia pasar rakyat menata ulang lapak pedagang sayur supaya mobil pemadam dapat melintas sampai ke belakang.",
    "Seorang pedagang tempe senang karena pembeli tidak lagi berdesakan di lorong sempit yang dahulu selalu becek.",
    "Kepala pasar menargetkan penataan selesai sebelum bulan puasa dan melarang meja di luar garis kuning.",
    "Pengunjung diminta memakai pintu timur karena jalan di sisi barat dipenuhi tumpukan batu bata merah.",
)
CARD = '<div class="item"><h4><a href="/pasar/lapak-ditata">Lapak pasar rakyat ditata ulang</a></h4>{}</div>'


def paragraphs(texts: tuple[str, ...]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


OWN = f"<h1>{TITLE}</h1>{paragraphs(TEXT)}"


def read(body: str, head: str = "") -> Article:
    html = (
        f'<html lang="id"><head><title>{TITLE} - Kabar Muara</title><meta property="og:type" content="article">'
        f'<meta property="og:site_name" content="Kabar Muara"><meta property="og:title" content="{TITLE}">{head}</head>'
        f'<body><nav><a href="/">Beranda</a></nav>{body}<footer>Hak cipta Kabar Muara</footer></body></html>'
    )
    page = Page(URL, html.encode(), "", datetime(2026, 10, 8, 3, tzinfo=UTC))
    portal = Portal("x", "Kabar Muara", "https://kabarmuara.example/", "general", None, "Asia/Jakarta", ())
    return with_dates(read_page(page, portal))


@pytest.mark.parametrize(
    "body",
    [
        f'<section><article><h3><a href="/pasar">{OTHER_TITLE}</a></h3>{paragraphs(OTHER)}</article></section>{OWN}',
        f'<div class="sticky"><h2><a href="/pasar">{OTHER_TITLE}</a></h2>{paragraphs(OTHER)}</div><div>{OWN}</div>',
        f'{OWN}<section><article><h2><a href="/pasar">{OTHER_TITLE}</a></h2>{paragraphs(OTHER)}</article></section>',
        # a builder of WordPress whose own text has no class that any theme uses, and whose cards have
        f'<div class="hentry"><h2 class="entry-title">{OTHER_TITLE}</h2><div class="entry-content">{paragraphs(OTHER)}'
        f'</div></div><div class="ct-inner"><link href="/wp-content/x.css">{OWN}</div>',
        f'<div class="ct-inner"><link href="/wp-content/x.css">{OWN}</div><article class="hentry">'
        f'<h2 class="entry-title"><a href="/pasar">{OTHER_TITLE}</a></h2>'
        f'<div class="entry-content">{paragraphs(OTHER)}</div></article>',
    ],
    ids=["article above", "teaser above", "article below", "card of WordPress above", "card of WordPress below"],
)
def test_the_text_of_another_article_is_not_stored_under_this_one_s_title(body: str) -> None:
    found = read(body)
    assert found.title == TITLE
    assert found.paragraphs == TEXT


def test_a_card_within_a_text_does_not_end_it() -> None:
    card = f'<article><h3><a href="/pasar">{OTHER_TITLE}</a></h3><p>{OTHER[0]}</p></article>'
    body = f"<h1>{TITLE}</h1>{paragraphs(TEXT)}{card}{paragraphs(OTHER[1:])}"
    assert read(body).paragraphs == (*TEXT, *OTHER[1:])


def test_a_list_of_the_best_whose_parts_lead_elsewhere_is_kept_whole() -> None:
    parts = "".join(
        f'<article><h3><a href="/{i}">Tempat makan nomor {i}</a></h3><p>{text}</p></article>'
        for i, text in enumerate(OTHER)
    )
    found = read(f"<h1>{TITLE}</h1><p>{TEXT[0]}</p>{parts}").paragraphs
    assert set(found) >= {TEXT[0], *OTHER}


def test_a_text_that_stands_above_its_heading_is_kept() -> None:
    assert (
        read(f"<div>{paragraphs(TEXT)}</div><h1>{TITLE}</h1><p>Bagikan berita ini.</p>").paragraphs[: len(TEXT)] == TEXT
    )


@pytest.mark.parametrize("heading", ["Apa kata camat setempat", TITLE, "Daerah"])
def test_a_subheading_in_a_body_makes_it_no_other_s(heading: str) -> None:
    body = (
        f'<h1>{TITLE}</h1><link href="/wp-content/x.css"><article class="hentry"><div class="entry-content">'
        f"{paragraphs(TEXT[:1])}<h2>{heading}</h2>{paragraphs(TEXT[1:])}</div></article>"
    )
    assert read(body).reader == "wordpress"


@pytest.mark.parametrize(
    ("below", "local"),
    [
        (
            '<time class="entry-date published" itemprop="dateModified" datetime="2026-10-07T09:15:00+07:00"></time>',
            "2026-10-07T09:15",
        ),
        (CARD.format('<span class="tgl">Selasa, 1 September 2026 08:00 WIB</span>'), None),
        ('<div id="comments"><b>Joko</b> <span>8 Oktober 2026</span><p>Setuju sekali.</p></div>', None),
        (
            f'<article><h2><a href="/pasar">{OTHER_TITLE}</a></h2><time datetime="2026-09-01T08:00:00+07:00">1 Sept'
            "</time></article>",
            None,
        ),
        ('<div class="tgl">Rabu, 7 Oktober 2026 09:15 WIB</div>', "2026-10-07T09:15"),
        (
            f'<div><h3><a href="{URL}">{TITLE}</a></h3><b class="tgl">Rabu, 7 Oktober 2026 09:15 WIB</b></div>',
            "2026-10-07T09:15",
        ),
        (
            '<time itemprop="dateModified" datetime="2026-10-07T11:00:00+07:00">11:00</time>'
            '<time itemprop="datePublished" datetime="2026-10-07T09:15:00+07:00">09:15</time>',
            "2026-10-07T09:15",
        ),
    ],
    ids=[
        "published, whatever its itemprop",
        "a card's",
        "a comment's",
        "a card's time",
        "its own",
        "beside its own link",
        "an update's",
    ],
)
def test_the_date_of_something_else_is_not_the_article_s(below: str, local: str | None) -> None:
    found = read(f"<main>{OWN}{below}</main>").published
    assert (found.local.isoformat()[:16] if found else None) == local


@pytest.mark.parametrize("printed", ["Rabu (7/10/2026) pukul 09.15 WIB", "07 Oktober 2026 / 09:15 WIB"])
def test_a_date_keeps_its_clock_behind_a_bracket_and_a_stroke(printed: str) -> None:
    found = read(f"<article><h1>{TITLE}</h1><div>{printed}</div>{paragraphs(TEXT)}</article>").published
    assert found is not None
    assert found.local.isoformat()[:16] == "2026-10-07T09:15"


@pytest.mark.parametrize(
    ("link", "headline", "author"),
    [
        ("/pasar/lapak-ditata", OTHER_TITLE, None),
        (URL, OTHER_TITLE, "Bagus Santoso"),  # retitled since
        ("/pasar/lapak-ditata", TITLE, "Bagus Santoso"),  # an older address
        (None, OTHER_TITLE, "Bagus Santoso"),
    ],
)
def test_json_ld_of_another_page_alone_is_not_this_one_s(link: str | None, headline: str, author: str | None) -> None:
    said: dict[str, object] = {"@type": "NewsArticle", "headline": headline, "author": {"name": "Bagus Santoso"}}
    said |= {"url": urljoin(URL, link)} if link else {}
    assert read(OWN, f'<script type="application/ld+json">{json.dumps(said)}</script>').author == author


@pytest.mark.parametrize(
    ("above", "image"),
    [
        ('<div class="iklan"><a href="https://toko.example"><img src="/banner/sabun.jpg"></a></div>', None),
        ('<div class="baca-juga"><img src="/uploads/lapak.jpg"><a href="/pasar">Lapak ditata</a></div>', None),
        (CARD.format('<img src="/uploads/lapak.jpg">'), None),
        ('<figure><img src="/assets/lazyload.gif" data-url="/uploads/muara.jpg"></figure>', "/uploads/muara.jpg"),
        ('<figure><img src="/assets/lazyloader.png"></figure>', None),
        ('<div><img src="/uploads/muara.jpg"></div>', "/uploads/muara.jpg"),
    ],
)
def test_the_picture_of_something_else_is_not_the_article_s(above: str, image: str | None) -> None:
    found = read(f"<article><h1>{TITLE}</h1>{above}{paragraphs(TEXT)}</article>").image_url
    assert found == (image and f"https://kabarmuara.example{image}")


@pytest.mark.parametrize(
    "image",
    [
        '<img src="/blank.gif" data-echo="/uploads/muara.jpg">',
        '<img src="/1.gif" data-pagespeed-lazy-src="/uploads/muara.jpg">',
        '<img src="data:image/png;base64,AAA" data-hires="/uploads/muara.jpg?w=800">',
        '<img src="/uploads/muara.jpg" data-thumb="/uploads/muara-kecil.jpg">',
    ],
)
def test_a_picture_that_is_loaded_late_is_found_whatever_its_loader_calls_it(image: str) -> None:
    found = read(f"<article><h1>{TITLE}</h1><figure>{image}</figure>{paragraphs(TEXT)}</article>").image_url
    assert (found or "").partition("?")[0] == "https://kabarmuara.example/uploads/muara.jpg"


@pytest.mark.parametrize("told", ["N/A", "0", "{{image}}", "{{image}}.jpg", "-"])
def test_what_a_template_left_is_no_picture(told: str) -> None:
    assert read(OWN, f'<meta property="og:image" content="{told}">').image_url is None


@pytest.mark.parametrize(
    "label",
    [
        "Diperbaharui:",
        "Dimutakhirkan",
        "Revisi:",
        "Direvisi pada",
        "Update terakhir:",
        "Terakhir diedit",
        "Diubah tanggal",
    ],
)
def test_a_date_that_its_label_calls_a_change_is_an_update(label: str) -> None:
    times = f"<p>{label} 7 Oktober 2026 11:00 WIB</p><p>Terbit 7 Oktober 2026 09:15 WIB</p>"
    found = read(f"<article><h1>{TITLE}</h1>{times}{paragraphs(TEXT)}</article>")
    assert [moment and moment.local.hour for moment in (found.published, found.updated)] == [9, 11]


@pytest.mark.parametrize(
    ("above", "below"),
    [("Rabu, 7 Oktober 2026 09:15 WIB", ""), ("", "Terbit Rabu, 7 Oktober 2026 09:15 WIB")],
)
def test_wordpress_prints_a_date_above_the_headline_or_below_the_text(above: str, below: str) -> None:
    found = read(
        f'<link href="/wp-content/x.css"><main><div>{above}</div><article class="hentry">'
        f'<h1 class="entry-title">{TITLE}</h1><div class="entry-content">{paragraphs(TEXT)}</div>'
        f"<div>{below}</div></article></main>"
    )
    assert found.reader == "wordpress"
    assert found.published is not None
    assert found.published.local.isoformat()[:16] == "2026-10-07T09:15"


@pytest.mark.parametrize("name", ["Lokomedia", "CMS Sekolahku", "AuraCMS", "Blogger", "Super User", "null", "Newsroom"])
def test_a_system_s_name_is_no_author(name: str) -> None:
    assert author_of(name) is None


@pytest.mark.parametrize("name", ["Acmad Salim", "Super Yanto", "Nulla Sari"])
def test_a_name_that_holds_a_system_s_is_one(name: str) -> None:
    assert author_of(name) == name


@pytest.mark.parametrize("shape", ['div class="crumb"', 'ul class="bread-crumb"'])
def test_a_breadcrumb_names_the_section_however_it_is_called(shape: str) -> None:
    steps = '<a href="/">Home</a> &gt; <a href="/daerah/">Daerah</a>'
    assert read(f"<{shape}>{steps}</{shape.split()[0]}>{OWN}").section == "Daerah"


def test_key_words_that_are_linked_are_tags() -> None:
    links = '<a href="/kata-kunci/nelayan">nelayan</a>, <a href="/kata-kunci/muara">muara</a>'
    assert read(f"<article>{OWN}<div>Kata kunci: {links}</div></article>").tags == ("nelayan", "muara")


def test_a_job_behind_a_dash_is_no_part_of_a_name() -> None:
    said = {"@type": "NewsArticle", "headline": TITLE, "author": {"@type": "Person", "name": "Dwi Astuti - Jurnalis"}}
    assert read(OWN, f'<script type="application/ld+json">{json.dumps(said)}</script>').author == "Dwi Astuti"


def test_a_gallery_s_text_is_what_stands_below_its_pictures() -> None:
    figures = "".join(
        f'<figure><img src="/{i}.jpg"><figcaption>{text}</figcaption></figure>' for i, text in enumerate(TEXT)
    )
    others = f'<aside class="related"><figure><figcaption>{OTHER[0]}</figcaption></figure></aside>'
    assert read(f"<article><h1>{TITLE}</h1>{figures}</article>{others}").paragraphs == TEXT
    assert read(f"<article>{OWN}<figure><figcaption>{OTHER[0]}</figcaption></figure></article>").paragraphs == TEXT
