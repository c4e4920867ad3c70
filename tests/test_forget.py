"""Articles that are taken down: their words are in no file any more, and their addresses bring them back by no way."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from kwri_crawler.archive import (
    articles,
    crawls,
    forgetting,
    ledger,
    listings,
    lock_portal,
    open_archive,
    stories,
    visits,
)
from kwri_crawler.causes import Cause
from kwri_crawler.command import Exit
from kwri_crawler.items import KeptPage, Outcome
from kwri_crawler.kept import Keeper
from kwri_crawler.kept import file as kept
from kwri_crawler.kept.warc import write_warc
from tests.archives import FEED, HOME, PORTAL, an_article, crawl_of, listed, walk
from tests.crawling import run_here

AT = datetime(2024, 6, 27, 7, 0, tzinfo=UTC)
WORDS = "Terdakwa bernama Rahasiawan dibebaskan menurut putusan pengadilan negeri di kota itu kemarin siang"
OLDER = "Versilama menyebut alamat rumah terdakwa itu"
OTHER = "Panen jagung di tiga desa lebih awal karena hujan turun sejak awal bulan"
TELLING = (b"Rahasiawan", b"rahasiawan", b"Versilama", b"versilama", b"TagRahasia", b"Pembawa Nama")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive with an article that was edited, its copy on another portal, another article, and kept pages."""
    path = tmp_path / "a.sqlite"
    db = open_archive(path)
    crawl = crawl_of(db)
    walk(db, crawl, [["kasus", "panen"]])
    due = {one.url: one.id for one in ledger.take_due(db, PORTAL.id, crawl, 9, None)}
    first = an_article(
        "kasus", OLDER, crawl_id=crawl, url_id=due[HOME + "kasus"], tags=("TagRahasia",), author="Pembawa Nama"
    )
    number = articles.store(db, first).article
    visits.ask_now(db, PORTAL.id, number or 0)
    articles.store(db, replace(first, paragraphs=(WORDS, "Selesai."), text_hash="new", revisits=number))
    articles.store(db, an_article("panen", OTHER, crawl_id=crawl, url_id=due[HOME + "panen"]))
    db.execute("UPDATE urls SET listed_facts = ? WHERE article = ?", ('{"author": "Pembawa Nama"}', number))
    db.close()
    pages = kept.open_pages(kept.pages_path(None, path))
    kept.add(
        pages, [page("kasus", WORDS), page("kasus?page=2", OLDER), page("kasus-lain", OTHER), page("panen", OTHER)]
    )
    pages.close()
    return path


def page(name: str, text: str) -> KeptPage:
    return KeptPage(PORTAL.id, HOME + name, HOME + name, 200, (), f"<html>{text}</html>".encode(), AT)


def forget(archive: Path, *args: str) -> tuple[int, str]:
    done = run_here("forget", *args, ARCHIVE_PATH=str(archive))
    return done.code, done.out + done.log


def left_in(folder: Path) -> set[bytes]:
    """Return which telling words stand in any file of a folder."""
    return {word for path in folder.iterdir() if path.is_file() for word in TELLING if word in path.read_bytes()}


def test_without_yes_it_is_only_shown(archive: Path) -> None:
    before = archive.read_bytes()
    code, said = forget(archive, HOME + "kasus")
    assert (code, "1 articles, 1 earlier texts" in said, "--yes" in said) == (Exit.DONE, True, True)
    assert HOME + "kasus" in said
    assert archive.read_bytes() == before


def test_its_words_are_in_no_file_any_more(archive: Path) -> None:
    assert left_in(archive.parent) >= {b"Rahasiawan", b"Versilama", b"rahasiawan", b"TagRahasia", b"Pembawa Nama"}
    code, said = forget(archive, "http://www.contoh.example/kasus/?utm_source=wa", "--yes")
    assert code == Exit.DONE, said
    assert "removed: 1 articles, 1 earlier texts, 2 kept pages" in said
    assert left_in(archive.parent) == set()
    db = open_archive(archive)
    assert [row["url"] for row in db.query("SELECT url FROM articles")] == [HOME + "panen"]
    assert not list(db["articles"].search("rahasiawan"))
    assert len(list(db["articles"].search("jagung"))) == 1, "the others are still found"
    db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES('integrity-check', 1)")
    assert not db.execute("PRAGMA foreign_key_check").fetchall()
    assert [db[name].count for name in ("revisions", "visits", "sketches")] == [0, 0, 1]
    pages = kept.open_pages(kept.pages_path(None, archive))
    assert [row["key"] for row in pages.query("SELECT key FROM pages ORDER BY id")] == [
        "contoh.example/kasus-lain", "contoh.example/panen",
    ]  # fmt: skip


def test_its_address_stays_refused_and_no_way_leads_back(archive: Path) -> None:
    forget(archive, HOME + "kasus", "--yes")
    db = open_archive(archive)
    (row,) = db.query("SELECT outcome, cause, article, next_try_at, listed_facts FROM urls WHERE url LIKE '%kasus'")
    assert row == {
        "outcome": "refused", "cause": "forgotten", "article": None, "next_try_at": None, "listed_facts": None,
    }  # fmt: skip
    crawl = crawl_of(db)
    told = [replace(one, told=True) for one in listed("kasus")]
    feed, _ = listings.begin_listing(db, PORTAL.id, FEED)
    assert listings.record_page(db, PORTAL.id, feed, crawl, told, None).told == ()
    assert ledger.take_due(db, PORTAL.id, crawl, 9, None) == []
    walk(db, crawl, [["kasus-pindah"]])
    (due,) = ledger.take_due(db, PORTAL.id, crawl, 9, None)
    moved = an_article("kasus", WORDS, crawl_id=crawl, url_id=due.id)
    for article in (moved, replace(moved, url=HOME + "kasus-pindah", page_url=HOME + "kasus")):
        settlement = articles.store(db, article)
        assert (settlement.outcome, settlement.cause) == (Outcome.REFUSED, Cause.FORGOTTEN)
    assert db.execute("SELECT outcome, cause, next_try_at FROM urls WHERE id = ?", (due.id,)).fetchone() == (
        "refused", "forgotten", None,
    )  # fmt: skip


def test_its_kept_page_brings_it_back_by_no_way(archive: Path, tmp_path: Path) -> None:
    pages = kept.open_pages(kept.pages_path(None, archive))
    kept.add(
        pages, [replace(page(name, WORDS), received_at=AT + timedelta(days=1)) for name in ("kasus", "kasus-lain")]
    )
    forget(archive, HOME + "kasus", "--yes")
    copied = KeptPage(PORTAL.id, HOME + "kasus", HOME + "kasus", 200, (), readable("Kasus"), AT)
    again = [copied, replace(copied, asked_url=HOME + "amp/kasus"), replace(copied, asked_url=HOME + "kasus/2", url="")]
    kept.add(pages, [*again, replace(copied, asked_url=HOME + "kabar", url=HOME + "kabar", body=readable("Kabar"))])
    pages.close()
    settings = {"ARCHIVE_PATH": str(archive), "PORTALS_PATH": portals(tmp_path)}
    done = run_here("reread", "--apply", "--json", **settings)
    counts = json.loads(done.out)["portals"][PORTAL.id]
    assert (counts["taken_down"], counts["new"]) == (3, 1), done.log
    db = open_archive(archive)
    assert {title for (title,) in db.execute("SELECT title FROM articles WHERE url <> ?", (HOME + "panen",))} == {
        "Kabar"
    }


def test_an_import_leaves_out_the_pages_of_what_was_taken_down(archive: Path, tmp_path: Path) -> None:
    settings = {"ARCHIVE_PATH": str(archive), "PORTALS_PATH": portals(tmp_path)}
    names = ("kasus", "kasus?page=2", "kasus/2", "kasus-lain")
    records = [replace(page(name, WORDS), headers=(("Content-Type", "text/html"),)) for name in names]
    file = tmp_path / "press.warc"
    with file.open("wb") as out:
        write_warc(records, out, file.name, gzip=False)
    forget(archive, HOME + "kasus", "--yes")
    pages = kept.open_pages(kept.pages_path(None, archive))
    pages.execute("DELETE FROM pages")
    done = run_here("warc", "import", str(file), **settings)
    assert "3 taken down by scrapy forget" in done.out, done.out + done.log
    assert [row["key"] for row in pages.query("SELECT key FROM pages")] == ["contoh.example/kasus-lain"]


def test_a_page_that_a_crawl_met_again_under_another_address_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "a-pages.sqlite"
    keeper = Keeper(path, 365)
    for name in ("amp/kasus", "panen"):
        keeper.keep(page(name, WORDS))
    keeper.forget(PORTAL.id, HOME + "amp/kasus")
    keeper.close()
    assert [row["key"] for row in kept.open_pages(path).query("SELECT key FROM pages")] == ["contoh.example/panen"]
    assert left_in(tmp_path) == {b"Rahasiawan"}  # of the other page


def readable(title: str) -> bytes:
    text = f"<p>{WORDS}.</p>" * 3 + f"<p>{OTHER} dan {title} itu masih dibahas warga.</p>"
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title><meta property='og:type' content='article'></head><body>"
        f"<article><h1>{title}</h1>{text}</article></body></html>"
    ).encode()


def portals(folder: Path) -> str:
    """Write the portal's file; return its folder."""
    (folder / "portals").mkdir()
    lines = (f'{key} = "{getattr(PORTAL, key)}"' for key in ("name", "home", "family", "zone"))
    rest = 'listings = [{ kind = "feed", url = "/feed" }]'
    (folder / "portals" / f"{PORTAL.id}.toml").write_text("\n".join((*lines, rest)))
    return str(folder / "portals")


def test_every_address_of_it_is_refused_also_those_that_no_listing_named(archive: Path) -> None:
    db = open_archive(archive)
    crawl = crawl_of(db)
    articles.store(db, an_article("asli", "Lain.", crawl_id=crawl, url=HOME + "asli", page_url=HOME + "baca/asli"))
    db.close()
    assert forget(archive, HOME + "asli", "--yes")[0] == Exit.DONE
    db = open_archive(archive)
    refused = db.execute("SELECT url FROM urls WHERE cause = 'forgotten' ORDER BY url").fetchall()
    assert refused == [(HOME + "asli",), (HOME + "baca/asli",)]


def test_a_whole_portal_is_forgotten_and_no_other(archive: Path) -> None:
    db = open_archive(archive)
    other = crawls.begin(db, replace(PORTAL, id="lain"), None, None)
    articles.store(db, an_article("x", OTHER, crawl_id=other, portal="lain", url="https://lain.example/x"))
    db.close()
    assert forget(archive, "--portal", PORTAL.id, "--yes")[0] == Exit.DONE
    db = open_archive(archive)
    assert [row["portal"] for row in db.query("SELECT portal FROM articles")] == ["lain"]
    assert left_in(archive.parent) == set()


def test_a_story_is_settled_without_it(archive: Path) -> None:
    db = open_archive(archive)
    text = " ".join((WORDS, OTHER, OLDER, "dan seterusnya sampai kalimat ini cukup panjang untuk dibandingkan"))
    for portal in ("satu", "dua"):
        crawl = crawls.begin(db, replace(PORTAL, id=portal), None, None)
        articles.store(db, an_article("s", text, crawl_id=crawl, portal=portal, url=f"https://{portal}.example/s"))
    assert stories.count(db) == 1
    found = forgetting.find(db, "https://satu.example/s")
    forgetting.forget(db, found)
    assert stories.count(db) == 0


def test_what_is_not_there_is_3_and_a_running_crawl_is_4(archive: Path) -> None:
    assert forget(archive, HOME + "tiada", "--yes")[0] == Exit.PART
    with lock_portal(archive, PORTAL.id):
        assert forget(archive, HOME + "kasus", "--yes")[0] == Exit.BUSY
    assert Database(archive)["articles"].count == 2


@pytest.mark.parametrize("args", [(), (HOME + "a", HOME + "b"), (HOME + "a", "--portal", PORTAL.id)])
def test_it_takes_one_address_or_one_portal(args: tuple[str, ...], archive: Path) -> None:
    assert forget(archive, *args)[0] == Exit.ARGUMENT
