"""The public API: what `from kwri_crawler import ...` gives, without Scrapy."""

import json
import pickle
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import kwri_crawler
from kwri_crawler import ArchiveError, NotAnArticle, Refused, open_archive, read_article, read_date
from kwri_crawler.items import Moment, Outcome, Precision
from tests.crawling import PROJECT, run

PAGE = PROJECT / "tests" / "golden" / "wordpress" / "newkarma" / "page.html"
URL = "https://portal.example/berita/1"
AT = datetime(2025, 5, 20, 3, 0, tzinfo=UTC)

_WITHOUT_SCRAPY = """
import sys
import kwri_crawler
assert not {"lxml", "sqlite_utils", "selectolax"} & {name.partition(".")[0] for name in sys.modules}, "not cheap"
from datetime import datetime, UTC
from kwri_crawler import read_date, read_article, open_archive
read_date("3 jam yang lalu", "Asia/Jakarta", datetime.now(UTC))
read_article(open(sys.argv[1], "rb").read(), "https://portal.example/berita/1").as_dict()
open_archive(sys.argv[2]).close()
print(*sorted({"scrapy", "twisted", "pipelines"} & {name.partition(".")[0] for name in sys.modules}))
"""


def test_the_public_api_is_cheap_to_import_and_never_loads_scrapy(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_SCRAPY, str(PAGE), str(tmp_path / "a.sqlite")],
        cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.split()) == (0, []), done.stderr
    assert (tmp_path / "a.sqlite").exists()


def test_every_public_name_is_there_with_its_docstring_and_no_other() -> None:
    for name in set(kwri_crawler.__all__) - {"__version__"}:
        assert getattr(kwri_crawler, name).__doc__, name
        assert name in dir(kwri_crawler)
    with pytest.raises(AttributeError, match="read_dates"):
        kwri_crawler.read_dates  # noqa: B018 - looked up for its error


@pytest.mark.parametrize(
    ("text", "zone", "at", "precision"),
    [
        ("Kamis, 27 Juni 2024 | 14:10 WIB", "Asia/Jayapura", datetime(2024, 6, 27, 7, 10, tzinfo=UTC), "minute"),
        ("27/06/2024 14:10", "Asia/Makassar", datetime(2024, 6, 27, 6, 10, tzinfo=UTC), "minute"),
        ("27 Juni 2024", "Asia/Jakarta", datetime(2024, 6, 26, 17, 0, tzinfo=UTC), "day"),
        ("3 jam yang lalu", "Asia/Jakarta", datetime(2025, 5, 20, 0, 0, tzinfo=UTC), "minute"),
    ],
)
def test_a_printed_date_is_read_as_a_moment(text: str, zone: str, at: datetime, precision: str) -> None:
    found = read_date(text, zone, AT)
    assert isinstance(found, Moment)
    assert (found.at, found.precision) == (at, Precision(precision))


def test_a_date_is_of_jakarta_and_read_now_unless_said_otherwise() -> None:
    found = read_date("27 Juni 2024 14.10")
    assert isinstance(found, Moment)
    assert found.at == datetime(2024, 6, 27, 7, 10, tzinfo=UTC)
    assert isinstance(read_date("27 Juni 2024", read_at=datetime(2024, 6, 20, tzinfo=UTC)), Refused)
    assert isinstance(read_date("1 jam yang lalu"), Moment)


def test_a_text_that_is_no_date_is_refused_with_the_reason() -> None:
    found = read_date("Redaksi", "Asia/Jakarta", AT)
    assert isinstance(found, Refused)
    assert found.reason


@pytest.mark.parametrize("zone", ["Asia/Surabaya", "../../etc/passwd", "", "Asia"])
def test_an_unknown_zone_is_a_clear_error(zone: str) -> None:
    with pytest.raises(ValueError, match="not an IANA zone"):
        read_date("27 Juni 2024", zone, AT)
    with pytest.raises(ValueError, match="not an IANA zone"):
        read_article(PAGE.read_bytes(), URL, zone=zone)


def test_a_naive_moment_is_refused_since_it_would_be_read_in_the_machines_zone() -> None:
    naive = datetime(2025, 5, 20)
    with pytest.raises(ValueError, match=r"read_at .* has no zone"):
        read_date("kemarin", "Asia/Jakarta", naive)
    with pytest.raises(ValueError, match=r"fetched_at .* has no zone"):
        read_article(PAGE.read_bytes(), URL, fetched_at=naive)


def printed(page: Path, *options: str) -> Any:
    return json.loads(run("readpage", str(page), "--json", *options).out)


def test_as_dict_is_what_readpage_prints() -> None:
    at = datetime.fromtimestamp(int(PAGE.stat().st_mtime), UTC)
    found = read_article(PAGE.read_bytes(), URL, zone="Asia/Makassar", fetched_at=at)
    shown = printed(PAGE, "--url", URL, "--zone", "Asia/Makassar")
    assert json.loads(json.dumps(found.as_dict())) == shown
    assert (found.title, found.author, found.body, found.url) == tuple(
        shown[name] for name in ("title", "author", "body", "url")
    )
    assert found.published is not None
    assert found.published.local.isoformat() == shown["published_local"]
    assert (shown["word_count"] > 20, bool(shown["text_hash"])) == (True, True)


def test_a_page_of_a_known_portal_is_read_as_its_file_says_and_any_other_in_jakartas_zone() -> None:
    page = PAGE.read_bytes()
    assert read_article(page, "https://jatim.kwri.or.id/b/1", fetched_at=AT).as_dict()["portal"] == "kwri-jatim"
    found = read_article(page, URL, fetched_at=AT)
    assert (found.as_dict()["portal"], found.article.zone) == (None, "Asia/Jakarta")


def test_a_page_may_be_text_whatever_encoding_it_names() -> None:
    page = PAGE.read_bytes()
    text = page.decode().replace('charset="UTF-8"', 'charset="iso-8859-1"')
    assert read_article(text, URL, fetched_at=AT).as_dict() == read_article(page, URL, fetched_at=AT).as_dict()
    assert read_article(text.replace("<title>", "<title>\ud800"), URL, fetched_at=AT).body, "half a character"


def test_a_page_without_an_article_is_an_error_of_our_own_with_outcome_and_reason() -> None:
    page = "<html><head><title>Halaman tidak ditemukan</title></head><body><h1>404</h1></body></html>"
    with pytest.raises(NotAnArticle) as caught:
        read_article(page, URL, fetched_at=AT)
    assert caught.value.outcome is Outcome.GONE
    assert caught.value.reason == str(caught.value) != ""
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.outcome, again.reason) == (caught.value.outcome, caught.value.reason)


@pytest.mark.parametrize("url", ["ftp://portal.example/1", "", "https://user:pw@portal.example/1"])
def test_an_address_that_is_none_is_a_clear_error(url: str) -> None:
    with pytest.raises(ValueError, match=r"write it as https://host/path") as caught:
        read_article(PAGE.read_bytes(), url)
    assert not isinstance(caught.value, NotAnArticle)


def test_for_a_files_name_stands_the_address_that_the_page_names() -> None:
    link = b'<link rel="canonical" href="https://portal.example/berita/1">'
    named = re.sub(rb'<link rel="canonical"[^>]*>|<meta property="og:url"[^>]*>', b"", PAGE.read_bytes())
    assert read_article(link + named, "berita-1.html").article.url == URL
    with pytest.raises(ValueError, match=r"write it as https://host/path"):
        read_article(named, "berita-1.html")


def test_an_archive_is_opened_by_its_path_as_text_too(tmp_path: Path) -> None:
    db = open_archive(str(tmp_path / "a.sqlite"))
    assert db["articles"].count == 0
    db.close()
    (tmp_path / "b.sqlite").write_text("no database at all, and long enough to be taken for one by its size alone")
    with pytest.raises(ArchiveError, match="not a database"):
        open_archive(tmp_path / "b.sqlite")
