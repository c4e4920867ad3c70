"""All modules of the project and of Scrapy that a crawl loads, for the process that tests/forked.py forks.

Left out is what has an effect by being loaded: our settings, which read the environment (doctor and its checks load
them), and Twisted's reactor; and Dask, which no crawl loads. A short page is read, too: the first one loads extractors
and their words, which took a third of a small crawl's time.
"""

import gc
import sys
from datetime import UTC, datetime
from importlib import import_module
from pkgutil import walk_packages

import kwri_crawler
import pipelines
from kwri_crawler.catalogue import Portal
from kwri_crawler.copies import with_sketch
from kwri_crawler.dates import with_dates
from kwri_crawler.items import Page
from kwri_crawler.pages import read_page
from kwri_crawler.pages.cleaning import clean_article

_SCRAPY = (
    "cmdline", "contracts", "core.downloader", "core.downloader.handlers.http11", "core.engine", "core.scheduler",
    "core.scraper", "crawler", "downloadermiddlewares.defaultheaders", "downloadermiddlewares.downloadtimeout",
    "downloadermiddlewares.httpproxy", "downloadermiddlewares.retry", "downloadermiddlewares.stats",
    "downloadermiddlewares.useragent", "dupefilters", "extensions.corestats", "extensions.logstats", "pipelines",
    "pqueues", "shell", "spiderloader", "spidermiddlewares.referer", "squeues", "statscollectors", "utils.log",
    "utils.project",
)  # fmt: skip

_PAGE = (
    b'<meta property="article:published_time" content="2024-06-27T14:10:00+07:00">'
    b"<h1>Pasar ikan dibuka</h1><article><p>Pasar ikan di Tuban dibuka Senin pagi oleh bupati bersama warga.</p>"
    b"<p>TUBAN, Kamis (27/6/2024) - Para nelayan menjual hasil tangkapan langsung kepada pembeli di sana.</p></article>"
)

_LEFT_OUT = (
    "kwri_crawler.settings", "kwri_crawler.command.checks", "kwri_crawler.commands.doctor", "kwri_crawler.__main__",
    "kwri_crawler.cluster.",
)  # fmt: skip

for _name in _SCRAPY:
    import_module(f"scrapy.{_name}")
for _package in (kwri_crawler, pipelines):
    for _module in walk_packages(_package.__path__, f"{_package.__name__}."):
        if not _module.name.startswith(_LEFT_OUT):
            import_module(_module.name)
# Not by read_article(): that looks for the portal in the catalogue, whose place the settings say.
_url = "https://tuban.example.id/pasar-ikan-dibuka"
_page = Page(_url, _PAGE, "", datetime(2024, 6, 28, tzinfo=UTC))
with_sketch(with_dates(clean_article(read_page(_page, Portal("", "", _url, "general", None, "Asia/Jakarta", ())))))
if "kwri_crawler.settings" in sys.modules:
    raise AssertionError("each fork reads its own settings.toml: find what loads kwri_crawler.settings here")
gc.freeze()  # so that no process looks through all of it again
