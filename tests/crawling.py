"""Run `scrapy crawl` as users do, in a process of its own, against servers on loopback; and ask the archive."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from scrapy.cmdline import execute

from tests import forked
from tests.forked import Crawled

PROJECT = Path(__file__).resolve().parent.parent
PORTAL = "kwri-jatim"
HOST = "jatim.kwri.or.id"
# No test or trial reads an operator's settings.toml or portals, and one that forgets ARCHIVE_PATH fails: no folder can
# be made there.
os.environ["LC_ALL"] = "C.UTF-8"  # and in the language of this machine
os.environ["TZ"] = "UTC"  # commands speak of moments on this machine's clock
time.tzset()
os.environ["KWRI_HOME"] = os.path.join(os.devnull, "kwri")
HANGS_S = 1800.0  # after which a trial's crawl has hung, on a machine that has much else to do
# A polite crawl of the demo portal takes minutes. Only the waiting is left out here.
IMPATIENT = {"DOWNLOAD_DELAY": "0", "BACK_OFF_S": "0.1", "DOWNLOAD_TIMEOUT": "3", "CONTACT": "test@example.invalid"}


def command(archive: Path, places: dict[str, str], *options: str, portal: str = PORTAL, **settings: str) -> list[str]:
    """Return the command line of a crawl that fetches the given hosts' pages from the given places."""
    given = {"ARCHIVE_PATH": str(archive), "CONNECT_TO": json.dumps(places), **IMPATIENT, **settings}
    return scrapy("crawl", portal, *options, **given)


def start(*args: Any, **settings: str) -> subprocess.Popen[str]:
    """Start a crawl and return its process."""
    return subprocess.Popen(
        command(*args, **settings), cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def scrapy(*args: str, **settings: str) -> list[str]:
    """Return the command line of any command of the project."""
    pairs = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    return [sys.executable, "-m", "scrapy", *args, *pairs]


def run(*args: str, timeout_s: float = 120, env: dict[str, str] | None = None, **settings: str) -> Crawled:
    """Run any command of the project to its end; with an environment of its own it is started."""
    line = scrapy(*args, **settings)
    if env is None:
        return _fork(line, timeout_s)
    done = subprocess.run(
        line, cwd=PROJECT, capture_output=True, text=True, timeout=timeout_s, env={**os.environ, **env}, check=False
    )
    return Crawled(done.returncode, done.stdout, done.stderr)


def run_here(*args: str, **settings: str) -> Crawled:
    """Run a command that only reads the archive, in this process: a second sooner each."""
    out, log = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    code: Any = 0
    with contextlib.chdir(PROJECT), contextlib.redirect_stdout(out), contextlib.redirect_stderr(log):
        try:
            execute(["scrapy", *scrapy(*args, **settings)[3:]])
        except SystemExit as ended:
            code = ended.code
    told = []
    for stream in (out, log):
        stream.flush()
        stream.seek(0)
        told.append(stream.read())
    return Crawled(code or 0, *told)


def finish(process: subprocess.Popen[str], timeout_s: float = 120) -> Crawled:
    """Wait for a crawl's end."""
    out, log = process.communicate(timeout=timeout_s)
    return Crawled(process.returncode, out, log)


def crawl(*args: Any, timeout_s: float = 120, **settings: str) -> Crawled:
    """Run a crawl to its end."""
    return _fork(command(*args, **settings), timeout_s)


def _fork(line: list[str], timeout_s: float) -> Crawled:
    return forked.run(line[3:], PROJECT, os.environ, timeout_s)


def rows(archive: Path, sql: str, *values: object) -> list[dict[str, Any]]:
    """Ask the archive as downstream does: another process, read only."""
    connection = sqlite3.connect(f"file:{archive}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        return [dict(row) for row in connection.execute(sql, values)]
    finally:
        connection.close()


def value(archive: Path, sql: str, *values: object) -> Any:
    """Return the one value that a query gives."""
    (row,) = rows(archive, sql, *values)
    (only,) = row.values()
    return only


def contents(archive: Path) -> list[dict[str, Any]]:
    """Return all that an archive says of its articles, without what differs from crawl to crawl."""
    return rows(
        archive,
        "SELECT url, title, author, section, published_at, published_local, lead, body, image_url, text_hash,"
        " (SELECT group_concat(tag, '|') FROM (SELECT tag FROM tags WHERE article = articles.id ORDER BY tag)) AS tags"
        " FROM articles ORDER BY url",
    )


def assert_sound(archive: Path) -> None:
    """Check the file, its search index, its references, and that every crawl's sum is right."""
    assert value(archive, "PRAGMA integrity_check") == "ok"
    assert not rows(archive, "PRAGMA foreign_key_check")
    with sqlite3.connect(archive) as connection:
        connection.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES('integrity-check', 1)")
    for row in rows(archive, "SELECT * FROM crawls WHERE finish IS NOT NULL"):
        parts = ("pending", "stored", "known", "unreadable", "refused", "gone", "failed", "left_out")
        assert row["found"] == sum(row[part] for part in parts), row
    assert not rows(archive, "SELECT * FROM urls WHERE outcome NOT IN ('pending', 'stored') AND reason IS NULL")
    assert not rows(archive, "SELECT * FROM urls WHERE outcome IN ('stored', 'known') AND article IS NULL")


def peak_mb(process: int | str) -> float:
    """Return the most memory that a running process ever held, by its number or "self"; Linux only.

    Not getrusage(): its figure of a child begins with what its parent held when it forked.
    """
    (line,) = (row for row in Path(f"/proc/{process}/status").read_text().splitlines() if row.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def is_running(pid: int) -> bool:
    """Tell whether a process runs; one that ended and was not asked how does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def assert_ends(pid: int, within_s: float = 60) -> None:
    """Wait for the end of a process that is not this one's child."""
    until = time.monotonic() + within_s
    while is_running(pid):
        assert time.monotonic() < until, "it outlived what it worked for"
        time.sleep(0.05)
