"""What an HTTP answer or its absence means for an address; refuses what is no page before it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    IgnoreRequest,
    UnsupportedURLSchemeError,
)

from kwri_crawler import clock
from kwri_crawler.archive import ArchiveError
from kwri_crawler.archive.ledger import Settlement
from kwri_crawler.catalogue import ListingKind
from kwri_crawler.causes import Cause, cause_of_status
from kwri_crawler.items import KeptPage, Outcome, Page
from kwri_crawler.pages.moved import refreshed_to
from kwri_crawler.pages.refuse import file_kind
from kwri_crawler.web.addresses import url_key
from kwri_crawler.web.middlewares import encodings_of
from kwri_crawler.web.network import PublicOnlyResolver, explain_no_answer
from kwri_crawler.web.pace import is_challenge
from kwri_crawler.web.refusals import AskedToWait, NotAsked, RedirectedWithoutEnd, RobotsUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy import Request
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from kwri_crawler.catalogue import Portal

MOVES = 5  # hops from an address to what is read there, redirects among them
# What a page or a listing may be served as; anything else with such a clear name is a file, a picture, a film.
_NOT_PAGES = ("application/pdf", "application/zip", "application/msword", "application/vnd.", "application/json",
              "image/", "audio/", "video/", "font/")  # fmt: skip


def judge_answer(response: Response, portal: Portal, listing: ListingKind | None = None) -> Settlement | None:
    """Say what became of the address when its answer is no page to read; null when it is one.

    listing is null for an article's page.
    """
    status = response.status
    if status in (404, 410):
        return Settlement(Outcome.GONE, f"HTTP {status}", status, final=status == 410, cause=Cause.GONE)
    if "cf-mitigated" in response.headers:
        reason = f"HTTP {status}: a challenge to browsers (Cloudflare)"
        return Settlement(Outcome.FAILED, reason, status, cause=Cause.BLOCK)
    if not 200 <= status < 300:
        if is_challenge(response):
            return Settlement(Outcome.FAILED, f"HTTP {status}: a challenge to browsers", status, cause=Cause.BLOCK)
        return Settlement(Outcome.FAILED, f"HTTP {status}", status, cause=cause_of_status(status))
    if not response.body.strip():
        return Settlement(Outcome.UNREADABLE, "the page is empty", status, cause=Cause.UNREAD)
    if response.request and response.request.meta.get("redirect_times") and _is_home(response.url, portal):
        return Settlement(Outcome.GONE, "redirected to the portal's home page", status, cause=Cause.MOVED)
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1").strip().lower()
    if listing in (ListingKind.WORDPRESS, ListingKind.API):
        return None
    if content_type.startswith(_NOT_PAGES):
        return Settlement(Outcome.REFUSED, f"not a page: {content_type[:60]}", status, cause=Cause.NOT_TAKEN)
    if what := file_kind(response.body):
        return Settlement(Outcome.REFUSED, f"not a page: {what}", status, cause=Cause.NOT_TAKEN)
    return None


def page_of(response: Response) -> Page:
    """Return an answer as the page that it is, packed as it came."""
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    return Page(
        response.url, response.body, content_type, clock.now().replace(microsecond=0), packed=encodings_of(response)
    )


def refresh_of(response: Response) -> str | None:
    """Return the address to which an answer's header Refresh sends its reader at once; None if there is none."""
    return refreshed_to((response.headers.get("Refresh") or b"").decode("latin-1"), response.url)


def follow(url: str | None, response: Response, refuse: Callable[[str], str | None]) -> Request | None:
    """Return the request for the address to which an answer sends its reader; None if it is not followed.

    It counts among the redirects of the address: to what `refuse` gives no reason against, a few, and never back.
    """
    request = response.request
    if url is None or request is None or refuse(url) is not None:
        return None
    hops = request.meta.get("redirect_times", 0)
    before = [*request.meta.get("redirect_urls", []), response.url]
    if hops >= MOVES or url_key(url) in map(url_key, before):
        return None
    meta = {**request.meta, "redirect_times": hops + 1, "redirect_urls": before}
    return request.replace(url=url, meta=meta, headers={}, dont_filter=True)


def kept_page(response: Response, page: Page, portal: Portal) -> KeptPage:
    """Return an article's answer as it is kept: as it came from the wire."""
    request = response.request
    return KeptPage(
        portal=portal.id,
        asked_url=request.meta.get("redirect_urls", [request.url])[0] if request is not None else response.url,
        url=response.url,
        status=response.status,
        headers=tuple(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        ),
        body=response.body,
        received_at=page.fetched_at,
    )


def _is_home(url: str, portal: Portal) -> bool:
    return url_key(url) == url_key(portal.home)


def explain_failure(failure: Failure, request: Request) -> Settlement:
    """Say what became of an address that was not answered, or whose answer was not taken."""
    error = failure.value
    if isinstance(error, AskedToWait):
        return Settlement(Outcome.FAILED, str(error), next_try_at=error.until, cause=error.cause)
    if isinstance(error, RobotsUnavailable | RedirectedWithoutEnd):
        return Settlement(Outcome.FAILED, str(error), cause=error.cause)
    if isinstance(error, NotAsked):
        return Settlement(Outcome.REFUSED, str(error), cause=error.cause)
    if isinstance(error, IgnoreRequest):
        return Settlement(Outcome.REFUSED, str(error) or "not asked for", cause=Cause.RULE)
    if isinstance(error, ArchiveError):  # robots.txt is kept there
        return Settlement(Outcome.FAILED, str(error), cause=error.cause)
    if isinstance(error, DownloadCancelledError):
        return Settlement(Outcome.REFUSED, "larger than DOWNLOAD_MAXSIZE allows", cause=Cause.NOT_TAKEN)
    if isinstance(error, UnsupportedURLSchemeError):
        return Settlement(Outcome.REFUSED, "not http", cause=Cause.RULE)
    host = urlsplit(request.url).hostname or ""
    private = isinstance(error, CannotResolveHostError) and host in PublicOnlyResolver.refused
    why = explain_no_answer(error, host)
    return Settlement(Outcome.REFUSED if private else Outcome.FAILED, why.text, cause=why.cause)
