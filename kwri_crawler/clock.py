"""Times as the archive writes them: UTC, ISO 8601, whole seconds, ending in Z; days; and the clock that all goes by."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

_ahead = timedelta(0)
_set_to = ""


def now() -> datetime:
    """Return the present moment, aware, UTC; by the trial's clock when one was set."""
    return datetime.now(UTC) + _ahead


def set_clock(text: str) -> None:
    """Let the clock go on from a moment (ISO 8601, with its offset) instead of the present one; empty: the real clock.

    For trials that pass a month in a minute (setting NOW). A clock that was set to the same text before goes on: a
    harvest and each of its crawls set it. Raises ValueError.
    """
    global _ahead, _set_to
    if text == _set_to:
        return
    moment = datetime.fromisoformat(text) if text else datetime.now(UTC)
    if moment.tzinfo is None:
        raise ValueError(f"NOW={text}: write the moment with its offset, as 2024-06-27T14:10:00+07:00")
    _ahead = moment - datetime.now(UTC) if text else timedelta(0)
    _set_to = text


def is_within(moment: datetime, span: timedelta, at: datetime) -> bool:
    """Tell whether an aware moment lies in the last `span` before `at`.

    One after `at` does not: whoever wrote it had a clock that was ahead, and nothing may wait for that clock.
    """
    return timedelta(0) <= at - moment < span


def utc_text(moment: datetime) -> str:
    """Write an aware moment as the archive does: 2024-06-27T07:10:00Z."""
    return f"{moment.astimezone(UTC).isoformat(timespec='seconds')[:19]}Z"


def local_text(moment: datetime) -> str:
    """Write an aware moment for a person: on this machine's clock, with its zone, as 2024-06-27 14:10 WIB."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M %Z}"


def now_text() -> str:
    """Write the present moment as the archive does."""
    return utc_text(now())


def moment_of(text: str) -> datetime:
    """Read a moment that the archive wrote."""
    return datetime.fromisoformat(text)


def read_day(text: str) -> date:
    """Return the day that is written as 2024-06-27, and in no other form; raises ValueError, with the cure."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:  # fromisoformat also reads 20240627 and 2024-W26-4
        raise ValueError("not a day; write it as 2024-06-27")
    return day
