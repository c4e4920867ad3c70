"""What `make trial-scale` asks a large archive: its views, searches, a story, and Datasette's pages; in CPU-ms."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlite_utils import Database

from kwri_crawler.archive import open_archive
from kwri_crawler.archive.describe import describe
from kwri_crawler.archive.stories.queries import related_articles, story_of
from kwri_crawler.commands.datasette import QUERIES, metadata
from tests.trials.large_archive import COMMON, SELDOM, portal_id

LIMIT_S = 30.0  # of a query


def queries(path: Path) -> Iterator[tuple[str, float]]:
    """Yield what each view, search and story takes."""
    db = Database(sqlite3.connect(f"file:{path}?mode=ro", uri=True))
    views = sorted(db.view_names())
    columns = {name: [row[1] for row in db.execute(f"PRAGMA table_info({name})")] for name in views}
    (story,) = db.execute("SELECT max(id) FROM stories").fetchone()
    yield "stories N", _fastest(path, lambda db: (story_of(db, story), related_articles(db, story)))
    db.close()
    for name in views:
        yield f"{name} LIMIT 20", _asked(path, f"SELECT * FROM {name} LIMIT 20")
        key = next((key for key in ("portal", "first_portal") if key in columns[name]), None)
        if key:
            one = "Warta 003" if name == "latest_articles" else portal_id(3)
            yield f"{name} of one portal", _asked(path, f"SELECT * FROM {name} WHERE {key} = '{one}'")
        yield f"{name} whole", _asked(path, f"SELECT * FROM {name}")
    for word, share in (COMMON, SELDOM):
        named = f"search, a word in {share:.0%}"
        match = f"FROM articles_fts JOIN articles ON articles.id = articles_fts.rowid WHERE articles_fts MATCH '{word}'"
        ranked = "AND articles_fts.rowid > (SELECT max(id) - 20000 FROM articles) ORDER BY rank LIMIT 20"
        yield f"{named}: last archived", _asked(path, f"SELECT url {match} ORDER BY articles_fts.rowid DESC LIMIT 20")
        yield (
            f"{named}: last published",
            _asked(path, QUERIES["search_latest"]["sql"].replace("escape_fts(:words)", f"'{word}'")),
        )
        yield f"{named}: ranked", _asked(path, f"SELECT url {match} {ranked}")


def _asked(path: Path, sql: str) -> float:
    def ask(db: Database) -> None:
        cursor = db.conn.execute(sql)
        while cursor.fetchmany(1000):
            pass

    return _fastest(path, ask)


def _fastest(path: Path, ask: Callable[[Database], object]) -> float:
    """Return the fewest CPU-ms of up to three runs, each on a new connection; infinite if it was cut."""
    least = float("inf")
    for _ in range(3):
        db = Database(sqlite3.connect(f"file:{path}?mode=ro", uri=True))
        began = time.process_time()
        db.conn.set_progress_handler(_over(began + LIMIT_S), 100_000)
        try:
            ask(db)
        except sqlite3.OperationalError as error:
            if "interrupted" not in str(error):
                raise
            return float("inf")
        finally:
            db.close()
        least = min(least, 1000 * (time.process_time() - began))
        if least > 2000:
            break
    return least


def _over(end: float) -> Callable[[], bool]:
    return lambda: time.process_time() > end


async def pages(path: Path) -> Iterator[tuple[str, float, int]]:
    """Return each page of Datasette with its CPU-ms and status, by the metadata and options that we write."""
    from datasette.app import Datasette

    db = open_archive(path)
    told = metadata(path.stem, describe(db))
    names = [*db.table_names(), *db.view_names()]
    db.close()
    served = Datasette([str(path)], metadata=told, settings={"truncate_cells_html": 120, "suggest_facets": False})
    await served.invoke_startup()
    hidden = set(await served.get_database(path.stem).hidden_table_names())
    shown = [name for name in names if name not in hidden and not name.startswith(("sqlite_", "_"))]
    asked = {
        "home": "/",
        "database": f"/{path.stem}",
        **{name: f"/{path.stem}/{name}" for name in shown},
        "articles, searched": f"/{path.stem}/articles?_search={COMMON[0]}",
        "articles of a portal": f"/{path.stem}/articles?portal={portal_id(3)}",
        "latest_articles of a portal": f"/{path.stem}/latest_articles?portal=Warta+003",
        **{name: f"/{path.stem}/{name}?words={COMMON[0]}" for name in QUERIES},
    }
    found = []
    for name, address in asked.items():
        for _ in range(2):
            began = time.process_time()
            status = (await served.client.get(address)).status_code
            spent = 1000 * (time.process_time() - began)
        found.append((name, spent, status))
    return iter(found)
