"""`make trial-operator`: what befalls a portal, done to a real WordPress and crawled; is anything lost or doubled?

An edit, a removal, a new slug, bounds, a day out of service, other permalinks for all (301), http to https, and a
portal that moves from hand-made pages to WordPress. Installs nothing: it says what to apt-get.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from tests.crawling import Crawled, assert_sound, finish, rows, start, value
from tests.sites.corpus import DemoArticle
from tests.sites.handmade import HandMade
from tests.sites.wordpress import blocks_html
from tests.trials.proxy import Meddling, Proxy
from tests.trials.stock_wordpress import DATED, GIVEN, NUMBERED, PRETTY, newsroom, posts, typed
from tests.trials.wordpress_server import HOST, StockWordPress, missing

MONTHS = ("2024-03", "2024-04", "2024-06")
LISTINGS = {
    "API": '{ kind = "wordpress", url = "/wp-json/wp/v2/posts" }',
    "feed and sitemap": '{ kind = "feed", url = "/feed/" }, { kind = "sitemap", url = "/wp-sitemap.xml" }',
    "index": '{ kind = "index", url = "/" }',
}


class Desk:
    """An operator's archive of one portal, and what was found wrong."""

    def __init__(self, folder: Path, address: str, listings: str) -> None:
        self.archive, self.portals, self.faults = folder / "a.sqlite", folder / "portals", list[str]()
        self.places = {HOST: address}
        self.portals.mkdir()
        self.write(listings)

    def write(self, listings: str, scheme: str = "https") -> None:
        """Write the portal's file."""
        text = f'name = "Warta Contoh"\nhome = "{scheme}://{HOST}/"\nfamily = "general"\nzone = "Asia/Jakarta"\n'
        (self.portals / "warta.toml").write_text(f"{text}listings = [{listings}]\n", encoding="utf-8")

    def crawl(self, now: str, *options: str) -> Crawled:
        given = {**GIVEN, "PORTALS_PATH": str(self.portals), "NOW": f"{now}:00+07:00"}
        return finish(start(self.archive, self.places, *options, portal="warta", **given), timeout_s=900)

    def expect(self, what: str, found: object, right: object) -> None:
        if found != right:
            self.faults.append(f"{what}: {found!r} is not {right!r}")

    def titles(self) -> list[str]:
        return sorted(typed(row["title"]) for row in rows(self.archive, "SELECT title FROM articles"))

    def count(self, table: str, where: str = "1") -> int:
        return int(value(self.archive, f"SELECT count(*) FROM {table} WHERE {where}"))


def wordpress(site: StockWordPress, proxy: Proxy, desk: Desk, articles: tuple[DemoArticle, ...], kind: str) -> None:
    """Do one thing after another to the posts, and crawl after each."""
    everything = sorted(typed(one.title) for one in articles)
    proxy.meddling = Meddling(block=r"wp-json|rest_route" if kind != "API" else "")
    site.php("switch.php", {"permalinks": PRETTY, "api": True, "full_feed": kind != "feed and sitemap"})
    site.php("fill.php", posts(articles))

    done = desk.crawl("2024-07-01T10:00", "-a", "since=2024-06-01")
    june = [one for one in articles if f"{one.created_at:%Y-%m}" == "2024-06"]
    desk.expect("since=2024-06-01: exit code", done.code, 0)
    desk.expect("since=2024-06-01: stored", desk.titles(), sorted(typed(one.title) for one in june))
    done = desk.crawl("2024-07-01T11:00", "-a", "since=2024-03-01", "-a", "until=2024-03-31")
    march = [one for one in articles if f"{one.created_at:%Y-%m}" == "2024-03"]
    desk.expect("a span: exit code", done.code, 0)
    both = sorted(typed(one.title) for one in (*june, *march))
    desk.expect("a span: missing", sorted(set(both) - set(desk.titles())), [])
    done = desk.crawl("2024-07-01T12:00")
    desk.expect("all: exit code", done.code, 0)
    desk.expect("all: stored", desk.titles(), everything)

    young = sorted(june, key=lambda one: one.created_at)
    edited, removed, moved = young[-1], young[-2], young[-3]
    more = replace(edited, paragraphs=(*edited.paragraphs, "Ralat: jumlah yang benar adalah empat puluh dua orang."))
    said = site.php("act.php", [
        {"do": "edit", "title": edited.title, "content": blocks_html(more, f"https://{HOST}")},
        {"do": "remove", "title": removed.title},
        {"do": "slug", "title": moved.title, "slug": "judul-yang-diganti-redaksi"},
        {"do": "publish", "title": "Kabar baru sesudahnya", "content": blocks_html(young[0], f"https://{HOST}"),
         "date": "2024-06-30 20:00:00"},
    ])  # fmt: skip
    if " 0 " in said:
        raise RuntimeError(said)
    for now in ("2024-07-02T10:00", "2024-07-04T10:00", "2024-07-08T10:00"):
        done = desk.crawl(now)
        desk.expect(f"edit, removal, slug on {now}: exit code", done.code, 0)
    desk.expect("the new one, and nothing twice", desk.titles(), sorted([*everything, "Kabar baru sesudahnya"]))
    desk.expect("revisions", desk.count("revisions"), 1)
    gone = [typed(row["title"]) for row in rows(desk.archive, "SELECT title FROM articles WHERE gone_at IS NOT NULL")]
    desk.expect("gone", gone, [typed(removed.title)])

    before = desk.count("articles")
    for permalinks, now in ((DATED, "2024-07-10T10:00"), (NUMBERED, "2024-07-13T10:00")):
        site.php("switch.php", {"permalinks": permalinks, "api": True, "full_feed": kind != "feed and sitemap"})
        for hours in ("10", "16"):
            done = desk.crawl(now.replace("T10", f"T{hours}"))
            if done.code:
                desk.faults.append(f"permalinks {permalinks}: exit code {done.code}: {done.out}")
        desk.expect(f"permalinks {permalinks}: articles", desk.count("articles"), before)
        desk.expect(f"permalinks {permalinks}: marked gone", desk.count("articles", "gone_at IS NOT NULL"), 1)

    proxy.meddling = replace(proxy.meddling, down=True)
    done = desk.crawl("2024-07-15T10:00")
    desk.expect("down: exit code", done.code, 3)
    proxy.meddling = replace(proxy.meddling, down=False)
    site.php("act.php", [{"do": "publish", "title": "Kabar sesudah gangguan", "date": "2024-07-15 20:00:00",
                          "content": blocks_html(young[1], f"https://{HOST}")}])  # fmt: skip
    done = desk.crawl("2024-07-16T10:00")
    desk.expect("back: exit code", done.code, 0)
    desk.expect("back: stored", desk.count("articles", "title = 'Kabar sesudah gangguan'"), 1)
    desk.expect("back: marked gone", desk.count("articles", "gone_at IS NOT NULL"), 1)
    assert_sound(desk.archive)


def schemes(site: StockWordPress, desk: Desk, articles: tuple[DemoArticle, ...], listings: str) -> None:
    """Crawl by http, then by https."""
    site.php("switch.php", {"permalinks": PRETTY, "api": True, "full_feed": True})
    site.php("fill.php", posts(articles))
    for scheme, now in (("http", "2024-07-01T10:00"), ("https", "2024-07-02T10:00")):
        (site.site / "scheme.txt").write_text(scheme)
        desk.write(listings, scheme)
        done = desk.crawl(now)
        desk.expect(f"{scheme}: exit code", done.code, 0)
        desk.expect(f"{scheme}: stored", desk.titles(), sorted(typed(one.title) for one in articles))
    (site.site / "scheme.txt").unlink()


def migrated(site: StockWordPress, proxy: Proxy, desk: Desk, articles: tuple[DemoArticle, ...]) -> None:
    """Crawl a hand-made portal; then the same articles, and a few more, from a WordPress on its host."""
    old, new = articles[:40], articles[:45]
    with HandMade(old) as handmade:
        desk.places[HOST] = handmade.address
        done = desk.crawl("2024-07-01T10:00")
        desk.expect("hand-made: exit code", done.code, 0)
        desk.expect("hand-made: stored", desk.titles(), sorted(typed(one.title) for one in old))
    desk.places[HOST] = proxy.address
    site.php("switch.php", {"permalinks": PRETTY, "api": True, "full_feed": True})
    site.php("fill.php", posts(new))
    desk.write(LISTINGS["API"])
    done = desk.crawl("2024-07-05T10:00")
    desk.expect("moved to WordPress: exit code", done.code, 0)
    desk.expect("moved to WordPress: stored", desk.titles(), sorted(typed(one.title) for one in new))
    for now in ("2024-07-07T10:00", "2024-07-09T10:00"):
        desk.crawl(now)
    desk.expect("moved to WordPress: marked gone", desk.count("articles", "gone_at IS NOT NULL"), 0)


def main() -> int:
    """Go through all of it with each kind of listing; return 1 when anything is lost, doubled or said wrongly."""
    if (lacking := missing()) is not None:
        print(f"this trial needs a WordPress on this machine; run: {lacking}")
        return 2
    demo = tuple(one for one in newsroom() if f"{one.created_at:%Y-%m}" in MONTHS)
    failed = 0
    with tempfile.TemporaryDirectory() as name, StockWordPress(Path(name)) as site:
        site.serve()
        with Proxy(site.port) as proxy:
            for kind, listings in LISTINGS.items():
                folder = Path(name) / kind.replace(" ", "-")
                folder.mkdir()
                desk = Desk(folder, proxy.address, listings)
                wordpress(site, proxy, desk, demo, kind)
                failed += tell(kind, desk)
            proxy.meddling = Meddling()
            for what in ("http to https", "hand-made to WordPress"):
                folder = Path(name) / what.replace(" ", "-")
                folder.mkdir()
                desk = Desk(folder, proxy.address, LISTINGS["index" if "hand" in what else "feed and sitemap"])
                if "hand" in what:
                    migrated(site, proxy, desk, demo)
                else:
                    schemes(site, desk, demo[:40], LISTINGS["feed and sitemap"])
                failed += tell(what, desk)
    return 1 if failed else 0


def tell(what: str, desk: Desk) -> bool:
    """Print what was found wrong; return whether anything was."""
    print(
        f"{'FAIL' if desk.faults else 'ok  '} {what}: {desk.count('articles')} articles, {desk.count('crawls')} crawls"
    )
    for fault in desk.faults:
        print(f"     {fault[:700]}")
    sys.stdout.flush()
    return bool(desk.faults)


if __name__ == "__main__":
    sys.exit(main())
