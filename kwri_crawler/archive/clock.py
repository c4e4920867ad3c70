"""Times as the archive writes them: UTC, ISO 8601, whole seconds, ending in Z."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_text(moment: datetime) -> str:
    """Write an aware moment as the archive does: 2024-06-27T07:10:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def now_text() -> str:
    """Write the present moment as the archive does."""
    return utc_text(datetime.now(UTC))
