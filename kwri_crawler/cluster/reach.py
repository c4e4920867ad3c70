"""Whether a scheduler can be talked to, looked at first: of a wrong certificate Dask names neither key nor file, and it
waits without end for one that took the connection and says nothing.
"""

from __future__ import annotations

import asyncio

from distributed import Security
from distributed.core import rpc

from kwri_crawler.cluster.address import AddressRefused, read_cluster

_TLS = "distributed.comm.tls"
_WHERE = "docs/cluster.md has the lines of /etc/dask/kwri.yaml"


def check_security(cluster: str) -> None:
    """Raise AddressRefused where Dask's configuration does not fit an address of CLUSTER; the message says what would.

    A head is a client of the scheduler, and listens with the same certificate.
    """
    own, scheduler = Security(), read_cluster(cluster).scheduler
    is_tls = own.require_encryption if scheduler is None else scheduler.startswith("tls:")
    if not is_tls:
        if own.require_encryption:
            raise AddressRefused(
                f"{cluster}: Dask's configuration refuses what is not encrypted (distributed.comm.require-encryption);"
                " write tls:// here, or set it to false there"
            )
        return
    tls = own.get_tls_config_for_role("client")
    files = {f"{_TLS}.ca-file": tls["ca_file"], f"{_TLS}.client.cert": tls["cert"], f"{_TLS}.client.key": tls["key"]}
    if missing := [key for key, file in files.items() if not file and not key.endswith(".key")]:
        raise AddressRefused(f"{cluster}: Dask's configuration has no {' and no '.join(missing)}; {_WHERE}")
    for key, file in files.items():
        try:
            if file and "\n" not in file:  # else it is the certificate itself
                with open(file, "rb"):
                    pass
        except OSError as error:
            raise AddressRefused(f"{cluster}: {key}: {file}: {error.strerror}; {_WHERE}") from error
    try:
        own.get_connection_args("client")
    except (OSError, ValueError) as error:
        text = f"{', '.join(files)}: these files are no pair, or no certificates: {error}"
        raise AddressRefused(f"{cluster}: {text}; {_WHERE}") from error


async def reach(scheduler: str, within_s: float) -> None:
    """Have a scheduler say who it is; raises OSError when it does not within so many seconds."""
    security = Security().get_connection_args("client")
    try:
        async with asyncio.timeout(within_s), rpc(scheduler, timeout=within_s, connection_args=security) as asked:
            who = await asked.identity()
    except TimeoutError as error:
        raise OSError(f"{scheduler}: no answer within {within_s:g} s, or none of a scheduler") from error
    except OSError as error:  # what failed stands behind it: a certificate, a name, a port
        raise OSError(f"{error.__cause__ or error}") from error
    if who.get("type") != "Scheduler":
        raise OSError(f"{scheduler}: this is no scheduler of Dask, but a {who.get('type')}")
