"""What the documents name exists: files, links, commands, options, settings, tables, exit codes, public names."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy.settings import Settings

import kwri_crawler
from kwri_crawler import settings
from kwri_crawler.archive import open_archive
from kwri_crawler.command import HARVEST, MEANINGS, Exit, ProjectCommand
from tests.crawling import PROJECT
from tests.generated_docs import with_blocks
from tests.test_doctor import COMMANDS, commands_of_module

DOCUMENTS = sorted([*PROJECT.glob("README*.md"), PROJECT / "CONTRIBUTING.md", *PROJECT.glob("docs/*.md")])
OF_AN_INSTALLATION = ("settings.toml", "portals/", "output/")  # a user's own, made by a command or by hand
# Scrapy's own, which does not crawl portals.
OF_SCRAPY = frozenset(("bench",))

_FILE = re.compile(r"`([a-z_.][\w.-]*(?:/[\w.-]+)+/?|\w+\.(?:toml|py|md|tsv|sql))`", re.ASCII)
_LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)")
_LINE = re.compile(r"^(?:sudo )?(?:\.venv/bin/)?(?:scrapy|kwri) ([a-z].*)$", re.MULTILINE)
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_ROOMS = ("", "kwri_crawler", "tests", "kwri_crawler/portals", "kwri_crawler/copies")


def page_name(page: Path) -> str:
    return page.name


def each(pattern: re.Pattern[str]) -> Iterator[tuple[Path, str, str]]:
    for path in DOCUMENTS:
        for found in pattern.finditer(path.read_text(encoding="utf-8")):
            first, *more = found.groups("")
            yield path, first, more[0] if more else ""


def anchors(path: Path) -> set[str]:
    """Return what headings can be linked to, as GitHub spells them."""
    headings = _HEADING.findall(path.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_file_that_a_document_names_is_there() -> None:
    named = [(path.name, name) for path, name, _ in each(_FILE) if not name.startswith(OF_AN_INSTALLATION)]
    assert len(named) > 30
    assert not [
        f"{path}: {name}" for path, name in named if not any((PROJECT / room / name).exists() for room in _ROOMS)
    ]


def test_every_link_leads_somewhere() -> None:
    links = [(path, link, anchor) for path, link, anchor in each(_LINK) if "://" not in link]
    assert len(links) > 3
    for path, link, anchor in links:
        target = (path.parent / link).resolve() if link else path
        assert target.exists(), f"{path.name}: {link}"
        assert not anchor or anchor in anchors(target), f"{path.name}: #{anchor}"


def test_every_command_stands_in_a_document() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    assert not [
        name
        for name in set(COMMANDS) - OF_SCRAPY
        if not re.search(rf"(?:scrapy|kwri) (?:\w+, )?`?{name}\b|`{name}`", text)
    ]


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - OF_SCRAPY))
def test_every_command_line_of_a_document_is_understood(name: str) -> None:
    lines = [re.split(r"\s+[#|<&>]|\s&&", found)[0] for _, found, _ in each(_LINE)]
    assert len(lines) > 30
    for line in lines:
        words = shlex.split(line)
        if words[0] == name:
            command = commands_of_module()[name]()
            assert isinstance(command, ProjectCommand)
            command.settings = Settings()
            parser = argparse.ArgumentParser(prog=f"scrapy {name}", exit_on_error=False)
            command.add_options(parser)
            _, rest = parser.parse_known_args(words[1:])  # what stands without a name is the command's own to read
            assert not [word for word in rest if word.startswith("-")], f"scrapy {line}"


@pytest.mark.parametrize("page", [page for page in DOCUMENTS if "<!-- generated" in page.read_text()], ids=page_name)
def test_what_a_page_repeats_of_the_code_is_what_the_code_says(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text == with_blocks(text), f"run `make docs`, and look at the difference in {page.name}"


def test_the_generated_parts_leave_nothing_out(tmp_path: Path) -> None:
    data, settings_page, operating, python = (
        (PROJECT / "docs" / f"{name}.md").read_text(encoding="utf-8")
        for name in ("data", "settings", "operating", "python")
    )
    db = open_archive(tmp_path / "kwri.sqlite")
    tables = [name for name in (*db.table_names(), *db.view_names()) if not re.match("sqlite_|articles_fts|_", name)]
    assert len(tables) > 40
    assert not [name for name in tables if f"\n#### {name}\n" not in data]
    assert not [
        f"{name}.{column}"
        for name in tables
        for (column,) in db.conn.execute("SELECT name FROM pragma_table_xinfo(?)", (name,))
        if f"`{column}`" not in data.partition(f"\n#### {name}\n")[2].partition("\n#### ")[0]
    ]
    db.close()
    names = [name for name in vars(settings) if name.isupper()]
    assert len(names) > 50
    assert not [name for name in names if not re.search(rf"^\| `{name}` \|.*\| \w?.+ \|$", settings_page, re.MULTILINE)]
    assert not [code for code in Exit if f"\n| {code:d} | {MEANINGS[code]} | {HARVEST.get(code, '')}" not in operating]
    assert not [name for name in kwri_crawler.__all__ if not name.startswith("_") and name not in python]


def skeleton(name: str) -> tuple[list[str], list[str], list[str]]:
    """Return a page's heading levels, commands without their comments, and links to other pages, in order."""
    text = (PROJECT / name).read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    commands = [re.split(r"\s#(?=\s)", line)[0].rstrip() for line in code.splitlines()]
    links = [link for link, _ in _LINK.findall(text) if not link.startswith("README")]
    return re.findall(r"^(#+) ", text, re.MULTILINE), commands, links


def test_the_readme_in_indonesian_says_the_same() -> None:
    headings, commands, links = skeleton("README.md")
    assert (len(headings) > 6, len(commands) > 15, len(links) > 15) == (True, True, True)
    assert skeleton("README.id.md") == (headings, commands, links)


def test_every_page_of_docs_is_in_the_index_and_in_the_menu_of_the_website() -> None:
    pages = {page.name for page in (PROJECT / "docs").glob("*.md")}
    menu = re.findall(r"^  - (?:[\w ]+: )?([\w-]+\.md)$", (PROJECT / "mkdocs.yml").read_text("utf-8"), re.MULTILINE)
    assert sorted(menu) == sorted(pages)
    index = {link for link, _ in _LINK.findall((PROJECT / "docs" / "index.md").read_text(encoding="utf-8"))}
    assert index == pages - {"index.md"}
