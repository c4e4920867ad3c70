"""The stage dates: an article's printed dates to moments; refuses what is no date, and never falls back on today."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from kwri_crawler.items import Article, DateKind, DateSource, DateText, Moment
from pipelines.date_choice import Clock, Clocks, Dated, Evidence, Witness, choose, day_in_address
from pipelines.date_words import clean
from pipelines.printed_dates import read_printed
from pipelines.readings import Reading, Refused, place_by, zone_info
from pipelines.relative_dates import read_relative
from pipelines.running_dates import read_date_in_text

__all__ = [
    "Clock",
    "Clocks",
    "DateStage",
    "Dated",
    "Evidence",
    "Refused",
    "date_article",
    "read_date",
    "read_date_in_text",
]

logger = logging.getLogger(__name__)


def read_date(text: str, zone: str, read_at: datetime) -> Moment | Refused:
    """Return the moment that a portal printed; zone is the portal's, read_at (aware) when the page was read."""
    reading = _read_face(text, zone, read_at)
    return reading if isinstance(reading, Refused) else place_by(reading, text, zone, read_at)


def _read_face(text: str, zone: str, read_at: datetime, update: bool = False) -> Reading | Refused:
    """Return what a text prints, not yet placed in a zone; of two dates the one labelled as update where asked."""
    cleaned = clean(text)
    if not cleaned:
        return Refused("empty")
    now = read_at.astimezone(zone_info(zone)).replace(tzinfo=None)
    reading = read_printed(cleaned, (now + timedelta(days=2)).date(), update)
    if isinstance(reading, Reading):
        return reading
    relative = read_relative(cleaned, now)
    return relative if isinstance(relative, Reading) else reading


def date_article(
    dates: tuple[DateText, ...], zone: str, fetched_at: datetime, url: str, clocks: Clocks | None = None
) -> Dated:
    """Choose an article's publication and update among all dates printed for it, by the rule of date_choice."""
    day = day_in_address(url)
    if day and not any(said.source is DateSource.URL for said in dates):
        dates = (*dates, DateText(DateKind.PUBLISHED, DateSource.URL, day))
    return choose([_hear(said, zone, fetched_at, clocks or Clocks()) for said in dates])


def _hear(said: DateText, zone: str, fetched_at: datetime, clocks: Clocks) -> Witness:
    rule = clocks.of(said.source)
    if rule is Clock.IGNORED:
        return Witness(said, zone, fetched_at, None, "ignored for this portal")
    reading = _read_face(said.text, zone, fetched_at, said.kind is DateKind.UPDATED)
    if isinstance(reading, Refused):
        return Witness(said, zone, fetched_at, None, reading.reason)
    if reading.is_update:
        said = replace(said, kind=DateKind.UPDATED)
    if rule is Clock.LOCAL:
        reading = replace(reading, offset=None)
    elif rule is Clock.UTC:
        reading = replace(reading, offset=UTC)
    return Witness(said, zone, fetched_at, replace(reading, is_update=False), None, rule is not None)


class DateStage:
    """Gives each article its publication and update; an article without a date passes, with the reason."""

    def process_item(self, item: Article) -> Article:
        """Return the article with published, published_reason and updated."""
        dated = date_article(item.dates, item.zone, item.fetched_at.astimezone(UTC), item.url)
        if dated.published is None:
            logger.warning("No publication date: %s: %s", item.url, dated.reason)
        return replace(item, published=dated.published, published_reason=dated.reason, updated=dated.updated)
