"""Fields are the article's own: no card's date, no CMS for an author, no icon for a picture, no menu for a section."""

from datetime import UTC, datetime

import pytest

from kwri_crawler.catalogue import Portal
from kwri_crawler.items import Article, DateKind, Page
from kwri_crawler.pages import read_page
from kwri_crawler.pages.pictures import is_same, lead_picture
from kwri_crawler.pages.source import Source
from kwri_crawler.pages.text import person

TITLE = "Nelayan Puger kembali melaut setelah badai"
TEXT = "".join(
    f"<p>{line}</p>"
    for line in (
        "Nelayan di Pelabuhan Puger kembali melaut pada hari ketiga setelah badai yang merusak puluhan perahu mereka.",
        "Kepala pelabuhan menyebut tinggi gelombang sudah turun sehingga perahu kecil boleh berlayar lagi.",
        "Pemerintah kabupaten mengganti separuh biaya perbaikan bagi pemilik perahu yang terdaftar di dinas perikanan.",
        "Harga ikan di pasar lelang masih tinggi karena pasokan tiga hari ini hanya dari kolam warga.",
    )
)
PORTAL = Portal("x", "X", "https://kabarpuger.example/", "general", None, "Asia/Jakarta", ())
PUBLISHED = '<meta property="article:published_time" content="2024-06-27T14:10:00+07:00">'
ARTICLE = '<meta property="og:type" content="article">'
CHANGED = '<meta property="article:modified_time" content="2024-06-30T09:00:00+07:00">'


ADDRESS = "https://kabarpuger.example/berita/nelayan-melaut"


def read(
    above: str = "",
    below: str = "",
    head: str = PUBLISHED,
    text: str = TEXT,
    wordpress: bool = False,
    url: str = ADDRESS,
) -> Article:
    body = "entry-content" if wordpress else "isi"
    make = '<link href="/wp-content/themes/x.css">' if wordpress else ""
    html = (
        f'<html lang="id"><head><title>{TITLE} - Kabar Puger</title><meta property="og:site_name"'
        f' content="Kabar Puger">'
        f"{head}{make}</head><body><header><a href=/ekonomi>Ekonomi</a></header><main><article class=hentry>"
        f"<h1>{TITLE}</h1>{above}<div class={body}>{text}</div></article>{below}</main></body></html>"
    )
    return read_page(Page(url, html.encode(), "", datetime(2024, 7, 1, tzinfo=UTC)), PORTAL)


def published(article: Article) -> set[str]:
    return {date.text for date in article.dates if date.kind is DateKind.PUBLISHED}


@pytest.mark.parametrize("wordpress", [False, True], ids=["general", "wordpress"])
@pytest.mark.parametrize(
    "below",
    [
        '<section class="related"><article><time class="entry-date published" datetime="2024-01-02T08:00:00+07:00">',
        '<div class="reader-comments"><time datetime="2024-01-02T08:00:00+07:00">2 Januari 2024</time></div>',
        '<aside class="widget"><span class="posted-on"><time datetime="2024-01-02T08:00:00+07:00"></time></aside>',
    ],
    ids=["card", "comment", "sidebar"],
)
def test_a_card_s_a_comment_s_or_a_widget_s_date_is_not_the_article_s(below: str, wordpress: bool) -> None:
    assert published(read(below=below, wordpress=wordpress)) == {"2024-06-27T14:10:00+07:00"}


@pytest.mark.parametrize(
    "line",
    [
        "<p>Diperbarui: <time datetime='2024-06-30T09:00:00+07:00'>30 Juni 2024</time></p>",
        "<div><span>Diperbarui pada</span> <time datetime='2024-06-30T09:00:00+07:00'>30 Juni 2024</time></div>",
        "<span class='posted-on'><time>30 Juni 2024</time></span>",
    ],
)  # fmt: skip
def test_a_date_that_its_label_or_the_metadata_call_an_update_is_none_of_publication(line: str) -> None:
    assert published(read(above=line, head=PUBLISHED + CHANGED, wordpress=True)) == {"2024-06-27T14:10:00+07:00"}


def test_the_date_may_stand_above_the_headline_or_below_the_text() -> None:
    printed = "Kamis, 27 Juni 2024 14:10 WIB"
    assert published(read(below=f"<div>{printed}</div>", head="")) == {printed}
    html = f"<html><title>{TITLE}</title><div>{printed}</div><div><h1>{TITLE}</h1></div><div>{TEXT}</div></html>"
    article = read_page(
        Page("https://kabarpuger.example/a/b", html.encode(), "", datetime(2024, 7, 1, tzinfo=UTC)), PORTAL
    )
    assert published(article) == {printed}


@pytest.mark.parametrize(
    ("above", "head", "author"),
    [
        ('<div><span>Penulis: <a href="/p/1">Rina Wati</a></span><span>Kamis, 27 Juni</span></div>', "", "Rina Wati"),
        ("<div><span>Penulis: Rina Wati</span><span>Dibaca 120 kali</span></div>", "", "Rina Wati"),
        ("<p>Oleh <strong>I Ketut Arya</strong></p>", "", "I Ketut Arya"),
        ("<div><b>Rina Wati</b><br><small>Jurnalis</small></div>", "", "Rina Wati"),
        ("<div>Rep: Rina Wati/ <span>Red: Budi Santoso</span></div>", "", "Rina Wati"),
        ('<a href="/member/profile/rina">Rina Wati</a>', '<meta name="author" content="PopojiCMS">', "Rina Wati"),
        ('<blockquote>Laut rusak. <cite class="author">Joko Susilo</cite></blockquote>', "", None),
        ("<table><tr><td>Penulis</td><td>:</td><td>Rina Wati</td></tr></table>", "", "Rina Wati"),
        ('<div class="elementor-widget"><span class="entry-author">Rina Wati</span></div>', "", "Rina Wati"),
        ('<div class="widget"><span class="entry-author">Joko Susilo</span></div>', "", None),
        ("", '<meta name="author" content="10417">', None),
        ("", '<meta name="author" content="admin">', None),
        ("", '<meta name="author" content="Kabar Puger">', None),
    ],
)  # fmt: skip
def test_the_author_is_who_signed_and_never_a_system(above: str, head: str, author: str | None) -> None:
    assert read(above=above, head=PUBLISHED + head).author == author


@pytest.mark.parametrize(
    ("byline", "name"),
    [
        ("Dewi Lestari (Reporter Senior)", "Dewi Lestari"),
        ("Dewi Lestari, Jurnalis", "Dewi Lestari"),
        ("View all posts by Dewi Lestari", "Dewi Lestari"),
        ("A. Rahman", "A. Rahman"),
        ("Ni Luh Sari", "Ni Luh Sari"),
    ],
)
def test_a_byline_loses_its_role_and_keeps_its_name(byline: str, name: str) -> None:
    assert person(byline) == name


def json_ld(said: str) -> str:
    return f'<script type="application/ld+json">{said}</script>'


OTHERS = (
    '{"@type": "NewsArticle", "headline": "Jalan desa rusak", "datePublished": "2023-01-01", "author": "Orang Lain"}'
)
OWN = f'{{"@type": "NewsArticle", "headline": "{TITLE}", "datePublished": "2024-06-27", "author": %s}}'


@pytest.mark.parametrize(
    "author",
    [
        '"Dewi Lestari"',
        '{"@type": "Person", "name": {"@type": "Person", "name": "Dewi Lestari"}}',
        '{"@type": "Person", "givenName": "Dewi", "familyName": "Lestari"}',
        '{"@id": "#dewi"}',
    ],
)
def test_of_several_json_ld_articles_the_page_s_own_names_author_and_day(author: str) -> None:
    people = '{"@type": "Person", "@id": "#dewi", "name": "Dewi Lestari"}'
    article = read(head=json_ld(f"[{OTHERS}, {OWN % author}, {people}]"))
    assert article.author == "Dewi Lestari"
    assert published(article) == {"2024-06-27"}


def test_an_organisation_that_is_the_portal_is_no_author() -> None:
    assert read(head=json_ld(OWN % '{"@type": "Organization", "name": "Kabar Puger"}')).author is None


@pytest.mark.parametrize(
    ("image", "head", "link"),
    [
        ('<img data-lazy="/foto/a.jpg" src="data:image/gif;base64,R0=">', "", "/foto/a.jpg"),
        ('<img srcset="/foto/a-300.jpg 300w, /foto/a-1200.jpg 1200w" src="/img/blank.gif">', "", "/foto/a-1200.jpg"),
        ('<picture><source data-srcset="/foto/a.jpg"><img src="data:,"></picture>', "", "/foto/a.jpg"),
        ('<img src="data:,"><noscript><img src="/foto/a.jpg"></noscript>', "", "/foto/a.jpg"),
        ('<img src="/img/zoom-in.png">', '<meta property="og:image" content="/foto/a.jpg">', "/foto/a.jpg"),
        ("", '<meta name="twitter:image" content="/foto/a.jpg">', "/foto/a.jpg"),
        ("", '<meta property="og:image" content="null">', None),
        ("", '<meta property="og:image" content="https://">', None),
        ('<aside><img src="/foto/lain.jpg"></aside>', "", None),
        ('<img src="/foto/wa.png" width="24">', "", None),
        ('<img src="https://hitung.example/p.gif" height="1">', "", None),
        ('<span class="penulis"><img src="/foto/rina.jpg"></span>', "", None),
        ('<img src="/foto/a.jpg" width="640" height="360">', "", "/foto/a.jpg"),
    ],
)  # fmt: skip
def test_the_picture_is_the_article_s_and_is_one(image: str, head: str, link: str | None) -> None:
    expected = link and f"https://kabarpuger.example{link}"
    assert (
        read(above=f"<figure>{image}</figure>" if "aside" not in image else image, head=head + PUBLISHED).image_url
        == expected
    )


SHARED = '<meta property="og:image" content="/foto/kartu.jpg">' + PUBLISHED


@pytest.mark.parametrize(
    ("above", "link"),
    [
        ('<figure><img src="/foto/a.jpg"><figcaption>Perahu di Puger</figcaption></figure>', "/foto/a.jpg"),
        ('<figure><a href="/foto/a-besar.jpg"><img src="/foto/a.jpg"></a></figure>', "/foto/a.jpg"),
        ('<figure><a href="/berita/lain"><img src="/foto/lain.jpg"></a></figure>', "/foto/kartu.jpg"),
        ('<figure class="author-photo"><img src="/foto/dewi.jpg"></figure>', "/foto/kartu.jpg"),
        ('<figure><img src="/penulis/dewi.jpg"></figure>', "/foto/kartu.jpg"),
        ('<figure><img src="/foto/kecil.jpg" width="120"></figure>', "/foto/kartu.jpg"),
        ('<div class="related"><figure><img src="/foto/lain.jpg"></figure></div>', "/foto/kartu.jpg"),
        (f'{TEXT}<figure><img src="/foto/di-dalam.jpg"></figure>', "/foto/kartu.jpg"),
        ('<img src="/foto/spanduk.jpg">', "/foto/kartu.jpg"),
    ],
)
def test_the_figure_below_the_headline_is_the_main_picture_and_no_portrait_or_card_is(above: str, link: str) -> None:
    assert read(above=above, head=SHARED).image_url == f"https://kabarpuger.example{link}"


DECK = (
    "Tiga hari mereka menunggu di dermaga sambil menambal lambung perahu, menjahit jaring, dan memantau angin di layar"
    " telepon; pada pagi keempat puluhan perahu kecil akhirnya meninggalkan muara satu demi satu menuju laut selatan."
)


@pytest.mark.parametrize(
    ("header", "link"),
    [
        (f"<header><h1>{TITLE}</h1><div>{DECK}</div></header><figure>%s</figure>", "/foto/a.jpg"),
        (f"<header><h1>{TITLE}</h1></header><div>{DECK}</div><figure>%s</figure>", None),  # its text has begun
        (f"<header><h1>{TITLE}</h1><div>{DECK}</div><picture>%s</picture></header>", "/foto/a.jpg"),
        (f"<header><h1>{TITLE}</h1></header><picture>%s</picture>", None),
        (f"<header><h1>{TITLE}</h1>%s</header>", None),
    ],
)
def test_a_headline_s_header_holds_no_text_and_its_picture_is_the_main_one(header: str, link: str | None) -> None:
    html = f"<main><article>{header % '<img src=/foto/a.jpg>'}<div>{TEXT}</div></article></main>"
    source = Source.of(Page("https://kabarpuger.example/a", html.encode(), "", datetime(2024, 7, 1, tzinfo=UTC)))
    assert lead_picture(source, TITLE) == (link and f"https://kabarpuger.example{link}")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("/2024/06/perahu-e1719400000000.jpg?w=1024", "/2024/06/perahu.jpg?resize=1200,479", True),
        ("/2024/06/perahu-e1719400000000-300x200.jpg", "/2024/06/perahu-scaled.jpg", True),
        ("/2024/06/perahu-e17.jpg", "/2024/06/perahu.jpg", False),
    ],
)
def test_a_picture_that_wordpress_cut_to_another_size_or_edited_is_the_same(one: str, other: str, same: bool) -> None:
    assert is_same(f"https://kabarpuger.example{one}", f"https://kabarpuger.example{other}") == same


@pytest.mark.parametrize(
    ("below", "section", "tags"),
    [
        ('<div class="tag"><a href="/tag/ikan">Ikan</a> <a href="/tag/badai">Badai</a></div>', None, ("Ikan", "Badai")),
        ('<p><a href="/topik/ikan">Ikan</a></p>', None, ("Ikan",)),
        ('<p><a href="/kanal/laut">Laut</a></p>', "Laut", ()),
        ('<p><a href="/rubrik/laut">Laut</a></p>', "Laut", ()),
        ('<ul class="breadcrumb"><li><a href="/">Home</a></li><li><a href="/laut">Laut</a></li></ul>', "Laut", ()),
        (f'<ol class="breadcrumb"><li><a href="/laut">Laut</a></li><li><a href="#">{TITLE}</a></li></ol>', "Laut", ()),
        ('<p><a href="https://toko.example/category/ikan">Alat pancing</a></p>', None, ()),
        ('<p><a href="https://www.kabarpuger.example/category/laut">Laut</a></p>', "Laut", ()),
        ('<ul class="breadcrumb"><li><a href="/laut">Laut</a></li><li><a>Current page</a></li></ul>', "Laut", ()),
        ('<ul class="breadcrumb"><li><a href="/laut">Laut</a></li><li><a>{{ step.title }}</a></li></ul>', "Laut", ()),
        ('<div class="breadcrumb"><a href="/blog">← Back to blog</a></div>', None, ()),
        (f'<div class="has-breadcrumbs">{"<a href=/x>Daftar</a>" * 21}</div>', None, ()),
        ('<nav class="menu"><a href="/tag/ikan">Ikan</a><a href="/category/laut">Laut</a></nav>', None, ()),
    ],
)  # fmt: skip
def test_sections_and_tags_are_the_article_s(below: str, section: str | None, tags: tuple[str, ...]) -> None:
    article = read(below=below)
    assert (article.section, article.tags) == (section, tags)


@pytest.mark.parametrize("wordpress", [False, True], ids=["general", "wordpress"])
def test_lines_that_lead_elsewhere_or_print_the_header_are_no_text(wordpress: bool) -> None:
    pointer = "<p>Baca Juga</p><ul><li><a href='/lain/1'>Pasar Malam Dibuka</a></li></ul>"
    header = "<p>Rina Wati - Kabar Puger | Kamis, 27 Juni 2024 14:10 WIB</p>"
    half = TEXT.index("</p>") + 4
    text = header + TEXT[:half] + pointer + TEXT[half:]
    assert read(text=text, wordpress=wordpress).paragraphs == read(wordpress=wordpress).paragraphs


SOLD = '<a href="https://judi.example">Slot gacor hari ini</a> dengan bonus besar setiap saat'


@pytest.mark.parametrize(
    ("between", "is_kept"),
    [
        (f'<p style="display: none">{SOLD}</p>', False),
        (f'<div style="position:absolute;left:-9999px"><p>{SOLD}</p></div>', False),
        (f"<p>{SOLD}</p>", True),
        ('<div style="display:none"><p>Lanjutan berita ini terbuka sesudah tombol ditekan pembacanya.</p></div>', True),
        ('<div class="mc4wp-form"><p>Berlangganan buletin kami</p></div>', False),
    ],
)
def test_links_that_nobody_sees_are_no_text_and_what_a_button_opens_is(between: str, is_kept: bool) -> None:
    half = TEXT.index("</p>") + 4
    found = read(text=TEXT[:half] + between + TEXT[half:], wordpress=True).paragraphs
    assert len(found) - len(read(wordpress=True).paragraphs) == is_kept


@pytest.mark.parametrize(
    ("head", "access"),
    [
        (json_ld('{"@type": "NewsArticle", "headline": "x", "isAccessibleForFree": false}'), "paywall"),
        (json_ld('{"@type": "NewsArticle", "headline": "x", "isAccessibleForFree": "False"}'), "paywall"),
        (json_ld('{"@type": "Article", "hasPart": {"@type": "X", "isAccessibleForFree": false}}'), "paywall"),
        ('<meta property="article:content_tier" content="locked">', "paywall"),
        (json_ld('{"@type": "NewsArticle", "headline": "x", "isAccessibleForFree": true}'), None),
        ('<meta property="article:content_tier" content="free">', None),
    ],
)
def test_a_text_that_the_page_says_is_not_free_is_marked(head: str, access: str | None) -> None:
    assert read(head=PUBLISHED + head).access == access


@pytest.mark.parametrize("wordpress", [False, True], ids=["general", "wordpress"])
def test_headings_list_items_and_quotes_are_told_apart(wordpress: bool) -> None:
    quote = "Kami tidak mau menunggu sampai pekan depan untuk melaut, kata seorang nelayan."
    extra = f"<h2>Harga ikan naik</h2><ul><li>Tongkol di pasar lelang</li></ul><blockquote><p>{quote}</p></blockquote>"
    half = TEXT.index("</p>") + 4
    article = read(text=TEXT[:half] + extra + TEXT[half:], wordpress=wordpress)
    marks = dict(article.marks)
    assert (marks["Harga ikan naik"], marks[quote]) == ("h2", "quote")
    assert marks["Tongkol di pasar lelang"] == "li"


@pytest.mark.parametrize("wordpress", [False, True], ids=["general", "wordpress"])
@pytest.mark.parametrize(
    ("above", "due"),
    [
        ("<div class=post-date-wrap><a>Kamis, 27/06/24 14:10 WIB</a></div>", {"Kamis, 27/06/24 14:10 WIB"}),
        ("<span class=tanggal>27 Juni 2024</span>", {"27 Juni 2024"}),
        ("<div>Diperbarui:</div><div>27 Juni 2024</div>", set()),
        (
            f"<p>{'Nelayan melaut lagi setelah tiga hari badai. ' * 5}</p><p>27 Juni 2024 14:10 WIB</p>",
            {"27 Juni 2024 14:10 WIB"},
        ),
        ("<h2>Berita terkait</h2><p>27 Juni 2024 14:10 WIB</p>", set()),
    ],
)
def test_the_date_below_the_headline_is_found_by_its_form(above: str, due: set[str], wordpress: bool) -> None:
    head = '<meta property="og:type" content="article">'
    assert published(read(above=above, head=head, wordpress=wordpress)) == due


def test_an_element_called_a_date_counts_below_the_headline_and_not_as_the_day_s() -> None:
    head = '<meta property="og:type" content="article">'
    long = "".join(f"<p>Baris ke-{i} di atas teks berita ini.</p>" for i in range(14))
    assert published(read(above=f"{long}<i class=entry-date>27 Juni 2024</i>", head=head)) == {"27 Juni 2024"}
    assert published(read(above=f"{long}<i class=date-today>27 Juni 2024</i>", head=head)) == set()
    assert published(read(above=f"{long}<i class=date-updated>27 Juni 2024</i>", head=head)) == set()


def test_a_list_that_names_this_article_above_it_gives_it_no_date() -> None:
    latest = (
        f"<ul><li>{TITLE}</li><li>1 Juni 2024</li>" + "".join(f"<li>Kabar ke-{i}</li>" for i in range(30)) + "</ul>"
    )
    html = (
        f"<html><head><title>{TITLE}</title>{PUBLISHED}</head><body>{latest}<main><h1>{TITLE}</h1>"
        f"<p>27 Juni 2024</p><div class=isi>{TEXT}</div></main></body></html>"
    )
    article = read_page(
        Page("https://kabarpuger.example/a/b", html.encode(), "", datetime(2024, 7, 1, tzinfo=UTC)), PORTAL
    )
    assert "27 Juni 2024" in published(article)
    assert "1 Juni 2024" not in published(article)


@pytest.mark.parametrize(
    ("said", "above", "section"),
    [
        ('["Headline", "Hukum"]', "", "Hukum"),
        ('"Headline,Hukum"', "", "Hukum"),
        ('"Ekonomi, Bisnis"', "", "Ekonomi, Bisnis"),
        ('["Berita"]', "", "Berita"),
        ('["Hukum", "Jember"]', "<ul class=breadcrumb><li><a>Beranda</a></li><li><a>Jember</a></li></ul>", "Jember"),
        ('["Tani &amp; Nelayan", "Jember"]', "", "Tani & Nelayan"),
        ('["Kabar Puger", "27 Juni 2024", "rina@kabarpuger.example", "Jember"]', "", "Jember"),
        ('["Front Page", "kabarpuger.com", "@kabarpuger", "Semua", "post", "Jember"]', "", "Jember"),
    ],
)
def test_of_several_sections_the_one_that_says_most_is_taken(said: str, above: str, section: str) -> None:
    told = f'{{"@type": "NewsArticle", "headline": "{TITLE}", "articleSection": {said}}}'
    assert read(above=above, head=PUBLISHED + json_ld(told)).section == section


@pytest.mark.parametrize(
    ("own", "link", "is_its"),
    [
        ("https://www.detik.example", "https://news.detik.example", True),
        ("https://www.detik.example", "https://www.kompas.example", False),
        ("https://detik.com.my", "https://kompas.com.my", False),
        ("https://rb.co.id", "https://www.rb.co.id", True),
        ("https://rb.co.id", "https://jn.co.id", False),
    ],
)
def test_a_category_is_a_section_on_the_portal_s_own_hosts_however_short(own: str, link: str, is_its: bool) -> None:
    page = f'<p><a href="{link}/category/laut">Laut</a></p>'
    assert read(above=page, url=f"{own}/kabar/nelayan").section == ("Laut" if is_its else None)


def test_beside_a_category_stand_also_a_writer_and_a_date() -> None:
    others = '<a rel="author">Rina Wati</a> <a rel="bookmark">27 Juni 2024</a>'
    above = f'<span class="entry-meta">{others} <a rel="category tag">Hukum</a></span>'
    assert read(above=above, wordpress=True).section == "Hukum"


def test_a_section_that_is_the_portal_s_name_is_none() -> None:
    assert read(head=PUBLISHED + '<meta property="article:section" content="Kabar Puger">').section is None


def test_of_category_links_side_by_side_that_of_the_metadata_is_the_section() -> None:
    links = " ".join(f'<a rel="category tag">{name}</a>' for name in ("Headline", "Hukum", "Puger"))
    above = f'<span class="cat-links">{links}</span>'
    assert read(above=above, wordpress=True).section == "Hukum"
    told = PUBLISHED + '<meta property="article:section" content="Puger">'
    assert read(above=above, head=told, wordpress=True).section == "Puger"


@pytest.mark.parametrize("wordpress", [False, True], ids=["general", "wordpress"])
def test_a_list_of_the_latest_articles_dates_the_one_that_it_links(wordpress: bool) -> None:
    latest = '<a href="/berita/lain">Lain</a> 1 Juni 2024</li><li><a href="/berita/nelayan-melaut">{}</a> {}'
    for beside, due in (("<span>20/06/2024</span>", {"20/06/2024"}), ("<span>12 komentar</span>", set())):
        below = f"<ul><li>{latest.format(TITLE, beside)}</li></ul>"
        assert published(read(below=below, head=ARTICLE, wordpress=wordpress)) == due


def test_a_publication_date_under_a_name_of_the_cms_s_own_is_read_where_no_other_is() -> None:
    own = '<meta name="w-published-date" content="2024-06-20T06:03:43+07:00">'
    own += '<meta name="unpublish-date" content="2030-01-01">'
    assert published(read(head=own)) == {"2024-06-20T06:03:43+07:00"}
    assert published(read(head=own + PUBLISHED)) == {"2024-06-27T14:10:00+07:00"}


@pytest.mark.parametrize(
    ("mark", "clock", "head", "due"),
    [
        ("/_next/static/", "07:10", "2024-06-27T07:10:25Z", {"2024-06-27T07:10:25Z"}),
        ("data-reactroot", "07:10", "2024-06-27T07:10:25+00:00", {"2024-06-27T07:10:25+00:00"}),
        ("/app.js", "07:10", "2024-06-27T07:10:25Z", {"27 Juni 2024 07:10", "2024-06-27T07:10:25Z"}),
        ("/_next/static/", "07:10 WIB", "2024-06-27T07:10:25Z", {"27 Juni 2024 07:10 WIB", "2024-06-27T07:10:25Z"}),
        ("/_next/static/", "14:10", "2024-06-27T07:10:25Z", {"27 Juni 2024 14:10", "2024-06-27T07:10:25Z"}),
        ("/_next/static/", "07:10", "2024-06-27T07:10:25+07:00", {"27 Juni 2024 07:10", "2024-06-27T07:10:25+07:00"}),
    ],
    ids=["next", "react", "no script draws it", "a zone beside it", "another clock", "a zone of ours"],
)
def test_a_clock_that_a_server_drew_in_utc_does_not_make_a_z_false(
    mark: str, clock: str, head: str, due: set[str]
) -> None:
    meta = f'<meta property="article:published_time" content="{head}"><script src="{mark}"></script>'
    assert published(read(above=f"<div>27 Juni 2024 {clock}</div>", head=meta)) == due


def breadcrumb(*steps: tuple[str, str]) -> str:
    """Return a JSON-LD breadcrumb of (name, path) steps on the portal of these tests."""
    items = ", ".join(
        f'{{"@type": "ListItem", "position": {at}, "name": "{name}", "item": "https://kabarpuger.example{path}"}}'
        for at, (name, path) in enumerate(steps, start=1)
    )
    return json_ld(f'{{"@type": "BreadcrumbList", "itemListElement": [{items}]}}')


@pytest.mark.parametrize("wordpress", [False, True], ids=["general", "wordpress"])
@pytest.mark.parametrize(
    ("steps", "section"),
    [
        ((("Kabar Puger", "/"), ("Laut", "/laut"), (TITLE, "/berita/nelayan-melaut")), "Laut"),
        ((("Kabar Puger", ""), ("Laut", "/laut"), ("Tangkap &amp; Budidaya", "/laut/t")), "Tangkap & Budidaya"),
        ((("Home", "/x"), (TITLE, "/lain")), None),
        ((("Kabar Puger", "/"),), None),
    ],
)
def test_a_breadcrumb_that_only_machines_see_names_the_section(
    steps: tuple[tuple[str, str], ...], section: str | None, wordpress: bool
) -> None:
    assert read(head=PUBLISHED + breadcrumb(*steps), wordpress=wordpress).section == section


def test_what_the_page_shows_or_says_of_its_section_comes_before_that_breadcrumb() -> None:
    told = PUBLISHED + breadcrumb(("Blog", "/blog"))
    shown = "<ul class=breadcrumb><li><a>Jember</a></li></ul>"
    assert read(above=shown, head=told).section == "Jember"
    assert read(above="<a href=/kategori/laut>Laut</a>", head=told).section == "Laut"
    assert read(head=told + '<meta property="article:section" content="Hukum">').section == "Hukum"
