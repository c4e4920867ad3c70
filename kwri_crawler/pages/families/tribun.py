"""Pages of the Tribun network: jatim.tribunnews.com, surya.co.id and their like."""

from __future__ import annotations

from kwri_crawler.pages.family import Family


class Tribun(Family):
    """jatim.tribunnews.com, surya.co.id and their like, of 2020 and later."""

    name = "tribun"
    lists = (("feed", "/rss"), ("index", "/index-news"))
    whole = "page=all"
    marks = ("tribunnews.com", "side-article txt-article")
    wrapper = ("#article, article", "body")
    title = ("h1#arttitle", "h1")
    crumbs = ".breadcrumb a, #breadcrumb a"
    credits = ("#penulis, #editor, .credit",)
    author = ("#penulis a, .penulis a", ".byline a")
    published = ("time",)
    body = (".side-article.txt-article", ".txt-article, #article_con")
    drop = ".side-article.mb5, .baca, .ads-placeholder, #bannerku, #skinads, .belanja-picks, .tapp-banner"
    image = (".imgfull_div img, #artimg img", ".side-article figure img")
    caption = (".arial.f12.pt5, #artimg figcaption, .imgfull_div figcaption",)
    tags = (".tagcloud3 a", ".tagcloud a")
