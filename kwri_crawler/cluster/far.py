"""The archive's writer and its keeper of pages as if they were on the crawl's machine; ARCHIVE_ACCESS names them there.

Keeps nothing, and knows nothing of crawls.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, ParamSpec, TypeVar

from kwri_crawler.archive import ArchiveError, Database
from kwri_crawler.catalogue import Portal
from kwri_crawler.cluster.lent import Lent
from kwri_crawler.cluster.wire import name_of, pack
from kwri_crawler.items import KeptPage
from kwri_crawler.spiders.access import Stop

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger(__name__)

_LEASE = "FAR_LEASE"  # the setting that names a crawl's lease
WAITING = 64  # pages that may wait for the way to the head; more are dropped
CLOSE_S = 10.0  # for the pages that wait when the crawl ends


class FarAccess:
    """What ARCHIVE_ACCESS names on a worker; the crew has the lease before the crawl begins."""

    _lent: ClassVar[dict[str, Lent]] = {}  # by token: the heads of two archives may lend this process one portal

    def __init__(self, _: Portal, settings: BaseSettings, stop: Stop) -> None:
        self._lease = self._lent[settings[_LEASE]]
        self._lease.stop = stop
        self._keeps = settings.getfloat("KEEP_PAGES_DAYS") > 0
        self._keeper: FarKeeper | None = None
        self.path = Path(settings["ARCHIVE_PATH"])
        self.place: str | None = self._lease.place
        self.writer = FarWriter(self._lease)

    @classmethod
    @contextlib.contextmanager
    def of(cls, lease: Lent) -> Iterator[dict[str, str]]:
        """Give the settings by which a crawl has this lease."""
        cls._lent[lease.token] = lease
        try:
            yield {_LEASE: lease.token}
        finally:
            del cls._lent[lease.token]

    def open_keeper(self) -> FarKeeper | None:
        """Return who sends pages to the head's keeper, unless KEEP_PAGES_DAYS is 0."""
        if self._keeps:
            self._keeper = FarKeeper(self._lease)
        return self._keeper

    def check(self) -> None:
        """Raise ArchiveError when the lease may be over soon."""
        self._lease.check()

    async def close(self) -> None:
        """Send the pages that wait; the crew gives the portal back."""
        if self._keeper is not None:
            await self._keeper.close()


class FarWriter:
    """Has the head run functions of the archive."""

    def __init__(self, lease: Lent) -> None:
        self._lease = lease

    async def do(self, job: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return the job's result once it is on the head's disk; see archive.Writer."""
        given = pack((args, kwargs))
        done: T = await self._lease.ask("do", job=name_of(job), given=given, patient=False)
        return done

    async def do_patiently(self, job: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do the same, in no hurry."""
        given = pack((args, kwargs))
        done: T = await self._lease.ask("do", job=name_of(job), given=given, patient=True)
        return done

    def do_now(self, job: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do the same where nothing can be awaited; every crawl of this process waits with it, for a round trip."""
        given = pack((args, kwargs))
        done: T = self._lease.ask_blocking("do", job=name_of(job), given=given, patient=False)
        return done

    def close(self) -> None:
        """Do nothing: the writer is the head's."""


class FarKeeper:
    """Sends pages to the head one after the other; drops them where the way is slower than the crawl."""

    def __init__(self, lease: Lent) -> None:
        self._lease = lease
        self._waiting: asyncio.Queue[tuple[str, dict[str, Any]] | None] = asyncio.Queue(WAITING)
        self._lost = 0
        self._sending = asyncio.ensure_future(self._send())

    def keep(self, page: KeptPage) -> None:
        """Take a page to be sent soon; never waits."""
        self._put("keep", page=pack(page))

    def forget(self, portal: str, url: str) -> None:
        """Have the head delete the pages of an address."""
        self._put("forget", portal=portal, url=url)

    def _put(self, op: str, **given: Any) -> None:
        try:
            self._waiting.put_nowait((op, given))
        except asyncio.QueueFull:
            self._lost += 1

    async def _send(self) -> None:
        while (message := await self._waiting.get()) is not None:
            op, given = message
            try:
                await self._lease.ask(op, **given)
            except ArchiveError:
                self._lost += 1

    async def close(self) -> None:
        """Wait until what is left is sent, for CLOSE_S at most."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._waiting.put(None), CLOSE_S)
            await asyncio.wait_for(self._sending, CLOSE_S)
        self._sending.cancel()
        self._lost += self._waiting.qsize()
        if self._lost:
            logger.warning("%s: %d pages of this crawl were not kept", self._lease.portal.id, self._lost)
