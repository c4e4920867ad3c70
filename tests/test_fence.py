"""What is asked where bytes leave for a portal: nothing is sent once a crawl has lost it, whatever it waited for."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from OpenSSL import SSL
from scrapy.utils.project import get_project_settings
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IHandshakeListener
from twisted.internet.protocol import Factory
from twisted.internet.ssl import CertificateOptions
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.web._newclient import Request
from twisted.web.client import HTTPConnectionPool
from twisted.web.http_headers import Headers

from kwri_crawler.archive import ArchiveError
from kwri_crawler.web.fence import Connection, fence
from tests.test_network import self_signed


class Crawler:
    """Stands for Scrapy's: its spider holds a portal until it does not."""

    def __init__(self) -> None:
        self.settings = get_project_settings()
        self.spider: Any = SimpleNamespace(check_hold=self.check)
        self.is_held = True

    def check(self) -> None:
        if not self.is_held:
            raise ArchiveError("another crawl's")


class Wire(StringTransport):
    """What was sent, in memory."""

    def setTcpNoDelay(self, _: bool) -> None:  # Twisted's own name
        pass


class Later:
    """A host to which a connection is made when a test says so."""

    def connect(self, factory: Any) -> Deferred[Any]:
        self.factory, self.made = factory, Deferred[Any]()
        return self.made

    def accept(self, transport: Any) -> Any:
        connection = self.factory.buildProtocol(None)
        connection.makeConnection(transport)
        self.made.callback(connection)
        return connection


def ask() -> Request:
    return Request._construct(b"GET", b"/", Headers({b"host": [b"a.id"]}), None, persistent=True)


def connection_to(crawler: Crawler, transport: Wire) -> Any:
    pool, host = HTTPConnectionPool(None), Later()
    fence(pool, crawler)  # type: ignore[arg-type]
    pool.getConnection("a.id", host)  # type: ignore[arg-type]
    return host.accept(transport)


@pytest.mark.parametrize(("is_held", "sent"), [(True, 1), (False, 0)])
def test_a_request_that_waited_for_its_connection_is_sent_while_the_portal_is_held(is_held: bool, sent: int) -> None:
    crawler, transport = Crawler(), Wire()
    connection = connection_to(crawler, transport)
    crawler.is_held = is_held
    failed: list[Any] = []
    connection.request(ask()).addErrback(failed.append)
    assert transport.value().count(b"GET / HTTP/1.1") == sent
    assert [type(one.value) for one in failed] == [ArchiveError] * (not is_held)
    assert transport.disconnected is not is_held


def test_a_request_that_waited_for_its_tls_handshake_is_not_sent_any_more() -> None:
    crawler, transport = Crawler(), Wire()
    connection = connection_to(crawler, transport)
    assert IHandshakeListener.providedBy(connection), "or Twisted would not say when TLS is ready"
    connection.handshakeCompleted()
    assert not transport.disconnected
    crawler.is_held = False
    connection.handshakeCompleted()
    assert transport.disconnected


@pytest.mark.parametrize("is_held", [True, False])
def test_no_byte_of_a_request_follows_a_handshake_that_ended_too_late(is_held: bool, tmp_path: Path) -> None:
    crawler, transport, turns, received = Crawler(), Wire(), Clock(), b""
    factory = Factory.forProtocol(lambda: Connection(lambda _: None, crawler.check))
    wire = TLSMemoryBIOFactory(CertificateOptions(), True, factory, turns).buildProtocol(None)
    wire.makeConnection(transport)
    wire.wrappedProtocol.request(ask()).addErrback(lambda _: None)
    crawler.is_held = is_held
    context = SSL.Context(SSL.TLS_METHOD)
    context.use_certificate_file(str(self_signed(tmp_path)))
    context.use_privatekey_file(str(tmp_path / "sendiri.pem"))
    host = SSL.Connection(context, None)
    host.set_accept_state()
    for _ in range(3):  # flights of the handshake, and what follows it
        turns.advance(1)
        with suppress(SSL.Error):
            host.bio_write(transport.value())
        transport.clear()
        with suppress(SSL.Error):
            received += host.recv(9_999)
        with suppress(SSL.Error):
            wire.dataReceived(host.bio_read(99_999))
    assert (b"GET / HTTP/1.1" in received) is is_held


def test_a_spider_of_scrapys_tools_may_always_send() -> None:
    crawler, transport = Crawler(), Wire()
    crawler.spider = SimpleNamespace()
    connection_to(crawler, transport).request(ask())
    assert b"GET / HTTP/1.1" in transport.value()
