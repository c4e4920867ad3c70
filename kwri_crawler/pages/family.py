"""How a page of a known make is read: a family's selectors, a portal's own before them, metadata behind them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import ClassVar

from selectolax.lexbor import LexborNode, SelectolaxError

from kwri_crawler.items import DateKind, DateSource, DateText, Link
from kwri_crawler.pages.authors import author_of, host_name, person_of, written_by
from kwri_crawler.pages.blocks import lines_of, paragraphs_of
from kwri_crawler.pages.bylines import as_shown, shown_author
from kwri_crawler.pages.credits import roles_in, split_caption, without_sign_off
from kwri_crawler.pages.fields import Fields
from kwri_crawler.pages.frames import MOST_WRAPPERS, Selectors, find, frame_of
from kwri_crawler.pages.header import (
    around,
    dates_in,
    is_labelled_update,
    without_header,
    without_label,
)
from kwri_crawler.pages.language import print_address
from kwri_crawler.pages.metadata import date_text
from kwri_crawler.pages.own_address import is_of
from kwri_crawler.pages.pictures import is_same, picture_below, picture_of, shown_picture, told_picture
from kwri_crawler.pages.places import article_around
from kwri_crawler.pages.refuse import refuse_protected
from kwri_crawler.pages.sections import (
    NO_SECTION,
    section_among,
    section_in_meta,
    section_of_article,
    sections_shown,
    tags_of,
    unique,
)
from kwri_crawler.pages.source import Source, text_of, unreadable
from kwri_crawler.pages.stamps import as_judged, date_in_url, dates_elsewhere, labelled_times
from kwri_crawler.pages.text import count_words
from kwri_crawler.pages.titles import is_another_s, title_of, without_kicker
from kwri_crawler.pages.writers import author_in, in_byline

_DATELINE_ALONE = re.compile(r"[^\W\d_][\w .,'’()/-]{1,50}\s?[-–—]")
_DIGIT = re.compile(r"\d")
_MOST_SECTIONS = 6  # links side by side
_A_TEXT = 20  # words below a heading that are more than its date and byline


class Family:
    """A CMS: where its pages print what; a subclass says it in CSS, each selector looked for inside of the wrapper."""

    name: ClassVar[str]  # as its module's, where it is built in
    is_for_all: ClassVar[bool] = False  # a CMS of everybody's, whose marks may stand on a network's own pages
    marks: ClassVar[tuple[str, ...]] = ()  # of these texts a page of this make holds one
    domain: ClassVar[str] = ""  # of all its portals, where its classes are anybody's and others show its pictures
    lists: ClassVar[tuple[tuple[str, str], ...]] = ()  # (kind, address) of its portals' listings, the cheapest first
    whole: ClassVar[str] = ""  # the query by which a page shows all pages of its article
    has_galleries: ClassVar[bool] = False  # which print a page's number and how many there are: "2 / 7"
    counts_from_start: ClassVar[bool] = False  # an article's second page is ?start=1, all on one ?showall=1
    counts_paragraphs: ClassVar[bool] = False  # an article's pages are numbered by their first paragraph: /15, /30
    not_article: ClassVar[tuple[tuple[str, str], ...]] = ()  # (selector, what such a page is)
    wrapper: ClassVar[Selectors]
    title: ClassVar[Selectors] = ("h1",)
    subtitle: ClassVar[Selectors] = ()
    section: ClassVar[Selectors] = ()
    crumbs: ClassVar[str] = ""  # the links of the breadcrumb, which often lies outside of the wrapper
    author: ClassVar[Selectors] = ()
    credits: ClassVar[Selectors] = ()  # places that name several roles: "Penulis: X Editor: Y"
    published: ClassVar[Selectors] = ()
    updated: ClassVar[Selectors] = ()
    summary: ClassVar[Selectors] = ()
    body: ClassVar[Selectors]
    drop: ClassVar[str] = ""  # what the theme puts inside of the body, beside the furniture that all do
    image: ClassVar[Selectors] = ()
    caption: ClassVar[Selectors] = ()
    tags: ClassVar[Selectors] = ()

    def lists_of(self, links: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield (kind, address) of what may be a portal's listings; links are those of its home page."""
        del links
        yield from self.lists

    def knows(self, source: Source) -> bool:
        """Say whether a page shows this family's structure, without reading it."""
        # The body first: to look for twenty families' marks in 240 kB took four times as long as for their bodies.
        has_body = any(map(source.tree.css_first, self.body))
        is_marked = has_body and any(mark.encode() in source.html for mark in self.marks)
        return is_marked and (not self.domain or is_of(source, self.domain))

    def read(self, source: Source, selectors: Mapping[str, str]) -> Fields | None:
        """Read a page; null when it does not show this family's structure."""
        for selector, what in self.not_article:
            if source.tree.css_first(selector) is not None:
                raise unreadable(what)
        root, body, body_at = frame_of(source, self.wrapper, self.body, selectors.get("body"))
        if body is None:
            return None
        if root is None:
            root = source.tree.body or body
        refuse_protected(root)
        evidence: list[tuple[str, str]] = []
        meta = source.metadata

        def first(field: str, *choices: tuple[str | Callable[[], str | None] | None, str]) -> str | None:
            """Return the first choice that says something, and note where it was read; a callable is a fall-back."""
            for choice, where in choices:
                value = choice() if callable(choice) else choice
                if value:
                    evidence.append((field, where))
                    return value
            return None

        def shown(field: str, own: Selectors) -> tuple[str, str]:
            for node, where in find(source, root, selectors.get(field), field, own):
                if text := text_of(node):
                    return text, where
            return "", ""

        headed = list(find(source, root, selectors.get("title"), "title", self.title))
        own = [(text_of(node), where) for node, where in headed]
        lines = paragraphs_of(root, keep_furniture=True) if not any(text for text, _ in own) else ()
        title = first("title", own[0] if "title" in selectors and own else title_of(source, own, lines))
        if not selectors and title and headed and is_another_s(source, headed[0][0], body, title):
            return None  # the general reader looks for the text of the title's own
        lead = first("lead", shown("summary", self.summary))
        links: list[Link] = []
        paragraphs = self.paragraphs(source, root, body, links) if "body" not in selectors else paragraphs_of(body)
        if title and title in paragraphs and "body" not in selectors:
            paragraphs = self._below_heading(source, root, body, paragraphs, title, links)
        if not paragraphs and lead:  # imported from a feed: the summary is all there is
            paragraphs, body_at = (lead,), "selector summary"
        paragraphs = _with_dateline(paragraphs)
        paragraphs, roles, roles_at = self._credits(root, paragraphs)
        evidence.append(("body", body_at))

        sites = (*meta.sites, host_name(source.url))
        byline, author_at = shown("author", self.author)
        author = in_byline(byline, sites)
        dates = list(self._printed_dates(source, root, selectors))
        is_dated = any(_DIGIT.search(date.text) for date in dates)  # "Oleh admin pada" stands where a date is missing
        if not (author and is_dated):
            # A theme of the portal's own may have other class names, but a byline keeps its form.
            _, every = lines_of(root)
            header = around(every, title or "", paragraphs)
            if not author and (signed := author_in(header, sites)):
                author, author_at = as_shown(signed, shown_author(source, sites)) or "", "general byline"
            dates += [] if is_dated else dates_in(header)
            is_dated = is_dated or any(_DIGIT.search(date.text) for date in dates)
        if not (is_dated or meta.is_dated):
            dates += dates_elsewhere(source, title or "", paragraphs)
        tags, tags_at = self._tags(source, root, selectors)
        if tags:
            evidence.append(("tags", tags_at))
        image, image_at = next(find(source, root, selectors.get("image"), "image", self.image), (None, ""))
        captioned, caption_at = shown("caption", self.caption)
        caption, credit = split_caption(captioned)
        if links:
            evidence.append(("links", body_at))
        return Fields(
            reader=self.name,
            title=without_kicker(source, title or "", [node for node, _ in headed]),
            paragraphs=paragraphs,
            subtitle=first("subtitle", shown("subtitle", self.subtitle)),
            author=first(
                "author",
                (author_of(author, sites), author_at),
                (roles.get("author"), roles_at),
                (lambda: person_of(meta.author, sites), "json-ld"),
                (lambda: author_of(_no_address(meta.first("article:author")), sites), "meta article:author"),
                (lambda: person_of(written_by(meta), sites), "meta twitter:data1"),
                # Where the family's own byline names the desk nobody is looked for: that took a quarter of reading.
                (None if author else lambda: shown_author(source, sites), "general"),
                (lambda: author_of(meta.first("author"), sites), "meta author"),
                (lambda: author_of(meta.author, sites), "json-ld"),
            ),
            editor=first("editor", (roles.get("editor"), roles_at)),
            source=first("source", (roles.get("source"), roles_at)),
            section=first(
                "section",
                self._section(source, root, selectors),
                (lambda: self._crumb(source), f"selector {self.crumbs}"),
                (lambda: section_of_article(source, title or ""), "json-ld"),
                (lambda: section_in_meta(source), "meta article:section"),
                *sections_shown(source, title or ""),
            ),
            tags=tags,
            lead=lead,
            image_url=first(
                "image_url",
                _likelier(picture_of(source, image), image_at, told_picture(source)),
                (lambda: shown_picture(source) or picture_below(source, title or ""), "general"),
            ),
            image_caption=first("image_caption", (caption, caption_at)),
            image_credit=first("image_credit", (credit, caption_at)),
            links=tuple(links),
            print_url=print_address(source, root),
            dates=(*(as_judged(date, meta.dates) for date in dates), *meta.dates, *date_in_url(source.url)),
            evidence=tuple(evidence),
            part=root,
        )

    def paragraphs(self, source: Source, root: LexborNode, body: LexborNode, links: list[Link]) -> tuple[str, ...]:
        """Return the body's paragraphs, gather its links; a family whose body lies in several places overrides this."""
        del root
        dropped = frozenset(node.mem_id for node in body.css(self.drop)) if self.drop else frozenset()
        return paragraphs_of(body, dropped=dropped, links=links, base=source)

    def _below_heading(
        self,
        source: Source,
        root: LexborNode,
        body: LexborNode,
        paragraphs: tuple[str, ...],
        title: str,
        links: list[Link],
    ) -> tuple[str, ...]:
        """Return a body that holds its heading without that, and without the articles behind it on an endless page."""
        heads = [(text_of(head), article_around(head)) for head in body.css("h1")[:MOST_WRAPPERS]]
        own = next((article for text, article in heads if text == title), None)
        if own is not None and any(article is not None and article.mem_id != own.mem_id for _, article in heads):
            of_own: list[Link] = []
            found = self.paragraphs(source, root, own, of_own)
            if count_words(found) >= _A_TEXT:
                paragraphs, links[:] = found, of_own
        return without_header(paragraphs, title)

    def _section(self, source: Source, root: LexborNode, selectors: Mapping[str, str]) -> tuple[str, str]:
        """Return the section that a page shows, of several links side by side the likeliest, and where."""
        for node, where in find(source, root, selectors.get("section"), "section", self.section):
            if name := text_of(node):
                beside = node.parent.css("a")[:_MOST_SECTIONS] if node.tag == "a" and node.parent is not None else ()
                names = [
                    text
                    for one in beside
                    if (text := text_of(one))
                    and all(one.attributes.get(key) == node.attributes.get(key) for key in ("class", "rel"))
                ]
                told = source.metadata.meta.get("article:section", ())
                if section := section_among(names or [name], told):
                    return section, where
        return "", ""

    def _crumb(self, source: Source) -> str:
        """Return the last step of the breadcrumb, which is the section where the article itself is no step."""
        nodes = source.tree.css(self.crumbs)[-2:] if self.crumbs else []
        steps = (text_of(node) for node in reversed(nodes))
        return next((step for step in steps if step and step.casefold() not in NO_SECTION), "")

    def _credits(self, root: LexborNode, paragraphs: tuple[str, ...]) -> tuple[tuple[str, ...], dict[str, str], str]:
        """Return the paragraphs without a sign-off's lines, who did what, and where that was read."""
        roles: dict[str, str] = {}
        where = "selector credits"
        for selector in self.credits:
            for node in root.css(selector)[:10]:
                roles = roles_in(text_of(node)) | roles
        where = where if roles else "general sign-off"
        paragraphs, signed = without_sign_off(paragraphs)
        return paragraphs, signed | roles, where

    def _printed_dates(self, source: Source, root: LexborNode, selectors: Mapping[str, str]) -> Iterator[DateText]:
        published, _ = next(find(source, root, selectors.get("date"), "date", self.published), (None, ""))
        updated, _ = next(find(source, root, None, "updated", self.updated), (None, ""))
        if published is not None and (stamped := published.css_first("time")) and is_labelled_update(stamped):
            published = stamped
        if published is not None and published.tag == "time":
            is_update = is_labelled_update(published)  # then the publication may stand anywhere behind it
            first, changed = labelled_times(source, root if is_update else published.parent or root)
            published, updated = first if is_update else published, updated or changed
        for said, node in ((DateKind.PUBLISHED, published), (DateKind.UPDATED, updated)):
            if node is None or (said is DateKind.UPDATED and published is not None and node.mem_id == published.mem_id):
                continue
            kind = DateKind.UPDATED if is_labelled_update(node) else said
            attributes = (node if node.tag == "abbr" else node.css_first("time[datetime]") or node).attributes
            stamp = attributes.get("datetime") or (attributes.get("title") if node.tag == "abbr" else None)
            if stamp and (date := date_text(kind, DateSource.TIME, stamp)):
                yield date
            if date := date_text(kind, DateSource.BYLINE, without_label(text_of(node), kind)):
                yield date

    def _tags(self, source: Source, root: LexborNode, selectors: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
        override = selectors.get("tags")
        try:
            choices = ((override, source.tree.css(override)),) if override else ()
        except (SelectolaxError, ValueError) as error:
            raise unreadable(f"the portal's selector for tags is no CSS: {override!r}") from error
        for selector, nodes in (*choices, *((own, root.css(own)) for own in self.tags)):
            if tags := unique(text_of(node) for node in nodes[:50]):
                return tags, f"selector {selector}"
        return tags_of(source)


def _with_dateline(paragraphs: tuple[str, ...]) -> tuple[str, ...]:
    """Join a dateline that stands before the first paragraph, as detik and old themes print it, to that paragraph."""
    if len(paragraphs) > 1 and _DATELINE_ALONE.fullmatch(paragraphs[0]):
        return f"{paragraphs[0]} {paragraphs[1]}", *paragraphs[2:]
    return paragraphs


def _likelier(shown: str | None, where: str, told: tuple[str, str]) -> tuple[str | None, str]:
    """Return the picture that a selector found, unless the page's metadata name another."""
    if shown and (not told[0] or is_same(shown, told[0])):
        return shown, where
    return told[0] or shown, told[1] or where


def _no_address(text: str) -> str:
    return "" if "://" in text or "@" in text else text
