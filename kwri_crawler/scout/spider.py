"""Look at a portal that is not in the catalogue yet, as politely as a crawl: home page, listings, three articles."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kwri_crawler.catalogue import Portal, family_names
from kwri_crawler.listings import ListingPage
from kwri_crawler.pages import Joining, PageError
from kwri_crawler.pages.decode import decode
from kwri_crawler.scout.asker import Asker
from kwri_crawler.scout.home_page import find_home, root_of
from kwri_crawler.scout.landing import doubt_about, is_first_install, is_first_post, judge_filler
from kwri_crawler.scout.listing_search import find_listings
from kwri_crawler.scout.naming import family_of, id_for, id_of, name_of
from kwri_crawler.scout.newsrooms import slug_of
from kwri_crawler.scout.regions import WIB
from kwri_crawler.scout.report import Enough, Unanswered
from kwri_crawler.scout.scouted import NO_HINTS, Found, Hints, Scouted
from kwri_crawler.scout.trades import judge_headlines
from kwri_crawler.scout.verdicts import Verdict, verdict_of_all
from kwri_crawler.scout.zones import zone_of
from kwri_crawler.web.addresses import host_of, url_key

if TYPE_CHECKING:
    from collections.abc import Callable

ARTICLES = 3  # that are read
MAX_TRIED = 14  # articles' addresses of a listing that may fail before we leave the portal alone
_HEADLINES = 40  # of the newest, which may show what a site sells
_ENTRY = "its network's file"


class ScoutSpider(Asker):
    """Asks for some twenty pages of one portal."""

    name = "addportal"

    def __init__(
        self,
        address: str,
        given: dict[str, str | None],
        told: Callable[[str], None],
        hints: Hints = NO_HINTS,
    ) -> None:
        home = hints.home or root_of(address)
        portal = Portal("scout", "Scout", home, "general", None, WIB, ())
        if (entry := hints.portal) is not None:
            portal = replace(portal, selectors=entry.selectors, clocks=entry.clocks, hosts=entry.hosts)
        super().__init__(portal, told)
        self.address = address
        self.given = given  # name, zone, id, family: what the operator knows better
        self.hints = hints  # what others say of it: tried first, believed where the portal itself is silent

    async def look(self) -> None:
        """Look at home page, listings and articles, and write down what they show."""
        home, html = await find_home(self, self.hints.portal.hosts if self.hints.portal else ())
        host = host_of(self.portal.home)
        entry = self.hints.portal
        scouted = Scouted(
            self.given.get("id") or (entry.id if entry else id_of(host, urlsplit(self.portal.home).path)),
            self.portal.home,
            self._given("name") or (Found(entry.name, _ENTRY) if entry else name_of(html, host, self.hints.name)),
            self._given("family") or Found("general", ""),
            self._given("zone") or Found(WIB, ""),
            None,
            network=Found(self.hints.network, _ENTRY if entry else "the directory") if self.hints.network else None,
            entry=entry,
        )
        if not (self.given.get("id") or entry):
            scouted.id = id_for(scouted.id, host, scouted.name.value)
        self.report.scouted = scouted
        self.report.doubt = doubt_about(html)
        pages = await find_listings(self, scouted, home, html, self.hints)
        if not any(page.entries for page in pages):
            pages += await self.child_sitemaps(pages)
        self.report.named = [entry.url for page in pages for entry in page.entries if self.refuse(entry.url) is None]
        if is_first_install(map(slug_of, self.report.named)):
            raise Enough(Verdict.PARKED, "its CMS as it was installed: its listings name the first post and no other")
        for url in self._article_urls(pages):
            await self.sample(url)
            if sum(sample.article is not None for sample in self.report.samples) == ARTICLES:
                break
        await self._conclude(scouted, host)

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

    async def _conclude(self, scouted: Scouted, host: str) -> None:
        read = [sample.article for sample in self.report.samples if sample.article is not None]
        if not read:
            reasons = "\n  ".join(f"{sample.url}: {sample.trouble}" for sample in self.report.samples)
            causes = [sample.cause for sample in self.report.samples]
            raise Enough(verdict_of_all(causes, Verdict.NO_ARTICLE), f"no article could be read:\n  {reasons}")
        titles = [article.title for article in read]
        found = judge_filler(titles, [" ".join(article.paragraphs[:3]) for article in read])
        for one in (found, judge_headlines(titles), judge_headlines(self._headlines())):
            if one is not None and one.verdict is not Verdict.CHECK:
                raise Enough(*one)
            self.report.doubt = self.report.doubt or one
        api = next((c.url for c, _ in scouted.listings if c.kind.value == "wordpress"), None)
        pages = [decode(s.page.body, s.page.content_type) for s in self.report.samples if s.page is not None]
        zone, region = zone_of(read, await self._api_zone(api), host, scouted.name.value, pages, self.hints.region)
        if (entry := self.hints.portal) is not None and (zone.is_guess or entry.clocks):
            zone = Found(entry.zone, _ENTRY)  # where its pages print none, or a false one
        scouted.zone = self._given("zone") or zone
        scouted.region = region
        shown = [sample.family for sample in self.report.samples if sample.article is not None]
        scouted.family = self._given("family") or family_of(shown, family_names())
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
        response = await self.get(api.replace("wp/v2/posts", ""))
        try:
            root = None if isinstance(response, Unanswered) else json.loads(response.body)
        except ValueError:
            return None
        return root.get("timezone_string") if isinstance(root, dict) else None

    def _given(self, key: str) -> Found | None:
        value = self.given.get(key)
        return Found(value, "given by hand") if value else None


class OnePage(ScoutSpider):
    """Asks for one article's pages, mostly one, and for the robots.txt of its host."""

    name = "readpage"

    async def look(self) -> None:
        """Read the page that was given, and those on which its article goes on."""
        await self.sample(self.address)
        first = self.report.samples[0].article
        # Whether the article is whole is for the command to say, which reads the pages as their portal's.
        with contextlib.suppress(PageError):
            read = Joining.of(first) if first is not None else None
            while read is not None and read.next_url is not None:
                await self.sample(read.next_url, further=True)
                found = self.report.samples[-1]
                read = read.take(found.article) if found.article else read.failed(found.trouble or "no page came")
