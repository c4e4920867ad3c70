"""Run the desk's web server on this machine, or on another address with a password, until it is stopped."""

from __future__ import annotations

import signal
import socket
from contextlib import suppress
from typing import Any

import uvicorn


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens, 0 for any free port; raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=64)


def address_of(listening: socket.socket) -> str:
    """Return where a browser finds it."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(app: Any, listening: socket.socket) -> None:
    """Answer until SIGINT or SIGTERM."""
    config = uvicorn.Config(app, log_level="error", lifespan="on", server_header=False, access_log=False)
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)  # uvicorn passes on what it was stopped by
    try:
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])
    finally:
        signal.signal(signal.SIGTERM, before)
        listening.close()
