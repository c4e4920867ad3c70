"""`make trial-province`: 500 hosts of ten makes, 60 bad ones, brought up from a file, killed twice; then a harvest."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kwri_crawler.scout.verdicts import Verdict
from tests.bringing_up import NOW
from tests.crawling import IMPATIENT, PROJECT, assert_sound, rows, run, scrapy
from tests.sites.province import Province
from tests.trials.harvest import Run, measured

_LOOKS = 32  # under way together, which a kill may cost


@dataclass(frozen=True)
class Figures:
    """What the trial found."""

    whole_s: float  # from the first start to the last end
    last: Run  # the run behind the last kill
    killed_at: tuple[int, ...]  # verdicts that stood then
    asked_again: int  # hosts that were looked at more than once
    wrong: tuple[str, ...]
    counts: dict[str, int]
    harvest: Run
    stored: int


def decided(state: Path) -> int:
    """Count the verdicts in a state file."""
    return state.read_bytes().count(b"\n") if state.exists() else 0


def bring_up(province: Province, folder: Path, kills: int, delay_s: float) -> tuple[list[dict[str, Any]], Figures]:
    """Bring a province up with kills in the middle, harvest what was added; raises AssertionError for a loss."""
    (folder / "list.txt").write_text(province.listed(), encoding="utf-8")
    (folder / "portals").mkdir()
    state, archive = folder / "state.jsonl", folder / "kwri.sqlite"
    given = {
        **IMPATIENT, "DOWNLOAD_DELAY": str(delay_s), "ARCHIVE_PATH": str(archive),
        "PORTALS_PATH": str(folder / "portals"), "CONNECT_TO": json.dumps({"*": province.address}), "NOW": NOW,
    }  # fmt: skip
    command = scrapy("addportal", "--from", str(folder / "list.txt"), "--state", str(state), "--json", **given)
    begun = time.monotonic()
    killed_at = []
    for number in range(kills):
        process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = len(province.sites) * (number + 1) // (kills + 1)
        while decided(state) < until and process.poll() is None:
            time.sleep(0.2)
        process.kill()
        process.wait()
        killed_at.append(decided(state))
    last = measured(command)
    whole_s = time.monotonic() - begun
    told = [json.loads(line) for line in run(*command[3:]).out.splitlines()]
    by_host = {one["host"]: one for one in told}
    assert len(by_host) == len(told) == len(province.sites), "a host has no verdict, or two"
    wrong = [
        f"{host}: {by_host[host]['word']}: {by_host[host]['why'][:120]}"
        for host, expected in province.expected.items()
        if Verdict(by_host[host]["verdict"]) not in expected
    ]
    for pair in province.pairs:
        if sorted(by_host[host]["verdict"] for host in pair) != [Verdict.ADDED, Verdict.SAME]:
            wrong.append(f"{pair}: {[by_host[host]['word'] for host in pair]}")
    files = {path.stem for path in (folder / "portals").glob("*.toml")}
    assert files == {one["portal"] for one in told if one["portal"]}, "files and verdicts differ"
    homes = Counter(f"{headers['Host']}" for _, path, _, headers in province.requests if path == "/robots.txt")
    harvest_command = scrapy("harvest", **{**given, "DOWNLOAD_DELAY": "0.05", "BACK_OFF_S": "0.1"})
    harvest = measured(harvest_command)
    stored = rows(archive, "SELECT portal, count(*) AS n FROM articles GROUP BY portal")
    short = {row["portal"]: row["n"] for row in stored if row["n"] != province.articles}
    added = {one["portal"] for one in told if one["verdict"] == Verdict.ADDED}
    wrong += [f"harvest: {portal} has {n} of {province.articles} articles" for portal, n in short.items()]
    wrong += [f"harvest: {portal} has no article" for portal in added - {row["portal"] for row in stored}]
    assert_sound(archive)
    figures = Figures(
        whole_s, last, tuple(killed_at), sum(count > 1 for count in homes.values()), tuple(wrong),
        dict(Counter(one["verdict"] for one in told)), harvest, sum(row["n"] for row in stored),
    )  # fmt: skip
    return told, figures


def main() -> int:
    """Run the trial, print its figures; 1 where a bad host has the wrong word, or 5% of the good ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, default=500)
    parser.add_argument("--bad", type=int, default=60)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--delay", type=float, default=1.0, help="between two requests to a host, in seconds")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Province(options.hosts, options.bad) as province:
        told, figures = bring_up(province, Path(folder), options.kills, options.delay)
        makes = Counter(make for host, make in province.makes.items())
        added = Counter(province.makes[one["host"]] for one in told if one["host"] in province.makes and one["portal"])
    print(f"{options.hosts} hosts, {options.bad} of them bad, {options.delay} s between two requests to a host")
    print(f"  brought up in {figures.whole_s:.0f} s, killed with {figures.killed_at} verdicts")
    cut = _LOOKS * options.kills
    print(
        f"  {figures.asked_again} robots.txt asked for twice: {cut} looks cut off at most, redirects, http behind https"
    )
    print(f"  behind the last kill {figures.last.cpu_s:.1f} s CPU, {figures.last.rss_mb:.0f} MB")
    print("  " + ", ".join(f"{count} {word}" for word, count in sorted(figures.counts.items())))
    print("  added by make: " + ", ".join(f"{make} {added[make]}/{count}" for make, count in makes.items()))
    print(f"  harvest: {figures.stored} articles, {figures.harvest.wall_s:.0f} s, {figures.harvest.rss_mb:.0f} MB")
    for line in figures.wrong:
        print(f"  WRONG {line}")
    bad_ones = [line for line in figures.wrong if not line.startswith(("kabar-", "harvest"))]
    return 1 if bad_ones or len(figures.wrong) > (options.hosts - options.bad) * 0.05 else 0


if __name__ == "__main__":
    sys.exit(main())
