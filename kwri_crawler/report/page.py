"""Write a month's, week's or day's data as one self-contained HTML page; it loads nothing and runs no script.

The same data, language and moment give the same bytes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from kwri_crawler.archive.month_queries import Appearance, Copying, InstitutionMonth, PortalMonth
from kwri_crawler.archive.release_queries import PortalLine, ReleaseLine, UnitLine
from kwri_crawler.archive.stories import StoryLine
from kwri_crawler.own_pages import policy_of, web_link
from kwri_crawler.report import charts
from kwri_crawler.report.terms import FEWEST_STORIES, Risen
from kwri_crawler.report.words import Words
from kwri_crawler.version import __version__

TONES = 8  # colours of portals; with more portals the smallest are drawn as one
MOST_BARS = 15
MOST_PAIRS = 15
MOST_RELEASES = 100
_SHADES = 5


@dataclass(frozen=True)
class MonthReport:
    """All that the page tells."""

    since: str  # the month's first day, ISO 8601
    until: str  # its last
    portal: str | None  # the one that was asked for; null for all
    names: Mapping[str, str]  # of all portals, by id
    portals: Sequence[PortalMonth]  # the largest first
    by_day: Sequence[tuple[str, str, int]]  # portal, day, articles
    sections: Sequence[tuple[str | None, int]]
    places: Sequence[tuple[str, int, int]]  # place, articles, portals
    stories: int
    largest: Sequence[StoryLine]
    fastest: Sequence[StoryLine]
    first_days: Mapping[int, str]  # the local day of each story's original, by the story's number
    spreads: Sequence[Sequence[Appearance]]  # of the largest, in their order
    copying: Sequence[Copying]
    terms: Sequence[Risen]
    base: tuple[str, str, int]  # first and last day of the time before, and its stories
    releases: Sequence[ReleaseLine] = ()  # that the desk sent in the month; of one portal's page none
    units: Sequence[UnitLine] = ()
    carrying: Sequence[PortalLine] = ()  # portals that could have carried them; those that carried none are last
    kind: str = "month"  # month, week, day: what the page is about
    counted: int = FEWEST_STORIES  # stories whose terms were counted
    steps: tuple[int, int] = (1, 1)  # terms were counted in one of so many stories, now and in the time before
    institutions: Sequence[InstitutionMonth] = ()  # those that the operator follows

    @property
    def articles(self) -> int:
        """Return the month's articles."""
        return sum(portal.articles for portal in self.portals)

    @property
    def days(self) -> list[str]:
        """Return all days of the month."""
        first, last = date.fromisoformat(self.since), date.fromisoformat(self.until)
        return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]


@dataclass(frozen=True)
class Table:
    """A table behind a chart; all cells but a row's first are figures."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Cell:
    """A day of a portal in the calendar."""

    number: int
    shade: int  # 0 is nothing, _SHADES the most


def render(report: MonthReport, lang: str, generated_at: datetime) -> str:
    """Write the page in a language, id or en; generated_at is aware."""
    w = Words(lang, report.kind)
    style = files("kwri_crawler.report").joinpath("page.css").read_text(encoding="utf-8")
    published = [portal for portal in report.portals if portal.articles]
    page = _template().render(
        r=report,
        w=w,
        style=Markup(style),  # noqa: S704 - our own file
        policy=policy_of(style),
        month=w.period(report.since, report.until),
        base_period=w.base_period(report.base[0], report.base[1]),
        is_few=report.counted < FEWEST_STORIES,
        published=published,
        copies=sum(portal.copies for portal in published),
        total_words=sum(portal.words for portal in published),
        calendar=_calendar(report, published),
        day_totals=_day_totals(report),
        tones=_tones(published, w),
        dateless=report.articles - sum(number for _, number, _ in report.places),
        web_link=web_link,
        generated=w.moment(generated_at),
        version=__version__,
        most_pairs=MOST_PAIRS,
        ran=sum(release.articles > 0 for release in report.releases),
        most_releases=MOST_RELEASES,
        Table=Table,
        **(_charts(report, published, w) if published else {}),
    )
    return charts.clean(page)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("kwri_crawler.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.jinja")


def _calendar(report: MonthReport, published: Sequence[PortalMonth]) -> list[tuple[PortalMonth, list[Cell]]]:
    counts = {(portal, day): number for portal, day, number in report.by_day}
    most = max(counts.values(), default=1)
    return [
        (portal, [Cell(n, -(-n * _SHADES // most)) for n in (counts.get((portal.portal, d), 0) for d in report.days)])
        for portal in published
    ]


def _day_totals(report: MonthReport) -> list[tuple[str, int]]:
    totals: dict[str, int] = defaultdict(int)
    for _, day, number in report.by_day:
        totals[day] += number
    return [(day, totals[day]) for day in report.days]


def _tones(published: Sequence[PortalMonth], w: Words) -> list[tuple[str, str, frozenset[str]]]:
    """Return what the columns are made of: words, tone, the portals in it."""
    apart = published if len(published) <= TONES else published[: TONES - 1]
    tones = [(portal.name, str(number), frozenset([portal.portal])) for number, portal in enumerate(apart, 1)]
    if len(apart) < len(published):
        tones.append((w("others"), "0", frozenset(portal.portal for portal in published[len(apart) :])))
    return tones


def _charts(report: MonthReport, published: Sequence[PortalMonth], w: Words) -> dict[str, object]:
    """Draw every chart, each with the table behind it where the page does not show that anyway."""
    month = w.period(report.since, report.until)
    counts: dict[tuple[str, str], int] = {(portal, day): number for portal, day, number in report.by_day}
    numbers = [str(int(day[8:])) for day in report.days]
    series = [
        (words, tone, [sum(counts.get((portal, day), 0) for portal in portals) for day in report.days])
        for words, tone, portals in _tones(published, w)
    ]
    busiest, most = max(_day_totals(report), key=lambda one: one[1])
    told = f"{w.day(busiest)}: {w.number(most)}"
    sections = [(section or w("no_section"), number) for section, number in report.sections]
    places = [(place, number) for place, number, _ in report.places[:MOST_BARS]]
    shares = published[:MOST_BARS]
    kinds = (("alone", "1"), ("originals", "4"), ("copies", "2"), ("repeats", "0"))
    kind_words = [w("copied" if kind == "copies" else kind) for kind, _ in kinds]

    def first(rows: Sequence[tuple[str, float]]) -> str:
        return "; ".join(f"{label}: {w.number(number)}" for label, number in rows[:3])

    per_100 = [round(100 * term.share, 1) for term in report.terms]
    before = [round(100 * term.share_before, 1) for term in report.terms]
    return {
        "days_wide": charts.columns(numbers, series, f"{w('days_title')}, {month}", told, "days-wide", wide=True),
        "days_narrow": charts.columns(numbers, series, f"{w('days_title')}, {month}", told, "days-narrow", wide=False),
        "sections_chart": charts.bars(sections[:MOST_BARS], w("sections"), first(sections), "sections"),
        "sections_table": Table(
            (w("with_section"), w("articles"), w("share")),
            [(name, w.number(number), w.share(number, report.articles)) for name, number in sections[:40]],
        ),
        "places_chart": charts.bars(places, w("places"), first(places), "places", "3") if places else "",
        "places_table": Table(
            (w("places"), w("articles"), w("portals")),
            [(place, w.number(number), w.number(portals)) for place, number, portals in report.places[:40]],
        ),
        "league_chart": charts.stacked(
            [portal.name for portal in shares],
            [
                (words, tone, [100 * getattr(p, kind) / p.articles for p in shares])
                for words, (kind, tone) in zip(kind_words, kinds, strict=True)
            ],
            w("league"),
            "; ".join(f"{p.name}: {w('copied')} {w.share(p.copies, p.articles)}" for p in shares),
            "league",
        ),
        "league_legend": [(words, tone) for words, (_, tone) in zip(kind_words, kinds, strict=True)],
        "league_table": Table(
            (w("portals"), w("articles"), *kind_words, w("copied_share")),
            [
                (
                    p.name,
                    *(w.number(n) for n in (p.articles, p.alone, p.originals, p.copies, p.repeats)),
                    w.share(p.copies, p.articles),
                )
                for p in published
            ],
        ),
        **{
            f"spread_{name}": charts.dots(
                [[one.lag_hours for one in spread] for spread in report.spreads],
                w("spread"),
                "; ".join(f"{n}: {w.span(spread[-1].lag_hours)}" for n, spread in enumerate(report.spreads, 1)),
                f"spread-{name}",
                wide=name == "wide",
            )
            for name in ("wide", "narrow")
            if report.spreads
        },
        "spread_table": Table(
            (w("story"), w("portals"), w("hours_after")),
            [
                (str(n), report.names[one.portal], w.number(one.lag_hours, 1))
                for n, spread in enumerate(report.spreads, 1)
                for one in spread
            ],
        ),
        "terms_chart": charts.pairs(
            [term.term for term in report.terms],
            [(w("now"), "2", per_100), (w("before"), "0", before)],
            f"{w('terms')}, {w('per_100')}",
            "; ".join(f"{term.term}: {w.percent(term.share)}" for term in report.terms[:3]),
            "terms",
        )
        if report.terms
        else "",
        "terms_table": Table(
            (w("term"), w("stories"), w("now"), w("before"), w("certainty")),
            [
                (
                    " · ".join((t.term, *t.beside)),
                    w.number(t.stories),
                    w.percent(t.share),
                    w.percent(t.share_before),
                    w.number(t.z, 1),
                )
                for t in report.terms
            ],
        ),
    }
