"""HTML -> Article, without network or Scrapy; refuses, with a PageError, every page that carries no article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from kwri_crawler.catalogue import Portal, plugged_in
from kwri_crawler.dates import Refused, read_date
from kwri_crawler.items import Article, DateText, Outcome, Page
from kwri_crawler.pages import bodies, general
from kwri_crawler.pages.authors import namesake
from kwri_crawler.pages.decode import MAX_BYTES, is_too_large
from kwri_crawler.pages.elsewhere import longer_text
from kwri_crawler.pages.families import all_built_in, built_in
from kwri_crawler.pages.family import Family
from kwri_crawler.pages.fields import Fields
from kwri_crawler.pages.from_listing import read_told, with_facts
from kwri_crawler.pages.joining import Joining
from kwri_crawler.pages.language import amp_address, is_of_indonesia, kind_of, language_of, print_address
from kwri_crawler.pages.marks import access_of, marks_of
from kwri_crawler.pages.moved import moved_to
from kwri_crawler.pages.own_address import own_address
from kwri_crawler.pages.paging import paging_of
from kwri_crawler.pages.pointers import without_pointers
from kwri_crawler.pages.refuse import (
    MIN_WORDS_FAMILY,
    MIN_WORDS_GENERAL,
    file_kind,
    no_body,
    refuse_cut_off,
    refuse_early,
    refuse_list,
    refuse_own_page,
    refuse_protected,
    refuse_too_short,
)
from kwri_crawler.pages.source import PageError, Source, unreadable
from kwri_crawler.pages.stated import read_stated
from kwri_crawler.pages.text import count_words, once, words
from kwri_crawler.web.addresses import canonical

__all__ = [
    "Joining",
    "PageError",
    "families",
    "family_named",
    "named_address",
    "read_further",
    "read_page",
    "read_told",
    "recognise",
    "with_facts",
]

_TOO_LARGE = f"larger than {MAX_BYTES >> 20} MiB without its pictures and programs"
_A_PARAGRAPH = 12  # words; what has less is a date or most of a headline
_A_CARD = 80  # words below which a family's body is compared with what the general reader finds


@cache
def families() -> dict[str, Family]:
    """Return all families by name: those of other packages first, since who installs one means it."""
    return {**_plugged_in(), **all_built_in()}


@cache
def _plugged_in() -> dict[str, Family]:
    return {plugin.name: plugin.family for plugin in plugged_in() if plugin.fault is None}


def family_named(name: str) -> Family | None:
    """Return a family by its name; None for "general" and for a name that no family has."""
    return built_in(name) or _plugged_in().get(name)


def recognise(source: Source) -> str | None:
    """Name the family whose structure a page shows; null when none does."""
    return next((family.name for family in families().values() if family.knows(source)), None)


def read_page(page: Page, portal: Portal, *, further: bool = False) -> Article:
    """Read the article from a page; raise PageError, and nothing else, when it carries none.

    An article with `paging` is one page of several, for Joining to join. A further page of one may be short.
    The error says where the page leads instead, if anywhere.
    """
    if not page.body.strip():
        raise unreadable("the page is empty")
    if what := file_kind(page.body):
        refused = PageError(Outcome.REFUSED, f"not a page: {what}")
        refused.is_no_page = True
        raise refused
    source = Source.of(page)
    try:
        return _read(source, page, portal, further=further)
    except PageError as error:
        if error.outcome is not Outcome.GONE and is_too_large(page.body):
            raise PageError(Outcome.REFUSED, f"{_TOO_LARGE}: {error.reason}") from error
        if error.outcome in (Outcome.UNREADABLE, Outcome.REFUSED):
            error.leads_to = moved_to(source)
        raise


def _read(source: Source, page: Page, portal: Portal, *, further: bool) -> Article:
    refuse_early(source)
    selectors = dict(portal.selectors)
    reading = _read_as_family(source, portal.family, selectors)
    least = MIN_WORDS_FAMILY
    if reading is not None and count_words(reading.paragraphs) < _A_CARD and "body" not in selectors:
        reading = _if_not_much_longer(source, reading)
    if reading is None:
        refuse_protected(source.tree)
        reading, least = general.read(source, selectors), MIN_WORDS_GENERAL
        if count_words(reading.paragraphs) < _A_CARD and "body" not in selectors:
            reading = _if_not_stated(source, reading)
    if "body" not in selectors and (longer := longer_text(source, reading.paragraphs)):
        reading.paragraphs, where = longer
        reading.evidence = (*((name, at) for name, at in reading.evidence if name != "body"), ("body", where))
    if not reading.paragraphs:
        raise no_body(source)
    reading.paragraphs = without_pointers(source, once(reading.paragraphs), reading.links)
    paging = paging_of(source, family_named(reading.reader))
    is_part = further or paging is not None
    access = access_of(source)
    if not is_part:
        refuse_too_short(reading.paragraphs, least, is_teaser=access is not None)
    if least == MIN_WORDS_GENERAL and not further:
        dates = (*reading.dates, *source.metadata.dates)
        refuse_list(source, reading.paragraphs, reading.kind, lambda: _is_dated(dates, page, portal))
    if not reading.title or _names_only_the_portal(reading, portal):
        raise unreadable("no title")
    refuse_own_page(source, reading.paragraphs, reading.title, reading.reader)
    refuse_cut_off(source)
    own = own_address(source)
    language, language_at = language_of(source, reading.paragraphs)
    author, authored = reading.author, reading.evidence
    if author is None and not is_of_indonesia(language, reading.paragraphs):
        author = namesake(source.metadata, source.url)
        authored = (*authored, ("author", "json-ld" if source.metadata.author else "meta author"))
    amp_url = amp_address(source)
    print_url = reading.print_url or (print_address(source, source.tree.body) if reading.reader == "general" else None)
    evidence = tuple(
        (field, kind_of(where))
        for field, where, found in (
            *((field, where, field != "author" or author is not None) for field, where in authored),
            ("language", language_at, language),
            ("amp_url", "selector link[rel=amphtml]", amp_url),
            ("print_url", "selector", print_url),
            ("url", own.where, True),
        )
        if found
    )
    return Article(
        portal=portal.id,
        zone=portal.zone,
        url=own.url,
        page_url=canonical(source.url),
        named_url=own.named_url,
        title=reading.title,
        paragraphs=reading.paragraphs,
        fetched_at=page.fetched_at,
        reader=reading.reader,
        subtitle=reading.subtitle,
        author=author,
        editor=reading.editor,
        source=reading.source,
        section=reading.section,
        tags=reading.tags,
        lead=reading.lead,
        image_url=reading.image_url,
        image_caption=reading.image_caption,
        image_credit=reading.image_credit,
        links=reading.links,
        access=access,
        marks=marks_of(reading.part or source.tree.body, reading.paragraphs),
        amp_url=amp_url,
        print_url=print_url,
        language=language,
        dates=tuple(dict.fromkeys(reading.dates)),
        clocks=portal.clocks,
        evidence=evidence,
        paging=paging,
    )


def _names_only_the_portal(reading: Fields, portal: Portal) -> bool:
    """Say whether a title is no heading, and only the portal's name: its editor typed none."""
    where = dict(reading.evidence).get("title", "")
    return where.startswith("meta ") and words(reading.title) == words(portal.name)


def _is_dated(dates: Iterable[DateText], page: Page, portal: Portal) -> bool:
    """Say whether one of the dates that a page prints is one: "0001-01-01" and "1/1/1970" are none."""
    return any(not isinstance(read_date(said.text, portal.zone, page.fetched_at), Refused) for said in dates)


def read_further(read: Joining, page: Page, portal: Portal) -> Joining:
    """Join the page that read.next_url brought; raise PageError, and nothing else, when the article cannot be whole."""
    try:
        article = read_page(page, portal, further=True)
    except PageError as error:
        return read.failed(error.reason)
    return read.take(article)


def _read_as_family(source: Source, declared: str, selectors: Mapping[str, str]) -> Fields | None:
    """Read a page as the portal's family, else as the one that it shows; null when neither finds a text."""
    family = family_named(declared)
    reading = family.read(source, selectors) if family else None
    if reading is None or not reading.paragraphs:
        shown = recognise(source)
        reading = families()[shown].read(source, selectors) if shown is not None and shown != declared else None
    return reading if reading is not None and reading.paragraphs else None


def _if_not_much_longer(source: Source, read: Fields) -> Fields | None:
    """Return what a family read, few words; null where the page has a text of many more: it was a card's or a box's."""
    many = max(_A_CARD, 3 * count_words(read.paragraphs))
    # A vote costs as much as thirty pages of a family; most pages of few words hold no more but headlines and dates.
    lengths = (len(node.text(deep=True, separator=" ").split()) for node in source.tree.css("p"))
    if sum(words for words in lengths if words >= _A_PARAGRAPH) < many:
        return read
    return None if count_words(bodies.vote(source).paragraphs) >= many else read


def _if_not_stated(source: Source, read: Fields) -> Fields:
    """Return what a page shows, few words, or the article in its data where that has many more."""
    stated = read_stated(source, read.reader)
    if stated is not None and count_words(stated.paragraphs) >= 2 * count_words(read.paragraphs):
        return stated
    return read


def named_address(page: Page) -> str | None:
    """Return the address that a page names as its own; null when it names none."""
    source = Source.of(page)
    node = source.tree.css_first('link[rel="canonical"]')
    link = node.attributes.get("href") if node is not None else source.metadata.first("og:url")
    return source.absolute(link) if link and "://" in link else None
