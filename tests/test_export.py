"""`scrapy export`: what other programs get, that nothing is lost or run, and that a file is whole or not there."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import sqlite3
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow
import pyarrow.parquet
import pytest

from kwri_crawler.archive import articles, open_archive
from kwri_crawler.archive.extracts import Extract
from kwri_crawler.exports import (
    COLUMNS,
    sheets,
    write_atom,
    write_csv,
    write_jsonl,
    write_rss,
    write_sheet,
)
from kwri_crawler.listings import read_feed
from kwri_crawler.whole_file import NotWritten, whole_file
from tests.archives import an_article, crawl_of, new_archive
from tests.crawling import PROJECT, Crawled, rows, run, run_here, scrapy, value
from tests.sites import month

FORMULAS = ('=HYPERLINK("https://evil.example","x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1")
COUNT = 50_000
# `python -m scrapy`, that prints its own peak in KB; ru_maxrss would begin with that of the process that started it
MEASURED = """
import atexit, re, sys
from scrapy.cmdline import execute
atexit.register(lambda: print(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]))
execute()
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "kwri.sqlite"
    month.build(path, a_day=4).close()
    return path


def export(archive: Path, *options: str) -> Crawled:
    return run_here("export", *options, ARCHIVE_PATH=str(archive))


def an_extract(**changes: Any) -> Extract:
    given = {
        "id": 7, "portal": "kwri-jatim", "portal_name": "KWRI Jawa Timur", "url": "https://jatim.kwri.or.id/a",
        "title": "Judul", "subtitle": None, "author": None, "editor": None, "source": None, "section": "Daerah",
        "published_at": "2024-06-27T07:10:00Z",
        "published_local": "2024-06-27T14:10:00+07:00", "published_precision": "minute", "published_reason": None,
        "updated_at": None, "dateline": None, "event_days": ("2024-06-26",), "tags": ("a", "b"), "lead": None,
        "body": "Satu.\n\nDua.", "access": None, "marks": None, "image_url": None, "image_caption": None,
        "image_credit": None, "link_urls": (),
        "word_count": 2, "language": "id", "story": None, "role": None,
        "text_hash": "0", "first_seen_at": "2024-06-27T07:20:00Z", "fetched_at": "2024-06-27T07:20:00Z",
    }  # fmt: skip
    return Extract(**{**given, **changes})


# ---------------------------------------------------------------------- CSV


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_a_csv_becomes_a_formula(formula: str) -> None:
    texts = (
        "title",
        "subtitle",
        "author",
        "editor",
        "source",
        "section",
        "lead",
        "body",
        "image_caption",
        "image_credit",
    )
    one = an_extract(**dict.fromkeys(texts, formula), tags=(formula, "b"), link_urls=(formula,))
    out = io.BytesIO()
    assert write_csv([one], out) == 1
    ((head, cells),) = [tuple(csv.reader(io.StringIO(out.getvalue().decode(), newline="")))]
    for name, cell in zip(head, cells, strict=True):
        assert not cell.startswith(tuple("=+-@\t\r\n＝＋－＠")), name
    assert cells[head.index("title")] == "'" + formula, "the text itself stays whole behind the apostrophe"


def test_a_csv_is_read_back_as_it_was_and_may_begin_with_excels_mark(archive: Path) -> None:
    plain, marked = export(archive, "--format", "csv"), export(archive, "--format", "csv", "--bom")
    assert marked.out == "\ufeff" + plain.out
    back = list(csv.DictReader(io.StringIO(plain.out)))
    stored = rows(archive, "SELECT * FROM articles ORDER BY id")
    assert len(back) == len(stored) > 100
    for cells, row in zip(back, stored, strict=True):
        assert (cells["url"], cells["published_at"]) == (row["url"], row["published_at"] or "")
        assert cells["body"] == row["body"]
        assert cells["word_count"] == str(row["word_count"])
    assert f"{len(stored)} articles" in plain.log
    assert export(archive, "--format", "jsonl", "--bom").code == 2


# ---------------------------------------------------------------------- JSON Lines, Parquet


def test_json_lines_lose_nothing(archive: Path) -> None:
    lines = [json.loads(line) for line in export(archive, "--format", "jsonl").out.splitlines()]
    stored = {row["id"]: row for row in rows(archive, "SELECT * FROM articles")}
    assert {line["id"] for line in lines} == set(stored)
    for line in lines:
        row = stored[line["id"]]
        shared = set(line) & set(row)
        assert {name: line[name] for name in shared} == {name: row[name] for name in shared}
        tags = rows(archive, "SELECT tag FROM tags WHERE article = ? ORDER BY tag", line["id"])
        assert line["tags"] == [tag["tag"] for tag in tags]
        assert line["link_urls"] == [url for url, _ in json.loads(row["links"] or "[]")]
    roles = {role: sum(line["role"] == role for line in lines) for role in ("original", "copy", None)}
    assert roles["original"] == value(archive, "SELECT count(*) FROM stories") > 5
    assert roles["copy"] == value(archive, "SELECT count(*) FROM articles WHERE story NOT NULL") - roles["original"]


def test_a_killed_export_leaves_nothing_for_ever_and_takes_nothing_from_one_that_writes(tmp_path: Path) -> None:
    with whole_file(str(tmp_path / "a.csv")) as busy:
        (left,) = tmp_path.iterdir()
        abandoned = [tmp_path / ".a.csv.killed_1.part", tmp_path / ".b.csv.killed_1.part"]
        for path in abandoned:
            path.touch()
        with whole_file(str(tmp_path / "a.csv")) as other:
            other.write(b"later\n")
        assert left.exists(), "it was being written"
        assert [path.exists() for path in abandoned] == [False, True], "b.csv's own export removes that"
        busy.write(b"first\n")
    assert (tmp_path / "a.csv").read_bytes() == b"first\n"


def test_json_lines_hold_what_a_portal_wrote_one_article_a_line() -> None:
    title = '=1 "\u2028\u2029\x85</script> \U0001f600\n\\'
    out = io.BytesIO()
    write_jsonl([an_extract(title=title)], out)
    assert out.getvalue().count(b"\n") == 1
    assert json.loads(out.getvalue())["title"] == title


def test_parquet_holds_times_as_times_and_lists_as_lists(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "all.parquet"
    assert export(archive, "--format", "parquet", "--out", str(out)).code == 0
    table = pyarrow.parquet.read_table(out)
    types = {name: str(table.schema.field(name).type) for name in table.column_names}
    assert types["published_at"] == types["first_seen_at"] == "timestamp[ms, tz=UTC]"  # Parquet knows no seconds
    assert types["tags"] == "list<element: string>"
    assert types["event_days"].startswith("list<element: date32")
    assert types["story"] == types["word_count"] == "int64"
    stored = {row["id"]: row for row in rows(archive, "SELECT * FROM articles")}
    assert table.num_rows == len(stored)
    for row in table.to_pylist():
        at = row["published_at"]
        assert (at and at.strftime("%Y-%m-%dT%H:%M:%SZ")) == stored[row["id"]]["published_at"]
        assert (row["title"], row["body"], row["story"]) == tuple(
            stored[row["id"]][k] for k in ("title", "body", "story")
        )
        assert all(type(day) is date for day in row["event_days"])


def test_without_pyarrow_the_cure_is_named_and_no_file_is_left(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "pyarrow.py").write_text("raise ImportError('not installed')")
    out = tmp_path / "all.parquet"
    env = {"PYTHONPATH": str(tmp_path)}
    done = run("export", "--format", "parquet", "--out", str(out), env=env, ARCHIVE_PATH=str(archive))
    assert done.code == 1
    assert "pip install 'kwri-crawler[parquet]'" in done.log
    assert not list(tmp_path.glob("*parquet*"))


# ---------------------------------------------------------------------- which articles


@pytest.mark.parametrize(
    ("options", "condition"),
    [
        (("--since", "2024-06-10", "--until", "2024-06-12"),
         "substr(published_local, 1, 10) BETWEEN '2024-06-10' AND '2024-06-12'"),
        (("--portal", "cahaya-papua"), "portal = 'cahaya-papua'"),
        (("--portal", "cahaya-papua", "--until", "2024-05-31"),
         "portal = 'cahaya-papua' AND substr(published_local, 1, 10) <= '2024-05-31'"),
        (("--search", "surabaya AND sekolah"),
         "id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'surabaya AND sekolah')"),
        (("--search", "surabaya", "--since", "2024-06-01", "--portal", "kabar-bromo"),
         "id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'surabaya')"
         " AND substr(published_local, 1, 10) >= '2024-06-01' AND portal = 'kabar-bromo'"),
    ],
)  # fmt: skip
def test_a_period_a_portal_and_a_search_bound_what_is_written(
    archive: Path, options: tuple[str, ...], condition: str
) -> None:
    lines = export(archive, "--format", "jsonl", *options).out.splitlines()
    asked = [row["id"] for row in rows(archive, f"SELECT id FROM articles WHERE {condition} ORDER BY id")]
    assert [json.loads(line)["id"] for line in lines] == asked
    assert 0 < len(asked) < value(archive, "SELECT count(*) FROM articles")


def test_a_story_is_written_whole_under_any_number_that_it_had(archive: Path) -> None:
    story = value(archive, "SELECT story FROM largest_stories LIMIT 1")
    members = [row["id"] for row in rows(archive, "SELECT id FROM articles WHERE story = ? ORDER BY id", story)]
    for number in (story, members[-1]):
        lines = export(archive, "--format", "jsonl", "--story", str(number)).out.splitlines()
        assert [json.loads(line)["id"] for line in lines] == members


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (("--search", "polda +"), 2, "words in a row in quotes"),
        (("--search", '"polda'), 2, "not a search that the index understands (unterminated string)"),
        (("--search", "AND"), 2, "not a search that the index understands"),
        (("--portal", "nowhere"), 2, "nowhere: no such portal"),
        (("--since", "27 Juni"), 2, "27 Juni: not a day; write it as 2024-06-27"),
        (("--limit", "5"), 2, "--limit is for feeds"),
        (("all.csv",), 2, "name the file with --out"),
        (("--out", "/proc/none/all.csv"), 5, "choose another --out"),
    ],
)
def test_a_wrong_argument_is_explained(archive: Path, options: tuple[str, ...], code: int, told: str) -> None:
    done = export(archive, *options)
    assert (done.code, "Traceback" in done.log) == (code, False)
    assert told in done.log + done.out


# ---------------------------------------------------------------------- feeds


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_a_feed_is_read_back_by_our_own_reader(archive: Path, kind: str) -> None:
    done = export(archive, "--format", kind, "--portal", "kabar-bromo", "--limit", "20")
    portal = month.portal_of(next(row for row in month.PORTALS if row[0] == "kabar-bromo"))
    read = read_feed(done.out.encode(), "https://kabar-bromo.example/feed", portal)
    newest = rows(archive, """
        SELECT url, published_at FROM articles WHERE portal = 'kabar-bromo'
        ORDER BY coalesce(published_at, first_seen_at) DESC, id DESC LIMIT 20
    """)  # fmt: skip
    assert [entry.url for entry in read.entries] == [row["url"] for row in newest]
    assert read.complete
    if kind == "atom":
        assert next(entry.printed_date for entry in read.entries if entry.printed_date) == newest[0]["published_at"]


@pytest.mark.parametrize("write", [write_atom, write_rss])
def test_a_hostile_article_breaks_no_feed(write: Any) -> None:
    bad = an_extract(
        title=month.HOSTILE + "\x00\x08]]>", url="javascript:alert(1)", lead="<b>&amp;</b> \x0b", tags=("<",)
    )
    out = io.BytesIO()
    write([bad, an_extract()], out, "]]> & <title>", month.tell(1).__next__().at)
    portal = month.portal_of(month.PORTALS[0])
    read = read_feed(out.getvalue(), portal.home, portal)
    assert b"javascript:" not in out.getvalue().replace(b"tag:kwri-crawler,2024:javascript:", b"")
    assert b"<script" not in out.getvalue()
    assert read.complete


# ---------------------------------------------------------------------- the file


def test_a_file_is_whole_or_what_was_there_before(tmp_path: Path) -> None:
    place = tmp_path / "deep" / "all.csv"
    with whole_file(str(place)) as out:
        out.write(b"first")
        assert not place.exists()
    with pytest.raises(TypeError), whole_file(str(place)) as out:
        out.writelines((b"half", "no bytes"))  # type: ignore[list-item]
    assert place.read_bytes() == b"first"
    assert [path.name for path in place.parent.iterdir()] == ["all.csv"]
    mask = os.umask(0)
    os.umask(mask)
    assert place.stat().st_mode & 0o777 == 0o666 & ~mask


def test_a_link_stays_a_link_and_a_device_a_device(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to("real.csv")
    with whole_file(str(tmp_path / "link.csv")) as out:
        out.write(b"x")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_bytes() == b"x"
    with whole_file("/dev/null") as out:
        out.write(b"x")
    assert Path("/dev/null").is_char_device()
    with pytest.raises(NotWritten, match="free some disk space"), whole_file("/dev/full") as out:
        out.write(b"x")


def test_whoever_reads_a_pipe_may_stop(archive: Path) -> None:
    command = " ".join(f"'{part}'" for part in scrapy("export", "--format", "jsonl", ARCHIVE_PATH=str(archive)))
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command} | head -1"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert json.loads(done.stdout)["id"] == 1
    assert done.stderr == ""
    assert done.returncode == 0


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of COUNT articles of 1 KB: 50 MB of text, without the search index, which no export reads here."""
    path = tmp_path_factory.mktemp("large") / "kwri.sqlite"
    db = open_archive(path)
    db.execute("PRAGMA synchronous = OFF")
    db.execute("DROP TRIGGER articles_ai")
    db.execute(
        "INSERT INTO portals (id, name, home, family, zone)"
        " VALUES ('p', 'P', 'https://p.id/', 'varient', 'Asia/Jakarta')"
    )
    db.execute("INSERT INTO crawls (id, portal, started_at, version) VALUES (1, 'p', '2024-06-01T00:00:00Z', '0')")
    db.execute(f"""
        INSERT INTO articles (portal, url, url_key, title, published_at, published_local, published_precision, body,
                              word_count, reader, text_hash, first_seen_at, fetched_at, crawl)
        SELECT 'p', 'https://p.id/' || value, 'p.id/' || value, 'Judul ' || value, '2024-06-01T00:00:00Z',
               '2024-06-01T07:00:00+07:00', 'minute', replace(hex(zeroblob(500)), '00', 'ab') || value, 300, 'general',
               value, '2024-06-01T00:00:00Z', '2024-06-01T00:00:00Z', 1
        FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT {COUNT}) SELECT * FROM n)
    """)  # fmt: skip
    db.close()
    return path


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="a process is measured by Linux's /proc")
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_the_memory_of_an_export_does_not_grow_with_the_archive(
    large: Path, archive: Path, kind: str, tmp_path: Path
) -> None:
    peaks = {}
    for name, source in (("small", archive), ("large", large)):
        command = scrapy("export", "--format", kind, "--out", str(tmp_path / name), ARCHIVE_PATH=str(source))
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, *command[3:]], cwd=PROJECT, capture_output=True, text=True, check=True
        )
        peaks[name] = int(done.stdout) / 1024
    if kind == "csv":
        assert (tmp_path / "large").stat().st_size > 50 << 20
    print(f"{kind}: {peaks}")
    assert peaks["large"] - peaks["small"] < 40, f"MB at the peak: {peaks}"


@pytest.mark.parametrize("wanted", ["csv", "jsonl", "atom", "rss"])
def test_a_terminal_gets_no_control_characters_and_a_pipe_the_text_as_it_is(wanted: str, tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    month.build(path, a_day=1).close()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE articles SET title = title || ?", ("\x1b[31m\u202e merah",))
    command = scrapy("export", "--format", wanted, ARCHIVE_PATH=str(path))
    piped = subprocess.run(command, cwd=PROJECT, capture_output=True, check=True).stdout.decode()
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, cwd=PROJECT, stdout=theirs, stderr=subprocess.DEVNULL)
    os.close(theirs)
    shown = b"".join(iter(lambda: _read(ours), b"")).decode()
    os.close(ours)
    assert process.wait(30) == 0
    assert "\u202e" in piped
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\\u202e" in shown
    assert ("\\x1b" in shown) is (wanted == "csv")
    assert shown.count("\n") == piped.count("\n")


def _read(handle: int) -> bytes:
    try:
        return os.read(handle, 65536)
    except OSError:  # its other side was closed
        return b""


def test_parquet_is_not_written_to_a_terminal(archive: Path) -> None:
    ours, theirs = pty.openpty()
    command = scrapy("export", "--format", "parquet", ARCHIVE_PATH=str(archive))
    done = subprocess.run(command, cwd=PROJECT, stdout=theirs, stderr=subprocess.PIPE, text=True)
    os.close(ours)
    os.close(theirs)
    assert (done.returncode, "name a file" in done.stderr) == (2, True)


def test_an_export_and_the_latest_articles_say_what_may_be_cut_and_what_is_a_heading(tmp_path: Path) -> None:
    db = new_archive(tmp_path / "kwri.sqlite")
    marks = '[[0,"h2"]]'
    articles.store(
        db, an_article("a", crawl_id=crawl_of(db), access="paywall", marks=(("Satu kalimat tentang kota.", "h2"),))
    )
    db.close()
    (line,) = [json.loads(one) for one in export(tmp_path / "kwri.sqlite", "--format", "jsonl").out.splitlines()]
    assert (line["access"], line["marks"]) == ("paywall", marks)
    assert value(tmp_path / "kwri.sqlite", "SELECT access FROM latest_articles") == "paywall"


# ---------------------------------------------------------------------- spreadsheets


def sheets_of(data: bytes) -> dict[str, list[list[Any]]]:
    """Return what a workbook holds, by sheet; every cell that is no formula."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert not [cell for sheet in book for row in sheet.rows for cell in row if cell.data_type == "f"]
    return {sheet.title: [[cell.value for cell in row] for row in sheet.rows] for sheet in book}


def cells_of(value: object, column: str = "title") -> Any:
    out = io.BytesIO()
    write_sheet("satu", (column,), [(value,)], out)
    return sheets_of(out.getvalue())["satu"][1][0]


@pytest.mark.parametrize("text", [*FORMULAS[:4], "<r><t>1</t></r>", "https://evil.example/", "{=1+1}", "0812", "1e5"])
def test_what_is_text_stays_text_in_a_workbook(text: str) -> None:
    assert cells_of(text).rstrip() == text


def test_a_workbook_holds_moments_as_dates_and_numbers_as_numbers() -> None:
    assert cells_of("2024-06-27T07:10:00Z", "published_at") == datetime(2024, 6, 27, 7, 10)
    assert cells_of("2024-06-27T14:10:00+07:00", "published_local") == datetime(2024, 6, 27, 14, 10)
    assert cells_of("1899-12-31T00:00:00Z", "published_at") == "1899-12-31T00:00:00Z", "Excel has no such day"
    assert (cells_of(7), cells_of(1.5), cells_of(True), cells_of(10**17)) == (7, 1.5, "True", str(10**17))


def test_a_text_over_a_cells_limit_is_cut_with_a_mark_and_one_at_the_limit_is_whole() -> None:
    assert cells_of("a" * 32_767) == "a" * 32_767
    cut = cells_of("a" * 32_768)
    assert (len(cut), cut.endswith("a … [cut: this cell had 32768 characters]")) == (32_767, True)
    faces = cells_of("\U0001f600" * 20_000)  # two units each
    assert len(faces.encode("utf-16-le")) // 2 in (32_766, 32_767)
    assert faces.endswith("[cut: this cell had 20000 characters]")
    assert cells_of("a\x00b\x1f\ud800\r\nc") == "ab?\nc"


def test_a_full_sheet_goes_on_in_a_second_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    out = io.BytesIO()
    assert write_sheet("satu: [a]", ("id",), [(n,) for n in range(5)], out) == 5
    assert {name: [row[0] for row in rows[1:]] for name, rows in sheets_of(out.getvalue()).items()} == {
        "satu- -a-": [0, 1], "satu- -a- (2)": [2, 3], "satu- -a- (3)": [4],
    }  # fmt: skip


def test_an_archive_as_a_workbook_has_all_articles_on_one_sheet_or_on_one_for_each_portal(
    archive: Path, tmp_path: Path
) -> None:
    stored = rows(archive, "SELECT id, portal, title FROM articles ORDER BY id")
    for sheets_asked in ("one", "portal"):
        done = export(archive, "--format=xlsx", "--columns=id,title,published_at", f"--sheets={sheets_asked}",
                      "--until=2024-05-09", f"--out={tmp_path / 'a.xlsx'}")  # fmt: skip
        assert done.code == 0, done.log
        found = sheets_of((tmp_path / "a.xlsx").read_bytes())
        portal_of = {row["id"]: row["portal"] for row in stored}
        assert all(
            ("articles " + portal_of[row[0]]).find(name) in (0, 9) for name, lines in found.items() for row in lines[1:]
        )
        assert (len(found) > 3) == (sheets_asked == "portal")
        assert all(lines[0] == ["id", "title", "published_at"] for lines in found.values())
        assert f"{sum(len(lines) - 1 for lines in found.values())} articles" in done.log
        assert all(isinstance(row[2], datetime) for lines in found.values() for row in lines[1:])


def test_chosen_columns_come_in_their_order_and_without_text_there_is_none(archive: Path) -> None:
    done = export(archive, "--columns", "title,url")
    assert done.out.splitlines()[0] == "title,url"
    line = json.loads(export(archive, "--format=jsonl", "--no-text").out.splitlines()[0])
    assert {"body", "marks"}.isdisjoint(line)
    assert len(line) == len(COLUMNS) - 2
    slips = ("--columns=judul", "--columns=title,title", "--columns=", "--columns=body --no-text",
             "--format=rss --no-text", "--format=xlsx --bom", "--format=jsonl --one-line",
             "--sheets=portal")  # fmt: skip
    assert {slip: export(archive, *slip.split()).code for slip in slips} == dict.fromkeys(slips, 2)
    assert "did you mean title?" in export(archive, "--columns=titel").log


def test_rows_are_one_line_high_when_asked(archive: Path) -> None:
    lines = export(archive, "--one-line").out.split("\r\n")[1:-1]
    assert len(lines) == len(rows(archive, "SELECT id FROM articles"))
    assert all("\n" not in line for line in lines)
    assert " ¶ " in lines[0]


def test_without_its_library_a_workbook_is_not_begun(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    done = export(archive, "--format=xlsx", f"--out={tmp_path / 'a.xlsx'}")
    assert (done.code, "pip install 'kwri-crawler[xlsx]'" in done.log) == (1, True)
    assert not (tmp_path / "a.xlsx").exists()
