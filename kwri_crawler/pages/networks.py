"""Pages of the networks that have a CMS of their own: Tribun, ANTARA, detik, ProMedia, and the Polri's Humas portal."""

from __future__ import annotations

from kwri_crawler.pages.family import Family


class Tribun(Family):
    """jatim.tribunnews.com, surya.co.id and their like, of 2020 and later."""

    name = "tribun"
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


class Antara(Family):
    """antaranews.com and its regional portals; its body ends with who wrote and edited it."""

    name = "antara"
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


class Detik(Family):
    """detik.com with its regions (detik.com/jatim) and channels, in the three page structures seen since 2015."""

    name = "detik"
    marks = ("detik.com", "detik.net.id")
    wrapper = ("article.detail, article", ".content_detail, .detail_area", "body")
    title = ("h1.detail__title", "h1")
    section = (".subkat",)
    crumbs = ".page__breadcrumb a, .breadcrumb a"
    author = (".detail__author", ".author strong, .author", ".detail_profil strong")
    published = (".detail__date", ".date, .media__date")
    body = (
        ".detail__body-text, .itp_bodycontent",
        "#detikdetailtext, .detail_text, .text_detail, .detail-text",
        ".text_gal",
    )
    drop = (
        ".linksisip, .lihatjg, .sisip_video_ds, .sisip_embed_sosmed, .detail__multiple, .detail__long-nav, .noncontent,"
        " .clearfix.mb20, .parallaxindetail, .scrollpage, .para_caption, .pic_artikel_sisip, .detail__body-tag,"
        " .detail_tag, .nav, .video20detik, strong:has(#aevp_title)"
    )
    image = (".detail__media-image img", ".pic_artikel img, .pic_artikel_2 img, .media_artikel img, figure img")
    caption = (".detail__media-caption", ".pic_artikel figcaption, .pic_artikel span, .read__photo__caption")
    tags = (".detail__body-tag a", ".detail_tag a, .tag_detail a, .nav__item--tag a")


class ProMedia(Family):
    """Pikiran Rakyat, Radar, Suara Merdeka, Jatim Network: the CMS of Promedia's partners."""

    name = "promedia"
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


class Humas(Family):
    """humas.polri.go.id since 2024: only utility classes, and few of them told; before that it was WordPress."""

    name = "humas"
    marks = ("humas.polri.go.id",)
    wrapper = ("section#content", "main, body")
    title = ("h1", "div.font-semibold.text-lg")
    published = ("div.flex.flex-row.items-center.gap-1:nth-child(2) p",)
    body = ("div.text-sm.text-justify.space-y-4", "div.text-justify.space-y-4")
    image = ("img.object-cover, figure img",)
