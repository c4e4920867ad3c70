"""A golden case: a page beside what its reader reads from it, as JSON that a person can check line by line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kwri_crawler.catalogue import Portal
from kwri_crawler.items import Article, Page
from kwri_crawler.pages import Joining, named_address, read_further, read_page
from kwri_crawler.pages.decode import decode

# Beside PAGE may stand the further pages of its article: page-2.html and so on, and page-all.html.
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
        "access": article.access,
        "marks": [list(mark) for mark in article.marks],
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
    article = read_page(Page(url, page.body, page.content_type, _RECEIVED), portal)
    has_further = next(folder.glob("page-*.html"), None) is not None
    return facts_of(_whole(article, folder, portal) if has_further else article)


def _whole(article: Article, folder: Path, portal: Portal) -> Article:
    """Return an article with the further pages that stand beside its first."""
    read = Joining.of(article)
    while (url := read.next_url) is not None:
        path = folder / ("page-all.html" if url == read.whole else f"page-{len(read.parts) + 2}.html")
        if path.exists():
            read = read_further(read, Page(url, path.read_bytes(), "text/html; charset=utf-8", _RECEIVED), portal)
        else:
            read = read.failed(f"{path} is not there")
    return read.result()


def write_golden(folder: Path, samples: Iterable[tuple[Article, Page]]) -> Iterator[Path]:
    """Write each article's page as text and what its reader read from it."""
    for article, page in samples:
        slug = urlsplit(article.url).path.rstrip("/").rpartition("/")[2].removesuffix(".html")
        case = folder / (re.sub(r"[^a-z0-9]+", "-", slug.lower())[:60].strip("-") or "artikel")
        case.mkdir(parents=True, exist_ok=True)
        (case / PAGE).write_text(decode(page.body, page.content_type), encoding="utf-8")
        text = json.dumps(facts_of(article), ensure_ascii=False, indent=2)
        (case / FACTS).write_text(text + "\n", encoding="utf-8")
        yield case
