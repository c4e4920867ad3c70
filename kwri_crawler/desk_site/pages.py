"""Build each page of the desk from one consistent view of the archive; refuse impossible days and unknown tones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from typing import Any, NamedTuple

from kwri_crawler.archive import (
    Database,
    desk_queries,
    desk_search,
    note_queries,
    portal_queries,
    release_queries,
    watches,
)
from kwri_crawler.archive.month_queries import names
from kwri_crawler.archive.notes import Tone
from kwri_crawler.archive.release_queries import Asked, By, Order, ReleaseLine
from kwri_crawler.archive.searching import SearchError
from kwri_crawler.archive.stories import Period, list_stories, number_of
from kwri_crawler.clock import now_text, read_day
from kwri_crawler.desk_site import beside

MOST_LINES = 200
MOST_STORIES = 15
SPANS = {By.DAY: 6, By.WEEK: 34, By.MONTH: 92}  # days before the newest that a league begins with


class Wrong(ValueError):
    """An address asks for something that is no day, number or tone."""


class NotThere(LookupError):
    """There is no such release, story, article, portal or watch."""


class Elsewhere(Exception):
    """What is asked for stands at another address."""


@dataclass(frozen=True)
class Ask:
    """What an address asks for."""

    args: Mapping[str, str]
    name: str = ""  # of the release, story, article, portal or watch; empty for a list

    def text(self, name: str, most: int = 200) -> str | None:
        """Return an argument; None if it is not there or empty."""
        return self.args.get(name, "").strip()[:most] or None

    def day(self, name: str) -> str | None:
        """Return a day, ISO 8601; raises Wrong."""
        text = self.text(name)
        try:
            return text and read_day(text).isoformat()
        except ValueError as error:
            raise Wrong(f"{text}: {error}") from error

    def number(self) -> int:
        """Return the name as a number of a row; raises NotThere."""
        if not self.name.isascii() or not self.name.isdigit() or len(self.name) > 15:
            raise NotThere(self.name)
        return int(self.name)

    def choice(self, name: str, choices: type[Any], default: Any = None) -> Any:
        """Return one of an enum's values; raises Wrong."""
        text = self.text(name)
        try:
            return choices(text) if text else default
        except ValueError as error:
            raise Wrong(f"{text}: {', '.join(each.value for each in choices)}") from error


@dataclass(frozen=True)
class Shown:
    """What a template shows, and the same rows as a table."""

    template: str
    values: Mapping[str, Any]
    rows: Sequence[NamedTuple] = field(default=())


def today(db: Database, ask: Ask) -> Shown:
    """Show a day: what was published, our releases of its week, who was silent, the largest stories."""
    now = now_text()
    day = ask.day("day") or desk_queries.newest_day(db, now)
    if day is None:
        return Shown("today.html", {"day": None})
    asked = Asked(_days_before(day, 6), day)
    releases = release_queries.list_releases(db, asked)[::-1]
    stories = desk_queries.stories_of_day(db, day, MOST_STORIES)
    values = {
        "day": desk_queries.read_day(db, day, now),
        "since": asked.since,
        "releases": releases[:MOST_LINES],
        "sent": len(releases),
        "ran": sum(one.articles > 0 for one in releases),
        "units": release_queries.list_units(db, asked),
        "silent": [one.portal for one in release_queries.list_portals(db, asked) if not one.carried],
        "stories": stories,
        "watches": desk_queries.watches_of_day(db, day),
        "names": names(db),
    }
    return Shown("today.html", values, stories)


def releases(db: Database, ask: Ask) -> Shown:
    """Show releases, the newest first, those that ran nowhere too."""
    asked = Asked(ask.day("since"), ask.day("until"), ask.text("unit"), ask.text("uncarried") is not None)
    found: list[ReleaseLine] = release_queries.list_releases(db, asked)[::-1]
    values = {
        "asked": asked,
        "releases": found[:MOST_LINES],
        "sent": len(found),
        "ran": sum(one.articles > 0 for one in found),
        "units": [one.unit for one in release_queries.list_units(db, Asked(), order=Order.RELEASES) if one.unit],
        "names": names(db),
    }
    return Shown("releases.html", values, found)


def release(db: Database, ask: Ask) -> Shown:
    """Show one release: who ran it when, ours beside theirs."""
    found = release_queries.read_release(db, ask.number())
    if found is None:
        raise NotThere(ask.name)
    line, body = found
    carriers = release_queries.carriers_of(db, line.release)
    copies = [one for one in carriers if one.kind == "copy"]
    values = {
        "release": line,
        "paragraphs": body.split("\n\n"),
        "carriers": carriers,
        "spread": beside.spread_of([one.lag_hours for one in copies]),
        "notes": note_queries.notes_about(db, [one.article for one in carriers]),
        "compared": beside.of_release(body, copies, ask.text("with")),
        "names": names(db),
    }
    return Shown("release.html", values, [one._replace(body="") for one in carriers])


def story(db: Database, ask: Ask) -> Shown:
    """Show one story: its spread, and what each copy changed."""
    number = number_of(db, ask.number())
    if number is None:
        raise NotThere(ask.name)
    articles = beside.read_story(db, number)
    return Shown("story.html", _story(db, articles, ask) | {"number": number}, [one.line for one in articles])


def article(db: Database, ask: Ask) -> Shown:
    """Show an article that stands alone; one of a story is shown there. Raises Elsewhere."""
    found = desk_queries.article_alone(db, ask.number())
    if found is None:
        raise NotThere(ask.name)
    number, alone = found
    if number is not None:
        raise Elsewhere(f"/desk/story/{number}#a{alone.id}")
    articles = beside.alone(alone)
    return Shown("story.html", _story(db, articles, ask) | {"number": None}, [one.line for one in articles])


def _story(db: Database, articles: Sequence[beside.OfStory], ask: Ask) -> dict[str, Any]:
    ids = [one.article.id for one in articles]
    return {
        "articles": articles,
        "paragraphs": articles[0].article.body.split("\n\n"),
        "ours": desk_queries.releases_in(db, ids),
        "notes": note_queries.notes_about(db, ids),
        "compared": beside.of_story(articles, ask.text("with")),
        "names": names(db),
    }


def search(db: Database, ask: Ask) -> Shown:
    """Show what words are found in, a line a story."""
    words = ask.text("q") or ""
    asked = desk_search.Asked(words, ask.day("since"), ask.day("until"), ask.text("portal"), ask.text("region"))
    found, wrong = desk_search.Found([], 0, False), None
    if words:
        try:
            found = desk_search.search(db, asked, 50)
        except SearchError as error:
            wrong = error.why
    portals = portal_queries.name_portals(db)
    values = {
        "asked": asked,
        "found": found,
        "wrong": wrong,
        "portals": portals,
        "regions": sorted({one.region for one in portals if one.region}),
        "names": {one.portal: one.name for one in portals},
        "command": beside.watch_command(asked),
    }
    lines = [beside.SearchLine.of(one) for one in found.stories]
    return Shown("search.html", values, lines)


def portals(db: Database, _ask: Ask) -> Shown:
    """Show all portals."""
    found = portal_queries.list_portals(db)
    return Shown("portals.html", {"portals": found}, found)


def portal(db: Database, ask: Ask) -> Shown:
    """Show one portal: how much is its own, which of our releases it ran, how it is."""
    found = portal_queries.read_portal(db, ask.name)
    if found is None:
        raise NotThere(ask.name)
    offered = portal_queries.offered_to(db, ask.name, 100)
    hours = [one.first_hours for one in offered if one.first_hours is not None]
    values = {
        "portal": found,
        "offered": offered,
        "carried": sum(one.carried for one in offered),
        "mean_hours": sum(hours) / len(hours) if hours else None,
        "latest": portal_queries.latest_of(db, ask.name, 20),
    }
    return Shown("portal.html", values, offered)


def league(db: Database, ask: Ask) -> Shown:
    """Show units and portals against each other by day, week or month, and the largest and fastest stories."""
    by = ask.choice("by", By, By.WEEK)
    until = ask.day("until") or desk_queries.newest_day(db, now_text())
    since = ask.day("since") or (until and _days_before(until, SPANS[by]))
    order = ask.choice("sort", Order, Order.ARTICLES)
    asked = Asked(since, until)
    units = release_queries.list_units(db, asked, by, order)
    portals_ = release_queries.list_portals(db, asked, by, order)
    period = Period(since, until)
    values = {
        "by": by,
        "order": order,
        "asked": asked,
        "units": _by_span(units),
        "portals": _by_span(portals_),
        "largest": list_stories(db, period, fastest=False, limit=10),
        "fastest": list_stories(db, period, fastest=True, limit=10),
        "names": names(db),
    }
    return Shown("league.html", values, portals_ if ask.text("of") == "portals" else units)


def notes(db: Database, ask: Ask) -> Shown:
    """Show what was noted by hand, and how many articles were."""
    tone, topic = ask.choice("tone", Tone), ask.text("topic")
    starred = ask.text("starred") is not None
    found = note_queries.list_notes(db, tone, topic, starred, MOST_LINES)
    values = {
        "notes": found,
        "tone": tone,
        "topic": topic,
        "starred": starred,
        "counts": note_queries.tones(db),
        "topics": note_queries.topics(db),
        "names": names(db),
    }
    return Shown("notes.html", values, [beside.NoteLine.of(one) for one in found])


def nothing(_db: Database, ask: Ask) -> Shown:
    """Raise NotThere, for every other address below the desk's."""
    raise NotThere(ask.name)


def watch_list(db: Database, _ask: Ask) -> Shown:
    """Show all watches."""
    found = watches.list_watches(db)
    return Shown("watches.html", {"watches": found}, [beside.WatchRow.of(one) for one in found])


def watch(db: Database, ask: Ask) -> Shown:
    """Show what a watch found."""
    found = watches.find(db, ask.name)
    if found is None:
        raise NotThere(ask.name)
    hits = desk_queries.hits_of_watch(db, found.name, MOST_LINES)
    return Shown("watch.html", {"watch": found, "hits": hits, "names": names(db)}, hits)


def _by_span(lines: Sequence[Any]) -> list[tuple[str, list[Any]]]:
    """Return lines by span, the newest first, the best of each."""
    spans = [(span, list(some)[:20]) for span, some in groupby(lines, lambda one: one.span)]
    return spans[::-1]


def _days_before(day: str, days: int) -> str:
    return (read_day(day) - timedelta(days=days)).isoformat()
