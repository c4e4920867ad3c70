"""What CLUSTER and --cluster name: a scheduler, or processes of this machine; refuses what others could listen to.

Whoever can talk to a cluster can run code in it: beyond this machine there is TLS, or nothing.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from kwri_crawler.web.hosts import is_loopback

_EXAMPLE = "write tls://HOST:8786, tcp://127.0.0.1:8786 for a scheduler on this machine, or local:4 for 4 processes"


class AddressRefused(ValueError):
    """An address that is none, or that would be talked to without TLS; the message names it and says what would do."""


class Cluster(NamedTuple):
    """Where the workers of a harvest are."""

    scheduler: str | None  # its address; None for processes of this machine
    processes: int = 0  # of this machine; 0 with a scheduler


def read_cluster(text: str) -> Cluster:
    """Read the setting CLUSTER; raises AddressRefused."""
    local = re.fullmatch(r"local:([0-9]{1,3})", text)
    if local and int(local[1]):
        return Cluster(None, int(local[1]))
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or not port or parts.scheme not in ("tls", "tcp"):
        raise AddressRefused(f"{text}: not an address of a cluster; {_EXAMPLE}")
    if parts.scheme == "tcp" and not is_loopback(host):
        raise AddressRefused(f"{text}: without TLS anyone on the way could run code here; {_EXAMPLE}")
    return Cluster(text)
