"""Other machines: who may be talked to, what may be called, leases and their ends, the head and a far crawl's side."""

from __future__ import annotations

import ast
import asyncio
import datetime as dt
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import dask
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from distributed import Security
from distributed.core import ConnectionPool
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from kwri_crawler.archive import (
    ArchiveError,
    PortalBusy,
    Writer,
    backup,
    crawls,
    lock_harvest,
    lock_portal,
    open_archive,
)
from kwri_crawler.archive.lock import begin_far_crawls, far_crawls_left_s
from kwri_crawler.causes import Cause
from kwri_crawler.cluster import drive, readers, wire
from kwri_crawler.cluster import head as head_side
from kwri_crawler.cluster import lent as far_side
from kwri_crawler.cluster.address import MOST, AddressRefused, Cluster, read_cluster
from kwri_crawler.cluster.drive import address_of_head
from kwri_crawler.cluster.far import FarAccess, FarKeeper, FarWriter
from kwri_crawler.cluster.head import Head
from kwri_crawler.cluster.leases import FENCE, Leases
from kwri_crawler.cluster.lent import Ending, FarHead, Lent
from kwri_crawler.cluster.reach import check_security, reach
from kwri_crawler.kept import Keeper
from kwri_crawler.spiders.ending import TIME_OVER
from kwri_crawler.spiders.turns import hosts_asked
from tests.archives import PORTAL
from tests.crawling import PROJECT, rows, run_here, value
from tests.test_kept import page

OTHER = replace(PORTAL, id="lain", home="https://lain.example.id/", hosts=())
SIBLING = replace(PORTAL, id="kanal")  # of the same hosts
HOSTS = hosts_asked(PORTAL)
LEASE_S = 30.0


@pytest.mark.parametrize(("text", "cluster"), [
    ("local:4", Cluster(None, 4)),
    ("tls://10.0.0.5:8786", Cluster("tls://10.0.0.5:8786")),
    ("tls://head.example.id:8786", Cluster("tls://head.example.id:8786")),
    ("tcp://127.0.0.1:8786", Cluster("tcp://127.0.0.1:8786")),
    ("tcp://[::1]:8786", Cluster("tcp://[::1]:8786")),
    ("tcp://localhost:8786", Cluster("tcp://localhost:8786")),
])  # fmt: skip
def test_a_cluster_is_asked_by_tls_or_on_this_machine(text: str, cluster: Cluster) -> None:
    assert read_cluster(text) == cluster


@pytest.mark.parametrize("text", [
    "tcp://10.0.0.1:8786", "tcp://0.0.0.0:8786", "tcp://head.example.id:8786", "tcp://127.0.0.1.example.id:8786",
    "tcp://localhost@10.0.0.1:8786", "ws://127.0.0.1:8786", "127.0.0.1:8786", "tls://10.0.0.5", "tls://:8786",
    "tls://10.0.0.5:many", "local:0", "local:", "local:-1", "local:1.5", "local", "tls://[10.0.0.5:8786",
    "tls://a:b@10.0.0.5:8786", "tls://10.0.0.5:8786/", "tls://10.0.0.5:8786?x=1", "TLS://10.0.0.5:8786", "tls://h:1 ",
])  # fmt: skip
def test_any_other_address_is_refused_with_what_would_do(text: str) -> None:
    with pytest.raises(AddressRefused, match=r"tls://HOST:8786"):
        read_cluster(text)


def test_this_machine_is_not_asked_for_more_processes_than_it_bears() -> None:
    assert read_cluster(f"local:{MOST}").processes == MOST >= 64
    for text in (f"local:{MOST + 1}", "local:99999"):
        with pytest.raises(AddressRefused, match=f"write local:{MOST} or less"):
            read_cluster(text)


@pytest.mark.parametrize("words", [
    ("harvest", "--cluster", "tcp://10.0.0.1:8786"), ("harvest", "-s", "CLUSTER=tcp://10.0.0.1:8786"),
])  # fmt: skip
def test_a_command_that_is_to_talk_without_tls_ends_before_it_does_anything(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    done = run_here(*words, ARCHIVE_PATH=str(tmp_path / "a.sqlite"))
    assert (done.code, "without TLS" in done.log) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_a_library_that_is_missing_is_named_with_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = run_here("harvest", "--cluster", "local:2", ARCHIVE_PATH=str(tmp_path / "a.sqlite"))
    assert (done.code, "pip install 'kwri-crawler[cluster]'" in done.log) == (2, True)
    assert list(tmp_path.iterdir()) == []


_LOADED = """
import atexit, sys
sys.argv = ["scrapy", *sys.argv[1:]]
of_dask = {"distributed", "dask", "tornado", "msgpack", "kwri_crawler.cluster"}
atexit.register(lambda: print("LOADED", *[name for name in sys.modules if name in of_dask], flush=True))
from scrapy.cmdline import execute
execute(sys.argv)
"""


def test_a_harvest_without_a_cluster_loads_nothing_of_dask(tmp_path: Path) -> None:
    (tmp_path / "portals").mkdir()
    (tmp_path / "portals" / "a.toml").write_text(
        'name = "A"\nhome = "http://127.0.0.1:9/"\nfamily = "varient"\nzone = "Asia/Jakarta"\n'
        'listings = [{ kind = "feed", url = "/feed" }]\n'
    )
    settings = [f"ARCHIVE_PATH={tmp_path / 'a.sqlite'}", f"PORTALS_PATH={tmp_path / 'portals'}", "RETRY_TIMES=0"]
    words = [word for setting in settings for word in ("-s", setting)]
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, "harvest", *words], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert value(tmp_path / "a.sqlite", "SELECT count(*) FROM crawls") == 1, done.stderr
    assert [line for line in done.stdout.splitlines() if line.startswith("LOADED")] == ["LOADED"]


# ---------------------------------------------------------------------- what may be called


def jobs_of_crawls() -> set[str]:
    """Return the functions that crawls have the archive's writer run, as their modules write them."""
    found = set()
    for path in (*PROJECT.glob("kwri_crawler/spiders/*.py"), *PROJECT.glob("pipelines/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, (ast.Attribute, ast.Name)):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
                if name in ("do", "do_patiently", "do_now") and node.args:
                    found.add(ast.unparse(node.args[0]))
    return found


def test_every_job_of_a_crawl_can_be_called_by_its_name() -> None:
    names = jobs_of_crawls() - {"job"}
    assert len(names) > 25
    for name in names:
        assert wire.name_of(wire.job_of(name)) == name


@pytest.mark.parametrize("name", [
    "os.system", "crawls._enter", "ledger.json.loads", "ledger.Settlement", "connection.open_archive",
    "backup.copy", "ledger", "..ledger.settle", "stories.index.__import__", "lock.lock_portal", "no_module.of_ours", "",
])  # fmt: skip
def test_nothing_else_can(name: str) -> None:
    with pytest.raises(wire.NotOfTheArchive):
        wire.job_of(name)


@pytest.mark.parametrize("job", [os.system, open_archive, backup.__dict__.get, lambda db: db])
def test_no_other_function_has_a_name_to_be_called_by(job: Callable[..., Any]) -> None:
    with pytest.raises((wire.NotOfTheArchive, AttributeError)):
        wire.name_of(job)


@pytest.mark.parametrize(("error", "kind", "cause"), [
    (ArchiveError("full", Cause.DISK), ArchiveError, Cause.DISK),
    (PortalBusy("another"), PortalBusy, None),
    (ValueError("a slip"), RuntimeError, None),
])  # fmt: skip
def test_why_a_call_failed_is_raised_where_it_was_made(error: Exception, kind: type[Exception], cause: Any) -> None:
    with pytest.raises(kind, match=str(error)) as raised:
        wire.result_of(wire.failure(error))
    assert getattr(raised.value, "cause", None) is cause


# ---------------------------------------------------------------------- leases


class Clock:
    """Passes when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def leases(tmp_path: Path, clock: Clock) -> Leases:
    return Leases(tmp_path / "a.sqlite", LEASE_S, clock)


def test_a_portal_is_lent_once_and_so_are_its_hosts(leases: Leases) -> None:
    token = leases.take(PORTAL.id, HOSTS)
    assert token is not None
    assert leases.take(PORTAL.id, HOSTS) is None
    assert leases.take(SIBLING.id, HOSTS) is None
    assert leases.take(OTHER.id, hosts_asked(OTHER)) is not None
    assert leases.portals == (PORTAL.id, OTHER.id)
    leases.leave(token)
    assert leases.take(SIBLING.id, HOSTS) is not None


@pytest.mark.parametrize(("silent_s", "is_held"), [(LEASE_S, True), (LEASE_S + 0.1, False)])
def test_a_lease_ends_when_its_crawl_is_silent_for_too_long(
    silent_s: float, is_held: bool, leases: Leases, clock: Clock
) -> None:
    token = leases.take(PORTAL.id, HOSTS) or ""
    clock.now = LEASE_S - 1
    assert leases.hear(token)
    clock.now += silent_s
    assert (leases.take(PORTAL.id, HOSTS) is None) is is_held
    assert leases.hear(token) is is_held


def test_a_portal_that_is_lent_is_busy_for_a_crawl_of_this_machine_and_the_other_way_round(
    leases: Leases, tmp_path: Path
) -> None:
    token = leases.take(PORTAL.id, HOSTS) or ""
    with pytest.raises(PortalBusy):
        lock_portal(tmp_path / "a.sqlite", PORTAL.id)
    leases.leave(token)
    with lock_portal(tmp_path / "a.sqlite", PORTAL.id), pytest.raises(PortalBusy):
        leases.take(PORTAL.id, HOSTS)


# ---------------------------------------------------------------------- after a head that was killed


@pytest.mark.parametrize(("age_s", "lease_s", "left_s"), [(0, 60, 60), (45, 60, 15), (61, 60, 0), (-900, 60, 60)])
def test_far_crawls_of_a_head_that_died_are_waited_for(
    age_s: float, lease_s: float, left_s: float, tmp_path: Path
) -> None:
    archive = tmp_path / "a.sqlite"
    mark = begin_far_crawls(archive, lease_s)
    os.utime(mark.fileno(), (time.time() - age_s,) * 2)
    assert far_crawls_left_s(archive) == 0, "the head lives"
    mark.close()
    assert far_crawls_left_s(archive) == pytest.approx(left_s, abs=2)
    if left_s:
        with pytest.raises(PortalBusy, match="other machines"):
            lock_portal(archive, PORTAL.id)


def test_after_a_head_that_ended_well_nothing_is_waited_for(tmp_path: Path) -> None:
    archive = tmp_path / "a.sqlite"
    with begin_far_crawls(archive, 60) as mark:
        mark.truncate(0)
    assert far_crawls_left_s(archive) == 0
    assert far_crawls_left_s(tmp_path / "another.sqlite") == 0


def test_the_next_harvest_waits_for_them_here_or_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = tmp_path / "a.sqlite"
    begin_far_crawls(archive, 60).close()
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    lock_harvest(archive).close()
    assert waited == [pytest.approx(60, abs=2)]


# ---------------------------------------------------------------------- the head, and a crawl on another machine


class Stopped:
    """A crawl that was asked to end."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def __call__(self, word: str, _reason: str | None, _cause: Cause | None) -> None:
        self.words.append(word)


@asynccontextmanager
async def serving(archive: Path, lease_s: float = LEASE_S, keeper: Keeper | None = None) -> AsyncIterator[Head]:
    writer = Writer.share(archive)
    head = Head(archive, writer, keeper, lease_s, {})
    await head.listen("tcp://127.0.0.1:0")
    try:
        yield head
    finally:
        await head.close()
        writer.close()


@asynccontextmanager
async def far_head(address: str, **connection: Any) -> AsyncIterator[FarHead]:
    pool = await ConnectionPool(connection_args=connection)
    try:
        yield FarHead(address, pool)
    finally:
        await pool.close()


async def lend(far: FarHead, portal: Any = PORTAL) -> tuple[Lent, Stopped]:
    lent, stopped = await far.lend(portal, hosts_asked(portal), "m1"), Stopped()
    lent.stop = stopped
    return lent, stopped


def run(scenario: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(scenario, 60))


def test_a_far_crawl_writes_as_one_here_would(tmp_path: Path) -> None:
    archive = tmp_path / "a.sqlite"

    async def scenario() -> None:
        async with serving(archive) as head, far_head(head.address) as far:
            lent, _ = await lend(far)
            writer = FarWriter(lent)
            crawl = await asyncio.to_thread(writer.do_now, crawls.begin, PORTAL, None, 5, None, lent.place)
            assert await writer.do(crawls.count_in, crawl, PORTAL.id) == await writer.do_patiently(
                crawls.count_in, crawl, PORTAL.id
            )
            with pytest.raises(RuntimeError, match="IntegrityError"):
                await writer.do(crawls.begin, replace(PORTAL, zone=None), None, None)  # type: ignore[arg-type]
            assert head.broken is None, "a row's fault is none of the archive's"
            assert head.leases.pages() == 0
            await lent.leave()
            assert head.leases.portals == ()

    run(scenario())
    assert rows(archive, "SELECT portal, place, max_pages FROM crawls") == [
        {"portal": PORTAL.id, "place": "m1", "max_pages": 5}
    ]


def test_an_archive_that_takes_no_more_ends_far_crawls_and_the_head_knows(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with serving(tmp_path / "a.sqlite") as head, far_head(head.address) as far:
            lent, _ = await lend(far)
            head._writer._broken = ArchiveError("the disk is full", Cause.DISK)
            with pytest.raises(ArchiveError, match="full") as raised:
                await FarWriter(lent).do(crawls.last_crawls)
            assert raised.value.cause is Cause.DISK
            assert head.broken is not None

    run(scenario())


def test_a_worker_of_other_code_is_refused_and_both_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(far_side, "code_version", lambda: "0.0.9 (abc)")

    async def scenario() -> None:
        async with serving(tmp_path / "a.sqlite") as head, far_head(head.address) as far:
            with pytest.raises(RuntimeError) as raised:
                await lend(far)
            assert "0.0.9 (abc)" in str(raised.value)
            assert wire.code_version() in str(raised.value)

    run(scenario())


def test_two_checkouts_of_one_release_are_told_apart_by_their_code() -> None:
    assert wire.code_version().startswith("0.1.0 (")
    assert len(wire.code_version()) == len("0.1.0 (12345678)")


def test_a_portal_is_waited_for_until_another_far_crawl_leaves_it_but_not_for_one_of_the_heads_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(far_side, "ASK_AGAIN_S", 0.01)

    async def scenario() -> None:
        async with serving(tmp_path / "a.sqlite") as head, far_head(head.address) as far:
            first, _ = await lend(far)
            second = asyncio.create_task(lend(far, SIBLING))
            await asyncio.sleep(0.1)
            assert not second.done()
            await first.leave()
            await (await second)[0].leave()
            with lock_portal(tmp_path / "a.sqlite", PORTAL.id), pytest.raises(PortalBusy, match="process"):
                await lend(far)

    run(scenario())


def test_a_portal_that_stays_anothers_is_given_up_after_two_leases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = count(0, LEASE_S / 2)
    monkeypatch.setattr(far_side, "ASK_AGAIN_S", 0.0)

    async def scenario() -> None:
        async with serving(tmp_path / "a.sqlite") as head, far_head(head.address) as far:
            await lend(far)
            monkeypatch.setattr(far_side, "awake_s", lambda: next(asked))
            with pytest.raises(PortalBusy, match="another machine"):
                await lend(far)

    run(scenario())
    assert next(asked) > 2 * LEASE_S


def test_a_harvest_that_ends_has_far_crawls_end_at_once_and_begins_none(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with serving(tmp_path / "a.sqlite") as head, far_head(head.address) as far:
            lent, stopped = await lend(far)
            head.end(TIME_OVER)
            while not stopped.words:
                await asyncio.sleep(0.01)
            assert stopped.words == ["time"]
            lent.check()
            with pytest.raises(Ending):
                await lend(far, OTHER)

    run(scenario())


def test_a_crawl_that_beats_keeps_its_portal_and_one_that_is_silent_does_not(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(head_side, "BEAT", 0.0001)  # of a lease: as if the head's answers came at once
    monkeypatch.setattr(far_side, "awake_s", clock)

    async def scenario() -> None:
        async with serving(tmp_path / "a.sqlite") as head, far_head(head.address) as far:
            head.leases._clock = clock
            (lent, _), (silent, stopped) = await lend(far), await lend(far, OTHER)
            silent._beating.cancel()
            for moment in (0.6 * LEASE_S, 1.2 * LEASE_S):
                clock.now = moment
                while lent._heard_s < moment:
                    await asyncio.sleep(0.001)
            assert head.leases.portals == (PORTAL.id,)
            lent.check()
            with pytest.raises(ArchiveError):
                silent.check()
            assert stopped.words == ["archive"]

    run(scenario())


def test_a_machine_that_slept_knows_before_it_sends_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    awake = [100.0]
    monkeypatch.setattr(far_side, "awake_s", lambda: awake[0])

    async def scenario() -> None:
        async with serving(tmp_path / "a.sqlite") as head, far_head(head.address) as far:
            lent, stopped = await lend(far)
            awake[0] += FENCE * LEASE_S
            lent.check()
            awake[0] += 0.1
            with pytest.raises(ArchiveError, match="not heard of"):
                lent.check()
            with pytest.raises(ArchiveError, match="not heard of"):
                await FarWriter(lent).do(crawls.last_crawls)
            assert stopped.words == ["archive"]

    run(scenario())


def test_a_crawl_that_the_head_has_forgotten_is_over_at_its_next_word(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with serving(tmp_path / "a.sqlite") as head, far_head(head.address) as far:
            lent, stopped = await lend(far)
            for token in list(head.leases._held):  # as a head does that slept itself
                head.leases.leave(token)
            with pytest.raises(ArchiveError, match="lease"):
                await FarWriter(lent).do(crawls.last_crawls)
            assert stopped.words == ["archive"]
            with pytest.raises(ArchiveError):
                lent.check()

    run(scenario())


def test_an_answer_counts_from_when_its_question_was_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The head heard of the crawl then, however late the answer is read: a machine may sleep before it reads it."""
    awake = [100.0]
    monkeypatch.setattr(far_side, "awake_s", lambda: awake[0])

    async def scenario() -> None:
        async with serving(tmp_path / "a.sqlite") as head, far_head(head.address) as far:
            lent, _ = await lend(far)
            asked = asyncio.ensure_future(FarWriter(lent).do(crawls.last_crawls))
            await asyncio.sleep(0)
            awake[0] += FENCE * LEASE_S + 1
            await asked
            with pytest.raises(ArchiveError, match="not heard of"):
                lent.check()

    run(scenario())


def test_a_head_that_dies_ends_its_far_crawls_at_once_and_leaves_its_mark(tmp_path: Path) -> None:
    archive = tmp_path / "a.sqlite"

    async def scenario() -> None:
        life = AsyncExitStack()
        head = await life.enter_async_context(serving(archive))
        async with far_head(head.address) as far:
            lent, stopped = await lend(far)
            await asyncio.sleep(0.1)  # until it waits for its next answer
            await life.aclose()
            while not stopped.words:
                await asyncio.sleep(0.01)
            with pytest.raises(ArchiveError, match="let go"):
                lent.check()

    run(scenario())
    assert far_crawls_left_s(archive) > LEASE_S - 5, "it had lent a portal"


def test_a_head_that_lent_nothing_leaves_no_mark(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with serving(tmp_path / "a.sqlite") as head, far_head(head.address) as far:
            assert far_crawls_left_s(tmp_path / "a.sqlite") == 0
            await (await lend(far))[0].leave()

    run(scenario())
    assert far_crawls_left_s(tmp_path / "a.sqlite") == 0


def test_the_heads_of_two_archives_may_lend_a_worker_one_portal_and_each_gets_its_own(tmp_path: Path) -> None:
    here, there = tmp_path / "here.sqlite", tmp_path / "there.sqlite"

    async def scenario() -> None:
        async with (
            serving(here) as one, serving(there) as other, far_head(one.address) as far, far_head(other.address) as away
        ):  # fmt: skip
            leases = (await lend(far))[0], (await lend(away))[0]
            with FarAccess.of(leases[0]) as first, FarAccess.of(leases[1]) as second:
                for given, pages in ((first, 1), (second, 2)):
                    access = FarAccess(PORTAL, Settings({"ARCHIVE_PATH": "a", **given}), Stopped())
                    await access.writer.do(crawls.begin, PORTAL, None, pages)
            for lease in leases:
                await lease.leave()

    run(scenario())
    asked = [[row["max_pages"] for row in rows(path, "SELECT max_pages FROM crawls")] for path in (here, there)]
    assert asked == [[1], [2]]


def test_pages_of_a_far_crawl_are_kept_by_the_head(tmp_path: Path) -> None:
    pages = tmp_path / "a-pages.sqlite"

    async def scenario() -> None:
        keeper = Keeper(pages, days=1)
        async with serving(tmp_path / "a.sqlite", keeper=keeper) as head, far_head(head.address) as far:
            lent, _ = await lend(far)
            far_keeper = FarKeeper(lent)
            for number in range(3):
                far_keeper.keep(page(number))
            far_keeper.forget(page(1).portal, page(1).url)
            await far_keeper.close()
            await asyncio.to_thread(keeper.close)

    run(scenario())
    assert value(pages, "SELECT count(*) FROM pages") == 2


def test_pages_that_wait_too_long_are_dropped_and_counted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> None:
        async with serving(tmp_path / "a.sqlite") as head, far_head(head.address) as far:
            lent, _ = await lend(far)
            far_keeper = FarKeeper(lent)
            for number in range(70):
                far_keeper.keep(page(number))
            await far_keeper.close()

    run(scenario())
    assert "6 pages of this crawl were not kept" in caplog.text


# ---------------------------------------------------------------------- without a scheduler

NOBODY = "tcp://127.0.0.1:9"


@pytest.mark.parametrize("within_s", [None, 0.05])
def test_a_harvest_whose_scheduler_cannot_be_reached_says_so_of_each_portal_also_when_its_time_is_over(
    within_s: float | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drive, "CONNECT_S", 0.1)
    monkeypatch.setattr(drive, "PAUSE_S", 0.0)
    archive = tmp_path / "a.sqlite"
    settings = get_project_settings()
    settings.setdict({"ARCHIVE_PATH": str(archive), "KEEP_PAGES_DAYS": 0}, priority="cmdline")
    writer = Writer.share(archive)
    harvest = drive.FarHarvest(
        NOBODY, [PORTAL, OTHER], settings, archive=archive, writer=writer, within_s=within_s, grace_s=1,
        give_up=lambda: None,
    )  # fmt: skip
    harvest.run(lambda: asyncio.sleep(9))
    writer.close()
    assert [(one.portal, one.finish) for one in harvest.ended] == [(PORTAL.id, "error"), (OTHER.id, "error")]
    assert "the cluster cannot be reached" in str(harvest.ended[0].reason)
    assert (harvest.not_begun, far_crawls_left_s(archive)) == ((), 0)


def test_what_takes_a_connection_and_is_no_scheduler_is_not_waited_for(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(OSError, match=f"{address}: no answer within 0.5 s"):
            asyncio.run(reach(address, 0.5))

    async def scenario() -> None:
        async with serving(tmp_path / "a.sqlite") as head:
            with pytest.raises(OSError, match="no scheduler of Dask, but a Head"):
                await reach(head.address, 5)

    run(scenario())


def test_reading_again_on_a_cluster_that_cannot_be_reached_ends_before_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "CONNECT_S", 0.1)
    done = run_here("reread", "--cluster", NOBODY, ARCHIVE_PATH=str(tmp_path / "a.sqlite"))
    assert (done.code, f"{NOBODY}: the cluster cannot be reached" in done.log) == (1, True)


# ---------------------------------------------------------------------- TLS


def certify(folder: Path, name: str) -> dict[str, str]:
    """Write a CA and a certificate of it, and return what Dask's configuration says of them."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name} {part}")]) for part in ("CA", "machine")]
    today = dt.datetime.now(dt.UTC)
    for number, part in enumerate(("ca", "own")):
        certificate = (
            x509.CertificateBuilder(names[0], names[number], keys[number].public_key(), x509.random_serial_number())
            .not_valid_before(today - dt.timedelta(days=1))
            .not_valid_after(today + dt.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=number == 0, path_length=None), critical=True)
            .sign(keys[0], hashes.SHA256())
        )
        (folder / f"{name}-{part}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / f"{name}-key.pem").write_bytes(
        keys[1].private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    own = {"ca_file": f"{name}-ca.pem", "client_cert": f"{name}-own.pem", "client_key": f"{name}-key.pem"}
    return {f"tls_{key}": str(folder / file) for key, file in own.items()}


def test_a_machine_with_a_certificate_of_another_ca_is_not_let_in(tmp_path: Path) -> None:
    ours, theirs = (Security(require_encryption=True, **certify(tmp_path, name)) for name in ("ours", "theirs"))

    async def scenario() -> None:
        writer = Writer.share(tmp_path / "a.sqlite")
        head = Head(tmp_path / "a.sqlite", writer, None, LEASE_S, ours.get_connection_args("client"))
        await head.listen(address_of_head("tls://127.0.0.1:8786", ""), **ours.get_listen_args("client"))
        assert head.address.startswith("tls://127.0.0.1:")
        async with far_head(head.address, **ours.get_connection_args("client")) as far:
            await (await lend(far))[0].leave()
        async with far_head(head.address, **theirs.get_connection_args("client")) as far:
            with pytest.raises(ArchiveError, match="cannot be reached"):
                await asyncio.wait_for(lend(far), 20)
        await head.close()
        writer.close()

    with suppress(asyncio.CancelledError):
        run(scenario())


def test_certificates_that_do_not_do_are_named_before_anybody_is_talked_to(tmp_path: Path) -> None:
    ours, theirs = (certify(tmp_path, name) for name in ("ours", "theirs"))
    ca, cert, key = ours["tls_ca_file"], ours["tls_client_cert"], ours["tls_client_key"]
    (tmp_path / "empty").touch()
    far, near, here = "tls://10.0.0.5:8786", "tcp://127.0.0.1:8786", "local:2"
    for cluster, required, files, words in (
        (far, True, (ca, cert, key), ""),
        (here, True, (ca, cert, key), ""),
        (near, False, (None, None, None), ""),
        (here, False, (None, None, None), ""),
        (far, False, (None, None, None), "no distributed.comm.tls.ca-file and no distributed.comm.tls.client.cert"),
        (here, True, (ca, None, key), "no distributed.comm.tls.client.cert"),
        (near, True, (ca, cert, key), "distributed.comm.require-encryption"),
        (far, True, (ca, cert, str(tmp_path / "none.key")), "client.key: .*none.key: No such file or directory"),
        (far, True, (ca, cert, theirs["tls_client_key"]), "no pair"),
        (far, True, (str(tmp_path / "empty"), cert, key), "no certificates"),
    ):
        tls = dict(zip(("ca-file", "client.cert", "client.key"), files, strict=True))
        given = {f"distributed.comm.tls.{name}": file for name, file in tls.items()}
        with dask.config.set({**given, "distributed.comm.require-encryption": required}):
            if not words:
                check_security(cluster)
                continue
            with pytest.raises(AddressRefused, match=f"{cluster}: .*{words}"):
                check_security(cluster)


@pytest.mark.parametrize("words", [("harvest",), ("crawl", "kwri-jatim"), ("reread",), ("doctor",)])
def test_no_command_begins_without_the_certificates_that_it_needs(words: tuple[str, ...], tmp_path: Path) -> None:
    given = {"ARCHIVE_PATH": str(tmp_path / "a.sqlite"), "PORTALS_PATH": str(PROJECT / "kwri_crawler" / "portals")}
    done = run_here(*words, "--cluster", "tls://127.0.0.1:9", **given)
    assert "Dask's configuration has no distributed.comm.tls.ca-file" in done.log + done.out
    assert (done.code, list(tmp_path.iterdir())) == (1 if words == ("doctor",) else 2, [])


@pytest.mark.parametrize(("scheduler", "given", "address"), [
    ("tcp://127.0.0.1:8786", "", "tcp://127.0.0.1:0"),
    ("tls://127.0.0.1:8786", "10.0.0.5:8790", "tls://10.0.0.5:8790"),
])  # fmt: skip
def test_the_head_listens_where_the_scheduler_is_reached_from_or_where_it_is_told(
    scheduler: str, given: str, address: str
) -> None:
    assert address_of_head(scheduler, given) == address
