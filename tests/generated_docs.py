"""`make docs`: write what docs/ repeats of the code, between its marks: exit codes, settings, tables, views.

A block begins with `<!-- generated: NAME -->` and ends with `<!-- end -->`.
"""

from __future__ import annotations

import ast
import re
import tempfile
import tokenize
from collections.abc import Iterator
from pathlib import Path

from sqlite_utils import Database

from kwri_crawler.archive import open_archive
from kwri_crawler.archive.describe import Described, describe
from kwri_crawler.command import HARVEST, MEANINGS

DOCS = Path(__file__).resolve().parent.parent / "docs"
SETTINGS = DOCS.parent / "kwri_crawler" / "settings.py"
_BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_LONGEST = 30  # of a default: a longer one makes the table unreadable, and stands in settings.py


def with_blocks(text: str) -> str:
    """Return a page's text with each of its generated blocks as the code is now."""
    return _BLOCK.sub(lambda found: f"{found[1]}\n{BLOCKS[found[2]]()}\n{found[3]}", text)


def exit_codes() -> str:
    """Return the table of exit codes."""
    rows = [(str(int(code)), meaning, HARVEST.get(code, "")) for code, meaning in MEANINGS.items()]
    return _table(("exit code", "every command", "`kwri harvest`"), rows)


def settings() -> str:
    """Return a table of settings for each heading of settings.py: name, default, what its comment says."""
    return "\n".join(
        f"### {heading}\n\n{_table(('setting', 'default', 'what it does'), rows)}" for heading, rows in _settings()
    )


def tables() -> str:
    """Return every table of the archive, as its own schema describes it."""
    return _described(views=False)


def views() -> str:
    """Return every view of the archive, as its own schema describes it."""
    return _described(views=True)


BLOCKS = {"exit_codes": exit_codes, "settings": settings, "tables": tables, "views": views}


def _settings() -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    source = SETTINGS.read_text(encoding="utf-8")
    lines = source.splitlines()
    with SETTINGS.open("rb") as file:
        comments = {
            token.start[0]: token for token in tokenize.tokenize(file.readline) if token.type == tokenize.COMMENT
        }
    headings = {row: token.string[5:].strip() for row, token in comments.items() if token.string.startswith("# --- ")}
    rows: dict[str, list[tuple[str, str, str]]] = {}
    for node in ast.parse(source).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if (
            not isinstance(target, ast.Name)
            or not target.id.isupper()
            or not isinstance(node, ast.Assign | ast.AnnAssign)
        ):
            continue
        heading = max((row for row in headings if row < node.lineno), default=0)
        if not heading:  # Scrapy's wiring: which module is whose
            continue
        above = node.lineno - 1
        words: list[str] = []
        while above in comments and above not in headings and lines[above - 1].startswith("#"):
            words.insert(0, comments[above].string)
            above -= 1
        last = node.end_lineno or node.lineno
        if last in comments and (last == node.lineno or lines[last - 1][0] in ")]}"):
            words.append(comments[last].string)
        meaning = " ".join(word.lstrip("# ") for word in words)
        rows.setdefault(headings[heading], []).append((f"`{target.id}`", _default(node.value, source), meaning))
    yield from rows.items()


def _default(value: ast.expr | None, source: str) -> str:
    text = ast.get_source_segment(source, value) if value else None
    try:
        return f"`{text}`" if ast.literal_eval(text or "") not in ("", None) and len(text or "") <= _LONGEST else ""
    except ValueError:
        return ""  # made by a call: its comment says what it is


def _described(views: bool) -> str:
    with tempfile.TemporaryDirectory() as folder:
        db = open_archive(Path(folder) / "new.sqlite")
        wanted = set(db.view_names() if views else db.table_names())
        parts = [_of(one, db) for one in sorted(describe(db), key=lambda one: one.name) if one.name in wanted]
        db.close()
    return re.sub(r"\bscrapy (?=[a-z])", "kwri ", "\n".join(parts))


def _of(one: Described, db: Database) -> str:
    names = [row[1] for row in db.conn.execute("SELECT * FROM pragma_table_xinfo(?)", (one.name,))]
    plain = [f"`{name}`" for name in names if name not in one.columns]
    rows = [(f"`{name}`", one.columns[name]) for name in names if name in one.columns]
    parts = [f"#### {one.name}\n\n{one.meaning[0].upper()}{one.meaning[1:]}.\n"]
    if rows:
        parts.append(_table(("column", "what it holds"), rows))
    if plain:
        parts.append(f"{'Also' if rows else 'Columns'}: {', '.join(plain)}.\n")
    return "\n".join(parts)


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines).replace("|  |", "| |")


if __name__ == "__main__":
    for page in sorted(DOCS.glob("*.md")):
        before = page.read_text(encoding="utf-8")
        after = with_blocks(before)
        if after != before:
            page.write_text(after, encoding="utf-8")
            print(f"{page}: look at the difference before you commit it")
