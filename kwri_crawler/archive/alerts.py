"""What watches found and somebody has still to be told of, and what was told; knows no search.

An alert waits under the name of each receiver until that one took it: whoever is killed between sending and writing
that down sends one message twice.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlite_utils import Database

from kwri_crawler.clock import now_text


class Story(NamedTuple):
    """What is told of a story: the article that was found, and on how many portals its text stands now."""

    article: int
    title: str
    url: str
    portal: str  # its name
    published: str | None  # on the portal's clock, to the minute or the day, as it is known: 2024-06-27 14:10
    portals: int
    portals_before: int | None  # when it was told the time before; None if this is the first time


class Waiting(NamedTuple):
    """A story that somebody has still to be told of."""

    article: int
    portals: int  # on which its text stands now
    portals_before: int | None


class Digest(NamedTuple):
    """What one receiver is told of one watch: its largest stories first."""

    watch: str
    query: str
    to: str  # a name of the setting NOTIFY
    stories: tuple[Story, ...]
    others: tuple[Waiting, ...] = ()  # those that a message counts alone

    @property
    def number(self) -> int:
        """How many stories it tells of."""
        return len(self.stories) + len(self.others)


_STORY = """
    articles.id, articles.title, articles.url, portals.name,
    CASE
        WHEN published_precision IN ('second', 'minute') THEN replace(substr(published_local, 1, 16), 'T', ' ')
        ELSE substr(published_local, 1, 10)
    END,
    coalesce(stories.portals, 1)"""


def waiting(db: Database, most: int) -> list[Digest]:
    """Return what has still to be told, a digest for each watch and receiver, with this many stories at most."""
    articles = db.conn.execute(
        "SELECT articles.id, coalesce(stories.portals, 1)"
        " FROM articles LEFT JOIN stories ON stories.id = articles.story"
        " WHERE articles.id IN (SELECT article FROM alerts INDEXED BY alerts_waiting WHERE waiting IS NOT NULL)"
        " ORDER BY coalesce(stories.portals, 1) DESC, articles.out_at DESC, articles.id"
    ).fetchall()
    ranks = {article: rank for rank, (article, _) in enumerate(articles)}
    found: defaultdict[tuple[str, str, str], list[Waiting]] = defaultdict(list)
    for watch, query, names, article, before in db.conn.execute(
        "SELECT watch, query, waiting, article, portals_before FROM alerts INDEXED BY alerts_waiting"
        " JOIN watches ON watches.name = watch AND active WHERE waiting IS NOT NULL"
    ).fetchall():
        for name in names.split():
            found[watch, query, name].append(Waiting(article, articles[ranks[article]][1], before))
    for stories in found.values():
        stories.sort(key=lambda one: ranks[one.article])
    shown = {one.article for stories in found.values() for one in stories[:most]}
    known = {story.article: story for story in describe(db, sorted(shown))}
    return [
        Digest(
            *key,
            tuple(known[one.article]._replace(portals_before=one.portals_before) for one in stories[:most]),
            tuple(stories[most:]),
        )
        for key, stories in sorted(found.items())
    ]


def mark(db: Database, digest: Digest) -> None:
    """Write down that a receiver took a digest. Call it in a transaction."""
    told: list[Story | Waiting] = [*digest.stories, *digest.others]
    now = now_text()
    db.conn.executemany(
        "UPDATE alerts SET waiting = nullif(trim(replace(' ' || waiting || ' ', ?, ' ')), ''), sent_at = ?,"
        " portals = max(portals, ?) WHERE watch = ? AND article = ?",
        [(f" {digest.to} ", now, one.portals, digest.watch, one.article) for one in told],
    )


def describe(db: Database, ids: Sequence[int]) -> list[Story]:
    """Return what is told of the stories of these articles, in their order."""
    rows = db.conn.execute(
        f"SELECT {_STORY}, NULL FROM json_each(?) AS asked JOIN articles ON articles.id = asked.value"  # noqa: S608
        " JOIN portals ON portals.id = articles.portal LEFT JOIN stories ON stories.id = articles.story"
        " ORDER BY asked.key",
        (json.dumps(ids),),
    )
    return [Story(*row) for row in rows.fetchall()]
