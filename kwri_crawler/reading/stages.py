"""Where the stages of ITEM_PIPELINES run: the first ones, which are pure, beside the reading of a page, and the rest in
Scrapy's own order; and outside of a crawl, for what reads pages without storing them, all but those that store.
"""

from __future__ import annotations

import asyncio
import inspect
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.pipelines import ItemPipelineManager
from scrapy.settings import Settings
from scrapy.utils.conf import build_component_list
from scrapy.utils.misc import build_from_crawler, load_object

from kwri_crawler.items import Article

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


def stage_paths(settings: BaseSettings) -> list[str]:
    """Return where the stages are, in the order that an article passes them."""
    return build_component_list(settings.get_component_priority_dict_with_base("ITEM_PIPELINES"))


def pure_stages(settings: BaseSettings) -> list[str]:
    """Return where the first stages are that need nothing but the article: they may run in another process.

    Such a stage is made without arguments, and its process_item is no coroutine.
    """
    return list(takewhile(lambda path: _is_pure(load_object(path)), stage_paths(settings)))


def _is_pure(stage: type) -> bool:
    return not hasattr(stage, "from_crawler") and not inspect.iscoroutinefunction(getattr(stage, "process_item", None))


class FurtherStages(ItemPipelineManager):
    """Scrapy's own, without the pure stages: an article has passed those where it was read."""

    @classmethod
    def _get_mwlist_from_settings(cls, settings: Settings) -> list[Any]:
        return stage_paths(settings)[len(pure_stages(settings)) :]


def load_stages(settings: BaseSettings) -> list[Any]:
    """Make the stages that an article passes, in their order, but for those that store."""
    crawler = Crawler(Spider, Settings(settings))
    classes = [load_object(path) for path in stage_paths(settings)]
    return [build_from_crawler(stage, crawler) for stage in classes if not getattr(stage, "stores", False)]


async def passed(article: Article, stages: list[Any]) -> Article:
    """Return an article as it leaves the stages; raises DropItem and PageError as they do."""
    for stage in stages:
        done = stage.process_item(article)
        article = await done if inspect.isawaitable(done) else done
    return article


def pass_stages(article: Article, stages: list[Any]) -> Article:
    """Do the same where no event loop runs; none is made for stages that await nothing, as ours are."""
    for stage in stages:
        done = stage.process_item(article)
        article = asyncio.run(done) if inspect.iscoroutine(done) else done
    return article
