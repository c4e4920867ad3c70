"""What a page says of its text beside the words: headings, list items, quotes, and whether it may be read for free."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from kwri_crawler.pages.source import Source, text_of

PAYWALL = "paywall"
_MARKED = "h2, h3, h4, h5, h6, li, blockquote, blockquote p"
_KINDS = {"h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4", "li": "li"}
_MOST = 1_000
_BEGIN = 3  # characters, of a word that no white space parts
_NOT_FREE = ("false", "no")


def marks_of(part: LexborNode | None, paragraphs: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return (paragraph, kind) of those that are no plain text: h2, h3, h4, li or quote; in the order of the part.

    `part` is the part of the page that they were read from.
    """
    known = set(paragraphs)
    begin = {text[:_BEGIN] for text in paragraphs}
    found: dict[str, str] = {}
    for node in part.css(_MARKED)[:_MOST] if part is not None else ():
        # Most are a menu's: a look at how they begin costs a fifth of folding them.
        start = node.text().lstrip()[:_BEGIN]
        if start.isascii() and start not in begin:
            continue
        text = text_of(node)
        if text in known:
            found[text] = _KINDS.get(node.tag or "", "quote")
    return tuple(found.items())


def access_of(source: Source) -> str | None:
    """Return "paywall" where the page says that its text is not free; null where it is, or nothing is said."""
    meta = source.metadata
    if meta.first("article:content_tier").casefold() == "locked":
        return PAYWALL
    parts = meta.article.get("hasPart")
    for one in (meta.article, *(parts if isinstance(parts, list) else [parts])[:10]):
        said = one.get("isAccessibleForFree") if isinstance(one, dict) else None
        if said is False or (isinstance(said, str) and said.rpartition("/")[2].casefold() in _NOT_FREE):
            return PAYWALL
    return None
