"""Views answer as they did before indexes were made for them, and their first rows cost the same in a large archive."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from kwri_crawler.archive import articles, clock_tables, identity, open_archive, search_index, views
from kwri_crawler.archive.schema import migrations
from kwri_crawler.dates import with_dates
from kwri_crawler.items import DateKind, DateSource, DateText
from tests.archives import an_article, crawl_of, new_archive
from tests.crawling import PROJECT

FIRST = PROJECT / "tests" / "golden" / "archives" / "f4db461.sqlite.gz"
# Read whole, whatever is asked of them: a search for each institution.
# A desk's own releases are few, and its views read what carries them.
WHOLE = frozenset(("institution_reach", "unit_league", "portal_reach", "release_articles"))
ORDERED = frozenset(("story_articles", "largest_stories"))  # without ties; equal ones of the others may change places
SMALL, LARGE = 60, 1_500  # articles of each of four portals

_ARTICLES = (
    "INSERT INTO portals (id, name, home, family, zone)"
    " SELECT 'p' || value, 'P' || value, '', '', '' FROM json_each('[0,1,2,3]')",
    "INSERT INTO crawls (portal, started_at, finish, version)"
    " SELECT 'p' || (n % 4), '2024-01-01T00:00:00Z', 'finished', '1' FROM many",
    "UPDATE portals SET last_crawl = (SELECT max(id) FROM crawls WHERE portal = portals.id)",
    "INSERT INTO articles (portal, url, url_key, title, published_at, published_local, published_precision,"
    " published_source, body, word_count, reader, text_hash, first_seen_at, fetched_at, crawl)"
    " SELECT 'p' || (n % 4), 'u' || n, 'u' || n, 'Judul', strftime('%Y-%m-%dT%H:%M:%SZ', '2020-01-01', n || ' hours'),"
    " strftime('%Y-%m-%dT%H:%M:%S+07:00', '2020-01-01', (n + 7) || ' hours'), 'minute', 'byline', 'Isi.', 1,"
    " 'varient', 'h' || (n / 2), '2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z', 1 FROM many",
    "INSERT INTO dates (article, kind, source, text, position, judged, said_at, precision, won, offset_s,"
    " printed_offset_s)"
    " SELECT id, 'published', 'feed', 't', 0, 'published', published_at, 'minute', 0, (id % 39 = 0) * 90000,"
    " (id % 5 = 0) * 25200"
    " FROM articles",
    "INSERT INTO stories (id, original, first_seen, first_at, last_at, articles, portals, parted, first_copy_hours,"
    " portals_6h, first_portal)"
    " SELECT id, id, id, out_at, out_at, 2 + id % 7, 2, 0, id % 9, id % 3, portal FROM articles WHERE id % 2 = 1",
    "INSERT INTO first_copies SELECT id, 'p' || (id / 6 % 4), first_portal, id % 9 * 3600 FROM stories"
    " WHERE first_portal <> 'p' || (id / 6 % 4)",
    "UPDATE articles SET story = id - (id % 2 = 0)",
    "INSERT INTO ties SELECT id + 2, id, 'follow-up', 'r', 1, 1, 1, 1, 0, 0, 0, 0, 1 FROM articles WHERE id % 5 = 1"
    " AND id + 2 <= (SELECT max(id) FROM articles)",
    "INSERT INTO urls (portal, key, url, found_at, found_crawl, seen_crawl, outcome, tried_at)"
    " SELECT 'p' || (n % 4), 'x' || n, 'x' || n, '2024-01-01T00:00:00Z', 1, 1,"
    " CASE n % 9 WHEN 0 THEN 'pending' WHEN 1 THEN 'failed' ELSE 'gone' END, '2024-01-01T00:00:00Z' FROM many",
    "INSERT INTO events (portal, at, word) SELECT portal, started_at, 'well' FROM crawls",
    "UPDATE articles SET links = '[[\"u\", \"t\"]]', evidence = '{\"title\": \"meta\"}'",
)  # fmt: skip


def names_of_views(db: Database) -> list[str]:
    return [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name")]


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> tuple[Database, Database]:
    folder = tmp_path_factory.mktemp("views")
    made = []
    for size in (SMALL, LARGE):
        db = new_archive(folder / f"{size}.sqlite")
        search_index.put_off(db)
        for statement in _ARTICLES:
            many = f"WITH RECURSIVE many (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM many LIMIT {4 * size})"
            db.execute(f"{many} {statement}" if "many" in statement else statement)
        db.execute("UPDATE articles SET story = NULL WHERE portal = 'p3' AND id > 4 * 20")  # as most articles
        made.append(db)
    return made[0], made[1]


def steps(db: Database, sql: str) -> int:
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    db.conn.set_progress_handler(step, 10)
    db.execute(sql).fetchall()
    db.conn.set_progress_handler(None, 10)
    return count * 10


def test_where_a_desk_has_no_releases_their_views_cost_next_to_nothing(archives: tuple[Database, Database]) -> None:
    names = [name for name in names_of_views(archives[0]) if "release" in name] + ["unit_league", "portal_reach"]
    assert len(names) == 5
    for name in names:
        small, large = (steps(db, f"SELECT * FROM {name}") for db in archives)
        assert large <= small + 20, name
        assert large < 1_000, name


def test_the_first_rows_of_a_view_cost_the_same_in_a_large_archive(archives: tuple[Database, Database]) -> None:
    names = {name for name in names_of_views(archives[0]) if "releases" not in name} - WHOLE
    rows = {name: len(archives[0].execute(f"SELECT * FROM {name} LIMIT 20").fetchall()) for name in names}
    assert {name for name, number in rows.items() if number < 4} == {"undated_articles"}
    dearer = {}
    for name in names:
        before, after = (steps(db, f"SELECT * FROM {name} LIMIT 20") for db in archives)
        if after > 1.3 * before + 100:
            dearer[name] = before, after
    # one row a portal or pair counts its articles or stories, an entry of an index each; what is to be checked is few
    counted = {"portal_overview", "portal_shares", "dates_to_check", "lost_urls", "who_copies_whom"}
    assert set(dearer) <= counted, dearer
    for name in counted & set(dearer):
        before, after = dearer[name]
        assert after < 1.3 * LARGE / SMALL * before, f"{name} costs more than its rows"


@pytest.mark.parametrize("name", ["latest_articles", "largest_stories", "fastest_stories", "who_copies_whom"])
def test_rows_of_one_portal_are_looked_up_by_its_name_or_as_the_first(
    name: str, archives: tuple[Database, Database]
) -> None:
    _, large = archives
    column, one = ("portal", "P1") if name == "latest_articles" else ("first_portal", "p2")
    assert len(large.execute(f"SELECT * FROM {name} WHERE {column} = '{one}'").fetchall()) > 2
    assert steps(large, f"SELECT * FROM {name} WHERE {column} = 'nobody'") <= 200, "of the archive's rows none is read"


@pytest.mark.parametrize("name", ["date_agreement", "story_articles", "articles_by_day", "dates_to_check", "evidence"])
def test_rows_of_one_portal_are_found_without_reading_the_others(
    name: str, archives: tuple[Database, Database]
) -> None:
    _, large = archives
    one = steps(large, f"SELECT * FROM {name} WHERE portal = 'p1'")
    assert one < 0.45 * steps(large, f"SELECT * FROM {name}")
    few = steps(large, f"SELECT * FROM {name} WHERE portal = 'nobody'")
    if name != "dates_to_check":  # all that is to be checked is few
        assert few <= max(200, 0.1 * one), "of the archive's articles none is read"


def test_views_answer_as_they_did_before(tmp_path: Path) -> None:
    path = tmp_path / "kwri.sqlite"
    with gzip.open(FIRST) as packed, path.open("wb") as file:
        shutil.copyfileobj(packed, file)
    db = Database(sqlite3.connect(path, isolation_level=None))
    migrations.apply(db, stop_before="views_at_scale")
    db.execute("UPDATE articles SET text_hash = 'one' WHERE id <= 3")
    db.execute("UPDATE dates SET offset_s = 90000 * article WHERE article < 9 AND NOT won")
    names = [*views.VIEWS, "portal_clocks"]
    before = {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in names}
    columns = {name: list(db[name].columns_dict) for name in names}
    db.close()
    db = open_archive(path)
    assert ("articles_portal_story",) in db.execute("SELECT idx FROM sqlite_stat1").fetchall()
    analysed = {table for (table,) in db.execute("SELECT tbl FROM sqlite_stat1")}
    assert "articles_fts_data" not in analysed, "to count the index of words is to read it whole"
    for name, rows in before.items():
        assert rows, f"{name} has nothing to compare"
        assert list(db[name].columns_dict) == columns[name]
        found = db.execute(f"SELECT * FROM {name}").fetchall()
        assert (found if name in ORDERED else sorted(found, key=repr)) == (
            rows if name in ORDERED else sorted(rows, key=repr)
        )
    db.close()


def test_clocks_are_counted_as_dates_are_written_changed_and_deleted(tmp_path: Path) -> None:
    db = new_archive(tmp_path / "a.sqlite")
    crawl = crawl_of(db)

    def check(number: int) -> None:
        kept = db.execute("SELECT portal, source, kind, offset_s, still_wrong, dates FROM clocks").fetchall()
        assert sum(row[-1] for row in kept) == number
        db.execute("SAVEPOINT anew")
        db.execute("DELETE FROM clocks")
        db.execute(clock_tables.FILL)
        anew = db.execute("SELECT portal, source, kind, offset_s, still_wrong, dates FROM clocks").fetchall()
        assert sorted(kept, key=repr) == sorted(anew, key=repr)
        db.execute("ROLLBACK TO anew")
        db.execute("RELEASE anew")

    texts = (
        (DateSource.BYLINE, "Jun 27, 2024 - 14:10"),
        (DateSource.META, "2024-06-27T14:10:00Z"),  # a false Z: seven hours, put right
        (DateSource.FEED, "2024-06-27T09:10:00+07:00"),
    )
    dates = tuple(DateText(DateKind.PUBLISHED, source, text) for source, text in texts)
    ids = [
        articles.store(
            db, with_dates(an_article(f"a{number}", f"Kabar {number}.", crawl_id=crawl, dates=dates))
        ).article
        for number in range(6)
    ]
    check(18)
    wrong = db.execute(
        "SELECT source, dates, disagree, put_right, median_hours FROM portal_clocks ORDER BY 1"
    ).fetchall()
    assert wrong == [("byline", 6, 0, 0, None), ("feed", 6, 6, 0, -5.0), ("meta", 6, 6, 6, 7.0)]
    db.execute("UPDATE dates SET printed_offset_s = 3600 WHERE article = ? AND source = 'feed'", (ids[0],))
    db.execute("UPDATE dates SET judged = NULL, offset_s = 0 WHERE article = ? AND source = 'meta'", (ids[1],))
    check(18)
    db.execute("UPDATE dates SET precision = 'approximate' WHERE article = ?", (ids[2],))
    check(15)
    identity.delete(db, ids[0])
    db.execute("DELETE FROM dates WHERE article = ? AND source = 'byline'", (ids[3],))
    check(11)
    db.close()


def _with_statistics(folder: Path, rows: str) -> sqlite3.Connection:
    """Return a connection to an empty archive that plans by these rows of sqlite_stat1, as a large one's."""
    path = folder / "kwri.sqlite"
    db = open_archive(path)
    db.execute("ANALYZE")
    db.execute("DELETE FROM sqlite_stat1")
    db.execute(f"INSERT INTO sqlite_stat1 VALUES {rows}")
    db.conn.commit()
    db.close()
    return sqlite3.connect(path)


def test_no_view_makes_a_filter_of_a_whole_table_by_the_statistics_of_a_million_articles(tmp_path: Path) -> None:
    """SQLite, told by PRAGMA optimize that there are more searches than dates, read all of these for a Bloom filter."""
    connection = _with_statistics(
        tmp_path,
        "('articles', 'articles_portal_published', '1167104 401 2'),"
        " ('articles', 'articles_published', '3651872 20'), ('dates', 'dates', '1121211 3 3 1 1')",
    )
    plans = {
        name: [step for *_, step in connection.execute(f"EXPLAIN QUERY PLAN SELECT * FROM {name} LIMIT 20")]
        for name in names_of_views(Database(connection))
        if name not in WHOLE
    }
    connection.close()
    assert {name for name, plan in plans.items() if any("BLOOM" in step for step in plan)} == set()


def test_views_of_releases_begin_with_what_carries_them_by_the_statistics_of_a_large_archive(tmp_path: Path) -> None:
    connection = _with_statistics(
        tmp_path,
        "('articles', 'articles_story_out', '12168 3 1'),"
        " ('articles', 'articles_portal_story', '74698 401 401'),"
        " ('articles', 'articles_portal_published', '107107 401 1'),"
        " ('articles', 'articles_days', '102942 401 3 1'),"
        " ('articles', 'sqlite_autoindex_articles_1', '55965 1')",
    )
    for name in ("release_articles", "releases_overview", "unit_league", "portal_releases", "portal_reach"):
        plan = [step for *_, step in connection.execute(f"EXPLAIN QUERY PLAN SELECT * FROM {name}")]
        assert [step for step in plan if step.startswith("SCAN articles")] == [], name
    connection.close()


@pytest.mark.parametrize(
    "asked",
    [
        "latest_articles LIMIT 20",
        "story_articles LIMIT 20",
        "lost_urls LIMIT 20",
        "articles WHERE portal = 'contoh' ORDER BY id DESC LIMIT 51",
    ],
)
def test_first_rows_are_read_in_their_order_by_the_statistics_of_five_million_articles(
    asked: str, tmp_path: Path
) -> None:
    connection = _with_statistics(
        tmp_path,
        "('portals', 'portals_name', '200 1'),"
        " ('portals', 'sqlite_autoindex_portals_1', '200 1'), ('articles', 'articles_newest', '4686300 45'),"
        " ('articles', 'articles_portal', '4139960 401'), ('articles', 'articles_days', '5220928 401 37 2'),"
        " ('articles', 'articles_undated', '31137 134 1'), ('stories', 'stories_first_portal', '233770 401'),"
        " ('stories', 'stories_fastest', '266760 401 54 45'), ('stories', 'stories_largest', '272800 201 201 45'),"
        " ('stories', 'stories_first', '271560 45'),"
        " ('articles', 'articles_portal_fetched', '4139960 401 1 1 1'),"
        " ('articles', 'articles_portal_published', '7903560 401 2'),"
        " ('articles', 'articles_portal_story', '5246610 401 401'), ('articles', 'articles_story_out', '624708 2 1'),"
        " ('urls', 'urls_lost', '83990 401 401'), ('urls', 'urls_lost_newest', '83990 401')",
    )
    plan = [step for *_, step in connection.execute(f"EXPLAIN QUERY PLAN SELECT * FROM {asked}")]
    connection.close()
    assert "USE TEMP B-TREE FOR ORDER BY" not in plan, plan
