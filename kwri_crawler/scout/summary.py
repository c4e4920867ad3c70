"""What a run for many shows: how far it is while it goes on, and at its end a table with what to do."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tqdm import tqdm

from kwri_crawler.scout.bring_up import BringUp
from kwri_crawler.scout.state import Decided
from kwri_crawler.scout.verdicts import CURES, WELL, Verdict
from kwri_crawler.screen import complain, one_line, table

_HEADS = ("host", "verdict", "portal", "listings", "why")
_MOST_WHY = 90  # characters of a reason in the table; --json has it whole
_EVERY_S = 0.5


async def watched(work: BringUp) -> None:
    """Run, and tell how far it is on standard error: a bar on a terminal, a line for each address in a log."""
    begun, told = time.monotonic(), 0
    total, is_log = len(work.todo), not sys.stderr.isatty()
    task = asyncio.ensure_future(work.run())
    with tqdm(total=total, desc="addportal", unit=" hosts", leave=False, disable=is_log) as bar:
        while not task.done():
            await asyncio.wait({task}, timeout=_EVERY_S)
            for decided in work.done[told:]:
                told += 1
                said = f"{decided.host}: {decided.word}"
                if is_log:
                    complain(f"{told} of {max(told, total)}, {time.monotonic() - begun:.0f} s: {said}")
                else:
                    bar.total = max(told, total)
                    bar.set_postfix_str(one_line(said), refresh=False)
                    bar.update(1)
    await task


class Summary:
    """The end of a run for many, for a person and for a script."""

    def __init__(self, work: BringUp) -> None:
        order = [word for word in Verdict if word not in WELL] + [word for word in Verdict if word in WELL]
        self.rows = sorted(work.decided, key=lambda one: (order.index(one.verdict), one.host))
        self.failed = {key: why for key, why in work.failed.items() if key not in work.state.decided}
        self.open = len(work.entries) - len(self.rows) - len(self.failed)
        self.stopped = work.stopped

    @property
    def is_well(self) -> bool:
        """Whether nobody has to look at anything."""
        return not (self.failed or self.open or self.stopped) and all(row.verdict in WELL for row in self.rows)

    def text(self) -> str:
        """Return a line with the counts, a table, and what to do for each word in it."""
        counts = Counter(row.verdict for row in self.rows)
        said = [f"{counts[word]} {word}" for word in Verdict if counts[word]]
        said += [f"{len(self.failed)} without a verdict by our fault"] if self.failed else []
        said += [f"{self.open} left for the next run"] if self.open else []
        ended = f"; ended by {self.stopped}: run it again to go on" if self.stopped else ""
        lines = [f"{len(self.rows)} addresses: {', '.join(said)}{ended}"]
        if self.rows:
            lines.append(table(_HEADS, map(_in_a_line, self.rows), _HEADS))
        lines += [f"{key}: {why}" for key, why in sorted(self.failed.items())]
        present = dict.fromkeys(row.verdict for row in self.rows)
        return "\n".join([*lines, "", *(f"{word}: {CURES[word]}" for word in present)])

    def objects(self) -> Iterator[dict[str, Any]]:
        """Yield the same for a script, an object for each address."""
        for row in self.rows:
            yield _object(row)
        for key, why in sorted(self.failed.items()):
            yield {"host": key.partition("/")[0], "address": None, "verdict": None, "why": why}


def _in_a_line(row: Decided) -> tuple[str, ...]:
    return row.host, row.word, row.portal, ", ".join(dict.fromkeys(row.listings)), row.why[:_MOST_WHY]


def _object(row: Decided) -> dict[str, Any]:
    return {
        "host": row.host,
        "address": row.address,
        "verdict": row.verdict.value,
        "of": row.of or None,
        "word": row.word,
        "why": row.why,
        "do": CURES[row.verdict],
        "portal": row.portal or None,
        "listings": list(row.listings),
        "leads_to": row.leads_to or None,
        "at": row.at,
    }
