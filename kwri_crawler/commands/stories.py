"""`scrapy stories`: the largest and fastest stories of a period, or one of them whole; reads the archive only."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import UsageError

from kwri_crawler.archive.stories import (
    Period,
    RelatedArticle,
    StoryArticle,
    StoryLine,
    list_stories,
    related_articles,
    story_of,
)
from kwri_crawler.clock import local_text, moment_of
from kwri_crawler.command import (
    Exit,
    ProjectCommand,
    add_days,
    add_lang,
    add_portal,
    as_typed,
    count,
    days_of,
    speaking,
)
from kwri_crawler.command.differences import differences_as_object, show_differences
from kwri_crawler.copies.differences import differences
from kwri_crawler.items import TieKind
from kwri_crawler.screen import complain, say, say_json, table

if TYPE_CHECKING:
    from kwri_crawler.screen.spoken import Spoken

# What an article of the story is to another that is no copy, by kind and by whether it is the one that takes.
_RELATIONS = {
    (TieKind.CONTAINS, True): "contains",
    (TieKind.CONTAINS, False): "is contained in",
    (TieKind.FOLLOW_UP, True): "follows up",
    (TieKind.FOLLOW_UP, False): "is followed up by",
}

_HELP = """\
examples:
  scrapy stories                                       the largest and the fastest of all
  scrapy stories --since 2024-06-01 --until 2024-06-30 --portal kwri-jatim
  scrapy stories --naming "polres ngawi"               stories with a text that names it
  scrapy stories 512                                   one story: who ran it when, and what each changed
  scrapy stories 512 --lang id                         in Indonesian, as where LANG is id_ID
  scrapy stories 512 --json | jq '.[].portal'

A story is all archived articles that carry one text; its original is the first by publication, then by when we
first saw it. Days are local to the original's portal.
"""


class Command(ProjectCommand):
    """Stories, for a person or as JSON."""

    takes = "[options] [STORY]"
    does = "Show who published a text first, who copied it, and how fast"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "shown; a list may be empty",
        Exit.PART: "there is no such story",
        Exit.ARCHIVE: "the archive cannot be opened or read",
    }

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our options and examples."""
        super().add_options(parser)
        add_days(parser, "originals of this day or later", "originals of this day or earlier")
        add_portal(parser, "stories that this portal ran, first or not")
        parser.add_argument("--naming", metavar="WORDS", help="stories with a text that holds these words in a row")
        parser.add_argument("--limit", type=count, default=10, metavar="N", help="stories a list (10)")
        add_lang(parser)
        parser.add_argument("--json", action="store_true", help="print JSON")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print what is asked for."""
        if len(args) > 1:
            raise UsageError("scrapy stories takes one story's number, or none")
        number = _number(args[0]) if args else None
        words = None
        if not opts.json:
            words = speaking(opts)
        since, until = days_of(opts)
        db = self.open_archive()
        self.check_portal(opts.portal, db)
        if number is not None:
            self.exitcode = show_story(number, story_of(db, number), related_articles(db, number), words)
        else:
            period = Period(since, until, opts.portal, opts.naming)
            largest, fastest = (list_stories(db, period, by_speed, opts.limit) for by_speed in (False, True))
            show_lists(largest, fastest, words)
        db.close()


def _number(text: str) -> int:
    try:
        return count(text)
    except argparse.ArgumentTypeError as error:
        raise UsageError(f"scrapy stories takes one story's number, or none: {error}") from None


def show_lists(largest: list[StoryLine], fastest: list[StoryLine], words: Spoken | None) -> None:
    """Print two lists of stories, as JSON without words."""
    if words is None:
        say_json(
            {"largest": [asdict(line) for line in largest], "fastest": [asdict(line) for line in fastest]}, indent=2
        )
        return
    if not largest:
        say(as_typed(words("no_stories")))
        return
    for name, lines in (("largest", largest), ("fastest", fastest)):
        rows = [
            (line.story, line.articles, line.portals, line.portals_6h, words.number(line.hours, 1),
             f"{local_text(moment_of(line.first_at))} {line.first_portal}: {line.title}")
            for line in lines
        ]  # fmt: skip
        heads = [words(key) for key in ("story", "articles", "portals", "in_6_h", "hours", "first")]
        say(words(name), table(heads, rows, heads[-1:], indent="  "))


def show_story(number: int, articles: list[StoryArticle], related: list[RelatedArticle], words: Spoken | None) -> Exit:
    """Print one story whole, as JSON without words; return the exit code."""
    if not articles:
        complain(as_typed(f"{number}: no such story; `scrapy stories` lists some"))
        return Exit.PART
    original = articles[0]
    told = [(article, differences(original.body, article.body)) for article in articles]
    beside = {article.id: [one for one in related if one.article == article.id] for article in articles}
    if words is None:
        say_json(
            [
                {
                    **asdict(article),
                    **differences_as_object(found),
                    "related": [as_object(one) for one in beside[article.id]],
                }
                for article, found in told
            ],
            indent=2,
        )
        return Exit.DONE
    portals = len({article.portal for article in articles})
    counts = {"number": str(number), "articles": str(len(articles)), "portals": str(portals)}
    say(words("story_head", hours=words.number(articles[-1].lag_hours, 1), **counts))
    for article, found in told:
        when = article.published_local or f"{local_text(moment_of(article.out_at))} {words('undated')}"
        lag = words("original") if article.place == 1 else words("lag", hours=words.number(article.lag_hours, 1))
        seen = local_text(moment_of(article.first_seen_at))
        say("", f"{article.place:>3}. {lag:>9}  {when}  {article.portal}  ({words('seen')} {seen})")
        if article.place == 1 or article.title != original.title:
            say(f"     {words('headline' if article.place == 1 else 'changed_headline')}: {article.title}")
        say(f"     {article.url}")
        if article.source:
            say(f"     {words('source')}: {article.source}")
        if article.place > 1:
            if article.out_at[:16] == original.out_at[:16]:
                say(f"     {words('same_minute')}")
            show_differences(found, words)
        for one in beside[article.id]:
            relation = words(_RELATIONS[one.kind, one.takes])
            say(f"     {relation}: {local_text(moment_of(one.out_at))} {one.portal}: {one.title}")
            say(f"       {one.url}")
    return Exit.DONE


def as_object(related: RelatedArticle) -> dict[str, Any]:
    """Return a related article as JSON has it; its relation reads from the story's article to it."""
    found = {"relation": _RELATIONS[related.kind, related.takes], **asdict(related)}
    return {name: value for name, value in found.items() if name not in ("kind", "takes", "article")}
