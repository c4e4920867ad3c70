"""Listings that a portal's file does not name: pages of all news and sections that the home page links."""

from pathlib import Path

import pytest
from sqlite_utils import Database

from kwri_crawler.archive import crawls, listings
from kwri_crawler.archive.ledger import ListedUrl
from kwri_crawler.catalogue import ListingKind
from kwri_crawler.command import Exit
from kwri_crawler.commands.crawl import describe, exit_code
from kwri_crawler.listings import is_of_all_news, linked_listings
from kwri_crawler.web.addresses import url_key
from tests.crawling import rows, value
from tests.offline import Offline
from tests.sites.server import Answer, redirect
from tests.test_reach import FEED_ONLY, HOME, MAY, MONTHS, Site, months, portal, rss

MENU = (
    '<nav><a href="/">Beranda</a><a href="/ekonomi">Ekonomi</a><a href="/olah-raga/">Olahraga</a>'
    '<a href="/redaksi">Redaksi</a><a href="https://lain.example.id/politik">Lain</a></nav>'
)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "a.sqlite"


def index(*numbers: int, more: str = "", menu: str = "") -> str:
    """Return a page that lists articles of MONTHS, each with its day."""
    days = dict(MONTHS)
    items = "".join(
        f'<article><h2><a href="/kabar-{number}">Kabar {number}</a></h2><time>{days[number]}</time></article>'
        for number in numbers
    )
    return f"<!DOCTYPE html><html><body>{menu}<main>{items}</main>{more}</body></html>"


def pager(path: str, page: int) -> str:
    return f'<div class="pagination"><a href="{path}/page/{page}">{page}</a></div>'


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<a href="/indeks">Indeks</a><a href="/kanal/desa">Desa</a>', ["indeks", "kanal/desa"]),
        ('<a href="/kanal/desa">Desa</a><a href="/indeks-berita">Indeks</a>', ["indeks-berita", "kanal/desa"]),
        ('<a href="/category/desa/tani/">Tani</a>', ["category/desa/tani/"]),
        ('<a href="/berita.php?kategori=desa">Desa</a>', ["berita.php?kategori=desa"]),
        ('<a href="https://warga.example.id/arsip#isi">Arsip</a>', ["arsip"]),
        ('<a href="/kategori.php?id=3">Desa</a>', ["kategori.php?id=3"]),
        (
            '<a href="/baca.php?id=3">Desa</a><a href="/kategori.php">Desa</a><a href="/kategori.php/baca?id=3">x</a>',
            [],
        ),
        (MENU, ["ekonomi", "olah-raga/"]),
        ('<a href="/ekonomi">Ekonomi</a>', []),  # of one step, and in no menu
        ('<nav><a href="/jalan-desa-itu-rusak-lagi">Jalan</a><a href="/kabar-2024">2024</a></nav>', []),
        ('<nav><a href="/index.php">Depan</a><a href="/tag/banjir">Banjir</a></nav>', []),
        ('<nav><a href="javascript:buka()">Menu</a><a href="https://lain.example.id/indeks">Lain</a></nav>', []),
        ("<nav>" * 2000 + '<a href="/indeks">Indeks</a>', []),
        ("<nav>" * 499 + '<a href="/indeks">Indeks</a>', ["indeks"]),
        ("<nav>" * 500 + '<a href="/indeks">Indeks</a>', []),
        (
            '<nav><a href="/ekonomi">E</a></nav><a href="/kanal/z">Z</a><a href="/kanal/a">A</a><a href="/arsip">S</a>',
            ["arsip", "kanal/z", "kanal/a", "ekonomi"],
        ),
        ('<a href="/arsip/">Arsip</a><a href="https://warga.example.id/arsip">Arsip</a>', ["arsip/"]),
        ('<a href="/indeks?page=2">2</a><a href="/berita.php?kategori=desa&amp;x=1">Desa</a>', []),
        ('<a href="/kanal/desa/tani/lagi">Tani</a><a href="/kanal/">Kanal</a>', []),
        (
            '<nav><a href="/ekonomi?x=1">E</a><a href="/harga-iklan">H</a><a>x</a><a href="">x</a></nav>',
            ["harga-iklan"],
        ),
        ("".join(f'<a href="/kanal/k{n}">K</a>' for n in range(20)), [f"kanal/k{n}" for n in range(16)]),
        ('<a href=" /arsip ">Arsip</a>', ["arsip"]),
        ("bukan HTML", []),
    ],
)
def test_a_home_page_links_lists_of_all_news_and_sections(html: str, found: list[str]) -> None:
    assert list(linked_listings(html.encode(), HOME, FEED_ONLY)) == [f"{HOME}{path}" for path in found]


def test_a_page_is_no_listing_of_its_own() -> None:
    html = b'<a href="/indeks/">Indeks</a><a href="/kanal/desa">Desa</a>'
    assert linked_listings(html, HOME + "indeks", FEED_ONLY) == (HOME + "kanal/desa",)


@pytest.mark.parametrize(
    ("path", "is_all"),
    [
        ("arsip-lama", False), ("indeksasi", False), ("kabar/arsip/2024", False), ("INDEKS", True), ("id/indeks", True),
        ("indeks", True), ("index-berita", True), ("berita/terbaru", True), ("arsip/", True), ("posts", True),
        ("daftar-berita.html", True),
        ("index.php", False), ("index.html", False), ("index.html/", False), ("desa/index.php", False), ("index", True),
        ("ekonomi", False), ("berita", False),
    ],
)  # fmt: skip
def test_a_page_of_all_news_is_told_by_its_address(path: str, is_all: bool) -> None:
    assert is_of_all_news(HOME + path) is is_all


def site(**routes: str) -> Site:
    """Return a portal of six articles whose feed has the two newest."""
    made = months(MONTHS[:2])
    made.routes.update({f"/{name.replace('_', '/')}": body for name, body in routes.items()})
    return made


ALL_NEWS = {
    "": index(0, menu='<a href="/indeks">Indeks</a><nav><a href="/desa">Desa</a></nav>'),
    "indeks": index(0, 1, 2, more=pager("/indeks", 2)),
    "indeks_page_2": index(3, 4, 5, more=pager("/indeks", 1)),
}
SECTIONS = {
    "": index(0, menu='<nav><a href="/desa">Desa</a><a href="/kota">Kota</a><a href="/redaksi">Redaksi</a></nav>'),
    "desa": index(0, 2, 4, more=pager("/desa", 2)),
    "desa_page_2": index(4),
    "kota": index(1, 3, 5, more=pager("/kota", 2)),
    "kota_page_2": index(5),
    "redaksi": "<!DOCTYPE html><html><body><h2><a href='/desa'>Desa</a></h2></body></html>",
}


@pytest.mark.parametrize(
    ("routes", "finish", "stored", "asked"),
    [
        (ALL_NEWS, "finished", 6, ["/", "/indeks", "/indeks/page/2"]),
        (SECTIONS, "finished", 6, ["/", "/desa", "/desa/page/2", "/kota", "/kota/page/2"]),
        # A section without the feed's articles is taken, and proves nothing.
        ({**SECTIONS, "kota": "kosong"}, "partial", 4, ["/", "/desa", "/desa/page/2", "/kota"]),
        ({"": index(0, 1, 2, 3, 4, 5, more=pager("", 2)), "page_2": index(5)}, "finished", 6, ["/", "/page/2"]),
        ({"": "<html><body>Selamat datang</body></html>"}, "partial", 2, ["/"]),
        ({}, "partial", 2, ["/"]),
    ],
    ids=["all news", "sections", "one section", "the home page itself", "nothing", "no home page"],
)
def test_what_home_links_is_read_where_no_listing_leads_to_the_bound(
    routes: dict[str, str], finish: str, stored: int, asked: list[str], archive: Path
) -> None:
    offline = Offline(site(**routes), FEED_ONLY, archive)
    summary = offline.crawl(MAY, since="2026-03-01")
    assert (summary.finish, summary.counts["stored"]) == (finish, stored)
    assert [path for path in offline.asked if "kabar" not in path] == ["/feed", *asked]
    assert not rows(archive, "SELECT url FROM urls WHERE outcome <> 'stored'")
    assert not rows(archive, "SELECT url FROM listings WHERE status <> 'read'")  # what is no listing is not kept as one


def test_a_back_fill_reads_what_home_links_and_notes_its_span_as_read(archive: Path) -> None:
    summary = Offline(site(**ALL_NEWS), FEED_ONLY, archive).crawl(MAY, since="2026-02-01", until="2026-03-31")
    assert (summary.finish, summary.counts["stored"]) == ("finished", 3)
    assert value(archive, "SELECT url FROM listings JOIN backfills ON listing = listings.id WHERE done_at <> ''") == (
        f"{HOME}indeks"
    )


def test_a_back_fill_leaves_a_span_open_of_which_only_sections_were_read(archive: Path) -> None:
    routes = {**SECTIONS, "kota": "kosong"}
    summary = Offline(site(**routes), FEED_ONLY, archive).crawl(MAY, since="2026-03-01", until="2026-03-31")
    assert summary.finish == "partial"
    assert value(archive, "SELECT count(done_at) FROM backfills") == 0


def test_a_crawl_without_a_bound_whose_feed_is_enough_asks_for_no_home_page(archive: Path) -> None:
    offline = Offline(site(**ALL_NEWS), FEED_ONLY, archive)
    for _ in range(2):
        assert offline.crawl(MAY).finish == "finished"
        assert "/" not in offline.asked


def test_what_a_feed_left_out_since_the_last_crawl_is_looked_for_at_home(archive: Path) -> None:
    portal_now = site(**{**ALL_NEWS, "feed": rss(MONTHS[4], MONTHS[5])})
    offline = Offline(portal_now, FEED_ONLY, archive)
    assert offline.crawl(MAY).counts["stored"] == 2
    portal_now.routes["/feed"] = rss(*MONTHS[:2])
    assert offline.crawl(MAY).counts["stored"] == 4
    portal_now.routes["/indeks"] = index(0, 1, 2)  # its second page would be gone: all is known, so it is not asked for
    portal_now.routes["/feed"] = rss(*MONTHS[:2])
    offline.crawl(MAY)
    assert offline.asked == ["/feed"]


def test_a_portal_whose_listings_are_gone_is_read_by_what_home_links(archive: Path) -> None:
    named = portal((ListingKind.FEED, "rss.xml"))
    summary = Offline(site(**ALL_NEWS), named, archive).crawl(MAY)
    assert (summary.finish, summary.counts["stored"]) == ("finished", 6)


def test_a_home_page_that_helps_nothing_is_asked_for_once_a_day(archive: Path) -> None:
    made = site(**{"": MENU, "feed": rss()})
    offline = Offline(made, FEED_ONLY, archive)
    asked = []
    for hour in ("01T10", "01T12", "02T11"):
        assert offline.crawl({"NOW": f"2026-05-{hour}:00:00+07:00"}).finish == "no listing"
        asked.append("/" in offline.asked)
    assert asked == [True, False, True]


def test_a_portal_that_is_down_is_asked_for_no_home_page(archive: Path) -> None:
    made = site(**ALL_NEWS)
    made.routes["/feed"] = Answer("rusak", 500)
    offline = Offline(made, FEED_ONLY, archive)
    assert offline.crawl(MAY, since="2026-03-01").finish == "no listing"
    assert "/" not in offline.asked


def test_a_linked_listing_stands_for_no_listing_of_the_file(archive: Path) -> None:
    Offline(site(**ALL_NEWS), FEED_ONLY, archive).crawl(MAY, since="2026-03-01")
    found = "SELECT url, found_on, complete_crawl FROM listings WHERE kind = 'index' ORDER BY url"
    assert [tuple(row.values()) for row in rows(archive, found)] == [(f"{HOME}indeks", HOME, None)]


DOWN_TO_KNOWN = index(0, 1, 2, 3, 4, 5)


@pytest.mark.parametrize(
    ("routes", "finish", "stored"),
    [
        ({"": "<html><body>Selamat datang</body></html>"}, "partial", 2),
        ({}, "partial", 2),
        ({"": DOWN_TO_KNOWN}, "finished", 4),  # in order, down to what was known
        ({"": index(0, 1, 2, 3)}, "partial", 4),  # in order, and not so far
        ({"": index(0, 3, 1, 2, 4)}, "partial", 4),  # several boxes: what lies between may be in none
        ({"": DOWN_TO_KNOWN.replace("<time>2026-04-15</time>", "", 1)}, "partial", 4),
        ({"": index(1, 2, 3, 4, 5)}, "partial", 4),  # without half of what the feed names
        ({"": index(0, menu='<a href="/indeks">Indeks</a>'), "indeks": DOWN_TO_KNOWN}, "finished", 4),
    ],
    ids=["nothing", "no home page", "to the known", "too short", "boxes", "undated", "another list", "all news"],
)
def test_a_gap_before_what_a_feed_names_is_closed_at_home_or_said(
    routes: dict[str, str], finish: str, stored: int, archive: Path
) -> None:
    portal_now = site(**{**routes, "feed": rss(MONTHS[4], MONTHS[5])})
    offline = Offline(portal_now, FEED_ONLY, archive)
    assert offline.crawl(MAY).finish == "finished", "a first feed has no gap"
    portal_now.routes["/feed"] = rss(*MONTHS[:2])
    summary = offline.crawl({"NOW": "2026-05-02T10:00:00+07:00"})
    assert (summary.finish, summary.counts["stored"]) == (finish, stored)
    assert exit_code(summary) is (Exit.DONE if finish == "finished" else Exit.PART)
    assert ("some may be missing" in describe(summary)) is (finish == "partial")
    portal_now.routes["/feed"] = rss(*MONTHS[:2])
    assert offline.crawl({"NOW": "2026-05-03T10:00:00+07:00"}).finish == "finished", "it is said once"


@pytest.mark.parametrize("refused", ["tag/banjir", "kabar-0?utm_source=x"])
def test_a_link_of_a_feed_that_is_no_new_article_hides_no_gap(refused: str, archive: Path) -> None:
    portal_now = site(feed=rss(MONTHS[4], MONTHS[5]))
    offline = Offline(portal_now, FEED_ONLY, archive)
    offline.crawl(MAY)
    portal_now.routes["/feed"] = rss(*MONTHS[:2], (9, "2026-04-01")).replace("kabar-9", refused)
    assert offline.crawl({"NOW": "2026-05-02T10:00:00+07:00"}).finish == "partial"


def test_a_gap_that_a_killed_crawl_met_is_said_by_the_next(archive: Path) -> None:
    portal_now = site(feed=rss(MONTHS[4], MONTHS[5]))
    offline = Offline(portal_now, FEED_ONLY, archive)
    offline.crawl(MAY)
    portal_now.routes["/feed"] = rss(*MONTHS[:2])
    db = Database(archive)  # as it is where the process ended once the feed's page was in the ledger
    crawl = crawls.begin(db, FEED_ONLY, None, None)
    db.execute("UPDATE crawls SET started_at = '2026-05-02T02:00:00Z' WHERE id = ?", (crawl,))
    named = [ListedUrl(url_key(HOME + name), HOME + name) for name in ("kabar-0", "kabar-1")]
    listings.record_page(db, FEED_ONLY.id, 1, crawl, named, None)
    db.execute("UPDATE urls SET found_at = '2026-05-02T02:00:00Z' WHERE found_crawl = ?", (crawl,))
    db.conn.commit()
    db.close()
    summary = offline.crawl({"NOW": "2026-05-02T10:00:00+07:00"})
    assert (summary.finish, summary.counts["stored"]) == ("partial", 2)


def test_what_another_feed_of_the_crawl_names_is_no_gap(archive: Path) -> None:
    portal_now = site(feed=rss(*MONTHS[2:]), desa=rss(MONTHS[5]))
    offline = Offline(portal_now, portal((ListingKind.FEED, "feed"), (ListingKind.FEED, "desa")), archive)
    offline.crawl(MAY)
    portal_now.routes |= {"/feed": rss(*MONTHS), "/desa": rss(MONTHS[0])}
    assert offline.crawl({"NOW": "2026-05-02T10:00:00+07:00"}).finish == "finished"


def test_an_article_that_only_moved_is_no_gap(archive: Path) -> None:
    portal_now = site(feed=rss((0, "2026-05-01")))
    offline = Offline(portal_now, FEED_ONLY, archive)
    portal_now.publish(0, "2026-05-01")
    offline.crawl({"NOW": "2026-05-01T09:30:00+07:00"})
    portal_now.routes["/baru-0"] = portal_now.routes["/kabar-0"]
    portal_now.routes["/kabar-0"] = redirect("/baru-0", 301)
    portal_now.routes["/feed"] = rss((0, "2026-05-01")).replace("kabar-0", "baru-0")
    summary = offline.crawl({"NOW": "2026-05-01T17:00:00+07:00"})
    assert (summary.finish, value(archive, "SELECT count(*) FROM articles")) == ("finished", 1)
