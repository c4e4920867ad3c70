"""One portal never stops the others: while its listing is read, their articles are asked for."""

import asyncio
import json
import threading
from pathlib import Path

from scrapy.http import Response

from kwri_crawler.spiders.beside import LARGE, SMALL, beside
from tests.crawling import IMPATIENT, run, value
from tests.sites.corpus import ARTICLES
from tests.sites.hostile import LAST, HostileNetwork

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


def test_the_loop_goes_on_while_a_large_answer_is_read_and_others_are_read_beside_it() -> None:
    async def read_two() -> tuple[bool, int]:
        heard = threading.Event()
        large, other = (Response("https://a.id/", body=bytes(size)) for size in (LARGE, SMALL))
        waiting = asyncio.ensure_future(beside(large, heard.wait, 5))  # as long as nobody else may do anything
        found = await beside(other, len, "abc")
        heard.set()
        return await waiting, found

    assert asyncio.run(read_two()) == (True, 3)
