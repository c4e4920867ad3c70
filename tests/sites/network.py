"""Many portals on one loopback port, told apart by the Host header, with a catalogue that names them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from tests.sites.corpus import ARTICLES, DemoArticle
from tests.sites.server import Answer, LocalServer, Request
from tests.sites.varient import VarientPortal

VIEWS = ("classic", "magazine", "v3")
REGIONS = ("Jawa Timur", "Bali", "Papua", "Aceh")


class Network(LocalServer):
    """Serve demo portals; `faults` maps a portal to a function that answers in its place, or returns null."""

    def __init__(self, count: int, articles: Iterable[DemoArticle] = ARTICLES) -> None:
        super().__init__()
        articles = tuple(articles)
        self.portals: dict[str, VarientPortal] = {}
        self.latencies_s: dict[str, float] = {}  # portal -> waited before each of its answers
        self.faults: dict[str, object] = {}
        for number in range(1, count + 1):
            name = f"demo-{number:02}"
            own = tuple(replace(article, title=f"{article.title} {number}") for article in articles)
            self.portals[name] = VarientPortal(VIEWS[number % len(VIEWS)], own, host=f"{name}.example.org")

    def answer(self, request: Request) -> Answer:
        name = request.host.partition(".")[0]
        if name not in self.portals:
            return Answer(status=404)
        if name in self.latencies_s:
            time.sleep(self.latencies_s[name])
        fault = self.faults.get(name)
        if callable(fault):
            answer = fault(request)
            if isinstance(answer, Answer):
                return answer
        return self.portals[name].answer(request)

    @property
    def places(self) -> dict[str, str]:
        """Return what CONNECT_TO wants."""
        return {f"{name}.example.org": self.address for name in self.portals}

    def write_catalogue(self, folder: Path) -> Path:
        """Write a portal file for each, and return the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for number, (name, portal) in enumerate(self.portals.items()):
            feed = "/rss-feeds/feed/latest" if portal.is_v3 else "/rss/latest-posts"
            (folder / f"{name}.toml").write_text(
                f"name = {json.dumps('Demo ' + name[-2:])}\n"
                f'home = "https://{portal.host}/"\nfamily = "varient"\nzone = "Asia/Jakarta"\n'
                f"region = {json.dumps(REGIONS[number % len(REGIONS)])}\n"
                f'listings = [{{ kind = "feed", url = "{feed}" }}, {{ kind = "index", url = "/posts" }}]\n',
                encoding="utf-8",
            )
        return folder
