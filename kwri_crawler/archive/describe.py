"""What the archive's tables, views and columns mean, read from the comments in the file's own schema; only reads.

The comments are the one place where that is written; a column without one has no entry. And by what each can be put in
order: a large one only as its indexes have it.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass, replace

from sqlite_utils import Database

_TOKENS = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"[^\"]*\"|[(),\n]|[^\s(),'\"/-]+|\S", re.DOTALL)
_VIEW_COLUMN = re.compile(r"(\w+),?[ \t]*--[ \t]*([^\n]+)")


# What SQLite puts in order by any column in a tenth of a second
_LARGE = 20_000  # rows
_DEAR = 1_000_000  # steps of SQLite's machine, which some views take for few rows


@dataclass(frozen=True, slots=True)
class Described:
    """A table or a view."""

    name: str
    meaning: str  # empty if its schema says nothing
    columns: dict[str, str]  # those that have a comment
    sortable: tuple[str, ...] | None = None  # columns by which its first rows are found at once; null: it is small


def describe(db: Database) -> list[Described]:
    """Return every table and view of ours that has a comment, in the order in which they were made."""
    rows = db.conn.execute("SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'view') AND sql <> ''")
    found = []
    for kind, name, sql in rows.fetchall():
        told = _of_table(name, sql) if kind == "table" else _of_view(db, name, sql)
        if told.meaning:
            found.append(replace(told, sortable=_sortable(db, name)))
    return found


def _sortable(db: Database, name: str) -> tuple[str, ...] | None:
    """Return what the indexes of a table begin with, nothing of a view; None where all of it is read at once."""
    if _is_small(db, name):
        return None
    first = db.conn.execute(
        """
        SELECT name FROM pragma_table_info(:table) WHERE pk = 1
        UNION
        SELECT columns.name
        FROM pragma_index_list(:table) AS indexes, pragma_index_info(indexes.name) AS columns
        WHERE NOT indexes.partial AND columns.seqno = 0 AND columns.name IS NOT NULL
        """,
        {"table": name},
    )
    return tuple(column for (column,) in first.fetchall())


def _is_small(db: Database, name: str) -> bool:
    db.conn.set_progress_handler(lambda: 1, _DEAR)
    try:
        return sum(1 for _ in db.conn.execute(f'SELECT * FROM "{name}" LIMIT {_LARGE + 1}')) <= _LARGE  # noqa: S608
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        return False
    finally:
        db.conn.set_progress_handler(None, _DEAR)


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
