"""What is asked of listings and read from them, value by value: pages, moments, links, routes, texts that are cut."""

import gzip
import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from kwri_crawler.catalogue import Listing, ListingKind, Portal
from kwri_crawler.causes import Cause
from kwri_crawler.items import Page
from kwri_crawler.listings import (
    MAX_ENTRIES,
    Listed,
    ListingError,
    ListingPage,
    ToldArticle,
    can_slice,
    facts_of,
    first_pages,
    last_in,
    lists_last_in,
    lists_newest,
    read_listing,
    smaller_pages,
)
from kwri_crawler.listings.feed import is_blogger, is_excerpt
from kwri_crawler.listings.index import depth
from kwri_crawler.listings.junk import MAX_MENDED, MAX_TRIES, read_json
from kwri_crawler.listings.listed import NOT_AN_ARTICLE, Gatherer, fold, seen_before, shows_pager
from kwri_crawler.listings.mending import as_utf_8, mend
from kwri_crawler.listings.xml import unpack
from kwri_crawler.pages import read_page
from kwri_crawler.spiders.abroad import SitemapsAbroad
from kwri_crawler.web.addresses import MAX_LENGTH, TOO_LONG

HOME = "https://portal.id/"
GENERAL = Portal("x", "X", HOME, "general", None, "Asia/Jakarta", ())
VARIENT = replace(GENERAL, family="varient")
API = Listing(ListingKind.WORDPRESS, HOME + "wp-json/wp/v2/posts")
BLOGGER = Listing(ListingKind.FEED, HOME + "feeds/posts/default")
FEED = Listing(ListingKind.FEED, HOME + "feed/")
INDEX = Listing(ListingKind.INDEX, HOME + "posts")
AT = datetime(2024, 6, 27, 14, 10, tzinfo=timezone(timedelta(hours=7)))


def asked(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def read(
    body: str | bytes, kind: ListingKind, url: str = HOME, portal: Portal = GENERAL, **headers: str
) -> ListingPage:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return read_listing(kind, body.encode() if isinstance(body, str) else body, url, portal, named)


# ---------------------------------------------------------------------- what is asked


def test_a_whole_reading_of_the_api_begins_with_all_that_lies_in_the_span() -> None:
    (page,) = first_pages(API, after=AT, before=AT + timedelta(days=1))
    query = asked(page)
    assert (query["after"], query["before"], query["per_page"], query["_embed"]) == (
        "2024-06-27T07:09:59Z", "2024-06-28T07:10:00Z", "100", "author,wp:term"
    )  # fmt: skip
    assert {"content", "title", "modified_gmt", "_links.author"} <= set(query["_fields"].split(","))
    assert {"page", "orderby", "modified_after"}.isdisjoint(query)
    assert set(asked(first_pages(API)[0])) == {"per_page", "_fields", "_embed"}


def test_a_later_reading_of_the_api_asks_for_changes_and_for_the_newest_by_name() -> None:
    changed, newest = first_pages(API, changed_after=AT)
    assert (asked(changed)["modified_after"], asked(changed)["orderby"]) == ("2024-06-27T07:10:00Z", "modified")
    assert "content" in asked(changed)["_fields"]
    assert set(asked(newest)) == {"per_page", "_fields"}
    assert "content" not in asked(newest)["_fields"]
    numbered = last_in(API)
    assert asked(numbered) == {**asked(newest), "orderby": "id"}
    assert [lists_newest(page) for page in (changed, newest, numbered)] == [False, True, False]
    assert [lists_last_in(page) for page in (changed, newest, numbered)] == [False, False, True]


def test_blogger_is_asked_for_a_span_and_for_changes() -> None:
    (page,) = first_pages(BLOGGER, after=AT, before=AT)
    assert asked(page) == {
        "max-results": "150", "orderby": "published", "published-min": "2024-06-27T07:09:59Z",
        "published-max": "2024-06-27T07:10:00Z",
    }  # fmt: skip
    newest, changed = first_pages(BLOGGER, changed_after=AT)
    assert asked(newest) == {"max-results": "25", "orderby": "published"}
    assert asked(changed) == {"max-results": "150", "orderby": "updated", "updated-min": "2024-06-27T07:10:00Z"}
    assert [lists_newest(page) for page in (newest, changed)] == [True, False]


@pytest.mark.parametrize("listing", [FEED, INDEX, replace(BLOGGER, kind=ListingKind.SITEMAP)])
def test_other_listings_begin_at_their_top(listing: Listing) -> None:
    assert not can_slice(listing)
    assert first_pages(listing, changed_after=AT, after=AT) == (listing.url,)
    assert can_slice(API)
    assert can_slice(BLOGGER)


@pytest.mark.parametrize(("path", "blogger"), [
    ("feeds/posts/default", True), ("feeds/posts/default/", True), ("feeds/posts/default?alt=rss", True),
    ("feeds/posts/summary", False), ("feeds/posts/default/-/label", False),
])  # fmt: skip
def test_bloggers_feed_is_known_by_its_path(path: str, blogger: bool) -> None:
    assert is_blogger(HOME + path) is blogger


@pytest.mark.parametrize(("listing", "query", "smaller"), [
    (API, "", "per_page=20&page=1#seen=0"), (API, "per_page=100", "per_page=20&page=1#seen=0"),
    (API, "per_page=100&page=3#seen=200", "per_page=20&page=11#seen=200"),
    (API, "per_page=20", "per_page=4&page=1#seen=0"),
    (API, "per_page=20#seen=18", "per_page=4&page=5#seen=16"), (API, "per_page=19", None), (API, "per_page=4", None),
    (BLOGGER, "max-results=150", "max-results=30"), (BLOGGER, "max-results=25", "max-results=5"),
    (BLOGGER, "max-results=24", None), (BLOGGER, "", None), (BLOGGER, "max-results=x", None),
    (BLOGGER, "max-results=1234567890", None), (BLOGGER, "max-results=29", "max-results=5"),
    (BLOGGER, "q=&max-results=150", "q=&max-results=30"),
    (FEED, "max-results=150", None), (INDEX, "page=2", None),
])  # fmt: skip
def test_a_page_that_was_too_large_is_asked_for_in_a_fifth(listing: Listing, query: str, smaller: str | None) -> None:
    found = smaller_pages(listing, f"{listing.url}?{query}")
    assert found == (None if smaller is None else f"{listing.url}?{smaller}")


@pytest.mark.parametrize(("url", "seen"), [
    ("x#seen=200", 200), ("x", 0), ("x#seen=", 0), ("x#top", 0), ("x#seen=-1", 0), ("x#seen=999999999", 999_999_999),
    ("x#seen=1234567890", 0), ("x#saw=3", 0),
])  # fmt: skip
def test_a_page_says_how_many_entries_came_before_it(url: str, seen: int) -> None:
    assert seen_before(url) == seen


# ---------------------------------------------------------------------- what any listing names


@pytest.mark.parametrize(("portal", "path", "fault"), [
    (GENERAL, "", NOT_AN_ARTICLE), (GENERAL, "warta", None), (GENERAL, "tag/x", NOT_AN_ARTICLE),
    (GENERAL, "tags/x/", NOT_AN_ARTICLE), (GENERAL, "categories/x/", NOT_AN_ARTICLE),
    (GENERAL, "category/x/page/2/", NOT_AN_ARTICLE), (GENERAL, "author/x", NOT_AN_ARTICLE),
    (GENERAL, "search/label/x", NOT_AN_ARTICLE),
    (GENERAL, "tag", None), (GENERAL, "tag/x/y", None), (GENERAL, "?p=1", None),
    (GENERAL, "?cat=1", NOT_AN_ARTICLE), (GENERAL, "?s=x", NOT_AN_ARTICLE),
    (GENERAL, "a?s=x", None), (GENERAL, "?page_id=2", NOT_AN_ARTICLE), (GENERAL, "posts", None),
    (GENERAL, "id/tag/x", None),
    (VARIENT, "tag/x", NOT_AN_ARTICLE), (VARIENT, "id/tag/x", NOT_AN_ARTICLE), (VARIENT, "posts", NOT_AN_ARTICLE),
    (VARIENT, "rss/x", NOT_AN_ARTICLE),
    (VARIENT, "profile/x", NOT_AN_ARTICLE), (VARIENT, "category/x", None), (VARIENT, "?cat=1", None),
    (VARIENT, "gallery/", NOT_AN_ARTICLE),
    (GENERAL, "a" * (MAX_LENGTH - 18), None), (GENERAL, "a" * (MAX_LENGTH - 17), TOO_LONG),
])  # fmt: skip
def test_an_address_of_the_portal_is_an_articles_or_is_refused(portal: Portal, path: str, fault: str | None) -> None:
    found = Gatherer(portal, HOME)
    found.add(HOME + path)
    page = found.page()
    assert [refused.reason for refused in page.refused] == ([] if fault is None else [fault])
    assert len(page.entries) == (fault is None)
    found.add("https://lain.id/tag/x")
    assert len(found.page().entries) == (fault is None) + 1, "whose it is, the ledger settles"


@pytest.mark.parametrize(("printed", "url"), [
    ("warta", HOME + "warta"), ("/warta", HOME + "warta"), ("portal.id/warta", HOME + "warta"),
    ("https//portal.id/warta", HOME + "warta"),
    ("www.lain.id/warta", "https://www.lain.id/warta"), ("lain.id/warta", HOME + "lain.id/warta"),
    ("https:/portal.id/warta", HOME + "warta"),
    ("HTTPS://portal.id/warta", HOME + "warta"), ("https://portal.id:443/warta", HOME + "warta"), ("portal.id", HOME),
])  # fmt: skip
def test_a_link_may_lack_its_scheme_or_half_of_it(printed: str, url: str) -> None:
    assert Gatherer(GENERAL, HOME + "feed").resolve(printed) == url


def test_a_second_link_to_an_article_brings_only_its_date() -> None:
    found = Gatherer(GENERAL, HOME)
    for link, date in (("a-b", None), ("a-b/amp", " 27  Juni\n2024 "), ("a-b?utm_source=x", "1 Juli 2024")):
        found.add(link, date)
    assert found.page().entries == (Listed("portal.id/a-b", HOME + "a-b", "27 Juni 2024"),)


def test_of_two_forms_of_an_articles_address_the_plain_one_is_asked_for() -> None:
    found = Gatherer(GENERAL, HOME)
    for link in ("a-b/amp/", "a-b/", "a-c?amp=1", "a-c", "a-d", "a-d?amp=1"):
        found.add(link, "1 Juli 2024")
    assert [entry.url for entry in found.page().entries] == [HOME + "a-b/", HOME + "a-c", HOME + "a-d"]


def test_what_is_beyond_the_most_of_a_sitemap_is_left_for_its_next_page() -> None:
    found = Gatherer(GENERAL, HOME + "sitemap.txt")
    for number in range(MAX_ENTRIES + 3):
        found.add(f"warta-{number}")
    assert (found.full, found.added, len(found.page().entries)) == (True, MAX_ENTRIES, MAX_ENTRIES)
    assert found.page().incomplete == f"it names more than {MAX_ENTRIES} addresses"
    found.go_on_at(HOME + "sitemap.txt#seen=5", found.added)
    assert found.page().more == (f"{HOME}sitemap.txt#seen={MAX_ENTRIES}",)
    assert found.page().complete
    further = Gatherer(GENERAL, HOME)
    further.skip = 2
    for number in range(5):
        further.add(f"warta-{number}")
    assert [entry.url for entry in further.page().entries] == [f"{HOME}warta-{number}" for number in (2, 3, 4)]


def test_further_pages_and_refused_ones_are_bounded_together() -> None:
    found = Gatherer(GENERAL, HOME)
    for number in range(MAX_ENTRIES):
        found.add_more(f"mailto:{number}" if number % 2 else f"/s-{number}.xml")
    assert not found.full
    found.add_more("/lagi.xml")
    assert found.page().incomplete == f"it names more than {MAX_ENTRIES} addresses"
    assert HOME + "lagi.xml" not in found.page().more


def test_a_sitemap_of_the_portal_leads_to_public_hosts_and_no_further() -> None:
    children = ["https://cdn.lain.id/b.xml", "http://10.0.0.7/c.xml", "https://lain.id:8443/d.xml", "/a.xml"]
    body = "".join(f"<sitemap><loc>{child}</loc></sitemap>" for child in children)
    page = read_listing(ListingKind.SITEMAP, f"<sitemapindex>{body}</sitemapindex>".encode(), HOME, GENERAL)
    assert page.more == ("https://cdn.lain.id/b.xml", f"{HOME}a.xml")
    assert [refused.url for refused in page.refused] == children[1:3]
    abroad = read_listing(ListingKind.SITEMAP, b"https://jauh.id/e.xml\n", page.more[0], GENERAL)
    assert (abroad.more, [refused.reason for refused in abroad.refused]) == ((), ["a listing on another host"])


def test_of_another_host_its_sitemap_and_its_rules_alone_are_asked_for() -> None:
    abroad = SitemapsAbroad(GENERAL)
    abroad.note([f"{HOME}a.xml", "https://cdn.lain.id/b.xml"])
    asked = ["b.xml#seen=50000", "robots.txt", "c.xml", ""]
    assert [abroad.allow(f"https://cdn.lain.id/{name}") for name in asked] == [True, True, False, False]
    assert not abroad.allow("http://cdn.lain.id/robots.txt")
    assert not abroad.allow(f"{HOME}robots.txt"), "the portal's own need no leave"


def test_pages_on_another_host_are_refused_and_each_page_is_named_once() -> None:
    found = Gatherer(GENERAL, HOME)
    for link in ("/a.xml", "a.xml", "https://lain.id/b.xml", "mailto:x"):
        found.add_more(link)
    page = found.page()
    assert page.more == (HOME + "a.xml",)
    assert [refused.reason for refused in page.refused] == ["a listing on another host", "not http"]
    found.refuse_protected("terkunci")
    assert found.page().refused[-1].cause is Cause.PROTECTED
    found.begin_again()
    assert found.page() == ListingPage((), ())


@pytest.mark.parametrize(("text", "folded"), [
    (" a \n b ", "a b"), ("", None), (None, None), ("  ", None), ("a" * 201, "a" * 200), (" " * 1000 + "a", None),
    (" " * 999 + "a", "a"),
])  # fmt: skip
def test_a_printed_date_is_folded_and_cut(text: str | None, folded: str | None) -> None:
    assert fold(text) == folded


def test_facts_are_what_a_listing_told_beside_the_text() -> None:
    told = ToldArticle("T", "<p>x", None, None, author="Déwi", tags=("a", "b"))
    assert facts_of(told) == '{"author": "Déwi", "tags": ["a", "b"]}'
    assert facts_of(replace(told, author=None, tags=())) is None
    assert facts_of(None) is None


# ---------------------------------------------------------------------- feeds


def rss(items: str, head: str = "") -> str:
    names = 'xmlns:content="c" xmlns:dc="d" xmlns:media="m"'
    return f'<?xml version="1.0"?><rss {names}><channel>{head}{items}</channel></rss>'


def item(inner: str, link: str = "warta") -> str:
    return f"<item><title>Judul</title><link>{HOME}{link}</link>{inner}</item>"


WHOLE = "<![CDATA[<p>Satu.</p><p>Dua.</p>]]>"


@pytest.mark.parametrize(("inner", "html"), [
    (f"<content:encoded>{WHOLE}</content:encoded>", "<p>Satu.</p><p>Dua.</p>"),
    (f"<description>{WHOLE}</description>", "<p>Satu.</p><p>Dua.</p>"),
    ("<description><![CDATA[<p>Satu.</p>]]></description>", None),  # one paragraph is a summary
    (f"<description>x</description><content:encoded>{WHOLE}</content:encoded>", "<p>Satu.</p><p>Dua.</p>"),
    ("<content:encoded><![CDATA[<p>Satu.</p><p>Dua [&hellip;]</p>]]></content:encoded>", None),
    ('<content:encoded><![CDATA[<p>Satu.</p><div class="page-links">1 2</div>]]></content:encoded>', None),
    (f'<media:content url="x">{WHOLE}</media:content>', None),
    ("<content:encoded><![CDATA[<p>Satu.</p><p>The post X appeared first on Y.</p>]]></content:encoded>",
     "<p>Satu.</p>"),
])  # fmt: skip
def test_a_text_is_told_only_when_it_is_whole(inner: str, html: str | None) -> None:
    (entry,) = read(rss(item(inner)), ListingKind.FEED, FEED.url).entries
    assert (entry.told.html if entry.told else None) == html


def test_a_feed_tells_the_facts_of_an_article() -> None:
    inner = (
        "<pubDate>Thu, 27 Jun 2024 07:10:00 +0000</pubDate><dc:creator>Dewi</dc:creator><category>Daerah</category>"
        "<category>pasar</category><category>kota</category><media:title>Foto</media:title>"
        '<media:thumbnail url="a.jpg"/>'
    )
    (entry,) = read(rss(item(inner)), ListingKind.FEED, FEED.url).entries
    assert entry.told == ToldArticle(
        "Judul", "", "Thu, 27 Jun 2024 07:10:00 +0000", None, "Dewi", "Daerah", ("pasar", "kota"), None, "a.jpg", "feed"
    )
    (bare,) = read(rss(item("")), ListingKind.FEED, FEED.url).entries
    assert (bare.told, bare.printed_date, bare.changed) == (None, None, None)
    (atom,) = read(
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>J</title><link href="/warta"/>'
        "<updated>2024-06-28</updated><published>2024-06-27</published>"
        '<category term="Kota"/><author><name>Rina</name></author></entry></feed>',
        ListingKind.FEED, BLOGGER.url,
    ).entries  # fmt: skip
    assert (atom.printed_date, atom.changed, atom.url) == ("2024-06-27", "2024-06-28", HOME + "warta")
    assert atom.told is not None
    assert (atom.told.author, atom.told.section, atom.told.reader) == ("Rina", "Kota", "blogger-feed")
    assert (atom.told.published, atom.told.updated) == ("2024-06-27", "2024-06-28")


@pytest.mark.parametrize(("url", "section"), [(BLOGGER.url, "Desa"), (FEED.url, "Berita")])
def test_the_labels_of_blogger_are_all_sections_and_others_tags_are_none(url: str, section: str) -> None:
    (entry,) = read(
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>J</title><link href="/warta"/>'
        '<category term="Berita"/><category term="Desa"/></entry></feed>', ListingKind.FEED, url,
    ).entries  # fmt: skip
    assert entry.told is not None
    assert entry.told.section == section


@pytest.mark.parametrize(("printed", "url"), [
    ("<guid>https://lain.id/a</guid>", "https://lain.id/a"),
    ('<guid isPermaLink="true">https://lain.id/a</guid>', "https://lain.id/a"),
    ('<guid isPermaLink="false">https://lain.id/a</guid>', None),
    ('<guid isPermaLink="false">https://portal.id/a</guid>', HOME + "a"),
    ("<guid>12</guid>", None), ("<id>https://lain.id/a</id>", None), ("<id>https://portal.id/a</id>", HOME + "a"),
    ("<comments>https://portal.id/a#respond</comments>", HOME + "a"), ("<comments>https://lain.id/a</comments>", None),
    ("<source>https://portal.id/a</source>", None), ('<link rel="enclosure" href="https://portal.id/a"/>', None),
    ('<link rel="via" href="https://lain.id/a"/>', None), ('<link href="https://lain.id/a"/>', "https://lain.id/a"),
    ("<link>https://lain.id/go?url=https://portal.id/a</link>", HOME + "a"),
    ("<link>https://lain.id/a</link><guid>https://portal.id/b</guid>", HOME + "b"),
    ("<origLink>https://portal.id/o</origLink><link>https://portal.id/l</link>", HOME + "o"),
    ('<link>https://portal.id/l</link><link href="https://portal.id/h"/>', HOME + "l"),
    ('<guid>https://portal.id/g</guid><link href="https://portal.id/h"/>', HOME + "h"),
    ('<link rel="canonical" href="https://portal.id/c"/><guid>https://portal.id/g</guid>', HOME + "g"),
    ('<link rel="via" href="https://portal.id/a"/><link rel="canonical" href="https://portal.id/c"/>', HOME + "c"),
    ('<link rel="related" href="https://portal.id/a"/><link rel="via" href="https://portal.id/v"/>', HOME + "v"),
    ('<id>https://portal.id/a</id><link rel="related" href="https://portal.id/r"/>', HOME + "r"),
    ("<comments>https://portal.id/a</comments><id>https://portal.id/i</id>", HOME + "i"),
    ('<comments>https://portal.id/k</comments><link>https://lain.id/go?url=https://portal.id/a</link>', HOME + "k"),
    ('<link rel="canonical" href="https://lain.id/a"/>', None), ("<comments>7</comments>", None),
    ("<link></link>", None), ("<origLink>/o</origLink>", HOME + "o"),
    ("<link>https://lain.id/go?url=ftp://portal.id/a&amp;k=portal.id</link>", "https://lain.id/go?url=ftp://portal.id/a&k=portal.id"),
    ("<link>https://lain.id/b</link><origLink>https://lain.id/a</origLink>", "https://lain.id/a"),
    ("<link>https://lain.id/go?url=https://ketiga.id/a</link>", "https://lain.id/go?url=https://ketiga.id/a"),
])  # fmt: skip
def test_an_items_address_is_the_portals_own_or_the_plainest(printed: str, url: str | None) -> None:
    body = rss(f"<item><title>J</title>{printed}</item>{item('', 'lain')}")
    found = [entry.url for entry in read(body, ListingKind.FEED, FEED.url).entries]
    assert found == [*([url] if url else []), HOME + "lain"]


@pytest.mark.parametrize(("inner", "html"), [
    ('<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Satu.</p><p>Dua.</p></div></content>',
     "<p>Satu.</p><p>Dua.</p>"),
    ('<content type="html">&lt;p&gt;Satu.&lt;/p&gt;&lt;p&gt;Dua.&lt;/p&gt;</content>', "<p>Satu.</p><p>Dua.</p>"),
    ('<content url="a.jpg">x</content><content>&lt;p&gt;Satu.&lt;/p&gt;</content>', "<p>Satu.</p>"),
    ("<content>Satu.</content><content>Dua.</content>", "Satu."),
    ("<description>&lt;br&gt;Satu.&lt;DIV&gt;Dua.</description>", "<br>Satu.<DIV>Dua."),
    ("<description>&lt;p&gt;Satu.&lt;pre&gt;Dua.</description>", None),
    ("<description>a</description><description>&lt;p&gt;Satu.&lt;p&gt;Dua.</description>", None),
    (f"<description>{'x' * 19_994}&lt;p&gt;&lt;p&gt;x</description>", "<p><p>x"),
    (f"<description>{'x' * 19_997}&lt;p&gt;&lt;p&gt;x</description>", None),
])  # fmt: skip
def test_a_text_is_told_in_whatever_form_it_stands(inner: str, html: str | None) -> None:
    body = (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>J</title><link href="/warta"/>{inner}</entry></feed>'
    )
    (entry,) = read(body, ListingKind.FEED, FEED.url).entries
    told = entry.told.html if entry.told else None
    assert (told is not None and html in told) if html else told is None


@pytest.mark.parametrize(("inner", "author"), [
    ("<author><name>Rina</name></author>", "Rina"), ("<author><uri>x</uri><name>Rina</name></author>", "Rina"),
    ("<author>Rina</author>", "Rina"), ("<author>redaksi@portal.id (Rina S.)</author>", "Rina S."),
    ("<author>redaksi@portal.id</author>", None), ("<author/>", None), ("<author/><dc:creator>Dewi</dc:creator>", None),
    ("<dc:creator>Dewi</dc:creator><dc:creator>Budi</dc:creator>", "Dewi"),
    ("<author>Rina</author><author>Budi</author>", "Rina"), ("<media:author>Rina</media:author>", None), ("", None),
])  # fmt: skip
def test_an_items_author_is_named_in_one_way_or_another(inner: str, author: str | None) -> None:
    (entry,) = read(rss(item(inner + "<category>x</category>")), ListingKind.FEED, FEED.url).entries
    assert entry.told is not None
    assert entry.told.author == author


@pytest.mark.parametrize(("inner", "printed", "changed"), [
    ("<updated>a</updated><pubDate>b</pubDate>", "b", "a"), ("<date>b</date><published>a</published>", "a", None),
    ("<issued>a</issued><date>b</date>", "a", None), ("<modified>a</modified>", "a", "a"),
    ("<modified>b</modified><updated>a</updated>", "a", "a"), ("<pubDate/><date>b</date>", "b", None),
    ("<lain>a</lain>", None, None), ("<updated/><modified>a</modified>", "a", "a"),
])  # fmt: skip
def test_an_items_dates_are_the_first_that_are_printed(inner: str, printed: str | None, changed: str | None) -> None:
    (entry,) = read(rss(item(inner)), ListingKind.FEED, FEED.url).entries
    assert (entry.printed_date, entry.changed) == (printed, changed)


def test_an_item_without_a_title_or_without_a_fact_tells_nothing() -> None:
    bare = f"<item><link>{HOME}a</link><category>x</category></item>"
    told = [entry.told for entry in read(rss(bare + item("")), ListingKind.FEED, FEED.url).entries]
    assert told == [None, None]


@pytest.mark.parametrize(("inner", "section", "tags", "image"), [
    ('<category term="Kota">x</category><category>pasar</category>', "Kota", ("pasar",), None),
    ("<category>Kota</category>", "Kota", (), None), ("<author>Rina</author>", None, (), None),
    ('<category>Kota</category><media:thumbnail/><media:thumbnail url="b.jpg"/><media:thumbnail url="c.jpg"/>', "Kota",
     (), "b.jpg"),
    ('<category>Kota</category><enclosure url="b.jpg"/>', "Kota", (), None),
])  # fmt: skip
def test_the_first_category_is_the_section_and_a_thumbnail_the_image(
    inner: str, section: str | None, tags: tuple[str, ...], image: str | None
) -> None:
    (entry,) = read(rss(item(inner)), ListingKind.FEED, FEED.url).entries
    assert entry.told is not None
    assert (entry.told.section, entry.told.tags, entry.told.image_url) == (section, tags, image)


@pytest.mark.parametrize(("first", "section", "tags"), [
    (("Headline", "Hukum", "pencurian"), "Hukum", ("pencurian",)),  # another item is filed under Hukum first
    (("Headline", "pencurian"), "Headline", ("pencurian",)),  # a tag, for all that the feed shows
    (("Uncategorized", "pencurian"), None, ("pencurian",)),
    (("Uncategorized", "Hukum", "pencurian"), "Hukum", ("pencurian",)),
    (("Hukum", "Headline"), "Hukum", ("Headline",)),
])  # fmt: skip
def test_a_feed_an_api_and_a_page_file_an_article_under_the_same_section(
    first: tuple[str, ...], section: str | None, tags: tuple[str, ...]
) -> None:
    names = "".join(f"<category>{name}</category>" for name in first)
    others = item("<category>Hukum</category>", "lain") + item("<category>Headline</category>", "lain-2")
    entry, *_ = read(rss(item(names) + others), ListingKind.FEED, FEED.url).entries
    assert entry.told is not None
    assert (entry.told.section, entry.told.tags) == (section, tags)
    terms = [[{"taxonomy": "category", "name": name} for name in first if name != "pencurian"]]
    assert told(_embedded={"wp:term": terms}).section == section
    links = "".join(f'<a rel="category tag">{name}</a>' for name in first if name != "pencurian")
    html = f'<html><link href="/wp-content/x"><article class=hentry><h1>Judul berita</h1><p class=cat-links>{links}</p>'
    page = Page(f"{HOME}a", f"{html}<div class=entry-content>{'<p>Satu dua tiga.</p>' * 40}</div>".encode(), "", AT)
    assert read_page(page, GENERAL).section == section


@pytest.mark.parametrize(("behind", "credited"), [("", True), (" \n", True), ("<p>Lagi.</p>", False)])
@pytest.mark.parametrize("words", ["appeared first on", "pertama kali muncul di", "muncul pertama kali di"])
def test_a_plugins_line_is_no_part_of_a_text(words: str, behind: str, credited: bool) -> None:
    text = f"<p>Satu.</p><p>Warta\nini {words} <a>Kabar</a>.</p>{behind}"
    (entry,) = read(
        rss(item(f"<content:encoded><![CDATA[{text}]]></content:encoded>")), ListingKind.FEED, FEED.url
    ).entries
    assert entry.told is not None
    assert (words not in entry.told.html) is credited
    assert entry.told.html.startswith("<p>Satu.</p>")


@pytest.mark.parametrize(("before", "cut"), [(1_980, True), (1_990, False)])
def test_a_mark_of_an_excerpt_is_looked_for_at_its_end(before: int, cut: bool) -> None:
    assert is_excerpt('<a class="x more-link">' + "y" * before) is cut


@pytest.mark.parametrize(("url", "items", "head", "more", "paged"), [
    ("feed/", 1, "<generator>https://wordpress.org/?v=6</generator>", "feed/?paged=2", True),
    ("feed/?paged=7", 1, "<generator>WordPress</generator>", "feed/?paged=8", True),
    ("feed/?paged=x", 1, "<generator>WordPress</generator>", "feed/?paged=2", True),
    ("feed/?paged=9", 0, "<generator>WordPress</generator>", None, True),
    ("feed/", 1, "<generator>Lain</generator>", None, False),
    ("feed/", 1, '<generator uri="http://wordpress.com">x</generator>', "feed/?paged=2", True),
    ("feed/", 1, '<link rel="next" href="/feed?lama=2"/>', "feed?lama=2", False),
    ("feed/", 1, '<link rel="prev" href="/x"/>', None, False),
    ("feeds/posts/default", 2, "<totalResults>3</totalResults>", "feeds/posts/default?start-index=3", True),
    ("feeds/posts/default", 2, "<totalResults>2</totalResults>", None, True),
    ("feeds/posts/default?start-index=3", 1, "<totalResults>4</totalResults>", "feeds/posts/default?start-index=4",
     True),
    ("feeds/posts/default?start-index=3", 2, "<totalResults>4</totalResults>", None, True),
    ("feeds/posts/default", 0, "<totalResults>9</totalResults>", None, True),
    ("feeds/posts/default?start-index=", 2, "<totalResults>3</totalResults>",
     "feeds/posts/default?start-index=3", True),
    ("feeds/posts/default?start-index=x", 2, "<totalResults>3</totalResults>",
     "feeds/posts/default?start-index=3", True),
    ("feeds/posts/default", 1, "<totalResults>2</totalResults><totalResults>x</totalResults>",
     "feeds/posts/default?start-index=2", True),
    ("feeds/posts/default", 1, "<title>9</title>", "feeds/posts/default?start-index=2", True),  # none is told
    ("feeds/posts/default", 3, "<totalResults>2</totalResults>", "feeds/posts/default?start-index=4", True),
    ("feeds/posts/default", 2, "<title>a < b</title><totalResults>3</totalResults>",
     "feeds/posts/default?start-index=3", True),  # broken
    ("feed/", 1, "<generator>Blogger</generator><generator>WordPress 6</generator>", "feed/?paged=2", True),
    ("feed/", 1, '<x rel="next" href="/feed?lama=2"/>', None, False), ("feed/", 1, '<link rel="next"/>', None, False),
    ("feed/", 1, "<title>wordpress</title>", None, False),
    ("feeds/posts/default", 2, "<totalResults>x</totalResults>", "feeds/posts/default?start-index=3", True),
    ("feeds/posts/default", 1, '<link rel="next" href="/feeds/posts/default?x"/>',
     "feeds/posts/default?start-index=2", True),
])  # fmt: skip
def test_a_feed_leads_on_where_its_make_lets_it(url: str, items: int, head: str, more: str | None, paged: bool) -> None:
    page = read(rss("".join(item("", f"warta-{n}") for n in range(items)), head), ListingKind.FEED, HOME + url)
    assert page.more == (() if more is None else (HOME + more,))
    assert (page.paged, len(page.entries)) == (paged, items)


@pytest.mark.parametrize(("query", "total", "counted"), [
    ("", 9, 9), ("?start-index=3", 9, 9), ("", 0, None), ("?published-min=2024-06-01T00:00:00Z", 9, None),
    ("?published-max=2024-06-01T00:00:00Z", 9, None),
])  # fmt: skip
def test_bloggers_total_counts_where_all_is_asked_for(query: str, total: int, counted: int | None) -> None:
    head = f"<totalResults>{total}</totalResults>"
    page = read(rss(item("", "warta"), head), ListingKind.FEED, HOME + "feeds/posts/default" + query)
    assert page.total == counted


@pytest.mark.parametrize(("end", "cut"), [
    ("usai.", False), ("usai", False), ("", True), ("dan…", True), ("dan ...", True), ("[…]", True),
    ("[...]</p>", True), ("dan [&#8230;]", True),
    ("Baca selengkapnya", True), ("Selengkapnya &raquo;", True), ("Read more »", True), ("Continue reading", True),
    ("halaman berikutnya", True), ("lanjut baca", True), ('<a class="more-link" href="x">terus</a>', True),
    ("… usai sudah semuanya", False),
    ('<a class="more-links">terus</a>', False),
])  # fmt: skip
def test_an_excerpt_is_known_by_its_end(end: str, cut: bool) -> None:
    html = f"<p>Satu kalimat.</p><p>{end}" if end else ""
    assert is_excerpt(html) is cut
    after = "<p>Lalu satu kalimat yang panjang dan utuh sampai ke titik terakhirnya, kata warga desa.</p>"
    assert is_excerpt(html + after) is ('more-link"' in end)


@pytest.mark.parametrize(("html", "pager"), [
    ('<div class="page-links">', True), ("<a class='x post-page-numbers y'>", True),
    ('<div class="page-linksx">', False),
    ('<div class="page-links">' + " " * 2976, True), ('<div class="page-links">' + " " * 3000, False),
])  # fmt: skip
def test_a_first_page_is_known_by_its_pager(html: str, pager: bool) -> None:
    assert shows_pager(html) is pager


def test_a_text_behind_a_password_is_set_apart() -> None:
    form = '<content:encoded><![CDATA[<form class="post-password-form"><p>x</p><p>y</p></form>]]></content:encoded>'
    page = read(rss(item(form) + item("<category>x</category>", "lain")), ListingKind.FEED, FEED.url)
    assert [(refused.url, refused.cause) for refused in page.refused] == [(HOME + "warta", Cause.PROTECTED)]
    assert [entry.url for entry in page.entries] == [HOME + "lain"]


@pytest.mark.parametrize(("body", "reason"), [
    (b"<!DOCTYPE html><html>", "HTML in place of XML"), (b"<!DOCTYPE x><html>", "HTML in place of XML"),
    (b" \n<HTML >", "HTML in place of XML"), (b"<body\n>", "HTML in place of XML"),
    (b"x" * 1_017 + b"<html >", "HTML in place of XML"), (b"x" * 1_019 + b"<html >", "not XML"),
    (b"<html ><rss></rss>", "HTML in place of XML"), (b"<html><?xml version='1.0'?><rss/>", "HTML in place of XML"),
    (b"<?xml version='1.0'?><html></html>", "HTML in place of XML"),
    (b"<data></data>", "no feed: <data>"), (b"<rss2></rss2>", "no feed: <rss2>"),
    (gzip.compress(b"", mtime=0), "empty"), (b"\x1f\x8b\x08junk", "broken gzip"), (b"  ", "empty"),
])  # fmt: skip
def test_what_is_no_feed_says_what_it_is(body: bytes, reason: str) -> None:
    with pytest.raises(ListingError, match=reason):
        read(body, ListingKind.FEED, FEED.url)


def test_a_feed_that_quotes_html_at_its_beginning_is_a_feed() -> None:
    body = rss(f"<description><![CDATA[<html><body>]]></description>{item('')}")
    assert [entry.url for entry in read(body, ListingKind.FEED, FEED.url).entries] == [HOME + "warta"]


@pytest.mark.parametrize(("junk", "as_a_whole"), [(4_085, True), (4_086, False)])
def test_a_feed_behind_so_much_junk_is_read_as_a_whole(junk: int, as_a_whole: bool) -> None:
    quoted = f"<description><![CDATA[<item ><link>{HOME}palsu</link></item >]]></description>"
    body = "<br/>" + "x" * junk + rss(item(quoted))
    assert body.index("<?xml ") + len("<?xml ") == junk + 11, "the last whole beginning ends at 4,096"
    found = [entry.url for entry in read(body, ListingKind.FEED, FEED.url).entries]
    assert found[0] == HOME + "warta"
    assert (found == [HOME + "warta"]) is as_a_whole


@pytest.mark.parametrize(("behind", "complete"), [(4_090, True), (4_091, False)])
def test_a_feed_whose_end_lies_far_back_was_cut_off(behind: int, complete: bool) -> None:
    page = read(rss(item("")) + "\n" * behind, ListingKind.FEED, FEED.url)
    assert page.incomplete == (None if complete else "it was cut off")


@pytest.mark.parametrize(("size", "signs", "is_read"), [
    (0, 174_700, True), (0, 174_800, False), (3_000_000, 499_900, True), (3_000_000, 500_200, False),
])  # fmt: skip
def test_a_broken_document_is_made_of_signs_from_one_in_six_bytes(size: int, signs: int, is_read: bool) -> None:
    frame = rss("").partition("</channel>")
    spare = size - signs - len("".join(frame))
    body = "".join((frame[0], "<" * (signs - frame[0].count("<") - 2), "x" * spare, *frame[1:]))
    if is_read:
        assert read(body, ListingKind.FEED, FEED.url).entries == ()
    else:
        with pytest.raises(ListingError, match="made of signs"):
            read(body, ListingKind.FEED, FEED.url)


def test_a_packed_listing_is_whole_only_if_all_its_layers_are() -> None:
    body = rss(item("")).encode()
    for packed in (gzip.compress(body), gzip.compress(gzip.compress(body))):
        assert read(packed, ListingKind.FEED, FEED.url).complete
        cut = read(packed[:-4], ListingKind.FEED, FEED.url)
        assert (len(cut.entries), cut.incomplete) == (1, "it was cut off")


def test_of_a_listing_fifty_megabytes_are_read() -> None:
    assert unpack(b"x" * 52_428_800) == (b"x" * 52_428_800, True)
    body, whole = unpack(b"x" * 52_428_801)
    assert (len(body), whole) == (52_428_800, False)


# ---------------------------------------------------------------------- WordPress's API


def post(**changes: Any) -> dict[str, Any]:
    row = {
        "id": 1, "link": HOME + "warta", "date": "2024-06-27T14:10:00", "date_gmt": "2024-06-27T07:10:00",
        "modified": "2024-06-28T08:00:00", "modified_gmt": "2024-06-28T01:00:00", "title": {"rendered": "Judul"},
        "content": {"rendered": " <p>Satu.</p> ", "protected": False}, "excerpt": {"rendered": "<p>Ringkas.</p>"},
    }  # fmt: skip
    return row | changes


def told(**changes: Any) -> ToldArticle:
    (entry,) = read(json.dumps([post(**changes)]), ListingKind.WORDPRESS, API.url).entries
    assert entry.told is not None
    return entry.told


@pytest.mark.parametrize(("local", "utc", "written"), [
    ("2024-06-27T14:10:00", "2024-06-27T07:10:00", "2024-06-27T14:10:00+07:00"),
    ("2024-06-27T07:10:00", "2024-06-27T07:10:00", "2024-06-27T07:10:00+00:00"),
    ("2024-06-27T02:40:00", "2024-06-27T07:10:00", "2024-06-27T02:40:00-04:30"),
    ("2024-06-27T21:10:00", "2024-06-27T07:10:00", "2024-06-27T21:10:00+14:00"),
    ("2024-06-27T21:25:00", "2024-06-27T07:10:00", "2024-06-27T07:10:00Z"),
    ("2024-06-27T14:11:00", "2024-06-27T07:10:00", "2024-06-27T07:10:00Z"),
    ("rusak", "2024-06-27T07:10:00", "2024-06-27T07:10:00Z"), (None, "2024-06-27T07:10:00", "2024-06-27T07:10:00Z"),
    ("2024-06-27T14:10:00", "0000-00-00T00:00:00", "2024-06-27T14:10:00"),
    ("2024-06-27T14:10:00", "-0001-11-30T00:00:00", "2024-06-27T14:10:00"),
    ("2024-06-27T14:10:00", "1970-01-01T00:00:00", "2024-06-27T14:10:00"),
    ("2024-06-27T14:10:00", None, "2024-06-27T14:10:00"), (None, None, None),
])  # fmt: skip
def test_a_post_has_the_offset_between_its_two_clocks(local: str | None, utc: str | None, written: str | None) -> None:
    assert told(date=local, date_gmt=utc).published == written
    assert told(modified=local, modified_gmt=utc).updated == written


def test_a_post_tells_its_facts_from_what_is_embedded() -> None:
    terms = [
        [{"taxonomy": "category", "name": "Uncategorized"}, {"taxonomy": "category", "name": "Daerah"}, "rusak"],
        [{"taxonomy": "post_tag", "name": "pasar"}, {"taxonomy": "lain", "name": "x"}], "rusak",
    ]  # fmt: skip
    found = told(
        _embedded={"author": ["rusak", {"name": ""}, {"name": "Dewi"}], "wp:term": terms},
        yoast_head_json={"author": "Yoast", "og_image": [{"url": "y.jpg"}]},
    )
    assert found == ToldArticle(
        "Judul", "<p>Satu.</p>", "2024-06-27T14:10:00+07:00", "2024-06-28T08:00:00+07:00", "Dewi", "Daerah", ("pasar",),
        "<p>Ringkas.</p>", "y.jpg", "wordpress-api",
    )  # fmt: skip
    other = told(
        _embedded=None, yoast_head_json={"author": "Yoast"}, jetpack_featured_media_url="j.jpg",
        excerpt={"rendered": "Satu [&hellip;]"}, content={"rendered": '<p>x</p><p class="page-links">1</p>'},
    )  # fmt: skip
    assert (other.author, other.section, other.image_url, other.lead, other.html) == ("Yoast", None, "j.jpg", None, "")
    none = told(
        _embedded={"author": {}, "wp:term": [[{"taxonomy": "category", "name": "Tanpa Kategori"}]]}, excerpt=None
    )
    assert (none.author, none.section, none.image_url, none.lead) == (None, None, None, None)


@pytest.mark.parametrize(("query", "rows", "headers", "more"), [
    ("", 2, {}, "?page=2#seen=2"), ("", 2, {"x_wp_total": "2"}, None), ("", 2, {"x_wp_total": "3"}, "?page=2#seen=2"),
    ("", 0, {}, None), ("?page=2#seen=2", 1, {"x_wp_total": "3", "x_wp_totalpages": "2"}, None),
    ("?page=2#seen=2", 1, {"x_wp_total": "3", "x_wp_totalpages": "3"}, "?page=3#seen=3"),
    ("?page=2#seen=2", 1, {"x_wp_total": "4", "x_wp_totalpages": "2"}, "?page=3#seen=3"),
    ("?page=2#seen=2", 0, {"x_wp_total": "6", "x_wp_totalpages": "3"}, "?page=3#seen=2"),
    ("?page=3#seen=2", 0, {"x_wp_total": "6", "x_wp_totalpages": "3"}, None),
    ("?page=2#seen=6", 0, {"x_wp_total": "6", "x_wp_totalpages": "9"}, None),
    ("?page=2#seen=2", 0, {"x_wp_total": "6"}, None), ("?page=2#seen=2", 0, {"x_wp_totalpages": "3"}, None),
    ("?page=x", 1, {}, "?page=2#seen=1"), ("", 2, {"x_wp_total": "2", "x_wp_totalpages": "1"}, None),
    ("?modified_after=2024-06-28T00:00:00Z", 2, {}, "?modified_after=2024-06-28T00:00:00Z&page=2#seen=2"),
    ("?modified_after=2024-06-28T01:00:00Z", 2, {}, "?modified_after=2024-06-28T01:00:00Z&page=2#seen=2"),
    ("?modified_after=2024-06-28T01:00:01Z", 2, {}, None),  # it does not know modified_after, and tells all
])  # fmt: skip
def test_posts_lead_on_until_all_that_is_counted_was_seen(
    query: str, rows: int, headers: dict[str, str], more: str | None
) -> None:
    body = json.dumps([post(link=f"{HOME}warta-{n}") for n in range(rows)])
    page = read(body, ListingKind.WORDPRESS, API.url + query, **headers)
    assert page.more == (() if more is None else (API.url + more,))
    assert page.paged
    assert page.total == (int(headers["x_wp_total"]) if "x_wp_total" in headers else None)


def test_rows_that_are_no_posts_cost_no_others_and_names_alone_tell_nothing() -> None:
    rows = [
        "x",
        {},
        {"link": 5},
        post(),
        {"link": HOME + "lain", "modified_gmt": 5},
        post(link=HOME + "kunci", content={"protected": True}),
    ]
    page = read(json.dumps(rows), ListingKind.WORDPRESS, API.url)
    assert [(entry.url, entry.told is not None) for entry in page.entries] == [
        (HOME + "warta", True),
        (HOME + "lain", False),
    ]
    assert [refused.cause for refused in page.refused] == [Cause.PROTECTED]


@pytest.mark.parametrize(("text", "value"), [
    ('<br/>Notice: x [{"id": 1}]<!-- cache -->', [{"id": 1}]), ('{"code": "off"}', {"code": "off"}), ("notice []", []),
    ('[{"x": 1}] [{"link": "a"}]', [{"link": "a"}]), ('{"a": "\\ud83d\\ude00\\ud83d"}', {"a": "😀\ufffd"}),
    ("[ ] usai", None), ('x [{"x": 1}, {"id": 2}] y', {"id": 2}), ('x {"code": "off"} y', {"code": "off"}),
    ('x [{"id": 1, "t": "a\nb"}]', [{"id": 1, "t": "a\nb"}]), ('x [{"x": 1}]', None), ("[] []", []),
    ('{"a": "\\uD83D"}', {"a": "\ufffd"}),
    ("<html>", None), ('[{"x"]' * (MAX_TRIES - 1) + '[{"id": 1}]', [{"id": 1}]),
    ('[{"x"]' * MAX_TRIES + '[{"id": 1}]', None),
    ("x" * 199_990 + '[{"id": 1}]', [{"id": 1}]), ("x" * 200_000 + '[{"id": 1}]', None), ('["a\nb"]', ["a\nb"]),
    ("[" * 99_999, None),
    ('[{"id": 1}, {"id": 2,},\n]', [{"id": 1}, {"id": 2}]), ('[,{"id": 1},,{"id": 2}]', [{"id": 1}, {"id": 2}]),
    ('x [{"id": 1, "t": ["a", "b", ], }, ]; y,]', [{"id": 1, "t": ["a", "b"]}]),
    (r'[{"id": 1, "t": "Jum\'at \x di C:\Berita, \u00e9 \\ \"]"}]',
     [{"id": 1, "t": "Jum'at \\x di C:\\Berita, é \\ \"]"}]),
    ('[{"id": 1, "t": "a, ] ,} ,,"},]', [{"id": 1, "t": "a, ] ,} ,,"}]), ('"[{\\"id\\": 1}]"', [{"id": 1}]),
    ('[{"id": 1 "t": 2}]', None), ('"kosong"', None), ('[{"id": "1}]', None), ("[,]x", None),
    ('[{"x"]' * (MAX_MENDED - 1) + '[{"id": 1},]', [{"id": 1}]),
    ('[{"x"]' * MAX_MENDED + '[{"id": 1},{"id": 2},]', {"id": 2}),
])  # fmt: skip
def test_json_is_found_in_junk_within_bounds(text: str, value: Any) -> None:
    if value is None:
        with pytest.raises(ValueError, match=r"no JSON|nested|Expecting"):
            read_json(text.encode())
    else:
        assert read_json(text.encode()) == value


@pytest.mark.parametrize("run", ['\\"', ", ", ",", "[ ", "\\", '[{"a":"'], ids=repr)
def test_a_quarter_of_a_megabyte_of_broken_json_is_refused_in_seconds(run: str) -> None:
    began = time.process_time()
    with pytest.raises(ValueError, match=r"no JSON|nested|Expecting|Unterminated"):
        read_json(('[{"id": "a", "t": "' + run * ((1 << 18) // len(run))).encode())
    with pytest.raises(ValueError, match=r"no JSON|nested|Expecting|Unterminated"):
        read_json(('[{"id": ' + run * ((1 << 18) // len(run))).encode())
    assert time.process_time() - began < 4


# ---------------------------------------------------------------------- sitemaps and index pages


@pytest.mark.parametrize(("stamps", "believed"), [
    (["2024-06-27T10:00:00Z", "2024-06-28T10:00:00Z"], True), (["2024-06-27", "2024-06-28"], False),
    (["2024-06-27T10:00:00Z"] * 2, False), (["2024-06-27T10:00:00Z"], False),
    (["2024-06-27T10:00:00Z", "2024-06-27T10:00:00Z", "2024-06-28T10:00:00Z"], True),
    (["2024-06-27T10:00:00Z", "2024-06-27T10:00:00Z", "2024-06-27T10:00:00Z", "2024-06-28T10:00:00Z"], False),
    (["2024-06-27T10:00:00Z", "2024-06-28T10:00:00Z", "", "", ""], True),
])  # fmt: skip
def test_a_lastmod_is_a_change_where_clocks_differ_in_more_than_half(stamps: list[str], believed: bool) -> None:
    urls = "".join(f"<url><loc>{HOME}w-{n}</loc><lastmod>{at}</lastmod></url>" for n, at in enumerate(stamps))
    page = read(f"<urlset>{urls}</urlset>", ListingKind.SITEMAP, HOME + "sitemap.xml")
    assert [entry.changed is not None for entry in page.entries] == [believed and bool(at) for at in stamps]
    assert [entry.printed_date for entry in page.entries] == [at or None for at in stamps]


@pytest.mark.parametrize(("name", "followed"), [
    ("wp-sitemap-posts-post-1.xml", True), ("wp-sitemap-posts-page-1.xml", False),
    ("wp-sitemap-users-1.xml", False), ("post-sitemap2.xml", True),
    ("category-sitemap.xml", False), ("post_tag-sitemap3.xml.gz", False), ("sitemap-tags-1.xml", False),
    ("sitemap-2024.xml", True),
    ("?sitemap=users", False), ("?sitemap=posts&sitemap-subtype=page", False),
    ("?sitemap=posts&sitemap-subtype=post", True),
    ("pages-sitemap.xml", False), ("sitemap-pages.xml", False), ("homepage-sitemap.xml", True),
])  # fmt: skip
def test_child_sitemaps_are_followed_that_may_hold_articles(name: str, followed: bool) -> None:
    body = f"<sitemapindex><sitemap><loc>{HOME}{name.replace('&', '&amp;')}</loc></sitemap></sitemapindex>"
    assert read(body, ListingKind.SITEMAP, HOME + "sitemap.xml").more == ((HOME + name,) if followed else ())


@pytest.mark.parametrize(("lines", "taken"), [
    ([HOME + "a", HOME + "b"], 2), ([HOME + "a", "bukan alamat"], None), ([HOME + "a", HOME + "b", "bukan alamat"], 2),
    (["# daftar", HOME + "a", ""], 1), (["portal.id/a"], 1), ([""], None), ([HOME + "a", "", ""], 1),
    ([HOME + "a b", HOME + "c"], None), (["#" + HOME, HOME + "c"], 1), (["daftar #", HOME + "c"], None),
    ([HOME + "a", HOME + "b", HOME + "c", "x y", "z"], 3), ([HOME + "a", HOME + "b", "v", "x y", "z"], None),
])  # fmt: skip
def test_a_text_sitemap_is_mostly_addresses(lines: list[str], taken: int | None) -> None:
    body = "\n".join(lines)
    if taken is None:
        with pytest.raises(ListingError, match=r"empty|neither XML nor an address a line"):
            read(body, ListingKind.SITEMAP, HOME + "sitemap.txt")
    else:
        assert len(read(body, ListingKind.SITEMAP, HOME + "sitemap.txt").entries) == taken


@pytest.mark.parametrize(("place", "entries"), [
    ("<loc>/a</loc><loc>/b</loc>", [("a", None)]), ("<loc/><loc>/b</loc>", [("b", None)]), ("<lastmod>x</lastmod>", []),
    ("<loc>/a</loc><lastmod>1</lastmod><lastmod>2</lastmod>", [("a", "1")]),
    ("<loc>/a</loc><lastmod/><lastmod>2</lastmod>", [("a", "2")]),
    ("<loc>/a</loc><n:news><n:title>x</n:title><n:publication_date>1</n:publication_date></n:news>", [("a", "1")]),
    ("<loc>/a</loc><n:news><n:title>x</n:title></n:news><lastmod>2</lastmod>", [("a", "2")]),
    ("<loc>/a</loc><priority>1</priority>", [("a", None)]),
])  # fmt: skip
def test_a_place_of_a_sitemap_has_its_first_address_and_date(place: str, entries: list[tuple[str, str | None]]) -> None:
    body = f'<urlset xmlns:n="n"><url>{place}</url></urlset>'
    page = read(body, ListingKind.SITEMAP, HOME + "sitemap.xml")
    assert [(entry.url.removeprefix(HOME), entry.printed_date) for entry in page.entries] == entries


@pytest.mark.parametrize(("begins_at", "is_feed"), [(4_091, True), (4_092, False)])
def test_a_feed_in_place_of_a_sitemap_is_known_by_its_beginning(begins_at: int, is_feed: bool) -> None:
    body = f"<br/>{'x' * (begins_at - 5)}<rss ><channel>{item('')}</channel></rss>"
    assert body.index("<rss") == begins_at
    if is_feed:
        assert len(read(body, ListingKind.SITEMAP, HOME + "sitemap.xml").entries) == 1
    else:
        with pytest.raises(ListingError, match="no sitemap: <rss>"):
            read(body, ListingKind.SITEMAP, HOME + "sitemap.xml")


COMMENTS = (
    "<!-- <feed > <rss > <html > -->", f"<!-- <urlset > {'x' * 9_000} <feed > -->", "<?cache <feed > <urlset ?>",
    "<![CDATA[<html ><feed ><urlset >]]>", "\n<!-- <rss >\n-->\n<!-- <urlset > -->\n",
)  # fmt: skip


@pytest.mark.parametrize("declared", ["", '<?xml version="1.0"?>'])
@pytest.mark.parametrize("before", COMMENTS)
def test_a_document_is_what_its_root_is_whatever_stands_in_comments_before_it(before: str, declared: str) -> None:
    sitemap = f"{declared}{before}<urlset><url><loc>{HOME}warta</loc></url></urlset>"
    for body in (sitemap, f"{declared}{before}{rss(item('')).partition('?>')[2]}"):
        page = read(body, ListingKind.SITEMAP, HOME + "sitemap.xml")
        assert ([entry.url for entry in page.entries], page.complete) == ([HOME + "warta"], True)
    assert read(f"{declared}{before}{rss(item('')).partition('?>')[2]}", ListingKind.FEED, HOME + "feed").complete
    with pytest.raises(ListingError, match="HTML in place of XML"):
        read(f"{before}<html ><body>tidak ada</body></html>", ListingKind.FEED, HOME + "feed")


@pytest.mark.parametrize("before", ["<!--" * 300_000, "<![CDATA[" * 100_000, "<?x " * 250_000])
def test_marks_without_end_are_looked_for_once(before: str) -> None:
    began = time.process_time()
    with pytest.raises(ListingError):
        read(before, ListingKind.SITEMAP, HOME + "sitemap.xml")
    assert time.process_time() - began < 4


def test_many_headings_in_one_list_cost_as_much_as_many_lists() -> None:
    rows = "".join(f'<div><h3><a href="/warta-desa-{n}">Warta desa {n}</a></h3></div>' for n in range(3_000))
    began = time.process_time()
    assert len(read(index(f"<section>{rows}</section>"), ListingKind.INDEX, HOME).entries) == 3_000
    assert time.process_time() - began < 2, "each heading once looked through the list of all"


def test_a_sitemap_that_quotes_a_feed_is_a_sitemap() -> None:
    body = "<urlset><url><loc>/a</loc><t><![CDATA[<rss >]]></t></url></urlset>"
    assert len(read(body, ListingKind.SITEMAP, HOME + "sitemap.xml").entries) == 1


@pytest.mark.parametrize(("before", "is_text"), [(1_024, True), (1_023, False)])
def test_a_text_sitemap_is_known_by_a_beginning_without_markup(before: int, is_text: bool) -> None:
    lines = "".join(f"{HOME}{n:03}\n" for n in range(44))
    body = lines + "x" * (before - len(lines)) + "<b>"
    if is_text:
        page = read(body, ListingKind.SITEMAP, HOME + "sitemap.txt")
        assert (len(page.entries), page.complete) == (44, True)
        packed = gzip.compress(body.encode(), mtime=0)
        assert read(packed[:-4], ListingKind.SITEMAP, HOME + "sitemap.txt").incomplete == "it was cut off"
    else:
        with pytest.raises(ListingError, match="not XML"):
            read(body, ListingKind.SITEMAP, HOME + "sitemap.txt")


def index(items: str, pager: str = "") -> str:
    return f"<html><body><main>{items}</main>{pager}</body></html>"


@pytest.mark.parametrize(("printed", "date"), [
    ("<span>27 Juni 2024</span>", "27 Juni 2024"), ("<time>Jun 27, 2024</time>", "Jun 27, 2024"),
    ("<small>27/06/2024</small>", "27/06/2024"),
    ("<div>2024-06-27 10:00</div>", "2024-06-27"), ("<p>2 jam yang lalu</p>", "2 jam yang lalu"),
    ("<p>Kemarin</p>", "Kemarin"),
    ('<time datetime="2024-06-27T10:00">x</time>', "2024-06-27T10:00"), ("<p>27 Juni</p>", None), ("", None),
    ("<p>1 Juli 2024</p><time>27 Juni 2024</time>", "27 Juni 2024"),
    ('<p class="post-date">1 Mei 2024</p><p>27 Juni 2024</p>', "1 Mei 2024"),
])  # fmt: skip
def test_an_item_of_an_index_has_the_date_that_stands_in_it(printed: str, date: str | None) -> None:
    page = read(index(f'<article><h2><a href="/warta">J</a></h2>{printed}</article>'), ListingKind.INDEX, HOME)
    assert [(entry.url, entry.printed_date) for entry in page.entries] == [(HOME + "warta", date)]


@pytest.mark.parametrize(("url", "links", "more"), [
    ("posts", ["?page=2"], "posts?page=2"), ("posts", ["?page=9"], "posts?page=2"),
    ("posts?page=2", ["?page=1", "?page=3"], "posts?page=3"),
    ("posts?page=2", ["?page=1"], None), ("posts?page=2", ["?page=2"], None),
    ("berita/page/2/", ["/berita/page/3/"], "berita/page/3/"),
    ("berita/", ["/berita/page2/"], "berita/page2/"), ("berita/page2/", ["/berita/page3/"], "berita/page3/"),
    ("berita/", ["/berita/page-2"], "berita/page-2"), ("berita/", ["/berita/page2-cara"], None),
    ("posts", ["?page=1"], None), ("posts", ["?page=3&u=b", "?page=2&u=a"], "posts?page=2&u=a"),
    ("berita", ["/berita/page/2?pg=7"], "berita/page/2?pg=7"), ("berita/", ["/berita/page/2"], "berita/page/2"),
    ("posts", ["/indeks?p=2"], None), ("indeks", ["?p=3", "?p=2"], "indeks?p=2"),
    ("indeks", ["/indeks/20", "/indeks/10"], "indeks/10"), ("indeks", ["/indeks/1"], None),
    ("indeks", ["/indeks/2"], "indeks/2"), ("indeks/20", ["/indeks/10", "/indeks/20"], None),
    ("indeks/20", ["/indeks/40", "/indeks/30", "/lain/30"], "indeks/30"), ("indeks/2", ["/indeks/2/30"], "indeks/2/30"),
    ("indeks?p=1234567890", ["?p=1234567891"], None),
    ("posts", ["/lain?page=2"], None), ("posts", [], None), ("posts?page=9", ["?page=10", "?page=12"], "posts?page=10"),
])  # fmt: skip
def test_the_next_page_of_an_index_is_the_number_after_its_own(url: str, links: list[str], more: str | None) -> None:
    pager = '<div class="pagination">' + "".join(f'<a href="{link}">x</a>' for link in links) + "</div>"
    page = read(index('<h2><a href="/warta">J</a></h2>', pager), ListingKind.INDEX, HOME + url)
    assert page.more == (() if more is None else (HOME + more,))
    assert read(index("", pager), ListingKind.INDEX, HOME + url).more == (), "a page that names nothing leads nowhere"


@pytest.mark.parametrize(("pager", "more"), [
    ('<a rel="next" href="/arsip-lama">x</a>', "arsip-lama"), ('<a rel="nofollow next" href="/lama">x</a>', "lama"),
    ('<link rel="next" href="/lama"/>', "lama"), ('<a rel="next" href="/posts/">x</a>', None),
    ('<a rel="next" href="?page=1">x</a>', "posts?page=1"), ('<a rel="prev" href="/lama">x</a>', None),
    ('<a rel="next" href="?page=1">x</a><a href="?page=2">2</a>', "posts?page=1"),
    ('<a rel="next" href="?page=1">x</a><div class="paging"><a href="?page=2">2</a></div>', "posts?page=2"),
    ('<ul class="pager"><a href="?page=1">2</a><a href="?page=2">3</a></ul>', "posts?page=1"),  # Drupal counts from 0
    ('<a href="/posts?page=2">»</a>', "posts?page=2"), ('<a href="/posts?page=3">»</a>', None),
    ('<a href="/posts?page=2"> &gt;&gt; </a>', "posts?page=2"), ('<a href="/posts?sort=1">»</a>', None),
    ('<a href="/posts?page=2" title="Halaman  selanjutnya"><i></i></a>', "posts?page=2"),
    ('<a href="/posts?page=2" aria-label="Go to next page"></a>', "posts?page=2"),
    ('<a href="/posts?p=2">Berita Lama</a>', "posts?p=2"), ('<a href="/posts/2">« Older Posts</a>', "posts/2"),
    ('<a href="/posts/2">Lihat Lainnya</a>', "posts/2"), ('<a href="/posts?kanal=desa">Lihat Lainnya</a>', None),
    ('<a href="/posts.html">Lihat lainnya</a>', None),
    ('<a href="/posts?page=2">Load more</a>', "posts?page=2"), ('<a href="/desa/2">Muat lebih banyak</a>', None),
    ('<div class="paging"><a href="?per_page=20">2</a><a href="?per_page=40">3</a></div>', "posts?per_page=20"),
    ('<div class="paging"><a href="?limitstart=20">2</a></div>', "posts?limitstart=20"),
    ('<div class="paging"><a href="/posts-3.html">3</a><a href="/posts-2.html">2</a></div>', "posts-2.html"),
    ('<div class="paging"><a href="/posts/page2.html">2</a></div>', "posts/page2.html"),
    ('<ul class="page-numbers"><li><a class="page-numbers" href="?halaman=2">2</a></li></ul>', "posts?halaman=2"),
    ('<nav aria-label="Page navigation"><a href="?pg=2">2</a></nav>', "posts?pg=2"),
    ('<nav aria-label="Menu"><a href="/posts/2">2</a></nav>', None),
    ('<a class="next" href="/lama">x</a>', None), ('<a class="next" href="?page=2">x</a>', "posts?page=2"),
    ('<a aria-label="next" href="?page=2">x</a>', "posts?page=2"), ('<a href="?page=2">x</a>', None),
    ('<a rel="next" href="/lama">x</a><a rel="next" href="/lain">x</a>', "lama"),
    ('<a href="/posts/2"><span>Selanjutnya</span></a>', "posts/2"), ('<a href="/posts/2"> Next Page » </a>', "posts/2"),
    ('<a href="/posts/2">Selanjutnya di Ngawi</a>', None), ('<a href="/lain/2">Selanjutnya</a>', None),
    ('<a href="/posts">Selanjutnya</a>', None), ('<a href="/posts?sort=1">Berikutnya</a>', "posts?sort=1"),
    ('<a href="/lain">Next</a><a href="/posts/2">Next</a><a href="/posts/3">Next</a>', "posts/2"),
    ('<div class="pagination"><a href="https://[TAUTAN]/2">2</a><a href="http://[">»</a><a href="?p=2">2</a></div>',
     "posts?p=2"),
    ('<a href="http://[X]">Selanjutnya</a><a rel="next" href="//[x]/">x</a><a href="/posts/2">Next</a>', "posts/2"),
    ("<a>x</a>" * 10 + '<a href="/a">x</a>' * 4_998 + '<a href="/posts/2">Next</a>', "posts/2"),
    ('<a href="/a">x</a>' * 4_999 + '<a href="/posts/2">Next</a>', None),
    ('<div class="pagination">' + '<a href="/a">x</a>' * 4_999 + '<a href="?p=2">2</a></div>', "posts?p=2"),
    ('<div class="pagination">' + '<a href="/a">x</a>' * 5_000 + '<a href="?p=2">2</a></div>', None),
])  # fmt: skip
def test_the_next_page_is_what_calls_itself_so_or_only_adds_a_number(pager: str, more: str | None) -> None:
    page = read(index('<h1>x</h1><h2><a href="/warta">J</a></h2>', pager), ListingKind.INDEX, HOME + "posts")
    assert page.more == (() if more is None else (HOME + more,))


@pytest.mark.parametrize(("here", "pager", "more"), [
    ("posts?page=1", '<div class="paging"><a href="?page=0">1</a><a href="?page=2">3</a></div>', "posts?page=2"),
    ("posts?page=2", '<a href="/posts?page=1">»</a><a href="/posts?page=3">»</a>', "posts?page=3"),
    ("posts?page=2", '<a href="/posts?page=1">Berita Lama</a>', None),
    ("posts/20", '<a href="/posts/10">Older</a><a href="/posts/30">Older</a>', "posts/30"),
    ("posts-2.html", '<div class="paging"><a href="/posts-3.html">3</a><a href="/posts.html">1</a></div>',
     "posts-3.html"),
    ("posts-3.html", '<div class="paging"><a href="/posts-2.html">2</a><a href="/posts.html">1</a></div>', None),
    ("posts/page2.html", '<div class="paging"><a href="/posts/page3.html">3</a></div>', "posts/page3.html"),
])  # fmt: skip
def test_a_further_page_of_an_index_leads_on_and_never_back(here: str, pager: str, more: str | None) -> None:
    page = read(index('<h2><a href="/warta">J</a></h2>', pager), ListingKind.INDEX, HOME + here)
    assert page.more == (() if more is None else (HOME + more,))


@pytest.mark.parametrize(("body", "deep"), [
    (b"<div>" * 3, 3), (b"<div></div>" * 5, 1), (b"<p><li><br>" * 9, 0), (b"<div><span></div></span>", 2),
    (b"</div></div><div><div>", 2), (b"<DIV><div></Div><i>", 2), (b"<div><b></div><i>", 2), (b"<x-y><br><x-y>", 2),
    (b"<div><div></div></div><div>", 2), (b"a < b <3", 0),
    (b"<b></b></b><i><i>", 2),
])  # fmt: skip
def test_the_depth_of_a_page_is_what_was_open_at_once(body: bytes, deep: int) -> None:
    assert depth(body) == deep


@pytest.mark.parametrize(("deep", "is_read"), [(498, True), (499, False)])
def test_an_index_is_nested_five_hundred_deep_and_no_deeper(deep: int, is_read: bool) -> None:
    body = f"<html><body>{'<div>' * deep}{'</div>' * deep}<h2><a href='/warta'>J</a></h2></body></html>"
    if is_read:
        assert [entry.url for entry in read(body, ListingKind.INDEX, HOME).entries] == [HOME + "warta"]
    else:
        with pytest.raises(ListingError, match="nested too deep"):
            read(body, ListingKind.INDEX, HOME)


@pytest.mark.parametrize(("behind", "complete"), [
    ("</html>" + " " * 4_089, True), ("</html>" + " " * 4_090, False), ("</HTML >", True), ("", False),
    ("</\0h\0tml>", True),
])  # fmt: skip
def test_an_index_is_whole_when_its_end_came(behind: str, complete: bool) -> None:
    page = read(f"<html><h2><a href='/warta'>J</a></h2>{behind}", ListingKind.INDEX, HOME)
    assert page.incomplete == (None if complete else "it was cut off")
    packed = gzip.compress(f"<html>{behind}".encode(), mtime=0)
    assert read(packed, ListingKind.INDEX, HOME).complete is complete
    assert not read(packed[:-4], ListingKind.INDEX, HOME).complete


@pytest.mark.parametrize(("body", "reason"), [
    (" \0\n", "empty"), ("", "empty"), ("bukan html", "not HTML"), ("{}", "not HTML"),
])  # fmt: skip
def test_what_is_no_index_says_so(body: str, reason: str) -> None:
    with pytest.raises(ListingError, match=f"^{reason}$"):
        read(body, ListingKind.INDEX, HOME)


@pytest.mark.parametrize(("selectors", "body", "entries"), [
    ({"listing_link": "a.j"}, '<li><a class="j" href="/a">x</a><span>27/06/2024</span></li><a href="/b">y</a>',
     [("a", "27/06/2024")]),
    ({"listing_link": "a.j"}, '<a class="j" href="#x">x</a><a class="j">x</a><a class="j" href=" /a ">x</a>',
     [("a", None)]),
    ({"listing_item": "li"}, '<li><b>x</b><a href="/a">x</a><a href="/b">x</a><p>1 Mei 2024</p></li><li>kosong</li>',
     [("a", "1 Mei 2024")]),
    ({"listing_item": "a.j"}, '<a class="j" href="/a"><p>1 Mei 2024</p></a><a href="/b">y</a>', [("a", "1 Mei 2024")]),
    ({"listing_item": "li", "listing_link": "a.j"}, '<li><a href="/b">y</a><a class="j" href="/a">x</a></li>',
     [("a", None)]),
    ({"listing_item": "li"}, '<li><a href="https://lain.id/a">x</a></li><li><a href="#">x</a></li>',
     [("https://lain.id/a", None)]),
])  # fmt: skip
def test_a_portals_selectors_choose_items_and_links(
    selectors: dict[str, str], body: str, entries: list[tuple[str, str | None]]
) -> None:
    portal = replace(GENERAL, selectors=tuple(selectors.items()))
    page = read(index(body + '<h2><a href="/judul">x</a></h2>'), ListingKind.INDEX, HOME, portal)
    assert [(entry.url.removeprefix(HOME), entry.printed_date) for entry in page.entries] == entries


@pytest.mark.parametrize(("item_html", "url"), [
    ('<h3 class="title"><a href="/a">x</a></h3><h2 class="title"><a href="/b">y</a></h2>', "a"),
    ('<h2 class="title"><a href="/a">x</a></h2><p class="title"><a href="/b">y</a></p>', "a"),
    ('<p class="title"><a href="/a">x</a></p><h3><a href="/b">y</a></h3>', "a"), ('<h2><a href="/a">x</a></h2>', "a"),
    ('<a href="/a">x</a>', None), ('<h3 class="title"><a href="#">x</a></h3>', None),
])  # fmt: skip
def test_an_item_of_varient_is_named_by_its_title(item_html: str, url: str | None) -> None:
    for item_class in ("post-item", "post-item-horizontal", "post-item-boxed", "post-item-small"):
        body = index(f'<div id="content"><div class="{item_class}">{item_html}</div></div><h2><a href="/x">x</a></h2>')
        found = [entry.url for entry in read(body, ListingKind.INDEX, HOME, VARIENT).entries]
        assert found == ([] if url is None else [HOME + url])


@pytest.mark.parametrize(("body", "date"), [
    ('<article><div><h2><a href="/a">x</a></h2></div><time>1 Mei 2024</time></article>', "1 Mei 2024"),
    ('<div><h2><a href="/a">x</a></h2><span>1 Mei 2024</span></div><span>2 Mei 2024</span>', "1 Mei 2024"),
    ('<div><h2><a href="/a">x</a></h2><p><b>1 Mei</b> <i>2024</i></p></div>', "1 Mei 2024"),
    (f'<div><h2><a href="/a">x</a></h2><p>{"x" * 388} 1 Mei 2024</p></div>', "1 Mei 2024"),
    (f'<div><h2><a href="/a">x</a></h2><p>{"x" * 390} 1 Mei 2024</p></div>', None),
])  # fmt: skip
def test_a_heading_has_the_date_of_the_article_or_the_box_around_it(body: str, date: str | None) -> None:
    (entry,) = read(index(body), ListingKind.INDEX, HOME + "posts").entries
    assert (entry.url, entry.printed_date) == (HOME + "a", date)


@pytest.mark.parametrize(("body", "urls"), [
    ('<a href="/a"><i><b><i><b><i><h2>x</h2></i></b></i></b></i></a>', ["a"]),  # six steps up
    ('<a href="/a"><i><b><i><b><i><b><h2>x</h2></b></i></b></i></b></i></a>', []),
    ('<article><h1><a href="/a">x</a></h1><a href="/b">y</a></article>', ["a"]),
    ('<article><a href="#">x</a></article><article><p>x</p></article>', []),
    ('<article><a href="/b">y</a><h3><a href="/a">x</a></h3></article>', ["a"]),
    ('<h2><a>x</a></h2><h2>kosong</h2><h3><a href="/a">x</a></h3>', ["a"]),
    ('<article><a href="/a">x</a></article>', ["a"]),
    ('<article><h4><a href="/a">x</a></h4><a href="/b">y</a></article>', ["a"]),
    ('<a href="/a"><h3>x</h3></a>', ["a"]), ('<h1><a href="/a">x</a></h1>', []),
    ('<aside><h2><a href="/a">x</a></h2></aside>', []),
    ('<div class="related-x"><h2><a href="/a">x</a></h2></div><h2><a href="/b">y</a></h2>', ["b"]),
    ('<h2><a href="#x">x</a></h2>', []),
    ('<h2><a href="https://lain.id/a">x</a></h2>', []),
    ('<a href="/a">' + "<i>" * 4 + "<h2>x</h2>" + "</i>" * 4 + "</a>", ["a"]),
    ('<a href="/a">' + "<b><i>" * 4 + "<h2>x</h2>" + "</i></b>" * 4 + "</a>", []),
])  # fmt: skip
def test_headings_that_link_are_articles_outside_of_what_stands_aside(body: str, urls: list[str]) -> None:
    assert [entry.url for entry in read(index(body), ListingKind.INDEX, HOME + "posts").entries] == [
        HOME + url for url in urls
    ]


@pytest.mark.parametrize(("body", "urls"), [
    ('<a href="/warga-tanam-pohon">Warga tanam pohon bakau</a>', ["warga-tanam-pohon"]),
    ('<a href="/711-pohon?a=1">Warga tanam pohon bakau</a>', ["711-pohon?a=1"]),
    ('<a href="/kontak/redaksi">Surat kepada redaksi kami</a>', []),  # its address is no article's
    ('<a href="/warga-tanam-pohon">Warga tanam pohon</a>', []),  # a menu's link has so few words
    ('<aside><a href="/warga-tanam-pohon">Warga tanam pohon bakau</a></aside>', []),
])  # fmt: skip
def test_a_page_without_headings_has_the_links_that_look_like_headlines(body: str, urls: list[str]) -> None:
    found = read(index(body), ListingKind.INDEX, HOME + "posts").entries
    assert [entry.url for entry in found] == [HOME + url for url in urls]


# ---------------------------------------------------------------------- bytes


@pytest.mark.parametrize(("body", "mended"), [
    (b"a & b", b"a &#38; b"), (b"a &amp; b", b"a &amp; b"), (b"&nbsp;", b"&#160;"), (b"&salah;", b"&#38;salah;"),
    (b"&#10;", b"&#10;"), (b"&#1;", b"\xef\xbf\xbd"),
    (b"&#x20;", b"&#x20;"), (b"&#x1F;", b"\xef\xbf\xbd"), (b"&#xD7FF;", b"&#xD7FF;"),
    (b"&#xD800;", b"\xef\xbf\xbd"), (b"&#xE000;", b"&#xE000;"),
    (b"&#xFFFD;", b"&#xFFFD;"), (b"&#xFFFE;", b"\xef\xbf\xbd"), (b"&#x10FFFF;", b"&#x10FFFF;"),
    (b"&#x110000;", b"\xef\xbf\xbd"), (b"a\x00\x0bb", b"ab"),
    (b"&#55357;&#56832;", b"&#128512;"), (b"&#56320;&#56320;", b"\xef\xbf\xbd" * 2),
    (b"&#xD83D;&#xDE00;", b"&#128512;"),
    (b"<![CDATA[a & b]]> & c", b"<![CDATA[a & b]]> &#38; c"),
    (b"a\xef\xbf\xbeb", b"ab"), (b"a\xef\xbf\xbfb\xef\xbf\xbd", b"ab\xef\xbf\xbd"), (b"\x1fa\tb c\x08", b"a\tb c"),
    (b"&#9;&#13;&#32;&#x10000;", b"&#9;&#13;&#32;&#x10000;"), (b"&#8;&#11;&#14;&#31;&#xFFFF;", b"\xef\xbf\xbd" * 5),
    (b"&eacute;&AMP;&quot;", b"&#233;&#38;AMP;&quot;"), (b"&#12345678;&#x1234567;", b"&#38;#12345678;&#38;#x1234567;"),
    (b"&#X1f600;", b"&#X1f600;"), (b"&", b"&#38;"), (b"a=1&b=2&", b"a=1&#38;b=2&#38;"),
    (b"&#55296;&#57343;", b"&#66559;"), (b"&#56319;&#56320;", b"&#1113088;"),  # the first and the last of each half
    (b"&#55295;&#56320;", b"&#55295;\xef\xbf\xbd"), (b"&#55357;&#57344;", b"\xef\xbf\xbd&#57344;"),
    (b"&#xd83d;&#56832;&#XD83D;&#Xde00;", b"&#128512;&#128512;"),
    (b"<![CDATA[a]]>&<![CDATA[&]]>&", b"<![CDATA[a]]>&#38;<![CDATA[&]]>&#38;"), (b"]]>&", b"]]>&#38;"),
    (b"<t><![CDATA[a & b</t><u>&x;</u>", b"<t><![CDATA[a & b]]></t><u>&#38;x;</u>"),
    (b"<t><![CDATA[a</t><u><![CDATA[b]]></u>&", b"<t><![CDATA[a]]></t><u><![CDATA[b]]></u>&#38;"),
    (b"<t><![CDATA[a</t><u><![CDATA[b</u>&", b"<t><![CDATA[a]]></t><u><![CDATA[b]]></u>&#38;"),
    (b"<t><![CDATA[<![CDATA[a]]></t>&", b"<t><![CDATA[<![CDATA[a]]></t>&#38;"),
    (b"a<![CDATA[b & c", b"a<![CDATA[b & c"),
    (b"<t><![CDATA[a</u>&", b"<t><![CDATA[a</u>&"), (b"</t><![CDATA[a</t>&", b"</t><![CDATA[a</t>&"),
    (b"<t x='1'>" + b" " * 100 + b"<![CDATA[a</t>&", b"<t x='1'>" + b" " * 100 + b"<![CDATA[a]]></t>&#38;"),
    (b"<t>" + b" " * 101 + b"<![CDATA[a</t>&", b"<t>" + b" " * 101 + b"<![CDATA[a</t>&"),
    (b"<a.b><![CDATA[x</aXb></a.b>", b"<a.b><![CDATA[x</aXb>]]></a.b>"),
])  # fmt: skip
def test_references_are_characters_or_are_replaced(body: bytes, mended: bytes) -> None:
    assert mend(body) == mended


def test_so_many_ampersands_are_mended_and_no_more() -> None:
    assert mend(b"<t>&</t>" * 200_000) == b"<t>&#38;</t>" * 200_000
    with pytest.raises(ListingError, match="more than 200,000 ampersands"):
        mend(b"&eacute;" * 200_001)


@pytest.mark.parametrize(("before", "text"), [(0, "й"), (4_052, "й"), (4_053, "é")])
def test_a_charset_is_declared_at_the_beginning(before: int, text: str) -> None:
    declaration = b'<?xml version="1.0" encoding="windows-1251"?>'
    body = b"\n" * before + declaration + b"\xe9"
    assert as_utf_8(b"x" + body).decode().endswith(text)


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_declaration_goes_with_its_charset(charset: str) -> None:
    body = '<?xml version="1.0" encoding="ascii"?><a>é<?xml version="1.0"?></a>'
    assert as_utf_8(body.encode(charset)).decode() == '<a>é<?xml version="1.0"?></a>'
    assert as_utf_8(b"\n " + body.encode()).decode() == '<a>é<?xml version="1.0"?></a>'


@pytest.mark.parametrize(("body", "text"), [
    ("é".encode() + b"\xc3", "Ã©Ã"), (b'<?xml encoding="big5x"?>\xe9', "é"), (b'<?xml encoding="euc-zz"?>\xe9', "é"),
    (b'<?xml encoding="WINDOWS-1251"?>\xe9', "й"),
    ("é".encode(), "é"), ("é".encode("utf-16"), "é"), ("<a>é".encode("utf-16-le"), "<a>é"),
    ("<a>é".encode("utf-16-be"), "<a>é"),
    (b"\xe9", "é"), (b'<?xml version="1.0" encoding="windows-1251"?>\xe9', "й"),
    (b'<?xml version="1.0" encoding="iso-8859-1"?>\x93', "“"),
    (b'<?xml version="1.0" encoding="utf-16"?>a', "a"), (b"\xef\xbb\xbfa", "a"),
    ("éé".encode() + b"\xc3", "éé\ufffd"), ("é".encode() + b"\xe9\xe9", "Ã©éé"),
])  # fmt: skip
def test_bytes_are_recoded_by_what_they_are(body: bytes, text: str) -> None:
    assert as_utf_8(body).decode() == text


def test_a_moment_is_asked_for_in_utc_whatever_its_zone() -> None:
    assert asked(first_pages(API, before=datetime(2024, 6, 27, tzinfo=UTC))[0])["before"] == "2024-06-27T00:00:00Z"
