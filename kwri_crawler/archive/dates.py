"""What the stage dates found out about an article, into its columns and rows; and all of it read again later."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache
from typing import NamedTuple

from sqlite_utils import Database

from kwri_crawler.archive import stories
from kwri_crawler.archive.connection import insert_all, transaction
from kwri_crawler.archive.each import Each
from kwri_crawler.clock import moment_of, utc_text
from kwri_crawler.dates import with_dates
from kwri_crawler.items import Article, Clock, DateKind, DateSource, DateText


class DateRow(NamedTuple):
    """A row of the table dates, but for its article."""

    kind: str
    source: str
    text: str
    position: int
    judged: str | None  # null where no stage judged it; so are those behind
    said_at: str | None
    precision: str | None
    reason: str | None
    won: int
    offset_s: int | None
    printed_offset_s: int | None
    flags: str | None  # JSON


class EventDay(NamedTuple):
    """A row of the table event_dates, but for its article."""

    day: str
    flags: str | None  # JSON


class _Stored(NamedTuple):
    """What an article's dates are read from again."""

    id: int
    portal: str
    url: str
    title: str
    body: str
    fetched_at: str
    reader: str


COLUMNS = (
    "published_at", "published_local", "published_precision", "published_text", "published_source",
    "published_flags", "published_reason", "updated_at", "updated_local", "dateline",
)  # fmt: skip
_ROW_COLUMNS = DateRow._fields
_SELECT_ROWS = f"SELECT {', '.join(_ROW_COLUMNS)} FROM dates WHERE article = ? ORDER BY position"  # noqa: S608
_INTO_DATES = f"INSERT INTO dates (article, {', '.join(_ROW_COLUMNS)})"
_PLACE_IN_TIME = ("published_at", "published_precision", "updated_at")  # what articles.out_at is made of
_CHUNK = 200  # articles read at a time, and handed to another process
_WIDTH = len(_Stored._fields)

# What the catalogue says of a portal now: its zone and its clocks.
Known = dict[str, tuple[str, tuple[tuple[DateSource, Clock], ...]]]


@dataclass(frozen=True, slots=True)
class Dating:
    """What the archive holds of an article's dates."""

    columns: dict[str, str | None]  # by name, see COLUMNS
    dates: tuple[DateRow, ...]  # of the table dates, in the order of printing
    event_dates: tuple[EventDay, ...]  # by day


# An article, what the archive holds of its dates, its portal's zone and clocks.
_Before = tuple[_Stored, Dating, str, tuple[tuple[DateSource, Clock], ...]]


@dataclass(frozen=True, slots=True)
class Redating:
    """One stored article whose dates are read otherwise by today's code."""

    id: int
    portal: str
    url: str
    fetched_at: str
    before: Dating
    after: Dating


def dating_of(article: Article) -> Dating:
    """Return what the archive is to hold of an article's dates; those that no stage judged are kept as printed."""
    return Dating(columns_of(article), *_rows_for(article))


def _rows_for(article: Article) -> tuple[tuple[DateRow, ...], tuple[EventDay, ...]]:
    """Return an article's rows for `dates` and `event_dates`."""
    rows: dict[tuple[str, str, str], DateRow] = {}  # the same words twice are one row, the first
    for one in article.date_evidence:
        words = _words(one.printed)
        if words not in rows:
            said_at = utc_text(one.at) if one.at else None
            precision = one.precision.value if one.precision else None
            offsets = (one.offset_s, one.printed_offset_s)
            rows[words] = DateRow(
                *words,
                len(rows),
                one.kind.value,
                said_at,
                precision,
                one.reason,
                int(one.won),
                *offsets,
                _json(one.flags),
            )
    for printed in article.dates:
        words = _words(printed)
        if words not in rows:
            rows[words] = DateRow(*words, len(rows), None, None, None, None, 0, None, None, None)
    events = sorted(article.event_dates, key=lambda event: event.day)
    days = tuple(EventDay(event.day, _json(event.flags)) for event in events)
    return tuple(rows.values()), days


def _words(printed: DateText) -> tuple[str, str, str]:
    return printed.kind.value, printed.source.value, printed.text


def columns_of(article: Article) -> dict[str, str | None]:
    """Return the columns of `articles` that the stage dates fills."""
    published = article.published
    columns: dict[str, str | None] = dict.fromkeys(COLUMNS)
    columns |= {"published_reason": article.published_reason, "dateline": article.dateline}
    if published is not None:
        columns |= {
            "published_at": utc_text(published.at),
            "published_local": published.local.isoformat(timespec="seconds"),
            "published_precision": published.precision.value,
            "published_text": published.text,
            "published_source": published.source.value if published.source else None,
            "published_flags": _json(published.flags),
            "published_reason": None,
        }
    if article.updated is not None:
        columns["updated_at"] = utc_text(article.updated.at)
        columns["updated_local"] = article.updated.local.isoformat(timespec="seconds")
    return columns


def add_rows(db: Database, article_id: int, article: Article) -> None:
    """Write a new article's rows in `dates` and `event_dates`."""
    _add_rows(db, article_id, *_rows_for(article))


def write_rows(db: Database, article_id: int, article: Article) -> None:
    """Write an article's rows in `dates` and `event_dates` in place of those that are there."""
    _write_rows(db, article_id, *_rows_for(article))


def write_updates(db: Database, article_id: int, article: Article) -> None:
    """Write what an edited article's new reading says of its last change and of events; publication stays as it was."""
    new, events = _rows_for(article)
    (before, _), published = rows_of(db, article_id), DateKind.PUBLISHED
    dates = [row for row in before if row.kind == published] + [row for row in new if row.kind != published]
    numbered = tuple(row._replace(position=place) for place, row in enumerate(dates))
    _write_rows(db, article_id, numbered, events)


def rows_of(db: Database, article_id: int) -> tuple[tuple[DateRow, ...], tuple[EventDay, ...]]:
    """Return an article's rows in `dates` and `event_dates`, as a Dating has them."""
    dates = db.conn.execute(_SELECT_ROWS, (article_id,))
    events = db.conn.execute("SELECT day, flags FROM event_dates WHERE article = ? ORDER BY day", (article_id,))
    return tuple(DateRow(*row) for row in dates), tuple(EventDay(*row) for row in events)


def _write_rows(db: Database, article_id: int, dates: Sequence[DateRow], events: Sequence[EventDay]) -> None:
    db.conn.execute("DELETE FROM dates WHERE article = ?", (article_id,))
    db.conn.execute("DELETE FROM event_dates WHERE article = ?", (article_id,))
    _add_rows(db, article_id, dates, events)


def _add_rows(db: Database, article_id: int, dates: Sequence[DateRow], events: Sequence[EventDay]) -> None:
    insert_all(db, _INTO_DATES, [(article_id, *row) for row in dates])
    insert_all(db, "INSERT INTO event_dates (article, day, flags)", [(article_id, *row) for row in events])


def count(db: Database, portal: str | None = None) -> int:
    """Return how many articles there are to be read again, of one portal or of all."""
    (number,) = db.conn.execute("SELECT count(*) FROM articles WHERE ?1 IS NULL OR portal = ?1", (portal,)).fetchone()
    return int(number)


def read_again(db: Database, known: Known, portal: str | None = None, each: Each = map) -> Iterator[Redating | str]:
    """Yield, for each stored article, what changes when its printed dates and its opening are read now.

    An article that does not change is yielded as its portal's id, so that the caller can count. A portal that the
    catalogue does not know is read with the zone and the clocks that the archive keeps. `each` is a map() that may work
    in other processes: what it is given is pure.
    """
    portals = {
        portal_id: known.get(portal_id, (zone, _clocks(clocks)))
        for portal_id, zone, clocks in db.conn.execute("SELECT id, zone, clocks FROM portals")
    }
    for found in each(_all_again, _slices(db, portals, portal)):
        yield from found


def _slices(db: Database, portals: Known, portal: str | None) -> Iterator[list[_Before]]:
    """Yield all articles with what the archive holds of their dates, some at a time."""
    last = 0
    while rows := db.conn.execute(
        f"SELECT {', '.join((*_Stored._fields, *COLUMNS))} FROM articles"  # noqa: S608
        " WHERE id > ? AND (? IS NULL OR portal = ?) ORDER BY id LIMIT ?",
        (last, portal, portal, _CHUNK),
    ).fetchall():
        found = []
        for row in rows:
            stored, columns = _Stored(*row[:_WIDTH]), dict(zip(COLUMNS, row[_WIDTH:], strict=True))
            dates, events = rows_of(db, stored.id)
            found.append((stored, Dating(columns, dates, events), *portals[stored.portal]))
        last = found[-1][0].id
        yield found


def _all_again(found: list[_Before]) -> list[Redating | str]:
    return [_again(*one) for one in found]


def _again(stored: _Stored, before: Dating, zone: str, clocks: tuple[tuple[DateSource, Clock], ...]) -> Redating | str:
    article = Article(
        portal=stored.portal,
        zone=zone,
        url=stored.url,
        title=stored.title,
        paragraphs=tuple(stored.body.split("\n\n")),
        fetched_at=moment_of(stored.fetched_at).astimezone(UTC),
        reader=stored.reader,
        dates=tuple(DateText(DateKind(row.kind), DateSource(row.source), row.text) for row in before.dates),
        clocks=clocks,
    )
    after = dating_of(with_dates(article))
    if before == after:
        return stored.portal
    return Redating(stored.id, stored.portal, stored.url, stored.fetched_at, before, after)


def apply(db: Database, changes: Sequence[Redating]) -> int:
    """Write the changes in one transaction, all or none; return how many articles they reached.

    An article that a crawl fetched again in between was read by today's code then, and is left as it is. Where a
    publication or an update moves, the article's story is settled again.
    """
    assignments = ", ".join(f"{name} = :{name}" for name in COLUMNS)
    reached = 0
    with transaction(db):
        for change in changes:
            cursor = db.conn.execute(
                f"UPDATE articles SET {assignments} WHERE id = :id AND fetched_at = :fetched_at",  # noqa: S608
                {**change.after.columns, "id": change.id, "fetched_at": change.fetched_at},
            )
            if cursor.rowcount == 1:
                _write_rows(db, change.id, change.after.dates, change.after.event_dates)
                if any(change.before.columns[name] != change.after.columns[name] for name in _PLACE_IN_TIME):
                    stories.resettle(db, change.id)
                reached += 1
    return reached


def _clocks(text: str | None) -> tuple[tuple[DateSource, Clock], ...]:
    return tuple((DateSource(source), Clock(clock)) for source, clock in json.loads(text or "{}").items())


@lru_cache(maxsize=256)  # there are few, and most dates have the same
def _json(flags: tuple[str, ...]) -> str | None:
    return json.dumps(flags) if flags else None
