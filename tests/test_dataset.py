"""`scrapy export --partition`: a data set that later exports extend, of which only what changed is written again."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.dataset
import pyarrow.parquet
import pytest
from sqlite_utils import Database

from kwri_crawler.archive import articles, crawls, identity, month_versions, open_archive, stories
from kwri_crawler.archive.schema import migrations
from kwri_crawler.clock import utc_text
from kwri_crawler.copies import with_sketch
from kwri_crawler.dates import with_dates
from kwri_crawler.exports import lock_dataset
from kwri_crawler.items import DateKind, DateSource, DateText
from tests.archives import PORTAL, an_article, crawl_of, new_archive
from tests.crawling import PROJECT, Crawled, run_here, scrapy
from tests.sites import month

LINE = ("export", "--format", "parquet", "--partition", "month,portal", "--into")


@pytest.fixture(scope="module")
def two_months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dataset") / "kwri.sqlite"
    month.build(path, a_day=4).close()
    return path


@pytest.fixture
def archive(two_months: Path, tmp_path: Path) -> Path:
    (tmp_path / "archive").mkdir()
    return Path(shutil.copy(two_months, tmp_path / "archive" / "kwri.sqlite"))


def export(archive: Path, folder: Path, *more: str) -> Crawled:
    return run_here(*LINE, str(folder), *more, ARCHIVE_PATH=str(archive))


def files(folder: Path) -> dict[str, tuple[int, int]]:
    """Return each file of a data set with what tells whether it was written again."""
    found = {path: path.stat() for path in folder.rglob("*.parquet")}
    return {str(path.relative_to(folder)): (stat.st_ino, stat.st_mtime_ns) for path, stat in found.items()}


def written(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {name.removesuffix("/articles.parquet") for name in after if before.get(name) != after[name]}


def read(folder: Path) -> list[dict[str, Any]]:
    table = pyarrow.dataset.dataset(folder, format="parquet", partitioning="hive").to_table()
    return sorted(table.to_pylist(), key=lambda row: row["id"])


def whole(archive: Path, folder: Path) -> list[dict[str, Any]]:
    """Return what an unpartitioned export holds, with the month of each article."""
    out = folder / "whole.parquet"
    assert run_here("export", "--format", "parquet", "--out", str(out), ARCHIVE_PATH=str(archive)).code == 0
    rows = pyarrow.parquet.read_table(out).to_pylist()
    return [{**row, "month": (row["published_local"] or "")[:7] or None} for row in rows]


def change(archive: Path, sql: str, *values: object) -> None:
    with sqlite3.connect(archive) as db:
        assert db.execute(sql, values).rowcount > 0


def test_a_data_set_holds_what_the_archive_does_by_local_month_and_portal(archive: Path, tmp_path: Path) -> None:
    with sqlite3.connect(archive) as db:
        db.execute("UPDATE articles SET published_at = NULL, published_local = NULL WHERE id % 50 = 1")
        ((undated,),) = db.execute("SELECT count(*) FROM articles WHERE published_at IS NULL").fetchall()
        # in May by its portal's clock, in April by UTC
        moment = ("2024-04-30T20:00:00Z", "2024-05-01T03:00:00+07:00")
        db.execute("UPDATE articles SET published_at = ?, published_local = ? WHERE id = 2", moment)
    done = export(archive, tmp_path / "set")
    assert done.code == 0, done.log
    rows = read(tmp_path / "set")
    assert [{**row, "portal": str(row["portal"])} for row in rows] == whole(archive, tmp_path)
    assert len(rows) > 300
    assert [row["month"] for row in rows].count(None) == undated > 5
    assert rows[1]["month"] == "2024-05"
    names = set(files(tmp_path / "set"))
    assert "month=__HIVE_DEFAULT_PARTITION__/portal=cahaya-papua/articles.parquet" in names
    assert f"{len(rows)} articles in {len(names)} files written, 0 files unchanged, 0 removed" in done.log
    assert "portal" not in pyarrow.parquet.read_schema(tmp_path / "set" / min(names)).names


def test_an_export_of_what_did_not_change_writes_nothing(archive: Path, tmp_path: Path) -> None:
    export(archive, tmp_path / "set")
    before = files(tmp_path / "set")
    done = export(archive, tmp_path / "set")
    assert files(tmp_path / "set") == before
    assert f"0 articles in 0 files written, {len(before)} files unchanged" in done.log
    assert export(archive, tmp_path / "set", "--no-text").code == 0
    after = files(tmp_path / "set")
    assert written(before, after) == {name.removesuffix("/articles.parquet") for name in before}, "other columns"
    assert "body" not in read(tmp_path / "set")[0]


@pytest.mark.parametrize("sql", [
    "UPDATE articles SET author = 'Lain' WHERE id = 5",
    "UPDATE articles SET body = body || '!' WHERE id = 5",
    "UPDATE articles SET marks = '[[0,\"h2\"]]' WHERE id = 5",
    "INSERT OR IGNORE INTO tags SELECT 5, 'baru'",
    "DELETE FROM tags WHERE article = 5",
    "INSERT INTO event_dates SELECT 5, '1999-01-01', NULL",
    "UPDATE stories SET original = 5 WHERE id = (SELECT story FROM articles WHERE id = 5)",
])  # fmt: skip
def test_whatever_an_export_shows_of_an_article_has_its_month_written_again(
    sql: str, archive: Path, tmp_path: Path
) -> None:
    with sqlite3.connect(archive) as db:  # the article that is changed is a copy, with tags
        ((copy, first),) = db.execute(
            "SELECT articles.id, original FROM articles JOIN stories ON stories.id = story"
            " WHERE original <> articles.id AND articles.id IN (SELECT article FROM tags)"
            " AND articles.portal <> (SELECT portal FROM articles AS first WHERE first.id = original) LIMIT 1"
        ).fetchall()
        rows = db.execute("SELECT id, local_day, portal FROM articles WHERE id IN (?, ?)", (copy, first))
        places = {number: f"month={day[:7]}/portal={portal}" for number, day, portal in rows}
    export(archive, tmp_path / "set")
    before = files(tmp_path / "set")
    change(archive, sql.replace("= 5", f"= {copy}").replace("SELECT 5", f"SELECT {copy}"))
    export(archive, tmp_path / "set")
    wanted = set(places.values()) if "original" in sql else {places[copy]}
    assert written(before, files(tmp_path / "set")) == wanted
    assert [{**row, "portal": str(row["portal"])} for row in read(tmp_path / "set")] == whole(archive, tmp_path)


def test_a_date_that_is_read_anew_moves_its_article_and_an_empty_month_goes(archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    change(archive, "UPDATE articles SET published_at = '2019-03-03T00:00:00Z', published_local ="
                    " '2019-03-03T07:00:00+07:00' WHERE id = 1")  # fmt: skip
    export(archive, folder)
    before = files(folder)
    (alone,) = (name for name in before if "2019-03" in name)
    change(archive, "UPDATE articles SET published_at = NULL, published_local = NULL WHERE id = 1")
    done = export(archive, folder)
    assert "1 removed" in done.log
    after = files(folder)
    assert written(before, after) == {
        alone.removesuffix("/articles.parquet").replace("2019-03", "__HIVE_DEFAULT_PARTITION__")
    }
    assert alone not in after
    assert not (folder / "month=2019-03").exists()
    held = {row["id"]: row for row in read(folder)}
    with sqlite3.connect(archive) as db:
        db.execute(
            "DELETE FROM articles WHERE published_at IS NULL AND portal = (SELECT portal FROM articles WHERE id = 1)"
        )
    assert "1 removed" in export(archive, folder).log
    heirs = [row for row in read(folder) if row != held[row["id"]]]
    assert [row["role"] for row in heirs] == ["original"], "a copy's original went"
    assert written(after, files(folder)) == {f"month={row['month']}/portal={row['portal']}" for row in heirs}
    after = files(folder)
    change(archive, "UPDATE portals SET name = 'Lain' WHERE id = 'cahaya-papua'")
    export(archive, folder)
    assert written(after, files(folder)) == {
        name.removesuffix("/articles.parquet") for name in files(folder) if "cahaya-papua" in name
    }


def test_a_backup_that_went_on_another_way_is_not_taken_for_the_archive_that_was_exported(
    archive: Path, tmp_path: Path
) -> None:
    backup = Path(shutil.copy(archive, tmp_path / "archive" / "backup.sqlite"))
    change(archive, "UPDATE articles SET title = 'Satu' WHERE id = 1")
    change(backup, "UPDATE articles SET title = 'Dua' WHERE id = 1")
    export(archive, tmp_path / "set")
    export(backup, tmp_path / "set")
    assert read(tmp_path / "set")[0]["title"] == "Dua"


def test_an_export_that_is_killed_leaves_whole_files_and_the_next_one_ends_it(archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    for _ in range(2):
        process = subprocess.Popen(
            scrapy(*LINE, str(folder), ARCHIVE_PATH=str(archive)), cwd=PROJECT, stderr=subprocess.DEVNULL
        )
        count = len(files(folder))
        while len(files(folder)) < count + 2 and process.poll() is None:
            time.sleep(0.001)
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL, "it was done before it was killed"
        for name in files(folder):
            assert pyarrow.parquet.read_table(folder / name).num_rows > 0
    before = files(folder)
    assert export(archive, folder).code == 0
    assert not set(written(before, files(folder))) & {name.removesuffix("/articles.parquet") for name in before}
    assert [{**row, "portal": str(row["portal"])} for row in read(folder)] == whole(archive, tmp_path)
    assert not list(folder.rglob(".*"))


def test_a_file_that_is_damaged_or_gone_is_written_again(archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    export(archive, folder)
    before = files(folder)
    one, two, three, *_ = sorted(before)
    (folder / one).write_bytes(b"")
    (folder / two).unlink()
    pyarrow.parquet.write_table(pyarrow.table({"a": [1]}), folder / three)
    export(archive, folder)
    again = written(before, files(folder))
    assert again == {name.removesuffix("/articles.parquet") for name in (one, two, three)}
    assert [{**row, "portal": str(row["portal"])} for row in read(folder)] == whole(archive, tmp_path)


@pytest.mark.parametrize("keys", ["month", "portal", "portal,month"])
def test_the_keys_say_which_folders_there_are(keys: str, archive: Path, tmp_path: Path) -> None:
    line = ("export", "--format", "parquet", "--partition", keys, "--into")
    assert run_here(*line, str(tmp_path / "set"), ARCHIVE_PATH=str(archive)).code == 0
    for name in files(tmp_path / "set"):
        assert [part.partition("=")[0] for part in name.split("/")[:-1]] == keys.split(",")
    wanted = whole(archive, tmp_path)
    without = [{k: v for k, v in row.items() if k != "month"} if "month" not in keys else row for row in wanted]
    assert [{**row, "portal": str(row["portal"])} for row in read(tmp_path / "set")] == without
    done = export(archive, tmp_path / "set")
    assert (done.code, "name a folder for this data set alone" in done.log) == (2, True), "it has other folders"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--partition", "month"), "--partition wants --into FOLDER too"),
        (("--into", "set"), "--into wants --partition too"),
        (("--partition", "day", "--into", "set"), "write month, portal or month,portal"),
        (("--partition", "month,month", "--into", "set"), "write month, portal or month,portal"),
        (("--partition", "month", "--out", "a", "--into", "set"), "--out"),
        (("--partition", "month", "--since", "2024-06-01", "--into", "set"), "--since"),
        (("--partition", "month", "--portal", "cahaya-papua", "--into", "set"), "--portal"),
        (("--partition", "month", "--search", "kota", "--into", "set"), "--search"),
        (("--partition", "month", "--format", "csv", "--into", "set"), "--partition is for Parquet"),
        (("--partition", "month,portal", "--columns", "portal", "--into", "set"), "it leaves none of these --columns"),
        (("--partition", "month", "--into", "kwri.sqlite"), "of the archive"),
        (("--partition", "month", "--into", "kwri.sqlite-wal"), "of the archive"),
        (("--partition", "month", "--into", "."), "the archive's own folder"),
        (("--partition", "month", "--into", "link"), "the archive's own folder"),
        (("--partition", "month", "--into", "file"), "this is no folder"),
        (("--partition", "month", "--into", ""), "a data set is a folder; name one"),
        (("--partition", "month", "--into", "-"), "a data set is a folder; name one"),
        (("--partition", "month", "--into", "taken"), "other.parquet is none of its files"),
    ],
)
def test_bad_arguments_are_refused_and_nothing_is_written(options: tuple[str, ...], words: str, archive: Path) -> None:
    home = archive.parent
    (home / "link").symlink_to(home)
    (home / "file").touch()
    (home / "taken").mkdir()
    (home / "taken" / "other.parquet").touch()
    if options[-2] == "--into" and options[-1] not in ("", "-"):
        options = (*options[:-1], str(home / options[-1]))
    done = run_here("export", "--format", "parquet", *options, ARCHIVE_PATH=str(archive))
    assert (done.code, words in done.log) == (2, True), done.log
    assert not (home / "set").exists()
    assert not list(home.rglob("month=*"))


def test_the_data_set_of_another_archive_is_left_alone(archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    for keys in ("portal", "month,portal", "portal,month"):
        line = ("export", "--format", "parquet", "--partition", keys, "--into", str(folder / keys))
        assert run_here(*line, ARCHIVE_PATH=str(archive)).code == 0
        before = files(folder / keys)
        db = new_archive(tmp_path / f"{keys}.sqlite")
        articles.store(db, with_sketch(with_dates(an_article("a", "Satu teks.", crawl_id=crawl_of(db)))))
        db.close()
        done = run_here(*line, ARCHIVE_PATH=str(tmp_path / f"{keys}.sqlite"))
        assert (done.code, "is no portal of this archive" in done.log, files(folder / keys)) == (2, True, before)


def test_two_exports_at_once_do_not_remove_what_the_other_writes(archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    with lock_dataset(folder):
        done = export(archive, folder)
    assert (done.code, "another export is writing this data set" in done.log) == (4, True)
    assert files(folder) == {}
    assert export(archive, folder).code == 0


def test_an_archive_of_older_code_gets_its_months(tmp_path: Path) -> None:
    db = Database(sqlite3.connect(tmp_path / "a.sqlite", isolation_level=None))
    migrations.apply(db, stop_before="changed_months")
    db.execute("INSERT INTO portals (id, name, home, family, zone) VALUES ('contoh', 'Contoh', '', '', '')")
    db.execute("INSERT INTO crawls (portal, started_at, version) VALUES ('contoh', '2024-07-01T00:00:00Z', '1')")
    db.execute(
        "INSERT INTO articles (portal, url, url_key, title, published_local, body, word_count, reader, text_hash,"
        " first_seen_at, fetched_at, crawl) VALUES ('contoh', 'a', 'a', 'A', '2024-06-27T14:10:00+07:00', 'Satu.', 1,"
        " 'r', 'h', '2024-07-01T00:00:00Z', '2024-07-01T00:00:00Z', 1),"
        " ('contoh', 'b', 'b', 'B', NULL, 'Dua.', 1, 'r', 'i', '2024-07-01T00:00:00Z', '2024-07-01T00:00:00Z', 1)"
    )
    db.close()
    db = open_archive(tmp_path / "a.sqlite")
    assert [one[:2] for one in month_versions.portal_months(db)] == [(None, "contoh"), ("2024-06", "contoh")]
    db.close()


def test_what_the_archive_itself_changes_is_seen(tmp_path: Path) -> None:
    db = new_archive(tmp_path / "a.sqlite")
    crawl = crawl_of(db)
    seen: list[list[month_versions.PortalMonth]] = [month_versions.portal_months(db)]

    def check(what: str, months: set[str | None]) -> None:
        seen.append(month_versions.portal_months(db))
        assert {one.month for one in set(seen[-1]) - set(seen[-2])} == months, what

    def dated(day: str) -> tuple[DateText, ...]:
        return (DateText(DateKind.PUBLISHED, DateSource.BYLINE, f"{day} - 14:10"),)

    text = " ".join(f"kata{number} kota desa" for number in range(60))
    first = with_sketch(with_dates(an_article("a", text, crawl_id=crawl, dates=dated("Jun 01, 2024"))))
    number = articles.store(db, first).article
    assert number is not None
    check("stored", {"2024-06"})
    other = replace(PORTAL, id="lain", home="https://lain.example/", hosts=("lain.example",))
    there = crawls.begin(db, other, None, None)
    check("a crawl began", set())
    copy = replace(first, portal="lain", url="https://lain.example/a", crawl_id=there, dates=dated("May 31, 2024"))
    assert articles.store(db, with_sketch(with_dates(copy))).article
    assert stories.count(db) == 1
    check("a copy makes a story of both", {"2024-06", "2024-05"})
    edited = with_sketch(replace(first, revisits=number, paragraphs=(text, "Diperbarui oleh redaksi di kota.")))
    articles.store(db, replace(edited, fetched_at=first.fetched_at.replace(month=7)))
    check("edited", {"2024-06"})
    articles.store(db, replace(edited, fetched_at=first.fetched_at.replace(month=8)))
    check("looked at again", set())
    db.execute("UPDATE articles SET gone_at = ? WHERE id = ?", (utc_text(first.fetched_at), number))
    check("gone, which no export shows", set())
    identity.delete(db, number)
    check("deleted, and the copy stands alone", {"2024-06", "2024-05"})
    db.close()
