"""A text that a page holds where no reader of it looks: JSON-LD, noscript, srcdoc, below pictures; adds nothing."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

from kwri_crawler.pages.blocks import paragraphs_of
from kwri_crawler.pages.moved import is_shown
from kwri_crawler.pages.places import is_of_article
from kwri_crawler.pages.source import Source, tame, text_of
from kwri_crawler.pages.text import count_words, fold, words

LEAST = 40  # words of a text that is taken from elsewhere
_LONGER = 2  # times what the page shows
_LONGEST = 300_000  # characters
_MOST_CAPTIONS = 100
_TAG = re.compile(r"<(?:p|br|div)\b", re.IGNORECASE)

Body = tuple[str, ...]


def longer_text(source: Source, shown: Body) -> tuple[Body, str] | None:
    """Return the text that a page holds elsewhere and where, when what it shows is only its beginning, or nothing."""
    count = count_words(shown)
    for text, where in (*_told(source), *(_unseen(source) if count < LEAST else ())):
        if count_words(text) >= max(LEAST, _LONGER * count) and (count < LEAST or _begins_as(text, shown)):
            return text, where
    return None


def _begins_as(text: Body, shown: Body) -> bool:
    """Say whether a text holds the first words that a page shows."""
    opening = _said(shown)[:60].rpartition(" ")[0]
    return bool(opening) and opening in _said(text)


def _said(body: Body) -> str:
    return " ".join(words(" ".join(body)))


def _told(source: Source) -> Iterator[tuple[Body, str]]:
    text = source.metadata.article.get("articleBody")
    if isinstance(text, str):
        yield _paragraphs(html.unescape(text[:_LONGEST])), "json-ld articleBody"


def _unseen(source: Source) -> Iterator[tuple[Body, str]]:
    for node in source.tree.css("noscript")[:20]:
        yield paragraphs_of(node), "selector noscript"
    for node in source.tree.css("iframe[srcdoc]")[:3]:
        if is_shown(node):
            yield _paragraphs(f"<div>{(node.attributes.get('srcdoc') or '')[:_LONGEST]}"), "selector iframe[srcdoc]"
    if source.metadata.is_article:  # a gallery's text is what its pictures show
        captions = source.tree.css("figcaption")[:_MOST_CAPTIONS]
        yield tuple(text for node in captions if is_of_article(node) and (text := text_of(node))), "selector figcaption"


def _paragraphs(text: str) -> Body:
    if _TAG.search(text):
        tree = LexborHTMLParser(tame(text.encode(errors="ignore")))
        return paragraphs_of(tree.body) if tree.body is not None else ()
    return tuple(line for raw in text.split("\n") if (line := fold(raw)))
