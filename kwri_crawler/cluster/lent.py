"""A portal that the head lent to this machine: renewed by whatever the head is asked, and lost when it is silent.

Nothing is kept here. A call whose answer was lost is never repeated: it may have been committed, and the next crawl
finds out.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from concurrent.futures import Future
from typing import Any

from distributed.core import ConnectionPool, rpc

from kwri_crawler.archive import ArchiveError, PortalBusy
from kwri_crawler.catalogue import Portal
from kwri_crawler.causes import Cause
from kwri_crawler.cluster.leases import FENCE, awake_s
from kwri_crawler.cluster.wire import LeaseOver, code_version, result_of
from kwri_crawler.spiders.access import Stop
from kwri_crawler.spiders.walk import Finish

CONNECT_S = 10.0  # to the head: one that died is not waited for
ASK_AGAIN_S = 0.5  # for a portal that another far crawl holds
PATIENCE = 2  # leases; so long a portal is asked for: what a crawl that died left is over after one


class Ending(Exception):
    """The harvest gives no portal out any more."""


class FarHead:
    """The archive's machine, as seen from this one."""

    def __init__(self, address: str, pool: ConnectionPool) -> None:
        self.address = address
        self.call = pool(address)
        self.connection_args: dict[str, Any] = pool.connection_args

    async def lend(self, portal: Portal, hosts: frozenset[str], place: str | None) -> Lent:
        """Return a lease of a portal, once no other far crawl holds it or its hosts.

        Raises PortalBusy, ArchiveError, Ending, or RuntimeError for a worker of other code.
        """
        began_s = awake_s()
        while True:
            sent_s = awake_s()
            try:
                data = await self.call.take(portal=portal.id, hosts=sorted(hosts), version=code_version())
            except OSError as error:
                raise ArchiveError(f"{self.address}: the archive's machine cannot be reached: {error!r}") from error
            taken = result_of(data)
            if taken is None:
                raise Ending
            token, lease_s = taken
            if token is not None:
                return Lent(self, portal, place, token, lease_s, sent_s)
            if awake_s() - began_s > PATIENCE * lease_s:
                raise PortalBusy(f"{portal.id}: another machine is crawling it, or a portal of the same hosts")
            await asyncio.sleep(ASK_AGAIN_S)


class Lent:
    """A portal of the head's, for one crawl; it is renewed by whatever the head is asked."""

    def __init__(
        self, head: FarHead, portal: Portal, place: str | None, token: str, lease_s: float, heard_s: float
    ) -> None:
        self.head, self.portal, self.place = head, portal, place
        self.stop: Stop | None = None  # ends the crawl; None until there is one
        self.token, self._lease_s = token, lease_s
        # When what the head answered was sent: it counts from later. An answer may be old when it is read.
        self._heard_s = heard_s
        self._over: ArchiveError | None = None
        self._beating = asyncio.ensure_future(self._beat())

    def check(self) -> None:
        """Raise ArchiveError when the head was not heard of for so long that the portal may be another's soon."""
        if self._over is None and awake_s() - self._heard_s > FENCE * self._lease_s:
            self._lose("the archive's machine was not heard of for too long")
        if self._over is not None:
            raise self._over

    async def ask(self, op: str, **given: Any) -> Any:
        """Return what the head returned, or raise what failed there; without an answer ArchiveError: the crawl ends."""
        self.check()
        sent_s = awake_s()
        try:
            called = getattr(self.head.call, op)(token=self.token, **given)
            data: bytes = await asyncio.wait_for(called, FENCE * self._lease_s)
        except (OSError, TimeoutError) as error:
            raise self._lose(f"the archive's machine does not answer: {error!r}") from error
        return self._read(data, sent_s)

    def ask_blocking(self, op: str, **given: Any) -> Any:
        """Do the same while the loop waits: by a connection and a loop of its own."""
        self.check()
        answered: Future[bytes] = Future()

        async def call() -> bytes:
            async with rpc(self.head.address, timeout=CONNECT_S, connection_args=self.head.connection_args) as head:
                return await asyncio.wait_for(getattr(head, op)(token=self.token, **given), FENCE * self._lease_s)

        def run() -> None:
            try:
                answered.set_result(asyncio.run(call()))
            except Exception as error:
                answered.set_exception(error)

        sent_s = awake_s()
        threading.Thread(target=run, daemon=True).start()
        try:
            data = answered.result()
        except (OSError, TimeoutError) as error:
            raise self._lose(f"the archive's machine does not answer: {error!r}") from error
        return self._read(data, sent_s)

    async def leave(self) -> None:
        """Give the portal back; its crawl sends nothing more."""
        self._beating.cancel()
        if self._over is None:
            self._over = ArchiveError(f"{self.portal.id}: this crawl is over")
            with contextlib.suppress(OSError, TimeoutError):  # then the lease ends by itself
                await asyncio.wait_for(self.head.call.leave(token=self.token), FENCE * self._lease_s)

    async def _beat(self) -> None:
        """Keep a question open at the head at all times, as it answers late: its death is noticed at once."""
        while self._over is None:
            sent_s = awake_s()
            try:
                data = await asyncio.wait_for(self.head.call.beat(token=self.token), FENCE * self._lease_s)
                ending: Finish | None = self._read(data, sent_s)
            except (OSError, TimeoutError, ArchiveError) as error:
                self._lose(f"the archive's machine let go of the portal: {error!r}")
                return
            if ending is not None and self.stop is not None:
                self.stop(ending.word, ending.reason, ending.cause)

    def _read(self, data: bytes, sent_s: float) -> Any:
        """Return what an answer says to a question that was sent then."""
        try:
            result = result_of(data)
        except LeaseOver as error:
            raise self._lose(str(error)) from error
        finally:
            self._heard_s = max(self._heard_s, sent_s)
        return result

    def _lose(self, why: str) -> ArchiveError:
        if self._over is None:
            self._over = ArchiveError(f"{self.head.address}: {why}", Cause.ARCHIVE)
            if self.stop is not None:
                self.stop("archive", str(self._over), Cause.ARCHIVE)
        return self._over
