"""Which archived article a new one is, and what proves it; an address or a text alone proves nothing.

A page that names another address as its own only claims it. Known by address is what has that address, and the same
title or text; where several pages with different texts claim one address, each goes to its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import Enum, auto
from typing import NamedTuple

from sqlite_utils import Database

from kwri_crawler.archive import notes, revisions, stories
from kwri_crawler.archive.revisions import Compared
from kwri_crawler.causes import Cause
from kwri_crawler.clock import moment_of
from kwri_crawler.copies.texts import tokens_of
from kwri_crawler.items import Article
from kwri_crawler.web.addresses import url_key
from kwri_crawler.web.same_article import article_id

ALIKE = 0.5  # share of the words of two texts, in order, from which one counts as the other, edited
_MOST_TWINS = 100  # articles of one portal with the same title and text that a new one is compared with
_SAME_DAY = timedelta(hours=12)  # two clocks may print one publication on two days


class Archived(NamedTuple):
    """What a new article is compared with."""

    id: int
    url: str
    url_key: str
    portal: str
    title: str
    text_hash: str
    page_url: str | None
    named_url: str | None
    published_at: str | None
    published_local: str | None


class Verdict(Enum):
    """What a new article is to an archived one."""

    KNOWN = auto()  # the same
    EDITED = auto()  # the same address with another text
    ORIGINAL = auto()  # the same, and the page is the one that the archived article's page named as its own
    SHADOWED = auto()  # another article, whose address the archived one claimed
    CLAIMED = auto()  # another article, which claims the address of the archived one


class Found(NamedTuple):
    """What a new article is to an archived one: itself, or one that has or claimed its address."""

    verdict: Verdict
    row: Archived | None  # None if several archived articles claimed the address, and none has it


_COLUMNS = ", ".join(Archived._fields)
# +portal: else SQLite may take an index of all that the portal ever wrote, and read it through
_LOOK_UP = (
    f"SELECT {_COLUMNS} FROM articles WHERE url_key = ?"  # noqa: S608 - names of ours
    f" UNION ALL SELECT * FROM (SELECT {_COLUMNS} FROM articles WHERE text_hash = ? AND +portal = ?"
    f" ORDER BY title <> ?, id LIMIT {_MOST_TWINS})"
)


def find(db: Database, article: Article, key: str) -> Found | None:
    """Return the archived article that a new one is, or whose address it shares; None for a new one.

    key is url_key() of its address.
    """
    rows = [
        Archived(*row)
        for row in db.conn.execute(_LOOK_UP, (key, article.text_hash, article.portal, article.title)).fetchall()
    ]
    # A portal that moves to another CMS prints other quotation marks: the words of a title are the title.
    rows = [row for row in rows if row.url_key == key or tokens_of(row.title) == tokens_of(article.title)]
    if rows and rows[0].url_key == key:
        return Found(_judge_address(db, rows[0], article, key), rows[0])
    if article.page_url is not None and url_key(article.page_url) != key and _is_disputed(db, article):
        return Found(Verdict.CLAIMED, None)
    for row in rows:
        if row.named_url is not None and url_key(row.named_url) == key:
            return Found(Verdict.ORIGINAL, row)
    named = _key(article.named_url)
    known = next((row for row in rows if _is_twin(row, article, named)), None)
    return None if known is None else Found(Verdict.KNOWN, known)


def _judge_address(db: Database, row: Archived, article: Article, key: str) -> Verdict:
    """Judge an archived article that has the address of a new one."""
    claims = article.page_url is not None and url_key(article.page_url) != key
    if row.text_hash == article.text_hash:
        return Verdict.ORIGINAL if row.page_url is not None and not claims else Verdict.KNOWN
    if not claims and row.page_url is None:
        same = row.title == article.title or row.portal != article.portal
        return Verdict.KNOWN if same else Verdict.EDITED
    if _is_same_day(row, article) and is_alike(db, row.id, article):
        return Verdict.KNOWN if claims else Verdict.ORIGINAL
    return Verdict.CLAIMED if claims else Verdict.SHADOWED


def _is_disputed(db: Database, article: Article) -> bool:
    """Say whether an archived article of another text claims the address too."""
    claim = "SELECT 1 FROM articles WHERE named_url = ? AND portal = ? AND text_hash <> ? LIMIT 1"
    return db.conn.execute(claim, (article.url, article.portal, article.text_hash)).fetchone() is not None


def _is_twin(row: Archived, article: Article, named: str | None) -> bool:
    """Say whether an archived article of the same title and text is the new one, and not an earlier day's."""
    if named is not None and named in (row.url_key, _key(row.named_url), _key(row.page_url)):
        return True
    number = article_id(article.url)
    if number is not None and number == article_id(row.url):
        return True
    return _is_same_day(row, article)


def _is_same_day(row: Archived, article: Article) -> bool:
    """Say whether both were published on one day, as far as both say when."""
    if article.published is None or row.published_at is None or row.published_local is None:
        return True
    if row.published_local[:10] == article.published.local.date().isoformat():
        return True
    return abs(moment_of(row.published_at) - article.published.at) <= _SAME_DAY


def is_alike(db: Database, article_id: int, article: Article) -> bool:
    """Say whether an archived text is the article's, perhaps edited."""
    (body,) = db.conn.execute("SELECT body FROM articles WHERE id = ?", (article_id,)).fetchone()
    return 1 - revisions.words_changed(body, "\n\n".join(article.paragraphs)) >= ALIKE


def follow(db: Database, article: Article, columns: Sequence[str]) -> Compared | None:
    """Give an archived article that was asked for the address that it has now; None if it has not moved.

    Where the archive has the new address too, that row is the present text of this article: the values of `columns`
    move, and the text before becomes a revision. A portal also redirects what it removed to something else, so the id,
    the title or the text must be the same.
    """
    row = db.conn.execute("SELECT url, url_key, title FROM articles WHERE id = ?", (article.revisits,)).fetchone()
    key = url_key(article.url)
    if row is None or article.revisits is None or article.page_url is None:
        return None
    url, known_key, title = row
    if known_key == key:
        return None
    number = article_id(url)
    same_id = number is not None and number == article_id(article.url)
    if not same_id and title != article.title and not is_alike(db, article.revisits, article):
        return None
    found = _absorb(db, article, key, columns)
    db.conn.execute(
        "UPDATE articles SET url = ?, url_key = ?, page_url = NULL, named_url = NULL WHERE id = ?",
        (article.url, key, article.revisits),
    )
    stories.resettle(db, article.revisits)
    return found or Compared(False, f"it moved to {article.url}")


def move(db: Database, row: Archived, url: str, named_url: str | None) -> bool:
    """Give an archived article another address; return False, and change nothing, where that is taken."""
    key = url_key(url)
    if db.conn.execute("SELECT 1 FROM articles WHERE url_key = ? AND id <> ?", (key, row.id)).fetchone() is not None:
        return False
    db.conn.execute(
        "UPDATE articles SET url = ?, url_key = ?, page_url = NULL, named_url = ? WHERE id = ?",
        (url, key, named_url, row.id),
    )
    stories.resettle(db, row.id)
    return True


def _absorb(db: Database, article: Article, key: str, columns: Sequence[str]) -> Compared | None:
    """Take the archived article at a key into the one that was asked for; None if there is none, or no edit."""
    into = article.revisits
    names = ", ".join(columns)  # of our own columns
    row = db.conn.execute(
        f"SELECT id, title, text_hash, body, fetched_at, {names} FROM articles WHERE url_key = ?",  # noqa: S608
        (key,),
    ).fetchone()
    if row is None or into is None:
        return None
    other, title, text_hash, body, fetched_at, *values = row
    before = db.conn.execute("SELECT title, text_hash FROM articles WHERE id = ?", (into,)).fetchone()
    found = revisions.keep(db, into, body, fetched_at, article.crawl_id) if before != (title, text_hash) else None
    db.conn.execute(
        "UPDATE urls SET article = :into, cause = CASE WHEN outcome = 'stored' THEN :cause ELSE cause END,"
        " reason = CASE WHEN outcome = 'stored' THEN 'the archive had it under an earlier address' ELSE reason END,"
        " outcome = CASE WHEN outcome = 'stored' THEN 'known' ELSE outcome END WHERE article = :other",
        {"into": into, "other": other, "cause": Cause.EDITED if found else Cause.KNOWN},
    )
    db.conn.execute("UPDATE revisions SET article = ? WHERE article = ?", (into, other))
    db.conn.execute("DELETE FROM tags WHERE article = ?", (into,))
    db.conn.execute("UPDATE tags SET article = ? WHERE article = ?", (into, other))
    db.conn.execute("UPDATE releases SET article = ? WHERE article = ?", (into, other))
    notes.take_over(db, into, other)
    db.conn.execute("UPDATE OR IGNORE alerts SET article = ? WHERE article = ?", (into, other))
    delete(db, other)
    db.conn.execute(
        f"UPDATE articles SET {', '.join(f'{name} = ?' for name in columns)} WHERE id = ?",  # noqa: S608
        (*values, into),
    )
    return found


def delete(db: Database, number: int) -> None:
    """Delete an article and, by the trigger articles_taken, what hangs on it; stories are settled without it."""
    stories.forget(db, number)
    db.conn.execute("DELETE FROM articles WHERE id = ?", (number,))


def _key(url: str | None) -> str | None:
    return None if url is None else url_key(url)
