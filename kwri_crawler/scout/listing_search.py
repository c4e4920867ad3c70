"""A portal's listings: candidates are asked for, and those kept that name articles of the portal."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kwri_crawler.catalogue import ListingKind
from kwri_crawler.causes import Cause
from kwri_crawler.listings import ListingError, ListingPage, is_of_all_news, linked_listings, read_listing
from kwri_crawler.pages import PageError, read_page
from kwri_crawler.pages.source import Source
from kwri_crawler.scout.candidates import candidates
from kwri_crawler.scout.home_page import has_links, linked_api, text_of
from kwri_crawler.scout.landing import says_little
from kwri_crawler.scout.report import Enough, Unanswered
from kwri_crawler.scout.scouted import Candidate, Hints, Scouted, api_of
from kwri_crawler.scout.verdicts import Verdict, verdict_of_all
from kwri_crawler.spiders.answers import page_of
from kwri_crawler.spiders.decide import MIN_LINKED

if TYPE_CHECKING:
    from scrapy.http import Response

    from kwri_crawler.scout.asker import Asker

MAX_SECTIONS = 8  # that the home page links and that are tried


async def find_listings(asker: Asker, scouted: Scouted, home: Response, html: str, hints: Hints) -> list[ListingPage]:
    """Return the first pages of a portal's listings, which are written down in `scouted`; raises Enough for none."""
    pages: list[ListingPage] = []
    found: set[ListingKind] = set()
    failed: dict[ListingKind, list[str]] = {}
    causes: list[Cause | None] = []
    api = linked_api(home)
    for candidate in candidates(html, asker.portal.home, _rules(asker), hints, api):
        if candidate.kind in found and not candidate.is_told:  # two sitemaps may be published, of news and of all
            continue
        answer = await asker.listing(candidate, api_of(candidate, hints.portal))
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
        pages += await _linked(asker, scouted, home, {entry.key for page in pages for entry in page.entries})
    if not pages:
        tried = [line for lines in failed.values() for line in lines]
        verdict, shown = _without_listing(asker, home, causes)
        raise Enough(
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


def _without_listing(asker: Asker, home: Response, causes: list[Cause | None]) -> tuple[Verdict, str]:
    """Return what a portal is of which no listing could be read, and what its home page shows in its place."""
    if home.status in (404, 410):
        return Verdict.DEAD, ""
    page = page_of(home)
    shown = ""
    try:
        read_page(page, asker.portal)
    except PageError as error:
        if error.cause is Cause.BLOCK:  # a challenge to browsers that answers 200
            return Verdict.BLOCKED, ""
        if not has_links(Source.of(page)):
            said = says_little(text_of(home))
            shown = f'; its home page says only "{said}"' if said else f"; its home page: {error.reason}"
    return verdict_of_all(causes, Verdict.NO_LISTING), shown


async def _linked(asker: Asker, scouted: Scouted, home: Response, known: set[str]) -> list[ListingPage]:
    """Try what the home page links, where no listing leads further back than a feed: all news, else sections."""
    pages: list[ListingPage] = []
    front: ListingPage | None = None
    with contextlib.suppress(ListingError):
        front = read_listing(ListingKind.INDEX, home.body, home.url, asker.portal)
        keys = {entry.key for entry in front.entries}
        is_longer = bool(keys & known) and len(keys - known) >= len(known)  # it lists all, as Jekyll's does
        if (front.more or is_longer) and len(keys) >= MIN_LINKED:
            where = f"the home page, which {'leads on to' if front.more else 'names'} older articles"
            scouted.listings.append((Candidate(ListingKind.INDEX, asker.portal.home, where), len(front.entries)))
            return [front]
    for url in linked_listings(home.body, home.url, asker.portal)[:MAX_SECTIONS]:
        is_all = is_of_all_news(url)
        where = f"{'all news' if is_all else 'a section'}, linked from the home page"
        answer = await asker.listing(Candidate(ListingKind.INDEX, url, where))
        if isinstance(answer, Unanswered) or len(answer[0].entries) < MIN_LINKED:
            continue
        page, candidate = answer
        scouted.listings.append((candidate, len(page.entries)))
        pages.append(page)
        if is_all:
            return pages
    if pages:
        scouted.missing.append('a page of all news: sections may leave some out; if there is one: { kind = "index" }')
    elif not known and front is not None and len(front.entries) >= MIN_LINKED:
        where = "the home page, as nothing else was found: it names the newest alone"
        scouted.listings.append((Candidate(ListingKind.INDEX, asker.portal.home, where), len(front.entries)))
        scouted.missing.append('a page of older articles; if there is one: { kind = "index", url = "/path" }')
        return [front]
    return pages


def _rules(asker: Asker) -> str:
    """Return the portal's robots.txt as it came; empty when there is none."""
    return asker.robots.bodies.get(urlsplit(asker.portal.home).netloc, b"").decode("utf-8", "replace")
