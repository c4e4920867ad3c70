"""The public API for Python: read a printed date, read an article's page, open an archive; loads no Scrapy.

Names that the package `kwri_crawler` exports stay, with what they take and return; other modules may change.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from kwri_crawler import archive, clock, dates
from kwri_crawler.archive import ArchiveError, articles
from kwri_crawler.catalogue import Portal, read_catalogue
from kwri_crawler.copies import with_sketch
from kwri_crawler.dates import Refused, with_dates
from kwri_crawler.items import Article, Moment, Outcome, Page, Paging
from kwri_crawler.own_settings import SettingsError
from kwri_crawler.pages import Joining, PageError, named_address, read_page
from kwri_crawler.pages.cleaning import clean_article
from kwri_crawler.scout.regions import WIB
from kwri_crawler.web.addresses import canonical, http_fault

if TYPE_CHECKING:
    from kwri_crawler.archive import Database

__all__ = ["ArchiveError", "NotAnArticle", "ReadArticle", "Refused", "open_archive", "read_article", "read_date"]

_columns = cache(articles.column_names)


class NotAnArticle(ValueError):
    """Raised by read_article() when a page carries no article that can be read whole."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(outcome, reason)  # both, so that it can be pickled
        self.outcome = outcome  # what a crawl would count its address under: "unreadable", "gone", "refused", "failed"
        self.reason = reason  # in words: "the page is a list of articles"

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article as it was read from its page, cleaned and dated; nothing is stored."""

    article: Article  # every field, as kwri_crawler.items describes them

    @property
    def url(self) -> str:
        """Its own address: canonical where the page names a believable one."""
        return self.article.url

    @property
    def title(self) -> str:
        return self.article.title

    @property
    def author(self) -> str | None:
        return self.article.author

    @property
    def body(self) -> str:
        """Its paragraphs, parted by empty lines."""
        return "\n\n".join(self.article.paragraphs)

    @property
    def published(self) -> Moment | None:
        """When it was published; None when no date was read, and article.published_reason says why."""
        return self.article.published

    def as_dict(self) -> dict[str, Any]:
        """Return what `scrapy readpage --json` prints, ready for json.dumps().

        Its keys are the columns of the archive's table `articles`, None where only storing fills them; `tags` and
        `event_dates` (lists), `other_pages` (addresses of an article on several pages), `evidence` (field to where it
        was read). Moments are text: published_at in UTC, published_local with the portal's offset.
        """
        return as_object(self.article)


def read_date(text: str, zone: str = WIB, read_at: datetime | None = None) -> Moment | Refused:
    """Return the moment that a portal printed: "Kamis, 27 Juni 2024 | 14:10 WIB", "3 jam yang lalu", an ISO 8601 date.

    `zone` is the portal's IANA zone, for a date that prints none. `read_at` (aware; None for now) is when it was read:
    relative dates are counted from it, and what lies more than a day after it is refused. The moment's `at` is in UTC,
    `local` in the zone printed, `precision` says how exactly it is known. For a text that is no date return Refused
    with its `reason`, never a guess. Raises ValueError for an unknown zone or a naive `read_at`.
    """
    return dates.read_date(text, _known_zone(zone), _aware(read_at, "read_at"))


def read_article(
    html: bytes | str, url: str, zone: str | None = None, fetched_at: datetime | None = None
) -> ReadArticle:
    """Return the article that a page carries, as a crawl would read it, without the network.

    `html` is the page as it was received (its encoding is found) or as text, and `url` its absolute address: it says
    which portal of the catalogue the page is of, and resolves its links. Where it is none, as a file's name, the
    address that the page names as its own stands for it. `zone` is the IANA zone of dates that print none; None for the
    portal's own, Asia/Jakarta for a page of no known portal. `fetched_at` (aware; None for now) is when the page was
    received. Of an article on several pages it reads this one, and as_dict()["other_pages"] has the
    rest. Raises NotAnArticle with `outcome` and `reason`, and ValueError for a wrong argument, portal's file or
    settings.toml.
    """
    body = html.encode("utf-8", "replace") if isinstance(html, str) else html
    address = canonical(url)
    page = Page(address, body, "", _aware(fetched_at, "fetched_at"))
    if fault := http_fault(address):
        address = canonical(named_address(page) or "") if url.strip() and "://" not in url else ""
        if not address:
            raise ValueError(f"url {url!r}: {fault}; write it as https://host/path")
        page = replace(page, url=address)
    portal = portal_of(address, _catalogue())
    portal = replace(portal, zone=_known_zone(zone)) if zone is not None else portal
    try:
        read = read_page(page, portal)
        joined = Joining.of(read)
        article = read if joined.next_url is not None else joined.result()
        return ReadArticle(with_sketch(with_dates(clean_article(article))))
    except PageError as error:
        raise NotAnArticle(error.outcome, error.reason) from error


def open_archive(path: Path | str) -> Database:
    """Open the archive at `path` as a sqlite-utils Database, for reading and writing.

    An archive of an older version is migrated, one that is not there is made. Use the connection in one thread at a
    time. Raises ArchiveError, with what to do, for a file that is damaged, not ours, or written by a newer version.
    """
    return archive.open_archive(Path(path))


def portal_of(url: str, portals: tuple[Portal, ...]) -> Portal:
    """Return the portal on whose host an address is; else one that knows nothing: no family, no selectors, WIB."""
    unknown = Portal("", "", url, "general", None, WIB, ())
    return next((portal for portal in portals if portal.owns(url)), unknown)


@cache
def _catalogue() -> tuple[Portal, ...]:
    """Return the portals that the commands know too."""
    try:
        from kwri_crawler import settings  # reads settings.toml
    except SystemExit as error:
        raise SettingsError(str(error)) from error
    return read_catalogue(settings.PORTALS_PATH).portals


def as_object(article: Article) -> dict[str, Any]:
    """Return the columns of `articles`, null where only storing fills them, with tags and evidence."""
    row = articles.columns(article)
    found: dict[str, Any] = {name: row.get(name) for name in _columns()}
    for name in ("links", "published_flags"):
        found[name] = json.loads(found[name]) if found[name] else None
    found["portal"] = found["portal"] or None
    found["tags"] = list(article.tags)
    found["other_pages"] = list(_other_pages(article.paging)) if article.paging is not None else []
    found["event_dates"] = [event.day for event in article.event_dates]
    found["evidence"] = dict(article.evidence)
    if article.published and article.published.source:
        found["evidence"]["published_at"] = f"{article.published.source.value} {article.published.text}"
    return found


def _other_pages(paging: Paging) -> Iterator[str]:
    for number, url in ((1, paging.first), *enumerate(paging.further, 2), (0, paging.whole)):
        if url is not None and number != paging.number:
            yield url


def _known_zone(zone: str) -> str:
    try:
        ZoneInfo(zone)  # cached by itself
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"zone {zone!r}: not an IANA zone; Asia/Jakarta, Asia/Makassar or Asia/Jayapura") from error
    return zone


def _aware(at: datetime | None, name: str) -> datetime:
    if at is None:
        return clock.now().replace(microsecond=0)
    if at.tzinfo is None:
        raise ValueError(f"{name} {at}: has no zone; write datetime(..., tzinfo=UTC)")
    return at
