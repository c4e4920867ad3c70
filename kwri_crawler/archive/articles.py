"""Articles into their table, each once, and into their stories; refuses what is there under another address.

One table holds an article whole, its body among it, on pages of 4 KB. Two tables under a view called `articles` were
measured (100,000 articles of 2.5 KB, SQLite 3.40, CPU-ms one table / two): the latest 20 192 / 149, counts by day 210 /
355, a mean by portal 194 / 332, portal_shares 230 / 980, all texts 308 / 329; 43 / 42 us an insert, 4,109 / 4,562 bytes
an article. SQLite reads the second table through the view also where none of its columns is asked for, so nearly all
that people ask would be slower; an index that covers a question is the cure for a slow one. Pages of 8 KB save 1% and
make those scans 10% slower. `amp_url` and `print_url` stay: dropping them would rewrite every page of an archive, and
what they say cannot be had again once a page is gone; where null they take a byte each.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlite_utils import Database

from kwri_crawler.archive import dates, forgetting, identity, revisions, stories, visits
from kwri_crawler.archive.connection import insert_all
from kwri_crawler.archive.identity import Archived, Verdict
from kwri_crawler.archive.ledger import Settlement, settle
from kwri_crawler.archive.revisions import Compared
from kwri_crawler.archive.schema import migrations
from kwri_crawler.archive.stories import Placed
from kwri_crawler.causes import Cause
from kwri_crawler.clock import utc_text
from kwri_crawler.copies.likeness import titles_meet
from kwri_crawler.items import Article, Outcome
from kwri_crawler.web.addresses import url_key

_REPRINTED = timedelta(days=1)  # an edit under a new address carries the old publication, or that of the edit


def store(db: Database, article: Article) -> Settlement:
    """Store an article and settle the address that led to it, both or neither; return what became of it.

    An article is known when its own address is in the archive with the same title or text, or when its portal already
    brought the same text under the same title and both prove to be one article (see identity.py); one that was asked
    for again (`revisits`) is compared with the archive's. Look-up and insert share one write transaction, so two crawls
    cannot both be first. Its story is settled there too.
    """
    if article.revisits is not None:
        found = _revisit(db, article)
        cause = Cause.EDITED if found.edited else Cause.KNOWN
        return Settlement(Outcome.KNOWN, found.text, article=article.revisits, cause=cause)
    settlement = _settle(db, article)
    if article.url_id is not None and article.crawl_id is not None:
        settle(db, article.url_id, article.crawl_id, settlement)
    return settlement


def _settle(db: Database, article: Article) -> Settlement:
    """Store an article that is new, or note that it is known; an article that is neither goes to its page's address."""
    key = url_key(article.url)
    found = identity.find(db, article, key)
    if found is not None and found.verdict is Verdict.CLAIMED and article.page_url is not None:
        _give_back(db, found.row)
        article = replace(article, url=article.page_url, named_url=article.url)
        key = url_key(article.url)
        found = identity.find(db, article, key)
    if found is not None and found.verdict is Verdict.SHADOWED and _give_back(db, found.row):
        found = None
    if found is None or found.row is None:
        page_key = key if article.page_url is None else url_key(article.page_url)
        if forgetting.is_forgotten(db, article.portal, key, page_key):
            return Settlement(Outcome.REFUSED, forgetting.REASON, final=True, cause=Cause.FORGOTTEN)
        new = _insert(db, article, key)
        for copied in stories.settle(db, new, article.sketch):
            _suspect(db, new, copied)
        return Settlement(Outcome.STORED, article=new.id)
    row, cause = found.row, Cause.KNOWN
    if found.verdict is Verdict.ORIGINAL:
        _take_facts(db, row, article, key)
        return Settlement(Outcome.STORED, article=row.id)
    if found.verdict is Verdict.KNOWN and row.url_key != key:
        _find_again(db, row, article.url)
    if found.verdict is not Verdict.KNOWN and _revisit(db, replace(article, revisits=row.id)).edited:
        cause = Cause.EDITED
    return Settlement(Outcome.KNOWN, f"the archive has it as {row.url}", article=row.id, cause=cause)


def _give_back(db: Database, row: Archived | None) -> bool:
    """Move an archived article from an address that it only claimed to its page's own; False if it stays there."""
    return row is not None and row.page_url is not None and identity.move(db, row, row.page_url, row.url)


def _find_again(db: Database, row: Archived, url: str) -> None:
    """Give an article that was noted as gone the address at which it stands now."""
    back = db.conn.execute("UPDATE articles SET gone_at = NULL WHERE id = ? AND gone_at IS NOT NULL", (row.id,))
    if back.rowcount:
        db.conn.execute("DELETE FROM visits WHERE article = ?", (row.id,))
        identity.move(db, row, url, None)


def _suspect(db: Database, new: Placed, older: Placed) -> None:
    """Have an older article asked for that a new one of its portal may be, moved: it may lead to the new address.

    It carries the same text, and words of the same headline: portals print texts under new headlines every day.
    """
    if older.portal == new.portal and abs(new.at - older.at) <= _REPRINTED and titles_meet(new.title, older.title):
        visits.ask_now(db, older.portal, older.id)


def _take_facts(db: Database, row: Archived, article: Article, key: str) -> None:
    """Write an article's own page in place of what was read of it elsewhere; its first sight and its crawl stay.

    The ledger follows: of its addresses that one brought it, and `scrapy reread` reads that page.
    """
    values = {name: value for name, value in columns(article, key).items() if name not in ("portal", "crawl")}
    _update(db, row.id, values)
    write_rows(db, row.id, article)
    db.conn.execute(
        "UPDATE urls SET outcome = ?, cause = ?, reason = ? WHERE article = ? AND outcome = ?",
        (Outcome.KNOWN, Cause.KNOWN, f"the archive has it as {article.url}", row.id, Outcome.STORED),
    )
    stories.resettle(db, row.id)


def _update(db: Database, number: int, values: dict[str, Any]) -> None:
    names = ", ".join(f"{name} = :{name}" for name in values)  # of our own columns, never from a page
    db.conn.execute(f"UPDATE articles SET {names} WHERE id = :id", {**values, "id": number})  # noqa: S608


def _revisit(db: Database, article: Article) -> Compared:
    """Compare an article that was asked for again with the archive's; after an edit all of it is as it reads now.

    What the new reading does not say stays: a page may be silent on what a feed told. So do address and publication:
    portals print the moment of an edit where that of the publication stood. Only a move changes the address.
    """
    if article.revisits is None:
        raise AssertionError("not asked for again")
    moved = identity.follow(db, article, [name for name in _COLUMNS if name not in _STAYS])
    found = revisions.revise(db, article)
    if not found.edited:
        return moved or found
    values = {name: value for name, value in columns(article).items() if value is not None and name not in _STAYS}
    _update(db, article.revisits, values)
    if article.tags:
        _write_tags(db, article.revisits, article)
    dates.write_updates(db, article.revisits, article)
    stories.resettle(db, article.revisits)
    return found


def column_names() -> tuple[str, ...]:
    """Return the columns of the table, in its order, as today's schema has them."""
    db = Database(memory=True)
    migrations.apply(db)
    names = tuple(row[1] for row in db.execute("PRAGMA table_xinfo(articles)"))
    db.close()
    return names


def columns(article: Article, key: str | None = None) -> dict[str, Any]:
    """Return what an article's row holds; `key` is url_key() of its address, for a caller that has it already."""
    return {
        "portal": article.portal,
        "url": article.url,
        "url_key": key or url_key(article.url),
        "page_url": _page_url(article),
        "named_url": article.named_url,
        "title": article.title,
        "subtitle": article.subtitle,
        "author": article.author,
        "editor": article.editor,
        "source": article.source,
        "section": article.section,
        **dates.columns_of(article),
        "lead": article.lead,
        "body": "\n\n".join(article.paragraphs),
        "image_url": article.image_url,
        "image_caption": article.image_caption,
        "image_credit": article.image_credit,
        "access": article.access,
        "marks": _marks(article),
        "amp_url": article.amp_url,
        "print_url": article.print_url,
        "links": _json([(link.url, link.text) for link in article.links]) if article.links else None,
        "evidence": _json({field: where.partition(" ")[0] for field, where in article.evidence})
        if article.evidence
        else None,
        "word_count": article.word_count,
        "language": article.language,
        "reader": article.reader,
        "text_hash": article.text_hash,
        "fetched_at": utc_text(article.fetched_at),
        "crawl": article.crawl_id,
    }


def _marks(article: Article) -> str | None:
    """Return which paragraphs are headings, list items or quotes, as JSON; None where all are plain."""
    kinds = dict(article.marks)
    found = [(i, kinds[text]) for i, text in enumerate(article.paragraphs) if text in kinds]
    return _json(found) if found else None


def _page_url(article: Article) -> str | None:
    """Return the address whose page was read; None where that is the article's own."""
    page_url = article.page_url
    return None if page_url in (None, article.url) or url_key(page_url) == url_key(article.url) else page_url


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # dumps() makes one at each call


def _insert(db: Database, article: Article, key: str) -> Placed:
    row = columns(article, key)
    # fetchall: a statement that was not read to its end is in the way of the commit
    ((article_id, out_at, first_seen_at),) = db.conn.execute(_INSERT, {**row, "url_id": article.url_id}).fetchall()
    _add_tags(db, article_id, article)
    dates.add_rows(db, article_id, article)
    return Placed(
        article_id, article.portal, article.title, row["body"], article.text_hash, None, out_at, first_seen_at, key
    )


def write_rows(db: Database, article_id: int, article: Article) -> None:
    """Write what other tables hold of an article, in place of what they held before."""
    _write_tags(db, article_id, article)
    dates.write_rows(db, article_id, article)


def _write_tags(db: Database, article_id: int, article: Article) -> None:
    db.conn.execute("DELETE FROM tags WHERE article = ?", (article_id,))
    _add_tags(db, article_id, article)


def _add_tags(db: Database, article_id: int, article: Article) -> None:
    insert_all(db, "INSERT OR IGNORE INTO tags", [(article_id, tag) for tag in article.tags])


# What an edit does not change.
_STAYS = frozenset(("portal", "url", "url_key", "page_url", "named_url", "crawl", *dates.COLUMNS)) - {
    "updated_at",
    "updated_local",
    "dateline",
}
_COLUMNS = (
    "portal", "url", "url_key", "page_url", "named_url", "title", "subtitle", "author", "editor", "source", "section",
    *dates.COLUMNS,
    "lead", "body", "image_url", "image_caption", "image_credit", "access", "marks", "amp_url",
    "print_url", "links", "evidence",
    "word_count", "language", "reader", "text_hash", "fetched_at", "crawl",
)  # fmt: skip
_INSERT = (
    f"INSERT INTO articles ({', '.join(_COLUMNS)}, first_seen_at)"  # noqa: S608 - names from the line above
    f" VALUES ({', '.join(':' + column for column in _COLUMNS)},"
    " coalesce((SELECT found_at FROM urls WHERE id = :url_id), :fetched_at)) RETURNING id, out_at, first_seen_at"
)


def portals_of(db: Database, ids: Sequence[int]) -> dict[str, int]:
    """Return how many of some articles each portal has."""
    return dict(
        db.conn.execute(
            "SELECT portal, count(*) FROM articles WHERE id IN (SELECT value FROM json_each(?)) GROUP BY portal",
            (json.dumps(list(ids)),),
        ).fetchall()
    )
