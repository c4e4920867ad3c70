"""Look at a portal that is not in the catalogue yet, as politely as a crawl: home page, listings, three articles."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

import scrapy
from scrapy import Request
from twisted.python.failure import Failure

from kwri_crawler import scout
from kwri_crawler.catalogue import ListingKind, Portal, family_names
from kwri_crawler.items import Article, Page
from kwri_crawler.listings import ListingError, ListingPage, is_of_all_news, linked_listings, read_listing
from kwri_crawler.pages import Joining, PageError, read_page, recognise
from kwri_crawler.pages.decode import decode
from kwri_crawler.pages.source import Source
from kwri_crawler.scout import Candidate, Found, Scouted
from kwri_crawler.scout.regions import WIB
from kwri_crawler.spiders.answers import explain_failure, judge_answer
from kwri_crawler.spiders.crawl import refuse_address
from kwri_crawler.spiders.decide import MIN_LINKED
from kwri_crawler.spiders.portal import PortalSpider
from kwri_crawler.web.addresses import host_of, url_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.http import Response
    from scrapy.settings import BaseSettings

ARTICLES = 3  # that are read
MAX_SECTIONS = 8  # that the home page links and that are tried
MAX_TRIED = 14  # articles' addresses and listings that may fail before we leave the portal alone


@dataclass(frozen=True, slots=True)
class Sample:
    """One article's page, and what it was read as."""

    url: str
    page: Page | None  # null when none came
    family: str | None  # that its page shows
    article: Article | None  # as its reader left it; null when it could not be read
    trouble: str | None  # why there is no page or no article


@dataclass(slots=True)
class Report:
    """What a look at a portal found."""

    scouted: Scouted | None = None
    samples: list[Sample] = field(default_factory=list)
    trouble: str | None = None  # why there is nothing to write


class ScoutSpider(scrapy.Spider):
    """Asks for some twenty pages of one portal, one after the other, through the middlewares of every crawl."""

    name = "addportal"
    robots = None  # it remembers nothing of other looks
    # It keeps nothing, stores nothing and has no counts to show.
    custom_settings: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "KEEP_PAGES_DAYS": 0,
        "PROGRESS_INTERVAL_S": 0,
        "ITEM_PIPELINES": {},
    }

    def __init__(self, address: str, given: dict[str, str | None], told: Callable[[str], None]) -> None:
        super().__init__(self.name)
        self.address = address
        self.given = given  # name, zone, id, family: what the operator knows better
        self.told = told  # is called with what is being done
        self.report = Report()
        split = urlsplit(address)
        self.portal = Portal("scout", "Scout", f"{split.scheme}://{split.netloc}/", "general", None, WIB, ())

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Say who we are, as every crawl does."""
        super().update_settings(settings)
        PortalSpider.update_settings(settings)

    def refuse(self, url: str) -> str | None:
        """Say why an address is not asked for; null when it may be."""
        return refuse_address(url, self.portal)

    async def start(self) -> AsyncIterator[Any]:
        """Look at the portal; the answers come here, not to callbacks."""
        try:
            await self._look()
        except _Enough as enough:
            self.report.trouble = str(enough)
        return
        yield  # what makes this the generator that Scrapy wants

    async def _look(self) -> None:
        home = await self._get(self.portal.home)
        if isinstance(home, str):
            raise _Enough(f"{self.portal.home}: {home}")
        split = urlsplit(home.url)
        self.portal = replace(self.portal, home=f"{split.scheme}://{split.netloc}/", hosts=())
        html = _text(home)
        robots = await self._get(f"{self.portal.home}robots.txt")
        host = host_of(self.portal.home)
        name = self._given("name") or scout.name_of(html, host)
        scouted = Scouted(
            self.given.get("id") or scout.id_of(host),
            self.portal.home,
            name,
            self._given("family") or Found("general", ""),
            self._given("zone") or Found(WIB, ""),
            None,
        )
        self.report.scouted = scouted
        pages = await self._listings(scouted, home, "" if isinstance(robots, str) else _text(robots))
        if not any(page.entries for page in pages):
            pages += await self._child_sitemaps(pages)
        for url in self._article_urls(pages):
            await self._sample(url)
            if sum(sample.article is not None for sample in self.report.samples) == ARTICLES:
                break
        await self._conclude(scouted, host)

    async def _listings(self, scouted: Scouted, home: Response, robots: str) -> list[ListingPage]:
        pages: list[ListingPage] = []
        found: set[ListingKind] = set()
        failed: dict[ListingKind, list[str]] = {}
        for candidate in scout.candidates(_text(home), self.portal.home, robots):
            named = "robots.txt" in candidate.where  # a portal may publish two sitemaps, of news and of all
            if candidate.kind in found and not named:
                continue
            page = await self._listing(candidate)
            if isinstance(page, str):
                failed.setdefault(candidate.kind, []).append(f"{candidate.url}: {page}")
                continue
            found.add(candidate.kind)
            scouted.listings.append((candidate, len(page.entries) or len(page.more)))
            pages.append(page)
        if found <= {ListingKind.FEED}:
            pages += await self._linked(scouted, home, {entry.key for page in pages for entry in page.entries})
        if not pages:
            tried = [line for lines in failed.values() for line in lines]
            raise _Enough(
                "no listing was found, so a crawl would find no article. Tried:\n  "
                + "\n  ".join(tried)
                + "\nLook on the portal for a link to RSS or to all news (indeks), and add its path by hand:\n"
                '  listings = [{ kind = "feed", url = "/path" }]'
            )
        for kind in (ListingKind.FEED, ListingKind.SITEMAP):
            if kind not in found:
                scouted.missing.append(f'a {kind.value}; if there is one: {{ kind = "{kind.value}", url = "/path" }}')
        return pages

    async def _linked(self, scouted: Scouted, home: Response, known: set[str]) -> list[ListingPage]:
        """Try what the home page links, where no listing leads further back than a feed: all news, else sections."""
        pages: list[ListingPage] = []
        front: ListingPage | None = None
        with contextlib.suppress(ListingError):
            front = read_listing(ListingKind.INDEX, home.body, home.url, self.portal)
            keys = {entry.key for entry in front.entries}
            is_longer = bool(keys & known) and len(keys - known) >= len(known)  # it lists all, as Jekyll's does
            if (front.more or is_longer) and len(keys) >= MIN_LINKED:
                where = f"the home page, which {'leads on to' if front.more else 'names'} older articles"
                scouted.listings.append((Candidate(ListingKind.INDEX, self.portal.home, where), len(front.entries)))
                return [front]
        for url in linked_listings(home.body, home.url, self.portal)[:MAX_SECTIONS]:
            page = await self._listing(Candidate(ListingKind.INDEX, url, ""))
            if isinstance(page, str) or len(page.entries) < MIN_LINKED:
                continue
            is_all = is_of_all_news(url)
            where = f"{'all news' if is_all else 'a section'}, linked from the home page"
            scouted.listings.append((Candidate(ListingKind.INDEX, url, where), len(page.entries)))
            pages.append(page)
            if is_all:
                return pages
        if pages:
            scouted.missing.append(
                'a page of all news: sections may leave some out; if there is one: { kind = "index" }'
            )
        elif not known and front is not None and len(front.entries) >= MIN_LINKED:
            where = "the home page, as nothing else was found: it names the newest alone"
            scouted.listings.append((Candidate(ListingKind.INDEX, self.portal.home, where), len(front.entries)))
            scouted.missing.append('a page of older articles; if there is one: { kind = "index", url = "/path" }')
            return [front]
        return pages

    async def _listing(self, candidate: Candidate) -> ListingPage | str:
        self.told(f"{candidate.kind.value}: {candidate.url}")
        response = await self._get(candidate.url)
        if isinstance(response, str):
            return response
        if not 200 <= response.status < 300:
            return f"HTTP {response.status}"
        if url_key(response.url) == url_key(self.portal.home) and url_key(candidate.url) != url_key(response.url):
            return "redirected to the home page"
        try:
            page = read_listing(candidate.kind, response.body, response.url, self.portal)
        except ListingError as error:
            return str(error)
        own = any(self.refuse(entry.url) is None for entry in page.entries)
        return page if own or page.more else "it names no article of this portal"

    async def _child_sitemaps(self, pages: list[ListingPage]) -> list[ListingPage]:
        """Return the first children of a sitemap index that name articles, where no other listing names any."""
        children = [url for page in pages for url in page.more][:ARTICLES]
        read = [await self._listing(Candidate(ListingKind.SITEMAP, url, "")) for url in children]
        return [page for page in read if not isinstance(page, str)]

    def _article_urls(self, pages: list[ListingPage]) -> list[str]:
        """Return addresses to try: the one that was given, then those that the first listings name."""
        urls: dict[str, str] = {}
        if urlsplit(self.address).path.strip("/"):
            urls[url_key(self.address)] = self.address
        for page in pages:
            for entry in page.entries[:MAX_TRIED]:
                if self.refuse(entry.url) is None:
                    urls.setdefault(url_key(entry.url), entry.url)
        return list(urls.values())[:MAX_TRIED]

    async def _sample(self, url: str, *, further: bool = False) -> None:
        self.told(f"article: {url}")
        response = await self._get(url)
        if isinstance(response, str):
            self.report.samples.append(Sample(url, None, None, None, response))
            return
        trouble = judge_answer(response, self.portal)
        if trouble is not None:
            self.report.samples.append(Sample(url, None, None, None, trouble.reason))
            return
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        page = Page(response.url, response.body, content_type, datetime.now(UTC).replace(microsecond=0))
        family = recognise(Source.of(page))
        portal = replace(self.portal, family=family if family in family_names() else "general")
        try:
            sample = Sample(url, page, family, read_page(page, portal, further=further), None)
        except PageError as error:
            sample = Sample(url, page, family, None, error.reason)
        self.report.samples.append(sample)

    async def _conclude(self, scouted: Scouted, host: str) -> None:
        read = [sample.article for sample in self.report.samples if sample.article is not None]
        if not read:
            reasons = "\n  ".join(f"{sample.url}: {sample.trouble}" for sample in self.report.samples)
            raise _Enough(f"no article could be read:\n  {reasons}")
        api = next((c.url for c, _ in scouted.listings if c.kind.value == "wordpress"), None)
        pages = [decode(s.page.body, s.page.content_type) for s in self.report.samples if s.page is not None]
        zone, region = scout.zone_of(read, await self._api_zone(api), host, scouted.name.value, pages)
        scouted.zone = self._given("zone") or zone
        scouted.region = region
        shown = [sample.family for sample in self.report.samples if sample.article is not None]
        scouted.family = self._given("family") or scout.family_of(shown, family_names())
        if scouted.zone.is_guess:
            scouted.missing.append('the zone; if it is not Jakarta\'s: zone = "Asia/Makassar" or "Asia/Jayapura"')

    async def _api_zone(self, api: str | None) -> str | None:
        """Ask WordPress's interface for its zone, which it tells in its root."""
        if api is None:
            return None
        response = await self._get(api.replace("wp/v2/posts", ""))
        try:
            root = None if isinstance(response, str) else json.loads(response.body)
        except ValueError:
            return None
        return root.get("timezone_string") if isinstance(root, dict) else None

    async def _get(self, url: str) -> Response | str:
        """Return the answer to an address, or why there is none."""
        reason = self.refuse(url)
        if reason is not None:
            return reason
        engine = self.crawler.engine
        if engine is None:
            raise AssertionError("no engine runs the spider")
        request = Request(url, dont_filter=True)
        try:
            return await engine.download_async(request)
        except Exception as error:  # whatever it is, the operator is told of it and the next address is tried
            failure = Failure(error)  # type: ignore[no-untyped-call]
            return explain_failure(failure, request).reason or repr(error)

    def _given(self, key: str) -> Found | None:
        value = self.given.get(key)
        return Found(value, "given by hand") if value else None


class OnePage(ScoutSpider):
    """Asks for one article's pages, mostly one, and for the robots.txt of its host."""

    name = "readpage"

    async def _look(self) -> None:
        await self._sample(self.address)
        first = self.report.samples[0].article
        # Whether the article is whole is for the command to say, which reads the pages as their portal's.
        with contextlib.suppress(PageError):
            read = Joining.of(first) if first is not None else None
            while read is not None and read.next_url is not None:
                await self._sample(read.next_url, further=True)
                found = self.report.samples[-1]
                read = read.take(found.article) if found.article else read.failed(found.trouble or "no page came")


class _Enough(Exception):
    """There is nothing to write; says why, and what a person could do."""


def _text(response: Response) -> str:
    return decode(response.body, (response.headers.get("Content-Type") or b"").decode("latin-1"))
