"""Who gets messages in tests: servers on loopback that keep what they are sent, and hosts that answer badly."""

from __future__ import annotations

import contextlib
import email
import email.policy
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

SECRET = "RAHASIA-77-token"
Fault = Callable[[socket.socket], None]  # answers a request


@dataclass
class Webhook:
    """A web server that answers each POST with `status`, after `before_answer`."""

    url: str = ""  # json://127.0.0.1:PORT/hook
    status: int = 200
    before_answer: Callable[[], None] = lambda: None
    posts: list[dict[str, Any]] = field(default_factory=list)


@contextlib.contextmanager
def webhook() -> Iterator[Webhook]:
    kept = Webhook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if kept.status == 200:
                kept.posts.append(json.loads(body))
            kept.before_answer()
            with contextlib.suppress(OSError):
                self.send_response(kept.status)
                self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        kept.url = f"json://127.0.0.1:{server.server_address[1]}/hook"
        yield kept
        server.shutdown()


@dataclass
class Listener:
    """A web server that takes whatever is posted."""

    url: str  # http://127.0.0.1:PORT
    heard: list[tuple[str, str]] = field(default_factory=list)  # path, body


@contextlib.contextmanager
def listening() -> Iterator[Listener]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            listener.heard.append((self.path, self.rfile.read(length).decode()))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        listener = Listener(f"http://127.0.0.1:{server.server_address[1]}")
        yield listener
        server.shutdown()


@contextlib.contextmanager
def mail_server() -> Iterator[tuple[str, list[EmailMessage]]]:
    """Serve SMTP; give its host and port, and the mails that come."""
    mails: list[EmailMessage] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection, contextlib.suppress(OSError), connection.makefile("rwb") as wire:
                    _converse(cast(Any, wire), mails)

        threading.Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}", mails


def _converse(wire: Any, mails: list[EmailMessage]) -> None:
    def say(line: bytes) -> None:
        wire.write(line + b"\r\n")
        wire.flush()

    say(b"220 loopback")
    for line in wire:
        verb = line[:4].upper()
        if verb == b"DATA":
            say(b"354 go on")
            lines = iter(wire.readline, b".\r\n")
            text = b"".join(one[1:] if one.startswith(b"..") else one for one in lines)
            mails.append(cast(EmailMessage, email.message_from_bytes(text, policy=email.policy.default)))
        say(b"221 bye" if verb == b"QUIT" else b"250 ok")
        if verb == b"QUIT":
            return


@contextlib.contextmanager
def host(fault: Fault) -> Iterator[str]:
    """Serve one connection with bytes of our choice; give an address with a secret in it."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                connection, _ = server.accept()
                with connection:
                    connection.recv(65536)
                    fault(connection)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/ping/{SECRET}"


FAULTS: dict[str, Fault] = {
    "an error": lambda wire: wire.sendall(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"),
    "no HTTP": lambda wire: wire.sendall(b"hello\r\n\r\n"),
    "nothing": lambda wire: wire.shutdown(socket.SHUT_RDWR),
}


def drip_headers(wire: socket.socket) -> None:
    """Send a head so that no time-out of a single read ever ends."""
    wire.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(100):
        wire.sendall(b"X-%d: y\r\n" % number)
        time.sleep(0.1)


def drip_body(wire: socket.socket) -> None:
    """Send a body in the same way."""
    wire.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(200):
        wire.sendall(b"x")
        time.sleep(0.05)
