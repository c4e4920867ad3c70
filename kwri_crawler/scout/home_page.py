"""A portal's home page, at the address where redirects end: is a newsroom there at all?"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kwri_crawler.causes import Cause
from kwri_crawler.pages.decode import decode
from kwri_crawler.pages.moved import A_STUB, moved_to
from kwri_crawler.pages.source import Source
from kwri_crawler.scout.landing import what_lives
from kwri_crawler.scout.report import Enough, Unanswered
from kwri_crawler.scout.verdicts import Verdict, verdict_of
from kwri_crawler.spiders.answers import judge_answer, page_of, refresh_of
from kwri_crawler.web.addresses import host_of, url_key
from kwri_crawler.web.hosts import bare_host

if TYPE_CHECKING:
    from scrapy.http import Response

    from kwri_crawler.scout.asker import Asker

_API = re.compile(r"<(https?://[^<>\s]{1,500})>\s{0,9};\s{0,9}rel=\"?https://api\.w\.org/\"?")
_FEW_LINKS = 2  # of a page that only sends its reader on, or says nothing


async def find_home(asker: Asker, own_hosts: tuple[str, ...]) -> tuple[Response, str]:
    """Return the home page, at the address where redirects end, and its text; raises Enough for no portal's.

    The asker's portal is then of that address. `own_hosts` are those that the portal is known to have beside it.
    """
    asked = asker.portal.home
    home = await _roam(asker, asked)
    if (onward := _onward(home)) is not None:  # a page that does nothing but send its reader on
        home = await _roam(asker, onward)
    html = text_of(home)
    if (found := what_lives(html, home.url)) is not None:
        raise Enough(*found)
    if bare_host(_netloc(home.url)) != bare_host(_netloc(asked)):
        asker.report.moved_to = root_of(home.url)
        raise Enough(Verdict.MOVED, f"{asked} leads to {home.url[:200]}", host_of(home.url))
    path = urlsplit(asked).path  # a channel of a host keeps its own
    asker.portal = replace(asker.portal, home=root_of(home.url)[:-1] + (path or "/"), hosts=own_hosts)
    return home, html


async def _roam(asker: Asker, url: str) -> Response:
    """Return a home page, on whichever public host; raises Enough where none comes."""
    asker.roams = True
    try:
        home = await asker.get(url)
    finally:
        asker.roams = False
    if isinstance(home, Unanswered):
        asker.report.cause = home.cause
        raise Enough(verdict_of(home.cause), f"{url}: {home.reason}")
    if not 200 <= home.status < 300 or "cf-mitigated" in home.headers:
        trouble = judge_answer(home, asker.portal)
        if trouble is not None and trouble.cause is not Cause.GONE:  # without a home page there may be listings
            raise Enough(verdict_of(trouble.cause), f"{url}: {trouble.reason}")
    return home


def _onward(home: Response) -> str | None:
    """Return where a home page without links of its own sends its reader at once; None if it is a page to read."""
    if (header := refresh_of(home)) is not None:
        return header
    if len(home.body) > A_STUB:
        return None
    source = Source.of(page_of(home))
    if has_links(source):
        return None
    link = moved_to(source)
    return link if link is not None and url_key(link) != url_key(home.url) else None


def linked_api(home: Response) -> str | None:
    """Return the address of WordPress's interface, as the header Link of its pages names it; None without one."""
    header = b",".join(home.headers.getlist("Link"))[:4_000].decode("latin-1")
    found = _API.search(header)
    return found[1] if found is not None else None


def has_links(source: Source) -> bool:
    """Whether a page leads to more than a page that only sends its reader on would."""
    return len(source.tree.css("a[href]")) > _FEW_LINKS


def text_of(response: Response) -> str:
    """Return an answer's text, decoded as a page's is."""
    return decode(response.body, (response.headers.get("Content-Type") or b"").decode("latin-1"))


def _netloc(url: str) -> str:
    return urlsplit(url).netloc


def root_of(url: str) -> str:
    """Return the address of a host's root."""
    split = urlsplit(url)
    return f"{split.scheme}://{split.netloc}/"
