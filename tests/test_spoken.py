"""What desks read on a terminal, in Indonesian and English: the same figures, chosen by --lang or the environment."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from kwri_crawler.health import Reason, Says, Verdict, Word
from kwri_crawler.spoken import _TEXTS, Spoken, spoken
from tests.archives import new_archive
from tests.crawling import run_here
from tests.test_likeness import FLOOD
from tests.test_stories import Press


@pytest.mark.parametrize(("asked", "environment", "lang"), [
    (None, {"LANG": "id_ID.UTF-8"}, "id"), (None, {"LANG": "en_GB.UTF-8"}, "en"), (None, {}, "en"),
    ("en", {"LANG": "id_ID.UTF-8"}, "en"), ("id", {"LC_ALL": "C"}, "id"),
    (None, {"LC_ALL": "id_ID", "LANG": "en_US"}, "id"), (None, {"LC_ALL": "C", "LANG": "id_ID"}, "en"),
    (None, {"LANG": "ido_XX"}, "en"),
])  # fmt: skip
def test_the_language_is_that_of_the_option_else_of_the_environment(
    asked: str | None, environment: dict[str, str], lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert spoken(argparse.Namespace(lang=asked)).lang == lang


def test_both_languages_put_the_same_values_in_and_every_word_of_health_is_there() -> None:
    for indonesian, english in _TEXTS.values():
        assert sorted(re.findall(r"{\w+}", indonesian)) == sorted(re.findall(r"{\w+}", english))
    assert {word.value for word in Word} <= set(_TEXTS)


def test_why_a_portal_is_not_well_is_said_in_the_language() -> None:
    verdict = Verdict("x", Word.QUIET, None, (Reason(Says.FEWER, {"came": 3, "days": 7, "usual": 70.0}),))
    assert Spoken("id").why(verdict) == "3 artikel dalam 7 hari berita; biasanya 70"
    assert Spoken("en").why(verdict) == verdict.why


def test_stories_are_told_in_indonesian_with_the_same_figures(tmp_path: Path) -> None:
    archive = tmp_path / "kwri.sqlite"
    press = Press(new_archive(archive), {})
    first = press.brings("a.example/1", FLOOD, 1, title="Banjir")
    press.brings("b.example/1", FLOOD[:-1], 2.5, title="Banjir Rendam Desa")
    press.db.close()
    shown = run_here("stories", str(first), "--lang=id", ARCHIVE_PATH=str(archive))
    assert f"cerita {first}: 2 artikel di 2 portal dalam 1,5 jam" in shown.out
    assert "judul diubah: Banjir Rendam Desa" in shown.out
    listed = run_here("stories", "--lang=id", ARCHIVE_PATH=str(archive))
    assert listed.out.startswith("terbesar\n  cerita  artikel  portal")
    assert "largest" in run_here("stories", ARCHIVE_PATH=str(archive)).out
