"""What a look at one portal shows a person: what was found out, and what its articles say, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from scrapy.exceptions import DropItem

from kwri_crawler import clock
from kwri_crawler.catalogue import Portal
from kwri_crawler.health.sentences import SAME_AUTHOR
from kwri_crawler.items import Article
from kwri_crawler.languages import pick
from kwri_crawler.pages import PageError
from kwri_crawler.reading.stages import pass_stages
from kwri_crawler.scout.report import Report
from kwri_crawler.scout.scouted import Scouted
from kwri_crawler.scout.verdicts import dormant

_WIDTH = 100  # characters of a value on the screen
_SIGNED = 3  # articles, from which on one author of all is worth a note


def describe(scouted: Scouted) -> Iterator[str]:
    """Yield what was found out about the portal itself."""
    yield f"{scouted.home} is {scouted.id}"
    rows = (("name", scouted.name), ("family", scouted.family), ("region", scouted.region), ("zone", scouted.zone))
    for key, found in rows:
        if found is not None:
            yield f"  {key:9} {found.value}  [{found.where}]"
    for candidate, named in scouted.listings:
        yield f"  {candidate.kind.value:9} {candidate.url}  {named} addresses [{candidate.where}]"


def fields(article: Article, trouble: str | None) -> Iterator[str]:
    """Yield an article's fields, each with where it was read."""
    where = dict(article.evidence)
    published = article.published
    rows: tuple[tuple[str, str | None, str | None], ...] = (
        ("title", article.title, where.get("title")),
        ("author", article.author, where.get("author")),
        (
            "published",
            published.local.isoformat(timespec="seconds") if published else None,
            f'{published.source}: "{published.text}"' if published else article.published_reason,
        ),
        ("section", article.section, where.get("section")),
        ("tags", ", ".join(article.tags), where.get("tags")),
        ("lead", article.lead, where.get("lead")),
        (
            "body",
            f"{sum(len(p.split()) for p in article.paragraphs)} words in {len(article.paragraphs)} paragraphs: "
            + (article.paragraphs[0] if article.paragraphs else ""),
            where.get("body"),
        ),
        ("image", article.image_url, where.get("image_url")),
        ("reader", article.reader, None),
    )
    for key, value, place in rows:
        shown = " ".join((value or "-").split())
        shown = shown if len(shown) <= _WIDTH else shown[: _WIDTH - 3] + "..."
        yield f"  {key:9} {shown}" + (f"  [{place}]" if place else "")
    if trouble:
        yield f"  a stage would drop it: {trouble}"


def samples_read(report: Report, scouted: Scouted, portal: Portal, stages: list[Any]) -> Iterator[str]:
    """Yield what was read from each article, field by field; what was read from none is noted in `scouted`."""
    empty: dict[str, int] = {"author": 0, "date": 0}
    read = [sample.article for sample in report.samples if sample.article is not None]
    shown: list[Article] = []
    for number, article in enumerate(read, 1):
        staged, trouble = replace(article, portal=portal.id, zone=portal.zone), None
        try:
            staged = pass_stages(staged, stages)
        except (DropItem, PageError) as error:
            trouble = str(error)
        shown.append(staged)
        empty["author"] += staged.author is None
        empty["date"] += staged.published is None
        yield from ("", f"article {number} of {len(read)}: {staged.url}", *fields(staged, trouble))
    if only := only_author([article.author for article in read]):
        yield from ("", f"note: {pick('en', SAME_AUTHOR).format(name=only)}")
    if why := dormant(shown, clock.now()):
        yield from ("", f"note: {why}")
    for name, times in empty.items():
        if times == len(read):
            scouted.missing.append(f'{name} in any article; add: [selectors] {name} = "CSS of where it is printed"')
    yield from samples_lost(report)


def samples_lost(report: Report) -> list[str]:
    """Return a line for each page that could not be read; none where all could."""
    lines = [f"not read: {sample.url}: {sample.trouble}" for sample in report.samples if sample.article is None]
    return ["", *lines] if lines else []


def only_author(authors: Sequence[str | None]) -> str | None:
    """Return the one author of all articles that were read, of several at least; None where one is signed otherwise."""
    return authors[0] if len(authors) >= _SIGNED and len({*authors}) == 1 else None
