"""The archive's machine: gives portals out to far crawls, and runs their functions of the archive by its one writer.

Whoever may call it may write the archive: the cluster's certificates say who that is. It decides nothing of crawls.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import IO, Any

from distributed.core import Server

from kwri_crawler.archive import ArchiveError, PortalBusy, Writer
from kwri_crawler.archive.cures import archive_error
from kwri_crawler.archive.lock import begin_far_crawls
from kwri_crawler.cluster.leases import BEAT, Leases
from kwri_crawler.cluster.wire import LeaseOver, answer, code_version, failure, job_of, unpack
from kwri_crawler.kept import Keeper
from kwri_crawler.spiders.walk import Finish

logger = logging.getLogger(__name__)

ENDING_S = 0.5  # between two questions of a crawl that is to end
_OF_A_PAGE = frozenset(("articles.store", "ledger.settle"))
_TOUCHES = 10  # of the mark of far crawls, in a lease


class Head(Server):
    """Serves one archive; what it answers was committed."""

    def __init__(
        self, archive: Path, writer: Writer, keeper: Keeper | None, lease_s: float, connection_args: dict[str, Any]
    ) -> None:
        self.leases = Leases(archive, lease_s)
        self.broken: ArchiveError | None = None  # what the archive said when it took no more
        self.calls = self.bytes_in = self.bytes_out = 0
        self._ending: Finish | None = None
        self._is_ending = asyncio.Event()
        self._archive, self._writer, self._keeper = archive, writer, keeper
        self._mark: IO[str] = begin_far_crawls(archive, lease_s)
        self._touched_s = time.monotonic()
        handlers = {
            "take": self.take, "do": self.do, "leave": self.leave, "beat": self._of_lease(self.beat),
            "keep": self._of_lease(self.keep), "forget": self._of_lease(self.forget),
        }  # fmt: skip
        super().__init__(handlers, connection_args=connection_args, needs_workdir=False)

    def end(self, why: Finish) -> None:
        """Have all crawls end now, and lend no more."""
        self._ending = why
        self._is_ending.set()

    async def take(self, portal: str, hosts: Sequence[str], version: str) -> bytes:
        """Answer (token, seconds of a lease); token is None while another far crawl holds the portal or its hosts.

        The whole answer is None when crawls are to end. A crawl of other code is refused.
        """
        if version != code_version():
            text = f"this worker runs kwri-crawler {version}, and the archive's machine {code_version()}: install one"
            return failure(RuntimeError(text))
        if self._ending is not None:
            return answer(None)
        try:
            return answer((self.leases.take(portal, hosts), self.leases.lease_s))
        except PortalBusy as error:
            return failure(error)
        except OSError as error:
            return failure(archive_error(f"{self._archive}: the archive's folder cannot be written", error))

    async def do(self, token: str, job: str, given: bytes, patient: bool) -> bytes:
        """Run a function of the archive for the crawl that holds the token; answer once its result is on the disk."""
        self.calls += 1
        self.bytes_in += len(given)
        out = await self._do(token, job, given, patient)
        self.bytes_out += len(out)
        return out

    async def _do(self, token: str, job: str, given: bytes, patient: bool) -> bytes:
        try:
            self._hear(token)
            args, named = unpack(given)
            if job in _OF_A_PAGE:
                self.leases.count_page(token)
            run = self._writer.do_patiently if patient else self._writer.do
            return answer(await run(job_of(job), *args, **named))
        except LeaseOver as error:
            return failure(error)
        except ArchiveError as error:
            self.broken = error
            return failure(error)
        except Exception as error:  # of the function: for the crawl that asked, as on one machine
            return failure(error)

    async def beat(self) -> bytes:
        """Renew a lease; answer after a fifth of it, or at once when crawls are to end: why, or None.

        The crawl waits for this answer at all times. So it hears at once of a head that died, by the connection's end.
        """
        if self._ending is not None:  # it was told so by the answer before
            await asyncio.sleep(ENDING_S)
        else:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._is_ending.wait(), BEAT * self.leases.lease_s)
        return answer(self._ending)

    async def keep(self, page: bytes) -> bytes:
        """Keep a page as it was received."""
        if self._keeper is not None:
            self._keeper.keep(unpack(page))
        return answer(None)

    async def forget(self, portal: str, url: str) -> bytes:
        """Have an address's kept pages deleted when the harvest ends."""
        if self._keeper is not None:
            self._keeper.forget(portal, url)
        return answer(None)

    async def leave(self, token: str) -> None:
        """End a lease: its crawl is over, and sends nothing more."""
        self.leases.leave(token)

    def _of_lease(self, handler: Callable[..., Awaitable[bytes]]) -> Callable[..., Awaitable[bytes]]:
        """Return a handler that renews the lease it is called with, and refuses one that is over."""

        async def handle(token: str, **given: Any) -> bytes:
            try:
                self._hear(token)
            except LeaseOver as error:
                return failure(error)
            return await handler(**given)

        return handle

    def _hear(self, token: str) -> None:
        """Renew a lease, or raise LeaseOver."""
        if not self.leases.hear(token):
            raise LeaseOver("the crawl's lease of its portal is over: it was not heard of for too long")
        now = time.monotonic()
        if now - self._touched_s > self.leases.lease_s / _TOUCHES:
            self._touched_s = now
            os.utime(self._mark.fileno())

    async def close(self, timeout: float | None = None, reason: str = "") -> None:
        """Serve no more. Where a far crawl may still be under way, the mark of it stays for who comes next."""
        if not self.leases.portals:
            self._mark.truncate(0)
        self._mark.close()
        await super().close(timeout, reason)
