"""Compare articles for a page: where each stands in time within its story, and which words it changed."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from kwri_crawler import copies
from kwri_crawler.archive import Database
from kwri_crawler.archive.desk_search import Asked, FoundStory
from kwri_crawler.archive.note_queries import NotedArticle
from kwri_crawler.archive.release_queries import Carrier
from kwri_crawler.archive.stories import StoryArticle, story_of
from kwri_crawler.archive.watches import WatchLine
from kwri_crawler.copies.differences import Piece, changed_words, compare

MOST_COMPARED = 5  # copies a page: of the others there are links


class Compared(NamedTuple):
    """An article beside the text that it carries."""

    article: int
    portal: str
    title: str
    url: str
    pieces: tuple[Piece, ...]
    changed: int  # words
    is_coarse: bool  # not compared word by word: the texts differ too much


class Comparisons(NamedTuple):
    """Those articles that were compared, most changed first; those of equal text; those that were not compared."""

    compared: list[Compared]
    equal: list[tuple[int, str]]  # article, portal
    others: list[tuple[int, str]]


class StoryLine(NamedTuple):
    """An article of a story as a row of a table."""

    article: int
    portal: str
    published_local: str | None
    lag_hours: float
    title: str
    url: str
    source: str | None


class OfStory(NamedTuple):
    """An article of a story, and where it stands on the line of time."""

    article: StoryArticle
    at: float  # 0 the first, 100 the last

    @property
    def line(self) -> StoryLine:
        """Return it as a row of a table."""
        one = self.article
        return StoryLine(one.id, one.portal, one.published_local, one.lag_hours, one.title, one.url, one.source)


class SearchLine(NamedTuple):
    """A story that was found, as a row of a table."""

    article: int
    story: int | None
    portal: str
    published_local: str | None
    portals: int
    title: str
    url: str

    @classmethod
    def of(cls, found: FoundStory) -> SearchLine:
        """Make a row."""
        title = "".join(piece.text for piece in found.title)
        return cls(found.article, found.story, found.portal, found.published_local, found.portals, title, found.url)


class WatchRow(NamedTuple):
    """A watch as a row of a table."""

    name: str
    query: str
    portal: str | None
    region: str | None
    stories: int
    waiting: int
    last_at: str | None  # UTC

    @classmethod
    def of(cls, line: WatchLine) -> WatchRow:
        """Make a row."""
        return cls(*line.watch[:4], line.stories, line.waiting, line.last_at)


class NoteLine(NamedTuple):
    """A noted article as a row of a table."""

    article: int
    portal: str
    published_local: str | None
    title: str
    url: str
    tone: str | None
    topic: str | None
    note: str | None
    starred: bool
    by_whom: str
    at: str

    @classmethod
    def of(cls, one: NotedArticle) -> NoteLine:
        """Make a row."""
        note, by_whom, at = one.noted
        return cls(one.article, one.portal, one.published_local, one.title, one.url, *note, by_whom, at)


def read_story(db: Database, number: int) -> list[OfStory]:
    """Return a story's articles in the order in which they came out."""
    articles = story_of(db, number)
    places = spread_of([one.lag_hours for one in articles])
    return [OfStory(one, at or 0.0) for one, at in zip(articles, places, strict=True)]


def alone(article: StoryArticle) -> list[OfStory]:
    """Return an article as a story of itself."""
    return [OfStory(article, 0.0)]


def spread_of(hours: Sequence[float | None]) -> list[float | None]:
    """Return where moments stand on a line from the first or 0, at 0, to the last, at 100; None for an unknown one."""
    known = [hour for hour in hours if hour is not None]
    least, most = min([0.0, *known]), max([0.0, *known])
    return [None if hour is None else 100 * (hour - least) / ((most - least) or 1) for hour in hours]


def of_story(articles: Sequence[OfStory], asked: str | None) -> Comparisons:
    """Compare those of a story's copies that changed most with its original."""
    original = articles[0].article.body
    likeness = [(one.article.jaccard or 0.0, one.article) for one in articles[1:]]
    return _compare(likeness, asked, lambda one: (original, one.body))


def of_release(body: str, carriers: Sequence[Carrier], asked: str | None) -> Comparisons:
    """Compare those of a release's copies that changed most with our text, without its letterhead and signature."""
    likeness = [((one.share or 0.0) - (one.own or 0.0), one) for one in carriers]
    return _compare(likeness, asked, lambda one: (copies.cut_ends(body, one.body, 0), one.body))


def _compare(
    likeness: Sequence[tuple[float, Any]], asked: str | None, texts: Callable[[Any], tuple[str, str]]
) -> Comparisons:
    """Compare the least alike, and before them the one that is asked for by its number."""
    numbered = sorted(likeness, key=lambda each: (str(_number(each[1])) != asked, each[0]))
    compared: list[Compared] = []
    equal: list[tuple[int, str]] = []
    others: list[tuple[int, str]] = []
    for _, one in numbered:
        if len(compared) == MOST_COMPARED:
            others.append((_number(one), one.portal))
            continue
        ours, theirs = texts(one)
        if ours.split() == theirs.split():
            equal.append((_number(one), one.portal))
        else:
            pieces, is_coarse = compare(ours, theirs)
            changed = changed_words(pieces)
            compared.append(Compared(_number(one), one.portal, one.title, one.url, pieces, changed, is_coarse))
    compared.sort(key=lambda each: (str(each.article) != asked, -each.changed))
    return Comparisons(compared, equal, others)


def _number(one: StoryArticle | Carrier) -> int:
    return one.id if isinstance(one, StoryArticle) else one.article


def watch_command(asked: Asked) -> str:
    """Return the command that makes a watch of a search."""
    options = [f"--{name} {shlex.quote(value)}" for name, value in (("portal", asked.portal), ("region", asked.region))
               if value]  # fmt: skip
    return " ".join(["kwri watches add NAMA", shlex.quote(asked.words), *options])
