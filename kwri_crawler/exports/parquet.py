"""Write articles as Parquet with typed times and lists; needs pyarrow, which is not installed by default.

fastparquet is lighter by half, but brings pandas and cannot write row group by row group with lists in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from kwri_crawler.archive.extracts import Extract
from kwri_crawler.exports.tables import COLUMNS
from kwri_crawler.missing import LibraryMissing

_GROUP = 2_000  # articles a row group: some 5 MB of text
_NOTE = b"kwri_crawler"
_NUMBERS, _LISTS = ("id", "word_count", "story"), ("tags", "link_urls")


def write_parquet(
    articles: Iterable[Extract], out: BinaryIO, columns: Sequence[str] = COLUMNS, note: str | None = None
) -> int:
    """Write Parquet with zstd, and return how many articles; raises LibraryMissing before anything is read.

    The note is kept in the file, where note_of() finds it.
    """
    pyarrow = load_pyarrow()
    schema = pyarrow.schema(
        [(name, _type(pyarrow, name)) for name in columns], metadata=None if note is None else {_NOTE: note}
    )
    left, number = iter(articles), 0
    with pyarrow.parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        while group := list(islice(left, _GROUP)):
            values = {name: [_value(name, getattr(article, name)) for article in group] for name in columns}
            writer.write_table(pyarrow.table(values, schema=schema))
            number += len(group)
    return number


def note_of(path: Path) -> str | None:
    """Return the note that a file was written with; None where it has none, or is no whole Parquet file."""
    pyarrow = load_pyarrow()
    try:
        kept = (pyarrow.parquet.read_metadata(path).metadata or {}).get(_NOTE)
    except (OSError, pyarrow.ArrowException):
        return None
    return kept.decode(errors="replace") if kept is not None else None


def load_pyarrow() -> Any:
    """Return pyarrow with its Parquet; raises LibraryMissing."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise LibraryMissing("Parquet needs pyarrow; run: pip install 'kwri-crawler[parquet]'") from error
    return pyarrow


def _type(pyarrow: Any, name: str) -> Any:
    if name.endswith("_at"):
        return pyarrow.timestamp("s", tz="UTC")
    if name == "event_days":
        return pyarrow.list_(pyarrow.date32())
    if name in _LISTS:
        return pyarrow.list_(pyarrow.string())
    return pyarrow.int64() if name in _NUMBERS else pyarrow.string()


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name.endswith("_at"):
        return datetime.fromisoformat(value)
    if name == "event_days":
        return [date.fromisoformat(day) for day in value]
    return list(value) if name in _LISTS else value
