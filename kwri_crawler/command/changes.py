"""Report what reading the archive again changed, by portal, for `redate`, `reread` and `restory`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from kwri_crawler.screen import table

_AROUND = 60  # characters that an example shows on either side of the first difference


class Changes:
    """Counts of each portal, and a few examples of each kind of change."""

    def __init__(self, counted: str, columns: Sequence[str], examples: int) -> None:
        """Count `counted` ("articles", "pages") and `columns`; keep so many examples of each portal and kind."""
        self.counted, self.columns, self._most = counted, columns, examples
        self.counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.examples: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        self._shown: Counter[tuple[str, str]] = Counter()

    def add(self, portal: str, number: int = 1) -> None:
        """Count things that were looked at."""
        self.counts[portal][self.counted] += number

    def change(self, portal: str, column: str) -> None:
        """Count one under a column."""
        self.counts[portal][column] += 1

    def example(self, portal: str, kind: str, url: str, before: object, after: object) -> None:
        """Keep an example, unless there are enough of its portal and kind; None for a value that is not there."""
        self._shown[portal, kind] += 1
        if self._shown[portal, kind] <= self._most:
            self.examples[portal].append({"kind": kind, "url": url, "before": before, "after": after})

    def total(self, column: str) -> int:
        """Return the sum of a column."""
        return sum(counts[column] for counts in self.counts.values())

    def portals(self) -> list[str]:
        """Return the portals, sorted."""
        return sorted(self.counts)

    def as_table(self) -> str:
        """Write a line a portal."""
        heads = ("portal", self.counted, *self.columns)
        rows = ((portal, *(self.counts[portal][head] for head in heads[1:])) for portal in self.portals())
        return table(heads, rows, {"portal"})

    def as_lines(self, portal: str) -> Iterable[str]:
        """Yield a portal's examples, cut to where they differ."""
        for one in self.examples[portal]:
            yield from ("", f"{portal}: {one['kind']}: {one['url']}")
            for sign, text in zip("-+", shown(one["before"], one["after"]), strict=True):
                if text:
                    yield f"  {sign} {text}"


def shown(before: object, after: object) -> tuple[str, str]:
    """Return two values as a line each, cut to where they first differ; empty for None."""
    old, new = ("" if value is None else " ".join(str(value).split()) for value in (before, after))
    first = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(0, first - _AROUND)
    return _cut(old, start), _cut(new, start)


def _cut(text: str, start: int) -> str:
    end = start + 2 * _AROUND
    return ("..." if start and text else "") + text[start:end] + ("..." if end < len(text) else "")
