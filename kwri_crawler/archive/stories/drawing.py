"""Stories drawn from ties: what copies connect is one story, unless templates part it; nothing is judged here."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlite_utils import Database

from kwri_crawler.archive.stories.grouping import Member, group
from kwri_crawler.archive.stories.index import ORDER, Placed

_PAIR = 2  # that one copy connects are one story: no third one parts them
_WITHIN = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
_COPIES = """
    INSERT INTO first_copies (story, portal, first_portal, lag_s)
    SELECT
        stories.id,
        articles.portal,
        stories.first_portal,
        min(strftime('%s', articles.out_at) - strftime('%s', stories.first_at))
    FROM stories
    JOIN articles ON articles.story = stories.id
    WHERE stories.id = ? AND articles.portal <> stories.first_portal
    GROUP BY articles.portal
"""
_SPEED = """
    UPDATE stories
    SET (portals_1h, portals_6h, portals_24h, first_copy_hours) = (
        SELECT
            count(*) FILTER (WHERE lag_s <= 3600),
            count(*) FILTER (WHERE lag_s <= 21600),
            count(*) FILTER (WHERE lag_s <= 86400),
            round(min(lag_s) / 3600.0, 2)
        FROM first_copies
        WHERE story = stories.id
    )
    WHERE id = ?
"""


def join(db: Database, row: Placed, story: int | None) -> bool:
    """Add a new article to the one story that it copies; false if that has to be drawn.

    What draw() would do, without reading all of a large story for each article that joins it.
    """
    known = db.conn.execute(
        f"SELECT original.portal, {', '.join(f'{of}.{name}' for of in ('original', 'seen') for name in ORDER)},"  # noqa: S608
        " (SELECT min(out_at) FROM articles WHERE story = stories.id AND portal = ?)"
        " FROM stories JOIN articles AS original ON original.id = stories.original"
        " JOIN articles AS seen ON seen.id = stories.first_seen WHERE stories.id = ? AND NOT parted",
        (row.portal, story),
    ).fetchone()
    if known is None:
        return False
    portal, (first_out, *first), (seen_out, seen_at, seen_key), own_out = known[0], known[1:4], known[4:7], known[7]
    is_original = row.order < (first_out, *first)
    is_first_seen = (row.first_seen_at, row.out_at, row.url_key) < (seen_at, seen_out, seen_key)
    db.conn.execute(
        "UPDATE stories SET articles = articles + 1, last_at = max(last_at, :out_at),"
        " first_at = min(first_at, :out_at),"
        " original = CASE WHEN :is_original THEN :id ELSE original END,"
        " first_portal = CASE WHEN :is_original THEN :portal ELSE first_portal END,"
        " first_seen = CASE WHEN :is_first_seen THEN :id ELSE first_seen END,"
        " portals = portals + :is_new_portal WHERE id = :story",
        {
            "id": row.id, "portal": row.portal, "story": story, "out_at": row.out_at, "is_original": is_original,
            "is_first_seen": is_first_seen, "is_new_portal": own_out is None,
        },
    )  # fmt: skip
    if not is_original and row.portal != portal:
        first_at = datetime.fromisoformat(first_out)
        before = datetime.fromisoformat(own_out) - first_at if own_out else timedelta.max
        _hasten(db, story, row.portal, portal, row.at - first_at, before)
    db.conn.execute("UPDATE articles SET story = ? WHERE id = ?", (story, row.id))
    if is_original:
        _count_copies(db, story)
    return True


def _count_copies(db: Database, story: int | None) -> None:
    """Write when each other portal first ran a story, and how fast it ran."""
    db.conn.execute("DELETE FROM first_copies WHERE story = ?", (story,))
    db.conn.execute(_COPIES, (story,))
    db.conn.execute(_SPEED, (story,))


def _hasten(
    db: Database, story: int | None, portal: str, first_portal: str, late: timedelta, before: timedelta
) -> None:
    """Count another portal's new article in how fast its story ran; what _count_copies would do by reading them all.

    `late` is how long after the first it was out, `before` the portal's earliest; timedelta.max if it has no other.
    """
    lag_s = int(late.total_seconds())
    db.conn.execute(
        "INSERT INTO first_copies VALUES (?, ?, ?, ?)"
        " ON CONFLICT (story, portal) DO UPDATE SET lag_s = min(lag_s, excluded.lag_s)",
        (story, portal, first_portal, lag_s),
    )
    db.conn.execute(
        "UPDATE stories SET portals_1h = portals_1h + ?, portals_6h = portals_6h + ?, portals_24h = portals_24h + ?,"
        " first_copy_hours = min(round(? / 3600.0, 2), coalesce(first_copy_hours, 1e9)) WHERE id = ?",
        (*(late <= within < before for within in _WITHIN), lag_s, story),
    )


def draw(db: Database, articles: Iterable[int]) -> None:
    """Draw the stories of all articles that copies connect with these, and of those that had a story with them."""
    drawn: set[int] = set()
    written: list[int] = []
    waiting = list(articles)
    for article in waiting:  # which grows
        if article not in drawn:
            members, stories, mates = _draw_connected(db, article)
            drawn |= members
            written += stories
            waiting += mates
    for story in written:  # only now: until all are drawn, articles may have the number of a story that they left
        _count_copies(db, story)


def _draw_connected(db: Database, article: int) -> tuple[set[int], list[int], list[int]]:
    """Draw the stories of all articles that copies connect with one; return these articles and their stories.

    And who is left in stories that they had: another program may have deleted what connected them.
    """
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
    groups = [members] if len(members) <= _PAIR else _parted(db, members)
    stories = [_write_story(db, together, parted=len(groups) > 1) for together in groups]
    left = {member.story for member in members if member.story is not None}
    _drop_empty(db, left)
    mates = db.conn.execute(
        "SELECT id FROM articles WHERE story IN (SELECT value FROM json_each(?))", (json.dumps([*left]),)
    )
    return (
        {member.id for member in members},
        [story for story in stories if story is not None],
        [mate for (mate,) in mates.fetchall()],
    )


def _parted(db: Database, members: list[Member]) -> list[list[Member]]:
    ids = json.dumps([member.id for member in members])
    among = (
        "SELECT article, other, jaccard FROM ties WHERE kind = ? AND article IN (SELECT value FROM json_each(?))"
        " AND other IN (SELECT value FROM json_each(?))"
    )
    apart = db.conn.execute(among, ("template", ids, ids)).fetchall()
    copies = db.conn.execute(among, ("copy", ids, ids)).fetchall() if apart else []
    return group(members, copies, [(one, other) for one, other, _ in apart])


def _write_story(db: Database, members: list[Member], parted: bool) -> int | None:
    """Give these articles one story, numbered as the lowest of them, and return it; none to an article alone."""
    story = min(member.id for member in members) if len(members) > 1 else None
    if story is not None:
        original = min(members, key=lambda member: (member.out_at, member.first_seen_at, member.url_key))
        seen = min(members, key=lambda member: (member.first_seen_at, member.out_at, member.url_key))
        db.conn.execute(
            "INSERT INTO stories (id, original, first_seen, first_at, last_at, articles, portals, parted, first_portal)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            " original = excluded.original, first_portal = excluded.first_portal,"
            " first_seen = excluded.first_seen, first_at = excluded.first_at, last_at = excluded.last_at,"
            " articles = excluded.articles, portals = excluded.portals, parted = excluded.parted",
            (
                story, original.id, seen.id, original.out_at, max(member.out_at for member in members),
                len(members), len({member.portal for member in members}), parted, original.portal,
            ),
        )  # fmt: skip
    moved = [(story, member.id) for member in members if member.story != story]
    db.conn.executemany("UPDATE articles SET story = ? WHERE id = ?", moved)
    return story


def _drop_empty(db: Database, stories: Iterable[int]) -> None:
    db.conn.executemany(
        "DELETE FROM stories WHERE id = ? AND NOT EXISTS (SELECT 1 FROM articles WHERE story = stories.id)",
        [(story,) for story in stories],
    )
