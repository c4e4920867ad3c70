"""Damage found without reading the whole file: rows from all over each table, and what its indexes say of them.

SQLite itself refuses a file that is cut off. Damage between the samples a full check finds, or whoever reads it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

ROWS = 1_000  # of a table; damage in a hundredth of its pages is missed once in 23,000 times


class _Table(NamedTuple):
    name: str
    key: str  # what its rows are ordered by: rowid, or the first column of a primary key
    columns: tuple[str, ...]


def touch(conn: sqlite3.Connection) -> None:
    """Read the first and the last row of every table, in a millisecond; raises sqlite3.DatabaseError for damage."""
    for table in _tables(conn):
        for order in ("", f" ORDER BY {table.key} DESC"):
            conn.execute(f'SELECT * FROM "{table.name}"{order} LIMIT 1').fetchall()  # noqa: S608 - of our schema


def sample(conn: sqlite3.Connection, rows: int = ROWS) -> tuple[str | None, int]:
    """Read up to `rows` rows of each table and look each up by its indexes; return what is wrong, and how many it were.

    Raises sqlite3.DatabaseError for a page that is none.
    """
    read = 0
    for table in _tables(conn):
        indexes = tuple(_indexes(conn, table.name)) if table.key == "rowid" else ()  # without one they are its order
        for row in _spread(conn, table, rows):
            read += 1
            key, values = row[0], dict(zip(table.columns, row[1:], strict=True))
            for index, columns in indexes:
                where = " AND ".join(f'"{column}" IS ?' for column in columns)
                found = conn.execute(
                    f'SELECT 1 FROM "{table.name}" INDEXED BY "{index}" WHERE {where} AND {table.key} = ?',  # noqa: S608
                    (*(values[column] for column in columns), key),
                ).fetchone()
                if found is None:
                    return f"row {key} of {table.name} is not in its index {index}", read
    return None, read


def _tables(conn: sqlite3.Connection) -> Iterator[_Table]:
    for _, name, kind, _, has_no_rowid, _ in conn.execute("PRAGMA main.table_list").fetchall():
        if kind != "table" or name.startswith("sqlite_"):
            continue
        described = conn.execute("SELECT name, pk FROM pragma_table_xinfo(?)", (name,)).fetchall()
        columns = tuple(column for column, _ in described)
        key = next(column for column, place in described if place == 1) if has_no_rowid else "rowid"
        yield _Table(name, key, columns)


def _indexes(conn: sqlite3.Connection, table: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield name and columns of the indexes that hold all rows of a table."""
    for index, is_partial in conn.execute("SELECT name, partial FROM pragma_index_list(?)", (table,)).fetchall():
        columns = conn.execute("SELECT name, cid FROM pragma_index_xinfo(?) WHERE key", (index,)).fetchall()
        if not is_partial and all(number >= 0 for _, number in columns):  # not of an expression
            yield index, tuple(name for name, _ in columns)


def _spread(conn: sqlite3.Connection, table: _Table, rows: int) -> Iterator[tuple[object, ...]]:
    """Yield rows from all over a table, each with its key in front."""
    first, last = (
        conn.execute(f'SELECT {of}({table.key}) FROM "{table.name}"').fetchone()[0]  # noqa: S608 - of our schema
        for of in ("min", "max")
    )
    columns = ", ".join(f'"{column}"' for column in table.columns)  # * leaves generated ones out
    take = f'SELECT {table.key}, {columns} FROM "{table.name}"'  # noqa: S608 - of our schema
    if not isinstance(first, int) or not isinstance(last, int):
        yield from conn.execute(f"{take} ORDER BY {table.key} LIMIT ?", (rows,)).fetchall()
        return
    for key in sorted({first + (last - first) * step // rows for step in range(rows + 1)}):
        row = conn.execute(f"{take} WHERE {table.key} >= ? ORDER BY {table.key} LIMIT 1", (key,)).fetchone()
        if row is not None:
            yield row
