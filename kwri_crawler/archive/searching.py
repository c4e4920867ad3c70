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
from itertools import pairwise

from sqlite_utils import Database

_UNSEEN = re.compile("[\x00\u00ad\u200b-\u200f\u2060\ufeff]")  # texts are archived without
_PIECE = re.compile(r'"(?:[^"]|"")*"\*?|[()]|[^\s()"]+')
# A colon only behind a column: 17:30 and https: are words.
_ADVANCED = re.compile(
    r'\bNEAR\s*\(|(?:\b(?i:title|body)|"(?i:title|body)"|\})\s*:|(?:^|[\s(])\^|(?:^|[\s"])\+(?:[\s"]|$)'
)
_OPERATORS = frozenset(("AND", "OR", "NOT"))
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = "'’‘`´′ʼʻ＇"
_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]+")
_PART = re.compile(rf"(?:[^\W_]|[{_APOSTROPHES}])+")
_A_LETTER = "ʼ"  # the one of them that the index takes for a letter of the word
_JOINED = re.compile(r"([a-z]{2,}[bcdfghjklmnpqrstvwxyz])([aeiou][a-z])", re.IGNORECASE)
_NUMBERED = re.compile(r"([^\W\d_]{2,})[-‐‑–]?(\d+)")
_PRICE = re.compile(r"(?:rp\.?)?([1-9]\d{0,2}(?:[.,]\d{3})+|[1-9]\d{3,11})(?:[.,](?:00|-))?[.,;:]?", re.IGNORECASE)
_RUPIAH = re.compile(r"rp\.?", re.IGNORECASE)
_SHOWN = 80  # characters of a search in a message


class SearchError(ValueError):
    """The full-text index does not understand a search; the message says what would do."""

    def __init__(self, words: str, why: str) -> None:
        shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
        super().__init__(
            f"{shown!r}: not a search that the index understands ({why}); "
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
    """Return a search as the index wants it; the same for one that is written in the index's own language.

    Raises SearchError for what is no text.
    """
    words = _text(words)
    pieces = _PIECE.findall(words)
    if words.count('"') % 2 or _ADVANCED.search(words) or not pieces:
        return words
    return " ".join(_runs(pieces))


def phrase(words: str) -> str:
    """Return the search for words in a row, whatever they are; raises SearchError for what is no text."""
    return _any_of(_in_a_row(_text(words.replace('"', " "))))


def all_words(words: str) -> str:
    """Return the search for all of these words, in quotes for words in a row; no sign and no word is an operator.

    It is understood whatever it is, and finds nothing where there is no word. Raises SearchError for what is no text.
    """
    quoted = _text(words).split('"')
    pieces = (piece for place, text in enumerate(quoted) for piece in ([text] if place % 2 else _pieces(text.split())))
    return _all_of([_in_a_row(piece) for piece in pieces])


def _text(words: str) -> str:
    """Return words without what nobody sees: a copied soft hyphen parts them for the index, a null ends them."""
    try:
        words.encode()
    except UnicodeEncodeError:
        raise SearchError(words, "it is not UTF-8") from None
    return _UNSEEN.sub("", words)


def _runs(pieces: list[str]) -> Iterator[str]:
    """Yield operators, brackets, and what stands between them: words of which all must be there."""
    run: list[str] = []
    for piece in [*pieces, ""]:
        if piece and piece not in _OPERATORS and piece not in "()":
            run.append(piece)
            continue
        if run:
            yield _all_of([_forms(word) for word in _pieces(run)])
            run = []
        if piece:
            yield piece


def _pieces(words: list[str]) -> Iterator[str]:
    """Yield words without the Rp that stands before a price: it is in one word with it, or is not there."""
    for word, after in pairwise([*words, ""]):
        if not (_RUPIAH.fullmatch(word) and _PRICE.fullmatch(after)):
            yield word


def _all_of(words: list[list[str]]) -> str:
    """Return the search for one form of each word; a sign alone is no word, beside AND it would find nothing."""
    asked = [_any_of(forms) for forms in words if any(map(_has_word, forms))] or ['""']
    return asked[0] if len(asked) == 1 else f"({' AND '.join(asked)})"


def _any_of(forms: list[str]) -> str:
    return forms[0] if len(forms) == 1 else f"({' OR '.join(forms)})"


def _has_word(text: str) -> bool:
    return any(map(str.isalnum, text))


def _forms(piece: str) -> list[str]:
    """Return the ways in which a piece of a search may stand in the index, its own first."""
    if piece.endswith("*"):
        return [piece if piece[:-1].isalnum() or piece.startswith('"') else f'"{piece[:-1]}"*']
    if piece.startswith('"'):
        return _in_a_row(piece.strip('"')) if '""' not in piece else [piece]
    forms = _in_a_row(piece)
    return [piece] if len(forms) == 1 and piece.isalnum() else forms


def _in_a_row(text: str) -> list[str]:
    """Return the phrases of the index for words in a row: as they are, and with one of them written otherwise."""
    words = [_spellings(word) for word in text.split()] or [[""]]
    own = [spelled[0] for spelled in words]
    others = ([*own[:place], other, *own[place + 1 :]] for place, spelled in enumerate(words) for other in spelled[1:])
    return [f'"{" ".join(phrase)}"' for phrase in (own, *others)]


def _spellings(word: str) -> list[str]:
    """Return the ways in which a word is written, its own first; blanks part what the index holds as several words."""
    if (price := _PRICE.fullmatch(word)) is not None:
        digits = re.sub(r"\D", "", price[1])
        grouped = f"{int(digits):,}".replace(",", " ")
        return [digits, grouped, f"rp{grouped}", f"rp{digits}"]
    if (numbered := _NUMBERED.fullmatch(word)) is not None:
        return [f"{numbered[1]} {numbered[2]}", f"{numbered[1]}{numbered[2]}"]
    parts = _PART.findall(word)
    begin = "".join(f"{_APOSTROPHE.sub(' ', part)} " for part in parts[:-1])
    spelled = [word, *(begin + form for part in parts[-1:] for form in _last_part(part))]
    if _APOSTROPHE.search(word):
        spelled.append("".join(_APOSTROPHE.sub("", part) for part in parts))
    return list({" ".join(_WORD.findall(one)): one for one in reversed(spelled)}.values())[::-1]


def _last_part(part: str) -> list[str]:
    """Return the last part of a word without its apostrophe, parted by it, and with the one that is a letter."""
    pieces = [piece for piece in _APOSTROPHE.split(part) if piece]
    if len(pieces) == 1 and (joined := _JOINED.fullmatch(pieces[0])) is not None:
        pieces = [joined[1], joined[2]]
    return ["".join(pieces), " ".join(pieces), _A_LETTER.join(pieces)]
