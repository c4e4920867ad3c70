"""The catalogue: a portal file is read whole or refused with the file, the key and the cure."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kwri_crawler.catalogue import CatalogueError, Listing, ListingKind, read_catalogue, read_portal
from kwri_crawler.items import Clock, DateSource
from kwri_crawler.web.addresses import refuse_reason
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
            r"warta-uji\.toml: unknown key 'selector'; known: active, dates, .*'selectors'",
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
            "unknown listing kind 'fed'; known: wordpress, feed, sitemap, index; did you mean 'feed'",
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
