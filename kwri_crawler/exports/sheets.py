"""Write rows as XLSX: moments as dates, numbers as numbers, and text always as text, even if it begins with =.

Needs xlsxwriter, which is not installed with us; a row is in a temporary file as soon as the next one begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, BinaryIO

from kwri_crawler.archive.extracts import Extract
from kwri_crawler.exports.tables import PARTED
from kwri_crawler.missing import LibraryMissing

MOST_CELL = 32_767  # UTF-16 units of a cell; of more Excel repairs the file, and drops the text
MOST_ROWS = 1_048_575  # below the head
_NAME = 31  # characters of a sheet's name
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NOT_IN_A_CELL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_FIRST_DAY, _LAST_DAY = date(1900, 3, 1), date(9999, 12, 31)  # Excel has a 29 February 1900, and counts wrongly before
_MOST_EXACT = 10**15  # Excel keeps fifteen digits
_WIDE, _USUAL, _NARROW = 60, 20, 12  # characters
_WIDTHS = {"title": _WIDE, "url": _WIDE, "body": _WIDE, "lead": _WIDE, "id": _NARROW, "story": _NARROW}


def check_sheets() -> Any:
    """Return xlsxwriter; raises LibraryMissing."""
    try:
        import xlsxwriter
    except ImportError as error:
        raise LibraryMissing("XLSX needs xlsxwriter; run: pip install 'kwri-crawler[xlsx]'") from error
    return xlsxwriter


class Book:
    """A workbook that is being written; sheets come in the order in which they were first written to."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._head = book.add_format({"bold": True, "valign": "top"})
        self._text = book.add_format({"valign": "top"})
        self._moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "valign": "top", "align": "left"})
        self._day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"})
        self._sheets: dict[str, _Sheet] = {}
        self._taken: set[str] = set()

    def add(self, name: str, heads: Sequence[str], row: Sequence[object], widths: Mapping[str, int] = _WIDTHS) -> None:
        """Write a row on a sheet, which begins with its heads; where it is full, the next one goes on."""
        self._sheet(name, heads, widths).write(row)

    def begin(self, name: str, heads: Sequence[str], widths: Mapping[str, int] = _WIDTHS) -> None:
        """Begin a sheet that may stay without rows."""
        self._sheet(name, heads, widths)

    def _sheet(self, name: str, heads: Sequence[str], widths: Mapping[str, int]) -> _Sheet:
        sheet = self._sheets.get(name)
        if sheet is None or sheet.rows >= MOST_ROWS:
            if sheet is not None:
                sheet.close()
            made = self._book.add_worksheet(self._free(name))
            for place, head in enumerate(heads):
                made.set_column(place, place, widths.get(head, _USUAL))
                made.write_string(0, place, head, self._head)
            made.freeze_panes(1, 0)
            sheet = self._sheets[name] = _Sheet(made, len(heads), (self._text, self._moment, self._day))
        return sheet

    def _free(self, name: str) -> str:
        """Return a name that Excel takes and no other sheet has."""
        plain = _NOT_IN_A_NAME.sub("-", name).strip("' ") or "-"
        found, number = plain[:_NAME], 1
        while found.lower() in self._taken or found.lower() == "history":  # Excel keeps that one to itself
            number += 1
            found = f"{plain[: _NAME - 5]} ({number})"
        self._taken.add(found.lower())
        return found

    def close(self) -> None:
        """Let the heads of all sheets filter."""
        for sheet in self._sheets.values():
            sheet.close()


class _Sheet:
    """One sheet, and how far it is written."""

    def __init__(self, made: Any, columns: int, forms: tuple[Any, Any, Any]) -> None:
        self._made = made
        self._columns = columns
        self._text, self._moment, self._day = forms
        self.rows = 0

    def write(self, row: Sequence[object]) -> None:
        self.rows += 1
        for place, value in enumerate(row):
            if value is None or value == ():
                continue
            if isinstance(value, datetime):
                self._made.write_datetime(self.rows, place, value.replace(tzinfo=None), self._moment)
            elif isinstance(value, date):
                self._made.write_datetime(self.rows, place, value, self._day)
            elif isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < _MOST_EXACT:
                self._made.write_number(self.rows, place, value, self._text)
            else:
                text = PARTED.join(map(str, value)) if isinstance(value, tuple) else str(value)
                self._made.write_string(self.rows, place, cell_text(text), self._text)

    def close(self) -> None:
        self._made.autofilter(0, 0, self.rows, self._columns - 1)


@contextmanager
def book_of(out: BinaryIO) -> Iterator[Book]:
    """Give a workbook to write to, and write it at the end; raises LibraryMissing."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False, "remove_timezone": True}  # fmt: skip
    made = check_sheets().Workbook(out, options)
    made.set_properties({"created": datetime(2024, 1, 1)})  # or it says when it was made, and no two are alike
    book = Book(made)
    yield book
    book.close()
    made.close()


def cell_text(text: str) -> str:
    """Return a text as a cell takes it: without control characters, and cut at the limit with a mark."""
    clean = _NOT_IN_A_CELL.sub("", text.replace("\r\n", "\n")).encode("utf-8", "replace").decode()
    units = len(clean) + sum(character > "\uffff" for character in clean)
    if units > MOST_CELL:
        mark = f" … [cut: this cell had {len(clean)} characters]"
        while units > MOST_CELL - len(mark):
            over = max(1, (units - MOST_CELL + len(mark)) // 2)
            units -= over + sum(character > "\uffff" for character in clean[-over:])
            clean = clean[:-over]
        clean += mark
    # xlsxwriter takes what stands between these for XML of its own
    return clean + " " if clean.startswith("<r>") and clean.endswith("</r>") else clean


def typed(name: str, value: object) -> object:
    """Return a column's value with its moment as a date: `*_at` is UTC, `*_local` the clock of its place."""
    if isinstance(value, str) and name.endswith(("_at", "_local")):
        try:
            moment = datetime.fromisoformat(value).replace(tzinfo=None)
        except ValueError:
            return value
        return moment if _FIRST_DAY <= moment.date() <= _LAST_DAY else value
    return value


def write_sheet(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]], out: BinaryIO) -> int:
    """Write rows under their columns' names as the one sheet of a workbook; return how many."""
    return _write(((name, row) for row in rows), out, columns, name)


def write_xlsx(articles: Iterable[Extract], out: BinaryIO, columns: Sequence[str], by_portal: bool = False) -> int:
    """Write articles on one sheet, or on one for each portal, named by its id; return how many."""
    rows = (
        (article.portal if by_portal else "articles", [getattr(article, column) for column in columns])
        for article in articles
    )
    return _write(rows, out, columns, "articles")


def _write(rows: Iterable[tuple[str, Sequence[object]]], out: BinaryIO, columns: Sequence[str], empty: str) -> int:
    """Write rows, each with its sheet's name; `empty` names the sheet where there are none. Return how many."""
    number = 0
    with book_of(out) as book:
        for name, row in rows:
            book.add(name, columns, [typed(column, value) for column, value in zip(columns, row, strict=True)])
            number += 1
        if not number:
            book.begin(empty, columns)
    return number
