"""The archive in a real Datasette: names, descriptions, facets, search and labels of foreign keys."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from kwri_crawler import datasette_search
from kwri_crawler.archive import describe as described
from kwri_crawler.archive import open_archive
from kwri_crawler.archive.describe import describe
from kwri_crawler.commands.datasette import HIDDEN, QUERIES, SHOWN, metadata
from tests.crawling import PROJECT, run_here
from tests.sites import month


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("datasette") / "kwri.sqlite"
    db = month.build(path, a_day=4)
    db.execute("UPDATE articles SET title = 'Salat Jum''at, Rp5.000' WHERE id = 3")
    db.close()
    return path


# ---------------------------------------------------------------------- the schema describes itself


def test_every_table_and_view_says_what_it_is_and_every_comment_finds_its_column(tmp_path: Path) -> None:
    db = open_archive(tmp_path / "kwri.sqlite")
    told = {one.name: one for one in describe(db)}
    ours = [
        name for name in (*db.table_names(), *db.view_names())
        if not name.startswith(("articles_fts", "_sqlite", "sqlite_"))
    ]  # fmt: skip
    assert set(told) == set(ours), "a table or view has no comment behind its first bracket, or behind AS"
    for name, one in told.items():
        columns = {row[1] for row in db.execute("SELECT * FROM pragma_table_xinfo(?)", [name])}
        assert set(one.columns) <= columns, name
        assert not [words for words in one.columns.values() if "--" in words or "*/" in words]
    sql = "\n".join(sql for (sql,) in db.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND sql <> ''"))
    written = len(re.findall(r"--|/\*", sql))
    read = sum(len(one.columns) + 1 for one in told.values() if one.name in db.table_names())
    assert read >= 0.9 * written, "comments are lost"  # a few go over two lines
    db.close()


@pytest.mark.parametrize(
    ("table", "column", "words"),
    [
        ("articles", "published_at", "UTC; null if no date"),
        ("articles", "crawl", "the crawl that stored it"),
        ("articles", "dateline", "the place that the text begins with"),  # added later, with /* */
        ("articles", "out_at", "UTC; by then it was certainly published"),  # generated, in brackets
        ("articles", "story", "the story of all articles with its text"),
        ("listings", "complete_since", "the local day down to which"),  # parted from its comment by added columns
        ("listings", "changed_at", "the newest change that a finished reading saw"),
        ("urls", "article", "the article that it brought"),
        ("ties", "kind", "copy, contains"),
        ("story_articles", "place", "1 is the original"),  # a view
    ],
)
def test_a_comment_is_read_as_that_of_its_column(tmp_path: Path, table: str, column: str, words: str) -> None:
    db = open_archive(tmp_path / "kwri.sqlite")
    (one,) = (one for one in describe(db) if one.name == table)
    db.close()
    assert one.columns[column].startswith(words)


def test_all_that_is_shown_first_exists(tmp_path: Path) -> None:
    db = open_archive(tmp_path / "kwri.sqlite")
    for table, shown in SHOWN.items():
        columns = {row[1] for row in db.execute("SELECT * FROM pragma_table_xinfo(?)", [table])}
        named = [*shown.get("facets", ()), *(shown[key] for key in ("label_column", "sort", "sort_desc", "fts_pk")
                                             if key in shown)]  # fmt: skip
        missing = set(named) - columns
        assert columns, f"{table}: no such table; correct SHOWN in commands/datasette.py"
        assert not missing, f"{table} has no {missing}; correct SHOWN in commands/datasette.py"
    assert set(HIDDEN) <= set(db.table_names())
    assert set(metadata("kwri", describe(db))["databases"]["kwri"]["tables"]) >= set(SHOWN)
    db.close()


@pytest.mark.parametrize(("rows", "steps", "too"), [(100, 1_000_000, "dates"), (20_000, 1_000, "same_text")])
def test_what_is_large_is_sorted_only_as_its_indexes_have_it(
    archive: Path, monkeypatch: pytest.MonkeyPatch, rows: int, steps: int, too: str
) -> None:
    db = open_archive(archive)
    shown = metadata("kwri", describe(db))["databases"]["kwri"]["tables"]
    assert [name for name, table in shown.items() if "sortable_columns" in table] == []
    monkeypatch.setattr(described, "_LARGE", rows)
    monkeypatch.setattr(described, "_DEAR", steps)
    shown = metadata("kwri", describe(db))["databases"]["kwri"]["tables"]
    db.close()
    large = {name: table["sortable_columns"] for name, table in shown.items() if "sortable_columns" in table}
    assert large["articles"] == ["id", "portal", "published_at", "text_hash", "url_key"]
    assert large["latest_articles"] == []
    assert {"portals", "listings"}.isdisjoint(large)
    assert too in large, "a view of few rows that reads each article is large"
    for name, columns in large.items():
        first = SHOWN.get(name, {})
        assert {first[key] for key in ("sort", "sort_desc") if key in first} <= set(columns), name


# ---------------------------------------------------------------------- Datasette itself


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that says what pyproject.toml does of plug-ins: this checkout may be installed in older form."""
    folder = tmp_path_factory.mktemp("installed")
    about = folder / "kwri_here-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: kwri-here\nVersion: 1\n", encoding="utf-8")
    points = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    lines = [f"{name} = {module}" for name, module in points["datasette"].items()]
    (about / "entry_points.txt").write_text("\n".join(["[datasette]", *lines]), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def site(archive: Path, installed: Path) -> Iterator[str]:
    """Start Datasette as the README says, and give its address."""
    made = run_here("datasette", ARCHIVE_PATH=str(archive))
    assert made.code == 0, made.log
    line = made.out.splitlines()[1].split()
    assert line[0] == "datasette"
    process = subprocess.Popen(
        [sys.executable, "-m", *line, "--port", "0"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": f"{installed}{os.pathsep}{PROJECT}"},
    )  # fmt: skip
    try:
        assert process.stderr
        for line_ in process.stderr:
            if found := re.search(r"running on (http://127\.0\.0\.1:\d+)", line_):
                yield found[1]
                break
        else:
            pytest.fail("Datasette ended before it listened")
    finally:
        process.terminate()
        process.wait(timeout=20)


def page(address: str) -> str:
    with urllib.request.urlopen(address, timeout=20) as answer:
        assert answer.status == 200
        return str(answer.read().decode())


def data(address: str) -> dict[str, Any]:
    return dict(json.loads(page(address)))


def test_every_table_and_view_opens(site: str, archive: Path) -> None:
    hidden = {table["name"] for table in data(f"{site}/kwri.json")["tables"] if table["hidden"]}
    db = open_archive(archive)
    told = describe(db)
    db.close()
    for one in told:
        shown = page(f"{site}/kwri/{one.name}")
        assert one.meaning.replace("'", "&#39;") in shown, one.name
    assert set(HIDDEN) <= hidden
    assert not {one.name for one in told} & hidden - set(HIDDEN)


def test_articles_come_newest_first_with_facets_and_the_portals_names(site: str) -> None:
    answer = data(f"{site}/kwri/articles.json?_labels=on&_shape=objects&_size=5&_facet=portal")
    portals = {row["portal"]["label"] for row in answer["rows"]}
    assert portals <= {row[1] for row in month.PORTALS}
    labels = {result["label"] for result in answer["facet_results"]["portal"]["results"]}
    assert "Kabar Bromo" in labels
    shown = page(f"{site}/kwri/articles")
    assert "facet-portal" in shown
    assert "facet-section" in shown
    assert '<a href="/kwri/portals/kabar-bromo">Kabar Bromo</a>' in shown
    assert "UTC; null if no date could be read" in shown
    ids = [row["id"] for row in answer["rows"]]
    assert ids == sorted(ids, reverse=True), "what was archived last comes first"
    rows = data(f"{site}/kwri/latest_articles.json?_shape=objects&_size=5")["rows"]
    moments = [row["published_local"] for row in rows]
    assert moments == sorted(moments, reverse=True)
    assert moments[0] > "2024-06-29"


@pytest.mark.parametrize("query", ["search_latest", "search_ranked"])
def test_a_search_is_there_that_is_quick_for_any_word(site: str, archive: Path, query: str) -> None:
    found = data(f"{site}/kwri/{query}.json?words={quote('surabaya anak-anak')}&_shape=objects")["rows"]
    every = data(f"{site}/kwri/{query}.json?words=surabaya&_shape=objects")["rows"]
    assert len(found) < len(every)
    db = open_archive(archive)
    (number,) = db.execute("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'surabaya'").fetchone()
    (plan,) = (
        [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {QUERIES[query]['sql'].replace('escape_fts', '')}", ("a",))],
    )
    assert len(every) == min(number, 100)
    assert not any("TEMP B-TREE" in step for step in plan), "what is found is not sorted"
    if query == "search_latest":
        order = [id_ for (id_,) in db.execute("SELECT id FROM latest_articles")]
        assert [row["id"] for row in every] == sorted((row["id"] for row in every), key=order.index)
    db.close()


def test_search_finds_words_in_articles_and_the_readers_view_leaves_it_to_the_queries(site: str, archive: Path) -> None:
    db = open_archive(archive)
    (found,) = db.execute("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'surabaya'").fetchone()
    (all_,) = db.execute("SELECT count(*) FROM articles").fetchone()
    db.close()
    answer = data(f"{site}/kwri/articles.json?_search={quote('Surabaya')}&_extra=count")
    assert 0 < found < all_
    assert (answer.get("filtered_table_rows_count") or answer["count"]) == found
    assert 'type="search"' in page(f"{site}/kwri/articles")
    assert 'type="search"' not in page(f"{site}/kwri/latest_articles"), "of a frequent word it sorted all articles"


@pytest.mark.parametrize(
    "address", ["articles.json?_search=", "search_latest.json?words=", "search_ranked.json?words="]
)
def test_every_search_finds_words_however_they_are_written(site: str, address: str) -> None:
    for words in ("jumat salat", "Jum’at salat", "salat 5000", "Salat Rp 5.000,-", '"salat jumat"'):
        rows = data(f"{site}/kwri/{address}{quote(words)}&_shape=objects")["rows"]
        assert "Salat Jum'at, Rp5.000" in [row["title"] for row in rows], words
    for words in ("", " ", '"', "*", "-", "AND", "a OR", "(", "\0", "😀", "17:30", "title:salat", "a " * 2000):
        assert page(f"{site}/kwri/{address.replace('.json', '')}{quote(words)}"), words


def test_the_search_of_other_databases_stays_datasettes_own(archive: Path) -> None:
    for path, asked in ((str(archive), '("jumat" OR "jum at" OR "jumʼat")'), (":memory:", "its own")):
        with closing(sqlite3.connect(path)) as connection:
            connection.create_function("escape_fts", 1, lambda _: "its own")
            datasette_search.prepare_connection(connection)
            assert connection.execute("SELECT escape_fts('jumat')").fetchone() == (asked,)


def test_an_articles_own_page_leads_to_its_tags(site: str, archive: Path) -> None:
    db = open_archive(archive)
    (number,) = db.execute("SELECT article FROM tags LIMIT 1").fetchone()
    db.close()
    shown = page(f"{site}/kwri/articles/{number}")
    assert f"/kwri/tags?article={number}" in shown
