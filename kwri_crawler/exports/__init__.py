"""Export the archive as tables, JSON Lines and feeds, row by row, for people who do not use SQL; no SQL here."""

from kwri_crawler.exports.dataset import PARTITIONS, NotThisDataSet, check_dataset, extend_dataset, lock_dataset
from kwri_crawler.exports.feeds import write_atom, write_rss
from kwri_crawler.exports.parquet import write_parquet
from kwri_crawler.exports.sheets import check_sheets, write_sheet, write_xlsx
from kwri_crawler.exports.tables import COLUMNS, csv_cell, write_csv, write_jsonl, write_rows

__all__ = [
    "COLUMNS",
    "PARTITIONS",
    "NotThisDataSet",
    "check_dataset",
    "check_sheets",
    "csv_cell",
    "extend_dataset",
    "lock_dataset",
    "write_atom",
    "write_csv",
    "write_jsonl",
    "write_parquet",
    "write_rows",
    "write_rss",
    "write_sheet",
    "write_xlsx",
]
