"""`make kills`: SIGKILL crawls at random moments, let the next one finish, compare with an undisturbed archive."""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.crawling import HANGS_S, HOST, assert_sound, contents, crawl, rows, start, value
from tests.sites.varient import VarientPortal


@dataclass(frozen=True)
class Figures:
    """What the kills did."""

    kills: int
    mid_crawl: int  # kills that hit a crawl with some pages stored and some not
    articles: int
    fetched_again: int  # article pages asked for more than once, over all crawls


def kill_and_resume(kills: int, folder: Path, seed: int, latency_s: float = 0.02) -> Figures:
    """Kill `kills` crawls of one archive, one after another until it is whole, then start a new archive; check each.

    Raises AssertionError when an archive differs from that of an undisturbed crawl, holds a copy, or is not sound.
    """
    chance = random.Random(seed)
    with VarientPortal() as site:
        site.latency_s = latency_s
        places = {HOST: f"127.0.0.1:{site.port}"}
        whole = folder / "whole.sqlite"
        begun = time.monotonic()
        assert crawl(whole, places, timeout_s=HANGS_S).code == 0
        whole_s = time.monotonic() - begun
        expected = contents(whole)
        assert len(expected) >= 120
        killed = mid_crawl = round_ = 0
        asked: list[str] = []
        while killed < kills:
            round_ += 1
            archive = folder / f"killed-{round_}.sqlite"
            for _ in range(chance.randint(1, 4)):  # several kills may hit one archive
                process = start(archive, places)
                time.sleep(chance.uniform(0.5, whole_s))
                if process.poll() is None:
                    process.send_signal(signal.SIGKILL)
                    killed += 1
                process.communicate()
            if archive.exists() and rows(archive, "SELECT 1 FROM sqlite_master WHERE name = 'articles'"):
                stored = value(archive, "SELECT count(*) FROM articles")
                mid_crawl += 0 < stored < len(expected)
            site.requests.clear()
            done = crawl(archive, places, timeout_s=HANGS_S)
            assert done.code == 0, done.log[-2000:]
            asked += [path for _, path, *_ in site.requests]
            assert contents(archive) == expected, "the archive differs from that of an undisturbed crawl"
            assert value(archive, "SELECT count(*) FROM urls WHERE outcome = 'pending'") == 0
            assert_sound(archive)
    return Figures(killed, mid_crawl, len(expected), len(asked) - len(set(asked)))


def main() -> int:
    """Run the trial and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    print(f"seed {options.seed}")
    with tempfile.TemporaryDirectory() as folder:
        figures = kill_and_resume(options.kills, Path(folder), options.seed)
    print(
        f"{figures.kills} kills, {figures.mid_crawl} archives half full when their last kill came: every archive equals"
        f" the undisturbed one ({figures.articles} articles), integrity and search index clean, nothing lost, no copies"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
