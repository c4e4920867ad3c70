"""What is to be done next with a portal's listings, from what a page named and what is known; pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from kwri_crawler.archive.answers import Condition
from kwri_crawler.archive.listings import State
from kwri_crawler.catalogue import Listing


@dataclass(slots=True)
class Walk:
    """One listing being read from its top."""

    listing: Listing
    row: int
    began: int  # the newest row of the ledger when it began
    state: State | None  # what was known of it before; null if it was never tried
    tells: bool | None = None
    pages: int = 0
    to_read: list[str] = field(default_factory=list)  # further pages of it that are known
    met: set[str] = field(default_factory=set)  # pages of it that were asked for
    named: set[str] = field(default_factory=set)  # keys of all that its pages named
    barren: int = 0  # its last pages that named nothing that those before did not
    on_ground: bool = False  # it met known ground
    paged: bool = False  # its pages lead to every article
    changed_at: datetime | None = None  # the newest change that it told
    url: str = ""  # of the request under way
    condition: Condition | None = None  # of that request
    suspected: bool = False  # its first page of the newest was compared with the archive
