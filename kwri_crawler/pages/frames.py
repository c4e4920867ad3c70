"""Where on a page of a known make the article and its fields lie: by a portal's own selectors, then by the family's."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborNode, SelectolaxError

from kwri_crawler.pages.pictures import is_main
from kwri_crawler.pages.places import is_of_article
from kwri_crawler.pages.source import Source, text_of, unreadable

Selectors = tuple[str, ...]  # of CSS, the likeliest first
MOST_WRAPPERS = 20  # of one selector that are looked into for a body
_WHEREVER = frozenset(("body", "caption"))  # fields whose place is not looked at
_A_CARD = 80  # words below which the first body of a page that has several may be a card's
_BEGIN = 1_000  # characters of a body, in which most have more words than that
_MUCH_LONGER = 3  # times


def frame_of(
    source: Source, wrappers: Selectors, bodies: Selectors, own: str | None
) -> tuple[LexborNode | None, LexborNode | None, str]:
    """Return the part of the page that the article lies in, its body, and where that is; own is the portal's for it."""
    root: LexborNode | None = None
    for wrapper in wrappers:
        root = root or source.tree.css_first(wrapper)
        for node in source.tree.css(wrapper)[:MOST_WRAPPERS] if len(bodies) > 1 else (root,):
            if node is None:
                continue
            for body, where in find(source, node, own, "body", bodies):
                return (node, body, where) if own else _no_card(source, (node, body, where), wrappers, bodies)
    for body, where in find(source, None, own, "body", ()):
        return root, body, where
    return root, None, ""


def _no_card(
    source: Source, first: tuple[LexborNode, LexborNode, str], wrappers: Selectors, bodies: Selectors
) -> tuple[LexborNode, LexborNode, str]:
    """Return the first body, unless it is as short as a card's teaser and the page has one of many more words."""
    root, body, _ = first
    text = body.text(separator=" ")
    if len(text[:_BEGIN].split()) >= _A_CARD:
        return first
    size = len(text.split())
    found = [(node, f"selector {own}") for own in bodies for node in source.tree.css(own)[:MOST_WRAPPERS]]
    if len(found) < 2:
        return first
    largest, largest_at = max(found, key=lambda one: len(text_of(one[0]).split()))
    if len(text_of(largest).split()) < max(_A_CARD, _MUCH_LONGER * size):
        return first
    frames = {node.mem_id for wrapper in wrappers for node in source.tree.css(wrapper)[:MOST_WRAPPERS]}
    around = largest.parent
    while around is not None and around.mem_id not in frames:
        around = around.parent
    return around or root, largest, largest_at


def find(
    source: Source, root: LexborNode | None, override: str | None, field: str, own: Selectors
) -> Iterator[tuple[LexborNode, str]]:
    """Yield a field's nodes: by the portal's selector in the page, then by the family's in the wrapper."""
    if override:
        try:
            node = source.tree.css_first(override)
        except (SelectolaxError, ValueError) as error:
            raise unreadable(f"the portal's selector for {field} is no CSS: {override!r}") from error
        if node is not None:
            yield node, f"selector {override}"
    if root is not None:
        for selector in own:
            node = root.css_first(selector)
            if node is not None and field not in _WHEREVER and not _is_its(node, root, field):
                nodes = root.css(selector)[:MOST_WRAPPERS]
                node = next((one for one in nodes if _is_its(one, root, field)), None)
            if node is not None:
                yield node, f"selector {selector}"


def _is_its(node: LexborNode, root: LexborNode, field: str) -> bool:
    """Say whether a field's node lies in the article's own part, and no ad or portrait in its picture's place."""
    return is_of_article(node, root) and (field != "image" or is_main(node))
