"""An archive of interleaved clones of another: a larger one in minutes, for `make trial-scale`.

Portals, addresses, texts' hashes and marks are shifted, ids keep the order of time. Its vocabulary and the sizes of its
stories are its source's, and a clone's text is that of its source: `restory` would make one story of both.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from pathlib import Path

from kwri_crawler.archive import clock_tables, month_versions, open_archive

_A_COMMIT = 200  # articles
_STRUCTURE = 10  # the row of FTS5's own table that names the index's pieces
_SHIFT = 0x1F123BB5  # of a clone's marks: odd, and far from what 32 bits wrap to
# What a clone has in a column: {0} is the column, k.c the clone's number from 0, {n} how many there are, {p} portals.
_ID = "({0} - 1) * {n} + k.c + 1"
_PORTAL = "printf('warta%03d', (CAST(substr({0}, 6) AS INTEGER) + 17 * k.c) % {p})"
_CRAWL = "({0} - 1) / {p} * {p} + (({0} - 1) % {p} + 17 * k.c) % {p} + 1"
_OWN = "{0} || '-' || k.c"
_CLONED: dict[str, dict[str, str]] = {
    "articles": {
        "id": _ID, "portal": _PORTAL, "url": _OWN, "url_key": _OWN, "crawl": _CRAWL, "story": _ID,
        "text_hash": "substr({0}, 1, 30) || printf('%02x', k.c)",
    },
    "tags": {"article": _ID},
    "dates": {"article": _ID},
    "urls": {
        "id": _ID, "portal": _PORTAL, "key": _OWN, "url": _OWN, "article": _ID, "found_crawl": _CRAWL,
        "seen_crawl": _CRAWL, "tried_crawl": _CRAWL, "settled_crawl": _CRAWL,
        "listing": "(({0} - 1) / 2 + 17 * k.c) % {p} * 2 + ({0} - 1) % 2 + 1",
    },
    "visits": {"article": _ID, "portal": _PORTAL, "visited_crawl": _CRAWL},
    "revisions": {"id": _ID, "article": _ID, "crawl": _CRAWL},
    "stories": {"id": _ID, "original": _ID, "first_seen": _ID, "first_portal": _PORTAL},
    "first_copies": {"story": _ID, "portal": _PORTAL, "first_portal": _PORTAL},
    "ties": {"article": _ID, "other": _ID},
}  # fmt: skip
_COPIED = ("portals", "listings", "crawls", "events", "institutions")
_MADE = ("sketches", "marks", "clocks", "month_versions")


def clone(source: Path, path: Path, number: int, portals: int) -> None:
    """Make an archive of so many interleaved clones of another, at a path where none is."""
    db = open_archive(path)
    conn = db.conn
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -1000000"):
        conn.execute(f"PRAGMA {pragma}")
    later = conn.execute("SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql > ''")
    made = later.fetchall()
    for kind, name, _ in made:
        conn.execute(f"DROP {kind} {name}")
    conn.execute("ATTACH ? AS source", (str(source),))
    _check_all_is_cloned(conn)
    conn.execute("CREATE TEMP TABLE k (c INTEGER PRIMARY KEY)")
    conn.executemany("INSERT INTO k VALUES (?)", [(place,) for place in range(number)])
    conn.execute("BEGIN")
    for table in _COPIED:
        conn.execute(f"INSERT INTO main.{table} SELECT * FROM source.{table}")
    for table, changed in _CLONED.items():
        columns = conn.execute(f"PRAGMA main.table_info({table})").fetchall()  # without those that are computed
        names = [column[1] for column in columns]
        key = ", ".join(column[1] for column in sorted(columns, key=lambda column: column[5]) if column[5])
        values = [changed.get(name, "{0}").format(name, n=number, p=portals) for name in names]
        conn.execute(
            f"INSERT INTO main.{table} ({', '.join(names)}) SELECT {', '.join(values)}"
            f" FROM source.{table} CROSS JOIN k ORDER BY {key}, k.c"
        )
    conn.executemany("INSERT INTO main.sketches VALUES (?, ?, ?, ?)", _sketches(conn, number))
    conn.execute(
        f"INSERT INTO main.marks SELECT week, ((hash + k.c * {_SHIFT} + 2147483648) & 4294967295) - 2147483648,"
        f" {_ID.format('article', n=number)} FROM source.marks CROSS JOIN k ORDER BY 1, 2, 3"
    )
    conn.execute(clock_tables.FILL)
    conn.execute("COMMIT")
    conn.execute("DETACH source")
    for kind, _, sql in made:
        if kind == "index":
            conn.execute(sql)
    conn.execute(month_versions.FILL)
    _index_texts(conn)
    for kind, _, sql in made:
        if kind == "trigger":
            conn.execute(sql)
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("PRAGMA optimize = 0x10002")
    db.close()


def _check_all_is_cloned(conn: sqlite3.Connection) -> None:
    """Raise ValueError for a table of the source that holds something and that clone() does not know."""
    known = {*_CLONED, *_COPIED, *_MADE, "_sqlite_migrations"}
    for (table,) in conn.execute("SELECT name FROM source.sqlite_master WHERE type = 'table'").fetchall():
        is_ours = table not in known and not table.startswith(("sqlite_", "articles_fts"))
        if is_ours and conn.execute(f"SELECT 1 FROM source.{table} LIMIT 1").fetchone():
            raise ValueError(f"{table}: say how it is cloned")


def _sketches(conn: sqlite3.Connection, number: int) -> Iterator[tuple[int, int, int, bytes]]:
    rows = conn.execute("SELECT article, method, week, hashes FROM source.sketches ORDER BY article")
    for article, method, week, packed in rows:
        form = f"<{len(packed) // 4}i"
        hashes = struct.unpack(form, packed)
        for place in range(number):
            shifted = (((one + place * _SHIFT + 0x80000000) & 0xFFFFFFFF) - 0x80000000 for one in hashes)
            yield (article - 1) * number + place + 1, method, week, struct.pack(form, *shifted)


def _index_texts(conn: sqlite3.Connection) -> None:
    """Fill the search index as years of commits leave it: pieces of falling size, the oldest and largest the highest.

    Pieces of one level would be merged, all of them in one commit, by whoever writes next.
    """
    (left,) = conn.execute("SELECT max(id) FROM articles").fetchone()
    last = 0
    for setting in ("('hashsize', 2147483647)", "('automerge', 0)", "('crisismerge', 1000)"):
        conn.execute(f"INSERT INTO articles_fts (articles_fts, rank) VALUES {setting}")
    while left > last:
        upto = left if left - last < _A_COMMIT else last + (left - last) * 3 // 4
        conn.execute(
            "INSERT INTO articles_fts (rowid, title, body)"
            " SELECT id, title, body FROM articles WHERE id > ? AND id <= ? ORDER BY id",
            (last, upto),
        )
        last = upto
    (structure,) = conn.execute("SELECT block FROM articles_fts_data WHERE id = ?", (_STRUCTURE,)).fetchone()
    conn.execute("UPDATE articles_fts_data SET block = ? WHERE id = ?", (_a_level_each(structure), _STRUCTURE))
    conn.execute("DELETE FROM articles_fts_config WHERE k IN ('hashsize', 'automerge', 'crisismerge')")


def _a_level_each(structure: bytes) -> bytes:
    """Return an FTS5 index's structure record with each of its segments on a level of its own.

    The record: a cookie of 4 bytes; how many levels, segments, writes; then for each level, from 0, how many segments
    are being merged, how many there are, and three numbers of each, the oldest first.
    """
    levels, segments, writes, *of_levels = _varints(structure[4:])
    found: list[list[int]] = []
    for _ in range(levels):
        _, number, *rest = of_levels
        found = [*(rest[3 * place : 3 * place + 3] for place in range(number)), *found]  # a higher level is older
        of_levels = rest[3 * number :]
    if len(found) != segments or of_levels:
        raise ValueError(f"{structure.hex()}: not the structure of a search index that this SQLite writes")
    told = [segments, segments, writes, *(part for segment in reversed(found) for part in (0, 1, *segment))]
    return structure[:4] + b"".join(map(_varint, told))


def _varints(packed: bytes) -> list[int]:
    """Return SQLite's integers of varying length; none is of nine bytes."""
    found, value = [], 0
    for byte in packed:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            found.append(value)
            value = 0
    return found


def _varint(value: int) -> bytes:
    packed = [value & 0x7F]
    while value := value >> 7:
        packed.insert(0, value & 0x7F | 0x80)
    return bytes(packed)
