"""Stories settled in the transaction that stores or changes an article; a step that fails leaves them as they were.

Ties are a function of two articles alone, and stories one of the ties, so the order of arrival changes nothing. What a
copy is, `copies` decides.
"""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from kwri_crawler import copies
from kwri_crawler.archive.connection import insert_all, transaction
from kwri_crawler.archive.stories import carrying, drawing, index
from kwri_crawler.archive.stories.index import Placed
from kwri_crawler.items import Likeness, TieKind


def settle(db: Database, row: Placed, sketch: tuple[int, ...] = ()) -> list[Placed]:
    """Find whose text a new article carries, draw its story and return them; inside the caller's transaction.

    `sketch` is copies.sketch_text() of the stored text, for a caller that has it already.
    """
    ties = _tie_up(db, row, sketch or copies.sketch_text(row.body))
    copied, templates = (
        {other.story for other, found in ties if found.kind is kind} for kind in (TieKind.COPY, TieKind.TEMPLATE)
    )
    if not copied:
        return []
    if len(copied) > 1 or copied & templates or not drawing.join(db, row, next(iter(copied))):
        drawing.draw(db, row.id)
    return [other for other, found in ties if found.kind is TieKind.COPY]


def resettle(db: Database, article: int) -> None:
    """Settle an article again after its text, title, portal or a date of it changed; inside the caller's transaction.

    Stories may gain it, lose it, merge or part, and change their original.
    """
    before = _untie(db, article)
    row = index.read(db, article)
    _tie_up(db, row, copies.sketch_text(row.body))
    _draw_all(db, [article, *before])


def forget(db: Database, article: int) -> None:
    """Take an article out of index, ties and stories, so that it can be deleted; inside the caller's transaction."""
    _draw_all(db, [*_untie(db, article), article])


def unsettled(db: Database, limit: int, after: int = 0) -> list[int]:
    """Return up to `limit` articles that this version of `copies` has not settled, or that changed since."""
    found = db.conn.execute(
        "SELECT id FROM articles LEFT JOIN sketches ON sketches.article = articles.id"
        " WHERE id > ? AND sketches.method IS NOT ? ORDER BY id LIMIT ?",
        (after, copies.VERSION, limit),
    )
    return [article for (article,) in found]


def rebuild(db: Database, limit: int, after: int = 0) -> list[int]:
    """Settle up to `limit` unsettled articles in a transaction of their own; return them, empty when none is left."""
    with transaction(db):
        for release in carrying.unsettled_releases(db):
            carrying.settle_release(db, release)
        articles = unsettled(db, limit, after)
        for article in articles:
            resettle(db, article)
    return articles


def unsettle_all(db: Database) -> None:
    """Have rebuild() settle every article anew, whatever version settled it; stories stay until then."""
    db.conn.execute("UPDATE sketches SET method = 0")
    db.conn.execute("UPDATE releases SET method = 0")


def count(db: Database) -> int:
    """Return how many stories there are."""
    (number,) = db.conn.execute("SELECT count(*) FROM stories").fetchone()
    return int(number)


def _tie_up(db: Database, row: Placed, sketch: tuple[int, ...]) -> list[tuple[Placed, Likeness]]:
    """Enter an article in the index and tie it to those that it has to do with; return these."""
    candidates = index.candidates(db, row, sketch, copies.WINDOW_DAYS)
    index.enter(db, row, sketch, copies.VERSION)
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
    """Take an article out of the index and out of all ties; return those that it was a copy of."""
    index.leave(db, article)
    carrying.leave_releases(db, article)
    tied = db.conn.execute(
        "SELECT other FROM ties WHERE article = :article AND kind = 'copy'"
        " UNION SELECT article FROM ties WHERE other = :article AND kind = 'copy' ORDER BY 1",
        {"article": article},
    ).fetchall()
    db.conn.execute("DELETE FROM ties WHERE article = :article OR other = :article", {"article": article})
    return [other for (other,) in tied]


def _draw_all(db: Database, articles: list[int]) -> None:
    drawn: set[int] = set()
    for article in articles:
        if article not in drawn:
            drawn |= drawing.draw(db, article)
