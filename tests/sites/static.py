"""A site as static-site generators build it: sections with the beginnings of articles, an undated page, a feed."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from tests.sites.corpus import DemoArticle, slug_of
from tests.sites.server import XML, Answer, LocalServer, Request

HOST = "kabar-desa.example.id"
BASE = f"https://{HOST}"
ABOUT = (
    "<h1>Tentang Kami</h1><p>, <time datetime='0001-01-01T00:00:00Z'>1/1/0001</time></p>"
    "<p>Warga menulis di sini setiap pekan, bergantian menurut dusun, dan siapa pun boleh mengirim ralat.</p>"
)


class StaticSite(LocalServer):
    """Hugo's structure, or with dated addresses and pages "/page2/" Jekyll's; feed_length 0 is all, None no feed."""

    def __init__(
        self,
        articles: Iterable[DemoArticle],
        *,
        jekyll: bool = False,
        feed_length: int | None = 0,
        sitemap: bool = True,
        each: int = 10,  # articles on a page of a section
    ) -> None:
        super().__init__()
        self.each = each
        self.jekyll, self.feed_length, self.sitemap = jekyll, feed_length, sitemap
        self.articles = tuple(sorted(articles, key=lambda one: one.created_at, reverse=True))

    def link(self, article: DemoArticle) -> str:
        day = f"{slug_of(article.section)}/{article.created_at:%Y/%m/%d}" if self.jekyll else "berita"
        return f"/{day}/{article.slug}/"

    def answer(self, request: Request) -> Answer:
        files = self.files()
        body = files.get(request.route)
        if body is None:
            return Answer(self._page("Tidak ditemukan", "<h1>Halaman tidak ditemukan</h1>"), 404)
        return Answer(body, content_type=XML if request.route.endswith(".xml") else "text/html")

    def files(self) -> dict[str, str]:
        """Return every file by its address."""
        found = {self.link(one): self._article(one) for one in self.articles}
        found["/tentang/"] = self._page("Tentang Kami", f"<article>{ABOUT}</article>")
        found |= self._pages("/", "Kabar Desa", self.articles)
        if not self.jekyll:
            found |= self._pages("/berita/", "Berita", self.articles)
            for section in sorted({one.section for one in self.articles}):
                mine = tuple(one for one in self.articles if one.section == section)
                found |= self._pages(f"/categories/{slug_of(section)}/", section, mine)
        places = [path for path in found if "/page" not in path or self.jekyll]
        if self.sitemap:
            locations = "".join(f"<url><loc>{BASE}{path}</loc></url>" for path in places)
            found["/sitemap.xml"] = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{locations}</urlset>'
        if self.feed_length is not None:
            items = "".join(self._item(one) for one in self.articles[: self.feed_length or None])
            found["/index.xml"] = f'<rss version="2.0"><channel><title>Kabar Desa</title>{items}</channel></rss>'
        return found

    def _item(self, article: DemoArticle) -> str:
        summary = " ".join(article.expected)[:300]
        date = f"{article.created_at:%d %b %Y %H:%M:%S} +0700"
        return (
            f"<item><title>{escape(article.title)}</title><link>{BASE}{self.link(article)}</link>"
            f"<pubDate>{date}</pubDate>"
            f"<description>{escape(summary)}</description></item>"
        )

    def _pages(self, path: str, title: str, articles: tuple[DemoArticle, ...]) -> dict[str, str]:
        """Return a section's pages: headlines that link, and below each the beginning of its article, or all of it."""
        found = {}
        for number, start in enumerate(range(0, len(articles), self.each), 1):
            entries = "".join(
                f'<h2><a href="{self.link(one)}">{escape(one.title)}</a></h2>'
                f"<p>{escape(' '.join(one.expected[:3]))}</p>"
                for one in articles[start : start + self.each]
            )
            step = f"page{number + 1}/" if self.jekyll else f"page/{number + 1}/"
            more = f'<ul class="pagination"><li><a href="{path}{step}">Selanjutnya</a></li></ul>'
            pager = more if start + self.each < len(articles) else ""
            here = path if number == 1 else f"{path}{step.replace(str(number + 1), str(number))}"
            found[here] = self._page(title, f"<h1>{title}</h1>{entries}{pager}")
        return found

    def _article(self, article: DemoArticle) -> str:
        text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in article.expected)
        at = f"{article.created_at.isoformat()}+07:00"
        time = f'<time datetime="{at}">{article.created_at:%d/%m/%Y}</time>'
        head = f"<h1>{escape(article.title)}</h1><p>{article.author}, {time}</p>"
        return self._page(article.title, f"<article>{head}{text}</article>")

    def _page(self, title: str, inner: str) -> str:
        feed = "" if self.feed_length is None else '<link rel="alternate" type="application/rss+xml" href="/index.xml">'
        sections = sorted({one.section for one in self.articles}) if not self.jekyll else ()
        nav = "".join(f'<a href="/categories/{slug_of(section)}/">{section}</a> ' for section in sections)
        return (
            f'<!DOCTYPE html><html lang="id"><head><meta charset="utf-8"><title>{escape(title)} | Kabar Desa</title>'
            f'{feed}</head><body><header><a href="/">Kabar Desa</a><nav><a href="/tentang/">Tentang</a> {nav}</nav>'
            f"</header><main>{inner}</main><footer>Kabar Desa, ditulis warga.</footer></body></html>"
        )
