"""`scrapy datasette`: the metadata by which Datasette shows the archive with names, facets, search and sort orders.

Descriptions are the schema's own comments; only what to show first is said here. The archive is read, never changed.
"""

from __future__ import annotations

import argparse
import json
from typing import Any

from kwri_crawler.archive.describe import Described, describe
from kwri_crawler.command import Exit, ProjectCommand, no_arguments
from kwri_crawler.screen import say
from kwri_crawler.whole_file import whole_file

# How Datasette shows a table or view; tests hold every name against the schema. Datasette 1.0 reads these out of the
# metadata too, and moves them into its configuration by itself.
SHOWN: dict[str, dict[str, Any]] = {
    # By id, which is the order of arrival: by publication a search would sort all that it finds.
    "articles": {"label_column": "title", "sort_desc": "id", "facets": ["portal", "section"], "size": 50},
    # Without a search of its own: Datasette's would look up and sort each article that it finds. See QUERIES.
    "latest_articles": {"facets": ["portal", "section"], "size": 50},
    "undated_articles": {"facets": ["portal", "published_reason"]},
    "portals": {"label_column": "name", "sort": "name", "facets": ["region", "family"]},
    "crawls": {"label_column": "started_at", "sort_desc": "id", "facets": ["portal", "finish"]},
    "listings": {"label_column": "url", "sort": "portal", "facets": ["portal", "kind", "status"]},
    "urls": {"label_column": "url", "sort_desc": "id", "facets": ["portal", "outcome", "reason"]},
    "lost_urls": {"facets": ["portal", "outcome", "reason"]},
    "stories": {"sort_desc": "articles", "facets": ["portals"]},
    "story_articles": {"facets": ["portal", "role"]},
    "notes": {"sort_desc": "at", "facets": ["tone", "topic", "by_whom"]},
    "ties": {"facets": ["kind", "reason"]},
    "tags": {"facets": ["tag"]},
    "quarantines": {"sort_desc": "id", "facets": ["portal", "word"]},
    "verifications": {"sort_desc": "id", "facets": ["portal", "result", "field"]},
    "events": {"sort_desc": "id", "facets": ["portal", "word"]},
    "revisions": {"sort_desc": "id"},
    "portal_health": {"facets": ["word"]},
}
# Without words, as the page is first shown, the index would take it for an error.
_WORDS = "coalesce(nullif(escape_fts(:words), ''), '\"\"')"
_FOUND = f"SELECT rowid FROM articles_fts WHERE articles_fts MATCH {_WORDS}"  # noqa: S608 - our own words
# Searches of any word that a large archive answers within Datasette's second.
QUERIES: dict[str, dict[str, str]] = {
    "search_latest": {
        "title": "Search: the last published",
        "description": "Articles that hold all of the words, the last published first; quotes: words in a row",
        "sql": f"SELECT * FROM latest_articles WHERE +id IN ({_FOUND}) LIMIT 100",  # noqa: S608 - our own words
    },
    "search_ranked": {
        "title": "Search: the best matches of the last 20,000 articles",
        "description": "Of the 20,000 that were archived last, those that the words fit best",
        "sql": "SELECT articles.id, portal, published_local, articles.title, author, section, url"  # noqa: S608
        " FROM articles_fts JOIN articles ON articles.id = articles_fts.rowid"
        f" WHERE articles_fts MATCH {_WORDS}"
        " AND articles_fts.rowid > (SELECT max(id) - 20000 FROM articles) ORDER BY rank LIMIT 100",
    },
}
# Datasette counts what it proposes as facets, and answers 400 where a count takes longer than its limit of a second.
OPTIONS = "--setting truncate_cells_html 120 --setting suggest_facets off"
# what only our own code reads
HIDDEN = ("answers", "marks", "month_versions", "robots", "sketches", "_sqlite_migrations")

_HELP = """\
examples:
  scrapy datasette                       output/datasette.json
  scrapy datasette --out - | jq .
  pip install datasette
  datasette output/kwri.sqlite --metadata output/datasette.json \\
    --setting truncate_cells_html 120 --setting suggest_facets off

Without suggest_facets Datasette does not read whole tables to propose facets: with 100,000 articles and more that costs
seconds a page, and its time limit turns some pages into errors.

Write it again after an upgrade, and when the archive has grown: tables and views of more than 20,000 rows are sorted
by columns with an index alone, as others take longer than Datasette waits. It may stay open while a crawl writes.
"""


class Command(ProjectCommand):
    """Write Datasette's metadata file."""

    takes = "[--out FILE]"
    does = "Write the metadata by which Datasette shows the archive"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "the file is written",
        Exit.ARCHIVE: "the archive cannot be read, or the file not be written",
    }

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our option and examples."""
        super().add_options(parser)
        parser.add_argument("--out", metavar="FILE", help="where to write it; - is standard output")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Read the schema, write the file, say how to start Datasette."""
        no_arguments("datasette", args, "name the file with --out")
        path = self.archive_path
        out = opts.out or str(path.parent / "datasette.json")
        self.check_out(out)
        db = self.open_archive()
        try:
            told = describe(db)
        finally:
            db.close()
        with whole_file(out) as file:
            file.write(json.dumps(metadata(path.stem, told), ensure_ascii=False, indent=2).encode() + b"\n")
        if out != "-":
            say(
                f"{out} is written; start Datasette with",
                f"  datasette {path} --metadata {out} {OPTIONS}",
            )


def metadata(database: str, told: list[Described]) -> dict[str, Any]:
    """Return what Datasette 0.65 reads with --metadata, and 1.0 too."""
    tables: dict[str, dict[str, Any]] = {
        one.name: {
            "description": one.meaning,
            **({"columns": one.columns} if one.columns else {}),
            **({} if one.sortable is None else {"sortable_columns": list(one.sortable)}),
            **SHOWN.get(one.name, {}),
        }
        for one in told
    }
    for name in HIDDEN:
        tables.setdefault(name, {})["hidden"] = True
    return {
        "title": "kwri-crawler",
        "description": "An archive of Indonesia's regional press. Times ending in Z are UTC; null: could not be read.",
        "databases": {database: {"tables": tables, "queries": QUERIES}},
    }
