"""What the archive's tables, views and columns mean, read from the comments in the file's own schema; only reads.

The comments are the one place where that is written; a column without one has no entry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlite_utils import Database

_TOKENS = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"[^\"]*\"|[(),\n]|[^\s(),'\"/-]+|\S", re.DOTALL)
_VIEW_COLUMN = re.compile(r"(\w+),?[ \t]*--[ \t]*([^\n]+)")


@dataclass(frozen=True, slots=True)
class Described:
    """A table or a view."""

    name: str
    meaning: str  # empty if its schema says nothing
    columns: dict[str, str]  # those that have a comment


def describe(db: Database) -> list[Described]:
    """Return every table and view of ours that has a comment, in the order in which they were made."""
    rows = db.conn.execute("SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'view') AND sql <> ''")
    found = []
    for kind, name, sql in rows.fetchall():
        told = _of_table(name, sql) if kind == "table" else _of_view(db, name, sql)
        if told.meaning:
            found.append(told)
    return found


def _of_table(name: str, sql: str) -> Described:
    """Read a CREATE TABLE: a comment belongs to the column in whose definition, or behind it on whose line, it stands.

    SQLite puts an added column before the table's last constraint, which may part the column above from its comment:
    hence the first column of the line that has none yet.
    """
    meaning: list[str] = []
    columns: dict[str, list[str]] = {}
    line: list[str] = []  # the columns that begin on this line
    depth, column = 0, None
    for piece in _TOKENS.findall(sql):
        if piece.startswith(("--", "/*")):
            bare = [one for one in line if one not in columns] if piece.startswith("--") else []
            owner = next(iter(bare), column)
            if owner is not None:
                columns.setdefault(owner, []).append(_words(piece))
            elif depth and not columns:
                meaning.append(_words(piece))
        elif piece in "()":
            depth += 1 if piece == "(" else -1
        elif piece == "," and depth == 1:
            column = None
        elif piece == "\n":
            line = []
        elif depth == 1 and column is None:
            column = piece.strip('"')
            line.append(column)
    return Described(name, " ".join(meaning), {key: " ".join(words) for key, words in columns.items()})


def _words(comment: str) -> str:
    return comment.removeprefix("--").removeprefix("/*").removesuffix("*/").strip()


def _of_view(db: Database, name: str, sql: str) -> Described:
    head, _, rest = sql.partition("SELECT")
    known = {row[1] for row in db.conn.execute("SELECT * FROM pragma_table_info(?)", (name,))}
    columns: dict[str, str] = {}
    for column, comment in _VIEW_COLUMN.findall(rest):
        if column in known:
            columns.setdefault(column, comment.strip())
    return Described(name, " ".join(re.findall(r"--[ \t]*([^\n]+)", head)), columns)
