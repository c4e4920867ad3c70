"""A desk's own releases: entered, changed and removed, each settled in the transaction that enters it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlite_utils import Database

from kwri_crawler import copies
from kwri_crawler.archive import stories
from kwri_crawler.archive.connection import transaction
from kwri_crawler.clock import now_text, utc_text
from kwri_crawler.items import Precision


class Release(NamedTuple):
    """A text that a desk sent out."""

    name: str
    unit: str | None  # None where nobody said; a release that has one keeps it
    title: str
    paragraphs: tuple[str, ...]
    at: datetime  # on the desk's clock, aware; of a day its midnight
    precision: Precision  # MINUTE or DAY
    portal: str | None = None  # the desk's own, for an article of it
    article: int | None = None


class Verdict(StrEnum):
    """What became of a release that was to be added."""

    ADDED = "added"
    CHANGED = "changed"
    KNOWN = "known"


class Added(NamedTuple):
    """A release that was to be added, and who carries it now."""

    verdict: Verdict
    release: int
    name: str  # under which it is known: another one, if its text was added before
    articles: int
    portals: int


def add(db: Database, releases: Sequence[Release]) -> list[Added]:
    """Enter releases, all of them or none, and find who carries them; raises ArchiveError.

    A name that is known is changed where anything differs; a text that is known under another name is left as it is.
    """
    with transaction(db):
        return [_add(db, one) for one in releases]


def remove(db: Database, name: str) -> bool:
    """Remove a release by its name, with all that hangs on it; return whether there was one; raises ArchiveError."""
    db.execute("PRAGMA secure_delete = ON")  # it may never have been meant for others
    with transaction(db):
        return bool(db.conn.execute("DELETE FROM releases WHERE name = ?", (name,)).rowcount)


def report_links(db: Database, links: Sequence[tuple[str, str]]) -> None:
    """Keep addresses that somebody named as carriers, as (url_key, address); raises ArchiveError."""
    with transaction(db):
        db.conn.executemany(
            "INSERT OR IGNORE INTO reported_links VALUES (?, ?, ?)", [(*link, now_text()) for link in links]
        )


def _add(db: Database, one: Release) -> Added:
    text_hash = copies.hash_text(one.paragraphs)
    values = {
        "name": one.name, "unit": one.unit, "title": one.title, "body": "\n\n".join(one.paragraphs),
        "released_at": utc_text(one.at), "released_local": one.at.isoformat(timespec="seconds"),
        "released_precision": one.precision.value, "portal": one.portal, "article": one.article,
        "text_hash": text_hash,
    }  # fmt: skip
    known = db.conn.execute("SELECT id, unit FROM releases WHERE name = ?", (one.name,)).fetchone()
    if known is None:
        twin = db.conn.execute(
            "SELECT id, name FROM releases WHERE text_hash = ? ORDER BY id LIMIT 1", (text_hash,)
        ).fetchone()
        if twin is not None:
            return _counted(db, Verdict.KNOWN, *twin)
        columns = ", ".join(values)  # of our own, from the lines above
        release = db.conn.execute(
            f"INSERT INTO releases ({columns}, method, added_at)"  # noqa: S608
            f" VALUES ({', '.join(':' + name for name in values)}, 0, :now)",
            {**values, "now": now_text()},
        ).lastrowid
        return _settled(db, Verdict.ADDED, int(release or 0), one.name)
    number, unit = known
    values["unit"] = one.unit or unit
    changes = db.conn.execute(
        f"UPDATE releases SET {', '.join(f'{name} = :{name}' for name in values)}"  # noqa: S608 - our own columns
        f" WHERE id = :id AND ({', '.join(values)}) IS NOT ({', '.join(':' + name for name in values)})",
        {**values, "id": number},
    ).rowcount
    return _settled(db, Verdict.CHANGED, number, one.name) if changes else _counted(db, Verdict.KNOWN, number, one.name)


def _settled(db: Database, verdict: Verdict, release: int, name: str) -> Added:
    stories.settle_release(db, release)
    return _counted(db, verdict, release, name)


def _counted(db: Database, verdict: Verdict, release: int, name: str) -> Added:
    (articles, portals) = db.conn.execute(
        "SELECT count(*), count(DISTINCT portal) FROM release_articles WHERE release = ? AND kind = 'copy'", (release,)
    ).fetchone()
    return Added(verdict, release, name, articles, portals)
