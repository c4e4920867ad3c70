"""The tables of watches, for the migration that adds them; released statements stay."""

TABLES = (
    """
CREATE TABLE watches (
    -- a search that a desk is told of: each story once, and once more when it has grown
    name TEXT PRIMARY KEY,
    query TEXT NOT NULL,         -- as it was written, in the words of a search of scrapy export
    portal TEXT,                 -- only articles of this portal; null: of all
    region TEXT,                 -- only articles of portals of this region; null: of all
    least_portals INTEGER NOT NULL DEFAULT 1 CHECK (least_portals > 0), -- told when its story stands on so many
    again_at INTEGER,            -- told once more when its story stands on so many portals; null: never
    send TEXT NOT NULL DEFAULT '', -- names of the setting NOTIFY, spaces between; empty: nobody is told
    seen_article INTEGER NOT NULL, -- articles up to this id were looked at
    active INTEGER NOT NULL DEFAULT 1, -- 0: it rests
    added_at TEXT NOT NULL
) STRICT, WITHOUT ROWID
""",
    """
CREATE TABLE alerts (
    -- an article that a watch found; it stands for its story, other articles of that story have no row
    watch TEXT NOT NULL REFERENCES watches(name) ON DELETE CASCADE,
    article INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    found_at TEXT NOT NULL,
    portals INTEGER NOT NULL,    -- on how many its story stood when it was told last; 0: on too few to be told
    portals_before INTEGER,      -- ... when it was told the time before; null if this is the first time
    waiting TEXT,                -- names of NOTIFY that are still to be told, spaces between; null if none
    sent_at TEXT,                -- when one of them took it last; null if none did
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
