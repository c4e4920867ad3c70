"""Check an installation: each check returns ok, warn or fail, with a cure; asks no portal."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from scrapy.settings import SETTINGS_PRIORITIES

from kwri_crawler import home
from kwri_crawler import settings as package_settings
from kwri_crawler.archive import ArchiveError, checkup
from kwri_crawler.archive.connection import lost_archive
from kwri_crawler.clock import local_text
from kwri_crawler.kept.file import damage
from kwri_crawler.own_settings import SECRETS
from kwri_crawler.spiders import open_files
from kwri_crawler.version import __version__

OK, WARN, FAIL = "ok", "warn", "fail"
_CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    verdict: str  # ok, warn, fail
    text: str
    cure: str = ""  # empty when it is ok


def version_of(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def check_versions(python: tuple[int, ...], sqlite: tuple[int, ...], version_of: Callable[[str], str]) -> Check:
    """Compare what is installed with what is needed."""
    scrapy = version_of("scrapy")
    text = (
        f"kwri-crawler {__version__}, Python {_dotted(python)}, SQLite {_dotted(sqlite)}, Scrapy {scrapy or 'missing'}"
    )
    if python < (3, 11):
        return Check("versions", FAIL, text, "kwri-crawler needs Python 3.11 or newer")
    if sqlite < checkup.LEAST_SQLITE:
        return Check("versions", FAIL, text, f"use a Python built with SQLite {_dotted(checkup.LEAST_SQLITE)} or newer")
    if scrapy.split(".")[:2] != ["2", "19"]:
        return Check("versions", FAIL, text, "this release is made for Scrapy 2.19: make clean && make .venv/ready")
    return Check("versions", OK, text)


def _dotted(numbers: tuple[int, ...]) -> str:
    return ".".join(map(str, numbers))


def check_home() -> Check:
    """Say where this installation keeps what is its operator's."""
    how = "KWRI_HOME" if os.environ.get("KWRI_HOME") else "a checkout" if home.checkout() else "KWRI_HOME is not set"
    file = home.settings_path()
    return Check("home", OK, f"{home.home()} ({how}); settings: {file}" + ("" if file.exists() else " (none yet)"))


def where_settings_come_from(settings: Any) -> Iterator[Check]:
    """Name the settings that are not the package's, by where they come from; their values may be secret."""
    given = sorted(name for name in settings if settings.getpriority(name) >= SETTINGS_PRIORITIES["cmdline"])
    own = sorted(set(package_settings.own) - set(given))
    yield from check_secrets(home.settings_path(), own)
    for where, names in ((str(home.settings_path()), own), ("the command line", given)):
        if names:
            yield Check("settings", OK, f"from {where}: {', '.join(names)}")


def check_secrets(path: Path, own: Iterable[str]) -> Iterator[Check]:
    """Look for a settings.toml that holds secrets and that others may read."""
    secrets = sorted(set(own).intersection(SECRETS))
    if secrets and path.exists() and path.stat().st_mode & 0o077:
        yield Check("settings", WARN, f"others may read {path}, which has {', '.join(secrets)}", f"chmod 600 {path}")


def check_settings(settings: Any) -> Iterator[Check]:
    """Look for settings that harm portals or lose articles."""
    faults = 0
    for bad, verdict, text, what_to_do in (
        (not settings["CONTACT"], WARN, "CONTACT is empty: portals cannot tell you when a crawl troubles them",
         f'write CONTACT = "a mail address or a page" into {home.settings_path()}'),
        (not settings.getbool("ROBOTSTXT_OBEY"), FAIL, "ROBOTSTXT_OBEY is off", "turn it on"),
        (settings.getfloat("DOWNLOAD_DELAY") < 0.5, WARN, f"DOWNLOAD_DELAY is {settings['DOWNLOAD_DELAY']} s",
         "regional portals share small servers: leave it at 1.0"),
        (settings.get("JOBDIR") or settings.getbool("HTTPCACHE_ENABLED"), FAIL, "JOBDIR or HTTPCACHE_ENABLED is set",
         "remove it: later crawls would find nothing new"),
        (settings.getbool("TELNETCONSOLE_ENABLED") or settings.getbool("REMOTE_CONTROL_ENABLED"), FAIL,
         "a console that executes Python is open", "set TELNETCONSOLE_ENABLED and REMOTE_CONTROL_ENABLED to False"),
        (bool(settings.getdict("CONNECT_TO")), WARN, "CONNECT_TO is set: pages come from another place",
         "remove it, unless you crawl a mirror or the demo"),
    ):  # fmt: skip
        if bad:
            faults += 1
            yield Check("settings", verdict, text, what_to_do)
    if not faults:
        yield Check("settings", OK, f"contact {settings['CONTACT']}, {settings['DOWNLOAD_DELAY']} s between requests")


def check_open_files(at_once: int) -> Check:
    """Compare how many files this user's processes may open with what a harvest of so many portals at once may need."""
    may, need = open_files.allowed(), open_files.needed(at_once)
    text = f"a harvest of {at_once} portals at once may need {need} open files"
    if may >= need:
        return Check("files", OK, f"{text}, and may have them")
    return Check(
        "files", WARN, f"{text}; {may} are allowed, which is enough for {open_files.most_at_once(may)} portals",
        "raise the limit (ulimit -Hn, LimitNOFILE= in a unit), or lower HARVEST_AT_ONCE",
    )  # fmt: skip


def check_archive(archive: Path, full: bool) -> tuple[checkup.Checkup | None, list[Check]]:
    """Return what the archive's file says, None where it says nothing, and what was found of it."""
    if (unusable := _unusable(archive)) is not None:
        return None, [unusable]
    try:
        found = checkup.check_up(archive, full)
    except ArchiveError as error:
        return None, [Check("archive", FAIL, str(error), "scrapy backup --help says how to restore a copy")]
    if found.damage:
        text = f"{archive} is damaged: {found.damage}"
        return None, [Check("archive", FAIL, text, "restore a backup: scrapy backup --help")]
    return found, [_of_rows(archive, found, full), *_of_search(found), _of_schema(found), *_of_log(found)]


def _unusable(archive: Path) -> Check | None:
    """Return why there is nothing to look into; None where there is."""
    folder = next(parent for parent in archive.parents if parent.exists())
    if not os.access(folder, os.W_OK):
        return Check("archive", FAIL, f"{folder} cannot be written", "let this user write it, or set ARCHIVE_PATH")
    if not archive.exists():
        return Check("archive", WARN, f"{archive} is not there yet", "the first harvest makes it")
    if (lost := lost_archive(archive)) is not None:
        return Check("archive", FAIL, lost, "restore a backup: scrapy backup --help; a crawl would begin anew")
    return None


def _of_rows(archive: Path, found: checkup.Checkup, full: bool) -> Check:
    how = "every index agrees" if full else "quick check passed"
    if found.sampled is not None:
        how = f"{found.sampled} rows were read and found by their indexes (--full reads all)"
    size = archive.stat().st_size / 1e6
    return Check(
        "archive", OK, f"{archive}: {found.articles} articles of {found.portals} portals, {size:.1f} MB, {how}"
    )


def _of_search(found: checkup.Checkup) -> Iterator[Check]:
    if found.search:
        yield Check("search", FAIL, f"the search index is damaged: {found.search}", "scrapy doctor --mend-search")
    elif found.looked_up is not None:
        more = "--full compares all (it needs room for a copy)"
        yield Check("search", OK, f"{found.looked_up} articles were found in the search index; {more}")


def _of_schema(found: checkup.Checkup) -> Check:
    if found.newer:
        text = f"written by a newer release ({', '.join(found.newer)})"
        return Check("schema", FAIL, text, "upgrade kwri-crawler")
    if found.pending:
        text = f"of an older release; missing: {', '.join(found.pending)}"
        return Check("schema", WARN, text, "make a backup; the next harvest brings it up to date")
    return Check("schema", OK, "up to date")


def _of_log(found: checkup.Checkup) -> Iterator[Check]:
    if found.wal_bytes > 256 << 20:
        text = f"the write-ahead log holds {found.wal_bytes >> 20} MB"
        yield Check("log", WARN, text, "some program has been reading the archive for very long; close it")


def check_pages(path: Path, full: bool) -> Iterator[Check]:
    """Look into the file of kept pages, where there is one."""
    if path.exists():
        fault = damage(path, through=full or checkup.is_small(path))
        cure = "move it away: no article depends on it, and the next crawl begins a new one" if fault else ""
        text = f"{path} is damaged: {fault}" if fault else f"{path}, {path.stat().st_size / 1e6:.1f} MB"
        yield Check("pages", FAIL if fault else OK, text, cure)


def check_disk(archive: Path, least_mb: int) -> Check:
    """Compare free space with what a harvest and a backup need."""
    folder = next(parent for parent in archive.parents if parent.exists())
    free = shutil.disk_usage(folder).free >> 20
    size = (archive.stat().st_size >> 20) if archive.exists() else 0
    text = f"{free} MB free where the archive is"
    if free < least_mb:
        return Check("disk", FAIL, text, f"free some space: below {least_mb} MB (MIN_FREE_MB) no harvest begins")
    if free < 2 * size:
        return Check(
            "disk", WARN, f"{text}; the archive has {size} MB", "two copies must fit: one more, and its making"
        )
    return Check("disk", OK, text)


def check_clock(found: checkup.Checkup, now: datetime) -> Check:
    """Compare this machine's clock with what it wrote before."""
    latest = max((moment for moment in (found.newest_fetch, found.last_crawl) if moment), default=None)
    if latest is not None and latest > now + _CLOCKS_DIFFER:
        text = f"it is {local_text(now)} here, and the archive has rows from the future: of {local_text(latest)}"
        if found.latest_crawl is not None and found.latest_crawl <= now + _CLOCKS_DIFFER:  # it was put right since
            cure = "the clock was ahead once, and is no longer: nothing is to be done, portals are crawled all the same"
            return Check("clock", WARN, text, cure)
        cure = "if this clock is behind, set it (timedatectl set-ntp true); if it was ahead, crawl: scrapy harvest"
        return Check("clock", FAIL, text, cure)
    return Check("clock", OK, f"{local_text(now)}, after all that is in the archive")


def check_harvest(found: checkup.Checkup, now: datetime) -> Check:
    """See whether anything still runs."""
    if found.last_crawl is None:
        return Check(
            "harvest", WARN, "nothing was ever crawled", "scrapy harvest; to have it run hourly: scrapy deploy --help"
        )
    hours = (now - found.last_crawl).total_seconds() / 3600
    if hours > 26:
        return Check("harvest", WARN, f"the last crawl began {hours / 24:.1f} days ago",
                     "is the timer or cron line there? systemctl list-timers, or scrapy deploy --help")  # fmt: skip
    return Check("harvest", OK, f"the last crawl began {hours:.1f} hours ago")


def check_backups(archive: Path, now: datetime) -> Check:
    """See whether there is a copy to restore from."""
    copies = sorted((archive.parent / "backups").glob(f"{archive.stem}-*Z{archive.suffix}"))
    if not copies:
        return Check("backup", WARN, "no backup in backups/ beside the archive",
                     "scrapy backup --keep 14, every night; and a copy on another machine")  # fmt: skip
    age = now - datetime.fromtimestamp(copies[-1].stat().st_mtime, UTC)
    if age > timedelta(days=8):
        return Check(
            "backup", WARN, f"the newest, {copies[-1].name}, is {age.days} days old", "scrapy backup --keep 14"
        )
    return Check("backup", OK, f"{len(copies)}, the newest {copies[-1].name}")
