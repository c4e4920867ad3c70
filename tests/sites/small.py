"""Small newsrooms as WordPress and Blogger serve them: home page, feed, sitemap, a few articles in our own words."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tests.sites.server import XML, Answer, LocalServer, Request

JSON = "application/json; charset=UTF-8"
SENTENCES = (
    "Warga kampung nelayan memperbaiki tanggul yang retak setelah ombak besar datang tiga malam berturut-turut.",
    "Ketua rukun warga membagi pekerjaan menurut gang, dan setiap keluarga mengirim satu orang dengan cangkul.",
    "Pasir diangkut dengan dua truk pinjaman dari koperasi, sedangkan karung disumbang pedagang beras di pasar.",
    "Menjelang magrib seluruh bagian yang retak sudah tertutup dan anak-anak boleh bermain lagi di tepi pantai.",
    "Dinas pekerjaan umum menjanjikan batu pemecah ombak sebelum musim angin barat tiba pada akhir tahun.",
)


@dataclass(frozen=True)
class Small:
    """An article."""

    path: str
    title: str
    published: str  # ISO 8601 with an offset

    @property
    def body(self) -> str:
        """Return its paragraphs as markup; each article has its own first one."""
        return "".join(f"<p>{text}</p>" for text in (f"KOTA - {self.title}, kata warga setempat.", *SENTENCES))


class SmallSite(LocalServer):
    """A newsroom of one make; subclasses say how its pages look."""

    name = "Kabar Kampung"
    robots = "User-agent: *\nDisallow:\n"
    articles: tuple[Small, ...] = ()

    @property
    def base(self) -> str:
        return f"http://{self.address}"

    def answer(self, request: Request) -> Answer:
        route, base = request.route, f"http://{request.headers['Host']}"
        for article in self.articles:
            if route == article.path:
                return Answer(self.page(article, base))
        match route:
            case "/":
                links = "".join(f'<li><a href="{a.path}">{a.title}</a></li>' for a in self.articles)
                head = f"<title>Beranda - {self.name}</title>{self.head(base)}"
                return Answer(f"<html><head>{head}</head><body><ul>{links}</ul></body></html>")
            case "/robots.txt":
                return Answer(self.robots.replace("{base}", base), content_type="text/plain")
        return self.more(request, base) or Answer("tidak ada", status=404)

    def head(self, _base: str) -> str:
        return ""

    def page(self, article: Small, base: str) -> str:
        raise NotImplementedError

    def more(self, _request: Request, _base: str) -> Answer | None:
        return None

    def feed(self, base: str, start: int = 1) -> Answer:
        items = "".join(
            f"<item><title>{a.title}</title><link>{base}{a.path}</link><description>{a.title}</description></item>"
            for a in self.articles[start - 1 :]
        )
        rss = f'<?xml version="1.0"?><rss version="2.0"><channel><title>{self.name}</title>{items}</channel></rss>'
        return Answer(rss, content_type=XML)

    def sitemap(self, base: str) -> Answer:
        urls = "".join(f"<url><loc>{base}{a.path}</loc></url>" for a in self.articles)
        xml = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
        return Answer(xml, content_type=XML)


class SmallWordPress(SmallSite):
    """WordPress with a stock theme, in Makassar's time."""

    timezone = "Asia/Makassar"
    articles = tuple(
        Small(f"/{slug}/", title, f"2026-10-{day:02}T09:15:00+08:00")
        for day, (slug, title) in enumerate(
            (
                ("tanggul-retak-diperbaiki", "Tanggul Retak Diperbaiki Warga"),
                ("truk-pinjaman-angkut-pasir", "Truk Pinjaman Angkut Pasir ke Pantai"),
                ("karung-dari-pedagang-beras", "Karung dari Pedagang Beras Tutup Celah"),
                ("batu-pemecah-ombak-dijanjikan", "Batu Pemecah Ombak Dijanjikan Dinas"),
            ),
            1,
        )
    )

    def head(self, base: str) -> str:
        return (
            '<meta name="generator" content="WordPress 6.9"/>'
            f'<link rel="alternate" type="application/rss+xml" title="{self.name} &raquo; Feed" href="{base}/feed/"/>'
            f'<link rel="alternate" type="application/rss+xml" title="Komentar" href="{base}/comments/feed/"/>'
            f'<link rel="https://api.w.org/" href="{base}/wp-json/"/>'
        )

    def page(self, article: Small, base: str) -> str:
        ld = {
            "@context": "https://schema.org", "@type": "NewsArticle", "headline": article.title,
            "datePublished": article.published, "author": {"@type": "Person", "name": "Sitti Rahma"},
        }  # fmt: skip
        return (
            f'<html lang="id"><head><title>{article.title} - {self.name}</title>{self.head(base)}'
            f'<meta property="og:site_name" content="{self.name}"/><meta property="og:type" content="article"/>'
            f'<script type="application/ld+json">{json.dumps(ld)}</script></head><body class="single single-post">'
            f'<main><article class="post type-post"><h1 class="entry-title">{article.title}</h1>'
            f'<time class="entry-date published" datetime="{article.published}">1 Oktober 2026</time>'
            f'<span class="author vcard"><a class="url fn n" href="/author/sitti/">Sitti Rahma</a></span>'
            f'<div class="entry-content">{article.body}</div></article></main></body></html>'
        )

    def more(self, request: Request, base: str) -> Answer | None:
        match request.route:
            case "/feed/":
                return self.feed(base)
            case "/wp-sitemap.xml":
                return self.sitemap(base)
            case "/wp-json/":
                return Answer(
                    json.dumps({"name": self.name, "timezone_string": self.timezone, "gmt_offset": "8"}),
                    content_type=JSON,
                )
            case "/wp-json/wp/v2/posts":
                posts = [
                    {
                        "id": number, "link": f"{base}{a.path}", "date": a.published[:19],
                        "date_gmt": a.published[:19], "modified": a.published[:19], "modified_gmt": a.published[:19],
                        "title": {"rendered": a.title}, "excerpt": {"rendered": ""},
                        "content": {"rendered": a.body, "protected": False},
                    }
                    for number, a in enumerate(self.articles, 1)
                ]  # fmt: skip
                return Answer(json.dumps(posts), content_type=JSON)
        return None


class SmallBlogger(SmallSite):
    """Blogger, where a page prints a local time and its zone's short name."""

    name = "Kabar Ambon Kampung"
    articles = tuple(
        Small(f"/2026/10/{slug}.html", title, "2026-10-02T09:15:00+09:00")
        for slug, title in (
            ("perahu-baru", "Perahu Baru untuk Nelayan Kampung"),
            ("sagu-melimpah", "Panen Sagu Melimpah di Dusun Atas"),
            ("sekolah-dicat", "Sekolah Dasar Dicat Orang Tua Murid"),
        )
    )

    def head(self, base: str) -> str:
        return (
            '<meta content="blogger" name="generator"/>'
            f'<link rel="alternate" type="application/atom+xml" title="Atom" href="{base}/feeds/posts/default"/>'
        )

    def page(self, article: Small, base: str) -> str:
        return (
            f'<html lang="id"><head><title>{article.title}</title>{self.head(base)}'
            f'<meta property="og:title" content="{article.title}"/></head><body>'
            f'<div class="post hentry"><h3 class="post-title entry-title">{article.title}</h3>'
            f'<abbr class="published" title="{article.published}">09.15 WIT</abbr>'
            f'<div class="post-body entry-content">{article.body}</div></div></body></html>'
        )

    def more(self, request: Request, base: str) -> Answer | None:
        match request.route:
            case "/feeds/posts/default":
                return self.feed(base, int(request.query("start-index") or 1))  # an empty feed behind the last
            case "/sitemap.xml":
                return self.sitemap(base)
        return None
