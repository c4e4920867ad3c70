"""What lies in a card, beside a headline that leads to another page: its date and its picture are that page's."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from kwri_crawler.pages.source import Source, text_of
from kwri_crawler.pages.titles import own_places, place_of

_MOST = 3  # elements around a card's date; links in them that are looked at
_A_HEADLINE = 3  # words


def is_of_card(source: Source, node: LexborNode) -> bool:
    """Say whether a node stands beside a headline that is a link to another page; not in a text, nor beside an h1."""
    around = node.parent
    for _ in range(_MOST):
        if around is None or around.tag in ("body", "main", "article") or around.css_first("h1, p + p") is not None:
            return False
        for link in around.css("h2 a[href], h3 a[href], h4 a[href], a[href]:has(h2, h3, h4)")[:_MOST]:
            if len(text_of(link).split()) >= _A_HEADLINE:
                url = source.absolute(link.attributes.get("href"))
                return url is not None and place_of(url) not in set(own_places(source))
        around = around.parent
    return False
