"""The end of a harvest in a table for a person, an object for a script, and an exit code for cron."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from datetime import datetime
from typing import Any

from kwri_crawler.archive.health import Change
from kwri_crawler.catalogue import Fault
from kwri_crawler.command.helps import as_typed
from kwri_crawler.health.sentences import LABELS, label
from kwri_crawler.notify import watching
from kwri_crawler.notify.watching import Told
from kwri_crawler.screen import table
from kwri_crawler.spiders.crawl import Summary

WELL, SOME_FAILED, NOTHING_DONE = 0, 1, 2  # see exits.HARVEST
ROWS = 40  # lines of one kind; of more portals only those that failed have a line each
_LOST = ("failed", "unreadable", "refused", "gone")  # counts of one column


class Report:
    """The end of a harvest, for a person, a script and cron."""

    def __init__(
        self,
        ended: list[Summary],
        not_begun: tuple[str, ...],
        stopped: str | None,
        began: datetime,
        now: datetime,
        faults: tuple[Fault, ...] = (),
    ) -> None:
        self.faults = faults
        self.told: list[Told] = []  # what became of the watches' messages
        self.ended = sorted(ended, key=lambda summary: (fine(summary), summary.portal))
        self.not_begun, self.stopped = not_begun, stopped
        self.seconds = (now - began).total_seconds()
        self.totals = {
            name: sum(summary.counts.get(name, 0) for summary in ended) for name in ("found", "stored", "failed")
        }

    def exit_code(self) -> int:
        """Return what cron is told."""
        if any(summary.finish == "archive" for summary in self.ended):
            return NOTHING_DONE
        return WELL if self.stopped is None and not self.faults and all(map(fine, self.ended)) else SOME_FAILED

    def as_table(self, changes: list[Change], width: int | None = None) -> str:
        """Write the table, those that failed first, and what changed in the portals' health.

        Of more than ROWS portals those that failed have a line each, ROWS at most; the others are counted by how they
        ended, and so are news. For a screen of so many columns no line is longer, and reasons are short.
        """
        news = [
            f"{change.portal} is {change.verdict.word}" + (f", was {change.was}" if change.was else "")
            + (f": {change.verdict.why[:200]}" if change.verdict.why else "")
            for change in changes if change.is_news
        ]  # fmt: skip
        news = _first(news, "changes of health")
        news += _first([f"not crawled: {fault.error}" for fault in self.faults], "portals not crawled")
        news += watching.as_lines(self.told)
        if not self.ended and not self.not_begun:
            return "\n".join(["no portal is due", *news])
        is_short = width is not None
        shown, rest = self._parted()
        rows = [_row([summary], summary.portal, why(summary, short=is_short)) for summary in shown]
        rows += [_row(some, f"{len(some)} more", _commonest(some, short=is_short)) for some in rest]
        heads = ("portal", "finish", "new", "known", "lost", "left out", "requests", "time", "")
        lines = [table(heads, rows, {"portal", "finish", ""})]
        failed = sum(not fine(summary) for summary in self.ended)
        lines.append(
            f"{len(self.ended)} portal{'s' if len(self.ended) != 1 else ''} in {self.seconds:.0f} s:"
            f" {self.totals['stored']} new articles; {failed} portal{'s' if failed != 1 else ''} failed"
            + (f"; no time for {len(self.not_begun)}: {', '.join(self.not_begun[:8])}" if self.not_begun else "")
            + (f"; ended by {self.stopped}" if self.stopped else "")
            + ("; --json names them all" if rest else "")
        )
        if failed and width:
            news.append(as_typed("`scrapy portals PORTAL` says why, with addresses to look at"))
        told = "\n".join(lines + news).split("\n")
        return "\n".join(line if width is None or len(line) <= width else f"{line[: width - 1]}…" for line in told)

    def _parted(self) -> tuple[list[Summary], list[list[Summary]]]:
        """Return the portals that have a line of their own, and the others by how they ended, most first."""
        if len(self.ended) <= ROWS:
            return self.ended, []
        shown = [summary for summary in self.ended if not fine(summary)][:ROWS]
        rest: dict[tuple[str, bool], list[Summary]] = {}
        for summary in self.ended[len(shown) :]:  # those that failed come first
            rest.setdefault((summary.finish, fine(summary)), []).append(summary)
        return shown, sorted(rest.values(), key=lambda some: (fine(some[0]), -len(some)))

    def as_object(self, changes: list[Change]) -> dict[str, Any]:
        """Return the same for a script."""
        portals = [
            {
                "portal": s.portal, "finish": s.finish, "reason": s.reason, "well": fine(s),
                "requests": s.requests, "seconds": round(s.seconds, 1), **s.counts,
            }
            for s in self.ended
        ]  # fmt: skip
        return {
                "exit_code": self.exit_code(), "seconds": round(self.seconds, 1), "stopped": self.stopped,
                "not_begun": self.not_begun, "faults": [str(fault.error) for fault in self.faults],
                "totals": self.totals, "portals": portals,
                "changes": [
                    {"portal": c.portal, "was": c.was, "word": c.verdict.word, "why": c.verdict.why} for c in changes
                ],
                "watches": [one._asdict() for one in self.told],
        }  # fmt: skip


def why(summary: Summary, short: bool) -> str:
    """Return why a crawl ended as it did, in the words that it noted, or in a few."""
    return label(summary.cause) if short and summary.cause in LABELS else (summary.reason or "")[:160]


def screen_width() -> int | None:
    """Return how many columns the screen has; None when the standard output is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def fine(summary: Summary) -> bool:
    """Tell whether nobody has to look: read as was asked, or in another process's hands."""
    return summary.well or summary.finish == "busy"


def _row(some: list[Summary], name: str, reason: str) -> tuple[object, ...]:
    """Return a line of the table: of a portal, or of several that ended in the same way, their figures added up."""

    def total(*names: str) -> int:
        return sum(summary.counts.get(name, 0) for summary in some for name in names)

    return (
        name, some[0].finish, total("stored"), total("known"), total(*_LOST), total("left_out"),
        sum(summary.requests for summary in some), f"{max(summary.seconds for summary in some):.0f}s", reason,
    )  # fmt: skip


def _commonest(some: list[Summary], *, short: bool) -> str:
    """Return the reason that most of them have, and how many; empty where it is none."""
    reason, number = Counter(why(summary, short=short) for summary in some).most_common(1)[0]
    return f"{number} of them: {reason}" if reason else ""


def _first(lines: list[str], what: str) -> list[str]:
    """Return the first ROWS lines, and how many there are more."""
    return lines if len(lines) <= ROWS else [*lines[:ROWS], f"and {len(lines) - ROWS} more {what}"]
