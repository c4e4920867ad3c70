"""`make golden-schema`: write the archive's whole schema, as a fresh one has it, to tests/golden/schema.sql."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

from kwri_crawler.archive import open_archive

FILE = Path(__file__).parent / "golden" / "schema.sql"


def schema_of(path: Path) -> str:
    """Return the statements that make an archive's tables, indexes, triggers and views, by name.

    Left out is what belongs to a library: SQLite's own, what is behind the search index, the list of migrations.
    """
    connection = sqlite3.connect(path)
    try:
        statements = connection.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'articles\\_fts\\_%' ESCAPE '\\'"
            " AND tbl_name NOT LIKE '\\_sqlite%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
            " ORDER BY CASE type WHEN 'table' THEN 1 WHEN 'index' THEN 2 WHEN 'trigger' THEN 3 ELSE 4 END, name"
        ).fetchall()
    finally:
        connection.close()
    return "\n\n".join(f"{sql.strip()};" for (sql,) in statements) + "\n"


def fresh_schema() -> str:
    """Return the schema of a new archive."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.sqlite"
        open_archive(path).close()
        return schema_of(path)


if __name__ == "__main__":
    FILE.write_text(fresh_schema(), encoding="utf-8")
    print(f"{FILE}: look at the difference before you commit it")
