"""The tables and views of a desk's own releases, for the migration that adds them; released statements stay."""

TABLES = (
    """
CREATE TABLE releases (
    -- a desk's own press release; it is not an article, and is not counted as one
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,   -- its file, below the folder that was added; a CSV's name; or its article's url_key
    unit TEXT,                   -- who sent it: Polres Ngawi; null if not said
    title TEXT NOT NULL,         -- its first line where the file has no title
    body TEXT NOT NULL CHECK (body <> ''), -- as it was sent, with letterhead; an empty line between paragraphs
    released_at TEXT NOT NULL,   -- UTC; where only the day is known its local midnight
    released_local TEXT NOT NULL, -- the same moment on the desk's clock: 2024-06-27T14:10:00+07:00
    released_precision TEXT NOT NULL CHECK (released_precision IN ('minute', 'day')),
    portal TEXT REFERENCES portals(id), -- the desk's own portal, if it comes from there; null for a file
    article INTEGER REFERENCES articles(id) ON DELETE SET NULL, -- its page there; null for a file
    text_hash TEXT NOT NULL,     -- as articles.text_hash
    method INTEGER NOT NULL,     -- the version of the method that compared it; 0 if it must be compared again
    added_at TEXT NOT NULL
) STRICT
""",
    """
CREATE TABLE release_marks (
    -- index to find carriers: an article shares two or more of these with its release, in a week near it
    week INTEGER NOT NULL,       -- of released_at, counted from 1 January 1970
    hash INTEGER NOT NULL,
    release INTEGER NOT NULL REFERENCES releases(id) ON DELETE CASCADE,
    PRIMARY KEY (week, hash, release)
) STRICT, WITHOUT ROWID
""",
    """
CREATE TABLE carried (
    -- an article with a release's text, judged by the two texts; the view release_articles adds copies of the article
    release INTEGER NOT NULL REFERENCES releases(id) ON DELETE CASCADE,
    article INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    kind TEXT NOT NULL           -- copy; contains (a roundup) and part (some passages) are for a person to check
        CHECK (kind IN ('copy', 'contains', 'part')),
    reason TEXT NOT NULL,        -- the rule that decided
    share REAL NOT NULL,         -- of the release's passages, without letterhead and signature, that the article has
    own REAL NOT NULL,           -- share of the article's passages that the release does not have
    PRIMARY KEY (release, article)
) STRICT, WITHOUT ROWID
""",
    """
CREATE TABLE reported_links (
    -- an address where, as somebody reported, a release was published
    url_key TEXT PRIMARY KEY,    -- as articles.url_key
    url TEXT NOT NULL,           -- as it was reported
    reported_at TEXT NOT NULL    -- when scrapy releases links first read it
) STRICT, WITHOUT ROWID
""",
)

INDEXES = (
    "CREATE INDEX releases_released ON releases (released_at)",
    "CREATE INDEX releases_text_hash ON releases (text_hash)",
    "CREATE INDEX releases_article ON releases (article) WHERE article IS NOT NULL",
    "CREATE INDEX releases_portal ON releases (portal) WHERE portal IS NOT NULL",
    "CREATE INDEX release_marks_release ON release_marks (release)",
    "CREATE INDEX carried_article ON carried (article)",
)


def _crawled_and_sent(columns: tuple[str, ...], where: str) -> str:
    """Return what both queries begin with: the portals that are not a desk's own, and the releases that are chosen.

    A portal could have carried a release if it published between its `since` and `until`, and was crawled later.
    """
    listed = ",\n            ".join(columns)
    return f"""WITH crawled AS MATERIALIZED (
        SELECT
            id AS portal,
            (
                SELECT started_at FROM crawls WHERE crawls.portal = portals.id AND finish = 'finished'
                ORDER BY started_at DESC LIMIT 1
            ) AS last_at
        FROM portals
        WHERE id NOT IN (SELECT portal FROM releases WHERE portal IS NOT NULL)
    ),
    sent AS MATERIALIZED (
        SELECT
            {listed},
            strftime('%Y-%m-%dT%H:%M:%SZ', released_at, '-1 day') AS since,
            strftime('%Y-%m-%dT%H:%M:%SZ', released_at, '+3 days') AS until
        FROM (SELECT id AS release, unit, released_at, substr(released_local, 1, 10) AS day FROM releases)
        WHERE {where}
    )"""  # noqa: S608 - conditions of ours


def portal_releases(where: str = "true") -> str:
    """Return the query behind the view portal_releases, of the releases that a condition on `day` and `unit` chooses.

    A condition on the view itself would be asked after all pairs are made.
    """
    return f"""
    {_crawled_and_sent(("release", "unit", "day", "released_at"), where)}
    SELECT
        reached.portal,
        sent.release,
        sent.unit,
        sent.day,
        max(reached.carried) AS carried,
        min(reached.lag_hours) AS first_hours -- hours to its first copy; null if none, or if an hour is not known
    FROM (
        SELECT crawled.portal, sent.release, 0 AS carried, NULL AS lag_hours
        FROM sent
        JOIN crawled ON crawled.last_at >= sent.released_at
        WHERE EXISTS (
            SELECT 1 FROM articles
            WHERE articles.portal = crawled.portal AND published_at BETWEEN sent.since AND sent.until
        )
        UNION ALL
        SELECT portal, release, 1, lag_hours FROM release_articles WHERE kind = 'copy'
    ) AS reached
    JOIN sent ON sent.release = reached.release
    GROUP BY reached.portal, sent.release"""  # noqa: S608 - conditions of ours


def portal_league(span: str, where: str) -> str:
    """Return the query of portals by span, of the releases that a condition on `day` and `unit` chooses.

    It counts what portal_releases() has, without making a row of each portal and release: a third of the time. The
    releases of a day are looked at together: a portal that published within the hours that they share, from the last
    one's first to the first one's last, could have carried all of them. Only otherwise is each looked at by itself.
    """
    could = """released_at <= last_at AND EXISTS (
            SELECT 1 FROM articles WHERE articles.portal = crawled.portal AND published_at BETWEEN since AND until
        )"""
    return f"""
    {_crawled_and_sent(("release", "day", "released_at", f"{span} AS span"), where)},
    days AS MATERIALIZED (
        SELECT span, day, count(*) AS number, max(released_at) AS released_at, max(since) AS since, min(until) AS until
        FROM sent
        GROUP BY span, day
    ),
    copied AS MATERIALIZED (
        SELECT
            sent.span,
            portal,
            min(lag_hours) AS first_hours,
            min(out_at || portal) = min(min(out_at || portal)) OVER (PARTITION BY release) AS is_first,
            ({could}) IS NOT TRUE AS could_not
        FROM release_articles AS found
        JOIN sent USING (release)
        JOIN crawled USING (portal)
        WHERE kind = 'copy'
        GROUP BY portal, release
    )
    SELECT
        span,
        portal,
        sum(releases) AS releases,
        sum(carried) AS carried,
        round(1.0 * sum(carried) / sum(releases), 4) AS share,
        sum(is_first),
        round(avg(first_hours), 2) AS hours,
        sum(carried) AS articles
    FROM (
        SELECT
            span,
            portal,
            (
                SELECT sum(iif(
                    {could},
                    number,
                    (SELECT count(*) FROM sent WHERE sent.day = days.day AND sent.span IS days.span AND {could})
                ))
                FROM days
                WHERE days.span IS spans.span
            ) AS releases,
            0 AS carried,
            0 AS is_first,
            NULL AS first_hours
        FROM (SELECT DISTINCT span FROM sent) AS spans
        CROSS JOIN crawled
        UNION ALL
        SELECT span, portal, could_not, 1, is_first, first_hours FROM copied
    )
    GROUP BY span, portal
    HAVING sum(releases) > 0"""  # noqa: S608 - conditions of ours


VIEWS = (
    """
CREATE VIEW release_articles AS
    -- one row per article that carries a release: by its own text, or because it copies an article that does
    SELECT
        found.release,
        found.article,
        found.kind,                 -- copy counts as carried; contains and part are for a person to check
        articles.portal,
        articles.out_at,
        articles.published_local,
        CASE                        -- null where the release or the article is known to the day only
            WHEN releases.released_precision = 'minute' AND articles.published_precision IN ('second', 'minute')
            THEN round((julianday(articles.out_at) - julianday(releases.released_at)) * 24, 2)
        END AS lag_hours,
        CAST(                       -- days from the release to the article; below 0: published before it
            julianday(substr(coalesce(articles.published_local, articles.out_at), 1, 10))
            - julianday(substr(releases.released_local, 1, 10)) AS INTEGER
        ) AS lag_days,
        articles.title = releases.title AS same_title,
        found.share,                -- null if it carries the release only as a copy of another article
        found.own,
        found.reason,
        articles.title,
        articles.url
    FROM (
        SELECT
            release,
            article,
            CASE WHEN max(copied) THEN 'copy' ELSE max(kind) END AS kind,
            max(share) AS share,
            max(own) AS own,
            coalesce(max(reason), 'in a story with a copy') AS reason
        FROM (
            SELECT release, article, kind, kind = 'copy' AS copied, share, own, reason
            FROM carried
            UNION ALL
            SELECT carried.release, others.id, NULL, 1, NULL, NULL, NULL
            FROM carried  -- from here: there are fewer of them than of articles in stories
            CROSS JOIN articles AS one ON one.id = carried.article
            CROSS JOIN articles AS others ON others.story = one.story
            WHERE carried.kind = 'copy'
        )
        GROUP BY release, article
    ) AS found
    -- beginning with found: SQLite would begin with all articles
    CROSS JOIN releases ON releases.id = found.release
    CROSS JOIN articles ON articles.id = found.article
    WHERE articles.portal NOT IN (SELECT portal FROM releases WHERE portal IS NOT NULL)
""",
    """
CREATE VIEW releases_overview AS
    -- one row per release, also those that nobody carried: on how many portals, who was first, how fast
    SELECT
        releases.id AS release,
        releases.name,
        releases.unit,
        releases.title,
        releases.released_at,
        releases.released_local,
        releases.released_precision,
        substr(releases.released_local, 1, 10) AS day,
        count(CASE WHEN carriers.kind = 'copy' THEN 1 END) AS articles,
        count(DISTINCT CASE WHEN carriers.kind = 'copy' THEN carriers.portal END) AS portals,
        count(CASE WHEN carriers.kind <> 'copy' THEN 1 END) AS parts, -- roundups and shared passages, to be checked
        substr(min(CASE WHEN carriers.kind = 'copy' THEN carriers.out_at || carriers.portal END), 21) AS first_portal,
        min(CASE WHEN carriers.kind = 'copy' THEN carriers.out_at END) AS first_at,
        min(CASE WHEN carriers.kind = 'copy' THEN carriers.lag_hours END) AS first_hours -- null: see lag_hours
    FROM releases
    LEFT JOIN release_articles AS carriers ON carriers.release = releases.id
    GROUP BY releases.id
""",
    """
CREATE VIEW unit_league AS
    -- one row per unit: releases that it sent, how many of them were carried, in how many articles
    SELECT
        unit,                       -- null: releases without a unit
        count(*) AS releases,
        sum(articles > 0) AS carried,
        sum(articles = 0) AS nowhere,
        sum(articles) AS articles,
        max(portals) AS widest_portals,
        round(avg(first_hours), 2) AS mean_first_hours -- over those for which it is known
    FROM releases_overview
    GROUP BY unit
    ORDER BY articles DESC, carried DESC, unit
""",
    f"""
CREATE VIEW portal_releases AS
    -- one row per portal and release that it carried or could have: it published in those days, and was crawled later
    {portal_releases()}
""",
    """
CREATE VIEW portal_reach AS
    -- one row per portal: how many of the releases that it could have carried it did; those with none are last
    SELECT
        portal,
        count(*) AS releases,
        sum(carried) AS carried,
        round(avg(carried), 4) AS share
    FROM portal_releases
    GROUP BY portal
    ORDER BY carried DESC, releases DESC, portal
""",
)

STATEMENTS = (*TABLES, *INDEXES, *VIEWS)

# Added later, in place of the view above: of 1,000 releases and 200 portals it took half a second of CPU.
REACH = f"""
CREATE VIEW portal_reach AS
    -- one row per portal: how many of the releases that it could have carried it did; those with none are last
    SELECT portal, releases, carried, share
    FROM ({portal_league("NULL", "true")}
    )
    ORDER BY carried DESC, releases DESC, portal
"""  # noqa: S608 - our own words
