"""What CLUSTER and --cluster name: a scheduler, or processes of this machine; refuses what others could listen to.

Whoever can talk to a cluster can run code in it: beyond this machine there is TLS, or nothing.
"""

from __future__ import annotations

import os
import re
from typing import NamedTuple
from urllib.parse import urlsplit

from kwri_crawler.web.hosts import is_loopback

MOST = max(64, os.cpu_count() or 1)  # processes of this machine: more would only push each other out of memory
_EXAMPLE = "write tls://HOST:8786, tcp://127.0.0.1:8786 for a scheduler on this machine, or local:4 for 4 processes"


class AddressRefused(ValueError):
    """An address that is none, or that would be talked to without TLS; the message names it and says what would do."""


class Cluster(NamedTuple):
    """Where the workers of a harvest are."""

    scheduler: str | None  # its address; None for processes of this machine
    processes: int = 0  # of this machine; 0 with a scheduler


def read_cluster(text: str) -> Cluster:
    """Read the setting CLUSTER; raises AddressRefused."""
    local = re.fullmatch(r"local:([0-9]+)", text)
    if local and 0 < int(local[1]) <= MOST:
        return Cluster(None, int(local[1]))
    if local and int(local[1]) > MOST:
        raise AddressRefused(f"{text}: this machine has {os.cpu_count()} cores; write local:{MOST} or less")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    # Nothing but these: Dask reads what stands beside them in another way, or raises in the middle of a harvest.
    if not host or not port or not re.fullmatch(r"(?:tls|tcp)://[^/?#@\s]+", text):
        raise AddressRefused(f"{text}: not an address of a cluster; {_EXAMPLE}")
    if parts.scheme == "tcp" and not is_loopback(host):
        raise AddressRefused(f"{text}: without TLS anyone on the way could run code here; {_EXAMPLE}")
    return Cluster(text)
