"""Damage is found without reading the whole file, and opening an archive costs the same however large it is."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from kwri_crawler.archive import articles, checkup, open_archive, sampling
from kwri_crawler.archive.checkup import check_up
from tests.archives import an_article, crawl_of, new_archive


def an_archive(path: Path, number: int) -> Path:
    db = new_archive(path)
    crawl = crawl_of(db)
    db.execute("BEGIN")
    for each in range(number):
        articles.store(db, an_article(f"a{each}", f"Kalimat nomor {each} tentang kota ini. " * 30, crawl_id=crawl))
    db.execute("COMMIT")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return path


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(checkup, "QUICK_CHECK_BYTES", 4096)
    return an_archive(tmp_path / "a.sqlite", 60)


def test_opening_touches_as_much_of_a_large_archive_as_of_a_small_one(tmp_path: Path) -> None:
    touched = []
    for number in (5, 100):
        connection = sqlite3.connect(an_archive(tmp_path / f"{number}.sqlite", number))
        steps: list[int] = []
        connection.set_progress_handler(lambda steps=steps: steps.append(1), 1)  # type: ignore[misc]
        sampling.touch(connection)
        connection.set_progress_handler(None, 1)
        touched.append(len(steps))
        connection.close()
    assert touched[1] <= touched[0] + 20


def test_a_whole_archive_is_whole_by_its_samples_too(archive: Path) -> None:
    found = check_up(archive, full=False)
    assert (found.damage, found.search, found.articles, found.portals) == (None, None, 60, 1)
    assert found.sampled is not None
    assert found.sampled > 60 * 4
    assert found.newest_fetch is not None
    assert found.last_crawl is not None
    assert check_up(archive, full=True).sampled is None


@pytest.mark.parametrize(
    ("index", "change"),
    [("articles_published", "published_at = '1999-01-01T00:00:00Z'"), ("articles_days", "word_count = 9999")],
)
def test_a_row_that_its_index_does_not_know_is_found(archive: Path, index: str, change: str) -> None:
    connection = sqlite3.connect(archive, isolation_level=None)
    without_index(connection, index, f"UPDATE articles SET {change} WHERE id = 30")
    connection.close()
    assert check_up(archive, full=False).damage == f"row 30 of articles is not in its index {index}"


def without_index(connection: sqlite3.Connection, index: str, change: str) -> None:
    """Change a table so that one of its indexes does not notice."""
    connection.execute("PRAGMA writable_schema = ON")
    row = connection.execute("SELECT type, name, tbl_name, rootpage, sql FROM sqlite_master WHERE name = ?", (index,))
    kept = row.fetchone()
    connection.execute("DELETE FROM sqlite_master WHERE name = ?", (index,))
    connection.execute("PRAGMA writable_schema = RESET")  # without it the index is not kept up
    connection.execute(change)
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", kept)


def test_a_page_that_is_none_is_found_by_the_samples_and_at_the_latest_by_whoever_reads_it(archive: Path) -> None:
    connection = sqlite3.connect(archive)
    (leaf,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'articles'").fetchone()
    connection.close()
    with archive.open("r+b") as file:
        file.seek((leaf - 1) * 4096)
        file.write(os.urandom(4096))
    damage = check_up(archive, full=False).damage
    assert damage is not None
    assert "malformed" in damage
    with pytest.raises(Exception, match="restore it from a backup"):
        open_archive(archive)


@pytest.mark.parametrize(("kinds", "rows"), [
    (("INTEGER",), [(number * 3,) for number in range(20_000)]),
    (("INTEGER", "INTEGER"), [(week, n * 40_503 % 65_536 - 32_768) for week in range(3) for n in range(7_000)]),
    (("INTEGER", "TEXT", "TEXT"), [(n // 4, ("image", "web")[n % 2], f"teks {n}") for n in range(20_000)]),
    (("TEXT", "TEXT"), [(f"warta-{n}", f"20{m // 12:02}-{m % 12 + 1:02}") for n in range(100) for m in range(200)]),
    (("TEXT",), [(f"https://{n % 37}.id/{'berita'[n % 6]}/{n}",) for n in range(20_000)]),
])  # fmt: skip
def test_rows_are_sampled_from_all_over_a_table_whatever_its_key_by_look_ups_alone(
    kinds: tuple[str, ...], rows: list[tuple[object, ...]]
) -> None:
    connection = sqlite3.connect(":memory:")
    names = ", ".join(f"k{number}" for number in range(len(kinds)))
    columns = ", ".join(f"{name} {kind} NOT NULL" for name, kind in zip(names.split(", "), kinds, strict=True))
    connection.execute(f"CREATE TABLE t ({columns}, PRIMARY KEY ({names})) STRICT, WITHOUT ROWID")
    (table,) = sampling._tables(connection)
    assert not list(sampling._spread(connection, table, sampling.ROWS)), "of an empty table"
    connection.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(kinds))})", rows)
    steps: list[int] = []
    connection.set_progress_handler(lambda: steps.append(1), 100)
    taken = [row for _, row in sampling._spread(connection, table, sampling.ROWS)]
    connection.set_progress_handler(None, 1)
    assert len(taken) == len(set(taken)) > 0.75 * sampling.ROWS
    place = {row: number for number, row in enumerate(connection.execute(f"SELECT * FROM t ORDER BY {names}"))}
    tenths = Counter(place[row] * 10 // len(place) for row in taken)
    assert set(tenths) == set(range(10)), tenths
    assert len(steps) * 100 < 400 * sampling.ROWS, "of SQLite's machine: a scan of all takes millions"
    connection.close()


def test_a_letter_between_two_is_one_that_a_text_may_have() -> None:
    between = {sampling._between("a", "\U0001f600", number / 1000) for number in range(1001)}
    assert len({text.encode() for text in between}) > 900


def test_a_row_without_rowid_that_its_index_does_not_know_is_found(archive: Path) -> None:
    connection = sqlite3.connect(archive, isolation_level=None)
    connection.executemany("INSERT INTO tags VALUES (?, ?)", [(article, f"kata-{article}") for article in range(1, 60)])
    without_index(connection, "tags_tag", "INSERT INTO tags VALUES (30, 'a')")
    connection.close()
    assert check_up(archive, full=False).damage == "row 30, a of tags is not in its index tags_tag"
