"""Where on a page a node lies: in the article's own part, or among cards, comments, menus and the sidebar."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kwri_crawler.pages.header import says_when
from kwri_crawler.pages.source import text_of

_OUTSIDE = frozenset(("nav", "aside", "noscript"))
_ELSEWHERE = re.compile(
    r"(?:^|[\s_-])(?:(?<!has-)(?<!no-)comments?|komentar|comment-?list|respond|disqus|related|terkait|berita-?-?terkait|recommend\w{0,6}|popular|terpopuler"
    r"|trending|berita-?lain(?:nya)?|baca-?juga|lihat-?juga|iklan|advert\w{0,10}|(?<!with-)(?<!has-)(?<!no-)(?<!with_)(?<!--)side-?bar"
    r"|(?<!elementor-)widgets?(?! blog\b)|teasers?|yarpp|jp-relatedposts|next-?post|prev-?post"
    r"|wp-block-(?:query|post-template|latest-posts))"
    r"(?=$|[\s_-])",
    re.IGNORECASE,
)
# What WordPress and Squarespace say of an article's topics in its class: "category-trending", "tag-populer".
# Elementor's every part is a "widget", and so is the one of Blogger's that holds the post.
_TOPICS = re.compile(r"(?:^|\s)(?:category|tag|kategori)-\S+", re.IGNORECASE)
_SIDE = re.compile(r"side-?bar", re.IGNORECASE)
# A site's footer, whatever its tag; an article's own says so: "post-info", "entry-footer".
_SITE_FOOTER = re.compile(
    r"(?:^|\s)(?:(?:site|page|main|global)[_-]?)?(?:footer|copyrights?)"
    r"(?:[_-]?(?:area|bottom|top|wrap(?:per)?|widgets?|inner|container|content|section|text))?(?=$|\s)",
    re.IGNORECASE,
)
_OWN_FOOTER = re.compile(r"(?:^|[\s_-])(?:post|entry|article|story)[_-]", re.IGNORECASE)
# What stands above all pages of a site, often with the day on which it was asked for.
_SITE_TOP = re.compile(
    r"(?:^|\s)(?:(?:site|main|top|global)[_-]?)?(?:header|masthead|top-?bar|navbar|jam|clock|today|hari-ini)"
    r"(?:[_-](?:top|bar|date|time|area|inner|wrap(?:per)?|container|content|digital))?(?=$|\s)",
    re.IGNORECASE,
)
_TOPS = (
    "header, [class*=header i], [id*=header i], [class*=masthead i], [class*=topbar i], [class*=top-bar i],"
    " [class*=navbar i], [class*=jam i], [id*=jam i], [class*=clock i], [id*=clock i], [class*=today i], [id*=today i]"
)
_RIGHTS = re.compile(r"©|\bcopyright\b|\bhak cipta\b|\ball rights\b", re.IGNORECASE)
_OTHERS = (
    "[class*=comment i], [id*=comment i], [class*=komentar i], [id*=komentar i], [class*=disqus i], [class*=related i],"
    " [class*=terkait i], footer, [class*=footer i], [id*=footer i], [class*=copyright i], [id*=copyright i]"
)
_MOST_OTHERS = 300
_FAR = 40  # elements around a node that are looked at


def is_of_article(node: LexborNode, root: LexborNode | None = None, *, aside: bool = False) -> bool:
    """Say whether a node lies in no part that is of something else; what is around root is not looked at.

    `aside` is for what may stand beside an article too, in its side column.
    """
    around: LexborNode | None = node
    footer: LexborNode | None = None  # the outermost that may be the site's
    for _ in range(_FAR):
        if around is None or around.tag == "body":
            break
        # Drupal's names in an article's footer who wrote it, and when; Pelican's in that of <main>.
        if around.tag == "article" or (around.tag == "main" and footer is not None and _is_dated(footer)):
            footer = None
        if root is not None and around.mem_id == root.mem_id:
            break
        if around.tag in _OUTSIDE and not (aside and around.tag == "aside"):
            return False
        names = names_of(around)
        if aside:
            names = _SIDE.sub("", names)
        if len(names) > 1 and _is_elsewhere(names) and _is_elsewhere(_TOPICS.sub("", names)):
            return False
        if (around.tag == "footer" and not _OWN_FOOTER.search(names)) or _SITE_FOOTER.search(names):
            footer = around
        around = around.parent
    return footer is None


def _is_dated(footer: LexborNode) -> bool:
    """Say whether a footer says when, and not whose all of it is, as a site's does."""
    said = text_of(footer)[:2_000]
    is_site_s = _RIGHTS.search(said) is not None
    return not is_site_s and (footer.css_first("time, abbr.published") is not None or says_when(said))


@lru_cache(maxsize=1_024)  # the pages of a portal have the same names
def _is_elsewhere(names: str) -> bool:
    return _ELSEWHERE.search(names) is not None


def others(tree: LexborHTMLParser) -> frozenset[int]:
    """Return the mem_ids of a page's comments and cards, its top and its footer: they say nothing of the article."""
    found = [node for node in tree.css(_OTHERS)[:_MOST_OTHERS] if not is_of_article(node)]
    tops = (node for node in tree.css(_TOPS)[:_MOST_OTHERS] if _is_site_top(node))
    return frozenset(node.mem_id for node in (*found, *tops))


def _is_site_top(node: LexborNode) -> bool:
    names = names_of(node)
    is_top = node.tag == "header" or _SITE_TOP.search(names) is not None
    return is_top and node.css_first("h1, h2, h3") is None and article_around(node) is None


def names_of(node: LexborNode) -> str:
    """Return the class and the id of an element, as far as they are looked at; empty or blank where it has neither."""
    attributes = node.attributes
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:300] if attributes else ""


def article_around(node: LexborNode) -> LexborNode | None:
    """Return the innermost <article> that a node lies in; null where it lies in none."""
    return next((around for around in elements_around(node, _FAR) if around.tag == "article"), None)


def elements_around(node: LexborNode, most: int) -> Iterator[LexborNode]:
    """Yield the elements that a node lies in, the innermost first, up to so many."""
    around = node.parent
    for _ in range(most):
        if around is None:
            return
        yield around
        around = around.parent


def link_around(node: LexborNode, most: int) -> LexborNode | None:
    """Return the innermost <a> that a node lies in, up to so many elements around it; null where it lies in none."""
    return next((around for around in elements_around(node, most) if around.tag == "a"), None)


def first_of_article(nodes: Sequence[LexborNode], root: LexborNode | None = None) -> LexborNode | None:
    """Return the first node that lies in the article's own part."""
    return next((node for node in nodes if is_of_article(node, root)), None)
