"""`crawl -o FILE`: the columns that are documented, with what the archive says of the article just then."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kwri_crawler import exports, feed_exports
from kwri_crawler.archive import articles, open_archive
from kwri_crawler.archive.extracts import Wanted, extracts
from kwri_crawler.settings import FEED_EXPORTERS
from tests.archives import an_article, crawl_of, new_archive, walk

FORMATS = sorted({path.rpartition(".")[2] for path in FEED_EXPORTERS.values()})


def written(kind: str, archive: Path, *items: Any) -> str:
    """Return what an exporter writes of items."""
    out = io.BytesIO()
    crawler: Any = SimpleNamespace(settings={"ARCHIVE_PATH": str(archive)})
    exporter = getattr(feed_exports, kind).from_crawler(crawler, out)
    exporter.start_exporting()
    for item in items:
        exporter.export_item(item)
    exporter.finish_exporting()
    return out.getvalue().decode()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive of one article, whose title begins like a formula."""
    db = new_archive(tmp_path / "kwri.sqlite")
    with db.conn:
        articles.store(db, an_article("a", title="=1+1", crawl_id=crawl_of(db)))
    db.close()
    return tmp_path / "kwri.sqlite"


def test_a_csv_has_the_documented_columns_and_what_export_writes(archive: Path) -> None:
    item = an_article("a", title="=1+1")
    db = new_archive(archive.with_name("other.sqlite"))
    db.close()
    (line,) = csv.DictReader(io.StringIO(written("Csv", archive, item), newline=""))
    assert tuple(line) == exports.COLUMNS
    assert (line["id"], line["title"], line["tags"], line["portal_name"]) == (
        "1",
        "'=1+1",
        "polisi; surabaya",
        "Contoh",
    )
    out = io.BytesIO()
    exports.write_csv(extracts(open_archive(archive), Wanted()), out)
    assert written("Csv", archive, item) == out.getvalue().decode()


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_writes_an_article_and_leaves_other_items_alone(kind: str, archive: Path) -> None:
    text = written(kind, archive, an_article("a"))
    assert "word_count" in text
    assert "paragraphs" not in text
    assert "lain" in written(kind, archive, {"judul": "lain"})


def test_what_is_not_archived_is_written_as_its_page_told_it(tmp_path: Path, archive: Path) -> None:
    for path in (tmp_path / "tiada.sqlite", archive):
        line = json.loads(written("JsonLines", path, an_article("b")))
        assert tuple(line) == exports.COLUMNS
        assert (line["id"], line["title"], line["body"]) == (
            None,
            "Judul b",
            "Satu kalimat tentang kota.\n\nParagraf kedua.",
        )
    assert not (tmp_path / "tiada.sqlite").exists()


def test_an_article_is_found_by_the_address_that_led_to_it(archive: Path) -> None:
    db = open_archive(archive)
    walk(db, crawl_of(db), [["x"]])
    db.execute("UPDATE urls SET id = 7, article = 1")
    db.close()
    line = json.loads(written("JsonLines", archive, an_article("tersalin", url_id=7)))
    assert (line["id"], line["title"]) == (1, "=1+1")
