"""Golden pages: what is read from one page of each family and view, field by field; real structure, our own words."""

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kwri_crawler import pages
from kwri_crawler.items import Page
from kwri_crawler.pages.source import PageError, Source
from kwri_crawler.scout.golden import FACTS, PAGE, read_case
from tests.crawling import PROJECT
from tests.golden_cases import FOLDER, cases


def differences(name: str) -> list[str]:
    """Return what is read otherwise than the case says, a field a line, with the command that renews it."""
    path = FOLDER / name / FACTS
    wanted = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    found = read_case(FOLDER / name)
    return [
        f"{name}: {field}: read {found.get(field)!r}, not {wanted.get(field)!r}; if right: make golden CASE={name}"
        for field in {**wanted, **found}
        if found.get(field) != wanted.get(field)
    ]


@pytest.mark.parametrize("name", cases())
def test_a_golden_page_is_read_as_it_was(name: str) -> None:
    assert not differences(name)


@pytest.mark.parametrize("name", cases())
def test_a_golden_page_shows_its_family(name: str) -> None:
    family = name.partition("/")[0]
    page = Page("https://portal.example/", (FOLDER / name / PAGE).read_bytes(), "", datetime(2024, 7, 1, tzinfo=UTC))
    assert (pages.recognise(Source.of(page)) or "general") == family
    assert read_case(FOLDER / name)["reader"] == family


@pytest.mark.parametrize("name", cases())
def test_a_golden_page_is_known_to_its_own_family_and_to_no_other(name: str) -> None:
    # The cross table: every page of a case, also its further ones, against every family.
    own = {name.partition("/")[0]} - {"general"}
    for path in sorted((FOLDER / name).glob("page*.html")):
        source = Source.of(Page("https://portal.example/", path.read_bytes(), "", datetime(2024, 7, 1, tzinfo=UTC)))
        assert {family.name for family in pages.families().values() if family.knows(source)} == own, path.name


def test_every_family_has_a_golden_page() -> None:
    assert {name.partition("/")[0] for name in cases()} == {*pages.families(), "general"}


@pytest.mark.parametrize("family", ["varient", "wordpress", "tribun", "promedia", "detik", "disway", "kompas"])
def test_a_family_that_has_articles_on_several_pages_has_one_whole(family: str) -> None:
    whole = [name for name in cases(f"{family}/") if "pages" in read_case(FOLDER / name)["evidence"]]
    assert whole


def test_a_case_without_one_of_its_pages_is_no_whole_article(tmp_path: Path) -> None:
    shutil.copytree(FOLDER / "wordpress" / "paged", tmp_path / "case")
    (tmp_path / "case" / "page-3.html").unlink()
    with pytest.raises(PageError, match=r"page-3\.html is not there"):
        read_case(tmp_path / "case")


def test_a_failing_case_names_the_field_and_a_command_that_there_is() -> None:
    name = cases()[0]
    path = FOLDER / name / FACTS
    right = path.read_text(encoding="utf-8")
    wrong = {**json.loads(right), "title": "Another title"}
    try:
        path.write_text(json.dumps(wrong), encoding="utf-8")
        (line,) = differences(name)
        assert f"{name}: title:" in line
        assert line.endswith(f"make golden CASE={name}")
        subprocess.run([sys.executable, "-m", "tests.golden_cases", name], cwd=PROJECT, check=True, capture_output=True)
        assert path.read_text(encoding="utf-8") == right
    finally:
        path.write_text(right, encoding="utf-8")


def test_a_case_that_there_is_not_is_named() -> None:
    command = [sys.executable, "-m", "tests.golden_cases", "nowhere/at-all"]
    done = subprocess.run(command, cwd=PROJECT, check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert "no golden case is called 'nowhere/at-all'" in done.stderr
