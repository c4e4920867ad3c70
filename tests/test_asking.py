"""What the archive says about asking again: conditions, visits, revisions and each portal's pace."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from kwri_crawler import clock
from kwri_crawler.archive import (
    answers,
    articles,
    crawls,
    health,
    ledger,
    listings,
    plan,
    revisions,
    visits,
)
from kwri_crawler.archive.ledger import ListedUrl, Settlement
from kwri_crawler.catalogue import Listing, ListingKind, Portal
from kwri_crawler.causes import Cause
from kwri_crawler.health import Word
from kwri_crawler.items import Article, Moment, Outcome, Precision
from kwri_crawler.plan import LastCrawl, due_portals, next_due
from kwri_crawler.web.addresses import url_key
from tests.archives import new_archive

HOME = "https://contoh.example/"
INDEX = Listing(ListingKind.INDEX, HOME + "posts")
FEED = Listing(ListingKind.FEED, HOME + "feed")
SITEMAP = Listing(ListingKind.SITEMAP, HOME + "sitemap.xml")
PORTAL = Portal("contoh", "Contoh", HOME, "general", None, "Asia/Jakarta", (FEED, INDEX))
STEPS = (1.0, 6.0, 24.0)
AT = datetime(2024, 6, 27, 7, 0, tzinfo=UTC)


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new_archive(tmp_path / "a.sqlite")


@pytest.fixture(autouse=True)
def _real_clock_afterwards() -> object:
    yield
    clock.set_clock("")


def at(moment: datetime) -> None:
    clock.set_clock(moment.isoformat())


def stored(db: Database, name: str, published: datetime, reader: str = "general", **changes: object) -> Article:
    article = Article(
        portal="contoh",
        zone="Asia/Jakarta",
        url=HOME + name,
        title=f"Judul {name}",
        paragraphs=("Satu dua tiga.", "Empat."),
        fetched_at=clock.now(),
        reader=reader,
        text_hash=f"hash {name}",
        published=Moment(published, published, Precision.MINUTE, "x"),
        crawl_id=crawls.begin(db, PORTAL, None, None),
    )
    article = replace(article, **changes)  # type: ignore[arg-type]
    assert articles.store(db, article).outcome is Outcome.STORED
    return article


def store_many(db: Database, *published: datetime) -> None:
    """Store articles in one transaction, for the disk's sake."""
    db.execute("BEGIN")
    for moment in published:
        stored(db, f"a{db['articles'].count}", moment)
    db.execute("COMMIT")


def due_for_a_visit(db: Database) -> list[str]:
    visits.schedule(db, "contoh", STEPS)
    crawl = crawls.begin(db, PORTAL, None, None)
    return [visit.url.removeprefix(HOME) for visit in visits.take(db, "contoh", crawl, 10)]


def test_an_article_is_visited_at_its_ages_and_an_old_one_never(db: Database) -> None:
    at(AT)
    stored(db, "baru", AT - timedelta(minutes=30))
    stored(db, "lama", AT - timedelta(days=3))
    stored(db, "kata-api", AT - timedelta(minutes=30), reader="wordpress-api")
    assert due_for_a_visit(db) == []
    at(AT + timedelta(minutes=31))
    assert due_for_a_visit(db) == ["baru"]
    visits.done(db, 1, STEPS, '"tag"', None, there=True)
    assert due_for_a_visit(db) == []
    at(AT + timedelta(hours=30))
    assert due_for_a_visit(db) == ["baru"], "two steps that were missed are one visit"
    visits.done(db, 1, STEPS, None, None, there=True)
    at(AT + timedelta(days=30))
    assert due_for_a_visit(db) == []


def test_a_404_is_believed_when_seen_twice(db: Database) -> None:
    at(AT)
    stored(db, "a", AT)
    visits.schedule(db, "contoh", STEPS)
    visits.done(db, 1, STEPS, None, None, there=False)
    assert revisions.missed(db, 1, clock.now_text(), for_good=False) is Outcome.KNOWN
    assert revisions.missed(db, 1, clock.now_text(), for_good=False) is Outcome.GONE
    assert next(db.query("SELECT gone_at FROM articles"))["gone_at"] == "2024-06-27T07:00:00Z"


@pytest.mark.parametrize(
    ("reader", "told_by", "edits"),
    [
        ("general", "general", 1),
        ("wordpress-api", "general", 0),
        ("feed", "general", 0),
        ("feed", "feed", 1),
        ("general", "wordpress-api", 1),
    ],
)
def test_only_a_text_of_the_same_origin_can_be_an_edit(reader: str, told_by: str, edits: int, db: Database) -> None:
    at(AT)
    article = stored(db, "a", AT, reader=reader)
    again = replace(article, paragraphs=("Satu dua empat.", "Empat."), text_hash="other", reader=told_by, revisits=1)
    visits.ask_now(db, "contoh", 1)
    articles.store(db, again)
    assert db["revisions"].count == edits
    articles.store(db, again)
    assert db["revisions"].count == edits, "the same text once more is no other edit"


def test_no_look_at_a_page_shows_an_edit_where_its_listing_tells_them(db: Database) -> None:
    at(AT)
    article = stored(db, "a", AT, reader="wordpress-api")
    visits.ask_now(db, "contoh", 1)
    for text in ("Satu dua tiga. Foto: Antara", "Satu dua lima."):
        articles.store(db, replace(article, paragraphs=(text,), text_hash=text, reader="general", revisits=1))
    assert db["revisions"].count == 0
    assert db.execute("SELECT page_hash FROM visits").fetchall() == [(None,)]


def test_a_second_look_at_the_page_of_a_feeds_article_shows_its_edit(db: Database) -> None:
    at(AT)
    article = stored(db, "a", AT, reader="feed")
    visits.ask_now(db, "contoh", 1)
    page = replace(
        article, paragraphs=("Satu dua tiga. Foto: Antara", "Empat."), text_hash="page", reader="general", revisits=1
    )
    articles.store(db, page)
    articles.store(db, replace(page, paragraphs=("Satu dua lima.",), text_hash="edited page"))
    (row,) = db.query("SELECT body, words_changed FROM revisions")
    assert row["body"] == "Satu dua tiga.\n\nEmpat."
    assert 0 < row["words_changed"] < 1


def test_a_page_that_leads_on_is_asked_for_conditionally_only_after_a_finished_reading(db: Database) -> None:
    crawl = crawls.begin(db, PORTAL, None, None)
    row, began = listings.begin_listing(db, "contoh", INDEX)
    answers.remember(db, row, INDEX.url, crawl, '"a"', None, leads_on=True)
    assert answers.condition(db, row, INDEX.url, 24) is None, "an unchanged page would hide the pages after it"
    listings.end_listing(db, row, crawl, began, None, on_known_ground=False)
    found = answers.condition(db, row, INDEX.url, 24)
    assert found is not None
    assert found.headers == {"If-None-Match": '"a"'}
    assert found.on_ground
    assert answers.condition(db, row, INDEX.url, 0) is None, "now and then it is asked for in full"
    answers.remember(db, row, INDEX.url, crawl, None, None, leads_on=True)
    assert answers.condition(db, row, INDEX.url, 24) is None


@pytest.mark.parametrize(("listing", "further"), [(INDEX, False), (FEED, False), (SITEMAP, True)])
def test_the_last_page_of_a_reading_that_was_not_finished_is_asked_for_in_full(
    listing: Listing, further: bool, db: Database
) -> None:
    crawl = crawls.begin(db, PORTAL, None, None)
    row, _ = listings.begin_listing(db, "contoh", listing)
    for url in (listing.url, listing.url + "?page=2"):
        answers.remember(db, row, url, crawl, '"a"', None, leads_on=False)
    assert answers.condition(db, row, listing.url, 24) is not None
    assert (answers.condition(db, row, listing.url + "?page=2", 24) is not None) is further
    db.execute("UPDATE listings SET complete_crawl = ?", (crawl,))
    assert answers.condition(db, row, listing.url + "?page=2", 24) is not None


def test_a_feed_meets_ground_only_where_all_that_reaches_back_was_finished(db: Database) -> None:
    def listed(*names: str) -> list[ListedUrl]:
        return [ListedUrl(url_key(HOME + name), HOME + name) for name in names]

    def read(listing: Listing, *names: str, finish: bool = True) -> listings.PageOfListing:
        crawl = crawls.begin(db, PORTAL, None, None)
        row, began = listings.begin_listing(db, "contoh", listing)
        page = listings.record_page(db, "contoh", row, crawl, listed(*names), None)
        if finish:
            listings.end_listing(db, row, crawl, began, None, on_known_ground=page.meets_ground)
        return page

    assert not read(FEED, "c", "b").meets_ground
    assert not read(FEED, "c", "b").meets_ground, "nothing was read to its end yet"
    read(INDEX, "c", "b", "a")
    assert read(FEED, "d", "c", "b").meets_ground
    assert not read(FEED, "g", "f", "e").meets_ground, "more came than the feed holds"
    assert not read(FEED, "g", "f", "e").meets_ground, "and what is missing is still missing"
    read(INDEX, "g", "f", "e", "d", "c", finish=False)
    assert not read(FEED, "g", "f", "e").meets_ground, "that reading was cut short"
    read(INDEX, "g", "f", "e", "d", "c", "b", "a")
    assert read(FEED, "g", "f", "e").meets_ground


HARVEST = AT + timedelta(minutes=2)  # it comes after the crawl that planned it, however slow this machine is


def due_at(db: Database) -> datetime:
    return next_due(crawls.last_crawls(db)["contoh"], timedelta(minutes=50), HARVEST)


def end(db: Database, finish: str, reason: str | None = None, cause: Cause | None = None) -> None:
    """End the portal's newest crawl as the spider does."""
    (crawl,) = db.execute("SELECT max(id) FROM crawls").fetchone()
    crawls.end(db, crawl, "contoh", finish, reason, 1, 1, cause)
    plan.plan_next(db, "contoh", well=finish == "finished")


def test_a_portal_is_due_sooner_the_more_it_publishes_and_later_when_it_fails(db: Database) -> None:
    at(AT)
    store_many(db, *(AT - timedelta(hours=6 * number) for number in range(56)))
    end(db, "limit")
    assert due_at(db) == HARVEST, "it was not done: at once"
    end(db, "finished")
    slow = due_at(db)
    store_many(db, *(AT - timedelta(hours=number) for number in range(56, 280)))
    end(db, "finished")
    fast = due_at(db)
    assert AT + plan.SOONEST <= fast < slow <= clock.now() + plan.LATEST
    end(db, "no listing")
    assert abs(due_at(db) - AT - 2 * (fast - AT)) <= timedelta(minutes=1)  # the clock goes on


@pytest.mark.parametrize("a_day", [0.2, 1, 2, 5, 20, 100])
def test_a_failing_portal_is_crawled_often_enough_to_be_named_within_two_days(a_day: float, db: Database) -> None:
    """Harvest hourly; its last good crawl was just before it began to refuse us."""
    at(AT)
    store_many(db, *(AT - timedelta(days=number / a_day) for number in range(int(14 * a_day))))
    crawls.begin(db, PORTAL, None, None)
    at(AT + timedelta(minutes=5))
    end(db, "finished")
    for hour in range(1, 49):
        now = AT + timedelta(hours=hour)
        at(now)
        if due_portals([PORTAL], crawls.last_crawls(db), timedelta(minutes=50), now):
            crawls.begin(db, PORTAL, None, None)
            at(now + timedelta(minutes=5))  # so that the next full hour is too early by so much
            end(db, "no listing", FEED.url + ": HTTP 403", Cause.BLOCK)
            ((verdict,), _) = health.review(db, [PORTAL], clock.now())
            if verdict.word is Word.BLOCKED:
                return
    pytest.fail("it was not named within 48 hours")


@pytest.mark.parametrize(
    ("started", "due", "is_due"),
    [
        (timedelta(hours=-1), timedelta(hours=12), False),
        (timedelta(hours=-1), timedelta(hours=12, seconds=1), True),  # no pause is longer
        (timedelta(hours=-1), timedelta(days=365), True),
        (timedelta(minutes=5), timedelta(hours=1), False),
        (timedelta(minutes=6), timedelta(hours=1), True),  # the last crawl began in the future
        (timedelta(days=365), None, True),
        (timedelta(hours=-1), None, False),
        (timedelta(hours=-2), None, True),
    ],
)
def test_what_a_clock_that_was_ahead_planned_is_not_waited_for(
    started: timedelta, due: timedelta | None, is_due: bool
) -> None:
    last = LastCrawl(AT + started, "finished", AT + due if due else None)
    assert (next_due(last, timedelta(hours=2), AT) <= AT) is is_due


def test_answers_of_a_clock_that_was_ahead_are_not_believed(db: Database) -> None:
    at(AT + timedelta(days=365))
    answers.keep_robots(db, "contoh.example", b"", clock.now())
    crawl = crawls.begin(db, PORTAL, None, None)
    listing, began = listings.begin_listing(db, "contoh", INDEX)
    answers.remember(db, listing, INDEX.url, crawl, "etag", None, leads_on=False)
    listings.end_listing(db, listing, crawl, began, None, False)
    assert answers.robots_of(db, "contoh.example", 6.0) == b""
    assert answers.condition(db, listing, INDEX.url, 24.0) is not None
    at(AT)
    assert answers.robots_of(db, "contoh.example", 6.0) is None
    assert answers.condition(db, listing, INDEX.url, 24.0) is None


@pytest.mark.parametrize(("days", "taken"), [(-1, True), (30, False), (32, True), (365, True)])
def test_an_address_that_is_to_be_tried_too_far_ahead_is_tried_now(db: Database, days: int, taken: bool) -> None:
    at(AT)
    crawl = crawls.begin(db, PORTAL, None, None)
    listing, _ = listings.begin_listing(db, "contoh", INDEX)
    entry = ListedUrl(url_key(HOME + "a"), HOME + "a")
    listings.record_page(db, "contoh", listing, crawl, [entry], None)
    (due,) = ledger.take_due(db, "contoh", crawl, 9, None)
    later = Settlement(Outcome.FAILED, "asked to wait", next_try_at=AT + timedelta(days=days))
    ledger.settle(db, due.id, crawl, later)
    following = crawls.begin(db, PORTAL, None, None)
    assert [one.id for one in ledger.take_due(db, "contoh", following, 9, None)] == ([due.id] if taken else [])
