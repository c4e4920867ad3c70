"""Where an installation keeps what is its operator's, and what its settings.toml may say."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import platformdirs
import pytest
import scrapy as scrapy_package

from kwri_crawler import home
from kwri_crawler import settings as package
from kwri_crawler.catalogue import PORTALS, read_catalogue
from kwri_crawler.own_settings import SettingsError, fault_of_text, read_own_settings
from tests import forked
from tests.crawling import PROJECT, run_here

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str) -> Path:
        path = tmp_path / "settings.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def scrapy(home_folder: Path, *args: str) -> forked.Crawled:
    return forked.run(args, PROJECT, {**os.environ, "KWRI_HOME": str(home_folder)}, timeout_s=60)


# ---------------------------------------------------------------- where things are


def test_a_checkout_keeps_its_archive_in_output_and_the_rest_beside_scrapy_cfg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KWRI_HOME")
    assert home.archive_path() == PROJECT / "output" / "kwri.sqlite"
    assert home.settings_path() == PROJECT / "settings.toml"
    assert home.own_portals() == PROJECT / "portals"


def test_kwri_home_holds_all_that_is_the_operators(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KWRI_HOME", str(tmp_path))
    found = (home.archive_path(), home.settings_path(), home.own_portals())
    assert found == (tmp_path / "kwri.sqlite", tmp_path / "settings.toml", tmp_path / "portals")
    monkeypatch.setenv("KWRI_HOME", "~/press")
    assert home.home() == Path.home() / "press"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KWRI_HOME", "press")
    assert home.home() == tmp_path / "press"
    monkeypatch.setenv("KWRI_HOME", "")
    assert home.home() == PROJECT, "an empty variable is none"


def test_an_installed_package_keeps_its_archive_in_the_users_data_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("KWRI_HOME")
    monkeypatch.setattr(home, "_PROJECT", tmp_path / "site-packages")
    assert home.checkout() is None
    assert home.archive_path() == platformdirs.user_data_path("kwri-crawler") / "kwri.sqlite"


# ---------------------------------------------------------------- what settings.toml says


def test_there_need_be_no_file(tmp_path: Path) -> None:
    assert read_own_settings(tmp_path / "settings.toml", vars(package)) == {}


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ('CONTACT = "you@example.org"', "you@example.org"),
        ("DOWNLOAD_DELAY = 2", 2),
        ("DOWNLOAD_DELAY = 1.5", 1.5),
        ("MIN_FREE_MB = 500", 500),
        ("ROBOTSTXT_OBEY = true", True),
        ("VISIT_AFTER_H = [1, 24]", [1, 24]),
        ('CONNECT_TO = { "a.example" = "127.0.0.1:8000" }', {"a.example": "127.0.0.1:8000"}),
        ("AUTOTHROTTLE_ENABLED = true", True),  # Scrapy's own
        ('JOBDIR = "x"', "x"),  # Scrapy's default is None, which says nothing of its type
        ('\ufeffCONTACT = "x"', "x"),
    ],
)
def test_a_setting_of_ours_or_of_scrapy_is_taken_in_its_type(write: Write, line: str, value: Any) -> None:
    assert list(read_own_settings(write(line), vars(package)).values()) == [value]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('CONTCT = "x"', "CONTCT: there is no such setting; did you mean CONTACT?"),
        ('contact = "x"', "contact: there is no such setting; did you mean CONTACT?"),
        ("[crawl]\nCONTACT = 1", "crawl: there is no such setting"),
        ("CONTACT = 1", "CONTACT must be a text, not 1"),
        ('DOWNLOAD_DELAY = "1.0"', "DOWNLOAD_DELAY must be a number, not '1.0'"),
        ("DOWNLOAD_DELAY = true", "DOWNLOAD_DELAY must be a number, not True"),
        ("MIN_FREE_MB = 1.5", "MIN_FREE_MB must be a whole number, not 1.5"),
        ("MIN_FREE_MB = true", "MIN_FREE_MB must be a whole number, not True"),
        ("ROBOTSTXT_OBEY = 1", "ROBOTSTXT_OBEY must be true or false, not 1"),
        ('ROBOTSTXT_OBEY = "no"', "ROBOTSTXT_OBEY must be true or false"),
        ("VISIT_AFTER_H = 1", "VISIT_AFTER_H must be a list, not 1"),
        ('VISIT_AFTER_H = [1, "x"]', "VISIT_AFTER_H must be a list, each a whole number"),
        ("CONNECT_TO = []", "CONNECT_TO must be a table"),
        ("NOW = 2024-06-27T14:10:00+07:00", "NOW must be a text"),
        ("CONTACT = ", "cannot be read as TOML"),
        ('CONTACT = "a"\nCONTACT = "b"', "cannot be read as TOML"),
        ("CONTACT = " + "[" * 5000, "cannot be read as TOML"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_key(write: Write, line: str, fault: str) -> None:
    path = write(line)
    with pytest.raises(SettingsError) as caught:
        read_own_settings(path, vars(package))
    assert str(caught.value).startswith(f"{path}: ")
    assert fault in str(caught.value)


def test_a_file_that_cannot_be_opened_is_an_error_and_not_no_file(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        read_own_settings(tmp_path / "settings.toml", vars(package))


def test_a_path_in_the_file_begins_at_the_files_folder(write: Write, tmp_path: Path) -> None:
    portals = os.pathsep.join(("mine", "/srv/portals", "~/p"))
    text = f'ARCHIVE_PATH = "a/kwri.sqlite"\nPAGES_PATH = ""\nPORTALS_PATH = "{portals}"'
    found = read_own_settings(write(text), vars(package))
    assert found["ARCHIVE_PATH"] == str(tmp_path / "a" / "kwri.sqlite")
    assert found["PAGES_PATH"] == ""
    assert found["PORTALS_PATH"].split(os.pathsep) == [str(tmp_path / "mine"), "/srv/portals", str(Path.home() / "p")]


# ---------------------------------------------------------------- through the commands


def test_the_command_line_goes_over_the_file_and_the_file_over_the_package(write: Write, tmp_path: Path) -> None:
    write('CONTACT = "file@example.org"\nDOWNLOAD_DELAY = 2.5\nPING_URL = "https://ping.example/secret"')
    assert scrapy(tmp_path, "settings", "--get", "CONTACT").out.strip() == "file@example.org"
    shown = scrapy(tmp_path, "settings", "--get", "CONTACT", "-s", "CONTACT=line@example.org")
    assert shown.out.strip() == "line@example.org"
    told = scrapy(tmp_path, "doctor", "-s", "CONTACT=line@example.org").out
    assert f"from {tmp_path / 'settings.toml'}: DOWNLOAD_DELAY, PING_URL\n" in told
    assert "from the command line: CONTACT\n" in told
    assert f"{tmp_path} (KWRI_HOME)" in told
    assert "secret" not in told


def test_a_wrong_file_ends_each_command_with_one_line_and_no_traceback(write: Write, tmp_path: Path) -> None:
    path = write('CONTCT = "x"')
    done = scrapy(tmp_path, "list")
    assert (done.code, done.out) == (1, "")
    assert done.log == f"{path}: CONTCT: there is no such setting; did you mean CONTACT?\n"


@pytest.mark.parametrize(("setting", "fault"), [
    ("READERS=dua", "READERS must be a whole number, 0 or more"),
    ("READERS=", "READERS must be a whole number, 0 or more"),
    ("READERS=-1", "READERS must be a whole number, 0 or more"),
    ("READ_BESIDE_FROM=1.5", "READ_BESIDE_FROM must be a whole number, 0 or more"),
    ("LEASE_S=nan", "LEASE_S must be a number, 0 or more"),
    ("DOWNLOAD_DELAY=inf", "DOWNLOAD_DELAY must be a number, 0 or more"),
    ("ROBOTSTXT_OBEY=no", "ROBOTSTXT_OBEY must be true or false"),
])  # fmt: skip
def test_a_wrong_number_on_the_command_line_is_named_before_anything_is_done(
    setting: str, fault: str, tmp_path: Path
) -> None:
    done = run_here("crawl", "kwri-jatim", "-s", setting, ARCHIVE_PATH=str(tmp_path / "a.sqlite"))
    assert (done.code, f"-s {setting}: {fault}" in done.log) == (2, True), done.log
    assert not (tmp_path / "a.sqlite").exists()


@pytest.mark.parametrize("setting", [
    "READERS=0", "DOWNLOAD_DELAY=0", "DOWNLOAD_DELAY=.5", "DOWNLOAD_TIMEOUT=1.5", "LEASE_S=90",
    "ROBOTSTXT_OBEY=False", "STATS_DUMP=1", "CONTACT=", "NOW=",
])  # fmt: skip
def test_a_right_one_is_taken(setting: str) -> None:
    name, _, text = setting.partition("=")
    assert fault_of_text(name, text, vars(package)) is None


def test_what_is_read_as_any_number_is_not_asked_for_as_a_whole_one() -> None:
    folders = (PROJECT / "kwri_crawler", Path(scrapy_package.__file__).parent)
    texts = [path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("*.py")]
    read = {name for text in texts for name in re.findall(r'getfloat\(\s*"([A-Z_]+)"', text)}
    assert {"DOWNLOAD_TIMEOUT", "LEASE_S"} < read
    assert [name for name in read if isinstance(vars(package).get(name), int)] == []


def test_own_portals_stand_beside_the_shipped_ones_and_over_them(tmp_path: Path) -> None:
    shipped = {portal.id for portal in read_catalogue(PORTALS).portals}
    assert set(scrapy(tmp_path, "list").out.split()) == shipped, "their folder need not be there"
    own = tmp_path / "portals"
    own.mkdir()
    text = (PORTALS / "kwri-jatim.toml").read_text(encoding="utf-8")
    (own / "warta.toml").write_text(text, encoding="utf-8")
    (own / "kwri-jatim.toml").write_text(text.replace('name = "KWRI Jawa Timur"', 'name = "Ours"'), encoding="utf-8")
    assert set(scrapy(tmp_path, "list").out.split()) == shipped | {"warta"}
    code = "from kwri_crawler.api import _catalogue; print([p.name for p in _catalogue() if p.id == 'kwri-jatim'])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env={**os.environ, "KWRI_HOME": str(tmp_path)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "['Ours']"
