"""The second process that reads pages: it reads as the first one does, and whatever becomes of it no page is lost."""

import asyncio
import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.settings import Settings

from kwri_crawler.catalogue import Portal
from kwri_crawler.items import Due, Outcome, Page
from kwri_crawler.pages import PageError
from kwri_crawler.reading import limit
from kwri_crawler.reading.processes import MANY, WAITING, SharedReaders, share_readers
from kwri_crawler.reading.reader import PageReader
from kwri_crawler.reading.stages import FurtherStages, pure_stages
from kwri_crawler.web.unpacking import CutOff
from tests.crawling import PROJECT, assert_ends, is_running
from tests.golden_cases import FOLDER, cases
from tests.killers import ALLOWED_S, ENDLESS

STAGES = ("pipelines.clean.CleanStage", "pipelines.dates.DateStage", "pipelines.dedupe.DedupeStage")
MAXIMUM = 1 << 20
PORTAL = Portal("uji", "Uji", "https://kabar.co.id/", "general", None, "Asia/Jakarta", ())
DUE = Due(7, "https://kabar.co.id/berita/7", crawl=3)


def page(html: bytes, number: int = 1, packed: tuple[str, ...] = ()) -> Page:
    return Page(f"https://kabar.co.id/berita/{number}", html, "text/html", datetime(2026, 11, 1, tzinfo=UTC), packed)


PAGES = [page((FOLDER / case / "page.html").read_bytes(), number) for number, case in enumerate(cases())]
PAGES += [page(b"", 90), page(b"%PDF-1.7 ...", 91), page(gzip.compress(PAGES[0].body), 92, ("gzip",))]
PAGES += [page(gzip.compress(PAGES[0].body)[:-30], 93, ("gzip",)), page(gzip.compress(bytes(2 << 20)), 94, ("gzip",))]


def read_here(one: Page) -> object:
    try:
        return PageReader(STAGES, MAXIMUM).read(one, PORTAL, DUE)
    except (PageError, CutOff) as error:
        return type(error), str(error), getattr(error, "outcome", None)


async def read_beside(beside: SharedReaders, one: Page) -> object:
    try:
        return await beside.run("read", one, PORTAL, DUE)
    except (PageError, CutOff) as error:
        return type(error), str(error), getattr(error, "outcome", None)


def os_times(pid: int) -> tuple[float, float]:
    """Return a process's seconds of CPU, its own and the system's."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) / os.sysconf("SC_CLK_TCK"), int(fields[12]) / os.sysconf("SC_CLK_TCK")


async def second_process(beside: SharedReaders) -> "subprocess.Popen[bytes]":
    """Make pages come fast enough for a second process, and wait until it is there."""
    await read_beside(beside, PAGES[0])
    while not all(other.is_ready for other in beside._others):
        await asyncio.sleep(0.01)
    return beside._others[0]._process


def with_beside(
    work: Callable[[SharedReaders], Coroutine[Any, Any, None]],
    pages_a_second: int = 1,
    most: int = 1,
    stages: tuple[str, ...] = STAGES,
) -> None:
    async def run() -> None:
        beside = SharedReaders.share(stages, MAXIMUM, pages_a_second, most)
        try:
            await asyncio.wait_for(work(beside), timeout=60)
        finally:
            beside.close()

    asyncio.run(run())


def test_the_second_process_reads_as_the_first() -> None:
    async def work(beside: SharedReaders) -> None:
        process = await second_process(beside)
        found = await asyncio.gather(*(read_beside(beside, one) for one in PAGES))
        assert found == [read_here(one) for one in PAGES]
        assert {entry[0] for entry in found if isinstance(entry, tuple)} == {PageError, CutOff}
        assert process.poll() is None, "it was this process that read"

    with_beside(work)


def test_pages_that_come_slowly_need_no_second_process() -> None:
    async def work(beside: SharedReaders) -> None:
        for one in PAGES:
            assert await read_beside(beside, one) == read_here(one)
        assert not beside._others

    with_beside(work, pages_a_second=10_000)
    with_beside(work, pages_a_second=0)


def test_many_pages_that_are_to_come_have_it_ready_before_the_first() -> None:
    async def work(beside: SharedReaders) -> None:
        beside.expect(MANY - 1)
        assert not beside._others
        beside.expect(MANY)
        (first,) = beside._others
        beside.expect(MANY)
        assert await read_beside(beside, PAGES[0]) == read_here(PAGES[0]), "while it is not ready yet"
        while not first.is_ready:
            await asyncio.sleep(0.01)
        assert await read_beside(beside, PAGES[1]) == read_here(PAGES[1])
        assert beside._others == [first]

    async def never(beside: SharedReaders) -> None:
        beside.expect(MANY)
        assert not beside._others

    with_beside(work, pages_a_second=10_000)
    with_beside(never, pages_a_second=0)


def test_who_is_wary_has_every_page_read_beside_from_the_first_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(beside: SharedReaders) -> None:
        share_readers(STAGES, MAXIMUM, 10_000, 1, wary=True).close()
        reading = beside._reading
        monkeypatch.setattr(beside, "_reading", None)
        found = await asyncio.gather(*(read_beside(beside, one) for one in PAGES))
        assert found == [read_here(one) for one in PAGES]
        assert len(beside._others) == 1
        monkeypatch.setattr(beside, "_reading", reading)

    async def never(beside: SharedReaders) -> None:
        beside.wary = True
        assert await read_beside(beside, PAGES[0]) == read_here(PAGES[0])
        assert not beside._others

    with_beside(work, pages_a_second=10_000)
    with_beside(never, pages_a_second=0)


def test_a_process_that_dies_costs_the_one_page_that_it_read() -> None:
    async def work(beside: SharedReaders) -> None:
        first = await second_process(beside)
        assert await read_beside(beside, PAGES[1]) == read_here(PAGES[1])
        first.send_signal(signal.SIGSTOP)
        reading = [asyncio.ensure_future(read_beside(beside, one)) for one in PAGES]
        await asyncio.sleep(0.1)
        assert not any(task.done() for task in reading)
        first.kill()
        lost, *others = await asyncio.gather(*reading)
        assert lost == (PageError, "the process that read it died (exit status -9)", Outcome.FAILED)
        assert others == [read_here(one) for one in PAGES[1:]]
        assert (await second_process(beside)).pid != first.pid

    with_beside(work)


def test_a_page_that_never_ends_costs_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENDLESS, "/berita/jahat")
    monkeypatch.setattr(limit, "PAGE_CPU_S", ALLOWED_S)

    async def work(beside: SharedReaders) -> None:
        first = await second_process(beside)
        monkeypatch.setattr(beside, "_reading", None)  # nor is any page read here once one ended its reader
        endless = replace(PAGES[0], url="https://kabar.co.id/berita/jahat")
        found = await asyncio.gather(*(read_beside(beside, one) for one in (PAGES[0], endless, *PAGES[1:])))
        assert found[1] == (PageError, "to read it takes more than 2 s", Outcome.FAILED)
        assert [found[0], *found[2:]] == [read_here(one) for one in PAGES]
        assert first.poll() == -signal.SIGPROF

    with_beside(work, stages=(*STAGES, "tests.killers.Killer"))


def test_neither_a_reader_that_sleeps_nor_many_pages_count_as_one_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limit, "PAGE_CPU_S", ALLOWED_S)

    async def work(beside: SharedReaders) -> None:
        first = await second_process(beside)
        reading = asyncio.gather(*(read_beside(beside, one) for one in PAGES))
        first.send_signal(signal.SIGSTOP)
        await asyncio.sleep(ALLOWED_S + 1)
        first.send_signal(signal.SIGCONT)
        assert await reading == [read_here(one) for one in PAGES]
        while (used := sum(os_times(first.pid))) < ALLOWED_S + 1:
            await read_beside(beside, PAGES[0])
        assert (first.poll(), used > ALLOWED_S) == (None, True)

    with_beside(work, stages=(*STAGES, "tests.killers.Killer"))


def test_there_are_as_many_as_pages_wait_for_and_never_more_than_were_allowed() -> None:
    async def work(beside: SharedReaders) -> None:
        await second_process(beside)
        expected = [read_here(one) for one in PAGES]
        assert len(PAGES) > WAITING
        for _ in range(3):  # the second of them comes while the first one's pages wait
            assert await asyncio.gather(*(read_beside(beside, one) for one in PAGES)) == expected
            await second_process(beside)
        assert len(beside._others) == 2
        for other in beside._others:
            other._process.send_signal(signal.SIGSTOP)
        reading = [asyncio.ensure_future(read_beside(beside, one)) for one in PAGES]
        await asyncio.sleep(0.1)
        assert {other.waiting for other in beside._others} == {len(PAGES) // 2, len(PAGES) - len(PAGES) // 2}
        beside._others[1]._process.kill()
        beside._others[0]._process.send_signal(signal.SIGCONT)
        found = await asyncio.gather(*reading)
        assert [found[i] == expected[i] for i in range(len(PAGES)) if i != 1] == [True] * (len(PAGES) - 1)
        assert found[1] == (PageError, "the process that read it died (exit status -9)", Outcome.FAILED)

    with_beside(work, most=2)


@pytest.mark.parametrize("command", ["/bin/false", "/nowhere/python"])
@pytest.mark.parametrize("wary", [False, True])
def test_a_process_that_cannot_even_begin_costs_no_page(
    command: str, wary: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(beside: SharedReaders) -> None:
        beside.wary = wary
        assert await read_beside(beside, PAGES[0]) == read_here(PAGES[0])
        found = []
        for _ in range(20):  # while it dies, too
            found += await asyncio.gather(*(read_beside(beside, one) for one in PAGES))
            await asyncio.sleep(0.02)
        assert found == [read_here(one) for one in PAGES] * 20
        assert not beside._others

    monkeypatch.setattr(sys, "executable", command)
    with_beside(work)


def test_our_own_errors_come_back_with_where_they_happened() -> None:
    async def work(beside: SharedReaders) -> None:
        await second_process(beside)
        with pytest.raises(AttributeError) as raised:
            await beside.run("read", None, PORTAL, DUE)
        assert any("in _page" in note for note in raised.value.__notes__)
        assert await read_beside(beside, PAGES[0]) == read_here(PAGES[0])

    with_beside(work)


_KILLED = """
import asyncio, json, sys
from tests.test_processes import MAXIMUM, PAGES, STAGES, SharedReaders, read_beside, second_process
async def main():
    beside = SharedReaders.share(STAGES, MAXIMUM, 1, 1)
    process = await second_process(beside)
    await read_beside(beside, PAGES[0])
    print(json.dumps(process.pid), flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


def test_it_ends_with_the_crawl_that_is_killed_and_no_signal_for_the_crawl_ends_it() -> None:
    crawl = subprocess.Popen([sys.executable, "-c", _KILLED], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert crawl.stdout is not None
    helper = json.loads(crawl.stdout.readline())
    assert os.getsid(helper) != os.getsid(crawl.pid), "Ctrl-C in the terminal would reach both"
    os.kill(helper, signal.SIGTERM)  # which systemd sends to both
    time.sleep(0.3)
    assert is_running(helper)
    crawl.kill()
    crawl.wait()
    assert_ends(helper)
    crawl.stdout.close()


def test_it_costs_no_more_memory_than_the_readers() -> None:
    modules = [path.rpartition(".")[0] for path in STAGES]
    code = f"import sys, kwri_crawler.reading.reader, {', '.join(modules)}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    heavy = {"scrapy", "twisted", "sqlite_utils", "trafilatura", "dateparser", "pandas", "pyarrow"}
    assert not heavy & set(loaded.stdout.split())


def test_scrapy_runs_the_stages_behind_the_pure_ones_and_no_stage_twice() -> None:
    settings = Settings()
    settings.setmodule("kwri_crawler.settings")
    assert pure_stages(settings) == list(STAGES)
    later = FurtherStages.from_crawler(Crawler(Spider, settings))
    assert [type(stage).__name__ for stage in later.middlewares] == ["StoreStage"]
    settings.set("ITEM_PIPELINES", {"pipelines.store.StoreStage": 100, "pipelines.clean.CleanStage": 200})
    assert pure_stages(settings) == [], "what stands behind a stage that Scrapy runs is run by Scrapy"
    later = FurtherStages.from_crawler(Crawler(Spider, settings))
    assert [type(stage).__name__ for stage in later.middlewares] == ["StoreStage", "CleanStage"]
