"""Pages of VIVA and its regional portals."""

from __future__ import annotations

from kwri_crawler.pages.family import Family


class Viva(Family):
    """<region>.viva.co.id since 2020; /<section>/<n>-<slug>."""

    name = "viva"
    marks = ("viva.co.id", "viva.id")
    whole = "page=all"
    lists = (("feed", "/get/all"), ("index", "/indeks"))
    wrapper = (".main-content, article, main", "body")
    title = ("h1.main-content-title", "h1")
    crumbs = "a.breadcrumb-step"
    author = (".main-content-author a, .main-content-author",)
    published = (".main-content-date",)
    body = (".main-content-detail",)
    drop = ".recommended-article, .widget-other-article, .main-content-share, .pagination-detail, .tag-container"
    image = (".main-content-image img, .main-content-cover img", "figure img")
    caption = (".main-content-image-caption, .main-content-image figcaption", "figcaption")
    tags = (".tag-container a, .main-content-tag a", "a[href*='/tag/']")
