"""Whose turn it is among the portals of a harvest: those that share a host are crawled one after the other.

A newspaper's channels share one, or the portals of a network its API. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kwri_crawler.catalogue import Portal
from kwri_crawler.web.hosts import bare_host


def hosts_asked(portal: Portal) -> frozenset[str]:
    """Return the hosts that a portal's crawl asks, each with its port where its file names one."""
    with_port = {host.partition(":")[0] for host in portal.hosts if ":" in host}
    return frozenset(bare_host(host) for host in portal.hosts if host not in with_port)


class Turns:
    """Portals that wait to be crawled, in their order."""

    def __init__(self, portals: Iterable[Portal]) -> None:
        self._portals = {portal.id: portal for portal in portals}
        self._hosts = {id_: hosts_asked(portal) for id_, portal in self._portals.items()}
        self._waiting = dict.fromkeys(self._portals)

    @property
    def waiting(self) -> tuple[str, ...]:
        """Return the ids of the portals that wait."""
        return tuple(self._waiting)

    def next(self, running: Iterable[str], may: Callable[[Portal], bool] = lambda _: True) -> Portal | None:
        """Take the first portal that waits, may go, and whose hosts no running one asks; None while there is none."""
        asked = {host for id_ in running for host in self._hosts[id_]}
        for id_ in self._waiting:
            if asked.isdisjoint(self._hosts[id_]) and may(self._portals[id_]):
                del self._waiting[id_]
                return self._portals[id_]
        return None

    def put_back(self, id_: str) -> None:
        """Have a portal wait again, behind all others."""
        self._waiting[id_] = None
