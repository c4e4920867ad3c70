"""Score the finding of copies: score_stories.py FILE; every row goes through the stages into an archive, as in a crawl.

FILE holds a JSON object a line: id, url, source_site, title, text, published (as printed), cluster_id, relation.
Real articles are scored pairwise and by ARI; `derived:` rows by whether they joined the story of their original.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scrapy.exceptions import DropItem

from kwri_crawler.archive import Writer, articles, crawls, open_archive, stories
from kwri_crawler.catalogue import Listing, ListingKind, Portal
from kwri_crawler.copies.texts import kept_text
from kwri_crawler.items import Article, DateKind, DateSource, DateText
from pipelines.clean import CleanStage
from pipelines.dates import DateStage
from pipelines.dedupe import DedupeStage

Row = dict[str, str]
ORDERS = 3  # random ones, beside the file's own
NEW_INSTANCE = "newinstance"
SEEN_AT = datetime(2026, 1, 1, tzinfo=UTC)  # when every page was fetched; the rows' own dates decide
IN_THE_AIR = 16  # as many articles as a crawl has on their way to the writer


def article_of(row: Row) -> Article:
    """Return a row as a page's reader would hand it to the stages."""
    return Article(
        portal=row["source_site"],
        zone="Asia/Jakarta",
        url=row["url"].replace("#", "?part="),  # the derived ones differ in the fragment only
        title=row["title"].strip() or "-",
        paragraphs=tuple(row["text"].split("\n")),
        fetched_at=SEEN_AT,
        reader="general",
        dates=(DateText(DateKind.PUBLISHED, DateSource.BYLINE, row["published"][:200]),) if row["published"] else (),
    )


def portal_of(site: str) -> Portal:
    home = f"https://{site}/"
    listing = Listing(ListingKind.FEED, home + "feed")
    return Portal(id=site, name=site, home=home, family="general", region=None, zone="Asia/Jakarta",
                  listings=(listing,), hosts=(site,))  # fmt: skip


@contextmanager
def timed_stories(spent: Counter[str]) -> Iterator[None]:
    """Count the CPU seconds in which the store settles stories as "stories"."""
    settle = stories.settle

    def timed(*arguments: Any) -> Any:
        began = time.thread_time()
        copied = settle(*arguments)
        spent["stories"] += time.thread_time() - began
        return copied

    stories.settle = timed
    try:
        yield
    finally:
        stories.settle = settle


async def ingest(rows: list[Row], path: Path) -> tuple[dict[str, int], dict[str, float]]:
    """Archive the rows in this order; return each row's article, and CPU seconds by what took them."""
    db = open_archive(path)
    crawl_of = {site: crawls.begin(db, portal_of(site), None, None) for site in {r["source_site"] for r in rows}}
    writer = Writer(db, path)
    clean, dates, dedupe = CleanStage(), DateStage(), DedupeStage()
    placed: dict[str, int] = {}
    spent: Counter[str] = Counter()
    for first in range(0, len(rows), IN_THE_AIR):
        ready: list[tuple[Row, Article]] = []
        for row in rows[first : first + IN_THE_AIR]:
            item = replace(article_of(row), crawl_id=crawl_of[row["source_site"]])
            began = time.process_time()
            try:
                item = dates.process_item(clean.process_item(item))
            except DropItem:
                continue
            cleaned = time.process_time()
            ready.append((row, dedupe.process_item(item)))
            spent["clean and dates"] += cleaned - began
            spent["dedupe"] += time.process_time() - cleaned
        began = time.process_time()
        with timed_stories(spent):
            done = await asyncio.gather(*(writer.do(articles.store, item) for _, item in ready))
        for (row, _), settlement in zip(ready, done, strict=True):
            assert settlement.article is not None
            placed[row["id"]] = settlement.article
        spent["store"] += time.process_time() - began
    writer.close()
    return placed, dict(spent)


def stories_of(path: Path, placed: dict[str, int]) -> dict[str, int]:
    """Return each row's story; an article alone is one of its own, numbered below zero."""
    db = open_archive(path)
    story = dict(db.conn.execute("SELECT id, coalesce(story, -id) FROM articles").fetchall())
    db.close()
    return {name: story[article] for name, article in placed.items()}


def pairs(sizes: Counter[Any]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def score(rows: list[Row], story: dict[str, int]) -> dict[str, float]:
    """Return precision, recall, F1 and ARI over the real articles, and the rest by kind."""
    rows = [row for row in rows if row["id"] in story]
    real = [row for row in rows if not row["relation"].startswith("derived")]
    both = pairs(Counter((story[row["id"]], row["cluster_id"]) for row in real))
    found, true = pairs(Counter(story[row["id"]] for row in real)), pairs(Counter(row["cluster_id"] for row in real))
    chance = found * true / max(1, pairs(Counter(["all"] * len(real))))
    precision, recall = both / max(1, found), both / max(1, true)
    figures = {
        "precision": precision,
        "recall": recall,
        "F1": 2 * precision * recall / max(1e-9, precision + recall),
        "ARI": (both - chance) / max(1e-9, (found + true) / 2 - chance),
    }
    for relation in ("template", "independent"):
        figures[f"false joins: {relation}"] = sum(
            any(story[row["id"]] == story[o["id"]] and row["cluster_id"] != o["cluster_id"] for o in real)
            for row in real
            if row["relation"] == relation
        )
    originals = {row["group"]: row["id"] for row in rows if row["relation"] == "original"}
    by_story = defaultdict(list)
    for row in rows:
        by_story[story[row["id"]]].append(row)
    joined: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        kind = row["relation"]
        if kind.startswith("derived") and NEW_INSTANCE in kind:
            others = (other for other in by_story[story[row["id"]]] if other is not row)
            joined["joined: newinstance"].append(any(other["group"] == row["group"] for other in others))
        elif kind.startswith("derived") and row["group"] in originals:
            joined[f"recall {kind}"].append(story[row["id"]] == story[originals[row["group"]]])
    figures |= {kind: sum(hits) / len(hits) for kind, hits in sorted(joined.items())}
    return figures


def wrong(rows: list[Row], story: dict[str, int]) -> list[str]:
    """Name the pairs of real articles that are joined and should not be, or the other way round."""
    real = [row for row in rows if row["id"] in story and not row["relation"].startswith("derived")]
    return [
        f"{'joined' if story[a['id']] == story[b['id']] else 'missed'}: {a['id']} {a['title'][:50]!r} / "
        f"{b['id']} {b['title'][:50]!r}"
        for a, b in itertools.combinations(real, 2)
        if (story[a["id"]] == story[b["id"]]) != (a["cluster_id"] == b["cluster_id"])
    ]


def run(rows: list[Row]) -> tuple[dict[str, int], dict[str, float]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.sqlite"
        placed, spent = asyncio.run(ingest(rows, path))
        return stories_of(path, placed), spent


def read(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def cost(rows: list[Row]) -> float:
    """Return CPU-ms an article for the whole of dedupe: its stage, and what the store takes for stories."""
    with tempfile.TemporaryDirectory() as folder:
        kept_text.cache_clear()
        _, spent = asyncio.run(ingest(rows, Path(folder) / "archive.sqlite"))
    return 1000 * (spent["dedupe"] + spent["stories"]) / len(rows)


def main(path: str) -> int:
    logging.disable(logging.WARNING)
    rows = read(Path(path))
    orders = {"file order": rows}
    for seed in range(1, ORDERS + 1):
        orders[f"random order {seed}"] = random.Random(seed).sample(rows, len(rows))
    partitions = set()
    for name, ordered in orders.items():
        story, spent = run(ordered)
        figures = score(rows, story)
        if not partitions:
            print(*wrong(rows, story), sep="\n")
            for kind, value in figures.items():
                print(f"  {kind:32} {value:.3f}" if isinstance(value, float) else f"  {kind:32} {value}")
        told = [f"{kind} {figures[kind]:.3f}" for kind in ("precision", "recall", "F1", "ARI")]
        told += [f"newinstance joined {figures.get('joined: newinstance', 0):.1%}"]
        told += ["CPU-ms an article:"]
        told += [f"{what} {1000 * seconds / len(rows):.2f}" for what, seconds in spent.items()]
        print(f"{name}: {', '.join(told).replace(':, ', ': ')}")
        together = defaultdict(set)
        for row, number in story.items():
            together[number].add(row)
        partitions.add(frozenset(map(frozenset, together.values())))
    real = [row for row in rows if not row["relation"].startswith("derived")]
    print(f"the whole of dedupe, on the {len(real)} real articles: {cost(real):.2f} CPU-ms an article")
    print("the same stories in all orders" if len(partitions) == 1 else f"{len(partitions)} different sets of stories")
    return 0 if len(partitions) == 1 else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
