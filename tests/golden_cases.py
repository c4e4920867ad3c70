"""`make golden CASE=family/view`: read golden pages again and write what was read; look at it before you commit it.

A CASE is a folder below tests/golden that holds a page.html, or any part of such a path; without one all are renewed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from kwri_crawler.scout.golden import FACTS, PAGE, read_case

FOLDER = Path(__file__).parent / "golden"


def cases(part: str = "") -> list[str]:
    """Return the names of the cases, as family/view; those only whose name holds `part`."""
    found = (path.parent.relative_to(FOLDER).as_posix() for path in FOLDER.glob(f"*/*/{PAGE}"))
    return sorted(name for name in found if part in name)


def main(part: str) -> int:
    """Write article.json for each case, and say which changed; return 2 when there is no such case."""
    names = cases(part)
    if not names:
        print(f"no golden case is called {part!r}; there are: {', '.join(cases())}", file=sys.stderr)
        return 2
    for name in names:
        path = FOLDER / name / FACTS
        text = json.dumps(read_case(FOLDER / name), ensure_ascii=False, indent=2) + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {name}/{FACTS}; read it before you commit it")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
