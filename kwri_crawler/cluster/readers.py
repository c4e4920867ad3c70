"""`scrapy reread --cluster`: workers read kept pages; whatever needs the archive stays with who asks."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from concurrent.futures import CancelledError, Future
from typing import TYPE_CHECKING, Any

from distributed import Client, KilledWorker

from kwri_crawler.cluster.address import read_cluster
from kwri_crawler.cluster.given import settings_here, settings_sent
from kwri_crawler.cluster.local import local_cluster
from kwri_crawler.cluster.reach import reach
from kwri_crawler.cluster.wire import code_version, pack, unpack
from kwri_crawler.reading.kept_reader import AT_ONCE, Job, KeptPageReader, Read, Readers, ReadersLost

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

CONNECT_S = 30.0  # to the scheduler
SLICE = 100  # pages, as reading.kept_pages has it


class ClusterReaders(Readers):
    """The workers of a cluster, by Dask's own Executor: pages of a worker that dies are given to another one."""

    def __init__(self, cluster: str, settings: BaseSettings) -> None:
        """Reach the cluster; raises ReadersLost."""
        self._sent = pack(settings_sent(settings))
        self._ends = contextlib.ExitStack()
        at = read_cluster(cluster)
        try:
            scheduler: Any = at.scheduler
            if scheduler is None:
                scheduler = self._ends.enter_context(local_cluster(at.processes, 1))
            else:
                asyncio.run(reach(scheduler, CONNECT_S))
            client = self._ends.enter_context(Client(scheduler, timeout=CONNECT_S, set_as_default=False))
            client.wait_for_workers(1, timeout=CONNECT_S)
        except OSError as error:
            self._ends.close()
            raise ReadersLost(f"{cluster}: the cluster cannot be reached: {error}") from error
        threads = sum(client.nthreads().values())
        self.ahead = 1 + threads * AT_ONCE // SLICE
        self._executor = client.get_executor(pure=False)

    def close(self) -> None:
        """Leave the cluster; processes of this machine end."""
        self._ends.close()

    def _submit(self, jobs: list[Job]) -> Future[list[Read]]:
        asked: Future[list[Read]] = self._executor.submit(read, code_version(), self._sent, jobs)
        return asked

    def _result(self, asked: Future[list[Read]]) -> list[Read] | None:
        try:
            return asked.result()
        except KilledWorker:  # Dask gave it to several, and each died
            return None
        except CancelledError as error:
            raise ReadersLost("the scheduler of the cluster is lost") from error
        except OtherCode as error:
            raise ReadersLost(str(error)) from error

    def _begin_anew(self) -> None:
        """Do nothing: whoever started the worker starts it again."""


# ---------------------------------------------------------------------- on a worker


class OtherCode(Exception):
    """A worker runs another version; the message names both."""


_readers: dict[bytes, KeptPageReader] = {}  # by the settings that were sent
_lock = threading.Lock()


def read(version: str, sent: bytes, jobs: list[Job]) -> list[Read]:
    """Read some pages; raises OtherCode. The task of a Dask worker, which its nanny replaces if a page ends it."""
    if version != code_version():
        raise OtherCode(f"a worker runs kwri-crawler {code_version()}, and this machine {version}: install one")
    with _lock:
        if sent not in _readers:
            _readers[sent] = KeptPageReader(settings_here(unpack(sent)))
        reader = _readers[sent]
    return reader.read_some(jobs)
