"""Words are found however a text or a search writes them, and what is written in the index's language stays."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from kwri_crawler.archive import articles, desk_search, watches
from kwri_crawler.archive.extracts import Wanted, extracts
from kwri_crawler.archive.month_queries import institutions
from kwri_crawler.archive.searching import SearchError, expression
from tests.archives import HOME, an_article, crawl_of, new_archive
from tests.golden_schema import FILE

TEXTS = (
    "Anak-anak bermain",
    "Salat Jum'at di masjid",
    "Tadarus Qur’an",
    "Libur Jumat Agung",
    "Harga Rp5.000 per kilo",
    "Harga Rp 5.000 saja",
    "Diikuti 5000 orang",
    "Anggaran Rp12.500.000",
    "Polda Jatim dan warga",
    "Warga di mana-mana, kata Polda Jateng",
    "Bahasa C++ di sekolah",
)


def found(words: str) -> set[int]:
    index = sqlite3.connect(":memory:")
    index.execute("CREATE VIRTUAL TABLE texts USING fts5 (text, tokenize = 'unicode61 remove_diacritics 2')")
    index.executemany("INSERT INTO texts (rowid, text) VALUES (?, ?)", enumerate(TEXTS))
    rows = index.execute("SELECT rowid FROM texts WHERE texts MATCH ?", (expression(words),)).fetchall()
    index.close()
    return {number for (number,) in rows}


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        ("anak-anak", {0}),
        ("jumat", {1, 3}),
        ("Jum'at", {1, 3}),
        ("Jum’at", {1, 3}),
        ("quran", {2}),
        ("5000", {4, 5, 6}),
        ("5.000", {4, 5, 6}),
        ("Rp5.000", {4, 5, 6}),
        ("rp5000 harga", {4, 5}),
        ("12500000", {7}),
        ("polda warga", {8, 9}),
        ("warga NOT jatim polda", {9}),
        ("warga NOT polda jatim", {9}),
        ("jumat OR anak-anak", {0, 1, 3}),
        ("(jumat OR quran) AND tadarus", {2}),
        ("tadarus (jumat OR quran)", None),
        ('"polda jatim" warga', {8}),
        ("mana-mana warga", {9}),
        ("jat*", {8, 9}),
        ("anak-an*", {0}),
        ("c++", {10}),
        ("dimana", set()),
        ("'", set()),
    ],
)
def test_words_are_found_however_they_are_written(words: str, texts: set[int] | None) -> None:
    if texts is None:
        with pytest.raises(sqlite3.OperationalError):
            found(words)
    else:
        assert found(words) == texts


@pytest.mark.parametrize(
    "words",
    ["NEAR(polda warga)", "text : jumat", "^harga", "polda + jatim", '"polda', "", "AND", "jatim*", '"anak anak"*'],
)
def test_what_is_written_in_the_language_of_the_index_stays(words: str) -> None:
    assert expression(words) == words


@given(st.lists(st.from_regex(r"[a-zA-Z0-9'’.+-]{1,12}", fullmatch=True), min_size=1, max_size=6))
def test_words_with_any_signs_are_a_search(words: list[str]) -> None:
    found(" ".join(f"w{word}" for word in words))


def test_an_export_searches_so(tmp_path: Path) -> None:
    db = new_archive(tmp_path / "a.sqlite")
    crawl = crawl_of(db)
    for name, text in (("a", "Salat Jum'at anak-anak."), ("b", "Anak yang lain.")):
        articles.store(db, an_article(name, text, crawl_id=crawl))
    for words in ("jumat", "anak-anak", "Jum'at anak"):
        assert [one.url for one in extracts(db, Wanted(search=words))] == [HOME + "a"]
    db.close()


def _institutions(db: Database, words: str) -> None:
    db.execute("CREATE TEMP TABLE month_articles (id INTEGER PRIMARY KEY, story INTEGER, portal TEXT)")
    db.execute("CREATE TEMP TABLE institutions (name TEXT, match TEXT)")
    db.execute("INSERT INTO institutions VALUES ('Polda', ?)", (words,))
    if institutions(db)[0].stories is None:
        raise SearchError(words, "")


SEARCHES: dict[str, Callable[[Database, str], object]] = {
    "export": lambda db, words: list(extracts(db, Wanted(search=words))),
    "desk": lambda db, words: desk_search.search(db, desk_search.Asked(words), 50),
    "watch": lambda db, words: watches.newest(db, watches.Watch("api", words)),
    "report": _institutions,
}


@pytest.mark.parametrize("search", SEARCHES.values(), ids=SEARCHES)
def test_a_locked_archive_is_no_fault_of_the_search(search: Callable[[Database, str], object], tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    db = new_archive(path)
    db.execute("PRAGMA journal_mode = DELETE")  # in which a writer keeps readers out
    db.close()
    with closing(sqlite3.connect(path, timeout=0)) as reader, closing(sqlite3.connect(path)) as writer:
        with pytest.raises(SearchError):
            search(Database(reader), "banjir AND")
        reader.executescript("DROP TABLE IF EXISTS temp.month_articles; DROP TABLE IF EXISTS temp.institutions")
        writer.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError) as raised:
            search(Database(reader), "banjir AND")
    assert raised.value.sqlite_errorcode == sqlite3.SQLITE_BUSY


@pytest.mark.parametrize("search", SEARCHES.values(), ids=SEARCHES)
def test_an_archive_that_lost_its_index_is_no_fault_of_the_search(
    search: Callable[[Database, str], object], tmp_path: Path
) -> None:
    db = new_archive(tmp_path / "a.sqlite")
    db.execute("DROP TABLE articles_fts")
    with pytest.raises(sqlite3.OperationalError, match="no such table: articles_fts"):
        search(db, "banjir")
    db.close()


def test_the_archive_s_own_index_cuts_words_as_these_tests_do() -> None:
    assert "unicode61 remove_diacritics 2" in FILE.read_text(encoding="utf-8")
