"""Pages of the partners of Promedia: Pikiran Rakyat, Suara Merdeka, Jatim Network, Radar until 2025."""

from __future__ import annotations

from kwri_crawler.pages.family import Family


class ProMedia(Family):
    """Pikiran Rakyat, Radar, Suara Merdeka, Jatim Network: the CMS of Promedia's partners."""

    name = "promedia"
    lists = (("index", "/indeks-berita"),)
    whole = "page=all"
    marks = ("promediateknologi", "read__info__")  # Kompas has read__content too
    wrapper = ("section.read, .read", "article", "body")
    title = ("h1.read__title", "h1")
    crumbs = ".breadcrumb__link, .breadcrumb a"
    author = (".read__info__author a, .read__info__author",)
    credits = (".read__info__editor, .content__penulis, .content__editor",)
    published = (".read__info__date",)
    body = ("article.read__content, .read__content", ".read__article")
    drop = ".read__others, .read__baca, .ads__horizontal, .paging, .read__paging, .lihatjg, strong.read__bacajuga"
    image = (".photo__img img, .read__photo img", ".photo img")
    caption = (".photo__caption", ".read__photo figcaption")
    tags = (".tag__list a, .read__tagging a, .tag__link",)
