"""Months in the languages that our own patterns do not know; dateparser names them, and reads nothing else here."""

from __future__ import annotations

from functools import lru_cache

LANGUAGES = ["cs", "da", "de", "es", "fi", "fr", "hu", "it", "nl", "pl", "pt", "ro", "sv", "tr"]
SHORTEST = 4  # letters: "12 set 2023" and "12 out 2023" are as often English
SHORT = {"mai": 5, "maj": 5}  # German, French, Portuguese; Polish, Swedish


@lru_cache(maxsize=256)  # dateparser takes 10 ms a word
def month_abroad(word: str) -> int | None:
    """Return 1-12 for a month's name in one of LANGUAGES, in lower case; None for any other word."""
    if len(word) < SHORTEST:
        return SHORT.get(word)
    import dateparser  # type: ignore[import-untyped]  # here: 0.1 s and 20 MB that most crawls never need

    found = dateparser.parse(
        f"1 {word} 2023",
        languages=LANGUAGES,
        settings={"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"], "DATE_ORDER": "DMY"},
    )
    return found.month if found and (found.day, found.year) == (1, 2023) else None
