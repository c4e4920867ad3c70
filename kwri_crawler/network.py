"""Where bytes come from: public addresses only, unless the operator names another place for a host (CONNECT_TO)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.error import DNSLookupError

from kwri_crawler.addresses import is_public_address

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.defer import Deferred


class ConnectToHandler(HTTP11DownloadHandler):
    """Scrapy's own handler; a host in CONNECT_TO is fetched from the address given there, by plain HTTP.

    Everything above believes that the portal itself answered, as with curl's --connect-to: the demo, the tests and
    a mirror run the same catalogue entries and the same code as the real portals.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._places = read_connect_to(crawler.settings.getdict("CONNECT_TO"))

    async def download_request(self, request: Request) -> Response:
        """Fetch from the portal, or from the place that stands for it."""
        if not self._places:
            return await super().download_request(request)
        parts = urlparse_cached(request)
        place = self._places.get(parts.hostname or "") or self._places.get("*")
        if place is None:
            return await super().download_request(request)
        moved = request.replace(url=parts._replace(scheme="http", netloc=place).geturl())
        moved.headers["Host"] = parts.netloc
        response = await super().download_request(moved)
        return response.replace(url=request.url)


def read_connect_to(places: Mapping[str, str]) -> dict[str, str]:
    """Check the setting CONNECT_TO: host -> address:port; raises ValueError with the cure."""
    for host, place in places.items():
        address, _, port = str(place).rpartition(":")
        try:
            ip_address(address.strip("[]"))
            int(port)
        except ValueError:
            example = json.dumps({host: "127.0.0.1:8000"})
            raise ValueError(f"CONNECT_TO: {place!r} for {host} is not an IP address and a port; {example}") from None
    return dict(places)


class PublicOnlyResolver(CachingThreadedResolver):
    """Refuses names that resolve to an address inside somebody's network, whoever wrote them into a page."""

    refused: dict[str, str] = {}  # noqa: RUF012 - name -> address, for whoever explains the failure

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        """Resolve, or fail like a name that does not exist."""
        answer: Deferred[str] = super().getHostByName(name, timeout)
        return answer.addCallback(self._only_public, name)

    def _only_public(self, address: str, name: str) -> str:
        # A literal address comes here too: the guard has judged those in pages, the operator those in CONNECT_TO.
        if address == name or is_public_address(address):
            return address
        self.refused[name] = address
        raise DNSLookupError(f"{name} resolves to {address}, which is not a public address")
