"""How portals are, and what verifications found, as a terminal and JSON show it."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from kwri_crawler.archive import verifications
from kwri_crawler.archive.verifications import Verified
from kwri_crawler.catalogue import Portal
from kwri_crawler.clock import local_text, utc_text
from kwri_crawler.health import Past, Verdict
from kwri_crawler.health.figures import Figures, Portrait
from kwri_crawler.plan import LastCrawl
from kwri_crawler.screen import table

if TYPE_CHECKING:
    from kwri_crawler.screen.spoken import Spoken

# what a portal is compared by with its own past, and whether it is a share
_FIGURES = {
    "articles_a_day": False, "author": True, "section": True, "image": True, "to_the_minute": True, "words": False,
    "lag_h": False, "lost": True, "crawls_unread": True,
}  # fmt: skip
_VERIFIED = ("portal", "result", "field", "why", "address")


@dataclass(frozen=True, slots=True)
class Row:
    """All that is shown of a portal."""

    portal: Portal
    verdict: Verdict
    past: Past
    portrait: Portrait
    crawl: LastCrawl | None  # null if it was never crawled
    due: datetime  # aware, UTC
    only_author: str | None = None  # who signs each of its newest articles, where it is one name


def verified_line(one: Verified) -> str:
    """Return what a verification found in a line of a log."""
    return f"{one.portal}: {one.result.upper()}{f' {one.field}' if one.field else ''}"


def verified_table(found: list[Verified], changes: list[tuple[str, str]]) -> list[str]:
    """Return a line with the counts, a table with those that failed first, and whose quarantine changed."""
    order = (verifications.FAILED, verifications.SKIPPED, verifications.PASSED)
    counts = Counter(one.result for one in found)
    lines = [f"{len(found)} portals: " + ", ".join(f"{counts[word]} {word}" for word in order)]
    if found:
        rows = sorted(found, key=lambda one: (order.index(one.result), one.portal))
        cells = ((r.portal, r.result.upper(), r.field, (r.why or "")[:100], r.article or r.listing) for r in rows)
        lines.append(table(_VERIFIED, cells, _VERIFIED))
    lines += [f"{portal}: quarantine {'begins: it is asked once a week' if word == verifications.BEGUN else 'ends'}"
              for portal, word in changes]  # fmt: skip
    return lines


def in_a_line(row: Row, now: datetime, words: Spoken) -> tuple[str, ...]:
    """Return a portal's cells in the table."""
    verdict, portrait = row.verdict, row.portrait
    return (
        verdict.portal,
        words(verdict.word.value),
        f"{verdict.since.astimezone():%Y-%m-%d}" if verdict.since else "-",
        _cell(portrait.week.articles_a_day, False, words),
        _cell(portrait.usual.articles_a_day, False, words),
        _ago(row.crawl, now, words),
        _until(row.due, now, words),
        words.why(verdict)[:100],
    )


def in_full(row: Row, now: datetime, words: Spoken) -> str:
    """Write all that is known of one portal."""
    portal, verdict, past, portrait = row.portal, row.verdict, row.past, row.portrait
    of = {"id": portal.id, "name": portal.name, "home": portal.home, "word": words(verdict.word.value)}
    since = f" {words('since')} {local_text(verdict.since)}" if verdict.since else ""
    lines = [words("portal_is", **of) + since]
    for reason in verdict.reasons:
        lines.append(f"  {words('why_so')}:  {words.reason(reason)}")
        lines += [*(f"        {url}" for url in reason.examples), f"  {words('try')}:  {words.cure(reason)}"]
    if row.crawl is not None and row.crawl.seldom:
        lines.append(f"  {words('quarantine')}")
    crawled = (
        words("ago", span=_ago(row.crawl, now, words), finish=row.crawl.finish or words("running"))
        if row.crawl
        else words("never")
    )
    lines.append(f"  {words('last_crawl')}: {crawled}; {words('next')}: {_until(row.due, now, words)}")
    if row.only_author:
        lines.append(f"  {words('note')}: {words('same_author', name=row.only_author)}")
    if past.crawls:
        lines.append(f"  {'':24} {words('last_week'):>14} {words('usual'):>8}")
        for name, is_share in _FIGURES.items():
            cells = [_cell(getattr(span, name), is_share, words) for span in (portrait.week, portrait.usual)]
            lines.append(f"  {words(f'figure_{name}'):24} {cells[0]:>14} {cells[1]:>8}")
        days = enumerate(portrait.weekdays, 1)  # 1 January 2024 was a Monday
        told = (f"{words.day(f'2024-01-{day:02}', 'EEE')} {_cell(mean, False, words)}" for day, mean in days)
        lines.append(f"  {words('by_weekday')}: " + "  ".join(told))
    if portrait.lost_by_cause:
        lost = "; ".join(f"{count} x {words.cause(cause)}" for cause, count in portrait.lost_by_cause)
        lines.append(f"  {words('lost_of_week')}: {lost}")
    for listing in past.listings:
        said = f": {listing.reason}" if listing.reason else ""
        oldest = listing.oldest and f"{listing.oldest.astimezone(ZoneInfo(portal.zone)):%Y-%m-%d}"
        back = f", {words('back_to')} {oldest}" if oldest else ""
        lines.append(f"  {listing.kind:8} {listing.status or words('never_tried')}  {listing.url}{back}{said}")
    return "\n".join(lines)


def as_object(row: Row) -> dict[str, Any]:
    """Return the same for a script."""
    verdict, portrait, crawl = row.verdict, row.portrait, row.crawl
    return {
        "portal": verdict.portal,
        "word": verdict.word,
        "since": _time(verdict.since),
        "reasons": [
            {
                "text": reason.text,
                "cure": reason.cure,
                "examples": reason.examples,
                "code": reason.says,
                "cause": reason.cause,
            }
            for reason in verdict.reasons
        ],
        "last_crawl_at": _time(crawl.started_at) if crawl else None,
        "last_finish": crawl.finish if crawl else None,
        "next_due_at": _time(row.due),
        "quarantined": crawl is not None and crawl.seldom,
        "only_author": row.only_author,
        "week": _rounded(portrait.week),
        "usual": _rounded(portrait.usual),
        "weekdays": portrait.weekdays,
        "listings": [
            {
                "kind": listing.kind,
                "url": listing.url,
                "status": listing.status,
                "reason": listing.reason,
                "cause": listing.cause,
                "oldest_at": _time(listing.oldest),
            }
            for listing in row.past.listings
        ],
    }


def _rounded(figures: Figures) -> dict[str, Any]:
    return {name: None if value is None else round(value, 3) for name, value in asdict(figures).items()}


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else utc_text(moment)


def _cell(value: float | None, is_share: bool, words: Spoken) -> str:
    if value is None:
        return "-"
    return words.percent(value) if is_share else words.number(value, 0 if value >= 100 else 1)


def _ago(crawl: LastCrawl | None, now: datetime, words: Spoken) -> str:
    return words("never") if crawl is None else _span(now - crawl.started_at, words)


def _until(moment: datetime, now: datetime, words: Spoken) -> str:
    return words("now") if moment <= now else words("in", span=_span(moment - now, words))


def _span(span: timedelta, words: Spoken) -> str:
    minutes = int(span.total_seconds() // 60)
    unit, number = (
        ("m", minutes) if minutes < 120 else ("h", minutes // 60) if minutes < 2880 else ("d", minutes // 1440)
    )
    return words(f"span_{unit}", number=str(number))
