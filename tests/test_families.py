"""CMS families: they agree with the catalogue, select by CSS, and read well whatever the catalogue says."""

import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from kwri_crawler import catalogue, pages
from kwri_crawler.archive import articles, crawls, open_archive
from kwri_crawler.catalogue import ListingKind, Portal
from kwri_crawler.items import Article, Page
from kwri_crawler.pages import PageError, read_page
from kwri_crawler.pages.credits import is_sign, roles_in, split_caption
from kwri_crawler.pages.dated import Dated
from kwri_crawler.pages.family import Family
from kwri_crawler.pages.language import language_by_words
from kwri_crawler.pages.source import Source
from kwri_crawler.pages.text import person
from kwri_crawler.scout.candidates import candidates
from kwri_crawler.scout.scouted import Candidate
from tests.crawling import PROJECT

_FIELDS = (
    "wrapper", "title", "subtitle", "section", "author", "credits", "published", "updated", "summary", "body", "image",
    "caption", "tags",
)  # fmt: skip
_TEXT = "<p>Warga Kecamatan Contoh memperbaiki jembatan bambu yang rusak karena banjir pekan lalu.</p>" * 3

_INDONESIAN = "Warga desa itu tidak akan pindah dan tetap tinggal di rumah yang rusak pada musim ini dengan keluarga. "


def read(html: str, family: str = "general", url: str = "https://portal.example/berita/jembatan-bambu") -> Article:
    portal = Portal("x", "X", "https://portal.example/", family, None, "Asia/Jakarta", ())
    return read_page(Page(url, html.encode(), "text/html", datetime(2024, 6, 28, tzinfo=UTC)), portal)


def newkarma(body_class: str = "single single-post postid-7", text: str = _TEXT) -> str:
    return (
        '<html><head><link rel=stylesheet href="https://portal.example/wp-content/themes/newkarma/style.css"></head>'
        f'<body class="{body_class}"><main><article id="post-7" class="post-7 post hentry">'
        '<h1 class="entry-title">Jembatan bambu diperbaiki warga</h1>'
        f'<div class="entry-content entry-content-single">{text}</div></article></main></body></html>'
    )


@pytest.mark.parametrize("declared", [*pages.families(), "general"])
@pytest.mark.parametrize("place", ["post-content", "isi"])
def test_a_text_behind_a_password_is_no_article_whatever_the_family(declared: str, place: str) -> None:
    form = (
        '<form class="post-password-form" method="post"><p>Konten ini dilindungi dengan kata sandi. Untuk melihatnya'
        " silakan masukkan kata sandi Anda di bawah ini.</p></form>"
    )
    page = newkarma(text=_TEXT + form)
    page = page.replace("<h1", f'<div class="{place}"><h1').replace("</article>", "</div></article>")
    with pytest.raises(PageError, match="protected by a password"):
        read(page, declared)
    with pytest.raises(PageError, match="protected by a password"):
        read(page.replace("entry-content", "teks"), declared)


def test_the_catalogue_knows_the_families_that_there_are() -> None:
    assert set(catalogue.FAMILIES) == {*pages.families(), "general"}


def test_to_read_one_family_loads_no_other() -> None:
    code = (
        "import sys; from kwri_crawler.pages import family_named\n"
        "assert family_named('detik').name == 'detik' and family_named('general') is None\n"
        "print([m for m in sys.modules if m.startswith('kwri_crawler.pages.families.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout == "['kwri_crawler.pages.families.detik']\n"


def test_a_cms_of_everybody_is_tried_after_those_of_one_network() -> None:
    order = [family.is_for_all for family in pages.families().values()]
    assert order == sorted(order)
    assert {True, False} == set(order)


@pytest.mark.parametrize("family", pages.families().values(), ids=lambda family: family.name)
def test_every_selector_of_a_family_is_css(family: Family) -> None:
    tree = LexborHTMLParser("<p></p>")
    for field in _FIELDS:
        for selector in getattr(family, field):
            assert tree.css(selector) is not None, f"{family.name}.{field}: {selector}"
    for selector, _ in family.not_article:
        tree.css(selector)
    if family.crumbs:
        tree.css(family.crumbs)
    if family.drop:
        tree.css(family.drop)


@pytest.mark.parametrize("declared", ["general", "wordpress", "varient", "detik"])
def test_a_wrong_family_in_the_catalogue_still_reads_well(declared: str) -> None:
    article = read(newkarma(), declared)
    assert (article.reader, article.title) == ("wordpress", "Jembatan bambu diperbaiki warga")


def test_a_page_of_no_known_make_is_recognised_as_none() -> None:
    page = Page("https://x.example/a", b"<main><h1>Judul</h1><p>Isi</p></main>", "", datetime(2024, 6, 28, tzinfo=UTC))
    assert pages.recognise(Source.of(page)) is None


@pytest.mark.parametrize(
    ("body_class", "reason"),
    [
        ("home blog", "a list page"),
        ("archive category category-desa", "a list page"),
        ("page page-id-12", "a page about the portal"),
    ],
)
def test_wordpress_says_in_its_body_what_is_no_article(body_class: str, reason: str) -> None:
    with pytest.raises(PageError, match=reason):
        read(newkarma(body_class), "wordpress")


@pytest.mark.parametrize(
    "box",
    [
        '<div id="ez-toc-container" class="ez-toc-v2"><p>Daftar Isi</p><ul><li><a href="#a">Sebab</a></li></ul></div>',
        '<article class="post type-post"><h2><a href="/lain">Pasar lama dibuka lagi</a></h2></article>',
        '<blockquote class="wp-embedded-content"><p><a href="/lain">Pasar lama dibuka lagi</a></p></blockquote>',
        '<div class="yarpp-related"><h3>Berita serupa</h3><a href="/lain">Pasar lama dibuka lagi</a></div>',
        '<div id="comments" class="comments-area"><p>Budi: jembatan itu sudah lama rusak.</p></div>',
        '<div class="article-author-box"><p>Sari menulis tentang desa sejak 2015.</p></div>',
        '<div class="wp-block-button"><a href="/dukung">Dukung kami</a></div>',
        '<div class="abh_box abh_box_down"><p>Sari menulis tentang desa sejak 2015.</p></div>',
        '<div class="about_author"><p>Sari menulis tentang desa sejak 2015.</p></div>',
        '<div class="sfsi_responsive_icons"><a href="/bagi">Bagikan di sini</a></div>',
        '<div class="newsletter-embed"><h2>Terima berita kami tiap pagi</h2></div>',
        '<div class="most-read"><h2>Dibaca orang</h2><a href="/lain">Pasar lama dibuka lagi</a></div>',
    ],
)
def test_what_plug_ins_of_wordpress_put_into_a_body_is_no_text(box: str) -> None:
    assert read(newkarma(text=_TEXT + box)).paragraphs == read(newkarma()).paragraphs


def test_links_are_those_of_the_text_that_is_kept() -> None:
    text = (
        f'{_TEXT}<p>Lihat <a href="/desa">laman desa</a>.</p><div class="code-block"><a href="/iklan">Beli</a></div>'
        '<p><a href="javascript:void(0)">Bagikan</a></p>'
    )
    article = read(newkarma(text=text))
    assert [(link.url, link.text) for link in article.links] == [("https://portal.example/desa", "laman desa")]


def test_a_dateline_that_stands_alone_belongs_to_the_first_paragraph() -> None:
    article = read(newkarma(text=f"<strong>Kediri</strong> - {_TEXT}"))
    assert article.paragraphs[0].startswith("Kediri - Warga Kecamatan")


def test_a_sign_off_gives_author_editor_and_source_and_leaves_the_text() -> None:
    article = read(newkarma(text=f"{_TEXT}<p>Pewarta: Siti Aminah Editor: Budi Raharjo</p><p>Sumber: Humas Desa</p>"))
    assert (article.author, article.editor, article.source) == ("Siti Aminah", "Budi Raharjo", "Humas Desa")
    assert "Pewarta" not in article.paragraphs[-1]


@pytest.mark.parametrize(
    ("line", "roles"),
    [
        ("Editor : Ading", {"editor": "Ading"}),
        ("Penulis: Rina | Editor: Joko", {"author": "Rina", "editor": "Joko"}),
        ("Editor: Ani Wijaya COPYRIGHT © ANTARA 2012", {"editor": "Ani Wijaya"}),
        ("Penulis: RinaEditor: Joko", {"author": "Rina", "editor": "Joko"}),  # two elements, parted by their style
        ("Pewarta: prwir Editor: PR Wire", {"editor": "PR Wire"}),
        ("Sumber air di desa itu: sungai", {}),
        ("Kata warga, penulis: mereka yang menulis di papan itu setiap pagi sebelum berangkat ke sawah", {}),
    ],
)
def test_only_a_line_that_names_people_and_nothing_else_is_a_sign_off(line: str, roles: dict[str, str]) -> None:
    assert roles_in(line) == roles


@pytest.mark.parametrize(
    ("byline", "name"),
    [
        ("Achmad Sarjono - JATIM.KWRI.OR.ID", "Achmad Sarjono"),
        ("Penulis: Dewi Lestari", "Dewi Lestari"),
        ("Putri Ayu - detikJatim", "Putri Ayu"),
        ("(ant/rif)", None),
        ("[sar/beq]", None),
        ("hms/red", None),
        ("Kontributor Kediri, Siti Aminah", "Siti Aminah"),
        ("Fotografer: Siti Aminah", "Siti Aminah"),
    ],
)
def test_an_author_is_a_name_without_role_and_site(byline: str, name: str | None) -> None:
    assert person(byline) == name


@pytest.mark.parametrize(
    ("caption", "parts"),
    [
        ("Suasana rapat. (Foto: Dok. Polres)", ("Suasana rapat.", "Dok. Polres")),
        ("Foto: Dokumentasi Surabaya", (None, "Dokumentasi Surabaya")),
        ("Warga antre. ANTARA FOTO/Budi/foc.", ("Warga antre.", "ANTARA FOTO/Budi/foc")),
        ("Rapat di Kediri", ("Rapat di Kediri", None)),
        ("", (None, None)),
    ],
)
def test_a_caption_and_its_credit_are_told_apart(caption: str, parts: tuple[str | None, str | None]) -> None:
    assert split_caption(caption) == parts


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (_INDONESIAN * 3, "id"),
        ("The people of the village have said that they are not moving from this place and the river. " * 3, "en"),
        ("Gol Persebaya Persija Arema " * 20, None),
        ("Warga yang tidak akan pindah. The people of the village that have been there. " * 5, None),
        ("yang dan di", None),
    ],
)  # fmt: skip
def test_a_language_is_told_by_words_only_where_that_is_certain(text: str, language: str | None) -> None:
    assert language_by_words((text,)) == language


@pytest.mark.parametrize(
    ("declared", "language", "where"),
    [
        ("id", "id", "selector html[lang]"),
        ("en-US", "id", "general words"),
        ("ms", "ms", "selector html[lang]"),
        ("", "id", "general words"),
    ],
)
def test_a_language_that_is_falsely_declared_is_told_by_the_words(declared: str, language: str, where: str) -> None:
    article = read(newkarma(text=f"<p>{_INDONESIAN * 3}</p>").replace("<html", f'<html lang="{declared}"', 1))
    assert (article.language, dict(article.evidence)["language"]) == (language, where)


def test_a_declared_language_is_believed_where_the_words_leave_a_doubt() -> None:
    article = read(
        newkarma(text=f"<p>{'Gol Persebaya Persija Arema. ' * 20}</p>").replace("<html", '<html lang="en"', 1)
    )
    assert (article.language, dict(article.evidence)["language"]) == ("en", "selector html[lang]")


def test_an_article_knows_its_amp_and_print_addresses_and_where_each_field_was_read() -> None:
    html = (
        newkarma()
        .replace("<head>", '<head><link rel="amphtml" href="/amp/x">')
        .replace("</article></main>", '<a href="/print/x">Cetak</a></article></main>')
    )
    article = read(html)
    assert (article.amp_url, article.print_url) == ("https://portal.example/amp/x", "https://portal.example/print/x")
    kinds = {field: where.partition(" ")[0] for field, where in article.evidence}
    assert set(kinds.values()) <= {"json-ld", "selector", "meta", "general"}
    assert (kinds["title"], kinds["amp_url"], kinds["body"], kinds["url"]) == (
        "selector", "selector", "selector", "general",
    )  # fmt: skip


def test_the_archive_keeps_links_and_evidence_and_unfolds_them_in_views(tmp_path: Path) -> None:
    db = open_archive(tmp_path / "a.sqlite")
    text = f'{_TEXT}<p>Lihat <a href="/desa">laman desa</a>.</p><p>Editor: Budi Raharjo</p>'
    article = read(newkarma(text=text))
    portal = Portal("x", "X", "https://portal.example/", "wordpress", None, "Asia/Jakarta", ())
    crawl = crawls.begin(db, portal, None, None)
    articles.store(db, replace(article, crawl_id=crawl, text_hash="h", word_count=30))
    assert list(db.query("SELECT * FROM links")) == [
        {"article": 1, "position": 0, "url": "https://portal.example/desa", "text": "laman desa"}
    ]
    assert next(db.query("SELECT read_from FROM evidence WHERE field = 'body'"))["read_from"] == "selector"
    assert next(db.query("SELECT editor, source FROM articles")) == {"editor": "Budi Raharjo", "source": None}
    db.close()


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("(Cas/Isk)", True),
        ("(red)", True),
        ("(*)", True),
        ("rin/bud", True),
        ("(Jember)", False),
        ("Rina/Budi", False),
        ("(3/5)", False),
    ],
)
def test_a_desk_s_sign_is_no_paragraph_and_a_word_in_brackets_is_one(line: str, is_one: bool) -> None:
    assert is_sign(line) is is_one


@pytest.mark.parametrize(
    ("home", "tried"),
    [
        ('<a href="https://disway.id/">Disway</a>', [("feed", "/rss", "disway")]),
        (
            '<div id="o_wblog_"></div><a href="/blog/nasional-3">a</a><a href="https://x.example/blog/hukum-4/page/2">b</a>'
            '<a href="/blog/nasional-3/kabar-9">c</a>',
            [
                ("feed", "/blog/nasional-3/feed?limit=50", "odoo"), ("feed", "/blog/hukum-4/feed?limit=50", "odoo"),
                ("index", "/blog", "odoo"), ("sitemap", "/sitemap.xml", "odoo"),
            ],
        ),
        (
            '<meta name="generator" content="Drupal 10">',
            [("feed", "/rss.xml", "drupal"), ("sitemap", "/sitemap.xml", "drupal")],
        ),
        ("<p>portal tanpa tanda</p>", []),
    ],
)  # fmt: skip
def test_a_home_page_that_shows_a_family_has_its_listings_tried(home: str, tried: list[tuple[str, str, str]]) -> None:
    found = list(candidates(f"<html><body>{home}</body></html>", "https://x.example/", ""))
    of_makes = [one for one in found if one.where.rpartition("tried, as ")[2].partition(" has")[0] in pages.families()]
    assert of_makes == [
        Candidate(ListingKind(kind), f"https://x.example{link}", f"tried, as {make} has it")
        for kind, link, make in tried
    ]
    if tried:
        others = [one for one in found if one.where == "tried, as many portals have it"]
        assert found.index(of_makes[0]) < found.index(others[0])


def test_a_home_page_that_shows_every_familys_marks_costs_few_tries() -> None:
    marks = " ".join(mark for family in pages.families().values() for mark in family.marks if "<" not in mark)
    makes = {one.where for one in candidates(f"<html><body><p>{marks}</p></body></html>", "https://x.example/", "")}
    named = {where for where in makes if where.rpartition("tried, as ")[2].partition(" has")[0] in pages.families()}
    assert len(named) <= 3


@pytest.mark.parametrize(("name", "view", "mark"), [("suara", "2024", "suara.com"), ("inews", "2026", "inews.id")])
def test_a_page_that_only_shows_a_networks_pictures_is_not_the_networks(name: str, view: str, mark: str) -> None:
    html = (PROJECT / "tests" / "golden" / name / view / "page.html").read_text(encoding="utf-8")
    foreign = re.sub(rf'(rel="canonical" href="https://)\w+\.{re.escape(mark)}', r"\1portal.example", html)
    assert foreign != html
    for text, known in ((html, True), (foreign, False)):
        page = Page("https://portal.example/", text.encode(), "", datetime(2024, 7, 1, tzinfo=UTC))
        assert pages.families()[name].knows(Source.of(page)) is known


@pytest.mark.parametrize(("name", "view"), [("joomla", "4"), ("joomla", "k2"), ("drupal", "10"), ("drupal", "7")])
def test_a_page_of_a_cms_of_everybody_that_prints_no_date_is_the_general_readers(name: str, view: str) -> None:
    html = (PROJECT / "tests" / "golden" / name / view / "page.html").read_text(encoding="utf-8")
    undated = re.sub(r"<(time|span|div)[^>]*(?:datetime=|itemDateCreated|submitted)[^>]*>.*?</\1>", "", html)
    undated = re.sub(r'class="(?:published|node__submitted|node__meta)"', "", undated)
    page = Page("https://portal.example/profil/visi-dan-misi", undated.encode(), "", datetime(2024, 7, 1, tzinfo=UTC))
    family = pages.families()[name]
    assert isinstance(family, Dated)
    assert pages.recognise(Source.of(page)) is None
    assert family.read(Source.of(page), {}) is None
    assert family.read(Source.of(page), {"body": "p"}) is not None  # the portal's file says where the text is
