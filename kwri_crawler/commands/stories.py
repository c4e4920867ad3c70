"""`scrapy stories`: the largest and fastest stories of a period, or one of them whole; reads the archive only."""

from __future__ import annotations

import argparse
import difflib
import json
import sys
from dataclasses import asdict
from typing import Any

from scrapy.exceptions import UsageError

from kwri_crawler.archive import ArchiveError
from kwri_crawler.archive.stories import (
    Period,
    RelatedArticle,
    StoryArticle,
    StoryLine,
    list_stories,
    related_articles,
    story_of,
)
from kwri_crawler.clock import read_day
from kwri_crawler.command import ProjectCommand
from kwri_crawler.items import TieKind

NOT_FOUND, ARCHIVE_TROUBLE = 1, 5
# What an article of the story is to another that is no copy, by kind and by whether it is the one that takes.
_RELATIONS = {
    (TieKind.CONTAINS, True): "contains",
    (TieKind.CONTAINS, False): "is contained in",
    (TieKind.FOLLOW_UP, True): "follows up",
    (TieKind.FOLLOW_UP, False): "is followed up by",
}
MOST_DIFFERENCES = 8  # a copy, for a person; --json has all

_HELP = """\
examples:
  scrapy stories                                       the largest and the fastest of all
  scrapy stories --since 2024-06-01 --until 2024-06-30 --portal kwri-jatim
  scrapy stories --naming "polres ngawi"               stories with a text that names it
  scrapy stories 512                                   one story: who ran it when, and what each changed
  scrapy stories 512 --json | jq '.[].portal'

A story is all archived articles that carry one text; its original is the first by publication, then by when we
first saw it. Days are local to the original's portal.
"""


class Command(ProjectCommand):
    """Stories, for a person or as JSON."""

    takes = "[options] [STORY]"
    does = "Show who published a text first, who copied it, and how fast"
    about = _HELP

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our options and examples."""
        super().add_options(parser)
        parser.add_argument("--since", metavar="DAY", help="originals of this day or later")
        parser.add_argument("--until", metavar="DAY", help="originals of this day or earlier")
        parser.add_argument("--portal", metavar="ID", help="stories that this portal ran, first or not")
        parser.add_argument("--naming", metavar="WORDS", help="stories with a text that holds these words in a row")
        parser.add_argument("--limit", type=int, default=10, metavar="N", help="stories a list (10)")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print what is asked for, set the exit code."""
        if len(args) > 1 or (args and not args[0].isdigit()):
            raise UsageError("scrapy stories takes one story's number, or none", print_help=False)
        for day in (day for day in (opts.since, opts.until) if day is not None):
            try:
                read_day(day)
            except ValueError as error:
                raise UsageError(f"{day}: {error}", print_help=False) from None
        try:
            db = self.open_archive()
        except ArchiveError as error:
            self.fail(error, ARCHIVE_TROUBLE)
            return
        if args:
            number = int(args[0])
            self.exitcode = show_story(number, story_of(db, number), related_articles(db, number), opts.json)
        else:
            period = Period(opts.since, opts.until, opts.portal, opts.naming)
            largest, fastest = (list_stories(db, period, by_speed, opts.limit) for by_speed in (False, True))
            show_lists(largest, fastest, opts.json)
        db.close()


def show_lists(largest: list[StoryLine], fastest: list[StoryLine], as_json: bool) -> None:
    """Print two lists of stories."""
    if as_json:
        print(as_text({"largest": [asdict(line) for line in largest], "fastest": [asdict(line) for line in fastest]}))
        return
    if not largest:
        print("no stories: no text stands on two addresses there; `scrapy restory` settles what was stored before")
        return
    for name, lines in (("largest", largest), ("fastest: other portals within six hours", fastest)):
        print(f"{name}\n  {'story':>7} {'articles':>8} {'portals':>7} {'in 6 h':>6} {'hours':>7}  first")
        for line in lines:
            print(f"  {line.story:>7} {line.articles:>8} {line.portals:>7} {line.portals_6h:>6} {line.hours:>7.1f}  "
                  f"{line.first_at[:16]}Z {line.first_portal}: {line.title}")  # fmt: skip


def show_story(number: int, articles: list[StoryArticle], related: list[RelatedArticle], as_json: bool) -> int:
    """Print one story whole; return the exit code."""
    if not articles:
        print(f"{number}: no such story; `scrapy stories` lists some", file=sys.stderr)
        return NOT_FOUND
    original = articles[0]
    told = [(article, differences(original.body, article.body)) for article in articles]
    beside = {article.id: [one for one in related if one.article == article.id] for article in articles}
    if as_json:
        keys = ("removed", "added")
        print(as_text([
            {
                **asdict(article),
                "differences": [dict(zip(keys, pair, strict=True)) for pair in pairs],
                "related": [as_object(one) for one in beside[article.id]],
            }
            for article, pairs in told
        ]))  # fmt: skip
        return 0
    portals = len({article.portal for article in articles})
    print(f"story {number}: {len(articles)} articles on {portals} portals in {articles[-1].lag_hours:.1f} hours")
    for article, pairs in told:
        when = article.published_local or f"{article.out_at} (undated)"
        lag = "original" if article.place == 1 else f"+{article.lag_hours:.1f} h"
        print(f"\n{article.place:>3}. {lag:>9}  {when}  {article.portal}  (seen {article.first_seen_at})")
        if article.place == 1 or article.title != original.title:
            print(f"     {'headline: ' if article.place == 1 else 'changed headline: '}{article.title}")
        print(f"     {article.url}")
        if article.place > 1:
            show_differences(pairs)
        for one in beside[article.id]:
            print(f"     {_RELATIONS[one.kind, one.takes]}: {one.out_at[:16]}Z {one.portal}: {one.title}")
            print(f"       {one.url}")
    return 0


def as_object(related: RelatedArticle) -> dict[str, Any]:
    """Return a related article as JSON has it; its relation reads from the story's article to it."""
    found = {"relation": _RELATIONS[related.kind, related.takes], **asdict(related)}
    return {name: value for name, value in found.items() if name not in ("kind", "takes", "article")}


def show_differences(pairs: list[tuple[str, str]]) -> None:
    """Print the first of the words that differ."""
    if not pairs:
        print("     word for word the same text")
    for removed, added in pairs[:MOST_DIFFERENCES]:
        parts = [f"-[{shorten(removed)}]"] * bool(removed) + [f"+[{shorten(added)}]"] * bool(added)
        print(f"     {' '.join(parts)}")
    if len(pairs) > MOST_DIFFERENCES:
        print(f"     and {len(pairs) - MOST_DIFFERENCES} more differences")


def differences(original: str, copy: str) -> list[tuple[str, str]]:
    """Return what differs between two texts, in order, as words that were removed and words in their place."""
    before, after = original.split(), copy.split()
    codes = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [(" ".join(before[a:b]), " ".join(after[c:d])) for tag, a, b, c, d in codes if tag != "equal"]


def shorten(words: str, most: int = 90) -> str:
    """Return the words, their middle left out where they are many."""
    return words if len(words) <= most else f"{words[: most // 2]} ... {words[-most // 2 :]}"


def as_text(value: Any) -> str:
    """Return JSON as a person can read it."""
    return json.dumps(value, ensure_ascii=False, indent=2)
