"""Articles of Joomla, which many regional governments have: its own view since 1.5, and K2's."""

from __future__ import annotations

from kwri_crawler.pages.dated import Dated


class Joomla(Dated):
    """Templates keep com_content's class names; each list has a feed by ?format=feed."""

    name = "joomla"
    is_for_all = True
    counts_from_start = True
    marks = ('content="Joomla!', "/media/system/js/", "com-content-article", "/media/k2/", "com_content")
    not_article = (
        (".blog-featured, .com-content-category-blog, .com-content-category", "a list page: its blocks say so"),
        (".itemListView, #k2Container.tagView", "a list page: its blocks say so"),
    )
    lists = (("feed", "/index.php?format=feed&type=rss"), ("sitemap", "/sitemap.xml"))
    wrapper = (".item-page, .com-content-article, #k2Container.itemView, .itemView", "main, body")
    title = (".page-header h1, .page-header h2, [itemprop='headline'], h2.itemTitle", "h1, h2.contentheading")
    section = (".category-name a, .itemCategory a",)
    crumbs = ".breadcrumb a, .mod-breadcrumbs a"
    author = (".createdby [itemprop='name'], .createdby a", ".createdby, .itemAuthor a, .itemAuthor")
    published = (
        ".published time, .create time, time[itemprop='datePublished']",
        ".published, .create, .itemDateCreated",
        "time",
    )
    updated = (".modified time", ".modified, .itemDateModified")
    body = (
        ".com-content-article__body, .item-page [itemprop='articleBody'], .itemBody",
        ".article-content, .article-body",
        ".item-page, .com-content-article",
    )
    drop = (
        ".article-info, .icons, .pager, .pagenav, .pagination, ul.tags, .tags, .itemToolbar, .itemHeader, .page-header,"
        " .itemImageBlock, .itemImageCaption, .content_rating, .article-index, .item-image, h2.itemTitle"
    )
    image = (".item-image img, .itemImage img, .img-fulltext-left img", ".item-page img")
    caption = (".item-image figcaption, .itemImageCaption, .img_caption",)
    tags = ("ul.tags a, .tags a", ".itemTags a")
