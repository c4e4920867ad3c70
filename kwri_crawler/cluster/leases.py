"""Which far crawl holds which portal, for how long: a lease ends when its crawl is silent for LEASE_S.

Beside the lease stands the portal's lock, as of any crawl on this machine. Decides only; the head asks and answers.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kwri_crawler.archive import lock_portal

BEAT = 1 / 5  # of a lease: a crawl that has nothing to say is heard of so often
FENCE = 2 / 3  # of a lease: a crawl without an answer for so long sends nothing more; the rest is for what it sent


def awake_s() -> float:
    """Return seconds of a clock that goes on while this machine sleeps, where the system has one."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


@dataclass(slots=True)
class Lease:
    """A portal in a far crawl's hands."""

    portal: str
    hosts: frozenset[str]  # that its crawl asks
    lock: IO[str]
    heard_s: float  # of the clock, when its crawl last spoke
    pages: int = 0  # that it was done with, for whoever watches


class Leases:
    """All leases of one head; no two have a host in common."""

    def __init__(self, archive: Path, lease_s: float, clock: Callable[[], float] = awake_s) -> None:
        self.lease_s = lease_s
        self._archive = archive
        self._clock = clock
        self._held: dict[str, Lease] = {}  # by token

    @property
    def portals(self) -> tuple[str, ...]:
        """Return the portals that are held, the longest held first."""
        self._sweep()
        return tuple(lease.portal for lease in self._held.values())

    def take(self, portal: str, hosts: Iterable[str]) -> str | None:
        """Return the token of a new lease; None while a far crawl holds the portal or one of its hosts.

        Raises PortalBusy while a crawl on this machine holds it, and OSError when its lock cannot be written.
        """
        self._sweep()
        asked = frozenset(hosts)
        if any(lease.portal == portal or lease.hosts & asked for lease in self._held.values()):
            return None
        lock = lock_portal(self._archive, portal)
        token = uuid.uuid4().hex
        self._held[token] = Lease(portal, asked, lock, self._clock())
        return token

    def hear(self, token: str) -> bool:
        """Renew a lease; False when it is over."""
        self._sweep()
        lease = self._held.get(token)
        if lease is None:
            return False
        lease.heard_s = self._clock()
        return True

    def count_page(self, token: str) -> None:
        """Note that a crawl was done with a page."""
        self._held[token].pages += 1

    def pages(self) -> int:
        """Count the pages of the crawls that hold a lease now."""
        return sum(lease.pages for lease in self._held.values())

    def leave(self, token: str) -> None:
        """End a lease, if it still stands."""
        lease = self._held.pop(token, None)
        if lease is not None:
            lease.lock.close()

    def _sweep(self) -> None:
        now = self._clock()
        for token, lease in list(self._held.items()):
            if now - lease.heard_s > self.lease_s:
                self.leave(token)
