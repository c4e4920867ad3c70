"""Articles taken out of the archive for good; of each only its address stays, so that it is never fetched anew."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlite_utils import Database

from kwri_crawler.archive.connection import transaction
from kwri_crawler.archive.cures import ArchiveError, archive_error
from kwri_crawler.archive.identity import delete
from kwri_crawler.causes import Cause
from kwri_crawler.clock import now_text
from kwri_crawler.items import KeptPage, Outcome
from kwri_crawler.web.addresses import canonical, url_key

REASON = "taken down; it is never asked for again"


class Forgotten(NamedTuple):
    """What is to be removed, or was."""

    articles: tuple[int, ...]
    urls: tuple[str, ...]  # the articles' own, and an address without an article
    keys: tuple[tuple[str, str], ...]  # (portal, url_key) of every address that leads to them
    revisions: int  # earlier texts of them


def find(db: Database, url: str | None = None, portal: str | None = None) -> Forgotten:
    """Return what the archive holds of an address, or of a whole portal; of nothing else where both are None."""
    if url is not None:
        key = url_key(canonical(url))
        rows = db.conn.execute(
            "SELECT id, url FROM articles WHERE url_key = :key"
            " UNION SELECT articles.id, articles.url FROM urls JOIN articles ON articles.id = article WHERE key = :key",
            {"key": key},
        ).fetchall()
        alone = db.conn.execute(
            "SELECT portal, key, url FROM urls WHERE key = ? AND article IS NULL", (key,)
        ).fetchall()
    else:
        rows = db.conn.execute("SELECT id, url FROM articles WHERE portal = ? ORDER BY id", (portal,)).fetchall()
        alone = []
    ids = json.dumps([number for number, _ in rows])
    own = db.conn.execute(
        "SELECT portal, url_key FROM articles WHERE id IN (SELECT value FROM json_each(:ids))"
        " UNION SELECT portal, key FROM urls WHERE article IN (SELECT value FROM json_each(:ids))",
        {"ids": ids},
    ).fetchall()
    pages = db.conn.execute(
        "SELECT portal, page_url FROM articles WHERE page_url IS NOT NULL"
        " AND id IN (SELECT value FROM json_each(?))", (ids,),
    ).fetchall()  # fmt: skip
    (revisions,) = db.conn.execute(
        "SELECT count(*) FROM revisions WHERE article IN (SELECT value FROM json_each(?))", (ids,)
    ).fetchone()
    keys = dict.fromkeys((*own, *((of, url_key(page)) for of, page in pages), *((of, key) for of, key, _ in alone)))
    return Forgotten(
        tuple(number for number, _ in rows), (*(own_url for _, own_url in rows), *(bare for *_, bare in alone)),
        tuple(keys), revisions,
    )  # fmt: skip


def forget(db: Database, found: Forgotten) -> None:
    """Delete articles with all that hangs on them, and leave their addresses as refused; raises ArchiveError.

    What SQLite deletes it overwrites; wipe() also takes what earlier changes left behind in the file.
    """
    db.execute("PRAGMA secure_delete = ON")
    with transaction(db):  # one: an address without its refusal would be asked for again
        for number in found.articles:
            _note_addresses(db, number)
        _refuse(db, found.keys)
        for number in found.articles:
            db.conn.execute("DELETE FROM releases WHERE article = ?", (number,))  # it holds the text once more
            delete(db, number)


def wipe(db: Database) -> None:
    """Make the file and its search index anew, so that no word of what was deleted is left; raises ArchiveError.

    It takes as much room as the archive has for as long as it runs, and waits for whoever reads or writes.
    """
    try:
        if "articles_fts" in db.table_names():
            db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('optimize')")
        db.execute("VACUUM")
        (busy, *_) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as error:
        raise archive_error("the file could not be made anew: the words may still stand in it", error) from error
    if busy:
        raise ArchiveError("another process reads the archive: the words still stand in its log; run it again later")


def is_forgotten(db: Database, portal: str, key: str, page_key: str) -> bool:
    """Say whether an article of a portal was taken down from either of two addresses (url_key())."""
    row = db.conn.execute(
        "SELECT 1 FROM urls WHERE portal = ? AND key IN (?, ?) AND cause = ? LIMIT 1",
        (portal, key, page_key, Cause.FORGOTTEN),
    ).fetchone()
    return row is not None


def is_page_forgotten(db: Database, page: KeptPage) -> bool:
    """Say whether a kept page is of an article that was taken down, or a further page of one."""
    keys = [key for url in (page.asked_url, page.url) for key in _leads_from(url_key(url))]
    row = db.conn.execute(
        "SELECT 1 FROM urls WHERE portal = ? AND key IN (SELECT value FROM json_each(?)) AND cause = ? LIMIT 1",
        (page.portal, json.dumps(keys), Cause.FORGOTTEN),
    ).fetchone()
    return row is not None


def _leads_from(key: str) -> Iterator[str]:
    """Yield an address (url_key()) and those that it may be a further page of: "/2" or a parameter less."""
    yield key
    path, _, query = key.partition("?")
    pairs = query.split("&") if query else []
    for number in range(len(pairs)):
        rest = "&".join(pairs[:number] + pairs[number + 1 :])
        yield f"{path}?{rest}" if rest else path
    if not pairs:
        yield path.rpartition("/")[0]


def _note_addresses(db: Database, number: int) -> None:
    """Have the ledger hold an article's own address and that of its page, which no listing may have named."""
    row = db.conn.execute("SELECT portal, url, page_url, crawl FROM articles WHERE id = ?", (number,)).fetchone()
    if row is None:
        return
    portal, url, page_url, crawl = row
    for address in (url, page_url):
        if address is not None:
            db.conn.execute(
                "INSERT OR IGNORE INTO urls (portal, key, url, found_at, found_crawl, seen_crawl)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (portal, url_key(address), address, now_text(), crawl, crawl),
            )


def _refuse(db: Database, keys: Sequence[tuple[str, str]]) -> None:
    db.conn.executemany(
        "UPDATE urls SET outcome = ?, cause = ?, reason = ?, status = NULL, article = NULL, next_try_at = NULL,"
        " listed_text = NULL, listed_facts = NULL, settled_crawl = coalesce(settled_crawl, seen_crawl)"
        " WHERE portal = ? AND key = ?",
        [(Outcome.REFUSED, Cause.FORGOTTEN, REASON, portal, key) for portal, key in keys],
    )
