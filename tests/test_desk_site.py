"""The press desk in a browser: what its pages show, who may note something, and that nothing hostile comes alive."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from datasette.app import Datasette

from kwri_crawler.archive import desk_queries, desk_search, notes, open_archive, releases, watches
from kwri_crawler.archive.notes import Note, Tone
from kwri_crawler.archive.watches import Watch
from kwri_crawler.command import Exit
from kwri_crawler.desk_site import make_site, views, words
from kwri_crawler.desk_site.guard import MOST_POSTED, Options, refuse, user_of
from tests.archives import new_archive
from tests.crawling import PROJECT, rows, run_here
from tests.test_likeness import FLOOD, MARKET
from tests.test_releases import SILENT, sent
from tests.test_stories import NOON, Press

ALPHA = os.environ.get("DATASETTE_ALPHA", "")
HOSTILE = '<script>alert("judul")</script> <img src=x onerror=alert(1)>'
KEY = "kunci-hari-ini"
PASSWORD = "rahasia-sekali"
ADDED = "Bupati datang pagi harinya."


@dataclass
class Desk:
    """A desk that is asked in this process."""

    site: Any
    archive: Path
    ids: dict[str, int]
    runner: asyncio.Runner
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **values: Any) -> Any:
        return self.runner.run(self.site.client.get(path, **values))

    def page(self, path: str, **values: Any) -> str:
        answer = self.get(path, **values)
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    def note(
        self, article: int | str, form: dict[str, str], actor: str | None = "rina", content: bytes = b"", **headers: str
    ) -> Any:
        cookies = {"ds_actor": self.site.sign({"a": {"id": actor}}, "actor")} if actor else {}
        body = {"content": content} if content else {"data": form}
        return self.runner.run(self.site.client.post(f"/desk/note/{article}", **body, cookies=cookies, headers=headers))

    def noted(self) -> list[dict[str, Any]]:
        return rows(self.archive, "SELECT article, tone, topic, note, starred, by_whom FROM notes ORDER BY article")


@cache
def filled() -> tuple[bytes, dict[str, int]]:
    """Return an archive, and its articles: a flood on four portals, a market on two, a hostile one; three releases."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "kwri.sqlite"
        ids = bring(path)
        return path.read_bytes(), ids


def fill(path: Path) -> dict[str, int]:
    """Write that archive to a path; return its articles."""
    data, ids = filled()
    path.write_bytes(data)
    return ids


def bring(path: Path) -> dict[str, int]:
    press = Press(new_archive(path), {})
    ids = {
        "flood": press.brings("a.example/banjir", FLOOD, 1, "Banjir di tiga desa"),
        "same": press.brings("b.example/banjir", FLOOD, 2, "Tiga desa kebanjiran"),
        "cut": press.brings("c.example/banjir", (ADDED, *FLOOD[:-1]), 3, "Sungai meluap"),
        "added": press.brings("d.example/banjir", (*FLOOD, ADDED), 4, "Banjir di tiga desa"),
        "market": press.brings("a.example/pasar", MARKET, 5, "Pasar baru"),
        "later": press.brings("b.example/pasar", MARKET, 6, "Pasar rakyat baru"),
        "hostile": press.brings("e.example/x", (f"{HOSTILE} \x02jahat\x03 </mark> kata warga kota.",), 7, HOSTILE),
    }
    releases.add(press.db, [
        sent("banjir.docx", FLOOD, title="Banjir di tiga desa"), sent("=pasar.docx", MARKET, 1, unit="Polsek"),
        sent("lomba.docx", (SILENT,), 2, title=HOSTILE),
    ])  # fmt: skip
    for one in (Watch("banjir & lumpur", "banjir", send=("surat",)), Watch("sepi", "tiada", active=False)):
        watches.add(press.db, one)
    press.db.execute("UPDATE watches SET seen_article = 0")
    watches.look(press.db, NOON)
    press.db.execute("UPDATE crawls SET finish = 'finished', started_at = '2024-06-30T00:00:00Z'")
    press.db.close()
    return ids


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk that nobody writes to."""
    path = tmp_path_factory.mktemp("desk") / "kwri.sqlite"
    ids = fill(path)
    db = open_archive(path)
    with db.conn:
        notes.set_note(db, ids["same"], Note(Tone.NEGATIVE, "Banjir", HOSTILE, True), HOSTILE, "2024-06-05T01:00:00Z")
    db.close()
    with asyncio.Runner() as runner:
        yield Desk(make_site(path, Options("id", "rina", KEY), {}), path, ids, runner)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Desk]:
    """A desk of one's own, to write to."""
    path = tmp_path / "kwri.sqlite"
    ids = fill(path)
    with asyncio.Runner() as runner:
        yield Desk(make_site(path, Options("id", "rina", KEY), {}), path, ids, runner)


def shown(html: str) -> str:
    """Return a page's words, its white space as one blank."""
    return " ".join(re.sub(r"<[^>]*>", " ", html.partition("<main>")[2]).split())


PAGES = ("/desk", "/desk/releases", "/desk/release/1", "/desk/release/3", "/desk/search?q=warga", "/desk/portals",
         "/desk/portal/a.example", "/desk/watches", "/desk/watch/banjir%20%26%20lumpur", "/desk/league",
         "/desk/league?by=day&sort=fastest", "/desk/notes", "/desk/story/1", "/desk/article/7", "/desk/search?q=%22",
         "/desk/tiada", "/desk?day=kemarin")  # fmt: skip


class Parts(HTMLParser):
    """What a page would load, and where it leads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_page_loads_nothing_but_its_own_style_and_runs_nothing(desk: Desk, path: str, lang: str) -> None:
    answer = desk.get(path, cookies={"desk_lang": lang, "ds_actor": desk.site.sign({"a": {"id": "rina"}}, "actor")})
    assert answer.status_code < 500, answer.text
    assert f'<html lang="{lang}">' in answer.text
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; img-src data:; form-action 'self'")
    for tag, values in Parts(answer.text).tags:
        assert tag not in ("script", "img", "iframe", "object", "base", "style"), tag
        assert not [name for name in values if name.startswith("on") or name == "style"], values
        link = values.get("href") or values.get("action") or ""
        if tag == "link":
            assert link.startswith(("/desk/style.css?", "data:,"))
        elif "://" in link:
            assert tag == "a"
            assert values["rel"] == "noopener noreferrer nofollow"
        elif tag in ("a", "form"):
            assert link.startswith(("/desk", "/kwri", "#", "")), link
    assert "alert(" not in answer.text.replace("alert(&#34;", "").replace("onerror=alert(1)&gt;", "")


def test_the_first_page_is_the_newest_day_with_what_ran_nowhere_in_red(desk: Desk) -> None:
    assert desk.get("/").headers["location"] == "/desk"
    html = desk.page("/desk")
    told = shown(html)
    assert "Selasa, 4 Juni 2024 7 artikel di 5 portal; tanpa salinannya 3 teks." in told
    assert "3 rilis; 2 tayang, 1 tidak tayang di mana pun" in told
    assert html.count('<span class="low">tidak tayang</span>') == 1
    assert "Polsek 1 1 2 2 portal" in told
    assert "Portal yang tidak memuat apa pun dari kami" in told
    silent = told.partition("rilis itu dikirim.")[2].partition("Pantauan hari itu")[0].split()
    assert silent == ["e.example"]
    assert "a.example pertama, 06:00 UTC 4 portal 4 artikel rilis kami" in told
    assert shown(desk.page("/desk?day=2024-06-03&lang=en")).startswith("Monday, 3 June 2024 0 articles on 0 portals")


def test_a_story_shows_its_spread_and_first_what_the_most_changed_copy_changed(desk: Desk) -> None:
    html = desk.page(f"/desk/story/{desk.ids['flood']}")
    order = re.findall(r'<tr id="a(\d+)">', html)
    assert order == [str(desk.ids[name]) for name in ("flood", "same", "cut", "added")]
    assert shown(html).startswith("Banjir di tiga desa 4 artikel di 4 portal dalam 3,0 jam. Pertama: a.example.")
    opened, *others = re.findall(r'<details class="diff"( open)?>(.*?)</details>', html, re.S)
    assert opened[0]
    assert "c.example" in opened[1]
    assert f"<ins>{ADDED}</ins>" in opened[1]
    assert f"<del>{FLOOD[-1]}</del>" in opened[1]
    assert [(is_open, "d.example" in text) for is_open, text in others] == [("", True)]
    assert re.search(r'Sama kata demi kata: <a href="#a2">b.example</a>', html)
    places = [float(place) for place in re.findall(r'<rect x="([\d.]+)"', html)]
    assert places == [0.0, 32.0, 64.0, 96.0]
    assert "Rilis kami:" in html


def test_a_release_has_ours_beside_theirs_without_our_letterhead(desk: Desk) -> None:
    html = desk.page("/desk/release/1")
    told = shown(html)
    assert "Dikirim 4 Jun 2024, 05:00 UTC, Polres Contoh. Tayang dalam 4 artikel di 4 portal." in told
    assert "judul sama" in told
    changed = html.partition('id="changes"')[2].partition("</details>")[0]
    ours, theirs = changed.split("<div><h3>")[1:]
    assert ours.startswith("Kami</h3>")
    assert f"<del>{FLOOD[-1]}" in ours
    assert "<ins>" not in ours
    assert f"<ins>{ADDED}</ins>" in theirs
    assert "<del>" not in theirs
    assert "KEPOLISIAN" not in changed
    assert "KEPOLISIAN" in told, "our text stands below, whole"
    asked = desk.page(f"/desk/release/1?with={desk.ids['added']}").partition('id="changes"')[2]
    assert "d.example" in asked.partition("</summary>")[0]
    assert "Tidak tayang di mana pun." in shown(desk.page("/desk/release/3"))


def test_a_release_stands_at_its_number_whatever_another_is_named(own: Desk) -> None:
    db = open_archive(own.archive)
    releases.add(db, [sent("1", (ADDED * 9,), title="Bernama satu")])
    db.close()
    assert shown(own.page("/desk/release/1")).startswith("Banjir di tiga desa")
    assert shown(own.page("/desk/release/4")).startswith("Bernama satu")


def test_copies_that_differ_too_much_to_be_compared_say_so(own: Desk) -> None:
    told = "Terlalu banyak berbeda untuk dibandingkan kata demi kata."
    pages = (f"/desk/story/{own.ids['flood']}", "/desk/release/1")
    assert not [page for page in pages if told in own.page(page)]
    db = open_archive(own.archive)
    with db.conn:
        db.execute("UPDATE articles SET body = ? WHERE id = ?", ["kata lain " * 1_000, own.ids["cut"]])
    db.close()
    assert [own.page(page).count(told) for page in pages] == [1, 1]


def test_a_search_has_one_line_a_story_by_its_best_article_with_what_was_found(desk: Desk) -> None:
    html = desk.page("/desk/search?q=banjir+desa")
    assert html.count('<p class="snippet"') == 1
    assert "Tiga desa" not in html.partition('class="stories')[2]
    assert "<mark>Banjir</mark> di tiga <mark>desa</mark>" in html
    told = shown(html)
    assert "4 portal 2 artikel dari cerita ini" in told
    assert "kwri watches add NAMA &#39;banjir desa&#39;" in html
    for bounds, number in (("since=2024-06-05", 0), ("until=2024-06-04", 1), ("portal=d.example", 1), ("portal=e", 0)):
        assert desk.page(f"/desk/search?q=banjir+desa&{bounds}").count('<p class="snippet"') == number, bounds


def test_a_search_that_is_none_says_so_and_the_best_article_is_not_the_first(desk: Desk) -> None:
    assert "Pencarian tidak dimengerti" in desk.page("/desk/search?q=%22banjir")
    assert "Tidak ada yang ditemukan." in desk.page("/desk/search?q=jembatan")
    db = open_archive(desk.archive)
    (found,) = desk_search.search(db, desk_search.Asked("kebanjiran"), 9).stories
    assert (found.article, found.story, found.portals, found.found) == (desk.ids["same"], 1, 4, 1)
    (desa,) = desk_search.search(db, desk_search.Asked("desa"), 9).stories
    assert (desa.found, desa.article == desk.ids["cut"]) == (4, False), "its headline does not have the word"
    few = desk_search.search(db, desk_search.Asked("warga OR pedagang"), 1)
    assert (len(few.stories), few.articles, few.has_more) == (1, 7, False)
    db.close()


def test_a_hostile_text_is_inert_where_it_is_marked(desk: Desk) -> None:
    html = desk.page("/desk/search?q=jahat")
    snippet = re.search(r'<p class="snippet" lang="id">(.*?)</p>', html, re.S)
    assert snippet is not None
    assert "&lt;/mark&gt;" in snippet[1]
    assert set(re.findall(r"<[^>]*>", snippet[1])) == {"<mark>", "</mark>"}
    assert "&lt;script&gt;" in html


def test_a_portal_says_what_it_ran_and_what_it_could_have_run(desk: Desk) -> None:
    told = shown(desk.page("/desk/portal/c.example"))
    assert "1 artikel dalam arsip. Memuat 1 dari 3 rilis kami" in told
    assert told.count("tidak dimuat") == 2
    assert desk.get("/desk/portal/tiada").status_code == 404


def test_units_and_portals_stand_in_a_league_by_week_day_and_month(desk: Desk) -> None:
    assert "Pekan 3 Jun 2024" in shown(desk.page("/desk/league"))
    assert "Selasa, 4 Jun 2024" in shown(desk.page("/desk/league?by=day"))
    assert "June 2024 Unit Sent" in shown(desk.page("/desk/league?by=month&lang=en"))
    assert desk.get("/desk/league?by=year").status_code == 400


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/desk/release/9", 404), ("/desk/release/banjir.docx", 404), ("/desk/story/99", 404), ("/desk/story/-1", 404),
        ("/desk/story/1e3", 404), ("/desk/article/99", 404), ("/desk/article/9999999999999999999", 404),
        ("/desk/lain", 404), ("/desk?day=2024-02-30", 400), ("/desk/releases?since=kemarin", 400),
        ("/desk/notes?tone=bagus", 400), ("/desk/article/1", 302),
    ],
)  # fmt: skip
def test_what_is_not_there_or_is_no_day_is_said(desk: Desk, path: str, status: int) -> None:
    answer = desk.get(path)
    assert answer.status_code == status
    assert status != 302 or answer.headers["location"] == "/desk/story/1#a1"


def test_a_table_can_be_had_as_csv_and_no_cell_is_a_formula(desk: Desk) -> None:
    answer = desk.get("/desk/releases?csv=1")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    head, *lines = answer.text.splitlines()
    assert head.startswith("release,name,unit,title")
    assert [line.split(",")[1] for line in lines] == ["lomba.docx", "'=pasar.docx", "banjir.docx"]
    assert desk.get("/desk/releases?csv=1&uncarried=1").text.count("\n") == 2
    assert "KEPOLISIAN" not in desk.get("/desk/release/1?csv=1").text
    assert desk.get("/desk/search?csv=1&q=jembatan").text.strip() == ""


def test_a_page_leads_to_the_other_language_and_a_choice_is_kept_for_a_year(desk: Desk) -> None:
    answer = desk.get("/desk/league?by=day&lang=en")
    assert 'href="/desk/league?by=day&amp;lang=id"' in answer.text
    assert answer.text.count("lang=en") == 0
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("desk_lang=en")
    assert "max-age=31536000" in cookie
    assert "set-cookie" not in desk.get("/desk/league?lang=fr").headers


def test_datasettes_tables_get_a_sheet_of_their_own(desk: Desk) -> None:
    sheets = [desk.get(f"/desk/{name}.css") for name in ("style", "tables")]
    assert [sheet.headers["content-type"] for sheet in sheets] == ["text/css; charset=utf-8"] * 2
    assert ["Datasette's own pages" in sheet.text for sheet in sheets] == [False, True]
    assert sheets[0].text.startswith(files("kwri_crawler.report").joinpath("page.css").read_text(encoding="utf-8"))


def test_a_password_that_nobody_asked_for_is_not_looked_at(desk: Desk) -> None:
    answer = desk.get("/desk/story/1", headers={"authorization": given("rina", PASSWORD)})
    assert answer.status_code == 200
    assert "<form method=" not in answer.text


def test_notes_are_listed_with_how_many_have_a_tone(desk: Desk) -> None:
    told = shown(desk.page("/desk/notes"))
    assert "1 artikel diberi nada: 0 positif, 0 netral, 1 negatif." in told
    assert "★ negatif Banjir &lt;script&gt;" in told
    assert "Belum ada catatan." in shown(desk.page("/desk/notes?tone=positif"))
    assert "Tiga desa kebanjiran" in desk.page("/desk/notes?topic=Banjir&starred=1")


def test_a_watch_shows_what_it_found_and_who_is_still_to_be_told(desk: Desk) -> None:
    told = shown(desk.page("/desk/watches"))
    assert "banjir &amp; lumpur banjir 1 1 –" in told
    assert "sepi istirahat tiada 0 0 –" in told
    html = desk.page("/desk/watch/banjir%20%26%20lumpur")
    assert "Banjir di tiga desa a.example 4 Jun 2024, 06:00 UTC 4 portal Belum terkirim" in shown(html)
    assert 'href="/desk/search?q=banjir"' in html
    assert '<a href="/desk/watch/banjir%20%26%20lumpur">banjir &amp; lumpur</a> 1' in desk.page("/desk")
    assert desk.get("/desk/watches?csv=1").text.splitlines()[1] == "banjir & lumpur,banjir,,,1,1,"
    assert "Belum menemukan apa pun" in desk.page("/desk/watch/sepi")
    assert desk.get("/desk/watch/banjir").status_code == 404


def test_where_the_hour_is_not_known_only_the_day_is_shown(own: Desk) -> None:
    with sqlite3.connect(own.archive) as db:
        db.execute("UPDATE articles SET published_precision = 'day'")
    for path in ("/desk/search?q=warga", "/desk/portal/e.example", "/desk/watch/banjir%20%26%20lumpur", "/desk"):
        told = shown(own.page(path))
        assert "e.example" in told or "a.example" in told
        assert not re.search(r"\d\d:\d\d", told.partition("Cerita terbesar")[2] if path == "/desk" else told), path


def test_a_release_of_which_only_the_day_is_known_has_no_line_of_time(own: Desk) -> None:
    page = "/desk/release/1"
    assert '<svg class="track"' in own.page(page)
    with sqlite3.connect(own.archive) as db:
        db.execute("UPDATE releases SET released_precision = 'day'")
    assert '<svg class="track"' not in own.page(page)
    assert 'data-label="Sebaran">–</td>' in own.page(page)


def test_an_empty_archive_says_what_to_do(tmp_path: Path) -> None:
    new_archive(tmp_path / "kwri.sqlite").close()
    with asyncio.Runner() as runner:
        empty = Desk(make_site(tmp_path / "kwri.sqlite", Options("en", "rina", KEY), {}), tmp_path, {}, runner)
        assert "Run kwri harvest" in empty.page("/desk")
        for path in ("/desk/releases", "/desk/search?q=a", "/desk/league", "/desk/portals", "/desk/notes"):
            empty.page(path)


# ---------------------------------------------------------------------- what is noted


OTHERS = {"sec-fetch-site": "cross-site"}


@pytest.mark.parametrize(
    ("form", "actor", "headers", "status"),
    [
        ({"tone": "positif"}, "rina", {"sec-fetch-site": "same-origin"}, 302),
        ({"tone": "positif"}, "rina", {}, 302),  # a program that is no browser
        ({"tone": "positif"}, "rina", {"origin": "http://localhost"}, 302),  # a browser of before 2023
        ({"tone": "positif"}, None, {"sec-fetch-site": "same-origin"}, 403),
        ({"tone": "positif"}, "rina", OTHERS, 403),
        ({"tone": "positif"}, "rina", {"sec-fetch-site": "same-site"}, 403),
        ({"tone": "positif"}, "rina", {"origin": "http://jahat.example"}, 403),
        ({"tone": "positif"}, "rina", {"origin": "null"}, 403),
        ({"tone": "bagus"}, "rina", {}, 400),
        ({"topic": "x" * 101}, "rina", {}, 400),
        ({"note": "x" * 4001}, "rina", {}, 400),
        ({"starred": "ya"}, "rina", {}, 400),
        ({"note": "x" * MOST_POSTED}, "rina", {}, 413),
    ],
)
def test_a_tone_is_taken_from_whom_and_whence_it_may_be(
    own: Desk, form: dict[str, str], actor: str | None, headers: dict[str, str], status: int
) -> None:
    answer = own.note(own.ids["flood"], form, actor, **headers)
    assert answer.status_code == status, answer.text
    expected = {"article": 1, "tone": "positif", "topic": None, "note": None, "starred": 0, "by_whom": "rina"}
    assert own.noted() == ([expected] if status == 302 else [])


def test_an_article_of_a_clock_that_is_ahead_is_not_the_newest_day(own: Desk) -> None:
    with sqlite3.connect(own.archive) as db:
        ahead = "published_at = '2999-01-01T00:00:00Z', published_local = '2999-01-01T07:00:00+07:00'"
        db.execute(f"UPDATE articles SET {ahead} WHERE id = 7")
    html = own.page("/desk")
    assert "Selasa, 4 Juni 2024" in html
    assert "2999" not in html


def test_what_a_form_leaves_out_stays_and_what_it_empties_goes(own: Desk) -> None:
    number = own.ids["hostile"]
    own.note(number, {"tone": "netral", "topic": " Banjir ", "note": "satu\r\ndua\x00\u202e", "starred": "1"})
    own.note(number, {"tone": "negatif"}, "budi")
    (row,) = own.noted()
    assert row == {"article": 7, "tone": "negatif", "topic": "Banjir", "note": "satu\ndua", "starred": 1,
                   "by_whom": "budi"}  # fmt: skip
    assert "satu\ndua" in own.page(f"/desk/article/{number}")
    own.note(number, {"tone": "", "topic": "", "note": " ", "starred": "0"})
    assert own.noted() == []


@pytest.mark.parametrize(
    ("back", "to"),
    [
        ("/desk/notes?tone=netral#a1", "/desk/notes?tone=netral#a1"),
        ("https://jahat.example/", "/desk/article/1"),
        ("//jahat.example/desk", "/desk/article/1"),
        ("/desk\\jahat.example", "/desk/article/1"),
        ("/desk\r\nset-cookie: a=b", "/desk/article/1"),
        ("/deskripsi", "/desk/article/1"),
    ],
)
def test_a_form_leads_back_to_the_desks_pages_only(own: Desk, back: str, to: str) -> None:
    assert own.note(1, {"tone": "netral", "back": back}).headers["location"] == to


def test_only_a_post_about_an_article_that_is_there_notes_something(own: Desk) -> None:
    assert own.note(99, {"tone": "netral"}).status_code == 404
    assert own.note("satu", {"tone": "netral"}).status_code == 404
    assert own.get("/desk/note/1").status_code == 405
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert own.note(1, {}, content=b"topic=\xff\xfe", **form).status_code == 400
    assert own.noted() == []


@pytest.mark.parametrize("path", ["/kwri/articles/-/insert", "/kwri/articles/1/-/delete", "/kwri/-/execute-write"])
def test_who_may_note_may_write_nothing_else(own: Desk, path: str) -> None:
    cookies = {"ds_actor": own.site.sign({"a": {"id": "rina"}}, "actor")}
    rows_before = rows(own.archive, "SELECT * FROM articles")
    body = {"rows": [{"title": "x"}], "sql": "DELETE FROM articles"}
    answer = own.runner.run(own.site.client.post(path, json=body, cookies=cookies))
    assert answer.status_code in (403, 404, 405), answer.text
    assert rows(own.archive, "SELECT * FROM articles") == rows_before


def test_the_key_lets_in_whose_name_notes_are_kept_under(own: Desk) -> None:
    assert own.get("/desk/enter?key=lain").status_code == 403
    assert "<form method=" not in own.page("/desk/story/1")
    answer = own.get(f"/desk/enter?key={KEY}")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    actor = answer.cookies["ds_actor"].strip('"')
    assert "<form method=" in own.page("/desk/story/1", cookies={"ds_actor": actor})


# ---------------------------------------------------------------------- who may ask


def given(user: str, password: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


@pytest.mark.parametrize(
    ("headers", "password", "status"),
    [
        ({"host": "127.0.0.1:8001"}, None, None),
        ({"host": "localhost"}, None, None),
        ({"host": "[::1]:8001"}, None, None),
        ({"host": "jahat.example"}, None, 403),  # whose name leads to this machine
        ({"host": "127.0.0.1.jahat.example"}, None, 403),
        ({}, None, 403),
        ({"host": "meja.example"}, PASSWORD, 401),
        ({"host": "meja.example", "authorization": given("rina", PASSWORD)}, PASSWORD, None),
        ({"host": "meja.example", "authorization": given("rina", PASSWORD + "x")}, PASSWORD, 401),
        ({"host": "meja.example", "authorization": given("rina", "")}, PASSWORD, 401),
        ({"host": "meja.example", "authorization": "Basic ***"}, PASSWORD, 401),
        ({"host": "meja.example", "authorization": "Basic //79"}, PASSWORD, 401),
        ({"host": "meja.example", "authorization": given("rina", PASSWORD).replace("Basic", "Bearer")}, PASSWORD, 401),
    ],
)
def test_without_a_password_only_this_machine_is_answered(
    headers: dict[str, str], password: str | None, status: int | None
) -> None:
    found = refuse("GET", headers, Options("id", "rina", KEY, password))
    assert (found and found.status) == status


def test_a_name_that_comes_with_the_password_is_cut_to_what_a_page_can_show() -> None:
    headers = {"authorization": given("Siti" * 30, PASSWORD)}
    assert user_of(headers, PASSWORD) == ("Siti" * 10)
    assert user_of({"authorization": given(" ", PASSWORD)}, PASSWORD) == "desk"


@pytest.mark.parametrize("length", [{}, {"content-length": "-1"}, {"content-length": str(MOST_POSTED + 1)}])
def test_a_form_says_how_long_it_is_and_is_not_long(length: dict[str, str]) -> None:
    found = refuse("POST", {"host": "localhost", **length}, Options("id", "rina", KEY))
    assert found is not None
    assert found.status == 413


def test_with_a_password_every_page_asks_for_it_and_notes_carry_the_name(tmp_path: Path) -> None:
    path = tmp_path / "kwri.sqlite"
    fill(path)
    with asyncio.Runner() as runner:
        site = make_site(path, Options("id", "rina", KEY, PASSWORD), {})
        desk = Desk(site, path, {}, runner)
        for page in ("/desk", "/kwri", "/kwri/articles.json", "/desk/style.css"):
            assert desk.get(page).status_code == 401
        assert desk.get("/desk").headers["www-authenticate"].startswith("Basic ")
        right = {"authorization": given("Bu Siti\x07", PASSWORD)}
        assert "<form method=" in desk.page("/desk/story/1", headers=right)
        assert desk.note(1, {"tone": "netral"}, None, **right).status_code == 302
        assert desk.note(2, {"tone": "netral"}, None, **right, **OTHERS).status_code == 403
        assert [row["by_whom"] for row in desk.noted()] == ["Bu Siti"]


def test_a_page_that_reads_too_long_is_ended(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = sqlite3.connect(desk.archive)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    with pytest.raises(desk_queries.TooLong):
        desk_queries.look(connection, 0.01, lambda db: db.execute(endless).fetchall())
    long = endless.replace("FROM n) SELECT", "FROM n WHERE i < 9999) SELECT")
    assert connection.execute(long).fetchone() == (9999,), "the connection is of use again"
    connection.close()
    monkeypatch.setattr(views, "SECONDS", -1.0)
    monkeypatch.setattr(desk_queries, "_STEPS", 1)
    answer = desk.get("/desk/search?q=warga")
    assert (answer.status_code, "Terlalu lama" in answer.text) == (503, True)


def test_a_page_shows_one_moment_while_somebody_writes(desk: Desk) -> None:
    def read(db: Any) -> list[int]:
        counts = [db.execute("SELECT count(*) FROM notes").fetchone()[0]]
        with sqlite3.connect(desk.archive) as other:
            other.execute("INSERT INTO notes (article, starred, by_whom, at) VALUES (6, 1, 'lain', '')")
        counts.append(db.execute("SELECT count(*) FROM notes").fetchone()[0])
        return counts

    connection = sqlite3.connect(desk.archive)
    try:
        assert desk_queries.look(connection, 9, read) == [1, 1]
    finally:
        connection.close()
        with sqlite3.connect(desk.archive) as other:
            other.execute("DELETE FROM notes WHERE article = 6")


def test_datasettes_own_pages_lead_back_and_load_nothing_from_elsewhere(desk: Desk) -> None:
    answer = desk.get("/kwri/articles")
    assert answer.status_code == 200
    assert '<a href="/desk">Meja humas</a>' in answer.text
    assert "Powered by" not in answer.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    sources = [values.get("src") or values.get("href") or "" for tag, values in Parts(answer.text).tags
               if tag in ("script", "link", "img")]  # fmt: skip
    assert [source for source in sources if source.startswith("/desk/tables.css?")]
    assert not [source for source in sources if "//" in source.removeprefix("http://localhost/")]


def test_another_datasette_of_this_process_is_left_alone(desk: Desk) -> None:
    plain = Datasette([str(desk.archive)])
    answer = desk.runner.run(plain.client.get("/-/versions.json"))
    assert answer.status_code == 200
    assert "content-security-policy" not in answer.headers
    assert desk.runner.run(plain.client.get("/")).status_code == 200


def test_a_folder_of_own_templates_stands_before_ours(tmp_path: Path, desk: Desk) -> None:
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "releases.html").write_text(
        '{% extends "desk/frame.html" %}{% block main %}Rilis Bidhumas: {{ sent }}{% endblock %}'
    )
    other = Desk(make_site(desk.archive, Options("id", "rina", KEY), {}, tmp_path), desk.archive, {}, desk.runner)
    assert "Rilis Bidhumas: 3" in other.page("/desk/releases")
    assert "Selasa" in other.page("/desk")


def test_every_word_that_a_template_asks_for_is_there_in_both_languages_and_none_is_idle() -> None:
    folder = PROJECT / "kwri_crawler" / "desk_site"
    files = [path for path in (*folder.rglob("*.html"), *folder.glob("*.py")) if path.stem != "words"]
    sources = "".join(path.read_text() for path in files)
    asked = set(re.findall(r"""['"]([a-z_0-9]+)['"]""", sources))
    joined = ("kind_", "by_", "sort_", "wrong_")
    texts = words.DeskWords.texts
    assert {key for key in re.findall(r"\bw\('([a-z_0-9]+[a-z0-9])'", sources) if key not in texts} == set()
    ours = set(words._TEXTS)
    assert {key for key in ours - asked if not key.startswith(joined) and key not in set(Tone)} == set()
    assert all(id_ and en for id_, en in texts.values())


@pytest.mark.skipif(not ALPHA, reason="set DATASETTE_ALPHA to a Python that has the newest alpha of Datasette 1.0")
def test_all_of_this_holds_on_the_newest_alpha_of_datasette() -> None:
    run = [ALPHA, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", __file__]
    env = {name: value for name, value in os.environ.items() if name != "DATASETTE_ALPHA"}
    done = subprocess.run(run, cwd=PROJECT, env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    version = [ALPHA, "-c", "import datasette; print(datasette.__version__)"]
    assert subprocess.run(version, capture_output=True, text=True, check=True).stdout.startswith("1.")


# ---------------------------------------------------------------------- the command


def test_the_command_serves_until_it_is_stopped_and_keeps_another_off_its_port(tmp_path: Path) -> None:
    path = tmp_path / "kwri.sqlite"
    fill(path)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        busy = run_here("desk", "--port", str(port), ARCHIVE_PATH=str(path))
    assert (busy.code, f"port {port}" in busy.log) == (Exit.BUSY, True)
    seen: list[str] = []

    def look() -> None:
        try:
            for _ in range(100):
                with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/desk") as answer:
                    seen.append(answer.read().decode())
                    break
                time.sleep(0.05)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    looking = threading.Thread(target=look)
    looking.start()
    done = run_here("desk", "--port", str(port), "--lang", "en", ARCHIVE_PATH=str(path))
    looking.join()
    assert done.code == Exit.DONE, done.log
    assert re.search(rf"^http://127\.0\.0\.1:{port}/desk/enter\?key=\S{{30,}}$", done.out, re.M)
    assert "7 articles on 5 portals" in seen[0]
    assert signal.getsignal(signal.SIGTERM) == before


def test_without_what_serves_pages_the_command_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "kwri.sqlite")
    for name in [name for name in sys.modules if name.split(".")[0] == "uvicorn"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "kwri_crawler.desk_site.server", raising=False)
    monkeypatch.delattr("kwri_crawler.desk_site.server", raising=False)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    done = run_here("desk", ARCHIVE_PATH=str(tmp_path / "kwri.sqlite"))
    assert (done.code, "pip install 'kwri-crawler[desk]'" in done.log) == (Exit.SETUP, True), done.log
