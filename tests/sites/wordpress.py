"""A WordPress and a Blogger portal on loopback: REST API, feeds, sitemaps and a stock theme, as the real ones behave."""
# ruff: noqa: E501 - markup as the CMS prints it

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import escape
from typing import Any

from tests.sites.blocks import Block, Bullets, Figure, Heading, Lines, Quote, ReadAlso, Table
from tests.sites.corpus import DemoArticle
from tests.sites.server import Answer, LocalServer, Request, redirect


def blocks_html(article: DemoArticle, base: str) -> str:
    """Return an article as the block editor saves it."""
    return "\n\n".join(_block(block, base) for block in article.paragraphs)


def _block(block: Block, base: str) -> str:
    match block:
        case str():
            return f"<!-- wp:paragraph -->\n<p>{escape(block, quote=False)}</p>\n<!-- /wp:paragraph -->"
        case Heading(text):
            return f'<!-- wp:heading {{"level":3}} -->\n<h3 class="wp-block-heading">{escape(text, quote=False)}</h3>\n<!-- /wp:heading -->'
        case Quote(text):
            return f'<!-- wp:quote -->\n<blockquote class="wp-block-quote"><!-- wp:paragraph -->\n<p>{escape(text, quote=False)}</p>\n<!-- /wp:paragraph --></blockquote>\n<!-- /wp:quote -->'
        case Bullets(items, ordered):
            tag, options = ("ol", ' {"ordered":true}') if ordered else ("ul", "")
            rows = "\n".join(
                f"<!-- wp:list-item -->\n<li>{escape(item, quote=False)}</li>\n<!-- /wp:list-item -->" for item in items
            )
            return f'<!-- wp:list{options} -->\n<{tag} class="wp-block-list">{rows}</{tag}>\n<!-- /wp:list -->'
        case Table(rows_):
            cells = "".join(
                "<tr>" + "".join(f"<td>{escape(cell, quote=False)}</td>" for cell in row) + "</tr>" for row in rows_
            )
            return f'<!-- wp:table -->\n<figure class="wp-block-table"><table class="has-fixed-layout"><tbody>{cells}</tbody></table></figure>\n<!-- /wp:table -->'
        case Lines(lines):
            inner = "<br>".join(escape(line, quote=False) for line in lines)
            return f"<!-- wp:paragraph -->\n<p>{inner}</p>\n<!-- /wp:paragraph -->"
        case ReadAlso(title, slug):
            return f'<!-- wp:paragraph -->\n<p><strong>Baca juga:</strong> <a href="{base}/{slug}/">{escape(title, quote=False)}</a></p>\n<!-- /wp:paragraph -->'
        case Figure(image, caption):
            return f'<!-- wp:image -->\n<figure class="wp-block-image size-large"><img src="{base}/wp-content/{image}" alt=""/><figcaption class="wp-element-caption">{escape(caption, quote=False)}</figcaption></figure>\n<!-- /wp:image -->'


ZONE = timedelta(hours=7)
FEED_LENGTH = 10
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Post:
    """A row of wp_posts."""

    id: int
    article: DemoArticle
    modified: datetime  # naive, local; when it was last saved
    password: str = ""


class Blog(LocalServer):
    """What WordPress and Blogger have in common: posts that can be published, edited and removed while it runs."""

    def __init__(self, articles: Iterable[DemoArticle] = (), host: str = "warta.example.id", port: int = 0) -> None:
        super().__init__(port)
        self.host = host
        self.base = f"https://{host}"
        self.now: datetime | None = None  # naive, local: when an editor saves; null: an article's own time
        self._lock = threading.RLock()
        self._posts: dict[str, Post] = {}
        for article in articles:
            self.publish(article)

    @property
    def articles(self) -> tuple[DemoArticle, ...]:
        """Return what everybody may read."""
        with self._lock:
            return tuple(post.article for post in self._posts.values() if not post.password)

    def publish(self, article: DemoArticle, password: str = "", saved: datetime | None = None) -> None:
        """Publish an article; one that was scheduled was saved earlier than it appears."""
        with self._lock:
            modified = saved or self.now or article.updated_at or article.created_at
            self._posts[article.slug] = Post(len(self._posts) + 101, article, modified, password)

    def edit(self, slug: str, **changes: Any) -> None:
        with self._lock:
            post = self._posts[slug]
            modified = self.now or post.modified + timedelta(hours=2)
            self._posts[slug] = replace(post, article=replace(post.article, **changes), modified=modified)

    def remove(self, slug: str) -> None:
        with self._lock:
            del self._posts[slug]

    def newest(self) -> list[Post]:
        with self._lock:
            return sorted(self._posts.values(), key=lambda post: (post.article.created_at, post.id), reverse=True)

    def conditional(self, request: Request, text: str, content_type: str) -> Answer:
        """Answer 304 to who has it already."""
        tag = f'"{hashlib.md5(text.encode()).hexdigest()}"'
        if request.headers.get("If-None-Match") == tag:
            return Answer(status=304, headers=(("ETag", tag),))
        return Answer(text, content_type=content_type, headers=(("ETag", tag),))


class WordPressPortal(Blog):
    """WordPress 6.x in Indonesian; pretty or plain permalinks, the API on or off, the feed whole or cut."""

    def __init__(
        self,
        articles: Iterable[DemoArticle] = (),
        *,
        pretty: bool = True,
        api: bool = True,
        full_feed: bool = True,
        host: str = "warta.example.id",
        knows_modified_after: bool = True,  # since 5.7
        paged: Mapping[str, int] | None = None,  # slug -> on how many pages its editor put it (<!--nextpage-->)
    ) -> None:
        self.paged = dict(paged or {})
        self.pretty, self.api, self.full_feed, self.knows_modified_after = pretty, api, full_feed, knows_modified_after
        super().__init__(articles, host)

    def link(self, post: Post) -> str:
        return f"{self.base}/{post.article.slug}/" if self.pretty else f"{self.base}/?p={post.id}"

    def answer(self, request: Request) -> Answer:
        route = request.route
        rest = request.query("rest_route") or (route.removeprefix("/wp-json") if route.startswith("/wp-json/") else "")
        if rest:
            return self._rest(rest.rstrip("/"), request)
        if route == "/robots.txt":
            return Answer(
                f"User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n\nSitemap: {self.base}/wp-sitemap.xml\n",
                content_type="text/plain; charset=utf-8",
            )
        if route == "/feed/" or request.query("feed") == "rss2":
            return self._feed(request)
        if route.startswith("/wp-sitemap"):
            return self._sitemap(route)
        if route in ("/redaksi/", "/pedoman-media-siber/"):
            return Answer(
                self._html(
                    "Redaksi",
                    "<p>Pemimpin redaksi dan seluruh awak media ini dimuat di laman ini, lengkap dengan alamatnya.</p>",
                    "page",
                )
            )
        found = [
            post for post in self.newest() if self.link(post) == self.base + route or request.query("p") == str(post.id)
        ]
        if found:
            wanted = request.query("page")
            return Answer(self._post(found[0], int(wanted) if wanted.isdigit() else 1))
        numbered = re.fullmatch(r"(/[^/]+/)(\d+)/", route)
        for post in self.newest() if numbered else ():
            if numbered and self.link(post) == self.base + numbered[1]:
                number = int(numbered[2])
                if not 2 <= number <= self.paged.get(post.article.slug, 1):
                    return redirect(self.link(post), 301)
                return Answer(self._post(post, number))
        paged = re.fullmatch(r"/(?:page/(\d+)/)?", route)
        if paged and not request.query("p"):
            shown = self.newest()[(int(paged[1] or 1) - 1) * FEED_LENGTH :][:FEED_LENGTH]
            if shown:
                items = "\n".join(
                    f'<li class="wp-block-post"><h2 class="wp-block-post-title"><a href="{self.link(post)}">{escape(post.article.title)}</a></h2></li>'
                    for post in shown
                )
                number = int(paged[1] or 1) + 1
                return Answer(
                    self._html(
                        "Warta",
                        f'<main><ul class="wp-block-post-template">{items}</ul></main><nav class="pagination"><a href="{self.base}/page/{number}/">{number}</a></nav>',
                        "home",
                    )
                )
        return Answer(self._html("Laman tidak ditemukan", "<h1>Laman tidak ditemukan</h1>", "error404"), 404)

    # ------------------------------------------------------------ REST

    def _rest(self, rest: str, request: Request) -> Answer:
        if not self.api:
            return _error(401, "rest_cannot_access", "Only authenticated users can access the REST API.")
        if rest != "/wp/v2/posts":
            return _error(404, "rest_no_route", "Tidak ada rute yang cocok dengan URL dan metode permintaan")
        per_page, page = int(request.query("per_page") or 10), int(request.query("page") or 1)
        if not 1 <= per_page <= 100:
            return _error(400, "rest_invalid_param", "Parameter tidak valid: per_page")
        posts = self.newest()
        for name, kept in (
            ("after", lambda post, at: post.article.created_at > at),
            ("before", lambda post, at: post.article.created_at < at),
            ("modified_after", lambda post, at: post.modified > at),
        ):
            if (text := request.query(name)) and (name != "modified_after" or self.knows_modified_after):
                at = datetime.fromisoformat(text).replace(tzinfo=None) + (ZONE if text.endswith("Z") else timedelta(0))
                posts = [post for post in posts if kept(post, at)]
        if request.query("orderby") == "modified":
            posts.sort(key=lambda post: (post.modified, post.id), reverse=True)
        if request.query("orderby") == "id":
            posts.sort(key=lambda post: post.id, reverse=True)
        pages = -(-len(posts) // per_page)
        if page > max(pages, 1):
            return _error(
                400, "rest_post_invalid_page_number", "Nomor laman yang diminta lebih besar dari jumlah laman yang ada."
            )
        fields = request.query("_fields").split(",") if request.query("_fields") else []
        rows = [
            self._row(post, fields, request.query("_embed")) for post in posts[(page - 1) * per_page : page * per_page]
        ]
        headers = (("X-WP-Total", str(len(posts))), ("X-WP-TotalPages", str(pages)))
        return Answer(json.dumps(rows), content_type="application/json; charset=UTF-8", headers=headers)

    def _row(self, post: Post, fields: list[str], embed: str) -> dict[str, Any]:
        article = post.article
        protected = bool(post.password)
        body = "" if protected else _rendered(article, self.base)
        whole: dict[str, Any] = {
            "id": post.id,
            "date": article.created_at.isoformat(timespec="seconds"),
            "date_gmt": (article.created_at - ZONE).isoformat(timespec="seconds"),
            "modified": post.modified.isoformat(timespec="seconds"),
            "modified_gmt": (post.modified - ZONE).isoformat(timespec="seconds"),
            "slug": article.slug,
            "status": "publish",
            "type": "post",
            "link": self.link(post),
            "title": {"rendered": ("Terproteksi: " if protected else "") + _texturized(article.title)},
            "content": {"rendered": body, "protected": protected},
            "excerpt": {"rendered": f"<p>{_excerpt(article)}</p>\n", "protected": protected},
        }
        names = {field.partition(".")[0] for field in fields}
        row = {name: value for name, value in whole.items() if not names or name in names}
        if embed:
            user = {"id": 3, "name": article.author, "link": f"{self.base}/author/x/", "slug": "x"}
            terms = [
                [_term(self.base, article.section, "category")],
                [_term(self.base, tag, "post_tag") for tag in sorted(article.tags)],
            ]
            row["_links"] = {"author": [{"embeddable": True, "href": f"{self.base}/wp-json/wp/v2/users/3"}]}
            row["_embedded"] = {"author": [user], "wp:term": terms}
        return row

    # ------------------------------------------------------------ feeds, sitemaps, pages

    def _feed(self, request: Request) -> Answer:
        page = int(request.query("paged") or 1)
        shown = self.newest()[(page - 1) * FEED_LENGTH : page * FEED_LENGTH]
        if not shown and page > 1:
            return Answer(self._html("Laman tidak ditemukan", "", "error404"), 404)
        items = "\n".join(self._item(post) for post in shown)
        text = f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
	xmlns:content="http://purl.org/rss/1.0/modules/content/"
	xmlns:wfw="http://wellformedweb.org/CommentAPI/"
	xmlns:dc="http://purl.org/dc/elements/1.1/"
	xmlns:atom="http://www.w3.org/2005/Atom"
	xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
	xmlns:slash="http://purl.org/rss/1.0/modules/slash/"
	>

<channel>
	<title>Warta</title>
	<atom:link href="{self.base}/feed/" rel="self" type="application/rss+xml" />
	<link>{self.base}/</link>
	<language>id</language>
	<sy:updatePeriod>hourly</sy:updatePeriod>
	<generator>https://wordpress.org/?v=6.7.1</generator>
{items}
</channel>
</rss>
"""
        return self.conditional(request, text, "application/rss+xml; charset=UTF-8")

    def _item(self, post: Post) -> str:
        article = part_of(post.article, 1, self.paged.get(post.article.slug, 1))  # a feed holds the first page alone
        names = dict.fromkeys((article.section, *article.tags))
        categories = "".join(f"<category><![CDATA[{name}]]></category>" for name in names)
        body = _rendered(article, self.base)
        if post.password:
            body = f'<form action="{self.base}/wp-login.php?action=postpass" class="post-password-form" method="post"><p>Konten ini dilindungi dengan kata sandi.</p></form>'
        whole = f"\n\t\t\t<content:encoded><![CDATA[{body}]]></content:encoded>" if self.full_feed else ""
        utc = article.created_at - ZONE
        date = f"{_DAYS[utc.weekday()]}, {utc:%d} {_MONTHS[utc.month - 1]} {utc:%Y %H:%M:%S} +0000"
        return f"""	<item>
		<title>{escape(_texturized(article.title), quote=False)}</title>
		<link>{escape(self.link(post))}</link>
		<dc:creator><![CDATA[{article.author}]]></dc:creator>
		<pubDate>{date}</pubDate>
		{categories}
		<guid isPermaLink="false">{self.base}/?p={post.id}</guid>
		<description><![CDATA[{"Tidak ada kutipan." if post.password else _excerpt(article)}]]></description>{whole}
	</item>"""

    def _sitemap(self, route: str) -> Answer:
        names = ("posts-post-1", "posts-page-1", "taxonomies-category-1", "taxonomies-post_tag-1", "users-1")
        if route == "/wp-sitemap.xml":
            inner = "".join(f"<sitemap><loc>{self.base}/wp-sitemap-{name}.xml</loc></sitemap>" for name in names)
            text = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</sitemapindex>'
        elif route == "/wp-sitemap-posts-post-1.xml":
            inner = "".join(
                f"<url><loc>{self.link(post)}</loc><lastmod>{post.modified:%Y-%m-%dT%H:%M:%S}+07:00</lastmod></url>"
                for post in reversed(self.newest())
            )
            text = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</urlset>'
        elif route.removeprefix("/wp-sitemap-").removesuffix(".xml") in names:
            text = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{self.base}/redaksi/</loc></url></urlset>'
        else:
            return Answer(self._html("Laman tidak ditemukan", "", "error404"), 404)
        return Answer(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', content_type="application/xml; charset=UTF-8")

    def _page_link(self, post: Post, number: int) -> str:
        if number == 1:
            return self.link(post)
        return f"{self.link(post)}{number}/" if self.pretty else f"{self.link(post)}&page={number}"

    def _post(self, post: Post, page: int = 1) -> str:
        """Return a post's page; of one that its editor parted, page `page` with the links to the others."""
        article = post.article
        pages = self.paged.get(article.slug, 1)
        text = _rendered(part_of(article, page, pages), self.base)
        if pages > 1:
            numbers = " ".join(
                f'<span class="post-page-numbers current" aria-current="page">{number}</span>'
                if number == page
                else f'<a href="{escape(self._page_link(post, number))}" class="post-page-numbers">{number}</a>'
                for number in range(1, pages + 1)
            )
            text += f'<div class="page-links">Laman: {numbers}</div>'
        if post.password:
            return self._html(
                article.title,
                '<form class="post-password-form" method="post"><p>Konten ini dilindungi dengan kata sandi. Untuk melihatnya silakan masukkan kata sandi Anda di bawah ini.</p></form>',
                "single",
            )
        inner = f"""<main id="wp--skip-link--target" class="wp-block-group"><h1 class="wp-block-post-title">{_texturized(article.title)}</h1>
<div class="wp-block-post-date"><time datetime="{article.created_at.isoformat(timespec="seconds")}+07:00">{article.created_at.day} {_BULAN[article.created_at.month - 1]} {article.created_at.year}</time></div>
<div class="entry-content wp-block-post-content">{text}</div></main>"""
        head = f'<link rel="canonical" href="{escape(self._page_link(post, page))}"><meta property="article:published_time" content="{(article.created_at - ZONE).isoformat(timespec="seconds")}+00:00">'
        return self._html(article.title, inner, "single", head)

    def _html(self, title: str, inner: str, kind: str, head: str = "") -> str:
        links = "".join(f'<a href="{self.base}/tag/kabar-{number}/">Kabar {number}</a> ' for number in range(30))
        return f"""<!DOCTYPE html>
<html lang="id">
<head><meta charset="UTF-8"><title>{escape(title)} &#8211; Warta</title><meta name="generator" content="WordPress 6.7.1">{head}</head>
<body class="{kind} wp-embed-responsive"><div class="wp-site-blocks"><header class="wp-block-template-part"><p class="wp-block-site-title"><a href="{self.base}">Warta</a></p></header>
{inner}
<footer class="wp-block-template-part"><p>{links}</p></footer></div></body></html>"""


class BloggerPortal(Blog):
    """A Blogger portal: the posts feed in pages of at most 150, whole or cut, and its robots.txt."""

    def __init__(
        self, articles: Iterable[DemoArticle] = (), *, full_feed: bool = True, host: str = "kabar.example.id"
    ) -> None:
        self.full_feed = full_feed
        super().__init__(articles, host)

    def link(self, post: Post) -> str:
        return f"{self.base}/{post.article.created_at:%Y/%m}/{post.article.slug[:30].rstrip('-')}_{post.id}.html"

    def answer(self, request: Request) -> Answer:
        if request.route == "/robots.txt":
            return Answer(
                "User-agent: Mediapartners-Google\nDisallow:\n\nUser-agent: *\nDisallow: /search\nAllow: /\n",
                content_type="text/plain",
            )
        if request.route == "/feeds/posts/default":
            return self._feed(request)
        for post in self.newest():
            if self.link(post) == self.base + request.route:
                return Answer(self._page(post))
        return Answer(
            "<html><head><title>Halaman tidak ditemukan</title></head><body><h1>Halaman tidak ditemukan</h1></body></html>",
            404,
        )

    def _page(self, post: Post) -> str:
        article = post.article
        return f"""<!DOCTYPE html><html lang="id"><head><title>{escape(article.title)}</title><meta content='blogger' name='generator'/>
<meta property="article:published_time" content="{article.created_at.isoformat()}+07:00"></head><body><div class='post hentry'>
<h1 class='post-title entry-title'>{escape(article.title)}</h1><div class='post-body entry-content'>{_rendered(article, self.base)}</div></div></body></html>"""

    def _feed(self, request: Request) -> Answer:
        posts = self.newest()
        for name, of in (("published", lambda post: post.article.created_at), ("updated", lambda post: post.modified)):
            if name == "updated" and request.query("orderby") != "updated":
                continue  # the bounds of change are heeded in that order only
            for bound, sign in (("min", 1), ("max", -1)):
                if text := request.query(f"{name}-{bound}"):
                    at = datetime.fromisoformat(text).replace(tzinfo=None) + ZONE
                    posts = [post for post in posts if (of(post) - at) * sign >= timedelta(0)]
        if request.query("orderby") == "updated":
            posts.sort(key=lambda post: post.modified, reverse=True)
        start, most = int(request.query("start-index") or 1), min(int(request.query("max-results") or 25), 150)
        shown = posts[start - 1 : start - 1 + most]
        entries = "".join(self._entry(post) for post in shown)
        more = (
            f"<link rel='next' type='application/atom+xml' href='{self.base}/feeds/posts/default?start-index={start + most}&amp;max-results={most}'/>"
            if start + most <= len(posts)
            else ""
        )
        text = f"""<?xml version='1.0' encoding='UTF-8'?><feed xmlns='http://www.w3.org/2005/Atom' xmlns:openSearch='http://a9.com/-/spec/opensearchrss/1.0/' xmlns:thr='http://purl.org/syndication/thread/1.0'>
<id>tag:blogger.com,1999:blog-7</id><title type='text'>Kabar</title><link rel='alternate' type='text/html' href='{self.base}/'/>{more}
<generator version='7.00' uri='https://www.blogger.com'>Blogger</generator><openSearch:totalResults>{len(posts)}</openSearch:totalResults>
<openSearch:startIndex>{start}</openSearch:startIndex><openSearch:itemsPerPage>{most}</openSearch:itemsPerPage>{entries}</feed>"""
        return self.conditional(request, text, "application/atom+xml; charset=UTF-8")

    def _entry(self, post: Post) -> str:
        article = post.article
        labels = "".join(
            f"<category scheme='http://www.blogger.com/atom/ns#' term='{escape(name)}'/>"
            for name in (article.section, *article.tags)
        )
        body = _rendered(article, self.base)
        text = (
            f"<content type='html'>{escape(body)}</content>"
            if self.full_feed
            else f"<summary type='text'>{escape(_plain(article)[:400])}...</summary>"
        )
        return f"""<entry><id>tag:blogger.com,1999:blog-7.post-{post.id}</id><published>{article.created_at.isoformat(timespec="seconds")}.000+07:00</published>
<updated>{post.modified.isoformat(timespec="seconds")}.000+07:00</updated>{labels}<title type='text'>{escape(article.title)}</title>{text}
<link rel='replies' type='application/atom+xml' href='{self.base}/feeds/{post.id}/comments/default' title='0 Komentar'/><link rel='alternate' type='text/html' href='{self.link(post)}' title='{escape(article.title)}'/>
<author><name>{escape(article.author)}</name><email>noreply@blogger.com</email></author></entry>"""


_BULAN = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)


def part_of(article: DemoArticle, page: int, pages: int) -> DemoArticle:
    """Return an article with the paragraphs of one of its pages, from 1."""
    each = -(-len(article.paragraphs) // pages)
    return replace(article, paragraphs=article.paragraphs[(page - 1) * each : page * each])


def _rendered(article: DemoArticle, base: str) -> str:
    """Return the_content(): the editor's comments gone."""
    return re.sub(r"<!-- .*? -->\n?", "", blocks_html(article, base))


def _texturized(title: str) -> str:
    """Escape a title as WordPress's API and feed do: numbers for what is not plain."""
    named = {"&": "&#038;", "“": "&#8220;", "”": "&#8221;", "‘": "&#8216;", "’": "&#8217;", "–": "&#8211;"}
    return "".join(named.get(char, char) for char in title)


def _plain(article: DemoArticle) -> str:
    return " ".join(article.expected)


def _excerpt(article: DemoArticle) -> str:
    words = _plain(article).split()
    return escape(" ".join(words[:55]), quote=False) + (" [&hellip;]" if len(words) > 55 else "")


def _term(base: str, name: str, taxonomy: str) -> dict[str, Any]:
    return {
        "id": 5,
        "link": f"{base}/{taxonomy}/x/",
        "name": escape(name, quote=False),
        "slug": "x",
        "taxonomy": taxonomy,
    }


def _error(status: int, code: str, message: str) -> Answer:
    text = json.dumps({"code": code, "message": message, "data": {"status": status}})
    return Answer(text, status, content_type="application/json; charset=UTF-8")
