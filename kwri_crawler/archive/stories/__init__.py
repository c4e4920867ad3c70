"""Which articles carry one text, and who was first: settled here, read here; the modules behind are its own."""

from kwri_crawler.archive.stories.carrying import settle_release
from kwri_crawler.archive.stories.index import Placed
from kwri_crawler.archive.stories.queries import (
    Period,
    RelatedArticle,
    StoryArticle,
    StoryLine,
    list_stories,
    number_of,
    related_articles,
    story_of,
)
from kwri_crawler.archive.stories.settling import count, forget, rebuild, resettle, settle, unsettle_all, unsettled

__all__ = [
    "Period",
    "Placed",
    "RelatedArticle",
    "StoryArticle",
    "StoryLine",
    "count",
    "forget",
    "list_stories",
    "number_of",
    "rebuild",
    "related_articles",
    "resettle",
    "settle",
    "settle_release",
    "story_of",
    "unsettle_all",
    "unsettled",
]
