"""Settings that tests, docs and the Makefile name are settings that somebody reads: a misspelt one changes nothing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy.settings import default_settings

from kwri_crawler import settings
from tests.crawling import PROJECT

KNOWN = {name for module in (settings, default_settings) for name in vars(module) if name.isupper()}
OF_TESTS = {"CRASH_ON"}  # read by tests/sites/crash.py
TESTS = sorted({*PROJECT.glob("tests/**/*.py")} - {Path(__file__).resolve()})
DOCUMENTS = sorted([*PROJECT.glob("*.md"), PROJECT / "Makefile", *PROJECT.glob("docs/*.md")])
_OPTION = re.compile(r"(?<!\w)-s[ =](?!NAME=)([A-Z][A-Z0-9_]+)=")
_ALONE = re.compile(r"(?!KWRI_|SCRAPY_)([A-Z][A-Z0-9_]{3,})=")
_NAME = re.compile(r"(?!KWRI_|SCRAPY_)[A-Z][A-Z0-9_]{3,}")  # those two begin names of the environment


def named_in(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the settings that a test file passes to a command: -s NAME=, NAME=... and keys beside known ones."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from ((node.lineno, word.arg) for word in node.keywords if word.arg and _NAME.fullmatch(word.arg))
        elif isinstance(node, ast.Dict):
            keys = [key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
            if KNOWN.intersection(keys):
                yield from ((node.lineno, key) for key in keys if _NAME.fullmatch(key))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from ((node.lineno, name) for name in _OPTION.findall(node.value))
            if found := _ALONE.match(node.value):
                yield node.lineno, found[1]


@pytest.mark.parametrize("path", TESTS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_setting_that_a_test_passes_exists(path: Path) -> None:
    unknown = [f"{path.name}:{line}: {name}" for line, name in named_in(path) if name not in KNOWN | OF_TESTS]
    assert not unknown, "no setting of ours or of Scrapy's: the test passes whatever it is set to"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_setting_that_a_document_passes_exists(path: Path) -> None:
    assert not [name for name in _OPTION.findall(path.read_text(encoding="utf-8")) if name not in KNOWN]


def test_an_unknown_setting_would_be_seen(tmp_path: Path) -> None:
    made = tmp_path / "made.py"
    made.write_text(
        'run(site, archive, TRY_AGAIN_DAYS="0")\n'
        'given = {"DOWNLOAD_DELAY": "0", "DELAY_OF_DOWNLOAD": "0"}\n'
        'call("scrapy crawl x -s CONTAKT=a", "-s", f"ARCHIVE_PAHT={path}", "-s", "NOW=2024")\n',
        encoding="utf-8",
    )
    assert {name for _, name in named_in(made)} - KNOWN == {
        "TRY_AGAIN_DAYS", "DELAY_OF_DOWNLOAD", "CONTAKT", "ARCHIVE_PAHT"
    }  # fmt: skip
