"""A whole copy of the archive while crawls write to it; refuses to call a copy a backup before it was checked."""

from __future__ import annotations

import contextlib
import glob
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from kwri_crawler.archive.checkup import search_damage
from kwri_crawler.archive.connection import BUSY_TIMEOUT_S
from kwri_crawler.archive.cures import ArchiveError, archive_error


@dataclass(frozen=True, slots=True)
class Backup:
    """What was written."""

    path: Path
    size: int  # bytes
    articles: int


def back_up(archive: Path, target: Path) -> Backup:
    """Copy the archive to `target`, whole or not at all; raises ArchiveError.

    VACUUM INTO reads one consistent moment and holds no writer up; a copy by pages, as `sqlite3 .backup` makes it,
    begins anew at every commit of a crawl and never ends, and `cp` copies a file that is torn.
    """
    if not archive.exists():
        raise ArchiveError(f"{archive}: there is no archive to back up; set ARCHIVE_PATH, or crawl first")
    if target.exists() and target.samefile(archive):
        raise ArchiveError(f"{target}: this is the archive itself; choose another file for its backup")
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_left(target)
        part.touch(mode=archive.stat().st_mode & 0o777)  # whoever may read the archive may read its copy
        with contextlib.closing(sqlite3.connect(archive, timeout=BUSY_TIMEOUT_S)) as source:
            source.execute("VACUUM INTO ?", (str(part),))
        with contextlib.closing(sqlite3.connect(part, isolation_level=None)) as copy:
            (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                raise ArchiveError(f"{archive}: its copy is damaged ({verdict}), so the archive is; keep older backups")
            if damage := search_damage(copy):
                raise ArchiveError(
                    f"{archive}: its search index is damaged ({damage}); run: scrapy doctor --mend-search"
                )
            (articles,) = copy.execute("SELECT count(*) FROM articles").fetchone()
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # the new name, too, must survive a power cut
        finally:
            os.close(folder)
    except (sqlite3.Error, OSError) as error:
        raise archive_error(f"{target}: the backup was not made", error) from error
    finally:
        part.unlink(missing_ok=True)
    return Backup(target, target.stat().st_size, articles)


def _remove_left(target: Path) -> None:
    """Remove what backups to the same file left that were killed: each is as large as the archive."""
    for path in target.parent.glob(f".{glob.escape(target.name)}.*.part"):
        try:
            os.kill(int(path.name.split(".")[-2]), 0)  # 0 only asks
        except ProcessLookupError:
            path.unlink(missing_ok=True)
        except (ValueError, OSError):  # not ours, or another user's
            continue
