"""The archive: opened safely, migrated by one process at a time, durable when it says so, and the ledger's rules."""

import asyncio
import multiprocessing
import os
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from kwri_crawler.archive import (
    ArchiveError,
    PortalBusy,
    Writer,
    articles,
    crawls,
    ledger,
    listings,
    lock_portal,
    open_archive,
)
from kwri_crawler.archive.ledger import Settlement
from kwri_crawler.archive.schema import migrations
from kwri_crawler.items import DateSource, Moment, Outcome, Precision
from tests.archives import FEED, HOME, INDEX, PORTAL, an_article, crawl_of, listed, new_archive, outcomes, walk


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new_archive(tmp_path / "a.sqlite")


def test_a_new_archive_explains_itself_and_waits_for_the_disk(tmp_path: Path) -> None:
    db = open_archive(tmp_path / "a.sqlite")
    names = set(db.table_names()) | set(db.view_names())
    assert {"portals", "articles", "urls", "listings", "crawls", "tags", "articles_fts", "latest_articles"} <= names
    for table in ("portals", "articles", "urls", "listings", "crawls", "tags", "dates"):
        lines = db[table].schema.splitlines()
        assert lines[1].strip().startswith("--"), f"the table {table} has no comment"
    for view in db.views:
        assert "--" in view.schema, f"the view {view.name} has no comment"
        db.execute(f"SELECT * FROM {view.name}").fetchall()  # and it runs
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert db.execute("PRAGMA synchronous").fetchone() == (2,)


def test_an_article_is_stored_with_its_moments_in_utc_and_as_printed(db: Database) -> None:
    crawl = crawl_of(db)
    local = datetime.fromisoformat("2024-06-27T14:10:00+07:00")
    moment = Moment(local.astimezone(UTC), local, Precision.MINUTE, "Jun 27, 2024 - 14:10", DateSource.BYLINE)
    articles.store(db, an_article("a", crawl_id=crawl, published=moment))
    row = next(db.query("SELECT * FROM articles"))
    assert (row["published_at"], row["published_local"]) == ("2024-06-27T07:10:00Z", "2024-06-27T14:10:00+07:00")
    assert (row["published_precision"], row["published_source"]) == ("minute", "byline")
    assert row["body"] == "Satu kalimat tentang kota.\n\nParagraf kedua."
    assert [tag["tag"] for tag in db.query("SELECT tag FROM tags ORDER BY tag")] == ["polisi", "surabaya"]
    assert next(db.query("SELECT text FROM dates"))["text"] == "Jun 27, 2024 - 14:10"


def test_the_search_index_follows_what_is_stored_changed_and_deleted(db: Database) -> None:
    crawl = crawl_of(db)
    articles.store(db, an_article("a", "Panen raya jagung di desa.", crawl_id=crawl))
    assert [row["title"] for row in db["articles"].search("jagung")] == ["Judul a"]
    db.execute("UPDATE articles SET body = 'Panen raya padi.'")
    assert not list(db["articles"].search("jagung"))
    db.execute("DELETE FROM articles")
    assert not list(db["articles"].search("padi"))
    db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES('integrity-check', 1)")


def test_the_same_text_under_another_address_of_the_portal_is_known(db: Database) -> None:
    crawl = crawl_of(db)
    first = articles.store(db, an_article("a", crawl_id=crawl))
    again = articles.store(db, an_article("a-12", crawl_id=crawl, title="Judul a"))
    other_title = articles.store(db, an_article("b", crawl_id=crawl))
    assert (first.outcome, again.outcome, other_title.outcome) == (Outcome.STORED, Outcome.KNOWN, Outcome.STORED)
    assert again.article == first.article


@pytest.mark.parametrize("same", ["http://www.contoh.example/a", "https://contoh.example/a/", HOME + "a?utm_source=x"])
def test_an_article_is_stored_once_whatever_way_its_address_is_written(db: Database, same: str) -> None:
    crawl = crawl_of(db)
    articles.store(db, an_article("a", crawl_id=crawl))
    assert articles.store(db, an_article("x", "Lain sama sekali.", crawl_id=crawl, url=same)).outcome is Outcome.KNOWN


def test_a_portal_of_many_articles_stores_no_slower(db: Database) -> None:
    crawl = crawl_of(db)
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    def cost(name: str) -> int:
        before = steps
        articles.store(db, an_article(name, f"Teks {name}.", crawl_id=crawl))
        return steps - before

    db.conn.set_progress_handler(count, 10)
    few = cost("pertama")
    for number in range(600):
        articles.store(db, an_article(f"n{number}", f"Kalimat nomor {number}.", crawl_id=crawl))
    assert cost("terakhir") < 5 * few, "a look-up reads the portal's articles through"


def test_found_equals_the_sum_of_its_outcomes(db: Database) -> None:
    crawl = crawl_of(db)
    walk(db, crawl, [["a", "b", "c", "d"], ["e"]])
    due = {row.url.removeprefix(HOME): row.id for row in ledger.take_due(db, "contoh", crawl, 10, None)}
    articles.store(db, an_article("a", crawl_id=crawl, url_id=due["a"]))
    ledger.settle(db, due["b"], crawl, Settlement(Outcome.GONE, "HTTP 410", 410, final=True))
    ledger.settle(db, due["c"], crawl, Settlement(Outcome.FAILED, "HTTP 500", 500))
    counts = crawls.end(db, crawl, "contoh", "finished", None, 7, 1000)
    assert counts["found"] == 5 == sum(counts[outcome.value] for outcome in Outcome)
    assert (counts["stored"], counts["gone"], counts["failed"], counts["pending"]) == (1, 1, 1, 2)
    second = crawl_of(db)
    walk(db, second, [["a", "b", "c", "d"], ["e"]])
    assert len(ledger.take_due(db, "contoh", second, 10, None)) == 3
    counts = crawls.end(db, second, "contoh", "finished", None, 7, 1000)
    assert (counts["found"], counts["known"], counts["failed"], counts["pending"]) == (5, 2, 1, 2)


def test_what_failed_is_asked_for_again_later_and_later_and_at_last_never(db: Database) -> None:
    crawl = crawl_of(db)
    walk(db, crawl, [["a"]])
    (due,) = ledger.take_due(db, "contoh", crawl, 10, None)
    assert not ledger.take_due(db, "contoh", crawl, 10, None), "taken twice in one crawl"
    ledger.settle(db, due.id, crawl, Settlement(Outcome.FAILED, "HTTP 500", 500))
    second = crawl_of(db)
    assert ledger.take_due(db, "contoh", second, 10, None), "a failure is tried again by the next crawl"
    for _ in range(len(ledger.TRY_AGAIN_DAYS[Outcome.FAILED]) - 1):
        ledger.settle(db, due.id, second, Settlement(Outcome.FAILED, "HTTP 500", 500))
        assert not ledger.take_due(db, "contoh", crawl_of(db), 10, None), "and then only after a pause"
        assert next(db.query("SELECT next_try_at FROM urls"))["next_try_at"] is not None
    ledger.settle(db, due.id, second, Settlement(Outcome.FAILED, "HTTP 500", 500))
    assert next(db.query("SELECT next_try_at FROM urls"))["next_try_at"] is None


def test_a_second_reading_of_a_listing_stops_at_known_ground(db: Database) -> None:
    first = crawl_of(db)
    pages = [["f", "e"], ["d", "c"], ["b", "a"]]
    assert walk(db, first, pages) == 3
    assert walk(db, crawl_of(db), pages) == 1
    with_new = [["h", "g"], ["f", "e"], ["d", "c"], ["b", "a"]]
    assert walk(db, crawl_of(db), with_new) == 2


def test_a_reading_that_was_cut_short_leaves_no_hole(db: Database) -> None:
    walk(db, crawl_of(db), [["b", "a"]])
    # four new articles came; the crawl was killed after it had entered the first page of two
    pages = [["f", "e"], ["d", "c"], ["b", "a"]]
    walk(db, crawl_of(db), pages[:1], finish=False)
    assert walk(db, crawl_of(db), pages) == 3, "it stopped at what the killed crawl had found"
    assert set(outcomes(db)) == {"a", "b", "c", "d", "e", "f"}


def test_what_a_feed_found_in_an_unfinished_crawl_is_not_known_ground(db: Database) -> None:
    walk(db, crawl_of(db), [["b", "a"]])
    killed = crawl_of(db)
    walk(db, killed, [["f", "e"]], FEED)
    pages = [["f", "e"], ["d", "c"], ["b", "a"]]
    walk(db, killed, pages[:0], finish=False)
    next_crawl = crawl_of(db)
    walk(db, next_crawl, [["f", "e"]], FEED)
    assert walk(db, next_crawl, pages) == 3
    assert walk(db, crawl_of(db), pages) == 1


def test_a_reading_bounded_by_since_is_no_known_ground_for_a_deeper_one(db: Database) -> None:
    crawl = crawl_of(db, "2024-06-01")
    row, began = listings.begin_listing(db, PORTAL.id, INDEX)
    listings.record_page(db, PORTAL.id, row, crawl, listed("d", "c"), "2024-06-01")
    listings.end_listing(db, row, crawl, began, "2024-06-01", on_known_ground=False)
    shallow = crawl_of(db, "2024-06-10")
    row, _ = listings.begin_listing(db, PORTAL.id, INDEX)
    assert listings.record_page(db, PORTAL.id, row, shallow, listed("d", "c"), "2024-06-10").known_ground
    assert walk(db, crawl_of(db), [["d", "c"], ["b", "a"]]) == 2


def test_an_address_outside_the_bounds_waits_for_a_wider_crawl(db: Database) -> None:
    crawl = crawl_of(db)
    row, _ = listings.begin_listing(db, PORTAL.id, FEED)
    old = replace(listed("a")[0], listed_at=datetime(2024, 1, 1, tzinfo=UTC))
    listings.record_page(db, PORTAL.id, row, crawl, [old, *listed("b")], None)
    june = datetime(2024, 6, 1, tzinfo=UTC)
    assert [due.url for due in ledger.take_due(db, "contoh", crawl, 10, june)] == [HOME + "b"]
    wider = crawl_of(db)
    assert {due.url for due in ledger.take_due(db, "contoh", wider, 10, None)} == {HOME + "a", HOME + "b"}


def test_a_killed_crawl_gets_its_books_closed_by_the_next(db: Database) -> None:
    killed = crawl_of(db)
    walk(db, killed, [["a", "b"]])
    crawl_of(db)
    row = next(db.query("SELECT * FROM crawls WHERE id = ?", [killed]))
    assert (row["finish"], row["ended_at"], row["found"], row["pending"]) == ("killed", None, 2, 2)


def test_a_job_is_done_only_after_its_commit(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"

    async def scenario() -> None:
        writer = Writer(open_archive(path), path)
        crawl = await writer.do(crawls.begin, PORTAL, None, None)
        await writer.do(articles.store, an_article("a", crawl_id=crawl))
        with sqlite3.connect(path) as other:  # another connection sees only what is committed
            assert other.execute("SELECT count(*) FROM articles").fetchone() == (1,)
        writer.close()

    asyncio.run(scenario())


def test_one_bad_row_does_not_take_its_neighbours_with_it(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"

    async def scenario() -> list[object]:
        writer = Writer(open_archive(path), path)
        crawl = await writer.do(crawls.begin, PORTAL, None, None)
        names = ["a", "b", "c"]
        bodies = ["Satu.", "rusak \ud800", "Tiga."]
        jobs = [
            writer.do(articles.store, an_article(name, body, crawl_id=crawl))
            for name, body in zip(names, bodies, strict=True)
        ]
        results = await asyncio.gather(*jobs, return_exceptions=True)
        writer.close()
        return list(results)

    good, bad, also_good = asyncio.run(scenario())
    assert isinstance(good, Settlement)
    assert isinstance(bad, UnicodeEncodeError)
    assert isinstance(also_good, Settlement)
    assert [row["url"] for row in Database(path).query("SELECT url FROM articles")] == [HOME + "a", HOME + "c"]


@pytest.mark.parametrize(
    ("job", "error"),
    [
        (lambda db: db.execute("INSERT INTO tags VALUES (99, 'tanpa artikel')"), sqlite3.IntegrityError),
        (lambda db: articles.store(db, an_article("x", crawl_id=99)), sqlite3.IntegrityError),  # no such crawl
        (lambda db: articles.store(db, an_article("x", crawl_id=1, reader=None)), sqlite3.IntegrityError),
        (lambda db: articles.store(db, an_article("x", crawl_id=1, word_count="banyak")), sqlite3.IntegrityError),
        (lambda db: db.execute("SELECT ?", [object()]), (sqlite3.InterfaceError, sqlite3.ProgrammingError)),
        (lambda db: db.execute("SELECT ?", [1, 2]), sqlite3.ProgrammingError),
        (lambda db: db.execute("INSERT INTO articles (id) VALUES (?)", [1 << 64]), OverflowError),
    ],
    ids=["foreign key", "no crawl", "not null", "type", "binding", "too many values", "too large"],
)  # fmt: skip
def test_a_row_that_sqlite_refuses_leaves_its_neighbours_and_the_archive_usable(
    job: Callable[[Database], object], error: type[Exception], tmp_path: Path
) -> None:
    path = tmp_path / "a.sqlite"

    async def scenario() -> list[object]:
        writer = Writer(open_archive(path), path)
        crawl = await writer.do(crawls.begin, PORTAL, None, None)

        def write_and_fail(db: Database) -> None:
            articles.store(db, an_article("half", "Setengah.", crawl_id=crawl))
            job(db)

        results = await asyncio.gather(
            writer.do(articles.store, an_article("a", "Satu.", crawl_id=crawl)),
            writer.do_patiently(write_and_fail),
            writer.do_patiently(articles.store, an_article("b", "Dua.", crawl_id=crawl)),
            return_exceptions=True,
        )
        results.append(await writer.do(articles.store, an_article("c", "Tiga.", crawl_id=crawl)))
        writer.close()
        return list(results)

    a, bad, b, c = asyncio.run(scenario())
    assert isinstance(bad, error)
    assert [getattr(each, "outcome", each) for each in (a, b, c)] == [Outcome.STORED] * 3
    assert [row["url"] for row in Database(path).query("SELECT url FROM articles")] == [HOME + n for n in "abc"]


@pytest.mark.parametrize("fails", [False, True])
def test_jobs_have_savepoints_only_where_one_of_them_fails(fails: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    ran: list[str] = []

    async def scenario() -> None:
        db = open_archive(path)
        writer = Writer(db, path)
        db.conn.set_trace_callback(ran.append)
        wrong = "INSERT INTO tags VALUES (99, 'tanpa artikel')"
        await asyncio.gather(
            writer.do_patiently(lambda db: db.execute("INSERT INTO institutions VALUES ('Satu', 'satu')")),
            writer.do_patiently(lambda db: db.execute(wrong if fails else "SELECT 1")),
            return_exceptions=True,
        )
        writer.close()

    asyncio.run(scenario())
    assert ran.count("SAVEPOINT job") == (2 if fails else 0)
    assert [row["name"] for row in Database(path).query("SELECT name FROM institutions")] == ["Satu"]


def test_an_error_of_the_whole_file_ends_the_writing_and_says_so_to_every_later_job(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"

    async def scenario() -> list[object]:
        writer = Writer(open_archive(path), path)
        crawl = await writer.do(crawls.begin, PORTAL, None, None)
        results = await asyncio.gather(
            writer.do_patiently(articles.store, an_article("a", "Satu.", crawl_id=crawl)),
            writer.do_patiently(lambda db: db.execute("SELECT * FROM no_such_table")),
            return_exceptions=True,
        )
        late = await asyncio.gather(writer.do(crawl_of), return_exceptions=True)
        writer.close()
        return [*results, *late]

    found = asyncio.run(scenario())
    assert [type(each) for each in found] == [ArchiveError] * 3
    assert len({str(each) for each in found}) == 1
    db = Database(path)
    assert (db["articles"].count, db["crawls"].count) == (0, 1)


def test_the_search_index_is_whole_after_a_group_that_stores_changes_deletes_and_fails(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    words = {"a": "Jagung.", "b": "Padi.", "c": "rusak \ud800", "d": "Kedelai.", "e": "Tembakau."}

    async def scenario() -> None:
        writer = Writer(open_archive(path), path)
        crawl = await writer.do(crawls.begin, PORTAL, None, None)
        await writer.do(articles.store, an_article("before", "Cengkih.", crawl_id=crawl))
        jobs = [
            writer.do_patiently(articles.store, an_article(name, body, crawl_id=crawl)) for name, body in words.items()
        ]
        for change in (
            "UPDATE articles SET body = 'Kakao.' WHERE title IN ('Judul b', 'Judul before')",  # one is not indexed yet
            "DELETE FROM articles WHERE title = 'Judul e'",
        ):
            jobs.append(writer.do_patiently(lambda db, sql=change: db.execute(sql)))
        await asyncio.gather(*jobs, return_exceptions=True)
        writer.close()

    asyncio.run(scenario())
    db = Database(path)
    found = {
        word: [row["title"] for row in db["articles"].search(word, order_by="title")]
        for word in ("jagung", "padi", "kakao", "kedelai", "tembakau", "cengkih")
    }
    assert found == {
        "jagung": ["Judul a"], "padi": [], "kakao": ["Judul b", "Judul before"], "kedelai": ["Judul d"],
        "tembakau": [], "cengkih": [],
    }  # fmt: skip
    db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES('integrity-check', 1)")
    assert db["search_later"].count == 0


def test_an_archive_from_before_the_search_index_in_groups_is_upgraded(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    old = Database(sqlite3.connect(path, isolation_level=None))
    migrations.apply(old, stop_before="search_index_in_groups")
    crawl = 1
    old.execute(
        "INSERT INTO portals (id, name, home, family, zone) VALUES (?, ?, ?, ?, ?)", (PORTAL.id, "", "", "", "")
    )
    old.execute("INSERT INTO crawls (portal, started_at, version) VALUES (?, ?, ?)", (PORTAL.id, "", ""))
    old.execute(
        "INSERT INTO articles (portal, url, url_key, title, body, word_count, reader, text_hash, first_seen_at,"
        " fetched_at, crawl) VALUES ('contoh', 'u', 'u', 'Judul a', 'Jagung.', 1, 'varient', 'x', '', '', ?)",
        (crawl,),
    )
    old.close()
    db = open_archive(path)
    articles.store(db, an_article("b", "Jagung dan padi.", crawl_id=crawl))
    assert {row["title"] for row in db["articles"].search("jagung")} == {"Judul a", "Judul b"}
    db.execute("DELETE FROM articles")
    db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES('integrity-check', 1)")


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    db = open_archive(path)
    db["_sqlite_migrations"].insert(
        {"migration_set": "kwri_crawler", "name": "from_the_future", "applied_at": "2030-01-01"}
    )
    db.close()
    with pytest.raises(ArchiveError, match=r"newer kwri-crawler \(it has from_the_future\); upgrade"):
        open_archive(path)


def test_a_file_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE articles (headline)")
    before = path.read_bytes()
    with pytest.raises(ArchiveError, match="belongs to another program"):
        open_archive(path)
    assert path.read_bytes() == before


def test_what_is_no_database_is_refused_with_a_cure(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    path.write_bytes(b"this is a text file, and a long one" * 100)
    with pytest.raises(ArchiveError, match="not a database; choose another ARCHIVE_PATH"):
        open_archive(path)


def test_a_damaged_archive_is_refused_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    db = new_archive(path)
    crawl = crawl_of(db)
    for number in range(300):
        articles.store(db, an_article(f"a{number}", f"Teks nomor {number}. " * 40, crawl_id=crawl))
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    with path.open("r+b") as file:
        for page in range(20, 120, 3):
            file.seek(page * 4096)
            file.write(os.urandom(4096))
    with pytest.raises(ArchiveError, match=r"damaged|malformed"):
        open_archive(path)


def _open_in_a_process(path: Path, barrier: "multiprocessing.synchronize.Barrier") -> None:
    barrier.wait()
    open_archive(path).close()


def test_a_new_archive_may_be_opened_by_many_crawls_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(4)
    processes = [context.Process(target=_open_in_a_process, args=(tmp_path / "a.sqlite", barrier)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0, 0]


def test_a_portal_is_locked_once_and_other_portals_are_not(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    held = lock_portal(path, "contoh")
    with pytest.raises(PortalBusy, match=rf"another crawl of this portal is running \(process {os.getpid()}\)"):
        lock_portal(path, "contoh")
    lock_portal(path, "lain").close()
    held.close()
    lock_portal(path, "contoh").close()
