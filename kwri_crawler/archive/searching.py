"""What a person writes to search for, as SQLite's full-text index wants it; only words are changed.

The index cuts words at every sign: it holds "anak-anak" as two words, "Jum'at" as jum and at, "Rp5.000" as rp5 and
000. A word with a sign is looked for as those in a row; one with an apostrophe also without it, and one that may have
lost its own also with it (before its last two letters, between a consonant and a vowel: "jumat"); a long number also
with dots. An index that did this itself would have to be made anew in every archive, and each program that reads it
would need our code. What uses NEAR, columns or other marks of FTS5 stays as it is.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlite_utils import Database

_PIECE = re.compile(r'"(?:[^"]|"")*"\*?|[()]|[^\s()"]+')
_ADVANCED = re.compile(r'\bNEAR\s*\(|[:{}^]|(?:^|[\s"])\+(?:[\s"]|$)')
_OPERATORS = frozenset(("AND", "OR", "NOT"))
_JOINED = re.compile(r"([a-z]{2,}[bcdfghjklmnpqrstvwxyz])([aeiou][a-z])", re.IGNORECASE)
_PRICE = re.compile(r"(?:rp\.?)?([1-9]\d{0,2}(?:[.,]\d{3})+|[1-9]\d{3,11})", re.IGNORECASE)


class SearchError(ValueError):
    """The full-text index does not understand a search; the message says what would do."""

    def __init__(self, words: str, why: str) -> None:
        super().__init__(
            f"{words}: not a search that the index understands ({why}); "
            "write words, or words in a row in quotes: '\"polda jatim\"', 'pilkada AND surabaya', 'pilkada*'"
        )
        self.why = why  # what SQLite says


@contextmanager
def searching(db: Database, words: str | None) -> Iterator[None]:
    """Raise SearchError where the archive's index does not understand these words, None for no search.

    A file that fails, or has no index, raises what SQLite raised.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        # FTS5 says this of every search that it does not take; a file that is locked or fails has codes of its own
        if words is None or error.sqlite_errorcode != sqlite3.SQLITE_ERROR or not _has_index(db):
            raise
        raise SearchError(words, str(error)) from error


def _has_index(db: Database) -> bool:
    try:
        db.conn.execute("SELECT 1 FROM articles_fts LIMIT 0")
    except sqlite3.Error:
        return False
    return True


def expression(words: str) -> str:
    """Return a search as the index wants it; the same for one that is written in the index's own language."""
    pieces = _PIECE.findall(words)
    if words.count('"') % 2 or _ADVANCED.search(words) or not pieces:
        return words
    return " ".join(_runs(pieces))


def _runs(pieces: list[str]) -> Iterator[str]:
    """Yield operators, brackets, and what stands between them: words of which all must be there."""
    run: list[str] = []
    for piece in [*pieces, ""]:
        if piece and piece not in _OPERATORS and piece not in "()":
            run.append(piece)
            continue
        if run:
            forms = [_forms(word) for word in run]
            joined = " AND ".join(f"({' OR '.join(form)})" if len(form) > 1 else form[0] for form in forms)
            yield joined if len(forms) == 1 else f"({joined})"
            run = []
        if piece:
            yield piece


def _forms(word: str) -> list[str]:
    """Return the ways in which a word may stand in the index, its own first."""
    if word.startswith('"'):
        return [word]
    if word.endswith("*"):
        return [word if word[:-1].isalnum() else f'"{word[:-1]}"*']
    price = _PRICE.fullmatch(word)
    if price is not None:
        digits = re.sub(r"\D", "", price[1])
        grouped = f"{int(digits):,}".replace(",", " ")
        forms = [f'"{digits}"', f'"{grouped}"', f'"rp{grouped}"', f'"rp{digits}"']
    elif word.isalnum():
        forms = [word]
        if (joined := _JOINED.fullmatch(word)) is not None:
            forms.append(f'"{joined[1]} {joined[2]}"')
    else:
        bare = re.sub(r"[\W_]", "", word)
        forms = [f'"{word}"', f'"{bare}"'] if "'" in word or "’" in word or "ʼ" in word else [f'"{word}"']
    return list(dict.fromkeys(forms))
