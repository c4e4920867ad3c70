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
) STRICT, WITHOUT ROWID;

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
) STRICT, WITHOUT ROWID;

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
, dateline TEXT /* the place that the text begins with; null if none */, out_at TEXT GENERATED ALWAYS AS (
        -- UTC; by then it was certainly published: published_at; if only the day is known, the end of that day or
        -- first_seen_at, whichever is earlier; without a date, updated_at or first_seen_at
        CASE
            WHEN published_at IS NULL THEN min(first_seen_at, coalesce(updated_at, first_seen_at))
            WHEN published_precision IN ('day', 'approximate') THEN
                max(published_at, min(first_seen_at, strftime('%Y-%m-%dT%H:%M:%SZ', published_at, '+86399 seconds')))
            ELSE published_at
        END
    ) VIRTUAL, story INTEGER -- the story of all articles with its text; null if no other article has it
    REFERENCES stories(id), gone_at TEXT /* when the portal was found to have removed it; null if it is there */, subtitle TEXT /* a line below the title; null if the page prints none */, editor TEXT /* null if the page names none */, source TEXT /* the source that the page names for the text; null if none */, image_caption TEXT /* without its credit; null if none */, image_credit TEXT /* null if none is named */, amp_url TEXT /* the address of its AMP form; null if none */, print_url TEXT /* the address of its form for printing; null if none */, links TEXT /* JSON: [address, text] of each link in the body, in order; null if none. See the view links */, evidence TEXT /* JSON: where each field was read: json-ld, selector, meta, general. See the view evidence */, page_url TEXT /* the address whose page was read, where that is not url; null if it is */, named_url TEXT /* what its page names as its own address without proof; null if it names no such address */, access TEXT /* paywall where its page says that its text is not free: the body may be cut; null otherwise */, marks TEXT /* JSON: [paragraph of the body from 0, h2 h3 h4 li or quote], in order; null if all are plain */, local_day TEXT GENERATED ALWAYS AS (
        -- the day of publication on the portal's clock; null without a date
        substr(published_local, 1, 10)
    ) VIRTUAL) STRICT;

CREATE VIRTUAL TABLE "articles_fts" USING FTS5 (
    "title", "body",
    tokenize='unicode61 remove_diacritics 2',
    content="articles"
);

CREATE TABLE backfills (
    -- past days of a portal that were asked for with since and until, and how far they are read
    portal TEXT NOT NULL REFERENCES portals(id),
    first_day TEXT NOT NULL, -- local
    last_day TEXT NOT NULL,  -- local, inclusive
    listing INTEGER NOT NULL REFERENCES listings(id),
    next_url TEXT,           -- the page to go on with; null if it was not begun, or is done
    done_at TEXT, reached_at TEXT /* how far back its listing led where that was not far enough; null if it was, or is unknown */,            -- null until it is done
    PRIMARY KEY (portal, first_day, last_day, listing)
) STRICT, WITHOUT ROWID;

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
) STRICT, WITHOUT ROWID;

CREATE TABLE clocks (
    -- counts of printed dates by how far they are from the chosen one; the view portal_clocks explains them
    portal TEXT NOT NULL REFERENCES portals(id),
    source TEXT NOT NULL,    -- json-ld, meta, time, byline, feed, sitemap, index, url
    kind TEXT,               -- what we take them for: published, updated; null if not judged yet
    offset_s INTEGER NOT NULL, -- seconds after the chosen date, read in the zone that they print; 0: within 15 minutes
    still_wrong INTEGER NOT NULL, -- 1 if they differ with a corrected zone, too
    dates INTEGER NOT NULL
) STRICT;

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
, until TEXT /* the last day that was asked for, local, inclusive; null if none */, cause TEXT /* why it ended before all was done, as a code; null if all was done, or is unknown */, place TEXT /* the machine or place that asked, of a harvest by several machines; null: the machine of the archive */, left_out INTEGER /* ... that our own rules leave out (another host, no article's address) or that was taken down; not lost */) STRICT;

CREATE TABLE "dates" (
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
) STRICT, WITHOUT ROWID;

CREATE TABLE event_dates (
    -- the days of the event that an article's first paragraphs name
    article INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    day TEXT NOT NULL,       -- ISO 8601, on the portal's calendar
    flags TEXT,              -- JSON array: weekday disagrees, repaired, year inferred, range; null if nothing
    PRIMARY KEY (article, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
            -- changes of a portal's health, one row each; the newest row is its present health
            id INTEGER PRIMARY KEY,
            portal TEXT NOT NULL REFERENCES portals(id),
            at TEXT NOT NULL,        -- when it was noticed
            word TEXT NOT NULL,      -- its health from then on: well, quiet, thin, blocked, broken, new
            was TEXT,                -- its health before; null in a portal's first row
            why TEXT,                -- what was seen; null if it is well
            examples TEXT            -- JSON array of addresses to look at; null if there are none
        , reasons TEXT /* JSON: why, as codes and figures; null in old rows */) STRICT;

CREATE TABLE first_copies (
    -- when each portal but the first published a story; the view who_copies_whom counts them
    story INTEGER NOT NULL REFERENCES stories(id) ON DELETE CASCADE,
    portal TEXT NOT NULL REFERENCES portals(id),
    first_portal TEXT NOT NULL REFERENCES portals(id), -- that of the original
    lag_s INTEGER NOT NULL,     -- seconds from the original to this portal's first copy
    PRIMARY KEY (story, portal)
) STRICT, WITHOUT ROWID;

CREATE TABLE institutions (
    -- institutions to follow: enter your own; the view institution_reach counts them
    name TEXT PRIMARY KEY,       -- Polres Ngawi
    match TEXT NOT NULL          -- the full-text search that finds texts that name it: "polres ngawi"
) STRICT;

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
    complete_since TEXT, read_at TEXT /* when it was last read as far as was planned; null if never */, paged INTEGER /* 1 if its pages lead to every article; null if never read */, tells INTEGER /* 1 if its items are whole texts, 0 if they are cut; null if not compared */, changed_at TEXT /* the newest change that a finished reading saw; null if it names none */, cause TEXT /* why it was not read, as a code; null if it was, or is unknown */, oldest_at TEXT /* the earliest publication that its last reading printed; null if it printed none */, found_on TEXT /* the page on which a crawl found it, as no other listing led far enough; null if the portal's file names it */, uncounted INTEGER /* archived articles that its total did not count when they were last looked for; null if never */, total INTEGER /* how many articles it counted when it was last read, and what was found by then; null if it counts none */,     -- the local day down to which it was read; null if to its end
    UNIQUE (portal, url)
) STRICT;

CREATE TABLE marks (
    -- index to find copies: a copy shares two or more of these with its original, in a week near it
    week INTEGER NOT NULL,
    hash INTEGER NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (week, hash, article)
) STRICT, WITHOUT ROWID;

CREATE TABLE month_versions (
    -- one row a portal and month of publication, for `scrapy export --partition`: has anything of its articles changed?
    portal TEXT NOT NULL REFERENCES portals(id),
    month TEXT NOT NULL,       -- local: 2024-06; empty for articles without a date
    version INTEGER NOT NULL,  -- drawn at random at each change
    PRIMARY KEY (portal, month)
) STRICT, WITHOUT ROWID;

CREATE TABLE notes (
    -- what a person noted about an article; edits, reread and restory keep it, and it is deleted with the article
    article INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
    tone TEXT                    -- its tone towards the desk, set by a person; null if nobody set it
        CHECK (tone IN ('positif', 'netral', 'negatif')),
    topic TEXT,                  -- in the desk's own words; null if none
    note TEXT,                   -- null if none
    starred INTEGER NOT NULL DEFAULT 0 CHECK (starred IN (0, 1)),
    by_whom TEXT NOT NULL,       -- who noted it last
    at TEXT NOT NULL             -- when
) STRICT;

CREATE TABLE portals (
    -- every portal that was ever crawled, with what the catalogue last said of it
    id TEXT PRIMARY KEY,     -- the catalogue's file name: kwri-jatim
    name TEXT NOT NULL,      -- KWRI Jawa Timur
    home TEXT NOT NULL,      -- https://jatim.kwri.or.id/
    family TEXT NOT NULL,    -- the CMS that it runs on: varient, general
    region TEXT,             -- null if it serves no single region
    zone TEXT NOT NULL       -- the IANA zone of its clock: Asia/Jakarta
, clocks TEXT /* JSON: the [dates] of its file; null if none */, next_due_at TEXT /* when its next crawl is due; null if it was never crawled */, every_s INTEGER /* seconds between its crawls, by how often it publishes */, last_crawl INTEGER REFERENCES crawls(id) /* its newest crawl; null if it never was crawled, imports do not count */) STRICT;

CREATE TABLE quarantines (
            -- begin and end of quarantine, in which a portal is asked once a week; one row each
            id INTEGER PRIMARY KEY,
            portal TEXT NOT NULL REFERENCES portals(id),
            at TEXT NOT NULL,
            word TEXT NOT NULL,      -- begun, ended; the newest row holds now
            why TEXT NOT NULL        -- what failed, or what went well
        ) STRICT;

CREATE TABLE release_marks (
    -- index to find carriers: an article shares two or more of these with its release, in a week near it
    week INTEGER NOT NULL,       -- of released_at, counted from 1 January 1970
    hash INTEGER NOT NULL,
    release INTEGER NOT NULL REFERENCES releases(id) ON DELETE CASCADE,
    PRIMARY KEY (week, hash, release)
) STRICT, WITHOUT ROWID;

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
) STRICT;

CREATE TABLE reported_links (
    -- an address where, as somebody reported, a release was published
    url_key TEXT PRIMARY KEY,    -- as articles.url_key
    url TEXT NOT NULL,           -- as it was reported
    reported_at TEXT NOT NULL    -- when scrapy releases links first read it
) STRICT, WITHOUT ROWID;

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
) STRICT;

CREATE TABLE robots (
    -- robots.txt of each host, kept for a day at most (RFC 9309)
    host TEXT PRIMARY KEY,
    fetched_at TEXT NOT NULL,
    body BLOB NOT NULL       -- empty when there was none
) STRICT;

CREATE TABLE search_later (
            -- always empty; has a row only within a transaction that adds its articles to the search index at its end
            later INTEGER NOT NULL
        ) STRICT;

CREATE TABLE sketches (
    -- the hashes of an article in the table marks; no row: not compared yet, see scrapy restory
    article INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
    method INTEGER NOT NULL,     -- the version of the method that made it; 0 if the article changed since
    week INTEGER NOT NULL,       -- of out_at, counted from 1 January 1970
    hashes BLOB NOT NULL         -- signed 32-bit numbers, little-endian; empty for a text too short to compare
) STRICT;

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
, portals_1h INTEGER NOT NULL DEFAULT 0 /* other portals than the original's within an hour of it */, portals_6h INTEGER NOT NULL DEFAULT 0 /* ... within 6 hours */, portals_24h INTEGER NOT NULL DEFAULT 0 /* ... within 24 hours */, first_copy_hours REAL /* until the first copy on another portal; null if it stands on one portal only */, first_portal TEXT REFERENCES portals(id) /* that of the original */) STRICT;

CREATE TABLE tags (
    -- the tags that a portal gave an article
    article INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (article, tag)
) STRICT, WITHOUT ROWID;

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
) STRICT, WITHOUT ROWID;

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
    article INTEGER REFERENCES articles(id) ON DELETE SET NULL, changed_at TEXT /* the newest change of it that a listing named; null if none did */, listed_facts TEXT /* JSON: author, section and tags from a listing; null if none named any */, cause TEXT /* why it brought no article, as a code: block, robots, dns, gone, ...; null if it did, or is unknown */, -- the article that it brought
    UNIQUE (portal, key)
) STRICT;

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
        ) STRICT;

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
) STRICT;

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
) STRICT, WITHOUT ROWID;

CREATE INDEX alerts_article ON alerts (article);

CREATE INDEX alerts_waiting ON alerts (watch) WHERE waiting IS NOT NULL;

CREATE INDEX articles_days ON articles (portal, local_day, word_count);

CREATE INDEX articles_gone ON articles (portal) WHERE gone_at IS NOT NULL;

CREATE INDEX articles_named ON articles (named_url) WHERE named_url IS NOT NULL;

CREATE INDEX articles_newest ON articles (coalesce(published_at, first_seen_at));

CREATE INDEX articles_portal ON articles (portal);

CREATE INDEX articles_portal_fetched ON articles (portal, fetched_at, first_seen_at, published_at);

CREATE INDEX articles_portal_published ON articles (portal, published_at);

CREATE INDEX articles_portal_story ON articles (portal, story);

CREATE INDEX articles_posts ON articles (portal, reader, gone_at) WHERE (reader = 'wordpress-api' OR reader = 'blogger-feed') AND gone_at IS NULL;

CREATE INDEX articles_published ON articles (published_at);

CREATE INDEX articles_story_out ON articles (story, out_at) WHERE story IS NOT NULL;

CREATE INDEX articles_text_hash ON articles (text_hash);

CREATE INDEX articles_undated ON articles (portal, first_seen_at) WHERE published_at IS NULL;

CREATE INDEX backfills_listing ON backfills (listing);

CREATE INDEX carried_article ON carried (article);

CREATE UNIQUE INDEX clocks_of ON clocks (portal, source, coalesce(kind, ''), offset_s, still_wrong);

CREATE INDEX crawls_killed ON crawls (portal, started_at) WHERE finish = 'killed';

CREATE INDEX crawls_open ON crawls (portal) WHERE finish IS NULL;

CREATE INDEX crawls_portal_started ON crawls (portal, started_at);

CREATE INDEX dates_far ON dates (article)
WHERE judged = 'published' AND NOT won AND precision <> 'approximate' AND abs(offset_s) > 86400;

CREATE INDEX event_dates_day ON event_dates (day);

CREATE INDEX events_portal ON events (portal, id);

CREATE INDEX first_copies_pair ON first_copies (first_portal, portal, lag_s);

CREATE INDEX portals_name ON portals (name);

CREATE INDEX quarantines_portal ON quarantines (portal, id);

CREATE INDEX release_marks_release ON release_marks (release);

CREATE INDEX releases_article ON releases (article) WHERE article IS NOT NULL;

CREATE INDEX releases_portal ON releases (portal) WHERE portal IS NOT NULL;

CREATE INDEX releases_released ON releases (released_at);

CREATE INDEX releases_text_hash ON releases (text_hash);

CREATE INDEX revisions_article ON revisions (article, id);

CREATE INDEX revisions_crawl ON revisions (crawl);

CREATE INDEX stories_fastest ON stories (portals_6h DESC, first_copy_hours, first_at DESC)
WHERE first_copy_hours IS NOT NULL;

CREATE INDEX stories_first ON stories (first_at);

CREATE INDEX stories_first_portal ON stories (first_portal);

CREATE INDEX stories_largest ON stories (articles DESC, portals DESC, first_at DESC);

CREATE INDEX tags_tag ON tags (tag);

CREATE INDEX ties_other ON ties (other);

CREATE INDEX urls_article ON urls (article);

CREATE INDEX urls_due ON urls (portal, found_crawl DESC, id) WHERE outcome = 'pending' OR next_try_at IS NOT NULL;

CREATE INDEX urls_failed ON urls (portal, outcome) WHERE outcome = 'failed';

CREATE INDEX urls_listing ON urls (listing, article);

CREATE INDEX urls_lost ON urls (portal, tried_at)
            WHERE outcome IN ('unreadable', 'refused', 'gone', 'failed');

CREATE INDEX urls_lost_newest ON urls (tried_at)
        WHERE outcome IN ('unreadable', 'refused', 'gone', 'failed')
            AND coalesce(cause, '') NOT IN ('rule', 'forgotten');

CREATE INDEX urls_seen ON urls (seen_crawl, found_crawl);

CREATE INDEX verifications_portal ON verifications (portal, at);

CREATE INDEX visits_due ON visits (portal, next_at) WHERE next_at IS NOT NULL;

CREATE INDEX visits_missed ON visits (portal) WHERE missed_at IS NOT NULL;

CREATE TRIGGER articles_ad AFTER DELETE ON articles
        WHEN EXISTS (SELECT 1 FROM articles_fts_docsize WHERE id = old.id) BEGIN
            INSERT INTO articles_fts (articles_fts, rowid, title, body)
                VALUES ('delete', old.id, old.title, old.body);
        END;

CREATE TRIGGER articles_ai AFTER INSERT ON articles WHEN NOT EXISTS (SELECT 1 FROM search_later) BEGIN
            INSERT INTO articles_fts (rowid, title, body) VALUES (new.id, new.title, new.body);
        END;

CREATE TRIGGER articles_au AFTER UPDATE OF title, body ON articles
        WHEN EXISTS (SELECT 1 FROM articles_fts_docsize WHERE id = old.id) BEGIN
            INSERT INTO articles_fts (articles_fts, rowid, title, body)
                VALUES ('delete', old.id, old.title, old.body);
            INSERT INTO articles_fts (rowid, title, body) VALUES (new.id, new.title, new.body);
        END;

CREATE TRIGGER articles_leave BEFORE DELETE ON articles BEGIN
    DELETE FROM dates WHERE article = old.id;
END;

CREATE TRIGGER articles_moved AFTER UPDATE OF portal ON articles WHEN old.portal <> new.portal BEGIN
    UPDATE clocks
    SET dates = dates - (
        SELECT count(*) FROM dates
        WHERE article = new.id AND dates.printed_offset_s IS NOT NULL AND dates.precision <> 'approximate' AND source = clocks.source
            AND coalesce(judged, '') = coalesce(clocks.kind, '') AND CASE WHEN abs(dates.printed_offset_s) > 900 THEN dates.printed_offset_s ELSE 0 END = clocks.offset_s
            AND (abs(dates.printed_offset_s) > 900 AND coalesce(abs(dates.offset_s) > 900, 0)) = clocks.still_wrong
    )
    WHERE portal = old.portal;
    DELETE FROM clocks WHERE portal = old.portal AND dates = 0;
    INSERT INTO clocks (portal, source, kind, offset_s, still_wrong, dates)
    SELECT new.portal, source, judged, CASE WHEN abs(dates.printed_offset_s) > 900 THEN dates.printed_offset_s ELSE 0 END, abs(dates.printed_offset_s) > 900 AND coalesce(abs(dates.offset_s) > 900, 0), 1
    FROM dates
    WHERE article = new.id AND dates.printed_offset_s IS NOT NULL AND dates.precision <> 'approximate'
    ON CONFLICT (portal, source, coalesce(kind, ''), offset_s, still_wrong) DO UPDATE SET dates = dates + 1;
END;

CREATE TRIGGER articles_taken BEFORE DELETE ON articles BEGIN
    DELETE FROM marks WHERE article = old.id AND week IN (SELECT week FROM sketches WHERE article = old.id);
    DELETE FROM tags WHERE article = old.id; DELETE FROM dates WHERE article = old.id; DELETE FROM event_dates WHERE article = old.id; DELETE FROM sketches WHERE article = old.id; DELETE FROM visits WHERE article = old.id; DELETE FROM revisions WHERE article = old.id; DELETE FROM carried WHERE article = old.id; DELETE FROM notes WHERE article = old.id; DELETE FROM alerts WHERE article = old.id;
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
END;

CREATE TRIGGER articles_unsettled
AFTER UPDATE OF portal, title, body, text_hash, published_at, published_precision, updated_at, first_seen_at ON articles
WHEN (old.portal, old.title, old.body, old.text_hash, old.out_at, old.first_seen_at)
    IS NOT (new.portal, new.title, new.body, new.text_hash, new.out_at, new.first_seen_at)
BEGIN
    -- its story is to be settled again: by who changed it, or by the next scrapy restory
    UPDATE sketches SET method = 0 WHERE article = new.id;
END;

CREATE TRIGGER dates_counted AFTER INSERT ON dates BEGIN 
    INSERT INTO clocks (portal, source, kind, offset_s, still_wrong, dates)
    SELECT portal, new.source, new.judged, CASE WHEN abs(new.printed_offset_s) > 900 THEN new.printed_offset_s ELSE 0 END, abs(new.printed_offset_s) > 900 AND coalesce(abs(new.offset_s) > 900, 0), 1
    FROM articles
    WHERE id = new.article AND new.printed_offset_s IS NOT NULL AND new.precision <> 'approximate'
    ON CONFLICT (portal, source, coalesce(kind, ''), offset_s, still_wrong) DO UPDATE SET dates = dates + 1;
 END;

CREATE TRIGGER dates_recounted AFTER UPDATE ON dates BEGIN 
    UPDATE clocks SET dates = dates - 1 
    WHERE old.printed_offset_s IS NOT NULL AND old.precision <> 'approximate' AND portal = (SELECT portal FROM articles WHERE id = old.article) AND source = old.source
        AND coalesce(kind, '') = coalesce(old.judged, '') AND offset_s = CASE WHEN abs(old.printed_offset_s) > 900 THEN old.printed_offset_s ELSE 0 END
        AND still_wrong = (abs(old.printed_offset_s) > 900 AND coalesce(abs(old.offset_s) > 900, 0))
;
    DELETE FROM clocks 
    WHERE old.printed_offset_s IS NOT NULL AND old.precision <> 'approximate' AND portal = (SELECT portal FROM articles WHERE id = old.article) AND source = old.source
        AND coalesce(kind, '') = coalesce(old.judged, '') AND offset_s = CASE WHEN abs(old.printed_offset_s) > 900 THEN old.printed_offset_s ELSE 0 END
        AND still_wrong = (abs(old.printed_offset_s) > 900 AND coalesce(abs(old.offset_s) > 900, 0))
 AND dates = 0;
 
    INSERT INTO clocks (portal, source, kind, offset_s, still_wrong, dates)
    SELECT portal, new.source, new.judged, CASE WHEN abs(new.printed_offset_s) > 900 THEN new.printed_offset_s ELSE 0 END, abs(new.printed_offset_s) > 900 AND coalesce(abs(new.offset_s) > 900, 0), 1
    FROM articles
    WHERE id = new.article AND new.printed_offset_s IS NOT NULL AND new.precision <> 'approximate'
    ON CONFLICT (portal, source, coalesce(kind, ''), offset_s, still_wrong) DO UPDATE SET dates = dates + 1;
 END;

CREATE TRIGGER dates_uncounted AFTER DELETE ON dates BEGIN 
    UPDATE clocks SET dates = dates - 1 
    WHERE old.printed_offset_s IS NOT NULL AND old.precision <> 'approximate' AND portal = (SELECT portal FROM articles WHERE id = old.article) AND source = old.source
        AND coalesce(kind, '') = coalesce(old.judged, '') AND offset_s = CASE WHEN abs(old.printed_offset_s) > 900 THEN old.printed_offset_s ELSE 0 END
        AND still_wrong = (abs(old.printed_offset_s) > 900 AND coalesce(abs(old.offset_s) > 900, 0))
;
    DELETE FROM clocks 
    WHERE old.printed_offset_s IS NOT NULL AND old.precision <> 'approximate' AND portal = (SELECT portal FROM articles WHERE id = old.article) AND source = old.source
        AND coalesce(kind, '') = coalesce(old.judged, '') AND offset_s = CASE WHEN abs(old.printed_offset_s) > 900 THEN old.printed_offset_s ELSE 0 END
        AND still_wrong = (abs(old.printed_offset_s) > 900 AND coalesce(abs(old.offset_s) > 900, 0))
 AND dates = 0;
 END;

CREATE TRIGGER months_added AFTER INSERT ON articles BEGIN 
    INSERT INTO month_versions VALUES (new.portal, coalesce(substr(new.published_local, 1, 7), ''), random())
    ON CONFLICT (portal, month) DO UPDATE SET version = excluded.version;
 END;

CREATE TRIGGER months_changed AFTER UPDATE OF portal, url, title, subtitle, author, editor, source, section, published_at, published_local, published_precision, published_reason, updated_at, dateline, lead, body, access, marks, image_url, image_caption, image_credit, links, word_count, language, story, text_hash, first_seen_at, fetched_at ON articles BEGIN UPDATE month_versions SET version = random() WHERE portal = old.portal AND month = coalesce(substr(old.published_local, 1, 7), ''); 
    INSERT INTO month_versions VALUES (new.portal, coalesce(substr(new.published_local, 1, 7), ''), random())
    ON CONFLICT (portal, month) DO UPDATE SET version = excluded.version;
 END;

CREATE TRIGGER months_event_dates_added AFTER INSERT ON event_dates BEGIN 
    UPDATE month_versions
    SET version = random()
    WHERE (portal, month) = (SELECT portal, coalesce(substr(articles.published_local, 1, 7), '') FROM articles WHERE id = new.article);
 END;

CREATE TRIGGER months_event_dates_left AFTER DELETE ON event_dates BEGIN 
    UPDATE month_versions
    SET version = random()
    WHERE (portal, month) = (SELECT portal, coalesce(substr(articles.published_local, 1, 7), '') FROM articles WHERE id = old.article);
 END;

CREATE TRIGGER months_left AFTER DELETE ON articles BEGIN UPDATE month_versions SET version = random() WHERE portal = old.portal AND month = coalesce(substr(old.published_local, 1, 7), ''); END;

CREATE TRIGGER months_named AFTER UPDATE OF name ON portals WHEN old.name <> new.name BEGIN UPDATE month_versions SET version = random() WHERE portal = new.id; END;

CREATE TRIGGER months_original AFTER UPDATE OF original ON stories WHEN old.original <> new.original BEGIN 
    UPDATE month_versions
    SET version = random()
    WHERE (portal, month) = (SELECT portal, coalesce(substr(articles.published_local, 1, 7), '') FROM articles WHERE id = old.original);
 
    UPDATE month_versions
    SET version = random()
    WHERE (portal, month) = (SELECT portal, coalesce(substr(articles.published_local, 1, 7), '') FROM articles WHERE id = new.original);
 END;

CREATE TRIGGER months_tags_added AFTER INSERT ON tags BEGIN 
    UPDATE month_versions
    SET version = random()
    WHERE (portal, month) = (SELECT portal, coalesce(substr(articles.published_local, 1, 7), '') FROM articles WHERE id = new.article);
 END;

CREATE TRIGGER months_tags_left AFTER DELETE ON tags BEGIN 
    UPDATE month_versions
    SET version = random()
    WHERE (portal, month) = (SELECT portal, coalesce(substr(articles.published_local, 1, 7), '') FROM articles WHERE id = old.article);
 END;

CREATE TRIGGER watches_seen AFTER DELETE ON articles BEGIN
    UPDATE watches SET seen_article = (SELECT coalesce(max(id), 0) FROM articles)
    WHERE seen_article > (SELECT coalesce(max(id), 0) FROM articles);
END;

CREATE VIEW articles_by_day AS
    -- how many articles each portal published on each local day
    SELECT portal, local_day AS day, count(*) AS articles, sum(word_count) AS words
    FROM articles INDEXED BY articles_days
    WHERE local_day IS NOT NULL
    GROUP BY portal, local_day;

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
    GROUP BY articles.id, articles.portal;

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
    ORDER BY days_apart DESC;

CREATE VIEW evidence AS
    -- one row per field of an article, with where it was read: json-ld, selector, meta, general
    SELECT articles.id AS article, articles.portal, found.key AS field, found.value AS read_from
    FROM articles
    JOIN json_each(articles.evidence) AS found;

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
    ORDER BY stories.portals_6h DESC, stories.first_copy_hours, stories.first_at DESC;

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
    GROUP BY institutions.name;

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
    ORDER BY stories.articles DESC, stories.portals DESC, stories.first_at DESC;

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
    ORDER BY coalesce(articles.published_at, articles.first_seen_at) DESC;

CREATE VIEW links AS
    -- one row per link in an article's body, in order
    SELECT
        articles.id AS article,
        link.key AS position, -- from 0
        json_extract(link.value, '$[0]') AS url,
        json_extract(link.value, '$[1]') AS text -- as shown; empty when it shows an image
    FROM articles
    JOIN json_each(articles.links) AS link;

CREATE VIEW lost_urls AS
            -- addresses from which no article was read, and why; newest first; without what our own rules leave out
            SELECT portal, url, outcome, reason, status, tries, tried_at, next_try_at, cause
            FROM urls
            WHERE outcome IN ('unreadable', 'refused', 'gone', 'failed')
                AND coalesce(cause, '') NOT IN ('rule', 'forgotten')
            ORDER BY tried_at DESC;

CREATE VIEW portal_clocks AS
    -- per portal and source: how often a date, read in its printed zone, differs from the chosen one, and by how much;
    -- if a source is off by the same hours nearly every time, its clock is wrong: say so in the portal's file
    SELECT
        portal,
        source,
        kind,
        sum(dates) AS dates,
        sum(dates * (offset_s <> 0)) AS disagree,
        round(100.0 * sum(dates * (offset_s <> 0)) / sum(dates), 1) AS disagree_percent,
        sum(dates * (offset_s <> 0 AND NOT still_wrong)) AS put_right, -- ... and agree once their zone is corrected
        round(
            (
                SELECT off FROM (
                    SELECT
                        one.offset_s AS off,
                        sum(one.dates) OVER (ORDER BY one.offset_s) AS reached,
                        sum(one.dates) OVER () AS places
                    FROM clocks AS one
                    WHERE one.portal = clocks.portal AND one.source = clocks.source
                        AND coalesce(one.kind, '') = coalesce(clocks.kind, '') AND one.offset_s <> 0
                )
                WHERE reached >= (places + 1) / 2 ORDER BY off LIMIT 1
            ) / 3600.0,
            2
        ) AS median_hours,       -- of those that disagree; positive: later than the chosen date
        round(max(abs(offset_s)) FILTER (WHERE offset_s <> 0) / 3600.0, 2) AS largest_hours
    FROM clocks
    GROUP BY portal, source, kind
    ORDER BY portal, disagree DESC;

CREATE VIEW portal_health AS
            -- how each portal is, since when, and why
            SELECT portals.id AS portal, portals.name, events.word, events.at AS since, events.why, events.examples
            FROM portals
            LEFT JOIN events ON events.id = (SELECT max(id) FROM events WHERE events.portal = portals.id);

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
    );

CREATE VIEW portal_reach AS
    -- one row per portal: how many of the releases that it could have carried it did; those with none are last
    SELECT portal, releases, carried, share
    FROM (
    WITH crawled AS MATERIALIZED (
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
            release,
            day,
            released_at,
            NULL AS span,
            strftime('%Y-%m-%dT%H:%M:%SZ', released_at, '-1 day') AS since,
            strftime('%Y-%m-%dT%H:%M:%SZ', released_at, '+3 days') AS until
        FROM (SELECT id AS release, unit, released_at, substr(released_local, 1, 10) AS day FROM releases)
        WHERE true
    ),
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
            (released_at <= last_at AND EXISTS (
            SELECT 1 FROM articles WHERE articles.portal = crawled.portal AND published_at BETWEEN since AND until
        )) IS NOT TRUE AS could_not
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
                    released_at <= last_at AND EXISTS (
            SELECT 1 FROM articles WHERE articles.portal = crawled.portal AND published_at BETWEEN since AND until
        ),
                    number,
                    (SELECT count(*) FROM sent WHERE sent.day = days.day AND sent.span IS days.span AND released_at <= last_at AND EXISTS (
            SELECT 1 FROM articles WHERE articles.portal = crawled.portal AND published_at BETWEEN since AND until
        ))
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
    HAVING sum(releases) > 0
    )
    ORDER BY carried DESC, releases DESC, portal;

CREATE VIEW portal_releases AS
    -- one row per portal and release that it carried or could have: it published in those days, and was crawled later
    
    WITH crawled AS MATERIALIZED (
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
            release,
            unit,
            day,
            released_at,
            strftime('%Y-%m-%dT%H:%M:%SZ', released_at, '-1 day') AS since,
            strftime('%Y-%m-%dT%H:%M:%SZ', released_at, '+3 days') AS until
        FROM (SELECT id AS release, unit, released_at, substr(released_local, 1, 10) AS day FROM releases)
        WHERE true
    )
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
    GROUP BY reached.portal, sent.release;

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
    WHERE articles > 0;

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
    WHERE ties.kind IN ('contains', 'follow-up');

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
    WHERE articles.portal NOT IN (SELECT portal FROM releases WHERE portal IS NOT NULL);

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
    GROUP BY releases.id;

CREATE VIEW same_text AS
    -- articles whose text is published, word for word, at more than one address
    SELECT text_hash, id, portal, published_at, title, url
    FROM articles
    WHERE EXISTS (
        SELECT 1 FROM articles AS other WHERE other.text_hash = articles.text_hash AND other.id <> articles.id
    )
    ORDER BY text_hash, published_at;

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
    ORDER BY articles.story, articles.out_at, articles.first_seen_at, articles.url_key;

CREATE VIEW undated_articles AS
    -- articles without a date of publication, and why
    SELECT id, portal, url, title, published_reason, first_seen_at
    FROM articles
    WHERE published_at IS NULL;

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
    ORDER BY articles DESC, carried DESC, unit;

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
    ) AS pairs;
