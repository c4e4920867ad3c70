"""The tables and views of stories, for the migration that adds them; released statements are never edited."""

# By when an article was surely out. A day stands for all its hours, so an article dated to the day is not taken to be
# earlier than one of that morning; one without a date was out when it said it was updated, and when we first saw it.
OUT_AT = """
ALTER TABLE articles ADD COLUMN
    out_at TEXT GENERATED ALWAYS AS (
        -- UTC; by then it was certainly published: published_at; if only the day is known, the end of that day or
        -- first_seen_at, whichever is earlier; without a date, updated_at or first_seen_at
        CASE
            WHEN published_at IS NULL THEN min(first_seen_at, coalesce(updated_at, first_seen_at))
            WHEN published_precision IN ('day', 'approximate') THEN
                max(published_at, min(first_seen_at, strftime('%Y-%m-%dT%H:%M:%SZ', published_at, '+86399 seconds')))
            ELSE published_at
        END
    ) VIRTUAL
"""

STORY = """
ALTER TABLE articles ADD COLUMN
    story INTEGER -- the story of all articles with its text; null if no other article has it
    REFERENCES stories(id)
"""

TABLES = (
    """
CREATE TABLE stories (
    -- a story: all articles with one text, on one portal or several
    id INTEGER PRIMARY KEY,      -- the lowest id of its articles, also after two stories became one
    original INTEGER NOT NULL REFERENCES articles(id),   -- the first by out_at, then by first_seen_at
    first_seen INTEGER NOT NULL REFERENCES articles(id), -- the first by first_seen_at, then by out_at
    first_at TEXT NOT NULL,      -- out_at of the original
    last_at TEXT NOT NULL,       -- the latest out_at of its articles
    articles INTEGER NOT NULL,   -- two or more
    portals INTEGER NOT NULL,    -- on how many portals they are
    parted INTEGER NOT NULL      -- 1 if it was kept apart from texts that only share its template; else 0
) STRICT
""",
    """
CREATE TABLE ties (
    -- how two articles are related, with the figures that decided; articles that are copies form a story
    article INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE, -- the later one; of a roundup, the roundup
    other INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,   -- the earlier one; what a roundup contains
    kind TEXT NOT NULL           -- copy, contains (a roundup), follow-up, template (other numbers in the same words)
        CHECK (kind IN ('copy', 'contains', 'follow-up', 'template')),
    reason TEXT NOT NULL,        -- the rule that decided
    containment REAL NOT NULL,   -- share of the shorter text's passages of five words that the longer one has
    jaccard REAL NOT NULL,       -- shared passages, divided by all passages of both
    length_ratio REAL NOT NULL,  -- length of the shorter text, divided by that of the longer
    opening REAL NOT NULL,       -- share of the first 60 words that both have
    new_words REAL NOT NULL,     -- share of the shorter text's different words that the longer one lacks
    added INTEGER NOT NULL,      -- the most words in a row that only the longer text has
    numbers_kept INTEGER NOT NULL,    -- numbers and days that are the same in both, in the same words
    numbers_changed INTEGER NOT NULL, -- ... with another value
    method INTEGER NOT NULL,     -- the version of the method that judged
    PRIMARY KEY (article, other)
) STRICT, WITHOUT ROWID
""",
    "CREATE INDEX ties_other ON ties (other)",
    """
CREATE TABLE sketches (
    -- the hashes of an article in the table marks; no row: not compared yet, see scrapy restory
    article INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
    method INTEGER NOT NULL,     -- the version of the method that made it; 0 if the article changed since
    week INTEGER NOT NULL,       -- of out_at, counted from 1 January 1970
    hashes BLOB NOT NULL         -- signed 32-bit numbers, little-endian; empty for a text too short to compare
) STRICT
""",
    """
CREATE TABLE marks (
    -- index to find copies: a copy shares two or more of these with its original, in a week near it
    week INTEGER NOT NULL,
    hash INTEGER NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (week, hash, article)
) STRICT, WITHOUT ROWID
""",
    """
CREATE TABLE institutions (
    -- institutions to follow: enter your own; the view institution_reach counts them
    name TEXT PRIMARY KEY,       -- Polres Ngawi
    match TEXT NOT NULL          -- the full-text search that finds texts that name it: "polres ngawi"
) STRICT
""",
)

INDEXES = (
    "CREATE INDEX articles_story ON articles (story) WHERE story IS NOT NULL",
    "CREATE INDEX stories_first ON stories (first_at)",
)

# Whoever changes what a story is made of calls stories.resettle(); this is for whoever forgets, and for other programs.
TRIGGERS = (
    """
CREATE TRIGGER articles_unsettled
AFTER UPDATE OF portal, title, body, text_hash, published_at, published_precision, updated_at, first_seen_at ON articles
WHEN (old.portal, old.title, old.body, old.text_hash, old.out_at, old.first_seen_at)
    IS NOT (new.portal, new.title, new.body, new.text_hash, new.out_at, new.first_seen_at)
BEGIN
    -- its story is to be settled again: by who changed it, or by the next scrapy restory
    UPDATE sketches SET method = 0 WHERE article = new.id;
END
""",
)

VIEWS = (
    """
CREATE VIEW story_articles AS
    -- one row per article of a story, in the order of publication
    SELECT
        articles.story,
        row_number() OVER spread AS place,              -- 1 is the original
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
    JOIN stories ON stories.id = articles.story
    WINDOW spread AS (PARTITION BY articles.story ORDER BY articles.out_at, articles.first_seen_at, articles.url_key)
    ORDER BY articles.story, place
""",
    """
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
    JOIN articles AS original ON original.id = stories.original
    ORDER BY stories.articles DESC, stories.portals DESC, stories.first_at DESC
""",
    """
CREATE VIEW fastest_stories AS
    -- stories by speed: how many other portals had it within 1, 6 and 24 hours
    SELECT
        stories.id AS story,
        count(DISTINCT CASE WHEN lag.hours <= 1 THEN lag.portal END) AS portals_1h,
        count(DISTINCT CASE WHEN lag.hours <= 6 THEN lag.portal END) AS portals_6h,
        count(DISTINCT CASE WHEN lag.hours <= 24 THEN lag.portal END) AS portals_24h,
        round(min(lag.hours), 2) AS first_copy_hours,
        stories.articles,
        original.portal AS first_portal,
        stories.first_at,
        original.title,
        original.url
    FROM stories
    JOIN articles AS original ON original.id = stories.original
    JOIN (
        SELECT
            articles.story,
            articles.portal,
            (julianday(articles.out_at) - julianday(stories.first_at)) * 24 AS hours,
            first.portal AS first_portal
        FROM articles
        JOIN stories ON stories.id = articles.story
        JOIN articles AS first ON first.id = stories.original
    ) AS lag ON lag.story = stories.id AND lag.portal <> lag.first_portal
    GROUP BY stories.id
    ORDER BY portals_6h DESC, first_copy_hours, stories.first_at DESC
""",
    """
CREATE VIEW portal_shares AS
    -- how much of each portal is its own: articles alone, originals that others copied, copies of others
    SELECT
        articles.portal,
        count(*) AS articles,
        sum(articles.story IS NULL) AS alone,
        sum(coalesce(articles.id = stories.original, 0)) AS originals,
        sum(coalesce(articles.id <> stories.original AND first.portal <> articles.portal, 0)) AS copies,
        sum(coalesce(articles.id <> stories.original AND first.portal = articles.portal, 0)) AS repeats, -- of its own
        round(avg(coalesce(articles.id <> stories.original AND first.portal <> articles.portal, 0)), 4) AS copied_share
    FROM articles
    LEFT JOIN stories ON stories.id = articles.story
    LEFT JOIN articles AS first ON first.id = stories.original
    GROUP BY articles.portal
""",
    """
CREATE VIEW who_copies_whom AS
    -- pairs of portals: how many stories of the first one the second one copied, and how much later (median)
    SELECT
        first_portal,
        portal,
        count(*) AS stories,
        round(avg(CASE WHEN place IN ((number + 1) / 2, (number + 2) / 2) THEN hours END), 2) AS median_lag_hours
    FROM (
        SELECT
            first_portal,
            portal,
            hours,
            row_number() OVER (PARTITION BY first_portal, portal ORDER BY hours) AS place,
            count(*) OVER (PARTITION BY first_portal, portal) AS number
        FROM (
            SELECT
                first.portal AS first_portal,
                articles.portal,
                min((julianday(articles.out_at) - julianday(stories.first_at)) * 24) AS hours -- its first copy counts
            FROM articles
            JOIN stories ON stories.id = articles.story
            JOIN articles AS first ON first.id = stories.original
            WHERE articles.portal <> first.portal
            GROUP BY stories.id, articles.portal
        )
    )
    GROUP BY first_portal, portal
    ORDER BY stories DESC, first_portal, portal
""",
    """
CREATE VIEW institution_reach AS
    -- per row of the table institutions: how far stories that name it were carried
    SELECT
        institutions.name,
        count(*) AS articles,                            -- articles that name it, in a story or alone
        count(DISTINCT articles.portal) AS portals,
        count(DISTINCT articles.story) AS stories,       -- texts that are at more than one address
        sum(articles.story IS NOT NULL) AS story_articles,
        max(stories.portals) AS widest_portals           -- portals of its widest story
    FROM institutions
    CROSS JOIN articles_fts ON articles_fts MATCH institutions.match
    JOIN articles ON articles.id = articles_fts.rowid
    LEFT JOIN stories ON stories.id = articles.story
    GROUP BY institutions.name
""",
)

# Added later; all above was one migration.
RELATED = """
CREATE VIEW related_articles AS
    -- one row per pair of articles that share passages and are no copies: a roundup with what it contains, or an
    -- article with a later one that repeats passages of it under a new beginning
    SELECT
        ties.kind,                  -- contains (article is a roundup, other in it), follow-up (article came later)
        ties.article,
        later.portal,
        later.story,                -- null if it stands alone
        later.out_at,
        later.title,
        later.url,
        ties.other,
        earlier.portal AS other_portal,
        earlier.story AS other_story,
        earlier.out_at AS other_out_at,
        earlier.title AS other_title,
        earlier.url AS other_url,
        ties.containment,           -- share of the shorter text's passages that the longer one has
        ties.reason
    FROM ties
    JOIN articles AS later ON later.id = ties.article
    JOIN articles AS earlier ON earlier.id = ties.other
    WHERE ties.kind IN ('contains', 'follow-up')
"""

# What we delete has left its story before; other programs' has not. The shell of SQLite looks at no foreign keys, and
# the next article gets the number of the last one.
_ON_IT = ("tags", "dates", "event_dates", "sketches", "visits", "revisions", "carried", "notes", "alerts")
TAKEN = f"""
CREATE TRIGGER articles_taken BEFORE DELETE ON articles BEGIN
    DELETE FROM marks WHERE article = old.id AND week IN (SELECT week FROM sketches WHERE article = old.id);
    {" ".join(f"DELETE FROM {table} WHERE article = old.id;" for table in _ON_IT)}
    DELETE FROM ties WHERE article = old.id OR other = old.id;
    UPDATE urls SET article = NULL WHERE article = old.id;
    UPDATE releases SET article = NULL WHERE article = old.id;
    -- its story is to be settled again by the next scrapy restory; without an article it is none
    UPDATE sketches SET method = 0
    WHERE article IN (SELECT id FROM articles WHERE story = old.story AND id <> old.id);
    DELETE FROM first_copies
    WHERE story = old.story AND NOT EXISTS (SELECT 1 FROM articles WHERE story = old.story AND id <> old.id);
    DELETE FROM stories
    WHERE id = old.story AND NOT EXISTS (SELECT 1 FROM articles WHERE story = old.story AND id <> old.id);
    UPDATE stories
    SET original = (
            SELECT id FROM articles WHERE story = old.story AND id <> old.id
            ORDER BY out_at, first_seen_at, url_key LIMIT 1
        ),
        first_seen = (
            SELECT id FROM articles WHERE story = old.story AND id <> old.id
            ORDER BY first_seen_at, out_at, url_key LIMIT 1
        )
    WHERE id = old.story AND old.id IN (original, first_seen);
END
"""  # noqa: S608 - our own words

STATEMENTS = (*TABLES, OUT_AT, STORY, *INDEXES, *TRIGGERS, *VIEWS)
