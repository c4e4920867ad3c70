"""`make bench`: the full crawl against a fetch-only Scrapy spider with default settings, alternating, in one run.

A figure alone means nothing on a shared machine; the ratio of neighbours does.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.crawling import PROJECT

TARGET_RATIO = 0.8
TARGET_RSS_MB = 150


@contextmanager
def served(pages: int) -> Iterator[str]:
    """Serve generated pages from a process of their own; yield the portal's home."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.sites.generated", "--pages", str(pages), "--port", "0"],
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
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.one", kind, home, folder, str(portals)],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"the {kind} spider failed:\n{done.stderr[-3000:]}")
        figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return figures


def row(name: str, figures: dict[str, float], expected: int) -> str:
    """Write one run as a line; a run that lost pages is no run."""
    if figures["pages"] != expected:
        sys.exit(f"{name}: {figures['pages']:.0f} of {expected} pages")
    speed = figures["pages"] / figures["wall_s"]
    cpu = 1000 * figures["cpu_s"] / figures["pages"]
    return f"{name:12} {speed:8.1f} pages/s {cpu:8.2f} CPU-ms/page {figures['rss_mb']:8.1f} MB"


def main() -> int:
    """Print every run, the ratios, and whether the targets are met; return 1 when they are not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-memory", action="store_true", help="skip the crawls of 500 and 5,000 pages")
    options = parser.parse_args()
    wall, cpu, keeping, peak = [], [], [], []
    with served(options.pages) as home:
        for number in range(1, options.rounds + 1):
            fetch, full, unkept = (measure(kind, home) for kind in ("fetch", "full", "unkept"))
            print(f"round {number}")
            print(" ", row("fetch only", fetch, options.pages))
            print(" ", row("full crawl", full, options.pages))
            print(" ", row("pages unkept", unkept, options.pages), flush=True)
            wall.append((full["pages"] / full["wall_s"]) / (fetch["pages"] / fetch["wall_s"]))
            cpu.append(fetch["cpu_s"] / full["cpu_s"])
            keeping.append(full["cpu_s"] / unkept["cpu_s"])
            peak.append(full["rss_mb"])
    ratio = statistics.median(wall)
    print(f"ratio of pages/s, full to fetch only: {ratio:.2f} (of each round: {', '.join(f'{r:.2f}' for r in wall)})")
    print(f"ratio of pages per CPU-s:             {statistics.median(cpu):.2f}")
    print(f"CPU of the full crawl, pages kept to not kept: {statistics.median(keeping):.2f}")
    if not options.no_memory:
        for pages in (500, 5000):
            with served(pages) as home:
                figures = measure("full", home)
                print(" ", row(f"{pages} pages", figures, pages), flush=True)
                peak.append(figures["rss_mb"])
    well = ratio >= TARGET_RATIO and max(peak) < TARGET_RSS_MB
    print(f"targets: {TARGET_RATIO} of fetch-only pages/s, under {TARGET_RSS_MB} MB: {'met' if well else 'NOT met'}")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
