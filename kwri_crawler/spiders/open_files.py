"""How many files and connections a harvest may hold open: the kernel refuses more, and crawls would end for it."""

from __future__ import annotations

import logging
import resource

logger = logging.getLogger(__name__)

# A lock, two answers under way, and connections that are kept for the next request to the hosts that a portal uses.
OF_A_CRAWL = 8
OF_A_PROCESS = 64  # the archive, the kept pages, reading processes, the log, libraries


def as_many_as_may(at_once: int) -> int:
    """Return how many crawls this process has descriptors for, at most `at_once`; asks for those that they may take."""
    descriptors = ask_for(needed(at_once))
    may = min(at_once, most_at_once(descriptors))
    if may < at_once:
        logger.warning(
            "%d portals are crawled at once, not %d: this process may open %d files, and %d would be needed; raise the"
            " limit (ulimit -Hn, LimitNOFILE=), or lower HARVEST_AT_ONCE", may, at_once, descriptors, needed(at_once),
        )  # fmt: skip
    return may


def needed(at_once: int) -> int:
    """Return how many descriptors so many crawls at once may take."""
    return OF_A_PROCESS + OF_A_CRAWL * at_once


def most_at_once(descriptors: int) -> int:
    """Return how many crawls so many descriptors are enough for; at least 1."""
    return max(1, (descriptors - OF_A_PROCESS) // OF_A_CRAWL)


def allowed() -> int:
    """Return how many descriptors this process may have at most, once it has asked for them."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return 1 << 30 if hard == resource.RLIM_INFINITY else hard


def ask_for(descriptors: int) -> int:
    """Raise this process's soft limit to so many, or as far as it may; return what the limit is then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= descriptors:
        return descriptors
    soft = min(descriptors, allowed())
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return soft
