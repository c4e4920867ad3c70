"""Ask portals for their robots.txt and for the time; part of `scrapy doctor --network`, and no command itself."""

from __future__ import annotations

import contextlib
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from email.utils import parsedate_to_datetime
from statistics import median_high
from typing import Any
from urllib.parse import urlsplit

from scrapy.robotstxt import ProtegoRobotParser

from kwri_crawler import clock
from kwri_crawler.catalogue import Portal
from kwri_crawler.version import __version__
from kwri_crawler.web.network import read_connect_to
from kwri_crawler.web.robots import ROBOTS_MAX_BYTES, plain_rules

TIMEOUT_S = 15.0
AT_ONCE = 8
CLOCK_OFF_S = 120.0

Row = tuple[str, str, str, str]  # name, verdict, text, cure


def check_reachability(portals: list[Portal], settings: Any) -> Iterator[Row]:
    """Yield a row a portal, and one for the clock when portals' servers disagree with ours."""
    agent = f"kwri-crawler/{__version__} ({settings['CONTACT'] or 'no contact set'})"
    places = read_connect_to(settings.getdict("CONNECT_TO"))
    offsets = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for row, offset_s in pool.map(lambda portal: _ask(portal, agent, places), portals):
            yield row
            if offset_s is not None:
                offsets.append(offset_s)
    if offsets:
        middle = median_high(offsets)
        text = f"{len(offsets)} servers' clocks differ from ours by {middle:+.0f} s (the middle one)"
        if abs(middle) > CLOCK_OFF_S and len(offsets) > 1:
            yield "clock", "fail", text, "set the machine's clock (timedatectl set-ntp true)"
        else:
            yield "clock", "ok", text, ""


def _ask(portal: Portal, agent: str, places: dict[str, str]) -> tuple[Row, float | None]:
    """Fetch one robots.txt; return its row, and by how many seconds the server's clock is ahead; null if unknown."""
    parts = urlsplit(portal.home)
    place = places.get(parts.hostname or "") or places.get("*")
    url = f"http://{place}/robots.txt" if place else f"{parts.scheme}://{parts.netloc}/robots.txt"
    request = urllib.request.Request(url, headers={"User-Agent": agent, "Host": parts.netloc})  # noqa: S310 - http(s) by the catalogue
    name = "robots"
    try:
        with contextlib.closing(urllib.request.urlopen(request, timeout=TIMEOUT_S)) as answer:  # noqa: S310
            offset = _offset(answer.headers.get("Date"))
            body = plain_rules(answer.read(ROBOTS_MAX_BYTES))
    except urllib.error.HTTPError as error:
        offset = _offset(error.headers.get("Date"))
        if error.code in (404, 410):
            return (name, "ok", f"{portal.id}: it has none, so all may be asked for", ""), offset
        if error.code < 500 and error.code != 429:
            return (
                name, "warn", f"{portal.id}: HTTP {error.code}", "it may refuse us: scrapy portals " + portal.id
            ), offset  # fmt: skip
        return (
            name,
            "fail",
            f"{portal.id}: HTTP {error.code}",
            "wait; while it is so, nothing is crawled there",
        ), offset
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        return (name, "fail", f"{portal.id}: {url}: {reason}", "open it in a browser; did the portal move?"), None
    rules = ProtegoRobotParser(body, None)
    if not rules.allowed(portal.home, agent):
        return (
            name,
            "warn",
            f"{portal.id}: it forbids us its home page",
            "respect it: ask, or set active = false",
        ), offset
    forbidden = [listing.url for listing in portal.listings if not rules.allowed(listing.url, agent)]
    if forbidden:
        return (
            name,
            "warn",
            f"{portal.id}: it forbids {', '.join(forbidden)}",
            "remove these listings from its file",
        ), offset
    return (name, "ok", f"{portal.id}: it lets us in", ""), offset


def _offset(header: str | None) -> float | None:
    try:
        moment = parsedate_to_datetime(header or "")
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - clock.now().timestamp()
