"""The only room that speaks SQL: one SQLite file with every article and the ledger of every address.

Whatever writes is a function of `crawls`, `ledger`, `articles` or another part that a `Writer` runs:
`await writer.do(ledger.settle, ...)`.
"""

from sqlite_utils import Database

from kwri_crawler.archive import (
    answers,
    articles,
    backfills,
    crawls,
    dates,
    forgetting,
    health,
    ledger,
    listings,
    plan,
    rereads,
    revisions,
    stories,
    verifications,
    visits,
)
from kwri_crawler.archive.connection import open_archive, reading, transaction
from kwri_crawler.archive.crawls import portal_ids
from kwri_crawler.archive.cures import ArchiveError
from kwri_crawler.archive.lock import Busy, PortalBusy, lock_harvest, lock_portal
from kwri_crawler.archive.writer import Writer

__all__ = [
    "ArchiveError",
    "Busy",
    "Database",
    "PortalBusy",
    "Writer",
    "answers",
    "articles",
    "backfills",
    "crawls",
    "dates",
    "forgetting",
    "health",
    "ledger",
    "listings",
    "lock_harvest",
    "lock_portal",
    "open_archive",
    "plan",
    "portal_ids",
    "reading",
    "rereads",
    "revisions",
    "stories",
    "transaction",
    "verifications",
    "visits",
]
