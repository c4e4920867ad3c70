"""What happens once a crawl costs the same in an old archive as in a young one: in steps of SQLite, not in seconds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kwri_crawler import clock
from kwri_crawler.archive import (
    Database,
    backfills,
    counted,
    crawls,
    health,
    ledger,
    listings,
    plan,
    search_index,
    visits,
)
from kwri_crawler.archive.ledger import Settlement
from kwri_crawler.catalogue import Listing, ListingKind
from kwri_crawler.items import Outcome
from tests.archives import HOME, INDEX, PORTAL, listed, new_archive

YOUNG, OLD = 40, 2_000  # articles of long ago, crawls, revisions, addresses, events
NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
LINKED = Listing(ListingKind.INDEX, HOME + "kategori/desa", found_on=HOME)
API = Listing(ListingKind.WORDPRESS, HOME + "wp-json/wp/v2/posts")

# Years ago, all of it settled: a crawl of today has nothing to do with it. n is from 0.
_PAST = (
    "INSERT INTO crawls (portal, started_at, ended_at, finish, version)"
    " SELECT 'contoh', strftime('%Y-%m-%dT%H:%M:%SZ', '2023-01-01', n || ' minutes'), '2023-06-01T00:00:00Z',"
    " 'finished', '1' FROM past",
    "INSERT INTO articles (portal, url, url_key, title, published_at, published_local, body, word_count, reader,"
    " text_hash, first_seen_at, fetched_at, crawl)"
    " SELECT 'contoh', 'https://contoh.example/p' || n, 'contoh.example/p' || n, 'Judul',"
    " CASE WHEN n % 4 THEN strftime('%Y-%m-%dT%H:%M:%SZ', '2023-01-01', n || ' minutes') END,"
    " CASE WHEN n % 4 THEN '2023-01-01T07:00:00+07:00' END, 'Isi.', 1, 'varient', 'h' || n,"
    " '2023-01-02T00:00:00Z', '2023-01-02T00:00:00Z', 1 FROM past",
    "INSERT INTO urls (portal, key, url, listing, found_at, found_crawl, seen_crawl, outcome, tried_at, tried_crawl,"
    " settled_crawl, article)"
    " SELECT portal, url_key, url, 1, first_seen_at, 1, 1, 'stored', fetched_at, 1, 1, id FROM articles",
    "INSERT INTO urls (portal, key, url, listing, found_at, found_crawl, seen_crawl, outcome, tried_at, settled_crawl)"
    " SELECT 'contoh', 'contoh.example/x' || n, 'https://contoh.example/x' || n, 1, '2023-01-01T00:00:00Z', 1, 1,"
    " 'unreadable', '2023-01-01T00:00:00Z', 1 FROM past",
    "INSERT INTO visits (article, portal, next_at, visited_at, visited_crawl)"
    " SELECT id, portal, NULL, '2023-02-01T00:00:00Z', 1 FROM articles",
    "INSERT INTO revisions (article, title, body, text_hash, fetched_at, replaced_at, words_changed, crawl)"
    " SELECT id, title, body, text_hash, fetched_at, fetched_at, .1, 1 FROM articles",
    "INSERT INTO events (portal, at, word) SELECT 'contoh', '2023-01-01T00:00:00Z', 'well' FROM past",
    "INSERT INTO backfills (portal, first_day, last_day, listing, done_at)"
    " SELECT 'contoh', date('2000-01-01', n || ' days'), '2023-01-01', 1, '2023-01-01T00:00:00Z' FROM past",
)  # fmt: skip


def steps_of_a_crawl(path: Path, past: int) -> dict[str, int]:
    """Return by name how many steps of SQLite's machine each part of a crawl took, with so much of the past."""
    db = new_archive(path)
    clock.set_clock(NOW.isoformat())
    try:
        first = crawls.begin(db, PORTAL, None, None)
        listings.begin_listing(db, PORTAL.id, INDEX)
        crawls.end(db, first, PORTAL.id, "finished", None, 0, 0)
        search_index.put_off(db)
        for statement in _PAST:
            db.execute(
                f"WITH RECURSIVE past (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM past LIMIT {past}) {statement}"
            )
        db.execute("UPDATE portals SET last_crawl = (SELECT max(id) FROM crawls)")
        db.execute("DELETE FROM search_later")
        return _crawl(db, {f"contoh.example/p{n}" for n in range(past - 9, past)})
    finally:
        clock.set_clock("")
        db.close()


def _crawl(db: Database, named: set[str]) -> dict[str, int]:
    steps: dict[str, int] = {}

    def measured(name: str, job: Callable[..., Any], *args: Any, **more: Any) -> Any:
        count = 0

        def step() -> int:
            nonlocal count
            count += 1
            return 0

        db.conn.set_progress_handler(step, 1)
        result = job(db, *args, **more)
        db.conn.set_progress_handler(None, 1)
        steps[name] = count
        return result

    portal = PORTAL.id
    measured("plan of a harvest", crawls.last_crawls)
    crawls.begin(db, PORTAL, None, None)  # it was killed
    crawl, was_killed = measured("begin_crawl", crawls.begin_knowing, PORTAL, None, None, None, None)
    assert was_killed
    measured("schedule", visits.schedule, portal, [1, 24, 240])
    measured("states", listings.states, PORTAL, None)
    row, began = measured("begin_listing", listings.begin_listing, portal, INDEX)
    measured("record_page", listings.record_page, portal, row, crawl, listed("p1", "a", "b"), None)
    measured("end_listing", listings.end_listing, row, crawl, began, None, True, paged=True)
    measured("join_feeds", listings.join_feeds, portal, crawl)
    due = measured("take_due", ledger.take_due, portal, crawl, 10, None)
    assert [one.url for one in due] == [HOME + "a", HOME + "b"]
    measured("settle", ledger.settle, due[0].id, crawl, Settlement(Outcome.GONE))
    linked, _ = listings.begin_listing(db, portal, LINKED)
    measured("record_page, linked", listings.record_page, portal, linked, crawl, listed("p1", "b"), None)
    nothing, _ = listings.begin_listing(db, portal, Listing(ListingKind.INDEX, HOME + "tentang", found_on=HOME))
    measured("drop_linked", listings.drop_linked, nothing)
    assert nothing not in {number for (number,) in db.execute("SELECT id FROM listings")}
    api, _ = listings.begin_listing(db, portal, API)
    assert measured("uncounted", visits.uncounted, portal, api, 0, "wordpress-api") == 0
    newest = "total = 1, complete_crawl = ?, complete_from = (SELECT max(id) - 9 FROM urls)"
    db.execute(f"UPDATE listings SET {newest} WHERE id = ?", (crawl - 1, api))
    assert measured("grown", counted.grown, portal, api, 20) == 17  # a and b were found
    measured("note_total", counted.note_total, portal, api, 20)
    measured("left_out", visits.left_out, portal, named, "wordpress-api", api)
    measured("suspect", visits.suspect, portal, named, NOW - timedelta(days=3))
    measured("suspect_missing", visits.suspect_missing, portal, named)
    measured("take", visits.take, portal, crawl, 5)
    measured("slice of a back-fill", backfills.finish, portal, date(2026, 11, 1), date(2026, 11, 2), row, for_good=True)
    measured("count_in", crawls.count_in, crawl, portal)
    measured("lost_in", crawls.lost_in, crawl, portal)
    counts = measured("end_crawl", crawls.end, crawl, portal, "finished", None, 3, 900)
    assert (counts["found"], counts["known"], counts["gone"], counts["pending"]) == (3, 1, 1, 1)
    measured("plan_next", plan.plan_next, portal, well=True)
    measured("health", health.review, [PORTAL], NOW)
    return steps


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, int], dict[str, int]]:
    folder = tmp_path_factory.mktemp("grown")
    return steps_of_a_crawl(folder / "young.sqlite", YOUNG), steps_of_a_crawl(folder / "old.sqlite", OLD)


def test_what_happens_once_a_crawl_takes_as_many_steps_in_an_archive_fifty_times_as_old(
    measured: tuple[dict[str, int], dict[str, int]],
) -> None:
    young, old = measured
    assert len(young) > 20
    dearer = {name: (young[name], old[name]) for name in young if old[name] > 1.1 * young[name] + 20}
    assert not dearer, "steps with little of a past and with much of it"


@pytest.mark.parametrize("sql", visits.POSTS.values(), ids=visits.POSTS)
def test_the_posts_of_a_blog_are_counted_without_reading_an_article(sql: str, tmp_path: Path) -> None:
    db = new_archive(tmp_path / "a.sqlite")
    plan_of = db.execute(f"EXPLAIN QUERY PLAN {sql}", ("contoh",)).fetchall()
    assert [row[3] for row in plan_of] == [
        "SEARCH articles USING COVERING INDEX articles_posts (portal=? AND reader=? AND gone_at=?)"
    ]


def test_crawls_that_were_not_killed_are_not_read_to_learn_whether_one_was(tmp_path: Path) -> None:
    db = new_archive(tmp_path / "a.sqlite")
    asked: list[str] = []
    db.conn.set_trace_callback(asked.append)
    assert not crawls.was_killed(db, PORTAL.id)
    db.conn.set_trace_callback(None)
    plan_of = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {asked[0]}")]
    assert "SEARCH crawls USING INDEX crawls_killed (portal=? AND started_at>?)" in plan_of
    db.close()


def test_the_news_of_each_day_are_counted_without_reading_an_article(tmp_path: Path) -> None:
    db = new_archive(tmp_path / "a.sqlite")
    values = {"portal": PORTAL.id, "from": "2026", "now": "2027", "zone": "+7 hours", "news": health.NEWS}
    plan_of = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {health.PER_DAY}", values)]
    read = "articles USING COVERING INDEX articles_portal_fetched (portal=? AND fetched_at>? AND fetched_at<?)"
    assert plan_of[0] == f"SEARCH {read}", plan_of
    db.close()


def test_a_young_article_that_has_its_visit_is_not_read_to_learn_that(tmp_path: Path) -> None:
    db = new_archive(tmp_path / "a.sqlite")
    values = {"portal": "contoh", "oldest": "2026", "now": "2026", "told": "[]"}
    plan_of = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {visits.UNPLANNED}", values)]
    first = next(place for place, step in enumerate(plan_of) if "INDEX articles_portal_published" in step)
    assert plan_of[first : first + 3] == [
        "SEARCH articles USING COVERING INDEX articles_portal_published (portal=? AND published_at>?)",
        "SEARCH visits USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
        "SEARCH articles USING INTEGER PRIMARY KEY (rowid=?)",
    ]
