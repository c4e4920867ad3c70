"""The stages of ITEM_PIPELINES outside of a crawl, for what reads pages without storing them; none that stores."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any

from scrapy.crawler import Crawler
from scrapy.settings import Settings
from scrapy.utils.conf import build_component_list
from scrapy.utils.misc import build_from_crawler, load_object

from kwri_crawler.items import Article
from kwri_crawler.spiders.loader import spider_class

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

    from kwri_crawler.catalogue import Portal


def load_stages(settings: BaseSettings, portal: Portal) -> list[Any]:
    """Make the stages that a portal's articles pass, in their order, but for those that store."""
    crawler = Crawler(spider_class(portal), Settings(settings))
    paths = build_component_list(settings.get_component_priority_dict_with_base("ITEM_PIPELINES"))
    classes = [load_object(path) for path in paths]
    return [build_from_crawler(stage, crawler) for stage in classes if not getattr(stage, "stores", False)]


def pass_stages(article: Article, stages: list[Any]) -> Article:
    """Return an article as it leaves the stages; raises DropItem as they do."""
    for stage in stages:
        done = stage.process_item(article)
        article = asyncio.run(done) if inspect.iscoroutine(done) else done
    return article
