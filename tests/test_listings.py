"""Listings: what feeds, sitemaps and index pages name, and what becomes of broken ones."""

from __future__ import annotations

import contextlib
import gzip
import json
import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kwri_crawler.catalogue import ListingKind, Portal
from kwri_crawler.listings import MAX_ENTRIES, Listed, ListingError, ListingPage, read_listing
from kwri_crawler.web.addresses import NOT_HTTP, url_key
from kwri_crawler.web.unpacking import gunzip

HOME = "https://portal.id/"
PAGES = Path(__file__).parents[2] / "shared" / "pages"
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def portal(family: str = "varient", **selectors: str) -> Portal:
    return Portal("uji", "Uji", HOME, family, None, "Asia/Jakarta", (), tuple(selectors.items()))


def read(kind: str, text: str | bytes, url: str = HOME, of: Portal | None = None) -> ListingPage:
    body = text.encode() if isinstance(text, str) else text
    return read_listing(ListingKind(kind), body, url, of or portal())


def urls(page: ListingPage) -> list[str]:
    return [entry.url.removeprefix(HOME) for entry in page.entries]


def saved(name: str) -> bytes:
    path = PAGES / name
    if not path.exists():
        pytest.skip(f"no saved page {path}: third-party pages are not in the repository")
    return path.read_bytes()


def listed(url: str, date: str | None, changed: str | None = None) -> Listed:
    return Listed(url_key(url), url, date, changed)


# -- feeds


def rss(*items: str, head: str = "") -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{head}{"".join(items)}</channel></rss>'


def item(path: str, date: str = "Thu, 27 Jun 2024 14:10:00 +0700") -> str:
    return f"<item><title>Judul</title><link>{HOME}{path}</link><pubDate>{date}</pubDate></item>"


def test_a_feed_gives_each_link_with_its_date_as_printed() -> None:
    page = read("feed", rss(item("satu?utm_source=rss"), item("dua", ""), item("satu")))
    assert page.entries == (
        listed(f"{HOME}satu", "Thu, 27 Jun 2024 14:10:00 +0700"),
        listed(f"{HOME}dua", None),
    )
    assert page.complete
    assert page.more == ()


def test_an_atom_feed_gives_alternate_links_and_its_next_page() -> None:
    page = read(
        "feed",
        '<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="/atom"/>'
        '<link rel="next" href="/atom?page=2"/>'
        '<entry><link rel="replies" href="/komentar"/><link rel="alternate" href="satu"/>'
        "<updated>2024-06-28</updated><published>2024-06-27</published></entry></feed>",
    )
    assert page.entries == (listed(f"{HOME}satu", "2024-06-27", changed="2024-06-28"),)
    assert page.more == (f"{HOME}atom?page=2",)


def test_a_feed_item_without_link_is_known_by_its_permanent_id() -> None:
    items = f"<item><guid>{HOME}satu</guid></item>", '<item><guid isPermaLink="false">77</guid></item>'
    assert urls(read("feed", rss(*items))) == ["satu"]


def test_a_bare_ampersand_neither_ends_a_feed_nor_changes_an_address() -> None:
    page = read(
        "feed",
        rss("<item><title>Tani & Nelayan&nbsp;</title><link>https://portal.id/?a=1&b=2</link></item>", item("dua")),
    )
    assert urls(page) == ["?a=1&b=2", "dua"]
    assert page.complete


def test_an_ampersand_in_cdata_stays_as_it_is() -> None:
    page = read("feed", rss("<item><link><![CDATA[https://portal.id/?a=1&b=2]]></link></item>"))
    assert urls(page) == ["?a=1&b=2"]


@pytest.mark.parametrize("kind", ["feed", "sitemap"])
@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("portal.id/warta", "https://portal.id/warta"),
        ("www.PORTAL.id/warta", "https://www.portal.id/warta"),
        ("portal.id?p=7", "https://portal.id/?p=7"),
        ("https//portal.id/warta", "https://portal.id/warta"),
        ("https:/portal.id/warta", "https://portal.id/warta"),
        ("http:///portal.id/warta", "https://portal.id/warta"),
        ("http://https://portal.id/warta", "https://portal.id/warta"),
        ("//portal.id/warta", "https://portal.id/warta"),
        ("www.lain.id/warta", "https://www.lain.id/warta"),
        ("http://portal.id/warta", "http://portal.id/warta"),
        ("https://portal.id:8080/warta", "https://portal.id:8080/warta"),
        ("warta.html", "https://portal.id/kabar/warta.html"),
        ("berita.co/warta", "https://portal.id/kabar/berita.co/warta"),
        ("/portal.id/warta", "https://portal.id/portal.id/warta"),
    ],
)
def test_a_link_whose_scheme_is_missing_or_mistyped_leads_where_it_should(kind: str, printed: str, meant: str) -> None:
    items = {
        "feed": rss(f"<item><link>{printed}</link></item>"),
        "sitemap": sitemap(f"<url><loc>{printed}</loc></url>"),
    }
    assert [entry.url for entry in read(kind, items[kind], f"{HOME}kabar/feed.xml").entries] == [meant]


@pytest.mark.parametrize("kind", ["feed", "sitemap"])
@pytest.mark.parametrize(
    "printed",
    [
        f'<a href="{HOME}warta">Pasar buka lagi</a>',
        f'<a class="x" href="{HOME}warta">{HOME}warta</a>',
        f'<span><a href="{HOME}warta">Baca</a></span>',
        f'&lt;a href="{HOME}warta"&gt;Pasar&lt;/a&gt;',
        f"<![CDATA[<a title='Pasar' href='{HOME}warta'>Pasar</a>]]>",
        f"<![CDATA[ <A HREF={HOME}warta>Pasar</A> ]]>",
        '<a href="/warta">Pasar</a>',
        f'<![CDATA[<a href="{HOME}warta?a=1&amp;utm_source=b">Pasar</a>]]>',
    ],
)
def test_an_address_that_an_editor_made_a_link_of_is_that_links(kind: str, printed: str) -> None:
    items = {
        "feed": rss(f"<item><title>Pasar</title><link>{printed}</link></item>"),
        "sitemap": sitemap(f"<url><loc>{printed}</loc></url>"),
    }
    (entry,) = read(kind, items[kind]).entries
    assert entry.url.partition("?")[0] == f"{HOME}warta"


@pytest.mark.parametrize("cut", ["</channel></rss>", "ss>", "unda</link><pubDate>x</pubDate></item></channel></rss>"])
def test_a_cut_feed_gives_whole_items_and_says_that_it_was_cut(cut: str) -> None:
    page = read(
        "feed",
        rss(item("satu"), item("dua"), "<item><link>https://portal.id/tunda</link><pubDate>x</pubDate></item>")[
            : -len(cut)
        ],
    )
    assert urls(page)[:2] == ["satu", "dua"]
    assert "t" not in urls(page)
    assert not page.complete


def test_blank_lines_and_php_warnings_before_a_feed_are_passed_over() -> None:
    assert urls(read("feed", "\n\n<br /><b>Warning</b>: x in y.php\n" + rss(item("satu")))) == ["satu"]


@pytest.mark.parametrize("kind", ["feed", "sitemap"])
@pytest.mark.parametrize(
    "body",
    [
        "",
        "   ",
        "bukan apa-apa",
        "<!DOCTYPE html><html><body>404</body></html>",
        "<html></html>",
        "<data/>",
        "\x1f\x8b\x08kosong",
    ],
)
def test_what_is_no_xml_listing_is_an_error_with_a_reason(kind: str, body: str) -> None:
    with pytest.raises(ListingError) as caught:
        read(kind, body.encode("latin-1"))
    assert caught.value.reason


def bomb(inner: str) -> str:
    steps = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "boom">{steps}]>{inner}'


@pytest.mark.parametrize("place", ["<loc>&e11;</loc>", '<loc a="&e11;">https://portal.id/satu</loc>'])
def test_an_entity_bomb_is_harmless(place: str) -> None:
    start = time.process_time()
    try:
        page = read("sitemap", bomb(f"<urlset><url>{place}</url></urlset>"))
    except ListingError:
        pass
    else:
        assert len(page.entries) + len(page.refused) <= 1
    assert time.process_time() - start < 1


def test_an_external_entity_is_never_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "rahasia"
    secret.write_text("https://portal.id/rahasia")
    doctype = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    page = read(
        "feed", doctype + rss("<item><link>&x;</link></item>", item("satu")).removeprefix('<?xml version="1.0"?>')
    )
    assert not any("rahasia" in entry.url for entry in page.entries)
    assert "satu" in urls(page)


def test_a_named_entity_that_xml_lacks_does_not_spoil_the_addresses_after_it() -> None:
    page = read("feed", rss("<item><title>a&nbsp;b</title><link>https://portal.id/?a=1&amp;b=2</link></item>"))
    assert urls(page) == ["?a=1&b=2"]


# -- sitemaps


def sitemap(*entries: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {NS}>{"".join(entries)}</urlset>'


def place(path: str, rest: str = "") -> str:
    return f"<url><loc>{HOME}{path}</loc>{rest}</url>"


def test_a_sitemap_gives_lastmod_and_prefers_the_date_of_news() -> None:
    news = "<news:news><news:publication_date>2024-06-27</news:publication_date></news:news>"
    page = read(
        "sitemap", sitemap(place("satu", "<lastmod>2024-06-28</lastmod>"), place("dua", f"<lastmod>x</lastmod>{news}"))
    )
    assert page.entries == (listed(f"{HOME}satu", "2024-06-28"), listed(f"{HOME}dua", "2024-06-27"))


def test_an_image_in_a_sitemap_is_no_article() -> None:
    images = 'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
    body = sitemap(place("satu", f"<image:image {images}><image:loc>{HOME}foto.jpg</image:loc></image:image>"))
    assert urls(read("sitemap", body)) == ["satu"]


def test_a_sitemap_index_names_its_children_and_refuses_those_of_the_own_network() -> None:
    children = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in ("/sitemap-1.xml", "http://192.168.1.9/s.xml"))
    body = f"<sitemapindex {NS}>{children}</sitemapindex>"
    page = read("sitemap", body)
    assert page.more == (f"{HOME}sitemap-1.xml",)
    assert [refused.url for refused in page.refused] == ["http://192.168.1.9/s.xml"]


def test_addresses_that_no_crawl_can_ask_for_are_counted_and_lose_nothing_else() -> None:
    bad = "".join(
        f"<url><loc>{url}</loc></url>" for url in ("javascript:alert(1)", "file:///etc/passwd", "ftp://portal.id/a")
    )
    page = read("sitemap", sitemap(place("satu"), bad, place("dua")))
    assert urls(page) == ["satu", "dua"]
    assert {refused.reason for refused in page.refused} == {NOT_HTTP}
    assert len(page.refused) == 3


def test_tags_profiles_and_the_front_page_of_a_varient_portal_are_no_articles() -> None:
    body = sitemap(
        place(""), place("tag/desa"), place("profile/ani"), place("posts"), place("en/tag/x"), place("tag-baru")
    )
    page = read("sitemap", body)
    assert urls(page) == ["tag-baru"]
    assert len(page.refused) == 5
    assert "profile/ani" in urls(read("sitemap", body, of=portal("general")))


def test_an_address_on_another_host_stays_an_entry_for_the_ledger_to_count() -> None:
    assert urls(read("sitemap", sitemap("<url><loc>https://lain.id/a</loc></url>"))) == ["https://lain.id/a"]


def test_a_gzipped_sitemap_is_read_and_a_cut_one_as_far_as_it_goes() -> None:
    body = sitemap(*(place(f"warta-{n * 7919}", f"<lastmod>{n * 104729}</lastmod>") for n in range(2000)))
    packed = gzip.compress(body.encode())
    assert len(read("sitemap", packed).entries) == 2000
    cut = read("sitemap", packed[: len(packed) // 2])
    assert 100 < len(cut.entries) < 2000
    assert not cut.complete


def test_gzip_in_several_members_is_whole_and_broken_gzip_is_read_up_to_its_fault() -> None:
    parts = [b"satu " * 40_000, b"dua " * 40_000]
    packed = b"".join(gzip.compress(part) for part in parts)
    assert gunzip(packed, 1 << 20) == (b"".join(parts), True)
    assert gunzip(packed + b"\r\n", 1 << 20) == (b"".join(parts), True), "servers append line ends"
    assert gunzip(packed, 300_000) == (b"".join(parts)[:300_000], False)
    assert gunzip(packed[:-4], 1 << 20) == (b"".join(parts), False), "its checksum is cut off"
    noise = random.Random(1).randbytes(200_000)
    broken = bytearray(gzip.compress(noise))
    broken[150_000:150_100] = bytes(100)
    broken[-8:] = bytes(8)
    out, whole = gunzip(bytes(broken), 1 << 20)
    assert (noise.startswith(out[:100_000]), len(out) > 100_000, whole) == (True, True, False)
    assert gunzip(b"\x1f\x8b\x08 no gzip", 99) == (b"", False)


def test_a_gzip_bomb_is_cut_off() -> None:
    packed = gzip.compress(sitemap(place("satu")).encode()[:-9] + b" " * 200_000_000, compresslevel=1)
    start = time.process_time()
    page = read("sitemap", packed)
    assert urls(page) == ["satu"]
    assert not page.complete
    assert time.process_time() - start < 5


def test_a_sitemap_in_utf_16_is_read() -> None:
    assert urls(read("sitemap", sitemap(place("satu")).replace("UTF-8", "UTF-16").encode("utf-16"))) == ["satu"]


def test_no_more_than_the_most_that_a_sitemap_may_hold_is_taken() -> None:
    page = read("sitemap", sitemap(*(place(str(n)) for n in range(MAX_ENTRIES + 10))))
    assert len(page.entries) == MAX_ENTRIES
    assert page.more == (f"{HOME}#seen={MAX_ENTRIES}",)
    rest = read("sitemap", sitemap(*(place(str(n)) for n in range(MAX_ENTRIES + 10))), page.more[0])
    assert urls(rest) == [str(MAX_ENTRIES + n) for n in range(10)]
    assert rest.more == ()
    assert rest.complete


def test_a_text_sitemap_beyond_the_bound_goes_on_from_there() -> None:
    body = "\n".join(f"{HOME}{n}" for n in range(MAX_ENTRIES + 3))
    page = read("sitemap", body)
    assert page.more == (f"{HOME}#seen={MAX_ENTRIES}",)
    assert urls(read("sitemap", body, page.more[0])) == [str(MAX_ENTRIES + n) for n in range(3)]


def test_a_real_sitemap_gives_each_address_with_its_time() -> None:
    body = saved("andriwas1986-TRIBRATANEWS-CODEIGNITER__sitemap.xml")
    page = read("sitemap", body)
    assert page.complete
    assert len(page.entries) == body.count(b"<loc>")
    assert all(entry.printed_date and entry.printed_date.startswith("20") for entry in page.entries)


# -- index pages


def classic_item(path: str, date: str = "Jun 7, 2024") -> str:
    return (
        f'<div class="post-item"><a href="{HOME}kabar"><label class="category-label">Kabar</label></a>'
        f'<div class="post-item-image"><a href="{HOME}{path}"><img class="lazyload" data-src="x.jpg"></a></div>'
        f'<h3 class="title"><a href="{HOME}{path}">Judul yang dipotong...</a></h3>'
        f'<p class="post-meta"><a href="{HOME}profile/ani">ani</a><span>{date}</span><span>12</span></p>'
        '<p class="description">Ringkasan 3 hari lalu</p></div>'
    )


SIDE = '<div id="sidebar"><div class="post-item-small"><h3 class="title"><a href="/samping">x</a></h3></div></div>'


def pager(*pages: int, before: str = "posts?page=") -> str:
    links = "".join(f'<li class="page-item"><a class="page-link" href="{HOME}{before}{n}">{n}</a></li>' for n in pages)
    return f'<nav><ul class="pagination">{links}</ul></nav>'


def classic(*parts: str) -> str:
    return f'<html><body><div id="wrapper"><div id="content">{"".join(parts)}</div>{SIDE}</div></body></html>'


def test_a_classic_index_gives_the_main_column_in_order_with_dates_and_the_next_page() -> None:
    page = read(
        "index", classic(classic_item("satu"), classic_item("dua", "Jun 27, 2024"), pager(1, 2, 3)), f"{HOME}posts"
    )
    assert page.entries == (listed(f"{HOME}satu", "Jun 7, 2024"), listed(f"{HOME}dua", "Jun 27, 2024"))
    assert page.more == (f"{HOME}posts?page=2",)
    assert page.complete


def test_the_next_page_is_the_next_number_even_when_only_a_far_one_is_linked() -> None:
    page = read("index", classic(classic_item("satu"), pager(1, 9)), f"{HOME}posts?page=4")
    assert page.more == (f"{HOME}posts?page=5",)


def test_the_last_page_has_no_next() -> None:
    assert read("index", classic(classic_item("satu"), pager(1, 2, 3)), f"{HOME}posts?page=3").more == ()


def test_a_page_without_pagination_has_no_next() -> None:
    assert read("index", classic(classic_item("satu")), f"{HOME}posts").more == ()


def test_a_page_beyond_the_last_is_empty_though_its_side_column_is_not() -> None:
    page = read("index", classic(pager(1, 2, 3)), f"{HOME}posts?page=1")
    assert page.entries == ()
    assert page.more == ()


def test_pagination_of_another_list_is_not_followed() -> None:
    page = read("index", classic(classic_item("satu"), pager(2, before="gallery?page=")), f"{HOME}posts")
    assert page.more == ()


def test_a_magazine_index_leaves_out_side_column_and_related_posts() -> None:
    small = '<div class="tbl-container post-item-small"><h3 class="title"><a href="/samping">x</a></h3></div>'
    side = f'<div class="col-lg-4">{small}</div>'
    related = f'<section class="section-related-posts">{classic_item("acak")}</section>'
    page = read(
        "index",
        f'<section class="section-page"><div class="col-lg-8">{classic_item("satu")}{related}</div>{side}</section>',
    )
    assert urls(page) == ["satu"]


def test_links_to_the_original_on_another_host_are_entries_too() -> None:
    text = classic(classic_item("satu").replace(f"{HOME}satu", "https://asal.id/berita"))
    assert [entry.url for entry in read("index", text).entries] == ["https://asal.id/berita"]


def test_relative_links_are_resolved_against_the_base_of_the_page() -> None:
    text = f'<html><head><base href="{HOME}arsip/"></head>' + classic(
        classic_item("satu").replace(f"{HOME}satu", "satu")
    )
    assert urls(read("index", text, f"{HOME}posts")) == ["arsip/satu"]


def test_a_general_index_takes_linked_headings_of_its_own_host() -> None:
    text = (
        '<nav><h3><a href="/menu">m</a></h3></nav><main>'
        '<article><a href="/kanal/desa">Desa</a><h2><a href="/satu">Satu</a></h2>'
        '<time datetime="2024-06-27">kemarin</time></article>'
        '<a href="/dua"><h3>Dua</h3></a><h3><a href="https://iklan.id/">Iklan</a></h3>'
        '<article><a href="/tiga">Tiga</a></article></main><aside><h3><a href="/populer">p</a></h3></aside>'
        '<div class="nav-links"><a class="next" href="/indeks/page/2/">Berikut</a></div></html>'
    )
    page = read("index", text, f"{HOME}indeks/", portal("general"))
    assert urls(page) == ["satu", "dua", "tiga"]
    assert page.entries[0].printed_date == "kemarin"
    assert page.more == (f"{HOME}indeks/page/2/",)


def test_a_portals_own_selectors_decide_what_is_listed() -> None:
    text = '<ul><li class="b"><b><a href="/kanal">k</a></b><a class="j" href="/satu">s</a> <i>27/06/2024</i></li></ul>'
    text += '<h2><a href="/x">x</a></h2>'
    page = read("index", text, of=portal("general", listing_item="li.b", listing_link="a.j"))
    assert urls(page) == ["satu"]
    assert urls(read("index", text, of=portal(listing_link="a.j"))) == ["satu"]


def test_deeply_nested_html_is_refused_before_it_costs_time() -> None:
    start = time.process_time()
    with pytest.raises(ListingError, match="nested too deep"):
        read("index", '<div class="post-item">' * 50_000)
    assert time.process_time() - start < 1


@pytest.mark.parametrize("body", [b"", b"\0\0 ", b"%PDF-1.7", b'{"ok": true}'])
def test_what_is_no_html_is_an_error(body: bytes) -> None:
    with pytest.raises(ListingError):
        read("index", body)


def test_a_real_index_gives_its_articles_with_their_age() -> None:
    body = saved("nathanaelfd10-news-crawler__detik.html")
    home = "https://news.detik.com/"
    detik = Portal("detik", "detik", home, "general", None, "Asia/Jakarta", ())
    page = read("index", body, f"{home}indeks/", detik)
    assert len(page.entries) >= 15
    assert all(entry.url.startswith(f"{home}berita/d-") for entry in page.entries[:5])
    assert all("lalu" in (entry.printed_date or "") for entry in page.entries[:5])


# -- whatever comes

PIECES = (
    """\
<?xml version="1.0" encoding="utf-16"?>|<rss><channel>|<item>|<link>|</item>|<feed>|<urlset>|<url><loc>|</loc></url>|
<sitemapindex><sitemap>|http://[|https://portal.id/a|&#0;|&#x110000;|<![CDATA[|]]>|<!DOCTYPE x [|&a;|&nbsp;|&|
<!ENTITY a SYSTEM 'file:///'>|<div id=content class=post-item>|<h3 class=title><a href='|'>|<article>|
<base href='http://[x'>|<ul class=pagination><a href='?page=99999999999'>|<template>|<svg>|<table>|
<a rel=next href=?x>|<time datetime>|\xff\xfe|\x1f\x8b\x08""".replace("\n", "")
    .encode("latin-1")
    .split(b"|")
)
FRAGMENTS = st.lists(st.sampled_from(PIECES) | st.binary(max_size=12), max_size=14)


@settings(max_examples=300, deadline=None)
@given(FRAGMENTS.map(b"".join), st.sampled_from(ListingKind), st.sampled_from(["varient", "general"]))
def test_no_bytes_raise_anything_but_a_listing_error(body: bytes, kind: ListingKind, family: str) -> None:
    for sent in (body, gzip.compress(body)[:-3]):
        try:
            page = read_listing(kind, sent, HOME, portal(family))
        except ListingError:
            continue
        for entry in page.entries:
            entry.url.encode("utf-8")
            assert entry.url.startswith(("http://", "https://"))


# -- WordPress's API, and feeds that tell whole articles


def post(**changes: object) -> dict[str, object]:
    row: dict[str, object] = {
        "link": f"{HOME}satu/",
        "date": "2024-06-27T14:10:00",
        "date_gmt": "2024-06-27T07:10:00",
        "modified": "2024-06-28T08:00:00",
        "modified_gmt": "2024-06-28T01:00:00",
        "title": {"rendered": "Tani &#038; Nelayan"},
        "content": {"rendered": "<p>Isi pertama.</p>", "protected": False},
        "excerpt": {"rendered": "<p>Isi [&hellip;]</p>"},
        "_embedded": {
            "author": [{"name": "Dewi"}],
            "wp:term": [
                [{"name": "Uncategorized", "taxonomy": "category"}, {"name": "Desa", "taxonomy": "category"}],
                [{"name": "panen", "taxonomy": "post_tag"}],
            ],
        },
    }
    return row | changes


def posts(
    *rows: dict[str, object], url: str = f"{HOME}wp-json/wp/v2/posts?per_page=100", **headers: str
) -> ListingPage:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return read_listing(ListingKind.WORDPRESS, json.dumps(rows).encode(), url, portal("general"), named)


def test_wordpress_tells_whole_articles_with_their_moments() -> None:
    page = posts(post(), post(link=f"{HOME}dua/", date_gmt="0000-00-00T00:00:00"), x_wp_totalpages="3")
    first, second = page.entries
    assert first.printed_date == "2024-06-27T14:10:00+07:00"
    assert first.changed == "2024-06-28T08:00:00+07:00"
    assert first.told is not None
    assert (first.told.author, first.told.section, first.told.tags) == ("Dewi", "Desa", ("panen",))
    assert first.told.lead is None, "an excerpt that the CMS made is no summary"
    assert second.printed_date == "2024-06-27T14:10:00"
    (more,) = page.more
    assert "page=2" in more


def test_a_list_of_posts_that_php_wrote_as_an_object_is_read() -> None:
    rows = {"0": post(), "2": post(link=f"{HOME}tiga/"), "10": post(link=f"{HOME}sebelas/")}
    page = read_listing(ListingKind.WORDPRESS, json.dumps(rows).encode(), HOME, portal("general"))
    assert len(page.entries) == 3
    with pytest.raises(ListingError, match="no list of posts"):
        read_listing(ListingKind.WORDPRESS, json.dumps({"0": 1, "posts": []}).encode(), HOME, portal("general"))


def test_a_sitemap_in_capitals_is_read() -> None:
    body = f"<urlset><url><LOC>{HOME}satu/</LOC><LastMod>2026-03-02T10:00:00+07:00</LastMod></url></urlset>"
    (entry,) = read_listing(ListingKind.SITEMAP, body.encode(), f"{HOME}s.xml", portal("general")).entries
    assert (entry.url, entry.printed_date) == (f"{HOME}satu/", "2026-03-02T10:00:00+07:00")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<!DOCTYPE html><html>", "no JSON"),
        ('{"code": "rest_no_route"}', "rest_no_route"),
        ("7", "no list of posts"),
        ("[" * 100_000, "no JSON"),
    ],
)
def test_an_api_that_is_off_is_no_listing(body: str, reason: str) -> None:
    with pytest.raises(ListingError, match=reason):
        read_listing(ListingKind.WORDPRESS, body.encode(), HOME, portal("general"))


NAMES = ("link", "date", "modified_gmt", "title", "content", "rendered", "wp:term", "author", "name", "taxonomy")
JSON = st.recursive(
    st.none() | st.booleans() | st.text() | st.integers(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES), inner),
)


@given(JSON)
def test_whatever_an_api_sends_is_a_page_or_a_listing_error(data: object) -> None:
    with contextlib.suppress(ListingError):
        read_listing(ListingKind.WORDPRESS, json.dumps([data, post(_embedded=data)]).encode(), HOME, portal("general"))


def test_a_post_told_with_links_to_its_other_pages_is_not_told_whole() -> None:
    pager = '<p>Isi.</p><div class="page-links"><a class="post-page-numbers" href="/satu/2/">2</a></div>'
    (entry,) = posts(post(content={"rendered": pager, "protected": False})).entries
    assert entry.told is not None
    assert not entry.told.html
    (entry,) = posts(post(content={"rendered": "<p>Isi.</p><!--nextpage--><p>Lagi.</p>", "protected": False})).entries
    assert entry.told is not None
    assert "Lagi." in entry.told.html


def test_a_protected_post_is_set_apart() -> None:
    page = posts(post(content={"rendered": "", "protected": True}))
    assert not page.entries
    assert page.refused[0].reason == "protected by a password"


@pytest.mark.parametrize(
    "end",
    ["<p>Isi yang [&hellip;]</p>", "<p>Isi yang ...</p>", '<p>Isi</p><a class="more-link" href="/x">Lanjut</a>',
     "<p>Isi. <a href='/x'>Baca selengkapnya »</a></p>", "<p>Isi.</p><p>Halaman Selanjutnya</p>",
     '<p>Isi.</p><div class="page-links">Laman: 1 <a href="/satu/2/">2</a></div>', ""],
)  # fmt: skip
def test_a_feed_that_holds_an_excerpt_or_a_first_page_tells_no_text(end: str) -> None:
    text = f"<content:encoded><![CDATA[{end}]]></content:encoded><dc:creator>Dewi</dc:creator>"
    body = rss(item("satu").replace("</item>", text + "</item>")).replace(
        "<rss",
        '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"',
    )
    (entry,) = read("feed", body).entries
    assert entry.told is not None
    assert (entry.told.html, entry.told.author) == ("", "Dewi")


@pytest.mark.parametrize(
    ("author", "name"),
    [("redaksi@portal.id (Dewi Lestari)", "Dewi Lestari"), ("Dewi Lestari", "Dewi Lestari"),
     ("<name>Dewi Lestari</name>", "Dewi Lestari")],
)  # fmt: skip
def test_a_feeds_author_is_read_with_and_without_elements_in_it(author: str, name: str) -> None:
    (entry,) = read("feed", rss(item("satu").replace("</item>", f"<author>{author}</author></item>"))).entries
    assert entry.told is not None
    assert entry.told.author == name


def test_lists_people_and_searches_are_no_articles() -> None:
    links = (
        "tag/panen",
        "category/desa/page/2/",
        "author/dewi/",
        "?cat=3",
        "?page_id=2",
        "search/label/Desa",
        "?p=7",
        "panen-raya",
    )
    assert urls(read("feed", rss(*map(item, links)), of=portal("general"))) == ["?p=7", "panen-raya"]


def test_a_sitemap_of_pages_people_and_tags_is_not_followed() -> None:
    names = (
        "wp-sitemap-posts-page-1.xml",
        "wp-sitemap-users-1.xml",
        "post_tag-sitemap.xml",
        "wp-sitemap-posts-post-1.xml",
        "?sitemap=taxonomies&amp;paged=1",
        "post-sitemap2.xml",
    )
    inner = "".join(f"<sitemap><loc>{HOME}{name}</loc></sitemap>" for name in names)
    page = read("sitemap", f"<sitemapindex {NS}>{inner}</sitemapindex>")
    assert page.more == (f"{HOME}wp-sitemap-posts-post-1.xml", f"{HOME}post-sitemap2.xml")


def test_a_lastmod_that_is_the_day_of_the_files_making_is_no_change() -> None:
    def sitemap(*dates: str) -> ListingPage:
        rows = "".join(
            f"<url><loc>{HOME}{number}</loc><lastmod>{date}</lastmod></url>" for number, date in enumerate(dates)
        )
        return read("sitemap", f"<urlset {NS}>{rows}</urlset>")

    assert all(entry.changed is None for entry in sitemap("2024-06-27", "2024-06-27").entries)
    assert all(entry.changed is None for entry in sitemap(*["2024-06-27T01:00:00+07:00"] * 5).entries)
    true = sitemap("2024-06-27T01:00:00+07:00", "2024-06-26T05:00:00+07:00")
    assert [entry.changed for entry in true.entries] == ["2024-06-27T01:00:00+07:00", "2024-06-26T05:00:00+07:00"]


def test_a_headline_in_its_own_items_header_is_one_and_in_the_pages_header_is_none() -> None:
    """As HTML5 has it, and WordPress's and Pelican's own themes: such a list page showed no article at all."""
    top = (
        '<header><h2><a href="/promo-hari-ini-saja">Promo hari ini</a></h2><nav><a href="/desa">Desa</a></nav></header>'
    )
    items = "".join(
        f'<li><{tag}><header><h2><a href="/{name}">{name}</a></h2></header>'
        f'<footer><h3><a href="/orang">X</a></h3></footer></{tag.split()[0]}></li>'
        for tag, name in (("article", "panen-raya"), ('div class="hentry post-7"', "jalan-desa"), ("article", "banjir"))
    )
    page = read("index", f"<html><body>{top}<main><ol>{items}</ol></main></body></html>", of=portal("general"))
    assert urls(page) == ["panen-raya", "jalan-desa", "banjir"]


@pytest.mark.parametrize(
    ("url", "links", "following"),
    [
        (HOME, ["index2.html", "index12.html"], "index2.html"),
        (HOME + "index2.html", ["index1.html", "index.html", "index3.html", "index12.html"], "index3.html"),
        (HOME + "kategori/desa.html", ["kategori/desa2.html"], "kategori/desa2.html"),
        (HOME + "kategori/desa.html", ["kategori/kota2.html", "kategori/desa3.html"], ""),
        (HOME + "index12.html", ["index11.html", "index.html"], ""),
        (HOME + "arsip/", ["index2.html"], ""),
        (HOME + "desa-7.html", ["desa-8.html?x=1"], ""),
    ],
)
def test_a_number_behind_the_files_own_name_is_the_next_page(url: str, links: list[str], following: str) -> None:
    shown = "".join(f'<a href="/{link}">&raquo;</a>' for link in links)
    items = "".join(f"<h2><a href='/{name}'>{name}</a></h2>" for name in ("panen-raya-desa", "banjir-di-kota"))
    html = f'<html><body><main>{items}<p class="paginator">Page 1 / 12 {shown}</p></main></body></html>'
    page = read("index", html, url, portal("general"))
    assert page.more == ((HOME + following,) if following else ())
