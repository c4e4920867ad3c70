"""Other processes for work that is pure: what they all begin with, and a map() whose answers come in order."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import connection, get_context, parent_process
from typing import Any

_AHEAD = 3  # things a process that are handed out before the first answer is waited for


@contextmanager
def in_processes(count: int) -> Iterator[Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]]:
    """Give a map() that works in so many processes; for one it is the built-in map, which works here.

    Raises OSError where a process dies: what it was asked for is pure, so nothing is lost but time.
    """
    if count < 2:
        yield map
        return
    pool = ProcessPoolExecutor(count, get_context("spawn"), begin_beside)
    try:
        yield lambda function, things: _spread(pool, count, function, things)
    finally:
        pool.shutdown(cancel_futures=True)


def _spread(
    pool: ProcessPoolExecutor, count: int, function: Callable[[Any], Any], things: Iterable[Any]
) -> Iterator[Any]:
    asked: deque[Future[Any]] = deque()
    try:
        for thing in things:
            asked.append(pool.submit(function, thing))
            if len(asked) > _AHEAD * count:
                yield asked.popleft().result()
        for future in asked:
            yield future.result()
    except BrokenProcessPool as error:
        raise OSError("a process that worked beside this one died; try again with --readers 1") from error


def begin_beside() -> None:
    """Make a process ready to work for another: Ctrl-C is for that one, and with that one this one ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)  # a pool's process would wait for ever for what it is asked next
