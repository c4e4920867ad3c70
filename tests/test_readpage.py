"""`scrapy readpage`: a file or an address, as a person and as a program ask for it."""

import gzip
import json
from pathlib import Path

import pytest

from kwri_crawler.archive import articles, open_archive
from tests.crawling import HOST, PROJECT, Crawled, run, run_here
from tests.sites.corpus import SEED_SLUG
from tests.sites.server import Answer, Request
from tests.sites.varient import VarientPortal

PAGE = PROJECT / "tests" / "golden" / "wordpress" / "newkarma" / "page.html"


def readpage(*args: object, **settings: str) -> Crawled:
    return run("readpage", *map(str, args), **settings)


def test_a_file_is_shown_field_by_field_with_its_evidence() -> None:
    done = readpage(PAGE)
    assert done.code == 0, done.log
    shown = {line.split()[0]: line for line in done.out.split("\n\n")[0].splitlines()}
    assert "[selector" in shown["title"]
    assert "wordpress" in shown["reader"]


def test_html_prints_the_text_alone_to_be_clipped() -> None:
    done = readpage(PAGE, "--html")
    assert done.code == 0, done.log
    assert done.out.startswith("<p>")
    assert "class=" not in done.out


def test_json_has_the_columns_of_the_table_and_evidence(tmp_path: Path) -> None:
    packed = tmp_path / "page.html.gz"
    packed.write_bytes(gzip.compress(PAGE.read_bytes()))
    found = json.loads(readpage(packed, "--json", "--url", "https://portal.example/b/1", "--zone", "Asia/Makassar").out)
    db = open_archive(tmp_path / "a.sqlite")
    columns = [row[1] for row in db.execute("PRAGMA table_xinfo(articles)")]
    db.close()
    assert set(columns) <= found.keys()
    assert articles.column_names() == tuple(columns)
    assert found["text_hash"]
    assert found["word_count"] > 20
    assert found["published_at"]
    assert found["evidence"]["title"].startswith("selector")


def test_a_page_that_is_no_article_says_why(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html><head><title>Halaman tidak ditemukan</title></head><body><h1>404</h1></body></html>")
    done = readpage(page, "--json")
    assert done.code == 3
    assert json.loads(done.out).keys() == {"outcome", "reason"}
    assert json.loads(done.out)["outcome"] == "gone"


@pytest.mark.parametrize(
    ("args", "fault"),
    [
        (("/nowhere/page.html",), "No such file"),
        ((), "takes one page"),
        (("http://10.0.0.7/x",), "10.0.0.7: not a public host; if it is in a network of your own, add --private"),
        ((PAGE, "--zone", "Asia/Surabaya"), "not an IANA zone"),
        ((PAGE, "--url", "ftp://x/y"), "--url"),
    ],
)
def test_a_wrong_argument_is_explained(args: tuple[object, ...], fault: str) -> None:
    done = run_here("readpage", *map(str, args))
    assert done.code == 2
    assert fault in done.log


def test_an_address_is_asked_for_politely_and_read_as_its_portal_says() -> None:
    with VarientPortal() as site:
        places = json.dumps({HOST: site.address})
        done = readpage(f"https://{HOST}/{SEED_SLUG}", "--json", CONNECT_TO=places, CONTACT="test")
    assert done.code == 0, done.log
    found = json.loads(done.out)
    assert (found["portal"], found["author"]) == ("kwri-jatim", "Achmad Sarjono")
    assert found["published_local"] == "2024-06-27T14:10:00+07:00"


class _Closed(VarientPortal):
    def answer(self, request: Request) -> Answer:
        if request.route == "/robots.txt":
            return Answer("User-agent: *\nDisallow: /", content_type="text/plain")
        raise AssertionError("robots.txt forbids this")


def test_what_robots_txt_forbids_is_not_asked_for() -> None:
    with _Closed() as site:
        done = readpage(f"https://{HOST}/{SEED_SLUG}", CONNECT_TO=json.dumps({HOST: site.address}), CONTACT="test")
    assert done.code == 3
    assert "robots.txt" in done.out
