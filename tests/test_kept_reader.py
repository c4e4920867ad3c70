"""Kept pages that several processes read: the same articles in the same order; a page that kills one costs itself."""

import functools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from scrapy.settings import Settings

from kwri_crawler.catalogue import Portal
from kwri_crawler.items import Article, Due, KeptPage
from kwri_crawler.reading.kept_reader import AT_ONCE, Job, KeptPageReader, Read, ReaderPool, Readers, Unread
from tests.crawling import PROJECT, assert_ends, is_running
from tests.golden_cases import FOLDER, cases
from tests.killers import DEADLY, ENDLESS

PORTAL = Portal("uji", "Uji", "https://kabar.co.id/", "general", None, "Asia/Jakarta", ())
HOSTILE = "https://kabar.co.id/berita/jahat"
DIED = "the process that read it died, or would have read it for more than 30 s"
AT = datetime(2026, 11, 1, tzinfo=UTC)


def settings(*stages: str) -> Settings:
    given = Settings()
    given.setmodule("kwri_crawler.settings")
    given.set("ITEM_PIPELINES", {path: number for number, path in enumerate(stages)})
    return given


def job(row: int, html: bytes, url: str | None = None) -> Job:
    url = url or f"https://kabar.co.id/berita/{row}"
    page = KeptPage("uji", url, url, 200, (("Content-Type", "text/html"),), html, AT)
    return Job(row, page, PORTAL, Due(row, url, crawl=3))


HTML = [(FOLDER / case / "page.html").read_bytes() for case in sorted(cases())[: 3 * AT_ONCE]]
JOBS = [job(row, html) for row, html in enumerate(HTML)] + [job(90, b""), job(91, b"%PDF-1.7 ...")]


TEXT = b"<h1>Judul berita yang panjang</h1><article>" + b"<p>Warga desa bergotong royong.</p>" * 30 + b"</article>"


def read_here(jobs: list[Job]) -> list[tuple[int, Read]]:
    found = KeptPageReader(settings("pipelines.clean.CleanStage")).read_some(jobs)
    return [(one.row, answer) for one, answer in zip(jobs, found, strict=True)]


def read(readers: Readers, jobs: list[Job], at_once: int) -> Iterator[tuple[int, Read]]:
    slices = (jobs[i : i + at_once] for i in range(0, len(jobs), at_once))
    for some, answers in readers.read_slices(slices):
        yield from zip((one.row for one in some), answers, strict=True)


@pytest.fixture
def hostile() -> Iterator[Readers]:
    readers = ReaderPool(settings("pipelines.clean.CleanStage", "tests.killers.Killer"), 2)
    yield readers
    readers.close()


@pytest.mark.parametrize("name", [DEADLY, ENDLESS])
def test_many_read_as_one_does_and_a_page_that_kills_its_reader_or_never_ends_costs_itself(
    hostile: Readers, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, HOSTILE)
    here = read_here(JOBS)
    assert {type(found) for _, found in here} >= {Article, Unread}
    assert list(read(hostile, JOBS, 7)) == here
    kills = job(50, TEXT, HOSTILE)
    found = list(read(hostile, [*JOBS[:8], kills, *JOBS[8:]], 7))
    assert found == [*here[:8], (50, Unread(DIED)), *here[8:]]
    assert list(read(hostile, JOBS[:3], 7)) == here[:3], "no reader is left"


_KILLED = """
import signal
from tests.test_kept_reader import JOBS, ReaderPool, settings
readers = ReaderPool(settings("pipelines.clean.CleanStage"), 1)
for _, answers in readers.read_slices([JOBS[:1]]):
    list(answers)
print(*readers._pool._processes, flush=True)
signal.pause()
"""


def test_readers_end_with_the_command_that_is_killed() -> None:
    command = subprocess.Popen([sys.executable, "-c", _KILLED], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert command.stdout is not None
    reader = int(command.stdout.readline())
    assert is_running(reader)
    command.kill()
    command.communicate()
    assert_ends(reader)


_BUSY = """
from tests.test_kept_reader import HOSTILE, TEXT, ReaderPool, job, settings
readers = ReaderPool(settings("pipelines.clean.CleanStage", "tests.killers.Killer"), 1)
try:
    readers.read_alone(job(1, TEXT, HOSTILE))
except KeyboardInterrupt:
    readers.close()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_command_at_once_and_its_busy_readers_with_it_or_soon(number: signal.Signals) -> None:
    heard = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    command = subprocess.Popen(
        [sys.executable, "-c", _BUSY],
        cwd=PROJECT,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heard,
        env={**os.environ, ENDLESS: HOSTILE},
    )
    assert command.stderr is not None
    assert command.stderr.readline() == "reading it\n"
    began = time.monotonic()
    command.send_signal(number)
    command.wait(timeout=30)
    assert time.monotonic() - began < 2
    command.stderr.read()  # until the reader, which has it too, has ended
    assert time.monotonic() - began < 30
