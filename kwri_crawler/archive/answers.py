"""How listings were answered before, so that only changes are asked for; keeps robots.txt alone, and for hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlite_utils import Database

from kwri_crawler.clock import is_within, moment_of, now, now_text, utc_text


@dataclass(frozen=True, slots=True)
class Condition:
    """How to ask whether a page changed."""

    etag: str | None
    last_modified: str | None
    on_ground: bool  # when it is unchanged, all that it names is known ground

    @property
    def headers(self) -> dict[str, str]:
        """Return the request's headers."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in named.items() if value}


class _Answer(NamedTuple):
    """How a listing's page was answered before."""

    etag: str | None
    last_modified: str | None
    full_at: str
    leads_on: int
    was_read_on: int | None  # 1 if the reading that saw it was finished; null if none ever was
    is_further: int  # 1 for a page behind the first of what is no sitemap


def condition(db: Database, listing: int, url: str, full_every_h: float) -> Condition | None:
    """Return how to ask for a page that was read before; null when it is to be asked for in full.

    When the reading that saw it was not finished, a page that leads to further ones must come whole again. So must a
    further one: what it names is compared with the listing's total.
    """
    row = db.conn.execute(
        "SELECT etag, last_modified, full_at, leads_on, complete_crawl >= crawl,"
        " answers.url <> listings.url AND kind <> 'sitemap'"
        " FROM answers JOIN listings ON listings.id = listing WHERE listing = ? AND answers.url = ?",
        (listing, url),
    ).fetchone()
    before = None if row is None else _Answer(*row)
    if before is None or ((before.leads_on or before.is_further) and not before.was_read_on):
        return None
    if not is_within(moment_of(before.full_at), timedelta(hours=full_every_h), now()):
        return None
    return Condition(before.etag, before.last_modified, bool(before.was_read_on))


def remember(
    db: Database, listing: int, url: str, crawl: int, etag: str | None, last_modified: str | None, *, leads_on: bool
) -> None:
    """Keep a page's validators; forget those it had when it sends none any more."""
    db.conn.execute("DELETE FROM answers WHERE listing = ? AND url = ?", (listing, url))
    if etag or last_modified:
        db.conn.execute(
            "INSERT INTO answers (listing, url, etag, last_modified, leads_on, full_at, crawl)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (listing, url, etag, last_modified, leads_on, now_text(), crawl),
        )


def robots_of(db: Database, host: str, hours: float) -> bytes | None:
    """Return a host's robots.txt (host with its port), if it was fetched in the last hours; null if not."""
    row = db.conn.execute("SELECT body, fetched_at FROM robots WHERE host = ?", (host,)).fetchone()
    if row is None or not is_within(moment_of(row[1]), timedelta(hours=hours), now()):
        return None
    return bytes(row[0])


def keep_robots(db: Database, host: str, body: bytes, fetched_at: datetime) -> None:
    """Keep a host's robots.txt."""
    db.conn.execute("INSERT OR REPLACE INTO robots VALUES (?, ?, ?)", (host, utc_text(fetched_at), body))
