"""`kwri`: every command from any folder, in a checkout and installed from a wheel."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections.abc import Mapping
from pathlib import Path
from sysconfig import get_path

import pytest

from kwri_crawler import cli, version
from kwri_crawler.command import as_typed
from kwri_crawler.outside import Elsewhere
from tests.crawling import HOST, IMPATIENT, PORTAL, PROJECT, value
from tests.sites.corpus import ARTICLES
from tests.sites.varient import VarientPortal

COMMANDS = sorted(path.stem for path in (PROJECT / "kwri_crawler" / "commands").glob("[a-z]*.py"))
Done = subprocess.CompletedProcess[str]


def run(command: list[str], cwd: Path, **env: str) -> Done:
    clean = {name: text for name, text in os.environ.items() if name not in ("PYTHONPATH", "KWRI_HOME")}
    return subprocess.run(
        command, cwd=cwd, env={**clean, **env}, capture_output=True, text=True, timeout=120, check=False
    )


def kwri(cwd: Path, *args: str, **env: str) -> Done:
    """Run kwri from a folder that is no project, whose own files are what KWRI_HOME says."""
    env = {"PYTHONPATH": str(PROJECT), "KWRI_HOME": str(cwd), **env}
    return run([sys.executable, "-m", "kwri_crawler", *args], cwd, **env)


def crawl_options(site: VarientPortal) -> list[str]:
    settings: Mapping[str, str] = {**IMPATIENT, "CONNECT_TO": json.dumps({HOST: site.address})}
    return [part for name, text in settings.items() for part in ("-s", f"{name}={text}")]


@pytest.mark.parametrize("args", [(), ("--help",)])
def test_help_describes_the_projects_own_commands(tmp_path: Path, args: tuple[str, ...]) -> None:
    done = kwri(tmp_path, *args)
    assert done.returncode == 0, done.stderr
    described = {line.split()[0]: line.split(None, 1)[1] for line in done.stdout.splitlines() if line.startswith("  ")}
    assert sorted(described) == sorted({*COMMANDS, "list"})
    assert all(len(text) > 15 for text in described.values())
    assert "shell" in done.stdout.partition("Scrapy's own: ")[2]


def test_scrapy_outside_of_the_project_says_what_to_type(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    declared = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    points = declared["scrapy.commands"]
    assert {"harvest", "portals", "stories"} < set(points)
    assert sorted({*points, "crawl", "list", "bench"}) == COMMANDS, "a new command stands in pyproject.toml too"
    assert set(points.values()) == {"kwri_crawler.outside:Elsewhere"}
    monkeypatch.setattr(sys, "argv", ["scrapy", "harvest"])
    command = Elsewhere()
    command.run([], argparse.Namespace())
    assert command.exitcode == 2
    assert f"type `kwri harvest`, or `scrapy harvest` in {PROJECT}" in capsys.readouterr().err


def test_version_is_said(tmp_path: Path) -> None:
    assert kwri(tmp_path, "--version").stdout == f"kwri-crawler {version.__version__}\n"


def test_a_command_is_loaded_without_the_others(tmp_path: Path) -> None:
    code = (
        "import atexit, sys; from kwri_crawler.cli import main; sys.argv = ['kwri', 'revisions', '--help'];"
        " atexit.register(lambda: print(*(n for n in sys.modules if n.startswith('kwri_crawler.commands.')))); main()"
    )
    done = run([sys.executable, "-c", code], PROJECT, KWRI_HOME=str(tmp_path))
    assert done.stdout.splitlines()[-1] == "kwri_crawler.commands.revisions", done.stderr


def test_a_command_that_is_none_is_explained(tmp_path: Path) -> None:
    done = kwri(tmp_path, "harvst")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "kwri harvst: there is no such command; did you mean `kwri harvest`?\n"


def test_another_projects_folder_and_settings_are_not_taken(tmp_path: Path) -> None:
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = theirs\n")
    (tmp_path / "theirs.py").write_text("BOT_NAME = 'theirs'\n")
    done = kwri(tmp_path, "list", SCRAPY_SETTINGS_MODULE="theirs")
    assert PORTAL in done.stdout.split(), done.stderr


def test_a_command_names_itself_as_it_was_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("harvest", "crawl"):
        told = kwri(tmp_path, name, "--help").stdout
        assert f"\n  kwri {name}" in told
        assert "scrapy " not in told.partition("Global Options")[0]
        assert f"usage: kwri {name}" in told.lower()
    assert "`kwri crawl PORTAL` makes one" in kwri(tmp_path, "stories").stderr
    assert "kwri crawl takes a portal, or several; `kwri list` names them" in kwri(tmp_path, "crawl").stderr
    text = "`scrapy list` of Scrapy 2.19, scrapy.cfg"
    for started, shown in (("/x/bin/scrapy", text), ("/x/bin/kwri", text.replace("scrapy l", "kwri l"))):
        monkeypatch.setattr(sys, "argv", [started])
        assert as_typed(text) == shown


def test_a_wrong_settings_file_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("CONTACT = 1\n")
    done = kwri(tmp_path, "doctor")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{tmp_path / 'settings.toml'}: CONTACT must be a text, not 1\n"


# ---------------------------------------------------------------- the wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of what it is made of: building in place leaves files there."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("kwri_crawler", "pipelines"):
        shutil.copytree(PROJECT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(PROJECT / name, source)
    done = run(
        [sys.executable, "-m", "pip", "wheel", ".", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(out)],
        source,
    )
    assert done.returncode == 0, done.stderr
    (path,) = out.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a new virtual environment, beside what this one has; return its folder of programs."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    done = run(
        [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install", "--no-deps", "--no-index",
         str(wheel)],
        folder,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (site / "with_the_dependencies.pth").write_text(get_path("purelib") + "\n")
    return folder / "bin"


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    files = (path for top in ("kwri_crawler", "pipelines") for path in (PROJECT / top).rglob("*") if path.is_file())
    assert packed == {path.relative_to(PROJECT).as_posix() for path in files if "__pycache__" not in path.parts}


def test_installed_it_runs_from_an_empty_folder_and_keeps_its_archive_in_the_data_folder(
    installed: Path, tmp_path: Path
) -> None:
    empty, data = tmp_path / "empty", tmp_path / "data"
    empty.mkdir()
    env = {"XDG_DATA_HOME": str(data), "HOME": str(tmp_path)}
    told = run([str(installed / "kwri"), "doctor"], empty, **env).stdout
    assert f"{data / 'kwri-crawler'} (KWRI_HOME is not set)" in told
    with VarientPortal(articles=ARTICLES[:6]) as site:
        done = run([str(installed / "kwri"), "crawl", PORTAL, *crawl_options(site)], empty, **env)
    assert done.returncode == 0, done.stderr
    archive = data / "kwri-crawler" / "kwri.sqlite"
    assert value(archive, "SELECT count(*) FROM articles") >= 6
    (month,) = {value(archive, "SELECT max(published_local) FROM articles")[:7]}
    done = run([str(installed / "kwri"), "report", "--month", month], empty, **env)
    assert done.returncode == 0, done.stderr
    assert "<svg" in next(archive.parent.glob("report-*.html")).read_text(encoding="utf-8")
    assert list(empty.iterdir()) == []
    assert not list(installed.parent.rglob("*.sqlite"))


def test_installed_its_units_and_its_api_work(installed: Path, tmp_path: Path) -> None:
    press = tmp_path / "press"
    done = run([str(installed / "kwri"), "deploy", "units", "--user=press"], tmp_path, KWRI_HOME=str(press))
    assert done.returncode == 0, done.stderr
    unit = (tmp_path / "units" / "kwri-harvest.service").read_text()
    assert f'WorkingDirectory={press}\nEnvironment="KWRI_HOME={press}"\n' in unit
    assert f"ExecStart={installed / 'kwri'} harvest" in unit
    assert f"ReadWritePaths={press}\n" in unit
    cron = (tmp_path / "units" / "kwri.cron").read_text()
    assert f"cd {press} && KWRI_HOME={press} {installed / 'kwri'} harvest" in cron
    code = "from kwri_crawler import read_date; print(read_date('Kamis, 27 Juni 2024 | 14:10 WIB').at.isoformat())"
    done = run([str(installed / "python"), "-c", code], tmp_path)
    assert done.stdout == "2024-06-27T07:10:00+00:00\n", done.stderr


@pytest.mark.parametrize("asked", [["kwri"], ["kwri", "--help"], ["kwri", "-h"], ["kwri", "help"]])
def test_help_names_every_command_with_what_it_does(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", asked)
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "theirs")
    cli.main()
    assert os.environ["SCRAPY_SETTINGS_MODULE"] == "kwri_crawler.settings"
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"kwri-crawler {version.__version__}: ")
    for command in COMMANDS:
        (line,) = [line for line in lines if line.split()[:1] == [command]]
        assert len(line.split()) > 2, f"{command} says nothing of itself"


@pytest.mark.parametrize("flag", ["-V", "--version"])
def test_the_version_is_one_line(
    flag: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "theirs")  # put back afterwards
    monkeypatch.setattr(sys, "argv", ["kwri", flag])
    cli.main()
    assert capsys.readouterr().out == f"kwri-crawler {version.__version__}\n"


@pytest.mark.parametrize(
    ("word", "hint"), [("exprot", "did you mean `kwri export`?"), ("zzzz", "`kwri --help` names those that there are")]
)
def test_a_command_that_there_is_not_is_explained(
    word: str, hint: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "theirs")
    monkeypatch.setattr(sys, "argv", ["kwri", word])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capsys.readouterr()
    assert (ended.value.code, told.out) == (2, "")
    assert told.err == f"kwri {word}: there is no such command; {hint}\n"
