"""Ask, where bytes leave for a portal, whether this crawl may still send any; knows no archive and no lease.

A machine may sleep between the making of a request and its sending: in a wait for a turn, for a name, for a connection,
for a TLS handshake. When it wakes, its portal may be another machine's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import _LenientHTTP11ClientFactory, _LenientHTTP11ClientProtocol
from twisted.internet.defer import fail
from twisted.internet.interfaces import IHandshakeListener
from zope.interface import implementer

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred
    from twisted.web.client import HTTPConnectionPool
    from twisted.web.iweb import IResponse


def fence(pool: HTTPConnectionPool, crawler: Crawler) -> None:
    """Have a crawler's connections ask its spider's check_hold() before each request; what it raises, the request does.

    A spider without one, as those of Scrapy's tools, may always send.
    """

    def check() -> None:
        hold: Callable[[], None] | None = getattr(crawler.spider, "check_hold", None)
        if hold is not None:
            hold()

    pool._factory = lambda quiescent, about: _Factory(quiescent, about, check)  # type: ignore[assignment]


class _Factory(_LenientHTTP11ClientFactory):
    """Makes connections that ask."""

    def __init__(self, quiescent: Callable[[Any], None], about: str, check: Callable[[], None]) -> None:
        super().__init__(quiescent, about)  # type: ignore[no-untyped-call]
        self._check = check

    def buildProtocol(self, _: object) -> Connection:  # Twisted's own name
        """Return a connection."""
        return Connection(self._quiescentCallback, self._check)


@implementer(IHandshakeListener)
class Connection(_LenientHTTP11ClientProtocol):
    """Scrapy's own connection; asks before each request, and again when TLS is ready to send the first."""

    def __init__(self, quiescent: Callable[[Any], None], check: Callable[[], None]) -> None:
        super().__init__(quiescent)  # type: ignore[no-untyped-call]
        self._check = check

    def request(self, request: Any) -> Deferred[IResponse]:
        """Send a request, unless check() raises."""
        try:
            self._check()
        except Exception:
            self._hang_up()
            return fail()
        return super().request(request)

    def handshakeCompleted(self) -> None:  # Twisted's own name
        """Hang up on a request that waited for the handshake, if check() raises by now."""
        try:
            self._check()
        except Exception:
            self._hang_up()

    def _hang_up(self) -> None:
        if self.transport is not None:
            self.transport.abortConnection()
