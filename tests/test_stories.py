"""Stories in the archive: created, joined, merged and parted; the same ones whatever came when, and who was first."""

import json
import os
import random
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from kwri_crawler import copies
from kwri_crawler.archive import articles, crawls, open_archive, stories
from kwri_crawler.archive.stories import Period, drawing, index, list_stories, related_articles, story_of
from kwri_crawler.commands.stories import show_story
from kwri_crawler.items import Article, DateKind, DateSource, DateText, Moment, Precision
from kwri_crawler.reading.shared import in_processes
from kwri_crawler.screen.spoken import Spoken
from pipelines.dedupe import DedupeStage
from tests.archives import check_derived, new_archive
from tests.crawling import HOST, Crawled, crawl, rows, run_here, value
from tests.score_stories import portal_of
from tests.sites.varient import VarientPortal
from tests.test_likeness import FLOOD, MARKET
from tests.trials import stories_orders

NOON = datetime(2024, 6, 4, 5, 0, tzinfo=UTC)


@dataclass
class Press:
    """An archive and what portals bring to it."""

    db: Database
    crawls: dict[str, int]

    def brings(
        self,
        name: str,
        paragraphs: tuple[str, ...],
        hours: float | None,
        title: str = "",
        seen: float = 100,
        **changes: object,
    ) -> int:
        """Store an article of portal `name`, published and first seen so many hours after noon; return its id."""
        portal = name.split("/")[0]
        if portal not in self.crawls:
            self.crawls[portal] = crawls.begin(self.db, portal_of(portal), None, None)
        at = None if hours is None else NOON + timedelta(hours=hours)
        article = Article(
            portal=portal,
            zone="Asia/Jakarta",
            url=f"https://{name}",
            title=title or f"Judul {name}",
            paragraphs=paragraphs,
            fetched_at=NOON + timedelta(hours=seen),
            reader="varient",
            published=at and Moment(at, at, Precision.MINUTE, ""),
            published_reason=None if at else "no date",
            crawl_id=self.crawls[portal],
        )
        article = DedupeStage().process_item(replace(article, **changes))  # type: ignore[arg-type]
        self.db.execute("SAVEPOINT one")
        stored = articles.store(self.db, article).article
        self.db.execute("RELEASE one")
        assert stored is not None
        return stored

    def story(self, article: int) -> int | None:
        found: int | None = self.db.execute("SELECT story FROM articles WHERE id = ?", [article]).fetchone()[0]
        return found

    def original(self, article: int) -> int:
        sql = "SELECT original FROM stories WHERE id = (SELECT story FROM articles WHERE id = ?)"
        return int(self.db.execute(sql, [article]).fetchone()[0])

    def all(self, sql: str) -> list[tuple[object, ...]]:
        return list(self.db.execute(sql).fetchall())


@pytest.fixture
def press(tmp_path: Path) -> Press:
    return Press(new_archive(tmp_path / "a.sqlite"), {})


def test_an_article_alone_has_no_story_and_its_first_copy_creates_one(press: Press) -> None:
    first = press.brings("satu", MARKET, 0)
    assert press.story(first) is None
    other = press.brings("dua", FLOOD, 0)
    copy = press.brings("tiga", MARKET[:4], 2)
    assert press.story(first) == press.story(copy) == first
    assert press.story(other) is None
    third = press.brings("empat", MARKET[1:], 3)
    assert press.story(third) == first
    assert press.all("SELECT articles, portals, first_at, last_at FROM stories") == [
        (3, 3, "2024-06-04T05:00:00Z", "2024-06-04T08:00:00Z")
    ]


def test_a_bridging_copy_that_comes_late_merges_two_stories(press: Press) -> None:
    a, b = press.brings("satu", MARKET[:3], 0), press.brings("dua", MARKET[:3], 1)
    c, d = press.brings("tiga", MARKET[3:], 2), press.brings("empat", MARKET[3:], 3)
    assert press.story(a) == press.story(b) != press.story(c) == press.story(d)
    press.brings("lima", MARKET, 1.5)
    assert {press.story(article) for article in (a, b, c, d)} == {a}
    assert press.all("SELECT id, articles, portals FROM stories") == [(a, 5, 5)]
    assert [article.portal for article in story_of(press.db, c)] == ["satu", "dua", "lima", "tiga", "empat"]


def test_the_original_is_the_first_published_even_when_it_is_found_last(press: Press) -> None:
    late = press.brings("satu", MARKET, 6, seen=7)
    later = press.brings("dua", MARKET, 9, seen=10)
    assert press.original(late) == late
    backfilled = press.brings("tiga", MARKET, -4, seen=2000)
    assert press.original(later) == backfilled
    assert press.all("SELECT first_seen FROM stories") == [(late,)]


def test_of_two_published_at_once_the_one_that_was_seen_first_is_the_original(press: Press) -> None:
    slow = press.brings("satu", MARKET, 0, seen=9)
    quick = press.brings("dua", MARKET, 0, seen=3)
    assert press.original(slow) == quick


def test_a_day_without_a_clock_is_not_taken_for_its_first_minute(press: Press) -> None:
    morning = press.brings("satu", MARKET, 3)
    midnight = NOON.replace(hour=0)
    day = Moment(midnight, midnight, Precision.DAY, "4 Juni 2024")
    undated_hours = press.brings("dua", MARKET, 0, published=day)
    assert press.original(undated_hours) == morning
    assert press.all(f"SELECT out_at FROM articles WHERE id = {undated_hours}") == [("2024-06-04T23:59:59Z",)]


def test_an_undated_article_stands_where_it_was_first_seen(press: Press) -> None:
    undated = press.brings("satu", MARKET, None, seen=5)
    dated = press.brings("dua", MARKET, 8)
    assert press.original(dated) == undated
    assert press.all("SELECT place, portal, lag_hours FROM story_articles") == [(1, "satu", 0.0), (2, "dua", 3.0)]


def test_texts_weeks_apart_meet_only_when_they_are_identical(press: Press) -> None:
    first = press.brings("satu", MARKET, 0)
    assert press.story(press.brings("dua", MARKET[:5], 24 * 11)) is None
    assert press.story(press.brings("tiga", MARKET, 24 * 400)) == first


def test_the_window_does_not_depend_on_where_weeks_begin(press: Press) -> None:
    """Nine days and 23 hours are inside, wherever in the week the first article stands and whichever came first."""
    for step in range(7):
        text = tuple(" ".join(f"{word}{'abcdefg'[step]}" for word in paragraph.split()) for paragraph in MARKET)
        pair = [(f"satu/{step}", text, 24.0 * step), (f"dua/{step}", text[:4], 24 * step + 239)]
        ids = [press.brings(*each) for each in (pair if step % 2 else pair[::-1])]
        assert press.story(ids[0]) == press.story(ids[1]) is not None


def test_templates_stay_apart_even_when_a_cut_copy_fits_both(press: Press) -> None:
    changed = {"312": "205", "18,4": "9,7", "210": "180", "24 blok": "16 blok"}
    other = MARKET
    for number, instead in changed.items():
        other = tuple(paragraph.replace(number, instead) for paragraph in other)
    numberless = (MARKET[2], MARKET[5], "Acara ditutup dengan doa bersama di halaman pasar.")
    ours, copy = press.brings("satu", MARKET, 0), press.brings("dua", MARKET, 1)
    theirs = press.brings("tiga", other, 2)
    bridge = press.brings("empat", numberless, 3)
    assert press.story(ours) == press.story(copy) == press.story(bridge)
    assert press.story(theirs) is None
    assert {kind for (kind,) in press.all(f"SELECT kind FROM ties WHERE {theirs} IN (article, other)")} >= {"template"}


def test_every_tie_keeps_its_figures_and_its_reason(press: Press) -> None:
    first = press.brings("satu", MARKET, 0)
    cut = press.brings("dua", MARKET[:3], 1)
    row = next(iter(press.db.query("SELECT * FROM ties")))
    assert (row["article"], row["other"], row["kind"]) == (cut, first, "copy")
    assert row["containment"] > 0.9 > row["jaccard"]
    assert row["numbers_changed"] == 0 < row["numbers_kept"]
    assert row["reason"]


def test_one_portal_may_run_a_text_twice_and_sixty_portals_may_run_it_too(press: Press) -> None:
    ids = [press.brings(f"portal{number % 30}/{number}", MARKET, number / 10) for number in range(60)]
    random.Random(2).shuffle(ids)
    assert {press.story(article) for article in ids} == {min(ids)}
    assert press.all("SELECT articles, portals FROM stories") == [(60, 30)]


def test_a_redated_article_becomes_the_original(press: Press) -> None:
    first, second = press.brings("satu", MARKET, 0), press.brings("dua", MARKET[:5], 4)
    press.db.execute("UPDATE articles SET published_at = '2024-06-03T20:00:00Z' WHERE id = ?", [second])
    stories.resettle(press.db, second)
    assert press.original(first) == second
    assert press.all("SELECT article, other FROM ties") == [(first, second)]


def test_reading_the_dates_again_settles_the_stories_again(press: Press, tmp_path: Path) -> None:
    printed = DateText(DateKind.PUBLISHED, DateSource.BYLINE, "Senin, 3 Juni 2024 08:00 WIB")
    first = press.brings(
        "satu", MARKET, 0, dates=(DateText(DateKind.PUBLISHED, DateSource.BYLINE, "4 Juni 2024 12:00 WIB"),)
    )
    misread = press.brings("dua", MARKET, 3, dates=(printed,))
    assert press.original(misread) == first
    press.db.close()
    done = scrapy(tmp_path / "a.sqlite", "redate", "--apply")
    assert done.code == 0, done.log
    again = Press(open_archive(tmp_path / "a.sqlite"), {})
    assert again.original(first) == misread
    assert stories.unsettled(again.db, 9) == []


def test_a_change_that_nobody_settled_is_found_by_the_next_restory(press: Press) -> None:
    first, second = press.brings("satu", MARKET, 0), press.brings("dua", MARKET, 4)
    press.db.execute("UPDATE articles SET published_at = '2024-06-03T20:00:00Z' WHERE id = ?", [second])
    assert stories.unsettled(press.db, 9) == [second]
    assert list(stories.rebuild(press.db, 9)) == [[second]]
    assert press.original(first) == second


def test_how_much_is_unsettled_is_counted_without_reading_a_text(press: Press) -> None:
    articles = [press.brings(f"portal{number}", MARKET, number) for number in range(3)]
    stories.unsettle_all(press.db)
    body = (sqlite3.SQLITE_READ, "articles", "body")
    press.db.conn.set_authorizer(lambda *asked: sqlite3.SQLITE_DENY if asked[:3] == body else sqlite3.SQLITE_OK)
    with pytest.raises(sqlite3.DatabaseError, match=r"articles\.body"):
        press.db.execute("SELECT body FROM articles")
    assert stories.unsettled(press.db, 9) == articles


def test_an_article_that_was_rewritten_leaves_its_story_and_may_part_it(press: Press) -> None:
    a, b = press.brings("satu", MARKET[:3], 0), press.brings("dua", MARKET[3:], 1)
    bridge = press.brings("tiga", MARKET, 2)
    assert press.story(a) == press.story(b) == press.story(bridge)
    press.db.execute("UPDATE articles SET body = ?, text_hash = 'new' WHERE id = ?", ["\n\n".join(FLOOD), bridge])
    stories.resettle(press.db, bridge)
    assert [press.story(article) for article in (a, b, bridge)] == [None, None, None]
    assert press.all("SELECT count(*) FROM stories") == [(0,)]
    found = press.brings("empat", FLOOD, 3)
    assert press.story(found) == press.story(bridge) is not None


def test_a_forgotten_article_can_be_deleted_and_its_story_goes_on_without_it(press: Press) -> None:
    ids = [press.brings(f"portal{number}", MARKET, number) for number in range(3)]
    stories.forget(press.db, ids[0])
    press.db.execute("DELETE FROM articles WHERE id = ?", [ids[0]])
    assert press.story(ids[1]) == press.story(ids[2]) == ids[1]
    assert press.original(ids[2]) == ids[1]
    assert press.all("SELECT count(*) FROM marks WHERE article = 1") == [(0,)]


def test_resettling_what_did_not_change_changes_nothing(press: Press) -> None:
    for number, text in enumerate((MARKET, MARKET[:4], FLOOD, FLOOD[1:], MARKET[2:])):
        press.brings(f"portal{number}", text, number)
    tables = ("stories", "ties", "sketches", "marks")
    before = [press.all(f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in tables]
    for article in (3, 1, 5, 2, 4):
        stories.resettle(press.db, article)
    assert [press.all(f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in tables] == before


def test_a_new_version_of_the_method_settles_everything_anew_and_can_be_stopped(press: Press) -> None:
    for number in range(12):
        press.brings(f"portal{number}", MARKET if number % 2 else FLOOD, number)
    before = press.all("SELECT id, story FROM articles ORDER BY id")
    for table in ("sketches", "ties"):
        press.db.execute(f"UPDATE {table} SET method = ?", [copies.VERSION - 1])  # as an older release left them
    assert len(next(stories.rebuild(press.db, 5))) == 5  # and here the power goes
    assert len(stories.unsettled(press.db, 100)) == 7
    assert [len(settled) for settled in stories.rebuild(press.db, 5)] == [5, 2]
    assert list(stories.rebuild(press.db, 5)) == []
    assert press.all("SELECT id, story FROM articles ORDER BY id") == before
    assert press.all("SELECT DISTINCT method FROM sketches") == [(copies.VERSION,)]
    assert press.all("SELECT DISTINCT method FROM ties") == [(copies.VERSION,)]


def test_a_lone_article_that_is_settled_again_writes_next_to_nothing(press: Press) -> None:
    alone = press.brings("satu", MARKET, 0)
    before = press.db.conn.total_changes
    stories.resettle(press.db, alone)
    assert press.db.conn.total_changes - before == 1, "that it was settled, and none of its marks"


def test_an_article_among_more_near_ones_than_are_judged_has_no_fewer_ties_when_it_is_settled_again(
    press: Press,
) -> None:
    for number in range(index.MOST_CANDIDATES + 3):
        last = press.brings(
            f"portal{number}", (*MARKET, " ".join(f"kata{number}x{place}" for place in range(9))), number
        )
    ties = f"SELECT count(*) FROM ties WHERE {last} IN (article, other)"
    assert press.all(ties) == [(index.MOST_CANDIDATES,)]
    stories.resettle(press.db, last)
    assert press.all(ties) == [(index.MOST_CANDIDATES,)]


def test_who_is_left_in_a_story_whose_number_another_takes_is_not_counted_there(press: Press) -> None:
    first, mate = press.brings("satu", MARKET, 0), press.brings("dua", MARKET[:4], 1)
    flood = press.brings("tiga", FLOOD, 2)
    with press.db.conn:
        press.db.execute("UPDATE articles SET body = ?, text_hash = 'new' WHERE id = ?", ["\n\n".join(FLOOD), first])
    stories.resettle(press.db, first)
    assert [press.story(article) for article in (first, mate, flood)] == [first, None, first]
    assert press.all("SELECT portal FROM first_copies") == [("tiga",)]
    check_derived(press.db)


def test_sketches_of_other_processes_settle_what_our_own_do_also_after_one_of_them_died(press: Press) -> None:
    for number in range(9):
        press.brings(f"portal{number}", (MARKET, FLOOD, MARKET[1:])[number % 3], number)
    before = everything(press)
    for count in (1, 2):
        unsettled(press)
        with in_processes(count) as each:
            assert sum(map(len, stories.rebuild(press.db, 2, each))) == 9
        assert everything(press) == before
    unsettled(press)
    with in_processes(2) as each, pytest.raises(OSError, match="--readers 1"):
        list(stories.rebuild(press.db, 2, lambda sketch, texts: each(partial(sketch_or_die, sketch), texts)))
    waiting = len(stories.unsettled(press.db, 9))  # how far it came is chance; the text that it died of waits
    assert waiting
    assert sum(map(len, stories.rebuild(press.db, 2))) == waiting
    assert everything(press) == before


def unsettled(press: Press) -> None:
    """Forget all that was settled but the stories, so that each part has to be made again."""
    for table in ("marks", "sketches", "ties"):
        press.db.execute(f"DELETE FROM {table}")


def everything(press: Press) -> list[list[tuple[object, ...]]]:
    tables = ("stories", "ties", "sketches", "marks", "first_copies", "articles")
    return [press.all(f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in tables]


def sketch_or_die(sketch: Callable[[list[str]], Any], bodies: list[str]) -> Any:
    if any(body.startswith(FLOOD[0]) for body in bodies) and not any(body.startswith(MARKET[0]) for body in bodies):
        os._exit(1)
    return sketch(bodies)


def test_an_article_that_changes_or_goes_while_its_text_is_sketched_is_settled_as_it_is_then(press: Press) -> None:
    ids = [press.brings(f"portal{number}", MARKET, number) for number in range(4)]
    stories.unsettle_all(press.db)

    def each(sketch: Callable[[Any], Any], texts: Iterable[Any]) -> Iterator[Any]:
        (sketches,) = map(sketch, texts)
        stories.forget(press.db, ids[3])
        press.db.execute("DELETE FROM articles WHERE id = ?", [ids[3]])
        press.db.execute("UPDATE articles SET body = ?, text_hash = 'new' WHERE id = 3", ["\n\n".join(FLOOD)])
        yield sketches

    list(stories.rebuild(press.db, 9, each))
    assert [press.story(article) for article in ids[:3]] == [ids[0], ids[0], None]
    assert stories.unsettled(press.db, 9) == []
    check_derived(press.db)


def test_any_order_and_two_processes_end_in_the_same_stories(tmp_path: Path) -> None:
    """The whole is `make trial-orders`."""
    items = stories_orders.written(120)
    expected = stories_orders.in_one_process(tmp_path, items, "written")
    assert len(expected) > 15
    for seed in range(2):
        shuffled = random.Random(seed).sample(items, len(items))
        assert stories_orders.in_one_process(tmp_path, shuffled, f"order{seed}") == expected
    assert stories_orders.in_two_processes(tmp_path, items[::-1]) == expected


def test_an_article_whose_edit_carries_another_text_leaves_its_story_and_joins_that_one(press: Press) -> None:
    market, copy = press.brings("satu", MARKET, 0), press.brings("dua", MARKET[:4], 1)
    flood = press.brings("tiga", FLOOD, 2)
    assert press.story(market) == press.story(copy) == market
    again = Article(
        portal="dua", zone="Asia/Jakarta", url="https://dua", title="Judul dua", paragraphs=FLOOD,
        fetched_at=NOON + timedelta(hours=200), reader="varient", revisits=copy, crawl_id=press.crawls["dua"],
    )  # fmt: skip
    articles.store(press.db, DedupeStage().process_item(again))
    assert press.story(market) is None
    assert press.story(copy) == press.story(flood) == copy


TEXTS = (MARKET, MARKET[:4], MARKET[1:], MARKET[:3], MARKET[3:], FLOOD, FLOOD[:3])
ARRIVALS = st.lists(
    st.tuples(
        st.sampled_from(("satu", "dua", "tiga")),
        st.sampled_from(TEXTS),
        st.sampled_from((0, 1, 1, 2.5, 30, None)),  # hours of publication: the same moment is frequent
        st.sampled_from((3, 3, 4, 40)),  # hours at which it was first seen
    ),
    min_size=2,
    max_size=9,
)
SHARED = "SELECT * FROM stories ORDER BY id"
NAMED = (
    "SELECT original.url_key, seen.url_key, first_at, last_at, articles, portals, parted,"
    " portals_1h, portals_6h, portals_24h, first_copy_hours,"
    " (SELECT group_concat(url_key) FROM (SELECT url_key FROM articles WHERE story = stories.id ORDER BY url_key))"
    " FROM stories JOIN articles AS original ON original.id = original"
    " JOIN articles AS seen ON seen.id = first_seen ORDER BY 12"
)


@pytest.fixture(scope="module")
def shared_press(tmp_path_factory: pytest.TempPathFactory) -> Press:
    return Press(open_archive(tmp_path_factory.mktemp("stories") / "a.sqlite"), {})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ARRIVALS, st.randoms(use_true_random=False))
def test_joining_a_story_is_what_drawing_it_anew_would_be_in_any_order(
    shared_press: Press, arrivals: list[tuple[str, tuple[str, ...], float | None, float]], dice: random.Random
) -> None:
    db, seen = shared_press.db, set()
    numbered = list(enumerate(arrivals))
    for _ in range(2):
        db.execute("BEGIN")
        try:
            shared_press.crawls = {}
            for number, (portal, text, hours, first) in numbered:
                shared_press.brings(f"{portal}/{number}", text, hours, seen=first)
            joined = shared_press.all(SHARED), shared_press.all("SELECT id, story FROM articles ORDER BY id")
            seen.add(tuple(shared_press.all(NAMED)))
            for (article,) in shared_press.all("SELECT id FROM articles"):
                drawing.draw(db, [int(str(article))])
            drawn = shared_press.all(SHARED), shared_press.all("SELECT id, story FROM articles ORDER BY id")
            assert joined == drawn
        finally:
            db.execute("ROLLBACK")
        dice.shuffle(numbered)
    assert len(seen) == 1, "the order of arrival changed a story"


def test_the_first_seen_of_a_story_is_kept_by_the_fast_way_too(press: Press) -> None:
    late = press.brings("satu", MARKET, 6, seen=9)
    copy = press.brings("dua", MARKET, 9, seen=10)
    assert press.all("SELECT original, first_seen FROM stories") == [(late, late)]
    quick = press.brings("tiga", MARKET, 8, seen=7)
    assert press.all("SELECT original, first_seen FROM stories") == [(late, quick)], "seen before it, published after"
    older = press.brings("empat", MARKET, -1, seen=20)
    assert press.all("SELECT original, first_seen FROM stories") == [(older, quick)]
    same = press.brings("lima", MARKET, 5, seen=7)
    assert press.all("SELECT original, first_seen FROM stories") == [(older, same)], "seen at once: out earlier"
    assert press.story(copy) == press.story(same) == late


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4, 5), (5, 4, 3, 2, 1, 0), (2, 5, 0, 4, 1, 3)])
def test_how_fast_a_story_ran_is_kept_whatever_is_found_first(press: Press, order: tuple[int, ...]) -> None:
    ran = (("satu/a", 0.0), ("satu/b", 0.5), ("dua/a", 1.0), ("tiga/a", 6.01), ("dua/b", 5.0), ("empat/a", 30.0))
    for number in order:
        press.brings(ran[number][0], MARKET, ran[number][1])
    kept = press.all("SELECT portals_1h, portals_6h, portals_24h, first_copy_hours FROM stories")
    assert kept == [(1, 1, 2, 1.0)], "to the hour counts; its own portal does not, nor a portal twice"


def test_views_say_who_was_first_who_copied_whom_and_how_far_a_release_went(press: Press) -> None:
    press.brings("satu", MARKET, 0)
    press.brings("dua", MARKET[:4], 2)
    press.brings("tiga", MARKET, 8)
    press.brings("satu/2", FLOOD, 20)
    press.brings("dua/2", (*FLOOD, "Demikian."), 24)
    press.brings("satu/lagi", ("Kabar yang tidak dimuat siapa pun.",) * 9, 30)
    assert press.all("SELECT story, articles, portals, first_portal, hours FROM largest_stories") == [
        (1, 3, 3, "satu", 8.0),
        (4, 2, 2, "satu", 4.0),
    ]
    assert press.all("SELECT story, portals_1h, portals_6h, portals_24h, first_copy_hours FROM fastest_stories") == [
        (1, 0, 1, 2, 2.0),
        (4, 0, 1, 1, 4.0),
    ]
    assert press.all(
        "SELECT portal, articles, alone, originals, copies, repeats FROM portal_shares ORDER BY portal"
    ) == [
        ("dua", 2, 0, 0, 2, 0),
        ("satu", 3, 1, 2, 0, 0),
        ("tiga", 1, 0, 0, 1, 0),
    ]
    assert press.all("SELECT * FROM who_copies_whom") == [("satu", "dua", 2, 3.0), ("satu", "tiga", 1, 8.0)]
    press.db["institutions"].insert({"name": "Pemkab", "match": '"pemerintah kabupaten sukamaju"'})
    assert press.all("SELECT * FROM institution_reach") == [("Pemkab", 3, 3, 1, 3, 3)]


ROUNDUP = ("Berikut berita yang paling banyak dibaca hari ini.", *MARKET[:3], *FLOOD)
LATER = (
    "Pemerintah kabupaten meninjau ulang rencana retribusi pasar sesudah rapat dengan pedagang dan koperasi setempat.",
    "Rapat yang berlangsung tiga jam itu dihadiri perwakilan pedagang, camat, pengurus koperasi dan dinas terkait.",
    "Kepala dinas berjanji menyampaikan hasil kajian kepada dewan sebelum akhir bulan depan agar dapat dibahas lagi.",
    *MARKET[3:],
)


def test_roundups_and_follow_ups_stand_beside_the_story_and_not_in_it(press: Press) -> None:
    flood, copy = press.brings("satu", FLOOD, 0), press.brings("dua", FLOOD[:3], 1)
    roundup = press.brings("tiga", ROUNDUP, 5, title="Terpopuler: Banjir")
    market = press.brings("empat", MARKET, 2)
    later = press.brings("lima", LATER, 30)
    assert press.all(
        "SELECT kind, article, portal, story, other, other_portal, other_story FROM related_articles ORDER BY 2, 5"
    ) == [
        ("contains", roundup, "tiga", None, flood, "satu", flood),
        ("contains", roundup, "tiga", None, copy, "dua", flood),
        ("follow-up", roundup, "tiga", None, market, "empat", None),
        ("follow-up", later, "lima", None, market, "empat", None),
    ]
    beside = [(one.kind.value, one.takes, one.article, one.id, one.portal) for one in related_articles(press.db, copy)]
    assert beside == [("contains", False, flood, roundup, "tiga"), ("contains", False, copy, roundup, "tiga")]
    assert related_articles(press.db, market) == [], "it is no story"
    second = press.brings("enam", MARKET, 3)
    assert [(one.kind.value, one.takes, one.article, one.id) for one in related_articles(press.db, market)] == [
        ("follow-up", False, market, roundup), ("follow-up", False, market, later),
        ("follow-up", False, second, roundup), ("follow-up", False, second, later),
    ]  # fmt: skip
    assert related_articles(press.db, roundup) == []
    again = press.brings("tujuh", ROUNDUP, 6, title="Terpopuler: Banjir")
    takes = [(one.takes, one.article, one.id) for one in related_articles(press.db, roundup)]
    assert takes == [(True, one, other) for one in (roundup, again) for other in (flood, copy, market, second)]


def test_every_table_and_view_of_stories_explains_itself(press: Press) -> None:
    for name, sql in press.all("SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'view')"):
        if name in ("stories", "ties", "sketches", "marks", "institutions") or " stories" in str(sql):
            assert "--" in str(sql), f"{name} has no comment"
    (sql,) = press.all("SELECT sql FROM sqlite_master WHERE name = 'articles'")[0]
    assert "by then it was certainly published" in str(sql)
    assert "the story of all articles with its text" in str(sql)


def scrapy(archive: Path, *words: str) -> Crawled:
    return run_here(*words, ARCHIVE_PATH=str(archive))


def test_the_command_lists_stories_and_shows_one_whole(press: Press, tmp_path: Path) -> None:
    first = press.brings("satu", MARKET, 0, title="Pasar Baru Dibuka")
    press.brings("dua", (MARKET[0].replace("alun-alun", "terminal"), *MARKET[1:]), 2, title="Pedagang Lega")
    later = press.brings("tiga", LATER, 30, title="Retribusi Ditinjau")
    press.db.close()
    archive = tmp_path / "a.sqlite"
    listed = scrapy(archive, "stories", "--since", "2024-06-01", "--naming", "kabupaten sukamaju")
    assert listed.code == 0, listed.log
    assert "satu: Pasar Baru Dibuka" in listed.out
    one = scrapy(archive, "stories", str(first))
    assert "changed headline: Pedagang Lega" in one.out
    assert "+2.0 h" in one.out
    assert "-[alun-alun,] +[terminal,]" in one.out
    read = json.loads(scrapy(archive, "stories", str(first), "--json").out)
    assert [article["role"] for article in read] == ["original", "copy"]
    assert read[1]["differences"] == [{"removed": "alun-alun,", "added": "terminal,"}]
    assert "is followed up by: 2024-06-05 11:00 UTC tiga: Retribusi Ditinjau\n       https://tiga" in one.out
    (related,) = read[0]["related"]
    assert (related["relation"], related["id"], related["portal"]) == ("is followed up by", later, "tiga")
    assert scrapy(archive, "stories", "99").code == 3


def test_a_story_says_where_no_more_than_our_crawls_tells_who_was_first(
    press: Press, capsys: pytest.CaptureFixture[str]
) -> None:
    first = press.brings("satu", MARKET, 0, source="ANTARA")
    press.brings("dua", MARKET, 0, seen=101)
    press.brings("tiga", MARKET, 0.1)
    show_story(first, story_of(press.db, first), [], Spoken("en"))
    one, two, three = capsys.readouterr().out.split("\n\n")[1:]
    doubt = "in the original's minute: which came first is the order of our crawls"
    assert ("names its source: ANTARA" in one, doubt in one) == (True, False)
    assert ("names its source" in two, doubt in two) == (False, True)
    assert doubt not in three
    show_story(first, story_of(press.db, first), [], None)
    assert [article["source"] for article in json.loads(capsys.readouterr().out)] == ["ANTARA", None, None]


def test_lists_keep_to_their_bounds(press: Press) -> None:
    press.brings("satu", MARKET, 0)
    press.brings("dua", MARKET, 1)
    press.brings("tiga", FLOOD, 48)
    press.brings("satu/2", FLOOD, 50)
    for period, found in (
        (Period(), [1, 3]),
        (Period(since="2024-06-05"), [3]),
        (Period(until="2024-06-04"), [1]),
        (Period(portal="dua"), [1]),
        (Period(naming='Sungai "Kalijernih" meluap'), [3]),
        (Period(naming="tidak pernah ditulis"), []),
    ):
        for fastest in (False, True):
            assert sorted(line.story for line in list_stories(press.db, period, fastest, 10)) == found


def test_a_crawl_settles_stories_and_restory_finds_the_same(tmp_path: Path) -> None:
    archive = tmp_path / "a.sqlite"
    with VarientPortal() as site:
        newest = max(site.articles, key=lambda article: article.created_at)
        later = newest.created_at + timedelta(hours=1)
        site.publish(replace(newest, slug="dimuat-lagi", title="Dimuat Lagi di Portal Ini", created_at=later))
        done = crawl(archive, {HOST: site.address}, "-a", "limit=12")
    assert done.code == 0, done.log
    stored = value(archive, "SELECT count(*) FROM articles")
    assert stored > 5
    assert value(archive, "SELECT count(*) FROM sketches WHERE method = ?", copies.VERSION) == stored
    columns = "SELECT id, story FROM articles ORDER BY id"
    before = rows(archive, columns)
    assert value(archive, "SELECT group_concat(articles || ' ' || portals) FROM stories") == "2 1"
    again = scrapy(archive, "restory", "--again")
    assert again.code == 0, again.log
    assert f"{stored} articles settled" in again.out
    assert rows(archive, columns) == before
    assert "0 articles settled" in scrapy(archive, "restory").out
    assert scrapy(tmp_path / "none.sqlite", "restory").code == 5


def test_copies_that_differ_too_much_to_be_compared_say_so(press: Press, capsys: pytest.CaptureFixture[str]) -> None:
    first = press.brings("satu", MARKET, 0)
    press.brings("dua", MARKET, 2)
    far = " ".join(["kata", "lain"] * 1_000)
    with press.db.conn:
        press.db.execute("UPDATE articles SET body = ? WHERE id <> ?", [far, first])
    show_story(first, story_of(press.db, first), [], Spoken("en"))
    assert "too much differs to compare it word by word" in capsys.readouterr().out
    show_story(first, story_of(press.db, first), [], None)
    original, copy = json.loads(capsys.readouterr().out)
    assert (original["word_by_word"], original["differences"]) == (True, [])
    assert (copy["word_by_word"], [pair["added"] for pair in copy["differences"]]) == (False, [far])
