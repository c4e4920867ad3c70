"""How a crawl gets at its portal and at the archive: by a lock beside the archive's file and this process's one writer.

ARCHIVE_ACCESS names the class. On other machines `harvest --cluster` puts one in its place that asks the machine of
the archive; whatever crawls knows no more of either than stands here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar

from kwri_crawler.archive import Database, Writer, lock_portal
from kwri_crawler.archive.cures import archive_error
from kwri_crawler.catalogue import Portal
from kwri_crawler.causes import Cause
from kwri_crawler.items import KeptPage
from kwri_crawler.kept import Keeper, pages_path
from kwri_crawler.whole_file import let_group_read

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

P = ParamSpec("P")
T = TypeVar("T")

Stop = Callable[[str, str | None, Cause | None], None]  # ends the crawl early: the word, the reason, the cause


class ArchiveWriter(Protocol):
    """Runs functions of the archive, each in a transaction; see archive.Writer."""

    async def do(self, job: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `job(db, ...)` and return its result once it is on the disk; raises ArchiveError, or what the job did."""

    async def do_patiently(self, job: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do the same, in no hurry."""

    def do_now(self, job: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do the same where nothing can be awaited."""

    def close(self) -> None:
        """Leave the writer."""


class PageKeeper(Protocol):
    """Keeps pages as they were received; drops one rather than hold the crawl up."""

    def keep(self, page: KeptPage) -> None:
        """Take a page; never waits."""

    def forget(self, portal: str, url: str) -> None:
        """Have the pages of an address deleted."""


class Access(Protocol):
    """A portal that is this crawl's alone, and the archive that it is crawled into."""

    path: Path  # of the archive, on the machine that has it
    place: str | None  # where the portal is asked from; None for the machine of the archive
    writer: ArchiveWriter

    def open_keeper(self) -> PageKeeper | None:
        """Return who keeps this crawl's pages, once the crawl is in the archive's books; None if nobody does."""

    def check(self) -> None:
        """Raise ArchiveError when the portal may be another crawl's by now: nothing may be sent to it."""

    async def close(self) -> None:
        """Wait for the pages that are being kept, and give the portal back."""


class LocalAccess:
    """On the machine of the archive. The kernel holds the lock, for as long as this process lives."""

    place = None

    def __init__(self, portal: Portal, settings: BaseSettings, _: Stop) -> None:
        """Lock the portal and open the archive; raises PortalBusy, ArchiveError."""
        self._settings = settings
        self._keeper: Keeper | None = None
        self.path = Path(settings["ARCHIVE_PATH"]).absolute()
        try:
            self._lock = lock_portal(self.path, portal.id)
        except OSError as error:
            raise archive_error(f"{self.path}: the archive's folder cannot be written", error) from error
        self.writer = Writer.share(self.path)

    def open_keeper(self) -> Keeper | None:
        """Open the file of kept pages, unless KEEP_PAGES_DAYS is 0."""
        self._keeper = open_keeper(self.path, self._settings)
        return self._keeper

    def check(self) -> None:
        """Do nothing: a lock is lost with the process only."""

    async def close(self) -> None:
        """Write what waits, then leave the archive and the portal."""
        if self._keeper is not None:
            await asyncio.to_thread(self._keeper.close)
        self.writer.close()
        self._lock.close()


def open_keeper(archive: Path, settings: BaseSettings) -> Keeper | None:
    """Return who keeps pages beside an archive that is open, None if KEEP_PAGES_DAYS is 0; let the group read both."""
    on_opened = let_group_read if settings.getbool("GROUP_MAY_READ") else None
    if on_opened is not None:
        on_opened(archive)
    days = settings.getfloat("KEEP_PAGES_DAYS")
    return Keeper(pages_path(settings.get("PAGES_PATH"), archive), days, on_opened) if days > 0 else None
