"""Days on which a portal's answers are as issue reports of the field describe them, and nothing of them may be lost."""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.sites.server import Answer, LocalServer, Request

_COUNTS = ("X-WP-Total", "X-WP-TotalPages")
_CANONICAL = re.compile(r'(<link[^>]{0,40}rel="canonical"[^>]{0,40}href=")[^"]{0,500}"')
_IN_AN_ITEM = re.compile(r"<(item|entry|url)>")
Day = Callable[[Request, Callable[[Request], Answer]], Answer]


def _text(answer: Answer) -> str:
    return answer.body.decode() if isinstance(answer.body, bytes) else answer.body


def _is_xml(answer: Answer) -> bool:
    return answer.status == 200 and _text(answer).lstrip()[:5] in ("<?xml", "<rss ", "<feed", "<urls", "<site")


def _is_page(answer: Answer) -> bool:
    return answer.status == 200 and "html" in answer.content_type and "</html>" in _text(answer)


def capped(request: Request, ask: Callable[[Request], Answer]) -> Answer:
    """Let ten posts a page through, and drop their counts."""
    split = urlsplit(request.path)
    pairs = [(n, str(min(10, int(t))) if n == "per_page" else t) for n, t in parse_qsl(split.query)]
    path = split._replace(query=urlencode(pairs)).geturl() if "per_page" in split.query else request.path
    answer = ask(replace(request, path=path))
    return replace(answer, headers=tuple(pair for pair in answer.headers if pair[0] not in _COUNTS))


def counts_lie(request: Request, ask: Callable[[Request], Answer]) -> Answer:
    """Say that there is one post."""
    answer = ask(request)
    return replace(answer, headers=tuple((n, "1" if n in _COUNTS else t) for n, t in answer.headers))


def bare_sign(request: Request, ask: Callable[[Request], Answer]) -> Answer:
    """Print a bare "<" in an item of a feed."""
    answer = ask(request)
    return replace(answer, body=_spoiled(answer, "<subjudul>Harga < 5 Ribu <3</subjudul>"))


def half_an_emoji(request: Request, ask: Callable[[Request], Answer]) -> Answer:
    """Print half a surrogate pair, in a feed and in the API."""
    answer = ask(request)
    if "json" in answer.content_type:
        return replace(answer, body=_text(answer).replace('"slug": "x"', '"slug": "x\\ud83d"'))
    return replace(answer, body=_spoiled(answer, "<subjudul>Panen &#55357; raya</subjudul>"))


def _spoiled(answer: Answer, what: str) -> str | bytes:
    return _IN_AN_ITEM.sub(rf"<\1>{what}", _text(answer), count=1) if _is_xml(answer) else answer.body


def no_encoding(request: Request, ask: Callable[[Request], Answer]) -> Answer:
    """Say that plain text is encoded, by a name that is none."""
    answer = ask(request)
    name = ("none", "UTF-8", "identity")[len(request.path) % 3]
    return replace(answer, compress=False, headers=(*answer.headers, ("Content-Encoding", name)))


def packed_twice(request: Request, ask: Callable[[Request], Answer]) -> Answer:
    """Pack twice, and say it once."""
    answer = ask(request)
    if answer.status != 200:
        return answer
    body = gzip.compress(gzip.compress(_text(answer).encode()))
    return replace(answer, body=body, compress=False, headers=(*answer.headers, ("Content-Encoding", "gzip")))


def shared_canonical(request: Request, ask: Callable[[Request], Answer]) -> Answer:
    """Name one canonical address on every page."""
    answer = ask(request)
    host = request.host
    shared = rf'\g<1>https://{host}/berita/2024/"'
    return replace(answer, body=_CANONICAL.sub(shared, _text(answer))) if _is_page(answer) else answer


def refreshed(request: Request, ask: Callable[[Request], Answer]) -> Answer:
    """Send the reader of a page on to it by a meta refresh."""
    answer = ask(request)
    if not _is_page(answer) or request.query("lihat") or urlsplit(request.path).path == "/":
        return answer
    to = f"{request.path}{'&amp;' if '?' in request.path else '?'}lihat=1"
    return replace(answer, body=f'<html><head><meta http-equiv="refresh" content="0;url={to}"></head></html>')


DAYS: dict[str, Day] = {
    day.__name__: day
    for day in (capped, counts_lie, bare_sign, half_an_emoji, no_encoding, packed_twice, shared_canonical, refreshed)
}
AHEAD = "a clock ahead"  # of the machine that crawls: simulate() sets it


class Weather:
    """What befalls a site's answers; `today` is changed between crawls."""

    def __init__(self, site: LocalServer, chance: random.Random) -> None:
        self._ask, self._chance = site.answer, chance
        self.today: str | None = None
        self.met: dict[str, int] = {}
        site.answer = self.answer  # type: ignore[method-assign]

    def next_day(self, share: float) -> str | None:
        """Choose what the next day is like; None for a good one."""
        self.today = self._chance.choice([*DAYS, AHEAD]) if self._chance.random() < share else None
        if self.today:
            self.met[self.today] = self.met.get(self.today, 0) + 1
        return self.today

    def answer(self, request: Request) -> Answer:
        day = DAYS.get(self.today or "")
        return day(request, self._ask) if day is not None else self._ask(request)
