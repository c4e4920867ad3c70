"""Numbers, days and spans as Indonesian and English write them, by Babel."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

from kwri_crawler.languages import Texts


@dataclass(frozen=True)
class Language(Texts):
    """One language's forms, and the words of whoever derives from it."""

    @property
    def _locale(self) -> Locale:
        return _locale(self.lang)

    def number(self, value: float, digits: int = 0) -> str:
        """Write 1234.5 as 1.234,5 or 1,234.5."""
        return _number(self.lang, value, digits)

    def count(self, number: int, key: str) -> str:
        """Write a number of what a key names in the plural: 8 portal; 8 portals, 1 portal."""
        word = self(key).lower()
        return f"{self.number(number)} {_singular(word) if self.lang == 'en' and number == 1 else word}"

    def percent(self, share: float) -> str:
        """Write 0.256 as 26%."""
        return format_percent(share, format="#,##0%", locale=self._locale)

    def share(self, part: int, whole: int) -> str:
        """Write a part as a percentage of the whole; a dash where there is no whole."""
        return self.percent(part / whole) if whole else "–"

    def day(self, day: str, form: str = "d MMMM y") -> str:
        """Write an ISO day: 27 Juni 2024."""
        return _day(self.lang, day[:10], form)

    def clock(self, at: datetime) -> str:
        """Write a moment's day and minute on its own clock, without the clock's name: 27 Juni 2024, 14.10."""
        form = "d MMMM y, HH.mm" if self.lang == "id" else "d MMMM y, HH:mm"
        return format_datetime(at.replace(tzinfo=None), format=form, locale=self._locale)

    def moment(self, at: datetime) -> str:
        """Write an aware moment, in UTC."""
        return f"{self.clock(at.astimezone(UTC))} UTC"

    def span(self, hours: float | None) -> str:
        """Write a span: 24 menit, 2,5 jam; a dash for null."""
        if hours is None:
            return "–"
        if hours < 1:
            return f"{self.number(hours * 60)} {'menit' if self.lang == 'id' else 'min'}"
        return f"{self.number(hours, 1)} {'jam' if self.lang == 'id' else 'h'}"


def _singular(plural: str) -> str:
    """Return one of what an English plural names: portal, story, address."""
    return re.sub(r"(?<=ss)es$|s$", "", re.sub(r"ies$", "y", plural))


# A page of two hundred lines writes a thousand numbers and days, most of them again and again.
@lru_cache
def _locale(lang: str) -> Locale:
    return Locale.parse("id_ID" if lang == "id" else "en_GB")


@lru_cache(4096)
def _number(lang: str, value: float, digits: int) -> str:
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, format=pattern, locale=_locale(lang))


@lru_cache(4096)
def _day(lang: str, day: str, form: str) -> str:
    return format_date(date.fromisoformat(day), format=form, locale=_locale(lang))
