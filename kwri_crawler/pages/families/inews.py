"""Pages of iNews and its regional portals."""

from __future__ import annotations

from kwri_crawler.pages.family import Family


class INews(Family):
    """<region>.inews.id/berita/<slug>, seen 2026."""

    name = "inews"
    domain = "inews.id"
    marks = ("img.inews.co.id", "inews_new", "widgetListArticle")
    lists = (("feed", "/feed"), ("index", "/indeks"), ("sitemap", "/sitemap.xml"))
    wrapper = ("article, .detailArticle, .article", "main", "body")
    title = ("h1",)
    crumbs = ".breadcrumb a"
    author = (".author a, .author",)
    published = (".createdAt", ".timeAndShare time, .timeAndShare")
    body = ("[itemprop='articleBody'], .content, .article-content",)
    drop = "[class^='baca-juga'], [class^='related'], [class*='ads'], .widgetListArticle, .tag, .share"
    image = (".cover img, figure img",)
    caption = ("figcaption, .caption",)
    tags = (".tag a, .tags a", "a[href*='/tag/']")
