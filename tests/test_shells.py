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
from kwri_crawler.pages.embedded import data_of

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
