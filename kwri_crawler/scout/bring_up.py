"""Many portals brought up at once: who is looked at next, what each look comes to, and what is kept of it.

Looks are somebody else's (looking.py): here is no network. One host is looked at by one look at a time. A verdict is
on the disk before its portal's file is written; a file that is missing behind a kill is looked at again.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Any

from scrapy.exceptions import DropItem

from kwri_crawler import clock
from kwri_crawler.catalogue import Catalogue
from kwri_crawler.clock import utc_text
from kwri_crawler.items import Article
from kwri_crawler.pages import PageError
from kwri_crawler.reading.stages import passed
from kwri_crawler.scout.entries import Entry, entry_of_address
from kwri_crawler.scout.naming import whole_id_of
from kwri_crawler.scout.newsrooms import Newsroom, newsroom_of, twin_of
from kwri_crawler.scout.report import Report
from kwri_crawler.scout.scouted import Hints, Scouted, with_portal
from kwri_crawler.scout.state import Decided, StateFile
from kwri_crawler.scout.verdicts import SETTLED, WRITTEN, Judged, Verdict, field_to_check
from kwri_crawler.web.addresses import host_of, url_key
from kwri_crawler.web.hosts import bare_host
from kwri_crawler.whole_file import NotWritten

logger = logging.getLogger(__name__)

_LONGEST_WHY = 300  # characters that are kept of a reason

Look = Callable[[str, Hints], Awaitable[Report]]


class BringUp:
    """Looks at every entry that has no verdict yet, `at_once` at a time, and decides on each."""

    def __init__(
        self,
        entries: Iterable[Entry],
        state: StateFile,
        catalogue: Catalogue,
        *,
        look: Look,
        stages: list[Any],
        prepare: Callable[[Scouted, Entry], Callable[[], None]],
        alike: Callable[[Newsroom], Iterable[Newsroom]] = lambda _: (),
        again: bool = False,
        at_once: int = 32,
        pause_s: float = 1.0,
    ) -> None:
        self.entries = {entry.key: entry for entry in entries}
        self.state = state
        self.failed: dict[str, str] = {}  # key -> why a look by our fault came to nothing
        self.done: list[Decided] = []  # in this run, in the order of their ends
        self.stopped: str | None = None  # the signal that ended it; None if none did
        self._look, self._stages, self._prepare = look, stages, prepare
        self._alike = alike  # the catalogue's newsrooms that carry a text of this one, as the archive has them
        self._at_once, self._pause_s = at_once, pause_s
        self._ids = {*(portal.id for portal in catalogue.portals), *(fault.portal for fault in catalogue.faults)}
        self._homes = {url_key(portal.home): portal.id for portal in catalogue.portals}
        for portal in catalogue.portals:
            if url_key(portal.home) == bare_host(host_of(portal.home)):  # the host is its own, not a channel of one
                self._homes.update({bare_host(host): portal.id for host in portal.hosts})
        # What a network's file has and nobody has tried yet is looked at: "known" would leave it off for ever.
        self._off = {one.id: one for one in catalogue.portals if one.is_entry and not one.active}
        self._kept_off = {one.id for one in catalogue.portals if not (one.is_entry or one.active)}
        self._newsrooms: list[Newsroom] = []
        self._deferred: set[str] = set()
        self._ending = asyncio.Event()
        for decided in state.decided.values():
            if decided.verdict in WRITTEN and decided.portal in self._ids:
                self._newsrooms.append(decided.newsroom)
        self.todo = deque(entry for entry in self.entries.values() if self._is_open(entry.key, again))

    def _is_open(self, key: str, again: bool) -> bool:
        decided = self.state.decided.get(key)
        if decided is None or (again and decided.verdict not in SETTLED):
            return True
        if decided.verdict is Verdict.KNOWN:
            return decided.of in self._off  # as earlier releases said of those
        # Killed between verdict and file, which would be the catalogue's.
        return decided.verdict in WRITTEN and (decided.portal not in self._ids or decided.portal in self._off)

    @property
    def decided(self) -> list[Decided]:
        """Return the verdict of each entry that has one, and of those to which they moved, in their order."""
        return [self.state.decided[key] for key in self.entries if key in self.state.decided]

    def stop(self, name: str) -> None:
        """Begin no further look, and forget those under way: what is decided is on the disk."""
        self.stopped = self.stopped or name
        self._ending.set()

    async def run(self) -> None:
        """Decide on all, and on the addresses to which some moved."""
        self._follow()
        while self.todo and self.stopped is None:
            hosts: dict[str, deque[Entry]] = {}
            while self.todo:
                entry = self.todo.popleft()
                hosts.setdefault(bare_host(entry.host), deque()).append(entry)
            waiting = deque(hosts.values())
            workers = asyncio.ensure_future(self._workers(waiting))
            ending = asyncio.ensure_future(self._ended())
            await asyncio.wait({workers, ending}, return_when=asyncio.FIRST_COMPLETED)
            if self.stopped is None:
                ending.cancel()
                await workers
                self._follow()
            else:
                workers.cancel()

    def _follow(self) -> None:
        """Put the addresses to which portals moved among the entries."""
        for decided in self.decided:
            if decided.leads_to and self._known(decided.leads_to) is None:
                entry = entry_of_address(decided.leads_to)
                if entry.key not in self.entries:
                    self.entries[entry.key] = entry
                    if entry.key not in self.state.decided:
                        self.todo.append(entry)

    async def _workers(self, waiting: deque[deque[Entry]]) -> None:
        await asyncio.gather(*(self._worker(waiting) for _ in range(min(self._at_once, len(waiting)))))

    async def _ended(self) -> None:
        await self._ending.wait()

    async def _worker(self, waiting: deque[deque[Entry]]) -> None:
        while waiting and self.stopped is None:
            group = waiting.popleft()
            while group and self.stopped is None:
                await self._one(group.popleft())
                if group:
                    await asyncio.sleep(self._pause_s)

    async def _one(self, entry: Entry) -> None:
        try:
            known = self._known(entry.home)
            if known is not None and known not in self._off:
                off = ", and its file says active = false" if known in self._kept_off else ""
                self._keep(entry, Judged(Verdict.KNOWN, f"the catalogue has it as {known}{off}", known))
                return
            hints = entry.hints if known is None else with_portal(entry.hints, self._off[known])
            report = await self._look(entry.address, hints)
            if self.stopped is None and report.ended:
                await self._decide(entry, report)
            elif self.stopped is None:
                self.failed[entry.key] = "the look ended by an error of ours; the log has it"
        except (OSError, NotWritten):  # the disk's fault: of no use to go on
            raise
        except Exception as error:  # whatever one portal's look dies of, the others go on
            logger.exception("%s: our own error", entry.address)
            self.failed[entry.key] = f"our own error: {error!r}"[:_LONGEST_WHY]

    def _known(self, home: str) -> str | None:
        return self._homes.get(url_key(home))

    async def _decide(self, entry: Entry, report: Report) -> None:
        if report.judged is not None or report.scouted is None:
            judged = report.judged or Judged(Verdict.DEAD, "nothing came")
            self._keep(entry, judged, leads_to=report.moved_to or "")
            return
        scouted = report.scouted
        read, dropped = await self._pass(scouted, report)
        if not read:
            self._keep(entry, Judged(Verdict.NO_ARTICLE, f"the stages drop its articles: {dropped[0]}"))
            return
        if self._waits_for_another(entry, report):
            return
        if scouted.entry is None:
            scouted.id = self._own_id(scouted)
        texts = [(article.page_url or article.url, article.text_hash) for article in read]
        newsroom = newsroom_of(scouted.id, report.named, texts)
        others = (*self._newsrooms, *self._alike(newsroom))
        if (twin := twin_of(newsroom, (one for one in others if one.portal != scouted.id))) is not None:
            self._keep(entry, Judged(Verdict.SAME, f"its newest articles are those of {twin.portal}", twin.portal))
            return
        check = report.doubt or field_to_check(read, dropped, clock.now(), zone_guessed=scouted.zone.is_guess)
        if check is not None:
            scouted.check = f"{check.of}: {check.why}"
        write = self._prepare(scouted, entry)  # raises before anything is said of the portal
        self._newsrooms.append(newsroom)
        self._off.pop(scouted.id, None)
        self._ids.add(scouted.id)
        self._homes[url_key(scouted.home)] = scouted.id
        self._keep(entry, check or Judged(Verdict.ADDED, _what_was_found(scouted)), scouted, newsroom)
        write()

    async def _pass(self, scouted: Scouted, report: Report) -> tuple[list[Article], list[str]]:
        """Return the articles that were read as they leave the stages, and why stages dropped others."""
        read: list[Article] = []
        dropped: list[str] = []
        for sample in report.samples:
            if sample.article is None:
                continue
            article = replace(sample.article, portal=scouted.id, zone=scouted.zone.value)
            try:
                read.append(await passed(article, self._stages))
            except (DropItem, PageError) as error:
                dropped.append(str(error)[:_LONGEST_WHY])
        return read, dropped

    def _waits_for_another(self, entry: Entry, report: Report) -> bool:
        """Put an entry off whose articles name another entry as theirs: which one is the mirror is known then."""
        read = [sample for sample in report.samples if sample.article is not None]
        claimed = {bare_host(sample.named_host or entry.host) for sample in read}
        if bare_host(entry.host) in claimed or entry.key in self._deferred:
            return False
        others = {one.key for one in self.entries.values() if bare_host(one.host) in claimed and one.key != entry.key}
        if not others - self.state.decided.keys():
            return False
        self._deferred.add(entry.key)
        self.todo.append(entry)
        return True

    def _own_id(self, scouted: Scouted) -> str:
        """Return an id that no portal of the catalogue has: two hosts may differ in their endings alone."""
        if scouted.id not in self._ids:
            return scouted.id
        return whole_id_of(host_of(scouted.home), scouted.home.partition("://")[2].partition("/")[2])

    def _keep(
        self,
        entry: Entry,
        judged: Judged,
        scouted: Scouted | None = None,
        newsroom: Newsroom | None = None,
        leads_to: str = "",
    ) -> None:
        decided = Decided(
            key=entry.key,
            host=entry.host,
            address=scouted.home if scouted is not None else entry.home,
            verdict=judged.verdict,
            of=judged.of,
            why=" ".join(judged.why.split())[:_LONGEST_WHY],
            at=utc_text(clock.now()),
            portal=scouted.id if scouted is not None else "",
            listings=tuple(candidate.kind.value for candidate, _ in scouted.listings) if scouted is not None else (),
            leads_to=leads_to,
            names=tuple(sorted(newsroom.names)) if newsroom is not None else (),
            texts=tuple(newsroom.texts.items()) if newsroom is not None else (),
        )
        self.state.add(decided)
        self.done.append(decided)


def _what_was_found(scouted: Scouted) -> str:
    kinds = ", ".join(dict.fromkeys(candidate.kind.value for candidate, _ in scouted.listings))
    return f"{scouted.family.value}; {kinds}; zone {scouted.zone.value}"
