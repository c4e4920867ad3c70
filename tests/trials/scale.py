"""`make trial-scale SIZES='10000 100000 1000000'`: what an archive of each size costs, in CPU-ms, beside f4db461's.

What happens around a crawl, an article's way into the archive, views, searches, Datasette's pages, the report, doctor.
Archives are made in --folder once and used again; each run adds some 360 articles. Queries run warm, on a connection of
their own, and count by their fastest run of three. Ends with 1 where the largest archive misses a bar.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from kwri_crawler import clock
from kwri_crawler.archive import articles, crawls, health, ledger, listings, open_archive, plan, search_index, visits
from kwri_crawler.archive.ledger import ListedUrl
from kwri_crawler.web.addresses import url_key
from tests.crawling import PROJECT, scrapy
from tests.trials.large_archive import (
    AFTER_H,
    BASE,
    DAYS,
    END,
    PORTALS,
    Writer,
    build,
    portal,
    staged,
)
from tests.trials.scale_former import FORMER
from tests.trials.scale_queries import pages, queries

TURNS, A_TURN, A_COMMIT = 30, 6, 2  # crawls, articles of each, articles a commit: an hourly crawl brings 1 to 3
MONTH = "2026-10"
# CPU-ms at the largest size; what has none is shown alone
BARS = {
    "around a crawl: all": 8.0,
    "plan of a harvest, 3,000 portals": 20.0,
    "stories N": 50.0,
    "report --month": 10_000.0,
    "doctor": 30_000.0,
}
# the first of these that a figure's name holds; Datasette stops counting after its second, and has to show the page
BAR_OF = {"Datasette": float("inf"), "LIMIT 20": 100.0, "of one portal": 100.0, "whole": 2_000.0, "search": 50.0}
A_ROW_AN_ARTICLE = frozenset(f"{view} whole" for view in ("latest_articles", "date_agreement", "evidence", "links"))
PEAKS = {"report --month, MB": 150.0}


@dataclass
class Figures:
    """What was measured, by what it is, then by the archive's size."""

    sizes: list[int]
    of: dict[str, dict[int, float]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)  # pages that Datasette did not show

    def add(self, size: int, name: str, value: float) -> None:
        """Note a figure."""
        self.of.setdefault(name, {})[size] = value

    def missed(self) -> list[str]:
        """Return what is over its bar in the largest archive."""
        largest = self.sizes[-1]
        found = [name for name, by in self.of.items() if by.get(largest, 0) > bar_of(name)]
        around = self.of.get("around a crawl: all", {})
        if around.get(largest, 0) > 1.3 * around.get(self.sizes[0], float("inf")):
            found.append(f"around a crawl: over 1.3 times that of {self.sizes[0]}")
        return found + self.refused

    def table(self) -> Iterator[str]:
        """Yield the lines of a table, with what f4db461 took where that was measured."""
        heads = [f"{size:,}" for size in self.sizes]
        yield f"| CPU-ms | {' | '.join(f'f4db461 {head}' for head in heads)} | {' | '.join(heads)} | bar |"
        yield "|---" * (2 * len(heads) + 2) + "|"
        for name, by in self.of.items():
            former = [_shown(FORMER.get(name, {}).get(size)) for size in self.sizes]
            bar = bar_of(name)
            now = [_shown(by.get(size)) for size in self.sizes]
            yield f"| {name} | {' | '.join(former)} | {' | '.join(now)} | {_shown(bar) if bar < float('inf') else ''} |"


def bar_of(name: str) -> float:
    """Return the bar of a figure; infinite if it has none."""
    if name in A_ROW_AN_ARTICLE:
        return float("inf")
    kinds = (bar for words, bar in BAR_OF.items() if words in name)
    return (BARS | PEAKS).get(name, next(kinds, float("inf")))


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def measure(path: Path, size: int, found: Figures, portals: int = PORTALS, turns: int = TURNS) -> None:
    """Measure an archive; the commands that read it whole last."""
    clock.set_clock((END + timedelta(hours=1)).isoformat())
    try:
        for name, value in crawl(path, portals, turns).items():
            found.add(size, name, value)
    finally:
        clock.set_clock("")
    for name, value in queries(path):
        found.add(size, name, value)
    for name, value, status in asyncio.run(pages(path)):
        found.add(size, f"Datasette {name}", value)
        if status != 200:
            found.refused.append(f"Datasette {name}: {status}, with {size:,} articles")
    for name, line in (("report --month", ("report", "--month", MONTH, "--out", os.devnull)), ("doctor", ("doctor",))):
        milliseconds, megabytes = command(*line, ARCHIVE_PATH=str(path))
        found.add(size, name, milliseconds)
        found.add(size, f"{name}, MB", megabytes)
    found.add(size, "bytes an article", path.stat().st_size / size)


# ---------------------------------------------------------------------- crawls


def crawl(path: Path, portals: int, turns: int) -> dict[str, float]:
    """Crawl portals as a spider does, each call its own commit; return the median CPU-ms of each part.

    Each is crawled twice, and the second time counts: queries run warm too.
    """
    db = open_archive(path)
    spent: list[dict[str, float]] = []
    writer = Writer(os.getpid(), portals)
    (last,) = db.execute("SELECT max(id) FROM articles").fetchone()
    crawled = [portal(turn * 7 % portals) for turn in range(turns)]
    for one in crawled:
        visits.schedule(db, one.id, AFTER_H)  # what an earlier run of this trial left
    for turn, one in enumerate((*crawled, *crawled)):
        parts: dict[str, float] = {}
        spent.append(parts)
        written = [
            replace(article, portal=one.id, url=f"{one.home}{article.url.rpartition('/')[2]}")
            for article in (
                writer.write(10**9 + last + turn * A_TURN + place, END + timedelta(minutes=place))
                for place in range(A_TURN)
            )
        ]
        db.execute(  # every crawl has one article to look at again, in whatever archive
            "UPDATE visits SET next_at = ? WHERE article = (SELECT max(article) FROM visits WHERE portal = ?)",
            (clock.now_text(), one.id),
        )
        do = _measuring(db, parts)
        do("harvest: plan", crawls.last_crawls)
        crawl, _ = do("begin_crawl", crawls.begin_knowing, one, None, None, None, None)
        do("schedule", visits.schedule, one.id, AFTER_H)
        do("listing", listings.states, one, None)
        row, began = do("listing", listings.begin_listing, one.id, one.listings[0])
        entries = [ListedUrl(url_key(article.url), article.url) for article in written]
        do("listing", listings.record_page, one.id, row, crawl, entries, None)
        do("listing", listings.end_listing, row, crawl, began, None, True)
        do("listing", listings.join_feeds, one.id, crawl)
        do("take", visits.take, one.id, crawl, 1)
        due = do("take", ledger.take_due, one.id, crawl, A_TURN, None)
        ids = {each.url: each.id for each in due}
        with _clocked(parts, "article: stages"):
            ready = [staged(replace(article, crawl_id=crawl, url_id=ids[article.url])) for article in written]
        for first in range(0, A_TURN, A_COMMIT):
            do("article: store", _store, ready[first : first + A_COMMIT])
        do("end_crawl", crawls.end, crawl, one.id, "finished", None, 10, 1000)
        do("plan_next", plan.plan_next, one.id, well=True)
        do("health", health.review, [one], clock.now())
    db.close()
    around = ("begin_crawl", "schedule", "listing", "take", "end_crawl", "plan_next")
    medians = {name: statistics.median(parts[name] for parts in spent[turns:]) for name in spent[0]}
    return {
        **{f"around a crawl: {name}": medians[name] for name in around},
        "around a crawl: all": statistics.median(sum(parts[name] for name in around) for parts in spent[turns:]),
        **{name: medians[name] / A_TURN for name in medians if name.startswith("article")},
        "health of a portal": medians["health"],
        "plan of a harvest": medians["harvest: plan"],
    }


def _measuring(db: Database, parts: dict[str, float]) -> Callable[..., Any]:
    def do(name: str, job: Callable[..., Any], *args: Any, **more: Any) -> Any:
        with _clocked(parts, name):
            db.execute("BEGIN IMMEDIATE")
            result = job(db, *args, **more)
            db.execute("COMMIT")
        return result

    return do


@contextmanager
def _clocked(parts: dict[str, float], name: str) -> Iterator[None]:
    began = time.process_time()
    yield
    parts[name] = parts.get(name, 0.0) + 1000 * (time.process_time() - began)


def _store(db: Database, ready: list[Any]) -> None:
    search_index.put_off(db)
    for article in ready:
        articles.store(db, article)
    search_index.catch_up(db)


def plan_of_many(portals: int, days: int) -> float:
    """Return what the plan of a harvest takes with so many portals and days of crawls."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "many.sqlite"
        build(path, 0, portals, days)
        db = open_archive(path)
        parts: list[dict[str, float]] = [{} for _ in range(3)]
        for each in parts:
            _measuring(db, each)("plan", crawls.last_crawls)
        db.close()
        return min(each["plan"] for each in parts)


# Linux counts what a process held before it began another program among that one's memory, and this one has held much.
_RUN = """
import os, subprocess, sys
_, status, used = os.wait4(subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL).pid, 0)
print(os.waitstatus_to_exitcode(status), 1000 * (used.ru_utime + used.ru_stime), used.ru_maxrss / 1024)
"""


def command(*line: str, **settings: str) -> tuple[float, float]:
    """Run a command to its end; return CPU-ms and MB at its peak, its start included."""
    told = subprocess.run(
        [sys.executable, "-c", _RUN, *scrapy(*line, **settings)],
        cwd=PROJECT,
        check=True,
        capture_output=True,
        text=True,
    )
    code, milliseconds, megabytes = told.stdout.split()
    if int(code) not in (0, 3):  # doctor warns of a clock, and of a disk that is nearly full
        raise RuntimeError(f"{' '.join(line)} ended with {code}: {told.stderr}")
    return float(milliseconds), float(megabytes)


def main() -> int:
    """Make, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=(10_000, 100_000, 1_000_000), metavar="ARTICLES")
    parser.add_argument("--folder", type=Path, default=Path("output/trial-scale"), help="where the archives are kept")
    asked = parser.parse_args()
    os.nice(10)
    asked.folder.mkdir(parents=True, exist_ok=True)
    found = Figures(sorted(asked.sizes))
    for size in found.sizes:
        path = asked.folder / f"{size}.sqlite"
        if not path.exists():
            began = time.process_time()
            making = path.with_suffix(".making")
            build(making, size)
            making.rename(path)
            print(f"{path}: made in {time.process_time() - began:.0f} CPU-s", flush=True)
        measure(path, size, found)
        print(f"{size:,} articles measured", flush=True)
    if found.sizes[-1] >= BASE:
        found.add(found.sizes[-1], "plan of a harvest, 3,000 portals", plan_of_many(3000, DAYS))
    print(*found.table(), sep="\n")
    for each in found.missed():
        print(f"over its bar: {each}")
    return 1 if found.missed() else 0


if __name__ == "__main__":
    sys.exit(main())
