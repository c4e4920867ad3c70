"""Asks one portal for pages, one after the other, through the middlewares of every crawl; nothing is stored."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import scrapy
from scrapy import Request
from twisted.python.failure import Failure

from kwri_crawler.catalogue import ListingKind, Portal, family_names
from kwri_crawler.catalogue.json_api import JsonApi
from kwri_crawler.causes import Cause
from kwri_crawler.listings import ListingError, ListingPage, read_listing
from kwri_crawler.pages import PageError, read_page, recognise
from kwri_crawler.pages.own_address import named_host
from kwri_crawler.pages.source import Source
from kwri_crawler.scout.report import Enough, Report, Sample, Unanswered
from kwri_crawler.scout.scouted import Candidate
from kwri_crawler.spiders.answers import explain_failure, judge_answer, page_of
from kwri_crawler.spiders.crawl import refuse_address
from kwri_crawler.spiders.portal import PortalSpider
from kwri_crawler.web.addresses import host_of, refuse_reason, url_key
from kwri_crawler.web.hosts import is_public_host

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.http import Response
    from scrapy.settings import BaseSettings

LONGEST_S = 900.0  # that a look goes on; what is known then decides
_CHILDREN = 3  # of an index of sitemaps, that are read


class _Heard:
    """Keeps the one robots.txt that the middleware fetched: it is not asked for again to look for sitemaps."""

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}

    async def read(self, host: str) -> bytes | None:
        """Return the rules of a host that was asked in this look; earlier looks leave nothing."""
        return self.bodies.get(host)

    async def keep(self, host: str, body: bytes) -> None:
        """Keep a host's rules, as they came now."""
        self.bodies[host] = body


class Asker(scrapy.Spider):
    """Asks for pages of one portal and hands the answers back; a spider over it says in `look` which, and why."""

    # It keeps nothing, stores nothing and has no counts to show.
    custom_settings: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "KEEP_PAGES_DAYS": 0,
        "PROGRESS_INTERVAL_S": 0,
        "ITEM_PIPELINES": {},
    }

    def __init__(self, portal: Portal, told: Callable[[str], None]) -> None:
        super().__init__(self.name)
        self.portal = portal
        self.told = told  # is called with what is being done
        self.report = Report()
        self.robots = _Heard()
        self.roams = False  # while the home page is looked for, which may have moved to another host
        self._end = time.monotonic() + LONGEST_S

    async def look(self) -> None:
        """Ask, and write into the report; raises Enough where nothing more need be asked."""
        raise NotImplementedError

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Say who we are, as every crawl does."""
        super().update_settings(settings)
        PortalSpider.update_settings(settings)

    def refuse(self, url: str) -> str | None:
        """Say why an address is not asked for; null when it may be."""
        if self.roams and is_public_host(host_of(self.portal.home)):
            return refuse_reason(url, (*self.portal.hosts, host_of(url)))
        return refuse_address(url, self.portal)

    async def start(self) -> AsyncIterator[Any]:
        """Look at the portal; the answers come here, not to callbacks."""
        try:
            await self.look()
            self.report.ended = True
        except Enough as enough:
            self.report.judged, self.report.ended = enough.judged, True
        return
        yield  # what makes this the generator that Scrapy wants

    async def listing(
        self, candidate: Candidate, api: JsonApi | None = None
    ) -> tuple[ListingPage, Candidate] | Unanswered:
        """Return a listing's first page, and the listing by the address where redirects ended."""
        self.told(f"{candidate.kind.value}: {candidate.url}")
        response = await self.get(candidate.url)
        if isinstance(response, Unanswered):
            return response
        if not 200 <= response.status < 300:
            trouble = judge_answer(response, self.portal)
            return Unanswered(f"HTTP {response.status}", trouble.cause if trouble is not None else None)
        if url_key(response.url) == url_key(self.portal.home) and url_key(candidate.url) != url_key(response.url):
            return Unanswered("redirected to the home page", Cause.MOVED)
        try:
            page = read_listing(candidate.kind, response.body, response.url, self.portal, api=api)
        except ListingError as error:
            return Unanswered(str(error), Cause.UNREAD)
        if not (page.more or any(self.refuse(entry.url) is None for entry in page.entries)):
            return Unanswered("it names no article of this portal", Cause.UNREAD)
        return page, replace(candidate, url=response.url)

    async def child_sitemaps(self, pages: list[ListingPage]) -> list[ListingPage]:
        """Return the first children of a sitemap index that name articles, where no other listing names any."""
        children = [url for page in pages for url in page.more][:_CHILDREN]
        read = [await self.listing(Candidate(ListingKind.SITEMAP, url, "")) for url in children]
        return [answer[0] for answer in read if not isinstance(answer, Unanswered)]

    async def sample(self, url: str, *, further: bool = False) -> None:
        """Ask for an article's page, read it, and put both into the report."""
        self.told(f"article: {url}")
        response = await self.get(url)
        if isinstance(response, Unanswered):
            self.report.samples.append(Sample(url, None, None, None, response.reason, response.cause))
            return
        trouble = judge_answer(response, self.portal)
        if trouble is not None:
            self.report.samples.append(Sample(url, None, None, None, trouble.reason, trouble.cause))
            return
        page = page_of(response)
        source = Source.of(page)
        family = recognise(source)
        portal = replace(self.portal, family=family if family in family_names() else "general")
        try:
            article = read_page(page, portal, further=further)
            sample = Sample(url, page, family, article, None, named_host=named_host(source))
        except PageError as error:
            sample = Sample(url, page, family, None, error.reason, error.cause)
        self.report.samples.append(sample)

    async def get(self, url: str) -> Response | Unanswered:
        """Return the answer to an address, or why there is none."""
        reason = self.refuse(url)
        if reason is not None:
            return Unanswered(reason, Cause.RULE)
        if time.monotonic() > self._end:
            return Unanswered(f"left alone after {LONGEST_S / 60:.0f} minutes", Cause.TIME_OUT)
        engine = self.crawler.engine
        if engine is None:
            raise AssertionError("no engine runs the spider")
        request = Request(url, dont_filter=True)
        try:
            return await engine.download_async(request)
        except Exception as error:  # whatever it is, the operator is told of it and the next address is tried
            failure = Failure(error)  # type: ignore[no-untyped-call]
            trouble = explain_failure(failure, request)
            return Unanswered(trouble.reason or repr(error), trouble.cause)
