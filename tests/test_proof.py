"""What proves that a page is an archived article's: its address, a canonical that carries its id, text, day, moves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from kwri_crawler.archive import articles, crawls, forgetting, identity, revisions, visits
from kwri_crawler.archive.ledger import Settlement
from kwri_crawler.causes import Cause
from kwri_crawler.items import Article, DateKind, DateSource, DateText, Moment, Outcome, Page, Precision
from kwri_crawler.pages import read_page
from kwri_crawler.web.addresses import url_key
from kwri_crawler.web.same_article import article_id, is_same_article
from tests.archives import HOME, PORTAL, an_article, check_derived, crawl_of, new_archive, walk

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
        ("baca?id=48213&t=gotong-royong-warga-desa", "baca?id=48213&t=warga-gotong-royong"),
        ("baca?id=4821&t=gotong-royong-warga-desa", "baca?id=4821&t=warga-gotong-royong"),
        ("desa/panen-jagung", "tani/panen-jagung"),  # one slug in two sections
        ("amp/2025/02/panen", "2025/02/panen"),
        ("desa/panen/amp.html", "desa/panen.html"),
        ("desa/panen.amp.html", "desa/panen.html"),
        ("print/desa/panen-jagung", "desa/panen-jagung"),
        ("AMP/desa/panen-jagung", "desa/panen-jagung"),
        ("amp/desa//panen", "desa/panen"),
        ("amp/desa/panen", "desa/panen"),  # a slug of one word in its own section
        ("desa", "desa"),  # the same, whatever it shows
        ("", ""),
        ("desa/panen-jagung?b&a", "desa/panen-jagung?a&b"),
        ("desa/panen-jagung?nilai=besar", "desa/panen-jagung"),
        ("desa/panen-jagung?warna=1000x", "desa/panen-jagung"),
        ("desa/panen-jagung?huruf=besar&warna=12", "desa/panen-jagung"),
        ("desa/panen-jagung?huruf=besar&tab=2", "desa/panen-jagung?tab=2"),
        ("?p=612", "desa/panen-612.html"),
        ("2025/02/11/harga-cabai-naik", "tani/2025/02/11/harga-cabai-naik"),
        ("desa/2025/panen-jagung", "2025/panen-jagung"),
        ("desa/Panen-Jagung", "tani/panen_jagung"),
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
        ("baca.php?id=7&berita=12", "baca.php?id=7&berita=13"),
        ("baca.php?id=7&judul=panen-padi-raya", "baca.php?id=8&judul=panen-padi-raya"),
        ("baca.php?id=7&judul=panen-padi-raya", "baca.php?id=7&judul=banjir-bandang-lagi"),  # it may be a section's
        ("baca.php?judul=panen-padi-raya", "baca.php?judul=banjir-bandang-lagi"),
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
        ("", "amp"),
        ("desa/panen?huruf=besar", "desa/panen"),  # may be a section, sorted in another way
        ("baca-berita.php?huruf=besar", "baca-berita.php"),  # a script shows what it is told
        ("desa/panen-jagung", "desa/panen-jagung?tab=2"),
        ("desa/panen-jagung?huruf=besar&id=9", "desa/panen-jagung"),
        ("desa/panen-jagung?id=9&huruf=besar", "desa/panen-jagung"),
        ("desa/panen-jagung?warna=1000", "desa/panen-jagung"),
        ("desa/panen-jagung?isi=harga-cabai-naik", "desa/panen-jagung"),
        ("?p=612", "desa/panen-613.html"),
        (
            "baca?id=482&t=gotong-royong-warga-desa",
            "baca?id=482&t=warga-gotong-royong",
        ),  # a section has fewer than four
        ("baca/612/panen", "desa/panen-612.html"),
        ("desa/panen-jagung", "desa/panen-jagung-1001.html"),
        ("2025/02/harga-cabai-naik", "2025/03/harga-cabai-naik"),
        ("2025/harga-cabai-naik", "2026/harga-cabai-naik"),
        ("2025/02/11/harga-cabai-naik", "harga-cabai-naik"),
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
        ("2026/03/10/9912", "9912"), ("2026/03/10/11/jalan", "11"), ("2026/3/5/jalan", None), ("2026/13/jalan", "13"),
        ("2026/03/45/jalan", "45"), ("2026/jalan", None), ("20260310/jalan", None), ("2026-03-10/jalan", None),
        ("2026-03/jalan", None), ("20260310123/jalan", "20260310123"), ("19991/jalan", "19991"), ("1899/jalan", "1899"),
        ("48213/2026/03/10/jalan", "48213"), ("48213/77/jalan", "77"), ("48213/amp", "48213"), ("48213.html", "48213"),
        ("1002-warga", "1002"), ("warga-1002", "1002"), ("1002-warga-7719034", "1002"),
        ("2024-warga-7719034", "7719034"),
        ("20240607-warga-7719034", "7719034"), ("warga-20245", "20245"), ("warga-20240607123", "20240607123"),
        ("warga-1002-menanam", None), ("warga1002", None), ("1002", "1002"), ("", None),
        ("lihat?a=5&id=7", "7"), ("lihat?id=x7&no=8", "8"), ("lihat?id=abc", None), ("lihat?q=55", None),
        ("lihat?nomorx=55", None), ("lihat?topik_id=55", None), ("lihat?a=b_id=7", None),
        ("lihat/9?p=55", "55"), ("lihat?id", None),
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


def test_a_canonical_that_lacks_the_s_of_the_https_that_answered_is_spelled_with_it() -> None:
    assert own("berita/61207/panen", HOME.replace("https:", "http:") + "berita/61207/panen-raya").url == (
        HOME + "berita/61207/panen-raya"
    )


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


@pytest.mark.parametrize("is_gone", [True, False])
def test_only_an_article_that_was_gone_stands_where_it_is_found_again(is_gone: bool, db: Database) -> None:
    number = put(db, "kanal/panen", title="Panen").article
    assert number is not None
    visits.ask_now(db, "contoh", number)
    if is_gone:
        revisions.missed(db, number, "2026-03-11T00:00:00Z", for_good=True)
    again = put(db, "arsip/panen", title="Panen")
    assert (again.outcome, again.article) == (Outcome.KNOWN, number)
    (row,) = db.query("SELECT url, page_url, gone_at, (SELECT count(*) FROM visits) AS visits FROM articles")
    stands = HOME + ("arsip/panen" if is_gone else "kanal/panen")
    assert row == {"url": stands, "page_url": None, "gone_at": None, "visits": 0 if is_gone else 1}


def test_a_story_goes_by_what_the_originals_own_page_says(db: Database) -> None:
    crawls.begin(db, replace(PORTAL, id="lain"), None, None)
    release = " ".join(f"{HARVEST} pada hari ke {day}" for day in range(12))
    copy = put(db, "salinan", release, title="Panen", published=at(240), named_url=HOME + "asli")
    put(db, "x", release, portal="lain", url="https://lain.example/x", page_url=None, published=at(100))
    assert db.execute("SELECT original FROM stories").fetchall() != [(copy.article,)]
    assert put(db, "asli", release, title="Panen").article == copy.article
    assert db.execute("SELECT original, first_at FROM stories").fetchall() == [(copy.article, "2026-03-10T05:00:00Z")]
    check_derived(db)


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


@pytest.mark.parametrize(
    ("title", "outcome"),
    [
        ("Warga adukan “Jumat Curhat” – lalu pulang", Outcome.KNOWN),  # another CMS, other marks
        ('WARGA ADUKAN "JUMAT CURHAT": LALU PULANG', Outcome.KNOWN),
        ('Warga adukan "Sabtu Curhat" - lalu pulang', Outcome.STORED),
        ('Warga adukan "Jumat Curhat" - lalu pulang lagi', Outcome.STORED),
    ],
)
def test_a_title_is_its_words_whatever_marks_a_new_cms_prints(title: str, outcome: Outcome, db: Database) -> None:
    put(db, "baca.php?id=7", title='Warga adukan "Jumat Curhat" - lalu pulang')
    assert put(db, "warga-adukan", title=title).outcome is outcome


@pytest.mark.parametrize(("first", "second", "one"), [
    (0, 12, True), (0, 12.1, False), (0, -12, True), (0, -12.6, False),
    (-11.5, 11.5, True),  # early and late on one day
    (-12.5, 11.5, False),
    (None, 240, True), (240, None, True),
])  # fmt: skip
def test_one_day_is_the_portals_own_or_half_a_day_apart(
    first: float | None, second: float | None, one: bool, db: Database
) -> None:
    day = [None if hours is None else at(hours) for hours in (first, second)]
    put(db, "a", title="Harga emas stabil", published=day[0])
    again = put(db, "b", title="Harga emas stabil", published=day[1])
    assert again.outcome is (Outcome.KNOWN if one else Outcome.STORED)


@pytest.mark.parametrize(("known", "claim", "one"), [
    ({"page_url": HOME + "satu"}, HOME + "satu", True),  # the archived article's own address
    ({"page_url": HOME + "satu", "named_url": HOME + "asli"}, HOME + "asli", True),  # both name a third
    ({"page_url": HOME + "baca/satu"}, HOME + "baca/satu", True),  # the page that was read of it
    ({"page_url": HOME + "satu"}, HOME + "lain", False), ({"page_url": HOME + "satu"}, None, False),
    ({"page_url": HOME + "satu", "named_url": HOME + "asli"}, None, False),
])  # fmt: skip
def test_of_one_text_on_two_days_those_are_one_article_that_name_the_same(
    known: dict[str, Any], claim: str | None, one: bool, db: Database
) -> None:
    put(db, "satu", title="Harga emas stabil", **known)
    put(db, "lain", BRIDGE, title="Lain")
    again = put(db, "dua", title="Harga emas stabil", published=at(240), named_url=claim)
    assert again.outcome is (Outcome.KNOWN if one else Outcome.STORED)


def test_a_new_article_is_no_archived_one(db: Database) -> None:
    put(db, "emas-0", title="Harga emas")
    new = an_article("emas-9", HARVEST, title="Harga emas", published=at(240))
    assert identity.find(db, new, url_key(new.url)) is None


def test_the_twin_of_the_same_day_is_found_among_those_of_other_days(db: Database) -> None:
    numbers = [put(db, f"emas-{day}", title="Harga emas", published=at(24 * day)).article for day in range(3)]
    for day, number in enumerate(numbers):
        assert put(db, f"salinan-{day}", title="Harga emas", published=at(24 * day + 1)).article == number


def repeat(db: Database, days: range, title: str) -> None:
    """Copy the first article, each copy two days after the other; `title` is SQL."""
    own = ("id", "url", "url_key", "title", "published_at", "published_local")
    names = ", ".join(row[1] for row in db.execute("PRAGMA table_info(articles)") if row[1] not in own)
    db.conn.executemany(
        f"INSERT INTO articles (url, url_key, title, published_at, published_local, {names})"
        f" SELECT url || :day, url_key || :day, {title}, strftime('%Y-%m-%dT%H:%M:%SZ', published_at, :later),"
        f" strftime('%Y-%m-%dT%H:%M:%S+07:00', substr(published_local, 1, 19), :later), {names} FROM articles"
        " WHERE id = 1",
        [{"day": day, "later": f"{48 * day} hours"} for day in days],
    )


def test_of_many_twins_a_hundred_are_compared(db: Database) -> None:
    put(db, "emas-0", title="Harga emas")
    repeat(db, range(1, 99), "title")
    assert put(db, "salinan", title="Harga emas", published=at(48 * 98)).outcome is Outcome.KNOWN
    repeat(db, range(99, 101), "title")
    assert put(db, "salinan-akhir", title="Harga emas", published=at(48 * 99)).outcome is Outcome.KNOWN
    assert put(db, "salinan-terakhir", title="Harga emas", published=at(48 * 100)).outcome is Outcome.STORED


def test_a_twin_of_the_same_headline_is_found_among_many_of_other_headlines(db: Database) -> None:
    put(db, "emas-0", title="Harga emas")
    repeat(db, range(1, 101), "'Kabar ' || :day")
    repeat(db, range(101, 102), "'HARGA EMAS'")
    last = put(db, "emas-9", title="HARGA EMAS", published=at(48 * 101))
    assert (last.outcome, last.article) == (Outcome.KNOWN, 102)


@pytest.mark.parametrize(("portal", "text", "settled"), [
    ("contoh", BRIDGE, "b"),  # disputed: each goes to its own address
    ("contoh", HARVEST, "topik"), ("lain", BRIDGE, "topik"),
])  # fmt: skip
def test_an_address_is_disputed_by_another_text_of_its_portal_alone(
    portal: str, text: str, settled: str, db: Database
) -> None:
    crawls.begin(db, replace(PORTAL, id=portal), None, None)
    put(db, "a", portal=portal, named_url=HOME + "topik")
    found = put(db, "b", text, url=HOME + "topik", title="Judul lain")
    assert found.outcome is Outcome.STORED
    assert settled in rows(db)


def test_a_disputed_address_is_left_to_the_page_that_has_it(db: Database) -> None:
    put(db, "a", named_url=HOME + "topik")
    assert put(db, "topik", BRIDGE).outcome is Outcome.STORED
    put(db, "c", "Kapal feri kandas di dermaga sejak subuh hari ini menurut syahbandar setempat.")
    assert set(rows(db)) == {"a", "topik", "c"}


def test_a_reprint_under_the_claimed_address_of_its_copy_changes_no_owner(db: Database) -> None:
    """Two pages claim one address with one text: they are one article, and neither is the original."""
    first = put(db, "a", url=HOME + "asli", author="Ani")
    again = put(db, "b", url=HOME + "asli", author="Budi")
    assert (again.outcome, again.article) == (Outcome.KNOWN, first.article)
    assert [(row["author"], row["page_url"]) for row in db.query("SELECT * FROM articles")] == [("Ani", HOME + "a")]


@pytest.mark.parametrize(("changes", "cause"), [
    ({"title": "Judul panen"}, Cause.KNOWN),  # its own visits see an edit
    ({"title": "Lain"}, Cause.EDITED), ({"title": "Lain", "portal": "lain"}, Cause.KNOWN),
])  # fmt: skip
def test_another_text_at_a_known_address_is_an_edit_where_the_headline_changed_too(
    changes: dict[str, Any], cause: Cause, db: Database
) -> None:
    crawls.begin(db, replace(PORTAL, id="lain"), None, None)
    put(db, "panen")
    again = put(db, "panen", BRIDGE, **changes)
    assert (again.outcome, again.cause) == (Outcome.KNOWN, cause)
    assert db["revisions"].count == (cause is Cause.EDITED)


@pytest.mark.parametrize(("day", "shared", "verdict"), [
    (0, 20, "original"), (0, 19, "shadowed"),  # half of 40 words
    (240, 40, "shadowed"),  # another day's
])  # fmt: skip
def test_a_claimed_address_is_taken_by_its_own_page_or_given_back(
    day: int, shared: int, verdict: str, db: Database
) -> None:
    words = [f"kata{n}" for n in range(40)]
    changed = words[:shared] + [f"lain{n}" for n in range(40 - shared)]
    first = put(db, "salinan", paragraphs=(" ".join(words),), url=HOME + "asli", text_hash="satu")
    own = put(db, "asli", paragraphs=(" ".join(changed),), text_hash="dua", published=at(day), author="Ani")
    assert own.outcome is Outcome.STORED
    assert (own.article == first.article) is (verdict == "original")
    assert set(rows(db)) == ({"asli"} if verdict == "original" else {"asli", "salinan"})
    assert db["revisions"].count == 0


@pytest.mark.parametrize(("shared", "follows"), [(20, True), (19, False)])
def test_an_article_follows_its_text_from_half_of_its_words(shared: int, follows: bool, db: Database) -> None:
    words = [f"kata{n}" for n in range(40)]
    changed = words[:shared] + [f"lain{n}" for n in range(40 - shared)]
    first = put(db, "panen", paragraphs=(" ".join(words),), text_hash="satu")
    look_again(db, first.article, "terkini", "", paragraphs=(" ".join(changed),), text_hash="dua", title="Lain")
    assert list(rows(db)) == ["terkini" if follows else "panen"]


@pytest.mark.parametrize("page_url", [None, HOME + "panen-raya"])
def test_only_a_page_that_answers_elsewhere_moves_an_article(page_url: str | None, db: Database) -> None:
    """A listing may name an article by an address that its page does not have."""
    first = put(db, "panen", title="Panen")
    look_again(db, first.article, "panen-raya", HARVEST, title="Panen", page_url=page_url)
    assert list(rows(db)) == ["panen" if page_url is None else "panen-raya"]


def test_an_article_that_takes_in_its_own_copy_keeps_all_that_both_had(db: Database) -> None:
    crawl = crawl_of(db)
    walk(db, crawl, [["panen", "panen-raya", "jembatan"]])
    ids = dict(db.execute("SELECT url, id FROM urls").fetchall())
    old = put(db, "panen", url_id=ids[HOME + "panen"], author="Ani", tags=("lama",))
    new = put(
        db, "panen-raya", HARVEST + " kemarin", url_id=ids[HOME + "panen-raya"], author="Budi", section="Tani",
        tags=("baru",), published=at(2), updated=at(3),
    )  # fmt: skip
    put(db, "jembatan", BRIDGE, url_id=ids[HOME + "jembatan"])
    put(db, "panen-raya", HARVEST + " lagi", revisits=new.article, author="Budi", tags=("baru",))  # an edit
    again = replace(
        an_article("panen-raya", HARVEST + " lagi", crawl_id=crawl), page_url=HOME + "panen-raya", revisits=old.article
    )
    seen = articles.store(db, again)
    assert (seen.cause, seen.article) == (Cause.EDITED, old.article)
    (row,) = db.query("SELECT * FROM articles WHERE id = ?", (old.article,))
    assert (row["url"], row["author"], row["section"]) == (HOME + "panen-raya", "Budi", "Tani")
    assert row["body"].startswith(HARVEST + " lagi")
    assert row["published_at"] == "2026-03-10T05:00:00Z", "it was out under its first address"
    texts = [
        row["body"].split("\n")[0] for row in db.query("SELECT body FROM revisions WHERE article = ?", (old.article,))
    ]
    assert sorted(texts) == [HARVEST, HARVEST + " kemarin"]
    outcomes = db.execute("SELECT outcome, cause, article FROM urls ORDER BY id").fetchall()
    assert outcomes[:2] == [("stored", None, old.article), ("known", "edited", old.article)]
    assert outcomes[2][0] == "stored"
    assert [tag for (tag,) in db.execute("SELECT tag FROM tags WHERE article = ?", (old.article,))] == ["baru"]
    assert db["visits"].count == 0
    check_derived(db)


def test_an_address_that_failed_stays_so_when_its_article_moves_into_another(db: Database) -> None:
    crawl = crawl_of(db)
    walk(db, crawl, [["panen", "panen-raya"]])
    ids = dict(db.execute("SELECT url, id FROM urls").fetchall())
    first = put(db, "panen", title="Panen", url_id=ids[HOME + "panen"])
    put(db, "panen-raya", title="Panen", url_id=ids[HOME + "panen-raya"])
    assert db["articles"].count == 1
    put(db, "panen-besar", title="Panen", published=at(240))
    db.execute("UPDATE urls SET outcome = 'gone', cause = 'gone', reason = 'HTTP 410', article = 2 WHERE id = 2")
    look_again(db, first.article, "panen-besar", HARVEST, title="Panen", published=at(240))
    assert db.execute("SELECT outcome, cause, reason, article FROM urls WHERE id = 2").fetchall() == [
        ("gone", "gone", "HTTP 410", first.article)
    ]
    assert db["revisions"].count == 0, "both have one text"


def test_an_address_that_is_taken_is_not_given_back_to(db: Database) -> None:
    """The page that an article was read of holds another article by now: it stays where it is."""
    put(db, "a", url=HOME + "asli")
    put(db, "a", BRIDGE, title="Lain")
    again = put(db, "asli", "Kapal feri kandas di dermaga sejak subuh hari ini menurut syahbandar setempat.")
    assert again.outcome is Outcome.KNOWN
    assert set(rows(db)) == {"a", "asli"}
    check_derived(db)


def test_the_original_of_a_story_is_chosen_anew_when_an_address_changes(db: Database) -> None:
    """Of copies that came out and were seen at the same moment the first by address is the original."""
    text = " ".join((HARVEST, BRIDGE, "demikian keterangan yang dihimpun di lapangan hingga sore hari ini"))
    crawls.begin(db, replace(PORTAL, id="lain"), None, None)
    middle = put(db, "m", text, portal="lain")
    copy = put(db, "z", text, url=HOME + "a").article
    assert db.execute("SELECT original FROM stories").fetchall() == [(copy,)]
    put(db, "a", "Kapal feri kandas di dermaga karena air surut sejak subuh menurut syahbandar setempat.")
    assert db.execute("SELECT original FROM stories").fetchall() == [(middle.article,)]
    check_derived(db)
    look_again(db, copy, "b", text, title="Judul z")
    assert set(rows(db)) == {"a", "b", "m"}
    assert db.execute("SELECT original FROM stories").fetchall() == [(copy,)]
    check_derived(db)


def test_a_copy_that_gives_its_address_back_names_it_still(db: Database) -> None:
    put(db, "salinan", BRIDGE, url=HOME + "air")
    put(db, "air")
    (row,) = db.query("SELECT url, page_url, named_url FROM articles WHERE title = 'Judul salinan'")
    assert row == {"url": HOME + "salinan", "page_url": None, "named_url": HOME + "air"}
    check_derived(db)


@pytest.mark.parametrize("forgotten", ["asli", "baca/asli"])
def test_what_was_taken_down_is_refused_by_its_own_address_and_by_its_pages(forgotten: str, db: Database) -> None:
    put(db, forgotten)
    forgetting.forget(db, forgetting.find(db, HOME + forgotten))
    again = put(db, "asli", BRIDGE, page_url=HOME + "baca/asli")
    assert (again.outcome, again.cause, again.final) == (Outcome.REFUSED, Cause.FORGOTTEN, True)
    assert put(db, "lain", BRIDGE).outcome is Outcome.STORED


def test_the_originals_own_page_leaves_first_sight_and_crawl_where_they_were(db: Database) -> None:
    copy = put(db, "salinan", url=HOME + "asli", title="Panen", fetched_at=NOON)
    (before,) = db.query("SELECT crawl, first_seen_at FROM articles")
    dates = (DateText(DateKind.PUBLISHED, DateSource.BYLINE, "10 Maret"),)
    own = put(db, "asli", title="Panen", fetched_at=NOON + timedelta(days=1), dates=dates)
    assert own.article == copy.article
    (after,) = db.query("SELECT crawl, first_seen_at, fetched_at FROM articles")
    assert {name: after[name] for name in before} == before
    assert after["fetched_at"] == "2026-03-11T05:00:00Z"
    assert [text for (text,) in db.execute("SELECT text FROM dates")] == ["10 Maret"]
    check_derived(db)


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


def test_an_article_at_a_known_address_is_compared_with_what_is_there_and_not_with_its_twin(db: Database) -> None:
    first = put(db, "a")
    put(db, "b", BRIDGE, title="Jembatan")
    again = put(db, "a", BRIDGE, title="Jembatan")
    assert (again.cause, again.article) == (Cause.EDITED, first.article)
    assert rows(db) == {"a": "Jembatan", "b": "Jembatan"}


# ---------------------------------------------------------------------- moves


def look_again(db: Database, article: int | None, name: str, text: str, **changes: Any) -> Settlement:
    return put(db, name, text, revisits=article, **changes)


_RELEASE = """
    INSERT INTO releases (
        name, title, body, released_at, released_local, released_precision, portal, article, text_hash, method, added_at
    ) VALUES ('x', 'x', 'x', '2026-03-10', '2026-03-10', 'day', 'contoh', ?, 'x', 0, '2026-03-10')
"""


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
        other = put(db, new, text, title=title, url_id=url_id, tags=("baru",))
        db.execute(_RELEASE, (other.article,))
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
        assert db.execute("SELECT article FROM releases").fetchall() == [(first.article,)]
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


@pytest.mark.parametrize(("changes", "asked"), [
    ({"published": at(24)}, True), ({"published": at(24.1)}, False), ({"published": at(-24)}, True),
    ({"published": at(-24.1)}, False), ({"title": "Kabar lain dari dermaga"}, False), ({"portal": "lain"}, False),
])  # fmt: skip
def test_an_older_article_is_suspected_by_a_copy_of_its_portal_and_headline_within_a_day(
    changes: dict[str, Any], asked: bool, db: Database
) -> None:
    crawls.begin(db, replace(PORTAL, id="lain"), None, None)
    text = " ".join((HARVEST, BRIDGE, "demikian keterangan yang dihimpun di lapangan hingga sore hari ini"))
    first = put(db, "panen", text, title="Panen jagung di desa")
    put(db, "panen-raya", text + " kemarin", **{"title": "Panen jagung di desa lagi", **changes})
    assert db.execute("SELECT article FROM visits").fetchall() == ([(first.article,)] if asked else [])
