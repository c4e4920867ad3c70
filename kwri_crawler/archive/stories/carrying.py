"""Which articles carry a desk's release, settled from either side: as a release is added, as an article is stored.

A pair is judged by its two texts alone, the release's ends cut to what both share, so the order of arrival changes
nothing. A release is in no story and no tie: it is not what the press printed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from sqlite_utils import Database

from kwri_crawler import copies
from kwri_crawler.archive.connection import insert_all
from kwri_crawler.archive.stories.index import Placed, candidates, near_values, week_of
from kwri_crawler.clock import moment_of
from kwri_crawler.copies.texts import kept_text
from kwri_crawler.items import ComparedText, TieKind

MOST_JUDGED = 500  # articles a release; what more articles resemble is a daily table, of which each differs
DESK = "\x00desk"  # the portal of a release, as the judge sees it: none of the catalogue's
_KINDS = {TieKind.COPY: "copy", TieKind.CONTAINS: "contains", TieKind.FOLLOW_UP: "part"}

_MEET = """
SELECT id, title, body, text_hash, released_at FROM releases WHERE id IN (
    SELECT id FROM releases WHERE text_hash = :text_hash
    UNION ALL
    SELECT release FROM (
        SELECT release FROM release_marks
        WHERE week IN (SELECT value FROM json_each(:weeks)) AND hash IN (SELECT value FROM json_each(:hashes))
        GROUP BY release HAVING count(*) >= :fewest
    )
)
"""


class Sent(NamedTuple):
    """A release as the index sees it."""

    id: int
    title: str
    body: str
    text_hash: str
    released_at: str


def settle_release(db: Database, release: int) -> None:
    """Enter a release, or what it became, in its index and find who carries it; inside the caller's transaction."""
    row = Sent(*db.conn.execute(
        "SELECT id, title, body, text_hash, released_at FROM releases WHERE id = ?", (release,)
    ).fetchone())  # fmt: skip
    sketch = copies.sketch_text(row.body)
    for table in ("release_marks", "carried"):
        db.conn.execute(f"DELETE FROM {table} WHERE release = ?", (release,))  # noqa: S608 - names from the line above
    db.conn.execute(
        "INSERT OR IGNORE INTO release_marks SELECT :week, value, :release FROM json_each(:hashes)",
        {"week": week_of(moment_of(row.released_at)), "hashes": json.dumps(sketch), "release": release},
    )
    placed = Placed(0, DESK, row.title, row.body, row.text_hash, None, row.released_at, row.released_at, "")
    near = candidates(db, placed, sketch, copies.WINDOW_DAYS, MOST_JUDGED)
    _write(db, ((row, article) for article in near))
    db.conn.execute("UPDATE releases SET method = ? WHERE id = ?", (copies.VERSION, release))


def meet_releases(db: Database, row: Placed, sketch: tuple[int, ...]) -> None:
    """Find the releases that a new article carries; inside the caller's transaction."""
    if db.conn.execute("SELECT 1 FROM releases LIMIT 1").fetchone() is None:
        return  # most archives have none, and each article of a crawl comes by here
    window = timedelta(days=copies.WINDOW_DAYS)
    sent = [Sent(*found) for found in db.conn.execute(_MEET, near_values(row, sketch, window)).fetchall()]
    near = (
        one for one in sent
        if one.text_hash == row.text_hash or abs(moment_of(one.released_at) - row.at) <= window
    )  # fmt: skip
    _write(db, ((one, row) for one in near))


def leave_releases(db: Database, article: int) -> None:
    """Take an article out of what carries releases, before it is met anew or deleted; most carry none."""
    if db.conn.execute("SELECT 1 FROM carried WHERE article = ? LIMIT 1", (article,)).fetchone():
        db.conn.execute("DELETE FROM carried WHERE article = ?", (article,))


def unsettled_releases(db: Database) -> list[int]:
    """Return the releases that this version of `copies` has not settled."""
    found = db.conn.execute("SELECT id FROM releases WHERE method <> ? ORDER BY id", (copies.VERSION,))
    return [release for (release,) in found.fetchall()]


def _write(db: Database, pairs: Iterable[tuple[Sent, Placed]]) -> None:
    rows = [found for release, article in pairs if (found := _carried(release, article))]
    insert_all(db, "INSERT INTO carried (release, article, kind, reason, share, own)", rows)


def _carried(release: Sent, article: Placed) -> tuple[object, ...] | None:
    """Return the row of a release and an article that carries it; None where it does not."""
    text = copies.cut_ends(release.body, article.body)
    found = copies.judge(ComparedText(DESK, release.title, text), article.told)
    if found is None or found.kind not in _KINDS:
        return None
    text = copies.cut_ends(release.body, article.body, 0)  # a last paragraph that is missing is not carried
    ours, theirs = kept_text(text).different, kept_text(article.body).different
    shared = len(ours & theirs)
    share = round(shared / max(1, len(ours)), 3)
    own = round(1 - shared / max(1, len(theirs)), 3)
    return release.id, article.id, _KINDS[found.kind], found.reason, share, own
