"""`scrapy report --month 2024-06`: a month, week or day of the archive as one HTML page; reads the archive only."""

from __future__ import annotations

import argparse
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from scrapy.exceptions import UsageError

from kwri_crawler import clock
from kwri_crawler.archive import month_queries, release_queries
from kwri_crawler.archive.stories import Period, list_stories
from kwri_crawler.command import Exit, ProjectCommand, add_lang, add_portal, day, no_arguments
from kwri_crawler.screen import complain, say
from kwri_crawler.whole_file import whole_file

if TYPE_CHECKING:
    from kwri_crawler.report import MonthReport, TermCounter

STORIES = 10  # a list
MONTHS_BEFORE = 3  # that the rising terms of a month are compared with
WEEKS_BEFORE = 4  # ... of a week and of a day
TEXTS = 10_000  # of either period: a share is then right to a percent, and both take seconds
_MONTH = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])")

_HELP = """\
examples:
  scrapy report --month 2024-06                          output/report-2024-06-id.html
  scrapy report --month 2024-06 --lang en --out june.html
  scrapy report --month 2024-06 --portal kwri-jatim
  scrapy report --month 2024-06 --out - | gzip > june.html.gz
  scrapy report --week 2024-06-27                        its week, Monday to Sunday
  scrapy report --day 2024-06-27

The page needs no network and no script: open it, mail it, print it. Days are those of each portal's own clock; a story
belongs to the day of its original. Rising terms are compared with up to three months before, those of a week and a day
with four weeks before.
"""


class Command(ProjectCommand):
    """Write a month's report."""

    takes = "--month YYYY-MM | --week DAY | --day DAY [--portal ID] [--lang id|en] [--out FILE]"
    does = "Write a month, week or day as one HTML page, for the screen and for paper"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "the page is written; it says so when there is no article of that time",
        Exit.ARCHIVE: "the archive cannot be opened, or the page not be written",
    }

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our options and examples."""
        super().add_options(parser)
        parser.add_argument("--month", metavar="YYYY-MM", help="the month, as 2024-06")
        parser.add_argument("--week", metavar="DAY", type=day, help="the week of this day, Monday to Sunday")
        parser.add_argument("--day", metavar="DAY", type=day, help="this day")
        add_portal(parser, "only this portal's articles")
        add_lang(parser, "the page's language (id)", "id")
        parser.add_argument("--out", metavar="FILE", help="where to write it; - is standard output")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Ask the archive, write the page."""
        no_arguments("report", args, f"write --month {args[0]}" if args else "")
        if sum(option is not None for option in (opts.month, opts.week, opts.day)) > 1:
            raise UsageError("--month, --week or --day, one of them")
        if opts.week is None and opts.day is None and not _MONTH.fullmatch(opts.month or ""):
            raise UsageError(f"--month {opts.month or 'is missing'}: write it as --month 2024-06")
        span = month_of(opts.month) if opts.month else week_of(opts.week) if opts.week else day_of(opts.day)
        default = self.archive_path.parent / "-".join(filter(None, ("report", span.name, opts.portal, opts.lang)))
        name = opts.out or f"{default}.html"
        self.check_out(name)
        db = self.open_archive()
        try:
            self.check_portal(opts.portal, db)
            report = gather(db, span, opts.portal)
        finally:
            db.close()
        from kwri_crawler.report import render  # with its templates and charts, which no other command needs

        page = render(report, opts.lang, clock.now())
        with whole_file(name) as out:
            out.write(page.encode())
        if opts.out != "-":
            say(f"{name}: {report.articles} articles, {report.stories} stories")
            if not report.articles:
                complain(f"no article of {span.name} is in the archive; the page says so")


class Span(NamedTuple):
    """A time that a page is about, and the time before that its terms are compared with."""

    kind: str  # month, week, day
    name: str  # 2024-06, week-2024-06-24, 2024-06-27
    since: date
    until: date
    before: date  # the first day of the time before; it ends where the other begins


def month_of(month: str) -> Span:
    """Return a month, written as 2024-06."""
    first = date.fromisoformat(f"{month}-01")
    return Span("month", month, first, following(first) - timedelta(days=1), earlier(first, MONTHS_BEFORE))


def week_of(day: date) -> Span:
    """Return the week of a day, Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return Span("week", f"week-{monday}", monday, monday + timedelta(days=6), monday - timedelta(weeks=WEEKS_BEFORE))


def day_of(day: date) -> Span:
    """Return a day."""
    return Span("day", day.isoformat(), day, day, day - timedelta(weeks=WEEKS_BEFORE))


def gather(db: Any, span: Span, portal: str | None) -> MonthReport:
    """Ask the archive for all that a page tells."""
    from kwri_crawler.report import MonthReport, TermCounter, risen

    first, until = span.since, span.until
    base_first, base_last = span.before, first - timedelta(days=1)
    period = Period(first.isoformat(), until.isoformat(), portal)
    month_queries.select_month(db, first.isoformat(), until.isoformat(), portal)
    step = month_queries.sample_step(db, TEXTS)
    now = count_terms(db, TermCounter(), step)
    largest = list_stories(db, period, fastest=False, limit=STORIES)
    fastest = list_stories(db, period, fastest=True, limit=STORIES)
    spreads = [month_queries.spread_of(db, line.story) for line in largest]
    portals, by_day = month_queries.portals(db), month_queries.by_day(db)
    sections, places = month_queries.sections(db), month_queries.places(db)
    stories, first_days, copying, institutions = (
        month_queries.story_count(db), month_queries.first_days(db), month_queries.copying(db),
        month_queries.institutions(db),
    )  # fmt: skip
    month_queries.select_month(db, base_first.isoformat(), base_last.isoformat(), portal)
    step_before = month_queries.sample_step(db, TEXTS)
    before = count_terms(db, TermCounter(now.frequent()), step_before)
    days = [day for _, day, _ in month_queries.by_day(db)]
    base = (min(days, default=base_first.isoformat()), max(days, default=base_last.isoformat()), before.stories)
    sent = release_queries.Asked(first.isoformat(), until.isoformat())
    return MonthReport(
        since=first.isoformat(),
        until=until.isoformat(),
        portal=portal,
        names=month_queries.names(db),
        portals=portals,
        by_day=by_day,
        sections=sections,
        places=places,
        stories=stories,
        largest=largest,
        fastest=fastest,
        first_days=first_days,
        spreads=spreads,
        copying=copying,
        terms=risen(now, before),
        base=base,
        kind=span.kind,
        counted=now.stories,
        steps=(step, step_before),
        institutions=institutions,
        releases=[] if portal else release_queries.list_releases(db, sent),
        units=[] if portal else release_queries.list_units(db, sent),
        carrying=[] if portal else release_queries.list_portals(db, sent),
    )


def count_terms(db: Any, counter: TermCounter, every: int) -> TermCounter:
    """Count the terms of the selected texts, of one in `every` stories."""
    for text in month_queries.texts(db, every):
        counter.add(text.story, text.title, text.body)
    return counter


def following(first: date) -> date:
    """Return the first day of the next month."""
    return (first + timedelta(days=32)).replace(day=1)


def earlier(first: date, months: int) -> date:
    """Return the first day of an earlier month."""
    for _ in range(months):
        first = (first - timedelta(days=1)).replace(day=1)
    return first
