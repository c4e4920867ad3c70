"""Posts of Odoo's blog, website_blog, as tribratanews.polri.go.id has it; names read in Odoo 8 to 18."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from kwri_crawler.items import DateSource, DateText
from kwri_crawler.pages.family import Family
from kwri_crawler.pages.fields import Fields
from kwri_crawler.pages.source import Source

_BLOG = re.compile(r"(?:https?://[^/]{1,200})?(/blog/[a-z0-9-]{1,80}-[0-9]{1,6})(?:/page/[0-9]{1,6})?/?", re.IGNORECASE)
_MOST_BLOGS = 12
_NAIVE = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d")


class Odoo(Family):
    """/blog/<blog>-<n>/<slug>-<id>; each blog has a feed of its 50 newest posts."""

    name = "odoo"
    is_for_all = True
    marks = ("website_blog.", 'data-oe-model="blog.post"', "o_wblog_", "/web/image/blog.post/")
    not_article = (("#o_wblog_posts_loop", "a list page: it shows a blog's posts"),)
    lists = (("index", "/blog"), ("sitemap", "/sitemap.xml"))
    wrapper = ("#o_wblog_post_main, .website_blog, #wrap", "body")
    title = ("#o_wblog_post_name, .o_wblog_post_name, #blog_post_name", "h1")
    subtitle = (".o_wblog_post_subtitle",)
    crumbs = ".o_wblog_post_top .breadcrumb a, .breadcrumb a"
    author = (".o_wblog_author_avatar + span, .o_wblog_post_author, [itemprop='author']",)
    published = (
        "#o_wblog_post_info time, .o_wblog_post_info time, .o_wblog_post_name ~ * time",
        "span[name='blog_post_date']",
        "time",
    )
    body = (".o_wblog_post_content_field", "#blog_content")
    drop = ".o_wblog_toc, .s_share, #o_wblog_post_comments, [class*='o_wblog_next'], [id*='o_wblog_post_tags']"
    image = (".o_wblog_post_content_field img",)
    caption = (".o_wblog_post_content_field figcaption",)
    tags = ("#o_wblog_post_tags a, .o_wblog_post_tags a, a[href*='/tag/']",)

    def lists_of(self, links: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield the feeds of the blogs that the home page links, then the list of all posts."""
        blogs: dict[str, None] = {}
        for link in links:
            found = _BLOG.fullmatch(urlsplit(link).path)
            if found is not None and len(blogs) < _MOST_BLOGS:
                blogs[found[1]] = None
        for blog in blogs:
            yield "feed", f"{blog}/feed?limit=50"
        yield from self.lists

    def read(self, source: Source, selectors: Mapping[str, str]) -> Fields | None:
        """Read a page; the moments in its meta tags are UTC, as Odoo keeps them, and do not say so."""
        fields = super().read(source, selectors)
        return fields and replace(fields, dates=tuple(map(_in_utc, fields.dates)))


def _in_utc(date: DateText) -> DateText:
    is_odoos = date.source is DateSource.META and _NAIVE.fullmatch(date.text)
    return replace(date, text=f"{date.text}Z") if is_odoos else date
