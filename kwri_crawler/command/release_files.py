"""Turn files, folders or a portal's own articles into releases; refuse those without a date."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, cast
from zoneinfo import ZoneInfo

from scrapy.exceptions import UsageError

from kwri_crawler import desk
from kwri_crawler.archive.extracts import Extract
from kwri_crawler.archive.releases import Release
from kwri_crawler.clock import moment_of
from kwri_crawler.dates import Refused
from kwri_crawler.desk.moments import At
from kwri_crawler.items import Precision
from kwri_crawler.web.addresses import url_key

_DAY_ALONE = ("day", "approximate")


class Source(StrEnum):
    """What says when a release was sent."""

    OPTION = "option"
    FILE_TIME = "file time"
    EMAIL = "e-mail"
    FILE_NAME = "file name"
    TEXT = "text"


class ReleaseFile(NamedTuple):
    """A file that may be a release."""

    path: Path
    name: str  # below the folder that was named
    unit: str | None  # the sub-folder that it is in


class NoDay(ValueError):
    """Nothing says when a release was sent."""

    def __init__(self, days: tuple[date, ...]) -> None:
        super().__init__(days)
        self.days = days  # that its text prints; two or more, or none


def read_at(opts: argparse.Namespace) -> At | str | None:
    """Return --at as a moment, "mtime", or None without it; raises UsageError."""
    if opts.at in (None, "mtime"):
        return cast("str | None", opts.at)
    if opts.portal:
        raise UsageError("--at is for files; articles of a portal have their own dates")
    at = desk.read_moment(opts.at, opts.zone)
    if isinstance(at, Refused):
        raise UsageError(f"--at {opts.at}: {at.reason}; write it as 2024-06-27T14:10, 2024-06-27, or mtime")
    return at


def files_of(paths: Iterable[Path]) -> Iterator[ReleaseFile]:
    """Yield the files that were named, and those in folders that may be releases, in order of their names."""
    for path in paths:
        if not path.is_dir():
            yield ReleaseFile(path, path.name, None)
            continue
        for file in sorted(path.rglob("*")):
            below = file.relative_to(path)
            hidden = any(part.startswith((".", "~$")) for part in below.parts)  # Word's own, of a file that is open
            if file.is_file() and not hidden and file.suffix.lower() in desk.NAMED_KINDS:
                yield ReleaseFile(file, below.as_posix(), below.parts[0] if len(below.parts) > 1 else None)


def sent_at(file: ReleaseFile, paper: desk.Paper, at: At | str | None, zone: str) -> tuple[At, Source]:
    """Return when a paper was sent, and what says so; raises NoDay."""
    if isinstance(at, At):
        return at, Source.OPTION
    if at == "mtime":
        local = datetime.fromtimestamp(file.path.stat().st_mtime, UTC).astimezone(ZoneInfo(zone))
        return At(local.replace(second=0, microsecond=0), Precision.MINUTE), Source.FILE_TIME
    if paper.sent_at is not None:
        return At(paper.sent_at.astimezone(ZoneInfo(zone)).replace(second=0), Precision.MINUTE), Source.EMAIL
    if named := desk.day_of_name(file.path.stem, zone):
        return named, Source.FILE_NAME
    printed = desk.printed_day(paper.paragraphs, zone)
    if isinstance(printed, At):
        return printed, Source.TEXT
    raise NoDay(printed)


def release_of(article: Extract, unit: str | None) -> Release:
    """Return an article of a desk's own portal as the release that it is."""
    precision = Precision.DAY if article.published_precision in _DAY_ALONE else Precision.MINUTE
    return Release(
        url_key(article.url), unit, article.title, tuple(article.body.split("\n\n")),
        moment_of(article.published_local or ""), precision, article.portal, article.id,
    )  # fmt: skip
