"""The busiest portal of the catalogue: 1,190 items a day on list pages of nine, without headings in their markup."""

import sqlite3
from pathlib import Path

from kwri_crawler.archive import crawls, listings, open_archive
from kwri_crawler.archive.ledger import ListedUrl
from kwri_crawler.catalogue import PORTALS, ListingKind, Portal, read_catalogue
from kwri_crawler.listings import read_listing
from kwri_crawler.web.addresses import url_key
from tests.crawling import value
from tests.offline import Offline
from tests.sites.server import Answer, Request

A_DAY, A_PAGE = 1190, 9  # 203,328 ids in 171 days of 2026
AN_HOUR = A_DAY // 24
HOME = "https://humas.polri.go.id/"


def portal() -> Portal:
    (found,) = (one for one in read_catalogue(PORTALS).portals if one.id == "polri-humas")
    return found


class Humas:
    """The portal, as a public scraper of 2026 describes its markup: utility classes, links without headings."""

    def __init__(self, newest: int, count: int, *, gone: bool = False) -> None:
        self.numbers = list(range(newest, newest - count, -1))
        self.gone = gone  # its articles are; the list is not

    @staticmethod
    def path(number: int) -> str:
        return f"/news/detail/{number}-polisi-bantu-warga-nomor-{number}"

    def answer(self, request: Request) -> Answer:
        if request.route.startswith("/news/detail/"):
            number = request.route.split("/")[3].partition("-")[0]
            return Answer("tidak ada", 410) if self.gone else Answer(self.article(number))
        if request.route != "/news/all":
            return Answer("tidak ada", 404)
        return Answer(self.page(int(request.query("page") or 1)))

    def page(self, page: int) -> str:
        shown = self.numbers[(page - 1) * A_PAGE : page * A_PAGE]
        cards = "".join(
            f'<a href="{HOME.rstrip("/")}{self.path(number)}" class="flex flex-col"><img src="/media/{number}.jpg">'
            f'<div class="font-semibold text-lg">Polisi bantu warga nomor {number}</div><p>17 September 2026</p></a>'
            for number in shown
        )
        last = -(-len(self.numbers) // A_PAGE)
        after = f'<a href="{HOME}news/all?page={page + 1}" rel="next" aria-label="Next &raquo;">2</a>'
        return (
            '<!DOCTYPE html><html lang="id"><body><nav class="flex"><a href="/">Humas Polri</a>'
            '<a href="/news/all-polda-polres">Berita dari seluruh jajaran Polda</a></nav>'
            f'<section id="content" class="container">{cards}</section><nav role="navigation" '
            f'aria-label="Pagination Navigation">{after if page < last else ""}</nav></body></html>'
        )

    @staticmethod
    def article(number: str) -> str:
        text = "".join(
            f"<p>Anggota polsek nomor {number} membantu warga {what} pada hari Kamis pagi di balai desa setempat.</p>"
            for what in ("memindahkan lumbung", "menambal tanggul", "mengantar obat", "menata pasar")
        )
        return (
            f'<!DOCTYPE html><html lang="id"><head><title>Polisi bantu warga nomor {number}</title></head><body>'
            f'<section id="content"><h1>Polisi bantu warga nomor {number}</h1>'
            '<div class="flex flex-row items-center gap-1"><p>Admin</p></div>'
            '<div class="flex flex-row items-center gap-1"><p>17 September 2026 - 08:10</p></div>'
            f'<div class="text-sm text-justify space-y-4">{text}</div></section></body></html>'
        )


def read_before(path: Path, site: Humas) -> None:
    """Leave an archive as the crawls of a day leave it: the list read to its end, every address settled."""
    db = open_archive(path)
    of = portal()
    db.conn.execute("BEGIN")  # one commit: an address each took five seconds
    crawl = crawls.begin(db, of, None, None)
    row, began = listings.begin_listing(db, of.id, of.listings[0])
    urls = [HOME.rstrip("/") + site.path(number) for number in site.numbers]
    listings.record_page(db, of.id, row, crawl, [ListedUrl(url_key(url), url) for url in urls], None)
    listings.end_listing(db, row, crawl, began, None, on_known_ground=False)
    db.conn.execute("UPDATE urls SET outcome = 'unreadable', tries = 9, next_try_at = NULL")
    db.conn.commit()
    db.close()


def asked_pages(crawl: Offline) -> list[str]:
    return [path for path in crawl.asked if path.startswith("/news/all")]


def test_a_list_page_without_headings_names_its_articles_and_the_next_page() -> None:
    page = read_listing(ListingKind.INDEX, Humas(2454574, 30).page(2).encode(), f"{HOME}news/all?page=2", portal())
    assert [entry.url for entry in page.entries] == [f"{HOME}{Humas.path(n)[1:]}" for n in range(2454565, 2454556, -1)]
    assert {entry.printed_date for entry in page.entries} == {"17 September 2026"}
    assert page.more == (f"{HOME}news/all?page=3",)


def test_an_hourly_visit_reads_the_pages_of_its_hour_and_one_more(tmp_path: Path) -> None:
    archive = tmp_path / "a.sqlite"
    read_before(archive, Humas(2454574, A_DAY))
    crawl = Offline(Humas(2454574 + AN_HOUR, A_DAY + AN_HOUR, gone=True), portal(), archive)
    crawl.crawl()
    # 49 new items fill five pages and a part of the sixth; the seventh is the first that names known ones alone.
    assert len(asked_pages(crawl)) == AN_HOUR // A_PAGE + 2 == 7
    assert value(archive, "SELECT count(*) FROM urls WHERE outcome = 'gone'") == AN_HOUR
    crawl.crawl()
    assert len(asked_pages(crawl)) == 1


def test_a_day_without_a_visit_leaves_no_hole(tmp_path: Path) -> None:
    archive = tmp_path / "a.sqlite"
    before = Humas(2454574, 12)
    read_before(archive, before)
    site = Humas(2454574 + 20, 32)
    crawl = Offline(site, portal(), archive)
    crawl.crawl(limit="5")  # cut short: the pages that were read stand, what is below them is not known ground
    crawl.crawl()
    db = sqlite3.connect(archive)
    (missing,) = db.execute("SELECT count(*) FROM urls WHERE outcome = 'pending'").fetchone()
    db.close()
    assert missing == 0
    assert value(archive, "SELECT count(*) FROM articles") == 20
