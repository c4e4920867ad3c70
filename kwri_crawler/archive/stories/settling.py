"""Stories settled in the transaction that stores or changes an article; a step that fails leaves them as they were.

Ties are a function of two articles alone, and stories one of the ties, so the order of arrival changes nothing. What a
copy is, `copies` decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import tee
from typing import Any

from sqlite_utils import Database

from kwri_crawler import copies
from kwri_crawler.archive.connection import insert_all, transaction
from kwri_crawler.archive.each import Each
from kwri_crawler.archive.stories import carrying, drawing, index
from kwri_crawler.archive.stories.index import Placed
from kwri_crawler.items import Likeness, TieKind


def settle(db: Database, row: Placed, sketch: tuple[int, ...] = ()) -> list[Placed]:
    """Find whose text a new article carries, draw its story and return them; inside the caller's transaction.

    `sketch` is copies.sketch_text() of the stored text, for a caller that has it already.
    """
    sketch = sketch or copies.sketch_text(row.body)
    index.enter(db, row, sketch, copies.VERSION)
    ties = _tie_up(db, row, sketch)
    copied, templates = (
        {other.story for other, found in ties if found.kind is kind} for kind in (TieKind.COPY, TieKind.TEMPLATE)
    )
    if not copied:
        return []
    if len(copied) > 1 or copied & templates or not drawing.join(db, row, next(iter(copied))):
        drawing.draw(db, [row.id])
    return [other for other, found in ties if found.kind is TieKind.COPY]


def resettle(db: Database, article: int) -> None:
    """Settle an article again after its text, title, portal or a date of it changed; inside the caller's transaction.

    Stories may gain it, lose it, merge or part, and change their original. Raises LookupError.
    """
    row = index.read(db, article)
    drawing.draw(db, _tie_again(db, row, copies.sketch_text(row.body)))


def forget(db: Database, article: int) -> None:
    """Take an article out of index, ties and stories, so that it can be deleted; inside the caller's transaction."""
    index.leave(db, article)
    drawing.draw(db, [*_untie(db, article), article])


def unsettled(db: Database, limit: int) -> list[int]:
    """Return up to `limit` articles that this version of `copies` has not settled, or that changed since."""
    return [article for (article,) in _unsettled(db, "id", limit, 0)]


def rebuild(db: Database, limit: int, each: Each = map) -> Iterator[list[int]]:
    """Settle all unsettled articles, up to `limit` in a transaction of their own; yield which, after each of them.

    `each` is a map() that may work in other processes: what it is given is pure.
    """
    for release in carrying.unsettled_releases(db):
        with transaction(db):
            carrying.settle_release(db, release)
    asked, kept = tee(_unsettled_texts(db, limit))
    bodies = ([body for _, body in texts] for texts in asked)
    for texts, sketches in zip(kept, each(_sketch_all, bodies), strict=False):
        with transaction(db):
            moved: list[int] = []
            for (article, body), sketch in zip(texts, sketches, strict=True):
                row = index.find(db, article)
                if row is not None:  # a crawl may have deleted or changed it since it was read
                    moved += _tie_again(db, row, sketch if row.body == body else copies.sketch_text(row.body))
            drawing.draw(db, moved)
        yield [article for article, _ in texts]


def _unsettled_texts(db: Database, limit: int) -> Iterator[list[tuple[int, str]]]:
    last = 0
    while found := _unsettled(db, "id, body", limit, last):
        yield found
        last = found[-1][0]


def _unsettled(db: Database, columns: str, limit: int, after: int) -> list[Any]:
    return db.conn.execute(
        f"SELECT {columns} FROM articles LEFT JOIN sketches ON sketches.article = articles.id"  # noqa: S608
        " WHERE id > ? AND sketches.method IS NOT ? ORDER BY id LIMIT ?",
        (after, copies.VERSION, limit),
    ).fetchall()


def _sketch_all(bodies: list[str]) -> list[tuple[int, ...]]:
    return [copies.sketch_text(body) for body in bodies]


def unsettle_all(db: Database) -> None:
    """Have rebuild() settle every article anew, whatever version settled it; stories stay until then."""
    db.conn.execute("UPDATE sketches SET method = 0")
    db.conn.execute("UPDATE releases SET method = 0")


def count(db: Database) -> int:
    """Return how many stories there are."""
    (number,) = db.conn.execute("SELECT count(*) FROM stories").fetchone()
    return int(number)


def _tie_again(db: Database, row: Placed, sketch: tuple[int, ...]) -> list[int]:
    """Tie an article anew; return the articles whose stories are to be drawn: none if it was and is alone."""
    before = _untie(db, row.id)
    index.enter_again(db, row, sketch, copies.VERSION)
    is_copy = any(found.kind is TieKind.COPY for _, found in _tie_up(db, row, sketch))
    return [row.id, *before] if is_copy or before or row.story is not None else []


def _tie_up(db: Database, row: Placed, sketch: tuple[int, ...]) -> list[tuple[Placed, Likeness]]:
    """Tie an article of the index to those that it has to do with; return these."""
    candidates = index.candidates(db, row, sketch, copies.WINDOW_DAYS)
    carrying.meet_releases(db, row, sketch)
    ties = [(other, found) for other in candidates if (found := copies.judge(row.told, other.told))]
    insert_all(db, "INSERT INTO ties", [_tie(row, other, found) for other, found in ties])
    return ties


def _tie(row: Placed, other: Placed, found: Likeness) -> tuple[Any, ...]:
    """Return the tie's row: a roundup before what it contains, else the later article before the earlier."""
    if found.kind is TieKind.CONTAINS:
        second, first = sorted((row, other), key=lambda article: (len(article.body), article.url_key))
    else:
        second, first = sorted((row, other), key=lambda article: article.order)
    f = found.figures
    return (
        first.id, second.id, found.kind.value, found.reason, f.containment, f.jaccard, f.length_ratio, f.opening,
        f.new_words, f.added, f.numbers_kept, f.numbers_changed, copies.VERSION,
    )  # fmt: skip


def _untie(db: Database, article: int) -> list[int]:
    """Take an article out of all ties; return those that it was a copy of."""
    carrying.leave_releases(db, article)
    tied = db.conn.execute(
        "SELECT other, kind FROM ties WHERE article = :article"
        " UNION SELECT article, kind FROM ties WHERE other = :article ORDER BY 1",
        {"article": article},
    ).fetchall()
    if tied:
        db.conn.execute("DELETE FROM ties WHERE article = :article OR other = :article", {"article": article})
    return [other for other, kind in tied if kind == TieKind.COPY]
