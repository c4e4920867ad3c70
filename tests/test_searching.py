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
from kwri_crawler.archive.searching import SearchError, all_words, expression, phrase
from kwri_crawler.archive.stories import Period, list_stories, resettle
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
    "Doa Jumʼat bersama",
    "Pukul 17.30 WIB",
    "HUT ke-79 dan Covid-19",
    "Varian COVID19",
    "Tadarus Al-Qur'an",
)


def found(words: str, read: Callable[[str], str] = expression) -> set[int]:
    index = sqlite3.connect(":memory:")
    index.execute("CREATE VIRTUAL TABLE texts USING fts5 (text, tokenize = 'unicode61 remove_diacritics 2')")
    index.executemany("INSERT INTO texts (rowid, text) VALUES (?, ?)", enumerate(TEXTS))
    rows = index.execute("SELECT rowid FROM texts WHERE texts MATCH ?", (read(words),)).fetchall()
    index.close()
    return {number for (number,) in rows}


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        ("anak-anak", {0}),
        ("anak‑anak", {0}),
        ("anak–anak", {0}),
        *((f"{one}at", {1, 3, 11}) for one in ("jum", "Jum'", "Jum’", "Jum‘", "Jumʼ", "Jum´", "Jum`", "Jum\u00ad")),
        ('"salat jumat"', {1}),
        ('"doa jum\'at"', {11}),
        ("quran", {2, 15}),
        ("alquran", set()),
        ("al-quran", {15}),
        ("17:30", {12}),
        ("17.30", {12}),
        ("ke-79", {13}),
        ("ke79", {13}),
        ("covid-19", {13, 14}),
        ("covid19", {13, 14}),
        ("http://contoh", set()),
        ("polda - warga", {8, 9}),
        ("polda , warga", {8, 9}),
        ("-", set()),
        ("Rp 5.000", {4, 5, 6}),
        ("Rp. 5.000,-", {4, 5, 6}),
        ("Rp5.000,00", {4, 5, 6}),
        ("Rp 12.500.000,-", {7}),
        ('"harga rp 5.000"', {5}),
        ("5000", {4, 5, 6}),
        ("5.000", {4, 5, 6}),
        ("Rp5.000", {4, 5, 6}),
        ("rp5000 harga", {4, 5}),
        ("12500000", {7}),
        ("polda warga", {8, 9}),
        ("warga NOT jatim polda", {9}),
        ("warga NOT polda jatim", {9}),
        ("jumat OR anak-anak", {0, 1, 3, 11}),
        ("(jumat OR quran) AND tadarus", {2, 15}),
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
    [
        "NEAR(polda warga)",
        "title : jumat",
        "{title body}: jumat",
        "^harga",
        "polda + jatim",
        '"polda',
        "",
        "AND",
        "jatim*",
        '"anak anak"*',
    ],
)
def test_what_is_written_in_the_language_of_the_index_stays(words: str) -> None:
    assert expression(words) == words


@given(st.lists(st.from_regex(r"[a-zA-Z0-9'’.+-]{1,12}", fullmatch=True), min_size=1, max_size=6))
def test_words_with_any_signs_are_a_search(words: list[str]) -> None:
    found(" ".join(f"w{word}" for word in words))


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        ("salat jumat", {1}),
        ("jumat salat", set()),
        ("Rp5.000 per", {4}),
        ('"salat" AND', set()),
        ("", set()),
        ("...", set()),
    ],
)
def test_words_in_a_row_are_found_however_they_are_written(words: str, texts: set[int]) -> None:
    assert found(words, phrase) == texts


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        ("jumat salat", {1}),
        ('"salat jumat"', {1}),
        ('"jumat salat"', set()),
        ('salat "jumat', {1}),
        ("5000 diikuti", {6}),
        ("jumat OR quran", set()),
        ("(polda) - warga*", {8, 9}),
        ("", set()),
        ('"" , ""', set()),
    ],
)
def test_all_words_are_found_and_none_is_an_operator(words: str, texts: set[int]) -> None:
    assert found(words, all_words) == texts


@given(st.text(st.characters(blacklist_categories=["Cs"]), max_size=30) | st.text('a"*()-:^+ {}\x00', max_size=12))
def test_any_text_is_a_search_for_its_words(words: str) -> None:
    found(words, all_words)
    found(words, phrase)


@pytest.mark.parametrize("read", [expression, all_words, phrase])
def test_what_is_no_text_is_refused(read: Callable[[str], str]) -> None:
    with pytest.raises(SearchError, match="not UTF-8"):
        read("polda \udcff")


def test_a_search_that_is_not_understood_is_named_by_its_beginning() -> None:
    assert len(str(SearchError("( " * 5_000, "parser stack overflow"))) < 300


def test_stories_are_named_by_words_however_they_are_written(tmp_path: Path) -> None:
    db = new_archive(tmp_path / "a.sqlite")
    crawl = crawl_of(db)
    text = "Salat Jum'at di masjid raya " + " ".join(f"kata{n}" for n in range(60))
    for name in ("a", "b"):
        stored = articles.store(db, an_article(name, text, crawl_id=crawl))
        resettle(db, stored.article)
    for words, number in (("salat jumat", 1), ("jumat salat", 0), ('"salat', 1)):
        assert len(list_stories(db, Period(naming=words), fastest=False, limit=9)) == number, words
    db.close()


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
