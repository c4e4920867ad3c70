"""Pages of the Disway network: its list and article pages are CodeIgniter's, its articles are split by paragraphs."""

from __future__ import annotations

from kwri_crawler.pages.family import Family


class Disway(Family):
    """<name>.disway.id, seen 2023 to 2026; /read/<id>/<slug>, then /15, /30 for the further pages."""

    name = "disway"
    marks = ("disway.id",)
    counts_paragraphs = True
    lists = (("feed", "/rss"),)
    wrapper = ("article, main", ".col-sm-8, .col-md-8", "body")
    title = ("h1.post-title", "h1")
    crumbs = ".breadcrumb a[href*='/kategori/']"
    author = ("#author strong, .author strong", "#author, .author")
    credits = ("#author", "#editor")
    published = (".post-date, .date", "time")
    body = (".post.text-black-1", ".post-content")
    drop = "#author, #editor, .news-tags, .pagination, .bottom-15, .ads-slot, .breadcrumb, .post-date, .date, h1"
    image = (".bottom-15 img", "img[src*='/upload']")
    caption = (".bottom-15 small", "figcaption")
    tags = (".news-tags a[href*='/listtag/']", "a[href*='/listtag/']")
