"""Views as they answer in a large archive, for the migration that adds them.

COLUMNS, INDEXES and FILL are never edited. A view may be: then a migration at the end of schema.py drops and makes it
anew, as agreement_at_scale() does, so that an archive which has the older form gets the newer one.

Measured with 100,000 articles, CPU-ms before / after: 20 rows of latest_articles 253 / .1, articles_by_day 229 / .1,
story_articles 86 / .1, dates_to_check 160 / .1; portal_shares 310 / 30, portal_overview 192 / 4, date_agreement of one
portal 210 / 7. What that costs an article: 87 bytes. `INDEXED BY` stands where SQLite 3.40, without statistics, takes
another index and reads each article's row.
"""

COLUMNS = (
    """
ALTER TABLE articles ADD COLUMN
    local_day TEXT GENERATED ALWAYS AS (
        -- the day of publication on the portal's clock; null without a date
        substr(published_local, 1, 10)
    ) VIRTUAL
""",
    *(
        f"ALTER TABLE stories ADD COLUMN {column}"
        for column in (
            "portals_1h INTEGER NOT NULL DEFAULT 0 /* other portals than the original's within an hour of it */",
            "portals_6h INTEGER NOT NULL DEFAULT 0 /* ... within 6 hours */",
            "portals_24h INTEGER NOT NULL DEFAULT 0 /* ... within 24 hours */",
            "first_copy_hours REAL /* until the first copy on another portal; null if it stands on one portal only */",
        )
    ),
)

FILL = """
UPDATE stories
SET (portals_1h, portals_6h, portals_24h, first_copy_hours) = (
    SELECT
        count(DISTINCT CASE WHEN late_s <= 3600 THEN portal END),
        count(DISTINCT CASE WHEN late_s <= 21600 THEN portal END),
        count(DISTINCT CASE WHEN late_s <= 86400 THEN portal END),
        round(min(late_s) / 3600.0, 2)
    FROM (
        SELECT articles.portal, strftime('%s', articles.out_at) - strftime('%s', stories.first_at) AS late_s
        FROM articles
        WHERE articles.story = stories.id
            AND articles.portal <> (SELECT portal FROM articles AS first WHERE first.id = stories.original)
    )
)
"""

INDEXES = (
    "CREATE INDEX articles_newest ON articles (coalesce(published_at, first_seen_at))",
    "CREATE INDEX articles_days ON articles (portal, local_day, word_count)",
    "CREATE INDEX articles_portal_story ON articles (portal, story)",
    "CREATE INDEX articles_story_out ON articles (story, out_at) WHERE story IS NOT NULL",
    "DROP INDEX articles_story",
    """
CREATE INDEX dates_far ON dates (article)
WHERE judged = 'published' AND NOT won AND precision <> 'approximate' AND abs(offset_s) > 86400
""",
    "CREATE INDEX urls_failed ON urls (portal, outcome) WHERE outcome = 'failed'",
    "CREATE INDEX stories_largest ON stories (articles DESC, portals DESC, first_at DESC)",
    """
CREATE INDEX stories_fastest ON stories (portals_6h DESC, first_copy_hours, first_at DESC)
WHERE first_copy_hours IS NOT NULL
""",
)

VIEWS = {
    "latest_articles": """
CREATE VIEW latest_articles AS
    -- the articles, newest first, for people to read
    SELECT
        articles.id,
        portals.name AS portal,
        articles.published_local,
        articles.title,
        articles.author,
        articles.section,
        articles.word_count,
        articles.url,
        articles.access
    FROM articles
    LEFT JOIN portals ON portals.id = articles.portal
    ORDER BY coalesce(articles.published_at, articles.first_seen_at) DESC
""",
    "articles_by_day": """
CREATE VIEW articles_by_day AS
    -- how many articles each portal published on each local day
    SELECT portal, local_day AS day, count(*) AS articles, sum(word_count) AS words
    FROM articles INDEXED BY articles_days
    WHERE local_day IS NOT NULL
    GROUP BY portal, local_day
""",
    "portal_overview": """
CREATE VIEW portal_overview AS
    -- one row per portal: how many articles, from when to when, and how its last crawl went
    SELECT
        portals.id AS portal,
        portals.name,
        (
            SELECT count(*) FROM articles INDEXED BY articles_portal_published WHERE articles.portal = portals.id
        ) AS articles,
        (
            SELECT min(published_at) FROM articles INDEXED BY articles_portal_published
            WHERE articles.portal = portals.id
        ) AS first_published_at,
        (
            SELECT max(published_at) FROM articles INDEXED BY articles_portal_published
            WHERE articles.portal = portals.id
        ) AS last_published_at,
        (
            (SELECT count(*) FROM urls INDEXED BY urls_due WHERE urls.portal = portals.id AND outcome = 'pending')
            + (SELECT count(*) FROM urls INDEXED BY urls_failed WHERE urls.portal = portals.id AND outcome = 'failed')
        ) AS unsettled_urls,
        crawls.started_at AS last_crawl_at,
        crawls.finish AS last_finish,
        crawls.stored AS last_stored
    FROM portals
    LEFT JOIN crawls ON crawls.id = coalesce(
        portals.last_crawl,
        (SELECT max(id) FROM crawls WHERE crawls.portal = portals.id)
    )
""",
    "same_text": """
CREATE VIEW same_text AS
    -- articles whose text is published, word for word, at more than one address
    SELECT text_hash, id, portal, published_at, title, url
    FROM articles
    WHERE EXISTS (
        SELECT 1 FROM articles AS other WHERE other.text_hash = articles.text_hash AND other.id <> articles.id
    )
    ORDER BY text_hash, published_at
""",
    "date_agreement": """
CREATE VIEW date_agreement AS
    -- for each dated article: where its date was printed, how, and how many of its other dates agree
    SELECT
        articles.id,
        articles.portal,
        articles.published_at,
        articles.published_source AS source,
        articles.published_text AS text,
        count(*) FILTER (WHERE others.apart_s <= 900) AS agree, -- within 15 minutes, or the same day
        count(*) FILTER (WHERE others.apart_s > 900) AS disagree,
        max(others.apart_s) AS farthest_s -- null if no other source counts
    FROM articles
    LEFT JOIN (
        SELECT
            article,
            CASE
                WHEN judged = 'published' AND NOT won AND said_at IS NOT NULL AND precision <> 'approximate'
                THEN abs(offset_s)
            END AS apart_s
        FROM dates
    ) AS others ON others.article = articles.id
    WHERE articles.published_at IS NOT NULL
    GROUP BY articles.id, articles.portal
""",
    "dates_to_check": """
CREATE VIEW dates_to_check AS
    -- articles whose printed dates are more than a day apart, for a person to check; the farthest first
    SELECT
        articles.id,
        articles.portal,
        articles.url,
        articles.published_local,
        articles.published_source AS source,
        articles.published_text AS text,
        round(max(abs(others.offset_s)) / 86400.0, 1) AS days_apart,
        group_concat(others.source || ': ' || others.text, '; ') AS others_say
    FROM dates AS others INDEXED BY dates_far
    CROSS JOIN articles ON articles.id = others.article
    WHERE others.judged = 'published' AND NOT others.won
        AND others.precision <> 'approximate' AND abs(others.offset_s) > 86400
    GROUP BY articles.id, articles.portal
    ORDER BY days_apart DESC
""",
    # A CROSS JOIN, that articles come first: an index has them in this order.
    "story_articles": """
CREATE VIEW story_articles AS
    -- one row per article of a story, in the order of publication
    SELECT
        articles.story,
        1 + (
            SELECT count(*) FROM articles AS earlier
            WHERE earlier.story = articles.story AND earlier.out_at < articles.out_at
        ) + (
            SELECT count(*) FROM articles AS earlier
            WHERE earlier.story = articles.story AND earlier.out_at = articles.out_at
                AND (earlier.first_seen_at, earlier.url_key) < (articles.first_seen_at, articles.url_key)
        ) AS place,              -- 1 is the original
        CASE WHEN articles.id = stories.original THEN 'original' ELSE 'copy' END AS role,
        articles.id,
        articles.portal,
        articles.out_at,
        articles.published_local,
        articles.published_precision,
        round((julianday(articles.out_at) - julianday(stories.first_at)) * 24, 2) AS lag_hours,
        articles.first_seen_at,
        articles.title,
        articles.url
    FROM articles
    CROSS JOIN stories ON stories.id = articles.story
    WHERE articles.story IS NOT NULL
    ORDER BY articles.story, articles.out_at, articles.first_seen_at, articles.url_key
""",
    "largest_stories": """
CREATE VIEW largest_stories AS
    -- stories by size: how many articles and portals, who was first, over how long
    SELECT
        stories.id AS story,
        stories.articles,
        stories.portals,
        original.portal AS first_portal,
        stories.first_at,
        round((julianday(stories.last_at) - julianday(stories.first_at)) * 24, 2) AS hours,
        original.title,
        original.url
    FROM stories
    LEFT JOIN articles AS original ON original.id = stories.original
    ORDER BY stories.articles DESC, stories.portals DESC, stories.first_at DESC
""",
    "fastest_stories": """
CREATE VIEW fastest_stories AS
    -- stories by speed: how many other portals had it within 1, 6 and 24 hours
    SELECT
        stories.id AS story,
        stories.portals_1h,
        stories.portals_6h,
        stories.portals_24h,
        stories.first_copy_hours,
        stories.articles,
        original.portal AS first_portal,
        stories.first_at,
        original.title,
        original.url
    FROM stories
    LEFT JOIN articles AS original ON original.id = stories.original
    WHERE stories.first_copy_hours IS NOT NULL
    ORDER BY stories.portals_6h DESC, stories.first_copy_hours, stories.first_at DESC
""",
    "portal_shares": """
CREATE VIEW portal_shares AS
    -- how much of each portal is its own: articles alone, originals that others copied, copies of others
    SELECT
        portal,
        articles,
        articles - originals - copies - repeats AS alone,
        originals,
        copies,
        repeats,                 -- of its own
        round(1.0 * copies / articles, 4) AS copied_share
    FROM (
        SELECT
            portals.id AS portal,
            (
                SELECT count(*) FROM articles INDEXED BY articles_portal_story WHERE articles.portal = portals.id
            ) AS articles,
            (
                SELECT count(*)
                FROM articles INDEXED BY articles_portal_story
                JOIN stories ON stories.id = articles.story AND stories.original = articles.id
                WHERE articles.portal = portals.id AND articles.story > 0
            ) AS originals,
            (
                SELECT count(*)
                FROM articles INDEXED BY articles_portal_story
                JOIN stories ON stories.id = articles.story AND stories.original <> articles.id
                JOIN articles AS first ON first.id = stories.original
                WHERE articles.portal = portals.id AND articles.story > 0 AND first.portal <> portals.id
            ) AS copies,
            (
                SELECT count(*)
                FROM articles INDEXED BY articles_portal_story
                JOIN stories ON stories.id = articles.story AND stories.original <> articles.id
                JOIN articles AS first ON first.id = stories.original
                WHERE articles.portal = portals.id AND articles.story > 0 AND first.portal = portals.id
            ) AS repeats
        FROM portals
    )
    WHERE articles > 0
""",
}

STATEMENTS = (
    *COLUMNS,
    *INDEXES[:6],
    FILL,
    *INDEXES[6:],
    *(statement for name, view in VIEWS.items() for statement in (f"DROP VIEW {name}", view)),
)
