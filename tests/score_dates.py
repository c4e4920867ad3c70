"""Score the reading of printed dates: score_dates.py FILE; a wrong date is an error, a missed one is not."""

from __future__ import annotations

import csv
import sys
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kwri_crawler.dates import Refused, read_date, read_date_in_text
from kwri_crawler.items import Moment, Precision


def unescape(raw: str) -> str:
    """Undo the escapes of the file: \\n, \\t, \\x00 and the doubled backslash."""
    out, rest = [], raw
    while rest:
        for escape, char in (("\\\\", "\\"), ("\\n", "\n"), ("\\t", "\t"), ("\\x00", "\x00")):
            if rest.startswith(escape):
                out.append(char)
                rest = rest[len(escape) :]
                break
        else:
            out.append(rest[0])
            rest = rest[1:]
    return "".join(out)


def is_right(moment: Moment, expected: datetime, precision: str) -> bool:
    """Tell whether the moment is the expected one, at the expected precision and no finer."""
    day_only = moment.precision in (Precision.DAY, Precision.APPROXIMATE)
    if precision in ("day", "approximate") or day_only:
        return day_only == (precision in ("day", "approximate")) and moment.local.date() == expected.date()
    if precision == "minute":
        return moment.at.replace(second=0, microsecond=0) == expected.replace(second=0, microsecond=0)
    return moment.at == expected


def judge(row: dict[str, str]) -> tuple[str, Moment | Refused]:
    """Return "right", "missed" or "wrong" for a row, and what was read."""
    read = read_date_in_text if row["kind"] == "partial-in-text" else read_date
    got = read(unescape(row["raw"]), row["portal_tz"], datetime.fromisoformat(row["reference_datetime"]))
    if isinstance(got, Refused):
        return ("missed" if row["expected"] else "right"), got
    if not row["expected"]:
        return "wrong", got
    right = is_right(got, datetime.fromisoformat(row["expected"]), row["precision"])
    return ("right" if right else "wrong"), got


def cpu_us(rows: list[dict[str, str]]) -> float:
    """Return the median over the rows of the microseconds of CPU that one reading takes, the best of five."""
    took = []
    for row in rows:
        text, read_at = unescape(row["raw"]), datetime.fromisoformat(row["reference_datetime"])
        read_date(text, row["portal_tz"], read_at)
        best = 1e9
        for _ in range(5):
            start = time.process_time_ns()
            for _ in range(10):
                read_date(text, row["portal_tz"], read_at)
            best = min(best, (time.process_time_ns() - start) / 10_000)
        took.append(best)
    return median(took) if took else 0.0


def main(path: str) -> int:
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        verdict, got = judge(row)
        counts[row["kind"], verdict] += 1
        if verdict != "right":
            said = got.reason if isinstance(got, Refused) else f"{got.local.isoformat()} {got.precision} {got.flags}"
            expected = row["expected"] or "refused"
            print(f"{verdict}: {row['id']} {row['raw']!r}: expected {expected} {row['precision']}, got {said}")
    for kind in sorted({kind for kind, _ in counts}):
        right, missed, wrong = (counts[kind, verdict] for verdict in ("right", "missed", "wrong"))
        print(f"{kind:16} right {right:4}  missed {missed:4}  wrong {wrong:4}")
    total = sum(counts.values())
    right, wrong = (sum(n for (_, found), n in counts.items() if found == verdict) for verdict in ("right", "wrong"))
    print(f"{'all':16} right {right}/{total} = {right / total:.1%}, wrong {wrong}")
    for kind in ("absolute", "machine", "relative"):
        print(f"CPU, median of {kind}: {cpu_us([row for row in rows if row['kind'] == kind]):.0f} us")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
