"""A province's press on one loopback port: newsrooms of ten makes, and among them what a list of addresses decays to.

Each newsroom has its own words, so no two are alike but for the mirrors. What an address should be called is said by
`expected`; of a mirror and its model either may be found first.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from kwri_crawler.scout.verdicts import Verdict
from tests.sites.corpus import ARTICLES
from tests.sites.server import TEXT, XML, Answer, LocalServer, Request, redirect
from tests.sites.small import JSON
from tests.sites.varient import VarientPortal

Site = Callable[[Request], Answer]

_TEXT = """\
    warga kampung nelayan memperbaiki tanggul retak setelah ombak besar datang ketua rukun tetangga membagi pekerjaan
    menurut gang setiap keluarga mengirim satu orang membawa cangkul pasir diangkut truk pinjaman koperasi karung
    disumbang pedagang beras pasar menjelang magrib bagian sudah tertutup anak bermain lagi tepi pantai dinas umum
    menjanjikan batu pemecah sebelum musim angin barat tiba akhir tahun camat meninjau posyandu baru guru sekolah dasar
    mengecat pagar petani panen jagung harga pupuk turun jembatan gantung dibuka kembali bupati meresmikan sumur bor
"""
_WORDS = _TEXT.split()
_PLACES = ("Ngawi", "Madiun", "Bojonegoro", "Tuban", "Lamongan", "Gresik", "Blitar", "Kediri", "Jember", "Lumajang")
_MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"


@dataclass(frozen=True)
class News:
    """An article of one newsroom."""

    slug: str
    title: str
    paragraphs: tuple[str, ...]
    at: datetime  # aware, UTC

    @property
    def local(self) -> str:
        return (self.at + timedelta(hours=7)).strftime("%Y-%m-%dT%H:%M:%S+07:00")

    @property
    def printed(self) -> str:
        local = self.at + timedelta(hours=7)
        return f"{local.day} {_MONTHS.split()[local.month - 1]} {local.year} {local:%H:%M} WIB"

    @property
    def html(self) -> str:
        return "".join(f"<p>{text}</p>" for text in self.paragraphs)


def news(number: int, count: int, last: datetime) -> tuple[News, ...]:
    """Return a newsroom's articles, the newest first; equal for equal numbers."""
    chance = random.Random(number)
    found = []
    for place in range(count):
        title = " ".join(chance.choice(_WORDS).title() for _ in range(5)) + f" {_PLACES[number % 10]} {number}{place}"
        paragraphs = tuple(
            f"{' '.join(chance.choice(_WORDS) for _ in range(28)).capitalize()}." for _ in range(chance.randint(4, 7))
        )
        slug = title.lower().replace(" ", "-")
        found.append(News(slug, title, paragraphs, last - timedelta(hours=7 * place + chance.randint(0, 5))))
    return tuple(found)


class Newsroom:
    """A newsroom of one make; a subclass says how its addresses, listings and pages look."""

    head = ""

    def __init__(self, articles: tuple[News, ...], name: str) -> None:
        self.articles, self.name = articles, name

    def __call__(self, request: Request) -> Answer:
        base = f"https://{request.headers['Host']}"  # also of a mirror: links are as the reader came
        for article in self.articles:
            if request.route == self.path(article):
                return Answer(self.page(article))
        if request.route == "/":
            links = "".join(f'<li><a href="{self.path(one)}">{one.title}</a></li>' for one in self.articles)
            head = f'<title>{self.name} - Beranda</title><meta property="og:site_name" content="{self.name}">'
            return Answer(f"<html><head>{head}{self.head}</head><body>{self.menu()}<ul>{links}</ul></body></html>")
        if request.route == "/robots.txt":
            return Answer("User-agent: *\nDisallow: /wp-admin/\n", content_type=TEXT)
        return self.listing(request, base) or Answer("<h1>Tidak ada</h1>", 404)

    def path(self, article: News) -> str:
        return f"/{article.slug}/"

    def menu(self) -> str:
        return ""

    def page(self, article: News) -> str:
        data = json.dumps(
            {
                "@type": "NewsArticle", "headline": article.title, "datePublished": article.local,
                "author": {"@type": "Person", "name": "Sari Wulandari"},
            }
        )  # fmt: skip
        return (
            f'<html lang="id"><head><title>{article.title} - {self.name}</title>{self.head}'
            f'<meta property="og:type" content="article"><script type="application/ld+json">{data}</script></head>'
            f'<body><main><article><h1 class="entry-title">{article.title}</h1>'
            f'<div class="entry-content">{article.html}</div></article></main></body></html>'
        )

    def listing(self, _request: Request, _base: str) -> Answer | None:
        return None

    def rss(self, base: str, start: int = 1) -> Answer:
        items = "".join(
            f"<item><title>{one.title}</title><link>{base}{self.path(one)}</link>"
            f"<pubDate>{one.at:%a, %d %b %Y %H:%M:%S} +0000</pubDate>"
            f"<description>{one.paragraphs[0]}</description></item>"
            for one in self.articles[start - 1 :]
        )
        return Answer(
            f'<rss version="2.0"><channel><title>{self.name}</title>{items}</channel></rss>', content_type=XML
        )

    def sitemap(self, base: str) -> Answer:
        urls = "".join(f"<url><loc>{base}{self.path(one)}</loc></url>" for one in self.articles)
        return Answer(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>', content_type=XML)


class WordPress(Newsroom):
    """WordPress whose theme says so; its feed answers at an address that redirects, as most do."""

    head = '<meta name="generator" content="WordPress 6.9"><link rel="https://api.w.org/" href="/wp-json/">'
    has_api, has_feed = True, True

    def listing(self, request: Request, base: str) -> Answer | None:
        match request.route.rstrip("/"):
            case "/wp-json/wp/v2/posts" if self.has_api:
                return Answer(json.dumps([self._post(base, one) for one in self.articles]), content_type=JSON)
            case "/wp-json" if self.has_api:
                return Answer(json.dumps({"name": self.name, "timezone_string": "Asia/Jakarta"}), content_type=JSON)
            case "/feed" if self.has_feed:
                return self.rss(base) if request.route == "/feed/" else redirect(f"{base}/feed/", 301)
            case "/wp-sitemap.xml" if self.has_feed:
                return self.sitemap(base)
        return None

    def _post(self, base: str, one: News) -> dict[str, object]:
        return {
            "id": int(one.at.timestamp()) % 100_000, "link": f"{base}{self.path(one)}", "date": one.local[:19],
            "date_gmt": f"{one.at:%Y-%m-%dT%H:%M:%S}", "modified": one.local[:19],
            "modified_gmt": f"{one.at:%Y-%m-%dT%H:%M:%S}", "title": {"rendered": one.title},
            "excerpt": {"rendered": ""}, "content": {"rendered": one.html, "protected": False},
        }  # fmt: skip


class HiddenWordPress(WordPress):
    """WordPress whose theme hides it, and which has no feed: its interface alone tells."""

    head, has_feed = "", False


class OldWordPress(WordPress):
    """WordPress whose interface is switched off."""

    head, has_api = '<meta name="generator" content="WordPress 5.4"><script src="/wp-content/x.js"></script>', False


class Blogger(Newsroom):
    """Blogger, whose pages print the moment in an abbr."""

    head = (
        '<meta content="blogger" name="generator">'
        '<link rel="alternate" type="application/atom+xml" href="/feeds/posts/default">'
    )

    def path(self, article: News) -> str:
        return f"/{article.at:%Y/%m}/{article.slug}.html"

    def page(self, article: News) -> str:
        return (
            f'<html lang="id"><head><title>{article.title}</title>{self.head}</head><body><div class="post hentry">'
            f'<h3 class="post-title entry-title">{article.title}</h3>'
            f'<abbr class="published" title="{article.local}">-</abbr>'
            f'<div class="post-body entry-content">{article.html}</div></div></body></html>'
        )

    def listing(self, request: Request, base: str) -> Answer | None:
        start = int(request.query("start-index") or 1)  # an empty feed stands behind the last article
        return self.rss(base, start) if request.route == "/feeds/posts/default" else None


class OwnCms(Newsroom):
    """A CMS of its own with a feed of the newest and an index."""

    def path(self, article: News) -> str:
        return f"/berita/{article.slug}"

    def menu(self) -> str:
        return '<nav><a href="/indeks">Indeks</a></nav>'

    def listing(self, request: Request, base: str) -> Answer | None:
        if request.route == "/rss.xml":
            return self.rss(base)
        links = "".join(f'<article><h2><a href="{self.path(o)}">{o.title}</a></h2></article>' for o in self.articles)
        return Answer(f"<html><body><main>{links}</main></body></html>") if request.route == "/indeks" else None


class Hugo(Newsroom):
    """A static site: its feed is named in the head, at an address of its own."""

    head = (
        '<meta name="generator" content="Hugo 0.131">'
        '<link rel="alternate" type="application/rss+xml" href="/index.xml">'
    )

    def path(self, article: News) -> str:
        return f"/post/{article.slug}/"

    def listing(self, request: Request, base: str) -> Answer | None:
        return {"/index.xml": self.rss, "/sitemap.xml": self.sitemap}.get(request.route, lambda _: None)(base)


class HandMade(Newsroom):
    """Without feed, interface and sitemap: a page of all news, dates in words."""

    def path(self, article: News) -> str:
        return f"/baca/{article.slug}"

    def menu(self) -> str:
        return '<nav><a href="/berita">Berita</a></nav>'

    def page(self, article: News) -> str:
        return (
            f"<html><head><title>{article.title} | {self.name}</title></head><body><h1>{article.title}</h1>"
            f'<div class="tanggal">{article.printed}</div><div class="isi-berita">{article.html}</div></body></html>'
        )

    def listing(self, request: Request, _base: str) -> Answer | None:
        links = "".join(
            f'<div class="item"><h3><a href="{self.path(o)}">{o.title}</a></h3></div>' for o in self.articles
        )
        return Answer(f"<html><body><main>{links}</main></body></html>") if request.route == "/berita" else None


MAKES: tuple[str, ...] = (
    "classic", "magazine", "v3", "wordpress", "hidden", "old", "blogger", "own", "hugo", "handmade",
)  # fmt: skip
_CLASSES: dict[str, type[Newsroom]] = {
    "wordpress": WordPress, "hidden": HiddenWordPress, "old": OldWordPress, "blogger": Blogger, "own": OwnCms,
    "hugo": Hugo, "handmade": HandMade,
}  # fmt: skip


def newsroom(make: str, host: str, number: int, count: int) -> Site:
    """Return a newsroom of a make."""
    articles = news(number, count, datetime(2026, 11, 20, 3, tzinfo=UTC) - timedelta(minutes=number))
    if make in _CLASSES:
        return _CLASSES[make](articles, f"Kabar {_PLACES[number % 10]} {number}")
    own = [
        replace(
            ARTICLES[0], slug=one.slug, title=one.title, paragraphs=one.paragraphs, tags=(), summary="",
            created_at=(one.at + timedelta(hours=7)).replace(tzinfo=None), updated_at=None,
        )
        for one in articles
    ]  # fmt: skip
    return VarientPortal(make, own, host=host).answer


# ---------------------------------------------------------------- what a list of addresses decays to


def _page(title: str, body: str, head: str = "") -> Site:
    return lambda request: (
        Answer("", 404) if request.route == "/robots.txt" else Answer(f"<title>{title}</title>{head}{body}")
    )


def _hello_world(request: Request) -> Answer:
    article = News(
        "hello-world", "Hello world!", ("Welcome to WordPress. This is your first post.",) * 3, datetime.now(UTC)
    )
    return WordPress((article,), "Just another WordPress site")(request)


def _bets(request: Request) -> Answer:
    articles = tuple(
        replace(one, title=f"Slot Gacor Maxwin {one.title}", slug=f"slot-gacor-{one.slug}")
        for one in news(99_000 + len(request.host), 6, datetime(2026, 11, 1, tzinfo=UTC))
    )
    return WordPress(articles, "Tribrata Media")(request)


def _shell(request: Request) -> Answer:
    return Answer(
        '<title>Portal</title><div id="root"></div><script src="/a.js"></script>', 200 if request.route == "/" else 404
    )


def _forbidding(request: Request) -> Answer:
    return Answer("User-agent: *\nDisallow: /\n", content_type=TEXT) if request.route == "/robots.txt" else Answer("x")


_OFFER = '<meta name="description" content="Link alternatif, rtp live, bonus new member">'
_CHALLENGE = '<title>Just a moment...</title><script>window._cf_chl_opt={cType:"managed"}</script>'
BAD: tuple[tuple[str, Site, Verdict], ...] = (
    ("galat", lambda _: Answer("<h1>Internal Server Error</h1>", 500), Verdict.DEAD),
    ("putus", lambda _: Answer(raw=lambda connection: connection.close()), Verdict.DEAD),
    ("hilang", lambda _: Answer("<h1>Not Found</h1>", 404), Verdict.DEAD),
    ("dijual", _page("dijual.example", "<h1>This domain is for sale</h1><p>Make an offer.</p>"), Verdict.PARKED),
    ("nginx", _page("Welcome to nginx!", "<h1>Welcome to nginx!</h1>"), Verdict.PARKED),
    ("apache", _page("Apache2 Debian Default Page: It works", "<p>It works!</p>"), Verdict.PARKED),
    ("halo", _hello_world, Verdict.PARKED),
    ("suspend", _page("Account Suspended", "<p>This Account has been suspended.</p>"), Verdict.PARKED),
    ("larang", lambda _: Answer("Forbidden", 403), Verdict.BLOCKED),
    ("tantang", lambda _: Answer(_CHALLENGE, 403), Verdict.BLOCKED),
    ("tutup", _forbidding, Verdict.ROBOTS),
    ("judi", _page("SITUS SLOT GACOR Maxwin Hari Ini", "<p>Daftar</p>", _OFFER), Verdict.NOT_NEWS),
    ("slot", _bets, Verdict.NOT_NEWS),
    ("kosong", _shell, Verdict.NO_LISTING),
)  # fmt: skip


class Province(LocalServer):
    """`count` hosts, `bad` of them no newsroom of their own; a seventh of those have moved, a seventh are mirrors."""

    def __init__(self, count: int = 500, bad: int = 60, articles: int = 6) -> None:
        super().__init__()
        self.articles = articles  # of each newsroom
        self.sites: dict[str, Site] = {}
        self.makes: dict[str, str] = {}  # host -> make, of newsrooms
        self.expected: dict[str, frozenset[Verdict]] = {}
        self.pairs: list[tuple[str, str]] = []  # a newsroom and its mirror, of which one is added
        for number in range(count - bad):
            make = MAKES[number % len(MAKES)]
            host = f"kabar-{make}-{number}.example.id"
            self._add(host, newsroom(make, host, number, articles), Verdict.ADDED)
            self.makes[host] = make
        good = list(self.makes)
        for number in range(bad):
            kind = number % (len(BAD) + 4)
            if kind < len(BAD):
                name, site, verdict = BAD[kind]
                self._add(f"{name}-{number}.example.id", site, verdict)
            elif kind < len(BAD) + 2:
                target = good[number % len(good)]
                self._add(f"pindah-{number}.example.id", self._leading_to(target), Verdict.MOVED)
            else:
                model = next(
                    host for host in good[3 + number :] + good if self.makes[host] not in ("classic", "magazine", "v3")
                )
                good.remove(model)
                mirror = f"cermin-{number}.example.id"
                self._add(mirror, self.sites[model], Verdict.ADDED, Verdict.SAME)
                self.expected[model] = frozenset((Verdict.ADDED, Verdict.SAME))
                self.pairs.append((model, mirror))

    def _add(self, host: str, site: Site, *verdicts: Verdict) -> None:
        self.sites[host] = site
        self.expected[host] = frozenset(verdicts)

    @staticmethod
    def _leading_to(host: str) -> Site:
        def answer(request: Request) -> Answer:
            is_robots = request.route == "/robots.txt"
            return Answer("", 404) if is_robots else redirect(f"https://{host}{request.path}", 301)

        return answer

    def answer(self, request: Request) -> Answer:
        site = self.sites.get(request.host)
        return site(request) if site is not None else Answer("", 404)

    def listed(self) -> str:
        """Return the addresses a line each, good and bad mixed, as a file that somebody collected."""
        hosts = sorted(self.sites)
        random.Random(7).shuffle(hosts)
        return "# the press of one province\n" + "".join(f"https://{host}/\n" for host in hosts)
