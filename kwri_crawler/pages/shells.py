"""Pages that show nothing without JavaScript: what tells them, and what their operator may try; runs none of it."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

MOST_WORDS = 60  # that a shell shows
_ROOTS = "#root, #app, #__next, #__nuxt, #___gatsby, app-root, [data-reactroot]"
_HIDDEN = ("script", "style", "noscript")
SHELL = "a JavaScript shell: what it shows is loaded later"
TRY = 'look for the address that it is loaded from, and describe it with kind = "api" (docs/json-api.md)'


def is_shell(tree: LexborHTMLParser) -> bool:
    """Say whether a page shows next to nothing, and has programs that would show more."""
    return shows_fewer(tree, MOST_WORDS) and (tree.css_first(_ROOTS) is not None or len(tree.css("script")) > 2)


def shows_fewer(tree: LexborHTMLParser, limit: int) -> bool:
    """Say whether a page shows fewer words than limit; scripts and styles are not shown."""
    count = 0
    if tree.body is None:
        return True
    for node in tree.body.traverse(include_text=True):
        if node.tag == "-text" and (node.parent is None or node.parent.tag not in _HIDDEN):
            count += len((node.text_content or "").split())
            if count > limit:
                return False
    return True
