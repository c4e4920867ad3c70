"""Scrapy's own tools work in this project, and what does not crawl writes nothing into the archive."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.crawling import HOST, PORTAL, Crawled, crawl, rows, run
from tests.sites.server import TEXT, Answer, LocalServer, Request
from tests.sites.varient import VarientPortal

SEED = "gelar-rakernis-bidhumas-polda-jatim-siap-kawal-pilkada-2024"
PAGE = f"https://{HOST}/{SEED}"
TITLE = "Gelar Rakernis Bidhumas"


@pytest.fixture(scope="module")
def site() -> Iterator[VarientPortal]:
    with VarientPortal() as portal:
        yield portal


@pytest.fixture(scope="module")
def crawled(site: VarientPortal, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the archive of one short crawl, kept pages beside it."""
    archive = tmp_path_factory.mktemp("crawled") / "kwri.sqlite"
    done = crawl(archive, {HOST: f"127.0.0.1:{site.port}"}, "-a", "limit=2")
    assert done.code == 0, done.log
    return archive


@pytest.fixture
def archive(crawled: Path, tmp_path: Path) -> Path:
    """Return a copy of that archive, which a test may spoil."""
    for path in crawled.parent.glob("*.sqlite"):
        shutil.copy(path, tmp_path)
    return tmp_path / crawled.name


def everything(archive: Path) -> dict[str, list[dict[str, Any]]]:
    tables = [row["name"] for row in rows(archive, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: rows(archive, f"SELECT * FROM {name}") for name in tables if not name.startswith("articles_fts")}


def tool(site: VarientPortal, archive: Path, *arguments: str, **settings: str) -> Crawled:
    return run(
        *arguments,
        timeout_s=60,
        env={"BROWSER": "echo %s"},
        **{"ARCHIVE_PATH": str(archive), "CONNECT_TO": f'{{"{HOST}": "127.0.0.1:{site.port}"}}', **settings},
    )


OF_A_PORTAL = {
    "fetch": ("fetch", "--nolog", PAGE),
    "fetch --spider": ("fetch", "--nolog", "--spider", PORTAL, PAGE),
    "fetch --headers": ("fetch", "--nolog", "--headers", "--spider", PORTAL, PAGE),
    "view": ("view", PAGE),
    "shell": ("shell", "--nolog", "-c", "response.text", PAGE),
    "shell --spider": (
        "shell",
        "--nolog",
        "--spider",
        PORTAL,
        "-c",
        f"fetch('{PAGE}') or response.text",
    ),
    "parse": ("parse", "--nolog", "--spider", PORTAL, PAGE),
    "parse --pipelines": ("parse", "--nolog", "--pipelines", "--spider", PORTAL, PAGE),
    "parse of no article": ("parse", "--spider", PORTAL, f"https://{HOST}/tidak-ada"),
    "check": ("check", PORTAL),
}
SHOWS = {
    "fetch --headers": "Content-Type",
    "view": "file:///",
    "check": "Ran 0 contracts",
    "parse of no article": "gone: HTTP 404",
}


@pytest.mark.parametrize("name", OF_A_PORTAL)
def test_a_tool_with_a_portals_spider_works_and_writes_nothing(name: str, site: VarientPortal, archive: Path) -> None:
    before = everything(archive)
    done = tool(site, archive, *OF_A_PORTAL[name])
    assert done.code == 0, done.log
    assert SHOWS.get(name, TITLE) in done.out + done.log
    assert "Traceback" not in done.out + done.log
    assert everything(archive) == before
    assert len(before["crawls"]) == 1


@pytest.mark.parametrize("name", ["fetch", "view", "shell"])
def test_a_tool_works_with_an_address_of_no_portal(name: str, site: VarientPortal, tmp_path: Path) -> None:
    archive = tmp_path / "kwri.sqlite"
    options = ("-c", "response.text") if name == "shell" else ()
    done = tool(site, archive, name, *options, f"http://127.0.0.1:{site.port}/{SEED}")
    assert done.code == 0, done.log
    assert SHOWS.get(name, TITLE) in done.out + done.log
    assert "Traceback" not in done.out + done.log
    assert not archive.exists()


def test_a_portals_spider_asks_for_no_other_host_with_a_tool_either(site: VarientPortal, archive: Path) -> None:
    asked = len(site.requests)
    done = tool(site, archive, "fetch", "--spider", PORTAL, f"http://127.0.0.1:{site.port}/{SEED}")
    assert not done.out.strip()
    assert "not asked for: private host" in done.log
    assert len(site.requests) == asked


class _Closed(LocalServer):
    """Forbids everything in its robots.txt."""

    def answer(self, _: Request) -> Answer:
        return Answer("User-agent: *\nDisallow: /\n", content_type=TEXT)


def test_fetch_says_that_robots_txt_forbids_a_page(tmp_path: Path) -> None:
    with _Closed() as closed:
        done = run("fetch", f"http://{closed.address}/a", timeout_s=60, ARCHIVE_PATH=str(tmp_path / "kwri.sqlite"))
        assert [path for _, path, *_ in closed.requests] == ["/robots.txt"]
    assert (done.code, done.out.strip()) == (0, "")
    assert f"WARNING kwri_crawler.web.middlewares: http://{closed.address}/a: not asked for: Forbidden" in done.log


def test_bench_counts_pages_of_its_own_server(tmp_path: Path) -> None:
    done = run("bench", timeout_s=60, CLOSESPIDER_TIMEOUT="3", ARCHIVE_PATH=str(tmp_path / "kwri.sqlite"))
    assert done.code == 0, done.log
    pages = [int(number) for number in re.findall(r"Crawled (\d+) pages", done.log)]
    assert pages
    assert max(pages) > 20, "it waits between two pages, as crawls of portals do"
    assert not (tmp_path / "kwri.sqlite").exists()
