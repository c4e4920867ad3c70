"""Datasette's search finds words however they are written, by an entry point of pyproject.toml; of our archives alone.

Without it, in a Datasette that is installed elsewhere, a word is found only as it is split by the index.
"""

from __future__ import annotations

from typing import Any

from datasette import hookimpl

from kwri_crawler.archive.searching import all_words


@hookimpl(trylast=True)  # type: ignore[untyped-decorator]  # Datasette has no types; its own function comes first
def prepare_connection(conn: Any) -> None:
    """Have Datasette's pages and queries use our search in place of Datasette's own."""
    if conn.execute("SELECT 1 FROM pragma_table_list WHERE name = 'articles_fts' AND schema = 'main'").fetchone():
        conn.create_function("escape_fts", 1, all_words)
