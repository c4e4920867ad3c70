"""Whole harvests on other machines' processes: the archive that one process makes, whoever dies or sleeps meanwhile."""

import json
import os
import shlex
import shutil
import signal
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kwri_crawler.archive import lock_harvest
from kwri_crawler.cluster.examine import Machine, compare, own_code, places
from tests.archives import PORTAL
from tests.crawling import PROJECT, contents, rows, run, run_here, value
from tests.sites.corpus import ARTICLES
from tests.trials.cluster import Size, assert_same, everything, single
from tests.trials.machines import Machines, Watched, harvest_line, machines

SIZE = Size(portals=4, articles=12, delay_s=0.2, latency_s=0.01, at_once=4, lease_s=6.0)


@pytest.fixture(scope="module")
def network() -> Iterator[Watched]:
    with Watched(SIZE.portals, SIZE.articles, SIZE.latency_s, SIZE.delay_s) as portals:
        yield portals


@pytest.fixture(scope="module")
def expected(network: Watched, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what one process archives of the network."""
    return single(network, tmp_path_factory.mktemp("single"), SIZE)[0]


@pytest.fixture
def at(network: Watched, tmp_path: Path) -> Iterator[Machines]:
    """Return a scheduler and two workers, of which the first asks from the place "sg"."""
    with machines(network, tmp_path, SIZE.at_once, SIZE.lease_s, ("--resources", "sg=4")) as started:
        yield started


def settings_of(line: list[str]) -> dict[str, str]:
    return dict(word.split("=", 1) for word, before in zip(line[1:], line, strict=False) if before == "-s")


def test_processes_of_this_machine_make_the_same_archive(
    network: Watched, expected: dict[str, Any], tmp_path: Path
) -> None:
    portals, archive = network.write_catalogue(tmp_path / "portals"), tmp_path / "kwri.sqlite"
    elsewhere = portals / "demo-04.toml"
    elsewhere.write_text(f'from = "sg"\n{elsewhere.read_text(encoding="utf-8")}', encoding="utf-8")
    settings = {**settings_of(harvest_line(network, archive, portals, 4)), "KEEP_PAGES_DAYS": "9"}
    done = run("harvest", "--cluster", "local:2", "--json", **settings)
    told = {row["portal"]: row["finish"] for row in json.loads(done.out)["portals"]}
    assert told == {**dict.fromkeys(("demo-01", "demo-02", "demo-03"), "finished"), "demo-04": "waiting"}, done.log
    assert done.code == 1
    assert contents(archive) == [row for row in expected["articles"] if "demo-04" not in row["url"]]
    assert value(archive, "SELECT count(*) FROM crawls WHERE place IS NOT NULL") == 0
    assert value(tmp_path / "kwri-pages.sqlite", "SELECT count(DISTINCT portal) FROM pages") == 3
    here = run("harvest", "--json", **settings)
    assert [(row["portal"], row["finish"]) for row in json.loads(here.out)["portals"]] == [("demo-04", "waiting")]
    assert run("harvest", "--within=1s", "--cluster=local:1", "--json", "demo-01", **settings).code == 0


def test_a_back_fill_of_other_processes_is_that_of_one_and_has_the_harvests_lock(
    network: Watched, tmp_path: Path
) -> None:
    portals = network.write_catalogue(tmp_path / "portals")
    days = sorted({one.created_at.date().isoformat() for one in ARTICLES[: SIZE.articles]})
    bounds = ("demo-01", "demo-02", "--since", days[1], "--until", days[-2])
    found = {}
    for name, options in (("here", ()), ("there", ("--cluster", "local:2"))):
        archive = tmp_path / f"{name}.sqlite"
        settings = settings_of(harvest_line(network, archive, portals, 4))
        done = run("crawl", *bounds, *options, **settings)
        assert done.code == 0, done.log
        assert [line for line in done.out.splitlines() if line.startswith("demo")] == [
            "demo-01: finished", "demo-02: finished",
        ]  # fmt: skip
        found[name] = everything(archive), rows(archive, "SELECT portal, since, until FROM crawls ORDER BY portal")
        assert 0 < len(found[name][0]["articles"]) < 2 * SIZE.articles
    assert found["there"] == found["here"]
    with lock_harvest(archive):
        busy = run("crawl", *bounds, "--cluster", "local:2", **settings)
    assert (busy.code, "another harvest is running" in busy.log) == (4, True)


@pytest.mark.parametrize(
    "line", [("crawl", "kwri-jatim", "-o", "some.csv"), ("harvest", "-s", 'FEEDS={"some.csv": {}}')]
)
def test_a_file_that_far_crawls_would_write_is_refused_with_what_would_do(
    line: tuple[str, ...], tmp_path: Path
) -> None:
    done = run_here(*line, "--cluster", "local:2", ARCHIVE_PATH=str(tmp_path / "kwri.sqlite"))
    assert (done.code, "some.csv" in done.log, "scrapy export" in done.log) == (2, True, True)


def test_whoever_is_killed_or_sleeps_the_archive_is_the_same_and_no_host_is_asked_twice_at_once(
    at: Machines, expected: dict[str, Any]
) -> None:
    at.network.forget()
    harvest = at.start_harvest()
    at.wait_for(4, harvest)
    at.workers["m1"].send(signal.SIGKILL)
    at.wait_for(12, harvest)
    at.workers["m2"].send(signal.SIGSTOP)
    threading.Timer(2 * SIZE.lease_s, at.workers["m2"].send, (signal.SIGCONT,)).start()
    at.wait_for(18, harvest)
    at.scheduler.send(signal.SIGKILL)
    at.wait_for(24, harvest)
    os.kill(harvest.pid, signal.SIGKILL)
    at.finish(harvest)
    at.harvest_until_done()
    assert_same(at.archive, expected)
    assert (at.network.overlaps, at.network.early) == (0, 0)
    assert {row["place"] for row in rows(at.archive, "SELECT DISTINCT place FROM crawls")} <= {"m1", "m2"}


def test_portals_that_lost_the_last_worker_that_may_ask_them_are_not_waited_for(at: Machines) -> None:
    at.lease_s = 4.0  # for which portals wait for a worker; it is looked every 5 s
    path = at.portals / "demo-01.toml"
    path.write_text(f'from = "sg"\n{path.read_text(encoding="utf-8")}', encoding="utf-8")
    harvest = at.start_harvest("--json", "demo-01", "demo-02")
    at.wait_for(4, harvest)
    for worker in at.workers.values():
        worker.end()
    assert at.finish(harvest, timeout_s=120) == 1
    told = json.loads((at.folder / "head.log").read_text(encoding="utf-8").partition("\n{")[2].join(("{", "")))
    assert [(row["portal"], row["finish"]) for row in told["portals"]] == [
        ("demo-01", "waiting"), ("demo-02", "waiting"),
    ]  # fmt: skip


def test_a_portal_of_a_place_is_asked_from_there_pages_are_read_again_there_and_doctor_sees_all(
    at: Machines, tmp_path: Path
) -> None:
    elsewhere = at.portals / "demo-01.toml"
    text = elsewhere.read_text(encoding="utf-8")
    for portal, place in (("demo-01", "sg"), ("demo-02", "id")):
        path = at.portals / f"{portal}.toml"
        path.write_text(f'from = "{place}"\n{path.read_text(encoding="utf-8")}', encoding="utf-8")
    settings = {**settings_of(harvest_line(at.network, at.archive, at.portals, 4)), "CLUSTER": at.address}
    settings |= {"KEEP_PAGES_DAYS": "9", "LEASE_S": "6"}
    done = run("harvest", "demo-01", "demo-02", "--json", **settings)
    assert {row["portal"]: row["finish"] for row in json.loads(done.out)["portals"]} == {
        "demo-01": "finished", "demo-02": "waiting",
    }, done.log  # fmt: skip
    assert rows(at.archive, "SELECT portal, place FROM crawls") == [{"portal": "demo-01", "place": "sg"}]

    found = json.loads(run("doctor", "--json", **settings).out)["checks"]
    told = [(one["verdict"], one["text"]) for one in found if one["name"] == "cluster"]
    assert ("warn", "LEASE_S is 6: a request may take longer than the third of it that is left for it") in told
    assert ("ok", f"{at.address}, on this machine: 2 workers, 8 portals at once") in told
    assert ("ok", "place sg: 1 portals") in told
    assert ("warn", "place id: 1 portals, no worker") in told
    assert len(told) == 4, "\n".join(map(str, told))

    elsewhere.write_text(f'{text}selectors = {{ title = "h1.tidak-ada, title" }}\n', encoding="utf-8")
    shutil.copy(at.archive, tmp_path / "here.sqlite")
    pages = str(at.archive.with_name("far-pages.sqlite"))
    there = run("reread", "--apply", "--json", **settings, PAGES_PATH=pages)
    here_settings = {**settings, "CLUSTER": "", "ARCHIVE_PATH": str(tmp_path / "here.sqlite"), "PAGES_PATH": pages}
    here = run("reread", "--apply", "--json", "--readers=1", **here_settings)
    assert (there.code, here.code) == (0, 0), there.log
    assert json.loads(there.out) == json.loads(here.out)
    assert json.loads(there.out)["portals"]["demo-01"]["changed"] == SIZE.articles
    assert contents(at.archive) == contents(tmp_path / "here.sqlite")


M1 = Machine("m1", frozenset(("sg",)), 16, own_code(), 0.1, reaches=True)


@pytest.mark.parametrize(("machine", "verdicts"), [
    (M1, []),
    (replace(M1, code="kwri-crawler 0.0.9 (abc), Python 3.11, distributed 2026.8.0"), ["fail"]),
    (replace(M1, code=None, trouble="ModuleNotFoundError"), ["fail"]),
    (replace(M1, reaches=False), ["fail"]),
    (replace(M1, ahead_s=29.0), []),
    (replace(M1, ahead_s=-31.0), ["warn"]),
])  # fmt: skip
def test_a_worker_that_differs_is_named_with_what_to_do(machine: Machine, verdicts: list[str]) -> None:
    found = list(compare([machine], own_code()))
    assert [one.verdict for one in found] == verdicts
    assert all("m1" in one.text and one.cure for one in found)


def test_a_place_without_a_worker_is_named_if_active_portals_need_it() -> None:
    portals = [
        replace(PORTAL, place="id"),
        replace(PORTAL, place="id", active=False),
        replace(PORTAL, place="sg"),
        PORTAL,
    ]
    found = [(one.verdict, one.text) for one in places([M1], portals, "dask worker")]
    assert found == [("warn", "place id: 1 portals, no worker"), ("ok", "place sg: 1 portals")]


def test_units_of_a_cluster_are_written_where_there_is_one(tmp_path: Path) -> None:
    given = {"ARCHIVE_PATH": str(tmp_path / "a.sqlite"), "CLUSTER": "tls://10.0.0.5:8786", "HARVEST_AT_ONCE": "7"}
    assert run_here("deploy", str(tmp_path / "units"), "--user=root", **given).code == 0
    units = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "units").iterdir()}
    assert "{" not in units["kwri-scheduler.service"] + units["kwri-worker.service"]
    assert " scheduler --protocol tls --host 10.0.0.5 --port 8786 " in units["kwri-scheduler.service"]
    assert "TTL=90s" in units["kwri-scheduler.service"]
    assert " worker tls://10.0.0.5:8786 --preload kwri_crawler.cluster.crew " in units["kwri-worker.service"]
    assert " --nthreads 7 " in units["kwri-worker.service"]
    assert "CLUSTER=tls://10.0.0.5:8786" in units["kwri-harvest.service"]
    assert "IPAddressAllow=localhost any\n" in units["kwri-harvest.service"], "or no worker at 10.0.0.0/8 reaches it"
    for name in ("kwri-scheduler.service", "kwri-worker.service"):
        assert " --no-dashboard --dashboard-address 127.0.0.1:" in units[name], "Dask would serve HTTP to everybody"
    given["CLUSTER"] = ""
    option = ("--cluster", "tls://10.0.0.5:8786")
    assert run_here("deploy", str(tmp_path / "option"), "--user=root", *option, **given).code == 0
    for name, text in units.items():
        by_option = (tmp_path / "option" / name).read_text(encoding="utf-8")
        assert sorted(by_option.split()) == sorted(text.split()), name
    assert run_here("deploy", str(tmp_path / "own"), "--user=root", **given).code == 0
    assert "any" not in (tmp_path / "own" / "kwri-harvest.service").read_text(encoding="utf-8").split("IPAddress")[-1]
    assert {path.name for path in (tmp_path / "own").iterdir()} == set(units) - {
        "kwri-scheduler.service", "kwri-worker.service",
    }  # fmt: skip


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the program openssl")
def test_the_certificates_of_the_pages_are_made_as_they_stand_there(tmp_path: Path) -> None:
    page = (PROJECT / "docs" / "cluster.md").read_text(encoding="utf-8").splitlines()
    lines = [line for line in page if line.startswith(("openssl req", "openssl x509"))]
    assert len(lines) == 3
    for line in lines:
        subprocess.run(shlex.split(line), cwd=tmp_path, check=True, capture_output=True)
    ours = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(tmp_path / "ca.pem"))
    ours.load_cert_chain(tmp_path / "own.pem", tmp_path / "own.key")
    signed = subprocess.run(
        ["openssl", "verify", "-CAfile", "ca.pem", "own.pem"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert signed.stdout == "own.pem: OK\n"
