"""Write articles as CSV for spreadsheets and JSON Lines for programs; no CSV cell becomes a formula."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import BinaryIO

from kwri_crawler.archive.extracts import Extract

COLUMNS = tuple(field.name for field in fields(Extract))
_BOM = b"\xef\xbb\xbf"
# A spreadsheet runs a cell that begins so; the apostrophe makes it text. OWASP, "CSV Injection".
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # Excel folds the full-width signs
PARTED = "; "  # tags, event days and links share a cell
_LINES = re.compile("[ \t]*[\r\n\v\f\x85\u2028\u2029]\\s*")


def write_csv(
    articles: Iterable[Extract],
    out: BinaryIO,
    bom: bool = False,
    columns: Sequence[str] = COLUMNS,
    one_line: bool = False,
) -> int:
    """Write RFC 4180 CSV in UTF-8, and return how many articles; `bom` is what Excel knows UTF-8 by.

    A cell that begins like a formula gets an apostrophe before it; JSON Lines and Parquet hold the text as it is.
    """
    rows = ([getattr(article, name) for name in columns] for article in articles)
    return write_rows(columns, rows, out, bom, one_line)


def write_rows(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    out: BinaryIO,
    bom: bool = False,
    one_line: bool = False,
) -> int:
    """Write any rows under their columns' names, by the same rules; return how many. None is an empty cell.

    With `one_line` no cell has a line's end: a pilcrow parts paragraphs, and a spreadsheet's rows stay one high.
    """
    if bom:
        out.write(_BOM)
    text = io.TextIOWrapper(out, encoding="utf-8", errors="replace", newline="", write_through=False)
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(columns)
    number = 0
    for row in rows:
        cells = [csv_cell(value) for value in row]
        table.writerow([_LINES.sub(" ¶ ", c) if isinstance(c, str) else c for c in cells] if one_line else cells)
        number += 1
    text.flush()
    text.detach()
    return number


def write_jsonl(articles: Iterable[Extract], out: BinaryIO, columns: Sequence[str] = COLUMNS) -> int:
    """Write one JSON object a line, with every field as it is; return how many articles."""
    number = 0
    for article in articles:
        told = {name: getattr(article, name) for name in columns}
        out.write(json.dumps(told, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        number += 1
    return number


def csv_cell(value: object) -> str | int | float:
    """Return a value as a CSV's cell, which no spreadsheet takes for a formula."""
    if isinstance(value, (int, float)):
        return value
    text = "" if value is None else PARTED.join(value) if isinstance(value, tuple) else str(value)
    return "'" + text if text.startswith(_FORMULA) else text
