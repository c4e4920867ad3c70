"""Numbers, days and spans as Indonesian and English write them."""

from __future__ import annotations

from datetime import datetime

import pytest

from kwri_crawler.forms import Language
from kwri_crawler.languages import pick

AT = datetime.fromisoformat("2024-06-27T00:05:30+07:00")


@pytest.mark.parametrize(
    ("lang", "written"),
    [
        ("id", ["1.234,5", "27 Juni 2024", "27 Juni 2024, 00.05", "26 Juni 2024, 17.05 UTC", "24 menit", "2,5 jam"]),
        ("en", ["1,234.5", "27 June 2024", "27 June 2024, 00:05", "26 June 2024, 17:05 UTC", "24 min", "2.5 h"]),
    ],
)
def test_each_language_has_its_own_forms(lang: str, written: list[str]) -> None:
    language = Language(lang)
    forms = [language.number(1234.5, 1), language.day("2024-06-27"), language.clock(AT), language.moment(AT)]
    assert [*forms, language.span(0.4), language.span(2.5)] == written
    assert (language.span(None), language.share(1, 0), language.share(1, 4)) == ("–", "–", "25%")


def test_words_are_picked_by_language_and_no_other_is_spoken() -> None:
    assert [pick(lang, ("meja", "desk")) for lang in ("id", "en")] == ["meja", "desk"]
    with pytest.raises(ValueError, match="not in tuple"):
        pick("fr", ("meja", "desk"))
