"""The date of an element below the headline that is called one: "date", "tanggal", "waktu"; no card's, no clock's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from kwri_crawler.items import DateKind, DateSource, DateText
from kwri_crawler.pages.blocks import lines_of
from kwri_crawler.pages.cards import is_own
from kwri_crawler.pages.header import PRINTED_DATE, above, below, dates_in, is_labelled_update, posted_at_end
from kwri_crawler.pages.metadata import date_text
from kwri_crawler.pages.places import others
from kwri_crawler.pages.source import Source, text_of

_HEADLINE = "h1, .entry-title, .post-title, [itemprop=headline]"
_DATED = (
    "[class*=date i], [class*=tanggal i], [class*=tgl i], [class*=waktu i], [class*=publish i], [class*=posted i],"
    " [class*=publicationtime i], [itemprop=datePublished], time"
)
_NOT_ITS = re.compile(r"update|modif|comment|event|expir|today|now|clock|jam-?digital|related|card", re.IGNORECASE)
_MOST = 60  # elements
_MOST_LINKS = 1_000
_LONGEST = 120  # characters of an element that is a date, and what stands beside it


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


def own_lines(source: Source) -> tuple[str, ...]:
    """Return the lines that a page shows, parted, without those of comments and cards."""
    return lines_of(source.tree.body, others(source.tree))[1] if source.tree.body is not None else ()


def dates_beyond(source: Source, title: str, paragraphs: Sequence[str]) -> tuple[DateText, ...]:
    """Return the dates right above the headline, else right below the text; none of comments and cards."""
    lines = own_lines(source)
    near = (*below(lines, paragraphs, source.link_texts), *posted_at_end(paragraphs))
    return tuple(dates_in(above(lines, title))) or tuple(dates_in(near))


def stamped_date(source: Source) -> tuple[DateText, ...]:
    """Return the first date that an element below the headline holds; an update is one. Empty where there is none.

    Above the headline stands the day on which a page was made, as often as its article's.
    """
    is_below = False
    for node in source.tree.css(f"{_HEADLINE}, {_DATED}")[:_MOST]:
        name = node.attributes.get("class") or ""
        if node.tag == "h1" or "title" in name or node.attributes.get("itemprop") == "headline":
            is_below = True
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
