"""The options and arguments that several commands share, read and checked in one place."""

from __future__ import annotations

import argparse
import re
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from scrapy.exceptions import UsageError

from kwri_crawler.clock import read_day

if TYPE_CHECKING:
    from kwri_crawler.screen.spoken import Spoken

_LANG = "the language of what is printed (that of LANG, else en)"


def add_portal(parser: argparse.ArgumentParser, what: str) -> None:
    """Add --portal ID."""
    parser.add_argument("--portal", metavar="ID", help=what)


def add_days(parser: argparse.ArgumentParser, since: str, until: str) -> None:
    """Add --since DAY and --until DAY; days_of() reads them."""
    parser.add_argument("--since", metavar="DAY", type=day, help=since)
    parser.add_argument("--until", metavar="DAY", type=day, help=until)


def add_cluster(parser: argparse.ArgumentParser, what: str) -> None:
    """Add --cluster ADDRESS; ProjectCommand.cluster() reads it."""
    parser.add_argument("--cluster", metavar="ADDRESS", help=f"{what} (CLUSTER)")


def add_readers(parser: argparse.ArgumentParser) -> None:
    """Add --readers N; ProjectCommand.readers() reads it."""
    parser.add_argument("--readers", metavar="N", type=count, help="processes that read (default: READERS)")


def add_lang(parser: argparse.ArgumentParser, what: str = _LANG, default: str | None = None) -> None:
    """Add --lang; without a default, speaking() takes the language of the environment."""
    parser.add_argument("--lang", choices=("id", "en"), default=default, help=what)


def speaking(opts: argparse.Namespace) -> Spoken:
    """Return the words in the language that is asked for."""
    from kwri_crawler.screen.spoken import spoken  # it loads Babel, which JSON and CSV do not need

    return spoken(opts)


def add_zone(parser: argparse.ArgumentParser) -> None:
    """Add --zone, the clock of a desk's own days."""
    parser.add_argument("--zone", type=zone, default="Asia/Jakarta", help="the desk's clock (Asia/Jakarta)")


def days_of(opts: argparse.Namespace) -> tuple[str | None, str | None]:
    """Return --since and --until as the archive writes days, each None without the option; raises UsageError."""
    since, until = opts.since, opts.until
    if since is not None and until is not None and until < since:
        raise UsageError(f"--until {until}: this day is before --since {since}")
    return since and since.isoformat(), until and until.isoformat()


def day(text: str) -> date:
    """Read an option's day."""
    try:
        return read_day(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text}: {error}") from None


def count(text: str) -> int:
    """Read an option's number of things."""
    number = row(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text}: write 1 or more")
    return number


def row(text: str) -> int:
    """Read an option's number of a row; 0 stands before the first."""
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise argparse.ArgumentTypeError(f"{text}: not a number; write 1 or more")
    return int(text)


def zone(text: str) -> str:
    """Read an option's time zone."""
    if text not in available_timezones():
        raise argparse.ArgumentTypeError(f"{text}: not an IANA zone; Asia/Jakarta, Asia/Makassar or Asia/Jayapura")
    return text


def no_arguments(name: str, args: list[str], cure: str = "") -> None:
    """Raise UsageError when a command that takes options alone was given something else."""
    if args:
        raise UsageError(f"scrapy {name} takes no {args[0]!r}" + (f"; {cure}" if cure else ""))
