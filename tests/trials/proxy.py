"""A reverse proxy on loopback before a real site: what hosts, caches and firewalls do to its answers."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.sites.server import Answer, LocalServer, Request

_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "content-type", "date", "server"}


@dataclass(frozen=True)
class Meddling:
    """What is done to requests and answers; nothing by default."""

    per_page: int = 0  # the most that the host lets through; 0 for any number
    strip: tuple[str, ...] = ()  # headers that a cache drops, in lower case
    put: tuple[tuple[str, str], ...] = ()  # headers that are said instead, on the API's answers
    block: str = ""  # paths with their query that answer 404: a pattern
    ignore: tuple[str, ...] = ()  # parameters of a query that a cache does not look at
    down: bool = False  # 503 for everything
    to_https: bool = False  # http is sent on to https, as a proxy sees it: X-Forwarded-Proto is not set here


class Proxy(LocalServer):
    """Pass requests on to a server on loopback; `meddling` may be changed while it runs."""

    def __init__(self, port: int, meddling: Meddling | None = None) -> None:
        super().__init__()
        self.behind = port
        self.meddling = meddling or Meddling()

    def answer(self, request: Request) -> Answer:
        how = self.meddling
        if how.down:
            return Answer("Situs sedang dalam perbaikan", 503)
        split = urlsplit(request.path)
        pairs = [(name, text) for name, text in parse_qsl(split.query, keep_blank_values=True)]
        is_api = "wp/v2/" in request.path
        if how.block and re.search(how.block, request.path):
            return Answer("<html><body><h1>404 tidak ditemukan</h1></body></html>", 404)
        if how.per_page:
            pairs = [(n, str(min(int(t), how.per_page)) if n == "per_page" else t) for n, t in pairs]
        pairs = [pair for pair in pairs if pair[0] not in how.ignore]
        path = split._replace(query=urlencode(pairs)).geturl() if pairs or how.ignore else request.path
        status, headers, body = self._fetch(path, request)
        kept = [(name, text) for name, text in headers if name.lower() not in {*_HOP, *how.strip}]
        if is_api and status == 200:
            changed = {name.lower() for name, _ in how.put}
            kept = [pair for pair in kept if pair[0].lower() not in changed] + list(how.put)
        kind = next((text for name, text in headers if name.lower() == "content-type"), "text/html")
        return Answer(body, status, kind, tuple(kept), compress="content-encoding" not in dict(headers))

    def _fetch(self, path: str, request: Request) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.behind, timeout=60)
        try:
            skipped = {"Accept-Encoding", "Connection"}
            connection.request(
                request.method, path, headers={n: t for n, t in request.headers.items() if n not in skipped}
            )
            came = connection.getresponse()
            return came.status, came.getheaders(), came.read()
        finally:
            connection.close()
