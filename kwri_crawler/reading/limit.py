"""How long a page may be read: a process in which one takes longer ends, as from a fault in a C library."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

# Seconds of the process's own CPU, so that neither a busy machine nor one that sleeps costs a page. The slowest pages
# known, of megabytes, take under 1 s, and a small machine ten times that; only one that never ends takes longer.
PAGE_CPU_S = 30.0


@contextmanager
def limited() -> Iterator[None]:
    """End this process, by SIGPROF, where one page takes longer than PAGE_CPU_S.

    No exception: extractors would catch it, and a loop in C never looks for one. What a process that ends costs is
    settled already.
    """
    signal.setitimer(signal.ITIMER_PROF, PAGE_CPU_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
