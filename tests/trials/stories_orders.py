"""`make trial-orders`: the same articles in many orders, and from two processes at once, end in the same stories."""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import random
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from kwri_crawler.archive import Writer, articles, crawls, open_archive
from kwri_crawler.items import Article, Precision
from pipelines.dedupe import DedupeStage
from tests.score_stories import portal_of
from tests.trials.story_texts import PORTALS, Newsroom

IN_THE_AIR = 16  # articles that wait for the writer at a time, as in a crawl
Stories = frozenset[tuple[str, frozenset[str]]]  # each story's original and all its articles, by address


def written(number: int, seed: int = 7) -> list[Article]:
    """Write articles of which a third are copies; of some only the day is known, of some nothing."""
    dice, stage = random.Random(seed), DedupeStage()
    out = []
    for told in Newsroom(seed, copies=0.35).articles(0, number):
        article = told.article()
        chance = dice.random()
        if chance < 0.1:
            article = replace(article, published=None, published_reason="no date")
        elif chance < 0.3 and article.published:
            day = article.published.at.replace(hour=0, minute=0, second=0)
            article = replace(article, published=replace(article.published, at=day, precision=Precision.DAY))
        out.append(stage.process_item(article))
    return out


def begin(path: Path) -> dict[str, int]:
    """Make an archive with a crawl a portal."""
    db = open_archive(path)
    begun = {f"portal{n}": crawls.begin(db, portal_of(f"portal{n}"), None, None) for n in range(PORTALS)}
    db.close()
    return begun


def store(path: Path, items: list[Article], crawls: dict[str, int]) -> None:
    """Store the articles in this order through a writer, as a crawl does."""

    async def run() -> None:
        writer = Writer(open_archive(path), path)
        for first in range(0, len(items), IN_THE_AIR):
            some = (replace(item, crawl_id=crawls[item.portal]) for item in items[first : first + IN_THE_AIR])
            await asyncio.gather(*(writer.do(articles.store, item) for item in some))
        writer.close()

    asyncio.run(run())


def stories_in(path: Path) -> Stories:
    """Return the stories of an archive."""
    db = open_archive(path)
    found: dict[int, set[str]] = {}
    originals: dict[int, str] = {}
    for story, url, original in db.conn.execute(
        "SELECT story, url, articles.id = stories.original FROM articles JOIN stories ON stories.id = articles.story"
    ):
        found.setdefault(story, set()).add(url)
        if original:
            originals[story] = url
    counts = dict(db.conn.execute("SELECT id, articles FROM stories").fetchall())
    db.close()
    assert counts == {story: len(urls) for story, urls in found.items()}
    return frozenset((originals[story], frozenset(urls)) for story, urls in found.items())


def in_one_process(folder: Path, items: list[Article], name: str) -> Stories:
    """Store the articles in this order; return the stories."""
    path = folder / f"{name}.sqlite"
    store(path, items, begin(path))
    return stories_in(path)


def in_two_processes(folder: Path, items: list[Article]) -> Stories:
    """Store every other article from either of two processes at once; return the stories."""
    path = folder / "two.sqlite"
    crawls = begin(path)
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=store, args=(path, items[half::2], crawls)) for half in (0, 1)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    return stories_in(path)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--orders", type=int, default=10)
    asked = parser.parse_args()
    items = written(asked.articles)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        expected = in_one_process(folder, items, "written")
        print(f"{len(items)} articles in the order of writing: {len(expected)} stories")
        same = True
        for seed in range(asked.orders):
            got = in_one_process(folder, random.Random(seed).sample(items, len(items)), f"order{seed}")
            same &= got == expected
            print(f"random order {seed}: {'the same stories' if got == expected else 'OTHER STORIES'}", flush=True)
        got = in_two_processes(folder, random.Random(99).sample(items, len(items)))
        same &= got == expected
        print(f"two processes at once: {'the same stories' if got == expected else 'OTHER STORIES'}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
