"""`make trial-harvest`: harvest many demo portals, kill it in the middle, harvest again; compare, and measure."""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.crawling import IMPATIENT, PROJECT, assert_sound, contents, rows, scrapy, value
from tests.sites.corpus import ARTICLES
from tests.sites.network import Network


@dataclass(frozen=True)
class Run:
    """One harvest, measured from outside."""

    code: int
    wall_s: float
    cpu_s: float
    rss_mb: float
    log: str


@dataclass(frozen=True)
class Figures:
    """What the trial found."""

    whole: Run
    slowest: Run  # the slowest portal alone
    resumed: Run
    articles: int
    stored_when_killed: tuple[int, ...]
    lost: int
    fetched_again: int


def measured(command: list[str]) -> Run:
    """Run a command, and count its own processor time and memory."""
    begun = time.monotonic()
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=log, text=True)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - begun
        log.seek(0)
        text = log.read()
    return Run(process.returncode, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text)


def harvest_and_kill(
    count: int,
    articles: int,
    folder: Path,
    kills: int,
    latency_s: float = 0.05,
    seed: int = 1,
    delay_s: float = 0.0,
    at_once: int = 16,
) -> Figures:
    """Harvest `count` portals undisturbed; in a new archive kill `kills` harvests and finish; compare both.

    Every third portal is slower. Raises AssertionError when anything is lost, there twice, or not sound.
    """
    chance = random.Random(seed)
    with Network(count, ARTICLES[:articles]) as network:
        for number, name in enumerate(network.portals):
            network.latencies_s[name] = latency_s * (3 if number % 3 == 0 else 1)
        slowest = next(iter(network.portals))
        network.latencies_s[slowest] = latency_s * 4
        portals = network.write_catalogue(folder / "portals")

        def command(archive: str, *names: str) -> list[str]:
            return scrapy(
                "harvest", *names, ARCHIVE_PATH=str(folder / archive), PORTALS_PATH=str(portals),
                CONNECT_TO=json.dumps(network.places), **{**IMPATIENT, "DOWNLOAD_DELAY": str(delay_s)},
                HARVEST_AT_ONCE=str(at_once),
            )  # fmt: skip

        alone = measured(command("alone.sqlite", slowest))
        assert alone.code == 0, alone.log[-2000:]
        whole = measured(command("whole.sqlite"))
        assert whole.code == 0, whole.log[-2000:]
        expected = contents(folder / "whole.sqlite")
        assert len(expected) == count * articles
        network.requests.clear()
        killed, stored = folder / "killed.sqlite", []
        for _ in range(kills):
            process = subprocess.Popen(
                command("killed.sqlite"), cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            time.sleep(1.2 + chance.uniform(0.2, 0.7) * max(1.0, whole.wall_s - 2))
            process.send_signal(signal.SIGKILL)
            process.wait()
            made = killed.exists() and rows(killed, "SELECT 1 FROM sqlite_master WHERE name = 'articles'")
            stored.append(value(killed, "SELECT count(*) FROM articles") if made else 0)
        resumed = measured(command("killed.sqlite"))
        assert resumed.code == 0, resumed.log[-2000:]
        got = contents(killed)
        lost = len({row["url"] for row in expected} - {row["url"] for row in got})
        assert got == expected, f"{lost} articles are lost"
        assert value(killed, "SELECT count(*) FROM urls WHERE outcome = 'pending'") == 0
        assert_sound(killed)
        pages = [
            (headers.get("Host"), path) for _, path, _, headers in network.requests
            if path.count("/") == 1 and path.partition("?")[0] not in ("/robots.txt", "/posts", "/")
        ]  # fmt: skip
        return Figures(whole, alone, resumed, len(got), tuple(stored), lost, len(pages) - len(set(pages)))


def main() -> int:
    """Run the trial and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--portals", type=int, default=40)
    parser.add_argument("--articles", type=int, default=40)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--latency", type=float, default=0.05, help="of a fast portal's answer, in seconds")
    parser.add_argument("--delay", type=float, default=0.25, help="between two requests to a portal, in seconds")
    parser.add_argument("--at-once", type=int, default=16, help="portals crawled together")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = harvest_and_kill(
            options.portals,
            options.articles,
            Path(folder),
            options.kills,
            options.latency,
            delay_s=options.delay,
            at_once=options.at_once,
        )
    whole, slowest = figures.whole, figures.slowest
    print(
        f"{options.portals} portals, {options.at_once} at once, {figures.articles} articles,"
        f" {options.delay} s between two requests to a host"
    )
    print(f"  harvest            {whole.wall_s:6.1f} s wall  {whole.cpu_s:6.1f} s CPU  {whole.rss_mb:5.0f} MB")
    print(f"  slowest alone      {slowest.wall_s:6.1f} s wall  {slowest.cpu_s:6.1f} s CPU  {slowest.rss_mb:5.0f} MB")
    print(f"  wall, ratio        {whole.wall_s / slowest.wall_s:6.2f}")
    print(f"  CPU per article    {whole.cpu_s / figures.articles * 1000:6.1f} ms")
    print(f"  kill -9 with {', '.join(map(str, figures.stored_when_killed))} stored; after the next harvest:")
    print(f"  {figures.lost} lost, no copies, {figures.fetched_again} pages fetched again, archive sound")
    return 0


if __name__ == "__main__":
    sys.exit(main())
