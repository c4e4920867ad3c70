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
from kwri_crawler.pages.kinds import LEAST, NUMBERS, Kind, Numbers, shares_of
from kwri_crawler.pages.model import chances_of
from kwri_crawler.pages.page_clues import clues_of, measures_of, of_address
from kwri_crawler.pages.passages import passages_of
from kwri_crawler.pages.source import Source
from kwri_crawler.pages.trees import Tree
from tests.train_bodies import FETCHED_AT, PARTS, part_of

STRENGTH = 0.1
RARE = 4  # pages that a clue must be met on
RARE_MEASURE = 8
BOOSTED: dict[str, Any] = {"n_estimators": 80, "learning_rate": 0.08, "max_depth": 3, "min_samples_leaf": 5}
BOOSTED |= {"subsample": 0.6, "max_features": 0.2, "random_state": 0}
KINDS = {"article": Kind.ARTICLE, "list": Kind.LIST, "forum": Kind.FORUM, "shop": Kind.SHOP}
NOWHERE = "https://portal.example/berita/1"  # the pages of BODIES came without theirs: it teaches nothing
OF_NOWHERE = frozenset(of_address(NOWHERE))

Sample = tuple[str, str, Kind, list[str]]  # page, publisher, kind, clues


def samples(pages: Path, bodies: Path) -> Iterator[Sample]:
    for line in (pages / "truth.jsonl").read_text("utf-8").strip().split("\n"):
        gold = json.loads(line)
        host = (urlsplit(gold["url"]).hostname or gold["url"]).removeprefix("www.")
        found = clues(pages / f"html/{gold['id']}.html.gz", gold["url"])
        yield gold["id"], host, KINDS[gold["kind"]], found
    for name in json.loads((bodies / "ground-truth.json").read_text("utf-8")):
        found = clues(bodies / f"html/{name}.html.gz", NOWHERE)
        yield name, name, Kind.ARTICLE, [clue for clue in found if clue not in OF_NOWHERE]


def clues(path: Path, url: str) -> list[str]:
    source = Source.of(Page(url, gzip.decompress(path.read_bytes()), "", FETCHED_AT))
    passages = passages_of(source.tree.body) if source.tree.body is not None else []
    return list(dict.fromkeys(clues_of(source, passages, chances_of(passages, told_by(source)))))


def fit(on: list[Sample]) -> tuple[list[str], dict[Kind, Numbers]]:
    """Return what the trees measure, and the numbers of each kind."""
    from scipy.sparse import csr_matrix
    from sklearn.ensemble import GradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    met = Counter(clue for one in on for clue in one[3])
    names = sorted(name for name, times in met.items() if times >= RARE)
    at = {name: i for i, name in enumerate(names)}
    columns, ends = [], [0]
    for one in on:
        columns += [at[name] for name in one[3] if name in at]
        ends.append(len(columns))
    matrix = csr_matrix(([1.0] * len(columns), columns, ends), shape=(len(on), len(names)))
    counted = [measures_of(one[3]) for one in on]
    known = Counter(name for one in counted for name in one)
    measures = sorted(name for name, times in known.items() if times >= RARE_MEASURE)
    table = [[float(one.get(name, 0)) for name in measures] for one in counted]
    found = {}
    for kind in Kind:
        is_kind = [int(one[2] is kind) for one in on]
        model: Any = LogisticRegression(C=STRENGTH, max_iter=500, solver="liblinear").fit(matrix, is_kind)
        boosted: Any = GradientBoostingClassifier(**BOOSTED).fit(table, is_kind)
        weights = {name: round(float(weight), 2) for name, weight in zip(names, model.coef_[0], strict=True)}
        found[kind] = Numbers(
            round(float(model.intercept_[0]), 3),
            {name: weight for name, weight in weights.items() if abs(weight) >= 0.02},
            tuple(_tree(stage[0].tree_) for stage in boosted.estimators_),
            round(float(boosted._raw_predict_init([[0.0] * len(measures)])[0][0]), 3),
        )
    return measures, found


def _tree(grown: Any, node: int = 0) -> Tree:
    if grown.children_left[node] < 0:
        return round(float(grown.value[node][0][0]) * BOOSTED["learning_rate"], 4)
    low, high = (_tree(grown, side[node]) for side in (grown.children_left, grown.children_right))
    return int(grown.feature[node]), round(float(grown.threshold[node]), 2), low, high


def main(pages: str, bodies: str, *flags: str) -> int:
    every = list(samples(Path(pages), Path(bodies)))
    print(len(every), "pages", flush=True)
    judged: list[tuple[Sample, float]] = []
    for part in range(PARTS):
        numbers = fit([one for one in every if part_of(one[1], PARTS) != part])
        tested = (one for one in every if part_of(one[1], PARTS) == part)
        judged += [(one, shares_of(one[3], *numbers)[Kind.ARTICLE]) for one in tested]
    of = Counter(one[2] for one in every)
    for least in (0.4, 0.5, LEAST, 0.7):
        refused = Counter(one[2] for one, share in judged if share <= least)
        print(f"at most {least}:", {kind.value: f"{refused[kind]} of {of[kind]}" for kind in Kind}, flush=True)
    print("articles refused:", *(one[0] for one, share in judged if one[2] is Kind.ARTICLE and share <= LEAST))
    if "--write" in flags:
        measures, kinds = fit(every)
        told = {"measures": measures, "kinds": {kind.value: numbers._asdict() for kind, numbers in kinds.items()}}
        NUMBERS.write_text(json.dumps(told, sort_keys=True).replace('], "', '],\n"') + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
