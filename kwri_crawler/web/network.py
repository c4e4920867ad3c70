"""Where bytes come from, and why none came: public addresses only, unless CONNECT_TO names another place for a host."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from OpenSSL import SSL
from scrapy.core.downloader.handlers import http11
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.httpobj import urlparse_cached
from service_identity import VerificationError
from twisted.internet import _sslverify, endpoints
from twisted.internet.error import ConnectError, ConnectionClosed, DNSLookupError

from kwri_crawler.causes import Cause
from kwri_crawler.web.fence import fence
from kwri_crawler.web.hosts import is_public_address
from kwri_crawler.web.lenient_http import AnswerParser

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.defer import Deferred


http11._LenientHTTPClientParser = AnswerParser  # type: ignore[misc]  # what Scrapy reads each answer with


class ConnectToHandler(HTTP11DownloadHandler):
    """Scrapy's own handler; a host in CONNECT_TO is fetched from the address given there, by plain HTTP.

    Everything above believes that the portal itself answered, as with curl's --connect-to: the demo, the tests and
    a mirror run the same catalogue entries and the same code as the real portals.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        spell_hosts_once()
        note_verdicts()
        fence(self._pool, crawler)
        self._places = read_connect_to(crawler.settings.getdict("CONNECT_TO"))

    async def download_request(self, request: Request) -> Response:
        """Fetch from the portal, or from the place that stands for it."""
        moved = move(request, self._places)
        if moved is None:
            return await super().download_request(request)
        response = await super().download_request(moved)
        return response.replace(url=request.url)


# Host -> OpenSSL's number of why its certificate was refused: the error that follows only says that it was.
_refused_certificates: dict[str, int] = {}
_VERDICTS = {
    9: "its certificate is not valid yet, or this machine's clock is behind",
    10: "its certificate has expired",
    18: "its certificate is signed by itself alone",
    19: "its certificate is signed by nobody whom this machine trusts",
    20: "its certificate is signed by nobody whom this machine trusts",
    21: "its certificate is signed by nobody whom this machine trusts",
}


def note_verdicts() -> None:
    """Let Twisted's check of certificates note why it refuses a host's."""
    make = _sslverify._verifyCB
    if make.__name__ == "_noted":
        return

    def _noted(protocol: Any, is_name: bool, host: str) -> Any:
        judge = make(protocol, is_name, host)

        def verdict(connection: Any, certificate: Any, number: int, depth: int, is_fine: bool) -> bool:
            if not is_fine:
                _refused_certificates[host] = number
            return judge(connection, certificate, number, depth, is_fine)

        return verdict

    _sslverify._verifyCB = _noted  # type: ignore[assignment]


def spell_hosts_once() -> None:
    """Let Twisted keep how it spells a host: it asks anew for each request, which takes 0.1 ms of CPU.

    To be called when Scrapy's handler has put its own spelling there, which knows emoji and underscores.
    """
    for name in ("_idnaBytes", "_idnaText"):
        spell = getattr(endpoints, name)
        if not hasattr(spell, "cache_info"):
            setattr(endpoints, name, lru_cache(maxsize=1_024)(spell))  # a harvest has hundreds of hosts


def move(request: Request, places: Mapping[str, str]) -> Request | None:
    """Return the request to be sent to the place that stands for its host, or for all; None where none does."""
    parts = urlparse_cached(request)
    place = places.get(parts.hostname or "") or places.get("*")
    if place is None:
        return None
    moved = request.replace(url=parts._replace(scheme="http", netloc=place).geturl())
    moved.headers["Host"] = parts.netloc
    return moved


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

    # Name -> address, for whoever explains the failure: Twisted tells that there was none, and not why. Of the class,
    # as the one resolver of a process is out of its crawlers' reach.
    refused: ClassVar[dict[str, str]] = {}

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        """Resolve, or fail like a name that does not exist."""
        answer: Deferred[str] = super().getHostByName(name, timeout)
        return answer.addCallback(self._only_public, name)

    def _only_public(self, address: str, name: str) -> str:
        # A literal address comes here too: the guard has judged those in pages, the operator those in CONNECT_TO.
        if address == name or is_public_address(address):
            self.refused.pop(name, None)
            return address
        self.refused[name] = address
        raise DNSLookupError(f"{name} resolves to {address}, which is not a public address")


LONGEST = 300  # characters: a library's words may repeat what a server sent


class NoAnswer(NamedTuple):
    """Why a host gave no whole answer: as a code, and for a person."""

    cause: Cause
    text: str


def explain_no_answer(error: BaseException | None, host: str) -> NoAnswer:
    """Say why a host gave no whole answer, of all that Scrapy and Twisted raise then; the text is cut at LONGEST."""
    why = _explain(error, host)
    return why._replace(text=why.text[:LONGEST])


def _explain(error: BaseException | None, host: str) -> NoAnswer:
    if isinstance(error, CannotResolveHostError):
        private = PublicOnlyResolver.refused.get(host)
        if private is not None:
            return NoAnswer(Cause.DNS, f"{host} resolves to {private}, which is not a public address")
        return NoAnswer(Cause.DNS, f"{host} is not known to the name servers")
    if isinstance(error, DownloadTimeoutError):
        return NoAnswer(Cause.TIME_OUT, "no answer in time")
    if isinstance(error, DownloadConnectionRefusedError):
        return NoAnswer(Cause.CONNECTION_REFUSED, "the connection was refused")
    if isinstance(error, ResponseDataLossError):
        said = f": {error}" if str(error) else ""
        return NoAnswer(Cause.CUT_OFF, f"the answer was cut off{said}")
    if isinstance(error, DownloadFailedError):
        return _explain_broken(error, host)
    if isinstance(error, ConnectionClosed):
        return NoAnswer(Cause.NO_CONNECTION, "the connection was lost")
    if isinstance(error, ConnectError):
        return NoAnswer(Cause.NO_CONNECTION, f"no connection: {error}")
    return NoAnswer(Cause.OURS, f"{type(error).__name__}: {error}")  # nothing that a network raises


def _explain_broken(error: DownloadFailedError, host: str) -> NoAnswer:
    """Say what Twisted's list of failures means: Scrapy only prints it, "[<twisted.python.failure.Failure ...>]"."""
    causes = [failure.value for failure in getattr(error.__cause__, "reasons", ())]
    for cause in causes:
        if isinstance(cause, SSL.Error):
            return NoAnswer(Cause.TLS, f"no TLS connection: {_explain_tls(cause, host)}")
        if isinstance(cause, VerificationError):
            return NoAnswer(Cause.TLS, "no TLS connection: its certificate is that of another host")
    for cause in causes:
        if not isinstance(cause, ConnectionClosed):
            return NoAnswer(Cause.NO_CONNECTION, f"the answer is no HTTP that we understand: {cause}")
    if causes:
        return NoAnswer(Cause.NO_CONNECTION, "the connection was lost before the answer began")
    return NoAnswer(Cause.NO_CONNECTION, f"the download failed: {error}")


def _explain_tls(error: SSL.Error, host: str) -> str:
    """Give what OpenSSL says, which is a list of (library, function, reason)."""
    reasons = [entry[-1] for entry in (error.args[0] if error.args else ()) if isinstance(entry, tuple)]
    said = "; ".join(map(str, reasons)) or "the portal hung up"
    if "certificate verify failed" not in said:
        return said
    return _VERDICTS.get(_refused_certificates.get(host, 0), "its certificate is not valid for it")
