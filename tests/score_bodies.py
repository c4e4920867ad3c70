"""Score readers of bodies: score_bodies.py ground-truth.json HTML_FOLDER [READER ...].

The measure is that of the public article-extraction-benchmark: shingles of four words with their counts, precision and
recall averaged over the pages, F1 of the two averages. The same pages, each reader timed in CPU-ms a page.
"""

from __future__ import annotations

import gzip
import json
import logging
import re
import statistics
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kwri_crawler.catalogue import Portal
from kwri_crawler.items import Page
from kwri_crawler.pages import PageError, bodies, read_page

_WORD = re.compile(r"\w+")
_NOBODY = Portal("none", "None", "https://example.org/", "general", None, "UTC", ())
FETCHED_AT = datetime(2026, 1, 1, tzinfo=UTC)


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3)) if words)


def judge(expected: str, got: str) -> tuple[float | None, float | None]:
    """Return precision and recall of one page; null where its side is empty, as the benchmark leaves it out."""
    mine, theirs = shingles(got), shingles(expected)
    if not mine and not theirs:
        return None, None
    both = (mine & theirs).total()
    return (both / mine.total() if mine else None), (both / theirs.total() if theirs else None)


def ours(html: bytes) -> str:
    """Read a page as a crawl does, of an address that tells nothing; what is refused counts as empty."""
    try:
        page = Page("https://example.org/berita/article-1", html, "text/html", FETCHED_AT)
        return "\n".join(read_page(page, _NOBODY).paragraphs)
    except PageError:
        return ""


def alone(read: Callable[[str], tuple[str, ...]], html: bytes) -> str:
    return "\n".join(read(html.decode("utf-8", "replace")))


def trafilatura_as_it_comes(html: bytes) -> str:
    from trafilatura import extract

    return extract(html.decode("utf-8", "replace"), include_comments=False) or ""


READERS: dict[str, Callable[[bytes], str]] = {
    "ours": ours,
    "trafilatura": trafilatura_as_it_comes,
    "trafilatura, precision": partial(alone, bodies.by_trafilatura),
    "readability": partial(alone, bodies.by_readability),
    "jusText": partial(alone, partial(bodies.by_justext, language="en")),
}


def score(read: Callable[[bytes], str], gold: dict[str, str], folder: Path) -> tuple[float, float, float, float]:
    """Return F1, precision, recall, and CPU-ms a page."""
    pages = {name: gzip.decompress((folder / f"{name}.html.gz").read_bytes()) for name in gold}
    read(next(iter(pages.values())))  # what is loaded once is not counted
    start = time.process_time()
    got = {name: read(html) for name, html in pages.items()}
    took = 1000 * (time.process_time() - start) / len(pages)
    judged = [judge(gold[name], got[name]) for name in gold]
    precision = statistics.mean(p for p, _ in judged if p is not None)
    recall = statistics.mean(r for _, r in judged if r is not None)
    return 2 * precision * recall / (precision + recall or 1), precision, recall, took


def main(gold_path: str, folder: str, *names: str) -> int:
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    gold = {key: one.get("articleBody") or "" for key, one in json.loads(Path(gold_path).read_text("utf-8")).items()}
    pages = Path(folder) / "html" if (Path(folder) / "html").is_dir() else Path(folder)
    print(f"{len(gold)} pages\n{'reader':24} {'F1':>6} {'precision':>9} {'recall':>7} {'CPU-ms/page':>12}")
    for name in names or READERS:
        f1, precision, recall, took = score(READERS[name], gold, pages)
        print(f"{name:24} {f1:6.4f} {precision:9.4f} {recall:7.4f} {took:12.1f}", flush=True)
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
