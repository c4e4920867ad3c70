"""A whole Varient portal on loopback, in three looks; articles can be published, edited and removed while it runs."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.sites import listings
from tests.sites.classic import Around, Classic
from tests.sites.corpus import ARTICLES, SECTIONS, DemoArticle, slug_of
from tests.sites.furniture import ZONE, Post
from tests.sites.magazine import V3, Magazine
from tests.sites.server import TEXT, XML, Answer, LocalServer, Request, redirect

VIEWS: dict[str, type[Classic]] = {"classic": Classic, "magazine": Magazine, "v3": V3}
NOW = datetime(2024, 6, 28, 9, 0)  # the portal's clock, naive local time
FEED_LENGTH = 50
SECTION_FEED_LENGTH = 500
PAGES = {  # what is on a portal's root and is no article
    "redaksi": ("Redaksi", "<p>Pemimpin Redaksi: Rahmat Wijanarko</p>\n<p>Alamat: Jalan Contoh 1, Surabaya</p>"),
    "kontak": ("Kontak", "<p>Surat elektronik: redaksi@example.org</p>"),
    "syarat-ketentuan": ("Syarat dan Ketentuan", "<p>Isi portal ini adalah karangan untuk pengujian.</p>"),
}


class VarientPortal(LocalServer):
    """Serve articles as jatim.kwri.or.id might: its links are absolute under `base`, whatever port it answers on."""

    extra_headers = (
        ("Cache-Control", "no-store, max-age=0, no-cache"),
        ("Set-Cookie", "vr_csrf_cookie=7c1f0c2e8a0b4bd2; path=/; HttpOnly; SameSite=Lax"),
    )

    def __init__(
        self,
        view: str = "classic",
        articles: Iterable[DemoArticle] = ARTICLES,
        host: str = "jatim.kwri.or.id",
        per_page: int = 16,
        *,
        base: str = "",
        port: int = 0,
        pages_in_sitemap: bool = False,
        zone: str = ZONE,
        now: datetime = NOW,
    ) -> None:
        super().__init__(port)
        self.view, self.host, self.per_page, self.zone, self.now = view, host, per_page, zone, now
        self.base = (base or f"https://{host}").rstrip("/")
        self.is_v3 = view == "v3"
        self.pages_in_sitemap = tuple(PAGES) if pages_in_sitemap else ()
        self.robots = self._stock_robots()
        self._theme = VIEWS[view](self.base, host, zone, now)
        self._lock = threading.Lock()
        self._chance = random.Random(0)
        self._posts: dict[str, Post] = {}
        self._next_id = 1
        for article in articles:
            self.publish(article)

    # ------------------------------------------------------------ what an editor does

    @property
    def articles(self) -> tuple[DemoArticle, ...]:
        """Return what is published, in the order it was put in."""
        with self._lock:
            return tuple(post.article for post in self._posts.values())

    def publish(self, article: DemoArticle) -> None:
        with self._lock:
            if article.slug in self._posts:
                raise ValueError(f"{article.slug}: this slug is taken")
            self._posts[article.slug] = Post(self._next_id, article)
            self._next_id += 1
            self._renew()

    def remove(self, slug: str) -> None:
        with self._lock:
            del self._posts[slug]
            self._renew()

    def edit(self, slug: str, **changes: Any) -> DemoArticle:
        """Change fields of an article; as in the CMS this also sets the time of its last change."""
        with self._lock:
            post = self._posts[slug]
            changes.setdefault("updated_at", (post.article.updated_at or post.article.created_at) + timedelta(hours=2))
            article = replace(post.article, **changes)
            self._posts[slug] = Post(post.id, article)
            self._renew()
            return article

    def _renew(self) -> None:
        self._by_id = list(self._posts.values())
        self._newest = sorted(self._by_id, key=lambda post: (post.article.created_at, post.id), reverse=True)
        self._tags = {slug_of(tag): tag for post in self._by_id for tag in post.article.tags}
        self._around: Around | None = None

    # ------------------------------------------------------------ what a reader gets

    def answer(self, request: Request) -> Answer:
        """Answer as Varient's router does: fixed words first, then page, section, article."""
        route = request.route
        if route != "/" and route.endswith("/"):
            query = request.path.partition("?")[2]
            return redirect(self.base + route.rstrip("/") + (f"?{query}" if query else ""), 301)
        first, _, rest = route.strip("/").partition("/")
        if not first:
            return Answer(self._theme.home(self._newest, self._furniture()))
        own = self._routes().get(first)
        if own is not None:
            return own(rest, request)
        if rest:
            return self._not_found()
        if first in PAGES:
            return Answer(self._theme.page(*PAGES[first], self._furniture(), route))
        for name in SECTIONS:
            if slug_of(name) == first:
                return self._list(name, [p for p in self._newest if p.article.section == name], route, request)
        post = self._posts.get(first)
        return self._post(post, request) if post else self._not_found()

    def _routes(self) -> dict[str, Callable[[str, Request], Answer]]:
        routes: dict[str, Callable[[str, Request], Answer]] = {
            "posts": lambda rest, request: self._list("Latest Posts", self._newest, "/posts", request, rest),
            "tag": self._tag,
            "profile": self._profile,
            "search": self._search,
            "rss-feeds" if self.is_v3 else "rss": self._feed,
            "robots.txt": lambda *_: Answer(self.robots, content_type=TEXT),
            "assets": lambda *_: Answer("/* */", content_type="text/css"),
            "uploads": lambda *_: Answer(_PIXEL, content_type="image/gif", compress=False),
        }
        routes.update({name: lambda _, request: self._sitemap(request.route[1:]) for name in _SITEMAPS})
        return routes

    def _furniture(self) -> Around:
        if self._around is None:  # the same on every page until an editor changes something
            self._around = self._theme.around(self._newest, sorted(self._tags.values()))
        return self._around

    def _post(self, post: Post, request: Request) -> Answer:
        wanted = request.query("p")
        page = int(wanted) if wanted.isdigit() else 1
        if post.article.post_type == "gallery" and not 1 <= page <= len(post.article.items):
            return redirect(f"{self.base}/{post.article.slug}")
        others = [
            other for other in self._newest if other.id != post.id and other.article.section == post.article.section
        ]
        place = self._by_id.index(post)
        around = replace(
            self._furniture(),
            related=tuple(self._chance.sample(others, min(6, len(others)))),  # ORDER BY RAND()
            before=self._by_id[place - 1] if place else None,
            after=self._by_id[place + 1] if place + 1 < len(self._by_id) else None,
        )
        return Answer(self._theme.post(post, around, page))

    def _list(self, title: str, posts: list[Post], path: str, request: Request, rest: str = "") -> Answer:
        if rest:
            return self._not_found()
        wanted = request.query("page")
        page = max(1, int(wanted)) if wanted.isdigit() else 1
        pages = -(-len(posts) // self.per_page)
        shown = posts[(page - 1) * self.per_page : page * self.per_page]  # beyond the last page: 200, and empty
        return Answer(self._theme.listing(title, shown, page, pages, path, self._furniture()))

    def _tag(self, slug: str, request: Request) -> Answer:
        if slug not in self._tags:
            return redirect(self.base + "/")
        posts = [post for post in self._newest if slug in map(slug_of, post.article.tags)]
        return self._list(self._tags[slug], posts, f"/tag/{slug}", request)

    def _profile(self, slug: str, request: Request) -> Answer:
        posts = [post for post in self._newest if slug_of(post.article.author) == slug]
        if not posts:
            return redirect(self.base + "/")
        return self._list(posts[0].article.author, posts, f"/profile/{slug}", request)

    def _search(self, _: str, request: Request) -> Answer:
        words = request.query("q").casefold()
        posts = [post for post in self._newest if words and words in post.article.title.casefold()]
        return self._list(f"Search: {words}", posts, f"/search?q={words}", request)

    def _feed(self, rest: str, _: Request) -> Answer:
        if not rest and self.is_v3:
            return Answer(self._theme.page("RSS Feeds", "<p>latest</p>", self._furniture(), "/rss-feeds"))
        rest = rest.removeprefix("feed/") if self.is_v3 else rest
        kind, _, slug = rest.partition("/")
        if rest == ("latest" if self.is_v3 else "latest-posts"):
            posts = self._newest[:FEED_LENGTH]
        elif kind == "category":
            posts = [post for post in self._newest if slug_of(post.article.section) == slug]
        elif kind == "author":
            posts = [post for post in self._newest if slug_of(post.article.author) == slug]
        else:
            return self._not_found()
        length = FEED_LENGTH if self.is_v3 else SECTION_FEED_LENGTH
        return Answer(listings.feed(self.base, slug or "Latest Posts", posts[:length], self.zone), content_type=XML)

    def _sitemap(self, name: str) -> Answer:
        if not self.is_v3 and name != "sitemap.xml":
            return self._not_found()
        if self.view == "classic":
            tags = sorted(self._tags.values())
            text = listings.sitemap_v22(self.base, self._by_id, tags, self.now, self.pages_in_sitemap)
        elif self.view == "magazine":
            text = listings.sitemap_v24(self.base, self._newest, self.zone, self.pages_in_sitemap)
        elif name == "sitemap.xml":
            text = listings.sitemap_index(self.base, list(_SITEMAPS[2:]), self.now, self.zone)
        elif name == "sitemap-categories-1.xml":
            text = listings.sitemap_sections(self.base)
        elif name == "sitemap-news.xml":
            fresh = [post for post in self._newest if self.now - post.article.created_at < timedelta(days=2)]
            text = listings.sitemap_news(self.base, fresh, self.zone)
        else:
            half = -(-len(self._by_id) // 2)
            part = self._by_id[:half] if name == "sitemap-posts-1.xml" else self._by_id[half:]
            text = listings.sitemap_posts(self.base, part, self.zone)
        return Answer(text, content_type=XML)

    def _not_found(self) -> Answer:
        return Answer(self._theme.not_found(self._furniture()), 404)

    def _stock_robots(self) -> str:
        if not self.is_v3:
            return "User-agent: *\nDisallow:"
        sitemaps = "".join(f"Sitemap: {self.base}/{name}\n" for name in ("sitemap.xml", "sitemap-news.xml"))
        return f"User-agent: *\nDisallow: /admin\n\n{sitemaps}"


_SITEMAPS = (
    "sitemap.xml",
    "sitemap-news.xml",
    "sitemap-categories-1.xml",
    "sitemap-posts-1.xml",
    "sitemap-posts-2.xml",
)
_PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
