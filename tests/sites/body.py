"""An article's body as Varient prints it: unclosed paragraphs in version 2, ads after some of them, galleries and lists."""
# ruff: noqa: E501 - markup as the CMS prints it

from __future__ import annotations

from html import escape

from tests.sites.blocks import html_of
from tests.sites.furniture import Post, image_of, style_of

AD_CLASSIC = """<div class="col-sm-12 col-xs-12 {cls} mb-3"><div class="row"><div class="bn-content"><div class="bn-inner {inner}"><ins class="adsbygoogle" data-ad-client="ca-pub-0000000000000000" data-ad-slot="{slot}"></ins><script>(adsbygoogle = window.adsbygoogle || []).push({{}});</script></div></div></div></div>"""
AD_MAGAZINE = """<div class="container container-bn {cls} mb-3"><div class="row"><div class="bn-content"><div class="bn-inner {inner}"><a href="#" target="_blank" rel="nofollow">Iklan: pasang iklan Anda di sini</a></div></div></div></div>"""
AD_AFTER = (2, 5)  # paragraph numbers; the operator chooses them


def body(base: str, post: Post, magazine: bool, closed: bool, ads: bool = True) -> str:
    """Return what stands inside of .post-text or .entry-content; closed says whether </p> is put back (version 3)."""
    content = "\n".join(html_of(block, base, style_of(post)) for block in post.article.paragraphs)
    pieces = content.split("</p>")  # _post_content.php: explode('</p>', $content), echoed without it
    out: list[str] = []
    for number, piece in enumerate(pieces, 1):
        out.append(piece + ("</p>" if closed and number < len(pieces) else ""))
        # Not between a row's cells: stock Varient would do it, and break the table.
        if ads and number in AD_AFTER and number < len(pieces) and "<table" not in content:
            out.append(_ad(magazine, AD_AFTER.index(number) + 1))
    return "".join(out)


def _ad(magazine: bool, number: int) -> str:
    shape = AD_MAGAZINE if magazine else AD_CLASSIC
    kinds = (
        (("container-bn-ds", "bn-ds"), ("container-bn-mb", "bn-mb"))
        if magazine
        else (("col-bn-ds", "bn-ds"), ("col-bn-mb", "bn-mb"))
    )
    return "".join(shape.format(cls=cls, inner=f"{inner}-{number}", slot=f"00{number}") for cls, inner in kinds)


def media(base: str, post: Post) -> str:
    """Return the picture with its caption, or the video."""
    article = post.article
    if article.post_type == "video":
        return f'<div class="show-on-page-load"><div class="video-player"><video controls class="video-js vjs-big-play-centered" preload="none" poster="{base}/{image_of(article)}"><source src="{base}/uploads/videos/{article.slug[:40]}.mp4" type="video/mp4"></video></div></div>'
    caption = f'<figcaption class="img-description">{escape(article.caption)}</figcaption>' if article.caption else ""
    if not article.image or article.items:
        return ""
    return f'<div class="post-image"><div class="post-image-inner"><img src="{base}/{image_of(article)}" class="img-responsive img-fluid center-image" alt="{escape(article.title)}"/>{caption}</div></div>'


def items(base: str, post: Post, page: int, text_class: str = "post-text") -> str:
    """Return a gallery's one item of page N, or all items of a sorted list."""
    article = post.article
    total = len(article.items)
    if article.post_type == "gallery":
        item = article.items[page - 1]
        buttons = "".join(
            f'<a href="{base}/{article.slug}?p={number}" class="btn btn-md btn-custom btn-{name.lower()}">{name}</a>'
            for name, number in (("Previous", page - 1), ("Next", page + 1))
            if 1 <= number <= total
        )
        return f'<div class="gallery-post-item"><div class="post-item-count"><span>{page} / {total}</span></div><h2 class="title title-post-item">{escape(item.title)}</h2><div class="post-image"><div class="post-image-inner"><img src="{base}/uploads/images/{item.image}" class="center-image" alt=""></div></div><div class="{text_class}"><p>{escape(item.text)}</p></div><div class="gallery-post-buttons">{buttons}</div></div>'
    return "".join(
        f'<div class="ordered-list-item"><h3 class="title title-post-item">{number}. {escape(item.title)}</h3><div class="post-image"><img src="{base}/uploads/images/{item.image}" alt=""></div><div class="{text_class}"><p>{escape(item.text)}</p></div></div>'
        for number, item in enumerate(article.items, 1)
    )
