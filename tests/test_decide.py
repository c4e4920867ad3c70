"""What follows a listing's answer, as tables: each decision just inside its bound, and just outside."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kwri_crawler.archive.answers import Condition
from kwri_crawler.archive.crawls import Lost
from kwri_crawler.archive.ledger import ListedUrl, Settlement
from kwri_crawler.archive.listings import PageOfListing, State
from kwri_crawler.catalogue import Listing, ListingKind
from kwri_crawler.causes import Cause
from kwri_crawler.items import Outcome
from kwri_crawler.listings import Listed, ListingPage, Refused, first_pages, last_in
from kwri_crawler.spiders import decide, ending
from kwri_crawler.spiders.decide import MAX_BARREN_PAGES, MAX_REPEATS, MIN_SUSPECT
from kwri_crawler.spiders.walk import MOST_COMPARED, Ask, Course, End, Finish, Leave, Skip, Trouble, Turn, Walk, Why

HOME = "https://kabar.example.id"
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
API = Listing(ListingKind.WORDPRESS, f"{HOME}/wp-json/wp/v2/posts")
FEED = Listing(ListingKind.FEED, f"{HOME}/feed/")
BLOGGER = Listing(ListingKind.FEED, f"{HOME}/feeds/posts/default")
INDEX = Listing(ListingKind.INDEX, f"{HOME}/indeks/")
SITEMAP = Listing(ListingKind.SITEMAP, f"{HOME}/sitemap.xml")
READ = State("read", NOW - DAY / 2, NOW - DAY / 2, complete=True, paged=False, tells=None, changed_at=None)
ON_GROUND = PageOfListing(new=0, known_ground=True, meets_ground=True)
AT_ITS_END = PageOfListing(new=3, known_ground=False, meets_ground=True)
NEW = PageOfListing(new=3, known_ground=False)


def state(**changes: Any) -> State:
    return replace(READ, **changes)


def walk(listing: Listing = FEED, **changes: Any) -> Walk:
    made = Walk(listing, 1, 0, None, pages=1, url=first_pages(listing)[0])
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def entries(count: int = 3, *, newest: datetime | None = NOW, step: timedelta = timedelta(hours=1)) -> list[ListedUrl]:
    """Return entries dated from the newest down; without dates when newest is None."""
    return [
        ListedUrl(f"k{n}", f"{HOME}/kabar-{n}/", listed_at=newest - n * step if newest else None) for n in range(count)
    ]


def page(*more: str, named: int = 3, complete: bool = True, refused: int = 0, paged: bool = False) -> ListingPage:
    return ListingPage(
        tuple(Listed(f"k{n}", f"{HOME}/kabar-{n}/", None) for n in range(named)),
        more,
        None if complete else "it was cut off",
        tuple(Refused(f"{HOME}/tag/{n}", "not an article's address") for n in range(refused)),
        paged,
    )


# ---------------------------------------------------------------------- which listings, and in which order


@pytest.mark.parametrize(
    ("listings", "states", "bounded", "expected"),
    [
        ([SITEMAP, INDEX, FEED, API], {}, False, [API, FEED, SITEMAP, INDEX]),
        ([SITEMAP, INDEX, FEED, API], {}, True, [API, FEED, INDEX]),
        ([SITEMAP, FEED], {}, True, [FEED, SITEMAP]),  # nothing else reaches back
        ([API, FEED, INDEX], {FEED.url: state(status="gone")}, False, [API, INDEX, FEED]),
        ([API, FEED], {API.url: state(status="gone")}, False, [FEED, API]),
        ([API, FEED], {API.url: state(status="refused")}, False, [FEED, API]),
        ([API, FEED], {API.url: state(status="unreadable")}, False, [FEED, API]),
        ([API, FEED], {API.url: state(status="failed")}, False, [API, FEED]),  # a bad hour
        ([FEED, INDEX], {FEED.url: state(status="refused")}, False, [FEED, INDEX]),
    ],
)
def test_the_cheapest_listing_is_read_first_and_last_what_was_not_there(
    listings: list[Listing], states: dict[str, State], bounded: bool, expected: list[Listing]
) -> None:
    assert decide.order(listings, states, bounded=bounded) == expected


@pytest.mark.parametrize(
    ("listings", "states", "expected"),
    [
        ([SITEMAP, INDEX, FEED], {}, [INDEX, SITEMAP]),  # a feed of the newest reaches no past
        ([FEED], {}, [FEED]),
        ([SITEMAP, INDEX, FEED], {FEED.url: state(paged=True)}, [FEED, INDEX, SITEMAP]),
        ([SITEMAP, INDEX, FEED], {FEED.url: state(paged=None)}, [INDEX, SITEMAP]),
        ([SITEMAP, FEED, API], {}, [API, FEED, SITEMAP]),  # WordPress's feed is paged, also before it was read
        ([SITEMAP, FEED, API], {FEED.url: state(paged=False)}, [API, SITEMAP]),
        ([FEED, SITEMAP, BLOGGER], {}, [BLOGGER, SITEMAP]),
    ],
)
def test_a_span_of_the_past_is_asked_of_what_can_slice_then_of_what_is_paged(
    listings: list[Listing], states: dict[str, State], expected: list[Listing]
) -> None:
    assert decide.order_for_span(listings, states) == expected


LATELY = NOW - DAY + timedelta(seconds=1)
LONG_AGO = NOW - DAY
AHEAD = NOW + timedelta(seconds=1)
ALL = Course(reached_all=True)
GROUND = Course(feeds=[True, True])


@pytest.mark.parametrize(
    ("listing", "known", "course", "joined", "expected"),
    [
        (INDEX, None, Course(), True, None),
        (INDEX, None, GROUND, True, None),  # it never was read
        (INDEX, None, ALL, True, Skip.REACHED_ALL),
        (INDEX, state(tried_at=None), GROUND, True, None),
        (INDEX, state(read_at=LATELY), ALL, False, Skip.REACHED_ALL),
        (INDEX, state(read_at=LONG_AGO), ALL, False, Skip.REACHED_ALL),
        (INDEX, state(status="gone", tried_at=LATELY), ALL, False, Skip.REACHED_ALL),
        (INDEX, state(status="gone", tried_at=LONG_AGO), ALL, False, None),  # is it there again?
        (INDEX, state(read_at=LATELY), GROUND, True, Skip.FEEDS_SUFFICE),
        (INDEX, state(read_at=LONG_AGO), GROUND, True, None),
        (INDEX, state(read_at=NOW), GROUND, True, Skip.FEEDS_SUFFICE),
        (INDEX, state(read_at=AHEAD), GROUND, True, None),  # the clock was ahead, and may be a year
        (API, state(status="refused", tried_at=AHEAD), GROUND, True, None),
        (INDEX, state(read_at=None), GROUND, True, None),
        (INDEX, state(read_at=LATELY), GROUND, False, None),
        (INDEX, state(read_at=LATELY), Course(feeds=[True, False]), True, None),
        (INDEX, state(read_at=LATELY), Course(feeds=[]), True, None),
        (SITEMAP, state(read_at=LATELY), GROUND, True, Skip.FEEDS_SUFFICE),
        (FEED, state(read_at=LATELY), GROUND, True, None),  # the cheapest is read at each crawl
        (API, state(read_at=LATELY), GROUND, True, None),
        (FEED, state(read_at=LATELY), ALL, False, Skip.REACHED_ALL),
        (FEED, state(status="gone", tried_at=LATELY), GROUND, True, Skip.FEEDS_SUFFICE),
        (FEED, state(status="gone", tried_at=LONG_AGO, read_at=LATELY), GROUND, True, None),
        (API, state(status="refused", tried_at=LATELY), GROUND, True, Skip.FEEDS_SUFFICE),
        (API, state(status="failed", tried_at=LATELY), GROUND, True, None),
    ],
)
def test_a_listing_is_skipped_only_where_others_say_that_nothing_is_missing(
    listing: Listing, known: State | None, course: Course, joined: bool, expected: Skip | None
) -> None:
    assert decide.may_skip(listing, known, course, joined=joined, now=NOW, all_every=DAY) == expected


SEEN = NOW - timedelta(hours=3)


@pytest.mark.parametrize(
    ("known", "pages", "asked"),
    [
        (None, 1, ""),
        (state(changed_at=SEEN), 2, "modified_after=2026-07-01T08:55"),
        (state(changed_at=None), 1, ""),
        (state(changed_at=SEEN, complete=False), 1, ""),
        (state(changed_at=SEEN, status="failed"), 1, ""),  # what it did not reach may be unchanged since
    ],
)
def test_only_changes_are_asked_for_where_a_finished_reading_stands(
    known: State | None, pages: int, asked: str
) -> None:
    urls = decide.first_urls(API, known, None)
    assert len(urls) == pages
    assert asked in urls[0]
    assert asked or "modified_after" not in urls[0]


# ---------------------------------------------------------------------- after an answer


def failed(status: int) -> Settlement:
    return Settlement(Outcome.FAILED, f"HTTP {status}", status, cause=Cause.SERVER_ERROR)


@pytest.mark.parametrize(
    ("status", "trouble", "at", "expected"),
    [
        (200, None, walk(), None),
        (304, failed(304), walk(condition=Condition("e", None, on_ground=True)), Turn(Why.GROUND)),
        (304, failed(304), walk(condition=Condition("e", None, on_ground=False)), Turn(Why.UNCHANGED)),
        (304, failed(304), walk(), Leave("failed", "HTTP 304", Cause.SERVER_ERROR)),  # nobody asked for it so
        (503, failed(503), walk(), Leave("failed", "HTTP 503", Cause.SERVER_ERROR)),
        (404, failed(404), walk(), Leave("gone", "HTTP 404", Cause.SERVER_ERROR)),
        (410, failed(410), walk(), Leave("gone", "HTTP 410", Cause.SERVER_ERROR)),
        (404, failed(404), walk(paged=True, pages=1), Leave("gone", "HTTP 404", Cause.SERVER_ERROR)),
        (404, failed(404), walk(paged=True, pages=2), Turn(Why.PAST_THE_END)),
        (400, failed(400), walk(API, paged=True, pages=2), Turn(Why.PAST_THE_END)),
        (410, failed(410), walk(paged=True, pages=2), Leave("gone", "HTTP 410", Cause.SERVER_ERROR)),
        (404, failed(404), walk(paged=False, pages=2), Leave("gone", "HTTP 404", Cause.SERVER_ERROR)),
        (401, failed(401), walk(API), Leave("refused", "HTTP 401", Cause.SERVER_ERROR)),
        (403, failed(403), walk(API), Leave("refused", "HTTP 403", Cause.SERVER_ERROR)),
        (403, failed(403), walk(FEED), Leave("failed", "HTTP 403", Cause.SERVER_ERROR)),
    ],
)
def test_an_answer_is_a_page_an_end_or_a_reason_to_leave(
    status: int, trouble: Settlement | None, at: Walk, expected: Turn | Leave | None
) -> None:
    assert decide.after_answer(status, trouble, at) == expected


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (Settlement(Outcome.REFUSED, "robots.txt", cause=Cause.ROBOTS), Leave("refused", "robots.txt", Cause.ROBOTS)),
        (Settlement(Outcome.FAILED, "no answer", cause=Cause.TIME_OUT), Leave("failed", "no answer", Cause.TIME_OUT)),
        (Settlement(Outcome.UNREADABLE), Leave("failed", "")),
    ],
)
def test_without_an_answer_a_listing_is_left(trouble: Settlement, expected: Leave) -> None:
    assert decide.after_no_answer(trouble, walk(API)) == expected


TOO_LARGE = Settlement(Outcome.REFUSED, "larger than DOWNLOAD_MAXSIZE allows", cause=Cause.NOT_TAKEN)


@pytest.mark.parametrize(
    ("listing", "url", "smaller"),
    [
        (API, "?per_page=100&page=3#seen=200", "?per_page=20&page=11#seen=200"),
        (API, "?per_page=100&page=3#seen=99", "?per_page=20&page=5#seen=80"),
        (API, "?per_page=100", "?per_page=20&page=1#seen=0"),
        (API, "?per_page=20&page=11#seen=200", "?per_page=4&page=51#seen=200"),
        (API, "?per_page=4&page=51#seen=200", None),
        (BLOGGER, "?max-results=150&start-index=151", "?max-results=30&start-index=151"),
        (BLOGGER, "?max-results=6", None),
        (FEED, "?paged=2", None),
        (SITEMAP, "", None),
    ],
)
def test_an_answer_that_is_too_large_is_asked_for_in_smaller_pages(
    listing: Listing, url: str, smaller: str | None
) -> None:
    left = Leave("refused", TOO_LARGE.reason or "", Cause.NOT_TAKEN)
    expected = left if smaller is None else Ask(listing.url + smaller)
    assert decide.after_no_answer(TOO_LARGE, walk(listing, url=listing.url + url)) == expected


@pytest.mark.parametrize(
    ("total", "named", "refused", "skipped", "why", "short"),
    [
        (130, 100, 0, 0, Why.LAST_PAGE, True),
        (130, 100, 0, 0, Why.PAST_THE_END, True),
        (130, 127, 0, 0, Why.PAST_THE_END, True),
        (130, 128, 0, 0, Why.PAST_THE_END, False),
        (130, 127, 1, 0, Why.PAST_THE_END, False),
        (130, 30, 0, 100, Why.LAST_PAGE, False),
        (5000, 4899, 0, 0, Why.LAST_PAGE, True),
        (5000, 4900, 0, 0, Why.LAST_PAGE, False),
        (130, 100, 0, 0, Why.GROUND, False),
        (130, 100, 0, 0, Why.SINCE, False),
        (130, 0, 0, 0, Why.UNCHANGED, False),
        (0, 100, 0, 0, Why.LAST_PAGE, False),
    ],
)
def test_a_listing_that_names_fewer_articles_than_it_counts_is_not_read_to_its_end(
    total: int, named: int, refused: int, skipped: int, why: Why, short: bool
) -> None:
    at = walk(API, total=total, named=set(map(str, range(named))), refused=refused, skipped=skipped)
    step = decide.next_step(at, Turn(why), left=None, limit=None, pages_max=10, refuse={}.get)
    assert isinstance(step, Leave) == short


def test_a_total_is_compared_only_where_it_counts_all_articles() -> None:
    at = walk(API, url=first_pages(API, changed_after=NOW)[0])
    at.note_entries(replace(page(paged=True), total=700), entries())
    assert at.total == 0
    at.url = first_pages(API)[0]
    at.note_entries(replace(page(paged=True, refused=2), total=130), entries())
    assert (at.total, at.refused) == (130, 2)


def test_a_back_fill_that_goes_on_behind_the_last_page_is_at_its_end() -> None:
    past = Settlement(Outcome.FAILED, "HTTP 400")
    assert decide.after_answer(400, past, walk(API, skipped=100)) == Turn(Why.PAST_THE_END)
    assert isinstance(decide.after_answer(400, past, walk(API)), Leave)


CUT = Leave("failed", "it was cut off; what it named so far was taken", Cause.CUT_OFF)
NAMES_NOTHING = Leave("unreadable", "it names no article", Cause.UNREAD)
FOLLOW, ONLY_KNOWN = Turn(Why.LAST_PAGE, follow=True), Turn(Why.LAST_PAGE, follow=False)
SINCE = NOW - timedelta(hours=1)
CHANGES = first_pages(API, changed_after=NOW)[0]


@pytest.mark.parametrize(
    ("at", "came", "named", "recorded", "since", "expected"),
    [
        # nothing named
        (walk(), page(named=0), 0, NEW, None, NAMES_NOTHING),
        (walk(pages=2), page(named=0), 0, NEW, None, FOLLOW),
        (walk(), page("/2", named=0), 0, NEW, None, FOLLOW),
        (walk(), page(named=0, refused=1), 0, NEW, None, FOLLOW),
        (walk(API), page(named=0), 0, NEW, None, FOLLOW),  # no post changed
        # known ground
        (walk(), page("/2"), 3, ON_GROUND, None, Turn(Why.GROUND)),
        (walk(), page("/2"), 3, AT_ITS_END, None, Turn(Why.GROUND)),
        (walk(), page("/2"), 3, NEW, None, FOLLOW),
        (walk(INDEX), page("/2"), 3, ON_GROUND, None, Turn(Why.GROUND, stop=True)),
        (walk(INDEX), page("/2"), 3, AT_ITS_END, None, FOLLOW),  # pinned articles stand first, and old
        (walk(SITEMAP), page("/2"), 3, ON_GROUND, None, FOLLOW),  # in no order
        (walk(API), page("/2"), 3, AT_ITS_END, None, Turn(Why.GROUND)),
        (walk(API, url=CHANGES), page("/2"), 3, ON_GROUND, None, FOLLOW),  # what changed is known, and not done
        (walk(), page(complete=False), 3, AT_ITS_END, None, Turn(Why.GROUND)),  # what it lost lies below
        # older than the bound
        (walk(), page("/2"), 3, NEW, NOW + DAY, Turn(Why.SINCE, stop=True)),
        (walk(), page("/2"), 3, NEW, SINCE, FOLLOW),  # its first is younger
        (walk(), page("/2"), 3, NEW, NOW, FOLLOW),  # published in the bound's first second
        (walk(INDEX), page("/2"), 3, NEW, NOW + DAY, Turn(Why.SINCE, stop=True)),
        (walk(SITEMAP), page("/2"), 3, NEW, NOW + DAY, FOLLOW),
        (walk(API), page("/2"), 3, NEW, NOW + DAY, Turn(Why.SINCE)),  # its changes are still to be read
        (walk(BLOGGER), page("/2"), 3, NEW, NOW + DAY, Turn(Why.SINCE)),
        (walk(API, url=CHANGES), page("/2"), 3, NEW, NOW + DAY, FOLLOW),
        # cut off
        (walk(), page("/2", complete=False), 3, NEW, None, CUT),
        (walk(SITEMAP), page("/2", complete=False), 3, NEW, None, CUT),
        (walk(INDEX), page("/2", complete=False), 3, NEW, None, FOLLOW),  # it may only be written so
        (walk(INDEX), page(complete=False), 3, NEW, None, CUT),  # then it is not trusted to be the last
        # paging without end
        (walk(INDEX, barren=1), page("/2"), 3, NEW, None, ONLY_KNOWN),
        (walk(INDEX, barren=1), page("/2", named=0), 0, NEW, None, FOLLOW),
        (walk(SITEMAP, barren=MAX_BARREN_PAGES - 1), page("/2"), 3, NEW, None, FOLLOW),
        (walk(API, barren=MAX_REPEATS - 1), page("/2"), 3, NEW, None, FOLLOW),
        (
            walk(API, barren=MAX_REPEATS),
            page("/2"),
            3,
            NEW,
            None,
            Leave("failed", "5 of its pages in a row named nothing new", Cause.UNREAD),
        ),
        (walk(BLOGGER, barren=MAX_REPEATS - 1), page("/2"), 3, NEW, None, FOLLOW),
        (
            walk(BLOGGER, barren=MAX_REPEATS),
            page("/2"),
            3,
            NEW,
            None,
            Leave("failed", "5 of its pages in a row named nothing new", Cause.UNREAD),
        ),
        (
            walk(SITEMAP, barren=MAX_BARREN_PAGES),
            page("/2"),
            3,
            NEW,
            None,
            Leave("failed", "50 of its pages in a row named nothing new", Cause.UNREAD),
        ),
    ],
)
def test_a_page_says_how_its_listing_goes_on(
    at: Walk,
    came: ListingPage,
    named: int,
    recorded: PageOfListing,
    since: datetime | None,
    expected: Turn | Leave,
) -> None:
    assert decide.after_page(came, entries(named), recorded, at, since) == expected


def test_entries_without_a_date_say_nothing_of_the_bound() -> None:
    undated = [*entries(2), *entries(1, newest=None)]
    assert decide.after_page(page("/2"), undated, NEW, walk(), NOW + DAY) == FOLLOW
    assert decide.after_page(page("/2", named=0), [], NEW, walk(pages=2), NOW + DAY) == FOLLOW


def refuse(url: str) -> str | None:
    return "another host" if "lain" in url else None


FEWER = Leave("failed", "it says that it has 4 articles, and names 1", Cause.UNREAD)
FAR = f"https://lain.example.id/{'x' * 300}"


@pytest.mark.parametrize(
    ("at", "turn", "left", "expected"),
    [
        (walk(to_read=["/2", "/3"]), FOLLOW, None, Ask("/2")),
        (walk(to_read=["/2"]), Turn(Why.GROUND), None, Ask("/2")),
        (walk(to_read=["/2"]), Turn(Why.GROUND, stop=True), None, End(Why.GROUND)),
        (walk(), FOLLOW, None, End(Why.LAST_PAGE)),
        (walk(), Turn(Why.PAST_THE_END), None, End(Why.PAST_THE_END)),
        (walk(to_read=["/2"]), FOLLOW, 1, Ask("/2")),
        (walk(to_read=["/2"]), FOLLOW, 0, Leave("read", "read in part: -a limit=7 was reached", Cause.BOUNDS)),
        (walk(), FOLLOW, 0, Leave("read", "read in part: -a limit=7 was reached", Cause.BOUNDS)),
        (walk(to_read=["/2"]), Turn(Why.SINCE, stop=True), 0, End(Why.SINCE)),
        (walk(to_read=["/2"], pages=9), FOLLOW, None, Ask("/2")),
        (
            walk(to_read=["/2"], pages=10),
            FOLLOW,
            None,
            Leave("failed", "it has more than 10 pages (LISTING_PAGES_MAX)", Cause.UNREAD),
        ),
        (walk(pages=10), FOLLOW, None, End(Why.LAST_PAGE)),
        (walk(total=4, named={"k"}), FOLLOW, None, FEWER),
        (walk(total=4, named={"k"}), Turn(Why.PAST_THE_END), None, FEWER),
        (walk(total=3, named={"k"}), FOLLOW, None, End(Why.LAST_PAGE)),  # plug-ins withhold some
        (walk(total=4, named={"k"}, on_ground=True), FOLLOW, None, End(Why.LAST_PAGE)),  # the others were known
        (walk(total=4, named={"k"}), Turn(Why.GROUND), None, End(Why.GROUND)),
        (walk(total=4, named={"k"}, refused=1), FOLLOW, None, End(Why.LAST_PAGE)),
        (walk(total=4, named={"k"}, skipped=1), FOLLOW, None, End(Why.LAST_PAGE)),
        (walk(to_read=[FAR]), FOLLOW, None, Leave("refused", f"its page {FAR[:200]}: another host", Cause.RULE)),
    ],
)
def test_what_follows_a_turn(at: Walk, turn: Turn, left: int | None, expected: Ask | End | Leave) -> None:
    before = list(at.to_read)
    assert decide.next_step(at, turn, left=left, limit=7, pages_max=10, refuse=refuse) == expected
    assert at.to_read == before, "a decision changes nothing"


FULL = entries(MIN_SUSPECT)
OLDEST = FULL[-1].listed_at


@pytest.mark.parametrize(
    ("at", "came", "named", "expected"),
    [
        (walk(), page(), FULL, OLDEST),
        (walk(API), page(), FULL, OLDEST),
        (walk(), page(), FULL[:-1], None),  # too short a list
        (walk(), page(complete=False), FULL, None),
        (walk(), page(), [*FULL[1:], FULL[0]], None),  # not in order
        (walk(), page(), [*FULL, *entries(1, newest=None)], None),
        (walk(suspected=True), page(), FULL, None),
        (walk(INDEX), page(), FULL, None),
        (walk(SITEMAP), page(), FULL, None),
        (walk(API, url=CHANGES), page(), FULL, None),
    ],
)
def test_only_a_long_whole_ordered_list_of_the_newest_says_what_is_missing(
    at: Walk, came: ListingPage, named: list[ListedUrl], expected: datetime | None
) -> None:
    assert decide.suspects_since(came, named, at) == expected


@pytest.mark.parametrize(
    ("status", "pages", "worked_before", "expected"),
    [("gone", 1, False, True), ("gone", 2, False, False), ("gone", 1, True, False), ("failed", 1, False, False)],
)
def test_a_listing_that_never_was_there_is_no_news(
    status: str, pages: int, worked_before: bool, expected: bool
) -> None:
    assert decide.is_never_there(Leave(status, ""), walk(pages=pages), worked_before=worked_before) is expected


# ---------------------------------------------------------------------- what a walk and a course remember


def test_pages_that_name_nothing_new_are_counted_in_a_row() -> None:
    at = walk()
    counted = []
    for named in (entries(3), entries(3), entries(2), entries(4), []):
        at.note_entries(page(), named)
        counted.append(at.barren)
    assert counted == [0, 1, 2, 0, 1]


def test_a_walk_keeps_the_newest_change_and_that_it_is_paged() -> None:
    at = walk()
    for hours in (2, 1, 3):
        at.note_entries(page(paged=hours == 1), [replace(entries(1)[0], changed_at=NOW - timedelta(hours=hours))])
    at.note_entries(page(), entries(1))
    assert at.changed_at == NOW - timedelta(hours=1)
    assert at.paged


def test_further_pages_come_before_those_that_are_known_each_once_and_one_more_than_may_be_read() -> None:
    at = walk(to_read=["/b"], met={"/a", "/b"})
    at.note_further(["/a", "/c", "/d"], pages_max=3)
    assert at.to_read == ["/c", "/d", "/b"]  # one page is read: two more may be, and one says that there are more
    assert at.met == {"/a", "/b", "/c", "/d"}
    at.note_further(["/e"], pages_max=3)
    assert at.to_read == ["/e", "/c", "/d"]
    assert "/b" not in at.met, "a page that found no room may be named again"


def test_a_course_counts_what_was_read_and_what_is_trouble() -> None:
    course = Course()
    course.note_end(walk(on_ground=True), Why.GROUND, None)
    course.note_end(walk(on_ground=False), Why.LAST_PAGE, None)
    course.note_end(walk(INDEX), Why.LAST_PAGE, None)
    assert (course.read, course.feeds, course.reached_all) == (3, [True, False], False)
    course.note_end(walk(API, paged=True), Why.LAST_PAGE, None)
    assert not course.reached_all, "an API that names nothing may stand beside a full feed"
    course.note_end(walk(paged=True, named={"k1"}, names_own=True), Why.LAST_PAGE, None)
    assert (course.read, course.feeds, course.reached_all, course.named) == (5, [True, False], True, 1)
    course.note_left(walk(), Leave("read", "in part"), never_there=False)
    assert (course.read, course.trouble) == (6, [])
    course.note_left(walk(), Leave("gone", "HTTP 404"), never_there=True)
    course.note_left(walk(INDEX), Leave("gone", "HTTP 404", Cause.GONE), never_there=False)
    course.note_left(walk(API), Leave("refused", "HTTP 401", Cause.BLOCK), never_there=False)
    assert course.trouble == [Trouble(INDEX.url, "HTTP 404", Cause.GONE)]
    assert course.fell_back == [Trouble(API.url, "HTTP 401", Cause.BLOCK)]


# ---------------------------------------------------------------------- the end of a crawl

DOWN = Trouble(FEED.url, "HTTP 503", Cause.SERVER_ERROR)
ALSO_DOWN = Trouble(INDEX.url, "HTTP 503", Cause.SERVER_ERROR)
CLOSED = Trouble(API.url, "HTTP 401", Cause.BLOCK)


@pytest.mark.parametrize(
    ("course", "closed", "left", "expected"),
    [
        (Course(read=1, named=1), "finished", None, Finish("finished")),
        (Course(read=1, named=1), "finished", 1, Finish("finished")),
        (Course(read=1, named=1), "finished", 0, Finish("limit")),
        (
            Course(read=1, named=1),
            "shutdown",
            None,
            Finish("stopped", "stopped by the operator or the system (shutdown)", Cause.STOPPED),
        ),
        (Course(), "finished", None, Finish("no listing", "none of its listings is there any more", Cause.GONE)),
        (
            Course(trouble=[DOWN, ALSO_DOWN]),
            "finished",
            None,
            Finish("no listing", f"{FEED.url}, {INDEX.url}: HTTP 503", Cause.SERVER_ERROR),
        ),
        (
            Course(trouble=[DOWN], fell_back=[CLOSED]),
            "finished",
            None,
            Finish("no listing", f"{FEED.url}: HTTP 503", Cause.SERVER_ERROR),
        ),
        (Course(fell_back=[CLOSED]), "finished", None, Finish("no listing", f"{API.url}: HTTP 401", Cause.BLOCK)),
        (
            Course(read=1, named=1, trouble=[DOWN, replace(ALSO_DOWN, reason="it was cut off")]),
            "finished",
            0,
            Finish("incomplete", f"{FEED.url}: HTTP 503; {INDEX.url}: it was cut off", Cause.SERVER_ERROR),
        ),
        (
            Course(read=1, named=1, fell_back=[CLOSED]),
            "finished",
            None,
            Finish("finished", f"other listings were read in place of {API.url}: HTTP 401"),
        ),
    ],
)
def test_a_crawl_ends_with_a_word_a_reason_and_a_cause(
    course: Course, closed: str, left: int | None, expected: Finish
) -> None:
    assert ending.finish(course, closed, left=left) == expected


def lost(outcome: Outcome, number: int, *, now: bool = True, first: bool = True) -> Lost:
    return Lost(outcome, Cause.UNREAD, now, first, number)


GONE, UNREAD, NOT_WHOLE = Outcome.GONE, Outcome.UNREADABLE, Outcome.FAILED


@pytest.mark.parametrize(
    ("word", "stored", "known", "losses", "has_articles", "expected"),
    [
        ("finished", 0, 3, (), True, "finished"),  # a quiet portal
        ("finished", 0, 0, (), False, "finished"),
        ("finished", 0, 0, (lost(NOT_WHOLE, 1),), False, "incomplete"),
        ("finished", 0, 0, (lost(NOT_WHOLE, 1), lost(GONE, 1)), False, "nothing"),
        ("finished", 1, 0, (lost(NOT_WHOLE, 1),), True, "finished"),
        ("finished", 0, 1, (lost(NOT_WHOLE, 1),), True, "finished"),  # a page that fails is tried again
        ("finished", 0, 0, (lost(GONE, 1),), False, "nothing"),
        ("limit", 0, 0, (lost(GONE, 1),), False, "nothing"),
        ("finished", 0, 3, (lost(GONE, 3, now=False),), False, "nothing"),  # all were lost before, none ever came
        ("finished", 0, 3, (lost(GONE, 2, now=False),), True, "finished"),
        ("finished", 0, 3, (lost(GONE, 1),), True, "finished"),
        ("finished", 0, 3, (lost(GONE, 2),), True, "partial"),
        ("finished", 0, 3, (lost(GONE, 1), lost(UNREAD, 1)), True, "partial"),
        ("finished", 0, 3, (lost(GONE, 9, first=False),), True, "finished"),  # tried again, and still gone
        ("finished", 1, 3, (lost(GONE, 9),), True, "finished"),  # listings name what was taken down
        ("finished", 2, 0, (lost(UNREAD, 3),), True, "partial"),
        ("finished", 3, 0, (lost(UNREAD, 3),), True, "finished"),
        ("finished", 1, 0, (lost(UNREAD, 2),), True, "finished"),
        ("limit", 2, 0, (lost(UNREAD, 3),), True, "partial"),
        ("time", 0, 0, (lost(UNREAD, 3),), False, "time"),
        ("blocked", 0, 0, (lost(UNREAD, 3),), False, "blocked"),
    ],
)
def test_a_crawl_that_brought_nothing_or_lost_most_is_not_finished(
    word: str, stored: int, known: int, losses: tuple[Lost, ...], has_articles: bool, expected: str
) -> None:
    counts = {"stored": stored, "known": known}
    found = ending.finish_by_counts(Finish(word), counts, losses, has_articles=has_articles)
    assert found.word == expected
    assert found.word == word or (found.cause is Cause.UNREAD and found.reason)


def test_what_was_lost_is_counted_by_outcome() -> None:
    assert ending.in_words([lost(GONE, 2), lost(UNREAD, 1), lost(GONE, 1, now=False)]) == "3 gone, 1 unreadable"


SINCE = NOW - 10 * DAY
YOUNGER, OLDER = SINCE + timedelta(seconds=1), SINCE - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("word", "course", "since", "held_back", "expected"),
    [
        ("finished", Course(oldest=YOUNGER), None, 0, "finished"),
        ("finished", Course(oldest=YOUNGER, fresh={"a"}), None, 0, "partial"),
        ("finished", Course(oldest=YOUNGER, fresh={"a"}), None, 9, "partial"),
        ("finished", Course(oldest=YOUNGER, fresh={"a"}, reached=True), None, 0, "finished"),
        ("limit", Course(oldest=YOUNGER, fresh={"a"}), None, 0, "limit"),
        ("finished", Course(oldest=YOUNGER), SINCE, 0, "partial"),
        ("finished", Course(oldest=SINCE), SINCE, 0, "partial"),  # more of that day may have come before it
        ("finished", Course(oldest=OLDER), SINCE, 0, "finished"),
        ("finished", Course(oldest=YOUNGER, reached=True), SINCE, 0, "finished"),
        ("finished", Course(), SINCE, 0, "partial"),
        ("finished", Course(), SINCE, 1, "finished"),  # their pages say that they are older
        ("limit", Course(oldest=YOUNGER), SINCE, 0, "limit"),
        ("nothing", Course(oldest=YOUNGER), SINCE, 0, "nothing"),
    ],
)
def test_a_bound_that_no_listing_reaches_is_not_read(
    word: str, course: Course, since: datetime | None, held_back: int, expected: str
) -> None:
    found = ending.finish_by_reach(Finish(word), course, since, held_back=held_back)
    assert found.word == expected
    assert found.word == word or found.cause is Cause.OUT_OF_REACH


@pytest.mark.parametrize(
    ("named", "recorded", "expected"),
    [
        (entries(), AT_ITS_END, Turn(Why.GROUND, stop=True)),
        (entries(), NEW, FOLLOW),
        (entries()[::-1], AT_ITS_END, FOLLOW),  # several boxes: what follows may be new
        ([*entries(2), *entries(1, newest=None)], AT_ITS_END, FOLLOW),
    ],
)
def test_a_section_that_the_home_page_links_ends_at_known_ground_where_it_is_dated_and_in_order(
    named: list[ListedUrl], recorded: PageOfListing, expected: Turn
) -> None:
    assert decide.after_page(page("/2"), named, recorded, walk(replace(INDEX, found_on=HOME)), None) == expected


def test_one_listing_that_is_as_it_was_is_not_forgotten_for_another_that_is_not() -> None:
    course = Course()
    for unchanged in (False, True, False):
        course.note_end(walk(unchanged=unchanged), Why.LAST_PAGE, None)
    assert course.unchanged


NEWS = Listing(ListingKind.SITEMAP, f"{HOME}/sitemap-news.xml")


@pytest.mark.parametrize(
    ("at", "why", "since", "expected"),
    [
        (walk(FEED), Why.LAST_PAGE, None, False),  # so many of the newest
        (walk(FEED, oldest=YOUNGER), Why.LAST_PAGE, SINCE, False),
        (walk(FEED, oldest=OLDER), Why.LAST_PAGE, SINCE, True),
        (walk(FEED), Why.SINCE, SINCE, True),
        (walk(FEED), Why.GROUND, SINCE, True),
        (walk(FEED, on_ground=True), Why.LAST_PAGE, SINCE, True),
        (walk(FEED), Why.UNCHANGED, SINCE, False),
        (walk(FEED, paged=True), Why.PAST_THE_END, SINCE, True),
        (walk(FEED, paged=True), Why.UNCHANGED, SINCE, False),
        (walk(API), Why.LAST_PAGE, SINCE, True),
        (walk(BLOGGER), Why.LAST_PAGE, SINCE, True),
        (walk(INDEX, pages=2), Why.LAST_PAGE, SINCE, True),
        (walk(INDEX, pages=1), Why.LAST_PAGE, SINCE, False),  # it has no pager
        (walk(INDEX, pages=1, leads_on=True), Why.LAST_PAGE, SINCE, False),
        (walk(INDEX, on_ground=True), Why.GROUND, SINCE, False),
        (walk(INDEX, on_ground=True, leads_on=True), Why.GROUND, SINCE, True),
        (walk(INDEX, oldest=OLDER), Why.LAST_PAGE, SINCE, True),
        (walk(INDEX, pages=2, loops=True), Why.LAST_PAGE, SINCE, False),
        (walk(FEED, pages=2, loops=True), Why.LAST_PAGE, SINCE, False),
        (walk(FEED, pages=2, loops=True, on_ground=True), Why.GROUND, SINCE, True),
        (walk(SITEMAP), Why.LAST_PAGE, SINCE, True),
        (walk(NEWS), Why.LAST_PAGE, SINCE, False),
    ],
)
def test_how_far_back_a_listing_was_read_is_proven_or_not(
    at: Walk, why: Why, since: datetime | None, expected: bool
) -> None:
    assert at.reaches(why, since) is expected


def test_a_walk_notes_the_oldest_publication_and_keeps_it_where_nothing_changed() -> None:
    for listing, oldest in ((FEED, NOW - timedelta(hours=2)), (SITEMAP, None)):
        at = walk(listing)
        at.note_entries(page(), entries())
        assert at.oldest == oldest, "a sitemap prints changes"
    at = walk(state=state(oldest=OLDER))
    at.note_unchanged()
    assert (at.oldest, at.unchanged) == (OLDER, True)


@pytest.mark.parametrize(
    ("at", "why", "expected"),
    [
        (walk(SITEMAP), Why.LAST_PAGE, True),
        (walk(SITEMAP, unchanged=True), Why.LAST_PAGE, False),  # what its unchanged pages name was not seen
        (walk(SITEMAP), Why.UNCHANGED, False),
        (walk(FEED), Why.LAST_PAGE, False),
        (walk(INDEX), Why.LAST_PAGE, False),
    ],
)
def test_only_a_whole_sitemap_names_all(at: Walk, why: Why, expected: bool) -> None:
    assert decide.names_all(at, why) is expected


@pytest.mark.parametrize(
    ("course", "bounded", "expected"),
    [
        (Course(read=1), False, "nothing"),
        (Course(read=1), True, "finished"),  # days without news
        (Course(read=1, unchanged=True), False, "finished"),
        (Course(read=1, named=1), False, "finished"),
    ],
)
def test_a_crawl_whose_listings_name_nothing_is_not_finished(course: Course, bounded: bool, expected: str) -> None:
    assert ending.finish(course, "finished", left=None, bounded=bounded).word == expected


# ---------------------------------------------------------------------- pages that the home page links


def trouble(cause: Cause | None) -> Trouble:
    return Trouble(FEED.url, "x", cause)


@pytest.mark.parametrize(
    ("course", "bounded", "asks"),
    [
        (Course(), False, True), (Course(named=3), False, False), (Course(unchanged=True), False, False),
        (Course(named=3), True, True), (Course(named=3, fresh={"a"}), False, True),
        (Course(named=3, fresh={"a"}, reached=True), True, False), (Course(reached=True), False, False),
        (Course(trouble=[trouble(Cause.GONE), trouble(Cause.UNREAD)]), False, True),
        (Course(trouble=[trouble(Cause.GONE), trouble(Cause.DNS)]), True, False),
        (Course(trouble=[trouble(None)]), True, False),
    ],
)  # fmt: skip
def test_the_home_page_is_asked_where_no_listing_is_enough_and_the_portal_answers(
    course: Course, bounded: bool, asks: bool
) -> None:
    assert decide.asks_home(course, bounded=bounded) is asks


@pytest.mark.parametrize(
    ("page_", "keys", "own", "linked", "taken"),
    [
        (page("x"), 3, (), (), True), (page("x"), 2, (), (), False), (page(), 3, (), (), False),
        (page(), 3, ("k1",), (), True), (page(), 3, (), ("k1",), True), (page(), 3, ("other",), ("more",), False),
        (ListingPage((Listed("k", "u", None), Listed("k2", "u2", "1 Mei 2024")), ()), 3, (), (), True),
    ],
)  # fmt: skip
def test_a_linked_page_is_a_listing_by_a_pager_dates_or_what_others_name(
    page_: ListingPage, keys: int, own: tuple[str, ...], linked: tuple[str, ...], taken: bool
) -> None:
    found = decide.refuse_linked(page_, [f"k{n}" for n in range(keys)], Course(own=set(own), linked=set(linked)))
    assert found == (None if taken else Leave("unreadable", "it is no list of articles", Cause.UNREAD))


@pytest.mark.parametrize(
    ("at", "turn", "bounded", "expected"),
    [
        (walk(API, total=1), Turn(Why.GROUND), False, True), (walk(API, total=0), Turn(Why.GROUND), False, False),
        (walk(API, total=1), Turn(Why.GROUND), True, False), (walk(API, total=1), Turn(Why.LAST_PAGE), False, False),
        (walk(API, total=1), Leave("failed", "x", None), False, False), (walk(total=1), Turn(Why.GROUND), False, False),
        (walk(API, total=1, url=first_pages(API, changed_after=NOW)[0]), Turn(Why.GROUND), False, False),
        (walk(BLOGGER, total=1), Turn(Why.GROUND), False, True),
        (walk(BLOGGER, total=1, url=first_pages(BLOGGER, changed_after=NOW)[1]), Turn(Why.GROUND), False, False),
    ],
)  # fmt: skip
def test_a_total_says_what_was_removed_where_all_of_the_newest_is_known(
    at: Walk, turn: Turn | Leave, bounded: bool, expected: bool
) -> None:
    assert decide.may_look_for_removed(turn, at, bounded=bounded) is expected


@pytest.mark.parametrize(
    ("at", "turn", "bounded", "expected"),
    [
        (walk(API), Turn(Why.GROUND), False, True), (walk(API, total=1), Turn(Why.GROUND), False, False),
        (walk(API), Turn(Why.GROUND), True, False), (walk(API), Turn(Why.LAST_PAGE), False, False),
        (walk(API), Leave("failed", "x", None), False, False), (walk(), Turn(Why.GROUND), False, False),
        (walk(API, url=first_pages(API, changed_after=NOW)[0]), Turn(Why.GROUND), False, False),
        (walk(API, url=last_in(API)), Turn(Why.GROUND), False, False),
    ],
)  # fmt: skip
def test_a_wordpress_that_counts_nothing_is_asked_for_what_came_last(
    at: Walk, turn: Turn | Leave, bounded: bool, expected: bool
) -> None:
    assert decide.asks_for_last_in(turn, at, bounded=bounded) is expected


@pytest.mark.parametrize("uncounted", [0, 1])
def test_what_was_looked_through_may_be_looked_through_again_by_its_changes(uncounted: int) -> None:
    at = walk(BLOGGER, url=first_pages(BLOGGER, changed_after=NOW)[1], pages=9, barren=MAX_REPEATS, uncounted=uncounted)
    turn = decide.after_page(page("x"), entries(), NEW, at, None)
    assert turn == Turn(Why.GROUND, stop=True) if uncounted else isinstance(turn, Leave)


@pytest.mark.parametrize(("recorded", "follow"), [(NEW, True), (replace(NEW, new=1), True), (ON_GROUND, False)])
def test_what_came_last_is_read_on_for_as_long_as_it_is_new(recorded: PageOfListing, follow: bool) -> None:
    at = walk(API, url=last_in(API), pages=3, barren=MAX_REPEATS)
    turn = decide.after_page(page("x"), entries(), recorded, at, None)
    assert turn == Turn(Why.GROUND, follow=follow)
    refused = Settlement(Outcome.FAILED, "HTTP 403", 403, cause=Cause.BLOCK)
    assert decide.after_answer(403, refused, at) == Turn(Why.GROUND), "the newest are read already"


@pytest.mark.parametrize(
    ("named", "known", "why", "before", "gap"),
    [
        (3, 0, Why.LAST_PAGE, True, True), (3, 1, Why.LAST_PAGE, True, False), (0, 0, Why.LAST_PAGE, True, False),
        (3, 0, Why.GROUND, True, False), (3, 0, Why.LAST_PAGE, False, False), (1, 0, Why.LAST_PAGE, True, True),
    ],
)  # fmt: skip
def test_a_feed_of_new_articles_alone_may_have_left_some_out(
    named: int, known: int, why: Why, before: bool, gap: bool
) -> None:
    course = Course()
    read_at = NOW if before else None
    course.note_end(walk(named={f"k{n}" for n in range(named)}, known=known, state=state(read_at=read_at)), why, None)
    assert course.gap is gap
    course.note_end(walk(named={"a"}), Why.LAST_PAGE, None)
    assert course.gap is gap, "another feed takes nothing back"


@pytest.mark.parametrize(
    ("own", "named", "url", "reached"),
    [
        (20, 18, "kota", True), (20, 17, "kota", False), (9, 9, "kota", True), (9, 8, "kota", False),
        (0, 3, "indeks", True), (0, 3, "kota", False),
    ],
)  # fmt: skip
def test_a_linked_page_stands_for_all_when_it_names_nine_in_ten_of_what_the_file_names(
    own: int, named: int, url: str, reached: bool
) -> None:
    linked = Listing(ListingKind.INDEX, f"{HOME}/{url}", found_on=f"{HOME}/")
    course = Course(own={f"k{n}" for n in range(own)})
    made = walk(linked, named={f"k{n}" for n in range(named)}, pages=2, leads_on=True)
    course.note_end(made, Why.LAST_PAGE, None)
    assert (course.reached, course.read, course.led, course.short) == (reached, 1, True, False)
    assert course.linked == made.named


def test_sections_stand_for_all_together_when_every_one_of_them_leads_far_enough() -> None:
    for far, reached in ((True, True), (False, False)):
        course = Course(own={"a", "b"})
        for name, pages in (("a", 2), ("b", 2 if far else 1)):
            linked = Listing(ListingKind.INDEX, f"{HOME}/{name}", found_on=f"{HOME}/")
            course.note_end(walk(linked, named={name}, pages=pages, leads_on=pages > 1), Why.LAST_PAGE, None)
            assert not course.reached, "one alone does not name all"
        course.settle_linked()
        assert course.reached is reached


def test_so_many_addresses_of_the_file_are_compared_and_no_more() -> None:
    course = Course()
    for named in ({f"k{n}" for n in range(MOST_COMPARED - 1)}, {"a", "b"}, {"c"}):
        course.note_end(walk(named=named, names_own=True), Why.LAST_PAGE, None)
    assert (len(course.own), course.named) == (MOST_COMPARED, MOST_COMPARED + 2)


def test_a_walk_remembers_how_many_its_first_page_named() -> None:
    made = walk()
    assert made.first == 0
    for number in (3, 5):
        made.note_entries(page(named=number), entries(number))
        assert made.first == 3


def test_a_walk_and_a_course_begin_with_nothing() -> None:
    begun = Walk(FEED, 1, 0, None)
    counts = ("pages", "known", "skipped", "refused", "total", "barren", "first", "uncounted")
    assert [getattr(begun, name) for name in counts] == [0] * len(counts)
    course = Course()
    assert (course.read, course.named, course.reached, course.gap, course.led, course.short) == (0, 0, *[False] * 4)


def test_the_cause_of_a_crawl_that_brought_nothing_is_the_commonest_loss() -> None:
    done = Finish("finished", None)
    lost = (
        Lost(Outcome.UNREADABLE, Cause.UNREAD, True, True, 5), Lost(Outcome.GONE, Cause.GONE, True, True, 2),
        Lost(Outcome.REFUSED, Cause.ROBOTS, False, True, 9),
    )  # fmt: skip
    counts = {"stored": 0, "known": 0}
    assert ending.finish_by_counts(done, counts, lost, has_articles=False).cause is Cause.UNREAD
    assert ending.finish_by_counts(done, counts, lost[2:], has_articles=False).cause is Cause.ROBOTS
    failed = tuple(lost_._replace(outcome=Outcome.FAILED) for lost_ in lost[:2])
    found = ending.finish_by_counts(done, counts, failed, has_articles=True)
    assert (found.word, found.cause) == ("incomplete", Cause.UNREAD)


@pytest.mark.parametrize(("pages", "refuses_size", "asks"), [(1, True, True), (2, True, False), (1, False, False)])
def test_the_first_page_that_is_refused_for_its_size_is_asked_for_smaller(
    pages: int, refuses_size: bool, asks: bool
) -> None:
    failed = Settlement(Outcome.FAILED, "HTTP 400", 400)
    found = decide.after_answer(400, failed, walk(API, pages=pages), refuses_size=refuses_size)
    assert isinstance(found, Ask) is asks


def test_without_a_bound_a_crawl_whose_listings_name_nothing_brought_nothing() -> None:
    assert ending.finish(Course(read=1), "finished", left=None).word == "nothing"
    assert ending.finish(Course(read=1), "finished", left=None, bounded=True).word == "finished"
