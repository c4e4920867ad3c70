"""The catalogue: a portal file is read whole or refused with the file, the key and the cure."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from kwri_crawler.archive import articles, crawls, open_archive
from kwri_crawler.catalogue import CatalogueError, Listing, ListingKind, read_catalogue, read_portal
from kwri_crawler.items import Clock, DateSource
from kwri_crawler.web.addresses import refuse_reason
from tests.archives import an_article
from tests.crawling import run_here

GOOD = """\
name = "Warta Uji"
home = "https://www.warta-uji.id"
family = "general"
region = "Bali"
zone = "Asia/Makassar"
hosts = ["foto.warta-uji.id"]
listings = [ { kind = "feed", url = "/feed/" }, { kind = "index", url = "https://foto.warta-uji.id/indeks?page=1" } ]
[selectors]
title = "h1.judul"
"""


def written(folder: Path, text: str, name: str = "warta-uji.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_portal_file_is_read_with_absolute_listings_and_all_its_hosts(tmp_path: Path) -> None:
    portal = read_portal(written(tmp_path, GOOD))
    assert (portal.id, portal.name, portal.region, portal.zone) == ("warta-uji", "Warta Uji", "Bali", "Asia/Makassar")
    assert portal.home == "https://www.warta-uji.id/"
    assert portal.active
    assert portal.listings == (
        Listing(ListingKind.FEED, "https://www.warta-uji.id/feed/"),
        Listing(ListingKind.INDEX, "https://foto.warta-uji.id/indeks?page=1"),
    )
    assert set(portal.hosts) == {"warta-uji.id", "www.warta-uji.id", "foto.warta-uji.id", "www.foto.warta-uji.id"}
    assert portal.selectors == (("title", "h1.judul"),)
    assert portal.owns("http://warta-uji.id/a")
    assert not portal.owns("http://lain.id/a")


def test_a_port_of_the_home_may_be_asked(tmp_path: Path) -> None:
    text = GOOD.replace("https://www.warta-uji.id", "http://warta-uji.id:8080")
    portal = read_portal(written(tmp_path, text))
    assert refuse_reason("http://warta-uji.id:8080/a", portal.hosts) is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "[selectors]",
            "[selector]",
            r"warta-uji\.toml: unknown key 'selector'; known: active, api, dates, .*'selectors'",
        ),
        ("[selectors]", "dates = 7\n[selectors]", r"dates must be a table: \[dates\], then json-ld"),
        (
            "[selectors]",
            '[dates]\njsonld = "local"\n[selectors]',
            "unknown date source 'jsonld'; known: byline, .*'json-ld'",
        ),
        (
            "[selectors]",
            '[dates]\nmeta = "lokal"\n[selectors]',
            "unknown clock 'lokal' of meta; known: local, .*'local'",
        ),
        ('name = "Warta Uji"', "", "key 'name' is missing"),
        ('"Warta Uji"', "7", "name must be a text, not 7"),
        ('"general"', '"genral"', "unknown family 'genral'; known: .*did you mean 'general'"),
        ("Asia/Makassar", "Asia/Makasar", "unknown zone 'Asia/Makasar'.*did you mean 'Asia/Makassar'"),
        ("https://www.warta-uji.id", "warta-uji.id", "home 'warta-uji.id' is not an http"),
        ("https://www.warta-uji.id", "https://www.warta-uji.id:99999", "home .* is not an http"),
        (
            '"feed", url',
            '"fed", url',
            "unknown listing kind 'fed'; known: wordpress, feed, sitemap, index, api; did you mean 'feed'",
        ),
        ('"/feed/"', '"https://lain.id/feed"', "listing url .* is on another host; add it to hosts"),
        ('"/feed/"', '"ftp://warta-uji.id/feed"', "listing url .* is not an http"),
        (', url = "/feed/"', "", "listing url None is not an address"),
        ('kind = "feed", url', 'kind = "feed", adress = "", url', "unknown listing key 'adress'"),
        ('["foto.warta-uji.id"]', '["https://foto.warta-uji.id/"]', "hosts: .* is not a host"),
        ('["foto.warta-uji.id"]', '"foto.warta-uji.id"', "hosts must be a list"),
        ('title = "h1.judul"', 'titel = "h1"', "unknown selector 'titel'.*did you mean 'title'"),
        ('"h1.judul"', '"h1..judul"', r"selector 'title' is not CSS: 'h1\.\.judul'"),
        ('region = "Bali"', 'active = "ya"', "active must be true or false, not 'ya'"),
        ('region = "Bali"', 'region = "', "cannot be read as TOML"),
    ],
)
def test_a_fault_is_named_with_file_key_and_cure(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    path = written(tmp_path, GOOD.replace(old, new))
    with pytest.raises(CatalogueError, match=message) as caught:
        read_portal(path)
    assert str(caught.value).startswith("warta-uji.toml: ")


def test_a_listing_named_twice_is_a_fault(tmp_path: Path) -> None:
    text = GOOD.replace(
        '{ kind = "feed", url = "/feed/" }', '{ kind = "feed", url = "/f" }, { kind = "feed", url = "/f" }'
    )
    with pytest.raises(CatalogueError, match="named twice"):
        read_portal(written(tmp_path, text))


def test_a_file_name_that_no_spider_can_bear_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"write \[a-z0-9-\]\+\.toml"):
        read_portal(written(tmp_path, GOOD, "Warta_Uji.toml"))


def test_a_folder_is_read_in_the_order_of_ids(tmp_path: Path) -> None:
    for name in ("b", "a-2", "a"):
        written(tmp_path, GOOD, f"{name}.toml")
    assert [portal.id for portal in read_catalogue(tmp_path).portals] == ["a", "a-2", "b"]


def test_a_wrong_file_costs_its_own_portal_and_is_named(tmp_path: Path) -> None:
    for name, text in (("a", GOOD), ("b", GOOD.replace("general", "genral")), ("c", GOOD), ("d", "[" * 5000)):
        written(tmp_path, text, f"{name}.toml")
    (tmp_path / "e.toml").mkdir()
    (tmp_path / "f.toml").write_bytes(b'name = "\xff"')
    portals, faults = read_catalogue(tmp_path)
    assert [portal.id for portal in portals] == ["a", "c"]
    assert [fault.portal for fault in faults] == ["b", "d", "e", "f"]
    assert all(str(fault.error).startswith(f"{fault.portal}.toml: ") for fault in faults)


def test_a_file_may_begin_with_the_mark_that_some_editors_write(tmp_path: Path) -> None:
    assert read_portal(written(tmp_path, "\ufeff" + GOOD)).id == "warta-uji"


def test_a_missing_folder_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no such folder"):
        read_catalogue(tmp_path / "tiada")


def test_of_several_folders_each_must_be_there_and_the_first_file_of_a_name_is_read(tmp_path: Path) -> None:
    for folder, name in (("one", "Satu"), ("two", "Dua")):
        (tmp_path / folder).mkdir()
        written(tmp_path / folder, GOOD.replace('name = "Warta Uji"', f'name = "{name}"'), "a.toml")
    written(tmp_path / "two", GOOD, "b.toml")
    path = os.pathsep.join((str(tmp_path / "one"), str(tmp_path / "two")))
    assert [(portal.id, portal.name) for portal in read_catalogue(path).portals] == [("a", "Satu"), ("b", "Warta Uji")]
    with pytest.raises(CatalogueError, match="tiada: no such folder"):
        read_catalogue(f"{path}{os.pathsep}{tmp_path / 'tiada'}")
    with pytest.raises(CatalogueError, match="PORTALS_PATH names no folder"):
        read_catalogue("")


def test_the_shipped_catalogue_is_sound_and_may_be_asked() -> None:
    portals, faults = read_catalogue()
    assert not faults
    assert "kwri-jatim" in [portal.id for portal in portals]
    for portal in portals:
        for listing in portal.listings:
            assert refuse_reason(listing.url, portal.hosts) is None, f"{portal.id}: {listing.url}"


def test_every_shipped_file_says_where_its_portal_was_seen() -> None:
    for path in (Path(__file__).parents[1] / "kwri_crawler" / "portals").glob("*.toml"):
        assert path.read_text(encoding="utf-8").startswith("# Seen: "), f"{path.name}: begin it with '# Seen: ...'"


NETWORK = """\
network = "Kabar"
family = "wordpress"
zone = "Asia/Jakarta"
active = false
listings = [ { kind = "feed", url = "/feed/" } ]
[[portals]]
id = "kabar-jatim"
name = "Kabar Jatim"
home = "https://jatim.kabar.id/"
[[portals]]
id = "kabar-bali"
name = "Kabar Bali"
home = "https://bali.kabar.id/"
zone = "Asia/Makassar"
active = true
listings = [ { kind = "index", url = "/terkini" } ]
"""


def test_a_network_is_one_file_whose_portals_say_only_what_is_their_own(tmp_path: Path) -> None:
    written(tmp_path, NETWORK, "kabar.toml")
    portals, faults = read_catalogue(tmp_path)
    assert not faults
    bali, jatim = portals
    assert (jatim.id, jatim.network, jatim.family, jatim.zone) == ("kabar-jatim", "Kabar", "wordpress", "Asia/Jakarta")
    assert jatim.listings == (Listing(ListingKind.FEED, "https://jatim.kabar.id/feed/"),)
    assert not jatim.active
    assert (bali.zone, bali.active, bali.hosts) == ("Asia/Makassar", True, ("bali.kabar.id", "www.bali.kabar.id"))
    assert bali.listings == (Listing(ListingKind.INDEX, "https://bali.kabar.id/terkini"),)


@pytest.mark.parametrize(
    ("old", "new", "portal", "message"),
    [
        ('zone = "Asia/Makassar"', 'zone = "Asia/Denpasar"', "kabar-bali", "kabar.toml: kabar-bali: unknown zone"),
        ('home = "https://bali.kabar.id/"', "", "kabar-bali", "kabar.toml: kabar-bali: key 'home' is missing"),
        ('id = "kabar-bali"', "", "kabar-2", "kabar.toml: entry 2 of portals needs an id"),
        ('id = "kabar-bali"', 'id = "Kabar Bali"', "kabar-2", "kabar.toml: entry 2 of portals needs an id"),
        ('id = "kabar-bali"', "id = 7", "kabar-2", "kabar.toml: entry 2 of portals needs an id"),
    ],
)
def test_a_wrong_entry_of_a_network_costs_itself(tmp_path: Path, old: str, new: str, portal: str, message: str) -> None:
    assert old in NETWORK
    written(tmp_path, NETWORK.replace(old, new), "kabar.toml")
    portals, (fault,) = read_catalogue(tmp_path)
    assert [one.id for one in portals] == ["kabar-jatim"]
    assert fault.portal == portal
    assert str(fault.error).startswith(message)


def test_two_entries_of_one_id_are_a_fault_since_nothing_tells_which_is_meant(tmp_path: Path) -> None:
    written(tmp_path, NETWORK.replace("kabar-bali", "kabar-jatim"), "kabar.toml")
    portals, (fault,) = read_catalogue(tmp_path)
    assert not portals
    assert "'kabar-jatim' stands in two entries" in str(fault.error)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("portals = []\n", "portals must hold at least one table"),
        ('portals = "kabar-bali"\n', "portals must hold at least one table"),
        ("portals = [ { id = 'a' } ]\nhome = 'https://kabar.id/'\n", "unknown key of a network 'home'"),
    ],
)
def test_a_wrong_network_is_named_with_key_and_cure(tmp_path: Path, text: str, message: str) -> None:
    written(tmp_path, text, "kabar.toml")
    portals, (fault,) = read_catalogue(tmp_path)
    assert not portals
    assert fault.portal == "kabar"
    assert message in str(fault.error)


def test_a_file_of_its_own_takes_the_place_of_a_networks_entry(tmp_path: Path) -> None:
    for name in ("own", "shipped"):
        (tmp_path / name).mkdir()
    written(tmp_path / "shipped", NETWORK, "kabar.toml")
    written(tmp_path / "shipped", GOOD, "kabar-jatim.toml")
    written(tmp_path / "own", GOOD.replace("Warta Uji", "Milik Sendiri"), "kabar-bali.toml")
    path = os.pathsep.join((str(tmp_path / "own"), str(tmp_path / "shipped")))
    portals, faults = read_catalogue(path)
    assert not faults
    assert [(one.id, one.name) for one in portals] == [("kabar-bali", "Milik Sendiri"), ("kabar-jatim", "Warta Uji")]


def test_a_catalogue_of_1400_files_is_read_in_half_a_second(tmp_path: Path) -> None:
    for number in range(1_400):
        written(tmp_path, GOOD, f"warta-{number}.toml")
    start = time.process_time()
    assert len(read_catalogue(tmp_path).portals) == 1_400
    assert time.process_time() - start < 2  # 0.25 where it is quiet; 16 when zones were looked up for each


def test_on_a_terminal_the_list_says_what_is_proven(tmp_path: Path) -> None:
    written(tmp_path, NETWORK, "kabar.toml")
    archive = tmp_path / "kwri.sqlite"
    db = open_archive(archive)
    crawl = crawls.begin(db, read_catalogue(tmp_path).portals[1], None, None)
    articles.store(db, an_article("a", portal="kabar-jatim", crawl_id=crawl))
    db.close()
    settings = {"PORTALS_PATH": str(tmp_path), "ARCHIVE_PATH": str(archive)}
    done = run_here("list", "--long", **settings)
    assert [line.split()[-2:] for line in done.out.splitlines()[2:4]] == [["wordpress", "inferred"], ["proven,", "off"]]
    assert done.out.startswith("2 portals: 1 inferred, 1 off, 1 proven\n")
    assert run_here("list", **settings).out.split() == ["kabar-bali", "kabar-jatim"], "a pipe gets ids alone"
    assert run_here("list", "--long", "--word", "well", **settings).out.startswith("0 of 2 portals")
    assert run_here("list", "--network", "KABAR", **settings).out.split() == ["kabar-bali", "kabar-jatim"]


def test_the_clocks_of_a_portal_are_read_by_source(tmp_path: Path) -> None:
    text = GOOD.replace("[selectors]", '[dates]\nmeta = "local"\nsitemap = "ignored"\n[selectors]')
    portal = read_portal(written(tmp_path, text))
    assert portal.clocks == ((DateSource.META, Clock.LOCAL), (DateSource.SITEMAP, Clock.IGNORED))
    assert read_portal(written(tmp_path, GOOD)).clocks == ()


def test_a_wrong_file_leaves_the_commands_that_read_all_portals_working(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    written(tmp_path, GOOD.replace("Asia/Makassar", "Asia/Makasar"), "salah.toml")
    places = {"PORTALS_PATH": str(tmp_path), "ARCHIVE_PATH": str(tmp_path / "kwri.sqlite")}
    for name in ("list", "portals"):
        done = run_here(name, **places)
        assert done.code == 1
        assert "warta-uji" in done.out
        assert "salah.toml: unknown zone" in done.log
    assert run_here("portals", "warta-uji", **places).code == 0
    named = run_here("portals", "salah", **places)
    assert (named.code, "salah.toml" in named.log) == (1, True)
