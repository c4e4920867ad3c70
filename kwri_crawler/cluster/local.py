"""A cluster of processes of this machine, for `--cluster local:N`."""

from __future__ import annotations

import logging

from distributed import LocalCluster, Security


def local_cluster(processes: int, threads: int, *, asynchronous: bool = False) -> LocalCluster:
    """Return it with so many threads a process, heard on loopback; by TLS where Dask's configuration asks for it."""
    return LocalCluster(
        n_workers=processes,
        threads_per_worker=threads,
        processes=True,
        host="127.0.0.1",
        security=Security(),
        dashboard_address=None,
        memory_limit=0,
        silence_logs=logging.ERROR,
        asynchronous=asynchronous,
    )
