"""Pages as themes print them, general reader: each holds one trap, or a control that a clumsy mend would break."""

from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from kwri_crawler import NotAnArticle, ReadArticle, read_article
from kwri_crawler.pages.source import text_of
from kwri_crawler.pages.writers import author_in, name_beside_date

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


def own(above: str = "", below: str = "") -> str:
    return f"<article><h1>{TITLE}</h1>{above}{p(*TEXT)}</article>{below}"


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


EVENT = "Peresmian akan dilakukan pada 9 Agustus 2025 di lapangan desa"


@pytest.mark.parametrize(
    ("line", "dated"),
    [
        ("3 Agustus 2025 • 14:10", "2025-08-03T14:10"),
        ("Oleh Rina Wati pada tanggal 3 Agustus 2025 14:10 WIB", "2025-08-03T14:10"),
        ("posted by rina wati on august 3, 2025 in kabar desa kita", "2025-08-03T00:00"),
        ("Rina Wati (3/8/2025)", "2025-08-03T00:00"),
        ("Wuluhan, 3 Agustus 2025", "2025-08-03T00:00"),
        ("Kebun dipetik 9 Agustus 2025 oleh bupati.", None),
        (EVENT, None),
        ("Suasana Kebun Jeruk, Minggu (3/8/2025). Foto: Rina", None),
        ("WULUHAN, 3 Agustus 2025 -", None),  # the text's first words
        ("Wuluhan, KABAR (3/8/2025) –", None),
    ],
)
def test_a_line_below_the_headline_dates_the_article_unless_it_tells_of_an_event(line: str, dated: str | None) -> None:
    published = read(f"<article><h1>{TITLE}</h1><p>{line}</p>{p(*TEXT)}</article>").article.published
    assert (published.local.isoformat()[:16] if published else None) == dated


def test_an_event_s_day_between_headline_and_byline_leaves_the_byline_s() -> None:
    assert day(read(own(f"<h2>{EVENT}</h2><p>3 Agustus 2025</p>"))) == "2025-08-03"


def test_a_headline_s_own_day_is_an_event_s() -> None:
    title = "Panen 9 Agustus 2025 di Wuluhan"
    html = f"<title>{title}</title><article><h1>{title}</h1>{p(*TEXT)}</article>"
    found = read_article(html.encode(), "https://kabarwuluhan.example/a", fetched_at=datetime(2025, 9, 1, tzinfo=UTC))
    assert found.article.published is None


@pytest.mark.parametrize(
    "card",
    [
        f"<a href=/b>{OTHER}</a><i>9 Agustus 2025</i>",
        f"<h4><a href=/b>{OTHER}</a></h4><i>9 Agustus 2025</i><p>{TEXT[1]}</p>",
    ],
)
def test_the_card_above_a_headline_dates_another_article(card: str) -> None:
    assert day(read(f"<div><div>{card}</div></div>{own()}")) is None


def test_a_publication_and_an_update_are_both_read_from_their_times() -> None:
    published = "Terbit: <time datetime='2025-08-03T14:10:00+07:00'>3/8</time>"
    updated = "Diperbarui: <time datetime='2025-08-05T09:00:00+07:00'>5/8</time>"
    found = read(own(f"<p>{published} {updated}</p>"))
    assert day(found) == "2025-08-03"
    assert found.article.updated is not None
    assert found.article.updated.local.day == 5


def test_a_kicker_glued_to_the_headline_hides_no_date() -> None:
    html = own("<p>3 Agustus 2025</p>").replace("<h1>", "<h1><span>Kebun</span>")
    assert day(read(html)) == "2025-08-03"


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Rina Wati (Reporter Senior)", "Rina Wati"),
        ("Joko Susilo (Ketua Kelompok Tani)", None),
        ("Kontributor Jember: Rina Wati", "Rina Wati"),
        ("Jurnalis perempuan: Tantangan Baru", None),
        ("Kontributor : Rina Wati, Jember", "Rina Wati"),
        ("Rina Wati/Kabar Wuluhan", "Rina Wati"),
        ("By Rina Wati, Senior Columnist", "Rina Wati"),
        ("Dikirim oleh Rina Wati pada 3/8/2025 - 14:10", "Rina Wati"),
        ("Dibuka oleh Bupati Hendra", None),
    ],
)
def test_a_line_names_its_writer_without_job_place_and_portal(line: str, author: str | None) -> None:
    assert author_in([line], ("Kabar Wuluhan",)) == author


def test_the_writer_of_a_card_is_not_this_article_s() -> None:
    card = f"<article><h3><a href=/b>{OTHER}</a></h3><span class=author>Joko Susilo</span></article>"
    assert read(own(below=f"<section class=lain>{card}</section>")).article.author is None


LOGO = "<div><img src=/spanduk.jpg></div>"
CARD = f"<div><a href=/b><img src=/foto/b.jpg><b>{OTHER}</b></a></div>"


@pytest.mark.parametrize(
    ("above", "inside", "below", "picture"),
    [
        (LOGO, "<img src=/foto/a.jpg>", CARD, "/foto/a.jpg"),
        (LOGO, "<p><a href=/foto/a-besar.jpg><img src=/foto/a.jpg></a></p>", "", "/foto/a.jpg"),
        (LOGO, "", CARD, None),
        (LOGO, CARD, "", None),
        (LOGO, "<img src=/foto/a.jpg width=40>", "", None),
    ],
)
def test_below_a_headline_of_any_rank_the_first_picture_is_the_main_one(
    above: str, inside: str, below: str, picture: str | None
) -> None:
    found = read(f"{above}<div><h3>{TITLE}</h3><p>3 Agustus 2025</p>{inside}{p(*TEXT)}</div>{below}").article.image_url
    assert found == (picture and f"https://kabarwuluhan.example{picture}")


CATEGORIES = [f"<li><a href=/kategori/{name}>{name}</a></li>" for name in ("Kebun", "Laut", "Desa", "Pasar")]


@pytest.mark.parametrize(
    ("above", "below", "section"),
    [
        ("<p><a href=/kategori/kebun>Kebun</a></p>", "", "Kebun"),
        (f"<ul>{''.join(CATEGORIES[:2])}</ul>", "", "Kebun"),
        ("", f"<div><ul>{''.join(CATEGORIES)}</ul></div>", None),
        ("", f"<div><h4><a href=/b>{OTHER}</a></h4><a href=/kategori/pasar>Pasar</a></div>", None),
        ("", f"<ul class='nav kiri'>{''.join(CATEGORIES[:2])}</ul>", None),
    ],
)
def test_a_category_in_a_menu_a_card_or_a_list_of_all_is_not_the_article_s(
    above: str, below: str, section: str | None
) -> None:
    assert read(own(above, below)).article.section == section


@pytest.mark.parametrize(
    ("last", "is_text"),
    [
        *((line, False) for line in ("(rin)", "[ant]", "***", "(*/red)", "Red.", "Tags: jeruk, kebun")),
        *((line, False) for line in ("Komentar", "Lihat Semua", "(Rina Wati)", "(RINA WATI)", "(Rina Wati/red)")),
        *((line, False) for line in ("Tag:", "Tags")),
        *((line, True) for line in ("(Bandar Lampung)", "(Bagian Kedua)", "(Panen belum selesai.)")),
        ("(Harga Jeruk Naik Lagi Di Pasar)", True),
        *((line, False) for line in ("READ MORE: Harga jeruk naik", "Follow kami di Instagram", "Cetak", "Memuat...")),
        *((line, True) for line in ("Merah.", "Tagar itu ramai.", "Komentar warga beragam")),
        ("Dicetak di Jember", True),
        ("Ikuti jalan desa sampai kebun kami di tepi sungai.", True),
    ],
)  # fmt: skip
def test_a_sign_a_button_and_a_call_to_follow_are_no_text(last: str, is_text: bool) -> None:
    body = f"<article class=hentry><h1>{TITLE}</h1><div class=entry-content>{p(*TEXT, last)}</div></article>"
    assert (last in read(body, '<link href="/wp-content/a.css">').article.paragraphs) is is_text


def test_a_box_that_offers_the_text_to_other_portals_is_no_text_and_a_category_of_that_name_is_no_box() -> None:
    offer = "Anda boleh menerbitkan ulang tulisan ini tanpa biaya selama menyebut sumbernya dan tidak mengubah isinya."
    box = f"<div class=republish-box><p>{offer}</p></div>"
    html = own().replace("</article>", f"{box}</article>").replace("<article>", "<article class=category-republish>")
    assert read(html).article.paragraphs == TEXT


@pytest.mark.parametrize(("head", "is_article"), [("", False), ('<meta property="og:type" content="article">', True)])
def test_what_says_that_it_is_sold_is_a_shop_s_page_unless_it_is_an_article(head: str, is_article: bool) -> None:
    sold = '<script type="application/ld+json">{"@type": "Product", "name": "Jeruk", "offers": {"price": "9"}}</script>'
    html = f"<h1>{TITLE}</h1><p>3 Agustus 2025</p>{p(*TEXT)}"
    if is_article:
        assert read(html, head + sold).article.paragraphs == TEXT
    else:
        with pytest.raises(NotAnArticle, match="a shop's page"):
            read(html, head + sold)


WORDPRESS = '<link href="/wp-content/a.css">'
FAMILIES = pytest.mark.parametrize("family", ["", WORDPRESS], ids=["general", "wordpress"])


def post(above: str = "", text: str = p(*TEXT), below: str = "") -> str:
    return f"<article class=hentry><h1>{TITLE}</h1>{above}<div class=entry-content>{text}</div>{below}</article>"


@FAMILIES
@pytest.mark.parametrize("is_update_first", [True, False])
def test_the_publication_may_stand_behind_the_update(is_update_first: bool, family: str) -> None:
    stamps = [
        "Terbit: <time datetime='2025-08-03T14:10:00+07:00'>3/8</time> ",
        "Diperbarui: <time datetime='2025-08-05T09:00:00+07:00'>5/8</time> ",
    ]
    found = read(post(f"<p>{''.join(reversed(stamps) if is_update_first else stamps)}</p>"), family)
    assert day(found) == "2025-08-03"
    assert found.article.updated is not None
    assert found.article.updated.local.day == 5


@FAMILIES
@pytest.mark.parametrize(
    ("told", "shown", "picture"),
    [
        ("", "<figure><img src=/foto/a.jpg></figure>", "/foto/a.jpg"),
        ("/aset/logo.png", "<figure><img src=/foto/a.jpg></figure>", "/foto/a.jpg"),
        ("/aset/logo.png", "", None),
        ("/foto/b.jpg", "", "/foto/b.jpg"),
        ("/docsz/AD_4nXf.png", "", "/docsz/AD_4nXf.png"),
    ],
)
def test_a_picture_that_the_page_shows_stands_in_for_one_that_it_does_not_name(
    told: str, shown: str, picture: str | None, family: str
) -> None:
    head = f'<meta property="og:image" content="{told}">' if told else ""
    found = read(post(shown), family + head).article.image_url
    assert found == (picture and f"https://kabarwuluhan.example{picture}")


@FAMILIES
def test_links_to_topics_are_the_tags_in_any_theme(family: str) -> None:
    topics = "<div>Topik: <a href=/topik/jeruk>#Jeruk</a> <a href=/topik/kebun>#Kebun</a></div>"
    assert read(post(below=topics), family).article.tags == ("Jeruk", "Kebun")


WALL = "<div><p>Berlangganan untuk membaca selengkapnya.</p></div>"
NOT_FREE = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'


@FAMILIES
def test_a_teaser_above_a_wall_is_stored_where_the_page_says_that_it_is_one(family: str) -> None:
    html = post(text=p(*TEXT[:2]) + WALL)
    assert read(html, family + NOT_FREE).article.access == "paywall"
    with pytest.raises(NotAnArticle, match="paywall instead of the text"):
        read(html, family)
    with pytest.raises(NotAnArticle, match="paywall instead of the text"):
        read(post(text=WALL), family + NOT_FREE)


@pytest.mark.parametrize("line", ["A- A A+", "Ukuran huruf: A- A+", "Bagikan ke Facebook Twitter", "Terpopuler"])
def test_buttons_of_a_theme_are_no_text(line: str) -> None:
    assert read(post(text=p(*TEXT, line)), WORDPRESS).article.paragraphs == TEXT


@FAMILIES
def test_a_name_in_brackets_below_the_text_is_who_wrote_it(family: str) -> None:
    assert read(post(text=p(*TEXT, "(Rina Wati/red)")), family).article.author == "Rina Wati"
    byline = "<p>Penulis: Budi Santoso</p>"
    assert read(post(byline, p(*TEXT, "(Rina Wati)")), family).article.author == "Budi Santoso"


CARDS = "".join(
    f"<li class='wp-block-post {side}'><img src=/foto/b.jpg><h3><a href=/{side}>{OTHER}</a></h3>"
    "<div class=wp-block-post-date><time datetime='2025-08-01T08:00:00+07:00'>1 Agustus 2025</time></div></li>"
    for side in ("kiri", "kanan")
)
LOOP = f"<ul class=wp-block-post-template>{CARDS}</ul>"


@FAMILIES
@pytest.mark.parametrize(("line", "due"), [("3 Agustus 2025", "2025-08-03"), ("Kebun", None)])
def test_the_time_of_a_card_dates_no_article_that_prints_its_own_date_as_text(
    line: str, due: str | None, family: str
) -> None:
    own = f"<h1 class=wp-block-post-title>{TITLE}</h1><div class=wp-block-post-date><span>{line}</span></div>"
    html = f"<main>{own}<div class='entry-content wp-block-post-content'>{p(*TEXT)}</div>{LOOP}</main>"
    assert day(read(html, family)) == due


@FAMILIES
def test_cards_above_a_headline_take_no_picture_from_it(family: str) -> None:
    main = f"<div class=post-thumbnail><img src=/foto/a.jpg></div><div class=entry-content>{p(*TEXT)}</div>"
    html = f"<div class=col><ul>{CARDS}</ul><h1 class=entry-title>{TITLE}</h1>{main}</div>"
    assert read(html, family).article.image_url == "https://kabarwuluhan.example/foto/a.jpg"


@pytest.mark.parametrize("around", ["author-photo", "iklan", "ads"])
def test_in_the_main_picture_s_place_a_portrait_and_an_ad_are_none(around: str) -> None:
    other, main = f"<div class={around}><img src=/foto/b.jpg></div>", "<img src=/foto/a.jpg>"
    for inside, due in ((other + main, "/foto/a.jpg"), (other, None)):
        found = read(post(f"<div class=post-thumbnail>{inside}</div>"), WORDPRESS).article.image_url
        assert found == (due and f"https://kabarwuluhan.example{due}")


@pytest.mark.parametrize(
    ("said", "author"),
    [
        ("Rep: Rina Wati/ Red: Budi Santoso", "Rina Wati"),
        ("Rina Wati Editor: Budi Santoso", "Rina Wati"),
        ("Editor: Budi Santoso", None),
        ("Kontributor Jember: Rina Wati", "Rina Wati"),
        ("Laporan Wartawan Kabar Wuluhan, Rina Wati", "Rina Wati"),
        ("Fredi Editoria", "Fredi Editoria"),
        ("Rina Wati, Redakteurin", "Rina Wati"),
    ],
)
def test_a_byline_s_own_element_names_the_author_among_others(said: str, author: str | None) -> None:
    byline = f"<div class=wp-block-post-author-name>{said}</div>"
    assert read(post(byline), WORDPRESS).article.author == author


UPDATE, FIRST = "<time datetime='2025-08-05T09:00'>5/8</time>", "<time datetime='2025-08-03'>3/8</time>"


@pytest.mark.parametrize(
    ("line", "published", "updated"),
    [
        (f"Diperbarui: {UPDATE} | Terbit: {FIRST}", 3, 5),
        ("Diperbarui: 5 Agustus 2025 09:00 | Terbit: 3 Agustus 2025 14:10", 3, None),
        (f"<span>Diperbarui:</span> {UPDATE}", None, 5),
        ("Diperbarui: 5 Agustus 2025 09:00", None, 5),
        (FIRST, 3, None),
    ],
)
def test_in_an_element_called_a_date_a_label_tells_update_from_publication(
    line: str, published: int | None, updated: int | None
) -> None:
    found = read(post(f"<div class=jeg_meta_date>{line}</div>"), WORDPRESS).article
    assert (found.published and found.published.local.day) == published
    assert (found.updated and found.updated.local.day) == updated


@pytest.mark.parametrize(
    ("lines", "moment"),
    [
        ("<font>Minggu, 3 Agustus 2025 3.54 sore</font><font>Penulis: Rina Wati</font>", "2025-08-03T15:54:00+07:00"),
        ("<font>3 Agustus 2025 14:10 WITA</font><font>Oleh Rina Wati</font>", "2025-08-03T14:10:00+08:00"),
        ("<p>3 Agustus 2025 14:10 WITAOleh Rina Wati</p>", "2025-08-03T14:10:00+08:00"),
        ("<p>Hari ini, 09:15 WIB</p>", "2025-09-01T09:15:00+07:00"),
        ("<p>Kemarin</p>", "2025-08-31T00:00:00+07:00"),
        ("<p>Panen hari ini, 09:15 WIB di kebun milik warga desa.</p>", None),
        ("<p>Minggu, 3 Agustus 25</p>", "2025-08-03T00:00:00+07:00"),
        ("<p>3 Agustus 25 | 14:10</p>", "2025-08-03T14:10:00+07:00"),
        ("<p>Minggu, 3 Agustus 25 orang memetik jeruk</p>", None),
        ("<p>3 août 2025 à 14h10</p>", "2025-08-03T14:10:00+07:00"),
        ("<p>3 de agosto de 2025</p>", "2025-08-03T00:00:00+07:00"),
    ],
)
def test_a_date_below_a_headline_is_read_whole(lines: str, moment: str | None) -> None:
    published = read(own(lines)).article.published
    assert (published.local.isoformat() if published else None) == moment


def test_a_degree_ends_a_name_before_a_date_that_no_blank_parts_from_it() -> None:
    html = own("<p><span>Penulis: Rina Wati, M.Si.</span><span>3 Agustus 2025 | 14:10</span></p>")
    assert read(html).article.author == "Rina Wati, M.Si."


def test_the_date_above_a_headline_is_found_behind_a_breadcrumb_that_ends_with_it() -> None:
    crumbs = f"<ol><li>Beranda</li><li>{TITLE}</li></ol><p>3 Agustus 2025</p>"
    assert day(read(f"<div>{crumbs}<h1>{TITLE}</h1>{p(*TEXT)}</div>")) == "2025-08-03"


@pytest.mark.parametrize("where", ["/category/kebun", "/kategori/kebun"])
def test_a_category_that_is_linked_as_a_tag_is_none(where: str) -> None:
    links = f"<p><a rel=tag href={where}>Kebun</a> <a rel=tag href=/jeruk>Jeruk</a></p>"
    assert read(post(links), WORDPRESS).article.tags == ("Jeruk",)


FISH = (
    "Ratusan nelayan kembali melaut setelah gelombang tinggi mereda dan membawa pulang tongkol yang langsung dibeli.",
    "Kepala syahbandar meminta nakhoda memantau prakiraan cuaca sebelum berangkat dari dermaga menuju perairan lepas.",
    "Harga ikan segar di pasar turun tipis karena pasokan kembali normal setelah hampir tiga pekan kosong sama sekali.",
    "Pedagang berharap cuaca baik bertahan sampai hari raya supaya mereka bisa menjual sebanyak tahun yang lalu.",
)
IS_ARTICLE = '<meta property="og:type" content="article">'


@FAMILIES
@pytest.mark.parametrize("side", ["item", "kotak"])
def test_long_cards_below_a_short_article_are_not_its_text(side: str, family: str) -> None:
    heads = [f"<h3><a href=/b{i}>{OTHER}</a></h3>" for i in range(len(FISH))]
    items = "".join(f"<div class={side}>{head}<p>{text}</p></div>" for head, text in zip(heads, FISH, strict=True))
    html = f"{post(text=p(*TEXT[:2]))}<section>{items}</section>"
    assert read(html, family + IS_ARTICLE).article.paragraphs == TEXT[:2]


def test_long_comments_below_a_short_article_are_not_its_text() -> None:
    said = "".join(f"<div><b>Joko</b><p>{text} {text}</p></div>" for text in FISH)
    html = (
        f"<div class=elementor><h1>{TITLE}</h1><div class=isi>{p(*TEXT[:2])}</div></div><div id=comments>{said}</div>"
    )
    assert read(html, IS_ARTICLE).article.paragraphs == TEXT[:2]


@pytest.mark.parametrize("around", ["next-post-wrap", "berita next-article"])
def test_behind_a_text_what_is_called_the_next_article_and_dated_as_one_is_none_of_it(around: str) -> None:
    head = (
        "<h2>Nelayan Puger Kembali Melaut Setelah Reda</h2><p>Oleh Budi Santoso | Sabtu, 2 Agustus 2025 09:00 WIB</p>"
    )
    html = f"<div><h1>{TITLE}</h1>{p(*TEXT)}</div><div class='{around}'>{head}<div>{p(*FISH)}</div></div>"
    assert read(html).article.paragraphs == TEXT


@FAMILIES
@pytest.mark.parametrize("heading", ["h3", "h4"])
def test_a_linked_headline_in_a_box_of_its_own_is_a_card_and_beside_the_text_a_heading(
    heading: str, family: str
) -> None:
    link = f"<{heading}><a href=/berita/harga-jeruk>{OTHER}</a></{heading}>"
    other = f"<ul class=populer><li><a href=/berita/harga-jeruk>{OTHER}</a></li></ul>"
    for between, kept in ((f"<div><a href=/berita/harga><img src=/b.jpg></a>{link}</div>", ()), (link, (OTHER,))):
        found = read(post(text=f"{p(*TEXT[:2])}{between}{p(*TEXT[2:])}", below=other), family)
        assert found.article.paragraphs == (*TEXT[:2], *kept, *TEXT[2:])


@pytest.mark.parametrize("heading", ["h2", "h3"])
def test_a_deck_above_the_byline_is_no_text_and_a_heading_below_it_is(heading: str) -> None:
    deck, byline = (
        f"<{heading}>Festival jeruk digelar di alun-alun kecamatan</{heading}>",
        "<p>3 Agustus 2025 14:10</p>",
    )
    assert read(own(deck + byline)).article.paragraphs == TEXT
    assert read(own(byline + deck)).article.paragraphs[-len(TEXT) :] == TEXT


@FAMILIES
def test_a_last_line_that_says_when_it_was_posted_dates_the_text_and_is_none_of_it(family: str) -> None:
    found = read(post(text=p(*TEXT, "Diterbitkan: Minggu, 3 Agustus 2025 14:10 WIB")), family)
    assert (found.article.paragraphs, day(found)) == (TEXT, "2025-08-03")


def test_a_byline_without_its_date_hides_no_date_elsewhere() -> None:
    submitted = "<div class=node__submitted>Dikirim oleh Rina Wati pada</div>"
    body = f"<div class=field--name-body>{p(*TEXT)}</div>"
    html = f"<p>3 Agustus 2025</p><h1>{TITLE}</h1><article class=node>{submitted}{body}</article>"
    assert day(read(f"<main>{html}</main>", '<meta name="Generator" content="Drupal 10">')) == "2025-08-03"
