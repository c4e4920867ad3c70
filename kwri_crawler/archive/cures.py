"""What is wrong with the archive's file, and what an operator would do; chosen by errno and SQLite's codes."""

from __future__ import annotations

import errno
import sqlite3

from kwri_crawler.causes import Cause

_DISK = "free some disk space; nothing that was committed is lost"
_FAILING = "free some disk space; where there is enough, the disk is failing; nothing that was committed is lost"
_FOLDER = "let this user write the folder"
_CHOOSE = "let this user write the folder, or choose another {setting}"
_UNKNOWN = "look at the disk and at the file's permissions"

_BY_ERRNO = {
    errno.ENOSPC: _DISK,
    errno.EDQUOT: "free some of this user's disk space, or raise its quota; nothing that was committed is lost",
    errno.EACCES: _FOLDER,
    errno.EPERM: _FOLDER,
    errno.EROFS: "the disk is mounted read-only; mount it for writing, or choose another {setting}",
    errno.ENOTDIR: "choose another {setting}: a file stands where its folder should be",
    errno.EEXIST: "choose another {setting}: a file stands where its folder should be",
    errno.EISDIR: "choose another {setting}: this is a folder",
}
# Extended codes first: SQLite says "disk I/O error" when a full disk has no room for its -shm file (SHMSIZE), and when
# a quota is used up (WRITE).
_BY_SQLITE = {
    sqlite3.SQLITE_IOERR_SHMSIZE: _DISK,
    sqlite3.SQLITE_IOERR_WRITE: _FAILING,
    sqlite3.SQLITE_FULL: _DISK,
    sqlite3.SQLITE_READONLY: "let this user write the file and its folder",
    sqlite3.SQLITE_PERM: "let this user write the file and its folder",
    sqlite3.SQLITE_CANTOPEN: _CHOOSE,
    sqlite3.SQLITE_ERROR: "something is missing in it: `scrapy doctor` says what",
    sqlite3.SQLITE_NOTADB: "choose another {setting}, or restore the file from a backup",
    sqlite3.SQLITE_CORRUPT: "restore it from a backup",
    sqlite3.SQLITE_BUSY: "another program holds the file for writing; close it",
    sqlite3.SQLITE_LOCKED: "another program holds the file for writing; close it",
}
_OF_THE_DISK = frozenset((_DISK, _FAILING, _BY_ERRNO[errno.EDQUOT]))


class ArchiveError(Exception):
    """The archive cannot be trusted or written; the crawl must stop, and what was committed stays."""

    def __init__(self, message: str, cause: Cause = Cause.ARCHIVE) -> None:
        super().__init__(message)
        self.cause = cause  # DISK or ARCHIVE


def archive_error(what: str, error: Exception, setting: str = "ARCHIVE_PATH") -> ArchiveError:
    """Return the ArchiveError for an error of SQLite or the file system: what failed, why, the cure.

    `setting` names the file, for a cure that is to choose another one.
    """
    if isinstance(error, ArchiveError):
        return ArchiveError(f"{what}: {error}", error.cause)
    cure = _cure(error)
    cause = Cause.DISK if cure in _OF_THE_DISK else Cause.ARCHIVE
    return ArchiveError(f"{what}: {error}; {cure.format(setting=setting)}", cause)


def _cure(error: Exception) -> str:
    if isinstance(error, OSError):
        return _BY_ERRNO.get(error.errno or 0, _UNKNOWN)
    code = getattr(error, "sqlite_errorcode", 0)  # missing where Python's own part of sqlite3 complains
    return _BY_SQLITE.get(code) or _BY_SQLITE.get(code & 0xFF, _UNKNOWN)
