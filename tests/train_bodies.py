"""Train the model that tells text from furniture: python -m tests.train_bodies PAGES2 BODIES [--write].

PAGES2 holds truth.jsonl and html/, BODIES ground-truth.json and html/, as tests/score_bodies.py reads them. Needs
scikit-learn, which the project itself does without: pip install scikit-learn. First it prints what each fifth of the
publishers scores when it is read by what the other four teach; then, with --write, it trains on all and writes
kwri_crawler/pages/model.json.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kwri_crawler.items import Page
from kwri_crawler.pages.bodies import told_by
from kwri_crawler.pages.clues import of_neighbours, of_passages
from kwri_crawler.pages.model import NUMBERS, chosen
from kwri_crawler.pages.passages import Passage, passages_of
from kwri_crawler.pages.source import Source
from kwri_crawler.pages.text import words
from tests.score_bodies import judge

PARTS = 5
STRENGTH = 0.02  # of the fit: the inverse of the penalty on weights
RARE = 8  # passages that a clue must be met in
SMALL = 0.02  # weights below it are left out
LONGEST = 60  # words of a passage that make it count for more
FETCHED_AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Sample:
    publisher: str
    texts: tuple[str, ...]  # the right text, in its forms
    passages: list[Passage]
    clues: list[list[str]]
    is_text: list[int]


def samples(pages: Path, bodies: Path) -> Iterator[Sample]:
    for line in (pages / "truth.jsonl").read_text("utf-8").strip().split("\n"):
        gold = json.loads(line)
        if gold["kind"] == "article" and "body" in gold:
            lead = f"{gold.get('summary', '')}\n{gold['body']}"
            host = (urlsplit(gold["url"]).hostname or "").removeprefix("www.")
            yield sample(pages / f"html/{gold['id']}.html.gz", gold["url"], host, (gold["body"], lead))
    for name, one in json.loads((bodies / "ground-truth.json").read_text("utf-8")).items():
        yield sample(bodies / f"html/{name}.html.gz", "https://example.org/", name, (one.get("articleBody") or "",))


def sample(path: Path, url: str, publisher: str, texts: tuple[str, ...]) -> Sample:
    source = Source.of(Page(url, gzip.decompress(path.read_bytes()), "", FETCHED_AT))
    passages = passages_of(source.tree.body) if source.tree.body is not None else []
    clues = [[*map(sys.intern, one)] for one in of_passages(passages, told_by(source))]
    return Sample(publisher, texts, passages, clues, label(passages, texts[0]))


def label(passages: Sequence[Passage], text: str) -> list[int]:
    """Return 1 for each passage that the right text holds: most of its runs of four words, or a short one as a line."""
    lines = [" ".join(words(line)) for line in text.split("\n")]
    whole = " ".join(lines).split()
    runs = set(zip(whole, whole[1:], whole[2:], whole[3:], strict=False))
    flat = f" {' '.join(whole)} "
    found = []
    for passage in passages:
        said = words(passage.text)
        if len(said) < 4:
            key = " ".join(said)
            found.append(
                int(bool(key) and (key in lines or (len(said) > 1 and not passage.linked and f" {key} " in flat)))
            )
        else:
            own = list(zip(said, said[1:], said[2:], said[3:], strict=False))
            found.append(int(sum(run in runs for run in own) > 0.6 * len(own)))
    return found


class Look:
    """One linear look at passages."""

    def __init__(self, clues: list[list[str]], is_text: list[int], counts: list[float]) -> None:
        from sklearn.linear_model import LogisticRegression

        met = Counter(clue for one in clues for clue in one)
        self.names = [name for name, times in sorted(met.items()) if times >= RARE]
        self.at = {name: i for i, name in enumerate(self.names)}
        self.model: Any = LogisticRegression(C=STRENGTH, max_iter=300, solver="liblinear")
        self.model.fit(self.matrix(clues), is_text, sample_weight=counts)

    def matrix(self, clues: list[list[str]]) -> Any:
        from scipy.sparse import csr_matrix

        columns, ends = [], [0]
        for one in clues:
            columns += [self.at[name] for name in one if name in self.at]
            ends.append(len(columns))
        return csr_matrix(([1.0] * len(columns), columns, ends), shape=(len(clues), len(self.names)))

    def chances(self, clues: list[list[str]]) -> list[float]:
        return list(map(float, self.model.predict_proba(self.matrix(clues))[:, 1])) if clues else []

    def weights(self) -> dict[str, float]:
        pairs = zip(self.names, self.model.coef_[0], strict=True)
        return {name: round(float(weight), 2) for name, weight in pairs if abs(weight) >= SMALL}


def count(chosen_from: list[Sample]) -> list[float]:
    """Return how much each passage counts: each page as much as any, in it a long passage more than a short one."""
    found: list[float] = []
    for one in chosen_from:
        sizes = [min(passage.words, LONGEST) + 3 for passage in one.passages]
        found += [300 * size / sum(sizes) for size in sizes]
    return found


def part_of(publisher: str, parts: int) -> int:
    return int(hashlib.md5(publisher.encode(), usedforsecurity=False).hexdigest(), 16) % parts


def look(chosen_from: list[Sample], clues: list[list[list[str]]] | None = None) -> Look:
    flat = [one for page in (clues or [one.clues for one in chosen_from]) for one in page]
    return Look(flat, [is_text for one in chosen_from for is_text in one.is_text], count(chosen_from))


def second_clues(one: Sample, first: Look) -> list[list[str]]:
    near = of_neighbours(one.passages, first.chances(one.clues))
    return [[*own, *other] for own, other in zip(one.clues, near, strict=True)]


def train(on: list[Sample]) -> tuple[Look, Look]:
    """Return both looks; the second learns from chances that a first look gave to pages that it was not trained on."""
    halves = [[one for one in on if part_of(one.publisher + "x", 2) == half] for half in (0, 1)]
    looks = [look(half) for half in halves]
    clues = [second_clues(one, looks[1 - half]) for half in (0, 1) for one in halves[half]]
    return look(on), look([*halves[0], *halves[1]], clues)


def f1_of(scored: list[tuple[float | None, float]]) -> float:
    precision = statistics.mean(p for p, _ in scored if p is not None)
    recall = statistics.mean(r for _, r in scored)
    return 2 * precision * recall / (precision + recall)


def best(texts: tuple[str, ...], got: str) -> tuple[float | None, float]:
    judged = [(p, r or 0.0) for p, r in (judge(text, got) for text in texts)]
    return max(judged, key=lambda pair: 2 * (pair[0] or 0) * pair[1] / ((pair[0] or 0) + pair[1] or 1))


def main(pages: str, bodies: str, *flags: str) -> int:
    every = list(samples(Path(pages), Path(bodies)))
    print(f"{len(every)} pages, {sum(len(one.passages) for one in every)} passages", flush=True)
    if "--only-write" not in flags:
        scored = defaultdict(list)
        for part in range(PARTS):
            first, second = train([one for one in every if part_of(one.publisher, PARTS) != part])
            for one in (one for one in every if part_of(one.publisher, PARTS) == part):
                kept = chosen(one.passages, second.chances(second_clues(one, first)))
                score = best(one.texts, "\n".join(passage.text for passage in kept))
                scored["all" if len(one.texts) > 1 else "bodies"].append(score)
        print("unseen publishers:", {name: round(f1_of(found), 4) for name, found in scored.items()}, flush=True)
    if flags:
        first, second = train(every)
        start = [round(float(one.model.intercept_[0]), 3) for one in (first, second)]
        numbers = {"start": start, "first": first.weights(), "second": second.weights()}
        NUMBERS.write_text(json.dumps(numbers, indent=0, sort_keys=True) + "\n", encoding="utf-8")
        print(f"wrote {NUMBERS.name}: {len(numbers['first'])} and {len(numbers['second'])} weights")
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
