"""Serves the demo portal under several hosts for newcomer.py, and prints where, as JSON; a signal ends it."""

from __future__ import annotations

import json
import signal
import sys
from contextlib import ExitStack

from tests.sites.varient import VarientPortal


def main(hosts: list[str]) -> None:
    """Serve until a signal comes."""
    with ExitStack() as servers:
        portals = {host: servers.enter_context(VarientPortal(host=host)) for host in hosts}
        print(json.dumps({host: portal.address for host, portal in portals.items()}), flush=True)
        signal.pause()


if __name__ == "__main__":
    main(sys.argv[1:])
