"""`scrapy harvest`, whole: many portals in one process against real servers; codes, bounds, signals, kills."""

import fcntl
import json
import os
import pty
import re
import signal
import sqlite3
import struct
import subprocess
import sys
import termios
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kwri_crawler.archive import lock_harvest, lock_portal
from kwri_crawler.catalogue import CatalogueError, Fault, read_catalogue
from kwri_crawler.command import Exit
from kwri_crawler.command.harvest_report import Report
from kwri_crawler.commands.crawl import describe, exit_code
from kwri_crawler.items import Outcome
from kwri_crawler.plan import LastCrawl, due_portals
from kwri_crawler.spiders.crawl import Summary
from kwri_crawler.spiders.turns import Turns
from tests.archives import PORTAL
from tests.crawling import IMPATIENT, PROJECT, Crawled, assert_sound, run, scrapy, value
from tests.sites.corpus import ARTICLES
from tests.sites.network import Network
from tests.sites.server import Answer, Request
from tests.trials.harvest import harvest_and_kill

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass
class Desk:
    """An operator's installation, and the portals that it crawls."""

    network: Network
    folder: Path

    @property
    def archive(self) -> Path:
        return self.folder / "kwri.sqlite"

    def settings(self, **more: str) -> dict[str, str]:
        return {
            "ARCHIVE_PATH": str(self.archive),
            "PORTALS_PATH": str(self.folder / "portals"),
            "CONNECT_TO": json.dumps(self.network.places),
            **IMPATIENT,
            **more,
        }

    def harvest(self, *args: str, **settings: str) -> Crawled:
        return run("harvest", *args, **self.settings(**settings))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Network(4, ARTICLES[:12]) as network:
        network.write_catalogue(tmp_path / "portals")
        yield Desk(network, tmp_path)


def finishes(done: Crawled) -> dict[str, str]:
    return {row["portal"]: row["finish"] for row in json.loads(done.out)["portals"]}


def test_a_harvest_plans_and_judges_by_the_clock_that_its_crawls_go_by(desk: Desk) -> None:
    first = desk.harvest(NOW="2031-03-02T10:00:00+07:00")
    assert first.code == 0, first.log
    assert value(desk.archive, "SELECT DISTINCT substr(at, 1, 13) FROM events") == "2031-03-02T03"
    assert "no portal is due" in desk.harvest(NOW="2031-03-02T10:10:00+07:00").out
    assert set(finishes(desk.harvest("--json", NOW="2031-03-04T10:00:00+07:00")).values()) == {"finished"}


def test_a_harvest_takes_every_active_portal_once_and_then_none_is_due(desk: Desk) -> None:
    retired = desk.folder / "portals" / "demo-04.toml"
    retired.write_text(retired.read_text(encoding="utf-8") + "active = false\n", encoding="utf-8")
    first = desk.harvest(CONTACT="")
    assert first.code == 0, first.log
    assert first.log.count("CONTACT is not set") == 1, "of three crawls"
    assert "3 portals" in first.out
    assert "36 new articles; 0 portals failed" in first.out
    assert value(desk.archive, "SELECT count(*) FROM articles") == 36
    assert_sound(desk.archive)
    second = desk.harvest()
    assert (second.code, second.out) == (0, "no portal is due\n")
    named = desk.harvest("demo-04", "--json")
    assert finishes(named) == {"demo-04": "finished"}, "a portal that is named is crawled, active or due or not"


def test_one_portal_that_dies_and_one_that_refuses_leave_the_others_whole(desk: Desk) -> None:
    desk.network.faults["demo-02"] = lambda _: Answer("no", status=403)
    extensions = json.dumps({"tests.sites.crash.CrashOn": 1})
    done = desk.harvest("--json", EXTENSIONS=extensions, CRASH_ON="demo-01")
    assert done.code == 1, done.log
    assert finishes(done) == {
        "demo-01": "error", "demo-02": "no listing", "demo-03": "finished", "demo-04": "finished"
    }  # fmt: skip
    assert value(desk.archive, "SELECT count(*) FROM articles") == 24
    assert value(desk.archive, "SELECT finish FROM crawls WHERE portal = 'demo-01'") == "error"
    assert_sound(desk.archive)
    table = desk.harvest("demo-02").out.splitlines()
    assert "HTTP 403" in table[1]


def test_region_and_family_choose_and_a_wrong_one_names_the_nearest(desk: Desk) -> None:
    done = desk.harvest("--region", "Bali", "--json")
    assert finishes(done) == {"demo-02": "finished"}
    assert list(finishes(desk.harvest("--family", "varient", "--region", "Aceh", "--json"))) == ["demo-04"]
    wrong = desk.harvest("--region", "Bal")
    assert wrong.code == 2
    assert "did you mean Bali?" in wrong.log


def test_another_harvest_has_its_own_code_and_touches_nothing(desk: Desk) -> None:
    with lock_harvest(desk.archive):
        done = desk.harvest()
    assert done.code == 4
    assert f"process {os.getpid()}" in done.log
    assert desk.network.requests == []


def test_a_portal_in_another_crawls_hands_is_left_to_it(desk: Desk) -> None:
    with lock_portal(desk.archive, "demo-03"):
        done = desk.harvest("--json")
    assert done.code == 0
    assert finishes(done)["demo-03"] == "busy"


def test_nothing_can_be_done_without_archive_catalogue_or_disk(desk: Desk) -> None:
    full = desk.harvest(MIN_FREE_MB="999999999")
    assert (full.code, "free some disk space" in full.log) == (2, True)
    desk.archive.write_text("this is no database, and it is long enough to be taken for one" * 20)
    damaged = desk.harvest()
    assert (damaged.code, "not a database" in damaged.log) == (2, True)
    for path in (desk.folder / "portals").glob("*.toml"):
        path.write_text('nam = "x"\n')
    catalogue = desk.harvest()
    assert (catalogue.code, "demo-01.toml" in catalogue.log) == (2, True)
    assert desk.network.requests == []


def test_a_wrong_file_costs_its_own_portal_and_the_exit_code_says_so(desk: Desk) -> None:
    (desk.folder / "portals" / "demo-01.toml").write_text('nam = "x"\n')
    done = desk.harvest()
    assert done.code == 1
    assert "not crawled: demo-01.toml: unknown key 'nam'" in done.out
    assert value(desk.archive, "SELECT count(DISTINCT portal) FROM articles") == 3
    again = desk.harvest("demo-02", "--json")
    assert (again.code, json.loads(again.out)["faults"]) == (0, []), "the wrong file is none of those asked for"


def test_within_a_time_the_rest_waits_for_the_next_harvest(desk: Desk) -> None:
    for portal in desk.network.portals:
        desk.network.latencies_s[portal] = 0.3
    done = desk.harvest("--within", "2s", "--json", HARVEST_AT_ONCE="2")
    report = json.loads(done.out)
    assert done.code == 0, done.log
    assert report["not_begun"], "four slow portals, two at once, cannot all begin in two seconds"
    assert "time" in finishes(done).values()
    desk.network.latencies_s.clear()
    rest = desk.harvest("--json")
    assert set(finishes(rest)) >= set(report["not_begun"])
    assert value(desk.archive, "SELECT count(*) FROM articles") == 48
    assert_sound(desk.archive)


def start(desk: Desk, *args: str, **settings: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        scrapy("harvest", *args, **desk.settings(**settings)),
        cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def stored(archive: Path) -> int:
    """Count articles, also while the archive is being made."""
    try:
        return int(value(archive, "SELECT count(*) FROM articles"))
    except sqlite3.OperationalError:
        return 0


def wait_for(check: Any, within_s: float = 60) -> None:
    end = time.monotonic() + within_s
    while not check():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


def test_sigterm_ends_it_with_a_table_and_the_next_one_brings_the_rest(desk: Desk) -> None:
    for portal in desk.network.portals:
        desk.network.latencies_s[portal] = 0.2
    process = start(desk, "--json")
    wait_for(lambda: len(desk.network.requests) > 20)
    process.send_signal(signal.SIGTERM)
    out, log = process.communicate(timeout=60)
    assert process.returncode == 1, log
    assert json.loads(out)["stopped"] == "SIGTERM"
    assert set(finishes(Crawled(1, out, log)).values()) == {"stopped"}
    assert value(desk.archive, "SELECT count(*) FROM crawls WHERE finish = 'stopped'") == 4
    desk.network.latencies_s.clear()
    assert desk.harvest().code == 0
    assert value(desk.archive, "SELECT count(*) FROM articles") == 48
    assert_sound(desk.archive)


def test_a_portal_that_hangs_cannot_hold_a_stopped_harvest_beyond_its_grace(desk: Desk) -> None:
    def hang(request: Request) -> Answer | None:
        if request.route != "/robots.txt":
            desk.network.closing.wait(90)
        return None

    desk.network.faults["demo-01"] = hang
    process = start(desk, "--json", DOWNLOAD_TIMEOUT="90", STOP_GRACE_S="1.5")
    wait_for(lambda: stored(desk.archive) == 36)
    process.send_signal(signal.SIGTERM)
    out, log = process.communicate(timeout=60)  # without the grace it would hang for the 90 s of DOWNLOAD_TIMEOUT
    assert process.returncode == 1, log
    assert json.loads(out)["stopped"] == "SIGTERM"
    assert value(desk.archive, "SELECT count(*) FROM articles") == 36
    desk.network.faults.clear()
    assert desk.harvest().code == 0
    assert value(desk.archive, "SELECT count(*) FROM articles") == 48
    assert value(desk.archive, "SELECT finish FROM crawls WHERE portal = 'demo-01' ORDER BY id LIMIT 1") == "killed"


def test_a_killed_harvest_loses_nothing(tmp_path: Path) -> None:
    figures = harvest_and_kill(4, 12, tmp_path, kills=1, latency_s=0.02)
    assert figures.articles == 48
    assert figures.lost == 0


def test_a_terminal_gets_a_bar_and_a_log_gets_lines(desk: Desk) -> None:
    plain = desk.harvest()
    assert "demo-01: finished, 12 new of 12 found" in plain.log
    assert "\r" not in plain.log
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    process = subprocess.Popen(
        scrapy("harvest", "--all", **desk.settings()), cwd=PROJECT, stdout=subprocess.PIPE, stderr=child, text=True
    )
    os.close(child)
    shown = b""
    while True:
        try:
            piece = os.read(parent, 4096)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        shown += piece
    os.close(parent)
    told, _ = process.communicate(timeout=60)
    assert b"4/4" in shown or b"/4 [" in shown, shown
    assert b"INFO" not in shown, "the screen is the bar's"
    assert "4 portals in " in told


def test_portals_of_one_host_are_crawled_one_after_the_other() -> None:
    channels = [replace(PORTAL, id=f"kanal-{n}", home=f"https://www.koran.id/{n}/", hosts=()) for n in "ab"]
    others = [
        replace(PORTAL, id="api-a", home="https://a.id/", hosts=("api.id",)),
        replace(PORTAL, id="api-b", home="https://b.id/", hosts=("api.id",)),
        replace(PORTAL, id="lokal-a", home="http://127.0.0.1:81/", hosts=()),
        replace(PORTAL, id="lokal-b", home="http://127.0.0.1:82/", hosts=()),
    ]
    turns, begun = Turns((*channels, *others)), []
    while (portal := turns.next(begun)) is not None:
        begun.append(portal.id)
    assert begun == ["kanal-a", "api-a", "lokal-a", "lokal-b"]
    begun.remove("kanal-a")
    after = turns.next(begun)
    assert after is not None
    assert after.id == "kanal-b"
    assert turns.waiting == ("api-b",)


def test_a_crawl_of_several_portals_has_a_summary_of_each_and_the_worst_code(desk: Desk) -> None:
    done = run("crawl", "demo-03", "demo-01", "demo-03", "--since=2020-01-01", "--limit=3", **desk.settings())
    assert done.code == 0, done.log
    assert re.findall(r"^(demo-\d+): (\w+)", done.out, re.MULTILINE) == [("demo-03", "limit"), ("demo-01", "limit")]
    assert value(desk.archive, "SELECT group_concat(since || max_pages) FROM crawls") == "2020-01-013,2020-01-013"
    (busy, other) = (Summary("x", desk.archive, word, None, {}, 0, 0) for word in ("busy", "finished"))
    assert [exit_code(busy), exit_code(other)] == [Exit.BUSY, Exit.DONE]


@pytest.mark.parametrize(("finish", "since", "is_said"), [
    ("finished", date(2026, 1, 1), True), ("finished", None, False), ("limit", date(2026, 1, 1), False),
])  # fmt: skip
def test_what_a_bounded_crawl_left_is_said_to_lie_outside(finish: str, since: date | None, is_said: bool) -> None:
    counts = dict.fromkeys((*(outcome.value for outcome in Outcome), "left_out", "edited"), 0)
    counts |= {"found": 5, "stored": 2, "pending": 3}
    told = describe(Summary("x", Path("a"), finish, None, counts, 9, 1, since=since))
    assert ("the 3 pending ones lie outside of the days that were asked for" in told) is is_said


def test_portals_with_news_come_before_those_that_did_not_answer_and_those_with_a_backlog() -> None:
    portals = read_catalogue().portals[:5]
    a, b, c, d, e = (portal.id for portal in portals)
    hour = timedelta(hours=1)
    last = {
        a: LastCrawl(NOW - hour, "time"),
        b: LastCrawl(NOW - 2 * hour, "finished"),
        c: LastCrawl(NOW - timedelta(minutes=10), "finished"),
        e: LastCrawl(NOW - 9 * hour, "no listing"),
    }
    due = due_portals(portals, last, timedelta(minutes=50), NOW)
    assert [portal.id for portal in due] == [b, e, d, a], "c is not due; d was never crawled"


def test_a_database_of_another_program_is_not_touched(desk: Desk) -> None:
    with sqlite3.connect(desk.archive) as other:
        other.execute("CREATE TABLE articles (name TEXT)")
    done = desk.harvest()
    assert done.code == 2
    assert "another program" in done.log


@pytest.mark.parametrize(("hard", "may", "soft"), [(4096, 256, 2112), (200, 17, 200), (60, 1, 60)])
def test_a_harvest_asks_for_the_open_files_that_it_may_need_and_makes_do_with_those_it_gets(
    hard: int, may: int, soft: int
) -> None:
    asked = (
        "import resource\n"
        f"resource.setrlimit(resource.RLIMIT_NOFILE, (50, {hard}))\n"
        "from kwri_crawler.spiders.open_files import as_many_as_may\n"
        "print(as_many_as_may(256), resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    )
    done = subprocess.run([sys.executable, "-c", asked], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(may), str(soft)]
    assert ("lower HARVEST_AT_ONCE" in done.stderr) is (may < 256)


def test_crawls_of_one_harvest_share_what_keeps_their_pages(tmp_path: Path) -> None:
    with Network(24, ARTICLES[:4]) as network:
        network.write_catalogue(tmp_path / "portals")
        network.latencies_s = dict.fromkeys(network.portals, 0.1)
        desk = Desk(network, tmp_path)
        harvest = subprocess.Popen(
            scrapy("harvest", "--all", **desk.settings(HARVEST_AT_ONCE="24", READ_BESIDE_FROM="0")),
            cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        together, files, threads = 0, 0, 0
        while harvest.poll() is None:
            held = Counter(_names_of(Path(f"/proc/{harvest.pid}/fd")))
            together = max(together, sum(number for name, number in held.items() if "demo-" in name))
            files = max(files, held["kwri-pages.sqlite"])
            threads = max(threads, len(_names_of(Path(f"/proc/{harvest.pid}/task"))))
            time.sleep(0.02)
        told, _ = harvest.communicate()
    assert harvest.returncode == 0, told
    assert together == 24, "locks of crawls under way"
    assert files == 1
    assert threads < 24, "the loop, the writer, the keeper, and pools that do not grow with portals"
    pages = tmp_path / "kwri-pages.sqlite"
    assert value(pages, "SELECT count(DISTINCT portal) FROM pages") == 24
    assert value(pages, "SELECT count(*) FROM pages") == 96


def _names_of(folder: Path) -> list[str]:
    """Return what the links or folders in a folder of /proc name; nothing of those that have just gone."""
    try:
        return [each.readlink().name if each.is_symlink() else each.name for each in folder.iterdir()]
    except OSError:
        return []


def of_many(count: int, failing: int) -> Report:
    """Return the end of a harvest of so many portals, the last ones of which cannot be reached."""
    archive = Path("a.sqlite")
    ended = [
        Summary(
            f"portal-{n:04}", archive, "finished", "", {"stored": 2, "known": 10, "gone": 1}, requests=5, seconds=9.0
        )
        for n in range(count - failing)
    ] + [
        Summary(
            f"portal-{n:04}", archive, "no listing", f"HTTP 50{n % 7 % 2}", {"failed": 1}, requests=1, seconds=n / 100
        )
        for n in range(count - failing, count)
    ]
    return Report(ended, (), None, NOW, NOW + timedelta(minutes=5))


def test_the_table_of_many_portals_names_those_that_failed_and_counts_the_others() -> None:
    lines = of_many(3000, 3).as_table([]).splitlines()
    assert [line.split()[0] for line in lines[1:4]] == ["portal-2997", "portal-2998", "portal-2999"]
    assert lines[4].split() == ["2997", "more", "finished", "5994", "29970", "2997", "0", "14985", "9s"]
    assert lines[5:] == ["3000 portals in 300 s: 5994 new articles; 3 portals failed; --json names them all"]


def test_an_outage_of_many_portals_is_counted_with_its_commonest_reason() -> None:
    lines = of_many(3000, 2000).as_table([]).splitlines()
    assert sum(line.startswith("portal-") for line in lines) == 40
    assert lines[41].split()[:7] == ["1960", "more", "no", "listing", "0", "0", "1960"]
    assert lines[41].endswith("1120 of them: HTTP 500")
    assert lines[42].split()[:3] == ["1000", "more", "finished"]


def test_the_table_of_few_portals_has_a_line_for_each() -> None:
    lines = of_many(40, 1).as_table([]).splitlines()
    assert sum(line.startswith("portal-") for line in lines) == 40
    assert "--json" not in lines[-1]


def test_news_of_many_portals_are_counted_too() -> None:
    report = of_many(100, 0)
    report.faults = tuple(Fault(f"p{n}", CatalogueError(f"p{n}.toml: no home")) for n in range(90))
    lines = report.as_table([]).splitlines()
    assert sum(line.startswith("not crawled: ") for line in lines) == 40
    assert lines[-1] == "and 50 more portals not crawled"
