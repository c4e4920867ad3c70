"""The two languages that people are spoken to in, and tables of words in both; knows no word itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, TypeVar

LANGUAGES = ("id", "en")
Both = tuple[str, str]  # the same words in each of LANGUAGES
_Of = TypeVar("_Of")


def pick(lang: str, both: tuple[_Of, _Of]) -> _Of:
    """Return what stands for one language."""
    return both[LANGUAGES.index(lang)]


@dataclass(frozen=True)
class Texts:
    """The words of whoever derives from it, in one language."""

    lang: str
    texts: ClassVar[Mapping[str, Both]] = {}

    def __call__(self, key: str, **values: object) -> str:
        """Return the words of a key, with its values put in."""
        text = pick(self.lang, self.texts[key])
        return text.format(**values) if values else text
