"""Who crawls many portals for a command: this process, or a cluster; and what the command knows of either."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from scrapy.crawler import AsyncCrawlerProcess

from kwri_crawler.archive import Writer
from kwri_crawler.catalogue import Portal
from kwri_crawler.screen.progress import Watched
from kwri_crawler.spiders.harvest import Harvest

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


class AnyHarvest(Watched, Protocol):
    """Crawls some portals, here or elsewhere."""

    stopped: str | None  # the signal that ended it; None if none did

    @property
    def not_begun(self) -> tuple[str, ...]:
        """Return the portals for which there was no time."""

    def run(self, meanwhile: Callable[[], Any]) -> None:
        """Crawl to the end; `meanwhile()` is a coroutine that runs beside it."""


class Elsewhere(NamedTuple):
    """The cluster that crawls, and the writer of the archive that its crawls go into."""

    cluster: str
    writer: Writer


def harvest_by(
    who: AsyncCrawlerProcess | Elsewhere,
    portals: Sequence[Portal],
    settings: BaseSettings,
    *,
    archive: Path,
    within_s: float | None,
    give_up: Callable[[], None],
    arguments: Mapping[str, str],
) -> AnyHarvest:
    """Return what crawls the portals: this process, or the workers of a cluster."""
    grace_s = settings.getfloat("STOP_GRACE_S")
    if isinstance(who, Elsewhere):
        from kwri_crawler.cluster.drive import FarHarvest

        return FarHarvest(
            who.cluster, portals, settings, archive=archive, writer=who.writer, within_s=within_s, grace_s=grace_s,
            give_up=give_up, arguments=arguments,
        )  # fmt: skip
    return Harvest(
        who, portals, archive=archive, at_once=max(1, settings.getint("HARVEST_AT_ONCE")), within_s=within_s,
        grace_s=grace_s, give_up=give_up, arguments=arguments,
    )  # fmt: skip
