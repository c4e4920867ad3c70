"""What a look at one portal shows a person: what was found out, and what its articles say, field by field."""

from __future__ import annotations

from collections.abc import Iterator

from kwri_crawler.items import Article
from kwri_crawler.scout.scouted import Scouted

_WIDTH = 100  # characters of a value on the screen


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
