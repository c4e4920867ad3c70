"""Bodies and titles of pages of unknown make: the article's text; no menu, no card, no next article, no second copy."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from html import escape

import pytest

from kwri_crawler.catalogue import Portal
from kwri_crawler.causes import Cause
from kwri_crawler.items import Article, Page
from kwri_crawler.pages import PageError, read_page
from kwri_crawler.pages.blocks import lines_of
from kwri_crawler.pages.bodies import as_shown, elected, likeness, lines_of_others, told_by
from kwri_crawler.pages.clues import of_neighbours, of_passages
from kwri_crawler.pages.counted import Told
from kwri_crawler.pages.model import NUMBERS, chances_of, chosen, is_bio
from kwri_crawler.pages.page_clues import clues_of, measures_of, of_address
from kwri_crawler.pages.passages import MOST_PASSAGES, passages_of
from kwri_crawler.pages.portal_names import without_portal
from kwri_crawler.pages.refuse import no_article
from kwri_crawler.pages.source import Source
from kwri_crawler.pages.text import once
from kwri_crawler.pages.titles import title_of, without_kicker
from kwri_crawler.pages.trees import chance, grown, score

TITLE = "Petani kopi di lereng Argopuro memanen lebih awal"
TEXT = (
    "Petani kopi di lereng Gunung Argopuro memanen buah merah tiga pekan lebih awal dari tahun lalu karena hujan reda.",
    "Ketua kelompok tani Sumber Makmur, Haris, mengatakan panen raya biasanya dimulai pada akhir bulan Juli nanti.",
    "Harga di tingkat petani naik menjadi dua belas ribu rupiah setiap kilogram, menurut catatan koperasi desa itu.",
    "Pemerintah kabupaten menyiapkan pelatihan pascapanen supaya mutu biji kopi tetap terjaga sampai ke pembeli.",
)
MENU = "".join(f'<li><a href="/kanal-{i}">Kanal {i}</a></li>' for i in range(12))
CARDS = "".join(
    f'<article class="card"><h2><a href="/lain-{i}">Berita lain nomor {i} tentang jalan desa yang rusak</a></h2>'
    f"<p>Cuplikan singkat berita nomor {i} yang panjangnya hanya satu kalimat.</p></article>"
    for i in range(6)
)


URL, AT = "https://kabarlereng.example/berita/panen-kopi", datetime(2024, 6, 28, tzinfo=UTC)
PORTAL = Portal("x", "X", "https://kabarlereng.example/", "general", None, "Asia/Jakarta", ())


def page(body: str, head: str = "", title: str = TITLE) -> Page:
    html = (
        f'<html lang="id"><head><title>{title} - Kabar Lereng</title><meta property="og:type" content="article">'
        f'<meta property="og:site_name" content="Kabar Lereng"><meta property="og:title" content="{title}">{head}'
        "</head>"
        f'<body><nav class="menu"><ul>{MENU}</ul></nav>{body}<footer>Hak cipta Kabar Lereng</footer></body></html>'
    )
    return Page("https://kabarlereng.example/berita/panen-kopi", html.encode(), "", datetime(2024, 6, 28, tzinfo=UTC))


def read(body: str, head: str = "") -> Article:
    return read_page(page(body, head), PORTAL)


def paragraphs(texts: tuple[str, ...] = TEXT) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def test_neither_menu_nor_cards_are_text() -> None:
    body = f'<h1>{TITLE}</h1><div class="isi">{paragraphs()}</div><div class="related">{CARDS}</div>'
    assert read(body).paragraphs == TEXT


def test_a_text_that_the_page_holds_twice_is_read_once() -> None:
    twice = f'<div class="desktop">{paragraphs()}</div><div class="mobile">{paragraphs()}</div>'
    assert read(f"<h1>{TITLE}</h1>{twice}").paragraphs == TEXT


@pytest.mark.parametrize(
    "between", ["<h1>Harga jagung di pasar</h1>", "<p>Berita selanjutnya</p><h2>Harga jagung</h2>"]
)
def test_the_next_article_below_is_not_this_one_s_text(between: str) -> None:
    following = paragraphs(tuple(text.replace("kopi", "jagung").replace("Petani", "Pedagang") for text in TEXT))
    body = f"<main><h1>{TITLE}</h1><div>{paragraphs()}</div>{between}<div>{following}</div></main>"
    assert read(body).paragraphs == TEXT


def test_of_a_page_of_endless_articles_the_first_is_read() -> None:
    following = tuple(text.replace("kopi", "jagung").replace("Petani", "Pedagang") for text in TEXT)
    body = (
        f"<article><h1>{TITLE}</h1><div class='isi'>{paragraphs()}</div></article>"
        f"<article><h1>Harga jagung di pasar</h1><div class='isi'>{paragraphs(following * 2)}</div></article>"
    )
    assert read(body).title == TITLE
    assert read(body).paragraphs == TEXT


@pytest.mark.parametrize(
    ("headings", "title"),
    [
        (f"<h1>{TITLE}</h1><h2>Harga di tingkat petani</h2>", TITLE),
        (f"<h1>Kabar Lereng</h1><h2>{TITLE}</h2>", TITLE),
        (f"<h1>Masuk ke akun Anda</h1><h1>{TITLE}</h1>", TITLE),
        ("<h1>Panen kopi Argopuro lebih awal tahun ini</h1>", "Panen kopi Argopuro lebih awal tahun ini"),
        ("<h2>Harga di tingkat petani</h2>", TITLE),
        (f"<h1>Kabar Lereng</h1><h2>{TITLE} / Juni 2024</h2>", TITLE),
        (f"<h3>{TITLE}</h3><h2>Petani jagung di lereng</h2>", TITLE),
        ("<h3>Petani kopi di lereng Argopuro resah</h3>", TITLE),  # a card's h3 has to say all of it
        (f'<h1><a href="/">Petani kopi Argopuro</a></h1><h2>{TITLE}!</h2>', f"{TITLE}!"),
        (f'<h1><a href="/lain">Petani kopi di lereng Argopuro resah</a></h1><h3>{TITLE}</h3>', TITLE),
        (f'<h1><a href="/">{TITLE}</a></h1><h2>{TITLE}!</h2>', f"{TITLE}!"),  # no article is the home page
        (f'<h1><a href="/lain">{TITLE}</a></h1><h2>Petani kopi di lereng Argopuro resah</h2>', TITLE),
        ('<h1><a href="/berita/panen-kopi">Panen kopi di lereng Argopuro</a></h1>', "Panen kopi di lereng Argopuro"),
        ('<a href="/lain"><h1>Panen kopi di lereng Argopuro</h1></a>', TITLE),
    ],
)  # fmt: skip
def test_the_title_is_the_heading_that_the_page_s_own_statements_speak_of(headings: str, title: str) -> None:
    assert title_of(Source.of(page(headings)))[0] == title


@pytest.mark.parametrize("told", ["Foto udara", "Foto udara - Galeri", "Foto udara | Taman Kota Lama di Utara"])
def test_a_heading_that_begins_the_pages_title_is_it_however_few_its_words_are(told: str) -> None:
    assert title_of(Source.of(page("<h1>Buka menu</h1><h1>Foto udara</h1>", title=told)))[0] == "Foto udara"


def test_of_headings_that_put_the_title_otherwise_the_address_chooses() -> None:
    address = "https://kabarlereng.example/wisata/jalur-terbaik-bersepeda-kota"
    both = "<h1>Jalur dan kampung terbaik untuk bersepeda di kota</h1><h1>Tempat makan enak di kota ini</h1>"
    told = page(both, title="Tempat kita bersepeda di kota")
    assert title_of(Source.of(told))[0] == "Tempat makan enak di kota ini"
    assert title_of(Source.of(replace(told, url=address)))[0].startswith("Jalur dan kampung")


def test_an_introduction_is_no_title_where_statement_and_address_agree_on_another() -> None:
    body = "<h1>Dinas mencari petani kopi maju</h1>"
    told = page(body, title="50 Petani Kopi Pilihan Lereng")
    assert title_of(Source.of(told))[0].startswith("Dinas")
    address = "https://kabarlereng.example/50-petani-kopi-pilihan-lereng"
    assert title_of(Source.of(replace(told, url=address)))[0] == "50 Petani Kopi Pilihan Lereng"
    nearer = page("<h1>Inilah petani kopi pilihan lereng timur</h1>", title="50 Petani Kopi Pilihan Lereng")
    assert title_of(Source.of(replace(nearer, url=address)))[0] == "Inilah petani kopi pilihan lereng timur"


@pytest.mark.parametrize(
    ("told", "body", "title"),
    [
        (f"Kabar Lereng: {TITLE}", f"<h1>Kabar Lereng</h1><h3>{TITLE}</h3>", TITLE),
        ("Kabar Lereng: Banjir: dua desa", "<h1>Kabar Lereng</h1><h2>Banjir: dua desa</h2>", "Banjir: dua desa"),
        ("Kabar Lereng: Panen", "<h1>Kabar Lereng</h1><div>Panen</div>", "Panen"),
        (f"{TITLE} | Kabar Lereng", f"<div>Kabar Lereng</div><h1>{TITLE}</h1>", TITLE),
        (f"{TITLE}: dua desa", f"<h1>{TITLE}</h1><h2>Kata mereka</h2>", TITLE),
    ],
)
def test_behind_the_portal_s_name_an_old_blogger_s_title_names_the_headline(told: str, body: str, title: str) -> None:
    html = f"<html><head><title>{told}</title></head><body>{body}{paragraphs()}</body></html>"
    at = Page("https://kabarlereng.example/2008/06/a.html", html.encode(), "", datetime(2024, 6, 28, tzinfo=UTC))
    assert read_page(at, PORTAL).title == title


def test_a_headline_in_json_ld_that_was_cut_does_not_cut_the_page_s_heading() -> None:
    cut = '<script type="application/ld+json">{"@type":"Article","headline":"Petani kopi di lereng"}</script>'
    assert title_of(Source.of(page(f"<h2>{TITLE}</h2>", cut)))[0] == TITLE


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        (f"<h1><span>Pertanian</span> <span>{TITLE}</span></h1>", TITLE),
        (f"<h1><span>Pertanian</span><i> - </i><span>{TITLE}</span></h1>", TITLE),
        (f"<h1><span>Pertanian</span> {TITLE}</h1>", TITLE),
        (f"<h1><span>Pertanian</span> {TITLE} lagi</h1>", f"Pertanian {TITLE} lagi"),
        (f"<h1><b>Jember</b> desa <span>{TITLE}</span></h1>", f"Jember desa {TITLE}"),  # bare words between
        (f"<h1><span>Pertanian</span> <span>{TITLE} lagi</span></h1>", f"Pertanian {TITLE} lagi"),  # nobody says so
    ],
)
def test_a_kicker_in_the_heading_is_no_part_of_the_title(heading: str, title: str) -> None:
    assert read(f"{heading}{paragraphs()}").title == title
    assert read(f"{heading}{paragraphs()}").paragraphs == TEXT


@pytest.mark.parametrize(
    "behind", ["<small>27 Juni 2024</small>", "<span>| 1.204 kali dibaca</span>", "<i>(<b>Video</b>)</i>"]
)
def test_what_an_element_behind_the_title_says_is_no_part_of_it(behind: str) -> None:
    assert read(f"<h1>{TITLE} {behind}</h1>{paragraphs()}").title == TITLE
    assert read(f"<h1>{TITLE[:-4]}<span>{TITLE[-4:]}</span></h1>{paragraphs()}").title == TITLE


@pytest.mark.parametrize(
    "link", ["<a href='/berita/panen-kopi'>{}</a>", "<a href='/berita/panen-kopi'><span>{}</span></a>", "{}"]
)
def test_a_date_or_kicker_before_the_title_is_no_part_of_it_where_the_heading_is_a_link(link: str) -> None:
    heading = link.format(f"<time>27 <b>Juni</b> 2024</time> {TITLE}")
    assert read(f"<h1>{heading}</h1>{paragraphs()}").title == TITLE


def test_a_family_s_title_has_no_kicker_either() -> None:
    heading = f'<h1 class="entry-title"><span>Pertanian</span> {TITLE}</h1>'
    body = f'<article class="post hentry">{heading}<div class="entry-content">{paragraphs()}</div></article>'
    at = read_page(page(f'{body}<link href="/wp-content/themes/a.css">'), replace(PORTAL, family="wordpress"))
    assert (at.reader, at.title) == ("wordpress", TITLE)


SHOWN = "Buah merah di lereng Argopuro datang lebih cepat"
STATED = f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{SHOWN}"}}</script>'
STEP = f'<nav><ul><li><a href="/">Beranda</a></li><li><h1>{TITLE}</h1></li></ul></nav>'


@pytest.mark.parametrize(
    ("headings", "title"),
    [
        (f"{STEP}<h2>{SHOWN}</h2>", SHOWN),
        (f"{STEP}<h2><span>Pertanian</span> <span>{SHOWN}</span> </h2>", SHOWN),
        (f'<div class="crumbs"><a href="/">Beranda</a><h1>{TITLE}</h1></div><h2>{SHOWN}</h2>', SHOWN),
        (f"{STEP}<h2>{SHOWN}, kata mereka</h2>", TITLE),  # no statement says so
        (f"{STEP}<h2>Harga di tingkat petani</h2>", TITLE),
        (f"<h1>{TITLE}</h1><h2>{SHOWN}</h2>", TITLE),  # readers see this h1
        (f'<div class="kepala"><h1>{TITLE}</h1></div><ul><li><h2>{SHOWN}</h2></li></ul>', TITLE),
    ],
)
def test_below_an_h1_that_is_a_breadcrumb_s_step_the_title_is_the_headline_that_readers_see(
    headings: str, title: str
) -> None:
    assert title_of(Source.of(page(headings, STATED)))[0] == title


def test_of_a_headline_without_the_kicker_of_the_breadcrumb_the_breadcrumb_s_is_the_title() -> None:
    kicker = STEP.replace(TITLE, f"Pertanian: {SHOWN}")
    assert title_of(Source.of(page(f"{kicker}<h2>{SHOWN}</h2>", STATED)))[0] == f"Pertanian: {SHOWN}"


def test_an_h1_that_describes_the_article_is_no_title() -> None:
    about = "Pelajari kapan petani kopi di lereng gunung memanen. Kami menjelaskan apa yang mereka siapkan. " * 3
    below = f"<h1>{about}</h1><h2>Lebih awal memanen: petani kopi di lereng Argopuro</h2>"
    address = "https://kabarlereng.example/petani-kopi-lereng"
    assert title_of(Source.of(replace(page(below), url=address)))[0] == TITLE
    assert title_of(Source.of(replace(page(f"<h1>{about[:95]}</h1>"), url=address)))[0] == about[:95].strip()


def test_a_title_of_two_words_has_no_kicker_where_a_statement_is_that_title_alone() -> None:
    source = Source.of(page("<h1><span>Resep hari ini</span> <span>Gudeg manggar</span></h1>", title="Gudeg manggar"))
    assert without_kicker(source, "Resep hari ini Gudeg manggar") == "Gudeg manggar"


def test_a_selector_s_heading_is_the_title_of_a_page_that_only_calls_itself_a_blog() -> None:
    assert title_of(Source.of(page("", title="Blog")), [(TITLE, "selector h2")])[0] == TITLE


def test_a_kicker_that_all_statements_hold_too_stays() -> None:
    whole = f"Panen: {TITLE}"
    source = Source.of(page(f"<h1><span>Panen:</span> <span>{TITLE}</span></h1>", title=whole))
    assert without_kicker(source, whole) == whole


def test_a_subheading_that_a_family_s_selector_finds_does_not_outrank_the_page_s_h1() -> None:
    source = Source.of(page(f"<h1>{TITLE}</h1><h2 class='entry-title'>Isi tulisan ini</h2>"))
    assert title_of(source, [("Isi tulisan ini", "selector h2")])[0] == TITLE


def test_a_selector_s_heading_that_shares_words_does_not_outrank_an_h1_that_puts_the_title_otherwise() -> None:
    source = Source.of(page("<h1>Panen kopi Argopuro lebih awal tahun ini</h1>"))
    own = [("Petani jagung di lereng Argopuro memanen lebih lambat", "selector h2")]
    assert title_of(source, own)[0] == "Panen kopi Argopuro lebih awal tahun ini"


@pytest.mark.parametrize(
    ("title", "left"),
    [
        (f"{TITLE} - Kabar Lereng", TITLE),
        (f"{TITLE} | kabarlereng", TITLE),
        (f"Kabar Lereng: {TITLE}", f"Kabar Lereng: {TITLE}"),
        (f"{TITLE} - Jember", f"{TITLE} - Jember"),
        (f"{TITLE} - Lereng Timur", f"{TITLE} - Lereng Timur"),
        (f"{TITLE} | KLT", TITLE),
    ],
)
def test_a_title_loses_the_portals_name_and_nothing_else(title: str, left: str) -> None:
    sites = ("Kabar Lereng", "Koran Lestari Tani")
    assert without_portal(title, sites, "https://lereng.kabarlereng.example/a") == left


@pytest.mark.parametrize(
    ("behind", "is_cut"),
    [
        ("Kabarlereng Terkini", True),
        ("Kabarlereng memenangi dua lomba menulis tahun ini", False),
        ("Lumajang dan sekitarnya", False),  # a subdomain is often a town
        ("Kabarlerengan", False),
    ],
)
def test_a_title_loses_the_few_words_that_begin_with_the_portals_host(behind: str, is_cut: bool) -> None:
    left = without_portal(f"{TITLE} | {behind}", ("",), "https://lumajang.kabarlereng.example/a")
    assert left == (TITLE if is_cut else f"{TITLE} | {behind}")


def test_a_wordpress_card_is_not_the_article_when_the_page_has_one() -> None:
    teaser = '<div class="entry-content"><p>Cuplikan sepuluh kata saja di sini.</p></div>'
    card = f'<article class="hentry"><h2>Kopi lain</h2>{teaser}</article>'
    html = (
        f'<main><section>{card * 3}</section></main><div class="single"><h1>{TITLE}</h1>'
        f'<div class="entry-content">{paragraphs(TEXT * 2)}</div></div><link href="/wp-content/themes/x.css">'
    )
    article = read(html)
    assert (article.reader, article.title) == ("wordpress", TITLE)
    assert article.paragraphs[: len(TEXT)] == TEXT


@pytest.mark.parametrize(
    "last",
    [
        "Reporting by Dewi Lestari; editing by Rina Wati",
        "(Reporting by Dewi Lestari in Jember)",
        "Our Standards: The Thomson Reuters Trust Principles.",
    ],
)
def test_a_line_of_an_agency_s_own_below_a_text_is_none_of_it(last: str) -> None:
    assert read(f"<h1>{TITLE}</h1><div class=isi>{paragraphs((*TEXT, last))}</div>").paragraphs == TEXT


@pytest.mark.parametrize("who", ["hand", "Kabar Lereng"])
def test_a_last_line_that_only_begins_like_an_agency_s_is_text(who: str) -> None:
    last = f"Reporting by {who} takes the farmers of the village a whole week, and nobody pays them for that work."
    assert read(f"<h1>{TITLE}</h1><div class=isi>{paragraphs((*TEXT, last))}</div>").paragraphs == (*TEXT, last)


@pytest.mark.parametrize(
    ("names", "chance", "is_it"),
    [("author-detail-box", 0.4, True), ("author-detail-box", 0.6, False), ("isi", 0.4, False), ("abh_box", 0.1, True)],
)
def test_what_lies_in_an_author_s_box_and_is_likelier_no_text_is_about_the_author(
    names: str, chance: float, is_it: bool
) -> None:
    body = f'<div class="{names}"><p>Dewi menulis tentang kebun sejak 2015 dan tinggal di Jember.</p></div>'
    (passage,) = (one for one in passages_of(Source.of(page(body)).tree.body) if one.text.startswith("Dewi"))
    assert is_bio(passage, chance) == is_it
    assert (passage.text in lines_of_others([passage], [chance], [0])) == is_it


def test_a_wordpress_body_that_holds_its_own_heading_is_read_below_it() -> None:
    header = f"<header><a>Kebun</a><h1>{TITLE}</h1><p>28 Juni 2024</p></header>"
    html = f'<article class="hentry"><div class="entry-content">{header}{paragraphs()}</div></article>'
    assert read(f'{html}<link href="/wp-content/x.css">').paragraphs == TEXT


@pytest.mark.parametrize("times", [1, 4])
def test_of_a_wordpress_body_with_the_articles_behind_it_the_first_is_read(times: int) -> None:
    following = tuple(text.replace("kopi", "jagung").replace("Petani", "Pedagang") for text in TEXT)
    own = f"<article><h1>{TITLE}</h1>{paragraphs(TEXT * times)}</article>"
    html = f"{own}<article><h1>Harga jagung di pasar</h1>{paragraphs(following)}</article>"
    whole = f'<div class="hentry"><section class="entry-content">{html}</section></div><link href="/wp-content/x.css">'
    assert read(whole).paragraphs == TEXT


@pytest.mark.parametrize(
    ("labels", "to", "is_cut"),
    [
        (("WACA UGI |", "WACA UGI |"), "", True),
        (("Waca ugi:", "Maca:"), "", False),  # each once
        (("Waca ugi:", "Waca ugi:"), "https://lain.example", False),  # a source, not the portal's own
        (("- ", "- "), "", False),  # a list
        (("Kanca-kanca tani ing lereng kidul uga maca:",) * 2, "", False),  # a sentence
    ],
)
def test_what_stands_before_several_links_of_the_portal_is_a_label_in_any_language(
    labels: tuple[str, str], to: str, is_cut: bool
) -> None:
    lines = [
        f'<p>{label} <a href="{to}/warta/{i}">Rega kopi mundhak ing {i} pasar desa</a></p>'
        for i, label in enumerate(labels)
    ]
    text = [f"<p>{one}</p>" for one in TEXT]
    html = f"<h1>{TITLE}</h1><div class=isi>{''.join((*text[:2], lines[0], text[2], lines[1], text[3]))}</div>"
    assert (read(html).paragraphs == TEXT) == is_cut
    assert set(TEXT) <= set(read(html).paragraphs)


@pytest.mark.parametrize(
    ("path", "title", "times", "is_read"),
    [
        ("panduan/menanam-kopi", "Menanam kopi di lereng", 8, True),
        ("panduan/menanam-kopi", "Menanam kopi di lereng", 2, False),
        ("menanam-kopi", "Menanam kopi di lereng", 8, False),
        ("menanam-kopi", "Menanam kopi di lereng", 20, True),
        ("media/pedoman-media-siber", "Pedoman Media Siber", 20, False),
    ],
)
def test_a_wordpress_page_is_read_only_where_an_article_is_kept_as_one(
    path: str, title: str, times: int, is_read: bool
) -> None:
    text = paragraphs(tuple(f"{one} Bagian {i}." for i in range(times) for one in TEXT))
    html = f'<div class="entry-content"><h1>{title}</h1>{text}</div><link href="/wp-content/x.css">'
    made = page(html, title=title).body.replace(b"<body>", b'<body class="page page-id-7">')
    one = Page(f"https://kabarlereng.example/{path}/", made, "", datetime(2024, 6, 28, tzinfo=UTC))
    portal = Portal("x", "X", "https://kabarlereng.example/", "wordpress", None, "Asia/Jakarta", ())
    if is_read:
        assert read_page(one, portal).title == title
    else:
        with pytest.raises(PageError, match="a page about the portal"):
            read_page(one, portal)


def test_a_text_that_only_json_ld_holds_is_read_and_a_stub_in_it_is_not() -> None:
    told = "\\n".join(TEXT)
    script = '<script type="application/ld+json">{"@type": "NewsArticle", "articleBody": "%s"}</script>'
    begun = f"<h1>{TITLE}</h1><p>{TEXT[0]}</p>"
    assert read(begun, script % told).paragraphs == TEXT
    assert dict(read(begun, script % told).evidence)["body"] == "json-ld articleBody"
    assert read(f"<h1>{TITLE}</h1>{paragraphs()}", script % TEXT[0]).paragraphs == TEXT


@pytest.mark.parametrize(
    ("size", "is_read"), [('width="100%" height="900"', True), ("hidden", False), ('width="1" height="1"', False)]
)
def test_a_text_that_a_frame_of_the_page_holds_is_read_where_it_is_shown(size: str, is_read: bool) -> None:
    inner = f"<html><head><title>Isi</title></head><body>{paragraphs()}<script>hitung()</script></body></html>"
    html = f'<h1>{TITLE}</h1><iframe {size} srcdoc="{escape(inner)}"></iframe>'
    if is_read:
        article = read(html)
        assert article.paragraphs == TEXT
        assert dict(article.evidence)["body"] == "selector iframe[srcdoc]"
    else:
        with pytest.raises(PageError):
            read(html)


@pytest.mark.parametrize("is_article", [True, False])
def test_a_login_box_makes_no_login_page_of_an_article(is_article: bool) -> None:
    box = "<h1>Masuk</h1><form><input type=password></form>"
    html = box + (f"<h1>{TITLE}</h1>{paragraphs()}" if is_article else "")
    one = page(html, title=TITLE if is_article else "Masuk")
    plain = one.body.replace(b'<meta property="og:type" content="article">', b"")
    portal = Portal("x", "X", "https://kabarlereng.example/", "general", None, "Asia/Jakarta", ())
    if is_article:
        assert read_page(Page(one.url, plain, "", one.fetched_at), portal).title == TITLE
    else:
        with pytest.raises(PageError, match="a login page"):
            read_page(Page(one.url, plain, "", one.fetched_at), portal)


def test_a_page_of_headlines_and_excerpts_is_a_list_and_an_article_with_cards_below_is_none() -> None:
    rows = "".join(
        f'<div><h2><a href="/b/{i}">Berita desa yang ke {i} hari ini</a></h2>'
        f"<p>Cuplikan berita yang ke {i} menceritakan awalnya saja, dalam satu kalimat pendek.</p></div>"
        for i in range(8)
    )
    portal = Portal("x", "X", "https://kabarlereng.example/", "general", None, "Asia/Jakarta", ())
    one = page(f"<main><h1>Kabar dari lereng</h1>{rows}</main>", title="Kabar dari lereng")
    as_site = one.body.replace(b'content="article"', b'content="website"')
    with pytest.raises(PageError, match="a list page"):
        read_page(Page(one.url, as_site, "", one.fetched_at), portal)
    text = tuple(f"{line} Bagian {i}." for i in range(3) for line in TEXT)
    both = page(f"<main><h1>{TITLE}</h1>{paragraphs(text)}</main>{rows}").body
    assert read_page(Page(one.url, both, "", one.fetched_at), portal).paragraphs[:12] == text


def test_passages_of_a_hostile_page_are_bounded_and_read_without_recursion() -> None:
    deep = Source.of(page("<div>" * 5_000 + "teks" + "</div>" * 5_000)).tree.body
    many = Source.of(page("<p>satu kata</p>" * (MOST_PASSAGES + 500))).tree.body
    assert deep is not None
    assert many is not None
    assert "teks" in {one.text for one in passages_of(deep)}
    passages = passages_of(many)
    assert len(passages) == MOST_PASSAGES
    assert not chosen(passages, chances_of(passages, Told()))


@pytest.mark.parametrize(
    ("path", "cause"),
    [
        ("hukum", Cause.RULE),
        ("", Cause.RULE),
        ("berita-utama", Cause.RULE),
        ("tag/pilkada-serentak-2024-di-jatim", Cause.RULE),
        ("kategori/12/berita", Cause.RULE),
        ("berita/512/jalan-rusak", Cause.UNREAD),
        ("jalan-desa-rusak-lagi", Cause.UNREAD),
        ("read/48213", Cause.UNREAD),
    ],
)
def test_a_page_without_article_is_a_loss_where_its_address_is_an_articles(path: str, cause: Cause) -> None:
    source = Source.of(Page(f"https://contoh.example/{path}", b"<html><body><p>x</body></html>", "", datetime.now(UTC)))
    assert no_article(source, "a list page").cause is cause


def test_trees_add_up_and_what_is_no_tree_is_refused() -> None:
    trees = [grown([0, 1.5, [1, 2, 0.25, 0.5], 4]), grown(-1)]
    assert [score(trees, measures) for measures in ([1, 2], [1.5, 2.1], [1.6, 0])] == [-0.75, -0.5, 3.0]
    assert chance(0.0) == 0.5
    for broken in ([0, 1.5, 1], "tree", {"0": 1}, [0, 1, 2, None]):
        with pytest.raises(ValueError, match="no tree"):
            grown(broken)


def test_a_clue_that_ends_in_a_number_is_a_measure_and_any_other_says_that_it_is_there() -> None:
    assert measures_of(["below:4", "says more:2", "og:article", "heads2of3", "relnext"]) == {
        "below": 4, "says more": 2, "og:article": 1, "heads2of3": 1, "relnext": 1,
    }  # fmt: skip


def test_links_below_the_page_s_own_address_and_to_its_further_pages_are_counted() -> None:
    links = "".join(f'<a href="/berita/panen-kopi/petani-kopi-nomor-{i}"><img src="/{i}.jpg"></a>' for i in range(9))
    further = '<a href="?page=2">2</a><a href="?page=3">3</a>'
    shown = page(f'<h1>Panen kopi</h1>{links}<a href="/lain-kali-lagi">x</a>{further}')
    found = measures_of(clues_of(Source.of(shown), [], []))
    assert (found["below"], found["further"], found["pictured"]) == (4, 1, 4)  # more than 8 and 1, in steps that double
    assert found["onehome"] == 4


def test_clues_that_are_weighed_in_groups_weigh_what_they_do_one_by_one() -> None:
    """A second page like the first is weighed from memory, but for what differs."""
    numbers = json.loads(NUMBERS.read_text("utf-8"))
    for body in (f"<h1>{TITLE}</h1>{paragraphs()}{CARDS}", f"<h1>{TITLE}</h1><b>{TEXT[0]}</b>{CARDS}{paragraphs()}"):
        source = Source.of(page(f'<article>{body}</article><aside class="terkait"><h1>Kabar lain</h1></aside>'))
        passages, told = passages_of(source.tree.body), told_by(source)
        again = passages_of(source.tree.body)  # what is counted on them is counted once

        def chances(clues: Sequence[Sequence[str]], look: int) -> list[float]:
            weights = numbers[("first", "second")[look]]
            return [chance(numbers["start"][look] + sum(weights.get(clue, 0.0) for clue in one)) for one in clues]

        clues = list(of_passages(passages, told))
        near = of_neighbours(passages, chances(clues, 0))
        expected = chances([[*own, *other] for own, other in zip(clues, near, strict=True)], 1)
        assert chances_of(again, told) == pytest.approx(expected)
        assert 0.1 < sum(one > 0.5 for one in expected) / len(expected) < 0.9


def test_lines_are_shown_as_they_stand_and_parted_where_no_blank_parts_them() -> None:
    byline = "<div><span>Penulis: <a>Rina Wati</a></span><span>Minggu, 23 Maret 2025</span></div>"
    source = Source.of(page(f"{byline}<p>Satu <b>dua</b>.</p>"))
    shown, parted = lines_of(source.tree.body)
    at = shown.index("Penulis: Rina WatiMinggu, 23 Maret 2025")
    assert parted[at : at + 2] == ("Penulis: Rina Wati | Minggu, 23 Maret 2025", "Satu dua.")
    assert len(shown) == len(parted)


@pytest.mark.parametrize(
    ("told", "left"),
    [
        (f"Kabar Lereng | {TITLE}", TITLE),
        (f"Kabar Lereng - {TITLE}", f"Kabar Lereng - {TITLE}"),  # it may be a place, and the title's dateline
        (f"Kabar | {TITLE}", f"Kabar | {TITLE}"),
    ],
)
def test_the_host_alone_tells_a_portal_s_name_before_a_title(told: str, left: str) -> None:
    assert without_portal(told, (), "https://www.kabarlereng.example/a") == left


@pytest.mark.parametrize(
    ("bodies", "name"),
    [
        ({"model": TEXT, "trafilatura": TEXT[:1], "readability": TEXT[:1]}, "trafilatura"),
        ({"model": TEXT[:3], "trafilatura": TEXT[2:], "readability": TEXT[3:]}, "trafilatura"),
        ({"model": TEXT[:2], "trafilatura": (), "readability": TEXT[1:]}, "model"),
        ({"model": (), "trafilatura": (), "readability": TEXT}, "readability"),
        ({"model": (), "trafilatura": (), "readability": ()}, None),
    ],
)
def test_the_body_that_agrees_most_with_the_others_is_taken(
    bodies: dict[str, tuple[str, ...]], name: str | None
) -> None:
    assert elected(bodies) == name


CELL = f"<h2>{TITLE}</h2><small>27 Juni 2024 14:10 WIB</small><br><br>{'<br><br>'.join(TEXT)}"
LATEST = "".join(f"<li><a href=/{i}>Harga jagung naik di pasar {i}</a></li>" for i in range(5))


@pytest.mark.parametrize("widths", ["", " width=70%"])
def test_a_table_that_lays_the_page_out_is_no_table_of_the_text(widths: str) -> None:
    menu = "<tr><td colspan=2><a href=/>Beranda</a> | <a href=/profil>Profil</a></td></tr>"
    html = f"<table>{menu}<tr><td{widths}>{CELL}</td><td><b>Berita lain</b><ul>{LATEST}</ul></td></tr></table>"
    found = read_page(Page(URL, f"<title>{TITLE}</title>{html}".encode(), "", AT), PORTAL)
    assert [line for line in found.paragraphs if line != "Berita lain"] == [*TEXT]


def test_a_row_that_holds_paragraphs_stands_as_these_and_any_other_without_its_bars() -> None:
    passages = passages_of(Source.of(page(paragraphs() + f"<ul>{MENU}</ul>")).tree.body)
    row = f"| {TEXT[0]} {TEXT[1]} |"
    assert as_shown((row, "|---|---|", "| Kopi | 12.000 \\| kg |", TEXT[2]), passages) == (
        *TEXT[:2], "Kopi | 12.000 | kg", TEXT[2],
    )  # fmt: skip
    assert as_shown((f"| {' '.join(one.text for one in passages)} |",), passages) == ()


def test_a_refrain_is_no_second_copy() -> None:
    refrain = "Keterangan ini diberikan oleh dinas pertanian kabupaten dan belum diperiksa pihak lain mana pun."
    verses = tuple(line for text in TEXT for line in (text, refrain))
    assert once(verses) == verses[:3] + verses[4:]  # near the top it is a lead that is printed again
    assert once(TEXT + TEXT) == TEXT
    assert once((TEXT[0], *TEXT)) == TEXT


def test_a_byline_ends_at_its_line_break() -> None:
    html = f"<h1>{TITLE}</h1><div><i>Oleh: Rina Wati, 27 Juni 2024 14:10 WIB</i><br>{'<br>'.join(TEXT)}</div>"
    assert read(html).paragraphs == TEXT
    assert read(html).author == "Rina Wati"


MENUS = "".join(
    f"<li>Kanal {i}</li>" + "".join(f"<li><a href=/{i}/{j}>Kabar dari kampung {i} dan {j}</a></li>" for j in range(8))
    for i in range(30)
)


@pytest.mark.parametrize(("below", "is_read"), [("<p>27 Juni 2024 14:10 WIB</p>", True), ("", False)])
def test_an_article_under_a_menu_of_hundreds_of_links_is_one_where_it_is_dated(below: str, is_read: bool) -> None:
    one = page(f"<nav><ul>{MENUS}</ul></nav><main><h1>{TITLE}</h1>{below}{paragraphs()}</main><ul>{MENUS}</ul>")
    if is_read:
        assert read_page(one, PORTAL).paragraphs == TEXT
    else:
        with pytest.raises(PageError, match="a list page"):
            read_page(one, PORTAL)


def test_two_that_skip_half_of_what_the_model_is_sure_of_do_not_outvote_it() -> None:
    bodies = {"model": TEXT, "trafilatura": TEXT[:1], "readability": TEXT[:1]}
    assert elected(bodies, TEXT[:2]) == "trafilatura"
    assert elected(bodies, TEXT[:3]) == "model"
    assert elected({**bodies, "model": ()}, TEXT[:3]) == "trafilatura"


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [(TEXT, TEXT, 1.0), (TEXT[:2], TEXT[2:], 0.0), ((), (), 0.0), (("satu dua",), ("satu dua",), 1.0), (TEXT, (), 0.0)],
)
def test_bodies_are_as_alike_as_their_runs_of_words(one: tuple[str, ...], other: tuple[str, ...], share: float) -> None:
    assert likeness(one, other) == share
    assert 0.4 < likeness(TEXT, TEXT[:2]) < 0.8


def test_an_address_tells_of_a_page_what_it_would_on_any_host() -> None:
    assert set(of_address("https://example.org/berita/1")) == {"depth:2", "slug:0", "digits:0", "in:blog"}
    assert list(of_address("https://example.org/kategori/jalan-desa")) == list(
        of_address("https://kabarlereng.example/kategori/jalan-desa")
    )
