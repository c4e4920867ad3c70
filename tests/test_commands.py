"""Every command: the same slip gets the same answer, by one table of exit codes that docs/operating.md has too."""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from scrapy.settings import Settings

from kwri_crawler import kept
from kwri_crawler.archive import crawls, health, open_archive
from kwri_crawler.catalogue import read_catalogue
from kwri_crawler.clock import utc_text
from kwri_crawler.command import HARVEST, Exit, ProjectCommand
from kwri_crawler.screen import _Outliving, one_line, say_json, table
from tests.crawling import PROJECT, run, run_here, scrapy
from tests.test_doctor import COMMANDS, commands_of_module

OURS = [name for name in COMMANDS if name != "bench"]  # bench is Scrapy's own
PORTAL = """\
name = "Warta Uji"
region = "Bali"
network = "Kabar"
home = "https://warta-uji.example.id/"
family = "general"
zone = "Asia/Makassar"
listings = [ { kind = "feed", url = "/feed/" } ]
"""


@pytest.fixture
def places(tmp_path: Path) -> dict[str, str]:
    """An empty archive and a catalogue of one portal."""
    (tmp_path / "portals").mkdir()
    (tmp_path / "portals" / "warta-uji.toml").write_text(PORTAL)
    archive = tmp_path / "kwri.sqlite"
    open_archive(archive).close()
    return {"ARCHIVE_PATH": str(archive), "PORTALS_PATH": str(tmp_path / "portals"), "CONTACT": "a@example.invalid"}


NOT_DAYS = ("2024-02-30", "2024-13-01", "20240627", "2024-W26-4", "27-06-2024", "hari ini", "", "2024-6-1")
NOT_NUMBERS = ("0", "-5", "1.5", "banyak", "9" * 30, "\u0661", "")  # an Arabic digit is one for Python
NO_PORTAL = "warta-uij"
WITH_DAYS = (
    *((name, bound) for name in ("stories", "export", "clipping") for bound in ("--since", "--until")),
    ("crawl", "--since"),
)
WITH_PORTAL = (
    "stories",
    "export",
    "clipping --format html",
    "report --month 2024-06",
    "redate",
    "reread",
    "warc export x.warc",
)
NAMING_PORTALS = ("crawl", "portals", "harvest", "doctor --network")
SLIPS = [
    *([name, f"{option}={day}"] for name, option in WITH_DAYS for day in NOT_DAYS),
    *(["warc", "export", "x.warc", f"--since={day}"] for day in NOT_DAYS),
    *(["crawl", "warta-uji", "-a", f"since={day}"] for day in NOT_DAYS),
    *(["crawl", "warta-uji", "-a", f"limit={number}"] for number in NOT_NUMBERS),
    ["crawl", "warta-uji", "--limit=0"],
    *([*command.split(), "-s", f"CONNECT_TO={places}"]
      for command in ("crawl warta-uji", "harvest") for places in ('{"*": "server:80"}', '{"*": "127.0.0.1"}', '{"*"')),
    ["crawl", "warta-uji", "--until=2024-06-01"],
    ["crawl", "warta-uji", "--since=2024-06-01", "-a", "since=2024-06-02"],
    ["crawl", "warta-uji", "warta-uij", "--since=2024-06-01"],
    *(["report", f"--month={month}"] for month in ("2024-13", "2024", "Juni", "")),
    *(["report", f"--{option}={day}"] for option in ("week", "day") for day in NOT_DAYS[:2]),
    ["report", "--week=2024-06-27", "--day=2024-06-27"],
    *([*command.split(), f"--portal={NO_PORTAL}"] for command in WITH_PORTAL),
    *([*command.split(), NO_PORTAL] for command in NAMING_PORTALS),
    *(["stories", f"--limit={number}"] for number in NOT_NUMBERS),
    *(["export", "--format=rss", f"--limit={number}"] for number in NOT_NUMBERS),
    *(["backup", f"--keep={number}"] for number in NOT_NUMBERS),
    *([name, f"--story={number}"] for name in ("export", "clipping") for number in NOT_NUMBERS),
    *(["reread", f"--after={number}"] for number in NOT_NUMBERS if number != "0"),
    *(["stories", number] for number in NOT_NUMBERS if not number.startswith("-")),
    *([name, "--since=2024-06-02", "--until=2024-06-01"] for name in ("stories", "export", "clipping")),
    ["crawl", "warta-uji", "-a", "since=2024-06-02", "-a", "until=2024-06-01"],
    ["readpage", "page.html", "--zone=Asia/Jakata"],
    ["addportal", "https://a.example.id/", "--zone=Asia/Jakata"],
    ["harvest", "--within=sebentar"],
    *(
        [*command.split(), f"--{name}=Mars"]
        for command in ("list", "portals", "harvest", "doctor --network")
        for name in ("region", "province", "family", "of-network" if "doctor" in command else "network")
    ),
    *([command, "--word=sick"] for command in ("list", "portals", "harvest")),
    ["doctor", "--region=Bali"],  # it asks no portal without --network
    *(["directory", f"--{name}=Mars"] for name in ("province", "network", "family")),
    *([name, "--tidak-ada"] for name in OURS),
    *([name, "satu", "dua", "tiga"] for name in ("crawl", "backup", "deploy", "stories", "revisions", "warc")),
    ["forget", "satu", "dua"],
    ["desk", "satu"],
    ["desk", "--host=0.0.0.0"],  # others reach it, and it has no password
    ["desk", "--host=192.0.2.1", "--password-file=tests/test_commands.py"],  # no address of this machine
    ["desk", "--password-file=/tiada"],
    ["desk", "--password-file=scrapy.cfg"],  # its first line is too short
    ["desk", "--template-dir=/tiada"],
    *(["desk", f"--port={port}"] for port in ("-1", "65536", "http", "\u0661", "")),
    *([name, "satu"] for name in ("list", "export", "datasette", "report", "redate", "reread", "restory", "doctor")),
    *([name] for name in ("crawl", "deploy", "revisions", "readpage", "warc", "addportal", "report", "forget")),
]  # fmt: skip


@pytest.mark.parametrize(
    "slip", [pytest.param([*" ".join(slip[:1]).split(), *slip[1:]], id=" ".join(slip)) for slip in SLIPS]
)
def test_a_wrong_argument_is_2_and_is_named_whatever_the_command(slip: list[str], places: dict[str, str]) -> None:
    done = run_here(*slip, **places)
    assert done.code == Exit.ARGUMENT, done.log
    assert "error:" in done.log
    assert "Traceback" not in done.log
    if NO_PORTAL in " ".join(slip):
        assert "did you mean warta-uji?" in done.log


@pytest.mark.parametrize("command", ["list --region bal", "portals --region bal", "harvest --region bal",
                                     "doctor --network --region bal", "list --province BALU"])  # fmt: skip
def test_a_region_that_is_nearly_one_of_ours_is_named(command: str, places: dict[str, str]) -> None:
    done = run_here(*command.split(), **places)
    assert (done.code, "did you mean Bali?" in done.log) == (Exit.ARGUMENT, True), done.log


@pytest.mark.parametrize("name", ["list", "portals"])
@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ("--province bali", ["bali-1", "bali-2"]),
        ("--network RADAR --region Bali", ["bali-2"]),
        ("--region Bali --region Aceh", ["aceh-1", "bali-1", "bali-2"]),
        ("--word blocked", ["bali-1"]),
        ("--word blocked --region aceh", []),
    ],
)
def test_portals_are_chosen_by_region_network_and_word(
    name: str, options: str, shown: list[str], places: dict[str, str]
) -> None:
    folder = Path(places["PORTALS_PATH"])
    (folder / "warta-uji.toml").unlink()
    for portal, region, network in (
        ("aceh-1", "Aceh", "Kabar"),
        ("bali-1", "Bali", "Kabar"),
        ("bali-2", "Bali", "Radar"),
    ):
        text = PORTAL.replace("Bali", region).replace("Kabar", network).replace("warta-uji", portal)
        (folder / f"{portal}.toml").write_text(text)
    db = open_archive(Path(places["ARCHIVE_PATH"]))
    (bali,) = (one for one in read_catalogue(folder).portals if one.id == "bali-1")
    for day in (3, 2):
        crawl = crawls.begin(db, bali, None, None)
        db.execute("UPDATE crawls SET started_at = ?, finish = 'blocked', cause = 'block', reason = 'HTTP 403',"
                   " found = 9, pending = 0, stored = 0, known = 0, unreadable = 0, refused = 0, gone = 0, failed = 9"
                   " WHERE id = ?", (utc_text(datetime.now(UTC) - timedelta(days=day)), crawl))  # fmt: skip
    with db.conn:
        health.review(db, [bali], datetime.now(UTC))
    db.close()
    done = run_here(name, *options.split(), *(["--json"] if name == "portals" else []), **places)
    found = done.out.split() if name == "list" else [json.loads(line)["portal"] for line in done.out.splitlines()]
    assert (done.code, sorted(found)) == (0, shown), done.log


@pytest.mark.parametrize(
    "command",
    [
        "stories",
        "export",
        "clipping today --format html",
        "report --month 2024-06",
        "redate",
        "restory",
        "revisions https://a.id/b",
        "datasette",
        "desk",
        "forget https://a.id/b",
    ],
)
def test_a_missing_or_damaged_archive_is_5_whatever_the_command(command: str, places: dict[str, str]) -> None:
    archive = Path(places["ARCHIVE_PATH"])
    missing = run_here(*command.split(), **(places | {"ARCHIVE_PATH": str(archive.parent / "tiada.sqlite")}))
    assert (missing.code, "there is no archive" in missing.log) == (Exit.ARCHIVE, True)
    archive.write_bytes(b"no database, and long enough to be taken for one" * 200)
    damaged = run_here(*command.split(), **places)
    assert (damaged.code, "not a database" in damaged.log) == (Exit.ARCHIVE, True)


@pytest.mark.parametrize(
    "command",
    ["stories 512", "revisions https://warta-uji.example.id/tiada", "readpage page.html", "warc import page.html"],
)
def test_what_is_not_there_or_cannot_be_read_is_3(command: str, places: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<html><title>Kosong</title></html>")
    done = run_here(*command.replace("page.html", str(tmp_path / "page.html")).split(), **places)
    assert done.code == Exit.PART, done.log


@pytest.mark.parametrize("command", ["list", "portals", "redate", "warc export x.warc", "reread"])
def test_without_a_catalogue_it_is_1(command: str, places: dict[str, str]) -> None:
    done = run_here(*command.split(), **(places | {"PORTALS_PATH": "/tiada"}))
    assert (done.code, "/tiada" in done.log) == (Exit.SETUP, True)


@pytest.mark.parametrize(
    "command", ["stories", "export", "clipping today --format html --out -", "report --month 2024-06"]
)
def test_what_asks_the_archive_alone_does_without_a_catalogue(command: str, places: dict[str, str]) -> None:
    assert run_here(*command.split(), **(places | {"PORTALS_PATH": "/tiada"})).code == Exit.DONE


@pytest.mark.parametrize("name", OURS)
def test_a_command_says_its_exit_codes_and_they_are_of_the_table(name: str) -> None:
    command = commands_of_module()[name]()
    assert isinstance(command, ProjectCommand)
    command.settings = Settings()
    parser = argparse.ArgumentParser(prog=f"scrapy {name}")
    command.add_options(parser)
    said = [int(code) for code in re.findall(r"^  (\d)  ", parser.format_help().partition("exit codes:")[2], re.M)]
    assert said == sorted(said)
    assert {0, 2} <= set(said) <= set(HARVEST if name == "harvest" else Exit)


# ---------------------------------------------------------------- what is written


def test_a_new_archive_its_kept_pages_and_backups_are_their_owners_alone(places: dict[str, str]) -> None:
    archive = Path(places["ARCHIVE_PATH"])
    db = open_archive(archive)
    db.execute("INSERT INTO search_later VALUES (1)")
    db.execute("DELETE FROM search_later")
    kept.open_pages(archive.with_name("kwri-pages.sqlite")).close()
    assert run_here("backup", **places).code == Exit.DONE
    found = [*archive.parent.glob("kwri*.sqlite*"), *archive.parent.glob("backups/*.sqlite")]
    assert {"kwri.sqlite-wal", "kwri-pages.sqlite"} <= {path.name for path in found}
    assert {path.stat().st_mode & 0o077 for path in found} == {0}
    archive.chmod(0o640)
    assert run_here("backup", str(archive.parent / "b.sqlite"), **places).code == Exit.DONE
    assert (archive.parent / "b.sqlite").stat().st_mode & 0o777 == 0o640, "asked for by the archive's own mode"


@pytest.mark.parametrize(
    "command",
    [
        "export --out",
        "clipping today --format html --out",
        "report --month=2024-06 --out",
        "datasette --out",
        "backup",
        "warc export",
    ],
)
def test_no_command_writes_over_the_archive_or_the_kept_pages(command: str, places: dict[str, str]) -> None:
    archive = Path(places["ARCHIVE_PATH"])
    folder = archive.parent
    kept.open_pages(folder / "kwri-pages.sqlite").close()
    (folder / "sub").mkdir()
    (folder / "link").symlink_to(archive)
    (folder / "dangling").symlink_to(folder / "kwri-pages.sqlite-journal")
    os.link(folder / "kwri-pages.sqlite", folder / "hard")
    names = ["kwri.sqlite", "kwri-pages.sqlite", "sub/../kwri.sqlite", "link", "hard", "dangling"]
    names += [f"{name}{end}" for name in ("kwri.sqlite", "kwri-pages.sqlite") for end in ("-wal", "-shm", "-journal")]
    before = archive.read_bytes()
    for name in names:
        done = run_here(*command.split(), os.path.relpath(folder, PROJECT) + "/" + name, **places)
        assert done.code == Exit.ARGUMENT, f"{name}: {done.out}{done.log}"
    assert archive.read_bytes() == before
    done = run_here(*command.split(), str(folder / "kwri.sqlite-walls"), **places)
    assert done.code == Exit.DONE, "a neighbour is no file of ours"


@pytest.mark.parametrize("name", ["kwri.sqlite", "kwri-pages.sqlite"])
def test_no_option_of_scrapy_and_no_setting_writes_over_them_either(name: str, places: dict[str, str]) -> None:
    file = Path(places["ARCHIVE_PATH"]).with_name(name)
    kept.open_pages(file.with_name("kwri-pages.sqlite")).close()
    before = file.read_bytes()
    options = (
        f"-O {file}:csv", f"-o {file}:jsonl", f"-O file://{file}:csv", f"--pidfile {file}", f"--profile {file}",
        f"--logfile {file}", f"-s LOG_FILE={file}", f"-s PROMETHEUS_FILE={file}",
    )  # fmt: skip
    for option in options:
        done = run_here("crawl", "kwri-jatim", *option.split(), **places)
        assert (done.code, file.read_bytes() == before) == (Exit.ARGUMENT, True), f"{option}: {done.out}{done.log}"
    pid = file.with_name("pid")
    assert run_here("list", "--pidfile", str(pid), **places).code == Exit.DONE
    assert pid.read_text().strip().isdigit()


# ---------------------------------------------------------------- what is printed


def test_what_was_typed_wrongly_is_repeated_without_what_turns_a_line_around(places: dict[str, str]) -> None:
    for words in (
        ("crawl", "ka\u202ebar"),
        ("export", "--search", "a", "--\u202eformat", "csv"),
        ("export", "--format", "\u202e"),
    ):
        done = run_here(*words, **places)
        assert (done.code, "\u202e" in done.out + done.log) == (Exit.ARGUMENT, False)
        assert "\\u202e" in done.out + done.log


def test_a_closed_pipe_ends_no_command_in_a_traceback_nor_before_its_work_is_done(places: dict[str, str]) -> None:
    own = ("list", "portals", "stories", "export", "restory", "datasette", "list --help", "stories 512")
    for command in (*own, "settings --get BOT_NAME"):  # and Scrapy's
        process = subprocess.Popen(
            scrapy(*command.split(), **places), cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert process.stdout is not None
        process.stdout.close()  # as `| true` does
        log = process.stderr.read().decode() if process.stderr else ""
        assert not re.search("Traceback|BrokenPipe", log), f"{command}: {log}"
        assert process.wait() == (Exit.PART if "512" in command else Exit.DONE), command
    assert (Path(places["ARCHIVE_PATH"]).parent / "datasette.json").exists()


@pytest.mark.parametrize(
    "sign", ["\x1b[2J", "\u202e", "\u2066", "\x9b31m", "\r", "\n", "\u2028", "\x07", "\u200f", "\ud800"]
)
def test_what_steers_a_terminal_is_spelt_out(sign: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert all(char.isprintable() for char in one_line(f"a{sign}b"))
    assert sign not in table(("x",), [(f"a{sign}b",)]).split("x\n", 1)[1]
    say_json({"text": f"a{sign}b"})
    printed = capsys.readouterr().out
    assert json.loads(printed) == {"text": f"a{sign}b"}
    assert all(char.isprintable() for char in printed.rstrip("\n"))


def test_ordinary_words_are_left_as_they_are() -> None:
    words = "Bupati: “Rp5–10 juta” ﷽ é 日本 👩‍🌾"
    assert one_line(words) == words


def test_a_table_keeps_numbers_right_and_words_left() -> None:
    assert table(("portal", "n", "why"), [("a", 5, None), ("panjang", 12345, "x")], {"portal", "why"}).split("\n") == [
        "portal       n  why",
        "a            5",
        "panjang  12345  x",
    ]


def test_a_stream_whose_reader_is_gone_takes_what_is_written() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with _Outliving(writing, "wb") as stream:
        assert stream.write(b"abc") == 3
    assert isinstance(stream, io.RawIOBase)


def test_an_option_that_nobody_knows_is_not_taken_for_an_argument(places: dict[str, str]) -> None:
    done = run("doctor", "--ful", "--netwrk", **places)
    assert (done.code, "did you mean --network?" in done.log) == (2, True)
