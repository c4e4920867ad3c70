"""Posts of PopojiCMS, an Indonesian CMS; names read in its own theme, which others are made from."""

from __future__ import annotations

from kwri_crawler.pages.family import Family


class PopojiCms(Family):
    """/detailpost/<slug>; its lists are /category/<name>, all of them /category/all."""

    name = "popojicms"
    is_for_all = True
    marks = ("/po-content/", "/po-includes/", "PopojiCMS", "Popojicms")
    not_article = (("#posts > .entry ~ .entry", "a list page: it shows several posts"),)
    lists = (("feed", "/rss"), ("index", "/category/all"), ("sitemap", "/sitemap.xml"))
    wrapper = (".single-post", "#content", "body")
    title = (".entry-title h2, .entry-title h1", "h1, h2.title")
    author = (".entry-meta li:has(.icon-user) a, .entry-meta li:has(.fa-user) a", ".entry-meta li a")
    published = (".entry-meta li:has([class*='calendar'])", ".entry-meta li")
    body = (".entry-content", ".post-content, .content-post")
    drop = ".tagcloud, .related-posts, .post-navigation"
    image = (".entry-image img",)
    caption = (".entry-image p, .entry-image figcaption",)
    tags = (".tagcloud a",)
