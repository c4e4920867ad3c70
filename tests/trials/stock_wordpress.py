"""`make trial-wordpress`: add and crawl a stock WordPress of this machine, Indonesian; is every post stored, as it is?

Some 280 posts, one of each odd form among them, in many set-ups: pretty and plain permalinks, the API open, shut,
capped, without its counts and with false ones, a feed alone. What a set-up keeps out of reach must be said, with exit
code 3 where a bound was asked for. Installs nothing: it says what to apt-get.

make trial-wordpress
make trial-wordpress TRIAL="--only capped"
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.crawling import IMPATIENT, Crawled, assert_sound, crawl, rows, run, value
from tests.sites.blocks import text_of
from tests.sites.corpus import ARTICLES, DemoArticle
from tests.sites.generated import generate
from tests.sites.wordpress import blocks_html
from tests.trials.completeness import unsigned
from tests.trials.odd_posts import ODD, Odd
from tests.trials.proxy import Meddling, Proxy
from tests.trials.wordpress_server import HOST, StockWordPress, missing

PRETTY, DATED, NUMBERED, PLAIN = "/%postname%/", "/%year%/%monthnum%/%postname%/", "/arsip/%post_id%", ""
COUNTS = ("x-wp-total", "x-wp-totalpages")
NO_SITEMAP = r"sitemap|robots\.txt"
NO_API = r"wp-json|rest_route"
GIVEN = {**IMPATIENT, "DOWNLOAD_TIMEOUT": "60"}


@dataclass(frozen=True)
class Setup:
    """One way in which an owner, a host or a cache may have set a WordPress up."""

    name: str
    permalinks: str = PRETTY
    api: bool = True
    full_feed: bool = True
    theme: str = "twentytwentythree"
    meddling: Meddling = field(default_factory=Meddling)
    reach: int = 0  # how many of the newest posts can be found at all; 0 for every post


SETUPS = (
    Setup("pretty permalinks, API on"),
    Setup("plain permalinks, API on", PLAIN),
    Setup("dated permalinks, API on, another theme", DATED, theme="twentytwentyone"),
    Setup("API capped at 10 posts", meddling=Meddling(per_page=10)),
    Setup("API capped at 50 posts", meddling=Meddling(per_page=50)),
    Setup("API without its counts", meddling=Meddling(strip=COUNTS)),
    Setup("API capped at 10 posts, without its counts", meddling=Meddling(per_page=10, strip=COUNTS)),
    Setup("API capped at 50 posts, without its counts, plain", PLAIN, meddling=Meddling(per_page=50, strip=COUNTS)),
    Setup("API whose counts say one", meddling=Meddling(put=(("X-WP-Total", "1"), ("X-WP-TotalPages", "1")))),
    Setup("API whose counts say one, capped at 10",
          meddling=Meddling(per_page=10, put=(("X-WP-Total", "1"), ("X-WP-TotalPages", "1")))),
    Setup("API whose counts say a thousand",
          meddling=Meddling(put=(("X-WP-Total", "1000"), ("X-WP-TotalPages", "10")))),
    Setup("API whose page number is not looked at", meddling=Meddling(ignore=("page",))),
    Setup("feed alone, full", api=False, meddling=Meddling(block=NO_SITEMAP)),
    Setup("feed alone, full, plain", PLAIN, api=False, meddling=Meddling(block=NO_SITEMAP)),
    Setup("feed alone, cut", NUMBERED, api=False, full_feed=False, meddling=Meddling(block=NO_SITEMAP)),
    Setup("feed alone whose page number is not looked at", api=False,
          meddling=Meddling(block=f"{NO_SITEMAP}|{NO_API}", ignore=("paged",))),
    Setup("the same, and a home page without older ones", api=False, reach=10,  # with the sticky one
          meddling=Meddling(block=f"{NO_SITEMAP}|{NO_API}|[/-]page[/=]|/category/|/author/|/tag/", ignore=("paged",))),
    Setup("sitemap, and a feed that is cut", api=False, full_feed=False, theme="twentytwentyone"),
    Setup("sitemap, and a feed that is cut, plain", PLAIN, api=False, full_feed=False),
)  # fmt: skip


def newsroom() -> tuple[DemoArticle, ...]:
    """Return the ordinary posts: the demo portal's, and made ones."""
    demo = tuple(article for article in ARTICLES if article.post_type == "article" and not article.source_url)
    return (*demo, *generate(100))


def posts(articles: tuple[DemoArticle, ...]) -> list[dict[str, Any]]:
    """Return articles as WordPress's editor would have saved them."""
    return [
        {
            "title": article.title,
            "slug": article.slug,
            "content": blocks_html(article, f"https://{HOST}"),
            "author": article.author,
            "section": article.section,
            "tags": list(article.tags),
            "date": article.created_at.isoformat(sep=" "),
        }
        for article in articles
    ]


def check(archive: Path, articles: tuple[DemoArticle, ...], odd: tuple[Odd, ...], *, whole: bool = True) -> list[str]:
    """Compare the archive with what was put in; return what differs.

    whole is False where not all can be found: then what is there is compared, and nothing is called missing.
    """
    stored: dict[str, list[dict[str, Any]]] = {}
    for row in rows(archive, "SELECT * FROM articles"):
        stored.setdefault(typed(row["title"]), []).append(row)
    known = {typed(article.title) for article in articles} | {typed(title) for each in odd for title in each.titles}
    known |= {"Untitled"}  # what a stock theme prints where an editor typed nothing
    faults = [f"not a post: {title!r} {stored[title][0]['url']}" for title in stored.keys() - known]
    if twice := value(archive, "SELECT count(*) - count(DISTINCT body || title) FROM articles"):
        faults.append(f"{twice} stored twice")
    for article in articles:
        row = next(iter(stored.get(typed(article.title), ())), None)
        if row is None:
            faults += [f"missing: {article.title}"] if whole else []
            continue
        faults += differences(archive, article, row)
    untitled = rows(archive, "SELECT 1 FROM urls WHERE outcome = 'unreadable' AND reason = 'no title'")
    by_home = value(archive, "SELECT count(*) FROM listings WHERE kind = 'index'")  # which links titles alone
    for each in odd:
        alike = [row for title in dict.fromkeys(each.titles) for row in stored.get(typed(title), ())]
        found = [row for row in alike if each.text in row["body"]]
        if not each.title and (untitled or by_home or "Untitled" in stored):  # said, and not lost in silence
            continue
        if not found and whole:
            faults.append(f"missing: {each.title!r} ({each.text}): {outcome_of(archive, each)}")
        if any(row["body"].count(each.text) > 1 for row in found):
            faults.append(f"text twice: {each.title!r}")
    return faults


def differences(archive: Path, article: DemoArticle, row: dict[str, Any]) -> list[str]:
    """Return what is stored otherwise than it was published."""
    tags = {typed(tag["tag"]) for tag in rows(archive, "SELECT tag FROM tags WHERE article = ?", row["id"])}
    wanted = {
        "author": article.person or "",
        "section": article.section,
        "published_local": f"{article.created_at.isoformat(timespec='seconds')}+07:00",
        "body": "\n\n".join(text for block in article.paragraphs for text in text_of(block)),
    }
    faults = [
        f"{name}: {article.title}: {str(row[name])[:300]!r} is not {text[:300]!r}"
        for name, text in wanted.items()
        if unsigned(typed(row[name] or "")) != unsigned(typed(text))
    ]
    wanted_tags = {typed(tag) for tag in article.tags}
    if tags | {article.section} != wanted_tags | {article.section}:  # a feed prints equal names once
        faults.append(f"tags: {article.title}: {sorted(tags)} are not {sorted(article.tags)}")
    return faults


def outcome_of(archive: Path, odd: Odd) -> str:
    """Say what became of a post's address, as far as its slug finds it."""
    found = rows(archive, "SELECT url, outcome, reason FROM urls WHERE url LIKE ?", f"%{odd.slug or odd.title[:9]}%")
    return "; ".join(f"{row['url']} {row['outcome']} {row['reason']}" for row in found[:3]) or "never named"


def typed(text: str) -> str:
    """Undo WordPress's typography: it curls quotation marks and joins dots on its pages, in its feed and its API."""
    for curled, straight in (("‘’′", "'"), ("“”″", '"'), ("–—", "-"), ("×", "x")):
        text = re.sub(f"[{curled}]", straight, text)
    return " ".join(text.replace("…", "...").replace("--", "-").split())


def add(folder: Path, places: dict[str, str]) -> Crawled:
    """Let addportal write the portal's file."""
    folder.mkdir()
    given = {**GIVEN, "PORTALS_PATH": str(folder), "CONNECT_TO": json.dumps(places)}
    return run("addportal", f"https://{HOST}/", "--id", "warta", timeout_s=300, **given)


def told(done: Crawled) -> str:
    """Return what an operator reads of a crawl."""
    return f"exit code {done.code}: {done.out.strip()} {done.log[-1500:]}"


def try_setup(site: StockWordPress, proxy: Proxy, setup: Setup, folder: Path) -> tuple[list[str], list[str]]:
    """Add the portal and crawl it twice; return figures and faults."""
    site.php("switch.php", {"permalinks": setup.permalinks, "api": setup.api, "full_feed": setup.full_feed,
                            "theme": setup.theme})  # fmt: skip
    proxy.meddling = setup.meddling
    places, archive = {HOST: proxy.address}, folder / "a.sqlite"
    added = add(folder / "portals", places)
    if added.code:
        return [], [f"addportal: {told(added)}"]
    given = {**GIVEN, "PORTALS_PATH": str(folder / "portals")}
    figures, faults, said = [], [], ""
    for _ in range(2):
        done = crawl(archive, places, portal="warta", **given)
        said = said or done.out
        if done.code != (3 if setup.reach else 0):  # its older pages are not there, and that is said
            faults.append(told(done))
        (last,) = rows(archive, "SELECT requests, bytes, stored, finish FROM crawls ORDER BY id DESC LIMIT 1")
        figures.append(f"{last['requests']} requests, {last['bytes']:,} bytes, {last['stored']} stored")
    faults += check(archive, newsroom(), ODD, whole=not setup.reach)
    if setup.reach:
        faults += check_reach(archive, places, setup.reach, said, given)
    assert_sound(archive)
    return figures, faults


def check_reach(archive: Path, places: dict[str, str], reach: int, said: str, given: dict[str, str]) -> list[str]:
    """Check that a crawl says how far the listings lead, and ends with 3 where a bound lies beyond that."""
    stored = value(archive, "SELECT count(*) FROM articles")
    faults = [] if stored == reach else [f"{stored} stored, {reach} can be found"]
    oldest = value(archive, "SELECT min(published_local) FROM articles")[:10]
    if oldest not in said:
        faults.append(f"the summary does not say that the feed leads back to {oldest}: {said}")
    done = crawl(archive, places, "-a", "since=2023-02-01", portal="warta", **given)
    if done.code != 3 or oldest not in done.out:
        faults.append(f"a bound out of reach: {told(done)}")
    return faults


def main() -> int:
    """Try each set-up; return 1 when a post is missing, wrong or one too many."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="set-ups whose name has this in it")
    options = parser.parse_args()
    if (lacking := missing()) is not None:
        print(f"this trial needs a WordPress on this machine; run: {lacking}")
        return 2
    articles, failed = newsroom(), 0
    with tempfile.TemporaryDirectory() as name, StockWordPress(Path(name)) as site:
        made = [*posts(articles), *(each.post(number) for number, each in enumerate(ODD))]
        version = site.php("fill.php", made).strip()
        site.serve()
        print(f"WordPress {version}: {len(made)} posts, and pages, an attachment, and a draft, a scheduled, a private,"
              " a pending, a removed and a protected post that must stay out")  # fmt: skip
        with Proxy(site.port) as proxy:
            for number, setup in enumerate(each for each in SETUPS if options.only in each.name):
                began, folder = time.monotonic(), Path(name) / f"setup-{number}"
                folder.mkdir()
                figures, faults = try_setup(site, proxy, setup, folder)
                failed += bool(faults)
                word = "FAIL" if faults else "ok  "
                print(f"{word} {setup.name}: {'; again: '.join(figures)} ({time.monotonic() - began:.0f} s)")
                for fault in faults[:12]:
                    print(f"     {fault}")
                sys.stdout.flush()
    print(f"{failed} set-ups failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
