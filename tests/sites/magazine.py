"""Varient 2.4 with the theme magazine, and Varient 3.0, whose pages are much like it."""
# ruff: noqa: E501 - markup as the CMS prints it

from __future__ import annotations

from datetime import datetime
from html import escape

from tests.sites import body as bodies
from tests.sites.classic import Around, Classic
from tests.sites.corpus import SECTIONS, slug_of
from tests.sites.furniture import Post, comments, cut, image_of, reactions, share_buttons, shown_day
from tests.sites.meta import head, json_ld_valid, post_meta

_CLOCK = '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" fill="currentColor" class="bi bi-clock" viewBox="0 0 16 16"><path d="M8 3.5a.5.5 0 0 0-1 0V9a.5.5 0 0 0 .252.434l3.5 2a.5.5 0 0 0 .496-.868L8 8.71V3.5z"/></svg>'
_PENCIL = '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" fill="currentColor" class="bi bi-pencil-square" viewBox="0 0 16 16"><path d="M15.502 1.94a.5.5 0 0 1 0 .706L14.459 3.69l-2-2L13.502.646z"/></svg>'


class Magazine(Classic):
    """2.4: other class names than classic's, valid JSON-LD with the whole text, neighbours filled in by a script."""

    version = "2.4"
    folder = "magazine"
    closed = False  # </p> is lost, as in all of 2.x
    text_class = "post-text mt-4"

    def byline(self, author: str) -> str:
        return author

    def structured(self, post: Post) -> str:
        return json_ld_valid(self.base, post, self.zone, with_body=True)

    def updated(self, moment: datetime) -> str:
        return f'<div class="item-meta item-meta-date">{_PENCIL}<span>{self.moment(moment)}</span></div>'

    def counters(self, post: Post) -> str:
        return f'<div class="item-meta item-meta-comment"><span><i class="icon-comment"></i>&nbsp;0</span><span><i class="icon-eye"></i>&nbsp;{post.id * 37 % 900}</span></div>'

    def post(self, post: Post, around: Around, page: int) -> str:
        """Return an article's page; of a gallery, its item number `page`."""
        article, base = post.article, self.base
        # 2.4 prints the query string as part of the address; 3.0 and an article's first page do not.
        url = f"/{article.slug}" + (f"?p={page}" if page > 1 and not self.closed else "")
        extra = post_meta(base, article, escape_title=True) + self.structured(post)
        shows_summary = article.summary and not article.source_url  # 2.4 leaves out the summary of a feed's post
        summary = f'<h2 class="post-summary">{escape(article.summary)}</h2>' if shows_summary else ""
        text = bodies.body(base, post, magazine=True, closed=self.closed)
        entries = bodies.items(base, post, page, self.text_class.split()[0]) if article.items else ""
        source = (
            f'<div class="d-flex flex-row-reverse mt-4"><a href="{article.source_url}" class="btn btn-md btn-custom" target="_blank" rel="nofollow">Read more&nbsp;&nbsp;<i class="icon-arrow-right"></i></a></div>'
            if article.source_url
            else ""
        )
        author = f'<div class="item-meta item-meta-author"><a href="{base}/profile/{slug_of(article.author)}"><img src="{base}/assets/img/user.png" alt="{escape(article.author)}" width="32" height="32" class="rounded-circle"><span>{escape(self.byline(article.author))}</span></a></div>'
        return f"""{head(base, article.title, self.version, self.folder, extra, article.summary, url)}
<body>{around.menu}
<section id="postDetailsPage" class="section section-page" data-id="{post.id}"><div class="container-xl"><div class="row">
<nav aria-label="breadcrumb"><ol class="breadcrumb"><li class="breadcrumb-item"><a href="{base}/">Home</a></li><li class="breadcrumb-item"><a href="{base}/{slug_of(article.section)}">{escape(article.section)}</a></li><li class="breadcrumb-item active">{escape(cut(article.title, 160))}</li></ol></nav>
<div class="col-md-12 col-lg-8"><div class="post-content">
<div class="d-flex justify-content-center align-items-center mb-3"><a href="{base}/{slug_of(article.section)}"><span class="badge badge-category" style="background-color: {SECTIONS.get(article.section, "#b80000")}">{escape(article.section)}</span></a></div>
<h1 class="post-title">{escape(article.title)}</h1>
{summary}
<div class="d-flex align-items-center post-details-meta mb-4">{author}
<div class="item-meta item-meta-date">{_CLOCK}<span>{self.moment(article.created_at)}</span></div>
{self.updated(article.updated_at) if article.updated_at else ""}
<div class="ms-auto">{self.counters(post)}</div></div>
<div class="d-flex post-share-buttons mb-4">{share_buttons(f"{base}/{article.slug}", "btn-share-list")}</div>
{bodies.media(base, post)}
<div class="{self.text_class}">{text}</div>
{entries}
{source}
{self.tags(post)}
<div class="about-author"><a href="{base}/profile/{slug_of(article.author)}"><img src="{base}/assets/img/user.png" alt="" class="img-fluid img-author"></a><strong>{escape(article.author)}</strong></div>
</div>
<div id="postNextPrevContainer" class="post-next-prev mt-5"></div>
<div class="emoji-reactions-container">{reactions(post)}</div>
<section class="section section-related-posts mt-5"><div class="row"><div class="col-12"><div class="section-title"><h3 class="title">Related Posts</h3></div><div class="section-content"><div class="row">{"".join(self.related(p) for p in around.related)}</div></div></div></div></section>
<section class="section section-comments mt-5"><ul class="nav nav-tabs" id="navComments"></ul>{comments(post)}</section>
</div>
<div class="col-md-12 col-lg-4"><div class="col-sidebar sticky-lg-top">{around.side}</div></div>
</div></div></section>
{around.foot}
</body>
</html>"""

    def tags(self, post: Post) -> str:
        items = "".join(
            f'<li><a href="{self.base}/tag/{slug_of(tag)}">{escape(tag)}</a></li>' for tag in post.article.tags
        )
        return f'<div class="d-flex flex-row post-tags align-items-center mt-5"><h2 class="title">Tags:</h2><ul class="d-flex flex-row">{items}</ul></div>'

    def item(self, post: Post, cls: str = "post-item") -> str:
        """Return one article of a list."""
        article = post.article
        return f"""
<div class="col-sm-12 col-md-6"><div class="{cls}"><div class="image ratio"><a href="{self.base}/{article.slug}"><img src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==" data-src="{self.base}/{image_of(article, "416x247")}" alt="{escape(article.title)}" class="img-fluid lazyload" width="416" height="247"/></a></div><h3 class="title mt-2"><a href="{self.base}/{article.slug}">{escape(cut(article.title))}</a></h3><p class="post-meta"><a href="{self.base}/profile/{slug_of(article.author)}" class="a-username">{escape(cut(article.author, 18))}</a><span>{shown_day(article.created_at, self.closed)}</span><span><i class="icon-comment"></i>&nbsp;0</span></p><p class="description">{escape(cut(article.summary, 120))}</p></div></div>"""

    def listing(self, title: str, posts: list[Post], page: int, pages: int, path: str, around: Around) -> str:
        content = f"""<nav aria-label="breadcrumb"><ol class="breadcrumb"><li class="breadcrumb-item"><a href="{self.base}/">Home</a></li><li class="breadcrumb-item active">{escape(title)}</li></ol></nav>
<h1 class="page-title">{escape(title)}</h1><div class="col-sm-12 col-md-12 col-lg-8"><div class="row">{"".join(self.item(post) for post in posts)}<div class="col-12 mt-5">{self.pagination(page, pages, path)}</div></div></div>
<div class="col-sm-12 col-md-12 col-lg-4"><div class="col-sidebar">{around.side}</div></div>"""
        return self.plain(title, content, around, path)

    def home(self, newest: list[Post], around: Around) -> str:
        content = f"""<div class="col-sm-12 col-md-12 col-lg-8"><div class="section-title"><h2 class="title"><a href="{self.base}/posts">Latest Posts</a></h2></div><div class="row" id="last_posts_content">{"".join(self.item(post) for post in newest[:16])}</div><input type="hidden" id="limit_load_more_posts" value="16"></div>
<div class="col-sm-12 col-md-12 col-lg-4"><div class="col-sidebar">{around.side}</div></div>"""
        return self.plain("Home", content, around, "/")

    def pagination(self, page: int, pages: int, path: str) -> str:
        """Return the numbered links of 2.4, with their labels for readers of screens."""
        if pages < 2:
            return ""
        mark = "&" if "?" in path else "?"

        def link(number: int, text: str, label: str = "") -> str:
            name = f' aria-label="{label}"' if label else ""
            state = ' class="active"' if text == str(page) else ""
            return f'<li{state}><a href="{self.base}{path}{mark}page={number}"{name}><span>{text}</span></a></li>'

        near = range(max(1, page - 2), min(pages, page + 2) + 1)
        links = [link(number, str(number)) for number in near]
        if near and near[0] > 1:  # "previous" and "next" lead to the next group of numbers, not to the next page
            links[:0] = [link(1, "&laquo;&laquo;", "first"), link(near[0] - 1, "&laquo;", "previous")]
        if near and near[-1] < pages:
            links += [link(near[-1] + 1, "&raquo;", "next"), link(pages, "&raquo;&raquo;", "last")]
        return f'<nav aria-label="Page navigation"><ul class="pagination">{"".join(links)}</ul></nav>'

    def plain(self, title: str, content: str, around: Around, path: str) -> str:
        return f"""{head(self.base, title, self.version, self.folder, url=path)}
<body>{around.menu}
<section class="section section-page"><div class="container-xl"><div class="row">
{content}
</div></div></section>
{around.foot}
</body>
</html>"""


class V3(Magazine):
    """3.0: the body is .entry-content with its paragraphs closed, days are padded, "Updated" is relative."""

    version = "3.0"
    closed = True
    text_class = "entry-content mt-4"

    def structured(self, post: Post) -> str:
        return json_ld_valid(self.base, post, self.zone, with_body=False)

    def moment(self, moment: datetime | None) -> str:
        return f"{shown_day(moment, padded=True)}&nbsp;-&nbsp;{moment:%H:%M}" if moment else ""

    def updated(self, moment: datetime) -> str:
        days = (self.now - moment).days
        ago = f"{days // 30} months ago" if days >= 60 else f"{days} days ago" if days > 1 else "1 day ago"
        return f'<div class="item-meta item-meta-date"><span>Updated: {ago}</span></div>'

    def counters(self, post: Post) -> str:
        return f'<div class="item-meta item-meta-counters"><span>0</span><span>{post.id * 37 % 900}</span></div>'

    def tags(self, post: Post) -> str:
        return super().tags(post) if post.article.tags else ""
