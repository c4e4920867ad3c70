"""Pages of unknown make: metadata and the h1 for the fields, trafilatura for the body; invents nothing."""

from __future__ import annotations

from collections.abc import Mapping

from kwri_crawler.items import DateKind, DateSource
from kwri_crawler.pages.blocks import paragraphs_of
from kwri_crawler.pages.family import Reading, date_in_url, image_link, unique
from kwri_crawler.pages.header import around, author_in, dates_in
from kwri_crawler.pages.metadata import date_text
from kwri_crawler.pages.source import Source, text_of
from kwri_crawler.pages.text import fold, person, without_site


def read(source: Source, selectors: Mapping[str, str]) -> Reading:
    """Read a page by what it says about itself; a portal's selectors come before that."""
    meta = source.metadata
    evidence: list[tuple[str, str]] = []

    def first(field: str, *choices: tuple[str | None, str]) -> str | None:
        chosen = [(text_of(source.tree.css_first(selectors[field])), selectors[field])] if field in selectors else []
        for value, where in (*chosen, *choices):
            if value:
                evidence.append((field, where))
                return value
        return None

    sites = (meta.first("og:site_name"), meta.first("application-name"))
    title = first(
        "title",
        (meta.text("headline"), "json-ld"),
        (without_site(meta.first("og:title"), sites), "og:title"),
        (text_of(source.tree.css_first("h1")), "h1"),
        (without_site(source.head_title, sites), "title"),
    )
    own = selectors.get("body")
    node = source.tree.css_first(own) if own else None
    paragraphs = paragraphs_of(node) if node is not None else _body(source.text)
    evidence.append(("body", own if own and node is not None else "trafilatura"))
    lines = around(paragraphs_of(source.tree.body, keep_furniture=True), title or "") if source.tree.body else []
    stamped = source.tree.css_first("time[datetime]")
    times = date_text(
        DateKind.PUBLISHED, DateSource.TIME, (stamped.attributes.get("datetime") or "") if stamped else ""
    )
    image = source.tree.css_first(selectors["image"]) if "image" in selectors else None
    return Reading(
        reader="general",
        title=title or "",
        paragraphs=paragraphs,
        author=first(
            "author",
            (person(meta.author), "json-ld"),
            (author_in(lines), "byline"),
            (person(meta.first("author")), "meta"),
        ),
        section=first("section", (meta.text("articleSection"), "json-ld"), (meta.first("article:section"), "meta")),
        tags=unique(meta.meta.get("article:tag", ())),
        lead=first(
            "lead", (meta.text("description"), "json-ld"), (meta.first("og:description", "description"), "meta")
        ),
        image_url=source.absolute(image_link(image) or meta.first("og:image")),
        dates=(*dates_in(lines), *meta.dates, *((times,) if times else ()), *date_in_url(source.url)),
        evidence=tuple(evidence),
    )


def _body(text: str) -> tuple[str, ...]:
    from trafilatura import bare_extraction  # here: 0.4 s and 40 MB that a family's page never needs

    found = bare_extraction(text, favor_precision=True, include_comments=False, include_tables=True)
    body = getattr(found, "text", None) or ""
    return tuple(line for raw in body.split("\n") if (line := fold(raw)))
