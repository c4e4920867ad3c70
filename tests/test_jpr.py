"""Jawa Pos Radar, the first user of JSON listings: its shipped file reads the GraphQL address and the Next.js pages."""

import json
import re
from pathlib import Path
from typing import Any

from kwri_crawler.catalogue import PORTALS, ListingKind, Portal, read_catalogue
from kwri_crawler.listings import read_listing
from tests.crawling import rows, value
from tests.offline import Offline
from tests.sites.server import Answer, Request
from tests.sites.small import JSON, SENTENCES

HOST, API = "radarbromo.jawapos.com", "api-jpr.jawapos.com"


def portal(of: str = "jpr-radarbromo") -> Portal:
    (found,) = (one for one in read_catalogue(PORTALS).portals if one.id == of)
    return found


def post(number: int) -> dict[str, Any]:
    return {
        "article_id": f"26081200{number:02}",
        "slug": f"kabar-bromo-nomor-{number}",
        "title": f"Kabar Bromo Nomor {number}",
        "description": "Ringkasan kabar dari lereng.",
        "published_at": f"2026-08-12 10:{number:02}:24",
        "category": {"name": "Kota Probolinggo", "slug": "kota-probolinggo"},
    }


class Radar:
    """Both hosts: the newsroom's pages, and the address behind them that a query in the address is put to."""

    def __init__(self, count: int, size: int = 4) -> None:
        self.numbers, self.size = list(range(count, 0, -1)), size
        self.queries: list[str] = []

    def answer(self, request: Request) -> Answer:
        if request.host == API:
            self.queries.append(request.query("query"))
            return self.listed(int(re.findall(r"page:(\d+)", self.queries[-1])[0]))
        found = re.fullmatch(r"/kota-probolinggo/26081200(\d\d)/kabar-bromo-nomor-\d+", request.route)
        return Answer(self.page(int(found[1]))) if found else Answer("tidak ada", 404)

    def listed(self, page: int) -> Answer:
        shown = self.numbers[(page - 1) * self.size : page * self.size]
        more = page * self.size < len(self.numbers)
        articles = {"paginatorInfo": {"hasMorePages": more}, "data": [post(number) for number in shown]}
        return Answer(json.dumps({"data": {"articles": articles}}), content_type=JSON)

    @staticmethod
    def page(number: int) -> str:
        text = "".join(f"<p>{one}</p>" for one in (f"Kabar nomor {number} datang dari lereng Bromo.", *SENTENCES))
        article = {
            **post(number),
            "content": text,
            "authors": [{"name": "Nindya Larasati"}],
            "tags": [{"name": "Bromo"}],
        }
        data = {"props": {"pageProps": {"article": article}}}
        return (
            f'<!DOCTYPE html><html lang="id"><head><title>{article["title"]} - Radar Bromo</title>'
            f'<link rel="preconnect" href="https://cdn-jpr.jawapos.com"></head><body><div id="__next"></div>'
            f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(data)}</script></body></html>'
        )


def test_its_file_crawls_the_whole_newsroom_and_then_the_newest_alone(tmp_path: Path) -> None:
    archive = tmp_path / "a.sqlite"
    site = Radar(6)
    crawl = Offline(site, portal(), archive)
    assert crawl.crawl().finish == "finished"
    assert len(site.queries) == 2
    assert 'publisherId:"21"' in site.queries[0]
    assert value(archive, "SELECT count(*) FROM articles") == 6
    (first,) = rows(archive, "SELECT * FROM articles ORDER BY published_at LIMIT 1")
    assert first["url"] == f"https://{HOST}/kota-probolinggo/2608120001/kabar-bromo-nomor-1"
    assert (first["reader"], first["author"], first["section"], first["published_local"]) == (
        "jpr", "Nindya Larasati", "Kota Probolinggo", "2026-08-12T10:01:24+07:00",
    )  # fmt: skip
    site.numbers = [8, 7, *site.numbers]
    crawl.crawl()
    assert value(archive, "SELECT count(*) FROM articles") == 8
    assert len(site.queries) == 4  # the first page has new ones, the second is known throughout


def test_the_newest_that_a_page_of_all_carries_are_read_from_its_data() -> None:
    of = portal("jpr-radarkediri")
    (listing,) = (one for one in of.listings if one.kind is ListingKind.API)
    data = {
        "props": {
            "pageProps": {"initialArticles": {"paginatorInfo": {"hasMorePages": True}, "data": [post(2), post(1)]}}
        }
    }
    html = f'<html><body><script id="__NEXT_DATA__" type="application/json">{json.dumps(data)}</script></body></html>'
    page = read_listing(listing.kind, html.encode(), listing.url, of, api=listing.api)
    assert [entry.url for entry in page.entries] == [
        f"https://radarkediri.jawapos.com/kota-probolinggo/26081200{n:02}/kabar-bromo-nomor-{n}" for n in (2, 1)
    ]
    assert (page.more, page.paged) == ((), False)  # it looks at no page number
