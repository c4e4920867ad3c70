"""`make bench`: the full crawl against a fetch-only Scrapy spider with default settings, alternating, in one run.

A figure alone means nothing on a shared machine; the ratio of neighbours does. It is measured with short texts, as most
regional articles are, and with long ones, which cost the reader more. CPU and memory are those of all processes.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.crawling import PROJECT
from tests.sites.generated import WORDS

LONG_WORDS = 660
# Of fetch only, with texts of either length; and of the full crawl alone.
TARGET_SPEED = 1.0  # pages/s
TARGET_CPU = 0.5  # pages per CPU-second
TARGET_MORE_MB = 70
TARGET_MB = 150
LOOK_S = 0.25  # so often it is looked how much memory is in use: a look takes 2 ms


@contextmanager
def served(pages: int, words: int = WORDS) -> Iterator[str]:
    """Serve generated pages from a process of their own; yield the portal's home."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.sites.generated", "--pages", str(pages), "--words", str(words), "--port", "0"],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        port = server.stdout.readline().strip().rpartition(":")[2].strip("/ ").split()[-1]
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait()


def measure(kind: str, home: str) -> dict[str, float]:
    """Run one spider once, in a fresh process with a fresh archive."""
    with tempfile.TemporaryDirectory() as folder:
        portals = Path(folder) / "portals"
        portals.mkdir()
        (portals / "bench.toml").write_text(
            f'name = "Bench"\nhome = "{home}"\nfamily = "varient"\nzone = "Asia/Jakarta"\n'
            'listings = [{ kind = "sitemap", url = "/sitemap.xml" }]\n'
        )
        crawl = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.one", kind, home, folder, str(portals)],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        peak = 0.0
        while True:
            with suppress(subprocess.TimeoutExpired):
                out, errors = crawl.communicate(timeout=LOOK_S)
                break
            peak = max(peak, memory_mb(crawl.pid))
        if crawl.returncode:
            sys.exit(f"the {kind} spider failed:\n{errors[-3000:]}")
        figures: dict[str, float] = json.loads(out.splitlines()[-1])
        return {**figures, "mb": peak}


def memory_mb(pid: int) -> float:
    """Return the memory in use by a process and its children as PSS, which counts what they share once; 0 for none."""
    kilobytes, waiting = 0, [str(pid)]
    while waiting:
        process = Path("/proc", waiting.pop())
        with suppress(OSError):  # it has ended
            rollup = (process / "smaps_rollup").read_text().split()
            kilobytes += int(rollup[rollup.index("Pss:") + 1])
            for children in process.glob("task/*/children"):
                waiting += children.read_text().split()
    return kilobytes / 1024


def row(name: str, figures: dict[str, float], expected: int) -> str:
    """Write one run as a line; a run that lost pages is no run."""
    if figures["pages"] != expected:
        sys.exit(f"{name}: {figures['pages']:.0f} of {expected} pages")
    speed = figures["pages"] / figures["wall_s"]
    cpu = 1000 * figures["cpu_s"] / figures["pages"]
    return f"{name:12} {speed:8.1f} pages/s {cpu:8.2f} CPU-ms/page {figures['mb']:8.1f} MB"


def compare(words: int, pages: int, rounds: int, *, unkept: bool) -> tuple[list[tuple[str, bool]], float]:
    """Crawl a site with texts of one length some times, beside fetch only, and beside a crawl that keeps no pages.

    Print each run; return the targets, each with whether it is met, and the most MB that a full crawl took.
    """
    speed, cpu, keeping, more, most = [], [], [], [], 0.0
    with served(pages, words) as home:
        for number in range(1, rounds + 1):
            print(f"texts of {words} words, round {number}")
            fetch, full = measure("fetch", home), measure("full", home)
            print(" ", row("fetch only", fetch, pages))
            print(" ", row("full crawl", full, pages), flush=True)
            speed.append((full["pages"] / full["wall_s"]) / (fetch["pages"] / fetch["wall_s"]))
            cpu.append(fetch["cpu_s"] / full["cpu_s"])
            more.append(full["mb"] - fetch["mb"])
            most = max(most, full["mb"])
            if unkept:
                without = measure("unkept", home)
                print(" ", row("pages unkept", without, pages), flush=True)
                keeping.append(full["cpu_s"] / without["cpu_s"])
    if unkept:
        print(f"CPU of the full crawl, pages kept to not kept: {statistics.median(keeping):.2f}")
    each = ", ".join(f"{ratio:.2f}" for ratio in speed)
    ratio, ratio_cpu, added = map(statistics.median, (speed, cpu, more))
    of = f"{words} words, full crawl to fetch only:"
    return [
        (f"{of} {ratio:.2f} of its pages/s ({each}), target {TARGET_SPEED:.2f}", ratio >= TARGET_SPEED),
        (f"{of} {ratio_cpu:.2f} of its pages per CPU-second, target {TARGET_CPU:.2f}", ratio_cpu >= TARGET_CPU),
        (f"{of} {added:+.0f} MB, target at most {TARGET_MORE_MB:+}", added <= TARGET_MORE_MB),
    ], most


def main() -> int:
    """Print every run, the ratios, and whether the targets are met; return 1 when one is not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3, help="with short texts; with long ones, one less (default: 3)")
    parser.add_argument("--no-memory", action="store_true", help="skip the crawls of 500 and 5,000 pages")
    options = parser.parse_args()
    targets, most = compare(WORDS, options.pages, options.rounds, unkept=True)
    of_long, most_long = compare(LONG_WORDS, options.pages, max(1, options.rounds - 1), unkept=False)
    peak = [most, most_long]
    if not options.no_memory:
        for pages in (500, 5000):
            with served(pages) as home:
                figures = measure("full", home)
                print(" ", row(f"{pages} pages", figures, pages), flush=True)
                peak.append(figures["mb"])
    targets += of_long
    targets.append((f"the most memory: {max(peak):.0f} MB, target under {TARGET_MB}", max(peak) < TARGET_MB))
    for target, is_met in targets:
        print(f"{target}: {'met' if is_met else 'NOT met'}")
    return 0 if all(is_met for _, is_met in targets) else 1


if __name__ == "__main__":
    sys.exit(main())
