"""A month in the archive, for the report: counts by portal, day, section and place, copying, texts; only reads.

An article belongs to the local day that its portal printed; a story to that of its original. Undated articles belong to
no month and are counted apart, by the day on which they were first seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from kwri_crawler.archive.cures import ArchiveError
from kwri_crawler.archive.health import read_reasons
from kwri_crawler.archive.ledger import LOST
from kwri_crawler.archive.searching import SearchError, searching
from kwri_crawler.health import Reason


@dataclass(frozen=True, slots=True)
class PortalMonth:
    """One portal's articles of the month, and what they lack."""

    portal: str
    name: str
    home: str
    region: str | None
    articles: int
    alone: int  # carry a text of their own that nobody else has
    originals: int  # that others copied
    copies: int  # of another portal's article
    repeats: int  # of an own article
    with_author: int
    with_section: int
    with_image: int
    to_the_minute: int
    words: int  # of all bodies
    undated: int  # first seen in the month, without a date
    lost: int  # addresses last tried in the month that brought no article
    word: str | None  # its health at the month's end: well, quiet, ...; null if it was not judged then
    word_since: str | None  # UTC
    word_why: str | None  # in English
    word_reasons: tuple[Reason, ...]  # the same as codes and figures; none for a row of older code


@dataclass(frozen=True, slots=True)
class Copying:
    """How often one portal ran what another had first."""

    first_portal: str
    portal: str
    stories: int
    median_lag_hours: float


@dataclass(frozen=True, slots=True)
class Appearance:
    """One article of a story on the time axis."""

    portal: str
    lag_hours: float  # after the original; 0 for itself


@dataclass(frozen=True, slots=True)
class InstitutionMonth:
    """How far a row of the table institutions went; None where its search is not understood."""

    name: str
    stories: int | None  # whose text names it; one that stands alone is one
    articles: int | None
    portals: int | None


@dataclass(frozen=True, slots=True)
class Text:
    """An article's words, and the story that counts them once."""

    story: int | None  # null if it stands alone
    title: str
    body: str


# The view portal_health tells today's; a month's page tells how a portal was when the month ended.
_HEALTH = ", ".join(
    f"(SELECT {column} FROM events WHERE events.portal = portals.id AND substr(at, 1, 10) <= until"  # noqa: S608
    " ORDER BY id DESC LIMIT 1)"
    for column in ("word", "at", "why", "reasons")
)


def select_month(db: Database, since: str, until: str, portal: str | None = None) -> None:
    """Gather the articles of local days since..until, of one portal if named; the other functions ask these rows."""
    if portal is not None and not db.conn.execute("SELECT 1 FROM portals WHERE id = ?", (portal,)).fetchone():
        raise ArchiveError(f"{portal}: the archive has no such portal; `scrapy list` names those that we know")
    for table in ("month_articles", "month_stories", "month_asked"):
        db.conn.execute(f"DROP TABLE IF EXISTS temp.{table}")
    asked = {"since": since, "until": until, "portal": portal}
    db.conn.execute("CREATE TEMP TABLE month_asked (since TEXT, until TEXT, portal TEXT)")
    db.conn.execute("INSERT INTO month_asked VALUES (:since, :until, :portal)", asked)
    # published_at is UTC and indexed; a local day begins at most 14 hours off it.
    db.conn.execute(
        "CREATE TEMP TABLE month_articles"
        " (id INTEGER PRIMARY KEY, portal, story, day, out_at, section, dateline, author, image, minute, word_count)"
    )
    db.conn.execute(
        "INSERT INTO month_articles"
        " SELECT id, portal, story, substr(published_local, 1, 10) AS day, out_at, section, dateline,"
        " author IS NOT NULL AS author, image_url IS NOT NULL AS image,"
        " published_precision IN ('second', 'minute') AS minute, word_count"
        " FROM articles"
        " WHERE published_at >= date(:since, '-1 day') AND published_at < date(:until, '+2 days')"
        " AND substr(published_local, 1, 10) BETWEEN :since AND :until AND (:portal IS NULL OR portal = :portal)",
        asked,
    )
    db.conn.execute(
        "CREATE TEMP TABLE month_stories AS"
        " SELECT stories.id, first_at, first.portal AS first_portal,"
        " substr(coalesce(first.published_local, first.out_at), 1, 10) AS day"
        " FROM stories JOIN articles AS first ON first.id = original"
        " WHERE first_at >= date(:since, '-2 days') AND first_at < date(:until, '+3 days')"
        " AND day BETWEEN :since AND :until",
        asked,
    )


def names(db: Database) -> dict[str, str]:
    """Return the names of all portals by id."""
    return dict(db.conn.execute("SELECT id, name FROM portals"))


def by_day(db: Database) -> list[tuple[str, str, int]]:
    """Return (portal, day, articles) for every day on which a portal published."""
    return list(db.conn.execute("SELECT portal, day, count(*) FROM month_articles GROUP BY portal, day"))


def sections(db: Database) -> list[tuple[str | None, int]]:
    """Return sections with their articles, the largest first; capitals do not count; null: the page names none."""
    return list(
        db.conn.execute(
            "SELECT section, count(*) AS articles FROM month_articles"
            " GROUP BY lower(section) ORDER BY articles DESC, section"
        )
    )


def places(db: Database) -> list[tuple[str, int, int]]:
    """Return (place, articles, portals) by dateline, the largest first; articles without one are left out."""
    return list(
        db.conn.execute(
            "SELECT dateline, count(*) AS articles, count(DISTINCT portal) FROM month_articles"
            " WHERE dateline IS NOT NULL GROUP BY lower(dateline) ORDER BY articles DESC, dateline"
        )
    )


def copying(db: Database) -> list[Copying]:
    """Return the pairs of portals of the month's stories, most stories first; of a named portal only its own pairs."""
    rows = db.conn.execute("""
        WITH first_copies AS (
            SELECT
                first_portal,
                articles.portal,
                min((julianday(out_at) - julianday(first_at)) * 24) AS hours -- a portal's first copy counts
            FROM month_stories
            JOIN articles ON articles.story = month_stories.id AND articles.portal <> first_portal
            GROUP BY month_stories.id, articles.portal
        ),
        ranked AS (
            SELECT
                *,
                row_number() OVER (PARTITION BY first_portal, portal ORDER BY hours) AS place,
                count(*) OVER (PARTITION BY first_portal, portal) AS number
            FROM first_copies
        )
        SELECT
            first_portal,
            portal,
            count(*) AS stories,
            round(avg(CASE WHEN place IN ((number + 1) / 2, (number + 2) / 2) THEN hours END), 2)
        FROM ranked
        WHERE (SELECT portal FROM month_asked) IS NULL OR (SELECT portal FROM month_asked) IN (first_portal, portal)
        GROUP BY first_portal, portal
        ORDER BY stories DESC, first_portal, portal
    """)
    return [Copying(*row) for row in rows]


def story_count(db: Database) -> int:
    """Return how many stories began in the month; with a named portal, those that it ran."""
    (number,) = db.conn.execute(
        "SELECT count(*) FROM month_stories WHERE (SELECT portal FROM month_asked) IS NULL OR id IN"
        " (SELECT story FROM articles WHERE portal = (SELECT portal FROM month_asked) AND story IS NOT NULL)"
    ).fetchone()
    return int(number)


def first_days(db: Database) -> dict[int, str]:
    """Return the local day of the original of each story that began in the month."""
    return dict(db.conn.execute("SELECT id, day FROM month_stories"))


def spread_of(db: Database, story: int) -> list[Appearance]:
    """Return a story's articles in the order in which they came out."""
    rows = db.conn.execute("SELECT portal, lag_hours FROM story_articles WHERE story = ? ORDER BY place", (story,))
    return [Appearance(*row) for row in rows]


def texts(db: Database, every: int = 1) -> Iterator[Text]:
    """Yield the month's texts, a story's articles all of them, in the order in which they came out.

    Of texts that are one form with other numbers in it (prices, eruptions) only the first: thirty of them would make
    all words of the form rise.
    Of every so many stories one, and so of the texts that stand alone: sample_step() says how many.
    """
    rows = db.conn.execute(
        "SELECT month_articles.story, title, body FROM month_articles JOIN articles USING (id)"
        " WHERE coalesce(month_articles.story, id) % ? = 0 AND NOT EXISTS (SELECT 1 FROM ties"
        " WHERE ties.article = month_articles.id AND ties.kind = 'template'"
        # + keeps the index of `other` out: with it, 33,000 articles took minutes
        " AND +ties.other IN (SELECT id FROM month_articles)) ORDER BY month_articles.out_at, id",
        (every,),
    )
    return (Text(*row) for row in rows)


def sample_step(db: Database, most: int) -> int:
    """Return of how many stories one is to be taken, so that there are about `most` of the month's texts."""
    (number,) = db.conn.execute("SELECT count(*) FROM month_articles").fetchone()
    return max(1, round(int(number) / most))


def institutions(db: Database) -> list[InstitutionMonth]:
    """Return the institutions whose releases are followed, those in most stories first."""
    found = []
    for name, match in db.conn.execute("SELECT name, match FROM institutions").fetchall():
        try:
            with searching(db, match):
                row = db.conn.execute(
                    "SELECT count(DISTINCT coalesce(-story, id)), count(*), count(DISTINCT portal)"
                    " FROM articles_fts CROSS JOIN month_articles ON month_articles.id = articles_fts.rowid"
                    " WHERE articles_fts MATCH ? AND articles_fts.rowid BETWEEN (SELECT min(id) FROM month_articles)"
                    " AND (SELECT max(id) FROM month_articles)",
                    (match,),
                ).fetchone()
        except SearchError:  # the table is the operator's own to fill
            row = (None, None, None)
        found.append(InstitutionMonth(name, *row))
    return sorted(found, key=lambda one: (-(one.stories or 0), -(one.articles or 0), one.name))


def portals(db: Database) -> list[PortalMonth]:
    """Return every portal that was crawled, those without an article in the month too, the largest first."""
    rows = db.conn.execute(f"""
        SELECT
            portals.id,
            portals.name,
            portals.home,
            portals.region,
            count(month_articles.id) AS articles,
            count(month_articles.id) - count(month_articles.story),
            coalesce(sum(month_articles.id = stories.original), 0),
            coalesce(sum(month_articles.id <> stories.original AND first.portal <> portals.id), 0),
            coalesce(sum(month_articles.id <> stories.original AND first.portal = portals.id), 0),
            coalesce(sum(month_articles.author), 0),
            count(month_articles.section),
            coalesce(sum(month_articles.image), 0),
            coalesce(sum(month_articles.minute), 0),
            coalesce(sum(month_articles.word_count), 0),
            (
                SELECT count(*) FROM articles
                WHERE portal = portals.id AND published_at IS NULL
                    AND substr(first_seen_at, 1, 10) BETWEEN since AND until
            ),
            (
                SELECT count(*) FROM urls
                WHERE portal = portals.id AND {LOST}
                    AND substr(tried_at, 1, 10) BETWEEN since AND until
            ),
            {_HEALTH}
        FROM month_asked
        JOIN portals ON month_asked.portal IS NULL OR month_asked.portal = portals.id
        LEFT JOIN month_articles ON month_articles.portal = portals.id
        LEFT JOIN stories ON stories.id = month_articles.story
        LEFT JOIN articles AS first ON first.id = stories.original
        GROUP BY portals.id
        ORDER BY articles DESC, portals.id
    """)  # noqa: S608 - our own words
    return [PortalMonth(*(*row, read_reasons(reasons))) for *row, reasons in rows]
