"""Edits and removals: replaced texts are kept, what is gone stays; what changes around a text is no edit."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from sqlite_utils import Database

from kwri_crawler.clock import moment_of, utc_text
from kwri_crawler.items import Article, Outcome
from kwri_crawler.web.addresses import url_key

# Readers of listings that tell whole articles and also what changed, so that pages need no visits for edits.
TELL_CHANGES: tuple[str, str] = ("wordpress-api", "blogger-feed")
SAME = "its text is as it was"
AGAIN_DAYS = (1, 7, 30, 180)  # since an article was removed: some come back, and no listing need name them again


@dataclass(frozen=True, slots=True)
class Revision:
    """One text of an article, and how much of it the next one changed."""

    title: str
    body: str
    received_at: str  # UTC
    replaced_at: str | None  # UTC; when the text after it was received; null for the present text
    words_changed: float | None  # 0 to 1, from this text to the next; null for the present text


class Compared(NamedTuple):
    """What came of comparing an article that was asked for again with the archive's."""

    edited: bool
    text: str  # for the log


UNCHANGED = Compared(False, SAME)


class _Archived(NamedTuple):
    """What an article's new reading is compared with."""

    url_key: str
    title: str
    text_hash: str
    reader: str


def revise(db: Database, article: Article) -> Compared:
    """Compare an article that was asked for again with the archive's; keep the old text when it was edited.

    The caller writes the new one. Texts of different origin differ without an edit (a feed's and its page's), so the
    first page of an article that a listing told is only what later ones are compared with.
    """
    row = db.conn.execute(
        "SELECT url_key, title, text_hash, reader FROM articles WHERE id = ?", (article.revisits,)
    ).fetchone()
    known = None if row is None else _Archived(*row)
    key = url_key(article.url)
    if known is None or not (key == known.url_key or _leads_to(db, key, article.revisits)):
        return Compared(False, f"it answers as {article.url} now")
    db.conn.execute("UPDATE articles SET gone_at = NULL WHERE id = ? AND gone_at IS NOT NULL", (article.revisits,))
    # An API only tells again what its portal changed; a page that was read for it before is no reason for doubt.
    if known.reader != article.reader and article.reader not in TELL_CHANGES:
        if known.reader in TELL_CHANGES:
            return UNCHANGED  # its page was asked for to see whether it is there; its listing tells edits
        (before,) = db.conn.execute(
            "SELECT (SELECT page_hash FROM visits WHERE article = ?)", (article.revisits,)
        ).fetchone()
        db.conn.execute("UPDATE visits SET page_hash = ? WHERE article = ?", (article.text_hash, article.revisits))
        if before in (None, article.text_hash):
            return UNCHANGED
    elif known.text_hash == article.text_hash and (known.title == article.title or known.reader != article.reader):
        return UNCHANGED
    found = keep(db, article.revisits, "\n\n".join(article.paragraphs), utc_text(article.fetched_at), article.crawl_id)
    if known.reader == article.reader:  # what the other origin said is out of date too
        db.conn.execute("UPDATE visits SET page_hash = NULL WHERE article = ?", (article.revisits,))
    return found


def _leads_to(db: Database, key: str, article: int | None) -> bool:
    """Say whether the ledger has an address that led to an article: a listing's may redirect."""
    listed = db.conn.execute("SELECT 1 FROM urls WHERE article = ? AND key = ?", (article, key))
    return listed.fetchone() is not None


def keep(db: Database, article: int | None, new_body: str, at: str, crawl: int | None) -> Compared:
    """Keep an archived article's text as a revision that another replaced at a moment (UTC); the caller writes that."""
    row = db.conn.execute("SELECT title, body, text_hash, fetched_at FROM articles WHERE id = ?", (article,)).fetchone()
    _, body, *_ = row
    changed = words_changed(body, new_body)
    db.conn.execute(
        "INSERT INTO revisions (article, title, body, text_hash, fetched_at, replaced_at, words_changed, crawl)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (article, *row, at, round(changed, 4), crawl),
    )
    return Compared(True, f"edited: {changed:.0%} of its words changed")


def words_changed(old: str, new: str) -> float:
    """Return the share of the words of both texts that stand in only one of them, in order; 0 to 1."""
    before, after = old.split(), new.split()
    if not before and not after:
        return 0.0
    return 1 - difflib.SequenceMatcher(None, before, after, autojunk=False).ratio()


def history(db: Database, url: str) -> tuple[Revision, ...]:
    """Return every text of the article at an address, oldest first, the present one last; none if there is no such."""
    found = db.conn.execute(
        "SELECT id, title, body, fetched_at FROM articles WHERE url_key = ?", (url_key(url),)
    ).fetchone()
    if found is None:
        return ()
    article, title, body, fetched_at = found
    earlier = db.conn.execute(
        "SELECT title, body, fetched_at, replaced_at, words_changed FROM revisions WHERE article = ? ORDER BY id",
        (article,),
    )
    return (*(Revision(*row) for row in earlier), Revision(title, body, fetched_at, None, None))


def difference(old: Revision, new: Revision) -> Iterator[str]:
    """Yield what a person reads of an edit: whole paragraphs, taken out with "- ", put in with "+ "."""
    before = [old.title, *old.body.split("\n\n")]
    after = [new.title, *new.body.split("\n\n")]
    for line in difflib.ndiff(before, after):
        if line[:2] in ("- ", "+ "):
            yield line


def newer_address(db: Database, article: int) -> str | None:
    """Return the latest address by which an article is known and that was found after its own; None for none."""
    row = db.conn.execute(
        "SELECT urls.url FROM urls JOIN articles ON articles.id = urls.article AND articles.portal = urls.portal"
        " WHERE article = ? AND outcome IN ('stored', 'known') AND key <> url_key AND urls.id >"
        " coalesce((SELECT own.id FROM urls AS own WHERE own.portal = articles.portal AND own.key = url_key), 0)"
        " ORDER BY urls.id DESC LIMIT 1",
        (article,),
    ).fetchone()
    return None if row is None else str(row[0])


def missed(db: Database, article: int, at: str, *, for_good: bool, url: str | None = None) -> Outcome:
    """Note that an article was not there: it is gone when that is so for good (410) or for the second time.

    url is the address that was asked for; None for its own. Where the archive knows a newer one, the article may have
    moved, and is gone only when it is not there either.
    """
    (missed_at,) = db.conn.execute("SELECT (SELECT missed_at FROM visits WHERE article = ?)", (article,)).fetchone()
    again = missed_at is not None
    db.conn.execute("UPDATE visits SET missed_at = coalesce(missed_at, ?) WHERE article = ?", (at, article))
    newer = newer_address(db, article)
    if not (for_good or again) or (newer is not None and (url is None or url_key(url) != url_key(newer))):
        return Outcome.KNOWN
    db.conn.execute("UPDATE articles SET gone_at = ? WHERE id = ? AND gone_at IS NULL", (at, article))
    (gone_at,) = db.conn.execute("SELECT gone_at FROM articles WHERE id = ?", (article,)).fetchone()
    db.conn.execute("UPDATE visits SET next_at = ? WHERE article = ?", (look_again(gone_at, at), article))
    return Outcome.GONE


def look_again(gone_at: str, at: str) -> str | None:
    """Return when a removed article is looked for once more, after a moment (UTC both); None for never again."""
    gone, after = moment_of(gone_at), moment_of(at)
    steps = (gone + timedelta(days=days) for days in AGAIN_DAYS)
    return next((utc_text(step) for step in steps if step > after), None)
