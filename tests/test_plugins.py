"""A CMS family in another package: installed as packages are, found by its entry point."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kwri_crawler.catalogue import PORTALS, families, read_catalogue
from tests.crawling import PROJECT

_FAMILY = """
from kwri_crawler.pages.family import Family

class Warta(Family):
    name = "warta"
    marks = ("warta-cms",)
    wrapper = ("div.warta",)
    title = ("h1.judul",)
    body = ("div.teks",)
"""
_TEXT = "<p>Warga Kecamatan Contoh memperbaiki jembatan bambu yang rusak karena banjir pekan lalu.</p>" * 3
_PAGE = (
    '<html><head><meta name="generator" content="warta-cms"></head><body><div class="warta">'
    f'<h1 class="judul">Jembatan bambu diperbaiki warga</h1><div class="teks">{_TEXT}</div></div></body></html>'
)
_PORTAL = """
name = "Warta Uji"
home = "https://uji.example/"
family = "warta"
zone = "Asia/Jakarta"
listings = [{ kind = "feed", url = "/feed/" }]
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "home" / "portals").mkdir(parents=True)
    (tmp_path / "home" / "portals" / "uji.toml").write_text(_PORTAL, encoding="utf-8")
    (tmp_path / "page.html").write_text(_PAGE, encoding="utf-8")
    return install(tmp_path, "kwri_warta", _FAMILY, "warta = kwri_warta:Warta")


def install(folder: Path, package: str, code: str, entry_point: str) -> Path:
    """Put a package where Python looks for packages, with the metadata that an installer writes."""
    site = folder / "site"
    (site / package).mkdir(parents=True)
    (site / package / "__init__.py").write_text(code, encoding="utf-8")
    metadata = site / f"{package}-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[kwri_crawler.families]\n{entry_point}\n")
    return site


def run(site: Path, *command: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": f"{PROJECT}{os.pathsep}{site}", "KWRI_HOME": str(site.parent / "home")}
    return subprocess.run(
        [sys.executable, *command], cwd=site.parent, env=env, capture_output=True, text=True, timeout=60, check=False
    )


def kwri(site: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return run(site, "-m", "kwri_crawler", *args)


def test_a_portal_may_name_it_and_its_pages_are_read_and_recognised_by_it(site: Path) -> None:
    listed = kwri(site, "list")
    assert "uji" in listed.stdout.split(), listed.stderr
    for url in ("https://uji.example/1", "https://unknown.example/1"):
        done = kwri(site, "readpage", "page.html", "--url", url)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "warta" in next(line for line in done.stdout.splitlines() if line.startswith("reader"))
    told = kwri(site, "doctor").stdout
    assert "ok    families   family warta of kwri_warta 1.0" in told
    assert "warta" in kwri(site, "addportal", "--help").stdout


def test_it_is_found_without_scrapy_and_before_any_catalogue_is_read(site: Path) -> None:
    code = (
        "from datetime import datetime, UTC\n"
        "from kwri_crawler.items import Page\n"
        "from kwri_crawler.catalogue import read_catalogue, Portal\n"
        "from kwri_crawler.pages import read_page\n"
        "portal = Portal('x', 'X', 'https://x.example/', 'warta', None, 'Asia/Jakarta', ())\n"
        "page = Page('https://x.example/1', open('page.html', 'rb').read(), '', datetime.now(UTC))\n"
        "print(read_page(page, portal).reader)\n"
    )
    assert run(site, "-c", code).stdout == "warta\n"


@pytest.mark.parametrize(
    ("code", "entry_point", "fault"),
    [
        ("", "warta = kwri_warta:Warta", "it cannot be loaded: AttributeError"),
        ("import no_such_module", "warta = kwri_warta", "it cannot be loaded: ModuleNotFoundError"),
        ("1 / 0", "warta = kwri_warta", "it cannot be loaded: ZeroDivisionError"),
        ("class Warta:\n    name = 'warta'", "warta = kwri_warta:Warta", "it is no Family called 'warta'"),
        (_FAMILY.replace('"warta"', '"other"'), "warta = kwri_warta:Warta", "it is no Family called 'warta'"),
        (_FAMILY, "warta = kwri_warta:Warta\n[x]\n", None),
    ],
)
def test_one_that_cannot_be_loaded_costs_its_own_portals_only(
    tmp_path: Path, code: str, entry_point: str, fault: str | None
) -> None:
    (tmp_path / "home" / "portals").mkdir(parents=True)
    (tmp_path / "home" / "portals" / "uji.toml").write_text(_PORTAL, encoding="utf-8")
    site = install(tmp_path, "kwri_warta", code, entry_point)
    shipped = {portal.id for portal in read_catalogue(PORTALS).portals}
    told = kwri(site, "doctor")
    assert set(kwri(site, "list").stdout.split()) == shipped | (set() if fault else {"uji"})
    assert told.returncode == (1 if fault else 0), told.stdout
    if fault:
        assert f"fail  families   family warta of kwri_warta 1.0: {fault}" in told.stdout
        assert f"uji.toml: family 'warta' of kwri_warta 1.0: {fault}" in told.stdout


def test_none_takes_the_name_of_another(site: Path) -> None:
    install(site.parent / "more", "kwri_other", _FAMILY, "warta = kwri_other:Warta")
    more = site.parent / "more" / "site"
    for folder in more.iterdir():
        folder.rename(site / folder.name)
    assert "two packages have a family of this name" in kwri(site, "doctor").stdout
    entry = site / "kwri_other-1.0.dist-info" / "entry_points.txt"
    entry.write_text("[kwri_crawler.families]\nwordpress = kwri_other:Warta\n")
    told = kwri(site, "doctor").stdout
    assert "family wordpress of kwri_other 1.0: a family of this name is built in" in told
    assert "ok    families   family warta" in told


@pytest.mark.parametrize(
    ("code", "points", "faults"),
    [
        (_FAMILY, "warta = kwri_warta:Warta", [None]),
        (_FAMILY + "\nfamily = Warta()", "warta = kwri_warta:family", [None]),
        (_FAMILY, "wordpress = kwri_warta:Warta", ["a family of this name is built in"]),
        (_FAMILY, "other = kwri_warta:Warta", ["it is no Family called 'other'"]),
        ("", "b = kwri_warta:B\na = kwri_warta:A", ["it cannot be loaded: AttributeError"] * 2),
        (_FAMILY, "[x]", []),
    ],
)
def test_families_are_found_by_name_each_with_what_is_wrong_with_it(
    code: str, points: str, faults: list[str | None], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.syspath_prepend(install(tmp_path, "kwri_warta", code, points))
    families.plugged_in.cache_clear()
    try:
        found = families.plugged_in()
        assert [plugin.name for plugin in found] == sorted(plugin.name for plugin in found)
        assert [plugin.package for plugin in found] == ["kwri_warta 1.0"] * len(faults)
        for plugin, fault in zip(found, faults, strict=True):
            assert (plugin.family is not None) is (fault is None)
            assert (plugin.fault or "").startswith(fault or "")
            assert (plugin.fault is None) is (fault is None)
            assert fault or plugin.family.name == plugin.name == "warta"
        assert families.plugged_in() is found, "packages are looked through once"
    finally:
        families.plugged_in.cache_clear()
        sys.modules.pop("kwri_warta", None)
