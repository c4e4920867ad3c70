"""`scrapy addportal` of what the catalogue and the archive have: networks that are off, newsrooms that are crawled."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kwri_crawler.archive import Database
from kwri_crawler.archive.newest import newest_of_carriers
from kwri_crawler.catalogue import read_catalogue
from kwri_crawler.command.entries_asked import entries_asked
from kwri_crawler.items import Clock, DateSource
from kwri_crawler.scout.newsrooms import newsroom_of, newsrooms_in
from kwri_crawler.scout.state import Decided, StateFile
from kwri_crawler.scout.verdicts import Verdict
from tests.archives import new_archive
from tests.bringing_up import Desk, words
from tests.crawling import run_here
from tests.sites.province import OwnCms, news, newsroom
from tests.sites.server import Answer, Request

NEWEST = datetime(2026, 11, 20, 3, tzinfo=UTC)
SLUGS = [f"https://lama.id/kabar-dari-kampung-{n}" for n in range(10)]


def a_verdict(key: str, verdict: Verdict) -> Decided:
    return Decided(key, key, f"https://{key}/", verdict, "", "why", "2026-11-28T14:10:00Z")


def archive_of(texts: dict[str, list[str]], folder: Path) -> Database:
    """Return an archive of portals, each text an article's, the newest first."""
    db = new_archive(folder / "a.sqlite")
    db.execute("PRAGMA foreign_keys = OFF")
    for portal, hashes in texts.items():
        for number, text in enumerate(hashes):
            key = f"{portal}.id/kabar-dari-kampung-{number}"
            db.execute(
                "INSERT INTO articles (portal, url, url_key, title, body, published_at, word_count, reader, text_hash,"
                " first_seen_at, fetched_at, crawl) VALUES (?, ?, ?, 'J', 'B', ?, 1, 'x', ?, '2026', '2026', 1)",
                (portal, f"https://{key}", key, f"2026-11-{20 - number}T00:00:00Z", text),
            )
    return db


NETWORK = """network = "Radar Kita"
family = "general"
zone = "Asia/Makassar"
active = false
hosts = ["api.example.id"]
listings = [{ kind = "feed", url = "/rss.xml" }, { kind = "feed", url = "/tiada.xml" }]
[selectors]
title = "h1"
[dates]
json-ld = "local"
[[portals]]
id = "radar-kabar"
name = "Radar Kabar"
home = "https://kabar.example.id/"
region = "Bali"
[[portals]]
id = "radar-mati"
name = "Radar Mati"
home = "https://mati.example.id/"
"""


def a_network(folder: Path) -> Desk:
    good = newsroom("own", "kabar.example.id", 1, 5)
    (folder / "radar.toml").write_text(NETWORK)
    return Desk(lambda request: good(request) if request.host == "kabar.example.id" else Answer("tiada", 404), folder)


def test_a_networks_portals_that_are_off_are_tried_and_the_good_ones_get_files_of_their_own(tmp_path: Path) -> None:
    desk = a_network(tmp_path)
    work = desk.run("kabar.example.id\nmati.example.id")
    assert words(work) == {"kabar.example.id": "added", "mati.example.id": "dead"}
    found = {portal.id: portal for portal in read_catalogue(tmp_path).portals}
    assert {id_: portal.active for id_, portal in found.items()} == {"radar-kabar": True, "radar-mati": False}
    kabar = found["radar-kabar"]
    assert (kabar.name, kabar.region, kabar.network) == ("Radar Kabar", "Bali", "Radar Kita")
    assert kabar.zone == "Asia/Makassar", "its file says that the pages' own offset is false"
    assert kabar.listings[0].url == "https://kabar.example.id/rss.xml"
    assert kabar.selectors == (("title", "h1"),)
    assert kabar.clocks == ((DateSource.JSON_LD, Clock.LOCAL),)
    assert "api.example.id" in kabar.hosts
    assert words(desk.run("kabar.example.id", again=True)) == {"kabar.example.id": "added"}
    assert desk.looks.asked == [], "what was added is not tried again"


def test_what_was_called_known_before_is_tried_when_its_entry_is_off(tmp_path: Path) -> None:
    desk = a_network(tmp_path)
    with StateFile(tmp_path / "state.jsonl") as state:
        state.add(replace(a_verdict("kabar.example.id", Verdict.KNOWN), of="radar-kabar"))
        state.add(replace(a_verdict("mati.example.id", Verdict.KNOWN), of="radar-mati"))
    work = desk.run("kabar.example.id\nmati.example.id")
    assert words(work) == {"kabar.example.id": "added", "mati.example.id": "dead"}


def test_a_kill_between_the_verdict_and_the_file_of_an_entry_is_made_good(tmp_path: Path) -> None:
    desk = a_network(tmp_path)
    desk.run("kabar.example.id")
    (tmp_path / "radar-kabar.toml").unlink()
    desk.run("kabar.example.id")
    assert (tmp_path / "radar-kabar.toml").exists()


def test_a_portal_that_its_operator_switched_off_is_left_alone(tmp_path: Path) -> None:
    desk = Desk(newsroom("own", "kabar.example.id", 1, 5), tmp_path)
    text = 'name = "K"\nhome = "https://kabar.example.id/"\nfamily = "general"\nzone = "Asia/Jakarta"\nactive = false\n'
    (tmp_path / "kami.toml").write_text(text + 'listings = [{ kind = "feed", url = "/rss" }]\n')
    (decided,) = desk.run("kabar.example.id").decided
    assert (decided.word, decided.why) == ("known", "the catalogue has it as kami, and its file says active = false")


API = """network = "Radar Kita"
family = "general"
zone = "Asia/Jakarta"
active = false
hosts = ["api.example.id"]
listings = [{ kind = "api", url = "https://api.example.id/v1?halaman={page}" }]
[api]
items = ["data.posts", "posts"]
address = "/berita/{slug}"
date = "tanggal"
title = "judul"
first = 0
[[portals]]
id = "radar-kabar"
name = "Radar Kabar"
home = "https://kabar.example.id/"
"""


def test_a_json_api_that_a_networks_file_describes_is_read_and_described_again(tmp_path: Path) -> None:
    articles = news(1, 5, NEWEST)
    site = OwnCms(articles, "Kabar")

    def answer(request: Request) -> Answer:
        if request.host == "api.example.id":
            told = [{"slug": one.slug, "judul": one.title, "tanggal": one.local} for one in articles]
            posts = told if request.query("halaman") == "0" else []
            return Answer(json.dumps({"data": {"posts": posts}}) if request.route == "/v1" else "", 200)
        return Answer("tiada", 404) if request.route in ("/rss.xml", "/indeks") else site(request)

    (tmp_path / "radar.toml").write_text(API)
    before = read_catalogue(tmp_path).portals[0]
    assert words(Desk(answer, tmp_path).run("kabar.example.id")) == {"kabar.example.id": "added"}
    (after,) = read_catalogue(tmp_path).portals
    assert not after.is_entry
    assert after.listings[0] == before.listings[0]
    assert after.hosts == before.hosts


@pytest.mark.parametrize(
    ("others", "word"),
    [
        (SLUGS, "same as lama"),
        ([f"https://lama.id/lain-sekali-{n}-x" for n in range(10)], "added"),  # one release in common, no more
        ([], "added"),
    ],
)
def test_a_newsroom_that_the_archive_has_is_the_same(others: list[str], word: str, tmp_path: Path) -> None:
    ours = zip(news(1, 10, NEWEST), SLUGS, strict=True)
    site = OwnCms(tuple(replace(one, slug=slug.rpartition("/")[2]) for one, slug in ours), "Kabar")
    desk = Desk(site, tmp_path)
    desk.alike = lambda one: [newsroom_of("lama", others, zip(others, one.texts.values(), strict=False))]
    (decided,) = desk.run("kabar.example.id").decided
    assert decided.word == word


def test_the_archive_names_the_newest_articles_of_those_that_carry_a_text(tmp_path: Path) -> None:
    db = archive_of({"satu": ["A", "B", "C"], "dua": ["C", "D"], "tiga": ["E"]}, tmp_path)
    found = newest_of_carriers(db, ["C", "Z"], 2)
    assert {portal: [one.text_hash for one in newest] for portal, newest in found.items()} == {
        "satu": ["A", "B"], "dua": ["C", "D"],
    }  # fmt: skip
    (one,) = newsrooms_in(db, ["C"], {"dua", "lain"})
    assert (one.portal, sorted(one.texts.values())) == ("dua", ["C", "D"])


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--network", "Radar Kta"], "did you mean Radar Kita?"),
        (
            ["https://kabar.example.id/berita/1"],
            "the catalogue has it as radar-kabar; --force writes a file of its own",
        ),
        (["https://www.lain.example.id/"], "the catalogue has it as punya-kami"),
    ],
)
def test_what_the_catalogue_has_is_said_before_anything_is_asked_for(
    options: list[str], told: str, tmp_path: Path
) -> None:
    is_crawled = "https" in options[0]
    (tmp_path / "radar.toml").write_text(NETWORK.replace("active = false\n", "") if is_crawled else NETWORK)
    text = 'name = "K"\nhome = "https://lain.example.id/"\nfamily = "general"\nzone = "Asia/Jakarta"\nactive = false\n'
    (tmp_path / "punya-kami.toml").write_text(text + 'listings = [{ kind = "feed", url = "/rss" }]\n')
    done = run_here("addportal", *options, PORTALS_PATH=str(tmp_path), ARCHIVE_PATH=str(tmp_path / "a.sqlite"))
    assert done.code == 2, done.log
    assert told in done.log


def test_a_network_that_only_an_operators_file_has_is_asked_for_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "radar.toml").write_text(NETWORK)
    opts = argparse.Namespace(from_=None, province=None, network="radar kita")
    found = entries_asked([], opts, read_catalogue(tmp_path), lambda _: None)
    assert [entry.key for entry in found] == ["kabar.example.id", "mati.example.id"]
    assert found[0].hints.name == "Radar Kabar"
