"""`make score-requests`: what the demo portals cost in requests and bytes, for each kind of listing."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.crawling import HOST, crawl, rows
from tests.sites.corpus import ARTICLES, DemoArticle
from tests.sites.portals import KABAR, WARTA, write_portals
from tests.sites.varient import VarientPortal
from tests.sites.wordpress import BloggerPortal, WordPressPortal

PLAIN = tuple(article for article in ARTICLES if article.post_type == "article" and not article.source_url)
NOW = datetime(2024, 6, 28, 9, 0)  # the portals' clock
EDIT = "Panitia menambahkan keterangan baru yang sebelumnya tidak disebut dalam berita ini."


@dataclass(frozen=True)
class Cost:
    """What one crawl cost and brought."""

    requests: int
    bytes: int
    stored: int
    edited: int
    pages: int  # of articles
    visits: int  # pages among them of articles that were archived before

    def __str__(self) -> str:
        """Write a line of the table."""
        edits = f", {self.edited} edits" if self.edited else ""
        pages = f"{self.requests - self.pages} lists, {self.pages - self.visits} pages, {self.visits} looks for edits"
        each = ""
        if self.stored:
            each = f", {self.requests / self.stored:.3f} requests and {self.bytes / self.stored:,.0f} bytes an article"
        return f"{self.requests:4} requests ({pages}), {self.bytes:9,} bytes, {self.stored:3} stored{edits}{each}"


def many(count: int) -> tuple[DemoArticle, ...]:
    """Return so many different articles, an hour apart, the newest last and an hour old."""
    made = []
    for number in range(count):
        like = PLAIN[number % len(PLAIN)]
        made.append(
            replace(
                like,
                slug=f"{like.slug[:80]}-{number}",
                title=f"{like.title} ({number})",
                created_at=NOW - timedelta(hours=count - number),
                updated_at=None,
                paragraphs=(f"Ini kabar bernomor {number} dari wartawan kami di daerah.", *like.paragraphs),
            )
        )
    return tuple(made)


def cost_of(site: Any, archive: Path, portal: str, host: str, at: datetime, *options: str) -> Cost:
    """Crawl a portal at a moment of its clock."""
    site.requests.clear()
    folder = write_portals(archive.parent / "portals")
    extra = {} if portal == "kwri-jatim" else {"PORTALS_PATH": folder}
    known = {row["url"] for row in rows(archive, "SELECT url FROM articles")} if archive.exists() else set()
    before = rows(archive, "SELECT count(*) AS n FROM revisions")[0]["n"] if archive.exists() else 0
    done = crawl(
        archive, {host: site.address}, *options, portal=portal, NOW=f"{at.isoformat()}+07:00",
        CONCURRENT_REQUESTS_PER_DOMAIN="4", **extra,
    )  # fmt: skip
    if done.code:
        raise RuntimeError(f"{portal}: exit code {done.code}: {done.out}\n{done.log[-3000:]}")
    (last,) = rows(archive, "SELECT requests, bytes, stored FROM crawls ORDER BY id DESC LIMIT 1")
    edited = rows(archive, "SELECT count(*) AS n FROM revisions")[0]["n"] - before
    slugs = {article.slug[:30] for article in site.articles}
    pages = [path for _, path, *_ in site.requests if any(slug in path for slug in slugs)]
    visits = sum(f"https://{host}{path}" in known for path in pages)
    return Cost(last["requests"], last["bytes"], last["stored"], edited, len(pages), visits)


def budget(make: Callable[[Iterable[DemoArticle]], Any], portal: str, host: str, count: int) -> dict[str, Cost]:
    """Measure a portal's first crawl, one without changes, one with new and edited articles, a month's back-fill."""
    articles = many(count)
    costs: dict[str, Cost] = {}
    with tempfile.TemporaryDirectory() as folder, make(articles) as site:
        archive = Path(folder) / "a.sqlite"
        costs["first crawl"] = cost_of(site, archive, portal, host, NOW)
        costs["unchanged"] = cost_of(site, archive, portal, host, NOW + timedelta(minutes=30))
        site.now = NOW + timedelta(hours=2)
        for number in range(5):
            site.publish(
                replace(articles[-1], slug=f"sangat-baru-{number}", title=f"Kabar Sangat Baru {number}",
                        created_at=NOW + timedelta(minutes=60 + number),
                        paragraphs=(f"Kabar sangat baru nomor {number}.", *articles[-1].paragraphs))
            )  # fmt: skip
        costs["5 new"] = cost_of(site, archive, portal, host, NOW + timedelta(minutes=100))
        site.now = NOW + timedelta(hours=4)
        for article in articles[-4:-1]:
            site.edit(article.slug, paragraphs=(*article.paragraphs, EDIT))
        costs["3 edited, a day on"] = cost_of(site, archive, portal, host, NOW + timedelta(hours=23))
        fresh = Path(folder) / "b.sqlite"
        month = ("-a", "since=2024-06-01", "-a", "until=2024-06-30")
        costs["back-fill of a month"] = cost_of(site, fresh, portal, host, NOW + timedelta(days=4), *month)
    return costs


PORTALS: dict[str, tuple[Callable[[Iterable[DemoArticle]], Any], str, str]] = {
    "WordPress, API": (WordPressPortal, "warta", WARTA),
    "WordPress, whole feed": (lambda articles: WordPressPortal(articles, api=False), "warta", WARTA),
    "WordPress, cut feed": (lambda articles: WordPressPortal(articles, api=False, full_feed=False), "warta", WARTA),
    "Blogger, feed": (BloggerPortal, "kabar", KABAR),
    "Varient 2.2, feed, index, sitemap": (lambda articles: VarientPortal(articles=articles), "kwri-jatim", HOST),
    "Varient 3.0, feed, index, sitemap": (lambda articles: VarientPortal("v3", articles), "kwri-jatim", HOST),
}


def main() -> int:
    """Print the table; "lists" are requests for listings and robots.txt, looks for edits come by VISIT_AFTER_H."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    for name, (make, portal, host) in PORTALS.items():
        print(f"{name}, {count} articles")
        for what, cost in budget(make, portal, host, count).items():
            print(f"  {what:20} {cost}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
