"""`scrapy doctor --cluster`: do workers equal this machine, are their clocks right, do they reach it? Changes none."""

from __future__ import annotations

import asyncio
import platform
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from distributed import Client, Security, Worker
from distributed.core import Server, rpc

from kwri_crawler.catalogue import CatalogueError, Portal, read_catalogue
from kwri_crawler.cluster.address import AddressRefused, read_cluster
from kwri_crawler.cluster.drive import address_of_head
from kwri_crawler.cluster.reach import check_security, reach
from kwri_crawler.cluster.wire import code_version

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

CONNECT_S = 10.0
CLOCKS_DIFFER_S = 30.0  # "5 menit lalu" is counted from a worker's clock


class Finding(NamedTuple):
    """What is to be said, as `scrapy doctor` has it."""

    name: str
    verdict: str  # ok, warn, fail
    text: str
    cure: str = ""  # empty when it is ok


class NotReached(Exception):
    """The scheduler did not answer; the message says what came instead."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A worker, as it answered."""

    name: str
    places: frozenset[str]
    threads: int
    code: str | None  # "kwri-crawler 0.1.0 (...), Python 3.11, distributed 2026.8.0"; None if it could not say
    ahead_s: float  # of its clock, compared with this machine's; give or take the way there
    reaches: bool  # the address at which the head would listen
    trouble: str = ""  # why it could not say


def own_code() -> str:
    """Return what a worker must be equal to."""
    python = ".".join(platform.python_version_tuple()[:2])
    return f"kwri-crawler {code_version()}, Python {python}, distributed {version('distributed')}"


async def about(address: str, dask_worker: Worker | None = None) -> tuple[str, float, bool]:
    """Return a worker's code, its clock (seconds since 1970), and whether it reaches an address. Runs on a worker.

    Dask gives a function the worker that runs it if it has an argument of this name.
    """
    if dask_worker is None:
        raise AssertionError("not run by Dask")
    clock_s = time.time()
    try:
        async with rpc(address, timeout=CONNECT_S, connection_args=dask_worker.connection_args) as head:
            await head.identity()
        reaches = True
    except OSError:
        reaches = False
    return own_code(), clock_s, reaches


def examine(address: str, settings: BaseSettings) -> Iterator[Finding]:
    """Yield what there is to say of a cluster and its workers."""
    least_s = 3 * settings.getfloat("DOWNLOAD_TIMEOUT")
    if settings.getfloat("LEASE_S") < least_s:
        text = f"LEASE_S is {settings['LEASE_S']}: a request may take longer than the third of it that is left for it"
        yield Finding("cluster", "warn", text, f"set LEASE_S to {least_s:g} or more (three times DOWNLOAD_TIMEOUT)")
    try:
        check_security(address)
    except AddressRefused as error:
        yield Finding("cluster", "fail", str(error), "correct Dask's configuration, on every machine, or CLUSTER")
        return
    scheduler = read_cluster(address).scheduler
    if scheduler is None:
        yield Finding("cluster", "ok", f"{address}: processes of this machine")
        return
    try:
        machines = look(scheduler, settings["CLUSTER_HEAD"])
    except NotReached as error:
        cure = "start `dask scheduler`, or correct CLUSTER; with tls:// look at distributed.comm.tls of Dask's files"
        yield Finding("cluster", "fail", f"{scheduler}: the scheduler cannot be reached: {error}", cure)
        return
    how = "by TLS" if urlsplit(scheduler).scheme == "tls" else "on this machine"
    text = f"{scheduler}, {how}: {len(machines)} workers, {sum(one.threads for one in machines)} portals at once"
    start = f"dask worker {scheduler}"
    yield Finding("cluster", "ok" if machines else "fail", text, "" if machines else start)
    yield from compare(machines, own_code())
    yield from places(machines, _portals(settings), start)


def compare(machines: Iterable[Machine], own: str) -> Iterator[Finding]:
    """Yield what is wrong with workers; own is the code of this machine."""
    for one in machines:
        name = f"worker {one.name}"
        if one.code != own:
            text = f"{name} runs {one.code}" if one.code else f"{name} does not answer: {one.trouble}"
            yield Finding("cluster", "fail", f"{text}; here is {own}", "install the same release there, with [cluster]")
        if one.code and not one.reaches:
            cure = "open the way from there to here for the port of CLUSTER_HEAD, and set CLUSTER_HEAD"
            yield Finding("cluster", "fail", f"{name} cannot reach this machine", cure)
        if abs(one.ahead_s) > CLOCKS_DIFFER_S:
            text = f"{name}: its clock is {abs(one.ahead_s):.0f} s {'ahead' if one.ahead_s > 0 else 'behind'}"
            yield Finding("cluster", "warn", text, "set it: timedatectl set-ntp true")


def places(machines: Iterable[Machine], portals: Iterable[Portal], start: str) -> Iterator[Finding]:
    """Yield whether each place that portals are to be asked from has a worker."""
    offered = frozenset(place for one in machines for place in one.places)
    needed = Counter(portal.place for portal in portals if portal.active and portal.place is not None)
    for place, count in sorted(needed.items()):
        text = f"place {place}: {count} portals"
        cure = f'{start} --resources "{place}=16" on a machine there'
        is_there = place in offered
        yield Finding("cluster", "ok", text) if is_there else Finding("cluster", "warn", f"{text}, no worker", cure)


def _portals(settings: BaseSettings) -> tuple[Portal, ...]:
    try:
        return read_catalogue(settings["PORTALS_PATH"]).portals
    except CatalogueError:  # another line says so
        return ()


def look(scheduler: str, head: str) -> list[Machine]:
    """Return the workers of a scheduler; head is CLUSTER_HEAD. Raises NotReached."""
    return asyncio.run(_look(scheduler, head))


async def _look(scheduler: str, given: str) -> list[Machine]:
    security = Security()
    here = Server({}, connection_args=security.get_connection_args("client"), needs_workdir=False)
    try:
        await reach(scheduler, CONNECT_S)
        await here.listen(address_of_head(scheduler, given), **security.get_listen_args("client"))
        async with Client(scheduler, asynchronous=True, timeout=CONNECT_S, set_as_default=False) as client:
            if client.scheduler is None:
                raise NotReached("the scheduler was lost")
            known: dict[str, Any] = (await client.scheduler.identity(n_workers=-1))["workers"]
            sent_s = time.time()
            told = await client.run(about, here.address, on_error="return")
            middle_s = (sent_s + time.time()) / 2
    except OSError as error:
        raise NotReached(str(error) or repr(error)) from error
    finally:
        await here.close()
    return [_machine(known[address], told.get(address), middle_s) for address in sorted(known)]


def _machine(worker: dict[str, Any], told: Any, middle_s: float) -> Machine:
    name, places, threads = str(worker["name"]), frozenset(worker["resources"]), int(worker["nthreads"])
    if not isinstance(told, tuple):
        return Machine(name, places, threads, None, 0.0, reaches=False, trouble=repr(told)[:200])
    code, clock_s, reaches = told
    return Machine(name, places, threads, code, clock_s - middle_s, reaches)
