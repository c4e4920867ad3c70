"""How a page of a known make is read: a family's selectors, a portal's own before them, metadata behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from selectolax.lexbor import LexborNode, SelectolaxError

from kwri_crawler.items import DateKind, DateSource, DateText
from kwri_crawler.pages.blocks import paragraphs_of
from kwri_crawler.pages.header import around, author_in, dates_in, without_label
from kwri_crawler.pages.metadata import date_text
from kwri_crawler.pages.source import Source, text_of, unreadable
from kwri_crawler.pages.text import fold, person

_DATE_IN_URL = re.compile(r"/((?:19|20)\d\d[/-](?:0?[1-9]|1[0-2])[/-](?:0?[1-9]|[12]\d|3[01]))(?=[/-]|$)")


@dataclass(slots=True)
class Reading:
    """What a reader found, before it is checked."""

    reader: str
    title: str = ""
    paragraphs: tuple[str, ...] = ()
    author: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    lead: str | None = None
    image_url: str | None = None
    dates: tuple[DateText, ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()


class Family:
    """A CMS: where its pages print what; a subclass says it in CSS, each selector looked for inside of the wrapper."""

    name: ClassVar[str]
    wrapper: ClassVar[str]
    title: ClassVar[str] = "h1"
    section: ClassVar[str]
    author: ClassVar[str]
    published: ClassVar[str]
    updated: ClassVar[str]
    summary: ClassVar[str]
    body: ClassVar[str]
    image: ClassVar[str]
    tags: ClassVar[str]

    def read(self, source: Source, selectors: Mapping[str, str]) -> Reading | None:
        """Read a page; null when it does not show this family's structure."""
        root = source.tree.css_first(self.wrapper)
        body, body_at = self._pick(source, root, selectors, "body", self.body)
        if body is None:
            return None
        if root is None:
            root = source.tree.body or body
        evidence: list[tuple[str, str]] = []
        meta = source.metadata

        def first(field: str, *choices: tuple[str | None, str]) -> str | None:
            """Return the first choice that says something, and note where it was read."""
            for value, where in choices:
                if value:
                    evidence.append((field, where))
                    return value
            return None

        def shown(field: str, selector: str) -> tuple[str, str]:
            node, where = self._pick(source, root, selectors, field, selector)
            return text_of(node), where

        title = first(
            "title",
            shown("title", self.title),
            (text_of(source.tree.css_first("h1")), "h1"),
            (meta.text("headline"), "json-ld"),  # before og:title, which Varient 2.2 cuts at a quotation mark
            (meta.first("og:title"), "og:title"),
        )
        lead = first("lead", shown("summary", self.summary))
        paragraphs = self.paragraphs(root, body) if "body" not in selectors else paragraphs_of(body)
        if not paragraphs and lead:  # imported from a feed: the summary is all there is
            paragraphs, body_at = (lead,), "summary"
        evidence.append(("body", body_at))

        author, author_at = shown("author", self.author)
        dates = list(self._printed_dates(source, root, selectors))
        if not (author and dates):
            # A theme of the portal's own may have other class names, but a byline keeps its form.
            lines = around(paragraphs_of(root, keep_furniture=True), title or "")
            author, author_at = (author, author_at) if author else (author_in(lines) or "", "byline")
            dates = dates or list(dates_in(lines))
        image, image_at = self._pick(source, root, selectors, "image", self.image)
        tags, tags_at = self._tags(source, root, selectors)
        if tags:
            evidence.append(("tags", tags_at))
        return Reading(
            reader=self.name,
            title=title or "",
            paragraphs=paragraphs,
            author=first(
                "author",
                (person(author), author_at),
                (person(meta.author), "json-ld"),
                (person(_no_address(meta.first("article:author"))), "article:author"),
            ),
            section=first(
                "section",
                shown("section", self.section),
                (meta.text("articleSection"), "json-ld"),
                (meta.first("article:section"), "article:section"),
            ),
            tags=tags,
            lead=lead,
            image_url=first(
                "image",
                (source.absolute(image_link(image)), image_at),
                (source.absolute(meta.first("og:image")), "og:image"),
            ),
            dates=(*dates, *meta.dates, *date_in_url(source.url)),
            evidence=tuple(evidence),
        )

    def paragraphs(self, root: LexborNode, body: LexborNode) -> tuple[str, ...]:
        """Return the body's paragraphs; a family whose body lies in several places overrides this."""
        del root
        return paragraphs_of(body)

    def _pick(
        self, source: Source, root: LexborNode | None, selectors: Mapping[str, str], field: str, own: str
    ) -> tuple[LexborNode | None, str]:
        """Find a field's first node: by the portal's selector in the page, else by the family's in the wrapper."""
        if selector := selectors.get(field):
            try:
                node = source.tree.css_first(selector)
            except (SelectolaxError, ValueError) as error:
                raise unreadable(f"the portal's selector for {field} is no CSS: {selector!r}") from error
            if node is not None:
                return node, selector
        return (None if root is None else root.css_first(own)), own

    def _printed_dates(self, source: Source, root: LexborNode, selectors: Mapping[str, str]) -> Iterator[DateText]:
        updated = root.css_first(self.updated)
        published, _ = self._pick(source, root, selectors, "date", self.published)
        for kind, node in ((DateKind.PUBLISHED, published), (DateKind.UPDATED, updated)):
            if node is None or (kind is DateKind.UPDATED and published is not None and node.mem_id == published.mem_id):
                continue
            if date := date_text(kind, DateSource.BYLINE, without_label(text_of(node))):
                yield date

    def _tags(self, source: Source, root: LexborNode, selectors: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
        own = selectors.get("tags")
        try:
            nodes = (own and source.tree.css(own)) or root.css(self.tags)
        except (SelectolaxError, ValueError) as error:
            raise unreadable(f"the portal's selector for tags is no CSS: {own!r}") from error
        if tags := unique(text_of(node) for node in nodes[:50]):
            return tags, own or self.tags
        return unique(source.metadata.meta.get("article:tag", ())), "article:tag"


def unique(texts: Iterator[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Return tags without blanks, marks and repetitions, in order."""
    return tuple(dict.fromkeys(tag for text in texts if (tag := fold(text).strip(" #,;")) and len(tag) <= 100))


def image_link(node: LexborNode | None) -> str | None:
    """Return an image's address: of a picture that is loaded late the real one, not its placeholder."""
    if node is None:
        return None
    attributes = node.attributes
    links = (attributes.get(name) for name in ("data-src", "data-lazy-src", "data-original", "src", "content"))
    return next((link for link in links if link and not link.startswith("data:")), None)


def date_in_url(url: str) -> tuple[DateText, ...]:
    """Return the date in an address's path, as /2024/06/27/."""
    found = _DATE_IN_URL.search(url[:2_000])
    return (DateText(DateKind.PUBLISHED, DateSource.URL, found[1]),) if found else ()


def _no_address(text: str) -> str:
    return "" if "://" in text or "@" in text else text
