"""Pages of Blogger, on blogspot.com and under portals' own names; refuses its lists, which carry whole posts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from selectolax.lexbor import LexborNode

from kwri_crawler.items import DateKind, DateSource, DateText
from kwri_crawler.pages.family import Family
from kwri_crawler.pages.metadata import date_text
from kwri_crawler.pages.source import Source, text_of


class Blogger(Family):
    """The classes that Blogger's own widgets print, which templates mostly keep."""

    name = "blogger"
    is_for_all = True
    marks = ('content="blogger"', "content='blogger'", "www.blogger.com/", ".blogspot.com/feeds/")
    not_article = (
        ("body.index, body.archive, body.is-home, body.is-label, body.is-search", "a list page: its body says so"),
        (".post-outer ~ .post-outer .post-body", "a list page: it shows several posts"),
    )
    wrapper = (".post.hentry, article.post, .post-outer, .blog-post", "#main, main, .main", "body")
    title = ("h1.post-title, h1.entry-title, h2.post-title, h3.post-title, .post-title.entry-title", "h1")
    section = (".post-labels a, .breadcrumbs a[href*='/search/label/']", "a[href*='/search/label/']")
    author = (".post-author [itemprop='name'], .post-author .fn, .author-name", ".post-author a, .post-author")
    published = (
        "abbr.published, time.published, .published[datetime], .timestamp-link abbr, .post-timestamp time",
        ".date-header, .post-date, .post-timestamp",
    )
    updated = ("time.updated, abbr.updated, .updated[datetime]",)
    body = (".post-body.entry-content, .post-body",)
    drop = ".post-footer, .related-posts, #related-posts, .post-ads, .tr-caption, .jump-link"
    image = (".post-body img",)
    caption = (".post-body .tr-caption",)
    tags = (".post-labels a, .label-links a", "a[rel='tag']")

    def _printed_dates(self, source: Source, root: LexborNode, selectors: Mapping[str, str]) -> Iterator[DateText]:
        """Yield a post's own dates; where it has none that of the classic template, which stands around the post."""
        found = list(super()._printed_dates(source, root, selectors))
        days = source.tree.css(".date-outer > .date-header") if not found else ()
        if len(days) == 1 and (date := date_text(DateKind.PUBLISHED, DateSource.BYLINE, text_of(days[0]))):
            found.append(date)
        yield from found
