"""Known ground: what a listing's reading may skip next time, and what it must not, so that no crawl leaves a hole."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from kwri_crawler.archive import articles, ledger, listings
from kwri_crawler.archive.ledger import ListedUrl
from kwri_crawler.archive.listings import PageOfListing
from kwri_crawler.catalogue import Listing, ListingKind
from tests.archives import FEED, HOME, INDEX, PORTAL, an_article, crawl_of, listed, new_archive

SITEMAP = Listing(ListingKind.SITEMAP, HOME + "sitemap.xml")
API = Listing(ListingKind.WORDPRESS, HOME + "wp-json/wp/v2/posts")
OTHER_FEED = Listing(ListingKind.FEED, HOME + "rss/daerah")


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new_archive(tmp_path / "a.sqlite")


def read(
    db: Database, crawl: int, listing: Listing, *names: str, since: str | None = None, finish: bool = True,
    paged: bool = False,
) -> PageOfListing:  # fmt: skip
    """Read one page of a listing in a crawl; to its end, or cut short."""
    row, began = listings.begin_listing(db, PORTAL.id, listing)
    page = listings.record_page(db, PORTAL.id, row, crawl, listed(*names), since)
    if finish:
        listings.end_listing(db, row, crawl, began, since, page.meets_ground, paged=paged)
    return page


def fail(db: Database, listing: Listing, status: str = "failed") -> bool:
    row, _ = listings.begin_listing(db, PORTAL.id, listing)
    return listings.leave_listing(db, row, status, "HTTP 503")


def join(db: Database, crawl: int) -> None:
    listings.join_feeds(db, PORTAL.id, crawl)


def ground_of(db: Database, listing: Listing) -> tuple[int | None, int | None, str | None]:
    sql = "SELECT complete_crawl, complete_from, complete_since FROM listings WHERE url = ?"
    crawl, began, since = db.conn.execute(sql, (listing.url,)).fetchone()
    return crawl, began, since


def begin(db: Database) -> int:
    """Read feed and index to their ends, and join them."""
    crawl = crawl_of(db)
    read(db, crawl, FEED, "b", "a")
    read(db, crawl, INDEX, "b", "a")
    join(db, crawl)
    return crawl


# ---------------------------------------------------------------------- feeds stand on what reaches back


def test_a_feed_is_finished_with_the_index_of_its_crawl(db: Database) -> None:
    crawl = begin(db)
    assert ground_of(db, FEED) == (crawl, 2, None)
    assert read(db, crawl_of(db), FEED, "b", "a").known_ground


def test_a_feed_of_a_crawl_whose_index_failed_is_not_finished(db: Database) -> None:
    first = begin(db)
    second = crawl_of(db)
    assert not read(db, second, FEED, "f", "e").known_ground, "c and d came too, and the feed had no room for them"
    assert fail(db, INDEX), "it was read before: something at the portal has changed"
    join(db, second)
    assert ground_of(db, FEED)[0] == first
    third = crawl_of(db)
    assert not read(db, third, FEED, "f", "e").meets_ground, "c and d would stay unseen until the index is due"
    assert not read(db, third, INDEX, "f", "e").known_ground
    read(db, third, INDEX, "f", "e", "d", "c", "b", "a")
    join(db, third)
    assert read(db, crawl_of(db), FEED, "f", "e").known_ground


def test_a_feed_that_was_not_read_in_this_crawl_is_not_finished_by_its_index(db: Database) -> None:
    begin(db)
    second = crawl_of(db)
    read(db, second, FEED, "d", "c")
    third = crawl_of(db)
    db.execute("UPDATE crawls SET started_at = '2030-01-01T00:00:00Z' WHERE id = ?", [third])
    read(db, third, INDEX, "f", "e", "d", "c", "b", "a")
    join(db, third)
    assert ground_of(db, FEED)[0] == 1


@pytest.mark.parametrize("status", ["failed", "unreadable", "gone", "refused"])
def test_a_feed_that_failed_is_not_finished_by_the_index_of_its_crawl(status: str, db: Database) -> None:
    first = begin(db)
    second = crawl_of(db)
    fail(db, FEED, status)
    read(db, second, INDEX, "c", "b", "a")
    join(db, second)
    assert ground_of(db, FEED)[0] == first


def test_all_that_reaches_back_must_have_been_read_not_only_one_of_them(db: Database) -> None:
    second_index = replace(INDEX, url=HOME + "berita")
    crawl = crawl_of(db)
    read(db, crawl, FEED, "b", "a")
    read(db, crawl, INDEX, "b", "a")
    fail(db, second_index)
    join(db, crawl)
    assert ground_of(db, FEED)[0] is None
    assert not listings.is_joined(db, PORTAL.id)
    fail(db, second_index, "gone")
    join(db, crawl)
    assert ground_of(db, FEED)[0] == crawl, "an index that is gone reaches nowhere"
    assert listings.is_joined(db, PORTAL.id)


def test_a_feed_is_known_only_from_the_first_article_that_all_indexes_knew(db: Database) -> None:
    crawl = crawl_of(db)
    read(db, crawl, INDEX, "a")
    read(db, crawl, FEED, "c", "b")
    read(db, crawl, replace(INDEX, url=HOME + "berita"), "c", "b", "a")
    join(db, crawl)
    assert ground_of(db, FEED) == (crawl, 0, None)


def test_a_feed_is_no_deeper_than_the_shallowest_index(db: Database) -> None:
    crawl = crawl_of(db, "2024-06-01")
    read(db, crawl, FEED, "b", "a", since="2024-06-01")
    read(db, crawl, INDEX, "b", "a", since="2024-06-01")
    read(db, crawl, replace(INDEX, url=HOME + "berita"), "b", "a", since="2024-06-10")
    join(db, crawl)
    assert ground_of(db, FEED)[2] == "2024-06-10"


def test_a_feed_alone_never_says_that_nothing_older_is_missing(db: Database) -> None:
    crawl = crawl_of(db)
    read(db, crawl, FEED, "b", "a")
    join(db, crawl)
    assert ground_of(db, FEED)[0] is None
    assert not listings.is_joined(db, PORTAL.id)
    assert not read(db, crawl_of(db), FEED, "b", "a").meets_ground


def test_a_feed_that_leads_to_every_article_needs_no_index(db: Database) -> None:
    crawl = crawl_of(db)
    read(db, crawl, FEED, "b", "a", paged=True)
    assert ground_of(db, FEED)[0] == crawl
    assert read(db, crawl_of(db), FEED, "b", "a").known_ground
    assert listings.is_joined(db, PORTAL.id)
    row, began = listings.begin_listing(db, PORTAL.id, FEED)
    later = crawl_of(db)
    listings.end_listing(db, row, later, began, None, on_known_ground=True)
    assert ground_of(db, FEED)[0] == later, "once it led to all of them it does, also where its first page was enough"


@pytest.mark.parametrize(
    ("listing", "reaches"), [(INDEX, True), (API, True), (SITEMAP, True), (OTHER_FEED, False)],
    ids=["index", "api", "sitemap", "feed"],
)  # fmt: skip
def test_what_reaches_back_to_the_first_article(listing: Listing, reaches: bool, db: Database) -> None:
    crawl = crawl_of(db)
    read(db, crawl, FEED, "b", "a")
    read(db, crawl, listing, "b", "a")
    join(db, crawl)
    assert (ground_of(db, FEED)[0] == crawl) is reaches


def test_an_index_without_a_pager_reaches_nowhere_once_it_was_read(db: Database) -> None:
    crawl = crawl_of(db)
    fail(db, INDEX)
    read(db, crawl, FEED, "b", "a")
    read(db, crawl, API, "b", "a")
    join(db, crawl)
    assert ground_of(db, FEED)[0] is None, "nobody knows yet how far the index reaches"
    row, began = listings.begin_listing(db, PORTAL.id, INDEX)
    listings.end_listing(db, row, crawl, began, None, on_known_ground=False, shallow=True)
    join(db, crawl)
    assert ground_of(db, FEED)[0] == crawl


def test_a_sitemap_counts_only_where_no_index_reaches_back(db: Database) -> None:
    crawl = crawl_of(db)
    read(db, crawl, FEED, "b", "a")
    read(db, crawl, SITEMAP, "b", "a")
    fail(db, INDEX)
    join(db, crawl)
    assert ground_of(db, FEED)[0] is None, "the sitemap may leave out what the index has"


def test_a_feed_meets_what_its_index_found_and_not_what_another_feed_did(db: Database) -> None:
    begin(db)
    second = crawl_of(db)
    read(db, second, OTHER_FEED, "z", finish=False)
    assert not read(db, crawl_of(db), FEED, "z").meets_ground
    third = crawl_of(db)
    read(db, third, INDEX, "k", "b", "a")
    assert read(db, crawl_of(db), FEED, "k").meets_ground


def test_only_a_feed_stands_on_the_ground_of_others(db: Database) -> None:
    begin(db)
    assert not read(db, crawl_of(db), SITEMAP, "b", "a", finish=False).known_ground
    assert read(db, crawl_of(db), OTHER_FEED, "b", "a", finish=False).known_ground


def test_a_feed_meets_no_ground_while_one_of_two_indexes_is_unread(db: Database) -> None:
    read(db, crawl_of(db), INDEX, "b", "a")
    assert read(db, crawl_of(db), FEED, "b", "a", finish=False).meets_ground
    read(db, crawl_of(db), replace(INDEX, url=HOME + "berita"), "b", "a", finish=False)
    assert not read(db, crawl_of(db), FEED, "b", "a", finish=False).meets_ground


def test_a_feed_stands_on_what_lay_below_every_index_when_it_was_begun(db: Database) -> None:
    crawl = crawl_of(db)
    read(db, crawl, INDEX, "a")
    read(db, crawl, OTHER_FEED, "z", finish=False)  # between the two: nobody says that nothing lies below it
    read(db, crawl, replace(INDEX, url=HOME + "berita"), "b", "a")
    assert not read(db, crawl_of(db), FEED, "z", finish=False).meets_ground
    assert read(db, crawl_of(db), FEED, "a", finish=False).meets_ground


def test_what_is_known_of_a_listing_is_told_with_what_is_not(db: Database) -> None:
    crawl = crawl_of(db)
    fail(db, INDEX)
    row, _ = listings.begin_listing(db, PORTAL.id, FEED)
    for whole in (False, True):
        listings.compared(db, row, whole=whole)
        assert listings.states(db, PORTAL, None)[FEED.url].tells is whole
    state = listings.states(db, PORTAL, None)[INDEX.url]
    assert (state.paged, state.tells, state.read_at, state.changed_at, state.complete) == (
        None,
        None,
        None,
        None,
        False,
    )
    assert state.tried_at is not None
    read(db, crawl, FEED, "a", paged=True)
    assert listings.states(db, PORTAL, None)[FEED.url].paged is True
    assert listings.states(db, replace(PORTAL, id="lain"), None) == {}


# ---------------------------------------------------------------------- one listing


def test_a_page_is_known_ground_when_all_of_it_is_and_meets_it_when_its_last_entry_does(db: Database) -> None:
    begin(db)
    page = read(db, crawl_of(db), INDEX, "c", "b", finish=False)
    assert (page.new, page.known_ground, page.meets_ground) == (1, False, True)
    page = read(db, crawl_of(db), INDEX, "b", "d", finish=False)
    assert (page.new, page.known_ground, page.meets_ground) == (1, False, False)
    page = read(db, crawl_of(db), INDEX, finish=False)
    assert (page.new, page.known_ground, page.meets_ground) == (0, False, False), "an empty page says nothing"


@pytest.mark.parametrize(
    ("asked", "known"), [("2024-06-09", False), ("2024-06-10", True), ("2024-06-11", True), (None, False)]
)
def test_a_bounded_reading_is_known_ground_down_to_its_bound(asked: str | None, known: bool, db: Database) -> None:
    read(db, crawl_of(db), INDEX, "b", "a", since="2024-06-10")
    assert read(db, crawl_of(db), INDEX, "b", "a", since=asked, finish=False).known_ground is known
    state = listings.states(db, PORTAL, asked)[INDEX.url]
    assert state.complete is known


@pytest.mark.parametrize(
    ("first", "then", "on_ground", "depth"),
    [
        ("2024-06-10", "2024-06-20", True, "2024-06-10"),  # it stopped at what the deeper one knew
        ("2024-06-20", "2024-06-10", True, "2024-06-10"),
        ("2024-06-10", "2024-06-20", False, "2024-06-20"),  # it never met it: between them may be a hole
        (None, "2024-06-20", True, None),
        (None, "2024-06-20", False, "2024-06-20"),
        ("2024-06-10", None, False, None),
    ],
)
def test_a_reading_that_ends_on_known_ground_keeps_the_depth_below_it(
    first: str | None, then: str | None, on_ground: bool, depth: str | None, db: Database
) -> None:
    read(db, crawl_of(db), INDEX, "b", "a", since=first)
    crawl = crawl_of(db)
    row, began = listings.begin_listing(db, PORTAL.id, INDEX)
    listings.end_listing(db, row, crawl, began, then, on_known_ground=on_ground)
    assert ground_of(db, INDEX) == (crawl, 2, depth)


def test_the_newest_change_that_a_reading_saw_only_ever_grows(db: Database) -> None:
    crawl_of(db)
    row, began = listings.begin_listing(db, PORTAL.id, INDEX)
    for hour, newest in ((5, 5), (3, 5), (7, 7), (None, 7)):
        changed = None if hour is None else datetime(2024, 6, 1, hour, tzinfo=UTC)
        listings.end_listing(db, row, crawl_of(db), began, None, on_known_ground=True, changed_at=changed)
        state = listings.states(db, PORTAL, None)[INDEX.url]
        assert state.changed_at == datetime(2024, 6, 1, newest, tzinfo=UTC)
        assert state.read_at is not None
        assert (state.status, state.paged, state.tells) == ("read", False, None)


@pytest.mark.parametrize("on_ground", [True, False])
def test_an_index_that_turns_out_to_have_no_pager_loses_its_ground_when_it_is_read_to_it(
    on_ground: bool, db: Database
) -> None:
    first, second = crawl_of(db), crawl_of(db)
    read(db, first, INDEX, "b", "a")
    row, began = listings.begin_listing(db, PORTAL.id, INDEX)
    listings.end_listing(db, row, second, began, None, on_known_ground=on_ground, shallow=True)
    assert ground_of(db, INDEX)[0] == (None if on_ground else first)
    assert listings.states(db, PORTAL, None)[INDEX.url].paged is False


def test_the_oldest_publication_is_that_of_the_last_reading_that_named_one(db: Database) -> None:
    crawl_of(db)
    row, began = listings.begin_listing(db, PORTAL.id, INDEX)
    for day, oldest in ((5, 5), (7, 7), (None, 7), (3, 3)):
        named = None if day is None else datetime(2024, 6, day, tzinfo=UTC)
        listings.end_listing(db, row, crawl_of(db), began, None, on_known_ground=True, oldest=named)
        assert listings.states(db, PORTAL, None)[INDEX.url].oldest == datetime(2024, 6, oldest, tzinfo=UTC)


def test_a_listing_that_fails_keeps_its_ground_and_says_whether_it_was_ever_read(db: Database) -> None:
    crawl_of(db)
    assert not fail(db, INDEX)
    crawl = crawl_of(db)
    read(db, crawl, INDEX, "b", "a")
    assert fail(db, INDEX)
    assert ground_of(db, INDEX)[0] == crawl
    assert listings.states(db, PORTAL, None)[INDEX.url].status == "failed"


# ---------------------------------------------------------------------- what a page hands out


def entry(name: str, **changes: object) -> ListedUrl:
    return replace(listed(name)[0], **changes)  # type: ignore[arg-type]


def record(db: Database, crawl: int, *entries: ListedUrl, room: int | None = None) -> PageOfListing:
    row, _ = listings.begin_listing(db, PORTAL.id, API)
    return listings.record_page(db, PORTAL.id, row, crawl, entries, None, room)


def test_an_address_was_known_unless_this_listing_named_it_after_its_last_whole_reading(db: Database) -> None:
    first = crawl_of(db)
    read(db, first, INDEX, "a")
    read(db, first, FEED, "b", "a")
    assert record(db, crawl_of(db), entry("a"), entry("b"), entry("c")).known == 2, "it never was read to its end"
    died = crawl_of(db)
    read(db, died, INDEX, "d", finish=False)
    db.execute("UPDATE urls SET found_at = '2030-01-01T00:00:00Z' WHERE url = ?", [HOME + "d"])
    crawl = crawl_of(db)
    assert read(db, crawl, INDEX, "d", "a", finish=False).known == 1, "a crawl died over d"
    read(db, crawl, FEED, "e")
    assert read(db, crawl, INDEX, "f", "e", finish=False).known == 1, "the feed named e"
    assert read(db, crawl, INDEX, "f", finish=False).known == 0, "the index itself named f, a page ago"
    row, _ = listings.begin_listing(db, PORTAL.id, INDEX)
    page = listings.record_page(db, PORTAL.id, row, crawl, [entry("a", refused="another host")], None)
    assert page.known == 0, "no article's address"


def test_told_articles_are_handed_out_once_a_crawl_and_no_more_than_there_is_room_for(db: Database) -> None:
    crawl = crawl_of(db)
    page = record(db, crawl, entry("a"), *(entry(name, told=True) for name in "bcd"), room=2)
    assert [(place, due.url) for place, due in page.told] == [(1, HOME + "b"), (2, HOME + "c")]
    page = record(db, crawl, *(entry(name, told=True) for name in "bcd"))
    assert [due.url for _, due in page.told] == [HOME + "d"], "the others are in hand"
    again = record(db, crawl_of(db), *(entry(name, told=True) for name in "bcd"))
    assert len(again.told) == 3, "they have no outcome yet"


def test_a_told_article_that_may_not_be_asked_for_is_not_handed_out(db: Database) -> None:
    page = record(db, crawl_of(db), entry("a", told=True, refused="another host"))
    assert page.told == ()
    assert record(db, crawl_of(db), entry("a", told=True, refused="another host")).told == ()


@pytest.mark.parametrize(
    ("changed", "visited"), [("2024-06-28T09:00:00+00:00", True), ("2024-06-28T08:00:00+00:00", False), (None, False)]
)
def test_an_article_that_a_listing_names_as_changed_later_is_visited(
    changed: str | None, visited: bool, db: Database
) -> None:
    first = crawl_of(db)
    known = datetime(2024, 6, 28, 8, tzinfo=UTC)
    record(db, first, entry("a", changed_at=known))
    (due,) = ledger.take_due(db, PORTAL.id, first, 1, None)
    articles.store(db, an_article("a", crawl_id=first, url_id=due.id))
    page = record(db, crawl_of(db), entry("a", changed_at=changed and datetime.fromisoformat(changed)))
    assert page.told == ()
    assert db["visits"].count == visited
    (kept,) = db.conn.execute("SELECT changed_at FROM urls").fetchone()
    assert kept == ("2024-06-28T09:00:00Z" if visited else "2024-06-28T08:00:00Z")


def test_the_first_change_that_a_listing_names_is_noted_and_no_reason_to_look_again(db: Database) -> None:
    first = crawl_of(db)
    record(db, first, entry("a"))
    (due,) = ledger.take_due(db, PORTAL.id, first, 1, None)
    articles.store(db, an_article("a", crawl_id=first, url_id=due.id))
    for hour, noted, visited in ((8, 8, 0), (None, 8, 0), (9, 9, 1)):
        changed = None if hour is None else datetime(2024, 6, 28, hour, tzinfo=UTC)
        record(db, crawl_of(db), entry("a", changed_at=changed))
        (kept,) = db.conn.execute("SELECT changed_at FROM urls").fetchone()
        assert (kept, db["visits"].count) == (f"2024-06-28T0{noted}:00:00Z", visited)


@pytest.mark.parametrize(("hour", "told"), [(9, 1), (8, 0), (None, 1)])
def test_an_article_told_again_is_taken_as_a_visit_when_it_changed_or_when_no_change_is_named(
    hour: int | None, told: int, db: Database
) -> None:
    first = crawl_of(db)
    ((_, due),) = record(db, first, entry("a", told=True, changed_at=datetime(2024, 6, 28, 8, tzinfo=UTC))).told
    stored = articles.store(db, an_article("a", crawl_id=first, url_id=due.id))
    changed = None if hour is None else datetime(2024, 6, 28, hour, tzinfo=UTC)
    page = record(db, crawl_of(db), entry("a", told=True, changed_at=changed))
    assert [due.revisits for _, due in page.told] == [stored.article] * told
    assert db.execute("SELECT tried_crawl FROM urls").fetchall() == [(first,)], "its address has its outcome"
    assert db["visits"].count == 0, "what is told needs no page"


def test_what_was_listed_without_a_date_gets_the_one_that_comes_later_and_keeps_it(db: Database) -> None:
    for printed, kept in ((None, None), (3, 3), (5, 3)):
        at = None if printed is None else datetime(2024, 6, printed, tzinfo=UTC)
        record(db, crawl_of(db), entry("a", listed_at=at))
        (found,) = db.conn.execute("SELECT listed_at FROM urls").fetchone()
        assert found == (None if kept is None else f"2024-06-0{kept}T00:00:00Z")
    (seen, pages, entries) = db.conn.execute(
        "SELECT seen_crawl, pages, entries FROM urls JOIN listings ON listings.id = urls.listing"
    ).fetchone()
    assert (seen, pages, entries) == (3, 1, 1)


# ---------------------------------------------------------------------- pages that no file names

LINKED = Listing(ListingKind.INDEX, HOME + "indeks", found_on=HOME)


def test_what_a_linked_page_is_to_fill_ends_where_earlier_crawls_found_addresses(db: Database) -> None:
    read(db, crawl_of(db), FEED, "b", "a")
    second = crawl_of(db)
    read(db, second, FEED, "f", "e")
    assert not read(db, second, LINKED, "f", "e").known_ground, "this crawl found them itself"
    assert not read(db, second, LINKED, "d", "b").known_ground
    assert read(db, second, LINKED, "b", "a").known_ground


@pytest.mark.parametrize(("listing", "names", "stays"), [(LINKED, "", False), (LINKED, "a", True), (FEED, "", True)])
def test_a_page_that_is_no_listing_is_forgotten_unless_it_named_an_address_or_a_file_names_it(
    listing: Listing, names: str, stays: bool, db: Database
) -> None:
    crawl = crawl_of(db)
    other, _ = listings.begin_listing(db, PORTAL.id, INDEX)
    row, _ = listings.begin_listing(db, PORTAL.id, listing)
    listings.record_page(db, PORTAL.id, row, crawl, listed(*names), None)
    listings.drop_linked(db, row)
    left = {number for (number,) in db.execute("SELECT id FROM listings").fetchall()}
    assert left == ({other, row} if stays else {other})


@pytest.mark.parametrize(("read_at", "complete", "was_read"), [
    (None, None, False), ("2024-01-01T00:00:00Z", None, True), (None, 1, True), ("2024-01-01T00:00:00Z", 1, True),
])  # fmt: skip
def test_a_listing_that_was_ever_read_has_changed_when_it_cannot_be(
    read_at: str | None, complete: int | None, was_read: bool, db: Database
) -> None:
    crawl_of(db)
    row, _ = listings.begin_listing(db, PORTAL.id, FEED)
    db.execute("UPDATE listings SET read_at = ?, complete_crawl = ?", (read_at, complete))
    assert listings.leave_listing(db, row, "failed", "HTTP 500") is was_read
