"""The known word that a mistyped one is nearest to, for "did you mean"."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word most like `word`; None when none is like it."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1)), None)


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return the question for the known word most like `word`; `otherwise` when none is like it."""
    near = nearest(word, known)
    return f"did you mean {near}?" if near else otherwise
