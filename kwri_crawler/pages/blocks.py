"""A body that was cut out of a page -> its paragraphs; drops scripts, ads, captions, and blocks that lead elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from selectolax.lexbor import LexborNode

from kwri_crawler.items import Link
from kwri_crawler.pages.source import Source, text_of
from kwri_crawler.pages.text import fold

MOST_LINKS = 200  # of one body
LONGEST_URL = 2_000

BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "figure",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "pre",
        "hr",
        "center",
        "address",
        "details",
        "summary",
        "fieldset",
        "body",
    ]
)
_PARTED = frozenset(("span", "a", "time", "small", "label", "strong", "b", "font"))
_ENDS_NAME = frozenset(".)")  # "Rina Wati, M.Si.", "Rina Wati (Jember)"
_CELLS = frozenset(("td", "th"))
# What no reader of a page sees as its text.
UNSEEN = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "audio",
        "video",
        "canvas",
        "svg",
        "button",
        "input",
        "select",
        "textarea",
        "head",
        "title",
        "link",
        "meta",
    ]
)
_DROPPED = UNSEEN | {"form", "nav", "aside", "figcaption"}
# ABPindo's list, what Varient, Newkarma, JNews, tagDiv, Newspaper, detik, Tribun and Kompas put inside of a body, and
# what plug-ins of WordPress do: tables of contents, boxes about the author, cards of other articles, comments.
FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:adsbygoogle|ads?-(?:on-body|slot|box|container|wrapper)|code-block|bn-content|container-bn|col-bn-\w+"
    r"|gmr-(?:banner|floatbanner|related|social)|newkarma-core|lihatjg|linksisip|baca-?_?juga|item--baca"
    r"|berita-?-terkait|kgnw-player|parallax|jnews_inline_related_post|jeg_(?:ad|share|post_tags)|fb-comments|sharedaddy"
    r"|jp-relatedposts|social-share|share-buttons|post-share|post-tags|td-a-rec|td_block_related|td-post-sharing|sisip_video"
    r"|detail__multiple|page-links|wp-caption-text|img-description|related-(?:posts?|articles?|news)|screen-reader-text"
    r"|(?:yarpp|gp|vce)-related|related_posts?|wp-embedded-content|comment-respond|comments-area|post-ratings"
    r"|(?:ez-|simple|lwp|rank-math-)toc|toc_container|author-(?:box|bio|info-box)|saboxplugin|ts-fab|swp_social"
    r"|abh_box|about_author|nnr-ab-wrap|sfsi(?:aft|bef|_)\w+|newsletter-(?:box|embed|form|shortcode|signup)|mc4wp-form|most-?read|tags-(?:links|wrapper)"
    r"|republi(?:sh|cation)[-_]?(?:box|modal|popup|form|tracker|this|widget))",
    re.IGNORECASE,
)
# Links that nobody sees are sold, or were put there by who broke in; what a button opens later has none elsewhere.
_HIDDEN = re.compile(r"display\s?:\s?none|(?:left|top|text-indent)\s?:\s?-\d{3}", re.IGNORECASE)
_ENDS_SENTENCE = re.compile(r"[.!?:;][\"”’')\]]?\s*$")
_ENDS_BYLINE = re.compile(r"\b(?:19|20)\d\d\b\D{0,20}\d{1,2}[.:]\d\d(?:\s?(?:wib|wita|wit))?\s*$", re.IGNORECASE)
_A_PARAGRAPH = 12  # words
_FEW = 6  # pieces of text
_A_BYLINE = 60  # characters of its end: "7 Oktober 2026 pukul 09.15 WIB"


def paragraphs_of(
    body: LexborNode,
    keep_furniture: bool = False,
    *,
    dropped: frozenset[int] = frozenset(),
    links: list[Link] | None = None,
    base: Source | None = None,
) -> tuple[str, ...]:
    """Return the text of a body, a block each, in order; all that is there when only furniture is.

    `dropped` are mem_ids of nodes to leave out; to `links` the links of what is kept are added, resolved by `base`.
    """
    anchors: list[LexborNode] = []
    found = tuple(_walk(body, keep_furniture, dropped, anchors))
    if not found and not keep_furniture:
        anchors.clear()
        found = tuple(_walk(body, True, dropped, anchors))
    if links is not None and base is not None:
        for anchor in anchors[:MOST_LINKS]:
            url = base.absolute(anchor.attributes.get("href"))
            if url and len(url) <= LONGEST_URL:
                links.append(Link(url, text_of(anchor)))
    return found


def lines_of(body: LexborNode, dropped: frozenset[int] = frozenset()) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return all lines that a page shows, furniture too, as it shows them and parted, in one walk.

    Parted, a bar stands between <span>s and links that the page prints without a blank between them. `dropped` are
    mem_ids of nodes to leave out.
    """
    parted: list[str] = []
    return tuple(_walk(body, True, dropped, [], parted)), tuple(parted)


def _walk(
    body: LexborNode,
    keep_furniture: bool,
    dropped: frozenset[int],
    anchors: list[LexborNode],
    parted: list[str] | None = None,
) -> Iterable[str]:
    """Gather the text between blocks, without recursion: a hostile page nests thousands deep.

    To `parted` the same lines are added with a bar between <span>s and links that no blank parts.
    """
    out: list[str] = []
    line: list[str] = []  # the pieces of the paragraph that is being gathered
    bars: list[int] = []  # the pieces before which a bar stands when it is parted
    breaks = 0  # <br> since the last text

    def end_paragraph() -> None:
        if not line:
            return
        if text := fold("".join(line)).strip("| "):
            out.append(text)
            if parted is not None:
                parted.append(_with_bars(line, bars) if bars else text)
        line.clear()
        bars.clear()

    node = body.first_child
    depth = 0
    while node is not None:
        tag = node.tag
        inner: LexborNode | None = None
        if tag == "-text":
            text = node.text_content or ""
            if not text.isspace():
                if breaks and (breaks > 1 or ends_sentence(line)):
                    end_paragraph()
                breaks = 0
                is_glued = parted is not None and line and _ends_glued(line[-1]) and text[:1].isalnum()
                if is_glued and _is_parted(node):
                    bars.append(len(line))
            line.append(text)
        elif tag == "br":
            breaks += 1
            line.append(" ")
        elif tag in BLOCKS:
            end_paragraph()
            breaks = 0
        elif tag in _CELLS and line:
            if is_long_cell(line):
                end_paragraph()
            else:
                line.append(" | ")
        if (
            tag not in _DROPPED
            and not (tag and tag[0] == "-")
            and (keep_furniture or not _is_furniture(node))
            and not (dropped and node.mem_id in dropped)
        ):
            if tag == "a":
                anchors.append(node)
            inner = node.first_child
        if inner is not None:
            node = inner
            depth += 1
            continue
        while node is not None and node.next is None and depth:
            node = node.parent
            depth -= 1
            if node is not None and node.tag in BLOCKS:
                end_paragraph()
                breaks = 0
        node = None if node is None else node.next
    end_paragraph()
    return out


def _ends_glued(text: str) -> bool:
    return text[-1:].isalnum() or text[-1:] in _ENDS_NAME


def _with_bars(pieces: list[str], bars: list[int]) -> str:
    cuts = (0, *bars, len(pieces))
    return fold(" | ".join("".join(pieces[a:b]) for a, b in pairwise(cuts))).strip("| ")


def ends_sentence(pieces: list[str]) -> bool:
    """Say whether pieces of a line end a sentence, or a byline, so that a line break behind them parts paragraphs."""
    end = "".join(pieces[-_FEW:])[-_A_BYLINE:]
    return _ENDS_SENTENCE.search(end[-8:]) is not None or _ENDS_BYLINE.search(end) is not None


def is_long_cell(pieces: list[str]) -> bool:
    """Say whether pieces of a line are a paragraph of which the next cell is no part: the table lays the page out."""
    return ends_sentence(pieces) and len("".join(pieces).split()) >= _A_PARAGRAPH


def _is_parted(node: LexborNode) -> bool:
    """Say whether a text begins where a <span>, a link or a time begins or ends."""
    before = node.prev
    return (node.parent is not None and node.parent.tag in _PARTED and before is None) or (
        before is not None and before.tag in _PARTED
    )


def _is_furniture(node: LexborNode) -> bool:
    attributes = node.attributes
    if not attributes:
        return False
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    if len(names) > 1 and _is_named_furniture(names[:500]):
        return True
    style = attributes.get("style")
    return bool(style and _HIDDEN.search(style[:200])) and node.css_first('a[href^="http"]') is not None


@lru_cache(maxsize=1_024)  # the pages of a portal have the same names
def _is_named_furniture(names: str) -> bool:
    return FURNITURE.search(names) is not None
