"""All that can go wrong on the way to a page: each ends in its own outcome with a reason, and the crawl goes on."""

import contextlib
import itertools
import re
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from kwri_crawler.spiders.decide import MAX_BARREN_PAGES
from kwri_crawler.web.addresses import MAX_LENGTH
from tests.crawling import PROJECT, Crawled, assert_sound, command, crawl, peak_mb, rows, value
from tests.sites.faulty import DEAD_HOST, FAULTS, HOME, HOST, IN_THE_SITEMAP, LISTING_FAULTS, FaultyPortal
from tests.sites.server import TEXT, XML, Answer, Request

SOON = "strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '+50 minutes')"  # as the archive writes moments, so that they compare

SITEMAP = [("sitemap", "/sitemap.xml")]
# Many addresses fail in a row here by design; a portal that behaves so is left alone, see below.
PATIENT = {"GIVE_UP_AFTER": "1000", "DOWNLOAD_TIMEOUT": "1.5", "CONCURRENT_REQUESTS_PER_DOMAIN": "4"}


def write_portal(folder: Path, listings: list[tuple[str, str]]) -> Path:
    named = ", ".join(f'{{ kind = "{kind}", url = "{url}" }}' for kind, url in listings)
    (folder / "rusak.toml").write_text(
        f'name = "Kabar Rusak"\nhome = "{HOME}"\nfamily = "varient"\nzone = "Asia/Jakarta"\n'
        f'hosts = ["{DEAD_HOST}"]\nlistings = [{named}]\n',
        encoding="utf-8",
    )
    return folder


def crawl_faulty(
    folder: Path, site: FaultyPortal, listings: list[tuple[str, str]] | None = None, **settings: str
) -> Crawled:
    write_portal(folder, listings or SITEMAP)
    places = {HOST: site.address, DEAD_HOST: "127.0.0.1:9"}
    return crawl(folder / "kwri.sqlite", places, portal="rusak", PORTALS_PATH=str(folder), **settings)


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Crawled, FaultyPortal]:
    """One crawl that meets every fault of a page."""
    folder = tmp_path_factory.mktemp("faults")
    with FaultyPortal() as site:
        done = crawl_faulty(folder, site, **PATIENT)
    return folder / "kwri.sqlite", done, site


def settled(archive: Path, url: str) -> dict[str, object]:
    sql = "SELECT outcome, reason, title, body FROM urls LEFT JOIN articles ON articles.id = article WHERE urls.url = ?"
    (row,) = rows(archive, sql, url)
    return row


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_a_page_ends_in_its_own_outcome(name: str, ended: tuple[Path, Crawled, FaultyPortal]) -> None:
    row = settled(ended[0], f"{HOME}{name}")
    fault = FAULTS[name]
    assert re.fullmatch(fault.outcome, str(row["outcome"])), row
    told = row["body"] if row["outcome"] == "stored" else row["reason"]
    assert re.search(fault.reason, str(told)), row


@pytest.mark.parametrize("url", IN_THE_SITEMAP)
def test_an_address_that_no_crawl_may_follow_is_refused(url: str, ended: tuple[Path, Crawled, FaultyPortal]) -> None:
    row = settled(ended[0], url[:MAX_LENGTH])
    assert row["outcome"] == "refused"
    assert row["reason"] == IN_THE_SITEMAP[url]


@pytest.mark.parametrize(("path", "requests"), [("/pindah", 2), ("/pindah-terus", 6), ("/pindah-balik", 2)])
def test_moves_by_markup_are_followed_a_few_times_and_never_back(
    path: str, requests: int, ended: tuple[Path, Crawled, FaultyPortal]
) -> None:
    assert sum(asked.partition("?")[0] == path for _, asked, *_ in ended[2].requests) == requests


def test_a_refused_connection_is_named(ended: tuple[Path, Crawled, FaultyPortal]) -> None:
    row = settled(ended[0], f"https://{DEAD_HOST}/berita-mati")
    assert (row["outcome"], row["reason"]) in (
        ("failed", "the connection was refused"),
        ("failed", "robots.txt could not be fetched: the connection was refused"),
    )


def test_a_crawl_goes_on_through_all_faults_and_says_what_happened(ended: tuple[Path, Crawled, FaultyPortal]) -> None:
    archive, done, site = ended
    assert done.code == 0, done.log
    assert "Traceback" not in done.log
    stored = {row["url"] for row in rows(archive, "SELECT url FROM articles")}
    assert {f"{HOME}{article.slug}" for article in site.good.articles} <= stored
    assert value(archive, "SELECT count(*) FROM urls WHERE outcome = 'pending'") == 0
    assert re.search(r"found \d+ addresses: .*stored, .*unreadable, .*refused, .*gone, .*failed", done.out)
    assert_sound(archive)


def test_nothing_hidden_in_a_page_reaches_the_archive(ended: tuple[Path, Crawled, FaultyPortal]) -> None:
    for row in rows(ended[0], "SELECT title, body FROM articles"):
        hidden = "[\x00-\x08\x0b-\x1f\x7f\u200b\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
        assert not re.search(hidden, row["title"] + row["body"]), row


def test_nothing_that_a_portal_sends_forges_a_line_of_the_log(ended: tuple[Path, Crawled, FaultyPortal]) -> None:
    done = ended[1]
    assert "\\x1b[2j error palsu" in done.log, "the fault did not reach the log at all"
    assert "\x1b" not in done.log + done.out
    assert all(re.match(r"\d{4}-\d\d-\d\d ", line) for line in re.split("[\r\n]+", done.log.strip("\n")))


def test_a_cookie_that_a_portal_sets_is_not_sent_back(ended: tuple[Path, Crawled, FaultyPortal]) -> None:
    assert ended[2].asked("/kue") == 1
    assert not [headers for *_, headers in ended[2].requests if "Cookie" in headers]


def test_a_compressed_page_that_was_cut_off_is_asked_for_again_plain(ended: tuple[Path, Crawled, FaultyPortal]) -> None:
    accepted = [headers["Accept-Encoding"] for _, path, _, headers in ended[2].requests if path == "/gzip-terpotong"]
    assert accepted == ["gzip, deflate, br, zstd", "identity", "identity"]


def test_retry_after_is_honoured(ended: tuple[Path, Crawled, FaultyPortal]) -> None:
    times = ended[2].times
    first, second = times["/429-lalu-baik"]
    assert second - first >= 0.95
    first, second = times["/503-tanggal"]
    assert second - first >= 0.95, "an HTTP date two seconds ahead, to the whole second"


def test_bombs_and_huge_pages_stay_out_of_memory(tmp_path: Path) -> None:
    names = ("bom-gzip", "bom-brotli", "50-mb")
    with FaultyPortal(faults=names) as site, (tmp_path / "log").open("w") as log:
        places = {HOST: site.address, DEAD_HOST: "127.0.0.1:9"}
        write_portal(tmp_path, SITEMAP)
        line = command(tmp_path / "kwri.sqlite", places, portal="rusak", PORTALS_PATH=str(tmp_path))
        process = subprocess.Popen(line, cwd=PROJECT, stdout=log, stderr=log)
        largest_mb = 0.0
        while process.poll() is None:
            with contextlib.suppress(OSError, ValueError):  # it has just ended
                largest_mb = max(largest_mb, peak_mb(process.pid))
            time.sleep(0.02)
    assert process.returncode == 0, (tmp_path / "log").read_text()
    assert 50 < largest_mb < 300, f"the crawl took {largest_mb:.0f} MB"


def test_no_private_address_was_asked_for(ended: tuple[Path, Crawled, FaultyPortal]) -> None:
    assert {headers.get("Host", HOST) for *_, headers in ended[2].requests} == {HOST}


def test_a_portal_that_asks_for_an_hour_is_left_alone_and_the_rest_waits(tmp_path: Path) -> None:
    wait = Answer("", 503, headers=(("Retry-After", "3600"),))
    with FaultyPortal(faults=()) as site:
        busy = site.good.articles[3].slug
        original = site.answer
        site.answer = lambda request: wait if request.route == f"/{busy}" else original(request)  # type: ignore[method-assign]
        done = crawl_faulty(tmp_path, site, CONCURRENT_REQUESTS_PER_DOMAIN="1")
    archive = tmp_path / "kwri.sqlite"
    assert done.code == 3
    assert value(archive, "SELECT finish FROM crawls") == "unavailable"
    assert "asks to wait 3600 s" in done.out
    (row,) = rows(
        archive,
        f"SELECT outcome, next_try_at > {SOON} AS late FROM urls WHERE url = ?",
        f"{HOME}{busy}",
    )
    assert row == {"outcome": "failed", "late": 1}
    assert_sound(archive)


def test_a_portal_that_refuses_everything_is_left_alone(tmp_path: Path) -> None:
    with FaultyPortal(faults=()) as site:
        original = site.answer
        good = {f"/{article.slug}" for article in site.good.articles}
        site.answer = lambda request: Answer("", 403) if request.route in good else original(request)  # type: ignore[method-assign]
        done = crawl_faulty(tmp_path, site, GIVE_UP_AFTER="5", CONCURRENT_REQUESTS_PER_DOMAIN="1")
        asked = sum(len(times) for path, times in site.times.items() if path in good)
    assert done.code == 3
    assert value(tmp_path / "kwri.sqlite", "SELECT finish FROM crawls") == "blocked"
    assert "5 answers in a row were no pages; the last: HTTP 403" in done.out
    assert asked <= 7, "it went on asking"
    assert_sound(tmp_path / "kwri.sqlite")


class GrowingSitemap(FaultyPortal):
    """Its sitemap index names a sitemap of one article and the next index, `ever` on or until it has named them all."""

    def __init__(self, ever: bool = False, wide: int = 1) -> None:
        super().__init__(faults=())
        self.ever = ever
        self.wide = wide  # further indexes that each names, all but the first the same to read

    def answer(self, request: Request) -> Answer:
        kind, _, number = request.path.lstrip("/").partition("?n=")
        slugs = [article.slug for article in self.good.articles]
        at = int(number or 0)
        if kind == "artikel.xml":
            return Answer(f"<urlset><url><loc>{HOME}{slugs[at]}</loc></url></urlset>", content_type=XML)
        if kind != "tumbuh.xml":
            return super().answer(request)
        self.times.setdefault(request.path, []).append(time.monotonic())
        named = [f"artikel.xml?n={at}"] if at < len(slugs) else []
        if self.ever or at + 1 < len(slugs):
            named += [f"tumbuh.xml?n={at + 1 + 1000 * other}" for other in range(self.wide)]
        entries = "".join(f"<sitemap><loc>{HOME}{name}</loc></sitemap>" for name in named)
        return Answer(f"<sitemapindex>{entries}</sitemapindex>", content_type=XML)


GROWING = [("sitemap", "/tumbuh.xml")]


def test_a_sitemap_index_that_grows_is_left_at_a_bound_and_read_on_beyond_it(tmp_path: Path) -> None:
    archive = tmp_path / "kwri.sqlite"
    with GrowingSitemap() as site:
        short = crawl_faulty(tmp_path, site, GROWING, LISTING_PAGES_MAX="11")
        assert short.code == 3
        assert "/tumbuh.xml: it has more than 11 pages (LISTING_PAGES_MAX)" in short.out
        assert value(archive, "SELECT count(*) FROM articles") == 5, "all that ten further pages named"
        assert value(archive, "SELECT count(*) FROM urls WHERE outcome = 'pending'") == 0
        whole = crawl_faulty(tmp_path, site, GROWING, LISTING_PAGES_MAX="24")
        assert whole.code == 0, whole.out
        assert value(archive, "SELECT count(*) FROM articles") == len(site.good.articles) == 12
    assert_sound(archive)


def test_a_page_that_names_more_pages_than_may_be_read_ends_no_listing_as_read(tmp_path: Path) -> None:
    with GrowingSitemap(wide=30) as site:
        done = crawl_faulty(tmp_path, site, GROWING, LISTING_PAGES_MAX="11")
        assert done.code == 3
        assert "it has more than 11 pages" in done.out
        assert len([path for path in site.times if path.startswith("/tumbuh")]) == 6
        assert value(tmp_path / "kwri.sqlite", "SELECT count(*) FROM articles") == 5


def test_a_sitemap_index_that_names_itself_under_ever_other_queries_is_left(tmp_path: Path) -> None:
    with GrowingSitemap(ever=True) as site:
        done = crawl_faulty(tmp_path, site, GROWING)
        assert done.code == 3
        assert f"{MAX_BARREN_PAGES} of its pages in a row named nothing new" in done.out
        assert value(tmp_path / "kwri.sqlite", "SELECT count(*) FROM articles") == len(site.good.articles)
    assert_sound(tmp_path / "kwri.sqlite")


def test_each_fault_of_a_listing_is_named_and_the_next_listing_is_read(tmp_path: Path) -> None:
    listings = [("feed" if "umpan" in name else "sitemap", f"/{name}") for name in LISTING_FAULTS] + SITEMAP
    with FaultyPortal(faults=()) as site:
        done = crawl_faulty(tmp_path, site, listings)
    archive = tmp_path / "kwri.sqlite"
    found = {row["url"].rpartition("/")[2]: row for row in rows(archive, "SELECT url, status, reason FROM listings")}
    for name, (_, status, reason) in LISTING_FAULTS.items():
        assert re.fullmatch(status, found[name]["status"]), found[name]
        assert re.search(reason, found[name]["reason"] or ""), found[name]
    assert found["sitemap.xml"]["status"] == "read"
    assert not rows(archive, "SELECT 1 FROM urls WHERE url LIKE '%aaaaaaaaaa%'"), "an entity was expanded"
    assert done.code == 3, "a listing that was there and could not be read is the operator's business"
    assert "Traceback" not in done.log
    assert len(rows(archive, "SELECT 1 FROM articles")) == len(site.good.articles)
    assert_sound(archive)


@pytest.mark.parametrize(
    ("robots", "words"),
    [
        (Answer("", 500), "robots.txt answered HTTP 500: not now"),
        (Answer("User-agent: *\nAllow: /", 429), "robots.txt answered HTTP 429: not now"),
        (Answer(raw=lambda connection: connection.close()), "robots.txt could not be fetched"),
        (Answer(raw=lambda _: time.sleep(1.5)), "robots.txt could not be fetched"),
    ],
    ids=["5xx", "429", "no answer", "hangs"],
)
def test_without_robots_txt_nothing_is_asked_for(robots: Answer, words: str, tmp_path: Path) -> None:
    with FaultyPortal(faults=(), robots=robots) as site:
        done = crawl_faulty(tmp_path, site, DOWNLOAD_TIMEOUT="0.7")
        asked = {path for path in site.times if path != "/robots.txt"}
    assert done.code == 3
    assert words in done.out
    assert not asked


def test_a_wait_that_robots_txt_asks_for_is_kept_for_all_that_is_due(tmp_path: Path) -> None:
    archive = tmp_path / "kwri.sqlite"
    with FaultyPortal(faults=()) as site:
        write_portal(tmp_path, SITEMAP)
        places = {HOST: site.address, DEAD_HOST: "127.0.0.1:9"}
        settings = {"portal": "rusak", "PORTALS_PATH": str(tmp_path), "ROBOTS_KEPT_H": "0"}
        assert crawl(archive, places, "-a", "limit=2", **settings).code == 0
        site.robots = Answer("", 503, headers=(("Retry-After", "3600"),))
        site.times.clear()
        done = crawl(archive, places, **settings)
        assert done.code == 3
        assert "robots.txt: HTTP 503: the portal asks to wait 3600 s" in done.out
        assert set(site.times) == {"/robots.txt"}
    assert value(archive, "SELECT finish FROM crawls ORDER BY id DESC LIMIT 1") == "unavailable"
    failed = f"SELECT url FROM urls WHERE outcome = 'failed' AND url NOT LIKE '%{DEAD_HOST}%'"
    assert rows(archive, f"{failed} AND next_try_at > {SOON}")
    assert not rows(archive, f"{failed} AND next_try_at < {SOON}")
    assert_sound(archive)


@pytest.mark.parametrize(
    "robots",
    [
        Answer("<html>bukan aturan</html>", 404),
        Answer("User-agent: *\nDisallow: /terlarang\n" + "# catatan\n" * 1_000_000, content_type=TEXT),
        Answer(b"\xff\xfe\x00" * 1000, content_type=TEXT),
    ],
    ids=["404", "10 MB", "binary"],
)
def test_an_odd_robots_txt_forbids_nothing_that_it_does_not_name(robots: Answer, tmp_path: Path) -> None:
    with FaultyPortal(faults=(), robots=robots) as site:
        assert crawl_faulty(tmp_path, site, CONCURRENT_REQUESTS_PER_DOMAIN="4").code == 0
    assert len(rows(tmp_path / "kwri.sqlite", "SELECT 1 FROM articles")) == len(site.good.articles)


def test_a_crawl_delay_is_kept_and_capped(tmp_path: Path) -> None:
    slow = Answer("User-agent: *\nCrawl-delay: 60\nDisallow:\n", content_type=TEXT)
    with FaultyPortal(faults=(), robots=slow) as site:
        assert crawl_faulty(tmp_path, site, CRAWL_DELAY_MAX_S="0.4").code == 0
        times = sorted(when for times in site.times.values() for when in times)[2:]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert sum(gaps) / len(gaps) >= 0.3, "Scrapy varies a delay by half"


def test_an_archive_damaged_in_its_middle_is_refused_with_a_cure(tmp_path: Path) -> None:
    with FaultyPortal(faults=()) as site:
        assert crawl_faulty(tmp_path, site, CONCURRENT_REQUESTS_PER_DOMAIN="4").code == 0
        archive = tmp_path / "kwri.sqlite"
        with sqlite3.connect(archive) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        whole = archive.read_bytes()
        archive.write_bytes(whole[:8192] + b"\x55" * 40_000 + whole[48_192:])
        site.times.clear()
        done = crawl_faulty(tmp_path, site)
    assert done.code == 5
    assert re.search("damaged|malformed", done.log)
    assert "restore it from a backup" in done.log
    assert "Traceback" not in done.log
    assert not site.times
