"""Pages of detik with its regions and channels."""

from __future__ import annotations

from kwri_crawler.pages.family import Family


class Detik(Family):
    """detik.com with its regions (detik.com/jatim) and channels, in the three page structures seen since 2015."""

    name = "detik"
    whole = "single=1"
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
