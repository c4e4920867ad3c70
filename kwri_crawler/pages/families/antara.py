"""Pages of ANTARA and its regional portals."""

from __future__ import annotations

from kwri_crawler.pages.family import Family


class Antara(Family):
    """antaranews.com and its regional portals; its body ends with who wrote and edited it."""

    name = "antara"
    lists = (("feed", "/rss/terkini.xml"), ("index", "/terkini"))
    marks = ("antaranews.com",)
    wrapper = (".wrap__article-detail", "[itemtype$='/NewsArticle']", "#main, article", "body")
    title = (".wrap__article-detail-title", "h1")
    crumbs = ".breadcrumbs a, .breadcrumb a"
    credits = (".wrap__article-detail-content .text-muted, #content_news .mt10",)
    published = (
        "time[itemprop='datePublished'], time[datetime]",
        ".list-inline-item.mr-2:last-child, .list-inline-item.mr-2, div.date",
    )
    summary = (".quote_old, #quote_news",)
    body = (".wrap__article-detail-content", "#content_news, [itemprop='articleBody']")
    drop = ".baca-juga, .text-muted, .mt10, p.date, #caption_news, .copyright"
    image = (".wrap__article-detail-image img, #image_news img", "figure img")
    caption = (".wrap__article-detail-image figcaption, #caption_news, .caption_news",)
    tags = (".blog-tags a, .tags a, #tag_news a", "ul.tag a")
