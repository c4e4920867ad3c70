"""Which months of which portals changed, by a number that triggers draw anew; and a month's articles, to export them.

A fingerprint of rows would have to read all texts, or leave out what reread and redate change. Triggers see whoever
writes, another program too. The numbers are random, so that an archive that was restored from a backup and went on
another way is not taken for the one that was exported.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlite_utils import Database

from kwri_crawler.archive.extracts import Extract, by_ids

_CHUNK = 500

TABLE = """
CREATE TABLE month_versions (
    -- one row a portal and month of publication, for `scrapy export --partition`: has anything of its articles changed?
    portal TEXT NOT NULL REFERENCES portals(id),
    month TEXT NOT NULL,       -- local: 2024-06; empty for articles without a date
    version INTEGER NOT NULL,  -- drawn at random at each change
    PRIMARY KEY (portal, month)
) STRICT, WITHOUT ROWID
"""
FILL = """
INSERT INTO month_versions
SELECT portal, month, random()
FROM (SELECT DISTINCT portal, coalesce(substr(local_day, 1, 7), '') AS month FROM articles INDEXED BY articles_days)
"""
# What an export holds of the table articles.
_COLUMNS = (
    "portal, url, title, subtitle, author, editor, source, section, published_at, published_local, published_precision,"
    " published_reason, updated_at, dateline, lead, body, access, marks, image_url, image_caption, image_credit, links,"
    " word_count, language, story, text_hash, first_seen_at, fetched_at"
)
_MONTH = "coalesce(substr({}.published_local, 1, 7), '')"
_NEW = f"""
    INSERT INTO month_versions VALUES (new.portal, {_MONTH.format("new")}, random())
    ON CONFLICT (portal, month) DO UPDATE SET version = excluded.version;
"""  # noqa: S608 - our own words
_OLD = f"UPDATE month_versions SET version = random() WHERE portal = old.portal AND month = {_MONTH.format('old')};"  # noqa: S608


def _of(article: str) -> str:
    """Return the statement that draws the number of an article's month anew."""
    return f"""
    UPDATE month_versions
    SET version = random()
    WHERE (portal, month) = (SELECT portal, {_MONTH.format("articles")} FROM articles WHERE id = {article});
"""  # noqa: S608


STATEMENTS = (
    TABLE,
    FILL,
    f"CREATE TRIGGER months_added AFTER INSERT ON articles BEGIN {_NEW} END",
    f"CREATE TRIGGER months_changed AFTER UPDATE OF {_COLUMNS} ON articles BEGIN {_OLD} {_NEW} END",
    f"CREATE TRIGGER months_left AFTER DELETE ON articles BEGIN {_OLD} END",
    *(
        f"CREATE TRIGGER months_{table}_{name} AFTER {event} ON {table} BEGIN {_of(f'{row}.article')} END"
        for table in ("tags", "event_dates")
        for name, event, row in (("added", "INSERT", "new"), ("left", "DELETE", "old"))
    ),
    # of two articles alone: the others of the story stay its copies
    "CREATE TRIGGER months_original AFTER UPDATE OF original ON stories WHEN old.original <> new.original"
    f" BEGIN {_of('old.original')} {_of('new.original')} END",
    "CREATE TRIGGER months_named AFTER UPDATE OF name ON portals WHEN old.name <> new.name"
    " BEGIN UPDATE month_versions SET version = random() WHERE portal = new.id; END",
)


class PortalMonth(NamedTuple):
    """A portal's month of publication, and the number that changes with its articles."""

    month: str | None  # local: 2024-06; null for articles without a date
    portal: str
    version: int


def portal_months(db: Database) -> list[PortalMonth]:
    """Return every portal's months, also those that have lost their articles; undated ones first."""
    rows = db.conn.execute("SELECT nullif(month, ''), portal, version FROM month_versions ORDER BY month, portal")
    return [PortalMonth(*row) for row in rows.fetchall()]


def articles_of(db: Database, one: PortalMonth) -> Iterator[Extract]:
    """Yield a portal's articles of a month in the order in which they were archived, a few at a time."""
    days = "local_day BETWEEN :month || '-01' AND :month || '-31'" if one.month else "local_day IS NULL"
    rows = db.conn.execute(
        f"SELECT id FROM articles INDEXED BY articles_days WHERE portal = :portal AND {days} ORDER BY id",  # noqa: S608
        {"portal": one.portal, "month": one.month},
    ).fetchall()
    ids = [number for (number,) in rows]
    for first in range(0, len(ids), _CHUNK):
        yield from by_ids(db, ids[first : first + _CHUNK])
