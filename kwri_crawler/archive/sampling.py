"""Damage found without reading the whole file: rows from all over each table, and what its indexes say of them.

SQLite itself refuses a file that is cut off. Damage between the samples a full check finds, or whoever reads it.
"""

from __future__ import annotations

import math
import sqlite3
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

# Of a table. Damage in a hundredth of its pages is missed once in 23,000 times, where rows lie evenly between the
# smallest and the largest value of each column of the key.
ROWS = 1_000

_LETTERS = 6  # by which a text is chosen, behind what all of them begin with
_NO_LETTER = "\x1f"  # sorted before those of addresses and names
_SURROGATES = range(0xD800, 0xE000)  # in no text


class _Table(NamedTuple):
    name: str
    key: tuple[str, ...]  # what its rows are ordered by, as SQL: rowid, or the columns of the primary key
    columns: tuple[str, ...]
    alone: (
        str  # the table as SQL, not to be read from an index that has all columns: NOT INDEXED may be, by SQLite 3.40
    )


def touch(conn: sqlite3.Connection) -> None:
    """Read the first and the last row of every table, in a millisecond; raises sqlite3.DatabaseError for damage."""
    for table in _tables(conn):
        for order in ("ASC", "DESC"):
            by = ", ".join(f"{column} {order}" for column in table.key)
            conn.execute(f'SELECT * FROM "{table.name}" ORDER BY {by} LIMIT 1').fetchall()  # noqa: S608 - of our schema


def sample(conn: sqlite3.Connection, rows: int = ROWS) -> tuple[str | None, int]:
    """Read up to `rows` rows of each table and look each up by its indexes; return what is wrong, and how many it were.

    Raises sqlite3.DatabaseError for a page that is none.
    """
    read = 0
    for table in _tables(conn):
        indexes = tuple(_indexes(conn, table))
        is_key = " AND ".join(f"{column} = ?" for column in table.key)
        for key, row in _spread(conn, table, rows):
            read += 1
            values = dict(zip(table.columns, row, strict=True))
            for index, columns in indexes:
                where = " AND ".join(f'"{column}" IS ?' for column in columns)
                found = conn.execute(
                    f'SELECT 1 FROM "{table.name}" INDEXED BY "{index}" WHERE {where} AND {is_key}',  # noqa: S608
                    (*(values[column] for column in columns), *key),
                ).fetchone()
                if found is None:
                    named = ", ".join(map(str, key))
                    return f"row {named} of {table.name} is not in its index {index}", read
    return None, read


def _tables(conn: sqlite3.Connection) -> Iterator[_Table]:
    for _, name, kind, _, has_no_rowid, _ in conn.execute("PRAGMA main.table_list").fetchall():
        if kind != "table" or name.startswith("sqlite_"):
            continue
        described = conn.execute("SELECT name, pk FROM pragma_table_xinfo(?)", (name,)).fetchall()
        columns = tuple(column for column, _ in described)
        primary = sorted((place, f'"{column}"') for column, place in described if place)
        key: tuple[str, ...] = ("rowid",)
        alone = f'"{name}" NOT INDEXED'
        if has_no_rowid:
            indexes = conn.execute("SELECT name FROM pragma_index_list(?) WHERE origin = 'pk'", (name,)).fetchall()
            key = tuple(column for _, column in primary)
            alone = f'"{name}" INDEXED BY "{indexes[0][0]}"'
        yield _Table(name, key, columns, alone)


def _indexes(conn: sqlite3.Connection, table: _Table) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield name and columns of the indexes that hold all rows of a table beside the table itself."""
    indexes = conn.execute("SELECT name, partial, origin FROM pragma_index_list(?)", (table.name,)).fetchall()
    for index, is_partial, origin in indexes:
        columns = conn.execute("SELECT name, cid FROM pragma_index_xinfo(?) WHERE key", (index,)).fetchall()
        is_table = origin == "pk" and table.key != ("rowid",)
        if not is_partial and not is_table and all(number >= 0 for _, number in columns):  # not of an expression
            yield index, tuple(name for name, _ in columns)


def _spread(conn: sqlite3.Connection, table: _Table, rows: int) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """Yield the keys of rows from all over a table, and the rows, by look-ups alone; all of a small table."""
    columns = ", ".join(f'"{column}"' for column in table.columns)  # * leaves generated ones out
    is_key = " AND ".join(f"{column} = ?" for column in table.key)
    for key in dict.fromkeys(_keys(conn, table, rows)):
        row = conn.execute(
            f"SELECT {columns} FROM {table.alone} WHERE {is_key}",  # noqa: S608 - of our schema
            key,
        ).fetchone()
        if row is not None:  # else it was deleted meanwhile
            yield key, row


def _keys(conn: sqlite3.Connection, table: _Table, rows: int) -> list[tuple[Any, ...]]:
    key = ", ".join(table.key)
    first = conn.execute(
        f"SELECT {key} FROM {table.alone} ORDER BY {key} LIMIT ?",  # noqa: S608 - of our schema
        (rows + 1,),
    ).fetchall()
    if len(first) <= rows:
        return first
    whole = _ends(conn, table, ())
    found = (_key_at(conn, table, whole, _shares(step, rows)) for step in range(rows + 1))
    return [key for key in found if key is not None]


def _shares(step: int, steps: int) -> Iterator[float]:
    """Yield where to look, from 0 to 1: all the way in even steps, then by numbers that repeat no pattern of those."""
    yield step / steps
    number = 1
    while True:
        number += 1
        if math.isqrt(number) ** 2 != number:
            yield step * math.sqrt(number) % 1


def _key_at(
    conn: sqlite3.Connection, table: _Table, whole: tuple[Any, Any], shares: Iterator[float]
) -> tuple[Any, ...] | None:
    """Return the key nearest to a place in its table, column by column; None if its rows went meanwhile.

    `whole` are the first and the last value of the first column.
    """
    key: tuple[Any, ...] = ()
    for column in table.key:
        first, last = whole if not key else _ends(conn, table, key)
        for _ in range(_LETTERS if isinstance(first, str) else 1):
            if first == last:
                break
            at = _between(first, last, next(shares))
            first = _end(conn, table, key, "ASC", f"{column} >= ?", at)
            if isinstance(first, str):  # on among those that begin as it does
                behind = first[: len(at)] + chr(sys.maxunicode)
                last = _end(conn, table, key, "DESC", f"{column} >= ? AND {column} < ?", first, behind)
        if first is None:
            return None
        key += (first,)
    return key


def _ends(conn: sqlite3.Connection, table: _Table, key: tuple[Any, ...]) -> tuple[Any, Any]:
    return _end(conn, table, key, "ASC"), _end(conn, table, key, "DESC")


def _end(
    conn: sqlite3.Connection, table: _Table, key: tuple[Any, ...], order: str, where: str = "1", *given: Any
) -> Any:
    """Return the first or last value of the column behind some of a key's; None where there is no such row."""
    column, same = table.key[len(key)], "".join(f"{one} = ? AND " for one in table.key[: len(key)])
    row = conn.execute(
        f"SELECT {column} FROM {table.alone}"  # noqa: S608 - of our schema
        f" WHERE {same}{where} ORDER BY {column} {order} LIMIT 1",
        (*key, *given),
    ).fetchone()
    return None if row is None else row[0]


def _between(first: Any, last: Any, share: float) -> Any:
    """Return what lies so far between two values; of texts it is their beginning, to the first letter that differs."""
    if not isinstance(first, str):
        return min(last, first + int((last - first + 1) * share))
    same = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))
    low, high = ord(first[same] if same < len(first) else _NO_LETTER), ord(last[same])
    code = low + round((high - low) * share)
    return first[:same] + chr(_SURROGATES.stop if code in _SURROGATES else code)
