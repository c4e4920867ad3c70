"""What today's code makes of a kept page, into the archive: corrections and new articles; never a revision.

A revision is what a portal changed. What our code changes replaces what our code had read; an article's address, its
first sight and the crawl that brought it stay.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlite_utils import Database

from kwri_crawler.archive import articles, crawls, dates, forgetting, identity, stories
from kwri_crawler.archive.ledger import Settlement
from kwri_crawler.catalogue import Portal
from kwri_crawler.causes import Cause
from kwri_crawler.clock import now_text, utc_text
from kwri_crawler.items import Article, Due, KeptPage, Outcome
from kwri_crawler.web.addresses import url_key

IMPORTED = "imported"  # the finish of a crawl that was none: it stands for articles whose pages were imported

# What an article is known by, and how it came here, was not read from its page.
_NOT_READ = frozenset(("portal", "url", "url_key", "page_url", "named_url", "fetched_at", "crawl"))
# What decides which story an article belongs to, and which of them was first.
_MAKES_STORIES = frozenset(("title", "body", "text_hash", "published_at", "published_precision", "updated_at"))
_ROWS = ("tags", "dates", "event_dates")  # fields that are tables of their own


@dataclass(frozen=True, slots=True)
class Entry:
    """What the ledger says of a kept page's address."""

    due: Due
    outcome: str
    crawl: int | None  # that gave it this outcome; null while it is pending
    article: int | None
    cause: str | None = None  # as in urls.cause


@dataclass(frozen=True, slots=True)
class Change:
    """One field that is read otherwise today."""

    field: str  # a column of `articles`, or one of _ROWS
    before: Any  # null if there was nothing
    after: Any


def entry_of(db: Database, page: KeptPage) -> Entry | None:
    """Return the ledger's entry of the address that a page was asked for; null for one that no listing named.

    An article that is asked for again is asked for by its own address, which need not be the one that was listed.
    """
    settled = "SELECT outcome, settled_crawl, article, cause, id, url, listed_text,"
    due = " (SELECT kind FROM listings WHERE id = urls.listing), listed_facts FROM urls"
    key = url_key(page.asked_url)
    row = db.conn.execute(settled + due + " WHERE portal = ? AND key = ?", (page.portal, key)).fetchone()
    if row is None:
        of_article = " WHERE outcome = 'stored' AND article = (SELECT id FROM articles WHERE url_key = ?)"
        row = db.conn.execute(settled + due + of_article, (key,)).fetchone()
    if row is None:
        return None
    outcome, crawl, article, cause, *asked = row
    return Entry(Due(*asked), outcome, crawl, article, cause)


def article_of(db: Database, entry: Entry | None, urls: Iterable[str]) -> int | None:
    """Return the id of the article that a page was, or could have been, read into; null if there is none."""
    if entry is not None and entry.article is not None:
        return entry.article
    for url in urls:
        row = db.conn.execute("SELECT id FROM articles WHERE url_key = ?", (url_key(url),)).fetchone()
        if row is not None:
            return int(row[0])
    return None


def was_read_from(db: Database, article_id: int, page: KeptPage) -> bool:
    """Tell whether an article was read from this very reception of its page, and not from an earlier or later one."""
    (fetched_at,) = db.conn.execute("SELECT fetched_at FROM articles WHERE id = ?", (article_id,)).fetchone()
    return bool(fetched_at == utc_text(page.received_at))


def is_another(db: Database, article: Article) -> bool:
    """Tell whether an article is none of the archive, though older code took its page for one that it has.

    It believed any address that a page names as its own: of twenty articles that shared one, one was stored.
    """
    found = identity.find(db, article, url_key(article.url))
    return found is None or found.verdict in (identity.Verdict.CLAIMED, identity.Verdict.SHADOWED)


def changes(db: Database, article_id: int, article: Article) -> tuple[Change, ...]:
    """Return what differs between the archived article and what was read today, field by field."""
    cursor = db.conn.execute("SELECT * FROM articles WHERE id = ?", (article_id,))
    before = dict(zip((column[0] for column in cursor.description), cursor.fetchone(), strict=True))
    after = {name: value for name, value in articles.columns(article).items() if name not in _NOT_READ}
    found = [Change(name, before[name], value) for name, value in after.items() if before[name] != value]
    tags = sorted(tag for (tag,) in db.conn.execute("SELECT tag FROM tags WHERE article = ?", (article_id,)))
    if tags != sorted(set(article.tags)):
        found.append(Change("tags", ", ".join(tags) or None, ", ".join(sorted(set(article.tags))) or None))
    dating = dates.dating_of(article)
    for name, then, now in zip(
        ("dates", "event_dates"), dates.rows_of(db, article_id), (dating.dates, dating.event_dates), strict=True
    ):
        if then != now:
            found.append(Change(name, _lines(then), _lines(now)))
    return tuple(found)


def correct(db: Database, article_id: int, article: Article, changed: Iterable[Change]) -> None:
    """Write what is read otherwise; the search index follows, and the story is settled again where it may change."""
    values = {change.field: change.after for change in changed if change.field not in _ROWS}
    if values:
        names = ", ".join(f"{name} = :{name}" for name in values)  # of our own columns, never from a page
        db.conn.execute(f"UPDATE articles SET {names} WHERE id = :id", {**values, "id": article_id})  # noqa: S608
    articles.write_rows(db, article_id, article)
    if _MAKES_STORIES & values.keys():
        stories.resettle(db, article_id)


def add(db: Database, portal: Portal, entry: Entry | None, article: Article) -> Settlement:
    """Store the article of a page that could not be read before, or that was imported; return what became of it.

    It stands under the crawl that fetched its page. The caller holds the portal's lock. What was taken down stays so.
    """
    if entry is not None and entry.cause == Cause.FORGOTTEN:
        return Settlement(Outcome.REFUSED, forgetting.REASON, final=True, cause=Cause.FORGOTTEN)
    crawl = entry.crawl if entry is not None else None
    if crawl is None:
        crawl = _imported(db, portal)
    url_id = entry.due.id if entry is not None else None
    return articles.store(db, replace(article, url_id=url_id, crawl_id=crawl))


def _imported(db: Database, portal: Portal) -> int:
    """Return the row of `crawls` that stands for today's imports; it asked for nothing."""
    row = db.conn.execute(
        "SELECT id FROM crawls WHERE portal = ? AND finish = ? AND started_at >= ?",
        (portal.id, IMPORTED, now_text()[:10]),
    ).fetchone()
    if row is not None:
        return int(row[0])
    crawl = crawls.begin_import(db, portal)
    crawls.end(db, crawl, portal.id, IMPORTED, "articles of imported pages; nothing was asked for", 0, 0)
    return crawl


def _lines(rows: Iterable[tuple[Any, ...]]) -> str | None:
    return "; ".join(" ".join(str(part) for part in row if part is not None) for row in rows) or None
