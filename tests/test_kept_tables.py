"""What is kept as counted is what the rows say, after whatever was written by us, by hand or by another program."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from kwri_crawler.archive import (
    articles,
    clock_tables,
    crawls,
    dates,
    first_copies,
    forgetting,
    identity,
    month_versions,
    rereads,
    revisions,
    stories,
    transaction,
)
from kwri_crawler.dates import with_dates
from kwri_crawler.items import Article, DateKind, DateSource, DateText
from pipelines.dedupe import DedupeStage
from tests.archives import check_derived, new_archive
from tests.score_stories import portal_of
from tests.test_likeness import FLOOD, MARKET

PORTALS = ("satu", "dua", "tiga")
TEXTS = (MARKET, FLOOD, MARKET[:5], (*FLOOD, "Satu kalimat lain."), ("Kabar pendek.",))
PRINTED = ("2024-06-{:02}T14:10:00Z", "2024-06-{:02}T14:10:00+07:00", "{:02} Juni 2024", "{:02} Juli 2024 09.00 WIB")
# What people and their programs do to a file of theirs; every ? is the article
BY_HAND = (
    "UPDATE articles SET portal = 'dua' WHERE id = ?",
    "UPDATE articles SET portal = 'satu', title = title || '!' WHERE id >= ?",
    "UPDATE articles SET published_at = NULL, published_local = NULL, published_precision = NULL WHERE id = ?",
    "UPDATE articles SET published_at = '2023-01-31T20:00:00Z', published_local = '2023-02-01T03:00:00+07:00',"
    " published_precision = 'minute' WHERE id = ?",
    "UPDATE articles SET body = 'Isi lain.', text_hash = 'h' WHERE id = ?",
    "DELETE FROM articles WHERE id = ?",
    "DELETE FROM articles WHERE id = (SELECT max(id) FROM articles) AND id >= ?",  # the next one gets its number
    "DELETE FROM articles WHERE id >= ?",
    "DELETE FROM dates WHERE article = ?",
    "UPDATE dates SET judged = 'updated', printed_offset_s = 7200 WHERE article = ?",
    "UPDATE dates SET printed_offset_s = NULL, offset_s = NULL WHERE article >= ? AND source = 'meta'",
    "REPLACE INTO tags VALUES (?, 'baru')",
    "UPDATE portals SET name = name || '.' WHERE id = (SELECT portal FROM articles WHERE id = ?)",
)
_CLOCKS = "SELECT portal, source, kind, offset_s, still_wrong, dates FROM clocks"
_COPIES = "SELECT story, portal, first_portal, lag_s FROM first_copies"
_STORIES = """
    SELECT id, original, first_at, last_at, articles, portals, first_portal, portals_1h, portals_6h, portals_24h,
        first_copy_hours
    FROM stories
"""
_STORIES_ANEW = """
    WITH own AS (
        SELECT *, first_value(id) OVER spread AS first, first_value(portal) OVER spread AS of,
            first_value(out_at) OVER spread AS began
        FROM articles
        WHERE story IS NOT NULL
        WINDOW spread AS (PARTITION BY story ORDER BY out_at, first_seen_at, url_key)
    ), late AS (SELECT *, strftime('%s', out_at) - strftime('%s', began) AS s FROM own)
    SELECT story, first, began, max(out_at), count(*), count(DISTINCT portal), of,
        count(DISTINCT portal) FILTER (WHERE portal <> of AND s <= 3600),
        count(DISTINCT portal) FILTER (WHERE portal <> of AND s <= 21600),
        count(DISTINCT portal) FILTER (WHERE portal <> of AND s <= 86400),
        round(min(s) FILTER (WHERE portal <> of) / 3600.0, 2)
    FROM late
    GROUP BY story
"""
_EXPORTED = """
    SELECT portal, coalesce(substr(published_local, 1, 7), '') AS month,
        group_concat(concat || coalesce((SELECT group_concat(tag) FROM tags WHERE article = id), ''))
    FROM (SELECT *, quote(id) || quote(title) || quote(body) || quote(published_at) || quote(story) AS concat
        FROM articles ORDER BY id)
    GROUP BY 1, 2
"""


class Desk:
    """An archive, and what is done to it by numbers."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.db = new_archive(path)
        self.crawls = {name: crawls.begin(self.db, portal_of(name), None, None) for name in PORTALS}
        self.names = count()

    def an_article(self, number: int) -> Article:
        name = PORTALS[number % 3]
        at = datetime(2024, 6, 4, 5, tzinfo=UTC) + timedelta(hours=number % 40)
        printed = (PRINTED[(number + place) % 4].format(1 + number % 9) for place in range(number % 4))
        article = Article(
            portal=name, zone="Asia/Jakarta", url=f"https://{name}/{next(self.names)}", title=f"Judul {number}",
            paragraphs=TEXTS[number % 5], fetched_at=at + timedelta(days=40), reader="varient",
            crawl_id=self.crawls[name], tags=("polisi",),
            dates=tuple(
                DateText(DateKind.PUBLISHED, source, text)
                for source, text in zip((DateSource.META, DateSource.FEED, DateSource.BYLINE), printed, strict=False)
            ),
        )  # fmt: skip
        return DedupeStage().process_item(with_dates(article))

    def one(self, number: int) -> tuple[int, str, str] | None:
        """Return id, address and portal of an article that is there."""
        found = self.db.execute("SELECT id, url, portal FROM articles ORDER BY id").fetchall()
        return found[number % len(found)] if found else None

    def bring(self, number: int) -> None:
        with transaction(self.db, commit=number % 7 != 3):
            articles.store(self.db, self.an_article(number))

    def edit(self, number: int) -> None:
        if one := self.one(number):
            article = replace(self.an_article(number // 3), url=one[1], portal=one[2], revisits=one[0])
            with transaction(self.db):
                articles.store(self.db, article)

    def correct(self, number: int) -> None:
        if one := self.one(number):
            article = replace(self.an_article(number // 2), url=one[1], portal=one[2])
            with transaction(self.db):
                rereads.correct(self.db, one[0], article, rereads.changes(self.db, one[0], article))

    def remove(self, number: int) -> None:
        if one := self.one(number):
            with transaction(self.db):
                revisions.missed(self.db, one[0], "2024-08-01T00:00:00Z", for_good=True)
                if number % 2:
                    identity.delete(self.db, one[0])

    def forget(self, number: int) -> None:
        if one := self.one(number):
            forgetting.forget(self.db, forgetting.find(self.db, one[1]))

    def redate(self, number: int) -> None:
        known = dict.fromkeys(PORTALS, (("Asia/Jakarta", "Asia/Jayapura")[number % 2], ()))
        found = dates.read_again(self.db, known)
        dates.apply(self.db, [one for one in found if not isinstance(one, str)])

    def by_hand(self, number: int) -> None:
        """Write as sqlite3 does, which looks at no foreign keys, and as programs do that look at them."""
        statement = BY_HAND[number % len(BY_HAND)]
        one = self.one(number // len(BY_HAND))
        with closing(sqlite3.connect(self.path, isolation_level=None)) as other, suppress(sqlite3.IntegrityError):
            other.execute(f"PRAGMA foreign_keys = {number % 2}")
            other.execute(statement, (one[0] if one else 1,))

    def restory(self, _: int) -> None:
        list(stories.rebuild(self.db, 3))


ACTS: tuple[Callable[[Desk, int], None], ...] = (
    Desk.bring, Desk.bring, Desk.bring, Desk.edit, Desk.correct, Desk.remove, Desk.forget, Desk.redate, Desk.by_hand,
    Desk.by_hand, Desk.restory,
)  # fmt: skip


def kept_and_anew(db: Database, kept: str, table: str, fill: str) -> tuple[list[object], list[object]]:
    """Return the rows of a kept table, and those that it would have if it were filled now."""
    before = sorted(db.execute(kept).fetchall(), key=repr)
    with transaction(db, commit=False):
        db.execute(f"DELETE FROM {table}")
        db.execute(fill)
        anew = sorted(db.execute(kept).fetchall(), key=repr)
    return before, anew


def months(db: Database) -> dict[tuple[str, str], str]:
    return {(portal, month): rows for portal, month, rows in db.execute(_EXPORTED)}


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.integers(1, 200),
    st.lists(st.tuples(st.integers(0, len(ACTS) - 1), st.integers(0, 10_000)), min_size=4, max_size=24),
)
def test_what_is_kept_is_what_the_rows_say_whatever_was_written(first: int, acts: list[tuple[int, int]]) -> None:
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder) / "a.sqlite")
        for number in range(first, first + 6):
            desk.bring(number)
        for act, number in acts:
            before, versions = months(desk.db), dict(month_keys(desk.db))
            ACTS[act](desk, number)
            kept, anew = kept_and_anew(desk.db, _CLOCKS, "clocks", clock_tables.FILL)
            assert kept == anew, (ACTS[act].__name__, number)
            desk.db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES('integrity-check', 1)")
            after, now = months(desk.db), dict(month_keys(desk.db))
            changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
            assert {key for key in changed if versions.get(key) == now.get(key)} == set(), ACTS[act].__name__
        assert desk.db.execute("PRAGMA foreign_key_check").fetchall() == []
        list(stories.rebuild(desk.db, 5))
        assert sorted(desk.db.execute(_STORIES)) == sorted(desk.db.execute(_STORIES_ANEW))
        kept, anew = kept_and_anew(desk.db, _COPIES, "first_copies", first_copies.FILL[1])
        assert kept == anew
        if desk.one(0):
            check_derived(desk.db)
        desk.db.close()


def month_keys(db: Database) -> list[tuple[tuple[str, str], int]]:
    return [((one.portal, one.month or ""), one.version) for one in month_versions.portal_months(db)]


@pytest.mark.parametrize(("taken", "stories_left"), [("portal = 'dua'", 1), ("story IS NOT NULL", 0)])
def test_a_story_of_which_another_program_deletes_articles_is_settled_by_the_next_restory(
    tmp_path: Path, taken: str, stories_left: int
) -> None:
    desk = Desk(tmp_path / "a.sqlite")
    for number in (0, 25, 5):  # on satu, dua, tiga
        desk.bring(number)
    assert [row[5] for row in desk.db.execute(_STORIES)] == [3]
    with closing(sqlite3.connect(desk.path, isolation_level=None)) as other:  # which looks at no foreign keys
        other.execute(f"DELETE FROM articles WHERE {taken}")
    assert len(stories.unsettled(desk.db, 9)) == 2 * stories_left
    desk.restory(0)
    assert sorted(desk.db.execute(_STORIES)) == sorted(desk.db.execute(_STORIES_ANEW))
    assert [row[5] for row in desk.db.execute(_STORIES)] == [2] * stories_left
    desk.db.close()


def test_the_number_of_an_article_that_another_program_deleted_is_given_anew(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "a.sqlite")
    for number in (0, 25, 5):
        desk.bring(number)
    with closing(sqlite3.connect(desk.path, isolation_level=None)) as other:
        other.execute("DELETE FROM articles WHERE id = 3")
    desk.bring(8)
    assert desk.db.execute("SELECT max(id) FROM articles").fetchone() == (3,)
    desk.restory(0)
    check_derived(desk.db)
    desk.db.close()


def test_an_article_is_forgotten_whose_story_another_program_took_apart(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "a.sqlite")
    for number in (0, 25, 5):
        desk.bring(number)
    first = desk.db.execute("SELECT original FROM stories").fetchone()[0]
    desk.db.execute("DELETE FROM ties WHERE ? IN (article, other)", (first,))
    forgetting.forget(desk.db, forgetting.Forgotten((first,), (), (), 0))
    assert [row[5] for row in desk.db.execute(_STORIES)] == [2]
    assert sorted(desk.db.execute(_STORIES)) == sorted(desk.db.execute(_STORIES_ANEW))
    desk.db.close()


def test_what_we_delete_ourselves_leaves_nothing_to_settle(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "a.sqlite")
    for number in (0, 25, 5):
        desk.bring(number)
    desk.forget(1)
    assert stories.unsettled(desk.db, 9) == []
    assert sorted(desk.db.execute(_STORIES)) == sorted(desk.db.execute(_STORIES_ANEW))
    desk.db.close()
