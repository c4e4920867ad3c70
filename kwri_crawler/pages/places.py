"""Where on a page a node lies: in the article's own part, or among cards, comments, menus and the sidebar."""

from __future__ import annotations

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

_OUTSIDE = frozenset(("nav", "aside", "noscript"))
_ELSEWHERE = re.compile(
    r"(?:^|[\s_-])(?:(?<!has-)(?<!no-)comments?|komentar|comment-?list|respond|disqus|related|terkait|berita-?-?terkait|recommend\w{0,6}|popular|terpopuler"
    r"|trending|berita-?lain(?:nya)?|baca-?juga|lihat-?juga|iklan|advert\w{0,10}|(?<!with-)(?<!has-)(?<!no-)(?<!with_)(?<!--)side-?bar|widgets?|teasers?|yarpp|jp-relatedposts|next-?post|prev-?post)"
    r"(?=$|[\s_-])",
    re.IGNORECASE,
)
# What WordPress and Squarespace say of an article's topics in its class: "category-trending", "tag-populer".
_TOPICS = re.compile(r"(?:^|\s)(?:category|tag|kategori)-\S+", re.IGNORECASE)
_SIDE = re.compile(r"side-?bar", re.IGNORECASE)
_OTHERS = (
    "[class*=comment i], [id*=comment i], [class*=komentar i], [id*=komentar i], [class*=disqus i], [class*=related i],"
    " [class*=terkait i]"
)
_MOST_OTHERS = 300
_FAR = 40  # elements around a node that are looked at


def is_of_article(node: LexborNode, root: LexborNode | None = None, *, aside: bool = False) -> bool:
    """Say whether a node lies in no part that is of something else; what is around root is not looked at.

    `aside` is for what may stand beside an article too, in its side column.
    """
    around: LexborNode | None = node
    is_footer = False
    for _ in range(_FAR):
        if around is None or around.tag == "body" or (root is not None and around.mem_id == root.mem_id):
            return not is_footer or (around is not None and around.tag == "article")  # Drupal's names who, and when
        if around.tag == "article":
            is_footer = False  # of the article's own
        if around.tag in _OUTSIDE and not (aside and around.tag == "aside"):
            return False
        is_footer |= around.tag == "footer"
        attributes = around.attributes
        if attributes:
            names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
            if aside:
                names = _SIDE.sub("", names)
            if len(names) > 1 and _ELSEWHERE.search(names[:300]) and _ELSEWHERE.search(_TOPICS.sub("", names)[:300]):
                return False
        around = around.parent
    return not is_footer


def others(tree: LexborHTMLParser) -> frozenset[int]:
    """Return the mem_ids of a page's comments and cards: what they say is not of the article."""
    nodes = tree.css(_OTHERS)[:_MOST_OTHERS]
    return frozenset(node.mem_id for node in nodes if not is_of_article(node))


def article_around(node: LexborNode) -> LexborNode | None:
    """Return the innermost <article> that a node lies in; null where it lies in none."""
    around: LexborNode | None = node.parent
    for _ in range(_FAR):
        if around is None or around.tag == "article":
            return around
        around = around.parent
    return None


def first_of_article(nodes: Sequence[LexborNode], root: LexborNode | None = None) -> LexborNode | None:
    """Return the first node that lies in the article's own part."""
    return next((node for node in nodes if is_of_article(node, root)), None)
