"""Every command line of README and docs runs as it stands there, or is listed in documented.toml with its reason."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
import sqlite3
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from scrapy.cmdline import execute
from sqlite_utils.cli import cli as sqlite_utils

from kwri_crawler import kept
from kwri_crawler.items import KeptPage
from tests.archives import new_archive
from tests.crawling import PROJECT
from tests.generated_docs import DOCS
from tests.papers import word
from tests.test_likeness import FLOOD, MARKET
from tests.test_stories import Press

PAGES = sorted([*PROJECT.glob("README*.md"), *DOCS.glob("*.md")])
TABLE = tomllib.loads((PROJECT / "tests" / "documented.toml").read_text(encoding="utf-8"))
RELEASE = (*FLOOD, "Humas Polres Ngawi, 27 Juni 2024")
_HERE = re.compile(r" <<< \$'(.*)'$")
_ARTICLE = "https://jatim.kwri.or.id/some-article"


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def lines() -> Iterator[str]:
    """Yield every command of the pages' shell blocks, each once: comments, pipes and what follows && taken apart."""
    seen = set()
    for page in PAGES:
        for block in blocks(page, "sh"):
            for line in block.splitlines():
                for part in re.split(r" && ", re.split(r"(?:^|\s)#(?=\s)", line)[0].strip()):
                    told = re.split(r" \| (?=\w+ )", part)[0].strip()
                    if told and told not in seen:
                        seen.add(told)
                        yield told


def listed(line: str) -> bool:
    return any(line.startswith(start) for part in TABLE.values() for start in part)


LINES = sorted(lines())
RUN = [line for line in LINES if not listed(line)]


def test_every_line_of_the_table_is_of_use_and_every_test_that_it_names_is_there() -> None:
    assert not [start for part in TABLE.values() for start in part if not any(line.startswith(start) for line in LINES)]
    assert all(len(reason) > 20 for reason in TABLE["why_not"].values())
    for start, named in TABLE["run_by"].items():
        file, _, test = named.partition("::")
        text = (PROJECT / "tests" / file).read_text(encoding="utf-8")
        assert f"def {test}(" in text, start
        assert start.split()[1] in text, f"{file} knows nothing of {start}"


def test_most_lines_are_run_here() -> None:
    assert len(RUN) > 40
    assert {"kwri", "sqlite-utils"} == {line.split()[0] for line in RUN}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder that has what the pages speak of: an archive with story 512, release 12, kept pages, papers."""
    folder = tmp_path_factory.mktemp("documented")
    archive = folder / "output" / "kwri.sqlite"
    archive.parent.mkdir()
    press = Press(new_archive(archive), {})
    press.brings("a.example/0", ("Satu teks yang berdiri sendiri.",), 1)
    press.db.conn.execute("PRAGMA foreign_keys = OFF")
    press.db.execute("UPDATE articles SET id = 511")
    press.db.conn.execute("PRAGMA foreign_keys = ON")
    assert press.brings("kwri-jatim/x", FLOOD, 1, url=_ARTICLE, title="Polda Jatim: pilkada di Surabaya aman") == 512
    press.brings("b.example/1", FLOOD[:-1], 3)
    press.brings("b.example/2", MARKET, 4)
    assert press.story(512) == 512
    press.db.close()
    page = (PROJECT / "tests/golden/varient/classic/page.html").read_bytes()
    pages = kept.open_pages(archive.with_name("kwri-pages.sqlite"))
    moment = datetime(2024, 6, 27, 8, tzinfo=UTC)
    kept.add(pages, [KeptPage("kwri-jatim", _ARTICLE, _ARTICLE, 200, (("Content-Type", "text/html"),), page, moment)])
    pages.close()
    (folder / "page.html").write_bytes(page)
    (folder / "siaran-pers").mkdir()
    (folder / "siaran-pers" / "2024-06-27 banjir.txt").write_text("\n\n".join(FLOOD), encoding="utf-8")
    (folder / "rilis.docx").write_bytes(word(RELEASE))
    (folder / "daftar.csv").write_text(
        f'name,unit,title,text,released_at\na,Polres,Pasar,"{MARKET[0]}",2024-06-27\n', encoding="utf-8"
    )
    (folder / "tempelan.txt").write_text(f"lihat {_ARTICLE}\n", encoding="utf-8")
    with contextlib.chdir(folder):
        assert kwri(["releases", "add", "rilis.docx", "--at=2024-06-27T14:10"])[0] == 0
        assert kwri(["warc", "export", "old-captures.warc.gz"])[0] == 0
    with contextlib.closing(sqlite3.connect(archive)) as db, db:
        for table, column in (("releases", "id"), ("carried", "release"), ("release_marks", "release")):
            db.execute(f"UPDATE {table} SET {column} = 12")
        db.execute("INSERT INTO articles_fts(articles_fts) VALUES ('rebuild')")  # article 511 was another number
    return folder


def kwri(words: list[str]) -> tuple[int, str]:
    """Run a command of ours in this process and folder; return its exit code and all that it printed."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
    code: object = 0
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        patch.setenv("SCRAPY_SETTINGS_MODULE", "kwri_crawler.settings")  # as cli.py does
        try:
            execute(["kwri", *words, "-s", f"ARCHIVE_PATH={Path('output/kwri.sqlite').absolute()}"])
        except SystemExit as ended:
            code = ended.code
    out.seek(0)
    return int(str(code or 0)), out.read()


@pytest.mark.parametrize("line", RUN)
def test_a_line_of_the_pages_runs_as_it_stands(
    line: str, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(place, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    given = _HERE.search(line)
    program, *words = shlex.split(line[: given.start()] if given else line)
    if program == "kwri":
        code, told = kwri(words)
    else:
        typed = given[1].encode().decode("unicode_escape") if given else None
        done = CliRunner().invoke(sqlite_utils, words, input=typed)
        code, told = done.exit_code, done.output
    assert code == 0, told
    assert not re.search("Traceback|WARNING|DEBUG", told), told


def test_the_sql_of_the_page_on_data_finds_the_article(place: Path) -> None:
    with contextlib.closing(sqlite3.connect(place / "output" / "kwri.sqlite")) as db:
        found = [db.execute(sql).fetchall() for sql in blocks(DOCS / "data.md", "sql")]
    assert len(found) == 2
    assert all("pilkada di Surabaya" in str(rows) for rows in found)


def test_the_python_of_its_page_runs(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    (code,) = blocks(DOCS / "python.md", "python")
    names: dict[str, object] = {"html": (place / "page.html").read_text(encoding="utf-8"), "url": _ARTICLE}
    exec(code, names)
    assert str(names["article"].published)  # type: ignore[attr-defined]
    names["db"].close()  # type: ignore[attr-defined]
