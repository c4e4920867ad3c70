"""What the commands that crawl many portals know of whoever crawls them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from kwri_crawler.screen.progress import Watched


class AnyHarvest(Watched, Protocol):
    """Crawls some portals, here or elsewhere."""

    stopped: str | None  # the signal that ended it; None if none did

    @property
    def not_begun(self) -> tuple[str, ...]:
        """Return the portals for which there was no time."""

    def run(self, meanwhile: Callable[[], Any]) -> None:
        """Crawl to the end; `meanwhile()` is a coroutine that runs beside it."""
