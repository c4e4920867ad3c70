"""`scrapy addportal`: from one address to a catalogue file that a crawl can use, for a person who writes no code."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kwri_crawler.catalogue import ListingKind, Portal, read_portal
from kwri_crawler.items import Article, DateKind, DateSource, DateText, Page
from kwri_crawler.pages import read_page
from kwri_crawler.scout.naming import id_for, id_of, name_of
from kwri_crawler.scout.portal_file import toml_of
from kwri_crawler.scout.scouted import Candidate, Found, Scouted
from kwri_crawler.scout.shown import only_author
from kwri_crawler.scout.zones import zone_of
from tests.crawling import PROJECT, Crawled, crawl, rows, run, run_here
from tests.sites.corpus import ARTICLES
from tests.sites.server import Answer, LocalServer, Request
from tests.sites.small import Small, SmallBlogger, SmallSite, SmallWordPress
from tests.sites.varient import VarientPortal
from tests.test_reach import MONTHS, article, rss

SOME = ARTICLES[:12]
WITH_API = {"wordpress"} & set(ListingKind)  # where the catalogue knows WordPress's own interface


def addportal(
    folder: Path, address: str, *options: str, host: str = "", site: LocalServer | None = None, **settings: str
) -> Crawled:
    given = {"PORTALS_PATH": str(folder), "DOWNLOAD_DELAY": "0", "CONTACT": "test@example.invalid", **settings}
    if site is not None:
        given["CONNECT_TO"] = json.dumps({host: site.address})
    folder.mkdir(exist_ok=True)
    return run("addportal", address, *options, **given)


def only_file(folder: Path) -> Path:
    (path,) = folder.glob("*.toml")
    return path


# ---------------------------------------------------------------- one command, then the crawl


@pytest.mark.parametrize("view", ["classic", "magazine", "v3"])
def test_a_varient_portal_is_added_in_one_command_and_crawled_with_the_next(view: str, tmp_path: Path) -> None:
    host = "sulsel.kabarkampung.co.id"
    with VarientPortal(host=host, view=view, articles=SOME) as site:
        done = addportal(tmp_path / "portals", f"https://{host}/", host=host, site=site)
        assert done.code == 0, done.out + done.log
        agents = {headers["User-Agent"] for *_, headers in site.requests}
        assert len(agents) == 1
        assert "test@example.invalid" in agents.pop()
        path = only_file(tmp_path / "portals")
        assert path.name == "kabarkampung-sulsel.toml"
        portal = read_portal(path)
        assert (portal.family, portal.region, portal.home) == ("varient", "Sulawesi Selatan", f"https://{host}/")
        assert portal.zone == "Asia/Jakarta", "the clock that its pages print counts before its region's"
        assert [listing.kind.value for listing in portal.listings][:2] == ["feed", "index"]
        assert "scrapy crawl kabarkampung-sulsel" in done.out
        archive = tmp_path / "kwri.sqlite"
        crawled = crawl(archive, {host: site.address}, portal=portal.id, PORTALS_PATH=str(tmp_path / "portals"))
    assert crawled.code == 0, crawled.log
    stored = {row["url"].rpartition("/")[2] for row in rows(archive, "SELECT url FROM articles")}
    assert stored >= {article.slug for article in SOME}


def test_what_was_read_is_shown_field_by_field(tmp_path: Path) -> None:
    host = "jatim.kwri.or.id"
    with VarientPortal(articles=SOME) as site:
        done = addportal(tmp_path, f"https://{host}/{SOME[0].slug}", host=host, site=site)
    assert done.code == 0, done.log
    first = SOME[0]
    assert f"article 1 of 3: https://{host}/{first.slug}" in done.out, "the address that was given is the first sample"
    for words in (first.title, first.author, f"{first.created_at.isoformat(timespec='seconds')}+07:00", first.section):
        assert words in done.out
    assert done.out.count("\n  published ") == 3
    assert "[byline:" in done.out
    assert "note: each of its articles" not in done.out
    assert len(done.out.splitlines()) < 50, "more than a screen"


def test_a_wordpress_portal_is_added_and_crawled(tmp_path: Path) -> None:
    with SmallWordPress() as site:
        done = addportal(tmp_path / "portals", site.base, "--id", "kampung")
        assert done.code == 0, done.out + done.log
        assert 'note: each of its articles looked at is signed "Sitti Rahma"' in done.out
        portal = read_portal(only_file(tmp_path / "portals"))
        assert portal.id == "kampung"
        assert portal.name == "Kabar Kampung"
        assert portal.zone == "Asia/Makassar"
        kinds = [listing.kind.value for listing in portal.listings]
        assert set(kinds) == {"feed", "sitemap"} | WITH_API
        assert kinds == sorted(kinds, key=["wordpress", "feed", "index", "sitemap"].index), "not the cheapest first"
        assert site.asked("/comments/feed/") == 0
        archive = tmp_path / "kwri.sqlite"
        assert crawl(archive, {}, portal="kampung", PORTALS_PATH=str(tmp_path / "portals")).code == 0
        titles = {row["title"] for row in rows(archive, "SELECT title FROM articles")}
        assert titles == {article.title for article in site.articles}
        zones = {row["published_local"][-6:] for row in rows(archive, "SELECT published_local FROM articles")}
        assert zones == {"+08:00"}


@pytest.mark.parametrize(
    ("authors", "only"),
    [
        (["Rina", "Rina", "Rina"], "Rina"),
        (["Rina", "Rina"], None),  # two of one writer are a day's work
        (["Rina", "Rina", "Budi"], None),
        (["Rina", None, "Rina", "Rina"], None),
        ([None, None, None], None),
        ([], None),
    ],
)
def test_one_author_of_all_articles_is_worth_a_note(authors: list[str | None], only: str | None) -> None:
    assert only_author(authors) == only


def test_a_blogger_portal_is_added_and_crawled(tmp_path: Path) -> None:
    with SmallBlogger() as site:
        done = addportal(tmp_path / "portals", site.base, "--id", "ambon")
        assert done.code == 0, done.out + done.log
        portal = read_portal(only_file(tmp_path / "portals"))
        assert portal.zone == "Asia/Jayapura"
        assert [listing.kind.value for listing in portal.listings] == ["feed", "sitemap"]
        archive = tmp_path / "kwri.sqlite"
        assert crawl(archive, {}, portal="ambon", PORTALS_PATH=str(tmp_path / "portals")).code == 0
        assert len(rows(archive, "SELECT title FROM articles")) == len(site.articles)


class OwnCms(LocalServer):
    """A portal of a make of its own: a feed of the newest, and what its home page links."""

    def __init__(self, links: str, *lists: str, home: str = "") -> None:
        super().__init__()
        self.links, self.lists, self.home = links, lists, home

    def answer(self, request: Request) -> Answer:
        links = "".join(f'<article><h2><a href="/kabar-{n}">Kabar {n}</a></h2></article>' for n in range(4))
        if request.path == "/feed/":
            return Answer(rss(*MONTHS[:3]).replace("https://warga.example.id", f"http://{request.headers['Host']}"))
        if request.path == "/":
            return Answer(f"<html><body>{self.links}{self.home and links + self.home}</body></html>")
        if request.path in self.lists:
            return Answer(f"<html><body><main>{links}</main></body></html>")
        number = request.route.removeprefix("/kabar-")
        return Answer(article(int(number), "2026-04-15")) if number.isdigit() else Answer("tidak ada", 404)


@pytest.mark.parametrize(
    ("links", "home", "found"),
    [
        ('<a href="/arsip">Arsip</a><nav><a href="/desa">Desa</a></nav>', "", ["/arsip"]),
        (
            '<nav><a href="/desa">Desa</a><a href="/kota">Kota</a><a href="/kuliner">Kuliner</a></nav>',
            "",
            ["/desa", "/kota"],
        ),
        ("", '<div class="pagination"><a href="/page/2">2</a></div>', ["/"]),
        ("", "", []),
    ],
    ids=["all news", "sections", "the home page", "none"],
)  # fmt: skip
def test_what_the_home_page_links_is_added_where_a_feed_is_all_else(
    links: str, home: str, found: list[str], tmp_path: Path
) -> None:
    with OwnCms(links, "/arsip", "/desa", "/kota", home=home) as site:
        done = addportal(tmp_path / "portals", f"http://{site.address}/", "--id", "warga", "--zone", "Asia/Jakarta")
        assert done.code == 0, done.out + done.log
    listings = read_portal(only_file(tmp_path / "portals")).listings
    assert [one.url.partition(site.address)[2] for one in listings if one.kind is ListingKind.INDEX] == found
    assert ("sections may leave some out" in done.out) is (len(found) > 1)


# ---------------------------------------------------------------- what is written, and what is not


def test_every_line_of_the_file_says_where_it_was_found(tmp_path: Path) -> None:
    with SmallWordPress() as site:
        addportal(tmp_path, site.base, "--id", "kampung")
    lines = only_file(tmp_path).read_text(encoding="utf-8").splitlines()
    assert "addportal" in lines[0]
    for line in lines:
        if line.startswith(("name", "family", "zone", "    {")):
            assert "  # " in line, line
    assert any("named in the head of the home page" in line for line in lines)
    assert "timezone_string" in "".join(lines) or not WITH_API


def test_nothing_is_overwritten_unless_forced_and_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    with SmallWordPress() as site:
        dry = addportal(tmp_path, site.base, "--id", "kampung", "--dry-run")
        assert dry.code == 0
        assert 'name = "Kabar Kampung"' in dry.out
        assert list(tmp_path.iterdir()) == []
        (tmp_path / "kampung.toml").write_text("# mine\n", encoding="utf-8")
        site.requests.clear()
        with_mine = addportal(tmp_path / "x", site.base, "--id", "kampung")
        assert with_mine.code == 0
        refused = addportal(tmp_path / "x", site.base, "--id", "kampung")
        assert refused.code == 2
        assert "--force" in refused.out + refused.log
        assert addportal(tmp_path / "x", site.base, "--id", "kampung", "--force", "--name", "Lain").code == 0
    assert read_portal(tmp_path / "x" / "kampung.toml").name == "Lain"


def test_a_portal_that_is_there_costs_no_request(tmp_path: Path) -> None:
    host = "jatim.kwri.or.id"
    with VarientPortal(articles=SOME) as site:
        (tmp_path / "kwri-jatim.toml").write_text(
            (PROJECT / "kwri_crawler" / "portals" / "kwri-jatim.toml").read_text(encoding="utf-8"), encoding="utf-8"
        )
        places = {"PORTALS_PATH": str(tmp_path), "CONNECT_TO": json.dumps({host: site.address})}
        done = run_here("addportal", f"https://{host}/", **places)
        assert done.code == 2
        assert "the catalogue has this portal" in done.out + done.log
        assert not site.requests


def test_what_the_operator_knows_better_stands(tmp_path: Path) -> None:
    with SmallBlogger() as site:
        options = ("--id", "x-1", "--name", 'Kabar "Kita"', "--zone", "Asia/Makassar")
        assert addportal(tmp_path, site.base, *options).code == 0
    portal = read_portal(tmp_path / "x-1.toml")
    assert (portal.name, portal.zone) == ('Kabar "Kita"', "Asia/Makassar")


def test_golden_cases_hold_the_page_and_what_was_read_from_it(tmp_path: Path) -> None:
    with SmallWordPress() as site:
        done = addportal(tmp_path / "p", site.base, "--id", "kampung", f"--golden={tmp_path / 'golden'}")
        assert done.code == 0, done.log
    cases = sorted((tmp_path / "golden" / "kampung").iterdir())
    assert len(cases) == 3
    portal = read_portal(tmp_path / "p" / "kampung.toml")
    for case in cases:
        facts = json.loads((case / "article.json").read_text(encoding="utf-8"))
        body = (case / "page.html").read_bytes()
        article = read_page(Page(facts["url"], body, "text/html; charset=utf-8", datetime.now(UTC)), portal)
        assert facts["title"] == article.title
        assert tuple(facts["paragraphs"]) == article.paragraphs


# ---------------------------------------------------------------- what could not be found


class Mute(SmallSite):
    """A portal that publishes no listing, and names no article on its home page."""

    def page(self, *_: object) -> str:
        return "<html><body>x</body></html>"


class Unreadable(SmallWordPress):
    """A portal whose articles are built by the browser."""

    def page(self, *_: object) -> str:
        return '<html><body><div id="root"></div><script src="a.js"></script></body></html>'


class Closed(SmallWordPress):
    """A portal that forbids its feed."""

    robots = "User-agent: *\nDisallow: /feed/\nDisallow: /wp-json/\n"


class Silent(SmallWordPress):
    """A portal that prints no zone, no author and no date."""

    timezone = ""

    def page(self, article: Small, *_: object) -> str:
        return (
            f"<html><head><title>{article.title}</title></head><body><article><h1>{article.title}</h1>"
            f'<div class="entry-content">{article.body}</div></article></body></html>'
        )


def test_without_a_listing_nothing_is_written_and_the_line_to_add_is_named(tmp_path: Path) -> None:
    with Mute() as site:
        done = addportal(tmp_path, site.base, "--id", "bisu")
    assert done.code == 3
    assert "no listing was found" in done.log
    assert 'listings = [{ kind = "feed", url = "/path" }]' in done.log
    assert "/feed/: HTTP 404" in done.log
    assert not list(tmp_path.glob("*.toml"))


def test_without_a_readable_article_nothing_is_written_and_the_reason_is_named(tmp_path: Path) -> None:
    with Unreadable() as site:
        done = addportal(tmp_path, site.base, "--id", "kosong")
    assert done.code == 3
    assert "no article could be read" in done.log
    assert "JavaScript shell" in done.log
    assert not list(tmp_path.glob("*.toml"))


def test_robots_txt_is_obeyed(tmp_path: Path) -> None:
    with Closed() as site:
        done = addportal(tmp_path, site.base, "--id", "tutup")
        assert done.code == 0, done.log
        assert site.asked("/feed/") == site.asked("/wp-json/wp/v2/posts") == 0
    assert [listing.kind.value for listing in read_portal(tmp_path / "tutup.toml").listings] == ["sitemap"]
    assert "not found: a feed" in done.out


def test_a_guess_is_called_a_guess_and_the_cure_is_named(tmp_path: Path) -> None:
    with Silent() as site:
        done = addportal(tmp_path, site.base, "--id", "diam")
    assert done.code == 0, done.log
    text = (tmp_path / "diam.toml").read_text(encoding="utf-8")
    assert 'zone = "Asia/Jakarta"  # a guess' in text
    assert "# not found: the zone" in text or "not found: the zone" in done.out
    assert 'not found: author in any article; add: [selectors] author = "' in done.out
    assert 'not found: date in any article; add: [selectors] date = "' in done.out


@pytest.mark.parametrize(
    ("address", "options", "code", "words"),
    [
        ("http://10.0.0.7/", (), 2, "not a public host"),
        ("http://169.254.169.254/", (), 2, "not a public host"),
        ("ftp://kwri.or.id/", (), 2, "not http"),
        ("https://kwri.or.id/", ("--id", "KWRI"), 2, "small letters"),
        ("https://kwri.or.id/", ("--zone", "WIB"), 2, "not an IANA zone"),
    ],
)
def test_what_cannot_be_looked_at_is_explained(
    address: str, options: tuple[str, ...], code: int, words: str, tmp_path: Path
) -> None:
    done = run_here("addportal", address, *options, PORTALS_PATH=str(tmp_path))
    assert done.code == code, done.out + done.log
    assert words in done.out + done.log


def test_a_portal_that_does_not_answer_is_named(tmp_path: Path) -> None:
    done = addportal(tmp_path, "http://127.0.0.1:9/", RETRY_TIMES="0")
    assert (done.code, "the connection was refused" in done.log) == (3, True), done.out + done.log
    assert "Traceback" not in done.log


# ---------------------------------------------------------------- the parts


@pytest.mark.parametrize(
    ("host", "portal_id"),
    [
        ("jatim.kwri.or.id", "kwri-jatim"),
        ("www.indonesiasatu.co.id", "indonesiasatu"),
        ("muratara.jurnalis.id", "jurnalis-muratara"),
        ("kabar_kita.my.id", "kabar-kita"),
        ("humaspolres.blogspot.com", "humaspolres"),
        ("90detik.com", "90detik"),
        ("127.0.0.1", "127-0-0-1"),
    ],
)
def test_ids_follow_the_catalogue(host: str, portal_id: str) -> None:
    assert id_of(host) == portal_id


@pytest.mark.parametrize(("host", "name", "portal_id"), [
    ("127.0.0.1", "Kabar Desa Kami", "kabar-desa-kami"), ("127.0.0.1", "127.0.0.1", "127-0-0-1"),
    ("10.0.0.7", "新闻", "10-0-0-7"), ("kabar.id", "Kabar Desa Kami", "kabar"),
    ("berita.dinas-kominfo.kabupaten-sukamaju.go.id", "Sukamaju Hari Ini", "sukamaju-hari-ini"),
    ("berita.dinas-kominfo.kabupaten-sukamaju.go.id", "Berita " * 9, "berita-berita-berita-berita-be"),
])  # fmt: skip
def test_a_number_or_a_long_host_gets_the_id_that_a_person_would_choose(host: str, name: str, portal_id: str) -> None:
    assert id_for(id_of(host), host, name) == portal_id


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('<meta property="og:site_name" content="  KWRI \n Jatim ">', "KWRI Jatim"),
        ("<title>Beranda - Kabar Lampung - Berita Terkini</title>", "Kabar Lampung"),
        ("<title>Suara Nias | Home</title>", "Suara Nias"),
        ("", "contoh.id"),
    ],
)
def test_names_are_what_portals_call_themselves(head: str, name: str) -> None:
    assert name_of(f"<html><head>{head}</head></html>", "contoh.id").value == name


def an_article(*dates: str) -> Article:
    said = tuple(DateText(DateKind.PUBLISHED, DateSource.META, text) for text in dates)
    return Article("x", "Asia/Jakarta", "https://x.id/a", "Judul", ("Isi.",), datetime.now(UTC), "general", dates=said)


@pytest.mark.parametrize(
    ("dates", "api", "host", "zone", "why"),
    [
        (("2024-06-27T14:10:00+08:00",), None, "x.id", "Asia/Makassar", "+08:00"),
        (("Kamis, 27 Juni 2024 14:10 WIT",), None, "x.id", "Asia/Jayapura", "WIT (meta)"),
        (("2024-06-27T14:10:00+00:00",), None, "x.id", "Asia/Jakarta", "a guess"),
        (("2024-06-27T14:10:00Z",), None, "sultra.x.id", "Asia/Makassar", '"sultra"'),
        (("2024-06-27T14:10:00+07:00",), "Asia/Makassar", "x.id", "Asia/Makassar", "timezone_string"),
        (("2024-06-27T14:10:00+07:00",), "UTC", "papua.x.id", "Asia/Jakarta", "+07:00"),
        ((), None, "x.id", "Asia/Jakarta", "a guess"),
    ],
)
def test_the_zone_is_what_the_portal_prints_then_what_its_region_keeps(
    dates: tuple[str, ...], api: str | None, host: str, zone: str, why: str
) -> None:
    found, _ = zone_of([an_article(*dates)], api, host, "X")
    assert found.value == zone
    assert why in found.where


@pytest.mark.parametrize(
    ("host", "name", "region"),
    [
        ("jatim.kwri.or.id", "KWRI", "Jawa Timur"),
        ("kabar.id", "Kabar Maluku Utara", "Maluku Utara"),
        ("antarasumut.com", "Antara", "Sumatera Utara"),
        ("balikpapan.com", "Pos", None),
        ("kabar.id", "Kabar", None),
    ],
)
def test_regions_are_told_by_host_or_name(host: str, name: str, region: str | None) -> None:
    _, found = zone_of([], None, host, name)
    assert (found.value if found else None) == region


def test_a_listing_behind_two_slashes_is_written_whole_and_read_back(tmp_path: Path) -> None:
    home, family, zone = "https://kabar.id/", Found("general", "x"), Found("Asia/Jakarta", "")
    scouted = Scouted("kabar", home, Found("Kabar", "its title"), family, zone, None)
    for url in (f"{home}/sitemap.xml", f"{home}feed/"):
        scouted.listings.append((Candidate(ListingKind.FEED, url, "named in robots.txt"), 6))
    path = tmp_path / "kabar.toml"
    path.write_text(toml_of(scouted, home, "2026-01-01"), encoding="utf-8")
    assert [listing.url for listing in read_portal(path).listings] == [f"{home}/sitemap.xml", f"{home}feed/"]
    assert 'url = "/feed/"' in path.read_text(encoding="utf-8")


def test_a_hostile_name_cannot_break_the_file(tmp_path: Path) -> None:
    hostile = 'A"\n[selectors]\ntitle = "\\x" \x00\x1b #\\'
    found = Found(hostile, "here\n[selectors]")
    listing = (Candidate(ListingKind.FEED, "https://x.id/feed/", 'named\n"'), 3)
    scouted = Scouted("x", "https://x.id/", found, Found("general", "x"), Found("Asia/Jakarta", ""), None)
    scouted.listings.append(listing)
    path = tmp_path / "x.toml"
    path.write_text(toml_of(scouted, "https://x.id/\nname = 1", "2026-01-01"), encoding="utf-8")
    portal: Portal = read_portal(path)
    assert portal.name == hostile.strip()
    assert portal.selectors == ()
