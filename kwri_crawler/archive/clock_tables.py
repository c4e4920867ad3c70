"""How far each source's clock is off, counted as dates are written, for the migration that adds it.

The view portal_clocks read every date of the archive: 537 CPU-ms with 100,000 articles, now 12. Triggers count, so that
whoever writes dates, another program too, keeps it right. Released statements are never edited.
"""

TABLE = """
CREATE TABLE clocks (
    -- counts of printed dates by how far they are from the chosen one; the view portal_clocks explains them
    portal TEXT NOT NULL REFERENCES portals(id),
    source TEXT NOT NULL,    -- json-ld, meta, time, byline, feed, sitemap, index, url
    kind TEXT,               -- what we take them for: published, updated; null if not judged yet
    offset_s INTEGER NOT NULL, -- seconds after the chosen date, read in the zone that they print; 0: within 15 minutes
    still_wrong INTEGER NOT NULL, -- 1 if they differ with a corrected zone, too
    dates INTEGER NOT NULL
) STRICT
"""

# A primary key would not take a null for what it is.
INDEX = "CREATE UNIQUE INDEX clocks_of ON clocks (portal, source, coalesce(kind, ''), offset_s, still_wrong)"


def _offset(row: str) -> str:
    return f"CASE WHEN abs({row}.printed_offset_s) > 900 THEN {row}.printed_offset_s ELSE 0 END"


def _still_wrong(row: str) -> str:
    return f"abs({row}.printed_offset_s) > 900 AND coalesce(abs({row}.offset_s) > 900, 0)"


def _counts(row: str) -> str:
    return f"{row}.printed_offset_s IS NOT NULL AND {row}.precision <> 'approximate'"


FILL = f"""
INSERT INTO clocks (portal, source, kind, offset_s, still_wrong, dates)
SELECT
    articles.portal,
    dates.source,
    dates.judged,
    {_offset("dates")} AS off,
    {_still_wrong("dates")} AS wrong,
    count(*)
FROM dates
JOIN articles ON articles.id = dates.article
WHERE {_counts("dates")}
GROUP BY articles.portal, dates.source, dates.judged, off, wrong
"""  # noqa: S608 - our own words

_ADD = f"""
    INSERT INTO clocks (portal, source, kind, offset_s, still_wrong, dates)
    SELECT portal, new.source, new.judged, {_offset("new")}, {_still_wrong("new")}, 1
    FROM articles
    WHERE id = new.article AND {_counts("new")}
    ON CONFLICT (portal, source, coalesce(kind, ''), offset_s, still_wrong) DO UPDATE SET dates = dates + 1;
"""  # noqa: S608
_OLD = f"""
    WHERE {_counts("old")} AND portal = (SELECT portal FROM articles WHERE id = old.article) AND source = old.source
        AND coalesce(kind, '') = coalesce(old.judged, '') AND offset_s = {_offset("old")}
        AND still_wrong = ({_still_wrong("old")})
"""  # noqa: S608
_TAKE = f"""
    UPDATE clocks SET dates = dates - 1 {_OLD};
    DELETE FROM clocks {_OLD} AND dates = 0;
"""  # noqa: S608

TRIGGERS = (
    f"CREATE TRIGGER dates_counted AFTER INSERT ON dates BEGIN {_ADD} END",
    f"CREATE TRIGGER dates_uncounted AFTER DELETE ON dates BEGIN {_TAKE} END",
    f"CREATE TRIGGER dates_recounted AFTER UPDATE ON dates BEGIN {_TAKE} {_ADD} END",
    # while its portal is still known: a date that goes with its article is deleted after it
    """
CREATE TRIGGER articles_leave BEFORE DELETE ON articles BEGIN
    DELETE FROM dates WHERE article = old.id;
END
""",
)

# For the migration that came later: an article that another program gives to another portal takes its dates along.
MOVED = f"""
CREATE TRIGGER articles_moved AFTER UPDATE OF portal ON articles WHEN old.portal <> new.portal BEGIN
    UPDATE clocks
    SET dates = dates - (
        SELECT count(*) FROM dates
        WHERE article = new.id AND {_counts("dates")} AND source = clocks.source
            AND coalesce(judged, '') = coalesce(clocks.kind, '') AND {_offset("dates")} = clocks.offset_s
            AND ({_still_wrong("dates")}) = clocks.still_wrong
    )
    WHERE portal = old.portal;
    DELETE FROM clocks WHERE portal = old.portal AND dates = 0;
    INSERT INTO clocks (portal, source, kind, offset_s, still_wrong, dates)
    SELECT new.portal, source, judged, {_offset("dates")}, {_still_wrong("dates")}, 1
    FROM dates
    WHERE article = new.id AND {_counts("dates")}
    ON CONFLICT (portal, source, coalesce(kind, ''), offset_s, still_wrong) DO UPDATE SET dates = dates + 1;
END
"""  # noqa: S608

VIEW = """
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
    ORDER BY portal, disagree DESC
"""

STATEMENTS = (TABLE, FILL, INDEX, *TRIGGERS, "DROP VIEW portal_clocks", VIEW)
