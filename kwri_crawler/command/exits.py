"""The exit codes of all commands, one for each kind of failure."""

from __future__ import annotations

from enum import IntEnum

from kwri_crawler.archive import ArchiveError, Busy
from kwri_crawler.archive.searching import SearchError
from kwri_crawler.catalogue import CatalogueError
from kwri_crawler.missing import LibraryMissing
from kwri_crawler.notify.messages import AddressError
from kwri_crawler.whole_file import NotWritten


class Exit(IntEnum):
    """What a command ends with; `scrapy harvest` has its own, see HARVEST. docs/operating.md has the same table."""

    DONE = 0
    SETUP = 1
    ARGUMENT = 2
    PART = 3
    BUSY = 4
    ARCHIVE = 5


MEANINGS = {
    Exit.DONE: "done",
    Exit.SETUP: "a setting, a portal's file or an optional package is wrong or missing",
    Exit.ARGUMENT: "a wrong argument; nothing was done",
    Exit.PART: "not read, not found, or done in part",
    Exit.BUSY: "another process is at it",
    Exit.ARCHIVE: "the archive, or a file to write, fails: disk, permissions, damage, a newer schema",
}
# cron and systemd were told so from the first release on
HARVEST = {
    0: "every portal was read, to its end or until the time was over; or none was due",
    1: "some portals were not read (the table says why), or a signal ended the harvest",
    2: "nothing could be done: archive, disk, catalogue, or a wrong argument",
    4: "another harvest is running",
}
ENDS: tuple[tuple[type[BaseException], Exit], ...] = (
    (CatalogueError, Exit.SETUP),
    (LibraryMissing, Exit.SETUP),
    (SearchError, Exit.ARGUMENT),
    (AddressError, Exit.ARGUMENT),
    (Busy, Exit.BUSY),
    (ArchiveError, Exit.ARCHIVE),
    (NotWritten, Exit.ARCHIVE),
    (OSError, Exit.ARCHIVE),
)
