"""The dates of elements that are called one, "date", "tanggal", or stand around the text; no card's, no footer's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from kwri_crawler.items import DateKind, DateSource, DateText
from kwri_crawler.pages.blocks import lines_of
from kwri_crawler.pages.cards import is_own
from kwri_crawler.pages.date_forms import PRINTED_DATE
from kwri_crawler.pages.header import (
    above,
    below,
    dates_in,
    is_labelled_update,
    posted_at_end,
    says_when,
)
from kwri_crawler.pages.metadata import date_text
from kwri_crawler.pages.places import is_of_article, others
from kwri_crawler.pages.source import Source, text_of

_HEADINGS = frozenset(("h1", "h2", "h3", "h4"))
_HEADLINE = "h1, .entry-title, .post-title, [itemprop=headline]"
_DATED = (
    "[class*=date i], [class*=tanggal i], [class*=tgl i], [class*=waktu i], [class*=publish i], [class*=posted i],"
    " [class*=publicationtime i], [itemprop=datePublished], time"
)
_NOT_ITS = re.compile(r"update|modif|comment|event|expir|today|now|clock|jam-?digital|related|card", re.IGNORECASE)
_DATE_IN_URL = re.compile(r"/((?:19|20)\d\d[/-](?:0?[1-9]|1[0-2])[/-](?:0?[1-9]|[12]\d|3[01]))(?=[/-]|$)")
_ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_NUMBER = re.compile(r"\d{1,4}")
_HAS_CLOCK = re.compile(r"\d[.:]\d\d(?!\d)")
_MOST = 60  # elements
_MOST_TIMES = 4  # <time>s of one article
_MOST_LINKS = 1_000
_A_NAME = 4  # words of a link that may be a writer's or a section's
_LONGEST = 120  # characters of an element that is a date, and what stands beside it


def dates_elsewhere(source: Source, title: str, paragraphs: Sequence[str]) -> tuple[DateText, ...]:
    """Return the dates of a page that has none below its headline: by its elements, around the text, beside a link.

    Where its address has a date, one of another day is something else's.
    """
    found = stamped_date(source) or dates_beyond(source, title, paragraphs) or dates_aside(source) or dated_link(source)
    days = [_day(date.text.replace("/", "-")) for date in date_in_url(source.url)]
    return tuple(date for date in found if all(day is None or _is_of(date, day) for day in days))


def dates_above(source: Source, title: str, lines: Sequence[str]) -> tuple[DateText, ...]:
    """Return the dates right above the headline among a page's lines; none of the site's top, cards and comments."""
    is_dated = any(dates_in(above(lines, title)))  # another walk only for pages that have some
    return tuple(dates_in(above(own_lines(source), title, source.link_texts))) if is_dated else ()


def dated_link(source: Source) -> tuple[DateText, ...]:
    """Return the date beside a link to the page itself, as a list of the latest articles prints it; else nothing."""
    path = urlsplit(source.url).path.strip("/")
    for node in source.tree.css("a[href]")[:_MOST_LINKS] if path else ():
        link = node.attributes.get("href") or ""
        if not link.rstrip("/").endswith(path) or node.parent is None or source.absolute(link) != source.url:
            continue
        beside = text_of(node.parent).removeprefix(text_of(node)).strip(" -–|()")
        if PRINTED_DATE.fullmatch(beside) and (date := date_text(DateKind.PUBLISHED, DateSource.BYLINE, beside)):
            return (date,)
    return ()


def dates_aside(source: Source) -> tuple[DateText, ...]:
    """Return the dates of an article's own <aside> that says when it was published, and by whom; no box's."""
    for node in source.tree.css("article aside, main aside")[:_MOST]:
        said = text_of(node)
        if not 0 < len(said) <= _LONGEST or node.css_first("h1, h2, h3, h4, h5, h6") is not None:
            continue
        is_linked = any(len(text_of(link).split()) > _A_NAME for link in node.css("a[href]"))
        if is_linked or not is_of_article(node, aside=True):
            continue
        stamped = node.css_first("time[datetime]")
        kind = DateKind.UPDATED if stamped is not None and is_labelled_update(stamped) else DateKind.PUBLISHED
        stamp = (stamped.attributes.get("datetime") or "") if stamped is not None else ""
        if exact := date_text(kind, DateSource.TIME, stamp):
            return (exact,)
        if printed := tuple(dates_in([said])):
            return printed
    return ()


def own_lines(source: Source) -> tuple[str, ...]:
    """Return the lines that a page shows, parted, without those of comments and cards, the site's top and footer."""
    return lines_of(source.tree.body, others(source.tree))[1] if source.tree.body is not None else ()


def dates_beyond(source: Source, title: str, paragraphs: Sequence[str]) -> tuple[DateText, ...]:
    """Return the dates right above the headline, else right below the text; none of comments and cards."""
    lines = own_lines(source)
    near = (*filter(says_when, below(lines, paragraphs, source.link_texts)), *posted_at_end(paragraphs))
    return tuple(dates_in(above(lines, title, source.link_texts))) or tuple(dates_in(near))


def stamped_date(source: Source) -> tuple[DateText, ...]:
    """Return the first date that an element below the headline holds; an update is one. Empty where there is none.

    Above the headline stands the day on which a page was made, as often as its article's.
    """
    is_below = False
    for node in source.tree.css(f"{_HEADLINE}, {_DATED}")[:_MOST]:
        name = node.attributes.get("class") or ""
        if node.tag == "h1" or "title" in name or node.attributes.get("itemprop") == "headline":
            is_below = True
        if node.tag in _HEADINGS:
            continue  # it may name an event's day
        if not is_below or _NOT_ITS.search(name) or not is_own(source, node):
            continue
        said = text_of(node)
        if len(said) > _LONGEST or not PRINTED_DATE.search(said):
            continue
        if is_labelled_update(node) and (date := date_text(DateKind.UPDATED, DateSource.BYLINE, said)):
            return (date,)
        if dates := tuple(dates_in([said])):
            return dates
    return ()


def labelled_times(source: Source, root: LexborNode) -> tuple[LexborNode | None, LexborNode | None]:
    """Return the first <time> of the article in a part of a page that is no update, and the first that is one."""
    times = [node for node in root.css("time[datetime]")[:_MOST_TIMES] if is_own(source, node)]
    updates = {node.mem_id for node in times if is_labelled_update(node)}
    published = next((node for node in times if node.mem_id not in updates), None)
    return published, next((node for node in times if node.mem_id in updates), None)


def as_judged(printed: DateText, told: Sequence[DateText]) -> DateText:
    """Return a printed date as an update, when it is the day of the change that the metadata tell."""
    days = {date.kind: _day(date.text) for date in reversed(told)}
    changed, published = days.get(DateKind.UPDATED), days.get(DateKind.PUBLISHED)
    if not changed or not published or changed == published or printed.source is not DateSource.BYLINE:
        return printed
    if _is_of(printed, changed) and not _is_of(printed, published) and not _HAS_CLOCK.search(printed.text):
        return DateText(DateKind.UPDATED, printed.source, printed.text)
    return printed


def _is_of(printed: DateText, day: tuple[int, int, int]) -> bool:
    """Say whether a printed date has the year and the day of a day, whatever it calls the month."""
    return {*day[::2]} <= {int(number) for number in _NUMBER.findall(printed.text)}


def _day(text: str) -> tuple[int, int, int] | None:
    """Return year, month and day of a date that a machine printed; null for any other."""
    found = _ISO_DAY.match(text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def date_in_url(url: str) -> tuple[DateText, ...]:
    """Return the date in an address's path, as /2024/06/27/."""
    found = _DATE_IN_URL.search(url[:2_000])
    return (DateText(DateKind.PUBLISHED, DateSource.URL, found[1]),) if found else ()
