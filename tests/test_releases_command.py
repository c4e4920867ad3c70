"""`scrapy releases`: files, lists and a portal's articles added, shown, checked and removed; what is wrong is named."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from kwri_crawler.command import Exit
from tests import papers
from tests.archives import new_archive
from tests.crawling import Crawled, run_here
from tests.test_likeness import FLOOD, MARKET
from tests.test_releases import HEAD, SILENT, TAIL
from tests.test_stories import Press

pytest.importorskip("docx", reason="python-docx is not installed: pip install 'kwri-crawler[desk]'")

SENT = "2024-06-04T12:00"  # as tests.test_stories.NOON


@pytest.fixture
def press(tmp_path: Path) -> Press:
    """Three portals: the flood on two, the market on one of them, something else on the third."""
    press = Press(new_archive(tmp_path / "kwri.sqlite"), {})
    press.brings("a.example/1", FLOOD, 1.5, title="Banjir Rendam Tiga Desa")
    press.brings("b.example/1", FLOOD[:-1], 3, title="=HYPERLINK(1)")
    press.brings("b.example/2", MARKET, 30)
    press.brings("c.example/1", ("Teks lain yang tidak pernah dikirim oleh siapa pun.",), 1)
    press.db.execute("UPDATE crawls SET finish = 'finished', started_at = '2024-06-30T00:00:00Z'")
    return press


def ask(folder: Path, *args: str) -> Crawled:
    return run_here("releases", *args, ARCHIVE_PATH=str(folder / "kwri.sqlite"))


def write(folder: Path, name: str, data: bytes) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return str(path)


def add(folder: Path, name: str, body: tuple[str, ...], *options: str) -> Crawled:
    return ask(folder, "add", write(folder, name, papers.word((*HEAD, *body, *TAIL))), f"--at={SENT}", *options)


@pytest.mark.usefixtures("press")
def test_a_release_is_added_listed_and_shown_with_who_changed_what(tmp_path: Path) -> None:
    done = add(tmp_path, "banjir.docx", FLOOD, "--unit=Polres Contoh")
    assert done.code == 0, done.log
    assert (
        done.out == "banjir.docx: added, sent 2024-06-04 12:00+07:00 (--at); carried by 2 articles on 2 portals now\n"
    )
    add(tmp_path, "lomba.docx", (SILENT,))
    listed = ask(tmp_path)
    assert "2 releases; 1 ran, 1 nowhere" in listed.out
    assert "Polres Contoh" in listed.out
    shown = ask(tmp_path, "banjir.docx")
    assert "+1.5 h" in shown.out
    assert "headline: Banjir Rendam Tiga Desa" in shown.out
    assert "-[Dapur umum" in shown.out
    assert ask(tmp_path, "2").out.splitlines()[-1] == "  ran nowhere"
    assert json.loads(ask(tmp_path, "1", "--json").out)["carriers"][0]["lag_hours"] == 1.5


@pytest.mark.usefixtures("press")
def test_of_a_release_known_to_the_day_no_hour_is_printed_and_shares_are_those_of_the_language(tmp_path: Path) -> None:
    ask(tmp_path, "add", write(tmp_path, "banjir.docx", papers.word((*HEAD, *FLOOD, *TAIL))), "--at=2024-06-04")
    shown = ask(tmp_path, "banjir.docx").out
    assert " same day  2024-06-04  a.example\n" in shown
    assert not re.search(r"\d\d:\d\d", shown)
    assert "hari sama  2024-06-04  a.example\n" in ask(tmp_path, "banjir.docx", "--lang=id").out
    assert re.search(r"^a\.example +1 +1 +100% ", ask(tmp_path, "--portals").out, re.MULTILINE)
    add(tmp_path, "pasar.docx", MARKET, "--unit=Polsek")
    assert re.search(r"^Polsek .* 30,0$", ask(tmp_path, "--units", "--lang=id").out, re.MULTILINE)


@pytest.mark.usefixtures("press")
def test_a_list_as_csv_holds_every_release_and_runs_no_formula(tmp_path: Path) -> None:
    add(tmp_path, "banjir.docx", FLOOD)
    add(tmp_path, "lomba.docx", (SILENT,), "--unit==1+1")
    rows = list(csv.DictReader(io.StringIO(ask(tmp_path, "--csv").out)))
    assert [(row["name"], row["articles"], row["first_portal"], row["first_hours"], row["unit"]) for row in rows] == [
        ("banjir.docx", "2", "a.example", "1.5", ""), ("lomba.docx", "0", "", "", "'=1+1"),
    ]  # fmt: skip
    carriers = list(csv.DictReader(io.StringIO(ask(tmp_path, "1", "--csv").out)))
    assert [row["title"] for row in carriers] == ["Banjir Rendam Tiga Desa", "'=HYPERLINK(1)"]
    assert json.loads(ask(tmp_path, "--uncarried", "--json").out)[0]["name"] == "lomba.docx"
    assert ask(tmp_path, "--csv", "--since=2024-06-05").out.count("\r\n") == 1


@pytest.mark.usefixtures("press")
def test_a_list_as_a_workbook_holds_every_release_and_moments_as_dates(tmp_path: Path) -> None:
    add(tmp_path, "banjir.docx", FLOOD)
    add(tmp_path, "lomba.docx", (SILENT,), "--unit==1+1")
    out = tmp_path / "r.xlsx"
    done = ask(tmp_path, f"--xlsx={out}")
    assert (done.code, done.log) == (0, f"2 rows in {out}\n")
    head, *rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(out)["releases"].rows]
    told = [dict(zip(head, row, strict=True)) for row in rows]
    assert [(row["name"], row["articles"], row["unit"]) for row in told] == [
        ("banjir.docx", 2, None), ("lomba.docx", 0, "=1+1"),
    ]  # fmt: skip
    assert told[0]["released_local"] == datetime(2024, 6, 4, 12, 0)
    assert (ask(tmp_path, "1", f"--xlsx={out}").code, len(list(openpyxl.load_workbook(out)["releases"].rows))) == (0, 3)
    assert ask(tmp_path, "--units", f"--xlsx={out}").code == 0


@pytest.mark.usefixtures("press")
def test_units_and_portals_are_counted_and_the_silent_one_is_last(tmp_path: Path) -> None:
    add(tmp_path, "banjir.docx", FLOOD, "--unit=Polres")
    add(tmp_path, "pasar.docx", MARKET, "--unit=Polsek")
    units = json.loads(ask(tmp_path, "--units", "--json").out)
    assert [(one["unit"], one["releases"], one["articles"]) for one in units] == [("Polres", 1, 2), ("Polsek", 1, 1)]
    portals = json.loads(ask(tmp_path, "--portals", "--json").out)
    assert [(one["portal"], one["carried"]) for one in portals] == [
        ("b.example", 2),
        ("a.example", 1),
        ("c.example", 0),
    ]
    assert ask(tmp_path, "--portals").out.splitlines()[-1].split()[0] == "c.example"
    weeks = ask(tmp_path, "--units", "--by=week", "--sort=fastest").out.splitlines()
    assert [line.split()[:2] for line in weeks] == [
        ["span", "unit"],
        ["2024-06-03", "Polres"],
        ["2024-06-03", "Polsek"],
    ]


@pytest.mark.usefixtures("press")
def test_a_folder_is_read_whole_and_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "rilis"
    write(folder, "Polres A/2024-06-04 banjir.docx", papers.word(FLOOD))
    write(folder, "Polres B/pasar.eml", papers.letter(MARKET, date="Tue, 4 Jun 2024 09:10:00 +0700"))
    write(folder, "lama.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    write(folder, "tanpa hari.txt", SILENT.encode())
    write(folder, "foto.jpg", b"\xff\xd8")
    write(folder, "~$pasar.docx", b"Word has it open")
    done = ask(tmp_path, "add", str(folder))
    assert done.code == Exit.PART
    assert done.log.splitlines() == [
        "lama.doc: not read: an old .doc; save it as .docx",
        "tanpa hari.txt: no day is printed in it; say --at 2024-06-27T14:10",
    ]
    rows = json.loads(ask(tmp_path, "--json").out)
    assert [(row["name"], row["unit"], row["released_precision"]) for row in rows] == [
        ("Polres A/2024-06-04 banjir.docx", "Polres A", "day"), ("Polres B/pasar.eml", "Polres B", "minute"),
    ]  # fmt: skip
    assert ask(tmp_path, "add", str(folder)).out.count(": known") == 2


@pytest.mark.usefixtures("press")
def test_a_list_is_added_whole_or_not_at_all(tmp_path: Path) -> None:
    head = "name,unit,title,text,released_at\n"
    good = f'SP-1,Polres,Banjir,"{" ".join(FLOOD)}",2024-06-04 12:00\n'
    done = ask(tmp_path, "add", write(tmp_path, "a.csv", (head + good + "SP-2,,Judul,Teks,kapan\n").encode()))
    assert (done.code, ask(tmp_path, "--json").out) == (Exit.PART, "[]\n")
    assert "a.csv: nothing of it was added: line 3: released_at kapan" in done.log
    done = ask(tmp_path, "add", write(tmp_path, "a.csv", (head + good).encode()))
    assert (done.code, done.out.startswith("SP-1: added, sent 2024-06-04 12:00+07:00; carried by 2 ")) == (0, True)


def test_a_desks_own_portal_is_added_without_carrying_itself(press: Press, tmp_path: Path) -> None:
    press.db.execute("UPDATE articles SET published_local = published_at")
    done = ask(tmp_path, "add", "--portal=a.example")
    assert (done.code, done.out) == (0, "1 added, 0 changed, 0 known\n"), done.log
    (row,) = json.loads(ask(tmp_path, "--json").out)
    assert (row["name"], row["articles"], row["first_portal"], row["first_hours"]) == (
        "a.example/1",
        1,
        "b.example",
        1.5,
    )
    assert ask(tmp_path, "add", "--portal=a.example", "--since=2030-01-01").code == Exit.PART


@pytest.mark.usefixtures("press")
def test_pasted_links_are_checked_and_carriers_that_nobody_reported_named(tmp_path: Path) -> None:
    add(tmp_path, "banjir.docx", FLOOD)
    pasted = "[04/06 14.10] Budi: https://a.example/1?utm_source=wa\nsiap\nhttps://c.example/1\nhttps://d.example/9\n"
    done = ask(tmp_path, "links", write(tmp_path, "wa.txt", pasted.encode()), "--json")
    told = json.loads(done.out)
    assert [(one["state"], one["release"]) for one in told["links"]] == [
        ("carries it", "banjir.docx"), ("archived, carries no release", None), ("not archived", None),
    ]  # fmt: skip
    assert [one["url"] for one in told["unreported"]] == ["https://b.example/1"]
    assert told["lines_without_address"] == 1
    done = ask(tmp_path, "links", write(tmp_path, "wa.txt", b"https://b.example/1"))
    assert done.out.splitlines()[-1] == "1 address, 0 lines without one; 0 carriers that nobody reported"
    assert ask(tmp_path, "links", str(tmp_path / "tidak ada")).code == Exit.PART


@pytest.mark.usefixtures("press")
def test_a_removed_release_is_gone(tmp_path: Path) -> None:
    add(tmp_path, "banjir.docx", FLOOD)
    assert ask(tmp_path, "remove", "banjir.docx").out == "banjir.docx: removed\n"
    assert (ask(tmp_path, "remove", "banjir.docx").code, ask(tmp_path, "1").code) == (Exit.PART, Exit.PART)


@pytest.mark.usefixtures("press")
def test_a_short_release_and_a_files_own_time_are_said(tmp_path: Path) -> None:
    path = Path(write(tmp_path, "singkat.txt", SILENT.encode()))
    at = datetime(2024, 6, 4, 5, tzinfo=UTC).timestamp()
    os.utime(path, (at, at))
    done = ask(tmp_path, "add", str(path), "--at=mtime")
    assert done.out.splitlines() == [
        "singkat.txt: added, sent 2024-06-04 12:00+07:00 (the file's own time); not carried yet",
        "  under 40 words: only the identical text is found",
    ]


@pytest.mark.parametrize(
    "slip",
    [
        ["add"], ["add", "a.docx", "--portal=a.example"], ["add", "a.docx", "--at=kapan"], ["links"], ["remove"],
        ["satu", "dua"], ["--json", "--csv"], ["--csv", "--xlsx=a.xlsx"], ["remove", "a", "--xlsx=a.xlsx"],
        ["--by=week"], ["--units", "--by=year"], ["--at=2024-06-04"], ["add", "a.docx", "--since=2024-06-04"],
        ["--since=2024-06-02", "--until=2024-06-01"], ["add", "--portal=a.example", "--at=2024-06-04"],
    ],
    ids=" ".join,
)  # fmt: skip
@pytest.mark.usefixtures("press")
def test_a_wrong_argument_is_2(slip: list[str], tmp_path: Path) -> None:
    assert ask(tmp_path, *slip).code == Exit.ARGUMENT


@pytest.mark.usefixtures("press")
def test_without_its_library_nothing_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kwri_crawler.desk.papers.find_spec", lambda _: None)
    text = write(tmp_path, "rilis/a.txt", b"2024-06-04\n\n" + SILENT.encode())
    write(tmp_path, "rilis/b.docx", papers.word(FLOOD))
    done = ask(tmp_path, "add", str(Path(text).parent))
    assert (done.code, ask(tmp_path, "--json").out) == (Exit.SETUP, "[]\n")
    assert "pip install 'kwri-crawler[desk]'" in done.log
