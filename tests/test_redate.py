"""`scrapy redate`: all stored dates read again, shown, applied at once; and what the archive tells of dates."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from kwri_crawler.archive import articles, crawls, dates, open_archive
from kwri_crawler.catalogue import Listing, ListingKind, Portal
from kwri_crawler.dates import with_dates
from kwri_crawler.items import Article, Clock, DateKind, DateSource, DateText
from tests.crawling import HOST, Crawled, crawl, rows, run_here
from tests.sites.varient import VarientPortal

HOME = "https://contoh.example/"
FETCHED_AT = datetime(2024, 6, 28, 1, 0, tzinfo=UTC)
TRUE = "2024-06-27T07:10:00Z"
EVERYTHING = "SELECT * FROM articles JOIN dates ON dates.article = articles.id LEFT JOIN event_dates USING (article)"


def portal_of(name: str, clocks: tuple[tuple[DateSource, Clock], ...] = ()) -> Portal:
    listings = (Listing(ListingKind.FEED, HOME + "feed"),)
    return Portal(name, "Contoh", HOME, "varient", None, "Asia/Jakarta", listings, clocks=clocks)


def article(name: str, portal: str = "contoh", **texts: str) -> Article:
    sources = {"byline": DateSource.BYLINE, "meta": DateSource.META, "ld": DateSource.JSON_LD, "feed": DateSource.FEED}
    return Article(
        portal=portal,
        zone="Asia/Jakarta",
        url=f"{HOME}{name}",
        title=f"Judul {name}",
        paragraphs=("MALANG – Warga menanam pohon, Rabu (26/6).", f"Paragraf {name}."),
        fetched_at=FETCHED_AT,
        reader="varient",
        text_hash=f"hash of {name}",
        dates=tuple(DateText(DateKind.PUBLISHED, sources[source], text) for source, text in texts.items()),
    )


def fill(path: Path, *stored: Article, clocks: tuple[tuple[DateSource, Clock], ...] = ()) -> Database:
    db = open_archive(path)
    for portal in dict.fromkeys(one.portal for one in stored):
        crawl_id = crawls.begin(db, portal_of(portal, clocks), None, None)
        for one in stored:
            if one.portal == portal:
                articles.store(db, replace(one, crawl_id=crawl_id))
    return db


def redate(path: Path, *options: str, **settings: str) -> Crawled:
    return run_here("redate", *options, ARCHIVE_PATH=str(path), **settings)


def published(path: Path) -> dict[str, Any]:
    return {row["url"].removeprefix(HOME): row["published_at"] for row in rows(path, "SELECT * FROM articles")}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return an archive whose readings are those of older code: wrong, or missing altogether."""
    path = tmp_path / "old.sqlite"
    unread = article("unread", byline="Kamis, 27 Juni 2024 14.10 WIB", ld="2024-06-27T14:10:00+0700")  # no stage saw it
    wrong = with_dates(article("wrong", byline="05/06/2024", meta="2024-06-05 10:00:00"))
    right = with_dates(article("right", byline="Kamis, 27 Juni 2024 14:10 WIB"))
    other = with_dates(article("other", portal="lain", byline="Kamis, 27 Juni 2024 14:10 WIB"))
    db = fill(path, unread, wrong, right, other)
    with db.conn:
        db.conn.execute("UPDATE articles SET published_at = '2024-05-06T03:00:00Z' WHERE url LIKE '%wrong'")
        db.conn.execute("UPDATE articles SET dateline = 'Posmetro' WHERE url LIKE '%other'")
        db.conn.execute("DELETE FROM event_dates WHERE article = (SELECT id FROM articles WHERE url LIKE '%wrong')")
    db.close()
    return path


def test_what_would_change_is_shown_and_nothing_is_written(old: Path) -> None:
    before = rows(old, EVERYTHING)
    done = redate(old)
    assert done.code == 0, done.log
    assert done.out.splitlines()[1].split() == ["contoh", "3", "2", "0", "1", "2", "1"]
    assert done.out.splitlines()[2].split() == ["lain", "1", "0", "0", "1", "0", "0"]
    assert "lain: dateline: " in done.out
    assert "  - Posmetro\n  + Malang\n" in done.out
    assert "3 articles would change; nothing was written: add --apply" in done.out
    assert rows(old, EVERYTHING) == before


def test_apply_writes_todays_reading_and_a_second_one_changes_nothing(old: Path) -> None:
    assert "3 articles changed" in redate(old, "--apply").out
    assert published(old) == {"unread": TRUE, "wrong": "2024-06-05T03:00:00Z", "right": TRUE, "other": TRUE}
    assert {row["dateline"] for row in rows(old, "SELECT dateline FROM articles")} == {"Malang"}
    assert len(rows(old, "SELECT * FROM event_dates WHERE day = '2024-06-26'")) == 4
    assert not rows(old, "SELECT * FROM dates WHERE judged IS NULL")
    after = rows(old, EVERYTHING)
    assert "nothing changes" in redate(old, "--apply").out
    assert rows(old, EVERYTHING) == after


def test_many_readers_say_and_write_what_one_does(old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dates, "_CHUNK", 1)
    other = Path(shutil.copy(old, tmp_path / "other.sqlite"))
    one, two = (redate(path, "--apply", "--readers", str(n)) for n, path in ((1, old), (2, other)))
    assert two.out == one.out
    assert rows(other, EVERYTHING) == rows(old, EVERYTHING)
    assert "nothing changes" in redate(other, "--readers", "2").out
    assert redate(old, "--readers", "0").code == 2


def test_a_portal_can_be_redated_alone_and_the_report_is_json_where_asked(old: Path) -> None:
    report = json.loads(redate(old, "--apply", "--portal", "lain", "--json").out)
    assert list(report) == ["lain"]
    assert report["lain"]["dateline"] == 1
    assert report["lain"]["examples"] == [
        {"aspect": "dateline", "url": HOME + "other", "before": "Posmetro", "after": "Malang"}
    ]
    assert published(old)["wrong"] == "2024-05-06T03:00:00Z"


def test_a_clock_declared_since_then_is_obeyed_and_one_that_only_the_archive_knows_too(tmp_path: Path) -> None:
    path, portals = tmp_path / "a.sqlite", tmp_path / "portals"
    portals.mkdir()
    fill(path, with_dates(article("a", meta="2024-06-27T14:10:00Z"))).close()
    assert published(path)["a"] == "2024-06-27T14:10:00Z"
    lines = ('name = "C"', f'home = "{HOME}"', 'family = "general"', 'zone = "Asia/Jakarta"')
    text = "\n".join((*lines, 'listings = [{ kind = "feed", url = "/feed" }]', "[dates]", 'meta = "local"'))
    (portals / "contoh.toml").write_text(text, encoding="utf-8")
    assert redate(path, "--apply", PORTALS_PATH=str(portals)).code == 0
    assert published(path)["a"] == TRUE

    kept = tmp_path / "b.sqlite"
    fill(kept, article("b", meta="2024-06-27T14:10:00Z"), clocks=((DateSource.META, Clock.LOCAL),)).close()
    assert redate(kept, "--apply").code == 0
    assert published(kept)["b"] == TRUE


def test_without_an_archive_or_portal_the_fault_and_the_cure_are_named(old: Path, tmp_path: Path) -> None:
    missing = redate(tmp_path / "none.sqlite")
    assert (missing.code, "there is no archive; `scrapy crawl PORTAL` makes one" in missing.log) == (5, True)
    assert not (tmp_path / "none.sqlite").exists()
    unknown = redate(old, "--portal", "tidakada")
    assert (unknown.code, "tidakada: no such portal" in unknown.log) == (2, True)


def test_the_archive_tells_which_evidence_won_and_whether_the_others_agree(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    agree = article("a", byline="Kamis, 27 Juni 2024 14:10 WIB", ld="2024-06-27T14:10:00+07:00", feed="1 Januari")
    differ = article("b", byline="Kamis, 27 Juni 2024 14:10 WIB", ld="2024-06-20T14:10:00+07:00")
    fill(path, with_dates(agree), with_dates(differ)).close()
    one, two = rows(path, "SELECT * FROM date_agreement ORDER BY id")
    assert (one["source"], one["text"], one["agree"], one["disagree"]) == (
        "byline",
        "Kamis, 27 Juni 2024 14:10 WIB",
        1,
        0,
    )
    assert (two["agree"], two["disagree"], two["farthest_s"]) == (0, 1, 7 * 86400)
    (refused,) = rows(path, "SELECT * FROM dates WHERE source = 'feed'")
    assert (refused["said_at"], refused["won"], refused["reason"]) == (None, 0, "no date with day, month and year")
    (check,) = rows(path, "SELECT * FROM dates_to_check")
    assert (check["url"], check["days_apart"]) == (HOME + "b", 7.0)
    assert check["others_say"] == "json-ld: 2024-06-20T14:10:00+07:00"


def test_a_lying_clock_is_seen_per_portal_and_source_with_its_hours(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    lying = [
        article(f"a{hour}", byline=f"Kamis, 27 Juni 2024 {hour}:10 WIB", meta=f"2024-06-27T{hour}:10:00Z")
        for hour in range(10, 15)
    ]
    true = article("b", byline="Kamis, 27 Juni 2024 14:10 WIB", meta="2024-06-27T07:10:00Z")
    fill(path, *(with_dates(one) for one in (*lying, true))).close()
    clocks = {row["source"]: row for row in rows(path, "SELECT * FROM portal_clocks")}
    assert clocks["byline"]["disagree"] == 0
    meta = clocks["meta"]
    assert (meta["dates"], meta["disagree"], meta["put_right"]) == (6, 5, 5)
    assert (meta["median_hours"], meta["largest_hours"], meta["disagree_percent"]) == (7.0, 7.0, 83.3)


def test_an_archive_of_the_first_schema_is_brought_up_with_its_strings_in_order(tmp_path: Path) -> None:
    path = tmp_path / "first.sqlite"
    db = fill(path, article("a", ld="2024-06-27T14:10:00+07:00", byline="27 Juni 2024 14:10 WIB"))
    for view in ("date_agreement", "dates_to_check", "portal_clocks"):
        db.execute(f"DROP VIEW {view}")
    for trigger in ("articles_leave", "articles_taken", "articles_moved"):  # of later ones, as those that go with dates
        db.execute(f"DROP TRIGGER {trigger}")
    db.execute("DROP TABLE event_dates")
    db.execute("ALTER TABLE articles DROP COLUMN dateline")
    db.execute("ALTER TABLE portals DROP COLUMN clocks")
    db.execute("ALTER TABLE dates RENAME TO newer")
    db.execute(
        "CREATE TABLE dates (article INTEGER NOT NULL, kind TEXT NOT NULL, source TEXT NOT NULL, text TEXT NOT NULL,"
        " PRIMARY KEY (article, kind, source, text)) STRICT, WITHOUT ROWID"
    )
    db.execute("INSERT INTO dates SELECT article, kind, source, text FROM newer")
    db.execute("DROP TABLE newer")
    db.execute("DELETE FROM _sqlite_migrations WHERE name = 'date_evidence'")
    db.close()
    assert redate(path, "--apply").code == 0
    assert published(path)["a"] == TRUE
    assert [row["position"] for row in rows(path, "SELECT position FROM dates ORDER BY position")] == [0, 1]


def test_a_fresh_crawl_keeps_its_evidence_and_leaves_nothing_to_redate(tmp_path: Path) -> None:
    path = tmp_path / "crawled.sqlite"
    with VarientPortal() as site:
        assert crawl(path, {HOST: f"127.0.0.1:{site.port}"}, "-a", "limit=30").code == 0
    assert "nothing changes" in redate(path).out
    counts = rows(
        path, "SELECT sum(won) AS won, count(*) AS dates FROM dates WHERE judged = 'published' GROUP BY article"
    )
    assert counts
    assert all(count["won"] == 1 and count["dates"] >= 3 for count in counts)
    (seed,) = rows(path, "SELECT * FROM articles WHERE title LIKE 'Gelar Rakernis%'")
    assert (seed["dateline"], seed["published_source"], seed["updated_at"]) == ("Surabaya", "byline", None)
    assert rows(path, "SELECT day FROM event_dates WHERE article = ?", seed["id"]) == [{"day": "2024-06-26"}]
