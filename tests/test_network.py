"""Names that lead into somebody's network get no connection, and certificates are checked."""

import contextlib
import datetime as dt
import socket
import ssl
from ipaddress import ip_address
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from OpenSSL import SSL, crypto
from scrapy import Request
from scrapy.core.downloader.handlers import http11
from scrapy.exceptions import CannotResolveHostError, DownloadFailedError
from twisted.internet import _sslverify, endpoints
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import ConnectionDone, DNSLookupError
from twisted.internet.testing import MemoryReactorClock, StringTransport
from twisted.python.failure import Failure
from twisted.web import _newclient
from twisted.web._newclient import ResponseFailed
from twisted.web.http import PotentialDataLoss
from twisted.web.http_headers import Headers

from kwri_crawler.items import Outcome
from kwri_crawler.spiders.answers import explain_failure
from kwri_crawler.web import network
from kwri_crawler.web.lenient_http import _MAX_TRAILER, ChunkedBody
from kwri_crawler.web.network import PublicOnlyResolver, read_connect_to, spell_hosts_once
from tests.crawling import crawl, rows, value
from tests.sites.server import TEXT, XML, Answer, LocalServer
from tests.sites.server import Request as Asked


def judge(name: str, address: str) -> str | Failure | None:
    """Give what the resolver makes of a DNS answer."""
    resolver = PublicOnlyResolver.__new__(PublicOnlyResolver)  # without a reactor, as no name is looked up
    ended: list[str | Failure] = []
    answer: Deferred[str] = succeed(address)
    answer.addCallback(resolver._only_public, name).addBoth(ended.append)
    return ended[0]


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "::1", "fd00::1"]
)
def test_a_name_that_resolves_to_a_private_address_is_refused_and_explained(address: str) -> None:
    ended = judge("jahat.co.id", address)
    assert isinstance(ended, Failure)
    assert isinstance(ended.value, DNSLookupError)
    settlement = explain_failure(Failure(CannotResolveHostError("no results")), Request("https://jahat.co.id/a"))
    assert settlement.outcome is Outcome.REFUSED
    assert settlement.reason == f"jahat.co.id resolves to {address}, which is not a public address"


@pytest.mark.parametrize("written", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1"])
def test_a_number_that_the_system_reads_as_loopback_is_refused_too(written: str) -> None:
    assert socket.gethostbyname(written) == "127.0.0.1"
    assert isinstance(judge(written, "127.0.0.1"), Failure)


def test_a_name_that_has_come_back_to_the_public_is_no_longer_called_private() -> None:
    judge("pindah.co.id", "10.0.0.1")
    assert judge("pindah.co.id", "8.8.8.8") == "8.8.8.8"
    settlement = explain_failure(Failure(CannotResolveHostError("gone")), Request("https://pindah.co.id/a"))
    assert settlement.reason == "pindah.co.id is not known to the name servers"


@pytest.mark.parametrize("place", ["localhost:8000", "127.0.0.1", "127.0.0.1:x", "", "http://127.0.0.1:80"])
def test_a_wrong_connect_to_is_explained_with_an_example(place: str) -> None:
    with pytest.raises(ValueError, match=r'is not an IP address and a port; \{"kabar.co.id": "127.0.0.1:8000"\}'):
        read_connect_to({"kabar.co.id": place})


def test_connect_to_takes_both_kinds_of_addresses() -> None:
    places = {"a.co.id": "127.0.0.1:80", "b.co.id": "[::1]:8000", "*": "10.1.2.3:81"}
    assert read_connect_to(places) == places


class _Private(LocalServer):
    """A portal on an address of its own network, with TLS when it has a certificate."""

    scheme = "http"
    links: tuple[str, ...] = ()

    def answer(self, request: Asked) -> Answer:
        if request.path == "/robots.txt":
            return Answer("User-agent: *\nDisallow:\n", content_type=TEXT)
        entries = "".join(f"<url><loc>{link}</loc></url>" for link in self.links)
        return Answer(f"<urlset>{entries}</urlset>", content_type=XML)

    def use(self, certificate: Path) -> None:
        assert self._server is not None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.scheme = "https"

    def crawl_into(self, folder: Path, **settings: str) -> tuple[int, str]:
        (folder / "dalam.toml").write_text(
            f'name = "Kabar Dalam"\nhome = "{self.scheme}://{self.address}/"\nfamily = "varient"\n'
            'zone = "Asia/Jakarta"\nlistings = [{ kind = "sitemap", url = "/sitemap.xml" }]\n',
            encoding="utf-8",
        )
        done = crawl(folder / "kwri.sqlite", {}, portal="dalam", PORTALS_PATH=str(folder), **settings)
        assert "Traceback" not in done.log, done.log
        return done.code, done.out


def self_signed(folder: Path, ended_days_ago: float = -1) -> Path:
    """Write a certificate for 127.0.0.1 that nobody but itself vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=9))
        .not_valid_after(today - dt.timedelta(days=ended_days_ago))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    path = folder / "sendiri.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


def test_a_certificate_that_nobody_vouches_for_is_refused_unless_the_operator_says_so(tmp_path: Path) -> None:
    with _Private() as site:
        site.use(self_signed(tmp_path))
        site.links = (f"https://{site.address}/a",)
        code, out = site.crawl_into(tmp_path)
        assert code == 3
        assert "its certificate is signed by itself alone" in out
        assert not site.requests, "not even robots.txt"
        site.crawl_into(tmp_path, DOWNLOAD_VERIFY_CERTIFICATES="False")
        assert site.asked("/sitemap.xml") == 1


@pytest.mark.parametrize(("ended_days_ago", "trusted", "said"), [
    (-1, False, "its certificate is signed by itself alone"),
    (1, True, "its certificate has expired"),
    (0.5, True, "its certificate has expired"),
])  # fmt: skip
def test_why_a_certificate_is_refused_is_said(ended_days_ago: float, trusted: bool, said: str, tmp_path: Path) -> None:
    pem = self_signed(tmp_path, ended_days_ago)
    network.note_verdicts()
    context = SSL.Context(SSL.TLS_METHOD)
    context.set_verify(SSL.VERIFY_PEER, _sslverify._verifyCB(SimpleNamespace(), False, "127.0.0.1"))
    if trusted:
        context.get_cert_store().add_cert(crypto.load_certificate(crypto.FILETYPE_PEM, pem.read_bytes()))
    offered = SSL.Context(SSL.TLS_METHOD)
    offered.use_certificate_file(str(pem))
    offered.use_privatekey_file(str(pem))
    client, server = SSL.Connection(context, None), SSL.Connection(offered, None)
    client.set_connect_state()
    server.set_accept_state()
    failed = DownloadFailedError()
    failed.__cause__ = ResponseFailed([Failure(refusal_of(client, server))])
    assert network.explain_no_answer(failed, "127.0.0.1").text == f"no TLS connection: {said}"


def refusal_of(client: SSL.Connection, server: SSL.Connection) -> SSL.Error:
    """Let two ends shake hands in memory until the client refuses."""
    for _ in range(10):
        for one, other in ((client, server), (server, client)):
            try:
                one.do_handshake()
            except SSL.WantReadError:
                with contextlib.suppress(SSL.WantReadError):
                    other.bio_write(one.bio_read(1 << 16))
            except SSL.Error as refused:
                return refused
    raise AssertionError("the certificate was taken")


def test_a_portal_in_the_own_network_leads_to_no_other_address_there(tmp_path: Path) -> None:
    with _Private() as site, _Private() as other:
        number = f"http://2130706433:{other.port}/a"
        site.links = (f"http://{other.address}/a", number, f"http://[::1]:{other.port}/a", "http://169.254.169.254/a")
        site.crawl_into(tmp_path)
        assert not other.requests
    archive = tmp_path / "kwri.sqlite"
    assert value(archive, "SELECT count(*) FROM urls") == 4
    assert {row["outcome"] for row in rows(archive, "SELECT outcome FROM urls")} == {"refused"}


CRLF = "\r\n"


@pytest.mark.parametrize(
    ("head", "sent"),
    [
        ("", b"<html>Isi</html>"),
        ("Transfer-Encoding: identity", b"<html>Isi</html>"),
        ("Transfer-Encoding: utf-8", b"<html>Isi</html>"),
        ("Transfer-Encoding: identity\r\nContent-Length: 16", b"<html>Isi</html>"),
        ("Transfer-Encoding: Chunked", b"10\r\n<html>Isi</html>\r\n0\r\n\r\n"),
        ("Transfer-Encoding: chunked, chunked", b"10\r\n<html>Isi</html>\r\n0\r\n\r\n"),
        ("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked", b"10\r\n<html>Isi</html>\r\n0\r\n\r\n"),
        ("Transfer-Encoding: gzip, chunked", b"10\r\n<html>Isi</html>\r\n0\r\n\r\n"),
    ],
)
def test_an_answer_is_read_whatever_its_transfer_encoding_is_called(head: str, sent: bytes) -> None:
    assert received(head, sent) == b"<html>Isi</html>"


@pytest.mark.parametrize("status", ["HTTP/2 200", "HTTP/1.1  200 OK", "http/1.1 200", "HTTP/1.0\t200 Baik"])
def test_an_answer_is_read_however_its_first_line_is_spelt(status: str) -> None:
    assert received("Content-Length: 16", ISI, status=status) == ISI


def received(
    head: str,
    sent: bytes,
    ended: list[Failure] | None = None,
    step: int = 10_000,
    status: str = "HTTP/1.1 200 OK",
) -> bytes:
    """Return what comes of an answer through the protocol that Scrapy makes for each connection, in pieces of `step`.

    ended takes how the body ended once the connection is closed.
    """
    came: list[bytes] = []
    answered: list[Any] = []
    protocol: Any = http11._LenientHTTP11ClientProtocol()
    protocol.makeConnection(StringTransport())
    asked: Any = _newclient.Request(b"GET", b"/", Headers({b"Host": [b"a.id"]}), None)
    protocol.request(asked).addCallback(answered.append)
    protocol.dataReceived(f"{status}\r\n{head}{head and CRLF}\r\n".encode())
    (answer,) = answered
    on_end = (ended if ended is not None else []).append
    answer.deliverBody(SimpleNamespace(makeConnection=lambda _: None, dataReceived=came.append, connectionLost=on_end))
    for begin in range(0, len(sent), step):
        protocol.dataReceived(sent[begin : begin + step])
    protocol.connectionLost(Failure(ConnectionDone()))
    return b"".join(came)


ISI = b"<html>Isi</html>"
CHUNKED = "Transfer-Encoding: chunked"


@pytest.mark.parametrize("step", [1, 3, 10_000])
@pytest.mark.parametrize(
    ("head", "sent", "end"),
    [
        (CHUNKED, b"10\r\n%b\r\n0\r\n\r\n" % ISI, _newclient.ResponseDone),
        (CHUNKED, b"10  \r\n%b\r\n0\r\n\r\n" % ISI, _newclient.ResponseDone),
        (CHUNKED, b"10\n%b\n0\n\n" % ISI, _newclient.ResponseDone),
        (CHUNKED, b'10 ; a="\xff"\r\n%b\r\n0\r\n\r\n' % ISI, _newclient.ResponseDone),
        (CHUNKED, b"00006\r\n<html>\r\nA\r\nIsi</html>\r\n0\r\nX: a\r\nY: b\r\n\r\n", _newclient.ResponseDone),
        (CHUNKED, b"10\r\n%b0\r\n\r\n" % ISI, _newclient.ResponseDone),
        (CHUNKED, b"10\r\n%b\r\n0\r\n" % ISI, _newclient.ResponseDone),  # the line behind the last chunk
        (CHUNKED, b"10\r\n%b\r\n" % ISI, _newclient.ResponseFailed),
        (CHUNKED, b"11\r\n%b" % ISI, _newclient.ResponseFailed),
        (CHUNKED, b"10\r\n%b\r\n1" % ISI, _newclient.ResponseFailed),  # cut off within the next size
        (CHUNKED, b"", _newclient.ResponseFailed),
        (CHUNKED, ISI, PotentialDataLoss),  # it is not chunked
        (f"{CHUNKED}\r\nContent-Length: 3", b"10\r\n%b\r\n0\r\n\r\n" % ISI, _newclient.ResponseDone),
        ("Content-Length: banyak", ISI, PotentialDataLoss),
        ("Content-Length: -1", ISI, PotentialDataLoss),
        ("Content-Length: 3 kB", ISI, PotentialDataLoss),
        ("Content-Length: 99999999999", ISI, PotentialDataLoss),
        ("Content-Length: 16, 16", ISI, _newclient.ResponseDone),
        ("Content-Length: 16\r\nContent-Length: 10", ISI, _newclient.ResponseDone),
        ("Content-Length: 10, 90", ISI, _newclient.ResponseFailed),
        ("Content-Length : 16", ISI, _newclient.ResponseDone),
        ("X Y: a\r\n : b\r\n: c\r\nSesuatu\r\nContent-Length: 16", ISI, _newclient.ResponseDone),
        (f"X: {'a' * 200_000}\r\nContent-Length: 16", ISI, _newclient.ResponseDone),
    ],
)
def test_an_answer_is_read_as_browsers_read_it_however_oddly_it_is_written(
    head: str, sent: bytes, end: type[Exception], step: int
) -> None:
    ended: list[Failure] = []
    assert received(head, sent, ended, step) == ISI[: len(sent)]
    assert [type(one.value) for one in ended] == [end]


@pytest.mark.parametrize(
    "sent",
    [b"6\r\n<html>\r\nbukan\r\n", b"6\r\n<html>\r\n" + b"0" * 5_000, b"6\r\n<html>\r\n0\r\n" + b"X: a\r\n" * 20_000],
)
def test_a_body_that_goes_on_without_chunks_is_not_whole(sent: bytes) -> None:
    body = ChunkedBody((came := []).append, came.append)
    with pytest.raises(ValueError, match="chunk"):
        body.dataReceived(sent)
    assert came == [b"<html>"]


@pytest.mark.parametrize("longer", [0, 1])
def test_what_stands_behind_the_last_chunk_is_bounded(longer: int) -> None:
    came: list[bytes] = []
    body = ChunkedBody(lambda _: None, came.append)
    trailer = b"X: " + b"a" * (_MAX_TRAILER - 5 - 2 + longer) + b"\r\n"  # 65,536 bytes with the line's end and the last
    ending = contextlib.nullcontext() if not longer else pytest.raises(ValueError, match="too much behind")
    with ending:
        body.dataReceived(b"0\r\n" + trailer + b"\r\n")
    assert came == ([] if longer else [b""])


def test_a_host_is_spelled_once_for_all_its_requests_and_as_scrapy_spells_it() -> None:
    for _ in range(2):  # two crawls of one process
        http11._install_twisted_idna_fallbacks()  # as Scrapy's handler begins
        spell_hosts_once()
    spelled: Any = endpoints._idnaBytes
    before = spelled.cache_info().misses
    for _ in range(3):
        endpoints.HostnameEndpoint(MemoryReactorClock(), "berita_daerah.contoh.id", 80)
    assert spelled.cache_info().misses == before + 1
    assert spelled("berita_daerah.contoh.id") == b"berita_daerah.contoh.id"  # Twisted alone takes no underscore
