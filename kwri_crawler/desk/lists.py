"""Read releases from a CSV with columns name, unit, title, text, released_at; one wrong row refuses the whole file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from kwri_crawler.dates import Refused
from kwri_crawler.desk.bounds import read_bytes
from kwri_crawler.desk.moments import At, read_moment

NEEDED = ("name", "title", "text", "released_at")
COLUMNS = (*NEEDED, "unit")
_LONGEST_CELL = 1_000_000


class ListFault(StrEnum):
    """Why a list is not taken."""

    NOT_UTF8 = "not UTF-8"
    NO_CSV = "no CSV"
    NO_COLUMN = "no column"
    EMPTY_CELL = "empty cell"
    TWICE = "twice"
    NO_MOMENT = "no moment"


class ListError(ValueError):
    """A list that is not taken."""

    def __init__(self, fault: ListFault, **where: str) -> None:
        super().__init__(fault, where)
        self.fault = fault
        self.where = where  # the line, the column, the value, as far as they are known


class ListRow(NamedTuple):
    """A release in a list."""

    name: str
    unit: str | None
    title: str
    paragraphs: tuple[str, ...]
    at: At


def read_list(path: Path, zone: str) -> list[ListRow]:
    """Return all rows of a CSV, parted by commas or semicolons; raises ListError, Unread and OSError."""
    data = read_bytes(path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ListError(ListFault.NOT_UTF8, line=str(data[: error.start].count(b"\n") + 1)) from error
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        return list(_rows(text, zone))
    except csv.Error as error:
        raise ListError(ListFault.NO_CSV) from error
    finally:
        csv.field_size_limit(before)


def _rows(text: str, zone: str) -> Iterator[ListRow]:
    head = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",")
    missing = [name for name in NEEDED if name not in (rows.fieldnames or ())]
    if missing:
        raise ListError(ListFault.NO_COLUMN, column=missing[0], columns=", ".join(COLUMNS))
    names: set[str] = set()
    for row in rows:
        cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
        line = str(rows.line_num)
        for name in NEEDED:
            if not cells[name]:
                raise ListError(ListFault.EMPTY_CELL, line=line, column=name)
        if cells["name"] in names:
            raise ListError(ListFault.TWICE, line=line, value=cells["name"])
        names.add(cells["name"])
        at = read_moment(cells["released_at"], zone)
        if isinstance(at, Refused):
            raise ListError(ListFault.NO_MOMENT, line=line, value=cells["released_at"])
        paragraphs = tuple(" ".join(line.split()) for line in cells["text"].splitlines() if line.strip())
        yield ListRow(cells["name"], cells["unit"] or None, " ".join(cells["title"].split()), paragraphs, at)
