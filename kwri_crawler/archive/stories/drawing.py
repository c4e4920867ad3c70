"""Stories drawn from ties: what copies connect is one story, unless templates part it; nothing is judged here."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlite_utils import Database

from kwri_crawler.archive.stories.grouping import Member, group
from kwri_crawler.archive.stories.index import ORDER, Placed


def join(db: Database, row: Placed, story: int | None) -> bool:
    """Add a new article to the one story that it copies; false if that has to be drawn.

    What draw() would do, without reading all of a large story for each article that joins it.
    """
    known = db.conn.execute(
        f"SELECT {', '.join(f'{which}.{name}' for which in ('original', 'seen') for name in ORDER)}"  # noqa: S608
        " FROM stories JOIN articles AS original ON original.id = stories.original"
        " JOIN articles AS seen ON seen.id = stories.first_seen WHERE stories.id = ? AND NOT parted",
        (story,),
    ).fetchone()
    if known is None:
        return False
    (first_out, *first), (seen_out, seen_at, seen_key) = known[:3], known[3:]
    is_original = row.order < (first_out, *first)
    is_first_seen = (row.first_seen_at, row.out_at, row.url_key) < (seen_at, seen_out, seen_key)
    db.conn.execute(
        "UPDATE stories SET articles = articles + 1, last_at = max(last_at, :out_at),"
        " first_at = min(first_at, :out_at),"
        " original = CASE WHEN :is_original THEN :id ELSE original END,"
        " first_seen = CASE WHEN :is_first_seen THEN :id ELSE first_seen END,"
        " portals = portals + NOT EXISTS (SELECT 1 FROM articles WHERE story = :story AND portal = :portal)"
        " WHERE id = :story",
        {
            "id": row.id, "story": story, "portal": row.portal, "out_at": row.out_at,
            "is_original": is_original, "is_first_seen": is_first_seen,
        },
    )  # fmt: skip
    db.conn.execute("UPDATE articles SET story = ? WHERE id = ?", (story, row.id))
    return True


def draw(db: Database, article: int) -> set[int]:
    """Draw the stories of all articles that copies connect with one; return these articles."""
    members = [
        Member(*row)
        for row in db.conn.execute(
            "WITH RECURSIVE reached (id) AS (SELECT ?"
            " UNION SELECT other FROM reached JOIN ties ON ties.article = reached.id WHERE kind = 'copy'"
            " UNION SELECT article FROM reached JOIN ties ON ties.other = reached.id WHERE kind = 'copy')"
            " SELECT id, portal, story, out_at, first_seen_at, url_key FROM reached JOIN articles USING (id)",
            (article,),
        )
    ]
    ids = json.dumps([member.id for member in members])
    among = (
        "SELECT article, other, jaccard FROM ties WHERE kind = ? AND article IN (SELECT value FROM json_each(?))"
        " AND other IN (SELECT value FROM json_each(?))"
    )
    apart = db.conn.execute(among, ("template", ids, ids)).fetchall()
    copies = db.conn.execute(among, ("copy", ids, ids)).fetchall() if apart else []
    groups = group(members, copies, [(one, other) for one, other, _ in apart])
    for together in groups:
        _write_story(db, together, parted=len(groups) > 1)
    _drop_empty(db, {member.story for member in members if member.story is not None})
    return {member.id for member in members}


def _write_story(db: Database, members: list[Member], parted: bool) -> None:
    """Give these articles one story, numbered as the lowest of them; none to an article alone."""
    story = min(member.id for member in members) if len(members) > 1 else None
    if story is not None:
        original = min(members, key=lambda member: (member.out_at, member.first_seen_at, member.url_key))
        seen = min(members, key=lambda member: (member.first_seen_at, member.out_at, member.url_key))
        db.conn.execute(
            "INSERT INTO stories VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            " original = excluded.original, first_seen = excluded.first_seen, first_at = excluded.first_at,"
            " last_at = excluded.last_at, articles = excluded.articles, portals = excluded.portals,"
            " parted = excluded.parted",
            (
                story, original.id, seen.id, original.out_at, max(member.out_at for member in members),
                len(members), len({member.portal for member in members}), parted,
            ),
        )  # fmt: skip
    moved = [(story, member.id) for member in members if member.story != story]
    db.conn.executemany("UPDATE articles SET story = ? WHERE id = ?", moved)


def _drop_empty(db: Database, stories: Iterable[int]) -> None:
    db.conn.executemany(
        "DELETE FROM stories WHERE id = ? AND NOT EXISTS (SELECT 1 FROM articles WHERE story = stories.id)",
        [(story,) for story in stories],
    )
