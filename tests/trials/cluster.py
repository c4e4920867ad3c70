"""`make trial-cluster`: harvests on two workers under kills, frozen and woken machines, compared with one machine's."""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.crawling import assert_sound, contents, rows, value
from tests.trials.harvest import measured
from tests.trials.machines import Machines, Watched, harvest_line, has_ended, machines

VICTIMS = ("worker", "worker", "scheduler", "head")
LEASE_S = 15.0


@dataclass(frozen=True)
class Size:
    """How much a trial crawls."""

    portals: int = 24
    articles: int = 40
    delay_s: float = 0.5
    latency_s: float = 0.03
    at_once: int = 12
    gap_s: float = 9.0  # between two kills, on average
    lease_s: float = LEASE_S


def everything(archive: Path) -> dict[str, Any]:
    """Return what must be the same, however and where it was crawled."""
    stories: dict[int, set[str]] = defaultdict(set)
    about: dict[int, tuple[Any, ...]] = {}
    for row in rows(
        archive,
        "SELECT stories.id, a.url, stories.articles, stories.portals, o.url original FROM articles a"
        " JOIN stories ON stories.id = a.story JOIN articles o ON o.id = stories.original",
    ):
        stories[row["id"]].add(row["url"])
        about[row["id"]] = row["articles"], row["portals"], row["original"]
    ties = rows(archive, "SELECT x.url a, y.url b, kind FROM ties JOIN articles x ON x.id = article"
                         " JOIN articles y ON y.id = other")  # fmt: skip
    return {
        "articles": contents(archive),
        "ledger": rows(archive, "SELECT portal, key, outcome, reason FROM urls ORDER BY portal, key"),
        "stories": {frozenset(urls): about[id_] for id_, urls in stories.items()},
        "ties": {(frozenset((row["a"], row["b"])), row["kind"]) for row in ties},
    }


def assert_same(archive: Path, expected: dict[str, Any]) -> None:
    """Compare an archive with one machine's, and check that it is sound."""
    found = everything(archive)
    differ = [name for name, what in expected.items() if found[name] != what]
    assert not differ, f"{', '.join(differ)} differ from one machine's"
    assert_sound(archive)


@dataclass(frozen=True)
class Figures:
    """What came of one scenario; that the archives are equal was asserted."""

    name: str
    runs: int  # harvests until all was done
    overlaps: int
    early: int
    requests: int
    again: int  # pages asked for once more
    killed_crawls: int
    cpu_s: float  # of all processes
    said: str = ""

    def __str__(self) -> str:
        killed = f" after {self.killed_crawls} killed crawls" if self.killed_crawls else ""
        return (
            f"  {self.name:26} {self.runs:2} harvests  {self.overlaps} overlaps, {self.early} early of {self.requests}"
            f" requests  {self.again} pages again{killed}  {self.cpu_s:5.1f} s CPU{self.said}"
        )


def figures(name: str, at: Machines, runs: int, said: str = "") -> Figures:
    """Take the figures of a scenario that is over; its machines have ended."""
    killed = int(value(at.archive, "SELECT count(*) FROM crawls WHERE finish = 'killed'"))
    cpu_s = at.scheduler.cpu_s + sum(worker.cpu_s for worker in at.workers.values()) + sum(at.heads)
    network = at.network
    return Figures(
        name, runs, network.overlaps, network.early, len(network.requests), network.pages_again(), killed, cpu_s, said
    )


def single(network: Watched, folder: Path, size: Size, name: str = "single") -> tuple[dict[str, Any], float]:
    """Harvest on one machine; return what it archived and its CPU seconds."""
    archive, portals = folder / f"{name}.sqlite", network.write_catalogue(folder / "portals")
    done = measured(harvest_line(network, archive, portals, size.at_once))
    assert done.code == 0, done.log[-2000:]
    network.forget()
    found = everything(archive)
    assert len(found["articles"]) == len(network.portals) * size.articles, "this machine is too slow: pages timed out"
    return found, done.cpu_s


def kills(network: Watched, folder: Path, size: Size, count: int, seed: int, expected: dict[str, Any]) -> Figures:
    """Kill workers, scheduler and head while they harvest."""
    chance = random.Random(seed)
    network.forget()
    hit: list[str] = []
    with machines(network, folder, size.at_once, size.lease_s) as at:
        harvests = stored = 0
        while len(hit) < count:
            harvest = at.start_harvest()
            harvests += 1
            while len(hit) < count and not has_ended(harvest):
                time.sleep(chance.uniform(0.6, 1.6) * size.gap_s)
                while len(hit) % 2 and at.stored() < stored + size.portals and not has_ended(harvest):
                    time.sleep(0.2)  # half of the kills hit crawls that have stored pages since the last one
                if has_ended(harvest):
                    break
                stored = at.stored()
                hit.append(chance.choice(VICTIMS))
                print(f"    kill -9 {hit[-1]} with {stored} articles", file=sys.stderr, flush=True)
                if hit[-1] == "head":
                    os.kill(harvest.pid, signal.SIGKILL)
                else:
                    kept = at.scheduler if hit[-1] == "scheduler" else chance.choice(list(at.workers.values()))
                    kept.send(signal.SIGKILL)
            if at.finish(harvest) == 0 and not at.left():
                break
        harvests += at.harvest_until_done()
    assert_same(at.archive, expected)
    told = ", ".join(f"{hit.count(one)} {one}" for one in dict.fromkeys(VICTIMS))
    return figures(f"kills, seed {seed}", at, harvests, f"  ({told})")


def freeze(network: Watched, folder: Path, size: Size, expected: dict[str, Any]) -> Figures:
    """Freeze a worker in mid-crawl for three leases; it wakes while the other crawls its portals."""
    network.forget()
    with machines(network, folder, size.at_once, size.lease_s) as at:
        harvest = at.start_harvest()
        at.wait_for(size.portals * 2, harvest)
        asleep = at.workers[rows(at.archive, "SELECT place FROM crawls WHERE finish IS NULL")[0]["place"]]
        asleep.send(signal.SIGSTOP)
        threading.Timer(3 * size.lease_s, asleep.send, (signal.SIGCONT,)).start()
        code = at.finish(harvest)
        runs = 1 if code == 0 and not at.left() else 1 + at.harvest_until_done()
        time.sleep(size.lease_s / 3)  # what woke and lost its portals may still try
    assert_same(at.archive, expected)
    return figures("a machine slept", at, runs)


def head_again(network: Watched, folder: Path, size: Size, expected: dict[str, Any]) -> Figures:
    """Kill the head, begin again within a second; a worker that slept meanwhile wakes when its portals are given on."""
    network.forget()
    with machines(network, folder, size.at_once, size.lease_s) as at:
        harvest = at.start_harvest()
        at.wait_for(size.portals * 2, harvest)
        asleep = at.workers["m1"]
        asleep.send(signal.SIGSTOP)
        os.kill(harvest.pid, signal.SIGKILL)
        at.finish(harvest)
        again = at.start_harvest()
        threading.Timer(1.5 * size.lease_s, asleep.send, (signal.SIGCONT,)).start()
        runs = 2 if at.finish(again) == 0 and not at.left() else 2 + at.harvest_until_done()
    assert_same(at.archive, expected)
    return figures("head begun again at once", at, runs)


def undisturbed(network: Watched, folder: Path, size: Size, expected: dict[str, Any]) -> Figures:
    """Harvest on the workers, and count what goes over the wire."""
    network.forget()
    with machines(network, folder, size.at_once, size.lease_s) as at:
        runs = at.harvest_until_done()
    assert_same(at.archive, expected)
    (calls, came, went) = map(int, re.findall(r"(\d+) calls of far crawls: (\d+) bytes came, (\d+) went",
                                              (folder / "head.log").read_text())[-1])  # fmt: skip
    each = len(expected["articles"])
    text = value(at.archive, "SELECT avg(length(body)) FROM articles")
    wire = f"{calls / each:.1f} calls, {came / each:.0f} + {went / each:.0f} bytes an article of {text:.0f} letters"
    return figures("nothing happens", at, runs, f"  {wire}; head {at.heads[-1]:.1f} s")


def costs(folder: Path, size: Size) -> str:
    """Compare the CPU of all processes for many articles and for few: what is left is beyond their starts."""
    spent: dict[str, list[float]] = {"one": [], "all": []}
    counts = (2, size.articles)
    for count in counts:
        own = folder / f"of-{count}"
        own.mkdir()
        with Watched(size.portals, count, size.latency_s, size.delay_s) as network:
            expected, cpu_s = single(network, own, replace(size, articles=count))
            spent["one"].append(cpu_s)
            spent["all"].append(undisturbed(network, own, size, expected).cpu_s)
    articles = size.portals * (counts[1] - counts[0])
    one, far = (1000 * (long - short) / articles for short, long in spent.values())
    return f"  CPU beyond the starts: {one:.1f} ms an article in one process, {far:.1f} in all: {far / one:.2f} times"


SCENARIOS = {"none": undisturbed, "freeze": freeze, "head": head_again}


def main() -> int:
    """Run the trial and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="*", default=[1, 2, 3])
    parser.add_argument("--kills", type=int, default=10)
    names = [*SCENARIOS, "kills", "cost"]
    parser.add_argument("--only", nargs="*", choices=names, default=names)
    parser.add_argument("--portals", type=int, default=24)
    parser.add_argument("--articles", type=int, default=40)
    parser.add_argument("--gap", type=float, default=9.0, help="seconds between two kills, on average")
    options = parser.parse_args()
    size = Size(options.portals, options.articles, gap_s=options.gap)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with Watched(size.portals, size.articles, size.latency_s, size.delay_s) as network:
            expected, cpu_s = single(network, folder, size)
            print(f"one machine: {len(expected['articles'])} articles, {len(expected['stories'])} stories,"
                  f" {len(expected['ties'])} ties, {cpu_s:.1f} s CPU", flush=True)  # fmt: skip
            chosen = [
                (name, seed) for name in options.only if name != "cost"
                for seed in (options.seeds if name == "kills" else [0])
            ]  # fmt: skip
            if chosen:
                print("equal to it after:", flush=True)
            for number, (name, seed) in enumerate(chosen):
                own = folder / str(number)
                own.mkdir()
                if name == "kills":
                    print(kills(network, own, size, options.kills, seed, expected), flush=True)
                else:
                    print(SCENARIOS[name](network, own, size, expected), flush=True)
        if "cost" in options.only:
            print(costs(folder, size), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
