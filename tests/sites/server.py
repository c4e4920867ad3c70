"""A real HTTP/1.1 server on loopback, in threads: keep-alive, gzip for who accepts it, every request recorded."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

HTML = "text/html; charset=UTF-8"
XML = "application/xml; charset=UTF-8"
TEXT = "text/plain; charset=UTF-8"


@dataclass(frozen=True)
class Request:
    """What a client asked for."""

    method: str
    path: str  # as sent, with its query
    headers: dict[str, str]  # names in title case: "User-Agent"

    @property
    def route(self) -> str:
        return unquote(urlsplit(self.path).path)

    @property
    def host(self) -> str:
        return self.headers.get("Host", "").partition(":")[0].lower()

    def query(self, name: str) -> str:
        """Return the first value of a query parameter; empty when there is none."""
        return parse_qs(urlsplit(self.path).query).get(name, [""])[0]

    def accepts(self, encoding: str) -> bool:
        return encoding in self.headers.get("Accept-Encoding", "")


@dataclass(frozen=True)
class Answer:
    """What a server sends back; `raw` writes the whole response itself instead, well-formed or not."""

    body: str | bytes = b""
    status: int = 200
    content_type: str = HTML
    headers: tuple[tuple[str, str], ...] = ()
    compress: bool = True
    raw: Callable[[socket.socket], None] | None = None


def redirect(location: str, status: int = 302) -> Answer:
    return Answer(status=status, headers=(("Location", location),))


class LocalServer:
    """Serve on 127.0.0.1 while entered; a subclass's answer() says what."""

    extra_headers: tuple[tuple[str, str], ...] = ()

    def __init__(self, port: int = 0) -> None:
        self.requests: list[tuple[str, str, int, dict[str, str]]] = []  # method, path with query, status, headers
        self.latency_s = 0.0  # waited before each answer
        self.port = port
        self.closing = threading.Event()  # for answers that hang: they end with the server
        self._server: ThreadingHTTPServer | None = None

    def answer(self, request: Request) -> Answer:
        raise NotImplementedError

    @property
    def address(self) -> str:
        """Return what CONNECT_TO wants: 127.0.0.1:PORT."""
        return f"127.0.0.1:{self.port}"

    def asked(self, route: str) -> int:
        """Count the requests for a path, whatever their query."""
        return sum(path.partition("?")[0] == route for _, path, *_ in list(self.requests))

    def __enter__(self) -> Self:
        self.closing.clear()
        self._server = _Server(("127.0.0.1", self.port), _Handler)
        self._server.site = self
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a client may hold its connection open for longer than a test wants to wait
    request_queue_size = 128
    site: LocalServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent when a client has hung up: killed crawls do."""
        import sys

        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        site = self.server.site
        request = Request(self.command, self.path, {name.title(): text for name, text in self.headers.items()})
        if site.latency_s:
            site.closing.wait(site.latency_s)
        answer = site.answer(request)
        site.requests.append((request.method, request.path, answer.status, request.headers))
        if answer.raw is not None:
            self.close_connection = True
            answer.raw(self.connection)
            return
        self._send(request, answer, site.extra_headers)

    do_HEAD = do_POST = do_GET

    def _send(self, request: Request, answer: Answer, extra: Iterable[tuple[str, str]]) -> None:
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        bodiless = answer.status in (204, 304)
        lines = [f"HTTP/1.1 {answer.status} {_phrase(answer.status)}", f"Date: {self.date_time_string()}"]
        lines.append("Server: Apache")
        if not bodiless:
            lines.append(f"Content-Type: {answer.content_type}")
        if answer.compress and len(body) > 500:
            lines.append("Vary: Accept-Encoding")
            if request.accepts("gzip"):
                body = gzip.compress(body, 6, mtime=0)
                lines.append("Content-Encoding: gzip")
        lines += [f"{name}: {text}" for name, text in (*extra, *answer.headers)]
        if not bodiless:
            lines.append(f"Content-Length: {len(body)}")
        head = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")
        # In one piece: a second small packet would wait 40 ms for the acknowledgement of the first.
        self.wfile.write(head if request.method == "HEAD" or bodiless else head + body)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: `requests` holds the log."""


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def wait_for_interrupt() -> None:
    """Block until Ctrl-C."""
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        pass
