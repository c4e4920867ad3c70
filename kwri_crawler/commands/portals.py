"""`scrapy portals [PORTAL ...]`: how every portal is, in one plain word and since when; or one portal, and why."""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import UsageError

from kwri_crawler.archive import crawls, health, open_archive, verifications
from kwri_crawler.archive.verifications import Verified
from kwri_crawler.catalogue import Portal
from kwri_crawler.clock import local_text, utc_text
from kwri_crawler.command import Exit, ProjectCommand, add_lang, check_portals, count, speaking
from kwri_crawler.command.choosing import add_choice, choice_of, choose, named_or_active, words_now
from kwri_crawler.health import Past, Verdict, Word, judge_all
from kwri_crawler.health.figures import Figures, Portrait, portray
from kwri_crawler.plan import LastCrawl, next_due
from kwri_crawler.reading.stages import load_stages
from kwri_crawler.scout.verify import Verifier, sample, verify_all
from kwri_crawler.screen import complain, say, say_json, table
from kwri_crawler.spiders.process import run_to_end

if TYPE_CHECKING:
    from kwri_crawler.screen.spoken import Spoken

_HEADS = ("portal", "is", "since", "a_day", "usual", "crawled", "next", "why")

# what a portal is compared by with its own past, and whether it is a share
_FIGURES = {
    "articles_a_day": False, "author": True, "section": True, "image": True, "to_the_minute": True, "words": False,
    "lag_h": False, "lost": True, "crawls_unread": True,
}  # fmt: skip
_VERIFIED = ("portal", "result", "field", "why", "address")

_HELP = """\
examples:
  scrapy portals                       all, those with trouble first
  scrapy portals kwri-jatim            why, with addresses to look at and what to try
  scrapy portals --word broken --word blocked
  scrapy portals --province "Jawa Timur" --network Tribun
  scrapy portals --lang id             in Indonesian, as where LANG is id_ID
  scrapy portals --json                for a script
  scrapy portals --verify --sample 50  fetch a listing and an article of the 50 that were verified longest ago
  scrapy portals --verify kwri-jatim   PASSED, FAILED and the field, or SKIPPED; with --json an object a line

words:
  well     as usual
  quiet    it publishes far less than usual; Sundays and holidays do not count
  thin     articles have less in them than usual: shorter, or without author, section, image or minute
  blocked  it refuses us: 403, 429, a challenge to browsers, robots.txt
  broken   it does not answer, or its listings, pages or dates are no longer read correctly
  new      crawled for less than two weeks, and it works
"""


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


class Command(ProjectCommand):
    """Say how portals are."""

    takes = "[options] [PORTAL ...]"
    does = "Show how every portal is, or why one is not well"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "the archive was asked; with --verify: no portal failed",
        Exit.SETUP: "a portal's file is wrong; the others are shown",
        Exit.PART: "with --verify: a portal failed, or it was stopped",
        Exit.ARCHIVE: "the archive cannot be opened or read",
    }

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own options, examples and the words."""
        super().add_options(parser)
        add_choice(parser)
        parser.add_argument("--verify", action="store_true", help="fetch one listing and one article of each portal")
        parser.add_argument("--sample", type=count, metavar="N", help="with --verify: only N, verified longest ago")
        add_lang(parser)
        parser.add_argument("--json", action="store_true", help="print one JSON object a line, one line a portal")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Judge all, show those asked for."""
        now = datetime.now(UTC)
        portals, faults = catalogue = self.read_catalogue()
        check_portals(args, catalogue)
        choice = choice_of(opts)
        if opts.verify:
            asked = choose(portals, choice, words_now(self.archive_path, choice))
            self._verify(named_or_active(asked, args), opts)
            self.name_faults(fault for fault in faults if not args or fault.portal in args)
            return
        if opts.sample:
            raise UsageError("--sample is for --verify")
        chosen = {portal.id for portal in choose(portals, choice)}
        known = {portal.id: portal for portal in portals}
        pasts, last, authors = look_up(self.archive_path, portals, now)
        # A portal that was retired is not crawled, so nothing is expected of it.
        active = [past for past in pasts if known[past.portal].active or past.portal in args]
        interval = timedelta(minutes=self.given.getfloat("HARVEST_INTERVAL_MIN"))
        order = list(Word)
        verdicts = sorted(judge_all(active, now), key=lambda verdict: (order.index(verdict.word), verdict.portal))
        by_id = {past.portal: past for past in pasts}
        rows = [
            Row(
                known[verdict.portal], verdict, by_id[verdict.portal], portray(by_id[verdict.portal], now),
                last.get(verdict.portal), next_due(last.get(verdict.portal), interval, now),
                authors.get(verdict.portal),
            )
            for verdict in verdicts
            if verdict.portal in chosen
            and (not args or verdict.portal in args)
            and (not choice.words or verdict.word.value in choice.words)
        ]  # fmt: skip
        if opts.json:
            for row in rows:
                say_json(as_object(row))
        elif args:
            words = speaking(opts)
            say(*("\n" * bool(place) + in_full(row, now, words) for place, row in enumerate(rows)))
        else:
            words = speaking(opts)
            counts = Counter(row.verdict.word for row in rows)
            of = f" {words('of')} {len(verdicts)}" if choice else ""
            told = ", ".join(f"{counts[word]} {words(word.value)}" for word in Word if counts[word])
            say(f"{len(rows)}{of} {words('portals')}" + (f": {told}" if told else ""))
            if rows:
                heads = [words(key) for key in _HEADS]
                to_left = {words(key) for key in ("portal", "is", "since", "why")}
                say(table(heads, (in_a_line(row, now, words) for row in rows), to_left))
        self.name_faults(fault for fault in faults if not args or fault.portal in args)

    def _verify(self, portals: list[Portal], opts: argparse.Namespace) -> None:
        """Ask portals, keep what was found where there is an archive, print a table; 3 where one failed."""
        db = open_archive(self.archive_path) if self.archive_path.exists() else None
        last = verifications.last_verified(db) if db is not None else {}
        chosen = sample(portals, last, opts.sample)
        if not self.given.get("CONTACT"):
            complain("CONTACT is not set: portals cannot tell you when this troubles them")
        found: list[Verified] = []
        process = AsyncCrawlerProcess(self.given)
        verifier = Verifier(process, load_stages(self.given))

        async def verify() -> None:
            found.extend(await verify_all(chosen, verifier.verify, lambda one: complain(verified_line(one))))

        if chosen:
            run_to_end(process, verify)
        changes: list[tuple[str, str]] = []
        if db is not None:
            with db.conn:
                changes = verifications.record(db, found, datetime.now(UTC))
            db.close()
        if opts.json:
            changed = dict(changes)
            for one in found:
                say_json({**one._asdict(), "quarantine": changed.get(one.portal)})
        else:
            say(*verified_table(found, changes))
        if any(one.result == verifications.FAILED for one in found):
            self.exitcode = Exit.PART


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


def look_up(
    archive: Path, portals: tuple[Portal, ...], now: datetime
) -> tuple[list[Past], dict[str, LastCrawl], dict[str, str]]:
    """Ask the archive; one that was not made yet knows of no crawl, and is not made by a question."""
    if not archive.exists():
        return [Past(portal.id, portal.zone, None) for portal in portals], {}, {}
    db = open_archive(archive)
    try:
        return health.read_pasts(db, portals, now), crawls.last_crawls(db), health.only_authors(db)
    finally:
        db.close()


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
