"""Pages that show nothing without JavaScript: named so, and read from the data that they carry."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from kwri_crawler.catalogue import ListingKind, Portal
from kwri_crawler.items import Article, Page
from kwri_crawler.listings import ListingError, ListingPage, read_listing
from kwri_crawler.pages import PageError, read_page
from kwri_crawler.pages.embedded import MOST_BYTES, data_of

AT = datetime(2026, 6, 1, tzinfo=UTC)
PORTAL = Portal("kabar", "Kabar Uji", "https://kabar.example.id/", "general", None, "Asia/Jakarta", ())
URL = "https://kabar.example.id/desa/4711/saluran-irigasi-dibersihkan"
TEXT = (
    "<p>Saluran irigasi sepanjang tiga kilometer dibersihkan petani dari empat dusun sejak pagi hari Minggu lalu.</p>"
    "<p>Lumpur dan ranting diangkat dengan cangkul, lalu ditumpuk di pinggir jalan agar dapat diangkut truk desa.</p>"
    "<p>Air diperkirakan sampai ke sawah paling ujung pada pekan depan, tepat sebelum masa tanam dimulai serentak.</p>"
)
ARTICLE: dict[str, Any] = {
    "id": 4711,
    "slug": "saluran-irigasi-dibersihkan",
    "title": "Saluran Irigasi Dibersihkan",
    "content": TEXT,
    "published_at": "2026-05-31T09:00:00+07:00",
    "author": {"name": "Sinta Maharani"},
    "category": {"name": "Desa", "slug": "desa"},
    "tags": [{"name": "irigasi"}],
}
OTHER = {**ARTICLE, "id": 4712, "slug": "pasar-malam", "title": "Pasar Malam Dibuka Lagi", "content": TEXT * 3}


def shell(data: Any = None, head: str = "", body: str = '<div id="__next"></div>') -> bytes:
    script = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(data)}</script>' if data else ""
    return f"<!DOCTYPE html><html lang=id><head>{head}</head><body>{body}{script}</body></html>".encode()


def read(page: bytes, url: str = URL) -> Article:
    return read_page(Page(url, page, "text/html; charset=utf-8", AT), PORTAL)


def listed(page: bytes) -> ListingPage:
    return read_listing(ListingKind.INDEX, page, "https://kabar.example.id/indeks", PORTAL)


# ---------------------------------------------------------------------- pages


@pytest.mark.parametrize(
    "data",
    [{"props": {"a": ARTICLE, "b": [OTHER]}}, {"b": [OTHER], "props": [{"post": ARTICLE}]}, {"x": [OTHER, ARTICLE]}],
)
def test_a_shell_is_read_from_its_data_and_only_as_the_article_of_its_address(data: Any) -> None:
    article = read(shell(data))
    assert (article.title, article.author, article.section, article.tags) == (
        "Saluran Irigasi Dibersihkan", "Sinta Maharani", "Desa", ("irigasi",),
    )  # fmt: skip
    assert len(article.paragraphs) == 3
    assert [said.text for said in article.dates] == ["2026-05-31T09:00:00+07:00"]
    assert dict(article.evidence)["body"] == "general data"


def test_an_article_of_nuxt_2_is_read_from_the_call_that_holds_it() -> None:
    texts = json.dumps(ARTICLE["title"]), json.dumps(ARTICLE["content"]).replace("<", "\\u003C")
    data = 'data:[{news:{id:4711,slug:"saluran-irigasi-dibersihkan",title:a,content:b,published_at:c,views:void 0}}]'
    call = (
        f'(function(a,b,c){{return {{layout:"default",{data},error:null}}}}({",".join(texts)},"2026-05-31T09:00:00Z"));'
    )
    article = read(shell(body=f"<div id=__nuxt></div><script>window.__NUXT__={call}</script>"))
    assert (article.title, len(article.paragraphs)) == ("Saluran Irigasi Dibersihkan", 3)
    assert [said.text for said in article.dates] == ["2026-05-31T09:00:00Z"]


def test_a_title_proves_the_article_where_the_address_names_nothing() -> None:
    plain = {"judul": "Saluran Irigasi Dibersihkan", "isi": TEXT, "tanggal": "31 Mei 2026"}
    head = "<title>Saluran Irigasi Dibersihkan - Kabar Uji</title>"
    url = "https://kabar.example.id/baca?nomor=99"
    assert read(shell({"a": {**OTHER, "slug": "x"}, "b": plain}, head), url).title == "Saluran Irigasi Dibersihkan"
    with pytest.raises(PageError, match="a JavaScript shell"):
        read(shell({"a": plain}, "<title>Kabar lain</title>"), url)


@pytest.mark.parametrize(
    "data",
    [
        None,
        {"props": {"a": OTHER}},
        {"props": {"a": {**ARTICLE, "content": "Memuat ..."}}},
        {"props": {"a": {**ARTICLE, "title": ""}}},
        {"props": {"a": {**ARTICLE, "content": {"blocks": []}}}},
    ],
)
def test_a_shell_without_the_text_of_its_article_is_named_with_what_to_try(data: Any) -> None:
    with pytest.raises(PageError, match=r"a JavaScript shell: .*docs/json-api\.md"):
        read(shell(data))


def test_a_page_that_shows_its_text_is_read_as_it_is_shown() -> None:
    shown = f"<article><h1>Saluran Irigasi Dibersihkan</h1>{TEXT * 2}</article>".replace("petani", "warga")
    article = read(shell({"props": {"a": ARTICLE}}, '<meta property="og:type" content="article">', shown))
    assert "warga" in article.paragraphs[0]


def test_all_that_the_data_say_of_the_article_is_read_with_where() -> None:
    lead = "Empat dusun bergotong royong membersihkan saluran irigasi sepanjang tiga kilometer."
    more = {
        "updated_at": "2026-05-31T11:00:00+07:00", "editor": {"name": "Bayu Pratama"}, "excerpt": lead,
        "cover": "/gambar/irigasi.jpg", "tags": [{"name": "irigasi"}, {"name": "desa"}, {"name": "irigasi"}],
        "content": f'<p class="baca-juga">Baca juga: Pasar</p>{TEXT}<p>Lihat <a href="/desa/1">kabar lain</a> itu.</p>',
    }  # fmt: skip
    article = read(shell({"a": {**ARTICLE, **more}}))
    assert (article.editor, article.lead, article.tags) == ("Bayu Pratama", lead, ("irigasi", "desa"))
    assert article.image_url == "https://kabar.example.id/gambar/irigasi.jpg"
    assert [link.url for link in article.links] == ["https://kabar.example.id/desa/1"]
    assert [(said.kind.value, said.text) for said in article.dates] == [
        ("published", "2026-05-31T09:00:00+07:00"), ("updated", "2026-05-31T11:00:00+07:00")
    ]  # fmt: skip
    assert len(article.paragraphs) == 4
    read_there = {name for name, where in article.evidence if where == "general data"}
    assert read_there == {"body", "title", "author", "editor", "section", "tags", "lead", "image_url", "links"}
    first = read(shell({"a": {**ARTICLE, "excerpt": article.paragraphs[0]}}))
    assert (first.lead, first.image_url) == (None, None), "the text begins with it"
    assert {name for name, where in first.evidence if where == "general data"} == {
        "body", "title", "author", "section", "tags"
    }  # fmt: skip
    pictured = shell({"a": ARTICLE}, '<meta property="og:image" content="https://kabar.example.id/og.jpg">')
    assert read(pictured).image_url == "https://kabar.example.id/og.jpg"


@pytest.mark.parametrize("mark", ["\n", "<br>", "<div>"])
def test_a_text_without_paragraphs_of_its_own_has_its_lines(mark: str) -> None:
    lines = [part.split("</p>")[0] for part in TEXT.split("<p>")[1:]]
    article = read(shell({"a": {**ARTICLE, "content": mark.join(lines)}}))
    assert article.paragraphs == tuple(lines)


@pytest.mark.parametrize(
    ("title", "of_page", "is_read"),
    [
        ("Irigasi kota", "Irigasi kota - Kabar Uji", True),  # twelve characters
        ("Irigasi kot", "Irigasi kot - Kabar Uji", False),
        ("Irigasi kota", "Irigasi kotanya - Kabar Uji", False),
        ("Irigasi &amp; sawah", "Irigasi & sawah", True),
        ("Irigasi kota", "Kabar Irigasi kota", False),
    ],
)
def test_a_title_is_the_pages_own_when_the_page_begins_with_it(title: str, of_page: str, is_read: bool) -> None:
    url = "https://kabar.example.id/baca?nomor=99"
    for head in (
        f"<title>{of_page}</title>",
        f'<title>Kabar Uji</title><meta property="og:title" content="{of_page}">',
    ):
        page = shell({"a": {"judul": title, "isi": TEXT, "tanggal": "31 Mei 2026"}}, head)
        if is_read:
            assert len(read(page, url).paragraphs) == 3
        else:
            with pytest.raises(PageError):
                read(page, url)


@pytest.mark.parametrize(
    ("named", "is_read"), [("4711", True), ("471", False), ("/desa/4711/", True), ("9/4712", False)]
)
def test_an_address_names_the_article_by_a_step_of_four_signs(named: str, is_read: bool) -> None:
    plain = {"title": "Saluran Irigasi Dibersihkan", "content": TEXT, "id": named, "date": "2026-05-31"}
    url = f"https://kabar.example.id/desa/{named.strip('/').rpartition('/')[2] if is_read else '471'}/x"
    if is_read:
        assert read(shell({"a": plain}), url).title == plain["title"]
    else:
        with pytest.raises(PageError):
            read(shell({"a": plain}), url)


def test_the_longest_text_of_an_article_is_taken_and_none_of_few_words() -> None:
    short = {**ARTICLE, "content": "<p>Saluran irigasi sepanjang tiga kilometer dibersihkan petani.</p>"}
    for pair in ([short, ARTICLE], [ARTICLE, short]):
        assert len(read(shell({"a": pair})).paragraphs) == 3
    words = " ".join(f"kata{n}" for n in range(30))
    assert read(shell({"a": {**ARTICLE, "content": f"<p>{words}</p>"}})).paragraphs == (words,)
    with pytest.raises(PageError):
        read(shell({"a": {**ARTICLE, "content": f"<p>{words.rpartition(' ')[0]}</p>"}}))


# ---------------------------------------------------------------------- how the data are written


def nuxt(shared: Any) -> bytes:
    return f'<script id="__NUXT_DATA__" type="application/json">{json.dumps(shared)}</script>'.encode()


@pytest.mark.parametrize(
    ("shared", "data"),
    [
        ([{"a": 1, "b": 2}, "satu", [3, 3]], {"a": "satu", "b": [None, None]}),  # a place behind the end
        ([{"a": -1, "b": -6, "c": -7, "d": True, "e": "x"}], {"a": None, "b": 0, "c": None, "d": None, "e": None}),
        ([["Reactive", 1], {"a": 2}, 7], {"a": 7}),
        ([{"a": 1}, ["Date", "2026-05-31"]], {"a": "2026-05-31"}),
        ([{"a": 1}, ["Set"]], {"a": None}),
        ([{"a": 1}, []], {"a": []}),
        ([[1, 2], "satu", "dua"], ["satu", "dua"]),
        ({"a": 1}, {"a": 1}),  # no list: as it is
    ],
)
def test_a_list_of_nuxt_is_unfolded_from_its_first_value(shared: Any, data: Any) -> None:
    assert list(data_of(nuxt(shared))) == [data]


def test_a_list_of_nuxt_is_unfolded_so_deep_and_no_further() -> None:
    def deepest(value: Any) -> int:
        depth = 0
        while isinstance(value, list) and value:
            value, depth = value[0], depth + 1
        return depth + (value is not None)

    (data,) = data_of(nuxt([[n + 1] for n in range(300)]))
    assert deepest(data) == 201
    (data,) = data_of(nuxt([[n + 1] for n in range(100)] + ["satu"]))
    assert deepest(data) == 101


def test_a_list_in_another_frameworks_place_is_taken_as_it_is() -> None:
    page = nuxt([{"a": 1}, "satu"]).replace(b"__NUXT_DATA__", b"__NEXT_DATA__")
    assert list(data_of(page)) == [[{"a": 1}, "satu"]]


@pytest.mark.parametrize(("size", "is_read"), [(MOST_BYTES - 1, True), (MOST_BYTES + 1, False)])
def test_a_piece_of_data_is_read_up_to_four_mebibytes(size: int, is_read: bool) -> None:
    assert MOST_BYTES == 4 << 20
    text = json.dumps({"a": ""})
    data = text.replace('""', f'"{"x" * (size - len(text) - len("</script"))}"')
    page = f'<script id="__NEXT_DATA__">{data}</script>'.encode()
    assert len(list(data_of(page))) is int(is_read)
    push = json.dumps('1:{"b": "' + "y" * (size - 40 * is_read) + '"}\n')
    stream = f"<script>self.__next_f.push([1,{push}])</script>".encode()
    assert len(list(data_of(stream))) is int(is_read)


def test_rows_of_a_stream_are_known_by_their_numbers() -> None:
    stream = '1:{"a": "$2", "b": "$3"}\n2:T4,satu3:"dua"\nffffff:["$2", 5, null]\nTIDAK:{"c": 1}\n9:{"d": 1}\n'
    page = f"<script>self.__next_f.push([1,{json.dumps(stream)}])</script>".encode()
    assert list(data_of(page)) == [{"a": "satu", "b": "dua"}, ["satu", 5, None]]
    bad = (
        f"<script>self.__next_f.push([1,{json.dumps(stream[:25])}])</script><script>self.__next_f.push([1,7])</script>"
    )
    assert list(data_of(bad.encode())) == [{"a": "$2", "b": "$3"}]


STREAM = (
    '0:["$","div",null,{"children":"$L1"}]\n3:I["/_next/chunk.js"]\n2:T%x,%s4:["$","$L3",null,{"post":{"slug":'
    '"saluran-irigasi-dibersihkan","title":"Saluran Irigasi Dibersihkan","content":"$2","date":"2026-05-31"}}]\n'
)


@pytest.mark.parametrize("pieces", [1, 2, 7])
def test_the_stream_of_a_newer_next_js_is_put_together(pieces: int) -> None:
    stream = STREAM % (len(TEXT.encode()), TEXT)
    size = len(stream) // pieces + 1
    parts = [stream[at : at + size] for at in range(0, len(stream), size)]
    pushes = "".join(f"<script>self.__next_f.push([1,{json.dumps(part)}])</script>" for part in parts)
    article = read(shell(body=f"<main></main><script>(self.__next_f=self.__next_f||[]).push([0])</script>{pushes}"))
    assert (article.title, len(article.paragraphs)) == ("Saluran Irigasi Dibersihkan", 3)


def test_a_stream_that_lies_about_its_lengths_ends_and_harms_nothing() -> None:
    began = time.process_time()
    for stream in ("2:Tffffff,x", "0:[" * 100_000, "1:T0," * 100_000, "a:\n" * 100_000, '5:"$5"\n6:["$5","$6"]\n'):
        page = f"<script>self.__next_f.push([1,{json.dumps(stream)}])</script>".encode()
        assert all(isinstance(one, dict | list) for one in data_of(page * 3))
    assert list(data_of(b'<script>self.__next_f.push([1,"' + b"\\" * 300_000)) == []
    assert time.process_time() - began < 10


# ---------------------------------------------------------------------- lists

POSTS = [{"judul": f"Kabar {n}", "tanggal": "31 Mei 2026", "link": f"/baca/{n}"} for n in (3, 2, 1)]


def test_of_several_lists_of_a_shell_the_longest_is_read() -> None:
    more = [{"judul": "Kabar", "tanggal": "31 Mei 2026", "link": f"/baca/{n}"} for n in (7, 6, 5, 4)]
    data = [{"a": POSTS, "b": more}, {"a": more, "b": POSTS}]
    assert [len(listed(shell(one)).entries) for one in data] == [4, 4]


def test_the_list_of_a_shell_is_read_where_its_data_have_addresses() -> None:
    menu = [{"title": name, "url": f"/{name}"} for name in ("desa", "kota", "olahraga", "budaya")]
    page = listed(shell({"menu": menu, "props": {"terbaru": POSTS}}))
    assert [entry.url for entry in page.entries] == [f"https://kabar.example.id/baca/{n}" for n in (3, 2, 1)]
    assert {entry.printed_date for entry in page.entries} == {"31 Mei 2026"}
    assert page.more == ()


ITEMS = [{"@type": "ListItem", "position": n, "url": f"https://kabar.example.id/baca/{n}"} for n in (3, 2, 1)]
NESTED = [{"@type": "ListItem", "item": {"@id": f"/baca/{n}", "name": "Kabar"}} for n in (3, 2, 1)]


@pytest.mark.parametrize(
    "ld",
    [
        {"@type": "ItemList", "itemListElement": ITEMS},
        {"@type": "CollectionPage", "mainEntity": {"@type": "ItemList", "itemListElement": NESTED}},
        {"@graph": [{"@type": "WebPage"}, {"@type": "ItemList", "itemListElement": ITEMS}]},
    ],
)
def test_the_list_of_a_shell_is_read_from_its_json_ld(ld: Any) -> None:
    crumbs = {"@type": "BreadcrumbList", "itemListElement": [{"item": {"@id": f"/{n}", "name": "x"}} for n in "abcd"]}
    head = "".join(f'<script type="application/ld+json">\n{json.dumps(one)}</script>' for one in (crumbs, ld))
    page = listed(shell(head=head))
    assert [entry.url for entry in page.entries] == [f"https://kabar.example.id/baca/{n}" for n in (3, 2, 1)]


def test_data_with_line_breaks_inside_of_texts_are_read() -> None:
    page = shell({"props": {"a": {**ARTICLE, "content": "BARIS"}}}).replace(
        b"BARIS", TEXT.replace("><", ">\n<").encode()
    )
    assert len(read(page).paragraphs) == 3


@pytest.mark.parametrize(
    ("page", "says"),
    [
        (shell(), r"a JavaScript shell: .*describe it with kind = \"api\""),
        (shell({"menu": [{"title": "Desa", "url": "/desa"}] * 4}), "a JavaScript shell: .*describe it"),
        (
            shell({"props": {"posts": [{"slug": "a", "id": 1, "title": "A", "date": "2026"}] * 20}}),
            r"its data have 20 articles at props\.posts \(id, slug, date, title\); say with kind = \"api\"",
        ),
        (shell({"x\x1b[2J": [{"title": "A", "date": "2026", "\x1b]0;": 1}] * 4}), "a JavaScript shell"),
    ],
)
def test_a_list_that_shows_nothing_is_named_with_what_to_try(page: bytes, says: str) -> None:
    with pytest.raises(ListingError, match=says) as caught:
        listed(page)
    assert caught.value.reason.isprintable()


def test_a_list_that_is_only_empty_is_no_shell() -> None:
    empty = "<main><h1>Indeks Berita</h1><p>" + "Belum ada berita pada hari ini. " * 15 + "</p></main>"
    assert listed(shell(body=empty)).entries == ()
