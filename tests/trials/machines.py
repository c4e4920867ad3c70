"""Two Dask workers as machines on loopback, portals that notice what one crawl never does, harvests of one archive."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from tests.crawling import IMPATIENT, PROJECT, rows, scrapy, value
from tests.sites.corpus import ARTICLES
from tests.sites.network import VIEWS, Network
from tests.sites.server import Answer, Request
from tests.sites.varient import VarientPortal

MOST_RUNS = 30  # of harvests until one ends well
EARLY = 0.45  # of the pause between two requests: Scrapy varies it by half


class Watched(Network):
    """Portals with a minute of their own each, that notice what one crawl of a host never does."""

    def __init__(self, count: int, articles: int, latency_s: float, delay_s: float) -> None:
        super().__init__(count, ARTICLES[:articles])
        self.delay_s = delay_s
        self.overlaps = self.early = 0  # requests of a host while another was under way, or too soon after it
        self._open: Counter[str] = Counter()
        self._last: dict[str, float] = {}
        self._guard = threading.Lock()
        for number, name in enumerate(self.portals, 1):
            # Where every portal printed the same minute, who was first would be the order of crawls, here and there.
            late = timedelta(minutes=1 + number * 7919 % count)
            own = tuple(
                replace(one, title=f"{one.title} {number}", created_at=one.created_at + late, updated_at=None)
                for one in ARTICLES[:articles]
            )
            self.portals[name] = VarientPortal(VIEWS[number % len(VIEWS)], own, host=f"{name}.example.org")
            self.latencies_s[name] = latency_s * (3 if number % 3 == 0 else 1)

    def answer(self, request: Request) -> Answer:
        host, now = request.host, time.monotonic()
        with self._guard:
            self.overlaps += self._open[host] > 0
            self.early += now - self._last.get(host, -9) < EARLY * self.delay_s
            self._open[host] += 1
            self._last[host] = now
        try:
            return super().answer(request)
        finally:
            with self._guard:
                self._open[host] -= 1

    def forget(self) -> None:
        """Begin to count anew."""
        self.requests.clear()
        self._last.clear()
        self.overlaps = self.early = 0

    def pages_again(self) -> int:
        """Count the requests for an article's page that was asked for before."""
        pages = Counter(
            (headers.get("Host"), path) for _, path, _, headers in self.requests
            if path.count("/") == 1 and path.partition("?")[0] not in ("/robots.txt", "/posts", "/")
        )  # fmt: skip
        return sum(pages.values()) - len(pages)


class Kept:
    """A process that is started again when it dies, as systemd would."""

    def __init__(self, command: list[str], log: Path, environment: dict[str, str]) -> None:
        self.cpu_s = 0.0
        self.starts = 0
        self._over = False
        self._command, self._log, self._environment = command, log, environment
        self._start()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _start(self) -> None:
        self.starts += 1
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                self._command, stdout=log, stderr=log, env=self._environment, start_new_session=True, cwd=PROJECT
            )

    def _watch(self) -> None:
        while True:
            _, status, usage = os.wait4(self._process.pid, 0)
            self._process.returncode = os.waitstatus_to_exitcode(status)
            self.cpu_s += usage.ru_utime + usage.ru_stime
            if self._over:
                return
            time.sleep(0.5)
            self._start()

    def send(self, number: int) -> None:
        """Send a signal."""
        if self._process.returncode is None:
            os.kill(self._process.pid, number)

    def end(self) -> None:
        """Kill it for good."""
        self._over = True
        self.send(signal.SIGKILL)
        self._thread.join(30)


@dataclass
class Machines:
    """A scheduler and two workers, and harvests of one archive on them."""

    network: Watched
    folder: Path
    portals: Path
    at_once: int
    lease_s: float
    scheduler: Kept
    workers: dict[str, Kept]
    address: str
    archive: Path
    heads: list[float] = field(default_factory=list)  # CPU seconds of each harvest's own process

    def start_harvest(self, *options: str) -> subprocess.Popen[str]:
        """Start a harvest on the workers."""
        line = harvest_line(self.network, self.archive, self.portals, self.at_once, "--cluster", self.address, *options)
        log = (self.folder / "head.log").open("a")
        return subprocess.Popen(
            [*line, "-s", f"LEASE_S={self.lease_s}"], cwd=PROJECT, stdout=subprocess.PIPE, stderr=log, text=True
        )

    def finish(self, harvest: subprocess.Popen[str], timeout_s: float = 300) -> int:
        """Wait for a harvest's end and return its code."""
        timer = threading.Timer(timeout_s, os.kill, (harvest.pid, signal.SIGKILL))
        timer.start()
        with (self.folder / "head.log").open("a") as log:
            log.write(harvest.stdout.read() if harvest.stdout else "")
        _, status, usage = os.wait4(harvest.pid, 0)
        timer.cancel()
        harvest.returncode = os.waitstatus_to_exitcode(status)
        self.heads.append(usage.ru_utime + usage.ru_stime)
        return harvest.returncode

    def harvest_until_done(self) -> int:
        """Harvest until one ends well and nothing is left; return how many it took."""
        for count in range(1, MOST_RUNS):
            if self.finish(self.start_harvest()) == 0 and not self.left():
                return count
        raise AssertionError(f"it never ended well: {(self.folder / 'head.log').read_text()[-3000:]}")

    def stored(self) -> int:
        """Count the articles so far."""
        made = self.archive.exists() and rows(self.archive, "SELECT 1 FROM sqlite_master WHERE name = 'articles'")
        return int(value(self.archive, "SELECT count(*) FROM articles")) if made else 0

    def left(self) -> int:
        """Count the addresses that are still to be asked for."""
        return int(value(self.archive, "SELECT count(*) FROM urls WHERE outcome IN ('pending', 'failed')"))

    def wait_for(self, articles: int, harvest: subprocess.Popen[str]) -> None:
        """Wait until so many are stored."""
        while self.stored() < articles:
            assert not has_ended(harvest), "the harvest ended before"
            time.sleep(0.1)


def has_ended(process: subprocess.Popen[str]) -> bool:
    """Tell whether a process ended, and leave its figures to who waits for it."""
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def harvest_line(network: Watched, archive: Path, portals: Path, at_once: int, *options: str) -> list[str]:
    """Return the command line of a harvest that keeps no pages, and waits for them longer than a busy machine takes."""
    waits = {**IMPATIENT, "DOWNLOAD_DELAY": str(network.delay_s), "DOWNLOAD_TIMEOUT": "20"}
    return scrapy(
        "harvest", *options, ARCHIVE_PATH=str(archive), PORTALS_PATH=str(portals), KEEP_PAGES_DAYS="0",
        CONNECT_TO=json.dumps(network.places), HARVEST_AT_ONCE=str(at_once), READ_BESIDE_FROM="0", **waits,
    )  # fmt: skip


@contextmanager
def machines(
    network: Watched, folder: Path, at_once: int, lease_s: float, options: tuple[str, ...] = ()
) -> Iterator[Machines]:
    """Start a scheduler and two workers on loopback; a worker that is silent for a lease is given up by Dask, too.

    options are further ones of the first worker.
    """
    portals = network.write_catalogue(folder / "portals")
    environment = {
        **os.environ, "PYTHONPATH": str(PROJECT), "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": f"{lease_s}s",
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "10", "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "10s",
    }  # fmt: skip
    port = 20_000 + os.getpid() % 20_000
    address = f"tcp://127.0.0.1:{port}"
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    scheduler = Kept(
        [*dask, "--port", str(port), "--host", "127.0.0.1", "--no-dashboard"], folder / "scheduler.log", environment
    )
    dask = [
        sys.executable,
        "-m",
        "distributed.cli.dask_worker",
        address,
        "--no-nanny",
        "--no-dashboard",
        "--preload",
        "kwri_crawler.cluster.crew",
    ]
    workers = {
        name: Kept(
            [*dask, "--nthreads", str(at_once), "--name", name, "--host", "127.0.0.1", "--memory-limit", "0",
             "--death-timeout", "60", "--local-directory", str(folder / name), *(options if name == "m1" else ())],
            folder / f"{name}.log", environment,
        )
        for name in ("m1", "m2")
    }  # fmt: skip
    try:
        yield Machines(network, folder, portals, at_once, lease_s, scheduler, workers, address, folder / "far.sqlite")
    finally:
        for kept in (*workers.values(), scheduler):
            kept.send(signal.SIGCONT)
            kept.end()
