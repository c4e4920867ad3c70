"""A hostile portal of each kind among 20 good ones: how long do the good ones take, beside alone?

make trial-hostile
make trial-hostile TRIAL="--good 5"
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from tests.crawling import run
from tests.sites.corpus import ARTICLES
from tests.sites.hostile import KINDS, HostileNetwork

MORE = 0.2  # of the time that the good ones take alone
SETTINGS = {"DOWNLOAD_DELAY": "0.5", "DOWNLOAD_TIMEOUT": "10", "RETRY_TIMES": "0", "HARVEST_AT_ONCE": "40"}


class Measured(NamedTuple):
    """One harvest."""

    good_s: dict[str, float]  # portal -> from the harvest's first request to its own last one
    stored: int  # articles of the good ones
    finishes: dict[str, tuple[str, str | None]]  # hostile portal -> how its crawl ended, and why


def measure(good: int, kinds: Iterable[str], articles: int) -> Measured:
    """Harvest good portals of so many articles each, with hostile ones among them, on loopback."""
    with tempfile.TemporaryDirectory() as folder, HostileNetwork(good, kinds, ARTICLES[:articles]) as network:
        archive, began = Path(folder) / "kwri.sqlite", time.monotonic()
        settings = {"ARCHIVE_PATH": str(archive), "CONNECT_TO": json.dumps(network.places), **SETTINGS}
        run("harvest", PORTALS_PATH=str(network.write_catalogue(Path(folder) / "portals")), **settings)
        with closing(sqlite3.connect(archive)) as db:
            (stored,) = db.execute("SELECT count(*) FROM articles WHERE portal LIKE 'demo-%'").fetchone()
            ends = db.execute("SELECT portal, finish, reason FROM crawls WHERE portal LIKE 'jahat-%' ORDER BY 1")
            finishes = {portal: (finish, reason) for portal, finish, reason in ends.fetchall()}
        good_s = {name: last - began for name, last in network.last_s.items() if name.startswith("demo-")}
        return Measured(good_s, stored, finishes)


def main() -> int:
    """Measure both, print a table; return 1 when the good ones took longer by more than a fifth, or lost articles."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--good", type=int, default=20, help="good portals (default: %(default)s)")
    parser.add_argument("--articles", type=int, default=40, help="of each (default: %(default)s)")
    opts = parser.parse_args()
    alone = measure(opts.good, (), opts.articles)
    beside = measure(opts.good, KINDS, opts.articles)
    print(f"{'hostile portal':28}{'finish':14}reason")
    for portal, (finish, reason) in beside.finishes.items():
        print(f"{portal:28}{finish or '-':14}{(reason or '')[:80]}")
    print(f"\n{'good portals':28}{'alone':>8}{'beside':>8}")
    print(f"{'seconds of the slowest':28}{max(alone.good_s.values()):8.1f}{max(beside.good_s.values()):8.1f}")
    print(f"{'seconds on average':28}{_mean(alone):8.1f}{_mean(beside):8.1f}")
    print(f"{'articles stored':28}{alone.stored:8}{beside.stored:8}")
    more = max(beside.good_s.values()) / max(alone.good_s.values()) - 1
    print(f"\nthe good ones took {100 * more:+.0f}%; {100 * MORE:.0f}% more are allowed")
    return int(more > MORE or beside.stored != alone.stored or len(beside.finishes) != len(KINDS))


def _mean(measured: Measured) -> float:
    return sum(measured.good_s.values()) / len(measured.good_s)


if __name__ == "__main__":
    sys.exit(main())
