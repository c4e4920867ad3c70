"""Listings that are broken, packed or spelt against the standard: a fault costs a field or an entry, never the rest."""

from __future__ import annotations

import contextlib
import gzip
import time

import pytest

from kwri_crawler.catalogue import ListingKind, Portal
from kwri_crawler.listings import Listed, ListingError, ListingPage, read_listing

HOME = "https://portal.id/"
PORTAL = Portal("uji", "Uji", HOME, "general", None, "Asia/Jakarta", ())
XMLNS = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
NAMES = ["satu", "dua", "tiga", "empat"]


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
    page = read("feed", rss(item("satu"), f"<item rusak='<'><link>{HOME}dua</link></item>", item("tiga")))
    assert names(page) == ["satu", "tiga"]
    assert page.incomplete == "1 of its entries cannot be read"


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


def test_utf_8_with_one_letter_cut_in_half_stays_utf_8() -> None:
    body = rss(*(item(name, TEXT) for name in NAMES)).encode().replace("é".encode(), b"\xc3", 1)
    titles = [title_of(entry) for entry in read("feed", body).entries]
    assert titles == [TEXT.replace("é", "\ufffd"), TEXT, TEXT, TEXT]


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
