"""The newest articles of portals that carry a text, by which addportal knows a newsroom again; reads only."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from sqlite_utils import Database

MOST_PORTALS = 20  # that carry the same text: a release that stands on more says nothing of any


class Newest(NamedTuple):
    """One article of a portal."""

    portal: str
    url: str  # whose page was read
    text_hash: str


def newest_of_carriers(db: Database, text_hashes: Iterable[str], most: int) -> dict[str, list[Newest]]:
    """Return the `most` newest articles, newest first, of each portal that has one with one of these texts."""
    wanted = json.dumps(sorted(set(text_hashes)))
    portals = db.conn.execute(
        "SELECT DISTINCT portal FROM articles WHERE text_hash IN (SELECT value FROM json_each(?)) LIMIT ?",
        (wanted, MOST_PORTALS),
    ).fetchall()
    return {portal: _newest(db, portal, most) for (portal,) in portals}


def _newest(db: Database, portal: str, most: int) -> list[Newest]:
    rows = db.conn.execute(
        "SELECT portal, coalesce(page_url, url), text_hash FROM articles WHERE portal = ?"
        " ORDER BY published_at DESC LIMIT ?",
        (portal, most),
    )
    return [Newest(*row) for row in rows]
