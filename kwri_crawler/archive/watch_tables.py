"""The tables of watches, for the migration that adds them; released statements stay."""

TABLES = (
    """
CREATE TABLE watches (
    -- a saved search: new stories that it finds are sent, and sent once more when they have grown
    name TEXT PRIMARY KEY,
    query TEXT NOT NULL,         -- the search, in the words of a search of scrapy export
    portal TEXT,                 -- only articles of this portal; null: of all
    region TEXT,                 -- only articles of portals of this region; null: of all
    least_portals INTEGER NOT NULL DEFAULT 1 CHECK (least_portals > 0), -- a story is sent once so many portals have it
    again_at INTEGER,            -- sent once more when so many portals have it; null: never
    send TEXT NOT NULL DEFAULT '', -- names of the setting NOTIFY, spaces between; empty: nothing is sent
    seen_article INTEGER NOT NULL, -- it has looked at the articles up to this id
    active INTEGER NOT NULL DEFAULT 1, -- 0: it is paused
    added_at TEXT NOT NULL
) STRICT, WITHOUT ROWID
""",
    """
CREATE TABLE alerts (
    -- an article that a watch found, one per story
    watch TEXT NOT NULL REFERENCES watches(name) ON DELETE CASCADE,
    article INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    found_at TEXT NOT NULL,
    portals INTEGER NOT NULL,    -- portals of its story when it was last sent; 0: too few, not sent yet
    portals_before INTEGER,      -- portals of its story when it was sent the time before; null: sent at most once
    waiting TEXT,                -- names of NOTIFY to which it must still be sent, spaces between; null if none
    sent_at TEXT,                -- when it was last sent; null if never
    PRIMARY KEY (watch, article)
) STRICT, WITHOUT ROWID
""",
)

INDEXES = (
    "CREATE INDEX alerts_article ON alerts (article)",
    "CREATE INDEX alerts_waiting ON alerts (watch) WHERE waiting IS NOT NULL",
)

# SQLite gives the id of the newest article, once that is deleted, to the next one, which no watch has seen.
TRIGGERS = (
    """
CREATE TRIGGER watches_seen AFTER DELETE ON articles BEGIN
    UPDATE watches SET seen_article = (SELECT coalesce(max(id), 0) FROM articles)
    WHERE seen_article > (SELECT coalesce(max(id), 0) FROM articles);
END
""",
)

STATEMENTS = (*TABLES, *INDEXES, *TRIGGERS)
