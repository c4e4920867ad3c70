"""A golden case: a page beside what its reader reads from it, as JSON that a person can check line by line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kwri_crawler.catalogue import Portal
from kwri_crawler.items import Article, Page
from kwri_crawler.pages import named_address, read_page

PAGE, FACTS = "page.html", "article.json"
_RECEIVED = datetime(2024, 7, 1, tzinfo=UTC)  # no reader looks at it; dates are read by a stage


def facts_of(article: Article) -> dict[str, Any]:
    """Return what a reader found, null where it found nothing, and where it found each field."""
    return {
        "reader": article.reader,
        "url": article.url,
        "title": article.title,
        "subtitle": article.subtitle,
        "author": article.author,
        "editor": article.editor,
        "source": article.source,
        "section": article.section,
        "tags": list(article.tags),
        "lead": article.lead,
        "image_url": article.image_url,
        "image_caption": article.image_caption,
        "image_credit": article.image_credit,
        "amp_url": article.amp_url,
        "print_url": article.print_url,
        "language": article.language,
        "dates": [[said.kind.value, said.source.value, said.text] for said in article.dates],
        "paragraphs": list(article.paragraphs),
        "links": [[link.url, link.text] for link in article.links],
        "evidence": dict(article.evidence),
    }


def read_case(folder: Path) -> dict[str, Any]:
    """Read a case's page as if its portal were unknown: by what the page itself shows; raises PageError."""
    page = Page("https://portal.example/", (folder / PAGE).read_bytes(), "text/html; charset=utf-8", _RECEIVED)
    url = named_address(page)
    if url is None:
        raise ValueError(f'{folder / PAGE}: it names no address of its own; add <link rel="canonical" href="...">')
    portal = Portal("golden", "Golden", url, "general", None, "Asia/Jakarta", ())
    return facts_of(read_page(Page(url, page.body, page.content_type, _RECEIVED), portal))
