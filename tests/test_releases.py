"""A desk's own releases in the archive: who carries them, whatever came first, and what no count may include."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest

from kwri_crawler.archive import ArchiveError, forgetting, release_queries, releases, stories
from kwri_crawler.archive.release_queries import Asked, By, Order, State
from kwri_crawler.archive.releases import Release, Verdict
from kwri_crawler.items import Precision
from kwri_crawler.web.addresses import url_key
from tests.archives import check_derived, new_archive
from tests.test_likeness import FLOOD, MARKET
from tests.test_stories import NOON, Press

HEAD = ("KEPOLISIAN DAERAH CONTOH RAYA", "BIDANG HUBUNGAN MASYARAKAT", "Jalan Contoh Nomor 12, Telp. (031) 5550123",
        "SIARAN PERS", "Nomor: SP/7/VI/2024", "UNTUK SEGERA DISIARKAN")  # fmt: skip
TAIL = ("Demikian siaran pers ini disampaikan, atas kerja samanya diucapkan terima kasih.", "KABID HUMAS", "ttd.",
        "Dr. CONTOH PENANDATANGAN, S.H., M.H.")  # fmt: skip

SILENT = "Lomba kebersihan asrama diikuti dua belas regu, dan pemenangnya menerima piala bergilir dari ketua panitia."


@pytest.fixture
def press(tmp_path: Path) -> Press:
    return Press(new_archive(tmp_path / "kwri.sqlite"), {})


def sent(name: str, body: tuple[str, ...], hours: float = 0, **changes: object) -> Release:
    """Return a release with letterhead and signature, sent so many hours after noon."""
    at = NOON + timedelta(hours=hours)
    release = Release(name, "Polres Contoh", f"Keterangan {name}", (*HEAD, *body, *TAIL), at, Precision.MINUTE)
    return release._replace(**changes)


def carried(press: Press) -> list[tuple[object, ...]]:
    return press.all(
        "SELECT releases.name, articles.url_key, kind, share, own FROM carried JOIN releases ON releases.id = release"
        " JOIN articles ON articles.id = carried.article ORDER BY 1, 2"
    )


def nowhere(press: Press) -> list[str]:
    return [line.name for line in release_queries.list_releases(press.db, Asked(uncarried=True))]


def test_a_release_knows_who_carries_it_and_which_ran_nowhere(press: Press) -> None:
    press.brings("a.example/1", FLOOD, 1.5)
    press.brings("b.example/1", FLOOD[:-1], 3)
    flood, market = releases.add(press.db, [sent("banjir.docx", FLOOD), sent("pasar.docx", MARKET)])
    assert (flood.verdict, flood.articles, flood.portals) == (Verdict.ADDED, 2, 2)
    assert (market.articles, nowhere(press)) == (0, ["pasar.docx"])
    press.brings("c.example/1", MARKET, 5)
    line = release_queries.list_releases(press.db, Asked())[1]
    assert (line.portals, line.first_portal, line.first_hours, nowhere(press)) == (1, "c.example", 5.0, [])


@pytest.mark.parametrize("seed", range(4))
def test_the_same_articles_carry_it_whatever_came_first(press: Press, seed: int) -> None:
    steps = [
        lambda: press.brings("a.example/1", FLOOD, 1),
        lambda: press.brings("b.example/1", FLOOD[:-1], 2),
        lambda: press.brings("c.example/1", (*FLOOD, *MARKET), 3),
        lambda: press.brings("d.example/1", MARKET, 4),
        lambda: releases.add(press.db, [sent("banjir.docx", FLOOD)]),
        lambda: releases.add(press.db, [sent("pasar.docx", MARKET, 1)]),
    ]
    random.Random(seed).shuffle(steps)
    for step in steps:
        step()
    before = carried(press)
    assert [row[:3] for row in before if row[2] == "copy"] == [
        ("banjir.docx", "a.example/1", "copy"), ("banjir.docx", "b.example/1", "copy"),
        ("banjir.docx", "c.example/1", "copy"), ("pasar.docx", "c.example/1", "copy"),
        ("pasar.docx", "d.example/1", "copy"),
    ]  # fmt: skip
    check_derived(press.db)  # settles all anew
    assert carried(press) == before


def test_letterhead_and_signature_do_not_count_as_left_out(press: Press) -> None:
    press.brings("a.example/1", FLOOD, 1)
    releases.add(press.db, [sent("banjir.docx", FLOOD)])
    ((_, _, kind, share, own),) = carried(press)
    assert kind == "copy"
    assert share > 0.85  # all but "Demikian siaran pers ini disampaikan"
    assert own < 0.1


def test_who_shares_a_story_with_a_copy_carries_it_and_leaves_with_the_story(press: Press) -> None:
    first = press.brings("a.example/1", FLOOD, 1)
    other = press.brings("b.example/1", FLOOD, 2)
    (added,) = releases.add(press.db, [sent("banjir.docx", FLOOD)])
    press.db.execute("DELETE FROM carried WHERE article = ?", [other])
    found = release_queries.carriers_of(press.db, added.release)
    assert [(one.article, one.share is None, one.reason) for one in found] == [
        (first, False, "the same text"), (other, True, "in a story with a copy"),
    ]  # fmt: skip
    press.db.execute("UPDATE articles SET story = NULL")
    assert [one.article for one in release_queries.carriers_of(press.db, added.release)] == [first]


def test_an_edit_a_deletion_and_a_removed_release_take_their_rows_with_them(press: Press) -> None:
    edited, deleted = press.brings("a.example/1", FLOOD, 1), press.brings("b.example/1", FLOOD, 2)
    releases.add(press.db, [sent("banjir.docx", FLOOD)])
    with press.db.conn:
        press.db.execute("UPDATE articles SET body = ?, text_hash = 'x' WHERE id = ?", ["\n\n".join(MARKET), edited])
        stories.resettle(press.db, edited)
    assert [row[1] for row in carried(press)] == ["b.example/1"]
    forgetting.forget(press.db, forgetting.find(press.db, url="https://b.example/1"))
    assert (deleted, carried(press)) == (2, [])
    assert releases.remove(press.db, "banjir.docx")
    assert not releases.remove(press.db, "banjir.docx")
    assert press.all("SELECT count(*) FROM release_marks") == [(0,)]


def test_an_excerpt_with_other_numbers_and_names_in_its_lead_carries_another_release(press: Press) -> None:
    lead = (
        "Kantor Pelabuhan {} melepas muatan perdana {} ton garam rakyat {} ke Seberang, Rabu ({}/6/2024). Nilai Jual"
        " Garam mencapai {} juta rupiah seluruhnya, dan hasilnya kembali kepada petambak kecil."
    )
    ours = lead.format("Karang Asri", 22, "Teluk Sabang", 19, 154)
    theirs = lead.format("Muara Indah", 18, "Tanjung Laut", 12, 126)
    quote = (
        "Petambak dulu menjual kepada pengepul dengan harga yang ditentukan orang lain, dan sekarang mereka"
        " menandatangani kontrak atas nama sendiri, kata kepala pelabuhan saat pelepasan kapal."
    )
    press.brings("a.example/1", (theirs, FLOOD[0], quote), 3)
    (added,) = releases.add(press.db, [sent("garam.docx", (ours, FLOOD[0], quote, *FLOOD[2:]))])
    assert (added.articles, carried(press)) == (0, [])


def test_other_numbers_in_the_same_words_are_another_release(press: Press) -> None:
    prices = tuple(f"Harga {what} di Pasar Contoh hari ini tercatat {{}} rupiah untuk setiap kilogram menurut petugas"
                   " dinas yang mencatat sejak pagi" for what in ("beras", "cabai", "gula", "telur"))  # fmt: skip
    day = [tuple(text.format(1000 * base + 37 * i) for i, text in enumerate(prices)) for base in (11, 17)]
    press.brings("a.example/1", day[0], 1)
    releases.add(press.db, [sent("harga-1.docx", day[0]), sent("harga-2.docx", day[1])])
    assert [row[0] for row in carried(press)] == ["harga-1.docx"]


def test_a_text_that_ran_weeks_before_does_not_carry_it(press: Press) -> None:
    press.brings("a.example/1", FLOOD[:-1], -24 * 30)
    (added,) = releases.add(press.db, [sent("banjir.docx", FLOOD)])
    assert added.articles == 0


def test_a_text_that_comes_eleven_days_later_does_not_carry_it(press: Press) -> None:
    releases.add(press.db, [sent("banjir.docx", FLOOD)])
    press.brings("a.example/1", FLOOD[:-1], 24 * 11, seen=24 * 13)  # of a week that is looked at
    press.brings("b.example/1", FLOOD[:-1], 24 * 9, seen=24 * 13)
    assert [row[1] for row in carried(press)] == ["b.example/1"]


def test_the_same_text_is_known_and_the_same_name_with_another_text_changed(press: Press) -> None:
    press.brings("a.example/1", FLOOD, 1)
    press.brings("b.example/1", MARKET, 1)
    releases.add(press.db, [sent("SP-001.docx", FLOOD)])
    again, other = releases.add(press.db, [sent("SP-001.docx", FLOOD, unit=None), sent("salinan.docx", FLOOD)])
    assert (again.verdict, other.verdict, other.name) == (Verdict.KNOWN, Verdict.KNOWN, "SP-001.docx")
    (changed,) = releases.add(press.db, [sent("SP-001.docx", MARKET, unit=None)])
    assert (changed.verdict, changed.release, changed.articles) == (Verdict.CHANGED, again.release, 1)
    assert [row[1] for row in carried(press)] == ["b.example/1"]
    assert release_queries.list_releases(press.db, Asked())[0].unit == "Polres Contoh"


def test_releases_are_added_all_or_none(press: Press) -> None:
    broken = sent("b.docx", MARKET)._replace(paragraphs=())
    with pytest.raises(ArchiveError):
        releases.add(press.db, [sent("a.docx", FLOOD), broken])
    assert press.all("SELECT count(*) FROM releases") == [(0,)]


def test_a_desks_own_portal_carries_nothing_and_its_takedown_takes_the_release(press: Press) -> None:
    own = press.brings("humas.example/1", FLOOD, 0)
    press.brings("a.example/1", FLOOD, 2)
    release = Release("humas.example/1", None, "Banjir", FLOOD, NOON, Precision.MINUTE, "humas.example", own)
    (added,) = releases.add(press.db, [release])
    assert [one.portal for one in release_queries.carriers_of(press.db, added.release)] == ["a.example"]
    assert [line.portal for line in release_queries.list_portals(press.db, Asked())] == ["a.example"]
    forgetting.forget(press.db, forgetting.find(press.db, url="https://humas.example/1"))
    assert press.all("SELECT count(*) FROM releases") == [(0,)]


def test_a_release_is_no_article_story_or_tie(press: Press) -> None:
    press.brings("a.example/1", FLOOD, 1)
    releases.add(press.db, [sent("banjir.docx", FLOOD)])
    for table in ("stories", "ties"):
        assert press.all(f"SELECT count(*) FROM {table}") == [(0,)]
    assert press.all("SELECT portal, articles, alone FROM portal_shares") == [("a.example", 1, 1)]


def test_a_lag_in_hours_needs_both_hours(press: Press) -> None:
    press.brings("a.example/1", FLOOD, 30)
    (added,) = releases.add(press.db, [sent("banjir.docx", FLOOD, precision=Precision.DAY)])
    (found,) = release_queries.carriers_of(press.db, added.release)
    assert (found.lag_hours, found.lag_days) == (None, 1)


def test_units_and_portals_in_a_league_with_those_that_are_silent(press: Press) -> None:
    press.brings("a.example/1", FLOOD, 1)
    press.brings("b.example/1", FLOOD, 2)
    press.brings("b.example/2", MARKET, 3)
    press.brings("c.example/1", ("Teks lain yang tidak pernah dikirim oleh siapa pun.",), 1)
    press.brings("d.example/1", ("Portal yang tidak terbit pada hari itu.",), 24 * 20)
    press.db.execute("UPDATE crawls SET finish = 'finished', started_at = '2024-06-30T00:00:00Z'")
    releases.add(press.db, [sent("1.docx", FLOOD), sent("2.docx", MARKET, unit="Polsek"),
                            sent("3.docx", (SILENT,), 48, unit="Polsek")])  # fmt: skip
    units = release_queries.list_units(press.db, Asked())
    assert [(u.unit, u.releases, u.carried, u.nowhere, u.articles) for u in units] == [
        ("Polres Contoh", 1, 1, 0, 2), ("Polsek", 2, 1, 1, 1),
    ]  # fmt: skip
    portals = release_queries.list_portals(press.db, Asked())
    assert [(p.portal, p.carried) for p in portals] == [("b.example", 2), ("a.example", 1), ("c.example", 0)]
    assert press.all("SELECT unit, carried FROM unit_league") == [(u.unit, u.carried) for u in units]
    assert press.all("SELECT portal, carried FROM portal_reach") == [(p.portal, p.carried) for p in portals]
    assert [(p.portal, p.first, p.mean_first_hours) for p in portals] == [
        ("b.example", 1, 2.5), ("a.example", 1, 1.0), ("c.example", 0, None),
    ]  # fmt: skip
    asked = Asked(since="2024-06-05", unit="Polsek")
    assert [u.releases for u in release_queries.list_units(press.db, asked)] == [1]
    assert release_queries.list_portals(press.db, asked._replace(since="2024-06-07")) == []


@pytest.mark.parametrize(
    ("by", "spans"),
    [
        (By.DAY, ["2024-06-02", "2024-06-04", "2024-06-09", "2024-07-01"]),
        (By.WEEK, ["2024-05-27", "2024-06-03", "2024-06-03", "2024-07-01"]),
        (By.MONTH, ["2024-06", "2024-06", "2024-06", "2024-07"]),
    ],
)
def test_a_league_is_made_for_each_day_week_or_month(press: Press, by: By, spans: list[str]) -> None:
    for number, days in enumerate((-2, 0, 5, 27)):  # Sunday, Tuesday, Sunday, Monday
        releases.add(press.db, [sent(f"{number}.docx", (*MARKET, f"Teks nomor {number}."), 24 * days)])
    units = release_queries.list_units(press.db, Asked(), by)
    assert [(one.span, one.releases) for one in units] == [(span, spans.count(span)) for span in dict.fromkeys(spans)]


def test_a_league_goes_by_what_is_asked_for(press: Press) -> None:
    press.brings("a.example/1", FLOOD, 9)
    press.brings("b.example/1", FLOOD, 10)
    press.brings("c.example/1", MARKET, 2)
    press.db.execute("UPDATE crawls SET finish = 'finished', started_at = '2024-06-30T00:00:00Z'")
    releases.add(press.db, [sent("1.docx", FLOOD, unit="A"), sent("2.docx", MARKET, unit="B"),
                            sent("3.docx", (SILENT,), unit="B")])  # fmt: skip
    units = {order: [one.unit for one in release_queries.list_units(press.db, Asked(), None, order)] for order in Order}
    assert units == {Order.ARTICLES: ["A", "B"], Order.CARRIED: ["A", "B"], Order.RELEASES: ["B", "A"],
                     Order.FASTEST: ["B", "A"]}  # fmt: skip
    fastest = release_queries.list_portals(press.db, Asked(), None, Order.FASTEST)
    assert [one.portal for one in fastest] == ["c.example", "a.example", "b.example"]


def test_links_are_checked_and_carriers_that_nobody_reported_are_named(press: Press) -> None:
    press.brings("a.example/1", FLOOD, 1)
    press.brings("b.example/1", FLOOD, 2)
    press.brings("c.example/1", ("Berita lain sama sekali, tentang hal lain.",), 1)
    press.db.execute(
        "INSERT INTO urls (portal, key, url, found_at, found_crawl, seen_crawl, outcome, reason)"
        " VALUES ('c.example', 'c.example/2', 'https://c.example/2', '', 3, 3, 'gone', 'HTTP 404'),"
        " ('a.example', 'a.example/amp', 'https://a.example/amp', '', 1, 1, 'known', NULL)"
    )
    press.db.execute("UPDATE urls SET article = 1 WHERE key = 'a.example/amp'")
    releases.add(press.db, [sent("banjir.docx", FLOOD)])
    found = [
        (link.state, link.release, link.reason)
        for name in ("a.example/amp", "c.example/1", "c.example/2", "d.example/1")
        for link in release_queries.check_link(press.db, f"https://{name}", url_key(f"https://{name}"))
    ]
    assert found == [
        (State.CARRIES, "banjir.docx", None), (State.OTHER, None, None), (State.KNOWN, None, "HTTP 404"),
        (State.UNKNOWN, None, None),
    ]  # fmt: skip
    releases.report_links(press.db, [("a.example/amp", "https://a.example/amp")])
    assert [one.url for one in release_queries.unreported(press.db, Asked())] == ["https://b.example/1"]
    assert release_queries.unreported(press.db, Asked(), ["lain.docx"]) == []


@pytest.mark.parametrize("named", ["1", "banjir.docx"])
def test_a_release_is_found_by_number_and_by_name(press: Press, named: str) -> None:
    releases.add(press.db, [sent("banjir.docx", FLOOD)])
    found = release_queries.find_release(press.db, named)
    assert found is not None
    assert (found[0].name, found[1].startswith(HEAD[0])) == ("banjir.docx", True)
    assert release_queries.find_release(press.db, "2") is None


def test_the_league_of_portals_counts_what_the_view_has_a_row_for(press: Press) -> None:
    for number, (name, text) in enumerate((("a", FLOOD), ("b", FLOOD), ("a", MARKET), ("c", (SILENT,)))):
        press.brings(f"{name}.example/{number}", text, number + 1)
    press.brings("d.example/1", FLOOD, 24 * 8, seen=24 * 9)  # a copy that came too late to have been expected
    press.db.execute("UPDATE crawls SET finish = 'finished', started_at = '2024-06-30T00:00:00Z'")
    press.db.execute("UPDATE crawls SET finish = 'failed' WHERE portal = 'b.example'")  # carried all the same
    releases.add(press.db, [sent("1.docx", FLOOD), sent("2.docx", MARKET, 24 * 8), sent("3.docx", ("Teks lain.",), 1)])
    for asked in (Asked(), Asked(since="2024-06-05"), Asked(unit="Tiada")):
        where = "day >= '2024-06-05'" if asked.since else "false" if asked.unit else "true"
        rows = press.all(
            "SELECT portal, count(*), sum(carried), round(avg(carried), 4), round(avg(first_hours), 2)"
            f" FROM portal_releases WHERE {where} GROUP BY portal ORDER BY sum(carried) DESC, 2 DESC, portal"
        )
        if where == "true":
            assert press.all("SELECT portal, releases, carried, share FROM portal_reach") == [row[:4] for row in rows]
        lines = release_queries.list_portals(press.db, asked)
        assert [(one.portal, one.releases, one.carried, one.share, one.mean_first_hours) for one in lines] == rows
    by_day = release_queries.list_portals(press.db, Asked(), By.DAY)
    assert {(one.span, one.portal, one.releases) for one in by_day if one.portal in "a.example d.example"} == {
        ("2024-06-04", "a.example", 2), ("2024-06-12", "a.example", 1),
        ("2024-06-04", "d.example", 1), ("2024-06-12", "d.example", 1),
    }  # fmt: skip
    assert [one.first for one in by_day if one.portal in ("a.example", "b.example")] == [1, 0, 1]


def test_portals_that_published_seldom_are_counted_release_by_release(press: Press) -> None:
    dice = random.Random(3)
    for number in range(40):
        press.brings(f"{dice.choice('abcd')}.example/{number}", (f"Kata{number} " * 9,), dice.randint(0, 24 * 40))
    press.db.execute("UPDATE crawls SET finish = 'finished', started_at = '2024-06-30T00:00:00Z'")
    press.db.execute("UPDATE crawls SET started_at = '2024-06-20T05:30:00Z' WHERE portal = 'b.example'")
    releases.add(press.db, [sent(f"{n}.docx", (f"Rilis{n} " * 9,), dice.randint(0, 24 * 40)) for n in range(120)])
    counted = "SELECT portal, count(*) FROM portal_releases GROUP BY portal ORDER BY portal"
    expected = press.all(counted)
    assert all(0 < number < 120 for _, number in expected)
    assert press.all("SELECT portal, releases FROM portal_reach ORDER BY portal") == expected


CARRIED = "INSERT INTO carried (release, article, kind, reason, share, own) VALUES (?, ?, ?, 'x', 0.5, 0.5)"


def test_copies_stand_before_roundups_and_parts_whenever_they_were_out(press: Press) -> None:
    releases.add(press.db, [sent("banjir.docx", FLOOD)])
    for hour, (host, kind) in enumerate([("a", "part"), ("b", "contains"), ("c", "copy"), ("d", "copy")]):
        number = press.brings(f"{host}.example/1", (f"{host}{host} " * 30,), hour)
        press.db.execute(CARRIED, (1, number, kind))
    assert [(one.kind, one.portal[0]) for one in release_queries.carriers_of(press.db, 1)] == [
        ("copy", "c"), ("copy", "d"), ("contains", "b"), ("part", "a"),
    ]  # fmt: skip


def test_of_several_releases_in_an_article_those_that_it_copies_are_named_first(press: Press) -> None:
    number = press.brings("a.example/1", ("Ringkasan pekan ini. " * 30,), 9)
    for hour, kind in ((3, "copy"), (1, "part"), (2, "copy"), (0, "contains")):
        releases.add(press.db, [sent(f"{hour}.docx", tuple(f"{word}{hour} " * 9 for word in "abcd"), hour)])
        press.db.execute(CARRIED.replace("(?,", "((SELECT max(id) FROM releases),"), (number, kind))
    url = "https://a.example/1"
    found = [(one.state, one.release) for one in release_queries.check_link(press.db, url, url_key(url))]
    assert found == [
        (State.CARRIES, "2.docx"), (State.CARRIES, "3.docx"), (State.PART, "0.docx"), (State.PART, "1.docx"),
    ]  # fmt: skip
