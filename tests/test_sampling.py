"""Damage is found without reading the whole file, and opening an archive costs the same however large it is."""

from __future__ import annotations

import os
import sqlite3
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
    connection.execute("PRAGMA writable_schema = ON")
    row = connection.execute("SELECT type, name, tbl_name, rootpage, sql FROM sqlite_master WHERE name = ?", (index,))
    kept = row.fetchone()
    connection.execute("DELETE FROM sqlite_master WHERE name = ?", (index,))
    connection.execute("PRAGMA writable_schema = RESET")  # without it the index is not kept up
    connection.execute(f"UPDATE articles SET {change} WHERE id = 30")
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", kept)
    connection.close()
    assert check_up(archive, full=False).damage == f"row 30 of articles is not in its index {index}"


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
