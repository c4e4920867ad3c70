"""Articles as CSV for spreadsheets and as JSON Lines for programs; a CSV cell never becomes a formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from typing import BinaryIO

from kwri_crawler.archive.extracts import Extract

COLUMNS = tuple(field.name for field in fields(Extract))
_BOM = b"\xef\xbb\xbf"
# A spreadsheet runs a cell that begins so; the apostrophe makes it text. OWASP, "CSV Injection".
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # Excel folds the full-width signs
_PARTED = "; "  # tags, event days and links share a cell


def write_csv(articles: Iterable[Extract], out: BinaryIO, bom: bool = False) -> int:
    """Write RFC 4180 CSV in UTF-8, and return how many articles; `bom` is what Excel knows UTF-8 by.

    A cell that begins like a formula gets an apostrophe before it; JSON Lines and Parquet hold the text as it is.
    """
    return write_rows(COLUMNS, ([getattr(article, name) for name in COLUMNS] for article in articles), out, bom)


def write_rows(columns: Sequence[str], rows: Iterable[Sequence[object]], out: BinaryIO, bom: bool = False) -> int:
    """Write any rows under their columns' names, by the same rules; return how many. None is an empty cell."""
    if bom:
        out.write(_BOM)
    text = io.TextIOWrapper(out, encoding="utf-8", errors="replace", newline="", write_through=False)
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(columns)
    number = 0
    for row in rows:
        table.writerow([_cell(value) for value in row])
        number += 1
    text.flush()
    text.detach()
    return number


def write_jsonl(articles: Iterable[Extract], out: BinaryIO) -> int:
    """Write one JSON object a line, with every field as it is; return how many articles."""
    number = 0
    for article in articles:
        out.write(json.dumps(asdict(article), ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        number += 1
    return number


def _cell(value: object) -> str | int | float:
    if isinstance(value, (int, float)):
        return value
    text = "" if value is None else _PARTED.join(value) if isinstance(value, tuple) else str(value)
    return "'" + text if text.startswith(_FORMULA) else text
