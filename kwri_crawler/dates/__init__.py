"""Printed strings to moments, datelines and event days; refuses what is no date, and never falls back on today."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from kwri_crawler.dates.choice import Dated, choose, day_in_address
from kwri_crawler.dates.datelines import read_dateline, read_event_dates
from kwri_crawler.dates.faces import Face, Refused, place_by, zone_info
from kwri_crawler.dates.printed import read_printed
from kwri_crawler.dates.relative import read_relative
from kwri_crawler.dates.running import read_date_in_text
from kwri_crawler.dates.witnesses import Witness
from kwri_crawler.dates.words import clean
from kwri_crawler.items import Article, Clock, DateKind, DateSource, DateText, Moment

__all__ = [
    "Dated",
    "Refused",
    "date_article",
    "read_date",
    "read_date_in_text",
    "with_dates",
]

OPENING_PARAGRAPHS = 3  # the event is named in the lead or right after it; further down stand other days


def read_date(text: str, zone: str, read_at: datetime) -> Moment | Refused:
    """Return the moment that a portal printed; zone is the portal's, read_at (aware) when the page was read."""
    reading = _read_face(text, zone, read_at)
    return reading if isinstance(reading, Refused) else place_by(reading, text, zone, read_at)


def _read_face(text: str, zone: str, read_at: datetime, update: bool = False) -> Face | Refused:
    """Return what a text prints, not yet placed in a zone; of two dates the one labelled as update where asked."""
    cleaned = clean(text)
    if not cleaned:
        return Refused("empty")
    now = read_at.astimezone(zone_info(zone)).replace(tzinfo=None)
    reading = read_printed(cleaned, (now + timedelta(days=2)).date(), update)
    if isinstance(reading, Face):
        return reading
    relative = read_relative(cleaned, now, update)
    return relative if isinstance(relative, Face) else reading


def date_article(
    dates: tuple[DateText, ...],
    zone: str,
    fetched_at: datetime,
    url: str,
    clocks: tuple[tuple[DateSource, Clock], ...] = (),
) -> Dated:
    """Choose an article's publication and update among all dates printed for it, by the rule of choice.py."""
    day = day_in_address(url)
    if day and not any(said.source is DateSource.URL for said in dates):
        dates = (*dates, DateText(DateKind.PUBLISHED, DateSource.URL, day))
    rules = dict(clocks)
    return choose([_hear(said, zone, fetched_at, rules.get(said.source)) for said in dates])


def _hear(said: DateText, zone: str, fetched_at: datetime, rule: Clock | None) -> Witness:
    if rule is Clock.IGNORED:
        return Witness(said, said.kind, zone, fetched_at, None, "ignored for this portal")
    reading = _read_face(said.text, zone, fetched_at, said.kind is DateKind.UPDATED)
    if isinstance(reading, Refused):
        return Witness(said, said.kind, zone, fetched_at, None, reading.reason)
    kind = DateKind.UPDATED if reading.is_update else said.kind
    literal = reading = replace(reading, is_update=False) if reading.is_update else reading
    if rule is Clock.LOCAL:
        reading = replace(reading, offset=None)
    elif rule is Clock.UTC:
        reading = replace(reading, offset=UTC)
    return Witness(said, kind, zone, fetched_at, reading, None, rule is not None, literal)


def with_dates(article: Article) -> Article:
    """Return the article with all that its printed dates and its opening say of time and place.

    The archive's own commands read stored articles again with it, so it needs nothing but the article.
    """
    fetched_at = article.fetched_at.astimezone(UTC)
    dated = date_article(article.dates, article.zone, fetched_at, article.url, article.clocks)
    opening = "\n".join(article.paragraphs[:OPENING_PARAGRAPHS])
    published = dated.published
    return replace(
        article,
        published=published,
        published_reason=dated.reason,
        updated=dated.updated,
        date_evidence=dated.evidence,
        dateline=read_dateline(opening),
        event_dates=read_event_dates(opening, published.at, article.zone) if published else (),
    )
