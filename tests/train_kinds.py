"""Train what tells articles from lists, forums and shops: python -m tests.train_kinds PAGES2 BODIES [--write].

The folders are those of tests/train_bodies.py, and so is the need of scikit-learn. It prints what each fifth of the
publishers scores by what the other four teach; with --write it writes kwri_crawler/pages/kinds.json.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kwri_crawler.items import Page
from kwri_crawler.pages.bodies import told_by
from kwri_crawler.pages.kinds import LEAST, NUMBERS, Kind, clues_of
from kwri_crawler.pages.model import chances_of
from kwri_crawler.pages.passages import passages_of
from kwri_crawler.pages.source import Source
from tests.train_bodies import FETCHED_AT, PARTS, part_of

STRENGTH = 0.1
RARE = 4
KINDS = {"article": Kind.ARTICLE, "list": Kind.LIST, "forum": Kind.FORUM, "shop": Kind.SHOP}

Sample = tuple[str, str, Kind, list[str]]  # page, publisher, kind, clues


def samples(pages: Path, bodies: Path) -> Iterator[Sample]:
    for line in (pages / "truth.jsonl").read_text("utf-8").strip().split("\n"):
        gold = json.loads(line)
        host = (urlsplit(gold["url"]).hostname or gold["url"]).removeprefix("www.")
        found = clues(pages / f"html/{gold['id']}.html.gz", gold["url"])
        yield gold["id"], host, KINDS[gold["kind"]], found
    for name in json.loads((bodies / "ground-truth.json").read_text("utf-8")):
        yield name, name, Kind.ARTICLE, clues(bodies / f"html/{name}.html.gz", "https://example.org/berita/1")


def clues(path: Path, url: str) -> list[str]:
    source = Source.of(Page(url, gzip.decompress(path.read_bytes()), "", FETCHED_AT))
    passages = passages_of(source.tree.body) if source.tree.body is not None else []
    return list(dict.fromkeys(clues_of(source, passages, chances_of(passages, told_by(source)))))


def fit(on: list[Sample]) -> dict[Kind, tuple[float, dict[str, float]]]:
    """Return for each kind where its score starts and what each clue adds."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    met = Counter(clue for one in on for clue in one[3])
    names = sorted(name for name, times in met.items() if times >= RARE)
    at = {name: i for i, name in enumerate(names)}
    columns, ends = [], [0]
    for one in on:
        columns += [at[name] for name in one[3] if name in at]
        ends.append(len(columns))
    matrix = csr_matrix(([1.0] * len(columns), columns, ends), shape=(len(on), len(names)))
    found = {}
    for kind in Kind:
        model: Any = LogisticRegression(C=STRENGTH, max_iter=500, solver="liblinear")
        model.fit(matrix, [int(one[2] is kind) for one in on])
        weights = {name: round(float(weight), 2) for name, weight in zip(names, model.coef_[0], strict=True)}
        found[kind] = (
            round(float(model.intercept_[0]), 3),
            {name: weight for name, weight in weights.items() if abs(weight) >= 0.02},
        )
    return found


def scores(one: Sample, model: dict[Kind, tuple[float, dict[str, float]]]) -> dict[Kind, float]:
    return {kind: start + sum(weights.get(clue, 0.0) for clue in one[3]) for kind, (start, weights) in model.items()}


def main(pages: str, bodies: str, *flags: str) -> int:
    from math import exp

    every = list(samples(Path(pages), Path(bodies)))
    print(len(every), "pages", flush=True)
    judged = []
    for part in range(PARTS):
        model = fit([one for one in every if part_of(one[1], PARTS) != part])
        judged += [(one, scores(one, model)) for one in every if part_of(one[1], PARTS) == part]
    for least in (0.1, 0.2, LEAST, 0.4, 0.5):
        refused: Counter[Kind] = Counter()
        for one, score in judged:
            refused[one[2]] += 1 / (1 + exp(-score[Kind.ARTICLE])) <= least
        of = Counter(one[2] for one in every)
        print(f"below {least}:", {kind.value: f"{refused[kind]} of {of[kind]}" for kind in Kind}, flush=True)
    wrong = [one[0] for one, score in judged if one[2] is Kind.ARTICLE and 1 / (1 + exp(-score[Kind.ARTICLE])) <= LEAST]
    print("articles refused:", *wrong)
    if "--write" in flags:
        found = {kind.value: {"start": start, "weights": weights} for kind, (start, weights) in fit(every).items()}
        NUMBERS.write_text(json.dumps(found, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
