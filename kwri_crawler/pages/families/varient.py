"""Pages of Varient 1 to 3, the CMS of the KWRI network: all its themes, and the formats gallery and sorted list."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from kwri_crawler.items import Link
from kwri_crawler.pages.blocks import paragraphs_of
from kwri_crawler.pages.family import Family
from kwri_crawler.pages.source import Source, text_of

_ITEMS = ".gallery-post-item, .ordered-list-item"
_ITEM_CLASSES = frozenset(("gallery-post-item", "ordered-list-item"))
_BODIES = ".post-text, .entry-content"


class Varient(Family):
    """Names of V1x and the classic theme, then of magazine, news and jnews, then of V30; read in the CMS's source."""

    name = "varient"
    has_galleries = True
    lists = (("feed", "/rss/latest-posts"), ("feed", "/rss-feeds/feed/latest"), ("index", "/posts"))
    marks = ("VrConfig", "postDetailsPage", "post-author-meta", "item-meta-author", "post-details-meta")
    wrapper = ("#postDetailsPage .post-content, .post-content",)
    section = ("label.category-label, span.badge-category",)
    author = (".post-author-meta a, .item-meta-author a, .post-author-meta, .item-meta-author",)
    published = (
        ".post-details-meta-date > .sp-left:not(.sp-post-update-date), .item-meta-date, "
        ".post-meta > .sp-left:not(.post-author-meta):not(.sp-post-update-date)",
    )
    # The second date of the magazine theme is marked by its place alone.
    updated = (".sp-post-update-date, .item-meta-date ~ .item-meta-date",)
    summary = (".post-summary",)
    body = (_BODIES,)
    image = (".post-image img, #post-detail-slider img",)
    caption = (".post-image figcaption",)
    tags = (".post-tags li a",)

    def paragraphs(self, source: Source, root: LexborNode, body: LexborNode, links: list[Link]) -> tuple[str, ...]:
        """Return the body; of a gallery or a sorted list its introduction, then each item's title and text."""
        items = root.css(_ITEMS)
        if not items:
            return paragraphs_of(body, links=links, base=source)
        found: list[str] = []
        for introduction in root.css(_BODIES):
            if not _is_in_item(introduction, root):
                found += paragraphs_of(introduction, links=links, base=source)
        for item in items:
            if title := text_of(item.css_first(".title-post-item")):
                found.append(title)
            for text in item.css(_BODIES):
                found += paragraphs_of(text, links=links, base=source)
        return tuple(found)


def _is_in_item(node: LexborNode, root: LexborNode) -> bool:
    parent = node.parent
    while parent is not None and parent.mem_id != root.mem_id:
        if not _ITEM_CLASSES.isdisjoint((parent.attributes.get("class") or "").split()):
            return True
        parent = parent.parent
    return False
