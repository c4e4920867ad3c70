"""Run the watches on new articles, send each receiver its digest, and record who received it.

In this order: what is to be told is in the archive before it is sent, and marked after it was taken. A kill between
the two sends one message twice; nothing is lost.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from kwri_crawler.archive import Writer, alerts, watches
from kwri_crawler.missing import LibraryMissing
from kwri_crawler.notify import messages
from kwri_crawler.notify.digests import MOST_STORIES, write_digest, write_told

logger = logging.getLogger(__name__)

MOST_S = 300.0  # of all messages together: the next harvest has to begin


class Told(NamedTuple):
    """What became of one digest."""

    watch: str
    to: str  # a name of NOTIFY
    stories: int
    failed: str | None  # why it was not taken; None if it was


def check(writer: Writer, addresses: Mapping[str, str]) -> None:
    """Raise AddressError or LibraryMissing where a watch could not be told; nothing is sent."""
    names = {name: None for send in writer.do_now(watches.receivers).values() for name in send}
    messages.check(addresses, names)


def run(writer: Writer, addresses: Mapping[str, str], now: datetime, lang: str) -> tuple[list[Told], list[str]]:
    """Let all watches look, send what waits; return what became of it, and the searches that are not understood.

    What was not taken goes with the next run; a host that did not answer in time is asked once a run. Raises
    ArchiveError.
    """
    faults = [f"watch {name}: {error}" for name, error in writer.do_now(watches.look, now)]
    for fault in faults:
        logger.warning("%s", fault)
    told: list[Told] = []
    late: dict[str, str] = {}
    began = time.monotonic()
    for digest in writer.do_now(alerts.waiting, MOST_STORIES):
        address = addresses.get(digest.to)
        if address is None:
            failed: str | None = messages.Failed.NO_NAME
        elif time.monotonic() - began > MOST_S:
            failed = messages.Failed.NO_TIME
        elif digest.to in late:
            failed = late[digest.to]
        else:
            failed = _send(address, *write_digest(digest, lang))
            if failed == messages.Failed.LATE:
                late[digest.to] = failed
        if failed is None:
            writer.do_now(alerts.mark, digest)
        else:
            logger.warning(
                "%s: watch %s: could not be told: %s", messages.label(digest.to, address or ""), digest.watch, failed
            )
        told.append(Told(digest.watch, digest.to, digest.number, failed))
    return told, faults


def _send(address: str, title: str, text: str) -> str | None:
    try:
        return messages.send(address, title, text)
    except LibraryMissing as error:
        return str(error)


def as_lines(told: list[Told], lang: str = "en") -> list[str]:
    """Write what became of digests, a line each."""
    return [write_told(one.watch, one.to, one.stories, one.failed, lang) for one in told]
