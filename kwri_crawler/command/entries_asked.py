"""Which portals `addportal` is to bring up: addresses, a file of them, rows of the directory, entries that are off."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from scrapy.exceptions import UsageError

from kwri_crawler.catalogue import Catalogue
from kwri_crawler.catalogue.directory import read_directory, search
from kwri_crawler.command.choosing import check_field
from kwri_crawler.scout.entries import Entry, EntryError, entries_known, once_each, read_entries
from kwri_crawler.screen import complain


def entries_asked(
    args: list[str], opts: argparse.Namespace, catalogue: Catalogue, fault_of_host: Callable[[str], str | None]
) -> list[Entry]:
    """Return what was asked for, each portal once; raises UsageError for what cannot be looked at."""
    try:
        found = read_entries("\n".join(args), fault_of_host)
        if opts.from_:
            found += read_entries(_text_of(opts.from_), fault_of_host)
    except EntryError as error:
        raise UsageError(f"{opts.from_ or 'addresses'}: {error}") from error
    if opts.province or opts.network:
        rows, off = read_directory(), [one for one in catalogue.portals if one.is_entry and not one.active]
        for name, field in (("province", "region"), ("network", "network")):
            if value := getattr(opts, name):
                check_field(name, value, {getattr(row, name) for row in rows} | {getattr(one, field) for one in off})
        rows = search(rows, province=opts.province or "", network=opts.network or "")
        if left_out := sum(bool(row.state) for row in rows):
            complain(f"{left_out} of {len(rows)} rows are left out: the directory says that they are no portals now")
        found += entries_known(rows, off, opts.province, opts.network)
    found = once_each(found)
    if not found:
        raise UsageError("there is no address to look at")
    return found


def _text_of(name: str) -> str:
    """Return a file's text, in UTF-8; raises UsageError."""
    try:
        body = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return body.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--from {name}: cannot be read: {error}") from error
