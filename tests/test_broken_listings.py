"""Listings that are broken, packed or spelt against the standard: a fault costs a field or an entry, never the rest."""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import pytest

from kwri_crawler.catalogue import Listing, ListingKind, Portal
from kwri_crawler.dates import with_dates
from kwri_crawler.listings import Listed, ListingError, ListingPage, ToldArticle, first_pages, read_listing
from kwri_crawler.listings.broken import MAX_BLOCKS, Blocks
from kwri_crawler.pages import read_told

HOME = "https://portal.id/"
PORTAL = Portal("uji", "Uji", HOME, "general", None, "Asia/Jakarta", ())
XMLNS = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
NAMES = ["satu", "dua", "tiga", "empat"]
AT = datetime(2026, 11, 1, tzinfo=UTC)


def read(kind: str, body: str | bytes, url: str = f"{HOME}daftar.xml") -> ListingPage:
    return read_listing(ListingKind(kind), body.encode() if isinstance(body, str) else body, url, PORTAL)


def names(page: ListingPage) -> list[str]:
    return [entry.url.removeprefix(HOME) for entry in page.entries]


def item(name: str, title: str = "Judul", rest: str = "") -> str:
    return f"<item><title>{title}</title><link>{HOME}{name}</link><category>Desa</category>{rest}</item>\n"


def rss(*items: str) -> str:
    return (
        f'<?xml version="1.0"?>\n<rss version="2.0" {XMLNS}><channel><title>x</title>\n{"".join(items)}</channel></rss>'
    )


def with_fault(title: str = "Judul", rest: str = "") -> ListingPage:
    """Read a feed whose second item has the fault."""
    return read("feed", rss(*(item(name, title, rest) if name == "dua" else item(name) for name in NAMES)))


def title_of(entry: Listed) -> str | None:
    return entry.told.title if entry.told else None


# -- faults in the middle


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("Harga < 5 Ribu", "Harga < 5 Ribu"),
        ("Kami <3 Kampung", "Kami <3 Kampung"),
        ("Kabar <> Nomor", "Kabar <> Nomor"),
        ("a <= b && c", "a <= b && c"),
        ("Suhu <dari 30", "Suhu <dari 30"),
        ("Kabar < <![CDATA[a<b]]>", "Kabar < a<b"),
        ("<![CDATA[Kabar]]> Nomor ]]>", "Kabar Nomor ]]>"),
        ("Kabar <b>tebal", None),
        ("Kabar <br> baru", None),
        ("Kabar </b> baru", None),
        ("Kabar <!-- catatan redaksi", None),
        ("Kabar <![CDATA[ baru", None),
        ("Kabar <?php echo 1", None),
        ("a:b <media:x> c", None),
    ],
)
def test_a_broken_title_costs_no_other_item_and_no_address(title: str, kept: str | None) -> None:
    page = with_fault(title)
    assert names(page) == NAMES
    assert page.complete
    if kept is not None:
        assert title_of(page.entries[1]) == kept
    assert [title_of(entry) for entry in page.entries[2:]] == ["Judul", "Judul"]


@pytest.mark.parametrize(
    "rest",
    [
        "<!-- catatan redaksi ",
        "<guid>a < b</guid>",
        "<description>suhu < 30 derajat</description>",
        "<dc:creator>Dewi <dewi@portal.id></dc:creator>",
        "<media:thumbnail url='a'/>",
        "<description>tidak ditutup",
        "<enclosure url=a.jpg>",
        "<pri\ufffdoritas>1</pri\ufffdoritas>",
        "</b>",
        "<?rusak ",
    ],
)
def test_a_broken_field_costs_no_address(rest: str) -> None:
    assert names(with_fault(rest=rest)) == NAMES


def test_an_item_that_is_never_closed_costs_no_other() -> None:
    body = rss(item("satu"), item("dua").replace("</item>", ""), item("tiga"))
    assert names(read("feed", body)) == ["satu", "dua", "tiga"]


def test_cdata_that_is_never_closed_swallows_no_item() -> None:
    items = [item(name, f"<![CDATA[{name}]]>") for name in NAMES]
    items[1] = items[1].replace("]]>", "")
    page = read("feed", rss(*items))
    assert names(page) == NAMES
    assert [title_of(entry) for entry in page.entries] == NAMES


def test_items_in_a_comment_are_not_raised_from_it() -> None:
    body = rss(item("satu"), f"<!-- {item('lama')} -->", item("dua", "a < b"), item("tiga"))
    assert names(read("feed", body)) == ["satu", "dua", "tiga"]


@pytest.mark.parametrize(
    ("begin", "link"),
    [
        ("<item id=5>", f"<link>{HOME}dua</link>"),
        ("<item id='5' penting>", f"<link>{HOME}dua</link>"),
        ('<item id="5" id="6">', f"<link>{HOME}dua</link>"),
        (f"<item rdf:about={HOME}dua/>", f"<link>{HOME}dua</link>"),
        ("<item>", f"<link rel=alternate>{HOME}dua</link>"),
        ("<item>", f"<link href={HOME}dua rel=alternate />"),
        ("<item>", f'<link rel="alternate"href="{HOME}dua"/>'),
    ],
)
@pytest.mark.parametrize("root", ['<rss version="2.0">', "<rss version=2.0 xmlns:a='x' xmlns:a='x'>"])
def test_attributes_without_quotes_or_value_or_that_stand_twice_cost_nothing(begin: str, link: str, root: str) -> None:
    page = read(
        "feed", f"{root}<channel>{item('satu')}{begin}<title>Dua</title>{link}</item>{item('tiga')}</channel></rss>"
    )
    assert (names(page), page.complete) == (["satu", "dua", "tiga"], True)


@pytest.mark.parametrize("broken", [False, True], ids=["sound", "broken"])
@pytest.mark.parametrize("passed", ["<!-- catatan <item> redaksi -->", "<?php echo 1 ?>", "<![CDATA[]]>"])
def test_a_comment_or_an_instruction_within_an_entry_costs_nothing(passed: str, broken: bool) -> None:
    parts = f"<title>{passed}Pasar{' < 5' * broken}</title>{passed}<link>{HOME}{passed}satu</link>{passed}"
    for kind, body in (
        ("feed", rss(f"<item>{parts}</item>{passed}", item("dua"))),
        ("sitemap", f"<urlset>{passed}<url>{passed}<loc>{HOME}{passed}satu</loc>{passed}{' < 5' * broken}</url>"
         f"<url><loc>{HOME}dua</loc></url></urlset>"),
    ):  # fmt: skip
        page = read(kind, body)
        assert (names(page), page.complete) == (["satu", "dua"], True)


def test_two_documents_in_one_file_are_both_read() -> None:
    first, second = (rss(item(name)) for name in ("satu", "dua"))
    page = read("feed", f"{first}\n{second}")
    assert names(page) == ["satu", "dua"]
    assert page.complete


def test_a_sitemap_with_a_bare_sign_in_a_caption_is_read_to_its_end() -> None:
    caption = "<image:image><image:caption>suhu < 30</image:caption></image:image>"
    places = [f"<url><loc>{HOME}{name}</loc>{caption if name == 'dua' else ''}</url>" for name in NAMES]
    page = read(
        "sitemap", f'<urlset xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">{"".join(places)}</urlset>'
    )
    assert names(page) == NAMES
    assert page.complete


def test_a_broken_listing_that_breaks_off_says_so_and_leaves_out_the_half_entry() -> None:
    page = read("feed", rss(*map(item, NAMES)).replace("Judul", "a < b", 1)[:-60])
    assert names(page) == NAMES[:3]
    assert page.incomplete == "it was cut off"


def test_an_entry_of_which_nothing_can_be_read_is_said_to_be_missing() -> None:
    page = read("feed", rss(item("satu"), f"<item><link>{HOME}dua</item>", item("tiga")))
    assert names(page) == ["satu", "tiga"]
    assert page.incomplete == "1 of its entries cannot be read"


def test_entries_of_which_nothing_can_be_read_are_counted() -> None:
    broken = [f"<item><link>{HOME}{name}</item>" for name in ("dua", "tiga")]
    page = read("feed", rss(item("satu"), *broken, item("empat")))
    assert names(page) == ["satu", "empat"]
    assert page.incomplete == "2 of its entries cannot be read"


@pytest.mark.parametrize("head", [
    '<rdf:RDF xmlns:rdf="r" xmlns="http://purl.org/rss/1.0/">{}</rdf:RDF>',
    '<rss version="2.0"><channel>{}</channel></rss>',
])  # fmt: skip
def test_a_broken_feed_is_known_by_its_root_with_and_without_a_prefix(head: str) -> None:
    page = read("feed", head.format(item("satu", "a < b") + item("dua")))
    assert names(page) == ["satu", "dua"]
    assert page.complete


def test_a_broken_sitemap_may_have_a_prefix_and_an_index_too() -> None:
    places = "".join(f"<sm:url><sm:loc>{HOME}{name}</sm:loc><x>a < b</x></sm:url>" for name in NAMES)
    page = read("sitemap", f'<sm:urlset xmlns:sm="s">{places}</sm:urlset>')
    assert names(page) == NAMES
    assert page.complete
    children = "".join(f"<sitemap><loc>{HOME}{name}.xml</loc><x>a < b</x></sitemap>" for name in NAMES)
    assert read("sitemap", f"<sitemapindex>{children}</sitemapindex>").more == tuple(
        f"{HOME}{name}.xml" for name in NAMES
    )


def test_a_broken_feed_without_an_entry_is_read_to_its_end() -> None:
    page = read("feed", rss("<description>a < b</description>"))
    assert (page.entries, page.complete) == ((), True)


def test_the_head_of_a_broken_feed_says_where_it_goes_on() -> None:
    for size, leads_on in ((900_000, True), (1_100_000, False)):
        link = '<atom:link rel="next" href="/lama.xml"/>'
        page = read("feed", rss(f"<description>{'x' * size}</description>{link}", item("satu", "a < b")))
        assert page.more == ((f"{HOME}lama.xml",) if leads_on else ())


def test_all_fields_of_a_broken_item_are_read_that_are_whole() -> None:
    rest = (
        "<category>Kota</category><category>Pasar < pagi</category><dc:creator>Dewi</dc:creator>"
        '<media:thumbnail url="a.jpg" />'
        "<guid>tidak ditutup<pubDate>Thu, 27 Jun 2024 14:10:00 +0700</pubDate><category>Akhir</category>"
    )
    told = with_fault("a < b", rest).entries[1].told
    assert told is not None
    assert (told.title, told.section, told.author, told.image_url) == ("a < b", "Desa", "Dewi", "a.jpg")
    assert told.tags == ("Kota", "Pasar < pagi", "Akhir")
    assert told.published == "Thu, 27 Jun 2024 14:10:00 +0700"


@pytest.mark.parametrize("link", ['<link href="/dua" />', '<link rel="alternate" href="/dua"/>'])
def test_an_element_that_closes_itself_is_read_in_a_broken_entry(link: str) -> None:
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>a < b</title>{link}<x>y</x></entry></feed>'
    assert names(read("feed", body)) == ["dua"]


@pytest.mark.parametrize(("more", "read_too"), [(0, True), (1, False)])
def test_of_a_broken_entry_twenty_thousand_tags_are_read(more: int, read_too: bool) -> None:
    begin = f"<item><title>a < b</title><link>{HOME}dua</link>"
    room = 20_000 - begin.count("</") * 2 - 2 + more
    body = rss(f"{begin}{'<x />' * room}<category>Desa</category></item>")
    (entry,) = read("feed", body).entries
    assert entry.told is None or entry.told.title == "a < b"
    assert (entry.told is not None and entry.told.section == "Desa") is read_too


@pytest.mark.parametrize(("count", "lost"), [(50, None), (51, "1 of its entries cannot be read")])
def test_an_entry_may_use_fifty_namespaces_that_nobody_declared(count: int, lost: str | None) -> None:
    page = with_fault(rest="".join(f"<p{n}:x>y</p{n}:x>" for n in range(count)))
    assert names(page) == [name for name in NAMES if lost is None or name != "dua"]
    assert page.incomplete == lost


@pytest.mark.parametrize(("depth", "begins"), [(100, "dalam"), (300, "<b><b>")])
def test_what_is_nested_too_deep_is_text(depth: int, begins: str) -> None:
    page = with_fault(rest=f"<category>{'<b>' * depth}dalam{'</b>' * depth}</category>")
    assert names(page) == NAMES
    told = page.entries[1].told
    assert told is not None
    assert told.tags[0].startswith(begins)


def test_a_broken_document_has_so_many_entries_and_no_more() -> None:
    for count, cut in ((MAX_BLOCKS, False), (MAX_BLOCKS + 1, True)):
        blocks = Blocks(b"<urlset>" + b"<url></url>" * count + b"</urlset>", ("url",))
        assert (sum(1 for _ in blocks), blocks.cut, blocks.lost) == (60_000, cut, 0)


@pytest.mark.parametrize(("junk", "found"), [(65_000, True), (66_000, False)])
def test_a_root_is_looked_for_in_the_beginning_alone(junk: int, found: bool) -> None:
    body = '<?xml version="1.0"?>' + "x" * junk + rss(item("satu")).partition("?>")[2]
    if found:
        assert names(read("feed", body)) == ["satu"]
    else:
        with pytest.raises(ListingError, match="not XML"):
            read("feed", body)


# -- characters


@pytest.mark.parametrize(
    ("printed", "read_as"),
    [
        ("&#55357;&#56834;", "\U0001f602"),
        ("&#xD83D;&#xDE02;", "\U0001f602"),
        ("&#55357;", "\ufffd"),
        ("&#xde02;", "\ufffd"),
        ("&#0;", "\ufffd"),
        ("&#x1F;", "\ufffd"),
        ("&#9999999;", "\ufffd"),
        ("&#128514;", "\U0001f602"),
        ("&eacute;&nbsp;&tidakada;", "é\xa0&tidakada;"),
        ("a\x0b\x00\uffff", "a"),
    ],
)
def test_half_a_character_costs_itself(printed: str, read_as: str) -> None:
    page = with_fault(f"Panen {printed} raya")
    assert names(page) == NAMES
    assert title_of(page.entries[1]) == f"Panen {read_as} raya"


@pytest.mark.parametrize(
    "place", ["title", "category", "dc:creator", "content:encoded", "description", "guid", "lai\xf0n"]
)
@pytest.mark.parametrize("bytes_", [b"\xed\xa0\xbd", b"\xf0\x9f\x98", b"\xff", b"&#55357;"])
def test_bytes_that_are_no_character_cost_no_listing_wherever_they_stand(place: str, bytes_: bytes) -> None:
    field = f"<{place}>Panen ".encode() + bytes_ + f" raya</{place}>".encode()
    assert names(
        read("feed", rss(item("satu"), item("dua", rest="@@"), item("tiga")).encode().replace(b"@@", field))
    ) == [
        "satu",
        "dua",
        "tiga",
    ]


TEXT = "Kafé “Zoë” Buka 5–10 Malam"


@pytest.mark.parametrize(
    ("declared", "charset"),
    [
        ('<?xml version="1.0" encoding="ISO-8859-1"?>', "windows-1252"),
        ('<?xml version="1.0" encoding="iso-8859-1"?>', "utf-8"),
        ('<?xml version="1.0" encoding="windows-1252"?>', "utf-8"),
        ('<?xml version="1.0" encoding="utf-16"?>', "utf-8"),
        ('<?xml version="1.0" encoding="US-ASCII"?>', "utf-8"),
        ('<?xml version="1.0" encoding="UTF-8"?>', "windows-1252"),
        ("<?xml version='1.0' encoding='utf-16'?>", "windows-1252"),
        ('<?xml version="1.0" encoding="rot13"?>', "windows-1252"),
        ("", "windows-1252"),
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ('<?xml version="1.0" encoding="UTF-16"?>', "utf-16"),
        ('<?xml version="1.0" encoding="UTF-8"?>', "utf-16"),
        ('<?xml version="1.0"?>', "utf-16-le"),
        ('<?xml version="1.0"?>', "utf-16-be"),
        ('<?xml version="1.0" encoding="windows-1251"?>', "utf-8"),
    ],
)
def test_the_bytes_are_believed_before_the_declared_encoding(declared: str, charset: str) -> None:
    body = declared + rss(item("satu", TEXT), item("dua", f"<![CDATA[{TEXT}]]>")).partition("?>")[2]
    page = read("feed", body.encode(charset))
    assert [title_of(entry) for entry in page.entries] == [TEXT, TEXT]


def test_a_declared_charset_that_is_true_is_believed() -> None:
    body = '<?xml version="1.0" encoding="windows-1251"?>' + rss(item("satu", "Медан")).partition("?>")[2]
    assert title_of(read("feed", body.encode("cp1251")).entries[0]) == "Медан"


@pytest.mark.parametrize(
    ("declared", "charset", "title"),
    [
        ("ISO-8859-15", "windows-1252", "Rp5–10 juta, “naik”"),
        ("iso-8859-2", "windows-1250", "Rp5–10 juta, “naik” ś"),
        ("ISO-8859-9", "windows-1254", "Rp5–10 juta, “naik” ş"),
        ("ISO-8859-5", "iso-8859-5", "Медан"),
        ("ISO-8859-15", "iso-8859-15", "5 € naik"),
    ],
)
def test_a_declared_iso_charset_that_cannot_hold_the_bytes_is_its_windows_sibling(
    declared: str, charset: str, title: str
) -> None:
    body = f'<?xml version="1.0" encoding="{declared}"?>' + rss(item("satu", title)).partition("?>")[2]
    assert title_of(read("feed", body.encode(charset)).entries[0]) == title


def test_utf_8_with_one_letter_cut_in_half_stays_utf_8() -> None:
    body = rss(*(item(name, TEXT) for name in NAMES)).encode().replace("é".encode(), b"\xc3", 1)
    titles = [title_of(entry) for entry in read("feed", body).entries]
    assert titles == [TEXT.replace("é", "\ufffd"), TEXT, TEXT, TEXT]


# -- addresses


def entry_of(*parts: str, base: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"{base}><title>x</title><entry>{"".join(parts)}</entry></feed>'


@pytest.mark.parametrize(
    ("printed", "base"),
    [
        ('<link href="warta/"/>', f' xml:base="{HOME}berita/"'),
        ('<link href="warta/"/>', ' xml:base="/berita/"'),
        (f'<link xml:base="{HOME}berita/" href="warta/"/>', ""),
        ('<link xml:base="berita/" href="warta/"/>', f' xml:base="{HOME}"'),
        (f'<link xml:base="https://lain.id/" href="{HOME}berita/warta/"/>', ""),
        ("<title>a < b</title><link href='warta/'/>", f' xml:base="{HOME}berita/"'),
    ],
)
def test_a_link_is_relative_to_the_nearest_base_that_stands_above_it(printed: str, base: str) -> None:
    assert names(read("feed", entry_of(printed, base=base), f"{HOME}rss/feed.xml")) == ["berita/warta/"]


SERVICE = "https://feeds.layanan.net/~r/kabar/1xq/"


@pytest.mark.parametrize(
    "printed",
    [
        f"<link>{SERVICE}</link><guid>{HOME}warta</guid>",
        f"<guid>{HOME}warta</guid><link>{SERVICE}</link>",
        f'<link>{SERVICE}</link><guid isPermaLink="true">{HOME}warta</guid>',
        f'<link>{SERVICE}</link><guid isPermaLink="false">{HOME}warta</guid>',
        f"<link>{SERVICE}</link><fb:origLink xmlns:fb='urn:fb'>{HOME}warta</fb:origLink>",
        f'<link href="{SERVICE}"/><link rel="via" href="{HOME}warta"/><id>tag:portal.id,2026:7</id>',
        f'<link href="{SERVICE}"/><link rel="canonical" href="{HOME}warta"/>',
        f'<link href="{SERVICE}"/><id>{HOME}warta</id>',
        f"<link>{SERVICE}</link><comments>{HOME}warta#komentar</comments>",
        f"<link>https://layanan.net/go?ct=1&amp;url={HOME}warta</link><guid>7</guid>",
        f"<link>{HOME}warta</link><guid>{HOME}?p=7</guid><comments>{HOME}warta-lain</comments>",
        f'<link href="{HOME}warta"/><id>{HOME}lain</id>',
        f"<link>https://layanan.net/ke/{HOME}warta</link><guid isPermaLink='false'>7</guid>",
        f"<link>https://layanan.net/ke/{HOME.replace('://', ':/')}warta</link><guid isPermaLink='false'>7</guid>",
        '<guid isPermaLink="true">/warta</guid>',
        f"<link>{SERVICE}</link><guid>/warta</guid>",
        f"<link>\u200b {HOME}warta\ufeff\u00a0</link>",
        f"<link>{HOME.replace('/', chr(92))}warta</link>",
    ],
)
def test_the_portals_own_address_is_chosen_from_all_that_an_item_prints(printed: str) -> None:
    for body in (rss(f"<item>{printed}</item>"), entry_of(printed)):
        assert [entry.url for entry in read("feed", body).entries] == [f"{HOME}warta"]


@pytest.mark.parametrize("printed", ["https://[tautan]/warta", "http://[", "https://portal]id/warta"])
def test_an_address_that_is_none_costs_its_item_and_no_more(printed: str) -> None:
    broken = f"<item><title>Dua</title><link>{printed}</link><comments>{printed}</comments></item>"
    page = read("feed", rss(item("satu"), broken, item("tiga")))
    assert (names(page), len(page.refused)) == (["satu", "tiga"], 1)


def test_an_entry_that_lost_its_address_in_a_broken_document_is_said_to_be_missing() -> None:
    nameless = "<item><title>Dua < tiga</title><link/></item>"
    assert read("feed", rss(item("satu"), nameless)).incomplete == "1 of its entries cannot be read"
    assert read(
        "feed", rss(item("satu"), nameless.replace("<", "&lt;").join(("<item><title>", "</title></item>")))
    ).complete
    lost = f"<urlset><url><loc>{HOME}satu</loc></url><url><lo<c>{HOME}dua</loc></url></urlset>"
    assert read("sitemap", lost).incomplete == "1 of its entries cannot be read"


def test_an_item_without_an_address_of_the_portal_keeps_its_plain_link() -> None:
    printed = f"<link>{SERVICE}</link><guid isPermaLink='false'>https://lain.id/7</guid>"
    assert [entry.url for entry in read("feed", rss(f"<item>{printed}</item>")).entries] == [SERVICE]


# -- forms of a sitemap


@pytest.mark.parametrize(
    "body",
    [
        "".join(f"{HOME}{name}\n" for name in NAMES),
        "\ufeff" + "\r\n".join(f"portal.id/{name}" for name in NAMES),
        "# dibuat 2026\n\n" + "\n".join(f"  {HOME}{name}" for name in NAMES),
        "".join(f"{HOME}{name}\t2026-10-02\n" for name in NAMES),
        rss(*map(item, NAMES)),
        '<feed xmlns="http://www.w3.org/2005/Atom">'
        + "".join(f'<entry><link href="{HOME}{name}"/></entry>' for name in NAMES)
        + "</feed>",
        f"<urlset>{''.join(f'<url><loc>{HOME}{name}</loc></url>' for name in NAMES)}</urlset>",
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_a_sitemap_may_be_a_text_or_a_feed(body: str, packed: bool) -> None:
    page = read("sitemap", gzip.compress(body.encode()) if packed else body)
    assert names(page) == NAMES
    assert page.complete


@pytest.mark.parametrize(
    "body",
    [
        f"<urlset><url><loc>{HOME}peta-1.xml</loc></url><url><loc>{HOME}peta-2.XML.gz</loc></url></urlset>",
        f"{HOME}peta-1.xml\n{HOME}peta-2.XML.gz\n",
    ],
)
def test_sitemaps_that_stand_where_articles_should_are_read_as_such(body: str) -> None:
    page = read("sitemap", body)
    assert (page.entries, page.more) == ((), (f"{HOME}peta-1.xml", f"{HOME}peta-2.XML.gz"))


def test_an_entry_whose_title_holds_the_entrys_own_end_is_read() -> None:
    page = read("feed", rss(item("satu"), item("dua", "a </item> b"), item("tiga")))
    assert (names(page), page.complete) == (["satu", "dua", "tiga"], True)


@pytest.mark.parametrize(
    "body", ["Akses ditolak.", "Not Found\nhttps://portal.id/", "{}", "   ", "User-agent: *\nDisallow:"]
)
def test_a_text_that_is_no_list_of_addresses_is_no_sitemap(body: str) -> None:
    with pytest.raises(ListingError):
        read("sitemap", body)


# -- JSON between junk


POSTS = json.dumps([{"id": n, "link": f"{HOME}{name}", "title": {"rendered": name}} for n, name in enumerate(NAMES)])
API = f"{HOME}wp-json/wp/v2/posts?per_page=100"


@pytest.mark.parametrize(
    "before",
    ["", "\ufeff", "<br />\n<b>Notice</b>: $x[1] in <b>a.php</b>\n", "<?php\n?>\n", "[0.2 s] ", "array(0) [] "],
)
@pytest.mark.parametrize("behind", ["", "\n<!-- disimpan [0.1 s] -->", '<script>x([{"id": 9}])</script>', "0", "\n\n"])
def test_json_is_found_between_what_plugins_and_caches_print(before: str, behind: str) -> None:
    assert names(read("wordpress", before + POSTS + behind, API)) == NAMES


def test_an_empty_list_behind_a_notice_is_the_end_of_the_posts() -> None:
    page = read("wordpress", "<b>Notice</b>: x\n[]", API)
    assert page.entries == ()


@pytest.mark.parametrize(
    "body",
    [
        "<html><body><h1>Akses ditolak</h1><p>[kode 5]</p></body></html>",
        '<html><script>var a = [{"@context": "x"}]</script></html>',
        "<html>[]</html>",
        POSTS[:-20],
        "[" * 100_000,
    ],
)
def test_a_page_without_posts_is_no_answer_of_the_api(body: str) -> None:
    with pytest.raises(ListingError):
        read("wordpress", body, API)


def test_half_an_emoji_in_the_api_costs_itself() -> None:
    row = {
        "id": 1,
        "link": f"{HOME}satu",
        "title": {"rendered": "Panen \ud83d"},
        "content": {"rendered": "<p>Isi \ude02</p>"},
        "_embedded": {
            "author": [{"name": "Dewi \ud83d"}],
            "wp:term": [
                [{"taxonomy": "category", "name": "Desa \ud83d"}],
                [{"taxonomy": "post_tag", "name": "\U0001f602"}],
            ],
        },
    }
    told = read("wordpress", json.dumps([row]), API).entries[0].told
    assert told is not None
    assert (told.title, told.author, told.section) == ("Panen \ufffd", "Dewi \ufffd", "Desa \ufffd")
    assert told.html == "<p>Isi \ufffd</p>"
    assert told.tags == ("\U0001f602",)


# -- pagers


@pytest.mark.parametrize(
    ("url", "pager", "goes_on"),
    [
        (
            "indeks",
            '<div class="pagination"><a href="?halaman=2">2</a><a href="?halaman=9">9</a></div>',
            "indeks?halaman=2",
        ),
        (
            "indeks?halaman=2",
            '<div class="pagination"><a href="?halaman=1">1</a><a href="?halaman=9">9</a></div>',
            "indeks?halaman=3",
        ),
        ("indeks", '<div class="paging"><a href="/indeks/hal/2">2</a></div>', "indeks/hal/2"),
        ("indeks/page/2", '<div class="paging"><a href="/indeks/page/3">3</a></div>', "indeks/page/3"),
        ("indeks", '<div class="pagination"><a href="?p=2">2</a><a href="?p=3">3</a></div>', "indeks?p=2"),
        ("indeks?p=2", '<div class="pagination"><a href="?p=1">1</a><a href="?p=3">3</a></div>', "indeks?p=3"),
        ("indeks", '<div class="pagination"><a href="/indeks/10">2</a><a href="/indeks/20">3</a></div>', "indeks/10"),
        ("indeks/10", '<div class="pagination"><a href="/indeks/">1</a><a href="/indeks/20">3</a></div>', "indeks/20"),
        (
            "kategori/1",
            '<div class="pagination"><a href="/kategori/1/30">2</a><a href="/kategori/1/60">3</a></div>',
            "kategori/1/30",
        ),
        (
            "kategori/1/30",
            '<div class="pagination"><a href="/kategori/1/30">2</a><a href="/kategori/1/60">3</a></div>',
            "kategori/1/60",
        ),
        ("indeks", '<p><a href="/indeks?p=2">Selanjutnya »</a></p>', "indeks?p=2"),
        ("indeks", '<p><a href="/indeks/2">Halaman Berikutnya</a></p>', "indeks/2"),
        ("kategori/1/60", '<div class="pagination"><a href="/kategori/1/30">2</a></div>', None),
        ("indeks", '<p><a href="/warta-tiga">Selanjutnya</a></p>', None),
        ("indeks", '<div class="pagination"><a href="/olahraga/2">2</a></div>', None),
        ("indeks", '<p><a href="/2">2</a></p>', None),
    ],
)
def test_an_index_goes_on_at_the_next_page_however_it_is_spelt(url: str, pager: str, goes_on: str | None) -> None:
    body = f"<html><body><main><h2><a href='/warta-satu'>Satu</a></h2></main>{pager}</body></html>"
    assert read("index", body, HOME + url).more == ((HOME + goes_on,) if goes_on else ())


# -- where an API goes on


@pytest.mark.parametrize(
    ("asked", "rows", "headers", "goes_on"),
    [
        ("", 10, {}, "page=2#seen=10"),
        ("", 7, {}, "page=2#seen=7"),
        ("", 0, {}, None),
        ("page=2#seen=99", 29, {}, "page=3#seen=128"),
        ("page=3#seen=128", 0, {}, None),
        ("", 7, {"x-wp-total": "7", "x-wp-totalpages": "1"}, None),
        ("", 7, {"x-wp-total": "7"}, None),
        ("", 50, {"x-wp-total": "120", "x-wp-totalpages": "3"}, "page=2#seen=50"),
        ("page=2#seen=50", 50, {"x-wp-total": "120", "x-wp-totalpages": "3"}, "page=3#seen=100"),
        ("page=3#seen=100", 20, {"x-wp-total": "120", "x-wp-totalpages": "3"}, None),
        ("", 100, {"x-wp-total": "130", "x-wp-totalpages": "1"}, "page=2#seen=100"),
        ("", 100, {"x-wp-total": "100", "x-wp-totalpages": "3"}, "page=2#seen=100"),
        ("", 100, {"x-wp-total": "1", "x-wp-totalpages": "1"}, "page=2#seen=100"),
        ("", 100, {"x-wp-totalpages": "1"}, "page=2#seen=100"),
        ("", 100, {"x-wp-total": "-1", "x-wp-totalpages": "\u0663"}, "page=2#seen=100"),
        ("page=2#seen=x", 10, {}, "page=3#seen=10"),
    ],
)
def test_posts_go_on_until_their_end_is_proven(
    asked: str, rows: int, headers: dict[str, str], goes_on: str | None
) -> None:
    body = json.dumps([{"id": n, "link": f"{HOME}kabar-{n}"} for n in range(rows)]).encode()
    page = read_listing(ListingKind.WORDPRESS, body, f"{HOME}wp-json/wp/v2/posts?{asked}", PORTAL, headers)
    assert page.more == ((f"{HOME}wp-json/wp/v2/posts?{goes_on}",) if goes_on else ())
    assert page.total == (int(headers["x-wp-total"]) if headers.get("x-wp-total", "-1") != "-1" else None)


# -- a bound in the portal's zone


@pytest.mark.parametrize(("zone", "hours"), [("Asia/Jakarta", 7), ("Asia/Makassar", 8), ("Asia/Jayapura", 9)])
@pytest.mark.parametrize(("kind", "path"), [("wordpress", "wp-json/wp/v2/posts"), ("feed", "feeds/posts/default")])
def test_a_bound_is_asked_for_in_utc(zone: str, hours: int, kind: str, path: str) -> None:
    day = datetime(2026, 10, 5, tzinfo=ZoneInfo(zone))
    (url,) = first_pages(Listing(ListingKind(kind), HOME + path), after=day, before=day + timedelta(days=1))
    asked = dict(parse_qsl(urlsplit(url).query))
    first, last = ("after", "before") if kind == "wordpress" else ("published-min", "published-max")
    assert asked[first] == f"2026-10-04T{23 - hours}:59:59Z"
    assert asked[last] == f"2026-10-05T{24 - hours}:00:00Z"


# -- dates of an article that a listing told whole


@pytest.mark.parametrize(
    ("printed", "local"),
    [
        ("Wed, 30 Nov -0001 00:00:00 +0000", None),
        ("Thu, 30 Nov 0000 00:00:00 +0000", None),
        ("-0001-11-30T00:00:00Z", None),
        ("0000-00-00T00:00:00", None),
        ("0001-01-01T00:00:00Z", None),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
        ("Fri, 09 Oct 2026 15:07:60 +0000", "2026-10-09T22:07:59+07:00"),
        ("Fri, 09 Oct 2026 15:07:61 +0000", "2026-10-09T22:07:59+07:00"),
        ("Fri, 09 Oct 2026 15:07:41 +0000", "2026-10-09T22:07:41+07:00"),
        ("2026-10-09T20:07:41Z", "2026-10-10T03:07:41+07:00"),
        ("Fri, 09 Oct 2026 15:07:41 +0700", "2026-10-09T15:07:41+07:00"),
        ("2026-10-09", "2026-10-09T00:00:00+07:00"),
    ],
)
def test_a_told_date_is_read_as_every_other_and_no_date_stays_none(printed: str, local: str | None) -> None:
    text = "<p>Warga memperbaiki jembatan kayu yang rusak sejak banjir pekan lalu dengan bahan dari swadaya.</p>" * 4
    told = ToldArticle("Jembatan", text, printed, None)
    article = with_dates(read_told(told, f"{HOME}jembatan", PORTAL, datetime(2026, 11, 1, tzinfo=UTC)))
    published = article.published
    assert (published and published.at.astimezone(ZoneInfo(PORTAL.zone)).isoformat()) == local


def test_a_told_text_is_without_the_sign_off_that_a_page_s_text_is_without() -> None:
    text = "<p>Warga memperbaiki jembatan kayu yang rusak sejak banjir pekan lalu dengan bahan dari swadaya.</p>"
    signed = f"{text * 2}<p>Penulis: Dewi Lestari</p><p>Editor: Budi Santoso</p><p>(cas/isk)</p>"
    plain, told = (
        read_told(ToldArticle("Jembatan", html, None, None), f"{HOME}a", PORTAL, AT) for html in (text * 2, signed)
    )
    assert told.paragraphs == plain.paragraphs
    assert (told.author, told.editor) == ("Dewi Lestari", "Budi Santoso")
    named = ToldArticle("Jembatan", signed, None, None, author="Sri Wahyuni")
    assert read_told(named, f"{HOME}a", PORTAL, AT).author == "Sri Wahyuni"


# -- packed, and work that is bounded


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_listing_that_is_packed_several_times_is_read(times: int) -> None:
    body = rss(item("satu")).encode()
    for _ in range(times):
        body = gzip.compress(body)
    assert names(read("feed", body)) == ["satu"]


@pytest.mark.parametrize("kind", ["feed", "sitemap", "index", "wordpress"])
@pytest.mark.parametrize(
    "sign", ["&", " ", "-", "<", "<!--", "<![CDATA[", "]]>", "<a ", "</", "&#5", "[", '{"a":', "<url>"]
)
@pytest.mark.parametrize(
    "frame",
    [
        "{}",
        "<rss><channel><item><title>{}</title></item><item>",
        "<urlset><url><loc>{}</loc></url><url>",
        "<html><body><h2>{}",
    ],
)
def test_a_megabyte_of_one_sign_is_read_or_refused_in_time(kind: str, sign: str, frame: str) -> None:
    begun = time.process_time()
    with contextlib.suppress(ListingError):
        read(kind, frame.format(sign * ((1 << 20) // len(sign))))
    assert time.process_time() - begun < 6


def test_fifty_kilobytes_of_gzip_that_are_ampersands_alone_are_refused_in_time() -> None:
    body = gzip.compress(b"<urlset><url><loc>https://portal.id/x?" + b"&" * (48 << 20) + b"</loc></url></urlset>")
    begun = time.process_time()
    with pytest.raises(ListingError, match="ampersands"):
        read("sitemap", body)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("sign", ["<", "< ", "<3 "])
def test_fifty_megabytes_of_bare_signs_are_refused_in_time(sign: str) -> None:
    body = gzip.compress(rss(item("dua", sign * ((48 << 20) // len(sign)))).encode(), 1)
    begun = time.process_time()
    with pytest.raises(ListingError, match="made of signs"):
        read("feed", body)
    assert time.process_time() - begun < 6


def test_fifteen_megabytes_of_broken_entries_are_read_in_time_and_said_to_be_missing() -> None:
    body = rss(item("satu"), *(item("dua", "a < b " * (1 << 17)) for _ in range(20))).encode()
    begun = time.process_time()
    page = read("feed", gzip.compress(body, 1))
    assert time.process_time() - begun < 12
    assert names(page)[0] == "satu"
    assert page.incomplete == "10 of its entries cannot be read"


# -- names that are spelt against the standard


@pytest.mark.parametrize("name", ["item", "ITEM", "Item", " item"])
def test_an_entry_is_read_however_its_tag_is_spelt(name: str) -> None:
    odd = item("dua").replace("<item>", f"<{name}>").replace("</item>", f"</{name}>")
    page = read("feed", rss(item("satu"), odd, item("tiga")))
    assert (names(page), page.complete) == (["satu", "dua", "tiga"], True)


def test_a_feed_in_capitals_tells_what_one_in_small_letters_does() -> None:
    plain = rss(item("satu", rest="<guid isPermaLink='false'>9</guid><pubDate>Fri, 02 Oct 2026 09:15 +0700</pubDate>"))
    loud = re.sub(r"<(/?)(\w+)", lambda tag: f"<{tag[1]}{tag[2].upper()}", plain)
    assert read("feed", loud) == read("feed", plain)


def test_a_sitemap_in_capitals_is_read() -> None:
    body = f"<URLSET><URL><LOC>{HOME}satu</LOC></URL>< Url><Loc>{HOME}dua</Loc></ Url></URLSET>"
    assert names(read("sitemap", body)) == ["satu", "dua"]


def test_a_tag_with_a_blank_in_a_title_is_text() -> None:
    page = with_fault("Memakai < item> di HTML")
    assert (names(page), title_of(page.entries[1])) == (NAMES, "Memakai < item> di HTML")


def test_an_entry_whose_first_tag_is_missing_is_read_beside_the_one_before() -> None:
    page = read("feed", rss(item("satu"), item("dua").replace("<item>", ""), item("tiga")))
    assert (names(page), page.complete) == (["satu", "dua", "tiga"], True)


def test_what_names_an_address_between_entries_is_said_to_be_missing() -> None:
    page = read("feed", rss(item("satu", "5 < 6"), item("dua").replace("item>", "butir>"), item("tiga")))
    assert (names(page), page.incomplete) == (["satu", "tiga"], "1 of its entries cannot be read")


def test_atoms_links_need_no_end() -> None:
    entries = "".join(
        f'<entry><title>Judul</title><link rel="alternate" href="{HOME}{name}"><id>{name}</id></entry>'
        for name in NAMES
    )
    body = (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><link href="{HOME}"><link rel="next" href="/2.xml">{entries}</feed>'
    )
    page = read("feed", body)
    assert (names(page), page.more, page.complete) == (NAMES, (f"{HOME}2.xml",), True)
