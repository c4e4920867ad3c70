"""Kept pages that several processes read: the same articles in the same order; a page that kills one costs itself."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from scrapy.settings import Settings

from kwri_crawler.catalogue import Portal
from kwri_crawler.items import Article, Due, KeptPage
from kwri_crawler.reading.kept_reader import AT_ONCE, Job, KeptPageReader, Read, ReaderPool, Readers, Unread
from tests.crawling import PROJECT, assert_ends, is_running
from tests.golden_cases import FOLDER, cases

PORTAL = Portal("uji", "Uji", "https://kabar.co.id/", "general", None, "Asia/Jakarta", ())
DEADLY = "https://kabar.co.id/berita/mati"
AT = datetime(2026, 11, 1, tzinfo=UTC)


class Deadly:
    """A stage that ends its process at one article, as a fault in a C library would."""

    def process_item(self, article: Article) -> Article:
        if article.url == DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)
        return article


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


def read(readers: KeptPageReader | Readers, jobs: list[Job], at_once: int) -> Iterator[tuple[int, Read]]:
    slices = (jobs[i : i + at_once] for i in range(0, len(jobs), at_once))
    for some, answers in readers.read_slices(slices):
        yield from zip((one.row for one in some), answers, strict=True)


@pytest.fixture
def deadly() -> Iterator[Readers]:
    readers = ReaderPool(settings("pipelines.clean.CleanStage", "tests.test_kept_reader.Deadly"), 2)
    yield readers
    readers.close()


def test_many_read_as_one_does_and_a_page_that_kills_its_reader_costs_itself(deadly: Readers) -> None:
    here = list(read(KeptPageReader(settings("pipelines.clean.CleanStage")), JOBS, 7))
    assert [row for row, _ in here] == [one.row for one in JOBS]
    assert {type(found) for _, found in here} >= {Article, Unread}
    assert list(read(deadly, JOBS, 7)) == here
    html = b"<h1>Judul berita yang panjang</h1><article>" + b"<p>Warga desa bergotong royong.</p>" * 30 + b"</article>"
    kills = job(50, html, DEADLY)
    found = list(read(deadly, [*JOBS[:8], kills, *JOBS[8:]], 7))
    assert found == [*here[:8], (50, Unread("the process that read it died")), *here[8:]]
    assert list(read(deadly, JOBS[:3], 7)) == here[:3], "no reader is left"


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
