"""The bounds of a crawl, from `-a name=value`; refuses what it does not know before any request is made."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


class ArgumentError(ValueError):
    """An argument of a crawl is wrong; the message names it, its fault and its cure."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a portal one crawl takes."""

    since: date | None = None  # local day: no article published earlier; null for no bound
    limit: int | None = None  # article pages asked for at most; null for no bound

    def since_moment(self, zone: str) -> datetime | None:
        """Return the first moment inside the bound, aware; null for no bound."""
        if self.since is None:
            return None
        return datetime(self.since.year, self.since.month, self.since.day, tzinfo=ZoneInfo(zone))


def read_bounds(arguments: dict[str, str]) -> Bounds:
    """Read the arguments of `scrapy crawl PORTAL -a name=value`; raises ArgumentError."""
    known = ("limit", "since")
    for name in arguments:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ArgumentError(f"-a {name}=: unknown argument; known: {', '.join(known)}{hint}")
    return Bounds(
        since=_since(arguments["since"]) if "since" in arguments else None,
        limit=_limit(arguments["limit"]) if "limit" in arguments else None,
    )


def _since(text: str) -> date:
    try:
        if len(text) != 10:
            raise ValueError
        day = date.fromisoformat(text)
    except ValueError:
        raise ArgumentError(f"-a since={text}: not a day; write it as 2024-06-01") from None
    if day > datetime.now(UTC).date():
        raise ArgumentError(f"-a since={text}: this day is yet to come")
    return day


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and int(text) > 0):
        raise ArgumentError(f"-a limit={text}: not a number of pages; write 1 or more")
    return int(text)
