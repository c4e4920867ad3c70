"""Score places and event dates: python tests/score_datelines.py FILE; prints every row that is not right."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kwri_crawler.dates.datelines import read_dateline, read_event_dates

_ZONES = {7: "Asia/Jakarta", 8: "Asia/Makassar", 9: "Asia/Jayapura"}


def zone_of(published: datetime) -> str:
    """Return the Indonesian zone of a printed offset."""
    offset = published.utcoffset()
    return _ZONES[int(offset.total_seconds()) // 3600] if offset else "Asia/Jakarta"


def judge(got: str, expected: str) -> str:
    """Return "right", "missed" (nothing read) or "wrong"."""
    if got == expected:
        return "right"
    return "wrong" if got else "missed"


def main(path: str) -> int:
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        opening = row["body_opening"].replace("\\n", "\n")
        published = datetime.fromisoformat(row["publish_date"])
        days = [found.day for found in read_event_dates(opening, published, zone_of(published))]
        expected_days = row["event_dates"].split(";") if row["event_dates"] else []
        for what, got, expected in (
            ("place", read_dateline(opening) or "", row["place"]),
            ("first event date", (days or [""])[0], (expected_days or [""])[0]),
            ("all event dates", ";".join(days), row["event_dates"]),
        ):
            verdict = judge(got, expected)
            counts[what, verdict] += 1
            if verdict != "right":
                print(f"{what} {verdict}: {row['id']} expected {expected!r}, got {got!r}: {opening[:160]!r}")
    for what in ("place", "first event date", "all event dates"):
        total = sum(count for (found, _), count in counts.items() if found == what) or 1
        shares = "  ".join(f"{v} {counts[what, v] / total:6.1%}" for v in ("right", "missed", "wrong"))
        print(f"{what:17} of {total}: {shares}")
    return 1 if any(counts[what, "wrong"] for what in ("place", "first event date")) else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
