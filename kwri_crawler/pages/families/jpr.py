"""Pages of Jawa Pos and its Radar newsrooms since 2025: a Next.js front whose data hold the whole article."""

from __future__ import annotations

from kwri_crawler.pages.stated import Stated


class Jpr(Stated):
    """What of these pages is shown has the classes of ProMedia, from which the newsrooms came."""

    name = "jpr"
    marks = ("cdn-jpr.jawapos.com", "cdn-assets.jawapos.com", "api-jpr.jawapos.com", "api-jjmn.jawapos.com")
    lists = (("sitemap", "/sitemap.xml"),)
    title = ("h1.read__title", "h1")
    author = (".read__info__author a, .read__info__author",)
    published = (".read__info__date",)
    drop = "strong.readmore, .read__others, strong[class^='read__others']"
