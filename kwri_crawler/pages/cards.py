"""What lies in a card, below a headline that leads to another page: its date and its picture are that page's."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from kwri_crawler.pages.places import elements_around, is_of_article, link_around
from kwri_crawler.pages.source import Source, text_of
from kwri_crawler.pages.titles import own_places, place_of

_MOST = 4  # elements around a card's date
_LINK_AROUND = 3  # elements between a heading and the link that holds it
_A_HEADLINE = 3  # words
_A_TEXT = 60  # words


def is_own(source: Source, node: LexborNode) -> bool:
    """Say whether a node lies in the article's own part of a page, and in no card there."""
    return is_of_article(node) and not is_of_card(source, node)


def is_of_card(source: Source, node: LexborNode) -> bool:
    """Say whether the first heading beside a node is a link to another page."""
    for around in elements_around(node, _MOST):
        if around.tag in ("body", "main"):
            return False
        heading = around.css_first("h1, h2, h3, h4")
        if heading is not None:
            return _leads_elsewhere(source, heading) and not _holds_article(source, around)
        if around.tag == "article" or around.css_first("p + p") is not None:
            return False
    return False


def _holds_article(source: Source, around: LexborNode) -> bool:
    """Say whether an element with a linked headline holds more than a card: a headline of its own, or a whole text."""
    head = around.css_first("h1")
    if head is not None and not _leads_elsewhere(source, head):
        return True
    return around.css_first("p + p + p") is not None and len(text_of(around).split()) >= _A_TEXT


def _leads_elsewhere(source: Source, heading: LexborNode) -> bool:
    if len(text_of(heading).split()) < _A_HEADLINE:
        return False
    link = heading.css_first("a[href]") or link_around(heading, _LINK_AROUND)
    url = source.absolute(link.attributes.get("href")) if link is not None else None
    return url is not None and place_of(url) not in own_places(source)
