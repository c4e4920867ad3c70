"""Real pages of Indonesian portals through the ordinary spider and stages, where a copy of them is at hand."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from tests.crawling import assert_sound, crawl, rows
from tests.sites.saved import FOLDER, SavedPage, SavedSite, saved_pages

PAGES = saved_pages()
pytestmark = pytest.mark.skipif(not PAGES, reason=f"no saved pages in {FOLDER}: real pages are not part of the project")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Crawl all pages at once; each host answers under its own name."""
    folder = tmp_path_factory.mktemp("saved")
    path = folder / "kwri.sqlite"
    with SavedSite(PAGES) as site:
        site.write_portal(folder)
        done = crawl(path, {"*": site.address}, portal="saved", PORTALS_PATH=str(folder))
    assert done.code == 0, done.log
    assert "Traceback" not in done.log
    return path


def settled(archive: Path) -> dict[str, dict[str, object]]:
    """Return each address with its outcome and, where it brought one, its article."""
    sql = (
        "SELECT urls.url, outcome, reason, title, body, word_count, published_local, published_precision"
        " FROM urls LEFT JOIN articles ON articles.id = urls.article"
    )
    return {row["url"]: row for row in rows(archive, sql)}


def test_every_page_ends_stored_or_with_a_reason(archive: Path) -> None:
    found = settled(archive)
    assert len(found) == len(PAGES)
    for url, row in found.items():
        assert row["outcome"] != "pending", url
        assert row["outcome"] == "stored" or row["reason"], url
    assert_sound(archive)
    print(Counter(row["outcome"] for row in found.values()))


FIRST_OF_TWO = "money.kompas.com-Menhub"
DATED = [page for page in PAGES if page.published and not page.path.stem.endswith(FIRST_OF_TWO)]


@pytest.mark.parametrize("page", [page for page in PAGES if page.is_article], ids=lambda page: page.path.stem[-40:])
def test_an_article_page_is_stored_with_its_text(page: SavedPage, archive: Path) -> None:
    row = settled(archive)[page.url]
    if page.path.stem.endswith(FIRST_OF_TWO):  # who saved it left the second page: half an article is none
        assert (row["outcome"], "a further page is missing" in str(row["reason"])) == ("failed", True), row
        return
    assert row["outcome"] in ("stored", "known"), row["reason"]
    assert row["title"]
    assert row["body"]


@pytest.mark.parametrize("page", [page for page in PAGES if not page.is_article], ids=lambda page: page.path.stem[-40:])
def test_a_list_page_is_no_article(page: SavedPage, archive: Path) -> None:
    row = settled(archive)[page.url]
    assert row["outcome"] in ("unreadable", "refused"), row
    assert row["reason"]


@pytest.mark.parametrize("page", DATED, ids=lambda page: page.path.stem[-40:])
def test_a_date_is_right_to_what_the_page_prints(page: SavedPage, archive: Path) -> None:
    row = settled(archive)[page.url]
    printed = row["published_local"]
    assert isinstance(printed, str), "no date was read"
    if len(page.published) == 10:
        assert printed[:10] == page.published
        return
    expected = datetime.fromisoformat(page.published)
    read = datetime.fromisoformat(printed)
    if row["published_precision"] == "day":
        assert read.date() == expected.date()
    else:
        assert read.replace(second=0) == expected.replace(second=0)
