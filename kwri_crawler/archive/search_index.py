"""The search index of a transaction that stores many articles: brought up to date once, before the commit.

Triggers index each article at once for everyone else; that costs a segment of the index an article.
"""

from __future__ import annotations

from sqlite_utils import Database


def put_off(db: Database) -> None:
    """Leave new articles out of the index until catch_up(), which the same transaction has to call."""
    db.conn.execute("INSERT INTO search_later VALUES (1)")


def catch_up(db: Database) -> None:
    """Index the articles that were stored since put_off(); both see all of one transaction and nothing of others."""
    db.conn.execute(
        "INSERT INTO articles_fts (rowid, title, body) SELECT id, title, body FROM articles"
        " WHERE id > coalesce((SELECT max(id) FROM articles_fts_docsize), 0) ORDER BY id"
    )
    db.conn.execute("DELETE FROM search_later")


def mend(db: Database) -> None:
    """Index all articles anew, in one transaction."""
    db.execute("BEGIN IMMEDIATE")
    try:
        db.execute("INSERT INTO articles_fts(articles_fts) VALUES ('rebuild')")
        db.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise
