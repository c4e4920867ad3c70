"""Watches: a story is told once and again when it grows, whatever comes between finding, sending and noting it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kwri_crawler.archive import alerts, identity, watches
from kwri_crawler.archive.alerts import Digest
from kwri_crawler.archive.connection import transaction
from kwri_crawler.archive.searching import SearchError
from kwri_crawler.archive.watches import Watch
from tests.archives import new_archive
from tests.test_likeness import FLOOD, MARKET
from tests.test_stories import NOON, Press

FIRE = ("Sebuah gudang kardus terbakar pada malam hari di pinggir kota itu.", "Api padam setelah tiga jam lebih.")
NOW = NOON + timedelta(days=2)


@pytest.fixture
def press(tmp_path: Path) -> Press:
    return Press(new_archive(tmp_path / "a.sqlite"), {})


def watch(press: Press, query: str = "sungai", name: str = "satu", **more: object) -> Watch:
    made = Watch(name, query, send=("mail",))._replace(**more)  # type: ignore[arg-type]
    assert watches.add(press.db, made)
    return made


def look(press: Press, after: timedelta = timedelta()) -> list[tuple[str, int, int | None]]:
    """Let watches look; return what waits: (watch and receiver, portals, portals before), a line a story."""
    with transaction(press.db):
        watches.look(press.db, NOW + after)
    return waiting(press)


def waiting(press: Press) -> list[tuple[str, int, int | None]]:
    return [
        (f"{digest.watch} to {digest.to}", story.portals, story.portals_before)
        for digest in alerts.waiting(press.db, 20)
        for story in digest.stories
    ]


def deliver(press: Press, to: str | None = None) -> list[Digest]:
    sent = [digest for digest in alerts.waiting(press.db, 20) if to in (None, digest.to)]
    with transaction(press.db):
        for digest in sent:
            alerts.mark(press.db, digest)
    return sent


def grow(press: Press, *portals: str) -> None:
    for place, portal in enumerate(portals):
        press.brings(f"{portal}.example/1", FLOOD, 1 + place)


def test_a_watch_finds_what_is_stored_after_it_was_added_and_tells_it_once(press: Press) -> None:
    press.brings("a.example/0", FIRE, 0, title="Sungai lama")
    watch(press)
    assert look(press) == []
    grow(press, "a")
    press.brings("b.example/2", MARKET, 1)
    assert look(press) == [("satu to mail", 1, None)]
    assert look(press) == [("satu to mail", 1, None)], "nobody took it"
    (digest,) = deliver(press)
    assert (digest.query, digest.stories[0].url) == ("sungai", "https://a.example/1")
    assert look(press) == []


def test_a_copy_of_a_story_that_was_told_is_no_news(press: Press) -> None:
    watch(press)
    grow(press, "a")
    look(press)
    deliver(press)
    grow(press, "b", "c")
    assert look(press) == []
    assert [line.stories for line in watches.list_watches(press.db)] == [1]


def test_copies_that_come_together_are_one_story(press: Press) -> None:
    watch(press)
    grow(press, "a", "b", "c")
    assert look(press) == [("satu to mail", 3, None)]


def test_a_story_that_grows_from_1_to_6_portals_is_told_twice(press: Press) -> None:
    watch(press, again_at=5)
    told = []
    for portal in "abcdef":
        grow(press, portal)
        told.append(look(press))
        deliver(press)
    assert told == [[("satu to mail", 1, None)], [], [], [], [("satu to mail", 5, 1)], []]


def test_a_story_that_grew_before_anybody_was_told_is_told_once_as_it_is_now(press: Press) -> None:
    watch(press, again_at=3)
    grow(press, "a")
    assert look(press) == [("satu to mail", 1, None)]
    grow(press, "b", "c", "d")
    assert look(press) == [("satu to mail", 4, None)]
    deliver(press)
    grow(press, "e")
    assert look(press) == []


def test_a_story_that_waits_and_grows_by_too_little_is_told_as_it_is_now_and_not_again_for_it(press: Press) -> None:
    watch(press, again_at=3)
    grow(press, "a")
    look(press)
    grow(press, "b", "c")
    assert waiting(press) == [("satu to mail", 3, None)]
    deliver(press)
    assert look(press) == []


def test_whoever_took_it_is_told_of_growth_and_the_other_too(press: Press) -> None:
    watch(press, again_at=2, send=("mail", "wa"))
    grow(press, "a")
    look(press)
    deliver(press, "mail")
    assert waiting(press) == [("satu to wa", 1, None)]
    grow(press, "b")
    assert look(press) == [("satu to mail", 2, 1), ("satu to wa", 2, 1)]
    deliver(press, "wa")
    assert look(press) == [("satu to mail", 2, 1)]


def test_a_story_waits_until_it_stands_on_enough_portals(press: Press) -> None:
    watch(press, least_portals=3, again_at=4)
    grow(press, "a")
    assert look(press) == []
    grow(press, "b")
    assert look(press) == []
    grow(press, "c")
    assert look(press) == [("satu to mail", 3, None)]
    deliver(press)
    grow(press, "d")
    assert look(press) == [("satu to mail", 4, 3)]
    assert watches.list_watches(press.db)[0].stories == 1


def test_stories_that_become_one_are_told_no_more_than_once_more(press: Press) -> None:
    watch(press, "pasar OR pedagang", again_at=3)
    press.brings("satu.example/1", MARKET[:3], 0)
    press.brings("dua.example/1", MARKET[3:], 1)
    assert len(look(press)) == 2
    deliver(press)
    press.brings("tiga.example/1", MARKET, 1.5)
    assert look(press) == [("satu to mail", 3, 1)]
    deliver(press)
    press.brings("empat.example/1", MARKET, 2)
    assert look(press) == []


def test_history_that_a_new_portal_brings_is_no_news(press: Press) -> None:
    watch(press)
    press.brings("a.example/1", FLOOD, -24 * 40)
    press.brings("b.example/1", (*FIRE, "Sungai."), None)
    assert look(press) == [("satu to mail", 1, None)]
    assert deliver(press)[0].stories[0].url == "https://b.example/1"


def test_a_watch_looks_at_its_portal_and_its_region_alone(press: Press) -> None:
    watch(press, name="portal", portal="b.example")
    watch(press, name="region", region="bali")
    grow(press, "a")
    press.brings("b.example/2", (*FIRE, "Sungai."), 1)
    press.db.execute("UPDATE portals SET region = 'Bali' WHERE id = 'a.example'")
    look(press)
    found = {digest.watch: [story.url for story in digest.stories] for digest in deliver(press)}
    assert found == {"portal": ["https://b.example/2"], "region": ["https://a.example/1"]}


def test_an_article_that_got_the_id_of_a_deleted_one_is_looked_at(press: Press) -> None:
    watch(press)
    one, other = press.brings("a.example/1", MARKET, 1), press.brings("a.example/2", FIRE, 1)
    look(press)
    for number in (one, other):
        identity.delete(press.db, number)
    assert press.brings("b.example/1", FLOOD, 2) == one
    assert look(press) == [("satu to mail", 1, None)]


def test_what_was_told_goes_with_its_article(press: Press) -> None:
    watch(press)
    grow(press, "a")
    look(press)
    identity.delete(press.db, 1)
    assert waiting(press) == []
    assert press.all("SELECT count(*) FROM alerts") == [(0,)]


def test_an_article_that_is_taken_into_its_earlier_row_keeps_that_it_was_told(press: Press) -> None:
    watch(press)
    old = press.brings("a.example/lama", FIRE, 1, title="Gudang")
    new = press.brings("a.example/baru", (*FIRE, "Sungai."), 1, title="Gudang")
    look(press)
    deliver(press)
    moved = {"title": "Gudang", "revisits": old, "page_url": "https://a.example/lama"}
    assert press.brings("a.example/baru", (*FIRE, "Sungai."), 1, **moved) == old
    assert (new,) not in press.all("SELECT id FROM articles")
    assert press.all("SELECT article, sent_at IS NOT NULL FROM alerts") == [(old, 1)]


@pytest.mark.parametrize("query", ['"banjir', "banjir AND", "NEAR(", ""])
def test_a_search_that_the_index_does_not_understand_is_refused(press: Press, query: str) -> None:
    with pytest.raises(SearchError):
        watches.add(press.db, Watch("satu", query))
    assert watches.list_watches(press.db) == []


def test_a_watch_that_another_program_broke_is_named_and_the_others_go_on(press: Press) -> None:
    watch(press, name="a-rusak")
    watch(press, name="b-baik")
    press.db.execute("UPDATE watches SET query = 'banjir AND' WHERE name = 'a-rusak'")
    grow(press, "a")
    with transaction(press.db):
        faults = watches.look(press.db, NOW)
    assert [name for name, _ in faults] == ["a-rusak"]
    assert waiting(press) == [("b-baik to mail", 1, None)]
    press.db.execute("UPDATE watches SET query = 'sungai' WHERE name = 'a-rusak'")
    assert look(press) == [("a-rusak to mail", 1, None), ("b-baik to mail", 1, None)], "what it missed it finds now"


def test_the_largest_stories_come_first(press: Press) -> None:
    watch(press, "sungai OR gudang OR pasar")
    press.brings("a.example/1", MARKET, 1)
    grow(press, "b", "c")
    press.brings("d.example/1", FIRE, 3)
    look(press)
    (digest,) = deliver(press)
    assert [(story.url[8:], story.portals) for story in digest.stories] == [
        ("b.example/1", 2), ("d.example/1", 1), ("a.example/1", 1)
    ]  # fmt: skip


def test_what_a_week_would_have_told_is_one_line_a_story_and_is_written_nowhere(press: Press) -> None:
    press.brings("z.example/1", ("Sungai surut pada awal bulan.",), -24)
    grow(press, "a", "b")
    press.brings("c.example/1", (*FIRE, "Sungai."), 30)
    one = Watch("satu", "sungai")
    found = watches.would_tell(press.db, one, NOON)
    assert [(story.url, story.portals) for story in found] == [("https://c.example/1", 1), ("https://b.example/1", 2)]
    assert len(watches.would_tell(press.db, one._replace(least_portals=2), NOON)) == 1
    assert [article.url for article in watches.newest(press.db, one, 2)] == [story.url for story in found]
    assert press.all("SELECT count(*) FROM alerts") == [(0,)]
    assert watches.would_tell(press.db, one, NOON + timedelta(days=400)) == []


def test_a_watch_that_is_removed_takes_what_it_found_with_it(press: Press) -> None:
    watch(press)
    grow(press, "a")
    look(press)
    assert watches.remove(press.db, "satu")
    assert not watches.remove(press.db, "satu")
    assert (waiting(press), watches.find(press.db, "satu")) == ([], None)


def test_new_articles_are_looked_at_in_an_index_of_their_own(press: Press) -> None:
    watch(press, "sun* OR ban*")
    grow(press, "a")
    watch(press, name="rusak")
    press.db.execute("UPDATE watches SET query = 'banjir AND', seen_article = 0 WHERE name = 'rusak'")
    (newest,) = press.all("SELECT max(id) FROM articles")[0]
    press.brings("b.example/1", FLOOD, 2)
    press.db.execute("UPDATE watches SET seen_article = ? WHERE name = 'satu'", (newest,))
    asked: list[str] = []
    press.db.conn.set_trace_callback(asked.append)
    found = look(press)
    press.db.conn.set_trace_callback(None)
    assert found == [("satu to mail", 2, None)]
    assert [sql for sql in asked if "INSERT INTO new_articles" in sql and f"id > {newest} " in sql]
    assert not [sql for sql in asked if "articles_fts MATCH" in sql], "a word's beginning costs what the archive holds"
    assert press.all("SELECT name FROM sqlite_temp_master") == []


def test_stories_that_a_message_only_counts_are_marked_with_the_others(press: Press) -> None:
    watch(press, send=("wa", "wa-2", "2"))
    for number in range(3):
        press.brings(f"a.example/{number}", (*FIRE, f"Sungai {number}.", *["lain"] * number), number)
    assert watches.look(press.db, NOON + timedelta(days=1)) == []
    digests = {digest.to: digest for digest in alerts.waiting(press.db, 1)}
    assert [(to, len(one.stories), one.number) for to, one in digests.items()] == [
        ("2", 1, 3), ("wa", 1, 3), ("wa-2", 1, 3),
    ]  # fmt: skip
    alerts.mark(press.db, digests["wa"])
    assert press.all("SELECT DISTINCT waiting, sent_at IS NULL FROM alerts") == [("wa-2 2", 0)]
    alerts.mark(press.db, digests["2"])
    alerts.mark(press.db, digests["wa-2"])
    assert press.all("SELECT DISTINCT waiting FROM alerts") == [(None,)]
