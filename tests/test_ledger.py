"""The ledger: one outcome an address, tried again after fixed delays and so many times, its books closed by crawl."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from kwri_crawler import clock
from kwri_crawler.archive import articles, crawls, health, ledger, listings
from kwri_crawler.archive.crawls import Lost
from kwri_crawler.archive.ledger import Settlement
from kwri_crawler.causes import Cause
from kwri_crawler.health import Word, judge_all
from kwri_crawler.items import Outcome
from kwri_crawler.web.addresses import url_key
from tests.archives import FEED, HOME, INDEX, PORTAL, an_article, crawl_of, listed, new_archive, outcomes, walk

AT = datetime(2024, 2, 28, 6, 0, tzinfo=UTC)  # 2024 has a 29 February
H, D = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new_archive(tmp_path / "a.sqlite")


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    clock.set_clock(AT.isoformat())
    yield
    clock.set_clock("")


def at(moment: datetime) -> None:
    clock.set_clock((moment + timedelta(seconds=0.5)).isoformat())  # the clock goes on while the test runs


def due_in(db: Database, count: int = 10, since: datetime | None = None, before: datetime | None = None) -> list[str]:
    """Return what a new crawl would ask for."""
    taken = ledger.take_due(db, PORTAL.id, crawl_of(db), count, since, before)
    return [due.url.removeprefix(HOME) for due in taken]


SETTLED = {
    Outcome.FAILED: [timedelta(0), 1 * H, 6 * H, 1 * D, 3 * D, 10 * D, 10 * D],
    Outcome.UNREADABLE: [1 * D, 10 * D],
    Outcome.GONE: [1 * D],
    Outcome.REFUSED: [10 * D, 30 * D],
    Outcome.STORED: [],
    Outcome.KNOWN: [],
}


@pytest.mark.parametrize("outcome", SETTLED, ids=str)
def test_an_address_is_tried_again_after_these_delays_and_then_never(outcome: Outcome, db: Database) -> None:
    crawl = crawl_of(db)
    walk(db, crawl, [["a"]])
    (due,) = ledger.take_due(db, PORTAL.id, crawl, 10, None)
    moment = AT
    for number, delay in enumerate(SETTLED[outcome], 1):
        at(moment)
        ledger.settle(db, due.id, crawl, Settlement(outcome, "x"))
        if delay:
            at(moment + delay - timedelta(seconds=2))
            assert due_in(db) == [], f"try {number + 1} comes too early"
        moment += delay + timedelta(seconds=2)
        at(moment)
        assert due_in(db) == ["a"], f"try {number + 1} never comes"
    ledger.settle(db, due.id, crawl, Settlement(outcome, "x"))
    (row,) = db.query("SELECT tries, next_try_at FROM urls")
    assert row == {"tries": len(SETTLED[outcome]) + 1, "next_try_at": None}
    at(moment + 1000 * D)
    assert due_in(db) == []


def test_every_outcome_has_its_delays() -> None:
    assert set(SETTLED) | {Outcome.PENDING} == set(Outcome)
    kept = {outcome: delays for outcome, delays in SETTLED.items() if delays}
    assert {of: [timedelta(days=days) for days in delays] for of, delays in ledger.TRY_AGAIN_DAYS.items()} == kept


def test_a_404_is_believed_only_when_it_was_seen_twice_and_a_410_at_once(db: Database) -> None:
    crawl = crawl_of(db)
    walk(db, crawl, [["a", "b"]])
    missing, gone = ledger.take_due(db, PORTAL.id, crawl, 10, None)
    ledger.settle(db, missing.id, crawl, Settlement(Outcome.GONE, "HTTP 404", 404))
    ledger.settle(db, gone.id, crawl, Settlement(Outcome.GONE, "HTTP 410", 410, final=True))
    at(AT + D + 2 * timedelta(seconds=1))
    second = crawl_of(db)
    assert [due.id for due in ledger.take_due(db, PORTAL.id, second, 10, None)] == [missing.id]
    ledger.settle(db, missing.id, second, Settlement(Outcome.GONE, "HTTP 404", 404))
    at(AT + 1000 * D)
    assert due_in(db) == []
    assert outcomes(db) == {"a": "gone", "b": "gone"}


def test_an_address_comes_back_when_the_portal_itself_says_when(db: Database) -> None:
    crawl = crawl_of(db)
    walk(db, crawl, [["a"]])
    (due,) = ledger.take_due(db, PORTAL.id, crawl, 10, None)
    back = Settlement(Outcome.FAILED, "HTTP 503", 503, final=True, next_try_at=AT + 3 * H)
    ledger.settle(db, due.id, crawl, back)
    at(AT + 3 * H - timedelta(seconds=2))
    assert due_in(db) == []
    at(AT + 3 * H + timedelta(seconds=2))
    assert due_in(db) == ["a"]


def test_an_address_is_settled_in_its_crawl_with_status_and_reason(db: Database) -> None:
    crawl = crawl_of(db)
    walk(db, crawl, [["a"]])
    (due,) = ledger.take_due(db, PORTAL.id, crawl, 10, None)
    assert (due.listing_kind, due.key, due.revisits) == ("index", due.id, None)
    ledger.settle(db, due.id, crawl, Settlement(Outcome.UNREADABLE, "no body", 200))
    (row,) = db.query("SELECT outcome, reason, status, settled_crawl, tries, article FROM urls")
    assert tuple(row.values()) == ("unreadable", "no body", 200, crawl, 1, None)
    ledger.settle(db, due.id, crawl, Settlement(Outcome.PENDING, "the crawl ended"))
    (row,) = db.query("SELECT outcome, settled_crawl FROM urls")
    assert tuple(row.values()) == ("pending", None)


def test_an_address_keeps_its_article_when_it_is_settled_without_one(db: Database) -> None:
    crawl = crawl_of(db)
    walk(db, crawl, [["a"]])
    (due,) = ledger.take_due(db, PORTAL.id, crawl, 10, None)
    stored = articles.store(db, an_article("a", crawl_id=crawl, url_id=due.id))
    ledger.settle(db, due.id, crawl, Settlement(Outcome.GONE, "HTTP 404", 404))
    (row,) = db.query("SELECT article FROM urls")
    assert row["article"] == stored.article


def test_what_is_put_back_waits_for_another_crawl_with_the_date_of_its_page(db: Database) -> None:
    crawl = crawl_of(db)
    walk(db, crawl, [["a"]])
    (due,) = ledger.take_due(db, PORTAL.id, crawl, 10, None)
    ledger.put_back(db, due.id, "published 2024-01-01, before -a since=2024-02-01", datetime(2024, 1, 1, tzinfo=UTC))
    assert due_in(db, since=datetime(2024, 1, 1, 1, tzinfo=UTC)) == []
    ledger.put_back(db, due.id, "the crawl ended")
    (row,) = db.query("SELECT outcome, reason, listed_at, tries FROM urls")
    assert tuple(row.values()) == ("pending", "the crawl ended", "2024-01-01T00:00:00Z", 0)
    assert due_in(db, since=datetime(2024, 1, 1, tzinfo=UTC)) == ["a"]


@pytest.mark.parametrize(
    ("since", "before", "inside"),
    [
        (None, None, "abcd"), (2, None, "bcd"), (3, None, "cd"), (None, 3, "abd"), (None, 1, "d"), (2, 3, "bd"),
    ],
)  # fmt: skip
def test_bounds_hold_back_what_a_listing_dated_outside_of_them(
    since: int | None, before: int | None, inside: str, db: Database
) -> None:
    crawl = crawl_of(db)
    row, _ = listings.begin_listing(db, PORTAL.id, FEED)
    days = [replace(one, listed_at=datetime(2024, 6, day, tzinfo=UTC)) for day, one in enumerate(listed(*"abc"), 1)]
    listings.record_page(db, PORTAL.id, row, crawl, [*days, *listed("d")], None)
    bounds = [None if day is None else datetime(2024, 6, day, tzinfo=UTC) for day in (since, before)]
    assert due_in(db, 10, *bounds) == list(inside)


def test_this_crawls_finds_are_asked_for_first_and_no_more_than_wanted(db: Database) -> None:
    walk(db, crawl_of(db), [["a", "b"]])
    crawl = crawl_of(db)
    walk(db, crawl, [["d", "c", "b", "a"]])
    taken = [ledger.take_due(db, PORTAL.id, crawl, 3, None) for _ in range(3)]
    assert [[due.url.removeprefix(HOME) for due in some] for some in taken] == [["d", "c", "a"], ["b"], []]


def test_an_address_of_another_portal_is_not_taken(db: Database) -> None:
    other = replace(PORTAL, id="lain")
    crawl = crawls.begin(db, other, None, None)
    row, _ = listings.begin_listing(db, "lain", INDEX)
    listings.record_page(db, "lain", row, crawl, listed("a"), None)
    assert due_in(db) == []


def test_an_address_that_may_not_be_asked_for_is_refused_from_the_start_and_for_good(db: Database) -> None:
    crawl = crawl_of(db)
    row, _ = listings.begin_listing(db, PORTAL.id, INDEX)
    listings.record_page(db, PORTAL.id, row, crawl, [replace(listed("a")[0], refused="another host")], None)
    (found,) = db.query("SELECT outcome, reason, settled_crawl, next_try_at FROM urls")
    assert tuple(found.values()) == ("refused", "another host", crawl, None)
    at(AT + 1000 * D)
    assert due_in(db) == []


def test_an_address_of_an_article_that_is_there_is_known_from_the_start(db: Database) -> None:
    crawl = crawl_of(db)
    stored = articles.store(db, an_article("a", crawl_id=crawl))
    walk(db, crawl, [["a", "b"]])
    assert outcomes(db) == {"a": "known", "b": "pending"}
    (row,) = db.query("SELECT article, settled_crawl, reason FROM urls WHERE outcome = 'known'")
    assert (row["article"], row["settled_crawl"]) == (stored.article, crawl)
    assert row["reason"]


def test_an_address_is_known_where_an_earlier_crawl_of_the_portal_brought_its_article(db: Database) -> None:
    first = crawl_of(db)
    walk(db, first, [["a", "b"]])
    due = {one.url.removeprefix(HOME): one.id for one in ledger.take_due(db, PORTAL.id, first, 2, None)}
    articles.store(db, an_article("a", crawl_id=first, url_id=due["a"]))
    keys = {name: url_key(HOME + name) for name in ("a", "b", "c")}
    second = crawl_of(db)

    def is_known(*names: str, portal: str = PORTAL.id, crawl: int = second) -> bool:
        return ledger.has_known(db, portal, [keys[name] for name in names], crawl)

    assert is_known("c", "a")
    assert not is_known("b", "c"), "b was named, and brought nothing"
    assert not is_known()
    assert not is_known("a", crawl=first), "its own crawl"
    assert not is_known("a", portal="lain")


def test_a_crawl_counts_what_it_saw_by_what_it_did_itself(db: Database) -> None:
    first = crawl_of(db)
    walk(db, first, [["a", "b", "c", "d"]])
    due = {one.url.removeprefix(HOME): one.id for one in ledger.take_due(db, PORTAL.id, first, 3, None)}
    articles.store(db, an_article("a", crawl_id=first, url_id=due["a"]))
    ledger.settle(db, due["b"], first, Settlement(Outcome.FAILED, "HTTP 500", 500))
    ledger.settle(db, due["c"], first, Settlement(Outcome.UNREADABLE, "no body", 200))
    before = crawls.count_in(db, first, PORTAL.id)
    counts = crawls.end(db, first, PORTAL.id, "finished", "said why", 7, 1000)
    assert counts == before == {
        "stored": 1, "failed": 1, "unreadable": 1, "pending": 1, "known": 0, "refused": 0, "gone": 0,
        "left_out": 0, "found": 4, "edited": 0,
    }  # fmt: skip
    second = crawl_of(db)
    walk(db, second, [["a", "b", "c", "d"]])
    counts = crawls.end(db, second, PORTAL.id, "finished", None, 1, 10)
    assert (counts["known"], counts["failed"], counts["pending"], counts["found"]) == (2, 1, 1, 4)
    (row,) = db.query("SELECT * FROM crawls WHERE id = ?", [first])
    assert (row["requests"], row["bytes"], row["finish"], row["reason"]) == (7, 1000, "finished", "said why")
    # the clock goes on from that moment while the test runs
    assert "2024-02-28T06:00:00Z" <= row["started_at"] <= row["ended_at"] < "2024-02-28T06:01"


def test_a_crawl_that_begins_closes_the_books_of_its_portal_alone(db: Database) -> None:
    killed = crawl_of(db)
    other = crawls.begin(db, replace(PORTAL, id="lain"), "2024-01-01", 5, "2024-02-01")
    crawl_of(db)
    ends = dict(db.conn.execute("SELECT id, finish FROM crawls WHERE id IN (?, ?)", (killed, other)).fetchall())
    assert ends == {killed: "killed", other: None}
    (row,) = db.query("SELECT since, until, max_pages FROM crawls WHERE id = ?", [other])
    assert tuple(row.values()) == ("2024-01-01", "2024-02-01", 5)


def test_the_books_say_where_a_crawl_asked_from(db: Database) -> None:
    here, there = crawl_of(db), crawls.begin(db, replace(PORTAL, id="lain"), None, None, None, "sg")
    places = dict(db.conn.execute("SELECT id, place FROM crawls WHERE id IN (?, ?)", (here, there)).fetchall())
    assert places == {here: None, there: "sg"}


@pytest.mark.parametrize(("ahead", "due"), [
    (timedelta(0), True), (2 * H, False), (31 * D, False), (31 * D + timedelta(minutes=2), True),
])  # fmt: skip
def test_an_address_is_due_when_its_moment_came_or_lies_further_ahead_than_any_pause(
    ahead: timedelta, due: bool, db: Database
) -> None:
    assert not ledger.is_due(None)
    moment = clock.now() + ahead
    assert ledger.is_due(clock.utc_text(moment)) is due
    crawl = crawl_of(db)
    walk(db, crawl, [["a"]])
    (taken,) = ledger.take_due(db, PORTAL.id, crawl, 10, None)
    ledger.settle(db, taken.id, crawl, Settlement(Outcome.FAILED, "x", next_try_at=clock.now() + ahead))
    assert due_in(db) == (["a"] if due else [])


def test_a_later_article_and_a_later_date_of_an_address_count(db: Database) -> None:
    crawl = crawl_of(db)
    walk(db, crawl, [["a"]])
    (due,) = ledger.take_due(db, PORTAL.id, crawl, 10, None)
    articles.store(db, an_article("a", crawl_id=crawl, url_id=due.id))
    other = articles.store(db, an_article("b", "Lain.", crawl_id=crawl))
    ledger.settle(db, due.id, crawl, Settlement(Outcome.KNOWN, "x", article=other.article))
    for day in (3, 5):
        ledger.put_back(db, due.id, "x", datetime(2024, 1, day, tzinfo=UTC))
    (row,) = db.query("SELECT article, listed_at, cause FROM urls")
    assert row == {"article": other.article, "listed_at": "2024-01-05T00:00:00Z", "cause": Cause.BOUNDS}


def test_an_address_that_is_refused_from_the_start_has_no_article_even_where_one_is_there(db: Database) -> None:
    crawl = crawl_of(db)
    articles.store(db, an_article("a", crawl_id=crawl))
    row, _ = listings.begin_listing(db, PORTAL.id, INDEX)
    entry = replace(listed("a")[0], refused="protected by a password", cause=Cause.PROTECTED)
    listings.record_page(db, PORTAL.id, row, crawl, [entry], None)
    (found,) = db.query("SELECT outcome, reason, cause, article FROM urls")
    assert found == {"outcome": "refused", "reason": entry.refused, "cause": Cause.PROTECTED, "article": None}


def test_what_a_listing_says_of_an_address_is_kept_with_it(db: Database) -> None:
    crawl = crawl_of(db)
    row, _ = listings.begin_listing(db, PORTAL.id, FEED)
    entry = replace(listed("a")[0], listed_text="1 Juni", listed_at=AT, changed_at=AT + H, facts='{"author": "Dewi"}')
    listings.record_page(db, PORTAL.id, row, crawl, [entry], None)
    (found,) = db.query("SELECT * FROM urls")
    kept = {name: found[name] for name in ("listed_text", "listed_at", "changed_at", "listed_facts", "found_crawl")}
    assert kept == {
        "listed_text": "1 Juni", "listed_at": "2024-02-28T06:00:00Z", "changed_at": "2024-02-28T07:00:00Z",
        "listed_facts": '{"author": "Dewi"}', "found_crawl": crawl,
    }  # fmt: skip
    (due,) = ledger.take_due(db, PORTAL.id, crawl, 10, None)
    assert (due.listed_text, due.listing_kind, due.facts, due.crawl) == ("1 Juni", "feed", '{"author": "Dewi"}', crawl)


def test_what_a_crawl_met_and_lost_is_counted_by_outcome_cause_and_when(db: Database) -> None:
    first = crawl_of(db)
    walk(db, first, [list("abcdefgh")])
    due = {one.url.removeprefix(HOME): one.id for one in ledger.take_due(db, PORTAL.id, first, 10, None)}
    for name in "ab":
        ledger.settle(db, due[name], first, Settlement(Outcome.GONE, "HTTP 404", 404, cause=Cause.GONE))
    ledger.settle(db, due["c"], first, Settlement(Outcome.REFUSED, "robots", cause=Cause.ROBOTS))
    ledger.settle(db, due["d"], first, Settlement(Outcome.REFUSED, "another host", cause=Cause.RULE))
    ledger.settle(db, due["e"], first, Settlement(Outcome.REFUSED, "taken down", cause=Cause.FORGOTTEN))
    ledger.settle(db, due["f"], first, Settlement(Outcome.UNREADABLE, "no body"))
    ledger.settle(db, due["g"], first, Settlement(Outcome.FAILED, "HTTP 500", 500, cause=Cause.SERVER_ERROR))
    assert crawls.lost_in(db, first, PORTAL.id) == (
        (
            Lost(Outcome.GONE, Cause.GONE, True, True, 2),
            Lost(Outcome.FAILED, Cause.SERVER_ERROR, True, True, 1),
            Lost(Outcome.REFUSED, Cause.ROBOTS, True, True, 1),
            Lost(Outcome.UNREADABLE, None, True, True, 1),
        ),
        False,
    )
    second = crawl_of(db)
    walk(db, second, [["a", "b", "g"]])
    ledger.settle(db, due["b"], second, Settlement(Outcome.GONE, "HTTP 404", 404, cause=Cause.GONE))
    other = crawls.begin(db, replace(PORTAL, id="lain"), None, None)
    row, _ = listings.begin_listing(db, "lain", INDEX)
    listings.record_page(db, "lain", row, other, [replace(listed("x")[0], key="lain.example/x")], None)
    db.execute("UPDATE urls SET outcome = 'gone', seen_crawl = ? WHERE portal = 'lain'", (second,))
    lost, has_articles = crawls.lost_in(db, second, PORTAL.id)
    assert lost == (
        Lost(Outcome.FAILED, Cause.SERVER_ERROR, False, True, 1),
        Lost(Outcome.GONE, Cause.GONE, False, True, 1),
        Lost(Outcome.GONE, Cause.GONE, True, False, 1),
    )
    assert not has_articles
    articles.store(db, an_article("h", crawl_id=second, url_id=due["h"]))
    assert crawls.lost_in(db, second, PORTAL.id) == (lost, True)
    assert crawls.lost_in(db, second, "lain")[1] is False


def test_what_our_own_rules_leave_out_is_counted_by_itself_at_every_crawl_and_is_in_no_table_of_losses(
    db: Database,
) -> None:
    first = crawl_of(db)
    row, _ = listings.begin_listing(db, PORTAL.id, INDEX)
    a, b, c = listed("a", "b", "c")
    listings.record_page(db, PORTAL.id, row, first, [replace(a, refused="another host"), b, c], None)
    for due, settlement in zip(
        ledger.take_due(db, PORTAL.id, first, 10, None),
        (
            Settlement(Outcome.UNREADABLE, "a list page", 200, cause=Cause.RULE),
            Settlement(Outcome.REFUSED, "robots.txt", cause=Cause.ROBOTS),
        ),
        strict=True,
    ):
        ledger.settle(db, due.id, first, settlement)
    counted = {"left_out": 2, "refused": 1, "unreadable": 0, "known": 0, "found": 3}
    counts = crawls.end(db, first, PORTAL.id, "finished", None, 1, 10)
    assert {name: counts[name] for name in counted} == counted
    (row_of_crawl,) = db.query("SELECT left_out, refused, unreadable, known, found FROM crawls")
    assert row_of_crawl == counted
    assert [row["reason"] for row in db.query("SELECT reason FROM lost_urls")] == ["robots.txt"]
    second = crawl_of(db)
    walk(db, second, [["a", "b", "c"]])
    counts = crawls.end(db, second, PORTAL.id, "finished", None, 1, 10)
    assert (counts["left_out"], counts["known"], counts["found"]) == (2, 1, 3)


@pytest.mark.parametrize(
    ("cause", "word"), [(Cause.RULE, Word.NEW), (Cause.FORGOTTEN, Word.NEW), (Cause.UNREAD, Word.BROKEN)]
)
def test_what_our_own_rules_leave_out_is_no_loss_of_a_portal_at_its_first_crawl(
    cause: Cause, word: Word, db: Database
) -> None:
    crawl = crawl_of(db, since="2024-02-01")
    walk(db, crawl, [list("abc")])
    for due in ledger.take_due(db, PORTAL.id, crawl, 10, None):
        ledger.settle(db, due.id, crawl, Settlement(Outcome.UNREADABLE, "a list page", 200, cause=cause))
    crawls.end(db, crawl, PORTAL.id, "nothing", "x", 9, 9, Cause.OUT_OF_REACH)
    (verdict,) = judge_all(health.read_pasts(db, [PORTAL], AT + H), AT + H)
    assert verdict.word is word


def test_the_portals_row_is_todays_catalogue(db: Database) -> None:
    crawl_of(db)
    renamed = replace(PORTAL, name="Kabar Contoh", region="Jawa Timur", zone="Asia/Makassar")
    crawls.begin(db, renamed, None, None)
    (row,) = db.query("SELECT name, region, zone, clocks FROM portals")
    assert tuple(row.values()) == ("Kabar Contoh", "Jawa Timur", "Asia/Makassar", None)
