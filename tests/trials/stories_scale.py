"""`make trial-stories`: what the search for copies costs an archive of 100,000 and one of 1,000,000 articles.

The index is filled with the sketches of generated texts, in order of time; then a sample of whole articles goes
through the stage and the archive at either size. Only ratios within one run mean something on a shared machine.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import os
import struct
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from kwri_crawler.archive import articles, crawls, open_archive, stories
from kwri_crawler.archive.stories.index import candidates, read, week_of
from kwri_crawler.copies import VERSION, WINDOW_DAYS, sketch_text, texts
from pipelines.dedupe import DedupeStage
from tests.score_stories import portal_of, timed_stories
from tests.trials.story_texts import PORTALS, Newsroom, Told

SAMPLE = 3000
FLAT = 1.3


def fill(db: Any, room: Newsroom, first: int, last: int) -> None:
    """Enter articles as rows and sketches, without their texts: what look-ups and inserts meet is the index."""
    batch: list[Told] = []
    db.conn.execute("PRAGMA foreign_keys = OFF")
    db.conn.execute("PRAGMA synchronous = OFF")
    for told in itertools.chain(room.articles(first, last), [None]):
        if told is not None:
            batch.append(told)
        if batch and (told is None or len(batch) == 5000):
            db.conn.execute("BEGIN IMMEDIATE")
            rows, sketches, marks = [], [], []
            for one in batch:
                sketch = sketch_text("\n\n".join(one.paragraphs))
                week, article = week_of(one.at), one.number + 1
                at = one.at.strftime("%Y-%m-%dT%H:%M:%SZ")
                rows.append((article, one.portal, f"u{one.number}", f"k{one.number}", one.title, at, one.title, at, at))
                sketches.append((article, VERSION, week, struct.pack(f"<{len(sketch)}i", *sketch)))
                marks += [(week, mark, article) for mark in sketch]
            db.conn.executemany(
                "INSERT INTO articles (id, portal, url, url_key, title, published_at, body, first_seen_at, fetched_at,"
                " word_count, reader, text_hash, crawl) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 9, 'filler', random(), 1)",
                rows,
            )
            db.conn.executemany("INSERT INTO sketches VALUES (?, ?, ?, ?)", sketches)
            db.conn.executemany("INSERT INTO marks VALUES (?, ?, ?)", marks)
            db.conn.execute("COMMIT")
            batch = []
    db.conn.execute("PRAGMA foreign_keys = ON")
    db.conn.execute("PRAGMA synchronous = FULL")


def measure(db: Any, room: Newsroom, size: int, crawls: dict[str, int]) -> dict[str, float]:
    """Store a sample of whole articles; return milliseconds of CPU an article, by what takes them."""
    stage = DedupeStage()
    told = [one.article(crawls[one.portal]) for one in room.articles(size, size + SAMPLE)]
    texts.kept_text.cache_clear()
    texts.places_of_numbers.cache_clear()
    spent: Counter[str] = Counter()
    gc.collect()
    for group in (told[first : first + 100] for first in range(0, SAMPLE, 100)):
        began = time.process_time()
        ready = [stage.process_item(item) for item in group]
        staged = time.process_time()
        db.conn.execute("BEGIN IMMEDIATE")
        with timed_stories(spent):
            new = [articles.store(db, item).article for item in ready]
        db.conn.execute("COMMIT")
        stored = time.process_time()
        rows = [(read(db, article), item.sketch) for article, item in zip(new, ready, strict=True) if article]
        ready_to_look = time.process_time()
        for row, sketch in rows:
            candidates(db, row, sketch, WINDOW_DAYS)
        looked = time.process_time()
        marks = [(week_of(row.at) + 1000, mark, row.id) for row, sketch in rows for mark in sketch]
        db.conn.execute("BEGIN IMMEDIATE")
        db.conn.executemany("INSERT INTO marks VALUES (?, ?, ?)", [(week - 1000, h, i + 10**7) for week, h, i in marks])
        inserted = time.process_time()
        db.conn.execute("ROLLBACK")
        spent["stage"] += staged - began
        spent["store"] += stored - staged
        spent["look-up"] += looked - ready_to_look
        spent["insert"] += inserted - looked
    return {what: 1000 * seconds / SAMPLE for what, seconds in spent.items()}


def index_bytes(db: Any, path: Path) -> int:
    """Return the bytes that marks, sketches and ties take: what the file shrinks by without them."""
    copy = path.with_suffix(".index")
    copy.unlink(missing_ok=True)
    db.conn.execute("ATTACH ? AS only_index", (str(copy),))
    for table in ("marks", "sketches", "ties"):
        sql = str(db.conn.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0])
        alone = sql.replace(f"TABLE {table}", f"TABLE only_index.{table}")
        db.conn.execute(alone.replace("REFERENCES articles(id) ON DELETE CASCADE", ""))
        db.conn.execute(f"INSERT INTO only_index.{table} SELECT * FROM main.{table}")
    db.conn.execute("DETACH only_index")
    size = copy.stat().st_size
    copy.unlink()
    return size


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs=2, default=(100_000, 1_000_000), metavar=("SMALL", "LARGE"))
    sizes = parser.parse_args().sizes
    os.nice(10)
    figures: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.sqlite"
        db, room, filled = open_archive(path), Newsroom(1), 0
        begun = {f"portal{n}": crawls.begin(db, portal_of(f"portal{n}"), None, None) for n in range(PORTALS)}
        for size in sizes:
            began = time.monotonic()
            fill(db, room, filled, size)
            filled = size + SAMPLE
            used = index_bytes(db, path) / size
            figures.append({**measure(db, room, size, begun), "bytes": used})
            last = figures[-1]
            dedupe = last["stage"] + last["stories"]
            print(
                f"{size} articles: {1000 / last['look-up']:.0f} look-ups/s, {1000 / last['insert']:.0f} inserts/s, "
                f"{used:.0f} bytes an article, {stories.count(db)} stories, {time.monotonic() - began:.0f} s\n"
                f"  CPU-ms an article: whole dedupe {dedupe:.2f}; stage {last['stage']:.2f}, store {last['store']:.2f} "
                f"(stories {last['stories']:.2f})",
                flush=True,
            )
        db.close()
    small, large = figures
    ratios = {what: large[what] / small[what] for what in ("look-up", "insert", "bytes", "store")}
    print("large by small:", ", ".join(f"{what} {ratio:.2f}" for what, ratio in ratios.items()))
    return 0 if max(ratios.values()) <= FLAT else 1


if __name__ == "__main__":
    sys.exit(main())
