"""Pages that end the process that reads them, or are read for ever: each costs itself, whoever reads it first."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crawling import IMPATIENT, PROJECT, Crawled, assert_sound, rows, run, scrapy, value
from tests.killers import DEADLY, ENDLESS
from tests.sites.corpus import ARTICLES
from tests.sites.network import Network

STAGES = {"tests.killers.Killer": 50, "pipelines.clean.CleanStage": 100, "pipelines.dates.DateStage": 200,
          "pipelines.dedupe.DedupeStage": 300, "pipelines.store.StoreStage": 400}  # fmt: skip
SOME = sorted(ARTICLES[:6], key=lambda article: article.created_at)
HOSTILE = f"demo-01.example.org/{SOME[-1].slug}"  # the newest: the first that a crawl reads


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    with Network(2, SOME) as network:
        network.write_catalogue(tmp_path / "portals")
        yield network


def settings(network: Network, folder: Path, **more: str) -> dict[str, str]:
    return {
        "ARCHIVE_PATH": str(folder / "kwri.sqlite"),
        "PORTALS_PATH": str(folder / "portals"),
        "CONNECT_TO": json.dumps(network.places),
        "ITEM_PIPELINES": json.dumps(STAGES),
        **IMPATIENT,
        **more,
    }


def harvest(network: Network, folder: Path) -> Crawled:
    return run("harvest", "--all", "--json", **settings(network, folder))


@pytest.mark.parametrize(("name", "end", "reason"), [
    (DEADLY, signal.SIGKILL, "the process that read it died (exit status -9)"),
    (ENDLESS, signal.SIGPROF, "to read it takes more than 2 s"),
])  # fmt: skip
def test_a_page_that_ends_a_harvest_costs_the_next_one_itself_alone(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, end: signal.Signals, reason: str
) -> None:
    monkeypatch.setenv(name, HOSTILE)
    archive = tmp_path / "kwri.sqlite"
    assert harvest(network, tmp_path).code == -end
    for _ in range(2):  # asked for again, it ends nothing again
        done = harvest(network, tmp_path)
        assert done.code == 0, done.log
        assert f"https://{HOSTILE}: failed: {reason}" in done.log
        assert rows(archive, "SELECT url, outcome, reason, cause FROM urls WHERE outcome = 'failed'") == [
            {"url": f"https://{HOSTILE}", "outcome": "failed", "reason": reason, "cause": "ours"}
        ]
        assert value(archive, "SELECT count(*) FROM articles") == 2 * len(SOME) - 1
    monkeypatch.delenv(name)
    assert harvest(network, tmp_path).code == 0
    assert_sound(archive)


def test_a_signal_ends_a_harvest_within_seconds_whose_reader_is_busy(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DEADLY, HOSTILE)
    assert harvest(network, tmp_path).code == -signal.SIGKILL
    monkeypatch.delenv(DEADLY)
    archive = tmp_path / "kwri.sqlite"
    for number in (signal.SIGTERM, signal.SIGINT):
        process = subprocess.Popen(
            scrapy("harvest", "--all", **settings(network, tmp_path)), cwd=PROJECT, stderr=subprocess.PIPE, text=True,
            env={**os.environ, ENDLESS: HOSTILE, "ALLOWED_S": "60"},
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip
        assert process.stderr is not None
        assert any(line == "reading it\n" for line in process.stderr)
        process.send_signal(number)
        began = time.monotonic()
        log = process.stderr.read()
        assert (process.wait(), time.monotonic() - began < 8) == (1, True), log
        assert "not read, as the crawl ends" in log
        assert value(archive, "SELECT outcome FROM urls WHERE url = ?", f"https://{HOSTILE}") == "pending"
    assert harvest(network, tmp_path).code == 0
    assert value(archive, "SELECT count(*) FROM articles") == 2 * len(SOME)
    assert_sound(archive)
