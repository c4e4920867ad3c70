"""`scrapy harvest --cluster`, `crawl --cluster`: gives each portal to a worker, until all are done or time is over.

Dask holds nothing that matters: of a scheduler that is lost all is asked again that did not end, and what a worker was
at when it died its lease and the archive know.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from distributed import Client, Security
from distributed.client import FutureCancelledError
from distributed.utils import get_ip

from kwri_crawler.archive import Writer
from kwri_crawler.catalogue import Portal
from kwri_crawler.causes import Cause
from kwri_crawler.cluster import crew
from kwri_crawler.cluster.address import read_cluster
from kwri_crawler.cluster.given import settings_sent
from kwri_crawler.cluster.head import Head
from kwri_crawler.cluster.local import local_cluster
from kwri_crawler.cluster.reach import reach
from kwri_crawler.spiders.access import open_keeper
from kwri_crawler.spiders.crawl import Summary
from kwri_crawler.spiders.ending import TIME_OVER
from kwri_crawler.spiders.turns import Turns
from kwri_crawler.spiders.walk import Finish

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)

AGAIN = 5  # times that a portal is given out whose crawl was cut off from us, and that a lost scheduler is looked for
CONNECT_S = 30.0  # to the scheduler
PAUSE_S = 2.0  # before a lost scheduler is looked for again
LOOK_S = 5.0  # so often it is looked which places have workers, while a portal waits for one
BACK_S = 30.0  # at least, for a worker that died to be started again, before there is none
JOIN_S = 10.0  # for the workers of other machines to join one after the other, before a place has none


class SchedulerLost(Exception):
    """What was given to the scheduler has to be given to another one, or again."""


class FarHarvest:
    """Crawls the given portals on the workers of a cluster; what spiders.harvest.Harvest does in one process."""

    def __init__(
        self,
        cluster: str,
        portals: Iterable[Portal],
        settings: BaseSettings,
        *,
        archive: Path,
        writer: Writer,
        within_s: float | None,
        grace_s: float,
        give_up: Callable[[], None],
        arguments: Mapping[str, str] | None = None,
    ) -> None:
        self.ended: list[Summary] = []
        self.stopped: str | None = None  # the signal that ended it; None if none did
        self._cluster = read_cluster(cluster)
        portals = tuple(portals)
        self._turns = Turns(portals)
        self._place_of = {portal.id: portal.place for portal in portals}  # None: any worker will do
        self._absent_since: dict[str | None, float] = {}  # place that has no worker -> seconds of the loop's clock
        self._settings, self._sent = settings, settings_sent(settings)
        self._arguments = dict(arguments or {})  # of each crawl, as -a gives them
        self._archive, self._writer = archive, writer
        self._within_s, self._grace_s, self._give_up = within_s, grace_s, give_up
        self._given: dict[str, asyncio.Task[Summary | None]] = {}  # portal -> what its worker will say
        self._tries: Counter[str] = Counter()
        self._head: Head | None = None
        self._ending: Finish | None = None

    @property
    def running(self) -> Collection[str]:
        """Return the portals that are crawled now."""
        return self._head.leases.portals if self._head is not None else ()

    @property
    def not_begun(self) -> tuple[str, ...]:
        """Return the portals for which there was no time."""
        return self._turns.waiting

    def pages(self) -> int:
        """Count the pages of the crawls that run now."""
        return self._head.leases.pages() if self._head is not None else 0

    def run(self, meanwhile: Callable[[], Any]) -> None:
        """Crawl; `meanwhile()` is a coroutine that runs beside it, for whoever watches. Raises OSError."""
        asyncio.run(self._all(meanwhile))

    async def _all(self, meanwhile: Callable[[], Any]) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._on_signal, signal.Signals(number).name)
        alarm = loop.call_later(self._within_s, self._end, TIME_OVER) if self._within_s else None
        watcher = asyncio.ensure_future(meanwhile())
        try:
            async with self._scheduler() as scheduler, self._serving(scheduler) as head:
                await self._until_done(scheduler, head)
        finally:
            watcher.cancel()
            if alarm is not None:
                alarm.cancel()

    @contextlib.asynccontextmanager
    async def _scheduler(self) -> AsyncIterator[str]:
        """Yield the scheduler's address; that of processes of this machine ends with them."""
        if self._cluster.scheduler is not None:
            yield self._cluster.scheduler
            return
        at_once = max(1, self._settings.getint("HARVEST_AT_ONCE"))
        count = self._cluster.processes
        async with local_cluster(count, -(-at_once // count), asynchronous=True) as cluster:
            yield cluster.scheduler_address

    @contextlib.asynccontextmanager
    async def _serving(self, scheduler: str) -> AsyncIterator[Head]:
        keeper = open_keeper(self._archive, self._settings)
        security = Security()
        head = Head(
            self._archive, self._writer, keeper, self._settings.getfloat("LEASE_S"),
            security.get_connection_args("client"),
        )  # fmt: skip
        self._head = head
        try:
            at = address_of_head(scheduler, self._settings["CLUSTER_HEAD"])
            await head.listen(at, **security.get_listen_args("client"))
            yield head
        finally:
            logger.info("%d calls of far crawls: %d bytes came, %d went", head.calls, head.bytes_in, head.bytes_out)
            await head.close()
            if keeper is not None:
                await asyncio.to_thread(keeper.close)

    async def _until_done(self, scheduler: str, head: Head) -> None:
        trouble: Exception | None = None
        for _ in range(AGAIN):
            try:
                await reach(scheduler, CONNECT_S)
                async with Client(scheduler, asynchronous=True, timeout=CONNECT_S, set_as_default=False) as client:
                    await _wait_for_worker(client)
                    await self._give_out(client, head)
                    return
            except (SchedulerLost, OSError) as error:
                trouble = error
                logger.warning("The scheduler is lost: %s; %d portals wait for it", error, len(self._turns.waiting))
                await asyncio.sleep(PAUSE_S)
            if self._ending is not None:
                break
        self._leave_waiting("error", f"the cluster cannot be reached: {trouble} (`scrapy doctor --cluster` says more)")

    async def _give_out(self, client: Client, head: Head) -> None:
        """Give out what waits until nothing is under way and nothing more can be given; raises SchedulerLost."""
        run = uuid.uuid4().hex[:6]  # of a scheduler that was lost nothing may be meant
        loop = asyncio.get_running_loop()
        joined_by = loop.time() + (0.0 if self._cluster.scheduler is None else JOIN_S)
        try:
            while True:
                places = await _places(client)
                self._take_back(places, loop.time())
                while self._ending is None and (portal := self._next(places)) is not None:
                    self._tries[portal.id] += 1
                    crawling = self._crawl(client, head, portal, f"{portal.id}-{run}-{self._tries[portal.id]}")
                    self._given[portal.id] = asyncio.ensure_future(crawling)
                if not self._given:
                    if self._ending is not None or not self._turns.waiting or loop.time() > joined_by:
                        break
                    await asyncio.sleep(1.0)
                    continue
                await asyncio.wait(self._given.values(), timeout=LOOK_S, return_when=asyncio.FIRST_COMPLETED)
                for id_, task in list(self._given.items()):
                    if task.done():
                        self._take(id_, None if task.cancelled() else task.result(), head)
            if self._ending is None:
                self._leave_waiting("waiting", "no worker is there that may ask it")
        finally:
            for id_, task in self._given.items():
                task.cancel()
                self._turns.put_back(id_)
            self._given.clear()

    def _next(self, places: frozenset[str | None]) -> Portal | None:
        return self._turns.next(self._given, lambda portal: portal.place in places)

    def _take_back(self, places: frozenset[str | None], now_s: float) -> None:
        """Take back what a place was given that has had no worker for a lease: Dask would wait for one for ever."""
        most_s = max(BACK_S, self._settings.getfloat("LEASE_S"))
        for place in {*self._place_of.values()}:
            if place in places:
                self._absent_since.pop(place, None)
            else:
                self._absent_since.setdefault(place, now_s)
        for id_, task in self._given.items():
            since_s = self._absent_since.get(self._place_of[id_], now_s)
            if now_s - since_s > most_s:
                task.cancel()

    async def _crawl(self, client: Client, head: Head, portal: Portal, key: str) -> Summary | None:
        """Have a worker crawl a portal; return what it says. Raises SchedulerLost."""
        order = crew.Order(
            portal, head.address, portal.place, self._cluster.scheduler is None, self._sent, self._arguments
        )
        needed = {portal.place: 1} if portal.place is not None else None
        future = client.submit(crew.crawl, order, key=key, pure=False, resources=needed)
        try:
            summary: Summary | None = await future
            return summary
        except FutureCancelledError as error:
            raise SchedulerLost(str(error)) from error
        except asyncio.CancelledError:
            with contextlib.suppress(Exception):  # the scheduler may be lost, too
                await future.cancel()
            raise
        except Exception as error:  # KilledWorker: it died over this portal again and again; or it has other code
            logger.warning("%s: no worker crawled it: %r", portal.id, error)
            return Summary.of_error(portal.id, self._archive, error)

    def _take(self, id_: str, summary: Summary | None, head: Head) -> None:
        """Take what became of a portal; one whose crawl was cut off from us, while we are here, is given out again."""
        del self._given[id_]
        is_cut_off = summary is not None and summary.finish == "archive" and head.broken is None
        if summary is None or (is_cut_off and self._tries[id_] < AGAIN):
            self._turns.put_back(id_)
        else:
            self.ended.append(summary)

    def _leave_waiting(self, finish: str, reason: str) -> None:
        while (portal := self._turns.next(())) is not None:
            self.ended.append(Summary(portal.id, self._archive, finish, reason))

    def _end(self, finish: Finish) -> None:
        """Have crawls end, and give out no more."""
        loop = asyncio.get_running_loop()
        self._ending = finish
        if self._head is None:
            return
        self._head.end(finish)
        for id_ in set(self._given) - set(self._head.leases.portals):
            self._given[id_].cancel()
        # those whose worker is lost: nobody else would say so
        loop.call_later(self._grace_s + self._head.leases.lease_s, self._cancel_all)

    def _cancel_all(self) -> None:
        for task in self._given.values():
            task.cancel()

    def _on_signal(self, name: str) -> None:
        if self.stopped is not None:  # asked twice
            self._give_up()
            return
        logger.info("%s: ending %d crawls; again to end at once", name, len(self.running))
        self.stopped = name
        self._end(Finish("stopped", f"stopped by the operator or the system ({name})", Cause.STOPPED))
        asyncio.get_running_loop().call_later(self._grace_s, self._give_up)


async def _wait_for_worker(client: Any) -> None:  # an asynchronous Client, whose methods have no such types
    try:
        await client.wait_for_workers(1, timeout=CONNECT_S)
    except TimeoutError as error:
        raise SchedulerLost("it has no worker; start `dask worker` on a machine, and look at its log") from error


async def _places(client: Client) -> frozenset[str | None]:
    """Return the places that workers ask from, as `dask worker --resources` names them; None if there is any worker.

    Raises SchedulerLost also where it does not answer: one that is frozen closes no connection.
    """
    if client.scheduler is None:
        raise SchedulerLost("it was lost before it was asked")
    try:
        workers = (await asyncio.wait_for(client.scheduler.identity(n_workers=-1), CONNECT_S))["workers"].values()
    except TimeoutError as error:
        raise SchedulerLost(f"no answer within {CONNECT_S:g} s") from error
    return frozenset((*(name for worker in workers for name in worker["resources"]), *([None] if workers else ())))


def address_of_head(scheduler: str, given: str) -> str:
    """Return where the head listens: by the way to the scheduler, at any port, or at HOST:PORT as given."""
    parts = urlsplit(scheduler)
    return f"{parts.scheme}://{given or f'{get_ip(parts.hostname)}:0'}"
