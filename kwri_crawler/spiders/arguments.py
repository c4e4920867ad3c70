"""The bounds of a crawl, from `-a name=value`; refuses what it does not know before any request is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kwri_crawler import clock
from kwri_crawler.nearest import nearest


class ArgumentError(ValueError):
    """An argument of a crawl is wrong; the message names it, its fault and its cure."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a portal one crawl takes."""

    since: date | None = None  # local day: no article published earlier; null for no bound
    until: date | None = None  # local day: no article published later; null for no bound
    limit: int | None = None  # articles asked for at most; null for no bound

    def since_moment(self, zone: str) -> datetime | None:
        """Return the first moment inside the bound, aware; null for no bound."""
        if self.since is None:
            return None
        return datetime(self.since.year, self.since.month, self.since.day, tzinfo=ZoneInfo(zone))

    def before_moment(self, zone: str) -> datetime | None:
        """Return the first moment past the bound `until`, aware; null for no bound."""
        if self.until is None:
            return None
        after = self.until + timedelta(days=1)
        return datetime(after.year, after.month, after.day, tzinfo=ZoneInfo(zone))


def read_bounds(arguments: dict[str, str]) -> Bounds:
    """Read the arguments of `scrapy crawl PORTAL -a name=value`; raises ArgumentError."""
    known = ("limit", "since", "until")
    for name in arguments:
        if name not in known:
            near = nearest(name, known)
            hint = f"; did you mean {near}?" if near else ""
            raise ArgumentError(f"-a {name}=: unknown argument; known: {', '.join(known)}{hint}")
    since = _day("since", arguments["since"]) if "since" in arguments else None
    until = _day("until", arguments["until"]) if "until" in arguments else None
    if until is not None and since is None:
        raise ArgumentError(f"-a until={until}: a back-fill needs its first day too; add -a since=2023-01-01")
    if until is not None and since is not None and until < since:
        raise ArgumentError(f"-a until={until}: this day is before -a since={since}")
    return Bounds(
        since=since,
        until=until,
        limit=_limit(arguments["limit"]) if "limit" in arguments else None,
    )


def _day(name: str, text: str) -> date:
    try:
        day = clock.read_day(text)
    except ValueError as error:
        raise ArgumentError(f"-a {name}={text}: {error}") from None
    if day > (clock.now() + timedelta(hours=9)).date():
        raise ArgumentError(f"-a {name}={text}: this day is yet to come")
    return day


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and int(text) > 0):
        raise ArgumentError(f"-a limit={text}: not a number of pages; write 1 or more")
    return int(text)
