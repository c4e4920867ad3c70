"""The archive's tables, views and search index, as named migrations that are only ever appended to."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from kwri_crawler.archive import (
    clock_tables,
    first_copies,
    month_versions,
    notes,
    release_tables,
    story_tables,
    views,
    watch_tables,
)
from kwri_crawler.web.same_article import is_same_article, may_be_own

migrations = Migrations("kwri_crawler")

# Comments stay in the file: SQLite keeps the text of a CREATE statement, so `.schema` explains the archive.
# Every time is UTC, ISO 8601, whole seconds, ending in Z, unless its column says local.

TABLES = (
    """
CREATE TABLE portals (
    -- every portal that was ever crawled, with what the catalogue last said of it
    id TEXT PRIMARY KEY,     -- the catalogue's file name: kwri-jatim
    name TEXT NOT NULL,      -- KWRI Jawa Timur
    home TEXT NOT NULL,      -- https://jatim.kwri.or.id/
    family TEXT NOT NULL,    -- the CMS that it runs on: varient, general
    region TEXT,             -- null if it serves no single region
    zone TEXT NOT NULL       -- the IANA zone of its clock: Asia/Jakarta
) STRICT
""",
    """
CREATE TABLE crawls (
    -- one crawl of one portal; found = pending + stored + known + unreadable + refused + gone + failed + left_out
    id INTEGER PRIMARY KEY,
    portal TEXT NOT NULL REFERENCES portals(id),
    started_at TEXT NOT NULL,
    ended_at TEXT,           -- null while it runs, and if it was killed
    finish TEXT,             -- why it ended, also: killed; null while it runs
    reason TEXT,             -- what a person should know about the finish; null if nothing
    since TEXT,              -- the first day that was asked for, local; null if none
    max_pages INTEGER,       -- the most pages that were asked for (-a limit); null if no limit
    found INTEGER,           -- addresses that a listing named or that were asked for; null while it runs
    pending INTEGER,         -- ... left for a later crawl
    stored INTEGER,          -- ... whose article was archived
    known INTEGER,           -- ... done in an earlier crawl, or the article is archived under another address
    unreadable INTEGER,      -- ... whose page held no readable article
    refused INTEGER,         -- ... that the portal refused, or that was not taken
    gone INTEGER,            -- ... no longer there
    failed INTEGER,          -- ... no complete answer; asked for again later
    requests INTEGER,        -- HTTP requests sent, also for robots.txt, listings and retries
    bytes INTEGER,           -- received, as they came over the wire
    version TEXT NOT NULL    -- of kwri-crawler
) STRICT
""",
    """
CREATE TABLE listings (
    -- what a portal publishes about its articles: feeds, sitemaps, index pages
    id INTEGER PRIMARY KEY,
    portal TEXT NOT NULL REFERENCES portals(id),
    kind TEXT NOT NULL,      -- feed, sitemap, index
    url TEXT NOT NULL,
    tried_at TEXT,           -- null if never
    status TEXT,             -- what came of the last try: read, gone, unreadable, refused, failed; null if never tried
    reason TEXT,             -- why it was not read; null if it was
    pages INTEGER NOT NULL DEFAULT 0,   -- pages of it that the last crawl read
    entries INTEGER NOT NULL DEFAULT 0, -- addresses that these pages named
    complete_crawl INTEGER REFERENCES crawls(id), -- the last crawl that read it down to known articles; null if none
    complete_from INTEGER,   -- the newest urls.id when that reading began: all up to it was known already
    complete_since TEXT,     -- the local day down to which it was read; null if to its end
    UNIQUE (portal, url)
) STRICT
""",
    """
CREATE TABLE articles (
    -- the articles, each one once
    id INTEGER PRIMARY KEY,
    portal TEXT NOT NULL REFERENCES portals(id),
    url TEXT NOT NULL,                -- its own address, without tracking parameters
    url_key TEXT NOT NULL UNIQUE,     -- the address without scheme, www. and final slash: one article each
    title TEXT NOT NULL CHECK (title <> ''),
    author TEXT,                      -- null if the page names none
    section TEXT,                     -- null if the page names none
    published_at TEXT,                -- UTC; null if no date could be read, see published_reason
    published_local TEXT,             -- the same moment with the offset it was printed in: 2024-06-27T14:10:00+07:00
    published_precision TEXT CHECK (published_precision IN ('second', 'minute', 'day', 'approximate')),
    published_text TEXT,              -- as the portal printed it
    published_source TEXT,            -- where it was printed: json-ld, meta, time, byline, feed, sitemap, index, url
    published_flags TEXT,             -- JSON array of what a person should know about the date; null if nothing
    published_reason TEXT,            -- why published_at is null
    updated_at TEXT,                  -- UTC; null if the page names no moment of change
    updated_local TEXT,               -- the same with the offset it was printed in
    lead TEXT,                        -- the portal's own summary; null if it prints none
    body TEXT NOT NULL CHECK (body <> ''), -- the paragraphs in order, an empty line between them
    image_url TEXT,                   -- the main image; null if none
    word_count INTEGER NOT NULL,      -- of the body
    language TEXT,                    -- ISO 639-1, as the page states it; null if it does not
    reader TEXT NOT NULL,             -- the part of our code that read the page: varient, general
    text_hash TEXT NOT NULL,          -- of the normalised body: equal for the same text on any portal
    first_seen_at TEXT NOT NULL,      -- when a listing first named it to us
    fetched_at TEXT NOT NULL,         -- when its page was received
    crawl INTEGER NOT NULL REFERENCES crawls(id) -- the crawl that stored it
) STRICT
""",
    "CREATE INDEX articles_portal_published ON articles (portal, published_at)",
    "CREATE INDEX articles_published ON articles (published_at)",
    "CREATE INDEX articles_text_hash ON articles (text_hash)",
    """
CREATE TABLE tags (
    -- the tags that a portal gave an article
    article INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (article, tag)
) STRICT, WITHOUT ROWID
""",
    "CREATE INDEX tags_tag ON tags (tag)",
    """
CREATE TABLE dates (
    -- every date that a portal printed for an article, so that it can be read again without asking for the page
    article INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    kind TEXT NOT NULL,      -- published, updated
    source TEXT NOT NULL,    -- json-ld, meta, time, byline, feed, sitemap, index, url
    text TEXT NOT NULL,      -- as printed
    PRIMARY KEY (article, kind, source, text)
) STRICT, WITHOUT ROWID
""",
    """
CREATE TABLE urls (
    -- every address that a portal's listings named, and what came of it
    id INTEGER PRIMARY KEY,
    portal TEXT NOT NULL REFERENCES portals(id),
    key TEXT NOT NULL,       -- the address without scheme, www. and final slash: one row each
    url TEXT NOT NULL,       -- as it was listed
    listing INTEGER REFERENCES listings(id), -- the listing that named it first
    found_at TEXT NOT NULL,
    found_crawl INTEGER NOT NULL REFERENCES crawls(id),
    listed_text TEXT,        -- the date that the listing printed beside it; null if none
    listed_at TEXT,          -- that date in UTC, or the page's own date once it was read; null if neither
    seen_crawl INTEGER NOT NULL REFERENCES crawls(id), -- the last crawl whose listings named it
    outcome TEXT NOT NULL DEFAULT 'pending'
        CHECK (outcome IN ('pending', 'stored', 'known', 'unreadable', 'refused', 'gone', 'failed')),
    reason TEXT,             -- why it was not stored; null if it was, or was not tried yet
    status INTEGER,          -- of the last HTTP answer; null if none came
    tries INTEGER NOT NULL DEFAULT 0,
    tried_at TEXT,           -- null if never
    tried_crawl INTEGER REFERENCES crawls(id),
    next_try_at TEXT,        -- not asked for again before this; null: never again, or, if pending, in the next crawl
    settled_crawl INTEGER REFERENCES crawls(id), -- the crawl in which it got its outcome
    article INTEGER REFERENCES articles(id) ON DELETE SET NULL, -- the article that it brought
    UNIQUE (portal, key)
) STRICT
""",
    "CREATE INDEX urls_due ON urls (portal, found_crawl DESC, id) WHERE outcome = 'pending' OR next_try_at IS NOT NULL",
    "CREATE INDEX urls_article ON urls (article)",
)

VIEWS = (
    """
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
        articles.url
    FROM articles
    JOIN portals ON portals.id = articles.portal
    ORDER BY coalesce(articles.published_at, articles.first_seen_at) DESC
""",
    """
CREATE VIEW articles_by_day AS
    -- how many articles each portal published on each local day
    SELECT
        portal,
        substr(published_local, 1, 10) AS day,
        count(*) AS articles,
        sum(word_count) AS words
    FROM articles
    WHERE published_at IS NOT NULL
    GROUP BY portal, day
""",
    """
CREATE VIEW portal_overview AS
    -- one row per portal: how many articles, from when to when, and how its last crawl went
    SELECT
        portals.id AS portal,
        portals.name,
        (SELECT count(*) FROM articles WHERE articles.portal = portals.id) AS articles,
        (SELECT min(published_at) FROM articles WHERE articles.portal = portals.id) AS first_published_at,
        (SELECT max(published_at) FROM articles WHERE articles.portal = portals.id) AS last_published_at,
        (
            SELECT count(*) FROM urls
            WHERE urls.portal = portals.id AND outcome IN ('pending', 'failed')
        ) AS unsettled_urls,
        crawls.started_at AS last_crawl_at,
        crawls.finish AS last_finish,
        crawls.stored AS last_stored
    FROM portals
    LEFT JOIN crawls ON crawls.id = (SELECT max(id) FROM crawls WHERE crawls.portal = portals.id)
""",
    """
CREATE VIEW undated_articles AS
    -- articles without a date of publication, and why
    SELECT id, portal, url, title, published_reason, first_seen_at
    FROM articles
    WHERE published_at IS NULL
""",
    """
CREATE VIEW same_text AS
    -- articles whose text is published, word for word, at more than one address
    SELECT text_hash, id, portal, published_at, title, url
    FROM articles
    WHERE text_hash IN (SELECT text_hash FROM articles GROUP BY text_hash HAVING count(*) > 1)
    ORDER BY text_hash, published_at
""",
    """
CREATE VIEW lost_urls AS
    -- addresses from which no article was read, and why; newest first
    SELECT portal, url, outcome, reason, status, tries, tried_at, next_try_at
    FROM urls
    WHERE outcome IN ('unreadable', 'refused', 'gone', 'failed')
    ORDER BY tried_at DESC
""",
)


@migrations()
def first_schema(db: Database) -> None:
    """Create everything that the first release knew."""
    for statement in (*TABLES, *VIEWS):
        db.execute(statement)
    db.table("articles").enable_fts(["title", "body"], create_triggers=True, tokenize="unicode61 remove_diacritics 2")
    # sqlite-utils' own trigger rewrites the index at every UPDATE; only these two columns are in it.
    db.execute("DROP TRIGGER articles_au")
    db.execute("""
        CREATE TRIGGER articles_au AFTER UPDATE OF title, body ON articles BEGIN
            INSERT INTO articles_fts (articles_fts, rowid, title, body)
                VALUES ('delete', old.rowid, old.title, old.body);
            INSERT INTO articles_fts (rowid, title, body) VALUES (new.rowid, new.title, new.body);
        END
    """)


@migrations()
def date_evidence(db: Database) -> None:
    """Keep what every printed date said beside the one that won, the dateline and the days that an article names.

    `dates` is made anew, in the order of printing, so that a later reading finds what the first one found.
    """
    db.execute("""
CREATE TABLE new_dates (
    -- every date that was printed for an article, compared with the one that was chosen
    article INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    kind TEXT NOT NULL,      -- what the page calls it: published, updated
    source TEXT NOT NULL,    -- json-ld, meta, time, byline, feed, sitemap, index, url
    text TEXT NOT NULL,      -- as printed
    position INTEGER NOT NULL, -- its place among the article's dates as they were found, from 0
    judged TEXT,             -- what we take it for: updated after the word "Diperbarui"; null if not judged yet
    said_at TEXT,            -- UTC, how it was read; null if it was refused or set aside
    precision TEXT,          -- second, minute, day, approximate; null if said_at is
    reason TEXT,             -- why said_at is null
    won INTEGER NOT NULL DEFAULT 0, -- 1 if the article's published_at or updated_at is this one
    offset_s INTEGER,        -- seconds after the chosen date of its kind; whole days if one of the two has no time
    printed_offset_s INTEGER, -- the same, if read in the zone that it prints: a wrong Z is seen here
    flags TEXT,              -- JSON array of what a person should know; null if nothing
    PRIMARY KEY (article, kind, source, text)
) STRICT, WITHOUT ROWID
""")
    db.execute("""
        INSERT INTO new_dates (article, kind, source, text, position)
        SELECT article, kind, source, text, row_number() OVER (PARTITION BY article) - 1
        FROM dates
    """)
    db.execute("DROP TABLE dates")
    db.execute("ALTER TABLE new_dates RENAME TO dates")
    db.execute("ALTER TABLE portals ADD COLUMN clocks TEXT /* JSON: the [dates] of its file; null if none */")
    db.execute("ALTER TABLE articles ADD COLUMN dateline TEXT /* the place that the text begins with; null if none */")
    db.execute("""
CREATE TABLE event_dates (
    -- the days of the event that an article's first paragraphs name
    article INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    day TEXT NOT NULL,       -- ISO 8601, on the portal's calendar
    flags TEXT,              -- JSON array: weekday disagrees, repaired, year inferred, range; null if nothing
    PRIMARY KEY (article, day)
) STRICT, WITHOUT ROWID
""")
    db.execute("CREATE INDEX event_dates_day ON event_dates (day)")
    db.execute("""
CREATE VIEW date_agreement AS
    -- for each dated article: where its date was printed, how, and how many of its other dates agree
    SELECT
        articles.id,
        articles.portal,
        articles.published_at,
        articles.published_source AS source,
        articles.published_text AS text,
        count(others.source) FILTER (WHERE abs(others.offset_s) <= 900) AS agree, -- within 15 minutes, or the same day
        count(others.source) FILTER (WHERE abs(others.offset_s) > 900) AS disagree,
        max(abs(others.offset_s)) AS farthest_s -- null if no other source counts
    FROM articles
    LEFT JOIN dates AS others
        ON others.article = articles.id AND others.judged = 'published' AND NOT others.won
        AND others.said_at IS NOT NULL AND others.precision <> 'approximate'
    WHERE articles.published_at IS NOT NULL
    GROUP BY articles.id
""")
    db.execute("""
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
    FROM articles
    JOIN dates AS others
        ON others.article = articles.id AND others.judged = 'published' AND NOT others.won
        AND others.precision <> 'approximate' AND abs(others.offset_s) > 86400
    GROUP BY articles.id
    ORDER BY days_apart DESC
""")
    db.execute("""
CREATE VIEW portal_clocks AS
    -- per portal and source: how often a date, read in its printed zone, differs from the chosen one, and by how much;
    -- if a source is off by the same hours nearly every time, its clock is wrong: say so in the portal's file
    WITH compared AS (
        SELECT
            articles.portal,
            dates.source,
            dates.judged AS kind,
            dates.printed_offset_s AS off,
            abs(dates.printed_offset_s) > 900 AS wrong,
            coalesce(abs(dates.offset_s) > 900, 0) AS still_wrong
        FROM dates
        JOIN articles ON articles.id = dates.article
        WHERE dates.printed_offset_s IS NOT NULL AND dates.precision <> 'approximate'
    ),
    ranked AS (
        SELECT
            portal,
            source,
            kind,
            off,
            row_number() OVER (PARTITION BY portal, source, kind ORDER BY off) AS place,
            count(*) OVER (PARTITION BY portal, source, kind) AS places
        FROM compared
        WHERE wrong
    ),
    medians AS (
        SELECT portal, source, kind, off
        FROM ranked
        WHERE place = (places + 1) / 2
    )
    SELECT
        compared.portal,
        compared.source,
        compared.kind,
        count(*) AS dates,
        sum(compared.wrong) AS disagree,
        round(100.0 * sum(compared.wrong) / count(*), 1) AS disagree_percent,
        sum(compared.wrong AND NOT compared.still_wrong) AS put_right, -- ... and agree once their zone is corrected
        round(medians.off / 3600.0, 2) AS median_hours, -- of those that disagree; positive: later than the chosen date
        round(max(abs(compared.off)) FILTER (WHERE compared.wrong) / 3600.0, 2) AS largest_hours
    FROM compared
    LEFT JOIN medians
        ON medians.portal = compared.portal AND medians.source = compared.source AND medians.kind = compared.kind
    GROUP BY compared.portal, compared.source, compared.kind
    ORDER BY compared.portal, disagree DESC
""")


@migrations()
def stories(db: Database) -> None:
    """Add stories, ties and their index; `articles.story`, and `articles.out_at`: by when an article was surely out."""
    for statement in story_tables.STATEMENTS:
        db.execute(statement)


@migrations()
def ask_for_what_changed(db: Database) -> None:
    """Remember how to ask conditionally, what is asked for again, earlier texts, back-fills and each portal's pace."""
    for table, column, meaning in (
        ("listings", "read_at TEXT", "when it was last read as far as was planned; null if never"),
        ("listings", "paged INTEGER", "1 if its pages lead to every article; null if never read"),
        ("listings", "tells INTEGER", "1 if its items are whole texts, 0 if they are cut; null if not compared"),
        ("listings", "changed_at TEXT", "the newest change that a finished reading saw; null if it names none"),
        ("urls", "changed_at TEXT", "the newest change of it that a listing named; null if none did"),
        ("urls", "listed_facts TEXT", "JSON: author, section and tags from a listing; null if none named any"),
        ("articles", "gone_at TEXT", "when the portal was found to have removed it; null if it is there"),
        ("portals", "next_due_at TEXT", "when its next crawl is due; null if it was never crawled"),
        ("portals", "every_s INTEGER", "seconds between its crawls, by how often it publishes"),
        ("crawls", "until TEXT", "the last day that was asked for, local, inclusive; null if none"),
    ):  # fmt: skip
        # A comment that ends with its line would swallow the bracket that SQLite puts behind a new column.
        db.execute(f"ALTER TABLE {table} ADD COLUMN {column} /* {meaning} */")
    for statement in (
        """
CREATE TABLE answers (
    -- the last answer for each page of a listing, so that we can ask only whether it changed
    listing INTEGER NOT NULL REFERENCES listings(id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    etag TEXT,               -- null if the answer had none
    last_modified TEXT,      -- null if the answer had none
    leads_on INTEGER NOT NULL, -- 1 if it named further pages; the answer 'not modified' names none
    full_at TEXT NOT NULL,   -- when it was last sent in full
    crawl INTEGER NOT NULL REFERENCES crawls(id), -- the crawl that got it
    PRIMARY KEY (listing, url)
) STRICT, WITHOUT ROWID
""",
        """
CREATE TABLE robots (
    -- robots.txt of each host, kept for a day at most (RFC 9309)
    host TEXT PRIMARY KEY,
    fetched_at TEXT NOT NULL,
    body BLOB NOT NULL       -- empty when there was none
) STRICT
""",
        """
CREATE TABLE visits (
    -- articles that are fetched again, while they are new or because a listing says that they changed
    article INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
    portal TEXT NOT NULL REFERENCES portals(id),
    next_at TEXT,            -- null: not planned
    visited_at TEXT,         -- null if never
    visited_crawl INTEGER REFERENCES crawls(id),
    missed_at TEXT,          -- when it was first found missing; null if it was there at the last visit
    etag TEXT,
    last_modified TEXT,
    page_hash TEXT           -- of its page's text, if a listing brought the article; null if its page was not read
) STRICT
""",
        "CREATE INDEX visits_due ON visits (portal, next_at) WHERE next_at IS NOT NULL",
        """
CREATE TABLE revisions (
    -- earlier texts of articles that were edited
    id INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    text_hash TEXT NOT NULL,
    fetched_at TEXT NOT NULL,  -- when this text was received
    replaced_at TEXT NOT NULL, -- when the next text was received
    words_changed REAL NOT NULL, -- share of all words that only one of the two texts has, 0 to 1
    crawl INTEGER NOT NULL REFERENCES crawls(id) -- the crawl that found the edit
) STRICT
""",
        "CREATE INDEX revisions_article ON revisions (article, id)",
        """
CREATE TABLE backfills (
    -- past days of a portal that were asked for with since and until, and how far they are read
    portal TEXT NOT NULL REFERENCES portals(id),
    first_day TEXT NOT NULL, -- local
    last_day TEXT NOT NULL,  -- local, inclusive
    listing INTEGER NOT NULL REFERENCES listings(id),
    next_url TEXT,           -- the page to go on with; null if it was not begun, or is done
    done_at TEXT,            -- null until it is done
    PRIMARY KEY (portal, first_day, last_day, listing)
) STRICT, WITHOUT ROWID
""",
    ):
        db.execute(statement)


@migrations()
def page_fields(db: Database) -> None:
    """Add what else a page says, and where each field was read.

    Links and evidence are JSON in the article's own row, since as rows of their own they slow the writer down; the
    views `links` and `evidence` unfold them.
    """
    for column in (
        "subtitle TEXT /* a line below the title; null if the page prints none */",
        "editor TEXT /* null if the page names none */",
        "source TEXT /* the source that the page names for the text; null if none */",
        "image_caption TEXT /* without its credit; null if none */",
        "image_credit TEXT /* null if none is named */",
        "amp_url TEXT /* the address of its AMP form; null if none */",
        "print_url TEXT /* the address of its form for printing; null if none */",
        "links TEXT /* JSON: [address, text] of each link in the body, in order; null if none. See the view links */",
        "evidence TEXT /* JSON: where each field was read: json-ld, selector, meta, general. See the view evidence */",
    ):
        db.execute(f"ALTER TABLE articles ADD COLUMN {column}")
    db.execute("""
CREATE VIEW links AS
    -- one row per link in an article's body, in order
    SELECT
        articles.id AS article,
        link.key AS position, -- from 0
        json_extract(link.value, '$[0]') AS url,
        json_extract(link.value, '$[1]') AS text -- as shown; empty when it shows an image
    FROM articles
    JOIN json_each(articles.links) AS link
""")
    db.execute("""
CREATE VIEW evidence AS
    -- one row per field of an article, with where it was read: json-ld, selector, meta, general
    SELECT articles.id AS article, articles.portal, found.key AS field, found.value AS read_from
    FROM articles
    JOIN json_each(articles.evidence) AS found
""")


@migrations()
def health(db: Database) -> None:
    """Add what portals' health is read from, and the table of its changes."""
    db.execute("""
        CREATE TABLE events (
            -- changes of a portal's health, one row each; the newest row is its present health
            id INTEGER PRIMARY KEY,
            portal TEXT NOT NULL REFERENCES portals(id),
            at TEXT NOT NULL,        -- when it was noticed
            word TEXT NOT NULL,      -- its health from then on: well, quiet, thin, blocked, broken, new
            was TEXT,                -- its health before; null in a portal's first row
            why TEXT,                -- what was seen; null if it is well
            examples TEXT            -- JSON array of addresses to look at; null if there are none
        ) STRICT
    """)
    db.execute("CREATE INDEX events_portal ON events (portal, id)")
    db.execute("CREATE INDEX articles_portal_fetched ON articles (portal, fetched_at)")
    db.execute("CREATE INDEX crawls_portal_started ON crawls (portal, started_at)")
    db.execute("""
        CREATE INDEX urls_lost ON urls (portal, tried_at)
            WHERE outcome IN ('unreadable', 'refused', 'gone', 'failed')
    """)
    db.execute("""
        CREATE VIEW portal_health AS
            -- how each portal is, since when, and why
            SELECT portals.id AS portal, portals.name, events.word, events.at AS since, events.why, events.examples
            FROM portals
            LEFT JOIN events ON events.id = (SELECT max(id) FROM events WHERE events.portal = portals.id)
    """)


@migrations()
def search_index_in_groups(db: Database) -> None:
    """Let a transaction that stores many articles index them by one statement: see archive/search_index.py.

    Beside a trigger that indexes each article at once, SQLite writes a segment of the index for each.
    """
    db.execute("""
        CREATE TABLE search_later (
            -- always empty; has a row only within a transaction that adds its articles to the search index at its end
            later INTEGER NOT NULL
        ) STRICT
    """)
    for trigger in ("articles_ai", "articles_au", "articles_ad"):
        db.execute(f"DROP TRIGGER {trigger}")
    db.execute("""
        CREATE TRIGGER articles_ai AFTER INSERT ON articles WHEN NOT EXISTS (SELECT 1 FROM search_later) BEGIN
            INSERT INTO articles_fts (rowid, title, body) VALUES (new.id, new.title, new.body);
        END
    """)
    # What is not indexed yet must not be taken out of the index.
    db.execute("""
        CREATE TRIGGER articles_au AFTER UPDATE OF title, body ON articles
        WHEN EXISTS (SELECT 1 FROM articles_fts_docsize WHERE id = old.id) BEGIN
            INSERT INTO articles_fts (articles_fts, rowid, title, body)
                VALUES ('delete', old.id, old.title, old.body);
            INSERT INTO articles_fts (rowid, title, body) VALUES (new.id, new.title, new.body);
        END
    """)
    db.execute("""
        CREATE TRIGGER articles_ad AFTER DELETE ON articles
        WHEN EXISTS (SELECT 1 FROM articles_fts_docsize WHERE id = old.id) BEGIN
            INSERT INTO articles_fts (articles_fts, rowid, title, body)
                VALUES ('delete', old.id, old.title, old.body);
        END
    """)


# The sentences of kwri-crawler before it kept codes; a reason may hold several of them, each with its address.
_CAUSE_OF_OLD_REASON = """
    CASE
        WHEN reason LIKE '%our own error%' OR reason LIKE '%a stage failed%' OR reason LIKE '%vanished inside Scrapy%'
            OR reason LIKE '%the process that read it died%' THEN 'ours'
        WHEN reason LIKE '%Forbidden by robots.txt%' THEN 'robots'
        WHEN reason LIKE '%robots.txt answered HTTP 5%' THEN 'robots unreachable'
        WHEN reason LIKE '%HTTP 401%' OR reason LIKE '%HTTP 403%' OR reason LIKE '%HTTP 407%'
            OR reason LIKE '%HTTP 429%' OR reason LIKE '%HTTP 451%' OR reason LIKE '%challenge%' THEN 'block'
        WHEN reason LIKE '%not known to the name servers%' OR reason LIKE '%not a public address%' THEN 'dns'
        WHEN reason LIKE '%connection was refused%' THEN 'connection refused'
        WHEN reason LIKE '%no answer in time%' THEN 'time-out'
        WHEN reason LIKE '%no TLS connection%' THEN 'tls'
        WHEN reason LIKE '%cut off%' THEN 'cut off'
        WHEN reason LIKE '%connection was lost%' OR reason LIKE '%no connection%' OR reason LIKE '%is no HTTP%'
            OR reason LIKE '%the download failed%' THEN 'no connection'
        WHEN reason LIKE '%HTTP 404%' OR reason LIKE '%HTTP 410%' THEN 'gone'
        WHEN reason LIKE '%redirected %' THEN 'moved'
        WHEN reason LIKE '%HTTP 5%' THEN 'server error'
        WHEN reason LIKE '%not a page%' OR reason LIKE '%larger than%' THEN 'not taken'
    END
"""


@migrations()
def causes(db: Database) -> None:
    """Keep why addresses, listings and crawls ended as they did as a code of kwri_crawler/causes.py.

    What older code settled gets its code once, by HTTP status where there is one, else by the sentences that it wrote;
    what those do not tell stays null.
    """
    for table, meaning in (
        ("urls", "why it brought no article, as a code: block, robots, dns, gone, ...; null if it did, or is unknown"),
        ("listings", "why it was not read, as a code; null if it was, or is unknown"),
        ("crawls", "why it ended before all was done, as a code; null if all was done, or is unknown"),
    ):
        db.execute(f"ALTER TABLE {table} ADD COLUMN cause TEXT /* {meaning} */")
    db.execute("ALTER TABLE events ADD COLUMN reasons TEXT /* JSON: why, as codes and figures; null in old rows */")
    lost = "outcome IN ('unreadable', 'refused', 'gone', 'failed')"
    db.execute(f"""
        UPDATE urls
        SET cause = CASE
            WHEN status IN (401, 402, 403, 406, 407, 418, 429, 451) OR reason LIKE '%challenge%' THEN 'block'
            WHEN outcome = 'gone' THEN 'gone'
            WHEN status >= 500 THEN 'server error'
            WHEN outcome = 'unreadable' THEN 'unread'
            WHEN outcome = 'refused' AND tried_at IS NULL THEN 'rule'
            ELSE {_CAUSE_OF_OLD_REASON}
        END
        WHERE {lost}
    """)  # noqa: S608 - our own words
    db.execute(f"UPDATE listings SET cause = {_CAUSE_OF_OLD_REASON} WHERE status <> 'read'")  # noqa: S608
    db.execute(f"""
        UPDATE crawls
        SET cause = CASE
            WHEN finish IN ('stopped', 'killed') THEN 'stopped'
            WHEN finish = 'archive' THEN 'archive'
            WHEN finish = 'error' THEN 'ours'
            ELSE {_CAUSE_OF_OLD_REASON}
        END
        WHERE finish NOT IN ('finished', 'limit', 'time', 'imported')
    """)  # noqa: S608
    db.execute("DROP VIEW lost_urls")
    db.execute("""
        CREATE VIEW lost_urls AS
            -- addresses from which no article was read, and why; newest first
            SELECT portal, url, outcome, reason, status, tries, tried_at, next_try_at, cause
            FROM urls
            WHERE outcome IN ('unreadable', 'refused', 'gone', 'failed')
            ORDER BY tried_at DESC
    """)


@migrations()
def related_articles(db: Database) -> None:
    """Show the ties that make no story: roundups with what they contain, articles with what followed them up."""
    db.execute(story_tables.RELATED)


@migrations()
def claimed_addresses(db: Database) -> None:
    """Keep beside an article's own address the one that was read for it, and the one that its page names as its own."""
    for column in (
        "page_url TEXT /* the address whose page was read, where that is not url; null if it is */",
        "named_url TEXT /* what its page names as its own address without proof; null if it names no such address */",
    ):
        db.execute(f"ALTER TABLE articles ADD COLUMN {column}")
    db.execute("CREATE INDEX articles_named ON articles (named_url) WHERE named_url IS NOT NULL")


@migrations()
def reach(db: Database) -> None:
    """Say how far back listings lead."""
    meaning = "the earliest publication that its last reading printed; null if it printed none"
    db.execute(f"ALTER TABLE listings ADD COLUMN oldest_at TEXT /* {meaning} */")
    meaning = "how far back its listing led where that was not far enough; null if it was, or is unknown"
    db.execute(f"ALTER TABLE backfills ADD COLUMN reached_at TEXT /* {meaning} */")
    # Older code took a feed of the newest for read whatever the span was.
    db.execute("""
        UPDATE backfills
        SET done_at = NULL
        WHERE listing IN (SELECT id FROM listings WHERE kind = 'feed' AND NOT coalesce(paged, 0))
    """)


@migrations()
def text_marks(db: Database) -> None:
    """Keep whether a text is free, and which of its paragraphs are headings, list items and quotes."""
    for column in (
        "access TEXT /* paywall where its page says that its text is not free: the body may be cut; null otherwise */",
        "marks TEXT /* JSON: [paragraph of the body from 0, h2 h3 h4 li or quote], in order; null if all are plain */",
    ):
        db.execute(f"ALTER TABLE articles ADD COLUMN {column}")


@migrations()
def linked_listings(db: Database) -> None:
    """Tell the listings that a portal's file names from those that a crawl found by itself."""
    meaning = (
        "the page on which a crawl found it, as no other listing led far enough; null if the portal's file names it"
    )
    db.execute(f"ALTER TABLE listings ADD COLUMN found_on TEXT /* {meaning} */")


@migrations()
def counted_listings(db: Database) -> None:
    """Keep what a listing's total leaves out, so that what is missing in it is looked for once."""
    meaning = "archived articles that its total did not count when they were last looked for; null if never"
    db.execute(f"ALTER TABLE listings ADD COLUMN uncounted INTEGER /* {meaning} */")


@migrations()
def access_in_view(db: Database) -> None:
    """Show readers which of the latest articles may be cut by a paywall."""
    db.execute("DROP VIEW latest_articles")
    db.execute("""
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
            JOIN portals ON portals.id = articles.portal
            ORDER BY coalesce(articles.published_at, articles.first_seen_at) DESC
    """)


@migrations()
def near_at_hand(db: Database) -> None:
    """Have all that happens once a crawl read what is that crawl's alone, however old the archive is.

    Each index answers one question of a crawl's beginning or end. Those with a condition hold next to nothing.
    """
    meaning = "its newest crawl; null if it never was crawled, imports do not count"
    db.execute(f"ALTER TABLE portals ADD COLUMN last_crawl INTEGER REFERENCES crawls(id) /* {meaning} */")
    db.execute("""
        UPDATE portals
        SET last_crawl = (SELECT max(id) FROM crawls WHERE portal = portals.id AND finish IS NOT 'imported')
    """)
    for statement in (
        "CREATE INDEX crawls_open ON crawls (portal) WHERE finish IS NULL",
        "CREATE INDEX urls_seen ON urls (seen_crawl, found_crawl)",
        "CREATE INDEX urls_listing ON urls (listing, article)",
        "CREATE INDEX backfills_listing ON backfills (listing)",
        "CREATE INDEX revisions_crawl ON revisions (crawl)",
        "CREATE INDEX visits_missed ON visits (portal) WHERE missed_at IS NOT NULL",
        "CREATE INDEX articles_undated ON articles (portal, first_seen_at) WHERE published_at IS NULL",
        "CREATE INDEX articles_posts ON articles (portal, reader, gone_at)"
        " WHERE reader = 'wordpress-api' AND gone_at IS NULL",
    ):
        db.execute(statement)


@migrations()
def own_releases(db: Database) -> None:
    """Hold a desk's own texts, which articles carry them, and the addresses that it was told of."""
    for statement in release_tables.STATEMENTS:
        db.execute(statement)


@migrations()
def verifications(db: Database) -> None:
    """Keep what `scrapy portals --verify` found, and which portals are asked seldom because of it."""
    db.execute("""
        CREATE TABLE verifications (
            -- checks whether a portal can still be read: one listing and one article were fetched
            id INTEGER PRIMARY KEY,
            portal TEXT NOT NULL REFERENCES portals(id),
            at TEXT NOT NULL,
            result TEXT NOT NULL,    -- passed, failed, skipped
            field TEXT,              -- what failed: listing, article, title, body, date; null if it passed
            reason TEXT,             -- why, for people; null if it passed
            cause TEXT,              -- why, as a code; null if it passed, or no code says it
            listing TEXT,            -- the listing that was fetched; null if none was
            article TEXT             -- the article that was fetched; null if none was
        ) STRICT
    """)
    db.execute("CREATE INDEX verifications_portal ON verifications (portal, at)")
    db.execute("""
        CREATE TABLE quarantines (
            -- begin and end of quarantine, in which a portal is asked once a week; one row each
            id INTEGER PRIMARY KEY,
            portal TEXT NOT NULL REFERENCES portals(id),
            at TEXT NOT NULL,
            word TEXT NOT NULL,      -- begun, ended; the newest row holds now
            why TEXT NOT NULL        -- what failed, or what went well
        ) STRICT
    """)
    db.execute("CREATE INDEX quarantines_portal ON quarantines (portal, id)")


@migrations()
def views_at_scale(db: Database) -> None:
    """Have views answer from indexes: the first rows and those of one portal without reading the whole archive.

    How fast a story ran is kept in its row; all are filled in once here.
    """
    for statement in views.STATEMENTS:
        db.execute(statement)


@migrations()
def kept_clocks(db: Database) -> None:
    """Count how far each source's clock is off as dates are written; all that were are counted once here."""
    for statement in clock_tables.STATEMENTS:
        db.execute(statement)


@migrations()
def notes_by_hand(db: Database) -> None:
    """Hold what the people of a desk note about articles."""
    db.execute(notes.TABLE)


# Addresses that older code took for an archived article's; newer code writes its cause
_BELIEVED = "outcome = 'known' AND cause IS NULL AND reason LIKE 'the archive has it as %' AND article IS NOT NULL"
_ASKED_ANEW = "outcome = 'pending', reason = NULL, status = NULL, article = NULL, settled_crawl = NULL, tries = 0"


@migrations()
def asked_once_more(db: Database) -> None:
    """Have the next crawl ask for what older code gave up for good, and should not have.

    It took articles for one whose pages named one address as theirs, or whose texts were the same on two days: of
    twenty it stored one. It asked for no removed article again. What is asked for now: addresses of which three or
    more led to one article (what is proven to be the same stays so), and what was removed within half a year.
    """
    db.execute(f"""
        UPDATE urls
        SET {_ASKED_ANEW}
        WHERE {_BELIEVED}
            AND key <> (SELECT url_key FROM articles WHERE id = article)
            AND article IN (SELECT article FROM urls WHERE {_BELIEVED} GROUP BY article HAVING count(*) > 1)
    """)  # noqa: S608 - our own words
    db.execute("""
        UPDATE visits
        SET next_at = (SELECT max(started_at) FROM crawls)
        WHERE missed_at IS NOT NULL AND next_at IS NULL
            AND missed_at > (SELECT strftime('%Y-%m-%dT%H:%M:%SZ', max(started_at), '-180 days') FROM crawls)
    """)


@migrations()
def grown_listings(db: Database) -> None:
    """Keep what a listing counts, so that old articles are looked for that it got since."""
    meaning = "how many articles it counted when it was last read, and what was found by then; null if it counts none"
    db.execute(f"ALTER TABLE listings ADD COLUMN total INTEGER /* {meaning} */")


@migrations()
def watches(db: Database) -> None:
    """Hold a desk's saved searches, and which stories it was told of."""
    for statement in watch_tables.STATEMENTS:
        db.execute(statement)


@migrations()
def reach_in_time(db: Database) -> None:
    """Count how much each portal carried without a row for each portal and release."""
    db.execute("DROP VIEW portal_reach")
    db.execute(release_tables.REACH)


@migrations()
def changed_months(db: Database) -> None:
    """Have each portal's months say when they changed, so that an export writes those again alone."""
    for statement in month_versions.STATEMENTS:
        db.execute(statement)


@migrations()
def places_of_crawls(db: Database) -> None:
    """Keep where a crawl asked its portal from, now that other machines crawl too."""
    meaning = "the machine or place that asked, of a harvest by several machines; null: the machine of the archive"
    db.execute(f"ALTER TABLE crawls ADD COLUMN place TEXT /* {meaning} */")


@migrations()
def reach_by_day(db: Database) -> None:
    """Count for each portal the releases of a day together."""
    db.execute("DROP VIEW portal_reach")
    db.execute(release_tables.REACH)


@migrations()
def pairs_asked_once_more(db: Database) -> None:
    """Have the next crawl ask for an article's one other address too, unless the two prove to be one article's."""
    pairs = db.execute(
        "SELECT urls.id, urls.url, articles.url FROM urls JOIN articles ON articles.id = article"  # noqa: S608
        f" WHERE {_BELIEVED}"
    ).fetchall()
    for row, url, stored in pairs:
        if may_be_own(stored, url) and not is_same_article(stored, url):
            db.execute(f"UPDATE urls SET {_ASKED_ANEW} WHERE id = ?", (row,))  # noqa: S608


@migrations()
def posts_of_blogs(db: Database) -> None:
    """Count what a Blogger tells as what a WordPress does, without a look at the articles."""
    db.execute("DROP INDEX articles_posts")
    db.execute(
        "CREATE INDEX articles_posts ON articles (portal, reader, gone_at)"
        " WHERE (reader = 'wordpress-api' OR reader = 'blogger-feed') AND gone_at IS NULL"
    )


@migrations()
def kept_copies(db: Database) -> None:
    """Keep when each portal first ran a story, and whose it is; all are filled in once here."""
    for statement in first_copies.STATEMENTS:
        db.execute(statement)


@migrations()
def agreement_at_scale(db: Database) -> None:
    """Show the first rows of date_agreement without a look at each date: SQLite built a Bloom filter of them all."""
    db.execute("DROP VIEW date_agreement")
    db.execute(views.VIEWS["date_agreement"])


@migrations()
def left_out(db: Database) -> None:
    """Count what our own rules left out by itself: it is not lost. What older code counted is counted so once."""
    meaning = "... that our own rules leave out (another host, no article's address) or that was taken down; not lost"
    db.execute(f"ALTER TABLE crawls ADD COLUMN left_out INTEGER /* {meaning} */")
    db.execute("UPDATE crawls SET left_out = 0 WHERE found IS NOT NULL")
    db.execute("""
        UPDATE crawls
        SET left_out = min(crawls.refused, of_crawl.refused) + min(crawls.unreadable, of_crawl.unreadable),
            refused = crawls.refused - min(crawls.refused, of_crawl.refused),
            unreadable = crawls.unreadable - min(crawls.unreadable, of_crawl.unreadable)
        FROM (
            SELECT settled_crawl, sum(outcome = 'refused') AS refused, sum(outcome = 'unreadable') AS unreadable
            FROM urls
            WHERE cause = 'rule'
            GROUP BY settled_crawl
        ) AS of_crawl
        WHERE crawls.id = of_crawl.settled_crawl AND found IS NOT NULL
    """)
    db.execute("DROP VIEW lost_urls")
    db.execute("""
        CREATE VIEW lost_urls AS
            -- addresses from which no article was read, and why; newest first; without what our own rules leave out
            SELECT portal, url, outcome, reason, status, tries, tried_at, next_try_at, cause
            FROM urls
            WHERE outcome IN ('unreadable', 'refused', 'gone', 'failed')
                AND coalesce(cause, '') NOT IN ('rule', 'forgotten')
            ORDER BY tried_at DESC
    """)


@migrations()
def gone_at_hand(db: Database) -> None:
    """Count a portal's removed articles without a look at the others."""
    db.execute("CREATE INDEX articles_gone ON articles (portal) WHERE gone_at IS NOT NULL")


@migrations()
def news_at_hand(db: Database) -> None:
    """Count a portal's news of each day, as its health asks after every harvest, without a look at the articles."""
    db.execute("DROP INDEX articles_portal_fetched")
    db.execute("CREATE INDEX articles_portal_fetched ON articles (portal, fetched_at, first_seen_at, published_at)")


@migrations()
def by_other_programs(db: Database) -> None:
    """Keep clocks right where another program moves an article to another portal, and stories where it deletes one.

    Clocks are counted anew once.
    """
    db.execute(clock_tables.MOVED)
    db.execute("DELETE FROM clocks")
    db.execute(clock_tables.FILL)
    db.execute(story_tables.TAKEN)


@migrations()
def carriers_first(db: Database) -> None:
    """Show what carries releases without a look at every article, as by statistics of a large archive."""
    db.execute("DROP VIEW release_articles")
    db.execute(release_tables.VIEWS[0])


@migrations()
def in_their_order(db: Database) -> None:
    """Show the newest articles, those of a portal, of stories, and lost addresses, without sorting all there are.

    SQLite's statistics say of a portal of 25,000 articles that it has more than 400.
    """
    db.execute("CREATE INDEX articles_portal ON articles (portal)")
    db.execute("""
        CREATE INDEX urls_lost_newest ON urls (tried_at)
        WHERE outcome IN ('unreadable', 'refused', 'gone', 'failed')
            AND coalesce(cause, '') NOT IN ('rule', 'forgotten')
    """)
    for name, view in (("story_articles", views.VIEWS), ("latest_articles", first_copies.VIEWS)):
        db.execute(f"DROP VIEW {name}")
        db.execute(view[name])


@migrations()
def killed_at_hand(db: Database) -> None:
    """Tell at a crawl's begin whether one of its portal was killed lately, without a look at those that were not."""
    db.execute("CREATE INDEX crawls_killed ON crawls (portal, started_at) WHERE finish = 'killed'")
