"""Golden pages in other skins: recognised all the same, or left to the general reader, and never with another value."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kwri_crawler.catalogue import Portal
from kwri_crawler.items import Page
from kwri_crawler.pages import PageError, families, read_page

GOLDEN = Path(__file__).parent / "golden"
A_LINE = 12  # words
_NAME = re.compile(r"[.#]([A-Za-z][\w-]*)")
_ATTRIBUTE = re.compile(r'(\b(?:class|id)=)"(.*?)"')
# Of K2's introduction, set apart from the text, the general reader makes the lead alone.
_LOST_TEXT = frozenset(("joomla/k2",))
CASES = [
    path.parent.relative_to(GOLDEN).as_posix()
    for path in sorted(GOLDEN.glob("*/*/article.json"))
    if path.parent.parent.name in families()
    and not next(path.parent.glob("page-*.html"), None)
    and path.parent.parent.name != "wordpress"
]


def another_version(html: str, family: str) -> str:
    """Name what a family's body is known by otherwise, as the theme's next version would."""
    names = {name for css in families()[family].body for name in _NAME.findall(re.sub(r"\[[^\]]*\]", "", css))}

    def renamed(match: re.Match[str]) -> str:
        return f'{match[1]}"{" ".join(f"baru-{one}" if one in names else one for one in match[2].split())}"'

    return _ATTRIBUTE.sub(renamed, html)


def amp(html: str, _: str) -> str:
    html = re.sub(r"<script(?![^>]*(?:ld\+json|__NEXT_DATA__)).*?</script>", "", html, flags=re.DOTALL)
    return re.sub(r"<img\b([^>]*?)/?>", r"<amp-img\1></amp-img>", html.replace("<html", "<html amp", 1))


def mobile(html: str, _: str) -> str:
    html = re.sub(r"<aside.*?</aside>", "", html, flags=re.DOTALL)
    return re.sub(r"(<body[^>]*>)", r'\1<div class="m-app"><div class="m-page">', html, count=1)


@pytest.mark.parametrize("skin", [another_version, amp, mobile], ids=lambda skin: skin.__name__)
@pytest.mark.parametrize("case", CASES)
def test_a_page_in_another_skin_has_no_other_value(case: str, skin: Callable[[str, str], str]) -> None:
    family = case.partition("/")[0]
    facts: dict[str, Any] = json.loads((GOLDEN / case / "article.json").read_text(encoding="utf-8"))
    html = skin((GOLDEN / case / "page.html").read_text(encoding="utf-8"), family)
    url = facts["url"]
    portal = Portal("x", "X", "/".join(url.split("/")[:3]) + "/", family, None, "Asia/Jakarta", ())
    try:
        got = read_page(Page(url, html.encode(), "text/html", datetime(2026, 11, 1, tzinfo=UTC)), portal)
    except PageError:
        return  # said, and nothing stored
    assert got.reader in (family, "general")
    assert got.title == facts["title"]
    assert got.author in (facts["author"], None)
    words, found = (set(" ".join(paragraphs).split()) for paragraphs in (facts["paragraphs"], got.paragraphs))
    if case not in _LOST_TEXT:
        assert len(words - found) <= 0.05 * len(words), "the text is there"
    assert len(found - words) <= A_LINE, "and a heading or a caption beside it at most"
