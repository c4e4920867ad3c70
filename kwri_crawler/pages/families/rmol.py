"""Pages of the regional portals of RMOL: a fork of Varient without its script and its names for the byline."""

from __future__ import annotations

from kwri_crawler.pages.family import Family
from kwri_crawler.pages.source import Source


class Rmol(Family):
    """rmollampung.id and its like, seen 2025; their text lies where Varient's does."""

    name = "rmol"
    has_galleries = True
    marks = ("/rss-feeds", "bussiness-post", "/uploads/images/image_750x500_")
    lists = (("feed", "/rss/latest-posts"), ("index", "/posts"), ("sitemap", "/sitemap.xml"))
    wrapper = (".post-content", "article, main, .post-details", "body")
    title = ("h1", ".post-content .title")
    section = (".category-label, .badge-category", ".post-cat a, .category a")
    crumbs = ".breadcrumb a"
    author = ("a[href*='/profile/']",)
    published = (".author-info li", ".post-author li, .post-meta li", "time")
    body = (".post-text.mt-30", ".post-text")
    drop = ".bussiness-post-item, .post-tags"
    image = (".post-image img, .post-media img", "img[src*='image_750x']")
    caption = (".post-image figcaption, .img-description",)
    tags = (".post-tags a", "a[href*='/tag/']")

    def knows(self, source: Source) -> bool:
        """Say whether a page is a fork's, and none of Varient's own."""
        return super().knows(source) and b"VrConfig" not in source.html and b"postDetailsPage" not in source.html
