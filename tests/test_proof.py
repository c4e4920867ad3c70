"""What proves that a page is an archived article's: its address, a canonical that carries its id, text, day, moves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from kwri_crawler.archive import articles
from kwri_crawler.archive.ledger import Settlement
from kwri_crawler.causes import Cause
from kwri_crawler.items import Article, Moment, Outcome, Page, Precision
from kwri_crawler.pages import read_page
from kwri_crawler.web.same_article import article_id, is_same_article
from tests.archives import HOME, PORTAL, an_article, crawl_of, new_archive, walk

NOON = datetime(2026, 3, 10, 5, 0, tzinfo=UTC)
HARVEST = (
    "Petani jagung di tiga desa memanen lebih awal karena hujan turun sejak awal bulan kata ketua kelompok tani itu"
)
BRIDGE = (
    "Jembatan gantung di hulu sungai ditutup dua pekan sebab tali bajanya aus menurut dinas pekerjaan umum setempat"
)


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new_archive(tmp_path / "a.sqlite")


# ---------------------------------------------------------------------- two addresses


@pytest.mark.parametrize(
    ("asked", "link"),
    [
        ("desa/panen-jagung", "desa/panen-jagung/"),
        ("desa/panen-jagung?utm_source=wa", "desa/panen-jagung"),
        ("desa/panen-jagung/amp", "desa/panen-jagung"),
        ("desa/panen-jagung?huruf=besar", "desa/panen-jagung"),
        ("desa/61207?huruf=besar", "desa/61207"),
        ("read/5512078/panen-jagung", "read/5512078/panen-jagung-lebih-awal"),
        ("berita/61207", "berita/61207/panen-jagung"),
        ("61207-panen.html", "desa/61207-panen-raya.html"),
        ("panen-61207.html", "panen-raya-61207.html"),
        ("?p=61207", "desa/panen-61207"),
        ("baca.php?id=7&huruf=besar", "baca.php?id=7"),
        ("desa/panen-jagung", "tani/panen-jagung"),  # one slug in two sections
        ("amp/2025/02/panen", "2025/02/panen"),
        ("desa/panen/amp.html", "desa/panen.html"),
        ("desa/panen.amp.html", "desa/panen.html"),
        ("print/desa/panen-jagung", "desa/panen-jagung"),
    ],
)
def test_a_canonical_counts_that_is_the_address_or_carries_its_id(asked: str, link: str) -> None:
    assert is_same_article(HOME + link, HOME + asked)


@pytest.mark.parametrize(
    ("asked", "link"),
    [
        ("2025/02/panen-jagung", "2025/02/jembatan-gantung"),  # a year in common
        ("2025/02/panen-jagung", "2025/"),
        ("2025/02/11/harga-cabai-naik", "2025/02/12/harga-cabai-naik"),  # one slug on two days
        ("baca.php?id=7", "baca.php"),
        ("detail?kode=61207", "detail"),
        ("detail-berita?no=7", "detail-berita"),
        ("detail-berita?judul=panen", "detail-berita"),
        ("arsip-desa?isi=panen-jagung-awal", "arsip-desa"),
        ("kanal/4410/berita/3", "kanal/4410/desa"),
        ("kanal/4410/baca/3/panen", "kanal/4410/"),
        ("topik/4410/panen-jagung", "topik/4410"),  # the number of a topic
        ("desa/panen-jagung-1001.html", "desa/panen-jagung-1002.html"),
        ("desa/panen-jagung", "desa/jagung-panen"),
        ("desa/panen-jagung", ""),
        ("?p=61207", ""),
        ("desa/index", "tani/index"),  # a slug of one word is no one's own
    ],
)
def test_a_canonical_without_proof_is_no_address(asked: str, link: str) -> None:
    assert not is_same_article(HOME + link, HOME + asked)


def test_a_canonical_on_another_host_is_no_address() -> None:
    assert not is_same_article("https://lain.example/read/5512078/panen", HOME + "read/5512078/panen")


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("berita/48213/jalan-rusak", "48213"), ("2026/03/10/jalan-rusak", None), ("2026/03/jalan-9912", "9912"),
        ("kanal/12/baca/3", "3"), ("pemilu-2024", None), ("jalan-20240607.html", None), ("d-7719034/jalan", "7719034"),
        ("lihat?id_berita=55", "55"), ("lihat?cat_id=55", None), ("juara-100", None),
    ],
)  # fmt: skip
def test_an_articles_id_is_the_last_number_that_is_no_date(path: str, number: str | None) -> None:
    assert article_id(HOME + path) == number


# ---------------------------------------------------------------------- one page


def own(asked: str, *links: str) -> Article:
    head = "".join(f'<link rel="canonical" href="{link}">' for link in links)
    text = "".join(f"<p>{HARVEST}, bagian {part}.</p>" for part in range(5))
    html = f"<html><head><title>Panen</title>{head}</head><body><article><h1>Panen</h1>{text}</article></body></html>"
    return read_page(Page(HOME + asked, html.encode(), "text/html", NOON), replace(PORTAL, family="general"))


def test_a_page_keeps_the_address_that_answered_and_what_it_claims() -> None:
    claimed = own("desa/panen", HOME + "desa/lain")
    assert (claimed.url, claimed.page_url, claimed.named_url) == (
        HOME + "desa/panen", HOME + "desa/panen", HOME + "desa/lain",
    )  # fmt: skip
    proven = own("read/5512078/panen", "/read/5512078/panen-raya")
    assert (proven.url, proven.page_url, proven.named_url) == (
        HOME + "read/5512078/panen-raya", HOME + "read/5512078/panen", None,
    )  # fmt: skip


@pytest.mark.parametrize(
    "links",
    [
        ("panen-raya",),  # half an address, of a folder that is none
        (HOME,),
        ("https://lain.example/berita/61207/panen-raya",),
        (HOME + "berita/61207/a-b-c", HOME + "berita/61207/d-e-f"),  # two that contradict each other
        ("javascript:void(0)",),
        ("",),
    ],
)
def test_a_canonical_that_leads_nowhere_is_not_even_a_claim(links: tuple[str, ...]) -> None:
    found = own("berita/61207/panen-raya/", *links)
    assert (found.url, found.named_url) == (HOME + "berita/61207/panen-raya/", None)


# ---------------------------------------------------------------------- the archive


def at(hours: float) -> Moment:
    moment = NOON + timedelta(hours=hours)
    return Moment(moment, moment + timedelta(hours=7), Precision.MINUTE, "x")


def put(db: Database, name: str, text: str = HARVEST, **changes: Any) -> Settlement:
    """Store the article that the page at a name brought; `claims` is its canonical, believed or not."""
    changes = {"page_url": HOME + name, "title": f"Judul {name}", "published": at(0), **changes}
    return articles.store(db, an_article(name, text, crawl_id=crawl_of(db), **changes))


def rows(db: Database) -> dict[str, str]:
    return {row["url"].removeprefix(HOME): row["title"] for row in db.query("SELECT url, title FROM articles")}


def test_articles_that_claim_one_address_with_different_texts_go_each_to_its_own(db: Database) -> None:
    shared = HOME + "topik-utama"
    first = put(db, "a", url=shared)
    second = put(db, "b", BRIDGE, url=shared)
    third = put(db, "c", "Sama sekali lain, tentang kapal feri yang kandas.", url=shared)
    assert {first.outcome, second.outcome, third.outcome} == {Outcome.STORED}
    assert rows(db) == {"a": "Judul a", "b": "Judul b", "c": "Judul c"}


def test_articles_of_one_title_that_claim_one_address_are_known_only_with_the_same_text(db: Database) -> None:
    shared = HOME + "jadwal"
    put(db, "a", HARVEST, url=shared, title="Jadwal")
    assert put(db, "b", HARVEST + " kemarin", url=shared, title="Jadwal").outcome is Outcome.KNOWN
    assert put(db, "c", BRIDGE, url=shared, title="Jadwal").outcome is Outcome.STORED
    assert rows(db) == {"a": "Jadwal", "c": "Jadwal"}


def test_articles_of_one_mould_that_claim_one_address_are_one_a_day(db: Database) -> None:
    for day in range(3):
        text = f"{HARVEST} pada hari ke-{day}"
        found = put(db, f"harga-{day}", text, url=HOME + "harga", title="Harga jagung", published=at(24 * day))
        assert found.outcome is Outcome.STORED
    assert len(rows(db)) == 3


def test_a_page_that_claims_another_articles_address_gives_it_back(db: Database) -> None:
    put(db, "penyusup", BRIDGE, url=HOME + "air")
    assert put(db, "air").outcome is Outcome.STORED
    assert rows(db) == {"penyusup": "Judul penyusup", "air": "Judul air"}
    assert db.execute("SELECT named_url FROM articles WHERE title = 'Judul penyusup'").fetchone()[0] == HOME + "air"


def test_a_page_that_claims_an_archived_address_does_not_take_it(db: Database) -> None:
    put(db, "air")
    assert put(db, "penyusup", BRIDGE, url=HOME + "air").outcome is Outcome.STORED
    assert rows(db) == {"air": "Judul air", "penyusup": "Judul penyusup"}


@pytest.mark.parametrize("believed", [True, False])
def test_the_originals_own_page_writes_the_facts_that_its_copy_had_brought(believed: bool, db: Database) -> None:
    claim = {"url": HOME + "asli"} if believed else {"named_url": HOME + "asli"}
    walk(db, crawl_of(db), [["salinan", "asli"]])
    salinan, asli = (number for (number,) in db.execute("SELECT id FROM urls ORDER BY id"))
    facts = {"author": "Budi", "section": "Daerah", "published": at(240), "url_id": salinan}
    copy = put(db, "salinan", title="Panen", **facts, **claim)
    original = put(db, "asli", title="Panen", author="Ani", tags=("tani",), url_id=asli)
    assert (original.outcome, original.article) == (Outcome.STORED, copy.article)
    outcomes = db.execute("SELECT outcome, article FROM urls ORDER BY id").fetchall()
    assert outcomes == [("known", copy.article), ("stored", copy.article)]
    (row,) = db.query("SELECT url, author, section, published_at, page_url, named_url FROM articles")
    assert row == {
        "url": HOME + "asli", "author": "Ani", "section": None, "published_at": "2026-03-10T05:00:00Z",
        "page_url": None, "named_url": None,
    }  # fmt: skip
    assert [tag for (tag,) in db.execute("SELECT tag FROM tags")] == ["tani"]
    assert db["revisions"].count == 0, "nobody edited anything"


def test_a_copy_that_comes_after_its_original_changes_nothing(db: Database) -> None:
    first = put(db, "asli", title="Panen", author="Ani")
    second = put(db, "salinan", title="Panen", author="Budi", published=at(240), named_url=HOME + "asli")
    assert (second.outcome, second.article) == (Outcome.KNOWN, first.article)
    assert [row["author"] for row in db.query("SELECT author FROM articles")] == ["Ani"]


@pytest.mark.parametrize(
    ("name", "changes", "outcome"),
    [
        ("b", {"published": at(24)}, Outcome.STORED),  # the same words on another day are another article
        ("b", {"published": at(8)}, Outcome.KNOWN),  # the same day
        ("b", {"published": at(-10)}, Outcome.KNOWN),  # two clocks, one evening
        ("b", {"published": None}, Outcome.KNOWN),
        ("berita/61207/b", {"published": at(240)}, Outcome.KNOWN),  # one id
        ("berita/61208/b", {"published": at(240)}, Outcome.STORED),
    ],
)
def test_the_same_title_and_text_are_one_article_on_one_day_or_under_one_id(
    name: str, changes: dict[str, Any], outcome: Outcome, db: Database
) -> None:
    put(db, "berita/61207/a", title="Harga emas stabil")
    assert put(db, name, title="Harga emas stabil", **changes).outcome is outcome


def test_reprints_of_one_text_on_different_days_are_one_story(db: Database) -> None:
    text = " ".join((HARVEST, BRIDGE, "dan harga emas tidak berubah"))
    for day in range(3):
        put(db, f"emas-{day}", text, title="Harga emas stabil", published=at(24 * day))
    assert db.execute("SELECT count(*), count(DISTINCT story), count(story) FROM articles").fetchone() == (3, 1, 3)


def test_another_text_under_a_known_address_is_an_edit_and_is_flagged(db: Database) -> None:
    first = put(db, "a", HARVEST)
    again = put(db, "a", BRIDGE, title="Judul baru")
    assert (again.outcome, again.cause, again.article) == (Outcome.KNOWN, Cause.EDITED, first.article)
    assert [row["title"] for row in db.query("SELECT title FROM revisions")] == ["Judul a"]
    assert rows(db) == {"a": "Judul baru"}


# ---------------------------------------------------------------------- moves


def look_again(db: Database, article: int | None, name: str, text: str, **changes: Any) -> Settlement:
    return put(db, name, text, revisits=article, **changes)


@pytest.mark.parametrize(
    ("old", "new", "title", "text", "follows"),
    [
        ("read/5512078/panen", "read/5512078/jembatan", "Judul lain", BRIDGE, True),  # the id
        ("panen", "panen-raya", "Judul panen", BRIDGE, True),  # the title
        ("panen", "panen-raya", "Judul lain", HARVEST + " kemarin", True),  # the text
        ("panen", "terkini", "Judul lain", BRIDGE, False),  # removed, and something else is shown
        ("read/5512078/panen", "read/5512079/jembatan", "Judul lain", BRIDGE, False),
    ],
)
@pytest.mark.parametrize("is_archived", [False, True])
def test_an_article_follows_its_address_and_keeps_its_earlier_text(
    old: str, new: str, title: str, text: str, follows: bool, is_archived: bool, db: Database
) -> None:
    first = put(db, old)
    if is_archived:
        crawl = crawl_of(db)
        walk(db, crawl, [[new]])
        (url_id,) = db.execute("SELECT id FROM urls").fetchone()
        put(db, new, text, title=title, url_id=url_id, tags=("baru",))
    seen = look_again(db, first.article, new, text, title=title)
    assert (seen.article, seen.outcome) == (first.article, Outcome.KNOWN)
    if not follows:
        assert seen.cause is Cause.KNOWN
        assert rows(db)[old] == f"Judul {old}"
        assert db["revisions"].count == 0
        return
    assert seen.cause is Cause.EDITED
    assert rows(db) == {new: title}
    assert [row["title"] for row in db.query("SELECT title FROM revisions")] == [f"Judul {old}"]
    assert db.execute("SELECT body FROM articles").fetchone()[0].startswith(text)
    if is_archived:
        assert db.execute("SELECT outcome, article FROM urls").fetchone() == ("known", first.article)
        assert [tag for (tag,) in db.execute("SELECT tag FROM tags")] == ["baru"]
    assert not db.execute("PRAGMA foreign_key_check").fetchall()
    db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES('integrity-check', 1)")


def test_a_move_without_an_edit_makes_no_revision(db: Database) -> None:
    first = put(db, "panen", title="Panen")
    seen = look_again(db, first.article, "panen-raya", HARVEST, title="Panen")
    assert (seen.cause, rows(db), db["revisions"].count) == (Cause.KNOWN, {"panen-raya": "Panen"}, 0)


def test_an_older_article_whose_text_stands_under_a_new_address_is_asked_for_again(db: Database) -> None:
    text = " ".join((HARVEST, BRIDGE, "demikian keterangan yang dihimpun di lapangan hingga sore hari ini"))
    first = put(db, "panen", text)
    put(db, "jembatan", "Kapal feri kandas di dermaga karena air surut sejak subuh.")
    put(db, "panen-raya", text + " kemarin", published=at(2))
    assert [row["article"] for row in db.query("SELECT article FROM visits")] == [first.article]
    later = put(db, "panen-lagi", text + " besok", published=at(90))
    assert later.outcome is Outcome.STORED
    assert db["visits"].count == 1, "a reprint days later is no move"
