"""Edits and removals: what an edit writes and what it leaves, what is the same article, what is gone."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from kwri_crawler import clock
from kwri_crawler.archive import articles, crawls, ledger, revisions, visits
from kwri_crawler.causes import Cause
from kwri_crawler.items import Article, DateKind, DateSource, DateText, EventDate, Link, Moment, Outcome, Precision
from tests.archives import HOME, PORTAL, an_article, check_derived, crawl_of, new_archive, walk

NOON = datetime(2024, 6, 27, 5, 0, tzinfo=UTC)
FULL: dict[str, Any] = {
    "subtitle": "Anak judul", "author": "Dewi Lestari", "editor": "Budi", "source": "Antara", "section": "Daerah",
    "lead": "Ringkasan.", "image_url": HOME + "a.jpg", "image_caption": "Pasar.", "image_credit": "Sari",
    "links": (Link(HOME + "b", "kalimat"),),
    "evidence": (("title", "json-ld headline"), ("body", "selector div.isi p")),
    "language": "id",
    "dateline": "Ngawi",
}  # fmt: skip


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new_archive(tmp_path / "a.sqlite")


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    clock.set_clock(NOON.isoformat())
    yield
    clock.set_clock("")


def moment(hours: float, text: str = "x") -> Moment:
    at = NOON + timedelta(hours=hours)
    return Moment(at, at, Precision.MINUTE, text)


def stored(db: Database, **changes: object) -> tuple[Article, int]:
    """Store an article with all its fields; return it and its row."""
    article = an_article("a", crawl_id=crawl_of(db), published=moment(0, "Terbit"), **{**FULL, **changes})
    settlement = articles.store(db, article)
    assert settlement.article is not None
    visits.ask_now(db, PORTAL.id, settlement.article)
    return article, settlement.article


def row_of(db: Database) -> dict[str, Any]:
    (row,) = db.query("SELECT * FROM articles")
    return row


def edited(article: Article, number: int, **changes: object) -> Article:
    again = replace(article, paragraphs=("Teks yang baru.",), text_hash="new", revisits=number)
    return replace(again, **changes)  # type: ignore[arg-type]


def test_an_edit_writes_what_the_new_reading_says(db: Database) -> None:
    article, number = stored(db)
    changes: dict[str, Any] = {
        "title": "Judul baru", "author": "Rina", "section": "Kota", "image_url": HOME + "b.jpg", "lead": "Lain.",
        "tags": ("pasar",), "word_count": 3,
    }  # fmt: skip
    found = articles.store(db, edited(article, number, **changes))
    assert (found.outcome, found.article, found.cause) == (Outcome.KNOWN, number, Cause.EDITED)
    assert found.reason is not None
    assert found.reason.startswith("edited")
    row = row_of(db)
    assert {name: row[name] for name in changes if name != "tags"} == {
        name: value for name, value in changes.items() if name != "tags"
    }
    assert (row["body"], row["text_hash"]) == ("Teks yang baru.", "new")
    assert [tag for (tag,) in db.conn.execute("SELECT tag FROM tags")] == ["pasar"]


def test_an_edit_erases_nothing_that_the_new_reading_does_not_say(db: Database) -> None:
    article, number = stored(db)
    before = row_of(db)
    silent: dict[str, Any] = {name: () if isinstance(value, tuple) else None for name, value in FULL.items()}
    articles.store(db, edited(article, number, tags=(), **silent))
    after = row_of(db)
    assert after["body"] != before["body"]
    assert {name: after[name] for name in (*FULL, "reader")} == {name: before[name] for name in (*FULL, "reader")}
    assert {tag for (tag,) in db.conn.execute("SELECT tag FROM tags")} == {"polisi", "surabaya"}


def test_an_edit_leaves_publication_address_and_crawl_where_they_were(db: Database) -> None:
    article, number = stored(db)
    before = row_of(db)
    moved = edited(
        article, number, published=moment(5, "Diperbarui"), url=HOME + "a?utm_source=wa", crawl_id=crawl_of(db),
        updated=moment(5), fetched_at=NOON + timedelta(hours=9),
    )  # fmt: skip
    articles.store(db, moved)
    after = row_of(db)
    stays = [name for name in before if name.startswith("published_")]
    stays += ["portal", "url", "url_key", "crawl", "first_seen_at", "out_at", "id"]
    assert {name: after[name] for name in stays} == {name: before[name] for name in stays}
    assert (before["updated_at"], after["updated_at"]) == (None, "2024-06-27T10:00:00Z")
    assert after["fetched_at"] == "2024-06-27T14:00:00Z"


def test_an_undated_reading_of_an_edit_takes_no_date_away(db: Database) -> None:
    article, number = stored(db, updated=moment(1))
    articles.store(db, edited(article, number, published=None, published_reason="no date", updated=None))
    row = row_of(db)
    assert (row["published_at"], row["updated_at"]) == ("2024-06-27T05:00:00Z", "2024-06-27T06:00:00Z")
    assert row["published_reason"] is None


def test_the_replaced_text_is_kept_with_how_much_of_it_changed(db: Database) -> None:
    article, number = stored(db, paragraphs=("satu dua tiga empat",), text_hash="old")
    crawl = crawl_of(db)
    fetched_at = NOON + timedelta(days=2)
    articles.store(
        db, edited(article, number, paragraphs=("satu dua tiga lima",), crawl_id=crawl, fetched_at=fetched_at)
    )
    (row,) = db.query("SELECT * FROM revisions")
    kept = [row[name] for name in ("article", "title", "body", "text_hash", "words_changed", "crawl")]
    assert kept == [number, "Judul a", "satu dua tiga empat", "old", 0.25, crawl]
    assert (row["fetched_at"], row["replaced_at"]) == ("2024-06-28T01:00:00Z", "2024-06-29T05:00:00Z")
    first, last = revisions.history(db, article.url)
    assert (first.body, first.words_changed, last.body, last.replaced_at) == (
        "satu dua tiga empat", 0.25, "satu dua tiga lima", None
    )  # fmt: skip
    assert list(revisions.difference(first, last)) == ["- satu dua tiga empat", "+ satu dua tiga lima"]
    assert revisions.history(db, HOME + "nirgends") == ()


@pytest.mark.parametrize(
    ("old", "new", "share"),
    [("a b c d", "a b c d", 0), ("a b c d", "e f g h", 1), ("a b c d", "a b c", 1 - 6 / 7), ("", "", 0), ("a", "", 1)],
)
def test_words_changed_is_the_share_that_stands_in_one_text_only(old: str, new: str, share: float) -> None:
    assert revisions.words_changed(old, new) == pytest.approx(share)


def test_an_edit_of_a_few_words_in_a_long_text_is_told_by_its_words() -> None:
    """Words that stand often in a long text count as all others."""
    words = ["kata" if n % 2 else str(n) for n in range(400)]
    assert revisions.words_changed(" ".join(words), " ".join([*words, "lagi"])) == pytest.approx(1 / 801)
    others = ["kata" if n % 2 else f"lain{n}" for n in range(400)]
    assert revisions.words_changed(" ".join(words), " ".join(others)) == pytest.approx(1 / 2)


def test_how_much_was_changed_is_kept_to_a_hundredth_of_a_percent(db: Database) -> None:
    article, number = stored(db, paragraphs=(" ".join(map(str, range(3))),))
    articles.store(db, edited(article, number, paragraphs=(" ".join(map(str, range(4))),)))
    (row,) = db.query("SELECT words_changed FROM revisions")
    assert row["words_changed"] == round(1 / 7, 4)


def test_a_changed_headline_is_an_edit_only_where_the_same_reader_read_it(db: Database) -> None:
    article, number = stored(db)
    told = replace(article, title="Judul lain", reader="wordpress-api", revisits=number)
    assert articles.store(db, told).reason == revisions.SAME, "an API spells a headline otherwise than the page"
    assert articles.store(db, replace(article, title="Judul lain", revisits=number)).reason != revisions.SAME
    assert row_of(db)["title"] == "Judul lain"


def test_a_reading_that_changes_nothing_is_known_and_not_edited(db: Database) -> None:
    article, number = stored(db)
    found = articles.store(db, replace(article, revisits=number))
    assert (found.outcome, found.cause, found.reason) == (Outcome.KNOWN, Cause.KNOWN, revisions.SAME)
    assert db["revisions"].count == 0


def test_after_an_edit_that_a_feed_told_its_page_is_seen_for_the_first_time_again(db: Database) -> None:
    article, number = stored(db, reader="feed")
    page = replace(article, reader="general", text_hash="page", revisits=number)
    assert articles.store(db, page).reason == revisions.SAME
    assert articles.store(db, edited(article, number)).cause is Cause.EDITED
    assert articles.store(db, replace(page, text_hash="page of the edit")).reason == revisions.SAME
    assert db["revisions"].count == 1


def test_what_answers_under_another_address_is_not_taken_for_an_edit(db: Database) -> None:
    article, number = stored(db)
    found = articles.store(db, edited(article, number, url=HOME + "indeks"))
    assert found.reason == f"it answers as {HOME}indeks now"
    assert db["revisions"].count == 0
    assert row_of(db)["body"] == "\n\n".join(article.paragraphs)


def test_an_edit_that_a_feed_tells_under_an_address_that_redirects_is_taken(db: Database) -> None:
    crawl = crawl_of(db)
    walk(db, crawl, [["a"]])
    (due,) = ledger.take_due(db, PORTAL.id, crawl, 1, None)
    page = an_article("2024/a", crawl_id=crawl, url_id=due.id, published=moment(0, "Terbit"))
    number = articles.store(db, page).article
    assert number is not None
    told = edited(page, number, url=HOME + "a", reader="blogger-feed", page_url=None)
    assert articles.store(db, told).cause is Cause.EDITED
    assert (row_of(db)["body"], row_of(db)["url"]) == ("Teks yang baru.", HOME + "2024/a")


def test_an_edit_writes_its_dates_anew_but_for_publication(db: Database) -> None:
    printed = (
        DateText(DateKind.PUBLISHED, DateSource.BYLINE, "27 Juni"), DateText(DateKind.UPDATED, DateSource.META, "lama"),
    )  # fmt: skip
    article, number = stored(db, dates=printed)
    again = (
        DateText(DateKind.PUBLISHED, DateSource.BYLINE, "30 Juni"), DateText(DateKind.UPDATED, DateSource.META, "baru"),
    )  # fmt: skip
    articles.store(db, edited(article, number, dates=again, event_dates=(EventDate("2024-06-30", ()),)))
    rows = db.execute("SELECT kind, text FROM dates WHERE article = ? ORDER BY position", (number,)).fetchall()
    assert rows == [("published", "27 Juni"), ("updated", "baru")]
    assert [row["day"] for row in db.query("SELECT day FROM event_dates")] == ["2024-06-30"]


PRESS = " ".join(f"warga desa menanam pohon ke {n} di tepi sungai bersama penyuluh" for n in range(12))


def test_an_edit_moves_its_article_into_the_story_whose_text_it_has_now(db: Database) -> None:
    crawl = crawls.begin(db, replace(PORTAL, id="lain"), None, None)
    other = an_article("x", PRESS, portal="lain", url="https://lain.example/x", crawl_id=crawl, published=moment(0))
    articles.store(db, other)
    article, number = stored(db)
    articles.store(db, edited(article, number, paragraphs=(PRESS,)))
    assert db.execute("SELECT count(story) FROM articles").fetchone() == (2,)
    check_derived(db)
    visits.ask_now(db, PORTAL.id, number)
    articles.store(db, edited(article, number, paragraphs=("Sama sekali lain.",), text_hash="third"))
    assert db.execute("SELECT count(story) FROM articles").fetchone() == (0,)
    check_derived(db)


# ---------------------------------------------------------------------- what is the same article


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"url": HOME + "b"}, Outcome.KNOWN),  # one portal, one headline, one text
        ({"url": HOME + "b", "title": "Judul lain"}, Outcome.STORED),
        ({"url": HOME + "b", "text_hash": "other"}, Outcome.STORED),
        ({"url": "https://lain.example/b", "portal": "lain"}, Outcome.STORED),  # a verbatim copy is another article
        ({"title": "Judul lain", "text_hash": "other", "portal": "lain"}, Outcome.KNOWN),  # the address decides
    ],
)
def test_an_article_is_known_by_its_address_or_by_portal_headline_and_text(
    changes: dict[str, Any], outcome: Outcome, db: Database
) -> None:
    article, number = stored(db)
    crawls.begin(db, replace(PORTAL, id="lain"), None, None)
    found = articles.store(db, replace(article, **changes))
    assert found.outcome is outcome
    assert (found.article == number) is (outcome is Outcome.KNOWN)
    if outcome is Outcome.KNOWN:
        assert article.url in (found.reason or "")


def test_an_address_is_settled_with_its_article_both_or_neither(db: Database) -> None:
    crawl = crawl_of(db)
    walk(db, crawl, [["a", "b"]])
    a, b = ledger.take_due(db, PORTAL.id, crawl, 10, None)
    first = articles.store(db, an_article("a", crawl_id=crawl, url_id=a.id))
    again = articles.store(db, an_article("b", crawl_id=crawl, url_id=b.id, title="Judul a"))
    assert [first.outcome, again.outcome] == [Outcome.STORED, Outcome.KNOWN]
    settled = db.conn.execute("SELECT outcome, article, settled_crawl FROM urls ORDER BY id").fetchall()
    assert settled == [("stored", first.article, crawl), ("known", first.article, crawl)]
    broken = an_article("c", "Lain.", crawl_id=crawl, url_id=b.id, reader=None)
    db.execute("SAVEPOINT one")
    with pytest.raises(sqlite3.IntegrityError):
        articles.store(db, broken)
    db.execute("ROLLBACK TO one")
    assert db.conn.execute("SELECT outcome FROM urls WHERE id = ?", (b.id,)).fetchone() == ("known",)


def test_an_article_was_first_seen_when_a_listing_named_it(db: Database) -> None:
    crawl = crawl_of(db)
    walk(db, crawl, [["a"]])
    (due,) = ledger.take_due(db, PORTAL.id, crawl, 10, None)
    later = NOON + timedelta(days=3)
    articles.store(db, an_article("a", crawl_id=crawl, url_id=due.id, fetched_at=later))
    articles.store(db, an_article("b", "Lain.", crawl_id=crawl, fetched_at=later))
    seen = [at for (at,) in db.conn.execute("SELECT first_seen_at FROM articles ORDER BY id")]
    assert seen == ["2024-06-27T05:00:00Z", "2024-06-30T05:00:00Z"]


def test_a_bare_article_has_nulls_and_no_rows_elsewhere(db: Database) -> None:
    articles.store(db, an_article("a", crawl_id=crawl_of(db), tags=(), dates=()))
    row = row_of(db)
    assert {name for name in FULL if row[name] is not None} == set()
    assert (row["links"], row["evidence"], db["tags"].count, db["dates"].count) == (None, None, 0, 0)


def test_an_articles_row_holds_all_that_it_says_and_the_tables_columns(db: Database) -> None:
    article, number = stored(
        db, url=HOME + "asli", page_url=HOME + "baca/a", named_url=HOME + "lain", access="paywall",
        paragraphs=("Satu.", "Dua.", "Tiga."), marks=(("Dua.", "h2"),), amp_url=HOME + "amp", print_url=HOME + "cetak",
        word_count=3, updated=moment(1), reader="varient", links=(Link(HOME + "b", "kafé"),),
    )  # fmt: skip
    row = row_of(db)
    assert tuple(row) == articles.column_names()
    assert row == {
        "id": number, "portal": "contoh", "url": HOME + "asli", "url_key": "contoh.example/asli",
        "page_url": HOME + "baca/a", "named_url": HOME + "lain", "title": "Judul a", "subtitle": "Anak judul",
        "author": "Dewi Lestari", "editor": "Budi", "source": "Antara", "section": "Daerah",
        "published_at": "2024-06-27T05:00:00Z", "published_local": "2024-06-27T05:00:00+00:00",
        "published_precision": "minute", "published_text": "Terbit", "published_source": None, "published_flags": None,
        "published_reason": None, "updated_at": "2024-06-27T06:00:00Z", "updated_local": "2024-06-27T06:00:00+00:00",
        "dateline": "Ngawi", "lead": "Ringkasan.", "body": "Satu.\n\nDua.\n\nTiga.", "image_url": HOME + "a.jpg",
        "image_caption": "Pasar.", "image_credit": "Sari", "access": "paywall", "marks": '[[1,"h2"]]',
        "amp_url": HOME + "amp", "print_url": HOME + "cetak", "links": f'[["{HOME}b","kafé"]]',
        "evidence": '{"title":"json-ld","body":"selector"}', "word_count": 3, "language": "id", "reader": "varient",
        "text_hash": article.text_hash, "fetched_at": "2024-06-28T01:00:00Z", "crawl": article.crawl_id,
        "first_seen_at": "2024-06-28T01:00:00Z", "out_at": "2024-06-27T05:00:00Z", "local_day": "2024-06-27",
        "story": None, "gone_at": None,
    }  # fmt: skip


@pytest.mark.parametrize(("page_url", "kept"), [
    (None, None), (HOME + "a", None), (HOME + "a?utm_source=wa", None), (HOME + "a/amp", None),
    (HOME + "baca/a", HOME + "baca/a"),
])  # fmt: skip
def test_the_page_that_was_read_is_named_where_its_address_is_another(
    page_url: str | None, kept: str | None, db: Database
) -> None:
    stored(db, page_url=page_url)
    assert row_of(db)["page_url"] == kept


@pytest.mark.parametrize("marks", [(), (("Bukan di sini.", "h2"),)])
def test_a_text_of_plain_paragraphs_has_no_marks(marks: tuple[tuple[str, str], ...], db: Database) -> None:
    stored(db, marks=marks)
    assert row_of(db)["marks"] is None


def test_a_row_has_the_key_of_its_address_whoever_made_it() -> None:
    article = an_article("Kabar-Kota/a?utm_source=wa")
    assert articles.columns(article)["url_key"] == articles.columns(article, "contoh.example/kabar-kota/a")["url_key"]
    assert articles.columns(article)["url_key"] == "contoh.example/kabar-kota/a"


def test_portals_of_some_articles_are_counted(db: Database) -> None:
    numbers = [stored(db)[1]]
    crawls.begin(db, replace(PORTAL, id="lain"), None, None)
    for name in ("x", "y", "z"):
        changes = {"portal": "lain", "url": f"https://lain.example/{name}", "text_hash": name}
        numbers.append(stored(db, **changes)[1])
    assert articles.portals_of(db, numbers[:3]) == {"contoh": 1, "lain": 2}
    assert articles.portals_of(db, ()) == {}


def test_links_and_evidence_are_json_and_a_tag_is_kept_once(db: Database) -> None:
    stored(db, tags=("pasar", "pasar", "kota"))
    row = row_of(db)
    assert row["links"] == f'[["{HOME}b","kalimat"]]'
    assert row["evidence"] == '{"title":"json-ld","body":"selector"}'
    assert [tag for (tag,) in db.conn.execute("SELECT tag FROM tags ORDER BY tag")] == ["kota", "pasar"]


# ---------------------------------------------------------------------- what is gone


@pytest.mark.parametrize(("for_good", "first"), [(False, Outcome.KNOWN), (True, Outcome.GONE)], ids=["404", "410"])
def test_an_article_is_gone_when_missed_twice_or_once_for_good(for_good: bool, first: Outcome, db: Database) -> None:
    _, number = stored(db)
    assert revisions.missed(db, number, "2024-06-28T00:00:00Z", for_good=for_good) is first
    assert row_of(db)["gone_at"] == ("2024-06-28T00:00:00Z" if for_good else None)
    assert revisions.missed(db, number, "2024-06-29T00:00:00Z", for_good=False) is Outcome.GONE
    assert row_of(db)["gone_at"] == ("2024-06-28T00:00:00Z" if for_good else "2024-06-29T00:00:00Z")
    (visit,) = db.query("SELECT missed_at, next_at FROM visits")
    assert tuple(visit.values()) == (
        "2024-06-28T00:00:00Z",
        "2024-07-05T00:00:00Z" if for_good else "2024-06-30T00:00:00Z",
    )
    assert row_of(db)["body"], "what is gone stays"


@pytest.mark.parametrize("there", [False, True], ids=["not found", "a page that is no article"])
def test_what_is_gone_is_looked_for_four_times_more_and_then_left_alone(there: bool, db: Database) -> None:
    _, number = stored(db)
    revisions.missed(db, number, "2024-06-27T05:00:00Z", for_good=True)
    asked: list[str] = []
    for _ in range(8):
        (row,) = db.query("SELECT next_at FROM visits")
        if row["next_at"] is None:
            break
        clock.set_clock(row["next_at"])
        (due,) = visits.take(db, PORTAL.id, crawl_of(db), 10)
        visits.done(db, number, (1.0,), None, None, there=there)
        if not there and revisions.missed(db, number, clock.now_text(), for_good=False) is Outcome.KNOWN:
            continue
        asked.append(row["next_at"])
        assert due.revisits == number
    assert asked == ["2024-06-28T05:00:00Z", "2024-07-04T05:00:00Z", "2024-07-27T05:00:00Z", "2024-12-24T05:00:00Z"]
    assert row_of(db)["gone_at"] == "2024-06-27T05:00:00Z"


@pytest.mark.parametrize(
    ("found", "newer"),
    [
        ([("a", Outcome.STORED)], None),
        ([("a", Outcome.STORED), ("b", Outcome.KNOWN)], "b"),
        ([("a", Outcome.STORED), ("b", Outcome.STORED), ("c", Outcome.KNOWN)], "c"),
        ([("b", Outcome.KNOWN), ("a", Outcome.STORED)], None),  # an older one
        ([("a", Outcome.STORED), ("b", Outcome.GONE)], None),
        ([("b", Outcome.KNOWN)], "b"),  # its own was never listed
    ],
)
def test_an_article_that_has_a_newer_address_is_gone_only_where_it_is_missing_there(
    found: list[tuple[str, Outcome]], newer: str | None, db: Database
) -> None:
    _, number = stored(db)
    walk(db, crawl_of(db), [[name for name, _ in found]])
    for name, outcome in found:
        db.execute("UPDATE urls SET outcome = ?, article = ? WHERE url = ?", (outcome, number, HOME + name))
    assert revisions.newer_address(db, number) == (newer and HOME + newer)
    if newer is not None:
        for url in (None, HOME + "a"):
            assert revisions.missed(db, number, clock.now_text(), for_good=True, url=url) is Outcome.KNOWN
        newer = HOME + newer + "/?utm_source=x"
    assert revisions.missed(db, number, clock.now_text(), for_good=True, url=newer) is Outcome.GONE


def test_a_page_that_comes_back_in_between_must_be_missed_twice_again(db: Database) -> None:
    _, number = stored(db)
    for there in (False, True, False):
        if not there:
            assert revisions.missed(db, number, clock.now_text(), for_good=False) is Outcome.KNOWN
        visits.done(db, number, (1.0, 100.0), None, None, there=there)
    assert row_of(db)["gone_at"] is None


def test_an_article_that_comes_back_is_no_longer_gone(db: Database) -> None:
    article, number = stored(db)
    revisions.missed(db, number, "2024-06-28T00:00:00Z", for_good=True)
    assert articles.store(db, replace(article, revisits=number)).reason == revisions.SAME
    assert row_of(db)["gone_at"] is None


def test_a_missed_page_is_asked_for_again_within_the_hour_and_one_that_is_there_by_its_schedule(db: Database) -> None:
    _, number = stored(db)
    visits.done(db, number, (0.5, 48.0), '"tag"', "Thu, 27 Jun 2024", there=False)
    (row,) = db.query("SELECT visited_at, next_at, etag, last_modified FROM visits")
    assert tuple(row.values()) == ("2024-06-27T05:00:00Z", "2024-06-27T05:30:00Z", '"tag"', "Thu, 27 Jun 2024")
    visits.done(db, number, (24.0, 48.0), None, None, there=False)
    (row,) = db.query("SELECT next_at, etag, last_modified FROM visits")
    assert tuple(row.values()) == ("2024-06-27T06:00:00Z", '"tag"', "Thu, 27 Jun 2024")
    visits.done(db, number, (24.0, 48.0), None, None, there=True)
    (row,) = db.query("SELECT next_at FROM visits")
    assert row["next_at"] == "2024-06-28T05:00:00Z"


# ---------------------------------------------------------------------- the neighbours


def rows_about(db: Database, number: int) -> dict[str, list[Any]]:
    """Return all rows that hang on an article."""
    rows = {"articles": db.execute("SELECT * FROM articles WHERE id = ?", (number,)).fetchall()}
    for table in ("urls", "tags", "dates", "event_dates", "revisions", "visits"):
        rows[table] = db.execute(f"SELECT * FROM {table} WHERE article = ?", (number,)).fetchall()
    return rows


def test_whatever_is_done_to_one_article_leaves_its_neighbours_as_they_were(db: Database) -> None:
    crawl = crawl_of(db)
    walk(db, crawl, [["a", "b", "c", "hilang"]])
    ids = {url: number for number, url in db.execute("SELECT id, url FROM urls").fetchall()}
    articles_of: dict[str, tuple[Article, int]] = {}
    for name in ("a", "b", "c", "hilang"):
        changes = {
            "title": f"Judul {name}",
            "text_hash": name,
            "dates": (DateText(DateKind.UPDATED, DateSource.META, name),),
        }
        new = an_article(name, f"Teks {name}.", crawl_id=crawl, url_id=ids[HOME + name], **changes)
        articles_of[name] = (new, articles.store(db, new).article or 0)
        visits.ask_now(db, PORTAL.id, articles_of[name][1])
        again = replace(new, text_hash=name + "2", paragraphs=(f"Teks {name} lagi.",), revisits=articles_of[name][1])
        articles.store(db, again)
        db.execute("UPDATE visits SET page_hash = ?, missed_at = 'x'", (name,))
    gone = articles_of["hilang"][1]
    revisions.missed(db, gone, "2024-06-28T00:00:00Z", for_good=True)
    neighbours = (articles_of["b"][1], gone)
    before = [rows_about(db, number) for number in neighbours]
    article, number = articles_of["a"]
    articles.store(db, edited(article, number))  # an edit
    articles.store(db, edited(article, number, reader="general", text_hash="page"))  # its page beside its listing
    revisions.missed(db, number, "2024-06-29T00:00:00Z", for_good=False)
    articles.store(db, edited(article, number, page_url=HOME + "a-pindah", url=HOME + "a-pindah"))  # a move
    other = articles_of["c"][0]
    articles.store(db, edited(article, number, title=other.title, page_url=HOME + "c", url=HOME + "c"))  # into another
    copy = an_article("salinan", "Sama.", crawl_id=crawl, url=HOME + "asli", page_url=HOME + "salinan", title="Asli")
    articles.store(db, copy)
    articles.store(db, replace(copy, page_url=HOME + "asli"))  # the original's own page
    articles.store(db, an_article("penyusup", "Lain.", crawl_id=crawl, url=HOME + "d", page_url=HOME + "penyusup"))
    articles.store(db, an_article("d", PRESS, crawl_id=crawl, page_url=HOME + "d"))  # it gives the address back
    assert db["articles"].count == 6
    assert [rows_about(db, number) for number in neighbours] == before
    check_derived(db)
