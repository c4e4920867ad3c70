"""What a desk's pages read of the archive and set side by side: in which order, up to where, and who is left out."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from kwri_crawler.archive import desk_queries, note_queries, notes, portal_queries, releases, transaction
from kwri_crawler.archive.desk_queries import Day, Sent, TooLong
from kwri_crawler.archive.desk_search import Asked, Piece, search
from kwri_crawler.archive.notes import Note, Tone
from kwri_crawler.archive.release_queries import Carrier
from kwri_crawler.archive.stories import StoryArticle
from kwri_crawler.desk_site import beside
from kwri_crawler.desk_site.pages import Ask, league
from kwri_crawler.desk_site.server import address_of, listen
from tests.archives import new_archive
from tests.test_likeness import FLOOD, MARKET
from tests.test_releases import SILENT, sent
from tests.test_stories import Press

DAY = 24


@pytest.fixture
def press(tmp_path: Path) -> Press:
    return Press(new_archive(tmp_path / "kwri.sqlite"), {})


def alone(number: int) -> tuple[str, ...]:
    return (f"Kabar nomor {number} bercerita tentang kebun teh di lereng ke-{number}.",)


# ---------------------------------------------------------------------- a day


def test_a_day_counts_its_own_and_leads_to_the_days_beside_it(press: Press) -> None:
    press.brings("a.example/1", FLOOD, -3 * DAY)
    press.brings("a.example/2", MARKET, 0)
    press.brings("b.example/2", MARKET, 2)
    press.brings("b.example/3", alone(3), 5 * DAY)
    press.brings("b.example/4", alone(4), 400 * DAY)  # by a clock that is ahead
    now = "2024-06-20T00:00:00Z"
    assert desk_queries.read_day(press.db, "2024-06-04", now) == Day("2024-06-04", 2, 2, 1, "2024-06-01", "2024-06-09")
    assert desk_queries.read_day(press.db, "2024-06-09", now)[1:] == (1, 1, 1, "2024-06-04", None)
    assert desk_queries.read_day(press.db, "2024-06-01", now)[4:] == (None, "2024-06-04")
    assert desk_queries.newest_day(press.db, now) == "2024-06-09"


def test_the_stories_of_a_day_stand_by_portals_articles_and_the_last_that_began(press: Press) -> None:
    texts = [tuple(f"{line} Lereng ke-{n}, kebun ke-{n * n}." for line in alone(n)) * 3 for n in range(5)]
    of_two = press.brings("a.example/0", MARKET, 1, title="dua portal")
    press.brings("b.example/0", MARKET, 2)
    press.brings("b.example/lagi", MARKET[:4], 9)
    of_three = press.brings("c.example/1", FLOOD, 0, title="tiga portal")
    for name in ("a.example/1", "b.example/1"):
        press.brings(name, FLOOD, 1)
    pairs = []
    for number, hour in ((2, 3), (3, 4)):
        body = tuple(f"{one} {' '.join(f'kata{number}x{n}' for n in range(40))}" for one in texts[number])
        pairs.append(press.brings(f"a.example/p{number}", body, hour, title=f"pasangan {number}"))
        press.brings(f"b.example/p{number}", body, hour + 1)
    releases.add(press.db, [sent("banjir.docx", FLOOD)])
    found = desk_queries.stories_of_day(press.db, "2024-06-04", 9)
    assert [(one.title, one.portals, one.articles, one.is_ours) for one in found] == [
        ("tiga portal", 3, 3, True), ("dua portal", 2, 3, False), ("pasangan 3", 2, 2, False),
        ("pasangan 2", 2, 2, False),
    ]  # fmt: skip
    assert [one.is_ours for one in found] == [True, False, False, False]
    assert len(desk_queries.stories_of_day(press.db, "2024-06-04", 2)) == 2
    assert desk_queries.stories_of_day(press.db, "2024-06-05", 9) == []
    assert {press.story(one) for one in (of_two, of_three, *pairs)} == {one.story for one in found}


# ---------------------------------------------------------------------- a portal, an article, notes


def test_the_newest_of_a_portal_are_those_that_print_a_date(press: Press) -> None:
    first, second, undated = (press.brings(f"a.example/{n}", alone(n), hour) for n, hour in ((1, 0), (2, 0), (3, None)))
    press.brings("b.example/4", alone(4), 0)
    last = press.brings("a.example/5", alone(5), 7)
    assert [one.article for one in portal_queries.latest_of(press.db, "a.example", 9)] == [last, second, first]
    assert [one.article for one in portal_queries.latest_of(press.db, "a.example", 1)] == [last]
    assert desk_queries.article_alone(press.db, undated) is not None
    assert desk_queries.article_alone(press.db, 99) is None


def test_a_portal_is_offered_the_last_releases_newest_first(press: Press) -> None:
    press.brings("a.example/1", FLOOD, 2)
    numbers = [one.release for one in releases.add(press.db, [
        sent("lama.docx", MARKET, -1), sent("satu.docx", FLOOD), sent("dua.docx", (SILENT,)),
    ])]  # fmt: skip
    press.db.execute("UPDATE crawls SET finish = 'finished', started_at = '2024-06-30T00:00:00Z'")
    press.db.execute("UPDATE portals SET region = NULL")
    offered = portal_queries.offered_to(press.db, "a.example", 9)
    assert [(one.release, one.carried, one.first_hours) for one in offered] == [
        (numbers[2], False, None), (numbers[1], True, 2.0), (numbers[0], False, None)
    ]  # fmt: skip
    assert [one.release for one in portal_queries.offered_to(press.db, "a.example", 1)] == [numbers[2]]
    (copy,) = press.all("SELECT id FROM articles")
    assert desk_queries.releases_in(press.db, [copy[0], 99]) == [Sent(numbers[1], "satu.docx", "Keterangan satu.docx")]
    assert desk_queries.releases_in(press.db, []) == []


def test_notes_are_found_by_tone_topic_and_star_those_noted_last_first(press: Press) -> None:
    ids = [press.brings(f"a.example/{n}", alone(n), n) for n in range(4)]
    noted = (
        (Note(Tone.NEGATIVE, "Banjir", None, True), "2024-06-05T01:00:00Z"),
        (Note(Tone.POSITIVE, "Apel", "baik", False), "2024-06-05T02:00:00Z"),
        (Note(None, "Banjir", None, False), "2024-06-05T02:00:00Z"),
        (Note(Tone.NEGATIVE, None, None, True), "2024-06-05T00:00:00Z"),
    )
    with transaction(press.db):
        for article, (note, at) in zip(ids, noted, strict=True):
            assert notes.set_note(press.db, article, note, "rina", at)

    def found(tone: Tone | None = None, topic: str | None = None, starred: bool = False, limit: int = 9) -> list[int]:
        return [ids.index(one.article) for one in note_queries.list_notes(press.db, tone, topic, starred, limit)]

    assert found() == [2, 1, 0, 3]
    assert (found(limit=1), found(Tone.NEGATIVE), found(topic="Banjir"), found(starred=True)) == (
        [2], [0, 3], [2, 0], [0, 3]
    )  # fmt: skip
    assert note_queries.tones(press.db) == {Tone.NEGATIVE: 2, Tone.POSITIVE: 1}
    assert note_queries.topics(press.db) == ["Apel", "Banjir"]
    assert set(note_queries.notes_about(press.db, ids[:2])) == set(ids[:2])


def test_a_look_that_takes_too_long_is_ended_and_leaves_no_bound_behind(press: Press) -> None:
    connection = press.db.conn
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT max(i) FROM n"
    with pytest.raises(TooLong):
        desk_queries.look(connection, 0.0, lambda db: db.conn.execute(endless).fetchone())
    assert connection.execute(endless).fetchone() == (3000000,), "who reads next has no such bound"
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        desk_queries.look(connection, 5, lambda db: db.conn.execute("SELECT * FROM tiada"))
    assert desk_queries.look(connection, 5, lambda db: db.conn.in_transaction) is True
    assert not connection.in_transaction


# ---------------------------------------------------------------------- a search


def test_a_story_is_shown_by_the_article_that_fits_best_with_what_fits_marked(press: Press) -> None:
    long = " ".join(f"kata{n}" for n in range(60))
    press.brings("a.example/1", (*MARKET, f"{long} jembatan {long}"), 0, title="Pasar")
    best = press.brings("b.example/1", (*MARKET, f"{long} jembatan {long}"), 1, title="Jembatan, jembatan")
    press.brings("c.example/1", (*MARKET, f"{long} jembatan {long}"), 2, title="Pasar lagi")
    (found,) = search(press.db, Asked("jembatan"), 9).stories
    assert (found.article, found.found, found.portals) == (best, 3, 3)
    assert found.title == (Piece("Jembatan", True), Piece(", ", False), Piece("jembatan", True))
    assert len("".join(piece.text for piece in found.snippet).replace("…", " ").split()) == 28
    assert [piece.text for piece in found.snippet if piece.is_hit] == ["jembatan"]
    later = press.brings("a.example/9", alone(9), 50, title="Jembatan kedua")
    assert [one.article for one in search(press.db, Asked("jembatan"), 9).stories] == [later, best]
    few = search(press.db, Asked("jembatan"), 1)
    assert ([one.article for one in few.stories], few.articles, few.has_more) == ([later], 4, False)


# ---------------------------------------------------------------------- beside each other


@pytest.mark.parametrize(
    ("hours", "places"),
    [
        ([], []), ([0.0], [0.0]), ([0.0, 1.0, 4.0], [0.0, 25.0, 100.0]), ([None, 2.0, 4.0], [None, 50.0, 100.0]),
        ([-1.0, 0.0, 3.0], [0.0, 25.0, 100.0]), ([None], [None]), ([-2.0], [0.0]),
    ],
)  # fmt: skip
def test_moments_stand_on_a_line_from_the_first_or_noon_to_the_last(
    hours: list[float | None], places: list[float | None]
) -> None:
    assert beside.spread_of(hours) == places


def copy(number: int, body: str, jaccard: float | None) -> beside.OfStory:
    moments = ("2024-06-04T05:00:00Z", "2024-06-04T12:00:00", "minute", 0.0, "2024-06-04T05:00:00Z")
    one = StoryArticle(number, "copy", number, f"p{number}", *moments, "J", "u", body, None, jaccard, None, None)
    return beside.OfStory(one, 0.0)


def test_the_five_copies_that_are_least_alike_are_compared_and_the_one_that_is_asked_for() -> None:
    text = "satu dua tiga empat lima"
    bodies = {2: f"{text} x", 3: f"{text} x y", 4: text, 5: f"{text} a b c", 6: f"{text} d", 7: f"{text} e", 8: "lain"}
    alike = {2: 0.9, 3: 0.8, 4: 0.1, 5: 0.5, 6: 0.95, 7: 0.97, 8: None}
    articles = [copy(1, text, 1.0), *(copy(n, body, alike[n]) for n, body in bodies.items())]
    whole = beside.of_story(articles, None)
    assert [(one.article, one.changed) for one in whole.compared] == [(8, 6), (5, 3), (3, 2), (2, 1), (6, 1)]
    assert (whole.equal, whole.others) == ([(4, "p4")], [(7, "p7")])
    asked = beside.of_story(articles, "7")
    assert [one.article for one in asked.compared] == [7, 8, 5, 3, 2]
    assert asked.others == [(6, "p6")]
    assert beside.of_story(articles[:1], None) == ([], [], [])


def test_of_a_releases_carriers_those_with_most_of_their_own_are_compared_first() -> None:
    def carrier(number: int, share: float | None, own: float | None, body: str) -> Carrier:
        moments = ("2024-06-04T05:00:00Z", "2024-06-04", 0.0, 0)
        return Carrier(number, "copy", f"p{number}", *moments, False, share, own, "", "J", "u", body)

    text = "satu dua tiga empat lima"
    some = [carrier(n, share, own, f"{text} {n}") for n, share, own in (
        (1, 1.0, 0.0), (2, 1.0, 0.5), (3, None, None), (4, 0.4, None), (5, 0.9, 0.1), (6, 0.8, None), (7, 1.0, None),
    )]  # fmt: skip
    found = beside.of_release(text, some, None)
    assert {one.article for one in found.compared} == {3, 4, 2, 5, 6}
    assert [number for number, _ in found.others] == [1, 7]


@pytest.mark.parametrize(
    ("asked", "command"),
    [
        (Asked("banjir"), "kwri watches add NAMA banjir"),
        (Asked("banjir bandang", portal="a.example"), "kwri watches add NAMA 'banjir bandang' --portal a.example"),
        (Asked("x; rm", region="Jawa Timur"), "kwri watches add NAMA 'x; rm' --region 'Jawa Timur'"),
        (Asked("x", portal="", region=""), "kwri watches add NAMA x"),
    ],
)
def test_a_search_is_a_watch_by_one_command(asked: Asked, command: str) -> None:
    assert beside.watch_command(asked) == command


def test_a_league_has_the_newest_span_first(press: Press) -> None:
    press.brings("a.example/1", FLOOD, 2)
    bodies = enumerate((FLOOD, MARKET, (SILENT,)))
    releases.add(press.db, [sent(f"{week}.docx", body, week * 7 * DAY) for week, body in bodies])
    shown = league(press.db, Ask({"by": "week", "since": "2024-06-01", "until": "2024-06-30"}, ""))
    assert [span for span, _ in shown.values["units"]] == ["2024-06-17", "2024-06-10", "2024-06-03"]


# ---------------------------------------------------------------------- where it listens


@pytest.mark.parametrize(("host", "begins"), [("127.0.0.1", "http://127.0.0.1:"), ("::1", "http://[::1]:")])
def test_a_browser_finds_it_by_its_address(host: str, begins: str) -> None:
    try:
        listening = listen(host, 0)
    except OSError:
        pytest.skip("no IPv6 on this machine")
    with listening:
        address: Any = address_of(listening)
        assert address == f"{begins}{listening.getsockname()[1]}"
