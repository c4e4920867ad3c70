"""Look at a portal that is not in the catalogue yet, as politely as a crawl: home page, listings, three articles."""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

import scrapy
from scrapy import Request
from twisted.python.failure import Failure

from kwri_crawler import scout
from kwri_crawler.catalogue import ListingKind, Portal, family_names
from kwri_crawler.causes import Cause
from kwri_crawler.items import Article, Page
from kwri_crawler.json_api import JsonApi
from kwri_crawler.listings import ListingError, ListingPage, is_of_all_news, linked_listings, read_listing
from kwri_crawler.pages import Joining, PageError, read_page, recognise
from kwri_crawler.pages.decode import decode
from kwri_crawler.pages.moved import moved_to
from kwri_crawler.pages.own_address import named_host
from kwri_crawler.pages.source import Source
from kwri_crawler.scout import NO_HINTS, Candidate, Found, Hints, Scouted
from kwri_crawler.scout.landing import (
    doubt_about,
    is_first_install,
    is_first_post,
    judge_filler,
    says_little,
    what_lives,
)
from kwri_crawler.scout.newsrooms import slug_of
from kwri_crawler.scout.regions import WIB
from kwri_crawler.scout.trades import judge_headlines
from kwri_crawler.scout.verdicts import Judged, Verdict, verdict_of, verdict_of_all
from kwri_crawler.spiders.answers import explain_failure, judge_answer, page_of, refresh_of
from kwri_crawler.spiders.crawl import refuse_address
from kwri_crawler.spiders.decide import MIN_LINKED
from kwri_crawler.spiders.portal import PortalSpider
from kwri_crawler.web.addresses import host_of, refuse_reason, url_key
from kwri_crawler.web.hosts import bare_host, is_public_host

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.http import Response
    from scrapy.settings import BaseSettings

ARTICLES = 3  # that are read
_HEADLINES = 40  # of the newest, which may show what a site sells
MAX_SECTIONS = 8  # that the home page links and that are tried
MAX_TRIED = 14  # articles' addresses and listings that may fail before we leave the portal alone
_API = re.compile(r"<(https?://[^<>\s]{1,500})>\s{0,9};\s{0,9}rel=\"?https://api\.w\.org/\"?")
_UNSPACED, _MANY_SIGNS = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff]"), 200  # Thai, Japanese, Chinese
_A_STUB, _FEW_LINKS = 20_000, 2  # bytes and links of a page that only sends its reader on
_ENTRY = "its network's file"
LONGEST_S = 900.0  # that a look goes on; what is known then decides


@dataclass(frozen=True, slots=True)
class Sample:
    """One article's page, and what it was read as."""

    url: str
    page: Page | None  # null when none came
    family: str | None  # that its page shows
    article: Article | None  # as its reader left it; null when it could not be read
    trouble: str | None  # why there is no page or no article
    cause: Cause | None = None  # the same for programs; null where an article was read, and where nothing tells
    named_host: str | None = None  # another one, which its page names as its own


@dataclass(slots=True)
class Report:
    """What a look at a portal found."""

    scouted: Scouted | None = None
    samples: list[Sample] = field(default_factory=list)
    named: list[str] = field(default_factory=list)  # articles' addresses, as the first listings name them
    judged: Judged | None = None  # why there is nothing to write; null where there is, and if the look did not end
    moved_to: str | None = None  # the home page to which this one sends its readers
    cause: Cause | None = None  # why the home page did not come; null if it came
    doubt: Judged | None = None  # why a person should look whether it is a newsroom; null where nothing says so
    ended: bool = False  # false for a look that was stopped, and for one that an error of ours ended


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Why an address brought no answer to read."""

    reason: str
    cause: Cause | None


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


class ScoutSpider(scrapy.Spider):
    """Asks for some twenty pages of one portal, one after the other, through the middlewares of every crawl."""

    name = "addportal"
    # It keeps nothing, stores nothing and has no counts to show.
    custom_settings: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "KEEP_PAGES_DAYS": 0,
        "PROGRESS_INTERVAL_S": 0,
        "ITEM_PIPELINES": {},
    }

    def __init__(
        self,
        address: str,
        given: dict[str, str | None],
        told: Callable[[str], None],
        hints: Hints = NO_HINTS,
    ) -> None:
        super().__init__(self.name)
        self.address = address
        self.given = given  # name, zone, id, family: what the operator knows better
        self.told = told  # is called with what is being done
        self.hints = hints  # what others say of it: tried first, believed where the portal itself is silent
        self.report = Report()
        self.robots = _Heard()
        self._roams = False  # while the home page is looked for, which may have moved to another host
        self._end = time.monotonic() + LONGEST_S
        home = hints.home or _root(address)
        self.portal = Portal("scout", "Scout", home, "general", None, WIB, ())
        if (entry := hints.portal) is not None:
            self.portal = replace(self.portal, selectors=entry.selectors, clocks=entry.clocks, hosts=entry.hosts)

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Say who we are, as every crawl does."""
        super().update_settings(settings)
        PortalSpider.update_settings(settings)

    def refuse(self, url: str) -> str | None:
        """Say why an address is not asked for; null when it may be."""
        if self._roams and is_public_host(host_of(self.portal.home)):
            return refuse_reason(url, (*self.portal.hosts, host_of(url)))
        return refuse_address(url, self.portal)

    async def start(self) -> AsyncIterator[Any]:
        """Look at the portal; the answers come here, not to callbacks."""
        try:
            await self._look()
            self.report.ended = True
        except _Enough as enough:
            self.report.judged, self.report.ended = enough.judged, True
        return
        yield  # what makes this the generator that Scrapy wants

    async def _look(self) -> None:
        home, html = await self._home()
        host = host_of(self.portal.home)
        entry = self.hints.portal
        scouted = Scouted(
            self.given.get("id") or (entry.id if entry else scout.id_of(host, urlsplit(self.portal.home).path)),
            self.portal.home,
            self._given("name") or (Found(entry.name, _ENTRY) if entry else scout.name_of(html, host, self.hints.name)),
            self._given("family") or Found("general", ""),
            self._given("zone") or Found(WIB, ""),
            None,
            network=Found(self.hints.network, _ENTRY if entry else "the directory") if self.hints.network else None,
            entry=entry,
        )
        if not (self.given.get("id") or entry):
            scouted.id = scout.id_for(scouted.id, host, scouted.name.value)
        self.report.scouted = scouted
        self.report.doubt = doubt_about(html)
        pages = await self._listings(scouted, home, html)
        if not any(page.entries for page in pages):
            pages += await self._child_sitemaps(pages)
        self.report.named = [entry.url for page in pages for entry in page.entries if self.refuse(entry.url) is None]
        if is_first_install(map(slug_of, self.report.named)):
            raise _Enough(Verdict.PARKED, "its CMS as it was installed: its listings name the first post and no other")
        for url in self._article_urls(pages):
            await self._sample(url)
            if sum(sample.article is not None for sample in self.report.samples) == ARTICLES:
                break
        await self._conclude(scouted, host)

    async def _home(self) -> tuple[Response, str]:
        """Return the home page, at the address where redirects end, and its text; raises _Enough for no portal's."""
        asked = self.portal.home
        home = await self._roam(asked)
        if (onward := _onward(home)) is not None:  # a page that does nothing but send its reader on
            home = await self._roam(onward)
        html = _text(home)
        if (found := what_lives(html, home.url)) is not None:
            raise _Enough(*found)
        if bare_host(_netloc(home.url)) != bare_host(_netloc(asked)):
            self.report.moved_to = _root(home.url)
            raise _Enough(Verdict.MOVED, f"{asked} leads to {home.url[:200]}", host_of(home.url))
        path = urlsplit(asked).path  # a channel of a host keeps its own
        hosts = self.hints.portal.hosts if self.hints.portal else ()
        self.portal = replace(self.portal, home=_root(home.url)[:-1] + (path or "/"), hosts=hosts)
        return home, html

    async def _roam(self, url: str) -> Response:
        """Return a home page, on whichever public host; raises _Enough where none comes."""
        self._roams = True
        try:
            home = await self._get(url)
        finally:
            self._roams = False
        if isinstance(home, Unanswered):
            self.report.cause = home.cause
            raise _Enough(verdict_of(home.cause), f"{url}: {home.reason}")
        if not 200 <= home.status < 300 or "cf-mitigated" in home.headers:
            trouble = judge_answer(home, self.portal)
            if trouble is not None and trouble.cause is not Cause.GONE:  # without a home page there may be listings
                raise _Enough(verdict_of(trouble.cause), f"{url}: {trouble.reason}")
        return home

    def _rules(self) -> str:
        """Return the portal's robots.txt as it came; empty when there is none."""
        return self.robots.bodies.get(_netloc(self.portal.home), b"").decode("utf-8", "replace")

    async def _listings(self, scouted: Scouted, home: Response, html: str) -> list[ListingPage]:
        pages: list[ListingPage] = []
        found: set[ListingKind] = set()
        failed: dict[ListingKind, list[str]] = {}
        causes: list[Cause | None] = []
        api = _linked_api(home)
        for candidate in scout.candidates(html, self.portal.home, self._rules(), self.hints, api):
            if candidate.kind in found and not candidate.is_told:  # two sitemaps may be published, of news and of all
                continue
            answer = await self._listing(candidate, scout.api_of(candidate, self.hints.portal))
            if isinstance(answer, Unanswered):
                failed.setdefault(candidate.kind, []).append(f"{candidate.url}: {answer.reason}")
                causes.append(answer.cause)
                continue
            page, candidate = answer  # with the address where redirects ended
            if any(candidate.url == one.url for one, _ in scouted.listings):
                continue
            found.add(candidate.kind)
            scouted.listings.append((candidate, len(page.entries) or len(page.more)))
            pages.append(page)
        if found <= {ListingKind.FEED}:
            pages += await self._linked(scouted, home, {entry.key for page in pages for entry in page.entries})
        if not pages:
            tried = [line for lines in failed.values() for line in lines]
            verdict, shown = self._without_listing(home, causes)
            raise _Enough(
                verdict,
                f"no listing was found, so a crawl would find no article{shown}. Tried:\n  "
                + "\n  ".join(tried)
                + "\nLook on the portal for a link to RSS or to all news (indeks), and add its path by hand:\n"
                '  listings = [{ kind = "feed", url = "/path" }]',
            )
        for kind in (ListingKind.FEED, ListingKind.SITEMAP):
            if kind not in found:
                scouted.missing.append(f'a {kind.value}; if there is one: {{ kind = "{kind.value}", url = "/path" }}')
        return pages

    def _without_listing(self, home: Response, causes: list[Cause | None]) -> tuple[Verdict, str]:
        """Return what a portal is of which no listing could be read, and what its home page shows in its place."""
        if home.status in (404, 410):
            return Verdict.DEAD, ""
        page = page_of(home)
        shown = ""
        try:
            read_page(page, self.portal)
        except PageError as error:
            if error.cause is Cause.BLOCK:  # a challenge to browsers that answers 200
                return Verdict.BLOCKED, ""
            if len(Source.of(page).tree.css("a[href]")) <= _FEW_LINKS:
                said = says_little(_text(home))
                shown = f'; its home page says only "{said}"' if said else f"; its home page: {error.reason}"
        return verdict_of_all(causes, Verdict.NO_LISTING), shown

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
            is_all = is_of_all_news(url)
            where = f"{'all news' if is_all else 'a section'}, linked from the home page"
            answer = await self._listing(Candidate(ListingKind.INDEX, url, where))
            if isinstance(answer, Unanswered) or len(answer[0].entries) < MIN_LINKED:
                continue
            page, candidate = answer
            scouted.listings.append((candidate, len(page.entries)))
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

    async def _listing(
        self, candidate: Candidate, api: JsonApi | None = None
    ) -> tuple[ListingPage, Candidate] | Unanswered:
        """Return a listing's first page, and the listing by the address where redirects ended."""
        self.told(f"{candidate.kind.value}: {candidate.url}")
        response = await self._get(candidate.url)
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

    async def _child_sitemaps(self, pages: list[ListingPage]) -> list[ListingPage]:
        """Return the first children of a sitemap index that name articles, where no other listing names any."""
        children = [url for page in pages for url in page.more][:ARTICLES]
        read = [await self._listing(Candidate(ListingKind.SITEMAP, url, "")) for url in children]
        return [answer[0] for answer in read if not isinstance(answer, Unanswered)]

    def _article_urls(self, pages: list[ListingPage]) -> list[str]:
        """Return addresses to try: the one that was given, then those that the first listings name."""
        urls: dict[str, str] = {}
        given = self.hints.article or ("" if self.hints.home else self.address)
        if urlsplit(given).path.strip("/") and self.refuse(given) is None:
            urls[url_key(given)] = given
        for page in pages:
            for entry in page.entries[:MAX_TRIED]:
                if self.refuse(entry.url) is None and not is_first_post(slug_of(entry.url)):
                    urls.setdefault(url_key(entry.url), entry.url)
        return list(urls.values())[:MAX_TRIED]

    async def _sample(self, url: str, *, further: bool = False) -> None:
        self.told(f"article: {url}")
        response = await self._get(url)
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

    async def _conclude(self, scouted: Scouted, host: str) -> None:
        read = [sample.article for sample in self.report.samples if sample.article is not None]
        if not read:
            reasons = "\n  ".join(f"{sample.url}: {sample.trouble}" for sample in self.report.samples)
            causes = [sample.cause for sample in self.report.samples]
            script = next((one for one in map(_other_script, self.report.samples) if one), "")
            raise _Enough(verdict_of_all(causes, Verdict.NO_ARTICLE), f"no article could be read{script}:\n  {reasons}")
        titles = [article.title for article in read]
        found = judge_filler(titles, [" ".join(article.paragraphs[:3]) for article in read])
        for one in (found, judge_headlines(titles), judge_headlines(self._headlines())):
            if one is not None and one.verdict is not Verdict.CHECK:
                raise _Enough(*one)
            self.report.doubt = self.report.doubt or one
        api = next((c.url for c, _ in scouted.listings if c.kind.value == "wordpress"), None)
        pages = [decode(s.page.body, s.page.content_type) for s in self.report.samples if s.page is not None]
        zone, region = scout.zone_of(
            read, await self._api_zone(api), host, scouted.name.value, pages, self.hints.region
        )
        if (entry := self.hints.portal) is not None and (zone.is_guess or entry.clocks):
            zone = Found(entry.zone, _ENTRY)  # where its pages print none, or a false one
        scouted.zone = self._given("zone") or zone
        scouted.region = region
        shown = [sample.family for sample in self.report.samples if sample.article is not None]
        scouted.family = self._given("family") or scout.family_of(shown, family_names())
        if scouted.zone.is_guess:
            scouted.missing.append('the zone; if it is not Jakarta\'s: zone = "Asia/Makassar" or "Asia/Jayapura"')

    def _headlines(self) -> list[str]:
        """Return the newest articles' headlines as their addresses spell them."""
        slugs = dict.fromkeys(map(slug_of, self.report.named))  # listings name the same articles
        return [slug.replace("-", " ") for slug in slugs if slug.count("-") > 1][:_HEADLINES]

    async def _api_zone(self, api: str | None) -> str | None:
        """Ask WordPress's interface for its zone, which it tells in its root."""
        if api is None:
            return None
        response = await self._get(api.replace("wp/v2/posts", ""))
        try:
            root = None if isinstance(response, Unanswered) else json.loads(response.body)
        except ValueError:
            return None
        return root.get("timezone_string") if isinstance(root, dict) else None

    async def _get(self, url: str) -> Response | Unanswered:
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

    def __init__(self, verdict: Verdict, why: str, of: str = "") -> None:
        super().__init__(why)
        self.judged = Judged(verdict, why, of)


def _text(response: Response) -> str:
    return decode(response.body, (response.headers.get("Content-Type") or b"").decode("latin-1"))


def _other_script(sample: Sample) -> str:
    """Return what to say of a page in a script without spaces, whose words nobody counts here; empty for others."""
    if sample.page is None:
        return ""
    text = decode(sample.page.body, sample.page.content_type)[:200_000]
    return "; its pages are in another script" if len(_UNSPACED.findall(text)) > _MANY_SIGNS else ""


def _netloc(url: str) -> str:
    return urlsplit(url).netloc


def _root(url: str) -> str:
    split = urlsplit(url)
    return f"{split.scheme}://{split.netloc}/"


def _linked_api(home: Response) -> str | None:
    """Return the address of WordPress's interface, as the header Link of its pages names it; None without one."""
    header = b",".join(home.headers.getlist("Link"))[:4_000].decode("latin-1")
    found = _API.search(header)
    return found[1] if found is not None else None


def _onward(home: Response) -> str | None:
    """Return where a home page without links of its own sends its reader at once; None if it is a page to read."""
    if (header := refresh_of(home)) is not None:
        return header
    if len(home.body) > _A_STUB:
        return None
    source = Source.of(page_of(home))
    if len(source.tree.css("a[href]")) > _FEW_LINKS:
        return None
    link = moved_to(source)
    return link if link is not None and url_key(link) != url_key(home.url) else None
