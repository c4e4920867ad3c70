"""Demo portals with hostile ones among them: each serves one listing that costs as much as its kind can."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from tests.sites.corpus import ARTICLES, DemoArticle
from tests.sites.network import Network
from tests.sites.server import XML, Answer, Request, redirect

PACKED = (("Content-Encoding", "gzip"),)
LAST = "/akhir.xml"  # the listing that is asked for when the hostile one was read or left
_HEAD = '<?xml version="1.0"?><rss version="2.0"><channel><title>Jahat</title>'


def _packed(text: str | bytes) -> Answer:
    body = gzip.compress(text.encode() if isinstance(text, str) else text, 6, mtime=0)
    return Answer(body, content_type=XML, headers=PACKED, compress=False)


def _as_file(text: str) -> Answer:
    return Answer(gzip.compress(text.encode(), 6, mtime=0), content_type="application/gzip", compress=False)


def _broken_entries(_home: str) -> Answer:
    """Return what takes seconds to read and then leads nowhere."""
    entry = "<item><title>a & b <3 {0}</title><pubDate>kemarin</pubDate></item>"
    return _packed(_HEAD + "".join(map(entry.format, range(40_000))))


def _sitemap_of(home: str) -> Answer:
    """Return a sitemap that leads to one that leads to another, without end."""
    entry = f"<sitemap><loc>{home}s-{time.monotonic_ns()}.xml</loc></sitemap>"
    return Answer(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entry}</sitemapindex>')


# What its listing answers; given the portal's home.
KINDS: dict[str, Callable[[str], Answer]] = {
    "ampersands": cache(lambda _: _packed(f"{_HEAD}<item><title>{'&' * (48 << 20)}</title></item></channel></rss>")),
    # Packed without a header, as sitemaps often are: read up to 50 MB where an answer's own packing ends at 16 MiB.
    "ampersands-file": cache(
        lambda _: _as_file(f"{_HEAD}<item><title>{'&' * (48 << 20)}</title></item></channel></rss>")
    ),
    "unclosed-file": cache(lambda _: _as_file(_HEAD + "<item><title><![CDATA[ <!-- " * (1 << 20))),
    "bomb": cache(lambda _: _packed(bytes(200 << 20))),
    "broken-entries": cache(_broken_entries),
    "digits": cache(lambda _: _packed(f"{_HEAD}<item><pubDate>{'1' * (8 << 20)}</pubDate></item></channel></rss>")),
    "endless-sitemap": _sitemap_of,
    "refusing": lambda _: Answer("", 403),
    "to-itself": lambda home: redirect(f"{home}feed/"),
    "unclosed": cache(lambda _: _packed(_HEAD + "<item><title><![CDATA[ <!-- " * (1 << 20))),
}


class HostileNetwork(Network):
    """Serve good portals, and one hostile portal of each kind."""

    def __init__(self, good: int, kinds: Iterable[str], articles: Iterable[DemoArticle] = ARTICLES) -> None:
        super().__init__(good, articles)
        self.kinds = tuple(kinds)
        self.last_s: dict[str, float] = {}  # portal -> monotonic time of its last request
        for kind in self.kinds:
            KINDS[kind](self._home(kind))  # made before the clock runs

    def answer(self, request: Request) -> Answer:
        name = request.host.partition(".")[0]
        self.last_s[name] = time.monotonic()
        kind = name.removeprefix("jahat-")
        if kind == name:
            return super().answer(request)
        is_listing = request.route == "/feed/" or request.route.startswith("/s-")
        return KINDS[kind](self._home(kind)) if is_listing else Answer(status=404)

    @property
    def places(self) -> dict[str, str]:
        return super().places | {f"jahat-{kind}.example.org": self.address for kind in self.kinds}

    def write_catalogue(self, folder: Path) -> Path:
        super().write_catalogue(folder)
        for kind in self.kinds:
            (folder / f"jahat-{kind}.toml").write_text(
                f'name = "Jahat"\nhome = "{self._home(kind)}"\nfamily = "general"\nzone = "Asia/Jakarta"\n'
                f'listings = [{{ kind = "{"sitemap" if kind == "endless-sitemap" else "feed"}", url = "/feed/" }},'
                f' {{ kind = "sitemap", url = "{LAST}" }}]\n',
                encoding="utf-8",
            )
        return folder

    @staticmethod
    def _home(kind: str) -> str:
        return f"https://jahat-{kind}.example.org/"
