"""One portal never stops the others: while its listing is read, their articles are asked for."""

import asyncio
import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from subprocess import PIPE
from types import SimpleNamespace
from typing import Any

from scrapy.http import Response

from kwri_crawler.spiders.beside import LARGE, SMALL, beside
from tests.crawling import IMPATIENT, PROJECT, run, scrapy, value
from tests.sites.corpus import ARTICLES
from tests.sites.hostile import LAST, HostileNetwork

GOING: Any = SimpleNamespace(is_ending=False)
SLUGS = {article.slug for article in ARTICLES}


def settings(network: HostileNetwork, folder: Path) -> dict[str, str]:
    return {
        "ARCHIVE_PATH": str(folder / "kwri.sqlite"),
        "PORTALS_PATH": str(network.write_catalogue(folder / "portals")),
        "CONNECT_TO": json.dumps(network.places),
        **IMPATIENT,
    }


def test_a_listing_that_takes_long_holds_up_no_other_portal(tmp_path: Path) -> None:
    with HostileNetwork(1, ["broken-entries"], ARTICLES[:6]) as network:
        network.latencies_s["demo-01"] = 0.2  # so that its answers come while the other one's listing is read
        run("harvest", **settings(network, tmp_path))
        asked = [(headers["Host"].partition(".")[0], path) for _, path, _, headers in network.requests]
    read = asked.index(("jahat-broken-entries", LAST))
    articles = [at for at, (name, path) in enumerate(asked) if name == "demo-01" and path[1:] in SLUGS]
    assert len(articles) == 6
    assert articles[-1] < read, "the good portal waited until the hostile listing was read"
    assert value(tmp_path / "kwri.sqlite", "SELECT count(*) FROM articles WHERE portal = 'demo-01'") == 6


def test_a_signal_ends_a_crawl_whose_listing_takes_long_and_the_next_one_reads_it(tmp_path: Path) -> None:
    with HostileNetwork(0, ["unclosed-file"]) as network:
        given = settings(network, tmp_path)
        process = subprocess.Popen(scrapy("harvest", **given), cwd=PROJECT, stdout=PIPE, stderr=PIPE, text=True)
        while "/feed/" not in [path for _, path, *_ in network.requests]:
            time.sleep(0.02)
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        out, log = process.communicate(timeout=60)
        took = time.monotonic() - began
        assert "ended by SIGTERM" in out, log
        assert "not read, as the crawl ends" in log  # its reading takes 13 s
        assert took < 12
        assert value(tmp_path / "kwri.sqlite", "SELECT finish FROM crawls") == "stopped"
        assert value(tmp_path / "kwri.sqlite", "SELECT read_at FROM listings") is None
        network.requests.clear()
        run("harvest", "--all", **given)
        assert "/feed/" in [path for _, path, *_ in network.requests]


def test_a_reading_that_nobody_waits_for_keeps_no_process() -> None:
    script = (
        "import asyncio, threading\n"
        "from types import SimpleNamespace\n"
        "from scrapy.http import Response\n"
        "from kwri_crawler.spiders.beside import LARGE, Ending, beside\n"
        "try:\n"
        "    large = Response('https://a.id/', body=bytes(LARGE))\n"
        "    asyncio.run(beside(SimpleNamespace(is_ending=True), large, threading.Event().wait))\n"
        "except Ending:\n"
        "    print('ended')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, timeout=30)
    assert done.stdout == "ended\n", done.stderr


def test_the_loop_goes_on_while_a_large_answer_is_read_and_others_are_read_beside_it() -> None:
    async def read_two() -> tuple[bool, int]:
        heard = threading.Event()
        large, other = (Response("https://a.id/", body=bytes(size)) for size in (LARGE, SMALL))
        waiting = asyncio.ensure_future(beside(GOING, large, heard.wait, 5))  # as long as nobody else may do anything
        found = await beside(GOING, other, len, "abc")
        heard.set()
        return await waiting, found

    assert asyncio.run(read_two()) == (True, 3)
