"""Varient 2.2, theme classic: its article page and its lists."""
# ruff: noqa: E501 - markup as the CMS prints it

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape

from tests.sites import body as bodies
from tests.sites.corpus import SECTIONS, slug_of
from tests.sites.furniture import (
    Post,
    comments,
    cut,
    footer,
    image_of,
    navigation,
    reactions,
    share_buttons,
    shown_day,
    side_column,
)
from tests.sites.meta import head, json_ld_v2, post_meta


@dataclass(frozen=True)
class Around:
    """What a page shows besides its own article; the menu and the side column are the same on every page."""

    menu: str
    side: str
    foot: str
    related: tuple[Post, ...] = ()
    before: Post | None = None
    after: Post | None = None


class Classic:
    """The stock theme of 2.x, with the byline that the network's own theme prints."""

    version = "2.2"
    folder = "classic"

    def __init__(self, base: str, host: str, zone: str, now: datetime) -> None:
        self.base, self.host, self.zone, self.now = base, host, zone, now

    def around(self, newest: list[Post], tags: list[str]) -> Around:
        return Around(navigation(self.base, newest), side_column(self.base, newest, tags), footer(self.base, newest))

    def byline(self, author: str) -> str:
        return f"{author} - {self.host.upper()}"

    def post(self, post: Post, around: Around, page: int) -> str:
        """Return an article's page; of a gallery, its item number `page`."""
        article, base = post.article, self.base
        url = f"/{article.slug}" + (f"?p={page}" if page > 1 else "")
        extra = post_meta(base, article, escape_title=False) + json_ld_v2(base, post, self.zone)
        summary = f'<div class="post-summary"><h2>{escape(article.summary)}</h2></div>' if article.summary else ""
        updated = (
            f'<span class="sp-left sp-post-update-date">Updated:&nbsp;{self.moment(article.updated_at)}</span>'
            if article.updated_at
            else ""
        )
        text = f'<div class="post-text">{bodies.body(base, post, magazine=False, closed=False)}</div>'
        entries = bodies.items(base, post, page) if article.items else ""
        source = (
            f'<div class="optional-url-cnt"><a href="{article.source_url}" class="btn btn-md btn-custom" target="_blank" rel="nofollow">Read more&nbsp;&nbsp;&nbsp;<i class="icon-long-arrow-right"></i></a></div>'
            if article.source_url
            else ""
        )
        tags = "".join(f'<li><a href="{base}/tag/{slug_of(tag)}">{escape(tag)}</a></li>' for tag in article.tags)
        tags = (
            f'<div class="post-tags"><h2 class="tags-title">Tags:</h2><ul class="tag-list">{tags}</ul></div>'
            if tags
            else ""
        )
        ad = '<div class="col-sm-12 col-xs-12 col-bn-ds mb-3"><div class="row"><div class="bn-content"><div class="bn-inner bn-ds-7"></div></div></div></div>'
        # The text of a post out of a feed is its summary: the theme hides it at the end of the page.
        hidden = (
            "<style>.post-content .post-summary {display: none;} .post-content .post-image {display: none;}</style>"
            if article.source_url
            else ""
        )
        return f"""{head(base, article.title, self.version, self.folder, extra, article.summary, url)}
<body class="">{around.menu}
<div id="wrapper"><div class="container"><div class="row">
<div class="col-sm-12 page-breadcrumb"><ol class="breadcrumb"><li class="breadcrumb-item"><a href="{base}/">Home</a></li><li class="breadcrumb-item"><a href="{base}/{slug_of(article.section)}">{escape(article.section)}</a></li><li class="breadcrumb-item active">{escape(cut(article.title, 160))}</li></ol></div>
<div id="content" class="col-sm-8"><div class="post-content">
<p class="m-0"><a href="{base}/{slug_of(article.section)}"><label class="category-label" style="background-color: {SECTIONS.get(article.section, "#b80000")}">{escape(article.section)}</label></a></p>
<h1 class="title">{escape(article.title)}</h1>
{summary}
<div class="post-meta"><span class="post-author-meta sp-left"><a href="{base}/profile/{slug_of(article.author)}" class="m-r-0"><img src="{base}/assets/img/user.png" alt="{escape(article.author)}">{escape(self.byline(article.author))}</a></span>
<div class="post-details-meta-date"><span class="sp-left">{self.moment(article.created_at)}</span>{updated}</div>
<div class="post-comment-pageviews"><span class="comment"><i class="icon-comment"></i>0</span><span><i class="icon-eye"></i>{post.id * 37 % 900}</span></div></div>
{share_buttons(f"{base}/{article.slug}", "post-share")}
{bodies.media(base, post)}
{ad}
{text}
{entries}
{source}
{tags}
</div>
{self.neighbours(around)}
{reactions(post)}
<div class="col-sm-12 col-xs-12"><div class="row"><div class="about-author"><div class="about-author-left"><a href="{base}/profile/{slug_of(article.author)}" class="author-link"><img src="{base}/assets/img/user.png" alt="{escape(article.author)}" class="img-responsive img-author"></a></div><div class="about-author-right"><div class="about-author-row"><p><strong><a href="{base}/profile/{slug_of(article.author)}" class="author-link">{escape(article.author)}</a></strong></p></div></div></div></div></div>
<section id="related_posts" class="section section-related-posts"><div class="section-head"><h4 class="title">Related Posts</h4></div><div class="section-content"><div class="row">{"".join(self.related(p) for p in around.related)}</div></div></section>
{comments(post)}
</div>
<div id="sidebar" class="col-sm-4">{around.side}</div>
</div></div></div>
{around.foot}{hidden}
</body>
</html>"""

    def moment(self, moment: datetime | None) -> str:
        return f"{shown_day(moment)}&nbsp;-&nbsp;{moment:%H:%M}" if moment else ""

    def neighbours(self, around: Around) -> str:
        def side(post: Post | None, name: str, label: str) -> str:
            link = (
                f'<p><a href="{self.base}/{post.article.slug}">{label}</a></p><h3 class="title"><a href="{self.base}/{post.article.slug}">{escape(cut(post.article.title, 80))}</a></h3>'
                if post
                else ""
            )
            return f'<div class="col-sm-6 col-xs-12 {name}">{link}</div>'

        return f'<div class="post-next-prev"><div class="row">{side(around.before, "left", "Previous Article")}{side(around.after, "right", "Next Article")}</div></div>'

    def related(self, post: Post) -> str:
        article = post.article
        return f"""<div class="col-sm-4 col-xs-12"><div class="post-item-mid"><div class="post-item-image"><a href="{self.base}/{article.slug}"><img src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==" data-src="{self.base}/{image_of(article, "370x227")}" alt="{escape(article.title)}" class="img-responsive lazyload" width="370" height="227"/></a></div><h3 class="title"><a href="{self.base}/{article.slug}">{escape(cut(article.title))}</a></h3><p class="post-meta"><a href="{self.base}/profile/{slug_of(article.author)}">{escape(article.author)}</a><span>{shown_day(article.created_at)}</span><span><i class="icon-comment"></i>0</span></p></div></div>"""

    def item(self, post: Post, cls: str = "post-item") -> str:
        """Return one article of a list: its title cut, its day without the hour."""
        article = post.article
        opening = next((block for block in article.paragraphs if isinstance(block, str)), "")
        return f"""
<div class="col-sm-12 col-xs-12"><div class="{cls}"><div class="post-item-image"><a href="{self.base}/{article.slug}"><img src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==" data-src="{self.base}/{image_of(article, "416x247")}" alt="{escape(article.title)}" class="img-responsive lazyload" width="416" height="247"/></a></div><div class="item-content"><h3 class="title"><a href="{self.base}/{article.slug}">{escape(cut(article.title))}</a></h3><p class="post-meta"><a href="{self.base}/profile/{slug_of(article.author)}">{escape(article.author)}</a><span>{shown_day(article.created_at)}</span><span><i class="icon-comment"></i>0</span><span class="m-r-0"><i class="icon-eye"></i>{post.id * 37 % 900}</span></p><p class="description">{escape(cut(article.summary or opening, 80))}</p></div></div></div>"""

    def listing(self, title: str, posts: list[Post], page: int, pages: int, path: str, around: Around) -> str:
        """Return one page of a list; beyond the last page it is whole and empty."""
        content = f"""<div class="col-sm-12 page-breadcrumb"><ol class="breadcrumb"><li class="breadcrumb-item"><a href="{self.base}/">Home</a></li><li class="breadcrumb-item active">{escape(title)}</li></ol></div>
<div id="content" class="col-sm-8"><div class="row"><div class="col-sm-12"><h1 class="page-title">{escape(title)}</h1></div>{"".join(self.item(post) for post in posts)}<div class="col-sm-12 col-xs-12">{self.pagination(page, pages, path)}</div></div></div>
<div id="sidebar" class="col-sm-4">{around.side}</div>"""
        return self.plain(title, content, around, path)

    def home(self, newest: list[Post], around: Around) -> str:
        slides = "".join(
            f'<div class="home-slider-item"><a href="{self.base}/{p.article.slug}"><img data-lazy="{self.base}/{image_of(p.article)}" alt=""></a><div class="caption"><h2 class="title"><a href="{self.base}/{p.article.slug}">{escape(cut(p.article.title))}</a></h2></div></div>'
            for p in newest[:5]
        )
        latest = "".join(self.item(post, "post-item-horizontal") for post in newest[:16])
        content = f"""<section id="featured"><div class="home-slider">{slides}</div></section>
<div id="content" class="col-sm-8"><section class="section"><div class="section-head"><h4 class="title"><a href="{self.base}/posts">Latest Posts</a></h4></div><div class="section-content"><div class="row latest-articles"><div id="last_posts_content">{latest}</div><input type="hidden" id="limit_load_more_posts" value="16"><button class="btn-load-more" onclick="loadMorePosts();">Load More</button></div></div></section></div>
<div id="sidebar" class="col-sm-4">{around.side}</div>"""
        return self.plain("Home", content, around, "/")

    def pagination(self, page: int, pages: int, path: str) -> str:
        """Return the numbered links, four around the page; none at all when there is one page."""
        if pages < 2:
            return ""
        near = range(max(1, page - 2), min(pages, page + 2) + 1)
        links = "".join(self._numbered(path, number, str(number), number == page) for number in near)
        first = self._numbered(path, 1, "&laquo;", False) if near and near[0] > 1 else ""
        last = self._numbered(path, pages, "&raquo;", False) if near and near[-1] < pages else ""
        return f'<nav class="nav-pagination"><ul class="pagination">{first}{links}{last}</ul></nav>'

    def _numbered(self, path: str, number: int, label: str, active: bool) -> str:
        state = " active" if active else ""
        mark = "&" if "?" in path else "?"
        return f'<li class="page-item{state}"><a class="page-link" href="{self.base}{path}{mark}page={number}">{label}</a></li>'

    def not_found(self, around: Around) -> str:
        content = f'<div class="col-sm-12"><div class="page-404"><h1>404</h1><h2 class="page-title">Page Not Found</h2><p>The page you are looking for doesn&#039;t exist.</p><a href="{self.base}/" class="btn btn-custom">Go Back to the Homepage</a></div></div>'
        return self.plain("404 - Page Not Found", content, around, "/")

    def page(self, title: str, text: str, around: Around, path: str) -> str:
        """Return a page that is no article: the editorial office, the terms of use."""
        content = f'<div id="content" class="col-sm-12"><div class="row"><div class="col-sm-12"><h1 class="page-title">{escape(title)}</h1></div><div class="col-sm-12"><div class="page-content font-text">{text}</div></div></div></div>'
        return self.plain(title, content, around, path)

    def plain(self, title: str, content: str, around: Around, path: str) -> str:
        return f"""{head(self.base, title, self.version, self.folder, url=path)}
<body class="">{around.menu}
<div id="wrapper"><div class="container"><div class="row">
{content}
</div></div></div>
{around.foot}
</body>
</html>"""
