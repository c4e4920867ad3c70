"""The short form of `make trial-scale`: its archives are sound, and it measures and prints what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from kwri_crawler.archive import month_versions, open_archive
from tests.archives import check_derived
from tests.trials import large_archive, scale
from tests.trials.cloned_archive import clone

SMALL, CLONES, WARTA, DAYS = 300, 4, 10, 20


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("scale")
    small, large = folder / "300.sqlite", folder / "1200.sqlite"
    large_archive.build(small, SMALL, WARTA, DAYS)
    clone(small, large, CLONES, WARTA)
    return small, large


def test_its_archives_are_what_crawls_would_have_left(archives: tuple[Path, Path]) -> None:
    small, large = (open_archive(path) for path in archives)
    check_derived(small)
    assert not large.execute("PRAGMA foreign_key_check").fetchall()
    large.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES('integrity-check', 1)")
    (index,) = large.execute("SELECT block FROM articles_fts_data WHERE id = 10").fetchone()
    levels, pieces, _, *of_levels = index[4:]
    assert levels == pieces == 3
    assert of_levels[1::5] == [1, 1, 1], "pieces of one level are merged by whoever writes next"
    assert of_levels[2::5] == [3, 2, 1], "the oldest piece is the highest"
    for table in ("articles", "urls", "dates", "tags", "stories", "ties", "sketches", "revisions", "visits"):
        counted = f"SELECT count(*) FROM {table}"
        ((few,),), ((many,),) = (db.execute(counted).fetchall() for db in (small, large))
        assert many == CLONES * few > 0, table
    for child, parent in (
        ("articles", "crawl"),
        ("urls", "listing"),
        ("urls", "seen_crawl"),
        ("visits", "visited_crawl"),
    ):
        other = "listings" if parent == "listing" else "crawls"
        wrong = f"SELECT count(*) FROM {child} JOIN {other} AS o ON o.id = {parent} WHERE o.portal <> {child}.portal"
        assert large.execute(wrong).fetchone() == (0,), f"{child}.{parent} is of another portal"
    (shares,) = large.execute("SELECT sum(body LIKE '%pilkada%') * 1.0 / count(*) FROM articles").fetchone()
    assert abs(shares - large_archive.COMMON[1]) < 0.1
    assert len(month_versions.portal_months(large)) >= WARTA
    for db in (small, large):
        db.close()


def test_it_measures_and_prints_each_figure(archives: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scale, "MONTH", "2026-11")
    found = scale.Figures([SMALL, CLONES * SMALL])
    for path, size in zip(archives, found.sizes, strict=True):
        scale.measure(path, size, found, WARTA, turns=3)
    assert not found.refused, "pages that Datasette did not show"
    assert len(found.of) > 120
    assert all(by[size] > 0 for by in found.of.values() for size in found.sizes)
    lines = list(found.table())
    assert len(lines) == len(found.of) + 2
    assert {line.count("|") for line in lines} == {7}
    named = {line.split(" | ")[0].removeprefix("| ") for line in lines}
    assert set(scale.FORMER) <= named, "figures of f4db461 that stand beside nothing"


def test_a_figure_over_its_bar_and_a_page_that_was_refused_are_named() -> None:
    found = scale.Figures([10, 1000])
    for size, value in ((10, 3.0), (1000, 4.0)):
        found.add(size, "around a crawl: all", value)
    found.add(1000, "doctor", 31_000)
    found.add(1000, "links LIMIT 20", 99)
    found.add(10, "portal_clocks whole", 2001)
    found.add(1000, "Datasette search_latest", 999)
    found.add(1000, "links whole", 5000)
    found.refused.append("Datasette home: 400, with 1,000 articles")
    assert found.missed() == [
        "doctor", "around a crawl: over 1.3 times that of 10", "Datasette home: 400, with 1,000 articles",
    ]  # fmt: skip
