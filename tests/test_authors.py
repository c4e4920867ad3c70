"""Authors: people, as bylines, classes, labels and metadata of Indonesian portals name them; no portal, no system."""

import pytest

from kwri_crawler.pages.authors import is_name, namesake
from kwri_crawler.pages.metadata import Metadata
from kwri_crawler.pages.writers import author_in
from tests.test_fields import OWN, PUBLISHED, json_ld, read

SHOWN = [
    (
        '<div class="meta"><span>Oleh</span><span>I Wayan Sudarma</span><span>Jumat, 28 Juni 2024</span></div>',
        "I Wayan Sudarma",
    ),
    ('<div class="meta">Penulis<br>Ni Made Ayu Lestari<br>28 Juni 2024 10:00</div>', "Ni Made Ayu Lestari"),
    (
        '<div class="info"><i class="fa fa-user"></i> Oleh: I Gede Putra, S.Pd., M.Si. <i></i> 28/06/2024</div>',
        "I Gede Putra, S.Pd., M.Si.",
    ),
    ('<div class="post-author"><img alt="foto Rina"><h6>Rina Wati</h6><p>Kontributor Jember</p></div>', "Rina Wati"),
    ('<p class="byline">Laporan Reporter Kabar Puger, Rina Wati</p>', "Rina Wati"),
    ("<p>Laporan Wartawan Kabar Puger, Rina Wati</p>", "Rina Wati"),
    ("<p>Rina Wati - Kabar Puger</p><p>Kamis, 27 Juni 2024</p>", "Rina Wati"),
    ("<p>Rina Wati, KabarPuger.com</p>", "Rina Wati"),
    ('<div><a href="/author/rina">Rina Wati</a> | <a href="/editor/joko">Joko</a></div>', "Rina Wati"),
    ('<div class="author">Rep: Rina Wati / Red: Joko</div>', "Rina Wati"),
    ("<div><strong>Rina Wati</strong> <span>Reporter</span></div>", "Rina Wati"),
    ("<div>Ditulis oleh Rina Wati pada 27 Juni 2024</div>", "Rina Wati"),
    ("<div>Ditulis oleh: <a href=#>A. Rahman</a></div>", "A. Rahman"),
    ("<div>oleh <a href=/penulis/x>Ni Luh Putu Sri</a> — 27 Juni 2024</div>", "Ni Luh Putu Sri"),
    ("<div>Pewarta: Rina Wati/Budi Santoso</div>", "Rina Wati/Budi Santoso"),
    ("<div>Reporter: <b>Rina Wati</b> Editor: <b>Joko Susilo</b></div>", "Rina Wati"),
    ("<div>Editor: Joko Susilo</div>", None),
    ("<div>Editor : Joko Susilo | Penulis : Rina Wati</div>", "Rina Wati"),
    ('<div class="jeg_meta_author">by <a href="/author/admin">admin</a></div>', None),
    ('<div class=author><span class="fn">redaksi</span></div>', None),
    ('<span class="posted-by">Diposting oleh Rina Wati</span>', "Rina Wati"),
    ("<div>Penulis: Rina Wati | Foto: Joko</div>", "Rina Wati"),
    ("<div><span>JEMBER</span><span>Rina Wati</span></div>", None),
    ('<div><span class="reporter">Rina Wati</span> - <span class="date">Kamis, 27 Juni 2024</span></div>', "Rina Wati"),
    ('<ul class="post-meta"><li><i class="icon-user"></i> Rina Wati</li><li>27 Juni 2024</li></ul>', "Rina Wati"),
    ('<div class="wartawan">Wartawan Rina Wati</div>', "Rina Wati"),
    ('<p><span itemprop="author">Rina Wati</span><span>120 Views</span></p>', "Rina Wati"),
    ("<div>Kamis, 27 Juni 2024 | 14:10 WIB | Oleh : Rina Wati</div>", "Rina Wati"),
    ("<div>Kamis, 27 Juni 2024 14:10 WIB Penulis : Rina Wati</div>", "Rina Wati"),
    ("<p class=byline>By <a href=/author/r>Rina Wati</a>, Kolumnis, Kabar Puger</p>", "Rina Wati"),
    ('<div class="l-grid--sidebar"><a href="/author/rina">Rina Wati</a></div>', "Rina Wati"),
    (
        '<div class="post-1 hentry category-trending tag-populer has-comments"><a href="/author/r">Rina Wati</a></div>',
        "Rina Wati",
    ),
    ('<div class="photo"><img src="a.jpg"><span class="author">Budi Santoso</span> Perahu di Puger</div>', None),
    ('<figure><img src="a.jpg"><span class="author-name">Budi Santoso</span></figure>', None),
    ('<div class="info">Editor : <a class="author" href="/author/joko">Joko Susilo</a></div>', None),
    (
        '<div class="info">Editor : <a class="author" href="/author/joko">Joko Susilo</a></div>'
        '<div class="info"><a class="author" href="/author/rina">Rina Wati</a></div>',
        "Rina Wati",
    ),
    ('<ul class="top-menu"><li class="menu-item"><a href="/author/r"><b>Rina Wati</b></a></li></ul>', None),
    ('<div class="has-comments comments"><a href="/author/r">Rina Wati</a></div>', None),
]
TOLD = [
    "WordPress",
    "CV Media Puger Digital",
    "info@kabarpuger.example",
    "Super Admin",
    "Admin Kabar Puger",
    "Redaksi Kabar Puger",
    "kabarpuger",
    "KabarPuger.example",
    "Lokomedia CMS",
    "Foto: Antara/Rina",
    "ISTIMEWA",
    "user-17",
    "Kontributor",
    "Tim Liputan",
    "Tim detikJatim",
    "Unknown",
    "Anonim",
    "Facebook",
    "Dok.Pemkab Puger",
    "Laut Puger Inc.",
]
JSON_LD = [
    ('{"@type":"Person","name":"Admin"}', None),
    ('{"@type":"Organization","name":"Kabar Puger"}', None),
    ('{"@type":"Person","name":{"@type":"Text","@value":"Rina Wati"}}', "Rina Wati"),
    ('["Rina Wati","Budi Santoso"]', "Rina Wati, Budi Santoso"),
    ('{"@type":"Person","name":"Rina Wati (Reporter)"}', "Rina Wati"),
    ('{"@type":"Person","name":"Reporter: Rina Wati"}', "Rina Wati"),
    ('{"@type":"Person","name":"RINA WATI"}', "RINA WATI"),
    ('{"@type":"Person","name":"Oleh: I Made Sujana"}', "I Made Sujana"),
    ('{"@type":"Person","name":"Rina Wati - Kabar Puger"}', "Rina Wati"),
    ('{"@type":"Person","name":"Rina Wati | Kabar Puger"}', "Rina Wati"),
    ('{"@type":"Person","name":"https://kabarpuger.example/author/rina"}', None),
    ('{"@type":"Person","name":"Rina Wati","url":"x"},"editor":{"name":"Joko"}', "Rina Wati"),
    ('["Oleh Rina Wati", "Jaringan Nelayan Puger on Facebook"]', "Rina Wati"),
    ('{"@type":"Person","name":"By Soleh"}', "Soleh"),
    ('{"@type":"Person","name":"Autor: Rina Wati"}', "Rina Wati"),
    ('{"@type":"Person","name":"Autorin Rina"}', "Rina"),
    ('{"@type":"Person","name":"Abby Santoso"}', "Abby Santoso"),
    ('{"@type":"Person","name":"By RINA WATI, AP Auto Writer"}', "RINA WATI"),
    ('{"@type":"Person","name":"Rina Wati for Kabar Puger"}', "Rina Wati"),
    ('{"@type":"Person","name":"Rina","description":"Rina Wati adalah nelayan."}', "Rina Wati"),
    ('{"@type":"Person","name":"Rina","description":"Rina Reporter di Puger."}', "Rina"),
    ('{"@type":"Person","name":"Rina","description":"Rina Wati Puger, nelayan."}', "Rina"),  # where her name ends?
]


@pytest.mark.parametrize("wordpress", [False, True], ids=["general", "wordpress"])
@pytest.mark.parametrize(("above", "author"), SHOWN)
def test_a_byline_of_any_make_names_its_writer_alone(above: str, author: str | None, wordpress: bool) -> None:
    assert read(above=above, wordpress=wordpress).author == author


@pytest.mark.parametrize("wordpress", [False, True], ids=["general", "wordpress"])
@pytest.mark.parametrize("name", TOLD)
def test_a_system_a_desk_a_role_and_the_portal_are_no_author(name: str, wordpress: bool) -> None:
    assert read(head=f'{PUBLISHED}<meta name="author" content="{name}">', wordpress=wordpress).author is None


@pytest.mark.parametrize("wordpress", [False, True], ids=["general", "wordpress"])
@pytest.mark.parametrize(("said", "author"), JSON_LD)
def test_json_ld_names_a_person_in_any_shape(said: str, author: str | None, wordpress: bool) -> None:
    assert read(head=json_ld(OWN % said), wordpress=wordpress).author == author


def test_an_account_s_name_yields_to_the_byline_and_stands_where_there_is_none() -> None:
    told = json_ld(OWN % '{"@type": "Person", "name": "rina.wati2"}')
    assert (
        read(head=told, above='<div class="author_created"><span>Oleh</span> <b>Rina Wati</b></div>').author
        == "Rina Wati"
    )
    assert read(head=told).author == "rina.wati2"


def test_a_byline_names_the_second_writer_whom_json_ld_leaves_out() -> None:
    told = json_ld(OWN % '"Rina Wati"')
    above = '<p class=by><a href="/author/rina">Rina Wati</a> dan <a href="/author/budi">Budi Santoso</a></p>'
    assert read(head=told, above=above).author == "Rina Wati, Budi Santoso"


def test_a_card_of_another_article_signs_it_and_not_this_one() -> None:
    card = '<div class=post-card><a class="post-card-author-name" href="/author/joko">Joko Susilo</a></div>'
    other = card.replace("Joko Susilo", "Sri Lestari")
    assert read(above='<a href="/author/rina">Rina Wati</a>', below=card).author == "Rina Wati"
    assert read(below=card + other).author is None


def test_yoast_signs_and_dates_the_page_where_it_names_no_article() -> None:
    page = (
        '{"@graph": [{"@type": "WebPage", "@id": "https://kabarpuger.example/berita/nelayan-melaut", "name": "x",'
        ' "datePublished": "2024-06-27T14:10:00+07:00", "author": {"@id": "#rina"}},'
        ' {"@type": "Person", "@id": "#rina", "name": "Rina Wati"}]}'
    )
    article = read(head=json_ld(page))
    assert (article.author, [date.text for date in article.dates]) == ("Rina Wati", ["2024-06-27T14:10:00+07:00"])
    other = read(head=PUBLISHED + json_ld(page.replace("berita/nelayan-melaut", "berita/yang-lain")))
    assert (other.author, len(other.dates)) == (None, 1)


@pytest.mark.parametrize("line", ["Jember Utara", "Penulis", "Oleh", "Baca juga: Rina Wati", "Dibaca 120 kali"])
def test_a_line_without_a_writer_s_form_names_nobody(line: str) -> None:
    assert author_in([line, "Kamis, 27 Juni 2024"]) is None


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("I Ketut Arya", True),
        ("A. Rahman", True),
        ("Ni Luh Sari", True),
        ("Ahmad bin Said", True),
        ("Rina Wati, S.Pd., M.Si.", True),
        ("Kontributor Jember", False),
        ("Baca Juga", False),
        ("Redaksi Puger", False),
        ("nelayan puger", False),
        ("27 Juni", False),
        ("C130 Sektor", False),
    ],
)
def test_a_name_has_a_name_s_form(text: str, is_one: bool) -> None:
    assert is_name(text) is is_one


@pytest.mark.parametrize("wordpress", [False, True], ids=["general", "wordpress"])
@pytest.mark.parametrize(
    ("below", "author"),
    [
        ('<div class="author-bio"><h3>Rina Wati</h3><p>Menulis tentang laut sejak lama.</p></div>', "Rina Wati"),
        ('<aside><span class="blog-author">Penulis: Rina Wati</span></aside>', "Rina Wati"),
        ("<section><h3>Ditulis oleh Rina Wati</h3><p>Rina Wati adalah nelayan dan guru.</p></section>", "Rina Wati"),
        ("<section><h3>Rina Wati</h3><p>Nelayan dan guru.</p></section>", None),
        (
            '<aside><a class="blog-author">Rina Wati</a></aside><aside><a class="blog-author">Budi Santoso</a></aside>',
            None,
        ),
        ('<aside class="terkait"><span class="blog-author">Rina Wati</span></aside>', None),
        ('<aside>Reviewed by <span class="blog-author">Rina Wati</span></aside>', None),
        ('<aside><span class="blog-author">Written By</span></aside>', None),
    ],
)
def test_where_no_byline_is_the_one_whom_the_page_notes_as_author_is_taken(
    below: str, author: str | None, wordpress: bool
) -> None:
    if not wordpress:  # a family's page pays for no such search
        assert read(below=below).author == author
    assert read(above="<p>Oleh: Ni Luh Sari</p>", below=below, wordpress=wordpress).author == "Ni Luh Sari"


ENGLISH = "".join(
    f"<p>{line}</p>"
    for line in (
        "The boats of the harbour were out on the third day after the storm that had damaged many of them.",
        "The head of the port said that the waves were lower and that small boats have been allowed to sail.",
        "The price of fish at the auction is still high, for the supply of these days was from the ponds of the town.",
    )
)


@pytest.mark.parametrize(
    ("text", "told", "author"),
    [
        (ENGLISH, '{"@type": "Person", "name": "Kabar Puger"}', "Kabar Puger"),
        (None, '{"@type": "Person", "name": "Kabar Puger"}', None),
        (ENGLISH, '{"@type": "Organization", "name": "Kabar Puger"}', None),
        (ENGLISH, '{"@type": "Person", "name": "Kabarpuger"}', None),
    ],
    ids=["a person's site", "an Indonesian portal", "an organisation", "one word"],
)
def test_the_portal_s_name_is_a_person_s_only_abroad(text: str | None, told: str, author: str | None) -> None:
    article = read(head=json_ld(OWN % told), text=text) if text else read(head=json_ld(OWN % told))
    assert article.author == author


@pytest.mark.parametrize(("name", "is_one"), [("Rina Wati", True), ("Puger Times", False), ("Rina Wati Studio", False)])
def test_a_firm_s_name_is_no_person_s(name: str, is_one: bool) -> None:
    meta = Metadata({"og:site_name": (name,)}, authors={"@type": "Person", "name": name})
    assert namesake(meta, "https://x.example/a") == (name if is_one else None)


def test_an_organisation_of_that_name_beside_it_is_the_portal() -> None:
    told = OWN.replace('"author"', '"publisher": {"@type": "Organization", "name": "Kabar Puger"}, "author"')
    assert read(head=json_ld(told % '{"@type": "Person", "name": "Kabar Puger"}'), text=ENGLISH).author is None
