"""`scrapy addportal` for many in this process: a site's hosts are brought up, again and again, as one operator does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path

from scrapy.utils.project import get_project_settings

from kwri_crawler import clock
from kwri_crawler.catalogue import Catalogue, read_catalogue
from kwri_crawler.reading.stages import load_stages
from kwri_crawler.scout.bring_up import BringUp
from kwri_crawler.scout.entries import Entry, read_entries
from kwri_crawler.scout.newsrooms import Newsroom
from kwri_crawler.scout.portal_file import toml_of
from kwri_crawler.scout.report import Report
from kwri_crawler.scout.scouted import Hints, Scouted
from kwri_crawler.scout.state import StateFile
from tests.offline import OfflineLooks
from tests.sites.province import Province
from tests.sites.server import Answer, Request

NOW = "2026-11-20T12:00:00+07:00"  # the sites' newest articles are of this day


class Desk:
    """Brings a site's hosts up, again and again, as one operator does."""

    def __init__(self, site: Province | Callable[[Request], Answer], folder: Path) -> None:
        self.looks = OfflineLooks(site if isinstance(site, Province) else Only(site))
        self.folder = folder
        self.stages = load_stages(get_project_settings())
        self.alike: Callable[[Newsroom], Iterable[Newsroom]] = lambda _: ()

    def catalogue(self) -> Catalogue:
        return read_catalogue(self.folder)

    def run(self, text: str, *, again: bool = False, stop_at: int = 0, at_once: int = 32) -> BringUp:
        self.looks.asked.clear()

        def prepare(scouted: Scouted, entry: Entry) -> Callable[[], None]:
            text = toml_of(scouted, entry.address, "2026-11-28")
            return lambda: (self.folder / f"{scouted.id}.toml").write_text(text, encoding="utf-8") and None

        async def bring_up() -> BringUp:
            async def look(address: str, hints: Hints) -> Report:
                report = await self.looks.look(address, hints)
                if stop_at and len(work.done) >= stop_at and work.stopped is None:
                    work.stop("SIGTERM")
                return report

            work = BringUp(
                read_entries(text, lambda _: None), state, self.catalogue(), look=look, stages=self.stages,
                prepare=prepare, alike=self.alike, again=again, at_once=at_once, pause_s=0,
            )  # fmt: skip
            await work.run()
            return work

        clock.set_clock(NOW)
        try:
            with StateFile(self.folder / "state.jsonl") as state:
                return asyncio.run(bring_up())
        finally:
            clock.set_clock("")


class Only:
    """A site of one answering function."""

    def __init__(self, answer: Callable[[Request], Answer]) -> None:
        self.answer = answer


def words(work: BringUp) -> dict[str, str]:
    return {decided.host: decided.word for decided in work.decided}
