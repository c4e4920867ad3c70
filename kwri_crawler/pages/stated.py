"""An article in the data that a page carries for its scripts: found by its text, believed by its title or address.

Takes no article of another page: the data name related ones too.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from kwri_crawler.catalogue.json_api import Paths, text_at, text_of, values_at
from kwri_crawler.items import DateKind, DateSource, DateText, Link
from kwri_crawler.pages.authors import author_of, host_name
from kwri_crawler.pages.blocks import paragraphs_of
from kwri_crawler.pages.credits import without_sign_off
from kwri_crawler.pages.embedded import data_of, has_data
from kwri_crawler.pages.family import Family
from kwri_crawler.pages.fields import Fields
from kwri_crawler.pages.frames import Selectors
from kwri_crawler.pages.metadata import date_text
from kwri_crawler.pages.sections import unique
from kwri_crawler.pages.source import Source, tame
from kwri_crawler.pages.stamps import date_in_url
from kwri_crawler.pages.text import count_words, fold, words

MOST_OBJECTS = 20_000  # of a page's data that are looked at
MOST_TEXT = 300_000  # characters
LEAST = 30  # words of a text that may be an article's; so many characters, before they are counted

# As the CMSs behind such pages name them; seen at jawapos.com and prokal.co (2026), timesindonesia.co.id.
TITLE: Paths = ("title", "headline", "judul", "news_title", "name")
BODY: Paths = ("content", "body", "content_html", "contentHtml", "isi", "news_content", "article_body", "articleBody",
               "content.rendered", "html", "text", "detail", "description")  # fmt: skip
PUBLISHED: Paths = ("published_at", "publishedAt", "datePublished", "publish_date", "publishDate", "published_date",
                    "news_datepub", "date", "tanggal", "timestamp", "created_at", "createdAt")  # fmt: skip
UPDATED: Paths = ("updated_at", "updatedAt", "dateModified", "modified_at", "modified")
AUTHOR: Paths = ("authors.name", "author.name", "reporter.name", "writer.name", "author", "penulis", "news_writer")
EDITOR: Paths = ("editors.name", "editor.name", "editor")
SECTION: Paths = ("category.name", "categories.name", "kanal.name", "channel.name", "cat_title", "category", "rubrik")
TAGS: Paths = ("tags.name", "tags.title", "tags.tag", "tags")
LEAD: Paths = ("description", "excerpt", "summary", "lead", "ringkasan", "news_description")
IMAGE: Paths = ("cover", "image.url", "featured_image.url", "thumbnail.url", "image", "featured_image", "thumbnail")
NAMED: Paths = ("slug", "url", "link", "permalink", "article_id", "news_id", "id")
WHERE = "general data"
DROPPED = ".readmore, .baca-juga, .bacajuga, p.page, figure"


def read_stated(source: Source, name: str, drop: str = "") -> Fields | None:
    """Read the article of a page from its data; null where they hold none that is surely this page's."""
    if not has_data(source.html):
        return None
    found = max(_articles(source), key=lambda one: len(text_at(one, BODY)), default=None)
    return _fields(found, source, name, drop) if found is not None else None


class Stated(Family):
    """A family whose pages state their article as data; it is read from what they show where they do not."""

    wrapper: ClassVar[Selectors] = ("article", "main", "body")
    body: ClassVar[Selectors] = ()

    def knows(self, source: Source) -> bool:
        """Say whether a page is of this make, and carries data or shows the family's body."""
        if not any(mark.encode() in source.html for mark in self.marks):
            return False
        return has_data(source.html) or any(map(source.tree.css_first, self.body))

    def read(self, source: Source, selectors: Any) -> Fields | None:
        """Read a page by its data, else by what it shows."""
        stated = read_stated(source, self.name, self.drop) if "body" not in selectors else None
        return stated or super().read(source, selectors)


def _articles(source: Source) -> Iterator[dict[str, Any]]:
    """Yield the objects that have a title and a text, and are this page's by title or address."""
    path = urlsplit(source.url).path.casefold()
    steps = {step for step in path.split("/") if step}
    titles = {" ".join(words(text)) for text in (source.metadata.first("og:title"), source.head_title) if text}
    for one in _objects(data_of(source.html)):
        title = text_at(one, TITLE)  # before the text, for which fifteen names are asked: most objects have none
        if title and len(text_at(one, BODY)) >= LEAST and (_is_named(one, steps) or _is_titled(title, titles)):
            yield one


def _is_named(one: dict[str, Any], steps: set[str]) -> bool:
    for name in NAMED:
        said = text_at(one, (name,)).casefold().rstrip("/").rpartition("/")[2]
        if len(said) >= 4 and said in steps:
            return True
    return False


def _is_titled(title: str, titles: set[str]) -> bool:
    said = " ".join(words(html.unescape(title)))
    return len(said) >= 12 and any(one == said or one.startswith(f"{said} ") for one in titles)


def _objects(values: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Yield the objects of a page's data, each before those in it."""
    waiting = list(values)[::-1]
    for _ in range(MOST_OBJECTS):
        if not waiting:
            return
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting += [inner for inner in one.values() if isinstance(inner, dict | list)][::-1]
        elif isinstance(one, list):
            waiting += [inner for inner in one if isinstance(inner, dict | list)][::-1]


def _fields(one: dict[str, Any], source: Source, name: str, drop: str) -> Fields | None:
    links: list[Link] = []
    tree = LexborHTMLParser(tame(_as_html(text_at(one, BODY)[:MOST_TEXT]).encode(errors="ignore")))
    if tree.body is None:
        return None
    dropped = frozenset(node.mem_id for node in tree.css(f"{DROPPED}, {drop}" if drop else DROPPED))
    paragraphs = paragraphs_of(tree.body, dropped=dropped, links=links, base=source)
    paragraphs, roles = without_sign_off(paragraphs)
    if count_words(paragraphs) < LEAST:
        return None
    sites = (source.metadata.first("og:site_name"), host_name(source.url))
    lead = fold(html.unescape(text_at(one, LEAD)))
    image = text_at(one, IMAGE)
    fields = Fields(
        reader=name,
        title=fold(html.unescape(text_at(one, TITLE))),
        paragraphs=paragraphs,
        author=author_of(", ".join(_texts(one, AUTHOR)), sites) or roles.get("author"),
        editor=author_of(text_at(one, EDITOR), sites) or roles.get("editor"),
        source=roles.get("source"),
        section=fold(text_at(one, SECTION)) or None,
        tags=unique(_texts(one, TAGS)),
        lead=lead if lead and lead not in paragraphs else None,
        image_url=source.absolute(image) or source.absolute(source.metadata.first("og:image")),
        links=tuple(links),
        dates=tuple(dict.fromkeys((*_dates(one), *source.metadata.dates, *date_in_url(source.url)))),
        part=tree.body,
    )
    read = ("title", "author", "editor", "source", "section", "tags", "lead", "image_url", "links")
    fields.evidence = (("body", WHERE), *((field, WHERE) for field in read if getattr(fields, field)))
    return fields


def _as_html(text: str) -> str:
    """Return a text as HTML; one without tags has its lines as paragraphs."""
    if "<p" in text or "<br" in text or "<div" in text:
        return text
    return "".join(f"<p>{line}</p>" for line in text.split("\n") if line.strip())


def _dates(one: dict[str, Any]) -> Iterator[DateText]:
    for kind, paths in ((DateKind.PUBLISHED, PUBLISHED), (DateKind.UPDATED, UPDATED)):
        text = next((said for path in paths if not (said := text_at(one, (path,))).isdecimal() and said), "")
        if date := date_text(kind, DateSource.META, text):
            yield date


def _texts(one: dict[str, Any], paths: Paths) -> tuple[str, ...]:
    """Return the texts at the first path that leads to any."""
    for path in paths:
        values = [value for found in values_at(one, path) for value in (found if isinstance(found, list) else [found])]
        if texts := tuple(dict.fromkeys(text for value in values[:50] if (text := text_of(value)))):
            return texts
    return ()
