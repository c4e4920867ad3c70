"""Each story's first copy on each other portal, kept as stories are drawn, for the migration that adds it.

Who copies whom, and whose a story is, no longer reads articles. CPU-ms with 100,000 articles, before / after:
who_copies_whom 33 / 19, its first rows 33 / 2, portal_shares 50 / 8, largest_stories of one portal 98 / .2,
latest_articles of one portal 146 / 6 (by the index of names). A row takes some 90 bytes; 6 articles of 100 have one.
Released statements are never edited.
"""

TABLE = """
CREATE TABLE first_copies (
    -- when each portal but the first published a story; the view who_copies_whom counts them
    story INTEGER NOT NULL REFERENCES stories(id) ON DELETE CASCADE,
    portal TEXT NOT NULL REFERENCES portals(id),
    first_portal TEXT NOT NULL REFERENCES portals(id), -- that of the original
    lag_s INTEGER NOT NULL,     -- seconds from the original to this portal's first copy
    PRIMARY KEY (story, portal)
) STRICT, WITHOUT ROWID
"""
COLUMN = "ALTER TABLE stories ADD COLUMN first_portal TEXT REFERENCES portals(id) /* that of the original */"
FILL = (
    "UPDATE stories SET first_portal = (SELECT portal FROM articles WHERE id = stories.original)",
    """
INSERT INTO first_copies (story, portal, first_portal, lag_s)
SELECT
    stories.id,
    articles.portal,
    stories.first_portal,
    min(strftime('%s', articles.out_at) - strftime('%s', stories.first_at))
FROM stories
JOIN articles ON articles.story = stories.id
WHERE articles.portal <> stories.first_portal
GROUP BY stories.id, articles.portal
""",
)
INDEXES = (
    "CREATE INDEX first_copies_pair ON first_copies (first_portal, portal, lag_s)",
    "CREATE INDEX stories_first_portal ON stories (first_portal)",
    "CREATE INDEX portals_name ON portals (name)",
)
VIEWS = {
    # A LEFT JOIN, that articles come first: by a large archive's statistics a JOIN took each portal's and sorted all.
    # Asked for one portal, SQLite makes it a JOIN by itself.
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
    "largest_stories": """
CREATE VIEW largest_stories AS
    -- stories by size: how many articles and portals, who was first, over how long
    SELECT
        stories.id AS story,
        stories.articles,
        stories.portals,
        stories.first_portal,
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
        stories.first_portal,
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
        articles - in_stories AS alone,
        originals,
        in_stories - own AS copies,
        own - originals AS repeats, -- of its own
        round(1.0 * (in_stories - own) / articles, 4) AS copied_share
    FROM (
        SELECT
            portals.id AS portal,
            (
                SELECT count(*) FROM articles INDEXED BY articles_portal_story WHERE articles.portal = portals.id
            ) AS articles,
            (
                SELECT count(*) FROM articles INDEXED BY articles_portal_story
                WHERE articles.portal = portals.id AND articles.story > 0
            ) AS in_stories,
            (SELECT count(*) FROM stories WHERE stories.first_portal = portals.id) AS originals,
            (
                SELECT count(*)
                FROM stories INDEXED BY stories_first_portal
                CROSS JOIN articles INDEXED BY articles_portal_story
                    ON articles.portal = portals.id AND articles.story = stories.id
                WHERE stories.first_portal = portals.id
            ) AS own                 -- in stories with which it was first
        FROM portals
        GROUP BY portals.id          -- or SQLite counts anew wherever a count is named
    )
    WHERE articles > 0
""",
    # The median of a pair is looked up for the rows that are asked for, after they were put in order.
    "who_copies_whom": """
CREATE VIEW who_copies_whom AS
    -- pairs of portals: how many stories of the first one the second one copied, and how much later (median)
    SELECT
        first_portal,
        portal,
        stories,
        (
            SELECT round(avg(lag_s) / 3600.0, 2)
            FROM (
                SELECT lag_s, row_number() OVER (ORDER BY lag_s) AS place
                FROM first_copies
                WHERE first_copies.first_portal = pairs.first_portal AND first_copies.portal = pairs.portal
            )
            WHERE place IN ((pairs.stories + 1) / 2, (pairs.stories + 2) / 2)
        ) AS median_lag_hours
    FROM (
        SELECT first_portal, portal, count(*) AS stories
        FROM first_copies
        GROUP BY first_portal, portal
        ORDER BY stories DESC, first_portal, portal
    ) AS pairs
""",
}

STATEMENTS = (
    TABLE,
    COLUMN,
    *FILL,
    *INDEXES,
    *(statement for name, view in VIEWS.items() for statement in (f"DROP VIEW {name}", view)),
)
