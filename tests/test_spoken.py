"""What desks read on a terminal, in Indonesian and English: the same figures, chosen by --lang or the environment."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import pytest

from kwri_crawler.archive import releases
from kwri_crawler.archive.release_queries import State
from kwri_crawler.causes import Cause
from kwri_crawler.command.portal_lists import Row, in_full
from kwri_crawler.command.release_files import Source
from kwri_crawler.desk import Fault, ListFault
from kwri_crawler.health import Reason, Says, Verdict, Word
from kwri_crawler.health.figures import Figures, Portrait
from kwri_crawler.health.past import CrawlEnd, ListingState, Past
from kwri_crawler.notify.digests import write_told, write_why
from kwri_crawler.notify.messages import Failed
from kwri_crawler.plan import LastCrawl
from kwri_crawler.screen.spoken import _TEXTS, Spoken, spoken
from tests.archives import PORTAL, new_archive
from tests.crawling import run_here
from tests.test_likeness import FLOOD
from tests.test_releases import sent
from tests.test_stories import Press


@pytest.mark.parametrize(("asked", "environment", "lang"), [
    (None, {"LANG": "id_ID.UTF-8"}, "id"), (None, {"LANG": "en_GB.UTF-8"}, "en"), (None, {}, "en"),
    ("en", {"LANG": "id_ID.UTF-8"}, "en"), ("id", {"LC_ALL": "C"}, "id"),
    (None, {"LC_ALL": "id_ID", "LANG": "en_US"}, "id"), (None, {"LC_ALL": "C", "LANG": "id_ID"}, "en"),
    (None, {"LANG": "ido_XX"}, "en"),
])  # fmt: skip
def test_the_language_is_that_of_the_option_else_of_the_environment(
    asked: str | None, environment: dict[str, str], lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert spoken(argparse.Namespace(lang=asked)).lang == lang


def test_both_languages_put_the_same_values_in_and_every_word_of_health_is_there() -> None:
    for indonesian, english in _TEXTS.values():
        assert sorted(re.findall(r"{\w+}", indonesian)) == sorted(re.findall(r"{\w+}", english))
    assert {word.value for word in Word} <= set(_TEXTS)


@pytest.mark.parametrize(("codes", "kind"), [
    (Fault, "fault"), (ListFault, "list"), (State, "state"), (releases.Verdict, "verdict"), (Source, "from"),
])  # fmt: skip
def test_every_code_that_a_desk_reads_has_its_words(codes: Iterable[StrEnum], kind: str) -> None:
    assert {f"{kind}_{code}" for code in codes} <= set(_TEXTS)


@pytest.mark.parametrize(("number", "key", "said"), [
    (1, "stories", "1 story"), (1, "addresses", "1 address"), (1, "portals", "1 portal"),
    (2, "addresses", "2 addresses"),
])  # fmt: skip
def test_one_of_a_kind_is_not_written_in_the_plural(number: int, key: str, said: str) -> None:
    assert Spoken("en").count(number, key) == said


def test_why_a_portal_is_not_well_is_said_in_the_language() -> None:
    verdict = Verdict("x", Word.QUIET, None, (Reason(Says.FEWER, {"came": 3, "days": 7, "usual": 70.0}),))
    assert Spoken("id").why(verdict) == "3 artikel dalam 7 hari berita; biasanya 70"
    assert Spoken("en").why(verdict) == verdict.why


def test_one_portal_is_shown_whole_in_the_language() -> None:
    now = datetime(2024, 6, 28, 12, tzinfo=UTC)
    begun = now - timedelta(days=30)
    url = "https://contoh.example/1"
    why = Reason(Says.LOST, {"lost": 3, "total": 4, "days": 7}, Cause.UNREAD, examples=(url,))
    crawl = CrawlEnd(begun, begun.date(), True, "finished", None, 1, 0)
    past = Past("contoh", "Asia/Jakarta", begun, crawls=(crawl,), listings=(ListingState("feed", url, None, None),))
    week = Figures(1234.5, 0.5, None, 1.0, 0.0, 250.0, 1.5, 0.75, 0.0)
    lost = ((Cause.UNREAD, 2), (None, 1))
    portrait = Portrait(week, replace(week, articles_a_day=12.5), (1.5, *(None,) * 6), lost)
    last = LastCrawl(now - timedelta(hours=3), None, seldom=True)
    row = Row(PORTAL, Verdict("contoh", Word.BROKEN, None, (why,)), past, portrait, last, now, "Admin")
    english, indonesian = (in_full(row, now, Spoken(lang)).splitlines() for lang in ("en", "id"))
    assert len(english) == len(indonesian)
    assert english[0] == "contoh (Contoh, https://contoh.example/) is broken"
    assert indonesian[0] == "contoh (Contoh, https://contoh.example/): rusak"
    assert "  last crawl: 3h ago, running or killed; next: now" in english
    assert "  perayapan terakhir: 3 jam lalu, berjalan atau terbunuh; berikut: sekarang" in indonesian
    assert [line.split()[-2:] for line in (*english[7:9], *indonesian[7:9])] == [
        ["days", "usual"], ["1,234", "12.5"], ["terakhir", "biasa"], ["1.234", "12,5"],
    ]  # fmt: skip
    assert "by weekday: Mon 1.5  Tue -" in "\n".join(english)
    assert "per hari: Sen 1,5  Sel -" in "\n".join(indonesian)
    same = [line for line in indonesian if line in english and url not in line]
    assert same == [], "every line is in its language"


def test_every_cure_stands_in_both_languages() -> None:
    for says in Says:
        causes = [Reason(says, cause=cause) for cause in (*Cause, None)]
        english, indonesian = ([Spoken(lang).cure(reason) for reason in causes] for lang in ("en", "id"))
        assert [english.index(one) for one in english] == [indonesian.index(one) for one in indonesian]
        assert not set(english) & set(indonesian)


def test_stories_are_told_in_indonesian_with_the_same_figures(tmp_path: Path) -> None:
    archive = tmp_path / "kwri.sqlite"
    press = Press(new_archive(archive), {})
    first = press.brings("a.example/1", FLOOD, 1, title="Banjir")
    press.brings("b.example/1", FLOOD[:-1], 2.5, title="Banjir Rendam Desa")
    press.db.close()
    shown = run_here("stories", str(first), "--lang=id", ARCHIVE_PATH=str(archive))
    assert f"cerita {first}: 2 artikel di 2 portal dalam 1,5 jam" in shown.out
    assert "judul diubah: Banjir Rendam Desa" in shown.out
    listed = run_here("stories", "--lang=id", ARCHIVE_PATH=str(archive))
    assert listed.out.startswith("terbesar\n  cerita  artikel  portal")
    assert "largest" in run_here("stories", ARCHIVE_PATH=str(archive)).out


def test_releases_are_told_in_indonesian_with_the_same_figures(tmp_path: Path) -> None:
    archive = tmp_path / "kwri.sqlite"
    press = Press(new_archive(archive), {})
    press.brings("a.example/1", FLOOD, 2.5, title="Banjir")
    releases.add(press.db, [sent("banjir.docx", FLOOD), sent("sepi.docx", ("Teks lain. " * 20,), 1)])
    press.db.close()

    def told(*args: str) -> str:
        return run_here("releases", *args, ARCHIVE_PATH=str(archive)).out

    assert told("--lang=id").split()[:5] == ["rilis", "dikirim", "satuan", "artikel", "portal"]
    assert told("--lang=id").endswith("2 rilis; 1 dimuat, 1 tidak\n")
    assert told("--lang=en").endswith("2 releases; 1 ran, 1 nowhere\n")
    assert "+2,5 jam" in told("1", "--lang=id")
    assert "+2.5 h" in told("1")
    assert "tidak dimuat di mana pun" in told("2", "--lang=id")
    assert told("--units", "--lang=id").split()[:3] == ["satuan", "rilis", "dimuat"]
    assert told("--since=2030-01-01", "--lang=id").startswith(
        "tidak ada rilis dari hari-hari itu; `scrapy releases add`"
    )


def test_adding_releases_and_checking_links_is_told_in_indonesian(tmp_path: Path) -> None:
    archive = tmp_path / "kwri.sqlite"
    press = Press(new_archive(archive), {})
    press.brings("a.example/1", FLOOD, 2.5, title="Banjir")
    press.db.close()

    def told(*args: str) -> list[str]:
        done = run_here("releases", *args, "--lang=id", ARCHIVE_PATH=str(archive))
        return (done.out + done.log).replace(f"{tmp_path}/", "").splitlines()

    def file(name: str, text: str) -> str:
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    flood = file("banjir.txt", "\n\n".join(FLOOD))
    assert told("add", flood) == ["banjir.txt: tidak ada tanggal di dalamnya; tulis --at 2024-06-27T14:10"]
    assert told("add", flood, "--at=2024-06-04") == [
        "banjir.txt: ditambahkan, dikirim 2024-06-04 (--at); kini dimuat 1 artikel di 1 portal"
    ]
    assert told("add", file("a.doc", "{\\rtf1 teks}")) == [
        "a.doc: tidak terbaca: rich text (.rtf); simpan sebagai .docx"
    ]
    assert told("add", file("a.csv", "name;title;text\n"))[0].startswith(
        "a.csv: tidak ada yang dimasukkan: kolom released_at"
    )
    links = told("links", file("wa.txt", "https://a.example/1\nsiap"))
    assert links[0].split()[:3] == ["status", "rilis", "portal"]
    assert links[1].startswith("memuatnya")
    assert links[-1] == "1 alamat, 1 baris tanpa alamat; 0 pemuat yang tidak dilaporkan"
    assert told("links", "tidak ada.txt") == ["tidak ada.txt: tidak ada berkas itu"]
    assert told("remove", "banjir.txt") == ["banjir.txt: dihapus"]
    assert told("remove", "banjir.txt") == ["banjir.txt: tidak ada rilis itu; `scrapy releases` menampilkan semuanya"]


def test_watches_are_told_in_indonesian(tmp_path: Path) -> None:
    archive = tmp_path / "kwri.sqlite"
    new_archive(archive).close()

    def told(*args: str) -> str:
        done = run_here("watches", *args, "--lang=id", ARCHIVE_PATH=str(archive))
        return done.out + done.log

    assert told() == "belum ada pantauan; scrapy watches add NAMA PENCARIAN membuatnya\n"
    assert told("add", "api", "kebakaran").startswith("api: ditambahkan; cerita yang tersimpan sejak sekarang")
    assert told().split()[:3] == ["pantauan", "pencarian", "dari"]
    assert told("test", "api").startswith("api: tidak ada apa-apa dalam 7 hari terakhir")
    assert told("run") == "tidak ada yang baru\n"
    assert told("feed", "apo") == "apo: tidak ada pantauan itu; mungkin api?\n"
    assert told("remove", "api") == "api: dihapus\n"


def test_a_message_that_was_not_taken_is_told_in_the_language() -> None:
    assert write_told("api", "wa", 1, None, "en") == "watch api: 1 story to wa"
    assert write_told("api", "wa", 2, "HTTP 503", "id") == "pantauan api: 2 cerita kepada wa: tidak sampai: HTTP 503"
    assert [write_why(failed, "en") for failed in Failed] == list(Failed)
    assert not {write_why(failed, "id") for failed in Failed} & set(Failed)
