"""The archive's schema is written down, and what older code archived comes through each upgrade whole."""

import gzip
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from kwri_crawler.archive import articles, connection, crawls, open_archive
from tests.archives import PORTAL, an_article
from tests.crawling import PROJECT, assert_sound
from tests.golden_schema import FILE, fresh_schema, schema_of

# What f4db461 made of its demo portals in six crawls: an edit, a back-fill, copies, a roundup, a follow-up, templates.
FIRST = PROJECT / "tests" / "golden" / "archives" / "f4db461.sqlite.gz"
# Another library's, or made anew whenever the archive is written.
OF_LIBRARIES = ("sqlite_", "_sqlite_", "articles_fts_")
SET_ANEW = ("visits", "next_at")  # for what is gone: the migration asked_once_more

Rows = dict[str, tuple[list[str], list[tuple[object, ...]]]]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The archive as f4db461 left it."""
    path = tmp_path / "kwri.sqlite"
    with gzip.open(FIRST) as packed, path.open("wb") as file:
        shutil.copyfileobj(packed, file)
    return path


def contents(path: Path, like: Rows | None = None) -> Rows:
    """Return each table's columns and rows; the columns of `like` only, so that added ones do not count."""
    db = sqlite3.connect(path)
    names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    found: Rows = {}
    for name in like or [name for name in names if not name.startswith(OF_LIBRARIES)]:
        columns = like[name][0] if like else [row[1] for row in db.execute(f'PRAGMA table_xinfo("{name}")')]
        columns = [column for column in columns if (name, column) != SET_ANEW]
        chosen = ", ".join(f'"{column}"' for column in columns)
        found[name] = columns, sorted(db.execute(f'SELECT {chosen} FROM "{name}"'), key=repr)
    db.close()
    return found


def views(path: Path) -> dict[str, list[str]]:
    db = sqlite3.connect(path)
    names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'view'")]
    found = {name: [column[0] for column in db.execute(f"SELECT * FROM {name} LIMIT 0").description] for name in names}
    db.close()
    return found


def applied(path: Path) -> set[str]:
    db = sqlite3.connect(path)
    found = {name for (name,) in db.execute("SELECT name FROM _sqlite_migrations")}
    db.close()
    return found


def without_comments(schema: str) -> str:
    """Return a schema on one line without comments: an archive keeps those that it was made with."""
    return " ".join(re.sub(r"--[^\n]*|/\*.*?\*/", " ", schema).split())


def lost_by_crawl(found: Rows) -> Rows:
    """Return rows whose crawls say refused and unreadable together: the upgrade takes out what no portal refused."""
    columns, rows = found["crawls"]
    lost = [columns.index(name) for name in ("refused", "unreadable")]
    kept = [number for number in range(len(columns)) if number not in lost]
    crawls = [(*(row[number] for number in kept), sum(row[number] or 0 for number in lost)) for row in rows]
    return {**found, "crawls": ([*(columns[number] for number in kept), "lost"], crawls)}


def assert_upgraded(path: Path, before: Rows) -> None:
    after = contents(path, like=before)
    db = sqlite3.connect(path)
    left_out = dict(db.execute("SELECT id, coalesce(left_out, 0) FROM crawls"))
    db.close()
    counted = lost_by_crawl(after)
    counted["crawls"] = counted["crawls"][0], [(*row[:-1], row[-1] + left_out[row[0]]) for row in counted["crawls"][1]]
    assert counted == lost_by_crawl(before)
    assert without_comments(schema_of(path)) == without_comments(fresh_schema())
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
    assert db.execute("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'pasar'").fetchone()[0] > 3
    db.close()


def test_a_fresh_archive_has_the_schema_that_is_written_down() -> None:
    written = FILE.read_text(encoding="utf-8")
    assert fresh_schema() == written, "if this is meant: make golden-schema, and look at what it changes"


def test_the_archive_that_is_kept_for_upgrades_has_something_of_everything(old: Path) -> None:
    rows = {name: len(found) for name, (_, found) in contents(old).items()}
    assert [name for name, number in rows.items() if not number] == ["search_later"]
    db = sqlite3.connect(old)
    kinds = {kind for (kind,) in db.execute("SELECT kind FROM ties")}
    db.close()
    assert kinds == {"copy", "contains", "follow-up", "template"}
    assert FIRST.stat().st_size < 300_000


def test_an_archive_of_the_first_schema_upgrades_with_nothing_lost(old: Path) -> None:
    before, shown = contents(old), views(old)
    db = open_archive(old)
    assert_upgraded(old, before)
    for name, columns in views(old).items():
        assert set(shown.get(name, [])) <= set(columns), f"the view {name} lost a column"
    assert set(shown) <= set(views(old))
    crawl = crawls.begin(db, PORTAL, None, None)
    assert articles.store(db, an_article("baru", crawl_id=crawl)).article == len(before["articles"][1]) + 1
    db.close()
    assert_sound(old)
    open_archive(old).close()  # and once more, as it is


def test_what_older_code_gave_up_for_good_is_asked_for_once_more(old: Path) -> None:
    db = sqlite3.connect(old)
    (shared, alone), (last,) = (
        db.execute("SELECT id FROM articles LIMIT 2"),
        db.execute("SELECT max(started_at) FROM crawls").fetchone(),
    )
    db.executemany(
        "INSERT INTO urls"
        " (portal, key, url, found_at, found_crawl, seen_crawl, outcome, reason, status, article, tries)"
        " SELECT portal, ?1, 'https://' || ?1, started_at, id, id, 'known', 'the archive has it as ' || ?2, 200, ?3, 1"
        " FROM crawls LIMIT 1",
        [("lain/1", "x", *shared), ("lain/2", "x", *shared), ("lain/3", "y", *alone)],
    )
    db.execute(
        "INSERT OR REPLACE INTO visits (article, portal, missed_at) SELECT id, portal, ? FROM articles LIMIT 1", (last,)
    )
    db.commit()
    upgraded = open_archive(old)
    asked = upgraded.execute(
        "SELECT key, outcome, article, tries FROM urls WHERE key LIKE 'lain/%' ORDER BY key"
    ).fetchall()
    assert asked == [("lain/1", "pending", None, 0), ("lain/2", "pending", None, 0), ("lain/3", "known", *alone, 1)]
    assert upgraded.execute("SELECT next_at FROM visits WHERE missed_at = ?", (last,)).fetchall() == [(last,)]
    db.close()


def test_what_older_code_left_out_by_rule_is_no_longer_counted_among_the_refused(old: Path) -> None:
    db = sqlite3.connect(old)
    (crawl,) = db.execute(
        "UPDATE crawls SET refused = 3, unreadable = 1, found = found + 4 - refused - unreadable"
        " WHERE id = (SELECT max(id) FROM crawls WHERE found IS NOT NULL) RETURNING id"
    ).fetchone()
    db.executemany(
        "INSERT INTO urls (portal, key, url, found_at, found_crawl, seen_crawl, settled_crawl, outcome, reason)"
        " SELECT portal, ?1, 'https://' || ?1, started_at, id, id, id, 'refused', 'another host'"
        " FROM crawls WHERE id = ?2",
        [("lain/1", crawl), ("lain/2", crawl)],
    )
    db.commit()
    db.close()
    (row,) = open_archive(old).query("SELECT left_out, refused, unreadable FROM crawls WHERE id = ?", [crawl])
    assert row == {"left_out": 2, "refused": 1, "unreadable": 1}
    assert_sound(old)


@pytest.mark.parametrize(
    ("url", "outcome"),
    [
        ("https://kabar.example.id/berita/512/jalan-desa-rusak", "pending"),
        ("https://kabar.example.id/berita/511/pasar-desa-ramai?utm_source=x", "known"),  # the same but for noise
        ("https://www.kabar.example.id/amp/berita/511/pasar-desa-ramai", "known"),  # by its number
        ("https://lain.example.id/berita/512/jalan-desa-rusak", "known"),  # no canonical of this host was believed
    ],
)
def test_one_other_address_of_an_article_is_asked_for_once_more_unless_it_is_proven(
    old: Path, url: str, outcome: str
) -> None:
    with closing(sqlite3.connect(old)) as db, db:
        (article,) = db.execute("SELECT min(id) FROM articles").fetchone()
        stored = "https://kabar.example.id/berita/511/pasar-desa-ramai"
        db.execute("UPDATE articles SET url = ? WHERE id = ?", (stored, article))
        db.execute(
            "INSERT INTO urls"
            " (portal, key, url, found_at, found_crawl, seen_crawl, outcome, reason, status, article, tries)"
            " SELECT portal, 'x/1', ?, started_at, id, id, 'known', 'the archive has it as ' || ?, 200, ?, 1"
            " FROM crawls LIMIT 1",
            (url, stored, article),
        )
    upgraded = open_archive(old)
    assert upgraded.execute("SELECT outcome FROM urls WHERE key = 'x/1'").fetchall() == [(outcome,)]
    upgraded.close()


# It kills itself before the n-th statement after the migration took the archive for itself; -1: it says how many.
_KILLED = """
import os, signal, sqlite3, sys
from pathlib import Path
from kwri_crawler.archive import open_archive
path, last = Path(sys.argv[1]), int(sys.argv[2])
done = []
def count(statement):
    if done or statement == "BEGIN IMMEDIATE":
        done.append(statement)
    if len(done) == last:
        os.kill(os.getpid(), signal.SIGKILL)
class Watched(sqlite3.Connection):
    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.set_trace_callback(count)
connect = sqlite3.connect
sqlite3.connect = lambda *arguments, **named: connect(*arguments, factory=Watched, **named)
open_archive(path).close()
print(next(number for number, statement in enumerate(done, 1) if statement == "COMMIT"))
"""


def upgrade_killed_at(path: Path, statement: int) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", _KILLED, str(path), str(statement)]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)


def test_an_upgrade_that_is_killed_leaves_the_old_schema_whole_and_the_next_one_ends_it(
    old: Path, tmp_path: Path
) -> None:
    before, names = contents(old), applied(old)
    whole = tmp_path / "whole.sqlite"
    shutil.copy(old, whole)
    counted = upgrade_killed_at(whole, -1)
    assert counted.returncode == 0, counted.stderr
    statements = int(counted.stdout)
    assert statements > 10
    for part in (1, statements // 4, statements // 2, 3 * statements // 4, statements):
        path = tmp_path / f"killed{part}.sqlite"
        shutil.copy(old, path)
        assert upgrade_killed_at(path, part).returncode == -9, part
        assert contents(path) == before, f"killed at statement {part} of {statements}"
        assert applied(path) == names, f"killed at statement {part} of {statements}"
        open_archive(path).close()
        assert_upgraded(path, before)


def test_an_upgrade_that_fails_leaves_the_old_schema_whole(old: Path) -> None:
    before, names = contents(old), applied(old)
    db = sqlite3.connect(old)
    db.execute("DROP VIEW lost_urls")  # which a migration replaces
    db.commit()
    db.close()
    with pytest.raises(connection.ArchiveError, match="lost_urls"):
        open_archive(old)
    assert contents(old) == before
    assert applied(old) == names
