"""What an operator sees of a crawl: records of one line, progress, and no line a page."""

import asyncio
import logging
import os
import sys
from collections import Counter
from typing import Any

import pytest
from scrapy import Request, Spider, signals
from scrapy.exceptions import NotConfigured
from scrapy.http import HtmlResponse
from scrapy.utils.test import get_crawler

from kwri_crawler.screen.log import OneLineLog, QuietLogFormatter
from kwri_crawler.screen.progress import Progress
from kwri_crawler.spiders.stats import Stats
from tests.archives import an_article


def record(message: str, *args: object, exc_info: Any = None) -> logging.LogRecord:
    return logging.LogRecord("x", logging.INFO, __file__, 1, message, args, exc_info)


@pytest.mark.parametrize(("printed", "shown"), [
    ("satu\ndua", r"satu\ndua"), ("\x1b[31mmerah", r"\x1b[31mmerah"), ("a\r\nERROR b", r"a\r\nERROR b"), ("50%", "50%"),
])  # fmt: skip
def test_a_record_is_one_line_whatever_a_portal_sends(printed: str, shown: str) -> None:
    made = record("%s", printed)
    assert OneLineLog().filter(made)
    assert logging.Formatter().format(made) == shown


@pytest.mark.parametrize(("name", "level", "quiet", "loud"), [
    ("kwri_crawler.spiders.portal", logging.DEBUG, True, True), ("pipelines.store", logging.INFO, True, True),
    ("scrapy.core.engine", logging.WARNING, False, True), ("scrapy.core.scraper", logging.ERROR, True, True),
    ("trafilatura.core", logging.ERROR, False, True), ("kwri_crawler_of_another", logging.INFO, False, True),
])  # fmt: skip
def test_libraries_speak_in_the_log_only_at_debug_and_the_engine_of_errors(
    name: str, level: int, quiet: bool, loud: bool
) -> None:
    made = logging.LogRecord(name, level, __file__, 1, "kata", (), None)
    assert OneLineLog("INFO").filter(made) is quiet
    assert OneLineLog("DEBUG").filter(made) is loud


def test_a_traceback_is_indented_so_that_no_word_of_it_begins_a_line() -> None:
    try:
        raise ValueError("buruk\nERROR palsu")
    except ValueError:
        made = record("gagal", exc_info=sys.exc_info())
    OneLineLog().filter(made)
    first, *rest = logging.Formatter().format(made).splitlines()
    assert first == "gagal"
    assert rest
    assert all(line.startswith("  ") for line in rest)


def test_the_filter_is_put_before_the_handlers_that_there_are_when_the_engine_starts() -> None:
    crawler = get_crawler(Spider)
    handler = logging.NullHandler()
    logging.getLogger().addHandler(handler)
    try:
        extension = OneLineLog.from_crawler(crawler)
        assert extension not in handler.filters
        crawler.signals.send_catch_log(signals.engine_started)
        assert extension in handler.filters
    finally:
        logging.getLogger().removeHandler(handler)
        for each in logging.getLogger().handlers:
            each.removeFilter(extension)


def watched(spider: Spider, caplog: pytest.LogCaptureFixture, **settings: Any) -> list[str]:
    """Run the progress for a moment; return what it said."""

    async def scenario() -> None:
        crawler = get_crawler(Spider, {"PROGRESS_INTERVAL_S": 0.01, "LOG_FILE": os.devnull, **settings})
        progress = Progress.from_crawler(crawler)  # held: signals do not
        crawler.signals.send_catch_log(signals.spider_opened, spider=spider)
        await asyncio.sleep(0.05)
        crawler.signals.send_catch_log(signals.spider_closed, spider=spider)
        await asyncio.sleep(0)
        del progress

    with caplog.at_level(logging.INFO, "kwri_crawler.screen.progress"):
        asyncio.run(scenario())
    return [entry.getMessage() for entry in caplog.records if entry.name == "kwri_crawler.screen.progress"]


def test_a_log_gets_a_line_with_what_became_of_the_pages(caplog: pytest.LogCaptureFixture) -> None:
    spider: Any = Spider("kabar")
    spider.counts = Counter(stored=3, gone=1)
    assert watched(spider, caplog)[0] == "kabar: 4 pages: 3 stored, 1 gone"
    caplog.clear()
    spider.counts = Counter()
    assert watched(spider, caplog)[0] == "kabar: 0 pages: reading listings"


def test_a_spider_that_is_no_portals_has_no_progress(caplog: pytest.LogCaptureFixture) -> None:
    assert watched(Spider("lain"), caplog) == []


def test_no_interval_is_no_progress() -> None:
    with pytest.raises(NotConfigured):
        Progress.from_crawler(get_crawler(Spider, {"PROGRESS_INTERVAL_S": 0}))


def test_a_page_gets_a_line_only_where_somebody_looks_for_it() -> None:
    response = HtmlResponse("https://kabar.id/a", request=Request("https://kabar.id/a"))
    article, spider = an_article("a"), Spider("kabar")
    quiet = QuietLogFormatter.from_crawler(get_crawler(Spider, {"LOG_LEVEL": "INFO"}))
    assert quiet.scraped(article, response, spider) is None
    assert quiet.crawled(response.request, response, spider) is None
    assert quiet.dropped(article, ValueError(), response, spider) is None
    loud = QuietLogFormatter.from_crawler(get_crawler(Spider, {"LOG_LEVEL": "DEBUG"}))
    told = loud.scraped(article, response, spider)
    assert told["msg"] % told["args"] == f"{article.url}: stored"
    assert loud.crawled(response.request, response, spider) is not None
    assert loud.dropped(article, ValueError(), response, spider) is None


def test_statistics_count_as_scrapys_own() -> None:
    stats = Stats(get_crawler(Spider))
    for _ in range(3):
        stats.inc_value("downloader/request_count")
    assert stats.get_value("downloader/request_count") == 3
